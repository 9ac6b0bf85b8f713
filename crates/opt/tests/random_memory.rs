//! Random programs about memory, from fixed seeds: objects that hold pointers to each other, in loops, in closures, passed
//! to functions that keep them or not; checks of numbers and pointers. The interpreter must find no difference between
//! a program and what passes make of it. `PASSES`, `FIRST` and `ROUNDS` choose.
#![allow(clippy::disallowed_methods)] // settings of the test

use ir::function::{Block, Target, Terminator, Value, ValueList};
use ir::interpret::{Host, Limits, Machine, Outcome};
use ir::memory::Memory;
use ir::{
    Builder, Data, DataId, FuncData, FuncId, InstData, Layout, LayoutId, Opcode, PanicKind, Program, SigId, Ty,
    Variable, print, verify,
};

/// Knuth's MMIX generator.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % limit
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// What all functions may use. Objects are two pointers and two numbers; closures are objects with a code word in place
/// of the first pointer, and are never taken for others.
struct World {
    object: LayoutId,
    closure: LayoutId,
    global: DataId,
    log: FuncId,
    funcs: Vec<FuncId>,
    bodies: Vec<FuncId>,
    caller: FuncId,
    sig: SigId,
    code_sig: SigId,
}

/// What objects take.
const SIZE: u64 = 32;

struct Maker<'a> {
    random: &'a mut Random,
    world: &'a World,
    builder: Builder,
    numbers: Vec<Variable>,
    pointers: Vec<Variable>,
    block: Block,
    is_code: bool,
    /// Of the current block: what was made here.
    fresh: Vec<Value>,
}

