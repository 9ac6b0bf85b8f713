//! Method sets.
//!
//! The methods of T and *T are found together: those of *T, each with the path of embedded fields that leads to it, and
//! among them those that a value of type T has. The search goes breadth first, as for selectors: what is found at a
//! shallower depth hides what is deeper, and two of a name at one depth hide each other.
//!
//! ```text
//! type A struct{ *B; c C }    func (a A) F()
//! type B struct{ I }          func (b *B) G()          type I interface { F(); H() }
//!
//! A: F  [] declared by A           G  [0 deref] declared by *B           H  [0 deref, 0] of interface I
//! ```
//!
//! Methods with type parameters of their own (Go 1.27) are called directly only: no interface has them, so they are in
//! no set, but they do hide others of their name.

use crate::canon::{CanonId, CanonList, CanonType, Types, defined_type, type_of};
use base::{SideTable, Symbol, Table, entity_id};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::collections::hash_map::Entry;
use types::{Checker, ObjId, ObjKind, PkgId};

entity_id!(
    /// A method of a type, or of the pointer to it.
    pub struct MethodId, "method"
);
entity_id!(pub struct MethodSetId, "methods");

impl MethodSetId {
    const EMPTY: MethodSetId = MethodSetId::from_const(0);
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Method {
    pub name: Symbol,
    /// Only of names that are not exported.
    pub pkg: Option<PkgId>,
    /// A `Func`, without the receiver.
    pub sig: CanonId,
    /// From the type that has the method to the one that declares it; empty for its own.
    pub path: Box<[Step]>,
    pub target: Target,
    /// Of a method with type parameters of its own.
    pub targs: CanonList,
}

/// An embedded field to go through.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Step {
    pub field: u32,
    /// The field is a pointer, which is followed.
    pub deref: bool,
}

/// What is at the end of the path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Target {
    Declared {
        /// As written; its receiver's type parameters stand for the type arguments of `receiver`.
        func: ObjId,
        /// The defined type.
        receiver: CanonId,
        pointer_receiver: bool,
    },
    /// The path ends at an interface value.
    Interface { iface: CanonId, index: u32 },
}

impl Method {
    /// Whether a value that cannot be addressed has the method, not only the pointer to it.
    ///
    /// spec: "The method set of a pointer to a defined type T (where T is neither a pointer nor an interface) is the set
    /// of all methods declared with receiver *T or T"; "If S contains an embedded field *T, the method sets of S and *S
    /// both include promoted methods with receiver T or *T."
    pub fn is_on_value(&self) -> bool {
        let Target::Declared { pointer_receiver: true, .. } = self.target else { return true };
        self.path.iter().any(|step| step.deref)
    }

    /// Whether the declared function itself is the method of T (or of *T, with `on_pointer`); other methods are wrappers
    /// around it.
    pub fn is_declared_for(&self, on_pointer: bool) -> bool {
        let Target::Declared { pointer_receiver, .. } = self.target else { return false };
        self.path.is_empty() && pointer_receiver == on_pointer
    }
}

pub(crate) struct MethodTables {
    methods: Table<MethodId, Method>,
    sets: Table<MethodSetId, Box<[MethodId]>>,
    /// Of a type that is no pointer: those of the pointer to it, and its own.
    of_type: SideTable<CanonId, Option<(MethodSetId, MethodSetId)>>,
    by_name: FxHashMap<(MethodSetId, Symbol, Option<PkgId>), MethodId>,
    /// Methods that are in no set.
    instances: FxHashMap<Method, MethodId>,
    implements: FxHashMap<(CanonId, CanonId), Option<Box<[MethodId]>>>,
}

impl MethodTables {
    pub fn new() -> MethodTables {
        let mut sets = Table::new();
        sets.push(Box::default());
        MethodTables {
            methods: Table::new(),
            sets,
            of_type: SideTable::new(),
            by_name: FxHashMap::default(),
            instances: FxHashMap::default(),
            implements: FxHashMap::default(),
        }
    }
}

impl Types {
    pub fn method(&self, id: MethodId) -> &Method {
        &self.method_tables.methods[id]
    }

    /// An instance of a method with type parameters of its own; equal ones are one.
    pub fn method_instance(&mut self, method: Method) -> MethodId {
        let tables = &mut self.method_tables;
        if let Some(&known) = tables.instances.get(&method) {
            return known;
        }
        let id = tables.methods.push(method.clone());
        tables.instances.insert(method, id);
        id
    }

    /// The methods of a set, in the order of method tables.
    pub fn methods(&self, set: MethodSetId) -> &[MethodId] {
        &self.method_tables.sets[set]
    }

