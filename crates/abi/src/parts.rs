//! The scalars that a value consists of outside of memory.
//!
//! A string is a pointer and a length, a small struct the parts of its fields; values with more than [`MAX_PARTS`] parts,
//! and arrays that may be indexed, stay in memory and are passed by address. Values of no size have no parts.

use crate::canon::{CanonId, CanonType, Types};
use crate::sizes::TOO_LARGE;
use base::SideTable;
use ir::{Opcode, Ty};
use smallvec::SmallVec;
use types::{BasicKind, Checker};

pub const MAX_PARTS: usize = 8;

/// A scalar of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub ty: Ty,
    /// From the start of the value in memory.
    pub offset: u32,
    pub width: Width,
}

/// How much of memory a part takes, and how it is widened to its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    S8,
    U8,
    S16,
    U16,
    /// That of its type; eight bytes for pointers.
    Full,
}

impl Part {
    pub fn load(&self) -> Opcode {
        match self.width {
            Width::S8 => Opcode::Load8S,
            Width::U8 => Opcode::Load8U,
            Width::S16 => Opcode::Load16S,
            Width::U16 => Opcode::Load16U,
            Width::Full => Opcode::Load,
        }
    }

    pub fn store(&self) -> Opcode {
        match self.width {
            Width::S8 | Width::U8 => Opcode::Store8,
            Width::S16 | Width::U16 => Opcode::Store16,
            Width::Full if self.ty == Ty::Ptr => Opcode::StorePtr,
            Width::Full => Opcode::Store,
        }
    }
}

/// What a value is outside of memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parts<'t> {
    Scalars(&'t [Part]),
    /// It never is: a pointer to it takes its place.
    InMemory,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Scalars(u32, u32),
    InMemory,
}

#[derive(Default)]
pub(crate) struct PartTables {
    known: SideTable<CanonId, Option<Known>>,
    pool: Vec<Part>,
}

type PartVec = SmallVec<[Part; MAX_PARTS]>;

impl Types {
    pub fn parts(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> Parts<'_> {
        let known = match self.parts.known[ty] {
            Some(known) => known,
            None => {
                let known = self.find_parts(checker, ty);
                self.parts.known[ty] = Some(known);
                known
            }
        };
        match known {
            Known::Scalars(start, end) => Parts::Scalars(&self.parts.pool[start as usize..end as usize]),
            Known::InMemory => Parts::InMemory,
        }
    }

    pub fn is_in_memory(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> bool {
        self.parts(checker, ty) == Parts::InMemory
    }

    fn find_parts(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> Known {
        let mut parts = PartVec::new();
        if !self.collect_parts(checker, ty, &mut parts) {
            return Known::InMemory;
        }
        let pool = &mut self.parts.pool;
        let start = pool.len() as u32;
        pool.extend_from_slice(&parts);
        Known::Scalars(start, pool.len() as u32)
    }

    /// `false` if the type is in memory.
    fn collect_parts(&mut self, checker: &mut Checker<'_>, ty: CanonId, out: &mut PartVec) -> bool {
        let part = |ty: Ty, offset: u32| Part { ty, offset, width: Width::Full };
        let underlying = self.underlying(checker, ty);
        match self[underlying] {
            CanonType::Basic(kind) => basic_parts(kind, out),
            CanonType::Pointer(_) | CanonType::Map { .. } | CanonType::Chan { .. } | CanonType::Func { .. } => {
                out.push(part(Ty::Ptr, 0));
            }
            CanonType::Slice(_) => out.extend([part(Ty::Ptr, 0), part(Ty::I64, 8), part(Ty::I64, 16)]),
            CanonType::Interface(_) => out.extend([part(Ty::Ptr, 0), part(Ty::Ptr, 8)]),
            CanonType::Array { len, elem } => {
                let layout = self.layout(checker, underlying);
                if layout.size == 0 {
                    return true;
                }
                return len == 1 && self.add_parts(checker, elem, 0, out);
            }
            CanonType::Struct(fields) => {
                let layout = self.layout(checker, underlying);
                if layout.size == TOO_LARGE || layout.size > u64::from(u32::MAX) {
                    return false;
                }
                if layout.size == 0 {
                    return true;
                }
                for index in 0..self.fields(fields).len() {
                    let field = self.fields(fields)[index].ty;
                    let offset = self.field_offsets(checker, underlying)[index] as u32;
                    if !self.add_parts(checker, field, offset, out) {
                        return false;
                    }
                }
            }
            CanonType::Named { .. } | CanonType::Tuple(_) => {
                unreachable!("abi: parts: not an underlying type of a value")
            }
        }
        out.len() <= MAX_PARTS
    }

    /// Adds the parts of a component at `base`, unless they are too many.
    fn add_parts(&mut self, checker: &mut Checker<'_>, ty: CanonId, base: u32, out: &mut PartVec) -> bool {
        let Parts::Scalars(parts) = self.parts(checker, ty) else { return false };
        out.extend(parts.iter().map(|part| Part { offset: base + part.offset, ..*part }));
        out.len() <= MAX_PARTS
    }
}

fn basic_parts(kind: BasicKind, out: &mut PartVec) {
    use BasicKind::*;
    let mut push = |ty, offset, width| out.push(Part { ty, offset, width });
    match kind {
        Bool | UntypedBool | Uint8 => push(Ty::I32, 0, Width::U8),
        Int8 => push(Ty::I32, 0, Width::S8),
        Int16 => push(Ty::I32, 0, Width::S16),
        Uint16 => push(Ty::I32, 0, Width::U16),
        Int32 | Uint32 | UntypedRune => push(Ty::I32, 0, Width::Full),
        Int | Int64 | Uint | Uint64 | Uintptr | UntypedInt => push(Ty::I64, 0, Width::Full),
        Float32 => push(Ty::F32, 0, Width::Full),
        Float64 | UntypedFloat => push(Ty::F64, 0, Width::Full),
        Complex64 => {
            push(Ty::F32, 0, Width::Full);
            push(Ty::F32, 4, Width::Full);
        }
        Complex128 | UntypedComplex => {
            push(Ty::F64, 0, Width::Full);
            push(Ty::F64, 8, Width::Full);
        }
        String | UntypedString => {
            push(Ty::Ptr, 0, Width::Full);
            push(Ty::I64, 8, Width::Full);
        }
        UnsafePointer | UntypedNil => push(Ty::Ptr, 0, Width::Full),
        Invalid => unreachable!("abi: parts: valid programs have valid types"),
    }
}
