//! What the caller of code generation decides.

use base::Pos;
use ir::DataId;
use std::sync::Arc;

/// Turns positions into what traces show. Traces name the file by its full path, or by the one that `-trimpath` leaves,
/// and follow `//line` directives.
pub trait Positions: Sync {
    /// None for a position that is in no file.
    fn file_line(&self, pos: Pos) -> Option<(Arc<str>, u32)>;
}

/// A function that the host sees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Export {
    /// What the host calls it.
    pub name: String,
    /// The name of the function in the program; it has no context.
    pub func: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    pub exports: Vec<Export>,
    /// The name that the memory is exported under.
    pub memory: String,
    /// Exports `getsp`: where the frame of the import that is being called is, as `wasm_exec.js` asks.
    pub getsp: bool,
    /// Modules whose functions never call back. Other imports find the stack pointer in a global and may collect.
    pub leaf_modules: Vec<String>,
    /// Functions of other modules that never call back either, with their modules.
    pub leaf_imports: Vec<(String, String)>,
    /// Bytes of shadow stack.
    pub stack_size: u32,
    /// Whether to write names of functions into the module.
    pub names: bool,
    /// Whether the module knows its functions and call sites: traces, `runtime.Callers`, `FuncForPC`.
    pub line_table: bool,
    /// Whether frames say which call they are in, because the host does not tell. Without a line table they never do.
    pub site_stores: bool,
    /// Descriptors that reflection may look up by their strings, in the order of these; those that nothing reaches are
    /// left out.
    pub type_links: Vec<DataId>,
    /// Itabs, likewise.
    pub itabs: Vec<DataId>,
}

/// A function of the module that tells where the arguments of an import lie.
pub(crate) const GETSP: &str = "getsp";

impl Options {
    /// The names of what is exported besides [`exports`](Options::exports).
    pub fn own_exports(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.memory.as_str()).chain(self.getsp.then_some(GETSP))
    }

    /// For a WASI host.
    pub fn wasip1() -> Options {
        Options {
            exports: Vec::new(),
            memory: "memory".into(),
            getsp: false,
            leaf_modules: vec!["wasi_snapshot_preview1".into()],
            leaf_imports: Vec::new(),
            stack_size: 6 << 20,
            names: true,
            line_table: true,
            site_stores: true,
            type_links: Vec::new(),
            itabs: Vec::new(),
        }
    }

    /// For GOROOT's `wasm_exec.js`. What touches properties of JavaScript's objects may run getters, setters and traps
    /// of proxies, and so come back.
    pub fn js() -> Options {
        let leaves = [
            "runtime.wasmExit",
            "runtime.wasmWrite",
            "runtime.resetMemoryDataView",
            "runtime.nanotime1",
            "runtime.walltime",
            "runtime.scheduleTimeoutEvent",
            "runtime.clearTimeoutEvent",
            "runtime.getRandomData",
            "syscall/js.finalizeRef",
            "syscall/js.stringVal",
            "syscall/js.valueLoadString",
            "syscall/js.copyBytesToGo",
            "syscall/js.copyBytesToJS",
        ];
        Options {
            memory: "mem".into(),
            getsp: true,
            site_stores: false,
            leaf_modules: Vec::new(),
            leaf_imports: leaves.map(|name| ("gojs".to_string(), name.to_string())).to_vec(),
            // V8 runs code first as its baseline compiler leaves it, whose frames are larger.
            stack_size: 3 << 20,
            ..Options::wasip1()
        }
    }

    /// Whether the import may call back into the module.
    pub fn may_reenter(&self, module: &str, name: &str) -> bool {
        !self.leaf_modules.iter().any(|leaf| leaf == module)
            && !self.leaf_imports.iter().any(|(leaf_module, leaf)| leaf_module == module && leaf == name)
    }
}
