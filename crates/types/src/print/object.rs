//! Objects as text: `func (T).String() string`, `var x int`.

use super::TypeWriter;
use crate::checker::Checker;
use crate::store::*;
use base::sym;
use syntax::unicode::quote_string;

impl<'a> Checker<'a> {
    pub fn object_string(&mut self, obj: ObjId) -> String {
        let object = *self.obj(obj);
        let what = match object.kind {
            ObjKind::PkgName { imported, .. } => {
                let path = &self.packages[imported].path;
                return match object.name.as_str() {
                    name if path.is_empty() || path == name => format!("package {name}"),
                    name => format!("package {name} ({})", quote_string(path)),
                };
            }
            ObjKind::Func { .. } => {
                let signature = match object.ty.map(|ty| self.ty(ty)) {
                    Some(Type::Signature(sig)) => self.signature_string(sig),
                    _ => String::new(),
                };
                return format!("func {}{signature}", self.func_name_string(obj));
            }
            ObjKind::Nil => return "nil".to_string(),
            ObjKind::Label { .. } => return format!("label {}", object.name),
            ObjKind::Builtin(_) => return format!("builtin {}{}", self.qualifier_of(obj), object.name),
            ObjKind::Const { .. } => "const",
            ObjKind::TypeName if self.is_type_param_name(obj) => "type parameter",
            ObjKind::TypeName => "type",
            ObjKind::Var { kind: VarKind::Field, .. } => "field",
            ObjKind::Var { .. } => "var",
        };
        let head = format!("{what} {}{}", self.qualifier_of(obj), object.name);
        let Some(ty) = object.ty else { return head };
        if !matches!(object.kind, ObjKind::TypeName) {
            return format!("{head} {}", self.type_string(ty));
        }
        match self.ty(ty) {
            Type::Basic(_) => head,
            Type::TypeParam(id) => self.definition_string(head, TypeList::EMPTY, "", self.type_params[id].bound),
            Type::Alias(_) if object.name == sym::ANY && object.pkg.is_none() => format!("{head} = interface{{}}"),
            Type::Alias(id) => {
                let AliasData { tparams, from_rhs, .. } = self.aliases[id];
                self.definition_string(head, tparams, " =", from_rhs)
            }
            kind => {
                let underlying = self.under(ty);
                let tparams = match kind {
                    Type::Named(id) => self.named[id].tparams,
                    _ => TypeList::EMPTY,
                };
                self.definition_string(head, tparams, "", Some(underlying))
            }
        }
    }

    /// A function's name with what it belongs to: `(*T).m`, `pkg.f`.
    pub fn func_name_string(&self, func: ObjId) -> String {
        let object = self.obj(func);
        let recv = object.ty.and_then(|ty| self.as_signature(ty)).map(|sig| sig.recv);
        match recv {
            None => object.name.to_string(),
            Some(Some(recv)) => match self.obj(recv).ty {
                Some(ty) if !matches!(self.ty(ty), Type::Interface(_)) => {
                    format!("({}).{}", self.type_string(ty), object.name)
                }
                _ => format!("(interface).{}", object.name),
            },
            Some(None) => match object.pkg {
                Some(pkg) => format!("{}{}", self.package_prefix(pkg), object.name),
                None => object.name.to_string(),
            },
        }
    }

    /// What kind of thing an object is, in words.
    pub fn object_kind(&self, obj: ObjId) -> &'static str {
        let object = self.obj(obj);
        match object.kind {
            ObjKind::PkgName { .. } => "package name",
            ObjKind::Const { .. } => "constant",
            ObjKind::TypeName => match object.ty.map(|ty| self.ty(ty)) {
                Some(Type::Alias(_)) => "type alias",
                Some(Type::TypeParam(_)) => "type parameter",
                _ => "defined type",
            },
            ObjKind::Var { kind, .. } => match kind {
                VarKind::Package => "package-level variable",
                VarKind::Local => "local variable",
                VarKind::Recv => "receiver",
                VarKind::Param => "parameter",
                VarKind::Result => "result variable",
                VarKind::Field => "struct field",
            },
            ObjKind::Func { .. } => match object.ty.and_then(|ty| self.as_signature(ty)) {
                Some(sig) if sig.recv.is_some() => "method",
                _ => "function",
            },
            ObjKind::Label { .. } => "label",
            ObjKind::Builtin(_) => "built-in function",
            ObjKind::Nil => "untyped nil",
        }
    }

    /// Head, type parameters, and what the name stands for.
    fn definition_string(&self, head: String, tparams: TypeList, sign: &str, ty: Option<TypeId>) -> String {
        let mut writer = TypeWriter::new(self);
        writer.put(&head);
        writer.type_params(tparams);
        writer.put(sign);
        writer.put(" ");
        writer.ty(ty);
        writer.finish()
    }

    /// Only package-level objects are qualified.
    fn qualifier_of(&self, obj: ObjId) -> String {
        let object = self.obj(obj);
        match object.pkg {
            Some(pkg) if self.scope(self.packages[pkg].scope).lookup(object.name) == Some(obj) => {
                self.package_prefix(pkg)
            }
            _ => String::new(),
        }
    }

    fn is_type_param_name(&self, obj: ObjId) -> bool {
        self.obj(obj).ty.is_some_and(|ty| matches!(self.ty(ty), Type::TypeParam(_)))
    }
}
