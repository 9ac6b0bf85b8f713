//! Which values stay on wasm's stack.
//!
//! Instructions become trees: one whose only use comes later in its block is computed right where it is used, if no
//! instruction that must not be overtaken lies between. One with more uses is computed where it is used first and kept
//! with `local.tee`. Everything else gets a local. Constants and addresses are made anew for each use.
//!
//! ```text
//! v3 = load.i64 v0           local.get v0
//! v4 = add.i64 v3, v1   ==>  i64.load
//! store v2, v4               ...
//! ```
//!
//! Goes through a block once. Results that may still become part of a tree wait in a list, in the order in which they
//! would be computed. An instruction takes operands from there if that lets nothing pass what it must not pass, neither
//! other operands nor what goes on waiting. An instruction that becomes a statement first *settles* what waits and must not come
//! behind it: that gets a local. So the list's order is always one in which everything could be computed.
//!
//! What must not pass what is said by [`Hazards`], which are finer than the opcodes' effects; above all nothing that
//! yields or reads through a pointer changes places with a collection, because [`roots`](crate::roots) decided for this
//! order which pointers a collection must find.

use crate::instructions::{is_rematerialized, is_repeated, operand_order};
use crate::prepare::Body;
use crate::roots::collects;
use crate::unit::Unit;
use base::SideTable;
use ir::{Block, Effects, Inst, Opcode, Terminator, Ty, Value};
use smallvec::SmallVec;

/// How an operand gets onto the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Computed here, its only use.
    Fold,
    /// Computed here and kept in its local.
    Tee,
    /// From its local.
    Get,
    /// Made anew.
    Again,
}

/// Who has operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consumer {
    Inst(Inst),
    /// A block's terminator: its condition, or the values that it returns or passes on.
    Terminator(Block),
}

pub struct Stacked {
    /// The instructions that are not part of others, in the order of execution.
    pub statements: SideTable<Block, Vec<Inst>>,
    pub has_local: SideTable<Value, bool>,
    modes: Vec<Mode>,
    inst_modes: SideTable<Inst, u32>,
    terminator_modes: SideTable<Block, u32>,
}

impl Stacked {
    /// The mode of a consumer's operand.
    pub fn mode(&self, consumer: Consumer, index: usize) -> Mode {
        let start = match consumer {
            Consumer::Inst(inst) => self.inst_modes[inst],
            Consumer::Terminator(block) => self.terminator_modes[block],
        };
        self.modes[start as usize + index]
    }
}

/// What a terminator has as operands, in the order of wasm's stack.
pub fn terminator_operands(body: &Body, block: Block) -> SmallVec<[Value; 4]> {
    let term = &body.func.blocks[block].term;
    if let Terminator::Jump(_) = term {
        return SmallVec::from_slice(body.moves(block).1);
    }
    let (value, list) = term.operands();
    value.into_iter().chain(body.func.values_of(list).iter().copied()).collect()
}

/// Deeper trees are cut, so that walks over them may recurse.
const MAX_DEPTH: u32 = 100;
/// The most that waits at a time: this keeps the search for operands linear.
const MAX_WAITING: usize = 48;

/// Reasons to keep an order.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Hazards(u8);

impl Hazards {
    const READ: Hazards = Hazards(1);
    const WRITE: Hazards = Hazards(2);
    const PANIC: Hazards = Hazards(4);
    const COLLECT: Hazards = Hazards(8);
    /// Yields a pointer.
    const POINTER: Hazards = Hazards(16);
    /// Stores a pointer where a collection finds it.
    const SPILL: Hazards = Hazards(32);
    const PINNED: Hazards = Hazards(64);

    fn union(self, other: Hazards) -> Hazards {
        Hazards(self.0 | other.0)
    }

    /// Whether two instructions must keep their order.
    fn conflict(self, other: Hazards) -> bool {
        let one_way = |a: Hazards, b: Hazards| {
            let has = |hazard: Hazards| a.0 & hazard.0 != 0;
            let others = |hazards: u8| b.0 & hazards != 0;
            has(Hazards::WRITE) && others(Hazards::READ.0 | Hazards::WRITE.0 | Hazards::PANIC.0)
                || has(Hazards::PANIC) && others(Hazards::PANIC.0)
                || has(Hazards::PINNED) && others(Hazards::PINNED.0 | Hazards::PANIC.0)
                || has(Hazards::COLLECT)
                    && others(
                        Hazards::COLLECT.0
                            | Hazards::READ.0
                            | Hazards::POINTER.0
                            | Hazards::SPILL.0
                            | Hazards::PINNED.0,
                    )
        };
        one_way(self, other) || one_way(other, self)
    }
}

/// A result that may become part of a tree.
struct Waiting {
    inst: Inst,
    value: Value,
    hazards: Hazards,
    depth: u32,
    /// Values that computing it puts into their locals.
    tees: SmallVec<[Value; 2]>,
}

