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
    let mut cpu = u64::MAX;
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    for round in 0..rounds {
        let mut program = ir::parse::program(&text).unwrap_or_else(|error| panic!("{error}"));
        let is_root = |func: &FuncId| roots.contains(&program.funcs[*func].name);
        let options = Options { roots: program.funcs.ids().filter(is_root).collect() };
        let before = size(&program);
        let start = cpu_time();
        let timings = opt::optimize(&mut program, &options);
        cpu = cpu.min(cpu_time() - start);
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
    println!("{:8.2} ms of all threads in the best run", cpu as f64 / 1e6);
}

/// Nanoseconds that all threads have run.
fn cpu_time() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of_task = |task: std::fs::DirEntry| -> u64 {
        let text = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0)
    };
    tasks.map(of_task).sum()
}

/// Functions with bodies, and the instructions in their blocks.
fn size(program: &Program) -> (usize, usize) {
    let bodies = || program.funcs.values().filter_map(|func| func.body.as_ref());
    (bodies().count(), bodies().flat_map(|body| body.blocks.values()).map(|block| block.insts.len()).sum())
}
