//! In which order the operands of an expression are evaluated.
//!
//! spec: "when evaluating the operands of an expression, assignment, or return statement, all function calls, method
//! calls, receive operations, and binary logical operations are evaluated in lexical left-to-right order." When a
//! variable is read is left open. Programs see what gc does: calls and receives first, in order, then all the rest. So
//! in `x + f()` the call comes first, and x is what f made of it.

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::CanonId;
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, Operator};
use types::{BuiltinId, Mode};

/// An operand, and the type it is wanted as.
pub type Operand<'a> = (&'a ast::Expr<'a>, CanonId);

impl<'a> FuncLowerer<'_, 'a> {
    /// The values of operands that an operation takes together.
    pub fn operands(&mut self, operands: &[Operand<'a>]) -> SmallVec<[Val; 4]> {
        let has_late_effects = operands.iter().skip(1).any(|operand| self.has_effects(operand.0));
        if !has_late_effects {
            return operands.iter().map(|&(e, ty)| self.expr_as(e, ty)).collect();
        }
        let mut values: SmallVec<[Option<Val>; 4]> = SmallVec::from_elem(None, operands.len());
        for effects in [true, false] {
            for (value, &(e, ty)) in values.iter_mut().zip(operands) {
                if value.is_none() && (!effects || self.has_calls(e)) {
                    *value = Some(self.expr_as(e, ty));
                }
            }
        }
        values.into_iter().map(|value| value.expect("lower: operands: all were evaluated")).collect()
    }

    /// Whether evaluating the expression calls or receives. Panics do not count.
    ///
    /// An assignment to a place without effects evaluates its right side first: `*p = f()` uses the p that f leaves.
    pub fn has_effects(&self, e: &'a ast::Expr<'a>) -> bool {
        self.calls(e, false)
    }

    /// Whether there is a call in the expression, be it of a builtin that changes nothing: calls keep their order.
    fn has_calls(&self, e: &'a ast::Expr<'a>) -> bool {
        self.calls(e, true)
    }

    fn calls(&self, e: &'a ast::Expr<'a>, of_pure_builtins: bool) -> bool {
        let mut pending: SmallVec<[&'a ast::Expr<'a>; 16]> = SmallVec::new();
        pending.push(e);
        while let Some(e) = pending.pop() {
            match e.kind {
                ExprKind::Name(_) | ExprKind::BasicLit { .. } | ExprKind::FuncLit(_) => {}
                _ if matches!(self.recorded(e).mode, Mode::Constant | Mode::TypeExpr) => {}
                ExprKind::Paren(x)
                | ExprKind::Selector { x, .. }
                | ExprKind::Assert { x, .. }
                | ExprKind::TypeSwitchGuard { x, .. } => pending.push(x),
                ExprKind::Unary { op: Operator::Recv, .. } => return true,
                ExprKind::Unary { x, .. } => pending.push(x),
                ExprKind::Binary { x, y, .. } => pending.extend([x, y]),
                ExprKind::KeyValue { key, value } => pending.extend([key, value]),
                ExprKind::Index { x, index } => pending.extend([x, index]),
                ExprKind::Slice { x, index, .. } => {
                    pending.push(x);
                    pending.extend(index.into_iter().flatten());
                }
                ExprKind::CompositeLit(literal) => pending.extend_from_slice(literal.elems),
                ExprKind::List(list) => pending.extend_from_slice(list),
                ExprKind::Call(call) => match self.recorded(call.fun).mode {
                    Mode::TypeExpr => pending.extend_from_slice(call.args),
                    Mode::Builtin(id) if is_unordered(id) && !of_pure_builtins => pending.extend_from_slice(call.args),
                    _ => return true,
                },
                ExprKind::Bad
                | ExprKind::ArrayType { .. }
                | ExprKind::SliceType { .. }
                | ExprKind::DotsType { .. }
                | ExprKind::StructType(_)
                | ExprKind::InterfaceType(_)
                | ExprKind::FuncType(_)
                | ExprKind::MapType { .. }
                | ExprKind::ChanType { .. } => {}
            }
        }
        false
    }
}

/// A builtin that programs cannot see being called. Those of the language take part in the order of calls, as in gc.
fn is_unordered(id: BuiltinId) -> bool {
    use BuiltinId::*;
    matches!(id, Add | Alignof | Offsetof | Sizeof | Slice | SliceData | String | StringData)
}
