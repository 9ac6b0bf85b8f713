//! `//go:debug` lines, `godebug` lines of go.mod and go.work, and the defaults that an older `go` line brings: together
//! the settings that a program starts with.
//!
//! The table of settings is the SDK's own (`internal/godebugs`), read from its source when it is needed.

use crate::config::LoadConfig;
use crate::explore::Read;
use crate::fs::FileSystem;
use crate::graph::LoadError;
use crate::resolve::Resolver;
use crate::scan;
use crate::version::GoVersion;
use base::Location;
use std::collections::BTreeMap;
use std::path::Path;

/// One line of the SDK's table.
pub(crate) struct Setting {
    /// The minor version that changed the default, and the value from before.
    changed: Option<(u32, String)>,
    /// The minor version that removed the setting.
    removed: Option<u32>,
}

/// `name=value,…`, sorted; the error is about the package's directives, as the compiler would show them: under the
/// package's name, with files as `shown` names them.
pub(crate) fn default_settings(
    resolver: &Resolver<'_>,
    config: &LoadConfig<'_>,
    read: &Read,
    shown: &dyn Fn(&Path) -> String,
) -> Result<String, LoadError> {
    let directives: Vec<(usize, usize, &str)> = read
        .scanned
        .files
        .iter()
        .enumerate()
        .flat_map(|(index, file)| file.header.directives.iter().map(move |line| (index, line)))
        .filter_map(|(index, line)| Some((index, line.offset, line.text.strip_prefix("//go:debug")?)))
        .filter(|(_, _, rest)| rest.is_empty() || rest.starts_with([' ', '\t']))
        .collect();
    let go_version = resolver.modules.main_go_version().unwrap_or(config.ctx.go_version);
    let from_mod_file = resolver.modules.godebugs();
    if directives.is_empty() && from_mod_file.is_empty() && go_version.minor >= config.ctx.go_version.minor {
        return Ok(String::new());
    }
    let table = read_table(resolver.dirs.fs, &resolver.goroot_src);
    let mut chosen: BTreeMap<String, String> = from_mod_file.into_iter().map(|each| (each.key, each.value)).collect();
    let mut messages = Vec::new();
    let mut seen: BTreeMap<&str, Location> = BTreeMap::new();
    for (file, offset, rest) in directives {
        let file = &read.scanned.files[file];
        let (line, column) = scan::line_column(&file.text, offset);
        let pos = Location { file: shown(&file.path).into(), line, column };
        match parse(rest.trim(), &table, config.ctx.go_version) {
            Err(cause) => messages.push(format!("{pos}: invalid //go:debug: {cause}")),
            Ok((key, value)) => {
                if let Some(first) = seen.get(key) {
                    messages.push(format!("{pos}: repeated //go:debug for {key}\n\t{first}: previous //go:debug"));
                    continue;
                }
                seen.insert(key, pos);
                chosen.insert(key.to_owned(), value.to_owned());
            }
        }
    }
    if !messages.is_empty() {
        return Err(LoadError::general(format!("# {}\n{}", read.place.import_path, messages.join("\n"))));
    }
    let mut version = go_version;
    if let Some(default) = chosen.remove("default")
        && let Some(default) = GoVersion::parse(default.strip_prefix("go").unwrap_or(&default))
    {
        version = default;
    }
    for (name, setting) in table {
        if let Some((changed, old)) = setting.changed
            && version.minor < changed
        {
            chosen.entry(name).or_insert(old);
        }
    }
    let settings: Vec<String> = chosen.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(settings.join(","))
}

/// Checks the `key=value` of a `//go:debug` line.
fn parse<'t>(
    text: &'t str,
    table: &BTreeMap<String, Setting>,
    toolchain: GoVersion,
) -> Result<(&'t str, &'t str), String> {
    let (key, value) = text.split_once('=').ok_or("missing key=value")?;
    check(key, value, "//go:debug setting", table, toolchain).map(|()| (key, value))
}

/// Checks a setting; `what` names the kind of line in messages.
pub(crate) fn check(
    key: &str,
    value: &str,
    what: &str,
    table: &BTreeMap<String, Setting>,
    toolchain: GoVersion,
) -> Result<(), String> {
    for (text, name) in [(key, "key"), (value, "value")] {
        if text.contains([' ', '\t']) {
            return Err(format!("{name} contains space"));
        }
    }
    for (text, name) in [(key, "key"), (value, "value")] {
        if text.contains(',') {
            return Err(format!("{name} contains comma"));
        }
    }
    if key == "default" {
        let version =
            value.strip_prefix("go").and_then(GoVersion::parse).ok_or("value for default= must be goVERSION")?;
        if version > toolchain {
            return Err(format!("default={value} too new (toolchain is go{toolchain})"));
        }
        return Ok(());
    }
    match table.get(key) {
        Some(Setting { removed: Some(minor), .. }) => {
            Err(format!("use of removed {what} {key:?}, see https://go.dev/doc/godebug#go-1{minor}"))
        }
        Some(_) => Ok(()),
        None => Err(format!("unknown {what} {key:?}")),
    }
}

/// Reads the composite literals of the table, one per line: `{Name: "x", Package: "p", Changed: 21, Old: "1"},`.
pub(crate) fn read_table(fs: &dyn FileSystem, goroot_src: &Path) -> BTreeMap<String, Setting> {
    let Ok(text) = fs.read(&goroot_src.join("internal/godebugs/table.go")) else {
        return BTreeMap::new();
    };
    parse_table(&String::from_utf8_lossy(&text))
}

fn parse_table(text: &str) -> BTreeMap<String, Setting> {
    let mut table = BTreeMap::new();
    for line in text.lines() {
        let Some(fields) = line.trim().strip_prefix("{Name:") else { continue };
        let quoted = |text: &str| text.split('"').nth(1).map(str::to_owned);
        let number = |name: &str| {
            let rest = fields.split_once(name)?.1.trim_start();
            rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse::<u32>().ok()
        };
        let Some(name) = quoted(fields) else { continue };
        let removed = number("Removed:");
        let old = fields.split_once("Old:").and_then(|(_, rest)| quoted(rest));
        let changed = if removed.is_none() { number("Changed:").zip(old) } else { None };
        table.insert(name, Setting { changed, removed });
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings() {
        let table = parse_table(
            "\t{Name: \"a\", Package: \"p\", Changed: 23, Old: \"1\", Opaque: true},\n\
             \t//{Name: \"no\", Package: \"p\"},\n\t{Name: \"b\", Package: \"p\"},\n\
             \t{Name: \"gone\", Removed: 24, Old: one}, // Old: \"1\"\n",
        );
        assert_eq!(table.keys().collect::<Vec<_>>(), ["a", "b", "gone"]);
        assert_eq!(table["a"].changed, Some((23, "1".into())));
        let check = |text| parse(text, &table, GoVersion::release(26, 8)).err().unwrap_or_default();
        for (text, message) in [
            ("a=1", ""),
            ("default=go1.21", ""),
            ("a", "missing key=value"),
            ("c=1", "unknown //go:debug setting \"c\""),
            ("a=1,b=2", "value contains comma"),
            ("a =1", "key contains space"),
            ("default=1.21", "value for default= must be goVERSION"),
            ("default=go1.30", "default=go1.30 too new (toolchain is go1.26.8)"),
            ("gone=1", "use of removed //go:debug setting \"gone\", see https://go.dev/doc/godebug#go-124"),
        ] {
            assert_eq!(check(text), message, "{text}");
        }
    }
}
