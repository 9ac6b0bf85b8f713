//! The loops of a function whose loops have one header each.

use crate::dominators::Dominators;
use crate::function::{Block, Function};
use base::SideTable;

/// Which loops each block is in; a loop is named by its header.
pub struct Loops {
    /// The innermost loop around a block; a header is in its own.
    innermost: SideTable<Block, Option<Block>>,
    /// The loop around a loop.
    parents: SideTable<Block, Option<Block>>,
    depths: SideTable<Block, u32>,
}

impl Loops {
    pub fn of(func: &Function, dominators: &Dominators) -> Loops {
        let count = func.blocks.len();
        let mut loops = Loops {
            innermost: SideTable::with_len(count),
            parents: SideTable::with_len(count),
            depths: SideTable::with_len(count),
        };
        let mut predecessors: SideTable<Block, Vec<Block>> = SideTable::with_len(count);
        for &block in &dominators.order.blocks {
            for next in func.successors(block) {
                predecessors[next].push(block);
            }
        }
        // Inner headers come behind outer ones in reverse postorder. `outermost` is the largest loop found so far
        // around each header, with shortcuts.
        let mut outermost: SideTable<Block, Option<Block>> = SideTable::with_len(count);
        for &header in dominators.order.blocks.iter().rev() {
            let is_back = |&&from: &&Block| dominators.dominates(header, from);
            let mut pending: Vec<Block> = predecessors[header].iter().filter(is_back).copied().collect();
            if pending.is_empty() {
                continue;
            }
            loops.innermost[header] = Some(header);
            while let Some(block) = pending.pop() {
                match loops.innermost[block] {
                    None => {
                        loops.innermost[block] = Some(header);
                        pending.extend_from_slice(&predecessors[block]);
                    }
                    Some(inner) => {
                        let top = top(&mut outermost, inner);
                        if top != header {
                            loops.parents[top] = Some(header);
                            outermost[top] = Some(header);
                            pending.extend_from_slice(&predecessors[top]);
                        }
                    }
                }
            }
        }
        for &block in &dominators.order.blocks {
            if loops.innermost[block] == Some(block) {
                loops.depths[block] = loops.parents[block].map_or(1, |parent| loops.depths[parent] + 1);
            }
        }
        loops
    }

    pub fn innermost(&self, block: Block) -> Option<Block> {
        self.innermost[block]
    }

    /// The loop around a loop.
    pub fn parent(&self, header: Block) -> Option<Block> {
        self.parents[header]
    }

    /// The largest loop around a block.
    pub fn outermost(&self, block: Block) -> Option<Block> {
        let mut header = self.innermost[block]?;
        while let Some(parent) = self.parents[header] {
            header = parent;
        }
        Some(header)
    }

    pub fn is_header(&self, block: Block) -> bool {
        self.innermost[block] == Some(block)
    }

    /// How many loops a block is in.
    pub fn depth(&self, block: Block) -> u32 {
        self.innermost[block].map_or(0, |header| self.depths[header])
    }

    /// The outermost loop around `a` that is not around `b`.
    pub fn left(&self, a: Block, b: Block) -> Option<Block> {
        let mut left = None;
        let mut around = self.innermost[a];
        let mut other = self.innermost[b];
        while let Some(header) = around {
            while let Some(deeper) = other.filter(|&deeper| self.depths[deeper] > self.depths[header]) {
                other = self.parents[deeper];
            }
            if other == Some(header) {
                break;
            }
            left = Some(header);
            around = self.parents[header];
        }
        left
    }
}

fn top(outermost: &mut SideTable<Block, Option<Block>>, header: Block) -> Block {
    let mut at = header;
    while let Some(above) = outermost[at] {
        if let Some(next) = outermost[above] {
            outermost[at] = Some(next);
        }
        at = above;
    }
    at
}
