//! wasip1 modules, written by hand: one property of the host at a time.
#![allow(clippy::disallowed_methods)] // tests and examples read files and run programs

mod common;

use common::{assert_output, invocation, owned, pairs, run_wasip1, wasm};
use host::{HostError, Status, Stdio, TrapFrame, Wasmtime, WasmtimeOptions};
use std::time::Duration;

const IMPORTS: &str = r#"
    (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func $write (param $fd i32) (param $address i32) (param $len i32)
        (i32.store (i32.const 16) (local.get $address))
        (i32.store (i32.const 20) (local.get $len))
        (drop (call $fd_write (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 24))))
"#;

fn program(body: &str) -> String {
    format!("(module {IMPORTS} {body})")
}

fn start(instructions: &str) -> String {
    program(&format!(r#"(func (export "_start") {instructions})"#))
}

#[test]
fn exit_codes_are_passed_on() {
    assert_eq!(run_wasip1(&start("")).status, Status::Exited(0));
    assert_eq!(run_wasip1(&start("(call $proc_exit (i32.const 0)) unreachable")).status, Status::Exited(0));
    // Any number is a code; how much of it the system keeps is for whoever exits with it.
    for code in [7, 126, 127, 200, 255, 256, -1] {
        let text = start(&format!("(call $proc_exit (i32.const {code})) unreachable"));
        assert_eq!(run_wasip1(&text).status, Status::Exited(code));
    }
}

#[test]
fn arguments_and_environment_arrive() {
    let text = start(
        "(drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
         (drop (call $args_get (i32.const 1024) (i32.const 2048)))
         (call $write (i32.const 1) (i32.const 2048) (i32.load (i32.const 4)))
         (drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))
         (drop (call $environ_get (i32.const 1024) (i32.const 2048)))
         (call $write (i32.const 2) (i32.const 2048) (i32.load (i32.const 4)))",
    );
    let host = Wasmtime::new(&WasmtimeOptions::default()).unwrap();
    let mut invocation = invocation();
    invocation.args = owned(&["-x", "", "gö"]);
    invocation.env = pairs(&[("A", "1"), ("B", "two words")]);
    let ended = host.run(&host.compile(&wasm(&text)).unwrap(), &invocation).unwrap();
    assert_output(&ended, 0, "prog\0-x\0\0gö\0", "A=1\0B=two words\0");
}

#[test]
fn standard_input_is_given_and_ends() {
    let text = start(
        "(local $len i32)
         loop
             (i32.store (i32.const 0) (i32.const 4096))
             (i32.store (i32.const 4) (i32.const 5))
             (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
             (call $write (i32.const 1) (i32.const 4096) (local.tee $len (i32.load (i32.const 8))))
             (br_if 0 (local.get $len))
         end",
    );
    let host = Wasmtime::new(&WasmtimeOptions::default()).unwrap();
    let mut invocation = invocation();
    invocation.stdio = Stdio::Capture { input: b"hello, world".to_vec() };
    let ended = host.run(&host.compile(&wasm(&text)).unwrap(), &invocation).unwrap();
    assert_output(&ended, 0, "hello, world", "");
}

fn trap(text: &str) -> host::Trap {
    match run_wasip1(text).status {
        Status::Trapped(trap) => trap,
        status => panic!("no trap, but {status:?}"),
    }
}

#[test]
fn traps_name_their_functions() {
    let text = program(
        r#"(func $main.divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
           (func (param i32) (drop (call $main.divide (i32.const 1) (local.get 0))))
           (func $main.main (export "_start") (call 9 (i32.const 0)))"#,
    );
    let trap = trap(&text);
    assert_eq!(trap.reason, "wasm trap: integer divide by zero");
    let names: Vec<_> = trap.frames.iter().map(|frame| (frame.func_name.as_deref(), frame.func_idx)).collect();
    assert_eq!(names, [(Some("main.divide"), 8), (None, 9), (Some("main.main"), 10)]);
    assert!(!trap.truncated);
    let module = wasm(&text);
    let offset = trap.frames[0].module_offset.unwrap();
    assert_eq!(module[offset], 0x6d, "the offset is not that of i32.div_s");
    let shown = host::Trap {
        frames: vec![
            TrapFrame { func_name: Some("main.f".to_owned()), func_idx: 1, module_offset: Some(0x1f) },
            TrapFrame { func_name: None, func_idx: 2, module_offset: None },
        ],
        truncated: true,
        ..trap
    };
    assert_eq!(shown.to_string(), "wasm trap: integer divide by zero\n\tmain.f at 0x1f\n\tfunc[2]\n\t...");
}

#[test]
fn endless_recursion_is_a_trap() {
    let trap = trap(&program(
        r#"(func $down (param i32) (result i32) (i32.add (call $down (local.get 0)) (i32.const 1)))
           (func (export "_start") (drop (call $down (i32.const 0))))"#,
    ));
    assert_eq!(trap.reason, "wasm trap: call stack exhausted");
    assert_eq!(trap.frames[0].func_name.as_deref(), Some("down"));
    assert_eq!(trap.frames.len(), 32);
    assert!(trap.truncated);
}

#[test]
fn the_stack_is_as_large_as_asked_for() {
    let text = program(
        r#"(func $down (param i32) (result i32)
               (if (result i32) (local.get 0)
                   (then (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (local.get 0)))
                   (else (i32.const 0))))
           (func (export "_start") (drop (call $down (i32.const 100000))))"#,
    );
    assert_eq!(run_wasip1(&text).status, Status::Exited(0));
    let small = WasmtimeOptions { max_wasm_stack: 256 << 10, ..WasmtimeOptions::default() };
    let host = Wasmtime::new(&small).unwrap();
    let ended = host.run(&host.compile(&wasm(&text)).unwrap(), &invocation()).unwrap();
    assert!(matches!(ended.status, Status::Trapped(_)), "{:?}", ended.status);
    let large = WasmtimeOptions { max_wasm_stack: 256 << 20, ..WasmtimeOptions::default() };
    let host = Wasmtime::new(&large).unwrap();
    let text = text.replace("100000", "1000000");
    let ended = host.run(&host.compile(&wasm(&text)).unwrap(), &invocation()).unwrap();
    assert_eq!(ended.status, Status::Exited(0));
}

#[test]
fn exceptions_are_thrown_caught_and_rethrown() {
    let text = program(
        r#"(tag $panic (param i32))
           (func $throws (param i32) (throw $panic (local.get 0)))
           (func $rethrows (param i32)
               (local $exception exnref)
               (block $caught (result i32 exnref)
                   (try_table (catch_ref $panic $caught) (call $throws (local.get 0)))
                   return)
               (local.set $exception)
               drop
               (throw_ref (local.get $exception)))
           (func (export "_start")
               (local $left i32) (local $sum i32)
               (local.set $left (i32.const 100000))
               loop $again
                   (block $caught (result i32)
                       (try_table (catch $panic $caught) (call $rethrows (local.get $left)))
                       (call $proc_exit (i32.const 90))
                       unreachable)
                   (local.set $sum (i32.add (local.get $sum)))
                   (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))
               end
               ;; 1 + ... + 100000, modulo 2^32
               (call $proc_exit (i32.ne (local.get $sum) (i32.const 705082704)))
               unreachable)"#,
    );
    assert_eq!(run_wasip1(&text).status, Status::Exited(0));
}

