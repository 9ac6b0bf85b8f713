//! Goroutines that park: how functions leave the wasm stack and come back.
//!
//! Some calls may end in `wasm.Suspend` ([`find`] says which). It raises a flag and returns; so does every function on
//! the way out, after it has saved what it needs in a *frame* of the heap. Later the scheduler calls the *resume
//! functions* of these frames, from the innermost on. A function with such calls therefore becomes two:
//!
//! ```text
//! direct form, called as before             resume form, (sp, frame) -> ()
//!
//! block0(a):                                block0(frame):  switch frame.point
//!   r = call f(a)                           point 1:        a = load frame.a; r = load area
//!   if suspending:                                          jump block1
//!     frame = captureFrame(..., point 1)    block1:         s = add a, r
//!     frame.a = a                                           area = s
//!     return 0                                              return
//! block1:
//!   s = add a, r
//!   return s
//! ```
//!
//! Both are made from the same body, [split](mod@split) at these calls, before anything else happens to it; the later
//! passes see two ordinary functions. The resume form has copies of the blocks behind its points only; calls in it test
//! the flag like others, and jumps from the points into loops are what [`reduce`](crate::reduce) is for.
//!
//! A resume form takes its callee's results from the *result area* and leaves its own there: between the two nothing
//! allocates. All that it needs of the frame it loads at once, because the frame is nobody's root any more.
//!
//! **Slots** cannot be on the shadow stack, which is shared by all goroutines: they are in a *record* of the goroutine's
//! side stack that `pushRecord` makes. Its address is a value like others, but for slot addresses being made from it.
//!
//! **Handlers.** Point 0 enters the landing pad's handler, after a panic was recovered while the function was in the
//! heap. What a handler reads was computed before the first block that it covers, so it has the same place in all
//! frames of the function and is loaded before the points part.
//!
//! `runtime/runtime/frames.go` is the other half of all this.

mod capture;
mod demote;
mod direct;
pub mod facts;
mod find;
mod resume;
mod split;

pub use direct::direct;
pub use find::{Suspends, has_points};
pub use resume::resume;
pub use split::{Record, split};

use crate::graph::Graph;
use crate::runtime::RuntimeFunc;
use base::SideTable;
use ir::{FuncId, Program};
use rayon::prelude::*;

/// What the module has for suspension; none if nothing can be suspended.
pub struct Suspension {
    pub suspends: Suspends,
    /// The global that holds the flag.
    pub flag_global: u32,
    /// The intrinsic that reads it.
    pub flag: FuncId,
    /// Functions with resume forms, in the order of their indices.
    pub order: Vec<FuncId>,
    pub resumes: SideTable<FuncId, Option<Resume>>,
}

/// The resume function of a function.
#[derive(Clone, Copy, Debug)]
pub struct Resume {
    pub index: u32,
    pub code_word: u32,
}

impl Suspension {
    /// `order` are the functions with points, in the order of their indices; indices and code words of their resume functions start at the numbers.
    pub fn new(
        suspends: Suspends,
        flag: FuncId,
        flag_global: u32,
        order: Vec<FuncId>,
        index: u32,
        code_word: u32,
    ) -> Suspension {
        let mut resumes = SideTable::new();
        for (at, &func) in order.iter().enumerate() {
            let at = at as u32;
            resumes[func] = Some(Resume { index: index + at, code_word: code_word + at });
        }
        Suspension { suspends, flag_global, flag, order, resumes }
    }
}

/// The functions that get resume forms, in the order of their ids. What these will call is added to the graph.
pub fn resumable(program: &Program, graph: &mut Graph, suspends: &Suspends) -> Vec<FuncId> {
    for func in [RuntimeFunc::CaptureFrame, RuntimeFunc::PushRecord, RuntimeFunc::PopRecord, RuntimeFunc::Mallocgc] {
        let suspends = graph.runtime[func as usize].is_some_and(|func| suspends.func(func));
        assert!(!suspends, "codegen: {} may suspend", func.name());
    }
    let has_points = |func: &&FuncId| has_points(suspends, **func, graph.body(program, **func));
    let mut resumable: Vec<FuncId> = graph.funcs.par_iter().filter(has_points).copied().collect();
    resumable.sort_unstable();
    let called = [RuntimeFunc::CaptureFrame, RuntimeFunc::PushRecord, RuntimeFunc::PopRecord];
    let called = called.map(|func| graph.runtime[func as usize]);
    for &func in &resumable {
        if let Some(links) = &mut graph.links[func] {
            links.calls.extend(called.iter().flatten());
        }
    }
    resumable
}

/// The largest number of results that a function with points has or takes from a call.
pub fn most_results(program: &Program, graph: &Graph, resumable: &[FuncId]) -> u32 {
    let most = resumable.par_iter().map(|&func| {
        let own = program.signature(program.funcs[func].sig).results.len();
        let calls = graph.body(program, func).insts.values().filter(|data| data.op.is_call());
        calls.map(|data| data.results.len()).max().unwrap_or(0).max(own)
    });
    most.max().unwrap_or(0) as u32
}
