//! The worker: reads jobs as lines of JSON from standard input, judges them one at a time, and answers each with a
//! line of JSON. It limits its own memory, and dies of what a hostile test does to it; the pool starts the next.

use super::{Job, Results, Suite, std_suite, test_suite, types_suite};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{BufRead, Write};

const MEMORY: u64 = 2 << 30;

pub fn worker() -> Result<(), String> {
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    setrlimit(Resource::As, limit).map_err(|error| format!("worker: memory limit: {error}"))?;
    let official = super::official::read();
    let mut stdout = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| format!("worker: {error}"))?;
        let job: Job = serde_json::from_str(&line).map_err(|error| format!("worker: {error}: {line}"))?;
        let results: Results = match job.suite {
            Suite::Types => vec![(job.name.clone(), types_suite::judge(&job))],
            Suite::Test => vec![(job.name.clone(), test_suite::judge(&job, &official))],
            Suite::StdCheck => std_suite::judge(&job),
        };
        let reply = serde_json::to_string(&results).expect("results are plain data");
        writeln!(stdout, "{reply}").and_then(|()| stdout.flush()).map_err(|error| format!("worker: {error}"))?;
    }
    Ok(())
}
