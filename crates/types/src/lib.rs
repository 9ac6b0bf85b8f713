//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

mod assignments;
pub mod checker;
pub mod code;
pub mod constant;
pub mod context;
mod initorder;
mod labels;
pub mod mono;
pub mod operand;
mod print;
mod range;
pub mod scope;
mod select;
mod sizes;
mod stmt;
pub mod store;
mod stubs;
mod switch;
mod terminating;
mod typehash;
pub mod universe;
pub mod version;

pub use checker::{Checker, Config, FileInput, PackageInput};
pub use code::Code;
pub use initorder::Initializer;
pub use store::*;
pub use version::GoVersion;
