//! Range statements: over strings, arrays, slices, maps, channels, integers and functions.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::stmt::{StmtContext, exprs};
use crate::store::*;
use crate::universe::typ;
use crate::version::{Feature, GoVersion};
use syntax::ast::{self, ExprList};

/// Types of the values that an iteration produces.
#[derive(Clone, Copy)]
struct Iteration {
    key: Option<TypeId>,
    val: Option<TypeId>,
}

impl<'a> Checker<'a> {
    pub(crate) fn range_stmt(
        &mut self,
        inner: StmtContext,
        stmt: &'a ast::Stmt<'a>,
        for_stmt: &'a ast::ForStmt<'a>,
        clause: &'a ast::RangeClause<'a>,
    ) {
        let lhs = ExprList::of(clause.lhs);
        let (key, val) = (lhs.get(0), lhs.get(1));

        let mut x = Operand::new();
        self.env.has_call_or_recv = false;
        self.expr(None, &mut x, clause.x);
        if x.is_valid() && val.is_none() && !self.env.has_call_or_recv {
            self.record_constant_range(&x, clause.x);
        }

        let mut types = Iteration { key: None, val: None };
        if x.is_valid() {
            match self.range_key_val(x.ty) {
                Err(cause) => {
                    let what = self.operand_string(&x);
                    let separator = if cause.is_empty() { "" } else { ": " };
                    let message = format!("cannot range over {what}{separator}{cause}");
                    self.soft_error(&x, Code::InvalidRangeExpr, message);
                }
                Ok(produced) => {
                    types = produced;
                    self.check_variable_count(&x, produced, exprs(&lhs));
                }
            }
        }

        // spec: "their scope is the block of the "for" statement"
        self.open_scope(stmt.pos, stmt.end());
        let lhs = [key, val];
        let is_int = self.is_integer(x.ty);
        if clause.def {
            self.declare_iteration_variables(&mut x, lhs, types, is_int, stmt, for_stmt);
        } else if key.is_some() {
            self.assign_iteration_variables(&mut x, lhs, types, is_int);
        } else if is_int {
            // An untyped count must have a value of its default type, as if assigned to `_`.
            self.assignment(&mut x, None, "range clause");
        }
        self.block(inner, for_stmt.body);
        self.close_scope();
    }

    /// spec: "The range expression x is evaluated before beginning the loop, with one exception: if at most one
    /// iteration variable is present and x or len(x) is constant, the range expression is not evaluated."
    ///
    /// Then the expression inside the parentheses is recorded as the constant length.
    fn record_constant_range(&mut self, x: &Operand<'a>, e: &'a ast::Expr<'a>) {
        let underlying = self.under(x.ty);
        let array = self.array_ptr_deref(underlying);
        if let Type::Array { len, .. } = self.ty(array) {
            let val = Some(Value::from_i64(len));
            self.record(&Operand { mode: Mode::Constant, expr: Some(e.unparen()), ty: typ::INT, val });
        }
    }

    fn check_variable_count(&mut self, x: &Operand<'a>, types: Iteration, lhs: &[&'a ast::Expr<'a>]) {
        let (at, message) = match (types, lhs) {
            (Iteration { key: None, .. }, &[at, ..]) => {
                (at, format!("range over {} permits no iteration variables", self.operand_string(x)))
            }
            (Iteration { val: None, .. }, &[_, at, ..]) => {
                (at, format!("range over {} permits only one iteration variable", self.operand_string(x)))
            }
            (_, &[_, _, at, ..]) => (at, "range clause permits at most two iteration variables".to_string()),
            _ => return,
        };
        self.soft_error(at, Code::InvalidIterVar, message);
    }

    /// `for lhs := range x`
    fn declare_iteration_variables(
        &mut self,
        x: &mut Operand<'a>,
        lhs: [Option<&'a ast::Expr<'a>>; 2],
        types: Iteration,
        is_int: bool,
        stmt: &'a ast::Stmt<'a>,
        for_stmt: &'a ast::ForStmt<'a>,
    ) {
        let pkg = Some(self.env.pkg);
        let mut new_vars = [None; 2];
        for (index, (e, ty)) in lhs.into_iter().zip([types.key, types.val]).enumerate() {
            let Some(e) = e else { continue };
            let var = match e.as_ident() {
                Some(ident) => {
                    let var = self.store.new_var(VarKind::Local, ident.pos, pkg, ident.name, None);
                    self.record_def(ident, var);
                    if !ident.name.is_blank() {
                        new_vars[index] = Some(var);
                    }
                    var
                }
                None => {
                    let message = format!("cannot declare {}", syntax::expr_string(e));
                    self.error(e, Code::InvalidSyntaxTree, message);
                    self.store.new_var(VarKind::Local, e.pos, pkg, base::sym::BLANK, None)
                }
            };
            match ty {
                None | Some(typ::INVALID) => {
                    self.store.objects[var].ty = Some(typ::INVALID);
                    self.set_var_used(var, true);
                }
                Some(_) if is_int => self.init_var(var, x, "range clause"),
                // The variable itself stands for the value, which has no expression.
                Some(ty) => self.init_var(var, &mut produced_value(e, ty), "assignment"),
            }
        }
        if new_vars == [None; 2] {
            self.error(stmt, Code::NoNewVar, "no new variables on left side of :=");
        }
        for var in new_vars.into_iter().flatten() {
            self.declare(self.env.scope, None, var, for_stmt.body.pos);
        }
    }

