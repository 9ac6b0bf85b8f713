//! From checked packages to modules: one per main package that the command line names.
//!
//! ```text
//! check ──> program (worklist, lowering) ──> codegen ──> bytes
//! ```

use crate::buildinfo;
use crate::check::{CheckedPackage, FrontEnd, with_front_end};
use crate::config::{CheckConfig, Emit};
use crate::embed::embedded_files;
use crate::gather::GatheredPackage;
use crate::outcome::{CheckOutcome, Phase};
use crate::per_package::{PerPackage, Subject};
use crate::positions::TracePositions;
use load::Goos;
use load::fs::{FileSystem, OsFileSystem, cause};
use program::embed::Embedded;
use rustc_hash::FxHashMap;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Instant;
use types::{Checker, DeclSite, PkgId};

/// What to make modules from, and how.
#[derive(Clone, Debug)]
pub struct BuildConfig {
    /// With `whole_program` set.
    pub check: CheckConfig,
    /// `-buildmode=c-shared`: the host initialises the module and calls its exports.
    pub reactor: bool,
    /// Off with `-gcflags=-N`.
    pub optimize: bool,
    /// `-ldflags`
    pub link: PerPackage<LinkFlags>,
    /// `-trimpath`: no directories of this machine in the module.
    pub trimpath: bool,
    pub recorded: RecordedFlags,
}

/// One value of `-ldflags`.
#[derive(Clone, Debug, Default)]
pub struct LinkFlags {
    /// `-s`: no names, no line table.
    pub strip: bool,
    /// `-w`
    pub no_dwarf: bool,
    /// `-X importpath.name=value`: the values of string variables, by symbol.
    pub set_strings: Vec<(String, String)>,
    /// A mistake in it, for the programs that it is for.
    pub problem: Option<String>,
}

/// What the program's build information tells of the command line, as it was written.
#[derive(Clone, Debug, Default)]
pub struct RecordedFlags {
    pub gcflags: String,
    pub ldflags: String,
    /// GOEXPERIMENT
    pub experiment: String,
    /// GOWASM
    pub wasm: String,
}

pub struct BuildOutcome {
    /// What the front end found, and bodies that were checked on demand.
    pub check: CheckOutcome,
    /// None if there were errors.
    pub modules: Vec<BuiltModule>,
    /// Why there is no module though the program is right: something that is not supported yet.
    pub failure: Option<String>,
}

pub struct BuiltModule {
    pub import_path: String,
    pub wasm: Vec<u8>,
}

/// Checks and compiles what `config` names. A user's mistakes are in the outcome.
pub fn build(config: &BuildConfig) -> BuildOutcome {
    build_with(&OsFileSystem, config)
}

/// As [`build`], with files from elsewhere.
pub fn build_with(fs: &dyn FileSystem, config: &BuildConfig) -> BuildOutcome {
    let mut modules = Vec::new();
    let mut failure = None;
    let check = with_front_end(fs, &config.check, |front, outcome| {
        if outcome.has_errors() {
            return;
        }
        let read = |path: &Path| {
            fs.read(path)
                .map(|text| text.to_vec())
                .map_err(|error| format!("open {}: {}", path.display(), cause(&error)))
        };
        match compile_all(front, config, &read, outcome) {
            Ok(built) => modules = built,
            Err(message) => failure = Some(message),
        }
    });
    BuildOutcome { check, modules, failure }
}

