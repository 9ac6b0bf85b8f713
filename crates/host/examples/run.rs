//! Runs a module as `gossamer run` does after compiling: `cargo run -p host --example run -- main.wasm arguments...`

use host::{Invocation, NodeSearch, RunOptions, Stdio, WasmtimeOptions};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(file) = args.next() else {
        eprintln!("usage: run module.wasm [arguments...]");
        return ExitCode::from(2);
    };
    let goroot = std::env::var_os("GOROOT").map(PathBuf::from).unwrap_or_default();
    let dir = PathBuf::from(".");
    let options = RunOptions {
        goroot: &goroot,
        node: NodeSearch::from_environment(Path::new("tests/node")),
        wasmtime: WasmtimeOptions::default(),
    };
    let module = match std::fs::read(&file) {
        Ok(module) => module,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let env = host::inherited_environment(&dir);
    let invocation = Invocation { name: file, args: args.collect(), env, dir, stdio: Stdio::Inherit };
    match host::run(&module, &invocation, &options) {
        Ok(ended) => {
            if let Some(complaint) = ended.status.complaint() {
                eprintln!("{complaint}");
            }
            ExitCode::from(u8::try_from(ended.status.code() & 0xff).expect("masked"))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
