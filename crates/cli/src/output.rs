//! What the modules are called, by the rules of `go build`, and how they come to be there.

use crate::failure::Failure;
use crate::options::BuildMode;
use driver::{Inputs, PackageReport};
use load::fs::cause;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A module to write.
#[derive(Debug, PartialEq, Eq)]
pub struct Output {
    pub import_path: String,
    pub path: PathBuf,
}

/// What is written there need not be written.
pub const NULL_DEVICE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Which modules a build of `named` packages writes, and where. `output` is `-o`.
///
/// Without `-o`, a single main package gives one module in the working directory, and anything else is only checked.
/// A directory as `-o` takes every main package's module, a file exactly one.
pub fn outputs(named: &[&PackageReport], inputs: &Inputs, output: Option<&OsStr>) -> Result<Vec<Output>, Failure> {
    let mains: Vec<&&PackageReport> = named.iter().filter(|package| package.name == "main").collect();
    let to = |package: &PackageReport, path: PathBuf| Output { import_path: package.import_path.clone(), path };
    let fatal = |message: String| Err(Failure::Fatal(message));
    let Some(output) = output.filter(|output| !output.is_empty()) else {
        let ([_], [main]) = (named, &mains[..]) else { return Ok(Vec::new()) };
        let name = default_name(main, inputs);
        if Path::new(&name).is_dir() {
            return fatal(format!("build output \"{name}\" already exists and is a directory"));
        }
        return Ok(vec![to(main, name.into())]);
    };
    if output == NULL_DEVICE {
        return Ok(Vec::new());
    }
    let path = Path::new(output);
    let output = output.to_string_lossy();
    if output.ends_with(['/', std::path::MAIN_SEPARATOR]) || path.is_dir() {
        if mains.is_empty() {
            return fatal("no main packages to build".to_owned());
        }
        return Ok(mains.into_iter().map(|main| to(main, path.join(default_name(main, inputs)))).collect());
    }
    match (named, &mains[..]) {
        ([_], [main]) => Ok(vec![to(main, path.to_owned())]),
        ([package], []) => {
            fatal(format!("-o {output}: package {} is not a main package, so there is no module", package.import_path))
        }
        _ => fatal(format!("cannot write multiple packages to non-directory {output}")),
    }
}

/// Writes modules: aside, and when all are there, in their places, so that nobody ever finds half of one, or some of
/// them beside an error. A device stays a device, a link is replaced. Missing directories are made. What is there already must be empty or a program, of any kind that
/// `go build` knows: nobody wants a module in the place of a source.
pub fn write<'o>(modules: impl Iterator<Item = (&'o Output, &'o [u8])>, kind: BuildMode) -> Result<(), Failure> {
    let cannot =
        |path: &Path, error: io::Error| Failure::Fatal(format!("cannot write {}: {}", path.display(), cause(&error)));
    let mut aside = Vec::new();
    for (output, module) in modules {
        let path = output.path.as_path();
        let exists = |what| Failure::Fatal(format!("build output \"{}\" already exists and is {what}", path.display()));
        match path.metadata() {
            Ok(meta) if meta.is_dir() => return Err(exists("a directory")),
            Ok(meta) if !meta.is_file() => write_device(path, module).map_err(|error| cannot(path, error))?,
            Ok(meta) if meta.len() > 0 && !is_object(path) => return Err(exists("not an object file")),
            _ => aside.push((path, write_aside(path, module, kind).map_err(|error| cannot(path, error))?)),
        }
    }
    for (path, file) in aside {
        file.persist(path).map_err(|error| cannot(path, error.error))?;
    }
    Ok(())
}

fn write_device(path: &Path, module: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.write_all(module)
}

/// Into the directory where the file will be. It is removed again unless it is put in its place.
fn write_aside(path: &Path, module: &[u8], kind: BuildMode) -> io::Result<NamedTempFile> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !dir.exists() {
        std::fs::create_dir_all(dir)?;
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gossamer-");
    #[cfg(unix)]
    builder.permissions(permissions(kind));
    #[cfg(not(unix))]
    let _ = kind;
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(module)?;
    Ok(file)
}

/// As `go build` leaves its output: the umask takes away from these when the file is made.
#[cfg(unix)]
fn permissions(kind: BuildMode) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(match kind {
        BuildMode::Exe => 0o777,
        BuildMode::CShared => 0o666,
    })
}

/// Whether the file begins as programs, libraries and archives do that `go build` might have written.
fn is_object(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(8).read_to_end(&mut start));
    read.is_ok() && OBJECT_MAGIC.iter().any(|magic| start.starts_with(magic))
}

const OBJECT_MAGIC: [&[u8]; 15] = [
    b"\0asm",
    b"\x7fELF",
    b"!<arch>\n",
    b"<bigaf>\n",
    &[0xfe, 0xed, 0xfa, 0xce], // Mach-O
    &[0xfe, 0xed, 0xfa, 0xcf],
    &[0xce, 0xfa, 0xed, 0xfe],
    &[0xcf, 0xfa, 0xed, 0xfe],
    b"MZ\x90\0\x03\0", // Windows
    b"MZ\x78\0\x01\0",
    &[0, 0, 0x01, 0xeb], // Plan 9
    &[0, 0, 0x8a, 0x97],
    &[0, 0, 0x06, 0x47],
    &[0x01, 0xdf], // XCOFF
    &[0x01, 0xf7],
];

