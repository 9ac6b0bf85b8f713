//! Checks that cannot fail go, and comparisons whose outcome is known become constants.
//!
//! A walk over the dominator tree carries along what is known: the range of each number, differences between numbers
//! ([`facts`]), pointers that are not nil. It learns from definitions, from the branch that leads to a block, and from
//! checks that were passed.
//!
//! ```text
//! block1(i):                       i goes up from 0: i >= 0      (loops.rs)
//!   c = lt_s i, n
//!   branch c, block2, block3
//! block2:                          i <= n - 1
//!   bounds index, i, n             n is a length, so n >= 0: proved
//!   bounds index, j, n             from here on 0 <= j <= n - 1
//! ```
//!
//! **The second operand of `bounds` and `bounds_le` is never negative** where the check stands: lowering passes the length
//! or capacity of an existing string, slice or array there, or an index that was checked against one.
//!
//! A handler sees what is known before the blocks that name it, nothing of what they find out. Numbers are
//! mathematical integers: a sum is related to its terms only if it cannot have wrapped around.

mod facts;
mod induction;
mod ranges;

use crate::escape::{constant, definition};
use crate::pipeline::Context;
use base::SideTable;
use facts::{Facts, Range};
use ir::{
    Block, Dominators, FuncId, Function, Inst, Loops, Opcode, Order, Predecessors, Target, Terminator, Ty, Value,
};
use smallvec::SmallVec;

pub fn run(_: &Context, _: FuncId, func: &mut Function) {
    if !has_work(func) {
        return;
    }
    func.resolve_all();
    let dominators = Dominators::of(func);
    let predecessors = Predecessors::of(func, &dominators.order);
    let loops = Loops::of(func, &dominators);
    let base = ranges::of(func, &dominators.order);
    let mut homes = SideTable::with_len(func.insts.len());
    for &block in &dominators.order.blocks {
        func.blocks[block].insts.iter().for_each(|&inst| homes[inst] = Some(block));
    }
    let mut checker = Checker {
        homes,
        children: dominators.children(),
        facts: Facts::new(base),
        edits: SideTable::new(),
        func,
        dominators: &dominators,
        predecessors: &predecessors,
        loops: &loops,
    };
    checker.walk();
    let edits = checker.edits;
    apply(func, &dominators.order, &edits);
}

fn has_work(func: &Function) -> bool {
    let is_of_interest = |op: Opcode| {
        use Opcode::*;
        matches!(op, NilCheck | Bounds | BoundsLe | DivCheck | ShiftCheck | LtS | LtU | LeS | LeU | Eq | Ne | Eqz)
    };
    func.blocks.values().flat_map(|block| &block.insts).any(|&inst| is_of_interest(func.insts[inst].op))
}

/// What becomes of an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Edit {
    #[default]
    Keep,
    Remove,
    Known(bool),
}

fn apply(func: &mut Function, order: &Order, edits: &SideTable<Inst, Edit>) {
    for &block in &order.blocks {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        insts.retain(|&inst| edits[inst] != Edit::Remove);
        for &inst in &insts {
            if let Edit::Known(outcome) = edits[inst] {
                let data = &mut func.insts[inst];
                (data.op, data.args, data.imm) = (Opcode::Const, ir::ValueList::EMPTY, outcome.into());
            }
        }
        func.blocks[block].insts = insts;
    }
}

struct Checker<'a> {
    func: &'a Function,
    dominators: &'a Dominators,
    predecessors: &'a Predecessors,
    loops: &'a Loops,
    /// The block of each instruction.
    homes: SideTable<Inst, Option<Block>>,
    children: SideTable<Block, Vec<Block>>,
    facts: Facts,
    edits: SideTable<Inst, Edit>,
}

enum Step {
    Visit(Block),
    /// The block's own instructions, after the children that do not see their results.
    Body(Block),
    Undo(usize),
}

