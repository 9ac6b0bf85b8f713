//! `cargo xtask ci`: the steps of CI, in order of cost.

use crate::project_root;
use std::ffi::OsStr;
use std::process::Command;
use std::time::Instant;

/// Runs every step; stops at the first that fails.
pub fn ci() -> Result<(), String> {
    cargo(&["fmt", "--all", "--", "--check"])?;
    crate::tidy::tidy()?;
    cargo(&["clippy", "--workspace", "--all-targets", "--release", "--", "-D", "warnings"])?;
    install_node()?;
    cargo(&["test", "--release"]) // conformance's fast part is among the tests
}

/// The Node.js that js modules run in.
fn install_node() -> Result<(), String> {
    step(if cfg!(windows) { "npm.cmd" } else { "npm" }.as_ref(), "npm", &["ci", "--prefix", "tests/node"])
}

/// Runs cargo in the project and shows what it shows.
pub fn cargo(args: &[&str]) -> Result<(), String> {
    step(&std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), "cargo", args)
}

fn step(executable: &OsStr, name: &str, args: &[&str]) -> Result<(), String> {
    println!("+ {name} {}", args.join(" "));
    let start = Instant::now();
    let status = Command::new(executable).args(args).current_dir(project_root()).status();
    let status = status.map_err(|error| format!("{name} {}: {error}", args[0]))?;
    println!("  {:.1} s", start.elapsed().as_secs_f64());
    if status.success() { Ok(()) } else { Err(format!("{name} {} failed", args[0])) }
}
