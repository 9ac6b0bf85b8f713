//! What the user names: import paths, directories, wildcards, `std`, files.
//!
//! Wildcards are matched by names alone here; whether a directory holds a package for this build is known only after
//! it is read, so what a wildcard names is dropped later if no file is left.

use crate::config::LoadConfig;
use crate::fs::{self, FileKind, FileSystem};
use crate::graph::LoadError;
use crate::path;
use crate::resolve::Resolver;
use std::path::{Path, PathBuf};

/// The import path of a package made of named files.
pub(crate) const COMMAND_LINE: &str = "command-line-arguments";

pub(crate) enum Match {
    Packages {
        paths: Vec<String>,
        /// Named by a wildcard: directories without files for this build do not count.
        wildcard: bool,
    },
    Files {
        dir: PathBuf,
        files: Vec<String>,
    },
    Failed(LoadError),
}

pub(crate) struct Expanded {
    pub matches: Vec<Match>,
    pub notices: Vec<String>,
}

/// The error is general: nothing can be loaded.
pub(crate) fn expand(resolver: &Resolver<'_>, config: &LoadConfig<'_>) -> Result<Expanded, String> {
    let fs = resolver.dirs.fs;
    let mut expanded = Expanded { matches: Vec::new(), notices: Vec::new() };
    let is_file = |pattern: &String| {
        pattern.ends_with(".go") && fs.kind(&config.work_dir.join(pattern)).is_ok_and(|kind| kind != FileKind::Dir)
    };
    if config.files || config.patterns.iter().any(is_file) {
        expanded.matches.push(named_files(fs, config)?);
        return Ok(expanded);
    }
    let here = [".".to_owned()];
    let patterns = if config.patterns.is_empty() { &here[..] } else { &config.patterns[..] };
    for pattern in patterns {
        let pattern = clean_pattern(pattern);
        let matched = match_pattern(resolver, config, &pattern)?;
        if let Match::Packages { paths, .. } = &matched
            && paths.is_empty()
        {
            expanded.notices.push(format!("go: warning: {pattern:?} matched no packages"));
        }
        expanded.matches.push(matched);
    }
    Ok(expanded)
}

/// In canonical form, but a leading `./` stays: it says that a directory is meant.
fn clean_pattern(pattern: &str) -> String {
    if Path::new(pattern).is_absolute() {
        return fs::clean(Path::new(pattern)).display().to_string();
    }
    let pattern = pattern.replace('\\', "/");
    let cleaned = fs::clean(Path::new(&pattern)).display().to_string().replace('\\', "/");
    if pattern.starts_with("./") && cleaned != "." { format!("./{cleaned}") } else { cleaned }
}

fn match_pattern(resolver: &Resolver<'_>, config: &LoadConfig<'_>, pattern: &str) -> Result<Match, String> {
    let is_dir = path::is_local(pattern) || Path::new(pattern).is_absolute();
    let wildcard = pattern.contains("...");
    if is_dir {
        return if wildcard { match_dirs(resolver, config, pattern) } else { one_dir(resolver, config, pattern) };
    }
    if pattern == "std" {
        return Ok(Match::Packages { paths: std_packages(resolver, "..."), wildcard: true });
    }
    if pattern == "all" || pattern == "work" {
        resolver.modules.require_root(resolver.dirs.fs, &config.work_dir)?;
        let mut paths = Vec::new();
        for (dir, module) in resolver.modules.main_dirs() {
            walk(resolver, &dir, &module, &mut |path| paths.push(path));
        }
        paths.sort();
        return Ok(Match::Packages { paths, wildcard: true });
    }
    if wildcard {
        let mut paths = std_packages(resolver, pattern);
        for (dir, module) in resolver.modules.all_dirs()? {
            if may_match_below(pattern, &module) {
                walk(resolver, &dir, &module, &mut |path| {
                    if wildcard_matches(pattern, &path) {
                        paths.push(path);
                    }
                });
            }
        }
        paths.sort();
        paths.dedup();
        return Ok(Match::Packages { paths, wildcard: true });
    }
    Ok(Match::Packages { paths: vec![pattern.to_owned()], wildcard: false })
}

fn one_dir(resolver: &Resolver<'_>, config: &LoadConfig<'_>, pattern: &str) -> Result<Match, String> {
    let dir = fs::clean(&config.work_dir.join(pattern));
    let failure = |message: String| Ok(Match::Failed(LoadError::general(message)));
    let found = dir_package(resolver, config, &dir);
    if found.is_err() {
        resolver.modules.require_root(resolver.dirs.fs, &config.work_dir)?;
    }
    match found {
        Ok(path) => Ok(Match::Packages { paths: vec![path], wildcard: false }),
        Err(message) => failure(message),
    }
}

