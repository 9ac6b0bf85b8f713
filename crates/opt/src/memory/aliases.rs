//! Which places in memory may be the same.
//!
//! An address is followed back through `ptr_add` to its *root*. Slots, objects that the function allocates and static
//! data are *objects* of their own, distinct from each other; other roots may be anywhere, except in objects that nobody
//! else sees, and parameters were there before all objects of the function.
//!
//! A func value's record is written where it is made, and by nobody else, though others may read it.
//!
//! An object is *seen* if its address goes anywhere but into loads, stores and comparisons.

use crate::escape::constant;
use crate::memory::{args, code};
use crate::pipeline::Context;
use crate::sroa::parts::{access, moved_bytes};
use base::SideTable;
use ir::{DataId, Effects, Function, Inst, Opcode, Order, Program, Slot, Value, ValueDef};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Root {
    Slot(Slot),
    Data(DataId),
    /// Allocated here.
    New(Value),
    /// A parameter of the function.
    Param(Value),
    Other(Value),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offset {
    /// From the root.
    Known(u32),
    /// From a value that is somewhere in the root.
    From(Value, u32),
    Anywhere,
}

/// Some bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub root: Root,
    pub offset: Offset,
    /// None: up to the end.
    pub width: Option<u32>,
}

impl Place {
    /// As seen from other turns of a loop.
    pub fn anywhere(self) -> Place {
        match self.offset {
            Offset::Known(_) => self,
            _ => Place { offset: Offset::Anywhere, width: None, ..self },
        }
    }
}

pub struct Addresses {
    places: SideTable<Value, Option<(Root, Offset)>>,
    seen_slots: SideTable<Slot, bool>,
    seen_values: SideTable<Value, bool>,
    /// Slots and allocations that hold a code word in front.
    slot_records: SideTable<Slot, bool>,
    value_records: SideTable<Value, bool>,
    read_only: SideTable<DataId, bool>,
}

impl Addresses {
    pub fn of(context: &Context, func: &Function, order: &Order) -> Addresses {
        let mut addresses = Addresses {
            places: SideTable::with_len(func.values.len()),
            seen_slots: SideTable::with_len(func.slots.len()),
            seen_values: SideTable::with_len(func.values.len()),
            slot_records: SideTable::new(),
            value_records: SideTable::new(),
            read_only: SideTable::new(),
        };
        if let Some(frame) = func.defer_frame {
            addresses.seen_slots[frame] = true;
        }
        for &block in &order.blocks {
            for &inst in &func.blocks[block].insts {
                addresses.inst(context.program, func, inst);
            }
            func.for_each_terminator_use(block, |value| addresses.see(func, value));
        }
        addresses
    }

    fn inst(&mut self, program: &Program, func: &Function, inst: Inst) {
        use Opcode::*;
        let data = &func.insts[inst];
        let result = func.results(inst).first().copied();
        let args = args(func, inst);
        let place = match data.op {
            SlotAddr => Some((Root::Slot(data.slot()), Offset::Known(0))),
            DataAddr => {
                let (target, offset) = data.data();
                self.read_only[target] = program.data[target].read_only;
                Some((Root::Data(target), Offset::Known(offset)))
            }
            New | NewArray => result.map(|result| (Root::New(result), Offset::Known(0))),
            PtrAdd => {
                let (root, offset) = self.place(func, args[0]);
                let added = constant(func, args[1]).filter(|&added| added <= i32::MAX as u64);
                let offset = match (offset, added) {
                    (Offset::Known(offset), Some(added)) => offset.checked_add(added as u32).map(Offset::Known),
                    (Offset::From(value, offset), Some(added)) => {
                        offset.checked_add(added as u32).map(|offset| Offset::From(value, offset))
                    }
                    _ => result.map(|result| Offset::From(result, 0)),
                };
                Some((root, offset.unwrap_or(Offset::Anywhere)))
            }
            _ => None,
        };
        if let (Some(result), Some(place)) = (result, place) {
            self.places[result] = Some(place);
        }
        if data.op == Store && data.offset() == 0 && code(func, args[1]).is_some() {
            match self.place(func, args[0]) {
                (Root::Slot(slot), Offset::Known(0)) => self.slot_records[slot] = true,
                (Root::New(object), Offset::Known(0)) => self.value_records[object] = true,
                _ => {}
            }
        }
        // Where an operand is only an address, its object is not seen.
        let addresses = match data.op {
            PtrAdd | NilCheck | KeepAlive | Eqz | Eq | Ne | PtrDiff | Move | MoveTyped | Zero => args.len(),
            _ if access(func, inst).is_some() => 1,
            _ => 0,
        };
        args.iter().skip(addresses).for_each(|&arg| self.see(func, arg));
    }

