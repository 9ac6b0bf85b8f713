//! From an import path to a directory: the standard library first, then the modules.

use crate::context::BuildContext;
use crate::fs::{self, DirEntry, FileKind, FileSystem};
use crate::graph::{Module, Origin};
use crate::modules::Modules;
use crate::path;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Where a package is.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// As the graph calls the package: with the `vendor/` prefix for what the SDK vendors.
    pub import_path: String,
    pub dir: PathBuf,
    pub origin: Origin,
    pub module: Option<Arc<Module>>,
}

/// Why there is no such package.
#[derive(Clone, Debug)]
pub(crate) enum ResolveError {
    /// The message names the import path and reads as a sentence of its own.
    Import(String),
    /// The path cannot be one; it is shown in the chain of imports rather than at the import.
    Malformed(String),
    /// No module that go.mod names has it; what to do about that depends on the importer.
    NotProvided,
    /// go.sum lacks the hashes of modules that might provide the package; how to get them depends on the importer.
    MissingSum { modules: Vec<String>, found: bool },
    /// The modules as a whole are in disorder: nothing can be resolved.
    General(String),
}

pub(crate) struct Resolver<'a> {
    pub ctx: &'a BuildContext,
    pub dirs: DirCache<'a>,
    pub modules: Modules<'a>,
    pub goroot_src: PathBuf,
}

impl Resolver<'_> {
    /// Finds what `import_path` means in a package of std (`from_std`) or in any other.
    pub fn resolve(&self, import_path: &str, from_std: bool) -> Result<Place, ResolveError> {
        if from_std && !path::is_standard(import_path) {
            // Packages of std see what the SDK vendors, and nobody else does.
            let vendored = format!("vendor/{import_path}");
            if let Some(place) = self.std_package(&vendored) {
                return Ok(place);
            }
        }
        check_import(import_path)?;
        let std = if path::is_standard(import_path) { self.std_package(import_path) } else { None };
        if let Some(place) = std {
            self.modules.check_std(&self.dirs, import_path, &place.dir)?;
            return Ok(place);
        }
        self.modules.resolve(&self.dirs, import_path)
    }

    fn std_package(&self, import_path: &str) -> Option<Place> {
        let dir = self.goroot_src.join(import_path);
        self.dirs.has_go_files(&dir).then(|| Place {
            import_path: import_path.to_owned(),
            dir,
            origin: Origin::Std,
            module: None,
        })
    }
}

fn check_import(import_path: &str) -> Result<(), ResolveError> {
    if import_path.starts_with("mod/") {
        return Err(ResolveError::Malformed(format!("disallowed import path {import_path:?}")));
    }
    if import_path.contains('@') {
        let message = "can only use path@version syntax with 'go get' and 'go install' in module-aware mode";
        return Err(ResolveError::Malformed(message.into()));
    }
    let message = if path::is_local(import_path) {
        format!("{import_path:?} is relative, but relative import paths are not supported in module mode")
    } else if Path::new(import_path).is_absolute() {
        format!("{import_path:?} is not a package path; see 'go help packages'")
    } else if matches!(import_path, "std" | "cmd" | "all" | "tool" | "work") {
        format!("{import_path:?} is not an importable package; see 'go help packages'")
    } else if import_path == "builtin" {
        "\"builtin\" is a pseudo-package, not an importable package".to_owned()
    } else {
        return path::check_import_path(import_path).map_err(ResolveError::Import);
    };
    Err(ResolveError::Import(message))
}

/// Directory listings, each read once.
pub(crate) struct DirCache<'a> {
    pub fs: &'a dyn FileSystem,
    listings: Mutex<FxHashMap<PathBuf, Option<Arc<Vec<DirEntry>>>>>,
}

impl<'a> DirCache<'a> {
    pub fn new(fs: &'a dyn FileSystem) -> Self {
        DirCache { fs, listings: Mutex::default() }
    }

    pub fn list(&self, dir: &Path) -> Option<Arc<Vec<DirEntry>>> {
        if let Some(known) = self.listings.lock().unwrap().get(dir) {
            return known.clone();
        }
        let listing = self.fs.read_dir(dir).ok().map(Arc::new);
        self.listings.lock().unwrap().insert(dir.to_owned(), listing.clone());
        listing
    }

    /// Whether it looks like a package's directory, whatever the build constraints.
    pub fn has_go_files(&self, dir: &Path) -> bool {
        self.list(dir).is_some_and(|entries| {
            entries.iter().any(|entry| {
                entry.name.ends_with(".go")
                    && match entry.kind {
                        FileKind::File => true,
                        FileKind::Symlink => self.fs.is_file(&dir.join(&entry.name)),
                        FileKind::Dir | FileKind::Other => false,
                    }
            })
        })
    }

    /// What keeps the first Go file from being one, if that is a link.
    pub fn unreadable_go_file(&self, dir: &Path) -> Option<String> {
        let entries = self.list(dir)?;
        let is_link = |entry: &&DirEntry| entry.kind == FileKind::Symlink && entry.name.ends_with(".go");
        entries.iter().filter(is_link).find_map(|entry| {
            let path = dir.join(&entry.name);
            let error = self.fs.kind(&path).err()?;
            Some(format!("stat {}: {}", path.display(), fs::cause(&error)))
        })
    }

    pub fn has_file(&self, dir: &Path, name: &str) -> bool {
        let Some(entries) = self.list(dir) else { return false };
        let Ok(index) = entries.binary_search_by(|entry| entry.name.as_str().cmp(name)) else { return false };
        match entries[index].kind {
            FileKind::File => true,
            FileKind::Symlink => self.fs.is_file(&dir.join(name)),
            FileKind::Dir | FileKind::Other => false,
        }
    }
}
