//! Modules: the main module or workspace, what they require, and which directory provides a package.
//!
//! Nothing is ever downloaded: a module that is not in the module cache, or whose hash is not in go.sum, is an error
//! that says which command of `go` would change that.

use crate::config::{LoadConfig, ModFlag};
use crate::fs::{self, FileSystem};
use crate::graph::{Module, Origin};
use crate::modfile::{self, Kind, ModFile, Replace};
use crate::modgraph::{self, Requirements, Selection};
use crate::path;
use crate::resolve::{DirCache, Place, ResolveError};
use crate::semver;
use crate::vendor::{self, VendorList};
use crate::version::{GoVersion, LangVersion};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

pub(crate) struct Modules<'a> {
    fs: &'a dyn FileSystem,
    work_dir: PathBuf,
    goroot_src: PathBuf,
    mod_cache: PathBuf,
    mains: Vec<MainModule>,
    /// Directory and contents of go.work.
    work: Option<(PathBuf, ModFile)>,
    mode: ModFlag,
    mode_explicit: bool,
    /// Why a vendor directory is or is not used.
    mode_reason: String,
    /// Highest version of each module that the main module's go.mod names; empty in a workspace.
    roots: Selection,
    /// Whether `roots` is meant to be complete.
    pruned: bool,
    full: OnceLock<Result<Selection, String>>,
    /// A package came from a module that go.mod does not name.
    implicit_used: AtomicBool,
    go_sum: FxHashSet<String>,
    vendor: Option<(PathBuf, VendorList)>,
    known: Mutex<FxHashMap<(String, String), Result<Arc<Module>, String>>>,
    notices: Mutex<Vec<String>>,
}

struct MainModule {
    dir: PathBuf,
    file: ModFile,
    module: Arc<Module>,
}

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

const NO_ROOT: &str = "go.mod file not found in current directory or any parent directory; see 'go help modules'";

impl<'a> Modules<'a> {
    /// The error is the whole message.
    pub fn open(fs: &'a dyn FileSystem, config: &LoadConfig<'_>) -> Result<Self, String> {
        if config.env.modules == "off" {
            return Err("go: modules disabled by GO111MODULE=off; see 'go help modules'".into());
        }
        let mut modules = Modules {
            fs,
            work_dir: config.work_dir.clone(),
            goroot_src: config.ctx.goroot_src(),
            mod_cache: config.env.mod_cache.clone(),
            mains: Vec::new(),
            work: None,
            mode: config.mod_flag.unwrap_or(ModFlag::Readonly),
            mode_explicit: config.mod_flag.is_some(),
            mode_reason: String::new(),
            roots: Selection::new(),
            pruned: false,
            full: OnceLock::new(),
            implicit_used: AtomicBool::new(false),
            go_sum: FxHashSet::default(),
            vendor: None,
            known: Mutex::default(),
            notices: Mutex::default(),
        };
        match find_work_file(fs, config)? {
            Some(path) => modules.open_workspace(config, &path)?,
            None => modules.open_single(config)?,
        }
        modules.choose_mode();
        modules.read_vendor_list()?;
        Ok(modules)
    }

    fn open_single(&mut self, config: &LoadConfig<'_>) -> Result<(), String> {
        let found = find_up(self.fs, &self.work_dir, "go.mod");
        // The SDK's own modules need nothing from outside: their packages are std's.
        let Some(dir) = found.filter(|dir| !dir.starts_with(&self.goroot_src)) else {
            if config.mod_file.is_some() {
                return Err("go: cannot find main module, but -modfile was set.\n\t\
                            -modfile cannot be used to set the module root directory."
                    .into());
            }
            return Ok(());
        };
        let mod_file = config.mod_file.as_ref().map_or_else(|| dir.join("go.mod"), |file| self.work_dir.join(file));
        if mod_file.extension().is_none_or(|extension| extension != "mod") {
            return Err(format!("go: -modfile={}: file does not have .mod extension", mod_file.display()));
        }
        let file = self.read_main(&mod_file)?;
        let wanted = file.go.filter(|&go| go > config.ctx.go_version);
        if let Some(go) = wanted {
            let shown = path::short(&mod_file, &self.work_dir);
            return Err(too_new(&shown, go, config.ctx.go_version));
        }
        self.pruned = file.go.is_some_and(|go| go.lang() >= LangVersion::go1(17));
        let excluded = |path: &str, version: &str| file.exclude.iter().any(|(p, v)| p == path && v == version);
        let roots = file.require.iter().filter(|require| !excluded(&require.path, &require.version));
        self.roots = highest(roots.map(|require| (require.path.clone(), require.version.clone())));
        self.read_go_sum(&mod_file.with_extension("sum"));
        self.add_main(dir, file);
        Ok(())
    }

