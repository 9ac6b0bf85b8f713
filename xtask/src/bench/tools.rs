//! The compilers, the engines, and clocks around them.

use crate::conformance::hosts::node_search;
use crate::conformance::scratch::Scratch;
use driver::Goos as Os;
use host::{Ended, Invocation, Node, Status, Stdio, Wasmtime, WasmtimeOptions};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tool {
    Go,
    Gossamer,
}

pub struct Machine {
    goroot: PathBuf,
    gossamer: PathBuf,
    wasmtime: Wasmtime,
    node: Result<Node, String>,
    work: Scratch,
    /// What [`Machine::build`] has built.
    built: RefCell<BTreeMap<(Tool, PathBuf, &'static str), Result<Built, String>>>,
}

#[derive(Clone, Debug)]
pub struct Built {
    pub module: Vec<u8>,
    /// From source to module.
    pub millis: f64,
    os: Os,
    /// What `--time` printed.
    report: String,
}

/// A module that is ready to run.
pub enum Program {
    Wasip1(host::wasmtime::CompiledModule),
    Js(Vec<u8>),
}

impl Machine {
    /// Builds our compiler as users have it, and finds the rest.
    pub fn new(goroot: &Path) -> Result<Machine, String> {
        crate::ci::cargo(&["build", "--release", "--package", "cli"])?;
        let gossamer = crate::project_root().join("target/release/gossamer");
        let wasmtime = Wasmtime::new(&WasmtimeOptions::default()).map_err(|error| error.to_string())?;
        let node = Node::find(&node_search(), goroot).map_err(|error| error.to_string());
        let work = Scratch::new()?;
        Ok(Machine { goroot: goroot.to_owned(), gossamer, wasmtime, node, work, built: RefCell::default() })
    }

    /// `go version` and `node --version`, for the record.
    pub fn versions(&self) -> Vec<String> {
        let go = Command::new(self.goroot.join("bin/go")).arg("version").output();
        let node =
            node_search().find().ok().and_then(|node| Command::new(node.executable).arg("--version").output().ok());
        let text = |output: std::process::Output| String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let node = node.map(|output| format!("Node {}", text(output)));
        [go.ok().map(text), node].into_iter().flatten().collect()
    }

    /// Builds once; asked again, gives the same.
    pub fn build(&self, tool: Tool, source: &Path, os: Os) -> Result<Built, String> {
        let key = (tool, source.to_owned(), os.name());
        if let Some(built) = self.built.borrow().get(&key) {
            return built.clone();
        }
        let built = self.build_file(tool, source, os);
        self.built.borrow_mut().insert(key, built.clone());
        built
    }

    /// Builds a copy that no cache can know.
    pub fn build_anew(&self, tool: Tool, source: &Path, os: Os, nonce: &str) -> Result<Built, String> {
        let mut text = std::fs::read_to_string(source).map_err(|error| format!("{}: {error}", source.display()))?;
        text.push_str(&format!("\n// {nonce}\n"));
        let dir = self.work.path().join(format!("{tool:?}-{nonce}"));
        let copy = dir.join(source.file_name().unwrap_or_default());
        let written = std::fs::create_dir_all(&dir).and_then(|()| std::fs::write(&copy, text));
        written.map_err(|error| format!("{}: {error}", copy.display()))?;
        self.build_file(tool, &copy, os)
    }

    fn build_file(&self, tool: Tool, source: &Path, os: Os) -> Result<Built, String> {
        let module = self.work.path().join("out.wasm");
        let mut command = match tool {
            Tool::Go => Command::new(self.goroot.join("bin/go")),
            Tool::Gossamer => Command::new(&self.gossamer),
        };
        command.arg("build").arg("-ldflags=-s").arg("-o").arg(&module);
        if tool == Tool::Gossamer {
            command.arg("--time");
        }
        command.arg(source.file_name().unwrap_or_default()).current_dir(source.parent().unwrap_or(source));
        self.settings(&mut command, os);
        let start = Instant::now();
        let output = command.output().map_err(|error| format!("{tool:?}: {error}"))?;
        let millis = start.elapsed().as_secs_f64() * 1000.0;
        let report = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            let complaint = report.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
            return Err(format!("{tool:?} does not build it: {complaint}"));
        }
        let module = std::fs::read(&module).map_err(|error| format!("{}: {error}", module.display()))?;
        Ok(Built { module, millis, os, report })
    }

