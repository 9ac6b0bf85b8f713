//! The parser on GOROOT: std parses without complaint, printed files parse to themselves, and gc's own syntax tests
//! (`cmd/compile/internal/syntax/testdata`) give the errors their comments declare.
//!
//! GOROOT comes from the environment or from `go env`; without it these tests only say so. By default the round trip
//! takes a sample of packages; `SYNTAX_ALL=1` takes all of std.

#![allow(clippy::disallowed_methods)] // tests read files and run programs

mod common;

use common::{parse, regex_matches};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use syntax::Bodies;

/// Go files below `dir`, `testdata` excluded.
fn go_files(dir: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "testdata") {
                go_files(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "go") {
            files.push(path);
        }
    }
}

#[test]
fn std_parses() {
    let Some(goroot) = testing::goroot() else { return };
    let mut files = Vec::new();
    go_files(&goroot.join("src"), &mut files);
    let mut complaints = Vec::new();
    for path in &files {
        let text = std::fs::read(path).unwrap();
        for bodies in [Bodies::Parse, Bodies::Skip] {
            parse(&text, bodies, |parsed, map| {
                for diagnostic in &parsed.diagnostics {
                    complaints.push(format!("{path:?}: {}: {}", map.location(diagnostic.pos), diagnostic.message));
                }
            });
        }
    }
    println!("{} files", files.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Printing a parsed file and parsing that gives the same tree, as far as printing shows; and a body that was skipped
/// is the body that is parsed at once.
#[test]
fn printing_round_trips() {
    let Some(goroot) = testing::goroot() else { return };
    let mut files = Vec::new();
    if std::env::var_os("SYNTAX_ALL").is_some() {
        go_files(&goroot.join("src"), &mut files);
    } else {
        for package in ["strings", "fmt", "go/types", "net/http", "reflect", "cmd/compile/internal/syntax"] {
            go_files(&goroot.join("src").join(package), &mut files);
        }
    }
    for path in &files {
        let text = std::fs::read(path).unwrap();
        let printed = parse(&text, Bodies::Parse, |parsed, _| syntax::print::file(&parsed.file));
        let again = parse(printed.as_bytes(), Bodies::Parse, |parsed, map| {
            if let Some(first) = parsed.diagnostics.first() {
                panic!("{path:?}: printed: {}: {}", map.location(first.pos), first.message);
            }
            syntax::print::file(&parsed.file)
        });
        if let Some((line, (one, two))) =
            printed.lines().zip(again.lines()).enumerate().find(|(_, (one, two))| one != two)
        {
            panic!("{path:?}: line {} of the printed file:\n{one}\n{two}", line + 1);
        }
        assert_eq!(printed.len(), again.len(), "{path:?}");
        common::compare_skipped_bodies(path, &text);
    }
}

/// The errors a test file declares: at a line (column 0) or exactly before a token.
fn declared_errors(text: &str) -> BTreeMap<(u32, u32), String> {
    let mut declared = BTreeMap::new();
    for comment in common::comments(text) {
        let body = &text[comment.start..comment.end];
        if let Some(pattern) = body.strip_prefix("// ERROR ") {
            // gc's test declares it for the line of the token before, which is the comment's unless that is alone.
            declared.insert((common::line_column(text, comment.start).0, 0), pattern.trim().to_string());
        } else if let Some(pattern) = body.strip_prefix("/* ERROR ") {
            let pattern = pattern.strip_suffix("*/").unwrap().trim().to_string();
            declared.insert(common::line_column(text, comment.next_token), pattern);
        }
    }
    declared
}

#[test]
fn errors_of_gc_tests() {
    let Some(goroot) = testing::goroot() else { return };
    let version = std::fs::read_to_string(goroot.join("VERSION")).unwrap_or_default();
    let generic_methods = !version.starts_with("go1.26");
    let mut files = Vec::new();
    go_files(&goroot.join("src/cmd/compile/internal/syntax/testdata"), &mut files);
    let mut failures = Vec::new();
    for path in &files {
        let text = std::fs::read_to_string(path).unwrap();
        let mut declared = declared_errors(&text);
        let mut wrong = Vec::new();
        common::parse_with(text.as_bytes(), common::options(Bodies::Parse, generic_methods), |parsed, map| {
            for diagnostic in &parsed.diagnostics {
                let (_, line, column) = map.physical(diagnostic.pos);
                let place = if declared.contains_key(&(line, column)) { (line, column) } else { (line, 0) };
                match declared.remove(&place) {
                    Some(pattern) if regex_matches(&pattern, &diagnostic.message) => {}
                    Some(pattern) => {
                        wrong.push(format!("{line}:{column}: {:?} does not match {pattern:?}", diagnostic.message))
                    }
                    None => wrong.push(format!("{line}:{column}: unexpected error: {}", diagnostic.message)),
                }
            }
        });
        wrong.extend(declared.iter().map(|((line, column), pattern)| format!("{line}:{column}: missing: {pattern}")));
        if !wrong.is_empty() {
            failures.push(format!("{}\n  {}", path.display(), wrong.join("\n  ")));
        }
    }
    println!("{} of {} files as declared", files.len() - failures.len(), files.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
