//! Patterns in, package graph out.
//!
//! 1. Find the main modules, resolve the patterns to import paths.
//! 2. [`explore`]: read everything that is reachable.
//! 3. Walk the graph depth first in the order in which `go` does, so that each mistake is found once and worded by the
//!    same chain of imports; this also gives the order in which packages depend on each other.
//! 4. Give out ids in path order.

use crate::config::LoadConfig;
use crate::embed;
use crate::explore::{self, Explored, ImportSite, Read};
use crate::fs::{DirEntry, FileKind, FileSystem};
use crate::godebug;
use crate::graph::{Embed, LoadError, Module, ModuleId, Origin, Package, PackageFile, PackageGraph, PackageId};
use crate::modules::Modules;
use crate::overlay::OverlaidSdk;
use crate::path;
use crate::patterns::{self, Match};
use crate::resolve::{DirCache, Place, ResolveError, Resolver};
use crate::scan::{self, ScanError, ScanMode};
use base::{LangVersion, Location, SourceMap};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Loads what the patterns name and everything it imports. With errors, the graph holds what could be loaded.
pub fn load(fs: &dyn FileSystem, config: &LoadConfig<'_>, sources: &mut SourceMap) -> (PackageGraph, Vec<LoadError>) {
    match config.overlay {
        None => load_from(fs, config, sources),
        Some(overlay) => {
            let unchecked = overlay.unchecked(config.ctx.lang());
            if !unchecked.is_empty() {
                let message =
                    format!("the overlay of {} was not checked against {}", unchecked.join(", "), config.ctx.lang());
                return (PackageGraph::default(), vec![LoadError::general(message)]);
            }
            let sdk = OverlaidSdk { below: fs, overlay, goroot_src: config.ctx.goroot_src() };
            load_from(&sdk, config, sources)
        }
    }
}

fn load_from(fs: &dyn FileSystem, config: &LoadConfig<'_>, sources: &mut SourceMap) -> (PackageGraph, Vec<LoadError>) {
    let dirs = DirCache::new(fs);
    let modules = match Modules::open(fs, config) {
        Ok(modules) => modules,
        Err(message) => return (PackageGraph::default(), vec![LoadError::general(message)]),
    };
    let resolver = Resolver { ctx: &config.ctx, dirs, modules, goroot_src: config.ctx.goroot_src() };
    let expanded = match patterns::expand(&resolver, config) {
        Ok(expanded) => expanded,
        Err(message) => return (PackageGraph::default(), vec![LoadError::general(message)]),
    };
    let mut roots: Vec<String> = config.implicit_imports.clone();
    let mut loose = Vec::new();
    for matched in &expanded.matches {
        match matched {
            Match::Packages { paths, .. } => roots.extend(paths.iter().cloned()),
            Match::Files { dir, files } => loose.push(read_loose(&resolver, dir, files)),
            Match::Failed(_) => {}
        }
    }
    let explored = explore::explore(&resolver, &roots, loose);
    let general = |other: Option<String>| resolver.modules.mismatch().or(other);
    if let Some(message) = general(general_error(&explored)) {
        return (PackageGraph::default(), vec![LoadError::general(message)]);
    }
    let mut walk = Walk::new(&resolver, config, &explored);
    walk.roots(&expanded.matches);
    let needs_updates = resolver.modules.needs_updates(&walk.relevant_modules());
    if let Some(message) = general(needs_updates) {
        return (PackageGraph::default(), vec![LoadError::general(message)]);
    }
    let Walk { order, root_paths, states, .. } = walk;
    let mut errors: Vec<LoadError> = order.iter().filter_map(|path| states[path].error.clone()).collect();
    let mut notices = expanded.notices;
    notices.extend(resolver.modules.take_notices());
    let mut graph = build(&resolver, config, explored, &states, &order, &root_paths, sources, &mut errors);
    graph.notices = notices;
    (graph, errors)
}

/// The package that consists of named files.
fn read_loose(resolver: &Resolver<'_>, dir: &Path, files: &[String]) -> Read {
    let entries: Vec<_> = files.iter().map(|name| DirEntry::new(name, FileKind::File)).collect();
    let scanned = scan::scan_package(resolver.dirs.fs, resolver.ctx, dir, &entries, ScanMode::Named);
    let place = Place {
        import_path: patterns::COMMAND_LINE.to_owned(),
        dir: dir.to_owned(),
        origin: Origin::Loose,
        module: None,
    };
    Read::new(place, scanned)
}

