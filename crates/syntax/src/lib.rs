//! Go source text to syntax trees.
//!
//! [`parse_file`] never fails: it returns a [`ast::File`] and the diagnostics. Trees live in a bump arena that outlives
//! everything after parsing; nodes are shared references, numbered densely so that later phases keep what they learn
//! in side tables.

pub mod ast;
