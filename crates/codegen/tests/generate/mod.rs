//! Random programs: functions are random graphs (with cycles that have several entries) over variables of all types,
//! built into SSA; they call each other directly, through func values and as tail calls, allocate, keep pointers in
//! objects, slots and variables, and run into failing checks.

use base::EntityId;
use ir::function::{Block, Target, Terminator, Value, ValueList};
use ir::{
    Builder, Data, DataId, FuncData, FuncId, InstData, LayoutId, Opcode, PanicKind, Program, Reloc, SigId, Slot,
    SlotData, Ty, Variable, parse,
};

/// Knuth's MMIX generator.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % limit
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// What all functions of a program may use.
struct World {
    /// Two pointers, then two numbers.
    object: LayoutId,
    /// A variable that holds a pointer.
    global: DataId,
    log: FuncId,
    funcs: Vec<FuncId>,
    /// Static func values of some.
    closures: Vec<(DataId, SigId)>,
}

const TYPES: [Ty; 9] = [Ty::I32, Ty::I32, Ty::I64, Ty::I64, Ty::I64, Ty::F64, Ty::Ptr, Ty::Ptr, Ty::Ptr];

struct Maker<'a> {
    random: &'a mut Random,
    world: &'a World,
    program: &'a Program,
    builder: Builder,
    vars: Vec<(Variable, Ty)>,
    block: Block,
    /// With pointers, and without.
    slots: [Slot; 2],
    has_context: bool,
    /// The entry does little, so that paths without a frame are likely; the plain slot is not zeroed.
    early: bool,
}

