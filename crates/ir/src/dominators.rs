//! Reverse postorder and the dominator tree.
//!
//! Lengauer and Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph" (TOPLAS 1979), the simple version:
//! O(edges x log blocks) on every graph. (Meeting by walking up from each predecessor, as Cooper, Harvey and Kennedy
//! do, is quadratic for a long chain of `if`s that share an exit.)
//!
//! A handler counts as a successor of every block that names it, reached before the block's first instruction. So a
//! block with a handler is two nodes here, its *start* and its *body*:
//!
//! ```text
//! block1 handler block9:           start 1 --> block9
//!   v1 = call @f()                    |
//!   jump block2                    body 1  --> block2
//! ```
//!
//! `block1` dominates `block9`, but its results do not reach there.

use crate::function::{Block, Function};
use base::{EntityId, SideTable};

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
        // With how many of their successors were looked at.
        let mut stack = vec![(func.entry(), 0)];
        seen[func.entry()] = true;
        while let Some((block, looked_at)) = stack.last_mut() {
            *looked_at += 1;
            match func.successor(*block, *looked_at - 1) {
                Some(next) if !seen[next] => {
                    seen[next] = true;
                    stack.push((next, 0));
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
    /// The number of each block's start and body; `NONE` for unreachable blocks.
    numbers: Vec<u32>,
    /// The block of each number.
    blocks: Vec<Block>,
    /// The immediate dominator of each number, which is smaller; the entry's is itself.
    parents: Vec<u32>,
    /// Pre- and postorder numbers in the dominator tree, for constant-time queries.
    spans: Vec<(u32, u32)>,
}

impl Dominators {
    pub fn of(func: &Function) -> Dominators {
        let walk = Walk::of(func);
        let parents = walk.dominators(func);
        let spans = spans(&parents);
        let blocks = walk.nodes.iter().map(|&node| block_of(node)).collect();
        Dominators { order: Order::of(func), numbers: walk.numbers, blocks, parents, spans }
    }

    /// The closest strict dominator; none for the entry and unreachable blocks.
    pub fn immediate(&self, block: Block) -> Option<Block> {
        let start = self.number(start_of(block))?;
        (start > 0).then(|| self.blocks[self.parents[start as usize] as usize])
    }

    /// Whether every path to the start of `b` goes through the start of `a`, so that `a`'s parameters are available in
    /// `b`; a block dominates itself. Unreachable blocks dominate nothing.
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        self.is_above(start_of(a), start_of(b))
    }

    /// Whether the results of `a`'s instructions are available at the start of `b`. Not so for a block and itself.
    pub fn results_reach(&self, a: Block, b: Block) -> bool {
        let body = match self.number(body_of(a)) {
            Some(_) => body_of(a),
            None => start_of(a),
        };
        body != start_of(b) && self.is_above(body, start_of(b))
    }

    /// Whether each cycle has a block that dominates the others in it.
    pub fn is_reducible(&self, func: &Function) -> bool {
        self.order.blocks.iter().enumerate().all(|(index, &block)| {
            let is_forward = |next: Block| self.order.index(next).is_some_and(|next| next > index);
            func.successors(block).iter().all(|&next| is_forward(next) || self.dominates(next, block))
        })
    }

    /// Children in the dominator tree, in reverse postorder. A walk that carries along the results it has seen asks
    /// `results_reach` first: a handler is the child of a block whose results it cannot see.
    pub fn children(&self) -> SideTable<Block, Vec<Block>> {
        let mut children: SideTable<Block, Vec<Block>> = SideTable::new();
        for &block in &self.order.blocks {
            if let Some(parent) = self.immediate(block) {
                children[parent].push(block);
            }
        }
        children
    }

    fn number(&self, node: usize) -> Option<u32> {
        self.numbers.get(node).copied().filter(|&number| number != NONE)
    }

    fn is_above(&self, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.number(a), self.number(b)) else { return false };
        let ((a_pre, a_post), (b_pre, b_post)) = (self.spans[a as usize], self.spans[b as usize]);
        a_pre <= b_pre && b_post <= a_post
    }
}

