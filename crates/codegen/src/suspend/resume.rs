//! The resume form of a function: `(sp, frame) -> ()`.
//!
//! ```text
//! entry(frame):   record and what the handler reads; switch on the point
//! point k:        loads; jump to the block behind the call
//! ...             copies of what is reached from there
//! ```
//!
//! A value that was saved at some point has several definitions now, its own and the loads: it becomes a variable of
//! SSA construction, as do the results of the calls. Every other value is still defined on all paths to its uses, since
//! no point lies between.

use super::Resume;
use super::capture::{Capture, capture, constant, pop_record, test_flag};
use super::split::{Point, Split};
use crate::instructions::is_rematerialized;
use crate::prepare::Source;
use crate::unit::Unit;
use base::{EntityId, SideTable};
use ir::function::ValueDef;
use ir::{Block, Builder, FuncId, Inst, Opcode, Target, Terminator, Ty, Value, ValueList, Variable};

/// Where `runtime.frame` has its point.
const POINT: u32 = 20;

pub fn resume(unit: &Unit, id: FuncId, split: &Split, own: Resume) -> Source {
    let mut form = Form {
        unit,
        id,
        split,
        own,
        builder: Builder::new(),
        region: SideTable::with_len(split.func.blocks.len()),
        variables: SideTable::with_len(split.func.values.len()),
        values: SideTable::with_len(split.func.values.len()),
        waiting: SideTable::with_len(split.func.blocks.len()),
        entry: Block::from_index(0),
        record: None,
        fixed: Vec::new(),
    };
    form.find_region();
    form.make_variables();
    form.make_entry();
    for &block in &split.blocks {
        if let Some(copy) = form.region[block] {
            form.fill(block, copy);
        }
    }
    let record = form.record.zip(split.record.clone());
    Source { func: form.builder.finish(), record, is_resume: true }
}

struct Form<'a> {
    unit: &'a Unit<'a>,
    id: FuncId,
    split: &'a Split,
    own: Resume,
    builder: Builder,
    /// The copies of blocks.
    region: SideTable<Block, Option<Block>>,
    variables: SideTable<Value, Option<Variable>>,
    /// What stands for values that are no variables.
    values: SideTable<Value, Option<Value>>,
    /// Edges to each block of the region whose source is not filled yet.
    waiting: SideTable<Block, u32>,
    entry: Block,
    record: Option<Value>,
    fixed: Vec<Value>,
}

