//! Types defined inside functions.
//!
//! In `func F[T any]() { type L struct{ x T } }` each instance of F has an L of its own, even if L does not mention T:
//! such a type carries the type arguments of the function around it. And since several functions may define an L, names
//! number them as gc does: `L·2` is the second type defined inside a function of the package, in source order. The
//! number shows in the names of instances (`G[main.L·2]`).

use base::EntityId;
use rustc_hash::FxHashMap;
use types::{Checker, DeclId, ObjId, PkgId, TypeList};

#[derive(Default)]
pub(crate) struct Locals {
    /// How many of the checker's list were seen.
    count: usize,
    around: FxHashMap<ObjId, DeclId>,
    /// Numbers in packages that are checked whole, which have all their types once they can be asked for.
    numbers: FxHashMap<ObjId, u32>,
}

impl Locals {
    fn update(&mut self, checker: &Checker<'_>) {
        self.around.extend(checker.local_types[self.count..].iter().copied());
        self.count = checker.local_types.len();
    }

    /// The package-level declaration around a type defined in a function.
    fn around(&mut self, checker: &Checker<'_>, obj: ObjId) -> Option<DeclId> {
        let object = checker.obj(obj);
        let pkg = object.pkg?;
        if object.parent == Some(checker.packages[pkg].scope) {
            return None;
        }
        self.update(checker);
        self.around.get(&obj).copied()
    }

    /// The type parameters of the function around a defined type: those of its receiver, then its own.
    pub fn enclosing_params(&mut self, checker: &Checker<'_>, obj: ObjId) -> (TypeList, TypeList) {
        let sig = self.around(checker, obj).and_then(|decl| checker.decls[decl].sig);
        sig.map_or((TypeList::EMPTY, TypeList::EMPTY), |sig| {
            let sig = checker.signatures[sig];
            (sig.rparams, sig.tparams)
        })
    }

    /// What tells the type from others of its name in the package; `None` for types outside of functions.
    pub fn number(&mut self, checker: &Checker<'_>, obj: ObjId) -> Option<u32> {
        self.around(checker, obj)?;
        let pkg = checker.obj(obj).pkg?;
        if !checker.packages[pkg].whole {
            // Which bodies are checked depends on who calls them. Where the type is declared does not.
            let first = checker.package_states[pkg].files.iter().map(|file| checker.sources.file(file.ast.id).base);
            return Some(checker.obj(obj).pos.raw() - first.min().unwrap_or_default());
        }
        if !self.numbers.contains_key(&obj) {
            self.number_package(checker, pkg);
        }
        self.numbers.get(&obj).copied()
    }

    fn number_package(&mut self, checker: &Checker<'_>, pkg: PkgId) {
        let mut types: Vec<ObjId> =
            checker.local_types.iter().map(|local| local.0).filter(|&obj| checker.obj(obj).pkg == Some(pkg)).collect();
        types.sort_by_key(|&obj| (checker.obj(obj).pos, obj.index()));
        self.numbers.extend(types.into_iter().zip(1..));
    }
}
