//! Keeps in memory what too many points would save.
//!
//! A point saves what is live behind it, and both forms of the function have code for that, and the resume form code
//! that loads it again. That is right for most functions: values stay in locals, and only who parks pays. But a `main`
//! of n variables, each printed later, has n points with n live values. So where a function's points together save much,
//! the values that most of it is due to get slots of the record: written once, behind the definition, and read where
//! they are used.
//!
//! ```text
//! v5 = call f()               v5 = call f()
//! ; 500 points, that all      store slot7, v5
//! ; save and load v5          ; 500 points
//! v6 = add v5, v1             v7 = load slot7
//!                             v6 = add v7, v1
//! ```
//!
//! **Reads.** A use in the block of the definition takes the value itself, for no point lies between. Elsewhere one load
//! serves all that is reached from it through blocks with one predecessor and no point. A loop without points reads in
//! front of it, not inside.
//!
//! **Collection.** The collector scans the whole record, so a pointer in it is found from its definition on, and too
//! long: until another value takes the slot, or the function returns. Where the function leads to calls by which the
//! program asks for a collection, slots are therefore cleared where their value dies, as
//! [`roots`](crate::roots) does with words of the shadow frame.
//!
//! Left alone are what the handler reads, which has a fixed place in all frames, and values that die soon: a value is
//! only demoted if that makes the code shorter. So what is left for points to save is linear in the function's size.

use super::split::{Point, Uses, def};
use crate::liveness::{Live, Walker};
use crate::roots::forces;
use crate::unit::Unit;
use base::{EntityId, SideTable};
use ir::function::SlotData;
use ir::{Block, Dominators, Function, Inst, Loops, Opcode, Slot, Terminator, Ty, Value, ValueList};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Functions whose points save fewer values, all in all, are left alone. A value at a point takes 20 bytes in both forms
/// together, so this is some 40 KB of code. The most in net/http with all it reaches is 1,215, the next 538.
const LARGE: u32 = 2000;
/// A value is demoted if this many points save it for each load, and its store.
const POINTS_PER_LOAD: u32 = 4;
/// Values at more points than these are not followed further.
const FAR: u32 = 1000;
/// Nor values in more blocks.
const MANY_BLOCKS: u32 = 8 * FAR;
/// How far to look for an earlier load.
const MAX_CHAIN: u32 = 16;

/// Whether there was something to do.
pub fn demote(unit: &Unit, func: &mut Function, blocks: &[Block], points: &[Point], uses: &Uses) -> bool {
    let mut found = find(func, blocks, points, uses);
    if found.iter().map(|value| value.points).sum::<u32>() < LARGE {
        return false;
    }
    found.retain(|value| value.points >= POINTS_PER_LOAD * (1 + uses.blocks[value.value].len() as u32));
    if found.is_empty() {
        return false;
    }
    let slots = add_slots(func, &found);
    let forced = leads_to_forcing(unit, func, blocks, uses);
    let mut edits = Edits::default();
    let places = Places::of(func, blocks, points, uses);
    for (found, &slot) in found.iter().zip(&slots) {
        edits.store(func, found, slot);
        edits.load(func, &places, found, slot);
        if let Some(forced) = &forced
            && func.ty(found.value) == Ty::Ptr
        {
            edits.clear(func, uses, found, slot, forced);
        }
    }
    edits.apply(func, blocks);
    true
}

/// The blocks from which the function may come to a call by which the program asks for a collection; none if there is
/// no such call.
fn leads_to_forcing(unit: &Unit, func: &Function, blocks: &[Block], uses: &Uses) -> Option<SideTable<Block, bool>> {
    let has_call = |block: &Block| {
        let insts = &func.blocks[*block].insts;
        insts.iter().any(|&inst| forces(unit, &func.insts[inst]))
    };
    let mut pending: Vec<Block> = blocks.iter().copied().filter(has_call).collect();
    if pending.is_empty() {
        return None;
    }
    let handler = blocks.iter().find_map(|&block| func.blocks[block].handler);
    let mut leads: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
    while let Some(block) = pending.pop() {
        if std::mem::replace(&mut leads[block], true) {
            continue;
        }
        pending.extend(&uses.flow[block]);
        if Some(block) == handler {
            // A block may be left anywhere for it.
            pending.extend(blocks.iter().copied().filter(|&from| func.blocks[from].handler == handler));
        }
    }
    Some(leads)
}

