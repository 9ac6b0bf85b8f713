//! The table of passes, and what runs it.

use crate::facts::Facts;
use crate::{checks, dce, escape, flow, gvn, inline, memory, params, reach, select, simplify, sroa, thread};
use ir::{FuncId, Function, Program};
use rayon::prelude::*;
use std::time::{Duration, Instant};

/// What the caller decides.
#[derive(Clone, Default, Debug)]
pub struct Options {
    /// What is called from outside: exports, and what code generation calls by name. Other functions count only if
    /// these reach them. Empty: every function may be called.
    pub roots: Vec<FuncId>,
}

/// What a function pass may read. The bodies of all functions are elsewhere.
pub struct Context<'a> {
    pub program: &'a Program,
    pub facts: &'a Facts,
    pub options: &'a Options,
}

#[derive(Clone, Copy)]
pub struct FunctionPass {
    pub name: &'static str,
    pub run: fn(&Context, FuncId, &mut Function),
}

#[derive(Clone, Copy)]
pub struct ProgramPass {
    pub name: &'static str,
    pub run: fn(&mut Program, &Facts, &Options),
}

/// A row of the table.
#[derive(Clone, Copy)]
pub enum Stage {
    /// One after the other on each function, while it is in the cache; functions in parallel.
    Functions(&'static [FunctionPass]),
    Program(ProgramPass),
    /// Inlines bodies of func values that are called directly now, and runs the passes on what has grown.
    InlineAgain(&'static [FunctionPass]),
    /// Facts from before may be too pessimistic by now.
    Facts,
}

const SIMPLIFY: FunctionPass = FunctionPass { name: "simplify", run: simplify::run };
const PARAMS: FunctionPass = FunctionPass { name: "params", run: params::run };
const GVN: FunctionPass = FunctionPass { name: "gvn", run: gvn::run };
const FLOW: FunctionPass = FunctionPass { name: "flow", run: flow::run };
const THREAD: FunctionPass = FunctionPass { name: "thread", run: thread::run };
const SELECT: FunctionPass = FunctionPass { name: "select", run: select::run };
/// Also drops what passes left behind in tables.
const DCE: FunctionPass = FunctionPass { name: "dce", run: dce::run };

const REACH: ProgramPass = ProgramPass { name: "reach", run: reach::run };
const INLINE: ProgramPass = ProgramPass { name: "inline", run: inline::run };

const SLICES: ProgramPass = ProgramPass { name: "slices", run: escape::constant_slices };
const ESCAPE: ProgramPass = ProgramPass { name: "escape", run: escape::run };
const SROA: FunctionPass = FunctionPass { name: "sroa", run: sroa::run };
const MEMORY: FunctionPass = FunctionPass { name: "memory", run: memory::run };
const CHECKS: FunctionPass = FunctionPass { name: "checks", run: checks::run };

/// Every pass, for tests and for running one alone.
static FUNCTION_PASSES: &[FunctionPass] = &[SIMPLIFY, PARAMS, GVN, FLOW, THREAD, SELECT, DCE, SROA, MEMORY, CHECKS];
static PROGRAM_PASSES: &[ProgramPass] = &[REACH, INLINE, SLICES, ESCAPE];

static PIPELINE: &[Stage] = &[
    Stage::Program(REACH),
    // While the calls that make slices are calls.
    Stage::Program(SLICES),
    Stage::Facts,
    // The inliner measures bodies: what they can lose alone they lose before.
    Stage::Functions(&[SIMPLIFY, FLOW, DCE]),
    Stage::Program(INLINE),
    Stage::Program(REACH),
    // Some callers were the last to write a variable or to pass on its address.
    Stage::Facts,
    // Constants find their way through blocks before values are numbered; numbering shows what branches know; then
    // jumps can be threaded past them. What is known of memory makes calls of func values direct.
    Stage::Functions(&[SIMPLIFY, PARAMS, FLOW, GVN, MEMORY, SIMPLIFY, THREAD, PARAMS, FLOW, DCE]),
    // Bodies of loops over functions come together in turns: first the iterator in its caller, then the loop's body in
    // the iterator.
    Stage::InlineAgain(&[SIMPLIFY, PARAMS, FLOW, GVN, MEMORY, SIMPLIFY, THREAD, PARAMS, FLOW, DCE]),
    Stage::InlineAgain(&[SIMPLIFY, PARAMS, FLOW, GVN, MEMORY, SIMPLIFY, THREAD, PARAMS, FLOW, DCE]),
    Stage::Program(REACH),
    Stage::Facts,
    // Lengths that became constants.
    Stage::Program(SLICES),
    Stage::Program(ESCAPE),
    // Slots become values before anything else looks at these; loads are known before comparisons of what they load.
    // Branches become selects when nobody learns from them any more. What threading made straight simplifies again.
    Stage::Functions(&[
        SROA, SIMPLIFY, PARAMS, FLOW, MEMORY, GVN, CHECKS, FLOW, THREAD, PARAMS, SIMPLIFY, FLOW, MEMORY, GVN, CHECKS,
        THREAD, PARAMS, FLOW, SELECT, GVN, SIMPLIFY, FLOW, DCE,
    ]),
    Stage::Program(REACH),
];

/// How long a stage took: the sum over threads for functions.
#[derive(Clone, Debug)]
pub struct Timing {
    pub name: String,
    pub time: Duration,
}

/// Runs the pipeline. The program passes `ir::verify` before and after.
pub fn optimize(program: &mut Program, options: &Options) -> Vec<Timing> {
    run_stages(program, options, PIPELINE)
}

/// Runs passes by their names; none if there is no such pass.
pub fn run(program: &mut Program, options: &Options, names: &[&str]) -> Option<()> {
    for &name in names {
        let function_pass = FUNCTION_PASSES.iter().find(|pass| pass.name == name).copied();
        let program_pass = PROGRAM_PASSES.iter().find(|pass| pass.name == name).copied();
        match (function_pass, program_pass) {
            _ if name == "all" => drop(optimize(program, options)),
            (Some(pass), _) => run_functions(program, &Facts::of(program), options, &[pass]),
            (_, Some(pass)) => run_program(program, &Facts::of(program), options, pass),
            (None, None) => return None,
        }
    }
    Some(())
}

fn run_stages(program: &mut Program, options: &Options, stages: &[Stage]) -> Vec<Timing> {
    let mut facts = Facts::default();
    let mut timings = Vec::new();
    for stage in stages {
        let start = Instant::now();
        let name = match stage {
            Stage::Functions(passes) => {
                run_functions(program, &facts, options, passes);
                passes.iter().map(|pass| pass.name).collect::<Vec<_>>().join(" ")
            }
            Stage::Program(pass) => {
                run_program(program, &facts, options, *pass);
                pass.name.to_string()
            }
            Stage::InlineAgain(passes) => {
                let grown = inline::run_closures(program, &facts, options);
                run_on(program, &facts, options, passes, |func| grown[func]);
                "inline again".to_string()
            }
            Stage::Facts => {
                facts = Facts::of(program);
                "facts".to_string()
            }
        };
        timings.push(Timing { name, time: start.elapsed() });
    }
    timings
}

fn run_functions(program: &mut Program, facts: &Facts, options: &Options, passes: &[FunctionPass]) {
    run_on(program, facts, options, passes, |_| true);
}

fn run_on(
    program: &mut Program,
    facts: &Facts,
    options: &Options,
    passes: &[FunctionPass],
    is_wanted: impl Fn(FuncId) -> bool,
) {
    let mut bodies: Vec<(FuncId, Function)> = Vec::new();
    for id in program.funcs.ids().filter(|&id| is_wanted(id)) {
        bodies.extend(program.funcs[id].body.take().map(|body| (id, body)));
    }
    let context = Context { program, facts, options };
    bodies.par_iter_mut().for_each(|(id, body)| {
        for pass in passes {
            (pass.run)(&context, *id, body);
            verify(context.program, *id, body, pass.name);
        }
    });
    for (id, body) in bodies {
        program.funcs[id].body = Some(body);
    }
}

fn run_program(program: &mut Program, facts: &Facts, options: &Options, pass: ProgramPass) {
    (pass.run)(program, facts, options);
    for (id, func) in program.funcs.iter() {
        if let Some(body) = &func.body {
            verify(program, id, body, pass.name);
        }
    }
}

/// In debug builds: what the pass left is sound.
fn verify(program: &Program, id: FuncId, body: &Function, pass: &str) {
    if cfg!(debug_assertions) {
        let findings = ir::verify::function(program, &program.funcs[id], body);
        if let Some(finding) = findings.first() {
            let text = ir::print::body(program, &program.funcs[id], Some(body), ir::print::Options::default());
            panic!("opt: {pass} on {finding}\n{text}");
        }
    }
}
