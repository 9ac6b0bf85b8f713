//! The shadow frame: where a collection finds the pointers that a function holds, and where its slots are.
//!
//! wasm's locals cannot be scanned. So a pointer that is live across a call that may collect is stored once, right
//! after its definition, into a word of the frame. It is never loaded back: nothing moves. Pointers that are not live
//! at the same time share a word. What stays in such a word too long only keeps garbage alive; but before calls in which
//! the program itself may ask for a collection, words are cleared that hold nothing live, because finalizers, cleanups
//! and weak pointers tell.
//!
//! ```text
//! sp -> | call site | roots (4 bytes each) | slots with pointers | other slots | the caller's frame
//! ```
//!
//! The call site is there if frames say which call they are in ([`sites`](crate::sites)) and the function makes calls
//! that may walk the stack.
//!
//! Slots with pointers are zeroed when the frame is made, words for roots are not. Where the program itself may ask for a
//! collection the whole frame is zeroed: former frames have left pointers there. The frame is made where all paths to
//! what needs it go through: not at the entry of a function that often returns early, and never in a loop. Pointers that
//! were defined before are stored there. Making it means lowering the local that holds the stack pointer, nothing else;
//! nobody has to undo it, but for tail calls.

use crate::graph::allocator;
use crate::liveness::{Live, Walker, def_blocks};
use crate::needs::Needs;
use crate::prepare::Body;
use crate::runtime::RuntimeFunc;
use crate::unit::Unit;
use base::{EntityId, SideTable};
use ir::function::{SlotData, ValueDef};
use ir::{Block, FuncId, Inst, InstData, Opcode, Slot, Terminator, Ty, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The shadow frame of a function.
#[derive(Default)]
pub struct Frame {
    /// A multiple of 8; 0 if there is none.
    pub size: u32,
    /// Where it is made: in front of the block's instructions, or of everything if that is the entry.
    pub at: Option<Block>,
    offsets: SideTable<Slot, u32>,
    /// Slots from this one on are the frame's own, for roots.
    first_root: usize,
    /// The bytes to zero.
    pub zeroed: std::ops::Range<u32>,
}

impl Frame {
    /// Whether the slot is in the record of a function that has one.
    pub fn is_record_slot(&self, slot: Slot) -> bool {
        slot.index() < self.first_root
    }

    /// Where a slot is, from the stack pointer; not for slots in a record.
    pub fn offset(&self, slot: Slot) -> u32 {
        self.offsets[slot]
    }
}

/// What the function needs that the instruction calls, if it calls one.
fn needs_of_callee(unit: &Unit, data: &InstData) -> Option<Needs> {
    match data.op {
        Opcode::Call | Opcode::CallHost => Some(unit.callee(data.func()).needs),
        Opcode::CallClosure => Some(unit.indirect[data.sig()].needs),
        Opcode::CallMethod => Some(unit.indirect[unit.program.methods()[data.method()].sig].needs),
        Opcode::New | Opcode::NewArray => Some(unit.callee(unit.runtime(allocator(unit.program, data))).needs),
        _ => None,
    }
}

/// Whether a collection may happen in an instruction that returns.
pub fn collects(unit: &Unit, body: &Body, inst: Inst) -> bool {
    needs_of_callee(unit, &body.func.insts[inst]).is_some_and(|needs| needs.collects)
}

/// Whether the instruction may collect because the program asks for it.
pub fn forces(unit: &Unit, data: &InstData) -> bool {
    needs_of_callee(unit, data).is_some_and(|needs| needs.forces)
}

/// Whether somebody may walk the stack in an instruction, be it that a check fails.
pub fn traces(unit: &Unit, data: &InstData) -> bool {
    let needs = needs_of_callee(unit, data);
    let report = || data.panic_kind().map(|kind| unit.callee(unit.runtime(RuntimeFunc::of_panic(kind))).needs);
    needs.or_else(report).is_some_and(|needs| needs.traces)
}

/// Inserts spills and lays out the frame.
pub fn place(unit: &Unit, func: FuncId, body: &mut Body) -> Frame {
    let Found { roots, starts, forcing } = Finder::find(unit, body);
    // A record holds the slots of a function that may be suspended.
    let uses_slot = |block: Block| {
        let insts = &body.func.blocks[block].insts;
        body.record.is_none() && insts.iter().any(|&inst| body.func.insts[inst].op == Opcode::SlotAddr)
    };
    let mut needed: Vec<Block> = roots.iter().flat_map(|root| root.calls).collect();
    needed.extend(body.blocks().iter().copied().filter(|&block| uses_slot(block)));
    let mut stores_site = false;
    if unit.stores_sites {
        for &block in body.blocks() {
            let insts = body.func.blocks[block].insts.iter().map(|&inst| &body.func.insts[inst]);
            let mut tracing = insts.filter(|data| traces(unit, data)).peekable();
            stores_site |= tracing.peek().is_some();
            // A failed check may do without the frame.
            if tracing.any(|data| data.panic_kind().is_none()) {
                needed.push(block);
            }
        }
    }
    if unit.callee(func).needs.cyclic {
        // Recursion is charged for what it takes of the host's stack.
        let calls = |block: &Block| {
            let mut insts = body.func.blocks[*block].insts.iter().map(|&inst| body.func.insts[inst].op);
            insts.any(|op| matches!(op, Opcode::Call | Opcode::CallClosure | Opcode::CallMethod))
        };
        needed.extend(body.blocks().iter().copied().filter(calls));
    }
    if needed.is_empty() && body.landing.is_none() {
        return Frame { first_root: body.func.slots.len(), ..Frame::default() };
    }
    // A tail call gives up the frame, so it must know whether there is one.
    let is_tail_call = |block: &Block| matches!(body.func.blocks[*block].term, Terminator::TailCall { .. });
    needed.extend(body.blocks().iter().copied().filter(is_tail_call));
    let at = if body.landing.is_some() { body.func.entry() } else { frame_block(body, &needed) };
    let first_root = spill(body, roots, at, starts[at], &forcing);
    layout(body, at, first_root, stores_site)
}

/// The block that all others go through and that is in no loop.
fn frame_block(body: &Body, needed: &[Block]) -> Block {
    let dominators = &body.dominators;
    let mut common = needed.first().copied().unwrap_or(body.func.entry());
    for &block in needed {
        while !dominators.dominates(common, block) {
            common = dominators.immediate(common).unwrap_or(body.func.entry());
        }
    }
    while body.loops.innermost(common).is_some() {
        common = dominators.immediate(common).unwrap_or(body.func.entry());
    }
    common
}

/// A pointer that needs a word of the frame.
struct Root {
    value: Value,
    def: Block,
    /// From its definition to its last use, in the numbering of `Finder`.
    start: u32,
    end: u32,
    /// The block that dominates all blocks with such calls.
    calls: Option<Block>,
    /// The calls that may force a collection and that it is live across: from one place in their list to before another.
    forced: Vec<(u32, u32)>,
}

/// A call that may force a collection.
struct Forcing {
    inst: Inst,
    number: u32,
}

/// What there is to store, and to clear.
struct Found {
    roots: Vec<Root>,
    starts: SideTable<Block, u32>,
    forcing: Vec<Forcing>,
}

struct Finder<'a> {
    body: &'a Body,
    /// In order.
    forcing: Vec<Forcing>,
    /// The number of each block's start. Instructions are numbered one by one, in reverse postorder of the blocks.
    starts: SideTable<Block, u32>,
    ends: SideTable<Block, u32>,
    /// The numbers of instructions that may collect, in order.
    collecting: Vec<u32>,
    /// Number and block of each value's uses, in order.
    uses: SideTable<Value, SmallVec<[(u32, Block); 2]>>,
    defs: SideTable<Value, u32>,
}

