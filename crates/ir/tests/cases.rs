//! Small cases: each file in `testdata` holds a program as SSA text and, behind `----` lines, what becomes of it.
//!
//! - `printed`: the program as it prints, or why it does not parse;
//! - `verified`: what the verifier finds;
//! - `compacted`: the program after `compact` of all bodies;
//! - `dominators`: each block's immediate dominator, and `|` before it where its results do not reach;
//! - `uses`: how often each value is used;
//! - `run @f 1 -2`: what a call gives, behind what its host calls were. The import `test log` takes anything and
//!   returns zeros.
//!
//! `BLESS=1` rewrites the sections that a file has; a file without any gets printed text and findings.
#![allow(clippy::disallowed_methods)] // tests read files and run programs

use ir::function::Function;
use ir::interpret::{Host, Limits, Machine, Outcome};
use ir::memory::Memory;
use ir::print::{Names, Options};
use ir::{Dominators, FuncId, Program, Ty, Uses, parse, print, verify};
use std::fmt::Write;
use std::path::Path;

#[test]
fn cases() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata");
    testing::check(&dir, |_, text| with_results(text));
}

fn with_results(text: &str) -> String {
    let (source, sections) = testing::split_sections(text, &["printed", "verified"]);
    let mut now = source.to_string();
    let parsed = parse::program(source);
    if let Ok(program) = &parsed {
        let printed = print::program(program, Options::default());
        let again = parse::program(&printed).unwrap_or_else(|error| panic!("{error} in\n{printed}"));
        assert_eq!(print::program(&again, Options::default()), printed);
    }
    for section in sections {
        writeln!(now, "---- {section}").unwrap();
        match &parsed {
            Ok(program) => now += &result(program, source, section),
            Err(error) => writeln!(now, "{error}").unwrap(),
        }
    }
    now
}

fn result(program: &Program, source: &str, section: &str) -> String {
    match section {
        "printed" => print::program(program, Options::default()),
        "verified" => verify::program(program).iter().map(|finding| format!("{finding}\n")).collect(),
        "compacted" => {
            let mut program = parse::program(source).unwrap();
            program.funcs.values_mut().filter_map(|func| func.body.as_mut()).for_each(Function::compact);
            assert_eq!(verify::program(&program), []);
            print::program(&program, Options::default())
        }
        "dominators" => each_body(program, dominators),
        "uses" => each_body(program, uses),
        _ => match section.strip_prefix("run @") {
            Some(call) => run(program, call),
            None => panic!("no section is called {section}"),
        },
    }
}

fn each_body(program: &Program, show: impl Fn(&Function) -> String) -> String {
    let bodies = program.funcs.values().filter_map(|func| Some((&func.name, func.body.as_ref()?)));
    bodies.map(|(name, body)| format!("{name}\n{}", show(body))).collect()
}

fn dominators(func: &Function) -> String {
    let (dominators, names) = (Dominators::of(func), Names::of(func));
    let mut text = String::new();
    for &block in &names.order {
        write!(text, "  {}", names.block(block)).unwrap();
        match dominators.immediate(block) {
            Some(parent) if dominators.results_reach(parent, block) => write!(text, " {}", names.block(parent)),
            Some(parent) => write!(text, " |{}", names.block(parent)),
            None => Ok(()),
        }
        .unwrap();
        text.push('\n');
    }
    text
}

fn uses(func: &Function) -> String {
    let (uses, names) = (Uses::of(func), Names::of(func));
    let counts: Vec<String> =
        func.values.ids().map(|value| format!("{} {}", names.value(value), uses.count(value))).collect();
    format!("  {}\n", counts.join(", "))
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

fn run(program: &Program, call: &str) -> String {
    let findings = verify::program(program);
    assert!(findings.is_empty(), "{findings:?}");
    let (name, args) = call.split_once(' ').unwrap_or((call, ""));
    let find = |func: &FuncId| program.funcs[*func].name == name;
    let func = program.funcs.ids().find(find).unwrap_or_else(|| panic!("no function is called {name}"));
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