impl Maker<'_> {
    fn append(&mut self, op: Opcode, args: &[Value], imm: u64, results: &[Ty]) -> Vec<Value> {
        let inst = self.builder.func.append(self.block, op, args, imm, results, None);
        self.builder.func.results(inst).to_vec()
    }

    fn one(&mut self, op: Opcode, args: &[Value], imm: u64, ty: Ty) -> Value {
        self.append(op, args, imm, &[ty])[0]
    }

    fn constant(&mut self, ty: Ty, number: u64) -> Value {
        self.one(Opcode::Const, &[], number, ty)
    }

    fn number(&mut self) -> Value {
        if self.random.below(4) == 0 {
            let number = self.random.pick(&[0, 1, 2, 3, 7, 8, 15, 64, u64::MAX, 1 << 31, 0x1234_5678_9abc]);
            return self.constant(Ty::I64, number);
        }
        let variable = self.random.pick(&self.numbers);
        self.builder.read(variable, self.block)
    }

    fn set_number(&mut self, value: Value) {
        let variable = self.random.pick(&self.numbers);
        self.builder.write(variable, self.block, value);
    }

    fn pointer(&mut self) -> Value {
        if !self.fresh.is_empty() && self.random.below(2) == 0 {
            return self.random.pick(&self.fresh);
        }
        let variable = self.random.pick(&self.pointers);
        self.builder.read(variable, self.block)
    }

    fn set_pointer(&mut self, value: Value) {
        let variable = self.random.pick(&self.pointers);
        self.builder.write(variable, self.block, value);
    }

    fn object(&mut self) -> Value {
        let value = self.one(Opcode::New, &[], base::EntityId::index(self.world.object) as u64, Ty::Ptr);
        self.fresh.push(value);
        value
    }

    /// A pointer that was loaded, or another one if it is null.
    fn not_null(&mut self, value: Value) -> Value {
        let other = self.pointer();
        let is_null = self.one(Opcode::Eqz, &[value], 0, Ty::I32);
        self.one(Opcode::Select, &[is_null, other, value], 0, Ty::Ptr)
    }

    fn op(&mut self) {
        use Opcode::*;
        match self.random.below(32) {
            0..4 => {
                let op = self.random.pick(&[Add, Sub, Mul, And, Or, Xor, ShrU, ShrS]);
                let (a, b) = (self.number(), self.number());
                let value = self.one(op, &[a, b], 0, Ty::I64);
                self.set_number(value);
            }
            4..6 => {
                let value = self.object();
                self.set_pointer(value);
            }
            6 => {
                self.object();
            }
            7..11 => {
                let (object, value, offset) = (self.pointer(), self.number(), self.random.pick(&[16, 24]));
                if self.random.below(2) == 0 {
                    self.append(NilCheck, &[object], 0, &[]);
                }
                match self.random.below(6) {
                    0 => self.append(Store8, &[object, value], offset + 3, &[]),
                    1 => self.append(Store32, &[object, value], offset, &[]),
                    _ => self.append(Store, &[object, value], offset, &[]),
                };
            }
            11..15 => {
                let (object, offset) = (self.pointer(), self.random.pick(&[16, 24]));
                if self.random.below(2) == 0 {
                    self.append(NilCheck, &[object], 0, &[]);
                }
                let value = match self.random.below(8) {
                    0 => self.one(Load8U, &[object], offset + 3, Ty::I64),
                    1 => self.one(Load32S, &[object], offset, Ty::I64),
                    2 => {
                        let value = self.one(Load16S, &[object], offset + 2, Ty::I32);
                        self.one(ExtendS, &[value], 0, Ty::I64)
                    }
                    _ => self.one(Load, &[object], offset, Ty::I64),
                };
                self.set_number(value);
            }
            15..17 => {
                let (object, value, offset) = (self.pointer(), self.pointer(), self.random.pick(&[0, 8]));
                self.append(StorePtr, &[object, value], offset, &[]);
            }
            17..19 => {
                let (object, offset) = (self.pointer(), self.random.pick(&[0, 8]));
                let value = self.one(Load, &[object], offset, Ty::Ptr);
                let value = self.not_null(value);
                self.set_pointer(value);
            }
            19 => {
                let (to, from) = (self.pointer(), self.pointer());
                let one = self.constant(Ty::I32, 1);
                self.append(MoveTyped, &[to, from, one], base::EntityId::index(self.world.object) as u64, &[]);
            }
            20 => {
                let (to, from) = (self.inner(), self.inner());
                let bytes = self.random.pick(&[4, 8]);
                let bytes = self.constant(Ty::I32, bytes);
                self.append(Move, &[to, from, bytes], 0, &[]);
            }
            21 => {
                let (to, bytes) = if self.random.below(2) == 0 {
                    (self.pointer(), self.random.pick(&[8, 16, 24, SIZE]))
                } else {
                    (self.inner(), self.random.pick(&[1, 4, 8]))
                };
                let bytes = self.constant(Ty::I32, bytes);
                self.append(Zero, &[to, bytes], 0, &[]);
            }
            22 => {
                let inner = self.inner();
                let value = self.one(Load, &[inner], 0, Ty::I64);
                self.set_number(value);
            }
            23 | 24 => {
                let value = self.number();
                self.append(CallHost, &[value], base::EntityId::index(self.world.log) as u64, &[]);
            }
            25 => {
                let (a, b) = (self.pointer(), self.pointer());
                let op = self.random.pick(&[Eq, Ne]);
                let value = self.one(op, &[a, b], 0, Ty::I32);
                let value = self.one(ExtendU, &[value], 0, Ty::I64);
                self.set_number(value);
            }
            26 if self.random.below(3) == 0 => {
                let address = self.one(DataAddr, &[], InstData::data_immediate(self.world.global, 8), Ty::Ptr);
                let value = self.pointer();
                let old = self.one(Load, &[address], 0, Ty::Ptr);
                self.append(StorePtr, &[address, value], 0, &[]);
                let old = self.not_null(old);
                self.set_pointer(old);
            }
            26 | 27 => self.call(),
            28 => self.closure(),
            29 => self.check(),
            30 if self.is_code => {
                let context = self.one(Context, &[], 0, Ty::Ptr);
                let captured = self.one(Load, &[context], 8, Ty::Ptr);
                let captured = self.not_null(captured);
                self.fresh.push(captured);
            }
            _ => {
                let (c, a, b) = (self.number(), self.pointer(), self.pointer());
                let c = self.one(Wrap, &[c], 0, Ty::I32);
                let value = self.one(Select, &[c, a, b], 0, Ty::Ptr);
                self.set_pointer(value);
            }
        }
    }

    /// The address of numbers in an object, 8 bytes or more.
    fn inner(&mut self) -> Value {
        let object = self.pointer();
        let offset = match self.random.below(3) {
            0 => {
                let number = self.number();
                let number = self.one(Opcode::Wrap, &[number], 0, Ty::I32);
                let mask = self.constant(Ty::I32, 8);
                let number = self.one(Opcode::And, &[number, mask], 0, Ty::I32);
                let base = self.constant(Ty::I32, 16);
                self.one(Opcode::Add, &[number, base], 0, Ty::I32)
            }
            1 => self.constant(Ty::I32, 16),
            _ => self.constant(Ty::I32, 24),
        };
        self.one(Opcode::PtrAdd, &[object, offset], 0, Ty::Ptr)
    }

    fn call(&mut self) {
        let func = self.random.pick(&self.world.funcs);
        let args = [self.pointer(), self.pointer(), self.number()];
        let results = self.append(Opcode::Call, &args, base::EntityId::index(func) as u64, &[Ty::Ptr, Ty::I64]);
        if self.random.below(2) == 0 {
            self.set_pointer(results[0]);
        }
        self.set_number(results[1]);
    }

    /// Makes a closure and calls it, here or elsewhere.
    fn closure(&mut self) {
        let code = self.random.pick(&self.world.bodies);
        let closure = self.one(Opcode::New, &[], base::EntityId::index(self.world.closure) as u64, Ty::Ptr);
        let word = self.one(Opcode::FuncAddr, &[], base::EntityId::index(code) as u64, Ty::I32);
        let word = self.one(Opcode::ExtendU, &[word], 0, Ty::I64);
        self.append(Opcode::Store, &[closure, word], 0, &[]);
        let captured = self.pointer();
        self.append(Opcode::StorePtr, &[closure, captured], 8, &[]);
        let arg = self.number();
        let results = match self.random.below(3) {
            0 => self.append(
                Opcode::CallClosure,
                &[closure, arg],
                base::EntityId::index(self.world.code_sig) as u64,
                &[Ty::I64],
            ),
            _ => {
                self.append(Opcode::Call, &[closure, arg], base::EntityId::index(self.world.caller) as u64, &[Ty::I64])
            }
        };
        self.set_number(results[0]);
        if self.random.below(2) == 0 {
            let value = self.one(Opcode::Load, &[closure], 16, Ty::I64);
            self.set_number(value);
        }
    }

    fn check(&mut self) {
        use Opcode::*;
        let (mut a, b) = (self.number(), self.number());
        match self.random.below(6) {
            0 => {
                self.append(DivCheck, &[b], 0, &[]);
                let op = self.random.pick(&[DivU, RemU]);
                let value = self.one(op, &[a, b], 0, Ty::I64);
                self.set_number(value);
            }
            1 => {
                let mask = self.constant(Ty::I64, 63);
                let b = if self.random.below(2) == 0 { self.one(And, &[b, mask], 0, Ty::I64) } else { b };
                self.append(ShiftCheck, &[b], 0, &[]);
                let value = self.one(Shl, &[a, b], 0, Ty::I64);
                self.set_number(value);
            }
            _ => {
                let mask = self.random.pick(&[3, 7, 15, 31]);
                let mask = self.constant(Ty::I64, mask);
                if self.random.below(4) > 0 {
                    a = self.one(And, &[a, mask], 0, Ty::I64);
                }
                let limit = self.random.pick(&[8, 16, 32]);
                // Lengths are not negative.
                let limit = match self.random.below(3) {
                    0 => self.constant(Ty::I64, limit),
                    1 => self.one(And, &[b, mask], 0, Ty::I64),
                    _ => {
                        let one = self.constant(Ty::I64, 1);
                        self.one(ShrU, &[b, one], 0, Ty::I64)
                    }
                };
                match self.random.below(2) {
                    0 => self.append(Bounds, &[a, limit], PanicKind::Index as u64, &[]),
                    _ => self.append(BoundsLe, &[a, limit], PanicKind::SliceB as u64, &[]),
                };
            }
        }
    }

    fn condition(&mut self) -> Value {
        use Opcode::*;
        let (a, b) = (self.number(), self.number());
        let op = self.random.pick(&[Eq, Ne, LtS, LtU, LeS, LeU]);
        self.one(op, &[a, b], 0, Ty::I32)
    }
}

