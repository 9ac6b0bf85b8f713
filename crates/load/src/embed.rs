//! `//go:embed` patterns to lists of files.
//!
//! A pattern is matched element by element below the package's directory; directories are walked, leaving out what
//! would not be in a module's archive: other modules, links, version control folders, and (unless the pattern starts
//! with `all:`) names that start with `.` or `_`.

use crate::explore::Read;
use crate::fs::{FileKind, FileSystem};
use crate::graph::Embed;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) struct EmbedError {
    pub file: usize,
    pub offset: usize,
    pub message: String,
}

/// Resolves all patterns of a package, in the order of their text; the first failure is the package's.
pub(crate) fn resolve(fs: &dyn FileSystem, read: &Read) -> Result<Vec<Embed>, EmbedError> {
    let mut patterns: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (index, file) in read.scanned.files.iter().enumerate() {
        for embed in &file.header.embeds {
            patterns.entry(&embed.pattern).or_insert((index, embed.offset));
        }
    }
    let mut embeds = Vec::with_capacity(patterns.len());
    for (pattern, (file, offset)) in patterns {
        let matched = match_pattern(fs, &read.scanned.dir, pattern);
        let files = matched
            .map_err(|cause| EmbedError { file, offset, message: format!("pattern {pattern}: {cause}") })?
            .into_iter()
            .collect();
        embeds.push(Embed { pattern: pattern.to_owned(), files });
    }
    Ok(embeds)
}

fn match_pattern(fs: &dyn FileSystem, dir: &Path, pattern: &str) -> Result<BTreeSet<String>, String> {
    let (glob, all) = match pattern.strip_prefix("all:") {
        Some(glob) => (glob, true),
        None => (pattern, false),
    };
    let elements: Vec<Option<Vec<Part>>> = glob.split('/').map(parse_glob).collect();
    if !is_valid_pattern(glob) || elements.iter().any(Option::is_none) {
        return Err("invalid pattern syntax".into());
    }
    let mut matches = vec![String::new()];
    for element in elements.into_iter().flatten() {
        matches = expand_element(fs, dir, matches, &element);
    }
    let mut files = BTreeSet::new();
    for relative in matches {
        add_match(fs, dir, &relative, all, &mut files)?;
    }
    if files.is_empty() {
        return Err("no matching files found".into());
    }
    Ok(files)
}

/// Like `io/fs.ValidPath`: no empty, `.` or `..` elements; nor `.` alone, since what is there but Go files is not meant.
fn is_valid_pattern(glob: &str) -> bool {
    glob.split('/').all(|element| !matches!(element, "" | "." | ".."))
}

fn expand_element(fs: &dyn FileSystem, dir: &Path, parents: Vec<String>, element: &[Part]) -> Vec<String> {
    let mut found = Vec::new();
    for parent in parents {
        let join = |name: &str| if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") };
        let literal: Option<String> =
            element.iter().map(|part| if let Part::Char(c) = part { Some(*c) } else { None }).collect();
        if let Some(name) = literal {
            let path = join(&name);
            if fs.link_kind(&dir.join(&path)).is_ok() {
                found.push(path);
            }
            continue;
        }
        let Ok(entries) = fs.read_dir(&dir.join(&parent)) else { continue };
        found.extend(entries.iter().filter(|entry| glob_matches(element, &entry.name)).map(|entry| join(&entry.name)));
    }
    found
}

fn add_match(
    fs: &dyn FileSystem,
    dir: &Path,
    relative: &str,
    all: bool,
    files: &mut BTreeSet<String>,
) -> Result<(), String> {
    let path = dir.join(relative);
    if let Some(name) = relative.rsplit('/').find(|name| name.contains(char::REPLACEMENT_CHARACTER)) {
        return Err(format!("cannot embed file {relative}: invalid name {name}")); // not UTF-8, or as good as that
    }
    let kind = fs.link_kind(&path).map_err(|error| error.to_string())?;
    let what = if kind == FileKind::Dir { "directory" } else { "file" };
    // From the match up to the package: each level may begin another module, be no directory, or have a bad name.
    for level in crate::path::prefixes(relative) {
        let level_path = dir.join(level);
        if fs.exists(&level_path.join("go.mod")) {
            return Err(format!("cannot embed {what} {relative}: in different module"));
        }
        if level != relative && fs.link_kind(&level_path).is_ok_and(|kind| kind != FileKind::Dir) {
            return Err(format!("cannot embed {what} {relative}: in non-directory {level}"));
        }
        let name = level.rsplit('/').next().unwrap_or(level);
        if is_bad_name(name) {
            return Err(if level == relative {
                format!("cannot embed {what} {relative}: invalid name {name}")
            } else {
                format!("cannot embed {what} {relative}: in invalid directory {name}")
            });
        }
    }
    match kind {
        FileKind::File => {
            files.insert(relative.to_owned());
            Ok(())
        }
        FileKind::Dir => {
            let before = files.len();
            let mut seen = 0;
            walk(fs, &path, relative, all, files, &mut seen)?;
            if seen == 0 && files.len() == before {
                return Err(format!("cannot embed directory {relative}: contains no embeddable files"));
            }
            Ok(())
        }
        FileKind::Symlink | FileKind::Other => Err(format!("cannot embed irregular file {relative}")),
    }
}

