//! Go values while they are being computed.
//!
//! A value is a list of scalars, its parts, or it is *in memory*: one pointer to where it lies, read-only for whoever
//! holds it. Which of the two is a fact of its type (`abi::Shape`), so code that handles a type handles one case.
//!
//! ```text
//! string     Parts[ptr, i64]
//! struct{a int32; s string}    Parts[i32, ptr, i64]
//! [100]int   InMemory(ptr)
//! struct{}   Parts[]
//! ```

use crate::func::FuncLowerer;
use abi::{CanonType, Part, Scalar, Shape};
use ir::{Opcode, Ty, Value};
use smallvec::SmallVec;

/// The scalars of a value.
pub type Parts = SmallVec<[Value; 4]>;

#[derive(Clone, Debug)]
pub enum Val {
    Parts(Parts),
    InMemory(Value),
}

impl Val {
    pub fn none() -> Val {
        Val::Parts(Parts::new())
    }
    pub fn one(value: Value) -> Val {
        Val::Parts(SmallVec::from_slice(&[value]))
    }
    pub fn of(values: &[Value]) -> Val {
        Val::Parts(SmallVec::from_slice(values))
    }
    /// The only part.
    pub fn single(&self) -> Value {
        match self {
            Val::Parts(parts) if parts.len() == 1 => parts[0],
            other => unreachable!("lower: a single part was expected, not {other:?}"),
        }
    }
    pub fn parts(&self) -> &[Value] {
        match self {
            Val::Parts(parts) => parts,
            Val::InMemory(_) => unreachable!("lower: parts of a value in memory"),
        }
    }
    /// The scalars that stand for the value in calls: its parts, or its address.
    pub fn scalars(&self) -> &[Value] {
        match self {
            Val::Parts(parts) => parts,
            Val::InMemory(ptr) => std::slice::from_ref(ptr),
        }
    }
}

impl FuncLowerer<'_, '_> {
    /// Reads a value of type `ty`. What is in memory is not copied.
    pub fn load(&mut self, ty: CanonType, ptr: Value, offset: u32) -> Val {
        match self.shape(ty) {
            Shape::InMemory => Val::InMemory(self.offset_ptr(ptr, offset)),
            Shape::Parts(parts) => Val::Parts(parts.iter().map(|part| self.load_part(*part, ptr, offset)).collect()),
        }
    }

    pub fn load_part(&mut self, part: Part, ptr: Value, offset: u32) -> Value {
        let offset = u64::from(offset + part.offset);
        let (op, ty) = match part.scalar {
            Scalar::I8 => (Opcode::Load8S, Ty::I32),
            Scalar::U8 => (Opcode::Load8U, Ty::I32),
            Scalar::I16 => (Opcode::Load16S, Ty::I32),
            Scalar::U16 => (Opcode::Load16U, Ty::I32),
            Scalar::I32 | Scalar::U32 => (Opcode::Load, Ty::I32),
            Scalar::I64 => (Opcode::Load, Ty::I64),
            Scalar::F32 => (Opcode::Load, Ty::F32),
            Scalar::F64 => (Opcode::Load, Ty::F64),
            Scalar::Ptr => (Opcode::Load, Ty::Ptr),
        };
        self.emit(op, &[ptr], offset, ty)
    }

    /// Writes a value of type `ty`; the target does not overlap a value in memory, unless it is the very same place.
    pub fn store(&mut self, ty: CanonType, ptr: Value, offset: u32, val: &Val) {
        match (self.shape(ty), val) {
            (Shape::Parts(parts), Val::Parts(values)) => {
                for (part, &value) in parts.iter().zip(values) {
                    self.store_part(*part, ptr, offset, value);
                }
            }
            (Shape::InMemory, Val::InMemory(from)) => {
                let to = self.offset_ptr(ptr, offset);
                self.move_value(ty, to, *from);
            }
            (shape, val) => unreachable!("lower: store of {val:?} as {shape:?}"),
        }
    }

    pub fn store_part(&mut self, part: Part, ptr: Value, offset: u32, value: Value) {
        let offset = u64::from(offset + part.offset);
        let op = match part.scalar {
            Scalar::I8 | Scalar::U8 => Opcode::Store8,
            Scalar::I16 | Scalar::U16 => Opcode::Store16,
            Scalar::Ptr => Opcode::StorePtr,
            _ => Opcode::Store,
        };
        self.emit_effect(op, &[ptr, value], offset);
    }

    /// Copies a whole value from place to place; the places may overlap.
    pub fn move_value(&mut self, ty: CanonType, to: Value, from: Value) {
        let size = self.cx.size_of(ty);
        if size == 0 {
            return;
        }
        if self.cx.has_pointers(ty) {
            let layout = self.cx.layout_of(ty);
            let one = self.const_i32(1);
            self.emit_effect(Opcode::MoveTyped, &[to, from, one], base::EntityId::index(layout) as u64);
        } else {
            let size = self.const_i32(size as i32);
            self.emit_effect(Opcode::Move, &[to, from, size], 0);
        }
    }

    /// The zero value. In memory it is a static block of zeroes, or fresh memory if the type is larger than that.
    pub fn zero(&mut self, ty: CanonType) -> Val {
        match self.shape(ty) {
            Shape::Parts(parts) => Val::Parts(parts.iter().map(|part| self.zero_part(part.scalar)).collect()),
            Shape::InMemory => {
                let zeroes = self.cx.zeroes(self.cx.size_of(ty));
                Val::InMemory(self.data_addr(zeroes, 0))
            }
        }
    }

    pub fn zero_part(&mut self, scalar: Scalar) -> Value {
        match scalar.ty() {
            Ty::F32 => self.emit(Opcode::FConst, &[], 0, Ty::F32),
            Ty::F64 => self.emit(Opcode::FConst, &[], 0, Ty::F64),
            ty => self.emit(Opcode::Const, &[], 0, ty),
        }
    }

    /// A value in memory that nobody else can change: a copy in a fresh temporary. Parts are theirs already.
    pub fn own(&mut self, ty: CanonType, val: Val) -> Val {
        match val {
            Val::Parts(_) => val,
            Val::InMemory(from) => {
                let to = self.temporary(ty);
                self.move_value(ty, to, from);
                Val::InMemory(to)
            }
        }
    }

    /// Field `index` of a struct, or the only element of an array of one.
    pub fn component(&mut self, ty: CanonType, val: &Val, index: usize) -> Val {
        let component = self.cx.component(ty, index);
        match val {
            Val::InMemory(ptr) => self.load(component.ty, *ptr, component.offset),
            // What is part of parts has parts.
            Val::Parts(parts) => Val::of(&parts[component.first_part..component.first_part + component.part_count]),
        }
    }
}
