//! Programs and functions as text; [`parse`](crate::parse) reads it back, and printing that gives the same text.
//!
//! ```text
//! layout0 = size 16 align 8 pointers 0x1 descriptor $type:string
//!
//! data $p.table size 16 align 8 layout layout0 {
//!   0: "\x2a"
//!   8: $p.other + 4
//! }
//!
//! func @p.first(ptr, i64) -> i64 noinline {
//!   slot0 = size 16 align 8 layout layout0
//! block0(v0: ptr, v1: i64) handler block2:
//!   bounds index, v1, v1
//!   v2 = load.i64 v0 + 8
//!   v3 = call @"p.(*T).M"(v0, v2)
//!   branch v3, block1(v2), block2 unlikely
//! ...
//! ```
//!
//! Values, blocks and layouts are numbered in the order of the text, functions and data stand in the order of their
//! names: text changes where the program does. A type follows the opcode where the result's type is not implied by it.
//! Names of functions start with `@`, of data with `$`; quoted where they hold anything but letters, digits and
//! `_ . : / $`. Source positions are comments, on request. Values that nothing defines get numbers behind all others.

use crate::function::{Block, BlockData, Function, Inst, InstData, Target, Terminator, Value, ValueList};
use crate::opcode::{Immediate, Opcode, Yields};
use crate::program::{Data, DataId, FuncData, FuncId, Layout, LayoutId, Loc, Origin, Program, Reloc, SigId};
use crate::ty::Ty;
use base::{Pos, SideTable};
use std::fmt::{self, Display, Write};

/// How to print.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Adds where each instruction comes from, as comments: what to write for a position.
    pub position: Option<&'a dyn Fn(Pos) -> String>,
}

/// The whole program.
pub fn program(program: &Program, options: Options) -> String {
    let mut printer = Printer::new(program, options);
    for data in program.data_by_name() {
        printer.data(data);
    }
    for func in program.funcs_by_name() {
        printer.separate();
        let data = &program.funcs[func];
        printer.function(data, data.body.as_ref());
    }
    printer.finish()
}

/// One function, behind the layouts that it names.
pub fn function(program: &Program, func: FuncId, options: Options) -> String {
    let data = &program.funcs[func];
    body(program, data, data.body.as_ref(), options)
}

/// As `function`, with a body that is not in the program yet.
pub fn body(program: &Program, data: &FuncData, body: Option<&Function>, options: Options) -> String {
    let mut printer = Printer::new(program, options);
    printer.function(data, body);
    printer.finish()
}

/// What a function's values and blocks are called in text.
pub struct Names {
    /// One more than the number.
    values: SideTable<Value, u32>,
    blocks: SideTable<Block, u32>,
    /// The blocks in the order of the text: the entry, then the others.
    pub order: Vec<Block>,
    used: u32,
}

impl Names {
    pub fn of(func: &Function) -> Names {
        let order: Vec<Block> =
            func.entry.into_iter().chain(func.blocks.ids().filter(|&block| func.entry != Some(block))).collect();
        let mut names = Names { values: SideTable::new(), blocks: SideTable::new(), order, used: 0 };
        for (index, block) in std::mem::take(&mut names.order).into_iter().enumerate() {
            names.order.push(block);
            names.blocks[block] = index as u32 + 1;
            func.params(block).iter().for_each(|&param| names.add(param));
            for &inst in &func.blocks[block].insts {
                func.results(inst).iter().for_each(|&result| names.add(result));
            }
        }
        // What is used without a definition.
        for &block in &names.order.clone() {
            for &inst in &func.blocks[block].insts {
                func.args(inst).iter().for_each(|&arg| names.add(func.resolve(arg)));
            }
            func.for_each_terminator_use(block, |value| names.add(func.resolve(value)));
        }
        names
    }

    fn add(&mut self, value: Value) {
        if self.values[value] == 0 {
            self.used += 1;
            self.values[value] = self.used;
        }
    }

    pub fn value(&self, value: Value) -> impl Display + use<> {
        Numbered("v", self.values[value])
    }

    pub fn block(&self, block: Block) -> impl Display + use<> {
        Numbered("block", self.blocks[block])
    }
}

struct Numbered(&'static str, u32);

impl Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            0 => write!(f, "{}?", self.0),
            number => write!(f, "{}{}", self.0, number - 1),
        }
    }
}

