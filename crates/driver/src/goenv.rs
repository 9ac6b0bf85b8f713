//! The go command's settings.
//!
//! Three layers, the first with a non-empty value wins: the environment; the file that `go env -w` writes (`$GOENV`,
//! by default `go/env` in the user's configuration directory); `GOROOT/go.env`. GOROOT itself may come from the first
//! two, from the `-goroot` flag before all, and is otherwise the SDK that the `go` command on PATH belongs to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Settings after layering.
#[derive(Clone, Debug, Default)]
pub struct GoEnv {
    process: BTreeMap<String, String>,
    /// Of the `go env -w` file, then `GOROOT/go.env`.
    files: BTreeMap<String, String>,
    /// Where the `go env -w` file is, whether or not it exists; `None` for `GOENV=off` or an unknown home.
    goenv: Option<PathBuf>,
    goroot: Option<PathBuf>,
}

impl GoEnv {
    /// Reads the files that `process` points to. `goroot` is the `-goroot` flag.
    pub fn read(process: impl IntoIterator<Item = (String, String)>, goroot: Option<&Path>) -> GoEnv {
        let mut env = GoEnv { process: process.into_iter().collect(), ..GoEnv::default() };
        env.goenv = match env.variable("GOENV") {
            "off" => None,
            "" => env.user_config_dir().map(|dir| dir.join("go/env")),
            path => Some(PathBuf::from(path)),
        };
        if let Some(text) = env.goenv.as_ref().and_then(|path| std::fs::read_to_string(path).ok()) {
            env.add_file(&text);
        }
        env.goroot = match goroot {
            Some(goroot) => Some(goroot.to_owned()),
            None => env.find_goroot(),
        };
        let sdk_file = env.goroot.as_ref().map(|goroot| goroot.join("go.env"));
        if let Some(text) = sdk_file.and_then(|path| std::fs::read_to_string(path).ok()) {
            env.add_file(&text);
        }
        env
    }

    /// The setting, empty if nothing sets it.
    pub fn get(&self, name: &str) -> &str {
        match self.variable(name) {
            "" => self.files.get(name).map_or("", String::as_str),
            value => value,
        }
    }

    /// The directory of the Go SDK; it may not exist.
    pub fn goroot(&self) -> Option<&Path> {
        self.goroot.as_deref()
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
            "" => {
                let gopath = self.gopath();
                std::env::split_paths(&gopath).next().unwrap_or_default().join("pkg/mod")
            }
            path => PathBuf::from(path),
        }
    }

    fn variable(&self, name: &str) -> &str {
        self.process.get(name).map_or("", String::as_str)
    }

    /// Lines `NAME=value`; anything else is skipped, as the go command does. Earlier files win.
    fn add_file(&mut self, text: &str) {
        for line in text.split('\n') {
            let Some((name, value)) = line.split_once('=') else { continue };
            if name.starts_with(|first: char| first.is_ascii_uppercase()) && !self.files.contains_key(name) {
                self.files.insert(name.to_owned(), value.trim_end_matches('\r').to_owned());
            }
        }
    }

    fn home(&self) -> Option<PathBuf> {
        let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        Some(self.variable(name)).filter(|home| !home.is_empty()).map(PathBuf::from)
    }

    /// As Go's `os.UserConfigDir`.
    fn user_config_dir(&self) -> Option<PathBuf> {
        if cfg!(windows) {
            return Some(self.variable("AppData")).filter(|dir| !dir.is_empty()).map(PathBuf::from);
        }
        if cfg!(target_os = "macos") {
            return self.home().map(|home| home.join("Library/Application Support"));
        }
        match self.variable("XDG_CONFIG_HOME") {
            "" => self.home().map(|home| home.join(".config")),
            dir => Some(PathBuf::from(dir)),
        }
    }

    /// GOROOT if set; else the SDK of the `go` command on PATH; else where the official installer puts it.
    fn find_goroot(&self) -> Option<PathBuf> {
        let set = self.get("GOROOT");
        if !set.is_empty() {
            return Some(PathBuf::from(set));
        }
        let command = if cfg!(windows) { "go.exe" } else { "go" };
        let is_sdk = |dir: &Path| dir.join("src/runtime").is_dir();
        std::env::split_paths(self.variable("PATH"))
            .filter_map(|dir| dir.join(command).canonicalize().ok())
            .filter_map(|command| Some(command.parent()?.parent()?.to_owned()))
            .find(|dir| is_sdk(dir))
            .or_else(|| Some(PathBuf::from("/usr/local/go")).filter(|dir| is_sdk(dir)))
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

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_environment_wins_over_the_files() {
        let dir = std::env::temp_dir().join(format!("gossamer-goenv-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("env"), "GOFLAGS=-v\nGOPROXY=off\n# GOOS=js\nbroken\n").unwrap();
        std::fs::write(dir.join("go.env"), "GOPROXY=direct\nGOTOOLCHAIN=local\n").unwrap();
        let goenv = dir.join("env").to_string_lossy().into_owned();
        let pairs = [("GOENV", goenv.as_str()), ("GOFLAGS", "-x"), ("GOTOOLCHAIN", ""), ("HOME", "/h/gopher")];
        let env = GoEnv::read(environment(&pairs), Some(&dir));
        assert_eq!(env.get("GOFLAGS"), "-x");
        assert_eq!(env.get("GOPROXY"), "off");
        assert_eq!(env.get("GOTOOLCHAIN"), "local");
        assert_eq!(env.get("GOOS"), "");
        assert_eq!(env.gomodcache(), Path::new("/h/gopher/go/pkg/mod"));
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(split_quoted(" -X 'a.b=c d' \"\" -s").unwrap(), ["-X", "a.b=c d", "", "-s"]);
        assert_eq!(split_quoted("-X 'a"), Err("unterminated ' string".to_owned()));
    }
}
