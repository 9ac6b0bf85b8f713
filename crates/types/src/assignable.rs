//! Assignability of an operand to a type.

use crate::checker::Checker;
use crate::code::Code;
use crate::operand::Operand;
use crate::store::{ChanDir, Mode, Type, TypeId};

impl<'a> Checker<'a> {
    /// Whether the operand is the predeclared nil, still untyped.
    pub fn is_nil(&self, x: &Operand<'a>) -> bool {
        x.mode == Mode::NilValue
    }

    /// Whether `x` may be assigned to a variable of type `ty`. If not, `cause` may be told why.
    pub fn assignable_to(&mut self, x: &Operand<'a>, ty: TypeId, mut cause: Option<&mut String>) -> Result<(), Code> {
        if !x.is_valid() || !self.is_valid(ty) {
            return Ok(()); // reported before
        }
        let (v, t) = (self.unalias(x.ty), self.unalias(ty));

        // spec: "V and T are identical."
        if v == t || self.identical(v, t) {
            return Ok(());
        }
        let (v_under, t_under) = (self.under(v), self.under(t));
        let v_is_type_param = self.is_type_param(v);
        let t_is_type_param = self.is_type_param(t);
        let incompatible = Err(Code::IncompatibleAssign);

        // spec: "x is an untyped constant representable by a value of type T."
        if self.is_untyped(v_under) {
            if !t_is_type_param {
                return self.implicit_type_and_value(x, t).map(drop).or(incompatible);
            }
            for specific in self.type_set_terms(t) {
                let Some((ty, _)) = specific else { return incompatible };
                if self.implicit_type_and_value(x, ty).is_err() {
                    return incompatible;
                }
            }
            return Ok(());
        }

        // spec: "V and T have identical underlying types but are not type parameters and at least one of V or T is not a
        // named type." Identity comes first as in types2: of interfaces that embed each other, which is an error that is
        // perhaps not known yet, it settles whose type set is made first, and with it what else is reported.
        if self.identical(v_under, t_under)
            && !v_is_type_param
            && !t_is_type_param
            && (!self.has_name(v) || !self.has_name(t))
        {
            return Ok(());
        }

        // spec: "T is an interface type, but not a type parameter, and x implements T." A pointer to an interface takes
        // this way too, for the explanation that `implements` gives.
        if self.is_non_type_param_interface(t) || self.is_interface_ptr(t_under) {
            if self.implements(v, t, false, cause.as_deref_mut()) {
                return Ok(());
            }
            if !v_is_type_param {
                return Err(Code::InvalidIfaceAssign);
            }
            // The types in V's type set may be assignable yet.
            if let Some(cause) = cause.as_deref_mut() {
                cause.clear();
            }
        }
        if !v_is_type_param && matches!(self.ty(v_under), Type::Interface(_)) && self.implements(t, v, false, None) {
            if let Some(cause) = cause {
                *cause = "need type assertion".to_string();
            }
            return incompatible;
        }

        // spec: "V and T are channel types with identical element types, V is a bidirectional channel, and at least one
        // of V or T is not a named type."
        if let Type::Chan { dir: ChanDir::Both, elem: v_elem } = self.ty(v_under)
            && let Type::Chan { elem: t_elem, .. } = self.ty(t_under)
            && self.identical(v_elem, t_elem)
        {
            let both_named = self.has_name(v) && self.has_name(t);
            return if both_named { Err(Code::InvalidChanAssign) } else { Ok(()) };
        }

        if t_is_type_param && !self.has_name(v) {
            return self.assignable_to_each(x, t, cause);
        }
        if v_is_type_param && !self.has_name(t) {
            return self.each_assignable_to(x, v, ty, cause);
        }
        incompatible
    }

    /// spec: "V is not a named type, T is a type parameter, and x is assignable to each type in T's type set."
    fn assignable_to_each(&mut self, x: &Operand<'a>, t: TypeId, mut cause: Option<&mut String>) -> Result<(), Code> {
        for specific in self.type_set_terms(t) {
            let Some((ty, _)) = specific else { return Err(Code::IncompatibleAssign) };
            if let Err(code) = self.assignable_to(x, ty, cause.as_deref_mut()) {
                if let Some(cause) = cause {
                    let (from, to, param) = (self.type_string(x.ty), self.type_string(ty), self.type_string(t));
                    explain(cause, format!("cannot assign {from} to {to} (in {param})"));
                }
                return Err(code);
            }
        }
        Ok(())
    }

    /// spec: "V is a type parameter and T is not a named type, and values of each type in V's type set are assignable to
    /// T."
    fn each_assignable_to(
        &mut self,
        x: &Operand<'a>,
        v: TypeId,
        ty: TypeId,
        mut cause: Option<&mut String>,
    ) -> Result<(), Code> {
        for specific in self.type_set_terms(v) {
            let Some((from, _)) = specific else { return Err(Code::IncompatibleAssign) };
            let value = Operand { mode: x.mode, expr: x.expr, ty: from, val: None };
            if let Err(code) = self.assignable_to(&value, ty, cause.as_deref_mut()) {
                if let Some(cause) = cause {
                    let (from, param, to) = (self.type_string(from), self.type_string(v), self.type_string(ty));
                    explain(cause, format!("cannot assign {from} (in {param}) to {to}"));
                }
                return Err(code);
            }
        }
        Ok(())
    }
}

/// Puts the outer reason in front of the inner one.
pub(crate) fn explain(cause: &mut String, reason: String) {
    let inner = std::mem::replace(cause, reason);
    if !inner.is_empty() {
        cause.push_str("\n\t");
        cause.push_str(&inner);
    }
}
