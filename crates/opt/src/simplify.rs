//! Rewrites instructions one by one into fewer or cheaper ones: constants, identities, canonical forms.
//!
//! Blocks are taken in reverse postorder, so that operands are simplified before what uses them. A rule looks at one
//! instruction and at what defines its operands; it may make new instructions in front of it, which are simplified on
//! the spot. Rules never look at memory or at other paths; those are other passes.
//!
//! Canonical forms, so that equal things look equal: constants are the second operand; `x - c` is `x + -c`;
//! comparisons with constants are strict; `x = 0` is `eqz x`.
//!
//! The families of rules: [`integer`], [`compare`], [`convert`] (extensions of narrow integers above all), [`float`],
//! [`memory`] (addresses, static data), [`calls`] (known callees); [`range`] is what they know of a value's bits.

mod calls;
mod compare;
mod convert;
mod float;
mod integer;
mod memory;
mod range;

use crate::pipeline::Context;
use ir::eval::evaluate;
use ir::{
    Block, FuncId, Function, Inst, InstData, Loc, Opcode, Order, Target, Terminator, Ty, Value, ValueDef, ValueList,
};
use rustc_hash::FxHashMap;

pub fn run(ctx: &Context, _: FuncId, func: &mut Function) {
    let order = Order::of(func);
    let mut simplifier = Simplifier { ctx, func, out: Vec::new(), loc: None, depth: 0, closures: None };
    for &block in &order.blocks {
        simplifier.block(block);
    }
    simplifier.func.resolve_all();
}

/// What a rule made of an instruction.
enum Outcome {
    /// Nothing.
    Keep,
    /// Its result is this value.
    Value(Value),
    /// It was rewritten in place: look again.
    Again,
    /// It does nothing.
    Drop,
    /// Control does not go on behind it.
    Ends,
}

struct Simplifier<'a> {
    ctx: &'a Context<'a>,
    func: &'a mut Function,
    /// The new instructions of the block at hand.
    out: Vec<Inst>,
    /// Of the instruction at hand.
    loc: Loc,
    /// How deep new instructions make further new ones.
    depth: u32,
    /// The code of closure records made in this function, once somebody asked.
    closures: Option<FxHashMap<calls::Object, Option<FuncId>>>,
}

/// Every rule brings an instruction nearer to its canonical form; this only guards against mistakes.
const LIMIT: usize = 32;

