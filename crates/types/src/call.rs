//! Calls, conversions, and lists of expressions.
//!
//! A call's function may be a type (then it is a conversion), a builtin, or a value of function type. Explicit type
//! arguments of a generic function (`f[int](x)`) are not applied before the arguments have been seen, unless they are
//! complete: the rest is inferred together (`arguments.rs`).

use crate::arguments::{Arguments, Callee};
use crate::checker::Checker;
use crate::code::Code;
use crate::expr::Accept;
use crate::func_inst::{TypeArgExprs, type_arg_exprs};
use crate::operand::Operand;
use crate::parameterized::TypeParams;
use crate::store::*;
use crate::universe::ExprKind;
use crate::version::{Feature, GoVersion};
use syntax::ast;

impl<'a> Checker<'a> {
    /// Checks the call or conversion `e`, and says which of them it is.
    pub fn call_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) -> ExprKind {
        let ast::ExprKind::Call(call) = e.kind else {
            unreachable!("call_expr: not a call");
        };
        let mut inst = None;
        if let ast::ExprKind::Index { .. } = call.fun.kind {
            // Type arguments of a generic function wait for the value arguments.
            if self.index_expr(x, call.fun) {
                inst = Some(call.fun);
            }
            x.expr = Some(call.fun);
            self.record(x);
        } else {
            self.expr_or_type(x, call.fun, true);
        }
        // The type of x may be generic.

        let kind = match x.mode {
            Mode::Invalid => {
                self.use_exprs(call.args);
                ExprKind::Statement
            }
            Mode::TypeExpr => {
                self.conversion_call(x, e, call);
                ExprKind::Conversion
            }
            Mode::Builtin(id) => {
                if !self.builtin(x, e, id) {
                    x.mode = Mode::Invalid;
                }
                // A result that is not constant comes from a call.
                if x.is_valid() && x.mode != Mode::Constant {
                    self.env.has_call_or_recv = true;
                }
                id.info().kind
            }
            _ => {
                self.func_call(x, e, call, inst);
                ExprKind::Statement
            }
        };
        x.expr = Some(e);
        kind
    }

    /// `T(x)`
    fn conversion_call(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, call: &'a ast::CallExpr<'a>) {
        self.non_generic(None, x);
        if !x.is_valid() {
            return;
        }
        let ty = x.ty;
        x.invalidate();
        let &[arg] = call.args else {
            let (at, quantity) = match call.args {
                [] => (e, "missing argument"),
                [.., last] => {
                    self.use_exprs(call.args);
                    (*last, "too many arguments")
                }
            };
            let message = format!("{quantity} in conversion to {}", self.type_string(ty));
            self.error(at, Code::WrongArgCount, message);
            return;
        };
        // Since Go 1.27 a function type tells the type arguments of a generic function converted to it.
        let infers = Feature::ConversionInference.in_language(self.env.version);
        let target = if infers { self.new_target(Some(ty), "conversion") } else { None };
        self.expr(target.as_ref(), x, arg);
        if !x.is_valid() {
            return;
        }
        if let Type::Interface(iface) = self.under_type(ty)
            && !self.is_type_param(ty)
        {
            let tset = self.type_set(iface);
            if !self.type_set_is_method_set(tset) {
                let ty = self.type_string(ty);
                let message = format!(
                    "cannot use interface {ty} in conversion (contains specific type constraints or is comparable)"
                );
                self.error(e, Code::MisplacedConstraintIface, message);
                x.invalidate();
                return;
            }
        }
        if call.has_dots {
            let message = format!("invalid use of ... in conversion to {}", self.type_string(ty));
            self.error(arg, Code::BadDotDotDotSyntax, message);
            x.invalidate();
            return;
        }
        self.conversion(x, ty);
    }

    /// Calls a function value. `inst` is `call.fun` if it holds type arguments for the generic function `x`.
    fn func_call(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        inst: Option<&'a ast::Expr<'a>>,
    ) {
        let Some(mut sig) = self.callee_signature(x) else {
            x.invalidate();
            return;
        };
        let tparams = self.as_signature(sig).expect("call: callee is a function").tparams;

        let mut callee = Callee { sig, targs: Vec::new(), exprs: TypeArgExprs::new() };
        if let Some(inst) = inst {
            let exprs = type_arg_exprs(inst);
            let Some(targs) = self.type_exprs(&exprs) else {
                self.use_exprs(call.args);
                x.invalidate();
                return;
            };
            let (got, want) = (targs.len(), tparams.len());
            if got > want {
                let message = format!("got {got} type arguments but want {want}");
                self.error(exprs[want], Code::WrongTypeArgCount, message);
                self.use_exprs(call.args);
                x.invalidate();
                return;
            }
            if got == want && want > 0 {
                // All type arguments are given: instantiating now gives the function its type even if the arguments
                // turn out to be wrong.
                self.verify_version(inst, GoVersion::go1(18), "function instantiation");
                callee.sig = self.instantiate_signature(inst.pos, inst, sig, &targs, &exprs);
            } else {
                (callee.targs, callee.exprs) = (targs, exprs);
            }
        }

        let args = self.generic_expr_list(call.args);
        sig = self.arguments(e, call, callee, args);
        let SignatureData { tparams: uninferred, results, .. } =
            self.as_signature(sig).expect("call: callee is a function");
        if !tparams.is_empty() && uninferred.is_empty() {
            // The function was recorded with its generic type.
            self.record_type_and_value(call.fun, Mode::Value, sig, None);
        }

        match results.len() {
            0 => x.mode = Mode::NoValue,
            1 => {
                x.mode = Mode::Value;
                x.ty = self.type_of_var(self.obj_at(results, 0));
            }
            _ => {
                x.mode = Mode::Value;
                x.ty = self.result_tuple(sig, results);
            }
        }
        x.val = None;
        self.env.has_call_or_recv = true;

        // No operand has a type that mentions a type parameter for which inference has failed.
        if x.mode == Mode::Value && !uninferred.is_empty() {
            let uninferred = TypeParams::new(self, uninferred);
            if self.is_parameterized(&uninferred, x.ty) {
                x.invalidate();
            }
        }
    }

    /// The type of a call with several results, made once for each function type.
    fn result_tuple(&mut self, sig: TypeId, results: ObjList) -> TypeId {
        let made = self.made.result_tuples[sig];
        match made {
            // What a type stands for may be written again while it is being declared.
            Some(tuple) if self.ty(tuple) == Type::Tuple(results) => tuple,
            _ => {
                let tuple = self.new_type(Type::Tuple(results));
                self.made.result_tuples[sig] = Some(tuple);
                tuple
            }
        }
    }

    /// The function type that the callee has. Of a type parameter, all types in the type set must have it.
    fn callee_signature(&mut self, x: &Operand<'a>) -> Option<TypeId> {
        let under = self.under(x.ty);
        if let Type::Signature(_) = self.ty(under) {
            return Some(under);
        }
        let mut is_func = |c: &mut Checker<'a>, specific: Option<(TypeId, TypeId)>| {
            let (ty, under) = specific?;
            let is_func = matches!(c.ty(under), Type::Signature(_));
            (!is_func).then(|| format!("{} is not a function", c.type_string(ty)))
        };
        match self.common_under(x.ty, Some(&mut is_func)) {
            Ok(sig) => Some(sig),
            Err(cause) => {
                let message = format!("invalid operation: cannot call {}: {cause}", self.operand_string(x));
                self.error(x, Code::InvalidCall, message);
                None
            }
        }
    }

    /// Evaluates expressions. A single call may give several operands.
    pub fn expr_list(&mut self, list: &[&'a ast::Expr<'a>]) -> Vec<Operand<'a>> {
        match *list {
            [] => Vec::new(),
            [e] => self.multi_expr(e, false).0,
            _ => {
                let evaluate = |&e| {
                    let mut x = Operand::new();
                    self.expr(None, &mut x, e);
                    x
                };
                list.iter().map(evaluate).collect()
            }
        }
    }

    /// Evaluates arguments, which since Go 1.21 may be generic functions without some or all of their type arguments.
    pub fn generic_expr_list(&mut self, list: &[&'a ast::Expr<'a>]) -> Arguments<'a> {
        let mut args = Arguments::default();
        match *list {
            [] => {}
            [e] => {
                let x = self.generic_argument(e, &mut args);
                match self.ty(x.ty) {
                    // A call with several results; it is not generic.
                    Type::Tuple(vars) if x.is_valid() && x.mode != Mode::NoValue => {
                        args.operands.extend(self.objs(vars).iter().map(|&var| Operand {
                            mode: Mode::Value,
                            expr: Some(e),
                            ty: self.type_of_var(var),
                            val: None,
                        }));
                    }
                    _ => args.operands.push(x),
                }
            }
            _ => {
                args.operands.reserve(list.len());
                for &e in list {
                    let mut x = self.generic_argument(e, &mut args);
                    self.single_value(&mut x);
                    args.operands.push(x);
                }
            }
        }
        args
    }

    /// Evaluates the argument that comes next in `args`. It may be a tuple.
    fn generic_argument(&mut self, e: &'a ast::Expr<'a>, args: &mut Arguments<'a>) -> Operand<'a> {
        let mut x = Operand::new();
        if !matches!(e.kind, ast::ExprKind::Index { .. }) {
            self.raw_expr(None, &mut x, e, None, true);
            self.exclude(&mut x, Accept::Value);
            return x;
        }
        if !self.index_expr(&mut x, e) {
            // An ordinary index expression.
            x.expr = Some(e);
            if x.is_valid() && x.mode != Mode::NoValue && !self.finite_size(x.ty) {
                x.invalidate();
            }
            self.record(&x);
            self.exclude(&mut x, Accept::Value);
            return x;
        }
        // Before Go 1.21 the missing type arguments had to be inferable here.
        let infer = !self.allow_version(GoVersion::go1(21));
        let pos = x.expr.map_or(e.pos, |e| e.pos);
        match self.func_inst(None, pos, &mut x, Some(e), infer) {
            Some(targs) => {
                x.expr = Some(e);
                args.partial.push((args.operands.len(), targs));
            }
            None => self.record(&x),
        }
        x
    }

    /// Checks expressions in the presence of other errors, so that what they refer to counts as used. Says whether
    /// all of them are valid.
    pub fn use_exprs(&mut self, list: &[&'a ast::Expr<'a>]) -> bool {
        self.use_all(list, false)
    }

    /// The same for the left side of an assignment: being assigned to is no use of a variable.
    pub fn use_lhs(&mut self, list: &[&'a ast::Expr<'a>]) -> bool {
        self.use_all(list, true)
    }

    fn use_all(&mut self, list: &[&'a ast::Expr<'a>], lhs: bool) -> bool {
        let mut valid = true;
        for e in list {
            valid &= self.use_expr(e, lhs);
        }
        valid
    }

    fn use_expr(&mut self, e: &'a ast::Expr<'a>, lhs: bool) -> bool {
        let mut x = Operand::new();
        let inner = e.unparen();
        match inner.kind {
            ast::ExprKind::Name(name) if name.is_blank() => return true,
            ast::ExprKind::Name(name) => {
                let unused = self.lookup(name).filter(|&obj| {
                    let Object { kind, pkg, .. } = *self.obj(obj);
                    lhs && matches!(kind, ObjKind::Var { used: false, .. }) && pkg == Some(self.env.pkg)
                });
                self.expr_or_type(&mut x, inner, true);
                if let Some(var) = unused
                    && let ObjKind::Var { used, .. } = &mut self.objects[var].kind
                {
                    *used = false;
                }
            }
            ast::ExprKind::List(elems) => return self.use_all(elems, lhs),
            _ => {
                self.raw_expr(None, &mut x, e, None, true);
            }
        }
        x.is_valid()
    }
}
