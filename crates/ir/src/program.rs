//! A whole program: functions, static data, signatures, layouts, source locations.
//!
//! Everything that reaches the output is ordered by names and positions, never by ids, which follow the order of
//! discovery.

use crate::function::Function;
use crate::ty::Ty;
use base::{Pos, Table, entity_id};
use rustc_hash::FxHashMap;

entity_id!(pub struct FuncId, "func");
entity_id!(
    /// Static data: a global variable, a literal, a descriptor.
    pub struct DataId, "data"
);
entity_id!(
    /// A wasm signature; equal ones have equal ids.
    pub struct SigId, "sig"
);
entity_id!(
    /// Size, alignment and pointers of a Go type.
    pub struct LayoutId, "layout"
);
entity_id!(
    /// A source position together with the chain of calls it was inlined through.
    pub struct LocId, "loc"
);

/// Where an instruction comes from; nowhere for what the compiler makes up.
pub type Loc = Option<LocId>;

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Signature {
    pub params: Vec<Ty>,
    pub results: Vec<Ty>,
}

/// A function as others see it, and its body once it is lowered.
#[derive(Clone, Debug)]
pub struct FuncData {
    /// As stack traces print it: `pkg.(*T).Method`, `pkg.F[...]`, `pkg.F.func1`. Unique.
    pub name: String,
    pub sig: SigId,
    /// Takes the closure context as its first parameter.
    pub has_context: bool,
    /// `module` and `name` of an import.
    pub import: Option<(String, String)>,
    pub body: Option<Function>,
    pub attrs: FuncAttrs,
    pub pos: Pos,
}

/// Facts that source directives or lowering establish.
#[derive(Clone, Copy, Debug, Default)]
pub struct FuncAttrs {
    pub noinline: bool,
    /// Contains recover: never inlined or folded.
    pub recovers: bool,
    /// Does not return (throw, panics, Goexit).
    pub noreturn: bool,
    /// Called rarely: its calls are unlikely paths.
    pub cold: bool,
    /// Its code word is taken.
    pub address_taken: bool,
    /// Not shown in traces (wrappers).
    pub wrapper: bool,
}

/// A place in data that holds an address, filled when data and functions have theirs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reloc {
    /// Address of data, plus an offset; eight bytes.
    Data { at: u32, target: DataId, addend: u32 },
    /// Code word of a function; eight bytes.
    Func { at: u32, target: FuncId },
    /// As `Data`, but four bytes (NameOff, TypeOff).
    Data32 { at: u32, target: DataId, addend: u32 },
    /// As `Func`, but four bytes (TextOff).
    Func32 { at: u32, target: FuncId },
}

#[derive(Clone, Debug)]
pub struct Data {
    /// Unique: a Go symbol, or a name made from the content of literals, so that equal ones are one.
    pub name: String,
    pub bytes: Vec<u8>,
    /// `bytes` may be shorter: the rest is zero.
    pub size: u32,
    pub align: u32,
    pub relocs: Vec<Reloc>,
    /// Never written by the program.
    pub read_only: bool,
    /// Where it holds pointers into the heap: such data is a root.
    pub layout: Option<LayoutId>,
}

/// What the collector must know of a type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Layout {
    pub size: u32,
    pub align: u32,
    /// Bit i: the i-th word is a pointer. Empty: no pointers. Words beyond are none.
    pub pointers: Vec<u64>,
    /// The descriptor that allocation passes on.
    pub descriptor: Option<DataId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LocData {
    pub pos: Pos,
    /// The function whose source this is: the callee, for inlined code.
    pub func: FuncId,
    /// The call that was replaced by this code.
    pub inlined_at: Loc,
}

#[derive(Default)]
pub struct Program {
    pub funcs: Table<FuncId, FuncData>,
    pub data: Table<DataId, Data>,
    pub layouts: Table<LayoutId, Layout>,
    pub locs: Table<LocId, LocData>,
    signatures: Table<SigId, Signature>,
    signature_ids: FxHashMap<Signature, SigId>,
}

impl Program {
    /// The id of a signature.
    pub fn sig(&mut self, params: &[Ty], results: &[Ty]) -> SigId {
        let signature = Signature { params: params.to_vec(), results: results.to_vec() };
        if let Some(&id) = self.signature_ids.get(&signature) {
            return id;
        }
        let id = self.signatures.push(signature.clone());
        self.signature_ids.insert(signature, id);
        id
    }

    pub fn signature(&self, id: SigId) -> &Signature {
        &self.signatures[id]
    }
}