impl Checker<'_> {
    fn walk(&mut self) {
        let mut steps = vec![Step::Visit(self.func.entry())];
        while let Some(step) = steps.pop() {
            match step {
                Step::Undo(mark) => self.facts.undo(mark),
                Step::Visit(block) => {
                    steps.push(Step::Undo(self.facts.mark()));
                    steps.push(Step::Body(block));
                    self.enter(block);
                    let early = |&&child: &&Block| !self.dominators.results_reach(block, child);
                    steps.extend(self.children[block].iter().filter(early).map(|&child| Step::Visit(child)));
                }
                Step::Body(block) => {
                    for &inst in &self.func.blocks[block].insts {
                        self.inst(inst);
                    }
                    let late = |&&child: &&Block| self.dominators.results_reach(block, child);
                    steps.extend(self.children[block].iter().rev().filter(late).map(|&child| Step::Visit(child)));
                }
            }
        }
    }

    /// What the way into the block says.
    fn enter(&mut self, block: Block) {
        if let Some(from) = self.way_in(block) {
            self.edge(from, block);
        }
        if self.loops.is_header(block) {
            self.induction(block);
            return;
        }
        for (index, &param) in self.func.params(block).iter().enumerate() {
            if self.func.ty(param) == Ty::Ptr && block != self.func.entry() {
                let is_passed = |target: Target| {
                    let arg = self.func.values_of(target.args)[index];
                    arg == param || self.is_not_nil(arg)
                };
                let targets = self.edges_to(block);
                if !targets.is_empty() && targets.into_iter().all(is_passed) {
                    self.facts.set_not_nil(param);
                }
            }
        }
    }

    /// The jumps to a block.
    fn edges_to(&self, block: Block) -> SmallVec<[Target; 4]> {
        let mut froms: SmallVec<[Block; 4]> = SmallVec::from_slice(self.predecessors.get(block));
        froms.dedup();
        let targets = froms.iter().flat_map(|&from| self.func.blocks[from].term.targets());
        targets.filter(|target| target.block == block).collect()
    }

    fn edge(&mut self, from: Block, to: Block) {
        if let Some((cond, holds)) = self.branch(from, to) {
            match holds {
                true => self.facts.set_not_zero(cond),
                false => self.facts.refine(cond, Range::of(0)),
            }
            return self.learn(cond, holds, 0);
        }
        match &self.func.blocks[from].term {
            Terminator::Switch { value, targets, default } if default.block != to => {
                let mut matching = targets.iter().enumerate().filter(|(_, target)| target.block == to);
                if let (Some((index, _)), None) = (matching.next(), matching.next()) {
                    self.facts.refine(*value, Range { low: index as i64, high: index as i64 });
                }
            }
            _ => {}
        }
    }

    /// The only block from which a block is entered. Jumps back to a header do not count: what was known when the loop
    /// was entered is about values from outside, which stay as they are.
    fn way_in(&self, block: Block) -> Option<Block> {
        let mut ways =
            self.predecessors.get(block).iter().copied().filter(|&from| !self.dominators.dominates(block, from));
        let from = ways.next()?;
        ways.next().is_none().then_some(from)
    }

    /// The condition under which the only way into a block is gone, and whether it holds then.
    fn branch(&self, from: Block, to: Block) -> Option<(Value, bool)> {
        let Terminator::Branch { cond, then, els, .. } = &self.func.blocks[from].term else { return None };
        let is_one = (then.block == to) != (els.block == to);
        is_one.then_some((*cond, then.block == to))
    }

    /// A condition holds, or does not.
    fn learn(&mut self, cond: Value, holds: bool, depth: u32) {
        const MAX_DEPTH: u32 = 8;
        let ir::ValueDef::Result(inst, _) = self.func.values[cond].def else { return };
        let op = self.func.insts[inst].op;
        let args = self.func.args(inst);
        if depth > MAX_DEPTH {
            return;
        }
        use Opcode::*;
        match (op, holds) {
            (Eqz, _) if self.func.ty(args[0]) == Ty::Ptr && !holds => {
                self.facts.set_not_nil(args[0]);
            }
            (Eqz, _) => {
                if holds {
                    self.facts.refine(args[0], Range::of(0));
                } else {
                    self.facts.set_not_zero(args[0]);
                }
                self.learn(args[0], !holds, depth + 1);
            }
            (And, true) | (Or, false) => {
                // Of truth values: other numbers say nothing about their bits.
                for &arg in args {
                    if self.facts.range(arg).is_within(Range { low: 0, high: 1 }) {
                        self.learn(arg, holds, depth + 1);
                    }
                }
            }
            (LtS, true) => self.facts.add(args[0], args[1], -1),
            (LtS, false) => self.facts.add(args[1], args[0], 0),
            (LeS, true) => self.facts.add(args[0], args[1], 0),
            (LeS, false) => self.facts.add(args[1], args[0], -1),
            (LtU | LeU, _) if self.func.ty(args[0]) != Ty::Ptr => {
                // a < b; or b <= a, which is the other way round.
                let (a, b, distance) = match (op, holds) {
                    (LtU, true) => (args[0], args[1], -1),
                    (LtU, false) => (args[1], args[0], 0),
                    (LeU, true) => (args[0], args[1], 0),
                    _ => (args[1], args[0], -1),
                };
                self.unsigned(a, b, distance);
            }
            (Eq, true) | (Ne, false) if self.func.ty(args[0]) != Ty::Ptr => {
                self.facts.add(args[0], args[1], 0);
                self.facts.add(args[1], args[0], 0);
            }
            (Eq, false) | (Ne, true) if self.func.ty(args[0]) == Ty::Ptr => {
                for (value, other) in [(args[0], args[1]), (args[1], args[0])] {
                    if constant(self.func, other) == Some(0) {
                        self.facts.set_not_nil(value);
                    }
                }
            }
            (Eq, false) | (Ne, true) => {
                for (value, other) in [(args[0], args[1]), (args[1], args[0])] {
                    let other = self.facts.range(other);
                    if other.low == other.high {
                        self.facts.exclude(value, other.low);
                    }
                }
                // a <= b and not equal
                for (a, b) in [(args[0], args[1]), (args[1], args[0])] {
                    if self.facts.is_at_most(a, b, 0) {
                        self.facts.add(a, b, -1);
                    }
                }
            }
            _ => {}
        }
    }

    /// As unsigned numbers, `a <= b + distance`, without wrapping.
    fn unsigned(&mut self, a: Value, b: Value, distance: i64) {
        if self.facts.is_at_least(b, 0) {
            let most = self.facts.range(b).high;
            self.facts.refine(a, Range { low: 0, high: most.saturating_add(distance).max(0) });
            self.facts.add(a, b, distance);
        }
    }
}

