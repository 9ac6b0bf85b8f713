//! Comparison operators, also those implied by the cases of a switch.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::store::{Mode, Type, TypeId};
use crate::universe::typ;
use syntax::ast::Operator;
use syntax::expr_string;

/// Which operand is to blame, and why if there is more to say than that the operator is not defined.
struct Failure {
    code: Code,
    on_second: bool,
    cause: String,
}

impl<'a> Checker<'a> {
    /// `x op y`; the result is in `x`. With `switch_case` it stands for the case `x` of a switch on `y`.
    pub fn comparison(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>, op: Operator, switch_case: bool) {
        if !self.is_valid(x.ty) || !self.is_valid(y.ty) {
            x.mode = Mode::Invalid;
            return;
        }
        let op = if switch_case { Operator::Eql } else { op };
        if let Err(failure) = self.comparable_operands(x, y, op) {
            self.comparison_error(x, y, op, switch_case, failure);
            x.mode = Mode::Invalid;
            return;
        }
        if x.mode == Mode::Constant && y.mode == Mode::Constant {
            x.val = Some(Value::from_bool(Value::compare(x.value(), op, y.value())));
        } else {
            x.mode = Mode::Value;
            // Nothing else will settle the operands' types: the result does not depend on them.
            for operand in [&*x, &*y] {
                let ty = self.default_type(operand.ty);
                self.update_expr_type(operand.expr(), ty, true);
            }
        }
        // spec: "Comparison operators compare two operands and yield an untyped boolean value."
        x.ty = typ::UNTYPED_BOOL;
    }

    fn comparable_operands(&mut self, x: &Operand<'a>, y: &Operand<'a>, op: Operator) -> Result<(), Failure> {
        // spec: "In any comparison, the first operand must be assignable to the type of the second operand, or vice
        // versa."
        if self.assignable_to(x, y.ty, None).is_err() && self.assignable_to(y, x.ty, None).is_err() {
            let (xt, yt) = (self.type_string(x.ty), self.type_string(y.ty));
            let cause = format!("mismatched types {xt} and {yt}");
            return Err(Failure { code: Code::MismatchedTypes, on_second: true, cause });
        }
        let undefined = |on_second, cause| Err(Failure { code: Code::UndefinedOp, on_second, cause });
        match op {
            // spec: "The equality operators == and != apply to operands of comparable types."
            Operator::Eql | Operator::Neq => {
                if self.is_nil(x) || self.is_nil(y) {
                    let other = if self.is_nil(x) { y.ty } else { x.ty };
                    // Only nil == nil gets here without.
                    return if self.has_nil(other) { Ok(()) } else { undefined(true, String::new()) };
                }
                for (on_second, ty) in [(false, x.ty), (true, y.ty)] {
                    if !self.comparable(ty) {
                        return undefined(on_second, self.incomparable_cause(ty));
                    }
                }
            }
            // spec: "The ordering operators <, <=, >, and >= apply to operands of ordered types."
            _ => {
                for (on_second, ty) in [(false, x.ty), (true, y.ty)] {
                    if !self.all_ordered(ty) {
                        return undefined(on_second, String::new());
                    }
                }
            }
        }
        Ok(())
    }

    fn comparison_error(
        &mut self,
        x: &Operand<'a>,
        y: &Operand<'a>,
        op: Operator,
        switch_case: bool,
        failure: Failure,
    ) {
        let Failure { code, on_second, mut cause } = failure;
        let mut blamed = if on_second { y } else { x };
        if cause.is_empty() {
            if self.is_type_param(x.ty) || self.is_type_param(y.ty) {
                if !self.is_type_param(x.ty) {
                    blamed = y;
                }
                cause = format!("type parameter {} cannot use operator {op}", self.type_string(blamed.ty));
            } else {
                let kind = self.composite_kind(blamed.ty);
                let what = if kind.is_empty() { self.type_string(blamed.ty) } else { kind.to_string() };
                cause = format!("operator {op} not defined on {what}");
            }
        }
        let (x_string, y_string) = (expr_string(x.expr()), expr_string(y.expr()));
        if switch_case {
            self.error(x, code, format!("invalid case {x_string} in switch on {y_string} ({cause})"));
        } else {
            self.error(blamed, code, format!("invalid operation: {x_string} {op} {y_string} ({cause})"));
        }
    }

    /// Why values of the type cannot be compared; may be empty.
    fn incomparable_cause(&mut self, ty: TypeId) -> String {
        if matches!(self.under_type(ty), Type::Slice { .. } | Type::Signature(_) | Type::Map { .. }) {
            return format!("{} can only be compared to nil", self.composite_kind(ty));
        }
        self.comparable_type(ty, true).unwrap_or_default()
    }
}
