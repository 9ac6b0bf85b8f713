//! Finding and reading what the user's own modules say: go.work or go.mod, go.sum, vendor/modules.txt.

use super::{MainModule, Modules};
use crate::config::{LoadConfig, ModMode};
use crate::fs;
use crate::godebug;
use crate::graph::Module;
use crate::locate::find_up;
use crate::modfile::{self, Godebug, Kind, ModFile, Replace};
use crate::modgraph::Selection;
use crate::path;
use crate::sdk::shown_running;
use crate::semver;
use crate::vendor::{self, VendorList};
use crate::version::GoVersion;
use base::LangVersion;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Modules<'_> {
    pub(super) fn open_single(&mut self, config: &LoadConfig<'_>) -> Result<(), String> {
        let found = find_up(self.fs, &self.work_dir, "go.mod");
        // The SDK's own modules need nothing from outside: their packages are std's.
        let Some(dir) = found.filter(|dir| !dir.starts_with(&self.goroot_src)) else {
            if config.modules.modfile.is_some() {
                return Err("go: cannot find main module, but -modfile was set.\n\t\
                            -modfile cannot be used to set the module root directory."
                    .into());
            }
            return Ok(());
        };
        let mod_file =
            config.modules.modfile.as_ref().map_or_else(|| dir.join("go.mod"), |file| self.work_dir.join(file));
        if let Some(named) = &config.modules.modfile {
            if named.extension().is_none_or(|extension| extension != "mod") {
                return Err(format!("go: -modfile={}: file does not have .mod extension", named.display()));
            }
            if let Err(error) = self.fs.read(&mod_file) {
                return Err(format!("go: open {}: {}", named.display(), fs::cause(&error)));
            }
        }
        let file = self.read_main(&mod_file)?;
        let wanted = file.go.filter(|&go| go > config.ctx.go_version);
        if let Some(go) = wanted {
            let shown = path::short(&mod_file, &self.work_dir);
            return Err(self.too_new(&shown, go));
        }
        check_replacements(&file)?;
        self.check_godebugs(config, &mod_file, "go.mod", &file)?;
        self.pruned = file.go.is_some_and(|go| go.lang() >= LangVersion::go1(17));
        let excluded = |path: &str, version: &str| file.exclude.iter().any(|(p, v)| p == path && v == version);
        let roots = file.require.iter().filter(|require| !excluded(&require.path, &require.version));
        self.roots = highest(roots.map(|require| (require.path.clone(), require.version.clone())));
        self.read_go_sum(&mod_file.with_extension("sum"));
        self.add_main(dir, file);
        Ok(())
    }

    pub(super) fn open_workspace(&mut self, config: &LoadConfig<'_>, path: &Path) -> Result<(), String> {
        if config.modules.modfile.is_some() {
            return Err("go: -modfile cannot be used in workspace mode".into());
        }
        if let Some(flag) = config.modules.mode.filter(|&flag| flag == ModMode::Mod) {
            return Err(format!(
                "go: -mod may only be set to readonly or vendor when in workspace mode, but it is set to {:?}\n\t\
                 Remove the -mod flag to use the default readonly value, \n\tor set GOWORK=off to disable workspace mode.",
                flag.name()
            ));
        }
        let shown = path::short(path, &self.work_dir);
        let text = self.fs.read(path).map_err(|error| {
            let doing = if self.fs.is_dir(path) { "read" } else { "open" };
            format!("go: reading go.work: {doing} {shown}: {}", fs::cause(&error))
        })?;
        let work = modfile::parse(&shown, &String::from_utf8_lossy(&text), Kind::Work)
            .map_err(|errors| format!("go: errors parsing {shown}:\n{}", errors.join("\n")))?;
        let go = work.go.unwrap_or(GoVersion { patch: None, ..GoVersion::release(18, 0) });
        if go > config.ctx.go_version {
            return Err(self.too_new(&shown, go));
        }
        self.check_godebugs(config, path, "go.work", &work)?;
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
                    "go: module {} listed in go.work file requires go >= {module_go}, but go.work {} go {go}; \
                     {}:\n\tgo work use",
                    path::short(&module_dir, &self.work_dir),
                    if work.go.is_some() { "lists" } else { "implicitly requires" },
                    if config.ctx.go_version.minor >= 27 {
                        format!("to download and use go {module_go}")
                    } else {
                        "to update it".to_owned()
                    }
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
            check_replacements(&file)?;
            self.read_go_sum(&module_dir.join("go.sum"));
            self.add_main(module_dir, file);
        }
        self.check_work_replacements(&work)?;
        self.read_go_sum(&path.with_extension("work.sum"));
        self.work = Some((dir, work));
        Ok(())
    }

    /// go.work may replace no module that it uses; and where it replaces nothing, its modules must agree.
    fn check_work_replacements(&self, work: &ModFile) -> Result<(), String> {
        check_replacements(work)?;
        let is_used = |replace: &&Replace| self.mains.iter().any(|main| main.file.module == replace.old_path);
        let used: Vec<String> = work
            .replace
            .iter()
            .filter(|replace| replace.old_version.is_empty())
            .filter(is_used)
            .map(|replace| {
                format!(
                    "go: workspace module {} is replaced at all versions in the go.work file. To fix, remove the \
                     replacement from the go.work file or specify the version at which to replace the module.",
                    replace.old_path
                )
            })
            .collect();
        if !used.is_empty() {
            return Err(used.join("\n"));
        }
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for main in &self.mains {
            for replace in &main.file.replace {
                if work.replace.iter().any(|other| other.old_path == replace.old_path) {
                    continue;
                }
                let new = match replace.new_version.as_str() {
                    "" => fs::clean(&main.dir.join(&replace.new_path)).display().to_string(),
                    _ => shown_new(replace),
                };
                let old = shown_old(replace);
                let first = seen.entry(old.clone()).or_insert_with(|| new.clone());
                if *first != new {
                    return Err(format!(
                        "go: conflicting replacements for {old}:\n\t{first}\n\t{new}\n\
                         use \"go work edit -replace {old}=[override]\" to resolve"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Settings must be known to the SDK. `kind` is how the message calls the file.
    fn check_godebugs(&self, config: &LoadConfig<'_>, path: &Path, kind: &str, file: &ModFile) -> Result<(), String> {
        if file.godebug.is_empty() {
            return Ok(());
        }
        let table = godebug::read_table(self.fs, &self.goroot_src);
        let shown = path::short(path, &self.work_dir);
        let mut errors = Vec::new();
        for Godebug { key, value, line } in &file.godebug {
            if let Err(cause) = godebug::check(key, value, "godebug", &table, config.ctx.go_version) {
                errors.push(format!("error loading {kind}:\n{shown}:{line}: {cause}"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(format!("go: {}", errors.join("\n"))) }
    }

    pub(super) fn read_main(&self, mod_file: &Path) -> Result<ModFile, String> {
        let shown = path::short(mod_file, &self.work_dir);
        let text = self.fs.read(mod_file).map_err(|error| format!("go: open {shown}: {}", fs::cause(&error)))?;
        let file = modfile::parse(&shown, &String::from_utf8_lossy(&text), Kind::Main)
            .map_err(|errors| format!("go: errors parsing {shown}:\n{}", errors.join("\n")))?;
        if !file.has_module {
            return Err(format!(
                "go: error reading {shown}: missing module declaration. To specify the module path:\n\t\
                 go mod edit -module=example.com/mod"
            ));
        }
        if matches!(file.module.as_str(), "go" | "toolchain") {
            return Err(format!("go: error reading {shown}: invalid module path: {:?}", file.module));
        }
        path::check_main_module_path(&file.module).map_err(|message| format!("go: {message}"))?;
        Ok(file)
    }

    pub(super) fn add_main(&mut self, dir: PathBuf, file: ModFile) {
        let lang = file.go.map_or(LangVersion::UNSTATED, GoVersion::lang);
        let module = Module {
            path: file.module.clone(),
            version: String::new(),
            dir: dir.clone(),
            lang,
            go: file.go,
            is_main: true,
            replacement: None,
            sum: String::new(),
        };
        self.mains.push(MainModule { dir, file, module: Arc::new(module) });
    }

    pub(super) fn read_go_sum(&mut self, path: &Path) {
        let Ok(text) = self.fs.read(path) else { return };
        for (index, line) in String::from_utf8_lossy(&text).lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [module, version, hash] => {
                    self.go_sum.insert(format!("{module} {version}"));
                    self.go_sum.insert(format!("{module} {version} {hash}"));
                }
                [] => {}
                _ => {
                    let (path, line, fields) = (path.display(), index + 1, words.len());
                    let message = format!("malformed go.sum:\n{path}:{line}: wrong number of fields {fields}");
                    self.malformed_sum.get_or_insert(message);
                }
            }
        }
    }

    /// A vendor directory is used by default if go.mod is at 1.14 or later and it was made for this kind of build.
    pub(super) fn choose_mode(&mut self) -> Result<(), String> {
        if self.mode_explicit || self.mains.is_empty() {
            return Ok(());
        }
        let (source, go) = match &self.work {
            Some((_, work)) => ("go.work", work.go),
            None => ("go.mod", self.mains[0].file.go),
        };
        let vendor_dir = self.vendor_dir();
        if !self.fs.is_dir(&vendor_dir) {
            return Ok(());
        }
        let Some(go) = go else {
            self.mode_reason = format!("Go version in {source} is unspecified, so vendor directory was not used.");
            return Ok(());
        };
        if go.lang() < LangVersion::go1(14) {
            self.mode_reason = format!("Go version in {source} is {go}, so vendor directory was not used.");
            return Ok(());
        }
        let for_workspace = self.vendor_list()?.is_workspace;
        if for_workspace != self.work.is_some() {
            self.mode_reason = if for_workspace {
                "Outside workspace mode, but vendor directory is for a workspace.".into()
            } else {
                "In workspace mode, but vendor directory is not for a workspace".into()
            };
            return Ok(());
        }
        self.mode = ModMode::Vendor;
        self.mode_reason = format!("Go version in {source} is at least 1.14 and vendor directory exists.");
        Ok(())
    }

    pub(super) fn read_vendor_list(&mut self) -> Result<(), String> {
        if self.mode != ModMode::Vendor || self.mains.is_empty() {
            return Ok(());
        }
        let dir = self.vendor_dir();
        let list = self.vendor_list()?;
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

    /// vendor/modules.txt, which may be missing.
    fn vendor_list(&self) -> Result<VendorList, String> {
        let file = self.vendor_dir().join("modules.txt");
        let text = match self.fs.read(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let doing = if self.fs.is_dir(&file) { "read" } else { "open" };
                let cause = fs::cause(&error);
                return Err(format!(
                    "go: reading modules.txt for vendor directory: {doing} {}: {cause}",
                    file.display()
                ));
            }
            read => read.unwrap_or_default(),
        };
        Ok(vendor::parse(&String::from_utf8_lossy(&text)))
    }

    /// `what` asks for a newer Go than there is.
    pub(super) fn too_new(&self, what: &str, go: GoVersion) -> String {
        let running = shown_running(self.running, &self.gotoolchain);
        format!("go: {what} requires go >= {go} (running {running})")
    }

    pub(super) fn vendor_dir(&self) -> PathBuf {
        self.work.as_ref().map_or(&self.mains[0].dir, |(dir, _)| dir).join("vendor")
    }
}

/// Within one file, a version has one replacement.
fn check_replacements(file: &ModFile) -> Result<(), String> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for replace in &file.replace {
        let (old, new) = (shown_old(replace), shown_new(replace));
        if let Some(first) = seen.insert(old.clone(), new.clone()).filter(|first| *first != new) {
            return Err(format!("go: conflicting replacements for {old}:\n\t{first}\n\t{new}"));
        }
    }
    Ok(())
}

fn shown_old(replace: &Replace) -> String {
    let Replace { old_path, old_version, .. } = replace;
    if old_version.is_empty() { old_path.clone() } else { format!("{old_path}@{old_version}") }
}

fn shown_new(replace: &Replace) -> String {
    let Replace { new_path, new_version, .. } = replace;
    if new_version.is_empty() { new_path.clone() } else { format!("{new_path}@{new_version}") }
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
