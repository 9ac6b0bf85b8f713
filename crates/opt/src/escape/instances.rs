//! Allocations in loops: whether one slot can be all the objects that an instruction makes.
//!
//! It can if, whenever the instruction is executed, nobody will use the object that it made before. What points to an
//! object and is defined behind the instruction in its dominator tree is defined anew before it is used again. So
//! there must be no other value in the loop that may point to the object:
//!
//! ```text
//! loop(v1):                    loop:
//!   v2 = new                     v2 = new
//!   store_ptr v2, v1             store_ptr v0, v2       v0 comes from outside of the loop
//!   jump loop(v2)                jump loop
//! ```
//!
//! (v1 is such a value), and no memory in which the object is found again, unless that memory is new in each turn too:
//! an object of the same loop, before or behind this one.

use crate::escape::analysis::{Analysis, Kind, ObjectId};
use base::SideTable;
use ir::{Block, Dominators, Inst, Loops, Value, ValueDef};

/// The objects of which several may be alive at a time.
pub fn mixed(analysis: &Analysis, dominators: &Dominators, loops: &Loops, is_reducible: bool) -> Vec<ObjectId> {
    let candidate = |id: ObjectId| {
        let object = &analysis.objects[id as usize];
        match object.kind {
            Kind::Allocation(allocation) if allocation.repeats && !object.flow.escapes => Some(allocation.inst),
            _ => None,
        }
    };
    let candidates: Vec<ObjectId> =
        (0..analysis.objects.len() as ObjectId).filter(|&id| candidate(id).is_some()).collect();
    if candidates.is_empty() || !is_reducible {
        return candidates;
    }
    let places = Places::of(analysis, dominators, loops);
    let mut is_mixed = vec![false; analysis.objects.len()];
    for value in analysis.func.values.ids().take(analysis.sets.values().len()) {
        for &id in &analysis.sets[value].objects {
            if let Some(inst) = candidate(id) {
                is_mixed[id as usize] |= !places.is_renewed(analysis, value, inst);
            }
        }
    }
    for (holder, object) in analysis.objects.iter().enumerate() {
        for &id in &object.content.objects {
            let Some(inst) = candidate(id).filter(|_| id as usize != holder) else { continue };
            let is_fresh = candidate(holder as ObjectId).is_some_and(|other| places.is_same_turn(inst, other));
            is_mixed[id as usize] |= !is_fresh;
        }
    }
    candidates.into_iter().filter(|&id| is_mixed[id as usize]).collect()
}

struct Places<'a> {
    dominators: &'a Dominators,
    loops: &'a Loops,
    /// The block of each instruction, and its place there.
    homes: SideTable<Inst, Option<(Block, u32)>>,
}

impl Places<'_> {
    fn of<'a>(analysis: &Analysis, dominators: &'a Dominators, loops: &'a Loops) -> Places<'a> {
        let mut homes = SideTable::with_len(analysis.func.insts.len());
        for &block in &dominators.order.blocks {
            for (index, &inst) in analysis.func.blocks[block].insts.iter().enumerate() {
                homes[inst] = Some((block, index as u32));
            }
        }
        Places { dominators, loops, homes }
    }

    /// Whether the value, which may point to what the instruction makes, cannot be used after the instruction is
    /// executed again without having been defined again.
    fn is_renewed(&self, analysis: &Analysis, value: Value, allocation: Inst) -> bool {
        let Some((block, index)) = self.homes[allocation] else { return false };
        let (home, place) = match analysis.func.values[value].def {
            ValueDef::Param(home, _) => (home, None),
            ValueDef::Result(inst, _) => match self.homes[inst] {
                Some((home, place)) => (home, Some(place)),
                // In no block that is ever reached.
                None => return true,
            },
            ValueDef::Alias(_) => return true,
        };
        if home == block {
            return place.is_some_and(|place| place >= index);
        }
        self.dominators.results_reach(block, home) || self.loops.outermost(home) != self.loops.outermost(block)
    }

    /// Whether both make one object in each turn of the same loop.
    fn is_same_turn(&self, a: Inst, b: Inst) -> bool {
        let (Some((a, _)), Some((b, _))) = (self.homes[a], self.homes[b]) else { return false };
        self.loops.innermost(a) == self.loops.innermost(b)
            && (self.dominators.dominates(a, b) || self.dominators.dominates(b, a))
    }
}
