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
use syntax::{Bodies, ParseOptions, ast};
use types::{Checker, FileInput, GoVersion, PackageInput};

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
    let generic_methods = ctx.go_version.minor >= 27;
    let files: Vec<(FileId, bool)> = gathered
        .packages
        .iter()
        .flat_map(|package| package.files.iter().map(|file| (file.id, package.whole)))
        .collect();
    files
        .into_par_iter()
        .zip(arenas)
        .map(|((id, whole), arena)| {
            let arena: &'a Bump = arena;
            let bodies = if whole { Bodies::Parse } else { Bodies::Skip };
            let source = sources.file(id);
            let options = ParseOptions { bodies, check_branches, generic_methods };
            let parsed = syntax::parse_file(arena, id, source, &options);
            source.set_line_directives(parsed.line_directives);
            ParsedFile { ast: arena.alloc(parsed.file), diagnostics: parsed.diagnostics }
        })
        .collect()
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
        for (file, ParsedFile { ast, diagnostics: found }) in package.files.iter().zip(&mut parsed) {
            diagnostics.extend(found);
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
            has_assembly: package.has_assembly,
        });
        ids.insert(package.import_path.clone(), id);
        if package.whole {
            checker.check_package(id);
        }
        reports.push((id, report(package, file_versions, diagnostics)));
    }
    let errors = std::mem::take(&mut checker.errors);
    let index: FxHashMap<_, _> = reports.iter().enumerate().map(|(index, (id, _))| (*id, index)).collect();
    for (id, diagnostic) in errors {
        reports[index[&id]].1.diagnostics.push(diagnostic);
    }
    // The tables live as long as the process: taking them apart would cost more than it frees.
    std::mem::forget(checker);
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
