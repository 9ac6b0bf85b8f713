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
    /// A method as an interface names it.
    pub struct MethodId, "method"
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

/// What `call_method` calls. The callee is the one that the itab has in place `slot` of its `Fun` array; its signature
/// is `sig` behind one more parameter, the data word.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Method {
    /// The interface type, by the name of its descriptor: with `name` it says which methods the call may reach. Empty if
    /// that is not known: calls by reflection reach whatever has a code word.
    pub interface: String,
    /// As method sets compare it: `String`, `pkg.unexported`.
    pub name: String,
    pub slot: u32,
    /// Parameters and results as in the source, without the receiver.
    pub sig: SigId,
}

impl Method {
    /// Offset of `Fun` in `internal/abi.ITab`.
    const FUN: u32 = 24;

    /// Where in the itab the code word is.
    pub fn offset(&self) -> u32 {
        Method::FUN + 8 * self.slot
    }
}

/// A function as others see it, and its body once it is lowered.
#[derive(Clone, Debug)]
pub struct FuncData {
    /// As stack traces print it: `pkg.(*T).Method`, `pkg.F[...]`, `pkg.F.func1`. Unique.
    pub name: String,
    /// The symbol that a linkname directive gives it: traces print this one. The text of a program does not say it.
    pub linked_as: Option<String>,
    /// Without the context.
    pub sig: SigId,
    /// The body reads its closure with `context`: a direct call passes that as one more argument, before the others.
    pub has_context: bool,
    /// `module` and `name` of an import.
    pub import: Option<(String, String)>,
    pub body: Option<Function>,
    pub attrs: FuncAttrs,
    pub pos: Pos,
}

impl FuncData {
    /// A function of which no more than this is known.
    pub fn new(name: impl Into<String>, sig: SigId) -> FuncData {
        FuncData {
            name: name.into(),
            linked_as: None,
            sig,
            has_context: false,
            import: None,
            body: None,
            attrs: FuncAttrs::default(),
            pos: Pos::NONE,
        }
    }
}

/// Whose source a function is: that decides what may be taken for granted of it. Names do not tell, `runtime.dev/app` is
/// a user's package.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Origin {
    /// The program's and of the modules it uses; also what lowering makes of its types.
    #[default]
    User,
    /// The SDK's.
    Std,
    /// Of the packages that package runtime is built on, `internal/runtime/maps` for one.
    Core,
    /// Package runtime's.
    Runtime,
}

/// Facts that source directives or lowering establish.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
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
    pub origin: Origin,
    /// What reports that the stack is full may call it: its recursion is not charged, it runs in the reserve.
    pub reserve: bool,
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

impl Reloc {
    /// Where it is, and how many bytes it fills.
    pub fn place(self) -> (u32, u32) {
        match self {
            Reloc::Data { at, .. } | Reloc::Func { at, .. } => (at, 8),
            Reloc::Data32 { at, .. } | Reloc::Func32 { at, .. } => (at, 4),
        }
    }
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

impl Data {
    /// Zeros that the program may write.
    pub fn new(name: impl Into<String>, size: u32, align: u32) -> Data {
        Data { name: name.into(), bytes: Vec::new(), size, align, relocs: Vec::new(), read_only: false, layout: None }
    }
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
    methods: Table<MethodId, Method>,
    method_ids: FxHashMap<Method, MethodId>,
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

    pub fn has_signature(&self, id: SigId) -> bool {
        self.signatures.get(id).is_some()
    }

    /// The id of an interface's method.
    pub fn intern_method(&mut self, method: Method) -> MethodId {
        if let Some(&id) = self.method_ids.get(&method) {
            return id;
        }
        let id = self.methods.push(method.clone());
        self.method_ids.insert(method, id);
        id
    }

    pub fn methods(&self) -> &Table<MethodId, Method> {
        &self.methods
    }

    /// All functions, in the order of their names.
    pub fn funcs_by_name(&self) -> Vec<FuncId> {
        let mut ids: Vec<FuncId> = self.funcs.ids().collect();
        ids.sort_by(|&a, &b| self.funcs[a].name.cmp(&self.funcs[b].name));
        ids
    }

    /// All static data, in the order of their names.
    pub fn data_by_name(&self) -> Vec<DataId> {
        let mut ids: Vec<DataId> = self.data.ids().collect();
        ids.sort_by(|&a, &b| self.data[a].name.cmp(&self.data[b].name));
        ids
    }
}
