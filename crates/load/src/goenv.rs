//! The go command's settings.
//!
//! Three layers, the first with a non-empty value wins: the environment; the file that `go env -w` writes (`$GOENV`,
//! by default `go/env` in the user's configuration directory); `go.env` of the SDK. Which SDK that is depends on the
//! first two, so it is added once the SDK is known ([`GoEnv::add_sdk`]).
//!
//! The environment is an argument: nothing here looks at the process.

use crate::fs::FileSystem;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Settings after layering.
#[derive(Clone, Debug, Default)]
pub struct GoEnv {
    environment: BTreeMap<String, String>,
    /// Of the `go env -w` file, then of the SDK.
    files: BTreeMap<String, String>,
    /// Where the `go env -w` file is, whether or not it exists; `None` for `GOENV=off` or an unknown home.
    goenv: Option<PathBuf>,
}

impl GoEnv {
    /// Takes the environment and reads the `go env -w` file that it points to.
    pub fn read(fs: &dyn FileSystem, environment: impl IntoIterator<Item = (String, String)>) -> GoEnv {
        let mut env = GoEnv { environment: environment.into_iter().collect(), ..GoEnv::default() };
        env.goenv = match env.variable("GOENV") {
            "off" => None,
            "" => env.user_config_dir().map(|dir| dir.join("go/env")),
            path => Some(PathBuf::from(path)),
        };
        if let Some(path) = env.goenv.clone() {
            env.add_file(fs, &path);
        }
        env
    }

    /// Adds what the SDK itself sets.
    pub fn add_sdk(&mut self, fs: &dyn FileSystem, goroot: &Path) {
        self.add_file(fs, &goroot.join("go.env"));
    }

    /// The setting, empty if nothing sets it.
    pub fn get(&self, name: &str) -> &str {
        match self.variable(name) {
            "" => self.files.get(name).map_or("", String::as_str),
            value => value,
        }
    }

    /// Of the environment alone, empty if it is not set.
    pub fn variable(&self, name: &str) -> &str {
        self.environment.get(name).map_or("", String::as_str)
    }

    pub fn goenv(&self) -> Option<&Path> {
        self.goenv.as_deref()
    }

    /// GOPATH, by default `go` in the home directory.
    pub fn gopath(&self) -> PathBuf {
        match self.get("GOPATH") {
            "" => self.home().map(|home| home.join("go")).unwrap_or_default(),
            path => PathBuf::from(path),
        }
    }

    /// GOMODCACHE, by default `pkg/mod` in the first GOPATH directory.
    pub fn gomodcache(&self) -> PathBuf {
        match self.get("GOMODCACHE") {
            "" => std::env::split_paths(&self.gopath()).next().unwrap_or_default().join("pkg/mod"),
            path => PathBuf::from(path),
        }
    }

    pub fn home(&self) -> Option<PathBuf> {
        self.directory(if cfg!(windows) { "USERPROFILE" } else { "HOME" })
    }

    /// As Go's `os.UserConfigDir`.
    fn user_config_dir(&self) -> Option<PathBuf> {
        if cfg!(windows) {
            self.directory("AppData")
        } else if cfg!(target_os = "macos") {
            Some(self.home()?.join("Library/Application Support"))
        } else {
            self.directory("XDG_CONFIG_HOME").or_else(|| Some(self.home()?.join(".config")))
        }
    }

    /// As Go's `os.UserCacheDir`.
    pub fn user_cache_dir(&self) -> Option<PathBuf> {
        if cfg!(windows) {
            self.directory("LocalAppData")
        } else if cfg!(target_os = "macos") {
            Some(self.home()?.join("Library/Caches"))
        } else {
            self.directory("XDG_CACHE_HOME").or_else(|| Some(self.home()?.join(".cache")))
        }
    }

    fn directory(&self, variable: &str) -> Option<PathBuf> {
        Some(self.variable(variable)).filter(|dir| !dir.is_empty()).map(PathBuf::from)
    }

    /// Lines `NAME=value`; anything else is skipped, as the go command does. Earlier files win.
    fn add_file(&mut self, fs: &dyn FileSystem, path: &Path) {
        let Ok(text) = fs.read(path) else { return };
        for line in String::from_utf8_lossy(&text).split('\n') {
            let Some((name, value)) = line.split_once('=') else { continue };
            if name.starts_with(|first: char| first.is_ascii_uppercase()) && !self.files.contains_key(name) {
                self.files.insert(name.to_owned(), value.trim_end_matches('\r').to_owned());
            }
        }
    }
}

/// Splits a list of words where quotes keep spaces together (GOFLAGS, `-gcflags`): a word may be quoted as a whole,
/// in single or double quotes, without escapes.
pub fn split_quoted(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t', '\n', '\r']);
    while let Some(first) = rest.chars().next() {
        if first == '"' || first == '\'' {
            let Some(end) = rest[1..].find(first) else {
                return Err(format!("unterminated {first} string"));
            };
            words.push(rest[1..1 + end].to_owned());
            rest = &rest[end + 2..];
        } else {
            let end = rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
            words.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::MemoryFileSystem;

    fn read(files: &MemoryFileSystem, pairs: &[(&str, &str)]) -> GoEnv {
        GoEnv::read(files, pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_environment_wins_over_the_files() {
        let mut files = MemoryFileSystem::new();
        files.add("/c/env", "GOFLAGS=-v\nGOPROXY=off\n# GOOS=js\nbroken\n");
        files.add("/sdk/go.env", "GOPROXY=direct\nGOTOOLCHAIN=local\n");
        let mut env = read(&files, &[("GOENV", "/c/env"), ("GOFLAGS", "-x"), ("GOTOOLCHAIN", "")]);
        env.add_sdk(&files, Path::new("/sdk"));
        assert_eq!(env.get("GOFLAGS"), "-x");
        assert_eq!(env.get("GOPROXY"), "off");
        assert_eq!(env.get("GOTOOLCHAIN"), "local");
        assert_eq!(env.get("GOOS"), "");
    }

    #[test]
    fn directories() {
        let files = MemoryFileSystem::new();
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        let cache = |pairs: &[(&str, &str)]| read(&files, pairs).gomodcache();
        assert_eq!(cache(&[(home, "/h/gopher")]), Path::new("/h/gopher/go/pkg/mod"));
        assert_eq!(cache(&[(home, "/h/gopher"), ("GOPATH", "/p:/q")]), Path::new("/p/pkg/mod"));
        assert_eq!(cache(&[("GOPATH", "/p"), ("GOMODCACHE", "/m")]), Path::new("/m"));
        assert_eq!(read(&files, &[("GOENV", "off"), (home, "/h")]).goenv(), None);
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(split_quoted(" -X 'a.b=c d' \"\" -s").unwrap(), ["-X", "a.b=c d", "", "-s"]);
        assert_eq!(split_quoted("-X 'a"), Err("unterminated ' string".to_owned()));
    }
}
