//! Typed syntax trees to SSA, one function instance at a time.
//!
//! [`module`] knows the program and what is wanted next; [`func`] is the state of one function and the vocabulary of
//! emitting; [`value`] and [`place`] say how Go values and variables are represented. Every construct of the language
//! has a file of its own.

mod append;
mod arith;
mod assign;
mod body;
mod borrow;
mod builtin;
pub mod call;
pub mod captures;
mod chan;
pub mod closures;
mod compare;
mod composite;
mod cond;
mod constant;
mod control;
mod convert;
pub mod declare;
pub mod deferred;
mod equal;
pub mod exports;
mod expr;
mod frames;
pub mod func;
pub mod functions;
pub mod gojs;
mod hash;
mod iface;
mod index;
pub mod init;
mod intrinsics;
pub mod linknames;
mod maps;
pub mod module;
mod order;
pub mod place;
mod range;
mod rangefunc;
pub mod receiver;
mod reflection;
mod returns;
mod select;
mod shift;
mod slice;
mod static_expr;
pub mod statics;
mod stmt;
mod switch;
mod typeswitch;
pub mod value;
pub mod wrappers;

pub use module::{FuncKey, Module, Request};

use base::Pos;
use types::Checker;

/// Ends compilation: a construct that lowering does not know yet. Never wrong code instead.
pub fn unsupported(checker: &Checker<'_>, what: &str, pos: Pos) -> ! {
    // Unlike a panic, this prints nothing.
    std::panic::resume_unwind(Box::new(Unsupported { what: what.to_owned(), at: checker.pos_string(pos) }))
}

/// What a compilation that met an unsupported construct unwinds with; the driver makes an error of it.
#[derive(Debug)]
pub struct Unsupported {
    pub what: String,
    pub at: String,
}
