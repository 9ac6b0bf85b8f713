//! Finding a field or method of a type by name.
//!
//! spec: "For a value x of type T or *T where T is not a pointer or interface type, x.f denotes the field or method at
//! the shallowest depth in T where there is such an f. If there is not exactly one f with shallowest depth, the selector
//! expression is illegal."
//!
//! The search goes breadth first, one depth of embedding at a time. Types seen at a shallower depth are not searched
//! again (what they have is found there), and types that occur several times at one depth are searched once and make
//! what is found ambiguous.

use crate::checker::Checker;
use crate::identical::is_embedded;
use crate::operand::{IndexPath, Lookup};
use crate::store::*;
use base::Symbol;
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

/// Lists longer than this are searched with an index.
pub(crate) const LINEAR_LIMIT: usize = 16;

/// Deepest embedding that is searched. Only a generic type that embeds ever larger instances of itself, which is an
/// error reported elsewhere, goes on for that long.
const MAX_EMBEDDING: usize = 1000;

/// Indices of types with many methods and structs with many fields, made when first searched.
#[derive(Default)]
pub struct LookupIndex {
    methods: FxHashMap<NamedId, MethodIndex>,
    fields: FxHashMap<StructId, FieldIndex>,
}

#[derive(Default)]
struct MethodIndex {
    /// How many of the type's methods are in the index; more may be declared later.
    count: usize,
    by_name: FxHashMap<Symbol, u32>,
}

struct FieldIndex {
    by_name: FxHashMap<Symbol, u32>,
    embedded: Vec<u32>,
}

impl LookupIndex {
    pub(crate) fn method_index(&mut self, store: &Store, origin: NamedId, name: Symbol) -> Option<usize> {
        let methods = &store.named[origin].methods;
        let index = self.methods.entry(origin).or_default();
        for (at, method) in methods.iter().enumerate().skip(index.count) {
            if let &Some(method) = method {
                index.by_name.entry(store.obj(method).name).or_insert(at as u32);
            }
        }
        index.count = methods.len();
        index.by_name.get(&name).map(|&at| at as usize)
    }

    /// The field of that name, if any, and all embedded fields.
    fn field(&mut self, store: &Store, id: StructId, name: Symbol) -> (Option<u32>, &[u32]) {
        let index = self.fields.entry(id).or_insert_with(|| {
            let fields = || (0..).zip(store.objs(store.structs[id].fields).iter().map(|&field| store.obj(field)));
            FieldIndex {
                by_name: fields().map(|(at, field)| (field.name, at)).collect(),
                embedded: fields().filter(|(_, field)| is_embedded(field)).map(|(at, _)| at).collect(),
            }
        });
        (index.by_name.get(&name).copied(), &index.embedded)
    }
}

/// A type to search.
#[derive(Clone, Copy)]
struct Embedded {
    ty: TypeId,
    /// The step by which the type was reached; none for the type that was asked about.
    step: Option<u32>,
    /// A pointer was followed on the way.
    indirect: bool,
    /// The type occurs several times at this depth.
    multiples: bool,
}

/// One field of the path to an embedded type.
struct Step {
    previous: Option<u32>,
    field: u32,
}

/// All embedded fields on the way to the types being searched, as a tree.
#[derive(Default)]
struct Steps(SmallVec<[Step; 8]>);

impl Steps {
    fn push(&mut self, previous: Option<u32>, field: u32) -> Option<u32> {
        self.0.push(Step { previous, field });
        Some(self.0.len() as u32 - 1)
    }

    /// The path of indices that ends in `last`.
    fn path(&self, step: Option<u32>, last: usize) -> IndexPath {
        let mut path: IndexPath = smallvec![last as u32];
        let mut step = step;
        while let Some(at) = step {
            let Step { previous, field } = self.0[at as usize];
            path.push(field);
            step = previous;
        }
        path.reverse();
        path
    }
}

/// The defined types that were searched.
#[derive(Default)]
struct Seen {
    list: SmallVec<[NamedId; 4]>,
    /// By generic type, once there are many.
    by_origin: FxHashMap<NamedId, SmallVec<[NamedId; 1]>>,
}