/// An error that makes all others meaningless; the smallest message, so that threads do not decide.
fn general_error(explored: &Explored) -> Option<String> {
    let mut messages: Vec<&String> = Vec::new();
    // The order of the table does not reach the result.
    #[allow(clippy::iter_over_hash_type)]
    for result in explored.resolved.values() {
        if let Err(ResolveError::General(message)) = result {
            messages.push(message);
        }
    }
    messages.into_iter().min().cloned()
}

#[derive(Default)]
struct State {
    done: bool,
    error: Option<LoadError>,
    is_cycle: bool,
    embeds: Vec<Embed>,
    /// Import as written, and the package it means.
    imports: Vec<(String, String)>,
}

/// One import on the way from a root.
#[derive(Clone)]
struct Step {
    path: String,
    pos: Option<Location>,
}

struct Frame {
    package: String,
    imports: Vec<(String, Option<ImportSite>)>,
    next: usize,
}

struct Walk<'a> {
    resolver: &'a Resolver<'a>,
    config: &'a LoadConfig<'a>,
    explored: &'a Explored,
    states: FxHashMap<String, State>,
    /// Packages, imports first.
    order: Vec<String>,
    root_paths: Vec<String>,
    stack: Vec<Step>,
    /// What the patterns name.
    named: FxHashSet<String>,
    /// Import paths without regard to case.
    folded: FxHashMap<String, String>,
}

impl<'a> Walk<'a> {
    fn new(resolver: &'a Resolver<'a>, config: &'a LoadConfig<'a>, explored: &'a Explored) -> Self {
        Walk {
            resolver,
            config,
            explored,
            states: FxHashMap::default(),
            order: Vec::new(),
            root_paths: Vec::new(),
            stack: Vec::new(),
            named: FxHashSet::default(),
            folded: FxHashMap::default(),
        }
    }

    fn roots(&mut self, matches: &[Match]) {
        for matched in matches {
            if let Match::Packages { paths, .. } = matched {
                self.named.extend(paths.iter().cloned());
            }
        }
        for matched in matches {
            match matched {
                Match::Failed(error) => self.fail(error.clone()),
                Match::Files { .. } => self.root(patterns::COMMAND_LINE, patterns::COMMAND_LINE.to_owned()),
                Match::Packages { paths, wildcard } => {
                    for written in paths {
                        if *wildcard && self.is_empty_dir(written) {
                            continue;
                        }
                        match &self.explored.resolved[&(written.clone(), false)] {
                            Ok(path) => self.root(written, path.clone()),
                            Err(error) => {
                                let error = self.resolve_error(error, written, None, None);
                                self.missing(written, error);
                            }
                        }
                    }
                }
            }
        }
        for import in &self.config.implicit_imports {
            if let Some(Ok(path)) = self.explored.resolved.get(&(import.clone(), false)) {
                self.visit(import, path.clone());
            }
        }
    }

    /// Records an error that belongs to no package, in its place among the others.
    fn fail(&mut self, error: LoadError) {
        let key = format!("\0{}", self.order.len());
        self.missing(&key, error);
    }

    /// Whether a directory that a wildcard names has no file for this build but tests.
    fn is_empty_dir(&self, written: &str) -> bool {
        let Some(Ok(path)) = self.explored.resolved.get(&(written.to_owned(), false)) else { return false };
        matches!(self.explored.packages[path].scanned.error, Some(ScanError::NoGoFiles))
    }

    fn root(&mut self, written: &str, path: String) {
        self.visit(written, path.clone());
        if !self.root_paths.contains(&path) {
            self.root_paths.push(path);
        }
    }

    /// Modules that the main module's go.mod has to agree with: they provide what its packages import, directly or not,
    /// or what the patterns name.
    fn relevant_modules(&self) -> Vec<Arc<Module>> {
        let module = |path: &str| self.explored.packages.get(path).and_then(|read| read.place.module.clone());
        let own = self.order.iter().filter(|path| {
            path.as_str() == patterns::COMMAND_LINE || module(path.as_str()).is_some_and(|module| module.is_main)
        });
        let mut pending: Vec<&str> = own.map(String::as_str).collect();
        let mut reached: FxHashSet<&str> = pending.iter().copied().collect();
        while let Some(path) = pending.pop() {
            let imports = self.states[path].imports.iter().map(|(_, target)| target.as_str());
            pending.extend(imports.filter(|import| reached.insert(*import)));
        }
        reached.extend(self.root_paths.iter().map(String::as_str));
        let modules = self.order.iter().filter(|path| reached.contains(path.as_str())).filter_map(|path| module(path));
        let mut modules: Vec<Arc<Module>> = modules.filter(|module| !module.is_main).collect();
        modules.sort_by(|a, b| (&a.path, &a.version).cmp(&(&b.path, &b.version)));
        modules.dedup_by(|a, b| a.path == b.path);
        modules
    }

