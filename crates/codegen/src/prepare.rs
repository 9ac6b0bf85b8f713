//! A working copy of a function's body, in the shape that the later passes want.
//!
//! - The context is a parameter, the first one, and not an instruction.
//! - Only jumps pass arguments: an edge of a branch or switch that does gets a block of its own.
//! - A handler is an ordinary successor of a new entry block: the landing pad sets the branch's condition and starts
//!   the function's loop again. That blocks may be left for the handler at any time is said by [`Body::flow`] alone.
//! - Every loop has one header ([`reduce`](crate::reduce)).
//! - Nothing is left that has no effect and no use, and no jump passes what nobody reads.

use crate::Error;
use crate::instructions::is_rematerialized;

use crate::reduce;
use crate::suspend::Record;
use crate::unit::Unit;
use base::SideTable;
use ir::function::{ValueData, ValueDef};
use ir::{Block, Dominators, FuncId, Function, Inst, Loops, Opcode, Slot, Target, Terminator, Ty, Value, ValueList};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// How recovered panics come back into a function.
#[derive(Clone, Copy, Debug)]
pub struct Landing {
    pub handler: Block,
    /// Not zero once a panic was recovered; the new entry block branches on it.
    pub state: Value,
    /// Whose address says that the exception is meant for this call.
    pub frame: Slot,
    /// Where the body starts that is not the handler's.
    pub start: Block,
}

/// The body of a function, or one of the two that suspension makes of it.
pub struct Source {
    pub func: Function,
    /// The address of the record that holds the slots, and where in it they are.
    pub record: Option<(Value, Record)>,
    /// It takes the stack pointer and a captured frame, and returns nothing.
    pub is_resume: bool,
}

pub struct Body {
    pub func: Function,
    pub dominators: Dominators,
    pub loops: Loops,
    /// Predecessors of each block, with those that reach a handler when a call panics.
    pub flow: SideTable<Block, Vec<Block>>,
    pub landing: Option<Landing>,
    pub record: Option<(Value, Record)>,
    pub is_resume: bool,
    /// Spills into the shadow frame: they are `store_ptr`s that write four bytes.
    pub spills: SideTable<Inst, bool>,
    /// What the arguments of each block's jump are assigned to.
    receivers: SideTable<Block, Option<ValueList>>,
}

impl Body {
    /// Reachable blocks in reverse postorder.
    pub fn blocks(&self) -> &[Block] {
        &self.dominators.order.blocks
    }

    /// What a block's jump assigns: receivers and values.
    pub fn moves(&self, block: Block) -> (&[Value], &[Value]) {
        match (&self.func.blocks[block].term, self.receivers[block]) {
            (Terminator::Jump(target), Some(list)) => (self.func.values_of(list), self.func.values_of(target.args)),
            _ => (&[], &[]),
        }
    }

    /// The instruction that makes a value; none for parameters.
    pub fn def(&self, value: Value) -> Option<Inst> {
        match self.func.values[value].def {
            ValueDef::Result(inst, _) => Some(inst),
            _ => None,
        }
    }

    pub fn def_op(&self, value: Value) -> Option<Opcode> {
        self.def(value).map(|inst| self.func.insts[inst].op)
    }

    /// Made anew wherever it is used.
    pub fn is_rematerialized(&self, value: Value) -> bool {
        self.def_op(value).is_some_and(is_rematerialized)
    }
}

/// A copy of a function's body whose context is a parameter.
pub fn copy(unit: &Unit, id: FuncId) -> Result<Function, Error> {
    let data = &unit.program.funcs[id];
    let body = unit.graph.body(unit.program, id);
    check_descriptors(unit, body, &data.name)?;
    let mut func = body.clone();
    func.resolve_all();
    if data.has_context {
        add_context(&mut func);
    }
    Ok(func)
}

