//! The values of rune and string literals.

/// The bytes of a string literal as written, quotes included; `None` if it is malformed.
///
/// spec: "The value of a raw string literal is the string composed of the uninterpreted (implicitly UTF-8-encoded)
/// characters between the quotes; in particular, [...] Carriage return characters ('\r') inside raw string literals are
/// discarded from the raw string value."
pub fn string_value(literal: &str) -> Option<Vec<u8>> {
    if let Some(raw) = literal.strip_prefix('`') {
        let raw = raw.strip_suffix('`')?;
        return Some(raw.bytes().filter(|&byte| byte != b'\r').collect());
    }
    let mut rest = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = Vec::with_capacity(rest.len());
    loop {
        let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        value.extend_from_slice(&rest.as_bytes()[..plain]);
        rest = &rest[plain..];
        if rest.is_empty() {
            return Some(value);
        }
        match unescape(&mut rest, b'"')? {
            Unescaped::Byte(byte) => value.push(byte),
            Unescaped::Char(c) => value.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// The value of a rune literal as written, quotes included; `None` if it is malformed.
pub fn rune_value(literal: &str) -> Option<u32> {
    let mut rest = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let value = if rest.starts_with('\\') {
        match unescape(&mut rest, b'\'')? {
            Unescaped::Byte(byte) => byte as u32,
            Unescaped::Char(c) => c as u32,
        }
    } else {
        let c = rest.chars().next()?;
        rest = &rest[c.len_utf8()..];
        c as u32
    };
    rest.is_empty().then_some(value)
}

enum Unescaped {
    Byte(u8),
    Char(char),
}

/// Reads the escape sequence that `rest` starts with.
fn unescape(rest: &mut &str, quote: u8) -> Option<Unescaped> {
    let (kind, len, base) = match *rest.as_bytes().get(1)? {
        b'x' => (b'x', 2, 16),
        b'u' => (b'u', 4, 16),
        b'U' => (b'u', 8, 16),
        b'0'..=b'7' => (b'x', 3, 8),
        simple => {
            let byte = match simple {
                b'a' => 7,
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                b'\\' => b'\\',
                _ if simple == quote => quote,
                _ => return None,
            };
            *rest = &rest[2..];
            return Some(Unescaped::Byte(byte));
        }
    };
    let start = if base == 8 { 1 } else { 2 };
    let digits = rest.get(start..start + len).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let value = u32::from_str_radix(digits, base).ok()?;
    *rest = &rest[start + len..];
    match kind {
        b'x' => u8::try_from(value).ok().map(Unescaped::Byte),
        _ => char::from_u32(value).map(Unescaped::Char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!(string_value(r#""a\n\x41\101\u00e9\"""#).unwrap(), "a\nAAé\"".as_bytes());
        assert_eq!(string_value("`a\\n\r\n`").unwrap(), b"a\\n\n");
        assert_eq!(string_value(r#""\xff""#).unwrap(), [0xff]);
        assert_eq!(string_value(r#""\'""#), None);
        assert_eq!(rune_value(r"'\''"), Some('\'' as u32));
        assert_eq!(rune_value(r"'\U0001F600'"), Some(0x1f600));
        assert_eq!(rune_value("'é'"), Some(0xe9));
        assert_eq!(rune_value("'ab'"), None);
        assert_eq!(rune_value(r"'\400'"), None);
    }
}
