//! The code of one function: the passes in their order.

use crate::Error;
use crate::prepare::{self, Body, Source, prepare};
use crate::ranges::Ranges;
use crate::roots::Frame;
use crate::select::{self, LineEntry};
use crate::unit::Unit;
use crate::{locals, roots, stackify, structure, suspend, tidy};
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
    /// How many locals there are, parameters included.
    pub locals: u32,
    /// The most labels of a `br_table`.
    pub labels: u32,
}

/// The code of a function, and of its resume function if there is one.
pub fn generate(unit: &Unit, func: FuncId) -> Result<(Code, Option<Code>), Error> {
    let copy = prepare::copy(unit, func)?;
    let Some(resume) = unit.resume(func) else {
        let form = Form::of(unit, func, Source { func: copy, record: None, is_resume: false })?;
        return Ok((form.code(unit, func), None));
    };
    let split = suspend::split(unit, func, copy);
    let mut direct = Form::of(unit, func, suspend::direct(unit, func, &split, resume))?;
    let mut resume = Form::of(unit, func, suspend::resume(unit, func, &split, resume))?;
    // The line table has one size for both.
    let size = direct.frame.size.max(resume.frame.size);
    for form in [&mut direct, &mut resume].into_iter().filter(|form| form.frame.at.is_some()) {
        form.frame.size = size;
    }
    Ok((direct.code(unit, func), Some(resume.code(unit, func))))
}

/// A body whose frame and locals are known.
struct Form {
    body: Body,
    frame: Frame,
    stacked: stackify::Stacked,
    locals: locals::Locals,
    items: Vec<structure::Item>,
}

impl Form {
    fn of(unit: &Unit, func: FuncId, source: Source) -> Result<Form, Error> {
        let mut body = prepare(unit, func, source)?;
        // Before `stackify`: spills keep values in locals.
        let mut frame = roots::place(unit, func, &mut body);
        let stacked = stackify::stackify(unit, &body);
        let items = structure::structure(&body);
        // Behind both: ranges follow the order of the code.
        let ranges = Ranges::of(unit, &body, &stacked, &items);
        let locals = locals::assign(unit, func, &body, &body.loops, ranges);
        if unit.callee(func).needs.cyclic && frame.at.is_some() {
            frame.size = frame.size.max(charge(&locals));
        }
        if unit.callee(func).needs.forces {
            // All of it, with what it is charged: what former frames have left there keeps garbage alive that the
            // program waits to see go.
            frame.zeroed = 0..frame.size;
        }
        Ok(Form { body, frame, stacked, locals, items })
    }

    fn code(self, unit: &Unit, func: FuncId) -> Code {
        let Form { body, frame, stacked, locals, items } = self;
        let items = tidy::tidy(&body, &frame, &stacked, &locals, items);
        select::select(unit, func, &body, &frame, &stacked, &locals, &items)
    }
}

/// What a call takes of the host's stack, at most: in V8 72 bytes without live locals, 3.3 KB with 400.
fn charge(locals: &locals::Locals) -> u32 {
    let declared: u32 = locals.declared.iter().map(|&(count, _)| count).sum();
    (64 + 8 * declared).next_multiple_of(16)
}