/// Instructions.
impl Checker<'_> {
    fn inst(&mut self, inst: Inst) {
        use Opcode::*;
        let data = &self.func.insts[inst];
        let args = self.func.args(inst);
        match data.op {
            NilCheck => {
                if self.is_not_nil(args[0]) {
                    self.edits[inst] = Edit::Remove;
                }
                self.facts.set_not_nil(args[0]);
            }
            Bounds | BoundsLe => {
                let (index, len) = (args[0], args[1]);
                let distance = if data.op == Bounds { -1 } else { 0 };
                self.facts.refine(len, Range { low: 0, high: i64::MAX });
                if self.facts.is_at_least(index, 0) && self.facts.is_at_most(index, len, distance) {
                    self.edits[inst] = Edit::Remove;
                    return;
                }
                self.unsigned(index, len, distance);
            }
            DivCheck => {
                if self.facts.is_not_zero(args[0]) {
                    self.edits[inst] = Edit::Remove;
                }
                self.facts.set_not_zero(args[0]);
            }
            ShiftCheck => {
                if self.facts.is_at_least(args[0], 0) {
                    self.edits[inst] = Edit::Remove;
                }
                self.facts.refine(args[0], Range { low: 0, high: i64::MAX });
            }
            Eqz | Eq | Ne | LtS | LeS | LtU | LeU => {
                if let Some(outcome) = self.outcome(data.op, args) {
                    self.edits[inst] = Edit::Known(outcome);
                }
            }
            _ => {
                let results = self.func.results(inst);
                if let (&[result], true) = (results, !args.is_empty())
                    && matches!(self.func.ty(result), Ty::I32 | Ty::I64)
                {
                    self.define(inst, result);
                }
            }
        }
    }

    fn is_not_nil(&self, value: Value) -> bool {
        const MAX_DEPTH: u32 = 8;
        self.is_not_nil_within(value, MAX_DEPTH)
    }

    fn is_not_nil_within(&self, value: Value, depth: u32) -> bool {
        use Opcode::*;
        if self.facts.is_not_nil(value) {
            return true;
        }
        let ir::ValueDef::Result(inst, _) = self.func.values[value].def else { return false };
        let Some(depth) = depth.checked_sub(1) else { return false };
        match self.func.insts[inst].op {
            SlotAddr | DataAddr | New | NewArray => true,
            // An address in an object: the object is there.
            PtrAdd => self.is_not_nil_within(self.func.args(inst)[0], depth),
            Select => self.func.args(inst)[1..].iter().all(|&arg| self.is_not_nil_within(arg, depth)),
            _ => false,
        }
    }

    /// What a comparison must give.
    fn outcome(&self, op: Opcode, args: &[Value]) -> Option<bool> {
        use Opcode::*;
        let facts = &self.facts;
        let a = args[0];
        if self.func.ty(a) == Ty::Ptr {
            let is_null = |value: Value| constant(self.func, value) == Some(0);
            let is_equal = match op {
                Eqz => self.is_not_nil(a).then_some(false)?,
                Eq | Ne if is_null(args[1]) => self.is_not_nil(a).then_some(false)?,
                Eq | Ne if is_null(a) => self.is_not_nil(args[1]).then_some(false)?,
                Eq | Ne if a == args[1] => true,
                _ => return None,
            };
            return Some(is_equal != (op == Ne));
        }
        if op == Eqz {
            return if facts.is_not_zero(a) { Some(false) } else { (facts.range(a) == Range::of(0)).then_some(true) };
        }
        let b = args[1];
        let known = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
        match op {
            Eq | Ne => {
                let differ = facts.is_at_most(a, b, -1) || facts.is_at_most(b, a, -1);
                let is_equal = known(facts.is_at_most(a, b, 0) && facts.is_at_most(b, a, 0), differ)?;
                Some(is_equal != (op == Ne))
            }
            LtS => known(facts.is_at_most(a, b, -1), facts.is_at_most(b, a, 0)),
            LeS => known(facts.is_at_most(a, b, 0), facts.is_at_most(b, a, -1)),
            _ => {
                let (low, high) = (facts.is_at_least(a, 0), facts.is_at_least(b, 0));
                let (less, more) = if op == LtU { (-1, 0) } else { (0, -1) };
                match (low, high) {
                    (true, true) => known(facts.is_at_most(a, b, less), facts.is_at_most(b, a, more)),
                    _ => None,
                }
            }
        }
    }

    /// A number comes to be: its range by what is known here, and how it is related to its operands.
    fn define(&mut self, inst: Inst, result: Value) {
        use Opcode::*;
        let func = self.func;
        let args = func.args(inst);
        let op = func.insts[inst].op;
        let range = ranges::result(func, inst, |value| self.facts.range(value));
        self.facts.refine(result, range);
        let ranges: SmallVec<[Range; 3]> = args.iter().map(|&arg| self.facts.range(arg)).collect();
        let width = Range::of_type(func.ty(result));
        match op {
            Add => {
                for (term, other) in [(0, 1), (1, 0)] {
                    if ranges[other].low == ranges[other].high
                        && ranges[0].plus(ranges[1]).is_some_and(|sum| sum.is_within(width))
                    {
                        self.equal(result, args[term], ranges[other].low);
                    }
                }
                if ranges[0].plus(ranges[1]).is_some_and(|sum| sum.is_within(width)) {
                    for (term, other) in [(0, 1), (1, 0)] {
                        if ranges[other].low >= 0 {
                            self.facts.add(args[term], result, 0);
                        }
                    }
                }
            }
            Sub => {
                let is_exact = ranges[0].minus(ranges[1]).is_some_and(|difference| difference.is_within(width));
                if ranges[1].low == ranges[1].high && is_exact {
                    self.equal(result, args[0], ranges[1].low.saturating_neg());
                } else if self.facts.is_at_least(args[1], 0) && self.facts.is_at_most(args[1], args[0], 0) {
                    let most = ranges[0].high;
                    let strict = self.facts.is_at_most(args[1], args[0], -1);
                    self.facts.refine(result, Range { low: strict.into(), high: most });
                    self.facts.add(result, args[0], -ranges[1].low.max(0));
                } else if is_exact && ranges[1].low >= 0 {
                    self.facts.add(result, args[0], 0);
                }
            }
            And => {
                for &arg in args {
                    if self.facts.is_at_least(arg, 0) {
                        self.facts.refine(result, Range { low: 0, high: self.facts.range(arg).high });
                        self.facts.add(result, arg, 0);
                    }
                }
            }
            RemU | RemS if self.facts.is_at_least(args[1], 1) && self.facts.is_at_least(args[0], 0) => {
                self.facts.refine(result, Range { low: 0, high: i64::MAX });
                self.facts.add(result, args[1], -1);
                self.facts.add(result, args[0], 0);
            }
            RemU if self.facts.is_at_least(args[1], 1) => {
                self.facts.refine(result, Range { low: 0, high: i64::MAX });
                self.facts.add(result, args[1], -1);
            }
            DivU | DivS if self.facts.is_at_least(args[1], 1) && self.facts.is_at_least(args[0], 0) => {
                self.facts.refine(result, Range { low: 0, high: i64::MAX });
                self.facts.add(result, args[0], 0);
            }
            ShrU | ShrS if self.facts.is_at_least(args[0], 0) => {
                self.facts.refine(result, Range { low: 0, high: i64::MAX });
                self.facts.add(result, args[0], 0);
            }
            ExtendS => self.equal(result, args[0], 0),
            ExtendU if ranges[0].low >= 0 => self.equal(result, args[0], 0),
            Wrap if ranges[0].is_within(Range::of_type(Ty::I32)) => self.equal(result, args[0], 0),
            Select => self.choose(result, args),
            _ => {}
        }
    }

    /// `a = b + distance`, which did not wrap.
    fn equal(&mut self, a: Value, b: Value, distance: i64) {
        if distance != i64::MIN {
            self.facts.add(a, b, distance);
            self.facts.add(b, a, -distance);
        }
    }

    /// `select a < b, a, b` is at most both, and its like.
    fn choose(&mut self, result: Value, args: &[Value]) {
        let &[cond, yes, no] = args else { return };
        if yes == no {
            return self.equal(result, yes, 0);
        }
        let compare = [Opcode::LtS, Opcode::LeS].iter().find_map(|&op| definition(self.func, cond, op));
        let mut bounds: SmallVec<[(Value, bool); 4]> = SmallVec::new();
        if let Some(compare) = compare {
            let compared = self.func.args(compare);
            if compared == [yes, no] {
                bounds.extend([(yes, true), (no, true)]);
            } else if compared == [no, yes] {
                bounds.extend([(yes, false), (no, false)]);
            }
        }
        // One of the two may be known to be the larger.
        for (value, other) in [(yes, no), (no, yes)] {
            if self.facts.is_at_most(value, other, 0) {
                bounds.extend([(other, true), (value, false)]);
            }
        }
        for (value, is_upper) in bounds {
            match is_upper {
                true => self.facts.add(result, value, 0),
                false => self.facts.add(value, result, 0),
            }
        }
    }
}
