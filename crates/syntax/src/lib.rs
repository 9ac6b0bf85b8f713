//! Go source text to syntax trees.
//!
//! [`parse_file`] never fails: it returns a [`ast::File`] and the diagnostics. Trees live in a bump arena that outlives
//! everything after parsing; nodes are shared references, numbered densely so that later phases keep what they learn
//! in side tables. [`parse_body`] reads a function body that was skipped.

pub mod ast;
mod branches;
mod clean;
mod constraint;
pub mod directive;
mod lexer;
mod lines;
pub mod literal;
mod names;
mod parser;
pub mod print;
mod replaced;
mod span;
mod token;
pub mod unicode;
pub mod walk;

pub use print::{expr_string, expr_summary};
pub use replaced::replace_functions;

use base::source::LineDirective;
use base::{Diagnostic, FileId, Pos, SourceFile};
use bumpalo::Bump;

/// What to do with the bodies of function declarations. Function literals outside of them are always parsed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bodies {
    Parse,
    /// Find only where they end. A body whose end is not certain is parsed nevertheless.
    Skip,
}

#[derive(Clone, Copy, Debug)]
pub struct ParseOptions {
    pub bodies: Bodies,
    /// Check labels and `break`, `continue`, `goto`, `fallthrough`, as gc does in this phase.
    pub check_branches: bool,
    /// Go 1.27: methods may have type parameters.
    pub generic_methods: bool,
}

pub struct Parsed<'a> {
    pub file: ast::File<'a>,
    /// In the order in which gc reports them, which is nearly that of the source. A presentation that shows one syntax
    /// error per line must choose by this order, and sort afterwards.
    pub diagnostics: Vec<Diagnostic>,
    /// For [`SourceFile::set_line_directives`].
    pub line_directives: Vec<LineDirective>,
}

/// Parses a whole file.
pub fn parse_file<'a>(arena: &'a Bump, id: FileId, source: &SourceFile, options: &ParseOptions) -> Parsed<'a> {
    let text = clean::clean(&source.text);
    let lexer = lexer::Lexer::new(&text, source.base);
    let mut parser = parser::Parser::new(arena, lexer, source, *options);
    let file = parser.file(id);
    let lexer = parser.into_lexer();
    Parsed { file, diagnostics: lexer.diagnostics, line_directives: lexer.line_directives }
}

/// Parses a body that was skipped, as if its file were parsed again with bodies.
pub fn parse_body<'a>(
    arena: &'a Bump,
    source: &SourceFile,
    start: Pos,
    end: Pos,
    options: &ParseOptions,
) -> (&'a ast::FuncBody<'a>, Vec<Diagnostic>) {
    let (start, end) = ((start.raw() - source.base) as usize, (end.raw() - source.base) as usize);
    // Only files without dirt have skipped bodies, so this just proves again that the text is UTF-8.
    let text = clean::clean(&source.text[start..end]);
    let mut lexer = lexer::Lexer::new(&text, source.base + start as u32);
    lexer.takes_line_directives = false;
    let mut parser = parser::Parser::new(arena, lexer, source, *options);
    let body = parser.skipped_body();
    (body, parser.into_lexer().diagnostics)
}
