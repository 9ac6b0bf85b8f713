//! Loads, stores, and what moves and zeroes memory.

use super::Select;
use crate::instructions::{self, Chunk, constant};
use crate::stackify::Consumer;
use ir::{Inst, InstData, Opcode, Ty, Value};
use smallvec::SmallVec;
use wasm_encoder::MemArg;

impl Select<'_> {
    pub fn load(&mut self, op: Opcode, ty: Ty, offset: u32) {
        let at = |width: u32| MemArg { offset: u64::from(offset), align: width.ilog2(), memory_index: 0 };
        let is_wide = ty == Ty::I64;
        let mut sink = self.sink();
        match op {
            Opcode::Load8S if is_wide => sink.i64_load8_s(at(1)),
            Opcode::Load8S => sink.i32_load8_s(at(1)),
            Opcode::Load8U if is_wide => sink.i64_load8_u(at(1)),
            Opcode::Load8U => sink.i32_load8_u(at(1)),
            Opcode::Load16S if is_wide => sink.i64_load16_s(at(2)),
            Opcode::Load16S => sink.i32_load16_s(at(2)),
            Opcode::Load16U if is_wide => sink.i64_load16_u(at(2)),
            Opcode::Load16U => sink.i32_load16_u(at(2)),
            Opcode::Load32S => sink.i64_load32_s(at(4)),
            Opcode::Load32U => sink.i64_load32_u(at(4)),
            _ => match ty {
                Ty::I32 | Ty::Ptr => sink.i32_load(at(4)),
                Ty::I64 => sink.i64_load(at(8)),
                Ty::F32 => sink.f32_load(at(4)),
                Ty::F64 => sink.f64_load(at(8)),
                Ty::V128 => sink.v128_load(at(16)),
            },
        };
    }

    pub fn store(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        let consumer = Consumer::Inst(inst);
        let offset = self.address(consumer, 0, args[0], data.offset());
        let at = |width: u32| MemArg { offset: u64::from(offset), align: width.ilog2(), memory_index: 0 };
        if data.op == Opcode::StorePtr && !self.body.spills[inst] {
            // Eight bytes in memory.
            if constant(self.body, args[1]) == Some(0) {
                self.sink().i64_const(0);
            } else {
                self.operand(consumer, 1, args[1]);
                self.sink().i64_extend_i32_u();
            }
            self.line(data.loc);
            self.sink().i64_store(at(8));
            return;
        }
        self.operand(consumer, 1, args[1]);
        self.line(data.loc);
        let ty = self.ty(args[1]);
        let mut sink = self.sink();
        match (data.op, ty) {
            (Opcode::Store8, Ty::I64) => sink.i64_store8(at(1)),
            (Opcode::Store8, _) => sink.i32_store8(at(1)),
            (Opcode::Store16, Ty::I64) => sink.i64_store16(at(2)),
            (Opcode::Store16, _) => sink.i32_store16(at(2)),
            (Opcode::Store32, _) => sink.i64_store32(at(4)),
            (_, Ty::I32 | Ty::Ptr) => sink.i32_store(at(4)),
            (_, Ty::I64) => sink.i64_store(at(8)),
            (_, Ty::F32) => sink.f32_store(at(4)),
            (_, Ty::F64) => sink.f64_store(at(8)),
            (_, Ty::V128) => sink.v128_store(at(16)),
        };
    }

    /// Stores zeros, to an address that is on the stack.
    pub fn store_zero(&mut self, width: u32, offset: u32) {
        let at = MemArg { offset: u64::from(offset), align: width.ilog2(), memory_index: 0 };
        match width {
            1 => self.sink().i32_const(0).i32_store8(at),
            2 => self.sink().i32_const(0).i32_store16(at),
            4 => self.sink().i32_const(0).i32_store(at),
            _ => self.sink().i64_const(0).i64_store(at),
        };
    }

    fn load_chunk(&mut self, width: u32, offset: u32) {
        match width {
            1 => self.load(Opcode::Load8U, Ty::I32, offset),
            2 => self.load(Opcode::Load16U, Ty::I32, offset),
            4 => self.load(Opcode::Load, Ty::I32, offset),
            8 => self.load(Opcode::Load, Ty::I64, offset),
            _ => self.load(Opcode::Load, Ty::V128, offset),
        }
    }

    fn store_chunk(&mut self, width: u32, offset: u32) {
        let at = MemArg { offset: u64::from(offset), align: width.ilog2(), memory_index: 0 };
        match width {
            1 => self.sink().i32_store8(at),
            2 => self.sink().i32_store16(at),
            4 => self.sink().i32_store(at),
            8 => self.sink().i64_store(at),
            _ => self.sink().v128_store(at),
        };
    }

    pub fn move_bytes(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        let consumer = Consumer::Inst(inst);
        if let Some(chunks) = instructions::inline_move(self.unit, self.body, inst) {
            self.line(data.loc);
            return self.move_chunks(consumer, args, &chunks);
        }
        self.operands(inst);
        if data.op == Opcode::MoveTyped {
            let size = self.unit.program.layouts[data.layout()].size as i32;
            if size != 1 {
                self.sink().i32_const(size).i32_mul();
            }
        }
        self.line(data.loc);
        self.sink().memory_copy(0, 0);
    }

    /// Destination and loaded chunk for all of them, then the stores from the last to the first.
    fn move_chunks(&mut self, consumer: Consumer, args: &[Value], chunks: &[Chunk]) {
        if chunks.is_empty() {
            self.discard(consumer, 0, args[0]);
            self.discard(consumer, 1, args[1]);
        }
        let mut stores: SmallVec<[Chunk; 4]> = SmallVec::new();
        for (index, &(width, at)) in chunks.iter().enumerate() {
            let is_first = index == 0;
            let to = if is_first { self.address(consumer, 0, args[0], 0) } else { self.repeat_address(args[0]) };
            let from = if is_first { self.address(consumer, 1, args[1], 0) } else { self.repeat_address(args[1]) };
            self.load_chunk(width, from + at);
            stores.push((width, to + at));
        }
        for (width, offset) in stores.into_iter().rev() {
            self.store_chunk(width, offset);
        }
    }

    pub fn zero(&mut self, inst: Inst, data: &InstData, args: &[Value]) {
        let consumer = Consumer::Inst(inst);
        let Some(chunks) = instructions::inline_zero(self.body, inst) else {
            self.operand(consumer, 0, args[0]);
            self.sink().i32_const(0);
            self.operand(consumer, 1, args[1]);
            self.line(data.loc);
            self.sink().memory_fill(0);
            return;
        };
        self.line(data.loc);
        if chunks.is_empty() {
            self.discard(consumer, 0, args[0]);
        }
        for (index, (width, at)) in chunks.into_iter().enumerate() {
            let to = if index == 0 { self.address(consumer, 0, args[0], 0) } else { self.repeat_address(args[0]) };
            self.store_zero(width, to + at);
        }
    }
}
