//! What [`crate::check()`] returns: data only, nothing rendered yet.

use base::{Diagnostic, FileId, LangVersion, SourceMap};
use load::LoadError;
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Default)]
pub struct CheckOutcome {
    /// All files that were read; diagnostics point into it.
    pub sources: SourceMap,
    /// What kept packages from being found or read: no such package, import cycle, broken go.mod.
    pub load_errors: Vec<LoadError>,
    /// In import order: a package stands after all packages that it imports.
    pub packages: Vec<PackageReport>,
    /// What is no error but worth a line, as the go command words it (`warning: "./x/..." matched no packages`).
    pub notices: Vec<String>,
    /// The requested `--emit` text.
    pub emitted: Option<String>,
    pub phases: Vec<Phase>,
}

impl CheckOutcome {
    /// Whether anything was found that `go build` would refuse.
    pub fn has_errors(&self) -> bool {
        !self.load_errors.is_empty() || self.packages.iter().any(PackageReport::has_errors)
    }
}

pub struct PackageReport {
    pub import_path: String,
    /// Of the package clause.
    pub name: String,
    pub dir: PathBuf,
    /// Whether the command line names it, rather than an import alone.
    pub named: bool,
    /// Import paths of direct imports.
    pub imports: Vec<String>,
    /// The language version its module grants (`go1.26`).
    pub lang: LangVersion,
    /// Language versions of files whose `//go:build go1.N` line is in force.
    pub file_versions: FxHashMap<FileId, LangVersion>,
    /// In the order in which the phases found them: files in order, then types2's order.
    pub diagnostics: Vec<Diagnostic>,
}

impl PackageReport {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity != base::Severity::Warning)
    }
}

/// A row of the `--time` table.
#[derive(Clone, Debug)]
pub struct Phase {
    pub name: &'static str,
    pub wall: Duration,
    /// Lines of source that went through it.
    pub lines: u64,
}
