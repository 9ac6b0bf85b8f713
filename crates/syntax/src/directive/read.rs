//! The first look at a file's directives, as gc has it while parsing.

use super::attach::{Attached, fields, verb};
use super::flags::{FuncFlags, Word, is_allowed_in_std};
use super::{FileDirectives, Linkname, cgo, embed};
use crate::ast::{BodySource, Decl, Directive, File};
use base::{Diagnostic, Pos, Symbol};

const MISPLACED: &str = "misplaced compiler directive";

/// What is allowed depends on the package and on the SDK.
#[derive(Clone, Copy, Default, Debug)]
pub struct ReadRules {
    /// A package of the standard library.
    pub standard: bool,
    /// One of those that [`is_runtime_package`](super::is_runtime_package) names.
    pub runtime: bool,
    /// Go 1.27: there is `//go:linknamestd`.
    pub linkname_std: bool,
}

/// Reads all directives of a parsed file.
pub fn read(file: &File, rules: ReadRules) -> FileDirectives {
    let mut reader = Reader { rules, linknames: Vec::new(), diagnostics: Vec::new() };
    let skipped = skipped_bodies(file);
    let mut dropped = file.dropped_directives.iter().peekable();
    for (index, directive) in file.directives.iter().enumerate() {
        reader.directive(directive);
        if let Some(range) = dropped.next_if(|range| range.end as usize == index + 1) {
            let directives = &file.directives[range.start as usize..range.end as usize];
            reader.dropped(directives.iter().filter(|directive| !is_in(&skipped, directive.pos)));
        }
    }

    let mut result = FileDirectives {
        linknames: reader.linknames,
        funcs: Vec::new(),
        embeds: Vec::new(),
        diagnostics: reader.diagnostics,
    };
    for (index, decl) in file.decls.iter().enumerate() {
        match decl {
            Decl::Func(decl) if !decl.pragma.is_empty() => {
                let func = Attached::new(decl.pragma).func();
                if !func.is_empty() {
                    result.funcs.push((index as u32, func));
                }
            }
            Decl::Var(decl) if !decl.pragma.is_empty() => {
                let embeds = Attached::new(decl.pragma).embeds;
                if !embeds.is_empty() {
                    result.embeds.push((index as u32, embeds));
                }
            }
            _ => {}
        }
    }
    result
}

/// The complaints of the parser and of [`read`] about one file as one list in gc's order.
///
/// gc complains about a directive when it comes to it: before the parser complains about anything behind it. (About a
/// misplaced one it complains a little later. That is not kept up here, and shows only where ten errors are the limit.)
pub fn in_order_of_reading(parser: Vec<Diagnostic>, directives: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if directives.is_empty() {
        return parser;
    }
    let mut merged = Vec::with_capacity(parser.len() + directives.len());
    let mut directives = directives.into_iter().peekable();
    for diagnostic in parser {
        while let Some(earlier) = directives.next_if(|directive| directive.pos < diagnostic.pos) {
            merged.push(earlier);
        }
        merged.push(diagnostic);
    }
    merged.extend(directives);
    merged
}

struct Reader {
    rules: ReadRules,
    linknames: Vec<Linkname>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// gc shows these even if there are syntax errors: they count as such.
    fn error(&mut self, pos: Pos, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::syntax(pos, message));
    }

    fn directive(&mut self, directive: &Directive) {
        let Directive { pos, text, at_line_start } = *directive;
        if !text.starts_with("go:") {
            return; // `export`
        }
        if !at_line_start {
            return self.error(pos, MISPLACED);
        }
        if text.starts_with("go:wasmimport ") {
            if fields(text).len() != 3 {
                self.error(pos, "usage: //go:wasmimport importmodule importname");
            }
        } else if text.starts_with("go:wasmexport ") {
            if fields(text).len() != 2 {
                self.error(pos, "usage: //go:wasmexport exportname");
            }
        } else if text.starts_with("go:linkname ") {
            self.linkname(pos, text, false);
        } else if self.rules.linkname_std && text.starts_with("go:linknamestd ") {
            self.linkname(pos, text, true);
        } else if let Some(args) = embed::arguments(text) {
            self.embed(pos, args);
        } else {
            if text.starts_with("go:cgo_") {
                for message in cgo::complaints(text, self.rules.standard) {
                    self.error(pos, message);
                }
                if cgo::is_import_with_library(text) {
                    return;
                }
            }
            self.word(pos, verb(text));
        }
    }

    fn linkname(&mut self, pos: Pos, text: &str, std_only: bool) {
        let (local, target) = match fields(text)[..] {
            [_, local] => (local, None),
            [_, local, target] => (local, Some(Symbol::intern(target))),
            _ => return self.error(pos, format!("usage: //{} localname [linkname]", verb(text))),
        };
        self.linknames.push(Linkname { pos, local: Symbol::intern(local), target, std_only });
    }

    fn embed(&mut self, pos: Pos, args: &str) {
        let is_empty = match embed::patterns(args) {
            Ok(patterns) => patterns.is_empty(),
            Err(rest) => {
                self.error(pos, format!("invalid quoted string in //go:embed: {rest}"));
                true
            }
        };
        if is_empty {
            self.error(pos, "usage: //go:embed pattern...");
        }
    }

    fn word(&mut self, pos: Pos, verb: &str) {
        let word = Word::of(verb);
        let flags = word.flags();
        if !self.rules.runtime && flags.intersects(FuncFlags::OF_RUNTIME) {
            self.error(pos, format!("//{verb} only allowed in runtime"));
        }
        if !self.rules.standard && flags == FuncFlags::UINTPTRKEEPALIVE {
            self.error(pos, format!("//{verb} is only allowed in the standard library"));
        }
        if self.rules.standard && word == Word::Other && !is_allowed_in_std(verb) {
            self.error(pos, format!("//{verb} is not allowed in the standard library"));
        }
    }

    /// A run of directives that no declaration took.
    fn dropped<'d>(&mut self, directives: impl Iterator<Item = &'d Directive<'d>>) {
        let Attached { words, embeds, wasm_import, wasm_export } = Attached::new(directives);
        for (pos, _) in words {
            self.error(pos, MISPLACED);
        }
        for embed in embeds {
            self.error(embed.pos, "misplaced go:embed directive");
        }
        if let Some(import) = wasm_import {
            self.error(import.pos, "misplaced go:wasmimport directive");
        }
        if let Some(export) = wasm_export {
            self.error(export.pos, "misplaced go:wasmexport directive");
        }
    }
}

/// From `{` to one past `}`, in order.
fn skipped_bodies(file: &File) -> Vec<(Pos, Pos)> {
    if file.dropped_directives.is_empty() {
        return Vec::new();
    }
    let bodies = file.decls.iter().filter_map(|decl| match decl {
        Decl::Func(decl) => match decl.body {
            BodySource::Skipped { start, end } => Some((start, end)),
            BodySource::None | BodySource::Parsed(_) => None,
        },
        _ => None,
    });
    bodies.collect()
}

fn is_in(ranges: &[(Pos, Pos)], pos: Pos) -> bool {
    let after = ranges.partition_point(|(start, _)| *start <= pos);
    after > 0 && pos < ranges[after - 1].1
}
