//! The front end's phases in order: load, parse, check types.
//!
//! Files are parsed in parallel, each into an arena of its own; checking runs on one thread over all packages in
//! import order. Packages of the user (and whatever the command line names) are checked whole, the others as far as
//! something demands them.

use crate::config::{CheckConfig, Emit, Inputs, Rules};
use crate::embed::check_embeds;
use crate::emit::{emit_ast, emit_types};
use crate::gather::{Gathered, GatheredFile, GatheredPackage, gather};
use crate::host_functions::check_host_functions;
use crate::outcome::{CheckOutcome, PackageReport, Phase};
use crate::present::MISSING_MAIN;
use base::{Diagnostic, FileId, LangVersion, SourceMap, Symbol};
use bumpalo::Bump;
use load::fs::{FileSystem, OsFileSystem};
use load::{BuildContext, Experiments, LoadError, sdk};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Once;
use std::time::Instant;
use syntax::directive::{self, FileDirectives, PackageRules, ReadRules};
use syntax::{Bodies, ParseOptions, ast};
use types::{Checker, Feature, FileInput, ObjKind, PackageInput, PkgId};

/// Parsing recurses once per level of nesting, up to the parser's limit. Only what is used is ever backed by memory.
const PARSER_STACK: usize = 128 << 20;
/// So does checking, in larger frames, up to `Checker`'s limit.
const CHECKER_STACK: usize = 1 << 30;

/// Loads, parses and type-checks what `config` names. A user's mistakes are in the outcome.
pub fn check(config: &CheckConfig) -> CheckOutcome {
    check_with(&OsFileSystem, config)
}

/// As [`check`], with files from elsewhere.
pub fn check_with(fs: &dyn FileSystem, config: &CheckConfig) -> CheckOutcome {
    with_front_end(fs, config, |_, _| {})
}

/// Checks, and hands on what was checked, unless packages could not even be loaded. The checker and all that it refers
/// to live as long as the call.
pub(crate) fn with_front_end(
    fs: &dyn FileSystem,
    config: &CheckConfig,
    then: impl for<'a> FnOnce(FrontEnd<'a>, &mut CheckOutcome) + Send,
) -> CheckOutcome {
    static THREADS: Once = Once::new();
    THREADS.call_once(|| {
        // Fails if the host program made a pool of its own, which it then answers for.
        let _ = rayon::ThreadPoolBuilder::new().stack_size(PARSER_STACK).build_global();
    });
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("check".into()).stack_size(CHECKER_STACK);
        let thread = thread.spawn_scoped(scope, || check_here(fs, config, then)).expect("a thread can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn check_here(
    fs: &dyn FileSystem,
    config: &CheckConfig,
    then: impl for<'a> FnOnce(FrontEnd<'a>, &mut CheckOutcome),
) -> CheckOutcome {
    let mut outcome = CheckOutcome::default();
    let ctx = match build_context(fs, config) {
        Ok(ctx) => ctx,
        Err(message) => {
            outcome.load_errors.push(LoadError::general(message));
            return outcome;
        }
    };
    let mut sources = SourceMap::new();
    let start = Instant::now();
    let mut gathered = gather(fs, config, &ctx, &mut sources);
    let lines = gathered.packages.iter().flat_map(|package| &package.files).map(|file| sources.file(file.id));
    let lines = lines.map(|file| memchr::memchr_iter(b'\n', &file.text).count() as u64).sum();
    outcome.phases.push(Phase { name: "load", wall: start.elapsed(), lines });
    outcome.load_errors.append(&mut gathered.errors);
    outcome.notices.append(&mut gathered.notices);

    let arena = Bump::new();
    let file_count = gathered.packages.iter().map(|package| package.files.len()).sum();
    let mut arenas: Vec<Bump> = Vec::new();
    arenas.resize_with(file_count, Bump::new);
    let start = Instant::now();
    let parsed = parse(&gathered, &sources, &mut arenas, &ctx, config);
    outcome.phases.push(Phase { name: "parse", wall: start.elapsed(), lines });

    let start = Instant::now();
    let front = check_types(config, &ctx, &gathered, &sources, parsed, &arena, &mut outcome);
    outcome.phases.push(Phase { name: "check", wall: start.elapsed(), lines });
    then(front, &mut outcome);
    outcome.sources = sources;
    outcome
}

fn build_context(fs: &dyn FileSystem, config: &CheckConfig) -> Result<BuildContext, String> {
    let goroot = &config.goroot;
    let no_sdk = || format!("{} is no Go SDK", goroot.display());
    let version = sdk::read_version(fs, goroot).ok_or_else(no_sdk)?;
    let mut experiments = Experiments::read(fs, goroot).ok_or_else(no_sdk)?;
    experiments.apply(&config.experiments)?;
    Ok(BuildContext::new(goroot, version, config.os, config.tags.clone(), &experiments))
}

