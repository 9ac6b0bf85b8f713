//! Makes the graph of blocks smaller: jumps skip blocks that only jump on, and a block that one jump leads to becomes
//! the end of the block it comes from.

use crate::pipeline::Context;
use base::SideTable;
use ir::{Block, FuncId, Function, Order, Target, Terminator, Value, ValueDef, ValueList};
use smallvec::SmallVec;

pub fn run(_: &Context, _: FuncId, func: &mut Function) {
    if func.blocks.len() == 1 {
        return;
    }
    skip_empty(func);
    let order = Order::of(func);
    empty_unreachable(func, &order);
    merge(func, &order);
}

/// What nothing reaches must not name blocks that are merged away.
fn empty_unreachable(func: &mut Function, order: &Order) {
    for block in func.blocks.ids() {
        if !order.is_reachable(block) {
            let data = &mut func.blocks[block];
            data.insts.clear();
            (data.term, data.handler) = (Terminator::Unreachable, None);
        }
    }
}

/// As many empty blocks in a row are skipped at once; a cycle of them is none.
const HOPS: usize = 8;

fn skip_empty(func: &mut Function) {
    let order = Order::of(func);
    let is_empty = |&block: &Block| func.blocks[block].insts.is_empty() && block != func.entry();
    if !order.blocks.iter().any(is_empty) {
        return;
    }
    let shared = shared_params(func, &order);
    for &block in &order.blocks {
        let mut term = std::mem::take(&mut func.blocks[block].term);
        for target in term.targets_mut() {
            for _ in 0..HOPS {
                match beyond(func, &shared, block, target) {
                    Some(next) => *target = next,
                    None => break,
                }
            }
        }
        if let Terminator::Jump(target) = term
            && target.block != block // whose own terminator is taken out at the moment
            && let Some(end) = end_beyond(func, &shared, &target)
        {
            term = end;
            func.blocks[block].term_loc = func.blocks[target.block].term_loc;
        }
        func.blocks[block].term = term;
    }
}

/// Blocks with a parameter that other blocks use.
fn shared_params(func: &Function, order: &Order) -> SideTable<Block, bool> {
    let mut shared: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
    let note = |shared: &mut SideTable<Block, bool>, block: Block, value: Value| {
        if let ValueDef::Param(home, _) = func.values[value].def
            && home != block
        {
            shared[home] = true;
        }
    };
    for &block in &order.blocks {
        for &inst in &func.blocks[block].insts {
            func.args(inst).iter().for_each(|&arg| note(&mut shared, block, arg));
        }
        func.for_each_terminator_use(block, |value| note(&mut shared, block, value));
    }
    shared
}

/// Where the jump leads in the end, if its target does nothing but jump on.
fn beyond(func: &mut Function, shared: &SideTable<Block, bool>, from: Block, target: &Target) -> Option<Target> {
    let middle = target.block;
    if !func.blocks[middle].insts.is_empty() || shared[middle] || middle == from {
        return None;
    }
    let Terminator::Jump(next) = func.blocks[middle].term else { return None };
    if next.block == middle {
        return None;
    }
    Some(Target { block: next.block, args: passed_on(func, target, next.args) })
}

/// How a jump ends, if its target does nothing but that.
fn end_beyond(func: &mut Function, shared: &SideTable<Block, bool>, target: &Target) -> Option<Terminator> {
    if !func.blocks[target.block].insts.is_empty() || shared[target.block] {
        return None;
    }
    match func.blocks[target.block].term {
        Terminator::Return(list) => Some(Terminator::Return(passed_on(func, target, list))),
        Terminator::Unreachable => Some(Terminator::Unreachable),
        _ => None,
    }
}

/// A list of values as it is when the target's parameters are the jump's arguments.
fn passed_on(func: &mut Function, target: &Target, list: ValueList) -> ValueList {
    let args = func.values_of(target.args);
    let values: SmallVec<[Value; 8]> = func
        .values_of(list)
        .iter()
        .map(|&value| match func.values[value].def {
            ValueDef::Param(home, index) if home == target.block => args[index as usize],
            _ => value,
        })
        .collect();
    func.list(&values)
}

/// Appends blocks to the only jump that leads to them.
fn merge(func: &mut Function, order: &Order) {
    let mut entries: SideTable<Block, u32> = SideTable::with_len(func.blocks.len());
    entries[func.entry()] = 1;
    for &block in &order.blocks {
        func.successors(block).iter().for_each(|&next| entries[next] += 1);
    }
    let mut merged: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
    let mut any = false;
    for &block in &order.blocks {
        if merged[block] {
            continue;
        }
        while let Terminator::Jump(target) = func.blocks[block].term
            && entries[target.block] == 1
            && target.block != func.entry()
            && target.block != block
            && let Some(handler) = common_handler(func, block, target.block)
        {
            let next = target.block;
            for index in 0..target.args.len() {
                let (param, arg) = (func.params(next)[index], func.values_of(target.args)[index]);
                let arg = func.resolve_mut(arg);
                func.replace(param, arg);
            }
            let data = std::mem::take(&mut func.blocks[next]);
            let own = &mut func.blocks[block];
            own.insts.extend(data.insts);
            (own.term, own.term_loc, own.handler) = (data.term, data.term_loc, handler);
            merged[next] = true;
            any = true;
        }
    }
    if any {
        func.resolve_all();
    }
}

/// The handler of two blocks that become one; none if they differ. What does nothing cares for none.
fn common_handler(func: &Function, first: Block, second: Block) -> Option<Option<Block>> {
    let (a, b) = (&func.blocks[first], &func.blocks[second]);
    if a.handler == b.handler || b.insts.is_empty() {
        return Some(a.handler);
    }
    a.insts.is_empty().then_some(b.handler)
}