    /// Depth first with a stack of its own: import chains may be as long as the program has packages.
    fn visit(&mut self, written: &str, path: String) {
        if self.states.contains_key(&path) {
            self.seen_again(written, &path);
            return;
        }
        let mut frames = vec![self.enter(written, path, None)];
        while let Some(frame) = frames.last_mut() {
            let Some((import, site)) = frame.imports.get(frame.next).cloned() else {
                let frame = frames.pop().expect("the loop's condition");
                self.leave(&frame.package);
                if let Some(importer) = frames.last() {
                    let (import, site) = importer.imports[importer.next - 1].clone();
                    self.check_import(&importer.package, &import, &frame.package, site);
                }
                continue;
            };
            frame.next += 1;
            let importer = frame.package.clone();
            if let Some(entered) = self.import(&importer, &import, site) {
                frames.push(entered);
            }
        }
    }

    /// Starts on a package that has not been seen.
    fn enter(&mut self, written: &str, path: String, importer: Option<(&str, Location)>) -> Frame {
        let read = &self.explored.packages[&path];
        let pos = importer.as_ref().map(|(_, pos)| pos.clone());
        let mut state = State::default();
        if let Some(error) = &read.scanned.error {
            state.error = Some(self.scan_error(read, error, written, pos.clone()));
        }
        if let Some((first, second)) = same_but_for_case(read) {
            let mut error = self.error_here(format!("case-insensitive file name collision: {first:?} and {second:?}"));
            error.import_stack.push(written.to_owned());
            state.error.get_or_insert(error);
        }
        let folded = path.to_lowercase();
        let first = self.folded.entry(folded).or_insert_with(|| path.clone());
        if *first != path && state.error.is_none() {
            let message = format!("case-insensitive import collision: {path:?} and {first:?}");
            state.error = Some(LoadError { pos: pos.clone(), ..self.error_here(message) });
        }
        self.stack.push(Step { path: written.to_owned(), pos });
        match embed::resolve(self.resolver.dirs.fs, read) {
            Ok(embeds) => state.embeds = embeds,
            Err(failed) => {
                if state.error.is_none() {
                    let file = &read.scanned.files[failed.file];
                    let pos = self.location(&file.path, &file.text, failed.offset);
                    state.error = Some(LoadError { pos: Some(pos), ..self.error_here(failed.message) });
                }
            }
        }
        self.states.insert(path.clone(), state);
        let imports = read.imports.iter().filter(|(import, _)| *import != "C");
        Frame { package: path, imports: imports.map(|(import, site)| (import.clone(), Some(*site))).collect(), next: 0 }
    }

    fn leave(&mut self, path: &str) {
        let read = &self.explored.packages[path];
        let fortran = read.scanned.fortran_files.join(" ");
        if !fortran.is_empty() {
            let message = format!("Fortran source files not allowed when not using cgo or SWIG: {fortran}");
            let error = self.error_here(message);
            self.state(path).error.get_or_insert(error);
        }
        // Among the SDK's own there are some, for tools that wasm does not have.
        if let Some(object) = read.scanned.object_files.first().filter(|_| read.place.origin != Origin::Std) {
            let error = self.error_here(format!("object files cannot be linked into a wasm module: {object}"));
            self.state(path).error.get_or_insert(error);
        }
        self.stack.pop();
        self.state(path).done = true;
        self.order.push(path.to_owned());
    }

    fn state(&mut self, path: &str) -> &mut State {
        self.states.get_mut(path).expect("Walk: the package was entered")
    }

