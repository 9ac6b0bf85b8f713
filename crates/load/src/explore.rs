//! Follows imports from the roots until nothing new turns up, reading packages on all threads.
//!
//! There are no waves to wait for: each package that is read starts reading what it imports. The result is two maps,
//! so it does not depend on who was first.

use crate::fs::FileSystem;
use crate::graph::Origin;
use crate::resolve::{Place, ResolveError, Resolver};
use crate::scan::{self, ScanMode, ScannedPackage};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A package that was found and read.
pub(crate) struct Read {
    pub place: Place,
    pub scanned: ScannedPackage,
    /// Each import with the file and offset of the spec that names it first.
    pub imports: BTreeMap<String, ImportSite>,
}

#[derive(Clone, Copy)]
pub(crate) struct ImportSite {
    pub file: usize,
    pub offset: usize,
}

/// Import path as written, and whether a package of std writes it.
pub(crate) type Request = (String, bool);

#[derive(Default)]
pub(crate) struct Explored {
    /// What import paths mean: the package's path in `packages`.
    pub resolved: FxHashMap<Request, Result<String, ResolveError>>,
    pub packages: BTreeMap<String, Read>,
}

impl Read {
    pub fn new(place: Place, scanned: ScannedPackage) -> Read {
        let mut imports = BTreeMap::new();
        for (index, file) in scanned.files.iter().enumerate() {
            for import in &file.header.imports {
                imports.entry(import.path.clone()).or_insert(ImportSite { file: index, offset: import.offset });
            }
        }
        Read { place, scanned, imports }
    }
}

/// `loose` are packages that were put together from named files and have no place of their own.
pub(crate) fn explore(resolver: &Resolver<'_>, roots: &[String], loose: Vec<Read>) -> Explored {
    let explorer = Explorer { resolver, resolved: Mutex::default(), packages: Mutex::default() };
    rayon::scope(|scope| {
        for root in roots {
            explorer.visit(scope, root, false);
        }
        for package in &loose {
            for import in package.imports.keys() {
                explorer.visit(scope, import, false);
            }
        }
    });
    let packages = explorer.packages.into_inner().unwrap();
    let mut packages: BTreeMap<String, Read> =
        packages.into_iter().filter_map(|(path, read)| Some((path, read?))).collect();
    packages.extend(loose.into_iter().map(|package| (package.place.import_path.clone(), package)));
    let resolved = explorer.resolved.into_inner().unwrap();
    let resolved = resolved.into_iter().filter_map(|(request, result)| Some((request, result?))).collect();
    Explored { resolved, packages }
}

struct Explorer<'r> {
    resolver: &'r Resolver<'r>,
    /// `None` while somebody is at it.
    resolved: Mutex<FxHashMap<Request, Option<Result<String, ResolveError>>>>,
    packages: Mutex<FxHashMap<String, Option<Read>>>,
}

impl<'r> Explorer<'r> {
    fn visit<'s>(&'s self, scope: &rayon::Scope<'s>, import_path: &str, from_std: bool) {
        if import_path == "C" {
            return;
        }
        let request = (import_path.to_owned(), from_std);
        {
            let mut resolved = self.resolved.lock().unwrap();
            if resolved.contains_key(&request) {
                return;
            }
            resolved.insert(request.clone(), None);
        }
        scope.spawn(move |scope| self.find_and_read(scope, request));
    }

    fn find_and_read<'s>(&'s self, scope: &rayon::Scope<'s>, request: Request) {
        let place = match self.resolver.resolve(&request.0, request.1) {
            Ok(place) => place,
            Err(error) => {
                self.resolved.lock().unwrap().insert(request, Some(Err(error)));
                return;
            }
        };
        self.resolved.lock().unwrap().insert(request, Some(Ok(place.import_path.clone())));
        {
            let mut packages = self.packages.lock().unwrap();
            if packages.contains_key(&place.import_path) {
                return;
            }
            packages.insert(place.import_path.clone(), None);
        }
        let read = read_package(self.resolver, place);
        let from_std = read.place.origin == Origin::Std || read.place.origin == Origin::Overlay;
        for import in read.imports.keys() {
            self.visit(scope, import, from_std);
        }
        self.packages.lock().unwrap().insert(read.place.import_path.clone(), Some(read));
    }
}

fn read_package(resolver: &Resolver<'_>, place: Place) -> Read {
    let mode = if place.origin.is_whole() { ScanMode::BuildWithTests } else { ScanMode::Build };
    let entries = resolver.dirs.list(&place.dir).unwrap_or_default();
    let fs: &dyn FileSystem = resolver.dirs.fs;
    let scanned = scan::scan_package(fs, resolver.ctx, &place.dir, &entries, mode);
    Read::new(place, scanned)
}
