//! Which packages and files are to be checked, in import order: the loader's graph, or packages put together by hand.

use crate::config::{CheckConfig, Inputs, LoosePackage};
use crate::per_package::Subject;
use base::{FileId, LangVersion, SourceMap};
use bumpalo::Bump;
use load::buildinfo::module_lines;
use load::fs::{FileSystem, cause};
use load::{BuildContext, LoadConfig, LoadError, PackageGraph};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use syntax::ast::{Decl, Expr, ExprKind, ImportDecl};
use syntax::{Bodies, ParseOptions};

#[derive(Default)]
pub(crate) struct Gathered {
    /// Imports before importers.
    pub packages: Vec<GatheredPackage>,
    pub errors: Vec<LoadError>,
    pub notices: Vec<String>,
}

pub(crate) struct GatheredPackage {
    pub import_path: String,
    pub name: String,
    pub dir: PathBuf,
    pub files: Vec<GatheredFile>,
    /// Functions that files of the overlay declare anew: the SDK's files are read without them.
    pub replaced_functions: Vec<String>,
    /// Import path as written, and that of the package it means.
    pub imports: Vec<(String, String)>,
    /// Nobody complained about import paths that lead nowhere.
    pub report_missing_imports: bool,
    /// Part of the SDK.
    pub standard: bool,
    /// Functions of the SDK that assembly only gives a second name: name, and the symbol of the code.
    pub asm_aliases: Vec<(String, String)>,
    /// `//go:embed` patterns and the files that they match.
    pub embeds: Vec<load::Embed>,
    /// For package main: the GODEBUG settings that its module asks for.
    pub default_godebug: String,
    /// For package main: the lines of its build information about modules.
    pub modules: String,
    /// Nothing but Go files make it up, so that every function must have a body.
    pub complete: bool,
    /// The language version its module grants.
    pub lang: LangVersion,
    /// Checked whole rather than on demand.
    pub whole: bool,
    /// Named by the command line.
    pub named: bool,
}

pub(crate) struct GatheredFile {
    pub id: FileId,
    pub version: LangVersion,
    pub from_overlay: bool,
}

pub(crate) fn gather(
    fs: &dyn FileSystem,
    config: &CheckConfig,
    ctx: &BuildContext,
    sources: &mut SourceMap,
) -> Gathered {
    let patterns = match &config.inputs {
        Inputs::Patterns(patterns) => patterns.clone(),
        Inputs::Files(files) => files.iter().map(|file| file.to_string_lossy().into_owned()).collect(),
        Inputs::Packages(packages) => return gather_loose(fs, config, ctx, packages, sources),
    };
    let (graph, errors) = load::load(fs, &load_config(config, ctx, patterns), sources);
    let mut gathered = Gathered { errors, ..Gathered::default() };
    from_graph(fs, graph, ctx, config, config.lang, &mut gathered);
    gathered
}

