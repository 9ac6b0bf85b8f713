//! Shifts.
//!
//! The hard rule is that of non-constant shifts with an untyped constant on the left. spec: "If the left operand of a
//! non-constant shift expression is an untyped constant, it is first implicitly converted to the type it would assume
//! if the shift expression were replaced by its left operand alone." In `var f float64 = 1 << s` that type is known only
//! when the assignment is checked; so the left operand is noted in `shift_lhs`, and `update_expr_type` complains when
//! the type that finally arrives is not an integer's.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::{Kind, Value};
use crate::operand::Operand;
use crate::store::Mode;
use crate::universe::typ;
use crate::version::GoVersion;
use syntax::ast::{self, Operator};

/// The largest count of a constant shift: enough to write the smallest float64.
const MAX_SHIFT: u64 = 1023 - 1 + 52;

impl<'a> Checker<'a> {
    /// `x op y`; the result is in `x`. `e` is the whole; there is none for `x op= y`.
    pub(crate) fn shift(
        &mut self,
        x: &mut Operand<'a>,
        y: &mut Operand<'a>,
        e: Option<&'a ast::Expr<'a>>,
        op: Operator,
    ) {
        let int_value = (x.mode == Mode::Constant).then(|| x.value().to_int());
        let is_int_value = int_value.as_ref().is_some_and(|value| value.kind() == Kind::Int);
        let may_be_integer = self.all_integer(x.ty) || self.is_untyped(x.ty) && is_int_value;
        if !may_be_integer {
            return self.shifted_operand_error(x);
        }
        let Some(count) = self.shift_count(y) else {
            x.mode = Mode::Invalid;
            return;
        };
        match (int_value, count) {
            (Some(_), Some(_)) if x.value().is_unknown() || y.value().is_unknown() => {
                x.val = Some(Value::Unknown);
                if !self.is_integer(x.ty) {
                    x.ty = typ::UNTYPED_INT;
                }
            }
            (Some(value), Some(count)) => {
                let Some(count) = count.as_u64().filter(|&count| count <= MAX_SHIFT) else {
                    let operand = self.operand_string(y);
                    let message = format!("invalid operation: invalid shift count {operand}");
                    self.error(&*y, Code::InvalidShiftCount, message);
                    x.mode = Mode::Invalid;
                    return;
                };
                // 2.0 << 1 is an integer constant.
                if !self.is_integer(x.ty) {
                    x.ty = typ::UNTYPED_INT;
                }
                x.val = Some(Value::shift(&value, op, count));
                let op_pos = e.map_or(x.expr().pos, |e| e.pos);
                x.expr = e.or(x.expr);
                self.overflow(x, op_pos);
            }
            (Some(_), None) if self.is_untyped(x.ty) => {
                let lhs = x.expr();
                if self.recorded(lhs).ty.is_some_and(|ty| self.is_untyped(ty)) {
                    self.shift_lhs.insert((self.env.unit, lhs.id));
                }
                x.mode = Mode::Value;
            }
            _ if !self.all_integer(x.ty) => self.shifted_operand_error(x),
            _ => x.mode = Mode::Value,
        }
    }

    /// Checks the right operand: `None` after an error, else its integer value if it is constant.
    ///
    /// spec: "The right operand in a shift expression must have integer type or be an untyped constant representable by
    /// a value of type uint."
    fn shift_count(&mut self, y: &mut Operand<'a>) -> Option<Option<Value>> {
        if y.mode == Mode::Constant {
            let count = y.value().to_int();
            if count.kind() == Kind::Int && count.sign() < 0 {
                let operand = self.operand_string(y);
                let message = format!("invalid operation: negative shift count {operand}");
                self.error(&*y, Code::InvalidShiftCount, message);
                return None;
            }
            if self.is_untyped(y.ty) {
                // Before the test for integer types: untyped integers are among those.
                self.representable(y, typ::UINT);
                if !y.is_valid() {
                    return None;
                }
            }
            return Some(Some(count));
        }
        if self.all_integer(y.ty) {
            const SIGNED_COUNTS: GoVersion = GoVersion::go1(13);
            if !self.allow_version(SIGNED_COUNTS) && !self.all_unsigned(y.ty) {
                let operand = self.operand_string(y);
                let what = format!("invalid operation: signed shift count {operand}");
                self.version_error(&*y, SIGNED_COUNTS, &what);
                return None;
            }
            return Some(None);
        }
        if self.is_untyped(y.ty) {
            self.convert_untyped(y, typ::UINT);
            return y.is_valid().then_some(None);
        }
        let operand = self.operand_string(y);
        self.error(&*y, Code::InvalidShiftCount, format!("invalid operation: shift count {operand} must be integer"));
        None
    }

    fn shifted_operand_error(&mut self, x: &mut Operand<'a>) {
        let operand = self.operand_string(x);
        let message = format!("invalid operation: shifted operand {operand} must be integer");
        self.error(&*x, Code::InvalidShiftOperand, message);
        x.mode = Mode::Invalid;
    }
}
