//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

mod alias;
mod arguments;
mod call;
pub mod checker;
pub mod code;
pub mod constant;
pub mod context;
mod decl;
mod func_inst;
mod identical;
mod infer;
mod instantiate;
pub mod lookup;
mod missing_method;
pub mod mono;
mod named;
pub mod operand;
mod parameterized;
mod predicates;
pub mod scope;
mod selector;
pub mod store;
mod stubs;
mod subst;
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
pub use store::*;
pub use version::GoVersion;
