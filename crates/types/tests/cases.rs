//! Small programs and what the checker says about them.
//!
//! A message stands behind the token that it is about:
//!
//! ```text
//! var x int = "a" /* ERROR "cannot use \"a\" (untyped string constant) as int value in variable declaration" */
//! ```
//!
//! `testdata` has one behaviour a file. `codes` has for each code that the checker can report a program that makes it do
//! so, named after the code. The first line may hold `// -lang=go1.17`; `-- a --` begins a package that the ones below
//! can import as `"a"`. A file begins with package `p`, unless such a line comes first.
//!
//! `BLESS=1` rewrites the comments. The messages and their places are those of `go tool compile -e` (go1.26).
#![allow(clippy::disallowed_methods)] // tests read files and run programs

use base::{Diagnostic, SourceMap};
use bumpalo::Bump;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use syntax::{Bodies, ParseOptions};
use types::{Checker, Code, Config, FileInput, GoVersion, PackageInput};

#[test]
fn behaviours() {
    check_dir("testdata");
}

/// Codes without a program, and why.
const NO_PROGRAM: [(Code, &str); 20] = [
    (Code::InvalidSyntaxTree, "the parser makes no such trees"),
    (Code::Test, "for tests of the tables"),
    (Code::MismatchedPkgName, "it takes two files in one package"),
    (Code::NestedTooDeeply, "the parser's limit comes first in all that a file this small can nest"),
    (Code::InvalidInitSig, "nobody reports it: such functions are InvalidInitDecl"),
    (Code::NonIndexableOperand, "types2 reports NonSliceableOperand and InvalidIndex"),
    (Code::InvalidMethodTypeParams, "the parser refuses them before go1.27"),
    (Code::InvalidPostDecl, "the parser refuses such loops"),
    (Code::BadTypeKeyword, "the parser refuses `.(type)` elsewhere"),
    (Code::MultiValAssignOp, "the parser refuses lists there"),
    (Code::UntypedLit, "the parser knows no literal value without type, but within another literal"),
    (Code::MisplacedBreak, "gc's parser checks branches"),
    (Code::MisplacedContinue, "gc's parser checks branches"),
    (Code::MisplacedFallthrough, "gc's parser checks branches"),
    (Code::UndeclaredLabel, "gc's parser checks labels"),
    (Code::DuplicateLabel, "gc's parser checks labels"),
    (Code::MisplacedLabel, "gc's parser checks labels"),
    (Code::UnusedLabel, "gc's parser checks labels"),
    (Code::JumpOverDecl, "gc's parser checks labels"),
    (Code::JumpIntoBlock, "gc's parser checks labels"),
];

#[test]
fn codes() {
    let seen = check_dir("codes");
    let mut problems = Vec::new();
    for &code in Code::ALL {
        let excuse = NO_PROGRAM.iter().find(|(excused, _)| *excused == code);
        match (seen.get(code.as_str()), excuse) {
            (None, None) => problems.push(format!("{code:?} has no program")),
            (Some(_), Some((_, reason))) => problems.push(format!("{code:?} has a program, though {reason}")),
            (Some(codes), None) if !codes.contains(&code.as_str()) => {
                problems.push(format!("{code:?}.go reports {codes:?}"));
            }
            _ => {}
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The codes that each file's program gives.
fn check_dir(name: &str) -> BTreeMap<String, Vec<&'static str>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let mut seen = BTreeMap::new();
    testing::check(&dir, |path, text| {
        let (now, codes) = with_errors(&without_errors(text));
        seen.insert(path.file_stem().unwrap().to_string_lossy().into_owned(), codes);
        now
    });
    seen
}

const ERROR: &str = " /* ERROR \"";
const END: &str = "\" */";

fn without_errors(text: &str) -> String {
    let mut pieces = text.split(ERROR);
    let mut source = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, rest) = piece.split_once(END).expect("an ERROR comment ends");
        source.push_str(rest);
    }
    source
}

