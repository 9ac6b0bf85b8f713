//! Ranges; those over functions have a file of their own.
//!
//! The range expression is evaluated once, before the loop. What is counted through has an index of its own, which the
//! body does not see: it may change the iteration variables as it likes.

use crate::assign::is_blank;
use crate::control::Loop;
use crate::func::FuncLowerer;
use crate::value::Val;
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::{Opcode, Ty, Value};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, ExprList};
use types::{BasicKind, Mode, ObjId};

const INT: CanonId = abi::Types::basic(BasicKind::Int);

/// A range statement.
#[derive(Clone, Copy)]
pub(crate) struct Range<'a> {
    lhs: [Option<&'a ast::Expr<'a>>; 2],
    is_def: bool,
    pub body: &'a ast::BlockStmt<'a>,
    pub label: Option<Symbol>,
}

impl<'a> Range<'a> {
    pub fn new(stmt: &'a ast::ForStmt<'a>, clause: &'a ast::RangeClause<'a>, label: Option<Symbol>) -> Range<'a> {
        let lhs = ExprList::of(clause.lhs);
        let wanted = |index| lhs.get(index).filter(|e| !is_blank(e));
        Range { lhs: [wanted(0), wanted(1)], is_def: clause.def, body: stmt.body, label }
    }
}

