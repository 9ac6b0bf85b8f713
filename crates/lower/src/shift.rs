//! Shifts.
//!
//! wasm takes counts modulo the width; Go does not.
//!
//! spec: "The shift operators shift the left operand by the shift count specified by the right operand, which must be
//! non-negative. If the shift count is negative at run time, a run-time panic occurs. [...] There is no upper limit on the
//! shift count. Shifts behave as if the left operand is shifted n times by 1 for a shift count of n."

use crate::arith::Int;
use crate::func::FuncLowerer;
use abi::{CanonId, Types};
use ir::{Opcode, Ty, Value};
use syntax::ast::{self, Operator};
use types::BasicKind;

impl<'a> FuncLowerer<'_, 'a> {
    /// The type of a shift's count; constants keep their untyped one, which need not be an integer's.
    pub fn count_type(&mut self, count: &ast::Expr<'a>) -> CanonId {
        let ty = self.type_of(count);
        match self.basic_kind(ty) {
            Some(kind) if kind.is_untyped() => Types::basic(BasicKind::Uint),
            _ => ty,
        }
    }

    /// `x op count`, x an integer of type `ty`, which `int` describes.
    pub(crate) fn shift(
        &mut self,
        op: Operator,
        int: Int,
        ty: CanonId,
        x: Value,
        count: Value,
        count_ty: CanonId,
    ) -> Value {
        let opcode = match (op, int.signed) {
            (Operator::Shl, _) => Opcode::Shl,
            (_, true) => Opcode::ShrS,
            (_, false) => Opcode::ShrU,
        };
        // Narrow values lose all their bits on the way: what leaves the width of the type is cut off afterwards, or was
        // a copy of the sign, or zero.
        let width = if int.ty() == Ty::I64 { 64 } else { 32 };
        let shifted = match self.const_of(count) {
            Some(count) => self.shift_constant(opcode, int, width, x, count, count_ty),
            None => self.shift_variable(opcode, int, width, x, count, count_ty),
        };
        if opcode == Opcode::Shl { self.normalise(ty, shifted) } else { shifted }
    }

    fn shift_constant(
        &mut self,
        opcode: Opcode,
        int: Int,
        width: i64,
        x: Value,
        count: i64,
        count_ty: CanonId,
    ) -> Value {
        let is_signed = self.int_type(count_ty).is_some_and(|int| int.signed);
        if count < 0 && is_signed {
            // Only after a constant was computed at run time.
            let count = self.const_i64(count);
            self.emit_effect(Opcode::ShiftCheck, &[count], 0);
        }
        let is_in_range = (0..width).contains(&count);
        let count = match opcode {
            _ if is_in_range => count,
            Opcode::ShrS => width - 1,
            _ => return self.int_const(int.ty(), 0),
        };
        let count = self.int_const(int.ty(), count);
        self.op2(opcode, x, count)
    }

    fn shift_variable(
        &mut self,
        opcode: Opcode,
        int: Int,
        width: i64,
        x: Value,
        count: Value,
        count_ty: CanonId,
    ) -> Value {
        let is_signed = self.int_type(count_ty).is_some_and(|int| int.signed);
        let count = self.as_i64(count_ty, count);
        if is_signed {
            self.emit_effect(Opcode::ShiftCheck, &[count], 0);
        }
        let limit = self.const_i64(width);
        let is_in_range = self.op2(Opcode::LtU, count, limit);
        let count = match int.ty() {
            Ty::I64 => count,
            _ => self.emit(Opcode::Wrap, &[count], 0, Ty::I32),
        };
        if opcode == Opcode::ShrS {
            let most = self.int_const(int.ty(), width - 1);
            let count = self.choose(is_in_range, count, most);
            return self.op2(opcode, x, count);
        }
        let shifted = self.op2(opcode, x, count);
        let zero = self.int_const(int.ty(), 0);
        self.choose(is_in_range, shifted, zero)
    }
}
