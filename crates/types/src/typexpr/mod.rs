//! Type expressions.
//!
//! [`Checker::typ`] gives the type that an expression denotes, [`Checker::var_type`] one that variables can have (no
//! constraint interface), [`Checker::generic_type`] one that still wants type arguments. Composite types have a file
//! each. A type is made when its parts are known; only what can refer to itself before that (named types, signatures,
//! interfaces) has its slot first. Rules that need complete types are put off with [`Checker::later`].

mod ident;
mod interfaces;
mod signatures;
mod structs;
mod unions;

use crate::checker::Checker;
use crate::code::Code;
use crate::operand::Operand;
use crate::store::*;
use crate::universe::typ;
use crate::version::GoVersion;
use smallvec::SmallVec;
use syntax::ast::{Expr, ExprKind, ExprList, Operator};

impl<'a> Checker<'a> {
    /// The type that `e` denotes, `typ::INVALID` after an error. It must not be a generic type.
    pub fn typ(&mut self, e: &'a Expr<'a>) -> TypeId {
        self.defined_type(e, None)
    }

    /// Like `typ`, and the type must not be a constraint interface.
    pub fn var_type(&mut self, e: &'a Expr<'a>) -> TypeId {
        let ty = self.defined_type(e, None);
        self.valid_var_type(e, ty);
        ty
    }

    /// Reports an error if `ty` is a constraint interface. It may be incomplete, so that is found out later.
    pub fn valid_var_type(&mut self, e: &'a Expr<'a>, ty: TypeId) {
        if !self.may_be_constraint(ty) {
            return;
        }
        self.later(move |checker| {
            let under = checker.under(ty);
            let Type::Interface(iface) = checker.ty(under) else { return };
            let pos = e.start();
            let type_set = checker.compute_interface_type_set(pos, iface);
            if checker.type_set_is_method_set(type_set) {
                return;
            }
            let why = match checker.type_sets[type_set].comparable {
                true => "is (or embeds) comparable",
                false => "contains type constraints",
            };
            let name = checker.type_string(ty);
            let message = format!("cannot use type {name} outside a type constraint: interface {why}");
            checker.soft_error(pos, Code::MisplacedConstraintIface, message);
        });
    }

    /// False if it can be seen at once that `ty` is no constraint interface; nearly always it can.
    fn may_be_constraint(&mut self, ty: TypeId) -> bool {
        let mut under = ty;
        if let Type::Alias(alias) = self.ty(under) {
            match self.aliases[alias].actual {
                Some(actual) => under = actual,
                None => return true,
            }
        }
        if let Type::Named(named) = self.ty(under) {
            let NamedData { state, underlying, .. } = self.named[named];
            match underlying {
                Some(known) if state.under => under = known,
                _ => return true,
            }
        }
        match self.ty(under) {
            Type::Interface(iface) => {
                self.interfaces[iface].tset.is_none_or(|type_set| !self.type_set_is_method_set(type_set))
            }
            _ => false,
        }
    }

    /// Like `typ`; `e` stands on the right-hand side of the declaration of the type name `def`, if there is one.
    pub fn defined_type(&mut self, e: &'a Expr<'a>, def: Option<ObjId>) -> TypeId {
        let mut ty = self.typ_internal(e, def);
        if self.is_generic(ty) {
            let message = format!("cannot use generic type {} without instantiation", self.type_string(ty));
            self.error(e, Code::WrongTypeArgCount, message);
            ty = typ::INVALID;
        }
        self.record_type_and_value(e, Mode::TypeExpr, ty, None);
        ty
    }

    /// Like `typ`, but the type must be a generic one. `cause` is filled in if it is a valid type of another kind; if
    /// it is not valid, that has been reported.
    pub fn generic_type(&mut self, e: &'a Expr<'a>, cause: Option<&mut String>) -> TypeId {
        let mut ty = self.typ_internal(e, None);
        if self.is_valid(ty) && !self.is_generic(ty) {
            if let Some(cause) = cause {
                *cause = format!("{} is not a generic type", self.type_string(ty));
            }
            ty = typ::INVALID;
        }
        self.record_type_and_value(e, Mode::TypeExpr, ty, None);
        ty
    }

