//! Functions that compare two values in memory, one per plan of `abi::equality`.
//!
//! Parts are compared in source order; the first difference ends it.

use crate::func::FuncLowerer;
use crate::module::FuncKey;
use abi::equality::{EqualId, Equality};
use ir::{Opcode, Ty, Value};

/// Plans with more parts than this are compared by their own function where they are part of another.
const MAX_INLINE: usize = 16;

pub(crate) fn lower_equal(mut f: FuncLowerer<'_, '_>, plan: EqualId) {
    let params = f.enter();
    let differs = f.new_block();
    f.compare_memory(plan, params[0], params[1], 0, differs, true);
    let yes = f.const_i32(1);
    f.return_values(&[yes]);
    f.start(differs);
    let no = f.const_i32(0);
    f.return_values(&[no]);
    f.finish();
}

impl FuncLowerer<'_, '_> {
    /// The function that compares values of a comparable type in memory.
    pub fn func_equal(&mut self, ty: abi::CanonId) -> ir::FuncId {
        let plan = self.cx.types.equal(&mut self.cx.checker, ty).expect("lower: func_equal of a comparable type");
        self.cx.func(FuncKey::Equal(plan))
    }

    /// Goes on where the values at `offset` are equal, else to `differs`.
    fn compare_memory(&mut self, plan: EqualId, p: Value, q: Value, offset: u32, differs: ir::Block, is_top: bool) {
        match self.cx.types.equality(plan).clone() {
            Equality::Memory(0) => {}
            Equality::Memory(size) => self.compare_bytes(p, q, offset, size, differs),
            Equality::String => {
                let [x_len, y_len] = [p, q].map(|ptr| self.load_word(ptr, offset + 8, Ty::I64));
                let same = self.op2(Opcode::Eq, x_len, y_len);
                self.require(same, differs);
                let [x, y] = [p, q].map(|ptr| self.load_word(ptr, offset, Ty::Ptr));
                let same = self.call_runtime("memequal", &[x, y, x_len])[0];
                self.require(same, differs);
            }
            plan @ (Equality::Interface | Equality::EmptyInterface) => {
                let name = if plan == Equality::Interface { "ifaceeq" } else { "efaceeq" };
                let [x_type, y_type] = [p, q].map(|ptr| self.load_word(ptr, offset, Ty::Ptr));
                let same = self.op2(Opcode::Eq, x_type, y_type);
                self.require(same, differs);
                let [x, y] = [p, q].map(|ptr| self.load_word(ptr, offset + 8, Ty::Ptr));
                let same = self.call_runtime(name, &[x_type, x, y])[0];
                self.require(same, differs);
            }
            plan @ (Equality::Float32 | Equality::Float64) => {
                let ty = if plan == Equality::Float32 { Ty::F32 } else { Ty::F64 };
                let [x, y] = [p, q].map(|ptr| self.load_word(ptr, offset, ty));
                let same = self.op2(Opcode::FEq, x, y);
                self.require(same, differs);
            }
            Equality::Parts(parts) if is_top || parts.len() <= MAX_INLINE => {
                for &(at, part) in &parts {
                    self.compare_memory(part, p, q, offset + at as u32, differs, false);
                }
            }
            Equality::Parts(_) => {
                let func = self.cx.func(FuncKey::Equal(plan));
                let context = self.null();
                let [p, q] = [p, q].map(|ptr| self.offset_ptr(ptr, offset));
                let same = self.call(func, &[context, p, q])[0];
                self.require(same, differs);
            }
            Equality::Array { elem, stride, count } => {
                let [p, q] = [p, q].map(|ptr| self.offset_ptr(ptr, offset));
                self.for_each_element(stride, count, |f, at| {
                    let [p, q] = [p, q].map(|ptr| f.emit(Opcode::PtrAdd, &[ptr, at], 0, Ty::Ptr));
                    f.compare_memory(elem, p, q, 0, differs, false);
                });
            }
        }
    }

    /// A loop over the offsets of an array's elements.
    pub(crate) fn for_each_element(&mut self, stride: u64, count: u64, mut body: impl FnMut(&mut Self, Value)) {
        let size = u32::try_from(stride * count).expect("lower: an array in memory");
        let at = self.variable(Ty::I32);
        let zero = self.const_i32(0);
        self.write(at, zero);
        let (head, rest) = (self.new_block(), self.new_block());
        self.jump(head);
        self.start_unsealed(head);
        let now = self.read(at);
        body(self, now);
        let stride = self.const_i32(stride as i32);
        let next = self.op2(Opcode::Add, now, stride);
        self.write(at, next);
        let end = self.const_i32(size as i32);
        let more = self.op2(Opcode::LtU, next, end);
        self.branch(more, head, rest);
        self.seal(head);
        self.start(rest);
    }

    fn compare_bytes(&mut self, p: Value, q: Value, offset: u32, size: u64, differs: ir::Block) {
        let (op, ty) = match size {
            1 => (Opcode::Load8U, Ty::I32),
            2 => (Opcode::Load16U, Ty::I32),
            4 => (Opcode::Load, Ty::I32),
            8 => (Opcode::Load, Ty::I64),
            _ => {
                let [p, q] = [p, q].map(|ptr| self.offset_ptr(ptr, offset));
                let size = self.const_i64(size as i64);
                let same = self.call_runtime("memequal", &[p, q, size])[0];
                return self.require(same, differs);
            }
        };
        let [x, y] = [p, q].map(|ptr| self.emit(op, &[ptr], offset.into(), ty));
        let same = self.op2(Opcode::Eq, x, y);
        self.require(same, differs);
    }

    pub(crate) fn load_word(&mut self, ptr: Value, offset: u32, ty: Ty) -> Value {
        self.emit(Opcode::Load, &[ptr], offset.into(), ty)
    }

    fn require(&mut self, cond: Value, differs: ir::Block) {
        let then = self.new_block();
        self.branch(cond, then, differs);
        self.start(then);
    }
}
