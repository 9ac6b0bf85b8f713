//! `cargo xtask tidy`: rules of the house that no other tool checks.
//!
//! - Paths that documents name in backquotes exist.
//! - A Rust module opens with `//!`.
//! - No Rust file is longer than 1,000 lines.
//! - No text holds the host name of a package registry or a path of somebody's machine.

use crate::project_root;
use std::path::{Path, PathBuf};

const LONGEST_FILE: usize = 1000;

/// Written in two halves, so that this file passes its own rule.
const FORBIDDEN: [(&str, &str); 8] = [
    ("crates", ".io"),
    ("proxy.golang", ".org"),
    ("pypi", ".org"),
    ("registry.npmjs", ".org"),
    ("/home", "/"),
    ("/root", "/"),
    ("/tmp", "/"),
    ("/Users", "/"),
];

pub fn tidy() -> Result<(), String> {
    let root = project_root();
    let mut problems = Vec::new();
    for path in files(&root) {
        let Ok(text) = std::fs::read_to_string(root.join(&path)) else { continue }; // not text
        if path.extension().is_some_and(|extension| extension == "rs") {
            check_module(&path, &text, &mut problems);
        }
        if path.extension().is_some_and(|extension| extension == "md") {
            check_paths(&root, &path, &text, &mut problems);
        }
        check_words(&path, &text, &mut problems);
    }
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort();
    Err(format!("{}\ntidy: {} problems", problems.join("\n"), problems.len()))
}

/// Files of the project, relative to `root`: no build output, nothing hidden but CI's and cargo's settings.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let skipped = name == "target"
                || name == "node_modules"
                || (name.starts_with('.') && name != ".ci" && name != ".cargo");
            if skipped {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                dirs.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                files.push(path.to_owned());
            }
        }
    }
    files.sort();
    files
}

fn check_module(path: &Path, text: &str, problems: &mut Vec<String>) {
    if !text.starts_with("//!") {
        problems.push(format!("{}:1: the module does not open with //!", path.display()));
    }
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        problems.push(format!("{}: {lines} lines, more than {LONGEST_FILE}: split by concept", path.display()));
    }
}

/// A backquoted word with a slash that starts with the name of a folder or file at the project's top is a path.
fn check_paths(root: &Path, document: &Path, text: &str, problems: &mut Vec<String>) {
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for word in line.split('`').skip(1).step_by(2) {
            let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            let Some((top, _)) = word.split_once('/').filter(|_| is_word) else { continue };
            if !top.is_empty() && top != "." && root.join(top).exists() && !root.join(word).exists() {
                problems.push(format!("{}:{}: {word} does not exist", document.display(), index + 1));
            }
        }
    }
}

fn check_words(path: &Path, text: &str, problems: &mut Vec<String>) {
    if path.file_name().is_some_and(|name| name == "Cargo.lock") {
        return; // cargo's own file
    }
    for (index, line) in text.lines().enumerate() {
        for (first, second) in FORBIDDEN {
            let word = format!("{first}{second}");
            let Some(at) = line.find(&word) else { continue };
            // Inside a longer path or an address it is no machine's.
            let inside =
                first.starts_with('/') && line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
            if !inside {
                problems.push(format!("{}:{}: holds {word}", path.display(), index + 1));
            }
        }
    }
}
