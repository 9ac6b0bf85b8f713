//! Go's regular expressions, as the tests write them, for the `regex` crate.
//!
//! Both are RE2's syntax but for corners that the tests' authors turned: in Go a `{` that starts no repetition is a
//! literal, `]` may stand alone, and within a class `[`, `&` and `~` mean themselves, where the crate knows nested
//! classes and set operations.

use regex::Regex;

pub fn go_regex(pattern: &str) -> Result<Regex, String> {
    Regex::new(&translate(pattern)).map_err(|error| format!("pattern {pattern:?}: {error}"))
}

fn translate(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut index = 0;
    let mut class_start = None; // index of the first character that may close the class
    while let Some(&c) = chars.get(index) {
        match c {
            '\\' => {
                out.push(c);
                index += 1;
                if let Some(&escaped) = chars.get(index) {
                    out.push(escaped);
                }
            }
            '[' if class_start.is_none() => {
                out.push(c);
                if chars.get(index + 1) == Some(&'^') {
                    out.push('^');
                    index += 1;
                }
                class_start = Some(index + 1);
            }
            ']' if class_start == Some(index) => out.push_str("\\]"),
            ']' if class_start.is_some() => {
                out.push(c);
                class_start = None;
            }
            '[' if chars.get(index + 1) == Some(&':') => {
                let length = chars[index..].iter().position(|c| *c == ']').unwrap_or(0);
                out.extend(&chars[index..=index + length]);
                index += length;
            }
            '[' | '&' | '~' if class_start.is_some() => {
                out.push('\\');
                out.push(c);
            }
            ']' | '}' if !closes_repetition(&chars, index) => {
                out.push('\\');
                out.push(c);
            }
            '{' if class_start.is_none() && !starts_repetition(&chars[index..]) => out.push_str("\\{"),
            _ => out.push(c),
        }
        index += 1;
    }
    out
}

/// Whether `{3}`, `{3,}` or `{3,4}` stands here.
fn starts_repetition(chars: &[char]) -> bool {
    let Some(end) = chars.iter().position(|c| *c == '}') else { return false };
    let inner = &chars[1..end];
    inner.first().is_some_and(char::is_ascii_digit) && inner.iter().all(|c| c.is_ascii_digit() || *c == ',')
}

/// Whether the `}` at `index` ends a repetition.
fn closes_repetition(chars: &[char], index: usize) -> bool {
    let start = chars[..index].iter().rposition(|c| *c == '{');
    chars[index] == '}' && start.is_some_and(|start| starts_repetition(&chars[start..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_stay_literals() {
        let matches = |pattern: &str, text: &str| go_regex(pattern).unwrap().is_match(text);
        assert!(matches("struct{f int}", "struct{f int}"));
        assert!(matches("a{2}b", "aab"));
        assert!(matches("[]]x", "]x"));
        assert!(matches("[^]]x", "yx"));
        assert!(matches("[[]int]", "[int]") || matches("[[]int]", "[int]"));
        assert!(matches(r"\[10\]int|interface {}", "interface {}"));
        assert!(matches("[&~]T", "~T"));
        assert!(matches("a[[:space:]]b", "a b"));
    }
}
