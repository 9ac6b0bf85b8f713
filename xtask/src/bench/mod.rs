//! `cargo xtask bench`: our compiler against Go's own, in one run, on the programs of `bench/programs`.
//!
//! Each program prints a checksum, and is deterministic; what the four modules print (two compilers, two targets) must be
//! the same, or there is nothing to compare. Measured are
//!
//! - the time from source to module: Go's with its standard library in the build cache and the program's own package
//!   not, ours from nothing, since there is no cache;
//! - the size of the module with `-ldflags=-s`, as it is and after brotli;
//! - the time to run: in wasmtime from compiled code on, in Node from the start of the process on.
//!
//! Runs of the two are interleaved, and the ratio of a program is the median of the ratios of neighbours: what else the
//! machine does strikes both alike. [`tools`] starts compilers and programs, [`stats`] makes one number of many,
//! [`report`] writes `bench/RESULTS.md`.

mod report;
mod stats;
mod tools;

use crate::conformance::find_goroot;
use driver::Goos as Os;
use regex::Regex;
use stats::{Pairs, median};
use std::path::{Path, PathBuf};
use tools::{Machine, Tool};

/// Of a module, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub raw: u64,
    pub brotli: u64,
}

/// Two numbers, Go's and ours, with the median of their ratios.
#[derive(Clone, Copy, Debug)]
pub struct Versus {
    pub go: f64,
    pub ours: f64,
    /// Ours to Go's.
    pub ratio: f64,
}

/// What was measured of a program, or why it was not.
pub type Measured<T> = Result<T, String>;

pub struct Row {
    pub name: String,
    /// Milliseconds, for wasip1.
    pub compile: Measured<Versus>,
    /// Our peak, in MiB.
    pub memory: Measured<f64>,
    pub raw: Measured<Versus>,
    pub brotli: Measured<Versus>,
    /// Milliseconds.
    pub wasmtime: Measured<Versus>,
    pub node: Measured<Versus>,
}

pub struct Hello {
    pub compile: Measured<Versus>,
    pub size: [Measured<(Size, Size)>; 2],
}

/// Milliseconds of `gossamer check std`.
pub struct CheckStd {
    pub os: Os,
    pub millis: Measured<f64>,
}

struct Request {
    filter: Option<Regex>,
    runs: usize,
    /// Only shows what it measures.
    dry: bool,
}

pub fn bench(args: &[String]) -> Result<(), String> {
    let request = Request::parse(args)?;
    let goroot = find_goroot().ok_or("bench: no Go SDK found: set GOROOT")?;
    let machine = Machine::new(&goroot)?;
    let mut rows = Vec::new();
    for source in programs()? {
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if request.filter.as_ref().is_some_and(|filter| !filter.is_match(&name)) {
            continue;
        }
        let row = measure(&machine, &name, &source, request.runs);
        println!("{}", report::line(&row));
        rows.push(row);
    }
    let hello = hello(&machine, request.runs.max(9))?;
    let std = Os::ALL.into_iter().map(|os| CheckStd { os, millis: check_std(&machine, os, request.runs) });
    let text = report::results(&machine, &rows, &hello, &std.collect::<Vec<_>>(), request.runs);
    if request.dry || request.filter.is_some() {
        println!("{text}");
        return Ok(());
    }
    let path = bench_dir().join("RESULTS.md");
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

impl Request {
    fn parse(args: &[String]) -> Result<Request, String> {
        let mut request = Request { filter: None, runs: 5, dry: false };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                "--filter" => request.filter = Some(Regex::new(value()?).map_err(|error| error.to_string())?),
                "--runs" => request.runs = value()?.parse().map_err(|error| format!("--runs: {error}"))?,
                "--dry" => request.dry = true,
                other => return Err(format!("bench: unknown argument {other}\n{}", crate::USAGE)),
            }
        }
        request.runs = request.runs.max(1);
        Ok(request)
    }
}

fn bench_dir() -> PathBuf {
    crate::project_root().join("bench")
}

fn programs() -> Result<Vec<PathBuf>, String> {
    let dir = bench_dir().join("programs");
    let entries = std::fs::read_dir(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "go"));
    files.sort();
    Ok(files)
}

fn measure(machine: &Machine, name: &str, source: &Path, runs: usize) -> Row {
    let compile = compile_time(machine, source, Os::Wasip1, runs);
    let memory = machine.build(Tool::Gossamer, source, Os::Wasip1).and_then(|built| built.peak_memory());
    let sizes = sizes(machine, source, Os::Wasip1);
    let versus = |of: fn(Size) -> u64| {
        let (go, ours) = sizes.clone()?;
        let (go, ours) = (of(go) as f64, of(ours) as f64);
        Ok(Versus { go, ours, ratio: ours / go })
    };
    Row {
        name: name.to_owned(),
        compile,
        memory,
        raw: versus(|size| size.raw),
        brotli: versus(|size| size.brotli),
        wasmtime: run_time(machine, source, Os::Wasip1, runs),
        node: run_time(machine, source, Os::Js, runs),
    }
}

fn compile_time(machine: &Machine, source: &Path, os: Os, runs: usize) -> Measured<Versus> {
    let mut pairs = Pairs::default();
    for run in 0..runs {
        let nonce = format!("{}-{run}", std::process::id());
        let go = machine.build_anew(Tool::Go, source, os, &nonce)?;
        let ours = machine.build_anew(Tool::Gossamer, source, os, &nonce)?;
        pairs.add(go.millis, ours.millis);
    }
    Ok(pairs.versus())
}

fn sizes(machine: &Machine, source: &Path, os: Os) -> Measured<(Size, Size)> {
    let size = |tool| -> Measured<Size> {
        let built = machine.build(tool, source, os)?;
        Ok(Size { raw: built.module.len() as u64, brotli: machine.brotli(&built.module)? })
    };
    Ok((size(Tool::Go)?, size(Tool::Gossamer)?))
}

fn run_time(machine: &Machine, source: &Path, os: Os, runs: usize) -> Measured<Versus> {
    let go = machine.program(&machine.build(Tool::Go, source, os)?)?;
    let ours = machine.program(&machine.build(Tool::Gossamer, source, os)?)?;
    let mut pairs = Pairs::default();
    for _ in 0..runs {
        let (go_millis, expected) = machine.run(&go)?;
        let (our_millis, output) = machine.run(&ours)?;
        if output != expected {
            let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
            return Err(format!("prints {:?} instead of {:?}", shown(&output), shown(&expected)));
        }
        pairs.add(go_millis, our_millis);
    }
    Ok(pairs.versus())
}

fn hello(machine: &Machine, runs: usize) -> Result<Hello, String> {
    let source = crate::project_root().join("examples/hello/main.go");
    Ok(Hello {
        compile: compile_time(machine, &source, Os::Wasip1, runs),
        size: [Os::Wasip1, Os::Js].map(|os| sizes(machine, &source, os)),
    })
}

fn check_std(machine: &Machine, os: Os, runs: usize) -> Measured<f64> {
    let millis: Result<Vec<f64>, String> = (0..runs).map(|_| machine.check_std(os)).collect();
    Ok(median(&millis?))
}