impl Simplifier<'_> {
    fn block(&mut self, block: Block) {
        let mut insts = std::mem::take(&mut self.func.blocks[block].insts);
        let ends = insts.iter().any(|&inst| {
            self.loc = self.func.insts[inst].loc;
            self.process(inst)
        });
        let mut term = std::mem::take(&mut self.func.blocks[block].term);
        if ends {
            term = Terminator::Unreachable;
        } else {
            self.loc = self.func.blocks[block].term_loc;
            self.terminator(&mut term);
        }
        insts.clear();
        insts.append(&mut self.out);
        let data = &mut self.func.blocks[block];
        (data.insts, data.term) = (insts, term);
    }

    /// Simplifies an instruction and adds what is left to the block. True if control ends there.
    fn process(&mut self, inst: Inst) -> bool {
        let args = self.func.insts[inst].args;
        for index in 0..args.len() {
            let arg = self.func.values_of(args)[index];
            let arg = self.func.resolve_mut(arg);
            self.func.values_of_mut(args)[index] = arg;
        }
        for _ in 0..LIMIT {
            match self.rule(inst) {
                Outcome::Keep => break,
                Outcome::Again => {}
                Outcome::Drop => return false,
                Outcome::Value(value) => {
                    let result = self.func.results(inst)[0];
                    self.func.replace(result, value);
                    return false;
                }
                Outcome::Ends => {
                    self.out.push(inst);
                    return true;
                }
            }
        }
        self.out.push(inst);
        false
    }

    fn rule(&mut self, inst: Inst) -> Outcome {
        use Opcode::*;
        let data = self.func.insts[inst];
        if let Some(bits) = self.folded(&data) {
            return self.set_const(inst, bits);
        }
        match data.op {
            Add | Sub | Mul | DivS | DivU | RemS | RemU | And | Or | Xor | Shl | ShrS | ShrU | Rotl => {
                self.integer(inst, &data)
            }
            Eqz | Eq | Ne | LtS | LtU | LeS | LeU => self.compare(inst, &data),
            Extend8 | Extend16 | Extend32 | Wrap | ExtendS | ExtendU | PtrToInt | IntToPtr | Bitcast | Promote
            | Demote | ConvertS | ConvertU => self.convert(inst, &data),
            FAdd | FSub | FMul | FDiv | FNeg | FAbs | FEq | FNe | FLt | FLe => self.float(inst, &data),
            Select => self.select(inst, &data),
            PtrAdd | PtrDiff | Load8S | Load8U | Load16S | Load16U | Load32S | Load32U | Load | Store8 | Store16
            | Store32 | Store | StorePtr | Move | MoveTyped | Zero => self.memory(inst, &data),
            NilCheck | Bounds | BoundsLe | DivCheck | ShiftCheck => self.check(&data),
            Call | CallClosure | CallMethod => self.call(inst, &data),
            _ => Outcome::Keep,
        }
    }

    /// What the instruction computes, if its operands are constants.
    fn folded(&self, data: &InstData) -> Option<u64> {
        let count = data.args.len();
        let result = self.func.values_of(data.results).first().copied()?;
        if count == 0 || count > 3 || data.op.is_call() {
            return None;
        }
        let mut bits = [0; 3];
        for (bits, &arg) in bits.iter_mut().zip(self.func.values_of(data.args)) {
            *bits = self.constant(arg)?;
        }
        let operand = self.func.ty(self.func.values_of(data.args)[0]);
        evaluate(data.op, operand, self.func.ty(result), &bits[..count])
    }
}

/// Reading.
impl Simplifier<'_> {
    fn ty(&self, value: Value) -> Ty {
        self.func.ty(value)
    }

    /// What defines a value, if that is an instruction.
    fn def(&self, value: Value) -> Option<&InstData> {
        match self.func.values[value].def {
            ValueDef::Result(inst, _) => Some(&self.func.insts[inst]),
            _ => None,
        }
    }

    fn arg(&self, data: &InstData, index: usize) -> Value {
        self.func.resolve(self.func.values_of(data.args)[index])
    }

    /// The operands of what defines a value, if that is this instruction.
    fn unary(&self, value: Value, op: Opcode) -> Option<Value> {
        self.def(value).filter(|data| data.op == op).map(|data| self.arg(data, 0))
    }

    fn binary(&self, value: Value, op: Opcode) -> Option<(Value, Value)> {
        self.def(value).filter(|data| data.op == op).map(|data| (self.arg(data, 0), self.arg(data, 1)))
    }

    /// As `binary`, where the second operand is constant.
    fn with_constant(&self, value: Value, op: Opcode) -> Option<(Value, u64)> {
        let (a, b) = self.binary(value, op)?;
        Some((a, self.constant(b)?))
    }

    /// A constant's bits.
    fn constant(&self, value: Value) -> Option<u64> {
        let data = self.def(value)?;
        matches!(data.op, Opcode::Const | Opcode::FConst).then_some(data.imm)
    }

    /// A constant integer as a signed number.
    fn signed(&self, value: Value) -> Option<i64> {
        self.constant(value).map(|bits| if self.ty(value) == Ty::I64 { bits as i64 } else { i64::from(bits as i32) })
    }

    fn is_zero(&self, value: Value) -> bool {
        self.constant(value) == Some(0) && !matches!(self.ty(value), Ty::F32 | Ty::F64)
    }
}

