//! Turns small branches into selects: where both ways meet at once and only choose between values.
//!
//! ```text
//! branch v1, block2, block3(v0)          v2 = sub.i64 v9, v0
//! block2: v2 = sub.i64 v9, v0       ==>  v3 = select v1, v2, v0
//!         jump block3(v2)                jump block3(v3)
//! ```
//!
//! Both ways are computed then, so they may hold no more than a few cheap instructions. Runs late: other passes learn
//! from branches.

use crate::pipeline::Context;
use base::SideTable;
use ir::{Block, FuncId, Function, Inst, Opcode, Order, Target, Terminator, Ty, Value, ValueDef};
use smallvec::SmallVec;

/// Instructions that are computed in vain at most.
const CHEAP: usize = 2;
/// Values that are chosen at most.
const CHOICES: usize = 2;

pub fn run(_: &Context, _: FuncId, func: &mut Function) {
    if !func.blocks.values().any(|block| matches!(block.term, Terminator::Branch { likely: None, .. })) {
        return;
    }
    let order = Order::of(func);
    let mut entries: SideTable<Block, u32> = SideTable::with_len(func.blocks.len());
    for &block in &order.blocks {
        func.successors(block).iter().for_each(|&next| entries[next] += 1);
    }
    // Inner ones first: what was a branch may be a few instructions then.
    for &block in order.blocks.iter().rev() {
        convert(func, &entries, block);
    }
    func.resolve_all();
}

fn convert(func: &mut Function, entries: &SideTable<Block, u32>, block: Block) {
    let Terminator::Branch { cond, then, els, likely: None } = func.blocks[block].term else { return };
    let direct = (then.block, els.block);
    let Some((first, then)) = way(func, entries, block, then) else { return };
    let Some((second, els)) = way(func, entries, block, els) else { return };
    if then.block != els.block || then.block == block {
        return;
    }
    let cost = first.iter().chain(&second).filter(|&&inst| func.insts[inst].op != Opcode::Const).count();
    let pairs = || func.values_of(then.args).iter().zip(func.values_of(els.args));
    let choices = pairs().filter(|(a, b)| a != b).count();
    let has_vector = pairs().any(|(&a, _)| func.ty(a) == Ty::V128);
    if cost > CHEAP || choices > CHOICES || has_vector {
        return;
    }
    let pairs: SmallVec<[(Value, Value); 4]> = pairs().map(|(&a, &b)| (a, b)).collect();
    func.blocks[block].insts.extend(first.into_iter().chain(second));
    for way in [direct.0, direct.1].into_iter().filter(|&way| way != then.block) {
        // Nothing leads there any more.
        let data = &mut func.blocks[way];
        data.insts.clear();
        (data.term, data.handler) = (Terminator::Unreachable, None);
    }
    let loc = func.blocks[block].term_loc;
    let args: SmallVec<[Value; 4]> = pairs
        .into_iter()
        .map(|(a, b)| {
            if a == b {
                return a;
            }
            let ty = func.ty(a);
            let select = func.append(block, Opcode::Select, &[cond, a, b], 0, &[ty], loc);
            func.results(select)[0]
        })
        .collect();
    let args = func.list(&args);
    func.blocks[block].term = Terminator::Jump(Target { block: then.block, args });
}

/// What is done on one way of a branch, and where it leads: through a block of its own that is cheap, or directly.
fn way(func: &Function, entries: &SideTable<Block, u32>, from: Block, target: Target) -> Option<(Vec<Inst>, Target)> {
    let data = &func.blocks[target.block];
    let Terminator::Jump(next) = data.term else { return Some((Vec::new(), target)) };
    let is_own = entries[target.block] == 1 && target.args.is_empty() && next.block != target.block;
    if !is_own || target.block == from || data.insts.len() > 2 * CHEAP {
        return Some((Vec::new(), target));
    }
    if !data.insts.iter().all(|&inst| is_cheap(func, inst)) {
        return Some((Vec::new(), target));
    }
    Some((data.insts.clone(), next))
}

/// May be computed in vain.
fn is_cheap(func: &Function, inst: Inst) -> bool {
    use Opcode::*;
    let data = &func.insts[inst];
    let is_known =
        |value: Value| matches!(func.values[value].def, ValueDef::Result(def, _) if func.insts[def].op == Const);
    match data.op {
        Mul => is_known(func.args(inst)[1]),
        FDiv | FSqrt | FCeil | FFloor | FTrunc | FNearest => false,
        op => op.effects().is_pure(),
    }
}
