//! Which programs of `GOROOT/test` Go's own port builds and runs: `cargo xtask official --run`.
//!
//! `tests/conformance/official-run.txt` has the tests that it does not pass, with the reason: what needs threads, other
//! processes, cgo, the race detector, another architecture. They are no question for us. All others count.
//!
//! wasip1 programs run in Node's WASI first, for speed; what does not pass there is judged in wasmtime.

use super::hosts::Hosts;
use super::official::Toolchain;
use super::program::{Compiler, Kind, Sources, Test, judge};
use super::recipe::recipe;
use super::release;
use super::scratch::Scratch;
use super::test_suite::names;
use driver::Goos as Os;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const TIME_LIMIT: Duration = Duration::from_secs(120);

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

pub fn official_run(goroot: &Path, targets: &[Os]) -> Result<(), String> {
    let mut header = format!(
        "# Programs of GOROOT/test that Go's own port does not pass: `cargo xtask official --run`, {}.\n",
        release(goroot)
    );
    let mut failures = OfficialRun::read().failures;
    let names = names(goroot);
    for &os in targets {
        let verdicts = judge_all(goroot, os, &names)?;
        failures.retain(|(of, _), _| of != os.name());
        for (name, (_, verdict)) in &verdicts {
            if let Err(reason) = verdict {
                let reason = reason.lines().next().unwrap_or_default().to_owned();
                failures.insert((os.name().to_owned(), name.clone()), reason);
            }
        }
        let count = |kind, passes: bool| {
            verdicts.values().filter(|(of, verdict)| *of == kind && (!passes || verdict.is_ok())).count()
        };
        let _ = writeln!(
            header,
            "# {}: {} of {} programs run, {} of {} packages build.",
            os.name(),
            count(Kind::Runs, true),
            count(Kind::Runs, false),
            count(Kind::Builds, true),
            count(Kind::Builds, false)
        );
    }
    print!("{header}");
    let mut text = header;
    for ((os, name), reason) in &failures {
        let _ = writeln!(text, "{os} {name}: {reason}");
    }
    std::fs::write(path(), text).map_err(|error| format!("{}: {error}", path().display()))
}

type Verdicts = BTreeMap<String, (Kind, Result<(), String>)>;

fn judge_all(goroot: &Path, os: Os, names: &[String]) -> Result<Verdicts, String> {
    let work = Scratch::new()?;
    let port = Port { toolchain: Toolchain::new(goroot, os, work.path())? };
    let mut hosts = Vec::new();
    if os == Os::Wasip1 {
        hosts.push(Hosts::node_wasi(TIME_LIMIT)?);
    }
    hosts.push(Hosts::new(os, goroot, TIME_LIMIT)?);
    let verdicts = Mutex::new(Verdicts::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(verdict) = judge_one(goroot, os, name, &port, &hosts) else { continue };
                    verdicts.lock().expect("no thread panics with the verdicts").insert(name.clone(), verdict);
                }
            });
        }
    });
    Ok(verdicts.into_inner().expect("all threads have ended"))
}

/// `None`: not a program for this target.
fn judge_one(goroot: &Path, os: Os, name: &str, port: &Port, hosts: &[Hosts]) -> Option<(Kind, Result<(), String>)> {
    let source = std::fs::read(goroot.join("test").join(name)).ok()?;
    let recipe = recipe(&String::from_utf8_lossy(&source), os).ok()??;
    let kind = Kind::of(&recipe.action)?;
    let test = Test { goroot, name, recipe: &recipe };
    let mut verdict = Ok(());
    for host in hosts {
        verdict = judge(&test, port, host);
        if verdict.is_ok() || kind == Kind::Builds {
            break;
        }
    }
    Some((kind, verdict))
}

/// Go's own compiler and linker.
struct Port<'a> {
    toolchain: Toolchain<'a>,
}

impl Compiler for Port<'_> {
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
                    let fixed = ["tool", "compile", "-e", "-D", "test", "-importcfg", &importcfg, "-o", &object, "-p", path];
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
