//! Runs the command on each file of `tests/cli` and compares what it says.
//!
//! A case is one file: directives, then sections `-- name --`. All sections are files that the command finds in its
//! working directory, except `stdout` and `stderr`, which hold the expectation.
//!
//! ```text
//! # A comment: what the case is about.
//! args: build -o out.wasm .
//! env: GOOS=js
//! exit: 1
//! -- go.mod --
//! module example/m
//! -- stderr --
//! …
//! ```
//!
//! Further directives: `symlink: name -> target`; `creates: name`, a file that the command must leave behind (any other
//! new file fails the case); `pending: reason`, a case whose expectation does not hold yet (it fails as soon as it
//! does hold). `$WORK` stands for the working directory and `$GOROOT` for the SDK, in directives and expectations;
//! expectations may also speak of its `$GOVERSION` (1.26.8) and `$GORELEASE` (go1.26). In files,
//! names and arguments, `\xff` is that byte, which is no UTF-8; in their text
//! `@repeat(200000,"(")@` and `@random(4096)@` are replaced by what they say. `BLESS=1` rewrites expectations.
//!
//! No command may take more time or memory than the limits below, whatever it is given.

#![allow(clippy::disallowed_methods)] // tests read files and run programs

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Optimised, every case is done in a fraction of this.
const TIME_LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });

/// Of resident memory, where the system tells it.
const MEMORY_LIMIT: u64 = 1 << 30;

#[test]
fn cases() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    assert!(!paths.is_empty(), "no cases in {}", dir.display());
    let Some(goroot) = testing::goroot().map(|goroot| goroot.display().to_string()) else { return };
    let mut failures = String::new();
    let mut pending = 0;
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let case = Case::parse(&text);
        let actual = case.run(path, &goroot);
        let expected = Outcome { stderr: for_sdk(&case.expected.stderr, &goroot), ..case.expected.clone() };
        let name = path.file_stem().unwrap().to_string_lossy();
        match (&case.pending, actual == expected) {
            (None, true) => {}
            (Some(_), false) => pending += 1,
            (Some(reason), true) => {
                let _ = writeln!(failures, "{name}: holds now, though marked as pending ({reason}): remove the line");
            }
            (None, false) if testing::is_blessing() => {
                std::fs::write(path, case.with_expectation(&actual)).unwrap();
            }
            (None, false) => {
                let _ = writeln!(failures, "{name}: expected\n{}\ngot\n{}", expected.show(), actual.show());
            }
        }
    }
    println!("{} cases, {pending} of them pending", paths.len());
    assert!(failures.is_empty(), "\n{failures}");
}

#[derive(Clone, PartialEq, Eq, Default)]
struct Outcome {
    exit: Option<i32>,
    stdout: String,
    stderr: String,
    created: BTreeSet<String>,
}

impl Outcome {
    fn show(&self) -> String {
        let created: Vec<&str> = self.created.iter().map(String::as_str).collect();
        let exit = self.exit.map_or("killed".to_owned(), |exit| exit.to_string());
        format!(
            "exit: {exit}\ncreates: {}\n-- stdout --\n{}-- stderr --\n{}",
            created.join(" "),
            self.stdout,
            self.stderr
        )
    }
}

#[derive(Default)]
struct Case<'a> {
    /// The text before the first section, as it stands.
    header: &'a str,
    args: Vec<&'a str>,
    env: Vec<(&'a str, &'a str)>,
    symlinks: Vec<(&'a str, &'a str)>,
    pending: Option<&'a str>,
    files: Vec<(&'a str, String)>,
    expected: Outcome,
}

impl<'a> Case<'a> {
    fn parse(text: &'a str) -> Case<'a> {
        let mut case = Case { header: text, ..Case::default() };
        let mut sections: Vec<(&str, String)> = Vec::new();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
            match (name, sections.last_mut()) {
                (Some(name), last) => {
                    if last.is_none() {
                        case.header = &text[..offset];
                    }
                    sections.push((name, String::new()));
                }
                (None, Some((_, content))) => content.push_str(line),
                (None, None) => case.directive(line.trim()),
            }
            offset += line.len();
        }
        for (name, content) in sections {
            match name {
                "stdout" => case.expected.stdout = content,
                "stderr" => case.expected.stderr = content,
                _ => case.files.push((name, content)),
            }
        }
        case
    }

    fn directive(&mut self, line: &'a str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("not a directive: {line}"));
        let value = value.trim();
        let pair = |separator: &str| value.split_once(separator).unwrap_or_else(|| panic!("no {separator} in {line}"));
        match name {
            "args" => self.args = value.split_whitespace().collect(),
            "env" => self.env.push(pair("=")),
            "exit" => self.expected.exit = Some(value.parse().unwrap()),
            "symlink" => self.symlinks.push(pair(" -> ")),
            "creates" => self.expected.created = value.split_whitespace().map(str::to_owned).collect(),
            "pending" => self.pending = Some(value),
            _ => panic!("unknown directive {name}"),
        }
    }

