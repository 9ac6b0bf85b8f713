//! Untyped expressions: how they get their types.
//!
//! An untyped expression is recorded with its untyped type when it is checked. Its final type comes later, from its
//! context: the other operand, the variable it is assigned to, or its default type. Then
//! [`update_expr_type`](Checker::update_expr_type) walks down the expression and rewrites what was recorded, stopping
//! where a type is settled already. In `var x float32 = 1<<s + 2` the assignment settles the sum, the shift, and the 1,
//! which is then found to be shifted though it is no integer.
//!
//! What is recorded as untyped is thus what go/types keeps in a map of its own until it is settled.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::store::{BasicKind, Mode, Type, TypeAndValue, TypeId};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind};

impl<'a> Checker<'a> {
    /// Gives `e`, if its type is not settled, and those of its operands that share its type, the type `ty`. That settles
    /// them if `ty` is typed or `is_final`.
    pub fn update_expr_type(&mut self, e: &'a ast::Expr<'a>, ty: TypeId, is_final: bool) {
        // Left operands are collected and then settled innermost first, because chains of operators lean left.
        let mut spine: SmallVec<[(&'a ast::Expr<'a>, TypeAndValue); 4]> = SmallVec::new();
        let mut next = Some(e);
        while let Some(e) = next {
            let old = self.recorded(e);
            if !old.ty.is_some_and(|ty| self.is_untyped(ty)) {
                break;
            }
            spine.push((e, old));
            next = match e.kind {
                ExprKind::Paren(inner) => Some(inner),
                // The operands of a constant operation never exist at run time; they stay untyped.
                _ if old.val.is_some() => None,
                ExprKind::Unary { x, .. } => Some(x),
                // A comparison's operands settled their types between themselves.
                ExprKind::Binary { op, x, .. } if !op.is_comparison() => Some(x),
                _ => None,
            };
        }
        while let Some((e, old)) = spine.pop() {
            if let ExprKind::Binary { op, y, .. } = e.kind
                && old.val.is_none()
                && !op.is_comparison()
                && !op.is_shift()
            {
                self.update_expr_type(y, ty, is_final);
            }
            self.settle(e, old, ty, is_final);
        }
    }

    /// Gives the untyped `x` the type `target`, or what it becomes in the context of `target`.
    pub fn convert_untyped(&mut self, x: &mut Operand<'a>, target: TypeId) {
        match self.implicit_type_and_value(x, target) {
            Ok((ty, val)) => self.set_implicit_type_and_value(x, ty, val),
            Err(code) => {
                let shown = if self.is_type_param(target) { target } else { self.under(target) };
                self.invalid_conversion(code, x, shown);
                x.mode = Mode::Invalid;
            }
        }
    }

    /// Applies what [`implicit_type_and_value`](Checker::implicit_type_and_value) found.
    pub fn set_implicit_type_and_value(&mut self, x: &mut Operand<'a>, ty: TypeId, val: Option<Value>) {
        if let Some(val) = val {
            self.update_expr_val(x.expr(), val.clone());
            x.val = Some(val);
        }
        if ty != x.ty {
            x.ty = ty;
            self.update_expr_type(x.expr(), ty, false);
        }
    }

    /// The type of the untyped `x` in the context of `target` and, for constants, its value there; the code says why it
    /// cannot be used there.
    pub fn implicit_type_and_value(
        &mut self,
        x: &Operand<'a>,
        target: TypeId,
    ) -> Result<(TypeId, Option<Value>), Code> {
        if !x.is_valid() || self.is_typed(x.ty) || !self.is_valid(target) {
            return Ok((x.ty, None));
        }
        let unfit = Err(Code::InvalidUntypedConversion);
        if self.is_untyped(target) {
            return self.max_type(x.ty, target).map_or(unfit, |ty| Ok((ty, None)));
        }
        if self.is_nil(x) {
            return if self.has_nil(target) { Ok((target, None)) } else { unfit };
        }
        match self.under_type(target) {
            Type::Basic(kind) if x.mode == Mode::Constant => {
                let val = self.representation(x, kind)?;
                Ok((target, Some(val)))
            }
            // Untyped values that are not constant: results of comparisons, and of shifts not settled yet.
            Type::Basic(kind) => {
                let Type::Basic(untyped) = self.ty(x.ty) else {
                    unreachable!("types: implicit_type_and_value: untyped types are basic")
                };
                let fits = match untyped {
                    BasicKind::UntypedBool => kind.is_boolean(),
                    BasicKind::UntypedString => kind.is_string(),
                    BasicKind::UntypedNil => false,
                    _ => kind.is_numeric(),
                };
                if fits { Ok((target, None)) } else { unfit }
            }
            Type::Interface(_) if self.is_type_param(target) => {
                for specific in self.type_set_terms(target) {
                    let Some((_, under)) = specific else { return unfit };
                    if self.implicit_type_and_value(x, under).is_err() {
                        return unfit;
                    }
                }
                Ok((target, None))
            }
            // Values in interfaces have concrete types, so it is the default type rather than the target.
            Type::Interface(iface) => {
                let tset = self.type_set(iface);
                if !self.type_set_is_all(tset) {
                    return unfit;
                }
                Ok((self.default_type(x.ty), None))
            }
            _ => unfit,
        }
    }

    pub fn invalid_conversion(&mut self, code: Code, x: &Operand<'a>, target: TypeId) {
        let (operand, target) = (self.operand_string(x), self.type_string(target));
        let message = match code {
            Code::TruncatedFloat => format!("{operand} truncated to {target}"),
            Code::NumericOverflow => format!("{operand} overflows {target}"),
            _ => format!("cannot convert {operand} to type {target}"),
        };
        self.error(x, code, message);
    }

    /// Replaces the recorded value of a constant that is not settled.
    pub fn update_expr_val(&mut self, e: &'a ast::Expr<'a>, val: Value) {
        let recorded = self.recorded(e);
        if let (Some(ty), Some(id)) = (recorded.ty, recorded.val)
            && self.is_untyped(ty)
        {
            self.consts[id] = val;
        }
    }

    /// Rewrites what is recorded for one expression; its operands are done.
    fn settle(&mut self, e: &'a ast::Expr<'a>, old: TypeAndValue, ty: TypeId, is_final: bool) {
        let unit = self.env.unit;
        if !is_final && self.is_untyped(ty) {
            self.units[unit].types[e.id].ty = Some(ty);
            return;
        }
        // Forgotten, until the checks below have passed, so that nothing settles it a second time.
        self.units[unit].types[e.id] = TypeAndValue::default();
        if self.shift_lhs.remove(&(unit, e.id)) && !self.all_integer(ty) {
            let (operand, shown) = (syntax::expr_string(e), self.type_string(ty));
            let message = format!("invalid operation: shifted operand {operand} (type {shown}) must be integer");
            self.error(e, Code::InvalidShiftOperand, message);
            return;
        }
        if let Some(id) = old.val {
            let val = Some(self.consts[id].clone());
            let mut x = Operand { mode: old.mode, expr: Some(e), ty: old.ty.expect("recorded"), val };
            self.convert_untyped(&mut x, ty);
            if !x.is_valid() {
                return;
            }
            if let Some(val) = x.val {
                self.consts[id] = val;
            }
        }
        self.units[unit].types[e.id] = TypeAndValue { mode: old.mode, ty: Some(ty), val: old.val };
    }
}
