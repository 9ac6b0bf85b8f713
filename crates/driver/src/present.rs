//! Which diagnostics are shown, and in which order.
//!
//! The phases make one raw list per package. [`Presentation::All`] shows it whole, sorted by place. The other
//! presentation is what `go build` prints, rule by rule (`cmd/compile/internal/base`, functions `ErrorfAt` and
//! `FlushErrors`; `cmd/compile/internal/noder`):
//!
//! 1. If any message starts with `syntax error`, type checking has not happened: only what the parser found counts.
//! 2. In the order of discovery: of the syntax errors that follow each other on one line the first stays, and so of
//!    other errors with one wording on one line. What remains is counted, and the tenth is the last.
//! 3. The result is sorted by position. Files stand in the order of their first error, a column beyond 254 counts as
//!    254 and is not shown, and a line that prints like the one before is left out.
//! 4. The tenth error, though perhaps not the last line now, gives the place of `too many errors`.
//! 5. A package with errors fails; a package that imports a failed one is not compiled and says nothing.

use crate::outcome::{CheckOutcome, PackageReport};
use base::{Diagnostic, Location, Pos, Severity, SourceMap};
use load::LoadError;
use rustc_hash::FxHashSet;
use std::fmt::Write;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presentation {
    /// Everything (`check`).
    All,
    /// As `go build` prints, at most ten errors for each package (`build`, `run`).
    Build,
    /// As `go build -gcflags=-e` prints (`check -gc`).
    BuildUnlimited,
}

/// One thing to show.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    Load(&'a LoadError),
    /// `# import/path`: what follows is about this package.
    Package(&'a PackageReport),
    Diagnostic(&'a PackageReport, &'a Diagnostic),
    /// The list was cut after ten.
    TooManyErrors(Pos),
}

/// gc gives up at this many errors.
const LIMIT: usize = 10;

/// Selects and orders what `presentation` shows of `outcome`.
pub fn present(outcome: &CheckOutcome, presentation: Presentation) -> Vec<Item<'_>> {
    let mut items: Vec<Item> = outcome.load_errors.iter().map(Item::Load).collect();
    if presentation == Presentation::All {
        for package in &outcome.packages {
            let mut diagnostics: Vec<&Diagnostic> = package.diagnostics.iter().collect();
            diagnostics.sort_by_key(|diagnostic| diagnostic.pos);
            items.extend(diagnostics.into_iter().map(|diagnostic| Item::Diagnostic(package, diagnostic)));
        }
        return items;
    }
    if !outcome.load_errors.is_empty() {
        return items; // the go command compiles nothing then
    }
    let mut failed: FxHashSet<&str> = FxHashSet::default();
    for package in &outcome.packages {
        if package.imports.iter().any(|import| failed.contains(import.as_str())) {
            failed.insert(&package.import_path);
            continue;
        }
        let shown = as_gc(&outcome.sources, package, presentation);
        if !shown.is_empty() {
            failed.insert(&package.import_path);
            items.push(Item::Package(package));
            items.extend(shown);
        }
    }
    items
}

/// Rules 1 to 4 for one package.
fn as_gc<'a>(sources: &SourceMap, package: &'a PackageReport, presentation: Presentation) -> Vec<Item<'a>> {
    let is_syntax_error = |diagnostic: &Diagnostic| diagnostic.message.starts_with("syntax error");
    let stopped = package.diagnostics.iter().any(is_syntax_error);
    let errors = package.diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Warning);

    let mut bases = Vec::new();
    let mut last_syntax = None;
    let mut last_other = None;
    let mut kept = Vec::new();
    let mut too_many = None;
    for diagnostic in errors.filter(|diagnostic| diagnostic.syntax || !stopped) {
        let key = GcPosition::new(sources, diagnostic.pos, &mut bases);
        let line = (key.base, key.line);
        if is_syntax_error(diagnostic) {
            if last_syntax.replace(line) == Some(line) {
                continue;
            }
        } else if last_other.replace((line, &diagnostic.message)) == Some((line, &diagnostic.message)) {
            continue;
        }
        kept.push((key, diagnostic));
        if kept.len() == LIMIT && presentation == Presentation::Build {
            too_many = Some(diagnostic.pos);
            break;
        }
    }
    kept.sort_by_key(|(key, _)| *key);
    kept.dedup_by(|(key, diagnostic), (earlier_key, earlier)| {
        key == earlier_key && diagnostic.message == earlier.message && diagnostic.notes == earlier.notes
    });
    let diagnostics = kept.into_iter().map(|(_, diagnostic)| Item::Diagnostic(package, diagnostic));
    diagnostics.chain(too_many.map(Item::TooManyErrors)).collect()
}

