//! What to check and by whose rules: the one input of [`crate::check()`].

use crate::per_package::PerPackage;
use base::LangVersion;
use load::{Goos, ModuleConfig};
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct CheckConfig {
    /// The target's operating system; its architecture is always wasm.
    pub os: Goos,
    /// The Go SDK whose `src` is the standard library.
    pub goroot: PathBuf,
    /// The working directory: patterns and file names are relative to it, and so are the names in messages.
    pub dir: PathBuf,
    pub inputs: Inputs,
    /// Of `-tags`.
    pub tags: Vec<String>,
    /// GOEXPERIMENT.
    pub experiments: String,
    pub modules: ModuleConfig,
    /// `-lang`: overrides the language version of the packages named in `inputs`.
    pub lang: Option<LangVersion>,
    /// Likewise for the packages that patterns name: `-gcflags=pattern=-lang=go1.N`.
    pub langs: PerPackage<Option<LangVersion>>,
    pub rules: Rules,
    pub emit: Option<Emit>,
    /// A program is to be made: package runtime belongs to it, and the overlay takes the place of the SDK's sources.
    pub whole_program: bool,
}

/// What the command line names.
#[derive(Clone, Debug)]
pub enum Inputs {
    /// Import paths, directories, `./...`, `std`.
    Patterns(Vec<String>),
    /// `.go` files of one directory that form one package (`command-line-arguments`).
    Files(Vec<PathBuf>),
    /// Packages put together by hand, as `go tool compile` calls are; they may import each other and std. No build
    /// constraints apply to their files.
    Packages(Vec<LoosePackage>),
}

#[derive(Clone, Debug)]
pub struct LoosePackage {
    /// `test/a`. An import of `./a` in any loose package means `test/a` (the compiler's `-D test`).
    pub import_path: String,
    /// Go files; assembly among them excuses functions without bodies.
    pub files: Vec<PathBuf>,
}

/// Whose checks apply beyond the language's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rules {
    /// `cmd/compile`: the parser checks branches and labels, pragmas are checked, types2's findings are followed by
    /// the compiler's own (anonymous interface cycles, types too large, missing bodies).
    Compiler {
        /// The compiler's `-std`: the packages in `inputs` belong to the standard library.
        std: bool,
        /// The compiler's `-+`: the packages in `inputs` belong to the runtime.
        runtime: bool,
        /// The compiler's `-complete`: no body may be missing, whatever the package.
        complete: bool,
    },
    /// The types2 tests' harness: the type checker alone, with `assert` and `trace` predeclared.
    Types2Test {
        /// `import "C"` succeeds and every selector of it is valid.
        fake_import_c: bool,
    },
}

impl Rules {
    /// Those of a plain `go build`.
    pub const BUILD: Rules = Rules::Compiler { std: false, runtime: false, complete: false };
}

/// An intermediate form to print (`--emit`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Emit {
    Ast,
    Types,
    Ssa,
    Wat,
}

impl Emit {
    pub const ALL: [Emit; 4] = [Emit::Ast, Emit::Types, Emit::Ssa, Emit::Wat];

    pub fn name(self) -> &'static str {
        match self {
            Emit::Ast => "ast",
            Emit::Types => "types",
            Emit::Ssa => "ssa",
            Emit::Wat => "wat",
        }
    }

    pub fn from_name(name: &str) -> Option<Emit> {
        Emit::ALL.into_iter().find(|emit| emit.name() == name)
    }
}