/// Writing.
impl Simplifier<'_> {
    /// A new instruction in front of the one at hand; its simplified result.
    fn emit(&mut self, op: Opcode, args: &[Value], imm: u64, ty: Ty) -> Value {
        let inst = self.func.add_inst(op, args, imm, &[ty], self.loc);
        if self.depth < 8 {
            self.depth += 1;
            self.process(inst);
            self.depth -= 1;
        } else {
            self.out.push(inst);
        }
        let result = self.func.results(inst)[0];
        self.func.resolve_mut(result)
    }

    fn emit_const(&mut self, ty: Ty, bits: u64) -> Value {
        let inst = self.func.add_inst(Opcode::Const, &[], bits, &[ty], None);
        self.out.push(inst);
        self.func.results(inst)[0]
    }

    /// Makes it another instruction with the same results.
    fn set(&mut self, inst: Inst, op: Opcode, args: &[Value], imm: u64) -> Outcome {
        let args = self.func.list(args);
        let data = &mut self.func.insts[inst];
        (data.op, data.args, data.imm) = (op, args, imm);
        Outcome::Again
    }

    /// As `set`, with a constant as second operand.
    fn set_with(&mut self, inst: Inst, op: Opcode, a: Value, b: i64) -> Outcome {
        let b = self.emit_const(self.ty(a), b as u64);
        self.set(inst, op, &[a, b], 0)
    }

    fn set_const(&mut self, inst: Inst, bits: u64) -> Outcome {
        let ty = self.ty(self.func.results(inst)[0]);
        let op = if matches!(ty, Ty::F32 | Ty::F64) { Opcode::FConst } else { Opcode::Const };
        let bits = if matches!(ty, Ty::I64 | Ty::F64) { bits } else { bits & 0xffff_ffff };
        let data = &mut self.func.insts[inst];
        (data.op, data.args, data.imm) = (op, ValueList::EMPTY, bits);
        Outcome::Keep
    }

    /// Exchanges the operands of a binary instruction, perhaps making it another.
    fn swap(&mut self, inst: Inst, op: Opcode) -> Outcome {
        let (a, b) = (self.func.args(inst)[0], self.func.args(inst)[1]);
        self.set(inst, op, &[b, a], 0)
    }
}

/// Ends of blocks.
impl Simplifier<'_> {
    fn terminator(&mut self, term: &mut Terminator) {
        match term {
            Terminator::Branch { cond, then, els, likely } => {
                let (value, inverted) = self.condition(self.func.resolve(*cond));
                *cond = value;
                if inverted {
                    std::mem::swap(then, els);
                    *likely = likely.map(|likely| !likely);
                }
                if let Some(bits) = self.constant(value) {
                    *term = Terminator::Jump(if bits != 0 { *then } else { *els });
                } else if self.same_target(then, els) {
                    *term = Terminator::Jump(*then);
                }
            }
            Terminator::Switch { value, targets, default } => {
                *value = self.func.resolve(*value);
                if let Some(bits) = self.constant(*value) {
                    *term = Terminator::Jump(targets.get(bits as usize).copied().unwrap_or(*default));
                } else if targets.iter().all(|target| self.same_target(target, default)) {
                    *term = Terminator::Jump(*default);
                } else if let [only] = targets[..] {
                    let (cond, then, els) = (*value, *default, only);
                    *term = Terminator::Branch { cond, then, els, likely: None };
                }
            }
            _ => {}
        }
    }

    fn same_target(&self, a: &Target, b: &Target) -> bool {
        let args = |target: &Target| self.func.values_of(target.args).iter().map(|&arg| self.func.resolve(arg));
        a.block == b.block && args(a).eq(args(b))
    }

    /// What to branch on instead of the value, and whether the other way round.
    fn condition(&self, value: Value) -> (Value, bool) {
        let (mut value, mut inverted) = (value, false);
        loop {
            if let Some(inner) = self.unary(value, Opcode::Eqz).filter(|&inner| self.ty(inner) == Ty::I32) {
                (value, inverted) = (inner, !inverted);
            } else if let Some((inner, 0)) = self.with_constant(value, Opcode::Ne)
                && self.ty(inner) == Ty::I32
            {
                value = inner;
            } else {
                return (value, inverted);
            }
        }
    }
}

