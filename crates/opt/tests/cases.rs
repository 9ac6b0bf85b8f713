//! Small cases: each file in `testdata` holds a program as SSA text and, behind `----` lines, what becomes of it.
//!
//! - `simplify dce`: the program after these passes; `all` is the whole pipeline;
//! - `simplify dce @f @g`: the same, and only these functions are shown;
//! - `run @f 1 -2`: what a call gives, behind what `test log` was called with; the same before and after the pipeline.
//!
//! `BLESS=1` rewrites the sections.
#![allow(clippy::disallowed_methods)] // tests read files and run programs

use ir::interpret::{Host, Limits, Machine, Outcome};
use ir::memory::Memory;
use ir::{FuncId, Program, Ty, parse, print, verify};
use opt::Options;
use std::fmt::Write;
use std::path::Path;

#[test]
fn cases() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata");
    testing::check(&dir, |path, text| with_results(text, &path.display().to_string()));
}

fn with_results(text: &str, path: &str) -> String {
    let (source, sections) = testing::split_sections(text, &[]);
    let mut now = source.to_string();
    for section in sections {
        let mut program = parse::program(source).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(verify::program(&program), [], "{path}");
        writeln!(now, "---- {section}").unwrap();
        now += &match section.strip_prefix("run @") {
            Some(call) => run(&mut program, call),
            None => passes(&mut program, section, path),
        };
    }
    now
}

fn passes(program: &mut Program, section: &str, path: &str) -> String {
    let (names, passes): (Vec<&str>, Vec<&str>) = section.split(' ').partition(|word| word.starts_with('@'));
    opt::run(program, &Options::default(), &passes).unwrap_or_else(|| panic!("{path}: no pass of {passes:?}"));
    assert_eq!(verify::program(program), [], "{path}");
    if names.is_empty() {
        return print::program(program, print::Options::default());
    }
    let functions = names.iter().map(|name| print::function(program, find(program, &name[1..]), Default::default()));
    functions.collect::<Vec<_>>().join("\n")
}

fn find(program: &Program, name: &str) -> FuncId {
    let named = |func: &FuncId| program.funcs[*func].name == name;
    program.funcs.ids().find(named).unwrap_or_else(|| panic!("no function is called {name}"))
}

struct Log(String);

impl Host for Log {
    fn call(&mut self, module: &str, name: &str, args: &[u64], _: &mut Memory) -> Result<Vec<u64>, String> {
        if (module, name) != ("test", "log") {
            return Err(format!("there is no {module} {name}"));
        }
        let args: Vec<String> = args.iter().map(|&arg| (arg as i64).to_string()).collect();
        writeln!(self.0, "log {}", args.join(" ")).unwrap();
        Ok(Vec::new())
    }
}

fn run(program: &mut Program, call: &str) -> String {
    let before = run_once(program, call);
    opt::optimize(program, &Options::default());
    assert_eq!(verify::program(program), []);
    let after = run_once(program, call);
    assert_eq!(before, after, "{call}: before and after");
    after
}

fn run_once(program: &Program, call: &str) -> String {
    let (name, args) = call.split_once(' ').unwrap_or((call, ""));
    let func = find(program, name);
    let signature = program.signature(program.funcs[func].sig);
    let args: Vec<u64> = args.split_whitespace().zip(&signature.params).map(|(arg, &ty)| bits(arg, ty)).collect();
    assert_eq!(args.len(), signature.params.len(), "{call}");
    let limits = Limits { steps: 100_000, memory: 1 << 22, stack: 1 << 16, values: 1 << 16 };
    let mut machine = Machine::new(program, limits).unwrap();
    let mut log = Log(String::new());
    let outcome = match machine.call(func, &args, &mut log) {
        Outcome::Return(values) => {
            let values = values.iter().zip(&signature.results).map(|(&bits, &ty)| shown(bits, ty));
            format!("returns {}", values.collect::<Vec<_>>().join(" "))
        }
        outcome => outcome.to_string(),
    };
    format!("{}{}\n", log.0, outcome.trim_end())
}

fn bits(text: &str, ty: Ty) -> u64 {
    match ty {
        Ty::F64 => text.parse::<f64>().unwrap().to_bits(),
        Ty::F32 => u64::from(text.parse::<f32>().unwrap().to_bits()),
        Ty::I64 => text.parse::<i64>().unwrap() as u64,
        _ => u64::from(text.parse::<i64>().unwrap() as u32),
    }
}

fn shown(bits: u64, ty: Ty) -> String {
    match ty {
        Ty::F64 => format!("{:?}", f64::from_bits(bits)),
        Ty::F32 => format!("{:?}", f32::from_bits(bits as u32)),
        Ty::I32 => (bits as u32 as i32).to_string(),
        _ => (bits as i64).to_string(),
    }
}
