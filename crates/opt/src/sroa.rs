//! Scalar replacement: slots whose address goes nowhere become values.
//!
//! A slot qualifies if its address is only loaded from, stored to, zeroed, moved from and to, all at constant offsets,
//! and if the accesses cut it into *parts* that do not overlap. Each part is then a variable, and reading and writing it
//! is SSA construction as lowering does it: [`ir::Builder`]. A move becomes a load or store of each part.
//!
//! ```text
//! slot0 = size 16                       parts: 0..8 i64, 8..16 ptr
//! v1 = slot_addr slot0
//! move v1, v0, 16                       v3 = load.i64 v0; v4 = load.ptr v0 + 8
//! v2 = load.ptr v1 + 8                  v2 is v4
//! store v1, v5                          the first part is v5
//! ```
//!
//! When a slot held the address of another one, that one may qualify in the next round. Slots that a handler reads stay:
//! it is entered in the middle of blocks, where no parameter can be passed. What a slot holds before it is written is
//! zero; such reads exist only where lowering or the escape pass rely on a frame being zeroed.

pub(crate) mod parts;

use crate::escape::constant;
use crate::pipeline::Context;
use base::SideTable;
use ir::{Block, Builder, FuncId, Function, Inst, Opcode, Order, Program, Slot, Ty, Value, Variable};
use parts::{Part, Places, Range};
use smallvec::SmallVec;

/// A chain of slots that hold addresses of slots is followed so far.
const MAX_ROUNDS: usize = 4;

pub fn run(context: &Context, _: FuncId, func: &mut Function) {
    for _ in 0..MAX_ROUNDS {
        if func.slots.is_empty() {
            return;
        }
        func.compact();
        let places = Places::find(context.program, func);
        if places.slots.values().all(Option::is_none) {
            return;
        }
        *func = Rewriter::rewrite(context.program, std::mem::take(func), places);
        func.compact();
    }
}

struct Rewriter<'a> {
    program: &'a Program,
    builder: Builder,
    places: Places,
    /// A variable for each part of a slot.
    variables: SideTable<Slot, Vec<Variable>>,
    block: Block,
    /// What the block becomes.
    insts: Vec<Inst>,
}

