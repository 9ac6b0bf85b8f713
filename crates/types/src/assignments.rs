//! Assignability in its many places: initialisations, assignments, results, short variable declarations.
//!
//! [`Checker::assignment`] is the rule itself. Around it stands the matching of left and right sides: n values for n
//! variables, or one call (or `v, ok` expression) for several.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::operand::{At, Operand};
use crate::store::*;
use crate::universe::typ;
use crate::version::Feature;
use base::{Pos, Symbol};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use syntax::ast;

/// Left sides longer than this are searched for repeated names by hashing.
const LINEAR_LIMIT: usize = 32;

impl<'a> Checker<'a> {
    /// Checks that `x` can be assigned to a variable of type `ty` (`None`: to the blank identifier, or a variable that
    /// takes its type from `x`) and gives untyped values their type. `context` says where, for the message. `x` is
    /// invalid afterwards if it cannot.
    pub fn assignment(&mut self, x: &mut Operand<'a>, ty: Option<TypeId>, context: &str) {
        self.single_value(x);
        match x.mode {
            Mode::Invalid => return,
            Mode::NoValue | Mode::Builtin(_) | Mode::TypeExpr => {
                let what = self.operand_string(x);
                let target = ty.map_or_else(|| "<nil>".to_string(), |ty| self.type_string(ty));
                self.error(&*x, Code::IncompatibleAssign, format!("cannot assign {what} to {target} in {context}"));
                return x.invalidate();
            }
            Mode::Constant
            | Mode::Variable
            | Mode::MapIndex
            | Mode::Value
            | Mode::NilValue
            | Mode::CommaOk
            | Mode::CommaErr => {}
        }
        if self.is_untyped(x.ty) && !self.assign_untyped(x, ty, context) {
            return x.invalidate();
        }

        // A generic function is no value until it is instantiated.
        let underlying = self.under(x.ty);
        if let Type::Signature(sig) = self.ty(underlying)
            && !self.signatures[sig].tparams.is_empty()
        {
            let target = if self.infers_in_assignments() { self.new_target(ty, context) } else { None };
            if let Some(target) = target {
                self.func_inst(Some(&target), x.expr().pos, x, None, true);
                if !x.is_valid() {
                    return;
                }
            } else {
                let what = self.operand_string(x);
                let message = format!("cannot use generic function {what} without instantiation in {context}");
                self.error(&*x, Code::WrongTypeArgCount, message);
                return x.invalidate();
            }
        }

        // spec: "Any typed or non-constant value except for the predeclared identifier nil may be assigned to the blank
        // identifier."
        let Some(ty) = ty else { return };
        let mut cause = String::new();
        if let Err(code) = self.assignable_to(x, ty, Some(&mut cause)) {
            let (what, target) = (self.operand_string(x), self.type_string(ty));
            let separator = if cause.is_empty() { "" } else { ": " };
            let message = format!("cannot use {what} as {target} value in {context}{separator}{cause}");
            self.error(&*x, code, message);
            x.invalidate();
        }
    }

    /// Gives the untyped `x` the type it has when assigned to a variable of type `ty`; false after an error.
    fn assign_untyped(&mut self, x: &mut Operand<'a>, ty: Option<TypeId>, context: &str) -> bool {
        // spec: "If an untyped constant is assigned to a variable of interface type or the blank identifier, the
        // constant is first implicitly converted to its default type."
        let target = match ty {
            None if self.is_nil(x) => {
                self.error(&*x, Code::UntypedNilUse, format!("use of untyped nil in {context}"));
                return false;
            }
            Some(ty) if self.is_nil(x) || !self.is_non_type_param_interface(ty) => ty,
            _ => self.default_type(x.ty),
        };
        match self.implicit_type_and_value(x, target) {
            Err(code) => {
                let (what, target) = (self.operand_string(x), self.type_string(target));
                let (code, reason) = match code {
                    Code::TruncatedFloat => (code, " (truncated)"),
                    Code::NumericOverflow => (code, " (overflows)"),
                    _ => (Code::IncompatibleAssign, ""),
                };
                let message = format!("cannot use {what} as {target} value in {context}{reason}");
                self.error(&*x, code, message);
                false
            }
            Ok((new_type, value)) => {
                if let Some(value) = value {
                    x.val = Some(value.clone());
                    self.update_expr_val(x.expr(), value);
                }
                if new_type != x.ty {
                    x.ty = new_type;
                    self.update_expr_type(x.expr(), new_type, false);
                }
                true
            }
        }
    }

