//! Operands as text: the expression, and in parentheses what it is: `x (variable of type int)`.

use super::TypeWriter;
use super::writer::basic_name;
use crate::checker::Checker;
use crate::operand::Operand;
use crate::store::*;
use crate::universe::typ;

impl<'a> Checker<'a> {
    pub fn operand_string(&mut self, x: &Operand<'a>) -> String {
        if x.mode == Mode::NilValue {
            return match x.ty {
                typ::INVALID => "nil (with invalid type)".to_string(),
                typ::UNTYPED_NIL => "nil".to_string(),
                ty => format!("nil (of type {})", self.type_string(ty)),
            };
        }
        let value = match (x.mode, &x.val) {
            (Mode::Constant, Some(value)) => value.short_string(),
            _ => String::new(),
        };
        let expr = match (x.expr, x.mode) {
            (Some(e), _) => syntax::expr_string(e),
            (None, Mode::Builtin(id)) => id.info().name.to_string(),
            (None, Mode::TypeExpr) => self.type_string(x.ty),
            (None, _) => value.clone(),
        };

        let mut text = String::new();
        let has_type = !matches!(x.mode, Mode::Invalid | Mode::NoValue | Mode::Builtin(_) | Mode::TypeExpr);
        let untyped = match self.ty(x.ty) {
            Type::Basic(kind) if has_type && kind.is_untyped() => Some(kind),
            _ => None,
        };
        if let Some(kind) = untyped {
            text.push_str(kind.name());
            text.push(' ');
        }
        text.push_str(mode_string(x.mode));
        if x.mode == Mode::Constant && value != expr {
            text.push(' ');
            text.push_str(&value);
        }
        if has_type && untyped.is_none() {
            self.add_type(&mut text, x.ty);
        }
        if expr.is_empty() { text } else { format!("{expr} ({text})") }
    }

    /// What kind of composite type `ty` is; empty if it is basic.
    pub fn composite_kind(&mut self, ty: TypeId) -> &'static str {
        let underlying = self.under(ty);
        match self.ty(underlying) {
            Type::Basic(_) => "",
            Type::Array { .. } => "array",
            Type::Slice { .. } => "slice",
            Type::Struct(_) => "struct",
            Type::Pointer { .. } => "pointer",
            Type::Signature(_) => "func",
            Type::Interface(_) => "interface",
            Type::Map { .. } => "map",
            Type::Chan { .. } => "chan",
            Type::Tuple(_) => "tuple",
            Type::Union(_) => "union",
            Type::Named(_) | Type::TypeParam(_) | Type::Alias(_) => {
                unreachable!("composite_kind: {ty} has no underlying type")
            }
        }
    }

    /// ` of struct type T`; a type parameter comes with its constraint.
    fn add_type(&mut self, text: &mut String, ty: TypeId) {
        let actual = self.unalias(ty);
        if actual == typ::INVALID {
            text.push_str(" with invalid type");
            return;
        }
        text.push_str(" of ");
        if self.is_generic(ty) {
            text.push_str("generic ");
        }
        let tparam = match self.ty(actual) {
            Type::TypeParam(id) => Some(id),
            _ => None,
        };
        if tparam.is_none() && matches!(self.ty(ty), Type::Named(_) | Type::Alias(_)) {
            let underlying = self.under(ty);
            text.push_str(match self.ty(underlying) {
                Type::Basic(kind) => basic_name(underlying, kind),
                _ => self.composite_kind(ty),
            });
            text.push(' ');
        }
        text.push_str("type ");
        text.push_str(&self.type_string(ty));
        if let Some(tparam) = tparam {
            let mut writer = TypeWriter::new(self);
            writer.put(" constrained by ");
            writer.ty(self.type_params[tparam].bound);
            text.push_str(&writer.finish());
            if self.has_empty_type_set(actual) {
                text.push_str(" with empty type set");
            }
        }
    }
}

fn mode_string(mode: Mode) -> &'static str {
    match mode {
        Mode::Invalid => "invalid operand",
        Mode::NoValue => "no value",
        Mode::Builtin(_) => "built-in",
        Mode::TypeExpr => "type",
        Mode::Constant => "constant",
        Mode::Variable => "variable",
        Mode::MapIndex => "map index expression",
        Mode::Value => "value",
        Mode::NilValue => "nil",
        Mode::CommaOk => "comma, ok expression",
        Mode::CommaErr => "comma, error expression",
    }
}
