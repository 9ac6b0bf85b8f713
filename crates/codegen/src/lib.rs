//! From a program in SSA to the bytes of a wasm module.
//!
//! What is decided once, for the whole program: which functions and data are reached ([`graph`]), what functions need
//! ([`needs`]), what may be suspended ([`suspend`]), code words ([`table`]), addresses ([`layout`]), wasm types and
//! indices ([`unit`]), call sites ([`sites`]). Then each function on its own and in parallel ([`function`]), on a working
//! copy of its body, or on two if it may be suspended:
//!
//! ```text
//! prepare    one value per context, edges split, handlers as ordinary edges, loops with one header
//! roots      pointers that a collection must find get places in the shadow frame
//! stackify   which values stay on wasm's stack, which in locals
//! structure  blocks, loops and ifs in place of jumps
//! ranges     where each local's value is needed
//! locals     values share locals
//! tidy       less of that where nothing moves
//! select     instructions
//! ```
//!
//! Last, [`linetable`] says where functions and call sites are, and [`module`] puts the sections together. Nothing that reaches the output depends on ids or on threads: functions,
//! data and imports are ordered by names and by how often they are called.

mod function;
mod graph;
mod instructions;
mod layout;
mod linetable;
mod liveness;
mod locals;
mod module;
mod needs;
mod options;
mod prepare;
mod ranges;
mod reduce;
mod roots;
mod runtime;
mod select;
mod sites;
mod stackify;
mod structure;
mod suspend;
mod table;
mod tidy;
mod types;
mod unit;

pub use module::{FunctionInfo, Line, Output};
pub use options::{Export, Options, Positions};
pub use runtime::{Intrinsic, RuntimeFunc};
pub use sites::NO_SITE;

use ir::{FuncId, Program};
use rayon::prelude::*;
use std::fmt;

/// Why there is no module: what others owe code generation is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// Code needs this function of the runtime, or an export names it.
    MissingFunction(String),
    /// It has neither body nor import, and is no intrinsic.
    MissingBody(String),
    /// A function of the runtime has another signature than `runtime.rs` says.
    WrongSignature { name: String, expected: String },
    /// Allocated, has pointers, but no descriptor that says so.
    MissingDescriptor { function: String },
    /// A function has a handler but no defer frame to compare with.
    MissingDeferFrame { function: String },
    /// Data and stack do not fit into memory.
    TooMuchData { bytes: u64 },
    /// A function is beyond what engines take.
    TooLarge { function: String, size: Size, at: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::MissingFunction(name) => write!(f, "function {name} is missing"),
            Error::MissingBody(name) => write!(f, "function {name} has no body"),
            Error::WrongSignature { name, expected } => write!(f, "function {name} should be {expected}"),
            Error::MissingDescriptor { function } => {
                write!(f, "{function} allocates memory with pointers without a type descriptor")
            }
            Error::MissingDeferFrame { function } => write!(f, "{function} has a handler and no defer frame"),
            Error::TooMuchData { bytes } => write!(f, "static data and stack take {bytes} bytes, more than memory has"),
            Error::TooLarge { function, size, at } => {
                let (count, what) = match size {
                    Size::Bytes(count) => (count, "bytes of code"),
                    Size::Locals(count) => (count, "locals"),
                    Size::Labels(count) => (count, "labels in a switch"),
                };
                let limit = size.limit();
                write!(f, "not yet supported: {function} with {count} {what} (engines take {limit}) at {at}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// What engines limit in a function: they reject the whole module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    Bytes(u32),
    /// Parameters included.
    Locals(u32),
    Labels(u32),
}

impl Size {
    /// V8's limits (`wasm-limits.h`); the first two are also in the JavaScript embedding's list of implementation limits,
    /// which others share.
    fn limit(self) -> u32 {
        match self {
            Size::Bytes(_) => 7_654_321,
            Size::Locals(_) => 50_000,
            Size::Labels(_) => 65_520,
        }
    }

    fn is_within_limit(&self) -> bool {
        let (Size::Bytes(count) | Size::Locals(count) | Size::Labels(count)) = *self;
        count <= self.limit()
    }
}

/// The module of a program that passes `ir::verify`.
pub fn emit(program: &Program, options: &Options, positions: &dyn Positions) -> Result<Output, Error> {
    let graph = graph::Graph::of(program, options)?;
    let unit = unit::Unit::new(program, options, positions, graph)?;
    let codes: Vec<_> = unit.order.par_iter().map(|&func| function::generate(&unit, func)).collect();
    // Of several errors the first.
    let codes = codes.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::with_capacity(codes.len());
    let mut resumes = Vec::new();
    for (&func, (code, resume)) in unit.order.iter().zip(codes) {
        for code in std::iter::once(&code).chain(&resume) {
            check_sizes(program, positions, func, code)?;
        }
        all.push((func, code));
        resumes.extend(resume.map(|code| (func, code)));
    }
    all.append(&mut resumes);
    Ok(module::assemble(&unit, all))
}

fn check_sizes(program: &Program, positions: &dyn Positions, func: FuncId, code: &function::Code) -> Result<(), Error> {
    let sizes = [Size::Bytes(code.bytes.len() as u32), Size::Locals(code.locals), Size::Labels(code.labels)];
    let Some(&size) = sizes.iter().find(|size| !size.is_within_limit()) else { return Ok(()) };
    let data = &program.funcs[func];
    let place = data.pos.is_known().then(|| positions.file_line(data.pos)).flatten();
    let at = place.map_or("an unknown place".into(), |(file, line)| format!("{file}:{line}"));
    Err(Error::TooLarge { function: data.name.clone(), size, at })
}
