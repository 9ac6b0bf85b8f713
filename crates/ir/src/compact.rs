//! Drops what is dead and numbers the rest anew.
//!
//! An instruction is alive if it has effects or a live instruction, terminator or parameter wants a result of it; a
//! block parameter is alive if something alive uses it, so values that only feed each other around a loop go too.
//! Unreachable blocks, slots without address and garbage in the value pool are dropped. Everything keeps its order.
//!
//! All ids change: side tables made before are void.

use crate::dominators::Order;
use crate::function::{
    Block, BlockData, Function, Inst, InstData, Slot, Target, Terminator, Value, ValueData, ValueDef, ValueList,
};
use crate::opcode::Opcode;
use base::{EntityId, SideTable};

impl Function {
    pub fn compact(&mut self) {
        self.compact_where(|data| data.op.effects().is_removable());
    }

    /// As `compact`, by somebody who knows more of which instructions may be removed when their results are unused.
    pub fn compact_where(&mut self, is_removable: impl Fn(&InstData) -> bool) {
        self.resolve_all();
        let live = Liveness::of(self, is_removable);
        *self = Copier::copy(self, &live);
    }
}

struct Liveness {
    order: Order,
    insts: SideTable<Inst, bool>,
    values: SideTable<Value, bool>,
    slots: SideTable<Slot, bool>,
    pending: Vec<Value>,
}

impl Liveness {
    fn of(func: &Function, is_removable: impl Fn(&InstData) -> bool) -> Liveness {
        let order = Order::of(func);
        let mut live = Liveness {
            insts: SideTable::with_len(func.insts.len()),
            values: SideTable::with_len(func.values.len()),
            slots: SideTable::with_len(func.slots.len()),
            pending: Vec::new(),
            order: Order::default(),
        };
        if let Some(frame) = func.defer_frame {
            live.slots[frame] = true;
        }
        // The jumps that pass arguments to a block: lists of them, and where the next is.
        let mut passed: Vec<(ValueList, u32)> = Vec::new();
        let mut last_passed: SideTable<Block, u32> = SideTable::with_len(func.blocks.len());
        for &block in &order.blocks {
            let data = &func.blocks[block];
            for &inst in data.insts.iter().filter(|&&inst| !is_removable(&func.insts[inst])) {
                live.mark_inst(func, inst);
            }
            let (value, list) = data.term.operands();
            live.mark_all(value.as_slice());
            live.mark_all(func.values_of(list));
            for target in data.term.targets().iter().filter(|target| !target.args.is_empty()) {
                passed.push((target.args, last_passed[target.block]));
                last_passed[target.block] = passed.len() as u32;
            }
        }
        live.mark_all(func.params(func.entry()));
        while let Some(value) = live.pending.pop() {
            match func.values[value].def {
                ValueDef::Result(inst, _) => live.mark_inst(func, inst),
                ValueDef::Param(block, index) => {
                    let mut next = last_passed[block];
                    while let Some(at) = next.checked_sub(1) {
                        let (args, before) = passed[at as usize];
                        live.mark_all(&func.values_of(args)[index as usize..=index as usize]);
                        next = before;
                    }
                }
                ValueDef::Alias(_) => unreachable!("compact: aliases were resolved"),
            }
        }
        live.order = order;
        live
    }

    fn mark_inst(&mut self, func: &Function, inst: Inst) {
        if std::mem::replace(&mut self.insts[inst], true) {
            return;
        }
        if func.insts[inst].op == Opcode::SlotAddr {
            self.slots[func.insts[inst].slot()] = true;
        }
        self.mark_all(func.args(inst));
    }

    fn mark_all(&mut self, values: &[Value]) {
        for &value in values {
            if !std::mem::replace(&mut self.values[value], true) {
                self.pending.push(value);
            }
        }
    }
}

struct Copier<'a> {
    old: &'a Function,
    new: Function,
    live: &'a Liveness,
    values: SideTable<Value, Option<Value>>,
    blocks: SideTable<Block, Option<Block>>,
    slots: SideTable<Slot, Option<Slot>>,
}

