//! Random programs, from fixed seeds: the interpreter and wasmtime must agree about results, panics and what was logged.
//!
//! The allocator of the tests overwrites whatever a collection would free.

#![allow(clippy::disallowed_methods)] // the environment says which programs to try

mod generate;
#[allow(dead_code)] // nobody looks at traces here
mod support;

use codegen::Options;
use generate::Random;
use ir::print::Options as PrintOptions;
use ir::{parse, print, verify};
use support::End;

/// Ids follow the order of the text; the output does not.
#[test]
fn the_order_of_discovery_makes_no_difference() {
    for seed in 0..150 {
        let mut random = Random(seed);
        let (program, _) = generate::program(&mut random, &support::prelude("", true));
        let text = print::program(&program, PrintOptions::default());
        let mut items: Vec<&str> = text.split_inclusive("\n\n").collect();
        let options = Options { line_table: true, ..support::options(["f0".to_string()]) };
        let emit = |items: &[&str]| {
            let text = items.iter().map(|item| format!("{}\n\n", item.trim())).collect::<String>();
            support::emit(&parse::program(&text).unwrap(), &options)
        };
        let expected = emit(&items);
        for index in (1..items.len()).rev() {
            items.swap(index, random.below(index + 1));
        }
        assert!(emit(&items) == expected, "seed {seed}\n{text}");
    }
}

#[test]
fn wasm_does_what_the_interpreter_does() {
    let rounds: u64 = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1500);
    let first: u64 = std::env::var("FIRST").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut ends = [0; 4];
    for seed in first..first + rounds {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.below(2);
        let (mut program, func) = generate::program(&mut random, &support::prelude("", true));
        support::trace::number_lines(&mut program);
        let text = print::program(&program, PrintOptions::default());
        assert_eq!(verify::program(&program), [], "seed {seed}\n{text}");
        // With a line table each failed check walks the stack, which must end at its top.
        let options = Options { line_table: seed % 2 == 1, ..support::options(["f0".to_string()]) };
        let emitted = std::panic::catch_unwind(|| support::emit(&program, &options));
        let bytes = emitted.unwrap_or_else(|_| panic!("seed {seed}\n{text}"));
        let signature = program.signature(program.funcs[func].sig);
        for args in [[0, 0], [5, 1], [u64::MAX, 0xffff_ffff]] {
            let expected = support::interpret(&program, func, &args);
            let actual = support::execute(&bytes, "f0", &args, (&signature.params, &signature.results));
            let what = || {
                let wat = wasmprinter::print_bytes(&bytes).unwrap();
                format!("seed {seed}, {args:?}, {:?}\n{text}\n{wat}", expected.log)
            };
            let is_cut = expected.end == End::TooLong || actual.end == End::TooLong;
            let len = expected.log.len().min(actual.log.len());
            assert_eq!(expected.log[..len], actual.log[..len], "{}", what());
            if !is_cut {
                assert_eq!((&expected.end, &expected.log), (&actual.end, &actual.log), "{}", what());
            }
            let end = match expected.end {
                _ if is_cut => 0,
                End::Return(_) => 1,
                End::Panic(..) => 2,
                _ => 3,
            };
            ends[end] += 1;
        }
    }
    println!("cut, returned, panicked, trapped: {ends:?}");
}
