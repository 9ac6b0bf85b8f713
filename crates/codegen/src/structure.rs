//! Blocks, loops and ifs in place of jumps.
//!
//! Ramsey, "Beyond Relooper: Recursive Translation of Unstructured Control Flow to Structured Control Flow" (ICFP
//! 2022): code follows the dominator tree. A block that several jumps lead to (a *join*) is placed behind the end of a
//! wasm block around the code of its immediate dominator, and jumps to it leave that block; any other block is placed
//! where the one jump to it is.
//!
//! ```text
//!      a                block            ; for d
//!     / \                 a
//!    b   c                if  b  br 1    ; to d
//!     \ /      ==>        else  c  br 1
//!      d                  end
//!                       end
//!                       d
//! ```
//!
//! Beyond the paper:
//! - What comes behind a loop is placed behind its end, not inside: loops in sequence do not nest.
//! - `follow` is the block that comes next when code falls off its end. A jump there is nothing, and a wasm block that
//!   no jump leaves is dropped, as both are in the example.
//! - Of two arms that both end the function or leave, one goes behind the other's `end` instead of into an `else`, so
//!   that a thousand early returns in sequence do not nest. Past a depth the arm with less code is always the nested one.
//!
//! The walk has its own stack.

use crate::prepare::Body;
use base::SideTable;
use ir::{Block, Terminator};
use smallvec::SmallVec;

/// Where a jump goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label {
    pub block: Block,
    /// To the block as the header of a loop around the jump.
    pub is_back: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// A wasm block; the IR block's code is behind its end.
    Block(Block),
    /// A wasm loop that starts with the IR block.
    Loop(Block),
    /// On the condition at the end of the block, or its opposite.
    If {
        of: Block,
        invert: bool,
    },
    Else,
    End,
    /// The block's statements.
    Code(Block),
    /// What the block's jump assigns.
    Moves(Block),
    Br(Label),
    BrIf {
        of: Block,
        invert: bool,
        to: Label,
    },
    /// The last label is the default.
    Table {
        of: Block,
        labels: Vec<Label>,
    },
    /// The block returns, tail-calls or is not left.
    Leave(Block),
    /// The condition at the end of the block makes no difference.
    Discard(Block),
}

/// Code in structured form.
pub fn structure(body: &Body) -> Vec<Item> {
    let mut pass = Structure::new(body);
    pass.steps.push(Step::Tree(body.func.entry(), None));
    while let Some(step) = pass.steps.pop() {
        match step {
            Step::Emit(item) => pass.emit(item),
            Step::Tree(block, follow) => pass.tree(block, follow),
            Step::Body(block, follow) => pass.body(block, follow),
        }
    }
    without_unused_blocks(pass.items)
}

/// Up to this depth both arms of a branch nest.
const MAX_ARMS_DEPTH: u32 = 40;

enum Step {
    Emit(Item),
    /// All code that the block dominates, but what is placed elsewhere.
    Tree(Block, Option<Block>),
    /// The block's own code and what its terminator leads to.
    Body(Block, Option<Block>),
}

struct Structure<'a> {
    body: &'a Body,
    children: SideTable<Block, Vec<Block>>,
    /// Jumps lead there, so it is placed behind the end of a wasm block.
    is_join: SideTable<Block, bool>,
    /// What is placed behind a block's code, or, for loops, behind their end; in reverse postorder.
    joins: SideTable<Block, Vec<Block>>,
    exits: SideTable<Block, Vec<Block>>,
    /// How many blocks each dominates.
    sizes: SideTable<Block, u32>,
    items: Vec<Item>,
    steps: Vec<Step>,
    depth: u32,
}

