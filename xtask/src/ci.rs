//! `cargo xtask ci`: the steps of CI, in order of cost.

use crate::project_root;
use std::process::Command;
use std::time::Instant;

/// Runs every step; stops at the first that fails.
pub fn ci() -> Result<(), String> {
    cargo(&["fmt", "--all", "--", "--check"])?;
    crate::tidy::tidy()?;
    cargo(&["clippy", "--workspace", "--all-targets", "--release", "--", "-D", "warnings"])?;
    cargo(&["test", "--release"]) // conformance's fast part is among the tests
}

/// Runs cargo in the project and shows what it shows.
pub fn cargo(args: &[&str]) -> Result<(), String> {
    println!("+ cargo {}", args.join(" "));
    let start = Instant::now();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(args).current_dir(project_root()).status();
    let status = status.map_err(|error| format!("cargo {}: {error}", args[0]))?;
    println!("  {:.1} s", start.elapsed().as_secs_f64());
    if status.success() { Ok(()) } else { Err(format!("cargo {} failed", args[0])) }
}
