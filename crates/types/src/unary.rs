//! Unary operators: arithmetic, address of, receive, and indirection.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::{At, Operand};
use crate::store::{ChanDir, Mode, Type, TypeId};
use crate::universe::typ;
use syntax::ast::{self, Operator};

impl<'a> Checker<'a> {
    /// `op inner` for all operators but indirection; `e` is the whole.
    pub fn unary(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, op: Operator, inner: &'a ast::Expr<'a>) {
        self.expr(None, x, inner);
        if !x.is_valid() {
            return;
        }
        let op = match op {
            Operator::And => return self.address_of(x, inner),
            Operator::Recv => return self.receive(x),
            // The lexer knows ~ for constraints; in an expression it may be C's spelling of ^.
            Operator::Tilde => {
                let is_integer = self.all_integer(x.ty);
                let hint = if is_integer { " (use ^ for bitwise complement)" } else { "" };
                let message = format!("cannot use ~ outside of interface or type constraint{hint}");
                self.error(e, Code::UndefinedOp, message);
                if !is_integer {
                    x.mode = Mode::Invalid;
                    return;
                }
                Operator::Xor
            }
            op => op,
        };
        let defined = match op {
            Operator::Add | Operator::Sub => self.all_numeric(x.ty),
            Operator::Xor => self.all_integer(x.ty),
            Operator::Not => self.all_boolean(x.ty),
            _ => unreachable!("types: unary operator {op}"),
        };
        if !self.operator_defined(x, op, defined) {
            return;
        }
        if x.mode != Mode::Constant {
            x.mode = Mode::Value;
            return;
        }
        if x.value().is_unknown() {
            return;
        }
        let size = if self.is_unsigned(x.ty) { self.sizeof(x.ty).map_or(0, |bytes| bytes as u32 * 8) } else { 0 };
        x.val = Some(Value::unary_op(op, x.value(), size));
        x.expr = Some(e);
        self.overflow(x, e.pos);
    }

    /// Complains, and makes the operand invalid, unless the operator is `defined` for its type.
    pub(crate) fn operator_defined(&mut self, x: &mut Operand<'a>, op: Operator, defined: bool) -> bool {
        if !defined {
            let operand = self.operand_string(x);
            let message = format!("invalid operation: operator {op} not defined on {operand}");
            self.error(&*x, Code::UndefinedOp, message);
            x.mode = Mode::Invalid;
        }
        defined
    }

    /// `*inner`: a pointer type, or what a pointer points to.
    pub(crate) fn indirection(&mut self, x: &mut Operand<'a>, inner: &'a ast::Expr<'a>) -> bool {
        self.expr_or_type(x, inner, false);
        match x.mode {
            Mode::Invalid => return false,
            Mode::TypeExpr => {
                self.valid_var_type(inner, x.ty);
                x.ty = self.new_pointer(x.ty);
                return true;
            }
            _ => {}
        }
        let mut base: Option<TypeId> = None;
        for specific in self.type_set_terms(x.ty) {
            let elem = match specific.map(|(_, under)| self.ty(under)) {
                Some(Type::Pointer { elem }) => elem,
                _ => {
                    let operand = self.operand_string(x);
                    let message = format!("invalid operation: cannot indirect {operand}");
                    self.error(&*x, Code::InvalidIndirection, message);
                    return false;
                }
            };
            if base.is_some_and(|base| !self.identical(elem, base)) {
                let operand = self.operand_string(x);
                let message = format!("invalid operation: pointers of {operand} must have identical base types");
                self.error(&*x, Code::InvalidIndirection, message);
                return false;
            }
            base = Some(elem);
        }
        x.mode = Mode::Variable;
        x.ty = base.unwrap_or(typ::INVALID);
        true
    }

    /// The element type of the channel `x`, to receive from it or to send to it; otherwise complains at `at`.
    pub fn chan_elem(&mut self, at: impl At, x: &Operand<'a>, recv: bool) -> Option<TypeId> {
        let mut condition = |c: &mut Checker<'a>, pair: Option<(TypeId, TypeId)>| {
            let Some((ty, under)) = pair else { return Some("no specific channel type".to_string()) };
            let problem = match c.ty(under) {
                Type::Chan { dir: ChanDir::SendOnly, .. } if recv => "send-only channel",
                Type::Chan { dir: ChanDir::RecvOnly, .. } if !recv => "receive-only channel",
                Type::Chan { .. } => return None,
                _ => "non-channel",
            };
            Some(format!("{problem} {}", c.type_string(ty)))
        };
        let cause = match self.common_under(x.ty, Some(&mut condition)) {
            Ok(under) => match self.ty(under) {
                Type::Chan { elem, .. } => return Some(elem),
                _ => unreachable!("types: chan_elem: the condition admits only channels"),
            },
            Err(cause) => cause,
        };
        let operand = self.operand_string(x);
        let (code, action) = if recv { (Code::InvalidReceive, "receive from") } else { (Code::InvalidSend, "send to") };
        // For anything but a type parameter the cause names the operand's kind and reads well in front of it.
        let message = if self.is_type_param(x.ty) {
            format!("invalid operation: cannot {action} {operand}: {cause}")
        } else {
            format!("invalid operation: cannot {action} {cause} {operand}")
        };
        self.error(at, code, message);
        None
    }

    fn address_of(&mut self, x: &mut Operand<'a>, inner: &'a ast::Expr<'a>) {
        // spec: "As an exception to the addressability requirement x may also be a (possibly parenthesized) composite
        // literal."
        if x.mode != Mode::Variable && !matches!(inner.unparen().kind, ast::ExprKind::CompositeLit(_)) {
            let operand = self.operand_string(x);
            let message = format!("invalid operation: cannot take address of {operand}");
            self.error(&*x, Code::UnaddressableOperand, message);
            x.mode = Mode::Invalid;
            return;
        }
        x.mode = Mode::Value;
        x.ty = self.new_pointer(x.ty);
    }

    fn receive(&mut self, x: &mut Operand<'a>) {
        match self.chan_elem(&*x, x, true) {
            Some(elem) => {
                x.mode = Mode::CommaOk;
                x.ty = elem;
                self.env.has_call_or_recv = true;
            }
            None => x.mode = Mode::Invalid,
        }
    }
}
