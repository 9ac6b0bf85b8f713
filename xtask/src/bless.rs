//! `cargo xtask bless`: file-based tests write what they got as what they expect. The reader of the diff decides.

use crate::project_root;
use std::process::Command;

pub fn bless(args: &[String]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("test").args(args).env("BLESS", "1").current_dir(project_root());
    let status = command.status().map_err(|error| format!("cargo test: {error}"))?;
    if status.success() { Ok(()) } else { Err("cargo test failed: what is left cannot be blessed".to_owned()) }
}
