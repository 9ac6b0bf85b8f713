//! Cuts a body at the calls that may suspend, and says what is live behind each.
//!
//! Every such call ends its block; what came behind it is a new block that only this one jumps to. Values that cost
//! nothing to make again are not saved, nor are results of the call itself, nor what is kept in memory anyway
//! ([`demote`](mod@super::demote)).

use super::demote::demote;
use crate::instructions::is_rematerialized;
use crate::liveness::{Live, Walker};
use crate::runtime::Intrinsic;
use crate::unit::Unit;
use base::{EntityId, SideTable};
use ir::function::ValueDef;
use ir::{Block, FuncId, Function, Inst, Opcode, Order, Slot, Target, Terminator, Ty, Value, ValueList};

/// A call that may suspend.
pub struct Point {
    /// It ends this block,
    pub block: Block,
    pub call: Inst,
    /// and this one follows.
    pub next: Block,
    /// What is read behind it, in the order of the frame, but for the values with fixed places.
    pub live: Vec<Value>,
    /// It always suspends.
    pub always: bool,
}

pub struct Split {
    pub func: Function,
    /// Reachable blocks in reverse postorder.
    pub blocks: Vec<Block>,
    pub points: Vec<Point>,
    /// Of the block that ends with it.
    pub point_of: SideTable<Block, Option<u32>>,
    pub handler: Option<Block>,
    /// What the handler reads.
    pub fixed: Vec<Value>,
    /// Slots are in a record.
    pub record: Option<Record>,
}

/// Where the slots of a function are that may be suspended.
#[derive(Clone, Default, Debug)]
pub struct Record {
    pub size: u32,
    pub offsets: SideTable<Slot, u32>,
}

/// The header of `runtime.frame`.
pub const HEADER: u32 = 40;

/// Where a point's values are in the frame.
pub struct Layout {
    pub record: u32,
    pub fixed: Vec<u32>,
    pub live: Vec<u32>,
    /// The words of four bytes behind the header that the collector reads.
    pub words: u32,
    pub size: u32,
}

pub fn split(unit: &Unit, id: FuncId, mut func: Function) -> Split {
    let mut points = cut(unit, &mut func);
    let blocks = Order::of(&func).blocks;
    let mut uses = Uses::of(&func, &blocks);
    if demote(unit, &mut func, &blocks, &points, &uses) {
        uses = Uses::of(&func, &blocks);
    }
    let record = record(&func);
    let handler = blocks.iter().find_map(|&block| func.blocks[block].handler);
    let mut point_of = SideTable::with_len(func.blocks.len());
    let mut point_before = SideTable::with_len(func.blocks.len());
    for (index, point) in points.iter().enumerate() {
        point_of[point.block] = Some(index as u32);
        point_before[point.next] = Some(index as u32);
    }
    let fixed = find_live(&func, &uses, handler, &point_before, &mut points);
    for point in &mut points {
        let is_fixed = |value: &Value| fixed.binary_search(value).is_ok();
        point.live.retain(|value| !is_fixed(value));
        // Pointers first, then wide values.
        let rank = |value: &Value| match func.ty(*value) {
            Ty::Ptr => 0,
            Ty::V128 => 1,
            Ty::I64 | Ty::F64 => 2,
            Ty::I32 | Ty::F32 => 3,
        };
        point.live.sort_by_key(|value| (rank(value), *value));
    }
    assert!(!points.is_empty(), "codegen: split finds no points in {}", unit.program.funcs[id].name);
    Split { func, blocks, points, point_of, handler, fixed, record }
}

impl Split {
    /// The number of a point in frames, by its place in the list. The last has number 1: a switch that leads to the
    /// points in this order lets reverse postorder put each right in front of the code behind its call, and what the
    /// two share takes a local for a short while only.
    pub fn number(&self, index: usize) -> u32 {
        (self.points.len() - index) as u32
    }

    pub fn layout(&self, point: &Point) -> Layout {
        let mut at = HEADER;
        let mut place = |ty: Ty| {
            let size = ty.size();
            at = at.next_multiple_of(size.min(8));
            at += size;
            at - size
        };
        let record = if self.record.is_some() { place(Ty::I32) } else { HEADER };
        // What is no pointer may stand among the words: the collector takes them for what they are if in doubt.
        let fixed = self.fixed.iter().map(|&value| place(self.func.ty(value))).collect();
        let mut words_end = None;
        let mut live = Vec::with_capacity(point.live.len());
        for &value in &point.live {
            let offset = place(self.func.ty(value));
            if self.func.ty(value) != Ty::Ptr {
                words_end.get_or_insert(offset);
            }
            live.push(offset);
        }
        let words = (words_end.unwrap_or(at) - HEADER) / 4;
        Layout { record, fixed, live, words, size: at }
    }
}

