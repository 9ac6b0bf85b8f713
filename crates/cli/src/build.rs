//! `gossamer build`: check, then compile and write. The second half does not exist yet, and says so.

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::options::{BuildMode, Options, start};
use crate::output::{Output, outputs};
use crate::report::report;
use driver::{CheckOutcome, PackageReport, Presentation};
use std::process::ExitCode;

pub fn build(args: &[String]) -> Result<ExitCode, Failure> {
    let (flags, settings, packages) = start(Command::Build, args)?;
    let options = Options::new(Command::Build, &flags, &settings, packages)?;
    let outcome = options.check()?;
    if !report(&options, &outcome, presentation(&options)) {
        return Ok(ExitCode::FAILURE);
    }
    let outputs = outputs(&named(&outcome), &options.config.inputs, options.output.as_deref())?;
    print_commands(&options, &outcome, &outputs);
    if options.dry_run || options.config.emit.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(no_code_generation())
}

/// As gc prints, with its limit unless `-gcflags=-e` lifts it.
pub fn presentation(options: &Options) -> Presentation {
    if options.all_errors { Presentation::BuildUnlimited } else { Presentation::Build }
}

/// The packages that the command line names.
pub fn named(outcome: &CheckOutcome) -> Vec<&PackageReport> {
    outcome.packages.iter().filter(|package| package.named).collect()
}

/// `-x` and `-n`: the steps, as far as a shell could not do them.
pub fn print_commands(options: &Options, outcome: &CheckOutcome, outputs: &[Output]) {
    if !options.print_commands {
        return;
    }
    for package in &outcome.packages {
        eprintln!("check {} # {}", package.import_path, package.dir.display());
    }
    for output in outputs {
        let mut words = vec!["compile".to_owned(), format!("-o {}", output.path.display())];
        words.push(format!("-os {}", options.config.os.name()));
        if options.build_mode == BuildMode::CShared {
            words.push("-buildmode=c-shared".to_owned());
        }
        if options.trimpath {
            words.push("-trimpath".to_owned());
        }
        words.extend(options.link.words());
        words.push(output.import_path.clone());
        eprintln!("{}", words.join(" "));
    }
}

pub fn no_code_generation() -> Failure {
    Failure::Fatal("not yet supported: code generation".to_owned())
}
