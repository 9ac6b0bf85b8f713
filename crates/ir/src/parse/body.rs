//! Bodies of functions in SSA text: first as they stand, then built.

use super::{Parsed, Parser, Ref};
use crate::function::{
    Block, BlockData, Function, InstData, Slot, SlotData, Target, Terminator, Value, ValueData, ValueDef, ValueList,
};
use crate::lex::Token;
use crate::opcode::{Immediate, Opcode, Yields};
use crate::panic::PanicKind;
use crate::program::{FuncId, Method, Signature};
use crate::ty::Ty;
use base::EntityId;
use rustc_hash::FxHashMap;

struct TextBlock {
    name: Ref,
    params: Vec<(Ref, Ty)>,
    handler: Option<Ref>,
    insts: Vec<TextInst>,
    term: TextTerm,
}

struct TextInst {
    op: Opcode,
    results: Vec<(Ref, Ty)>,
    args: Vec<Ref>,
    imm: u64,
}

struct TextTarget {
    block: Ref,
    args: Vec<Ref>,
}

enum TextTerm {
    Jump(TextTarget),
    Branch(Ref, TextTarget, TextTarget, Option<bool>),
    Switch(Ref, Vec<TextTarget>, TextTarget),
    Return(Vec<Ref>),
    TailCall(FuncId, Vec<Ref>),
    Unreachable,
}