/// Places for all slots whose addresses are wanted; none if there are no such slots.
fn record(func: &Function) -> Option<Record> {
    let mut used: SideTable<Slot, bool> = SideTable::with_len(func.slots.len());
    for block in Order::of(func).blocks {
        for &inst in &func.blocks[block].insts {
            if func.insts[inst].op == Opcode::SlotAddr {
                used[func.insts[inst].slot()] = true;
            }
        }
    }
    if let Some(frame) = func.defer_frame {
        used[frame] = true;
    }
    let mut record = Record::default();
    for (slot, data) in func.slots.iter().filter(|(slot, _)| used[*slot]) {
        let offset = record.size.next_multiple_of(data.align.clamp(1, 8));
        record.offsets[slot] = offset;
        record.size = offset + data.size;
    }
    func.slots.ids().any(|slot| used[slot]).then_some(record)
}

/// Ends blocks behind calls that may suspend.
fn cut(unit: &Unit, func: &mut Function) -> Vec<Point> {
    let suspends = &unit.suspension().suspends;
    let mut points = Vec::new();
    for mut block in Order::of(func).blocks {
        untail(unit, func, block);
        if !func.blocks[block].insts.iter().any(|&inst| suspends.inst(&func.insts[inst])) {
            continue;
        }
        let mut insts = Vec::new();
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            insts.push(inst);
            if !suspends.inst(&func.insts[inst]) {
                continue;
            }
            let next = func.add_block(&[]);
            let data = &mut func.blocks[block];
            data.insts = std::mem::take(&mut insts);
            let target = Target { block: next, args: ValueList::EMPTY };
            let term = std::mem::replace(&mut data.term, Terminator::Jump(target));
            let term_loc = std::mem::replace(&mut data.term_loc, func.insts[inst].loc);
            let handler = data.handler;
            let data = &mut func.blocks[next];
            (data.term, data.term_loc, data.handler) = (term, term_loc, handler);
            let data = &func.insts[inst];
            let always = data.op == Opcode::Call && unit.graph.intrinsics[data.func()] == Some(Intrinsic::Suspend);
            points.push(Point { block, call: inst, next, live: Vec::new(), always });
            block = next;
        }
        func.blocks[block].insts = insts;
    }
    points
}

/// There is something to do behind the call now: free the record and, in the resume form, pass on the results.
fn untail(unit: &Unit, func: &mut Function, block: Block) {
    let Terminator::TailCall { func: callee, args } = func.blocks[block].term else { return };
    let signature = unit.program.signature(unit.program.funcs[callee].sig);
    let args = func.values_of(args).to_vec();
    let loc = func.blocks[block].term_loc;
    let call = func.append(block, Opcode::Call, &args, callee.index() as u64, &signature.results, loc);
    let results = func.insts[call].results;
    func.blocks[block].term = Terminator::Return(results);
}

/// Where values are made and used.
pub struct Uses {
    /// The predecessors of each block.
    pub flow: SideTable<Block, Vec<Block>>,
    /// For values that reachable code defines.
    pub defs: SideTable<Value, Option<Block>>,
    /// Blocks that use a value, each once, in the order of the blocks.
    pub blocks: SideTable<Value, Vec<Block>>,
}

impl Uses {
    fn of(func: &Function, blocks: &[Block]) -> Uses {
        let count = func.values.len();
        let mut uses = Uses {
            flow: SideTable::with_len(func.blocks.len()),
            defs: SideTable::with_len(count),
            blocks: SideTable::with_len(count),
        };
        for &block in blocks {
            let mut add = |value: Value| {
                if uses.blocks[value].last() != Some(&block) {
                    uses.blocks[value].push(block);
                }
            };
            for next in func.successors(block) {
                uses.flow[next].push(block);
            }
            func.params(block).iter().for_each(|&param| uses.defs[param] = Some(block));
            for &inst in &func.blocks[block].insts {
                func.args(inst).iter().copied().for_each(&mut add);
                func.results(inst).iter().for_each(|&result| uses.defs[result] = Some(block));
            }
            func.for_each_terminator_use(block, add);
        }
        uses
    }

    /// The block that defines a value which points may have to save; none for others.
    pub fn saved(&self, func: &Function, value: Value) -> Option<Block> {
        let is_remade = def(func, value).is_some_and(|inst| is_rematerialized(func.insts[inst].op));
        self.defs[value].filter(|_| !self.blocks[value].is_empty() && !is_remade)
    }
}

/// The instruction that makes a value; none for parameters.
pub fn def(func: &Function, value: Value) -> Option<Inst> {
    match func.values[value].def {
        ValueDef::Result(inst, _) => Some(inst),
        _ => None,
    }
}

/// Finds what is live behind each point; returns what is live at the handler, in order.
fn find_live(
    func: &Function,
    uses: &Uses,
    handler: Option<Block>,
    point_before: &SideTable<Block, Option<u32>>,
    points: &mut [Point],
) -> Vec<Value> {
    let mut walker = Walker::new(&uses.flow);
    let mut fixed = Vec::new();
    for value in func.values.ids() {
        let Some(home) = uses.saved(func, value) else { continue };
        let made_by = def(func, value);
        walker.walk(home, uses.blocks[value].iter().copied(), |block, live| {
            if live == Live::AtEnd {
                return;
            }
            if Some(block) == handler {
                fixed.push(value);
            }
            if let Some(point) = point_before[block].map(|index| &mut points[index as usize])
                && made_by != Some(point.call)
            {
                point.live.push(value);
            }
        });
    }
    fixed
}