    fn run(&self, path: &Path, goroot: &str) -> Outcome {
        let name = path.file_stem().unwrap().to_string_lossy();
        let work = std::env::temp_dir().join(format!("gossamer-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&work).unwrap();
        let work = work.canonicalize().unwrap();
        for (name, content) in &self.files {
            let path = work.join(bytes(name));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, generate(content)).unwrap();
        }
        for (name, target) in &self.symlinks {
            #[cfg(unix)]
            std::os::unix::fs::symlink(target, work.join(name)).unwrap();
            #[cfg(not(unix))]
            std::fs::copy(work.join(target), work.join(name)).unwrap();
        }
        let work_text = work.display().to_string();
        let expand = |text: &str| text.replace("$WORK", &work_text).replace("$GOROOT", goroot);
        let before = files_below(&work);
        let mut command = Command::new(env!("CARGO_BIN_EXE_gossamer"));
        command.args(self.args.iter().map(|arg| bytes(&expand(arg)))).current_dir(&work).env_clear();
        command.env("HOME", &work).env("GOENV", "off").env("GOROOT", goroot);
        command.envs(self.env.iter().map(|(name, value)| (name, expand(value))));
        let (exit, stdout, stderr) = run_limited(&mut command);
        let created = files_below(&work).difference(&before).cloned().collect();
        std::fs::remove_dir_all(&work).unwrap();
        let contract = |text: String| text.replace(&work_text, "$WORK").replace(goroot, "$GOROOT");
        Outcome { exit, stdout: contract(stdout), stderr: contract(stderr), created }
    }

    /// The case's text with another expectation.
    fn with_expectation(&self, actual: &Outcome) -> String {
        let mut text = String::new();
        for line in self.header.lines().filter(|line| !line.starts_with("exit:") && !line.starts_with("creates:")) {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "exit: {}", actual.exit.expect("a killed command is nothing to expect"));
        if !actual.created.is_empty() {
            let created: Vec<&str> = actual.created.iter().map(String::as_str).collect();
            let _ = writeln!(text, "creates: {}", created.join(" "));
        }
        for (name, content) in &self.files {
            let _ = write!(text, "-- {name} --\n{content}");
        }
        for (name, content) in [("stdout", &actual.stdout), ("stderr", &actual.stderr)] {
            if !content.is_empty() {
                let _ = write!(text, "-- {name} --\n{content}");
            }
        }
        text
    }
}

/// A name with `\xff` in it, byte for byte.
fn bytes(name: &str) -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let parts: Vec<&[u8]> = name.split("\\xff").map(str::as_bytes).collect();
        OsString::from_vec(parts.join(&0xff))
    }
    #[cfg(not(unix))]
    name.into()
}

/// Exit code (`None` if killed by a signal or for exceeding a limit), standard output, standard error.
fn run_limited(command: &mut Command) -> (Option<i32>, String, String) {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let read = |mut pipe: Box<dyn std::io::Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = read(Box::new(child.stdout.take().unwrap()));
    let stderr = read(Box::new(child.stderr.take().unwrap()));
    let start = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code(),
            None if start.elapsed() > TIME_LIMIT || resident_memory(child.id()) > MEMORY_LIMIT => {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    (status, stdout.join().unwrap(), stderr.join().unwrap())
}

/// In bytes; 0 if the process is gone or the system does not say.
fn resident_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().map_or(0, |kibibytes: u64| kibibytes << 10)
}

/// An expectation with the version of the SDK filled in.
fn for_sdk(expectation: &str, goroot: &str) -> String {
    let text = std::fs::read_to_string(Path::new(goroot).join("VERSION")).unwrap();
    let version = text.lines().next().unwrap().trim_start_matches("go");
    let release: Vec<&str> = version.split('.').take(2).collect();
    expectation.replace("$GOVERSION", version).replace("$GORELEASE", &format!("go{}", release.join(".")))
}

/// Relative paths of all files below `dir`.
fn files_below(dir: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(next) = dirs.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                dirs.push(entry.path());
            } else {
                files.insert(entry.path().strip_prefix(dir).unwrap().display().to_string());
            }
        }
    }
    files
}

/// Replaces `@repeat(count,"text")@` and `@random(count)@`.
fn generate(content: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = content;
    while let Some(start) = rest.find("@re").into_iter().chain(rest.find("@random(")).min() {
        bytes.extend_from_slice(&rest.as_bytes()[..start]);
        let end = start + rest[start..].find(")@").expect("an unfinished @generator(…)@");
        let (name, arguments) = rest[start + 1..end].split_once('(').unwrap();
        match name {
            "repeat" => {
                let (count, text) = arguments.split_once(',').unwrap();
                bytes.extend(text.trim_matches('"').repeat(count.parse().unwrap()).bytes());
            }
            "random" => bytes.extend(random_bytes(arguments.parse().unwrap())),
            _ => panic!("unknown generator {name}"),
        }
        rest = &rest[end + 2..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// Always the same bytes (xorshift).
fn random_bytes(count: usize) -> impl Iterator<Item = u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
    .take(count)
}
