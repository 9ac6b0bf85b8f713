//! `cargo xtask conformance`: Go's own tests, judged as Go's own drivers judge them.
//!
//! - [`test_suite`]: `GOROOT/test`, by the rules of `cmd/internal/testdir`. `errorcheck` tests are judged in full;
//!   programs that Go compiles or runs are checked only, which must give no error.
//! - [`types_suite`]: `internal/types/testdata`, by the rules of types2's `check_test.go`.
//! - [`std_suite`]: the standard library, which must type-check for each target.
//!
//! Two worker processes ([`worker`], [`pool`]) take one test at a time, under a limit of memory and of time; a test
//! that kills its worker fails alone. One file holds every test that does not pass, with the reason
//! ([`expectations`]); a worse result fails the run, and so does a better one that is not recorded.

pub mod errorcheck;
pub mod expectations;
pub mod go_regex;
pub mod official;
pub mod pool;
pub mod recipe;
pub mod std_suite;
pub mod test_suite;
pub mod types_suite;
pub mod worker;

use driver::{CheckConfig, Goos as Os, Inputs, ModuleConfig, Rules};
use expectations::Expectations;
use load::fs::OsFileSystem;
use load::sdk::{self, Found, SdkSearch};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Suite {
    Types,
    Test,
    StdCheck,
}

impl Suite {
    pub const ALL: [Suite; 3] = [Suite::Types, Suite::Test, Suite::StdCheck];

    pub fn name(self) -> &'static str {
        match self {
            Suite::Types => "types",
            Suite::Test => "test",
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

    let path = crate::project_root().join("tests/conformance/expectations.txt");
    let mut expectations = Expectations::read(&path)?;
    let whole = request.filter.is_none() && !request.fast;
    if request.bless {
        expectations.update(&results, |suite| whole && request.suites.contains(&suite));
        return expectations.write(&path);
    }
    let problems = expectations.compare(&results, |suite| whole && request.suites.contains(&suite));
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

/// In a fast run, every so-manieth file of `GOROOT/test` is taken.
const FAST_STEP: usize = 8;

impl Request {
    fn parse(args: &[String]) -> Result<Request, String> {
        let mut request = Request {
            suites: Vec::new(),
            filter: None,
            targets: Vec::new(),
            goroots: Vec::new(),
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
                    if name == "run" {
                        return Err("--suite run: programs cannot be compiled yet".to_owned());
                    }
                    let suite = Suite::ALL.into_iter().find(|suite| suite.name() == name);
                    request.suites.push(suite.ok_or(format!("no suite {name}"))?);
                }
                "--filter" => request.filter = Some(Regex::new(value()?).map_err(|error| error.to_string())?),
                "--goos" => {
                    let name = value()?;
                    request.targets.push(Os::from_name(name).ok_or(format!("no target {name}"))?);
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
        for (goroot, suite) in
            self.goroots.iter().flat_map(|goroot| self.suites.iter().map(move |suite| (goroot, suite)))
        {
            let names = match suite {
                Suite::Types => types_suite::names(goroot)?,
                Suite::Test => test_suite::names(goroot),
                Suite::StdCheck => vec!["std".to_owned()],
            };
            if names.is_empty() {
                println!("{}: nothing in {}", suite.name(), goroot.display());
            }
            let step = if self.fast && *suite == Suite::Test { FAST_STEP } else { 1 };
            let names: Vec<String> = names.into_iter().step_by(step).filter(|name| self.wants(name)).collect();
            for os in self.targets_of(*suite) {
                let job = |name: &String| Job {
                    suite: *suite,
                    name: name.clone(),
                    os: os.name().to_owned(),
                    goroot: goroot.clone(),
                };
                jobs.extend(names.iter().map(job));
            }
        }
        Ok(jobs)
    }

    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.is_match(name))
    }

    /// The standard library differs between the targets; checking a test program does not.
    fn targets_of(&self, suite: Suite) -> Vec<Os> {
        match suite {
            _ if !self.targets.is_empty() => self.targets.clone(),
            Suite::StdCheck if !self.fast => Os::ALL.to_vec(),
            _ => vec![Os::Wasip1],
        }
    }
}

/// The SDK that a build would use.
pub fn find_goroot() -> Option<PathBuf> {
    let env = load::GoEnv::read(&OsFileSystem, std::env::vars());
    match sdk::find(&OsFileSystem, &SdkSearch::new(&env, None, None), &[]) {
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
        rules,
        emit: None,
        whole_program: false,
    }
}
