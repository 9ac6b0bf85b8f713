//! What `-gcflags` and `-ldflags` hold: flags of the compiler and of the linker. Few of them concern this compiler;
//! the others are known by name, so that those which do not exist are mistakes here too.

use crate::failure::Failure;
use crate::flags::{Flags, PackageWords};
use base::LangVersion;
use driver::{LinkFlags, Pattern, PerPackage};
use std::path::Path;

/// One value of `-gcflags`.
#[derive(Clone, Debug, Default)]
pub struct CompileFlags {
    /// `-e`: no limit on errors.
    pub all_errors: bool,
    /// `-N`
    pub no_optimization: bool,
    /// `-lang`, as written.
    pub lang: Option<String>,
}

/// Flags of `go tool compile`.
#[rustfmt::skip] // a list of words
const COMPILE_FLAGS: &[&str] = &[
    "%", "+", "B", "C", "E", "K", "L", "N", "S", "V", "W", "asan", "clobberdead", "clobberdeadreg", "complete",
    "dwarf", "dwarfbasentries", "dwarflocationlists", "dynlink", "e", "errorurl", "h", "j", "l", "linkshared",
    "live", "m", "msan", "nolocalimports", "pack", "r", "race", "shared", "smallframes", "std", "t", "v", "w",
    "wb",
];

/// Those that take a value.
#[rustfmt::skip] // a list of words
const COMPILE_FLAGS_WITH_VALUE: &[&str] = &[
    "D", "I", "asmhdr", "bench", "blockprofile", "buildid", "c", "coveragecfg", "cpuprofile", "d", "embedcfg",
    "env", "gendwarfinl", "goversion", "importcfg", "installsuffix", "json", "lang", "linkobj", "memprofile",
    "memprofilerate", "mutexprofile", "o", "p", "pgoprofile", "spectre", "symabis", "traceprofile", "trimpath",
];

/// Flags of `go tool link`.
#[rustfmt::skip] // a list of words
const LINK_FLAGS: &[&str] = &[
    "V", "a", "asan", "aslr", "bindnow", "c", "checklinkname", "compressdwarf", "d", "debugnosplit", "dumpdep",
    "e", "f", "g", "h", "linkshared", "msan", "n", "pruneweakmap", "race", "s", "v", "w",
];

/// Those that take a value.
#[rustfmt::skip] // a list of words
const LINK_FLAGS_WITH_VALUE: &[&str] = &[
    "B", "D", "E", "H", "I", "L", "R", "T", "X", "benchmark", "benchmarkprofile", "buildid", "buildmode",
    "capturehostobjs", "cpuprofile", "debugtextsize", "debugtramp", "extar", "extld", "extldflags", "fipso",
    "funcalign", "importcfg", "installsuffix", "k", "libgcc", "linkmode", "memprofile", "memprofilerate", "o",
    "pluginpath", "r", "randlayout", "strictdups", "tmpdir",
];

/// All values of `-gcflags`; directories in patterns count from `dir`.
pub fn compile_flags(flags: &Flags, dir: &Path) -> Result<PerPackage<CompileFlags>, Failure> {
    let mut all = PerPackage::default();
    for PackageWords { pattern, words } in flags.per_package("gcflags") {
        let pattern = read_pattern(pattern.as_deref(), dir);
        let mut compile = CompileFlags::default();
        let read = read(words, COMPILE_FLAGS, COMPILE_FLAGS_WITH_VALUE, &mut |name, value| {
            match name {
                "e" => compile.all_errors = is_on(value),
                "N" => compile.no_optimization = is_on(value),
                "lang" => compile.lang = Some(value.to_owned()),
                _ => {} // debugging of a compiler that is not this one
            }
            Ok(())
        });
        if let Err(problem) = read
            && is_certain(&pattern)
        {
            return Err(Failure::Fatal(format!("-gcflags: {problem}")));
        }
        all.push(pattern, compile);
    }
    Ok(all)
}

/// Whether `choose` holds for a package that the command line may name: patterns are not resolved yet.
pub fn is_chosen(all: &PerPackage<CompileFlags>, choose: impl Fn(&CompileFlags) -> bool) -> bool {
    let certain = all.values().rev().find(|(pattern, _)| is_certain(pattern));
    let mut possible = all.values().filter(|(pattern, _)| matches!(pattern, Pattern::Path(..)));
    certain.is_some_and(|(_, flags)| choose(flags)) || possible.any(|(_, flags)| choose(flags))
}

/// The language version that each `-gcflags` asks for, if it does.
pub fn langs(all: &PerPackage<CompileFlags>) -> Result<PerPackage<Option<LangVersion>>, Failure> {
    let mut langs = PerPackage::default();
    for (pattern, flags) in all.values() {
        let problem = |problem: String| Failure::Fatal(format!("-gcflags: {problem}"));
        let lang = flags.lang.as_deref().map(parse_lang).transpose().map_err(problem)?;
        langs.push(pattern.clone(), lang);
    }
    Ok(langs)
}

/// The form `go1.N`.
pub fn parse_lang(lang: &str) -> Result<LangVersion, String> {
    let minor = lang.strip_prefix("go1.").and_then(|minor| minor.parse().ok());
    let malformed = || format!("invalid value {lang:?} for flag -lang: should be something like \"go1.12\"");
    minor.map(LangVersion::go1).ok_or_else(malformed)
}

