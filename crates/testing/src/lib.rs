//! What the crates' tests share: cases that are files, and the SDKs of this machine.
//!
//! A case holds input and expectation together. Most are a source and, behind `----` lines, *sections*: what becomes of
//! the source. With `BLESS=1` in the environment the files are rewritten instead of compared.
#![allow(clippy::disallowed_methods)] // tests read files and the environment

use std::path::{Path, PathBuf};

/// Fails unless each file of the directory says of itself what `now` makes of it. `BLESS=1` rewrites those that do not.
pub fn check(dir: &Path, mut now: impl FnMut(&Path, &str) -> String) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", dir.display());
    let mut differences = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let now = now(&path, &text);
        if now == text {
            continue;
        }
        match is_blessing() {
            true => std::fs::write(&path, now).unwrap(),
            false => differences.push(format!("{}:\n{now}", path.display())),
        }
    }
    assert!(differences.is_empty(), "results differ (BLESS=1 accepts them):\n{}", differences.join("\n"));
}

pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// The source of a case and the names of the sections behind it, `all` if there are none.
pub fn split_sections<'t>(text: &'t str, all: &[&'t str]) -> (&'t str, Vec<&'t str>) {
    let end = if text.starts_with("---- ") { 0 } else { text.find("\n---- ").map_or(text.len(), |at| at + 1) };
    let sections: Vec<_> = text[end..].lines().filter_map(|line| line.strip_prefix("---- ")).collect();
    (&text[..end], if sections.is_empty() { all.to_vec() } else { sections })
}

/// The SDKs in `GOSSAMER_TEST_GOROOTS` (a path list) and the one that the `go` on PATH belongs to; there may be none.
pub fn goroots() -> Vec<PathBuf> {
    let listed = std::env::var_os("GOSSAMER_TEST_GOROOTS").unwrap_or_default();
    let mut roots: Vec<PathBuf> = std::env::split_paths(&listed).filter(|root| is_sdk(root)).collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .find_map(|dir| std::fs::canonicalize(dir.join("go")).ok())
        .and_then(|go| Some(go.parent()?.parent()?.to_owned()));
    roots.extend(on_path.filter(|root| is_sdk(root)));
    roots
}

/// The SDK for tests that need one: `GOROOT`, or that of the `go` on PATH. If there is none, says so.
pub fn goroot() -> Option<PathBuf> {
    let set = std::env::var_os("GOROOT").map(PathBuf::from).filter(|root| is_sdk(root));
    let found = set.or_else(|| goroots().pop());
    if found.is_none() {
        println!("skipped: no Go SDK on this machine (set GOROOT)");
    }
    found
}

fn is_sdk(root: &Path) -> bool {
    root.join("VERSION").is_file()
}
