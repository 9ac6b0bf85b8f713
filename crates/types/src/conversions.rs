//! Conversions `T(x)`.

use crate::assignable::explain;
use crate::checker::Checker;
use crate::code::Code;
use crate::constant::{Kind, Value};
use crate::operand::Operand;
use crate::store::{BasicKind, Mode, Type, TypeId};
use crate::universe::typ;
use crate::version::GoVersion;

impl<'a> Checker<'a> {
    /// Converts `x` to `ty`.
    pub fn conversion(&mut self, x: &mut Operand<'a>, ty: TypeId) {
        let const_arg = x.mode == Mode::Constant;
        let to_const_type = const_arg && self.is_const_type(ty);
        let mut cause = String::new();
        let ok = if to_const_type {
            let converted = self.const_conversion(x, ty);
            if converted.is_none() && self.is_integer(x.ty) && self.is_integer(ty) {
                let message = format!("constant {} overflows {}", x.value().short_string(), self.type_string(ty));
                self.error(&*x, Code::InvalidConversion, message);
                x.mode = Mode::Invalid;
                return;
            }
            let ok = converted.is_some();
            // A whole number that an integer type cannot hold is shown as an integer, whatever it was written as.
            x.val = converted.or_else(|| {
                let whole = self.is_integer(ty).then(|| x.value().to_int());
                whole.filter(|value| value.kind() == Kind::Int).or(x.val.take())
            });
            ok
        } else if const_arg && self.is_type_param(ty) {
            let ok = self.const_to_type_param(x, ty, &mut cause);
            x.mode = Mode::Value; // type parameters are not constant
            ok
        } else if self.convertible_to(x, ty, Some(&mut cause)) {
            x.mode = Mode::Value;
            true
        } else {
            false
        };
        if !ok {
            let (operand, target) = (self.operand_string(x), self.type_string(ty));
            let mut message = format!("cannot convert {operand} to type {target}");
            if !cause.is_empty() {
                message.push_str(": ");
                message.push_str(&cause);
            }
            self.error(&*x, Code::InvalidConversion, message);
            x.mode = Mode::Invalid;
            return;
        }
        if self.is_untyped(x.ty) {
            let settled = self.converted_operand_type(x, ty, const_arg);
            self.update_expr_type(x.expr(), settled, true);
        }
        x.ty = ty;
    }

    /// Whether `ty(x)` is valid. If not, `cause` may be told why.
    pub fn convertible_to(&mut self, x: &Operand<'a>, ty: TypeId, mut cause: Option<&mut String>) -> bool {
        // spec: "x is assignable to T."
        if self.assignable_to(x, ty, cause.as_deref_mut()).is_ok() {
            return true;
        }
        let (v, t) = (self.unalias(x.ty), self.unalias(ty));
        let (v_under, t_under) = (self.under(v), self.under(t));
        let v_is_type_param = self.is_type_param(v);
        let t_is_type_param = self.is_type_param(t);

        // spec: "ignoring struct tags, x's type and T are not type parameters but have identical underlying types."
        if !v_is_type_param && !t_is_type_param && self.identical_ignore_tags(v_under, t_under) {
            return true;
        }
        // spec: "ignoring struct tags, x's type and T are pointer types that are not named types, and their pointer base
        // types are not type parameters but have identical underlying types."
        if let (Type::Pointer { elem: v_base }, Type::Pointer { elem: t_base }) = (self.ty(v), self.ty(t)) {
            let (v_base_under, t_base_under) = (self.under(v_base), self.under(t_base));
            if self.identical_ignore_tags(v_base_under, t_base_under)
                && !self.is_type_param(v_base)
                && !self.is_type_param(t_base)
            {
                return true;
            }
        }
        if self.basic_conversion(v_under, t_under) {
            return true;
        }
        // spec: "x is a slice, T is an array or a pointer to an array, and the slice and array types have identical
        // element types."
        if let Type::Slice { elem } = self.ty(v_under)
            && let Some((since, what)) = self.slice_to_array(elem, t_under)
        {
            if self.allow_version(since) {
                return true;
            }
            if let Some(cause) = cause {
                *cause = format!("conversion of slice to {what} requires {since} or later");
            }
            return false;
        }
        if v_is_type_param {
            self.each_convertible_to(x, v, ty, t_is_type_param, cause)
        } else if t_is_type_param {
            self.convertible_to_each(x, t, cause)
        } else {
            false
        }
    }

    /// The constant `x` as a value of the constant type `ty`.
    fn const_conversion(&mut self, x: &Operand<'a>, ty: TypeId) -> Option<Value> {
        let Type::Basic(kind) = self.under_type(ty) else { return None };
        if let Some(value) = self.representable_const(x.value(), kind) {
            return Some(value);
        }
        // spec: "Converting a constant of integer type to a string type yields a string containing the UTF-8
        // representation of the integer. Values outside the range of valid Unicode code points are converted to
        // "\uFFFD"."
        if self.is_integer(x.ty) && kind.is_string() {
            let code_point = x.value().as_u64().and_then(|value| u32::try_from(value).ok()).and_then(char::from_u32);
            let char = code_point.unwrap_or(char::REPLACEMENT_CHARACTER);
            return Some(Value::from_bytes(char.encode_utf8(&mut [0; 4]).as_bytes()));
        }
        None
    }

