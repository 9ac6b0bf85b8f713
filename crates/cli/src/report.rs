//! Shows a [`CheckOutcome`]: diagnostics, `-v`, `--emit`, `--time`.

use crate::failure::Failure;
use crate::flags::Flags;
use crate::options::Options;
use crate::print;
use driver::{CheckOutcome, PackageReport, Presentation, render};
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

/// Prints everything about the outcome; returns whether the program is free of errors.
pub fn report(options: &Options, outcome: &CheckOutcome, presentation: Presentation) -> Result<bool, Failure> {
    if options.verbose {
        // The SDK's own are not news, and `go build` has most of them in its cache.
        let own = |package: &&PackageReport| package.named || !package.dir.starts_with(&options.config.goroot);
        outcome.packages.iter().filter(own).for_each(|package| print::message(&package.import_path));
    }
    outcome.notices.iter().for_each(|notice| print::message(notice));
    if options.json {
        print::output(&render::json_lines(outcome, presentation))?;
    } else {
        let snippets = std::io::stderr().is_terminal();
        print::messages(&render::Text { outcome, presentation, snippets }.to_string());
    }
    if let Some(emitted) = &outcome.emitted {
        print::output(emitted)?;
    }
    if options.time {
        print::messages(&time_table(outcome));
    }
    Ok(!outcome.has_errors())
}

/// `-json`: a failure is a line on standard output too; what is wrong with the command line stays a message.
pub fn or_json(flags: &Flags, work: impl FnOnce() -> Result<ExitCode, Failure>) -> Result<ExitCode, Failure> {
    let (message, exit) = match work() {
        Err(Failure::Fatal(message) | Failure::Go(message)) if flags.is_on("json") => (message, ExitCode::FAILURE),
        Err(Failure::Refused(message)) if flags.is_on("json") => (message, ExitCode::from(2)),
        other => return other,
    };
    print::output(&render::json_failure(&message))?;
    Ok(exit)
}

fn time_table(outcome: &CheckOutcome) -> String {
    let mut table = format!("{:<12}{:>10}{:>10}{:>12}\n", "phase", "ms", "lines", "lines/s");
    let mut total = Duration::ZERO;
    for phase in &outcome.phases {
        total += phase.wall;
        table.push_str(&row(phase.name, phase.wall, phase.lines));
    }
    let lines = outcome.phases.iter().map(|phase| phase.lines).max().unwrap_or(0);
    table.push_str(&row("total", total, lines));
    if let Some(kibibytes) = peak_memory() {
        table.push_str(&format!("peak memory {:>10.1} MiB\n", kibibytes as f64 / 1024.0));
    }
    table
}

fn row(name: &str, wall: Duration, lines: u64) -> String {
    let seconds = wall.as_secs_f64();
    let rate = if seconds > 0.0 { lines as f64 / seconds } else { 0.0 };
    format!("{name:<12}{:>10.1}{lines:>10}{rate:>12.0}\n", seconds * 1000.0)
}

/// Peak resident set in KiB, where the system tells it in a file.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
