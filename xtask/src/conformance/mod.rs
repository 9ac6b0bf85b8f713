//! `cargo xtask conformance`: Go's own tests, judged as Go's own drivers judge them.
//!
//! - [`test_suite`]: `GOROOT/test`, by the rules of `cmd/internal/testdir`. `errorcheck` tests are judged in full;
//!   programs that Go compiles or runs are checked only, which must give no error.
//! - [`run_suite`]: those programs, compiled and run, by the same rules ([`program`]), in wasmtime or Node ([`hosts`]).
//! - [`types_suite`]: `internal/types/testdata`, by the rules of types2's `check_test.go`.
//! - [`std_suite`]: the standard library, which must type-check for each target.
//!
//! Two worker processes ([`worker`], [`pool`]) take one test at a time, under a limit of memory and of time; a test
//! that kills its worker fails alone. One file holds every test that does not pass, with the reason
//! ([`expectations`]); a worse result fails the run, and so does a better one that is not recorded.

pub mod errorcheck;
pub mod expectations;
pub mod go_regex;
pub mod gossamer;
pub mod hosts;
pub mod official;
pub mod official_run;
pub mod pool;
pub mod program;
pub mod reason;
pub mod recipe;
pub mod run_suite;
pub mod scratch;
pub mod std_suite;
pub mod test_suite;
pub mod types_suite;
pub mod worker;

use driver::{CheckConfig, Goos as Os, Inputs, ModuleConfig, Rules};
use expectations::Expectations;
use load::fs::OsFileSystem;
use load::sdk::{self, Found, SdkSearch};
use program::Kind;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Suite {
    Types,
    Test,
    Run,
    StdCheck,
}

impl Suite {
    pub const ALL: [Suite; 4] = [Suite::Types, Suite::Test, Suite::Run, Suite::StdCheck];

    pub fn name(self) -> &'static str {
        match self {
            Suite::Types => "types",
            Suite::Test => "test",
            Suite::Run => "run",
            Suite::StdCheck => "std-check",
        }
    }
}

/// One request to a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    pub suite: Suite,
    /// `fixedbugs/bug000.go`, relative to the suite's directory.
    pub name: String,
    /// GOOS.
    pub os: String,
    pub goroot: PathBuf,
    /// After which there is no more waiting.
    pub seconds: u64,
    /// Judge Go's own port rather than us.
    pub official: bool,
}

