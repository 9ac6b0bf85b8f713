//! Runs a program: the oracle for fuzzing the optimiser and the code generator, and later what evaluates initialisers
//! at compile time.
//!
//! Pointers are addresses in a flat memory ([`memory`](crate::memory)), code words are numbers of functions. The
//! frames of interpreted calls are explicit, and each function's values are a dense window of one vector, so recursion
//! in the program is none here. Allocations are never freed. A slot whose layout has no pointers starts with garbage.
//!
//! A failed check ends the run: deferred calls are the business of the runtime's own code. Where a frame with a handler
//! might recover the panic, the outcome is `NotSupported`.
//!
//! The program must pass [`verify`](crate::verify).

use crate::eval::evaluate;
use crate::function::{Block, Function, InstData, Target, Terminator, Value, ValueList};
use crate::memory::{BadAddress, Memory, code_word, function_of};
use crate::opcode::Opcode;
use crate::panic::PanicKind;
use crate::program::{FuncId, Program, Signature};
use crate::ty::Ty;
use base::EntityId;
use std::fmt;
use std::rc::Rc;

/// How a run ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// With the bits of the results; those of 32 bits have zeros above.
    Return(Vec<u64>),
    /// A check failed, on these operands.
    Panic {
        kind: PanicKind,
        x: i64,
        y: i64,
    },
    /// wasm would trap, or access memory that no correct program accesses.
    Trap(Trap),
    OutOfMemory,
    StackOverflow,
    StepLimit,
    NotSupported(String),
    /// The host refused.
    Host(String),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trap {
    Memory(BadAddress),
    Division,
    Unreachable,
    /// A call through a word that is no function.
    CodeWord,
    /// A call of a function with another signature.
    Signature,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Return(values) => write!(f, "returns {values:?}"),
            Outcome::Panic { kind, x, y } => write!(f, "panics: {}", kind.message(*x, *y)),
            Outcome::Trap(Trap::Memory(BadAddress(address))) => write!(f, "traps: bad address {address}"),
            Outcome::Trap(Trap::Division) => f.write_str("traps: division"),
            Outcome::Trap(Trap::Unreachable) => f.write_str("traps: unreachable"),
            Outcome::Trap(Trap::CodeWord) => f.write_str("traps: call of no function"),
            Outcome::Trap(Trap::Signature) => f.write_str("traps: call with another signature"),
            Outcome::OutOfMemory => f.write_str("runs out of memory"),
            Outcome::StackOverflow => f.write_str("runs out of stack"),
            Outcome::StepLimit => f.write_str("runs too long"),
            Outcome::NotSupported(what) => write!(f, "not supported: {what}"),
            Outcome::Host(message) => write!(f, "host: {message}"),
        }
    }
}

/// What imports do.
pub trait Host {
    /// The results of an import, as many as its signature has; an error ends the run.
    fn call(&mut self, module: &str, name: &str, args: &[u64], memory: &mut Memory) -> Result<Vec<u64>, String>;
}

/// No imports.
impl Host for () {
    fn call(&mut self, module: &str, name: &str, _: &[u64], _: &mut Memory) -> Result<Vec<u64>, String> {
        Err(format!("there is no {module} {name}"))
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Instructions and jumps, over all calls.
    pub steps: u64,
    /// Bytes of memory.
    pub memory: u32,
    /// Bytes of shadow stack.
    pub stack: u32,
    /// Values of all frames.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 1_000_000, memory: 1 << 26, stack: 1 << 18, values: 1 << 20 }
    }
}

/// A program and the state of its memory, which stays from one call to the next.
pub struct Machine<'p> {
    program: &'p Program,
    pub memory: Memory,
    limits: Limits,
    steps: u64,
    /// Where each function's slots are in its frame; made when it is first called.
    shapes: Vec<Option<Rc<Shape>>>,
    /// Callers, outermost first.
    frames: Vec<Frame<'p>>,
    values: Vec<u64>,
    /// The arguments of a jump, read before any parameter is written.
    passing: Vec<u64>,
}

struct Frame<'p> {
    body: &'p Function,
    block: Block,
    /// The index of the instruction to run next.
    next: usize,
    /// Where its values start.
    base: usize,
    /// Where its slots start, which is the top of the shadow stack.
    slots: u32,
    shape: Rc<Shape>,
    context: u64,
}

/// The slots of a function's frames.
struct Shape {
    offsets: Vec<u32>,
    /// A multiple of 16.
    size: u32,
    /// Whether it has values of 128 bits, which are not supported yet.
    has_v128: bool,
}

/// Why the run goes no further.
type End = Outcome;

