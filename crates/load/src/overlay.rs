//! Sources that the toolchain brings along and that take the place of the SDK's: the runtime above all.
//!
//! `overlay.toml` lists every replacement with its reason and the Go versions it was checked against:
//!
//! ```toml
//! [[package]]                  # the whole package: none of the SDK's files is read
//! path = "runtime"
//! go = ["1.26", "1.27"]
//! reason = "goroutines, memory and maps are ours"
//!
//! [[file]]                     # one file, replaced or added, in a package that is otherwise the SDK's
//! package = "internal/poll"
//! name = "fd_gossamer.go"
//! go = ["1.26", "1.27"]
//! reason = "…"
//!
//! [[function]]                 # some functions: a file declares them, the SDK's declarations do not count
//! package = "reflect"
//! names = ["MakeFunc", "Value.call"]
//! name = "makefunc_gossamer.go"
//! go = ["1.26", "1.27"]
//! reason = "…"
//! ```
//!
//! The sources lie beside it in folders named after the packages (`runtime/…`). Build constraints hold in them as in
//! any package. A replaced package keeps the directory it would have in the SDK, `$GOROOT/src/runtime`: that is where
//! traces show it and what the rules for `internal` go by. An entry that does not list the SDK's version is an error,
//! never silently out of force.

use crate::fs::{DirEntry, FileKind, FileSystem, MemoryFileSystem};
use crate::version::GoVersion;
use base::LangVersion;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// The overlay that this binary carries: the folder `runtime` of the project.
pub fn embedded() -> &'static Overlay {
    static EMBEDDED: LazyLock<Overlay> = LazyLock::new(|| {
        let sources: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/overlay_sources.rs"));
        Overlay::parse(include_str!("../../../runtime/overlay.toml"), sources.iter().copied())
            .unwrap_or_else(|message| panic!("load::overlay::embedded: {message}"))
    });
    &EMBEDDED
}

/// The parsed list with its sources.
#[derive(Default)]
pub struct Overlay {
    entries: BTreeMap<String, PackageOverlay>,
    /// Rooted at `/`: `/runtime/a.go`.
    sources: MemoryFileSystem,
}

/// What happens to one package.
#[derive(Clone, Debug, Default)]
pub struct PackageOverlay {
    /// Whether the SDK's files are left out.
    pub whole: bool,
    /// Files that are replaced or added, unless `whole`.
    pub files: Vec<String>,
    /// Functions and methods (`F`, `T.M`) that `files` declare anew.
    pub functions: Vec<String>,
    pub reasons: Vec<String>,
    /// Versions that every entry of the package was checked against.
    pub go: Vec<LangVersion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlayToml {
    #[serde(default)]
    package: Vec<PackageEntry>,
    #[serde(default)]
    file: Vec<FileEntry>,
    #[serde(default)]
    function: Vec<FunctionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageEntry {
    path: String,
    go: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    package: String,
    name: String,
    go: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FunctionEntry {
    package: String,
    names: Vec<String>,
    name: String,
    go: Vec<String>,
    reason: String,
}

impl Overlay {
    /// `list` is the text of overlay.toml; `sources` its files, by `package/name.go`.
    pub fn parse<'s>(list: &str, sources: impl IntoIterator<Item = (&'s str, &'s [u8])>) -> Result<Overlay, String> {
        let parsed: OverlayToml = toml::from_str(list).map_err(|error| format!("overlay.toml: {error}"))?;
        let mut overlay = Overlay::default();
        for (path, text) in sources {
            overlay.sources.add(Path::new("/").join(path), text);
        }
        for PackageEntry { path, go, reason } in parsed.package {
            overlay.enter(&path, &go, reason)?.whole = true;
            if overlay.sources.read_dir(&Path::new("/").join(&path)).is_err() {
                return Err(format!("overlay.toml: package {path} has no sources"));
            }
        }
        let functions = parsed.function.into_iter().map(|entry| {
            (entry.names, FileEntry { package: entry.package, name: entry.name, go: entry.go, reason: entry.reason })
        });
        let files = parsed.file.into_iter().map(|entry| (Vec::new(), entry));
        for (functions, FileEntry { package, name, go, reason }) in files.chain(functions) {
            let path = Path::new("/").join(&package).join(&name);
            if overlay.sources.read(&path).is_err() {
                return Err(format!("overlay.toml: {package}/{name} has no source"));
            }
            let entry = overlay.enter(&package, &go, reason)?;
            if entry.whole {
                return Err(format!("overlay.toml: {package} is replaced as a whole already"));
            }
            entry.files.push(name);
            entry.functions.extend(functions);
        }
        Ok(overlay)
    }

    fn enter(&mut self, path: &str, go: &[String], reason: String) -> Result<&mut PackageOverlay, String> {
        if reason.trim().is_empty() {
            return Err(format!("overlay.toml: {path} has no reason"));
        }
        let go: Option<Vec<LangVersion>> = go.iter().map(|text| GoVersion::parse(text).map(GoVersion::lang)).collect();
        let go =
            go.filter(|go| !go.is_empty()).ok_or_else(|| format!("overlay.toml: {path}: bad list of Go versions"))?;
        let entry = self.entries.entry(path.to_owned()).or_default();
        if entry.whole {
            return Err(format!("overlay.toml: {path} is listed twice"));
        }
        if entry.reasons.is_empty() {
            entry.go = go;
        } else {
            entry.go.retain(|version| go.contains(version));
        }
        entry.reasons.push(reason);
        Ok(entry)
    }

    /// What happens to a package of std, and why; for `gossamer env` and the like.
    pub fn package(&self, import_path: &str) -> Option<&PackageOverlay> {
        self.entries.get(import_path)
    }

    pub fn packages(&self) -> impl Iterator<Item = (&str, &PackageOverlay)> {
        self.entries.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// Entries that were never checked against this version of Go.
    pub fn unchecked(&self, version: LangVersion) -> Vec<&str> {
        self.packages().filter(|(_, entry)| !entry.go.contains(&version)).map(|(path, _)| path).collect()
    }

    pub(crate) fn source_names(&self, import_path: &str) -> Vec<String> {
        let dir = Path::new("/").join(import_path);
        let entries = self.sources.read_dir(&dir).unwrap_or_default();
        entries.into_iter().filter(|entry| entry.kind == FileKind::File).map(|entry| entry.name).collect()
    }
}

/// The SDK with an overlay in place: `$GOROOT/src` reads as if the replacements had been written there.
pub(crate) struct OverlaidSdk<'a> {
    pub below: &'a dyn FileSystem,
    pub overlay: &'a Overlay,
    pub goroot_src: PathBuf,
}

impl OverlaidSdk<'_> {
    /// The overlay's entry for a directory, and the directory's import path.
    fn entry(&self, dir: &Path) -> Option<(&PackageOverlay, String)> {
        let import_path = dir.strip_prefix(&self.goroot_src).ok()?.to_str()?.replace('\\', "/");
        Some((self.overlay.entries.get(&import_path)?, import_path))
    }
}

impl FileSystem for OverlaidSdk<'_> {
    fn actual(&self, path: &Path) -> PathBuf {
        self.below.actual(path)
    }

