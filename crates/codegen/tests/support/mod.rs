//! Runs modules in wasmtime, with a runtime written in SSA whose allocator is the test's.
//!
//! The allocator collects whenever it is called: it marks from the shadow stack and the root table and overwrites what
//! it did not reach. So a pointer that code generation forgot to spill soon leads to garbage.

pub mod trace;

use codegen::{Export, Intrinsic, Options, RuntimeFunc};
use ir::interpret::{Host, Limits, Machine, Outcome};
use ir::memory::Memory as Interpreted;
use ir::{FuncId, PanicKind, Program, Ty};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;
use wasmparser::{Validator, WasmFeatures};
use wasmtime::{Caller, Config, Engine, Error, Func, Linker, Memory, Module, OptLevel, Store, Trap, Val};

/// What programs for tests need of a runtime. Nothing of it is in modules that do not use it.
pub fn prelude(program: &str, traced: bool) -> String {
    let mut text = String::new();
    let types = |types: &[Ty]| types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(", ");
    for &intrinsic in Intrinsic::ALL {
        let (name, params, results) = intrinsic.info();
        writeln!(text, "func @{name}({}) -> ({})", types(params), types(results)).unwrap();
    }
    text += r#"
func @test.panic(i32, i64, i64) import "test" "panic"
func @runtime.stackOverflow() { block0: WALK v0 = const.i32 -1 v1 = const.i64 0 call_host @test.panic(v0, v1, v1) unreachable }
func @test.alloc(i64, i64, i64, i64, ptr) -> ptr import "test" "alloc"
func @runtime.mallocgc(i64, ptr, i32) -> ptr {
block0(v0: i64, v1: ptr, v2: i32):
  v3 = call @internal/wasm.StackPointer()
  v4 = call @internal/wasm.HeapStart()
  v5 = call @internal/wasm.StackTop()
  v6 = call @internal/wasm.Roots()
  v7 = call_host @test.alloc(v0, v3, v4, v5, v6)
  return v7
}
func @runtime.newobject(ptr) -> ptr {
block0(v0: ptr):
  v1 = load.i64 v0
  v2 = const.i32 1
  v3 = call @runtime.mallocgc(v1, v0, v2)
  return v3
}
"#;
    if traced {
        text += r#"
func @test.walk(i64, i64, ptr) import "test" "walk"
func @test.trace() {
block0:
  v0 = call @internal/wasm.StackPointer()
  v1 = call @internal/wasm.StackTop()
  v2 = call @internal/wasm.LineTable()
  call_host @test.walk(v0, v1, v2)
  return
}
"#;
    }
    let walk = if traced { "call @test.trace() " } else { "" };
    text = text.replace("WALK ", walk);
    for &kind in PanicKind::ALL {
        let (name, params, _) = RuntimeFunc::of_panic(kind).info();
        let number = kind as u32;
        if params.is_empty() {
            let body = "v0 = const.i64 0 call_host @test.panic(v1, v0, v0) unreachable";
            writeln!(text, "func @{name}() {{ block0: {walk}v1 = const.i32 {number} {body} }}").unwrap();
        } else {
            let body = "call_host @test.panic(v2, v0, v1) unreachable";
            let params = "block0(v0: i64, v1: i64):";
            writeln!(text, "func @{name}(i64, i64) {{ {params} {walk}v2 = const.i32 {number} {body} }}").unwrap();
        }
    }
    let defined = |item: &str| {
        let header = item.split('(').next().unwrap_or_default();
        program.contains(&format!("{header}("))
    };
    // Programs may bring their own.
    let mut items = String::new();
    for item in text.split("func @").skip(1).map(|item| format!("func @{item}")) {
        if !defined(&item) {
            let origin = match () {
                () if item.starts_with("func @runtime.") => " reserve",
                () if item.starts_with("func @internal/wasm.") => " wrapper reserve",
                () => "",
            };
            let ends = [" {", " import", "\n"].into_iter().filter_map(|end| item.find(end));
            let (header, rest) = item.split_at(ends.min().expect("an item ends"));
            items += &format!("{header}{origin}{rest}");
        }
    }
    items
}

/// The features that modules may use.
pub fn baseline() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::SIMD
        | WasmFeatures::FLOATS
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::GC_TYPES
        | WasmFeatures::EXTENDED_CONST
}

pub fn options(exports: impl IntoIterator<Item = String>) -> Options {
    Options {
        exports: exports.into_iter().map(|name| Export { func: name.clone(), name }).collect(),
        leaf_modules: vec!["test".into()],
        line_table: false,
        stack_size: 1 << 14,
        ..Options::wasip1()
    }
}

