//! wasip1 modules, in an embedded wasmtime.
//!
//! A [`Wasmtime`] is an engine with wasip1's imports ready to link. It is made once and reused: the tests run hundreds
//! of modules in one, the benchmarks compile ahead and then time only the run. A program gets what the SDK's
//! `go_wasip1_wasm_exec` gives it: the file system at `/`, its working directory in `PWD`, [`GO_WASM_STACK`] bytes of
//! stack.
//!
//! wasm code runs on the native stack of the thread that calls it, and the main thread's has just those eight mebibytes.
//! So each program gets a thread of its own, with room for the host's functions above the wasm limit.
//!
//! The engine takes what our modules use beyond its defaults: exceptions with `exnref`, tail calls. Instructions that
//! trap report the functions they were in by name; DWARF is left to our own tools.

use crate::ended::{Ended, Status, Trap, TrapFrame};
use crate::error::HostError;
use crate::invocation::{Invocation, Stdio};
use ::wasmtime::{Config, Engine, Linker, Module, Store, ThrownException, WasmBacktrace, WasmBacktraceDetails};
use std::num::NonZeroUsize;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_sync};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtxBuilder};

pub use ::wasmtime::Module as CompiledModule;

/// What `go_wasip1_wasm_exec` allows: `-W max-wasm-stack=8388608`.
pub const GO_WASM_STACK: usize = 8 << 20;

/// Native stack beyond what wasm may use, for the host functions that it calls.
const HOST_STACK: usize = 1 << 20;

/// How many frames a trap names. More help nobody, and a stack overflow has a hundred thousand.
const TRAP_FRAMES: NonZeroUsize = NonZeroUsize::new(32).unwrap();

/// How often a running program looks whether its time is up.
const TICK: Duration = Duration::from_millis(10);

#[derive(Clone, Debug)]
pub struct WasmtimeOptions {
    /// In bytes.
    pub max_wasm_stack: usize,
    /// Ends a program that computes for longer, and slows all programs by a few percent. Time asleep in the host counts
    /// only once the program is back.
    pub time_limit: Option<Duration>,
}

impl Default for WasmtimeOptions {
    fn default() -> WasmtimeOptions {
        WasmtimeOptions { max_wasm_stack: GO_WASM_STACK, time_limit: None }
    }
}

/// An engine and its imports. Programs can run in it on several threads at once.
pub struct Wasmtime {
    engine: Engine,
    linker: Linker<WasiP1Ctx>,
    options: WasmtimeOptions,
    _ticker: Option<Ticker>,
}

impl Wasmtime {
    pub fn new(options: &WasmtimeOptions) -> Result<Wasmtime, HostError> {
        let mut config = Config::new();
        config
            .wasm_exceptions(true)
            .wasm_tail_call(true)
            .max_wasm_stack(options.max_wasm_stack)
            .async_stack_size(options.max_wasm_stack + HOST_STACK) // unused, but checked against the line above
            .wasm_backtrace_details(WasmBacktraceDetails::Disable)
            .wasm_backtrace_max_frames(Some(TRAP_FRAMES))
            .epoch_interruption(options.time_limit.is_some());
        let engine = Engine::new(&config).map_err(rejected)?;
        let mut linker = Linker::new(&engine);
        add_to_linker_sync(&mut linker, |ctx| ctx).map_err(rejected)?;
        // wasmtime's own takes codes below 126 only; a program may end with any, and the system keeps the low bits.
        linker
            .allow_shadowing(true)
            .func_wrap("wasi_snapshot_preview1", "proc_exit", |code: i32| Err::<(), _>(I32Exit(code).into()))
            .map_err(rejected)?;
        linker.allow_shadowing(false);
        let ticker = options.time_limit.map(|_| Ticker::start(engine.clone()));
        Ok(Wasmtime { engine, linker, options: options.clone(), _ticker: ticker })
    }

    /// Validates and compiles to machine code.
    pub fn compile(&self, module: &[u8]) -> Result<Module, HostError> {
        Module::from_binary(&self.engine, module).map_err(rejected)
    }

    /// Compiles to what [`load`](Wasmtime::load) takes: for benchmarks, which would rather not time Cranelift.
    pub fn precompile(&self, module: &[u8]) -> Result<Vec<u8>, HostError> {
        self.engine.precompile_module(module).map_err(rejected)
    }

    /// Takes up machine code that [`precompile`](Wasmtime::precompile) made, under the same options.
    ///
    /// # Safety
    ///
    /// `code` is executed: it must be what `precompile` returned, unchanged.
    pub unsafe fn load(&self, code: &[u8]) -> Result<Module, HostError> {
        // SAFETY: the caller's promise is the callee's condition.
        unsafe { Module::deserialize(&self.engine, code) }.map_err(rejected)
    }

