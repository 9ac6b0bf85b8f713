//! Instructions, from trees and structure.
//!
//! Everything is decided; what is left are small choices of form. Offsets move into loads and stores where they are
//! known not to be negative; a comparison takes in the negation around it and a branch the comparison with zero; small
//! moves and zeroings become loads and stores, all loads before the first store because the regions may overlap.
//!
//! A failed check calls a function that does not return, in place:
//!
//! ```text
//! local.get i   local.get n   i64.ge_u   if   local.get i   local.get n   call $panic   unreachable   end
//! ```
//!
//! One block for all checks of a kind would be shorter, but then a trace could not name the line.

mod memory;
mod sites;

use crate::function::Code;
use crate::graph::allocator;
use crate::instructions::{self, constant, inverse, operand_order, plain};
use crate::locals::Locals;
use crate::needs;
use crate::needs::Needs;
use crate::prepare::Body;
use crate::roots::Frame;
use crate::runtime::{Intrinsic, RuntimeFunc};
use crate::sites::NO_SITE;
use crate::stackify::{Consumer, Mode, Stacked, terminator_operands};
use crate::structure::{Item, Label};
use crate::unit::Unit;
use ir::{Block, FuncId, Inst, InstData, Loc, LocId, Opcode, PanicKind, Slot, Terminator, Ty, Value};
use smallvec::SmallVec;
use wasm_encoder::{BlockType, Catch, Encode, Ieee32, Ieee64, Instruction, InstructionSink, MemArg};

/// From this offset on, code belongs to the location.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineEntry {
    pub offset: u32,
    pub loc: Option<LocId>,
}

/// What is left at a failed check, for unchecked frames further down and for the runtime's message.
const STACK_RESERVE: u32 = 1 << 15;

pub fn select(
    unit: &Unit,
    id: FuncId,
    body: &Body,
    frame: &Frame,
    stacked: &Stacked,
    locals: &Locals,
    items: &[Item],
) -> Code {
    let mut bytes = Vec::new();
    (locals.declared.len() as u32).encode(&mut bytes);
    for &(count, ty) in &locals.declared {
        count.encode(&mut bytes);
        ty.encode(&mut bytes);
    }
    let mut select = Select {
        unit,
        id,
        body,
        frame,
        stacked,
        locals,
        bytes,
        lines: Vec::new(),
        labels: Vec::new(),
        last_set: (0, 0),
        block: body.func.entry(),
        stored: None,
        calls: Vec::new(),
        heap_starts: Vec::new(),
        most_labels: 0,
    };
    select.function(items);
    let Select { bytes, lines, calls, heap_starts, most_labels, .. } = select;
    Code { bytes, lines, calls, heap_starts, frame_size: frame.size, locals: locals.count(), labels: most_labels }
}

struct Select<'a> {
    unit: &'a Unit<'a>,
    id: FuncId,
    body: &'a Body,
    frame: &'a Frame,
    stacked: &'a Stacked,
    locals: &'a Locals,
    bytes: Vec<u8>,
    lines: Vec<LineEntry>,
    /// What is open; none for ifs.
    labels: Vec<Option<Label>>,
    /// The end of the last `local.set`, and its local.
    last_set: (usize, u32),
    /// Whose code this is.
    block: Block,
    /// The word at the frame's head, if it is known.
    stored: Option<u32>,
    calls: Vec<(u32, u32)>,
    heap_starts: Vec<u32>,
    /// Of a `br_table`.
    most_labels: u32,
}

