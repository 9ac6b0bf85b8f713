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

/// The runtime of the cases of suspension, with room for large records, of which every word is looked at.
fn with_suspension(text: &str) -> ir::Program {
    let cases = include_str!("testdata/suspend.txt");
    let runtime = &cases[..cases.find("func @p.add").unwrap()];
    let collect = "block4:\n  v24 = call @internal/wasm.StackPointer()";
    assert!(runtime.contains(collect));
    let scan_records = "block4:
  v100 = data_addr $p.records
  v101 = data_addr $p.record
  v102 = load.i32 v101
  v103 = const.i32 0
  jump block7(v103, v8)
block7(v104: i32, v105: ptr):
  v106 = lt_s v104, v102
  branch v106, block8, block9
block8:
  v107 = ptr_add v100, v104
  v108 = load.i32 v107
  store v105, v108
  v109 = const.i32 8
  v110 = ptr_add v105, v109
  v111 = const.i32 4
  v112 = add.i32 v104, v111
  jump block7(v112, v110)
block9:
  v24 = call @internal/wasm.StackPointer()";
    let mut whole = runtime
        .replace("$p.records size 1024", "$p.records size 65536")
        .replace("$p.scan size 256", "$p.scan size 4096")
        .replace("v4 = const.i32 256", "v4 = const.i32 4096")
        .replace(collect, scan_records);
    whole += text;
    whole += &support::prelude(&whole, false);
    let program = parse::program(&whole).unwrap();
    assert_eq!(verify::program(&program), []);
    program
}

/// A function with `count` pointers and as many numbers that are live across twice as many points; then loops with and
/// without points read them. Says what it comes to for 5.
fn many_points(count: u64) -> (String, u64) {
    let mut text = "func @p.big(i64, ptr) -> i64 {\nblock0(v0: i64, v1: ptr):\n  v2 = const.i64 0\n".to_string();
    let mut next = 3;
    let mut inst = |text: &mut String, rest: &str| {
        writeln!(text, "  v{next} = {rest}").unwrap();
        next += 1;
        next - 1
    };
    let mut expected = 5;
    let mut sum = 0u64;
    let (mut pointers, mut numbers) = (Vec::new(), Vec::new());
    let mut last = 0;
    for index in 0..count {
        let pointer = inst(&mut text, "new layout0");
        writeln!(text, "  store v{pointer} + 8, v{last}").unwrap();
        sum += expected;
        last = inst(&mut text, &format!("call @p.next(v{last})"));
        expected += 1;
        sum += expected;
        pointers.push(pointer);
        numbers.push(match index % 3 {
            0 => inst(&mut text, &format!("convert_s.f64 v{last}")),
            1 => inst(&mut text, &format!("wrap v{last}")),
            _ => last,
        });
    }
    // The sum of all, twice; without points, and with one each time.
    for points in [false, true] {
        let [block, body, behind] = if points { [3, 4, 5] } else { [0, 1, 2] }.map(|block| block + 1);
        writeln!(text, "  jump block{block}(v2, v{last})").unwrap();
        let (counter, result) = (100_000 + 1000 * block, 100_001 + 1000 * block);
        writeln!(text, "block{block}(v{counter}: i64, v{result}: i64):").unwrap();
        let limit = inst(&mut text, "const.i64 2");
        let less = inst(&mut text, &format!("lt_s v{counter}, v{limit}"));
        writeln!(text, "  branch v{less}, block{body}, block{behind}\nblock{body}:").unwrap();
        let mut all = result;
        for (index, (&pointer, &number)) in pointers.iter().zip(&numbers).enumerate() {
            if points && index % 4 == 0 {
                all = inst(&mut text, &format!("call @p.next(v{all})"));
                expected += 2;
            }
            let held = inst(&mut text, &format!("load.i64 v{pointer} + 8"));
            let number = match index % 3 {
                0 => inst(&mut text, &format!("trunc_sat_s.i64 v{number}")),
                1 => inst(&mut text, &format!("extend_s v{number}")),
                _ => number,
            };
            all = inst(&mut text, &format!("add.i64 v{all}, v{held}"));
            all = inst(&mut text, &format!("add.i64 v{all}, v{number}"));
        }
        expected += 2 * sum;
        let one = inst(&mut text, "const.i64 1");
        let count = inst(&mut text, &format!("add.i64 v{counter}, v{one}"));
        writeln!(text, "  jump block{block}(v{count}, v{all})\nblock{behind}:").unwrap();
        last = result;
    }
    // What was passed is there yet.
    let passed = inst(&mut text, "load.i64 v1 + 8");
    let all = inst(&mut text, &format!("add.i64 v{last}, v{passed}"));
    let all = inst(&mut text, &format!("add.i64 v{all}, v0"));
    writeln!(text, "  return v{all}\n}}").unwrap();
    text += "
data $p.task.f size 8 align 8 readonly {
  0: @p.task
}
func @p.task() context address_taken {
block0:
  v0 = const.i64 5
  v1 = new layout0
  v2 = const.i64 70
  store v1 + 8, v2
  v3 = call @p.big(v0, v1)
  call_host @test.log(v3)
  return
}
func @p.main() {
block0:
  v0 = data_addr $p.task.f
  call @runtime.newproc(v0)
  return
}
";
    (text, expected + 75)
}

#[test]
fn values_across_many_points() {
    let (text, expected) = many_points(40);
    let program = with_suspension(&text);
    let bytes = support::emit(&program, &support::options(["p.main".to_string()]));
    let run = support::execute_for(10_000_000, &bytes, "p.main", &[], (&[], &[]));
    assert_eq!((run.end, run.log), (End::Return(vec![]), vec![vec![expected]]));
}

/// Without keeping values in memory these would be 2 MB, and 200 MB.
#[test]
fn many_points_take_linear_space() {
    let [few, many] = [100, 1000].map(|count| {
        let program = with_suspension(&many_points(count).0);
        let start = Instant::now();
        let bytes = support::emit(&program, &support::options(["p.main".to_string()]));
        let time = start.elapsed();
        println!("{count}: {time:?}, {} bytes", bytes.len());
        assert!(time < Duration::from_secs(5), "{time:?}");
        bytes.len()
    });
    assert!(many < 11 * few, "{few} {many}");
}

/// Engines take 50,000 locals; with more they would reject the module.
#[test]
fn too_many_locals() {
    let mut text = "func @f(i64) -> i64 {\nblock0(v0: i64):\n".to_string();
    let count = 50_001;
    for index in 1..=count {
        writeln!(text, "  v{index} = add.i64 v{}, v0", index - 1).unwrap();
    }
    writeln!(text, "  jump block1\nblock1:\n  v100000 = xor.i64 v{count}, v0").unwrap();
    for index in 1..=count {
        writeln!(text, "  v{} = xor.i64 v{}, v{index}", 100_000 + index, 99_999 + index).unwrap();
    }
    writeln!(text, "  return v{}\n}}", 100_000 + count).unwrap();
    let program = parse::program(&format!("{text}\n{}", support::prelude(&text, false))).unwrap();
    let error = codegen::emit(&program, &support::options(["f".to_string()]), &support::trace::Lines).err();
    let text = "not yet supported: f with 50002 locals (engines take 50000) at an unknown place";
    assert_eq!(error.map(|error| error.to_string()).as_deref(), Some(text));
}
