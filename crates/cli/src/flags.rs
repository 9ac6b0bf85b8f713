//! Flags as Go's `flag` package reads them.
//!
//! One dash or two, `-flag=value` or `-flag value`, booleans alone or `-v=false`; the first word that is not a flag
//! ends them, and so does `--`. Which flags a command has, and of which kind, stands in the table of
//! [`crate::flag_table`]; GOFLAGS are read by the same table before the command line, which overrides them.

use crate::failure::Failure;
use crate::flag_table::{Command, Effect, FLAGS, FlagSpec, Kind, OTHER_GO_FLAGS};
use load::goenv::split_quoted;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Values of the flags that were given.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Flags {
    values: BTreeMap<&'static str, Vec<String>>,
    /// The values of the flags of kind [`Kind::PerPackage`], taken apart.
    per_package: BTreeMap<&'static str, Vec<PackageWords>>,
    /// The value of `-o`, which may be any file name.
    pub output: Option<OsString>,
}

/// `[pattern=]list`
#[derive(Debug, PartialEq, Eq)]
pub struct PackageWords {
    /// Without blanks around it.
    pub pattern: Option<String>,
    pub words: Vec<String>,
}

impl PackageWords {
    /// What begins with a dash is a list alone, and so is nothing.
    fn parse(value: &str) -> Result<PackageWords, String> {
        let value = value.trim();
        let (pattern, list) = match value.chars().next() {
            None | Some('-') => (None, value),
            Some(first) => {
                let (pattern, list) = value.split_once('=').ok_or("missing =<value> in <pattern>=<value>")?;
                if pattern.is_empty() {
                    return Err("missing <pattern> in <pattern>=<value>".to_owned());
                }
                if matches!(first, '\'' | '"') {
                    return Err(format!("parameter may not start with quote character {first}"));
                }
                (Some(pattern.trim().to_owned()), list)
            }
        };
        Ok(PackageWords { pattern, words: split_quoted(list)? })
    }
}