impl<'a> Finder<'a> {
    fn find(unit: &Unit, body: &'a Body) -> Found {
        let count = body.func.values.len();
        let mut finder = Finder {
            body,
            forcing: Vec::new(),
            starts: SideTable::with_len(body.func.blocks.len()),
            ends: SideTable::with_len(body.func.blocks.len()),
            collecting: Vec::new(),
            uses: SideTable::with_len(count),
            defs: SideTable::with_len(count),
        };
        finder.number(unit);
        let mut roots = Vec::new();
        if !finder.collecting.is_empty() || body.landing.is_some() {
            let mut walker = Walker::new(&body.flow);
            let def_blocks = def_blocks(body);
            for value in body.func.values.ids() {
                if body.func.ty(value) != Ty::Ptr || finder.uses[value].is_empty() || is_static(body, value) {
                    continue;
                }
                if let Some(def) = def_blocks[value] {
                    roots.extend(finder.root(&mut walker, value, def));
                }
            }
        }
        Found { roots, starts: finder.starts, forcing: finder.forcing }
    }

    fn number(&mut self, unit: &Unit) {
        let func = &self.body.func;
        let mut number = 0;
        for &block in self.body.blocks() {
            self.starts[block] = number;
            func.params(block).iter().for_each(|&param| self.defs[param] = number);
            for &inst in &func.blocks[block].insts {
                number += 1;
                if collects(unit, self.body, inst) {
                    self.collecting.push(number);
                }
                if forces(unit, &func.insts[inst]) {
                    self.forcing.push(Forcing { inst, number });
                }
                for &arg in func.args(inst) {
                    self.uses[arg].push((number, block));
                }
                func.results(inst).iter().for_each(|&result| self.defs[result] = number);
            }
            number += 1;
            func.for_each_terminator_use(block, |value| self.uses[value].push((number, block)));
            self.ends[block] = number;
            number += 1;
        }
    }

