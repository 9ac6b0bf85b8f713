//! Conversions whose result is read once and forgotten need no copy: the bytes are used where they are.
//!
//! ```text
//! string(b) == s     m[string(b)]     switch string(b) { case "x": }     "x" + string(b)
//! for i, c := range []byte(s) {}      len([]rune(s))                     append(s, make([]T, n)...)
//! for k := range m { delete(m, k) }   one call that clears the map
//! ```
//!
//! The same are free in gc, and programs count on it (`testing.AllocsPerRun`).

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::{Opcode, Value};
use syntax::ast::{self, Expr, ExprKind, StmtKind};
use types::{BasicKind, BuiltinId};

impl<'a> FuncLowerer<'_, 'a> {
    /// `string(b)` of bytes: `b`.
    fn converted_bytes(&mut self, e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
        let (arg, from, to) = self.converted(e)?;
        let is_string = self.basic_kind(to).is_some_and(BasicKind::is_string);
        let CanonType::Slice(elem) = self.shape(from) else { return None };
        (is_string && self.basic_kind(elem) == Some(BasicKind::Uint8)).then_some(arg)
    }

    /// The operand of a conversion that is not constant, and the two types.
    fn converted(&mut self, e: &'a Expr<'a>) -> Option<(&'a Expr<'a>, CanonId, CanonId)> {
        let e = e.unparen();
        let ExprKind::Call(call) = e.kind else { return None };
        if !self.is_type(call.fun) || self.constant_value(e).is_some() {
            return None;
        }
        let &[arg] = call.args else { return None };
        if self.recorded(arg).mode == types::Mode::NilValue {
            return None;
        }
        Some((arg, self.type_of(arg), self.type_of(e)))
    }

    /// As `expr_as`, for a value that nobody keeps and that is read before bytes can change.
    pub(crate) fn borrowed(&mut self, e: &'a Expr<'a>, ty: CanonId) -> Val {
        let Some(bytes) = self.converted_bytes(e) else { return self.expr_as(e, ty) };
        let slice = self.expr(bytes);
        Val::of(&slice.parts()[..2])
    }

    /// Whether `borrowed` makes a difference.
    pub(crate) fn can_borrow(&mut self, e: &'a Expr<'a>) -> bool {
        self.converted_bytes(e).is_some()
    }

    /// The operands of a comparison.
    pub(crate) fn compared_operands(&mut self, x: &'a Expr<'a>, y: &'a Expr<'a>, ty: CanonId) -> [Val; 2] {
        if !self.can_borrow(x) && !self.can_borrow(y) {
            let vals = self.operands(&[(x, ty), (y, ty)]);
            return [vals[0].clone(), vals[1].clone()];
        }
        self.settle_order(&[x, y]);
        let first = self.borrowed(x, ty);
        [first, self.borrowed(y, ty)]
    }

    /// `[]byte(s)` that is only ranged over: the string's bytes.
    pub(crate) fn ranged_bytes(&mut self, e: &'a Expr<'a>) -> Option<Val> {
        let (arg, from, to) = self.converted(e)?;
        let CanonType::Slice(elem) = self.shape(to) else { return None };
        let is_string = self.basic_kind(from).is_some_and(BasicKind::is_string);
        if !is_string || self.basic_kind(elem) != Some(BasicKind::Uint8) {
            return None;
        }
        let string = self.expr_as(arg, from);
        let &[ptr, len] = string.parts() else { unreachable!("lower: ranged_bytes: a string") };
        Some(Val::of(&[ptr, len, len]))
    }

    /// `len([]rune(s))`: the runes are only counted.
    pub(crate) fn counted_runes(&mut self, e: &'a Expr<'a>) -> Option<Value> {
        let (arg, from, to) = self.converted(e)?;
        let CanonType::Slice(elem) = self.shape(to) else { return None };
        let is_string = self.basic_kind(from).is_some_and(BasicKind::is_string);
        if !is_string || self.basic_kind(elem) != Some(BasicKind::Int32) {
            return None;
        }
        let string = self.expr_as(arg, from);
        Some(self.call_runtime("countrunes", string.parts())[0])
    }

    /// `make([]T, n)` behind `append(s, ...)`: the length.
    pub(crate) fn made_length(&mut self, e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
        let ExprKind::Call(call) = e.unparen().kind else { return None };
        match *call.args {
            [_, len] if self.builtin_of(call.fun) == Some(BuiltinId::Make) => Some(len),
            _ => None,
        }
    }

    /// `append(s, make([]T, n)...)`: room for n zeros.
    pub(crate) fn append_zeros(&mut self, elem: CanonId, slice: &Val, num: Value) -> Val {
        // What `make` says of lengths, which growing takes for its own mistake.
        let et = self.shape_addr(elem);
        let zero = self.const_i64(0);
        let is_negative = self.op2(Opcode::LtS, num, zero);
        let (wrong, right) = (self.new_block(), self.new_block());
        self.branch_likely(is_negative, wrong, right, Some(false));
        self.start(wrong);
        self.call_runtime("makeslice", &[et, num, num]);
        self.jump(right);
        self.start(right);
        let (grown, end) = self.grow(elem, slice, num);
        let bytes = self.byte_count(elem, num);
        self.emit_effect(Opcode::Zero, &[end, bytes], 0);
        grown
    }

    /// Whether a loop does no more than delete the keys of the map it ranges over, whose type this is. Keys that are not
    /// equal to themselves are not found, so they must be impossible.
    pub(crate) fn is_map_clear(
        &mut self,
        x: &'a Expr<'a>,
        map: CanonId,
        [key, elem]: [Option<&'a Expr<'a>>; 2],
        is_def: bool,
        body: &'a ast::BlockStmt<'a>,
    ) -> bool {
        let CanonType::Map { key: key_type, .. } = self.shape(map) else { return false };
        let (Some(key), None, true, &[stmt]) = (key, elem, is_def, body.list) else { return false };
        let StmtKind::Expr(Expr { kind: ExprKind::Call(call), .. }) = stmt.kind else { return false };
        let is_delete = self.builtin_of(call.fun) == Some(BuiltinId::Delete);
        let &[target, deleted] = call.args else { return false };
        let same = |this: &Self, a: &'a Expr<'a>, b: &'a Expr<'a>| {
            let object = |e: &'a Expr<'a>| e.unparen().as_ident().and_then(|ident| this.object_at(ident.id));
            object(a).is_some() && object(a) == object(b)
        };
        is_delete && same(self, target, x) && same(self, deleted, key) && self.is_reflexive(key_type)
    }

    fn is_reflexive(&mut self, ty: CanonId) -> bool {
        match self.shape(ty) {
            CanonType::Basic(kind) => !kind.is_float() && !kind.is_complex(),
            CanonType::Pointer(_) | CanonType::Chan { .. } => true,
            CanonType::Array { elem, .. } => self.is_reflexive(elem),
            CanonType::Struct(fields) => {
                let fields: Vec<CanonId> = self.cx.types.fields(fields).iter().map(|field| field.ty).collect();
                fields.into_iter().all(|ty| self.is_reflexive(ty))
            }
            _ => false,
        }
    }
}
