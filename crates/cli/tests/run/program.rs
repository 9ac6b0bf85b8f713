//! A program of `tests/run`, and the lines at its head that say how to run it.
//!
//! ```go
//! //run:args one "two words"
//! //run:env NAME=value
//! //run:case name       // run once for each of these, with the name as its only argument
//! //run:goos js         // not for the other host
//! //run:official wasip1 // the expectation depends on GOARCH; else the official toolchain runs it natively
//! //run:differs js      // the official port's result for this host is its own: `name.js.out`
//! //run:trace           // traces in standard error count, as functions, files and lines
//! //run:driver driver.mjs // a reactor: Node runs this script of the folder, with the module as its argument
//! ```

use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    Wasip1,
    Js,
    /// This machine, for the official toolchain.
    Native,
}

impl Host {
    pub fn name(self) -> &'static str {
        match self {
            Host::Wasip1 => "wasip1",
            Host::Js => "js",
            Host::Native => "native",
        }
    }

    pub fn from_name(name: &str) -> Option<Host> {
        [Host::Wasip1, Host::Js, Host::Native].into_iter().find(|host| host.name() == name)
    }
}

pub struct Program {
    pub name: String,
    /// The file, or the folder.
    pub path: PathBuf,
    pub input: Vec<u8>,
    pub args: Vec<String>,
    pub env: Vec<(String, String)>,
    pub cases: Vec<String>,
    pub driver: Option<String>,
    pub traces: bool,
    /// What the official toolchain compiles it for.
    pub official: Host,
    /// Hosts with an expectation of their own.
    pub differs: Vec<Host>,
    only: Option<Host>,
}

impl Program {
    pub fn read_all(dir: &Path) -> Vec<Program> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "go"));
        paths.sort();
        assert!(!paths.is_empty(), "no programs in {}", dir.display());
        paths.into_iter().map(Program::read).collect()
    }

    fn read(path: PathBuf) -> Program {
        let main = if path.is_dir() { path.join("main.go") } else { path.clone() };
        let text = std::fs::read_to_string(&main).unwrap_or_else(|error| panic!("{}: {error}", main.display()));
        let mut program = Program {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            input: std::fs::read(path.with_extension("in")).unwrap_or_default(),
            path,
            args: Vec::new(),
            env: Vec::new(),
            cases: Vec::new(),
            driver: None,
            traces: false,
            official: Host::Native,
            differs: Vec::new(),
            only: None,
        };
        for line in text.lines().take_while(|line| !line.starts_with("package ")) {
            if let Some(directive) = line.strip_prefix("//run:") {
                program.directive(directive);
            }
        }
        program
    }

    fn directive(&mut self, text: &str) {
        let (name, value) = text.split_once(' ').unwrap_or((text, ""));
        let host = || Host::from_name(value).unwrap_or_else(|| panic!("{}: no host {value}", self.name));
        match name {
            "args" => self.args = words(value),
            "env" => {
                let (name, value) = value.split_once('=').unwrap_or_else(|| panic!("{}: env {value}", self.name));
                self.env.push((name.to_owned(), value.to_owned()));
            }
            "case" => self.cases.push(value.to_owned()),
            "goos" => (self.only, self.official) = (Some(host()), host()),
            "official" => self.official = host(),
            "differs" => self.differs.push(host()),
            "trace" => self.traces = true,
            "driver" => self.driver = Some(value.to_owned()),
            _ => panic!("{}: unknown directive {name}", self.name),
        }
    }

    pub fn runs_on(&self, host: Host) -> bool {
        self.only.is_none_or(|only| only == host)
    }

    pub fn needs_node(&self, host: Host) -> bool {
        host == Host::Js || self.driver.is_some()
    }

    /// Where the expectation for a host is written down.
    pub fn expectation(&self, host: Host) -> PathBuf {
        let extension = if self.differs.contains(&host) { format!("{}.out", host.name()) } else { "out".to_owned() };
        self.path.with_extension(extension)
    }

    pub fn expected(&self, host: Host) -> String {
        let path = self.expectation(host);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// Separated by blanks; quotes hold blanks together.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn quotes_hold_words_together() {
    assert_eq!(words(r#"one "two words" """#), ["one", "two words", ""]);
}
