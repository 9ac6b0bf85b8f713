//! A small cache in front of the process-wide interner.
//!
//! A file repeats its names; the interner takes a lock and hashes the whole text. The cache is direct-mapped, its keys
//! are ranges of the text being lexed.

use base::Symbol;

const BITS: u32 = 10;

pub struct NameCache {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    start: u32,
    /// 0: the entry is empty.
    len: u32,
    symbol: Symbol,
}

impl NameCache {
    pub fn new() -> NameCache {
        NameCache { entries: vec![Entry { start: 0, len: 0, symbol: base::sym::EMPTY }; 1 << BITS] }
    }

    /// The symbol of `text[start..end]`; always called with the same text.
    #[inline]
    pub fn intern(&mut self, text: &str, start: usize, end: usize) -> Symbol {
        let bytes = text.as_bytes();
        let name = &bytes[start..end];
        let entry = &mut self.entries[hash(name)];
        let known = entry.start as usize;
        if entry.len as usize == name.len() && bytes[known..known + name.len()] == *name {
            return entry.symbol;
        }
        let symbol = Symbol::intern(&text[start..end]);
        *entry = Entry { start: start as u32, len: name.len() as u32, symbol };
        symbol
    }
}

/// Mixes the length, the first and the last eight bytes.
#[inline]
fn hash(name: &[u8]) -> usize {
    let mut first = 0u64;
    let mut last = 0u64;
    if let Some(chunk) = name.first_chunk::<8>() {
        first = u64::from_le_bytes(*chunk);
        last = name.last_chunk::<8>().map_or(0, |chunk| u64::from_le_bytes(*chunk));
    } else {
        for &byte in name {
            first = first << 8 | byte as u64;
        }
    }
    let mixed = (first ^ last.rotate_left(29) ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (64 - BITS)) as usize
}
