//! Types whose size is asked for before they are done.
//!
//! `type T [unsafe.Sizeof(T{})]int` is no cycle by its form, but a value of T in its own declaration has no size yet.
//! So the type of each expression is walked through what its values hold, and must not come upon a type that is being
//! declared.

use crate::checker::Checker;
use crate::store::{ObjId, Type, TypeId};

impl<'a> Checker<'a> {
    /// Whether a value of the type is not made of itself as far as is known now. Reports the cycle if an object whose
    /// declaration is still being checked is part of the type, by value.
    pub fn finite_size(&mut self, ty: TypeId) -> bool {
        match self.ty(ty) {
            Type::Alias(_) => {
                let ty = self.unalias(ty);
                self.finite_size(ty)
            }
            Type::Named(named) => {
                let data = &self.named[named];
                if data.state.finite || data.state.infinite {
                    return data.state.finite;
                }
                let (obj, from_rhs) = (data.obj, data.from_rhs);
                if let Some(start) = self.obj(obj).path_index {
                    let cycle: Vec<ObjId> = self.obj_path[start as usize..].to_vec();
                    let first = (0..cycle.len()).min_by_key(|&at| self.obj(cycle[at]).pos).unwrap_or(0);
                    self.cycle_error(&cycle, first);
                    return false;
                }
                // Instances have a right-hand side only once they are expanded.
                let Some(rhs) = from_rhs else { return true };
                self.push(obj);
                let finite = self.finite_size(rhs);
                self.pop();
                let state = &mut self.named[named].state;
                (state.finite, state.infinite) = (finite, !finite);
                finite
            }
            Type::Array { elem, .. } => self.finite_size(elem),
            Type::Struct(id) => {
                let fields = self.structs[id].fields;
                (0..fields.len()).all(|at| {
                    let field = self.obj_at(fields, at);
                    self.obj(field).ty.is_none_or(|ty| self.finite_size(ty))
                })
            }
            _ => true,
        }
    }
}
