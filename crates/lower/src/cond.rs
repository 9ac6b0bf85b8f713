//! Conditions: `&&`, `||` and `!` as control flow.
//!
//! Chains of one operator lean left and are taken in a loop.

use crate::func::FuncLowerer;
use crate::value::Val;
use ir::{Block, Ty};
use syntax::ast::{self, ExprKind, Operator};

impl<'a> FuncLowerer<'_, 'a> {
    /// Branches on a boolean expression; the blocks get those edges that can be taken.
    pub fn cond(&mut self, e: &'a ast::Expr<'a>, then: Block, els: Block) {
        let e = e.unparen();
        self.at(e.pos);
        if let Some(value) = self.const_bool(e) {
            return self.jump(if value { then } else { els });
        }
        match e.kind {
            ExprKind::Unary { op: Operator::Not, x } => self.cond(x, els, then),
            ExprKind::Binary { op: op @ (Operator::AndAnd | Operator::OrOr), .. } => {
                let is_and = op == Operator::AndAnd;
                let operands = chain(e, op);
                let (last, others) = operands.split_last().expect("lower: cond: two operands");
                for operand in others {
                    match self.const_bool(operand) {
                        Some(value) if value == is_and => continue,
                        Some(_) => return self.jump(if is_and { els } else { then }),
                        None => {}
                    }
                    let next = self.new_block();
                    let (then, els) = if is_and { (next, els) } else { (then, next) };
                    self.cond(operand, then, els);
                    self.start(next);
                }
                self.cond(last, then, els);
            }
            _ => {
                let cond = self.expr(e).single();
                self.at(e.pos);
                self.branch(cond, then, els);
            }
        }
    }

    /// `x && y`, `x || y` as a value.
    pub(crate) fn logical(&mut self, e: &'a ast::Expr<'a>) -> Val {
        let ExprKind::Binary { op, .. } = e.kind else { unreachable!("lower: logical: an operator") };
        let is_and = op == Operator::AndAnd;
        let result = self.variable(Ty::I32);
        let join = self.new_block();
        let operands = chain(e, op);
        let (last, others) = operands.split_last().expect("lower: logical: two operands");
        let mut is_decided = false;
        for operand in others {
            match self.const_bool(operand) {
                Some(value) if value == is_and => continue,
                constant => {
                    let value = self.expr(operand).single();
                    self.write(result, value);
                    self.at(e.pos);
                    if constant.is_some() {
                        is_decided = true;
                        break;
                    }
                    let next = self.new_block();
                    let (then, els) = if is_and { (next, join) } else { (join, next) };
                    self.branch(value, then, els);
                    self.start(next);
                }
            }
        }
        if !is_decided {
            let value = self.expr(last).single();
            self.write(result, value);
        }
        self.jump(join);
        self.start(join);
        Val::one(self.read(result))
    }

    /// The value of a constant condition: code behind the other outcome need not be lowered.
    pub fn const_bool(&self, e: &'a ast::Expr<'a>) -> Option<bool> {
        self.constant_value(e).map(|value| value.as_bool())
    }
}

/// The operands of `a op b op c`.
fn chain<'a>(e: &'a ast::Expr<'a>, op: Operator) -> Vec<&'a ast::Expr<'a>> {
    let mut operands = Vec::new();
    let mut left = e;
    while let ExprKind::Binary { op: other, x, y } = left.kind
        && other == op
    {
        operands.push(y);
        left = x;
    }
    operands.push(left);
    operands.reverse();
    operands
}