    pub fn method_set(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> MethodSetId {
        let CanonType::Pointer(base) = self[ty] else { return self.base_method_sets(checker, ty).1 };
        self.base_method_sets(checker, base).0
    }

    /// The methods that a type's descriptor lists: its method set, but none of an interface type, whose descriptor lists
    /// what it asks of others.
    pub fn method_table(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> MethodSetId {
        let is_interface = matches!(self.shape(checker, ty), CanonType::Interface(_));
        if is_interface { MethodSetId::EMPTY } else { self.method_set(checker, ty) }
    }

    /// The method of that name; `pkg` counts only for names that are not exported.
    pub fn find_method(
        &mut self,
        checker: &mut Checker<'_>,
        ty: CanonId,
        name: Symbol,
        pkg: Option<PkgId>,
    ) -> Option<MethodId> {
        let set = self.method_set(checker, ty);
        let pkg = pkg.filter(|_| !types::is_exported(name));
        self.method_tables.by_name.get(&(set, name, pkg)).copied()
    }

    /// The methods with which a type implements an interface, in the interface's order; `None` if it does not.
    pub fn implements(&mut self, checker: &mut Checker<'_>, ty: CanonId, iface: CanonId) -> Option<&[MethodId]> {
        if !self.method_tables.implements.contains_key(&(ty, iface)) {
            let methods = self.find_implementation(checker, ty, iface);
            self.method_tables.implements.insert((ty, iface), methods);
        }
        self.method_tables.implements[&(ty, iface)].as_deref()
    }

    fn find_implementation(
        &mut self,
        checker: &mut Checker<'_>,
        ty: CanonId,
        iface: CanonId,
    ) -> Option<Box<[MethodId]>> {
        let CanonType::Interface(wanted) = self.shape(checker, iface) else {
            unreachable!("abi: implements: {iface} is no interface");
        };
        let set = self.method_set(checker, ty);
        let tables = &self.method_tables;
        self.interface_methods(wanted)
            .iter()
            .map(|wanted| {
                let &method = tables.by_name.get(&(set, wanted.name, wanted.pkg))?;
                (tables.methods[method].sig == wanted.sig).then_some(method)
            })
            .collect()
    }

    /// The place of a method in the interface's list, which is its place in itabs.
    pub fn interface_slot(
        &mut self,
        checker: &mut Checker<'_>,
        iface: CanonId,
        name: Symbol,
        pkg: Option<PkgId>,
    ) -> Option<u32> {
        let method = self.find_method(checker, iface, name, pkg)?;
        let Target::Interface { index, .. } = self.method(method).target else { return None };
        Some(index)
    }

    fn base_method_sets(&mut self, checker: &mut Checker<'_>, base: CanonId) -> (MethodSetId, MethodSetId) {
        if let Some(known) = self.method_tables.of_type[base] {
            return known;
        }
        let shape = self.shape(checker, base);
        let sets = match shape {
            // spec: pointers to interfaces and defined pointer types have no methods.
            CanonType::Pointer(_) => (MethodSetId::EMPTY, MethodSetId::EMPTY),
            CanonType::Interface(_) => {
                let methods = self.search(checker, base);
                (MethodSetId::EMPTY, self.new_set(methods))
            }
            CanonType::Struct(_) => self.split(checker, base),
            _ if matches!(self[base], CanonType::Named { .. }) => self.split(checker, base),
            _ => (MethodSetId::EMPTY, MethodSetId::EMPTY),
        };
        self.method_tables.of_type[base] = Some(sets);
        sets
    }

    fn split(&mut self, checker: &mut Checker<'_>, base: CanonId) -> (MethodSetId, MethodSetId) {
        let all = self.search(checker, base);
        let on_value: Vec<MethodId> = all.iter().copied().filter(|&id| self.method(id).is_on_value()).collect();
        let is_same = on_value.len() == all.len();
        let all = self.new_set(all);
        (all, if is_same { all } else { self.new_set(on_value) })
    }

    fn new_set(&mut self, methods: Vec<MethodId>) -> MethodSetId {
        if methods.is_empty() {
            return MethodSetId::EMPTY;
        }
        let tables = &mut self.method_tables;
        let set = tables.sets.next_id();
        for &id in &methods {
            let method = &tables.methods[id];
            tables.by_name.insert((set, method.name, method.pkg), id);
        }
        tables.sets.push(methods.into())
    }

    /// All methods that the type or the pointer to it has, sorted.
    fn search(&mut self, checker: &mut Checker<'_>, base: CanonId) -> Vec<MethodId> {
        let mut search = Search::default();
        let mut current = vec![Embedded { ty: base, path: Path::new(), is_multiple: false }];
        while !current.is_empty() {
            let mut next = Vec::new();
            let mut found = Found::default();
            for embedded in std::mem::take(&mut current) {
                self.search_type(checker, &mut search, embedded, &mut found, &mut next);
            }
            for (key, entry) in found.into_entries() {
                search.names.entry(key).or_insert(entry);
            }
            current = consolidate(next);
        }
        let mut methods: Vec<Method> = search.names.into_values().flatten().collect();
        methods.sort_by(|a, b| self.method_order(checker, (a.name, a.pkg), (b.name, b.pkg)));
        methods.into_iter().map(|method| self.method_tables.methods.push(method)).collect()
    }

    fn search_type(
        &mut self,
        checker: &mut Checker<'_>,
        search: &mut Search,
        embedded: Embedded,
        found: &mut Found,
        next: &mut Vec<Embedded>,
    ) {
        let Embedded { ty, ref path, is_multiple } = embedded;
        if let CanonType::Named { obj, targs, .. } = self[ty] {
            // A type that was met at a shallower depth has nothing new.
            if !search.seen.insert(ty) {
                return;
            }
            let named = defined_type(checker, obj);
            for index in 0..checker.num_methods(named) {
                let Some(func) = checker.named[named].methods[index] else { continue };
                let object = checker.obj(func);
                let (name, pkg) = (object.name, object.pkg.filter(|_| !types::is_exported(object.name)));
                let ObjKind::Func { has_ptr_recv, .. } = object.kind else {
                    unreachable!("abi: methods are functions")
                };
                let ty_id = type_of(checker, func);
                let is_generic = checker.as_signature(ty_id).is_some_and(|sig| !sig.tparams.is_empty());
                if is_multiple || is_generic {
                    found.add((name, pkg), None);
                    continue;
                }
                let receiver_args: SmallVec<[CanonId; 4]> = self.list(targs).into();
                let env = self.function_env(checker, func, &receiver_args, &[]);
                let sig = self.canon(checker, ty_id, env);
                let target = Target::Declared { func, receiver: ty, pointer_receiver: has_ptr_recv };
                found.add(
                    (name, pkg),
                    Some(Method { name, pkg, sig, path: path.as_slice().into(), target, targs: CanonList::EMPTY }),
                );
            }
        }
        match self.shape(checker, ty) {
            CanonType::Struct(fields) => {
                for index in 0..self.fields(fields).len() {
                    let field = self.fields(fields)[index];
                    found.add((field.name, field.pkg), None);
                    if field.embedded {
                        let (ty, deref) = match self[field.ty] {
                            CanonType::Pointer(elem) => (elem, true),
                            _ => (field.ty, false),
                        };
                        let mut path = path.clone();
                        path.push(Step { field: index as u32, deref });
                        next.push(Embedded { ty, path, is_multiple });
                    }
                }
            }
            CanonType::Interface(methods) => {
                for (index, method) in self.interface_methods(methods).iter().enumerate() {
                    let target = Target::Interface { iface: ty, index: index as u32 };
                    let path = path.as_slice().into();
                    let targs = CanonList::EMPTY;
                    let method = Method { name: method.name, pkg: method.pkg, sig: method.sig, path, target, targs };
                    found.add((method.name, method.pkg), Some(method).filter(|_| !is_multiple));
                }
            }
            _ => {}
        }
    }
}

type Path = SmallVec<[Step; 4]>;
type Key = (Symbol, Option<PkgId>);

/// A type to search.
struct Embedded {
    ty: CanonId,
    path: Path,
    /// It occurs several times at this depth: what it has is ambiguous.
    is_multiple: bool,
}

#[derive(Default)]
struct Search {
    /// What is known of each name: a method, or that it means something else or nothing.
    names: FxHashMap<Key, Option<Method>>,
    seen: FxHashSet<CanonId>,
}

/// What is found at one depth.
#[derive(Default)]
struct Found {
    names: FxHashMap<Key, Option<Method>>,
}

impl Found {
    /// Adds a method, or (`None`) something that is not a method or is ambiguous.
    fn add(&mut self, key: Key, method: Option<Method>) {
        if key.0.is_blank() {
            return;
        }
        match self.names.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(method);
            }
            Entry::Occupied(mut entry) => {
                entry.insert(None);
            }
        }
    }

    /// In no particular order.
    fn into_entries(self) -> impl Iterator<Item = (Key, Option<Method>)> {
        self.names.into_iter()
    }
}

/// Makes one of types that occur several times.
fn consolidate(list: Vec<Embedded>) -> Vec<Embedded> {
    let mut places: FxHashMap<CanonId, usize> = FxHashMap::default();
    let mut result: Vec<Embedded> = Vec::with_capacity(list.len());
    for embedded in list {
        match places.entry(embedded.ty) {
            Entry::Vacant(entry) => {
                entry.insert(result.len());
                result.push(embedded);
            }
            Entry::Occupied(entry) => result[*entry.get()].is_multiple = true,
        }
    }
    result
}