impl Maker<'_> {
    fn append(&mut self, op: Opcode, args: &[Value], imm: u64, results: &[Ty]) -> Vec<Value> {
        let inst = self.builder.func.append(self.block, op, args, imm, results, None);
        self.builder.func.results(inst).to_vec()
    }

    fn one(&mut self, op: Opcode, args: &[Value], imm: u64, ty: Ty) -> Value {
        self.append(op, args, imm, &[ty])[0]
    }

    fn number(&mut self, ty: Ty) -> Value {
        let numbers = [0, 1, 2, 3, 7, 31, 64, u64::MAX, 1 << 31, 0x1234_5678_9abc];
        match ty {
            Ty::F64 => {
                let bits = self.random.pick(&[0.0f64, 1.5, -2.0, 1e10]).to_bits();
                self.one(Opcode::FConst, &[], bits, ty)
            }
            Ty::Ptr => self.one(Opcode::New, &[], self.world.object.index() as u64, ty),
            _ => {
                let number = self.random.pick(&numbers);
                self.one(Opcode::Const, &[], number, ty)
            }
        }
    }

    fn any(&mut self, ty: Ty) -> Value {
        if self.random.below(5) == 0 && ty != Ty::Ptr {
            return self.number(ty);
        }
        let candidates: Vec<Variable> = self.vars.iter().filter(|var| var.1 == ty).map(|var| var.0).collect();
        let var = self.random.pick(&candidates);
        self.builder.read(var, self.block)
    }

    fn set(&mut self, value: Value) {
        let ty = self.builder.func.ty(value);
        let candidates: Vec<Variable> = self.vars.iter().filter(|var| var.1 == ty).map(|var| var.0).collect();
        let var = self.random.pick(&candidates);
        self.builder.write(var, self.block, value);
    }

    fn set_all(&mut self, values: &[Value]) {
        values.iter().for_each(|&value| self.set(value));
    }

    /// A pointer that may be read through, most of the time checked to be one.
    fn object(&mut self) -> Value {
        let value = self.any(Ty::Ptr);
        self.append(Opcode::NilCheck, &[value], 0, &[]);
        value
    }

    fn op(&mut self) {
        use Opcode::*;
        match self.random.below(30) {
            0..6 => {
                let ty = self.random.pick(&[Ty::I32, Ty::I64]);
                let op = self.random.pick(&[Add, Sub, Mul, And, Or, Xor, Shl, ShrS, ShrU, Rotl]);
                let (a, b) = (self.any(ty), self.any(ty));
                let value = self.one(op, &[a, b], 0, ty);
                self.set(value);
            }
            6 => {
                let ty = self.random.pick(&[Ty::I32, Ty::I64]);
                let op = self.random.pick(&[Clz, Ctz, Popcnt, Extend8, Extend16]);
                let a = self.any(ty);
                let value = self.one(op, &[a], 0, ty);
                self.set(value);
            }
            7 | 8 => {
                let ty = self.random.pick(&[Ty::I32, Ty::I64]);
                let op = self.random.pick(&[Eq, Ne, LtS, LtU, LeS, LeU, Eqz]);
                let args = if op == Eqz { vec![self.any(ty)] } else { vec![self.any(ty), self.any(ty)] };
                let mut value = self.one(op, &args, 0, Ty::I32);
                if self.random.below(2) == 0 {
                    value = self.one(Eqz, &[value], 0, Ty::I32);
                }
                self.set(value);
            }
            9 => {
                let op = self.random.pick(&[FAdd, FSub, FMul, FMin, FMax, FCopysign]);
                let (a, b) = (self.any(Ty::F64), self.any(Ty::F64));
                let value = self.one(op, &[a, b], 0, Ty::F64);
                self.set(value);
                let op = self.random.pick(&[FEq, FNe, FLt, FLe]);
                let value = self.one(op, &[a, b], 0, Ty::I32);
                self.set(value);
            }
            10 => {
                let (from, op, to) = self.random.pick(&[
                    (Ty::I64, Wrap, Ty::I32),
                    (Ty::I32, ExtendS, Ty::I64),
                    (Ty::I32, ExtendU, Ty::I64),
                    (Ty::F64, TruncSatS, Ty::I64),
                    (Ty::F64, TruncSatU, Ty::I32),
                    (Ty::I64, ConvertS, Ty::F64),
                    (Ty::I32, ConvertU, Ty::F64),
                ]);
                let a = self.any(from);
                let value = self.one(op, &[a], 0, to);
                self.set(value);
                if op == ExtendU || op == ExtendS {
                    let value = self.one(Wrap, &[value], 0, Ty::I32);
                    self.set(value);
                }
            }
            11 => {
                let ty = self.random.pick(&TYPES);
                let (c, a, b) = (self.any(Ty::I32), self.any(ty), self.any(ty));
                let value = self.one(Select, &[c, a, b], 0, ty);
                self.set(value);
            }
            12 | 13 => {
                let (object, offset) = (self.object(), self.random.pick(&[16, 24]));
                let value = self.one(Load, &[object], offset, Ty::I64);
                self.set(value);
            }
            14 | 15 => {
                let (object, offset, value) = (self.object(), self.random.pick(&[16, 24]), self.any(Ty::I64));
                let op = self.random.pick(&[Store, Store, Store8, Store32]);
                self.append(op, &[object, value], offset, &[]);
            }
            16 => {
                let (object, offset) = (self.object(), self.random.pick(&[0, 8]));
                let value = self.one(Load, &[object], offset, Ty::Ptr);
                self.set(value);
            }
            17 => {
                let (object, offset, value) = (self.object(), self.random.pick(&[0, 8]), self.any(Ty::Ptr));
                self.append(StorePtr, &[object, value], offset, &[]);
            }
            18 | 19 => {
                let value = self.number(Ty::Ptr);
                self.set(value);
            }
            20 => {
                // An interior pointer that outlives its base, perhaps over a collection.
                let object = self.object();
                let offset = self.one(Const, &[], 16, Ty::I32);
                let inner = self.one(PtrAdd, &[object, offset], 0, Ty::Ptr);
                if self.random.below(2) == 0 {
                    let value = self.number(Ty::Ptr);
                    self.set(value);
                }
                let value = self.one(Load, &[inner], 8, Ty::I64);
                self.set(value);
            }
            21 => self.call(),
            22 => {
                let value = self.any(Ty::I64);
                self.append(CallHost, &[value], self.world.log.index() as u64, &[]);
            }
            23 => {
                let kind = self.random.pick(&[PanicKind::Index, PanicKind::SliceB, PanicKind::IndexU]);
                let op = if kind == PanicKind::SliceB { BoundsLe } else { Bounds };
                let mask = self.one(Const, &[], 15, Ty::I64);
                let a = self.any(Ty::I64);
                let a = self.one(And, &[a, mask], 0, Ty::I64);
                let n = self.random.pick(&[15, 16, 17]);
                let n = self.one(Const, &[], n, Ty::I64);
                self.append(op, &[a, n], kind as u64, &[]);
                let (a, b) = (self.any(Ty::I64), self.any(Ty::I64));
                self.append(DivCheck, &[b], 0, &[]);
                let op = self.random.pick(&[DivU, RemU]);
                let value = self.one(op, &[a, b], 0, Ty::I64);
                self.set(value);
            }
            24 => {
                let (to, from) = (self.object(), self.object());
                if self.random.below(2) == 0 {
                    let count = self.one(Const, &[], 1, Ty::I32);
                    self.append(MoveTyped, &[to, from, count], self.world.object.index() as u64, &[]);
                } else {
                    let (to, from) = (self.slot(1), from);
                    let bytes = self.random.pick(&[0, 8, 16, 24]);
                    let bytes = self.one(Const, &[], bytes, Ty::I32);
                    self.append(Move, &[to, from, bytes], 0, &[]);
                }
            }
            25 => {
                let (slot, value) = (self.slot(1), self.any(Ty::I64));
                self.append(Store, &[slot, value], 8, &[]);
                let offset = if self.early { 8 } else { self.random.pick(&[8, 32]) };
                let value = self.one(Load, &[slot], offset, Ty::I64);
                self.set(value);
            }
            26 => {
                let (slot, value) = (self.slot(0), self.any(Ty::Ptr));
                let old = self.one(Load, &[slot], 8, Ty::Ptr);
                self.append(StorePtr, &[slot, value], 8, &[]);
                self.set(old);
            }
            27 => {
                let address = self.one(DataAddr, &[], InstData::data_immediate(self.world.global, 8), Ty::Ptr);
                let value = self.any(Ty::Ptr);
                let old = self.one(Load, &[address], 0, Ty::Ptr);
                self.append(StorePtr, &[address, value], 0, &[]);
                self.set(old);
            }
            28 => {
                let (a, b) = (self.any(Ty::Ptr), self.any(Ty::Ptr));
                let op = self.random.pick(&[Eq, Ne]);
                let value = self.one(op, &[a, b], 0, Ty::I32);
                self.set(value);
                let value = self.one(Eqz, &[a], 0, Ty::I32);
                self.set(value);
            }
            _ if self.has_context => {
                let context = self.one(Context, &[], 0, Ty::Ptr);
                let value = self.one(Load, &[context], 8, Ty::I64);
                self.set(value);
            }
            _ => {
                let bytes = self.random.pick(&[4, 8, 24, 40]);
                let bytes = self.one(Const, &[], bytes, Ty::I32);
                let slot = self.slot(1);
                self.append(Zero, &[slot, bytes], 0, &[]);
            }
        }
    }

    fn slot(&mut self, index: usize) -> Value {
        self.one(Opcode::SlotAddr, &[], self.slots[index].index() as u64, Ty::Ptr)
    }

    fn args(&mut self, sig: SigId) -> Vec<Value> {
        let params = self.program.signature(sig).params.clone();
        params.into_iter().map(|ty| self.any(ty)).collect()
    }

    fn call(&mut self) {
        if !self.world.closures.is_empty() && self.random.below(2) == 0 {
            let (closure, sig) = self.random.pick(&self.world.closures);
            let closure = self.one(Opcode::DataAddr, &[], closure.index() as u64, Ty::Ptr);
            let mut args = vec![closure];
            args.extend(self.args(sig));
            let results = self.program.signature(sig).results.clone();
            let values = self.append(Opcode::CallClosure, &args, sig.index() as u64, &results);
            return self.set_all(&values);
        }
        let func = self.random.pick(&self.world.funcs);
        let data = &self.program.funcs[func];
        let mut args = Vec::new();
        if data.has_context {
            let Some(&(closure, _)) = self.world.closures.first() else { return };
            args.push(self.one(Opcode::DataAddr, &[], closure.index() as u64, Ty::Ptr));
        }
        args.extend(self.args(data.sig));
        let results = self.program.signature(data.sig).results.clone();
        let values = self.append(Opcode::Call, &args, func.index() as u64, &results);
        self.set_all(&values);
    }
}

