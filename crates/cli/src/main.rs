//! The `gossamer` command: one file per subcommand, and the only crate that prints and exits.
//!
//! Exit codes: 1 for mistakes in the user's program or setup, 2 for mistakes on the command line and bugs of ours, and
//! for `run` the program's own. Messages go to standard error; what was asked for (`--emit`, `--json`, `env`, `help`) goes to
//! standard output.

#![allow(clippy::disallowed_methods)] // files and settings reach the core from here
#![deny(clippy::print_stdout, clippy::print_stderr)] // they panic when nobody reads: see `print`

mod build;
mod check;
mod env;
mod failure;
mod flag_table;
mod flags;
mod help;
mod internal;
mod options;
mod output;
mod print;
mod report;
mod run;
mod sdk;
mod tool_flags;
mod version;

use failure::Failure;
use mimalloc::MiMalloc;
use std::ffi::OsString;
use std::process::ExitCode;

/// A compiler allocates a great deal, on several threads: a fifth of the time of a small build went to the C library for it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let Some(command) = args.next() else {
        print::messages(&help::overview());
        return ExitCode::from(2);
    };
    let args: Vec<OsString> = args.collect();
    let result = internal::guarded(|| match &*command.to_string_lossy() {
        "build" => build::build(&args),
        "run" => run::run(&args),
        "check" => check::check(&args),
        "env" => env::env(&args),
        "version" => version::version(&args),
        "help" | "-h" | "-help" | "--help" => help::help(&args),
        other => Err(Failure::Command(format!("{other}: unknown command"))),
    });
    result.unwrap_or_else(|failure| failure.report())
}
