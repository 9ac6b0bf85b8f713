//! A user's mistake, as data.
//!
//! Every phase adds to one raw list of [`Diagnostic`]s; how much of the list is shown, and in which shape, is decided
//! by the presentation (the `driver` crate), never by the phase that found it.

use crate::source::{Pos, SourceMap};

#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Severity {
    /// The program is not Go.
    Error,
    /// The program is not Go, but its meaning is clear (an unused import, say): later phases may go on.
    SoftError,
    Warning,
}

/// A further place that belongs to a diagnostic; shown as a tabbed continuation line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub pos: Pos,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Whether it comes from the lexer or parser: `build` stops before types at the first of these.
    pub syntax: bool,
    /// Name in the table of codes (`UnusedVar`); empty for syntax errors.
    pub code: &'static str,
    pub pos: Pos,
    /// One sentence in gc's wording; it may hold continuation lines, tabbed.
    pub message: String,
    pub notes: Vec<Note>,
}

impl Diagnostic {
    /// A syntax error. gc words nearly all of them `syntax error: …`; the caller writes the whole message.
    pub fn syntax(pos: Pos, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            syntax: true,
            code: "",
            pos,
            message: message.into(),
            notes: Vec::new(),
        }
    }

    /// The message with its notes as tabbed continuation lines, as types2 puts them together.
    pub fn full_message(&self, sources: &SourceMap) -> String {
        let mut text = self.message.clone();
        for note in &self.notes {
            text.push_str("\n\t");
            if note.pos.is_known() {
                text.push_str(&format!("{}: ", sources.location(note.pos)));
            }
            text.push_str(&note.message);
        }
        text
    }

    pub fn error(code: &'static str, pos: Pos, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Error, syntax: false, code, pos, message: message.into(), notes: Vec::new() }
    }
}
