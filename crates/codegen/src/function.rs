//! The code of one function: the passes in their order.

use crate::Error;
use crate::prepare::{self, Source, prepare};
use crate::ranges::Ranges;
use crate::select::{self, LineEntry};
use crate::unit::Unit;
use crate::{locals, roots, stackify, structure, suspend, tidy};
use ir::FuncId;

pub struct Code {
    /// A function body as the code section has it, without its size.
    pub bytes: Vec<u8>,
    /// By offset into `bytes`.
    pub lines: Vec<LineEntry>,
}

/// The code of a function, and of its resume function if there is one.
pub fn generate(unit: &Unit, func: FuncId) -> Result<(Code, Option<Code>), Error> {
    let copy = prepare::copy(unit, func)?;
    let Some(resume) = unit.resume(func) else {
        let source = Source { func: copy, record: None, is_resume: false };
        return Ok((code(unit, func, source)?, None));
    };
    let split = suspend::split(unit, func, copy);
    let direct = code(unit, func, suspend::direct(unit, func, &split, resume))?;
    let resume = code(unit, func, suspend::resume(unit, &split, resume))?;
    Ok((direct, Some(resume)))
}

fn code(unit: &Unit, func: FuncId, source: Source) -> Result<Code, Error> {
    let mut body = prepare(unit, func, source)?;
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
