//! Function bodies and statements.
//!
//! A body is checked in an environment of its own. Its statements are checked in source order; function literals are
//! put off to the end of the statement they stand in, when the variables that it declares are not yet in scope. At the
//! end the body is looked at as a whole: labels, a missing return, variables that were never used.

use crate::checker::{Checker, Env, ErrorBuilder};
use crate::code::Code;
use crate::constant::Value;
use crate::operand::{At, Operand};
use crate::store::*;
use crate::universe::ExprKind;
use base::{Pos, sym};
use smallvec::SmallVec;
use syntax::ast::{self, ExprList, StmtKind};

/// Which branch statements are fine where a statement stands, and what helps to word a complaint.
#[derive(Clone, Copy, Default)]
pub(crate) struct StmtContext {
    pub break_ok: bool,
    pub continue_ok: bool,
    pub fallthrough_ok: bool,
    /// In the last clause of a switch.
    pub final_switch_case: bool,
    pub in_type_switch: bool,
}

impl StmtContext {
    /// For the statements that a statement holds.
    fn inner(self) -> StmtContext {
        StmtContext { fallthrough_ok: false, final_switch_case: false, in_type_switch: false, ..self }
    }
}

impl<'a> Checker<'a> {
    /// Checks a function's body. `decl` is the package-level declaration it belongs to, `iota` the value for function
    /// literals in constant declarations; package, unit and version are those of now.
    pub fn func_body(
        &mut self,
        decl: Option<DeclId>,
        name: &str,
        sig: SignatureId,
        body: &'a ast::BlockStmt<'a>,
        iota: Option<Value>,
    ) {
        let SignatureData { scope, results, .. } = self.signatures[sig];
        let Some(scope) = scope else { unreachable!("func_body: {name} has no scope") };
        let env = Env::new(self.env.pkg, self.env.unit, scope, self.env.version);
        let outer = std::mem::replace(&mut self.env, Env { decl, iota, sig: Some(sig), ..env });

        self.stmt_list(StmtContext::default(), body.list);
        if self.env.has_label && !self.config.ignore_branch_errors {
            self.labels(body);
        }
        // spec: "If the function's signature declares result parameters, the function body's statement list must end
        // in a terminating statement."
        if !results.is_empty() && !self.is_terminating(body) {
            self.error(body.rbrace, Code::MissingReturn, "missing return");
        }
        self.usage(scope);

        self.env = outer;
    }

    /// Reports the unused variables of a function's scope and the blocks in it.
    ///
    /// spec: "Implementation restriction: A compiler may make it illegal to declare a variable inside a function body
    /// if the variable is never used."
    pub fn usage(&mut self, scope: ScopeId) {
        let mut pending = vec![scope];
        let mut unused: Vec<(Pos, base::Symbol)> = Vec::new();
        while let Some(scope) = pending.pop() {
            for (_, obj) in self.scope(scope).objects() {
                let object = self.obj(obj);
                if let ObjKind::Var { kind, used: false, .. } = object.kind
                    && !matches!(kind, VarKind::Recv | VarKind::Param | VarKind::Result)
                {
                    unused.push((object.pos, object.name));
                }
            }
            unused.sort_unstable_by_key(|&(pos, _)| pos);
            for (pos, name) in unused.drain(..) {
                self.soft_error(pos, Code::UnusedVar, format!("declared and not used: {name}"));
            }
            // Function literals report their own.
            let blocks = self.scope(scope).children.iter().rev().filter(|&&child| !self.scope(child).is_func);
            pending.extend(blocks);
        }
    }

    pub(crate) fn stmt_list(&mut self, ctxt: StmtContext, list: &'a [&'a ast::Stmt<'a>]) {
        // Empty statements may follow a fallthrough.
        let is_empty = |stmt: &&ast::Stmt| matches!(stmt.kind, StmtKind::Empty);
        let len = list.iter().rposition(|stmt| !is_empty(stmt)).map_or(0, |last| last + 1);
        for (index, stmt) in list[..len].iter().enumerate() {
            let fallthrough_ok = ctxt.fallthrough_ok && index + 1 == len;
            self.stmt(StmtContext { fallthrough_ok, ..ctxt }, stmt);
        }
    }