impl Flags {
    /// Reads `goflags` (the setting's value) and then `args`; returns what follows the flags.
    pub fn parse<'a>(
        command: Command,
        goflags: &str,
        args: &'a [OsString],
    ) -> Result<(Flags, &'a [OsString]), Failure> {
        let mut flags = Flags::default();
        flags.read_goflags(command, goflags)?;
        let rest = flags.read_args(command, args)?;
        Ok((flags, rest))
    }

    /// The last value given.
    pub fn text(&self, name: &'static str) -> Option<&str> {
        debug_assert!(FLAGS.iter().any(|spec| spec.name == name), "no flag {name} in the table");
        Some(self.values.get(name)?.last()?.as_str())
    }

    /// All values given to a flag of kind [`Kind::PerPackage`], in order.
    pub fn per_package(&self, name: &'static str) -> &[PackageWords] {
        self.per_package.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a boolean flag is on.
    pub fn is_on(&self, name: &'static str) -> bool {
        self.text(name) == Some("true")
    }

    fn read_args<'a>(&mut self, command: Command, args: &'a [OsString]) -> Result<&'a [OsString], Failure> {
        let usage = |message: String| Failure::Usage(command, message);
        let mut rest = args;
        while let Some((word, after)) = rest.split_first() {
            let arg = &*word.to_string_lossy();
            let Some(body) = arg.strip_prefix('-').filter(|body| !body.is_empty()) else { break };
            if arg == "--" {
                return Ok(after);
            }
            let body = body.strip_prefix('-').unwrap_or(body);
            if body.starts_with(['-', '=']) {
                return Err(usage(format!("bad flag syntax: {arg}")));
            }
            let (name, value) = match body.split_once('=') {
                Some((name, _)) => (name, Some(after_equals(word))),
                None => (body, None),
            };
            let Some(spec) = find(command, name) else {
                if name == "help" || name == "h" {
                    return Err(Failure::Help(command));
                }
                return Err(usage(format!("flag provided but not defined: -{name}")));
            };
            let is_first = rest.len() == args.len();
            rest = after;
            let value = match (value, spec.kind.is_boolean()) {
                (Some(value), _) => value,
                (None, true) => OsString::from("true"),
                (None, false) => {
                    let Some((next, after)) = rest.split_first() else {
                        return Err(usage(format!("flag needs an argument: -{name}")));
                    };
                    rest = after;
                    next.clone()
                }
            };
            if spec.name == "o" {
                self.output = Some(value);
                continue;
            }
            let Some(value) = value.to_str() else {
                return Err(usage(format!("invalid value {value:?} for flag -{name}: not UTF-8")));
            };
            if name == "C" && !is_first {
                return Err(usage(format!("invalid value {value:?} for flag -C: {C_FIRST}")));
            }
            self.set(spec, value).map_err(|problem| match (spec.kind, problem) {
                (Kind::Bool | Kind::BoolOrAuto, Problem::Value(problem)) => {
                    usage(format!("invalid boolean value {value:?} for -{name}: {problem}"))
                }
                (_, Problem::Value(problem)) => usage(format!("invalid value {value:?} for flag -{name}: {problem}")),
                (_, Problem::Refused(reason)) => Failure::Refused(format!("-{name} is not supported: {reason}")),
            })?;
        }
        Ok(rest)
    }

    /// Each word is one flag; a flag that another command has is skipped.
    fn read_goflags(&mut self, command: Command, goflags: &str) -> Result<(), Failure> {
        let fatal = |message: String| Failure::Fatal(format!("parsing $GOFLAGS: {message}"));
        for word in split_quoted(goflags).map_err(fatal)? {
            let body = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
            let Some(body) = body.filter(|body| !body.is_empty() && !body.starts_with(['-', '='])) else {
                return Err(fatal(format!("non-flag {word:?}")));
            };
            let (name, value) = match body.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (body, None),
            };
            let Some(spec) = find(command, name) else {
                if OTHER_GO_FLAGS.contains(&name) || FLAGS.iter().any(|spec| spec.name == name) {
                    continue;
                }
                return Err(fatal(format!("unknown flag -{name}")));
            };
            let usage = |message: String| Failure::Usage(command, format!("gossamer: {message}"));
            let value = match (value, spec.kind.is_boolean()) {
                (Some(value), _) => value,
                (None, true) => "true",
                (None, false) => return Err(usage(format!("flag needs an argument: -{name} (from $GOFLAGS)"))),
            };
            if name == "C" {
                let message = format!("invalid value {value:?} for flag -C (from $GOFLAGS): {C_FIRST}");
                return Err(usage(message));
            }
            self.set(spec, value).map_err(|problem| match problem {
                Problem::Value(problem) => {
                    let kind = if spec.kind.is_boolean() { "boolean value" } else { "value" };
                    usage(format!("invalid {kind} {value:?} for flag -{name} (from $GOFLAGS): {problem}"))
                }
                Problem::Refused(reason) => {
                    Failure::Refused(format!("-{name} (from $GOFLAGS) is not supported: {reason}"))
                }
            })?;
        }
        Ok(())
    }

    fn set(&mut self, spec: &'static FlagSpec, value: &str) -> Result<(), Problem> {
        let value = match spec.kind {
            Kind::Bool => parse_bool(value).ok_or(Problem::Value("parse error".to_owned()))?.to_string(),
            Kind::BoolOrAuto if matches!(value, "" | "auto") => "auto".to_owned(),
            Kind::BoolOrAuto => parse_bool(value)
                .ok_or(Problem::Value("value is neither 'auto' nor a valid bool".to_owned()))?
                .to_string(),
            Kind::Int => parse_int(value).map_err(|problem| Problem::Value(problem.to_owned()))?.to_string(),
            Kind::OneOf(choices) if !choices.contains(&value) => {
                return Err(Problem::Value(format!("must be one of {}", choices.join(", "))));
            }
            Kind::PerPackage => {
                let words = PackageWords::parse(value).map_err(Problem::Value)?;
                self.per_package.entry(spec.name).or_default().push(words);
                value.to_owned()
            }
            Kind::Text | Kind::OneOf(_) => value.to_owned(),
        };
        if spec.name == "o" {
            self.output = Some(value.into());
            return Ok(());
        }
        let switched_off = matches!(value.as_str(), "" | "false");
        if let Effect::Refused(reason) = spec.effect
            && !switched_off
        {
            return Err(Problem::Refused(reason));
        }
        self.values.entry(spec.name).or_default().push(value);
        Ok(())
    }
}

/// What follows the flags, where it must be text.
pub fn text_arguments(arguments: &[OsString]) -> Result<Vec<String>, Failure> {
    let text = |argument: &OsString| {
        let text = argument.to_str().map(str::to_owned);
        text.ok_or_else(|| Failure::Fatal(format!("argument {argument:?} is not UTF-8")))
    };
    arguments.iter().map(text).collect()
}

/// The value in `-flag=value`, byte for byte.
#[cfg(unix)]
fn after_equals(word: &OsStr) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    let bytes = word.as_bytes();
    let start = bytes.iter().position(|&byte| byte == b'=').map_or(bytes.len(), |at| at + 1);
    OsStr::from_bytes(&bytes[start..]).to_owned()
}

#[cfg(not(unix))]
fn after_equals(word: &OsStr) -> OsString {
    word.to_string_lossy().split_once('=').map_or(OsString::new(), |(_, value)| value.into())
}

enum Problem {
    Value(String),
    Refused(&'static str),
}

fn find(command: Command, name: &str) -> Option<&'static FlagSpec> {
    FLAGS.iter().find(|spec| spec.name == name && spec.commands.contains(&command))
}

const C_FIRST: &str = "-C flag must be first flag on command line";

/// An integer literal of Go, and a sign: `0x10`, `0b1`, `017`, `1_000`.
fn parse_int(text: &str) -> Result<i64, &'static str> {
    let malformed = "parse error";
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixes = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)];
    let prefixed = prefixes.iter().find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, *radix)));
    let (digits, radix) = match prefixed {
        Some((digits, radix)) => (digits.strip_prefix('_').unwrap_or(digits), radix),
        None if digits.len() > 1 && digits.starts_with('0') => (digits, 8),
        None => (digits, 10),
    };
    // An underscore stands between digits.
    if digits.is_empty() || digits.split('_').any(|group| group.is_empty() || !group.chars().all(|c| c.is_digit(radix)))
    {
        return Err(malformed);
    }
    i64::from_str_radix(&format!("{sign}{}", digits.replace('_', "")), radix).map_err(|_| "value out of range")
}

