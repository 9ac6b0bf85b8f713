//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

mod alias;
mod arguments;
mod assignable;
mod assignments;
mod binary;
mod builtins;
mod call;
pub mod checker;
pub mod code;
mod comparison;
mod composite;
pub mod constant;
pub mod context;
mod conversions;
mod decl;
mod expr;
mod finite;
mod func_inst;
mod identical;
mod index;
mod infer;
mod initorder;
mod instantiate;
mod labels;
mod literals;
pub mod lookup;
mod missing_method;
pub mod mono;
mod named;
pub mod operand;
mod parameterized;
mod predicates;
mod print;
mod range;
mod representable;
pub mod scope;
mod select;
mod selector;
mod shift;
pub mod sizes;
mod slice;
mod stmt;
pub mod store;
mod subst;
mod switch;
mod terminating;
mod termlist;
#[cfg(test)]
mod testing;
mod typeparam;
mod typeset;
mod typexpr;
mod unary;
mod under;
mod unify;
pub mod universe;
mod untyped;
pub mod version;

pub use checker::{CheckedBody, Checker, Config, FileInput, PackageInput};
pub use code::Code;
pub use initorder::Initializer;
pub use store::*;
pub use version::GoVersion;
