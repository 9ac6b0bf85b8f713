//! Gives equal computations one value.
//!
//! A walk over the dominator tree with a table of what was computed on the way down. Pure instructions are equal if
//! opcode, immediate, type and operands are; so are checks, which say nothing the second time, loads from data that
//! nobody writes, and calls of functions that only compute.
//!
//! Behind a branch its condition is known as well: where only the edge for "true" leads to, it is not zero.
//!
//! A block's results do not reach its handler, so a handler is visited with the table as it was before the block.

use crate::pipeline::Context;
use base::SideTable;
use ir::{Block, Dominators, Effects, FuncId, Function, Inst, InstData, Opcode, Terminator, Ty, Value, ValueDef};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

pub fn run(ctx: &Context, _: FuncId, func: &mut Function) {
    let dominators = Dominators::of(func);
    let children = dominators.children();
    let mut entries: SideTable<Block, u32> = SideTable::with_len(func.blocks.len());
    for &block in &dominators.order.blocks {
        for next in func.successors(block) {
            entries[next] += 1;
        }
    }
    let handlers = func.blocks.values().any(|block| block.handler.is_some());
    let mut numbering = Numbering { ctx, func, table: FxHashMap::default(), undo: Vec::new() };
    let mut stack = vec![Visit::Enter(numbering.func.entry(), None)];
    while let Some(visit) = stack.pop() {
        match visit {
            Visit::Leave(mark) => numbering.leave(mark),
            Visit::Enter(block, parent) => {
                stack.push(Visit::Leave(numbering.undo.len()));
                if let Some(parent) = parent.filter(|_| entries[block] == 1) {
                    numbering.learn(parent, block);
                }
                // Those that cannot see the results come first, before there are any.
                let is_outside = |child: &&Block| !dominators.results_reach(block, **child);
                let before = stack.len();
                if handlers {
                    stack.push(Visit::Body(block));
                    let outside = children[block].iter().filter(is_outside);
                    stack.extend(outside.map(|&child| Visit::Enter(child, None)));
                }
                if stack.len() <= before + 1 {
                    stack.truncate(before);
                    numbering.block(block);
                    stack.extend(children[block].iter().map(|&child| Visit::Enter(child, Some(block))));
                }
            }
            Visit::Body(block) => {
                numbering.block(block);
                let inside = children[block].iter().filter(|&&child| dominators.results_reach(block, child));
                stack.extend(inside.map(|&child| Visit::Enter(child, Some(block))));
            }
        }
    }
    numbering.func.resolve_all();
}

enum Visit {
    /// A block, and the block that jumps to it if that dominates it.
    Enter(Block, Option<Block>),
    /// Its instructions, after the children that do not see them.
    Body(Block),
    /// Forget everything after this mark.
    Leave(usize),
}

/// What is computed. Locations do not count.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    op: Opcode,
    ty: Option<Ty>,
    imm: u64,
    args: [Option<Value>; 3],
}

impl Key {
    fn new(op: Opcode, ty: Option<Ty>, imm: u64, operands: &[Value]) -> Key {
        let mut args = [None; 3];
        args.iter_mut().zip(operands).for_each(|(arg, &operand)| *arg = Some(operand));
        Key { op, ty, imm, args }
    }
}

struct Numbering<'a> {
    ctx: &'a Context<'a>,
    func: &'a mut Function,
    /// Where each key was computed last: its instruction, or for a condition that is known, a stand-in.
    table: FxHashMap<Key, Known>,
    /// What the table held before, newest last.
    undo: Vec<(Key, Option<Known>)>,
}

#[derive(Clone, Copy)]
enum Known {
    Inst(Inst),
    /// The result is this constant.
    Bits(u64),
}

