//! Random programs, from fixed seeds.
//!
//! - SSA construction: random graphs whose blocks read and write variables run the same when the variables are
//!   interpreted as such, and when they were built into SSA; before and after `compact`, and after a round trip through
//!   text.
//! - Text that was damaged in random places never makes the parser, printer, verifier or interpreter panic.
#![allow(clippy::disallowed_methods)] // tests read files and run programs

use ir::function::{Block, Function, Target, Terminator, Value, ValueList};
use ir::interpret::{Host, Limits, Machine, Outcome};
use ir::memory::Memory;
use ir::print::Options;
use ir::{Builder, FuncData, FuncId, Opcode, Program, Ty, Variable, parse, print, verify};
use std::collections::HashSet;

/// Knuth's MMIX generator.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % limit
    }
}

#[derive(Debug)]
enum Op {
    Set { to: usize, number: i64 },
    Copy { to: usize, from: usize },
    Add { to: usize, a: usize, b: usize },
    Observe { from: usize },
}

#[derive(Debug)]
enum End {
    Return { from: usize },
    Jump(usize),
    Branch { on: usize, then: usize, els: usize },
    Switch { on: usize, targets: Vec<usize>, default: usize },
}

/// Blocks of operations on variables; the first is the entry, and nothing jumps to it.
#[derive(Debug)]
struct Graph {
    vars: usize,
    blocks: Vec<(Vec<Op>, End)>,
}

impl Graph {
    fn random(random: &mut Random) -> Graph {
        let vars = 1 + random.below(5);
        let count = 2 + random.below(14);
        let mut blocks = Vec::new();
        for index in 0..count {
            let mut ops = Vec::new();
            if index == 0 {
                ops.extend((0..vars).map(|to| Op::Set { to, number: random.below(4) as i64 }));
            }
            // Few writes: then merges turn out to be superfluous.
            for _ in 0..random.below(4) {
                let (to, a, b) = (random.below(vars), random.below(vars), random.below(vars));
                ops.push(match random.below(7) {
                    0 => Op::Set { to, number: random.below(4) as i64 },
                    1 => Op::Copy { to, from: a },
                    2 => Op::Add { to, a, b },
                    _ => Op::Observe { from: a },
                });
            }
            let mut target = || 1 + random.below(count - 1);
            let (a, b, c) = (target(), target(), target());
            let on = random.below(vars);
            blocks.push((
                ops,
                match random.below(8) {
                    0 => End::Return { from: on },
                    1 | 2 => End::Jump(a),
                    3 => End::Switch { on, targets: vec![a, b, a], default: c },
                    _ => End::Branch { on, then: a, els: b },
                },
            ));
        }
        Graph { vars, blocks }
    }

    /// What is observed and returned; the latter is missing if that takes too long.
    fn interpret(&self) -> (Vec<u64>, Option<u64>) {
        let mut vars = vec![0i64; self.vars];
        let mut seen = Vec::new();
        let mut at = 0;
        for _ in 0..300 {
            let (ops, end) = &self.blocks[at];
            for op in ops {
                match *op {
                    Op::Set { to, number } => vars[to] = number,
                    Op::Copy { to, from } => vars[to] = vars[from],
                    Op::Add { to, a, b } => vars[to] = vars[a].wrapping_add(vars[b]),
                    Op::Observe { from } => seen.push(vars[from] as u64),
                }
            }
            at = match end {
                End::Return { from } => return (seen, Some(vars[*from] as u64)),
                End::Jump(to) => *to,
                End::Branch { on, then, els } => {
                    if vars[*on] as i32 != 0 {
                        *then
                    } else {
                        *els
                    }
                }
                End::Switch { on, targets, default } => {
                    targets.get(vars[*on] as u32 as usize).copied().unwrap_or(*default)
                }
            };
        }
        (seen, None)
    }

    fn targets(&self, block: usize) -> Vec<usize> {
        match &self.blocks[block].1 {
            End::Return { .. } => vec![],
            End::Jump(to) => vec![*to],
            End::Branch { then, els, .. } => vec![*then, *els],
            End::Switch { targets, default, .. } => targets.iter().copied().chain([*default]).collect(),
        }
    }

