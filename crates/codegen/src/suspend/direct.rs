//! The form of a suspendable function that is called: the body, with tests of the flag behind its points, and its slots
//! in a record.

use super::Resume;
use super::capture::{Capture, capture, constant, pop_record, test_flag};
use super::split::Split;
use crate::prepare::{self, Source};
use crate::runtime::RuntimeFunc;
use crate::unit::Unit;
use base::EntityId;
use ir::{FuncId, Opcode, Target, Terminator, Ty, Value, ValueList};

pub fn direct(unit: &Unit, id: FuncId, split: &Split, resume: Resume) -> Source {
    let mut func = split.func.clone();
    let record = split.record.as_ref().map(|record| {
        let start = func.entry();
        let entry = func.add_block(&[]);
        prepare::move_params(&mut func, start, entry);
        let size = constant(&mut func, entry, Ty::I64, record.size.into());
        let callee = unit.runtime(RuntimeFunc::PushRecord).index() as u64;
        let call = func.append(entry, Opcode::Call, &[size], callee, &[Ty::I32], None);
        func.blocks[entry].term = Terminator::Jump(Target { block: start, args: ValueList::EMPTY });
        func.entry = Some(entry);
        func.results(call)[0]
    });
    for &block in &split.blocks {
        if matches!(func.blocks[block].term, Terminator::Return(_)) {
            pop_record(unit, &mut func, block, record);
        }
    }
    let results: Vec<Ty> = unit.program.signature(unit.program.funcs[id].sig).results.clone();
    for (index, point) in split.points.iter().enumerate() {
        let cold = func.add_block(&[]);
        test_flag(unit, &mut func, point.block, point, cold, point.next);
        let (fixed, live): (&[Value], &[Value]) = (&split.fixed, &point.live);
        let what = Capture { id, split, resume, number: split.number(index), record, fixed, live, results: &results };
        capture(unit, &mut func, cold, point, &what);
    }
    Source { func, record: record.zip(split.record.clone()), is_resume: false }
}
