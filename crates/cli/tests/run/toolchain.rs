//! Compiles and runs a program, by our toolchain or by Go's.
//!
//! A program with one way to run goes through `gossamer run`. Others are built once, and their module runs several times
//! in crate `host`, on threads that are given up when the time is over.

use crate::WorkDir;
use crate::outcome::Outcome;
use crate::program::{Host, Program};
use host::{Invocation, Node, NodeSearch, Status, Stdio, Wasmtime, WasmtimeOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio as ProcessStdio};
use std::sync::LazyLock;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// For compiling, and again for each run. Without optimisation the compiler and the engine's own take much longer.
const TIME_LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 120 } else { 60 });

/// What there is to work with.
pub struct Machine {
    pub goroot: PathBuf,
    pub node: Option<PathBuf>,
}

impl Machine {
    pub fn find() -> Option<Machine> {
        let goroot = testing::goroot()?;
        let node = node_search().find().ok().map(|found| found.executable);
        Some(Machine { goroot, node })
    }
}

/// The project's own Node comes first.
fn node_search() -> NodeSearch {
    NodeSearch::from_environment(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/node"))
}

/// One engine serves all programs.
static WASMTIME: LazyLock<Wasmtime> = LazyLock::new(|| {
    Wasmtime::new(&WasmtimeOptions { time_limit: Some(TIME_LIMIT), ..WasmtimeOptions::default() }).unwrap()
});

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    Ours,
    Official,
}

/// Runs all cases of a program and tells what they did.
pub fn run(machine: &Machine, toolchain: Toolchain, program: &Program, host: Host) -> String {
    let mut text = String::new();
    if toolchain == Toolchain::Ours && program.cases.is_empty() && program.driver.is_none() {
        let work = work_dir(program, host);
        let mut command = our_command(machine, host, &work);
        command.arg("run").arg(source(program)).args(&program.args).envs(program.env.iter().cloned());
        run_process(&mut command, &program.input).write(program.traces, &mut text);
        return text;
    }
    let work = work_dir(program, host);
    let built = build(machine, toolchain, program, host, &work);
    if built.exit != Ok(0) {
        text.push_str("-- not compiled --\n");
        built.write(false, &mut text);
        return text;
    }
    let once = [String::new()];
    for case in if program.cases.is_empty() { &once } else { &program.cases[..] } {
        let mut one = String::new();
        run_case(machine, program, host, &work, case).write(program.traces, &mut one);
        if !case.is_empty() {
            text.push_str(&format!("-- case {case} --\n"));
        }
        text.push_str(&one);
    }
    text
}

/// A fresh directory with the program in it.
fn work_dir(program: &Program, host: Host) -> WorkDir {
    let work = WorkDir::new(&program.name, host);
    if program.path.is_dir() {
        copy_dir(&program.path, &work.0);
    } else {
        std::fs::copy(&program.path, work.0.join(source(program))).unwrap();
    }
    work
}

fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy_dir(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// What to name on the command line in the work directory.
fn source(program: &Program) -> String {
    if program.path.is_dir() { ".".to_owned() } else { format!("{}.go", program.name) }
}

fn our_command(machine: &Machine, host: Host, work: &WorkDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gossamer"));
    command.current_dir(&work.0).env_clear().envs(go_settings(machine, host, &work.0));
    command.envs(machine.node.iter().map(|node| ("GOSSAMER_NODE", node)));
    command
}

fn go_settings(machine: &Machine, host: Host, home: &Path) -> Vec<(&'static str, PathBuf)> {
    let mut settings = vec![
        ("HOME", home.to_owned()),
        ("GOENV", "off".into()),
        ("GOROOT", machine.goroot.clone()),
        ("GOWORK", "off".into()),
        ("GOTOOLCHAIN", "local".into()),
    ];
    if host != Host::Native {
        settings.extend([("GOOS", host.name().into()), ("GOARCH", "wasm".into())]);
    }
    settings
}

const MODULE: &str = "main.wasm";

fn build(machine: &Machine, toolchain: Toolchain, program: &Program, host: Host, work: &WorkDir) -> Outcome {
    let mut command = match toolchain {
        Toolchain::Ours => our_command(machine, host, work),
        Toolchain::Official => {
            let mut command = Command::new(machine.goroot.join("bin/go"));
            command.current_dir(&work.0).envs(go_settings(machine, host, &work.0)).env_remove("GOFLAGS");
            // The home directory is fresh, the build cache need not be.
            let cache = std::env::temp_dir().join("gossamer-official-cache");
            command.env("GOCACHE", cache);
            command
        }
    };
    command.args(["build", "-o", MODULE]);
    if program.driver.is_some() {
        command.arg("-buildmode=c-shared");
    }
    run_process(command.arg(source(program)), &[])
}

fn run_case(machine: &Machine, program: &Program, host: Host, work: &WorkDir, case: &str) -> Outcome {
    let mut args = program.args.clone();
    args.extend((!case.is_empty()).then(|| case.to_owned()));
    let dir = work.0.to_string_lossy().into_owned();
    let env = program.env.iter().cloned().chain([("PWD".to_owned(), dir)]);
    match (&program.driver, host) {
        (Some(script), _) => {
            let Some(node) = &machine.node else { return Outcome::failed("no Node".to_owned()) };
            let mut command = Command::new(node);
            command.args(["--no-warnings", script, MODULE]).args(args).env_clear().envs(env).current_dir(&work.0);
            run_process(&mut command, &program.input)
        }
        (None, Host::Native) => {
            let mut command = Command::new(work.0.join(MODULE));
            command.args(args).env_clear().envs(env).current_dir(&work.0);
            run_process(&mut command, &program.input)
        }
        (None, Host::Wasip1 | Host::Js) => {
            let stdio = Stdio::Capture { input: program.input.clone() };
            let name = MODULE.to_owned();
            let invocation = Invocation { name, args, env: env.collect(), dir: work.0.clone(), stdio };
            run_module(machine, host, invocation)
        }
    }
}

fn run_module(machine: &Machine, host: Host, invocation: Invocation) -> Outcome {
    let module = std::fs::read(invocation.dir.join(MODULE)).unwrap();
    let goroot = machine.goroot.clone();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let ended = if host == Host::Js {
            Node::find(&node_search(), &goroot)
                .and_then(|node| node.with_time_limit(Some(TIME_LIMIT)).run(&module, &invocation))
        } else {
            WASMTIME.compile(&module).and_then(|module| WASMTIME.run(&module, &invocation))
        };
        let _ = sender.send(ended); // nobody waits any more if it took too long
    });
    match receiver.recv_timeout(2 * TIME_LIMIT) {
        Ok(Ok(ended)) => {
            let exit = match ended.status {
                Status::Exited(code) => Ok(code),
                status => Err(status.complaint().unwrap_or_default()),
            };
            Outcome { exit, stdout: ended.stdout, stderr: ended.stderr }
        }
        Ok(Err(error)) => Outcome::failed(error.to_string()),
        Err(_) => Outcome::failed("killed: out of time".to_owned()),
    }
}

fn run_process(command: &mut Command, input: &[u8]) -> Outcome {
    command.stdin(ProcessStdio::piped()).stdout(ProcessStdio::piped()).stderr(ProcessStdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Outcome::failed(format!("{}: {error}", command.get_program().display())),
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    thread::spawn(move || drop(stdin.write_all(&input))); // a program need not read it
    let read = |mut pipe: Box<dyn std::io::Read + Send>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).map(|_| bytes).unwrap_or_default()
        })
    };
    let stdout = read(Box::new(child.stdout.take().unwrap()));
    let stderr = read(Box::new(child.stderr.take().unwrap()));
    let start = Instant::now();
    let exit = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code().ok_or_else(|| format!("killed: {status}")),
            None if start.elapsed() > TIME_LIMIT => {
                child.kill().unwrap();
                child.wait().unwrap();
                break Err("killed: out of time".to_owned());
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    Outcome { exit, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() }
}