#[test]
fn an_uncaught_exception_is_reported() {
    let trap = trap(&program(
        r#"(tag $panic (param i32))
           (func $throws (throw $panic (i32.const 1)))
           (func $main (export "_start") (call $throws))"#,
    ));
    assert_eq!(trap.reason, "uncaught exception");
}

#[test]
fn tail_calls_take_no_stack() {
    let text = program(
        r#"(type $step (func (param i32) (result i32)))
           (table funcref (elem $even $odd))
           (func $even (type $step)
               (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
               (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
           (func $odd (type $step)
               (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
               (return_call_indirect (type $step) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
           (func (export "_start")
               (call $proc_exit (call $even (i32.const 3000001)))
               unreachable)"#,
    );
    assert_eq!(run_wasip1(&text).status, Status::Exited(0));
}

#[test]
fn vectors_results_and_bulk_moves_work() {
    let text = program(
        r#"(func $three (result i32 i64 f64) (i32.const 1) (i64.const 2) (f64.const 3))
           (func (export "_start")
               (local $sum i32)
               call $three
               i32.trunc_sat_f64_s
               (local.set $sum)
               i32.wrap_i64
               (local.set $sum (i32.add (local.get $sum)))
               (local.set $sum (i32.add (local.get $sum)))
               (memory.fill (i32.const 64) (i32.const 1) (i32.const 16))
               (memory.copy (i32.const 128) (i32.const 64) (i32.const 16))
               (local.set $sum (i32.add (local.get $sum)
                   (i32x4.extract_lane 3 (i32x4.add (v128.load (i32.const 64)) (v128.load (i32.const 128))))))
               (call $proc_exit (i32.ne (local.get $sum) (i32.const 0x02020208)))
               unreachable)"#,
    );
    assert_eq!(run_wasip1(&text).status, Status::Exited(0));
}

#[test]
fn a_time_limit_ends_endless_loops() {
    let options = WasmtimeOptions { time_limit: Some(Duration::from_millis(100)), ..WasmtimeOptions::default() };
    let host = Wasmtime::new(&options).unwrap();
    let endless = host.compile(&wasm(&start("loop br 0 end"))).unwrap();
    assert_eq!(host.run(&endless, &invocation()).unwrap().status, Status::TimedOut);
    let short = host.compile(&wasm(&start("(call $proc_exit (i32.const 4))"))).unwrap();
    assert_eq!(host.run(&short, &invocation()).unwrap().status, Status::Exited(4));
}

#[test]
fn one_engine_runs_many_programs() {
    let host = Wasmtime::new(&WasmtimeOptions::default()).unwrap();
    let code = host.precompile(&wasm(&start("(call $proc_exit (i32.const 5))"))).unwrap();
    // SAFETY: it comes from this engine's `precompile`.
    let module = unsafe { host.load(&code) }.unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(host.run(&module, &invocation()).unwrap().status, Status::Exited(5));
                }
            });
        }
    });
}

#[test]
fn what_cannot_run_is_rejected() {
    let host = Wasmtime::new(&WasmtimeOptions::default()).unwrap();
    let message = |error: HostError| error.to_string();
    let invalid = wasm(r#"(module (func (export "_start") i32.const 1))"#);
    let error = message(host.compile(&invalid).map(|_| ()).unwrap_err());
    assert!(error.contains("values remaining on stack at end of block"), "{error}");
    let foreign = wasm(r#"(module (import "env" "launch" (func)) (func (export "_start")))"#);
    let error = message(host.run(&host.compile(&foreign).unwrap(), &invocation()).unwrap_err());
    assert_eq!(error, "the module cannot be run: unknown import: `env::launch` has not been defined");
}
