//! Times the pipeline on SSA text, as `gossamer build -gcflags=-N -emit=ssa` prints it.
//!
//! `measure program.ssa [root...]`: time and size after every stage, the best of several runs.
#![allow(clippy::disallowed_methods)] // a tool of its own

use ir::{FuncId, Program};
use opt::Options;
use std::time::Duration;

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("usage: measure program.ssa [root...]");
    let roots: Vec<String> = args.collect();
    let text = std::fs::read_to_string(path).expect("the file is there");
    let mut best: Vec<(String, Duration)> = Vec::new();
    for round in 0..10 {
        let mut program = ir::parse::program(&text).unwrap_or_else(|error| panic!("{error}"));
        let is_root = |func: &FuncId| roots.contains(&program.funcs[*func].name);
        let options = Options { roots: program.funcs.ids().filter(is_root).collect() };
        let before = size(&program);
        let timings = opt::optimize(&mut program, &options);
        if round == 0 {
            println!("functions {} -> {}", before.0, size(&program).0);
            println!("instructions {} -> {}", before.1, size(&program).1);
            best = timings.into_iter().map(|timing| (timing.name, timing.time)).collect();
            continue;
        }
        for (best, timing) in best.iter_mut().zip(timings) {
            best.1 = best.1.min(timing.time);
        }
    }
    for (name, time) in &best {
        println!("{:8.2} ms  {name}", time.as_secs_f64() * 1e3);
    }
    println!("{:8.2} ms", best.iter().map(|stage| stage.1.as_secs_f64()).sum::<f64>() * 1e3);
}

/// Functions with bodies, and the instructions in their blocks.
fn size(program: &Program) -> (usize, usize) {
    let bodies = || program.funcs.values().filter_map(|func| func.body.as_ref());
    (bodies().count(), bodies().flat_map(|body| body.blocks.values()).map(|block| block.insts.len()).sum())
}