/// Bodies as they stand.
impl Parser<'_> {
    /// Round three, behind the opening brace.
    pub(super) fn body(&mut self) -> Parsed<Function> {
        let mut func = Function::default();
        let mut slots = FxHashMap::default();
        while self.peek_numbered("slot").is_some() {
            let Ref { number, at } = self.numbered("slot")?;
            self.expect('=')?;
            let (size, align) = self.size_and_align()?;
            let layout = if self.takes_word("layout") { Some(self.layout_ref()?) } else { None };
            let slot = func.slots.push(SlotData { size, align, layout });
            if self.takes_word("defer_frame") {
                func.defer_frame = Some(slot);
            }
            if slots.insert(number, slot).is_some() {
                return self.error_at(at, format!("there are two slot{number}"));
            }
        }
        let mut blocks = Vec::new();
        while !self.takes('}') {
            blocks.push(self.block(&slots)?);
        }
        if blocks.is_empty() {
            return self.error("the body has no block");
        }
        Body { parser: self, func, values: FxHashMap::default(), blocks: FxHashMap::default() }.build(&blocks)
    }

    fn value(&mut self) -> Parsed<Ref> {
        self.numbered("v")
    }

    fn block(&mut self, slots: &FxHashMap<u32, Slot>) -> Parsed<TextBlock> {
        let name = self.numbered("block")?;
        let params = if self.takes('(') {
            self.list(')', |parser| {
                let param = parser.value()?;
                parser.expect(':')?;
                Ok((param, parser.ty()?))
            })?
        } else {
            Vec::new()
        };
        let handler = if self.takes_word("handler") { Some(self.numbered("block")?) } else { None };
        self.expect(':')?;
        let mut insts = Vec::new();
        loop {
            if let Some(term) = self.terminator()? {
                return Ok(TextBlock { name, params, handler, insts, term });
            }
            insts.push(self.inst(slots)?);
        }
    }

    fn target(&mut self) -> Parsed<TextTarget> {
        let block = self.numbered("block")?;
        let args = if self.takes('(') { self.list(')', Self::value)? } else { Vec::new() };
        Ok(TextTarget { block, args })
    }

    /// The terminator if one comes next.
    fn terminator(&mut self) -> Parsed<Option<TextTerm>> {
        let Token::Word(word) = *self.peek() else { return Ok(None) };
        if !matches!(word, "jump" | "branch" | "switch" | "return" | "tail_call" | "unreachable") {
            return Ok(None);
        }
        self.next();
        Ok(Some(match word {
            "jump" => TextTerm::Jump(self.target()?),
            "branch" => {
                let cond = self.value()?;
                self.expect(',')?;
                let then = self.target()?;
                self.expect(',')?;
                let els = self.target()?;
                let is_likely = self.takes_word("likely");
                let likely = (is_likely || self.takes_word("unlikely")).then_some(is_likely);
                TextTerm::Branch(cond, then, els, likely)
            }
            "switch" => {
                let value = self.value()?;
                self.expect(',')?;
                self.expect('[')?;
                let targets = self.list(']', Self::target)?;
                self.expect(',')?;
                TextTerm::Switch(value, targets, self.target()?)
            }
            "return" => {
                // The next block's name is no value, so that an empty list ends here.
                let mut values = Vec::new();
                if self.peek_numbered("v").is_some() {
                    values.push(self.value()?);
                    while self.takes(',') {
                        values.push(self.value()?);
                    }
                }
                TextTerm::Return(values)
            }
            "tail_call" => {
                let func = self.func()?;
                self.expect('(')?;
                TextTerm::TailCall(func, self.list(')', Self::value)?)
            }
            _ => TextTerm::Unreachable,
        }))
    }

    fn inst(&mut self, slots: &FxHashMap<u32, Slot>) -> Parsed<TextInst> {
        let start = self.offset();
        let mut results = Vec::new();
        if self.peek_numbered("v").is_some() {
            results.push(self.value()?);
            while self.takes(',') {
                results.push(self.value()?);
            }
            self.expect('=')?;
        }
        let at = self.offset();
        let Token::Word(word) = *self.peek() else { return self.error("expected an instruction") };
        let (name, suffix) = word.split_once('.').map_or((word, None), |(name, suffix)| (name, Some(suffix)));
        let Some(&op) = self.opcodes.get(name) else { return self.error(format!("no instruction is called {name}")) };
        let stated = suffix.map(Ty::from_name);
        if stated == Some(None) {
            return self.error(format!("no type is called {}", suffix.unwrap_or_default()));
        }
        let stated = stated.flatten();
        self.next();
        let types: Vec<Ty> = match (op.info().yields, stated) {
            (Yields::Same | Yields::Stated, Some(ty)) => vec![ty],
            (Yields::Same | Yields::Stated, None) => {
                return self.error_at(at, format!("{name} wants the type of its result: {name}.i64"));
            }
            (_, Some(_)) => return self.error_at(at, format!("{name} has no type to state")),
            (Yields::Nothing | Yields::Results, None) => Vec::new(),
            (Yields::Is(ty), None) => vec![ty],
        };
        let (args, imm, called) =
            if op.is_call() { self.call(op)? } else { self.operands(op, types.first().copied(), slots)? };
        let types = called.map_or(types, |signature| signature.results);
        if types.len() != results.len() {
            let message = format!("{name} yields {} values, not {}", types.len(), results.len());
            return self.error_at(start, message);
        }
        Ok(TextInst { op, results: results.into_iter().zip(types).collect(), args, imm })
    }

    fn call(&mut self, op: Opcode) -> Parsed<(Vec<Ref>, u64, Option<Signature>)> {
        let mut imm = 0;
        let mut sig = None;
        let mut args = Vec::new();
        if op.info().immediate == Immediate::Func {
            let func = self.func()?;
            sig = Some(self.program.funcs[func].sig);
            imm = func.index();
        }
        while !self.takes('(') {
            args.push(self.value()?);
            if *self.peek() != Token::Mark('(') {
                self.expect(',')?;
            }
        }
        if args.len() != op.info().operands.len() {
            return self.error(format!("{op} wants {} values before its arguments", op.info().operands.len()));
        }
        args.extend(self.list(')', Self::value)?);
        match op.info().immediate {
            Immediate::Sig => {
                self.expect(':')?;
                let id = self.signature()?;
                sig = Some(id);
                imm = id.index();
            }
            Immediate::Method => {
                self.expect(':')?;
                let (interface, name, slot) = (self.text()?, self.text()?, self.number32()?);
                let id = self.signature()?;
                sig = Some(id);
                imm = self.program.intern_method(Method { interface, name, slot, sig: id }).index();
            }
            _ => {}
        }
        Ok((args, imm as u64, sig.map(|sig| self.program.signature(sig).clone())))
    }

    fn operands(
        &mut self,
        op: Opcode,
        result: Option<Ty>,
        slots: &FxHashMap<u32, Slot>,
    ) -> Parsed<(Vec<Ref>, u64, Option<Signature>)> {
        let immediate = op.info().immediate;
        let mut imm = match immediate {
            Immediate::Int => self.integer(result)?,
            Immediate::Float => self.float(result)?,
            Immediate::Data => {
                let data = self.data_ref()?;
                InstData::data_immediate(data, self.plus()?)
            }
            Immediate::Func => self.func()?.index() as u64,
            Immediate::Slot => {
                let Ref { number, at } = self.numbered("slot")?;
                match slots.get(&number) {
                    Some(slot) => slot.index() as u64,
                    None => return self.error_at(at, format!("there is no slot{number}")),
                }
            }
            Immediate::Layout => self.layout_ref()?.index() as u64,
            Immediate::Panic => {
                let kind = match *self.peek() {
                    Token::Word(word) => PanicKind::from_name(word),
                    _ => None,
                };
                let Some(kind) = kind else { return self.error("expected what the check says, such as index") };
                self.next();
                kind as u64
            }
            Immediate::None | Immediate::Offset | Immediate::Sig | Immediate::Method => 0,
        };
        let mut args = Vec::new();
        let is_first = matches!(immediate, Immediate::None | Immediate::Offset);
        let has_args = !op.info().operands.is_empty() && (is_first || self.takes(','));
        if has_args {
            args.push(self.value()?);
            if immediate == Immediate::Offset {
                imm = u64::from(self.plus()?);
            }
            while self.takes(',') {
                args.push(self.value()?);
            }
        }
        if args.len() != op.info().operands.len() {
            return self.error(format!("{op} wants {} operands, not {}", op.info().operands.len(), args.len()));
        }
        Ok((args, imm, None))
    }

    fn integer(&mut self, ty: Option<Ty>) -> Parsed<u64> {
        let at = self.offset();
        let number = self.number()?;
        match ty {
            Some(Ty::I64) => Ok(number),
            _ if number >> 32 == 0 || number as i64 >= i64::from(i32::MIN) && (number as i64) < 0 => {
                Ok(number & 0xffff_ffff)
            }
            _ => self.error_at(at, "the number needs more than 32 bits"),
        }
    }

    /// A float as Rust prints it, or its bits in hexadecimal.
    fn float(&mut self, ty: Option<Ty>) -> Parsed<u64> {
        let text = match *self.peek() {
            Token::Number(text) => text,
            Token::Word("inf") => "inf",
            _ => return self.error("expected a float"),
        };
        let is_narrow = ty == Some(Ty::F32);
        let bits = match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok().filter(|bits| !is_narrow || bits >> 32 == 0),
            None if is_narrow => text.parse().ok().map(|float: f32| u64::from(float.to_bits())),
            None => text.parse().ok().map(f64::to_bits),
        };
        let Some(bits) = bits else { return self.error(format!("{text} is not a float")) };
        self.next();
        Ok(bits)
    }
}