/// Control.
impl Select<'_> {
    fn function(&mut self, items: &[Item]) {
        if self.frame.at == Some(self.body.func.entry()) {
            self.make_frame();
        }
        if self.body.landing.is_some() {
            self.with_landing(items);
        } else {
            self.items(items);
            let program = self.unit.program;
            let has_results = !self.body.is_resume && !program.signature(program.funcs[self.id].sig).results.is_empty();
            let falls = !matches!(items.last(), Some(Item::Leave(_) | Item::Br(_) | Item::Table { .. }));
            if has_results && falls {
                self.sink().unreachable();
            }
        }
        self.sink().end();
    }

    /// ```text
    /// loop
    ///   block (result i32 exnref)
    ///     try_table (catch_ref $recovered 0)
    ///       ...
    ///     end
    ///     unreachable
    ///   end
    ///   if it is not for this frame: throw_ref
    ///   state = 1; br 0
    /// end
    /// ```
    fn with_landing(&mut self, items: &[Item]) {
        let (Some(landing), Some(exceptions)) = (self.body.landing, self.unit.exceptions) else {
            unreachable!("codegen: a landing has its exception");
        };
        let exception = self.locals.exception.expect("codegen: a landing has a local for the exception");
        self.sink()
            .loop_(BlockType::Empty)
            .block(BlockType::FunctionType(exceptions.catch_ty))
            .try_table(BlockType::Empty, [Catch::OneRef { tag: 0, label: 0 }]);
        self.labels.extend([None, None, None]);
        self.items(items);
        self.labels.clear();
        self.sink().end().unreachable().end().local_set(exception);
        self.slot_address(landing.frame);
        let state = self.locals.of(landing.state);
        self.sink()
            .i32_ne()
            .if_(BlockType::Empty)
            .local_get(exception)
            .throw_ref()
            .end()
            .i32_const(1)
            .local_set(state)
            .br(0)
            .end()
            .unreachable();
    }

    fn items(&mut self, items: &[Item]) {
        for (index, item) in items.iter().enumerate() {
            match *item {
                Item::Block(block) => {
                    self.sink().block(BlockType::Empty);
                    self.labels.push(Some(Label { block, is_back: false }));
                }
                Item::Loop(block) => {
                    self.stored = None;
                    self.sink().loop_(BlockType::Empty);
                    self.labels.push(Some(Label { block, is_back: true }));
                }
                Item::If { of, invert } => {
                    self.terminator_condition(of, invert);
                    self.sink().if_(BlockType::Empty);
                    self.labels.push(None);
                }
                Item::Else => {
                    self.stored = None;
                    self.sink().else_();
                }
                Item::End => {
                    self.stored = None;
                    self.sink().end();
                    self.labels.pop();
                }
                Item::Code(block) => self.code(block),
                Item::Moves(block) => self.moves(block),
                Item::Br(label) => {
                    let depth = self.depth(label);
                    self.sink().br(depth);
                }
                Item::BrIf { of, invert, to } => {
                    self.terminator_condition(of, invert);
                    let depth = self.depth(to);
                    self.sink().br_if(depth);
                }
                Item::Table { of, ref labels } => {
                    self.terminator_operands(of);
                    let depths: Vec<u32> = labels.iter().map(|&label| self.depth(label)).collect();
                    self.most_labels = self.most_labels.max(depths.len() as u32);
                    let Some((&default, others)) = depths.split_last() else {
                        unreachable!("codegen: a table has a default")
                    };
                    self.sink().br_table(others.iter().copied(), default);
                }
                Item::Discard(block) => {
                    let Terminator::Branch { cond, .. } = self.body.func.blocks[block].term else {
                        unreachable!("codegen: a condition comes from a branch")
                    };
                    self.block = block;
                    self.discard(Consumer::Terminator(block), 0, cond);
                }
                Item::Leave(block) => self.leave(block, index + 1 == items.len()),
            }
        }
    }

    fn depth(&self, label: Label) -> u32 {
        let place = self.labels.iter().rposition(|&open| open == Some(label));
        let place = place.unwrap_or_else(|| panic!("codegen: select finds no {label:?}"));
        (self.labels.len() - 1 - place) as u32
    }

    fn code(&mut self, block: Block) {
        self.block = block;
        if self.frame.at == Some(block) && block != self.body.func.entry() {
            self.make_frame();
        }
        for &inst in &self.stacked.statements[block] {
            self.inst(inst);
            for &result in self.body.func.results(inst).iter().rev() {
                if self.stacked.has_local[result] {
                    let local = self.locals.of(result);
                    self.set(local);
                } else {
                    self.sink().drop();
                }
            }
        }
        self.line(self.body.func.blocks[block].term_loc);
    }

    fn moves(&mut self, block: Block) {
        self.block = block;
        let consumer = Consumer::Terminator(block);
        let (receivers, values) = self.body.moves(block);
        let mut moved: SmallVec<[u32; 8]> = SmallVec::new();
        for (index, (&receiver, &value)) in receivers.iter().zip(values).enumerate() {
            let local = self.locals.of(receiver);
            if self.stacked.mode(consumer, index) == Mode::Get && self.locals.of(value) == local {
                continue;
            }
            self.operand(consumer, index, value);
            moved.push(local);
        }
        for local in moved.into_iter().rev() {
            self.set(local);
        }
    }

    fn terminator_operands(&mut self, block: Block) {
        self.block = block;
        for (index, value) in terminator_operands(self.body, block).into_iter().enumerate() {
            self.operand(Consumer::Terminator(block), index, value);
        }
    }

    fn terminator_condition(&mut self, block: Block, invert: bool) {
        let Terminator::Branch { cond, .. } = self.body.func.blocks[block].term else {
            unreachable!("codegen: an if comes from a branch")
        };
        self.block = block;
        self.condition(Consumer::Terminator(block), 0, cond, invert);
    }

    fn leave(&mut self, block: Block, is_last: bool) {
        let body = self.body;
        match &body.func.blocks[block].term {
            Terminator::Return(_) => {
                self.terminator_operands(block);
                if !is_last || body.landing.is_some() {
                    self.sink().return_();
                }
            }
            Terminator::TailCall { func, .. } => {
                let callee = self.unit.callee(*func);
                if callee.takes_stack {
                    self.stack_argument(callee.needs.stack);
                    if callee.needs.stack && self.frame.size > 0 {
                        let size = self.frame.size as i32;
                        self.sink().i32_const(size).i32_add();
                    }
                }
                self.terminator_operands(block);
                self.sink().return_call(callee.index);
            }
            _ => {
                self.sink().unreachable();
            }
        }
    }
}

