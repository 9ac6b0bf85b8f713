//! SSA text to a program: what [`print`](crate::print) writes, and what people write for tests.
//!
//! Everything may be used before it is defined, so a text is read in three rounds: the names of functions, data and
//! layouts; layouts, data and the headers of functions; bodies. A body in turn is read as it stands first, numbers for
//! names, and then built. Values and blocks get their ids in the order of the text, so that ids and names agree in
//! what was printed.
//!
//! The first mistake ends it. The grammar has no nesting, so nothing here recurses. Whether the program makes sense is
//! for [`verify`](crate::verify) to say; here only what would stand in the way of building it is refused.

use crate::lex::{Token, tokens};
use crate::opcode::Opcode;
use crate::print::ATTRIBUTES;
use crate::program::{Data, DataId, FuncData, FuncId, Layout, LayoutId, Program, Reloc, SigId};
use crate::ty::Ty;
use rustc_hash::FxHashMap;
use std::fmt;

mod body;

/// What is wrong with a text, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    pub line: u32,
    /// In bytes, from 1.
    pub column: u32,
    pub message: String,
}

impl Error {
    pub(crate) fn new(text: &str, at: usize, message: impl Into<String>) -> Error {
        let before = &text.as_bytes()[..at.min(text.len())];
        let line = memchr::memchr_iter(b'\n', before).count() as u32 + 1;
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Error { line, column: (before.len() - start) as u32 + 1, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Error {}

/// Reads a program.
pub fn program(text: &str) -> Result<Program, Error> {
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        at: 0,
        program: Program::default(),
        funcs: FxHashMap::default(),
        data: FxHashMap::default(),
        layouts: FxHashMap::default(),
        opcodes: Opcode::ALL.iter().map(|&op| (op.name(), op)).collect(),
    };
    parser.names()?;
    let bodies = parser.headers()?;
    for (func, at) in bodies {
        parser.at = at;
        let body = parser.body()?;
        parser.program.funcs[func].body = Some(body);
    }
    Ok(parser.program)
}

type Parsed<T> = Result<T, Error>;

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token<'a>, usize)>,
    at: usize,
    program: Program,
    funcs: FxHashMap<String, FuncId>,
    data: FxHashMap<String, DataId>,
    layouts: FxHashMap<u32, LayoutId>,
    opcodes: FxHashMap<&'static str, Opcode>,
}

/// A name with a number, and where it stands.
#[derive(Clone, Copy)]
struct Ref {
    number: u32,
    at: usize,
}

/// The most that static data may spell out.
const MAX_BYTES: u64 = 1 << 26;

/// Tokens.
impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        &self.tokens[self.at].0
    }

    fn offset(&self) -> usize {
        self.tokens[self.at].1
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.tokens[self.at].0.clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn error<T>(&self, message: impl Into<String>) -> Parsed<T> {
        self.error_at(self.offset(), message)
    }

    fn error_at<T>(&self, at: usize, message: impl Into<String>) -> Parsed<T> {
        Err(Error::new(self.text, at, message))
    }

    /// Takes the mark if it comes next.
    fn takes(&mut self, mark: char) -> bool {
        let is_next = *self.peek() == Token::Mark(mark);
        if is_next {
            self.next();
        }
        is_next
    }

    fn expect(&mut self, mark: char) -> Parsed<()> {
        if self.takes(mark) { Ok(()) } else { self.error(format!("expected {mark}")) }
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_next = *self.peek() == Token::Word(word);
        if is_next {
            self.next();
        }
        is_next
    }

    fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.takes_word(word) { Ok(()) } else { self.error(format!("expected {word}")) }
    }

    fn name(&mut self, sigil: char, what: &str) -> Parsed<String> {
        match self.peek() {
            Token::Name(first, name) if *first == sigil => {
                let name = name.clone();
                self.next();
                Ok(name)
            }
            _ => self.error(format!("expected the name of {what}, which starts with {sigil}")),
        }
    }

    fn text(&mut self) -> Parsed<String> {
        match self.peek() {
            Token::Text(bytes) => match String::from_utf8(bytes.clone()) {
                Ok(text) => {
                    self.next();
                    Ok(text)
                }
                Err(_) => self.error("the text is not UTF-8"),
            },
            _ => self.error("expected text in quotes"),
        }
    }

    /// A number of at most 64 bits; negative ones as two's complement.
    fn number(&mut self) -> Parsed<u64> {
        let Token::Number(text) = *self.peek() else { return self.error("expected a number") };
        let parsed = match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => text.parse::<u64>().ok().or_else(|| text.parse::<i64>().ok().map(|number| number as u64)),
        };
        let Some(number) = parsed else { return self.error(format!("{text} is not a number of 64 bits")) };
        self.next();
        Ok(number)
    }

    fn number32(&mut self) -> Parsed<u32> {
        let at = self.offset();
        let number = self.number()?;
        u32::try_from(number).or_else(|_| self.error_at(at, "the number needs more than 32 bits"))
    }

    /// `+ 8`, or nothing for zero.
    fn plus(&mut self) -> Parsed<u32> {
        if self.takes('+') { self.number32() } else { Ok(0) }
    }

    /// The number of `block3` if that comes next and the prefix is `block`.
    fn peek_numbered(&self, prefix: &str) -> Option<u32> {
        let Token::Word(word) = *self.peek() else { return None };
        let digits = word.strip_prefix(prefix)?;
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        digits.parse().ok().filter(|_| is_plain)
    }

    fn numbered(&mut self, prefix: &str) -> Parsed<Ref> {
        let at = self.offset();
        match self.peek_numbered(prefix) {
            Some(number) => {
                self.next();
                Ok(Ref { number, at })
            }
            None => self.error(format!("expected {prefix} and a number")),
        }
    }

    /// Items with commas between them, up to a closing mark, which is taken.
    fn list<T>(&mut self, close: char, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        if self.takes(close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.takes(close) {
                return Ok(items);
            }
            if !self.takes(',') {
                return self.error(format!("expected , or {close}"));
            }
        }
    }
}