    fn open_workspace(&mut self, config: &LoadConfig<'_>, path: &Path) -> Result<(), String> {
        if config.mod_file.is_some() {
            return Err("go: -modfile cannot be used in workspace mode".into());
        }
        if let Some(flag) = config.mod_flag.filter(|&flag| flag == ModFlag::Mod) {
            return Err(format!(
                "go: -mod may only be set to readonly or vendor when in workspace mode, but it is set to {:?}\n\t\
                 Remove the -mod flag to use the default readonly value, \n\tor set GOWORK=off to disable workspace mode.",
                flag.as_str()
            ));
        }
        let shown = path::short(path, &self.work_dir);
        let text = self.fs.read(path).map_err(|error| format!("go: reading {shown}: {error}"))?;
        let work = modfile::parse(&shown, &String::from_utf8_lossy(&text), Kind::Work)
            .map_err(|errors| format!("go: errors parsing {shown}:\n{}", errors.join("\n")))?;
        let go = work.go.unwrap_or(GoVersion { patch: None, ..GoVersion::release(18, 0) });
        if go > config.ctx.go_version {
            return Err(too_new(&shown, go, config.ctx.go_version));
        }
        if work.uses.is_empty() {
            return Err("go: no modules were found in the current workspace; see 'go help work'".into());
        }
        let dir = path.parent().unwrap_or(Path::new("/")).to_owned();
        for used in &work.uses {
            let module_dir = fs::clean(&dir.join(used));
            if self.mains.iter().any(|main| main.dir == module_dir) {
                return Err(format!(
                    "go: error loading go.work:\n{shown}: path {} appears multiple times in workspace",
                    path::short(&module_dir, &self.work_dir)
                ));
            }
            let mod_file = module_dir.join("go.mod");
            if !self.fs.is_file(&mod_file) {
                let shown = path::short(&mod_file, &self.work_dir);
                let named = shown.strip_suffix("/go.mod").unwrap_or(&shown);
                return Err(format!(
                    "go: cannot load module {named} listed in go.work file: open {shown}: no such file or directory"
                ));
            }
            let file = self.read_main(&mod_file)?;
            if let Some(module_go) = file.go.filter(|&module_go| module_go > go) {
                return Err(format!(
                    "go: module {} listed in go.work file requires go >= {module_go}, but go.work lists go {go}; \
                     to update it:\n\tgo work use",
                    path::short(&module_dir, &self.work_dir)
                ));
            }
            if let Some(other) = self.mains.iter().find(|main| main.file.module == file.module) {
                return Err(format!(
                    "go: module {} appears multiple times in workspace: {} and {}",
                    file.module,
                    other.dir.display(),
                    module_dir.display()
                ));
            }
            self.read_go_sum(&module_dir.join("go.sum"));
            self.add_main(module_dir, file);
        }
        self.read_go_sum(&path.with_extension("work.sum"));
        self.work = Some((dir, work));
        Ok(())
    }

    fn read_main(&self, mod_file: &Path) -> Result<ModFile, String> {
        let shown = path::short(mod_file, &self.work_dir);
        let text = self.fs.read(mod_file).map_err(|error| format!("go: reading {shown}: {error}"))?;
        let file = modfile::parse(&shown, &String::from_utf8_lossy(&text), Kind::Main)
            .map_err(|errors| format!("go: errors parsing {shown}:\n{}", errors.join("\n")))?;
        if file.module.is_empty() {
            return Err(format!(
                "go: error reading {shown}: missing module declaration. To specify the module path:\n\t\
                 go mod edit -module=example.com/mod"
            ));
        }
        Ok(file)
    }

    fn add_main(&mut self, dir: PathBuf, file: ModFile) {
        let lang = file.go.map_or(LangVersion::UNSTATED, GoVersion::lang);
        let module =
            Module { path: file.module.clone(), version: String::new(), dir: dir.clone(), lang, is_main: true };
        self.mains.push(MainModule { dir, file, module: Arc::new(module) });
    }