    /// `for lhs = range x`
    fn assign_iteration_variables(
        &mut self,
        x: &mut Operand<'a>,
        lhs: [Option<&'a ast::Expr<'a>>; 2],
        types: Iteration,
        is_int: bool,
    ) {
        for (e, ty) in lhs.into_iter().zip([types.key, types.val]) {
            let (Some(e), Some(ty)) = (e, ty) else { continue };
            if ty == typ::INVALID {
                continue;
            }
            if !is_int {
                self.assign_operand(e, &mut produced_value(e, ty), "assignment");
                continue;
            }
            self.assign_operand(e, x, "range clause");
            // An untyped count takes its type from the variable.
            if x.is_valid() && !self.is_integer(x.ty) {
                let message = format!("cannot use iteration variable of type {}", self.type_string(x.ty));
                self.soft_error(e, Code::InvalidRangeExpr, message);
            }
        }
    }

    /// What an iteration over a value of type `orig` produces; if it is impossible the reason, perhaps empty.
    fn range_key_val(&mut self, orig: TypeId) -> Result<Iteration, String> {
        let mut can_receive = |c: &mut Checker<'a>, pair: Option<(TypeId, TypeId)>| {
            let (ty, under) = pair?;
            let is_send_only = matches!(c.ty(under), Type::Chan { dir: ChanDir::SendOnly, .. });
            is_send_only.then(|| format!("receive from send-only channel {}", c.type_string(ty)))
        };
        let underlying = self.common_under(orig, Some(&mut can_receive))?;
        let ranged = self.array_ptr_deref(underlying);
        let produces = |key, val| Ok(Iteration { key: Some(key), val });
        match self.ty(ranged) {
            Type::Basic(kind) if kind.is_string() => produces(typ::INT, Some(typ::RUNE)),
            Type::Basic(kind) if kind.is_integer() => {
                if !self.allow_version(GoVersion::go1(22)) {
                    return Err("requires go1.22 or later".to_string());
                }
                produces(orig, None)
            }
            Type::Array { elem, .. } | Type::Slice { elem } => produces(typ::INT, Some(elem)),
            Type::Map { key, elem } => produces(key, Some(elem)),
            Type::Chan { elem, .. } => produces(elem, None),
            Type::Signature(sig) => {
                if !self.allow_version(GoVersion::go1(23)) {
                    return Err("requires go1.23 or later".to_string());
                }
                self.yield_parameters(sig)
            }
            _ => Err(String::new()),
        }
    }

    /// What a function that is ranged over passes to its `yield`.
    fn yield_parameters(&mut self, sig: SignatureId) -> Result<Iteration, String> {
        let bad = |what: &str| Err(format!("func must be func(yield func(...) bool): {what}"));
        let SignatureData { params, results, .. } = self.signatures[sig];
        if params.len() != 1 {
            return bad("wrong argument count");
        }
        if !results.is_empty() {
            return bad("unexpected results");
        }
        let param = self.var_type_at(params, 0);
        let callback = match self.common_under(param, None) {
            Err(cause) => return bad(&format!("in yield type, {cause}")),
            Ok(under) => match self.ty(under) {
                Type::Signature(callback) => callback,
                _ => return bad("argument is not func"),
            },
        };
        let SignatureData { params, results, variadic, .. } = self.signatures[callback];
        if params.len() > 2 {
            return bad("yield func has too many parameters");
        }
        let result = (results.len() == 1).then(|| self.var_type_at(results, 0));
        match result {
            Some(ty) if self.identical(ty, typ::BOOL) => {}
            Some(ty) if self.is_boolean(ty) => return bad("yield func returns user-defined boolean, not bool"),
            _ => return bad("yield func does not return bool"),
        }
        if variadic && Feature::FixedYieldParameters.in_compiler(self.config.max_version) {
            let signature = self.signature_string(callback);
            return Err(format!("yield func of type func{signature} cannot be variadic"));
        }
        let nth = |index| (index < params.len()).then(|| self.var_type_at(params, index));
        Ok(Iteration { key: nth(0), val: nth(1) })
    }

    fn var_type_at(&self, vars: ObjList, index: usize) -> TypeId {
        self.obj(self.obj_at(vars, index)).ty.unwrap_or(typ::INVALID)
    }

    /// The array that a pointer points to; other types as they are.
    fn array_ptr_deref(&mut self, ty: TypeId) -> TypeId {
        let actual = self.unalias(ty);
        if let Type::Pointer { elem } = self.ty(actual) {
            let array = self.under(elem);
            if let Type::Array { .. } = self.ty(array) {
                return array;
            }
        }
        ty
    }
}

fn produced_value<'a>(e: &'a ast::Expr<'a>, ty: TypeId) -> Operand<'a> {
    Operand { mode: Mode::Value, expr: Some(e), ty, val: None }
}