    /// Whether something collects strictly between two numbers.
    fn collects_between(&self, after: u32, before: u32) -> bool {
        let next = self.collecting.partition_point(|&number| number <= after);
        self.collecting.get(next).is_some_and(|&number| number < before)
    }

    /// The places of forcing calls strictly between two numbers.
    fn forced_between(&self, after: u32, before: u32) -> Option<(u32, u32)> {
        if self.forcing.is_empty() {
            return None;
        }
        let first = self.forcing.partition_point(|call| call.number <= after);
        let end = self.forcing.partition_point(|call| call.number < before);
        (first < end).then_some((first as u32, end as u32))
    }

    /// The value as a root, if it is live across a call that may collect.
    fn root(&self, walker: &mut Walker, value: Value, def: Block) -> Option<Root> {
        let number = self.defs[value];
        let uses = &self.uses[value];
        let mut root = Root { value, def, start: number, end: number, calls: None, forced: Vec::new() };
        let mut meet = |block: Block, after: u32, before: u32, must: bool| {
            root.start = root.start.min(after);
            root.end = root.end.max(before);
            root.forced.extend(self.forced_between(after, before));
            if must || self.collects_between(after, before) {
                root.meets(self.body, block);
            }
        };
        for &(at, block) in uses {
            let start = if block == def { number } else { self.starts[block] };
            meet(block, start, at, false);
        }
        let handler = self.body.landing.map(|landing| landing.handler);
        walker.walk(def, uses.iter().map(|&(_, block)| block), |block, live| match live {
            // What the handler reads is live across every call of the body.
            Live::AtStart => meet(block, self.starts[block], self.starts[block], Some(block) == handler),
            Live::AtEnd if block == def => meet(block, number, self.ends[block], false),
            Live::AtEnd => meet(block, self.starts[block], self.ends[block], false),
        });
        root.calls?;
        root.forced.sort_unstable();
        root.forced.dedup_by(|next, last| {
            let is_joined = next.0 <= last.1;
            if is_joined {
                last.1 = last.1.max(next.1);
            }
            is_joined
        });
        Some(root)
    }
}