const NONE: u32 = u32::MAX;

/// The node of a block's start; for a block without handler, of all of it.
fn start_of(block: Block) -> usize {
    2 * block.index()
}

/// The node of what comes after the edge to the handler.
fn body_of(block: Block) -> usize {
    2 * block.index() + 1
}

fn block_of(node: usize) -> Block {
    Block::from_index(node / 2)
}

fn successor(func: &Function, node: usize, nth: usize) -> Option<usize> {
    let block = block_of(node);
    match func.blocks[block].handler {
        Some(handler) if node == start_of(block) => [body_of(block), start_of(handler)].get(nth).copied(),
        // The handler comes last, and belongs to the start.
        Some(_) if func.successor(block, nth + 1).is_none() => None,
        _ => func.successor(block, nth).map(start_of),
    }
}

fn successors(func: &Function, node: usize) -> impl Iterator<Item = usize> + '_ {
    (0..).map_while(move |nth| successor(func, node, nth))
}

/// A depth-first walk from the entry; what follows speaks of nodes by their number in its preorder.
struct Walk {
    /// The number of each node; `NONE` for unreachable ones.
    numbers: Vec<u32>,
    nodes: Vec<usize>,
    /// In the walk's tree; the entry's is itself.
    parents: Vec<u32>,
}

impl Walk {
    fn of(func: &Function) -> Walk {
        let mut walk = Walk { numbers: vec![NONE; 2 * func.blocks.len()], nodes: Vec::new(), parents: Vec::new() };
        let entry = start_of(func.entry());
        walk.visit(entry, 0);
        let mut stack = vec![(0, 0)];
        while let Some((number, looked_at)) = stack.last_mut() {
            *looked_at += 1;
            match successor(func, walk.nodes[*number as usize], *looked_at - 1) {
                Some(next) if walk.numbers[next] == NONE => {
                    let parent = *number;
                    stack.push((walk.visit(next, parent), 0));
                }
                Some(_) => {}
                None => {
                    stack.pop();
                }
            }
        }
        walk
    }

    /// The immediate dominator of each number.
    fn dominators(&self, func: &Function) -> Vec<u32> {
        let count = self.nodes.len();
        let mut edges: Vec<(u32, u32)> = Vec::with_capacity(count);
        for (from, &node) in self.nodes.iter().enumerate() {
            edges.extend(successors(func, node).map(|to| (self.numbers[to], from as u32)));
        }
        edges.sort_unstable_by(|a, b| b.cmp(a));
        let mut forest = Forest::new(count);
        let mut immediate = vec![0u32; count];
        // Nodes whose semidominator is the key, linked.
        let mut bucket = vec![NONE; count];
        let mut next_in_bucket = vec![NONE; count];
        let mut edges = edges.into_iter().peekable();
        for node in (1..count as u32).rev() {
            while let Some((_, from)) = edges.next_if(|&(to, _)| to == node) {
                let best = forest.best(from);
                let semi = forest.semi[best as usize];
                forest.semi[node as usize] = forest.semi[node as usize].min(semi);
            }
            let semi = forest.semi[node as usize] as usize;
            next_in_bucket[node as usize] = std::mem::replace(&mut bucket[semi], node);
            let parent = self.parents[node as usize];
            forest.ancestors[node as usize] = parent;
            let mut member = std::mem::replace(&mut bucket[parent as usize], NONE);
            while member != NONE {
                let best = forest.best(member);
                let is_deeper = forest.semi[best as usize] < parent;
                immediate[member as usize] = if is_deeper { best } else { parent };
                member = next_in_bucket[member as usize];
            }
        }
        for node in 1..count {
            if immediate[node] != forest.semi[node] {
                immediate[node] = immediate[immediate[node] as usize];
            }
        }
        immediate
    }

    fn visit(&mut self, node: usize, parent: u32) -> u32 {
        let number = self.nodes.len() as u32;
        self.numbers[node] = number;
        self.nodes.push(node);
        self.parents.push(parent);
        number
    }
}

