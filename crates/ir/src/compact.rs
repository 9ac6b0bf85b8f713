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
        // The jumps that pass arguments to a block.
        let mut passed: SideTable<Block, Vec<ValueList>> = SideTable::with_len(func.blocks.len());
        for &block in &order.blocks {
            let data = &func.blocks[block];
            for &inst in data.insts.iter().filter(|&&inst| !is_removable(&func.insts[inst])) {
                live.mark_inst(func, inst);
            }
            let (value, list) = data.term.operands();
            live.mark_all(value.as_slice());
            live.mark_all(func.values_of(list));
            for target in data.term.targets().iter().filter(|target| !target.args.is_empty()) {
                passed[target.block].push(target.args);
            }
        }
        live.mark_all(func.params(func.entry()));
        while let Some(value) = live.pending.pop() {
            match func.values[value].def {
                ValueDef::Result(inst, _) => live.mark_inst(func, inst),
                ValueDef::Param(block, index) => {
                    for &args in &passed[block] {
                        live.mark_all(&func.values_of(args)[index as usize..=index as usize]);
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
        for (slot, data) in old.slots.iter().filter(|(slot, _)| live.slots[*slot]) {
            copier.slots[slot] = Some(copier.new.slots.push(*data));
        }
        copier.new.defer_frame = old.defer_frame.and_then(|frame| copier.slots[frame]);
        let kept: Vec<Block> = old.blocks.ids().filter(|&block| live.order.is_reachable(block)).collect();
        for &block in &kept {
            copier.blocks[block] = Some(copier.new.blocks.push(BlockData::default()));
        }
        // All definitions first: a use may come before its definition in the table.
        let insts: Vec<Vec<Inst>> = kept.iter().map(|&block| copier.define(block)).collect();
        for (&block, insts) in kept.iter().zip(insts) {
            copier.fill(block, insts);
        }
        copier.new.entry = copier.blocks[old.entry()];
        copier.new
    }

    /// Makes the block's parameters and the results of its instructions, without operands yet.
    fn define(&mut self, block: Block) -> Vec<Inst> {
        let new_block = self.block(block);
        let params: Vec<Value> =
            self.old.params(block).iter().copied().filter(|&param| self.live.values[param]).collect();
        let params: Vec<Value> = (params.into_iter().enumerate())
            .map(|(index, param)| self.define_value(param, ValueDef::Param(new_block, index as u32)))
            .collect();
        self.new.blocks[new_block].params = self.new.list(&params);
        let insts: Vec<Inst> =
            self.old.blocks[block].insts.iter().copied().filter(|&inst| self.live.insts[inst]).collect();
        for &inst in &insts {
            let new_inst = self.new.insts.next_id();
            let results: Vec<Value> = (self.old.results(inst).iter().enumerate())
                .map(|(index, &result)| self.define_value(result, ValueDef::Result(new_inst, index as u32)))
                .collect();
            let mut data = self.old.insts[inst];
            data.results = self.new.list(&results);
            if data.op == Opcode::SlotAddr {
                let slot = self.slots[data.slot()].expect("compact: a slot whose address is taken is live");
                data.imm = slot.index() as u64;
            }
            self.new.insts.push(data);
            self.new.blocks[new_block].insts.push(new_inst);
        }
        insts
    }

    fn define_value(&mut self, value: Value, def: ValueDef) -> Value {
        let new = self.new.values.push(ValueData { ty: self.old.ty(value), def });
        self.values[value] = Some(new);
        new
    }

    fn fill(&mut self, block: Block, insts: Vec<Inst>) {
        let new_block = self.block(block);
        for (index, inst) in insts.into_iter().enumerate() {
            let new_inst = self.new.blocks[new_block].insts[index];
            self.new.insts[new_inst].args = self.values(self.old.insts[inst].args);
        }
        let old = &self.old.blocks[block];
        let term = match &old.term {
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
        let handler = old.handler.map(|handler| self.block(handler));
        let data = &mut self.new.blocks[new_block];
        data.term = term;
        data.term_loc = old.term_loc;
        data.handler = handler;
    }

    fn target(&mut self, target: Target) -> Target {
        let params = self.old.params(target.block);
        let args: Vec<Value> = (self.old.values_of(target.args).iter().zip(params))
            .filter(|(_, param)| self.live.values[**param])
            .map(|(&arg, _)| self.value(arg))
            .collect();
        Target { block: self.block(target.block), args: self.new.list(&args) }
    }

    fn values(&mut self, list: ValueList) -> ValueList {
        let values: Vec<Value> = self.old.values_of(list).iter().map(|&value| self.value(value)).collect();
        self.new.list(&values)
    }

    fn value(&self, value: Value) -> Value {
        self.values[value].unwrap_or_else(|| panic!("compact: {value} is used but not defined in a reachable block"))
    }

    fn block(&self, block: Block) -> Block {
        self.blocks[block].expect("compact: successors of reachable blocks are reachable")
    }
}