/// A position as gc compares it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct GcPosition {
    /// Files, and the stretches after each line directive, numbered as they first have an error.
    base: usize,
    line: u32,
    column: u32,
}

impl GcPosition {
    fn new(sources: &SourceMap, pos: Pos, bases: &mut Vec<(base::FileId, usize)>) -> GcPosition {
        if !pos.is_known() {
            return GcPosition { base: 0, line: 0, column: 0 };
        }
        let line_base = sources.line_base(pos);
        let index = bases.iter().position(|known| *known == line_base).unwrap_or_else(|| {
            bases.push(line_base);
            bases.len() - 1
        });
        let (_, line, column) = sources.physical(pos);
        GcPosition { base: index + 1, line, column: column.min(UNKNOWN_COLUMN) }
    }
}

/// gc has eight bits for a column; the largest stands for all beyond.
const UNKNOWN_COLUMN: u32 = 255;

/// The code of what Go's linker finds out, which knows no places.
pub(crate) const MISSING_MAIN: &str = "MissingMain";

/// The place as gc prints it: without a column that its positions cannot hold.
pub fn gc_location(sources: &SourceMap, pos: Pos) -> Location {
    let mut location = sources.location(pos);
    if location.column >= UNKNOWN_COLUMN {
        location.column = 0;
    }
    location
}

/// The message as gc prints it: a version error says where the version comes from.
pub fn gc_message(sources: &SourceMap, package: &PackageReport, diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message.clone();
    if diagnostic.code == MISSING_MAIN {
        return format!("runtime.main_main·f: {message}");
    }
    // What directives need is said with its reason already.
    let explained = message.ends_with("check go.mod)");
    if !diagnostic.syntax && diagnostic.pos.is_known() && !explained && mentions_required_version(&message) {
        let file_version = package.file_versions.get(&sources.file_of(diagnostic.pos));
        let written = match file_version {
            Some(version) => write!(message, " (file declares //go:build {version})"),
            None => write!(message, " (-lang was set to {}; check go.mod)", package.lang),
        };
        written.expect("a String accepts every write");
    }
    message
}