impl Job {
    /// What a result of this job alone is called.
    pub fn result_name(&self) -> String {
        match self.suite {
            Suite::Types | Suite::Test => self.name.clone(),
            Suite::Run | Suite::StdCheck => format!("{}/{}", self.os, self.name),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Verdict {
    Pass,
    /// Go compiles or runs this; we found no error in it, which is less than a pass.
    Checked,
    /// Not a question for us, and why.
    Excluded(String),
    Fail(String),
}

/// A job's results: mostly one, by the job's own name.
pub type Results = Vec<(String, Verdict)>;

struct Request {
    suites: Vec<Suite>,
    filter: Option<Regex>,
    targets: Vec<Os>,
    goroots: Vec<PathBuf>,
    seconds: u64,
    fast: bool,
    verbose: bool,
    bless: bool,
}

pub fn conformance(args: &[String]) -> Result<(), String> {
    let request = Request::parse(args)?;
    if request.goroots.is_empty() {
        if request.fast {
            println!("conformance: skipped, there is no Go SDK on this machine (set GOROOT)");
            return Ok(());
        }
        return Err("conformance: no Go SDK found: set GOROOT or pass --goroot".to_owned());
    }
    let jobs = request.jobs()?;
    let start = Instant::now();
    let count = jobs.len();
    let results = pool::run(jobs, request.verbose);
    println!("{count} jobs in {:.1} s", start.elapsed().as_secs_f64());
    print_summary(&results);
    if request.suites.contains(&Suite::Run) {
        print_programs(&request, &results);
    }

    let path = crate::project_root().join("tests/conformance/expectations.txt");
    let mut expectations = Expectations::read(&path)?;
    let complete = |suite: Suite, name: &str| request.is_complete(suite, name);
    if request.bless {
        expectations.update(&results, complete);
        return expectations.write(&path);
    }
    let problems = expectations.compare(&results, complete);
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nconformance: {} differences from tests/conformance/expectations.txt (--bless records them)",
        problems.join("\n"),
        problems.len()
    ))
}

fn print_summary(results: &BTreeMap<(Suite, String), Verdict>) {
    for suite in Suite::ALL {
        let of_suite = || results.iter().filter(|((of, _), _)| *of == suite).map(|(_, verdict)| verdict);
        let count = |is: fn(&Verdict) -> bool| of_suite().filter(|verdict| is(verdict)).count();
        if of_suite().next().is_some() {
            println!(
                "{:<10} {:>5} passed {:>5} checked only {:>5} excluded {:>5} failed",
                suite.name(),
                count(|verdict| *verdict == Verdict::Pass),
                count(|verdict| *verdict == Verdict::Checked),
                count(|verdict| matches!(verdict, Verdict::Excluded(_))),
                count(|verdict| matches!(verdict, Verdict::Fail(_))),
            );
        }
    }
}

/// How much of what Go's own port passes we pass.
fn print_programs(request: &Request, results: &BTreeMap<(Suite, String), Verdict>) {
    for os in request.targets_of(Suite::Run) {
        let prefix = format!("{}/", os.name());
        let mut tally: BTreeMap<Kind, (usize, usize)> = BTreeMap::new();
        for ((suite, name), verdict) in results {
            let (Suite::Run, Some(name)) = (suite, name.strip_prefix(&prefix)) else { continue };
            if matches!(verdict, Verdict::Excluded(_)) {
                continue;
            }
            let Some(kind) = request.goroots.iter().find_map(|goroot| run_suite::kind_of(goroot, os, name)) else {
                continue;
            };
            let (passed, all) = tally.entry(kind).or_default();
            *passed += usize::from(*verdict == Verdict::Pass);
            *all += 1;
        }
        for (kind, (passed, all)) in tally {
            let verb = if kind == Kind::Runs { "run" } else { "build" };
            let percent = passed as f64 * 100.0 / all as f64;
            println!("{:<6} {verb:<5} {passed} of {all} that Go's own port passes: {percent:.1} %", os.name());
        }
    }
}

/// In a fast run, every so-manieth test is taken.
fn fast_step(suite: Suite, os: Os) -> usize {
    match (suite, os) {
        (Suite::Types | Suite::StdCheck, _) => 1,
        (Suite::Test | Suite::Run, Os::Wasip1) => 8,
        (Suite::Test | Suite::Run, Os::Js) => 32,
    }
}

impl Request {
    fn parse(args: &[String]) -> Result<Request, String> {
        let mut request = Request {
            suites: Vec::new(),
            filter: None,
            targets: Vec::new(),
            goroots: Vec::new(),
            seconds: 60,
            fast: false,
            verbose: false,
            bless: false,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                "--suite" => {
                    let name = value()?;
                    let suite = Suite::ALL.into_iter().find(|suite| suite.name() == name);
                    request.suites.push(suite.ok_or(format!("no suite {name}"))?);
                }
                "--filter" => request.filter = Some(Regex::new(value()?).map_err(|error| error.to_string())?),
                "--goos" => {
                    let name = value()?;
                    request.targets.push(Os::from_name(name).ok_or(format!("no target {name}"))?);
                }
                "--seconds" => {
                    request.seconds = value()?.parse().map_err(|error| format!("--seconds: {error}"))?;
                }
                "--goroot" => request.goroots.push(PathBuf::from(value()?)),
                "--fast" => request.fast = true,
                "--verbose" => request.verbose = true,
                "--bless" => request.bless = true,
                other => return Err(format!("conformance: unknown argument {other}\n{}", crate::USAGE)),
            }
        }
        if request.suites.is_empty() {
            request.suites = Suite::ALL.to_vec();
        }
        if request.goroots.is_empty() {
            let found = find_goroot();
            request.goroots.extend(found);
        }
        Ok(request)
    }

