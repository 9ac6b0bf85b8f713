//! One directory of source files becomes one package: which files belong to the build, what the package is called,
//! what it imports, and what is wrong with it.
//!
//! Names decide first, so that nothing is opened that cannot belong; then each remaining file is read once, its
//! constraint evaluated and its header scanned, in parallel. The text stays for the parser.

use crate::constraint;
use crate::context::BuildContext;
use crate::fs::{self, DirEntry, FileKind, FileSystem};
use crate::header::{self, Header};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) struct ScannedFile {
    pub name: String,
    pub path: PathBuf,
    pub text: Arc<[u8]>,
    pub header: Header,
    /// N of the `go1.N` that the file's `//go:build` line implies.
    pub go_minor: Option<u16>,
}

#[derive(Default)]
pub(crate) struct ScannedPackage {
    pub dir: PathBuf,
    pub name: String,
    /// Sorted by name.
    pub files: Vec<ScannedFile>,
    /// `.go` files that constraints or their names exclude.
    pub ignored_go_files: Vec<String>,
    /// Test files that are for this build; in mode `Build`, test files at all.
    pub has_test_files: bool,
    pub asm_files: Vec<String>,
    /// Refused: they need cgo. (C sources too, but without cgo `go` passes over them in silence.)
    pub fortran_files: Vec<String>,
    /// `.syso`
    pub object_files: Vec<String>,
    pub error: Option<ScanError>,
}

#[derive(Clone, Debug)]
pub(crate) enum ScanError {
    /// No file is left; the message depends on what was left out.
    NoGoFiles,
    /// Within a file.
    At { file: PathBuf, line: u32, column: u32, message: String },
    /// About the package as a whole.
    Plain(String),
}

impl ScannedPackage {
    /// What `go` says of a directory without files for this build.
    pub fn no_go_files_message(&self) -> String {
        let dir = self.dir.display();
        if !self.ignored_go_files.is_empty() {
            format!("build constraints exclude all Go files in {dir}")
        } else if self.has_test_files {
            format!("no non-test Go files in {dir}")
        } else {
            format!("no Go files in {dir}")
        }
    }
}

/// How to read a directory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanMode {
    /// Files that constraints allow; test files are passed over by name.
    Build,
    /// As `Build`, but the headers of test files are looked at too, because a mistake in them stops `go build`.
    BuildWithTests,
    /// Files named on the command line: no constraint counts.
    Named,
}

enum Read {
    Ignored,
    Source(ScannedFile),
    /// Belongs, but only for its constraint.
    Matched,
    Failed(ScanError, Option<ScannedFile>),
}

pub(crate) fn scan_package(
    fs: &dyn FileSystem,
    ctx: &BuildContext,
    dir: &Path,
    entries: &[DirEntry],
    mode: ScanMode,
) -> ScannedPackage {
    let mut package = ScannedPackage { dir: dir.to_owned(), ..ScannedPackage::default() };
    let mut candidates: Vec<(&str, Kind)> = Vec::new();
    for entry in entries {
        let name = entry.name.as_str();
        if matches!(entry.kind, FileKind::Dir) || name.starts_with(['_', '.']) {
            continue;
        }
        let Some(kind) = kind_of(name) else { continue };
        if kind == Kind::Test && mode == ScanMode::Build {
            package.has_test_files = true;
            continue;
        }
        if entry.kind == FileKind::Symlink && fs.is_dir(&dir.join(name)) {
            continue;
        }
        if mode != ScanMode::Named && !ctx.matches_file_name(name) {
            if kind == Kind::Go || kind == Kind::Test {
                package.ignored_go_files.push(name.to_owned());
            }
            continue;
        }
        if entry.raw.is_some() {
            let file = dir.join(entry.file_name());
            let message = format!("{file:?}: names of source files must be UTF-8");
            package.error.get_or_insert(ScanError::Plain(message));
            continue;
        }
        candidates.push((name, kind));
    }
    let read_one = |&(name, kind): &(&str, Kind)| read_file(fs, ctx, dir, name, kind, mode);
    // A task per file pays off only where there are several.
    let read: Vec<Read> = if candidates.len() > 2 {
        candidates.par_iter().with_min_len(2).map(read_one).collect()
    } else {
        candidates.iter().map(read_one).collect()
    };
    for ((name, kind), read) in candidates.into_iter().zip(read) {
        collect(&mut package, name, kind, read);
    }
    if package.error.is_none() && package.files.is_empty() {
        package.error = Some(ScanError::NoGoFiles);
    }
    package
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Go,
    Test,
    Asm,
    Fortran,
    Object,
}

