//! From import paths to a graph of packages that are ready to parse: finding the SDK, modules, build constraints,
//! embedded files, and the toolchain's own overlay of std.
//!
//! In reading order: [`load`] is the whole; [`config`] goes in and [`graph`] comes out. In between, `patterns` names
//! the roots, `resolve` and `modules` find directories, `scan`, `header` and `constraint` read them, and `explore`
//! does so for everything reachable, on all threads. Messages are `go build`'s, word for word.
//!
//! Nothing here looks at the process or its environment, and files are read through [`fs::FileSystem`] only. The SDK
//! search ([`sdk`]) alone may run a program, to fetch an SDK.

pub mod asm;
pub mod buildinfo;
pub mod config;
pub mod constraint;
pub mod context;
pub mod dirhash;
pub mod experiments;
pub mod fetch;
pub mod fs;
pub mod goenv;
pub mod graph;
pub mod header;
pub mod locate;
pub mod modfile;
pub mod overlay;
pub mod path;
pub mod sdk;
pub mod semver;
pub mod version;

mod embed;
mod explore;
mod godebug;
mod load;
mod modgraph;
mod modules;
mod overlay_json;
mod patterns;
mod resolve;
mod scan;
mod vendor;

pub use config::{LoadConfig, ModMode, ModuleConfig};
pub use context::{BuildContext, Goos};
pub use experiments::Experiments;
pub use goenv::GoEnv;
pub use graph::{Embed, LoadError, Module, ModuleId, Origin, Package, PackageFile, PackageGraph, PackageId};
pub use load::load;
pub use patterns::pattern_matches;
pub use version::GoVersion;
