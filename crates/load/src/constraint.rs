//! Build constraints: the boolean expressions of `//go:build` lines, and the older `// +build` lines.
//!
//! A `//go:build` line counts if it stands before the package clause, outside `/* */`, with only blank lines and
//! comments before it. Without one, `// +build` lines count that stand before the last blank line of the leading run
//! of `//` comments; several lines are and-ed, the words of one line or-ed, the commas within a word and-ed.

/// Larger expressions are refused, as `go` does; it also bounds the depth of all walks.
const MAX_SIZE: usize = 1000;
/// `// +build` terms beyond this are refused: their and-or form could explode when rewritten.
const MAX_OLD_SIZE: usize = 100;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expr {
    Tag(String),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
}

impl Expr {
    pub fn eval(&self, tag_holds: &impl Fn(&str) -> bool) -> bool {
        match self {
            Expr::Tag(tag) => tag_holds(tag),
            Expr::Not(inner) => !inner.eval(tag_holds),
            Expr::And(left, right) => left.eval(tag_holds) && right.eval(tag_holds),
            Expr::Or(left, right) => left.eval(tag_holds) || right.eval(tag_holds),
        }
    }

    /// The least N such that the expression implies `go1.N` (0 for `go1`); `None` if it implies no version.
    pub fn min_go_minor(&self) -> Option<u16> {
        self.min_version(true)
    }

    fn min_version(&self, positive: bool) -> Option<u16> {
        match self {
            Expr::Tag(_) if !positive => None,
            Expr::Tag(tag) if tag == "go1" => Some(0),
            Expr::Tag(tag) => tag.split_once("go1.").and_then(|(_, minor)| minor.parse().ok()),
            Expr::Not(inner) => inner.min_version(!positive),
            Expr::And(left, right) | Expr::Or(left, right) => {
                let (left, right) = (left.min_version(positive), right.min_version(positive));
                // De Morgan: under a negation an "or" is an "and".
                if matches!(self, Expr::And(..)) == positive { left.max(right) } else { left.min(right) }
            }
        }
    }
}

/// Parses what follows `//go:build`. The error is in the words of Go's package `go/build/constraint`.
pub fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { text, at: 0, token: Token::End, size: 0 };
    parser.advance()?;
    let expr = parser.or()?;
    match parser.token {
        Token::End => Ok(expr),
        token => Err(format!("unexpected token {}", token.text())),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    End,
    Op(&'static str),
    Tag(&'t str),
}

impl<'t> Token<'t> {
    fn text(self) -> &'t str {
        match self {
            Token::End => "",
            Token::Op(text) => text,
            Token::Tag(text) => text,
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    token: Token<'t>,
    size: usize,
}

impl<'t> Parser<'t> {
    fn or(&mut self) -> Result<Expr, String> {
        let mut expr = self.and()?;
        while self.token == Token::Op("||") {
            self.advance()?;
            expr = Expr::Or(Box::new(expr), Box::new(self.and()?));
        }
        Ok(expr)
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut expr = self.not()?;
        while self.token == Token::Op("&&") {
            self.advance()?;
            expr = Expr::And(Box::new(expr), Box::new(self.not()?));
        }
        Ok(expr)
    }

    fn not(&mut self) -> Result<Expr, String> {
        self.size += 1;
        if self.size > MAX_SIZE {
            return Err("build expression too large".into());
        }
        if self.token != Token::Op("!") {
            return self.atom();
        }
        self.advance()?;
        if self.token == Token::Op("!") {
            return Err("double negation not allowed".into());
        }
        Ok(Expr::Not(Box::new(self.not()?)))
    }

    fn atom(&mut self) -> Result<Expr, String> {
        match self.token {
            Token::Op("(") => {
                self.advance()?;
                let inner = self.or().map_err(|error| match error.as_str() {
                    "unexpected end of expression" => "missing close paren".to_owned(),
                    _ => error,
                })?;
                if self.token != Token::Op(")") {
                    return Err("missing close paren".into());
                }
                self.advance()?;
                Ok(inner)
            }
            Token::Tag(tag) => {
                self.advance()?;
                Ok(Expr::Tag(tag.to_owned()))
            }
            Token::End => Err("unexpected end of expression".into()),
            Token::Op(op) => Err(format!("unexpected token {op}")),
        }
    }

    fn advance(&mut self) -> Result<(), String> {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t']);
        self.at = self.text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            self.token = Token::End;
            return Ok(());
        };
        for op in ["&&", "||", "!", "(", ")"] {
            if rest.starts_with(op) {
                self.at += op.len();
                self.token = Token::Op(op);
                return Ok(());
            }
        }
        let length = rest.find(|c: char| !is_tag_char(c)).unwrap_or(rest.len());
        if length == 0 {
            return Err(format!("invalid syntax at {first}"));
        }
        self.token = Token::Tag(&rest[..length]);
        self.at += length;
        Ok(())
    }
}

fn is_tag_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// What follows `+build` in a `// +build` line.
fn parse_plus_build(text: &str) -> Option<Expr> {
    let mut line: Option<Expr> = None;
    let mut size = 0;
    for clause in text.split_ascii_whitespace() {
        let mut conjunction: Option<Expr> = None;
        for literal in clause.split(',') {
            size += 1;
            if size > MAX_OLD_SIZE {
                return None;
            }
            let (negated, tag) = match literal.strip_prefix('!') {
                Some(tag) => (true, tag),
                None => (false, literal),
            };
            // A malformed word never holds, negated or not.
            let term = if tag.is_empty() || tag.starts_with('!') || !tag.chars().all(is_tag_char) {
                Expr::Tag("ignore".into())
            } else if negated {
                Expr::Not(Box::new(Expr::Tag(tag.into())))
            } else {
                Expr::Tag(tag.into())
            };
            conjunction = Some(match conjunction {
                Some(left) => Expr::And(Box::new(left), Box::new(term)),
                None => term,
            });
        }
        line = match (line, conjunction) {
            (Some(left), Some(right)) => Some(Expr::Or(Box::new(left), Box::new(right))),
            (left, right) => left.or(right),
        };
    }
    Some(line.unwrap_or_else(|| Expr::Tag("ignore".into())))
}

/// The constraint that stands in the text of a file, of Go or assembly.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileConstraint {
    /// All must hold: one `//go:build` line, or any number of `// +build` lines.
    pub exprs: Vec<Expr>,
    /// Whether there is a `//go:build` line (only these set the file's language version).
    pub is_go_build: bool,
}

/// Finds and parses a file's constraint.
pub fn of_file(text: &[u8]) -> Result<FileConstraint, String> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut go_build: Option<&[u8]> = None;
    let mut last_blank = 0; // end of the last blank line before anything but `//` comments
    let mut only_line_comments = true;
    let mut in_block_comment = false;
    let mut at = 0;
    'lines: while at < text.len() {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length + 1);
        let mut line = text[at..end].trim_ascii();
        at = end;
        if line.is_empty() && only_line_comments {
            last_blank = end;
            continue;
        }
        if !line.starts_with(b"//") {
            only_line_comments = false;
        }
        if !in_block_comment && is_go_build(line) {
            if go_build.is_some() {
                return Err("multiple //go:build comments".into());
            }
            go_build = Some(line);
        }
        while !line.is_empty() {
            if in_block_comment {
                let Some(close) = memchr::memmem::find(line, b"*/") else { continue 'lines };
                in_block_comment = false;
                line = line[close + 2..].trim_ascii();
            } else if line.starts_with(b"//") {
                continue 'lines;
            } else if let Some(rest) = line.strip_prefix(b"/*") {
                in_block_comment = true;
                line = rest.trim_ascii();
            } else {
                break 'lines;
            }
        }
    }
    if let Some(line) = go_build {
        let line = String::from_utf8_lossy(&line["//go:build".len()..]);
        let expr = parse(&line).map_err(|error| format!("parsing //go:build line: {error}"))?;
        return Ok(FileConstraint { exprs: vec![expr], is_go_build: true });
    }
    Ok(FileConstraint { exprs: plus_build_lines(&text[..last_blank]), is_go_build: false })
}

