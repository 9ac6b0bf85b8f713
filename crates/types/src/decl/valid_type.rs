//! Types that contain themselves in memory, and interfaces that embed themselves.
//!
//! ```text
//! type S struct { f F }
//! type F struct { s S }      S -> F -> S: no memory is large enough
//! ```
//!
//! The walk keeps a *nest*, the named types around the current one; a type that is in its own nest is invalid. The
//! *path* has all named types that were gone through, for the message.
//!
//! A type parameter stands for the type argument of the innermost instance, and the argument is looked at in the nest
//! *around* that instance, for that is where it was written:
//!
//! ```text
//! type A[P any] struct { _ B[P] }
//! type B[Q any] struct { _ Q }
//! var  _ A[A[string]]
//!
//!                 nest                    path
//! A[A[string]]    -                       -
//! B[P]            A[A[string]]            A[A[string]]
//! Q               A[A[string]] B[P]       A[A[string]] B[P]
//! P               A[A[string]]            A[A[string]] B[P]
//! A[string]       -                       A[A[string]] B[P]
//! B[P]            A[string]               A[A[string]] B[P] A[string]     B[P] is not in the nest: no cycle
//! ```
//!
//! A defined type is walked once, unless it is an instance with type arguments that mention type parameters. What it
//! contains does not depend on its nest, and had it contained a type of some later nest, then walking it would have led
//! from that type to itself already. Without this, the walk of `T9` below would be as long as its size:
//!
//! ```text
//! type P[A, B any] struct { a A; b B }
//! type T1 = P[int, int]; type T2 = P[T1, T1]; ...
//! ```

use crate::checker::Checker;
use crate::store::*;
use crate::universe::typ;

struct Walk {
    nest: Vec<NamedId>,
    path: Vec<NamedId>,
    /// A type was met whose right-hand side is not known yet: success proves nothing.
    incomplete: bool,
}

impl<'a> Checker<'a> {
    /// Reports and invalidates the type if it is infinite.
    pub fn valid_type(&mut self, named: NamedId) {
        let mut walk = Walk { nest: Vec::new(), path: Vec::new(), incomplete: false };
        self.valid_named(named, &mut walk);
    }

    fn valid_in_nest(&mut self, ty: TypeId, walk: &mut Walk) -> bool {
        let ty = self.unalias(ty);
        match self.ty(ty) {
            Type::Array { elem, .. } => self.valid_in_nest(elem, walk),
            Type::Struct(id) => {
                let fields = self.structs[id].fields;
                (0..fields.len()).all(|index| {
                    let field = self.obj_at(fields, index);
                    self.obj(field).ty.is_none_or(|ty| self.valid_in_nest(ty, walk))
                })
            }
            Type::Union(id) => {
                let terms = self.unions[id].terms;
                (0..terms.len()).all(|index| {
                    let ty = self.terms(terms)[index].ty;
                    ty.is_none_or(|ty| self.valid_in_nest(ty, walk))
                })
            }
            Type::Interface(id) => {
                let embeddeds = self.interfaces[id].embeddeds;
                (0..embeddeds.len()).all(|index| {
                    let embedded = self.type_at(embeddeds, index);
                    self.valid_in_nest(embedded, walk)
                })
            }
            Type::Named(named) => self.valid_named(named, walk),
            Type::TypeParam(_) => self.valid_type_argument(ty, walk),
            _ => true,
        }
    }

    fn valid_named(&mut self, named: NamedId, walk: &mut Walk) -> bool {
        if self.valid_types.contains(&named) {
            return true;
        }
        let instance = self.named[named].inst;
        let origin = instance.map_or(named, |instance| instance.orig);
        if walk.nest.iter().any(|&outer| self.same_named(outer, named)) {
            // An instance that is in its own nest arises from the right-hand side of its origin, whatever the type
            // arguments are.
            self.named[origin].from_rhs = Some(typ::INVALID);
            let same = |&outer: &NamedId| self.same_named(outer, named);
            let start = walk.path.iter().position(same).expect("what is in the nest is on the path");
            let cycle: Vec<ObjId> = walk.path[start..].iter().map(|&named| self.named[named].obj).collect();
            self.cycle_error(&cycle, 0);
            return false;
        }
        let Some(rhs) = self.named[origin].from_rhs else {
            walk.incomplete = true;
            return true;
        };
        let pos = self.obj(self.named[origin].obj).pos;
        walk.nest.push(named);
        walk.path.push(named);
        let valid = self.enter(pos) && self.valid_in_nest(rhs, walk);
        self.leave();
        walk.path.pop();
        walk.nest.pop();
        if valid && !walk.incomplete && self.has_closed_arguments(named) {
            self.valid_types.insert(named);
        }
        valid
    }

    /// Whether no type argument mentions a type parameter.
    fn has_closed_arguments(&mut self, named: NamedId) -> bool {
        let Some(instance) = self.named[named].inst else { return true };
        (0..self.type_ids(instance.targs).len()).all(|index| {
            let argument = self.type_ids(instance.targs)[index];
            self.is_closed(argument)
        })
    }

    /// A parameter of an enclosing function stands for nothing in particular and is valid.
    fn valid_type_argument(&mut self, tparam: TypeId, walk: &mut Walk) -> bool {
        let Some(&inner) = walk.nest.last() else { return true };
        let Some(instance) = self.named[inner].inst else { return true };
        let tparams = self.named_tparams(inner);
        let Some(index) = self.type_ids(tparams).iter().position(|&ty| ty == tparam) else { return true };
        let Some(&argument) = self.type_ids(instance.targs).get(index) else { return true };
        walk.nest.pop();
        let valid = self.valid_in_nest(argument, walk);
        walk.nest.push(inner);
        valid
    }

    fn same_named(&mut self, a: NamedId, b: NamedId) -> bool {
        if a == b {
            return true;
        }
        match (self.named[a].inst, self.named[b].inst) {
            (Some(x), Some(y)) if x.orig == y.orig => self.identical(self.named[a].ty, self.named[b].ty),
            _ => false,
        }
    }
}