impl Root {
    /// Notes a block with a call that it is live across: only their common dominator matters.
    fn meets(&mut self, body: &Body, block: Block) {
        let dominators = &body.dominators;
        let mut common = self.calls.unwrap_or(block);
        while !dominators.dominates(common, block) {
            common = dominators.immediate(common).unwrap_or(body.func.entry());
        }
        self.calls = Some(common);
    }
}

/// Not a pointer into the heap.
fn is_static(body: &Body, value: Value) -> bool {
    let Some(inst) = body.def(value) else { return false };
    match body.func.insts[inst].op {
        Opcode::PtrAdd => body.is_rematerialized(body.func.args(inst)[0]),
        op => crate::instructions::is_rematerialized(op),
    }
}

/// Gives roots their words, as slots, and stores them there. Returns the first of the new slots.
fn spill(body: &mut Body, mut roots: Vec<Root>, frame: Block, frame_start: u32, forcing: &[Forcing]) -> usize {
    let first = body.func.slots.len();
    // A root that was defined before the frame is made is stored when it is.
    let is_late = |root: &Root| !body.dominators.dominates(frame, root.def);
    for root in roots.iter_mut().filter(|root| is_late(root)) {
        root.start = root.start.min(frame_start);
        root.end = root.end.max(frame_start);
    }
    // In the order of where they start, each takes the first word that is free.
    roots.sort_by_key(|root| (root.start, root.value));
    let mut active: BinaryHeap<Reverse<(u32, Slot)>> = BinaryHeap::new();
    let mut free: BinaryHeap<Reverse<Slot>> = BinaryHeap::new();
    let mut at_start: SideTable<Block, Vec<Inst>> = SideTable::new();
    let mut after: SideTable<Inst, Option<Inst>> = SideTable::with_len(body.func.insts.len());
    let mut forced: Vec<(Slot, u32, u32)> = Vec::new();
    for root in roots {
        while let Some(&Reverse((end, slot))) = active.peek()
            && end < root.start
        {
            active.pop();
            free.push(Reverse(slot));
        }
        let slot = match free.pop() {
            Some(Reverse(slot)) => slot,
            None => body.func.slots.push(SlotData { size: 4, align: 4, layout: None }),
        };
        active.push(Reverse((root.end, slot)));
        forced.extend(root.forced.iter().map(|&(start, end)| (slot, start, end)));
        let store = spill_store(body, slot, root.value);
        let is_late = !body.dominators.dominates(frame, root.def);
        match (body.func.values[root.value].def, body.landing) {
            _ if is_late => at_start[frame].push(store),
            (ValueDef::Result(inst, _), _) if after[inst].is_none() => after[inst] = Some(store),
            (ValueDef::Result(inst, _), _) => chain(&mut after, inst, store),
            // The entry only chooses between handler and start.
            (_, Some(landing)) if root.def == body.func.entry() => at_start[landing.start].push(store),
            _ => at_start[root.def].push(store),
        }
    }
    let mut before = FxHashMap::default();
    if !forcing.is_empty() {
        let events = Events::of(body, frame, forcing, &at_start, &after);
        before = clear_dead(body, forcing, events, &forced, first);
    }
    for block in body.func.blocks.ids() {
        let old = std::mem::take(&mut body.func.blocks[block].insts);
        let mut insts = std::mem::take(&mut at_start[block]);
        for inst in old {
            insts.append(&mut before.remove(&inst).unwrap_or_default());
            insts.push(inst);
            let mut next = after[inst];
            while let Some(store) = next {
                insts.push(store);
                next = after[store];
            }
        }
        body.func.blocks[block].insts = insts;
    }
    first
}

