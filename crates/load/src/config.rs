//! What a load is asked for. Everything that `go` takes from flags and environment comes in through here; the loader
//! itself never looks at the process.

use crate::context::BuildContext;
use crate::overlay::Overlay;
use std::path::PathBuf;

pub struct LoadConfig<'a> {
    pub ctx: BuildContext,
    /// Absolute; patterns and shown paths are relative to it.
    pub work_dir: PathBuf,
    /// Packages, directories or files to load; empty means the package in `work_dir`.
    pub patterns: Vec<String>,
    /// The patterns are Go files, be they there or not. Otherwise they are if one of them is.
    pub files: bool,
    pub modules: ModuleConfig,
    /// Packages that the toolchain brings along. `None`: the SDK's own sources, unchanged.
    pub overlay: Option<&'a Overlay>,
    /// Loaded with every package main, imported or not: the runtime.
    pub implicit_imports: Vec<String>,
}

/// Flags and settings that decide where packages outside std are.
#[derive(Clone, Debug, Default)]
pub struct ModuleConfig {
    /// `-mod`; `None` lets the module decide (vendor directory and go version).
    pub mode: Option<ModMode>,
    /// `-modfile`.
    pub modfile: Option<PathBuf>,
    /// GOWORK: empty means search, `off` means none, else a go.work file.
    pub gowork: String,
    /// GO111MODULE: `off` is refused, since GOPATH mode is not supported.
    pub go111module: String,
    pub gomodcache: PathBuf,
    /// GOTOOLCHAIN: `local` stands in messages about versions.
    pub gotoolchain: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModMode {
    Readonly,
    Vendor,
    Mod,
}

impl ModMode {
    pub fn from_name(name: &str) -> Option<ModMode> {
        [ModMode::Readonly, ModMode::Vendor, ModMode::Mod].into_iter().find(|mode| mode.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            ModMode::Readonly => "readonly",
            ModMode::Vendor => "vendor",
            ModMode::Mod => "mod",
        }
    }
}
