//! A whole program from its roots: only what is reachable is checked, lowered and described.
//!
//! ```text
//! roots: runtime entry points, package init ──> Module.pending ──> lower a body ──> more pending
//!                                               Descriptors.pending ──> visible types ──> their methods, if live
//! when nothing is pending: order of initialisation, descriptors and itabs
//! ```
//!
//! [`worklist`] runs that; [`methods`] knows which methods of visible types are live; [`settings`] sets the variables
//! that the linker would. The rules are those of "Whole program, on demand" in ARCHITECTURE.md.

pub mod embed;
mod methods;
mod order;
mod settings;
mod worklist;

use ir::{DataId, Program};
use rustc_hash::FxHashMap;
use syntax::directive::FileDirectives;
use types::{Checker, DeclSite, PkgId};

/// What makes up a program, and what its host calls.
pub struct Input<'d> {
    pub main: PkgId,
    /// The directives of each file of each package, in the order of `PackageState::files`.
    pub directives: Vec<(PkgId, Vec<&'d FileDirectives>)>,
    /// Functions of package runtime that are called from outside of Go code, without the package's name.
    pub entries: Vec<&'static str>,
    /// Symbols of functions that assembly only gives another name, and those of the code.
    pub aliases: FxHashMap<String, String>,
    /// The files of `//go:embed` variables, and how to read them.
    pub embeds: FxHashMap<DeclSite, embed::Embedded>,
    pub read: embed::Read<'d>,
    /// The values of string variables that are set from outside, by symbol (`main.version`).
    pub settings: FxHashMap<String, String>,
}

pub struct Linked {
    pub program: Program,
    /// The descriptors that reflect looks types up in, sorted by the types' strings.
    pub type_links: Vec<DataId>,
    /// All itabs.
    pub itabs: Vec<DataId>,
    /// Functions that `//go:wasmexport` directives export: the host's name, and that of the function in the program.
    pub exports: Vec<(String, String)>,
}

/// Makes the program. All packages have been added to the checker; what it finds wrong in bodies that are checked on
/// demand stands in `checker.errors`, and then there is no program.
pub fn link<'a>(checker: Checker<'a>, input: &Input<'_>) -> (Checker<'a>, Result<Linked, String>) {
    worklist::Worklist::run(checker, input)
}
