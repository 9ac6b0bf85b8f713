//! What the modules are called, by the rules of `go build`, and how they come to be there.

use crate::failure::Failure;
use driver::{Inputs, PackageReport};
use load::fs::cause;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A module to write.
#[derive(Debug, PartialEq, Eq)]
pub struct Output {
    pub import_path: String,
    pub path: PathBuf,
}

/// Which modules a build of `named` packages writes, and where. `output` is `-o`.
///
/// Without `-o`, a single main package gives one module in the working directory, and anything else is only checked.
/// A directory as `-o` takes every main package's module, a file exactly one.
pub fn outputs(named: &[&PackageReport], inputs: &Inputs, output: Option<&str>) -> Result<Vec<Output>, Failure> {
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
    let path = Path::new(output);
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
        _ if output == "/dev/null" => Ok(Vec::new()),
        _ => fatal(format!("cannot write multiple packages to non-directory {output}")),
    }
}

/// Writes a module: aside, and then in its place, so that nobody ever finds half of one. A device stays a device.
pub fn write(path: &Path, module: &[u8]) -> Result<(), Failure> {
    let is_special = path.metadata().is_ok_and(|meta| !meta.is_file());
    let written = if is_special { write_device(path, module) } else { write_aside(path, module) };
    written.map_err(|error| Failure::Fatal(format!("cannot write {}: {}", path.display(), cause(&error))))
}

fn write_device(path: &Path, module: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.write_all(module)
}

fn write_aside(path: &Path, module: &[u8]) -> io::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A file that may not be written is not to be replaced either.
    if path.exists() {
        OpenOptions::new().write(true).open(path)?;
    }
    let mut file = tempfile::Builder::new().prefix(".gossamer-").tempfile_in(dir)?;
    file.write_all(module)?;
    make_executable(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// As the linker leaves its output, as far as the umask allows.
#[cfg(unix)]
fn make_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_file: &File) -> io::Result<()> {
    Ok(())
}

/// The last element of the import path that is no major version, or the first file's stem.
pub fn default_name(package: &PackageReport, inputs: &Inputs) -> String {
    if let Inputs::Files(files) = inputs {
        let first = files.first().and_then(|file| file.file_stem());
        return first.map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
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
        match outputs(&named, inputs, output) {
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
        assert!(paths(&packages[2..], &patterns, Some("x")).unwrap_err().contains("x/c is not a main package"));
    }
}
