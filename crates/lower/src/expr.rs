//! Expressions: the way in, and the cases that need no file of their own.
//!
//! [`expr`](FuncLowerer::expr) gives the value of an expression in its own type, [`expr_as`](FuncLowerer::expr_as)
//! as a value of another type, to which it is assignable. Whatever the checker found to be constant is taken from its
//! records, whatever it looks like.

use crate::func::FuncLowerer;
use crate::module::FuncKey;
use crate::place::Place;
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::{FuncId, Value};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, Operator};
use types::constant;
use types::{Mode, ObjId, ObjKind, SelectionKind};

/// What a selector selects.
#[derive(Clone, Debug)]
pub struct Selected {
    pub kind: SelectionKind,
    pub obj: ObjId,
    /// Indices of fields; the last is the field's or method's.
    pub path: SmallVec<[u32; 4]>,
}

impl<'a> FuncLowerer<'_, 'a> {
    pub fn expr(&mut self, e: &'a ast::Expr<'a>) -> Val {
        if !self.early.is_empty()
            && let Some(val) = self.early.remove(&e.id)
        {
            return val;
        }
        self.at(e.pos);
        if let Some(value) = self.constant_value(e) {
            let ty = self.type_of(e);
            return self.constant(&value, ty);
        }
        match e.kind {
            ExprKind::Name(_) => self.denoted(e, e.id),
            ExprKind::Paren(x) => self.expr(x),
            ExprKind::FuncLit(_) => self.func_lit(e),
            ExprKind::CompositeLit(_) => self.composite_lit(e),
            ExprKind::Selector { sel, .. } => match self.selection(e).map(|selection| selection.kind) {
                None => self.denoted(e, sel.id),
                Some(SelectionKind::FieldVal) => {
                    let place = self.field_path(e);
                    self.read_place(&place)
                }
                Some(SelectionKind::MethodVal) => self.method_value(e),
                Some(SelectionKind::MethodExpr) => self.method_expr(e),
            },
            ExprKind::Index { x, index } => self.index_expr(e, x, index),
            ExprKind::Slice { x, index, .. } => self.slice_expr(e, x, index),
            ExprKind::Assert { x, ty } => {
                let (from, to) = (self.type_of(x), self.type_of(ty));
                let val = self.expr(x);
                self.at(e.pos);
                self.type_assert(val, from, to, false).0
            }
            ExprKind::Call(_) => {
                let mut results = self.call_expr(e);
                assert_eq!(results.len(), 1, "lower: expr: {} is one value", syntax::expr_string(e));
                results.remove(0).1
            }
            ExprKind::Unary { op: Operator::And, x } => Val::one(self.address(x)),
            ExprKind::Unary { op: Operator::Recv, x } => self.receive_expr(e, x).0,
            ExprKind::Unary { op: Operator::Mul, .. } => {
                let place = self.place(e);
                self.at(e.pos);
                self.read_place(&place)
            }
            ExprKind::Unary { op, x } => {
                let ty = self.type_of(e);
                let val = self.expr_as(x, ty);
                self.at(e.pos);
                self.unary(op, ty, &val)
            }
            ExprKind::Binary { op: Operator::AndAnd | Operator::OrOr, .. } => self.logical(e),
            ExprKind::Binary { op, x, y } if op.is_comparison() => self.comparison(e, op, x, y),
            ExprKind::Binary { .. } => self.binary(e),
            _ => unreachable!("lower: expr: {} is not a value", syntax::expr_string(e)),
        }
    }

    /// The expression's value converted (assigned) to type `ty`.
    pub fn expr_as(&mut self, e: &'a ast::Expr<'a>, ty: CanonId) -> Val {
        if self.recorded(e).mode == Mode::NilValue {
            return self.zero(ty);
        }
        if let Some(value) = self.constant_value(e)
            && !matches!(self.shape(ty), CanonType::Interface(_))
        {
            self.at(e.pos);
            return self.constant(&value, ty);
        }
        let from = self.type_of(e);
        let val = self.expr(e);
        self.convert(val, from, ty)
    }

    /// For its effects only.
    pub fn discard(&mut self, e: &'a ast::Expr<'a>) {
        let e = e.unparen();
        if self.constant_value(e).is_some() {
            return;
        }
        match e.kind {
            ExprKind::Call(_) => {
                self.at(e.pos);
                self.call_expr(e);
            }
            _ => {
                self.expr(e);
            }
        }
    }

    /// `v, ok` forms: map index, receive, type assertion.
    pub fn comma_ok(&mut self, e: &'a ast::Expr<'a>) -> (Val, Value) {
        // The recorded type of the expression is the pair's.
        let e = e.unparen();
        self.at(e.pos);
        match e.kind {
            ExprKind::Index { x, index } => {
                let map = self.type_of(x);
                let CanonType::Map { elem, .. } = self.shape(map) else {
                    unreachable!("lower: comma_ok: only of maps")
                };
                let (m, key) = self.lookup_operands(x, index);
                self.at(e.pos);
                let (ptr, ok) = self.map_get_ok(map, m, key);
                (self.load(elem, ptr, 0), ok)
            }
            ExprKind::Unary { op: Operator::Recv, x } => self.receive_expr(e, x),
            ExprKind::Assert { x, ty } => {
                let (from, to) = (self.type_of(x), self.type_of(ty));
                let val = self.expr(x);
                self.at(e.pos);
                let (val, ok) = self.type_assert(val, from, to, true);
                (val, ok.expect("lower: comma_ok: an assertion says whether it holds"))
            }
            _ => unreachable!("lower: comma_ok: {}", syntax::expr_string(e)),
        }
    }

    pub(crate) fn receive_expr(&mut self, e: &'a ast::Expr<'a>, x: &'a ast::Expr<'a>) -> (Val, Value) {
        let chan = self.type_of(x);
        let c = self.expr(x).single();
        self.at(e.pos);
        self.receive(chan, c)
    }

    pub fn read_var(&mut self, obj: ObjId) -> Val {
        let place: Place = self.var_place(obj);
        self.read_place(&place)
    }

    /// What an identifier stands for, as a value.
    fn denoted(&mut self, e: &'a ast::Expr<'a>, id: ast::NodeId) -> Val {
        let obj = self.object_at(id).unwrap_or_else(|| unreachable!("lower: {} is nothing", syntax::expr_string(e)));
        match self.cx.checker.obj(obj).kind {
            ObjKind::Var { .. } => self.read_var(obj),
            ObjKind::Func { .. } => {
                let func = self.declared_function(e).expect("lower: denoted: a function");
                self.func_value(func)
            }
            ObjKind::Nil => {
                let ty = self.type_of(e);
                self.zero(ty)
            }
            _ => unreachable!("lower: {} is not a value", syntax::expr_string(e)),
        }
    }

    /// The declared function (no method) that an expression names, type arguments included.
    pub fn declared_function(&mut self, e: &'a ast::Expr<'a>) -> Option<FuncId> {
        let (obj, id) = self.function_name(e)?;
        let targs = match self.cx.checker.units[self.unit].instances.get(&id) {
            None => SmallVec::new(),
            Some(&(targs, _)) => self.canon_list(targs),
        };
        let env = self.cx.types.function_env(&mut self.cx.checker, obj, &[], &targs);
        Some(self.cx.func(FuncKey::Declared(obj, env)))
    }

    /// The function that an expression names, and the identifier that does it.
    pub fn function_name(&self, e: &'a ast::Expr<'a>) -> Option<(ObjId, ast::NodeId)> {
        let e = e.unparen();
        let id = match e.kind {
            ExprKind::Name(_) => e.id,
            ExprKind::Selector { sel, .. } if self.selection(e).is_none() => sel.id,
            ExprKind::Index { x, .. } => return self.function_name(x),
            _ => return None,
        };
        let obj = self.object_at(id)?;
        matches!(self.cx.checker.obj(obj).kind, ObjKind::Func { .. }).then_some((obj, id))
    }

    pub fn canon_list(&mut self, list: types::TypeList) -> SmallVec<[CanonId; 4]> {
        (0..list.len())
            .map(|index| {
                let ty = self.cx.checker.type_at(list, index);
                self.canon(ty)
            })
            .collect()
    }

    /// What a selector selects, if it is not a qualified identifier; or a key that names a promoted field.
    pub fn selection(&self, e: &ast::Expr<'a>) -> Option<Selected> {
        let selection = self.cx.checker.units[self.unit].selections.get(&e.id)?;
        let path = SmallVec::from_slice(self.cx.checker.indices(selection.index));
        Some(Selected { kind: selection.kind, obj: selection.obj, path })
    }

    /// The constant that an expression was found to be.
    pub fn constant_value(&self, e: &ast::Expr<'a>) -> Option<constant::Value> {
        let recorded = self.recorded(e);
        match recorded.mode {
            Mode::Constant => recorded.val.map(|val| self.cx.checker.consts[val].clone()),
            _ => None,
        }
    }
}
