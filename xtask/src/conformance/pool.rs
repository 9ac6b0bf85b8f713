//! Two worker processes and the queue that they empty.

use super::{Job, Results, Suite, Verdict};
use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

const WORKERS: usize = 2;
/// Jobs of one worker: the compiler leaves its tables behind, since a build needs them to the end.
const BATCH: usize = 300;
const BUILD_BATCH: usize = 50;

/// Runs all jobs. A test that ran in several configurations has the worst of its verdicts.
pub fn run(jobs: Vec<Job>, verbose: bool) -> BTreeMap<(Suite, String), Verdict> {
    let queue = Mutex::new(VecDeque::from(jobs));
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let mut worker = None;
                let mut left = 0;
                loop {
                    let Some(job) = queue.lock().expect("no thread panics with the queue").pop_front() else { break };
                    if left == 0 {
                        worker = None;
                        left = if job.suite == Suite::Run { BUILD_BATCH } else { BATCH };
                    }
                    left -= 1;
                    let verdicts = match worker.get_or_insert_with(Worker::start).judge(&job) {
                        Ok(verdicts) => verdicts,
                        Err(death) => {
                            worker = None;
                            vec![(job.result_name(), Verdict::Fail(super::reason::stable(&death)))]
                        }
                    };
                    let mut results = results.lock().expect("no thread panics with the results");
                    for (name, verdict) in verdicts {
                        if verbose {
                            println!("{} {name}: {verdict:?}", job.suite.name());
                        }
                        let entry = results.entry((job.suite, name)).or_insert_with(|| verdict.clone());
                        if matches!(verdict, Verdict::Fail(_)) {
                            *entry = verdict;
                        }
                    }
                }
            });
        }
    });
    results.into_inner().expect("all threads have ended")
}

struct Worker {
    child: Child,
    stdin: ChildStdin,
    replies: Receiver<String>,
    /// What it wrote to standard error until it ended.
    errors: Option<JoinHandle<String>>,
}

impl Worker {
    fn start() -> Worker {
        let program = std::env::current_exe().expect("the path of this program");
        let mut command = Command::new(program);
        command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.process_group(0);
        let mut child = command.spawn().expect("a worker process starts");
        let stdout = child.stdout.take().expect("it is piped");
        let mut stderr = child.stderr.take().expect("it is piped");
        let (sender, replies) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let errors = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stderr.read_to_end(&mut bytes); // what came until then will do
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Worker { stdin: child.stdin.take().expect("it is piped"), child, replies, errors: Some(errors) }
    }

    /// The results, or how the worker died.
    fn judge(&mut self, job: &Job) -> Result<Results, String> {
        let line = serde_json::to_string(job).expect("jobs are plain data");
        if writeln!(self.stdin, "{line}").and_then(|()| self.stdin.flush()).is_err() {
            return Err(self.last_words());
        }
        match self.replies.recv_timeout(Duration::from_secs(job.seconds)) {
            Ok(reply) => Ok(serde_json::from_str(&reply).expect("a worker's reply is a list of results")),
            Err(RecvTimeoutError::Timeout) => Err("timeout: the compiler, or all together".to_owned()),
            Err(RecvTimeoutError::Disconnected) => Err(self.last_words()),
        }
    }

    fn last_words(&mut self) -> String {
        let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        let errors = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        let lines: Vec<&str> = errors.lines().filter(|line| !line.trim().is_empty()).collect();
        let shown: Vec<&str> = lines.iter().take(4).copied().collect();
        format!("crash: {status}: {}", shown.join(" / "))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // With the program that it runs. It may have ended already.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}
