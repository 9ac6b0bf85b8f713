//! In which order the operands of an expression are evaluated.
//!
//! spec: "when evaluating the operands of an expression, assignment, or return statement, all function calls, method
//! calls, receive operations, and binary logical operations are evaluated in lexical left-to-right order." When a
//! variable is read is left open. Programs see what gc does, which takes a statement apart in two rounds:
//!
//! ```text
//! f(x+g(), -y, h())      early: g(), h()     late: x + g's result, -y, then the call of f
//! ```
//!
//! What is *early* is evaluated first, in order, wherever it stands among the operands: calls and receives, the builtins
//! of the language, `&&` and `||`, slice expressions, assertions, map literals, what is put into an interface by its
//! address, and keys that maps take by their address. Everything else is late: it finds what the calls have made of the
//! variables. A panic is late or early as the operation is.
//!
//! Operations that take several operands [evaluate what is early](FuncLowerer::evaluate_early) in them, if that can be
//! told from evaluating one operand after the other; the values are kept by the expressions' ids, and
//! [`expr`](FuncLowerer::expr) takes them from there.

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::sizes::Comparison;
use abi::{CanonId, CanonType};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, Operator};
use types::{BasicKind, BuiltinId, Mode, ObjKind, SelectionKind};

/// What is still to be looked through for what is early.
#[derive(Clone, Copy)]
enum Pending<'a> {
    Whole(&'a ast::Expr<'a>),
    /// The key that a map of this type is asked for.
    KeyOf(&'a ast::Expr<'a>, CanonId),
}

/// An operand, and the type it is wanted as.
pub type Operand<'a> = (&'a ast::Expr<'a>, CanonId);

