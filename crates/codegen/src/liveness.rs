//! Where values are live, one value at a time.
//!
//! Walks from the uses of a value back to its definition (Boissinot et al., "Computing Liveness Sets for SSA-Form
//! Programs", 2011, path exploration), and says of each block on the way how the value is live there. No sets are
//! kept: the passes that ask want the ends of an interval, or whether some call is in the range.
//!
//! A block that may be left for the handler at any time counts as one where what the handler reads is live from start
//! to end.

use crate::prepare::Body;
use base::{EntityId, SideTable};
use ir::{Block, Value};

/// How a value is live in a block other than by its uses there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Live {
    AtStart,
    AtEnd,
}

/// Visits blocks; reused for many values.
pub struct Walker<'a> {
    flow: &'a SideTable<Block, Vec<Block>>,
    /// The last walk that came to the start of each block.
    stamps: Vec<u32>,
    walk: u32,
    pending: Vec<Block>,
}

impl<'a> Walker<'a> {
    /// `flow` has the predecessors of each block.
    pub fn new(flow: &'a SideTable<Block, Vec<Block>>) -> Walker<'a> {
        Walker { flow, stamps: Vec::new(), walk: 0, pending: Vec::new() }
    }

    /// Visits every block where a value is live at the start or at the end; ends may come twice. `uses` are the blocks
    /// that use it.
    pub fn walk(&mut self, def: Block, uses: impl Iterator<Item = Block>, mut visit: impl FnMut(Block, Live)) {
        self.walk_while(def, uses, |block, live| {
            visit(block, live);
            true
        });
    }

    /// As `walk`, but only as long as `visit` says so.
    pub fn walk_while(
        &mut self,
        def: Block,
        uses: impl Iterator<Item = Block>,
        mut visit: impl FnMut(Block, Live) -> bool,
    ) {
        self.walk += 1;
        self.pending.clear();
        for block in uses {
            if block != def && !self.enter(block, &mut visit) {
                return;
            }
        }
        while let Some(block) = self.pending.pop() {
            for &from in &self.flow[block] {
                if !visit(from, Live::AtEnd) || from != def && !self.enter(from, &mut visit) {
                    return;
                }
            }
        }
    }

    /// Whether to go on.
    fn enter(&mut self, block: Block, visit: &mut impl FnMut(Block, Live) -> bool) -> bool {
        if block.index() >= self.stamps.len() {
            self.stamps.resize(block.index() + 1, 0);
        }
        if std::mem::replace(&mut self.stamps[block.index()], self.walk) != self.walk {
            self.pending.push(block);
            return visit(block, Live::AtStart);
        }
        true
    }
}

/// The block of each value's definition, for values that reachable code defines.
pub fn def_blocks(body: &Body) -> SideTable<Value, Option<Block>> {
    let mut defs = SideTable::with_len(body.func.values.len());
    for &block in body.blocks() {
        body.func.params(block).iter().for_each(|&param| defs[param] = Some(block));
        for &inst in &body.func.blocks[block].insts {
            body.func.results(inst).iter().for_each(|&result| defs[result] = Some(block));
        }
    }
    if let Some(landing) = &body.landing {
        defs[landing.state] = Some(body.func.entry());
    }
    defs
}
