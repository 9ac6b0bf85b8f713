//! Go values while they are being computed.
//!
//! A value is a list of scalars, its parts, or it is *in memory*: one pointer to where it lies, read-only for whoever
//! holds it. Which of the two is a fact of its type (`abi::parts`), so code that handles a type handles one case.
//!
//! ```text
//! string     Parts[ptr, i64]
//! struct{a int32; s string}    Parts[i32, ptr, i64]
//! [100]int   InMemory(ptr)
//! struct{}   Parts[]
//! ```

use crate::func::FuncLowerer;
use abi::CanonId;
use abi::parts::Part;
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
    pub fn load(&mut self, ty: CanonId, ptr: Value, offset: u32) -> Val {
        match self.cx.parts_of(ty) {
            None => Val::InMemory(self.offset_ptr(ptr, offset)),
            Some(parts) => Val::Parts(parts.iter().map(|part| self.load_part(*part, ptr, offset)).collect()),
        }
    }

    pub fn load_part(&mut self, part: Part, ptr: Value, offset: u32) -> Value {
        self.emit(part.load(), &[ptr], u64::from(offset + part.offset), part.ty)
    }

    /// Writes a value of type `ty`; the target does not overlap a value in memory, unless it is the very same place.
    pub fn store(&mut self, ty: CanonId, ptr: Value, offset: u32, val: &Val) {
        match (self.cx.parts_of(ty), val) {
            (Some(parts), Val::Parts(values)) => {
                for (part, &value) in parts.iter().zip(values) {
                    self.store_part(*part, ptr, offset, value);
                }
            }
            (None, Val::InMemory(from)) => {
                let to = self.offset_ptr(ptr, offset);
                self.move_value(ty, to, *from);
            }
            (_, val) => unreachable!("lower: store of {val:?} in the wrong form"),
        }
    }

    pub fn store_part(&mut self, part: Part, ptr: Value, offset: u32, value: Value) {
        self.emit_effect(part.store(), &[ptr, value], u64::from(offset + part.offset));
    }

    /// Copies a whole value from place to place; the places may overlap.
    pub fn move_value(&mut self, ty: CanonId, to: Value, from: Value) {
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

    /// The zero value. In memory it is a static block of zeroes.
    pub fn zero(&mut self, ty: CanonId) -> Val {
        match self.cx.parts_of(ty) {
            Some(parts) => Val::Parts(parts.iter().map(|part| self.zero_part(part.ty)).collect()),
            None => {
                let size = self.cx.size_of(ty);
                let zeroes = self.cx.zeroes(size);
                Val::InMemory(self.data_addr(zeroes, 0))
            }
        }
    }

    pub fn zero_part(&mut self, ty: Ty) -> Value {
        let op = if matches!(ty, Ty::F32 | Ty::F64) { Opcode::FConst } else { Opcode::Const };
        self.emit(op, &[], 0, ty)
    }

    /// A value in memory that nobody else can change: a copy in a fresh temporary. Parts are theirs already.
    pub fn own(&mut self, ty: CanonId, val: Val) -> Val {
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
    pub fn component(&mut self, ty: CanonId, val: &Val, index: usize) -> Val {
        let component = self.cx.component(ty, index);
        match val {
            Val::InMemory(ptr) => self.load(component.ty, *ptr, component.offset),
            // What is part of parts has parts.
            Val::Parts(parts) => Val::of(&parts[component.first_part..component.first_part + component.part_count]),
        }
    }
}