impl Form<'_> {
    fn find_region(&mut self) {
        let split = self.split;
        let mut pending: Vec<Block> = split.points.iter().map(|point| point.next).chain(split.handler).collect();
        let mut is_in: SideTable<Block, bool> = SideTable::with_len(split.func.blocks.len());
        while let Some(block) = pending.pop() {
            if !std::mem::replace(&mut is_in[block], true) {
                pending.extend(split.func.successors(block));
            }
        }
        let entry = self.builder.func.add_block(&[Ty::I32]);
        self.builder.func.entry = Some(entry);
        self.entry = entry;
        // All blocks first: jumps may go back.
        for &block in split.blocks.iter().filter(|&&block| is_in[block]) {
            let types: Vec<Ty> = split.func.params(block).iter().map(|&param| split.func.ty(param)).collect();
            self.region[block] = Some(self.builder.func.add_block(&types));
            for target in split.func.blocks[block].term.targets() {
                self.waiting[target.block] += 1;
            }
        }
        for &block in &split.blocks {
            if let Some(copy) = self.region[block] {
                let handler = split.func.blocks[block].handler.and_then(|handler| self.region[handler]);
                self.builder.func.blocks[copy].handler = handler;
            }
        }
    }

    fn make_variables(&mut self) {
        let split = self.split;
        for point in &split.points {
            for &value in point.live.iter().chain(split.func.results(point.call)) {
                assert!(!split.fixed.contains(&value), "codegen: the handler reads {value}, the result of a point");
                if self.variables[value].is_none() {
                    self.variables[value] = Some(self.builder.variable(split.func.ty(value)));
                }
            }
        }
    }

    /// Loads what has a fixed place, and parts the points.
    fn make_entry(&mut self) {
        let split = self.split;
        let entry = self.entry;
        self.builder.seal(entry);
        self.builder.func.slots = split.func.slots.clone();
        self.builder.func.defer_frame = split.func.defer_frame;
        let frame = self.builder.func.params(entry)[0];
        let layout = split.layout(&split.points[0]);
        self.record = split.record.as_ref().map(|_| self.load(entry, frame, layout.record, Ty::I32));
        for (&value, &offset) in split.fixed.iter().zip(&layout.fixed) {
            let loaded = self.load(entry, frame, offset, split.func.ty(value));
            self.values[value] = Some(loaded);
            self.fixed.push(loaded);
        }
        let mut targets: Vec<Block> = split.handler.and_then(|handler| self.region[handler]).into_iter().collect();
        for _ in &split.points {
            targets.push(self.builder.func.add_block(&[]));
        }
        let first_point = targets.len() - split.points.len();
        targets.iter().for_each(|&target| self.builder.add_edge(entry, target));
        let target = |&block: &Block| Target { block, args: ValueList::EMPTY };
        let Some((last, others)) = targets.split_last() else { unreachable!("codegen: a resume form has points") };
        if others.is_empty() {
            self.builder.func.blocks[entry].term = Terminator::Jump(target(last));
        } else {
            let mut number = self.load(entry, frame, POINT, Ty::I32);
            if split.handler.is_none() {
                let one = constant(&mut self.builder.func, entry, Ty::I32, 1);
                let less = self.builder.func.append(entry, Opcode::Sub, &[number, one], 0, &[Ty::I32], None);
                number = self.builder.func.results(less)[0];
            }
            self.builder.func.blocks[entry].term = Terminator::Switch {
                value: number,
                targets: others.iter().map(target).collect(),
                default: target(last),
            };
        }
        for (point, &block) in split.points.iter().rev().zip(&targets[first_point..]) {
            self.enter(point, frame, block);
        }
        if let Some(handler) = split.handler
            && self.waiting[handler] == 0
        {
            self.seal(handler);
        }
    }

    /// Loads what was saved at a point, and the results of its call.
    fn enter(&mut self, point: &Point, frame: Value, block: Block) {
        let split = self.split;
        self.builder.seal(block);
        let layout = split.layout(point);
        for (&value, &offset) in point.live.iter().zip(&layout.live) {
            let loaded = self.load(block, frame, offset, split.func.ty(value));
            self.write(value, block, loaded);
        }
        let results = split.func.results(point.call);
        if !results.is_empty() {
            let area = self.area(block);
            for (index, &result) in results.iter().enumerate() {
                let loaded = self.load(block, area, 8 * index as u32, split.func.ty(result));
                self.write(result, block, loaded);
            }
        }
        let Some(next) = self.region[point.next] else { unreachable!("codegen: points lead into the region") };
        self.builder.func.blocks[block].term = Terminator::Jump(Target { block: next, args: ValueList::EMPTY });
        self.builder.add_edge(block, next);
        if self.waiting[point.next] == 0 {
            self.builder.seal(next);
        }
    }

    fn area(&mut self, block: Block) -> Value {
        constant(&mut self.builder.func, block, Ty::I32, self.unit.data.result_area.into())
    }

    fn load(&mut self, block: Block, base: Value, offset: u32, ty: Ty) -> Value {
        let inst = self.builder.func.append(block, Opcode::Load, &[base], offset.into(), &[ty], None);
        self.builder.func.results(inst)[0]
    }

    fn write(&mut self, value: Value, block: Block, new: Value) {
        match self.variables[value] {
            Some(variable) => self.builder.write(variable, block, new),
            None => {
                // What the handler reads would be, were it defined behind a point.
                assert!(self.values[value].is_none(), "codegen: resume finds two definitions of {value}");
                self.values[value] = Some(new);
            }
        }
    }

    /// What stands for a value at the current end of a block.
    fn read(&mut self, value: Value, block: Block) -> Value {
        if let Some(variable) = self.variables[value] {
            return self.builder.read(variable, block);
        }
        if let Some(known) = self.values[value] {
            return known;
        }
        match self.split.func.values[value].def {
            ValueDef::Result(inst, _) if is_rematerialized(self.split.func.insts[inst].op) => {
                let data = self.split.func.insts[inst];
                let ty = self.split.func.ty(value);
                let copy = self.builder.func.append(self.entry, data.op, &[], data.imm, &[ty], data.loc);
                let copy = self.builder.func.results(copy)[0];
                self.values[value] = Some(copy);
                copy
            }
            _ => panic!("codegen: resume finds no definition of {value}"),
        }
    }

    fn read_all(&mut self, values: &[Value], block: Block) -> Vec<Value> {
        values.iter().map(|&value| self.read(value, block)).collect()
    }

    /// Copies a block.
    fn fill(&mut self, block: Block, copy: Block) {
        let split = self.split;
        let params = self.builder.func.params(copy).to_vec();
        for (&param, new) in split.func.params(block).iter().zip(params) {
            self.write(param, copy, new);
        }
        for &inst in &split.func.blocks[block].insts {
            self.copy_inst(inst, copy);
        }
        self.builder.func.blocks[copy].term_loc = split.func.blocks[block].term_loc;
        match split.point_of[block] {
            Some(index) => self.end_point(index as usize, copy),
            None => self.end(block, copy),
        }
        for target in split.func.blocks[block].term.targets() {
            if let Some(next) = self.region[target.block] {
                self.builder.add_edge(copy, next);
                self.waiting[target.block] -= 1;
                if self.waiting[target.block] == 0 {
                    self.seal(target.block);
                }
            }
        }
    }

    fn seal(&mut self, block: Block) {
        if let Some(copy) = self.region[block] {
            self.builder.seal(copy);
        }
    }

    fn copy_inst(&mut self, inst: Inst, block: Block) {
        let split = self.split;
        let data = split.func.insts[inst];
        if is_rematerialized(data.op) {
            return;
        }
        let args = self.read_all(split.func.args(inst), block);
        let types: Vec<Ty> = split.func.results(inst).iter().map(|&result| split.func.ty(result)).collect();
        let new = self.builder.func.append(block, data.op, &args, data.imm, &types, data.loc);
        let results = self.builder.func.results(new).to_vec();
        for (&old, new) in split.func.results(inst).iter().zip(results) {
            self.write(old, block, new);
        }
    }

    /// The end of a block with a point: the goroutine may be suspended again.
    fn end_point(&mut self, index: usize, copy: Block) {
        let split = self.split;
        let point = &split.points[index];
        let Some(next) = self.region[point.next] else { unreachable!("codegen: points lead into the region") };
        let cold = self.builder.func.add_block(&[]);
        test_flag(self.unit, &mut self.builder.func, copy, point, cold, next);
        self.builder.add_edge(copy, cold);
        self.builder.seal(cold);
        let live = self.read_all(&point.live, cold);
        let what = Capture {
            id: self.id,
            split,
            resume: self.own,
            number: split.number(index),
            record: self.record,
            fixed: &self.fixed,
            live: &live,
            results: &[],
        };
        capture(self.unit, &mut self.builder.func, cold, point, &what);
    }

    fn end(&mut self, block: Block, copy: Block) {
        let split = self.split;
        let term = match &split.func.blocks[block].term {
            Terminator::Jump(target) => Terminator::Jump(self.target(*target, copy)),
            Terminator::Branch { cond, then, els, likely } => Terminator::Branch {
                cond: self.read(*cond, copy),
                then: self.target(*then, copy),
                els: self.target(*els, copy),
                likely: *likely,
            },
            Terminator::Switch { value, targets, default } => Terminator::Switch {
                value: self.read(*value, copy),
                targets: targets.iter().map(|&target| self.target(target, copy)).collect(),
                default: self.target(*default, copy),
            },
            Terminator::Return(results) => {
                self.leave(*results, copy);
                Terminator::Return(ValueList::EMPTY)
            }
            Terminator::TailCall { .. } => unreachable!("codegen: split leaves no tail calls"),
            Terminator::Unreachable => Terminator::Unreachable,
        };
        self.builder.func.blocks[copy].term = term;
    }

    fn target(&mut self, target: Target, from: Block) -> Target {
        let args = self.read_all(self.split.func.values_of(target.args), from);
        let Some(block) = self.region[target.block] else { unreachable!("codegen: the region is closed") };
        Target { block, args: self.builder.func.list(&args) }
    }

    /// Leaves the results for the caller's frame.
    fn leave(&mut self, results: ValueList, block: Block) {
        let results = self.read_all(self.split.func.values_of(results), block);
        pop_record(self.unit, &mut self.builder.func, block, self.record);
        if results.is_empty() {
            return;
        }
        let area = self.area(block);
        for (index, result) in results.into_iter().enumerate() {
            self.builder.func.append(block, Opcode::Store, &[area, result], 8 * index as u64, &[], None);
        }
    }
}