fn compile_all(
    front: FrontEnd<'_>,
    config: &BuildConfig,
    read: program::embed::Read<'_>,
    outcome: &mut CheckOutcome,
) -> Result<Vec<BuiltModule>, String> {
    let FrontEnd { mut checker, packages, version } = front;
    let directives: Vec<(PkgId, Vec<_>)> = packages
        .iter()
        .map(|package| (package.id, package.files.iter().map(|file| &file.directives).collect()))
        .collect();
    let aliases = packages.iter().flat_map(|package| {
        let path = &package.source.import_path;
        package.source.asm_aliases.iter().map(move |(name, target)| (format!("{path}.{name}"), target.clone()))
    });
    let aliases: FxHashMap<String, String> = aliases.collect();
    let with_embeds = packages.iter().filter(|package| !package.source.embeds.is_empty());
    let embeds = with_embeds.flat_map(|package| {
        let directives = package.files.iter().map(|file| &file.directives);
        embedded_files(&checker, package.id, package.source, directives)
    });
    let embeds: FxHashMap<DeclSite, Embedded> = embeds.collect();
    let mut modules = Vec::new();
    let mains = || packages.iter().filter(|package| package.source.named && package.source.name == "main");
    let several = mains().count() > 1;
    for package in mains() {
        let link = link_flags(config, package.source);
        if let Some(problem) = &link.problem {
            return Err(problem.clone());
        }
        check_set_strings(&checker, &packages, package, &link)?;
        let heading = several.then_some(&*package.source.import_path);
        let input = program::Input {
            main: package.id,
            directives: directives.clone(),
            entries: entries(config),
            settings: settings(config, package.source, &link, &version),
            embeds: embeds.clone(),
            read,
            aliases: aliases.clone(),
        };
        let start = Instant::now();
        let linked = std::panic::catch_unwind(AssertUnwindSafe(|| program::link(checker, &input)));
        let (after, linked) = linked.map_err(unsupported)?;
        checker = after;
        outcome.phases.push(Phase { name: "lower", wall: start.elapsed(), lines: 0 });
        if take_errors(&mut checker, &packages, outcome) {
            return Ok(Vec::new());
        }
        let mut linked = linked?;
        if cfg!(debug_assertions) {
            verify(&linked.program);
        }
        if config.optimize {
            let start = Instant::now();
            let options = optimizer_options(config, &linked);
            opt::optimize(&mut linked.program, &options);
            outcome.phases.push(Phase { name: "opt", wall: start.elapsed(), lines: 0 });
        }
        if config.check.emit == Some(Emit::Ssa) {
            emit(outcome, heading, &ir::print::program(&linked.program, ir::print::Options::default()));
        }
        let start = Instant::now();
        let (type_links, itabs) = (linked.type_links, linked.itabs);
        let mut options = codegen::Options { type_links, itabs, ..codegen_options(config, &link) };
        let exported = linked.exports.iter().cloned().map(|(name, func)| codegen::Export { name, func });
        options.exports.extend(exported);
        require_distinct_exports(&options)?;
        let mut positions = TracePositions::new(checker.sources, &config.check.dir);
        if config.trimpath {
            positions = positions.trimmed(packages.iter().map(|it| (&*it.source.import_path, &*it.source.dir)));
        }
        let output = codegen::emit(&linked.program, &options, &positions).map_err(|error| error.to_string())?;
        outcome.phases.push(Phase { name: "codegen", wall: start.elapsed(), lines: 0 });
        if config.check.emit == Some(Emit::Wat) {
            let text = wasmprinter::print_bytes(&output.bytes);
            emit(outcome, heading, &text.unwrap_or_else(|error| format!(";; {error}\n")));
        }
        modules.push(BuiltModule { import_path: package.source.import_path.clone(), wasm: output.bytes });
    }
    Ok(modules)
}

/// The message of a compilation that ended early; a bug goes on as the panic that it is.
fn unsupported(panic: Box<dyn std::any::Any + Send>) -> String {
    match panic.downcast::<lower::Unsupported>() {
        Ok(unsupported) => format!("not yet supported: {} at {}", unsupported.what, unsupported.at),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Moves errors in bodies that were checked on demand to their packages' reports.
fn take_errors(checker: &mut Checker<'_>, packages: &[CheckedPackage<'_>], outcome: &mut CheckOutcome) -> bool {
    let errors = std::mem::take(&mut checker.errors);
    let found = !errors.is_empty();
    let index: FxHashMap<PkgId, usize> = packages.iter().enumerate().map(|(index, it)| (it.id, index)).collect();
    for (id, diagnostic) in errors {
        outcome.packages[index[&id]].diagnostics.push(diagnostic);
    }
    found
}

fn verify(program: &ir::Program) {
    let findings = ir::verify::program(program);
    if findings.is_empty() {
        return;
    }
    let shown: Vec<String> = findings.iter().take(20).map(ToString::to_string).collect();
    panic!("driver: build: the program is malformed\n{}", shown.join("\n"));
}

fn optimizer_options(config: &BuildConfig, linked: &program::Linked) -> opt::Options {
    let mut entries: Vec<String> = entries(config).into_iter().map(|name| format!("runtime.{name}")).collect();
    entries.extend(linked.exports.iter().map(|(_, func)| func.clone()));
    let is_entry = |name: &String| entries.contains(name);
    let funcs = linked.program.funcs.iter();
    let roots = funcs.filter(|(_, func)| is_entry(&func.name)).map(|(id, _)| id).collect();
    opt::Options { roots }
}

/// The linker finds out, in gc; it does not know the names that the module has for the host.
fn require_distinct_exports(options: &codegen::Options) -> Result<(), String> {
    let mut exported = FxHashMap::default();
    exported.extend(options.own_exports().map(|name| (name, "the module itself")));
    for export in &options.exports {
        let by = export.func.strip_suffix(lower::exports::SUFFIX).unwrap_or(&export.func);
        if let Some(before) = exported.insert(&export.name, by) {
            let name = &export.name;
            return Err(format!("duplicated definition of export {name}, by {before} and {by}: rename one of them"));
        }
    }
    Ok(())
}

/// Functions of package runtime that the host or generated code calls.
fn entries(config: &BuildConfig) -> Vec<&'static str> {
    let called = codegen::RuntimeFunc::ALL.iter().map(|func| func.name());
    let mut entries: Vec<_> = called.map(|name| name.strip_prefix("runtime.").unwrap_or(name)).collect();
    entries.extend(exports(config).into_iter().map(|(_, func)| func));
    entries
}

