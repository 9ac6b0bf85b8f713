//! The part of the conformance tests that every `cargo test` runs; it says so when there is no Go SDK to take them
//! from.

#![allow(clippy::disallowed_methods)] // tests read files and run programs

use std::process::Command;

#[test]
fn conformance_fast_part() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["conformance", "--fast"]).output().unwrap();
    print!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