impl From<BadAddress> for Outcome {
    fn from(address: BadAddress) -> Outcome {
        Outcome::Trap(Trap::Memory(address))
    }
}

impl<'p> Machine<'p> {
    /// The program with its data in memory; none if that is more than the limit.
    pub fn new(program: &'p Program, limits: Limits) -> Option<Machine<'p>> {
        Some(Machine {
            program,
            memory: Memory::new(program, limits.stack, limits.memory)?,
            limits,
            steps: 0,
            shapes: vec![None; program.funcs.len()],
            frames: Vec::new(),
            values: Vec::new(),
            passing: Vec::new(),
        })
    }

    /// Calls a function with the bits of its arguments, the context before them if it has one.
    pub fn call(&mut self, func: FuncId, args: &[u64], host: &mut dyn Host) -> Outcome {
        self.frames.clear();
        self.values.clear();
        match self.run(func, args, host) {
            Ok(values) => Outcome::Return(values),
            Err(end) => end,
        }
    }

    fn run(&mut self, func: FuncId, args: &[u64], host: &mut dyn Host) -> Result<Vec<u64>, End> {
        let (context, args) = self.split_context(func, args);
        if let Some(results) = self.call_import(func, args, host)? {
            return Ok(results);
        }
        let stack = self.memory.stack_top;
        let mut frame = self.enter(func, context, args, stack, 0)?;
        loop {
            self.steps += 1;
            if self.steps > self.limits.steps {
                return Err(Outcome::StepLimit);
            }
            let body = frame.body;
            let block = &body.blocks[frame.block];
            if let Some(&inst) = block.insts.get(frame.next) {
                frame.next += 1;
                let data = &body.insts[inst];
                if !data.op.is_call() {
                    self.step(&frame, data)?;
                    continue;
                }
                let (callee, context, args) = self.callee(&frame, data)?;
                if let Some(results) = self.call_import(callee, &args, host)? {
                    self.set(&frame, data.results, &results);
                    continue;
                }
                let end = frame.base + body.values.len();
                let inner = self.enter(callee, context, &args, frame.slots, end)?;
                self.frames.push(std::mem::replace(&mut frame, inner));
                continue;
            }
            match &block.term {
                Terminator::Jump(target) => self.jump(&mut frame, *target),
                Terminator::Branch { cond, then, els, .. } => {
                    let target = if self.get(&frame, *cond) != 0 { *then } else { *els };
                    self.jump(&mut frame, target);
                }
                Terminator::Switch { value, targets, default } => {
                    let value = self.get(&frame, *value) as usize;
                    self.jump(&mut frame, targets.get(value).copied().unwrap_or(*default));
                }
                Terminator::Return(list) => {
                    let results = self.list(&frame, *list);
                    let Some(caller) = self.frames.pop() else { return Ok(results) };
                    frame = caller;
                    self.return_to(&frame, &results);
                }
                Terminator::TailCall { func, args } => {
                    let args = self.list(&frame, *args);
                    let (context, args) = self.split_context(*func, &args);
                    let top = frame.slots + frame.shape.size;
                    frame = self.enter(*func, context, args, top, frame.base)?;
                }
                Terminator::Unreachable => return Err(Outcome::Trap(Trap::Unreachable)),
            }
        }
    }

    /// The context and the other arguments of a direct call.
    fn split_context<'a>(&self, func: FuncId, args: &'a [u64]) -> (u64, &'a [u64]) {
        match args.split_first() {
            Some((&context, args)) if self.program.funcs[func].has_context => (context, args),
            _ => (0, args),
        }
    }

