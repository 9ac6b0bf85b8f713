//! The lexer: text to tokens, one at a time.
//!
//! It follows gc's scanner in what it accepts, where it complains and how it goes on, because the parser's messages
//! depend on the tokens that follow a mistake. Besides tokens it collects what comments carry: `//line` directives
//! (which change how positions are shown) and `//go:` directives. A token is a range of the text; nothing is copied.
//!
//! spec: "a semicolon is automatically inserted into the token stream immediately after a line's final token if that
//! token is an identifier, a literal, one of the keywords break, continue, fallthrough, or return, one of the operators
//! and punctuation ++, --, ), ], or }". `newline_ends` remembers that the last token was one of these.

mod comment;
mod literal;
mod skip;

use crate::ast::{LitKind, Operator};
use crate::clean::CleanText;
use crate::token::Token;
use crate::unicode::{is_digit, is_letter, unicode_point};
use base::{Diagnostic, Pos, source::LineDirective};

pub struct Lexer<'s> {
    text: &'s str,
    /// Raw position of the text's offset 0.
    base: u32,
    /// What was removed from the text, and how much of it has been reported.
    source: &'s CleanText<'s>,
    reported_dirt: usize,
    newline_ends: bool,

    /// The current token, and where it lies in the text.
    pub tok: Token,
    pub start: usize,
    /// One past the token: where reading goes on.
    pub end: usize,
    /// Of `Operator`, `Star`, `AssignOp` and `IncOp`.
    pub op: Operator,
    /// Of `Operator` and `Star`; 0 if the operator is not binary.
    pub prec: u8,
    /// Of `Literal`.
    pub kind: LitKind,
    /// Of `Literal`: it was complained about.
    pub bad: bool,
    /// Of `Semi`: `semicolon`, `newline` or `EOF`.
    pub semi: &'static str,

    pub diagnostics: Vec<Diagnostic>,
    /// How many complaints there were about lexical and syntactic form: bad branches do not count, since they leave
    /// the tree intact.
    pub errors: usize,
    pub directives: Vec<Comment<'s>>,
    pub line_directives: Vec<LineDirective>,
    /// After this no more tokens come and no complaints are taken.
    stopped: bool,
    /// Whether line directives are taken: not when a body is parsed again whose file has been lexed before.
    pub takes_line_directives: bool,
}

/// A `//go:` or `//export` comment.
#[derive(Clone, Copy)]
pub struct Comment<'s> {
    /// Just after the slashes.
    pub pos: Pos,
    pub text: &'s str,
    pub at_line_start: bool,
}

