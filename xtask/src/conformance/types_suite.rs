//! `internal/types/testdata` and types2's own `testdata/local`, judged as types2's `check_test.go` does.
//!
//! An expectation is a comment `/* ERROR "substring" */` or `/* ERRORx "regexp" */`, or one with `//`, right after the
//! token where the error is; several in a row are several errors. Errors and expectations of a line are paired by text
//! and then by nearness; a pair may be as many columns apart as the directory allows. Go's harness runs each package
//! with alias nodes and without; here it runs as `-gotypesalias` in the first line says, by default with.

use super::go_regex::go_regex;
use super::{Job, Verdict, config};
use base::LangVersion;
use driver::{Inputs, LoosePackage, Rules};
use regex::Regex;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

struct Dir {
    path: &'static str,
    /// How many columns an error may be off.
    tolerance: u32,
}

const DIRS: [Dir; 5] = [
    Dir { path: "internal/types/testdata/check", tolerance: 50 },
    Dir { path: "internal/types/testdata/spec", tolerance: 20 },
    Dir { path: "internal/types/testdata/examples", tolerance: 125 },
    Dir { path: "internal/types/testdata/fixedbugs", tolerance: 100 },
    Dir { path: "cmd/compile/internal/types2/testdata/local", tolerance: 0 },
];

/// Files, and directories whose files form one package.
pub fn names(goroot: &Path) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for dir in &DIRS {
        let path = goroot.join("src").join(dir.path);
        let Ok(entries) = std::fs::read_dir(&path) else { continue };
        let mut found: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into()).collect();
        found.sort();
        let folder = dir.path.rsplit('/').next().unwrap_or_default();
        names.extend(found.into_iter().map(|name| format!("{folder}/{name}")));
    }
    Ok(names)
}

pub fn judge(job: &Job) -> Verdict {
    match try_judge(job) {
        Ok(()) => Verdict::Pass,
        Err(problem) => Verdict::Fail(problem),
    }
}

fn try_judge(job: &Job) -> Result<(), String> {
    let (folder, name) = job.name.split_once('/').ok_or("no folder in the name")?;
    let dir = DIRS.iter().find(|dir| dir.path.ends_with(&format!("/{folder}"))).ok_or("no such folder")?;
    let path = job.goroot.join("src").join(dir.path).join(name);
    let files = if path.is_dir() {
        let entries = std::fs::read_dir(&path).map_err(|error| error.to_string())?;
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        files
    } else {
        vec![path]
    };
    let mut wanted = Vec::new();
    let mut flags = TestFlags::default();
    for (index, file) in files.iter().enumerate() {
        let source = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        if index == 0 {
            flags = TestFlags::parse(&source)?;
        }
        wanted.extend(expectations(&base_name(file), &source)?);
    }

    let rules = Rules::Types2Test { fake_import_c: flags.fake_import_c };
    let package = LoosePackage { import_path: "p".to_owned(), files };
    let work = job.goroot.join("src").join(dir.path);
    let mut config = config(job, &work, Inputs::Packages(vec![package]), rules);
    config.lang = flags.lang.as_deref().and_then(LangVersion::parse);
    config.experiments = flags.experiments;
    let outcome = driver::check(&config);
    if let Some(error) = outcome.load_errors.first() {
        return Err(error.to_string());
    }
    let mut found = Vec::new();
    for diagnostic in outcome.packages.iter().flat_map(|package| &package.diagnostics) {
        let (file, line, column) = match diagnostic.pos.is_known() {
            true => {
                let (file, line, column) = outcome.sources.physical(diagnostic.pos);
                (base_name(&outcome.sources.file(file).path), line, column)
            }
            false => (String::new(), 0, 0),
        };
        found.push(Found { file, line, column, message: diagnostic.full_message(&outcome.sources) });
    }
    pair(wanted, &found, dir.tolerance)
}

fn base_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Flags in the first line: `// -lang=go1.20 -gotypesalias=0`.
#[derive(Debug, Default, PartialEq, Eq)]
struct TestFlags {
    lang: Option<String>,
    fake_import_c: bool,
    experiments: String,
}

impl TestFlags {
    fn parse(source: &[u8]) -> Result<TestFlags, String> {
        let mut flags = TestFlags::default();
        let first = source.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let first = String::from_utf8_lossy(first);
        let Some(words) = first.strip_prefix("//").map(str::trim).filter(|words| words.starts_with('-')) else {
            return Ok(flags);
        };
        for word in words.split_whitespace() {
            match word.trim_start_matches('-').split_once('=').unwrap_or((word.trim_start_matches('-'), "true")) {
                ("lang", version) => flags.lang = Some(version.to_owned()),
                ("gotypesalias", _) => {} // cmd/compile always keeps aliases, and so do we
                ("fakeImportC", value) => flags.fake_import_c = value == "true",
                ("goexperiment", names) => flags.experiments = names.to_owned(),
                _ => return Err(format!("unknown flag {word} in the first line")),
            }
        }
        Ok(flags)
    }
}

