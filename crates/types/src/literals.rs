//! Basic literals and function literals; `composite.rs` has the composite ones.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::store::{Mode, Type};
use crate::universe::typ;
use crate::version::GoVersion;
use syntax::ast::{self, LitKind};
use syntax::expr_string;

/// Characters of a numeric literal; anything longer means nothing and takes long to convert.
const MAX_LITERAL_LEN: usize = 10_000;

impl<'a> Checker<'a> {
    pub(crate) fn basic_lit(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, kind: LitKind, text: &str) {
        if matches!(kind, LitKind::Int | LitKind::Float | LitKind::Imag) {
            self.literal_version(e, kind, text);
            if text.len() > MAX_LITERAL_LEN {
                let message = format!("excessively long constant: {}... ({} chars)", &text[..10], text.len());
                self.error(e, Code::InvalidConstVal, message);
                return;
            }
        }
        let value = Value::from_literal(text, kind);
        if value.is_unknown() {
            // The lexer accepted it, so it is out of range.
            self.error(e, Code::InvalidConstVal, format!("malformed constant: {text}"));
            return;
        }
        x.mode = Mode::Constant;
        x.ty = match kind {
            LitKind::Int => typ::UNTYPED_INT,
            LitKind::Float => typ::UNTYPED_FLOAT,
            LitKind::Imag => typ::UNTYPED_COMPLEX,
            LitKind::Rune => typ::UNTYPED_RUNE,
            LitKind::String => typ::UNTYPED_STRING,
        };
        x.val = Some(value);
        x.expr = Some(e);
        self.overflow(x, e.pos);
    }

    /// The body is checked later, but before the enclosing scope gets more names: the literal may be part of a type's
    /// declaration that its body refers to.
    pub(crate) fn func_lit(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, literal: &'a ast::FuncLit<'a>) {
        let ty = self.typ(literal.ty);
        let Type::Signature(sig) = self.ty(ty) else {
            self.error(e, Code::InvalidSyntaxTree, format!("invalid function literal {}", expr_string(e)));
            return;
        };
        // The function's scope reaches from `func` to the closing brace.
        if let Some(scope) = self.signatures[sig].scope {
            let scope = &mut self.scopes[scope];
            (scope.pos, scope.end) = (e.pos, e.end());
        }
        // A literal belongs to the declaration that contains it: what its body uses, that declaration depends on.
        let (decl, iota) = (self.env.decl, self.env.iota.clone());
        self.later(move |c| c.func_body(decl, "<function literal>", sig, literal.body, iota));
        x.mode = Mode::Value;
        x.ty = ty;
    }

    /// Complains about numbers written in a way that is newer than the file's language version.
    fn literal_version(&mut self, e: &'a ast::Expr<'a>, kind: LitKind, text: &str) {
        const NUMBER_FORMS: GoVersion = GoVersion::go1(13);
        if text.len() <= 2 || self.allow_version(NUMBER_FORMS) {
            return;
        }
        let what = match text.as_bytes() {
            _ if text.contains('_') => "underscore in numeric literal",
            [b'0', b'b' | b'B', ..] => "binary literal",
            [b'0', b'o' | b'O', ..] => "0o/0O-style octal literal",
            [b'0', b'x' | b'X', ..] if kind != LitKind::Int => "hexadecimal floating-point literal",
            _ => return,
        };
        self.version_error(e, NUMBER_FORMS, what);
    }
}