/// The import path of a directory.
fn dir_package(resolver: &Resolver<'_>, config: &LoadConfig<'_>, dir: &Path) -> Result<String, String> {
    if !resolver.dirs.fs.exists(dir) {
        return Err(format!("stat {}: directory not found", dir.display()));
    }
    let names_go = |entry: &fs::DirEntry| entry.name.ends_with(".go") && !entry.name.starts_with(['_', '.']);
    if !resolver.dirs.list(dir).is_some_and(|entries| entries.iter().any(names_go)) {
        return Err(format!("no Go files in {}", dir.display()));
    }
    if let Ok(rest) = dir.strip_prefix(&resolver.goroot_src) {
        return match rest.to_string_lossy().replace('\\', "/").as_str() {
            "" => Err("GOROOT/src is not an importable package".into()),
            "builtin" => Err("\"builtin\" is a pseudo-package, not an importable package".into()),
            path => Ok(path.to_owned()),
        };
    }
    resolver.modules.package_of_dir(&resolver.dirs, dir, &config.work_dir)
}

fn match_dirs(resolver: &Resolver<'_>, config: &LoadConfig<'_>, pattern: &str) -> Result<Match, String> {
    let absolute = fs::clean(&config.work_dir.join(pattern)).display().to_string().replace('\\', "/");
    let before = &absolute[..absolute.find("...").unwrap_or(absolute.len())];
    let start = PathBuf::from(before.rsplit_once('/').map_or("", |(dir, _)| dir));
    let start = if start.as_os_str().is_empty() { PathBuf::from("/") } else { start };
    let in_std = start.starts_with(&resolver.goroot_src);
    if !in_std && !resolver.modules.contains_dir(resolver.dirs.fs, &start) {
        let scope = resolver.modules.scope_name();
        let shown = path::short(&start, &config.work_dir);
        let message = format!("pattern {pattern}: directory prefix {shown} does not contain {scope}");
        return Ok(Match::Failed(LoadError::general(message)));
    }
    if !resolver.dirs.fs.is_dir(&start) {
        let before = pattern.split("...").next().unwrap_or(pattern);
        let shown = &before[..before.rfind('/').map_or(0, |slash| slash + 1)];
        let message = format!("pattern {pattern}: lstat {shown}: no such file or directory");
        return Ok(Match::Failed(LoadError::general(message)));
    }
    let mut paths = Vec::new();
    let mut failed = None;
    let mut malformed = None;
    walk_dirs(resolver, &start, &mut |dir| {
        let shown = dir.display().to_string().replace('\\', "/");
        if !wildcard_matches(&absolute, &shown) || !resolver.dirs.has_go_files(dir) {
            return;
        }
        if dir.strip_prefix(&start).is_ok_and(|rest| rest.to_str().is_none()) {
            malformed.get_or_insert_with(|| format!("malformed import path {dir:?}: invalid UTF-8"));
            return;
        }
        match dir_package(resolver, config, dir) {
            Ok(path) => paths.push(path),
            Err(message) if in_std || message.starts_with("no Go files") => {}
            Err(message) => {
                failed.get_or_insert(message);
            }
        }
    });
    if let Some(message) = malformed {
        return Ok(Match::Failed(LoadError::general(message)));
    }
    match failed {
        Some(message) if paths.is_empty() => {
            Ok(Match::Failed(LoadError::general(format!("pattern {pattern}: {message}"))))
        }
        _ => Ok(Match::Packages { paths, wildcard: true }),
    }
}

/// Packages of the SDK, commands and the documentation package `builtin` left out.
fn std_packages(resolver: &Resolver<'_>, pattern: &str) -> Vec<String> {
    let mut paths = Vec::new();
    walk(resolver, &resolver.goroot_src, "", &mut |path| {
        if path != "builtin"
            && path != "runtime/cgo"
            && !path::has_prefix(&path, "cmd")
            && wildcard_matches(pattern, &path)
        {
            paths.push(path);
        }
    });
    paths.sort();
    paths
}

/// Calls `found` with the import path of each directory with Go files in the module at `root`.
fn walk(resolver: &Resolver<'_>, root: &Path, module: &str, found: &mut dyn FnMut(String)) {
    walk_dirs(resolver, root, &mut |dir| {
        let Ok(rest) = dir.strip_prefix(root) else { return };
        let rest = rest.to_string_lossy().replace('\\', "/");
        let path = match (module, rest.as_str()) {
            ("", "") => return,
            ("", rest) => rest.to_owned(),
            (module, "") => module.to_owned(),
            (module, rest) => format!("{module}/{rest}"),
        };
        if resolver.dirs.has_go_files(dir) {
            found(path);
        }
    });
}