/// Values that are one of two.
impl Simplifier<'_> {
    fn select(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let (cond, a, b) = (self.arg(data, 0), self.arg(data, 1), self.arg(data, 2));
        if a == b {
            return Outcome::Value(a);
        }
        if let Some(bits) = self.constant(cond) {
            return Outcome::Value(if bits != 0 { a } else { b });
        }
        let (inner, inverted) = self.condition(cond);
        if inner != cond {
            let arms = if inverted { [inner, b, a] } else { [inner, a, b] };
            return self.set(inst, Opcode::Select, &arms, 0);
        }
        // The arms know the condition.
        if let Some(data) = self.def(a).filter(|data| data.op == Opcode::Select)
            && self.arg(data, 0) == cond
        {
            let a = self.arg(data, 1);
            return self.set(inst, Opcode::Select, &[cond, a, b], 0);
        }
        if let Some(data) = self.def(b).filter(|data| data.op == Opcode::Select)
            && self.arg(data, 0) == cond
        {
            let b = self.arg(data, 2);
            return self.set(inst, Opcode::Select, &[cond, a, b], 0);
        }
        if self.ty(a) != Ty::I32 {
            return self.select_of_equal(cond, a, b);
        }
        match (self.constant(a), self.constant(b)) {
            (Some(1), Some(0)) if self.is_bool(cond) => Outcome::Value(cond),
            (Some(1), Some(0)) => self.set_with(inst, Opcode::Ne, cond, 0),
            (Some(0), Some(1)) => self.set(inst, Opcode::Eqz, &[cond], 0),
            (None, Some(0)) if self.is_bool(cond) && self.is_bool(a) => self.set(inst, Opcode::And, &[cond, a], 0),
            (Some(1), None) if self.is_bool(cond) && self.is_bool(b) => self.set(inst, Opcode::Or, &[cond, b], 0),
            _ => self.select_of_equal(cond, a, b),
        }
    }

    /// `x == y ? x : y` is y, and `x != y ? x : y` is x.
    fn select_of_equal(&mut self, cond: Value, a: Value, b: Value) -> Outcome {
        for (op, same) in [(Opcode::Eq, b), (Opcode::Ne, a)] {
            if let Some(pair) = self.binary(cond, op)
                && (pair == (a, b) || pair == (b, a))
            {
                return Outcome::Value(same);
            }
        }
        // An integer that is zero: no `eq` says so.
        if self.unary(cond, Opcode::Eqz) == Some(b) && self.is_zero(a) {
            return Outcome::Value(b);
        }
        Outcome::Keep
    }
}

/// Checks that cannot fail.
impl Simplifier<'_> {
    fn check(&mut self, data: &InstData) -> Outcome {
        let a = self.arg(data, 0);
        let holds = match data.op {
            Opcode::NilCheck => self.is_not_null(a),
            Opcode::DivCheck => self.constant(a).is_some_and(|bits| bits != 0),
            Opcode::ShiftCheck => self.is_not_negative(a),
            Opcode::Bounds => {
                let b = self.arg(data, 1);
                self.constant(b).is_some_and(|length| self.max_unsigned(a) < length)
            }
            _ => {
                let b = self.arg(data, 1);
                a == b || self.is_zero(a) || self.constant(b).is_some_and(|length| self.max_unsigned(a) <= length)
            }
        };
        if holds { Outcome::Drop } else { Outcome::Keep }
    }
}

fn mask(ty: Ty) -> u64 {
    if ty == Ty::I64 { u64::MAX } else { u64::from(u32::MAX) }
}

fn width(ty: Ty) -> u64 {
    if ty == Ty::I64 { 64 } else { 32 }
}
