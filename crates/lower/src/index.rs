//! Index expressions.
//!
//! An index is extended to an i64 as its type says, and compared without sign: a negative index is larger than any
//! length. What the panic says differs for signed and unsigned types, so the kind of the check tells them apart.
//!
//! Arrays of one element, and those whose elements take no room, are kept in parts; of these an index selects nothing
//! once it was checked.

use crate::func::FuncLowerer;
use crate::place::{Check, Place};
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::{Opcode, PanicKind, Ty, Value};
use syntax::ast;
use types::SelectionKind;

/// An evaluated index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    /// An i64.
    pub value: Value,
    pub signed: bool,
    /// If it is known.
    pub constant: Option<u64>,
}

impl Index {
    pub fn kind(self, signed: PanicKind, unsigned: PanicKind) -> PanicKind {
        if self.signed { signed } else { unsigned }
    }
}

impl<'a> FuncLowerer<'_, 'a> {
    /// `x[index]` as a value; also a generic function with its type arguments.
    pub(crate) fn index_expr(&mut self, e: &'a ast::Expr<'a>, x: &'a ast::Expr<'a>, index: &'a ast::Expr<'a>) -> Val {
        if let Some(func) = self.declared_function(e) {
            return self.func_value(func);
        }
        // A generic method with its type arguments.
        if self.recorded_selection(x.unparen()).is_some_and(|selection| selection.kind != SelectionKind::FieldVal) {
            return self.expr(x);
        }
        let x_ty = self.type_of(x);
        match self.shape(x_ty) {
            CanonType::Map { elem, .. } => {
                let (m, key) = self.lookup_operands(x, index);
                self.at(e.pos);
                let ptr = self.map_get(x_ty, m, key);
                self.load(elem, ptr, 0)
            }
            CanonType::Basic(_) => {
                let (string, index) = self.with_index(x, index, |this| this.expr_as(x, x_ty));
                self.at(e.pos);
                let &[ptr, len] = string.parts() else { unreachable!("lower: index_expr: a string") };
                self.bounds_check(index.value, len, index.kind(PanicKind::Index, PanicKind::IndexU));
                let ptr = self.element_ptr(ptr, index.value, 1);
                Val::one(self.emit(Opcode::Load8U, &[ptr], 0, Ty::I32))
            }
            _ => {
                let place = self.index_place(e, x, index).expect("lower: index_expr: an array or a slice");
                self.at(e.pos);
                self.read_place(&place)
            }
        }
    }

    /// The place `x[index]`; none if that is no place (a byte of a string, an instance of a function).
    pub(crate) fn index_place(
        &mut self,
        e: &'a ast::Expr<'a>,
        x: &'a ast::Expr<'a>,
        index: &'a ast::Expr<'a>,
    ) -> Option<Place> {
        if self.function_name(e).is_some() {
            return None;
        }
        let x_ty = self.type_of(x);
        Some(match self.shape(x_ty) {
            CanonType::Basic(_) => return None,
            CanonType::Map { elem, key: key_ty } => {
                let (m, key) = self.map_operands(x, index);
                let key = self.own(key_ty, key);
                Place::MapElem { map: x_ty, elem, m, key }
            }
            CanonType::Slice(elem) => {
                let (slice, index) = self.with_index(x, index, |this| this.expr(x));
                let &[ptr, len, _] = slice.parts() else { unreachable!("lower: index_place: a slice") };
                self.element_place(elem, ptr, len, index)
            }
            _ => {
                let (base, index) = self.with_index(x, index, |this| this.base_place(x));
                self.at(e.pos);
                let base = self.check_place(base);
                self.array_element(base, index)
            }
        })
    }

    /// The map, and the key as a value of the key type.
    pub(crate) fn map_operands(&mut self, x: &'a ast::Expr<'a>, index: &'a ast::Expr<'a>) -> (Value, Val) {
        let map = self.type_of(x);
        let CanonType::Map { key, .. } = self.shape(map) else { unreachable!("lower: map_operands: a map") };
        let mut values = self.operands(&[(x, map), (index, key)]).into_iter();
        let (m, key) = (values.next(), values.next());
        (m.expect("lower: map_operands: two values").single(), key.expect("lower: map_operands: two values"))
    }

    /// As `map_operands`, for a key that is only looked up.
    pub(crate) fn lookup_operands(&mut self, x: &'a ast::Expr<'a>, index: &'a ast::Expr<'a>) -> (Value, Val) {
        let map = self.type_of(x);
        let CanonType::Map { key, .. } = self.shape(map) else { unreachable!("lower: lookup_operands: a map") };
        if !self.can_borrow(index) || self.is_interface(key) {
            return self.map_operands(x, index);
        }
        self.settle_order(&[x, index]);
        let m = self.expr(x).single();
        (m, self.borrowed(index, key))
    }

    /// Evaluates `x` (by `evaluate`) and the index; see `order`.
    fn with_index<T>(
        &mut self,
        x: &'a ast::Expr<'a>,
        index: &'a ast::Expr<'a>,
        evaluate: impl FnOnce(&mut Self) -> T,
    ) -> (T, Index) {
        self.settle_order(&[x, index]);
        let base = evaluate(self);
        (base, self.index_value(index))
    }

    pub(crate) fn index_value(&mut self, e: &'a ast::Expr<'a>) -> Index {
        if let Some(value) = self.constant_value(e) {
            // spec: "the index x must be an untyped constant or its core type must be an integer"; constant ones are not
            // negative and fit an int.
            let constant = value.to_int().as_i64().expect("lower: index_value: a constant index is an int");
            let value = self.const_i64(constant);
            return Index { value, signed: true, constant: Some(constant as u64) };
        }
        let ty = self.type_of(e);
        let value = self.expr(e).single();
        let signed = self.int_type(ty).is_some_and(|int| int.signed);
        Index { value: self.as_i64(ty, value), signed, constant: None }
    }

    fn element_place(&mut self, elem: CanonId, ptr: Value, len: Value, index: Index) -> Place {
        let kind = index.kind(PanicKind::Index, PanicKind::IndexU);
        let stride = self.cx.size_of(elem);
        Place::Unchecked { ty: elem, ptr, offset: 0, check: Check::InBounds { index: index.value, len, kind, stride } }
    }

    /// An element of the array in a place.
    fn array_element(&mut self, array: Place, index: Index) -> Place {
        let ty = array.ty().expect("lower: array_element: _ has no elements");
        let CanonType::Array { len, elem } = self.shape(ty) else {
            unreachable!("lower: array_element: of {}", self.cx.types.name(&self.cx.checker, ty))
        };
        let array = match array {
            Place::MapElem { .. } => Place::Value { ty, val: self.read_place(&array) },
            other => other,
        };
        let memory = match array {
            Place::Memory { ptr, offset, .. } => Some((ptr, offset)),
            Place::Value { val: Val::InMemory(ptr), .. } => Some((ptr, 0)),
            _ => None,
        };
        let constant = index.constant.filter(|&index| index < len);
        if let Some((ptr, offset)) = memory {
            if let Some(constant) = constant {
                // What is larger than memory is nowhere, and a check of the pointer to it has failed.
                let delta = (constant as u32).wrapping_mul(self.cx.size_of(elem));
                let offset = offset.wrapping_add(delta);
                return Place::Memory { ty: elem, ptr, offset };
            }
            let ptr = self.offset_ptr(ptr, offset);
            let len = self.const_i64(len as i64);
            return self.element_place(elem, ptr, len, index);
        }
        if constant.is_none() {
            let len = self.const_i64(len as i64);
            self.bounds_check(index.value, len, index.kind(PanicKind::Index, PanicKind::IndexU));
        }
        match array {
            // The check has failed; what follows still needs a place.
            _ if len == 0 => Place::Memory { ty: elem, ptr: self.temporary(elem), offset: 0 },
            Place::Local { obj, first_part, .. } => Place::Local { obj, ty: elem, first_part },
            Place::Value { val, .. } => Place::Value { ty: elem, val },
            other => unreachable!("lower: array_element: of {other:?}"),
        }
    }
}