    /// Go 1.27: the type arguments of a generic function are inferred wherever it is assigned.
    pub fn infers_in_assignments(&self) -> bool {
        Feature::AssignmentInference.in_compiler(self.config.max_version)
    }

    /// Checks the constant declaration `lhs = x`. If `lhs` has no type yet, it takes that of `x`.
    pub fn init_const(&mut self, lhs: ObjId, x: &mut Operand<'a>) {
        let Some(ty) = self.initialized_type(lhs, x) else { return };
        if x.mode != Mode::Constant {
            let what = self.operand_string(x);
            self.error(&*x, Code::InvalidConstInit, format!("{what} is not constant"));
            return self.ensure_type(lhs);
        }
        let ty = ty.unwrap_or(x.ty);
        self.store.objects[lhs].ty = Some(ty);
        self.assignment(x, Some(ty), "constant declaration");
        if x.is_valid() {
            let val = x.val.clone().map(|value| self.store.new_const_value(value));
            self.store.objects[lhs].kind = ObjKind::Const { val };
        }
    }

    /// Checks the variable initialisation `lhs = x`. If `lhs` has no type yet, it takes that of `x`. `x` is invalid
    /// afterwards if the check failed.
    pub fn init_var(&mut self, lhs: ObjId, x: &mut Operand<'a>, context: &str) {
        let Some(ty) = self.initialized_type(lhs, x) else { return x.invalidate() };
        let ty = match ty {
            Some(ty) => ty,
            None if x.ty == typ::UNTYPED_NIL => {
                self.error(&*x, Code::UntypedNilUse, format!("use of untyped nil in {context}"));
                self.ensure_type(lhs);
                return x.invalidate();
            }
            None => self.default_type(x.ty),
        };
        self.store.objects[lhs].ty = Some(ty);
        self.assignment(x, Some(ty), context);
    }

    /// The type that `lhs` has so far, or `None` if it or `x` is invalid; then `lhs` is made invalid if it has no type.
    fn initialized_type(&mut self, lhs: ObjId, x: &Operand<'a>) -> Option<Option<TypeId>> {
        let ty = self.obj(lhs).ty;
        if x.is_valid() && self.is_valid(x.ty) && ty.is_none_or(|ty| self.is_valid(ty)) {
            return Some(ty);
        }
        self.ensure_type(lhs);
        None
    }

    /// A variable whose initialisation failed has the invalid type, unless it was declared with one.
    fn ensure_type(&mut self, lhs: ObjId) {
        self.store.objects[lhs].ty.get_or_insert(typ::INVALID);
    }

    /// The type of an assignment's left side: `None` for the blank identifier, invalid after an error. To be assigned
    /// to does not count as use.
    fn lhs_var(&mut self, lhs: &'a ast::Expr<'a>) -> Option<TypeId> {
        let name = lhs.unparen().as_ident().map(|ident| ident.name);
        if name.is_some_and(Symbol::is_blank) {
            return None;
        }
        let pkg = Some(self.env.pkg);
        let var = name.and_then(|name| self.lookup(name)).filter(|&obj| self.obj(obj).pkg == pkg);
        let was_used = var.is_some_and(|var| self.is_var_used(var));

        let mut x = Operand::new();
        self.expr(None, &mut x, lhs);
        if let Some(var) = var {
            self.set_var_used(var, was_used);
        }
        if !x.is_valid() || !self.is_valid(x.ty) {
            return Some(typ::INVALID);
        }
        // spec: "Each left-hand side operand must be addressable, a map index expression, or (for = assignments only) the
        // blank identifier. Operands may be parenthesized."
        if matches!(x.mode, Mode::Variable | Mode::MapIndex) {
            return Some(x.ty);
        }
        let assigned = syntax::expr_string(x.expr());
        if let ast::ExprKind::Selector { x: base, .. } = x.expr().kind {
            let mut op = Operand::new();
            self.expr(None, &mut op, base);
            if op.mode == Mode::MapIndex {
                let message = format!("cannot assign to struct field {assigned} in map");
                self.error(&x, Code::UnaddressableFieldAssign, message);
                return Some(typ::INVALID);
            }
        }
        let message = format!("cannot assign to {assigned} (neither addressable nor a map index expression)");
        self.error(&x, Code::UnassignableOperand, message);
        Some(typ::INVALID)
    }