/// A name behind its sigil, quoted if it must be.
struct Name<'a>(char, &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char(self.0)?;
        if !self.1.is_empty() && self.1.bytes().all(is_name_byte) { f.write_str(self.1) } else { Quoted(self.1).fmt(f) }
    }
}

/// What a name may hold without quotes.
pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'/' | b'$')
}

/// Text in quotes.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for char in self.0.chars() {
            match char {
                '"' | '\\' => write!(f, "\\{char}")?,
                '\n' => f.write_str("\\n")?,
                char if char.is_ascii_control() => write!(f, "\\x{:02x}", char as u32)?,
                char => f.write_char(char)?,
            }
        }
        f.write_char('"')
    }
}

struct Printer<'a> {
    program: &'a Program,
    options: Options<'a>,
    out: String,
    /// One more than the number of each layout that was named, and all of them in order.
    layouts: SideTable<LayoutId, u32>,
    layouts_used: Vec<LayoutId>,
}

impl<'a> Printer<'a> {
    fn new(program: &'a Program, options: Options<'a>) -> Printer<'a> {
        Printer { program, options, out: String::new(), layouts: SideTable::new(), layouts_used: Vec::new() }
    }

    /// Puts the layouts that were named before the rest.
    fn finish(self) -> String {
        if self.layouts_used.is_empty() {
            return self.out;
        }
        let mut text = String::new();
        for (number, &id) in self.layouts_used.iter().enumerate() {
            let _ = write!(text, "layout{number} = ");
            match self.program.layouts.get(id) {
                Some(layout) => self.layout(&mut text, layout),
                None => text.push_str("missing"),
            }
            text.push('\n');
        }
        text + "\n" + &self.out
    }

    fn layout(&self, text: &mut String, layout: &Layout) {
        let _ = write!(text, "size {} align {}", layout.size, layout.align);
        if !layout.pointers.is_empty() {
            let words: Vec<String> = layout.pointers.iter().map(|word| format!("{word:#x}")).collect();
            let _ = write!(text, " pointers {}", words.join(", "));
        }
        if let Some(descriptor) = layout.descriptor {
            let _ = write!(text, " descriptor {}", self.data_name(descriptor));
        }
    }

    /// An empty line between things.
    fn separate(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn write(&mut self, text: fmt::Arguments) {
        let _ = self.out.write_fmt(text);
    }

    fn func_name(&self, func: FuncId) -> Name<'a> {
        Name('@', self.program.funcs.get(func).map_or("?", |func| &func.name))
    }

    fn data_name(&self, data: DataId) -> Name<'a> {
        Name('$', self.program.data.get(data).map_or("?", |data| &data.name))
    }

    fn layout_name(&mut self, layout: LayoutId) -> impl Display + use<> {
        if self.layouts[layout] == 0 {
            self.layouts_used.push(layout);
            self.layouts[layout] = self.layouts_used.len() as u32;
        }
        Numbered("layout", self.layouts[layout])
    }

    /// `(i64, ptr) -> i64`
    fn signature(&mut self, sig: SigId) {
        if !self.program.has_signature(sig) {
            return self.write(format_args!("(?)"));
        }
        let signature = self.program.signature(sig);
        self.write(format_args!("({})", list(&signature.params)));
        match &signature.results[..] {
            [] => {}
            [result] => self.write(format_args!(" -> {result}")),
            results => self.write(format_args!(" -> ({})", list(results))),
        }
    }

    fn data(&mut self, id: DataId) {
        let data = &self.program.data[id];
        self.separate();
        self.write(format_args!("data {} size {} align {}", Name('$', &data.name), data.size, data.align));
        if data.read_only {
            self.out.push_str(" readonly");
        }
        if let Some(layout) = data.layout {
            let layout = self.layout_name(layout);
            self.write(format_args!(" layout {layout}"));
        }
        self.out.push_str(" {\n");
        self.contents(data);
        self.out.push_str("}\n");
    }

    /// The bytes in rows, without the zeros around them, and the relocations, in the order of their offsets. Bytes
    /// under a relocation mean nothing.
    fn contents(&mut self, data: &Data) {
        let mut relocs = data.relocs.clone();
        relocs.sort_by_key(|reloc| reloc.place());
        let mut at = 0;
        for reloc in relocs {
            let (place, size) = reloc.place();
            self.rows(data, at, place as usize);
            self.reloc(reloc);
            at = at.max(place as usize + size as usize);
        }
        self.rows(data, at, data.bytes.len());
    }

    /// The bytes from an offset up to another.
    fn rows(&mut self, data: &Data, from: usize, to: usize) {
        const ROW: usize = 32;
        let to = to.min(data.bytes.len());
        let mut at = from;
        while at < to {
            let end = (at / ROW * ROW + ROW).min(to);
            let bytes = &data.bytes[at..end];
            let leading = bytes.iter().take_while(|&&byte| byte == 0).count();
            let trailing = bytes[leading..].iter().rev().take_while(|&&byte| byte == 0).count();
            let bytes = &bytes[leading..bytes.len() - trailing];
            if !bytes.is_empty() {
                self.write(format_args!("  {}: \"{}\"\n", at + leading, Escaped(bytes)));
            }
            at = end;
        }
    }

    fn reloc(&mut self, reloc: Reloc) {
        let (at, size) = reloc.place();
        self.write(format_args!("  {at}: "));
        if size == 4 {
            self.out.push_str("narrow ");
        }
        match reloc {
            Reloc::Data { target, addend, .. } | Reloc::Data32 { target, addend, .. } => {
                self.write(format_args!("{}{}\n", self.data_name(target), Plus(addend)));
            }
            Reloc::Func { target, .. } | Reloc::Func32 { target, .. } => {
                self.write(format_args!("{}\n", self.func_name(target)));
            }
        }
    }

    fn function(&mut self, data: &FuncData, body: Option<&Function>) {
        self.write(format_args!("func {}", Name('@', &data.name)));
        self.signature(data.sig);
        for (name, is_set, _) in ATTRIBUTES {
            if is_set(data) {
                self.write(format_args!(" {name}"));
            }
        }
        if let Some((module, name)) = &data.import {
            self.write(format_args!(" import {} {}", Quoted(module), Quoted(name)));
        }
        let Some(func) = body else {
            return self.out.push('\n');
        };
        self.out.push_str(" {");
        self.comment(data.pos.is_known().then_some((data.pos, None)));
        for (slot, data) in func.slots.iter() {
            self.write(format_args!("  {slot} = size {} align {}", data.size, data.align));
            if let Some(layout) = data.layout {
                let layout = self.layout_name(layout);
                self.write(format_args!(" layout {layout}"));
            }
            self.out.push_str(if func.defer_frame == Some(slot) { " defer_frame\n" } else { "\n" });
        }
        let names = Names::of(func);
        for &block in &names.order {
            self.block(func, &names, block);
        }
        self.out.push_str("}\n");
    }

    fn block(&mut self, func: &Function, names: &Names, block: Block) {
        self.write(format_args!("{}", names.block(block)));
        let params: Vec<String> =
            func.params(block).iter().map(|&param| format!("{}: {}", names.value(param), func.ty(param))).collect();
        if !params.is_empty() {
            self.write(format_args!("({})", params.join(", ")));
        }
        let data: &BlockData = &func.blocks[block];
        if let Some(handler) = data.handler {
            self.write(format_args!(" handler {}", names.block(handler)));
        }
        self.out.push_str(":\n");
        for &inst in &data.insts {
            self.inst(func, names, inst);
        }
        self.out.push_str("  ");
        self.terminator(func, names, &data.term);
        self.location(data.term_loc);
    }

    fn inst(&mut self, func: &Function, names: &Names, inst: Inst) {
        let data = func.insts[inst];
        let info = data.op.info();
        self.out.push_str("  ");
        let results = func.results(inst);
        if !results.is_empty() {
            self.write(format_args!("{} = ", Values(func, names, results)));
        }
        self.out.push_str(info.name);
        if let (Yields::Same | Yields::Stated, Some(&result)) = (info.yields, results.first()) {
            self.write(format_args!(".{}", func.ty(result)));
        }
        if data.op.is_call() {
            self.call(func, names, &data);
        } else {
            self.operands(func, names, inst, &data);
        }
        self.location(data.loc);
    }

    /// ` @f(v1)`, ` v0(v1): (i64) -> i64`
    fn call(&mut self, func: &Function, names: &Names, data: &InstData) {
        let args = func.values_of(data.args);
        // Operands that are not passed as arguments stand before the parenthesis.
        let (callee, args) = args.split_at(data.op.info().operands.len().min(args.len()));
        self.out.push(' ');
        if data.op.info().immediate == Immediate::Func {
            self.write(format_args!("{}", self.func_name(data.func())));
        }
        self.write(format_args!("{}({})", Values(func, names, callee), Values(func, names, args)));
        match data.op.info().immediate {
            Immediate::Sig => {
                self.out.push_str(": ");
                self.signature(data.sig());
            }
            Immediate::Method => {
                self.out.push_str(": ");
                match self.program.methods().get(data.method()) {
                    Some(method) => {
                        let (interface, name) = (Quoted(&method.interface), Quoted(&method.name));
                        self.write(format_args!("{interface} {name} {} ", method.slot));
                        self.signature(method.sig);
                    }
                    None => self.out.push('?'),
                }
            }
            _ => {}
        }
    }

    fn operands(&mut self, func: &Function, names: &Names, inst: Inst, data: &InstData) {
        let mut parts: Vec<String> = Vec::new();
        match data.op.info().immediate {
            Immediate::Int => parts.push((data.imm as i64).to_string()),
            Immediate::Float => parts.push(format!("{:#x}", data.imm)),
            Immediate::Data => {
                let (target, offset) = data.data();
                parts.push(format!("{}{}", self.data_name(target), Plus(offset)));
            }
            Immediate::Func => parts.push(self.func_name(data.func()).to_string()),
            Immediate::Slot => parts.push(data.slot().to_string()),
            Immediate::Layout => parts.push(self.layout_name(data.layout()).to_string()),
            Immediate::Panic => parts.push(data.panic_kind().map_or("?".into(), |kind| kind.to_string())),
            Immediate::None | Immediate::Offset | Immediate::Sig | Immediate::Method => {}
        }
        if matches!(data.op, Opcode::Const | Opcode::FConst) {
            parts = vec![constant(data, func.results(inst).first().map(|&result| func.ty(result)))];
        }
        let offset = if data.op.info().immediate == Immediate::Offset { data.offset() } else { 0 };
        for (index, &arg) in func.values_of(data.args).iter().enumerate() {
            let arg = names.value(func.resolve(arg));
            parts.push(if index == 0 { format!("{arg}{}", Plus(offset)) } else { arg.to_string() });
        }
        if !parts.is_empty() {
            self.write(format_args!(" {}", parts.join(", ")));
        }
    }

    fn terminator(&mut self, func: &Function, names: &Names, term: &Terminator) {
        let target = |target: &Target| TargetText(func, names, *target).to_string();
        let value = |value: &Value| names.value(func.resolve(*value));
        let values = |list: &ValueList| Values(func, names, func.values_of(*list)).to_string();
        match term {
            Terminator::Jump(to) => self.write(format_args!("jump {}", target(to))),
            Terminator::Branch { cond, then, els, likely } => {
                self.write(format_args!("branch {}, {}, {}", value(cond), target(then), target(els)));
                match likely {
                    None => {}
                    Some(true) => self.out.push_str(" likely"),
                    Some(false) => self.out.push_str(" unlikely"),
                }
            }
            Terminator::Switch { value: on, targets, default } => {
                let targets: Vec<String> = targets.iter().map(target).collect();
                let (on, default) = (value(on), target(default));
                self.write(format_args!("switch {on}, [{}], {default}", targets.join(", ")));
            }
            Terminator::Return(list) if list.is_empty() => self.out.push_str("return"),
            Terminator::Return(list) => self.write(format_args!("return {}", values(list))),
            Terminator::TailCall { func, args } => {
                self.write(format_args!("tail_call {}({})", self.func_name(*func), values(args)));
            }
            Terminator::Unreachable => self.out.push_str("unreachable"),
        }
    }

    /// Ends the line, with the location as a comment if that is wanted.
    fn location(&mut self, loc: Loc) {
        let data = loc.and_then(|loc| self.program.locs.get(loc));
        self.comment(data.map(|data| (data.pos, data.inlined_at)));
    }

    fn comment(&mut self, place: Option<(Pos, Loc)>) {
        if let (Some(position), Some((pos, mut inlined_at))) = (self.options.position, place) {
            self.write(format_args!(" ; {}", position(pos).replace('\n', " ")));
            while let Some(data) = inlined_at.and_then(|loc| self.program.locs.get(loc)) {
                self.write(format_args!(" < {}", position(data.pos).replace('\n', " ")));
                inlined_at = data.inlined_at;
            }
        }
        self.out.push('\n');
    }
}

