//! Stores whose bytes are written again before anybody reads them.

use crate::memory::aliases::{Addresses, Offset, Place, Root};
use crate::pipeline::Context;
use ir::{Effects, Function, Inst, Opcode, Order};

/// Places that are remembered.
const MAX_PLACES: usize = 16;
/// Larger places are not pieced together.
const MAX_BYTES: u32 = 128;

pub fn remove(context: &Context, func: &mut Function, order: &Order, addresses: &Addresses) {
    for &block in &order.blocks {
        let has_handler = func.blocks[block].handler.is_some();
        let insts = std::mem::take(&mut func.blocks[block].insts);
        let mut walk = Walk { context, func, addresses, has_handler, places: Vec::new() };
        let mut kept: Vec<Inst> = insts.iter().rev().copied().filter(|&inst| walk.is_needed(inst)).collect();
        kept.reverse();
        func.blocks[block].insts = kept;
    }
}

/// A place whose bytes will be written before they are read: those whose bits are set.
struct Overwritten {
    /// As wide as is looked at.
    root: Place,
    bytes: u128,
}

struct Walk<'a, 'b> {
    context: &'a Context<'b>,
    func: &'a Function,
    addresses: &'a Addresses,
    has_handler: bool,
    places: Vec<Overwritten>,
}

impl Walk<'_, '_> {
    /// Going backwards.
    fn is_needed(&mut self, inst: Inst) -> bool {
        let data = &self.func.insts[inst];
        let program = self.context.program;
        if let Some(target) = self.addresses.target(program, self.func, inst) {
            if self.is_overwritten(target) {
                return false;
            }
            self.overwrite(target);
            // What is read is read before the writing.
            if let Some(source) = self.addresses.moved_from(program, self.func, inst) {
                self.read(source);
            }
            return true;
        }
        if let Some(source) = self.addresses.source(self.func, inst) {
            self.read(source);
            return true;
        }
        let effects = self.context.facts.summaries.of_inst(data);
        if effects == Effects::NONE || matches!(data.op, Opcode::New | Opcode::NewArray) {
            // An object cannot be written before it is there.
            let results = self.func.results(inst);
            let is_of = |place: &Overwritten| is_based_on(place.root, results);
            self.places.retain(|place| !is_of(place));
            return true;
        }
        // Others see what they can see; after a panic the handler sees all slots.
        let everything = self.has_handler && effects.intersects(Effects::PANIC.union(Effects::SUSPEND));
        let addresses = self.addresses;
        self.places.retain(|place| !everything && !addresses.is_seen(place.root));
        true
    }

    fn read(&mut self, source: Place) {
        let addresses = self.addresses;
        self.places.retain(|place| !addresses.may_overlap(place.root, source));
    }

    fn is_overwritten(&self, target: Place) -> bool {
        let Some((start, mask)) = bits(target) else { return false };
        self.places.iter().any(|place| is_same_base(place.root, start) && place.bytes & mask == mask)
    }

    fn overwrite(&mut self, target: Place) {
        let Some((start, mask)) = bits(target) else { return };
        if let Some(place) = self.places.iter_mut().find(|place| is_same_base(place.root, start)) {
            place.bytes |= mask;
            return;
        }
        if self.places.len() < MAX_PLACES {
            self.places.push(Overwritten { root: Place { width: Some(MAX_BYTES), ..start }, bytes: mask });
        }
    }
}

/// The place where counting begins, and a bit for each byte of the target.
fn bits(target: Place) -> Option<(Place, u128)> {
    let width = target.width?;
    let (start, from) = match target.offset {
        Offset::Known(offset) => (Offset::Known(0), offset),
        Offset::From(value, offset) => (Offset::From(value, 0), offset),
        Offset::Anywhere => return None,
    };
    if width == 0 || from.checked_add(width)? > MAX_BYTES {
        return None;
    }
    let mask = (u128::MAX >> (128 - width)) << from;
    Some((Place { offset: start, width: Some(MAX_BYTES), ..target }, mask))
}

fn is_same_base(a: Place, b: Place) -> bool {
    a.root == b.root && a.offset == b.offset
}

fn is_based_on(place: Place, results: &[ir::Value]) -> bool {
    let root = match place.root {
        Root::New(value) | Root::Other(value) | Root::Param(value) => Some(value),
        _ => None,
    };
    let from = match place.offset {
        Offset::From(value, _) => Some(value),
        _ => None,
    };
    results.iter().any(|&result| root == Some(result) || from == Some(result))
}