/// Stores into the frame.
fn spill_store(body: &mut Body, slot: Slot, value: Value) -> Inst {
    let func = &mut body.func;
    let address = func.add_inst(Opcode::SlotAddr, &[], slot.index() as u64, &[Ty::Ptr], None);
    let address = func.results(address)[0];
    let store = func.add_inst(Opcode::StorePtr, &[address, value], 0, &[], None);
    body.spills[store] = true;
    store
}

/// What happens to words in a block, in order.
#[derive(Clone, Copy)]
enum Event {
    Store(Slot),
    /// A forcing call, by its place in their list.
    Force(u32),
}

struct Events {
    /// Blocks behind which the frame is made, in reverse postorder.
    blocks: Vec<Block>,
    lists: SideTable<Block, Vec<Event>>,
}

impl Events {
    fn of(
        body: &Body,
        frame: Block,
        forcing: &[Forcing],
        at_start: &SideTable<Block, Vec<Inst>>,
        after: &SideTable<Inst, Option<Inst>>,
    ) -> Events {
        let behind = |block: &&Block| body.dominators.dominates(frame, **block);
        let mut events = Events {
            blocks: body.blocks().iter().filter(behind).copied().collect(),
            lists: SideTable::with_len(body.func.blocks.len()),
        };
        let places: FxHashMap<Inst, u32> = forcing.iter().zip(0..).map(|(call, place)| (call.inst, place)).collect();
        let stored = |store: Inst| {
            let address = body.def(body.func.args(store)[0]).expect("codegen: a spill has a slot");
            Event::Store(body.func.insts[address].slot())
        };
        for &block in &events.blocks {
            let list = &mut events.lists[block];
            list.extend(at_start[block].iter().map(|&store| stored(store)));
            for &inst in &body.func.blocks[block].insts {
                list.extend(places.get(&inst).map(|&place| Event::Force(place)));
                let mut next = after[inst];
                while let Some(store) = next {
                    list.push(stored(store));
                    next = after[store];
                }
            }
        }
        events
    }
}

/// A set of words of the frame.
#[derive(Clone, PartialEq, Eq, Default)]
struct Words(Vec<u64>);

impl Words {
    fn set(&mut self, word: usize, is_in: bool) {
        let bit = 1 << (word % 64);
        if is_in { self.0[word / 64] |= bit } else { self.0[word / 64] &= !bit }
    }

    fn add(&mut self, other: &Words) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }
}

/// Which words hold something live across forcing calls, one call after the other.
struct LiveWords<'a> {
    /// Words and how many of their values are live more, or fewer, from a call on; in the order of the calls.
    changes: &'a [(u32, usize, i32)],
    counts: Vec<i32>,
    live: Words,
}

impl LiveWords<'_> {
    /// Goes on to a call that is not before the last one.
    fn go_to(&mut self, call: u32) {
        while let Some((&(at, word, change), rest)) = self.changes.split_first()
            && at <= call
        {
            self.counts[word] += change;
            self.live.set(word, self.counts[word] > 0);
            self.changes = rest;
        }
    }
}

