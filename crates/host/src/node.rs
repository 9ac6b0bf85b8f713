//! js modules, in Node under the SDK's own `wasm_exec_node.js`.
//!
//! The script is the SDK's, unchanged, so what runs here is what runs in a user's page. It takes the module as a file;
//! the file lies in a temporary directory of its own for as long as the program runs.

use crate::child::{Limits, run_child};
use crate::ended::Ended;
use crate::error::HostError;
use crate::invocation::Invocation;
use crate::node_search::{FoundNode, NodeSearch};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What `wasm_exec.js` has for arguments and environment: from 4096 to the linker's first data address.
pub const ARGUMENT_SPACE: usize = 8192;

/// V8's stack in KiB, as `go_js_wasm_exec` sets it; the default is 984.
const STACK_KIB: u64 = 8192;

/// Node and the script that it runs.
#[derive(Clone, Debug)]
pub struct Node {
    found: FoundNode,
    script: PathBuf,
    time_limit: Option<Duration>,
}

impl Node {
    pub fn find(search: &NodeSearch, goroot: &Path) -> Result<Node, HostError> {
        let script = goroot.join("lib/wasm/wasm_exec_node.js");
        if !script.is_file() {
            return Err(HostError::NoGlue(script));
        }
        Ok(Node { found: search.find()?, script, time_limit: None })
    }

    /// Programs that run for longer are killed.
    pub fn with_time_limit(self, time_limit: Option<Duration>) -> Node {
        Node { time_limit, ..self }
    }

    /// Runs the program to its end.
    pub fn run(&self, module: &[u8], invocation: &Invocation) -> Result<Ended, HostError> {
        let system = |doing: &str| {
            let doing = doing.to_owned();
            move |error| HostError::System(doing, error)
        };
        let dir = tempfile::Builder::new()
            .prefix("gossamer-run-")
            .tempdir()
            .map_err(system("making a temporary directory"))?;
        let name = Path::new(&invocation.name).file_name().unwrap_or("main".as_ref());
        let file = dir.path().join(name);
        check_argument_space(&file.to_string_lossy(), invocation)?;
        fs::write(&file, module).map_err(system("writing the module for Node"))?;

        let mut command = Command::new(&self.found.executable);
        command.arg(format!("--stack-size={STACK_KIB}")).args(self.engine_flags());
        command.arg(&self.script).arg(&file).args(&invocation.args);
        command.env_clear().envs(invocation.env.iter().map(|(name, value)| (name, value)));
        command.current_dir(&invocation.dir);
        // V8 believes the stack to be as large as it is told. On a main thread of eight mebibytes it would run over
        // the end, and a Go stack overflow would be a segmentation fault.
        let limits = Limits { stack: 2 * STACK_KIB * 1024, time: self.time_limit };
        run_child(&mut command, &invocation.stdio, &limits)
            .map_err(system(&format!("running {}", self.found.executable.display())))
    }

    /// V8 13.6, which is Node 24's, has exnref behind a flag; from 13.7 on there is nothing to ask for.
    fn engine_flags(&self) -> &'static [&'static str] {
        if self.found.major == 24 { &["--experimental-wasm-exnref"] } else { &[] }
    }
}

/// Says beforehand, and in our words, what `wasm_exec.js` would throw.
fn check_argument_space(module: &str, invocation: &Invocation) -> Result<(), HostError> {
    let args = [module].into_iter().chain(invocation.args.iter().map(String::as_str)).map(str::len);
    let env = invocation.env.iter().map(|(name, value)| name.len() + "=".len() + value.len());
    // The script adds TMPDIR if there is none.
    let tmpdir = if invocation.env.iter().any(|(name, _)| name == "TMPDIR") { 0 } else { "TMPDIR=/tmp".len() };
    let texts: Vec<usize> = args.chain(env).chain((tmpdir > 0).then_some(tmpdir)).collect();
    let pointers = (texts.len() + 2) * 8;
    let bytes = pointers + texts.iter().map(|len| (len + 1).next_multiple_of(8)).sum::<usize>();
    if bytes >= ARGUMENT_SPACE { Err(HostError::EnvironmentTooLarge(bytes)) } else { Ok(()) }
}