    /// Makes a frame below `stack` with values from `base` on.
    fn enter(&mut self, func: FuncId, context: u64, args: &[u64], stack: u32, base: usize) -> Result<Frame<'p>, End> {
        let data = &self.program.funcs[func];
        let Some(body) = &data.body else {
            return Err(Outcome::NotSupported(format!("{} has no body", data.name)));
        };
        let shape = self.shape(func, body);
        if shape.has_v128 {
            return Err(Outcome::NotSupported(format!("{} has v128 values", data.name)));
        }
        let slots = stack.checked_sub(shape.size).filter(|&slots| slots >= self.memory.stack_bottom);
        let end = base + body.values.len();
        let Some(slots) = slots.filter(|_| end <= self.limits.values) else { return Err(Outcome::StackOverflow) };
        self.values.truncate(base);
        self.values.resize(end, 0);
        for (slot, data) in body.slots.iter() {
            const GARBAGE: u8 = 0xa5;
            let fill = if data.layout.is_some() { 0 } else { GARBAGE };
            self.memory.write(slots + shape.offsets[slot.index()], data.size)?.fill(fill);
        }
        let block = body.entry();
        for (&param, &arg) in body.params(block).iter().zip(args) {
            self.values[base + param.index()] = arg;
        }
        Ok(Frame { body, block, next: 0, base, slots, shape, context })
    }

    fn shape(&mut self, func: FuncId, body: &Function) -> Rc<Shape> {
        let shape = self.shapes[func.index()].get_or_insert_with(|| {
            let mut size = 0u32;
            let mut place = |size_and_align: (u32, u32)| {
                let (bytes, align) = size_and_align;
                let at = size.checked_next_multiple_of(align.clamp(1, 16)).unwrap_or(u32::MAX);
                size = at.saturating_add(bytes);
                at
            };
            let offsets = body.slots.values().map(|slot| place((slot.size, slot.align))).collect();
            // More than any stack has, if it is too much for a number.
            let size = size.checked_next_multiple_of(16).unwrap_or(u32::MAX);
            let has_v128 = body.values.values().any(|value| value.ty == Ty::V128);
            Rc::new(Shape { offsets, size, has_v128 })
        });
        shape.clone()
    }

    /// Whom a call reaches, with which context and arguments.
    fn callee(&self, frame: &Frame, data: &InstData) -> Result<(FuncId, u64, Vec<u64>), End> {
        let mut args = self.list(frame, data.args);
        match data.op {
            Opcode::CallClosure => {
                let closure = args.remove(0);
                let word = self.memory.load(closure as u32, 0, 4)?;
                let signature = self.program.signature(data.sig());
                Ok((self.indirect(word, None, signature)?, closure, args))
            }
            Opcode::CallMethod => {
                let itab = args.remove(0);
                let method = &self.program.methods()[data.method()];
                let word = self.memory.load(itab as u32, method.offset(), 4)?;
                let signature = self.program.signature(method.sig);
                let Some(func) = function_of(self.program, word as u32) else {
                    return Err(Outcome::Trap(Trap::CodeWord));
                };
                if !self.program.funcs[func].has_context {
                    return Ok((self.indirect(word, Some(Ty::Ptr), signature)?, 0, args));
                }
                let data = args.remove(0);
                Ok((self.indirect(word, None, signature)?, data, args))
            }
            _ => {
                let func = data.func();
                let (context, rest) = self.split_context(func, &args);
                let rest = rest.len();
                args.drain(..args.len() - rest);
                Ok((func, context, args))
            }
        }
    }

    /// The function of a code word, if it takes `receiver` and what the signature says.
    fn indirect(&self, word: u64, receiver: Option<Ty>, signature: &Signature) -> Result<FuncId, End> {
        let Some(func) = function_of(self.program, word as u32) else { return Err(Outcome::Trap(Trap::CodeWord)) };
        let callee = self.program.signature(self.program.funcs[func].sig);
        let params = receiver.iter().chain(&signature.params);
        if callee.params.iter().ne(params) || callee.results != signature.results {
            return Err(Outcome::Trap(Trap::Signature));
        }
        Ok(func)
    }

    /// The results, if the function is an import.
    fn call_import(&mut self, func: FuncId, args: &[u64], host: &mut dyn Host) -> Result<Option<Vec<u64>>, End> {
        let Some((module, name)) = &self.program.funcs[func].import else { return Ok(None) };
        let results = host.call(module, name, args, &mut self.memory).map_err(Outcome::Host)?;
        let expected = self.program.signature(self.program.funcs[func].sig).results.len();
        assert_eq!(results.len(), expected, "interpret: results of the import {module} {name}");
        Ok(Some(results))
    }

    /// Writes what a callee returned into the results of the call that the frame stands behind.
    fn return_to(&mut self, frame: &Frame, results: &[u64]) {
        let inst = frame.body.blocks[frame.block].insts[frame.next - 1];
        self.set(frame, frame.body.insts[inst].results, results);
    }

    fn get(&self, frame: &Frame, value: Value) -> u64 {
        self.values[frame.base + value.index()]
    }

    fn list(&self, frame: &Frame, list: ValueList) -> Vec<u64> {
        frame.body.values_of(list).iter().map(|&value| self.get(frame, value)).collect()
    }

    fn set(&mut self, frame: &Frame, list: ValueList, results: &[u64]) {
        for (&value, &bits) in frame.body.values_of(list).iter().zip(results) {
            self.values[frame.base + value.index()] = bits;
        }
    }

    fn jump(&mut self, frame: &mut Frame, target: Target) {
        let body = frame.body;
        self.passing.clear();
        for &arg in body.values_of(target.args) {
            let bits = self.get(frame, arg);
            self.passing.push(bits);
        }
        for (&param, &bits) in body.params(target.block).iter().zip(&self.passing) {
            self.values[frame.base + param.index()] = bits;
        }
        frame.block = target.block;
        frame.next = 0;
    }

    /// A failed check.
    fn panic(&self, frame: &Frame, kind: PanicKind, x: u64, y: u64) -> End {
        let has_handler = |frame: &Frame| frame.body.blocks[frame.block].handler.is_some();
        if has_handler(frame) || self.frames.iter().any(has_handler) {
            return Outcome::NotSupported("a panic that may be recovered".into());
        }
        Outcome::Panic { kind, x: x as i64, y: y as i64 }
    }

    /// Runs an instruction that is no call.
    fn step(&mut self, frame: &Frame<'p>, data: &InstData) -> Result<(), End> {
        use Opcode::*;
        let body = frame.body;
        let operands = body.values_of(data.args);
        let mut args = [0; 3];
        for (arg, &operand) in args.iter_mut().zip(operands) {
            *arg = self.get(frame, operand);
        }
        let [a, b, c] = args;
        let address = a as u32;
        let result = body.values_of(data.results).first().copied();
        let result_ty = result.map(|result| body.ty(result));
        let width = |ty: Option<Ty>| if matches!(ty, Some(Ty::I64 | Ty::F64)) { 8 } else { 4 };
        let memory = &mut self.memory;
        let bits = match data.op {
            Const | FConst => data.imm,
            DataAddr => {
                let (target, offset) = data.data();
                u64::from(memory.data_address(target).wrapping_add(offset))
            }
            FuncAddr => u64::from(code_word(data.func())),
            SlotAddr => u64::from(frame.slots + frame.shape.offsets[data.slot().index()]),
            Context => frame.context,
            KeepAlive => return Ok(()),

            Load8U => memory.load(address, data.offset(), 1)?,
            Load16U => memory.load(address, data.offset(), 2)?,
            Load32U => memory.load(address, data.offset(), 4)?,
            Load8S => cut(memory.load(address, data.offset(), 1)? as i8 as u64, result_ty),
            Load16S => cut(memory.load(address, data.offset(), 2)? as i16 as u64, result_ty),
            Load32S => memory.load(address, data.offset(), 4)? as i32 as u64,
            Load => memory.load(address, data.offset(), width(result_ty))?,
            Store8 => return Ok(memory.store(address, data.offset(), 1, b)?),
            Store16 => return Ok(memory.store(address, data.offset(), 2, b)?),
            Store32 => return Ok(memory.store(address, data.offset(), 4, b)?),
            Store => {
                let width = width(operands.get(1).map(|&value| body.ty(value)));
                return Ok(memory.store(address, data.offset(), width, b)?);
            }
            StorePtr => return Ok(memory.store(address, data.offset(), 8, b)?),
            Move => return Ok(memory.copy(address, b as u32, c as u32)?),
            MoveTyped => {
                let size = u64::from(self.program.layouts[data.layout()].size) * c;
                let Ok(size) = u32::try_from(size) else { return Err(BadAddress(address).into()) };
                return Ok(memory.copy(address, b as u32, size)?);
            }
            Zero => {
                memory.write(address, b as u32)?.fill(0);
                return Ok(());
            }
            New | NewArray => {
                let count = if data.op == New { 1 } else { a as u32 };
                let layout = &self.program.layouts[data.layout()];
                memory.allocate(layout, count).map(u64::from).ok_or(Outcome::OutOfMemory)?
            }

            NilCheck | DivCheck | ShiftCheck | Bounds | BoundsLe => {
                let holds = match data.op {
                    NilCheck | DivCheck => a != 0,
                    ShiftCheck => a as i64 >= 0,
                    Bounds => a < b,
                    _ => a <= b,
                };
                let kind = data.panic_kind().expect("interpret: a check has a kind");
                return if holds { Ok(()) } else { Err(self.panic(frame, kind, a, b)) };
            }

            op => {
                // The first operand whose type is not fixed tells the width: `select`'s does not matter.
                let ty = operands.first().map_or(Ty::I32, |&operand| body.ty(operand));
                let evaluated = evaluate(op, ty, result_ty.unwrap_or(Ty::I32), &args[..operands.len()]);
                let failed = || match op {
                    DivS | DivU | RemS | RemU => Outcome::Trap(Trap::Division),
                    _ => unreachable!("interpret: {op} has no meaning"),
                };
                evaluated.ok_or_else(failed)?
            }
        };
        if let Some(result) = result {
            self.values[frame.base + result.index()] = bits;
        }
        Ok(())
    }
}

/// Bits as a value of the type has them.
fn cut(bits: u64, ty: Option<Ty>) -> u64 {
    if ty == Some(Ty::I64) { bits } else { bits & 0xffff_ffff }
}
