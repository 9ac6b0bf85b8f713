//! Typed syntax trees to SSA, one function instance at a time.
//!
//! [`module`] knows the program and what is wanted next; [`func`] is the state of one function and the vocabulary of
//! emitting; [`value`] and [`place`] say how Go values and variables are represented. Every construct of the language
//! has a file of its own.

pub mod captures;
pub mod closures;
pub mod declare;
mod equal;
pub mod func;
pub mod functions;
mod hash;
pub mod init;
pub mod linknames;
pub mod module;
pub mod place;
pub mod statics;
mod stubs;
pub mod value;
pub mod wrappers;

pub use module::{FuncKey, Module, Request};

use base::Pos;
use types::Checker;

/// Ends compilation: a construct that lowering does not know yet. Never wrong code instead.
pub fn unsupported(checker: &Checker<'_>, what: &str, pos: Pos) -> ! {
    std::panic::panic_any(Unsupported { what: what.to_owned(), at: checker.pos_string(pos) })
}

/// What a compilation that met an unsupported construct unwinds with; the driver makes an error of it.
#[derive(Debug)]
pub struct Unsupported {
    pub what: String,
    pub at: String,
}
