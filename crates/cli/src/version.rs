//! `gossamer version`: ours, and that of the Go SDK.

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::flags::Flags;
use driver::GoEnv;
use std::path::Path;
use std::process::ExitCode;

pub fn version(args: &[String]) -> Result<ExitCode, Failure> {
    let (_, rest) = Flags::parse(Command::Version, "", args)?;
    if !rest.is_empty() {
        return Err(Failure::Usage(Command::Version, format!("unexpected argument: {}", rest[0])));
    }
    let env = GoEnv::read(std::env::vars(), None);
    let sdk = match env.goroot().map(|goroot| (sdk_version(goroot), goroot)) {
        Some((Some(version), goroot)) => format!("{version} ({})", goroot.display()),
        Some((None, goroot)) => format!("no Go SDK in {}", goroot.display()),
        None => "no Go SDK found".to_owned(),
    };
    println!("gossamer version {} {sdk}", env!("CARGO_PKG_VERSION"));
    Ok(ExitCode::SUCCESS)
}

/// The first line of `GOROOT/VERSION`: `go1.26.8`.
pub fn sdk_version(goroot: &Path) -> Option<String> {
    let text = std::fs::read_to_string(goroot.join("VERSION")).ok()?;
    Some(text.lines().next()?.trim().to_owned())
}
