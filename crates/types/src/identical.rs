//! Type identity.
//!
//! spec: "Two types are either identical or different. A named type is always different from any other type. Otherwise,
//! two types are identical if their underlying type literals are structurally equivalent."
//!
//! This is asked more often than anything else, so it allocates nothing (generic signatures excepted), decides by
//! comparing ids where it can, and walks element types in a loop.

use crate::checker::Checker;
use crate::store::*;
use base::Pos;

/// Two interfaces that are being compared, and those around them.
///
/// Interfaces are the only types through which a cycle can run that no defined type interrupts: `type T interface
/// { m() interface { T } }`. Meeting a pair again means that nothing has spoken against it.
struct IfacePair<'p> {
    x: InterfaceId,
    y: InterfaceId,
    outer: Option<&'p IfacePair<'p>>,
}

impl IfacePair<'_> {
    fn contains(&self, x: InterfaceId, y: InterfaceId) -> bool {
        let mut pair = Some(self);
        while let Some(&IfacePair { x: px, y: py, outer }) = pair {
            if (px, py) == (x, y) || (px, py) == (y, x) {
                return true;
            }
            pair = outer;
        }
        false
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Tags {
    Compare,
    Ignore,
}

impl Checker<'_> {
    #[inline]
    pub fn identical(&mut self, x: TypeId, y: TypeId) -> bool {
        x == y || self.compare(x, y, Tags::Compare, None)
    }

    /// Identity in which struct tags do not count, as conversions have it.
    #[inline]
    pub fn identical_ignore_tags(&mut self, x: TypeId, y: TypeId) -> bool {
        x == y || self.compare(x, y, Tags::Ignore, None)
    }

    /// Whether the types come from the same declaration: they are equal or instances of the same generic type.
    pub fn identical_origin(&mut self, x: NamedId, y: NamedId) -> bool {
        let (x, y) = (self.named_origin(x), self.named_origin(y));
        self.named[x].obj == self.named[y].obj
    }

    pub fn identical_tuples(&mut self, x: ObjList, y: ObjList) -> bool {
        self.compare_tuples(x, y, Tags::Compare, None)
    }

    fn compare(&mut self, mut x: TypeId, mut y: TypeId, tags: Tags, pairs: Option<&IfacePair>) -> bool {
        loop {
            if x == y {
                return true;
            }
            let (tx, ty) = match (self.types[x], self.types[y]) {
                (Type::Alias(_), _) | (_, Type::Alias(_)) => {
                    match (self.unalias_known(x), self.unalias_known(y)) {
                        (Some(actual_x), Some(actual_y)) => (x, y) = (actual_x, actual_y),
                        (actual_x, actual_y) => return actual_x == actual_y,
                    }
                    continue;
                }
                types => types,
            };
            (x, y) = match (tx, ty) {
                // `byte` and `uint8` are two ids.
                (Type::Basic(x), Type::Basic(y)) => return x == y,
                // spec: "Two array types are identical if they have identical element types and the same array
                // length." An unknown length agrees with any.
                (Type::Array { len: x_len, elem: x }, Type::Array { len: y_len, elem: y })
                    if x_len == y_len || x_len < 0 || y_len < 0 =>
                {
                    (x, y)
                }
                (Type::Slice { elem: x }, Type::Slice { elem: y }) => (x, y),
                (Type::Pointer { elem: x }, Type::Pointer { elem: y }) => (x, y),
                (Type::Struct(x), Type::Struct(y)) => return x == y || self.compare_structs(x, y, tags, pairs),
                (Type::Tuple(x), Type::Tuple(y)) => return self.compare_tuples(x, y, tags, pairs),
                (Type::Signature(x), Type::Signature(y)) => {
                    return x == y || self.compare_signatures(x, y, tags, pairs);
                }
                (Type::Union(x), Type::Union(y)) => return x == y || self.compare_unions(x, y),
                (Type::Interface(x), Type::Interface(y)) => {
                    return x == y || self.compare_interfaces(x, y, tags, pairs);
                }
                (Type::Map { key: x_key, elem: x }, Type::Map { key: y_key, elem: y }) => {
                    if !self.compare(x_key, y_key, tags, pairs) {
                        return false;
                    }
                    (x, y)
                }
                (Type::Chan { dir: x_dir, elem: x }, Type::Chan { dir: y_dir, elem: y }) if x_dir == y_dir => (x, y),
                (Type::Named(x), Type::Named(y)) => return x == y || self.compare_instances(x, y),
                _ => return false,
            };
        }
    }

    /// spec: "Two struct types are identical if they have the same sequence of fields, and if corresponding pairs of
    /// fields have the same names, identical types, and identical tags, and are either both embedded or both not
    /// embedded. Non-exported field names from different packages are always different."
    fn compare_structs(&mut self, x: StructId, y: StructId, tags: Tags, pairs: Option<&IfacePair>) -> bool {
        let (x, y) = (self.structs[x], self.structs[y]);
        if x.fields.len() != y.fields.len() {
            return false;
        }
        for i in 0..x.fields.len() {
            let (f, g) = (*self.obj(self.obj_at(x.fields, i)), *self.obj(self.obj_at(y.fields, i)));
            if is_embedded(&f) != is_embedded(&g) || f.name != g.name || f.pkg != g.pkg && !is_exported(f.name) {
                return false;
            }
            if tags == Tags::Compare && self.field_tag(x, i) != self.field_tag(y, i) {
                return false;
            }
            if !self.compare_known(f.ty, g.ty, tags, pairs) {
                return false;
            }
        }
        true
    }

    /// The tag of a struct's field; empty if it has none.
    pub fn field_tag(&self, data: StructData, index: usize) -> base::Symbol {
        self.tags(data.tags).get(index).copied().unwrap_or(base::sym::EMPTY)
    }

    fn compare_tuples(&mut self, x: ObjList, y: ObjList, tags: Tags, pairs: Option<&IfacePair>) -> bool {
        x.len() == y.len()
            && (0..x.len()).all(|i| {
                let (x, y) = (self.obj(self.obj_at(x, i)).ty, self.obj(self.obj_at(y, i)).ty);
                self.compare_known(x, y, tags, pairs)
            })
    }

    fn compare_known(&mut self, x: Option<TypeId>, y: Option<TypeId>, tags: Tags, pairs: Option<&IfacePair>) -> bool {
        match (x, y) {
            (Some(x), Some(y)) => self.compare(x, y, tags, pairs),
            _ => x == y,
        }
    }

    /// spec: "Two function types are identical if they have the same number of parameters and result values,
    /// corresponding parameter and result types are identical, and either both functions are variadic or neither is.
    /// Parameter and result names are not required to match." Type parameters are compared modulo renaming.
    fn compare_signatures(&mut self, x: SignatureId, y: SignatureId, tags: Tags, pairs: Option<&IfacePair>) -> bool {
        let (x, mut y) = (self.signatures[x], self.signatures[y]);
        if x.variadic != y.variadic
            || x.tparams.len() != y.tparams.len()
            || x.params.len() != y.params.len()
            || x.results.len() != y.results.len()
        {
            return false;
        }
        if !x.tparams.is_empty() {
            let map = self.subst_map(y.tparams, self.type_ids(x.tparams));
            for i in 0..x.tparams.len() {
                let x_bound = self.bound_at(x.tparams, i);
                let y_bound = self.bound_at(y.tparams, i).map(|bound| self.subst(Pos::NONE, bound, &map));
                if !self.compare_known(x_bound, y_bound, tags, pairs) {
                    return false;
                }
            }
            y.params = self.subst_tuple(Pos::NONE, y.params, &map);
            y.results = self.subst_tuple(Pos::NONE, y.results, &map);
        }
        self.compare_tuples(x.params, y.params, tags, pairs) && self.compare_tuples(x.results, y.results, tags, pairs)
    }

    fn bound_at(&self, tparams: TypeList, index: usize) -> Option<TypeId> {
        match self.ty(self.type_at(tparams, index)) {
            Type::TypeParam(tparam) => self.type_params[tparam].bound,
            _ => None,
        }
    }

    fn compare_unions(&mut self, x: UnionId, y: UnionId) -> bool {
        let x = self.compute_union_type_set(Pos::NONE, x);
        let y = self.compute_union_type_set(Pos::NONE, y);
        self.equal_terms(self.type_sets[x].terms, self.type_sets[y].terms)
    }

    /// spec: "Two interface types are identical if they define the same type set." That is, if their methods (by name,
    /// whatever the order in the source) have identical types, and their terms are equal.
    fn compare_interfaces(&mut self, x: InterfaceId, y: InterfaceId, tags: Tags, pairs: Option<&IfacePair>) -> bool {
        let (x_set, y_set) = (self.type_set(x), self.type_set(y));
        if x_set == y_set {
            return true;
        }
        let (x_set, y_set) = (self.type_sets[x_set], self.type_sets[y_set]);
        if x_set.comparable != y_set.comparable
            || x_set.methods.len() != y_set.methods.len()
            || !self.equal_terms(x_set.terms, y_set.terms)
        {
            return false;
        }
        if pairs.is_some_and(|pairs| pairs.contains(x, y)) {
            return true;
        }
        let pairs = Some(&IfacePair { x, y, outer: pairs });
        (0..x_set.methods.len()).all(|i| {
            let (f, g) = (self.obj_at(x_set.methods, i), self.obj_at(y_set.methods, i));
            if f == g {
                return true; // both embed the interface that declares it
            }
            let (f, g) = (self.obj(f), self.obj(g));
            let (f_ty, g_ty) = (f.ty, g.ty);
            f.name == g.name && (f.pkg == g.pkg || is_exported(f.name)) && self.compare_known(f_ty, g_ty, tags, pairs)
        })
    }

    /// Two different defined types: identical only if they are instances of the same type with identical arguments.
    fn compare_instances(&mut self, x: NamedId, y: NamedId) -> bool {
        let (Some(x_inst), Some(y_inst)) = (self.named[x].inst, self.named[y].inst) else {
            return false;
        };
        if let (Some(x_hash), Some(y_hash)) = (x_inst.hash, y_inst.hash)
            && x_hash != y_hash
        {
            return false;
        }
        x_inst.orig == y_inst.orig
            && x_inst.targs.len() == y_inst.targs.len()
            && (0..x_inst.targs.len())
                .all(|i| self.identical(self.type_at(x_inst.targs, i), self.type_at(y_inst.targs, i)))
    }
}

