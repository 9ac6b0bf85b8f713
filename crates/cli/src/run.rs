//! `gossamer run`: compile, and run in the host that the module is for.

use crate::build::{named, presentation, print_commands};
use crate::failure::Failure;
use crate::flag_table::Command;
use crate::options::{Options, start};
use crate::output::default_name;
use crate::print;
use crate::report::{or_json, report};
use driver::{Inputs, PackageReport};
use host::{Invocation, NodeSearch, RunOptions, Stdio, WasmtimeOptions};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

pub fn run(args: &[OsString]) -> Result<ExitCode, Failure> {
    let (flags, settings, rest) = start(Command::Run, args)?;
    or_json(&flags, || {
        let (inputs, program_args) = split_arguments(&rest)?;
        let options = Options::new(Command::Run, &flags, &settings, inputs)?;
        run_with(&options, &rest[0], program_args)
    })
}

/// `pattern` names the program.
fn run_with(options: &Options, pattern: &str, program_args: &[String]) -> Result<ExitCode, Failure> {
    let outcome = options.build()?;
    if !report(options, &outcome.check, presentation(options))? {
        return Ok(ExitCode::FAILURE);
    }
    let main = require_main_package(pattern, &named(&outcome.check))?;
    print_commands(options, &outcome.check, &[]);
    if let Some(message) = outcome.failure {
        return Err(Failure::Fatal(message));
    }
    if options.dry_run || options.config.emit.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    let module = &outcome.modules.first().expect("cli: run: a main package has a module").wasm;
    start_program(options, default_name(main, &options.config.inputs), module, program_args)
}

fn start_program(options: &Options, name: String, module: &[u8], args: &[String]) -> Result<ExitCode, Failure> {
    let dir = &options.config.dir;
    let run_options = RunOptions {
        goroot: &options.config.goroot,
        node: NodeSearch::from_environment(dir),
        wasmtime: WasmtimeOptions::default(),
    };
    let env = host::inherited_environment(dir);
    let invocation = Invocation { name, args: args.to_vec(), env, dir: dir.clone(), stdio: Stdio::Inherit };
    let ended = host::run(module, &invocation, &run_options).map_err(|error| Failure::Fatal(error.to_string()))?;
    if let Some(complaint) = ended.status.complaint() {
        print::message(&complaint);
    }
    Ok(ExitCode::from(u8::try_from(ended.status.code() & 0xff).expect("masked")))
}

/// Leading `.go` files, be they there or not, or one package; what follows is the program's.
fn split_arguments(args: &[String]) -> Result<(Inputs, &[String]), Failure> {
    let files = args.iter().take_while(|arg| arg.ends_with(".go")).count();
    if files > 0 {
        let (files, rest) = args.split_at(files);
        if let Some(file) = files.iter().find(|file| file.ends_with("_test.go")) {
            return Err(Failure::Go(format!("go: cannot run *_test.go files ({file})")));
        }
        return Ok((Inputs::Files(files.iter().map(PathBuf::from).collect()), rest));
    }
    if args.is_empty() || args[0].starts_with('-') {
        return Err(Failure::Fatal("no go files listed: name a package or .go files".to_owned()));
    }
    Ok((Inputs::Patterns(vec![args[0].clone()]), &args[1..]))
}

/// Exactly one main package must be named. A wildcard names only those.
fn require_main_package<'p>(pattern: &str, named: &[&'p PackageReport]) -> Result<&'p PackageReport, Failure> {
    let wildcard = pattern.contains("...");
    let named: Vec<_> = named.iter().copied().filter(|package| !wildcard || package.name == "main").collect();
    match named[..] {
        [package] if package.name == "main" => Ok(package),
        [package] => Err(Failure::Fatal(format!("package {} is not a main package", package.import_path))),
        [] => Err(Failure::Fatal(format!("no packages loaded from {pattern}"))),
        ref several => {
            let paths: Vec<String> = several.iter().map(|package| format!("\t{}", package.import_path)).collect();
            Err(Failure::Fatal(format!("pattern {pattern} matches multiple packages:\n{}", paths.join("\n"))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn files_end_where_the_arguments_begin() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let args = words("a.go b.go -v x");
        let (inputs, rest) = split_arguments(&args).unwrap();
        assert!(matches!(inputs, Inputs::Files(files) if files == [Path::new("a.go"), Path::new("b.go")]));
        assert_eq!(rest, &args[2..]);
        let args = words("./cmd a.go");
        assert!(matches!(split_arguments(&args).unwrap().0, Inputs::Patterns(patterns) if patterns == ["./cmd"]));
        assert!(split_arguments(&words("a.go a_test.go")).is_err());
        assert!(split_arguments(&[]).is_err());
    }
}