/// What the host calls, under which name.
fn exports(config: &BuildConfig) -> Vec<(&'static str, &'static str)> {
    match config.check.os {
        Goos::Js => vec![("run", "jsRun"), ("resume", "jsResume")],
        Goos::Wasip1 if config.reactor => vec![("_initialize", "startLibrary")],
        Goos::Wasip1 => vec![("_start", "start")],
    }
}

/// Adds a form, under the program's name if there are several.
fn emit(outcome: &mut CheckOutcome, heading: Option<&str>, text: &str) {
    let emitted = outcome.emitted.get_or_insert_default();
    if let Some(heading) = heading {
        emitted.push_str(&format!(";; {heading}\n"));
    }
    emitted.push_str(text);
}

/// The `-ldflags` for this program.
fn link_flags(config: &BuildConfig, main: &GatheredPackage) -> LinkFlags {
    let GatheredPackage { import_path, dir, named, standard, .. } = main;
    let subject = Subject { import_path, dir, named: *named, standard: *standard };
    config.link.of(subject).cloned().unwrap_or_default()
}

/// `-X` sets variables of type string; one that does not exist is passed over, as the linker does.
fn check_set_strings(
    checker: &Checker<'_>,
    packages: &[CheckedPackage<'_>],
    main: &CheckedPackage<'_>,
    link: &LinkFlags,
) -> Result<(), String> {
    let mut problems = Vec::new();
    for (symbol, _) in &link.set_strings {
        let Some((path, name)) = symbol.rsplit_once('.') else { continue };
        let found = packages.iter().find(|package| package.source.import_path == path);
        let package = if path == "main" { main } else { found.unwrap_or(main) };
        if path != "main" && found.is_none() {
            continue;
        }
        let scope = checker.scope(checker.packages[package.id].scope);
        let Some(obj) = scope.lookup(base::Symbol::intern(name)).map(|obj| checker.obj(obj)) else { continue };
        if !matches!(obj.kind, types::ObjKind::Var { .. }) {
            continue;
        }
        let Some(ty) = obj.ty else { continue };
        if !matches!(checker.ty(ty), types::Type::Basic(types::BasicKind::String)) {
            let ty = checker.type_string(ty);
            problems.push(format!("{symbol}: cannot set with -X: not a var of type string (type:{ty})"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// What the linker would set: what runtime wants to know of the build, and what `-X` says.
fn settings(
    config: &BuildConfig,
    main: &GatheredPackage,
    link: &LinkFlags,
    version: &str,
) -> FxHashMap<String, String> {
    let goroot = if config.trimpath { String::new() } else { config.check.goroot.display().to_string() };
    let mut settings: FxHashMap<String, String> = FxHashMap::default();
    settings.insert("runtime.godebugDefault".to_owned(), main.default_godebug.clone());
    settings.insert("runtime.buildVersion".to_owned(), version.to_owned());
    settings.insert("runtime.defaultGOROOT".to_owned(), goroot);
    settings.insert("runtime.modinfo".to_owned(), buildinfo::text(config, main));
    settings.extend(link.set_strings.iter().cloned());
    settings
}

fn codegen_options(config: &BuildConfig, link: &LinkFlags) -> codegen::Options {
    let base = match config.check.os {
        Goos::Js => codegen::Options::js(),
        Goos::Wasip1 => codegen::Options::wasip1(),
    };
    let export =
        |(name, func): (&str, &str)| codegen::Export { name: name.to_owned(), func: format!("runtime.{func}") };
    codegen::Options {
        exports: exports(config).into_iter().map(export).collect(),
        names: !link.strip,
        line_table: !link.strip,
        ..base
    }
}
