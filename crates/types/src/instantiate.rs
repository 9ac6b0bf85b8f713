//! Instantiation of generic types and functions, and whether a type implements an interface or satisfies a constraint.

use crate::checker::Checker;
use crate::code::Code;
use crate::store::*;
use crate::universe::typ;
use crate::version::GoVersion;
use base::Pos;

impl Checker<'_> {
    /// `orig[targs]` for a generic defined type, alias or signature. Identical instances are one type. A defined type is
    /// substituted when it is looked at. With a wrong number of arguments an alias or signature is invalid (reported); a
    /// defined type becomes an instance whose right-hand side is.
    pub fn instance(&mut self, pos: Pos, orig: TypeId, targs: &[TypeId]) -> TypeId {
        let hash = self.instance_hash(orig, targs);
        if let Some(instance) = self.find_instance(hash, orig, targs) {
            return instance;
        }
        match self.ty(orig) {
            Type::Named(named) => {
                let targs = self.type_list(targs);
                let instance = self.new_named_instance(pos, named, targs, hash.exact());
                self.add_instance(hash, orig, targs, instance);
                instance
            }
            Type::Alias(alias) => {
                let AliasData { obj, tparams, .. } = self.aliases[alias];
                let name = self.obj(obj).name;
                if !self.validate_targ_len(pos, name.as_str(), tparams.len(), targs.len()) {
                    return typ::INVALID;
                }
                if tparams.is_empty() {
                    return orig;
                }
                let instance = self.new_alias_instance(pos, alias, targs);
                let targs = self.type_list(targs);
                self.add_instance(hash, orig, targs, instance);
                instance
            }
            Type::Signature(sig) => {
                let tparams = self.signatures[sig].tparams;
                if tparams.len() != targs.len() {
                    let name = self.type_string(orig);
                    self.validate_targ_len(pos, &name, tparams.len(), targs.len());
                    return typ::INVALID;
                }
                if tparams.is_empty() {
                    return orig;
                }
                let map = self.subst_map(tparams, targs);
                let mut instance = self.subst(pos, orig, &map);
                if instance == orig {
                    // The type parameters are not used; what becomes of them must not change the generic signature.
                    let copy = self.signatures[sig];
                    let copy = self.signatures.push(copy);
                    instance = self.new_type(Type::Signature(copy));
                }
                if let Type::Signature(sig) = self.ty(instance) {
                    self.signatures[sig].tparams = TypeList::EMPTY;
                }
                let targs = self.type_list(targs);
                self.add_instance(hash, orig, targs, instance);
                instance
            }
            other => panic!("types: instance: {other:?} is not generic"),
        }
    }

    /// Reports a number of type arguments that is not the number of type parameters.
    pub fn validate_targ_len(&mut self, pos: Pos, name: &str, want: usize, got: usize) -> bool {
        let qualifier = match got.cmp(&want) {
            std::cmp::Ordering::Less => "not enough",
            std::cmp::Ordering::Greater => "too many",
            std::cmp::Ordering::Equal => return true,
        };
        let message = format!("{qualifier} type arguments for type {name}: have {got}, want {want}");
        self.error(pos, Code::WrongTypeArgCount, message);
        false
    }

    /// Whether each type argument satisfies its type parameter's constraint; else the index of the first that does not,
    /// and why.
    pub fn verify_instance(&mut self, pos: Pos, tparams: TypeList, targs: &[TypeId]) -> Result<(), (usize, String)> {
        let map = self.subst_map(tparams, targs);
        for (i, &targ) in targs.iter().enumerate() {
            let Type::TypeParam(tparam) = self.ty(self.type_at(tparams, i)) else {
                continue;
            };
            self.type_param_iface(tparam); // wraps a bound that is not an interface
            let Some(bound) = self.type_params[tparam].bound else {
                continue;
            };
            if self.unalias(bound) == typ::EMPTY_INTERFACE {
                continue;
            }
            // The bound may mention the type parameters.
            let bound = self.subst(pos, bound, &map);
            let mut cause = String::new();
            if !self.implements(targ, bound, true, Some(&mut cause)) {
                return Err((i, cause));
            }
        }
        Ok(())
    }

    /// Whether `v` implements the interface `t`, or satisfies it if it is used as a constraint.
    pub fn implements(&mut self, v: TypeId, t: TypeId, constraint: bool, mut cause: Option<&mut String>) -> bool {
        let v_under = self.under(v);
        let t_under = self.under(t);
        if v_under == typ::INVALID || t_under == typ::INVALID {
            return true; // avoids errors that follow
        }
        if let Type::Pointer { elem } = self.ty(v_under)
            && self.under(elem) == typ::INVALID
        {
            return true;
        }
        let verb = if constraint { "satisfy" } else { "implement" };

        let Type::Interface(t_iface) = self.ty(t_under) else {
            if let Some(cause) = cause {
                let (v_str, t_str) = (self.type_string(v), self.type_string(t));
                *cause = if self.is_interface_ptr(t_under) {
                    format!("{v_str} does not {verb} {t_str} (type {t_str} is pointer to interface, not interface)")
                } else {
                    format!("{v_str} does not {verb} {t_str} ({t_str} is not an interface)")
                };
            }
            return false;
        };
        let t_set = self.type_set(t_iface);
        if self.type_set_is_all(t_set) {
            return true;
        }

        // The empty set is a subset of any set, and no other is a subset of it.
        let v_set = match self.ty(v_under) {
            Type::Interface(iface) => Some(self.type_set(iface)),
            _ => None,
        };
        if v_set.is_some_and(|v_set| self.type_set_is_empty(v_set)) {
            return true;
        }
        if self.type_set_is_empty(t_set) {
            if let Some(cause) = cause {
                *cause = format!("cannot {verb} {} (empty type set)", self.type_string(t));
            }
            return false;
        }

        if !self.has_all_methods(v, t, true, &mut |c, x, y| c.identical(x, y), cause.as_deref_mut()) {
            if let Some(cause) = cause {
                *cause = format!("{} does not {verb} {} {cause}", self.type_string(v), self.type_string(t));
            }
            return false;
        }
        if !self.type_set_has_terms(t_set) {
            return self.satisfies_comparable(v, t_set, constraint, cause);
        }

        if let Some(v_set) = v_set {
            // Each type of V must be one of T's.
            if !self.subset_of(self.type_sets[v_set].terms, self.type_sets[t_set].terms) {
                if let Some(cause) = cause {
                    *cause = format!("{} does not {verb} {}", self.type_string(v), self.type_string(t));
                }
                return false;
            }
            return self.satisfies_comparable(v, t_set, constraint, cause);
        }

        let terms = self.type_sets[t_set].terms;
        if !(0..terms.len()).any(|i| self.term_includes(self.terms(terms)[i], v)) {
            if let Some(cause) = cause {
                let detail = self.not_in_terms(v, t, t_under, terms);
                *cause = format!("{} does not {verb} {} ({detail})", self.type_string(v), self.type_string(t));
            }
            return false;
        }
        self.satisfies_comparable(v, t_set, constraint, cause)
    }

    /// If `t_set` has only comparable types, `v` must be comparable: strictly, or, for a constraint, as the spec has it
    /// for ordinary interfaces since Go 1.20. Asked last, because other reasons are more specific.
    fn satisfies_comparable(
        &mut self,
        v: TypeId,
        t_set: TypeSetId,
        constraint: bool,
        cause: Option<&mut String>,
    ) -> bool {
        if !self.type_set_is_comparable(t_set) || self.is_comparable(v, false) {
            return true;
        }
        let dynamic = constraint && self.is_comparable(v, true);
        if dynamic && self.allow_version(GoVersion::go1(20)) {
            return true;
        }
        if let Some(cause) = cause {
            let v = self.type_string(v);
            let verb = if constraint { "satisfy" } else { "implement" };
            *cause = if dynamic {
                format!("{v} to {verb} comparable requires go1.20 or later")
            } else {
                format!("{v} does not {verb} comparable")
            };
        }
        false
    }

    /// Why `v` is in none of the terms of `t`.
    fn not_in_terms(&mut self, v: TypeId, t: TypeId, t_under: TypeId, terms: TermList) -> String {
        for i in 0..terms.len() {
            let term = self.terms(terms)[i];
            let Some(ty) = term.ty.filter(|_| !term.tilde) else {
                continue;
            };
            let under = self.under(ty);
            if self.identical(ty, under) && self.term_includes(Term { tilde: true, ..term }, v) {
                return format!("possibly missing ~ for {} in {}", self.type_string(ty), self.type_string(t));
            }
        }
        let v_str = self.type_string(v);
        if self.mentions(t_under, v) {
            let t_str = self.type_string(t);
            return format!("{t_str} mentions {v_str}, but {v_str} is not in the type set of {t_str}");
        }
        format!("{v_str} missing in {}", self.term_list_string(terms))
    }

    /// Whether `ty` appears among the embedded elements or terms of `t`, in its type set or not.
    fn mentions(&mut self, t: TypeId, ty: TypeId) -> bool {
        match self.ty(t) {
            Type::Interface(iface) => {
                let embeddeds = self.interfaces[iface].embeddeds;
                (0..embeddeds.len()).any(|i| self.mentions(self.type_at(embeddeds, i), ty))
            }
            Type::Union(union) => {
                let terms = self.unions[union].terms;
                (0..terms.len()).any(|i| self.terms(terms)[i].ty.is_some_and(|term| self.mentions(term, ty)))
            }
            _ => self.identical(t, ty),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_checker;

    #[test]
    fn identical_instances_are_one_type() {
        with_checker(|c| {
            // type L[P any] struct { next *L[P]; val P }
            let named = c.test_named("L", None);
            let tparam = c.test_generic(named);
            let list = c.named[named].ty;
            let own = c.instance(Pos::NONE, list, &[tparam]);
            let next = c.new_type(Type::Pointer { elem: own });
            let rhs = c.test_struct(&[("next", next), ("val", tparam)]);

            // While the declaration is checked nothing is known, and nothing wrong is remembered.
            let of_bytes = c.instance(Pos::NONE, list, &[typ::BYTE]);
            assert_eq!(c.under(of_bytes), typ::INVALID);
            c.named[named].from_rhs = Some(rhs);

            assert_eq!(c.instance(Pos::NONE, list, &[typ::UINT8]), of_bytes);
            let Type::Struct(id) = c.under_type(of_bytes) else { panic!("a struct") };
            let fields = c.structs[id].fields;
            let [next, val] = [0, 1].map(|i| c.obj(c.obj_at(fields, i)).ty.unwrap());
            assert_eq!((c.ty(next), val), (Type::Pointer { elem: of_bytes }, typ::BYTE));
            assert_eq!(c.obj_origin(c.obj_at(fields, 1)), {
                let Type::Struct(id) = c.ty(rhs) else { panic!("a struct") };
                c.obj_at(c.structs[id].fields, 1)
            });
        });
    }

    #[test]
    fn definitions_without_end() {
        with_checker(|c| {
            // type T[P any] T[[]P]
            let named = c.test_named("T", None);
            let tparam = c.test_generic(named);
            let generic = c.named[named].ty;
            let larger = c.new_type(Type::Slice { elem: tparam });
            let rhs = c.instance(Pos::NONE, generic, &[larger]);
            c.named[named].from_rhs = Some(rhs);
            let instance = c.instance(Pos::NONE, generic, &[typ::INT]);
            assert_eq!(c.under(instance), typ::INVALID);

            // type A B; type B A
            let a = c.test_named("A", None);
            let b = c.test_named("B", Some(c.named[a].ty));
            c.named[a].from_rhs = Some(c.named[b].ty);
            let a = c.named[a].ty;
            assert_eq!(c.under(a), typ::INVALID);
        });
    }

    #[test]
    fn constraints() {
        with_checker(|c| {
            // interface { ~int | string }
            let terms =
                c.term_list(&[Term { tilde: true, ty: Some(typ::INT) }, Term { tilde: false, ty: Some(typ::STRING) }]);
            let union = c.unions.push(UnionData { terms, tset: None });
            let union = c.new_type(Type::Union(union));
            let embeddeds = c.type_list(&[union]);
            let iface = c.interfaces.push(InterfaceData { embeddeds, complete: true, ..Default::default() });
            let iface = c.new_type(Type::Interface(iface));
            let my_int = c.test_named("MyInt", Some(typ::INT));
            let my_int = c.named[my_int].ty;
            let my_string = c.test_named("MyString", Some(typ::STRING));
            let my_string = c.named[my_string].ty;
            assert!(c.implements(my_int, iface, true, None));
            assert!(!c.implements(my_string, iface, true, None));
            assert!(c.implements(iface, typ::COMPARABLE, true, None));
            let slice = c.new_type(Type::Slice { elem: typ::INT });
            assert!(!c.implements(slice, typ::COMPARABLE, true, None));
            assert!(c.implements(typ::ANY, typ::COMPARABLE, true, None));
            assert!(!c.implements(typ::ANY, typ::COMPARABLE, false, None));
            assert!(c.all_ordered(my_int) && c.is_integer(my_int) && !c.is_integer(my_string));
        });
    }
}
