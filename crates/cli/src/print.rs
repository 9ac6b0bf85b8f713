//! Writing to standard output and standard error: nothing else in this crate does, and nothing panics when it fails.

use crate::failure::Failure;
use std::io::Write;

/// Writes what was asked for to standard output. It is all there when this returns.
pub fn output(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Failure::Output)
}

/// Writes messages, whole lines, to standard error. If that fails there is nobody left to tell.
pub fn messages(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes one message, without the newline at its end.
pub fn message(text: &str) {
    messages(&format!("{text}\n"));
}
