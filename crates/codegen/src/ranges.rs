//! Where in the code each local's value is needed.
//!
//! Places are numbered in the order of execution within each block, every reading and writing of a local by itself. A
//! value's *range* is a list of spans of places: from the place that writes it to the last that reads it, and whole
//! blocks in between. Values whose ranges do not overlap may share a local.
//!
//! Two things are not as in straight code. A parameter of a block is written where jumps to the block end, each time
//! with a span of its own. And what the handler of recovered panics reads is needed everywhere: a panic may come from
//! any call, and the function then starts over.

use crate::instructions::{is_repeated, operand_order};
use crate::liveness::{Live, Walker, def_blocks};
use crate::prepare::Body;
use crate::stackify::{Consumer, Mode, Stacked, terminator_operands};
use crate::structure::Item;
use crate::unit::Unit;
use base::{EntityId, SideTable};
use ir::{Block, Inst, Terminator, Value};
use smallvec::SmallVec;

/// First and last place.
pub type Span = (u32, u32);

/// A jump passes the value in one local to the parameter in another: better they were one.
pub struct Passed {
    pub block: Block,
    pub receiver: Value,
    pub value: Value,
}

pub struct Ranges {
    /// Ordered and disjoint; none for values that are in no local.
    pub spans: SideTable<Value, Vec<Span>>,
    pub passed: Vec<Passed>,
}

impl Ranges {
    pub fn of(unit: &Unit, body: &Body, stacked: &Stacked, items: &[Item]) -> Ranges {
        let count = body.func.values.len();
        let mut places = Places {
            unit,
            body,
            stacked,
            at: 0,
            block: body.func.entry(),
            starts: SideTable::with_len(body.func.blocks.len()),
            ends: SideTable::with_len(body.func.blocks.len()),
            reads: SideTable::with_len(count),
            writes: SideTable::with_len(count),
            passed: Vec::new(),
        };
        items.iter().for_each(|item| places.item(item));
        let mut walker = Walker::new(&body.flow);
        let mut blocks = BlockSpans { spans: vec![None; body.func.blocks.len()], touched: Vec::new() };
        let defs = def_blocks(body);
        let mut spans: SideTable<Value, Vec<Span>> = SideTable::with_len(count);
        for value in body.func.values.ids() {
            if let Some(def) = defs[value] {
                spans[value] = places.spans(&mut walker, &mut blocks, value, def);
            }
        }
        if let Some(landing) = body.landing {
            spans[landing.state] = vec![(0, places.at)];
        }
        // Addresses of slots are made from it anywhere.
        if let Some((record, _)) = body.record {
            spans[record] = vec![(0, places.at)];
        }
        Ranges { spans, passed: places.passed }
    }
}

/// The span of one value in each block; emptied after each value.
struct BlockSpans {
    spans: Vec<Option<Span>>,
    touched: Vec<Block>,
}

impl BlockSpans {
    fn meet(&mut self, block: Block, at: u32) {
        match &mut self.spans[block.index()] {
            Some((first, last)) => {
                *first = (*first).min(at);
                *last = (*last).max(at);
            }
            empty => {
                *empty = Some((at, at));
                self.touched.push(block);
            }
        }
    }

    fn take(&mut self) -> Vec<Span> {
        self.touched.drain(..).filter_map(|block| self.spans[block.index()].take()).collect()
    }
}

/// Orders spans and joins those that touch.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.0 <= last.1 + 1 => last.1 = last.1.max(span.1),
            _ => joined.push(span),
        }
    }
    joined
}

/// Numbers the places where locals are read and written.
struct Places<'a> {
    unit: &'a Unit<'a>,
    body: &'a Body,
    stacked: &'a Stacked,
    at: u32,
    /// The block whose code this is.
    block: Block,
    starts: SideTable<Block, u32>,
    ends: SideTable<Block, u32>,
    reads: SideTable<Value, SmallVec<[(u32, Block); 2]>>,
    writes: SideTable<Value, SmallVec<[(u32, Block); 1]>>,
    passed: Vec<Passed>,
}

