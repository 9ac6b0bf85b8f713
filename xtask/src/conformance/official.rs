//! Which tests Go's own toolchain passes.
//!
//! `cargo xtask official` runs `go tool compile` over the `errorcheck` tests as Go's test driver does, judges the output
//! with the code that judges ours, and writes the verdicts to `tests/conformance/official.txt`. A test that the official
//! compiler fails is no question for us; and that it passes so many says that the judge is right. For the tests that
//! build programs and run them see [`official_run`](super::official_run).

use super::errorcheck::{error_check, split_output};
use super::recipe::{Recipe, recipe};
use super::scratch::Scratch;
use super::test_suite::{names, packages_of};
use super::{find_goroot, release};
use driver::{Goos as Os, LoosePackage};
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The committed verdicts: why a test fails, `None` if it passes.
pub struct Official {
    verdicts: BTreeMap<String, Option<String>>,
}

impl Official {
    pub fn failure(&self, name: &str) -> Option<&str> {
        self.verdicts.get(name)?.as_deref()
    }
}

fn verdicts_path() -> PathBuf {
    crate::project_root().join("tests/conformance/official.txt")
}

/// No verdicts if there is no file.
pub fn read() -> Official {
    let text = std::fs::read_to_string(verdicts_path()).unwrap_or_default();
    let mut verdicts = BTreeMap::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("pass ") {
            verdicts.insert(name.to_owned(), None);
        } else if let Some((name, reason)) = line.strip_prefix("fail ").and_then(|line| line.split_once(": ")) {
            verdicts.insert(name.to_owned(), Some(reason.to_owned()));
        }
    }
    Official { verdicts }
}

pub fn official(args: &[String]) -> Result<(), String> {
    let mut os = None;
    let mut goroot = find_goroot();
    let mut run = false;
    let mut filter = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--run" {
            run = true;
            continue;
        }
        let value = args.next().ok_or(format!("{arg} needs a value"))?;
        match arg.as_str() {
            "--goroot" => goroot = Some(PathBuf::from(value)),
            "--filter" => filter = Some(Regex::new(value).map_err(|error| error.to_string())?),
            "--goos" => os = Some(Os::from_name(value).ok_or(format!("no target {value}"))?),
            _ => return Err(format!("official: unknown argument {arg}\n{}", crate::USAGE)),
        }
    }
    let goroot = goroot.ok_or("official: no Go SDK found: set GOROOT or pass --goroot")?;
    if run {
        return super::official_run::official_run(
            &goroot,
            &os.map_or(Os::ALL.to_vec(), |os| vec![os]),
            filter.as_ref(),
        );
    }
    let os = os.unwrap_or(Os::Wasip1);
    let work = Scratch::new()?;
    let toolchain = Toolchain::new(&goroot, os, work.path())?;

    let names = names(&goroot);
    let verdicts = Mutex::new(BTreeMap::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(verdict) = toolchain.judge(name) {
                        verdicts.lock().expect("no thread panics with the verdicts").insert(name.clone(), verdict);
                    }
                }
            });
        }
    });
    let verdicts = verdicts.into_inner().expect("all threads have ended");
    let passed = verdicts.values().filter(|verdict| verdict.is_ok()).count();
    let ours = verdicts.iter().filter(|(name, verdict)| verdict.is_ok() && toolchain.is_for_us(name)).count();
    let mut text = format!(
        "# Verdicts of `cargo xtask official`: {} for {}/wasm on the errorcheck tests of GOROOT/test.\n# {passed} of {} \
         pass; {ours} of them expect no optimiser remarks and no experiment.\n",
        release(&goroot),
        os.name(),
        verdicts.len()
    );
    for (name, verdict) in &verdicts {
        let _ = match verdict {
            Ok(()) => writeln!(text, "pass {name}"),
            Err(reason) => writeln!(text, "fail {name}: {}", reason.lines().next().unwrap_or_default()),
        };
    }
    println!("{passed} of {} pass, {ours} of them are for a checker to judge", verdicts.len());
    std::fs::write(verdicts_path(), text).map_err(|error| format!("{}: {error}", verdicts_path().display()))
}

pub struct Toolchain {
    goroot: PathBuf,
    os: Os,
    work: PathBuf,
    /// `packagefile` lines for the standard library.
    importcfg: String,
}

