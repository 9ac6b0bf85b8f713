//! Checking the declaration of an object: constants, variables, functions; types are in [`super::types`].
//!
//! An object is *white* (no type, not on the path), *grey* (on the path of objects being checked) or *black* (it has a
//! type). Reaching a grey object closes a cycle, which may be fine (`type T *T`) or not.

use super::ConstGroups;
use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::store::*;
use crate::universe::{UNKNOWN_VALUE, typ};
use base::Pos;
use smallvec::SmallVec;
use syntax::ast::{self, BodySource, Decl, Expr, ExprList};

impl<'a> Checker<'a> {
    /// Makes sure that `obj` has a type, by checking its declaration in the environment of its own package and file.
    /// Afterwards, or in a cycle, it has one.
    pub fn obj_decl(&mut self, obj: ObjId) {
        let Object { path_index, ty, decl, kind, .. } = *self.obj(obj);
        if path_index.is_some() {
            self.pending_obj(obj);
            return;
        }
        if ty.is_some() {
            return;
        }
        let Some(decl) = decl else { unreachable!("types: obj_decl of {} without declaration", self.obj(obj).name) };

        self.push(obj);
        let outer = self.enter_decl(decl);
        let info = &self.decls[decl];
        match kind {
            ObjKind::Const { .. } => {
                let spec = ConstInit { iota: info.iota, ty: info.ty, init: info.init, inherited: info.inherited };
                // spec: initialisers depend on what they refer to; this is what init order is computed from
                self.env.decl = Some(decl);
                self.const_decl(obj, spec);
            }
            ObjKind::Var { .. } => {
                let (ty, init, lhs) = (info.ty, info.init, info.lhs.unwrap_or_default());
                let lhs = SmallVec::<[ObjId; 4]>::from_slice(self.objs(lhs));
                self.env.decl = Some(decl);
                self.var_decl(obj, &lhs, ty, init);
            }
            ObjKind::TypeName => {
                let tdecl = info.tdecl.expect("a type name has a type declaration");
                self.direct_cycle(obj);
                if self.obj(obj).ty.is_none() {
                    self.type_decl(obj, tdecl);
                    self.collect_methods(obj);
                }
            }
            ObjKind::Func { .. } => self.func_decl(obj, decl),
            _ => unreachable!("types: obj_decl of an object that is not declared in a package"),
        }
        self.env = outer;
        self.pop();
    }

    /// A cycle was closed at `obj`. Invalid ones are reported, and broken by giving the object an invalid type.
    fn pending_obj(&mut self, obj: ObjId) {
        let valid = self.valid_cycle(obj);
        let object = &mut self.objects[obj];
        let broken = match object.kind {
            // A value without type so far depends on its own initialiser; init order reports that.
            ObjKind::Const { .. } | ObjKind::Var { .. } => !valid || object.ty.is_none(),
            ObjKind::TypeName => !valid,
            // Functions always have a signature; that it is empty for now makes the function useless in the cycle.
            _ => false,
        };
        if broken {
            object.ty = Some(typ::INVALID);
        }
    }

    fn const_decl(&mut self, obj: ObjId, spec: ConstInit<'a>) {
        let outer_iota = self.env.iota.replace(Value::from_i64(spec.iota.into()));
        let outer_errpos = std::mem::replace(&mut self.env.errpos, Pos::NONE);
        self.objects[obj].kind = ObjKind::Const { val: Some(UNKNOWN_VALUE) };
        if self.const_type(obj, spec.ty) {
            let mut x = Operand::new();
            if let Some(init) = spec.init {
                if spec.inherited {
                    // What is wrong with an inherited initialiser is wrong here, not where it is written.
                    self.env.errpos = self.obj(obj).pos;
                }
                self.expr(None, &mut x, init);
            }
            self.init_const(obj, &mut x);
        }
        self.env.iota = outer_iota;
        self.env.errpos = outer_errpos;
    }

    /// Gives the constant its declared type, if any; reports whether that is a type constants can have.
    fn const_type(&mut self, obj: ObjId, e: Option<&'a Expr<'a>>) -> bool {
        let Some(e) = e else { return true };
        let ty = self.typ(e);
        if self.is_const_type(ty) {
            self.objects[obj].ty = Some(ty);
            return true;
        }
        let under = self.under(ty);
        if self.is_valid(under) {
            let message = format!("invalid constant type {}", self.type_string(ty));
            self.error(e, Code::InvalidConstType, message);
        }
        self.objects[obj].ty = Some(typ::INVALID);
        false
    }

    /// `lhs` has all variables if there is one initialiser for them; `obj` is one of them.
    fn var_decl(&mut self, obj: ObjId, lhs: &[ObjId], ty: Option<&'a Expr<'a>>, init: Option<&'a Expr<'a>>) {
        if let Some(e) = ty {
            let ty = self.var_type(e);
            self.objects[obj].ty = Some(ty);
        }
        let Some(init) = init else {
            if ty.is_none() {
                self.objects[obj].ty = Some(typ::INVALID); // the missing initialiser was reported
            }
            return;
        };
        if lhs.len() <= 1 {
            let mut x = Operand::new();
            let Object { ty, name, .. } = *self.obj(obj);
            let target = self.new_target(ty, name.as_str());
            self.expr(target.as_ref(), &mut x, init);
            self.init_var(obj, &mut x, "variable declaration");
            return;
        }
        // Only now, since a variable that has a type counts as checked.
        if ty.is_some() {
            let ty = self.obj(obj).ty;
            for &var in lhs {
                self.objects[var].ty = ty;
            }
        }
        self.init_vars(lhs, &[init], None);
    }

