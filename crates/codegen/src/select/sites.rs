//! Calls make known where they are: see [`sites`](crate::sites).

use super::Select;
use crate::module::HEAP_START_BYTES;
use crate::needs::Needs;
use crate::runtime::RuntimeFunc;
use crate::sites::{FrameForm, frame_word};
use ir::{FuncId, Loc, Value};
use wasm_encoder::MemArg;

impl Select<'_> {
    /// Calls what does not return because something is wrong.
    pub(super) fn report(&mut self, kind: RuntimeFunc, args: &[Value], loc: Loc, has_frame: bool) {
        let callee = self.unit.callee(self.unit.runtime(kind));
        if callee.takes_stack {
            self.stack_argument(callee.needs.stack);
        }
        for &arg in args {
            self.repeat(arg);
        }
        match self.unit.reporters[kind as usize] {
            Some(reporter) => {
                let form = if has_frame { FrameForm::Whole } else { FrameForm::Small };
                let word = frame_word(self.unit.sites.number(self.id, loc), form);
                self.sink().i32_const(word as i32).call(reporter);
            }
            None => {
                self.call_site(loc, callee.needs);
                self.sink().call(callee.index);
            }
        }
    }

    /// Makes known which call it is that comes next, if the callee may ask.
    pub(super) fn call_site(&mut self, loc: Loc, callee: Needs) {
        let Some(sites) = self.unit.sites.of(self.id).filter(|_| callee.traces) else { return };
        let place = sites.place(loc);
        if !self.unit.stores_sites {
            self.calls.push((self.bytes.len() as u32, place));
            return;
        }
        debug_assert!(self.has_frame(), "codegen: a call that may walk the stack comes before the frame");
        let word = frame_word(sites.first + place, FrameForm::Whole);
        if self.stored != Some(word) {
            let stack = self.stack_local();
            self.get(stack);
            self.sink().i32_const(word as i32).i32_store(MemArg { offset: 0, align: 2, memory_index: 0 });
            self.stored = Some(word);
        }
    }

    /// Whether the frame has been made where this code is.
    pub(super) fn has_frame(&self) -> bool {
        self.frame.at.is_some_and(|at| self.body.dominators.dominates(at, self.block))
    }

    /// As `call_site`, for a callee that asks where it was called from.
    pub(super) fn tell_caller(&mut self, callee: FuncId, loc: Loc) {
        if let Some(global) = self.unit.caller_global.filter(|_| self.unit.asks_caller(callee)) {
            let site = self.unit.sites.number(self.id, loc);
            self.sink().i32_const(site as i32).global_set(global);
        }
    }

    /// A constant that is known when the line table is.
    pub(super) fn emit_heap_start(&mut self) {
        const I64_CONST: u8 = 0x42;
        self.bytes.push(I64_CONST);
        self.heap_starts.push(self.bytes.len() as u32);
        self.bytes.extend([0; HEAP_START_BYTES]);
    }
}