impl Rewriter<'_> {
    fn rewrite(program: &Program, func: Function, places: Places) -> Function {
        let order = Order::of(&func);
        let entry = func.entry();
        let mut builder = Builder::new();
        builder.func = func;
        let mut rewriter =
            Rewriter { program, builder, places, variables: SideTable::new(), block: entry, insts: Vec::new() };
        let mut awaited: SideTable<Block, u32> = SideTable::with_len(rewriter.func().blocks.len());
        for &block in &order.blocks {
            for target in rewriter.func().blocks[block].term.targets() {
                awaited[target.block] += 1;
            }
        }
        for &block in order.blocks.iter().filter(|&&block| awaited[block] == 0) {
            rewriter.builder.seal(block);
        }
        for &block in &order.blocks {
            rewriter.block = block;
            if block == entry {
                rewriter.declare();
            }
            for inst in std::mem::take(&mut rewriter.func().blocks[block].insts) {
                rewriter.inst(inst);
            }
            let insts = std::mem::take(&mut rewriter.insts);
            rewriter.func().blocks[block].insts = insts;
            for target in rewriter.func().blocks[block].term.targets() {
                rewriter.builder.add_edge(block, target.block);
                awaited[target.block] -= 1;
                if awaited[target.block] == 0 {
                    rewriter.builder.seal(target.block);
                }
            }
        }
        rewriter.builder.finish()
    }

    fn func(&mut self) -> &mut Function {
        &mut self.builder.func
    }

    /// Makes the variables; they begin as zero.
    fn declare(&mut self) {
        let mut zeros: SmallVec<[(Ty, Value); 4]> = SmallVec::new();
        for slot in self.func().slots.ids() {
            let Some(parts) = self.places.slots[slot].clone() else { continue };
            for part in parts {
                let variable = self.builder.variable(part.ty);
                self.variables[slot].push(variable);
                let zero = match zeros.iter().find(|zero| zero.0 == part.ty) {
                    Some(zero) => zero.1,
                    None => {
                        let zero = self.zero(part.ty);
                        zeros.push((part.ty, zero));
                        zero
                    }
                };
                self.builder.write(variable, self.block, zero);
            }
        }
    }

    fn inst(&mut self, inst: Inst) {
        use Opcode::*;
        let data = self.builder.func.insts[inst];
        let args: SmallVec<[Value; 4]> = SmallVec::from_slice(self.builder.func.args(inst));
        let place = |rewriter: &Self, index: usize| args.get(index).and_then(|&arg| rewriter.places.promoted(arg));
        let Some((slot, offset)) = place(self, 0).or_else(|| place(self, 1)) else {
            let is_promoted = data.op == SlotAddr && self.places.slots[data.slot()].is_some();
            if !is_promoted {
                self.insts.push(inst);
            }
            return;
        };
        match data.op {
            PtrAdd | NilCheck | KeepAlive => {}
            // An address is never null.
            Eqz | Eq | Ne => {
                let value = self.number(Ty::I32, u64::from(data.op == Ne));
                self.replace(inst, value);
            }
            Zero => {
                let bytes = constant(&self.builder.func, args[1]).unwrap_or(0);
                let range = Range { start: offset, end: offset + bytes as u32 };
                for (part, variable) in self.parts_in(slot, range) {
                    let zero = self.zero(part.ty);
                    self.builder.write(variable, self.block, zero);
                }
            }
            Move | MoveTyped => self.moved(inst, &args),
            op if op.effects().intersects(ir::Effects::WRITE) => {
                let (part, variable) = self.part_at(slot, offset + data.offset());
                let value = self.stored(part, args[1]);
                self.builder.write(variable, self.block, value);
            }
            _ => {
                let (part, variable) = self.part_at(slot, offset + data.offset());
                let value = self.builder.read(variable, self.block);
                let value = self.loaded(part, value, inst);
                self.replace(inst, value);
            }
        }
    }

    fn moved(&mut self, inst: Inst, args: &[Value]) {
        let bytes = parts::moved_bytes(self.program, &self.builder.func, inst).unwrap_or(0);
        let (to, from) = (self.places.promoted(args[0]), self.places.promoted(args[1]));
        let range = |offset: u32| Range { start: offset, end: offset + bytes };
        // All reads come before the first write: the places may overlap.
        match (to, from) {
            (Some((to, to_offset)), Some((from, from_offset))) => {
                let values: SmallVec<[(Part, Value); 8]> = self
                    .parts_in(from, range(from_offset))
                    .into_iter()
                    .map(|(part, variable)| (part, self.builder.read(variable, self.block)))
                    .collect();
                for (part, value) in values {
                    let (_, variable) = self.part_at(to, part.offset - from_offset + to_offset);
                    self.builder.write(variable, self.block, value);
                }
            }
            (Some((to, offset)), None) => {
                for (part, variable) in self.parts_in(to, range(offset)) {
                    let value = self.one(part.load(), &[args[1]], u64::from(part.offset - offset), part.ty, inst);
                    self.builder.write(variable, self.block, value);
                }
            }
            (None, Some((from, offset))) => {
                for (part, variable) in self.parts_in(from, range(offset)) {
                    let value = self.builder.read(variable, self.block);
                    let loc = self.builder.func.insts[inst].loc;
                    let imm = u64::from(part.offset - offset);
                    let store = self.func().add_inst(part.store(), &[args[0], value], imm, &[], loc);
                    self.insts.push(store);
                }
            }
            (None, None) => unreachable!("opt: sroa moves a slot"),
        }
    }

    fn part_at(&self, slot: Slot, offset: u32) -> (Part, Variable) {
        let parts = self.places.slots[slot].as_deref().unwrap_or_default();
        match parts.binary_search_by_key(&offset, |part| part.offset) {
            Ok(index) => (parts[index], self.variables[slot][index]),
            Err(_) => unreachable!("opt: sroa made a part of every access"),
        }
    }

    fn parts_in(&self, slot: Slot, range: Range) -> SmallVec<[(Part, Variable); 8]> {
        let parts = self.places.slots[slot].as_deref().unwrap_or_default();
        let first = parts.partition_point(|part| part.offset < range.start);
        let inside = parts[first..].iter().take_while(|part| part.end() <= range.end);
        inside.copied().zip(self.variables[slot][first..].iter().copied()).collect()
    }
}

