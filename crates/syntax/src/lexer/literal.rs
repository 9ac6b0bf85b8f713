//! Numbers, runes and strings. A malformed literal is complained about once, and stays a literal marked bad.

use super::Lexer;
use crate::ast::LitKind;
use crate::token::Token;
use crate::unicode::{quote_rune, unicode_point};

/// What a run of digits held.
#[derive(Clone, Copy, Default)]
struct Digits {
    any: bool,
    separator: bool,
}

impl Lexer<'_> {
    fn literal(&mut self, kind: LitKind, ok: bool) {
        self.newline_ends = true;
        self.tok = Token::Literal;
        self.kind = kind;
        self.bad = !ok;
    }

    /// Reads digits and `_`. For bases up to ten all decimal digits are taken, and the first one that is too large is
    /// noted in `invalid`.
    fn digits(&mut self, base: u8, invalid: &mut Option<usize>) -> Digits {
        let mut found = Digits::default();
        loop {
            let byte = self.byte();
            match byte {
                b'_' => found.separator = true,
                b'0'..=b'9' => {
                    if base <= 10 && byte - b'0' >= base && invalid.is_none() {
                        *invalid = Some(self.end);
                    }
                    found.any = true;
                }
                b'a'..=b'f' | b'A'..=b'F' if base == 16 => found.any = true,
                _ => return found,
            }
            self.end += 1;
        }
    }

    /// Reads a number; with `seen_point` its leading `.` has been read.
    pub(super) fn number(&mut self, mut seen_point: bool) {
        let mut ok = true;
        let mut kind = LitKind::Int;
        let mut base = 10;
        // 0: decimal, b'0': a leading zero, else b'x', b'o', b'b'
        let mut prefix = 0;
        let mut found = Digits::default();
        let mut invalid = None;

        if !seen_point {
            if self.got(b'0') {
                (base, prefix) = match self.byte() | 0x20 {
                    b'x' => (16, b'x'),
                    b'o' => (8, b'o'),
                    b'b' => (2, b'b'),
                    _ => (8, b'0'),
                };
                if prefix == b'0' {
                    found.any = true;
                } else {
                    self.end += 1;
                }
            }
            let digits = self.digits(base, &mut invalid);
            found.any |= digits.any;
            found.separator |= digits.separator;
            if self.byte() == b'.' {
                if matches!(prefix, b'o' | b'b') {
                    self.error_here(format!("invalid radix point in {} literal", base_name(base)));
                    ok = false;
                }
                self.end += 1;
                seen_point = true;
            }
        }
        if seen_point {
            kind = LitKind::Float;
            let digits = self.digits(base, &mut invalid);
            found.any |= digits.any;
            found.separator |= digits.separator;
        }
        if !found.any && ok {
            self.error_here(format!("{} literal has no digits", base_name(base)));
            ok = false;
        }

        let exponent = self.byte() | 0x20;
        if exponent == b'e' || exponent == b'p' {
            if ok {
                let shown = quote_rune(self.byte() as char);
                if exponent == b'e' && prefix != 0 && prefix != b'0' {
                    self.error_here(format!("{shown} exponent requires decimal mantissa"));
                    ok = false;
                } else if exponent == b'p' && prefix != b'x' {
                    self.error_here(format!("{shown} exponent requires hexadecimal mantissa"));
                    ok = false;
                }
            }
            self.end += 1;
            kind = LitKind::Float;
            if matches!(self.byte(), b'+' | b'-') {
                self.end += 1;
            }
            let digits = self.digits(10, &mut Some(0));
            found.separator |= digits.separator;
            if !digits.any && ok {
                self.error_here("exponent has no digits");
                ok = false;
            }
        } else if prefix == b'x' && kind == LitKind::Float && ok {
            self.error_here("hexadecimal mantissa requires a 'p' exponent");
            ok = false;
        }
        if self.got(b'i') {
            kind = LitKind::Imag;
        }

        if kind == LitKind::Int
            && ok
            && let Some(at) = invalid
        {
            let digit = quote_rune(self.byte_at(at) as char);
            self.error_at(at, format!("invalid digit {digit} in {} literal", base_name(base)));
            ok = false;
        }
        if found.separator
            && ok
            && let Some(at) = invalid_separator(self.lit().as_bytes())
        {
            self.error_at(self.start + at, "'_' must separate successive digits");
            ok = false;
        }
        self.literal(kind, ok);
    }

    pub(super) fn rune(&mut self) {
        let mut ok = true;
        self.end += 1;
        let mut count = 0;
        loop {
            match self.char_here() {
                Some('\'') => {
                    if ok && count == 0 {
                        self.error_here("empty rune literal or unescaped '");
                        ok = false;
                    } else if ok && count != 1 {
                        self.error_at(self.start, "more than one character in rune literal");
                        ok = false;
                    }
                    self.end += 1;
                    break;
                }
                Some('\\') => {
                    self.end += 1;
                    ok &= self.escape(b'\'');
                }
                Some('\n') => {
                    if ok {
                        self.error_here("newline in rune literal");
                        ok = false;
                    }
                    break;
                }
                None => {
                    if ok {
                        self.error_at(self.start, "rune literal not terminated");
                        ok = false;
                    }
                    break;
                }
                Some(c) => self.end += c.len_utf8(),
            }
            count += 1;
        }
        self.literal(LitKind::Rune, ok);
    }

    pub(super) fn string(&mut self) {
        let mut ok = true;
        self.end += 1;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.end) {
                Some(b'"') => {
                    self.end += 1;
                    break;
                }
                Some(b'\\') => {
                    self.end += 1;
                    ok &= self.escape(b'"');
                }
                Some(b'\n') => {
                    self.error_here("newline in string");
                    ok = false;
                    break;
                }
                None => {
                    self.error_at(self.start, "string not terminated");
                    ok = false;
                    break;
                }
                Some(_) => self.end += 1,
            }
        }
        self.literal(LitKind::String, ok);
    }

    /// Carriage returns stay: they belong to the literal, though not to its value.
    pub(super) fn raw_string(&mut self) {
        let quote = memchr::memchr(b'`', &self.text.as_bytes()[self.start + 1..]);
        match quote {
            Some(len) => self.end = self.start + len + 2,
            None => {
                self.end = self.text.len();
                self.error_at(self.start, "string not terminated");
            }
        }
        self.literal(LitKind::String, quote.is_some());
    }

    /// Reads an escape sequence after its backslash. At the end of the text it is the caller who complains.
    fn escape(&mut self, quote: u8) -> bool {
        let (len, base, max) = match self.byte() {
            b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' => {
                self.end += 1;
                return true;
            }
            byte if byte == quote => {
                self.end += 1;
                return true;
            }
            b'0'..=b'7' => (3, 8, 255),
            b'x' => (2, 16, 255),
            b'u' => (4, 16, char::MAX as u32),
            b'U' => (8, 16, char::MAX as u32),
            _ if self.end == self.text.len() => return true,
            _ => {
                self.error_here("unknown escape");
                return false;
            }
        };
        if base == 16 {
            self.end += 1;
        }
        let mut value = 0u32;
        for _ in 0..len {
            let Some(c) = self.char_here() else { return true };
            let Some(digit) = c.to_digit(base) else {
                let base = base_name(base as u8);
                self.error_here(format!("invalid character {} in {base} escape", quote_rune(c)));
                return false;
            };
            value = value * base + digit;
            self.end += 1;
        }
        if value > max && base == 8 {
            self.error_here(format!("octal escape value {value} > 255"));
            return false;
        }
        if value > max || (0xd800..0xe000).contains(&value) {
            self.error_here(format!("escape is invalid Unicode code point {}", unicode_point(value)));
            return false;
        }
        true
    }
}

