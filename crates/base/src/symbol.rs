//! Interned names.
//!
//! One process-wide table, because names are made by parsers on several threads and read everywhere. A `Symbol`'s
//! number depends on which thread came first, so nothing that reaches an output may be ordered by it: sort by
//! `as_str()`. The table only grows; it is bounded by the distinct identifiers of the programs that were read.

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::{LazyLock, RwLock};

/// An interned string; equality is identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(u32);

struct Interner {
    ids: FxHashMap<&'static str, Symbol>,
    texts: Vec<&'static str>,
}

static INTERNER: LazyLock<RwLock<Interner>> = LazyLock::new(|| {
    let mut interner = Interner {
        ids: FxHashMap::with_capacity_and_hasher(1 << 14, FxBuildHasher),
        texts: Vec::with_capacity(1 << 14),
    };
    for (index, text) in sym::ALL.iter().enumerate() {
        interner.ids.insert(text, Symbol(index as u32));
        interner.texts.push(text);
    }
    RwLock::new(interner)
});

impl Symbol {
    pub fn intern(text: &str) -> Symbol {
        if let Some(&symbol) = INTERNER.read().unwrap().ids.get(text) {
            return symbol;
        }
        let mut interner = INTERNER.write().unwrap();
        if let Some(&symbol) = interner.ids.get(text) {
            return symbol; // another thread was first
        }
        let text: &'static str = Box::leak(Box::from(text));
        let symbol = Symbol(u32::try_from(interner.texts.len()).expect("too many names"));
        interner.texts.push(text);
        interner.ids.insert(text, symbol);
        symbol
    }

    pub fn as_str(self) -> &'static str {
        INTERNER.read().unwrap().texts[self.0 as usize]
    }

    /// The blank identifier `_`.
    pub fn is_blank(self) -> bool {
        self == sym::BLANK
    }
}

impl std::fmt::Display for Symbol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Symbol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

macro_rules! symbols {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// Names that the compiler itself speaks of.
        pub mod sym {
            use super::Symbol;
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)] // an index per name, not a type anyone sees
            enum Index { $($name),* }
            $(pub const $name: Symbol = Symbol(Index::$name as u32);)*
            pub(super) const ALL: &[&str] = &[$($text),*];
        }
    };
}

symbols! {
    EMPTY = "", BLANK = "_", DOT = ".", INIT = "init", MAIN = "main", UNSAFE = "unsafe", RUNTIME = "runtime",
    IOTA = "iota", NIL = "nil", TRUE = "true", FALSE = "false", ANY = "any", ERROR = "error", ERROR_METHOD = "Error",
    COMPARABLE = "comparable", STRING = "string", BYTE = "byte", RUNE = "rune", C = "C",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interning_is_identity() {
        assert_eq!(Symbol::intern("init"), sym::INIT);
        let name = Symbol::intern("a name of this test");
        assert_eq!(name, Symbol::intern("a name of this test"));
        assert_eq!(name.as_str(), "a name of this test");
        assert_ne!(name, sym::MAIN);
    }
}
