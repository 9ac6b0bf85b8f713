//! Which slots can be taken apart, and into what.

use crate::escape::{constant, has_pointer};
use base::{EntityId, SideTable};
use ir::{Block, Function, Inst, Opcode, Order, Program, Slot, Ty, Value};
use smallvec::SmallVec;

/// Slots with more parts stay in memory.
const MAX_PARTS: usize = 32;
/// Larger slots are not looked at.
const MAX_SIZE: u32 = 512;

/// Some bytes of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub start: u32,
    pub end: u32,
}

/// What one variable stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub offset: u32,
    pub width: u32,
    /// i32 for all integers up to four bytes.
    pub ty: Ty,
}

impl Part {
    pub fn end(self) -> u32 {
        self.offset + self.width
    }

    fn overlaps(self, range: Range) -> bool {
        self.offset < range.end && range.start < self.end()
    }

    /// The load that gives its value.
    pub fn load(self) -> Opcode {
        match self.width {
            1 => Opcode::Load8U,
            2 => Opcode::Load16U,
            _ => Opcode::Load,
        }
    }

    pub fn store(self) -> Opcode {
        match (self.width, self.ty) {
            (_, Ty::Ptr) => Opcode::StorePtr,
            (1, _) => Opcode::Store8,
            (2, _) => Opcode::Store16,
            _ => Opcode::Store,
        }
    }
}

/// Bytes in a memory instruction's reach, and the type of the part that they are; none if it is no load or store.
pub fn access(func: &Function, inst: Inst) -> Option<(u32, Ty)> {
    use Opcode::*;
    let data = &func.insts[inst];
    let whole = |ty: Ty| match ty {
        Ty::I32 | Ty::F32 => (4, ty),
        Ty::I64 | Ty::F64 | Ty::Ptr => (8, ty),
        Ty::V128 => (16, ty),
    };
    match data.op {
        Load8S | Load8U | Store8 => Some((1, Ty::I32)),
        Load16S | Load16U | Store16 => Some((2, Ty::I32)),
        Load32S | Load32U | Store32 => Some((4, Ty::I32)),
        Load => Some(whole(func.ty(func.results(inst)[0]))),
        Store | StorePtr => Some(whole(func.ty(func.args(inst)[1]))),
        _ => None,
    }
}

/// How much a `move` or `move_typed` moves, if that is known.
pub fn moved_bytes(program: &Program, func: &Function, inst: Inst) -> Option<u32> {
    let data = &func.insts[inst];
    let count = u32::try_from(constant(func, func.args(inst)[2])?).ok()?;
    match data.op {
        Opcode::Move => Some(count),
        Opcode::MoveTyped => count.checked_mul(program.layouts[data.layout()].size),
        _ => None,
    }
}

/// A slot while it is looked at.
#[derive(Clone, Default)]
struct Candidate {
    is_out: bool,
    /// Sorted, without overlaps.
    parts: Vec<Part>,
    /// What is zeroed or moved.
    ranges: Vec<Range>,
    /// What is moved to where its bytes must be.
    moved_out: Vec<Range>,
}

/// A move from slot to slot.
#[derive(Clone, Copy)]
struct Transfer {
    to: (Slot, u32),
    from: (Slot, u32),
    bytes: u32,
}

/// The addresses of slots, and the parts of those that are taken apart.
pub struct Places {
    addresses: SideTable<Value, Option<(Slot, u32)>>,
    pub slots: SideTable<Slot, Option<Vec<Part>>>,
}

impl Places {
    /// The slot that is taken apart and the offset in it, if the value is such an address.
    pub fn promoted(&self, value: Value) -> Option<(Slot, u32)> {
        self.addresses[value].filter(|&(slot, _)| self.slots[slot].is_some())
    }

    /// All blocks of the function can be reached.
    pub fn find(program: &Program, func: &Function) -> Places {
        let mut search = Search {
            program,
            func,
            addresses: SideTable::with_len(func.values.len()),
            candidates: vec![Candidate::default(); func.slots.len()],
            transfers: Vec::new(),
        };
        for (slot, data) in func.slots.iter() {
            if data.size > MAX_SIZE || func.defer_frame == Some(slot) {
                search.reject(slot);
            }
        }
        let order = Order::of(func);
        let after_handlers = after_handlers(func);
        for &block in &order.blocks {
            for &inst in &func.blocks[block].insts {
                search.inst(inst, after_handlers[block]);
            }
            func.for_each_terminator_use(block, |value| search.escapes(value));
        }
        search.cut();
        let mut slots = SideTable::with_len(func.slots.len());
        for slot in func.slots.ids() {
            let candidate = &mut search.candidates[slot.index()];
            slots[slot] = (!candidate.is_out).then(|| std::mem::take(&mut candidate.parts));
        }
        Places { addresses: search.addresses, slots }
    }
}

