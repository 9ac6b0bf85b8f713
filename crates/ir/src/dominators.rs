//! Reverse postorder and the dominator tree.
//!
//! Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm": immediate dominators by iteration over reverse
//! postorder, meeting by walking up. A handler counts as a successor of every block that names it.

use crate::function::{Block, Function};
use base::SideTable;

/// The reachable blocks in reverse postorder, and each one's place in it.
#[derive(Debug, Default)]
pub struct Order {
    pub blocks: Vec<Block>,
    /// One more than the index in `blocks`; 0 for unreachable blocks.
    place: SideTable<Block, u32>,
}

impl Order {
    pub fn of(func: &Function) -> Order {
        let mut postorder = Vec::with_capacity(func.blocks.len());
        let mut seen: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
        let mut stack = vec![(func.entry(), func.successors(func.entry()).into_iter())];
        seen[func.entry()] = true;
        while let Some((block, successors)) = stack.last_mut() {
            match successors.next() {
                Some(next) if !seen[next] => {
                    seen[next] = true;
                    stack.push((next, func.successors(next).into_iter()));
                }
                Some(_) => {}
                None => {
                    postorder.push(*block);
                    stack.pop();
                }
            }
        }
        postorder.reverse();
        let mut place = SideTable::with_len(func.blocks.len());
        for (index, &block) in postorder.iter().enumerate() {
            place[block] = index as u32 + 1;
        }
        Order { blocks: postorder, place }
    }

    pub fn index(&self, block: Block) -> Option<usize> {
        (self.place[block] as usize).checked_sub(1)
    }

    pub fn is_reachable(&self, block: Block) -> bool {
        self.place[block] != 0
    }
}

/// Predecessors of each reachable block, one entry per edge, in reverse postorder of the sources.
#[derive(Debug, Default)]
pub struct Predecessors {
    lists: SideTable<Block, Vec<Block>>,
}

impl Predecessors {
    pub fn of(func: &Function, order: &Order) -> Predecessors {
        let mut lists: SideTable<Block, Vec<Block>> = SideTable::with_len(func.blocks.len());
        for &block in &order.blocks {
            for next in func.successors(block) {
                lists[next].push(block);
            }
        }
        Predecessors { lists }
    }

    pub fn get(&self, block: Block) -> &[Block] {
        &self.lists[block]
    }
}

/// Who dominates whom.
#[derive(Debug)]
pub struct Dominators {
    pub order: Order,
    /// Index in `order` of each block's immediate dominator; the entry's is itself.
    parents: Vec<u32>,
    /// Pre- and postorder numbers in the dominator tree, for constant-time queries.
    spans: Vec<(u32, u32)>,
}

impl Dominators {
    pub fn of(func: &Function) -> Dominators {
        let order = Order::of(func);
        let predecessors = Predecessors::of(func, &order);
        const UNKNOWN: u32 = u32::MAX;
        let mut parents = vec![UNKNOWN; order.blocks.len()];
        parents[0] = 0;
        let mut changed = true;
        while changed {
            changed = false;
            for index in 1..order.blocks.len() {
                let known = predecessors.get(order.blocks[index]).iter().filter_map(|&block| order.index(block));
                let parent = known
                    .map(|index| index as u32)
                    .filter(|&index| parents[index as usize] != UNKNOWN)
                    .reduce(|a, b| meet(&parents, a, b))
                    .expect("a reachable block has a predecessor before it");
                changed |= std::mem::replace(&mut parents[index], parent) != parent;
            }
        }
        let spans = spans(&parents);
        Dominators { order, parents, spans }
    }

    /// The closest strict dominator; none for the entry and unreachable blocks.
    pub fn immediate(&self, block: Block) -> Option<Block> {
        let index = self.order.index(block)?;
        (index > 0).then(|| self.order.blocks[self.parents[index] as usize])
    }

    /// Whether every path to `b` goes through `a`; a block dominates itself. Unreachable blocks dominate nothing.
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        let (Some(a), Some(b)) = (self.order.index(a), self.order.index(b)) else { return false };
        let ((a_pre, a_post), (b_pre, b_post)) = (self.spans[a], self.spans[b]);
        a_pre <= b_pre && b_post <= a_post
    }

    /// Children in the dominator tree, in reverse postorder.
    pub fn children(&self) -> SideTable<Block, Vec<Block>> {
        let mut children: SideTable<Block, Vec<Block>> = SideTable::new();
        for (index, &block) in self.order.blocks.iter().enumerate().skip(1) {
            children[self.order.blocks[self.parents[index] as usize]].push(block);
        }
        children
    }
}

/// The closest common ancestor; parents have smaller indices.
fn meet(parents: &[u32], mut a: u32, mut b: u32) -> u32 {
    while a != b {
        if a > b {
            a = parents[a as usize];
        } else {
            b = parents[b as usize];
        }
    }
    a
}

/// Numbers a tree given by parents with smaller indices, without recursion.
fn spans(parents: &[u32]) -> Vec<(u32, u32)> {
    let mut size = vec![1u32; parents.len()];
    for index in (1..parents.len()).rev() {
        size[parents[index] as usize] += size[index];
    }
    // A child's numbers follow those of its earlier siblings.
    let mut spans = vec![(0, 0); parents.len()];
    let mut next = vec![0u32; parents.len()];
    for index in 0..parents.len() {
        let pre = if index == 0 { 0 } else { next[parents[index] as usize] };
        if index > 0 {
            next[parents[index] as usize] += size[index];
        }
        next[index] = pre + 1;
        spans[index] = (pre, pre + size[index] - 1);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::{Target, Terminator, ValueList};
    use base::EntityId;
    use crate::opcode::Opcode;
    use crate::ty::Ty;

    /// Blocks by number; two successors make a branch.
    fn graph(edges: &[&[usize]]) -> Function {
        let mut func = Function::default();
        for _ in edges {
            func.add_block(&[]);
        }
        func.entry = Some(Block::from_index(0));
        for (from, to) in edges.iter().enumerate() {
            let block = Block::from_index(from);
            let target = |to: usize| Target { block: Block::from_index(to), args: ValueList::EMPTY };
            func.blocks[block].term = match to {
                [] => Terminator::Return(ValueList::EMPTY),
                [to] => Terminator::Jump(target(*to)),
                [a, b, ..] => {
                    let inst = func.append(block, Opcode::Const, &[], 0, &[Ty::I32], None);
                    let cond = func.results(inst)[0];
                    Terminator::Branch { cond, then: target(*a), els: target(*b), likely: None }
                }
            };
        }
        func
    }

    #[test]
    fn a_loop_in_a_diamond() {
        //  0 -> 1, 2;  1 -> 3;  2 -> 3;  3 -> 4;  4 -> 3, 5;  6 unreachable
        let func = graph(&[&[1, 2], &[3], &[3], &[4], &[3, 5], &[], &[5]]);
        let dominators = Dominators::of(&func);
        let block = Block::from_index;
        let immediate: Vec<_> = (0..7).map(|index| dominators.immediate(block(index)).map(EntityId::index)).collect();
        assert_eq!(immediate, [None, Some(0), Some(0), Some(0), Some(3), Some(4), None]);
        assert!(dominators.dominates(block(3), block(5)));
        assert!(dominators.dominates(block(5), block(5)));
        assert!(!dominators.dominates(block(1), block(3)));
        assert!(!dominators.order.is_reachable(block(6)));
    }
}