/// What checking leaves to later phases.
pub(crate) struct FrontEnd<'a> {
    pub checker: Checker<'a>,
    /// In import order.
    pub packages: Vec<CheckedPackage<'a>>,
    /// Of the SDK, as `runtime.Version` says it.
    pub version: String,
}

pub(crate) struct CheckedPackage<'a> {
    pub id: PkgId,
    /// In the order of `PackageState::files`.
    pub files: Vec<ParsedFile<'a>>,
    pub source: &'a GatheredPackage,
}

pub(crate) struct ParsedFile<'a> {
    pub ast: &'a ast::File<'a>,
    pub directives: FileDirectives,
    /// Of parser and directives.
    diagnostics: Vec<Diagnostic>,
}

/// Parses every file of every package; the result stands in the order of packages and files.
fn parse<'a>(
    gathered: &Gathered,
    sources: &SourceMap,
    arenas: &'a mut [Bump],
    ctx: &BuildContext,
    config: &CheckConfig,
) -> Vec<ParsedFile<'a>> {
    let check_branches = !matches!(config.rules, Rules::Types2Test { .. });
    let generic_methods = Feature::GenericMethods.in_compiler(ctx.lang());
    let files: Vec<(&GatheredFile, &GatheredPackage)> =
        gathered.packages.iter().flat_map(|package| package.files.iter().map(move |file| (file, package))).collect();
    files
        .into_par_iter()
        .zip(arenas)
        .map(|((&GatheredFile { id, from_overlay, .. }, package), arena)| {
            let arena: &'a Bump = arena;
            let bodies = if package.whole { Bodies::Parse } else { Bodies::Skip };
            let source = sources.file(id);
            let options = ParseOptions { bodies, check_branches, generic_methods };
            let parsed = syntax::parse_file(arena, id, source, &options);
            source.set_line_directives(parsed.line_directives);
            let ast = arena.alloc(parsed.file);
            let mut directives = directive::read(ast, read_rules(package, ctx, config));
            if !from_overlay {
                syntax::replace_functions(arena, ast, &package.replaced_functions);
            }
            let complaints = std::mem::take(&mut directives.diagnostics);
            let diagnostics = match config.rules {
                Rules::Compiler { .. } => directive::in_order_of_reading(parsed.diagnostics, complaints),
                Rules::Types2Test { .. } => parsed.diagnostics,
            };
            ParsedFile { ast, directives, diagnostics }
        })
        .collect()
}

/// Which directives a package may use.
fn read_rules(package: &GatheredPackage, ctx: &BuildContext, config: &CheckConfig) -> ReadRules {
    let (loose_std, loose_runtime) = match config.rules {
        Rules::Compiler { std, runtime, .. } => (std && package.named, runtime && package.named),
        Rules::Types2Test { .. } => (false, false),
    };
    ReadRules {
        standard: package.standard || loose_std,
        runtime: loose_runtime || package.standard && directive::is_runtime_package(&package.import_path),
        linkname_std: ctx.go_version.minor >= 27,
    }
}

/// What gc checks of directives and bodies once it finds no other mistake in a package.
fn check_directives(
    checker: &Checker,
    id: PkgId,
    package: &GatheredPackage,
    files: &[(&ast::File, &FileDirectives)],
    config: &CheckConfig,
) -> Vec<Diagnostic> {
    let Rules::Compiler { complete, .. } = config.rules else { return Vec::new() };
    let scope = checker.packages[id].scope;
    let is_declared = |name| {
        let obj = checker.scope(scope).lookup(name).map(|obj| checker.obj(obj).kind);
        matches!(obj, Some(ObjKind::Func { .. } | ObjKind::Var { .. }))
    };
    let rules = PackageRules { complete: complete || package.complete, lang_minor: package.lang.minor.into() };
    directive::check(files, rules, is_declared)
}