/// A value that points save.
struct Found {
    value: Value,
    /// Where it is defined; for results of a point, the block behind it.
    home: Block,
    /// It is there when its home starts.
    is_there: bool,
    /// How many points save it, or more than `FAR`.
    points: u32,
    /// The first and last block where it is live, in reverse postorder; none if it is live in very many.
    range: Option<(u32, u32)>,
}

fn find(func: &Function, blocks: &[Block], points: &[Point], uses: &Uses) -> Vec<Found> {
    let mut numbers: SideTable<Block, u32> = SideTable::with_len(func.blocks.len());
    for (number, &block) in blocks.iter().enumerate() {
        numbers[block] = number as u32;
    }
    let mut follows_point: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
    let mut point_of: FxHashMap<Inst, &Point> = FxHashMap::default();
    for point in points {
        follows_point[point.next] = true;
        point_of.insert(point.call, point);
    }
    let handled = behind_handler(func, blocks);
    let mut walker = Walker::new(&uses.flow);
    let mut found = Vec::new();
    for value in func.values.ids() {
        let Some(mut home) = uses.saved(func, value) else { continue };
        let used_in = &uses.blocks[value];
        if !handled[home] && used_in.iter().any(|&block| handled[block]) {
            continue;
        }
        let point = def(func, value).and_then(|inst| point_of.get(&inst));
        if let Some(point) = point {
            home = point.next;
        }
        let (mut saved, mut visited) = (0, 0);
        let mut range = (numbers[home], numbers[home]);
        walker.walk_while(home, used_in.iter().copied(), |block, live| {
            visited += 1;
            saved += u32::from(live == Live::AtStart && follows_point[block]);
            range = (range.0.min(numbers[block]), range.1.max(numbers[block]));
            saved <= FAR && visited <= MANY_BLOCKS
        });
        if saved > 0 {
            let is_there = point.is_some() || def(func, value).is_none();
            let range = (saved <= FAR && visited <= MANY_BLOCKS).then_some(range);
            found.push(Found { value, home, is_there, points: saved, range });
        }
    }
    found
}

/// The blocks that are reached from the handler.
fn behind_handler(func: &Function, blocks: &[Block]) -> SideTable<Block, bool> {
    let mut behind: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
    let mut pending: Vec<Block> = blocks.iter().find_map(|&block| func.blocks[block].handler).into_iter().collect();
    while let Some(block) = pending.pop() {
        if !std::mem::replace(&mut behind[block], true) {
            pending.extend(func.successors(block));
        }
    }
    behind
}

/// A slot for each value; values that are not live in the same blocks may share one.
fn add_slots(func: &mut Function, found: &[Found]) -> Vec<Slot> {
    // Slots for pointers are for these alone: the collector would take other things in them for pointers.
    let class = |ty: Ty| (ty.size(), ty == Ty::Ptr);
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&index| found[index].range); // stable
    let mut slots = vec![None; found.len()];
    let mut active: BinaryHeap<Reverse<(u32, Slot)>> = BinaryHeap::new();
    let mut free: FxHashMap<(u32, bool), Vec<Slot>> = FxHashMap::default();
    let mut classes: SideTable<Slot, (u32, bool)> = SideTable::new();
    for index in order {
        let Found { value, range, .. } = found[index];
        let class = class(func.ty(value));
        while let Some(&Reverse((end, slot))) = active.peek()
            && range.is_some_and(|(start, _)| end < start)
        {
            active.pop();
            free.entry(classes[slot]).or_default().push(slot);
        }
        let known = range.and_then(|_| free.get_mut(&class)?.pop());
        let slot = known.unwrap_or_else(|| func.slots.push(SlotData { size: class.0, align: class.0, layout: None }));
        classes[slot] = class;
        if let Some((_, end)) = range {
            active.push(Reverse((end, slot)));
        }
        slots[index] = Some(slot);
    }
    slots.into_iter().flatten().collect()
}