/// The part of the walk's tree that was processed.
struct Forest {
    /// Each node's semidominator as far as known; itself at first.
    semi: Vec<u32>,
    /// A node further up, `NONE` above roots. Shortened by queries.
    ancestors: Vec<u32>,
    /// The node of least semidominator on the way up to, and without, the ancestor.
    labels: Vec<u32>,
    path: Vec<u32>,
}

impl Forest {
    fn new(count: usize) -> Forest {
        let own: Vec<u32> = (0..count as u32).collect();
        Forest { semi: own.clone(), ancestors: vec![NONE; count], labels: own, path: Vec::new() }
    }

    /// The node of least semidominator from `node` up to below its root; `node` itself if it is a root.
    fn best(&mut self, node: u32) -> u32 {
        let mut at = node;
        while self.ancestors[at as usize] != NONE && self.ancestors[self.ancestors[at as usize] as usize] != NONE {
            self.path.push(at);
            at = self.ancestors[at as usize];
        }
        while let Some(below) = self.path.pop() {
            let (below, above) = (below as usize, self.ancestors[below as usize] as usize);
            if self.semi[self.labels[above] as usize] < self.semi[self.labels[below] as usize] {
                self.labels[below] = self.labels[above];
            }
            self.ancestors[below] = self.ancestors[above];
        }
        self.labels[node as usize]
    }
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

    /// Dominance by its definition: what is no longer reached when a node is taken away.
    fn is_cut(func: &Function, without: usize, goal: usize) -> bool {
        let mut seen = vec![false; 2 * func.blocks.len()];
        let mut stack = vec![start_of(func.entry())];
        while let Some(node) = stack.pop() {
            if node == without || std::mem::replace(&mut seen[node], true) {
                continue;
            }
            stack.extend(successors(func, node));
        }
        !seen[goal]
    }

    #[test]
    fn random_graphs_agree_with_the_definition() {
        let mut state = 7u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % below
        };
        for _ in 0..400 {
            let count = 2 + random(9);
            let edges: Vec<Vec<usize>> =
                (0..count).map(|_| (0..random(3)).map(|_| 1 + random(count - 1)).collect()).collect();
            let edges: Vec<&[usize]> = edges.iter().map(Vec::as_slice).collect();
            let mut func = graph(&edges);
            for block in func.blocks.ids() {
                if random(4) == 0 {
                    func.blocks[block].handler = Some(Block::from_index(1 + random(count - 1)));
                }
            }
            let dominators = Dominators::of(&func);
            for a in func.blocks.ids() {
                for b in func.blocks.ids() {
                    let reachable = dominators.order.is_reachable(a) && dominators.order.is_reachable(b);
                    let expected = reachable && is_cut(&func, start_of(a), start_of(b));
                    assert_eq!(dominators.dominates(a, b), expected, "{edges:?}: {a} dominates {b}");
                    let body = if func.blocks[a].handler.is_some() { body_of(a) } else { start_of(a) };
                    let expected = reachable && a != b && is_cut(&func, body, start_of(b));
                    assert_eq!(dominators.results_reach(a, b), expected, "{edges:?}: results of {a} reach {b}");
                }
                let parent = dominators.immediate(a);
                let strict = |b: &Block| *b != a && dominators.dominates(*b, a);
                assert_eq!(parent.is_some(), func.blocks.ids().any(|b| strict(&b)));
                if let Some(parent) = parent {
                    assert!(
                        strict(&parent) && func.blocks.ids().filter(strict).all(|b| dominators.dominates(b, parent))
                    );
                }
            }
        }
    }

    #[test]
    fn a_long_chain_with_a_shared_exit_takes_no_time() {
        let count = 100_000;
        let edges: Vec<Vec<usize>> =
            (0..count).map(|at| if at + 2 < count { vec![at + 1, count - 1] } else { vec![] }).collect();
        let edges: Vec<&[usize]> = edges.iter().map(Vec::as_slice).collect();
        let dominators = Dominators::of(&graph(&edges));
        assert_eq!(dominators.immediate(Block::from_index(count - 1)), Some(Block::from_index(0)));
        assert!(dominators.dominates(Block::from_index(10), Block::from_index(count - 2)));
    }
}
