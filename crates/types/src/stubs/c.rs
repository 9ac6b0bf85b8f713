//! Signatures of calls, inference, unification, instance cycles, until the real modules stand.

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
    pub fn call_expr(&mut self, x: &mut Operand<'a>, call: &'a ast::Expr<'a>) -> universe::ExprKind {
        unreachable!("stub: call_expr")
    }
    pub fn selector(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, want_type: bool) {
        unreachable!("stub: selector")
    }
    /// `inst` is the Index expression with the explicit type arguments, if any.
    pub fn func_inst(&mut self, target: Option<&Target>, pos: Pos, x: &mut Operand<'a>, inst: Option<&'a ast::Expr<'a>>, infer: bool) -> Option<(Vec<TypeId>, Vec<&'a ast::Expr<'a>>)> {
        unreachable!("stub: func_inst")
    }
    pub fn generic_expr_list(&mut self, list: &[&'a ast::Expr<'a>]) -> Vec<Operand<'a>> {
        unreachable!("stub: generic_expr_list")
    }
    pub fn expr_list(&mut self, list: &[&'a ast::Expr<'a>]) -> Vec<Operand<'a>> {
        unreachable!("stub: expr_list")
    }
    /// Evaluates the expressions for their side effect of using variables.
    pub fn use_exprs(&mut self, list: &[&'a ast::Expr<'a>]) -> bool {
        unreachable!("stub: use_exprs")
    }
    pub fn use_lhs(&mut self, list: &[&'a ast::Expr<'a>]) -> bool {
        unreachable!("stub: use_lhs")
    }
    pub fn infer(&mut self, pos: Pos, tparams: TypeList, targs: &[Option<TypeId>], params: ObjList, args: &[Operand<'a>], reverse: bool, err: &mut ErrorBuilder) -> Option<Vec<TypeId>> {
        unreachable!("stub: infer")
    }
    pub fn rename_type_params(&mut self, pos: Pos, tparams: TypeList, typ: TypeId) -> (TypeList, TypeId) {
        unreachable!("stub: rename_type_params")
    }
    pub fn mono_instance(&mut self, pkg: PkgId, pos: Pos, tparams: TypeList, targs: &[TypeId], xlist: &[&'a ast::Expr<'a>]) {
        unreachable!("stub: mono_instance")
    }
    /// `tpar` stands in for `canon` in the graph of instance cycles.
    pub fn mono_record_canon(&mut self, tpar: TypeParamId, canon: TypeParamId) {
        unreachable!("stub: mono_record_canon")
    }
    pub fn monomorph(&mut self) {
        unreachable!("stub: monomorph")
    }
}
