//! The tokens of SSA text.

use crate::parse::Error;
use crate::print::is_name_byte;

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Token<'a> {
    /// `block3`, `const.i64`, `likely`
    Word(&'a str),
    /// What starts with a digit or a minus, up to what cannot belong to it: checked where its type is known.
    Number(&'a str),
    /// `@p.f`, `$"a b"`: the sigil and the name without quotes.
    Name(char, String),
    /// What stands in quotes, escapes taken away.
    Text(Vec<u8>),
    Arrow,
    /// Any other character.
    Mark(char),
    End,
}

/// All tokens with their offsets; the last one is `End`.
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token<'_>, usize)>, Error> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space();
        let start = lexer.at;
        let token = lexer.token()?;
        let is_last = token == Token::End;
        tokens.push((token, start));
        if is_last {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn error(&self, at: usize, message: &str) -> Error {
        Error::new(self.text, at, message)
    }

    /// Spaces, and comments from a semicolon to the end of the line.
    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            if !self.rest().starts_with(';') {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.bytes().take_while(|&byte| accept(byte)).count();
        self.at += len;
        &rest[..len]
    }

    fn token(&mut self) -> Result<Token<'a>, Error> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        let is_number_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
        Ok(match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                Token::Word(self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')))
            }
            '-' if rest.starts_with("->") => {
                self.at += 2;
                Token::Arrow
            }
            '0'..='9' | '-' => {
                let start = self.at;
                self.at += 1;
                let digits = self.take_while(is_number_part);
                // The sign of an exponent.
                if !rest.starts_with("0x") && digits.ends_with('e') && self.rest().starts_with('-') {
                    self.at += 1;
                    self.take_while(is_number_part);
                }
                Token::Number(&self.text[start..self.at])
            }
            '@' | '$' => {
                let start = self.at;
                self.at += 1;
                if !self.rest().starts_with('"') {
                    return Ok(Token::Name(first, self.take_while(is_name_byte).to_string()));
                }
                let name = String::from_utf8(self.text()?).map_err(|_| self.error(start, "the name is not UTF-8"))?;
                Token::Name(first, name)
            }
            '"' => Token::Text(self.text()?),
            _ => {
                self.at += first.len_utf8();
                Token::Mark(first)
            }
        })
    }

    fn text(&mut self) -> Result<Vec<u8>, Error> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut text = Vec::new();
        self.at += 1;
        loop {
            let at = self.at;
            self.at += 1;
            match bytes.get(at) {
                Some(b'"') => return Ok(text),
                Some(b'\\') => {
                    self.at += 1;
                    match bytes.get(at + 1) {
                        Some(&byte @ (b'"' | b'\\')) => text.push(byte),
                        Some(b'n') => text.push(b'\n'),
                        Some(b'x') => {
                            let digits = self.text.get(at + 2..at + 4).unwrap_or_default();
                            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                            match u8::from_str_radix(digits, 16) {
                                Ok(byte) if is_hex => text.push(byte),
                                _ => return Err(self.error(at, "\\x wants two hexadecimal digits")),
                            }
                            self.at += 2;
                        }
                        _ => return Err(self.error(at, "unknown escape")),
                    }
                }
                Some(b'\n') | None => return Err(self.error(start, "the quotes are not closed")),
                Some(&byte) => text.push(byte),
            }
        }
    }
}
