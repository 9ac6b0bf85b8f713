//! Floats: only what holds for every bit pattern, not-a-numbers and signed zeros included.

use super::{Outcome, Simplifier};
use ir::{Inst, InstData, Opcode, Ty, Value};

impl Simplifier<'_> {
    pub(super) fn float(&mut self, inst: Inst, data: &InstData) -> Outcome {
        use Opcode::*;
        let a = self.arg(data, 0);
        match data.op {
            FNeg => match self.unary(a, FNeg) {
                Some(x) => Outcome::Value(x),
                None => Outcome::Keep,
            },
            FAbs => match self.unary(a, FAbs).map(|_| a).or_else(|| self.unary(a, FNeg)) {
                Some(x) if x == a => Outcome::Value(a),
                Some(x) => self.set(inst, FAbs, &[x], 0),
                None => Outcome::Keep,
            },
            _ => {
                let b = self.arg(data, 1);
                if data.op.is_commutative() && self.constant(a).is_some() && self.constant(b).is_none() {
                    return self.swap(inst, data.op);
                }
                let Some(number) = self.number(b) else { return Outcome::Keep };
                match data.op {
                    FMul | FDiv if number == 1.0 => Outcome::Value(a),
                    // -0 + 0 is 0, but x + -0 is x.
                    FAdd if number == 0.0 && number.is_sign_negative() => Outcome::Value(a),
                    FSub if number == 0.0 && number.is_sign_positive() => Outcome::Value(a),
                    FDiv => self.reciprocal(inst, a, number),
                    _ => Outcome::Keep,
                }
            }
        }
    }

    /// Division by a power of two is exact, and so is its inverse.
    fn reciprocal(&mut self, inst: Inst, a: Value, divisor: f64) -> Outcome {
        let ty = self.ty(a);
        let inverse = 1.0 / divisor;
        let is_power = divisor.is_normal() && divisor.to_bits() & ((1 << 52) - 1) == 0;
        let is_normal = if ty == Ty::F32 { (inverse as f32).is_normal() } else { inverse.is_normal() };
        if !is_power || !is_normal {
            return Outcome::Keep;
        }
        let bits = if ty == Ty::F32 { u64::from((inverse as f32).to_bits()) } else { inverse.to_bits() };
        let inverse = self.emit(Opcode::FConst, &[], bits, ty);
        self.set(inst, Opcode::FMul, &[a, inverse], 0)
    }

    /// A constant float.
    fn number(&self, value: Value) -> Option<f64> {
        let bits = self.constant(value)?;
        match self.ty(value) {
            Ty::F32 => Some(f64::from(f32::from_bits(bits as u32))),
            Ty::F64 => Some(f64::from_bits(bits)),
            _ => None,
        }
    }
}