/// The blocks that are reached from a handler.
fn after_handlers(func: &Function) -> SideTable<Block, bool> {
    let mut after: SideTable<Block, bool> = SideTable::new();
    let mut pending: Vec<Block> = func.blocks.values().filter_map(|block| block.handler).collect();
    while let Some(block) = pending.pop() {
        if !std::mem::replace(&mut after[block], true) {
            pending.extend(func.successors(block));
        }
    }
    after
}

struct Search<'a> {
    program: &'a Program,
    func: &'a Function,
    addresses: SideTable<Value, Option<(Slot, u32)>>,
    candidates: Vec<Candidate>,
    transfers: Vec<Transfer>,
}

/// Uses of addresses.
impl Search<'_> {
    fn reject(&mut self, slot: Slot) {
        self.candidates[slot.index()].is_out = true;
    }

    fn escapes(&mut self, value: Value) {
        if let Some((slot, _)) = self.addresses[value] {
            self.reject(slot);
        }
    }

    fn inst(&mut self, inst: Inst, after_handler: bool) {
        use Opcode::*;
        let func = self.func;
        let data = &func.insts[inst];
        let args = func.args(inst);
        if data.op == SlotAddr {
            self.addresses[func.results(inst)[0]] = Some((data.slot(), 0));
            return;
        }
        let places: SmallVec<[_; 4]> = args.iter().map(|&arg| self.addresses[arg]).collect();
        if places.iter().all(Option::is_none) {
            return;
        }
        let is_null = |index: usize| constant(func, args[index]) == Some(0);
        match data.op {
            PtrAdd => {
                let (slot, offset) = places[0].expect("opt: sroa: only pointers are addresses");
                let added = constant(func, args[1]).filter(|&added| added <= u64::from(MAX_SIZE));
                match added {
                    Some(added) => self.addresses[func.results(inst)[0]] = Some((slot, offset + added as u32)),
                    None => self.reject(slot),
                }
            }
            NilCheck | KeepAlive | Eqz => {}
            Eq | Ne if is_null(0) || is_null(1) => {}
            Zero => {
                let bytes = constant(func, args[1]).and_then(|bytes| u32::try_from(bytes).ok());
                self.touch(places[0], bytes);
            }
            Move | MoveTyped => self.moved(inst, places[0], places[1], after_handler),
            _ => match (access(func, inst), places[0]) {
                (Some((width, ty)), Some((slot, offset))) => {
                    args.iter().skip(1).for_each(|&stored| self.escapes(stored));
                    let is_load = data.op.effects().intersects(ir::Effects::READ);
                    if is_load && after_handler {
                        self.reject(slot);
                    }
                    match offset.checked_add(data.offset()) {
                        Some(offset) => self.part(slot, Part { offset, width, ty }),
                        None => self.reject(slot),
                    }
                }
                _ => args.iter().for_each(|&arg| self.escapes(arg)),
            },
        }
    }

    /// Some bytes are written together. Returns them, if they are bytes of the slot.
    fn touch(&mut self, place: Option<(Slot, u32)>, bytes: Option<u32>) -> Option<Range> {
        let (slot, start) = place?;
        let end = bytes.and_then(|bytes| start.checked_add(bytes)).filter(|&end| end <= self.func.slots[slot].size);
        let Some(end) = end else {
            self.reject(slot);
            return None;
        };
        let range = Range { start, end };
        self.candidates[slot.index()].ranges.push(range);
        Some(range)
    }

    fn moved(&mut self, inst: Inst, to: Option<(Slot, u32)>, from: Option<(Slot, u32)>, after_handler: bool) {
        let bytes = moved_bytes(self.program, self.func, inst);
        self.touch(to, bytes);
        let source = self.touch(from, bytes);
        if let Some((slot, _)) = from {
            if after_handler {
                self.reject(slot);
            }
            // If the target stays in memory, so that it must be written; else this makes parts in both.
            self.candidates[slot.index()].moved_out.extend(source);
        }
        if let (Some(to), Some(from), Some(bytes)) = (to, from, bytes) {
            self.transfers.push(Transfer { to, from, bytes });
        }
    }
}