impl Copier<'_> {
    fn copy(old: &Function, live: &Liveness) -> Function {
        let mut copier = Copier {
            old,
            new: Function::default(),
            live,
            values: SideTable::with_len(old.values.len()),
            blocks: SideTable::with_len(old.blocks.len()),
            slots: SideTable::with_len(old.slots.len()),
        };
        let count = |table: std::slice::Iter<bool>| table.filter(|&&is_live| is_live).count();
        let (values, insts) = (count(live.values.values()), count(live.insts.values()));
        copier.new.values.reserve(values);
        copier.new.insts.reserve(insts);
        copier.new.blocks.reserve(live.order.blocks.len());
        // Definitions, and about as many uses.
        copier.new.reserve_pool(3 * values);
        for (slot, data) in old.slots.iter().filter(|(slot, _)| live.slots[*slot]) {
            copier.slots[slot] = Some(copier.new.slots.push(*data));
        }
        copier.new.defer_frame = old.defer_frame.and_then(|frame| copier.slots[frame]);
        for block in old.blocks.ids().filter(|&block| live.order.is_reachable(block)) {
            copier.blocks[block] = Some(copier.new.blocks.push(BlockData::default()));
        }
        // All definitions first: a use may come before its definition in the table.
        for block in old.blocks.ids() {
            if let Some(new) = copier.blocks[block] {
                copier.define(block, new);
            }
        }
        for block in old.blocks.ids() {
            if let Some(new) = copier.blocks[block] {
                copier.fill(block, new);
            }
        }
        copier.new.entry = copier.blocks[old.entry()];
        copier.new
    }

    /// Makes the block's parameters and the results of its instructions, without operands yet.
    fn define(&mut self, block: Block, new_block: Block) {
        let (old, live) = (self.old, self.live);
        let params = old.params(block).iter().filter(|&&param| live.values[param]);
        let first = self.new.values.len();
        for (index, &param) in params.enumerate() {
            self.define_value(param, ValueDef::Param(new_block, index as u32));
        }
        self.new.blocks[new_block].params = self.values_from(first);
        let count = old.blocks[block].insts.iter().filter(|&&inst| live.insts[inst]).count();
        self.new.blocks[new_block].insts.reserve_exact(count);
        for &inst in old.blocks[block].insts.iter().filter(|&&inst| live.insts[inst]) {
            let new_inst = self.new.insts.next_id();
            let first = self.new.values.len();
            for (index, &result) in old.results(inst).iter().enumerate() {
                self.define_value(result, ValueDef::Result(new_inst, index as u32));
            }
            let mut data = old.insts[inst];
            data.results = self.values_from(first);
            if data.op == Opcode::SlotAddr {
                let slot = self.slots[data.slot()].expect("compact: a slot whose address is taken is live");
                data.imm = slot.index() as u64;
            }
            self.new.insts.push(data);
            self.new.blocks[new_block].insts.push(new_inst);
        }
    }

    fn define_value(&mut self, value: Value, def: ValueDef) {
        self.values[value] = Some(self.new.values.push(ValueData { ty: self.old.ty(value), def }));
    }

    /// All new values from this number on.
    fn values_from(&mut self, first: usize) -> ValueList {
        let end = self.new.values.len();
        self.new.list_of((first..end).map(Value::from_index))
    }

    fn fill(&mut self, block: Block, new_block: Block) {
        let old = self.old;
        for index in 0..self.new.blocks[new_block].insts.len() {
            // As many as there are live ones: the operands are those of the original.
            let new_inst = self.new.blocks[new_block].insts[index];
            let args = self.new.insts[new_inst].args;
            self.new.insts[new_inst].args = self.values(args);
        }
        let data = &old.blocks[block];
        let term = match &data.term {
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
            Terminator::Return(list) => Terminator::Return(self.values(*list)),
            Terminator::TailCall { func, args } => Terminator::TailCall { func: *func, args: self.values(*args) },
            Terminator::Unreachable => Terminator::Unreachable,
        };
        let handler = data.handler.map(|handler| self.block(handler));
        let term_loc = data.term_loc;
        let new = &mut self.new.blocks[new_block];
        (new.term, new.term_loc, new.handler) = (term, term_loc, handler);
    }

    fn target(&mut self, target: Target) -> Target {
        let (old, live, values) = (self.old, self.live, &self.values);
        let pairs = old.values_of(target.args).iter().zip(old.params(target.block));
        let args = pairs.filter(|(_, param)| live.values[**param]).map(|(&arg, _)| copy_of(values, arg));
        let args = self.new.list_of(args);
        Target { block: self.block(target.block), args }
    }

    /// The copy of one of the original's lists.
    fn values(&mut self, list: ValueList) -> ValueList {
        let values = &self.values;
        self.new.list_of(self.old.values_of(list).iter().map(|&value| copy_of(values, value)))
    }

    fn value(&self, value: Value) -> Value {
        copy_of(&self.values, value)
    }

    fn block(&self, block: Block) -> Block {
        self.blocks[block].expect("compact: successors of reachable blocks are reachable")
    }
}

fn copy_of(values: &SideTable<Value, Option<Value>>, value: Value) -> Value {
    values[value].unwrap_or_else(|| panic!("compact: {value} is used but not defined in a reachable block"))
}