    fn read_go_sum(&mut self, path: &Path) {
        let Ok(text) = self.fs.read(path) else { return };
        for line in String::from_utf8_lossy(&text).lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [module, version, hash] = words[..] {
                self.go_sum.insert(format!("{module} {version}"));
                self.go_sum.insert(format!("{module} {version} {hash}"));
            }
        }
    }

    /// A vendor directory is used by default if go.mod is at 1.14 or later and it was made for this kind of build.
    fn choose_mode(&mut self) {
        if self.mode_explicit || self.mains.is_empty() {
            return;
        }
        let (source, go) = match &self.work {
            Some((_, work)) => ("go.work", work.go),
            None => ("go.mod", self.mains[0].file.go),
        };
        let vendor_dir = self.vendor_dir();
        if !self.fs.is_dir(&vendor_dir) {
            return;
        }
        let Some(go) = go else {
            self.mode_reason = format!("Go version in {source} is unspecified, so vendor directory was not used.");
            return;
        };
        if go.lang() < LangVersion::go1(14) {
            self.mode_reason = format!("Go version in {source} is {go}, so vendor directory was not used.");
            return;
        }
        let list = self.fs.read(&vendor_dir.join("modules.txt")).unwrap_or_default();
        let for_workspace = vendor::parse(&String::from_utf8_lossy(&list)).is_workspace;
        if for_workspace != self.work.is_some() {
            self.mode_reason = if for_workspace {
                "Outside workspace mode, but vendor directory is for a workspace.".into()
            } else {
                "In workspace mode, but vendor directory is not for a workspace".into()
            };
            return;
        }
        self.mode = ModFlag::Vendor;
        self.mode_reason = format!("Go version in {source} is at least 1.14 and vendor directory exists.");
    }

    fn read_vendor_list(&mut self) -> Result<(), String> {
        if self.mode != ModFlag::Vendor || self.mains.is_empty() {
            return Ok(());
        }
        let dir = self.vendor_dir();
        let text = self.fs.read(&dir.join("modules.txt")).unwrap_or_default();
        let list = vendor::parse(&String::from_utf8_lossy(&text));
        let files: Vec<&ModFile> = self.mains.iter().map(|main| &main.file).collect();
        let work_file = self.work.as_ref().map(|(_, file)| file);
        let source_of = |replace: &Replace| match &self.work {
            Some((dir, file)) if file.replace.contains(replace) => path::short(&dir.join("go.work"), &self.work_dir),
            _ => {
                let main = self.mains.iter().find(|main| main.file.replace.contains(replace));
                main.map_or_else(|| "go.mod".to_owned(), |main| path::short(&main.dir.join("go.mod"), &self.work_dir))
            }
        };
        let errors = vendor::inconsistencies(&list, &files, work_file, &source_of);
        if !errors.is_empty() {
            let command = if self.work.is_some() { "work" } else { "mod" };
            return Err(format!(
                "go: inconsistent vendoring in {}:\n\t{}\n\n\tTo ignore the vendor directory, use -mod=readonly or \
                 -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo {command} vendor",
                dir.parent().unwrap_or(&dir).display(),
                errors.join("\n\t")
            ));
        }
        self.vendor = Some((dir, list));
        Ok(())
    }

    fn vendor_dir(&self) -> PathBuf {
        self.work.as_ref().map_or(&self.mains[0].dir, |(dir, _)| dir).join("vendor")
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
            self.full_graph().map_err(|message| match self.pruned {
                true => ResolveError::Import(message.clone()),
                false => ResolveError::General(format!("go: {message}")),
            })?
        };
        if let Some(place) = self.search(dirs, import_path, selection)? {
            return Ok(place);
        }
        Err(self.not_provided(dirs, import_path))
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
        if !module.is_main && self.pruned && self.roots.get(&path) != Some(&version) {
            self.implicit_used.store(true, Ordering::Relaxed);
        }
        Ok(Some(Place { import_path: import_path.to_owned(), dir, origin, module: Some(module) }))
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
                let module = Module { path, version, dir: vendor_dir.to_owned(), lang, is_main: false };
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
        if path::is_standard(import_path) {
            let dir = self.goroot_src.join(import_path);
            return ResolveError::Import(format!("package {import_path} is not in std ({})", dir.display()));
        }
        if self.mains.is_empty() {
            return ResolveError::Import(format!("no required module provides package {import_path}: {NO_ROOT}"));
        }
        let disabled = |reason: String| {
            let mode = self.mode.as_str();
            ResolveError::Import(format!(
                "cannot find module providing package {import_path}: import lookup disabled by -mod={mode}{reason}"
            ))
        };
        if self.mode == ModFlag::Mod {
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

    /// Replacements with the directory that their paths are relative to; go.work's come first, since they win.
    fn replaces(&self) -> impl Iterator<Item = (&Path, &Replace)> {
        let work = self.work.iter().flat_map(|(dir, file)| file.replace.iter().map(move |r| (dir.as_path(), r)));
        let mains = self.mains.iter().flat_map(|main| main.file.replace.iter().map(move |r| (main.dir.as_path(), r)));
        work.chain(mains)
    }

    fn replacement(&self, path: &str, version: &str) -> Option<(&Path, &Replace)> {
        let of_path = || self.replaces().filter(|(_, replace)| replace.old_path == path);
        of_path()
            .find(|(_, replace)| replace.old_version == version)
            .or_else(|| of_path().find(|(_, replace)| replace.old_version.is_empty()))
    }

    /// Where a required module's files are.
    fn module_dir(&self, module: &str, version: &str) -> Result<(PathBuf, Origin), DirError> {
        let (mut path, mut actual) = (module, version);
        if let Some((base, replace)) = self.replacement(module, version) {
            if replace.new_version.is_empty() {
                let dir = fs::clean(&base.join(&replace.new_path));
                if !self.fs.exists(&dir) {
                    let shown = &replace.new_path;
                    return Err(DirError::Other(format!(
                        "{module}@{version}: replacement directory {shown} does not exist"
                    )));
                }
                return Ok((dir, Origin::Replaced));
            }
            (path, actual) = (&replace.new_path, &replace.new_version);
        }
        if self.must_have_sums() && !self.go_sum.contains(&format!("{path} {actual}")) {
            return Err(DirError::MissingSum);
        }
        let name = format!("{}@{}", path::escape(path), path::escape(actual));
        let dir = self.mod_cache.join(name);
        if !self.fs.is_dir(&dir) {
            return Err(DirError::Other(format!(
                "module {path}@{actual} is not in the module cache; to add it:\n\tgo mod download {path}@{actual}"
            )));
        }
        self.check_hash(path, actual).map_err(DirError::General)?;
        Ok((dir, Origin::ModuleCache))
    }

    /// Compares the hash that was written when the module was unpacked with the one in go.sum.
    fn check_hash(&self, path: &str, version: &str) -> Result<(), String> {
        let Ok(hash) = self.fs.read(&self.download_file(path, version, "ziphash")) else { return Ok(()) };
        let hash = String::from_utf8_lossy(&hash).trim().to_owned();
        let line = format!("{path} {version}");
        if !self.go_sum.contains(&line) || self.go_sum.contains(&format!("{line} {hash}")) {
            return Ok(());
        }
        let prefix = format!("{line} h1:");
        let ours = self
            .go_sum
            .iter()
            .filter(|known| known.starts_with(&prefix))
            .min()
            .map_or("", |known| &known[line.len() + 1..]);
        Err(format!(
            "verifying {path}@{version}: checksum mismatch\n\tdownloaded: {hash}\n\tgo.sum:     {ours}\n\n\
             SECURITY ERROR\nThis download does NOT match an earlier download recorded in go.sum.\n\
             The bits may have been replaced on the origin server, or an attacker may\n\
             have intercepted the download attempt.\n\nFor more information, see 'go help module-auth'."
        ))
    }

    fn must_have_sums(&self) -> bool {
        self.mode == ModFlag::Readonly && self.work.is_none() && !self.mains.is_empty()
    }

    fn download_file(&self, path: &str, version: &str, extension: &str) -> PathBuf {
        let name = format!("cache/download/{}/@v/{}.{extension}", path::escape(path), path::escape(version));
        self.mod_cache.join(name)
    }

    /// Reads the go.mod of a required module.
    fn mod_file(&self, path: &str, version: &str) -> Result<ModFile, ModFileError> {
        let (path, version) = match self.replacement(path, version) {
            Some((base, replace)) if replace.new_version.is_empty() => {
                return self.parse_dependency(&fs::clean(&base.join(&replace.new_path)).join("go.mod"));
            }
            Some((_, replace)) => (replace.new_path.as_str(), replace.new_version.as_str()),
            None => (path, version),
        };
        let file = self.checked_mod_file(path, version).map_err(ModFileError::Other)?;
        if !self.fs.is_file(&file) {
            return Err(ModFileError::Other(format!(
                "{path}@{version}: go.mod is not in the module cache; to add it:\n\tgo mod download {path}@{version}"
            )));
        }
        self.parse_dependency(&file)
    }

    fn parse_dependency(&self, file: &Path) -> Result<ModFile, ModFileError> {
        let short = path::short(file, &self.work_dir);
        let text = self.fs.read(file).map_err(|error| {
            ModFileError::Reading(match error.kind() {
                std::io::ErrorKind::NotFound => {
                    format!("reading {short}: open {}: no such file or directory", file.display())
                }
                _ => format!("reading {short}: {error}"),
            })
        })?;
        let parsed = modfile::parse(&short, &String::from_utf8_lossy(&text), Kind::Dependency);
        parsed.map_err(|errors| ModFileError::Reading(format!("parsing {short}: {}", errors.join("\n"))))
    }

    /// A module with its replacement.
    fn shown_module(&self, path: &str, version: &str) -> String {
        match self.replacement(path, version) {
            Some((_, replace)) if replace.new_version.is_empty() => {
                format!("{path}@{version} (replaced by {})", replace.new_path)
            }
            Some((_, replace)) => {
                format!("{path}@{version} (replaced by {}@{})", replace.new_path, replace.new_version)
            }
            None => format!("{path}@{version}"),
        }
    }

    /// Where a module's files come from.
    fn shown_source(&self, path: &str, version: &str) -> String {
        match self.replacement(path, version) {
            Some((_, replace)) if replace.new_version.is_empty() => format!("module {}", replace.new_path),
            Some((_, replace)) => format!("{}@{}", replace.new_path, replace.new_version),
            None => format!("{path}@{version}"),
        }
    }

    fn checked_mod_file(&self, path: &str, version: &str) -> Result<PathBuf, String> {
        if self.must_have_sums() && !self.go_sum.contains(&format!("{path} {version}/go.mod")) {
            return Err(format!(
                "{path}@{version}: missing go.sum entry for go.mod file; to add it:\n\tgo mod download {path}"
            ));
        }
        Ok(self.download_file(path, version, "mod"))
    }

    /// A main or required module, as the graph shows it.
    fn module(&self, path: &str, version: &str) -> Result<Arc<Module>, String> {
        if let Some(main) = self.mains.iter().find(|main| main.file.module == path) {
            return Ok(main.module.clone());
        }
        let key = (path.to_owned(), version.to_owned());
        if let Some(known) = self.known.lock().unwrap().get(&key) {
            return known.clone();
        }
        let read = || {
            let file = self.mod_file(path, version).map_err(|message| match message {
                ModFileError::Reading(message) => format!("{}: {message}", self.shown_source(path, version)),
                ModFileError::Other(message) => message,
            })?;
            let dir = self.module_dir(path, version).map(|(dir, _)| dir).unwrap_or_default();
            let lang = file.go.map_or(LangVersion::UNSTATED, GoVersion::lang);
            Ok(Arc::new(Module { path: path.to_owned(), version: version.to_owned(), dir, lang, is_main: false }))
        };
        let module: Result<Arc<Module>, String> = read();
        self.known.lock().unwrap().insert(key, module.clone());
        module
    }

    /// Versions of everything that anything requires.
    fn full_graph(&self) -> Result<&Selection, &String> {
        let select = || {
            let mut roots: Vec<(String, String)> = self.roots.clone().into_iter().collect();
            if self.work.is_some() {
                let required = self.mains.iter().flat_map(|main| &main.file.require);
                roots = required.map(|require| (require.path.clone(), require.version.clone())).collect();
            }
            let is_main = |path: &str| self.mains.iter().any(|main| main.file.module == path);
            roots.retain(|(path, _)| !is_main(path));
            modgraph::select(&roots, self.pruned, |path, version| {
                if is_main(path) {
                    return Ok(Requirements { require: Vec::new(), prunable: true });
                }
                let shown = self.shown_module(path, version);
                let file = self.mod_file(path, version).map_err(|message| match message {
                    ModFileError::Reading(message) => format!("{shown}: {message}"),
                    ModFileError::Other(message) => message,
                })?;
                let excluded = |path: &str, version: &str| {
                    self.mains.iter().any(|main| main.file.exclude.iter().any(|(p, v)| p == path && v == version))
                };
                let required = file.require.into_iter().map(|require| (require.path, require.version));
                Ok(Requirements {
                    require: required.filter(|(path, version)| !excluded(path, version)).collect(),
                    prunable: file.go.is_some_and(|go| go.lang() >= LangVersion::go1(17)),
                })
            })
        };
        self.full.get_or_init(select).as_ref()
    }

    /// Whether go.mod would have to change for this build to be sound; the message says how.
    pub fn needs_updates(&self) -> Option<String> {
        if self.mode != ModFlag::Readonly || self.work.is_some() {
            return None;
        }
        let stale = match self.full.get() {
            Some(Ok(selection)) => {
                self.roots.iter().any(|(path, version)| selection.get(path).is_some_and(|s| s != version))
            }
            _ => false,
        };
        if !stale && !self.implicit_used.load(Ordering::Relaxed) {
            return None;
        }
        Some(match (self.mode_explicit, self.mode_reason.as_str()) {
            (true, _) => "go: updates to go.mod needed, disabled by -mod=readonly; to update it:\n\tgo mod tidy".into(),
            (false, "") => "go: updates to go.mod needed; to update it:\n\tgo mod tidy".into(),
            (false, reason) => format!(
                "go: updates to go.mod needed, disabled by -mod=readonly\n\t({reason})\n\tto update it:\n\t\tgo mod tidy"
            ),
        })
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
    pub fn godebugs(&self) -> Vec<(String, String)> {
        match &self.work {
            Some((_, work)) => work.godebug.clone(),
            None => self.mains.first().map(|main| main.file.godebug.clone()).unwrap_or_default(),
        }
    }

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
            for (path, version) in self.full_graph().map_err(String::clone)? {
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
                if self.mode != ModFlag::Vendor {
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
            && let Ok(selection) = self.full_graph()
        {
            for (path, version) in selection {
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

/// Why a required module's go.mod cannot be used.
enum ModFileError {
    /// The caller says which module.
    Reading(String),
    /// The whole message.
    Other(String),
}

enum DirError {
    MissingSum,
    Other(String),
    /// Stops everything.
    General(String),
}

fn too_new(what: &str, go: GoVersion, running: GoVersion) -> String {
    format!("go: {what} requires go >= {go} (running go {running})")
}

fn highest(modules: impl Iterator<Item = (String, String)>) -> Selection {
    let mut selection = Selection::new();
    for (path, version) in modules {
        let selected = selection.entry(path).or_insert_with(|| version.clone());
        if semver::compare(selected, &version).is_lt() {
            *selected = version;
        }
    }
    selection
}

fn path_in(module: &str, root: &Path, dir: &Path) -> String {
    let rest = dir.strip_prefix(root).unwrap_or(Path::new("")).to_string_lossy().replace('\\', "/");
    if rest.is_empty() { module.to_owned() } else { format!("{module}/{rest}") }
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

fn find_up(fs: &dyn FileSystem, from: &Path, name: &str) -> Option<PathBuf> {
    from.ancestors().find(|dir| fs.is_file(&dir.join(name))).map(Path::to_owned)
}

fn find_work_file(fs: &dyn FileSystem, config: &LoadConfig<'_>) -> Result<Option<PathBuf>, String> {
    match config.env.work.as_str() {
        "off" => Ok(None),
        "" | "auto" => {
            let found = find_up(fs, &config.work_dir, "go.work");
            Ok(found.filter(|dir| *dir != config.ctx.goroot).map(|dir| dir.join("go.work")))
        }
        path if !Path::new(path).is_absolute() => Err("go: invalid GOWORK: not an absolute path".into()),
        path => Ok(Some(fs::clean(Path::new(path)))),
    }
}
