//! Conversions: most of them repeat what is so already.

use super::{Outcome, Simplifier};
use ir::{Inst, InstData, Opcode, Ty, Value};

impl Simplifier<'_> {
    pub(super) fn convert(&mut self, inst: Inst, data: &InstData) -> Outcome {
        use Opcode::*;
        let a = self.arg(data, 0);
        match data.op {
            Extend8 => self.extend(inst, data.op, a, 8),
            Extend16 => self.extend(inst, data.op, a, 16),
            Extend32 => {
                let inner = self.unary(a, ExtendU).or_else(|| self.unary(a, ExtendS));
                match inner {
                    Some(x) => self.set(inst, ExtendS, &[x], 0),
                    None => self.extend(inst, data.op, a, 32),
                }
            }
            Wrap => self.wrap(inst, a),
            ExtendS if self.is_not_negative(a) => self.set(inst, ExtendU, &[a], 0),
            ExtendS => match self.unary(a, Wrap) {
                Some(x) if self.is_sign_extended(x, 32) => Outcome::Value(x),
                Some(x) => self.set(inst, Extend32, &[x], 0),
                None => Outcome::Keep,
            },
            ExtendU => match self.unary(a, Wrap) {
                Some(x) if self.max_unsigned(x) <= 0xffff_ffff => Outcome::Value(x),
                _ => Outcome::Keep,
            },
            PtrToInt => match self.unary(a, IntToPtr) {
                Some(x) if self.max_unsigned(x) <= 0xffff_ffff => Outcome::Value(x),
                Some(x) => {
                    let x = self.emit(Wrap, &[x], 0, Ty::I32);
                    self.set(inst, ExtendU, &[x], 0)
                }
                None => Outcome::Keep,
            },
            IntToPtr => self.int_to_ptr(inst, a),
            Bitcast => match self.unary(a, Bitcast) {
                Some(x) if self.ty(x) == self.ty(self.func.results(inst)[0]) => Outcome::Value(x),
                _ => Outcome::Keep,
            },
            Demote => match self.unary(a, Promote) {
                Some(x) => Outcome::Value(x),
                None => Outcome::Keep,
            },
            // To f32 as well: the number is the same before it is rounded.
            ConvertS => {
                if let Some(x) = self.unary(a, ExtendS) {
                    return self.set(inst, ConvertS, &[x], 0);
                }
                if let Some(x) = self.unary(a, ExtendU) {
                    return self.set(inst, ConvertU, &[x], 0);
                }
                Outcome::Keep
            }
            ConvertU => match self.unary(a, ExtendU) {
                Some(x) => self.set(inst, ConvertU, &[x], 0),
                None => Outcome::Keep,
            },
            _ => Outcome::Keep,
        }
    }

    fn extend(&mut self, inst: Inst, op: Opcode, a: Value, bits: u32) -> Outcome {
        if self.is_sign_extended(a, bits) {
            return Outcome::Value(a);
        }
        let x = self.low_bits(a, bits);
        if x != a { self.set(inst, op, &[x], 0) } else { Outcome::Keep }
    }

    fn wrap(&mut self, inst: Inst, a: Value) -> Outcome {
        use Opcode::*;
        for extend in [ExtendS, ExtendU] {
            if let Some(x) = self.unary(a, extend) {
                return Outcome::Value(x);
            }
        }
        let x = self.low_bits(a, 32);
        if x != a {
            return self.set(inst, Wrap, &[x], 0);
        }
        // Arithmetic whose operands are 32 bits wide anyway, or constant.
        let Some(&data) = self.def(a) else { return Outcome::Keep };
        match data.op {
            Add | Sub | Mul | And | Or | Xor => {
                let (x, y) = (self.arg(&data, 0), self.arg(&data, 1));
                if let (Some(x), Some(y)) = (self.narrowed(x), self.narrowed(y)) {
                    let (x, y) = (self.narrow(x), self.narrow(y));
                    return self.set(inst, data.op, &[x, y], 0);
                }
                // The multiplication by an element's size: in 32 bits it is no dearer.
                if data.op == Mul
                    && let Some(factor) = self.constant(y)
                {
                    let x = self.emit(Wrap, &[x], 0, Ty::I32);
                    return self.set_with(inst, Mul, x, factor as i64);
                }
                Outcome::Keep
            }
            Shl => {
                let x = self.arg(&data, 0);
                match self.constant(self.arg(&data, 1)) {
                    Some(count) if count & 63 >= 32 => self.set_const(inst, 0),
                    Some(count) => {
                        let x = self.emit(Wrap, &[x], 0, Ty::I32);
                        self.set_with(inst, Shl, x, (count & 63) as i64)
                    }
                    None => Outcome::Keep,
                }
            }
            _ => Outcome::Keep,
        }
    }

    /// What the lower half of a value is, where that costs nothing.
    fn narrowed(&self, value: Value) -> Option<Narrow> {
        if let Some(bits) = self.constant(value) {
            return Some(Narrow::Constant(bits));
        }
        let inner = self.unary(value, Opcode::ExtendS).or_else(|| self.unary(value, Opcode::ExtendU));
        inner.map(Narrow::Value)
    }

    fn narrow(&mut self, narrow: Narrow) -> Value {
        match narrow {
            Narrow::Value(value) => value,
            Narrow::Constant(bits) => self.emit_const(Ty::I32, bits),
        }
    }

    /// The pointer that was made a number before, and what was added to it. The object is kept alive longer, if
    /// anything.
    fn int_to_ptr(&mut self, inst: Inst, a: Value) -> Outcome {
        if let Some(x) = self.unary(a, Opcode::PtrToInt) {
            return Outcome::Value(x);
        }
        let Some((x, y)) = self.binary(a, Opcode::Add) else { return Outcome::Keep };
        for (base, offset) in [(x, y), (y, x)] {
            if let Some(base) = self.unary(base, Opcode::PtrToInt)
                && self.unary(offset, Opcode::PtrToInt).is_none()
            {
                let offset = self.emit(Opcode::Wrap, &[offset], 0, Ty::I32);
                return self.set(inst, Opcode::PtrAdd, &[base, offset], 0);
            }
        }
        Outcome::Keep
    }
}

enum Narrow {
    Value(Value),
    Constant(u64),
}
