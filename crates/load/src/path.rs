//! Import paths and module paths: what they may look like, what they are a prefix of, and how they are spelled in the
//! module cache.

use std::path::{Path, PathBuf};

/// Whether `path` is `prefix` or lies below it, by whole elements. Everything lies below nothing.
pub fn has_prefix(path: &str, prefix: &str) -> bool {
    prefix.is_empty() || path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Import paths whose first element has no dot are reserved for the standard library (and for modules that nobody can
/// download).
pub fn is_standard(path: &str) -> bool {
    !path.split('/').next().unwrap_or(path).contains('.')
}

/// `./x`, `../x`: a directory rather than an import path.
pub fn is_local(path: &str) -> bool {
    path == "." || path == ".." || path.starts_with("./") || path.starts_with("../")
}

/// `path` and what it lies below, longest first: `a/b`, `a`.
pub fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |prefix| prefix.rsplit_once('/').map(|(parent, _)| parent))
}

pub fn join(dir: &Path, slash_path: &str) -> PathBuf {
    if slash_path.is_empty() { dir.to_owned() } else { dir.join(slash_path) }
}

/// How a module path or version is spelled in the module cache, on file systems that may ignore case: `!a` for `A`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(c.to_ascii_lowercase());
    }
    escaped
}

/// Checks an import path. The error is the whole message.
pub fn check_import_path(path: &str) -> Result<(), String> {
    check_path(path, |c| c.is_ascii_alphanumeric() || "-._~+".contains(c))
        .map_err(|cause| format!("malformed import path {path:?}: {cause}"))
}

/// Checks the path of a main module, which only has to make import paths. The error is the whole message.
pub fn check_main_module_path(path: &str) -> Result<(), String> {
    check_import_path(path).map_err(|message| message.replacen("import path", "module path", 1))
}

/// Checks a module path as it may stand in a go.mod file of a dependency. The error is the whole message.
pub fn check_module_path(path: &str) -> Result<(), String> {
    let malformed = |cause: String| format!("malformed module path {path:?}: {cause}");
    check_path(path, |c| c.is_ascii_alphanumeric() || "-._~".contains(c)).map_err(malformed)?;
    if path.split('/').any(|element| element.starts_with('.')) {
        return Err(malformed("leading dot in path element".into()));
    }
    let first = path.split('/').next().unwrap_or(path);
    let cause = if !first.contains('.') {
        "missing dot in first path element".to_owned()
    } else if first.starts_with('-') {
        "leading dash in first path element".to_owned()
    } else if let Some(c) =
        first.chars().find(|&c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.'))
    {
        format!("invalid char {c:?} in first path element")
    } else if split_major(path).is_none() {
        "invalid version".to_owned()
    } else {
        return Ok(());
    };
    Err(malformed(cause))
}

fn check_path(path: &str, allowed: impl Fn(char) -> bool) -> Result<(), String> {
    if path.is_empty() {
        return Err("empty string".into());
    }
    if path.starts_with('-') {
        return Err("leading dash".into());
    }
    if path.contains("//") {
        return Err("double slash".into());
    }
    if path.ends_with('/') {
        return Err("trailing slash".into());
    }
    for element in path.split('/') {
        check_element(element, &allowed)?;
    }
    Ok(())
}

/// Device names that Windows claims in every directory.
const WINDOWS_NAMES: &[&str] = &[
    "CON", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "prn", "aux", "nul",
];

fn check_element(element: &str, allowed: &impl Fn(char) -> bool) -> Result<(), String> {
    if element.is_empty() {
        return Err("empty path element".into());
    }
    if element.bytes().all(|byte| byte == b'.') {
        return Err(format!("invalid path element {element:?}"));
    }
    if element.ends_with('.') {
        return Err("trailing dot in path element".into());
    }
    if let Some(c) = element.chars().find(|&c| !allowed(c)) {
        return Err(format!("invalid char {c:?}"));
    }
    let stem = element.split('.').next().unwrap_or(element);
    if let Some(name) = WINDOWS_NAMES.iter().find(|name| name.eq_ignore_ascii_case(stem)) {
        return Err(format!("{} disallowed as path element component on Windows", name.to_uppercase()));
    }
    if let Some((_, suffix)) = stem.rsplit_once('~')
        && !suffix.is_empty()
        && suffix.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err("trailing tilde and digits in path element".into());
    }
    Ok(())
}