fn program(random: &mut Random) -> (Program, FuncId) {
    let mut program = Program::default();
    let object = program.layouts.push(Layout { size: 32, align: 8, pointers: vec![3], descriptor: None });
    let closure = program.layouts.push(Layout { size: 32, align: 8, pointers: vec![2], descriptor: None });
    let global_layout = program.layouts.push(Layout { size: 16, align: 8, pointers: vec![2], descriptor: None });
    let global = program.data.push(Data { layout: Some(global_layout), ..Data::new("global", 16, 8) });
    let log_sig = program.sig(&[Ty::I64], &[]);
    let import = Some(("test".into(), "log".into()));
    let log = program.funcs.push(FuncData { import, ..FuncData::new("log", log_sig) });
    let sig = program.sig(&[Ty::Ptr, Ty::Ptr, Ty::I64], &[Ty::Ptr, Ty::I64]);
    let code_sig = program.sig(&[Ty::I64], &[Ty::I64]);
    let caller_sig = program.sig(&[Ty::Ptr, Ty::I64], &[Ty::I64]);
    let main_sig = program.sig(&[Ty::I64, Ty::I64], &[Ty::I64]);
    let main = program.funcs.push(FuncData::new("main", main_sig));
    let funcs = (0..1 + random.below(3)).map(|index| program.funcs.push(FuncData::new(format!("f{index}"), sig)));
    let funcs: Vec<FuncId> = funcs.collect();
    let mut bodies = Vec::new();
    for index in 0..1 + random.below(2) {
        let mut data = FuncData { has_context: true, ..FuncData::new(format!("code{index}"), code_sig) };
        data.attrs.address_taken = true;
        bodies.push(program.funcs.push(data));
    }
    let caller = program.funcs.push(FuncData::new("caller", caller_sig));
    let world = World { object, closure, global, log, funcs, bodies, caller, sig, code_sig };
    let all: Vec<FuncId> = program.funcs.ids().filter(|&func| func != log).collect();
    for func in all {
        let body = if func == caller { caller_body(&world) } else { body(random, &world, &program, func) };
        program.funcs[func].body = Some(body);
    }
    (program, main)
}

