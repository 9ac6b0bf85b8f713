//! Where the modules of tests run: wasmtime for wasip1, Node for js, with streams kept and a limit of time.
//!
//! A program sees what Go's `go_wasip1_wasm_exec` and `go_js_wasm_exec` would show it, less this machine's environment:
//! `PATH`, `PWD`, and GODEBUG where the test sets it.

use super::scratch::Scratch;
use driver::Goos as Os;
use host::{Ended, Invocation, Node, NodeSearch, Status, Stdio, Wasmtime, WasmtimeOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio as Stream};
use std::time::{Duration, Instant};

pub enum Hosts {
    Wasmtime(Box<Wasmtime>),
    Node(Node),
    /// wasip1 modules in Node's own WASI. Its engine starts a large module ten times as fast as wasmtime compiles it.
    NodeWasi {
        node: PathBuf,
        limit: Duration,
    },
}

pub enum Ran {
    /// To the end, with exit code 0; what it wrote.
    Well(Vec<u8>),
    Badly {
        reason: String,
        output: Vec<u8>,
    },
}

/// `node:wasi` in the terms of `go_wasip1_wasm_exec`: module, arguments.
const WASI_SCRIPT: &str = "
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';
const [file, ...args] = process.argv.slice(2);
const env = { PATH: process.env.PATH, PWD: process.env.PWD };
const wasi = new WASI({ version: 'preview1', args: [file, ...args], env, preopens: { '/': '/' } });
const module = new WebAssembly.Module(readFileSync(file));
process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
";

const TIMEOUT: &str = "timeout: the program runs on";

impl Hosts {
    pub fn new(os: Os, goroot: &Path, limit: Duration) -> Result<Hosts, String> {
        match os {
            Os::Wasip1 => {
                let options = WasmtimeOptions { time_limit: Some(limit), ..WasmtimeOptions::default() };
                let wasmtime = Wasmtime::new(&options).map_err(|error| error.to_string())?;
                Ok(Hosts::Wasmtime(Box::new(wasmtime)))
            }
            Os::Js => {
                let node = Node::find(&node_search(), goroot).map_err(|error| error.to_string())?;
                Ok(Hosts::Node(node.with_time_limit(Some(limit))))
            }
        }
    }

    pub fn node_wasi(limit: Duration) -> Result<Hosts, String> {
        let node = node_search().find().map_err(|error| error.to_string())?;
        Ok(Hosts::NodeWasi { node: node.executable, limit })
    }

    /// `Err`: it could not be started, which is the module's fault or the machine's.
    pub fn run(
        &self,
        module: &[u8],
        name: &str,
        args: &[String],
        godebug: Option<&str>,
        dir: &Path,
    ) -> Result<Ran, String> {
        let mut env = vec![("PWD".to_owned(), dir.display().to_string())];
        env.extend(std::env::var("PATH").ok().map(|path| ("PATH".to_owned(), path)));
        env.extend(godebug.map(|settings| ("GODEBUG".to_owned(), settings.to_owned())));
        let stdio = Stdio::CaptureMerged { input: Vec::new() };
        let invocation = Invocation { name: name.to_owned(), args: args.to_vec(), env, dir: dir.to_owned(), stdio };
        let ended = match self {
            Hosts::Wasmtime(wasmtime) => {
                let module = wasmtime.compile(module).map_err(|error| format!("invalid: {error}"))?;
                wasmtime.run(&module, &invocation).map_err(|error| error.to_string())
            }
            Hosts::Node(node) => node.run(module, &invocation).map_err(|error| error.to_string()),
            Hosts::NodeWasi { node, limit } => return run_node_wasi(node, module, &invocation, *limit),
        };
        Ok(verdict(ended?))
    }
}

pub fn node_search() -> NodeSearch {
    NodeSearch::from_environment(&crate::project_root().join("tests/node"))
}

fn verdict(ended: Ended) -> Ran {
    let output = ended.stdout;
    let reason = match ended.status {
        Status::Exited(0) => return Ran::Well(output),
        Status::Exited(code) => format!("exit {code}"),
        Status::Trapped(trap) => {
            let place = trap.frames.iter().find_map(|frame| frame.func_name.clone());
            let reason = trap.reason.lines().next().unwrap_or_default().to_owned();
            let reason = place.map_or(reason.clone(), |place| format!("{reason} in {place}"));
            return Ran::Badly { reason: format!("trap: {reason}"), output };
        }
        Status::Signalled(signal) => format!("signal {signal}"),
        Status::TimedOut => TIMEOUT.to_owned(),
    };
    Ran::Badly { reason, output }
}

fn run_node_wasi(node: &Path, module: &[u8], invocation: &Invocation, limit: Duration) -> Result<Ran, String> {
    let work = Scratch::new()?;
    let file = work.path().join(&invocation.name);
    let script = work.path().join("wasi.mjs");
    let written = std::fs::write(&file, module).and_then(|()| std::fs::write(&script, WASI_SCRIPT));
    written.map_err(|error| format!("{}: {error}", work.path().display()))?;
    let mut command = Command::new(node);
    command.arg("--no-warnings").arg("--stack-size=8192").arg(&script).arg(&file).args(&invocation.args);
    command.current_dir(&invocation.dir).env_clear().envs(invocation.env.clone());
    let (mut reader, writer) = std::io::pipe().map_err(|error| error.to_string())?;
    let copy = writer.try_clone().map_err(|error| error.to_string())?;
    command.stdin(Stream::null()).stdout(copy).stderr(writer);
    let mut child = command.spawn().map_err(|error| format!("{}: {error}", node.display()))?;
    drop(command); // with our ends of the pipe
    let reading = std::thread::spawn(move || {
        let mut output = Vec::new();
        let _ = reader.read_to_end(&mut output); // what came until then will do
        output
    });
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break Some(status);
        }
        if Instant::now() > deadline {
            let _ = child.kill(); // it may have ended just now
            let _ = child.wait();
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let output = reading.join().unwrap_or_default();
    Ok(match status {
        Some(status) if status.success() => Ran::Well(output),
        Some(status) => Ran::Badly { reason: status.to_string(), output },
        None => Ran::Badly { reason: TIMEOUT.to_owned(), output },
    })
}
