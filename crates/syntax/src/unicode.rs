//! Character classes and character quoting as Go defines them.
//!
//! spec: "In The Unicode Standard 8.0, Section 4.5 "General Category" defines a set of character categories. Go treats
//! all characters in any of the Letter categories Lu, Ll, Lt, Lm, or Lo as Unicode letters, and those in the Number
//! category Nd as Unicode digits."
//!
//! No table of general categories is at hand, but the categories follow from the derived properties that are:
//! `Alphabetic` = L + Nl + some marks and symbols, `XID_Start` = L + Nl + a few, `Numeric` = Nd + Nl + No. Compared with
//! Go's tables over all of Unicode, the answers differ only for characters assigned after Go's version of Unicode.

/// Categories Lu, Ll, Lt, Lm, Lo.
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    // Letters that are no XID_Start because their compatibility normalisation is not an identifier.
    let normalises_badly = matches!(
        c,
        '\u{37a}' | '\u{e33}' | '\u{eb3}' | '\u{fc5e}'
            ..='\u{fc63}'
                | '\u{fdfa}'
                | '\u{fdfb}'
                | '\u{fe70}'
                | '\u{fe72}'
                | '\u{fe74}'
                | '\u{fe76}'
                | '\u{fe78}'
                | '\u{fe7a}'
                | '\u{fe7c}'
                | '\u{fe7e}'
                | '\u{ff9e}'
                | '\u{ff9f}'
                | '\u{2e2f}'
    );
    // Marks that are XID_Start for history's sake.
    let historical = matches!(c, '\u{1885}' | '\u{1886}');
    // Nl is alphabetic and numeric; but so are a few ideographs (Lo) with a numeric value.
    let letter_number = c.is_numeric() && !is_ideograph(c);
    (c.is_alphabetic() || c == '\u{2e2f}')
        && !letter_number
        && !historical
        && (normalises_badly || unicode_ident::is_xid_start(c))
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

/// Category Nd.
pub fn is_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit();
    }
    c.is_numeric()
        && unicode_ident::is_xid_continue(c)
        && !unicode_ident::is_xid_start(c)
        && !matches!(c, '\u{1369}'..='\u{1371}' | '\u{19da}')
}

/// Letters, marks, numbers, punctuation, symbols and the ASCII space.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    // `str::escape_debug` leaves printable characters alone, and combining marks too unless they come first.
    let mut text = [b'a', 0, 0, 0, 0];
    let len = c.encode_utf8(&mut text[1..]).len();
    std::str::from_utf8(&text[..=len]).is_ok_and(|text| text.escape_debug().eq(text.chars()))
}

/// fmt's `%#U`.
pub fn unicode_point(c: u32) -> String {
    match char::from_u32(c) {
        Some(c) if is_print(c) => format!("U+{:04X} '{c}'", c as u32),
        _ => format!("U+{c:04X}"),
    }
}

/// fmt's `%q` of a rune.
pub fn quote_rune(c: char) -> String {
    let mut quoted = String::from("'");
    push_escaped(&mut quoted, c, '\'');
    quoted.push('\'');
    quoted
}

/// `strconv.Quote`.
pub fn quote_string(text: &str) -> String {
    quote_bytes(text.as_bytes())
}

/// `strconv.Quote` of a Go string, which need not be UTF-8.
pub fn quote_bytes(bytes: &[u8]) -> String {
    let mut quoted = String::with_capacity(bytes.len() + 2);
    quoted.push('"');
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push_escaped(&mut quoted, c, '"'));
        chunk.invalid().iter().for_each(|byte| quoted.push_str(&format!("\\x{byte:02x}")));
    }
    quoted.push('"');
    quoted
}

fn push_escaped(text: &mut String, c: char, quote: char) {
    match c {
        '\\' => text.push_str("\\\\"),
        '\x07' => text.push_str("\\a"),
        '\x08' => text.push_str("\\b"),
        '\x0c' => text.push_str("\\f"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\x0b' => text.push_str("\\v"),
        _ if c == quote => text.extend(['\\', c]),
        _ if is_print(c) => text.push(c),
        _ if c < ' ' || c == '\x7f' => text.push_str(&format!("\\x{:02x}", c as u32)),
        _ if (c as u32) < 0x10000 => text.push_str(&format!("\\u{:04x}", c as u32)),
        _ => text.push_str(&format!("\\U{:08x}", c as u32)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(quote_bytes(b"a\"b\n\xff\x00'\xc3\xa9"), r#""a\"b\n\xff\x00'é""#);
        assert_eq!(quote_string("\u{200b}\u{301}\u{e0001}"), "\"\\u200b\u{301}\\U000e0001\"");
    }
}