    /// Checks `lhs = rhs`.
    fn assign_var(&mut self, lhs: &'a ast::Expr<'a>, rhs: &'a ast::Expr<'a>, context: &str) {
        let ty = self.lhs_var(lhs);
        if ty.is_some_and(|ty| !self.is_valid(ty)) {
            self.use_exprs(&[rhs]);
            return;
        }
        let mut target = self.new_target(ty, "");
        if let Some(target) = &mut target {
            target.desc = syntax::expr_string(lhs);
        }
        let mut x = Operand::new();
        self.expr(target.as_ref(), &mut x, rhs);
        self.assign_value(ty, &mut x, context);
    }

    /// Checks `lhs = x`. `x` is invalid afterwards if the check failed.
    pub(crate) fn assign_operand(&mut self, lhs: &'a ast::Expr<'a>, x: &mut Operand<'a>, context: &str) {
        let ty = self.lhs_var(lhs);
        if ty.is_some_and(|ty| !self.is_valid(ty)) {
            return x.invalidate();
        }
        self.assign_value(ty, x, context);
    }

    fn assign_value(&mut self, ty: Option<TypeId>, x: &mut Operand<'a>, context: &str) {
        let context = if ty.is_none() && context == "assignment" { "assignment to _ identifier" } else { context };
        self.assignment(x, ty, context);
    }

    /// Checks the initialisation of variables, or with `return_stmt` the assignment of results.
    pub fn init_vars(&mut self, lhs: &[ObjId], rhs: &[&'a ast::Expr<'a>], return_stmt: Option<&'a ast::Stmt<'a>>) {
        let context = if return_stmt.is_some() { "return statement" } else { "assignment" };

        // One variable and one call are matched as calls are, for the better message.
        if lhs.len() == rhs.len() && !is_single_call(rhs) {
            for (&var, &e) in lhs.iter().zip(rhs) {
                let Object { name, ty, .. } = *self.obj(var);
                let desc = match name.as_str() {
                    "" if return_stmt.is_some() => "result variable",
                    name => name,
                };
                let target = self.new_target(ty, desc);
                let mut x = Operand::new();
                self.expr(target.as_ref(), &mut x, e);
                self.init_var(var, &mut x, context);
            }
            return;
        }

        // Otherwise several values must come from a single expression.
        let &[e] = rhs else {
            // Other errors may well be the reason for the mismatch.
            if self.use_exprs(rhs) {
                match return_stmt {
                    Some(stmt) => {
                        let values = self.expr_list(rhs);
                        self.return_error(stmt.at(), lhs, &values);
                    }
                    None => self.assign_error(rhs, lhs.len(), rhs.len()),
                }
            }
            return lhs.iter().for_each(|&var| self.ensure_type(var));
        };
        let (mut values, comma_ok) = self.multi_expr(e, lhs.len() == 2 && return_stmt.is_none());
        if lhs.len() == values.len() {
            for (&var, x) in lhs.iter().zip(&mut values) {
                self.init_var(var, x, context);
            }
            self.record_comma_ok(e, comma_ok, &values);
            return;
        }
        if values[0].is_valid() {
            match return_stmt {
                Some(stmt) => self.return_error(stmt.at(), lhs, &values),
                None => self.assign_error(rhs, lhs.len(), values.len()),
            }
        }
        lhs.iter().for_each(|&var| self.ensure_type(var));
    }

