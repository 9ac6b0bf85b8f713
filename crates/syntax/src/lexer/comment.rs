//! Comments, and the directives in them.

use super::{Comment, Lexer};
use base::source::LineDirective;
use memchr::{memchr, memchr_iter};

/// Largest line or column a directive may name.
const MAX_LINE_COLUMN: u64 = 1 << 30;

impl Lexer<'_> {
    /// Reads the rest of a `//` comment; the newline stays.
    pub(super) fn line_comment(&mut self) {
        let bytes = self.text.as_bytes();
        let text_start = self.end;
        let end = memchr(b'\n', &bytes[text_start..]).map_or(bytes.len(), |len| text_start + len);
        self.end = end;
        let text = &bytes[text_start..end];
        match text.first() {
            Some(b'g') if text.starts_with(b"go:") => self.directive_comment(text_start),
            Some(b'e') if text.starts_with(b"export ") && self.starts_line(self.start) => {
                self.directive_comment(text_start)
            }
            Some(b'l') if text.starts_with(b"line ") && self.starts_line(self.start) => {
                let text = self.text[text_start..end].trim_end_matches('\r');
                // The newline belongs to the comment.
                self.line_directive(end + 1, text_start + 5, &text[5..]);
            }
            _ => {}
        }
    }

    fn directive_comment(&mut self, text_start: usize) {
        let text = &self.text[text_start..self.end];
        self.directives.push(Comment {
            pos: self.pos_at(text_start),
            text: text.strip_suffix('\r').unwrap_or(text),
            at_line_start: self.is_first_on_line(self.start),
        });
    }

    fn starts_line(&self, offset: usize) -> bool {
        offset == 0 || self.byte_at(offset - 1) == b'\n'
    }

    /// Whether only blanks stand before `offset` on its line.
    fn is_first_on_line(&self, offset: usize) -> bool {
        let before = self.text.as_bytes()[self.source.start.min(offset)..offset].iter().rev();
        before.copied().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).is_none_or(|byte| byte == b'\n')
    }

    /// Reads the rest of a `/*` comment; whether it held a newline.
    pub(super) fn full_comment(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let text_start = self.end;
        let Some(close) = end_of_comment(bytes, text_start) else {
            self.end = bytes.len();
            self.error_at(self.start, "comment not terminated");
            return memchr(b'\n', &bytes[text_start..]).is_some();
        };
        self.end = close;
        let text = &self.text[text_start..close - 2];
        if let Some(place) = text.strip_prefix("line ") {
            self.line_directive(close, text_start + 5, place);
        }
        memchr(b'\n', text.as_bytes()).is_some()
    }

    /// `text` (at `text_at`) is `file:line` or `file:line:column`; it applies from `applies_at` on. Without a colon it
    /// is an ordinary comment.
    fn line_directive(&mut self, applies_at: usize, text_at: usize, text: &str) {
        if !self.takes_line_directives {
            return;
        }
        let Some((last_at, last)) = trailing_number(text) else { return };
        let Some(last) = last else {
            return self.error_at(text_at + last_at, format!("invalid line number: {}", &text[last_at..]));
        };
        let (mut name_end, mut line_at, mut line, mut column) = (last_at - 1, last_at, last, None);
        if let Some((before_at, Some(before))) = trailing_number(&text[..last_at - 1]) {
            if last == 0 || last > MAX_LINE_COLUMN {
                return self.error_at(text_at + last_at, format!("invalid column number: {}", &text[last_at..]));
            }
            (name_end, line_at, line, column) = (before_at - 1, before_at, before, Some(last));
        }
        if line == 0 || line > MAX_LINE_COLUMN {
            let shown = &text[line_at..if column.is_some() { last_at - 1 } else { text.len() }];
            return self.error_at(text_at + line_at, format!("invalid line number: {shown}"));
        }
        let name = &text[..name_end];
        self.line_directives.push(LineDirective {
            offset: self.original_offset(applies_at.min(self.text.len())) as u32
                + (applies_at > self.text.len()) as u32,
            // With a column, an empty name means the one in force.
            file: if name.is_empty() && column.is_some() { None } else { Some(name.into()) },
            line: line as u32,
            column: column.unwrap_or(0) as u32,
        });
    }
}

/// One past the `*/` that closes a comment whose text starts at `text_start`.
pub(super) fn end_of_comment(bytes: &[u8], text_start: usize) -> Option<usize> {
    memchr_iter(b'/', &bytes[text_start..])
        .find(|&slash| slash > 0 && bytes[text_start + slash - 1] == b'*')
        .map(|slash| text_start + slash + 1)
}

/// What follows the last colon: where it starts, and its value if it is a number.
fn trailing_number(text: &str) -> Option<(usize, Option<u64>)> {
    let at = text.rfind(':')? + 1;
    let digits = &text[at..];
    let number = if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None };
    Some((at, number))
}
