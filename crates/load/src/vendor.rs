//! `vendor/modules.txt`: which vendored package comes from which module, and whether that still agrees with go.mod.
//!
//! ```text
//! ## workspace
//! # example.com/m v1.2.3 => ../m
//! ## explicit; go 1.21
//! example.com/m/p
//! ```

use crate::modfile::{ModFile, Replace};
use crate::version::GoVersion;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub(crate) struct VendorList {
    /// Written by `go work vendor`.
    pub is_workspace: bool,
    /// In the order of the file.
    pub modules: Vec<VendoredModule>,
    /// Package to index in `modules`.
    pub packages: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct VendoredModule {
    pub path: String,
    /// Empty for lines about a replacement of all versions.
    pub version: String,
    /// Path and version; the version is empty for directories.
    pub replacement: Option<(String, String)>,
    pub explicit: bool,
    pub go: Option<GoVersion>,
    has_packages: bool,
}

pub(crate) fn parse(text: &str) -> VendorList {
    let mut list = VendorList::default();
    let first = text.lines().next().unwrap_or("");
    list.is_workspace =
        first.strip_prefix("## ").is_some_and(|rest| rest.split(';').any(|word| word.trim() == "workspace"));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let words: Vec<&str> = rest.split_whitespace().collect();
            let (old, new) = match words.iter().position(|&word| word == "=>") {
                Some(arrow) => (&words[..arrow], &words[arrow + 1..]),
                None => (&words[..], &[][..]),
            };
            let Some(&path) = old.first() else { continue };
            list.modules.push(VendoredModule {
                path: path.to_owned(),
                version: old.get(1).copied().unwrap_or("").to_owned(),
                replacement: new.first().map(|&path| (path.to_owned(), new.get(1).copied().unwrap_or("").to_owned())),
                ..VendoredModule::default()
            });
        } else if let Some(rest) = line.strip_prefix("## ") {
            let Some(module) = list.modules.last_mut() else { continue };
            for entry in rest.split(';').map(str::trim) {
                if entry == "explicit" {
                    module.explicit = true;
                } else if let Some(version) = entry.strip_prefix("go ") {
                    module.go = GoVersion::parse(version);
                }
            }
        } else if let Some(index) = list.modules.len().checked_sub(1)
            && line.split_whitespace().count() == 1
        {
            list.modules[index].has_packages = true;
            list.packages.insert(line.trim().to_owned(), index);
        }
    }
    list
}

/// What disagrees, a line each; empty if all is well. `replaced` tells the replacement in force.
pub(crate) fn inconsistencies(
    list: &VendorList,
    mod_files: &[&ModFile],
    work_file: Option<&ModFile>,
    source_of: &dyn Fn(&Replace) -> String,
) -> Vec<String> {
    let in_workspace = work_file.is_some();
    let pre_1_14 =
        !in_workspace && mod_files.iter().all(|file| file.go.is_none_or(|go| go.major == 1 && go.minor < 14));
    let meta = |path: &str, version: &str| list.modules.iter().find(|m| m.path == path && m.version == version);
    let name = |path: &str, version: &str| match version {
        "" => path.to_owned(),
        version => format!("{path}@{version}"),
    };
    let mut errors = Vec::new();
    for require in mod_files.iter().flat_map(|file| &file.require) {
        if meta(&require.path, &require.version).is_some_and(|module| module.explicit) {
            continue;
        }
        let module = name(&require.path, &require.version);
        if !pre_1_14 {
            errors.push(format!(
                "{module}: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt"
            ));
        } else if let Some(other) = list.modules.iter().find(|m| m.path == require.path && m.has_packages)
            && other.version != require.version
        {
            let indicated = name(&other.path, &other.version);
            errors.push(format!(
                "{module}: is explicitly required in go.mod, but vendor/modules.txt indicates {indicated}"
            ));
        }
    }
    let mut seen = BTreeSet::new();
    let replaces = mod_files.iter().copied().chain(work_file).flat_map(|file| &file.replace);
    for replace in replaces {
        if !seen.insert((&replace.old_path, &replace.old_version)) {
            continue;
        }
        let module = name(&replace.old_path, &replace.old_version);
        let marked = meta(&replace.old_path, &replace.old_version).and_then(|module| module.replacement.as_ref());
        let new = name(&replace.new_path, &replace.new_version);
        match marked {
            None if pre_1_14 => {}
            None => errors.push(format!(
                "{module}: is replaced in {}, but not marked as replaced in vendor/modules.txt",
                source_of(replace)
            )),
            Some((path, version)) if *path != replace.new_path || *version != replace.new_version => {
                errors.push(format!(
                    "{module}: is replaced by {new} in {}, but marked as replaced by {} in vendor/modules.txt",
                    source_of(replace),
                    name(path, version)
                ))
            }
            Some(_) => {}
        }
    }
    for module in &list.modules {
        let shown = name(&module.path, &module.version);
        let is_required = mod_files
            .iter()
            .any(|file| file.require.iter().any(|r| r.path == module.path && r.version == module.version));
        if module.explicit && !is_required && (module.has_packages || !module.version.is_empty()) {
            let article = if in_workspace { "a " } else { "" };
            errors.push(format!(
                "{shown}: is marked as explicit in vendor/modules.txt, but not explicitly required in {article}go.mod"
            ));
        }
    }
    for module in list.modules.iter().filter(|module| module.replacement.is_some()) {
        let is_replaced = mod_files.iter().copied().chain(work_file).flat_map(|file| &file.replace).any(|replace| {
            replace.old_path == module.path && (replace.old_version.is_empty() || replace.old_version == module.version)
        });
        if !is_replaced {
            let shown = name(&module.path, &module.version);
            let source = if in_workspace { "the workspace" } else { "go.mod" };
            errors.push(format!("{shown}: is marked as replaced in vendor/modules.txt, but not replaced in {source}"));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modfile::{self, Kind};

    const TEXT: &str =
        "# a.b/c v1.0.0 => ../c\n## explicit; go 1.21\na.b/c\na.b/c/d\n# a.b/e v1.0.0\na.b/e\n# a.b/c => ../c\n";

    #[test]
    fn lists() {
        let list = parse(TEXT);
        assert!(!list.is_workspace && parse("## workspace\n").is_workspace);
        assert_eq!(list.packages.keys().collect::<Vec<_>>(), ["a.b/c", "a.b/c/d", "a.b/e"]);
        assert_eq!(list.modules[0].go, GoVersion::parse("1.21"));
        assert_eq!(list.modules[2].replacement, Some(("../c".into(), String::new())));
    }

    #[test]
    fn agreement() {
        let check = |text: &str| {
            let file = modfile::parse("go.mod", text, Kind::Main).unwrap();
            inconsistencies(&parse(TEXT), &[&file], None, &|_| "go.mod".into()).join("\n")
        };
        assert_eq!(check("go 1.21\nrequire a.b/c v1.0.0\nreplace a.b/c => ../c"), "");
        assert_eq!(
            check("go 1.21\nrequire a.b/c v1.1.0\nreplace a.b/c => ../c"),
            "a.b/c@v1.1.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt\n\
             a.b/c@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod"
        );
    }
}