/// Whether an object is an embedded field.
#[inline]
pub(crate) fn is_embedded(object: &Object) -> bool {
    matches!(object.kind, ObjKind::Var { embedded: true, .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_checker;
    use crate::universe::typ;

    #[test]
    fn literals() {
        with_checker(|c| {
            let [x, y, z] = [typ::UINT8, typ::BYTE, typ::INT8].map(|elem| c.new_type(Type::Slice { elem }));
            assert!(c.identical(x, y) && !c.identical(x, z));
            let x = c.new_type(Type::Map { key: typ::STRING, elem: x });
            let y = c.new_type(Type::Map { key: typ::STRING, elem: y });
            assert!(c.identical(x, y));
            let s = c.test_struct(&[("a", x)]);
            let t = c.test_struct(&[("a", y)]);
            let u = c.test_struct(&[("b", y)]);
            assert!(c.identical(s, t) && !c.identical(s, u));
        });
    }

    #[test]
    fn interfaces() {
        with_checker(|c| {
            let x = c.test_interface(&[("M", typ::INT), ("N", typ::STRING)]);
            let y = c.test_interface(&[("N", typ::STRING), ("M", typ::INT)]);
            let z = c.test_interface(&[("N", typ::STRING), ("M", typ::INT8)]);
            assert!(c.identical(x, y) && !c.identical(x, z) && !c.identical(x, typ::ANY));

            // x: interface { m() x } against y: interface { m() y }
            let recursive = [(); 2].map(|()| {
                let x = c.test_interface(&[("M", typ::INT)]);
                let iface = c.type_set_of(x);
                let sig = c.as_signature(c.obj(c.obj_at(c.type_sets[iface].methods, 0)).ty.unwrap()).unwrap();
                let result = c.obj_at(sig.results, 0);
                c.objects[result].ty = Some(x);
                x
            });
            assert!(c.identical(recursive[0], recursive[1]));
        });
    }

    impl Checker<'_> {
        fn type_set_of(&mut self, ty: TypeId) -> TypeSetId {
            match self.under_type(ty) {
                Type::Interface(iface) => self.type_set(iface),
                other => panic!("{other:?}"),
            }
        }
    }
}
