//! What the test harnesses share: parsing a text, comments, and a small pattern matcher.
#![allow(dead_code)] // each harness uses a part
#![allow(clippy::disallowed_methods)] // tests read files and run programs

use base::{EntityId, FileId, SourceMap};
use bumpalo::Bump;
use std::path::Path;
use std::sync::Arc;
use syntax::ast::{BodySource, Decl};
use syntax::{Bodies, ParseOptions, Parsed};

pub fn options(bodies: Bodies, generic_methods: bool) -> ParseOptions {
    ParseOptions { bodies, check_branches: true, generic_methods }
}

pub fn parse<R>(text: &[u8], bodies: Bodies, then: impl FnOnce(Parsed, &SourceMap) -> R) -> R {
    parse_with(text, options(bodies, true), then)
}

/// Parses `text` as the file `x.go`; line directives are in force in the map.
pub fn parse_with<R>(text: &[u8], options: ParseOptions, then: impl FnOnce(Parsed, &SourceMap) -> R) -> R {
    let mut map = SourceMap::new();
    let id = map.add(Path::new("x.go"), "x.go", Arc::from(text)).unwrap();
    let arena = Bump::new();
    let source = map.file(id).clone();
    let parsed = syntax::parse_file(&arena, id, &source, &options);
    source.set_line_directives(parsed.line_directives.clone());
    then(parsed, &map)
}

/// Every body that can be skipped parses on demand to what it is when parsed with its file.
pub fn compare_skipped_bodies(path: &Path, text: &[u8]) {
    let mut map = SourceMap::new();
    let id: FileId = map.add(path, "x.go", Arc::from(text)).unwrap();
    assert_eq!(id.index(), 0);
    let source = map.file(id).clone();
    let arena = Bump::new();
    let whole = syntax::parse_file(&arena, id, &source, &options(Bodies::Parse, true));
    let skipping = options(Bodies::Skip, true);
    let skipped = syntax::parse_file(&arena, id, &source, &skipping);
    assert_eq!(whole.file.node_count, skipped.file.node_count, "{path:?}");
    assert_eq!(whole.file.directives.len(), skipped.file.directives.len(), "{path:?}");
    assert_eq!(whole.line_directives.len(), skipped.line_directives.len(), "{path:?}");
    assert_eq!(whole.file.decls.len(), skipped.file.decls.len(), "{path:?}");
    for (whole, skipped) in whole.file.decls.iter().zip(skipped.file.decls) {
        let (Decl::Func(whole), Decl::Func(skipped)) = (whole, skipped) else { continue };
        let (BodySource::Parsed(at_once), BodySource::Skipped { start, end }) = (whole.body, skipped.body) else {
            assert!(matches!((whole.body, skipped.body), (BodySource::None, BodySource::None)), "{path:?}");
            continue;
        };
        let (later, diagnostics) = syntax::parse_body(&arena, &source, start, end, &skipping);
        assert!(diagnostics.is_empty(), "{path:?}: {diagnostics:?}");
        assert_eq!(at_once.node_count, later.node_count, "{path:?}: {}", whole.name.name);
        assert_eq!((later.block.pos, later.block.rbrace.plus(1)), (start, end), "{path:?}: {}", whole.name.name);
        assert_eq!(format!("{at_once:?}"), format!("{later:?}"), "{path:?}: {}", whole.name.name);
    }
}

pub fn line_column(text: &str, offset: usize) -> (u32, u32) {
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() as u32 + 1, (offset - line_start) as u32 + 1)
}

pub struct CommentRange {
    pub start: usize,
    pub end: usize,
    /// Offset of the next token: of what follows that is neither blank nor comment (a newline may be a token).
    pub next_token: usize,
}

/// All comments of a Go text.
pub fn comments(text: &str) -> Vec<CommentRange> {
    let bytes = text.as_bytes();
    let mut comments: Vec<CommentRange> = Vec::new();
    let mut waiting = 0; // comments from here on wait for their next token
    let mut ends_statement = false;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let mut token_len = 0;
        if rest.starts_with("//") {
            let len = rest.find('\n').unwrap_or(rest.len());
            comments.push(CommentRange { start: at, end: at + len, next_token: 0 });
            at += len;
        } else if let Some(body) = rest.strip_prefix("/*") {
            let len = body.find("*/").map_or(rest.len(), |len| len + 4);
            comments.push(CommentRange { start: at, end: at + len, next_token: 0 });
            at += len;
        } else {
            token_len = match bytes[at] {
                b' ' | b'\t' | b'\r' => 0,
                b'\n' => ends_statement as usize,
                quote @ (b'"' | b'\'' | b'`') => {
                    let mut len = 1;
                    while let Some(&byte) = rest.as_bytes().get(len) {
                        len += 1;
                        match byte {
                            b'\\' if quote != b'`' => len += 1,
                            b'\n' if quote != b'`' => {
                                len -= 1;
                                break;
                            }
                            _ if byte == quote => break,
                            _ => {}
                        }
                    }
                    len.min(rest.len())
                }
                _ => match rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()) {
                    0 => rest.chars().next().unwrap().len_utf8(),
                    len => len,
                },
            };
            if token_len == 0 {
                at += 1;
            }
        }
        if token_len > 0 {
            for comment in &mut comments[waiting..] {
                comment.next_token = at;
            }
            waiting = comments.len();
            let token = &text[at..at + token_len];
            let keyword = ["break", "continue", "fallthrough", "return"].contains(&token);
            let other_keyword = "case chan const default defer else for func go goto if import interface map package \
                                 range select struct switch type var";
            ends_statement = keyword
                || [")", "]", "}"].contains(&token)
                || token.starts_with(|c: char| c.is_alphanumeric() || "_\"'`".contains(c))
                    && !other_keyword.split_whitespace().any(|keyword| keyword == token)
                || (token == "+" || token == "-") && text[..at].ends_with(token);
            at += token_len;
        }
    }
    for comment in &mut comments[waiting..] {
        comment.next_token = text.len();
    }
    comments
}

