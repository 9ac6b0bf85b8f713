//! What both hosts' tests need: invocations, modules from text, the machine's Go and Node.

#![allow(dead_code)] // each test program uses its part

use host::{Ended, Invocation, Node, NodeSearch, Status, Stdio, Wasmtime, WasmtimeOptions};
use std::path::Path;
use std::process::Command;

/// A program called `prog` with captured streams, no arguments, and nothing in its environment.
pub fn invocation() -> Invocation {
    Invocation {
        name: "prog".to_owned(),
        args: Vec::new(),
        env: Vec::new(),
        dir: std::env::current_dir().unwrap(),
        stdio: Stdio::Capture { input: Vec::new() },
    }
}

pub fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

pub fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

pub fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a wasip1 module with the defaults.
pub fn run_wasip1(text: &str) -> Ended {
    let host = Wasmtime::new(&WasmtimeOptions::default()).unwrap();
    host.run(&host.compile(&wasm(text)).unwrap(), &invocation()).unwrap()
}

/// It ended well and wrote `stdout`.
pub fn assert_output(ended: &Ended, code: i32, stdout: &str, stderr: &str) {
    assert_eq!(String::from_utf8_lossy(&ended.stderr), stderr);
    assert_eq!(String::from_utf8_lossy(&ended.stdout), stdout);
    assert_eq!(ended.status, Status::Exited(code));
}

/// Go, and the Node that `npm ci` installed in tests/node, or the machine's.
pub fn node() -> Option<Node> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/node");
    match Node::find(&NodeSearch::from_environment(&project), &testing::goroot()?) {
        Ok(node) => Some(node),
        Err(error) => {
            println!("skipped: {error}");
            None
        }
    }
}

/// Compiles a program of tests/programs with Go's own compiler, whose output is what the hosts are made for.
pub fn go_build(goos: &str, program: &str) -> Option<Vec<u8>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(program);
    testing::goroot()?;
    let dir = tempfile::tempdir().unwrap();
    let module = dir.path().join("main.wasm");
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&module)
        .arg(&source)
        .env("GOOS", goos)
        .env("GOARCH", "wasm")
        .env("GOFLAGS", "")
        .env("GO111MODULE", "off")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(std::fs::read(&module).unwrap())
}