impl Checker<'_> {
    /// Looks for the field or method `name` (of `pkg`, if not exported) in `ty`, which is the type of a variable if
    /// `addressable`. A method's type may not be known yet: ask `obj_decl`, or
    /// [`Query::field_or_method`](crate::Query::field_or_method) instead.
    ///
    /// The last index of the path is that of a field in its struct, of a method among the declared methods of its type,
    /// or among all methods of its interface; those before lead through embedded fields.
    pub fn lookup_field_or_method(
        &mut self,
        ty: TypeId,
        addressable: bool,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Lookup {
        // spec: "As an exception, if the type of x is a defined pointer type and (*x).f is a valid selector expression
        // denoting a field (but not a method), x.f is shorthand for (*x).f."
        if self.as_named(ty).is_some() {
            let under = self.under(ty);
            if let Type::Pointer { .. } = self.ty(under) {
                let found = self.lookup_in(under, false, pkg, name, fold_case);
                return match found {
                    Lookup::Found { obj, .. } if matches!(self.obj(obj).kind, ObjKind::Func { .. }) => Lookup::NotFound,
                    found => found,
                };
            }
        }
        self.lookup_in(ty, addressable, pkg, name, fold_case)
    }

    /// As [`Checker::lookup_field_or_method`], but a defined pointer type has nothing.
    pub(crate) fn lookup_in(
        &mut self,
        ty: TypeId,
        addressable: bool,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Lookup {
        if name.is_blank() {
            return Lookup::NotFound;
        }
        let (base, is_ptr) = self.deref(ty);
        if is_ptr && self.is_interface(base) {
            return Lookup::NotFound; // pointers to interfaces and type parameters have no methods
        }

        let mut current: SmallVec<[Embedded; 4]> =
            smallvec![Embedded { ty: base, step: None, indirect: is_ptr, multiples: false }];
        let mut steps = Steps::default();
        let mut seen = Seen::default();
        let mut depth = 0;
        while !current.is_empty() && depth < MAX_EMBEDDING {
            let mut next: SmallVec<[Embedded; 4]> = SmallVec::new();
            let mut found: Option<(ObjId, Embedded, usize)> = None;
            for &entry in &current {
                let hit = match self.as_named(entry.ty) {
                    Some(named) => {
                        if self.seen_before(&mut seen, named) {
                            continue;
                        }
                        // A type with a method of that name has no such field, and no such interface method.
                        self.lookup_method(named, pkg, name, fold_case)
                    }
                    None => None,
                };
                let hit = match hit {
                    Some(hit) => Some(hit),
                    None => match self.under_type(entry.ty) {
                        Type::Struct(id) => {
                            let mut embedded: SmallVec<[u32; 8]> = SmallVec::new();
                            let field = self.lookup_field(id, pkg, name, fold_case, &mut embedded);
                            let fields = self.structs[id].fields;
                            // Deeper fields matter only if nothing is found at this depth.
                            if found.is_none() && field.is_none() {
                                for at in embedded {
                                    let Some(ty) = self.obj(self.obj_at(fields, at as usize)).ty else {
                                        continue;
                                    };
                                    let (ty, is_ptr) = self.deref(ty);
                                    next.push(Embedded {
                                        ty,
                                        step: steps.push(entry.step, at),
                                        indirect: entry.indirect || is_ptr,
                                        multiples: entry.multiples,
                                    });
                                }
                            }
                            field.map(|field| (field, self.obj_at(fields, field)))
                        }
                        Type::Interface(iface) => {
                            let tset = self.type_set(iface);
                            self.type_set_lookup_method(tset, pkg, name, fold_case)
                        }
                        _ => None,
                    },
                };
                if let Some((index, obj)) = hit {
                    if found.is_some() || entry.multiples {
                        return Lookup::Ambiguous { index: steps.path(entry.step, index) };
                    }
                    found = Some((obj, entry, index));
                }
            }

            if let Some((obj, entry, index)) = found {
                // spec: "A method call x.m() is valid if the method set of (the type of) x contains m [...]. If x is
                // addressable and &x's method set contains m, x.m() is shorthand for (&x).m()."
                if !entry.indirect && !addressable && self.has_ptr_recv(obj) {
                    return Lookup::PointerReceiver { obj };
                }
                return Lookup::Found { obj, index: steps.path(entry.step, index), indirect: entry.indirect };
            }
            current = self.consolidate_multiples(next);
            depth += 1;
        }
        Lookup::NotFound
    }

    /// The index of the struct's field of that name; `embedded` gets the embedded fields.
    fn lookup_field(
        &mut self,
        id: StructId,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
        embedded: &mut SmallVec<[u32; 8]>,
    ) -> Option<usize> {
        let list = self.structs[id].fields;
        if list.len() > LINEAR_LIMIT && !fold_case {
            let (field, all_embedded) = self.lookups.field(&self.store, id, name);
            embedded.extend_from_slice(all_embedded);
            return field.map(|at| at as usize).filter(|&at| self.same_id(self.obj_at(list, at), pkg, name, false));
        }
        for (at, &field) in self.objs(list).iter().enumerate() {
            if self.same_id(field, pkg, name, fold_case) {
                return Some(at);
            }
            if is_embedded(self.obj(field)) {
                embedded.push(at as u32);
            }
        }
        None
    }

    /// Notes that the type is searched; whether it, or an identical instance, was before.
    fn seen_before(&mut self, seen: &mut Seen, named: NamedId) -> bool {
        if seen.list.len() <= LINEAR_LIMIT {
            if seen.list.iter().any(|&other| self.identical_named(other, named)) {
                return true;
            }
            seen.list.push(named);
            if seen.list.len() > LINEAR_LIMIT {
                for &named in &seen.list {
                    seen.by_origin.entry(self.named_origin(named)).or_default().push(named);
                }
            }
            return false;
        }
        let same_origin = seen.by_origin.entry(self.named_origin(named)).or_default();
        if same_origin.iter().any(|&other| self.identical_named(other, named)) {
            return true;
        }
        same_origin.push(named);
        false
    }

    fn identical_named(&mut self, x: NamedId, y: NamedId) -> bool {
        x == y || (self.named[x].inst.is_some() && self.identical(self.named[x].ty, self.named[y].ty))
    }

    /// Merges entries of identical type into one that is marked.
    fn consolidate_multiples(&mut self, list: SmallVec<[Embedded; 4]>) -> SmallVec<[Embedded; 4]> {
        if list.len() <= 1 {
            return list;
        }
        let mut unique: SmallVec<[Embedded; 4]> = SmallVec::new();
        if list.len() <= LINEAR_LIMIT {
            for entry in list {
                match (0..unique.len()).find(|&at| self.identical(unique[at].ty, entry.ty)) {
                    Some(at) => unique[at].multiples = true,
                    None => unique.push(entry),
                }
            }
            return unique;
        }
        // Only types with the same key can be identical: instances share their generic type's, type literals one.
        let mut by_key: FxHashMap<Option<NamedId>, SmallVec<[u32; 4]>> = FxHashMap::default();
        for entry in list {
            let key = self.as_named(entry.ty).map(|named| self.named_origin(named));
            let same_key = by_key.entry(key).or_default();
            match same_key.iter().find(|&&at| self.identical(unique[at as usize].ty, entry.ty)) {
                Some(&at) => unique[at as usize].multiples = true,
                None => {
                    same_key.push(unique.len() as u32);
                    unique.push(entry);
                }
            }
        }
        unique
    }

    /// The index of the field of that name; case may be ignored (see [`Checker::same_id`]).
    pub fn field_index(&self, fields: ObjList, pkg: Option<PkgId>, name: Symbol, fold_case: bool) -> Option<usize> {
        if name.is_blank() {
            return None;
        }
        self.objs(fields).iter().position(|&field| self.same_id(field, pkg, name, fold_case))
    }

    /// Whether `obj` is what `name` means in `pkg`.
    ///
    /// spec: "Two identifiers are different if they are spelled differently, or if they appear in different packages
    /// and are not exported. Otherwise, they are the same."
    ///
    /// With `fold_case`, names that differ only in case are the same too, whatever their package.
    #[inline]
    pub fn same_id(&self, obj: ObjId, pkg: Option<PkgId>, name: Symbol, fold_case: bool) -> bool {
        let object = self.obj(obj);
        if object.name == name {
            return object.pkg == pkg || fold_case || is_exported(name);
        }
        fold_case && equal_fold(object.name.as_str(), name.as_str())
    }

    /// The element type of an (unnamed) pointer type and true; any other type, also a defined pointer type, and false.
    #[inline]
    pub fn deref(&mut self, ty: TypeId) -> (TypeId, bool) {
        let actual = self.unalias(ty);
        match self.types[actual] {
            Type::Pointer { elem } => (elem, true),
            _ => (ty, false),
        }
    }

    /// The struct type to which `ty`, a defined type or not, is a pointer; any other type itself.
    pub fn deref_struct_ptr(&mut self, ty: TypeId) -> TypeId {
        match self.under_type(ty) {
            Type::Pointer { elem } if matches!(self.under_type(elem), Type::Struct(_)) => elem,
            _ => ty,
        }
    }

    /// Whether a method has a pointer receiver; its signature need not be known.
    pub fn has_ptr_recv(&mut self, func: ObjId) -> bool {
        let object = self.obj(func);
        let ObjKind::Func { has_ptr_recv, .. } = object.kind else {
            return false;
        };
        let recv = object.ty.and_then(|ty| self.as_signature(ty)).and_then(|sig| sig.recv);
        match recv.and_then(|recv| self.obj(recv).ty) {
            Some(ty) => self.deref(ty).1,
            None => has_ptr_recv,
        }
    }
}

/// Whether the strings differ only in case.
fn equal_fold(x: &str, y: &str) -> bool {
    let same =
        |x: char, y: char| x == y || x.to_lowercase().eq(y.to_lowercase()) || x.to_uppercase().eq(y.to_uppercase());
    let (mut x, mut y) = (x.chars(), y.chars());
    loop {
        match (x.next(), y.next()) {
            (None, None) => return true,
            (Some(x), Some(y)) if same(x, y) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_checker;
    use crate::universe::{UNSAFE, typ};
    use base::Pos;

    fn find(c: &mut Checker<'_>, ty: TypeId, name: &str) -> Lookup {
        c.lookup_field_or_method(ty, false, Some(UNSAFE), Symbol::intern(name), false)
    }

    #[test]
    fn promoted_fields() {
        with_checker(|c| {
            let inner = c.test_struct(&[("a", typ::INT), ("b", typ::INT)]);
            let inner = c.test_named("Inner", Some(inner));
            let inner = c.named[inner].ty;
            let pointer = c.new_type(Type::Pointer { elem: inner });
            let outer = c.test_struct(&[("b", typ::STRING), ("", pointer)]);
            match find(c, outer, "a") {
                Lookup::Found { index, indirect, .. } => assert_eq!((&index[..], indirect), (&[1, 0][..], true)),
                other => panic!("{other:?}"),
            }
            assert!(matches!(find(c, outer, "b"), Lookup::Found { index, .. } if index[..] == [0]));
            assert!(matches!(find(c, outer, "c"), Lookup::NotFound));

            // Twice at the same depth.
            let both = c.test_struct(&[("", inner), ("", pointer)]);
            assert!(matches!(find(c, both, "a"), Lookup::Ambiguous { .. }));
        });
    }

    #[test]
    fn many_fields_and_recursion() {
        with_checker(|c| {
            let named = c.test_named("T", None);
            let elem = c.named[named].ty;
            let pointer = c.new_type(Type::Pointer { elem });
            let names: Vec<String> = (0..100).map(|i| format!("f{i}")).collect();
            let mut fields: Vec<(&str, TypeId)> = names.iter().map(|name| (name.as_str(), typ::INT)).collect();
            fields.push(("", pointer));
            let rhs = c.test_struct(&fields);
            c.named[named].from_rhs = Some(rhs);
            assert!(matches!(find(c, pointer, "f77"), Lookup::Found { index, .. } if index[..] == [77]));
            assert!(matches!(find(c, pointer, "f100"), Lookup::NotFound));
        });
    }

    #[test]
    fn ever_larger_embedded_instances_end() {
        with_checker(|c| {
            // type T[P any] struct { *T[[]P] }
            let named = c.test_named("T", None);
            let tparam = c.test_generic(named);
            let generic = c.named[named].ty;
            let larger = c.new_type(Type::Slice { elem: tparam });
            let inner = c.instance(Pos::NONE, generic, &[larger]);
            let pointer = c.new_type(Type::Pointer { elem: inner });
            let rhs = c.test_struct(&[("", pointer)]);
            c.named[named].from_rhs = Some(rhs);
            let instance = c.instance(Pos::NONE, generic, &[typ::INT]);
            assert!(matches!(find(c, instance, "f"), Lookup::NotFound));
        });
    }

    #[test]
    fn case_folding() {
        assert!(equal_fold("String", "sTRING") && equal_fold("Ä", "ä") && equal_fold("K", "\u{212a}"));
        assert!(!equal_fold("a", "ab") && !equal_fold("a", "b"));
    }
}
