//! `gossamer check`: all mistakes of the named packages.

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::options::{Options, start};
use crate::report::{or_json, report};
use driver::{Inputs, Presentation};
use std::ffi::OsString;
use std::process::ExitCode;

pub fn check(args: &[OsString]) -> Result<ExitCode, Failure> {
    let (flags, settings, packages) = start(Command::Check, args)?;
    or_json(&flags, || {
        let options = Options::new(Command::Check, &flags, &settings, Inputs::Patterns(packages.clone()))?;
        let outcome = options.check()?;
        let presentation = if flags.is_on("gc") { Presentation::BuildUnlimited } else { Presentation::All };
        let clean = report(&options, &outcome, presentation)?;
        Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}