    fn typ_internal(&mut self, e: &'a Expr<'a>, def: Option<ObjId>) -> TypeId {
        let ty = if self.enter(e) { self.typ_of_kind(e, def) } else { typ::INVALID };
        self.leave();
        ty
    }

    fn typ_of_kind(&mut self, e: &'a Expr<'a>, def: Option<ObjId>) -> TypeId {
        match e.kind {
            ExprKind::Bad => typ::INVALID,
            ExprKind::Name(_) => {
                let mut x = Operand::new();
                self.ident(&mut x, e, true);
                self.operand_type(x)
            }
            ExprKind::Selector { .. } => {
                let mut x = Operand::new();
                self.selector(&mut x, e, true);
                self.operand_type(x)
            }
            ExprKind::Index { x, index } => {
                self.verify_version(e, GoVersion::go1(18), "type instantiation");
                self.instantiated_type(x, index)
            }
            // A generic type must be instantiated before it is used in any form, so it cannot be parenthesized.
            ExprKind::Paren(x) => self.defined_type(x, def),
            ExprKind::ArrayType { len, elem } => self.array_type(e, len, elem),
            ExprKind::SliceType { elem } => {
                let elem = self.var_type(elem);
                self.new_type(Type::Slice { elem })
            }
            ExprKind::DotsType { .. } => {
                // Where dots are allowed they have been dealt with.
                self.error(e, Code::InvalidSyntaxTree, "invalid use of ...");
                typ::INVALID
            }
            ExprKind::StructType(ty) => self.struct_type(ty),
            ExprKind::Unary { op: Operator::Mul, x } => {
                let elem = self.var_type(x);
                // A pointer to nothing valid is only a source of further errors.
                if self.is_valid(elem) { self.new_type(Type::Pointer { elem }) } else { typ::INVALID }
            }
            ExprKind::FuncType(_) => {
                let sig = self.signatures.push(SignatureData::default());
                self.func_type(sig, None, &[], e);
                self.new_type(Type::Signature(sig))
            }
            ExprKind::InterfaceType(ty) => self.interface_type(e, ty, def),
            ExprKind::MapType { key, value } => self.map_type(key, value),
            ExprKind::ChanType { dir, elem } => {
                let elem = self.var_type(elem);
                self.new_type(Type::Chan { dir, elem })
            }
            _ => {
                self.error(e, Code::NotAType, format!("{} is not a type", syntax::expr_string(e)));
                self.use_exprs(&[e]);
                typ::INVALID
            }
        }
    }

    /// The type that a name turned out to denote.
    fn operand_type(&mut self, x: Operand<'a>) -> TypeId {
        let what = match x.mode {
            Mode::TypeExpr => return x.ty,
            Mode::Invalid => return typ::INVALID,
            Mode::NoValue => "used as type",
            _ => "is not a type",
        };
        let message = format!("{} {what}", self.operand_string(&x));
        self.error(&x, Code::NotAType, message);
        typ::INVALID
    }

    fn array_type(&mut self, e: &'a Expr<'a>, len: Option<&'a Expr<'a>>, elem: &'a Expr<'a>) -> TypeId {
        let len = match len {
            Some(len) => self.array_length(len),
            None => {
                let message = "invalid use of [...] array (outside a composite literal)";
                self.error(e, Code::BadDotDotDotSyntax, message);
                -1
            }
        };
        let elem = self.var_type(elem);
        if len < 0 {
            return typ::INVALID;
        }
        self.new_type(Type::Array { len, elem })
    }

    /// spec: "The comparison operators == and != must be fully defined for operands of the key type; thus the key type
    /// must not be a function, map, or slice."
    fn map_type(&mut self, key_expr: &'a Expr<'a>, value: &'a Expr<'a>) -> TypeId {
        let key = self.var_type(key_expr);
        let elem = self.var_type(value);
        if !matches!(self.ty(key), Type::Basic(_)) {
            self.later(move |checker| {
                if checker.comparable(key) {
                    return;
                }
                let why = if checker.is_type_param(key) { " (missing comparable constraint)" } else { "" };
                let message = format!("invalid map key type {}{why}", checker.type_string(key));
                checker.error(key_expr, Code::IncomparableMapKey, message);
            });
        }
        self.new_type(Type::Map { key, elem })
    }

