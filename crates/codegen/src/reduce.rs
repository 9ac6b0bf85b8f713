//! Gives every loop one header.
//!
//! A cycle that is entered at several blocks (`goto` into a loop) gets a *dispatch block*: every jump to an entry goes
//! there instead and says by number where it wants to go; a switch leads on.
//!
//! ```text
//!    a      b                 a      b
//!    |      |                  \    /
//!    v      v        ==>      dispatch <---.
//!    c <--> d                  /    \      |
//!                             c      d ----'  (and c)
//! ```
//!
//! The jump to the dispatch block already assigns the entry's parameters. So these keep their values through the
//! dispatch block, and definitions no longer dominate uses along paths that the number excludes; later passes take
//! liveness from all paths and rely on dominance only where that does no harm.
//!
//! Works from outer cycles to inner ones, each round linear in the cycle's blocks; does nothing where no cycle has two
//! entries, which is nearly always.

use base::SideTable;
use ir::{Block, Dominators, Function, Opcode, Target, Terminator, Ty, Value, ValueList};
use rustc_hash::FxHashMap;

pub fn reduce(func: &mut Function, receivers: &mut SideTable<Block, Option<ValueList>>) {
    let dominators = Dominators::of(func);
    if is_reducible(func, &dominators) {
        return;
    }
    let mut predecessors = predecessors(func, &dominators.order.blocks);
    let mut regions = vec![dominators.order.blocks];
    // Made once: there may be very many regions, and most are small.
    let mut numbers: SideTable<Block, u32> = SideTable::with_len(func.blocks.len());
    let mut inside: SideTable<Block, u32> = SideTable::with_len(func.blocks.len());
    let mut cycles_seen = 0;
    while let Some(region) = regions.pop() {
        for cycle in cycles(func, &region, &mut numbers) {
            cycles_seen += 1;
            cycle.iter().for_each(|&block| inside[block] = cycles_seen);
            let is_entry = |block: &Block| predecessors[*block].iter().any(|&from| inside[from] != cycles_seen);
            let entries: Vec<Block> = cycle.iter().copied().filter(is_entry).collect();
            match entries[..] {
                [header] => regions.push(cycle.into_iter().filter(|&block| block != header).collect()),
                _ => {
                    add_dispatch(func, receivers, &mut predecessors, &entries);
                    regions.push(cycle);
                }
            }
        }
    }
}

/// Whether every edge backwards goes to a block that dominates its source.
fn is_reducible(func: &Function, dominators: &Dominators) -> bool {
    let order = &dominators.order;
    order.blocks.iter().all(|&block| {
        let successors = func.successors(block);
        successors.iter().all(|&next| order.index(next) > order.index(block) || dominators.dominates(next, block))
    })
}

fn predecessors(func: &Function, blocks: &[Block]) -> SideTable<Block, Vec<Block>> {
    let mut predecessors: SideTable<Block, Vec<Block>> = SideTable::with_len(func.blocks.len());
    for &block in blocks {
        for next in func.successors(block) {
            predecessors[next].push(block);
        }
    }
    predecessors
}

/// The strongly connected components with a cycle among the blocks of a region: Tarjan's algorithm, without recursion.
/// `numbers` are all `OUTSIDE`, and so again at the end.
fn cycles(func: &Function, region: &[Block], numbers: &mut SideTable<Block, u32>) -> Vec<Vec<Block>> {
    const OUTSIDE: u32 = 0;
    const NEW: u32 = 1;
    // Above these, the number in preorder; `DONE` once the component is known.
    const DONE: u32 = u32::MAX;
    region.iter().for_each(|&block| numbers[block] = NEW);
    let mut next_number = NEW;
    let mut found = Vec::new();
    for &root in region {
        if numbers[root] != NEW {
            continue;
        }
        let mut path: Vec<Block> = Vec::new();
        let mut stack: Vec<(Block, u32, usize)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(block) = enter.take() {
                next_number += 1;
                numbers[block] = next_number;
                path.push(block);
                stack.push((block, next_number, 0));
            }
            let Some((block, low, next)) = stack.last_mut() else { break };
            if let Some(successor) = func.successor(*block, *next) {
                *next += 1;
                match numbers[successor] {
                    OUTSIDE | DONE => {}
                    NEW => enter = Some(successor),
                    number => *low = (*low).min(number),
                }
                continue;
            }
            let (block, low) = (*block, *low);
            stack.pop();
            if let Some((_, above, _)) = stack.last_mut() {
                *above = (*above).min(low);
            }
            if low == numbers[block] {
                let start = path.iter().rposition(|&other| other == block).unwrap_or(0);
                let component = path.split_off(start);
                component.iter().for_each(|&member| numbers[member] = DONE);
                if component.len() > 1 || func.successors(block).contains(&block) {
                    found.push(component);
                }
            }
        }
    }
    region.iter().for_each(|&block| numbers[block] = OUTSIDE);
    found
}

