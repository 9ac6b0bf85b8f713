//! go.mod and go.work files.
//!
//! One directive a line, or several in parentheses after the verb. A dependency's go.mod is read leniently: what only
//! matters in a main module, or is not known yet, is passed over.

use crate::header::{is_printable, quote_char, unquote};
use crate::path;
use crate::semver;
use crate::version::GoVersion;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModFile {
    pub module: String,
    /// Whether there is a `module` line, which may name nothing.
    pub has_module: bool,
    pub go: Option<GoVersion>,
    /// `go1.27.3` or `default`.
    pub toolchain: Option<String>,
    pub require: Vec<Require>,
    pub replace: Vec<Replace>,
    pub exclude: Vec<(String, String)>,
    pub godebug: Vec<Godebug>,
    /// Directories that wildcards do not enter.
    pub ignore: Vec<String>,
    /// Of go.work: the directories of its modules.
    pub uses: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Require {
    pub path: String,
    pub version: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    pub old_path: String,
    /// Empty: all versions.
    pub old_version: String,
    /// A module path, or a directory if `new_version` is empty.
    pub new_path: String,
    pub new_version: String,
}

/// A GODEBUG setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Godebug {
    pub key: String,
    pub value: String,
    pub line: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The main module's go.mod.
    Main,
    /// Another module's go.mod.
    Dependency,
    Work,
}

/// Parses a file that messages call `name`. The errors are whole lines: `go.mod:3: unknown directive: foo`.
pub fn parse(name: &str, text: &str, kind: Kind) -> Result<ModFile, Vec<String>> {
    let mut parser =
        Parser { name, column: 1, kind, file: ModFile::default(), retracted: Vec::new(), errors: Vec::new() };
    if let Err(error) = parser.lines(text) {
        return Err(vec![error]);
    }
    parser.check_retracted();
    if parser.errors.is_empty() { Ok(parser.file) } else { Err(parser.errors) }
}

/// Only the versions of Go that a go.mod or go.work asks for: what choosing an SDK needs to know.
pub fn wanted_go(text: &str) -> (Option<GoVersion>, Option<GoVersion>) {
    let line = |verb: &str| {
        let mut lines = text.lines().map(|line| line.split("//").next().unwrap_or("").split_whitespace());
        lines.find_map(|mut words| (words.next() == Some(verb)).then(|| words.next()).flatten())
    };
    (
        line("go").filter(|go| go.contains('.')).and_then(GoVersion::parse),
        line("toolchain").and_then(GoVersion::parse_toolchain),
    )
}

/// Whether the target of a replacement is a directory rather than a module.
pub fn is_directory_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    path::is_local(text)
        || text.starts_with(['/', '\\'])
        || text.starts_with(".\\")
        || text.starts_with("..\\")
        || (bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':')
}

struct Parser<'t> {
    name: &'t str,
    /// Column of the line's first token: most lines start at 1, and then it is not shown.
    column: usize,
    kind: Kind,
    file: ModFile,
    /// Versions of retract lines, with line and column. They are checked when the module's path is known.
    retracted: Vec<(usize, usize, Vec<&'t str>)>,
    errors: Vec<String>,
}

/// The block a line stands in.
enum Block<'t> {
    Verb(&'t str, usize),
    /// Of an unknown kind: already reported, or passed over.
    Skipped(usize),
}

