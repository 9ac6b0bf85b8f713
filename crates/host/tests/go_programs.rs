//! A program that Go's own compiler built behaves the same under both hosts.

mod common;

use common::{assert_output, go_build, node, owned, pairs};
use host::{Ended, HostError, Invocation, ModuleKind, Status, Stdio, Wasmtime, WasmtimeOptions, kind};
use std::path::Path;

const EXPECTED: &str = "\
args: prog [one two three]
GREETING: good day
directory: work <nil>
note: \"remember\" <nil>
written: <nil>
line: \"first\"
line: \"second\"
";

/// Runs `report.go` in a directory of its own and checks what it says and leaves.
fn check_report(goos: &str, run: impl Fn(&[u8], &Invocation) -> Result<Ended, HostError>) {
    let Some(module) = go_build(goos, "report.go") else { return };
    let expected_kind = if goos == "js" { ModuleKind::Js } else { ModuleKind::Wasip1 };
    assert_eq!(kind::detect(&module).unwrap(), expected_kind);
    let base = tempfile::tempdir().unwrap();
    let dir = base.path().join("work");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("note.txt"), "remember").unwrap();
    let pwd = dir.to_str().unwrap();
    let invocation = Invocation {
        name: "prog".to_owned(),
        args: owned(&["one", "two three"]),
        env: pairs(&[("GREETING", "good day"), ("PWD", pwd)]),
        dir: dir.clone(),
        stdio: Stdio::Capture { input: b"first\nsecond\n".to_vec() },
    };
    assert_output(&run(&module, &invocation).unwrap(), 3, EXPECTED, "ends\n");
    assert_eq!(std::fs::read_to_string(dir.join("answer.txt")).unwrap(), "42");
}

#[test]
fn wasip1_program_reports() {
    check_report("wasip1", |module, invocation| {
        let host = Wasmtime::new(&WasmtimeOptions::default())?;
        host.run(&host.compile(module)?, invocation)
    });
}

#[test]
fn js_program_reports() {
    let Some(node) = node() else { return };
    check_report("js", |module, invocation| node.run(module, invocation));
}

#[test]
fn panic_is_exit_code_two() {
    let check = |ended: Ended| {
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert!(stderr.starts_with("panic: no more\n\ngoroutine 1 [running]:\nmain.main()\n"), "{stderr}");
        assert_eq!(ended.status, Status::Exited(2));
    };
    if let Some(module) = go_build("wasip1", "panics.go") {
        let host = Wasmtime::new(&WasmtimeOptions::default()).unwrap();
        check(host.run(&host.compile(&module).unwrap(), &common::invocation()).unwrap());
    }
    if let (Some(module), Some(node)) = (go_build("js", "panics.go"), node()) {
        check(node.run(&module, &common::invocation()).unwrap());
    }
}

#[test]
fn inherited_environment_names_the_directory() {
    let env = host::inherited_environment(Path::new("."));
    let pwd: Vec<_> = env.iter().filter(|(name, _)| name == "PWD").collect();
    assert_eq!(pwd.len(), 1);
    let same = Path::new(&pwd[0].1).canonicalize().unwrap() == std::env::current_dir().unwrap();
    assert!(same || cfg!(windows), "{pwd:?}");
}