/// A word of a function's header: whether it is said of a function, and how to say it.
pub(crate) type Attribute = (&'static str, fn(&FuncData) -> bool, fn(&mut FuncData));

/// All of them, in the order of printing; the parser takes any.
pub(crate) const ATTRIBUTES: [Attribute; 11] = [
    ("context", |func| func.has_context, |func| func.has_context = true),
    ("noinline", |func| func.attrs.noinline, |func| func.attrs.noinline = true),
    ("recovers", |func| func.attrs.recovers, |func| func.attrs.recovers = true),
    ("noreturn", |func| func.attrs.noreturn, |func| func.attrs.noreturn = true),
    ("cold", |func| func.attrs.cold, |func| func.attrs.cold = true),
    ("address_taken", |func| func.attrs.address_taken, |func| func.attrs.address_taken = true),
    ("wrapper", |func| func.attrs.wrapper, |func| func.attrs.wrapper = true),
    ("reserve", |func| func.attrs.reserve, |func| func.attrs.reserve = true),
    ("std", |func| func.attrs.origin == Origin::Std, |func| func.attrs.origin = Origin::Std),
    ("core", |func| func.attrs.origin == Origin::Core, |func| func.attrs.origin = Origin::Core),
    ("runtime", |func| func.attrs.origin == Origin::Runtime, |func| func.attrs.origin = Origin::Runtime),
];

/// Integers as signed numbers, floats so that they read back to the same bits.
fn constant(data: &InstData, ty: Option<Ty>) -> String {
    let bits = data.imm;
    match ty {
        Some(Ty::I32) if bits >> 32 == 0 => (bits as u32 as i32).to_string(),
        Some(Ty::F32) if bits >> 32 == 0 && !f32::from_bits(bits as u32).is_nan() => {
            format!("{:?}", f32::from_bits(bits as u32))
        }
        Some(Ty::F64) if !f64::from_bits(bits).is_nan() => format!("{:?}", f64::from_bits(bits)),
        Some(Ty::F32 | Ty::F64) => format!("{bits:#x}"),
        _ => (bits as i64).to_string(),
    }
}

fn list<T: Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

struct Values<'a>(&'a Function, &'a Names, &'a [Value]);

