//! What is known of an integer's bits from how it is made, a few steps back.

use super::{Simplifier, mask};
use ir::{InstData, Opcode, Ty, Value};

/// How many definitions back.
const STEPS: u32 = 5;

impl Simplifier<'_> {
    /// No value is larger, taken as an unsigned number.
    pub(super) fn max_unsigned(&self, value: Value) -> u64 {
        self.max_within(value, STEPS)
    }

    fn max_within(&self, value: Value, steps: u32) -> u64 {
        use Opcode::*;
        let ty = self.ty(value);
        let all = mask(ty);
        let Some(data) = self.def(value).filter(|_| steps > 0) else { return all };
        let of = |index: usize| self.max_within(self.arg(data, index), steps - 1);
        let constant = |index: usize| self.constant(self.arg(data, index));
        match data.op {
            Const => data.imm & all,
            Load8U => 0xff,
            Load16U => 0xffff,
            Load32U => 0xffff_ffff,
            Eqz | Eq | Ne | LtS | LtU | LeS | LeU | FEq | FNe | FLt | FLe => 1,
            ExtendU | PtrToInt => of(0),
            Wrap => of(0).min(all),
            And => of(0).min(of(1)),
            Or | Xor => ones_below(of(0) | of(1)),
            ShrU => match constant(1) {
                Some(count) => of(0) >> (count & (super::width(ty) - 1)),
                None => of(0),
            },
            Shl => match constant(1) {
                Some(count) => {
                    let count = count & (super::width(ty) - 1);
                    let max = of(0);
                    if max <= all >> count { max << count } else { all }
                }
                None => all,
            },
            Add => of(0).checked_add(of(1)).filter(|&sum| sum <= all).unwrap_or(all),
            Mul => of(0).checked_mul(of(1)).filter(|&product| product <= all).unwrap_or(all),
            DivU => match constant(1) {
                Some(divisor) if divisor != 0 => of(0) / divisor,
                _ => of(0),
            },
            RemU => match constant(1) {
                Some(divisor) if divisor != 0 => of(0).min(divisor - 1),
                _ => of(0),
            },
            Select => of(1).max(of(2)),
            Clz | Ctz | Popcnt => super::width(ty),
            ExtendS | Extend8 | Extend16 | Extend32 => {
                // Not negative: as it was.
                let max = of(0);
                let sign = match data.op {
                    Extend8 => 1 << 7,
                    Extend16 => 1 << 15,
                    _ => 1 << 31,
                };
                if max < sign { max } else { all }
            }
            _ => all,
        }
    }

    pub(super) fn is_not_negative(&self, value: Value) -> bool {
        self.max_unsigned(value) <= mask(self.ty(value)) >> 1
    }

    /// 0 or 1.
    pub(super) fn is_bool(&self, value: Value) -> bool {
        self.ty(value) == Ty::I32 && self.max_unsigned(value) <= 1
    }

    /// Whether the value is what sign-extending its lowest `bits` gives.
    pub(super) fn is_sign_extended(&self, value: Value, bits: u32) -> bool {
        self.is_extended_within(value, bits, STEPS)
    }

    fn is_extended_within(&self, value: Value, bits: u32, steps: u32) -> bool {
        use Opcode::*;
        if self.max_within(value, steps) < 1 << (bits - 1) {
            return true;
        }
        let Some(data) = self.def(value).filter(|_| steps > 0) else { return false };
        let of = |index: usize| self.is_extended_within(self.arg(data, index), bits, steps - 1);
        match data.op {
            Const => {
                let number = if self.ty(value) == Ty::I64 { data.imm as i64 } else { i64::from(data.imm as i32) };
                let rest = 64 - bits;
                number << rest >> rest == number
            }
            Load8S | Extend8 => bits >= 8,
            Load16S | Extend16 => bits >= 16 || data.op == Extend16 && of(0),
            Load32S | Extend32 => bits >= 32 || data.op == Extend32 && of(0),
            ExtendS => bits >= 32 || of(0),
            And | Or | Xor => of(0) && of(1),
            Select => of(1) && of(2),
            ShrS => of(0),
            _ => false,
        }
    }

    /// The same value where only its lowest `bits` count.
    pub(super) fn low_bits(&self, value: Value, bits: u32) -> Value {
        let mut value = value;
        while let Some(data) = self.def(value)
            && self.keeps_low_bits(data, bits)
        {
            value = self.arg(data, 0);
        }
        value
    }

    fn keeps_low_bits(&self, data: &InstData, bits: u32) -> bool {
        match data.op {
            Opcode::Extend8 => bits <= 8,
            Opcode::Extend16 => bits <= 16,
            Opcode::Extend32 => bits <= 32,
            Opcode::And => {
                let low = if bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
                self.constant(self.arg(data, 1)).is_some_and(|mask| mask & low == low)
            }
            _ => false,
        }
    }

    /// An address that is not null.
    pub(super) fn is_not_null(&self, value: Value) -> bool {
        let mut value = value;
        loop {
            let Some(data) = self.def(value) else { return false };
            match data.op {
                Opcode::New | Opcode::NewArray | Opcode::DataAddr | Opcode::SlotAddr => return true,
                Opcode::Const => return data.imm != 0,
                // Its result is in the same object.
                Opcode::PtrAdd => value = self.arg(data, 0),
                _ => return false,
            }
        }
    }
}

/// The least number of the form 2^n - 1 that is not smaller.
fn ones_below(value: u64) -> u64 {
    if value == 0 { 0 } else { u64::MAX >> value.leading_zeros() }
}

#[cfg(test)]
mod tests {
    use super::ones_below;

    #[test]
    fn ones() {
        assert_eq!([0, 1, 2, 5, 255, 256, u64::MAX].map(ones_below), [0, 1, 3, 7, 255, 511, u64::MAX]);
    }
}
