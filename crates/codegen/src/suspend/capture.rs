//! The code that saves a function's values when the goroutine is suspended in a call of it.
//!
//! ```text
//! block5:                                   ; the call came last
//!   v9 = call @internal/wasm.Suspending()
//!   branch v9, block7, block6
//! block7:
//!   v10 = call @runtime.captureFrame(size, code, point, words, site, defer frame)
//!   store v10+40, ...
//!   return zeros
//! ```

use super::Resume;
use super::split::{Layout, Point, Split};
use crate::runtime::RuntimeFunc;
use crate::unit::Unit;
use base::EntityId;
use ir::{Block, FuncId, Function, Opcode, Target, Terminator, Ty, Value, ValueList};

/// What a form of the function knows of a point.
pub struct Capture<'a> {
    pub id: FuncId,
    pub split: &'a Split,
    pub resume: Resume,
    /// From 1.
    pub number: u32,
    pub record: Option<Value>,
    pub fixed: &'a [Value],
    pub live: &'a [Value],
    /// What the function returns besides.
    pub results: &'a [Ty],
}

/// Makes the block's end: a test of the flag, unless the call always suspends.
pub fn test_flag(unit: &Unit, func: &mut Function, block: Block, point: &Point, capture: Block, next: Block) {
    let target = |block| Target { block, args: ValueList::EMPTY };
    if point.always {
        func.blocks[block].term = Terminator::Jump(target(capture));
        return;
    }
    let flag = unit.suspension().flag;
    let test = func.append(block, Opcode::Call, &[], flag.index() as u64, &[Ty::I32], None);
    let cond = func.results(test)[0];
    func.blocks[block].term =
        Terminator::Branch { cond, then: target(capture), els: target(next), likely: Some(false) };
}

/// Fills the block that saves and returns.
pub fn capture(unit: &Unit, func: &mut Function, block: Block, point: &Point, what: &Capture) {
    let layout: Layout = what.split.layout(point);
    let loc = what.split.func.insts[point.call].loc;
    let mut args = Vec::new();
    let site = unit.sites.number(what.id, loc);
    let numbers = [layout.size, what.resume.code_word, what.number, layout.words, site];
    for number in numbers {
        args.push(constant(func, block, Ty::I32, number.into()));
    }
    args.push(match func.defer_frame {
        Some(slot) => {
            let address = func.append(block, Opcode::SlotAddr, &[], slot.index() as u64, &[Ty::Ptr], None);
            func.results(address)[0]
        }
        None => constant(func, block, Ty::Ptr, 0),
    });
    let callee = unit.runtime(RuntimeFunc::CaptureFrame).index() as u64;
    // Not a pointer for the collector: frames are not in its heap.
    let call = func.append(block, Opcode::Call, &args, callee, &[Ty::I32], loc);
    let frame = func.results(call)[0];
    let mut save = |value: Value, offset: u32| {
        // Pointers too are saved as four bytes.
        func.append(block, Opcode::Store, &[frame, value], offset.into(), &[], None);
    };
    if let Some(record) = what.record {
        save(record, layout.record);
    }
    what.fixed.iter().zip(&layout.fixed).for_each(|(&value, &offset)| save(value, offset));
    what.live.iter().zip(&layout.live).for_each(|(&value, &offset)| save(value, offset));
    let zeros: Vec<Value> = what.results.iter().map(|&ty| constant(func, block, ty, 0)).collect();
    let zeros = func.list(&zeros);
    func.blocks[block].term = Terminator::Return(zeros);
}

pub fn constant(func: &mut Function, block: Block, ty: Ty, bits: u64) -> Value {
    let op = if matches!(ty, Ty::F32 | Ty::F64) { Opcode::FConst } else { Opcode::Const };
    let inst = func.append(block, op, &[], bits, &[ty], None);
    func.results(inst)[0]
}

/// Frees the record.
pub fn pop_record(unit: &Unit, func: &mut Function, block: Block, record: Option<Value>) {
    if let Some(record) = record {
        let callee = unit.runtime(RuntimeFunc::PopRecord).index() as u64;
        func.append(block, Opcode::Call, &[record], callee, &[], None);
    }
}
