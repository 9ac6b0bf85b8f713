//! Line tables as the runtime reads them, and traces.

use base::{EntityId, Pos};
use codegen::Positions;
use ir::{FuncId, LocData, Program};
use std::ops::Range;
use std::sync::Arc;

/// Positions of programs that `number_lines` went through.
pub struct Lines;

impl Positions for Lines {
    fn file_line(&self, pos: Pos) -> Option<(Arc<str>, u32)> {
        Some((format!("/p/{}.go", pos.raw() / 1000).into(), pos.raw() % 1000))
    }
}

/// The k-th function with a body begins in line 100k, and each of its instructions has the next line; a file has ten
/// functions. In a function called `inliner` every instruction is inlined from the one called `inlined`.
pub fn number_lines(program: &mut Program) {
    let find = |name: &str| program.funcs.iter().find(|(_, func)| func.name == name).map(|(func, _)| func);
    let inlined = find("p.inlined");
    let bodies: Vec<FuncId> = program.funcs.ids().filter(|&func| program.funcs[func].body.is_some()).collect();
    let start = |func: FuncId| bodies.iter().zip(1..).find(|(body, _)| **body == func).map_or(0, |(_, k)| 100 * k);
    for &func in &bodies {
        let mut line = start(func);
        let mut next = || {
            line += 1;
            Pos::new(line - 1, 0)
        };
        program.funcs[func].pos = next();
        let is_inliner = program.funcs[func].name == "p.inliner";
        let Some(body) = &mut program.funcs[func].body else { continue };
        for inst in body.insts.ids() {
            let mut loc = LocData { pos: next(), func, inlined_at: None };
            if let Some(inlined) = inlined.filter(|_| is_inliner) {
                let at = program.locs.push(loc);
                let start = start(inlined);
                loc =
                    LocData { pos: Pos::new(start + 1 + inst.index() as u32, 0), func: inlined, inlined_at: Some(at) };
            }
            body.insts[inst].loc = Some(program.locs.push(loc));
        }
    }
}

/// Reads numbers.
struct Reader<'a> {
    memory: &'a [u8],
    at: u32,
}

impl Reader<'_> {
    fn number(&mut self) -> u32 {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let byte = self.memory[self.at as usize];
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        u32::try_from(number).unwrap()
    }
}

fn unfolded(number: u32, base: u32) -> u32 {
    base.wrapping_add(number >> 1 ^ (number & 1).wrapping_neg())
}

pub struct Table<'a> {
    memory: &'a [u8],
    functions: Vec<Function>,
    files: u32,
}

struct Function {
    name: String,
    flags: u32,
    file: u32,
    line: u32,
    frame_size: u32,
    sites: Vec<Site>,
}

#[derive(Clone)]
struct Site {
    function: u32,
    file: u32,
    line: u32,
    outer: Option<usize>,
}

fn word(memory: &[u8], at: u32) -> u32 {
    u32::from_le_bytes(memory[at as usize..at as usize + 4].try_into().unwrap())
}

impl<'a> Table<'a> {
    pub fn read(memory: &'a [u8], at: u32) -> Table<'a> {
        let header = |place: u32| word(memory, at + 4 * place);
        assert_eq!(header(0), 2);
        let mut functions: Vec<Function> = Vec::new();
        let mut lists: Vec<(Reader, usize)> = Vec::new();
        let mut reader = Reader { memory, at: 0 };
        let mut name = Vec::new();
        let mut first_site = 0;
        for index in 0..header(1) {
            if index % 16 == 0 {
                let group = header(2) + 8 * (index / 16);
                reader.at = word(memory, group);
                assert_eq!(word(memory, group + 4), first_site);
                name.clear();
            }
            name.truncate(reader.number() as usize);
            let more = reader.number();
            name.extend_from_slice(&memory[reader.at as usize..(reader.at + more) as usize]);
            reader.at += more;
            let (flags, file, line, count) = (reader.number(), reader.number(), reader.number(), reader.number());
            let frame_size = if count > 0 { reader.number() } else { 0 };
            let bytes = if count > 0 { reader.number() } else { 0 };
            lists.push((Reader { memory, at: reader.at }, count as usize));
            reader.at += bytes;
            first_site += count;
            let name = String::from_utf8(name.clone()).unwrap();
            functions.push(Function { name, flags, file, line, frame_size, sites: Vec::new() });
        }
        assert_eq!(first_site, header(3));
        for (function, (mut reader, count)) in lists.into_iter().enumerate() {
            let mut last = functions[function].line;
            for index in 0..count {
                let tag = reader.number();
                let site = match tag & 3 {
                    0 => {
                        last = unfolded(tag >> 2, last);
                        Site { function: function as u32, file: functions[function].file, line: last, outer: None }
                    }
                    1 => {
                        let inlined = reader.number();
                        let source = &functions[inlined as usize];
                        let line = unfolded(tag >> 2, source.line);
                        let outer = Some(index - reader.number() as usize);
                        Site { function: inlined, file: source.file, line, outer }
                    }
                    _ => {
                        let (function, file, outer) = (reader.number(), reader.number(), reader.number());
                        let outer = outer.checked_sub(1).map(|distance| index - distance as usize);
                        Site { function, file, line: tag >> 2, outer }
                    }
                };
                functions[function].sites.push(site);
            }
        }
        Table { memory, functions, files: header(4) }
    }

    fn file(&self, index: u32) -> &str {
        let place = self.files + 4 * index;
        let range = word(self.memory, place) as usize..word(self.memory, place + 4) as usize;
        std::str::from_utf8(&self.memory[range]).unwrap()
    }

    /// The function whose code has a site, and the lines of the trace.
    fn shown(&self, number: u32) -> (&Function, Vec<String>) {
        let mut first = 0;
        for function in &self.functions {
            let next = first + function.sites.len();
            if (number as usize) < next {
                let mut lines = Vec::new();
                let mut place = Some(number as usize - first);
                while let Some(site) = place.map(|place| &function.sites[place]) {
                    let name = &self.functions[site.function as usize].name;
                    lines.push(format!("{name} {}:{}", self.file(site.file), site.line));
                    place = site.outer;
                }
                return (function, lines);
            }
            first = next;
        }
        panic!("no function has site {number}");
    }
}

/// All functions and sites.
pub fn table(memory: &[u8], at: u32) -> String {
    let table = Table::read(memory, at);
    let mut text = String::new();
    for function in table.functions.iter().skip(1) {
        let file = table.file(function.file);
        text += &format!(
            "{} {file}:{} flags {} frame {}\n",
            function.name, function.line, function.flags, function.frame_size
        );
        for site in &function.sites {
            let name = &table.functions[site.function as usize].name;
            let outer = site.outer.map(|outer| format!(" at {outer}")).unwrap_or_default();
            text += &format!("  {name} {}:{}{outer}\n", table.file(site.file), site.line);
        }
    }
    text
}

/// The trace of the stack, innermost call first, the host's calls left out.
pub fn walk(memory: &[u8], stack: Range<u32>, table: u32) -> Vec<String> {
    let table = Table::read(memory, table);
    let mut trace = Vec::new();
    let mut at = stack.start;
    while at < stack.end {
        let head = word(memory, at);
        let (function, lines) = table.shown(head >> 2);
        trace.extend(lines);
        at += if head & 3 == 1 { 8 } else { function.frame_size };
    }
    assert_eq!(at, stack.end);
    trace
}