/// Sends every jump to one of the entries through a new block.
fn add_dispatch(
    func: &mut Function,
    receivers: &mut SideTable<Block, Option<ValueList>>,
    predecessors: &mut SideTable<Block, Vec<Block>>,
    entries: &[Block],
) {
    let dispatch = func.add_block(&[Ty::I32]);
    let selector = func.params(dispatch)[0];
    let numbers: FxHashMap<Block, u32> = entries.iter().zip(0..).map(|(&block, number)| (block, number)).collect();
    let mut sources: Vec<Block> = entries.iter().flat_map(|&entry| predecessors[entry].iter().copied()).collect();
    sources.sort_unstable();
    sources.dedup();
    for block in sources {
        let mut term = std::mem::take(&mut func.blocks[block].term);
        match &mut term {
            Terminator::Jump(target) => {
                if let Some(&number) = numbers.get(&target.block) {
                    let own = receivers[block].unwrap_or(func.blocks[target.block].params);
                    receivers[block] = Some(redirect(func, block, target, own, dispatch, selector, number));
                    predecessors[dispatch].push(block);
                }
            }
            // Their edges pass nothing, but for the number.
            other => {
                let mut between: FxHashMap<Block, Block> = FxHashMap::default();
                for target in other.targets_mut() {
                    let Some(&number) = numbers.get(&target.block) else { continue };
                    let from = block;
                    let block = *between.entry(target.block).or_insert_with(|| {
                        let block = func.add_block(&[]);
                        let mut jump = *target;
                        let list = redirect(func, block, &mut jump, ValueList::EMPTY, dispatch, selector, number);
                        receivers[block] = Some(list);
                        func.blocks[block].term = Terminator::Jump(jump);
                        predecessors[block].push(from);
                        predecessors[dispatch].push(block);
                        block
                    });
                    *target = Target { block, args: ValueList::EMPTY };
                }
            }
        }
        func.blocks[block].term = term;
    }
    entries.iter().for_each(|&entry| predecessors[entry] = vec![dispatch]);
    let target = |&block| Target { block, args: ValueList::EMPTY };
    let Some((last, others)) = entries.split_last() else { unreachable!("codegen: a cycle without entry") };
    let targets = others.iter().map(target).collect();
    func.blocks[dispatch].term = Terminator::Switch { value: selector, targets, default: target(last) };
}

/// Makes the jump at the end of `block` go to the dispatch block; gives what it assigns.
fn redirect(
    func: &mut Function,
    block: Block,
    target: &mut Target,
    own: ValueList,
    dispatch: Block,
    selector: Value,
    number: u32,
) -> ValueList {
    let inst = func.append(block, Opcode::Const, &[], u64::from(number), &[Ty::I32], None);
    let number = func.results(inst)[0];
    let mut args = func.values_of(target.args).to_vec();
    let mut list = func.values_of(own).to_vec();
    args.push(number);
    list.push(selector);
    *target = Target { block: dispatch, args: func.list(&args) };
    func.list(&list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::EntityId;
    use ir::function::{ValueData, ValueDef};

    /// A branch from 0 to 1 and 2, which jump to each other until one leaves.
    #[test]
    fn a_cycle_with_two_entries_gets_one() {
        let mut func = Function::default();
        for _ in 0..4 {
            func.add_block(&[]);
        }
        let block = Block::from_index;
        func.entry = Some(block(0));
        let cond = func.values.push(ValueData { ty: Ty::I32, def: ValueDef::Param(block(0), 0) });
        let target = |index| Target { block: block(index), args: ValueList::EMPTY };
        for (from, then, els) in [(0, 1, 2), (1, 2, 3), (2, 1, 3)] {
            func.blocks[block(from)].term =
                Terminator::Branch { cond, then: target(then), els: target(els), likely: None };
        }
        let mut receivers = SideTable::new();
        assert!(!is_reducible(&func, &Dominators::of(&func)));
        reduce(&mut func, &mut receivers);
        assert!(is_reducible(&func, &Dominators::of(&func)));
        let dispatch = block(4);
        assert_eq!(func.successors(dispatch).to_vec(), [block(1), block(2)]);
    }
}
