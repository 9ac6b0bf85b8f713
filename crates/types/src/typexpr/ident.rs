//! Identifiers, as values and as types.

use crate::checker::Checker;
use crate::code::Code;
use crate::operand::Operand;
use crate::store::*;
use crate::universe::{UNKNOWN_VALUE, typ};
use crate::version::GoVersion;
use base::sym;
use syntax::ast::{Expr, ExprKind, Ident};
use syntax::unicode::{is_digit, is_letter};

impl<'a> Checker<'a> {
    /// Makes `x` what the identifier `e` denotes, invalid after an error. With `want_type` it should denote a type.
    pub fn ident(&mut self, x: &mut Operand<'a>, e: &'a Expr<'a>, want_type: bool) {
        x.invalidate();
        x.expr = Some(e);
        let ExprKind::Name(name) = e.kind else { unreachable!("types: ident of another expression") };
        let Some((scope, obj)) = self.lookup_parent(self.env.scope, name) else {
            if name.is_blank() {
                self.error(e, Code::InvalidBlank, "cannot use _ as value or type");
            } else if is_valid_name(name.as_str()) {
                self.error(e, Code::UndeclaredName, format!("undefined: {name}"));
            }
            return;
        };
        let Object { kind, pkg, mut ty, .. } = *self.obj(obj);
        if pkg.is_none() && (name == sym::ANY || name == sym::COMPARABLE) {
            let version = GoVersion::go1(18);
            if !self.allow_version(version) {
                self.version_error(e, version, &format!("predeclared {name}"));
                return;
            }
        }
        self.record_use(Ident { id: e.id, pos: e.pos, name }, obj);

        let own = pkg == Some(self.env.pkg);
        let is_type = matches!(kind, ObjKind::TypeName);
        if want_type && !is_type {
            // The type of a value is of no interest here, and may not be known yet.
            let message = format!("{} ({}) is not a type", self.obj(obj).name, self.object_kind(obj));
            self.error(e, Code::NotAType, message);
            if own {
                self.mark_var_used(obj);
            }
            return;
        }

        // If the object has a type, checking it again can only find a cycle, which matters for types alone: for values
        // there are better messages, where they are used.
        if ty.is_none() || is_type && want_type && own {
            self.obj_decl(obj);
            ty = self.obj(obj).ty;
        }
        let ty = ty.expect("obj_decl gives every object a type");

        if !own
            && pkg.is_some()
            && let Some(&pkg_name) = self.pkg_state().dot_imports.get(&(scope, name))
            && let ObjKind::PkgName { used, .. } = &mut self.objects[pkg_name].kind
        {
            *used = true;
        }

        match self.obj(obj).kind {
            ObjKind::PkgName { .. } => {
                self.error(e, Code::InvalidPkgUse, format!("use of package {name} not in selector"));
                return;
            }
            ObjKind::Const { val } => {
                self.add_decl_dep(obj);
                if ty == typ::INVALID {
                    return;
                }
                x.val = if pkg.is_none() && name == sym::IOTA {
                    if self.env.iota.is_none() {
                        self.error(e, Code::InvalidIota, "cannot use iota outside constant declaration");
                        return;
                    }
                    self.env.iota.clone()
                } else {
                    Some(self.consts[val.unwrap_or(UNKNOWN_VALUE)].clone())
                };
                x.mode = Mode::Constant;
            }
            ObjKind::TypeName => x.mode = Mode::TypeExpr,
            ObjKind::Var { .. } => {
                if own {
                    self.mark_var_used(obj);
                }
                self.add_decl_dep(obj);
                if ty == typ::INVALID {
                    return;
                }
                x.mode = Mode::Variable;
            }
            ObjKind::Func { .. } => {
                self.add_decl_dep(obj);
                x.mode = Mode::Value;
            }
            ObjKind::Builtin(id) => x.mode = Mode::Builtin(id),
            ObjKind::Nil => x.mode = Mode::NilValue,
            ObjKind::Label { .. } => unreachable!("types: labels are in no scope"),
        }
        x.ty = ty;
    }

    fn mark_var_used(&mut self, obj: ObjId) {
        if let ObjKind::Var { used, .. } = &mut self.objects[obj].kind {
            *used = true;
        }
    }
}

/// Whether the lexer had nothing to say about the name.
fn is_valid_name(name: &str) -> bool {
    name.chars().enumerate().all(|(index, c)| c == '_' || is_letter(c) || index > 0 && is_digit(c))
}