struct Found {
    file: String,
    line: u32,
    column: u32,
    message: String,
}

struct Wanted {
    file: String,
    line: u32,
    column: u32,
    pattern: Pattern,
}

enum Pattern {
    Substring(String),
    Regex(Regex),
}

impl Pattern {
    fn matches(&self, message: &str) -> bool {
        match self {
            Pattern::Substring(text) => message.contains(text),
            Pattern::Regex(regex) => regex.is_match(message),
        }
    }

    fn text(&self) -> &str {
        match self {
            Pattern::Substring(text) => text,
            Pattern::Regex(regex) => regex.as_str(),
        }
    }
}

/// Takes away one expectation for each error; what is left on either side is a problem.
fn pair(wanted: Vec<Wanted>, found: &[Found], tolerance: u32) -> Result<(), String> {
    let mut by_line: BTreeMap<(String, u32), Vec<Wanted>> = BTreeMap::new();
    for expectation in wanted {
        by_line.entry((expectation.file.clone(), expectation.line)).or_default().push(expectation);
    }
    let mut problems = Vec::new();
    for error in found {
        let place = format!("{}:{}:{}", error.file, error.line, error.column);
        let list = by_line.entry((error.file.clone(), error.line)).or_default();
        let candidates = list.iter().enumerate().filter(|(_, wanted)| wanted.pattern.matches(&error.message));
        let nearest = candidates.min_by_key(|(_, wanted)| wanted.column.abs_diff(error.column)).map(|(index, _)| index);
        let Some(nearest) = nearest else {
            problems.push(format!("{place}: unexpected: {}", error.message));
            continue;
        };
        let expectation = list.remove(nearest);
        if expectation.column.abs_diff(error.column) > tolerance {
            problems.push(format!("{place}: column {}, want {}", error.column, expectation.column));
        }
    }
    for expectation in by_line.into_values().flatten() {
        let Wanted { file, line, column, pattern } = expectation;
        problems.push(format!("{file}:{line}:{column}: not reported: {}", pattern.text()));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// The expectations of a file, each at the token before its comment.
fn expectations(file: &str, source: &[u8]) -> Result<Vec<Wanted>, String> {
    let mut wanted = Vec::new();
    let mut scanner = Scanner::new(source);
    let (mut line, mut column) = (0, 0);
    while let Some(piece) = scanner.next() {
        let text = match piece.kind {
            PieceKind::Token => {
                (line, column) = (piece.line, piece.column);
                continue;
            }
            PieceKind::Comment(text) => String::from_utf8_lossy(text).into_owned(),
        };
        let (quoted, is_regex) = match (text.strip_prefix(" ERROR "), text.strip_prefix(" ERRORx ")) {
            (Some(quoted), _) => (quoted, false),
            (None, Some(quoted)) => (quoted, true),
            (None, None) => continue,
        };
        let place = format!("{file}:{line}:{column}");
        let text = unquote(quoted.trim()).ok_or(format!("{place}: cannot unquote {quoted}"))?;
        let pattern = match is_regex {
            true => Pattern::Regex(go_regex(&text).map_err(|problem| format!("{place}: {problem}"))?),
            false => Pattern::Substring(text),
        };
        wanted.push(Wanted { file: file.to_owned(), line, column, pattern });
    }
    Ok(wanted)
}

/// A Go string literal's value: raw, or with the escapes that patterns use.
fn unquote(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('`') {
        return Some(raw.strip_suffix('`')?.replace('\r', ""));
    }
    let body = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let hex = |chars: &mut std::str::Chars, count: usize| {
            let digits: String = chars.take(count).collect();
            u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
        };
        text.push(match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => hex(&mut chars, 2)?,
            'u' => hex(&mut chars, 4)?,
            'U' => hex(&mut chars, 8)?,
            c @ ('\\' | '"' | '\'') => c,
            _ => return None,
        });
    }
    Some(text)
}

/// Just enough of Go's lexer to know where tokens and comments begin. It shares nothing with the compiler's, which is
/// what the tests test.
pub(crate) struct Scanner<'a> {
    source: &'a [u8],
    offset: usize,
    line: u32,
    line_start: usize,
}

pub(crate) struct Piece<'a> {
    pub range: Range<usize>,
    pub kind: PieceKind<'a>,
    line: u32,
    /// In bytes, from 1.
    column: u32,
}

pub(crate) enum PieceKind<'a> {
    Token,
    /// Without its markers.
    Comment(&'a [u8]),
}

const OPERATORS: [&[u8]; 25] = [
    b"<<=", b">>=", b"&^=", b"...", b"&&", b"||", b"<-", b"++", b"--", b"==", b"!=", b"<=", b">=", b":=", b"+=", b"-=",
    b"*=", b"/=", b"%=", b"&=", b"|=", b"^=", b"<<", b">>", b"&^",
];

