//! What the loader makes: packages with their files and imports, ready to parse.
//!
//! Ids are given in the order of import paths and files are added to the source map package by package, name by name,
//! so that nothing depends on which thread was first.

use crate::version::GoVersion;
use base::{FileId, LangVersion, Location, Table};
use std::fmt;
use std::path::PathBuf;

base::entity_id!(
    /// A package of the graph.
    pub struct PackageId, "package"
);

base::entity_id!(
    /// A module that provides packages of the graph.
    pub struct ModuleId, "module"
);

#[derive(Debug, Default)]
pub struct PackageGraph {
    pub packages: Table<PackageId, Package>,
    pub modules: Table<ModuleId, Module>,
    /// What the patterns matched, in their order.
    pub roots: Vec<PackageId>,
    /// Every package once, imports before importers. Packages on an import cycle stand in some order.
    pub order: Vec<PackageId>,
    /// Things to tell the user that are not errors (`warning: "./x/..." matched no packages`), as `go` words them.
    pub notices: Vec<String>,
}

impl PackageGraph {
    pub fn find(&self, import_path: &str) -> Option<PackageId> {
        // Ids follow the order of import paths.
        let (mut low, mut high) = (0, self.packages.len());
        while low < high {
            let middle = (low + high) / 2;
            let id = base::EntityId::from_index(middle);
            match self.packages[id].import_path.as_str().cmp(import_path) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(id),
            }
        }
        None
    }
}

/// Where a package comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The SDK.
    Std,
    /// The toolchain's own sources stand in for the SDK's.
    Overlay,
    Main,
    /// A module that go.work uses.
    Workspace,
    /// A directory that a replace directive names.
    Replaced,
    ModuleCache,
    Vendor,
    /// `.go` files named on the command line.
    Loose,
}

impl Origin {
    /// Whether the package is checked whole, rather than as far as something demands it: the user's own code is.
    pub fn is_whole(self) -> bool {
        matches!(self, Origin::Main | Origin::Workspace | Origin::Replaced | Origin::Loose)
    }
}

#[derive(Debug)]
pub struct Package {
    /// Unique in the graph; packages vendored by the SDK are `vendor/golang.org/x/…`.
    pub import_path: String,
    /// From the package clauses.
    pub name: String,
    pub dir: PathBuf,
    /// Sorted by name. Test files are left out.
    pub files: Vec<PackageFile>,
    /// Import path as the files write it, and the package that it means here; sorted. Imports that failed are missing.
    pub imports: Vec<(String, PackageId)>,
    pub origin: Origin,
    /// `None` for the SDK and for loose files outside a module.
    pub module: Option<ModuleId>,
    /// Patterns of all `//go:embed` comments with the files they match; sorted by pattern.
    pub embeds: Vec<Embed>,
    /// Assembly files that the build constraints allow. With one of them, functions may lack a body.
    pub asm_files: Vec<String>,
    /// For package main: the GODEBUG settings that the program starts with, `name=value,…`.
    pub default_godebug: String,
    /// Functions and methods (`F`, `T.M`) that overlay files declare anew; the SDK's declarations do not count.
    pub replaced_functions: Vec<String>,
    /// Loading found mistakes in the package itself: it need not be checked.
    pub broken: bool,
}

impl Package {
    pub fn import(&self, path: &str) -> Option<PackageId> {
        let index = self.imports.binary_search_by(|(import, _)| import.as_str().cmp(path)).ok()?;
        Some(self.imports[index].1)
    }
    pub fn is_whole(&self) -> bool {
        self.origin.is_whole()
    }
}

#[derive(Debug)]
pub struct PackageFile {
    pub id: FileId,
    pub name: String,
    /// The language version the file is written in.
    pub version: LangVersion,
    /// Whether the toolchain's overlay supplies it.
    pub from_overlay: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Embed {
    pub pattern: String,
    /// Slash-separated, relative to the package's directory; sorted.
    pub files: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Module {
    pub path: String,
    /// Empty for main modules and for the targets of versionless replacements.
    pub version: String,
    pub dir: PathBuf,
    pub lang: LangVersion,
    /// The version on its `go` line.
    pub go: Option<GoVersion>,
    pub is_main: bool,
    /// What a replace directive puts in its place: path and version; directories have none.
    pub replacement: Option<(String, String)>,
    /// The hash of its files, or of the replacement's; empty unless they are in the module cache.
    pub sum: String,
}

/// A mistake in the program's packages or modules. Prints as `go build` prints it, continuation lines included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    pub pos: Option<Location>,
    /// From a root to the package the error is about; shown if there is no position.
    pub import_stack: Vec<String>,
    /// Shown with the stack even if there is a position.
    pub always_show_stack: bool,
    pub message: String,
}

impl LoadError {
    /// About the whole load (`go: …`) rather than one package.
    pub fn general(message: impl Into<String>) -> LoadError {
        LoadError { pos: None, import_stack: Vec::new(), always_show_stack: false, message: message.into() }
    }
}

impl LoadError {
    /// The position, if it stands in front of the text.
    pub fn place(&self) -> Option<&Location> {
        self.pos.as_ref().filter(|_| self.import_stack.is_empty() || !self.always_show_stack)
    }

    /// All but [`LoadError::place`].
    pub fn text(&self) -> String {
        if self.place().is_some() || self.import_stack.is_empty() {
            return self.message.clone();
        }
        let stack = self.import_stack.join("\n\timports ");
        match &self.pos {
            Some(pos) => format!("package {stack}\n\t{pos}: {}", self.message),
            None => format!("package {stack}: {}", self.message),
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            Some(place) => write!(f, "{place}: {}", self.text()),
            None => f.write_str(&self.text()),
        }
    }
}
