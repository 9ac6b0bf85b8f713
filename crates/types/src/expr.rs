//! Expressions: the way in, and the cases that need no file of their own.
//!
//! Checking an expression fills an [`Operand`]. Everything enters through [`Checker::raw_expr`], which takes whatever an
//! expression can denote (a value, several values, none, a type, a builtin) and records it; its callers say what their
//! context accepts: [`expr`](Checker::expr) one value, [`multi_expr`](Checker::multi_expr) one or several,
//! [`expr_or_type`](Checker::expr_or_type) also types. An operand whose mode is invalid has been complained about.
//!
//! Expressions nest as deeply as the parser admits, except that binary operators lean left without bound; `binary.rs`
//! takes those in a loop.

use crate::checker::Checker;
use crate::code::Code;
use crate::operand::{Operand, Target};
use crate::store::{Mode, Type, TypeId};
use crate::universe::{ExprKind, typ};
use syntax::ast::{self, Operator};
use syntax::expr_string;

/// What a context takes besides ordinary values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Accept {
    Value,
    ValueOrType,
    ValueTypeOrBuiltin,
}

impl<'a> Checker<'a> {
    /// Checks `e` and records what it denotes. A generic function may be completed from `target`, what it is assigned
    /// to; `hint` is the type that a composite literal without type takes. With `allow_generic` the result may be an
    /// uninstantiated function or type. The result's kind says whether `e` may stand as a statement.
    pub fn raw_expr(
        &mut self,
        target: Option<&Target>,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        hint: Option<TypeId>,
        allow_generic: bool,
    ) -> ExprKind {
        let kind = if self.enter(e) {
            self.any_expr(target, x, e, hint)
        } else {
            x.invalidate();
            x.expr = Some(e);
            ExprKind::Statement
        };
        if !allow_generic {
            self.non_generic(target, x);
        }
        self.pending_type(x);
        self.record(x);
        self.leave();
        kind
    }

    /// One value.
    pub fn expr(&mut self, target: Option<&Target>, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) {
        self.raw_expr(target, x, e, None, false);
        self.exclude(x, Accept::Value);
        self.single_value(x);
    }

