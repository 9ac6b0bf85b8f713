//! Why a program could not be started. How one that was started ended is not an error: see [`Ended`](crate::Ended).

use std::fmt;
use std::path::PathBuf;

#[derive(Debug)]
pub enum HostError {
    NotWasm,
    Malformed(String),
    Component,
    /// Built with `-buildmode=c-shared`: exports to call, no program to run.
    Library,
    /// Neither kind of program; the export that is missing.
    NoEntryPoint(&'static str),
    /// The engine does not take the module: invalid, or an import that nobody provides.
    Rejected(String),
    /// No Node that is new enough. Everything that was looked at, with what was wrong with it.
    NoNode(Vec<NodeCandidate>),
    /// The SDK lacks this file.
    NoGlue(PathBuf),
    /// `wasm_exec.js` copies arguments and environment into 8 KiB of the module's memory.
    EnvironmentTooLarge(usize),
    /// The operating system refused; what was being done.
    System(String, std::io::Error),
}

/// An executable that was considered and not taken.
#[derive(Debug, PartialEq, Eq)]
pub struct NodeCandidate {
    pub path: PathBuf,
    pub fault: String,
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostError::NotWasm => write!(f, "not a WebAssembly module"),
            HostError::Malformed(reason) => write!(f, "malformed module: {reason}"),
            HostError::Component => write!(f, "a WebAssembly component; only core modules are run"),
            HostError::Library => {
                write!(f, "the module is a library (it exports _initialize, and no _start): there is no program to run")
            }
            HostError::NoEntryPoint(name) => write!(f, "the module is no program: it does not export {name}"),
            HostError::Rejected(reason) => write!(f, "the module cannot be run: {reason}"),
            HostError::NoNode(candidates) => no_node(f, candidates),
            HostError::NoGlue(path) => {
                write!(f, "the Go SDK has no {}, which runs programs for GOOS=js", path.display())
            }
            HostError::EnvironmentTooLarge(bytes) => write!(
                f,
                "arguments and environment take {bytes} bytes, and wasm_exec.js has room for {}: unset some variables",
                crate::node::ARGUMENT_SPACE
            ),
            HostError::System(doing, error) => write!(f, "{doing}: {error}"),
        }
    }
}

impl std::error::Error for HostError {}

fn no_node(f: &mut fmt::Formatter<'_>, candidates: &[NodeCandidate]) -> fmt::Result {
    write!(f, "programs for GOOS=js run in Node.js {} or newer, and there is none", crate::node_search::OLDEST_MAJOR)?;
    for NodeCandidate { path, fault } in candidates {
        write!(f, "\n\t{}: {fault}", path.display())?;
    }
    write!(f, "\n\tput it on PATH, install the npm package `node` in the project, or name it in GOSSAMER_NODE")
}
