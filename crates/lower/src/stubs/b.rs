//! Signatures of expressions, until the real modules stand.

#![allow(unused_variables, unused_imports)]

use crate::func::FuncLowerer;
use crate::module::{FuncKey, Module};
use crate::place::Place;
use crate::value::Val;
use abi::{CanonId, EnvId};
use ir::{Block, Data, FuncData, FuncId, Value};
use syntax::ast;
use types::ObjId;

impl<'a> FuncLowerer<'_, 'a> {
    pub fn expr(&mut self, e: &'a ast::Expr<'a>) -> Val {
        unreachable!("stub: expr")
    }
    /// The expression's value converted (assigned) to type `ty`.
    pub fn expr_as(&mut self, e: &'a ast::Expr<'a>, ty: CanonId) -> Val {
        unreachable!("stub: expr_as")
    }
    /// For its effects only.
    pub fn discard(&mut self, e: &'a ast::Expr<'a>) {
        unreachable!("stub: discard")
    }
    /// Branches on a boolean expression; both blocks get their edges.
    pub fn cond(&mut self, e: &'a ast::Expr<'a>, then: Block, els: Block) {
        unreachable!("stub: cond")
    }
    /// `v, ok` forms: map index, receive, type assertion.
    pub fn comma_ok(&mut self, e: &'a ast::Expr<'a>) -> (Val, Value) {
        unreachable!("stub: comma_ok")
    }
    pub fn constant(&mut self, value: &types::constant::Value, ty: CanonId) -> Val {
        unreachable!("stub: constant")
    }
    /// Arithmetic, logic, shifts on values of one type (the count of a shift has its own).
    pub fn arith(&mut self, op: ast::Operator, ty: CanonId, x: &Val, y: &Val, y_ty: CanonId) -> Val {
        unreachable!("stub: arith")
    }
    /// `==` and the ordered comparisons; an i32 of 0 or 1.
    pub fn compare(&mut self, op: ast::Operator, ty: CanonId, x: &Val, y: &Val) -> Value {
        unreachable!("stub: compare")
    }
    /// A value converted as the spec's conversions do, interfaces included.
    pub fn convert(&mut self, val: Val, from: CanonId, to: CanonId) -> Val {
        unreachable!("stub: convert")
    }
    /// Narrow integers as their type has them after arithmetic.
    pub fn normalise(&mut self, ty: CanonId, value: Value) -> Value {
        unreachable!("stub: normalise")
    }
    /// An integer of any type as i64, extended as its type says.
    pub fn as_i64(&mut self, ty: CanonId, value: Value) -> Value {
        unreachable!("stub: as_i64")
    }
    pub fn place(&mut self, e: &'a ast::Expr<'a>) -> Place {
        unreachable!("stub: place")
    }
    pub fn read_place(&mut self, place: &Place) -> Val {
        unreachable!("stub: read_place")
    }
    pub fn write_place(&mut self, place: &Place, val: Val) {
        unreachable!("stub: write_place")
    }
    /// The address of an addressable expression, or of a fresh composite (`&T{}`).
    pub fn address(&mut self, e: &'a ast::Expr<'a>) -> Value {
        unreachable!("stub: address")
    }
    pub fn composite_lit(&mut self, e: &'a ast::Expr<'a>) -> Val {
        unreachable!("stub: composite_lit")
    }
    pub fn composite_lit_into(&mut self, e: &'a ast::Expr<'a>, ptr: Value, offset: u32) {
        unreachable!("stub: composite_lit_into")
    }
    pub fn read_var(&mut self, obj: ObjId) -> Val {
        unreachable!("stub: read_var")
    }
    /// Follows a selection's path to the field, embedded pointers included.
    pub fn field_path(&mut self, e: &'a ast::Expr<'a>) -> Place {
        unreachable!("stub: field_path")
    }
}