impl<'s> Lexer<'s> {
    /// Lexes a text whose offset 0 has the raw position `base`.
    pub fn new(source: &'s CleanText<'s>, base: u32) -> Lexer<'s> {
        Lexer {
            text: &source.text,
            base,
            source,
            reported_dirt: 0,
            newline_ends: false,
            tok: Token::Eof,
            start: source.start,
            end: source.start,
            op: Operator::Def,
            prec: 0,
            kind: LitKind::Int,
            bad: false,
            semi: "",
            diagnostics: Vec::new(),
            errors: 0,
            directives: Vec::new(),
            line_directives: Vec::new(),
            stopped: false,
            takes_line_directives: true,
        }
    }

    /// The current token's text.
    pub fn lit(&self) -> &'s str {
        &self.text[self.start..self.end]
    }

    pub fn text(&self) -> &'s str {
        self.text
    }

    /// Position of the current token.
    pub fn pos(&self) -> Pos {
        self.pos_at(self.start)
    }

    pub fn pos_at(&self, clean_offset: usize) -> Pos {
        Pos::new(self.base, self.original_offset(clean_offset))
    }

    fn original_offset(&self, clean_offset: usize) -> usize {
        if self.source.dirt.is_empty() {
            return clean_offset;
        }
        let before = self.source.dirt.partition_point(|dirt| dirt.clean_offset <= clean_offset);
        match before.checked_sub(1).map(|last| &self.source.dirt[last]) {
            Some(last) => last.offset + last.len + (clean_offset - last.clean_offset),
            None => clean_offset,
        }
    }

    pub fn is_clean(&self) -> bool {
        self.source.dirt.is_empty()
    }

    /// Whether bytes were removed from the current token or just behind it: gc keeps them in the token's text, which
    /// then is no keyword.
    fn hides_dirt(&self) -> bool {
        self.original_offset(self.end) - self.original_offset(self.start) != self.end - self.start
    }

    /// Complains at an offset of the text.
    fn error_at(&mut self, offset: usize, message: impl Into<String>) {
        self.report_dirt();
        self.report(self.pos_at(offset), message.into());
    }

    /// Complains at the character that would be read next.
    fn error_here(&mut self, message: impl Into<String>) {
        self.error_at(self.end, message);
    }

    pub fn report(&mut self, pos: Pos, message: String) {
        if !self.stopped {
            self.errors += 1;
            self.diagnostics.push(Diagnostic::syntax(pos, message));
        }
    }

    /// From now on there is only EOF, and nothing more to complain about.
    pub fn stop(&mut self) {
        self.stopped = true;
        self.tok = Token::Eof;
    }

    /// Reports the removed bytes that reading has passed.
    fn report_dirt(&mut self) {
        while let Some(dirt) = self.source.dirt.get(self.reported_dirt)
            && dirt.clean_offset <= self.end
        {
            self.reported_dirt += 1;
            self.report(Pos::new(self.base, dirt.offset), dirt.message.to_string());
        }
    }

    /// The byte that would be read next; 0 at the end.
    #[inline]
    fn byte(&self) -> u8 {
        self.byte_at(self.end)
    }

    #[inline]
    fn byte_at(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(offset).copied().unwrap_or(0)
    }

    fn char_here(&self) -> Option<char> {
        self.text[self.end..].chars().next()
    }

    /// Reads `byte` if it is next.
    #[inline]
    fn got(&mut self, byte: u8) -> bool {
        let got = self.byte() == byte;
        self.end += got as usize;
        got
    }

    /// Reads the next token.
    pub fn next(&mut self) {
        if self.stopped {
            return;
        }
        self.next_token();
        if !self.source.dirt.is_empty() {
            self.report_dirt();
        }
    }

    fn next_token(&mut self) {
        let newline_ends = std::mem::replace(&mut self.newline_ends, false);
        loop {
            let mut at = self.end;
            loop {
                match self.byte_at(at) {
                    b' ' | b'\t' | b'\r' => at += 1,
                    b'\n' if !newline_ends => at += 1,
                    _ => break,
                }
            }
            self.start = at;
            self.end = at;
            let byte = self.byte();
            self.tok = match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.identifier(),
                0x80.. => {
                    self.identifier_char(true);
                    return self.identifier();
                }
                0 => {
                    debug_assert!(at == self.text.len());
                    if newline_ends {
                        self.semi = "EOF";
                        Token::Semi
                    } else {
                        Token::Eof
                    }
                }
                b'0'..=b'9' => return self.number(false),
                b'"' => return self.string(),
                b'`' => return self.raw_string(),
                b'\'' => return self.rune(),
                b'/' => match self.byte_at(at + 1) {
                    b'/' => {
                        self.end += 2;
                        self.line_comment();
                        continue;
                    }
                    b'*' => {
                        self.end += 2;
                        let has_newline = self.full_comment();
                        // spec: "A general comment containing no newlines acts like a space. Any other comment acts
                        // like a newline."
                        if has_newline && newline_ends {
                            self.semi = "newline";
                            Token::Semi
                        } else {
                            continue;
                        }
                    }
                    _ => {
                        self.end += 1;
                        self.operator_or_assign(Operator::Div)
                    }
                },
                _ => {
                    let Some(tok) = self.punctuation(byte) else {
                        self.error_here(format!("invalid character {}", unicode_point(byte as u32)));
                        self.end += 1;
                        continue;
                    };
                    tok
                }
            };
            return;
        }
    }

    /// Reads an operator or delimiter; `None` if `byte` starts none.
    fn punctuation(&mut self, byte: u8) -> Option<Token> {
        self.end += 1;
        let closing = |lexer: &mut Self, tok| {
            lexer.newline_ends = true;
            tok
        };
        Some(match byte {
            b'\n' => {
                self.semi = "newline";
                Token::Semi
            }
            b'(' => Token::Lparen,
            b'[' => Token::Lbrack,
            b'{' => Token::Lbrace,
            b',' => Token::Comma,
            b';' => {
                self.semi = "semicolon";
                Token::Semi
            }
            b')' => closing(self, Token::Rparen),
            b']' => closing(self, Token::Rbrack),
            b'}' => closing(self, Token::Rbrace),
            b':' if self.got(b'=') => Token::Define,
            b':' => Token::Colon,
            b'.' if self.byte().is_ascii_digit() => {
                self.number(true);
                Token::Literal
            }
            b'.' if self.byte() == b'.' && self.byte_at(self.end + 1) == b'.' => {
                self.end += 2;
                Token::DotDotDot
            }
            b'.' => Token::Dot,
            b'+' if self.got(b'+') => {
                self.op = Operator::Add;
                closing(self, Token::IncOp)
            }
            b'+' => self.operator_or_assign(Operator::Add),
            b'-' if self.got(b'-') => {
                self.op = Operator::Sub;
                closing(self, Token::IncOp)
            }
            b'-' => self.operator_or_assign(Operator::Sub),
            b'*' => {
                let tok = self.operator_or_assign(Operator::Mul);
                if tok == Token::Operator { Token::Star } else { tok }
            }
            b'%' => self.operator_or_assign(Operator::Rem),
            b'&' if self.got(b'&') => self.operator(Operator::AndAnd),
            b'&' if self.got(b'^') => self.operator_or_assign(Operator::AndNot),
            b'&' => self.operator_or_assign(Operator::And),
            b'|' if self.got(b'|') => self.operator(Operator::OrOr),
            b'|' => self.operator_or_assign(Operator::Or),
            b'^' => self.operator_or_assign(Operator::Xor),
            b'<' if self.got(b'=') => self.operator(Operator::Leq),
            b'<' if self.got(b'<') => self.operator_or_assign(Operator::Shl),
            b'<' if self.got(b'-') => Token::Arrow,
            b'<' => self.operator(Operator::Lss),
            b'>' if self.got(b'=') => self.operator(Operator::Geq),
            b'>' if self.got(b'>') => self.operator_or_assign(Operator::Shr),
            b'>' => self.operator(Operator::Gtr),
            b'=' if self.got(b'=') => self.operator(Operator::Eql),
            b'=' => Token::Assign,
            b'!' if self.got(b'=') => self.operator(Operator::Neq),
            b'!' => self.operator(Operator::Not),
            b'~' => self.operator(Operator::Tilde),
            _ => {
                self.end -= 1;
                return None;
            }
        })
    }

    fn operator(&mut self, op: Operator) -> Token {
        self.op = op;
        self.prec = op.precedence();
        Token::Operator
    }

    fn operator_or_assign(&mut self, op: Operator) -> Token {
        self.operator(op);
        if self.got(b'=') { Token::AssignOp } else { Token::Operator }
    }

    /// Reads the rest of an identifier or keyword.
    fn identifier(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = self.end;
        while at < bytes.len() && IS_NAME_BYTE[bytes[at] as usize] {
            at += 1;
        }
        self.end = at;
        if self.byte() >= 0x80 {
            while self.identifier_char(false) {}
        }
        let lit = &bytes[self.start..self.end];
        if lit.len() >= 2
            && lit[0].is_ascii_lowercase()
            && (self.is_clean() || !self.hides_dirt())
            && let Some(keyword) = Token::keyword(lit)
        {
            self.newline_ends = matches!(keyword, Token::Break | Token::Continue | Token::Fallthrough | Token::Return);
            self.tok = keyword;
            return;
        }
        self.newline_ends = true;
        self.tok = Token::Name;
    }

    /// Reads a character of an identifier; what is not ASCII and does not belong there is read with a complaint.
    fn identifier_char(&mut self, first: bool) -> bool {
        let Some(c) = self.char_here() else { return false };
        if is_letter(c) || c == '_' {
            // fine anywhere
        } else if is_digit(c) {
            if first {
                self.error_here(format!("identifier cannot begin with digit {}", unicode_point(c as u32)));
            }
        } else if !c.is_ascii() {
            self.error_here(format!("invalid character {} in identifier", unicode_point(c as u32)));
        } else {
            return false;
        }
        self.end += c.len_utf8();
        true
    }
}

static IS_NAME_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
};
