//! Signatures of statements, assignments, termination, init order, sizes, printing, until the real modules stand.

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
    pub fn func_body(
        &mut self,
        decl: Option<DeclId>,
        name: &str,
        sig: SignatureId,
        body: &'a ast::BlockStmt<'a>,
        iota: Option<Value>,
    ) {
        unreachable!("stub: func_body")
    }
    /// Reports unused variables of a function scope.
    pub fn usage(&mut self, scope: ScopeId) {
        unreachable!("stub: usage")
    }
    pub fn assignment(&mut self, x: &mut Operand<'a>, ty: Option<TypeId>, context: &str) {
        unreachable!("stub: assignment")
    }
    pub fn init_const(&mut self, lhs: ObjId, x: &mut Operand<'a>) {
        unreachable!("stub: init_const")
    }
    pub fn init_var(&mut self, lhs: ObjId, x: &mut Operand<'a>, context: &str) {
        unreachable!("stub: init_var")
    }
    pub fn init_vars(&mut self, lhs: &[ObjId], rhs: &[&'a ast::Expr<'a>], return_stmt: Option<&'a ast::Stmt<'a>>) {
        unreachable!("stub: init_vars")
    }
    pub fn is_terminating(&self, stmt: &'a ast::Stmt<'a>, label: Option<Symbol>) -> bool {
        unreachable!("stub: is_terminating")
    }
    pub fn labels(&mut self, body: &'a ast::BlockStmt<'a>) {
        unreachable!("stub: labels")
    }
    pub fn init_order(&mut self, pkg: PkgId) {
        unreachable!("stub: init_order")
    }
    pub fn lookup_error(&mut self, ty: TypeId, sel: Symbol, obj: Option<ObjId>, struct_lit: bool) -> String {
        unreachable!("stub: lookup_error")
    }
    // sizes (gc's, wasm: 8-byte words); `None` when too large or not constant
    pub fn sizeof(&mut self, ty: TypeId) -> Option<i64> {
        unreachable!("stub: sizeof")
    }
    pub fn alignof(&mut self, ty: TypeId) -> i64 {
        unreachable!("stub: alignof")
    }
    pub fn offsetsof(&mut self, fields: ObjList) -> Vec<i64> {
        unreachable!("stub: offsetsof")
    }
    // printing, as messages show it (package-qualified relative to the package being checked)
    pub fn type_string(&mut self, ty: TypeId) -> String {
        unreachable!("stub: type_string")
    }
    pub fn types_string(&mut self, list: &[TypeId], variadic: bool) -> String {
        unreachable!("stub: types_string")
    }
    pub fn infers_in_assignments(&self) -> bool {
        unreachable!("stub: infers_in_assignments")
    }
    pub fn types_summary(&mut self, list: &[TypeId], variadic: bool, has_dots: bool) -> String {
        unreachable!("stub: types_summary")
    }
    pub fn tuple_string(&mut self, vars: ObjList, variadic: bool) -> String {
        unreachable!("stub: tuple_string")
    }
    pub fn signature_string(&mut self, sig: SignatureId) -> String {
        unreachable!("stub: signature_string")
    }
    pub fn object_string(&mut self, obj: ObjId) -> String {
        unreachable!("stub: object_string")
    }
    pub fn func_name_string(&mut self, func: ObjId) -> String {
        unreachable!("stub: func_name_string")
    }
    pub fn operand_string(&mut self, x: &Operand<'a>) -> String {
        unreachable!("stub: operand_string")
    }
    pub fn package_prefix(&mut self, pkg: PkgId) -> String {
        unreachable!("stub: package_prefix")
    }
    /// What kind of thing a type is, for messages: "func", "map", ... ("compositeKind").
    pub fn composite_kind(&mut self, ty: TypeId) -> &'static str {
        unreachable!("stub: composite_kind")
    }
}
