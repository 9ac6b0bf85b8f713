//! Assignments.
//!
//! spec: "The assignment proceeds in two phases. First, the operands of index expressions and pointer indirections
//! (including implicit pointer indirections in selectors) on the left and the expressions on the right are all evaluated
//! in the usual order. Second, the assignments are carried out in left-to-right order."
//!
//! The first phase makes *targets* of the left side and values of the right. Where something calls functions, what is
//! early in both sides (see `order`) goes first, then the values: `*p = f()` stores through the p that f leaves, as in gc.

use crate::func::FuncLowerer;
use crate::place::Place;
use crate::value::Val;
use abi::{CanonId, CanonType};
use base::Pos;
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, ExprList, Operator};
use types::constant;
use types::{BasicKind, ObjId};

/// What is assigned to.
pub(crate) enum Target {
    /// A variable that the statement declares.
    New(ObjId, CanonId),
    /// With the position of the check that is left to make.
    Place(Place, Pos),
}

impl Target {
    /// None: `_`.
    fn ty(&self) -> Option<CanonId> {
        match self {
            Target::New(_, ty) => Some(*ty),
            Target::Place(place, _) => place.ty(),
        }
    }
}

impl<'a> FuncLowerer<'_, 'a> {
    /// `lhs = rhs`, or `lhs := rhs`
    pub(crate) fn assign(&mut self, lhs: &'a ast::Expr<'a>, rhs: &'a ast::Expr<'a>, is_def: bool) {
        match (lhs.list(), rhs.list()) {
            (ExprList::One(lhs), ExprList::One(rhs)) => self.assign_one(lhs, rhs, is_def),
            (targets, values) if targets.len() == values.len() => self.assign_parallel(targets, values, is_def),
            (targets, _) => {
                targets.iter().for_each(|e| self.evaluate_early(e));
                let vals = self.multi_values(rhs);
                let targets = self.targets(targets, is_def);
                self.assign_targets(targets, vals);
            }
        }
    }

    fn assign_one(&mut self, lhs: &'a ast::Expr<'a>, rhs: &'a ast::Expr<'a>, is_def: bool) {
        if is_blank(lhs) {
            return self.discard(rhs);
        }
        if let Some(obj) = self.new_variable(lhs, is_def) {
            let ty = self.declared_type(obj);
            let val = self.expr_as(rhs, ty);
            return self.declare_var(obj, Some(val));
        }
        if self.has_effects(rhs) || self.has_effects(lhs) {
            self.evaluate_early(lhs);
            let ty = self.place_type(lhs);
            let val = self.expr_as(rhs, ty);
            let place = self.place(lhs);
            return self.write_at(lhs, &place, val);
        }
        let place = self.place(lhs);
        let ty = place.ty().expect("lower: assign_one: not blank");
        let val = self.expr_as(rhs, ty);
        self.write_at(lhs, &place, val);
    }

    /// Assigns to the place of `lhs`, whose last check is made where it stands, as in gc, and not where the value does.
    fn write_at(&mut self, lhs: &'a ast::Expr<'a>, place: &Place, val: Val) {
        if let Place::Unchecked { .. } = place {
            let pos = self.check_pos(lhs);
            self.at(pos);
        }
        self.write_place(place, val);
    }

    /// Where the last check of a place stands: at the index or the pointer whose fields these are.
    fn check_pos(&mut self, e: &'a ast::Expr<'a>) -> Pos {
        let mut e = e.unparen();
        while let ExprKind::Selector { x, .. } = e.kind
            && matches!(x.unparen().kind, ExprKind::Selector { .. } | ExprKind::Index { .. })
            && self.recorded_selection(e).is_some()
        {
            let ty = self.type_of(x);
            if matches!(self.shape(ty), CanonType::Pointer(_)) {
                break;
            }
            e = x.unparen();
        }
        e.pos
    }

    fn assign_parallel(&mut self, lhs: ExprList<'a>, rhs: ExprList<'a>, is_def: bool) {
        let has_effects = lhs.iter().chain(rhs.iter()).any(|e| self.has_effects(e));
        if has_effects {
            lhs.iter().for_each(|e| self.evaluate_early(e));
        }
        let early = (!has_effects).then(|| self.targets(lhs, is_def));
        let mut operands: SmallVec<[_; 4]> = SmallVec::new();
        for (index, (target, value)) in lhs.iter().zip(rhs.iter()).enumerate() {
            let ty = match &early {
                Some(targets) => targets[index].ty(),
                None => self.target_type(target, is_def),
            };
            let ty = match ty {
                Some(ty) => ty,
                None => self.type_of(value),
            };
            operands.push((value, ty));
        }
        let vals = self.operands(&operands);
        let targets = match early {
            Some(targets) => targets,
            None => self.targets(lhs, is_def),
        };
        // What is in memory may be what an earlier assignment changes.
        let vals = vals.into_iter().zip(&operands).map(|(val, &(_, ty))| (ty, self.own(ty, val))).collect();
        self.assign_targets(targets, vals);
    }

    /// The values of a call with several results, or of a `v, ok` expression.
    pub(crate) fn multi_values(&mut self, e: &'a ast::Expr<'a>) -> Vec<(CanonId, Val)> {
        let e = e.unparen();
        if let ExprKind::Call(_) = e.kind {
            return self.call_expr(e);
        }
        let pair = self.type_of(e);
        let CanonType::Tuple(pair) = self.cx.types[pair] else {
            unreachable!("lower: multi_values: the type of a comma-ok expression is a pair")
        };
        let &[ty, ok_type] = self.cx.types.list(pair) else { unreachable!("lower: multi_values: two types") };
        let untyped = abi::Types::basic(BasicKind::UntypedBool);
        let ok_type = if ok_type == untyped { abi::Types::basic(BasicKind::Bool) } else { ok_type };
        let (val, ok) = self.comma_ok(e);
        vec![(ty, val), (ok_type, Val::one(ok))]
    }

    /// First phase, left side.
    pub(crate) fn targets(&mut self, lhs: ExprList<'a>, is_def: bool) -> Vec<Target> {
        let is_single = lhs.len() == 1;
        lhs.iter()
            .map(|e| {
                if is_blank(e) {
                    return Target::Place(Place::Blank, e.pos);
                }
                if let Some(obj) = self.new_variable(e, is_def) {
                    return Target::New(obj, self.declared_type(obj));
                }
                let place = self.place(e);
                let pos = self.check_pos(e);
                Target::Place(if is_single { place } else { self.own_key(place) }, pos)
            })
            .collect()
    }

    /// A key in memory may be what an earlier assignment changes.
    fn own_key(&mut self, place: Place) -> Place {
        let Place::MapElem { map, elem, m, key } = place else { return place };
        let CanonType::Map { key: key_type, .. } = self.shape(map) else { unreachable!("lower: own_key: a map") };
        Place::MapElem { map, elem, m, key: self.own(key_type, key) }
    }

    /// Second phase.
    pub(crate) fn assign_targets(&mut self, targets: Vec<Target>, vals: Vec<(CanonId, Val)>) {
        for (target, (from, val)) in targets.into_iter().zip(vals) {
            let Some(ty) = target.ty() else { continue };
            let val = self.convert(val, from, ty);
            match target {
                Target::New(obj, _) => self.declare_var(obj, Some(val)),
                Target::Place(place, pos) => {
                    if let Place::Unchecked { .. } = place {
                        self.at(pos);
                    }
                    self.write_place(&place, val);
                }
            }
        }
    }

    fn target_type(&mut self, e: &'a ast::Expr<'a>, is_def: bool) -> Option<CanonId> {
        if is_blank(e) {
            return None;
        }
        Some(match self.new_variable(e, is_def) {
            Some(obj) => self.declared_type(obj),
            None => self.place_type(e),
        })
    }

    /// The type of what is assigned to: that of the variable, if it is one.
    fn place_type(&mut self, e: &'a ast::Expr<'a>) -> CanonId {
        let e = e.unparen();
        match e.as_ident().and_then(|ident| self.object_at(ident.id)) {
            Some(obj) => self.declared_type(obj),
            None => self.type_of(e),
        }
    }

    /// spec: "Unlike regular variable declarations, a short variable declaration may redeclare variables provided they
    /// were originally declared earlier in the same block". Only what is new stands where it is declared.
    fn new_variable(&self, e: &'a ast::Expr<'a>, is_def: bool) -> Option<ObjId> {
        let ident = e.as_ident().filter(|_| is_def)?;
        let obj = self.object_at(ident.id)?;
        (self.cx.checker.obj(obj).pos == ident.pos).then_some(obj)
    }

    /// `lhs op= rhs`
    ///
    /// spec: "An assignment operation x op= y [...] behaves like x = x op (y) but evaluates x only once."
    pub(crate) fn assign_op(&mut self, op: Operator, lhs: &'a ast::Expr<'a>, rhs: &'a ast::Expr<'a>) {
        let ty = self.place_type(lhs);
        let operand_type = if op.is_shift() { self.type_of(rhs) } else { ty };
        let has_effects = self.has_effects(rhs) || self.has_effects(lhs);
        if has_effects {
            self.evaluate_early(lhs);
        }
        let early = (!has_effects).then(|| self.place(lhs));
        let y = self.expr_as(rhs, operand_type);
        let place = match early {
            Some(place) => place,
            None => self.place(lhs),
        };
        if let Place::Unchecked { .. } = place {
            let pos = self.check_pos(lhs);
            self.at(pos);
        }
        let x = self.read_place(&place);
        let val = self.arith(op, ty, &x, &y, operand_type);
        self.write_place(&place, val);
    }

    /// `lhs++`, `lhs--`
    pub(crate) fn inc_dec(&mut self, op: Operator, lhs: &'a ast::Expr<'a>) {
        let ty = self.place_type(lhs);
        let place = self.place(lhs);
        let x = self.read_place(&place);
        let one = self.constant(&constant::Value::from_i64(1), ty);
        let val = self.arith(op, ty, &x, &one, ty);
        self.write_place(&place, val);
    }
}

pub(crate) fn is_blank(e: &ast::Expr<'_>) -> bool {
    // `(_) = x` is no blank identifier to the parser, but means the same.
    let mut e = e;
    while let ExprKind::Paren(x) = e.kind {
        e = x;
    }
    e.as_ident().is_some_and(|ident| ident.name.is_blank())
}