/// A program, and its function `f0` of `(i64, i32) -> (i64, i32)`. `prelude` is SSA text that goes before.
pub fn program(random: &mut Random, prelude: &str) -> (Program, FuncId) {
    let mut program = parse::program(prelude).unwrap();
    let descriptor = program.data.push(Data {
        bytes: 32u64.to_le_bytes().to_vec(),
        read_only: true,
        ..Data::new("type:object", 8, 8)
    });
    let object =
        program.layouts.push(ir::Layout { size: 32, align: 8, pointers: vec![3], descriptor: Some(descriptor) });
    let global_layout = program.layouts.push(ir::Layout { size: 24, align: 8, pointers: vec![2], descriptor: None });
    let global = program.data.push(Data { layout: Some(global_layout), ..Data::new("global", 24, 8) });
    let log_sig = program.sig(&[Ty::I64], &[]);
    let log =
        program.funcs.push(FuncData { import: Some(("test".into(), "log".into())), ..FuncData::new("log", log_sig) });
    let mut world = World { object, global, log, funcs: Vec::new(), closures: Vec::new() };
    for index in 0..1 + random.below(4) {
        let types = |random: &mut Random, limit| (0..random.below(limit)).map(|_| random.pick(&TYPES)).collect();
        let (params, results): (Vec<Ty>, Vec<Ty>) = match index {
            0 => (vec![Ty::I64, Ty::I32], vec![Ty::I64, Ty::I32]),
            _ => (types(random, 4), types(random, 3)),
        };
        let sig = program.sig(&params, &results);
        let has_context = index > 0 && random.below(2) == 0;
        let func = program.funcs.push(FuncData { has_context, ..FuncData::new(format!("f{index}"), sig) });
        world.funcs.push(func);
        if has_context {
            let mut bytes = vec![0; 8];
            bytes.extend((100 + index as u64).to_le_bytes());
            let closure = program.data.push(Data {
                bytes,
                relocs: vec![Reloc::Func { at: 0, target: func }],
                read_only: true,
                ..Data::new(format!("f{index}·f"), 16, 8)
            });
            world.closures.push((closure, sig));
            program.funcs[func].attrs.address_taken = true;
        }
    }
    for &func in &world.funcs.clone() {
        let body = body(random, &world, &program, func);
        program.funcs[func].body = Some(body);
    }
    (program, world.funcs[0])
}

