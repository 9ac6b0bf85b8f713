//! `gossamer build`: compile, and write the modules.

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::flags::Flags;
use crate::options::{BuildMode, Options, start};
use crate::output::{Output, outputs, write};
use crate::print;
use crate::report::{or_json, report};
use crate::sdk::Settings;
use crate::tool_flags::link_words;
use driver::{CheckOutcome, Emit, Inputs, PackageReport, Presentation, Subject};
use std::ffi::OsString;
use std::process::ExitCode;

pub fn build(args: &[OsString]) -> Result<ExitCode, Failure> {
    let (flags, settings, packages) = start(Command::Build, args)?;
    or_json(&flags, || compile(&flags, &settings, packages.clone()))
}

fn compile(flags: &Flags, settings: &Settings, packages: Vec<String>) -> Result<ExitCode, Failure> {
    let options = Options::new(Command::Build, flags, settings, Inputs::Patterns(packages))?;
    let outcome = options.build()?;
    if !report(&options, &outcome.check, presentation(&options))? {
        return Ok(ExitCode::FAILURE);
    }
    let outputs = match options.config.emit {
        None => outputs(&named(&outcome.check), &options.config.inputs, options.output.as_deref())?,
        Some(form @ (Emit::Ssa | Emit::Wat)) if !named(&outcome.check).iter().any(|package| package.name == "main") => {
            let message = format!("-emit={}: no main packages to build, so there is no code", form.name());
            return Err(Failure::Fatal(message));
        }
        Some(_) => Vec::new(), // a form is printed in their place
    };
    print_commands(&options, &outcome.check, &outputs);
    if let Some(message) = outcome.failure {
        return Err(Failure::Fatal(message));
    }
    if options.dry_run || options.config.emit.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    let modules = outputs.iter().map(|output| {
        let module = outcome.modules.iter().find(|module| module.import_path == output.import_path);
        (output, module.expect("cli: build: each main package has a module").wasm.as_slice())
    });
    write(modules, options.build_mode)?;
    Ok(ExitCode::SUCCESS)
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
        print::message(&format!("check {} # {}", package.import_path, package.dir.display()));
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
        if let Some(package) = outcome.packages.iter().find(|package| package.import_path == output.import_path) {
            let PackageReport { import_path, dir, named, .. } = package;
            let subject = Subject { import_path, dir, named: *named, standard: false };
            words.extend(options.link.of(subject).map(link_words).unwrap_or_default());
        }
        words.push(output.import_path.clone());
        print::message(&words.join(" "));
    }
}
