//! The whole module graph, and whether the main module's go.mod agrees with what its dependencies require.
//!
//! A go.mod at 1.17 or later is complete, so the graph is read only if an import asks for it. Then only the go.mod
//! files of modules that matter are held against it: of those that provide what the main module imports, directly or
//! not, or what the patterns name. They have been read anyway.

use super::Modules;
use super::source::ModFileError;
use crate::config::ModMode;
use crate::graph::Module;
use crate::modfile::{ModFile, Require};
use crate::modgraph::{self, Requirements, Selection};
use crate::semver;
use crate::version::GoVersion;
use base::LangVersion;
use std::sync::Arc;

/// Versions of everything that anything requires.
pub(super) struct FullGraph {
    pub selection: Selection,
    /// The newest Go that a go.mod in it asks for.
    go: Option<GoVersion>,
}

impl Modules<'_> {
    pub(super) fn full_graph(&self) -> Result<&FullGraph, &String> {
        let select = || {
            let mut roots: Vec<(String, String)> = self.roots.clone().into_iter().collect();
            if self.work.is_some() {
                let required = self.mains.iter().flat_map(|main| &main.file.require);
                roots = required.map(|require| (require.path.clone(), require.version.clone())).collect();
            }
            roots.retain(|(path, _)| !self.is_main(path));
            let mut newest: Option<GoVersion> = None;
            let selection = modgraph::select(&roots, self.pruned, |path, version| {
                if self.is_main(path) {
                    return Ok::<_, String>(Requirements { require: Vec::new(), prunable: true });
                }
                let shown = self.shown_module(path, version);
                let file = self.mod_file(path, version).map_err(|message| match message {
                    ModFileError::Reading(message) => format!("{shown}: {message}"),
                    ModFileError::Other(message) => message,
                })?;
                newest = newest.max(file.go.filter(binds));
                Ok(Requirements {
                    prunable: file.go.is_some_and(|go| go.lang() >= LangVersion::go1(17)),
                    require: self.requirements(file).map(|require| (require.path, require.version)).collect(),
                })
            })?;
            Ok(FullGraph { selection, go: newest })
        };
        self.full.get_or_init(select).as_ref()
    }

    fn is_main(&self, path: &str) -> bool {
        self.mains.iter().any(|main| main.file.module == path)
    }

    /// What a go.mod requires, without the versions that main modules exclude.
    fn requirements(&self, file: ModFile) -> impl Iterator<Item = Require> {
        file.require.into_iter().filter(|require| !self.excludes(require))
    }

    fn excludes(&self, require: &Require) -> bool {
        let excluded = self.mains.iter().flat_map(|main| &main.file.exclude);
        excluded.into_iter().any(|(path, version)| *path == require.path && *version == require.version)
    }

    /// Whether go.mod would have to change for this build to be sound; the message says how. `relevant` are the modules
    /// that provide what the main module is made of, or what the patterns name.
    pub fn needs_updates(&self, relevant: &[Arc<Module>]) -> Option<String> {
        if self.mode == ModMode::Vendor || self.work.is_some() || self.mains.is_empty() {
            return None;
        }
        let names_too_little = || {
            let go = relevant.iter().filter_map(|module| module.go).filter(binds);
            let go = go.max().max(self.full.get().and_then(|full| full.as_ref().ok()?.go));
            go > self.main_go_version()
                || (self.pruned && relevant.iter().any(|module| !self.roots.contains_key(&module.path)))
        };
        match self.has_other_versions(relevant) {
            Err(message) => return Some(format!("go: {message}")),
            Ok(true) => {}
            // With -mod=mod, `go` would write what is missing and build the same.
            Ok(false) if self.mode == ModMode::Readonly && names_too_little() => {}
            Ok(false) => return None,
        }
        Some(match (self.mode, self.mode_explicit, self.mode_reason.as_str()) {
            (ModMode::Readonly, true, _) => {
                "go: updates to go.mod needed, disabled by -mod=readonly; to update it:\n\tgo mod tidy".into()
            }
            (ModMode::Readonly, false, reason) if !reason.is_empty() => format!(
                "go: updates to go.mod needed, disabled by -mod=readonly\n\t({reason})\n\tto update it:\n\t\tgo mod tidy"
            ),
            _ => "go: updates to go.mod needed; to update it:\n\tgo mod tidy".into(),
        })
    }

    /// Whether versions that go.mod names are not those that have to be selected.
    fn has_other_versions(&self, relevant: &[Arc<Module>]) -> Result<bool, String> {
        let differs = |selection: &Selection| {
            let named = self.mains.iter().flat_map(|main| &main.file.require);
            let mut named = named.filter(|require| !self.is_main(&require.path) && !self.excludes(require));
            named.any(|require| selection.get(&require.path).is_some_and(|version| *version != require.version))
        };
        if let Some(Ok(full)) = self.full.get() {
            return Ok(differs(&full.selection));
        }
        if differs(&self.roots) {
            return Ok(true); // required twice
        }
        for module in relevant {
            let Ok(file) = self.mod_file(&module.path, &module.version) else { continue };
            let raises = |require: Require| {
                let named = self.roots.get(&require.path).filter(|_| !self.is_main(&require.path));
                named.is_some_and(|version| semver::compare(version, &require.version).is_lt())
            };
            if self.requirements(file).any(raises) {
                // `go` reads the graph now, and complains of that first if it cannot.
                self.full_graph().map_err(String::clone)?;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Since 1.21 the `go` line is a requirement like others.
fn binds(go: &GoVersion) -> bool {
    go.lang() >= LangVersion::go1(21)
}