fn kind_of(name: &str) -> Option<Kind> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "go" if name.ends_with("_test.go") => Kind::Test,
        "go" => Kind::Go,
        "s" => Kind::Asm,
        "syso" => Kind::Object,
        "f" | "F" | "for" | "f90" => Kind::Fortran,
        _ => return None,
    })
}

fn read_file(fs: &dyn FileSystem, ctx: &BuildContext, dir: &Path, name: &str, kind: Kind, mode: ScanMode) -> Read {
    let path = dir.join(name);
    if kind == Kind::Object {
        return Read::Matched;
    }
    let text = match fs.read(&path) {
        Ok(text) => text,
        Err(error) => return Read::Failed(ScanError::Plain(open_message(&fs.actual(&path), &error)), None),
    };
    let constraint = match constraint::of_file(&text) {
        Ok(constraint) => constraint,
        Err(_) if matches!(kind, Kind::Asm | Kind::Fortran) => return Read::Ignored,
        Err(message) => return Read::Failed(ScanError::Plain(format!("{name}: {message}")), None),
    };
    if mode != ScanMode::Named && !constraint.exprs.iter().all(|expr| ctx.matches(expr)) {
        return Read::Ignored;
    }
    if matches!(kind, Kind::Asm | Kind::Fortran) {
        return Read::Matched;
    }
    let header = header::scan(&text);
    let go_build = constraint.exprs.first().filter(|_| constraint.is_go_build);
    let go_minor = go_build.and_then(|expr| expr.min_go_minor());
    let is_utf16 = header.error.as_ref().is_some_and(|error| error.message.contains("UTF-16"));
    if header.has_nul && !is_utf16 {
        let message = format!("read {}: unexpected NUL in input", path.display());
        return Read::Failed(ScanError::Plain(message), None);
    }
    let error = header.error.as_ref().map(|error| {
        let (line, column) = line_column(&text, error.offset);
        if error.message.starts_with("invalid import path: ") {
            // The one mistake that `go` finds after parsing; it comes with the whole path, and counts as the importer's.
            return ScanError::Plain(format!("{}:{line}:{column}: {}", path.display(), error.message));
        }
        ScanError::At { file: path.clone(), line, column, message: error.message.clone() }
    });
    let file = ScannedFile { name: name.to_owned(), path, text, header, go_minor };
    match error {
        Some(error) => Read::Failed(error, Some(file)),
        None => Read::Source(file),
    }
}

fn collect(package: &mut ScannedPackage, name: &str, kind: Kind, read: Read) {
    let file = match read {
        Read::Ignored => {
            if matches!(kind, Kind::Go | Kind::Test) {
                package.ignored_go_files.push(name.to_owned());
            }
            return;
        }
        Read::Matched => {
            match kind {
                Kind::Asm => package.asm_files.push(name.to_owned()),
                Kind::Fortran => package.fortran_files.push(name.to_owned()),
                Kind::Object => package.object_files.push(name.to_owned()),
                Kind::Go | Kind::Test => unreachable!("scan::collect: a Go file without a header"),
            }
            return;
        }
        Read::Failed(error, file) => {
            package.error.get_or_insert(error);
            let Some(file) = file else { return };
            file
        }
        Read::Source(file) => file,
    };
    let clause = file.header.package.as_str();
    if clause == "documentation" || file.header.imports.iter().any(|import| import.path == "C") {
        // spec of the go command: `package documentation` is never built; neither is cgo, which wasm does not have
        package.ignored_go_files.push(name.to_owned());
        return;
    }
    let mut clause = clause.to_owned();
    if kind == Kind::Test
        && clause != package.name
        && let Some(stem) = clause.strip_suffix("_test")
    {
        clause = stem.to_owned();
    }
    if package.name.is_empty() {
        package.name = clause;
    } else if clause != package.name && package.error.is_none() {
        let first = package.files.first().map_or(name, |first| first.name.as_str());
        package.error = Some(ScanError::Plain(format!(
            "found packages {} ({first}) and {clause} ({name}) in {}",
            package.name,
            package.dir.display()
        )));
    }
    if kind == Kind::Go {
        package.files.push(file);
    } else {
        package.has_test_files = true;
    }
}

fn open_message(path: &Path, error: &std::io::Error) -> String {
    format!("open {}: {}", path.display(), fs::cause(error))
}

/// Line and byte column of an offset, both from 1.
pub(crate) fn line_column(text: &[u8], offset: usize) -> (u32, u32) {
    let before = &text[..offset.min(text.len())];
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    (line as u32, (before.len() - start) as u32 + 1)
}
