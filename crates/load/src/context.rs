//! What a build is for: GOOS, tags, experiments. Decides which files belong to a package.

use crate::constraint::Expr;
use crate::version::{GoVersion, LangVersion};
use std::fmt;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Goos {
    Js,
    Wasip1,
}

impl Goos {
    pub fn parse(text: &str) -> Option<Goos> {
        match text {
            "js" => Some(Goos::Js),
            "wasip1" => Some(Goos::Wasip1),
            _ => None,
        }
    }
    pub fn as_str(self) -> &'static str {
        match self {
            Goos::Js => "js",
            Goos::Wasip1 => "wasip1",
        }
    }
}

impl fmt::Display for Goos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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

/// An experiment, whether it is on by default for wasm, and the Go minor versions that know it.
struct Experiment {
    name: &'static str,
    /// First minor version in which it is on without being asked for.
    on_since: Option<u32>,
    known: std::ops::RangeInclusive<u32>,
}

const fn off(name: &'static str) -> Experiment {
    Experiment { name, on_since: None, known: 0..=u32::MAX }
}
const fn on(name: &'static str, since: u32) -> Experiment {
    Experiment { name, on_since: Some(since), known: 0..=u32::MAX }
}

/// In the order in which Go declares them, which is the order of the tool tags. The register ABI experiments cannot be
/// switched on for wasm; asking for them is allowed and does nothing.
const EXPERIMENTS: &[Experiment] = &[
    off("fieldtrack"),
    off("preemptibleloops"),
    off("staticlockranking"),
    off("boringcrypto"),
    off("regabiwrappers"),
    off("regabiargs"),
    off("heapminimum512kib"),
    off("arenas"),
    off("cgocheck2"),
    off("loopvar"),
    off("newinliner"),
    on("dwarf5", 25),
    on("jsonv2", 27),
    on("greenteagc", 26),
    on("randomizedheapbase64", 26),
    off("runtimefreegc"),
    on("sizespecializedmalloc", 27),
    Experiment { name: "goroutineleakprofile", on_since: None, known: 26..=26 },
    off("simd"),
    off("runtimesecret"),
    Experiment { name: "mapsplitgroup", on_since: None, known: 27..=u32::MAX },
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
    /// `experiments` is GOEXPERIMENT, a comma-separated list.
    pub fn new(
        goroot: &Path,
        go_version: GoVersion,
        goos: Goos,
        build_tags: Vec<String>,
        experiments: &str,
    ) -> Result<BuildContext, String> {
        let mut tool_tags: Vec<String> = enabled_experiments(go_version.minor, experiments)?
            .into_iter()
            .map(|name| format!("goexperiment.{name}"))
            .collect();
        // Since Go 1.26 both are on whatever GOWASM says.
        tool_tags.extend(["wasm.satconv".to_owned(), "wasm.signext".to_owned()]);
        Ok(BuildContext { goroot: goroot.to_owned(), go_version, goos, build_tags, tool_tags })
    }

    pub fn goroot_src(&self) -> PathBuf {
        self.goroot.join("src")
    }

    /// The language version that the SDK itself is written in.
    pub fn lang(&self) -> LangVersion {
        self.go_version.lang()
    }

    pub fn matches_tag(&self, tag: &str) -> bool {
        if tag == self.goos.as_str() || tag == "wasm" || tag == "gc" {
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

fn enabled_experiments(minor: u32, requested: &str) -> Result<Vec<&'static str>, String> {
    let known: Vec<&Experiment> = EXPERIMENTS.iter().filter(|experiment| experiment.known.contains(&minor)).collect();
    let mut enabled: Vec<bool> =
        known.iter().map(|experiment| experiment.on_since.is_some_and(|since| since <= minor)).collect();
    for word in requested.split(',').filter(|word| !word.is_empty()) {
        if word == "none" {
            enabled.fill(false);
            continue;
        }
        let (name, value) = match word.strip_prefix("no") {
            Some(name) => (name, false),
            None => (word, true),
        };
        match known.iter().position(|experiment| experiment.name == name) {
            Some(index) => enabled[index] = value,
            None if name == "regabi" => {}
            None => return Err(format!("unknown GOEXPERIMENT {name}")),
        }
    }
    let names = known.iter().zip(enabled).filter(|(_, enabled)| *enabled).map(|(experiment, _)| experiment.name);
    Ok(names.filter(|name| !name.starts_with("regabi")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> BuildContext {
        BuildContext::new(Path::new("/goroot"), GoVersion::release(26, 8), Goos::Wasip1, vec!["mine".into()], "")
            .unwrap()
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

    #[test]
    fn experiments() {
        let tags = |minor, list| {
            BuildContext::new(Path::new("/goroot"), GoVersion::release(minor, 0), Goos::Js, vec![], list)
                .map(|ctx| ctx.tool_tags.join(" ").replace("goexperiment.", ""))
        };
        assert_eq!(tags(26, "").unwrap(), "dwarf5 greenteagc randomizedheapbase64 wasm.satconv wasm.signext");
        assert_eq!(
            tags(27, "").unwrap(),
            "dwarf5 jsonv2 greenteagc randomizedheapbase64 sizespecializedmalloc wasm.satconv wasm.signext"
        );
        assert_eq!(tags(26, "none,jsonv2,noarenas").unwrap(), "jsonv2 wasm.satconv wasm.signext");
        assert_eq!(tags(26, "foo"), Err("unknown GOEXPERIMENT foo".into()));
    }
}
