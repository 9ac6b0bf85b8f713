//! The order in which packages are initialised.
//!
//! spec: "Given the list of all packages, sorted by import path, in each step the first uninitialized package in the
//! list for which all imported packages (if any) are already initialized is initialized."

use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use types::{Checker, PkgId};

/// The packages that `roots` import, directly or not, roots included, in that order.
pub fn initialization_order(checker: &Checker<'_>, roots: &[PkgId]) -> Vec<PkgId> {
    let closure = closure(checker, roots);
    let mut waiting: FxHashMap<PkgId, usize> = FxHashMap::default();
    let mut importers: FxHashMap<PkgId, Vec<PkgId>> = FxHashMap::default();
    let mut ready = BinaryHeap::new();
    let path = |pkg: PkgId| checker.packages[pkg].path.as_str();
    for &pkg in &closure {
        let imports = &checker.packages[pkg].imports;
        waiting.insert(pkg, imports.len());
        imports.iter().for_each(|&import| importers.entry(import).or_default().push(pkg));
        if imports.is_empty() {
            ready.push(Reverse((path(pkg), pkg)));
        }
    }
    let mut order = Vec::with_capacity(closure.len());
    while let Some(Reverse((_, pkg))) = ready.pop() {
        order.push(pkg);
        for &importer in importers.get(&pkg).map_or(&[][..], Vec::as_slice) {
            let left = waiting.get_mut(&importer).expect("program: order: importers are in the closure");
            *left -= 1;
            if *left == 0 {
                ready.push(Reverse((path(importer), importer)));
            }
        }
    }
    order
}

fn closure(checker: &Checker<'_>, roots: &[PkgId]) -> Vec<PkgId> {
    let mut seen: base::SideTable<PkgId, bool> = base::SideTable::new();
    let mut closure = Vec::new();
    let mut pending = roots.to_vec();
    while let Some(pkg) = pending.pop() {
        if !std::mem::replace(&mut seen[pkg], true) {
            closure.push(pkg);
            pending.extend(&checker.packages[pkg].imports);
        }
    }
    closure
}