impl<'t> Parser<'t> {
    /// A mistake in the form of the file ends the parse.
    fn lines(&mut self, text: &'t str) -> Result<(), String> {
        let mut block: Option<Block<'t>> = None;
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let tokens = tokens(line).map_err(|(column, message)| {
                let column = if column > 1 { format!(":{column}") } else { String::new() };
                format!("{}:{number}{column}: {message}", self.name)
            })?;
            let Some((&first, rest)) = tokens.split_first() else { continue };
            self.column = line[..line.len() - line.trim_start().len()].chars().count() + 1;
            match &block {
                Some(_) if first == ")" => {
                    if !rest.is_empty() {
                        return Err(format!(
                            "{}:{number}: syntax error (expected newline after closing paren)",
                            self.name
                        ));
                    }
                    block = None;
                }
                Some(Block::Verb(verb, _)) => self.directive(number, verb, &tokens),
                Some(Block::Skipped(_)) => {}
                None if tokens.last() == Some(&"(") => {
                    block = Some(self.open_block(number, &tokens[..tokens.len() - 1]));
                }
                None if tokens.ends_with(&["(", ")"]) => {
                    self.open_block(number, &tokens[..tokens.len() - 2]);
                }
                None => self.directive(number, first, rest),
            }
        }
        if let Some(Block::Verb(_, start) | Block::Skipped(start)) = block {
            let end = text.lines().count() + 1;
            return Err(format!("{0}:{end}: syntax error (unterminated block started at {0}:{start}:1)", self.name));
        }
        Ok(())
    }

    fn open_block(&mut self, number: usize, tokens: &[&'t str]) -> Block<'t> {
        let known: &[&str] = match self.kind {
            Kind::Main | Kind::Dependency => {
                &["module", "godebug", "require", "exclude", "replace", "retract", "tool", "ignore"]
            }
            Kind::Work => &["godebug", "use", "replace"],
        };
        match tokens {
            [verb] if known.contains(verb) => Block::Verb(verb, number),
            _ => {
                if self.kind != Kind::Dependency {
                    self.error(number, format!("unknown block type: {}", tokens.join(" ")));
                }
                Block::Skipped(number)
            }
        }
    }

    fn error(&mut self, number: usize, message: impl std::fmt::Display) {
        let column = if self.column > 1 { format!(":{}", self.column) } else { String::new() };
        self.errors.push(format!("{}:{number}{column}: {message}", self.name));
    }

    fn directive(&mut self, number: usize, verb: &str, arguments: &[&'t str]) {
        if self.kind == Kind::Dependency && !matches!(verb, "go" | "module" | "require") {
            return;
        }
        if let Err(message) = self.add(number, verb, arguments) {
            self.error(number, message);
        }
    }

    fn add(&mut self, line: usize, verb: &str, arguments: &[&'t str]) -> Result<(), String> {
        let is_work = self.kind == Kind::Work;
        match verb {
            "go" => self.add_go(arguments),
            "toolchain" => {
                if self.file.toolchain.is_some() {
                    return Err("repeated toolchain statement".into());
                }
                let [name] = arguments else { return Err("toolchain directive expects exactly one argument".into()) };
                if *name != "default" && *name != "go1" && !name.starts_with("go1.") {
                    return Err(format!("invalid toolchain version '{name}': must match format go1.23.0 or default"));
                }
                self.file.toolchain = Some((*name).to_owned());
                Ok(())
            }
            "godebug" => {
                let pair = match arguments {
                    [pair] if !pair.contains(['"', '`', '\'', ',']) => pair.split_once('='),
                    _ => None,
                };
                let (key, value) = pair.ok_or("usage: godebug key=value")?;
                self.file.godebug.push(Godebug { key: key.to_owned(), value: value.to_owned(), line });
                Ok(())
            }
            "replace" => {
                let replace = parse_replace(arguments)?;
                self.file.replace.push(replace);
                Ok(())
            }
            "use" if is_work => {
                let [dir] = arguments else { return Err("usage: use local/dir".into()) };
                let dir = string(dir)?;
                self.file.uses.push(dir);
                Ok(())
            }
            "module" if !is_work => {
                if std::mem::replace(&mut self.file.has_module, true) {
                    return Err("repeated module statement".into());
                }
                let [path] = arguments else { return Err("usage: module module/path".into()) };
                self.file.module = string(path)?;
                Ok(())
            }
            "require" | "exclude" if !is_work => {
                let [path, version] = arguments else { return Err(format!("usage: {verb} module/path v1.2.3")) };
                let path = string(path)?;
                let version = parse_version(verb, &path, version)?;
                if verb == "require" {
                    self.file.require.push(Require { path, version });
                } else {
                    self.file.exclude.push((path, version));
                }
                Ok(())
            }
            "tool" | "ignore" if !is_work => {
                let [path] = arguments else { return Err(format!("{verb} directive expects exactly one argument")) };
                let path = string(path)?;
                if verb == "ignore" {
                    self.file.ignore.push(path);
                }
                Ok(())
            }
            "retract" if !is_work => self.add_retract(line, arguments),
            _ => Err(format!("unknown directive: {verb}")),
        }
    }

    /// A version or `[low, high]`. What it says is for other modules; it has to be well-formed all the same.
    fn add_retract(&mut self, line: usize, arguments: &[&'t str]) -> Result<(), String> {
        let (versions, rest) = match arguments {
            [] | ["(", ..] => return Err("expected '[' or version".into()),
            ["["] => return Err("expected version after '['".into()),
            ["[", low, rest @ ..] => match rest {
                [",", high, "]", rest @ ..] => (vec![*low, *high], rest),
                [","] => return Err("expected version after ','".into()),
                [",", _, ..] => return Err("expected ']' after version".into()),
                _ => return Err("expected ',' after version".into()),
            },
            [version, rest @ ..] => (vec![*version], rest),
        };
        self.retracted.push((line, self.column, versions));
        match rest {
            [] => Ok(()),
            [token, ..] => Err(format!("unexpected token after version: {token:?}")),
        }
    }

    fn check_retracted(&mut self) {
        for (line, column, versions) in std::mem::take(&mut self.retracted) {
            self.column = column;
            let mistakes = versions.iter().map(|version| parse_version("retract", &self.file.module, version));
            if let Some(message) = mistakes.filter_map(Result::err).next() {
                self.error(line, message);
            }
        }
    }

    fn add_go(&mut self, arguments: &[&str]) -> Result<(), String> {
        if self.file.go.is_some() {
            return Err("repeated go statement".into());
        }
        let [text] = arguments else { return Err("go directive expects exactly one argument".into()) };
        let mut version = if text.contains('.') { GoVersion::parse(text) } else { None };
        if version.is_none() && self.kind == Kind::Dependency {
            // Old go.mod files say `go v1.12` or `go 1.12.x`.
            let mut parts = text.trim_start_matches('v').splitn(3, |c: char| !c.is_ascii_digit());
            if let (Some(major), Some(minor)) = (parts.next(), parts.next()) {
                version = GoVersion::parse(&format!("{major}.{minor}"));
            }
        }
        let malformed = || format!("invalid go version '{text}': must match format 1.23.0");
        self.file.go = Some(version.ok_or_else(malformed)?);
        Ok(())
    }
}

/// Splits a line into words, brackets and strings; comments are dropped. The error has a column.
fn tokens(line: &str) -> Result<Vec<&str>, (usize, String)> {
    let unfinished = || (line.chars().count() + 1, "unexpected newline in string".to_owned());
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = &line[at..];
        at += rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let rest = &line[at..];
        let column = || line[..at].chars().count() + 1;
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        if rest.starts_with("//") {
            return Ok(tokens);
        }
        if rest.starts_with("/*") {
            return Err((column(), "mod files must use // comments (not /* */ comments)".to_owned()));
        }
        let length = match first {
            '(' | ')' | '[' | ']' | '{' | '}' | ',' => 1,
            '"' | '`' => {
                let mut end = 1;
                loop {
                    match rest.as_bytes().get(end) {
                        None => return Err(unfinished()),
                        Some(b'\\') if first == '"' => end += 2,
                        Some(&byte) if byte == first as u8 => break end + 1,
                        Some(_) => end += 1,
                    }
                }
            }
            _ if rest.starts_with("=>") => 2,
            _ if is_foreign(first) => {
                return Err((column(), format!("unexpected input character {}", quote_char(first))));
            }
            _ => {
                let ends = |(index, c): (usize, char)| {
                    matches!(c, ' ' | '\t' | '\r' | '(' | ')' | '[' | ']' | '{' | '}' | ',')
                        || is_foreign(c)
                        || rest[index..].starts_with("//")
                        || rest[index..].starts_with("/*")
                };
                rest.char_indices().find(|&at| ends(at)).map_or(rest.len(), |(index, _)| index)
            }
        };
        tokens.push(rest.get(..length).ok_or_else(unfinished)?);
        at += length;
    }
}

/// A character that stands in no word: a blank of an unusual kind, or one that does not print.
fn is_foreign(c: char) -> bool {
    c.is_whitespace() || c.is_control() || !is_printable(c)
}

fn string(token: &str) -> Result<String, String> {
    if token.starts_with('"') {
        return unquote(token).ok_or_else(|| "invalid quoted string: invalid syntax".into());
    }
    if token.contains(['"', '\'', '`']) {
        return Err("invalid quoted string: unquoted string cannot contain quote".into());
    }
    Ok(token.to_owned())
}

fn parse_version(verb: &str, path: &str, token: &str) -> Result<String, String> {
    let version = string(token)?;
    let Some((_, major)) = path::split_major(path) else {
        return Err(format!("{verb} {path}: version {version:?} invalid: malformed module path {path:?}"));
    };
    if !semver::is_canonical(&version) {
        path::check_module_path(path)?;
    }
    semver::check_major(&version, major)
        .map_err(|cause| format!("{verb} {path}: version {version:?} invalid: {cause}"))?;
    if !semver::is_canonical(&version) {
        return Err(format!("{verb} {path}: version {version:?} invalid: must be of the form v1.2.3"));
    }
    Ok(version)
}

fn parse_replace(arguments: &[&str]) -> Result<Replace, String> {
    const USAGE: &str = "usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => ../local/directory";
    let arrow = arguments.iter().take(3).position(|&token| token == "=>").ok_or(USAGE)?;
    let (old, new) = (&arguments[..arrow], &arguments[arrow + 1..]);
    if old.is_empty() || new.is_empty() || new.len() > 2 {
        return Err(USAGE.into());
    }
    let old_path = string(old[0])?;
    if path::split_major(&old_path).is_none() {
        return Err(format!("replace {old_path}: invalid module path"));
    }
    let old_version = match old.get(1) {
        Some(token) => parse_version("replace", &old_path, token)?,
        None => String::new(),
    };
    let new_path = string(new[0])?;
    let Some(token) = new.get(1) else {
        if !is_directory_path(&new_path) {
            return Err(if new_path.contains('@') {
                "replacement module must match format 'path version', not 'path@version'".into()
            } else {
                "replacement module without version must be directory path (rooted or starting with . or ..)".into()
            });
        }
        if cfg!(unix) && new_path.contains('\\') {
            return Err("replacement directory appears to be Windows path (on a non-windows system)".into());
        }
        return Ok(Replace { old_path, old_version, new_path, new_version: String::new() });
    };
    if is_directory_path(&new_path) {
        return Err(format!("replacement module directory path {new_path:?} cannot have version"));
    }
    let new_version = parse_version("replace", &new_path, token)?;
    Ok(Replace { old_path, old_version, new_path, new_version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file() {
        let text = "// c\nmodule \"example.com/m\" // d\n\ngo 1.26\ntoolchain go1.27.3\nrequire a.b/c v1.0.0\nrequire (\n\ta.b/d/v2 v2.1.0 // indirect\n)\n\
                    replace a.b/c => ../c\nreplace a.b/e v1.0.0 => a.b/f v1.1.0\nexclude a.b/c v0.9.0\ngodebug (\n\tx=1\n)\nretract [v1.0.0, v1.1.0]\ntool a.b/t\nignore ./node_modules\n";
        let file = parse("go.mod", text, Kind::Main).unwrap();
        assert_eq!(file.module, "example.com/m");
        assert_eq!(file.go.unwrap().to_string(), "1.26");
        assert_eq!(file.toolchain.as_deref(), Some("go1.27.3"));
        assert_eq!(file.require[1], Require { path: "a.b/d/v2".into(), version: "v2.1.0".into() });
        assert_eq!(file.replace[0].new_path, "../c");
        assert_eq!(file.replace[1].new_version, "v1.1.0");
        assert_eq!(file.exclude, [("a.b/c".to_owned(), "v0.9.0".to_owned())]);
        assert_eq!(file.godebug, [Godebug { key: "x".into(), value: "1".into(), line: 14 }]);
        assert_eq!(file.ignore, ["./node_modules"]);
        assert_eq!(wanted_go("go 2\n"), (None, None));
        assert_eq!(wanted_go(text), (GoVersion::parse("1.26"), GoVersion::parse("1.27.3")));
    }

    #[test]
    fn mistakes() {
        for (text, errors) in [
            ("foo", "go.mod:1: unknown directive: foo"),
            ("go 1.2\ngo 1.3", "go.mod:2: repeated go statement"),
            ("go x", "go.mod:1: invalid go version 'x': must match format 1.23.0"),
            ("bar (\nx\n)", "go.mod:1: unknown block type: bar"),
            ("\u{feff}module m", "go.mod:1: unexpected input character '\\ufeff'"),
            ("module a\u{c}b", "go.mod:1:9: unexpected input character '\\f'"),
            ("module a\0", "go.mod:1:9: unexpected input character '\\x00'"),
            ("require \"a", "go.mod:1:11: unexpected newline in string"),
            ("go 2", "go.mod:1: invalid go version '2': must match format 1.23.0"),
            ("require x 1", "go.mod:1: malformed module path \"x\": missing dot in first path element"),
            ("require a.b/x v2.0.0", "go.mod:1: require a.b/x: version \"v2.0.0\" invalid: should be v0 or v1, not v2"),
            ("/* x */", "go.mod:1: mod files must use // comments (not /* */ comments)"),
            ("require (\n", "go.mod:2: syntax error (unterminated block started at go.mod:1:1)"),
            (
                "replace a => b",
                "go.mod:1: replacement module without version must be directory path (rooted or starting with . or ..)",
            ),
            ("use x", "go.mod:1: unknown directive: use"),
            ("retract", "go.mod:1: expected '[' or version"),
            ("retract [v1.0.0", "go.mod:1: expected ',' after version"),
            ("retract v1.0.0 x", "go.mod:1: unexpected token after version: \"x\""),
            ("retract x\nmodule a.b/c", "go.mod:1: retract a.b/c: version \"x\" invalid: must be of the form v1.2.3"),
            (
                "module a.b/c\nretract [v1.0.0, v2.0.0]",
                "go.mod:2: retract a.b/c: version \"v2.0.0\" invalid: should be v0 or v1, not v2",
            ),
        ] {
            assert_eq!(parse("go.mod", text, Kind::Main).unwrap_err().join("\n"), errors, "{text}");
        }
        assert!(parse("go.mod", "foo\nbar (\nx\n)\nreplace a => b\ngo 1.12.x", Kind::Dependency).is_ok());
        assert_eq!(parse("go.work", "use ./a\nuse (\n./b\n)\n", Kind::Work).unwrap().uses, ["./a", "./b"]);
    }
}