fn body(random: &mut Random, world: &World, program: &Program, func: FuncId) -> ir::Function {
    let data = &program.funcs[func];
    let signature = program.signature(data.sig).clone();
    let mut builder = Builder::new();
    let entry = builder.func.add_block(&signature.params);
    builder.func.entry = Some(entry);
    builder.seal(entry);
    let count = 1 + random.below(12);
    let blocks: Vec<Block> = (0..count).map(|_| builder.func.add_block(&[])).collect();
    let vars: Vec<(Variable, Ty)> = TYPES.iter().map(|&ty| (builder.variable(ty), ty)).collect();
    let slots = [
        builder.func.slots.push(SlotData { size: 16, align: 8, layout: Some(world.object) }),
        builder.func.slots.push(SlotData { size: 40, align: 8, layout: None }),
    ];
    let has_context = data.has_context;
    let early = random.below(3) == 0;
    let mut maker = Maker { random, world, program, builder, vars, block: entry, slots, has_context, early };
    for (index, &(var, ty)) in maker.vars.clone().iter().enumerate() {
        let params: Vec<Value> = maker.builder.func.params(entry).to_vec();
        let param = params.into_iter().find(|&param| maker.builder.func.ty(param) == ty && index % 2 == 0);
        let value = match param {
            Some(param) => param,
            None if early && ty == Ty::Ptr => maker.one(Opcode::Const, &[], 0, ty),
            None => maker.number(ty),
        };
        maker.builder.write(var, entry, value);
    }
    if !early {
        let slot = maker.slot(1);
        let bytes = maker.one(Opcode::Const, &[], 40, Ty::I32);
        maker.append(Opcode::Zero, &[slot, bytes], 0, &[]);
    }
    let jump = Terminator::Jump(Target { block: blocks[0], args: ValueList::EMPTY });
    maker.builder.func.blocks[entry].term = jump;
    maker.builder.add_edge(entry, blocks[0]);
    for &block in &blocks {
        maker.block = block;
        let ops = maker.random.below(8);
        for _ in 0..ops {
            maker.op();
        }
        let term = terminator(&mut maker, &blocks, &signature.results);
        let targets: Vec<Block> = term.targets().iter().map(|target| target.block).collect();
        maker.builder.func.blocks[block].term = term;
        targets.iter().for_each(|&target| maker.builder.add_edge(block, target));
    }
    let mut builder = maker.builder;
    blocks.iter().for_each(|&block| builder.seal(block));
    builder.finish()
}

fn terminator(maker: &mut Maker, blocks: &[Block], results: &[Ty]) -> Terminator {
    let target = |maker: &mut Maker| Target { block: maker.random.pick(blocks), args: ValueList::EMPTY };
    match maker.random.below(10) {
        0 | 1 => {
            let values: Vec<Value> = results.iter().map(|&ty| maker.any(ty)).collect();
            Terminator::Return(maker.builder.func.list(&values))
        }
        2 => {
            let same = |func: &&FuncId| {
                let data = &maker.program.funcs[**func];
                maker.program.signature(data.sig).results == results && !data.has_context
            };
            let Some(&func) = maker.world.funcs.iter().find(same) else { return Terminator::Unreachable };
            let args = maker.args(maker.program.funcs[func].sig);
            Terminator::TailCall { func, args: maker.builder.func.list(&args) }
        }
        3 | 4 => Terminator::Jump(target(maker)),
        5 => {
            let value = maker.any(Ty::I32);
            let targets = (0..maker.random.below(5)).map(|_| target(maker)).collect();
            Terminator::Switch { value, targets, default: target(maker) }
        }
        _ => {
            let cond = maker.any(Ty::I32);
            Terminator::Branch { cond, then: target(maker), els: target(maker), likely: None }
        }
    }
}
