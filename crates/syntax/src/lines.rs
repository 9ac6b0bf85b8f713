//! Positions inside messages, while a file is still being parsed.

use base::source::LineDirective;
use base::{Pos, SourceFile};

/// A file and the line directives seen in it so far.
pub struct Lines<'s> {
    source: &'s SourceFile,
    directives: &'s [LineDirective],
}

impl<'s> Lines<'s> {
    pub fn new(source: &'s SourceFile, directives: &'s [LineDirective]) -> Lines<'s> {
        Lines { source, directives }
    }

    /// `file:line:column`; where line directives apply, the place in the text follows in brackets.
    pub fn show(&self, pos: Pos) -> String {
        let offset = pos.raw() - self.source.base;
        let (line, column) = self.source.line_column(offset);
        let physical = format!("{}:{line}:{column}", self.source.shown);
        let in_force = &self.directives[..self.directives.partition_point(|directive| directive.offset <= offset)];
        let Some(directive) = in_force.last() else { return physical };
        let (start_line, start_column) = self.source.line_column(directive.offset);
        let name = in_force.iter().rev().find_map(|earlier| earlier.file.as_deref()).unwrap_or(&self.source.shown);
        let shown_line = directive.line + (line - start_line);
        let shown = match directive.column {
            0 => format!("{name}:{shown_line}"),
            start if line == start_line => format!("{name}:{shown_line}:{}", start + (column - start_column)),
            _ => format!("{name}:{shown_line}:{column}"),
        };
        if shown == physical { shown } else { format!("{shown}[{physical}]") }
    }
}
