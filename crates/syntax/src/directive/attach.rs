//! What a run of directives says to the declaration that takes it.
//!
//! This looks at texts only and never complains: a directive that [`read`](super::read) has refused for its form says
//! nothing, one refused for its place or its package says what it says.

use super::flags::Word;
use super::{Embed, FuncDirectives, WasmExport, WasmImport, embed};
use crate::ast::Directive;
use base::{Pos, Symbol};

/// A run of directives, sorted by kind.
#[derive(Default)]
pub(super) struct Attached {
    /// `//go:build` and flags of functions, with where each stands.
    pub words: Vec<(Pos, Word)>,
    pub embeds: Vec<Embed>,
    /// The last one counts.
    pub wasm_import: Option<WasmImport>,
    pub wasm_export: Option<WasmExport>,
}

impl Attached {
    pub fn new<'d>(directives: impl IntoIterator<Item = &'d Directive<'d>>) -> Attached {
        let mut attached = Attached::default();
        for directive in directives.into_iter().filter(|directive| directive.at_line_start) {
            attached.add(directive);
        }
        attached
    }

    fn add(&mut self, directive: &Directive) {
        let Directive { pos, text, .. } = *directive;
        if let Some(args) = embed::arguments(text) {
            if let Ok(patterns) = embed::patterns(args)
                && !patterns.is_empty()
            {
                self.embeds.push(Embed { pos, patterns });
            }
        } else if text.starts_with("go:wasmimport ") {
            if let [_, module, name] = fields(text)[..] {
                let (module, name) = (Symbol::intern(module), Symbol::intern(name));
                self.wasm_import = Some(WasmImport { pos, module, name });
            }
        } else if text.starts_with("go:wasmexport ") {
            if let [_, name] = fields(text)[..] {
                self.wasm_export = Some(WasmExport { pos, name: Symbol::intern(name) });
            }
        } else {
            match Word::of(verb(text)) {
                Word::Other => {}
                word => self.words.push((pos, word)),
            }
        }
    }

    pub fn func(&self) -> FuncDirectives {
        FuncDirectives {
            flags: self.words.iter().fold(Default::default(), |flags, (_, word)| word.flags().with(flags)),
            wasm_import: self.wasm_import,
            wasm_export: self.wasm_export,
        }
    }
}

/// The directive's name: what stands before the first space.
pub(super) fn verb(text: &str) -> &str {
    text.split_once(' ').map_or(text, |(verb, _)| verb)
}

/// The directive's name and arguments.
pub(super) fn fields(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