/// Things with names.
impl Parser<'_> {
    fn func(&mut self) -> Parsed<FuncId> {
        let at = self.offset();
        let name = self.name('@', "a function")?;
        self.funcs.get(&name).copied().map_or_else(|| self.error_at(at, format!("no function is called {name}")), Ok)
    }

    fn data_ref(&mut self) -> Parsed<DataId> {
        let at = self.offset();
        let name = self.name('$', "data")?;
        self.data.get(&name).copied().map_or_else(|| self.error_at(at, format!("no data is called {name}")), Ok)
    }

    fn layout_ref(&mut self) -> Parsed<LayoutId> {
        let Ref { number, at } = self.numbered("layout")?;
        self.layouts.get(&number).copied().map_or_else(|| self.error_at(at, format!("there is no layout{number}")), Ok)
    }

    fn ty(&mut self) -> Parsed<Ty> {
        let found = match *self.peek() {
            Token::Word(word) => Ty::from_name(word),
            _ => None,
        };
        let Some(ty) = found else { return self.error("expected a type") };
        self.next();
        Ok(ty)
    }

    fn signature(&mut self) -> Parsed<SigId> {
        self.expect('(')?;
        let params = self.list(')', Self::ty)?;
        let mut results = Vec::new();
        if *self.peek() == Token::Arrow {
            self.next();
            results = if self.takes('(') { self.list(')', Self::ty)? } else { vec![self.ty()?] };
        }
        Ok(self.program.sig(&params, &results))
    }

    /// Round one: all names, each thing still empty.
    fn names(&mut self) -> Parsed<()> {
        let empty = self.program.sig(&[], &[]);
        let mut depth = 0u32;
        while *self.peek() != Token::End {
            let at = self.offset();
            let token = self.next();
            match (&token, self.peek()) {
                (Token::Mark('{'), _) => depth += 1,
                (Token::Mark('}'), _) => depth = depth.saturating_sub(1),
                (Token::Word("func"), Token::Name('@', name)) if depth == 0 => {
                    let name = name.clone();
                    let id = self.program.funcs.push(FuncData::new(name.clone(), empty));
                    if self.funcs.insert(name.clone(), id).is_some() {
                        return self.error(format!("two functions are called {name}"));
                    }
                }
                (Token::Word("data"), Token::Name('$', name)) if depth == 0 => {
                    let name = name.clone();
                    let id = self.program.data.push(Data::new(name.clone(), 0, 1));
                    if self.data.insert(name.clone(), id).is_some() {
                        return self.error(format!("two data are called {name}"));
                    }
                }
                (Token::Word(word), Token::Mark('=')) if depth == 0 && word.starts_with("layout") => {
                    self.at -= 1;
                    let number = self.numbered("layout")?.number;
                    let id =
                        self.program.layouts.push(Layout { size: 0, align: 1, pointers: vec![], descriptor: None });
                    if self.layouts.insert(number, id).is_some() {
                        return self.error_at(at, format!("there are two layout{number}"));
                    }
                }
                _ => {}
            }
        }
        self.at = 0;
        Ok(())
    }

    /// Round two: everything but bodies; where those are.
    fn headers(&mut self) -> Parsed<Vec<(FuncId, usize)>> {
        let mut bodies = Vec::new();
        while *self.peek() != Token::End {
            if self.takes_word("func") {
                let func = self.func()?;
                self.func_header(func)?;
                if self.takes('{') {
                    bodies.push((func, self.at));
                    self.skip_body()?;
                }
            } else if self.takes_word("data") {
                self.data_item()?;
            } else if self.peek_numbered("layout").is_some() {
                self.layout_item()?;
            } else {
                return self.error("expected func, data or a layout");
            }
        }
        Ok(bodies)
    }

    fn skip_body(&mut self) -> Parsed<()> {
        let start = self.offset();
        loop {
            match self.next() {
                Token::Mark('}') => return Ok(()),
                Token::End => return self.error_at(start, "the body is not closed"),
                _ => {}
            }
        }
    }

    fn func_header(&mut self, func: FuncId) -> Parsed<()> {
        self.program.funcs[func].sig = self.signature()?;
        while let Token::Word(word) = *self.peek() {
            if word == "import" {
                self.next();
                self.program.funcs[func].import = Some((self.text()?, self.text()?));
                continue;
            }
            let Some((_, _, set)) = ATTRIBUTES.iter().find(|(name, ..)| *name == word) else { break };
            set(&mut self.program.funcs[func]);
            self.next();
        }
        Ok(())
    }

    fn size_and_align(&mut self) -> Parsed<(u32, u32)> {
        self.expect_word("size")?;
        let size = self.number32()?;
        self.expect_word("align")?;
        Ok((size, self.number32()?))
    }

    fn layout_item(&mut self) -> Parsed<()> {
        let id = self.layout_ref()?;
        self.expect('=')?;
        let (size, align) = self.size_and_align()?;
        let mut pointers = Vec::new();
        if self.takes_word("pointers") {
            pointers.push(self.number()?);
            while self.takes(',') {
                pointers.push(self.number()?);
            }
        }
        let descriptor = if self.takes_word("descriptor") { Some(self.data_ref()?) } else { None };
        self.program.layouts[id] = Layout { size, align, pointers, descriptor };
        Ok(())
    }

    fn data_item(&mut self) -> Parsed<()> {
        let id = self.data_ref()?;
        let (size, align) = self.size_and_align()?;
        let read_only = self.takes_word("readonly");
        let layout = if self.takes_word("layout") { Some(self.layout_ref()?) } else { None };
        let data = &mut self.program.data[id];
        (data.size, data.align, data.read_only, data.layout) = (size, align, read_only, layout);
        self.expect('{')?;
        while !self.takes('}') {
            let start = self.offset();
            let at = self.number32()?;
            self.expect(':')?;
            if let Token::Text(bytes) = self.peek().clone() {
                self.next();
                let end = u64::from(at) + bytes.len() as u64;
                if end > u64::from(size) || end > MAX_BYTES {
                    return self.error_at(start, "the bytes do not fit");
                }
                let all = &mut self.program.data[id].bytes;
                all.resize(all.len().max(end as usize), 0);
                all[at as usize..end as usize].copy_from_slice(&bytes);
                continue;
            }
            let is_narrow = self.takes_word("narrow");
            let reloc = if let Token::Name('@', _) = self.peek() {
                let target = self.func()?;
                if is_narrow { Reloc::Func32 { at, target } } else { Reloc::Func { at, target } }
            } else {
                let (target, addend) = (self.data_ref()?, self.plus()?);
                if is_narrow { Reloc::Data32 { at, target, addend } } else { Reloc::Data { at, target, addend } }
            };
            self.program.data[id].relocs.push(reloc);
        }
        Ok(())
    }
}
