//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

pub mod checker;
pub mod code;
pub mod constant;
pub mod context;
mod decl;
pub mod mono;
pub mod operand;
pub mod scope;
pub mod store;
mod stubs;
mod typexpr;
pub mod universe;
pub mod version;

pub use checker::{CheckedBody, Checker, Config, FileInput, PackageInput};
pub use code::Code;
pub use store::*;
pub use version::GoVersion;