/// Whether `text` contains a match of a regular expression of literals, `.`, `[…]`, `(a|b)`, `|`, `*`, `+`, `?` and
/// escapes: what ERROR comments use.
pub fn regex_matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    (0..=text.len()).any(|start| match_alternatives(&pattern, &text, start, &mut |_| true))
}

type Next<'n> = &'n mut dyn FnMut(usize) -> bool;

/// Splits at `|` outside of brackets.
fn alternatives(pattern: &[char]) -> Vec<&[char]> {
    let (mut parts, mut depth, mut start, mut at) = (Vec::new(), 0, 0, 0);
    while at < pattern.len() {
        match pattern[at] {
            '\\' => at += 1,
            '[' => at += class_len(&pattern[at..]) - 1,
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&pattern[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&pattern[start..]);
    parts
}

fn class_len(pattern: &[char]) -> usize {
    pattern.iter().skip(2).position(|&c| c == ']').map_or(pattern.len(), |len| len + 3)
}

fn match_alternatives(pattern: &[char], text: &[char], at: usize, next: Next) -> bool {
    alternatives(pattern).into_iter().any(|part| match_sequence(part, text, at, next))
}

fn match_sequence(pattern: &[char], text: &[char], at: usize, next: Next) -> bool {
    let Some(&first) = pattern.first() else { return next(at) };
    let atom_len = match first {
        '\\' => 2,
        '[' => class_len(pattern),
        '(' => {
            let mut depth = 0;
            let close = pattern.iter().position(|&c| {
                depth += (c == '(') as i32 - (c == ')') as i32;
                depth == 0
            });
            close.map_or(pattern.len(), |close| close + 1)
        }
        _ => 1,
    };
    let (atom, rest) = pattern.split_at(atom_len.min(pattern.len()));
    match rest.first() {
        Some('*') => repeat(atom, &rest[1..], text, at, 0, next),
        Some('+') => repeat(atom, &rest[1..], text, at, 1, next),
        Some('?') => {
            match_atom(atom, text, at, &mut |at| match_sequence(&rest[1..], text, at, next))
                || match_sequence(&rest[1..], text, at, next)
        }
        _ => match_atom(atom, text, at, &mut |at| match_sequence(rest, text, at, next)),
    }
}

fn repeat(atom: &[char], rest: &[char], text: &[char], at: usize, least: usize, next: Next) -> bool {
    let more = match_atom(atom, text, at, &mut |after| {
        after > at && repeat(atom, rest, text, after, least.saturating_sub(1), next)
    });
    more || least == 0 && match_sequence(rest, text, at, next)
}

fn match_atom(atom: &[char], text: &[char], at: usize, next: Next) -> bool {
    if atom[0] == '(' {
        return match_alternatives(&atom[1..atom.len() - 1], text, at, next);
    }
    if atom[0] == '^' && atom.len() == 1 {
        return at == 0 && next(at);
    }
    if atom[0] == '$' && atom.len() == 1 {
        return at == text.len() && next(at);
    }
    let Some(&c) = text.get(at) else { return false };
    let matches = match atom {
        ['.'] => true,
        ['\\', 'd'] => c.is_ascii_digit(),
        ['\\', escaped] => c == *escaped,
        ['[', '^', class @ .., ']'] => !in_class(class, c),
        ['[', class @ .., ']'] => in_class(class, c),
        _ => c == atom[0],
    };
    matches && next(at + 1)
}

fn in_class(class: &[char], c: char) -> bool {
    let mut at = 0;
    while at < class.len() {
        if class[at] == '\\' {
            at += 1;
        }
        if at + 2 < class.len() && class[at + 1] == '-' {
            if (class[at]..=class[at + 2]).contains(&c) {
                return true;
            }
            at += 3;
        } else if class[at] == c {
            return true;
        } else {
            at += 1;
        }
    }
    false
}
