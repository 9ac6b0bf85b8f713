//! The overlay that the toolchain carries, against the real SDKs: all of std type-checks with it in place, and every
//! function without a body finds who provides it.
//!
//! Runs with every SDK in `GOSSAMER_TEST_GOROOTS` (a path list) and the one that the `go` on PATH belongs to; passes
//! over what is not there.

#![allow(clippy::disallowed_methods)] // tests read files and run programs

use base::SourceMap;
use bumpalo::Bump;
use load::fs::OsFileSystem;
use load::{BuildContext, Experiments, GoVersion, Goos, LoadConfig, ModuleConfig, Package, PackageGraph};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use syntax::ast::{BodySource, Decl, ExprKind, FuncDecl};
use syntax::directive::{self, ReadRules};
use syntax::{Bodies, ParseOptions, ast};
use types::{Checker, FileInput, PackageInput};

fn version_of(goroot: &Path) -> GoVersion {
    let text = std::fs::read_to_string(goroot.join("VERSION")).unwrap();
    GoVersion::parse_toolchain(text.lines().next().unwrap()).unwrap()
}

fn load_std(goroot: &Path, goos: Goos, sources: &mut SourceMap) -> (BuildContext, PackageGraph) {
    let experiments = Experiments::read(&OsFileSystem, goroot).unwrap();
    let ctx = BuildContext::new(goroot, version_of(goroot), goos, Vec::new(), &experiments);
    let config = LoadConfig {
        files: false,
        ctx: ctx.clone(),
        work_dir: goroot.join("src"),
        patterns: vec!["std".to_owned()],
        modules: ModuleConfig { gowork: "off".into(), ..ModuleConfig::default() },
        overlay: Some(load::overlay::embedded()),
        implicit_imports: vec!["runtime".to_owned()],
    };
    let (graph, errors) = load::load(&OsFileSystem, &config, sources);
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{goroot:?} {goos}: {}", errors.join("\n"));
    (ctx, graph)
}

fn parse<'a>(arena: &'a Bump, sources: &'a SourceMap, package: &Package, minor: u32) -> Vec<&'a ast::File<'a>> {
    let parse = |file: &load::PackageFile| {
        let options = ParseOptions { bodies: Bodies::Parse, check_branches: true, generic_methods: minor >= 27 };
        let mut parsed = syntax::parse_file(arena, file.id, sources.file(file.id), &options);
        if !file.from_overlay {
            syntax::replace_functions(arena, &mut parsed.file, &package.replaced_functions);
        }
        let found: Vec<&str> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        assert!(found.is_empty(), "{}/{}: {}", package.import_path, file.name, found.join("\n"));
        &*arena.alloc(parsed.file)
    };
    package.files.iter().map(parse).collect()
}

