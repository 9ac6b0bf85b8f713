//! js modules, written by hand, under the SDK's `wasm_exec_node.js`. Skipped without Go or without a new enough Node.
#![allow(clippy::disallowed_methods)] // tests and examples read files and run programs

mod common;

use common::{assert_output, invocation, node, owned, pairs, wasm};
use host::{HostError, Status};
use std::time::Duration;

/// `gojs` functions take the address of a frame: arguments from its ninth byte on, in slots of eight.
fn program(run: &str) -> Vec<u8> {
    wasm(&format!(
        r#"(module
            (import "gojs" "runtime.wasmExit" (func $wasm_exit (param i32)))
            (import "gojs" "runtime.wasmWrite" (func $wasm_write (param i32)))
            (memory (export "mem") 1)
            (tag $panic (param i32))
            (func $exit (param $code i32)
                (i32.store (i32.const 16392) (local.get $code))
                (call $wasm_exit (i32.const 16384)))
            (func $write (param $fd i64) (param $address i64) (param $len i32)
                (i64.store (i32.const 16392) (local.get $fd))
                (i64.store (i32.const 16400) (local.get $address))
                (i32.store (i32.const 16408) (local.get $len))
                (call $wasm_write (i32.const 16384)))
            (func $down (param i32) (result i32) (i32.add (call $down (local.get 0)) (i32.const 1)))
            (func $throws (param i32) (throw $panic (local.get 0)))
            (func (export "resume"))
            (func (export "getsp") (result i32) (i32.const 16384))
            (func (export "run") (param $argc i32) (param $argv i32) {run}))"#
    ))
}

#[test]
fn exit_codes_are_passed_on() {
    let Some(node) = node() else { return };
    for code in [0, 7, 255] {
        let module = program(&format!("(call $exit (i32.const {code}))"));
        assert_eq!(node.run(&module, &invocation()).unwrap().status, Status::Exited(code));
    }
}

#[test]
fn arguments_and_environment_arrive() {
    let Some(node) = node() else { return };
    // argv and the environment end in zeros; the texts stand from 4096 on, padded to eight bytes.
    let module = program(
        "(call $write (i64.const 1)
            (i64.load (i32.add (local.get $argv) (i32.const 8)))
            (i32.sub
                (i32.load (i32.add (local.get $argv) (i32.const 16)))
                (i32.load (i32.add (local.get $argv) (i32.const 8)))))
         (call $write (i64.const 2) (i64.load (i32.add (local.get $argv) (i32.const 32))) (i32.const 8))
         (call $exit (local.get $argc))",
    );
    let mut invocation = invocation();
    invocation.args = owned(&["--first", "second"]);
    invocation.env = pairs(&[("A", "two w"), ("TMPDIR", "x")]);
    assert_output(&node.run(&module, &invocation).unwrap(), 3, "--first\0", "A=two w\0");
}

#[test]
fn exceptions_work() {
    let Some(node) = node() else { return };
    let module = program(
        "(local $exception exnref)
         (block $caught (result i32 exnref)
             (try_table (catch_ref $panic $caught) (call $throws (i32.const 6)))
             unreachable)
         (local.set $exception)
         call $exit",
    );
    assert_eq!(node.run(&module, &invocation()).unwrap().status, Status::Exited(6));
}

#[test]
fn endless_recursion_is_no_crash() {
    let Some(node) = node() else { return };
    let ended = node.run(&program("(drop (call $down (i32.const 0)))"), &invocation()).unwrap();
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert!(stderr.starts_with("RangeError: Maximum call stack size exceeded"), "{stderr}");
    assert_eq!(ended.status, Status::Exited(1));
}

#[test]
fn a_time_limit_kills() {
    let Some(node) = node() else { return };
    let hasty = node.with_time_limit(Some(Duration::from_millis(300)));
    let ended = hasty.run(&program("loop br 0 end"), &invocation()).unwrap();
    assert_eq!(ended.status, Status::TimedOut);
    let node = hasty.with_time_limit(Some(Duration::from_secs(60)));
    assert_eq!(node.run(&program("(call $exit (i32.const 4))"), &invocation()).unwrap().status, Status::Exited(4));
}

#[test]
fn too_much_environment_is_said_beforehand() {
    let Some(node) = node() else { return };
    let module = program("(call $exit (i32.const 0))");
    let mut invocation = invocation();
    invocation.env = pairs(&[("TMPDIR", "x"), ("BIG", &"x".repeat(8000))]);
    assert_eq!(node.run(&module, &invocation).unwrap().status, Status::Exited(0));
    invocation.env = pairs(&[("TMPDIR", "x"), ("BIG", &"x".repeat(8192))]);
    assert!(matches!(node.run(&module, &invocation), Err(HostError::EnvironmentTooLarge(_))));
}