    /// The length of an array type, negative after an error.
    ///
    /// spec: "The length is part of the array's type; it must evaluate to a non-negative constant representable by a
    /// value of type int."
    pub fn array_length(&mut self, e: &'a Expr<'a>) -> i64 {
        // `type T[P any]` without `any` looks like an array type: say something that helps in both cases.
        if let ExprKind::Name(name) = e.kind {
            let message = match self.lookup(name) {
                None => format!("undefined array length {name} or missing type constraint"),
                Some(obj) if !matches!(self.obj(obj).kind, ObjKind::Const { .. }) => {
                    format!("invalid array length {name}")
                }
                Some(_) => String::new(),
            };
            if !message.is_empty() {
                self.error(e, Code::InvalidArrayLen, message);
                return -1;
            }
        }
        let mut x = Operand::new();
        self.expr(None, &mut x, e);
        if x.mode != Mode::Constant {
            if x.is_valid() {
                let message = format!("array length {} must be constant", self.operand_string(&x));
                self.error(&x, Code::InvalidArrayLen, message);
            }
            return -1;
        }
        let is_integer = self.is_integer(x.ty);
        if (is_integer || self.is_untyped(x.ty))
            && let value = x.value().to_int()
            && self.representable_const(&value, BasicKind::Int).is_some()
            && let Some(len) = value.as_i64()
            && len >= 0
        {
            return len;
        }
        let length = self.operand_string(&x);
        let message = if is_integer {
            format!("invalid array length {length}")
        } else {
            format!("array length {length} must be integer")
        };
        self.error(&x, Code::InvalidArrayLen, message);
        -1
    }

    /// The types that the expressions denote, which variables must be able to have; `None` if one is not valid. All are
    /// checked.
    pub fn type_exprs(&mut self, list: &[&'a Expr<'a>]) -> Option<Vec<TypeId>> {
        let mut types = Some(Vec::with_capacity(list.len()));
        for e in list {
            let ty = self.var_type(e);
            match &mut types {
                Some(types) if self.is_valid(ty) => types.push(ty),
                _ => types = None,
            }
        }
        types
    }

    /// `x[index]`
    fn instantiated_type(&mut self, x: &'a Expr<'a>, index: &'a Expr<'a>) -> TypeId {
        let args: SmallVec<[&'a Expr<'a>; 4]> = index.list().iter().collect();
        let mut cause = String::new();
        let generic = self.generic_type(x, Some(&mut cause));
        if !cause.is_empty() {
            let message =
                format!("invalid operation: {}{} ({cause})", syntax::expr_string(x), list_string(index.list()));
            self.error(x, Code::NotAGenericType, message);
        }
        if !self.is_valid(generic) {
            return generic;
        }
        let Some(targs) = self.type_exprs(&args) else { return typ::INVALID };
        let instance = self.instance(x.pos, generic, &targs);
        if !matches!(self.ty(instance), Type::Named(_) | Type::Alias(_)) {
            return typ::INVALID;
        }
        // The generic type's parameters may not be set up yet.
        self.later(move |checker| checker.verify_instantiation(x, &args, &targs, instance));
        instance
    }

    fn verify_instantiation(&mut self, x: &'a Expr<'a>, args: &[&'a Expr<'a>], targs: &[TypeId], instance: TypeId) {
        self.record_instance(x, targs, instance);
        let (obj, tparams) = match self.ty(instance) {
            Type::Named(named) => (self.named[named].obj, self.named_tparams(named)),
            Type::Alias(alias) => (self.aliases[alias].obj, self.aliases[alias].tparams),
            _ => unreachable!("types: an instance is a named type or an alias"),
        };
        let name = self.obj(obj).name;
        if !self.validate_targ_len(x.pos, name.as_str(), tparams.len(), targs.len()) {
            return;
        }
        match self.verify_instance(x.pos, tparams, targs) {
            Ok(()) => self.mono_instance(self.env.pkg, x.pos, tparams, targs, args),
            Err((index, cause)) => {
                let pos = args.get(index).map_or(x.pos, |arg| arg.start());
                self.soft_error(pos, Code::InvalidTypeArg, cause);
            }
        }
    }
}

/// `[a, b]`
fn list_string(list: ExprList) -> String {
    let elems: Vec<String> = list.iter().map(syntax::expr_string).collect();
    format!("[{}]", elems.join(", "))
}
