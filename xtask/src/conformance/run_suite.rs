//! The programs of `GOROOT/test`, compiled and run. Results are named for their target: `wasip1/fixedbugs/bug000.go`.
//!
//! What Go's own port does not pass ([`official_run`](super::official_run)) is left out.

use super::gossamer::Gossamer;
use super::hosts::Hosts;
use super::official_run::OfficialRun;
use super::program::{Kind, Test, judge as judge_program};
use super::recipe::recipe;
use super::{Job, Verdict};
use driver::Goos as Os;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

/// What one worker keeps from test to test.
pub struct RunSuite {
    official: OfficialRun,
    wasip1: Option<Hosts>,
    js: Option<Hosts>,
}

/// The tests of this suite: those whose recipe says to build something for the target.
pub fn names(goroot: &Path, os: Os) -> Vec<String> {
    let mut names = super::test_suite::names(goroot);
    names.retain(|name| kind_of(goroot, os, name).is_some());
    names
}

/// `None`: not a test for this target, or one that builds nothing.
pub fn kind_of(goroot: &Path, os: Os, name: &str) -> Option<Kind> {
    let source = std::fs::read(goroot.join("test").join(name)).ok()?;
    Kind::of(&recipe(&String::from_utf8_lossy(&source), os).ok()??.action)
}

impl RunSuite {
    pub fn new() -> RunSuite {
        RunSuite { official: OfficialRun::read(), wasip1: None, js: None }
    }

    pub fn judge(&mut self, job: &Job) -> (String, Verdict) {
        let verdict = self.try_judge(job).unwrap_or_else(|detail| Verdict::Fail(super::reason::stable(&detail)));
        (format!("{}/{}", job.os, job.name), verdict)
    }

    fn try_judge(&mut self, job: &Job) -> Result<Verdict, String> {
        let os = Os::from_name(&job.os).expect("jobs are made for known targets");
        if let Some(reason) = self.official.failure(os, &job.name) {
            return Ok(Verdict::Excluded(format!("Go's own port fails it: {reason}")));
        }
        let path = job.goroot.join("test").join(&job.name);
        let source = std::fs::read(&path).map_err(|error| format!("{}: {error}", job.name))?;
        let Some(recipe) = recipe(&String::from_utf8_lossy(&source), os)? else {
            return Ok(Verdict::Excluded("not a test for this target".to_owned()));
        };
        let test = Test { goroot: &job.goroot, name: &job.name, recipe: &recipe };
        let hosts = self.hosts(os, job)?;
        let judged = catch_unwind(AssertUnwindSafe(|| judge_program(&test, &Gossamer { job }, hosts)));
        judged.unwrap_or_else(|_| Err(format!("panic: {}", super::worker::last_panic())))?;
        Ok(Verdict::Pass)
    }

    fn hosts(&mut self, os: Os, job: &Job) -> Result<&Hosts, String> {
        let hosts = match os {
            Os::Wasip1 => &mut self.wasip1,
            Os::Js => &mut self.js,
        };
        if hosts.is_none() {
            // Less than for all together, so that it is clear what took so long.
            let limit = Duration::from_secs(job.seconds) * 3 / 4;
            *hosts = Some(Hosts::new(os, &job.goroot, limit)?);
        }
        Ok(hosts.as_ref().expect("it has just been made"))
    }
}