fn caller_body(world: &World) -> ir::Function {
    let mut func = ir::Function::default();
    let entry = func.add_block(&[Ty::Ptr, Ty::I64]);
    func.entry = Some(entry);
    let args = func.params(entry).to_vec();
    let imm = base::EntityId::index(world.code_sig) as u64;
    let inst = func.append(entry, Opcode::CallClosure, &args, imm, &[Ty::I64], None);
    let results = func.results(inst).to_vec();
    func.blocks[entry].term = Terminator::Return(func.list(&results));
    func
}

fn body(random: &mut Random, world: &World, program: &Program, func: FuncId) -> ir::Function {
    let data = &program.funcs[func];
    let signature = program.signature(data.sig).clone();
    let mut builder = Builder::new();
    let entry = builder.func.add_block(&signature.params);
    builder.func.entry = Some(entry);
    builder.seal(entry);
    let count = 1 + random.below(9);
    let blocks: Vec<Block> = (0..count).map(|_| builder.func.add_block(&[])).collect();
    let numbers: Vec<Variable> = (0..4).map(|_| builder.variable(Ty::I64)).collect();
    let pointers: Vec<Variable> = (0..4).map(|_| builder.variable(Ty::Ptr)).collect();
    let is_code = data.has_context;
    let fresh = Vec::new();
    let mut maker = Maker {
        random,
        world,
        builder,
        numbers: numbers.clone(),
        pointers: pointers.clone(),
        block: entry,
        is_code,
        fresh,
    };
    let params = maker.builder.func.params(entry).to_vec();
    let of_type = |maker: &Maker, ty: Ty, index: usize| {
        params.iter().copied().filter(|&param| maker.builder.func.ty(param) == ty).nth(index)
    };
    for (index, &variable) in numbers.iter().enumerate() {
        let value = of_type(&maker, Ty::I64, index).unwrap_or_else(|| maker.constant(Ty::I64, index as u64));
        maker.builder.write(variable, entry, value);
    }
    for (index, &variable) in pointers.iter().enumerate() {
        let value = of_type(&maker, Ty::Ptr, index).unwrap_or_else(|| maker.object());
        maker.builder.write(variable, entry, value);
    }
    maker.builder.func.blocks[entry].term = Terminator::Jump(Target { block: blocks[0], args: ValueList::EMPTY });
    maker.builder.add_edge(entry, blocks[0]);
    for (index, &block) in blocks.iter().enumerate() {
        maker.block = block;
        maker.fresh.clear();
        for _ in 0..maker.random.below(10) {
            maker.op();
        }
        // Mostly forwards, so that loops have little in them and runs end.
        let target = |maker: &mut Maker| {
            let at = match maker.random.below(8) {
                0 => maker.random.below(count),
                _ => (index + 1 + maker.random.below(2)).min(count - 1),
            };
            Target { block: blocks[at], args: ValueList::EMPTY }
        };
        let term = match maker.random.below(8) {
            0..6 if index + 1 == count => end(&mut maker, &signature.results),
            0 => end(&mut maker, &signature.results),
            1 => Terminator::Jump(target(&mut maker)),
            _ => {
                let cond = maker.condition();
                Terminator::Branch { cond, then: target(&mut maker), els: target(&mut maker), likely: None }
            }
        };
        let targets: Vec<Block> = term.targets().iter().map(|target| target.block).collect();
        maker.builder.func.blocks[block].term = term;
        targets.iter().for_each(|&target| maker.builder.add_edge(block, target));
    }
    let mut builder = maker.builder;
    blocks.iter().for_each(|&block| builder.seal(block));
    builder.finish()
}