    /// Follows one import; returns the frame of a package seen for the first time.
    fn import(&mut self, importer: &str, import: &str, site: Option<ImportSite>) -> Option<Frame> {
        let read = &self.explored.packages[importer];
        let from_std = matches!(read.place.origin, Origin::Std | Origin::Overlay);
        let pos = site.map(|site| self.import_location(read, site));
        let resolved = self.explored.resolved.get(&(import.to_owned(), from_std))?;
        let target = match resolved {
            Ok(target) => target.clone(),
            Err(error) => {
                let error = self.resolve_error(error, import, Some(read), pos);
                self.missing(import, error);
                if path::is_local(import) {
                    let message = match import {
                        "." => ".: cannot import current directory".to_owned(),
                        _ => format!("local import {import:?} in non-local package"),
                    };
                    let pos = site.map(|site| self.import_location(read, site));
                    let error = LoadError { pos, ..self.error_here(message) };
                    self.state(importer).error.get_or_insert(error);
                }
                return None;
            }
        };
        self.state(importer).imports.push((import.to_owned(), target.clone()));
        match self.states.get(&target) {
            None => {
                let entered = self.enter(import, target, pos.map(|pos| (importer, pos)));
                return Some(entered);
            }
            Some(state) if !state.done => self.cycle(import, &target, pos),
            Some(_) => self.seen_again(import, &target),
        }
        self.check_import(importer, import, &target, site);
        None
    }

    /// Records a package that does not exist, once.
    fn missing(&mut self, import: &str, error: LoadError) {
        if self.states.contains_key(import) {
            return;
        }
        self.states.insert(import.to_owned(), State { done: true, error: Some(error), ..State::default() });
        self.order.push(import.to_owned());
    }

    /// An error is shown with the shortest chain of imports that leads to it.
    fn seen_again(&mut self, written: &str, path: &str) {
        let chain: Vec<&str> = self.stack.iter().map(|step| step.path.as_str()).chain([written]).collect();
        let Some(state) = self.states.get_mut(path).filter(|state| !state.is_cycle) else { return };
        let Some(error) = &mut state.error else { return };
        let known: Vec<&str> = error.import_stack.iter().map(String::as_str).collect();
        if !known.is_empty() && (chain.len(), &chain) < (known.len(), &known) {
            error.import_stack = chain.into_iter().map(str::to_owned).collect();
        }
    }

    fn cycle(&mut self, import: &str, target: &str, pos: Option<Location>) {
        let mut steps = self.stack.clone();
        steps.push(Step { path: import.to_owned(), pos });
        let shown = steps.iter().map(|step| match &step.pos {
            Some(pos) => format!("{} from {}", step.path, base_name(&pos.file)),
            None => step.path.clone(),
        });
        let error = LoadError {
            pos: None,
            import_stack: shown.collect(),
            always_show_stack: false,
            message: "import cycle not allowed".into(),
        };
        let state = self.state(target);
        state.error.get_or_insert(error);
        state.is_cycle = true;
    }

    /// The rules that depend on who imports: `internal`, `vendor`, package main.
    fn check_import(&mut self, importer: &str, import: &str, target: &str, site: Option<ImportSite>) {
        let read = &self.explored.packages[importer];
        let Some(error) = self.import_rule(read, import, target) else { return };
        let pos = site.map(|site| self.import_location(read, site));
        let error = LoadError { pos, ..error };
        self.state(importer).error.get_or_insert(error);
    }

    fn import_rule(&self, importer: &Read, import: &str, target: &str) -> Option<LoadError> {
        let read = &self.explored.packages[target];
        if self.states[target].error.is_none() && !self.may_import_internal(importer, read) {
            let message = format!("use of internal package {target} not allowed");
            return Some(LoadError { always_show_stack: true, ..self.error_here(message) });
        }
        if let Some(at) = path::find_vendor(target) {
            let parent_length =
                read.place.dir.as_os_str().len() as isize - target.len() as isize + at.saturating_sub(1) as isize;
            let dir = read.place.dir.to_string_lossy();
            if let Some(parent) = usize::try_from(parent_length).ok().and_then(|length| dir.get(..length))
                && !importer.place.dir.starts_with(parent)
            {
                return Some(self.error_here("use of vendored package not allowed".into()));
            }
        }
        if let Some(at) = path::find_vendor(import) {
            return Some(self.error_here(format!("{import} must be imported as {}", &import[at + "vendor/".len()..])));
        }
        if read.scanned.name == "main" && read.place.dir != importer.place.dir {
            return Some(self.error_here(format!("import {import:?} is a program, not an importable package")));
        }
        None
    }

