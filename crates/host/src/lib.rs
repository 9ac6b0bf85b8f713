//! Runs a compiled module: what `gossamer run`, the tests and the benchmarks start programs with.
//!
//! A module goes in as bytes, an [`Ended`] comes out: how it ended, and what it wrote if that was to be kept. Two hosts
//! do the work, and neither is ours: wasip1 modules run in the [`wasmtime`](mod@wasmtime) that is linked in, js modules
//! in a [`node`] found on the machine, under the Go SDK's own `wasm_exec.js`. In reading order:
//!
//! - [`kind`]: which host a module is for, told from its imports and exports;
//! - [`invocation`]: arguments, environment, working directory, standard streams;
//! - [`ended`]: exit codes, traps, signals;
//! - [`wasmtime`](mod@wasmtime): wasip1, and compiling ahead for benchmarks;
//! - [`node`]: js; [`node_search`] finds the executable;
//! - [`error`]: why a program could not be started.
//!
//! Both hosts follow the SDK's `go_wasip1_wasm_exec` and `go_js_wasm_exec` scripts, so that a program sees what it
//! would see under `go run -exec`: the whole file system, `PWD`, eight mebibytes of stack.
#![allow(clippy::disallowed_methods)] // it starts programs and lends them the machine

pub mod ended;
pub mod error;
pub mod invocation;
pub mod kind;
pub mod node;
pub mod node_search;
pub mod wasmtime;

mod child;

pub use ended::{Ended, Status, Trap, TrapFrame};
pub use error::HostError;
pub use invocation::{Invocation, Stdio, inherited_environment, working_directory};
pub use kind::ModuleKind;
pub use node::Node;
pub use node_search::NodeSearch;
pub use wasmtime::{Wasmtime, WasmtimeOptions};

use std::path::Path;

/// What [`run`] needs to know beside the program.
#[derive(Clone, Debug)]
pub struct RunOptions<'a> {
    /// The Go SDK, whose `lib/wasm` runs js modules.
    pub goroot: &'a Path,
    /// How to find Node, for js modules.
    pub node: NodeSearch,
    /// The engine for wasip1 modules. Its time limit holds for both hosts.
    pub wasmtime: WasmtimeOptions,
}

/// Runs `module` in the host that it was compiled for.
pub fn run(module: &[u8], invocation: &Invocation, options: &RunOptions) -> Result<Ended, HostError> {
    match kind::detect(module)? {
        ModuleKind::Wasip1 => {
            let host = Wasmtime::new(&options.wasmtime)?;
            host.run(&host.compile(module)?, invocation)
        }
        ModuleKind::Js => {
            let node = Node::find(&options.node, options.goroot)?;
            node.with_time_limit(options.wasmtime.time_limit).run(module, invocation)
        }
    }
}
