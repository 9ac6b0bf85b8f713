//! All flags, in one table: those of `go build`, and our own.
//!
//! A flag of `go build` is effective, accepted without effect (a build script that passes it keeps working and gets
//! the same program), or refused with the reason (the program would not be what was asked for).

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    Build,
    Run,
    Check,
    Env,
    Version,
}

impl Command {
    pub const ALL: [Command; 5] = [Command::Build, Command::Run, Command::Check, Command::Env, Command::Version];

    pub fn name(self) -> &'static str {
        match self {
            Command::Build => "build",
            Command::Run => "run",
            Command::Check => "check",
            Command::Env => "env",
            Command::Version => "version",
        }
    }

    pub fn usage(self) -> &'static str {
        match self {
            Command::Build => "gossamer build [-o output] [build flags] [packages]",
            Command::Run => "gossamer run [build flags] package [arguments...]",
            Command::Check => "gossamer check [-gc] [-lang version] [build flags] [packages]",
            Command::Env => "gossamer env [-json] [-changed] [var ...]",
            Command::Version => "gossamer version",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Bool,
    /// A boolean that may also be `auto`.
    BoolOrAuto,
    Int,
    Text,
    OneOf(&'static [&'static str]),
    /// `[pattern=]arguments`
    PerPackage,
}