    /// Checks `lhs... = rhs...`.
    pub(crate) fn assign_vars(&mut self, lhs: &[&'a ast::Expr<'a>], rhs: &[&'a ast::Expr<'a>]) {
        if lhs.len() == rhs.len() && !is_single_call(rhs) {
            for (&var, &e) in lhs.iter().zip(rhs) {
                self.assign_var(var, e, "assignment");
            }
            return;
        }
        let &[e] = rhs else {
            let lhs_ok = self.use_lhs(lhs);
            let rhs_ok = self.use_exprs(rhs);
            if lhs_ok && rhs_ok {
                self.assign_error(rhs, lhs.len(), rhs.len());
            }
            return;
        };
        let (mut values, comma_ok) = self.multi_expr(e, lhs.len() == 2);
        if lhs.len() == values.len() {
            for (&var, x) in lhs.iter().zip(&mut values) {
                self.assign_operand(var, x, "assignment");
            }
            self.record_comma_ok(e, comma_ok, &values);
            return;
        }
        if values[0].is_valid() {
            self.assign_error(rhs, lhs.len(), values.len());
        }
        self.use_lhs(lhs);
    }

    fn record_comma_ok(&mut self, e: &'a ast::Expr<'a>, comma_ok: bool, values: &[Operand<'a>]) {
        if let [value, ok] = values
            && comma_ok
            && value.is_valid()
            && ok.is_valid()
        {
            self.record_comma_ok_types(e, [value.ty, ok.ty]);
        }
    }

    /// Checks `lhs... := rhs...`; `pos` is the operator's.
    pub(crate) fn short_var_decl(&mut self, pos: Pos, lhs: &[&'a ast::Expr<'a>], rhs: &[&'a ast::Expr<'a>]) {
        let top = self.delayed.len();
        let (scope, pkg) = (self.env.scope, Some(self.env.pkg));
        let first = (lhs.len() > LINEAR_LIMIT).then(|| first_indices(lhs));

        let mut vars: SmallVec<[ObjId; 4]> = SmallVec::new();
        let mut new_vars: SmallVec<[ObjId; 4]> = SmallVec::new();
        let mut has_error = false;
        for (index, &e) in lhs.iter().enumerate() {
            let var = match e.as_ident() {
                None => {
                    self.use_lhs(&[e]);
                    let message = format!("non-name {} on left side of :=", syntax::expr_string(e));
                    self.error(e, Code::BadDecl, message);
                    None
                }
                Some(ident) if is_repeated(lhs, index, ident.name, first.as_ref()) => {
                    self.error(e, Code::RepeatedDecl, format!("{} repeated on left side of :=", ident.name));
                    None
                }
                // spec: "Unlike regular variable declarations, a short variable declaration may redeclare variables
                // provided they were originally declared earlier in the same block"
                Some(ident) => match self.scope(scope).lookup(ident.name) {
                    Some(other) => {
                        self.record_use(ident, other);
                        let is_var = matches!(self.obj(other).kind, ObjKind::Var { .. });
                        if !is_var {
                            self.error(e, Code::UnassignableOperand, format!("cannot assign to {}", ident.name));
                        }
                        is_var.then_some(other)
                    }
                    None => {
                        let var = self.store.new_var(VarKind::Local, ident.pos, pkg, ident.name, None);
                        self.record_def(ident, var);
                        if !ident.name.is_blank() {
                            new_vars.push(var);
                        }
                        Some(var)
                    }
                },
            };
            has_error |= var.is_none();
            // An unnamed variable takes the value of what cannot.
            let dummy = |c: &mut Self| c.store.new_var(VarKind::Local, e.pos, pkg, base::sym::BLANK, None);
            vars.push(var.unwrap_or_else(|| dummy(self)));
        }

        self.init_vars(&vars, rhs, None);
        // Function literals on the right do not see the new variables.
        self.process_delayed(top);

        if new_vars.is_empty() && !has_error {
            self.soft_error(pos, Code::NoNewVar, "no new variables on left side of :=");
            return;
        }
        // spec: "The scope of a constant or variable identifier declared inside a function begins at the end of the
        // ConstSpec or VarSpec (ShortVarDecl for short variable declarations) and ends at the end of the innermost
        // containing block."
        let scope_pos = rhs[rhs.len() - 1].end();
        for var in new_vars {
            self.declare(scope, None, var, scope_pos);
        }
    }

    fn assign_error(&mut self, rhs: &[&'a ast::Expr<'a>], variables: usize, values: usize) {
        let (vars, vals) = (measure(variables, "variable"), measure(values, "value"));
        let message = match (rhs, rhs[0].unparen().kind) {
            ([_], ast::ExprKind::Call(call)) => {
                let fun = syntax::expr_string(call.fun);
                format!("assignment mismatch: {vars} but {fun} returns {vals}")
            }
            _ => format!("assignment mismatch: {vars} but {vals}"),
        };
        self.error(rhs[0], Code::WrongAssignCount, message);
    }

    /// The number of results is wrong: reported at the first that is too many, or at the last.
    fn return_error(&mut self, stmt: Pos, lhs: &[ObjId], rhs: &[Operand<'a>]) {
        let (at, complaint) = match rhs {
            _ if rhs.len() > lhs.len() => (rhs[lhs.len()].at(), "too many return values"),
            [.., last] => (last.at(), "not enough return values"),
            [] => (stmt, "not enough return values"),
        };
        let have: Vec<TypeId> = rhs.iter().map(|x| x.ty).collect();
        let want: Vec<TypeId> = lhs.iter().map(|&var| self.obj(var).ty.unwrap_or(typ::INVALID)).collect();
        let mut err = ErrorBuilder::new(Code::WrongResultCount);
        err.add(at, complaint);
        err.add(Pos::NONE, format!("have {}", self.types_summary(&have, false, false)));
        err.add(Pos::NONE, format!("want {}", self.types_summary(&want, false, false)));
        self.report(err);
    }

    /// Whether `obj` is a variable that was used.
    pub(crate) fn is_var_used(&self, obj: ObjId) -> bool {
        matches!(self.obj(obj).kind, ObjKind::Var { used: true, .. })
    }

    /// Notes whether `obj` was used, if it is a variable.
    pub(crate) fn set_var_used(&mut self, obj: ObjId, value: bool) {
        if let ObjKind::Var { used, .. } = &mut self.store.objects[obj].kind {
            *used = value;
        }
    }
}

fn is_single_call(rhs: &[&ast::Expr]) -> bool {
    match rhs {
        [e] => is_call(e),
        _ => false,
    }
}

fn is_call(mut e: &ast::Expr) -> bool {
    while let ast::ExprKind::Paren(x) = e.kind {
        e = x;
    }
    matches!(e.kind, ast::ExprKind::Call(_))
}

/// Whether one of the expressions before `index` is `name` too. `first`: where each name comes first.
fn is_repeated(lhs: &[&ast::Expr], index: usize, name: Symbol, first: Option<&FxHashMap<Symbol, usize>>) -> bool {
    let is_name = |e: &&ast::Expr| matches!(e.kind, ast::ExprKind::Name(other) if other == name);
    !name.is_blank()
        && match first {
            Some(first) => first[&name] < index,
            None => lhs[..index].iter().any(is_name),
        }
}

fn first_indices(lhs: &[&ast::Expr]) -> FxHashMap<Symbol, usize> {
    let mut first = FxHashMap::default();
    for (index, e) in lhs.iter().enumerate() {
        if let ast::ExprKind::Name(name) = e.kind {
            first.entry(name).or_insert(index);
        }
    }
    first
}

fn measure(count: usize, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
