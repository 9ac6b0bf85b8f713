//! Switch statements over values and over types.
//!
//! Duplicate cases are found by hashing: values with their types' hashes, types by theirs. Only what falls together is
//! compared, so generated switches with thousands of cases cost what they should.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::constant::{Kind, Value};
use crate::operand::Operand;
use crate::stmt::{StmtContext, exprs};
use crate::store::*;
use crate::universe::typ;
use base::{Pos, sym};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;
use syntax::ast::{self, ExprList};

/// A case value that is looked for among the others. gc compares integers, floating-point numbers and strings only.
#[derive(PartialEq, Eq, Hash)]
enum CaseValue {
    Signed(i64),
    Unsigned(u64),
    /// The bits of a float64.
    Float(u64),
    String(Arc<[u8]>),
}

/// Case values seen so far. Values of different types are different cases of a switch over an interface, so the hash of
/// the type is part of the key.
type SeenValues = FxHashMap<(CaseValue, u64), SmallVec<[(Pos, TypeId); 1]>>;

/// Case types seen so far, by hash; `nil` apart.
#[derive(Default)]
struct SeenTypes<'a> {
    types: FxHashMap<u64, SmallVec<[(TypeId, &'a ast::Expr<'a>); 1]>>,
    nil: Option<&'a ast::Expr<'a>>,
}

impl<'a> Checker<'a> {
    /// An expression switch, whose init statement has been checked.
    pub(crate) fn switch_stmt(&mut self, inner: StmtContext, switch: &'a ast::SwitchStmt<'a>) {
        let mut x = Operand::new();
        match switch.tag {
            Some(tag) => {
                self.expr(None, &mut x, tag);
                // The value is kept in an invisible variable, which it must be assignable to.
                self.assignment(&mut x, None, "switch expression");
                if x.is_valid() && !self.comparable(x.ty) && !self.has_nil(x.ty) {
                    let (what, ty) = (self.operand_string(&x), self.type_string(x.ty));
                    let message = format!("cannot switch on {what} ({ty} is not comparable)");
                    self.error(&x, Code::InvalidExprSwitch, message);
                    x.invalidate();
                }
            }
            // spec: "A missing switch expression is equivalent to the boolean value true."
            None => {
                let name = |clause: &ast::CaseClause<'a>| {
                    // Clauses are numbered like expressions but have no type, so the number is free for this one.
                    let kind = ast::ExprKind::Name(sym::TRUE);
                    &*self.arena.alloc(ast::Expr { id: clause.id, pos: clause.pos, kind })
                };
                let expr = switch.body.first().map(name);
                x = Operand { mode: Mode::Constant, expr, ty: typ::BOOL, val: Some(Value::from_bool(true)) };
            }
        }

        self.multiple_case_defaults(switch.body);