/// Emits and validates.
pub fn emit(program: &Program, options: &Options) -> Vec<u8> {
    let output = codegen::emit(program, options, &trace::Lines).unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = Validator::new_with_features(baseline()).validate_all(&output.bytes) {
        let text = wasmprinter::print_bytes(&output.bytes).unwrap_or_default();
        panic!("{error}\n{text}");
    }
    for function in &output.functions {
        let start = (output.code_start + function.start) as usize;
        assert_eq!(output.bytes[start + function.size as usize - 1], 0x0b, "{}", program.funcs[function.func].name);
    }
    output.bytes
}

/// How a run ended, as far as both engines can tell.
#[derive(Clone, PartialEq, Debug)]
pub enum End {
    Return(Vec<u64>),
    /// The operands are 0 for checks that have no text with them.
    Panic(PanicKind, i64, i64),
    Trap,
    TooLong,
    /// The interpreter does not know; no other engine says that.
    Unknown(String),
}

pub struct Run {
    pub end: End,
    /// What was passed to `test log`, call by call.
    pub log: Vec<Vec<u64>>,
    /// The last walk up the stack, if the module has a line table.
    pub trace: Vec<String>,
    pub table: String,
}

struct Log(Vec<Vec<u64>>);

impl Host for Log {
    fn call(&mut self, _: &str, name: &str, args: &[u64], _: &mut Interpreted) -> Result<Vec<u64>, String> {
        if name != "log" {
            return Err(format!("the interpreter has no {name}"));
        }
        self.0.push(args.to_vec());
        Ok(Vec::new())
    }
}

pub fn interpret(program: &Program, func: FuncId, args: &[u64]) -> Run {
    let limits = Limits { steps: 20_000, memory: 1 << 24, stack: 1 << 17, values: 1 << 17 };
    let mut machine = Machine::new(program, limits).unwrap();
    let mut log = Log(Vec::new());
    let end = match machine.call(func, args, &mut log) {
        Outcome::Return(values) => End::Return(values),
        Outcome::Panic { kind, x, y } => {
            let has_operands = !RuntimeFunc::of_panic(kind).info().1.is_empty();
            if has_operands { End::Panic(kind, x, y) } else { End::Panic(kind, 0, 0) }
        }
        Outcome::Trap(_) => End::Trap,
        Outcome::StepLimit | Outcome::StackOverflow | Outcome::OutOfMemory => End::TooLong,
        outcome => End::Unknown(outcome.to_string()),
    };
    Run { end, log: log.0, trace: Vec::new(), table: String::new() }
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.wasm_exceptions(true).wasm_tail_call(true).consume_fuel(true).cranelift_opt_level(OptLevel::None);
    Engine::new(&config).unwrap()
});

#[derive(Default)]
struct State {
    log: Vec<Vec<u64>>,
    trace: Vec<String>,
    table: String,
    panic: Option<(u32, i64, i64)>,
    heap: Heap,
}

/// Calls an export; the state of the module is fresh.
pub fn execute(bytes: &[u8], export: &str, args: &[u64], types: (&[Ty], &[Ty])) -> Run {
    execute_for(100_000, bytes, export, args, types)
}

/// Calls an export that may take so many instructions.
pub fn execute_for(fuel: u64, bytes: &[u8], export: &str, args: &[u64], types: (&[Ty], &[Ty])) -> Run {
    let module = Module::new(&ENGINE, bytes).unwrap();
    let mut store = Store::new(&ENGINE, State::default());
    store.set_fuel(fuel).unwrap();
    let mut linker: Linker<State> = Linker::new(&ENGINE);
    let panic = |mut caller: Caller<'_, State>, kind: u32, x: i64, y: i64| -> Result<(), Error> {
        caller.data_mut().panic = Some((kind, x, y));
        Err(Error::msg("panic"))
    };
    linker.func_wrap("test", "panic", panic).unwrap();
    linker.func_wrap("test", "alloc", alloc).unwrap();
    let walk = |mut caller: Caller<'_, State>, stack: i64, top: i64, table: u32| {
        if table == 0 {
            return;
        }
        let memory = caller.get_export("memory").and_then(|export| export.into_memory()).unwrap();
        let trace = trace::walk(memory.data(&caller), stack as u32..top as u32, table);
        let all = trace::table(memory.data(&caller), table);
        (caller.data_mut().trace, caller.data_mut().table) = (trace, all);
    };
    linker.func_wrap("test", "walk", walk).unwrap();
    if let Some(import) = module.imports().find(|import| import.name() == "log") {
        let ty = import.ty().unwrap_func().clone();
        let log = Func::new(&mut store, ty, |mut caller, args, _| {
            caller.data_mut().log.push(args.iter().map(bits).collect());
            Ok(())
        });
        linker.define(&mut store, "test", "log", log).unwrap();
    }
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let func = instance.get_func(&mut store, export).unwrap();
    let args: Vec<Val> = args.iter().zip(types.0).map(|(&bits, &ty)| val(bits, ty)).collect();
    let mut results: Vec<Val> = types.1.iter().map(|&ty| val(0, ty)).collect();
    let outcome = func.call(&mut store, &args, &mut results);
    let state = store.data();
    let end = match outcome {
        Ok(()) => End::Return(results.iter().map(bits).collect()),
        Err(_) if matches!(state.panic, Some((u32::MAX, ..))) => End::TooLong,
        Err(error) => match (state.panic, error.downcast_ref::<Trap>()) {
            (Some((kind, x, y)), _) => End::Panic(PanicKind::from_index(u64::from(kind)).unwrap(), x, y),
            (_, Some(Trap::OutOfFuel | Trap::StackOverflow)) => End::TooLong,
            (_, Some(_)) => End::Trap,
            _ if format!("{error:?}").contains("too long") => End::TooLong,
            _ => panic!("{error:?}"),
        },
    };
    let State { log, trace, table, .. } = store.into_data();
    Run { end, log, trace, table }
}

