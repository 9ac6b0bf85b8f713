//! Compiler directives: the `//go:` comments that change how a declaration is compiled.
//!
//! gc deals with them at two moments, and so do we.
//!
//! [`read`] is the first: it goes with parsing a file. It complains about directives that are malformed, not allowed in
//! this package, or standing where no declaration can take them, and gathers what the others say in a
//! [`FileDirectives`]. These complaints are shown along with syntax errors (see [`in_order_of_reading`]), and types are
//! checked in spite of them.
//!
//! [`check`] is the second: it takes a whole package, and gc comes to it only if there was no error so far, the types'
//! included. It asks whether each declaration may have the directives it took, whether linknames name something, and
//! whether functions have bodies exactly where they should.
//!
//! ```text
//! //go:nosplit                             attached to f: fine
//! func f() {
//!     //go:noinline                        dropped by the parser: `read` complains
//!     f()
//!     //go:nosplit                         attached to the type declaration: `check` complains
//!     type T int
//! }
//! ```
//!
//! A directive counts only if its comment starts its line. One that nobody knows is no mistake, except in the standard
//! library, where gc wants to know all of them. Bodies that were skipped are not judged: what stands in them is
//! neither called misplaced nor looked at.
//!
//! **Left out.** What depends on types is for later phases: which types a `//go:embed` variable and the parameters of
//! a `//go:wasmimport` or `//go:wasmexport` function may have. Files that cgo makes, where gc allows its directives,
//! never reach this compiler.

mod attach;
mod cgo;
mod check;
mod embed;
mod flags;
mod read;

pub use check::{PackageRules, check};
pub use flags::FuncFlags;
pub use read::{ReadRules, in_order_of_reading, read};

use base::{Diagnostic, Pos, Symbol};

/// What the directives of a file say, and what was wrong with them.
#[derive(Debug)]
pub struct FileDirectives {
    /// In source order. Where a package has several for one name, [`check`] complains; the first is in force.
    pub linknames: Vec<Linkname>,
    /// The functions that have any, by their index in the file's declarations, ascending.
    pub funcs: Vec<(u32, FuncDirectives)>,
    /// The package-level variables that have any, likewise.
    pub embeds: Vec<(u32, Vec<Embed>)>,
    /// Complaints in the order in which gc makes them.
    pub diagnostics: Vec<Diagnostic>,
}

impl FileDirectives {
    /// What is said about the function that is the file's declaration `decl`.
    pub fn func(&self, decl: usize) -> FuncDirectives {
        find(&self.funcs, decl).copied().unwrap_or_default()
    }

    /// The `//go:embed` directives of the variable that is the file's declaration `decl`.
    pub fn embeds(&self, decl: usize) -> &[Embed] {
        find(&self.embeds, decl).map_or(&[], Vec::as_slice)
    }
}

fn find<T>(table: &[(u32, T)], decl: usize) -> Option<&T> {
    let found = table.binary_search_by_key(&decl, |(known, _)| *known as usize).ok()?;
    Some(&table[found].1)
}

/// `//go:linkname local [target]`: the package's `local` has the linker symbol `target`.
#[derive(Clone, Copy, Debug)]
pub struct Linkname {
    /// Of the directive.
    pub pos: Pos,
    pub local: Symbol,
    /// A linker symbol as written: in it the last element of the package path is escaped (`gopkg.in/yaml%2ev3.x`).
    /// `None`: the symbol that `local` has anyway; the directive only allows others to refer to it.
    pub target: Option<Symbol>,
    /// `//go:linknamestd`: only the standard library may refer to it.
    pub std_only: bool,
}

/// What is said about one function.
#[derive(Clone, Copy, Default, Debug)]
pub struct FuncDirectives {
    pub flags: FuncFlags,
    pub wasm_import: Option<WasmImport>,
    pub wasm_export: Option<WasmExport>,
}

impl FuncDirectives {
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty() && self.wasm_import.is_none() && self.wasm_export.is_none()
    }

    /// The directive that makes it a function of the host's or for the host.
    pub fn host_directive(&self) -> Option<&'static str> {
        let import = self.wasm_import.map(|_| "go:wasmimport");
        import.or(self.wasm_export.map(|_| "go:wasmexport"))
    }
}

/// `//go:wasmimport module name`
#[derive(Clone, Copy, Debug)]
pub struct WasmImport {
    pub pos: Pos,
    pub module: Symbol,
    pub name: Symbol,
}

/// `//go:wasmexport name`
#[derive(Clone, Copy, Debug)]
pub struct WasmExport {
    pub pos: Pos,
    pub name: Symbol,
}

/// `//go:embed pattern...`
#[derive(Clone, Debug)]
pub struct Embed {
    pub pos: Pos,
    /// Unquoted; at least one.
    pub patterns: Vec<String>,
}

/// Whether the standard library's package is one that gc calls the runtime: the runtime itself and what it imports.
pub fn is_runtime_package(import_path: &str) -> bool {
    RUNTIME_PACKAGES.contains(&import_path)
}

const RUNTIME_PACKAGES: &[&str] = &[
    "internal/abi",
    "internal/bytealg",
    "internal/byteorder",
    "internal/chacha8rand",
    "internal/coverage/rtcov",
    "internal/cpu",
    "internal/goarch",
    "internal/godebugs",
    "internal/goexperiment",
    "internal/goos",
    "internal/profilerecord",
    "internal/runtime/atomic",
    "internal/runtime/cgroup",
    "internal/runtime/exithook",
    "internal/runtime/gc",
    "internal/runtime/gc/scan",
    "internal/runtime/maps",
    "internal/runtime/math",
    "internal/runtime/sys",
    "internal/runtime/syscall/linux",
    "internal/runtime/syscall/windows",
    "internal/strconv",
    "internal/stringslite",
    "runtime",
];