/// `lang` overrides the version of named packages.
fn from_graph(
    fs: &dyn FileSystem,
    graph: PackageGraph,
    ctx: &BuildContext,
    config: &CheckConfig,
    lang: Option<LangVersion>,
    gathered: &mut Gathered,
) {
    let roots: FxHashSet<_> = graph.roots.iter().copied().collect();
    for &id in &graph.order {
        let package = &graph.packages[id];
        // Package unsafe is the checker's own; its file is documentation.
        if package.broken || package.import_path == "unsafe" {
            continue;
        }
        let named = roots.contains(&id);
        let standard = matches!(package.origin, load::Origin::Std | load::Origin::Overlay);
        let subject = Subject { import_path: &package.import_path, dir: &package.dir, named, standard };
        let lang = lang.filter(|_| named).or_else(|| config.langs.of(subject).copied().flatten());
        let files = package.files.iter();
        let files = files.map(|file| GatheredFile {
            id: file.id,
            version: lang.unwrap_or(file.version),
            from_overlay: file.from_overlay,
        });
        let imports = package.imports.iter();
        gathered.packages.push(GatheredPackage {
            import_path: package.import_path.clone(),
            name: package.name.clone(),
            dir: package.dir.clone(),
            files: files.collect(),
            replaced_functions: package.replaced_functions.clone(),
            imports: imports.map(|(path, to)| (path.clone(), graph.packages[*to].import_path.clone())).collect(),
            report_missing_imports: false,
            standard,
            embeds: package
                .embeds
                .iter()
                .map(|it| load::Embed { pattern: it.pattern.clone(), files: it.files.clone() })
                .collect(),
            default_godebug: package.default_godebug.clone(),
            modules: if named && package.name == "main" { module_lines(&graph, id) } else { String::new() },
            asm_aliases: if config.whole_program && standard { asm_aliases(fs, package) } else { Vec::new() },
            complete: package.asm_files.is_empty()
                && !(standard && PUSHED_INTO.contains(&package.import_path.as_str())),
            lang: lang.or(package.module.map(|id| graph.modules[id].lang)).unwrap_or(ctx.lang()),
            whole: named || package.is_whole(),
            named,
        });
    }
    gathered.notices.extend(graph.notices);
}

/// Files that cannot be read are no worse than missing code: whoever reaches that says so.
fn asm_aliases(fs: &dyn FileSystem, package: &load::Package) -> Vec<(String, String)> {
    let texts = package.asm_files.iter().filter_map(|name| fs.read(&package.dir.join(name)).ok());
    texts.flat_map(|text| load::asm::aliases(&package.import_path, &String::from_utf8_lossy(&text))).collect()
}

/// Packages as `go tool compile` sees them: no build constraints, imports of each other under given paths.
fn gather_loose(
    fs: &dyn FileSystem,
    config: &CheckConfig,
    ctx: &BuildContext,
    packages: &[LoosePackage],
    sources: &mut SourceMap,
) -> Gathered {
    let lang = config.lang.unwrap_or(ctx.lang());
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
            replaced_functions: Vec::new(),
            imports: Vec::new(),
            report_missing_imports: true,
            standard: false,
            embeds: Vec::new(),
            default_godebug: String::new(),
            modules: String::new(),
            asm_aliases: Vec::new(),
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
            let text = match fs.read(&config.dir.join(path)) {
                Ok(text) => text,
                Err(error) => {
                    gathered.errors.push(LoadError::general(format!("open {shown}: {}", cause(&error))));
                    continue;
                }
            };
            let Some(id) = sources.add(path, &shown, text) else { continue };
            result.files.push(GatheredFile { id, version: lang, from_overlay: false });
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
                if !loaded && is_std(fs, ctx, &target) && !std_imports.contains(&target) {
                    std_imports.push(target.clone());
                }
                result.imports.push((import, target));
            }
        }
        loose.push(result);
    }
    if config.whole_program {
        std_imports.push("runtime".to_owned());
    }
    if !std_imports.is_empty() {
        let (mut graph, errors) = load::load(fs, &load_config(config, ctx, std_imports), sources);
        graph.roots.clear(); // imported, not named
        gathered.errors.extend(errors);
        from_graph(fs, graph, ctx, config, None, &mut gathered);
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

fn is_std(fs: &dyn FileSystem, ctx: &BuildContext, path: &str) -> bool {
    !path.is_empty() && !Path::new(path).is_absolute() && fs.is_dir(&ctx.goroot_src().join(path))
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

fn load_config(config: &CheckConfig, ctx: &BuildContext, patterns: Vec<String>) -> LoadConfig<'static> {
    LoadConfig {
        files: matches!(config.inputs, Inputs::Files(_)),
        ctx: ctx.clone(),
        work_dir: config.dir.clone(),
        patterns,
        modules: config.modules.clone(),
        overlay: config.whole_program.then(load::overlay::embedded),
        implicit_imports: if config.whole_program { vec!["runtime".to_owned()] } else { Vec::new() },
    }
}
