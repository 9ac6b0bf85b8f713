//! Function types, and the receivers of methods.

use crate::checker::Checker;
use crate::code::Code;
use crate::decl::{Receiver, pointer_base};
use crate::operand::SubstMap;
use crate::store::*;
use crate::universe::typ;
use crate::version::GoVersion;
use base::{Pos, sym};
use smallvec::SmallVec;
use syntax::ast::{Expr, ExprKind, ExprList, Field, Ident};

/// Parameters or results, not yet declared.
#[derive(Default)]
struct Params {
    names: SmallVec<[Option<Ident>; 8]>,
    vars: SmallVec<[ObjId; 8]>,
    variadic: bool,
}

impl<'a> Checker<'a> {
    /// Fills in the signature that `e`, a function type, denotes. Its scope holds receiver, type parameters, parameters
    /// and results, and becomes that of the function's body.
    pub fn func_type(
        &mut self,
        sig: SignatureId,
        recv: Option<&'a Field<'a>>,
        tparams: &'a [Field<'a>],
        e: &'a Expr<'a>,
    ) {
        let ExprKind::FuncType(ty) = e.kind else { unreachable!("types: func_type of another expression") };
        let outer = self.env.scope;
        let end = e.end();
        let scope = self.new_scope(Some(outer), e.pos, end);
        self.scopes[scope].is_func = true;
        self.signatures[sig].scope = Some(scope);
        self.env.scope = scope;

        let (recv_var, rparams) = match recv {
            // The scope of type parameters starts after the method's name.
            Some(field) => {
                let (var, rparams) = self.collect_recv(field, e.pos);
                (Some(var), rparams)
            }
            None => (None, TypeList::EMPTY),
        };
        self.collect_type_params(tparams, |checker, tparams| checker.signatures[sig].tparams = tparams);
        let params = self.collect_params(VarKind::Param, ty.params);
        let results = self.collect_params(VarKind::Result, ty.results);

        // All are declared behind the signature, so that they do not hide types in it; the receiver comes after its
        // type parameters for the same reason.
        if let Some(var) = recv_var
            && let Some(name) = recv.and_then(|field| field.name)
        {
            self.declare(scope, Some(name), var, end);
        }
        for list in [&params, &results] {
            for (&name, &var) in list.names.iter().zip(&list.vars) {
                if name.is_some() {
                    self.declare(scope, name, var, end);
                }
            }
        }

        let (param_list, result_list) = (self.obj_list(&params.vars), self.obj_list(&results.vars));
        let signature = &mut self.signatures[sig];
        signature.recv = recv_var;
        signature.rparams = rparams;
        signature.params = param_list;
        signature.results = result_list;
        signature.variadic = params.variadic;
        self.env.scope = outer;
    }

    fn collect_params(&mut self, kind: VarKind, list: &'a [Field<'a>]) -> Params {
        let mut params = Params::default();
        let mut ty = typ::INVALID;
        let mut previous: Option<&Expr> = None;
        for (index, field) in list.iter().enumerate() {
            // `a, b T` has one type.
            if previous.is_none_or(|previous| !std::ptr::eq(previous, field.ty)) {
                previous = Some(field.ty);
                let mut type_expr = field.ty;
                if let ExprKind::DotsType { elem } = field.ty.kind {
                    // spec: "The final incoming parameter in a function signature may have a type prefixed with ..."
                    type_expr = elem;
                    if kind == VarKind::Param && index == list.len() - 1 {
                        params.variadic = true;
                    } else {
                        let message = "invalid use of ...";
                        self.error(field.ty, Code::InvalidSyntaxTree, message);
                    }
                }
                ty = self.var_type(type_expr);
            }
            let (name, pos) = field.name.map_or((sym::EMPTY, field.pos), |name| (name.name, name.pos));
            params.vars.push(self.store.new_var(kind, pos, Some(self.env.pkg), name, Some(ty)));
            params.names.push(field.name);
        }
        let named = params.names.iter().flatten().count();
        if named > 0 && named < list.len() {
            let message = "list contains both named and anonymous parameters";
            self.error(list[0], Code::InvalidSyntaxTree, message);
        }
        // spec: "the type of such a parameter is equivalent to type []T"
        if let (true, Some(&last), Some(field)) = (params.variadic, params.vars.last(), list.last()) {
            let slice = self.new_type(Type::Slice { elem: ty });
            self.objects[last].ty = Some(slice);
            self.record_type_and_value(field.ty, Mode::TypeExpr, slice, None);
        }
        params
    }

    /// The receiver variable, which the caller declares, and its type parameters, which are declared here.
    fn collect_recv(&mut self, field: &'a Field<'a>, scope_pos: Pos) -> (ObjId, TypeList) {
        let receiver = Receiver::unpack(field.ty);
        let base = receiver.base;
        let (ty, rparams) = match receiver.tparams {
            None => (self.plain_recv_type(field, base), TypeList::EMPTY),
            Some(tparams) => self.generic_recv_type(field, &receiver, tparams, scope_pos),
        };
        let (name, pos) = field.name.map_or((sym::EMPTY, field.pos), |name| (name.name, name.pos));
        let recv = self.store.new_var(VarKind::Recv, pos, Some(self.env.pkg), name, Some(ty));
        // The receiver type may depend on types that must not be expanded yet.
        self.later(move |checker| checker.valid_recv(base, ty));
        (recv, rparams)
    }

    /// The type of a receiver without type parameters.
    fn plain_recv_type(&mut self, field: &'a Field<'a>, base: &'a Expr<'a>) -> TypeId {
        // A generic base type is reported here; the type is recorded as written, parentheses included.
        let ty = self.var_type(field.ty);
        // An alias must not smuggle in an instance: methods belong to the generic type.
        let mut current = self.unpointer(ty);
        while let Type::Alias(alias) = self.ty(current) {
            let Some(rhs) = self.aliases[alias].from_rhs else { break };
            current = self.unpointer(rhs);
            let tparams = match self.ty(current) {
                Type::Named(named) => self.named_tparams(named),
                Type::Alias(alias) => self.aliases[alias].tparams,
                _ => TypeList::EMPTY,
            };
            if !tparams.is_empty() {
                let name = self.type_string(current);
                let message = format!("cannot define new methods on instantiated type {name}");
                self.error(base, Code::InvalidRecv, message);
                return typ::INVALID;
            }
        }
        ty
    }

    /// The type of a receiver `*T[A, B]`, and `A, B`.
    ///
    /// spec: "If the receiver base type is a generic type, the receiver specification must declare corresponding type
    /// parameters for the method to use."
    fn generic_recv_type(
        &mut self,
        field: &'a Field<'a>,
        receiver: &Receiver<'a>,
        tparam_exprs: ExprList<'a>,
        scope_pos: Pos,
    ) -> (TypeId, TypeList) {
        let base = receiver.base;
        let names: SmallVec<[Ident; 4]> = tparam_exprs.iter().map(|e| self.recv_tparam_name(e)).collect();
        // Before the parameters are declared, since one of them may have the type's name.
        let origin = self.recv_base_type(base);

        let mut tparams: SmallVec<[TypeId; 4]> = SmallVec::new();
        for (name, e) in names.into_iter().zip(tparam_exprs.iter()) {
            // The identifier declares the parameter and uses it as a type argument.
            let tparam = self.declare_type_param(name, scope_pos);
            self.record_type_and_value(e, Mode::TypeExpr, tparam, None);
            tparams.push(tparam);
        }
        let rparams = self.bind_type_params(&tparams);
        let Some(origin) = origin else { return (typ::INVALID, rparams) };

        let base_tparams = self.named_tparams(origin);
        if base_tparams.len() == tparams.len() {
            self.copy_bounds(base_tparams, &tparams);
        } else {
            let got = match tparams.len() {
                1 => "1 type parameter".to_string(),
                count => format!("{count} type parameters"),
            };
            let want = base_tparams.len();
            let message = format!("receiver declares {got}, but receiver base type declares {want}");
            self.error(base, Code::BadRecv, message);
        }

        self.verify_version(base, GoVersion::go1(18), "type instantiation");
        let mut ty = self.instance(field.ty.pos, self.named[origin].ty, &tparams);
        self.record_instance(base, &tparams, ty);
        if receiver.ptr && self.is_valid(ty) {
            ty = self.new_type(Type::Pointer { elem: ty });
        }
        self.record_recv_types(field.ty, ty);
        (ty, rparams)
    }

    fn recv_tparam_name(&mut self, e: &'a Expr<'a>) -> Ident {
        e.as_ident().unwrap_or_else(|| {
            if !matches!(e.kind, ExprKind::Bad) {
                let what = syntax::expr_string(e);
                self.error(e, Code::BadDecl, format!("receiver type parameter {what} must be an identifier"));
            }
            Ident { id: e.id, pos: e.pos, name: sym::BLANK }
        })
    }

    /// The generic type that a receiver names.
    fn recv_base_type(&mut self, base: &'a Expr<'a>) -> Option<NamedId> {
        let mut cause = String::new();
        let ty = self.generic_type(base, Some(&mut cause));
        match self.ty(ty) {
            Type::Named(named) => return Some(named),
            Type::Alias(_) if self.is_valid(ty) => {
                let name = self.type_string(ty);
                let message = format!("cannot define new methods on generic alias type {name}");
                self.error(base, Code::InvalidRecv, message);
            }
            _ if !cause.is_empty() => self.error(base, Code::InvalidRecv, cause),
            _ => {}
        }
        None
    }

    /// Gives the receiver's type parameters the constraints of the base type's, in their own terms.
    fn copy_bounds(&mut self, from: TypeList, to: &[TypeId]) {
        let mut renamed = SubstMap::default();
        let mut pairs: SmallVec<[(TypeParamId, TypeParamId); 4]> = SmallVec::new();
        for (index, &to) in to.iter().enumerate() {
            let from = self.type_at(from, index);
            let (Type::TypeParam(from), Type::TypeParam(to_id)) = (self.ty(from), self.ty(to)) else {
                unreachable!("types: type parameter lists hold type parameters")
            };
            renamed.insert(from, to);
            pairs.push((from, to_id));
        }
        for (from, to) in pairs {
            self.mono_record_canon(to, from);
            if let Some(bound) = self.type_params[from].bound {
                let pos = self.obj(self.type_params[to].obj).pos;
                let bound = self.subst(pos, bound, &renamed);
                self.type_params[to].bound = Some(bound);
            }
        }
    }

    /// Records the types of `(*(T[P]))` and the expressions in it.
    fn record_recv_types(&mut self, mut e: &'a Expr<'a>, mut ty: TypeId) {
        loop {
            self.record_type_and_value(e, Mode::TypeExpr, ty, None);
            if let ExprKind::Paren(x) = e.kind {
                e = x;
            } else if let Some(x) = pointer_base(e)
                && let Type::Pointer { elem } = self.ty(ty)
            {
                e = x;
                ty = elem;
            } else {
                return;
            }
        }
    }

    /// spec: "Its type must be a defined type T or a pointer to a defined type T [...]. T is called the receiver base
    /// type. A receiver base type cannot be a pointer or interface type and it must be defined in the same package as
    /// the method."
    fn valid_recv(&mut self, base: &'a Expr<'a>, ty: TypeId) {
        let (base_type, _) = self.deref(ty);
        let actual = self.unalias(base_type);
        if !self.is_valid(actual) {
            return;
        }
        let message = match self.ty(actual) {
            Type::Named(named) if self.obj(self.named[named].obj).pkg == Some(self.env.pkg) => {
                let under = self.under(actual);
                let cause = match self.ty(under) {
                    Type::Basic(BasicKind::UnsafePointer) => "unsafe.Pointer",
                    Type::Pointer { .. } | Type::Interface(_) => "pointer or interface type",
                    _ => return,
                };
                format!("invalid receiver type {} ({cause})", self.type_string(base_type))
            }
            Type::Named(_) | Type::Basic(_) => {
                format!("cannot define new methods on non-local type {}", self.type_string(base_type))
            }
            _ => format!("invalid receiver type {}", self.type_string(ty)),
        };
        self.error(base, Code::InvalidRecv, message);
    }

    fn unpointer(&self, mut ty: TypeId) -> TypeId {
        while let Type::Pointer { elem } = self.ty(ty) {
            ty = elem;
        }
        ty
    }
}
