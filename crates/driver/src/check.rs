//! The front end's phases in order: load, parse, check types.
//!
//! Files are parsed in parallel, each into an arena of its own; checking runs on one thread over all packages in
//! import order. Packages of the user (and whatever the command line names) are checked whole, the others as far as
//! something demands them.

use crate::config::{CheckConfig, Os, Rules};
use crate::gather::{Gathered, GatheredPackage, effective_version, gather};
use crate::outcome::{CheckOutcome, LoadError, PackageReport, Phase};
use base::{Diagnostic, FileId, SourceMap};
use bumpalo::Bump;
use load::{BuildContext, Goos};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::Path;
use std::time::Instant;
use syntax::directive::{self, FileDirectives, PackageRules, ReadRules};
use syntax::{Bodies, ParseOptions, ast};
use types::{Checker, Feature, FileInput, GoVersion, ObjKind, PackageInput, PkgId};

/// Parsing recurses once per level of nesting, up to the parser's limit.
const PARSER_STACK: usize = 16 << 20;
/// So does checking, in larger frames, up to `Checker`'s limit. Only what is used is ever backed by memory.
const CHECKER_STACK: usize = 512 << 20;

/// Loads, parses and type-checks what `config` names. A user's mistakes are in the outcome.
pub fn check(config: &CheckConfig) -> CheckOutcome {
    // Fails if the pool exists already, which is fine: the first call made it.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(PARSER_STACK).build_global();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("check".into()).stack_size(CHECKER_STACK);
        let thread = thread.spawn_scoped(scope, || check_here(config)).expect("a thread can be started");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn check_here(config: &CheckConfig) -> CheckOutcome {
    let mut outcome = CheckOutcome::default();
    let ctx = match build_context(config) {
        Ok(ctx) => ctx,
        Err(message) => {
            outcome.load_errors.push(LoadError { at: None, message });
            return outcome;
        }
    };
    let mut sources = SourceMap::new();
    let start = Instant::now();
    let gathered = gather(config, &ctx, &mut sources);
    let lines = gathered.packages.iter().flat_map(|package| &package.files).map(|file| sources.file(file.id));
    let lines = lines.map(|file| memchr::memchr_iter(b'\n', &file.text).count() as u64).sum();
    outcome.phases.push(Phase { name: "load", wall: start.elapsed(), lines });
    outcome.load_errors.extend(gathered.errors.iter().cloned());

    let arena = Bump::new();
    let file_count = gathered.packages.iter().map(|package| package.files.len()).sum();
    let mut arenas: Vec<Bump> = Vec::new();
    arenas.resize_with(file_count, Bump::new);
    let start = Instant::now();
    let parsed = parse(&gathered, &sources, &mut arenas, &ctx, config);
    outcome.phases.push(Phase { name: "parse", wall: start.elapsed(), lines });

    let start = Instant::now();
    outcome.packages = check_types(config, &ctx, &gathered, &sources, parsed, &arena);
    outcome.phases.push(Phase { name: "check", wall: start.elapsed(), lines });
    outcome.sources = sources;
    outcome
}

fn build_context(config: &CheckConfig) -> Result<BuildContext, String> {
    let goos = match config.os {
        Os::Js => Goos::Js,
        Os::Wasip1 => Goos::Wasip1,
    };
    let version = sdk_version(&config.goroot)?;
    BuildContext::new(&config.goroot, version, goos, config.tags.clone(), &config.experiments)
}

struct ParsedFile<'a> {
    ast: &'a ast::File<'a>,
    directives: FileDirectives,
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
    let generic_methods = Feature::GenericMethods.in_compiler(GoVersion::go1(ctx.go_version.minor as u16));
    let files: Vec<(FileId, &GatheredPackage)> =
        gathered.packages.iter().flat_map(|package| package.files.iter().map(move |file| (file.id, package))).collect();
    files
        .into_par_iter()
        .zip(arenas)
        .map(|((id, package), arena)| {
            let arena: &'a Bump = arena;
            let bodies = if package.whole { Bodies::Parse } else { Bodies::Skip };
            let source = sources.file(id);
            let options = ParseOptions { bodies, check_branches, generic_methods };
            let parsed = syntax::parse_file(arena, id, source, &options);
            source.set_line_directives(parsed.line_directives);
            let ast = arena.alloc(parsed.file);
            let mut directives = directive::read(ast, read_rules(package, ctx, config));
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
    gathered: &Gathered,
    sources: &'a SourceMap,
    parsed: Vec<ParsedFile<'a>>,
    arena: &'a Bump,
) -> Vec<PackageReport> {
    let max_version = GoVersion::go1(ctx.go_version.minor as u16);
    let mut checker = Checker::new(types_config(config, max_version), sources, arena);
    let mut parsed = parsed.into_iter();
    let mut ids = FxHashMap::default();
    let mut reports = Vec::with_capacity(gathered.packages.len());
    for package in &gathered.packages {
        let mut diagnostics = Vec::new();
        let mut files = Vec::with_capacity(package.files.len());
        let mut file_versions = FxHashMap::default();
        let mut directives = Vec::with_capacity(package.files.len());
        for (file, ParsedFile { ast, directives: of_file, diagnostics: found }) in package.files.iter().zip(&mut parsed)
        {
            diagnostics.extend(found);
            directives.push((ast, of_file));
            let version = effective_version(file, ast);
            // A line that asks for less than the least that a file can ask for is not what decides.
            if GoVersion::parse(ast.go_version) == Some(version) {
                file_versions.insert(file.id, version.to_string());
            }
            files.push(FileInput { ast, version });
        }
        let imports = package.imports.iter().filter_map(|(path, target)| Some((path.clone(), *ids.get(target)?)));
        let id = checker.add_package(PackageInput {
            path: package.import_path.clone(),
            whole: package.whole,
            files,
            imports: imports.collect(),
            report_missing_imports: package.report_missing_imports,
        });
        ids.insert(package.import_path.clone(), id);
        if package.whole {
            checker.check_package(id);
            if diagnostics.is_empty() && !checker.package_states[id].has_error {
                let files: Vec<_> = directives.iter().map(|(ast, directives)| (*ast, directives)).collect();
                diagnostics.extend(check_directives(&checker, id, package, &files, config));
            }
        }
        reports.push((id, report(package, file_versions, diagnostics)));
    }
    let errors = std::mem::take(&mut checker.errors);
    let index: FxHashMap<_, _> = reports.iter().enumerate().map(|(index, (id, _))| (*id, index)).collect();
    for (id, diagnostic) in errors {
        reports[index[&id]].1.diagnostics.push(diagnostic);
    }
    reports.into_iter().map(|(_, report)| report).collect()
}

fn types_config(config: &CheckConfig, max_version: GoVersion) -> types::Config {
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
    file_versions: FxHashMap<FileId, String>,
    diagnostics: Vec<Diagnostic>,
) -> PackageReport {
    PackageReport {
        import_path: package.import_path.clone(),
        name: package.name.clone(),
        dir: package.dir.clone(),
        named: package.named,
        imports: package.imports.iter().map(|(_, target)| target.clone()).collect(),
        lang: package.lang.to_string(),
        file_versions,
        diagnostics,
    }
}

/// What the SDK's VERSION file says.
fn sdk_version(goroot: &Path) -> Result<load::GoVersion, String> {
    let path = goroot.join("VERSION");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let first = text.lines().next().unwrap_or_default();
    load::GoVersion::parse_toolchain(first.trim())
        .ok_or_else(|| format!("{}: {first:?} is not a Go version", path.display()))
}