impl<'a> FuncLowerer<'_, 'a> {
    /// The values of operands that an operation takes together.
    pub fn operands(&mut self, operands: &[Operand<'a>]) -> SmallVec<[Val; 4]> {
        self.settle_order_as(operands.iter().copied());
        operands.iter().map(|&(e, ty)| self.expr_as(e, ty)).collect()
    }

    /// Before expressions are evaluated one after the other that are operands of one operation.
    pub(crate) fn settle_order(&mut self, operands: &[&'a ast::Expr<'a>]) {
        if operands.iter().skip(1).any(|operand| self.has_early(operand)) {
            operands.iter().for_each(|operand| self.evaluate_early(operand));
        }
    }

    /// The same for operands that are converted.
    pub(crate) fn settle_order_as(&mut self, operands: impl Iterator<Item = Operand<'a>> + Clone) {
        if operands.clone().skip(1).any(|operand| self.has_early(operand.0)) {
            operands.for_each(|operand| self.evaluate_early_as(operand));
        }
    }

    /// Whether there is something early in an operand that is not evaluated yet.
    pub(crate) fn has_early(&mut self, e: &'a ast::Expr<'a>) -> bool {
        let mut pending: SmallVec<[&'a ast::Expr<'a>; 16]> = SmallVec::new();
        pending.push(e);
        while let Some(e) = pending.pop() {
            if self.early.contains_key(&e.id) {
                continue;
            }
            if self.is_early(e) {
                return true;
            }
            self.push_operands(e, &mut pending);
        }
        false
    }

    /// Evaluates what is early in an operand; what is evaluated already is left alone.
    pub(crate) fn evaluate_early(&mut self, e: &'a ast::Expr<'a>) {
        let mut pending: SmallVec<[Pending<'a>; 16]> = SmallVec::new();
        pending.push(Pending::Whole(e));
        let mut operands: SmallVec<[&'a ast::Expr<'a>; 16]> = SmallVec::new();
        while let Some(next) = pending.pop() {
            let e = match next {
                Pending::Whole(e) | Pending::KeyOf(e, _) if self.early.contains_key(&e.id) => continue,
                Pending::KeyOf(e, map) if self.is_key_by_address(e, map) => {
                    self.keep_early(e);
                    continue;
                }
                Pending::Whole(e) | Pending::KeyOf(e, _) => e,
            };
            if self.is_early(e) {
                let val = self.expr(e);
                self.early.insert(e.id, val);
            } else if let ExprKind::Index { x, index } = e.kind
                && let Some(map) = self.indexed_map(x, index)
            {
                pending.extend([Pending::KeyOf(index, map), Pending::Whole(x)]);
            } else {
                self.push_operands(e, &mut operands);
                pending.extend(operands.drain(..).rev().map(Pending::Whole));
            }
        }
    }

    /// The same for an operand that is converted to a type.
    pub(crate) fn evaluate_early_as(&mut self, (e, ty): Operand<'a>) {
        if self.is_boxed_by_address(e, ty) && !self.early.contains_key(&e.id) {
            self.keep_early(e);
        } else {
            self.evaluate_early(e);
        }
    }

    /// The same for the key that a map is asked for.
    pub(crate) fn evaluate_early_key(&mut self, key: &'a ast::Expr<'a>, map: CanonId) {
        if self.is_key_by_address(key, map) && !self.early.contains_key(&key.id) {
            self.keep_early(key);
        } else {
            self.evaluate_early(key);
        }
    }

    fn keep_early(&mut self, e: &'a ast::Expr<'a>) {
        let (val, ty) = (self.expr(e), self.type_of(e));
        let val = self.own(ty, val);
        self.early.insert(e.id, val);
    }

    /// The type of the map in `x[index]`, if it is one.
    fn indexed_map(&mut self, x: &'a ast::Expr<'a>, index: &'a ast::Expr<'a>) -> Option<CanonId> {
        let is_instance = matches!(index.kind, ExprKind::List(_)) || self.recorded(index).mode == Mode::TypeExpr;
        if is_instance {
            return None;
        }
        let ty = self.type_of(x);
        matches!(self.shape(ty), CanonType::Map { .. }).then_some(ty)
    }

    /// Whether a map gets the key by its address, which gc makes a temporary for: unless it has one, or always where the
    /// map takes the key's bytes for a number or a string that it is not. Maps with keys that are words or strings, and
    /// with elements that are not large, take those as they are.
    fn is_key_by_address(&mut self, key: &'a ast::Expr<'a>, map: CanonId) -> bool {
        const MAX_ELEM: u64 = 128;
        if matches!(self.recorded(key).mode, Mode::Constant | Mode::NilValue) || self.can_borrow(key) {
            return false;
        }
        let CanonType::Map { key: key_type, elem } = self.shape(map) else { return false };
        let layout = self.cx.type_layout(key_type);
        let sole = self.sole_component(key_type);
        let is_word = layout.comparison == Comparison::Memory && matches!(layout.size, 4 | 8);
        let is_string = self.basic_kind(sole).is_some_and(BasicKind::is_string);
        if self.cx.type_layout(elem).size <= MAX_ELEM && (is_word || is_string) {
            return matches!(self.shape(key_type), CanonType::Struct(_) | CanonType::Array { .. });
        }
        let is_converted = self.is_interface(key_type) && {
            let from = self.type_of(key);
            !self.is_interface(from)
        };
        is_converted || !self.is_addressable(key)
    }

    /// Whether gc evaluates the expression where it stands, before what else it is an operand with.
    pub(crate) fn is_early(&mut self, e: &'a ast::Expr<'a>) -> bool {
        let recorded = self.recorded(e);
        if matches!(recorded.mode, Mode::Constant | Mode::TypeExpr | Mode::NilValue) {
            return false;
        }
        match e.kind {
            ExprKind::Unary { op: Operator::Recv, .. }
            | ExprKind::Binary { op: Operator::AndAnd | Operator::OrOr, .. }
            | ExprKind::Slice { .. } => true,
            ExprKind::Unary { op: Operator::And, x } => self.is_map_literal(x.unparen()),
            ExprKind::CompositeLit(_) => self.is_map_literal(e),
            ExprKind::Assert { ty, .. } => {
                let ty = self.type_of(ty);
                !self.cx.type_layout(ty).is_direct_interface()
            }
            ExprKind::Call(call) if self.is_type(call.fun) => {
                let (arg, to) = (call.args[0], self.type_of(e));
                let makes_slice = matches!(self.shape(to), CanonType::Slice(_));
                makes_slice && self.is_string(arg) || self.is_boxed_by_address(arg, to)
            }
            // Several results of one call have no place but among those of its arguments.
            ExprKind::Call(call) => !self.builtin_of(call.fun).is_some_and(is_unordered) || self.forwards(call),
            _ => false,
        }
    }

    fn is_string(&mut self, e: &'a ast::Expr<'a>) -> bool {
        let ty = self.type_of(e);
        self.basic_kind(ty).is_some_and(BasicKind::is_string)
    }

    /// Whether the expression is a map literal, or makes one and takes its address where a type is left out.
    fn is_map_literal(&mut self, e: &'a ast::Expr<'a>) -> bool {
        let ExprKind::CompositeLit(_) = e.kind else { return false };
        let ty = self.type_of(e);
        let ty = match self.shape(ty) {
            CanonType::Pointer(base) => base,
            _ => ty,
        };
        matches!(self.shape(ty), CanonType::Map { .. })
    }

    /// Whether the value goes into an interface as a copy of what is at an address, which gc makes a temporary for unless
    /// it has one. Numbers of more than one byte, strings and slices are passed on by value.
    pub(crate) fn is_boxed_by_address(&mut self, e: &'a ast::Expr<'a>, ty: CanonId) -> bool {
        if !self.is_interface(ty) || matches!(self.recorded(e).mode, Mode::Constant | Mode::NilValue) {
            return false;
        }
        let from = self.type_of(e);
        if self.is_interface(from) || self.is_addressable(e) {
            return false;
        }
        if matches!(self.cx.types[from], CanonType::Basic(kind) if kind.is_untyped()) {
            // Of these, booleans alone are no constants.
            return true;
        }
        let layout = self.cx.type_layout(from);
        let is_number = matches!((layout.size, layout.align), (2, 2) | (4, 4) | (8, 8));
        if is_number && !self.cx.has_pointers(from) {
            return false;
        }
        let sole = self.sole_component(from);
        !matches!(self.shape(sole), CanonType::Slice(_)) && !self.basic_kind(sole).is_some_and(BasicKind::is_string)
    }

    /// Inside of structs of one field and arrays of one element.
    fn sole_component(&mut self, ty: CanonId) -> CanonId {
        let mut ty = ty;
        loop {
            let is_sole = match self.shape(ty) {
                CanonType::Struct(fields) => self.cx.types.fields(fields).len() == 1,
                CanonType::Array { len, .. } => len == 1,
                _ => false,
            };
            if !is_sole {
                return ty;
            }
            ty = self.cx.component(ty, 0).ty;
        }
    }

    fn is_addressable(&mut self, e: &'a ast::Expr<'a>) -> bool {
        let mut e = e.unparen();
        loop {
            match e.kind {
                ExprKind::Name(_) => return self.is_variable(e.id),
                ExprKind::Unary { op: Operator::Mul, .. } => return true,
                ExprKind::Selector { x, sel } => match self.selection(e) {
                    None => return self.is_variable(sel.id),
                    Some(selection) if selection.kind != SelectionKind::FieldVal => return false,
                    Some(_) => {
                        let ty = self.type_of(x);
                        if matches!(self.shape(ty), CanonType::Pointer(_)) {
                            return true;
                        }
                        e = x.unparen();
                    }
                },
                ExprKind::Index { x, .. } => {
                    let ty = self.type_of(x);
                    match self.shape(ty) {
                        CanonType::Slice(_) | CanonType::Pointer(_) => return true,
                        CanonType::Array { .. } => e = x.unparen(),
                        _ => return false,
                    }
                }
                _ => return false,
            }
        }
    }

    fn is_variable(&self, id: ast::NodeId) -> bool {
        self.object_at(id).is_some_and(|obj| matches!(self.cx.checker.obj(obj).kind, ObjKind::Var { .. }))
    }

    /// Whether evaluating the expression calls or receives. Panics do not count, nor what was evaluated early.
    ///
    /// An assignment to a place without effects evaluates its right side first: `*p = f()` uses the p that f leaves.
    pub fn has_effects(&self, e: &'a ast::Expr<'a>) -> bool {
        let mut pending: SmallVec<[&'a ast::Expr<'a>; 16]> = SmallVec::new();
        pending.push(e);
        while let Some(e) = pending.pop() {
            if !self.early.is_empty() && self.early.contains_key(&e.id) {
                continue;
            }
            match e.kind {
                ExprKind::Unary { op: Operator::Recv, .. } => return true,
                ExprKind::Call(call) if self.recorded(e).mode != Mode::Constant => match self.recorded(call.fun).mode {
                    Mode::TypeExpr => pending.extend_from_slice(call.args),
                    Mode::Builtin(id) if is_unordered(id) => self.push_operands(e, &mut pending),
                    _ => return true,
                },
                _ => self.push_operands(e, &mut pending),
            }
        }
        false
    }

    /// The expressions that evaluating this one evaluates, from left to right. What is called is left out.
    fn push_operands(&self, e: &'a ast::Expr<'a>, pending: &mut SmallVec<[&'a ast::Expr<'a>; 16]>) {
        match e.kind {
            ExprKind::Name(_) | ExprKind::BasicLit { .. } | ExprKind::FuncLit(_) => {}
            _ if matches!(self.recorded(e).mode, Mode::Constant | Mode::TypeExpr) => {}
            ExprKind::Paren(x)
            | ExprKind::Selector { x, .. }
            | ExprKind::Assert { x, .. }
            | ExprKind::TypeSwitchGuard { x, .. }
            | ExprKind::Unary { x, .. } => pending.push(x),
            ExprKind::Binary { x, y, .. } => pending.extend([x, y]),
            ExprKind::KeyValue { key, value } => pending.extend([key, value]),
            ExprKind::Index { x, index } => pending.extend([x, index]),
            ExprKind::Slice { x, index, .. } => {
                pending.push(x);
                pending.extend(index.into_iter().flatten());
            }
            ExprKind::CompositeLit(literal) => pending.extend_from_slice(literal.elems),
            ExprKind::List(list) => pending.extend_from_slice(list),
            // Sizes that depend on type parameters are no constants, but their operands are not evaluated either.
            ExprKind::Call(call) if self.builtin_of(call.fun).is_some_and(is_of_type) => {}
            ExprKind::Call(call) => pending.extend_from_slice(call.args),
            ExprKind::Bad
            | ExprKind::ArrayType { .. }
            | ExprKind::SliceType { .. }
            | ExprKind::DotsType { .. }
            | ExprKind::StructType(_)
            | ExprKind::InterfaceType(_)
            | ExprKind::FuncType(_)
            | ExprKind::MapType { .. }
            | ExprKind::ChanType { .. } => {}
        }
    }
}

/// A builtin that programs cannot see being called. Those of the language take part in the order of calls, as in gc.
fn is_unordered(id: BuiltinId) -> bool {
    use BuiltinId::*;
    matches!(id, Add | Alignof | Offsetof | Sizeof | Slice | SliceData | String | StringData)
}

/// A builtin that only looks at its argument's type.
fn is_of_type(id: BuiltinId) -> bool {
    matches!(id, BuiltinId::Alignof | BuiltinId::Offsetof | BuiltinId::Sizeof)
}