/// Values.
impl Rewriter<'_> {
    fn append(&mut self, op: Opcode, args: &[Value], imm: u64, ty: Ty, loc: ir::Loc) -> Value {
        let inst = self.func().add_inst(op, args, imm, &[ty], loc);
        self.insts.push(inst);
        self.builder.func.results(inst)[0]
    }

    fn one(&mut self, op: Opcode, args: &[Value], imm: u64, ty: Ty, like: Inst) -> Value {
        let loc = self.builder.func.insts[like].loc;
        self.append(op, args, imm, ty, loc)
    }

    fn number(&mut self, ty: Ty, number: u64) -> Value {
        self.append(Opcode::Const, &[], number, ty, None)
    }

    fn zero(&mut self, ty: Ty) -> Value {
        let op = if matches!(ty, Ty::F32 | Ty::F64) { Opcode::FConst } else { Opcode::Const };
        self.append(op, &[], 0, ty, None)
    }

    fn replace(&mut self, inst: Inst, value: Value) {
        let result = self.builder.func.results(inst)[0];
        let value = self.func().resolve_mut(value);
        self.func().replace(result, value);
    }

    /// What the part is when this value is stored into it: numbers narrower than 32 bits get zeros above.
    fn stored(&mut self, part: Part, value: Value) -> Value {
        let value = self.func().resolve_mut(value);
        let ty = self.builder.func.ty(value);
        match (ty, part.ty) {
            (Ty::I64, Ty::I32) => {
                let value = self.append(Opcode::Wrap, &[value], 0, Ty::I32, None);
                self.narrowed(part, value)
            }
            (Ty::I32, Ty::I32) => self.narrowed(part, value),
            _ if ty == part.ty => value,
            _ => self.append(Opcode::Bitcast, &[value], 0, part.ty, None),
        }
    }

    fn narrowed(&mut self, part: Part, value: Value) -> Value {
        if part.width >= 4 || fits(&self.builder.func, value, part.width) {
            return value;
        }
        let mask = self.number(Ty::I32, (1 << (8 * part.width)) - 1);
        self.append(Opcode::And, &[value, mask], 0, Ty::I32, None)
    }

    /// What a load of the part gives.
    fn loaded(&mut self, part: Part, value: Value, load: Inst) -> Value {
        use Opcode::*;
        let data = self.builder.func.insts[load];
        let ty = self.builder.func.ty(self.builder.func.results(load)[0]);
        let (value, is_wide) = match data.op {
            Load8S => (self.append(Extend8, &[value], 0, Ty::I32, None), ty == Ty::I64),
            Load16S => (self.append(Extend16, &[value], 0, Ty::I32, None), ty == Ty::I64),
            Load8U | Load16U | Load32S | Load32U => (value, ty == Ty::I64),
            _ if ty == part.ty => return value,
            _ => return self.append(Bitcast, &[value], 0, ty, None),
        };
        if !is_wide {
            return value;
        }
        let extend = if matches!(data.op, Load8S | Load16S | Load32S) { ExtendS } else { ExtendU };
        self.append(extend, &[value], 0, Ty::I64, None)
    }
}

/// Whether an i32 is known to have nothing above so many bytes.
pub(crate) fn fits(func: &Function, value: Value, width: u32) -> bool {
    use Opcode::*;
    let ir::ValueDef::Result(inst, _) = func.values[value].def else { return false };
    let data = &func.insts[inst];
    let limit = 1u64 << (8 * width);
    match data.op {
        Const => data.imm < limit,
        And => func.args(inst).iter().any(|&arg| constant(func, arg).is_some_and(|mask| mask < limit)),
        Load8U => true,
        Load16U => width >= 2,
        Eqz | Eq | Ne | LtS | LtU | LeS | LeU | FEq | FNe | FLt | FLe => true,
        _ => false,
    }
}