/// What taking operands gave.
#[derive(Default)]
struct Taken {
    hazards: Hazards,
    depth: u32,
    tees: SmallVec<[Value; 2]>,
}

struct Stackify<'a> {
    unit: &'a Unit<'a>,
    body: &'a Body,
    out: Stacked,
    /// How often each value is used, at most 2.
    uses: SideTable<Value, u8>,
    /// Used in the block that defines it.
    used_at_home: SideTable<Value, bool>,
    waiting: Vec<Waiting>,
    statements: Vec<Inst>,
}

pub fn stackify(unit: &Unit, body: &Body) -> Stacked {
    let mut pass = Stackify {
        unit,
        body,
        out: Stacked {
            statements: SideTable::with_len(body.func.blocks.len()),
            has_local: SideTable::with_len(body.func.values.len()),
            modes: Vec::new(),
            inst_modes: SideTable::with_len(body.func.insts.len()),
            terminator_modes: SideTable::with_len(body.func.blocks.len()),
        },
        uses: SideTable::with_len(body.func.values.len()),
        used_at_home: SideTable::with_len(body.func.values.len()),
        waiting: Vec::new(),
        statements: Vec::new(),
    };
    pass.count_uses();
    for &block in body.blocks() {
        pass.block(block);
    }
    pass.out
}