    /// Runs the program to its end.
    pub fn run(&self, module: &Module, invocation: &Invocation) -> Result<Ended, HostError> {
        let (ctx, capture) = context(invocation)?;
        let status = thread::scope(|scope| {
            thread::Builder::new()
                .name("wasm".to_owned())
                .stack_size(self.options.max_wasm_stack + HOST_STACK)
                .spawn_scoped(scope, || self.call_start(module, ctx))
                .map_err(|error| HostError::System("starting a thread".to_owned(), error))?
                .join()
                .unwrap_or_else(|payload| std::panic::resume_unwind(payload))
        })?;
        let (stdout, stderr) = capture.map_or_else(Default::default, Capture::into_bytes);
        Ok(Ended { status, stdout, stderr })
    }

    fn call_start(&self, module: &Module, ctx: WasiP1Ctx) -> Result<Status, HostError> {
        let mut store = Store::new(&self.engine, ctx);
        if let Some(limit) = self.options.time_limit {
            let ticks = limit.as_nanos().div_ceil(TICK.as_nanos()) + 1; // the first tick may come at once
            store.set_epoch_deadline(u64::try_from(ticks).unwrap_or(u64::MAX));
        }
        // A start section runs here; our modules have none, so what fails is linking.
        let instance = self.linker.instantiate(&mut store, module).map_err(rejected)?;
        let start = instance.get_typed_func::<(), ()>(&mut store, "_start").map_err(rejected)?;
        Ok(match start.call(&mut store, ()) {
            Ok(()) => Status::Exited(0),
            Err(error) => status_of(&error),
        })
    }
}

fn rejected(error: ::wasmtime::Error) -> HostError {
    // Causes after the first explain it ("failed to compile: ...: ..."), so all of them are shown.
    HostError::Rejected(format!("{error:#}"))
}

/// Why `_start` did not return.
fn status_of(error: &::wasmtime::Error) -> Status {
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return Status::Exited(exit.0);
    }
    if let Some(::wasmtime::Trap::Interrupt) = error.downcast_ref::<::wasmtime::Trap>() {
        return Status::TimedOut;
    }
    let reason = match error.downcast_ref::<ThrownException>() {
        Some(_) => "uncaught exception".to_owned(), // the engine's words are for hosts that could catch it
        None => error.root_cause().to_string(),
    };
    let frames = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
    let frames: Vec<TrapFrame> = frames
        .iter()
        .map(|frame| TrapFrame {
            func_name: frame.func_name().map(str::to_owned),
            func_idx: frame.func_index(),
            module_offset: frame.module_offset(),
        })
        .collect();
    let truncated = frames.len() == TRAP_FRAMES.get();
    Status::Trapped(Trap { reason, frames, truncated })
}

/// What the program sees of the world.
fn context(invocation: &Invocation) -> Result<(WasiP1Ctx, Option<Capture>), HostError> {
    let mut builder = WasiCtxBuilder::new();
    builder.allow_blocking_current_thread(true); // first: directories remember it
    builder.arg(&invocation.name).args(&invocation.args).envs(&invocation.env);
    let root = if cfg!(unix) { "/".as_ref() } else { invocation.dir.as_path() };
    builder
        .preopened_dir(root, "/", FsPerms::ReadWrite)
        .map_err(|error| HostError::System(format!("opening {}", root.display()), std::io::Error::other(error)))?;
    let capture = match &invocation.stdio {
        Stdio::Inherit => {
            builder.inherit_stdio();
            None
        }
        Stdio::Capture { input } | Stdio::CaptureMerged { input } => {
            let capture = Capture::new(matches!(invocation.stdio, Stdio::CaptureMerged { .. }));
            builder.stdin(MemoryInputPipe::new(input.clone()));
            let stderr = capture.stderr.as_ref().unwrap_or(&capture.stdout);
            builder.stdout(capture.stdout.clone()).stderr(stderr.clone());
            Some(capture)
        }
    };
    Ok((builder.build_p1(), capture))
}

struct Capture {
    stdout: MemoryOutputPipe,
    /// `None` if it goes to `stdout`.
    stderr: Option<MemoryOutputPipe>,
}

impl Capture {
    fn new(merged: bool) -> Capture {
        let pipe = || MemoryOutputPipe::new(usize::MAX);
        Capture { stdout: pipe(), stderr: (!merged).then(pipe) }
    }

    fn into_bytes(self) -> (Vec<u8>, Vec<u8>) {
        let stderr = self.stderr.map_or_else(Vec::new, |stderr| stderr.contents().into());
        (self.stdout.contents().into(), stderr)
    }
}

/// Advances an engine's epoch, which is what running programs measure their time in.
struct Ticker {
    /// Dropping it ends the thread.
    _alive: Sender<()>,
}

impl Ticker {
    fn start(engine: Engine) -> Ticker {
        let (alive, dropped) = channel();
        thread::spawn(move || {
            while dropped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        });
        Ticker { _alive: alive }
    }
}
