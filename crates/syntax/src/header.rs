//! The top of a file, as the loader needs it: package clause, imports, build constraints.
//!
//! `go list` reads this part with go/build and go/parser, so mistakes here are worded as theirs, not as the compiler's.

use crate::clean::clean;
use crate::lexer::Lexer;
use crate::literal::string_value;
use crate::token::Token;
use crate::unicode::is_print;
use memchr::memmem;

#[derive(Debug, Default)]
pub struct Header {
    /// Empty if the package clause is broken.
    pub package: String,
    /// Of the package name.
    pub package_offset: usize,
    pub imports: Vec<Import>,
    /// Offset where the import section ends.
    pub end: usize,
    /// The first syntax error: offset and message.
    pub error: Option<(usize, String)>,
    /// The `//go:build` lines above the package clause; more than one is an error.
    pub go_build: Vec<String>,
    /// The `// +build` lines in force; looked at only if there is no `//go:build` line.
    pub plus_build: Vec<String>,
    /// `//go:debug` lines above the package clause, with their offsets.
    pub go_debug: Vec<(usize, String)>,
    /// The file imports `embed` and holds the text `//go:embed`.
    pub may_embed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// `.` and `_` included.
    pub local_name: Option<String>,
    pub path: String,
    /// Of the import specification: its local name, or its path.
    pub offset: usize,
    /// Of the path.
    pub path_offset: usize,
}

/// Reads package clause and imports, and nothing behind them. Only the first mistake is kept.
pub fn scan_header(text: &[u8]) -> Header {
    let mut header = Header::default();
    let clean = clean(text);
    build_lines(&clean.text[clean.start..], &mut header);
    let mut scanner = Scanner { lexer: Lexer::new(&clean, 0), error: None };
    scanner.file(&mut header);
    header.error = scanner.error;
    header.may_embed =
        header.imports.iter().any(|import| import.path == "embed") && memmem::find(text, b"//go:embed").is_some();
    header
}

struct Scanner<'s> {
    lexer: Lexer<'s>,
    error: Option<(usize, String)>,
}

impl Scanner<'_> {
    fn file(&mut self, header: &mut Header) {
        self.next();
        for comment in self.lexer.directives.iter().filter(|comment| comment.text.starts_with("go:debug")) {
            header.go_debug.push((comment.pos.raw() as usize - 2, format!("//{}", comment.text)));
        }
        if self.error.is_some() {
            return;
        }
        self.expect(Token::Package, "'package'");
        header.package_offset = self.offset();
        if self.lexer.tok == Token::Name {
            header.package = self.lexer.lit().to_string();
        }
        self.expect(Token::Name, "'IDENT'");
        self.end_of_clause();
        if self.error.is_some() {
            return;
        }
        header.end = self.lexer.start;
        while self.lexer.tok == Token::Import && self.error.is_none() {
            self.next();
            if self.lexer.tok == Token::Lparen {
                self.next();
                while !matches!(self.lexer.tok, Token::Rparen | Token::Eof) && self.error.is_none() {
                    self.import(header);
                }
                self.expect(Token::Rparen, "')'");
                self.end_of_clause();
            } else {
                self.import(header);
            }
            header.end = self.lexer.start;
        }
    }

    /// `ImportSpec = [ "." | PackageName ] ImportPath .`
    fn import(&mut self, header: &mut Header) {
        let offset = self.offset();
        let local_name = match self.lexer.tok {
            Token::Name | Token::Dot => {
                let name = self.lexer.lit().to_string();
                self.next();
                Some(name)
            }
            _ => None,
        };
        let path_offset = self.offset();
        if self.lexer.tok != Token::Literal {
            return match self.lexer.tok {
                Token::Name => self.error_at(path_offset, "import path must be a string"),
                _ => self.error_at(path_offset, "missing import path"),
            };
        }
        let Some(path) = string_value(self.lexer.lit()) else {
            return self.error_at(path_offset, "import path must be a string");
        };
        let path = String::from_utf8_lossy(&path).into_owned();
        if !is_valid_path(&path) {
            return self.error_at(offset, format!("invalid import path: {path}"));
        }
        self.next();
        header.imports.push(Import { local_name, path, offset, path_offset });
        self.end_of_clause();
    }

    fn next(&mut self) {
        self.lexer.next();
        if let Some(first) = self.lexer.diagnostics.first() {
            let (offset, message) = (first.pos.raw() as usize, first.message.clone());
            self.error_at(offset, message);
        }
    }

    fn offset(&self) -> usize {
        self.lexer.pos().raw() as usize
    }

    fn error_at(&mut self, offset: usize, message: impl Into<String>) {
        self.error.get_or_insert_with(|| (offset, message.into()));
    }

    fn expect(&mut self, tok: Token, named: &str) {
        if self.lexer.tok != tok {
            self.error_expected(named);
        }
        self.next();
    }

    fn end_of_clause(&mut self) {
        match self.lexer.tok {
            Token::Rparen | Token::Rbrace => {}
            Token::Semi => self.next(),
            _ => self.error_expected("';'"),
        }
    }

    fn error_expected(&mut self, expected: &str) {
        let found = match self.lexer.tok {
            Token::Semi if self.lexer.semi != "semicolon" => "newline".to_string(),
            Token::Name | Token::Literal => self.lexer.lit().to_string(),
            Token::Eof => "'EOF'".to_string(),
            _ => format!("'{}'", self.lexer.lit()),
        };
        self.error_at(self.offset(), format!("expected {expected}, found {found}"));
    }
}

