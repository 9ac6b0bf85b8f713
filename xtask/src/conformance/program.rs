//! Tests that build programs, and mostly run them: the rules of `cmd/internal/testdir` for every action but
//! `errorcheck`'s and `asmcheck`'s, for any compiler.
//!
//! A compiler is a function from [`Sources`] to a module ([`Compiler`]): ours, or Go's own, which shows what the tests
//! can ask for on these targets. What a test does with the module is the same for both: it runs, must exit with 0, and
//! must have written what the `.out` file next to the test holds, to standard output and error together; nothing, if
//! there is no such file.
//!
//! Why a test failed is a text. Its first line says it all, and says the same on each run and on each machine.

use super::hosts::{Hosts, Ran};
use super::recipe::Recipe;
use super::scratch::{Scratch, copy_tree};
use super::test_suite::packages_of;
use driver::LoosePackage;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    Runs,
    /// It builds, and that is all.
    Builds,
}

impl Kind {
    /// `None`: the action is about messages or about instructions.
    pub fn of(action: &str) -> Option<Kind> {
        match action {
            "run" | "buildrun" | "runoutput" | "rundir" | "runindir" | "buildrundir" | "errorcheckandrundir" => {
                Some(Kind::Runs)
            }
            "compile" | "compiledir" | "build" | "builddir" => Some(Kind::Builds),
            _ => None,
        }
    }
}

pub struct Test<'a> {
    pub goroot: &'a Path,
    /// `fixedbugs/bug000.go`
    pub name: &'a str,
    pub recipe: &'a Recipe,
}

/// What is compiled.
pub enum Sources {
    /// Go files named on a command line.
    Files(Vec<PathBuf>),
    /// One file that is a package, a program or not.
    Package(PathBuf),
    /// Packages that import each other by `./name`. The last one is the program, if there is one.
    Packages(Vec<LoosePackage>),
    /// The package in the root of a module.
    Module(PathBuf),
}

pub trait Compiler {
    /// The module, `None` if the package is no program. Files may be left in `work`.
    fn build(&self, sources: &Sources, test: &Test, work: &Path) -> Result<Option<Vec<u8>>, String>;
}

/// `Err`: why it does not pass, the reason in the first line.
pub fn judge(test: &Test, compiler: &dyn Compiler, hosts: &Hosts) -> Result<(), String> {
    let work = Scratch::new()?;
    let root = test.goroot.join("test");
    let path = root.join(test.name);
    let build = |sources: &Sources| compiler.build(sources, test, work.path());
    match test.recipe.action.as_str() {
        "compile" => build(&Sources::Package(path)).map(drop),
        "compiledir" => build(&Sources::Packages(packages(test)?)).map(drop),
        "build" => build(&Sources::Files(vec![path])).map(drop),
        "builddir" => build(&Sources::Module(module(test, work.path())?)).map(drop),
        "run" => {
            // `go run` takes arguments that end in .go, up to the first that does not, as further files.
            let is_file = |arg: &&String| arg.ends_with(".go");
            let mut files = vec![path.clone()];
            files.extend(test.recipe.args.iter().take_while(is_file).map(|arg| path.with_file_name(arg)));
            let args = &test.recipe.args[files.len() - 1..];
            let module = program(build(&Sources::Files(files))?)?;
            expect_output(test, &run(test, hosts, &module, args, &root)?)
        }
        "buildrun" => {
            let module = program(build(&Sources::Files(vec![path]))?)?;
            expect_output(test, &run(test, hosts, &module, &test.recipe.args, work.path())?)
        }
        "runoutput" => {
            let more = test.recipe.args.iter().map(|arg| path.with_file_name(arg));
            let files = [path.clone()].into_iter().chain(more).collect();
            let generator = program(build(&Sources::Files(files))?)?;
            let source = run(test, hosts, &generator, &[], &root)?;
            let file = work.path().join("tmp__.go");
            std::fs::write(&file, source).map_err(|error| format!("{}: {error}", file.display()))?;
            let module = program(build(&Sources::Files(vec![file]))?)?;
            expect_output(test, &run(test, hosts, &module, &[], &root)?)
        }
        "rundir" | "errorcheckandrundir" => {
            let mut packages = packages(test)?;
            if test.recipe.want_error {
                // The package before the last is there to fail.
                packages.remove(packages.len().saturating_sub(2));
            }
            let module = program(build(&Sources::Packages(packages))?)?;
            expect_output(test, &run(test, hosts, &module, &test.recipe.args, work.path())?)
        }
        "runindir" | "buildrundir" => {
            let root = module(test, work.path())?;
            let module = program(build(&Sources::Module(root.clone()))?)?;
            expect_output(test, &run(test, hosts, &module, &[], &root)?)
        }
        action => Err(format!("no rule for the action {action}")),
    }
}