/// What decides where loads stand.
struct Places<'a> {
    uses: &'a Uses,
    dominators: Dominators,
    loops: Loops,
    /// Headers of loops with points.
    has_point: SideTable<Block, bool>,
    /// The only predecessor, if there is no point between.
    parents: SideTable<Block, Option<Block>>,
}

impl Places<'_> {
    fn of<'a>(func: &Function, blocks: &[Block], points: &[Point], uses: &'a Uses) -> Places<'a> {
        let dominators = Dominators::of(func);
        let loops = Loops::of(func, &dominators);
        let mut has_point: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
        let mut parents: SideTable<Block, Option<Block>> = SideTable::with_len(func.blocks.len());
        for &block in blocks {
            if let [parent] = uses.flow[block][..] {
                parents[block] = Some(parent);
            }
        }
        for point in points {
            parents[point.next] = None;
            let mut around = loops.innermost(point.block);
            while let Some(header) = around
                && !std::mem::replace(&mut has_point[header], true)
            {
                around = loops.parent(header);
            }
        }
        Places { uses, dominators, loops, has_point, parents }
    }

    /// The block in which to load for a use: its own, or one in front of loops around it.
    fn in_front(&self, home: Block, block: Block) -> Block {
        let mut at = block;
        while let Some(outermost) = self.loops.left(at, home) {
            let mut around = self.loops.innermost(at);
            let mut widest = None;
            while let Some(header) = around
                && !self.has_point[header]
            {
                widest = Some(header);
                around = if header == outermost { None } else { self.loops.parent(header) };
            }
            let Some(header) = widest else { break };
            let mut entries = self.uses.flow[header].iter().filter(|&&from| !self.dominators.dominates(header, from));
            let (Some(&entry), None) = (entries.next(), entries.next()) else { break };
            at = entry;
        }
        at
    }
}

/// What is to be put into the function.
#[derive(Default)]
struct Edits {
    /// At blocks' starts: first, what clears slots, then what fills them.
    cleared: SideTable<Block, Vec<Inst>>,
    stored: SideTable<Block, Vec<Inst>>,
    /// Behind instructions.
    after: FxHashMap<Inst, Vec<Inst>>,
    /// In front of the first use of a value in a block.
    first: FxHashMap<(Block, Value), Vec<Inst>>,
    /// At blocks' ends.
    last: SideTable<Block, Vec<Inst>>,
    /// What blocks use in place of a value.
    instead: FxHashMap<(Block, Value), Value>,
}

impl Edits {
    fn store(&mut self, func: &mut Function, found: &Found, slot: Slot) {
        let insts = store(func, slot, found.value);
        match def(func, found.value) {
            Some(inst) if !found.is_there => self.after.entry(inst).or_default().extend(insts),
            _ => self.stored[found.home].extend(insts),
        }
    }

    fn load(&mut self, func: &mut Function, places: &Places, found: &Found, slot: Slot) {
        // What there is at the ends of blocks, and in those of uses.
        let mut known: FxHashMap<Block, Value> = FxHashMap::default();
        known.insert(found.home, found.value);
        for &block in &places.uses.blocks[found.value] {
            let at = places.in_front(found.home, block);
            let mut above = Some(at);
            let mut steps = 0;
            let mut value = None;
            while let Some(block) = above
                && value.is_none()
                && steps < MAX_CHAIN
            {
                value = known.get(&block).copied();
                above = places.parents[block];
                steps += 1;
            }
            let value = value.unwrap_or_else(|| {
                let [address, load] = load(func, slot, func.ty(found.value));
                let place = match at == block {
                    true => self.first.entry((block, found.value)).or_default(),
                    false => &mut self.last[at],
                };
                place.extend([address, load]);
                func.results(load)[0]
            });
            known.insert(at, value);
            if value != found.value {
                self.instead.insert((block, found.value), value);
            }
        }
    }

