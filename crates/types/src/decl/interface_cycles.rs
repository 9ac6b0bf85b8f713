//! Anonymous interfaces that contain themselves.
//!
//! ```go
//! type I = interface { m() interface { I } }
//! ```
//!
//! The language allows them, but gc refuses them because it describes types by their full text
//! (<https://go.dev/issue/56103>). Only interface types written in the package are looked at, outermost ones first, in
//! source order; a cycle is reported once.

use crate::checker::Checker;
use crate::code::Code;
use crate::store::*;
use rustc_hash::FxHashMap;

/// Interfaces that were visited: whether they are on the way to the current one, or on a reported cycle.
type Visited = FxHashMap<InterfaceId, bool>;

impl<'a> Checker<'a> {
    pub(super) fn interface_cycles(&mut self) {
        let mut written = std::mem::take(&mut self.pkg_state().interface_types);
        written.sort_by_key(|(e, _)| e.pos);
        let mut visited = Visited::default();
        let mut end = base::Pos::NONE;
        for (e, iface) in written {
            if e.pos < end {
                continue; // within the interface before
            }
            end = e.end();
            if self.has_interface_cycle(iface, &mut visited) {
                let message =
                    "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)";
                self.error(e.pos, Code::InvalidTypeCycle, message);
                visited.values_mut().for_each(|cyclic| *cyclic = false);
            }
        }
    }

    fn has_interface_cycle(&mut self, iface: InterfaceId, visited: &mut Visited) -> bool {
        let type_set = self.type_set(iface);
        let methods = self.type_sets[type_set].methods;
        (0..methods.len()).any(|index| self.vars_lead_to_cycle(methods.skip(index).take(1), visited))
    }

    fn vars_lead_to_cycle(&mut self, vars: ObjList, visited: &mut Visited) -> bool {
        (0..vars.len()).any(|index| {
            let obj = self.obj_at(vars, index);
            self.obj(obj).ty.is_some_and(|ty| self.leads_to_cycle(ty, visited))
        })
    }

    fn leads_to_cycle(&mut self, mut ty: TypeId, visited: &mut Visited) -> bool {
        loop {
            ty = self.unalias(ty);
            ty = match self.ty(ty) {
                Type::Pointer { elem } | Type::Array { elem, .. } | Type::Chan { elem, .. } | Type::Slice { elem } => {
                    elem
                }
                Type::Map { key, elem } => {
                    if self.leads_to_cycle(key, visited) {
                        return true;
                    }
                    elem
                }
                Type::Struct(id) => return self.vars_lead_to_cycle(self.structs[id].fields, visited),
                Type::Signature(id) => {
                    let signature = self.signatures[id];
                    return self.vars_lead_to_cycle(signature.params, visited)
                        || self.vars_lead_to_cycle(signature.results, visited);
                }
                Type::Interface(id) => {
                    if let Some(&cyclic) = visited.get(&id) {
                        return cyclic;
                    }
                    visited.insert(id, true);
                    if self.has_interface_cycle(id, visited) {
                        return true;
                    }
                    visited.insert(id, false);
                    return false;
                }
                // A cycle through a named type is not anonymous.
                Type::Basic(_) | Type::Named(_) | Type::TypeParam(_) => return false,
                Type::Tuple(_) | Type::Union(_) | Type::Alias(_) => return false,
            };
        }
    }
}
