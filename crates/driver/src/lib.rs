//! Runs the phases in order and presents what they found.
//!
//! A command line becomes a [`CheckConfig`] (in the `cli` crate; the conformance tests make theirs directly), [`check`]
//! turns it into a [`CheckOutcome`], and [`present`] and [`render`] turn the outcome's raw list of diagnostics into
//! what a person or a tool reads. In reading order:
//!
//! - [`goenv`]: the go command's settings, from the environment, `$GOENV` and `GOROOT/go.env`;
//! - [`experiment`]: GOEXPERIMENT and the build tags that follow from it;
//! - [`config`]: what to check, and by whose rules;
//! - [`check`](mod@check): load, parse, check types;
//! - [`outcome`]: packages, diagnostics, phases;
//! - [`present`]: which diagnostics are shown, and in which order;
//! - [`render`]: as text, with source snippets, or as JSON.
//!
//! Nothing here prints or exits; only `cli` does.

pub mod check;
pub mod config;
pub mod experiment;
mod gather;
pub mod goenv;
pub mod outcome;
pub mod present;
pub mod render;

pub use check::check;
pub use config::{CheckConfig, Emit, Inputs, LoosePackage, ModMode, ModuleConfig, Os, Rules};
pub use experiment::Experiments;
pub use goenv::GoEnv;
pub use outcome::{CheckOutcome, LoadError, PackageReport, Phase};
pub use present::{Item, Presentation, present};