/// A body being built.
struct Body<'p, 'a> {
    parser: &'p Parser<'a>,
    func: Function,
    values: FxHashMap<u32, Value>,
    blocks: FxHashMap<u32, Block>,
}

impl Body<'_, '_> {
    fn build(mut self, text: &[TextBlock]) -> Parsed<Function> {
        // Definitions, in the order of the text.
        for block in text {
            let id = self.func.blocks.push(BlockData::default());
            if self.blocks.insert(block.name.number, id).is_some() {
                return self.parser.error_at(block.name.at, format!("there are two block{}", block.name.number));
            }
            let params = self.define(&block.params, |index| ValueDef::Param(id, index))?;
            self.func.blocks[id].params = params;
            for inst in &block.insts {
                let inst_id = self.func.insts.next_id();
                let results = self.define(&inst.results, |index| ValueDef::Result(inst_id, index))?;
                let args = ValueList::EMPTY;
                self.func.insts.push(InstData { op: inst.op, args, results, imm: inst.imm, loc: None });
                self.func.blocks[id].insts.push(inst_id);
            }
        }
        self.func.entry = self.func.blocks.ids().next();
        // Uses.
        let mut insts = self.func.insts.ids();
        for (id, block) in self.func.blocks.ids().zip(text) {
            for inst in &block.insts {
                let args = self.list(&inst.args)?;
                if let Some(inst_id) = insts.next() {
                    self.func.insts[inst_id].args = args;
                }
            }
            self.func.blocks[id].handler = block.handler.map(|handler| self.block(handler)).transpose()?;
            self.func.blocks[id].term = self.term(&block.term)?;
        }
        Ok(self.func)
    }

    fn define(&mut self, names: &[(Ref, Ty)], def: impl Fn(u32) -> ValueDef) -> Parsed<ValueList> {
        let mut values = Vec::with_capacity(names.len());
        for (index, &(name, ty)) in names.iter().enumerate() {
            let value = self.func.values.push(ValueData { ty, def: def(index as u32) });
            if self.values.insert(name.number, value).is_some() {
                return self.parser.error_at(name.at, format!("v{} is defined twice", name.number));
            }
            values.push(value);
        }
        Ok(self.func.list(&values))
    }

    fn value(&self, name: Ref) -> Parsed<Value> {
        let value = self.values.get(&name.number).copied();
        value.map_or_else(|| self.parser.error_at(name.at, format!("v{} is not defined", name.number)), Ok)
    }

    fn block(&self, name: Ref) -> Parsed<Block> {
        let block = self.blocks.get(&name.number).copied();
        block.map_or_else(|| self.parser.error_at(name.at, format!("there is no block{}", name.number)), Ok)
    }

    fn list(&mut self, names: &[Ref]) -> Parsed<ValueList> {
        let values: Vec<Value> = names.iter().map(|&name| self.value(name)).collect::<Parsed<_>>()?;
        Ok(self.func.list(&values))
    }

    fn target(&mut self, target: &TextTarget) -> Parsed<Target> {
        Ok(Target { block: self.block(target.block)?, args: self.list(&target.args)? })
    }

    fn term(&mut self, term: &TextTerm) -> Parsed<Terminator> {
        Ok(match term {
            TextTerm::Jump(target) => Terminator::Jump(self.target(target)?),
            TextTerm::Branch(cond, then, els, likely) => Terminator::Branch {
                cond: self.value(*cond)?,
                then: self.target(then)?,
                els: self.target(els)?,
                likely: *likely,
            },
            TextTerm::Switch(value, targets, default) => Terminator::Switch {
                value: self.value(*value)?,
                targets: targets.iter().map(|target| self.target(target)).collect::<Parsed<_>>()?,
                default: self.target(default)?,
            },
            TextTerm::Return(values) => Terminator::Return(self.list(values)?),
            TextTerm::TailCall(func, args) => Terminator::TailCall { func: *func, args: self.list(args)? },
            TextTerm::Unreachable => Terminator::Unreachable,
        })
    }
}