impl Numbering<'_> {
    fn leave(&mut self, mark: usize) {
        while self.undo.len() > mark
            && let Some((key, before)) = self.undo.pop()
        {
            match before {
                Some(known) => self.table.insert(key, known),
                None => self.table.remove(&key),
            };
        }
    }

    fn insert(&mut self, key: Key, known: Known) {
        let before = self.table.insert(key, known);
        self.undo.push((key, before));
    }

    fn block(&mut self, block: Block) {
        let mut insts = std::mem::take(&mut self.func.blocks[block].insts);
        insts.retain(|&inst| self.is_new(inst));
        self.func.blocks[block].insts = insts;
        // The condition of the end, if it is known here.
        let mut term = std::mem::take(&mut self.func.blocks[block].term);
        if let Terminator::Branch { cond, .. } = &mut term {
            *cond = self.func.resolve_mut(*cond);
            let known = self.known_truth(*cond);
            if let (Terminator::Branch { then, els, .. }, Some(truth)) = (&term, known) {
                term = Terminator::Jump(if truth { *then } else { *els });
            }
        }
        self.func.blocks[block].term = term;
    }

    /// Whether the instruction computes something new; if not, its results are those of an earlier one.
    fn is_new(&mut self, inst: Inst) -> bool {
        let args = self.func.insts[inst].args;
        for index in 0..args.len() {
            let arg = self.func.values_of(args)[index];
            let arg = self.func.resolve_mut(arg);
            self.func.values_of_mut(args)[index] = arg;
        }
        let data = self.func.insts[inst];
        if !self.is_numbered(&data) {
            return true;
        }
        let key = self.key(&data);
        match self.table.get(&key).copied() {
            Some(Known::Inst(earlier)) => {
                for index in 0..data.results.len() {
                    let (result, other) = (self.func.results(inst)[index], self.func.results(earlier)[index]);
                    self.func.replace(result, other);
                }
                false
            }
            Some(Known::Bits(bits)) => {
                let data = &mut self.func.insts[inst];
                (data.op, data.args, data.imm) = (Opcode::Const, ir::ValueList::EMPTY, bits);
                true
            }
            None => {
                self.insert(key, Known::Inst(inst));
                true
            }
        }
    }

    fn is_numbered(&self, data: &InstData) -> bool {
        use Opcode::*;
        match data.op {
            // A bound that was checked stays checked.
            NilCheck | Bounds | BoundsLe | DivCheck | ShiftCheck => true,
            // As often as it was guarded: it is available only where it was computed.
            DivS | DivU | RemS | RemU => true,
            Call => {
                let summary = self.ctx.facts.summaries.of_func(data.func());
                data.args.len() <= 3 && summary.terminates && summary.effects == Effects::NONE
            }
            Load8S | Load8U | Load16S | Load16U | Load32S | Load32U | Load => self.is_constant_load(data),
            op => op.effects().is_pure(),
        }
    }

    fn is_constant_load(&self, data: &InstData) -> bool {
        let mut address = self.func.values_of(data.args)[0];
        loop {
            let ValueDef::Result(inst, _) = self.func.values[address].def else { return false };
            let data = &self.func.insts[inst];
            match data.op {
                Opcode::DataAddr => return self.ctx.facts.is_constant(self.ctx.program, data.data().0),
                Opcode::PtrAdd => address = self.func.values_of(data.args)[0],
                _ => return false,
            }
        }
    }

    fn key(&self, data: &InstData) -> Key {
        let ty = self.func.values_of(data.results).first().map(|&result| self.func.ty(result));
        let mut key = Key::new(data.op, ty, data.imm, self.func.values_of(data.args));
        if data.op.is_commutative() && key.args[0] > key.args[1] {
            key.args.swap(0, 1);
        }
        key
    }
}

/// What branches say.
impl Numbering<'_> {
    /// Notes what is known in `block`, which only `from` jumps to, by one edge.
    fn learn(&mut self, from: Block, block: Block) {
        match self.func.blocks[from].term {
            Terminator::Branch { cond, then, els, .. } if then.block != els.block => {
                let holds = then.block == block;
                if !holds && els.block != block {
                    return;
                }
                let cond = self.func.resolve(cond);
                self.learn_truth(cond, holds);
            }
            _ => {}
        }
    }

    fn learn_truth(&mut self, cond: Value, holds: bool) {
        self.insert(truth_key(cond), Known::Bits(u64::from(holds)));
        let ValueDef::Result(inst, _) = self.func.values[cond].def else { return };
        let data = self.func.insts[inst];
        let args: SmallVec<[Value; 2]> = self.func.values_of(data.args).into();
        let mut fact = |op: Opcode, args: &[Value], holds: bool| {
            self.insert(Key::new(op, Some(Ty::I32), 0, args), Known::Bits(u64::from(holds)));
        };
        use Opcode::*;
        // The same question again, and its inverse.
        match data.op {
            Eqz => fact(Eqz, &args, holds),
            Eq | Ne => {
                let sorted = if args[0] > args[1] { [args[1], args[0]] } else { [args[0], args[1]] };
                fact(Eq, &sorted, holds == (data.op == Eq));
                fact(Ne, &sorted, holds == (data.op == Ne));
            }
            LtS | LtU | LeS | LeU => {
                let inverse = match data.op {
                    LtS => LeS,
                    LtU => LeU,
                    LeS => LtS,
                    _ => LtU,
                };
                fact(data.op, &args, holds);
                fact(inverse, &[args[1], args[0]], !holds);
                // What is less is not equal.
                if holds && matches!(data.op, LtS | LtU) {
                    let sorted = if args[0] > args[1] { [args[1], args[0]] } else { [args[0], args[1]] };
                    fact(Eq, &sorted, false);
                    fact(Ne, &sorted, true);
                }
            }
            _ => {}
        }
        let is_tested = match (data.op, holds) {
            (Eqz, false) => Some(args[0]),
            (Ne, true) | (Eq, false) if self.is_null(args[1]) => Some(args[0]),
            _ => None,
        };
        // Not null, not zero: no check is needed.
        if let Some(value) = is_tested {
            let op = match self.func.ty(value) {
                Ty::Ptr => NilCheck,
                _ => DivCheck,
            };
            self.insert(Key::new(op, None, 0, &[value]), Known::Inst(inst));
        }
        if holds && self.func.ty(cond) == Ty::I32 {
            self.insert(Key::new(DivCheck, None, 0, &[cond]), Known::Inst(inst));
        }
    }

    fn is_null(&self, value: Value) -> bool {
        let ValueDef::Result(inst, _) = self.func.values[value].def else { return false };
        self.func.insts[inst].op == Opcode::Const && self.func.insts[inst].imm == 0
    }

    fn known_truth(&self, cond: Value) -> Option<bool> {
        match self.table.get(&truth_key(cond)) {
            Some(Known::Bits(bits)) => Some(*bits != 0),
            _ => None,
        }
    }
}

/// Stands for "the value is not zero"; no instruction has this key.
fn truth_key(cond: Value) -> Key {
    Key::new(Opcode::KeepAlive, None, 0, &[cond])
}
