//! Runs each program of `tests/run` on both hosts and compares what it does with what it does under Go's own toolchain.
//!
//! A program is a file, or a folder with a module; beside it lies `name.out`, written by `cargo xtask run-expectations`
//! from the official toolchain, and perhaps `name.in`, its standard input. Lines at the head of the (main) file say how
//! to run it, see [`program`]. `tests/run/expectations.txt` lists what does not pass yet, as `name host reason`; what is
//! listed and passes is an error too, so the list only shrinks.
//!
//! Two programs run at a time, each in a fresh directory. `RUN=name` or `RUN=name/js` picks one; `BLESS=1` rewrites the
//! list. Programs for js are skipped without a Node that is new enough (`npm ci --prefix tests/node` installs one).

#![allow(clippy::disallowed_methods)] // tests read files and run programs

mod expectations;
mod outcome;
mod program;
mod toolchain;

use expectations::Expectations;
use outcome::difference;
use program::{Host, Program};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use toolchain::{Machine, Toolchain};

/// What hosts say of an overflow, which is for us to find. Programs that do not pass yet may not end so either.
const OVERFLOWS: &[&str] = &["call stack exhausted", "Maximum call stack size exceeded"];

/// Programs at a time.
const WORKERS: usize = 2;

#[test]
fn programs() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/run").canonicalize().unwrap();
    let programs = Program::read_all(&dir);
    let Some(machine) = Machine::find() else { return };
    let wanted = std::env::var("RUN").unwrap_or_default();
    let is_wanted = |program: &Program, host: Host| {
        wanted.is_empty() || wanted == program.name || wanted == format!("{}/{}", program.name, host.name())
    };
    match std::env::var("RUN_EXPECTATIONS").as_deref() {
        Err(_) => judge(&dir, &programs, &machine, is_wanted),
        Ok("write") => write_expectations(&programs, &machine, is_wanted),
        Ok(name) => {
            let host = Host::from_name(name).unwrap_or_else(|| panic!("RUN_EXPECTATIONS={name}: no such host"));
            check_expectations(&programs, &machine, host, is_wanted);
        }
    }
}

/// The test proper.
fn judge(dir: &Path, programs: &[Program], machine: &Machine, is_wanted: impl Fn(&Program, Host) -> bool) {
    let jobs = jobs(programs, machine, &[Host::Wasip1, Host::Js], is_wanted);
    let traps = Mutex::new(Vec::new());
    let results = run_all(&jobs, |program, host| {
        let actual = toolchain::run(machine, Toolchain::Ours, program, host);
        if OVERFLOWS.iter().any(|words| actual.contains(words)) {
            traps.lock().unwrap().push(format!("{} {}", program.name, host.name()));
        }
        difference(&program.expected(host), &actual)
    });
    let traps = traps.into_inner().unwrap();
    assert!(traps.is_empty(), "the host's stack was not large enough, and it said so: {}", traps.join(", "));
    let path = dir.join("expectations.txt");
    let expectations = Expectations::read(&path);
    if testing::is_blessing() {
        expectations.with_results(&results).write(&path);
        return;
    }
    let problems = expectations.judge(&results);
    let passed = results.values().filter(|difference| difference.is_none()).count();
    println!("{passed} of {} pass", results.len());
    assert!(problems.is_empty(), "\n{problems}");
}

/// Writes what the official toolchain makes of each program.
fn write_expectations(programs: &[Program], machine: &Machine, is_wanted: impl Fn(&Program, Host) -> bool) {
    let mut jobs: Vec<(&Program, Host)> = Vec::new();
    for program in programs {
        let hosts = std::iter::once(program.official).chain(program.differs.iter().copied());
        jobs.extend(hosts.filter(|&host| is_wanted(program, host)).map(|host| (program, host)));
    }
    run_all(&jobs, |program, host| {
        let text = toolchain::run(machine, Toolchain::Official, program, host);
        std::fs::write(program.expectation(host), text).unwrap();
        None
    });
}

/// Compares the official toolchain for `host` with what was written down, which need not come from that host.
fn check_expectations(programs: &[Program], machine: &Machine, host: Host, is_wanted: impl Fn(&Program, Host) -> bool) {
    let jobs = jobs(programs, machine, &[host], is_wanted);
    let results = run_all(&jobs, |program, host| {
        let actual = toolchain::run(machine, Toolchain::Official, program, host);
        difference(&program.expected(host), &actual)
    });
    let problems = Expectations::default().judge(&results);
    assert!(problems.is_empty(), "\n{problems}");
}

fn jobs<'a>(
    programs: &'a [Program],
    machine: &Machine,
    hosts: &[Host],
    is_wanted: impl Fn(&Program, Host) -> bool,
) -> Vec<(&'a Program, Host)> {
    let mut skipped = 0;
    let mut jobs = Vec::new();
    for program in programs {
        for &host in hosts.iter().filter(|&&host| program.runs_on(host) && is_wanted(program, host)) {
            if machine.node.is_none() && program.needs_node(host) {
                skipped += 1;
            } else {
                jobs.push((program, host));
            }
        }
    }
    if skipped > 0 {
        println!("skipped: {skipped} programs for Node, which `npm ci --prefix tests/node` installs");
    }
    jobs
}

type Results = BTreeMap<(String, Host), Option<String>>;

/// Runs `job` for each, on a few threads. It says what is wrong.
fn run_all(jobs: &[(&Program, Host)], job: impl Fn(&Program, Host) -> Option<String> + Sync) -> Results {
    let results = Mutex::new(Results::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(&(program, host)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = job(program, host);
                    results.lock().unwrap().insert((program.name.clone(), host), result);
                }
            });
        }
    });
    results.into_inner().unwrap()
}

/// A directory that goes away with its value.
struct WorkDir(PathBuf);

impl WorkDir {
    fn new(name: &str, host: Host) -> WorkDir {
        let dir = std::env::temp_dir().join(format!("gossamer-run-{}-{name}-{}", std::process::id(), host.name()));
        std::fs::create_dir_all(&dir).unwrap();
        WorkDir(dir.canonicalize().unwrap())
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // in a temporary directory: no harm if it stays
    }
}