/// What gives the elements of an array or slice.
enum Elements {
    At(Value),
    /// A pointer to an array, to be checked.
    Behind(Value),
    /// An array in parts.
    Parts(Val),
}

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn range_stmt(
        &mut self,
        stmt: &'a ast::ForStmt<'a>,
        clause: &'a ast::RangeClause<'a>,
        label: Option<Symbol>,
    ) {
        let x = clause.x.unparen();
        let ty = self.type_of(x);
        if let CanonType::Func { .. } = self.shape(ty) {
            return self.range_func(stmt, clause, label);
        }
        let range = Range::new(stmt, clause, label);
        self.declare_shared(&range);
        match self.shape(ty) {
            CanonType::Basic(kind) if kind.is_string() => self.range_string(&range, x),
            CanonType::Basic(_) => self.range_int(&range, x, ty),
            CanonType::Slice(elem) => {
                let slice = match self.ranged_bytes(x) {
                    Some(bytes) => bytes,
                    None => self.expr(x),
                };
                let &[ptr, len, _] = slice.parts() else { unreachable!("lower: range_stmt: a slice has three parts") };
                self.range_elements(&range, elem, len, &Elements::At(ptr));
            }
            CanonType::Array { len, elem } => self.range_array(&range, x, ty, len, elem),
            CanonType::Pointer(array) => {
                let CanonType::Array { len, elem } = self.shape(array) else {
                    unreachable!("lower: range_stmt: a pointer to an array")
                };
                let ptr = self.expr(x).single();
                let len = self.const_i64(len as i64);
                self.range_elements(&range, elem, len, &Elements::Behind(ptr));
            }
            CanonType::Map { key, elem } => self.range_map(&range, x, ty, key, elem),
            CanonType::Chan { elem, .. } => self.range_chan(&range, x, ty, elem),
            other => unreachable!("lower: range_stmt: over {other:?}"),
        }
    }

    /// Before Go 1.22 all iterations have the same variables.
    fn declare_shared(&mut self, range: &Range<'a>) {
        for e in range.lhs.into_iter().flatten() {
            if let Some(obj) = self.declared_by(range, e)
                && !self.is_per_iteration(obj)
            {
                self.declare_var(obj, None);
            }
        }
    }

    fn declared_by(&self, range: &Range<'a>, e: &ast::Expr<'a>) -> Option<ObjId> {
        e.as_ident().filter(|_| range.is_def).and_then(|ident| self.object_at(ident.id))
    }

    /// Gives the iteration variables their values.
    pub(crate) fn bind(&mut self, range: &Range<'a>, vals: [Option<(CanonId, Val)>; 2]) {
        if range.is_def {
            for (e, val) in range.lhs.into_iter().zip(vals) {
                let (Some(e), Some((from, val))) = (e, val) else { continue };
                let obj = self.declared_by(range, e).expect("lower: bind: an iteration variable is declared");
                let to = self.declared_type(obj);
                let val = self.convert(val, from, to);
                if self.is_per_iteration(obj) {
                    self.declare_var(obj, Some(val));
                } else {
                    let place = self.place(e);
                    self.write_place(&place, val);
                }
            }
            return;
        }
        // As `lhs[0], lhs[1] = vals[0], vals[1]`.
        let bound = range.lhs.into_iter().zip(&vals).filter(|(_, val)| val.is_some());
        let places: SmallVec<[&ast::Expr; 2]> = bound.filter_map(|(e, _)| e).collect();
        self.settle_order(&places);
        let mut targets = Vec::new();
        let mut assigned = Vec::new();
        for (e, val) in range.lhs.into_iter().zip(vals) {
            let (Some(e), Some((ty, val))) = (e, val) else { continue };
            targets.extend(self.targets(ExprList::One(e), false));
            let val = self.own(ty, val);
            assigned.push((ty, val));
        }
        self.assign_targets(targets, assigned);
    }

    /// A loop for 0 <= i < len; `bind` gets i, an i64.
    fn count(&mut self, range: &Range<'a>, len: Value, less: Opcode, bind: impl FnOnce(&mut Self, Value)) {
        let counter = self.variable(Ty::I64);
        let zero = self.const_i64(0);
        self.write(counter, zero);
        let blocks = self.begin_loop();
        let index = self.read(counter);
        let is_below = self.op2(less, index, len);
        self.branch(is_below, blocks.body, blocks.exit);
        self.loop_body(&blocks, range.body, range.label, |this| bind(this, index));
        if self.is_reachable() {
            let one = self.const_i64(1);
            let next = self.op2(Opcode::Add, index, one);
            self.write(counter, next);
        }
        self.end_loop(&blocks);
    }

    fn range_int(&mut self, range: &Range<'a>, x: &'a ast::Expr<'a>, ty: CanonId) {
        let CanonType::Basic(kind) = self.shape(ty) else { unreachable!("lower: range_int: an integer") };
        let len = self.expr(x).single();
        let is_wide = self.builder.func.ty(len) == Ty::I64;
        let len = self.as_i64(ty, len);
        let less = if kind.is_unsigned() { Opcode::LtU } else { Opcode::LtS };
        self.count(range, len, less, |this, index| {
            // Smaller than an integer of its type, it is one.
            let key = if is_wide { index } else { this.emit(Opcode::Wrap, &[index], 0, Ty::I32) };
            this.bind(range, [Some((ty, Val::one(key))), None]);
        });
    }

    fn range_array(&mut self, range: &Range<'a>, x: &'a ast::Expr<'a>, ty: CanonId, len: u64, elem: CanonId) {
        if range.lhs[1].is_none() {
            if self.recorded(x).mode != Mode::Constant {
                self.discard_array(x);
            }
            let len = self.const_i64(len as i64);
            return self.count(range, len, Opcode::LtS, |this, index| {
                this.bind(range, [Some((INT, Val::one(index))), None]);
            });
        }
        let mut array = self.expr(x);
        // A variable may change while its old value is ranged over.
        if !matches!(x.kind, ExprKind::Call(_) | ExprKind::CompositeLit(_)) {
            array = self.own(ty, array);
        }
        let elements = match array {
            Val::InMemory(ptr) => Elements::At(ptr),
            Val::Parts(_) => Elements::Parts(array),
        };
        let len = self.const_i64(len as i64);
        self.range_elements(range, elem, len, &elements);
    }

    /// Evaluates an array of which only the length is wanted.
    fn discard_array(&mut self, x: &'a ast::Expr<'a>) {
        if self.has_effects(x) {
            self.expr(x);
        }
    }

    fn range_elements(&mut self, range: &Range<'a>, elem: CanonId, len: Value, elements: &Elements) {
        let stride = self.cx.size_of(elem);
        self.count(range, len, Opcode::LtS, |this, index| {
            let val = range.lhs[1].is_some().then(|| (elem, this.element(elem, stride, elements, index)));
            this.bind(range, [Some((INT, Val::one(index))), val]);
        });
    }

    fn element(&mut self, elem: CanonId, stride: u32, elements: &Elements, index: Value) -> Val {
        let ptr = match elements {
            // It has one element, or elements of no size.
            Elements::Parts(array) => return array.clone(),
            Elements::At(ptr) => *ptr,
            Elements::Behind(ptr) => {
                self.nil_check(*ptr);
                *ptr
            }
        };
        let index = self.emit(Opcode::Wrap, &[index], 0, Ty::I32);
        let stride = self.const_i32(stride as i32);
        let offset = self.op2(Opcode::Mul, index, stride);
        let ptr = self.emit(Opcode::PtrAdd, &[ptr, offset], 0, Ty::Ptr);
        self.load(elem, ptr, 0)
    }

    /// spec: "For a string value, the "range" clause iterates over the Unicode code points in the string starting at
    /// byte index 0."
    fn range_string(&mut self, range: &Range<'a>, x: &'a ast::Expr<'a>) {
        let string = self.expr(x);
        let &[ptr, len] = string.parts() else { unreachable!("lower: range_string: a string has two parts") };
        let [counter, next] = [(); 2].map(|()| self.variable(Ty::I64));
        let rune = self.variable(Ty::I32);
        let zero = self.const_i64(0);
        self.write(counter, zero);
        let blocks = self.begin_loop();
        let index = self.read(counter);
        let is_below = self.op2(Opcode::LtS, index, len);
        let decode = self.new_block();
        self.branch(is_below, decode, blocks.exit);

        self.start(decode);
        let offset = self.emit(Opcode::Wrap, &[index], 0, Ty::I32);
        let at = self.emit(Opcode::PtrAdd, &[ptr, offset], 0, Ty::Ptr);
        let byte = self.emit(Opcode::Load8U, &[at], 0, Ty::I32);
        self.write(rune, byte);
        let one = self.const_i64(1);
        let behind = self.op2(Opcode::Add, index, one);
        self.write(next, behind);
        let limit = self.const_i32(0x80);
        let is_ascii = self.op2(Opcode::LtU, byte, limit);
        let long = self.new_block();
        self.branch_likely(is_ascii, blocks.body, long, Some(true));

        self.start(long);
        let decoded = self.call_runtime("decoderune", &[ptr, len, index]);
        self.write(rune, decoded[0]);
        self.write(next, decoded[1]);
        self.jump(blocks.body);

        self.loop_body(&blocks, range.body, range.label, |this| {
            let rune = this.read(rune);
            let rune_type = abi::Types::basic(BasicKind::Int32);
            this.bind(range, [Some((INT, Val::one(index))), Some((rune_type, Val::one(rune)))]);
        });
        if self.is_reachable() {
            let next = self.read(next);
            self.write(counter, next);
        }
        self.end_loop(&blocks);
    }

    /// `internal/runtime/maps.Iter` begins with pointers to the key, which is nil at the end, and the element.
    fn range_map(&mut self, range: &Range<'a>, x: &'a ast::Expr<'a>, ty: CanonId, key: CanonId, elem: CanonId) {
        const ELEM: u64 = 8;
        let map = self.expr(x).single();
        if self.is_map_clear(x, ty, range.lhs, range.is_def, range.body) {
            return self.map_clear(ty, map);
        }
        let iter_type = self.runtime_pointee("mapIterStart", 2);
        let iter = self.temporary(iter_type);
        let descriptor = self.cx.descriptor(ty);
        let descriptor = self.data_addr(descriptor, 0);
        self.call_runtime("mapIterStart", &[descriptor, map, iter]);
        let blocks: Loop = self.begin_loop();
        let key_ptr = self.emit(Opcode::Load, &[iter], 0, Ty::Ptr);
        let is_end = self.emit(Opcode::Eqz, &[key_ptr], 0, Ty::I32);
        self.branch(is_end, blocks.exit, blocks.body);
        self.loop_body(&blocks, range.body, range.label, |this| {
            let key_val = range.lhs[0].is_some().then(|| (key, this.load(key, key_ptr, 0)));
            let elem_val = range.lhs[1].is_some().then(|| {
                let ptr = this.emit(Opcode::Load, &[iter], ELEM, Ty::Ptr);
                (elem, this.load(elem, ptr, 0))
            });
            this.bind(range, [key_val, elem_val]);
        });
        if self.is_reachable() {
            self.call_runtime("mapIterNext", &[iter]);
        }
        self.end_loop(&blocks);
    }

    /// spec: "For channels, the iteration values produced are the successive values sent on the channel until the
    /// channel is closed."
    fn range_chan(&mut self, range: &Range<'a>, x: &'a ast::Expr<'a>, ty: CanonId, elem: CanonId) {
        let chan = self.expr(x).single();
        let blocks = self.begin_loop();
        let (val, ok) = self.receive(ty, chan);
        self.branch(ok, blocks.body, blocks.exit);
        self.loop_body(&blocks, range.body, range.label, |this| this.bind(range, [Some((elem, val)), None]));
        self.end_loop(&blocks);
    }
}