/// Parts.
impl Search<'_> {
    /// Adds a part.
    fn part(&mut self, slot: Slot, part: Part) {
        let size = self.func.slots[slot].size;
        let candidate = &mut self.candidates[slot.index()];
        if candidate.is_out {
            return;
        }
        let at = candidate.parts.partition_point(|other| other.end() <= part.offset);
        match candidate.parts.get_mut(at) {
            Some(other) if (other.offset, other.width) == (part.offset, part.width) => {
                match joined(other.ty, part.ty) {
                    Some(ty) => other.ty = ty,
                    None => candidate.is_out = true,
                }
            }
            Some(other) if other.offset < part.end() => candidate.is_out = true,
            _ => {
                candidate.parts.insert(at, part);
                candidate.is_out |= part.end() > size || candidate.parts.len() > MAX_PARTS;
            }
        }
    }

    /// Makes the parts of slots that are moved to each other agree, fills gaps in what is moved, and takes out the slots
    /// in which parts and ranges do not fit.
    fn cut(&mut self) {
        let mut by_slot: Vec<Vec<usize>> = vec![Vec::new(); self.candidates.len()];
        for (index, transfer) in self.transfers.iter().enumerate() {
            by_slot[transfer.to.0.index()].push(index);
            by_slot[transfer.from.0.index()].push(index);
        }
        let all: Vec<usize> = (0..self.transfers.len()).collect();
        self.spread(&by_slot, all.clone());
        for slot in self.func.slots.ids() {
            for range in std::mem::take(&mut self.candidates[slot.index()].moved_out) {
                self.fill(slot, range);
            }
        }
        self.spread(&by_slot, all);
        for candidate in &mut self.candidates {
            let fits = |part: &Part, range: &Range| part.offset >= range.start && part.end() <= range.end;
            let is_cut = |range: &Range| candidate.parts.iter().any(|part| part.overlaps(*range) && !fits(part, range));
            candidate.is_out |= candidate.ranges.iter().any(is_cut);
        }
        self.agree();
    }

    /// Copies parts from slot to slot along the transfers until nothing is new.
    fn spread(&mut self, by_slot: &[Vec<usize>], mut pending: Vec<usize>) {
        while let Some(index) = pending.pop() {
            let Transfer { to, from, bytes } = self.transfers[index];
            if self.copy_parts(from, to, bytes) {
                pending.extend_from_slice(&by_slot[to.0.index()]);
            }
            if self.copy_parts(to, from, bytes) {
                pending.extend_from_slice(&by_slot[from.0.index()]);
            }
        }
    }

    /// A slot that stays in memory may have left partners whose parts do not match: with memory all do.
    fn agree(&mut self) {
        for index in 0..self.transfers.len() {
            let Transfer { to, from, bytes } = self.transfers[index];
            if self.candidates[to.0.index()].is_out || self.candidates[from.0.index()].is_out {
                continue;
            }
            let parts = |(slot, offset): (Slot, u32)| -> Vec<(u32, Part)> {
                let range = Range { start: offset, end: offset + bytes };
                let parts = self.candidates[slot.index()].parts.iter().filter(|part| part.overlaps(range));
                parts.map(|&part| (part.offset.wrapping_sub(offset), Part { offset: 0, ..part })).collect()
            };
            if parts(to) != parts(from) {
                self.reject(to.0);
                self.reject(from.0);
            }
        }
    }

    /// Makes parts of the bytes of the range that are in none.
    fn fill(&mut self, slot: Slot, range: Range) {
        let layout = self.func.slots[slot].layout.map(|layout| &self.program.layouts[layout]);
        let mut at = range.start;
        while at < range.end && !self.candidates[slot.index()].is_out {
            let parts = &self.candidates[slot.index()].parts;
            let next = parts.partition_point(|part| part.end() <= at);
            let gap_end = match parts.get(next) {
                Some(part) if part.offset <= at => {
                    at = part.end();
                    continue;
                }
                Some(part) => part.offset.min(range.end),
                None => range.end,
            };
            let width =
                [8, 4, 2, 1].into_iter().find(|&width| at.is_multiple_of(width) && at + width <= gap_end).unwrap_or(1);
            let ty = match width {
                8 if layout.is_some_and(|layout| has_pointer(layout, at as usize / 8)) => Ty::Ptr,
                8 => Ty::I64,
                _ => Ty::I32,
            };
            self.part(slot, Part { offset: at, width, ty });
            at += width;
        }
    }

    /// Gives one slot the parts of another; whether it has new ones.
    fn copy_parts(&mut self, from: (Slot, u32), to: (Slot, u32), bytes: u32) -> bool {
        if self.candidates[to.0.index()].is_out || self.candidates[from.0.index()].is_out {
            return false;
        }
        let range = Range { start: from.1, end: from.1 + bytes };
        let parts: SmallVec<[Part; 8]> =
            self.candidates[from.0.index()].parts.iter().copied().filter(|part| part.overlaps(range)).collect();
        let before = self.candidates[to.0.index()].clone().parts;
        for part in parts {
            match (part.offset + to.1).checked_sub(from.1) {
                Some(offset) => self.part(to.0, Part { offset, ..part }),
                None => self.reject(to.0),
            }
        }
        self.candidates[to.0.index()].parts != before
    }
}

/// The type of a part that is accessed as both.
fn joined(a: Ty, b: Ty) -> Option<Ty> {
    match (a, b) {
        _ if a == b => Some(a),
        (Ty::I32, Ty::F32) | (Ty::F32, Ty::I32) => Some(Ty::I32),
        (Ty::I64, Ty::F64) | (Ty::F64, Ty::I64) => Some(Ty::I64),
        _ => None,
    }
}