    pub(crate) fn stmt(&mut self, ctxt: StmtContext, stmt: &'a ast::Stmt<'a>) {
        let top = self.delayed.len();
        if self.enter(stmt) {
            self.stmt_internal(ctxt, stmt);
        }
        // Function literals must be checked before later declarations come into scope.
        self.process_delayed(top);
        self.leave();
    }

    pub(crate) fn open_scope(&mut self, pos: Pos, end: Pos) {
        let outer = self.env.scope;
        self.env.scope = self.store.new_scope(Some(outer), pos, end);
    }

    pub(crate) fn close_scope(&mut self) {
        self.env.scope = self.scope(self.env.scope).parent.expect("scopes are opened and closed in pairs");
    }

    fn simple_stmt(&mut self, stmt: Option<&'a ast::Stmt<'a>>) {
        if let Some(stmt) = stmt {
            self.stmt(StmtContext::default(), stmt);
        }
    }

    pub(crate) fn block(&mut self, ctxt: StmtContext, block: &'a ast::BlockStmt<'a>) {
        self.open_scope(block.pos, block.rbrace);
        self.stmt_list(ctxt, block.list);
        self.close_scope();
    }

    fn stmt_internal(&mut self, ctxt: StmtContext, stmt: &'a ast::Stmt<'a>) {
        let inner = ctxt.inner();
        match stmt.kind {
            StmtKind::Empty => {}
            StmtKind::Decl(decls) => self.decl_stmt(decls),
            StmtKind::Labeled { stmt, .. } => {
                self.env.has_label = true;
                self.stmt(ctxt, stmt);
            }
            StmtKind::Expr(e) => self.expr_stmt(e),
            StmtKind::Send { chan, value } => self.send_stmt(stmt, chan, value),
            StmtKind::Assign { op, lhs, rhs: None } => self.inc_dec_stmt(op.expect("++ and -- have an operator"), lhs),
            StmtKind::Assign { op, lhs, rhs: Some(rhs) } => self.assign_stmt(stmt, op, lhs, rhs),
            StmtKind::Go { call } => self.suspended_call("go", Code::InvalidGo, call),
            StmtKind::Defer { call } => self.suspended_call("defer", Code::InvalidDefer, call),
            StmtKind::Return { results } => self.return_stmt(stmt, results),
            StmtKind::Branch { tok, label } => self.branch_stmt(ctxt, stmt, tok, label),
            StmtKind::Block(block) => self.block(inner, block),
            StmtKind::If(branch) => {
                self.open_scope(stmt.pos, stmt.end());
                self.simple_stmt(branch.init);
                self.condition(branch.cond, "if");
                self.block(inner, branch.then);
                if let Some(els) = branch.els {
                    self.stmt(inner, els);
                }
                self.close_scope();
            }
            StmtKind::Switch(switch) => {
                let inner = StmtContext { break_ok: true, ..inner };
                self.open_scope(stmt.pos, stmt.end());
                self.simple_stmt(switch.init);
                match switch.tag.map(|tag| tag.kind) {
                    Some(ast::ExprKind::TypeSwitchGuard { lhs, x }) => {
                        self.type_switch_stmt(StmtContext { in_type_switch: true, ..inner }, switch, lhs, x);
                    }
                    _ => self.switch_stmt(inner, switch),
                }
                self.close_scope();
            }
            StmtKind::Select(select) => self.select_stmt(StmtContext { break_ok: true, ..inner }, select),
            StmtKind::For(for_stmt) => {
                let inner = StmtContext { break_ok: true, continue_ok: true, ..inner };
                match for_stmt.init.map(|init| init.kind) {
                    Some(StmtKind::Range(clause)) => self.range_stmt(inner, stmt, for_stmt, clause),
                    _ => self.for_stmt(inner, stmt, for_stmt),
                }
            }
            StmtKind::Range(_) => unreachable!("stmt: a range clause is the init of a for statement"),
        }
    }