    /// Clears the slot where the value dies: in blocks that use it last, and at the ends of edges behind which nobody
    /// reads it; there only if a collection may be `forced` from there on.
    fn clear(&mut self, func: &mut Function, uses: &Uses, found: &Found, slot: Slot, forced: &SideTable<Block, bool>) {
        let value = found.value;
        let (mut at_start, mut at_end) = (FxHashSet::default(), FxHashSet::default());
        let mut live: Vec<Block> = Vec::new();
        Walker::new(&uses.flow).walk(found.home, uses.blocks[value].iter().copied(), |block, end| {
            let blocks = if end == Live::AtStart { &mut at_start } else { &mut at_end };
            if blocks.insert(block) {
                live.push(block);
            }
        });
        let mut cleared = FxHashSet::default();
        for block in live {
            if !at_end.contains(&block) {
                if !forced[block] {
                    continue;
                }
                let null = null(func, slot);
                match self.first.get_mut(&(block, value)) {
                    Some(insts) => insts.extend(null),
                    None => self.cleared[block].extend(null),
                }
                continue;
            }
            for next in func.successors(block) {
                if forced[next] && !at_start.contains(&next) && cleared.insert(next) {
                    let null = null(func, slot);
                    self.cleared[next].extend(null);
                }
            }
        }
    }

    fn apply(mut self, func: &mut Function, blocks: &[Block]) {
        for &block in blocks {
            let old = std::mem::take(&mut func.blocks[block].insts);
            let mut insts = std::mem::take(&mut self.cleared[block]);
            insts.append(&mut self.stored[block]);
            for inst in old {
                func.insts[inst].args = self.list(func, block, func.insts[inst].args, &mut insts);
                insts.push(inst);
                insts.append(&mut self.after.remove(&inst).unwrap_or_default());
            }
            let mut term = std::mem::take(&mut func.blocks[block].term);
            match &mut term {
                Terminator::Branch { cond: value, .. } | Terminator::Switch { value, .. } => {
                    *value = self.value(block, *value, &mut insts);
                }
                Terminator::Return(list) | Terminator::TailCall { args: list, .. } => {
                    *list = self.list(func, block, *list, &mut insts);
                }
                Terminator::Jump(_) | Terminator::Unreachable => {}
            }
            for target in term.targets_mut() {
                target.args = self.list(func, block, target.args, &mut insts);
            }
            func.blocks[block].term = term;
            insts.append(&mut self.last[block]);
            func.blocks[block].insts = insts;
        }
    }

    /// What a block uses in place of a list of values. Lists may be shared, so it is another one.
    fn list(&mut self, func: &mut Function, block: Block, list: ValueList, insts: &mut Vec<Inst>) -> ValueList {
        let old: SmallVec<[Value; 8]> = SmallVec::from_slice(func.values_of(list));
        let new: SmallVec<[Value; 8]> = old.iter().map(|&value| self.value(block, value, insts)).collect();
        if old == new { list } else { func.list(&new) }
    }

    /// What a block uses in place of a value; loads it if it is the first.
    fn value(&mut self, block: Block, value: Value, insts: &mut Vec<Inst>) -> Value {
        let Some(&instead) = self.instead.get(&(block, value)) else { return value };
        insts.append(&mut self.first.remove(&(block, value)).unwrap_or_default());
        instead
    }
}

fn slot_address(func: &mut Function, slot: Slot) -> Inst {
    func.add_inst(Opcode::SlotAddr, &[], slot.index() as u64, &[Ty::Ptr], None)
}

fn store(func: &mut Function, slot: Slot, value: Value) -> [Inst; 2] {
    let address = slot_address(func, slot);
    let base = func.results(address)[0];
    // Pointers are stored as four bytes.
    [address, func.add_inst(Opcode::Store, &[base, value], 0, &[], None)]
}

fn load(func: &mut Function, slot: Slot, ty: Ty) -> [Inst; 2] {
    let address = slot_address(func, slot);
    let base = func.results(address)[0];
    [address, func.add_inst(Opcode::Load, &[base], 0, &[ty], None)]
}

/// Stores a null pointer.
fn null(func: &mut Function, slot: Slot) -> [Inst; 3] {
    let null = func.add_inst(Opcode::Const, &[], 0, &[Ty::Ptr], None);
    let [address, store] = store(func, slot, func.results(null)[0]);
    [null, address, store]
}
