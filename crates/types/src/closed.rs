//! Which types are closed: mention no type parameter.
//!
//! A closed type means the same wherever it stands. The answer is remembered per type, so that asking it of a type and
//! then of its parts costs no more than walking it once.
//!
//! The walk goes depth first. Once it meets a parameter, all types on its path are open. Types are graphs: where a walk
//! comes back to a type that it has not finished, what it finishes from then on is known to be closed only when the
//! whole walk has found nothing.

use crate::checker::Checker;
use crate::store::*;
use base::SideTable;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

/// Per type whether it is closed, as far as that was asked.
pub(crate) type ClosedTypes = SideTable<TypeId, Option<bool>>;

enum Parts {
    /// What the type consists of, as far as it could mention type parameters.
    Types(SmallVec<[TypeId; 4]>),
    /// A type parameter, or something that has some of its own.
    Open,
    /// Not known, because of an error.
    Unknown,
}

struct Visit {
    ty: TypeId,
    parts: SmallVec<[TypeId; 4]>,
    next: usize,
}

impl Checker<'_> {
    /// See [`Query::is_closed`](crate::Query::is_closed). A type about which something is unknown counts as open.
    pub(crate) fn is_closed(&mut self, ty: TypeId) -> bool {
        let mut path: Vec<Visit> = Vec::new();
        let mut met: FxHashSet<TypeId> = FxHashSet::default();
        // Finished types that may lead back to the path.
        let mut finished: Vec<TypeId> = Vec::new();
        let mut is_cyclic = false;
        let mut next = ty;
        loop {
            match self.closed[next] {
                Some(true) => {}
                Some(false) => return self.open_types(&path),
                None if !met.insert(next) => is_cyclic = true,
                None => match self.parts_of(next) {
                    Parts::Types(parts) => path.push(Visit { ty: next, parts, next: 0 }),
                    Parts::Open => {
                        self.closed[next] = Some(false);
                        return self.open_types(&path);
                    }
                    Parts::Unknown => return false,
                },
            }
            next = loop {
                let Some(visit) = path.last_mut() else {
                    for ty in finished {
                        self.closed[ty] = Some(true);
                    }
                    return true;
                };
                if let Some(&part) = visit.parts.get(visit.next) {
                    visit.next += 1;
                    break part;
                }
                if is_cyclic {
                    finished.push(visit.ty);
                } else {
                    self.closed[visit.ty] = Some(true);
                }
                path.pop();
            };
        }
    }

    /// All types of the path lead to a type parameter.
    fn open_types(&mut self, path: &[Visit]) -> bool {
        for visit in path {
            self.closed[visit.ty] = Some(false);
        }
        false
    }

    fn parts_of(&self, ty: TypeId) -> Parts {
        let open_if = |open: bool, parts: &[TypeId]| match open {
            true => Parts::Open,
            false => Parts::Types(SmallVec::from_slice(parts)),
        };
        match self.ty(ty) {
            Type::Basic(_) => Parts::Types(SmallVec::new()),
            Type::TypeParam(_) => Parts::Open,
            Type::Array { elem, .. } | Type::Slice { elem } | Type::Pointer { elem } | Type::Chan { elem, .. } => {
                Parts::Types(SmallVec::from_slice(&[elem]))
            }
            Type::Map { key, elem } => Parts::Types(SmallVec::from_slice(&[key, elem])),
            Type::Struct(id) => self.var_types(&[self.structs[id].fields]),
            Type::Tuple(vars) => self.var_types(&[vars]),
            // Whatever receiver it has: that is no part of the type.
            Type::Signature(id) => match self.signatures[id] {
                SignatureData { tparams, params, results, .. } if tparams.is_empty() => {
                    self.var_types(&[params, results])
                }
                _ => Parts::Open,
            },
            Type::Union(id) => {
                Parts::Types(self.terms(self.unions[id].terms).iter().filter_map(|term| term.ty).collect())
            }
            Type::Interface(id) => match self.interfaces[id] {
                InterfaceData { complete: true, methods, embeddeds, .. } => match self.var_types(&[methods]) {
                    Parts::Types(mut parts) => {
                        parts.extend_from_slice(self.type_ids(embeddeds));
                        Parts::Types(parts)
                    }
                    unknown => unknown,
                },
                _ => Parts::Unknown,
            },
            Type::Named(named) => {
                let NamedData { inst, tparams, implicit, .. } = self.named[named];
                match inst {
                    Some(inst) => {
                        let is_local = !self.named[inst.orig].implicit.is_empty();
                        open_if(is_local, self.type_ids(inst.targs))
                    }
                    None => open_if(!tparams.is_empty() || !implicit.is_empty(), &[]),
                }
            }
            Type::Alias(alias) => {
                let AliasData { tparams, targs, .. } = self.aliases[alias];
                let Some(actual) = self.unalias_known(ty) else { return Parts::Unknown };
                match open_if(tparams.len() != targs.len(), self.type_ids(targs)) {
                    Parts::Types(mut parts) => {
                        parts.push(actual);
                        Parts::Types(parts)
                    }
                    open => open,
                }
            }
        }
    }

    fn var_types(&self, lists: &[ObjList]) -> Parts {
        let mut types: SmallVec<[TypeId; 4]> = SmallVec::new();
        for &list in lists {
            for &var in self.objs(list) {
                match self.obj(var).ty {
                    Some(ty) => types.push(ty),
                    None => return Parts::Unknown,
                }
            }
        }
        Parts::Types(types)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_checker;
    use crate::universe::typ;
    use base::Pos;

    #[test]
    fn open_and_closed_types() {
        with_checker(|c| {
            let named = c.test_named("G", None);
            let tparam = c.test_generic(named);
            let rhs = c.test_struct(&[("f", tparam)]);
            c.named[named].from_rhs = Some(rhs);
            let generic = c.named[named].ty;
            let open = c.instance(Pos::NONE, generic, &[tparam]);
            let closed = c.instance(Pos::NONE, generic, &[typ::INT]);
            let [open_slice, closed_slice] = [open, closed].map(|elem| c.new_type(Type::Slice { elem }));
            for ty in [open_slice, open, rhs, tparam, generic] {
                assert!(!c.query().is_closed(ty), "{ty}");
            }
            for ty in [closed_slice, closed, typ::ERROR, typ::ANY, typ::COMPARABLE, typ::EMPTY_TUPLE] {
                assert!(c.query().is_closed(ty), "{ty}");
            }
            assert_eq!((c.closed[open], c.closed[closed]), (Some(false), Some(true)));
        });
    }

    #[test]
    fn cycles_of_interfaces() {
        with_checker(|c| {
            // interface { m() struct { self, x } }, where self is the interface itself
            let named = c.test_named("G", None);
            let tparam = c.test_generic(named);
            for (x, is_closed) in [(typ::INT, true), (tparam, false)] {
                let part = c.test_struct(&[("self", typ::INT), ("x", x)]);
                let iface = c.test_interface(&[("m", part)]);
                let Type::Struct(id) = c.ty(part) else { panic!("a struct") };
                let own = c.obj_at(c.structs[id].fields, 0);
                c.objects[own].ty = Some(iface);
                assert_eq!(c.query().is_closed(part), is_closed);
                assert_eq!(c.query().is_closed(iface), is_closed);
            }
        });
    }
}
