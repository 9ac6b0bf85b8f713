//! The arguments of `//go:embed`.

use crate::literal::string_value;

/// What follows the directive's name, if it is this directive.
pub fn arguments(text: &str) -> Option<&str> {
    text.strip_prefix("go:embed").filter(|args| args.is_empty() || args.starts_with(' '))
}

/// Patterns separated by blanks, each bare or a Go string literal, `"` or `` ` ``. The error is the text that is no
/// pattern.
///
/// A pattern that is not UTF-8 (`"\xff"`) can match no file, since no such file may be embedded; neither can what is
/// made of it here.
pub fn patterns(args: &str) -> Result<Vec<String>, &str> {
    let mut patterns = Vec::new();
    let mut rest = args.trim();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '`' => rest[1..].find('`').ok_or(rest)? + 2,
            '"' => quoted_len(rest).ok_or(rest)?,
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let (pattern, behind) = rest.split_at(len);
        patterns.push(match first {
            '`' => pattern[1..len - 1].to_string(),
            '"' => String::from_utf8_lossy(&string_value(pattern).ok_or(pattern)?).into_owned(),
            _ => pattern.to_string(),
        });
        if !behind.is_empty() && !behind.starts_with(char::is_whitespace) {
            return Err(behind);
        }
        rest = behind.trim();
    }
    Ok(patterns)
}

/// The length of the `"` literal that `text` starts with.
fn quoted_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pattern_lists() {
        let list = |args| patterns(args).map(|list| list.join("|"));
        assert_eq!(list(" a*  b\u{a0}c\t"), Ok("a*|b|c".to_string()));
        assert_eq!(list(r#" "x y" `a\"b` "q\"\x41" "#), Ok(r#"x y|a\"b|q"A"#.to_string()));
        assert_eq!(list(""), Ok(String::new()));
        assert_eq!(list(" a\"b"), Ok("a\"b".to_string()));
        assert_eq!(list(" a `b c"), Err("`b c"));
        assert_eq!(list(r#" "a\"#), Err(r#""a\"#));
        assert_eq!(list(r#" "a\q" b"#), Err(r#""a\q""#));
        assert_eq!(list(r#" "a"b c"#), Err("b c"));
    }
}
