//! Addresses, and what is known to lie in static data.

use super::{Outcome, Simplifier};
use base::EntityId;
use ir::{Inst, InstData, Opcode, Reloc, Ty, Value};

impl Simplifier<'_> {
    pub(super) fn memory(&mut self, inst: Inst, data: &InstData) -> Outcome {
        use Opcode::*;
        match data.op {
            PtrAdd => self.ptr_add(inst, data),
            PtrDiff => self.ptr_diff(inst, data),
            Load8S | Load8U | Load16S | Load16U | Load32S | Load32U | Load => {
                if let Outcome::Again = self.fold_offset(inst, data) {
                    return Outcome::Again;
                }
                self.load(inst, data)
            }
            Move | MoveTyped => {
                let (to, from, count) = (self.arg(data, 0), self.arg(data, 1), self.arg(data, 2));
                if to == from || self.is_zero(count) { Outcome::Drop } else { Outcome::Keep }
            }
            Zero if self.is_zero(self.arg(data, 1)) => Outcome::Drop,
            Zero => Outcome::Keep,
            _ => {
                if let Outcome::Again = self.fold_offset(inst, data) {
                    return Outcome::Again;
                }
                self.store(inst, data)
            }
        }
    }

    fn ptr_add(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let (base, offset) = (self.arg(data, 0), self.arg(data, 1));
        if self.is_zero(offset) {
            return Outcome::Value(base);
        }
        let Some(offset) = self.constant(offset) else { return Outcome::Keep };
        if let Some((inner, before)) = self.with_constant(base, Opcode::PtrAdd) {
            let sum = self.emit_const(Ty::I32, before.wrapping_add(offset));
            return self.set(inst, Opcode::PtrAdd, &[inner, sum], 0);
        }
        if let Some(address) = self.def(base).filter(|data| data.op == Opcode::DataAddr) {
            let (target, before) = address.data();
            let sum = i64::from(before) + i64::from(offset as i32);
            if let Ok(sum) = u32::try_from(sum)
                && sum <= self.ctx.program.data[target].size
            {
                return self.set(inst, Opcode::DataAddr, &[], InstData::data_immediate(target, sum));
            }
        }
        Outcome::Keep
    }

    fn ptr_diff(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let (a, b) = (self.arg(data, 0), self.arg(data, 1));
        if a == b {
            return self.set_const(inst, 0);
        }
        match self.binary(a, Opcode::PtrAdd) {
            Some((base, offset)) if base == b => Outcome::Value(offset),
            _ => Outcome::Keep,
        }
    }

    /// `(p + c)[o]` is `p[c + o]`: c is not negative, and p is in the object because it is a pointer.
    fn fold_offset(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let address = self.arg(data, 0);
        let Some((base, constant)) = self.with_constant(address, Opcode::PtrAdd) else { return Outcome::Keep };
        let sum = u64::from(data.offset()) + constant;
        if constant > i32::MAX as u64 || sum > i32::MAX as u64 {
            return Outcome::Keep;
        }
        let mut args: smallvec::SmallVec<[Value; 2]> = self.func.args(inst).into();
        args[0] = base;
        self.set(inst, data.op, &args, sum)
    }

    /// What a load from data that nobody writes gives.
    fn load(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let Some(address) = self.def(self.arg(data, 0)).filter(|data| data.op == Opcode::DataAddr) else {
            return Outcome::Keep;
        };
        let (target, offset) = address.data();
        if !self.ctx.facts.is_constant(self.ctx.program, target) {
            return Outcome::Keep;
        }
        let result = self.func.results(inst)[0];
        let ty = self.ty(result);
        let (size, signed) = match data.op {
            Opcode::Load8S => (1, true),
            Opcode::Load8U => (1, false),
            Opcode::Load16S => (2, true),
            Opcode::Load16U => (2, false),
            Opcode::Load32S => (4, true),
            Opcode::Load32U => (4, false),
            _ => match ty {
                Ty::I64 | Ty::F64 => (8, false),
                Ty::V128 => return Outcome::Keep,
                _ => (4, false),
            },
        };
        let item = &self.ctx.program.data[target];
        let Some(start) = offset.checked_add(data.offset()) else { return Outcome::Keep };
        if start.checked_add(size).is_none_or(|end| end > item.size) {
            return Outcome::Keep;
        }
        let overlaps = |reloc: &&Reloc| {
            let (at, bytes) = reloc.place();
            at < start + size && start < at + bytes
        };
        match item.relocs.iter().find(overlaps) {
            None => {
                let byte = |index: u32| u64::from(item.bytes.get((start + index) as usize).copied().unwrap_or(0));
                let bits = (0..size).fold(0, |bits, index| bits | byte(index) << (8 * index));
                let rest = 64 - 8 * size;
                let bits = if signed { ((bits << rest) as i64 >> rest) as u64 } else { bits };
                self.set_const(inst, bits)
            }
            Some(&Reloc::Data { at, target, addend }) if at == start && ty == Ty::Ptr => {
                self.set(inst, Opcode::DataAddr, &[], InstData::data_immediate(target, addend))
            }
            Some(&(Reloc::Func { at, target } | Reloc::Func32 { at, target }))
                if at == start && ty == Ty::I32 && size == 4 =>
            {
                self.set(inst, Opcode::FuncAddr, &[], target.index() as u64)
            }
            Some(_) => Outcome::Keep,
        }
    }

    /// Narrow stores do not care for the upper bits.
    fn store(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let (address, value) = (self.arg(data, 0), self.arg(data, 1));
        let bits = match data.op {
            Opcode::Store8 => 8,
            Opcode::Store16 => 16,
            Opcode::Store32 => 32,
            _ => return Outcome::Keep,
        };
        let low = self.low_bits(value, bits);
        if low != value {
            return self.set(inst, data.op, &[address, low], data.imm);
        }
        let extended = self.unary(value, Opcode::ExtendS).or_else(|| self.unary(value, Opcode::ExtendU));
        match (data.op, extended) {
            (Opcode::Store32, Some(x)) => self.set(inst, Opcode::Store, &[address, x], data.imm),
            (Opcode::Store32, None) => Outcome::Keep,
            (_, Some(x)) => self.set(inst, data.op, &[address, x], data.imm),
            (_, None) => match self.unary(value, Opcode::Wrap) {
                Some(x) => self.set(inst, data.op, &[address, x], data.imm),
                None => Outcome::Keep,
            },
        }
    }
}