    /// Builds the blocks in random order, sealing them now or later.
    fn build(&self, random: &mut Random, log: FuncId) -> Function {
        let mut builder = Builder::new();
        let blocks: Vec<Block> = self.blocks.iter().map(|_| builder.func.add_block(&[])).collect();
        let vars: Vec<Variable> = (0..self.vars).map(|_| builder.variable(Ty::I64)).collect();
        builder.func.entry = Some(blocks[0]);
        builder.seal(blocks[0]);
        let mut order: Vec<usize> = (1..blocks.len()).collect();
        for index in (1..order.len()).rev() {
            order.swap(index, random.below(index + 1));
        }
        order.insert(0, 0);
        let mut awaited: Vec<usize> = vec![0; blocks.len()];
        (0..blocks.len()).flat_map(|block| self.targets(block)).for_each(|target| awaited[target] += 1);
        let mut sealed: Vec<bool> = vec![false; blocks.len()];
        sealed[0] = true;
        for at in order {
            for (block, &id) in blocks.iter().enumerate() {
                if !sealed[block] && awaited[block] == 0 && random.below(3) > 0 {
                    builder.seal(id);
                    sealed[block] = true;
                }
            }
            let block = blocks[at];
            for op in &self.blocks[at].0 {
                self.build_op(&mut builder, &vars, block, op, log);
            }
            let target = |to: usize| Target { block: blocks[to], args: ValueList::EMPTY };
            let number = |builder: &mut Builder, from: usize| {
                let value = builder.read(vars[from], block);
                let wrap = builder.func.append(block, Opcode::Wrap, &[value], 0, &[Ty::I32], None);
                builder.func.results(wrap)[0]
            };
            let term = match &self.blocks[at].1 {
                End::Return { from } => {
                    let value = builder.read(vars[*from], block);
                    Terminator::Return(builder.func.list(&[value]))
                }
                End::Jump(to) => Terminator::Jump(target(*to)),
                End::Branch { on, then, els } => Terminator::Branch {
                    cond: number(&mut builder, *on),
                    then: target(*then),
                    els: target(*els),
                    likely: None,
                },
                End::Switch { on, targets, default } => Terminator::Switch {
                    value: number(&mut builder, *on),
                    targets: targets.iter().map(|&to| target(to)).collect(),
                    default: target(*default),
                },
            };
            builder.func.blocks[block].term = term;
            for to in self.targets(at) {
                builder.add_edge(block, blocks[to]);
                awaited[to] -= 1;
            }
        }
        for (block, &id) in blocks.iter().enumerate().filter(|(block, _)| !sealed[*block]) {
            assert_eq!(awaited[block], 0);
            builder.seal(id);
        }
        builder.finish()
    }

    fn build_op(&self, builder: &mut Builder, vars: &[Variable], block: Block, op: &Op, log: FuncId) {
        let append = |builder: &mut Builder, op, args: &[Value], imm| {
            let inst = builder.func.append(block, op, args, imm, &[Ty::I64], None);
            builder.func.results(inst)[0]
        };
        match *op {
            Op::Set { to, number } => {
                let value = append(builder, Opcode::Const, &[], number as u64);
                builder.write(vars[to], block, value);
            }
            Op::Copy { to, from } => {
                let value = builder.read(vars[from], block);
                builder.write(vars[to], block, value);
            }
            Op::Add { to, a, b } => {
                let (a, b) = (builder.read(vars[a], block), builder.read(vars[b], block));
                let value = append(builder, Opcode::Add, &[a, b], 0);
                builder.write(vars[to], block, value);
            }
            Op::Observe { from } => {
                let value = builder.read(vars[from], block);
                builder.func.append(block, Opcode::CallHost, &[value], base::EntityId::index(log) as u64, &[], None);
            }
        }
    }
}

struct Log(Vec<u64>);

impl Host for Log {
    fn call(&mut self, _: &str, _: &str, args: &[u64], _: &mut Memory) -> Result<Vec<u64>, String> {
        self.0.extend_from_slice(args);
        Ok(Vec::new())
    }
}

fn run(program: &Program, func: FuncId) -> (Vec<u64>, Option<u64>) {
    let mut machine = Machine::new(program, Limits { steps: 4000, ..Limits::default() }).unwrap();
    let mut log = Log(Vec::new());
    match machine.call(func, &[], &mut log) {
        Outcome::Return(values) => (log.0, Some(values[0])),
        Outcome::StepLimit => (log.0, None),
        outcome => panic!("{outcome}"),
    }
}

/// Of runs that were cut short, one saw the beginning of what the other saw.
fn assert_agree(a: &(Vec<u64>, Option<u64>), b: &(Vec<u64>, Option<u64>), what: &dyn Fn() -> String) {
    if a.1.is_some() && b.1.is_some() {
        assert_eq!(a, b, "{}", what());
    }
    assert!(a.1.is_none() || b.1.is_some(), "only one ends: {}", what());
    let len = a.0.len().min(b.0.len());
    assert_eq!(a.0[..len], b.0[..len], "{}", what());
}

