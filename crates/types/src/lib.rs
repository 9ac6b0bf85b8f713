//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

mod alias;
mod arguments;
mod assignments;
mod call;
pub mod checker;
pub mod code;
pub mod constant;
pub mod context;
mod decl;
mod func_inst;
mod identical;
mod infer;
mod initorder;
mod instantiate;
mod labels;
pub mod lookup;
mod missing_method;
pub mod mono;
mod named;
pub mod operand;
mod parameterized;
mod predicates;
mod print;
mod range;
pub mod scope;
mod select;
mod selector;
mod sizes;
mod stmt;
pub mod store;
mod stubs;
mod subst;
mod switch;
mod terminating;
mod termlist;
mod testing;
mod typeparam;
mod typeset;
mod typexpr;
mod under;
mod unify;
pub mod universe;
pub mod version;
#[cfg(test)]

pub use checker::{CheckedBody, Checker, Config, FileInput, PackageInput};
pub use code::Code;
pub use initorder::Initializer;
pub use store::*;
pub use version::GoVersion;