/// The words that Go's `strconv.ParseBool` accepts.
fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    fn parse(goflags: &str, args: &str) -> Result<(Flags, Vec<OsString>), String> {
        let args = words(args);
        match Flags::parse(Command::Build, goflags, &args) {
            Ok((flags, rest)) => Ok((flags, rest.to_vec())),
            Err(Failure::Usage(_, message) | Failure::Refused(message) | Failure::Fatal(message)) => Err(message),
            Err(other) => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn both_dashes_and_both_value_forms() {
        let (flags, rest) = parse("", "-o x --tags=a,b -v --x=false -n=1 ./p -o y").unwrap();
        assert_eq!(flags.output, Some("x".into()));
        assert_eq!(flags.text("tags"), Some("a,b"));
        assert!(flags.is_on("v") && flags.is_on("n") && !flags.is_on("x"));
        assert_eq!(rest, ["./p", "-o", "y"]);
        assert_eq!(parse("", "-v -- -o").unwrap().1, ["-o"]);
    }

    #[test]
    fn mistakes_read_as_in_go() {
        let message = |args: &str| parse("", args).unwrap_err();
        assert_eq!(message("-zork"), "flag provided but not defined: -zork");
        assert_eq!(message("-o"), "flag needs an argument: -o");
        assert_eq!(message("-v=zz"), "invalid boolean value \"zz\" for -v: parse error");
        assert_eq!(message("-p x"), "invalid value \"x\" for flag -p: parse error");
        assert_eq!(message("---o"), "bad flag syntax: ---o");
        let gcflags = "invalid value \"zork\" for flag -gcflags: missing =<value> in <pattern>=<value>";
        assert_eq!(message("-gcflags zork"), gcflags);
        assert_eq!(message("-v -C /x"), format!("invalid value \"/x\" for flag -C: {C_FIRST}"));
        assert_eq!(message("-v -C"), "flag needs an argument: -C");
        assert_eq!(
            message("-p 99999999999999999999"),
            "invalid value \"99999999999999999999\" for flag -p: value out of range"
        );
        assert_eq!(
            message("-buildvcs=x"),
            "invalid boolean value \"x\" for -buildvcs: value is neither 'auto' nor a valid bool"
        );
        let quote = "invalid value \"'-X=main.w=1'\" for flag -ldflags: parameter may not start with quote character '";
        assert_eq!(message("-ldflags='-X=main.w=1'"), quote);
        assert_eq!(message("-ldflags=std='-X"), "invalid value \"std='-X\" for flag -ldflags: unterminated ' string");
        assert!(message("-race").starts_with("-race is not supported: "));
        assert!(parse("", "-race=false").is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn an_output_may_have_any_name() {
        use std::os::unix::ffi::OsStringExt;
        let raw = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        let output = |args: &[OsString]| Flags::parse(Command::Build, "", args).map(|(flags, _)| flags.output);
        assert_eq!(output(&[raw(b"-o=a\xff")]).unwrap(), Some(raw(b"a\xff")));
        assert_eq!(output(&["-o".into(), raw(b"a=\xff")]).unwrap(), Some(raw(b"a=\xff")));
        assert!(matches!(output(&[raw(b"-tags=\xff")]), Err(Failure::Usage(..))));
        assert!(text_arguments(&[raw(b"\xff.go")]).is_err());
    }

    #[test]
    fn integers() {
        for (text, value) in [("0x10", 16), ("010", 8), ("-0b11", -3), ("+1_0", 10), ("0x_f", 15), ("0", 0)] {
            assert_eq!(parse_int(text), Ok(value), "{text}");
        }
        for text in ["", "-", "09", "x", "1__0", "_1", "1_", "0x", "1.0"] {
            assert_eq!(parse_int(text), Err("parse error"), "{text}");
        }
    }

    #[test]
    fn goflags_come_first_and_may_be_meant_for_other_commands() {
        let (flags, _) = parse("-tags=a -count=1 '-ldflags=-s -w'", "-tags b").unwrap();
        assert_eq!(flags.text("tags"), Some("b"));
        assert_eq!(flags.text("ldflags"), Some("-s -w"));
        assert_eq!(parse("-zork", "").unwrap_err(), "parsing $GOFLAGS: unknown flag -zork");
        assert_eq!(parse("-v zork", "").unwrap_err(), "parsing $GOFLAGS: non-flag \"zork\"");
        let first = format!("gossamer: invalid value \"/x\" for flag -C (from $GOFLAGS): {C_FIRST}");
        assert_eq!(parse("-C=/x", "").unwrap_err(), first);
        assert_eq!(parse("-o", "").unwrap_err(), "gossamer: flag needs an argument: -o (from $GOFLAGS)");
    }
}