/// spec: "Implementation restriction: A compiler may restrict ImportPaths to non-empty strings using only characters
/// belonging to Unicode's L, M, N, P, and S general categories (the Graphic characters without spaces) and may also
/// exclude the characters !"#$%&'()*,:;<=>?[\]^`{|} and the Unicode replacement character U+FFFD."
fn is_valid_path(path: &str) -> bool {
    const EXCLUDED: &str = "!\"#$%&'()*,:;<=>?[\\]^`{|}\u{fffd} ";
    !path.is_empty() && path.chars().all(|c| is_print(c) && !EXCLUDED.contains(c))
}

/// Collects constraint lines. `//go:build` may stand anywhere above the first line that is not comment; `// +build`
/// only among line comments and blank lines, with a blank line after it.
fn build_lines(text: &str, header: &mut Header) {
    let mut plus_build: Vec<String> = Vec::new();
    let mut only_line_comments = true;
    let mut in_comment = false;
    for line in text.split('\n') {
        let mut line = line.trim();
        if only_line_comments && line.is_empty() {
            header.plus_build.append(&mut plus_build);
            continue;
        }
        if !line.starts_with("//") {
            only_line_comments = false;
        }
        if !in_comment && is_directive(line, "//go:build") {
            header.go_build.push(line.to_string());
        }
        if only_line_comments && line.strip_prefix("//").is_some_and(|text| is_directive(text.trim(), "+build")) {
            plus_build.push(line.to_string());
        }
        while !line.is_empty() {
            if in_comment {
                let Some(close) = line.find("*/") else { break };
                in_comment = false;
                line = line[close + 2..].trim();
            } else if line.starts_with("//") {
                break;
            } else if let Some(rest) = line.strip_prefix("/*") {
                in_comment = true;
                line = rest.trim();
            } else {
                return;
            }
        }
    }
}

/// Whether `line` is `name`, alone or followed by a space.
fn is_directive(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_imports_and_constraints() {
        let text = b"// doc\n\n//go:build linux && !cgo\n//go:debug panicnil=1\n\n// Package p.\npackage p\n\nimport \"embed\"\n\
            import (\n\tm \"math\"; . \"fmt\"\n\t_ `a/b`\n)\n//go:embed x\nvar x = \"import\"\n";
        let header = scan_header(text);
        assert_eq!(header.error, None);
        assert_eq!(header.package, "p");
        assert_eq!(&text[header.package_offset..][..1], b"p");
        let imports: Vec<_> =
            header.imports.iter().map(|import| (import.local_name.as_deref(), import.path.as_str())).collect();
        assert_eq!(imports, [(None, "embed"), (Some("m"), "math"), (Some("."), "fmt"), (Some("_"), "a/b")]);
        assert_eq!(&text[header.imports[1].path_offset..][..6], b"\"math\"");
        assert_eq!(header.go_build, ["//go:build linux && !cgo"]);
        assert_eq!(
            header.go_debug.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
            ["//go:debug panicnil=1"]
        );
        assert!(text[header.end..].starts_with(b"var x"));
        assert!(header.may_embed);
    }

    #[test]
    fn old_constraints_need_a_blank_line() {
        assert_eq!(scan_header(b"// +build linux\n\npackage p\n").plus_build, ["// +build linux"]);
        assert!(scan_header(b"// +build linux\npackage p\n").plus_build.is_empty());
    }

    #[test]
    fn mistakes_are_worded_as_go_list_does() {
        let error =
            |text: &str| scan_header(text.as_bytes()).error.map(|(offset, message)| format!("{offset}: {message}"));
        assert_eq!(error("pakage p\n").as_deref(), Some("0: expected 'package', found pakage"));
        assert_eq!(error("package\n").as_deref(), Some("8: expected 'IDENT', found 'EOF'"));
        assert_eq!(error("").as_deref(), Some("0: expected 'package', found 'EOF'"));
        assert_eq!(error("package p\nimport fmt\n").as_deref(), Some("20: missing import path"));
        assert_eq!(error("package p\nimport 1\n").as_deref(), Some("17: import path must be a string"));
        assert_eq!(error("package p\nimport \"a b\"\n").as_deref(), Some("17: invalid import path: a b"));
        assert_eq!(error("package p +\n").as_deref(), Some("10: expected ';', found '+'"));
    }
}