impl Stackify<'_> {
    fn count_uses(&mut self) {
        let mut homes: SideTable<Value, Option<Block>> = SideTable::with_len(self.body.func.values.len());
        for &block in self.body.blocks() {
            for &inst in &self.body.func.blocks[block].insts {
                self.body.func.results(inst).iter().for_each(|&result| homes[result] = Some(block));
            }
        }
        for &block in self.body.blocks() {
            let mut count = |value: Value| {
                self.uses[value] = (self.uses[value] + 1).min(2);
                self.used_at_home[value] |= homes[value] == Some(block);
            };
            for &inst in &self.body.func.blocks[block].insts {
                self.body.func.args(inst).iter().copied().for_each(&mut count);
            }
            terminator_operands(self.body, block).into_iter().for_each(&mut count);
        }
        // Addresses of slots are made from it.
        if let Some((record, _)) = self.body.record {
            self.uses[record] = 2;
        }
    }

    fn block(&mut self, block: Block) {
        let body = self.body;
        for &inst in &body.func.blocks[block].insts {
            let op = body.func.insts[inst].op;
            if is_rematerialized(op) {
                continue;
            }
            let args: SmallVec<[Value; 8]> = SmallVec::from_slice(body.func.args(inst));
            let start = self.reserve(args.len());
            self.out.inst_modes[inst] = start;
            let order = operand_order(op, args.len());
            let repeated = |index: usize| is_repeated(self.unit, body, inst, index);
            let repeated: SmallVec<[bool; 8]> = (0..args.len()).map(repeated).collect();
            let taken = self.take(&args, &order, &repeated, start);
            let hazards = taken.hazards.union(self.hazards(inst));
            match *body.func.results(inst) {
                [value] if self.used_at_home[value] => {
                    if self.waiting.len() == MAX_WAITING {
                        self.settle(&[0]);
                    }
                    let Taken { depth, tees, .. } = taken;
                    self.waiting.push(Waiting { inst, value, hazards, depth: depth + 1, tees });
                }
                ref results => {
                    for &result in results {
                        self.out.has_local[result] = self.uses[result] > 0;
                    }
                    self.settle_before(hazards);
                    self.statements.push(inst);
                }
            }
        }
        let args = terminator_operands(body, block);
        let start = self.reserve(args.len());
        self.out.terminator_modes[block] = start;
        let order: SmallVec<[usize; 8]> = (0..args.len()).collect();
        self.take(&args, &order, &[], start);
        // All uses came, so nothing waits but what lost its place.
        let rest: Vec<usize> = (0..self.waiting.len()).collect();
        self.settle(&rest);
        self.out.statements[block] = std::mem::take(&mut self.statements);
    }

    /// Room for the modes of a consumer.
    fn reserve(&mut self, count: usize) -> u32 {
        let start = self.out.modes.len();
        self.out.modes.resize(start + count, Mode::Get);
        start as u32
    }

    fn hazards(&self, inst: Inst) -> Hazards {
        let mut hazards = Hazards::default();
        let mut add = |condition: bool, hazard: Hazards| {
            if condition {
                hazards = hazards.union(hazard);
            }
        };
        if self.body.spills[inst] {
            return Hazards::SPILL;
        }
        let op = self.body.func.insts[inst].op;
        let effects = op.effects();
        add(effects.intersects(Effects::READ), Hazards::READ);
        add(effects.intersects(Effects::WRITE), Hazards::WRITE);
        add(effects.intersects(Effects::PANIC), Hazards::PANIC);
        add(effects.intersects(Effects::PINNED), Hazards::PINNED);
        // An allocation may end in a panic of the runtime.
        add(matches!(op, Opcode::New | Opcode::NewArray), Hazards::PANIC);
        add(collects(self.unit, self.body, inst), Hazards::COLLECT);
        let yields_pointer = self.body.func.results(inst).iter().any(|&result| self.body.func.ty(result) == Ty::Ptr);
        add(yields_pointer, Hazards::POINTER);
        hazards
    }

    /// Decides about the operands of a consumer: takes those that may be computed for it, settles those that wait and
    /// cannot.
    fn take(&mut self, args: &[Value], order: &[usize], repeated: &[bool], start: u32) -> Taken {
        self.settle_tees(args, order);
        // From the last operand to the first, so that `taken` are those that are computed later.
        let mut taken: SmallVec<[(usize, usize); 8]> = SmallVec::new(); // place, operand
        let mut refused: SmallVec<[usize; 8]> = SmallVec::new();
        for (position, &index) in order.iter().enumerate().rev() {
            let value = args[index];
            if self.body.is_rematerialized(value) {
                self.out.modes[start as usize + index] = Mode::Again;
                continue;
            }
            let Some(place) = self.waiting.iter().rposition(|waiting| waiting.value == value) else { continue };
            // Computed for the first of equal operands.
            if order[..position].iter().any(|&other| args[other] == value) {
                continue;
            }
            let waiting = &self.waiting[place];
            // It must not pass what stays behind it in the list, nor be passed by what is computed later.
            let is_passed = |other: usize| taken.iter().any(|&(place, _)| place == other) == (other < place);
            let conflicts = |other: usize| {
                other != place && is_passed(other) && waiting.hazards.conflict(self.waiting[other].hazards)
            };
            if waiting.depth < MAX_DEPTH && !(0..self.waiting.len()).any(conflicts) {
                taken.push((place, index));
            } else {
                refused.push(place);
            }
        }
        // What is settled pulls along what it must not overtake, perhaps some that were taken.
        let settled = self.with_predecessors(&refused);
        taken.retain(|(place, _)| !settled.contains(place));
        let mut result = Taken::default();
        for &(place, index) in taken.iter().rev() {
            let waiting = &mut self.waiting[place];
            result.hazards = result.hazards.union(waiting.hazards);
            result.depth = result.depth.max(waiting.depth);
            result.tees.append(&mut waiting.tees);
            let value = waiting.value;
            let is_only_use = self.uses[value] == 1 && !repeated.get(index).copied().unwrap_or_default();
            self.out.modes[start as usize + index] = if is_only_use { Mode::Fold } else { Mode::Tee };
            if !is_only_use {
                self.out.has_local[value] = true;
                result.tees.push(value);
            }
        }
        let mut place = 0;
        self.waiting.retain(|waiting| {
            let is_taken = taken.iter().any(|&(taken, _)| taken == place);
            place += 1;
            if !is_taken && settled.contains(&(place - 1)) {
                self.out.has_local[waiting.value] = true;
                self.statements.push(waiting.inst);
                return false;
            }
            !is_taken
        });
        result
    }

    /// An operand may be in a local that a waiting tree sets. The tree is settled, unless it is computed for an operand
    /// that comes before.
    fn settle_tees(&mut self, args: &[Value], order: &[usize]) {
        let mut settled: SmallVec<[usize; 4]> = SmallVec::new();
        for (position, &index) in order.iter().enumerate() {
            let value = args[index];
            let Some(place) = self.waiting.iter().position(|waiting| waiting.tees.contains(&value)) else { continue };
            let tree = self.waiting[place].value;
            if !order[..position].iter().any(|&other| args[other] == tree) {
                settled.push(place);
            }
        }
        self.settle(&settled);
    }

    /// Makes statements of what waits and must come before something with these hazards.
    fn settle_before(&mut self, hazards: Hazards) {
        let conflicts = |place: &usize| self.waiting[*place].hazards.conflict(hazards);
        let settled: SmallVec<[usize; 8]> = (0..self.waiting.len()).filter(conflicts).collect();
        self.settle(&settled);
    }

    fn settle(&mut self, places: &[usize]) {
        if places.is_empty() {
            return;
        }
        let settled = self.with_predecessors(places);
        let mut place = 0;
        self.waiting.retain(|waiting| {
            place += 1;
            let is_settled = settled.contains(&(place - 1));
            if is_settled {
                self.out.has_local[waiting.value] = true;
                self.statements.push(waiting.inst);
            }
            !is_settled
        });
    }

    /// The places, and those before them that they must not overtake.
    fn with_predecessors(&self, places: &[usize]) -> SmallVec<[usize; 8]> {
        let mut all: SmallVec<[usize; 8]> = SmallVec::new();
        let Some(&last) = places.iter().max() else { return all };
        for place in (0..=last).rev() {
            let hazards = self.waiting[place].hazards;
            let is_pulled = |&later: &usize| later > place && hazards.conflict(self.waiting[later].hazards);
            if places.contains(&place) || all.iter().any(is_pulled) {
                all.push(place);
            }
        }
        all
    }
}
