//! Modules: the main module or workspace, what they require, and which directory provides a package.
//!
//! Nothing is ever downloaded: a module that is not in the module cache, or whose hash is not in go.sum, is an error
//! that says which command of `go` would change that.

mod consistent;
mod dirs;
mod open;
mod source;

use crate::config::{LoadConfig, ModMode};
use crate::fs::{self, FileSystem};
use crate::graph::{Module, Origin};
use crate::locate;
use crate::modfile::{Godebug, ModFile};
use crate::modgraph::Selection;
use crate::path;
use crate::resolve::{DirCache, Place, ResolveError};
use crate::semver;
use crate::vendor::VendorList;
use crate::version::GoVersion;
use base::LangVersion;
use consistent::FullGraph;
use rustc_hash::{FxHashMap, FxHashSet};
use source::DirError;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

pub(crate) struct Modules<'a> {
    fs: &'a dyn FileSystem,
    work_dir: PathBuf,
    goroot_src: PathBuf,
    mod_cache: PathBuf,
    mains: Vec<MainModule>,
    /// Directory and contents of go.work.
    work: Option<(PathBuf, ModFile)>,
    mode: ModMode,
    mode_explicit: bool,
    /// Why a vendor directory is or is not used.
    mode_reason: String,
    /// Highest version of each module that the main module's go.mod names; empty in a workspace.
    roots: Selection,
    /// Whether `roots` is meant to be complete.
    pruned: bool,
    full: OnceLock<Result<FullGraph, String>>,
    /// The SDK's.
    running: GoVersion,
    gotoolchain: String,
    go_sum: FxHashSet<String>,
    /// What is wrong with a go.sum, told to whoever needs it.
    malformed_sum: Option<String>,
    /// The first, by its text, go.mod of a required module whose hash is not the one in go.sum.
    mismatch: Mutex<Option<String>>,
    vendor: Option<(PathBuf, VendorList)>,
    known: Mutex<FxHashMap<(String, String), Result<Arc<Module>, String>>>,
    notices: Mutex<Vec<String>>,
}

struct MainModule {
    dir: PathBuf,
    file: ModFile,
    module: Arc<Module>,
}

const NO_ROOT: &str = "go.mod file not found in current directory or any parent directory; see 'go help modules'";

impl<'a> Modules<'a> {
    /// The error is the whole message.
    pub fn open(fs: &'a dyn FileSystem, config: &LoadConfig<'_>) -> Result<Self, String> {
        if config.modules.go111module == "off" {
            return Err("go: modules disabled by GO111MODULE=off; see 'go help modules'".into());
        }
        let mut modules = Modules {
            fs,
            work_dir: config.work_dir.clone(),
            goroot_src: config.ctx.goroot_src(),
            mod_cache: config.modules.gomodcache.clone(),
            mains: Vec::new(),
            work: None,
            mode: config.modules.mode.unwrap_or(ModMode::Readonly),
            mode_explicit: config.modules.mode.is_some(),
            mode_reason: String::new(),
            roots: Selection::new(),
            pruned: false,
            full: OnceLock::new(),
            running: config.ctx.go_version,
            gotoolchain: config.modules.gotoolchain.clone(),
            go_sum: FxHashSet::default(),
            malformed_sum: None,
            mismatch: Mutex::default(),
            vendor: None,
            known: Mutex::default(),
            notices: Mutex::default(),
        };
        match locate::go_work(fs, &config.work_dir, &config.modules.gowork, Some(&config.ctx.goroot))? {
            Some(path) => modules.open_workspace(config, &path)?,
            None => modules.open_single(config)?,
        }
        modules.choose_mode()?;
        modules.read_vendor_list()?;
        Ok(modules)
    }

    /// Finds the module that provides a package outside std.
    pub fn resolve(&self, dirs: &DirCache<'_>, import_path: &str) -> Result<Place, ResolveError> {
        if let Some((dir, list)) = &self.vendor {
            return self.resolve_vendored(dirs, import_path, dir, list);
        }
        if self.pruned && self.full.get().is_none() {
            // Most packages come from modules that go.mod names.
            if let Some(place) = self.search(dirs, import_path, &self.roots)? {
                return Ok(place);
            }
        }
        let selection = if self.mains.is_empty() {
            &self.roots
        } else {
            // Where go.mod is complete, only imports that it does not explain need the graph, and get its errors.
            let graph = self.full_graph().map_err(|message| match self.pruned {
                true => ResolveError::Import(message.clone()),
                false => ResolveError::General(format!("go: {message}")),
            })?;
            &graph.selection
        };
        if let Some(place) = self.search(dirs, import_path, selection)? {
            return Ok(place);
        }
        Err(self.not_provided(dirs, import_path))
    }

