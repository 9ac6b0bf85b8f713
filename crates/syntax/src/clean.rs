//! Source text made safe to lex.
//!
//! Go source is UTF-8 without NUL characters, and without byte order marks except for one at its start. gc drops
//! offending bytes while reading and complains. Here they are dropped before lexing starts, so that the lexer reads
//! valid UTF-8 in which a zero byte can stand for the end; each complaint is kept with the place where the lexer has
//! to report it. Nearly every file is clean, and then nothing is copied.

use memchr::{memchr, memmem};
use std::borrow::Cow;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub struct CleanText<'s> {
    pub text: Cow<'s, str>,
    /// Length of the byte order mark at the start; lexing begins there.
    pub start: usize,
    /// In order of offset; empty for clean text.
    pub dirt: Vec<Dirt>,
}

/// Bytes that were dropped.
pub struct Dirt {
    /// Offset in the cleaned text of what follows the dropped bytes.
    pub clean_offset: usize,
    /// Offset of the dropped bytes in the original.
    pub offset: usize,
    pub len: usize,
    pub message: &'static str,
}

pub fn clean(bytes: &[u8]) -> CleanText<'_> {
    let start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    if memchr(0, bytes).is_none()
        && memmem::find(&bytes[start..], BYTE_ORDER_MARK).is_none()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return CleanText { text: Cow::Borrowed(text), start, dirt: Vec::new() };
    }
    remove_dirt(bytes, start)
}

fn remove_dirt(bytes: &[u8], start: usize) -> CleanText<'_> {
    let mut text = String::with_capacity(bytes.len());
    let mut dirt = Vec::new();
    let mut offset = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let message = match c {
                '\0' if offset == 0 => Some("invalid character U+0000"),
                '\0' => Some("invalid NUL character"),
                '\u{feff}' if offset > 0 => Some("invalid BOM in the middle of the file"),
                _ => None,
            };
            match message {
                Some(message) => dirt.push(Dirt { clean_offset: text.len(), offset, len: c.len_utf8(), message }),
                None => text.push(c),
            }
            offset += c.len_utf8();
        }
        for _ in chunk.invalid() {
            dirt.push(Dirt { clean_offset: text.len(), offset, len: 1, message: "invalid UTF-8 encoding" });
            offset += 1;
        }
    }
    CleanText { text: Cow::Owned(text), start, dirt }
}