    fn may_import_internal(&self, importer: &Read, target: &Read) -> bool {
        let target_path = target.place.import_path.as_str();
        let Some(at) = path::find_internal(target_path) else { return true };
        let parent = target_path[..at].trim_end_matches('/');
        let from = importer.place.import_path.as_str();
        if path::has_prefix(from, "crypto") && path::has_prefix(target_path, "crypto/internal/fips140") {
            return true;
        }
        if path::has_prefix(from, "crypto/internal/fips140") {
            return path::has_prefix(target_path, "crypto/internal");
        }
        if target.place.module.is_some() || target.place.origin == Origin::Vendor {
            if importer.place.origin == Origin::Loose {
                let from = self.resolver.modules.dir_import_path(&importer.place.dir);
                return path::has_prefix(from.as_deref().unwrap_or("."), parent);
            }
            return path::has_prefix(from, parent);
        }
        // Of std only the SDK's own tree may see it.
        importer.place.dir.starts_with(path::join(&self.resolver.goroot_src, parent))
    }

    fn error_here(&self, message: String) -> LoadError {
        let import_stack = self.stack.iter().map(|step| step.path.clone()).collect();
        LoadError { pos: None, import_stack, always_show_stack: false, message }
    }

    fn resolve_error(
        &self,
        error: &ResolveError,
        import: &str,
        importer: Option<&Read>,
        pos: Option<Location>,
    ) -> LoadError {
        let message = match error {
            ResolveError::Malformed(message) => {
                let mut error = self.error_here(message.clone());
                error.import_stack.push(import.to_owned());
                return error;
            }
            ResolveError::Import(message) | ResolveError::General(message) => message.clone(),
            ResolveError::NotProvided => self.not_provided_message(import, importer),
            ResolveError::MissingSum { modules, found } => {
                // Of a package that is named as a root too, `go` does not remember who imports it.
                let importer = importer.filter(|_| !self.named.contains(import));
                missing_sum_message(import, modules, *found, importer)
            }
        };
        LoadError { pos, ..self.error_here(message) }
    }

    fn not_provided_message(&self, import: &str, importer: Option<&Read>) -> String {
        let module = importer.and_then(|importer| importer.place.module.as_ref());
        let change = match module.and_then(|module| self.resolver.modules.elsewhere(module)) {
            Some(dir) => format!("cd {}\n\t", dir.display()),
            None => String::new(),
        };
        format!("no required module provides package {import}; to add it:\n\t{change}go get {import}")
    }

    /// An error in the package itself, which is not on the stack yet.
    fn scan_error(&self, read: &Read, error: &ScanError, written: &str, pos: Option<Location>) -> LoadError {
        let mut stack = self.error_here(String::new()).import_stack;
        match error {
            ScanError::NoGoFiles => {
                stack.push(written.to_owned());
                let message = read.scanned.no_go_files_message();
                LoadError { pos: None, import_stack: stack, always_show_stack: false, message }
            }
            ScanError::At { file, line, column, message } => {
                stack.push(written.to_owned());
                let file = path::short(file, &self.config.work_dir).into();
                let pos = Some(Location { file, line: *line, column: *column });
                LoadError { pos, import_stack: stack, always_show_stack: false, message: message.clone() }
            }
            ScanError::Plain(message) => {
                LoadError { pos, import_stack: stack, always_show_stack: false, message: message.clone() }
            }
        }
    }

    fn import_location(&self, read: &Read, site: ImportSite) -> Location {
        let file = &read.scanned.files[site.file];
        self.location(&file.path, &file.text, site.offset)
    }

    fn location(&self, file: &Path, text: &[u8], offset: usize) -> Location {
        let (line, column) = scan::line_column(text, offset);
        Location { file: path::short(file, &self.config.work_dir).into(), line, column }
    }
}

/// Two files of a package that some file systems cannot keep apart. Their names are sorted.
fn same_but_for_case(read: &Read) -> Option<(&str, &str)> {
    let mut seen: FxHashMap<String, &str> = FxHashMap::default();
    read.scanned.files.iter().find_map(|file| {
        let first = seen.insert(file.name.to_lowercase(), &file.name)?;
        Some((first, file.name.as_str()))
    })
}

fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

fn missing_sum_message(import: &str, modules: &[String], found: bool, importer: Option<&Read>) -> String {
    let by = importer.map(|importer| format!(" (imported by {})", importer.place.import_path)).unwrap_or_default();
    let what = if found {
        format!("missing go.sum entry needed to verify package {import}{by} is provided by exactly one module")
    } else {
        format!("missing go.sum entry for module providing package {import}{by}")
    };
    let Some(importer) = importer else {
        return format!("{what}; to add:\n\tgo mod download {}", modules.join(" "));
    };
    let version = match &importer.place.module {
        Some(module) if !module.version.is_empty() => format!("@{}", module.version),
        _ => String::new(),
    };
    format!("{what}; to add:\n\tgo get {}{version}", importer.place.import_path)
}

