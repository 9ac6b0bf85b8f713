//! Binary operators, and how their operands' types come to match.
//!
//! `a + b + c + ...` is a tree that leans left, generated code holds chains of many thousands. So [`binary_chain`]
//! descends the left spine first and then combines upwards, doing for the operators in between what `raw_expr` would.
//!
//! [`binary_chain`]: Checker::binary_chain

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::store::Mode;
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, Operator};
use syntax::expr_string;

impl<'a> Checker<'a> {
    /// `lhs op rhs`. `e` is the whole; there is none for `lhs op= rhs`.
    pub fn binary(
        &mut self,
        x: &mut Operand<'a>,
        e: Option<&'a ast::Expr<'a>>,
        lhs: &'a ast::Expr<'a>,
        rhs: &'a ast::Expr<'a>,
        op: Operator,
    ) {
        self.expr(None, x, lhs);
        self.with_right_operand(x, e, lhs, rhs, op);
    }

    /// A binary expression, its left spine taken in a loop.
    pub(crate) fn binary_chain(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) {
        let mut spine: SmallVec<[&'a ast::Expr<'a>; 8]> = SmallVec::new();
        let mut leftmost = e;
        while let ExprKind::Binary { x: lhs, .. } = leftmost.kind {
            spine.push(leftmost);
            leftmost = lhs;
        }
        self.expr(None, x, leftmost);
        while let Some(node) = spine.pop() {
            let ExprKind::Binary { op, x: lhs, y: rhs } = node.kind else {
                unreachable!("types: binary_chain: the spine holds binary expressions")
            };
            self.with_right_operand(x, Some(node), lhs, rhs, op);
            x.expr = Some(node);
            if !spine.is_empty() {
                self.record(x);
            }
        }
    }

    /// Converts untyped operands so that the types of both match, where that is possible at all.
    pub fn match_binary_operands(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>) {
        if !self.may_convert(x, y) {
            return;
        }
        self.convert_untyped(x, y.ty);
        if !x.is_valid() {
            return;
        }
        self.convert_untyped(y, x.ty);
        if !y.is_valid() {
            x.mode = Mode::Invalid;
        }
    }

    /// Checks the right operand and applies the operator; `x` is the left operand and becomes the result.
    fn with_right_operand(
        &mut self,
        x: &mut Operand<'a>,
        e: Option<&'a ast::Expr<'a>>,
        lhs: &'a ast::Expr<'a>,
        rhs: &'a ast::Expr<'a>,
        op: Operator,
    ) {
        let mut y = Operand::new();
        self.expr(None, &mut y, rhs);
        if !x.is_valid() {
            return;
        }
        if !y.is_valid() {
            x.mode = Mode::Invalid;
            x.expr = y.expr;
            return;
        }
        if op.is_shift() {
            self.shift(x, &mut y, e, op);
            return;
        }
        self.match_binary_operands(x, &mut y);
        if !x.is_valid() {
            return;
        }
        if op.is_comparison() {
            self.comparison(x, &mut y, op, false);
            return;
        }
        if !self.identical(x.ty, y.ty) {
            // An invalid type has been reported.
            if self.is_valid(x.ty) && self.is_valid(y.ty) {
                let operation = match e {
                    Some(e) => expr_string(e),
                    None => format!("{} {op}= {}", expr_string(lhs), expr_string(rhs)),
                };
                let (xt, yt) = (self.type_string(x.ty), self.type_string(y.ty));
                let message = format!("invalid operation: {operation} (mismatched types {xt} and {yt})");
                self.error(&*x, Code::MismatchedTypes, message);
            }
            x.mode = Mode::Invalid;
            return;
        }
        let defined = match op {
            Operator::Add => self.all_numeric_or_string(x.ty),
            Operator::Sub | Operator::Mul | Operator::Div => self.all_numeric(x.ty),
            Operator::Rem | Operator::And | Operator::Or | Operator::Xor | Operator::AndNot => self.all_integer(x.ty),
            Operator::AndAnd | Operator::OrOr => self.all_boolean(x.ty),
            _ => unreachable!("types: binary operator {op}"),
        };
        if !self.operator_defined(x, op, defined) {
            return;
        }
        if matches!(op, Operator::Div | Operator::Rem) && self.is_division_by_zero(x, &y) {
            self.error(&y, Code::DivByZero, "invalid operation: division by zero");
            x.mode = Mode::Invalid;
            return;
        }
        if x.mode != Mode::Constant || y.mode != Mode::Constant {
            x.mode = Mode::Value;
            return;
        }
        if x.value().is_unknown() || y.value().is_unknown() {
            x.val = Some(Value::Unknown);
            return;
        }
        let int_div = op == Operator::Div && self.is_integer(x.ty);
        x.val = Some(Value::binary_op(x.value(), op, y.value(), int_div));
        let op_pos = e.map_or(lhs.pos, |e| e.pos);
        x.expr = e.or(x.expr);
        self.overflow(x, op_pos);
    }

    fn is_division_by_zero(&mut self, x: &Operand<'a>, y: &Operand<'a>) -> bool {
        if y.mode != Mode::Constant {
            return false;
        }
        if (x.mode == Mode::Constant || self.all_integer(x.ty)) && y.value().sign() == 0 {
            return true;
        }
        // A complex divisor may be so small that its squares, which the quotient is computed with, are zero.
        if x.mode != Mode::Constant || !self.is_complex(x.ty) {
            return false;
        }
        let square_is_zero = |part: Value| Value::binary_op(&part, Operator::Mul, &part, false).sign() == 0;
        square_is_zero(y.value().real()) && square_is_zero(y.value().imag())
    }

    /// Whether converting one operand to the other's type can make sense, so that failing to is worth its own message.
    /// Otherwise the operands are left alone and the mismatch of their types is reported.
    fn may_convert(&mut self, x: &Operand<'a>, y: &Operand<'a>) -> bool {
        if self.is_typed(x.ty) && self.is_typed(y.ty) {
            return false;
        }
        if self.all_numeric(x.ty) != self.all_numeric(y.ty) {
            return false;
        }
        // An untyped operand takes its default type when it is compared with an interface.
        if self.is_non_type_param_interface(x.ty) || self.is_non_type_param_interface(y.ty) {
            return true;
        }
        if self.all_boolean(x.ty) != self.all_boolean(y.ty) || self.all_string(x.ty) != self.all_string(y.ty) {
            return false;
        }
        if self.is_nil(x) {
            return self.has_nil(y.ty);
        }
        if self.is_nil(y) {
            return self.has_nil(x.ty);
        }
        !self.is_pointer(x.ty) && !self.is_pointer(y.ty)
    }
}