    fn jobs(&self) -> Result<Vec<Job>, String> {
        let mut jobs = Vec::new();
        for goroot in &self.goroots {
            for &suite in &self.suites {
                for os in self.targets_of(suite) {
                    jobs.extend(self.jobs_of(goroot, suite, os)?);
                }
            }
        }
        Ok(jobs)
    }

    fn jobs_of(&self, goroot: &Path, suite: Suite, os: Os) -> Result<Vec<Job>, String> {
        let names = match suite {
            Suite::Types => types_suite::names(goroot)?,
            Suite::Test => test_suite::names(goroot),
            Suite::Run => run_suite::names(goroot, os),
            Suite::StdCheck => vec!["std".to_owned()],
        };
        if names.is_empty() {
            println!("{}: nothing in {}", suite.name(), goroot.display());
        }
        let step = if self.fast { fast_step(suite, os) } else { 1 };
        let job = |name| Job {
            suite,
            name,
            os: os.name().to_owned(),
            goroot: goroot.to_owned(),
            seconds: self.seconds,
            official: false,
        };
        Ok(names.into_iter().step_by(step).filter(|name| self.wants(name)).map(job).collect())
    }

    /// Whether all tests have run that have names like this one.
    fn is_complete(&self, suite: Suite, name: &str) -> bool {
        let targets = self.targets_of(suite);
        let of_target = match suite {
            Suite::Types | Suite::Test => true,
            Suite::Run | Suite::StdCheck => targets.iter().any(|os| name.starts_with(&format!("{}/", os.name()))),
        };
        self.filter.is_none() && !self.fast && self.suites.contains(&suite) && of_target
    }

    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.is_match(name))
    }

    /// The standard library differs between the targets; checking a test program does not.
    fn targets_of(&self, suite: Suite) -> Vec<Os> {
        match suite {
            _ if !self.targets.is_empty() => self.targets.clone(),
            Suite::StdCheck if !self.fast => Os::ALL.to_vec(),
            // Without a Node, js is left out of the fast part, as it is in other tests.
            Suite::Run if self.fast && hosts::node_search().find().is_ok() => Os::ALL.to_vec(),
            _ => vec![Os::Wasip1],
        }
    }
}

/// The SDK that a build would use.
pub fn find_goroot() -> Option<PathBuf> {
    let env = load::GoEnv::read(&OsFileSystem, std::env::vars());
    match sdk::find(&OsFileSystem, &SdkSearch::new(&env, PathBuf::new(), None, None), &[]) {
        Ok(Found::Sdk { sdk, .. }) => Some(sdk.goroot),
        _ => None,
    }
}

/// `go1.26` of an SDK.
pub fn release(goroot: &Path) -> String {
    let text = std::fs::read_to_string(goroot.join("VERSION")).unwrap_or_default();
    text.lines().next().unwrap_or_default().split('.').take(2).collect::<Vec<_>>().join(".")
}

/// What all suites have in common; nothing of this machine's settings is in it.
pub fn config(job: &Job, dir: &Path, inputs: Inputs, rules: Rules) -> CheckConfig {
    CheckConfig {
        os: Os::from_name(&job.os).expect("jobs are made for known targets"),
        goroot: job.goroot.clone(),
        dir: dir.to_owned(),
        inputs,
        tags: Vec::new(),
        experiments: String::new(),
        modules: ModuleConfig::default(),
        lang: None,
        langs: driver::PerPackage::default(),
        rules,
        emit: None,
        whole_program: false,
    }
}