fn is_go_build(line: &[u8]) -> bool {
    line.strip_prefix(b"//go:build").is_some_and(|rest| rest.is_empty() || rest[0].is_ascii_whitespace())
}

fn plus_build_lines(leading: &[u8]) -> Vec<Expr> {
    if memchr::memmem::find(leading, b"+build").is_none() {
        return Vec::new();
    }
    let lines = leading.split(|&byte| byte == b'\n').filter_map(|line| {
        let rest = line.trim_ascii().strip_prefix(b"//")?.trim_ascii().strip_prefix(b"+build")?;
        let is_word = rest.first().is_none_or(u8::is_ascii_whitespace);
        if is_word { parse_plus_build(&String::from_utf8_lossy(rest)) } else { None }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, tags: &[&str]) -> bool {
        parse(text).unwrap().eval(&|tag| tags.contains(&tag))
    }

    #[test]
    fn expressions() {
        assert!(holds("js && wasm", &["js", "wasm"]));
        assert!(holds("!js || wasm && x", &[]));
        assert!(!holds("!(js || wasm)", &["wasm"]));
        for (text, error) in [
            ("", "unexpected end of expression"),
            ("a b", "unexpected token b"),
            ("(a", "missing close paren"),
            ("(", "missing close paren"),
            ("!!a", "double negation not allowed"),
            ("a & b", "invalid syntax at &"),
            ("a ||", "unexpected end of expression"),
            ("a)", "unexpected token )"),
        ] {
            assert_eq!(parse(text), Err(error.to_owned()), "{text}");
        }
        assert_eq!(parse(&"(".repeat(100_000)), Err("build expression too large".into()));
    }

    #[test]
    fn versions_that_a_constraint_implies() {
        for (text, minor) in [
            ("go1.21", Some(21)),
            ("go1.21 && go1.18", Some(21)),
            ("go1.21 || go1.18", Some(18)),
            ("go1.21 || linux", None),
            ("!go1.21", None),
            ("!(!go1.21 || linux)", Some(21)),
            ("go1", Some(0)),
        ] {
            assert_eq!(parse(text).unwrap().min_go_minor(), minor, "{text}");
        }
    }

    #[test]
    fn where_lines_count() {
        let found = |text: &str| of_file(text.as_bytes()).unwrap();
        assert!(found("//go:build js\npackage p\n").is_go_build);
        assert!(found("/* x */\n//go:build js\n\npackage p\n").is_go_build);
        assert!(!found("/*\n//go:build js\n*/\npackage p\n").is_go_build);
        assert!(!found("package p\n//go:build js\n").is_go_build);
        assert_eq!(found("// +build js\n\npackage p\n").exprs.len(), 1);
        assert_eq!(found("// +build js\npackage p\n").exprs.len(), 0);
        assert!(of_file(b"//go:build a\n//go:build b\npackage p").is_err());
    }

    #[test]
    fn old_lines() {
        let exprs = of_file(b"// +build a,!b c\n// +build d\n\npackage p\n").unwrap().exprs;
        let holds = |tags: &[&str]| exprs.iter().all(|expr| expr.eval(&|tag| tags.contains(&tag)));
        assert!(holds(&["a", "d"]) && holds(&["b", "c", "d"]));
        assert!(!holds(&["a"]) && !holds(&["a", "b", "d"]));
    }
}