/// The shadow stack.
impl Select<'_> {
    fn make_frame(&mut self) {
        let size = self.frame.size;
        if size == 0 {
            return;
        }
        let stack = self.stack_local();
        let is_large = size > needs::UNCHECKED_FRAME && needs::is_charged(self.unit.program, self.id);
        if is_large || self.unit.callee(self.id).needs.cyclic {
            self.check_stack(size);
        }
        self.sink().local_get(stack).i32_const(size as i32).i32_sub();
        self.set(stack);
        let zeroed = self.frame.zeroed.clone();
        let bytes = zeroed.end - zeroed.start;
        match instructions::zero_chunks(u64::from(bytes)) {
            Some(chunks) => {
                for (width, at) in chunks {
                    self.get(stack);
                    self.store_zero(width, zeroed.start + at);
                }
            }
            None => {
                self.get(stack);
                if zeroed.start > 0 {
                    self.sink().i32_const(zeroed.start as i32).i32_add();
                }
                self.sink().i32_const(0).i32_const(bytes as i32).memory_fill(0);
            }
        }
    }

    /// Calls the runtime if the frame would reach into the reserve.
    fn check_stack(&mut self, size: u32) {
        let (stack, data) = (self.stack_local(), &self.unit.data);
        let reserve = STACK_RESERVE.min((data.stack_top - data.stack_bottom) / 4);
        let least = data.stack_bottom.saturating_add(reserve).saturating_add(size);
        self.sink().local_get(stack).i32_const(least as i32).i32_lt_u().if_(BlockType::Empty);
        if self.unit.graph.runtime[RuntimeFunc::StackOverflow as usize].is_some() {
            self.report(RuntimeFunc::StackOverflow, &[], None, false);
        }
        self.sink().unreachable().end();
    }

    fn stack_local(&self) -> u32 {
        self.locals.stack.unwrap_or_else(|| panic!("codegen: function {} has no stack pointer", self.name()))
    }

    fn name(&self) -> &str {
        &self.unit.program.funcs[self.id].name
    }

    /// The hidden first argument. Who does not use it gets any number.
    fn stack_argument(&mut self, is_needed: bool) {
        if is_needed {
            let stack = self.stack_local();
            self.get(stack);
        } else {
            self.sink().i32_const(0);
        }
    }

    /// The local that a slot's address is made from, and what to add.
    fn slot_place(&self, slot: Slot) -> (u32, u32) {
        match &self.body.record {
            Some((record, places)) if self.frame.is_record_slot(slot) => {
                (self.locals.of(*record), places.offsets[slot])
            }
            _ => (self.stack_local(), self.frame.offset(slot)),
        }
    }

    fn slot_address(&mut self, slot: Slot) {
        let (base, offset) = self.slot_place(slot);
        self.get(base);
        if offset > 0 {
            self.sink().i32_const(offset as i32).i32_add();
        }
    }
}