impl Toolchain {
    pub fn new(goroot: &Path, os: Os, work: &Path) -> Result<Toolchain, String> {
        let mut toolchain =
            Toolchain { goroot: goroot.to_owned(), os, work: work.to_owned(), importcfg: String::new() };
        let format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
        let (ok, output) = toolchain.run(work, &["list", "-export", "-f", format, "std"]);
        if !ok {
            return Err(format!("go list: {output}"));
        }
        toolchain.importcfg = output;
        Ok(toolchain)
    }

    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, dir: &Path, args: &[S]) -> (bool, String) {
        self.run_with(dir, args, "")
    }

    /// Whether it succeeded, and what it printed.
    pub fn run_with<S: AsRef<std::ffi::OsStr>>(&self, dir: &Path, args: &[S], experiment: &str) -> (bool, String) {
        let mut command = Command::new(self.goroot.join("bin/go"));
        command.args(args).current_dir(dir).env("GOENV", "off").env("GOFLAGS", "").env("GOROOT", &self.goroot);
        command.env("GOOS", self.os.name()).env("GOARCH", "wasm").env("GOTOOLCHAIN", "local");
        command.env("GOEXPERIMENT", experiment);
        match command.output() {
            Ok(output) => {
                let text = [output.stdout, output.stderr].concat();
                (output.status.success(), String::from_utf8_lossy(&text).into_owned())
            }
            Err(error) => (false, error.to_string()),
        }
    }

    /// Whether the test suite judges it in full, rather than exclude it.
    fn is_for_us(&self, name: &str) -> bool {
        let source = std::fs::read(self.goroot.join("test").join(name)).unwrap_or_default();
        recipe(&String::from_utf8_lossy(&source), self.os).is_ok_and(|found| {
            found.is_some_and(|found| found.optimiser_remarks().is_none() && found.experiment.is_empty())
        })
    }

    /// `None`: not an errorcheck test for this target.
    fn judge(&self, name: &str) -> Option<Result<(), String>> {
        let path = self.goroot.join("test").join(name);
        let source = std::fs::read(&path).ok()?;
        let recipe = recipe(&String::from_utf8_lossy(&source), self.os).ok()??;
        let work = self.work.join(name.replace('/', "-"));
        if matches!(recipe.action.as_str(), "errorcheck" | "errorcheckdir" | "errorcheckandrundir") {
            let made = std::fs::create_dir_all(work.join("test")).map_err(|error| error.to_string());
            let judged = made.and_then(|()| match recipe.action.as_str() {
                "errorcheck" => self.judge_file(&recipe, &path, &work),
                _ => self.judge_dir(&recipe, &path.with_extension("dir"), &work),
            });
            return Some(judged);
        }
        None
    }

    fn judge_file(&self, recipe: &Recipe, path: &Path, work: &Path) -> Result<(), String> {
        let mut args: Vec<String> = ["tool", "compile", "-p=p", "-d=panic", "-C", "-e"].map(str::to_owned).to_vec();
        args.push(format!("-importcfg={}", self.write_importcfg(work, &[])?.display()));
        args.extend(["-o".to_owned(), "a.o".to_owned()]);
        let debug = recipe.flags.iter().position(|flag| flag.starts_with("-d="));
        args.extend(recipe.flags.iter().enumerate().map(|(index, flag)| match debug {
            Some(debug) if debug == index => format!("{flag},ssa/check/on"),
            _ => flag.clone(),
        }));
        if debug.is_none() {
            args.push("-d=ssa/check/on".to_owned());
        }
        args.push(path.display().to_string());
        let (ok, output) = self.run_with(work, &args, &recipe.experiment);
        expect(recipe.want_error, ok, &output)?;
        error_check(&[path], split_output(&without_dir(&output, path.parent())), recipe.want_auto)
    }

    fn judge_dir(&self, recipe: &Recipe, dir: &Path, work: &Path) -> Result<(), String> {
        let packages = packages_of(dir, recipe.single_file_packages)?;
        let importcfg = self.write_importcfg(work, &packages)?;
        let runs = recipe.action == "errorcheckandrundir" && recipe.want_error;
        let failing = packages.len().checked_sub(if runs { 2 } else { 1 });
        for (index, package) in packages.iter().enumerate() {
            let mut args: Vec<String> = ["tool", "compile", "-e", "-D", "test"].map(str::to_owned).to_vec();
            args.push(format!("-importcfg={}", importcfg.display()));
            if package.import_path == "main" {
                args.push("-p=main".to_owned());
            } else {
                let path = &package.import_path;
                args.extend(["-o".to_owned(), format!("{path}.a"), "-p".to_owned(), path.clone()]);
            }
            args.extend(recipe.flags.iter().cloned());
            args.push("-d=panic".to_owned());
            args.extend(package.files.iter().map(|file| file.display().to_string()));
            let (ok, output) = self.run(work, &args);
            expect(recipe.want_error && Some(index) == failing, ok, &output)?;
            let files: Vec<&Path> = package.files.iter().map(PathBuf::as_path).collect();
            error_check(&files, split_output(&without_dir(&output, Some(dir))), recipe.want_auto)?;
        }
        Ok(())
    }

    pub fn write_importcfg(&self, work: &Path, packages: &[LoosePackage]) -> Result<PathBuf, String> {
        let mut text = self.importcfg.clone();
        for package in packages {
            let _ = writeln!(text, "packagefile {0}={1}/{0}.a", package.import_path, work.display());
        }
        let path = work.join("importcfg");
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
        Ok(path)
    }
}

fn expect(want_error: bool, ok: bool, output: &str) -> Result<(), String> {
    match (want_error, ok) {
        (true, true) => Err("compilation succeeded unexpectedly".to_owned()),
        (false, false) => Err(format!("compilation failed: {}", output.lines().next().unwrap_or_default())),
        _ => Ok(()),
    }
}

/// Messages name files within messages too; those patterns are written for base names.
fn without_dir(output: &str, dir: Option<&Path>) -> String {
    dir.map_or(output.to_owned(), |dir| output.replace(&format!("{}/", dir.display()), ""))
}