/// All values of `-ldflags`.
pub fn link_flags(flags: &Flags, dir: &Path) -> Result<PerPackage<LinkFlags>, Failure> {
    let mut all = PerPackage::default();
    for PackageWords { pattern, words } in flags.per_package("ldflags") {
        let pattern = read_pattern(pattern.as_deref(), dir);
        let mut link = LinkFlags::default();
        let read = read(words, LINK_FLAGS, LINK_FLAGS_WITH_VALUE, &mut |name, value| {
            match name {
                "s" => link.strip = is_on(value),
                "w" => link.no_dwarf = is_on(value),
                "X" => match value.split_once('=').filter(|(name, _)| name.contains('.')) {
                    Some((variable, text)) => link.set_strings.push((variable.to_owned(), text.to_owned())),
                    None => return Err("-X flag requires argument of the form importpath.name=value".to_owned()),
                },
                _ => {} // nothing that a module has
            }
            Ok(())
        });
        if let Err(problem) = read {
            link.problem = Some(format!("-ldflags: {problem}"));
            if is_certain(&pattern) {
                return Err(Failure::Fatal(format!("-ldflags: {problem}")));
            }
        }
        all.push(pattern, link);
    }
    Ok(all)
}

/// As they would be written again, for `-x`.
pub fn link_words(link: &LinkFlags) -> Vec<String> {
    let switches = [("-s", link.strip), ("-w", link.no_dwarf)];
    let switches = switches.iter().filter(|(_, on)| *on).map(|(name, _)| (*name).to_owned());
    switches.chain(link.set_strings.iter().map(|(name, value)| format!("-X {name}={value}"))).collect()
}

/// Whether the pattern fits what the command line names, whatever that is.
fn is_certain(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::Named | Pattern::All)
}

fn is_on(value: &str) -> bool {
    value == "true" || value == "1"
}

/// Directories count from `dir`.
fn read_pattern(pattern: Option<&str>, dir: &Path) -> Pattern {
    match pattern {
        None => Pattern::Named,
        Some("all") => Pattern::All,
        Some("std" | "cmd") => Pattern::Std,
        Some(path) => Pattern::Path(path.to_owned(), dir.to_owned()),
    }
}

/// Hands each flag with its value (`true` if it stands alone) to `each`.
fn read(
    words: &[String],
    switches: &[&str],
    with_value: &[&str],
    each: &mut dyn FnMut(&str, &str) -> Result<(), String>,
) -> Result<(), String> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let body = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
        let Some(body) = body.filter(|body| !body.is_empty()) else { return Err(format!("{word} is not a flag")) };
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (body, None),
        };
        let value = match value {
            Some(value) if switches.contains(&name) || with_value.contains(&name) => value,
            None if switches.contains(&name) => "true",
            None if with_value.contains(&name) => {
                words.next().ok_or_else(|| format!("flag needs an argument: -{name}"))?
            }
            _ => return Err(format!("flag provided but not defined: -{name}")),
        };
        each(name, value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flag_table::Command;
    use driver::Subject;
    use std::ffi::OsString;

    fn main() -> Subject<'static> {
        Subject { import_path: "x/m", dir: Path::new("/w"), named: true, standard: false }
    }

    fn parsed(flag: &str, values: &[&str]) -> Flags {
        let args: Vec<OsString> = values.iter().map(|value| format!("-{flag}={value}").into()).collect();
        Flags::parse(Command::Build, "", &args).unwrap().0
    }

    fn link(values: &[&str]) -> Result<LinkFlags, String> {
        let all = link_flags(&parsed("ldflags", values), Path::new("/w")).map_err(|failure| format!("{failure:?}"))?;
        Ok(all.of(main()).cloned().unwrap_or_default())
    }

    #[test]
    fn linker_flags() {
        let options = link(&["-s -w=0 -X main.v=1 '-X=main.w=a b' -extldflags x -linkmode=internal"]).unwrap();
        assert_eq!(link_words(&options), ["-s", "-X main.v=1", "-X main.w=a b"]);
        assert!(link_words(&link(&["-s", ""]).unwrap()).is_empty());
        assert!(link(&["-zork"]).unwrap_err().contains("not defined: -zork"));
        assert!(link(&["-X nodot"]).unwrap_err().contains("importpath.name=value"));
        assert!(!link(&["other/...=-s"]).unwrap().strip);
        assert!(link(&["x/...=-s", "std=-zork"]).unwrap().strip);
        assert!(link(&["x/m=-zork"]).unwrap().problem.is_some());
    }

    #[test]
    fn compiler_flags() {
        let read = |values: &[&str]| compile_flags(&parsed("gcflags", values), Path::new("/w"));
        let all = read(&["-e -lang go1.20 -m=2 -d=ssa/check", "std=-N"]).unwrap();
        assert!(is_chosen(&all, |flags| flags.all_errors) && !is_chosen(&all, |flags| flags.no_optimization));
        assert_eq!(langs(&all).unwrap().of(main()), Some(&Some(LangVersion::go1(20))));
        assert!(!is_chosen(&read(&["-e", "-N"]).unwrap(), |flags| flags.all_errors));
        assert!(is_chosen(&read(&["x/...=-e"]).unwrap(), |flags| flags.all_errors));
        assert!(format!("{:?}", read(&["-zork"]).unwrap_err()).contains("not defined: -zork"));
        assert!(read(&["other=-zork"]).is_ok());
    }
}