/// Checking recurses deeply.
fn on_a_large_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(512 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn std_type_checks() {
    on_a_large_stack(|| {
        for goroot in testing::goroots() {
            for goos in [Goos::Js, Goos::Wasip1] {
                check_std(&goroot, goos);
            }
        }
    });
}

fn check_std(goroot: &Path, goos: Goos) {
    let mut sources = SourceMap::new();
    let (ctx, graph) = load_std(goroot, goos, &mut sources);
    let (minor, arena) = (ctx.go_version.minor, Bump::new());
    let max_version = types::GoVersion::go1(minor as u16);
    let config = types::Config {
        max_version,
        ignore_branch_errors: true,
        test_builtins: false,
        fake_import_c: false,
        compiler_checks: true,
    };
    let mut checker = Checker::new(config, &sources, &arena);
    let mut ids = HashMap::new();
    for &id in &graph.order {
        let package = &graph.packages[id];
        if package.import_path == "unsafe" {
            continue;
        }
        let files = parse(&arena, &sources, package, minor);
        let imports = package.imports.iter().filter_map(|(path, id)| Some((path.clone(), *ids.get(id)?)));
        let checked = checker.add_package(PackageInput {
            path: package.import_path.clone(),
            whole: true,
            standard: true,
            files: files.iter().map(|&ast| FileInput { ast, version: max_version }).collect(),
            imports: imports.collect(),
            report_missing_imports: false,
        });
        ids.insert(id, checked);
        checker.check_package(checked);
    }
    let errors: Vec<&str> = checker.errors.iter().map(|(_, error)| error.message.as_str()).collect();
    assert!(errors.is_empty(), "{goroot:?} {goos}: {}", errors.join("\n"));
}

/// Functions without bodies that the compiler itself is: opcodes, addresses of functions, stubs of reflect.
const INTRINSICS: &[&str] = &[
    "internal/abi.FuncPCABI0",
    "internal/abi.FuncPCABIInternal",
    "internal/runtime/sys.GetCallerPC",
    "internal/runtime/sys.GetCallerSP",
    "internal/runtime/sys.GetClosurePtr",
    "math.archCeil",
    "math.archFloor",
    "math.archTrunc",
    "reflect.makeFuncStub",
    "reflect.methodValueCall",
    // Made by the linker.
    "runtime.initTasks",
    "runtime.mainMain",
];

/// Declarations that nobody provides in the SDK either.
const NOWHERE: &[&str] = &["reflect.(*Value).pointer"];

#[test]
fn functions_without_bodies_have_providers() {
    on_a_large_stack(|| {
        for goroot in testing::goroots() {
            for goos in [Goos::Js, Goos::Wasip1] {
                check_providers(&goroot, goos);
            }
        }
    });
}

#[derive(Default)]
struct Symbols {
    /// Symbols with a body or a value.
    defined: HashSet<String>,
    /// Those that a linkname gives to a body.
    pushed: HashSet<String>,
    /// What a function without a body refers to, and where it is declared.
    wanted: Vec<(String, String)>,
    /// Assembly that only jumps elsewhere.
    jumps: HashMap<String, String>,
}

fn check_providers(goroot: &Path, goos: Goos) {
    let mut sources = SourceMap::new();
    let (ctx, graph) = load_std(goroot, goos, &mut sources);
    let arena = Bump::new();
    let mut symbols = Symbols::default();
    for &id in &graph.order {
        let package = &graph.packages[id];
        if matches!(package.import_path.as_str(), "unsafe" | "internal/wasm") {
            continue;
        }
        for (file, ast) in package.files.iter().zip(parse(&arena, &sources, package, ctx.go_version.minor)) {
            let rules = ReadRules {
                standard: true,
                runtime: directive::is_runtime_package(&package.import_path),
                linkname_std: ctx.go_version.minor >= 27,
            };
            symbols.enter(package, ast, rules, &file.name);
        }
        for name in package.asm_files.iter().filter(|_| package.origin != load::Origin::Overlay) {
            let text = std::fs::read_to_string(package.dir.join(name)).unwrap();
            symbols.enter_assembly(&package.import_path, &text);
        }
    }
    let is_provided = |symbol: &str| {
        let reached = symbols.jumps.get(symbol).map_or(symbol, String::as_str);
        symbols.defined.contains(symbol) || symbols.defined.contains(reached) || INTRINSICS.contains(&reached)
    };
    let missing: Vec<String> = symbols
        .wanted
        .iter()
        .filter(|(symbol, _)| !is_provided(symbol) && !NOWHERE.contains(&symbol.as_str()))
        .map(|(symbol, place)| format!("{symbol} ({place})"))
        .collect();
    assert!(missing.is_empty(), "{goroot:?} {goos}: nobody provides\n{}", missing.join("\n"));
}

impl Symbols {
    fn enter(&mut self, package: &Package, file: &ast::File, rules: ReadRules, name: &str) {
        let path = &package.import_path;
        let directives = directive::read(file, rules);
        let complaints: Vec<&str> = directives.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert!(complaints.is_empty(), "{path}/{name}: {}", complaints.join("\n"));
        let target = |local: &str| {
            let linkname = directives.linknames.iter().find(|linkname| linkname.local.as_str() == local)?;
            Some(linkname.target?.as_str().to_owned())
        };
        for (index, decl) in file.decls.iter().enumerate() {
            match decl {
                Decl::Var(var) => {
                    for name in var.names {
                        let local = name.name.as_str();
                        self.defined.insert(format!("{path}.{local}"));
                        self.defined.extend(target(local));
                    }
                }
                Decl::Func(func) => {
                    let own = symbol_of(path, func);
                    let linked = func.recv.is_none().then(|| target(func.name.name.as_str())).flatten();
                    let has_body = !matches!(func.body, BodySource::None);
                    if has_body || directives.func(index).wasm_import.is_some() {
                        self.defined.insert(own);
                        if let Some(linked) = linked {
                            assert!(self.pushed.insert(linked.clone()), "{linked} has two bodies");
                            self.defined.insert(linked);
                        }
                    } else {
                        self.wanted.push((linked.unwrap_or(own), format!("{path}/{name}")));
                    }
                }
                _ => {}
            }
        }
    }

    /// `TEXT ·Name(SB)` followed by `JMP ·Other(SB)`.
    fn enter_assembly(&mut self, path: &str, text: &str) {
        let symbol = |operand: &str| {
            let name = operand.split(['(', '<']).next()?.replace('∕', "/");
            let (package, name) = name.split_once('·')?;
            Some(format!("{}.{name}", if package.is_empty() { path } else { package }))
        };
        let mut current = None;
        for line in text.lines().map(str::trim) {
            if let Some(operand) = line.strip_prefix("TEXT ") {
                current = symbol(operand);
            } else if let (Some(from), Some(operand)) =
                (&current, line.strip_prefix("JMP\t").or(line.strip_prefix("JMP ")))
            {
                self.jumps.extend(symbol(operand.trim()).map(|to| (from.clone(), to)));
            }
        }
    }
}

/// `importpath.Name`, `importpath.(*T).Name`, `importpath.T.Name`.
fn symbol_of(path: &str, func: &FuncDecl) -> String {
    let name = func.name.name.as_str();
    let Some(recv) = func.recv else { return format!("{path}.{name}") };
    let mut ty = recv.ty;
    let mut is_pointer = false;
    loop {
        match &ty.kind {
            ExprKind::Paren(inner) => ty = inner,
            ExprKind::Unary { x, .. } => (ty, is_pointer) = (x, true),
            ExprKind::Index { x, .. } => ty = x,
            ExprKind::Name(base) if is_pointer => return format!("{path}.(*{}).{name}", base.as_str()),
            ExprKind::Name(base) => return format!("{path}.{}.{name}", base.as_str()),
            _ => return format!("{path}.?.{name}"),
        }
    }
}