/// Clears the words that hold nothing live across a call that may force a collection, unless nothing was stored there
/// since they were cleared last. `forced` says which calls values are live across, for each word that they have. Returns
/// what is to be put in front of instructions.
fn clear_dead(
    body: &mut Body,
    forcing: &[Forcing],
    events: Events,
    forced: &[(Slot, u32, u32)],
    first: usize,
) -> FxHashMap<Inst, Vec<Inst>> {
    let word_of = |slot: Slot| slot.index() - first;
    let mut changes: Vec<(u32, usize, i32)> = Vec::with_capacity(2 * forced.len());
    for &(slot, start, end) in forced {
        changes.extend([(start, word_of(slot), 1), (end, word_of(slot), -1)]);
    }
    changes.sort_unstable();
    let words = body.func.slots.len() - first;
    let none = Words(vec![0; words.div_ceil(64)]);
    let mut all = none.clone();
    (0..words).for_each(|word| all.set(word, true));
    let handler = body.landing.map(|landing| landing.handler);
    // What may have been stored and not cleared since, at the end of each block.
    let mut dirty: SideTable<Block, Words> = SideTable::with_len(body.func.blocks.len());
    let mut before = FxHashMap::default();
    let mut is_stable = false;
    loop {
        let is_last = is_stable;
        is_stable = true;
        let mut live = LiveWords { changes: &changes, counts: vec![0; words], live: none.clone() };
        for &block in &events.blocks {
            // Where collections are forced the frame is zeroed when it is made. To the handler a block may be left
            // anywhere.
            let mut now = if Some(block) == handler { all.clone() } else { none.clone() };
            body.flow[block].iter().for_each(|&from| now.add(&dirty[from]));
            for &event in &events.lists[block] {
                match event {
                    Event::Store(slot) => now.set(word_of(slot), true),
                    Event::Force(call) => {
                        live.go_to(call);
                        if is_last {
                            let insts = clear(body, &now, &live.live, first);
                            before.insert(forcing[call as usize].inst, insts);
                        }
                        now.0.iter_mut().zip(&live.live.0).for_each(|(word, live)| *word &= live);
                    }
                }
            }
            if dirty[block] != now {
                dirty[block] = now;
                is_stable = false;
            }
        }
        if is_last {
            return before;
        }
    }
}

/// Stores null into the words that are in `dirty` and not in `live`.
fn clear(body: &mut Body, dirty: &Words, live: &Words, first: usize) -> Vec<Inst> {
    let mut insts = Vec::new();
    for (at, (dirty, live)) in dirty.0.iter().zip(&live.0).enumerate() {
        let mut dead = dirty & !live;
        while dead != 0 {
            let slot = Slot::from_index(first + 64 * at + dead.trailing_zeros() as usize);
            dead &= dead - 1;
            let null = body.func.add_inst(Opcode::Const, &[], 0, &[Ty::Ptr], None);
            let null = body.func.results(null)[0];
            insts.push(spill_store(body, slot, null));
        }
    }
    insts
}

/// Puts a further store behind those of an instruction with several results.
fn chain(after: &mut SideTable<Inst, Option<Inst>>, inst: Inst, store: Inst) {
    let mut last = inst;
    while let Some(next) = after[last] {
        last = next;
    }
    after[last] = Some(store);
}

/// Places the slots behind the call site: roots, what has pointers, the rest.
fn layout(body: &Body, at: Block, first_root: usize, stores_site: bool) -> Frame {
    let mut frame = Frame { at: Some(at), first_root, ..Frame::default() };
    let mut size = if stores_site { 4u32 } else { 0 };
    let mut place = |frame: &mut Frame, slot: Slot, data: &SlotData| {
        size = size.next_multiple_of(data.align.clamp(1, 8));
        frame.offsets[slot] = size;
        size += data.size;
        size
    };
    let slots = || body.func.slots.iter();
    for (slot, data) in slots().filter(|(slot, _)| slot.index() >= first_root) {
        place(&mut frame, slot, data);
    }
    let mut zeroed: Option<std::ops::Range<u32>> = None;
    let is_here = |slot: Slot| slot.index() < first_root && body.record.is_none();
    for (slot, data) in slots().filter(|(slot, data)| is_here(*slot) && data.layout.is_some()) {
        let end = place(&mut frame, slot, data);
        let start = zeroed.as_ref().map_or(frame.offsets[slot], |range| range.start);
        zeroed = Some(start..end);
    }
    for (slot, data) in slots().filter(|(slot, data)| is_here(*slot) && data.layout.is_none()) {
        place(&mut frame, slot, data);
    }
    frame.zeroed = zeroed.unwrap_or_default();
    frame.size = size.next_multiple_of(8);
    frame
}