/// Directories of one module, parents first; hidden ones, testdata, vendor and other modules left out, and what
/// `ignore` lines of go.mod name.
fn walk_dirs(resolver: &Resolver<'_>, root: &Path, found: &mut dyn FnMut(&Path)) {
    let in_std = root.starts_with(&resolver.goroot_src);
    let ignored = resolver.modules.ignored_dirs(root);
    let mut pending = vec![root.to_owned()];
    while let Some(dir) = pending.pop() {
        let Some(entries) = resolver.dirs.list(&dir) else { continue };
        if dir != root && resolver.dirs.has_file(&dir, "go.mod") {
            continue;
        }
        found(&dir);
        // The last comes off first.
        for entry in entries.iter().rev().filter(|entry| entry.kind == FileKind::Dir) {
            let name = entry.name.as_str();
            let skipped = name.starts_with(['.', '_']) || name == "testdata" || (name == "vendor" && !in_std);
            let child = dir.join(entry.file_name());
            if !skipped && !ignored.iter().any(|ignored| ignored.covers(root, &child)) {
                pending.push(child);
            }
        }
    }
}

/// Whether `...` in `pattern` can stand for what makes it `name`. A trailing `/...` may also match nothing. No `...`
/// in a pattern matches a `vendor` element.
fn wildcard_matches(pattern: &str, name: &str) -> bool {
    if let Some(prefix) = pattern.strip_suffix("/...")
        && name == prefix
    {
        return true;
    }
    let mut parts = pattern.split("...");
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether a pattern on the command line names this package; relative directories count from `work_dir`.
pub fn pattern_matches(pattern: &str, work_dir: &Path, import_path: &str, dir: &Path) -> bool {
    if path::is_local(pattern) || Path::new(pattern).is_absolute() {
        let pattern = fs::clean(&work_dir.join(pattern)).display().to_string().replace('\\', "/");
        return wildcard_matches(&pattern, &dir.display().to_string().replace('\\', "/"));
    }
    wildcard_matches(pattern, import_path)
}

fn may_match_below(pattern: &str, module: &str) -> bool {
    let before = pattern.split("...").next().unwrap_or(pattern);
    let length = before.len().min(module.len());
    before.as_bytes()[..length] == module.as_bytes()[..length]
}

fn named_files(fs: &dyn FileSystem, config: &LoadConfig<'_>) -> Result<Match, String> {
    let mut common: Option<(PathBuf, String)> = None;
    let mut files = Vec::new();
    for pattern in &config.patterns {
        if !pattern.ends_with(".go") {
            let message = format!("named files must be .go files: {pattern}");
            return Ok(Match::Failed(LoadError::general(message)));
        }
    }
    for pattern in &config.patterns {
        let path = fs::clean(&config.work_dir.join(pattern));
        match fs.kind(&path) {
            Err(_) => {
                return Err(format!("stat {pattern}: no such file or directory"));
            }
            Ok(FileKind::Dir) => return Err(format!("{pattern} is a directory, should be a Go file")),
            Ok(_) => {}
        }
        let written = Path::new(pattern).parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let written = fs::clean(written).display().to_string();
        let dir = path.parent().unwrap_or(Path::new("/")).to_owned();
        let (first, first_written) = common.get_or_insert_with(|| (dir.clone(), written.clone()));
        if *first != dir {
            return Err(format!("named files must all be in one directory; have {first_written} and {written}"));
        }
        files.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    }
    files.sort();
    let (dir, _) = common.expect("named_files: at least one pattern is a file");
    Ok(Match::Files { dir, files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, name, matches) in [
            ("...", "a/b", true),
            ("a/...", "a", true),
            ("a/...", "a/b/c", true),
            ("a/...", "ab", false),
            ("a...", "ab/c", true),
            (".../x", "a/x", true),
            (".../x", "x", false),
            ("a/.../x", "a/b/x", true),
            ("a/.../x", "a/x", false),
        ] {
            assert_eq!(wildcard_matches(pattern, name), matches, "{pattern} {name}");
        }
    }

    #[test]
    fn canonical_patterns() {
        for (pattern, cleaned) in
            [("./a/", "./a"), ("./", "."), (".", "."), ("a//b", "a/b"), ("../x/.", "../x"), ("./...", "./...")]
        {
            assert_eq!(clean_pattern(pattern), cleaned);
        }
    }
}
