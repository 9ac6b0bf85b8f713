//! Random programs, from fixed seeds: the interpreter must find no difference between a program and what the optimiser
//! makes of it, in results, panics and what was logged.

#![allow(clippy::disallowed_methods)] // the environment says which programs to try

#[path = "../../codegen/tests/generate/mod.rs"]
mod generate;

use generate::Random;
use ir::interpret::{Host, Limits, Machine, Outcome};
use ir::memory::Memory;
use ir::{FuncId, Program, print, verify};
use opt::Options;

#[derive(Default)]
struct Log(Vec<Vec<u64>>);

impl Host for Log {
    fn call(&mut self, _: &str, _: &str, args: &[u64], _: &mut Memory) -> Result<Vec<u64>, String> {
        self.0.push(args.to_vec());
        Ok(Vec::new())
    }
}

fn interpret(program: &Program, func: FuncId, args: &[u64]) -> (Outcome, Vec<Vec<u64>>) {
    let limits = Limits { steps: 20_000, memory: 1 << 24, stack: 1 << 17, values: 1 << 17 };
    let mut machine = Machine::new(program, limits).unwrap();
    let mut log = Log::default();
    let outcome = machine.call(func, args, &mut log);
    (outcome, log.0)
}

fn is_cut(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::StepLimit | Outcome::StackOverflow | Outcome::OutOfMemory)
}

#[test]
fn optimised_programs_do_the_same() {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (first, rounds): (u64, u64) = (number("FIRST", 0), number("ROUNDS", 3000));
    let passes = std::env::var("PASSES").unwrap_or("all".into());
    let passes: Vec<&str> = passes.split(' ').collect();
    let (mut cut, mut ended) = (0, 0);
    for seed in first..first + rounds {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.below(2);
        let (mut program, func) = generate::program(&mut random, "");
        let text = print::program(&program, print::Options::default());
        assert_eq!(verify::program(&program), [], "seed {seed}\n{text}");
        let cases = [[0, 0], [5, 1], [u64::MAX, 0xffff_ffff]];
        let before: Vec<_> = cases.iter().map(|args| interpret(&program, func, args)).collect();
        let options = Options { roots: if seed % 2 == 0 { vec![func] } else { vec![] } };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            opt::run(&mut program, &options, &passes).expect("the passes exist");
        }));
        assert!(result.is_ok(), "seed {seed}\n{text}");
        let after_text = print::program(&program, print::Options::default());
        assert_eq!(verify::program(&program), [], "seed {seed}\n{text}\n{after_text}");
        for (args, (expected, expected_log)) in cases.iter().zip(before) {
            let (actual, log) = interpret(&program, func, args);
            let what = || format!("seed {seed}, {args:?}, {expected} {expected_log:?}\n{text}\n=====\n{after_text}");
            let len = expected_log.len().min(log.len());
            assert_eq!(expected_log[..len], log[..len], "{}", what());
            if is_cut(&expected) || is_cut(&actual) {
                cut += 1;
                continue;
            }
            ended += 1;
            assert_eq!((&expected, &expected_log), (&actual, &log), "{}", what());
        }
    }
    println!("cut {cut}, ended {ended}");
    assert!(ended > cut);
}
