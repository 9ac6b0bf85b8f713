//! The worker: reads jobs as lines of JSON from standard input, judges them one at a time, and answers each with a
//! line of JSON. It limits its own memory, and dies of what a hostile test does to it; the pool starts the next.

use super::run_suite::RunSuite;
use super::{Job, Results, Suite, std_suite, test_suite, types_suite};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io::{BufRead, Write};
use std::sync::Mutex;

/// Of memory that can be written to: an engine reserves more addresses than that for a module's memory alone.
const MEMORY: u64 = 2 << 30;

/// The first panic since it was last asked for.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// The message of the panic that was just caught, and the file it comes from.
pub fn last_panic() -> String {
    let message = PANIC.lock().expect("no panic while the message is held").take();
    message.unwrap_or_else(|| "without a message".to_owned())
}

fn remember_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if let Some(text) = info.payload_as_str() {
            let place = info.location().map_or("", |location| location.file());
            let mut message = PANIC.lock().expect("no panic while the message is held");
            message.get_or_insert_with(|| format!("{text} ({place})"));
        }
        print(info); // for the last words of this process, if nobody catches it
    }));
}

pub fn worker() -> Result<(), String> {
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    setrlimit(Resource::Data, limit).map_err(|error| format!("worker: memory limit: {error}"))?;
    remember_panics();
    let official = super::official::read();
    let mut run_suite = RunSuite::new();
    let mut stdout = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| format!("worker: {error}"))?;
        let job: Job = serde_json::from_str(&line).map_err(|error| format!("worker: {error}: {line}"))?;
        let results: Results = match job.suite {
            Suite::Types => vec![(job.name.clone(), types_suite::judge(&job))],
            Suite::Test => vec![(job.name.clone(), test_suite::judge(&job, &official))],
            Suite::Run => vec![run_suite.judge(&job)],
            Suite::StdCheck => std_suite::judge(&job),
        };
        let reply = serde_json::to_string(&results).expect("results are plain data");
        writeln!(stdout, "{reply}").and_then(|()| stdout.flush()).map_err(|error| format!("worker: {error}"))?;
    }
    Ok(())
}
