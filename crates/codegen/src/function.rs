//! The code of one function: the passes in their order.

use crate::Error;
use crate::prepare::prepare;
use crate::ranges::Ranges;
use crate::select::{self, LineEntry};
use crate::unit::Unit;
use crate::{locals, roots, stackify, structure, tidy};
use ir::FuncId;

pub struct Code {
    /// A function body as the code section has it, without its size.
    pub bytes: Vec<u8>,
    /// By offset into `bytes`.
    pub lines: Vec<LineEntry>,
    /// Where the calls are that may walk the stack, with the places of their sites in the function's list. Only for
    /// hosts that tell their stack.
    pub calls: Vec<(u32, u32)>,
    /// Where the start of the heap is to be filled in, in five bytes.
    pub heap_starts: Vec<u32>,
    pub frame_size: u32,
}

pub fn generate(unit: &Unit, func: FuncId) -> Result<Code, Error> {
    let mut body = prepare(unit, func)?;
    // Before `stackify`: spills keep values in locals.
    let frame = roots::place(unit, &mut body);
    let stacked = stackify::stackify(unit, &body);
    let items = structure::structure(&body);
    // Behind both: ranges follow the order of the code.
    let ranges = Ranges::of(unit, &body, &stacked, &items);
    let locals = locals::assign(unit, func, &body, &body.loops, ranges);
    let items = tidy::tidy(&body, &frame, &stacked, &locals, items);
    Ok(select::select(unit, func, &body, &frame, &stacked, &locals, &items))
}