fn check_types<'a>(
    config: &CheckConfig,
    ctx: &BuildContext,
    gathered: &'a Gathered,
    sources: &'a SourceMap,
    parsed: Vec<ParsedFile<'a>>,
    arena: &'a Bump,
    outcome: &mut CheckOutcome,
) -> FrontEnd<'a> {
    let mut checker = Checker::new(types_config(config, ctx.lang()), sources, arena);
    let mut emitted = String::new();
    let mut rest = parsed.into_iter();
    let mut checked = Vec::with_capacity(gathered.packages.len());
    let mut ids = FxHashMap::default();
    let mut reports = Vec::with_capacity(gathered.packages.len());
    for package in &gathered.packages {
        let mut parsed: Vec<ParsedFile<'a>> = rest.by_ref().take(package.files.len()).collect();
        if package.named && config.emit == Some(Emit::Ast) {
            emit_ast(package, &parsed, sources, &mut emitted);
        }
        let mut diagnostics = Vec::new();
        let mut files = Vec::with_capacity(package.files.len());
        for (file, parsed) in package.files.iter().zip(parsed.iter_mut()) {
            diagnostics.append(&mut parsed.diagnostics);
            files.push(FileInput { ast: parsed.ast, version: file.version });
        }
        let file_versions = own_versions(&files);
        let imports = package.imports.iter().filter_map(|(path, target)| Some((path.clone(), *ids.get(target)?)));
        let id = checker.add_package(PackageInput {
            path: package.import_path.clone(),
            whole: package.whole,
            standard: package.standard,
            files,
            imports: imports.collect(),
            report_missing_imports: package.report_missing_imports,
        });
        ids.insert(package.import_path.clone(), id);
        if package.whole {
            checker.check_package(id);
            if diagnostics.is_empty() && !checker.package_states[id].has_error {
                let files: Vec<_> = parsed.iter().map(|file| (file.ast, &file.directives)).collect();
                diagnostics.extend(check_directives(&checker, id, package, &files, config));
                if diagnostics.is_empty() && matches!(config.rules, Rules::Compiler { .. }) {
                    let directives = parsed.iter().map(|file| &file.directives);
                    let configured = !matches!(config.inputs, Inputs::Packages(_)) || !package.named;
                    diagnostics.extend(check_host_functions(&mut checker, id, directives.clone()));
                    diagnostics.extend(check_embeds(&mut checker, id, package, directives, configured));
                }
            }
        } else if !package.standard && diagnostics.is_empty() {
            let directives = parsed.iter().map(|file| &file.directives);
            diagnostics.extend(check_host_functions(&mut checker, id, directives));
        }
        reports.push((id, report(package, file_versions, diagnostics)));
        checked.push(CheckedPackage { id, files: parsed, source: package });
    }
    let errors = std::mem::take(&mut checker.errors);
    let index: FxHashMap<_, _> = reports.iter().enumerate().map(|(index, (id, _))| (*id, index)).collect();
    for (id, diagnostic) in errors {
        reports[index[&id]].1.diagnostics.push(diagnostic);
    }
    for (id, report) in &mut reports {
        if report.named && !matches!(config.inputs, Inputs::Packages(_)) && !report.has_errors() {
            report.diagnostics.extend(missing_main(&checker, *id));
        }
        if report.named && config.emit == Some(Emit::Types) {
            emit_types(&mut checker, *id, &mut emitted);
        }
    }
    outcome.emitted = config.emit.map(|_| emitted);
    outcome.packages = reports.into_iter().map(|(_, report)| report).collect();
    FrontEnd { checker, packages: checked, version: format!("go{}", ctx.go_version) }
}

/// The files whose `//go:build` line decides their version: not those that ask for less than may be asked for.
fn own_versions(files: &[FileInput]) -> FxHashMap<FileId, LangVersion> {
    let own = files.iter().filter_map(|file| Some((file.ast.id, LangVersion::parse(file.ast.go_version)?)));
    own.filter(|(_, version)| *version >= LangVersion::FILE_VERSIONS).collect()
}

/// spec: "The main package must have package name main and declare a function main that takes no arguments and returns
/// no value." The linker finds out, in gc.
fn missing_main(checker: &Checker, pkg: PkgId) -> Option<Diagnostic> {
    let package = &checker.packages[pkg];
    if package.name.as_str() != "main" || checker.scope(package.scope).lookup(Symbol::intern("main")).is_some() {
        return None;
    }
    let clause = checker.package_states[pkg].files.first()?.ast.pkg_name.pos;
    Some(Diagnostic::error(MISSING_MAIN, clause, "function main is undeclared in the main package"))
}

fn types_config(config: &CheckConfig, max_version: LangVersion) -> types::Config {
    let (is_compiler, fake_import_c) = match config.rules {
        Rules::Compiler { .. } => (true, false),
        Rules::Types2Test { fake_import_c, .. } => (false, fake_import_c),
    };
    types::Config {
        max_version,
        ignore_branch_errors: is_compiler,
        test_builtins: !is_compiler,
        fake_import_c,
        compiler_checks: is_compiler,
    }
}

fn report(
    package: &GatheredPackage,
    file_versions: FxHashMap<FileId, LangVersion>,
    diagnostics: Vec<Diagnostic>,
) -> PackageReport {
    PackageReport {
        import_path: package.import_path.clone(),
        name: package.name.clone(),
        dir: package.dir.clone(),
        named: package.named,
        imports: package.imports.iter().map(|(_, target)| target.clone()).collect(),
        lang: package.lang,
        file_versions,
        diagnostics,
    }
}
