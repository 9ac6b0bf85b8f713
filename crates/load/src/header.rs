//! The part of a Go file that decides what else must be read: package clause, imports, `//go:` directives above the
//! package clause, and `//go:embed` patterns anywhere.
//!
//! This is not the parser: it stops after the last import, so a package graph costs a few hundred bytes per file. Its
//! messages are those of `go build`, which reads headers with go/parser's wording (`expected 'package', found x`)
//! before the compiler ever sees the file.

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Empty if the package clause is broken.
    pub package: String,
    pub imports: Vec<ImportSpec>,
    /// `//go:` comments above the package clause.
    pub directives: Vec<Directive>,
    /// Only looked for in files that import "embed".
    pub embeds: Vec<EmbedPattern>,
    /// The first mistake; nothing after it was read.
    pub error: Option<HeaderError>,
    /// There is a NUL in what was read: no text at all.
    pub has_nul: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct ImportSpec {
    pub path: String,
    /// Byte offset of the spec: of its name, if it has one.
    pub offset: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Directive {
    /// From the slashes to the end of the line.
    pub text: String,
    pub offset: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct EmbedPattern {
    pub pattern: String,
    pub offset: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub struct HeaderError {
    pub offset: usize,
    pub message: String,
}

pub fn scan(text: &[u8]) -> Header {
    let mut scanner = Scanner {
        text,
        at: if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
        start: 0,
        token: Token::End,
        ends_statement: false,
        header: Header::default(),
        in_preamble: true,
    };
    let mistake = scanner.file().err();
    // What was not read is the compiler's business.
    let read = if mistake.is_some() { scanner.at } else { scanner.start };
    scanner.header.has_nul = memchr::memchr(0, &text[..text.len().min(read + 1)]).is_some();
    if let Some(offset) = invalid_utf8(text, read)
        && mistake.as_ref().is_none_or(|error| offset <= error.offset)
    {
        let is_utf16 = offset == 0 && (text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff"));
        let message = if is_utf16 { "illegal UTF-8 encoding (got UTF-16)" } else { "illegal UTF-8 encoding" };
        scanner.header.error = Some(HeaderError { offset, message: message.into() });
    } else if mistake.is_some() {
        scanner.header.error = mistake;
    } else if scanner.header.imports.iter().any(|import| import.path == "embed") {
        scanner.header.embeds = embed_patterns(text);
    }
    scanner.header
}

/// Where the first `length` bytes stop being UTF-8.
fn invalid_utf8(text: &[u8], length: usize) -> Option<usize> {
    // A character that goes on beyond must not be cut.
    let text = &text[..text.len().min(length + 3)];
    let valid = std::str::from_utf8(text).err()?.valid_up_to();
    (valid < length).then_some(valid)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token<'t> {
    End,
    Ident(&'t str),
    /// A quoted or raw string, as written.
    String(&'t str),
    /// A number or rune.
    Literal(&'t str),
    /// Anything else, a keyword included.
    Other(&'t str),
    Newline,
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    /// Offset of `token`.
    start: usize,
    token: Token<'t>,
    /// Whether a newline after the last token is a semicolon.
    ends_statement: bool,
    header: Header,
    /// Before the package clause.
    in_preamble: bool,
}

type Step = Result<(), HeaderError>;

impl<'t> Scanner<'t> {
    fn file(&mut self) -> Step {
        self.next()?;
        self.in_preamble = false; // the comments in front have been seen
        if self.token != Token::Other("package") {
            return self.expected("'package'");
        }
        self.next()?;
        let Token::Ident(name) = self.token else { return self.expected("'IDENT'") };
        if name == "_" {
            return Err(HeaderError { offset: self.start, message: "invalid package name _".into() });
        }
        self.header.package = name.to_owned();
        self.next()?;
        self.semicolon()?;
        while self.token == Token::Other("import") {
            self.next()?;
            if self.token == Token::Other("(") {
                self.next()?;
                while !matches!(self.token, Token::Other(")") | Token::End) {
                    self.import_spec()?;
                }
                if self.token != Token::Other(")") {
                    return self.expected("')'");
                }
                self.next()?;
                self.semicolon()?;
            } else {
                self.import_spec()?;
            }
        }
        Ok(())
    }

    fn import_spec(&mut self) -> Step {
        let offset = self.start;
        if matches!(self.token, Token::Ident(_) | Token::Other(".")) {
            self.next()?;
        }
        let fail = |offset, message: &str| Err(HeaderError { offset, message: message.into() });
        let path = match self.token {
            Token::String(quoted) => unquote(quoted),
            Token::Literal(_) => return fail(self.start, "import path must be a string"),
            _ => return fail(self.start, "missing import path"),
        };
        let Some(path) = path else { return fail(self.start, "invalid import path") };
        if !is_valid_import(&path) {
            return Err(HeaderError { offset, message: format!("invalid import path: {path}") });
        }
        self.header.imports.push(ImportSpec { path, offset });
        self.next()?;
        self.semicolon()
    }

    /// A semicolon, which may be left out before `)`.
    fn semicolon(&mut self) -> Step {
        match self.token {
            Token::Other(";") | Token::Newline => self.next(),
            Token::Other(")" | "}") => Ok(()),
            // As the file's last token ends a statement, its end is a semicolon too.
            Token::End => Ok(()),
            _ => self.expected("';'"),
        }
    }

    fn expected(&self, what: &str) -> Step {
        let found = match self.token {
            Token::Newline => "newline".to_owned(),
            Token::Ident(text) | Token::String(text) | Token::Literal(text) => text.to_owned(),
            Token::Other(text) => format!("'{text}'"),
            Token::End => "'EOF'".to_owned(),
        };
        Err(HeaderError { offset: self.start, message: format!("expected {what}, found {found}") })
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        // Tokens end at ASCII bytes, so only the text itself can be broken.
        std::str::from_utf8(&self.text[from..to]).unwrap_or("\u{fffd}")
    }

    fn next(&mut self) -> Step {
        let text = self.text;
        loop {
            self.start = self.at;
            let Some(&byte) = text.get(self.at) else {
                self.token = Token::End;
                return Ok(());
            };
            match byte {
                b'\n' if self.ends_statement => {
                    self.at += 1;
                    self.ends_statement = false;
                    self.token = Token::Newline;
                    return Ok(());
                }
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'/' if text.get(self.at + 1) == Some(&b'/') => {
                    let end = memchr::memchr(b'\n', &text[self.at..]).map_or(text.len(), |length| self.at + length);
                    let comment = &text[self.at..end];
                    if self.in_preamble && comment.starts_with(b"//go:") {
                        let comment = comment.strip_suffix(b"\r").unwrap_or(comment);
                        let text = String::from_utf8_lossy(comment).into_owned();
                        self.header.directives.push(Directive { text, offset: self.at });
                    }
                    self.at = end;
                }
                b'/' if text.get(self.at + 1) == Some(&b'*') => {
                    let Some(length) = memchr::memmem::find(&text[self.at + 2..], b"*/") else {
                        return Err(HeaderError { offset: self.at, message: "comment not terminated".into() });
                    };
                    let end = self.at + 2 + length + 2;
                    let has_newline = memchr::memchr(b'\n', &text[self.at..end]).is_some();
                    self.at = end;
                    if has_newline && self.ends_statement {
                        self.ends_statement = false;
                        self.token = Token::Newline;
                        return Ok(());
                    }
                }
                _ => return self.word(byte),
            }
        }
    }

    fn word(&mut self, first: u8) -> Step {
        let text = self.text;
        let start = self.at;
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        let run = |from: usize| from + text[from..].iter().take_while(|&&byte| is_letter(byte)).count();
        self.ends_statement = true;
        match first {
            b'0'..=b'9' => {
                self.at = run(start);
                self.token = Token::Literal(self.slice(start, self.at));
            }
            b'"' | b'\'' => {
                let mut at = start + 1;
                loop {
                    match text.get(at) {
                        None | Some(b'\n') => {
                            let what = if first == b'"' { "string" } else { "rune" };
                            return Err(HeaderError {
                                offset: start,
                                message: format!("{what} literal not terminated"),
                            });
                        }
                        Some(b'\\') => at += 2,
                        Some(&byte) if byte == first => break,
                        Some(_) => at += 1,
                    }
                }
                self.at = at + 1;
                let literal = self.slice(start, self.at);
                self.token = if first == b'"' { Token::String(literal) } else { Token::Literal(literal) };
            }
            b'`' => {
                let Some(length) = memchr::memchr(b'`', &text[start + 1..]) else {
                    return Err(HeaderError { offset: start, message: "raw string literal not terminated".into() });
                };
                self.at = start + 1 + length + 1;
                self.token = Token::String(self.slice(start, self.at));
            }
            _ if is_letter(first) => {
                self.at = run(start);
                let word = self.slice(start, self.at);
                if KEYWORDS.contains(&word) {
                    self.ends_statement = false;
                    self.token = Token::Other(word);
                } else {
                    self.token = Token::Ident(word);
                }
            }
            0 => return Err(HeaderError { offset: start, message: "illegal character NUL".into() }),
            _ => {
                self.at = start + 1;
                self.ends_statement = matches!(first, b')' | b']' | b'}');
                self.token = Token::Other(self.slice(start, self.at));
            }
        }
        Ok(())
    }
}

const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

// spec: "Implementation restriction: A compiler may restrict ImportPaths to non-empty strings using only characters
// belonging to Unicode's L, M, N, P, and S general categories (the Graphic characters without spaces) and may also
// exclude the characters !"#$%&'()*,:;<=>?[\]^`{|} and the Unicode replacement character U+FFFD."
fn is_valid_import(path: &str) -> bool {
    !path.is_empty()
        && path.chars().all(|c| {
            !c.is_control() && !c.is_whitespace() && !"!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}\u{feff}\u{200b}".contains(c)
        })
}

/// A character as Go's `strconv.QuoteRune` shows one that does not print.
pub fn quote_char(c: char) -> String {
    let named = [('\u{7}', 'a'), ('\u{8}', 'b'), ('\t', 't'), ('\n', 'n'), ('\u{b}', 'v'), ('\u{c}', 'f'), ('\r', 'r')];
    if let Some((_, letter)) = named.iter().find(|(named, _)| *named == c) {
        return format!("'\\{letter}'");
    }
    match c {
        '\'' | '\\' => format!("'\\{c}'"),
        '\0'..=' ' | '\x7f' if c != ' ' => format!("'\\x{:02x}'", u32::from(c)),
        _ if is_printable(c) => format!("'{c}'"),
        '\0'..='\u{ffff}' => format!("'\\u{:04x}'", u32::from(c)),
        _ => format!("'\\U{:08x}'", u32::from(c)),
    }
}

/// Whether a character prints; blanks do.
pub fn is_printable(c: char) -> bool {
    c == '{' || !format!("a{c}").escape_debug().any(|escaped| escaped == '{')
}

/// The value of a Go string literal; `None` if it is not one, or its value is not UTF-8.
pub fn unquote(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('`') {
        return Some(raw.strip_suffix('`')?.replace('\r', ""));
    }
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = *rest.as_bytes().get(at + 1)?;
        rest = rest.get(at + 2..)?;
        let (digits, radix) = match escape {
            b'x' => (2, 16),
            b'u' => (4, 16),
            b'U' => (8, 16),
            b'0'..=b'7' => {
                let value = u32::from_str_radix(&format!("{}{}", escape as char, rest.get(..2)?), 8).ok()?;
                bytes.push(u8::try_from(value).ok()?);
                rest = &rest[2..];
                continue;
            }
            _ => {
                bytes.push(match escape {
                    b'a' => 7,
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'v' => 11,
                    b'\\' | b'"' => escape,
                    _ => return None,
                });
                continue;
            }
        };
        let value = u32::from_str_radix(rest.get(..digits)?, radix).ok()?;
        rest = &rest[digits..];
        if escape == b'x' {
            bytes.push(value as u8);
        } else {
            bytes.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

/// The patterns of all `//go:embed` comments. Malformed lines are left to the compiler, which reports them.
fn embed_patterns(text: &[u8]) -> Vec<EmbedPattern> {
    let mut patterns = Vec::new();
    if memchr::memmem::find(text, b"//go:embed").is_none() {
        return patterns;
    }
    let mut at = 0;
    while let Some(offset) = text[at..].iter().position(|byte| matches!(byte, b'"' | b'`' | b'\'' | b'/')) {
        at += offset;
        match (text[at], text.get(at + 1)) {
            (b'/', Some(b'/')) => {
                let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
                if let Some(rest) = text[at..end].strip_prefix(b"//go:embed")
                    && rest.first().is_some_and(|&byte| byte == b' ' || byte == b'\t')
                    && let Ok(rest) = std::str::from_utf8(rest)
                    && let Some(found) = parse_embed_arguments(rest, at + "//go:embed".len())
                {
                    patterns.extend(found);
                }
                at = end;
            }
            (b'/', Some(b'*')) => {
                at = memchr::memmem::find(&text[at + 2..], b"*/").map_or(text.len(), |length| at + 2 + length + 2);
            }
            (b'/', _) => at += 1,
            (b'`', _) => at = memchr::memchr(b'`', &text[at + 1..]).map_or(text.len(), |length| at + length + 2),
            (quote, _) => {
                at += 1;
                while let Some(&byte) = text.get(at) {
                    at += if byte == b'\\' { 2 } else { 1 };
                    if byte == quote || byte == b'\n' {
                        break;
                    }
                }
            }
        }
        if at >= text.len() {
            break;
        }
    }
    patterns
}

/// Blank-separated patterns, plain or as Go strings; `base` is the offset of `text`.
fn parse_embed_arguments(text: &str, base: usize) -> Option<Vec<EmbedPattern>> {
    let mut patterns = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { return Some(patterns) };
        let length = match first {
            '`' => rest[1..].find('`')? + 2,
            '"' => {
                let mut end = 1;
                loop {
                    match rest.as_bytes().get(end)? {
                        b'\\' => end += 2,
                        b'"' => break end + 1,
                        _ => end += 1,
                    }
                }
            }
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let word = rest.get(..length)?;
        let pattern = if matches!(first, '`' | '"') { unquote(word)? } else { word.to_owned() };
        if !rest[length..].is_empty() && !rest[length..].starts_with(char::is_whitespace) {
            return None;
        }
        patterns.push(EmbedPattern { pattern, offset: base + at });
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(text: &str) -> Vec<String> {
        let header = scan(text.as_bytes());
        assert_eq!(header.error, None, "{text}");
        header.imports.into_iter().map(|import| import.path).collect()
    }

    #[test]
    fn import_clauses() {
        assert_eq!(imports("package p"), [""; 0]);
        assert_eq!(imports("package p; import \"a\"; import b `b/c`\nfunc f() {}"), ["a", "b/c"]);
        assert_eq!(
            imports("// c\n/* d */ package p\nimport (\n. \"a\"\n_ \"b\" // x\n)\nvar x = `import \"no\"`"),
            ["a", "b"]
        );
        assert_eq!(imports("package p /* \n */ import (\"a\"; \"b\"); import ()"), ["a", "b"]);
        assert_eq!(imports("\u{feff}package p\nimport \"\\x61\\u00e9\""), ["aé"]);
    }

    #[test]
    fn mistakes() {
        for (text, offset, message) in [
            ("", 0, "expected 'package', found 'EOF'"),
            ("foo", 0, "expected 'package', found foo"),
            ("func", 0, "expected 'package', found 'func'"),
            ("package\n", 8, "expected 'IDENT', found 'EOF'"),
            ("package p q", 10, "expected ';', found q"),
            ("package p\nimport x\n", 18, "missing import path"),
            ("package p\nimport 1\n", 17, "import path must be a string"),
            ("package p\nimport \"a b\"\n", 17, "invalid import path: a b"),
            ("package p\nimport \"a\n", 17, "string literal not terminated"),
            ("package p\nimport (\n\"a\"\n", 23, "expected ')', found 'EOF'"),
            ("/* x", 0, "comment not terminated"),
        ] {
            let error = scan(text.as_bytes()).error.unwrap_or_else(|| panic!("no error in {text:?}"));
            assert_eq!((error.offset, error.message.as_str()), (offset, message), "{text:?}");
        }
    }

    #[test]
    fn what_is_read_must_be_utf8() {
        let error = |text: &[u8]| scan(text).error.map(|error| (error.offset, error.message));
        let illegal = |offset| Some((offset, "illegal UTF-8 encoding".to_owned()));
        assert_eq!(error(b"\xff"), illegal(0));
        assert_eq!(error(b"\xff\xfep\0"), Some((0, "illegal UTF-8 encoding (got UTF-16)".to_owned())));
        assert_eq!(error(b"// \xff\npackage p"), illegal(3));
        assert_eq!(error(b"pakage \xff"), Some((0, "expected 'package', found pakage".to_owned())));
        assert_eq!(error(b"package p\nvar x = \"\xff\""), None);
        assert_eq!(error("package p\nvar é int".as_bytes()), None);
    }

    #[test]
    fn directives_and_embeds() {
        let text = "//go:debug x=1\n\n//go:build js\npackage p\nimport _ \"embed\"\n\nvar s = \"//go:embed no\"\n\
                    //go:embed a b/*.txt \"c d\" `e`\nvar x string\n//go:embedded no\n//go:embed \"bad\n";
        let header = scan(text.as_bytes());
        let directives: Vec<&str> = header.directives.iter().map(|directive| directive.text.as_str()).collect();
        assert_eq!(directives, ["//go:debug x=1", "//go:build js"]);
        let patterns: Vec<&str> = header.embeds.iter().map(|embed| embed.pattern.as_str()).collect();
        assert_eq!(patterns, ["a", "b/*.txt", "c d", "e"]);
        assert!(text[header.embeds[1].offset..].starts_with("b/*.txt"));
    }
}
