//! The project's chores: `cargo xtask <task>`.
//!
//! - `ci`: exactly what CI runs;
//! - `tidy`: the rules that no other tool checks;
//! - `bless`: rewrites expectations of the file-based tests;
//! - `run-expectations`: what Go's own toolchain makes of the programs in `tests/run`;
//! - `conformance`: Go's own tests, judged as Go judges them;
//! - `official`: which of those tests Go's own toolchain passes;
//! - `bench`: our compiler and its programs against Go's own;
//! - `fuzz`: broken programs for the checker.

#![allow(clippy::disallowed_methods)] // chores run programs and read the tree

mod bench;
mod bless;
mod ci;
mod conformance;
mod fuzz;
mod run_expectations;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask ci
       cargo xtask tidy
       cargo xtask bless [cargo test arguments]
       cargo xtask run-expectations [--check native|wasip1|js] [program]
       cargo xtask conformance [--suite test|types|run|std-check]... [--filter regexp] [--goos js|wasip1]...
                               [--goroot dir]... [--seconds n] [--fast] [--verbose] [--bless]
       cargo xtask official [--run [--filter regexp]] [--goroot dir] [--goos js|wasip1]
       cargo xtask bench [--filter regexp] [--runs n] [--dry]
       cargo xtask fuzz [--seed n] [--first n] [--count n] [--out dir]
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = args.split_first().map_or(("", &[][..]), |(task, rest)| (task.as_str(), rest));
    let result = match task {
        "ci" => ci::ci(),
        "tidy" => tidy::tidy(),
        "bless" => bless::bless(rest),
        "run-expectations" => run_expectations::run_expectations(rest),
        "conformance" => conformance::conformance(rest),
        "official" => conformance::official::official(rest),
        "bench" => bench::bench(rest),
        "fuzz" => fuzz::fuzz(rest),
        "worker" => conformance::worker::worker(),
        _ => Err(USAGE.trim_end().to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The top of the source tree.
fn project_root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("xtask lies in the project").to_owned()
}
