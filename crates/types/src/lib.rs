//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

mod arguments;
mod call;
pub mod checker;
pub mod code;
pub mod constant;
pub mod context;
mod decl;
mod func_inst;
mod infer;
pub mod mono;
pub mod operand;
mod parameterized;
pub mod scope;
mod selector;
pub mod store;
mod stubs;
mod typexpr;
mod unify;
pub mod universe;
pub mod version;

pub use checker::{CheckedBody, Checker, Config, FileInput, PackageInput};
pub use code::Code;
pub use store::*;
pub use version::GoVersion;
