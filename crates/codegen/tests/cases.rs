//! Small cases: each file in `testdata` holds a program as SSA text and, behind `----` lines, what becomes of it.
//!
//! - `wat @f`: the function's code; `wat $f`: the same, but it is not exported for that; `wat`: the whole module;
//! - `run @f 1 -2`: what a call gives, behind what `test log` was called with. The interpreter and wasmtime must agree,
//!   unless the interpreter says that it cannot know.
//! - `js @f`: the whole module for `wasm_exec.js`, where `@f` is exported as `run`;
//! - `sites @f`: the function's code in a module whose frames say which call they are in; `trace @f 1 -2`: the stack when
//!   a call's check fails or `test.trace` is called; `table @f 1 -2`: all functions and sites of the line table then.
//!   Instructions have lines in the order of the text, starting anew every hundred lines with each function;
//! - `error`: why there is no module, with `@f` exported.
//!
//! `BLESS=1` rewrites the sections.

#![allow(clippy::disallowed_methods)] // tests read files

mod support;

use codegen::{Export, Options};
use ir::{FuncId, Program, Ty, parse, verify};
use std::fmt::Write;
use std::path::Path;
use support::{End, Run};

#[test]
fn cases() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata");
    testing::check(&dir, |path, text| with_results(text, &path.display().to_string()));
}

fn with_results(text: &str, path: &str) -> String {
    let (source, sections) = testing::split_sections(text, &[]);
    let parse = |traced: bool| {
        let whole = format!("{source}\n{}", support::prelude(source, traced));
        let program = parse::program(&whole).unwrap_or_else(|error| panic!("{path}: {error}\n{whole}"));
        assert_eq!(verify::program(&program), [], "{path}");
        program
    };
    let program = parse(false);
    // One module for everything that the sections name.
    let named = sections.iter().flat_map(|section| section.split(' ')).filter_map(|word| word.strip_prefix('@'));
    let has_context = |name: &&str| program.funcs.values().any(|func| func.name == **name && func.has_context);
    let mut exports: Vec<String> = named.filter(|name| !has_context(name)).map(String::from).collect();
    exports.sort();
    exports.dedup();
    let options = support::options(exports);
    if sections.iter().any(|section| section.starts_with("error")) {
        let error = codegen::emit(&program, &options, &support::trace::Lines)
            .err()
            .unwrap_or_else(|| panic!("{path}: there is a module"));
        return format!("{source}---- {}\n{error}\n", sections[0]);
    }
    let is_traced = |section: &str| ["sites", "trace", "table"].iter().any(|kind| section.starts_with(kind));
    let traced = sections.iter().copied().any(is_traced).then(|| {
        let mut program = parse(true);
        support::trace::number_lines(&mut program);
        let options = Options { line_table: true, ..options.clone() };
        let bytes = support::emit(&program, &options);
        (program, bytes)
    });
    let bytes = support::emit(&program, &options);
    let wat = wasmprinter::print_bytes(&bytes).unwrap();
    let mut now = source.to_string();
    for section in sections {
        writeln!(now, "---- {section}").unwrap();
        now += &match section.split_once(" @") {
            None if section.starts_with("wat $") => function(&wat, &section["wat $".len()..]),
            None => wat.clone(),
            Some(("wat", name)) => function(&wat, name),
            Some(("js", name)) => {
                let export = Export { name: "run".into(), func: name.into() };
                let options = Options { exports: vec![export], names: false, ..Options::js() };
                wasmprinter::print_bytes(support::emit(&program, &options)).unwrap()
            }
            Some((kind @ ("sites" | "trace" | "table"), call)) => {
                let (program, bytes) = traced.as_ref().expect("a program with lines");
                match kind {
                    "sites" => function(&wasmprinter::print_bytes(bytes).unwrap(), call),
                    kind => trace(program, bytes, call, kind == "table"),
                }
            }
            Some(("run", call)) => run(&program, &bytes, call),
            Some(_) => panic!("{path}: no section is called {section}"),
        };
    }
    now
}

/// A function's text in that of the module.
fn function(wat: &str, name: &str) -> String {
    let is_start = |line: &&str| {
        let rest = line.strip_prefix("  (func $").map(|rest| rest.trim_start_matches('"'));
        rest.and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| rest.starts_with([' ', '"']))
    };
    let mut lines = wat.lines().skip_while(|line| !is_start(line));
    let mut text = String::new();
    for line in lines.by_ref() {
        writeln!(text, "{}", line.strip_prefix("  ").unwrap_or(line)).unwrap();
        if line == "  )" {
            break;
        }
    }
    assert!(!text.is_empty(), "{name} is not in\n{wat}");
    text
}

fn called<'a>(program: &Program, call: &'a str) -> (&'a str, FuncId, Vec<u64>) {
    let (name, args) = call.split_once(' ').unwrap_or((call, ""));
    let find = |func: &FuncId| program.funcs[*func].name == name;
    let func = program.funcs.ids().find(find).unwrap_or_else(|| panic!("no function is called {name}"));
    let params = &program.signature(program.funcs[func].sig).params;
    (name, func, args.split_whitespace().zip(params).map(|(arg, &ty)| number(arg, ty)).collect())
}

fn trace(program: &Program, bytes: &[u8], call: &str, all: bool) -> String {
    let (name, func, args) = called(program, call);
    let signature = program.signature(program.funcs[func].sig);
    let run = support::execute(bytes, name, &args, (&signature.params, &signature.results));
    if all { run.table } else { run.trace.join("\n") + "\n" + &shown(&run, &signature.results) }
}

fn run(program: &Program, bytes: &[u8], call: &str) -> String {
    let (name, func, args) = called(program, call);
    let signature = program.signature(program.funcs[func].sig);
    let expected = support::interpret(program, func, &args);
    let actual = support::execute(bytes, name, &args, (&signature.params, &signature.results));
    let mut text = shown(&actual, &signature.results);
    match &expected.end {
        End::Unknown(why) => writeln!(text, "interpreter: {why}").unwrap(),
        _ => assert_eq!(shown(&expected, &signature.results), text, "{call}: the interpreter, then wasmtime"),
    }
    text
}

fn shown(run: &Run, results: &[Ty]) -> String {
    let mut text = String::new();
    for call in &run.log {
        let args: Vec<String> = call.iter().map(|&arg| (arg as i64).to_string()).collect();
        writeln!(text, "log {}", args.join(" ")).unwrap();
    }
    match &run.end {
        End::Return(values) => {
            let values: Vec<String> = values.iter().zip(results).map(|(&bits, &ty)| value(bits, ty)).collect();
            text += format!("returns {}", values.join(" ")).trim_end();
        }
        End::Panic(kind, x, y) => text += &kind.message(*x, *y),
        End::Trap => text += "traps",
        End::TooLong => text += "runs too long",
        End::Unknown(why) => text += why,
    }
    text + "\n"
}

fn number(text: &str, ty: Ty) -> u64 {
    match ty {
        Ty::F64 => text.parse::<f64>().unwrap().to_bits(),
        Ty::F32 => u64::from(text.parse::<f32>().unwrap().to_bits()),
        Ty::I64 => text.parse::<i64>().unwrap() as u64,
        _ => u64::from(text.parse::<i64>().unwrap() as u32),
    }
}

fn value(bits: u64, ty: Ty) -> String {
    match ty {
        Ty::F64 => format!("{:?}", f64::from_bits(bits)),
        Ty::F32 => format!("{:?}", f32::from_bits(bits as u32)),
        Ty::I32 => (bits as u32 as i32).to_string(),
        _ => (bits as i64).to_string(),
    }
}
