//! What traces show as files: full paths, or what `-trimpath` leaves of them.
//!
//! gc's rule for `-trimpath`: the directory of a package becomes its import path, that of a package in a module with a
//! version the module's path, `@`, the version, and the rest; that of files named one by one is `.`. Names in line
//! directives hold as they are, and an empty one is `??`.

use base::{Pos, SourceMap};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) struct TracePositions<'a> {
    sources: &'a SourceMap,
    /// With `-trimpath`, what each directory becomes.
    trimmed: Option<FxHashMap<PathBuf, String>>,
    /// Relative paths begin here.
    dir: PathBuf,
}

impl<'a> TracePositions<'a> {
    pub fn new(sources: &'a SourceMap, dir: &Path) -> TracePositions<'a> {
        TracePositions { sources, trimmed: None, dir: dir.to_owned() }
    }

    /// As `-trimpath` wants it; `packages` are the import paths and directories of all packages.
    pub fn trimmed<'p>(mut self, packages: impl Iterator<Item = (&'p str, &'p Path)>) -> TracePositions<'a> {
        let trimmed = packages.map(|(import_path, dir)| (self.dir.join(dir), trimmed_dir(import_path, dir)));
        self.trimmed = Some(trimmed.collect());
        self
    }

    fn shown(&self, path: &Path) -> Arc<str> {
        let path = self.dir.join(path);
        let trimmed = self.trimmed.as_ref().and_then(|dirs| Some((dirs.get(path.parent()?)?, path.file_name()?)));
        match trimmed {
            Some((dir, name)) => format!("{dir}/{}", name.to_string_lossy()).into(),
            None => path.to_string_lossy().into(),
        }
    }
}

impl codegen::Positions for TracePositions<'_> {
    fn file_line(&self, pos: Pos) -> Option<(Arc<str>, u32)> {
        let file = self.sources.file(self.sources.file_of(pos));
        let location = self.sources.location(pos);
        let shown = match &*location.file {
            _ if Arc::ptr_eq(&location.file, &file.shown) => self.shown(&file.path),
            "" => "??".into(),
            _ => location.file,
        };
        Some((shown, location.line))
    }
}

fn trimmed_dir(import_path: &str, dir: &Path) -> String {
    let dir = dir.to_string_lossy();
    match dir.split_once("/pkg/mod/") {
        Some((_, cached)) if cached.contains('@') => unescaped(cached),
        _ if import_path == "command-line-arguments" => ".".to_owned(),
        _ => import_path.to_owned(),
    }
}

/// The module cache writes capital letters as `!` and the small letter.
fn unescaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut chars = path.chars();
    while let Some(char) = chars.next() {
        match char {
            '!' => text.extend(chars.next().map(|char| char.to_ascii_uppercase())),
            char => text.push(char),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use codegen::Positions;

    #[test]
    fn trimmed_paths_begin_with_packages() {
        let mut sources = SourceMap::new();
        let mut add = |path: &str| {
            let id = sources.add(Path::new(path), "shown", Arc::from(&b"\n\n"[..])).unwrap();
            sources.file(id).pos(1)
        };
        let (std, own, cached) = (add("/go/src/fmt/print.go"), add("x.go"), add("/h/pkg/mod/a.b/!c@v1.2.3/d/e.go"));
        let packages =
            [("fmt", "/go/src/fmt"), ("command-line-arguments", "/w"), ("a.b/C/d", "/h/pkg/mod/a.b/!c@v1.2.3/d")];
        let full = TracePositions::new(&sources, Path::new("/w"));
        assert_eq!(full.file_line(own), Some(("/w/x.go".into(), 2)));
        let trimmed = full.trimmed(packages.iter().map(|&(path, dir)| (path, Path::new(dir))));
        assert_eq!(trimmed.file_line(std), Some(("fmt/print.go".into(), 2)));
        assert_eq!(trimmed.file_line(own), Some(("./x.go".into(), 2)));
        assert_eq!(trimmed.file_line(cached), Some(("a.b/C@v1.2.3/d/e.go".into(), 2)));
    }
}