    /// spec: "With the exception of specific built-in functions, function and method calls and receive operations can
    /// appear in statement context. Such statements may be parenthesized."
    fn expr_stmt(&mut self, e: &'a ast::Expr<'a>) {
        let mut x = Operand::new();
        let kind = self.raw_expr(None, &mut x, e, None, false);
        let (code, complaint) = match x.mode {
            Mode::Builtin(_) => (Code::UncalledBuiltin, "must be called"),
            Mode::TypeExpr => (Code::NotAnExpr, "is not an expression"),
            _ if kind == ExprKind::Statement => return,
            _ => (Code::UnusedExpr, "is not used"),
        };
        let what = self.operand_string(&x);
        self.error(&x, code, format!("{what} {complaint}"));
    }

    fn send_stmt(&mut self, stmt: &'a ast::Stmt<'a>, chan: &'a ast::Expr<'a>, value: &'a ast::Expr<'a>) {
        let (mut ch, mut x) = (Operand::new(), Operand::new());
        self.expr(None, &mut ch, chan);
        if self.infers_in_assignments() {
            self.generic_expr(&mut x, value);
        } else {
            self.expr(None, &mut x, value);
        }
        if ch.is_valid()
            && x.is_valid()
            && let Some(elem) = self.chan_elem(stmt.at(), &ch, false)
        {
            self.assignment(&mut x, Some(elem), "send");
        }
    }

    fn inc_dec_stmt(&mut self, op: ast::Operator, lhs: &'a ast::Expr<'a>) {
        let mut x = Operand::new();
        self.expr(None, &mut x, lhs);
        if !x.is_valid() {
            return;
        }
        if !self.all_numeric(x.ty) {
            let (operand, ty) = (syntax::expr_string(lhs), self.type_string(x.ty));
            let message = format!("invalid operation: {operand}{op}{op} (non-numeric type {ty})");
            self.error(lhs, Code::NonNumericIncDec, message);
            return;
        }
        self.assign_operand(lhs, &mut x, "assignment");
    }

    fn assign_stmt(
        &mut self,
        stmt: &'a ast::Stmt<'a>,
        op: Option<ast::Operator>,
        lhs: &'a ast::Expr<'a>,
        rhs: &'a ast::Expr<'a>,
    ) {
        let (left, right) = (lhs.list(), rhs.list());
        match op {
            None => self.assign_vars(exprs(&left), exprs(&right)),
            Some(ast::Operator::Def) => self.short_var_decl(stmt.pos, exprs(&left), exprs(&right)),
            Some(op) if left.len() != 1 || right.len() != 1 => {
                let message = format!("assignment operation {op} requires single-valued expressions");
                self.error(stmt, Code::MultiValAssignOp, message);
            }
            Some(op) => {
                let mut x = Operand::new();
                self.binary(&mut x, None, lhs, rhs, op);
                self.assign_operand(lhs, &mut x, "assignment");
            }
        }
    }

    /// The call of a go or defer statement.
    fn suspended_call(&mut self, keyword: &str, code: Code, call: &'a ast::Expr<'a>) {
        if !matches!(call.kind, ast::ExprKind::Call(_)) {
            self.error(call, code, format!("expression in {keyword} must be function call"));
            self.use_exprs(&[call]);
            return;
        }
        let mut x = Operand::new();
        let (code, complaint) = match self.raw_expr(None, &mut x, call, None, false) {
            ExprKind::Statement => return,
            ExprKind::Conversion => (code, "requires function call, not conversion"),
            // spec: "Calls of built-in functions are restricted as for expression statements."
            ExprKind::Expression => (Code::UnusedResults, "discards result of"),
        };
        let what = self.operand_string(&x);
        self.error(&x, code, format!("{keyword} {complaint} {what}"));
    }

