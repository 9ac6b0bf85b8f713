//! What a run leaves, as the text that is compared.
//!
//! Standard output comes as it is. What follows it is there only if there is something to say: standard error without
//! what differs from one machine to another, and the exit code.
//!
//! ```text
//! the program's output
//! -- stderr --
//! panic: something
//! -- exit 2 --
//! ```

use std::fmt::Write;

/// One run of a program.
pub struct Outcome {
    /// `Err` is a complaint: it was killed, or could not be started.
    pub exit: Result<i32, String>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Outcome {
    pub fn failed(complaint: String) -> Outcome {
        Outcome { exit: Err(complaint), stdout: Vec::new(), stderr: Vec::new() }
    }

    pub fn write(&self, traces: bool, text: &mut String) {
        text.push_str(&String::from_utf8_lossy(&self.stdout));
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let stderr = normalize(&String::from_utf8_lossy(&self.stderr), traces);
        if !stderr.is_empty() {
            let _ = write!(text, "-- stderr --\n{stderr}");
        }
        match &self.exit {
            Ok(0) => {}
            Ok(code) => {
                let _ = writeln!(text, "-- exit {code} --");
            }
            Err(complaint) => {
                let _ = writeln!(text, "-- {complaint} --");
            }
        }
    }
}

/// Standard error up to the first trace, which is left out or reduced to the program's own frames.
fn normalize(stderr: &str, traces: bool) -> String {
    let is_trace = |line: &str| line.starts_with("goroutine ") || line.starts_with("runtime stack:");
    let mut lines: Vec<String> = Vec::new();
    let mut all = stderr.lines();
    while let Some(line) = all.next() {
        if is_trace(line) {
            if line.starts_with("runtime stack:") && traces {
                // The goroutine's follows.
                all.by_ref().find(|line| line.is_empty());
                continue;
            }
            if traces {
                lines.extend(trace(line, all.by_ref()));
            }
            break;
        }
        // The signal's code and the stack's addresses are the machine's.
        if !line.starts_with("[signal ") && !line.starts_with("runtime: sp=") {
            lines.push(mask_addresses(line));
        }
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The first goroutine's frames in package main, each with its place: `main.(*T).method t.go:12`. Of a trace that is
/// cut, equal neighbours are one.
fn trace<'a>(head: &str, mut rest: impl Iterator<Item = &'a str>) -> Vec<String> {
    let state = head.split_once('[').map_or("", |(_, state)| state);
    let mut lines = vec![format!("goroutine [{state}")];
    while let Some(function) = rest.next().filter(|line| !line.is_empty()) {
        if function.starts_with("...") {
            lines.push("\t... frames elided".to_owned());
            continue;
        }
        let place = rest.next().unwrap_or_default().trim();
        let created = function.strip_prefix("created by ");
        let name = match created {
            Some(creator) => creator.split(" in goroutine").next().unwrap_or(creator),
            None => function.rfind('(').map_or(function, |arguments| &function[..arguments]),
        };
        if name.starts_with("main.") {
            let file = place.split(" +0x").next().unwrap_or_default();
            let file = file.rsplit('/').next().unwrap_or_default();
            lines.push(format!("\t{}{name} {file}", if created.is_some() { "created by " } else { "" }));
        }
    }
    if lines.iter().any(|line| line.ends_with("frames elided")) {
        lines.dedup();
    }
    lines
}

/// `0x1400012` becomes `0x…`.
fn mask_addresses(line: &str) -> String {
    let mut parts = line.split("0x");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        masked.push_str(if rest.len() < part.len() { "0x…" } else { "0x" });
        masked.push_str(rest);
    }
    masked
}

/// The first lines that differ, `None` if none does.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let (expected, actual): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(expected, actual)| expected == actual).count();
    let mut text = format!("line {}", same + 1);
    for (side, lines) in [("expected", &expected), ("got", &actual)] {
        for line in lines.iter().skip(same).take(3) {
            let _ = write!(text, "\n    {side} {line}");
        }
        if lines.len() <= same {
            let _ = write!(text, "\n    {side} nothing more");
        }
    }
    Some(text)
}

#[test]
fn machines_are_left_out() {
    let stderr = "panic: (*main.T) 0xc000012\n[signal 11]\n\ngoroutine 7 [running]:\npanic({0x1, 0x2})\n\t/sdk/panic.go:1 +0x1\n\
        main.(*T).f(0x1)\n\t/tmp/w/t.go:5 +0x1f\ncreated by main.main in goroutine 1\n\t/tmp/w/t.go:9 +0x2\n\ngoroutine 1 [runnable]:\n";
    assert_eq!(normalize(stderr, false), "panic: (*main.T) 0x…\n");
    let frames = "goroutine [running]:\n\tmain.(*T).f t.go:5\n\tcreated by main.main t.go:9\n";
    assert_eq!(normalize(stderr, true), format!("panic: (*main.T) 0x…\n\n{frames}"));
}

#[test]
fn differences_name_lines() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(difference("a\nb\n", "a\n").unwrap(), "line 2\n    expected b\n    got nothing more");
}