impl Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, &value) in self.2.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", self.1.value(self.0.resolve(value)))?;
        }
        Ok(())
    }
}

struct TargetText<'a>(&'a Function, &'a Names, Target);

impl Display for TargetText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TargetText(func, names, target) = self;
        write!(f, "{}", names.block(target.block))?;
        if target.args.is_empty() {
            return Ok(());
        }
        write!(f, "({})", Values(func, names, func.values_of(target.args)))
    }
}

/// ` + 8`, or nothing for zero.
struct Plus(u32);

impl Display for Plus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { Ok(()) } else { write!(f, " + {}", self.0) }
    }
}

/// Bytes as they stand in quotes.
struct Escaped<'a>(&'a [u8]);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.0 {
            match byte {
                b'"' | b'\\' => write!(f, "\\{}", byte as char)?,
                b'\n' => f.write_str("\\n")?,
                b' '..=b'~' => f.write_char(byte as char)?,
                _ => write!(f, "\\x{byte:02x}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::LocData;

    #[test]
    fn positions_are_comments() {
        let mut program = crate::parse::program("func @p.f() {\nblock0:\n  keep_alive v0\n  v0 = context\n  return\n}")
            .expect("it parses");
        let func = program.funcs.ids().next().expect("it has a function");
        let outer = program.locs.push(LocData { pos: Pos::new(7, 0), func, inlined_at: None });
        let inner = program.locs.push(LocData { pos: Pos::new(9, 0), func, inlined_at: Some(outer) });
        let body = program.funcs[func].body.as_mut().expect("it has a body");
        let first = body.insts.ids().next().expect("it has an instruction");
        body.insts[first].loc = Some(inner);
        let position = |pos: Pos| format!("p.go:{}", pos.raw());
        let text = super::function(&program, func, Options { position: Some(&position) });
        assert!(text.contains("  keep_alive v0 ; p.go:9 < p.go:7\n  v0 = context\n"), "{text}");
    }
}