/// Whether the message holds `requires go1.N or later`.
fn mentions_required_version(message: &str) -> bool {
    message.match_indices("requires go").any(|(start, found)| {
        let rest = message[start + found.len()..].trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(rest) = rest.strip_prefix('.') else { return false };
        let minor = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        minor.len() < rest.len() && minor.starts_with(" or later")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Text;
    use base::{LangVersion, SourceFile};
    use std::path::Path;
    use std::sync::Arc;

    struct Program {
        outcome: CheckOutcome,
        files: Vec<Arc<SourceFile>>,
    }

    impl Program {
        /// Files of 300 lines of 300 bytes, one package.
        fn new(files: &[&str]) -> Program {
            let mut outcome = CheckOutcome { sources: SourceMap::new(), ..CheckOutcome::default() };
            let text = format!("{}\n", "x".repeat(299)).repeat(300);
            let files = files
                .iter()
                .map(|name| {
                    let id = outcome.sources.add(Path::new(name), name, text.as_bytes().into()).unwrap();
                    outcome.sources.file(id).clone()
                })
                .collect();
            outcome.packages.push(package("x", &[]));
            Program { outcome, files }
        }

        fn pos(&self, file: usize, line: usize, column: usize) -> Pos {
            self.files[file].pos((line - 1) * 300 + column - 1)
        }

        fn error(&mut self, at: (usize, usize, usize), message: &str) {
            let pos = self.pos(at.0, at.1, at.2);
            self.outcome.packages[0].diagnostics.push(Diagnostic::error("Code", pos, message));
        }

        fn syntax(&mut self, at: (usize, usize, usize), message: &str) {
            let pos = self.pos(at.0, at.1, at.2);
            self.outcome.packages[0].diagnostics.push(Diagnostic::syntax(pos, message));
        }

        fn shown(&self, presentation: Presentation) -> String {
            Text { outcome: &self.outcome, presentation, snippets: false }.to_string()
        }
    }

    fn package(path: &str, imports: &[&str]) -> PackageReport {
        PackageReport {
            import_path: path.to_owned(),
            name: "main".to_owned(),
            dir: "/x".into(),
            named: true,
            imports: imports.iter().map(|import| (*import).to_owned()).collect(),
            lang: LangVersion::go1(17),
            file_versions: Default::default(),
            diagnostics: Vec::new(),
        }
    }

    #[test]
    fn syntax_errors_stop_before_types() {
        let mut program = Program::new(&["./a.go"]);
        program.syntax((0, 4, 2), "syntax error: unexpected )");
        program.syntax((0, 4, 9), "syntax error: hidden, same line");
        program.syntax((0, 4, 9), "newline in string");
        program.error((0, 2, 1), "undefined: y");
        let gc = "# x\n./a.go:4:2: syntax error: unexpected )\n./a.go:4:9: newline in string\n";
        assert_eq!(program.shown(Presentation::Build), gc);
        assert_eq!(program.shown(Presentation::All).lines().count(), 4);
    }

    #[test]
    fn a_lexical_error_does_not_stop_before_types() {
        let mut program = Program::new(&["./a.go"]);
        program.syntax((0, 4, 9), "newline in string");
        program.error((0, 2, 1), "undefined: y");
        let gc = "# x\n./a.go:2:1: undefined: y\n./a.go:4:9: newline in string\n";
        assert_eq!(program.shown(Presentation::Build), gc);
    }

    #[test]
    fn equal_messages_of_a_line_are_merged_and_files_stand_as_they_came() {
        let mut program = Program::new(&["./a.go", "./b.go"]);
        program.error((1, 3, 5), "undefined: y");
        program.error((1, 3, 2), "undefined: y");
        program.error((0, 3, 2), "undefined: y");
        program.error((0, 1, 2), "undefined: z");
        let gc = "# x\n./b.go:3:5: undefined: y\n./a.go:1:2: undefined: z\n./a.go:3:2: undefined: y\n";
        assert_eq!(program.shown(Presentation::Build), gc);
    }

    #[test]
    fn the_tenth_error_is_the_last_and_places_the_line() {
        let mut program = Program::new(&["./a.go"]);
        for line in (1..=12).rev() {
            program.error((0, line, 1), &format!("undefined: u{line}"));
        }
        let build = program.shown(Presentation::Build);
        assert_eq!(build.lines().count(), 12);
        assert_eq!(build.lines().nth(1), Some("./a.go:3:1: undefined: u3"));
        assert_eq!(build.lines().last(), Some("./a.go:3:1: too many errors"));
        assert_eq!(program.shown(Presentation::BuildUnlimited).lines().count(), 13);
    }

    #[test]
    fn far_columns_are_not_shown() {
        let mut program = Program::new(&["./a.go"]);
        program.error((0, 1, 254), "a");
        program.error((0, 2, 255), "b");
        assert_eq!(program.shown(Presentation::Build), "# x\n./a.go:1:254: a\n./a.go:2: b\n");
        assert_eq!(program.shown(Presentation::All), "./a.go:1:254: a\n./a.go:2:255: b\n");
    }

    #[test]
    fn importers_of_a_failed_package_say_nothing() {
        let mut program = Program::new(&["./a.go"]);
        program.error((0, 1, 1), "a");
        let mut importer = package("y", &["x"]);
        importer.diagnostics.push(Diagnostic::error("Code", program.pos(0, 9, 9), "b"));
        program.outcome.packages.push(importer);
        assert_eq!(program.shown(Presentation::Build), "# x\n./a.go:1:1: a\n");
        assert_eq!(program.shown(Presentation::All), "./a.go:1:1: a\n./a.go:9:9: b\n");
    }

    #[test]
    fn version_errors_say_where_the_version_comes_from() {
        let mut program = Program::new(&["./a.go"]);
        program.error((0, 1, 1), "type parameter requires go1.18 or later");
        let gc = "# x\n./a.go:1:1: type parameter requires go1.18 or later (-lang was set to go1.17; check go.mod)\n";
        assert_eq!(program.shown(Presentation::Build), gc);
        let file = program.outcome.sources.file_of(program.pos(0, 1, 1));
        program.outcome.packages[0].file_versions.insert(file, LangVersion::go1(21));
        let gc = "# x\n./a.go:1:1: type parameter requires go1.18 or later (file declares //go:build go1.21)\n";
        assert_eq!(program.shown(Presentation::Build), gc);
    }
}
