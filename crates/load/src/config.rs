//! What a load is asked for. Everything that `go` takes from flags and environment comes in through here; the loader
//! itself never looks at the process.

use crate::context::BuildContext;
use crate::fs::FileSystem;
use crate::overlay::Overlay;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub struct LoadConfig<'a> {
    pub ctx: BuildContext,
    /// Absolute; patterns and shown paths are relative to it.
    pub work_dir: PathBuf,
    /// Packages, directories or files to load; empty means the package in `work_dir`.
    pub patterns: Vec<String>,
    /// `-mod`.
    pub mod_flag: Option<ModFlag>,
    /// `-modfile`.
    pub mod_file: Option<PathBuf>,
    pub env: GoEnv,
    /// Packages that the toolchain brings along. `None`: the SDK's own sources, unchanged.
    pub overlay: Option<&'a Overlay>,
    /// Loaded with every package main, imported or not: the runtime.
    pub implicit_imports: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModFlag {
    Readonly,
    Vendor,
    Mod,
}

impl ModFlag {
    pub fn parse(text: &str) -> Option<ModFlag> {
        match text {
            "readonly" => Some(ModFlag::Readonly),
            "vendor" => Some(ModFlag::Vendor),
            "mod" => Some(ModFlag::Mod),
            _ => None,
        }
    }
    pub fn as_str(self) -> &'static str {
        match self {
            ModFlag::Readonly => "readonly",
            ModFlag::Vendor => "vendor",
            ModFlag::Mod => "mod",
        }
    }
}

/// The `go env` values that decide where packages are.
#[derive(Clone, Debug, Default)]
pub struct GoEnv {
    /// The module cache.
    pub mod_cache: PathBuf,
    /// GOWORK: empty, `off`, or a go.work file.
    pub work: String,
    /// GO111MODULE: `off` is refused, since GOPATH mode is not supported.
    pub modules: String,
    /// GOFLAGS, not applied here: see [`split_go_flags`].
    pub flags: String,
    /// GOEXPERIMENT.
    pub experiments: String,
}

impl GoEnv {
    /// `variable` reads the environment (an empty value counts as unset), `config_dir` and `home` are the user's. The
    /// files behind `go env -w` and `$GOROOT/go.env` supply what the environment leaves out.
    pub fn read(
        fs: &dyn FileSystem,
        goroot: &Path,
        config_dir: Option<&Path>,
        home: Option<&Path>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> GoEnv {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut defaults: BTreeMap<String, String> = BTreeMap::new();
        defaults.extend(env_file(fs, &goroot.join("go.env")));
        match set("GOENV") {
            Some(file) if file == "off" => {}
            Some(file) => defaults.extend(env_file(fs, Path::new(&file))),
            None => defaults.extend(config_dir.into_iter().flat_map(|dir| env_file(fs, &dir.join("go/env")))),
        }
        let get = |name: &str| set(name).or_else(|| defaults.get(name).cloned()).unwrap_or_default();
        let mod_cache = match get("GOMODCACHE") {
            dir if !dir.is_empty() => PathBuf::from(dir),
            _ => {
                let list = get("GOPATH");
                let first = std::env::split_paths(&list).next().filter(|path| !path.as_os_str().is_empty());
                let go_path = first.or_else(|| home.map(|home| home.join("go"))).unwrap_or_default();
                go_path.join("pkg/mod")
            }
        };
        GoEnv {
            mod_cache,
            work: get("GOWORK"),
            modules: get("GO111MODULE"),
            flags: get("GOFLAGS"),
            experiments: get("GOEXPERIMENT"),
        }
    }
}

/// `NAME=value` lines.
fn env_file(fs: &dyn FileSystem, path: &Path) -> Vec<(String, String)> {
    let Ok(text) = fs.read(path) else { return Vec::new() };
    String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|line| line.trim().split_once('='))
        .filter(|(name, _)| name.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The flags in GOFLAGS, each of which must look like a flag. Quotes group, as in a shell without escapes.
pub fn split_go_flags(text: &str) -> Result<Vec<String>, String> {
    let mut flags = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (flag, after) = match first {
            '"' | '\'' => {
                let inner = &rest[1..];
                let end =
                    inner.find(first).ok_or_else(|| format!("go: parsing $GOFLAGS: unterminated {first} string"))?;
                (&inner[..end], &inner[end + 1..])
            }
            _ => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        if !flag.starts_with('-') || flag == "-" || flag == "--" || flag.starts_with("---") || flag.starts_with("-=") {
            return Err(format!("go: parsing $GOFLAGS: non-flag {flag:?}"));
        }
        flags.push(flag.to_owned());
        rest = after.trim_start();
    }
    Ok(flags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::MemoryFileSystem;

    #[test]
    fn where_values_come_from() {
        let mut files = MemoryFileSystem::new();
        files.add("/goroot/go.env", "GOFLAGS=-a\nGOWORK=off\n# no\n");
        files.add("/home/c/go/env", "GOFLAGS=-mod=mod\n");
        let read = |vars: &[(&str, &str)]| {
            let vars: BTreeMap<String, String> = vars.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
            let variable = |name: &str| vars.get(name).cloned();
            GoEnv::read(&files, Path::new("/goroot"), Some(Path::new("/home/c")), Some(Path::new("/home")), &variable)
        };
        let env = read(&[("GOWORK", "/w/go.work")]);
        assert_eq!((env.flags.as_str(), env.work.as_str()), ("-mod=mod", "/w/go.work"));
        assert_eq!(env.mod_cache, Path::new("/home/go/pkg/mod"));
        assert_eq!(read(&[("GOPATH", "/p:/q"), ("GOENV", "off")]).mod_cache, Path::new("/p/pkg/mod"));
        assert_eq!(read(&[("GOMODCACHE", "/m")]).mod_cache, Path::new("/m"));
    }

    #[test]
    fn flags() {
        assert_eq!(split_go_flags(" -mod=mod '-tags=a b' ").unwrap(), ["-mod=mod", "-tags=a b"]);
        assert!(split_go_flags("mod").is_err() && split_go_flags("'-x").is_err());
    }
}