    fn read(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        if let (Some(dir), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str()))
            && let Some((entry, import_path)) = self.entry(dir)
            && (entry.whole || entry.files.iter().any(|file| file == name))
        {
            return self.overlay.sources.read(&Path::new("/").join(import_path).join(name));
        }
        self.below.read(path)
    }

    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let Some((entry, import_path)) = self.entry(path) else { return self.below.read_dir(path) };
        // Folders stay (internal/runtime lies below internal); of a replaced package the SDK's files go.
        let lower = self.below.read_dir(path).unwrap_or_default();
        let mut entries: BTreeMap<String, FileKind> = lower
            .into_iter()
            .filter(|lower| !entry.whole || lower.kind == FileKind::Dir)
            .map(|lower| (lower.name, lower.kind))
            .collect();
        let ours = if entry.whole { self.overlay.source_names(&import_path) } else { entry.files.clone() };
        entries.extend(ours.into_iter().map(|name| (name, FileKind::File)));
        Ok(entries.into_iter().map(|(name, kind)| DirEntry::new(name, kind)).collect())
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        match self.entry(path) {
            Some(_) => Ok(FileKind::Dir),
            None => self.below.kind(path),
        }
    }

    fn link_kind(&self, path: &Path) -> io::Result<FileKind> {
        match self.entry(path) {
            Some(_) => Ok(FileKind::Dir),
            None => self.below.link_kind(path),
        }
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.below.canonicalize(path).or_else(|error| self.entry(path).map(|_| path.to_owned()).ok_or(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: &[(&str, &[u8])] = &[("runtime/a.go", b"package runtime"), ("os/b.go", b"package os")];

    fn parse(list: &str) -> Result<Overlay, String> {
        Overlay::parse(list, SOURCES.iter().copied())
    }

    #[test]
    fn every_source_that_is_shipped_is_listed() {
        let overlay = embedded();
        for path in overlay.sources.paths() {
            let (package, name) = path.strip_prefix('/').unwrap().rsplit_once('/').unwrap();
            let entry = overlay.package(package).unwrap_or_else(|| panic!("{package} is not in overlay.toml"));
            assert!(
                entry.whole || entry.files.iter().any(|file| file == name),
                "{package}/{name} is not in overlay.toml"
            );
        }
    }

    #[test]
    fn lists_are_checked() {
        for (list, message) in [
            ("[[package]]\npath='os/x'\ngo=['1.26']\nreason='r'", "package os/x has no sources"),
            ("[[package]]\npath='runtime'\ngo=[]\nreason='r'", "runtime: bad list of Go versions"),
            ("[[package]]\npath='runtime'\ngo=['1.26']\nreason=' '", "runtime has no reason"),
            ("[[file]]\npackage='os'\nname='c.go'\ngo=['1.26']\nreason='r'", "os/c.go has no source"),
        ] {
            assert_eq!(parse(list).err().unwrap(), format!("overlay.toml: {message}"));
        }
    }

    #[test]
    fn the_sdk_reads_as_replaced() {
        let overlay = parse(
            "[[package]]\npath='runtime'\ngo=['1.26','1.27']\nreason='ours'\n\
             [[function]]\npackage='os'\nname='b.go'\nnames=['F','T.M']\ngo=['1.26']\nreason='host'",
        )
        .unwrap();
        assert_eq!(overlay.unchecked(LangVersion::go1(27)), ["os"]);
        let mut sdk = MemoryFileSystem::new();
        sdk.add("/r/src/runtime/proc.go", "package runtime");
        sdk.add("/r/src/runtime/debug/d.go", "package debug");
        sdk.add("/r/src/os/a.go", "package os");
        let view = OverlaidSdk { below: &sdk, overlay: &overlay, goroot_src: "/r/src".into() };
        let names = |dir: &str| view.read_dir(Path::new(dir)).unwrap().into_iter().map(|e| e.name).collect::<Vec<_>>();
        assert_eq!(names("/r/src/runtime"), ["a.go", "debug"]);
        assert_eq!(names("/r/src/runtime/debug"), ["d.go"]);
        assert_eq!(names("/r/src/os"), ["a.go", "b.go"]);
        assert_eq!(overlay.package("os").unwrap().functions, ["F", "T.M"]);
    }
}