impl<'a> Structure<'a> {
    fn new(body: &'a Body) -> Structure<'a> {
        let count = body.func.blocks.len();
        let mut pass = Structure {
            body,
            children: body.dominators.children(),
            is_join: SideTable::with_len(count),
            joins: SideTable::with_len(count),
            exits: SideTable::with_len(count),
            sizes: SideTable::with_len(count),
            items: Vec::new(),
            steps: Vec::new(),
            depth: 0,
        };
        let mut entries: SideTable<Block, u32> = SideTable::with_len(count);
        for &block in body.blocks() {
            let term = &body.func.blocks[block].term;
            for target in term.targets().iter().filter(|target| !body.dominators.dominates(target.block, block)) {
                // A table's targets are labels.
                let is_table = matches!(term, Terminator::Switch { .. });
                entries[target.block] += if is_table { 2 } else { 1 };
            }
        }
        for &block in body.blocks().iter().rev() {
            pass.sizes[block] += 1;
            if let Some(parent) = body.dominators.immediate(block) {
                pass.sizes[parent] += pass.sizes[block];
            }
        }
        for &block in body.blocks() {
            let Some(parent) = body.dominators.immediate(block) else { continue };
            let left = body.loops.left(parent, block);
            // A last block on its own is shorter in place, unless the code of the loop may fall into it.
            let ends_loop = left.is_some() && left == body.loops.innermost(parent) && pass.closes(parent);
            let is_last = pass.children[block].is_empty() && !ends_loop;
            if entries[block] == 1 && (left.is_none() || is_last) {
                continue;
            }
            pass.is_join[block] = true;
            match left {
                Some(header) => pass.exits[header].push(block),
                None => pass.joins[parent].push(block),
            }
        }
        pass
    }

    /// Whether the block is where a `for` loop asks whether to go on, at its start or at its end.
    fn closes(&self, block: Block) -> bool {
        let goes_back = |next: &Block| self.body.dominators.dominates(*next, block);
        self.body.loops.is_header(block) || self.body.func.successors(block).iter().any(goes_back)
    }

    fn emit(&mut self, item: Item) {
        match item {
            Item::Block(_) | Item::Loop(_) | Item::If { .. } => self.depth += 1,
            Item::End => self.depth -= 1,
            _ => {}
        }
        self.items.push(item);
    }

    fn tree(&mut self, block: Block, follow: Option<Block>) {
        let joins = std::mem::take(&mut self.joins[block]);
        if !self.body.loops.is_header(block) {
            self.behind(&joins, follow, |_, follow| vec![Step::Body(block, follow)]);
            return;
        }
        let exits = std::mem::take(&mut self.exits[block]);
        self.behind(&exits, follow, |pass, follow| {
            let mut steps = vec![Step::Emit(Item::Loop(block))];
            let start = pass.steps.len();
            pass.behind(&joins, follow, |_, follow| vec![Step::Body(block, follow)]);
            steps.extend(pass.steps.drain(start..).rev());
            steps.push(Step::Emit(Item::End));
            steps
        });
    }

    /// Pushes the steps for code with blocks behind it; `code` gives its steps in order.
    fn behind(
        &mut self,
        behind: &[Block],
        follow: Option<Block>,
        code: impl FnOnce(&mut Self, Option<Block>) -> Vec<Step>,
    ) {
        let mut steps: Vec<Step> = behind.iter().rev().map(|&block| Step::Emit(Item::Block(block))).collect();
        steps.extend(code(self, behind.first().copied().or(follow)));
        for (index, &block) in behind.iter().enumerate() {
            steps.push(Step::Emit(Item::End));
            steps.push(Step::Tree(block, behind.get(index + 1).copied().or(follow)));
        }
        self.steps.extend(steps.into_iter().rev());
    }

    fn body(&mut self, block: Block, follow: Option<Block>) {
        self.emit(Item::Code(block));
        let body = self.body;
        match &body.func.blocks[block].term {
            Terminator::Jump(target) => {
                self.emit(Item::Moves(block));
                let step = self.goto(block, target.block, follow);
                self.steps.extend(step);
            }
            Terminator::Branch { then, els, .. } => self.branch(block, then.block, els.block, follow),
            Terminator::Switch { targets, default, .. } => {
                let labels = targets.iter().chain([default]).map(|target| self.label(block, target.block));
                let labels = labels.collect();
                self.emit(Item::Table { of: block, labels });
            }
            Terminator::Return(_) | Terminator::TailCall { .. } | Terminator::Unreachable => {
                self.emit(Item::Leave(block));
            }
        }
    }

    fn label(&self, from: Block, to: Block) -> Label {
        Label { block: to, is_back: self.body.dominators.dominates(to, from) }
    }

    /// Whether a jump is a `br`; otherwise the target's code is in place.
    fn is_jump(&self, from: Block, to: Block) -> bool {
        self.is_join[to] || self.label(from, to).is_back
    }

    /// What an unconditional jump becomes.
    fn goto(&self, from: Block, to: Block, follow: Option<Block>) -> Option<Step> {
        let label = self.label(from, to);
        if !self.is_jump(from, to) {
            return Some(Step::Tree(to, follow));
        }
        let falls = !label.is_back && follow == Some(to);
        (!falls).then_some(Step::Emit(Item::Br(label)))
    }

    fn branch(&mut self, of: Block, then: Block, els: Block, follow: Option<Block>) {
        let falls = |pass: &Self, to: Block| follow == Some(to) && !pass.label(of, to).is_back;
        let steps: SmallVec<[Step; 5]> = match (self.is_jump(of, then), self.is_jump(of, els)) {
            (true, true) if falls(self, then) => {
                smallvec::smallvec![Step::Emit(Item::BrIf { of, invert: true, to: self.label(of, els) })]
            }
            (true, true) => {
                let first = Step::Emit(Item::BrIf { of, invert: false, to: self.label(of, then) });
                std::iter::once(first).chain(self.goto(of, els, follow)).collect()
            }
            (true, false) => self.jump_or(of, then, els, false, falls(self, then), follow),
            (false, true) => self.jump_or(of, els, then, true, falls(self, els), follow),
            (false, false) => self.arms(of, then, els, follow),
        };
        self.steps.extend(steps.into_iter().rev());
    }

    /// One arm is a jump, the other code.
    fn jump_or(
        &self,
        of: Block,
        to: Block,
        code: Block,
        invert: bool,
        falls: bool,
        follow: Option<Block>,
    ) -> SmallVec<[Step; 5]> {
        if falls && self.depth < MAX_ARMS_DEPTH {
            return smallvec::smallvec![
                Step::Emit(Item::If { of, invert: !invert }),
                Step::Tree(code, follow),
                Step::Emit(Item::End),
            ];
        }
        let jump = Item::BrIf { of, invert, to: self.label(of, to) };
        smallvec::smallvec![Step::Emit(jump), Step::Tree(code, follow)]
    }

    /// Both arms are code.
    fn arms(&self, of: Block, then: Block, els: Block, follow: Option<Block>) -> SmallVec<[Step; 5]> {
        let too_deep = self.depth >= MAX_ARMS_DEPTH;
        let then_first = self.leaves(then, follow) || too_deep && self.sizes[then] <= self.sizes[els];
        if then_first || too_deep || self.leaves(els, follow) {
            let (first, second) = if then_first { (then, els) } else { (els, then) };
            return smallvec::smallvec![
                Step::Emit(Item::If { of, invert: !then_first }),
                Step::Tree(first, None),
                Step::Emit(Item::End),
                Step::Tree(second, follow),
            ];
        }
        smallvec::smallvec![
            Step::Emit(Item::If { of, invert: false }),
            Step::Tree(then, follow),
            Step::Emit(Item::Else),
            Step::Tree(els, follow),
            Step::Emit(Item::End),
        ]
    }

    /// Whether a single block never falls through to what follows.
    fn leaves(&self, block: Block, follow: Option<Block>) -> bool {
        self.children[block].is_empty()
            && match &self.body.func.blocks[block].term {
                Terminator::Return(_) | Terminator::TailCall { .. } | Terminator::Unreachable => true,
                Terminator::Jump(target) => follow != Some(target.block) || self.label(block, target.block).is_back,
                _ => false,
            }
    }
}

fn without_unused_blocks(items: Vec<Item>) -> Vec<Item> {
    let mut used: SideTable<Block, bool> = SideTable::new();
    let mut mark = |label: &Label| {
        if !label.is_back {
            used[label.block] = true;
        }
    };
    for item in &items {
        match item {
            Item::Br(label) | Item::BrIf { to: label, .. } => mark(label),
            Item::Table { labels, .. } => labels.iter().for_each(&mut mark),
            _ => {}
        }
    }
    let mut open = Vec::new();
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        let is_kept = match &item {
            Item::Block(block) => {
                open.push(used[*block]);
                used[*block]
            }
            Item::Loop(_) | Item::If { .. } => {
                open.push(true);
                true
            }
            Item::End => open.pop().expect("structure: ends match"),
            _ => true,
        };
        if is_kept {
            kept.push(item);
        }
    }
    kept
}
