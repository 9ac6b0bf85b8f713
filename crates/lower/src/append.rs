//! `append` and `copy`.
//!
//! ```text
//! append(s, a, b)      if cap(s) < len(s)+2 { s = growslice(...) }; store a and b behind the old length
//! append(s, t...)      the same with len(t), and a move
//! ```

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::CanonId;
use base::EntityId;
use ir::{Opcode, Ty, Value};
use syntax::ast::{self, ExprKind};
use types::Mode;

impl<'a> FuncLowerer<'_, 'a> {
    pub fn append_call(&mut self, e: &'a ast::Expr<'a>) -> Val {
        let ExprKind::Call(call) = e.kind else { unreachable!("lower: append_call: not a call") };
        let slice = self.type_of(e);
        let elem = self.slice_elem(slice);
        if call.has_dots {
            let rest = call.args[1];
            if let Some(len) = self.made_length(rest) {
                self.settle_order(&[call.args[0], len]);
                let slice_val = self.expr_as(call.args[0], slice);
                let num = self.int_arg(len);
                self.at(e.pos);
                return self.append_zeros(elem, &slice_val, num);
            }
            let rest_ty = match self.recorded(rest).mode {
                Mode::NilValue => slice,
                _ => self.default_type(rest),
            };
            let vals = self.evaluate(call.args, &[slice, rest_ty]);
            self.at(e.pos);
            let source = vals[1].parts();
            return self.append_slice(elem, &vals[0], source[0], source[1]);
        }
        let mut types = vec![elem; call.args.len()];
        types[0] = slice;
        let vals = self.evaluate(call.args, &types);
        self.at(e.pos);
        self.append_values(elem, &vals)
    }

    /// The first value is the slice.
    pub fn append_values(&mut self, elem: CanonId, vals: &[Val]) -> Val {
        let (slice, added) = vals.split_first().expect("lower: append has a slice");
        if added.is_empty() {
            return slice.clone();
        }
        let num = self.const_i64(added.len() as i64);
        let (grown, end) = self.grow(elem, slice, num);
        let size = self.cx.size_of(elem);
        for (index, val) in added.iter().enumerate() {
            self.store(elem, end, size * index as u32, val);
        }
        grown
    }

    fn append_slice(&mut self, elem: CanonId, slice: &Val, source: Value, num: Value) -> Val {
        let (grown, end) = self.grow(elem, slice, num);
        self.move_elements(elem, end, source, num);
        grown
    }

    /// The slice with room for `num` more elements, its length that much larger; and where these begin.
    pub(crate) fn grow(&mut self, elem: CanonId, slice: &Val, num: Value) -> (Val, Value) {
        let &[ptr, len, cap] = slice.parts() else { unreachable!("lower: grow: a slice has three parts") };
        let new_len = self.op2(Opcode::Add, len, num);
        let (merged_ptr, merged_cap) = (self.variable(Ty::Ptr), self.variable(Ty::I64));
        self.write(merged_ptr, ptr);
        self.write(merged_cap, cap);
        let (full, done) = (self.new_block(), self.new_block());
        let is_full = self.op2(Opcode::LtU, cap, new_len);
        self.branch_likely(is_full, full, done, Some(false));
        self.start(full);
        let et = self.shape_addr(elem);
        let grown = self.call_runtime("growslice", &[ptr, new_len, cap, num, et]);
        self.write(merged_ptr, grown[0]);
        self.write(merged_cap, grown[2]);
        self.jump(done);
        self.start(done);
        let (ptr, cap) = (self.read(merged_ptr), self.read(merged_cap));
        let end = self.element_address(elem, ptr, len);
        (Val::of(&[ptr, new_len, cap]), end)
    }

    /// The address of the element with that index (an i64), which was checked.
    pub fn element_address(&mut self, elem: CanonId, ptr: Value, index: Value) -> Value {
        let offset = self.byte_count(elem, index);
        self.emit(Opcode::PtrAdd, &[ptr, offset], 0, Ty::Ptr)
    }

    /// How many bytes so many elements (an i64) take.
    pub fn byte_count(&mut self, elem: CanonId, count: Value) -> Value {
        let count = self.emit(Opcode::Wrap, &[count], 0, Ty::I32);
        match self.cx.size_of(elem) {
            1 => count,
            size => {
                let size = self.const_i32(size as i32);
                self.op2(Opcode::Mul, count, size)
            }
        }
    }

    /// Copies elements; the places may overlap.
    pub fn move_elements(&mut self, elem: CanonId, to: Value, from: Value, count: Value) {
        if self.cx.has_pointers(elem) {
            let layout = self.cx.layout_of(elem);
            let count = self.emit(Opcode::Wrap, &[count], 0, Ty::I32);
            self.emit_effect(Opcode::MoveTyped, &[to, from, count], layout.index() as u64);
        } else if self.cx.size_of(elem) > 0 {
            let bytes = self.byte_count(elem, count);
            self.emit_effect(Opcode::Move, &[to, from, bytes], 0);
        }
    }

    /// `copy(to, from)`, also from a string: how many elements that were.
    pub fn copy_elements(&mut self, to_ty: CanonId, to: &Val, from: &Val) -> Value {
        let elem = self.slice_elem(to_ty);
        let (to, from) = (to.parts(), from.parts());
        let is_less = self.op2(Opcode::LtS, to[1], from[1]);
        let count = self.emit(Opcode::Select, &[is_less, to[1], from[1]], 0, Ty::I64);
        self.move_elements(elem, to[0], from[0], count);
        count
    }
}