fn program(module: Option<Vec<u8>>) -> Result<Vec<u8>, String> {
    module.ok_or_else(|| "build: no program came of it".to_owned())
}

fn packages(test: &Test) -> Result<Vec<LoosePackage>, String> {
    let dir = test.goroot.join("test").join(test.name).with_extension("dir");
    packages_of(&dir, test.recipe.single_file_packages)
}

/// A copy of the test's directory, as a module of its own.
fn module(test: &Test, work: &Path) -> Result<PathBuf, String> {
    let dir = test.goroot.join("test").join(test.name).with_extension("dir");
    let name = dir.file_name().unwrap_or_default();
    let root = work.join(name);
    copy_tree(&dir, &root).map_err(|error| format!("{}: {error}", dir.display()))?;
    let version = test.recipe.module_version.as_deref().unwrap_or("1.14");
    std::fs::write(root.join("go.mod"), format!("module {}\ngo {version}\n", name.display()))
        .map_err(|error| format!("go.mod: {error}"))?;
    Ok(root)
}

/// What the program wrote, if it ended well.
fn run(test: &Test, hosts: &Hosts, module: &[u8], args: &[String], dir: &Path) -> Result<Vec<u8>, String> {
    let stem = Path::new(test.name).file_stem().unwrap_or_default();
    let name = format!("{}.wasm", stem.display());
    match hosts.run(module, &name, args, test.recipe.godebug.as_deref(), dir)? {
        Ran::Well(output) => Ok(output),
        Ran::Badly { reason, output } => {
            let output = String::from_utf8_lossy(&output);
            let said = telling_line(&output);
            Err(format!("{reason}{}{said}\n{output}", if said.is_empty() { "" } else { ": " }))
        }
    }
}

/// The line that tells most about a failure.
fn telling_line(output: &str) -> &str {
    let is_fatal = |line: &&str| ["panic: ", "fatal error: "].iter().any(|prefix| line.starts_with(prefix));
    let first = || output.lines().find(|line| !line.trim().is_empty());
    output.lines().find(is_fatal).or_else(first).unwrap_or_default().trim()
}

fn expect_output(test: &Test, output: &[u8]) -> Result<(), String> {
    let file = test.goroot.join("test").join(test.name).with_extension("out");
    let expected = match std::fs::read(&file) {
        Ok(expected) => expected,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(format!("{}: {error}", file.display())),
    };
    let got = String::from_utf8_lossy(output).replace("\r\n", "\n");
    let expected = String::from_utf8_lossy(&expected).into_owned();
    if got == expected {
        return Ok(());
    }
    let (mut got_lines, mut expected_lines) = (got.lines(), expected.lines());
    for number in 1.. {
        match (got_lines.next(), expected_lines.next()) {
            (Some(got_line), Some(expected_line)) if got_line == expected_line => {}
            (None, None) => break,
            (got_line, expected_line) => {
                let quoted = |line: Option<&str>| line.map_or("the end".to_owned(), |line| format!("{line:?}"));
                let (got_line, expected_line) = (quoted(got_line), quoted(expected_line));
                return Err(format!("output: line {number} is {got_line}, want {expected_line}\n{got}"));
            }
        }
    }
    Err("output: differs in the last line's end".to_owned())
}
