//! The command when nobody reads what it writes, or nothing more can be written: one message or none, and no panic.

#![cfg(unix)]
#![allow(clippy::disallowed_methods)] // tests run programs

use std::fs::OpenOptions;
use std::io::Read;
use std::process::{Command, Stdio};

/// Exit code and standard error, with another standard output.
fn with_stdout(args: &[&str], stdout: Stdio) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gossamer"));
    command.args(args).env("GOENV", "off").env("GOROOT", "/nonexistent").stdin(Stdio::null()).stdout(stdout);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

const COMMANDS: [&[&str]; 4] = [&["help", "build"], &["version"], &["env"], &["env", "-json", "GOOS"]];

#[test]
fn a_reader_that_has_gone_is_no_error() {
    for args in COMMANDS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(with_stdout(args, writer.into()), (Some(141), String::new()), "{args:?}");
    }
}

#[test]
fn a_full_disk_is_one_message() {
    let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
    for args in COMMANDS {
        let (exit, stderr) = with_stdout(args, full.try_clone().unwrap().into());
        let message = "gossamer: cannot write to standard output: no space left on device\n";
        assert_eq!((exit, stderr.as_str()), (Some(1), message), "{args:?}");
    }
}

/// Forms and diagnostics are output like any other.
#[test]
fn a_form_that_cannot_be_written_is_an_error() {
    let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
    let Some(goroot) = goroot() else { return };
    let dir = std::env::temp_dir().join(format!("gossamer-streams-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("m.go"), "package main\n\nfunc main() { x() }\n").unwrap();
    for flag in ["--emit=ast", "--json"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gossamer"));
        command.args(["check", flag, "m.go"]).current_dir(&dir).env("GOENV", "off").env("GOROOT", &goroot);
        let mut child = command.stdout(full.try_clone().unwrap()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{stderr}");
        assert!(stderr.contains("cannot write to standard output: no space left"), "{stderr}");
    }
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn each_of_several_programs_is_printed() {
    let Some(goroot) = goroot() else { return };
    let dir = std::env::temp_dir().join(format!("gossamer-several-{}", std::process::id()));
    for name in ["a", "b"] {
        std::fs::create_dir_all(dir.join(name)).unwrap();
        std::fs::write(dir.join(name).join("m.go"), "package main\n\nfunc main() {}\n").unwrap();
    }
    std::fs::write(dir.join("go.mod"), "module m\n\ngo 1.26\n").unwrap();
    for form in ["ssa", "wat"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gossamer"));
        command.args(["build", "-emit", form, "./..."]).current_dir(&dir).env("GOENV", "off").env("GOROOT", &goroot);
        let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let heads: Vec<&str> = text.lines().filter(|line| line.starts_with(";; m/")).collect();
        assert_eq!(heads, [";; m/a", ";; m/b"], "{form}");
    }
    std::fs::remove_dir_all(&dir).unwrap();
}

fn goroot() -> Option<std::ffi::OsString> {
    let goroot = std::env::var_os("GOROOT").unwrap_or_else(|| "/usr/local/go".into());
    let found = std::path::Path::new(&goroot).join("VERSION").is_file();
    if !found {
        println!("skipped: no Go SDK on this machine (set GOROOT)");
    }
    found.then_some(goroot)
}

#[test]
fn messages_that_nobody_reads_change_nothing() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_gossamer"));
    let status = command.arg("zork").stdin(Stdio::null()).stdout(Stdio::null()).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(2));
}
