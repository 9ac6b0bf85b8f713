//! `gossamer version`: ours, and that of the Go SDK.

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::flags::Flags;
use crate::print;
use crate::sdk::{Settings, read_env};
use load::sdk::Found;
use std::ffi::OsString;
use std::process::ExitCode;

pub fn version(args: &[OsString]) -> Result<ExitCode, Failure> {
    let (_, rest) = Flags::parse(Command::Version, "", args)?;
    if !rest.is_empty() {
        return Err(Failure::Usage(Command::Version, format!("unexpected argument: {}", rest[0].to_string_lossy())));
    }
    let settings = Settings::new(read_env(), None, None)?;
    let sdk = match &settings.found {
        Ok(Found::Sdk { sdk, .. }) => format!("go{} ({})", sdk.version, sdk.goroot.display()),
        _ => format!("({})", settings.reason()),
    };
    print::output(&format!("gossamer version {} {sdk}\n", env!("CARGO_PKG_VERSION")))?;
    Ok(ExitCode::SUCCESS)
}