/// Operands.
impl Select<'_> {
    fn sink(&mut self) -> InstructionSink<'_> {
        InstructionSink::new(&mut self.bytes)
    }

    fn ty(&self, value: Value) -> Ty {
        self.body.func.ty(value)
    }

    fn args(&self, inst: Inst) -> SmallVec<[Value; 8]> {
        SmallVec::from_slice(self.body.func.args(inst))
    }

    fn set(&mut self, local: u32) {
        self.sink().local_set(local);
        self.last_set = (self.bytes.len(), local);
    }

    /// Right behind a `local.set` of the same local, that becomes a `local.tee`.
    fn get(&mut self, local: u32) {
        let (end, last) = self.last_set;
        if end != self.bytes.len() || last != local || end == 0 {
            self.sink().local_get(local);
            return;
        }
        let mut set = Vec::new();
        InstructionSink::new(&mut set).local_set(local);
        self.bytes.truncate(end - set.len());
        self.sink().local_tee(local);
        self.last_set = (0, 0);
    }

    /// Puts an operand on the stack, for the first time.
    fn operand(&mut self, consumer: Consumer, index: usize, value: Value) {
        match self.stacked.mode(consumer, index) {
            Mode::Again => self.again(value),
            Mode::Get => {
                let local = self.locals.of(value);
                self.get(local);
            }
            mode => {
                let inst = self.body.def(value).expect("codegen: what is computed has an instruction");
                self.inst(inst);
                if mode == Mode::Tee {
                    let local = self.locals.of(value);
                    self.sink().local_tee(local);
                }
            }
        }
    }

    /// Puts an operand on the stack once more.
    fn repeat(&mut self, value: Value) {
        if self.body.is_rematerialized(value) {
            self.again(value);
        } else {
            let local = self.locals.of(value);
            self.sink().local_get(local);
        }
    }

    fn again(&mut self, value: Value) {
        let inst = self.body.def(value).expect("codegen: a constant has an instruction");
        let data = self.body.func.insts[inst];
        match data.op {
            Opcode::Const if self.ty(value) == Ty::I64 => self.emit(&Instruction::I64Const(data.imm as i64)),
            Opcode::Const => self.emit(&Instruction::I32Const(data.imm as u32 as i32)),
            Opcode::FConst if self.ty(value) == Ty::F64 => self.emit(&Instruction::F64Const(Ieee64::new(data.imm))),
            Opcode::FConst => self.emit(&Instruction::F32Const(Ieee32::new(data.imm as u32))),
            Opcode::DataAddr => {
                let (target, offset) = data.data();
                let address = self.unit.data.addresses[target].wrapping_add(offset);
                self.emit(&Instruction::I32Const(address as i32));
            }
            Opcode::FuncAddr => {
                let word = self.unit.code_words[data.func()];
                self.emit(&Instruction::I32Const(word as i32));
            }
            Opcode::SlotAddr => self.slot_address(data.slot()),
            op => unreachable!("codegen: {op} is not made again"),
        }
    }

    /// The instruction that is computed for this operand and for nothing else.
    fn folded(&self, consumer: Consumer, index: usize, value: Value) -> Option<(Inst, &InstData)> {
        if self.stacked.mode(consumer, index) != Mode::Fold {
            return None;
        }
        let inst = self.body.def(value)?;
        Some((inst, &self.body.func.insts[inst]))
    }

    /// Puts an address on the stack; returns what to add to it, which is not more than `u32::MAX - offset`.
    fn address(&mut self, consumer: Consumer, index: usize, value: Value, offset: u32) -> u32 {
        if self.body.def_op(value) == Some(Opcode::SlotAddr) {
            let inst = self.body.def(value).expect("codegen: an address has an instruction");
            let (base, at) = self.slot_place(self.body.func.insts[inst].slot());
            self.get(base);
            return offset + at;
        }
        if let Some((inst, data)) = self.folded(consumer, index, value)
            && data.op == Opcode::PtrAdd
        {
            let args = self.args(inst);
            let added = constant(self.body, args[1]).filter(|&added| added <= i32::MAX as u64);
            let sum = added.and_then(|added| offset.checked_add(added as u32));
            if let Some(sum) = sum.filter(|&sum| sum <= i32::MAX as u32) {
                return self.address(Consumer::Inst(inst), 0, args[0], sum);
            }
        }
        self.operand(consumer, index, value);
        offset
    }

    /// As `address`, of an operand that was on the stack before.
    fn repeat_address(&mut self, value: Value) -> u32 {
        match self.body.def(value).map(|inst| self.body.func.insts[inst]) {
            Some(data) if data.op == Opcode::SlotAddr => {
                let (base, at) = self.slot_place(data.slot());
                self.get(base);
                at
            }
            _ => {
                self.repeat(value);
                0
            }
        }
    }

    /// Puts a number on the stack that is not zero if the value is not, or if it is.
    fn condition(&mut self, consumer: Consumer, index: usize, value: Value, invert: bool) {
        let Some((inst, data)) = self.folded(consumer, index, value) else {
            self.operand(consumer, index, value);
            if invert {
                self.sink().i32_eqz();
            }
            return;
        };
        let (op, inner) = (data.op, Consumer::Inst(inst));
        let args = self.args(inst);
        let compared = args.first().map_or(Ty::I32, |&arg| self.ty(arg));
        let is_with_zero = matches!(op, Opcode::Eq | Opcode::Ne) && constant(self.body, args[1]) == Some(0);
        let is_narrow = matches!(compared, Ty::I32 | Ty::Ptr);
        match op {
            Opcode::Eqz if is_narrow => self.condition(inner, 0, args[0], !invert),
            Opcode::Eq | Opcode::Ne if is_with_zero && is_narrow => {
                self.condition(inner, 0, args[0], invert == (op == Opcode::Ne));
            }
            Opcode::Eq | Opcode::Ne if is_with_zero => {
                self.operand(inner, 0, args[0]);
                self.sink().i64_eqz();
                if invert == (op == Opcode::Eq) {
                    self.sink().i32_eqz();
                }
            }
            _ => {
                let inverse = inverse(op, compared).filter(|_| invert);
                match inverse {
                    Some(inverse) => {
                        self.operands(inst);
                        self.line(self.body.func.insts[inst].loc);
                        self.emit(&inverse);
                    }
                    None => {
                        self.inst(inst);
                        if invert {
                            self.sink().i32_eqz();
                        }
                    }
                }
            }
        }
    }

    fn emit(&mut self, instruction: &Instruction) {
        instruction.encode(&mut self.bytes);
    }

    /// What comes next belongs to the location.
    fn line(&mut self, loc: Option<LocId>) {
        if self.lines.last().is_none_or(|last| last.loc != loc) {
            self.lines.push(LineEntry { offset: self.bytes.len() as u32, loc });
        }
    }

    fn operands(&mut self, inst: Inst) {
        let args = self.args(inst);
        for index in operand_order(self.body.func.insts[inst].op, args.len()) {
            self.operand(Consumer::Inst(inst), index, args[index]);
        }
    }
}

