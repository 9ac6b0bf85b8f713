//! Slice expressions.
//!
//! The last index is checked first, so that each bound that an index is compared with is known not to be negative:
//!
//! ```text
//! s[i:j]      j <= cap(s)               i <= j
//! s[i:j:k]    k <= cap(s)    j <= k     i <= j
//! ```
//!
//! An empty slice at the end of its array (`s[cap(s):]`) would point behind it, where another object begins; it keeps
//! the pointer of the operand instead.

use crate::func::FuncLowerer;
use crate::index::Index;
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::{Opcode, PanicKind, Ty, Value};
use syntax::ast;

/// What is sliced.
struct Sliced {
    ptr: Value,
    len: Value,
    cap: Value,
    /// Bytes from one element to the next.
    stride: u32,
    /// There is a capacity of its own, which panics speak of; else they speak of the length.
    is_slice: bool,
    is_string: bool,
}

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn slice_expr(
        &mut self,
        e: &'a ast::Expr<'a>,
        x: &'a ast::Expr<'a>,
        index: [Option<&'a ast::Expr<'a>>; 3],
    ) -> Val {
        if index.iter().flatten().any(|index| self.has_effects(index)) {
            self.evaluate_early(x);
            // Indices that are more than a name are early as a whole.
            for index in index.into_iter().flatten() {
                let is_plain = index.unparen().as_ident().is_some() || self.constant_value(index).is_some();
                if !is_plain && !self.early.contains_key(&index.id) {
                    let val = self.expr(index);
                    self.early.insert(index.id, val);
                }
            }
        }
        let sliced = self.sliced(e, x);
        let evaluated = index.map(|index| index.map(|index| self.index_value(index)));
        self.at(e.pos);
        self.slice_value(sliced, evaluated)
    }

    /// Evaluates the operand.
    fn sliced(&mut self, e: &'a ast::Expr<'a>, x: &'a ast::Expr<'a>) -> Sliced {
        let ty = self.type_of(x);
        match self.shape(ty) {
            CanonType::Basic(_) => {
                let string = self.expr_as(x, ty);
                let &[ptr, len] = string.parts() else { unreachable!("lower: sliced: a string") };
                Sliced { ptr, len, cap: len, stride: 1, is_slice: false, is_string: true }
            }
            CanonType::Slice(elem) => {
                let slice = self.expr(x);
                let &[ptr, len, cap] = slice.parts() else { unreachable!("lower: sliced: a slice") };
                Sliced { ptr, len, cap, stride: self.cx.size_of(elem), is_slice: true, is_string: false }
            }
            CanonType::Pointer(array) => {
                let ptr = self.expr(x).single();
                self.at(e.pos);
                self.nil_check(ptr);
                self.sliced_array(array, ptr)
            }
            _ => {
                let ptr = self.address(x);
                self.sliced_array(ty, ptr)
            }
        }
    }

    fn sliced_array(&mut self, array: CanonId, ptr: Value) -> Sliced {
        let CanonType::Array { len, elem } = self.shape(array) else { unreachable!("lower: sliced_array: an array") };
        let len = self.const_i64(len as i64);
        Sliced { ptr, len, cap: len, stride: self.cx.size_of(elem), is_slice: false, is_string: false }
    }

    fn slice_value(&mut self, x: Sliced, [low, high, max]: [Option<Index>; 3]) -> Val {
        let (own, own_unsigned) = match (x.is_slice, max.is_some()) {
            (true, false) => (PanicKind::SliceAcap, PanicKind::SliceAcapU),
            (false, false) => (PanicKind::SliceAlen, PanicKind::SliceAlenU),
            (true, true) => (PanicKind::Slice3Acap, PanicKind::Slice3AcapU),
            (false, true) => (PanicKind::Slice3Alen, PanicKind::Slice3AlenU),
        };
        let mut cap = x.cap;
        if let Some(max) = max {
            self.check_bound(max, x.cap, max.kind(own, own_unsigned));
            cap = max.value;
        }
        let mut len = x.len;
        if let Some(high) = high {
            let kind = match max {
                None => high.kind(own, own_unsigned),
                Some(_) => high.kind(PanicKind::Slice3B, PanicKind::Slice3BU),
            };
            self.check_bound(high, cap, kind);
            len = high.value;
        }
        let Some(low) = low.filter(|low| low.constant != Some(0)) else {
            return self.slice_parts(&x, x.ptr, len, cap);
        };
        let kind = match max {
            None => low.kind(PanicKind::SliceB, PanicKind::SliceBU),
            Some(_) => low.kind(PanicKind::Slice3C, PanicKind::Slice3CU),
        };
        self.check_bound(low, len, kind);
        let new_len = self.op2(Opcode::Sub, len, low.value);
        let room = match x.is_string || len == cap {
            true => new_len,
            false => self.op2(Opcode::Sub, cap, low.value),
        };
        let ptr = if x.stride == 0 {
            x.ptr
        } else {
            let delta = self.scaled(low.value, x.stride);
            let zero = self.const_i32(0);
            let is_at_end = self.emit(Opcode::Eqz, &[room], 0, Ty::I32);
            let delta = self.choose(is_at_end, zero, delta);
            self.emit(Opcode::PtrAdd, &[x.ptr, delta], 0, Ty::Ptr)
        };
        self.slice_parts(&x, ptr, new_len, room)
    }

    fn slice_parts(&mut self, x: &Sliced, ptr: Value, len: Value, cap: Value) -> Val {
        if x.is_string { Val::of(&[ptr, len]) } else { Val::of(&[ptr, len, cap]) }
    }

    /// Panics unless `index <= bound`; says nothing if that is known.
    fn check_bound(&mut self, index: Index, bound: Value, kind: PanicKind) {
        let is_known = match (index.constant, self.const_of(bound)) {
            (Some(index), Some(bound)) => i64::try_from(index).is_ok_and(|index| index <= bound),
            _ => false,
        };
        if !is_known {
            self.bounds_check_le(index.value, bound, kind);
        }
    }
}
