//! Lowered functions do what Go says: each file of `tests/run` is a package whose functions are lowered, verified and
//! interpreted. A line
//!
//! ```text
//! // run: f(1, -2) = 3
//! // run: g(7) panics: runtime error: index out of range [7] with length 3
//! ```
//!
//! says what a call gives; arguments and results are integers (floats by their bits). `tests/run/runtime.go` stands for
//! package runtime. The SDK's own `internal/abi` is needed, so without an SDK the test only says so.
#![allow(clippy::disallowed_methods)] // tests read files and run programs

use abi::{Descriptors, EnvId, Types};
use base::{SourceMap, Symbol};
use bumpalo::Bump;
use ir::interpret::{Limits, Machine, Outcome};
use ir::{FuncId, Program};
use load::fs::OsFileSystem;
use load::{BuildContext, Experiments, Goos, LoadConfig, ModuleConfig};
use lower::{FuncKey, Module, Request};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use syntax::{Bodies, ParseOptions, ast};
use types::{Checker, Config, FileInput, GoVersion, PackageInput};

#[test]
fn run() {
    let Some(goroot) = testing::goroot() else { return };
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run");
    let runtime = std::fs::read_to_string(dir.join("runtime.go")).unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_name().is_some_and(|name| name != "runtime.go"));
    files.sort();
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for problem in run_file(&goroot, &runtime, &text) {
            wrong.push(format!("{}: {problem}", file.file_name().unwrap().to_string_lossy()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn run_file(goroot: &Path, runtime: &str, text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let version = load::sdk::read_version(&OsFileSystem, goroot).unwrap();
    let experiments = Experiments::read(&OsFileSystem, goroot).unwrap();
    let config = LoadConfig {
        files: false,
        ctx: BuildContext::new(goroot, version, Goos::Wasip1, Vec::new(), &experiments),
        work_dir: goroot.join("src"),
        patterns: vec!["internal/abi".to_owned()],
        modules: ModuleConfig { gowork: "off".into(), ..ModuleConfig::default() },
        overlay: None,
        implicit_imports: Vec::new(),
    };
    let (graph, errors) = load::load(&OsFileSystem, &config, &mut sources);
    assert!(errors.is_empty());
    let own = [("runtime", runtime), ("main", text)]
        .map(|(path, text)| (path, sources.add(Path::new(path), path, text.as_bytes().into()).unwrap()));

    let arena = Bump::new();
    let lang = GoVersion::go1(version.minor as u16);
    let mut checker = Checker::new(Config::for_build(lang), &sources, &arena);
    let parse = |id| {
        let options = ParseOptions { bodies: Bodies::Parse, check_branches: true, generic_methods: true };
        let parsed = syntax::parse_file(&arena, id, sources.file(id), &options);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let ast: &ast::File<'_> = arena.alloc(parsed.file);
        FileInput { ast, version: lang }
    };
    let mut ids = FxHashMap::default();
    for &id in &graph.order {
        let package = &graph.packages[id];
        if package.import_path == "unsafe" {
            continue;
        }
        let files = package.files.iter().map(|file| parse(file.id)).collect();
        let imports = ids.clone();
        let path = package.import_path.clone();
        let id = checker.add_package(PackageInput {
            path: path.clone(),
            standard: true,
            files,
            imports,
            ..PackageInput::default()
        });
        ids.insert(path, id);
    }
    let mut main = None;
    for (path, file) in own {
        let input = PackageInput {
            path: path.to_owned(),
            whole: true,
            files: vec![parse(file)],
            imports: ids.clone(),
            ..PackageInput::default()
        };
        let id = checker.add_package(input);
        checker.check_package(id);
        ids.insert(path.to_owned(), id);
        main = Some(id);
    }
    let errors: Vec<&str> = checker.errors.iter().map(|error| error.1.message.as_str()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let main = main.unwrap();

    let mut types = Types::new(Some(main));
    let descriptors = Descriptors::new(&mut types, &mut checker).unwrap();
    let scope = checker.packages[main].scope;
    let mut module = Module::new(checker, types, descriptors);
    let expectations: Vec<Expectation> = text.lines().filter_map(Expectation::parse).collect();
    let mut funcs = FxHashMap::default();
    for expectation in &expectations {
        let name = Symbol::intern(&expectation.func);
        let obj = module.checker.scope(scope).lookup(name).expect("the function is declared");
        funcs.insert(expectation.func.clone(), module.func(FuncKey::Declared(obj, EnvId::EMPTY)));
    }
    while let Some(request) = module.pending.pop_front() {
        match request {
            Request::Func(func) => lower::functions::lower_function(&mut module, func),
            Request::Global(obj) => lower::statics::lower_global(&mut module, obj),
            Request::InterfaceMethod(..) | Request::ReflectMethod(_) => {}
        }
    }
    let findings = ir::verify::program(&module.program);
    if !findings.is_empty() {
        return findings.iter().map(|finding| format!("verify: {finding}")).collect();
    }
    expectations.iter().filter_map(|expectation| expectation.check(&module.program, funcs[&expectation.func])).collect()
}

struct Expectation {
    func: String,
    args: Vec<i64>,
    /// What `= ...` or `panics: ...` says.
    outcome: Result<Vec<i64>, String>,
}

impl Expectation {
    fn parse(line: &str) -> Option<Expectation> {
        let text = line.strip_prefix("// run: ")?;
        let (func, rest) = text.split_once('(')?;
        let (args, rest) = rest.split_once(')')?;
        let numbers = |text: &str| {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            words.map(|word| word.parse().expect("a number")).collect::<Vec<i64>>()
        };
        let outcome = match rest.trim().strip_prefix("= ") {
            Some(results) => Ok(numbers(results)),
            None => Err(rest.trim().strip_prefix("panics: ").unwrap_or_default().to_owned()),
        };
        Some(Expectation { func: func.to_owned(), args: numbers(args), outcome })
    }

    fn check(&self, program: &Program, func: FuncId) -> Option<String> {
        let signature = program.signature(program.funcs[func].sig).clone();
        let bits = |value: i64, ty: ir::Ty| match ty {
            ir::Ty::I32 | ir::Ty::F32 | ir::Ty::Ptr => u64::from(value as u32),
            _ => value as u64,
        };
        let args: Vec<u64> = self.args.iter().zip(&signature.params).map(|(&value, &ty)| bits(value, ty)).collect();
        let mut machine = Machine::new(program, Limits::default()).expect("memory for the program");
        let got = machine.call(func, &args, &mut ());
        let wanted = match &self.outcome {
            Ok(results) => {
                let results = results.iter().zip(&signature.results).map(|(&value, &ty)| bits(value, ty)).collect();
                Outcome::Return(results)
            }
            Err(message) => {
                return match got {
                    Outcome::Panic { kind, x, y } if kind.message(x, y) == *message => None,
                    got => Some(format!("{}({:?}): wanted a panic {message:?}, got: {got}", self.func, self.args)),
                };
            }
        };
        (got != wanted).then(|| format!("{}({:?}): wanted: {wanted}, got: {got}", self.func, self.args))
    }
}