    /// spec: "Converting a constant to a type parameter yields a non-constant value of that type, with the value
    /// converted to the type argument": possible if it is for each type in the type set.
    fn const_to_type_param(&mut self, x: &Operand<'a>, ty: TypeId, cause: &mut String) -> bool {
        for specific in self.type_set_terms(ty) {
            let Some((_, under)) = specific else {
                *cause = format!("{} does not contain specific types", self.type_string(ty));
                return false;
            };
            if self.is_string(x.ty) && self.is_bytes_or_runes(under) || self.const_conversion(x, under).is_some() {
                continue;
            }
            let (target, param) = (self.type_string(under), self.type_string(ty));
            *cause = if self.is_integer(x.ty) && self.is_integer(under) {
                format!("constant {} overflows {target} (in {param})", x.value().short_string())
            } else {
                format!("cannot convert {} to type {target} (in {param})", self.operand_string(x))
            };
            return false;
        }
        true
    }

    /// The type that a converted untyped operand ends up with.
    ///
    /// spec: "A constant may be given a type explicitly by a constant declaration or conversion": usually the target.
    fn converted_operand_type(&mut self, x: &Operand<'a>, ty: TypeId, const_arg: bool) -> TypeId {
        if x.ty == typ::UNTYPED_NIL {
            return ty;
        }
        // A constant that becomes a value of a type without constants, such as []byte("foo"), has to exist as a value of
        // its own first.
        if self.is_non_type_param_interface(ty) || const_arg && !self.is_const_type(ty) {
            return self.default_type(x.ty);
        }
        if x.mode == Mode::Constant && self.is_integer(x.ty) && self.all_string(ty) {
            return x.ty; // string(65)
        }
        ty
    }

    /// The rules for basic types and for strings, between underlying types.
    fn basic_conversion(&mut self, v: TypeId, t: TypeId) -> bool {
        // spec: "x's type and T are both integer or floating point types."
        if self.is_integer_or_float(v) && self.is_integer_or_float(t) {
            return true;
        }
        // spec: "x's type and T are both complex types."
        if self.is_complex(v) && self.is_complex(t) {
            return true;
        }
        // spec: "x is an integer or a slice of bytes or runes and T is a string type."
        if self.is_string(t) && (self.is_integer(v) || self.is_bytes_or_runes(v)) {
            return true;
        }
        // spec: "x is a string and T is a slice of bytes or runes."
        if self.is_string(v) && self.is_bytes_or_runes(t) {
            return true;
        }
        // spec: "Any pointer or value of underlying type uintptr can be converted to a type of underlying type Pointer
        // and vice versa."
        let is = |ty: Type, kind| ty == Type::Basic(kind);
        let is_address = |ty: Type| matches!(ty, Type::Pointer { .. }) || is(ty, BasicKind::Uintptr);
        let (v, t) = (self.ty(v), self.ty(t));
        is_address(v) && is(t, BasicKind::UnsafePointer) || is(v, BasicKind::UnsafePointer) && is_address(t)
    }

    /// If the target's underlying type `t` is an array of `elem` or a pointer to one: since when a slice of `elem` may
    /// be converted to it, and what it is.
    fn slice_to_array(&mut self, elem: TypeId, t: TypeId) -> Option<(GoVersion, &'static str)> {
        let (array, since, what) = match self.ty(t) {
            Type::Pointer { elem: base } => (self.under_type(base), GoVersion::go1(17), "array pointer"),
            array => (array, GoVersion::go1(20), "array"),
        };
        match array {
            Type::Array { elem: array_elem, .. } if self.identical(elem, array_elem) => Some((since, what)),
            _ => None,
        }
    }

    /// spec: "Both V and T are type parameters and a value of each type in V's type set can be converted to each type in
    /// T's type set"; "only V is a type parameter and a value of each type in V's type set can be converted to T."
    fn each_convertible_to(
        &mut self,
        x: &Operand<'a>,
        v: TypeId,
        ty: TypeId,
        t_is_type_param: bool,
        mut cause: Option<&mut String>,
    ) -> bool {
        let target = self.unalias(ty);
        for specific in self.type_set_terms(v) {
            let Some((from, _)) = specific else { return false };
            let value = Operand { mode: x.mode, expr: x.expr, ty: from, val: None };
            // If only V is a type parameter, this is T alone.
            for to in self.type_set_terms(target) {
                let Some((to, _)) = to else { return false };
                if self.convertible_to(&value, to, cause.as_deref_mut()) {
                    continue;
                }
                if let Some(cause) = cause {
                    let (from, v) = (self.type_string(from), self.type_string(v));
                    let reason = if t_is_type_param {
                        let (to, t) = (self.type_string(to), self.type_string(target));
                        format!("cannot convert {from} (in {v}) to type {to} (in {t})")
                    } else {
                        format!("cannot convert {from} (in {v}) to type {}", self.type_string(ty))
                    };
                    explain(cause, reason);
                }
                return false;
            }
        }
        true
    }

    /// spec: "Only T is a type parameter and x can be converted to each type in T's type set."
    fn convertible_to_each(&mut self, x: &Operand<'a>, t: TypeId, mut cause: Option<&mut String>) -> bool {
        for specific in self.type_set_terms(t) {
            let Some((to, _)) = specific else { return false };
            if self.convertible_to(x, to, cause.as_deref_mut()) {
                continue;
            }
            if let Some(cause) = cause {
                let (from, to, t) = (self.type_string(x.ty), self.type_string(to), self.type_string(t));
                explain(cause, format!("cannot convert {from} to type {to} (in {t})"));
            }
            return false;
        }
        true
    }
}
