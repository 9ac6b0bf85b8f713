//! What every other crate stands on: typed ids and the tables they index, interned names, source positions and
//! diagnostics. Nothing here knows Go.

pub mod diagnostic;
pub mod entity;
pub mod source;
pub mod symbol;

pub use diagnostic::{Diagnostic, Note, Severity};
pub use entity::{EntityId, SideTable, Table};
pub use source::{FileId, Location, Pos, SourceFile, SourceMap};
pub use symbol::{Symbol, sym};
