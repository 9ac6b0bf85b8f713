//! The Go version that a `//go:build` line asks for.
//!
//! The least version under which the expression can hold, judged by structure alone: `go1.N` asks for N, any other tag
//! and any negated tag for nothing, `&&` for the larger of both, `||` for the smaller, and `!` swaps the two.

use crate::unicode::{is_digit, is_letter};

/// More operands than this are refused, which also bounds the recursion.
const MAX_OPERANDS: usize = 1000;

/// `go1.N` from a directive's text (`go:build …`), empty if it asks for no version; `None` if it is malformed.
pub fn go_version(directive: &str) -> Option<String> {
    let expr = directive.strip_prefix("go:build")?;
    if !expr.is_empty() && !expr.starts_with(char::is_whitespace) {
        return None; // go:buildsomethingelse
    }
    let mut parser = Parser { rest: expr.trim(), token: "", operands: 0 };
    let version = parser.or()?.holds;
    if !parser.token.is_empty() {
        return None;
    }
    Some(match version {
        None => String::new(),
        Some(0) => "go1".to_string(),
        Some(minor) => format!("go1.{minor}"),
    })
}

/// The least version under which an expression can hold, and its negation; `None` is less than any version.
#[derive(Clone, Copy)]
struct Versions {
    holds: Option<u32>,
    fails: Option<u32>,
}

struct Parser<'t> {
    rest: &'t str,
    /// Empty at the end.
    token: &'t str,
    operands: usize,
}

impl<'t> Parser<'t> {
    // `or`, `and` and `not` read their first token themselves; all leave the next one in `token`.

    fn or(&mut self) -> Option<Versions> {
        let mut x = self.and()?;
        while self.token == "||" {
            let y = self.and()?;
            x = Versions { holds: x.holds.min(y.holds), fails: x.fails.max(y.fails) };
        }
        Some(x)
    }

    fn and(&mut self) -> Option<Versions> {
        let mut x = self.not()?;
        while self.token == "&&" {
            let y = self.not()?;
            x = Versions { holds: x.holds.max(y.holds), fails: x.fails.min(y.fails) };
        }
        Some(x)
    }

    fn not(&mut self) -> Option<Versions> {
        self.operands += 1;
        if self.operands > MAX_OPERANDS {
            return None;
        }
        self.lex()?;
        if self.token != "!" {
            return self.atom();
        }
        self.lex()?;
        if self.token == "!" {
            return None; // double negation is not allowed
        }
        let x = self.atom()?;
        Some(Versions { holds: x.fails, fails: x.holds })
    }

    fn atom(&mut self) -> Option<Versions> {
        if self.token == "(" {
            let x = self.or()?;
            if self.token != ")" {
                return None;
            }
            self.lex()?;
            return Some(x);
        }
        let tag = self.token;
        if !tag.starts_with(is_tag_char) {
            return None;
        }
        self.lex()?;
        let holds =
            if tag == "go1" { Some(0) } else { tag.split_once("go1.").and_then(|(_, minor)| minor.parse().ok()) };
        Some(Versions { holds, fails: None })
    }

    fn lex(&mut self) -> Option<()> {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        let len = match self.rest.as_bytes() {
            [] => 0,
            [b'(' | b')' | b'!', ..] => 1,
            [b'&', b'&', ..] | [b'|', b'|', ..] => 2,
            _ => match self.rest.find(|c| !is_tag_char(c)).unwrap_or(self.rest.len()) {
                0 => return None,
                len => len,
            },
        };
        (self.token, self.rest) = self.rest.split_at(len);
        Some(())
    }
}

fn is_tag_char(c: char) -> bool {
    is_letter(c) || is_digit(c) || c == '_' || c == '.'
}

#[cfg(test)]
mod tests {
    use super::go_version;

    #[test]
    fn least_version() {
        let version = |expr: &str| go_version(&format!("go:build {expr}"));
        assert_eq!(version("linux && go1.22").as_deref(), Some("go1.22"));
        assert_eq!(version("(linux && go1.22) || (windows && go1.20)").as_deref(), Some("go1.20"));
        assert_eq!(version("linux || (windows && go1.22)").as_deref(), Some(""));
        assert_eq!(version("!go1.22").as_deref(), Some(""));
        assert_eq!(version("!(!go1.22 || foo)").as_deref(), Some("go1.22"));
        assert_eq!(version("go1").as_deref(), Some("go1"));
        for malformed in ["", "&&", "!!a", "(a", "a b", "a & b", "a)", "#"] {
            assert_eq!(version(malformed), None, "{malformed}");
        }
        assert_eq!(go_version("go:buildx go1.20"), None);
    }
}
