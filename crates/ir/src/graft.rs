//! Copies one function's tables behind another's, as inlining needs it.
//!
//! Everything keeps its order, so an id of the copy is the original's plus a constant. Nothing leads to the copied
//! blocks yet; they still end in the returns of the function they come from, and name its handlers.

use crate::function::{
    Block, BlockData, Function, Inst, InstData, Slot, Target, Terminator, Value, ValueData, ValueDef, ValueList,
};
use crate::opcode::Opcode;
use base::EntityId;

/// Where the copy of a function begins in each table.
#[derive(Clone, Copy, Debug)]
pub struct Graft {
    values: usize,
    insts: usize,
    blocks: usize,
    slots: usize,
    pool: usize,
}

impl Graft {
    pub fn value(&self, value: Value) -> Value {
        Value::from_index(self.values + value.index())
    }
    pub fn inst(&self, inst: Inst) -> Inst {
        Inst::from_index(self.insts + inst.index())
    }
    pub fn block(&self, block: Block) -> Block {
        Block::from_index(self.blocks + block.index())
    }
    pub fn slot(&self, slot: Slot) -> Slot {
        Slot::from_index(self.slots + slot.index())
    }

    fn list(&self, list: ValueList) -> ValueList {
        if list.is_empty() { ValueList::EMPTY } else { list.moved(self.pool) }
    }

    fn target(&self, target: Target) -> Target {
        Target { block: self.block(target.block), args: self.list(target.args) }
    }

    fn term(&self, term: &Terminator) -> Terminator {
        match term {
            Terminator::Jump(target) => Terminator::Jump(self.target(*target)),
            Terminator::Branch { cond, then, els, likely } => Terminator::Branch {
                cond: self.value(*cond),
                then: self.target(*then),
                els: self.target(*els),
                likely: *likely,
            },
            Terminator::Switch { value, targets, default } => Terminator::Switch {
                value: self.value(*value),
                targets: targets.iter().map(|target| self.target(*target)).collect(),
                default: self.target(*default),
            },
            Terminator::Return(list) => Terminator::Return(self.list(*list)),
            Terminator::TailCall { func, args } => Terminator::TailCall { func: *func, args: self.list(*args) },
            Terminator::Unreachable => Terminator::Unreachable,
        }
    }
}

impl Function {
    /// Copies all of `other`. Locations are those of `other` still.
    pub fn graft(&mut self, other: &Function) -> Graft {
        let graft = Graft {
            values: self.values.len(),
            insts: self.insts.len(),
            blocks: self.blocks.len(),
            slots: self.slots.len(),
            pool: self.pool().len(),
        };
        for data in other.values.values() {
            let def = match data.def {
                ValueDef::Param(block, index) => ValueDef::Param(graft.block(block), index),
                ValueDef::Result(inst, index) => ValueDef::Result(graft.inst(inst), index),
                ValueDef::Alias(value) => ValueDef::Alias(graft.value(value)),
            };
            self.values.push(ValueData { ty: data.ty, def });
        }
        self.extend_pool(other.pool().iter().map(|&value| graft.value(value)));
        for data in other.insts.values() {
            let imm = if data.op == Opcode::SlotAddr { graft.slot(data.slot()).index() as u64 } else { data.imm };
            let (args, results) = (graft.list(data.args), graft.list(data.results));
            self.insts.push(InstData { args, results, imm, ..*data });
        }
        for data in other.slots.values() {
            self.slots.push(*data);
        }
        for data in other.blocks.values() {
            self.blocks.push(BlockData {
                params: graft.list(data.params),
                insts: data.insts.iter().map(|&inst| graft.inst(inst)).collect(),
                term: graft.term(&data.term),
                term_loc: data.term_loc,
                handler: data.handler.map(|handler| graft.block(handler)),
            });
        }
        graft
    }
}