/// No parameter is left whose arguments are all one value or itself.
fn assert_no_trivial_merges(func: &Function, text: &str) {
    let mut args: Vec<HashSet<Value>> = vec![HashSet::new(); func.values.len()];
    for block in func.blocks.ids() {
        for target in func.blocks[block].term.targets() {
            for (&param, &arg) in func.params(target.block).iter().zip(func.values_of(target.args)) {
                if param != arg {
                    args[base::EntityId::index(param)].insert(arg);
                }
            }
        }
    }
    for block in func.blocks.ids() {
        for &param in func.params(block) {
            assert!(args[base::EntityId::index(param)].len() > 1, "{param} of {block} is trivial in\n{text}");
        }
    }
}

#[test]
fn construction_keeps_what_variables_mean() {
    let mut random = Random(1);
    for round in 0..4000 {
        let graph = Graph::random(&mut random);
        let mut program = Program::default();
        let (log_sig, sig) = (program.sig(&[Ty::I64], &[]), program.sig(&[], &[Ty::I64]));
        let log = program
            .funcs
            .push(FuncData { import: Some(("test".into(), "log".into())), ..FuncData::new("log", log_sig) });
        let func = program.funcs.push(FuncData::new("f", sig));
        program.funcs[func].body = Some(graph.build(&mut random, log));
        let text = print::program(&program, Options::default());
        let what = || format!("round {round}: {graph:?}\n{text}");
        assert_eq!(verify::program(&program), [], "{}", what());
        assert_no_trivial_merges(program.funcs[func].body.as_ref().unwrap(), &text);
        let expected = graph.interpret();
        let built = run(&program, func);
        assert_agree(&expected, &built, &what);

        let parsed = parse::program(&text).unwrap_or_else(|error| panic!("{error}: {}", what()));
        assert_eq!(print::program(&parsed, Options::default()), text);
        let again = parsed.funcs_by_name().into_iter().find(|&id| parsed.funcs[id].name == "f").unwrap();
        assert_eq!(run(&parsed, again), built, "{}", what());

        let body = program.funcs[func].body.as_mut().unwrap();
        body.compact();
        assert_eq!(verify::program(&program), [], "compacted {}", what());
        assert_agree(&built, &run(&program, func), &what);
    }
}

#[test]
fn damaged_text_is_survived() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata");
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let sources: Vec<&str> = texts.iter().map(|text| text.split("\n---- ").next().unwrap()).collect();
    let words: Vec<&str> = sources.iter().flat_map(|source| source.split_inclusive([' ', ',', '(', ')'])).collect();
    let mut random = Random(2);
    let (mut parsed, mut valid) = (0, 0);
    for source in &sources {
        for _ in 0..1000 {
            let text = damage(source, &words, &mut random);
            let Ok(program) = parse::program(&text) else { continue };
            parsed += 1;
            let printed = print::program(&program, Options::default());
            let again = parse::program(&printed).unwrap_or_else(|error| panic!("{error} in\n{printed}\nfrom\n{text}"));
            assert_eq!(print::program(&again, Options::default()), printed, "from\n{text}");
            if verify::program(&program).is_empty() {
                valid += 1;
                run_all(&program);
            }
        }
    }
    // The damage is neither fatal each time, nor harmless.
    assert!(parsed > 100 && valid > 50 && valid < parsed, "{parsed} parsed, {valid} of them valid");
}

fn run_all(program: &Program) {
    let limits = Limits { steps: 2000, memory: 1 << 20, stack: 1 << 14, values: 1 << 14 };
    let Some(mut machine) = Machine::new(program, limits) else { return };
    for (id, func) in program.funcs.iter() {
        let params = program.signature(func.sig).params.len() + usize::from(func.has_context);
        machine.call(id, &vec![1; params], &mut ());
    }
}

/// Bytes or words taken away, doubled or exchanged.
fn damage(text: &str, words: &[&str], random: &mut Random) -> String {
    let mut pieces: Vec<String> = text.split_inclusive([' ', ',', '(', ')', '\n']).map(String::from).collect();
    for _ in 0..1 + random.below(3) {
        let at = random.below(pieces.len());
        match random.below(5) {
            0 => pieces[at].clear(),
            1 => pieces[at] = words[random.below(words.len())].to_string(),
            2 => {
                let from = random.below(pieces.len());
                pieces[at] = pieces[from].clone();
            }
            3 => {
                let chars: Vec<char> = pieces[at].chars().collect();
                let keep = |index: usize| index != chars.len() / 2;
                pieces[at] =
                    chars.iter().enumerate().filter(|(index, _)| keep(*index)).map(|(_, char)| *char).collect();
            }
            _ => pieces[at].insert(0, ['0', 'v', '"', '}', '\\', '@', '-', 'é'][random.below(8)]),
        }
    }
    pieces.concat()
}