    fn func_decl(&mut self, obj: ObjId, decl: DeclId) {
        let fdecl = self.decls[decl].fdecl.expect("a function has a function declaration");
        let sig = self.signatures.push(SignatureData::default());
        self.decls[decl].sig = Some(sig);
        // Known at once, because the signature may refer to the function (`func f(x [unsafe.Sizeof(f)]int)`).
        let ty = self.new_type(Type::Signature(sig));
        self.objects[obj].ty = Some(ty);
        self.func_type(sig, fdecl.recv, fdecl.tparams, fdecl.ty);

        let scope = self.signatures[sig].scope.expect("func_type opens a scope");
        self.scopes[scope].pos = fdecl.pos;
        self.scopes[scope].end = Decl::Func(fdecl).end();

        let has_body = !matches!(fdecl.body, BodySource::None);
        if !fdecl.tparams.is_empty() && !has_body {
            self.soft_error(fdecl.pos, Code::BadDecl, "generic function is missing function body");
        }
        if has_body && self.packages[self.env.pkg].whole {
            self.later(move |checker| checker.func_decl_body(obj, decl));
        }
    }

    /// Declarations inside a function.
    pub fn decl_stmt(&mut self, decls: &'a [Decl<'a>]) {
        let mut constants = ConstGroups::default();
        for decl in decls {
            match decl {
                Decl::Const(decl) => self.local_const(decl, &mut constants),
                Decl::Var(decl) => self.local_var(decl),
                Decl::Type(decl) => self.local_type(decl),
                Decl::Import(_) | Decl::Func(_) => {
                    unreachable!("types: the parser admits no import or function in a function")
                }
            }
        }
    }

    fn local_const(&mut self, decl: &'a ast::ConstDecl<'a>, constants: &mut ConstGroups<'a>) {
        let top = self.delayed.len();
        let spec = constants.next(decl);
        let pkg = Some(self.env.pkg);
        let mut objects: SmallVec<[ObjId; 4]> = SmallVec::new();
        for (index, name) in decl.names.iter().enumerate() {
            let obj = self.new_object(ObjKind::Const { val: None }, name.pos, pkg, name.name, None);
            objects.push(obj);
            let init = spec.values.get(index);
            self.const_decl(obj, ConstInit { iota: spec.iota, ty: spec.ty, init, inherited: spec.inherited });
        }
        self.arity(decl.pos, decl.names, spec.values, true, spec.inherited);
        self.declare_local(top, decl.names, &objects, Decl::Const(decl).end());
    }

    fn local_var(&mut self, decl: &'a ast::VarDecl<'a>) {
        let top = self.delayed.len();
        let pkg = Some(self.env.pkg);
        let objects: SmallVec<[ObjId; 4]> =
            decl.names.iter().map(|name| self.new_var(VarKind::Local, name.pos, pkg, name.name, None)).collect();
        let values = ExprList::of(decl.values);
        if values.len() == 1 {
            // The first variable's check gives all of them their types.
            let lhs = if objects.len() == 1 { &[] } else { &objects[..] };
            self.var_decl(objects[0], lhs, decl.ty, values.get(0));
        } else {
            for (index, &obj) in objects.iter().enumerate() {
                self.var_decl(obj, &[], decl.ty, values.get(index));
            }
        }
        if decl.ty.is_none() || !values.is_empty() {
            self.arity(decl.pos, decl.names, values, false, false);
        }
        self.declare_local(top, decl.names, &objects, Decl::Var(decl).end());
    }

    /// spec: "The scope of a constant or variable identifier declared inside a function begins at the end of the
    /// ConstSpec or VarSpec (ShortVarDecl for short variable declarations) and ends at the end of the innermost
    /// containing block." So function literals in the initialisers are checked before the names are declared.
    fn declare_local(&mut self, top: usize, names: &[ast::Ident], objects: &[ObjId], scope_pos: Pos) {
        self.process_delayed(top);
        for (&name, &obj) in names.iter().zip(objects) {
            self.declare(self.env.scope, Some(name), obj, scope_pos);
        }
    }

    /// spec: "The scope of a type identifier declared inside a function begins at the identifier in the TypeSpec and
    /// ends at the end of the innermost containing block."
    fn local_type(&mut self, decl: &'a ast::TypeDecl<'a>) {
        let name = decl.name;
        let obj = self.store.new_object(ObjKind::TypeName, name.pos, Some(self.env.pkg), name.name, None);
        self.declare(self.env.scope, Some(name), obj, name.pos);
        if !decl.alias
            && let Some(around) = self.env.decl
        {
            self.local_types.push((obj, around));
        }
        self.push(obj);
        self.type_decl(obj, decl);
        self.pop();
    }
}

/// A constant's declared type and initialiser.
struct ConstInit<'a> {
    iota: u32,
    ty: Option<&'a Expr<'a>>,
    init: Option<&'a Expr<'a>>,
    inherited: bool,
}