pub fn prepare(unit: &Unit, id: FuncId, source: Source) -> Result<Body, Error> {
    let Source { mut func, record, is_resume } = source;
    let handler = func.blocks.values().find_map(|block| block.handler);
    let guarded: Vec<Block> = match handler {
        Some(_) => func.blocks.ids().filter(|&block| func.blocks[block].handler.is_some()).collect(),
        None => Vec::new(),
    };
    let landing = match handler {
        Some(handler) => {
            let Some(frame) = func.defer_frame else {
                return Err(Error::MissingDeferFrame { function: unit.program.funcs[id].name.clone() });
            };
            Some(add_landing(&mut func, handler, frame))
        }
        None => None,
    };
    split_edges(&mut func);
    let mut receivers: SideTable<Block, Option<ValueList>> = SideTable::with_len(func.blocks.len());
    reduce::reduce(&mut func, &mut receivers);
    for block in func.blocks.ids() {
        if let Terminator::Jump(target) = func.blocks[block].term
            && receivers[block].is_none()
        {
            receivers[block] = Some(func.blocks[target.block].params);
        }
    }
    remove_dead(&mut func, &mut receivers, record.as_ref().map(|record| record.0));
    let dominators = Dominators::of(&func);
    let mut flow: SideTable<Block, Vec<Block>> = SideTable::with_len(func.blocks.len());
    for &block in &dominators.order.blocks {
        for next in func.successors(block) {
            flow[next].push(block);
        }
    }
    if let Some(handler) = handler {
        flow[handler].extend(guarded.into_iter().filter(|&block| dominators.order.is_reachable(block)));
    }
    let loops = Loops::of(&func, &dominators);
    Ok(Body { func, dominators, loops, flow, landing, record, is_resume, spills: SideTable::new(), receivers })
}

/// Memory with pointers is allocated with a descriptor, or the collector would not find them.
fn check_descriptors(unit: &Unit, body: &Function, name: &str) -> Result<(), Error> {
    for block in body.blocks.values() {
        for &inst in &block.insts {
            let data = &body.insts[inst];
            if !matches!(data.op, Opcode::New | Opcode::NewArray) {
                continue;
            }
            let layout = &unit.program.layouts[data.layout()];
            if layout.descriptor.is_none() && layout.pointers.iter().any(|&word| word != 0) {
                return Err(Error::MissingDescriptor { function: name.to_string() });
            }
        }
    }
    Ok(())
}

/// Makes the context the entry's first parameter.
fn add_context(func: &mut Function) {
    let entry = func.entry();
    let context = func.values.push(ValueData { ty: Ty::Ptr, def: ValueDef::Param(entry, 0) });
    let params: Vec<Value> = std::iter::once(context).chain(func.params(entry).iter().copied()).collect();
    set_params(func, entry, &params);
    for inst in func.insts.ids() {
        if func.insts[inst].op == Opcode::Context {
            let result = func.results(inst)[0];
            func.replace(result, context);
        }
    }
    for block in func.blocks.ids() {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        insts.retain(|&inst| func.insts[inst].op != Opcode::Context);
        func.blocks[block].insts = insts;
    }
    func.resolve_all();
}

fn set_params(func: &mut Function, block: Block, params: &[Value]) {
    for (index, &param) in params.iter().enumerate() {
        func.values[param].def = ValueDef::Param(block, index as u32);
    }
    func.blocks[block].params = func.list(params);
}

/// Makes a block's parameters those of another.
pub fn move_params(func: &mut Function, from: Block, to: Block) {
    let params = func.params(from).to_vec();
    set_params(func, to, &params);
    func.blocks[from].params = ValueList::EMPTY;
}

/// A new entry that branches to the handler or to the old entry.
fn add_landing(func: &mut Function, handler: Block, frame: Slot) -> Landing {
    for block in func.blocks.ids() {
        let own = func.blocks[block].handler.take();
        assert!(own.is_none_or(|own| own == handler), "codegen: a function has two handlers");
    }
    let start = func.entry();
    let entry = func.add_block(&[]);
    move_params(func, start, entry);
    let count = func.params(entry).len() as u32;
    let state = func.values.push(ValueData { ty: Ty::I32, def: ValueDef::Param(entry, count) });
    let target = |block| Target { block, args: ValueList::EMPTY };
    func.blocks[entry].term =
        Terminator::Branch { cond: state, then: target(handler), els: target(start), likely: Some(false) };
    func.entry = Some(entry);
    Landing { handler, state, frame, start }
}

