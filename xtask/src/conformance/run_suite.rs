//! The programs of `GOROOT/test`, compiled and run. Results are named for their target: `wasip1/fixedbugs/bug000.go`.
//!
//! What Go's own port does not pass ([`official_run`](super::official_run)) is left out.

use super::gossamer::Gossamer;
use super::hosts::Hosts;
use super::official_run::{OfficialRun, Port, judge_official};
use super::program::{Kind, Test, judge as judge_program};
use super::recipe::recipe;
use super::scratch::Scratch;
use super::{Job, Verdict};
use driver::Goos as Os;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

/// What one worker keeps from test to test.
pub struct RunSuite {
    official: OfficialRun,
    targets: Vec<Target>,
}

struct Target {
    os: Os,
    hosts: Hosts,
    port: Option<PortTools>,
}

/// What it takes to judge Go's own port.
struct PortTools {
    port: Port,
    fast_host: Option<Hosts>,
    _work: Scratch,
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
        RunSuite { official: OfficialRun::read(), targets: Vec::new() }
    }

    pub fn judge(&mut self, job: &Job) -> (String, Verdict) {
        let verdict = self.try_judge(job).unwrap_or_else(|detail| Verdict::Fail(super::reason::stable(&detail)));
        (job.result_name(), verdict)
    }

    fn try_judge(&mut self, job: &Job) -> Result<Verdict, String> {
        let os = Os::from_name(&job.os).expect("jobs are made for known targets");
        if let Some(reason) = self.official.failure(os, &job.name).filter(|_| !job.official) {
            return Ok(Verdict::Excluded(format!("Go's own port fails it: {reason}")));
        }
        let path = job.goroot.join("test").join(&job.name);
        let source = std::fs::read(&path).map_err(|error| format!("{}: {error}", job.name))?;
        let Some(recipe) = recipe(&String::from_utf8_lossy(&source), os)? else {
            return Ok(Verdict::Excluded("not a test for this target".to_owned()));
        };
        let test = Test { goroot: &job.goroot, name: &job.name, recipe: &recipe };
        let target = self.target(os, job)?;
        if let Some(tools) = &target.port {
            let hosts: Vec<&Hosts> = tools.fast_host.iter().chain([&target.hosts]).collect();
            judge_official(&tools.port, &test, &hosts)?;
            return Ok(Verdict::Pass);
        }
        let judged = catch_unwind(AssertUnwindSafe(|| judge_program(&test, &Gossamer { job }, &target.hosts)));
        judged.unwrap_or_else(|_| Err(format!("panic: {}", super::worker::last_panic())))?;
        Ok(Verdict::Pass)
    }

    fn target(&mut self, os: Os, job: &Job) -> Result<&Target, String> {
        if let Some(known) = self.targets.iter().position(|target| target.os == os) {
            return Ok(&self.targets[known]);
        }
        // Less than for all together, so that it is clear what took so long.
        let limit = Duration::from_secs(job.seconds) * 3 / if job.official { 8 } else { 4 };
        let port = if job.official { Some(PortTools::new(os, job, limit)?) } else { None };
        self.targets.push(Target { os, hosts: Hosts::new(os, &job.goroot, limit)?, port });
        Ok(&self.targets[self.targets.len() - 1])
    }
}

impl PortTools {
    fn new(os: Os, job: &Job, limit: Duration) -> Result<PortTools, String> {
        let work = Scratch::new()?;
        let fast_host = if os == Os::Wasip1 { Some(Hosts::node_wasi(limit)?) } else { None };
        Ok(PortTools { port: Port::new(&job.goroot, os, work.path())?, fast_host, _work: work })
    }
}
