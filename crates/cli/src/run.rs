//! `gossamer run`: check, compile, run. The last two do not exist yet, and say so.

use crate::build::{named, no_code_generation, presentation, print_commands};
use crate::failure::Failure;
use crate::flag_table::Command;
use crate::options::{Options, start};
use crate::report::report;
use driver::PackageReport;
use std::process::ExitCode;

pub fn run(args: &[String]) -> Result<ExitCode, Failure> {
    let (flags, settings, rest) = start(Command::Run, args)?;
    let (packages, _program_args) = split_arguments(rest)?;
    let options = Options::new(Command::Run, &flags, &settings, packages)?;
    let outcome = options.check()?;
    if !report(&options, &outcome, presentation(&options)) {
        return Ok(ExitCode::FAILURE);
    }
    require_main_package(&packages[0], &named(&outcome))?;
    print_commands(&options, &outcome, &[]);
    if options.dry_run || options.config.emit.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(no_code_generation())
}

/// Leading `.go` files, or one package; what follows is the program's.
fn split_arguments(args: &[String]) -> Result<(&[String], &[String]), Failure> {
    let files = args.iter().take_while(|arg| arg.ends_with(".go")).count();
    if files > 0 {
        return Ok(args.split_at(files));
    }
    if args.is_empty() || args[0].starts_with('-') {
        return Err(Failure::Fatal("no go files listed: name a package or .go files".to_owned()));
    }
    Ok(args.split_at(1))
}

/// Exactly one main package must be named.
fn require_main_package(pattern: &str, named: &[&PackageReport]) -> Result<(), Failure> {
    match named {
        [package] if package.name == "main" => Ok(()),
        [package] => Err(Failure::Fatal(format!("package {} is not a main package", package.import_path))),
        [] => Err(Failure::Fatal(format!("{pattern}: no packages to run"))),
        several => {
            let paths: Vec<String> = several.iter().map(|package| format!("\t{}", package.import_path)).collect();
            Err(Failure::Fatal(format!("pattern {pattern} matches multiple packages:\n{}", paths.join("\n"))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_end_where_the_arguments_begin() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let args = words("a.go b.go -v x");
        let (packages, rest) = split_arguments(&args).unwrap();
        assert_eq!((packages, rest), (&args[..2], &args[2..]));
        let args = words("./cmd a.go");
        assert_eq!(split_arguments(&args).unwrap().0, ["./cmd"]);
        assert!(split_arguments(&[]).is_err());
    }
}
