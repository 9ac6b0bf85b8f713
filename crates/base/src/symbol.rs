//! Interned names.
//!
//! One process-wide table, because names are made by parsers on several threads and read everywhere. A `Symbol`'s
//! number depends on which thread came first, so nothing that reaches an output may be ordered by it, and symbols have
//! no order: sort by `as_str()`. The table only grows; it is bounded by the distinct identifiers of the programs that
//! were read.
//!
//! Making a symbol takes a lock; reading one does not. The texts lie in chunks that never move, each twice as long as
//! the one before, and every place in them is written once, before its symbol is handed out.

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::{LazyLock, OnceLock, RwLock};

/// An interned string; equality is identity.
///
/// The lowest bit says whether the name is exported, the others are its place in the table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(u32);

struct Interner {
    ids: FxHashMap<&'static str, Symbol>,
    count: usize,
}

static INTERNER: LazyLock<RwLock<Interner>> = LazyLock::new(|| {
    let ids = FxHashMap::with_capacity_and_hasher(1 << 14, FxBuildHasher);
    let mut interner = Interner { ids, count: 0 };
    for text in sym::ALL {
        interner.add(text);
    }
    RwLock::new(interner)
});

impl Interner {
    fn add(&mut self, text: &'static str) -> Symbol {
        let index = self.count;
        let symbol = Symbol::new(index, text.chars().next().is_some_and(char::is_uppercase));
        place(index).set(text).expect("Symbol: a place is written once");
        self.ids.insert(text, symbol);
        self.count += 1;
        symbol
    }
}

/// The first chunk has `1 << FIRST_CHUNK` places.
const FIRST_CHUNK: u32 = 12;
/// Together they have room for as many names as 31 bits can count.
const CHUNKS: usize = (31 - FIRST_CHUNK) as usize;

type Chunk = Box<[OnceLock<&'static str>]>;

static TEXTS: [OnceLock<Chunk>; CHUNKS] = [const { OnceLock::new() }; CHUNKS];

/// Where the text of a number is; the chunk is made if it is the first of its chunk.
#[inline]
fn place(index: usize) -> &'static OnceLock<&'static str> {
    // Numbers are shifted by the first chunk's length: then a chunk's numbers are those of one bit length.
    let shifted = index + (1 << FIRST_CHUNK);
    let bits = shifted.ilog2();
    let chunk = TEXTS.get((bits - FIRST_CHUNK) as usize).expect("Symbol: too many names");
    let chunk = chunk.get_or_init(|| (0..1usize << bits).map(|_| OnceLock::new()).collect());
    &chunk[shifted - (1 << bits)]
}

impl Symbol {
    const fn new(index: usize, is_exported: bool) -> Symbol {
        Symbol((index as u32) << 1 | is_exported as u32)
    }

    pub fn intern(text: &str) -> Symbol {
        if let Some(&symbol) = INTERNER.read().unwrap().ids.get(text) {
            return symbol;
        }
        let mut interner = INTERNER.write().unwrap();
        if let Some(&symbol) = interner.ids.get(text) {
            return symbol; // another thread was first
        }
        interner.add(Box::leak(Box::from(text)))
    }

    pub fn as_str(self) -> &'static str {
        match place((self.0 >> 1) as usize).get() {
            Some(text) => text,
            None => self.predeclared(),
        }
    }

    /// The text of a constant of [`sym`], when no name has been interned so far.
    #[cold]
    fn predeclared(self) -> &'static str {
        LazyLock::force(&INTERNER);
        sym::ALL[(self.0 >> 1) as usize]
    }

    /// The blank identifier `_`.
    pub fn is_blank(self) -> bool {
        self == sym::BLANK
    }

    /// Whether it starts with an upper case letter, as the names do that other packages can use.
    #[inline]
    pub fn is_exported(self) -> bool {
        self.0 & 1 != 0
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
            $(pub const $name: Symbol = Symbol::new(Index::$name as usize, starts_upper($text));)*
            pub(super) const ALL: &[&str] = &[$($text),*];

            const fn starts_upper(text: &str) -> bool {
                !text.is_empty() && text.as_bytes()[0].is_ascii_uppercase()
            }
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
        assert_eq!(Symbol::intern("Error"), sym::ERROR_METHOD);
        let name = Symbol::intern("a name of this test");
        assert_eq!(name, Symbol::intern("a name of this test"));
        assert_eq!(name.as_str(), "a name of this test");
        assert_ne!(name, sym::MAIN);
    }

    #[test]
    fn exported_names() {
        let exported = ["Error", "C", "Äpfel", "Ω"];
        assert!(exported.iter().all(|name| Symbol::intern(name).is_exported()));
        let others = ["", "_", "_X", "any", "äpfel", "世界", "1"];
        assert!(!others.iter().any(|name| Symbol::intern(name).is_exported()));
        assert!(sym::ERROR_METHOD.is_exported() && sym::C.is_exported() && !sym::ERROR.is_exported());
    }

    #[test]
    fn texts_do_not_move() {
        let name = |index: usize| format!("chunk test {index}");
        let made = |range: std::ops::Range<usize>| range.map(|index| Symbol::intern(&name(index))).collect::<Vec<_>>();
        // More than the first chunk holds, on two threads.
        let (first, second) = std::thread::scope(|scope| {
            let second = scope.spawn(|| made(5_000..15_000));
            (made(0..10_000), second.join().unwrap())
        });
        assert!(first.iter().enumerate().all(|(index, symbol)| symbol.as_str() == name(index)));
        assert!(second.iter().enumerate().all(|(index, symbol)| symbol.as_str() == name(index + 5_000)));
        assert_eq!(first[5_000..], second[..5_000]);
    }
}
