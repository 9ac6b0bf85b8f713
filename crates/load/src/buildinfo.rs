//! The modules that a program is made of, as `debug.ReadBuildInfo` tells them, in lines of fields between tabs.
//!
//! ```text
//! path  example.com/m/cmd/app
//! mod   example.com/m     (devel)
//! dep   example.com/d     v1.2.0
//! =>    example.com/fork  v1.2.1   h1:…
//! ```

use crate::graph::{Module, ModuleId, PackageGraph, PackageId};
use crate::semver;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The lines about the package, its module, and the modules of all that it imports.
pub fn module_lines(graph: &PackageGraph, main: PackageId) -> String {
    let own = graph.packages[main].module.map(|id| &graph.modules[id]);
    let mut lines = format!("path\t{}\n", graph.packages[main].import_path);
    if let Some(module) = own {
        module_line(&mut lines, "mod", module);
    }
    let mut deps: Vec<&Module> = imported_modules(graph, main).into_iter().map(|id| &graph.modules[id]).collect();
    deps.retain(|dep| own.is_none_or(|own| own.path != dep.path));
    deps.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| semver::compare(&a.version, &b.version)));
    for dep in deps {
        module_line(&mut lines, "dep", dep);
    }
    lines
}

fn imported_modules(graph: &PackageGraph, main: PackageId) -> BTreeSet<ModuleId> {
    let mut seen = FxHashSet::default();
    let mut modules = BTreeSet::new();
    let mut pending = vec![main];
    while let Some(package) = pending.pop() {
        for &(_, import) in &graph.packages[package].imports {
            if seen.insert(import) {
                modules.extend(graph.packages[import].module);
                pending.push(import);
            }
        }
    }
    modules
}

fn module_line(lines: &mut String, word: &str, module: &Module) {
    let shown = |version: &str| if version.is_empty() { "(devel)".to_owned() } else { version.to_owned() };
    write!(lines, "{word}\t{}\t{}", module.path, shown(&module.version)).unwrap();
    if let Some((path, version)) = &module.replacement {
        write!(lines, "\n=>\t{path}\t{}", shown(version)).unwrap();
    }
    writeln!(lines, "\t{}", module.sum).unwrap();
}
