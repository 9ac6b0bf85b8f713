//! The directives that cgo writes for the linker.
//!
//! There is no C here and nothing is done with them, but gc refuses most of them outside of the standard library, and
//! checks the form of all.

use crate::unicode::quote_string;

/// What is wrong with a `go:cgo_` directive: messages in order.
pub fn complaints(text: &str, standard: bool) -> Vec<String> {
    let fields = fields(text);
    let mut complaints = Vec::new();
    if is_import_with_library(text) {
        let library = fields[3].trim_matches('"');
        if !library.is_empty() && !is_safe_argument(library) {
            complaints.push(format!("invalid library name {} in cgo_import_dynamic directive", quote_string(library)));
        }
    } else if !standard {
        complaints.push(format!("//{text} only allowed in cgo-generated code"));
    }
    complaints.extend(usage(&fields));
    complaints
}

/// `go:cgo_import_dynamic local remote "library"`: allowed everywhere, because packages that talk to Solaris need it.
pub fn is_import_with_library(text: &str) -> bool {
    text.starts_with("go:cgo_import_dynamic ") && fields(text).len() >= 4
}

fn usage(fields: &[&str]) -> Option<String> {
    let verb = fields[0].strip_prefix("go:")?;
    let is_quoted = |field: &&str| field.len() >= 2 && field.starts_with('"') && field.ends_with('"');
    let shape: Vec<bool> = fields[1..].iter().map(is_quoted).collect();
    let (right, args) = match verb {
        "cgo_export_static" | "cgo_export_dynamic" => (matches!(shape[..], [false] | [false, false]), "local [remote]"),
        "cgo_import_dynamic" => {
            (matches!(shape[..], [false] | [false, false] | [false, false, true]), "local [remote [\"library\"]]")
        }
        "cgo_import_static" => (shape == [false], "local"),
        "cgo_dynamic_linker" => (shape == [true], "\"path\""),
        "cgo_ldflag" => (shape == [true], "\"arg\""),
        _ => return None,
    };
    (!right).then(|| format!("usage: //go:{verb} {args}"))
}

/// Whether a word on a command line can mean nothing but itself.
fn is_safe_argument(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/') || !c.is_ascii())
}

/// Splits at blanks, and before and behind each `"…"`. What follows a quote that is never closed is lost.
fn fields(text: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_blank);
        let Some(first) = rest.chars().next() else { return fields };
        let len = if first == '"' {
            let Some(close) = rest[1..].find('"') else { return fields };
            close + 2
        } else {
            rest.find(|c| is_blank(c) || c == '"').unwrap_or(rest.len())
        };
        let (field, behind) = rest.split_at(len);
        fields.push(field);
        rest = behind;
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_split_fields() {
        assert_eq!(fields("a  b\tc"), ["a", "b", "c"]);
        assert_eq!(fields(r#"a"b c"d "" e"f"#), ["a", r#""b c""#, "d", r#""""#, "e"]);
    }

    #[test]
    fn libraries() {
        assert!(complaints(r#"go:cgo_import_dynamic a b "libc.so""#, false).is_empty());
        assert!(complaints(r#"go:cgo_import_dynamic a b """#, false).is_empty());
        assert_eq!(
            complaints(r#"go:cgo_import_dynamic a b "-\l""#, true),
            [r#"invalid library name "-\\l" in cgo_import_dynamic directive"#]
        );
    }
}
