//! Leaving a function: `return`, and what deferring adds to it.
//!
//! A function that does not defer returns the values it has just computed. One that defers stores them first, because
//! deferred calls may read and change them: results to their variables, deferred calls, results from their variables.

use crate::func::{FuncLowerer, Storage};
use crate::rangefunc::Exit;
use crate::value::Val;
use abi::CanonId;
use ir::Value;
use smallvec::SmallVec;
use syntax::ast::{self, ExprList};

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn return_stmt(&mut self, results: Option<&'a ast::Expr<'a>>) {
        let list = ExprList::of(results);
        if list.is_empty() {
            return self.leave();
        }
        let types: SmallVec<[CanonId; 4]> = self.results.iter().map(|result| result.0).collect();
        let vals: SmallVec<[Val; 4]> = match list {
            // spec: "The expression list in the "return" statement may be a single call to a multi-valued function."
            ExprList::One(call) if types.len() > 1 => {
                let vals = self.call_expr(call.unparen());
                vals.into_iter().zip(&types).map(|((from, val), &to)| self.convert(val, from, to)).collect()
            }
            _ => {
                let operands: SmallVec<[_; 4]> = list.iter().zip(types.iter().copied()).collect();
                self.operands(&operands)
            }
        };
        self.return_vals(vals);
    }

    fn return_vals(&mut self, mut vals: SmallVec<[Val; 4]>) {
        let stored: SmallVec<[(usize, CanonId, Storage); 4]> = self
            .results
            .iter()
            .enumerate()
            // Variables kept in parts are nobody else's: nobody reads them any more.
            .filter(|(_, (_, storage))| !matches!(storage, Storage::Parts(_)))
            .map(|(index, (ty, storage))| (index, *ty, storage.clone()))
            .collect();
        if !stored.is_empty() && vals.len() > 1 {
            for (index, val) in vals.iter_mut().enumerate() {
                *val = self.own(self.results[index].0, val.clone());
            }
        }
        for (index, ty, storage) in &stored {
            let ptr = match storage {
                Storage::Memory(variable) => self.read(*variable),
                Storage::Slot(slot) => self.slot_addr(*slot),
                Storage::Parts(_) => continue,
            };
            self.store(*ty, ptr, 0, &vals[*index]);
        }
        if self.defer_frame.is_some() || self.loop_body.is_some() {
            return self.leave();
        }
        self.pass_results(&vals);
    }

    /// Runs the deferred calls and returns what the result variables hold.
    pub(crate) fn leave(&mut self) {
        if self.loop_body.is_some() {
            return self.exit_loop_body(Exit::Return);
        }
        if let Some(frame) = self.defer_frame {
            let frame = self.slot_addr(frame);
            self.call_runtime("deferreturn", &[frame]);
        }
        let results = self.results.clone();
        let vals: SmallVec<[Val; 4]> = results.iter().map(|(ty, storage)| self.read_storage(*ty, storage)).collect();
        self.pass_results(&vals);
    }

    /// Returns the values: those in memory are copied to where the caller wants them.
    fn pass_results(&mut self, vals: &[Val]) {
        let types: SmallVec<[CanonId; 4]> = self.results.iter().map(|result| result.0).collect();
        let pointers = self.result_pointers.clone();
        let mut pointers = pointers.into_iter();
        let mut scalars: SmallVec<[Value; 8]> = SmallVec::new();
        for (&ty, val) in types.iter().zip(vals) {
            match val {
                Val::Parts(parts) => scalars.extend_from_slice(parts),
                Val::InMemory(from) => {
                    let to = pointers.next().expect("lower: pass_results: a pointer for each result in memory");
                    self.move_value(ty, to, *from);
                }
            }
        }
        self.return_values(&scalars);
    }

    /// The call as a func value; what comes next is in the statement's line again.
    fn call_later(&mut self, call: &'a ast::Expr<'a>, kind: &str) -> Value {
        let start = self.pos();
        let func = self.deferred_call(call, kind);
        self.at(start);
        func
    }

    /// `go f(x)`
    pub(crate) fn go_stmt(&mut self, call: &'a ast::Expr<'a>) {
        let func = self.call_later(call, "gowrap");
        self.call_runtime("newproc", &[func]);
    }

    /// The address of the frame that deferred calls belong to: the one of the function around all loop bodies.
    pub(crate) fn frame_of_deferred(&mut self) -> Value {
        if let Some(frame) = self.loop_body.as_ref().and_then(|body| body.defer_frame) {
            return frame;
        }
        let frame = self.defer_frame.expect("lower: the function was found to defer");
        self.slot_addr(frame)
    }

    /// `defer f(x)`
    pub(crate) fn defer_stmt(&mut self, call: &'a ast::Expr<'a>) {
        let func = self.call_later(call, "deferwrap");
        let frame = self.frame_of_deferred();
        self.call_runtime("deferproc", &[frame, func]);
    }
}
