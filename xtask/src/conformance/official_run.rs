//! Which programs of `GOROOT/test` Go's own port builds and runs: `cargo xtask official --run`.
//!
//! `tests/conformance/official-run.txt` has the tests that it does not pass, with the reason: what needs threads, other
//! processes, cgo, the race detector, another architecture. They are no question for us. All others count.
//!
//! wasip1 programs run in Node's WASI first, for speed; what does not pass there is judged in wasmtime.

use super::hosts::Hosts;
use super::official::Toolchain;
use super::program::{Compiler, Kind, Sources, Test, judge};
use super::{Job, Suite, Verdict, pool, release, run_suite};
use driver::Goos as Os;
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Cranelift takes a while over the largest programs of Go's compiler.
const SECONDS: u64 = 240;

/// The committed failures.
#[derive(Default)]
pub struct OfficialRun {
    failures: BTreeMap<(String, String), String>,
}

impl OfficialRun {
    /// No failures if there is no file.
    pub fn read() -> OfficialRun {
        let text = std::fs::read_to_string(path()).unwrap_or_default();
        let mut failures = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((test, reason)) = line.split_once(": ") else { continue };
            let Some((os, name)) = test.split_once(' ') else { continue };
            failures.insert((os.to_owned(), name.to_owned()), reason.to_owned());
        }
        OfficialRun { failures }
    }

    /// Why Go's own port fails a test.
    pub fn failure(&self, os: Os, name: &str) -> Option<&str> {
        self.failures.get(&(os.name().to_owned(), name.to_owned())).map(String::as_str)
    }
}

fn path() -> PathBuf {
    crate::project_root().join("tests/conformance/official-run.txt")
}

/// With a filter, the verdicts of all other tests stay.
pub fn official_run(goroot: &Path, targets: &[Os], filter: Option<&Regex>) -> Result<(), String> {
    let header = format!(
        "# Programs of GOROOT/test that Go's own port does not pass: `cargo xtask official --run`, {}.\n",
        release(goroot)
    );
    let mut failures = OfficialRun::read().failures;
    for &os in targets {
        let job = |name| Job {
            suite: Suite::Run,
            name,
            os: os.name().to_owned(),
            goroot: goroot.to_owned(),
            seconds: SECONDS,
            official: true,
        };
        let wants = |name: &String| filter.is_none_or(|filter| filter.is_match(name));
        let jobs: Vec<Job> = run_suite::names(goroot, os).into_iter().filter(wants).map(job).collect();
        let kinds: BTreeMap<String, Option<Kind>> =
            jobs.iter().map(|job| (job.result_name(), run_suite::kind_of(goroot, os, &job.name))).collect();
        let verdicts = pool::run(jobs, true);
        failures.retain(|(of, name), _| of != os.name() || !wants(name));
        for ((_, name), verdict) in &verdicts {
            if let (Verdict::Fail(reason), Some((_, name))) = (verdict, name.split_once('/')) {
                let reason = reason.lines().next().unwrap_or_default().to_owned();
                failures.insert((os.name().to_owned(), name.to_owned()), reason);
            }
        }
        let count = |kind, passes: bool| {
            let of_kind = verdicts.iter().filter(|((_, name), _)| kinds.get(name) == Some(&Some(kind)));
            of_kind.filter(|(_, verdict)| !passes || **verdict == Verdict::Pass).count()
        };
        println!(
            "{}: {} of {} programs run, {} of {} packages build",
            os.name(),
            count(Kind::Runs, true),
            count(Kind::Runs, false),
            count(Kind::Builds, true),
            count(Kind::Builds, false)
        );
    }
    let mut text = header;
    for ((os, name), reason) in &failures {
        let _ = writeln!(text, "{os} {name}: {reason}");
    }
    std::fs::write(path(), text).map_err(|error| format!("{}: {error}", path().display()))
}

/// The verdict of the first host that a test passes in, or of the last.
pub fn judge_official(port: &Port, test: &Test, hosts: &[&Hosts]) -> Result<(), String> {
    let mut verdict = Ok(());
    for host in hosts {
        verdict = judge(test, port, host);
        if verdict.is_ok() || Kind::of(&test.recipe.action) == Some(Kind::Builds) {
            break;
        }
    }
    verdict
}

/// Go's own compiler and linker.
pub struct Port {
    toolchain: Toolchain,
}

impl Port {
    /// Its files lie in `work`.
    pub fn new(goroot: &Path, os: Os, work: &Path) -> Result<Port, String> {
        Ok(Port { toolchain: Toolchain::new(goroot, os, work)? })
    }
}

impl Compiler for Port {
    fn build(&self, sources: &Sources, test: &Test, work: &Path) -> Result<Option<Vec<u8>>, String> {
        let module = work.join("a.wasm");
        let output = format!("-o={}", module.display());
        let go = |dir: &Path, args: &[String]| -> Result<(), String> {
            match self.toolchain.run_with(dir, args, &test.recipe.experiment) {
                (true, _) => Ok(()),
                (false, text) => Err(format!("build: {}", first_complaint(&text, work))),
            }
        };
        let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let paths = |files: &[PathBuf]| files.iter().map(|file| file.display().to_string()).collect::<Vec<String>>();
        match sources {
            Sources::Files(files) => {
                let flags = [strings(&["build", &output]), test.recipe.flags.clone(), paths(files)];
                go(&test.goroot.join("test"), &flags.concat())?;
            }
            Sources::Module(root) => {
                let flags = [strings(&["build", &output]), test.recipe.flags.clone(), strings(&["."])];
                go(root, &flags.concat())?;
            }
            Sources::Package(file) => {
                let importcfg = self.toolchain.write_importcfg(work, &[])?;
                let fixed = strings(&["tool", "compile", "-e", "-p=p", "-o=p.a", "-importcfg"]);
                let rest = [vec![importcfg.display().to_string()], test.recipe.flags.clone()].concat();
                go(work, &[fixed, rest, paths(std::slice::from_ref(file))].concat())?;
                return Ok(None);
            }
            Sources::Packages(packages) => {
                let importcfg = self.toolchain.write_importcfg(work, packages)?.display().to_string();
                std::fs::create_dir_all(work.join("test")).map_err(|error| error.to_string())?;
                let is_ldflags = |flag: &String| flag == "-ldflags";
                let mut halves = test.recipe.flags.splitn(2, is_ldflags);
                let compiler_flags = halves.next().unwrap_or_default();
                let linker_flags = halves.next().unwrap_or_default();
                for package in packages {
                    let path = &package.import_path;
                    let object = format!("{path}.a");
                    let fixed =
                        ["tool", "compile", "-e", "-D", "test", "-importcfg", &importcfg, "-o", &object, "-p", path];
                    go(work, &[strings(&fixed), compiler_flags.to_vec(), paths(&package.files)].concat())?;
                }
                if packages.last().is_none_or(|package| package.import_path != "main") {
                    return Ok(None);
                }
                let fixed = strings(&["tool", "link", "-s", "-w", &output, "-importcfg", &importcfg]);
                go(work, &[fixed, linker_flags.to_vec(), strings(&["main.a"])].concat())?;
            }
        }
        // A package that is no program leaves an archive, or nothing.
        let bytes = std::fs::read(&module).unwrap_or_default();
        Ok(bytes.starts_with(b"\0asm").then_some(bytes))
    }
}

/// The first line of a compiler's output that is no heading.
fn first_complaint(text: &str, work: &Path) -> String {
    let line = text.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty()).unwrap_or_default();
    line.replace(&format!("{}/", work.display()), "")
}