    /// A package of std may not be one of a main module's too; the message names std by an empty path.
    pub fn check_std(&self, dirs: &DirCache<'_>, import_path: &str, std_dir: &Path) -> Result<(), ResolveError> {
        let found =
            self.mains.iter().filter(|main| path::has_prefix(import_path, &main.file.module)).find_map(|main| {
                let dir = dir_in_module(dirs, &main.dir, &main.file.module, import_path, true)?;
                Some((&main.file.module, dir))
            });
        let Some((module, dir)) = found else { return Ok(()) };
        Err(ResolveError::Import(format!(
            "ambiguous import: found package {import_path} in multiple modules:\n\t{module} ({})\n\t ({})",
            dir.display(),
            std_dir.display()
        )))
    }

    /// Looks into each selected module whose path is a prefix of the import path. There must not be two that provide
    /// the package.
    fn search(
        &self,
        dirs: &DirCache<'_>,
        import_path: &str,
        selection: &Selection,
    ) -> Result<Option<Place>, ResolveError> {
        let mut found: Vec<(String, String, PathBuf, Origin)> = Vec::new();
        let mut without_sum = Vec::new();
        for prefix in path::prefixes(import_path) {
            if let Some(main) = self.mains.iter().find(|main| main.file.module == prefix) {
                if let Some(dir) = dir_in_module(dirs, &main.dir, prefix, import_path, true) {
                    found.push((prefix.to_owned(), String::new(), dir, self.main_origin()));
                }
                continue;
            }
            let Some(version) = selection.get(prefix).filter(|version| *version != "none") else { continue };
            let (root, origin) = match self.module_dir(prefix, version) {
                Ok(root) => root,
                Err(DirError::MissingSum) => {
                    without_sum.push(prefix.to_owned());
                    continue;
                }
                Err(DirError::Other(message)) => return Err(ResolveError::Import(message)),
                Err(DirError::General(message)) => return Err(ResolveError::General(message)),
            };
            if let Some(dir) = dir_in_module(dirs, &root, prefix, import_path, origin == Origin::Replaced) {
                found.push((prefix.to_owned(), version.clone(), dir, origin));
            }
        }
        if found.len() > 1 {
            found.reverse();
            let lines = found.iter().map(|(path, version, dir, _)| {
                let version = if version.is_empty() { String::new() } else { format!(" {version}") };
                format!("\n\t{path}{version} ({})", dir.display())
            });
            let lines: String = lines.collect();
            return Err(ResolveError::Import(format!(
                "ambiguous import: found package {import_path} in multiple modules:{lines}"
            )));
        }
        if !without_sum.is_empty() {
            without_sum.reverse();
            return Err(ResolveError::MissingSum { modules: without_sum, found: !found.is_empty() });
        }
        let Some((path, version, dir, origin)) = found.pop() else { return Ok(None) };
        let module = self.module(&path, &version).map_err(ResolveError::Import)?;
        if !module.is_main {
            self.check_go(&module)?;
        }
        Ok(Some(Place { import_path: import_path.to_owned(), dir, origin, module: Some(module) }))
    }

    /// A module in use must not ask for a newer Go than there is.
    fn check_go(&self, module: &Module) -> Result<(), ResolveError> {
        let Some(go) = module.go else { return Ok(()) };
        if go > self.running {
            let what = self.shown_source(&module.path, &module.version);
            return Err(ResolveError::General(self.too_new(&what, go)));
        }
        Ok(())
    }

    fn resolve_vendored(
        &self,
        dirs: &DirCache<'_>,
        import_path: &str,
        vendor_dir: &Path,
        list: &VendorList,
    ) -> Result<Place, ResolveError> {
        let mut found = Vec::new();
        for main in &self.mains {
            if let Some(dir) = dir_in_module(dirs, &main.dir, &main.file.module, import_path, true) {
                found.push((dir, self.main_origin(), main.module.clone()));
            }
        }
        let dir = vendor_dir.join(import_path);
        if dirs.has_go_files(&dir) {
            let listed = list.packages.get(import_path).map(|&index| &list.modules[index]);
            if let Some(listed) = listed {
                let lang = listed.go.map_or(LangVersion::UNSTATED, GoVersion::lang);
                let (path, version) = (listed.path.clone(), listed.version.clone());
                let module = Module {
                    path,
                    version,
                    dir: vendor_dir.to_owned(),
                    lang,
                    go: listed.go,
                    is_main: false,
                    replacement: listed.replacement.clone(),
                    sum: String::new(),
                };
                found.push((dir, Origin::Vendor, Arc::new(module)));
            } else {
                let command = if self.work.is_some() { "work" } else { "mod" };
                self.notices.lock().unwrap().push(format!(
                    "go: ignoring package {import_path} which exists in the vendor directory but is missing from \
                     vendor/modules.txt. To sync the vendor directory run go {command} vendor."
                ));
            }
        }
        if found.len() > 1 {
            let lines: String = found.iter().map(|(dir, _, _)| format!("\n\t{}", dir.display())).collect();
            return Err(ResolveError::Import(format!(
                "ambiguous import: found package {import_path} in multiple directories:{lines}"
            )));
        }
        match found.pop() {
            Some((dir, origin, module)) => {
                Ok(Place { import_path: import_path.to_owned(), dir, origin, module: Some(module) })
            }
            None => Err(self.not_provided(dirs, import_path)),
        }
    }

