//! `go` and `defer`: a call that is prepared now and performed later.
//!
//! spec: "Each time a "defer" statement executes, the function value and parameters to the call are evaluated as usual and
//! saved anew but the actual function is not invoked."
//!
//! What was evaluated becomes the captures of a closure without parameters; its body reads them and performs the call.
//! A func value that is called without arguments and results is that closure already. The plan of the body is kept by the
//! function's id: it says all that the body needs, without the tree.

use crate::call::{Callee, Prepared};
use crate::func::FuncLowerer;
use crate::module::FuncKey;
use crate::value::Val;
use abi::CanonId;
use base::EntityId;
use ir::{Opcode, Ty, Value};
use std::sync::Arc;
use syntax::ast::{self, ExprKind};
use types::{BasicKind, BuiltinId};

/// The body of a closure that `go` or `defer` made.
#[derive(Clone, Debug)]
pub struct Plan {
    pub callee: Callee,
    /// Of the captures: what the call gets, and pointers to what it needs.
    pub types: Vec<CanonId>,
    kept: usize,
}

impl<'a> FuncLowerer<'_, 'a> {
    /// What `go` and `defer` run later: function and arguments evaluated now, as a `func()`. The closure is called
    /// `F.gowrap1`, `F.deferwrap2`, in the order of the statements that need one, and is where the statement is.
    pub fn deferred_call(&mut self, e: &'a ast::Expr<'a>, kind: &str) -> Value {
        let start = self.pos();
        let e = e.unparen();
        let ExprKind::Call(call) = e.kind else { unreachable!("lower: deferred_call: not a call") };
        let prepared = if let Some(id) = self.builtin_of(call.fun) {
            self.prepare_builtin(id, call)
        } else {
            self.prepare_call(e, call)
        };
        self.at(e.pos);
        match (&prepared.callee, &prepared.values[..]) {
            (Callee::Value { sig }, [(_, func)]) if self.signature_of(*sig).results.is_empty() => return func.single(),
            (Callee::Function { obj, env, sig, .. }, []) if self.signature_of(*sig).results.is_empty() => {
                let func = self.cx.func(FuncKey::Declared(*obj, *env));
                return self.func_value(func).single();
            }
            // A method of a nil interface is called for now, not later.
            (Callee::Interface { .. }, [(_, receiver), ..]) => self.nil_check(receiver.parts()[0]),
            _ => {}
        }
        let Prepared { callee, mut values, kept } = prepared;
        let pointer = abi::Types::basic(BasicKind::UnsafePointer);
        values.extend(kept.iter().map(|&kept| (pointer, Val::of(&[kept]))));
        let func = self.cx.func(FuncKey::Call(self.unit, e.id, self.env));
        self.wrapped_calls += 1;
        let outer = &self.cx.program.funcs[self.id];
        let (name, origin) = (format!("{}.{kind}{}", outer.name, self.wrapped_calls), outer.attrs.origin);
        let reserve = outer.attrs.reserve;
        let data = &mut self.cx.program.funcs[func];
        (data.name, data.pos, data.attrs.origin, data.attrs.reserve) = (name, start, origin, reserve);
        let types = values.iter().map(|value| value.0).collect();
        self.cx.plans.insert(func, Arc::new(Plan { callee, types, kept: kept.len() }));
        self.make_closure(func, &values)
    }

    /// The whole body behind `FuncKey::Call`, from the current block on.
    pub fn deferred_body(&mut self) {
        let plan = self.cx.plans.get(&self.id).expect("lower: a deferred call has a plan").clone();
        let context = self.emit(Opcode::Context, &[], 0, Ty::Ptr);
        let captures = self.read_captures(context, &plan.types);
        let mut values: Vec<(CanonId, Val)> = plan.types.iter().copied().zip(captures).collect();
        let kept: Vec<Value> = values.drain(values.len() - plan.kept..).map(|(_, val)| val.single()).collect();
        self.forward_recover_to(&plan.callee, &values);
        self.perform(&plan.callee, &values);
        self.keep_alive(&kept);
        if self.is_reachable() {
            self.return_values(&[]);
        }
    }

    /// The function that is called counts as the deferred one, which may recover.
    fn forward_recover_to(&mut self, callee: &Callee, values: &[(CanonId, Val)]) {
        let target = match *callee {
            Callee::Builtin(_) => return,
            Callee::Function { obj, env, .. } => {
                let func = self.cx.func(FuncKey::Declared(obj, env));
                self.cx.program.funcs[func].attrs.address_taken = true;
                self.emit(Opcode::FuncAddr, &[], func.index() as u64, Ty::I32)
            }
            Callee::Value { .. } => {
                let func = values[0].1.single();
                self.nil_check(func);
                self.emit(Opcode::Load, &[func], 0, Ty::I32)
            }
            Callee::Interface { slot, .. } => {
                return self.forward_recover_to_method(values[0].1.parts()[0], slot);
            }
        };
        let own = self.emit(Opcode::FuncAddr, &[], self.id.index() as u64, Ty::I32);
        self.call_runtime("forwardrecover", &[own, target]);
    }

    /// Evaluates the arguments of a builtin that can stand alone as a statement.
    fn prepare_builtin(&mut self, id: BuiltinId, call: &'a ast::CallExpr<'a>) -> Prepared {
        if id == BuiltinId::Recover {
            // Whenever it runs, it recovers what a call in this function's own body would.
            let token = self.recover_token();
            return Prepared { callee: Callee::Builtin(id), values: vec![token], kept: Vec::new() };
        }
        let types = self.statement_types(id, call.args);
        let vals = self.evaluate(call.args, &types);
        let values = types.into_iter().zip(vals).collect();
        Prepared { callee: Callee::Builtin(id), values, kept: Vec::new() }
    }
}
