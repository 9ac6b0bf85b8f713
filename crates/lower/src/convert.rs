//! Conversions `T(x)`, and those that assigning implies.
//!
//! What only changes the type's name costs nothing. Conversions from floating point to integers of values that do not
//! fit are left to implementations by the spec; they give here what gc gives on wasm: the number saturates at 64 bits,
//! signed unless the target is a 64-bit unsigned type, and is then cut to the target's width.

use crate::arith::Int;
use crate::func::FuncLowerer;
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::{Opcode, PanicKind, Ty, Value};
use types::BasicKind;

impl FuncLowerer<'_, '_> {
    /// A value converted as the spec's conversions do, interfaces included.
    pub fn convert(&mut self, val: Val, from: CanonId, to: CanonId) -> Val {
        if from == to {
            return val;
        }
        let (source, target) = (self.shape(from), self.shape(to));
        match (source, target) {
            (CanonType::Basic(BasicKind::UntypedNil), _) => self.zero(to),
            // Also if only the names differ: each interface type has itabs of its own.
            (_, CanonType::Interface(_)) => self.to_interface(val, from, to),
            _ if source == target => val,
            (CanonType::Basic(source), CanonType::Basic(target)) => self.convert_basic(val, source, target),
            (CanonType::Basic(source), CanonType::Slice(elem)) if source.is_string() => {
                let is_bytes = self.is_byte(elem);
                let name = if is_bytes { "stringtoslicebyte" } else { "stringtoslicerune" };
                Val::Parts(self.call_runtime(name, val.parts()))
            }
            (CanonType::Slice(elem), CanonType::Basic(target)) if target.is_string() => {
                let parts = val.parts();
                Val::Parts(match self.is_byte(elem) {
                    true => self.call_runtime("slicebytetostring", &parts[..2]),
                    false => self.call_runtime("slicerunetostring", parts),
                })
            }
            (CanonType::Slice(_), CanonType::Array { len, .. }) => {
                let ptr = self.check_array_length(&val, len);
                self.load(to, ptr, 0)
            }
            (CanonType::Slice(_), CanonType::Pointer(array)) => {
                let CanonType::Array { len, .. } = self.shape(array) else {
                    unreachable!("lower: convert: a slice to a pointer to no array")
                };
                Val::one(self.check_array_length(&val, len))
            }
            // Pointers to and from unsafe.Pointer, channels that lose a direction, structs whose tags differ.
            _ => val,
        }
    }

    /// The array that a slice of at least `len` elements begins with.
    fn check_array_length(&mut self, slice: &Val, len: u64) -> Value {
        let &[ptr, slice_len, _] = slice.parts() else { unreachable!("lower: check_array_length: a slice") };
        let len = self.const_i64(len as i64);
        self.bounds_check_le(len, slice_len, PanicKind::Convert);
        ptr
    }

    fn is_byte(&mut self, elem: CanonId) -> bool {
        self.basic_kind(elem) == Some(BasicKind::Uint8)
    }

    fn convert_basic(&mut self, val: Val, source: BasicKind, target: BasicKind) -> Val {
        if target.is_string() {
            // spec: "Converting a value of an integer type to a string type yields a string containing the UTF-8
            // representation of the integer": of an int64, since larger ones are no code points either.
            let Some(int) = Int::of(source) else { return val };
            let code_point = self.convert_int(int, Int { bits: 64, signed: true }, val.single());
            return Val::Parts(self.call_runtime("intstring", &[code_point]));
        }
        if target.is_boolean() {
            return val;
        }
        match (source, target) {
            (BasicKind::UnsafePointer, BasicKind::UnsafePointer) => return val,
            (BasicKind::UnsafePointer, _) => return Val::one(self.emit(Opcode::PtrToInt, &[val.single()], 0, Ty::I64)),
            (_, BasicKind::UnsafePointer) => return Val::one(self.emit(Opcode::IntToPtr, &[val.single()], 0, Ty::Ptr)),
            _ => {}
        }
        if target.is_complex() {
            let part = if target == BasicKind::Complex64 { Ty::F32 } else { Ty::F64 };
            if source.is_complex() {
                return Val::Parts(val.parts().iter().map(|&value| self.convert_float(value, part)).collect());
            }
            // A constant that became a value because its type is a type parameter: `T(1)`.
            let real = self.convert_to_float(source, part, val.single());
            let imag = self.zero_part(part);
            return Val::of(&[real, imag]);
        }
        // Of a complex constant, in the same case, the imaginary part is zero.
        let value = val.parts()[0];
        let source = match source {
            BasicKind::Complex64 => BasicKind::Float32,
            BasicKind::Complex128 | BasicKind::UntypedComplex => BasicKind::Float64,
            other => other,
        };
        Val::one(match (Int::of(source), Int::of(target)) {
            (Some(from), Some(to)) => self.convert_int(from, to, value),
            (None, Some(to)) => self.float_to_int(to, value),
            (_, None) => {
                let part = if target == BasicKind::Float32 { Ty::F32 } else { Ty::F64 };
                self.convert_to_float(source, part, value)
            }
        })
    }

    pub(crate) fn convert_int(&mut self, from: Int, to: Int, value: Value) -> Value {
        match (from.ty(), to.ty()) {
            (Ty::I32, Ty::I64) => {
                let op = if from.signed { Opcode::ExtendS } else { Opcode::ExtendU };
                self.emit(op, &[value], 0, Ty::I64)
            }
            (Ty::I64, Ty::I32) => {
                let wrapped = self.emit(Opcode::Wrap, &[value], 0, Ty::I32);
                self.normalise_int(to, wrapped)
            }
            // Both in an i32: nothing to do if all values of the one are values of the other.
            (Ty::I32, _) => {
                let is_subset =
                    if from.signed == to.signed { from.bits <= to.bits } else { !from.signed && from.bits < to.bits };
                if is_subset { value } else { self.normalise_int(to, value) }
            }
            _ => value,
        }
    }

    fn float_to_int(&mut self, to: Int, value: Value) -> Value {
        let op = if to.bits == 64 && !to.signed { Opcode::TruncSatU } else { Opcode::TruncSatS };
        let wide = self.emit(op, &[value], 0, Ty::I64);
        if to.bits == 64 {
            return wide;
        }
        let narrow = self.emit(Opcode::Wrap, &[wide], 0, Ty::I32);
        self.normalise_int(to, narrow)
    }

    fn convert_to_float(&mut self, source: BasicKind, part: Ty, value: Value) -> Value {
        match Int::of(source) {
            Some(Int { signed: true, .. }) => self.emit(Opcode::ConvertS, &[value], 0, part),
            Some(Int { signed: false, .. }) => self.emit(Opcode::ConvertU, &[value], 0, part),
            None => self.convert_float(value, part),
        }
    }

    fn convert_float(&mut self, value: Value, to: Ty) -> Value {
        match (self.builder.func.ty(value), to) {
            (Ty::F32, Ty::F64) => self.emit(Opcode::Promote, &[value], 0, to),
            (Ty::F64, Ty::F32) => self.emit(Opcode::Demote, &[value], 0, to),
            _ => value,
        }
    }
}
