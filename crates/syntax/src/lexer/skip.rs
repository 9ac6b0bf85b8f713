//! Skipping a function body without making tokens of it.

use super::{Lexer, comment::end_of_comment};
use memchr::memchr;

impl Lexer<'_> {
    /// With `{` as the current token, moves behind the matching `}` as if that were the current token, and returns
    /// its offset. Directives in comments are taken note of. Where the body cannot be skipped with certainty (a literal
    /// or comment without end, too few braces) nothing happens: the parser then finds out what is wrong.
    pub fn skip_braces(&mut self) -> Option<usize> {
        let (start, end, errors) = (self.start, self.end, self.errors);
        let marks = (self.diagnostics.len(), self.directives.len(), self.line_directives.len());
        let close = self.matching_brace();
        match close {
            Some(close) => {
                self.start = close;
                self.end = close + 1;
                self.newline_ends = true;
            }
            None => {
                (self.start, self.end, self.errors) = (start, end, errors);
                self.diagnostics.truncate(marks.0);
                self.directives.truncate(marks.1);
                self.line_directives.truncate(marks.2);
            }
        }
        close
    }

    fn matching_brace(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut depth = 1usize;
        let mut at = self.end;
        loop {
            at += bytes[at..].iter().position(|&byte| IS_SPECIAL[byte as usize])?;
            match bytes[at] {
                b'{' => {
                    depth += 1;
                    at += 1;
                }
                b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at);
                    }
                    at += 1;
                }
                b'`' => at += memchr(b'`', &bytes[at + 1..])? + 2,
                b'/' => match bytes.get(at + 1) {
                    Some(b'/') => {
                        if matches!(bytes.get(at + 2), Some(b'g' | b'e' | b'l')) {
                            self.start = at;
                            self.end = at + 2;
                            self.line_comment();
                            at = self.end;
                        } else {
                            at += memchr(b'\n', &bytes[at..])?;
                        }
                    }
                    Some(b'*') if bytes.get(at + 2) == Some(&b'l') => {
                        self.start = at;
                        self.end = at + 2;
                        end_of_comment(bytes, at + 2)?;
                        self.full_comment();
                        at = self.end;
                    }
                    Some(b'*') => at = end_of_comment(bytes, at + 2)?,
                    _ => at += 1,
                },
                quote => at = end_of_quoted(bytes, at + 1, quote)?,
            }
        }
    }
}

/// One past the closing quote of a string or rune literal.
fn end_of_quoted(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' => return None,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// What may change the depth of braces or hide one.
static IS_SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"{}\"'`/";
    let mut index = 0;
    while index < special.len() {
        table[special[index] as usize] = true;
        index += 1;
    }
    table
};