/// Gives out ids and hands the texts to the source map.
fn build(
    resolver: &Resolver<'_>,
    config: &LoadConfig<'_>,
    explored: Explored,
    states: &FxHashMap<String, State>,
    order: &[String],
    roots: &[String],
    sources: &mut SourceMap,
    errors: &mut Vec<LoadError>,
) -> PackageGraph {
    let mut graph = PackageGraph::default();
    // What turned out to be unreachable (the exploration knows no package rules) is left out.
    let reads: BTreeMap<String, Read> =
        explored.packages.into_iter().filter(|(path, _)| states.contains_key(path)).collect();
    let ids: FxHashMap<&str, PackageId> = reads
        .keys()
        .enumerate()
        .map(|(index, path)| (path.as_str(), <PackageId as base::EntityId>::from_index(index)))
        .collect();
    let mut modules: FxHashMap<(String, String), ModuleId> = FxHashMap::default();
    let fs = resolver.dirs.fs;
    let mut directives_checked = Vec::new();
    for (path, read) in &reads {
        let state = &states[path];
        let overlay = if read.place.origin == Origin::Std {
            config.overlay.and_then(|overlay| overlay.package(path))
        } else {
            None
        };
        let module: Option<Arc<Module>> = read.place.module.clone();
        let lang = match &module {
            Some(module) => module.lang,
            None => config.ctx.lang(),
        };
        let module = module.map(|module| {
            let key = (module.path.clone(), module.version.clone());
            *modules.entry(key).or_insert_with(|| graph.modules.push(Module::clone(&module)))
        });
        let mut files = Vec::with_capacity(read.scanned.files.len());
        for file in &read.scanned.files {
            let Some(id) = sources.add(&file.path, &shown(&fs.actual(&file.path), &config.work_dir), file.text.clone())
            else {
                errors.push(LoadError::general("more than 4 GiB of source"));
                return graph;
            };
            let from_overlay = overlay.is_some_and(|entry| entry.whole || entry.files.contains(&file.name));
            files.push(PackageFile {
                id,
                name: file.name.clone(),
                version: file_version(lang, file.go_minor),
                from_overlay,
            });
        }
        let mut imports: Vec<(String, PackageId)> = state
            .imports
            .iter()
            .filter_map(|(written, target)| Some((written.clone(), *ids.get(target.as_str())?)))
            .collect();
        imports.sort_unstable();
        let mut default_godebug = String::new();
        let is_main = read.scanned.name == "main";
        if (is_main || roots.contains(path)) && read.place.origin != Origin::Std {
            let shown = |path: &Path| shown(path, &config.work_dir);
            match godebug::default_settings(resolver, config, read, &shown) {
                Ok(settings) if is_main => default_godebug = settings,
                Ok(_) => {}
                Err(error) => directives_checked.push(error),
            }
        }
        graph.packages.push(Package {
            import_path: path.clone(),
            name: read.scanned.name.clone(),
            dir: read.scanned.dir.clone(),
            files,
            imports,
            origin: if overlay.is_some_and(|entry| entry.whole) { Origin::Overlay } else { read.place.origin },
            module,
            embeds: state
                .embeds
                .iter()
                .map(|embed| Embed { pattern: embed.pattern.clone(), files: embed.files.clone() })
                .collect(),
            asm_files: read.scanned.asm_files.clone(),
            default_godebug,
            replaced_functions: overlay.map(|entry| entry.functions.clone()).unwrap_or_default(),
            broken: state.error.as_ref().is_some_and(|_| !state.is_cycle),
        });
    }
    if errors.is_empty() {
        errors.extend(directives_checked);
    }
    let id = |path: &String| ids.get(path.as_str()).copied();
    graph.roots = roots.iter().filter_map(id).collect();
    graph.order = order.iter().filter_map(id).collect();
    graph
}

/// A `//go:build go1.N` line sets a file's version, but to nothing below go1.21.
fn file_version(lang: LangVersion, go_minor: Option<u16>) -> LangVersion {
    match go_minor {
        Some(minor) => LangVersion::go1(minor).max(LangVersion::FILE_VERSIONS),
        None => lang,
    }
}

/// How the compiler's messages show a file: `./a.go` beside the user, `sub/a.go` below.
fn shown(file: &Path, work_dir: &Path) -> String {
    let short = path::short(file, work_dir);
    if short.contains(['/', '\\']) { short } else { format!("./{short}") }
}
