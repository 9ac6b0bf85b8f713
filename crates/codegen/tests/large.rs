//! Large functions: neither time nor nesting get out of hand.

#[allow(dead_code)] // the interpreter is not asked here
mod support;

use ir::{parse, verify};
use std::fmt::Write;
use std::time::{Duration, Instant};
use support::End;
use wasmparser::{Operator, Parser, Payload};

/// Emits, validates, and runs `f` on each number.
fn check(text: &str, calls: &[(u64, u64)]) {
    let program = parse::program(&format!("{text}\n{}", support::prelude(text, false))).unwrap();
    assert_eq!(verify::program(&program), []);
    let start = Instant::now();
    let bytes = support::emit(&program, &support::options(["f".to_string()]));
    let time = start.elapsed();
    assert!(time < Duration::from_secs(5), "{time:?}");
    println!("{time:?}, {} bytes, {} deep", bytes.len(), depth(&bytes));
    assert!(depth(&bytes) < 1100);
    for &(arg, result) in calls {
        let run = support::execute(&bytes, "f", &[arg], (&[ir::Ty::I64], &[ir::Ty::I64]));
        assert_eq!(run.end, End::Return(vec![result]), "{arg}");
    }
}

/// How deep blocks nest.
fn depth(bytes: &[u8]) -> usize {
    let mut deepest = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(Payload::CodeSectionEntry(body)) = payload else { continue };
        let mut depth = 0;
        for operator in body.get_operators_reader().unwrap() {
            match operator.unwrap() {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
                Operator::End => depth -= 1,
                _ => {}
            }
            deepest = deepest.max(depth);
        }
    }
    deepest as usize
}

#[test]
fn early_returns() {
    let mut text = "func @f(i64) -> i64 {\nblock0(v0: i64):\n  jump block1\n".to_string();
    let count = 5000;
    for index in 0..count {
        let (block, value) = (2 * index + 1, 3 * index + 1);
        let (leave, next) = (block + 1, block + 2);
        writeln!(text, "block{block}:\n  v{value} = const.i64 {index}\n  v{} = eq v0, v{value}", value + 1).unwrap();
        writeln!(text, "  branch v{}, block{leave}, block{next}", value + 1).unwrap();
        writeln!(text, "block{leave}:\n  v{} = const.i64 {}\n  return v{}", value + 2, index * 2, value + 2).unwrap();
    }
    writeln!(text, "block{}:\n  return v0\n}}", 2 * count + 1).unwrap();
    check(&text, &[(0, 0), (100, 200), (1_000_000, 1_000_000)]);
}

/// `if x&1 { if x&2 { ... } }`, with all ends meeting.
#[test]
fn nested_conditions() {
    let mut text = "func @f(i64) -> i64 {\nblock0(v0: i64):\n  v1 = const.i64 1\n  jump block1(v0, v0)\n".to_string();
    let count = 5000;
    let end = count + 1;
    for index in 1..=count {
        let value = 10 * index;
        writeln!(text, "block{index}(v{value}: i64, v{}: i64):", value + 1).unwrap();
        writeln!(text, "  v{} = add.i64 v{value}, v1\n  v{} = shr_u.i64 v{}, v1", value + 2, value + 3, value + 1)
            .unwrap();
        writeln!(text, "  v{} = wrap v{}\n", value + 4, value + 1).unwrap();
        let next = if index < count {
            format!("block{}(v{}, v{})", index + 1, value + 2, value + 3)
        } else {
            format!("block{end}(v{})", value + 2)
        };
        writeln!(text, "  branch v{}, {next}, block{end}(v{value})", value + 4).unwrap();
    }
    writeln!(text, "block{end}(v3: i64):\n  return v3\n}}").unwrap();
    check(&text, &[(0, 0), (1, 2), (0x10, 0x15)]);
}

#[test]
fn a_switch_with_many_cases() {
    let mut text = "func @f(i64) -> i64 {\nblock0(v0: i64):\n  v1 = wrap v0\n".to_string();
    let count = 1000;
    let targets: Vec<String> = (1..=count).map(|index| format!("block{index}")).collect();
    writeln!(text, "  switch v1, [{}], block{}", targets.join(", "), count + 2).unwrap();
    for index in 1..=count {
        writeln!(
            text,
            "block{index}:\n  v{} = const.i64 {}\n  jump block{}(v{})",
            index + 10,
            index * 3,
            count + 1,
            index + 10
        )
        .unwrap();
    }
    writeln!(text, "block{}(v2: i64):\n  return v2\nblock{}:\n  return v0\n}}", count + 1, count + 2).unwrap();
    check(&text, &[(0, 3), (999, 3000), (5000, 5000)]);
}

#[test]
fn loops_in_sequence() {
    let mut text =
        "func @f(i64) -> i64 {\nblock0(v0: i64):\n  v1 = const.i64 1\n  v2 = const.i64 0\n  jump block1(v0, v2)\n"
            .to_string();
    let count = 2000;
    for index in 1..=count {
        let (block, value) = (index * 2 - 1, index * 10);
        writeln!(text, "block{block}(v{value}: i64, v{}: i64):", value + 1).unwrap();
        writeln!(
            text,
            "  v{} = eqz v{value}\n  branch v{}, block{}(v0, v{}), block{}",
            value + 2,
            value + 2,
            block + 2,
            value + 1,
            block + 1
        )
        .unwrap();
        writeln!(
            text,
            "block{}:\n  v{} = sub.i64 v{value}, v1\n  v{} = add.i64 v{}, v1",
            block + 1,
            value + 3,
            value + 4,
            value + 1
        )
        .unwrap();
        writeln!(text, "  jump block{block}(v{}, v{})", value + 3, value + 4).unwrap();
    }
    writeln!(text, "block{}(v3: i64, v4: i64):\n  return v4\n}}", 2 * count + 1).unwrap();
    check(&text, &[(0, 0), (2, 4000)]);
}

#[test]
fn a_long_expression_and_many_values() {
    let mut text = "func @f(i64) -> i64 {\nblock0(v0: i64):\n".to_string();
    let count = 20_000;
    for index in 1..=count {
        writeln!(text, "  v{index} = add.i64 v{}, v0", index - 1).unwrap();
    }
    // All of these are live at once.
    for index in 0..3000 {
        writeln!(text, "  v{} = mul.i64 v{}, v0", 30_000 + index, index + 1).unwrap();
    }
    writeln!(text, "  jump block1\nblock1:\n  v40000 = add.i64 v{count}, v0").unwrap();
    for index in 0..3000 {
        writeln!(text, "  v{} = xor.i64 v{}, v{}", 40_001 + index, 40_000 + index, 30_000 + index).unwrap();
    }
    writeln!(text, "  return v43000\n}}").unwrap();
    check(&text, &[(0, 0), (1, 20_002 ^ (2..=3001).fold(0, |a, b| a ^ b))]);
}
