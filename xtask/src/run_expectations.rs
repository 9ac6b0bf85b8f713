//! `cargo xtask run-expectations`: what the programs of `tests/run` print, by Go's own toolchain.
//!
//! The harness of these tests (`crates/cli/tests/run`) knows how to compile and run a program with either toolchain;
//! this only asks it to write down the official one's results, or with `--check host` to compare them.

use crate::project_root;
use std::process::Command;

pub fn run_expectations(args: &[String]) -> Result<(), String> {
    let version = Command::new("go").arg("version").output();
    let version =
        version.map_err(|error| format!("run-expectations: the official toolchain is needed: go: {error}"))?;
    print!("{}", String::from_utf8_lossy(&version.stdout));
    let (mode, rest) = match args {
        [flag, host, rest @ ..] if flag == "--check" => (host.as_str(), rest),
        _ => ("write", args),
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["test", "--package", "cli", "--test", "run", "programs"]).current_dir(project_root());
    command.env("RUN_EXPECTATIONS", mode).env_remove("BLESS");
    match rest {
        [] => {}
        [name] => drop(command.env("RUN", name)),
        _ => return Err(crate::USAGE.trim_end().to_owned()),
    }
    let status = command.status().map_err(|error| format!("cargo test: {error}"))?;
    if status.success() { Ok(()) } else { Err("cargo test failed".to_owned()) }
}