fn base_name(base: u8) -> &'static str {
    match base {
        2 => "binary",
        8 => "octal",
        10 => "decimal",
        16 => "hexadecimal",
        _ => unreachable!("literal: base {base}"),
    }
}

/// Index of the first `_` that does not stand between digits.
///
/// spec: "an underscore character _ may appear after a base prefix or between successive digits"
fn invalid_separator(literal: &[u8]) -> Option<usize> {
    #[derive(PartialEq)]
    enum Before {
        Digit,
        Separator,
        Other,
    }
    let prefixed = literal.len() >= 2 && literal[0] == b'0' && matches!(literal[1] | 0x20, b'x' | b'o' | b'b');
    let hex = prefixed && literal[1] | 0x20 == b'x';
    let (first, mut before) = if prefixed { (2, Before::Digit) } else { (0, Before::Other) };
    for (index, byte) in literal.iter().enumerate().skip(first) {
        before = match byte {
            b'_' if before != Before::Digit => return Some(index),
            b'_' => Before::Separator,
            b'0'..=b'9' => Before::Digit,
            b'a'..=b'f' | b'A'..=b'F' if hex => Before::Digit,
            _ if before == Before::Separator => return Some(index - 1),
            _ => Before::Other,
        };
    }
    (before == Before::Separator).then(|| literal.len() - 1)
}
