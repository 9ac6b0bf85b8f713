//! Signatures of declarations, packages, type expressions, until the real modules stand.

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
    // package flow (decl/, resolver)
    pub fn add_package(&mut self, input: PackageInput<'a>) -> PkgId {
        unreachable!("stub: add_package")
    }
    pub fn check_package(&mut self, pkg: PkgId) {
        unreachable!("stub: check_package")
    }
    pub fn check_body(&mut self, func: ObjId) {
        unreachable!("stub: check_body")
    }
    pub fn obj_decl(&mut self, obj: ObjId) {
        unreachable!("stub: obj_decl")
    }
    pub fn decl_stmt(&mut self, decls: &'a [ast::Decl<'a>]) {
        unreachable!("stub: decl_stmt")
    }
    pub fn declare(&mut self, scope: ScopeId, id: Option<ast::Ident>, obj: ObjId, scope_pos: Pos) {
        unreachable!("stub: declare")
    }
    pub fn cycle_error(&mut self, cycle: &[ObjId], start: usize) {
        unreachable!("stub: cycle_error")
    }
    /// Whether `ty` is a constraint interface that another package declares.
    pub fn is_imported_constraint(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_imported_constraint")
    }
    pub fn valid_type(&mut self, named: NamedId) {
        unreachable!("stub: valid_type")
    }
    // type expressions (typexpr, struct, interface, signature, union)
    pub fn ident(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, want_type: bool) {
        unreachable!("stub: ident")
    }
    pub fn typ(&mut self, e: &'a ast::Expr<'a>) -> TypeId {
        unreachable!("stub: typ")
    }
    pub fn var_type(&mut self, e: &'a ast::Expr<'a>) -> TypeId {
        unreachable!("stub: var_type")
    }
    pub fn valid_var_type(&mut self, e: &'a ast::Expr<'a>, ty: TypeId) {
        unreachable!("stub: valid_var_type")
    }
    pub fn defined_type(&mut self, e: &'a ast::Expr<'a>, def: Option<ObjId>) -> TypeId {
        unreachable!("stub: defined_type")
    }
    pub fn generic_type(&mut self, e: &'a ast::Expr<'a>, cause: Option<&mut String>) -> TypeId {
        unreachable!("stub: generic_type")
    }
    pub fn type_exprs(&mut self, list: &[&'a ast::Expr<'a>]) -> Option<Vec<TypeId>> {
        unreachable!("stub: type_exprs")
    }
    pub fn array_length(&mut self, e: &'a ast::Expr<'a>) -> i64 {
        unreachable!("stub: array_length")
    }
    pub fn func_type(&mut self, sig: SignatureId, recv: Option<&'a ast::Field<'a>>, tparams: &'a [ast::Field<'a>], ty: &'a ast::FuncType<'a>) {
        unreachable!("stub: func_type")
    }
}
