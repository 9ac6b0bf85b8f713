//! Comparisons. Those with constants become strict, with the constant on the right where that can be.

use super::{Outcome, Simplifier, mask};
use ir::{Inst, InstData, Opcode, Ty, Value};

impl Simplifier<'_> {
    pub(super) fn compare(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let a = self.arg(data, 0);
        if data.op == Opcode::Eqz {
            return self.eqz(inst, a);
        }
        let b = self.arg(data, 1);
        if a == b {
            let holds = matches!(data.op, Opcode::Eq | Opcode::LeS | Opcode::LeU);
            return self.set_const(inst, u64::from(holds));
        }
        match data.op {
            Opcode::Eq | Opcode::Ne => self.equality(inst, data.op, a, b),
            Opcode::LtU | Opcode::LeU => self.unsigned_order(inst, data.op, a, b),
            _ => self.signed_order(inst, data.op, a, b),
        }
    }

    fn eqz(&mut self, inst: Inst, a: Value) -> Outcome {
        use Opcode::*;
        if self.ty(a) == Ty::Ptr && self.is_not_null(a) {
            return self.set_const(inst, 0);
        }
        let Some(&data) = self.def(a) else { return Outcome::Keep };
        let x = if data.args.is_empty() { a } else { self.arg(&data, 0) };
        match data.op {
            Eq | Ne | FEq | FNe => {
                let y = self.arg(&data, 1);
                let inverse = match data.op {
                    Eq => Ne,
                    Ne => Eq,
                    FEq => FNe,
                    _ => FEq,
                };
                self.set(inst, inverse, &[x, y], 0)
            }
            LtS | LtU | LeS | LeU => {
                let y = self.arg(&data, 1);
                let inverse = match data.op {
                    LtS => LeS,
                    LtU => LeU,
                    LeS => LtS,
                    _ => LtU,
                };
                self.set(inst, inverse, &[y, x], 0)
            }
            // Of a truth value: its own value.
            Eqz if self.is_bool(x) => Outcome::Value(x),
            Eqz => {
                let zero = self.emit_const(self.ty(x), 0);
                self.set(inst, Ne, &[x, zero], 0)
            }
            Sub | Xor => {
                let y = self.arg(&data, 1);
                self.set(inst, Eq, &[x, y], 0)
            }
            ExtendS | ExtendU | PtrToInt => self.set(inst, Eqz, &[x], 0),
            Add => match self.constant(self.arg(&data, 1)) {
                Some(constant) => self.set_with(inst, Eq, x, (constant as i64).wrapping_neg()),
                None => Outcome::Keep,
            },
            _ => Outcome::Keep,
        }
    }

    fn equality(&mut self, inst: Inst, op: Opcode, a: Value, b: Value) -> Outcome {
        use Opcode::*;
        if self.constant(a).is_some() && self.constant(b).is_none() {
            return self.swap(inst, op);
        }
        if let Some(equal) = self.addresses_equal(a, b) {
            return self.set_const(inst, u64::from(equal == (op == Eq)));
        }
        let ty = self.ty(a);
        let Some(constant) = self.constant(b) else { return self.equality_of_pairs(inst, op, a, b) };
        if constant == 0 && op == Eq {
            return self.set(inst, Eqz, &[a], 0);
        }
        if ty == Ty::Ptr {
            if constant == 0 && self.is_not_null(a) {
                return self.set_const(inst, 1);
            }
            return Outcome::Keep;
        }
        if self.is_bool(a) {
            return match (op, constant) {
                (Ne, 0) | (Eq, 1) => Outcome::Value(a),
                (Ne, 1) => self.set(inst, Eqz, &[a], 0),
                _ => self.set_const(inst, u64::from(op == Ne)),
            };
        }
        if constant > self.max_unsigned(a) {
            return self.set_const(inst, u64::from(op == Ne));
        }
        if let Some((x, inner)) = self.with_constant(a, Add) {
            return self.set_with(inst, op, x, constant.wrapping_sub(inner) as i64);
        }
        if let Some((x, inner)) = self.with_constant(a, Xor) {
            return self.set_with(inst, op, x, (constant ^ inner) as i64);
        }
        if constant == 0
            && let Some((x, y)) = self.binary(a, Sub).or_else(|| self.binary(a, Xor))
        {
            return self.set(inst, op, &[x, y], 0);
        }
        if constant == 0
            && let Some(x) = self.unary(a, PtrToInt)
        {
            let zero = self.emit_const(Ty::Ptr, 0);
            return self.set(inst, op, &[x, zero], 0);
        }
        for (extend, back) in [(ExtendS, constant as i32 as u64), (ExtendU, constant & 0xffff_ffff)] {
            if let Some(x) = self.unary(a, extend) {
                if back != constant {
                    return self.set_const(inst, u64::from(op == Ne));
                }
                return self.set_with(inst, op, x, constant as i32 as i64);
            }
        }
        Outcome::Keep
    }

    fn equality_of_pairs(&mut self, inst: Inst, op: Opcode, a: Value, b: Value) -> Outcome {
        for extend in [Opcode::ExtendS, Opcode::ExtendU, Opcode::PtrToInt] {
            if let (Some(x), Some(y)) = (self.unary(a, extend), self.unary(b, extend)) {
                return self.set(inst, op, &[x, y], 0);
            }
        }
        // One part is the same on both sides.
        for part in [Opcode::Add, Opcode::Xor] {
            if let (Some((x, c)), Some((y, d))) = (self.binary(a, part), self.binary(b, part)) {
                if c == d {
                    return self.set(inst, op, &[x, y], 0);
                }
                if x == y {
                    return self.set(inst, op, &[c, d], 0);
                }
            }
        }
        Outcome::Keep
    }

    /// Whether two addresses of static data or slots are the same, if that is known.
    fn addresses_equal(&self, a: Value, b: Value) -> Option<bool> {
        let (a, b) = (self.def(a)?, self.def(b)?);
        match (a.op, b.op) {
            (Opcode::DataAddr, Opcode::DataAddr) => {
                let ((a, x), (b, y)) = (a.data(), b.data());
                let is_inside = |data, offset| offset < self.ctx.program.data[data].size;
                if a == b {
                    Some(x == y)
                } else if is_inside(a, x) && is_inside(b, y) {
                    Some(false)
                } else {
                    None
                }
            }
            (Opcode::SlotAddr, Opcode::SlotAddr) if a.imm == b.imm => Some(true),
            _ => None,
        }
    }

    fn unsigned_order(&mut self, inst: Inst, op: Opcode, a: Value, b: Value) -> Outcome {
        use Opcode::*;
        let (ty, all) = (self.ty(a), mask(self.ty(a)));
        if ty == Ty::Ptr {
            return Outcome::Keep;
        }
        if let Some(constant) = self.constant(b) {
            let max = self.max_unsigned(a);
            match op {
                LeU if constant >= max => return self.set_const(inst, 1),
                LeU if constant == 0 => return self.set(inst, Eqz, &[a], 0),
                LeU => return self.set_with(inst, LtU, a, (constant + 1) as i64),
                _ if constant == 0 => return self.set_const(inst, 0),
                _ if constant > max => return self.set_const(inst, 1),
                _ if constant == 1 => return self.set(inst, Eqz, &[a], 0),
                _ => {}
            }
            if let Some(x) = self.unary(a, ExtendU).filter(|_| constant <= 0xffff_ffff) {
                return self.set_with(inst, LtU, x, constant as i64);
            }
        }
        if let Some(constant) = self.constant(a) {
            let max = self.max_unsigned(b);
            match op {
                LeU if constant == 0 => return self.set_const(inst, 1),
                LeU if constant > max => return self.set_const(inst, 0),
                LeU => {
                    let less = self.emit_const(ty, constant - 1);
                    return self.set(inst, LtU, &[less, b], 0);
                }
                _ if constant >= max => return self.set_const(inst, 0),
                _ if constant == 0 => return self.set_with(inst, Ne, b, 0),
                _ if constant == all - 1 => return self.set_with(inst, Eq, b, all as i64),
                _ => {}
            }
            if let Some(x) = self.unary(b, ExtendU) {
                let constant = self.emit_const(Ty::I32, constant);
                return self.set(inst, op, &[constant, x], 0);
            }
        }
        self.order_of_extended(inst, op, a, b)
    }

    fn signed_order(&mut self, inst: Inst, op: Opcode, a: Value, b: Value) -> Outcome {
        use Opcode::*;
        let ty = self.ty(a);
        let (least, greatest) =
            if ty == Ty::I64 { (i64::MIN, i64::MAX) } else { (i64::from(i32::MIN), i64::from(i32::MAX)) };
        if let Some(constant) = self.signed(b) {
            match op {
                LeS if constant == greatest => return self.set_const(inst, 1),
                LeS => return self.set_with(inst, LtS, a, constant + 1),
                _ if constant == least => return self.set_const(inst, 0),
                _ => {}
            }
            if self.is_not_negative(a) {
                if constant <= 0 {
                    return self.set_const(inst, 0);
                }
                return self.set(inst, LtU, &[a, b], 0);
            }
            if let Some(x) = self.unary(a, ExtendS) {
                if constant > i64::from(i32::MAX) {
                    return self.set_const(inst, 1);
                }
                if constant < i64::from(i32::MIN) {
                    return self.set_const(inst, 0);
                }
                return self.set_with(inst, LtS, x, constant);
            }
        }
        if let Some(constant) = self.signed(a) {
            match op {
                LeS if constant == least => return self.set_const(inst, 1),
                LeS => {
                    let less = self.emit_const(ty, (constant - 1) as u64);
                    return self.set(inst, LtS, &[less, b], 0);
                }
                _ if constant == greatest => return self.set_const(inst, 0),
                _ => {}
            }
            if self.is_not_negative(b) {
                if constant < 0 {
                    return self.set_const(inst, 1);
                }
                return self.set(inst, LtU, &[a, b], 0);
            }
            if let Some(x) = self.unary(b, ExtendS) {
                if constant >= i64::from(i32::MAX) {
                    return self.set_const(inst, 0);
                }
                if constant < i64::from(i32::MIN) {
                    return self.set_const(inst, 1);
                }
                let constant = self.emit_const(Ty::I32, constant as u64);
                return self.set(inst, LtS, &[constant, x], 0);
            }
        }
        if self.is_not_negative(a) && self.is_not_negative(b) {
            let unsigned = if op == LtS { LtU } else { LeU };
            return self.set(inst, unsigned, &[a, b], 0);
        }
        self.order_of_extended(inst, op, a, b)
    }

    /// Numbers that were 32 bits wide compare as such.
    fn order_of_extended(&mut self, inst: Inst, op: Opcode, a: Value, b: Value) -> Outcome {
        // Sign extension keeps either order, zero extension the unsigned one, which the signed one then is as well.
        if let (Some(x), Some(y)) = (self.unary(a, Opcode::ExtendS), self.unary(b, Opcode::ExtendS)) {
            return self.set(inst, op, &[x, y], 0);
        }
        if let (Some(x), Some(y)) = (self.unary(a, Opcode::ExtendU), self.unary(b, Opcode::ExtendU)) {
            let op = match op {
                Opcode::LtS => Opcode::LtU,
                Opcode::LeS => Opcode::LeU,
                op => op,
            };
            return self.set(inst, op, &[x, y], 0);
        }
        Outcome::Keep
    }
}
