//! Where a required module's files are: replaced by a directory, or in the module cache, checked against go.sum.

use super::Modules;
use crate::config::ModMode;
use crate::dirhash;
use crate::fs;
use crate::graph::{Module, Origin};
use crate::modfile::{self, Kind, ModFile, Replace};
use crate::path;
use crate::version::GoVersion;
use base::LangVersion;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a required module's go.mod cannot be used.
pub(super) enum ModFileError {
    /// The caller says which module.
    Reading(String),
    /// The whole message.
    Other(String),
}

pub(super) enum DirError {
    MissingSum,
    Other(String),
    /// Stops everything.
    General(String),
}

impl Modules<'_> {
    /// Replacements with the directory that their paths are relative to; go.work's come first, since they win.
    pub(super) fn replaces(&self) -> impl Iterator<Item = (&Path, &Replace)> {
        let work = self.work.iter().flat_map(|(dir, file)| file.replace.iter().map(move |r| (dir.as_path(), r)));
        let mains = self.mains.iter().flat_map(|main| main.file.replace.iter().map(move |r| (main.dir.as_path(), r)));
        work.chain(mains)
    }

    pub(super) fn replacement(&self, path: &str, version: &str) -> Option<(&Path, &Replace)> {
        let of_path = || self.replaces().filter(|(_, replace)| replace.old_path == path);
        of_path()
            .find(|(_, replace)| replace.old_version == version)
            .or_else(|| of_path().find(|(_, replace)| replace.old_version.is_empty()))
    }

    /// Where a required module's files are.
    pub(super) fn module_dir(&self, module: &str, version: &str) -> Result<(PathBuf, Origin), DirError> {
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
        if self.must_have_sums()
            && let Some(message) = &self.malformed_sum
        {
            return Err(DirError::General(message.clone()));
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
        self.check_unpacked(path, actual).map_err(DirError::General)?;
        Ok((dir, Origin::ModuleCache))
    }

    /// Compares the hash that was written when the module was unpacked with the one in go.sum.
    fn check_unpacked(&self, path: &str, version: &str) -> Result<(), String> {
        match self.unpacked_hash(path, version) {
            Some(hash) => self.check_hash(path, version, &hash),
            None => Ok(()),
        }
    }

    /// Compares a hash with the one in go.sum, if that has any. For a go.mod alone, `version` ends in `/go.mod`.
    fn check_hash(&self, path: &str, version: &str, hash: &str) -> Result<(), String> {
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

    /// The hash that was written when the module was unpacked.
    fn unpacked_hash(&self, path: &str, version: &str) -> Option<String> {
        let hash = self.fs.read(&self.download_file(path, version, "ziphash")).ok()?;
        Some(String::from_utf8_lossy(&hash).trim().to_owned())
    }

    pub(super) fn must_have_sums(&self) -> bool {
        self.mode == ModMode::Readonly && self.work.is_none() && !self.mains.is_empty()
    }

    pub(super) fn download_file(&self, path: &str, version: &str, extension: &str) -> PathBuf {
        let name = format!("cache/download/{}/@v/{}.{extension}", path::escape(path), path::escape(version));
        self.mod_cache.join(name)
    }

    /// Reads the go.mod of a required module.
    pub(super) fn mod_file(&self, required: &str, version: &str) -> Result<ModFile, ModFileError> {
        let (path, version) = match self.replacement(required, version) {
            Some((base, replace)) if replace.new_version.is_empty() => {
                let file = fs::clean(&base.join(&replace.new_path)).join("go.mod");
                return self.parse_dependency(&file, &self.read_dependency(&file)?);
            }
            Some((_, replace)) => (replace.new_path.as_str(), replace.new_version.as_str()),
            None => (required, version),
        };
        let file = self.checked_mod_file(path, version).map_err(ModFileError::Other)?;
        if !self.fs.is_file(&file) {
            return Err(ModFileError::Other(format!(
                "{path}@{version}: go.mod is not in the module cache; to add it:\n\tgo mod download {path}@{version}"
            )));
        }
        let text = self.read_dependency(&file)?;
        let hash = dirhash::of_mod_file(&text);
        if let Err(message) = self.check_hash(path, &format!("{version}/go.mod"), &hash) {
            let mut mismatch = self.mismatch.lock().unwrap();
            if mismatch.as_ref().is_none_or(|known| message < *known) {
                *mismatch = Some(message.clone());
            }
            return Err(ModFileError::Other(message));
        }
        let parsed = self.parse_dependency(&file, &text)?;
        let declared = &parsed.module;
        if !parsed.has_module {
            return Err(ModFileError::Other(format!("{path}@{version}: parsing go.mod: missing module line")));
        }
        if declared != required && declared != path {
            return Err(ModFileError::Other(format!(
                "{path}@{version}: parsing go.mod:\n\tmodule declares its path as: {declared}\n\
                 \t        but was required as: {required}"
            )));
        }
        Ok(parsed)
    }

    /// A go.mod that is not the one that go.sum knows stops everything.
    pub fn mismatch(&self) -> Option<String> {
        self.mismatch.lock().unwrap().clone()
    }

    fn read_dependency(&self, file: &Path) -> Result<Arc<[u8]>, ModFileError> {
        self.fs.read(file).map_err(|error| {
            let short = path::short(file, &self.work_dir);
            ModFileError::Reading(match error.kind() {
                std::io::ErrorKind::NotFound => {
                    format!("reading {short}: open {}: no such file or directory", file.display())
                }
                _ => format!("reading {short}: read {}: {}", file.display(), fs::cause(&error)),
            })
        })
    }

    fn parse_dependency(&self, file: &Path, text: &[u8]) -> Result<ModFile, ModFileError> {
        let short = path::short(file, &self.work_dir);
        let parsed = modfile::parse(&short, &String::from_utf8_lossy(text), Kind::Dependency);
        parsed.map_err(|errors| ModFileError::Reading(format!("parsing {short}: {}", errors.join("\n"))))
    }

    /// A module with its replacement.
    pub(super) fn shown_module(&self, path: &str, version: &str) -> String {
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
    pub(super) fn shown_source(&self, path: &str, version: &str) -> String {
        match self.replacement(path, version) {
            Some((_, replace)) if replace.new_version.is_empty() => format!("module {}", replace.new_path),
            Some((_, replace)) => format!("{}@{}", replace.new_path, replace.new_version),
            None => format!("{path}@{version}"),
        }
    }

    pub(super) fn checked_mod_file(&self, path: &str, version: &str) -> Result<PathBuf, String> {
        if self.must_have_sums()
            && let Some(message) = &self.malformed_sum
        {
            return Err(message.clone());
        }
        if self.must_have_sums() && !self.go_sum.contains(&format!("{path} {version}/go.mod")) {
            return Err(format!(
                "{path}@{version}: missing go.sum entry for go.mod file; to add it:\n\tgo mod download {path}"
            ));
        }
        Ok(self.download_file(path, version, "mod"))
    }

    /// A main or required module, as the graph shows it.
    pub(super) fn module(&self, path: &str, version: &str) -> Result<Arc<Module>, String> {
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
            let replacement = self.replacement(path, version).map(|(_, replace)| replace);
            let replacement = replacement.map(|replace| (replace.new_path.clone(), replace.new_version.clone()));
            let sum = match &replacement {
                None => self.unpacked_hash(path, version),
                Some((_, version)) if version.is_empty() => None,
                Some((path, version)) => self.unpacked_hash(path, version),
            };
            let (path, version, sum) = (path.to_owned(), version.to_owned(), sum.unwrap_or_default());
            Ok(Arc::new(Module { path, version, dir, lang, go: file.go, is_main: false, replacement, sum }))
        };
        let module: Result<Arc<Module>, String> = read();
        self.known.lock().unwrap().insert(key, module.clone());
        module
    }
}