        let mut seen = SeenValues::default();
        for (index, clause) in switch.body.iter().enumerate() {
            let is_last = index + 1 == switch.body.len();
            let inner = StmtContext { fallthrough_ok: !is_last, final_switch_case: is_last, ..inner };
            for e in ExprList::of(clause.cases).iter() {
                self.case_value(&mut x, e, &mut seen);
            }
            self.open_scope(clause.pos, clause.end());
            self.stmt_list(inner, clause.body);
            self.close_scope();
        }
    }

    fn multiple_case_defaults(&mut self, clauses: &[ast::CaseClause<'a>]) {
        let defaults = clauses.iter().filter(|clause| clause.cases.is_none()).map(|clause| clause.pos);
        self.multiple_defaults(defaults);
    }

    /// Checks `case e` of a switch on `x`.
    fn case_value(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, seen: &mut SeenValues) {
        let mut v = Operand::new();
        self.expr(None, &mut v, e);
        if !x.is_valid() || !v.is_valid() {
            return;
        }
        self.convert_untyped(&mut v, x.ty);
        if !v.is_valid() {
            return;
        }
        // Errors are to be at the case, so it is the left operand.
        let mut result = v.clone();
        self.comparison(&mut result, x, ast::Operator::Eql, true);
        if !result.is_valid() || v.mode != Mode::Constant {
            return;
        }
        // spec: "Implementation restriction: A compiler may disallow multiple case expressions evaluating to the same
        // constant."
        let Some(value) = case_key(v.value()) else { return };
        let hash = self.type_hash(v.ty);
        let others = seen.entry((value, hash)).or_default();
        for &(pos, ty) in others.iter() {
            if self.identical(v.ty, ty) {
                let mut err = ErrorBuilder::new(Code::DuplicateCase);
                err.add(&v, format!("duplicate case {} in expression switch", self.operand_string(&v)));
                err.add(pos, "previous case");
                return self.report(err);
            }
        }
        others.push((e.pos, v.ty));
    }

    /// A switch over `[lhs :=] guard.(type)`, whose init statement has been checked.
    pub(crate) fn type_switch_stmt(
        &mut self,
        inner: StmtContext,
        switch: &'a ast::SwitchStmt<'a>,
        lhs: Option<ast::Ident>,
        guard: &'a ast::Expr<'a>,
    ) {
        let lhs = match lhs {
            Some(lhs) if lhs.name.is_blank() => {
                self.soft_error(lhs, Code::NoNewVar, "no new variable on left side of :=");
                None
            }
            lhs => lhs,
        };

        let mut x = Operand::new();
        self.expr(None, &mut x, guard);
        if x.is_valid() {
            if self.is_type_param(x.ty) {
                let what = self.operand_string(&x);
                let message = format!("cannot use type switch on type parameter value {what}");
                self.error(&x, Code::InvalidTypeSwitch, message);
                x.invalidate();
            } else if !self.is_interface(x.ty) {
                let what = self.operand_string(&x);
                self.error(&x, Code::InvalidTypeSwitch, format!("{what} is not an interface"));
                x.invalidate();
            }
        }

        self.multiple_case_defaults(switch.body);

        let mut vars: SmallVec<[ObjId; 8]> = SmallVec::new();
        let mut seen = SeenTypes::default();
        for clause in switch.body {
            let cases = ExprList::of(clause.cases);
            let ty = self.case_types(&x, exprs(&cases), &mut seen);
            self.open_scope(clause.pos, clause.end());
            // spec: "When a TypeSwitchGuard with a short variable declaration is used, the variable is declared at the
            // end of the TypeSwitchCase in the implicit block of each clause."
            if let Some(lhs) = lhs {
                let var = self.store.new_var(VarKind::Local, lhs.pos, Some(self.env.pkg), lhs.name, Some(ty));
                self.declare(self.env.scope, None, var, clause.colon);
                self.record_implicit(clause.id, var);
                vars.push(var);
            }
            self.stmt_list(inner, clause.body);
            self.close_scope();
        }

        // The variables of all clauses count as one, which is used if any of them is.
        if let Some(lhs) = lhs {
            let mut is_used = false;
            for &var in &vars {
                is_used |= self.is_var_used(var);
                self.set_var_used(var, true);
            }
            if !is_used {
                self.soft_error(lhs, Code::UnusedVar, format!("{} declared and not used", lhs.name));
            }
        }
    }

    /// Checks the types of one clause of a switch on `x` (which may be invalid), and returns that of the clause's
    /// variable.
    ///
    /// spec: "In clauses with a case listing exactly one type, the variable has that type; otherwise, the variable has
    /// the type of the expression in the TypeSwitchGuard."
    fn case_types(&mut self, x: &Operand<'a>, cases: &[&'a ast::Expr<'a>], seen: &mut SeenTypes<'a>) -> TypeId {
        let mut last = None;
        for &e in cases {
            last = self.case_type(x, e, seen);
        }
        match last {
            Some(ty) if cases.len() == 1 => ty,
            _ => x.ty,
        }
    }

    /// The type of one case, `None` for nil.
    fn case_type(&mut self, x: &Operand<'a>, e: &'a ast::Expr<'a>, seen: &mut SeenTypes<'a>) -> Option<TypeId> {
        // spec: "Cases then match [...] the predeclared identifier nil"
        if self.denotes_nil(e) {
            self.expr(None, &mut Operand::new(), e);
            match seen.nil {
                Some(other) => self.duplicate_case_type("nil", e, other),
                None => seen.nil = Some(e),
            }
            return None;
        }
        let ty = self.var_type(e);
        if !self.is_valid(ty) {
            return Some(ty);
        }
        let others = seen.types.entry(self.type_hash(ty)).or_default();
        for &(other, place) in others.iter() {
            if self.identical(ty, other) {
                let name = self.type_string(ty);
                self.duplicate_case_type(&name, e, place);
                return Some(ty);
            }
        }
        others.push((ty, e));
        if x.is_valid() {
            self.type_assertion(e, x, ty, true);
        }
        Some(ty)
    }

    fn duplicate_case_type(&mut self, name: &str, e: &'a ast::Expr<'a>, other: &'a ast::Expr<'a>) {
        let mut err = ErrorBuilder::new(Code::DuplicateCase);
        err.add(e, format!("duplicate case {name} in type switch"));
        err.add(other, "previous case");
        self.report(err);
    }

    /// Whether `e` is the predeclared nil, perhaps in parentheses.
    fn denotes_nil(&self, e: &'a ast::Expr<'a>) -> bool {
        let obj = e.unparen().as_ident().and_then(|name| self.lookup(name.name));
        obj.is_some_and(|obj| matches!(self.obj(obj).kind, ObjKind::Nil))
    }
}

fn case_key(value: &Value) -> Option<CaseValue> {
    match value.kind() {
        Kind::Int => value.as_i64().map(CaseValue::Signed).or_else(|| value.as_u64().map(CaseValue::Unsigned)),
        Kind::Float => {
            let nearest = value.to_f64();
            let is_exact = nearest.is_finite() && Value::compare(&Value::from_f64(nearest), ast::Operator::Eql, value);
            is_exact.then(|| CaseValue::Float(nearest.to_bits()))
        }
        Kind::String => Some(CaseValue::String(value.as_bytes())),
        Kind::Unknown | Kind::Bool | Kind::Complex => None,
    }
}