/// Adds the files in the tree under `dir`, whose path from the package is `relative`.
fn walk(
    fs: &dyn FileSystem,
    dir: &Path,
    relative: &str,
    all: bool,
    files: &mut BTreeSet<String>,
    seen: &mut usize,
) -> Result<(), String> {
    let mut pending = vec![(dir.to_owned(), relative.to_owned())];
    while let Some((dir, relative)) = pending.pop() {
        for entry in fs.read_dir(&dir).map_err(|error| error.to_string())? {
            let name = entry.name.as_str();
            let path = format!("{relative}/{name}");
            let hidden = name.starts_with(['.', '_']);
            if is_bad_name(name) || (hidden && !all) {
                if entry.kind == FileKind::Dir || hidden {
                    continue;
                }
                return Err(format!("cannot embed file {path}: invalid name {name}"));
            }
            match entry.kind {
                FileKind::Dir if fs.exists(&dir.join(name).join("go.mod")) => {}
                FileKind::Dir => pending.push((dir.join(name), path)),
                FileKind::File => {
                    *seen += 1;
                    files.insert(path);
                }
                FileKind::Symlink | FileKind::Other => {}
            }
        }
    }
    Ok(())
}

/// Names that cannot be in a module's archive.
fn is_bad_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || " !#$%&()+,-.=@[]^_{}~".contains(c);
    name.is_empty()
        || matches!(name, ".bzr" | ".hg" | ".git" | ".svn")
        || name.ends_with('.')
        || !name.chars().all(allowed)
}

enum Part {
    Char(char),
    Any,
    Star,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

/// One element of a pattern in the syntax of Go's `path.Match`; `None` if it is malformed.
fn parse_glob(element: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut chars = element.chars().peekable();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' => Part::Star,
            '?' => Part::Any,
            '\\' => Part::Char(chars.next()?),
            '[' => {
                let negated = chars.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while chars.peek() != Some(&']') || ranges.is_empty() {
                    let mut bound = || match chars.next()? {
                        '\\' => chars.next(),
                        '-' | ']' => None,
                        c => Some(c),
                    };
                    let low = bound()?;
                    let high = if chars.next_if_eq(&'-').is_some() {
                        match chars.next()? {
                            '\\' => chars.next()?,
                            '-' | ']' => return None,
                            c => c,
                        }
                    } else {
                        low
                    };
                    ranges.push((low, high));
                }
                chars.next();
                Part::Class { negated, ranges }
            }
            c => Part::Char(c),
        });
    }
    Some(parts)
}

/// Remembers the last star only, which is enough for globs and keeps the time within length times length.
fn glob_matches(parts: &[Part], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let (mut part, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        let matched = match parts.get(part) {
            Some(Part::Star) => {
                star = Some((part, at));
                part += 1;
                continue;
            }
            Some(Part::Any) => true,
            Some(Part::Char(c)) => *c == name[at],
            Some(Part::Class { negated, ranges }) => {
                ranges.iter().any(|&(low, high)| low <= name[at] && name[at] <= high) != *negated
            }
            None => false,
        };
        if matched {
            part += 1;
            at += 1;
        } else if let Some((star_part, star_at)) = star {
            part = star_part + 1;
            at = star_at + 1;
            star = Some((star_part, star_at + 1));
        } else {
            return false;
        }
    }
    parts[part..].iter().all(|part| matches!(part, Part::Star))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::MemoryFileSystem;

    fn tree() -> MemoryFileSystem {
        let mut files = MemoryFileSystem::new();
        for name in ["a.txt", "b.txt", "d/x", "d/.h", "d/_u", "d/e/y", "m/go.mod", "m/z", "bad/o*", ".git/c", "only/.h"]
        {
            files.add(format!("/p/{name}"), "");
        }
        files
    }

    #[test]
    fn patterns() {
        let files = tree();
        let found =
            |pattern: &str| match_pattern(&files, Path::new("/p"), pattern).map(|set| Vec::from_iter(set).join(" "));
        for (pattern, expected) in [
            ("a.txt", Ok("a.txt")),
            ("*.txt", Ok("a.txt b.txt")),
            ("[b-c].txt", Ok("b.txt")),
            ("d", Ok("d/e/y d/x")),
            ("all:d", Ok("d/.h d/_u d/e/y d/x")),
            ("d/*", Ok("d/.h d/_u d/e/y d/x")),
            ("x", Err("no matching files found")),
            ("../p", Err("invalid pattern syntax")),
            (".", Err("invalid pattern syntax")),
            ("all:.", Err("invalid pattern syntax")),
            ("[", Err("invalid pattern syntax")),
            ("m/z", Err("cannot embed file m/z: in different module")),
            (".git", Err("cannot embed directory .git: invalid name .git")),
            (".git/c", Err("cannot embed file .git/c: in invalid directory .git")),
            ("bad/*", Err("cannot embed file bad/o*: invalid name o*")),
            ("only", Err("cannot embed directory only: contains no embeddable files")),
        ] {
            assert_eq!(found(pattern).as_deref().map_err(String::as_str), expected, "{pattern}");
        }
    }
}