/// Leaves arguments to jumps alone.
fn split_edges(func: &mut Function) {
    for block in func.blocks.ids() {
        let mut term = std::mem::take(&mut func.blocks[block].term);
        match &mut term {
            Terminator::Branch { then, els, .. } => {
                if then == els {
                    term = Terminator::Jump(*then);
                } else {
                    split(func, then);
                    split(func, els);
                }
            }
            Terminator::Switch { targets, default, .. } => {
                // Cases that do the same share a block.
                let mut shared: FxHashMap<(Block, SmallVec<[Value; 4]>), Target> = FxHashMap::default();
                for target in targets.iter_mut().chain([&mut *default]) {
                    if target.args.is_empty() {
                        continue;
                    }
                    let key = (target.block, SmallVec::from_slice(func.values_of(target.args)));
                    *target = *shared.entry(key).or_insert_with(|| {
                        split(func, target);
                        *target
                    });
                }
                if targets.iter().all(|target| target == default) {
                    term = Terminator::Jump(*default);
                }
            }
            _ => {}
        }
        func.blocks[block].term = term;
    }
}

fn split(func: &mut Function, target: &mut Target) {
    if target.args.is_empty() {
        return;
    }
    let between = func.add_block(&[]);
    func.blocks[between].term = Terminator::Jump(*target);
    *target = Target { block: between, args: ValueList::EMPTY };
}

/// Drops instructions without effect and use, and parameters without use together with what is passed to them.
fn remove_dead(func: &mut Function, receivers: &mut SideTable<Block, Option<ValueList>>, record: Option<Value>) {
    let mut incoming: SideTable<Value, SmallVec<[Value; 2]>> = SideTable::with_len(func.values.len());
    let mut pending: Vec<Value> = record.into_iter().collect();
    for block in func.blocks.ids() {
        let data = &func.blocks[block];
        for &inst in &data.insts {
            if !is_removable(func, inst) {
                pending.extend_from_slice(func.args(inst));
            }
        }
        let (value, list) = data.term.operands();
        pending.extend(value);
        pending.extend_from_slice(func.values_of(list));
        if let (Terminator::Jump(target), Some(list)) = (&data.term, receivers[block]) {
            for (&receiver, &value) in func.values_of(list).iter().zip(func.values_of(target.args)) {
                incoming[receiver].push(value);
            }
        }
    }
    let mut live: SideTable<Value, bool> = SideTable::with_len(func.values.len());
    while let Some(value) = pending.pop() {
        if std::mem::replace(&mut live[value], true) {
            continue;
        }
        pending.extend_from_slice(&incoming[value]);
        if let ValueDef::Result(inst, _) = func.values[value].def
            && is_removable(func, inst)
        {
            pending.extend_from_slice(func.args(inst));
        }
    }
    for block in func.blocks.ids() {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        insts.retain(|&inst| !is_removable(func, inst) || func.results(inst).iter().any(|&result| live[result]));
        func.blocks[block].insts = insts;
        if let (Terminator::Jump(target), Some(list)) = (&func.blocks[block].term, receivers[block]) {
            let target = *target;
            let pairs = func.values_of(list).iter().zip(func.values_of(target.args));
            let (kept, args): (Vec<Value>, Vec<Value>) = pairs.filter(|&(receiver, _)| live[*receiver]).unzip();
            receivers[block] = Some(func.list(&kept));
            let args = func.list(&args);
            func.blocks[block].term = Terminator::Jump(Target { block: target.block, args });
        }
    }
}

fn is_removable(func: &Function, inst: Inst) -> bool {
    let op = func.insts[inst].op;
    op.effects().is_removable() || matches!(op, Opcode::PtrToInt | Opcode::IntToPtr)
}