    fn settings(&self, command: &mut Command, os: Os) {
        command.env("GOOS", os.name()).env("GOARCH", "wasm").env("GOROOT", &self.goroot);
        command.env("GOENV", "off").env("GOFLAGS", "").env("GOTOOLCHAIN", "local").env("GOWORK", "off");
    }

    /// Machine code for wasmtime; Node compiles for itself, while it runs.
    pub fn program(&self, built: &Built) -> Result<Program, String> {
        match built.os {
            Os::Wasip1 => self.wasmtime.compile(&built.module).map(Program::Wasip1).map_err(|error| error.to_string()),
            Os::Js => Ok(Program::Js(built.module.clone())),
        }
    }

    /// Milliseconds, and what it printed.
    pub fn run(&self, program: &Program) -> Result<(f64, Vec<u8>), String> {
        let dir = self.work.path().to_owned();
        let env = vec![("PWD".to_owned(), dir.display().to_string())];
        let stdio = Stdio::Capture { input: Vec::new() };
        let invocation = Invocation { name: "bench.wasm".to_owned(), args: Vec::new(), env, dir, stdio };
        let start = Instant::now();
        let ended = match program {
            Program::Wasip1(module) => self.wasmtime.run(module, &invocation),
            Program::Js(module) => self.node.as_ref().map_err(Clone::clone)?.run(module, &invocation),
        };
        let millis = start.elapsed().as_secs_f64() * 1000.0;
        let Ended { status, stdout, stderr } = ended.map_err(|error| error.to_string())?;
        if status != Status::Exited(0) {
            let said = String::from_utf8_lossy(&stderr).lines().next().unwrap_or_default().to_owned();
            let complaint = status.complaint().unwrap_or_else(|| format!("exit {}", status.code()));
            return Err(format!("{} {said}", complaint.lines().next().unwrap_or_default()));
        }
        Ok((millis, stdout))
    }

    pub fn check_std(&self, os: Os) -> Result<f64, String> {
        let mut command = Command::new(&self.gossamer);
        command.args(["check", "std"]).current_dir(self.work.path());
        self.settings(&mut command, os);
        let start = Instant::now();
        let output = command.output().map_err(|error| format!("gossamer: {error}"))?;
        let millis = start.elapsed().as_secs_f64() * 1000.0;
        let text = String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(millis) } else { Err(text.lines().next().unwrap_or_default().to_owned()) }
    }

    /// Bytes left by brotli at its best. Node has it built in.
    pub fn brotli(&self, module: &[u8]) -> Result<u64, String> {
        let file = self.work.path().join("brotli.in");
        std::fs::write(&file, module).map_err(|error| format!("{}: {error}", file.display()))?;
        let node = node_search().find().map_err(|error| error.to_string())?;
        let script = "const { readFileSync } = require('node:fs'), zlib = require('node:zlib');
            const text = readFileSync(process.argv[1]);
            const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 };
            console.log(zlib.brotliCompressSync(text, { params }).length)";
        let output = Command::new(node.executable).arg("-e").arg(script).arg(&file).output();
        let output = output.map_err(|error| format!("node: {error}"))?;
        String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| "brotli: Node gave no number".to_owned())
    }
}

impl Built {
    /// In MiB, as `--time` tells it.
    pub fn peak_memory(&self) -> Result<f64, String> {
        let line = self.report.lines().find_map(|line| line.strip_prefix("peak memory"));
        let number = line.and_then(|line| line.trim().strip_suffix("MiB")?.trim().parse().ok());
        number.ok_or_else(|| "not told on this machine".to_owned())
    }
}