    fn see(&mut self, func: &Function, value: Value) {
        match self.places[func.resolve(value)] {
            Some((Root::Slot(slot), _)) => self.seen_slots[slot] = true,
            Some((Root::New(object), _)) => self.seen_values[object] = true,
            _ => {}
        }
    }

    fn place(&self, func: &Function, value: Value) -> (Root, Offset) {
        let value = func.resolve(value);
        let root = || match func.values[value].def {
            ValueDef::Param(block, _) if Some(block) == func.entry => Root::Param(value),
            _ => Root::Other(value),
        };
        self.places[value].unwrap_or_else(|| (root(), Offset::Known(0)))
    }

    fn at(&self, func: &Function, value: Value, offset: u32, width: Option<u32>) -> Place {
        let (root, base) = self.place(func, value);
        let offset = match base {
            Offset::Known(base) => base.checked_add(offset).map(Offset::Known),
            Offset::From(value, base) => base.checked_add(offset).map(|offset| Offset::From(value, offset)),
            Offset::Anywhere => None,
        };
        match offset {
            Some(offset) => Place { root, offset, width },
            None => Place { root, offset: Offset::Anywhere, width: None },
        }
    }

    /// Where the code word of a func value is.
    pub fn code_word(&self, func: &Function, value: Value) -> Place {
        self.at(func, value, 0, Some(8))
    }

    /// What a load reads.
    pub fn source(&self, func: &Function, inst: Inst) -> Option<Place> {
        let data = &func.insts[inst];
        let (width, _) = access(func, inst).filter(|_| data.op.effects().contains(Effects::READ))?;
        Some(self.at(func, func.args(inst)[0], data.offset(), Some(width)))
    }

    /// What a store, move or zeroing writes.
    pub fn target(&self, program: &Program, func: &Function, inst: Inst) -> Option<Place> {
        let data = &func.insts[inst];
        let to = *func.args(inst).first()?;
        match data.op {
            Opcode::Zero => {
                let bytes = constant(func, func.args(inst)[1]).and_then(|bytes| u32::try_from(bytes).ok());
                Some(self.at(func, to, 0, bytes))
            }
            Opcode::Move | Opcode::MoveTyped => Some(self.at(func, to, 0, moved_bytes(program, func, inst))),
            op if op.effects().contains(Effects::WRITE) => {
                let (width, _) = access(func, inst)?;
                Some(self.at(func, to, data.offset(), Some(width)))
            }
            _ => None,
        }
    }

    /// What a move reads.
    pub fn moved_from(&self, program: &Program, func: &Function, inst: Inst) -> Option<Place> {
        matches!(func.insts[inst].op, Opcode::Move | Opcode::MoveTyped)
            .then(|| self.at(func, func.args(inst)[1], 0, moved_bytes(program, func, inst)))
    }

    /// Whether others may read or write there.
    pub fn is_seen(&self, place: Place) -> bool {
        match place.root {
            Root::Slot(slot) => self.seen_slots[slot],
            Root::New(object) => self.seen_values[object],
            Root::Data(data) => !self.read_only[data],
            Root::Param(_) | Root::Other(_) => true,
        }
    }

    fn is_record(&self, place: Place) -> bool {
        match place.root {
            Root::Slot(slot) => self.slot_records[slot],
            Root::New(object) => self.value_records[object],
            _ => false,
        }
    }

    /// Whether calls may write there.
    pub fn is_exposed(&self, place: Place) -> bool {
        self.is_seen(place) && !self.is_record(place)
    }

    /// Whether writing to one place may change the other.
    pub fn may_change(&self, written: Place, place: Place) -> bool {
        (written.root == place.root || !self.is_record(place)) && self.may_overlap(written, place)
    }

    pub fn may_overlap(&self, a: Place, b: Place) -> bool {
        if a.root == b.root {
            return match (a.offset, b.offset) {
                (Offset::Known(x), Offset::Known(y)) => overlap((x, a.width), (y, b.width)),
                (Offset::From(v, x), Offset::From(w, y)) if v == w => overlap((x, a.width), (y, b.width)),
                _ => true,
            };
        }
        match (a.root, b.root) {
            (Root::Other(_), _) => self.is_seen(b),
            (_, Root::Other(_)) => self.is_seen(a),
            (Root::Param(_), Root::Param(_)) => true,
            (Root::Param(_), Root::Data(data)) | (Root::Data(data), Root::Param(_)) => !self.read_only[data],
            // Objects differ, and parameters were there before.
            _ => false,
        }
    }
}

fn overlap((a, a_width): (u32, Option<u32>), (b, b_width): (u32, Option<u32>)) -> bool {
    let is_before = |at: u32, width: Option<u32>, other: u32| {
        width.is_some_and(|width| u64::from(at) + u64::from(width) <= u64::from(other))
    };
    !is_before(a, a_width, b) && !is_before(b, b_width, a)
}