impl Places<'_> {
    fn item(&mut self, item: &Item) {
        match *item {
            Item::Code(block) => {
                self.at += 1;
                self.block = block;
                self.starts[block] = self.at;
                for &inst in &self.stacked.statements[block] {
                    self.inst(inst);
                    for &result in self.body.func.results(inst).iter().rev() {
                        if self.stacked.has_local[result] {
                            self.write(result);
                        }
                    }
                }
            }
            Item::If { of, .. }
            | Item::BrIf { of, .. }
            | Item::Table { of, .. }
            | Item::Leave(of)
            | Item::Discard(of) => {
                self.block = of;
                self.terminator(of);
                self.at += 1;
                self.ends[of] = self.at;
            }
            Item::Moves(block) => {
                self.block = block;
                self.terminator(block);
                let (receivers, values) = self.body.moves(block);
                for (index, (&receiver, &value)) in receivers.iter().zip(values).enumerate().rev() {
                    self.write(receiver);
                    if self.stacked.mode(Consumer::Terminator(block), index) == Mode::Get {
                        self.passed.push(Passed { block, receiver, value });
                    }
                }
                self.at += 1;
                self.ends[block] = self.at;
            }
            Item::Block(_) | Item::Loop(_) | Item::Else | Item::End | Item::Br(_) => {}
        }
    }

    fn spans(&self, walker: &mut Walker, blocks: &mut BlockSpans, value: Value, def: Block) -> Vec<Span> {
        let (reads, writes) = (&self.reads[value], &self.writes[value]);
        let body = self.body;
        let is_param = body.def(value).is_none();
        let is_argument = is_param && def == body.func.entry();
        if reads.is_empty() && writes.is_empty() {
            return Vec::new();
        }
        if is_argument {
            blocks.meet(def, 0);
        } else if is_param {
            blocks.meet(def, self.starts[def]);
        } else {
            writes.iter().for_each(|&(at, block)| blocks.meet(block, at));
        }
        reads.iter().for_each(|&(at, block)| blocks.meet(block, at));
        let handler = body.landing.map(|landing| landing.handler);
        let mut is_everywhere = false;
        walker.walk(def, reads.iter().map(|&(_, block)| block), |block, live| match live {
            Live::AtStart => {
                is_everywhere |= Some(block) == handler;
                blocks.meet(block, self.starts[block]);
            }
            Live::AtEnd => blocks.meet(block, self.ends[block]),
        });
        let mut spans = blocks.take();
        if is_everywhere {
            return vec![(0, self.at)];
        }
        if is_param {
            for &(at, from) in writes {
                spans.push((at, self.ends[from]));
                // Through a dispatch block.
                if let Terminator::Jump(target) = &body.func.blocks[from].term
                    && target.block != def
                {
                    spans.push((self.starts[target.block], self.ends[target.block]));
                }
            }
        }
        joined(spans)
    }

    fn terminator(&mut self, block: Block) {
        for (index, value) in terminator_operands(self.body, block).into_iter().enumerate() {
            self.operand(Consumer::Terminator(block), index, value);
        }
    }

    fn inst(&mut self, inst: Inst) {
        let args = self.body.func.args(inst);
        for index in operand_order(self.body.func.insts[inst].op, args.len()) {
            self.operand(Consumer::Inst(inst), index, args[index]);
        }
        for (index, &arg) in args.iter().enumerate() {
            if !self.body.is_rematerialized(arg) && is_repeated(self.unit, self.body, inst, index) {
                self.read(arg);
            }
        }
    }

    fn operand(&mut self, consumer: Consumer, index: usize, value: Value) {
        match self.stacked.mode(consumer, index) {
            Mode::Again => {}
            Mode::Get => self.read(value),
            mode => {
                let Some(inst) = self.body.def(value) else { unreachable!("codegen: a parameter is not computed") };
                self.inst(inst);
                if mode == Mode::Tee {
                    self.write(value);
                }
            }
        }
    }

    fn write(&mut self, value: Value) {
        self.at += 1;
        self.writes[value].push((self.at, self.block));
    }

    fn read(&mut self, value: Value) {
        self.at += 1;
        self.reads[value].push((self.at, self.block));
    }
}