fn end(maker: &mut Maker, results: &[Ty]) -> Terminator {
    if results.len() == 2 && maker.random.below(4) == 0 {
        let func = maker.random.pick(&maker.world.funcs);
        let args = [maker.pointer(), maker.pointer(), maker.number()];
        let _ = maker.world.sig;
        return Terminator::TailCall { func, args: maker.builder.func.list(&args) };
    }
    let values: Vec<Value> =
        results.iter().map(|&ty| if ty == Ty::Ptr { maker.pointer() } else { maker.number() }).collect();
    Terminator::Return(maker.builder.func.list(&values))
}

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

fn count(program: &Program, op: Opcode) -> usize {
    let bodies = program.funcs.values().filter_map(|func| func.body.as_ref());
    bodies
        .map(|body| {
            body.blocks.values().flat_map(|block| &block.insts).filter(|&&inst| body.insts[inst].op == op).count()
        })
        .sum()
}

#[test]
fn passes_keep_what_programs_do() {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (first, rounds): (u64, u64) = (number("FIRST", 0), number("ROUNDS", 2000));
    let passes = std::env::var("PASSES").unwrap_or("escape sroa all".into());
    let passes: Vec<&str> = passes.split(' ').collect();
    let (mut cut, mut ended, mut counts) = (0, 0, [[0; 2]; 4]);
    for seed in first..first + rounds {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.below(2);
        let (mut program, func) = program(&mut random);
        let text = print::program(&program, print::Options::default());
        assert_eq!(verify::program(&program), [], "seed {seed}\n{text}");
        let cases = [[0, 0], [5, 1], [u64::MAX, 0xffff_ffff]];
        let before: Vec<_> = cases.iter().map(|args| interpret(&program, func, args)).collect();
        let ops = [Opcode::New, Opcode::Load, Opcode::NilCheck, Opcode::Bounds];
        (0..4).for_each(|index| counts[index][0] += count(&program, ops[index]));
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            opt::run(&mut program, &opt::Options::default(), &passes).expect("the passes exist");
        }));
        assert!(result.is_ok(), "seed {seed}\n{text}");
        (0..4).for_each(|index| counts[index][1] += count(&program, ops[index]));
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
    println!("cut {cut}, ended {ended}; new, load, nil_check, bounds before and after: {counts:?}");
    assert!(ended > cut / 2);
}
