//! Runs a process in the foreground: streams, signals, limits.
//!
//! The process stands in for the user's program. With inherited streams it gets what the terminal sends: Ctrl-C reaches
//! it directly, since it is in our process group, and must not end us first (its temporary files would stay); a request
//! to end that is sent to us alone is passed on.

use crate::ended::{Ended, Status};
use crate::invocation::Stdio;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio as Stream};
use std::thread;
use std::time::{Duration, Instant};

pub struct Limits {
    /// Bytes of main-thread stack that the child should have at least.
    pub stack: u64,
    pub time: Option<Duration>,
}

pub fn run_child(command: &mut Command, stdio: &Stdio, limits: &Limits) -> io::Result<Ended> {
    raise_stack_limit(command, limits.stack);
    match stdio {
        Stdio::Inherit => {
            let signals = signals::Handlers::install()?;
            let mut child = command.spawn()?;
            let passing_on = signals.pass_on_to(&child);
            let status = wait(&mut child, limits.time, || passing_on.stop());
            Ok(Ended { status: status?, stdout: Vec::new(), stderr: Vec::new() })
        }
        Stdio::Capture { input } => {
            command.stdin(Stream::piped()).stdout(Stream::piped()).stderr(Stream::piped());
            let mut child = command.spawn()?;
            let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
            capture(child, stdout, stderr, input, limits.time)
        }
        Stdio::CaptureMerged { input } => {
            let (reader, writer) = io::pipe()?;
            command.stdin(Stream::piped()).stdout(writer.try_clone()?).stderr(writer);
            let child = command.spawn();
            // The command holds our ends of the pipe, which would never run dry.
            command.stdout(Stream::null()).stderr(Stream::null());
            capture(child?, Some(reader), None::<io::Empty>, input, limits.time)
        }
    }
}

fn capture(
    mut child: Child,
    stdout: Option<impl Read + Send>,
    stderr: Option<impl Read + Send>,
    input: &[u8],
    limit: Option<Duration>,
) -> io::Result<Ended> {
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // A program need not read its input: that its end of the pipe is closed is no error.
        scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(input)));
        let stdout = scope.spawn(|| read_all(stdout));
        let stderr = scope.spawn(|| read_all(stderr));
        let status = wait(&mut child, limit, || ())?;
        let collected = |reader: thread::ScopedJoinHandle<'_, io::Result<Vec<u8>>>| {
            reader.join().unwrap_or_else(|payload| std::panic::resume_unwind(payload))
        };
        Ok(Ended { status, stdout: collected(stdout)?, stderr: collected(stderr)? })
    })
}

fn read_all(stream: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Waits for the child's end and calls `ended` while its process id is still its own.
fn wait(child: &mut Child, limit: Option<Duration>, ended: impl FnOnce()) -> io::Result<Status> {
    let deadline = limit.map(|limit| Instant::now() + limit);
    let in_time = wait_unreaped(child, deadline)?;
    if !in_time {
        child.kill()?;
    }
    ended();
    let status = child.wait()?;
    Ok(if in_time { status_of(status) } else { Status::TimedOut })
}

/// Whether the child ended before the deadline. It stays a zombie, so that its id is not given to another.
#[cfg(unix)]
fn wait_unreaped(child: &Child, deadline: Option<Instant>) -> io::Result<bool> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let pid = WaitId::Pid(Pid::from_child(child));
    let Some(deadline) = deadline else {
        loop {
            match waitid(pid.clone(), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
                Err(rustix::io::Errno::INTR) => {}
                result => return result.map(|_| true).map_err(io::Error::from),
            }
        }
    };
    polling(deadline, || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        Ok(waitid(pid.clone(), options)?.is_some())
    })
}

#[cfg(not(unix))]
fn wait_unreaped(child: &mut Child, deadline: Option<Instant>) -> io::Result<bool> {
    let Some(deadline) = deadline else { return child.wait().map(|_| true) };
    polling(deadline, || Ok(child.try_wait()?.is_some()))
}

/// Asks ever more rarely: short programs end at once, long ones are not disturbed.
fn polling(deadline: Instant, mut ended: impl FnMut() -> io::Result<bool>) -> io::Result<bool> {
    let mut pause = Duration::from_micros(500);
    loop {
        if ended()? {
            return Ok(true);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn status_of(status: ExitStatus) -> Status {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Status::Signalled(signal);
    }
    // Windows keeps a code always, Unix unless there was a signal.
    Status::Exited(status.code().unwrap_or(1))
}

#[cfg(unix)]
fn raise_stack_limit(command: &mut Command, bytes: u64) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    use std::os::unix::process::CommandExt;
    let mut limit = getrlimit(Resource::Stack);
    let reachable = limit.maximum.map_or(bytes, |maximum| bytes.min(maximum));
    if limit.current.is_none_or(|current| current >= reachable) {
        return;
    }
    limit.current = Some(reachable);
    // SAFETY: setrlimit is one system call; it allocates nothing and takes no lock. Failing is harmless, so the result
    // does not matter.
    unsafe {
        command.pre_exec(move || {
            let _ = setrlimit(Resource::Stack, limit);
            Ok(())
        });
    }
}

/// The executable says how large its stack is.
#[cfg(not(unix))]
fn raise_stack_limit(_command: &mut Command, _bytes: u64) {}

#[cfg(unix)]
mod signals {
    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::{Handle, Signals};
    use std::io;
    use std::process::Child;
    use std::thread::{self, JoinHandle};

    /// Keeps signals from ending this process. Installed before the child starts, so that none slips through between.
    pub struct Handlers(Signals);

    impl Handlers {
        pub fn install() -> io::Result<Handlers> {
            Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM]).map(Handlers)
        }

        /// Passes on what the terminal does not send to the whole process group.
        pub fn pass_on_to(self, child: &Child) -> PassingOn {
            let Handlers(mut signals) = self;
            let handle = signals.handle();
            let pid = Pid::from_child(child);
            let thread = thread::spawn(move || {
                for signal in signals.forever() {
                    let signal = match signal {
                        SIGHUP => Signal::HUP,
                        SIGTERM => Signal::TERM,
                        _ => continue,
                    };
                    // It fails only if the child is gone, and then there is nobody to tell.
                    let _ = kill_process(pid, signal);
                }
            });
            PassingOn { handle, thread }
        }
    }

    pub struct PassingOn {
        handle: Handle,
        thread: JoinHandle<()>,
    }

    impl PassingOn {
        /// Afterwards nothing is sent any more.
        pub fn stop(self) {
            self.handle.close();
            if let Err(payload) = self.thread.join() {
                std::panic::resume_unwind(payload);
            }
        }
    }
}

/// Windows sends Ctrl-C to the whole console group, and Node's end is ours.
#[cfg(not(unix))]
mod signals {
    use std::io;
    use std::process::Child;

    pub struct Handlers;
    pub struct PassingOn;

    impl Handlers {
        pub fn install() -> io::Result<Handlers> {
            Ok(Handlers)
        }

        pub fn pass_on_to(self, _child: &Child) -> PassingOn {
            PassingOn
        }
    }

    impl PassingOn {
        pub fn stop(self) {}
    }
}