/// The last element of the import path that is no major version, or the first file's stem.
pub fn default_name(package: &PackageReport, inputs: &Inputs) -> String {
    if package.import_path == "command-line-arguments" {
        let first = match inputs {
            Inputs::Files(files) => files.first().map(PathBuf::as_path),
            Inputs::Patterns(patterns) => patterns.first().map(Path::new),
            Inputs::Packages(_) => None,
        };
        let stem = first.and_then(Path::file_stem);
        return stem.map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    }
    let mut elements = package.import_path.rsplit('/');
    let last = elements.next().unwrap_or_default();
    match elements.next() {
        Some(before) if is_major_version(last) => before.to_owned(),
        _ => last.to_owned(),
    }
}

/// `v2`, `v10`; not `v1`, `v0`, `v02`.
fn is_major_version(element: &str) -> bool {
    let Some(digits) = element.strip_prefix('v') else { return false };
    let all_digits = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    all_digits && !digits.starts_with('0') && digits != "1"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(import_path: &str, name: &str) -> PackageReport {
        PackageReport {
            import_path: import_path.to_owned(),
            name: name.to_owned(),
            dir: PathBuf::new(),
            named: true,
            imports: Vec::new(),
            lang: base::LangVersion::go1(26),
            file_versions: Default::default(),
            diagnostics: Vec::new(),
        }
    }

    fn paths(packages: &[PackageReport], inputs: &Inputs, output: Option<&str>) -> Result<Vec<String>, String> {
        let named: Vec<&PackageReport> = packages.iter().collect();
        match outputs(&named, inputs, output.map(OsStr::new)) {
            Ok(outputs) => Ok(outputs.iter().map(|output| output.path.display().to_string()).collect()),
            Err(Failure::Fatal(message)) => Err(message),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_are_those_of_go_build() {
        let patterns = Inputs::Patterns(Vec::new());
        let name = |path: &str| paths(&[package(path, "main")], &patterns, None).unwrap()[0].clone();
        assert_eq!(name("example/sam"), "sam");
        assert_eq!(name("example.com/foo/v2"), "foo");
        assert_eq!(name("example.com/foo/v1"), "v1");
        assert_eq!(name("v2"), "v2");
        let files = Inputs::Files(vec!["cmd/ed.go".into(), "cmd/rx.go".into()]);
        assert_eq!(paths(&[package("command-line-arguments", "main")], &files, None).unwrap(), ["ed"]);
    }

    #[test]
    fn several_packages_need_a_directory() {
        let patterns = Inputs::Patterns(Vec::new());
        let packages = [package("x/a", "main"), package("x/b", "main"), package("x/c", "c")];
        assert!(paths(&packages, &patterns, None).unwrap().is_empty());
        assert_eq!(paths(&packages, &patterns, Some("out/")).unwrap(), ["out/a", "out/b"]);
        assert!(paths(&packages, &patterns, Some("/dev/null")).unwrap().is_empty());
        let message = "cannot write multiple packages to non-directory out.wasm";
        assert_eq!(paths(&packages, &patterns, Some("out.wasm")).unwrap_err(), message);
        assert_eq!(paths(&packages[2..], &patterns, Some("out/")).unwrap_err(), "no main packages to build");
        assert!(paths(&packages[2..], &patterns, Some("/dev/null")).unwrap().is_empty());
        assert!(paths(&packages[2..], &patterns, Some("x")).unwrap_err().contains("x/c is not a main package"));
    }

    #[test]
    fn only_programs_and_empty_files_are_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/dir/out");
        let output = Output { import_path: "m".to_owned(), path: path.clone() };
        let module: &[u8] = b"\0asm";
        let write =
            |mode| super::write([(&output, module)].into_iter(), mode).map_err(|failure| format!("{failure:?}"));
        write(BuildMode::Exe).unwrap();
        for start in OBJECT_MAGIC.iter().chain(&[&b""[..]]) {
            std::fs::write(&path, start).unwrap();
            write(BuildMode::Exe).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"\0asm");
        }
        for text in ["package main\n", "\0as", "M"] {
            std::fs::write(&path, text).unwrap();
            let message = write(BuildMode::Exe).unwrap_err();
            assert!(message.ends_with("already exists and is not an object file\")"), "{message}");
            assert_eq!(std::fs::read(&path).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn several_are_written_or_none() {
        let dir = tempfile::tempdir().unwrap();
        let output = |name: &str| Output { import_path: "m".to_owned(), path: dir.path().join(name) };
        std::fs::write(dir.path().join("b"), "text").unwrap();
        let (a, b) = (output("a"), output("b"));
        assert!(write([(&a, &b"\0asm"[..]), (&b, b"\0asm")].into_iter(), BuildMode::Exe).is_err());
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["b"]);
    }

    #[cfg(unix)]
    #[test]
    fn the_umask_decides_about_modes() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        let written = |build_mode, name: &str| {
            let output = Output { import_path: "m".to_owned(), path: dir.path().join(name) };
            write([(&output, &b"\0asm"[..])].into_iter(), build_mode).unwrap();
            mode(&output.path)
        };
        let plain = dir.path().join("plain");
        std::fs::write(&plain, "").unwrap();
        assert_eq!(written(BuildMode::CShared, "library"), mode(&plain));
        let program = written(BuildMode::Exe, "program");
        assert_eq!((program & 0o666, program & 0o100), (mode(&plain), 0o100));
    }
}