/// Instructions.
impl Select<'_> {
    /// Computes an instruction; its results are on the stack.
    fn inst(&mut self, inst: Inst) {
        use Opcode::*;
        let data = self.body.func.insts[inst];
        let args = self.args(inst);
        let consumer = Consumer::Inst(inst);
        let result = self.body.func.results(inst).first().map(|&result| self.ty(result));
        match data.op {
            Load8S | Load8U | Load16S | Load16U | Load32S | Load32U | Load => {
                let ty = result.unwrap_or(Ty::I32);
                let offset = self.address(consumer, 0, args[0], data.offset());
                self.line(data.loc);
                self.load(data.op, ty, offset);
            }
            Store8 | Store16 | Store32 | Store | StorePtr => self.store(inst, &data, &args),
            Move | MoveTyped => self.move_bytes(inst, &data, &args),
            Zero => self.zero(inst, &data, &args),
            New | NewArray => self.allocate(inst, &data, &args),
            Call | CallClosure | CallMethod | CallHost => self.call(inst, &data, &args),
            NilCheck | DivCheck => {
                self.operand(consumer, 0, args[0]);
                let is_wide = self.ty(args[0]) == Ty::I64;
                self.emit(if is_wide { &Instruction::I64Eqz } else { &Instruction::I32Eqz });
                self.fail(&data, &[]);
            }
            ShiftCheck => {
                self.operand(consumer, 0, args[0]);
                self.sink().i64_const(0).i64_lt_s();
                self.fail(&data, &[]);
            }
            Bounds | BoundsLe => {
                self.operands(inst);
                self.emit(if data.op == Bounds { &Instruction::I64GeU } else { &Instruction::I64GtU });
                self.fail(&data, &args);
            }
            KeepAlive => self.discard(consumer, 0, args[0]),
            Eqz | Eq | Ne => self.compare(inst, &data, &args),
            Wrap => self.wrap(inst, &data, &args),
            op if instructions::is_rematerialized(op) => {
                let result = self.body.func.results(inst)[0];
                self.again(result);
            }
            op => {
                self.operands(inst);
                self.line(data.loc);
                // The first operand whose type is not fixed comes first, but for `select`.
                let operand = args.first().map_or(Ty::I32, |&arg| self.ty(arg));
                match plain(op, operand, result.unwrap_or(Ty::I32)) {
                    Some(instruction) => self.emit(&instruction),
                    None => assert_eq!(op, Bitcast, "codegen: select does not know {op}"),
                }
            }
        }
    }

    fn compare(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        let consumer = Consumer::Inst(inst);
        let ty = self.ty(args[0]);
        // The negation of a comparison is one.
        if data.op == Opcode::Eqz
            && let Some((inner, inner_data)) = self.folded(consumer, 0, args[0])
        {
            let compared = self.body.func.args(inner).first().map_or(Ty::I32, |&arg| self.ty(arg));
            if let Some(inverse) = inverse(inner_data.op, compared) {
                self.operands(inner);
                self.line(data.loc);
                return self.emit(&inverse);
            }
        }
        let is_zero_test = match data.op {
            Opcode::Eqz => true,
            Opcode::Eq => constant(self.body, args[1]) == Some(0),
            _ => false,
        };
        if is_zero_test {
            self.operand(consumer, 0, args[0]);
            self.line(data.loc);
            return self.emit(if ty == Ty::I64 { &Instruction::I64Eqz } else { &Instruction::I32Eqz });
        }
        self.operands(inst);
        self.line(data.loc);
        let instruction = plain(data.op, ty, Ty::I32).expect("codegen: comparisons are plain");
        self.emit(&instruction);
    }

    /// The low half of a value that was just made wider, or loaded.
    fn wrap(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        if let Some((inner, inner_data)) = self.folded(Consumer::Inst(inst), 0, args[0]) {
            let inner_data = *inner_data;
            let inner_args = self.args(inner);
            match inner_data.op {
                Opcode::ExtendS | Opcode::ExtendU => {
                    return self.operand(Consumer::Inst(inner), 0, inner_args[0]);
                }
                Opcode::Load | Opcode::Load32S | Opcode::Load32U => {
                    let offset = self.address(Consumer::Inst(inner), 0, inner_args[0], inner_data.offset());
                    self.line(inner_data.loc);
                    return self.load(Opcode::Load, Ty::I32, offset);
                }
                _ => {}
            }
        }
        self.operands(inst);
        self.line(data.loc);
        self.sink().i32_wrap_i64();
    }

    /// Computes an operand for its effects.
    fn discard(&mut self, consumer: Consumer, index: usize, value: Value) {
        if matches!(self.stacked.mode(consumer, index), Mode::Fold | Mode::Tee) {
            self.operand(consumer, index, value);
            self.sink().drop();
        }
    }

    /// The check did not hold if the number on the stack is not zero.
    fn fail(&mut self, data: &InstData, args: &[Value]) {
        let kind: PanicKind = data.panic_kind().expect("codegen: a check has a kind");
        self.line(data.loc);
        self.sink().if_(BlockType::Empty);
        self.report(RuntimeFunc::of_panic(kind), args, data.loc, self.has_frame());
        self.sink().unreachable().end();
    }

    fn call(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        let unit = self.unit;
        let consumer = Consumer::Inst(inst);
        match data.op {
            Opcode::CallClosure => {
                let indirect = unit.indirect[data.sig()];
                self.stack_argument(indirect.needs.stack);
                self.operands(inst);
                self.repeat(args[0]);
                self.line(data.loc);
                self.load(Opcode::Load, Ty::I32, 0);
                self.call_site(data.loc, indirect.needs);
                self.sink().call_indirect(0, indirect.ty);
            }
            Opcode::CallMethod => {
                let method = &unit.program.methods()[data.method()];
                let indirect = unit.indirect[method.sig];
                self.stack_argument(indirect.needs.stack);
                for (index, &arg) in args.iter().enumerate().skip(1) {
                    self.operand(consumer, index, arg);
                }
                let offset = self.address(consumer, 0, args[0], method.offset());
                self.line(data.loc);
                self.load(Opcode::Load, Ty::I32, offset);
                self.call_site(data.loc, indirect.needs);
                self.sink().call_indirect(0, indirect.ty);
            }
            Opcode::CallHost => {
                let func = data.func();
                if let Some(global) = unit.stack_global.filter(|_| unit.may_reenter(func)) {
                    let stack = self.stack_local();
                    self.sink().local_get(stack).global_set(global);
                }
                self.operands(inst);
                if let Some(global) = unit.frame_global.filter(|_| instructions::stores_frame(unit, self.body, inst)) {
                    self.sink().global_set(global);
                    self.repeat(args[0]);
                }
                self.line(data.loc);
                self.call_site(data.loc, unit.callee(func).needs);
                self.sink().call(unit.callee(func).index);
            }
            _ => {
                if instructions::calls_out(unit, self.body, inst) {
                    return self.call_out(inst, data, args);
                }
                if let Some(intrinsic) = unit.graph.intrinsics[data.func()] {
                    self.operands(inst);
                    self.line(data.loc);
                    return self.intrinsic(intrinsic, data.loc);
                }
                let callee = unit.callee(data.func());
                if callee.takes_stack {
                    self.stack_argument(callee.needs.stack);
                }
                self.operands(inst);
                self.line(data.loc);
                self.call_site(data.loc, callee.needs);
                self.tell_caller(data.func(), data.loc);
                self.sink().call(callee.index);
            }
        }
    }

    fn intrinsic(&mut self, intrinsic: Intrinsic, loc: Loc) {
        if intrinsic == Intrinsic::StackPointer {
            // Whoever walks the stack begins with this frame.
            self.call_site(loc, Needs { traces: true, ..Needs::default() });
        }
        let data = &self.unit.data;
        let word = match self.unit.code_words[self.id] {
            0 => -1 - self.unit.callee(self.id).index as i32,
            word => word as i32,
        };
        if intrinsic == Intrinsic::HeapStart && !self.unit.sites.functions.is_empty() {
            return self.emit_heap_start();
        }
        let stack = self.locals.stack;
        let flag = self.unit.suspension.as_ref().map(|suspension| suspension.flag_global);
        let mut sink = InstructionSink::new(&mut self.bytes);
        match intrinsic {
            Intrinsic::MemorySize => sink.memory_size(0),
            Intrinsic::MemoryGrow => sink.memory_grow(0),
            Intrinsic::Copy => sink.i32_wrap_i64().memory_copy(0, 0),
            Intrinsic::Fill => sink.i32_wrap_i64().memory_fill(0),
            Intrinsic::HeapStart => sink.i64_const(i64::from(data.stack_top)),
            Intrinsic::Roots => sink.i32_const(data.roots as i32),
            Intrinsic::StackPointer => {
                let stack = stack.expect("codegen: who asks for the stack pointer has it");
                sink.local_get(stack).i64_extend_i32_u()
            }
            Intrinsic::StackTop => sink.i64_const(i64::from(data.stack_top)),
            Intrinsic::StackLimit => sink.i64_const(i64::from(data.stack_bottom)),
            Intrinsic::LineTable => {
                let has_table = !self.unit.sites.functions.is_empty();
                sink.i32_const(if has_table { data.stack_top as i32 } else { 0 })
            }
            Intrinsic::CallerSite => match self.unit.caller_global {
                Some(global) => sink.global_get(global),
                None => sink.i32_const(NO_SITE as i32),
            },
            Intrinsic::TypeLinks => sink.i32_const(data.links[0] as i32),
            Intrinsic::Itabs => sink.i32_const(data.links[1] as i32),
            Intrinsic::Ident => sink.i32_const(word),
            Intrinsic::IdentOf | Intrinsic::FuncCode => sink.i32_load(MemArg { offset: 0, align: 2, memory_index: 0 }),
            Intrinsic::ThrowRecovered => sink.throw(0),
            Intrinsic::Suspend | Intrinsic::EndSuspend => match flag {
                Some(flag) => sink.i32_const(i32::from(intrinsic == Intrinsic::Suspend)).global_set(flag),
                None => &mut sink,
            },
            Intrinsic::Suspending => match flag {
                Some(flag) => sink.global_get(flag),
                None => sink.i32_const(0),
            },
            Intrinsic::Trap | Intrinsic::CallFrame => sink.unreachable(),
            Intrinsic::Goroutines | Intrinsic::CanSuspend => unreachable!("codegen: facts were filled in"),
            Intrinsic::Call | Intrinsic::Resume => unreachable!("codegen: these are calls"),
        };
    }

    /// Calls a `func()`, or a resume function: both take the stack pointer and one address.
    fn call_out(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        let consumer = Consumer::Inst(inst);
        let stack = self.stack_local();
        self.get(stack);
        let is_resume = self.unit.graph.intrinsics[data.func()] == Some(Intrinsic::Resume);
        if is_resume {
            self.discard(consumer, 0, args[0]);
            self.operand(consumer, 1, args[1]);
        } else {
            self.operand(consumer, 0, args[0]);
        }
        self.repeat(args[0]);
        self.line(data.loc);
        if !is_resume {
            self.load(Opcode::Load, Ty::I32, 0);
        }
        self.call_site(data.loc, Needs { traces: true, ..Needs::default() });
        let ty = self.unit.call_out.expect("codegen: who calls out has the type for it");
        self.sink().call_indirect(0, ty);
        if !is_resume {
            self.intrinsic(Intrinsic::Suspending, data.loc);
        }
    }

    fn allocate(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        let layout = &self.unit.program.layouts[data.layout()];
        let descriptor = layout.descriptor.map_or(0, |descriptor| self.unit.data.addresses[descriptor]) as i32;
        let func = allocator(self.unit.program, data);
        let callee = self.unit.callee(self.unit.runtime(func));
        if callee.takes_stack {
            self.stack_argument(callee.needs.stack);
        }
        if func == RuntimeFunc::Newobject {
            self.sink().i32_const(descriptor);
        } else {
            match args.first() {
                Some(&count) => {
                    self.operand(Consumer::Inst(inst), 0, count);
                    self.sink().i64_extend_i32_u();
                    if layout.size != 1 {
                        self.sink().i64_const(i64::from(layout.size)).i64_mul();
                    }
                }
                None => {
                    self.sink().i64_const(i64::from(layout.size));
                }
            }
            // needzero
            self.sink().i32_const(descriptor).i32_const(1);
        }
        self.line(data.loc);
        self.call_site(data.loc, callee.needs);
        self.sink().call(callee.index);
    }
}
