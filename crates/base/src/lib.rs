//! What every other crate stands on: typed ids and the tables they index, interned names, source positions,
//! diagnostics and language versions. Nothing else here knows Go.

pub mod diagnostic;
pub mod entity;
pub mod lang;
pub mod source;
pub mod symbol;

pub use diagnostic::{Diagnostic, Note, Severity};
pub use entity::{EntityId, SideTable, Table};
pub use lang::LangVersion;
pub use source::{FileId, Location, Pos, SourceFile, SourceMap};
pub use symbol::{Symbol, sym};
