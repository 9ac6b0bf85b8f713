//! Signatures of expressions, constants, conversions, builtins, literals, index expressions, until the real modules stand.

#![allow(unused_variables)]

use crate::checker::*;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::{Lookup, Operand, SubstMap, Target};
use crate::store::*;
use crate::universe;
use base::{Pos, Symbol};
use syntax::ast;

impl<'a> Checker<'a> {
    pub fn raw_expr(&mut self, target: Option<&Target>, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, hint: Option<TypeId>, allow_generic: bool) -> universe::ExprKind {
        unreachable!("stub: raw_expr")
    }
    pub fn expr(&mut self, target: Option<&Target>, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) {
        unreachable!("stub: expr")
    }
    pub fn generic_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) {
        unreachable!("stub: generic_expr")
    }
    pub fn multi_expr(&mut self, e: &'a ast::Expr<'a>, allow_comma_ok: bool) -> (Vec<Operand<'a>>, bool) {
        unreachable!("stub: multi_expr")
    }
    pub fn expr_with_hint(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, hint: TypeId) {
        unreachable!("stub: expr_with_hint")
    }
    pub fn expr_or_type(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, allow_generic: bool) {
        unreachable!("stub: expr_or_type")
    }
    pub fn single_value(&mut self, x: &mut Operand<'a>) {
        unreachable!("stub: single_value")
    }
    /// `switch_case`: `x` is a case of a switch on `y`.
    pub fn comparison(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>, op: ast::Operator, switch_case: bool) {
        unreachable!("stub: comparison")
    }
    pub fn binary(&mut self, x: &mut Operand<'a>, e: Option<&'a ast::Expr<'a>>, lhs: &'a ast::Expr<'a>, rhs: &'a ast::Expr<'a>, op: ast::Operator) {
        unreachable!("stub: binary")
    }
    pub fn match_binary_operands(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>) {
        unreachable!("stub: match_binary_operands")
    }
    pub fn update_expr_type(&mut self, e: &'a ast::Expr<'a>, ty: TypeId, is_final: bool) {
        unreachable!("stub: update_expr_type")
    }
    pub fn convert_untyped(&mut self, x: &mut Operand<'a>, target: TypeId) {
        unreachable!("stub: convert_untyped")
    }
    /// Type and, for constants, value of the untyped `x` in the context of `target`; `Err` with a code if impossible.
    pub fn implicit_type_and_value(&mut self, x: &mut Operand<'a>, target: TypeId) -> Result<(Option<TypeId>, Option<Value>), Code> {
        unreachable!("stub: implicit_type_and_value")
    }
    pub fn invalid_conversion(&mut self, code: Code, x: &Operand<'a>, target: TypeId) {
        unreachable!("stub: invalid_conversion")
    }
    pub fn overflow(&mut self, x: &mut Operand<'a>, op_pos: Pos) {
        unreachable!("stub: overflow")
    }
    pub fn representable(&mut self, x: &mut Operand<'a>, kind: BasicKind) {
        unreachable!("stub: representable")
    }
    pub fn representable_const(&mut self, value: &Value, kind: BasicKind) -> Option<Value> {
        unreachable!("stub: representable_const")
    }
    pub fn conversion(&mut self, x: &mut Operand<'a>, ty: TypeId) {
        unreachable!("stub: conversion")
    }
    pub fn convertible_to(&mut self, x: &Operand<'a>, ty: TypeId, cause: Option<&mut String>) -> bool {
        unreachable!("stub: convertible_to")
    }
    pub fn assignable_to(&mut self, x: &Operand<'a>, ty: TypeId, cause: Option<&mut String>) -> Result<(), Code> {
        unreachable!("stub: assignable_to")
    }
    pub fn is_nil(&self, x: &Operand<'a>) -> bool {
        unreachable!("stub: is_nil")
    }
    pub fn builtin(&mut self, x: &mut Operand<'a>, call: &'a ast::Expr<'a>, id: BuiltinId) -> bool {
        unreachable!("stub: builtin")
    }
    /// Reports whether `x[...]` turned out to be an instantiation of a generic function.
    pub fn index_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) -> bool {
        unreachable!("stub: index_expr")
    }
    pub fn slice_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) {
        unreachable!("stub: slice_expr")
    }
    pub fn index(&mut self, e: &'a ast::Expr<'a>, max: i64) -> (TypeId, i64) {
        unreachable!("stub: index")
    }
    pub fn is_valid_index(&mut self, x: &mut Operand<'a>, code: Code, what: &str, allow_negative: bool) -> bool {
        unreachable!("stub: is_valid_index")
    }
    /// Element type of the channel `x`, to receive from (`recv`) or send to; `None` after an error at `pos`.
    pub fn chan_elem(&mut self, pos: Pos, x: &Operand<'a>, recv: bool) -> Option<TypeId> {
        unreachable!("stub: chan_elem")
    }
    /// Checks that the interface value `x` can hold a `ty`; `e` is the type expression or, outside of type switches, the assertion.
    pub fn type_assertion(&mut self, e: &'a ast::Expr<'a>, x: &Operand<'a>, ty: TypeId, type_switch: bool) {
        unreachable!("stub: type_assertion")
    }
    /// Rewrites the value recorded for an untyped constant expression.
    pub fn update_expr_val(&mut self, e: &'a ast::Expr<'a>, val: Value) {
        unreachable!("stub: update_expr_val")
    }
    pub fn new_target(&mut self, ty: Option<TypeId>, desc: &str) -> Option<Target> {
        unreachable!("stub: new_target")
    }
}
