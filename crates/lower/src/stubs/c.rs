//! Signatures of calls, builtins, interfaces, intrinsics, until the real modules stand.

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
    /// A call, builtins and conversions included; its results (none, one, several).
    pub fn call_expr(&mut self, e: &'a ast::Expr<'a>) -> Vec<(CanonId, Val)> {
        unreachable!("stub: call_expr")
    }
    pub fn builtin_call(&mut self, id: types::BuiltinId, e: &'a ast::Expr<'a>) -> Vec<(CanonId, Val)> {
        unreachable!("stub: builtin_call")
    }
    /// Calls with evaluated receiver and arguments.
    pub fn call_func_value(&mut self, sig: CanonId, func: Value, args: &[Val]) -> Vec<(CanonId, Val)> {
        unreachable!("stub: call_func_value")
    }
    pub fn call_declared(
        &mut self,
        func: FuncId,
        sig: CanonId,
        recv: Option<Val>,
        args: &[Val],
    ) -> Vec<(CanonId, Val)> {
        unreachable!("stub: call_declared")
    }
    pub fn call_interface(
        &mut self,
        iface: CanonId,
        method: usize,
        itab: Value,
        data: Value,
        args: &[Val],
    ) -> Vec<(CanonId, Val)> {
        unreachable!("stub: call_interface")
    }
    /// What `go` and `defer` run later: function and arguments evaluated now, as a `func()`.
    pub fn deferred_call(&mut self, e: &'a ast::Expr<'a>) -> Value {
        unreachable!("stub: deferred_call")
    }
    /// The whole body behind `FuncKey::Call`, from the current block on.
    pub fn deferred_body(&mut self) {
        unreachable!("stub: deferred_body")
    }
    /// A value as the interface type `to`.
    pub fn to_interface(&mut self, val: Val, from: CanonId, to: CanonId) -> Val {
        unreachable!("stub: to_interface")
    }
    /// The data word as a value of the concrete type.
    pub fn from_data_word(&mut self, data: Value, ty: CanonId) -> Val {
        unreachable!("stub: from_data_word")
    }
    /// The dynamic type of an interface value (null if nil).
    pub fn dynamic_type(&mut self, iface: CanonId, val: &Val) -> Value {
        unreachable!("stub: dynamic_type")
    }
    pub fn type_assert(&mut self, val: Val, from: CanonId, to: CanonId, comma_ok: bool) -> (Val, Option<Value>) {
        unreachable!("stub: type_assert")
    }
    /// Whether the function is replaced by instructions; its results if so.
    pub fn intrinsic(&mut self, func: ObjId, targs: EnvId, args: &[Val]) -> Option<Vec<Val>> {
        unreachable!("stub: intrinsic")
    }
    pub fn append_call(&mut self, e: &'a ast::Expr<'a>) -> Val {
        unreachable!("stub: append_call")
    }
    /// Map operations by descriptor: pointers to elements.
    pub fn map_get(&mut self, map: CanonId, m: Value, key: Val) -> Value {
        unreachable!("stub: map_get")
    }
    pub fn map_get_ok(&mut self, map: CanonId, m: Value, key: Val) -> (Value, Value) {
        unreachable!("stub: map_get_ok")
    }
    pub fn map_assign(&mut self, map: CanonId, m: Value, key: Val) -> Value {
        unreachable!("stub: map_assign")
    }
    pub fn map_delete(&mut self, map: CanonId, m: Value, key: Val) {
        unreachable!("stub: map_delete")
    }
    pub fn receive(&mut self, chan: CanonId, c: Value) -> (Val, Value) {
        unreachable!("stub: receive")
    }
    pub fn send(&mut self, chan: CanonId, c: Value, val: Val) {
        unreachable!("stub: send")
    }
}