impl Kind {
    /// Whether the flag may stand without a value.
    pub fn is_boolean(self) -> bool {
        matches!(self, Kind::Bool | Kind::BoolOrAuto)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    Effective,
    /// The reason why there is nothing to do.
    Ignored(&'static str),
    /// The reason why it cannot be done.
    Refused(&'static str),
}

pub struct FlagSpec {
    pub name: &'static str,
    /// What the usage text calls the value.
    pub value: &'static str,
    pub kind: Kind,
    pub effect: Effect,
    pub commands: &'static [Command],
    pub help: &'static str,
}

const fn flag(
    name: &'static str,
    value: &'static str,
    kind: Kind,
    effect: Effect,
    commands: &'static [Command],
    help: &'static str,
) -> FlagSpec {
    FlagSpec { name, value, kind, effect, commands, help }
}

use Command::{Build, Check, Env, Run};
use Effect::{Effective, Ignored, Refused};
use Kind::{Bool, BoolOrAuto, Int, OneOf, PerPackage, Text};

const PACKAGES: &[Command] = &[Build, Run, Check];
const NO_CACHE: &str = "there is no cache: every build compiles everything it needs";
const NO_C: &str = "there is no C or assembler in a wasm build";

/// In the order of `gossamer help build`.
#[rustfmt::skip] // one flag a line
pub const FLAGS: &[FlagSpec] = &[
    flag("C", "dir", Text, Effective, PACKAGES, "change to dir before running the command; must be the first flag"),
    flag("o", "output", Text, Effective, &[Build], "write the module to this file, or into this directory"),
    flag("tags", "tag,list", Text, Effective, PACKAGES, "build tags to consider satisfied"),
    flag("ldflags", "'[pattern=]arg list'", PerPackage, Effective, PACKAGES, "linker arguments: -s, -w, -X importpath.name=value"),
    flag("gcflags", "'[pattern=]arg list'", PerPackage, Effective, PACKAGES, "compiler arguments: -e (all errors), -lang version, -N (no optimization)"),
    flag("trimpath", "", Bool, Effective, PACKAGES, "keep file system paths out of the module"),
    flag("mod", "mode", Text, Effective, PACKAGES, "module mode: readonly, vendor, or mod"),
    flag("modfile", "file", Text, Effective, PACKAGES, "read this file instead of go.mod"),
    flag("overlay", "file", Text, Effective, PACKAGES, "JSON file that replaces source files ({\"Replace\": {path: path}})"),
    flag("buildmode", "mode", Text, Effective, PACKAGES, "exe (also: default), or c-shared on wasip1"),
    flag("v", "", Bool, Effective, PACKAGES, "print the import paths of the packages that are built, the SDK's left out"),
    flag("x", "", Bool, Effective, PACKAGES, "print the steps: which packages are checked, which modules are compiled"),
    flag("n", "", Bool, Effective, PACKAGES, "print the steps as -x does, and write nothing"),
    flag("json", "", Bool, Effective, PACKAGES, "print diagnostics as lines of JSON on standard output"),
    flag("json", "", Bool, Effective, &[Env], "print the settings as one JSON object"),
    flag("gc", "", Bool, Effective, &[Check], "select and order messages as the Go compiler does, without its limit of ten"),
    flag("lang", "version", Text, Effective, &[Check], "language version of the named packages (go1.22)"),
    flag("goroot", "dir", Text, Effective, &[Build, Run, Check, Env], "the Go SDK to compile against"),
    flag("emit", "form", OneOf(&["ast", "types", "ssa", "wat"]), Effective, PACKAGES, "print an intermediate form: ast, types, ssa, or wat"),
    flag("time", "", Bool, Effective, PACKAGES, "print a table of phases with times, lines per second and peak memory"),
    flag("changed", "", Bool, Effective, &[Env], "print only settings that differ from their defaults"),

    flag("a", "", Bool, Ignored(NO_CACHE), PACKAGES, "force rebuilding"),
    flag("p", "n", Int, Ignored("one process does the work"), PACKAGES, "number of programs to run in parallel"),
    flag("work", "", Bool, Ignored("there is no work directory"), PACKAGES, "keep the work directory"),
    flag("buildvcs", "", BoolOrAuto, Ignored("modules hold no version control stamp"), PACKAGES, "stamp with version control information"),
    flag("pgo", "file", Text, Ignored("profiles are not read"), PACKAGES, "profile for optimisation"),
    flag("modcacherw", "", Bool, Ignored("nothing is downloaded"), PACKAGES, "make new module cache directories writable"),
    flag("installsuffix", "suffix", Text, Ignored(NO_CACHE), PACKAGES, "suffix of the installation directory"),
    flag("pkgdir", "dir", Text, Ignored(NO_CACHE), PACKAGES, "where compiled packages are kept"),
    flag("asmflags", "'[pattern=]arg list'", PerPackage, Ignored(NO_C), PACKAGES, "assembler arguments"),
    flag("gccgoflags", "'[pattern=]arg list'", PerPackage, Ignored(NO_C), PACKAGES, "gccgo arguments"),
    flag("compiler", "name", OneOf(&["gc"]), Ignored("runtime.Compiler is always gc"), PACKAGES, "compiler name"),
    flag("debug-actiongraph", "file", Text, Ignored("there is no action graph"), PACKAGES, "write the action graph"),
    flag("debug-trace", "file", Text, Ignored("use -time"), PACKAGES, "write a trace of the go command"),
    flag("debug-runtime-trace", "file", Text, Ignored("use -time"), PACKAGES, "write a runtime trace of the go command"),

    flag("race", "", Bool, Refused("the race detector does not exist for wasm"), PACKAGES, "data race detection"),
    flag("msan", "", Bool, Refused("the memory sanitizer does not exist for wasm"), PACKAGES, "memory sanitizer"),
    flag("asan", "", Bool, Refused("the address sanitizer does not exist for wasm"), PACKAGES, "address sanitizer"),
    flag("cover", "", Bool, Refused("code is not instrumented; measure coverage with go build -cover"), PACKAGES, "coverage instrumentation"),
    flag("covermode", "mode", Text, Refused("code is not instrumented; measure coverage with go build -cover"), PACKAGES, "coverage mode"),
    flag("coverpkg", "patterns", Text, Refused("code is not instrumented; measure coverage with go build -cover"), PACKAGES, "packages to instrument"),
    flag("linkshared", "", Bool, Refused("wasm has no shared libraries to link with"), PACKAGES, "link with shared libraries"),
    flag("toolexec", "'cmd args'", Text, Refused("no tools are run: the compiler is this program"), PACKAGES, "program to run tools with"),
    flag("exec", "xprog", Text, Refused("modules run in this program; build one and start it with xprog instead"), &[Run], "program to run the module with"),
];

/// Flags of other go commands: GOFLAGS may hold them, and then they are none of our business.
#[rustfmt::skip] // a list of words
pub const OTHER_GO_FLAGS: &[&str] = &[
    "artifacts", "bench", "benchmem", "benchtime", "blockprofile", "blockprofilerate", "c", "cache", "compiled",
    "count", "coverprofile", "cpu", "cpuprofile", "d", "deps", "diff", "e", "export", "f", "failfast", "find", "fix",
    "fullpath", "fuzz", "fuzzcache", "fuzzminimizetime", "fuzztime", "go", "i", "insecure", "json", "list", "m",
    "memprofile", "memprofilerate", "modcache", "mutexprofile", "mutexprofilefraction", "outputdir", "parallel", "r",
    "retracted", "reuse", "run", "s", "short", "shuffle", "skip", "t", "test", "testcache", "timeout", "tool", "trace",
    "u", "vet", "vettool", "versions", "w",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_flag_stands_once_for_each_command() {
        let mut seen = BTreeSet::new();
        for spec in FLAGS {
            for command in spec.commands {
                assert!(seen.insert((spec.name, command.name())), "{} twice for {}", spec.name, command.name());
            }
        }
    }
}