    fn return_stmt(&mut self, stmt: &'a ast::Stmt<'a>, results: Option<&'a ast::Expr<'a>>) {
        let sig = self.env.sig.expect("a return statement stands in a function");
        let vars = self.signatures[sig].results;
        let results = ExprList::of(results);
        let is_named = |c: &Self| !vars.is_empty() && c.obj(c.obj_at(vars, 0)).name != sym::EMPTY;
        if !(results.is_empty() && is_named(self)) {
            let vars: SmallVec<[ObjId; 4]> = SmallVec::from_slice(self.objs(vars));
            return self.init_vars(&vars, exprs(&results), Some(stmt));
        }
        // spec: "Implementation restriction: A compiler may disallow an empty expression list in a "return" statement
        // if a different entity (constant, type, or variable) with the same name as a result parameter is in scope at
        // the place of the return."
        for index in 0..vars.len() {
            let var = self.obj_at(vars, index);
            let name = self.obj(var).name;
            if let Some(other) = self.lookup(name)
                && other != var
            {
                let mut err = ErrorBuilder::new(Code::OutOfScopeResult);
                err.add(stmt, format!("result parameter {name} not in scope at return"));
                err.add(self.obj(other).pos, format!("inner declaration of {}", self.object_string(var)));
                self.report(err);
            }
        }
    }

    /// Labels are looked at when the whole body is known, see `labels.rs`.
    fn branch_stmt(
        &mut self,
        ctxt: StmtContext,
        stmt: &'a ast::Stmt<'a>,
        tok: ast::BranchKind,
        label: Option<ast::Ident>,
    ) {
        if label.is_some() {
            self.env.has_label = true;
            return;
        }
        if self.config.ignore_branch_errors {
            return;
        }
        let (code, message) = match tok {
            ast::BranchKind::Break if ctxt.break_ok => return,
            ast::BranchKind::Break => (Code::MisplacedBreak, "break not in for, switch, or select statement"),
            ast::BranchKind::Continue if ctxt.continue_ok => return,
            ast::BranchKind::Continue => (Code::MisplacedContinue, "continue not in for statement"),
            ast::BranchKind::Fallthrough if ctxt.fallthrough_ok => return,
            ast::BranchKind::Fallthrough if ctxt.final_switch_case => {
                (Code::MisplacedFallthrough, "cannot fallthrough final case in switch")
            }
            ast::BranchKind::Fallthrough if ctxt.in_type_switch => {
                (Code::MisplacedFallthrough, "cannot fallthrough in type switch")
            }
            ast::BranchKind::Fallthrough => (Code::MisplacedFallthrough, "fallthrough statement out of place"),
            ast::BranchKind::Goto => (Code::InvalidSyntaxTree, "branch statement: goto"),
        };
        self.error(stmt, code, message);
    }

    fn for_stmt(&mut self, inner: StmtContext, stmt: &'a ast::Stmt<'a>, for_stmt: &'a ast::ForStmt<'a>) {
        self.open_scope(stmt.pos, stmt.end());
        self.simple_stmt(for_stmt.init);
        if let Some(cond) = for_stmt.cond {
            self.condition(cond, "for");
        }
        self.simple_stmt(for_stmt.post);
        // spec: "The init statement may be a short variable declaration, but the post statement must not." The parser
        // has said so; without a use there would be complaints about its variables too.
        if let Some(StmtKind::Assign { op: Some(ast::Operator::Def), lhs, .. }) = for_stmt.post.map(|post| post.kind) {
            self.use_exprs(exprs(&lhs.list()));
        }
        self.block(inner, for_stmt.body);
        self.close_scope();
    }

    fn condition(&mut self, cond: &'a ast::Expr<'a>, what: &str) {
        let mut x = Operand::new();
        self.expr(None, &mut x, cond);
        if x.is_valid() && !self.all_boolean(x.ty) {
            self.error(cond, Code::InvalidCond, format!("non-boolean condition in {what} statement"));
        }
    }
}

/// The list as a slice.
pub(crate) fn exprs<'l, 'a>(list: &'l ExprList<'a>) -> &'l [&'a ast::Expr<'a>] {
    match list {
        ExprList::One(e) => std::slice::from_ref(e),
        ExprList::Many(elems) => elems,
    }
}
