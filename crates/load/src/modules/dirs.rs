//! Directories: what package one holds, which of them wildcards visit.

use super::{Modules, NO_ROOT, dir_in_module};
use crate::config::ModMode;
use crate::fs::FileSystem;
use crate::graph::Module;
use crate::locate::find_up;
use crate::path;
use crate::resolve::DirCache;
use std::path::{Path, PathBuf};

/// A directory that wildcards pass over.
pub(crate) struct IgnoredDir {
    /// Relative to the module: this one place. Otherwise: any directory of that name.
    anchored: bool,
    path: String,
}

impl IgnoredDir {
    pub fn covers(&self, root: &Path, dir: &Path) -> bool {
        let Ok(rest) = dir.strip_prefix(root) else { return false };
        let rest = format!("/{}/", rest.to_string_lossy().replace('\\', "/"));
        let path = format!("/{}/", self.path.trim_matches('/'));
        if self.anchored { rest.starts_with(&path) } else { rest.contains(&path) }
    }
}

impl Modules<'_> {
    /// The import path that a directory has, or would have, in a main module.
    pub fn dir_import_path(&self, dir: &Path) -> Option<String> {
        let main = self
            .mains
            .iter()
            .filter(|main| dir.starts_with(&main.dir))
            .max_by_key(|main| main.dir.as_os_str().len())?;
        Some(path_in(&main.file.module, &main.dir, dir))
    }

    /// An error unless there is a main module, as commands on directories need one.
    pub fn require_root(&self, fs: &dyn FileSystem, work_dir: &Path) -> Result<(), String> {
        if !self.mains.is_empty() {
            return Ok(());
        }
        let mut dir = Some(work_dir);
        while let Some(here) = dir {
            if fs.is_file(&here.join(".git/config")) && !here.join("src").eq(&self.goroot_src) {
                let change = match path::relative(here, work_dir).as_deref() {
                    None | Some(".") => String::new(),
                    Some(relative) => format!("cd {relative} && "),
                };
                return Err(format!(
                    "go: cannot find main module, but found .git/config in {}\n\tto create a module there, run:\n\t\
                     {change}go mod init",
                    here.display()
                ));
            }
            dir = here.parent();
        }
        Err(format!("go: {NO_ROOT}"))
    }

    pub fn main_dirs(&self) -> Vec<(PathBuf, String)> {
        self.mains.iter().map(|main| (main.dir.clone(), main.file.module.clone())).collect()
    }

    /// Roots of all modules of the build.
    pub fn all_dirs(&self) -> Result<Vec<(PathBuf, String)>, String> {
        let mut all = self.main_dirs();
        if let Some((dir, _)) = &self.vendor {
            all.push((dir.clone(), String::new()));
        } else if !self.mains.is_empty() {
            for (path, version) in &self.full_graph().map_err(String::clone)?.selection {
                if let Ok((dir, _)) = self.module_dir(path, version) {
                    all.push((dir, path.clone()));
                }
            }
        }
        Ok(all)
    }

    /// The import path of the package in a directory; the error is what is wrong with the directory.
    pub fn package_of_dir(&self, dirs: &DirCache<'_>, dir: &Path, work_dir: &Path) -> Result<String, String> {
        let mut not_there = None;
        for main in &self.mains {
            if dir == main.dir {
                return Ok(main.file.module.clone());
            }
            let Ok(rest) = dir.strip_prefix(&main.dir) else { continue };
            let rest = rest.to_string_lossy().replace('\\', "/");
            if rest.contains('@') {
                continue;
            }
            if let Some(vendored) = rest.strip_prefix("vendor/") {
                if self.mode != ModMode::Vendor {
                    return Err(format!("without -mod=vendor, directory {} has no package path", dir.display()));
                }
                return Ok(vendored.to_owned());
            }
            let import_path = format!("{}/{rest}", main.file.module);
            if dir_in_module(dirs, &main.dir, &main.file.module, &import_path, true).is_some() {
                return Ok(import_path);
            }
            not_there
                .get_or_insert(format!("main module ({}) does not contain package {import_path}", main.file.module));
        }
        if let Some(message) = not_there {
            return Err(message);
        }
        if self.vendor.is_none()
            && let Ok(graph) = self.full_graph()
        {
            for (path, version) in &graph.selection {
                if let Ok((root, _)) = self.module_dir(path, version)
                    && dir.starts_with(&root)
                {
                    return Ok(path_in(path, &root, dir));
                }
            }
        }
        let shown = match path::short(dir, work_dir).as_str() {
            "." => "current directory".to_owned(),
            short => format!("directory {short}"),
        };
        if self.work.is_none() {
            return Err(format!("{shown} outside main module or its selected dependencies"));
        }
        match find_up(self.fs, dir, "go.mod") {
            Some(root) => Err(format!(
                "{shown} is contained in a module that is not one of the workspace modules listed in go.work. You can \
                 add the module to the workspace using:\n\tgo work use {}",
                path::short(&root, work_dir)
            )),
            None => Err(format!("{shown} outside modules listed in go.work or their selected dependencies")),
        }
    }

    /// Whether a wildcard may start at `dir`: within a module of the build.
    pub fn contains_dir(&self, fs: &dyn FileSystem, dir: &Path) -> bool {
        if let Some(root) = find_up(fs, dir, "go.mod")
            && self.mains.iter().any(|main| main.dir == root)
        {
            return true;
        }
        self.vendor.is_none()
            && !self.mains.is_empty()
            && self.all_dirs().is_ok_and(|all| all.iter().skip(self.mains.len()).any(|(root, _)| dir.starts_with(root)))
    }

    pub fn scope_name(&self) -> &'static str {
        if self.work.is_some() {
            "modules listed in go.work or their selected dependencies"
        } else {
            "main module or its selected dependencies"
        }
    }

    /// Whether the user stands in another module of the workspace than `module`, and where that is.
    pub fn elsewhere(&self, module: &Module) -> Option<&Path> {
        let main = self.mains.iter().find(|main| main.file.module == module.path)?;
        let here = find_up(self.fs, &self.work_dir, "go.mod");
        (here.as_deref() != Some(&main.dir)).then_some(main.dir.as_path())
    }

    pub fn ignored_dirs(&self, root: &Path) -> Vec<IgnoredDir> {
        let Some(main) = self.mains.iter().find(|main| root.starts_with(&main.dir)) else { return Vec::new() };
        let ignored = main.file.ignore.iter().map(|path| match path.strip_prefix("./") {
            Some(path) => IgnoredDir { anchored: true, path: path.to_owned() },
            None => IgnoredDir { anchored: false, path: path.clone() },
        });
        ignored.collect()
    }
}

fn path_in(module: &str, root: &Path, dir: &Path) -> String {
    let rest = dir.strip_prefix(root).unwrap_or(Path::new("")).to_string_lossy().replace('\\', "/");
    if rest.is_empty() { module.to_owned() } else { format!("{module}/{rest}") }
}
