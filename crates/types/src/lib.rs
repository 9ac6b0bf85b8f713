//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

mod alias;
pub mod checker;
pub mod code;
pub mod constant;
pub mod context;
mod identical;
mod instantiate;
pub mod lookup;
mod missing_method;
pub mod mono;
mod named;
pub mod operand;
mod predicates;
pub mod scope;
pub mod store;
mod stubs;
mod subst;
mod termlist;
#[cfg(test)]
mod testing;
mod typeparam;
mod typeset;
mod under;
pub mod universe;
pub mod version;

pub use checker::{Checker, Config, FileInput, PackageInput};
pub use code::Code;
pub use store::*;
pub use version::GoVersion;