/// A module path without and with its major version: `m`, `/v2`; `gopkg.in/m`, `.v2`. `None` for `m/v1`, `m/v02`.
pub fn split_major(path: &str) -> Option<(&str, &str)> {
    if path.starts_with("gopkg.in/") {
        let (stem, major) = path.rsplit_once(".v")?;
        let digits = major.strip_suffix("-unstable").unwrap_or(major);
        let valid = !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        return valid.then(|| (stem, &path[stem.len()..]));
    }
    let Some((stem, last)) = path.rsplit_once('/') else { return Some((path, "")) };
    let Some(digits) = last.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) else {
        return Some((path, ""));
    };
    if digits.bytes().any(|byte| !byte.is_ascii_digit() && byte != b'.') {
        return Some((path, ""));
    }
    if digits.starts_with('0') || digits == "1" || digits.contains('.') {
        return None;
    }
    Some((stem, &path[stem.len()..]))
}

/// Where `go` finds the last `internal` element of an import path.
pub fn find_internal(path: &str) -> Option<usize> {
    if let Some(parent) = path.strip_suffix("/internal") {
        return Some(parent.len() + 1);
    }
    if let Some(at) = path.rfind("/internal/") {
        return Some(at + 1);
    }
    has_prefix(path, "internal").then_some(0)
}

/// Where the last `vendor` element begins that something follows.
pub fn find_vendor(path: &str) -> Option<usize> {
    if let Some(at) = path.rfind("/vendor/") {
        return Some(at + 1);
    }
    path.starts_with("vendor/").then_some(0)
}

/// `path` as messages show it: relative to the working directory where that is shorter.
pub fn short(path: &Path, work_dir: &Path) -> String {
    let full = path.display().to_string();
    match relative(path, work_dir) {
        Some(relative) if relative.len() < full.len() => relative,
        _ => full,
    }
}

/// `path` seen from `base`, both absolute.
pub fn relative(path: &Path, base: &Path) -> Option<String> {
    if path.is_absolute() != base.is_absolute() {
        return None;
    }
    let mut path_parts = path.components().peekable();
    let mut base_parts = base.components().peekable();
    while path_parts.peek().is_some() && path_parts.peek() == base_parts.peek() {
        path_parts.next();
        base_parts.next();
    }
    let mut parts: Vec<String> = base_parts.map(|_| "..".to_owned()).collect();
    parts.extend(path_parts.map(|part| part.as_os_str().to_string_lossy().into_owned()));
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join(std::path::MAIN_SEPARATOR_STR) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_by_element() {
        assert!(has_prefix("a/b", "a") && has_prefix("a", "a") && !has_prefix("ab", "a"));
        assert_eq!(prefixes("a/b/c").collect::<Vec<_>>(), ["a/b/c", "a/b", "a"]);
    }

    #[test]
    fn majors() {
        assert_eq!(split_major("example.com/m/v2"), Some(("example.com/m", "/v2")));
        assert_eq!(split_major("example.com/m"), Some(("example.com/m", "")));
        assert_eq!(split_major("example.com/m/v1"), None);
        assert_eq!(split_major("example.com/m/vx"), Some(("example.com/m/vx", "")));
        assert_eq!(split_major("gopkg.in/yaml.v3"), Some(("gopkg.in/yaml", ".v3")));
        assert_eq!(split_major("gopkg.in/yaml"), None);
    }

    #[test]
    fn malformed_paths() {
        for (path, cause) in [
            ("a//b", "double slash"),
            ("a/", "trailing slash"),
            ("-a", "leading dash"),
            ("a/b.", "trailing dot in path element"),
            ("a/b c", "invalid char ' '"),
            ("a/nul.x", "NUL disallowed as path element component on Windows"),
        ] {
            assert_eq!(check_import_path(path), Err(format!("malformed import path {path:?}: {cause}")));
        }
        assert!(check_import_path("example.com/a+b/~c").is_ok());
        assert!(check_module_path("example.com/m/v1").is_err() && check_module_path("m").is_err());
    }

    #[test]
    fn elements() {
        assert_eq!(find_internal("a/internal/b/internal"), Some(13));
        assert_eq!(find_internal("internal/x"), Some(0));
        assert_eq!(find_internal("internals/x"), None);
        assert_eq!(find_vendor("a/vendor"), None);
        assert_eq!(find_vendor("a/vendor/b"), Some(2));
        assert_eq!(escape("github.com/Azure/x"), "github.com/!azure/x");
    }

    #[test]
    fn shortest_spelling() {
        assert_eq!(short(Path::new("/w/a/b.go"), Path::new("/w/a")), "b.go");
        assert_eq!(short(Path::new("/wide/c.go"), Path::new("/wide/a")), "../c.go");
        assert_eq!(short(Path::new("/x"), Path::new("/w/a/b")), "/x");
    }
}
