//! Checks small programs, with or without the SDKs on this machine.
#![allow(dead_code)] // each test file uses some of it
#![allow(clippy::disallowed_methods)] // tests read files and run programs

use abi::{CanonId, EnvId, Types};
use base::{FileId, SourceMap, Symbol};
use bumpalo::Bump;
use load::fs::OsFileSystem;
use load::{BuildContext, Experiments, GoVersion, Goos, LoadConfig, ModuleConfig};
use rustc_hash::FxHashMap;
use std::path::Path;
use syntax::{Bodies, ParseOptions, ast};
use types::{Checker, Config, FileInput, ObjId, PackageInput, PkgId};

pub fn version_of(goroot: &Path) -> GoVersion {
    let text = std::fs::read_to_string(goroot.join("VERSION")).unwrap();
    GoVersion::parse_toolchain(text.lines().next().unwrap()).unwrap()
}

/// Checks `text` as package main, with `internal/abi` in the program, and hands both over.
pub fn with_program(goroot: &Path, text: &str, test: impl FnOnce(&mut Types, &mut Checker<'_>, PkgId)) {
    let version = version_of(goroot);
    let mut sources = SourceMap::new();
    let header = load::header::scan(text.as_bytes());
    let mut patterns = vec!["internal/abi".to_owned()];
    patterns.extend(header.imports.iter().map(|import| import.path.clone()).filter(|path| path != "unsafe"));
    let experiments = Experiments::read(&OsFileSystem, goroot).unwrap();
    let config = LoadConfig {
        files: false,
        ctx: BuildContext::new(goroot, version, Goos::Wasip1, Vec::new(), &experiments),
        work_dir: goroot.join("src"),
        patterns,
        modules: ModuleConfig { gowork: "off".into(), ..ModuleConfig::default() },
        overlay: None,
        implicit_imports: Vec::new(),
    };
    let (graph, errors) = load::load(&OsFileSystem, &config, &mut sources);
    assert!(errors.is_empty(), "{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    let main = sources.add(Path::new("main.go"), "main.go", text.as_bytes().into()).unwrap();

    let mut packages: Vec<Package> = Vec::new();
    for &id in &graph.order {
        let package = &graph.packages[id];
        // The checker has its own.
        if package.import_path == "unsafe" {
            continue;
        }
        let imports = package.imports.iter().filter(|import| import.0 != "unsafe");
        packages.push(Package {
            path: package.import_path.clone(),
            whole: false,
            files: package.files.iter().map(|file| file.id).collect(),
            imports: imports.map(|(path, to)| (path.clone(), graph.packages[*to].import_path.clone())).collect(),
        });
    }
    let imports = packages.iter().map(|package| (package.path.clone(), package.path.clone())).collect();
    packages.push(Package { path: "command-line-arguments".to_owned(), whole: true, files: vec![main], imports });
    check(&sources, version.minor as u16, packages, test);
}

/// Checks packages that are given as path and text, imports before importers, the last as package main.
pub fn with_sources(texts: &[(&str, &str)], test: impl FnOnce(&mut Types, &mut Checker<'_>, PkgId)) {
    let mut sources = SourceMap::new();
    let mut packages: Vec<Package> = Vec::new();
    for &(path, text) in texts {
        let file = format!("{path}.go");
        let file = sources.add(Path::new(&file), &file, text.as_bytes().into()).unwrap();
        let imports = packages.iter().map(|package| (package.path.clone(), package.path.clone())).collect();
        packages.push(Package { path: path.to_owned(), whole: true, files: vec![file], imports });
    }
    check(&sources, 27, packages, test);
}

struct Package {
    path: String,
    whole: bool,
    files: Vec<FileId>,
    /// As written, and the path of what is meant.
    imports: Vec<(String, String)>,
}

/// The last package is main.
fn check(
    sources: &SourceMap,
    minor: u16,
    packages: Vec<Package>,
    test: impl FnOnce(&mut Types, &mut Checker<'_>, PkgId),
) {
    let arena = Bump::new();
    let max_version = types::GoVersion::go1(minor);
    let mut checker =
        Checker::new(Config { compiler_checks: false, ..Config::for_build(max_version) }, sources, &arena);
    let parse = |id, bodies| {
        let options = ParseOptions { bodies, check_branches: true, generic_methods: minor >= 27 };
        let parsed = syntax::parse_file(&arena, id, sources.file(id), &options);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let ast: &ast::File<'_> = arena.alloc(parsed.file);
        FileInput { ast, version: max_version }
    };
    let mut ids: FxHashMap<String, PkgId> = FxHashMap::default();
    let mut last = None;
    for Package { path, whole, files, imports } in packages {
        let bodies = if whole { Bodies::Parse } else { Bodies::Skip };
        let id = checker.add_package(PackageInput {
            path: path.clone(),
            whole,
            standard: !whole,
            files: files.into_iter().map(|file| parse(file, bodies)).collect(),
            imports: imports.into_iter().map(|(path, to)| (path, ids[&to])).collect(),
            ..PackageInput::default()
        });
        if whole {
            checker.check_package(id);
        }
        ids.insert(path, id);
        last = Some(id);
    }
    let errors: Vec<&str> = checker.errors.iter().map(|error| error.1.message.as_str()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let main = last.expect("a package main");
    test(&mut Types::new(Some(main)), &mut checker, main);
}

/// As [`with_program`], with every SDK.
pub fn with_each_sdk(text: &str, test: impl Fn(&mut Types, &mut Checker<'_>, PkgId)) {
    for goroot in testing::goroots() {
        with_program(&goroot, text, &test);
    }
}

pub fn object(checker: &Checker<'_>, pkg: PkgId, name: &str) -> ObjId {
    let scope = checker.packages[pkg].scope;
    checker.scope(scope).lookup(Symbol::intern(name)).unwrap_or_else(|| panic!("{name} is declared"))
}

/// The type of a package-level object: of a variable, or what a type name denotes.
pub fn type_of(types: &mut Types, checker: &mut Checker<'_>, pkg: PkgId, name: &str) -> CanonId {
    let ty = checker.obj(object(checker, pkg, name)).ty.unwrap();
    types.canon(checker, ty, EnvId::EMPTY)
}
