//! Runs the phases in order and presents what they found.
//!
//! A command line becomes a [`CheckConfig`] (in the `cli` crate; the conformance tests make theirs directly), [`check`]
//! turns it into a [`CheckOutcome`], and [`present`] and [`render`] turn the outcome's raw list of diagnostics into
//! what a person or a tool reads. In reading order:
//!
//! - [`config`]: what to check, and by whose rules; [`per_package`]: what holds for some packages only;
//! - [`check`](mod@check): load, parse, check types; `gather` says what, `emit` prints what `--emit` asks for;
//! - [`build`](mod@build): the same, and then programs, SSA, modules;
//! - [`outcome`]: packages, diagnostics, phases;
//! - [`present`]: which diagnostics are shown, and in which order;
//! - [`render`]: as text, with source snippets, or as JSON.
//!
//! Nothing here prints, exits or looks at the process, and files are read through [`load::fs::FileSystem`].

pub mod build;
mod buildinfo;
pub mod check;
pub mod config;
mod embed;
mod emit;
mod gather;
mod host_functions;
pub mod outcome;
pub mod per_package;
mod positions;
pub mod present;
pub mod render;

pub use build::{BuildConfig, BuildOutcome, BuiltModule, LinkFlags, RecordedFlags, build, build_with};
pub use check::{check, check_with};
pub use config::{CheckConfig, Emit, Inputs, LoosePackage, Rules};
pub use load::{Goos, LoadError, ModuleConfig};
pub use outcome::{CheckOutcome, PackageReport, Phase};
pub use per_package::{Pattern, PerPackage, Subject};
pub use present::{Item, Presentation, present};
