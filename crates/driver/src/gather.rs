//! Which packages and files are to be checked, in import order: the loader's graph, or packages put together by hand.

use crate::config::{CheckConfig, Inputs, LoosePackage, ModMode};
use crate::outcome::LoadError;
use base::{FileId, SourceMap};
use bumpalo::Bump;
use load::{BuildContext, LoadConfig, PackageGraph};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use syntax::ast::{Decl, Expr, ExprKind, ImportDecl};
use syntax::{Bodies, ParseOptions};
use types::GoVersion;

#[derive(Default)]
pub(crate) struct Gathered {
    /// Imports before importers.
    pub packages: Vec<GatheredPackage>,
    pub errors: Vec<LoadError>,
}

pub(crate) struct GatheredPackage {
    pub import_path: String,
    pub name: String,
    pub dir: PathBuf,
    pub files: Vec<GatheredFile>,
    /// Import path as written, and that of the package it means.
    pub imports: Vec<(String, String)>,
    /// Nobody complained about import paths that lead nowhere.
    pub report_missing_imports: bool,
    /// Part of the SDK.
    pub standard: bool,
    /// Nothing but Go files make it up, so that every function must have a body.
    pub complete: bool,
    /// The language version its module grants.
    pub lang: GoVersion,
    /// Checked whole rather than on demand.
    pub whole: bool,
    /// Named by the command line.
    pub named: bool,
}

pub(crate) struct GatheredFile {
    pub id: FileId,
    pub version: GoVersion,
    /// The file's own `//go:build go1.N` line is not in `version` yet.
    pub loose: bool,
}

pub(crate) fn gather(config: &CheckConfig, ctx: &BuildContext, sources: &mut SourceMap) -> Gathered {
    match &config.inputs {
        Inputs::Patterns(patterns) => gather_patterns(config, ctx, patterns.clone(), sources),
        Inputs::Files(files) => {
            let patterns = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
            gather_patterns(config, ctx, patterns, sources)
        }
        Inputs::Packages(packages) => gather_loose(config, ctx, packages, sources),
    }
}

fn gather_patterns(
    config: &CheckConfig,
    ctx: &BuildContext,
    patterns: Vec<String>,
    sources: &mut SourceMap,
) -> Gathered {
    let load_config = load_config(config, ctx, patterns);
    let (graph, errors) = load::load(&load::fs::OsFileSystem, &load_config, sources);
    let lang = config.lang.as_deref().and_then(GoVersion::parse);
    let mut gathered = Gathered::default();
    gathered.errors.extend(errors.iter().map(load_error));
    from_graph(&graph, ctx, lang, &mut gathered);
    gathered
}

/// `lang` overrides the version of named packages.
fn from_graph(graph: &PackageGraph, ctx: &BuildContext, lang: Option<GoVersion>, gathered: &mut Gathered) {
    let sdk = GoVersion::go1(ctx.go_version.minor as u16);
    let roots: FxHashSet<_> = graph.roots.iter().copied().collect();
    for &id in &graph.order {
        let package = &graph.packages[id];
        // The checker has package unsafe of its own: the sources only document it.
        if package.broken || package.import_path == "unsafe" {
            continue;
        }
        let named = roots.contains(&id);
        let standard = matches!(package.origin, load::Origin::Std | load::Origin::Overlay);
        let lang = lang.filter(|_| named);
        let version = |version: load::LangVersion| GoVersion::go1(version.minor as u16);
        let files = package.files.iter();
        let files = files.map(|file| GatheredFile {
            id: file.id,
            version: lang.unwrap_or(version(file.version)),
            loose: lang.is_some(),
        });
        let imports = package.imports.iter();
        gathered.packages.push(GatheredPackage {
            import_path: package.import_path.clone(),
            name: package.name.clone(),
            dir: package.dir.clone(),
            files: files.collect(),
            imports: imports.map(|(path, to)| (path.clone(), graph.packages[*to].import_path.clone())).collect(),
            report_missing_imports: false,
            standard,
            complete: package.asm_files.is_empty()
                && !(standard && PUSHED_INTO.contains(&package.import_path.as_str())),
            lang: lang.unwrap_or_else(|| package.module.map_or(sdk, |id| version(graph.modules[id].lang))),
            whole: named || package.is_whole(),
            named,
        });
    }
}

