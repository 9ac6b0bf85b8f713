//! Diagnostics as text or as JSON.
//!
//! Text is one line each, `file:line:col: message`, with continuation lines tabbed; on a terminal the source line and
//! a caret follow. JSON is one object per line with the members `file`, `line`, `column`, `code`, `severity`,
//! `message` and `notes` (a list of objects with `file`, `line`, `column`, `message`), and `package` where one is known.

use crate::outcome::{CheckOutcome, PackageReport};
use crate::present::{Item, MISSING_MAIN, Presentation, gc_location, gc_message, present};
use base::{Diagnostic, Location, Pos, Severity, SourceMap};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// All that `presentation` shows, as text.
pub struct Text<'a> {
    pub outcome: &'a CheckOutcome,
    pub presentation: Presentation,
    /// Whether source lines follow; for terminals.
    pub snippets: bool,
}

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sources = &self.outcome.sources;
        for item in present(self.outcome, self.presentation) {
            match item {
                Item::Load(error) => writeln!(f, "{error}")?,
                Item::Package(package) => writeln!(f, "# {}", package.import_path)?,
                Item::TooManyErrors(pos) => {
                    place(f, self.location(pos))?;
                    writeln!(f, "too many errors")?;
                }
                Item::Diagnostic(package, diagnostic) => {
                    place(f, self.location_of(diagnostic))?;
                    writeln!(f, "{}", self.message(package, diagnostic))?;
                    for note in &diagnostic.notes {
                        f.write_str("\t")?;
                        place(f, self.location(note.pos))?;
                        writeln!(f, "{}", note.message)?;
                    }
                    if self.snippets {
                        snippet(f, sources, diagnostic.pos)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Text<'_> {
    fn location_of(&self, diagnostic: &Diagnostic) -> Option<Location> {
        let nowhere = diagnostic.code == MISSING_MAIN && self.presentation != Presentation::All;
        if nowhere { None } else { self.location(diagnostic.pos) }
    }

    fn location(&self, pos: Pos) -> Option<Location> {
        let locate = if self.presentation == Presentation::All { SourceMap::location } else { gc_location };
        pos.is_known().then(|| locate(&self.outcome.sources, pos))
    }

    fn message(&self, package: &PackageReport, diagnostic: &Diagnostic) -> String {
        match self.presentation {
            Presentation::All => diagnostic.message.clone(),
            Presentation::Build | Presentation::BuildUnlimited => {
                gc_message(&self.outcome.sources, package, diagnostic)
            }
        }
    }
}

/// `file:line:col: `, or nothing for a diagnostic without a place.
fn place(f: &mut Formatter<'_>, location: Option<Location>) -> fmt::Result {
    location.map_or(Ok(()), |location| write!(f, "{location}: "))
}

/// Columns of a source line that are shown; what lies further away is replaced by an ellipsis.
const SNIPPET_WIDTH: usize = 160;

/// The source line of `pos` with a caret under its column:
///
/// ```text
///    12 |     x := undefinedName
///       |          ^
/// ```
fn snippet(f: &mut Formatter<'_>, sources: &SourceMap, pos: Pos) -> fmt::Result {
    if !pos.is_known() {
        return Ok(());
    }
    let (file, line, column) = sources.physical(pos);
    let text = sources.file(file).line_text(line);
    let offset = (column as usize - 1).min(text.len());
    let (before, after) = text.split_at(offset);
    // Tabs and control characters become one blank each, so that the caret stands right whatever the terminal does.
    let printable = |bytes: &[u8]| -> Vec<char> {
        String::from_utf8_lossy(bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    let (mut before, mut after) = (printable(before), printable(after));
    if before.len() > SNIPPET_WIDTH / 2 {
        before.drain(..before.len() - SNIPPET_WIDTH / 2);
        before[0] = '…';
    }
    if before.len() + after.len() > SNIPPET_WIDTH {
        after.truncate(SNIPPET_WIDTH - before.len());
        after.push('…');
    }
    let blanks = " ".repeat(before.len());
    writeln!(f, "{line:>6} | {}{}", String::from_iter(before), String::from_iter(after))?;
    writeln!(f, "       | {blanks}^")
}

/// All that `presentation` shows, as lines of JSON. Package headers and `too many errors` have no line: the member
/// `package` says the first, and the exit code the second.
pub fn json_lines(outcome: &CheckOutcome, presentation: Presentation) -> String {
    let text = Text { outcome, presentation, snippets: false };
    let mut lines = String::new();
    for item in present(outcome, presentation) {
        let object = match item {
            Item::Load(error) => JsonDiagnostic {
                package: None,
                place: JsonPlace::new(error.place().cloned()),
                code: "Load",
                severity: "error",
                message: error.text(),
                notes: Vec::new(),
            },
            Item::Diagnostic(package, diagnostic) => JsonDiagnostic {
                package: Some(&package.import_path),
                place: JsonPlace::new(text.location_of(diagnostic)),
                code: if diagnostic.syntax { "Syntax" } else { diagnostic.code },
                severity: match diagnostic.severity {
                    Severity::Error | Severity::SoftError => "error",
                    Severity::Warning => "warning",
                },
                message: text.message(package, diagnostic),
                notes: (diagnostic.notes.iter())
                    .map(|note| JsonNote { place: JsonPlace::new(text.location(note.pos)), message: &note.message })
                    .collect(),
            },
            Item::Package(_) | Item::TooManyErrors(_) => continue,
        };
        lines.push_str(&serde_json::to_string(&object).expect("strings and numbers serialise"));
        lines.push('\n');
    }
    lines
}

/// A line for what is no diagnostic of a package: why a command could not do its work.
pub fn json_failure(message: &str) -> String {
    // `not yet supported: X at file:line:column`
    let place = message.strip_prefix("not yet supported: ").and_then(|rest| location(rest.rsplit_once(" at ")?.1));
    let object = JsonDiagnostic {
        package: None,
        place: JsonPlace::new(place),
        code: "Failure",
        severity: "error",
        message: message.to_owned(),
        notes: Vec::new(),
    };
    format!("{}\n", serde_json::to_string(&object).expect("strings and numbers serialise"))
}

/// `file:line:column`
fn location(text: &str) -> Option<Location> {
    let (rest, column) = text.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some(Location { file: file.into(), line: line.parse().ok()?, column: column.parse().ok()? })
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<&'a str>,
    #[serde(flatten)]
    place: JsonPlace,
    code: &'a str,
    severity: &'a str,
    message: String,
    notes: Vec<JsonNote<'a>>,
}

#[derive(Serialize)]
struct JsonNote<'a> {
    #[serde(flatten)]
    place: JsonPlace,
    message: &'a str,
}

/// Absent members: no place is known.
#[derive(Serialize)]
struct JsonPlace {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

impl JsonPlace {
    fn new(location: Option<Location>) -> JsonPlace {
        let file = location.as_ref().map(|location| location.file.to_string());
        let line = location.as_ref().map(|location| location.line);
        let column = location.map(|location| location.column).filter(|column| *column > 0);
        JsonPlace { file, line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{LangVersion, Note};
    use load::LoadError;
    use std::path::Path;

    fn outcome() -> CheckOutcome {
        let mut outcome = CheckOutcome { sources: SourceMap::new(), ..CheckOutcome::default() };
        let text = "package p\n\tvar x int = \"a\"\nvar x int\n";
        let id = outcome.sources.add(Path::new("/d/a.go"), "./a.go", text.as_bytes().into()).unwrap();
        let file = outcome.sources.file(id).clone();
        let mut diagnostic = Diagnostic::error("DuplicateDecl", file.pos(31), "x redeclared in this block");
        diagnostic.notes.push(Note { pos: file.pos(15), message: "other declaration of x".to_owned() });
        outcome.packages.push(PackageReport {
            import_path: "p".to_owned(),
            name: "p".to_owned(),
            dir: "/d".into(),
            named: true,
            imports: Vec::new(),
            lang: LangVersion::go1(26),
            file_versions: Default::default(),
            diagnostics: vec![diagnostic, Diagnostic::error("X", file.pos(23), "cannot use \"a\"")],
        });
        outcome
    }

    #[test]
    fn a_terminal_sees_the_source() {
        let outcome = outcome();
        let text = Text { outcome: &outcome, presentation: Presentation::All, snippets: true }.to_string();
        let expected = "\
./a.go:2:14: cannot use \"a\"
     2 |  var x int = \"a\"
       |              ^
./a.go:3:5: x redeclared in this block
\t./a.go:2:6: other declaration of x
     3 | var x int
       |     ^
";
        assert_eq!(text, expected);
    }

    #[test]
    fn json_has_one_object_per_line() {
        let mut outcome = outcome();
        let first = json_lines(&outcome, Presentation::All).lines().nth(1).unwrap().to_owned();
        let expected = r#"{"package":"p","file":"./a.go","line":3,"column":5,"code":"DuplicateDecl","severity":"error","message":"x redeclared in this block","notes":[{"file":"./a.go","line":2,"column":6,"message":"other declaration of x"}]}"#;
        assert_eq!(first, expected);
        outcome.load_errors.push(LoadError::general("go: no"));
        let load = json_lines(&outcome, Presentation::Build);
        assert_eq!(load, "{\"code\":\"Load\",\"severity\":\"error\",\"message\":\"go: no\",\"notes\":[]}\n");
    }
}
