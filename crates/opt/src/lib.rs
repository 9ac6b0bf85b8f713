//! The optimiser: a whole program in, the same program out, doing the same with less.
//!
//! [`pipeline`] is the table of passes with the reasons of their order. A *function pass* rewrites one body and reads
//! everything else; many run at a time. A *program pass* sees all bodies. What passes know of other functions and of
//! static data is in [`facts`], made anew where the table says so.
//!
//! What all passes keep: the pointer rules of `ir::ty::Ty::Ptr`, the order of effects, text and place of every panic,
//! and the chain of calls in every location, because traces show them.

mod callgraph;
mod checks;
mod dce;
pub mod effects;
mod escape;
pub mod facts;
mod flow;
mod gvn;
mod inline;
mod memory;
mod params;
pub mod pipeline;
mod reach;
mod select;
mod simplify;
mod sroa;
mod thread;

pub use pipeline::{Options, Timing, optimize, run};
