//! Memory frames: how package reflect passes arguments and results, which knows their types only at run time.
//!
//! ```text
//! func(a int8, s string) (ok bool)
//! | a at 0 | s at 8 | ok at 24 |        parameters like the fields of a struct; results from the next word on
//! ```
//!
//! Compiled code passes scalars. Between the two stand functions that the compiler makes: one that is given a frame and
//! calls with scalars, and one that is called with scalars and gives a frame. Which of them serves a func type depends
//! on no more than the offsets and parts of what is passed, so they are made for [erased](Types::erased) types.
//!
//! Func types say where theirs are: two words behind the descriptor, see [`FrameWords`]. Few programs call by reflection,
//! so whether there are such words is found out while lowering.

use crate::canon::{CanonId, CanonType, Field, Types};
use crate::request::Request;
use base::{SideTable, Symbol};
use types::{BasicKind, Checker};

/// The frame of a func type, as a struct.
pub struct Frame {
    pub ty: CanonId,
    /// Which of the struct's fields is the first result; the first parameter is field 0.
    pub first_result: usize,
}

impl Types {
    /// The type that stands for all types with the same size, alignment, parts, and pointers.
    pub fn erased(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> CanonId {
        let underlying = self.underlying(checker, ty);
        match self[underlying] {
            CanonType::Basic(kind) => Types::basic(erased_kind(kind)),
            CanonType::Pointer(_) | CanonType::Map { .. } | CanonType::Chan { .. } | CanonType::Func { .. } => {
                Types::basic(BasicKind::UnsafePointer)
            }
            CanonType::Slice(_) => self.slice_of(Types::basic(BasicKind::Uint8)),
            CanonType::Interface(_) => self.empty_interface(),
            CanonType::Array { len, elem } => {
                let elem = self.erased(checker, elem);
                self.array_of(len, elem)
            }
            CanonType::Struct(fields) => {
                let mut types: Vec<CanonId> = self.fields(fields).iter().map(|field| field.ty).collect();
                types.iter_mut().for_each(|ty| *ty = self.erased(checker, *ty));
                self.frame_struct(&types)
            }
            CanonType::Named { .. } | CanonType::Tuple(_) => unreachable!("abi: erased: {ty} is no type of a value"),
        }
    }

    /// A func type's parameters and results, erased: what its frame looks like.
    pub fn erased_signature(&mut self, checker: &mut Checker<'_>, sig: CanonId) -> CanonId {
        let CanonType::Func { params, results, .. } = self.shape(checker, sig) else {
            unreachable!("abi: erased_signature: {sig} is no function type")
        };
        let (mut params, mut results) = (self.list(params).to_vec(), self.list(results).to_vec());
        params.iter_mut().chain(&mut results).for_each(|ty| *ty = self.erased(checker, *ty));
        self.func(&params, &results, false)
    }

    /// The frame of a func type.
    pub fn frame(&mut self, checker: &mut Checker<'_>, sig: CanonId) -> Frame {
        let CanonType::Func { params, results, .. } = self.shape(checker, sig) else {
            unreachable!("abi: frame: {sig} is no function type")
        };
        let mut types = self.list(params).to_vec();
        let results = self.list(results).to_vec();
        if !results.is_empty() {
            // Takes no space, and aligns what follows.
            types.push(self.array_of(0, Types::basic(BasicKind::Uintptr)));
        }
        let first_result = types.len();
        types.extend(results);
        Frame { ty: self.frame_struct(&types), first_result }
    }

    fn frame_struct(&mut self, types: &[CanonId]) -> CanonId {
        let name = Symbol::intern("F");
        let field = |&ty| Field { name, pkg: None, ty, embedded: false, tag: base::sym::EMPTY };
        let fields: Vec<Field> = types.iter().map(field).collect();
        self.struct_of(&fields)
    }
}

fn erased_kind(kind: BasicKind) -> BasicKind {
    use BasicKind::*;
    match kind {
        Bool => Uint8,
        Uint32 => Int32,
        Int | Uint | Uint64 | Uintptr => Int64,
        _ => kind,
    }
}

/// Which func types have frame words behind their descriptors, and a flag that says so:
///
/// ```text
/// func value that calls functions of the type with a memory frame, or nil
/// code word of functions of the type that pass a memory frame on, or 0
/// ```
#[derive(Default)]
pub struct FrameWords {
    /// Package reflect may call functions of any type it sees.
    all_calls: bool,
    /// Package reflect may make functions of any type it sees.
    all_stubs: bool,
    /// Functions of the type are called, whatever reflect does.
    calls: SideTable<CanonId, bool>,
    /// Func types whose descriptors were declared, in that order.
    funcs: Vec<CanonId>,
    is_declared: SideTable<CanonId, bool>,
    /// How many of them [`FrameWords::take_requests`] has seen.
    taken: usize,
}

/// The `TFlag` of descriptors with frame words; `internal/abi` does not use it. `runtime/internal/wasm/frames.go` knows it.
pub(crate) const HAS_FRAME_WORDS: u64 = 1 << 7;

impl FrameWords {
    pub fn need_all_calls(&mut self) {
        if !std::mem::replace(&mut self.all_calls, true) {
            self.taken = 0;
        }
    }

    pub fn need_all_stubs(&mut self) {
        if !std::mem::replace(&mut self.all_stubs, true) {
            self.taken = 0;
        }
    }

    /// Functions of this func type are called, for other reasons than reflection.
    pub fn need_call(&mut self, ty: CanonId) {
        if !std::mem::replace(&mut self.calls[ty], true) {
            self.taken = 0;
        }
    }

    /// What func types need since the last time. The caller asks again when more types became visible, or more code was
    /// lowered.
    pub fn take_requests(&mut self, types: &mut Types, checker: &mut Checker<'_>) -> Vec<Request> {
        let mut requests = Vec::new();
        for index in std::mem::replace(&mut self.taken, self.funcs.len())..self.funcs.len() {
            let ty = self.funcs[index];
            if !self.has(ty) {
                continue;
            }
            let erased = types.erased_signature(checker, ty);
            if self.has_call(ty) {
                requests.push(Request::FrameCall(erased));
            }
            if self.has_stub(ty) {
                requests.push(Request::FrameStub(erased));
            }
            // A function that reflect makes of the type literal may be converted to the defined type, and then compiled
            // code calls it: reflect must find the literal's descriptor.
            let underlying = types.underlying(checker, ty);
            if underlying != ty {
                requests.push(Request::Descriptor(underlying));
            }
        }
        requests
    }

    /// The type is a func type, and visible.
    pub(crate) fn declare(&mut self, ty: CanonId) {
        self.funcs.push(ty);
        self.is_declared[ty] = true;
    }

    pub(crate) fn has(&self, ty: CanonId) -> bool {
        self.has_call(ty) || self.has_stub(ty)
    }

    pub(crate) fn has_call(&self, ty: CanonId) -> bool {
        self.is_declared[ty] && (self.all_calls || self.calls[ty])
    }

    pub(crate) fn has_stub(&self, ty: CanonId) -> bool {
        self.is_declared[ty] && self.all_stubs
    }
}