/// Packages as `go tool compile` sees them: no build constraints, imports of each other under given paths.
fn gather_loose(
    config: &CheckConfig,
    ctx: &BuildContext,
    packages: &[LoosePackage],
    sources: &mut SourceMap,
) -> Gathered {
    let version = GoVersion::go1(ctx.go_version.minor as u16);
    let lang = config.lang.as_deref().and_then(GoVersion::parse).unwrap_or(version);
    let mut gathered = Gathered::default();
    let mut loose: Vec<GatheredPackage> = Vec::new();
    let own: FxHashMap<&str, usize> =
        packages.iter().enumerate().map(|(index, package)| (package.import_path.as_str(), index)).collect();
    let mut std_imports = Vec::new();
    for package in packages {
        let mut result = GatheredPackage {
            import_path: package.import_path.clone(),
            name: String::new(),
            dir: config.dir.clone(),
            files: Vec::new(),
            imports: Vec::new(),
            report_missing_imports: true,
            standard: false,
            complete: false,
            lang,
            whole: true,
            named: true,
        };
        for path in &package.files {
            if path.extension().is_some_and(|extension| extension == "s") {
                continue;
            }
            let shown = path.strip_prefix(&config.dir).unwrap_or(path).to_string_lossy();
            let text = match std::fs::read(config.dir.join(path)) {
                Ok(text) => text,
                Err(error) => {
                    gathered.errors.push(LoadError { at: None, message: format!("open {shown}: {error}") });
                    continue;
                }
            };
            let Some(id) = sources.add(path, &shown, text.into()) else { continue };
            result.files.push(GatheredFile { id, version: lang, loose: true });
            let (name, imports) = package_and_imports(id, sources);
            if result.name.is_empty() {
                result.name = name;
            }
            for import in imports {
                let target = match import.strip_prefix("./") {
                    Some(local) => format!("test/{local}"),
                    None => import.clone(),
                };
                let loaded = own.contains_key(target.as_str()) || matches!(target.as_str(), "unsafe" | "C");
                if !loaded && is_std(ctx, &target) && !std_imports.contains(&target) {
                    std_imports.push(target.clone());
                }
                result.imports.push((import, target));
            }
        }
        loose.push(result);
    }
    if !std_imports.is_empty() {
        let load_config = load_config(config, ctx, std_imports);
        let (mut graph, errors) = load::load(&load::fs::OsFileSystem, &load_config, sources);
        graph.roots.clear(); // imported, not named
        gathered.errors.extend(errors.iter().map(load_error));
        from_graph(&graph, ctx, None, &mut gathered);
    }
    in_import_order(loose, &own, &mut gathered.packages);
    gathered
}

/// Packages of the SDK that have functions without bodies though they have no assembly: the runtime provides them.
const PUSHED_INTO: [&str; 10] = [
    "bytes",
    "internal/poll",
    "net",
    "os",
    "runtime/metrics",
    "runtime/pprof",
    "runtime/trace",
    "sync",
    "syscall",
    "time",
];

/// What the compiler's parser sees of them, which goes on after mistakes that end `scan_header`.
fn package_and_imports(id: FileId, sources: &SourceMap) -> (String, Vec<String>) {
    let arena = Bump::new();
    let options = ParseOptions { bodies: Bodies::Skip, check_branches: false, generic_methods: true };
    let file = syntax::parse_file(&arena, id, sources.file(id), &options).file;
    let path = |decl: &Decl| match decl {
        Decl::Import(ImportDecl { path: Some(Expr { kind: ExprKind::BasicLit { text, .. }, .. }), .. }) => {
            Some(String::from_utf8_lossy(&syntax::literal::string_value(text)?).into_owned())
        }
        _ => None,
    };
    (file.pkg_name.name.as_str().to_owned(), file.decls.iter().filter_map(path).collect())
}

fn is_std(ctx: &BuildContext, path: &str) -> bool {
    !path.is_empty() && !Path::new(path).is_absolute() && ctx.goroot_src().join(path).is_dir()
}

/// Appends the packages, each after those it imports.
fn in_import_order(loose: Vec<GatheredPackage>, own: &FxHashMap<&str, usize>, out: &mut Vec<GatheredPackage>) {
    fn visit(index: usize, edges: &[Vec<usize>], seen: &mut [bool], order: &mut Vec<usize>) {
        if std::mem::replace(&mut seen[index], true) {
            return;
        }
        for &next in &edges[index] {
            visit(next, edges, seen, order);
        }
        order.push(index);
    }
    let imports = |package: &GatheredPackage| {
        package.imports.iter().filter_map(|(_, target)| own.get(target.as_str()).copied()).collect()
    };
    let edges: Vec<Vec<usize>> = loose.iter().map(imports).collect();
    let mut order = Vec::new();
    let mut seen = vec![false; loose.len()];
    for index in 0..loose.len() {
        visit(index, &edges, &mut seen, &mut order);
    }
    let mut loose: Vec<Option<GatheredPackage>> = loose.into_iter().map(Some).collect();
    out.extend(order.into_iter().filter_map(|index| loose[index].take()));
}

fn load_config<'a>(config: &CheckConfig, ctx: &BuildContext, patterns: Vec<String>) -> LoadConfig<'a> {
    let mod_flag = config.modules.mode.map(|mode| match mode {
        ModMode::Readonly => load::ModFlag::Readonly,
        ModMode::Vendor => load::ModFlag::Vendor,
        ModMode::Mod => load::ModFlag::Mod,
    });
    LoadConfig {
        ctx: ctx.clone(),
        work_dir: config.dir.clone(),
        patterns,
        mod_flag,
        mod_file: config.modules.modfile.clone(),
        env: load::GoEnv {
            mod_cache: config.modules.gomodcache.clone(),
            work: config.modules.gowork.clone(),
            modules: config.modules.go111module.clone(),
            flags: String::new(),
            experiments: config.experiments.clone(),
        },
        overlay: None,
        implicit_imports: Vec::new(),
    }
}

fn load_error(error: &load::LoadError) -> LoadError {
    LoadError { at: None, message: error.to_string() }
}

/// The version of a file, with its own `//go:build go1.N` line taken into account if nobody did before.
pub(crate) fn effective_version(file: &GatheredFile, ast: &syntax::ast::File) -> GoVersion {
    match GoVersion::parse(ast.go_version) {
        Some(own) if file.loose && !ast.go_version.is_empty() => own.max(GoVersion::go1(21)),
        _ => file.version,
    }
}
