//! Cycles among declarations: through names alone, and through aliases and values.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::store::*;
use crate::universe::typ;
use smallvec::SmallVec;

impl<'a> Checker<'a> {
    /// Follows `type A B`, `type B C`, `type C = D`, ... from a package-level type name. If that leads back, the cycle
    /// is reported and the type where it closes is invalid; so chains of names end ever after. Each name is followed
    /// once. Names that are not type names of the package end the chain: they cannot lead back.
    pub(super) fn direct_cycle(&mut self, obj: ObjId) {
        let pkg = self.obj(obj).pkg.expect("package-level objects have a package");
        let scope = self.packages[pkg].scope;
        let mut path: SmallVec<[ObjId; 8]> = SmallVec::new();
        let mut current = obj;
        loop {
            if !self.package_states[pkg].direct_cycles_done.insert(current) {
                // Seen before: on this path, or on one that ended.
                if let Some(start) = path.iter().position(|&obj| obj == current) {
                    self.objects[current].ty = Some(typ::INVALID);
                    let cycle = &path[start..];
                    self.cycle_error(cycle, self.first_in_source(cycle));
                }
                return;
            }
            path.push(current);
            let decl = self.obj(current).decl.expect("package-level objects have declarations");
            let tdecl = self.decls[decl].tdecl.expect("a type name has a type declaration");
            let Some(rhs) = tdecl.ty.as_ident() else { return };
            match self.scope(scope).lookup(rhs.name) {
                Some(next) if matches!(self.obj(next).kind, ObjKind::TypeName) => current = next,
                _ => return,
            }
        }
    }

    /// Whether the cycle that closes at `obj`, which is on the path, is permitted; if not it is reported.
    pub(super) fn valid_cycle(&mut self, obj: ObjId) -> bool {
        let start = self.obj(obj).path_index.expect("the object is on the path");
        let cycle: SmallVec<[ObjId; 8]> = self.obj_path[start as usize..].into();
        let mut values = 0;
        let mut definitions = 0;
        for &obj in &cycle {
            match self.obj(obj).kind {
                ObjKind::Const { .. } | ObjKind::Var { .. } => values += 1,
                ObjKind::TypeName => {
                    // A generic type that is used in the constraints of its own type parameters.
                    if self.env.in_tparam_list && self.obj(obj).ty.is_some_and(|ty| self.is_generic(ty)) {
                        return true;
                    }
                    if !self.is_alias_name(obj) {
                        definitions += 1;
                    }
                }
                _ => {}
            }
        }
        // Initialisation order reports cycles of values alone. A cycle of types needs a definition, because aliases
        // alone would expand forever.
        if values == cycle.len() || values == 0 && definitions > 0 {
            return true;
        }
        self.cycle_error(&cycle, self.first_in_source(&cycle));
        false
    }

    /// Whether a type name is an alias for a type that has another name, or none.
    pub(crate) fn is_alias_name(&self, obj: ObjId) -> bool {
        let object = self.obj(obj);
        let Some(ty) = object.ty else { return false };
        match self.ty(ty) {
            Type::Basic(kind) => {
                object.pkg != Some(crate::universe::UNSAFE)
                    && (object.pkg.is_some() || kind.name() != object.name.as_str())
            }
            Type::Named(named) => self.named[named].obj != obj,
            Type::TypeParam(tparam) => self.type_params[tparam].obj != obj,
            _ => true,
        }
    }

    /// Reports the cycle, which starts at `cycle[start]` and leads from each object to the next and around.
    pub fn cycle_error(&mut self, cycle: &[ObjId], start: usize) {
        let first = cycle[start];
        let Object { kind, pos, ty, .. } = *self.obj(first);
        let is_type = matches!(kind, ObjKind::TypeName);
        // Whatever else refers to the alias would only repeat the complaint.
        if is_type && let Some(Type::Alias(alias)) = ty.map(|ty| self.ty(ty)) {
            self.aliases[alias].from_rhs = Some(typ::INVALID);
        }
        let names: Vec<String> = cycle.iter().map(|&obj| self.qualified_name(obj)).collect();
        let name = &names[start];
        if cycle.len() == 1 {
            let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration" };
            self.error(pos, Code::InvalidDeclCycle, format!("{what}: {name} refers to itself"));
            return;
        }
        let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration of" };
        let mut err = ErrorBuilder::new(Code::InvalidDeclCycle);
        err.add(pos, format!("{what} {name}"));
        for offset in 0..cycle.len() {
            let this = (start + offset) % cycle.len();
            let next = (start + offset + 1) % cycle.len();
            err.add(self.obj(cycle[this]).pos, format!("{} refers to {}", names[this], names[next]));
        }
        self.report(err);
    }

    /// Objects of other packages may be on a cycle through generic types.
    fn qualified_name(&mut self, obj: ObjId) -> String {
        let Object { name, pkg, .. } = *self.obj(obj);
        let prefix = pkg.map(|pkg| self.package_prefix(pkg)).unwrap_or_default();
        format!("{prefix}{name}")
    }

    fn first_in_source(&self, cycle: &[ObjId]) -> usize {
        (0..cycle.len()).min_by_key(|&index| self.obj(cycle[index]).pos).expect("a cycle is not empty")
    }
}
