//! The file that the `-overlay` flag names: `{"Replace": {"path": "path", …}}`. Mistakes in it are told as the go
//! command tells them.

use crate::header::quote_char;
use serde_json::Value;
use std::collections::BTreeMap;

/// Paths and what takes their place, as written.
pub(crate) fn parse(json: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let json = String::from_utf8_lossy(json);
    let value: Value = serde_json::from_str(&json).map_err(|error| syntax_error(json.as_bytes(), &error))?;
    let mut replace = BTreeMap::new();
    let object = match value {
        Value::Null => return Ok(replace),
        Value::Object(object) => object,
        other => return Err(wrong_kind(&other, "value of type fsys.overlayJSON")),
    };
    for (name, value) in object {
        if !name.eq_ignore_ascii_case("Replace") {
            continue;
        }
        let entries = match value {
            Value::Null => continue,
            Value::Object(entries) => entries,
            other => return Err(wrong_kind(&other, "struct field overlayJSON.Replace of type map[string]string")),
        };
        for (from, to) in entries {
            let to = match to {
                Value::String(to) => to,
                Value::Null => String::new(),
                other => return Err(wrong_kind(&other, "struct field overlayJSON.Replace of type string")),
            };
            replace.insert(from, to);
        }
    }
    Ok(replace)
}

fn wrong_kind(value: &Value, wanted: &str) -> String {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    format!("json: cannot unmarshal {kind} into Go {wanted}")
}

fn syntax_error(json: &[u8], error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "unexpected end of JSON input".to_owned();
    }
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    let context = match what {
        "expected value" => "looking for beginning of value",
        "expected `:`" => "after object key",
        "expected `,` or `}`" => "after object key:value pair",
        "expected `,` or `]`" => "after array element",
        "key must be a string" | "trailing comma" => "looking for beginning of object key string",
        "trailing characters" => "after top-level value",
        "control character (\\u0000-\\u001F) found while parsing a string" => "in string literal",
        _ => return what.to_owned(),
    };
    // Columns count from 1; the character is the one that was read last.
    let line = json.split(|&byte| byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let found = line.get(error.column().saturating_sub(1)).copied().unwrap_or(b'\n');
    format!("invalid character {} {context}", quote_char(char::from(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_read_as_in_go() {
        for (json, message) in [
            ("", "unexpected end of JSON input"),
            ("{\"Replace\":\n", "unexpected end of JSON input"),
            ("hello", "invalid character 'h' looking for beginning of value"),
            ("{\"Replace\": {\"a\" \"b\"}}", "invalid character '\"' after object key"),
            ("{} x", "invalid character 'x' after top-level value"),
            ("{\"a\": 1 \"b\"}", "invalid character '\"' after object key:value pair"),
            ("{\"a\": 1,}", "invalid character '}' looking for beginning of object key string"),
            ("[1]", "json: cannot unmarshal array into Go value of type fsys.overlayJSON"),
            (
                "{\"Replace\": {\"a\": 1}}",
                "json: cannot unmarshal number into Go struct field overlayJSON.Replace of type string",
            ),
        ] {
            assert_eq!(parse(json.as_bytes()).unwrap_err(), message, "{json}");
        }
        let json = b"{\"Replace\": null, \"replace\": {\"a\": \"b\"}, \"Zork\": 1}";
        assert_eq!(parse(json).unwrap(), BTreeMap::from([("a".to_owned(), "b".to_owned())]));
    }

    #[test]
    fn what_is_not_utf_8_is_replaced() {
        let parsed = parse(b"{\"Replace\": {\"a\xff\": \"b\"}}").unwrap();
        assert_eq!(parsed, BTreeMap::from([("a\u{fffd}".to_owned(), "b".to_owned())]));
        let nul = parse(b"{\"Replace\": {\"a\0\": \"b\"}}").unwrap_err();
        assert_eq!(nul, "invalid character '\\x00' in string literal");
    }
}