/// The source with its errors, and their codes.
fn with_errors(source: &str) -> (String, Vec<&'static str>) {
    let mut codes = Vec::new();
    let mut inserts: Vec<(usize, String)> = Vec::new();
    for (offset, message, code) in check(source) {
        let quoted = message.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
        // A comment would end here.
        let quoted = quoted.replace("*/", "*\\x2f");
        inserts.push((token_end(source, offset), format!("{ERROR}{quoted}{END}")));
        codes.push(code);
    }
    inserts.sort_by_key(|(offset, _)| *offset);
    let mut text = String::new();
    let mut done = 0;
    for (offset, comment) in inserts {
        write!(text, "{}{comment}", &source[done..offset]).unwrap();
        done = offset;
    }
    text.push_str(&source[done..]);
    (text, codes)
}

/// Checks all packages of a file; offset, message and code of each error.
fn check(source: &str) -> Vec<(usize, String, &'static str)> {
    let lang = source.lines().next().and_then(|line| line.strip_prefix("// -lang="));
    let newest = GoVersion::go1(26);
    let version = lang.map_or(newest, |lang| GoVersion::parse(lang).expect("a version"));
    let arena = Bump::new();
    let mut sources = SourceMap::new();
    let mut parts = Vec::new();
    for (path, start, end) in packages(source) {
        // Each file has all lines before it blanked, so that offsets are those of the whole text.
        let text: String = source[..start].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        let text = text + &source[start..end];
        let id = sources.add(Path::new(&format!("{path}.go")), &format!("{path}.go"), text.into_bytes().into());
        parts.push((path, id.expect("the files are small")));
    }
    let options = ParseOptions { bodies: Bodies::Parse, check_branches: true, generic_methods: false };
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut files = Vec::new();
    for (path, id) in parts {
        let parsed = syntax::parse_file(&arena, id, sources.file(id), &options);
        diagnostics.extend(parsed.diagnostics);
        files.push((path, &*arena.alloc(parsed.file)));
    }
    let mut checker = Checker::new(Config::for_build(newest), &sources, &arena);
    let mut imports = FxHashMap::default();
    for (path, ast) in files {
        let input = PackageInput {
            path: path.clone(),
            whole: true,
            files: vec![FileInput { ast, version }],
            imports: imports.clone(),
            report_missing_imports: true,
            standard: false,
        };
        let pkg = checker.add_package(input);
        checker.check_package(pkg);
        imports.insert(path, pkg);
    }
    diagnostics.extend(std::mem::take(&mut checker.errors).into_iter().map(|(_, diagnostic)| diagnostic));
    let place = |diagnostic: &Diagnostic| {
        let file = sources.file(sources.file_of(diagnostic.pos));
        (diagnostic.pos.raw() - file.base) as usize
    };
    diagnostics.iter().map(|found| (place(found), found.full_message(&sources), found.code)).collect()
}

/// Import path and extent of each package.
fn packages(source: &str) -> Vec<(String, usize, usize)> {
    let mut packages: Vec<(String, usize, usize)> = Vec::new();
    let mut offset = 0;
    let mut current = ("p".to_owned(), 0);
    for line in source.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("-- ").and_then(|rest| rest.trim_end().strip_suffix(" --")) {
            if source[current.1..offset].lines().any(|line| !line.is_empty() && !line.starts_with("//")) {
                packages.push((current.0, current.1, offset));
            }
            current = (path.to_owned(), offset + line.len());
        }
        offset += line.len();
    }
    packages.push((current.0, current.1, offset));
    packages
}

/// The end of the token that begins at `start`.
fn token_end(source: &str, start: usize) -> usize {
    let rest = &source[start..];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let quoted = |quote: char| {
        let mut escaped = false;
        rest.char_indices().skip(1).find_map(|(index, c)| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped && quote != '`';
            ends.then_some(index + 1)
        })
    };
    let length = match rest.chars().next() {
        Some(quote @ ('"' | '`' | '\'')) => quoted(quote),
        Some(c) if c.is_ascii_digit() => rest.find(|c: char| !is_word(c) && c != '.'),
        Some(c) if is_word(c) => rest.find(|c: char| !is_word(c)),
        _ => {
            let operators = ["<<=", ">>=", "&^=", "...", "&&", "||", "<-", "++", "--", "==", "!=", "<=", ">=", ":="];
            let found = operators.iter().find(|operator| rest.starts_with(**operator));
            let two = ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "&^"];
            let found = found.or_else(|| two.iter().find(|operator| rest.starts_with(**operator)));
            Some(found.map_or(rest.chars().next().map_or(0, char::len_utf8), |operator| operator.len()))
        }
    };
    start + length.unwrap_or(rest.len())
}