    fn main_origin(&self) -> Origin {
        if self.work.is_some() { Origin::Workspace } else { Origin::Main }
    }

    fn not_provided(&self, dirs: &DirCache<'_>, import_path: &str) -> ResolveError {
        if self.vendor.is_none()
            && let Some(message) = self.provided_by_replacement(dirs, import_path)
        {
            return ResolveError::Import(message);
        }
        for main in &self.mains {
            // A directory whose only Go files are links that lead nowhere holds no package, but that is not the news.
            if let Some(rest) = import_path.strip_prefix(&main.file.module)
                && (rest.is_empty() || rest.starts_with('/'))
                && let Some(message) = dirs.unreadable_go_file(&path::join(&main.dir, rest.trim_start_matches('/')))
            {
                return ResolveError::Import(message);
            }
        }
        if path::is_standard(import_path) {
            let dir = self.goroot_src.join(import_path);
            return ResolveError::Import(format!("package {import_path} is not in std ({})", dir.display()));
        }
        if self.mains.is_empty() {
            return ResolveError::Import(format!("no required module provides package {import_path}: {NO_ROOT}"));
        }
        let disabled = |reason: String| {
            let mode = self.mode.name();
            ResolveError::Import(format!(
                "cannot find module providing package {import_path}: import lookup disabled by -mod={mode}{reason}"
            ))
        };
        if self.mode == ModMode::Mod {
            return ResolveError::Import(format!("cannot find module providing package {import_path}"));
        }
        if self.mode_explicit {
            return disabled(String::new());
        }
        if !self.mode_reason.is_empty() {
            return disabled(format!("\n\t({})", self.mode_reason));
        }
        ResolveError::NotProvided
    }

    /// A replacement that go.mod has for a module it does not require may hold the package.
    fn provided_by_replacement(&self, dirs: &DirCache<'_>, import_path: &str) -> Option<String> {
        for prefix in path::prefixes(import_path) {
            let replaces = self.replaces().filter(|(_, replace)| replace.old_path == prefix);
            let highest = replaces.max_by(|(_, a), (_, b)| semver::compare(&a.old_version, &b.old_version));
            let Some((base, replace)) = highest else { continue };
            if !replace.new_version.is_empty() {
                continue;
            }
            let root = fs::clean(&base.join(&replace.new_path));
            if dir_in_module(dirs, &root, prefix, import_path, true).is_some() {
                let suggestion = match replace.old_version.as_str() {
                    "" => prefix.to_owned(),
                    version => format!("{prefix}@{version}"),
                };
                return Some(format!(
                    "module {prefix} provides package {import_path} and is replaced but not required; to add it:\n\t\
                     go get {suggestion}"
                ));
            }
        }
        None
    }

    pub fn take_notices(&self) -> Vec<String> {
        let mut notices = std::mem::take(&mut *self.notices.lock().unwrap());
        notices.sort();
        notices.dedup();
        notices
    }

    /// The version whose GODEBUG defaults hold; `None` outside modules.
    pub fn main_go_version(&self) -> Option<GoVersion> {
        let unstated = |minor| GoVersion { patch: None, ..GoVersion::release(minor, 0) };
        match &self.work {
            Some((_, work)) => Some(work.go.unwrap_or(unstated(18))),
            None => self.mains.first().map(|main| main.file.go.unwrap_or(unstated(16))),
        }
    }

    /// `godebug` lines of go.work, or else of go.mod.
    pub fn godebugs(&self) -> Vec<Godebug> {
        match &self.work {
            Some((_, work)) => work.godebug.clone(),
            None => self.mains.first().map(|main| main.file.godebug.clone()).unwrap_or_default(),
        }
    }
}

/// The package's directory in a module, if there are Go files in it. In a tree of local files another module may be in
/// the way.
fn dir_in_module(dirs: &DirCache<'_>, root: &Path, module: &str, import_path: &str, is_local: bool) -> Option<PathBuf> {
    let rest = import_path.strip_prefix(module)?;
    let rest = if rest.is_empty() { "" } else { rest.strip_prefix('/')? };
    let dir = path::join(root, rest);
    if is_local && !rest.is_empty() && path::prefixes(rest).any(|level| dirs.has_file(&root.join(level), "go.mod")) {
        return None;
    }
    dirs.has_go_files(&dir).then_some(dir)
}
