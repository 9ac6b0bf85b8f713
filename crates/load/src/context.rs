//! What a build is for: GOOS, tags, experiments. Decides which files belong to a package.

use crate::constraint::Expr;
use crate::experiments::Experiments;
use crate::version::GoVersion;
use base::LangVersion;
use std::fmt;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Goos {
    Js,
    Wasip1,
}

impl Goos {
    pub const ALL: [Goos; 2] = [Goos::Js, Goos::Wasip1];

    pub fn from_name(name: &str) -> Option<Goos> {
        Goos::ALL.into_iter().find(|goos| goos.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Goos::Js => "js",
            Goos::Wasip1 => "wasip1",
        }
    }
}

impl fmt::Display for Goos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Words that are operating systems in file names, though few of them can be built for here.
const KNOWN_OS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

const KNOWN_ARCH: &[&str] = &[
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "arm64",
    "arm64be",
    "armbe",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "mipsle",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

#[derive(Clone, Debug)]
pub struct BuildContext {
    pub goroot: PathBuf,
    /// Of the SDK in `goroot`.
    pub go_version: GoVersion,
    pub goos: Goos,
    /// `-tags`.
    pub build_tags: Vec<String>,
    /// `goexperiment.X` for each experiment in force, and the wasm features that Go always assumes.
    pub tool_tags: Vec<String>,
}

impl BuildContext {
    pub fn new(
        goroot: &Path,
        go_version: GoVersion,
        goos: Goos,
        build_tags: Vec<String>,
        experiments: &Experiments,
    ) -> BuildContext {
        BuildContext { goroot: goroot.to_owned(), go_version, goos, build_tags, tool_tags: experiments.tool_tags() }
    }

    pub fn goroot_src(&self) -> PathBuf {
        self.goroot.join("src")
    }

    /// The language version that the SDK itself is written in.
    pub fn lang(&self) -> LangVersion {
        self.go_version.lang()
    }

    pub fn matches_tag(&self, tag: &str) -> bool {
        if tag == self.goos.name() || tag == "wasm" || tag == "gc" {
            return true;
        }
        let tag = if tag == "boringcrypto" { "goexperiment.boringcrypto" } else { tag };
        if let Some(minor) = tag.strip_prefix("go1.")
            && !minor.starts_with('0')
            && let Ok(minor) = minor.parse::<u32>()
            && minor <= self.go_version.minor
        {
            return true;
        }
        self.build_tags.iter().chain(&self.tool_tags).any(|known| known == tag)
    }

    pub fn matches(&self, expr: &Expr) -> bool {
        expr.eval(&|tag| self.matches_tag(tag))
    }

    /// Whether `name_GOOS_GOARCH.go` and its like are for this build. `linux.go` has no constraint: only what follows
    /// the first `_` counts.
    pub fn matches_file_name(&self, name: &str) -> bool {
        let stem = name.split('.').next().unwrap_or(name);
        let Some(first) = stem.find('_') else { return true };
        let stem = &stem[first..];
        let stem = stem.strip_suffix("_test").unwrap_or(stem);
        let mut words = stem.rsplit('_');
        let last = words.next().unwrap_or("");
        let before = words.next().unwrap_or("");
        if KNOWN_OS.contains(&before) && KNOWN_ARCH.contains(&last) {
            return self.matches_tag(last) && self.matches_tag(before);
        }
        if KNOWN_OS.contains(&last) || KNOWN_ARCH.contains(&last) {
            return self.matches_tag(last);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> BuildContext {
        let experiments = Experiments::from_sources(
            "type Flags struct {\n\tGreenTeaGC bool\n\tJSONv2 bool\n}\n",
            "\tbaseline := goexperiment.Flags{\n\t\tGreenTeaGC: true,\n\t}\n",
        );
        let version = GoVersion::release(26, 8);
        BuildContext::new(Path::new("/goroot"), version, Goos::Wasip1, vec!["mine".into()], &experiments)
    }

    #[test]
    fn tags() {
        let ctx = context();
        for tag in ["wasip1", "wasm", "gc", "mine", "go1.1", "go1.26", "wasm.signext", "goexperiment.greenteagc"] {
            assert!(ctx.matches_tag(tag), "{tag}");
        }
        for tag in
            ["js", "linux", "unix", "cgo", "go1.27", "go1", "go1.0", "go1.026", "goexperiment.jsonv2", "boringcrypto"]
        {
            assert!(!ctx.matches_tag(tag), "{tag}");
        }
    }

    #[test]
    fn file_names() {
        let ctx = context();
        for name in [
            "a.go",
            "linux.go",
            "a_wasip1.go",
            "a_wasm.go",
            "a_wasip1_wasm.go",
            "a_linux_x.go",
            "a_b.linux.go",
            "a_unix.go",
        ] {
            assert!(ctx.matches_file_name(name), "{name}");
        }
        for name in ["a_linux.go", "_js.go", "a_js_wasm.go", "a_wasip1_arm64.go", "a_amd64.s", "a_js_test.go"] {
            assert!(!ctx.matches_file_name(name), "{name}");
        }
    }
}
