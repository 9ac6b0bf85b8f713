//! Arithmetic and logic of integers.

use super::{Outcome, Simplifier, mask, width};
use ir::{Inst, InstData, Opcode, Ty, Value};

impl Simplifier<'_> {
    pub(super) fn integer(&mut self, inst: Inst, data: &InstData) -> Outcome {
        use Opcode::*;
        let (a, b) = (self.arg(data, 0), self.arg(data, 1));
        if data.op.is_commutative() && self.constant(a).is_some() {
            return self.swap(inst, data.op);
        }
        match data.op {
            Add => self.add(inst, a, b),
            Sub => self.sub(inst, a, b),
            Mul => self.mul(inst, a, b),
            DivS | DivU | RemS | RemU => self.divide(inst, data.op, a, b),
            And => self.and(inst, a, b),
            Or => self.or(inst, a, b),
            Xor => self.xor(inst, a, b),
            _ => self.shift(inst, data.op, a, b),
        }
    }

    fn add(&mut self, inst: Inst, a: Value, b: Value) -> Outcome {
        if let Some(constant) = self.constant(b) {
            if constant == 0 {
                return Outcome::Value(a);
            }
            if let Some((x, inner)) = self.with_constant(a, Opcode::Add) {
                return self.set_with(inst, Opcode::Add, x, inner.wrapping_add(constant) as i64);
            }
            if let Some((x, y)) = self.binary(a, Opcode::Sub)
                && let Some(inner) = self.constant(x)
            {
                let x = self.emit_const(self.ty(a), inner.wrapping_add(constant));
                return self.set(inst, Opcode::Sub, &[x, y], 0);
            }
            return Outcome::Keep;
        }
        for (this, other) in [(a, b), (b, a)] {
            if let Some((x, y)) = self.binary(this, Opcode::Sub) {
                if y == other {
                    return Outcome::Value(x);
                }
                if self.is_zero(x) {
                    return self.set(inst, Opcode::Sub, &[other, y], 0);
                }
            }
        }
        self.rotate(inst, a, b)
    }

    fn sub(&mut self, inst: Inst, a: Value, b: Value) -> Outcome {
        if a == b {
            return self.set_const(inst, 0);
        }
        if let Some(constant) = self.constant(b) {
            return self.set_with(inst, Opcode::Add, a, (constant as i64).wrapping_neg());
        }
        if let Some((x, y)) = self.binary(a, Opcode::Add) {
            if x == b {
                return Outcome::Value(y);
            }
            if y == b {
                return Outcome::Value(x);
            }
        }
        // x - (x - y)
        if let Some((x, y)) = self.binary(b, Opcode::Sub) {
            if x == a {
                return Outcome::Value(y);
            }
            if self.is_zero(a) {
                return self.set(inst, Opcode::Sub, &[y, x], 0);
            }
        }
        // x - (x + c), and the distance of two values that share a part.
        let (x, c) = self.with_constant(a, Opcode::Add).unwrap_or((a, 0));
        let (y, d) = self.with_constant(b, Opcode::Add).unwrap_or((b, 0));
        if x == y {
            return self.set_const(inst, c.wrapping_sub(d));
        }
        Outcome::Keep
    }

    fn mul(&mut self, inst: Inst, a: Value, b: Value) -> Outcome {
        let Some(constant) = self.constant(b) else { return Outcome::Keep };
        let ty = self.ty(a);
        match constant {
            0 => return Outcome::Value(b),
            1 => return Outcome::Value(a),
            _ if constant == mask(ty) => {
                let zero = self.emit_const(ty, 0);
                return self.set(inst, Opcode::Sub, &[zero, a], 0);
            }
            _ if constant.is_power_of_two() => {
                return self.set_with(inst, Opcode::Shl, a, i64::from(constant.trailing_zeros()));
            }
            _ => {}
        }
        if let Some((x, inner)) = self.with_constant(a, Opcode::Mul) {
            return self.set_with(inst, Opcode::Mul, x, inner.wrapping_mul(constant) as i64);
        }
        if let Some((x, count)) = self.with_constant(a, Opcode::Shl) {
            return self.set_with(inst, Opcode::Mul, x, constant.wrapping_shl(count as u32) as i64);
        }
        Outcome::Keep
    }

    fn divide(&mut self, inst: Inst, op: Opcode, a: Value, b: Value) -> Outcome {
        use Opcode::*;
        let ty = self.ty(a);
        let Some(constant) = self.constant(b) else { return Outcome::Keep };
        match (op, constant) {
            (_, 0) => return Outcome::Keep,
            (DivS | DivU, 1) => return Outcome::Value(a),
            (RemS | RemU, 1) => return self.set_const(inst, 0),
            (RemS, _) if constant == mask(ty) => return self.set_const(inst, 0),
            _ => {}
        }
        let is_positive = constant <= mask(ty) >> 1;
        if matches!(op, DivS | RemS) && is_positive && self.is_not_negative(a) {
            let unsigned = if op == DivS { DivU } else { RemU };
            return self.set(inst, unsigned, &[a, b], 0);
        }
        if matches!(op, DivU | RemU) && self.max_unsigned(a) < constant {
            return if op == RemU { Outcome::Value(a) } else { self.set_const(inst, 0) };
        }
        if !constant.is_power_of_two() || matches!(op, DivS | RemS) && !is_positive {
            return Outcome::Keep;
        }
        let log = u64::from(constant.trailing_zeros());
        match op {
            DivU => self.set_with(inst, ShrU, a, log as i64),
            RemU => self.set_with(inst, And, a, constant.wrapping_sub(1) as i64),
            // Toward zero: a negative dividend is raised by one less than the divisor.
            _ => {
                let bits = width(ty);
                let count = self.emit_const(ty, bits - 1);
                let sign = if log == 1 { a } else { self.emit(ShrS, &[a, count], 0, ty) };
                let count = self.emit_const(ty, bits - log);
                let bias = self.emit(ShrU, &[sign, count], 0, ty);
                let raised = self.emit(Add, &[a, bias], 0, ty);
                if op == DivS {
                    return self.set_with(inst, ShrS, raised, log as i64);
                }
                let cut = self.emit_const(ty, constant.wrapping_neg());
                let cut = self.emit(And, &[raised, cut], 0, ty);
                self.set(inst, Sub, &[a, cut], 0)
            }
        }
    }

    fn and(&mut self, inst: Inst, a: Value, b: Value) -> Outcome {
        if a == b {
            return Outcome::Value(a);
        }
        let ty = self.ty(a);
        let Some(constant) = self.constant(b) else { return Outcome::Keep };
        if constant == 0 {
            return Outcome::Value(b);
        }
        let max = self.max_unsigned(a);
        // All bits that may be set stay.
        let possible = if max == 0 { 0 } else { u64::MAX >> max.leading_zeros() };
        if possible & !constant == 0 {
            return Outcome::Value(a);
        }
        if let Some((x, inner)) = self.with_constant(a, Opcode::And) {
            return self.set_with(inst, Opcode::And, x, (inner & constant) as i64);
        }
        if constant.wrapping_add(1).is_power_of_two() {
            let x = self.low_bits(a, constant.count_ones());
            if x != a {
                return self.set(inst, Opcode::And, &[x, b], 0);
            }
            // Shorter than the constant, and often half of it is there already.
            if constant == 0xffff_ffff && ty == Ty::I64 {
                let x = self.emit(Opcode::Wrap, &[a], 0, Ty::I32);
                return self.set(inst, Opcode::ExtendU, &[x], 0);
            }
        }
        Outcome::Keep
    }

    fn or(&mut self, inst: Inst, a: Value, b: Value) -> Outcome {
        if a == b {
            return Outcome::Value(a);
        }
        if let Some(constant) = self.constant(b) {
            if constant == 0 {
                return Outcome::Value(a);
            }
            if constant == mask(self.ty(a)) {
                return Outcome::Value(b);
            }
            if let Some((x, inner)) = self.with_constant(a, Opcode::Or) {
                return self.set_with(inst, Opcode::Or, x, (inner | constant) as i64);
            }
        }
        self.rotate(inst, a, b)
    }

    fn xor(&mut self, inst: Inst, a: Value, b: Value) -> Outcome {
        if a == b {
            return self.set_const(inst, 0);
        }
        if let Some(constant) = self.constant(b) {
            if constant == 0 {
                return Outcome::Value(a);
            }
            if constant == 1 && self.is_bool(a) {
                return self.set(inst, Opcode::Eqz, &[a], 0);
            }
            if let Some((x, inner)) = self.with_constant(a, Opcode::Xor) {
                return self.set_with(inst, Opcode::Xor, x, (inner ^ constant) as i64);
            }
        }
        self.rotate(inst, a, b)
    }

    /// `x << c` and `x >> width - c` together are a rotation: for `or`, and as well for `add` and `xor`.
    fn rotate(&mut self, inst: Inst, a: Value, b: Value) -> Outcome {
        for (left, right) in [(a, b), (b, a)] {
            if let (Some((x, up)), Some((y, down))) =
                (self.with_constant(left, Opcode::Shl), self.with_constant(right, Opcode::ShrU))
                && x == y
                && up + down == width(self.ty(x))
            {
                return self.set_with(inst, Opcode::Rotl, x, up as i64);
            }
        }
        Outcome::Keep
    }

    fn shift(&mut self, inst: Inst, op: Opcode, a: Value, b: Value) -> Outcome {
        use Opcode::*;
        let ty = self.ty(a);
        if self.is_zero(a) {
            return Outcome::Value(a);
        }
        let Some(count) = self.constant(b) else {
            // The count is taken modulo the width.
            let x = self.low_bits(b, width(ty).trailing_zeros());
            return if x == b { Outcome::Keep } else { self.set(inst, op, &[a, x], 0) };
        };
        let bits = width(ty);
        if count >= bits {
            return self.set_with(inst, op, a, (count % bits) as i64);
        }
        if count == 0 {
            return Outcome::Value(a);
        }
        if op != Rotl
            && let Some((x, inner)) = self.with_constant(a, op)
        {
            let sum = inner + count;
            return match op {
                ShrS => self.set_with(inst, op, x, sum.min(bits - 1) as i64),
                _ if sum >= bits => self.set_const(inst, 0),
                _ => self.set_with(inst, op, x, sum as i64),
            };
        }
        match op {
            ShrS if self.is_not_negative(a) => return self.set(inst, ShrU, &[a, b], 0),
            ShrS => {
                if let Some((x, up)) = self.with_constant(a, Shl)
                    && up == count
                {
                    let extend = match bits - count {
                        8 => Some(Extend8),
                        16 => Some(Extend16),
                        32 if ty == Ty::I64 => Some(Extend32),
                        _ => None,
                    };
                    if let Some(extend) = extend {
                        return self.set(inst, extend, &[x], 0);
                    }
                }
            }
            ShrU => {
                if self.max_unsigned(a) >> count == 0 {
                    return self.set_const(inst, 0);
                }
                if let Some((x, up)) = self.with_constant(a, Shl)
                    && up == count
                {
                    return self.set_with(inst, And, x, (mask(ty) >> count) as i64);
                }
            }
            Shl => {
                if let Some((x, down)) = self.with_constant(a, ShrU).or_else(|| self.with_constant(a, ShrS))
                    && down == count
                {
                    return self.set_with(inst, And, x, (mask(ty) << count) as i64);
                }
                // What a mask keeps and the shift throws away.
                if let Some((x, kept)) = self.with_constant(a, And)
                    && kept | !(mask(ty) >> count) & mask(ty) == mask(ty)
                {
                    return self.set(inst, Shl, &[x, b], 0);
                }
            }
            _ => {}
        }
        Outcome::Keep
    }
}
