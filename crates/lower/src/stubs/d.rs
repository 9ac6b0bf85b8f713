//! Signatures of statements, until the real modules stand.

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
    pub fn block_stmt(&mut self, block: &'a ast::BlockStmt<'a>) {
        unreachable!("stub: block_stmt")
    }
    pub fn stmt(&mut self, s: &'a ast::Stmt<'a>) {
        unreachable!("stub: stmt")
    }
    /// A parameter or local variable comes to be, with this value or zero.
    pub fn declare_var(&mut self, obj: ObjId, init: Option<Val>) {
        unreachable!("stub: declare_var")
    }
    /// Entry code: parameters and results to variables, defer frame, recover token; then the body; then the end.
    pub fn function_body(&mut self, sig: CanonId, params: &[ObjId], results: &[ObjId], body: &'a ast::BlockStmt<'a>) {
        unreachable!("stub: function_body")
    }
}
