//! Constants as instructions.

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::{InstData, Opcode, Ty, Value, ValueDef};
use smallvec::SmallVec;
use types::BasicKind;
use types::constant;

impl FuncLowerer<'_, '_> {
    /// A constant as a value of a type without methods of representation: boolean, numeric, string.
    pub fn constant(&mut self, value: &constant::Value, ty: CanonId) -> Val {
        let CanonType::Basic(kind) = self.shape(ty) else {
            unreachable!("lower: constant: {} has no constants", self.cx.types.name(&self.cx.checker, ty))
        };
        if kind.is_string() {
            return self.string_constant(&value.as_bytes());
        }
        let parts = self.cx.parts_of(ty).unwrap_or_default();
        let bits = scalar_bits(value, kind);
        Val::Parts(parts.iter().zip(bits).map(|(part, bits)| self.scalar_constant(part.ty, bits)).collect())
    }

    fn scalar_constant(&mut self, ty: Ty, bits: u64) -> Value {
        let op = if matches!(ty, Ty::F32 | Ty::F64) { Opcode::FConst } else { Opcode::Const };
        self.emit(op, &[], bits, ty)
    }

    /// The number that a value is known to be, sign-extended.
    pub fn const_of(&self, value: Value) -> Option<i64> {
        let func = &self.builder.func;
        let value = func.resolve(value);
        let ValueDef::Result(inst, 0) = func.values[value].def else { return None };
        let InstData { op: Opcode::Const, imm, .. } = func.insts[inst] else { return None };
        Some(match func.ty(value) {
            Ty::I64 => imm as i64,
            _ => i64::from(imm as u32 as i32),
        })
    }
}

/// The parts of a boolean or number as immediates; only the lower bits count for narrow ones.
fn scalar_bits(value: &constant::Value, kind: BasicKind) -> SmallVec<[u64; 2]> {
    use BasicKind::*;
    let float32 = |value: &constant::Value| u64::from(value.to_f32().to_bits());
    let float64 = |value: &constant::Value| value.to_f64().to_bits();
    match kind {
        Bool | UntypedBool => SmallVec::from_slice(&[u64::from(value.as_bool())]),
        Float32 => SmallVec::from_slice(&[float32(value)]),
        Float64 | UntypedFloat => SmallVec::from_slice(&[float64(value)]),
        Complex64 => SmallVec::from_slice(&[float32(&value.real()), float32(&value.imag())]),
        Complex128 | UntypedComplex => SmallVec::from_slice(&[float64(&value.real()), float64(&value.imag())]),
        _ if kind.is_integer() => {
            let value = value.to_int();
            let bits = value.as_i64().map(|value| value as u64).or_else(|| value.as_u64());
            SmallVec::from_slice(&[bits.unwrap_or_else(|| unreachable!("lower: {value:?} is no {}", kind.name()))])
        }
        _ => unreachable!("lower: scalar_bits: no constants of kind {}", kind.name()),
    }
}