impl<'a> Scanner<'a> {
    pub fn new(source: &'a [u8]) -> Scanner<'a> {
        Scanner { source, offset: 0, line: 1, line_start: 0 }
    }

    pub fn next(&mut self) -> Option<Piece<'a>> {
        while matches!(self.peek(0), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.advance(1);
        }
        let first = self.peek(0)?;
        let (line, column) = (self.line, (self.offset - self.line_start) as u32 + 1);
        let start = self.offset;
        let kind = match (first, self.peek(1)) {
            (b'/', Some(b'/')) => {
                self.advance_until(|rest| rest[0] == b'\n');
                PieceKind::Comment(&self.source[start + 2..self.offset])
            }
            (b'/', Some(b'*')) => {
                self.advance(2);
                self.advance_until(|rest| rest.starts_with(b"*/"));
                let end = self.offset;
                self.advance(2);
                PieceKind::Comment(&self.source[start + 2..end])
            }
            (b'`', _) => {
                self.advance(1);
                self.advance_until(|rest| rest[0] == b'`');
                self.advance(1);
                PieceKind::Token
            }
            (quote @ (b'"' | b'\''), _) => {
                self.advance(1);
                while let Some(c) = self.peek(0).filter(|c| *c != quote && *c != b'\n') {
                    self.advance(if c == b'\\' && self.peek(1) != Some(b'\n') { 2 } else { 1 });
                }
                if self.peek(0) == Some(quote) {
                    self.advance(1);
                }
                PieceKind::Token
            }
            (b'0'..=b'9', _) | (b'.', Some(b'0'..=b'9')) => {
                self.number();
                PieceKind::Token
            }
            (c, _) if is_word(c) => {
                self.advance_until(|rest| !is_word(rest[0]));
                PieceKind::Token
            }
            _ => {
                let rest = &self.source[self.offset..];
                let operator = OPERATORS.iter().find(|operator| rest.starts_with(operator));
                self.advance(operator.map_or(1, |operator| operator.len()));
                PieceKind::Token
            }
        };
        Some(Piece { range: start..self.offset, kind, line, column })
    }

    fn number(&mut self) {
        let is_hex = self.peek(0) == Some(b'0') && matches!(self.peek(1), Some(b'x' | b'X'));
        while let Some(c) = self.peek(0).filter(|c| is_word(*c) || *c == b'.') {
            let exponent = if is_hex { matches!(c, b'p' | b'P') } else { matches!(c, b'e' | b'E') };
            let signed = exponent && matches!(self.peek(1), Some(b'+' | b'-'));
            self.advance(if signed { 2 } else { 1 });
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.get(self.offset + ahead).copied()
    }

    fn advance(&mut self, count: usize) {
        for _ in 0..count.min(self.source.len() - self.offset) {
            if self.source[self.offset] == b'\n' {
                self.line += 1;
                self.line_start = self.offset + 1;
            }
            self.offset += 1;
        }
    }

    fn advance_until(&mut self, stop: impl Fn(&[u8]) -> bool) {
        while self.offset < self.source.len() && !stop(&self.source[self.offset..]) {
            self.advance(1);
        }
    }
}

/// Letters, digits, and all that is not ASCII.
fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(source: &str, found: &[(u32, u32, &str)]) -> Result<(), String> {
        let found: Vec<Found> = found
            .iter()
            .map(|&(line, column, message)| Found { file: "a.go".into(), line, column, message: message.into() })
            .collect();
        pair(expectations("a.go", source.as_bytes()).unwrap(), &found, 2)
    }

    #[test]
    fn comments_belong_to_the_token_before() {
        let source = "package p\nvar x = 1.5e+3 <<= /* ERROR \"a\" */ /* ERRORx `b{1}c|]` */ 'x' // ERROR \"\\\"d\"\n";
        assert_eq!(
            judge(source, &[(2, 16, "has a"), (2, 16, "bc"), (2, 51, "\"d")]),
            Err("a.go:2:51: column 51, want 59".to_owned())
        );
        assert_eq!(judge(source, &[(2, 16, "has a"), (2, 16, "bc"), (2, 60, "\"d")]), Ok(()));
        assert!(judge(source, &[(2, 16, "has a"), (2, 16, "x")]).unwrap_err().contains("unexpected: x"));
    }

    #[test]
    fn flags_of_the_first_line() {
        let flags = TestFlags::parse(b"// -lang=go1.20 -gotypesalias=0\n\npackage p\n").unwrap();
        assert_eq!((flags.lang.as_deref(), flags.fake_import_c), (Some("go1.20"), false));
        assert_eq!(TestFlags::parse(b"// Copyright -x\n").unwrap(), TestFlags::default());
    }
}