    /// One value, which may be an uninstantiated generic function.
    pub fn generic_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) {
        self.raw_expr(None, x, e, None, true);
        self.exclude(x, Accept::Value);
        self.single_value(x);
    }

    /// The values of `e`; with `allow_comma_ok`, two for an expression that may be used as `v, ok = e` (then the flag is
    /// set). If `e` is in error, so is the first operand.
    pub fn multi_expr(&mut self, e: &'a ast::Expr<'a>, allow_comma_ok: bool) -> (Vec<Operand<'a>>, bool) {
        let mut x = Operand::new();
        self.raw_expr(None, &mut x, e, None, false);
        self.exclude(&mut x, Accept::Value);

        if let Type::Tuple(vars) = self.ty(x.ty)
            && x.is_valid()
        {
            let value = |&var| {
                let ty = self.obj(var).ty.unwrap_or(typ::INVALID);
                Operand { mode: Mode::Value, expr: Some(e), ty, val: None }
            };
            return (self.objs(vars).iter().map(value).collect(), false);
        }

        let ok_type = match x.mode {
            Mode::MapIndex | Mode::CommaOk => typ::UNTYPED_BOOL,
            Mode::CommaErr => typ::ERROR,
            _ => return (vec![x], false),
        };
        if !allow_comma_ok {
            return (vec![x], false);
        }
        let ok = Operand { mode: Mode::Value, expr: Some(e), ty: ok_type, val: None };
        (vec![x, ok], true)
    }

    /// One value; `hint` is the type of a composite literal's element.
    pub fn expr_with_hint(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, hint: TypeId) {
        self.raw_expr(None, x, e, Some(hint), false);
        self.exclude(x, Accept::Value);
        self.single_value(x);
    }

    /// One value, a type, or a builtin.
    pub fn expr_or_type(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, allow_generic: bool) {
        self.raw_expr(None, x, e, None, allow_generic);
        self.exclude(x, Accept::ValueTypeOrBuiltin);
        self.single_value(x);
    }

    /// Complains about what the context does not accept.
    pub fn exclude(&mut self, x: &mut Operand<'a>, accept: Accept) {
        let (code, what) = match (x.mode, accept) {
            (Mode::NoValue, Accept::Value) => (Code::TooManyValues, "used as value"),
            (Mode::NoValue, _) => (Code::TooManyValues, "used as value or type"),
            (Mode::Builtin(_), Accept::Value | Accept::ValueOrType) => (Code::UncalledBuiltin, "must be called"),
            (Mode::TypeExpr, Accept::Value) => (Code::NotAnExpr, "is not an expression"),
            _ => return,
        };
        let operand = self.operand_string(x);
        self.error(&*x, code, format!("{operand} {what}"));
        x.mode = Mode::Invalid;
    }

    /// Complains about a call with several results.
    pub fn single_value(&mut self, x: &mut Operand<'a>) {
        if x.mode == Mode::Value
            && let Type::Tuple(vars) = self.ty(x.ty)
        {
            debug_assert_ne!(vars.len(), 1, "a call with one result has that result's type");
            let operand = self.operand_string(x);
            self.error(&*x, Code::TooManyValues, format!("multiple-value {operand} in single-value context"));
            x.mode = Mode::Invalid;
        }
    }

    /// What assigning to a variable of type `ty` offers to inference: something only if it is a function type.
    pub fn new_target(&mut self, ty: Option<TypeId>, desc: &str) -> Option<Target> {
        match self.under_type(ty?) {
            Type::Signature(sig) => Some(Target { sig, desc: desc.to_string() }),
            _ => None,
        }
    }

    /// Complains about a generic type, and about a generic function that `target` does not complete.
    pub fn non_generic(&mut self, target: Option<&Target>, x: &mut Operand<'a>) {
        if matches!(x.mode, Mode::Invalid | Mode::NoValue) {
            return;
        }
        let what = match self.ty(x.ty) {
            Type::Alias(_) | Type::Named(_) if self.is_generic(x.ty) => "type",
            Type::Signature(sig) if !self.signatures[sig].tparams.is_empty() => {
                if target.is_some() {
                    let pos = x.expr().pos;
                    self.func_inst(target, pos, x, None, true);
                    return;
                }
                "function"
            }
            _ => return,
        };
        let e = x.expr();
        let message = format!("cannot use generic {what} {} without instantiation", expr_string(e));
        self.error(e, Code::WrongTypeArgCount, message);
        x.invalidate();
    }

    /// `x.(ty)`, also as a case of a type switch: complains if no value of x's interface type can be one of type `ty`.
    pub fn type_assertion(&mut self, e: &'a ast::Expr<'a>, x: &Operand<'a>, ty: TypeId, type_switch: bool) {
        let mut cause = String::new();
        if self.assertable_to(x.ty, ty, Some(&mut cause)) {
            return;
        }
        let (asserted, e_string) = (self.type_string(ty), expr_string(e));
        let message = if type_switch {
            let x = self.operand_string(x);
            format!("impossible type switch case: {e_string}\n\t{x} cannot have dynamic type {asserted} {cause}")
        } else {
            let x = self.type_string(x.ty);
            format!("impossible type assertion: {e_string}\n\t{asserted} does not implement {x} {cause}")
        };
        self.error(e, Code::ImpossibleAssert, message);
    }

    pub(crate) fn new_pointer(&mut self, elem: TypeId) -> TypeId {
        self.new_type(Type::Pointer { elem })
    }

    pub(crate) fn new_slice(&mut self, elem: TypeId) -> TypeId {
        self.new_type(Type::Slice { elem })
    }

    /// The cases of [`raw_expr`](Checker::raw_expr), without what it does for all.
    fn any_expr(
        &mut self,
        target: Option<&Target>,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        hint: Option<TypeId>,
    ) -> ExprKind {
        x.invalidate();
        let valid = match e.kind {
            ast::ExprKind::Bad => false,
            ast::ExprKind::Name(_) => {
                self.ident(x, e, false);
                true
            }
            ast::ExprKind::BasicLit { kind, text, bad } => {
                if !bad {
                    self.basic_lit(x, e, kind, text);
                }
                x.is_valid()
            }
            ast::ExprKind::FuncLit(literal) => {
                self.func_lit(x, e, literal);
                x.is_valid()
            }
            ast::ExprKind::CompositeLit(literal) => {
                self.composite_lit(x, e, literal, hint);
                x.is_valid()
            }
            ast::ExprKind::Paren(inner) => {
                // Neither target nor hint reaches through parentheses.
                let kind = self.raw_expr(None, x, inner, None, false);
                x.expr = Some(e);
                return kind;
            }
            ast::ExprKind::Selector { .. } => {
                self.selector(x, e, false);
                true
            }
            ast::ExprKind::Index { .. } => {
                if self.index_expr(x, e) {
                    self.func_inst(target, e.pos, x, Some(e), true);
                }
                x.is_valid()
            }
            ast::ExprKind::Slice { .. } => {
                self.slice_expr(x, e);
                x.is_valid()
            }
            ast::ExprKind::Assert { x: inner, ty } => self.assert_expr(x, e, inner, ty),
            ast::ExprKind::Call(_) => return self.call_expr(x, e),
            ast::ExprKind::Unary { op: Operator::Mul, x: inner } => self.indirection(x, inner),
            ast::ExprKind::Unary { op, x: inner } => {
                self.unary(x, e, op, inner);
                if op == Operator::Recv && x.is_valid() {
                    x.expr = Some(e);
                    return ExprKind::Statement;
                }
                x.is_valid()
            }
            ast::ExprKind::Binary { .. } => {
                self.binary_chain(x, e);
                x.is_valid()
            }
            ast::ExprKind::ArrayType { .. }
            | ast::ExprKind::SliceType { .. }
            | ast::ExprKind::StructType(_)
            | ast::ExprKind::FuncType(_)
            | ast::ExprKind::InterfaceType(_)
            | ast::ExprKind::MapType { .. }
            | ast::ExprKind::ChanType { .. } => {
                x.ty = self.typ(e);
                x.mode = Mode::TypeExpr;
                true
            }
            ast::ExprKind::DotsType { .. } => self.misplaced(e, "invalid use of ..."),
            ast::ExprKind::List(_) => self.misplaced(e, "unexpected list of expressions"),
            ast::ExprKind::KeyValue { .. } => self.misplaced(e, "no key:value expected"),
            ast::ExprKind::TypeSwitchGuard { x: inner, .. } => {
                self.misplaced(e, "use of .(type) outside type switch");
                self.use_exprs(&[inner]);
                false
            }
        };
        x.expr = Some(e);
        if valid {
            return ExprKind::Expression;
        }
        x.mode = Mode::Invalid;
        ExprKind::Statement // not to be called unused as well
    }

    /// Reports a node that only stands where other code handles it.
    fn misplaced(&mut self, e: &'a ast::Expr<'a>, message: &str) -> bool {
        self.error(e, Code::InvalidSyntaxTree, message);
        false
    }

    fn assert_expr(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        inner: &'a ast::Expr<'a>,
        ty: &'a ast::Expr<'a>,
    ) -> bool {
        self.expr(None, x, inner);
        if !x.is_valid() {
            return false;
        }
        if self.is_type_param(x.ty) {
            let operand = self.operand_string(x);
            let message = format!("invalid operation: cannot use type assertion on type parameter value {operand}");
            self.error(&*x, Code::InvalidAssert, message);
            return false;
        }
        if !matches!(self.under_type(x.ty), Type::Interface(_)) {
            let operand = self.operand_string(x);
            self.error(&*x, Code::InvalidAssert, format!("invalid operation: {operand} is not an interface"));
            return false;
        }
        let asserted = self.var_type(ty);
        if !self.is_valid(asserted) {
            return false;
        }
        self.type_assertion(e, x, asserted, false);
        x.mode = Mode::CommaOk;
        x.ty = asserted;
        true
    }

    /// A value of a type whose declaration is not finished: `type T [unsafe.Sizeof(T{})]int`.
    fn pending_type(&mut self, x: &mut Operand<'a>) {
        if !matches!(x.mode, Mode::Invalid | Mode::NoValue) && !self.finite_size(x.ty) {
            x.invalidate();
        }
    }
}
