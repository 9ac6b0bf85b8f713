//! Type checking: go/types' vocabulary, gc's messages.
//!
//! [`checker`] holds the state and the story; [`store`] the tables that later phases read.

pub mod checker;
pub mod code;
pub mod constant;
pub mod context;
pub mod mono;
pub mod operand;
pub mod scope;
pub mod store;
mod stubs;
pub mod universe;
pub mod version;

// Expressions.
mod assignable;
mod binary;
mod builtins;
mod comparison;
mod composite;
mod conversions;
mod expr;
mod finite;
mod index;
mod literals;
mod representable;
mod shift;
mod slice;
mod unary;
mod untyped;

pub use checker::{Checker, Config, FileInput, PackageInput};
pub use code::Code;
pub use store::*;
pub use version::GoVersion;