fn bits(value: &Val) -> u64 {
    match *value {
        Val::I32(number) => u64::from(number as u32),
        Val::I64(number) => number as u64,
        Val::F32(bits) => u64::from(bits),
        Val::F64(bits) => bits,
        _ => panic!("{value:?} is no scalar"),
    }
}

fn val(bits: u64, ty: Ty) -> Val {
    match ty {
        Ty::I32 | Ty::Ptr => Val::I32(bits as u32 as i32),
        Ty::I64 => Val::I64(bits as i64),
        Ty::F32 => Val::F32(bits as u32),
        Ty::F64 => Val::F64(bits),
        Ty::V128 => panic!("no vectors here"),
    }
}

/// What was allocated and not yet overwritten: sizes by address.
#[derive(Default)]
struct Heap {
    objects: BTreeMap<u32, u32>,
    end: u32,
}

const GARBAGE: u8 = 0xdb;
const MAX_HEAP: u32 = 1 << 16;

fn alloc(
    mut caller: Caller<'_, State>,
    size: i64,
    stack: i64,
    heap_start: i64,
    stack_top: i64,
    roots: u32,
) -> Result<u32, Error> {
    let memory = caller.get_export("memory").and_then(|export| export.into_memory()).unwrap();
    let mut heap = std::mem::take(&mut caller.data_mut().heap);
    heap.end = heap.end.max(heap_start as u32);
    collect(memory.data_mut(&mut caller), &mut heap, stack as u32..stack_top as u32, roots);
    let start = heap.end.next_multiple_of(8);
    heap.end = start + size as u32;
    if heap.end - heap_start as u32 > MAX_HEAP {
        return Err(Error::msg("the run allocates too long"));
    }
    grow(memory, &mut caller, heap.end);
    memory.data_mut(&mut caller)[start as usize..heap.end as usize].fill(0);
    if size > 0 {
        heap.objects.insert(start, size as u32);
    }
    caller.data_mut().heap = heap;
    Ok(start)
}

fn grow(memory: Memory, caller: &mut Caller<'_, State>, end: u32) {
    let missing = u64::from(end).saturating_sub(memory.data_size(&mut *caller) as u64);
    memory.grow(caller, missing.div_ceil(1 << 16)).unwrap();
}

/// Marks from the stack's words and from the root table, and overwrites what is left.
fn collect(memory: &mut [u8], heap: &mut Heap, stack: std::ops::Range<u32>, roots: u32) {
    let word = |memory: &[u8], at: u32| u32::from_le_bytes(memory[at as usize..at as usize + 4].try_into().unwrap());
    let mut pending: Vec<u32> = stack.step_by(4).map(|at| word(memory, at)).collect();
    for entry in 0..word(memory, roots) {
        let entry = roots + 4 + 12 * entry;
        let (start, words, mask) = (word(memory, entry), word(memory, entry + 4), word(memory, entry + 8));
        for index in 0..words {
            if memory[(mask + index / 8) as usize] >> (index % 8) & 1 != 0 {
                pending.push(word(memory, start + 8 * index));
            }
        }
    }
    let mut live = BTreeMap::new();
    while let Some(address) = pending.pop() {
        let Some((&start, &size)) = heap.objects.range(..=address).next_back() else { continue };
        if address < start + size && live.insert(start, size).is_none() {
            pending.extend((start..start + size / 4 * 4).step_by(4).map(|at| word(memory, at)));
        }
    }
    for (&start, &size) in heap.objects.iter().filter(|(start, _)| !live.contains_key(start)) {
        memory[start as usize..(start + size) as usize].fill(GARBAGE);
    }
    heap.objects = live;
}
