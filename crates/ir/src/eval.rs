//! What pure instructions compute: for the interpreter and for constant folding, so that both agree.
//!
//! Values are bits in a `u64`; those of 32 bits have zeros above. Semantics are wasm's. Arithmetic that ends in a NaN
//! gives the positive canonical one, one of those that wasm allows.

use crate::opcode::Opcode;
use crate::ty::Ty;
use std::cmp::Ordering;

/// Binds the operands as unsigned words of the type's width, and takes the result's bits.
macro_rules! unsigned {
    ($ty:expr, |$($name:ident),+| $result:expr) => {
        if is_wide($ty) {
            $(let $name: u64 = $name;)+
            ($result) as u64
        } else {
            $(let $name: u32 = $name as u32;)+
            ($result) as u32 as u64
        }
    };
}

/// As `unsigned`, signed.
macro_rules! signed {
    ($ty:expr, |$($name:ident),+| $result:expr) => {
        if is_wide($ty) {
            $(let $name: i64 = $name as i64;)+
            ($result) as u64
        } else {
            $(let $name: i32 = $name as u32 as i32;)+
            ($result) as u32 as u64
        }
    };
}

/// Binds the operands as floats of the type's width; the result is one too.
macro_rules! float {
    ($ty:expr, |$($name:ident),+| $result:expr) => {
        if is_wide($ty) {
            $(let $name = f64::from_bits($name);)+
            bits64($result)
        } else {
            $(let $name = f32::from_bits($name as u32);)+
            bits32($result)
        }
    };
}

/// Binds the operands as floats; the result is an integer or a truth value.
macro_rules! of_float {
    ($ty:expr, |$($name:ident),+| $result:expr) => {
        if is_wide($ty) {
            $(let $name = f64::from_bits($name);)+
            $result
        } else {
            $(let $name = f32::from_bits($name as u32);)+
            $result
        }
    };
}

/// The result of `op` on operands of these bits; `operand` is the type of the first, `result` that of the result.
/// None if it traps, or is not a function of its operands alone. Constants are not asked for here.
pub fn evaluate(op: Opcode, operand: Ty, result: Ty, args: &[u64]) -> Option<u64> {
    use Opcode::*;
    if operand == Ty::V128 || result == Ty::V128 {
        return None;
    }
    let a = args.first().copied()?;
    let b = args.get(1).copied().unwrap_or_default();
    Some(match op {
        Add => unsigned!(operand, |a, b| a.wrapping_add(b)),
        Sub => unsigned!(operand, |a, b| a.wrapping_sub(b)),
        Mul => unsigned!(operand, |a, b| a.wrapping_mul(b)),
        DivS => signed!(operand, |a, b| a.checked_div(b)?),
        DivU => unsigned!(operand, |a, b| a.checked_div(b)?),
        // wasm: the least dividend by -1 leaves 0.
        RemS => signed!(operand, |a, b| if b == 0 { return None } else { a.wrapping_rem(b) }),
        RemU => unsigned!(operand, |a, b| a.checked_rem(b)?),
        And => a & b,
        Or => a | b,
        Xor => a ^ b,
        Shl => unsigned!(operand, |a, b| a.wrapping_shl(b as u32)),
        ShrS => signed!(operand, |a, b| a.wrapping_shr(b as u32)),
        ShrU => unsigned!(operand, |a, b| a.wrapping_shr(b as u32)),
        Rotl => unsigned!(operand, |a, b| a.rotate_left(b as u32 & 63)),
        Clz => unsigned!(operand, |a| a.leading_zeros()),
        Ctz => unsigned!(operand, |a| a.trailing_zeros()),
        Popcnt => unsigned!(operand, |a| a.count_ones()),
        Extend8 => signed!(operand, |a| a as i8),
        Extend16 => signed!(operand, |a| a as i16),
        Extend32 => a as i32 as u64,
        Eqz => u64::from(a == 0),
        Eq => u64::from(a == b),
        Ne => u64::from(a != b),
        LtS => signed!(operand, |a, b| a < b),
        LtU => u64::from(a < b),
        LeS => signed!(operand, |a, b| a <= b),
        LeU => u64::from(a <= b),

        FAdd => float!(operand, |a, b| a + b),
        FSub => float!(operand, |a, b| a - b),
        FMul => float!(operand, |a, b| a * b),
        FDiv => float!(operand, |a, b| a / b),
        FSqrt => float!(operand, |a| a.sqrt()),
        FCeil => float!(operand, |a| a.ceil()),
        FFloor => float!(operand, |a| a.floor()),
        FTrunc => float!(operand, |a| a.trunc()),
        FNearest => float!(operand, |a| a.round_ties_even()),
        // Both propagate NaN, and -0 is below 0.
        FMin => float!(operand, |a, b| match a.partial_cmp(&b) {
            None => a + b,
            Some(Ordering::Equal) if a.is_sign_negative() => a,
            Some(Ordering::Less) => a,
            Some(_) => b,
        }),
        FMax => float!(operand, |a, b| match a.partial_cmp(&b) {
            None => a + b,
            Some(Ordering::Equal) if a.is_sign_positive() => a,
            Some(Ordering::Greater) => a,
            Some(_) => b,
        }),
        // These move bits, of NaNs as well.
        FNeg => a ^ sign_bit(operand),
        FAbs => a & !sign_bit(operand),
        FCopysign => a & !sign_bit(operand) | b & sign_bit(operand),
        FEq => of_float!(operand, |a, b| u64::from(a == b)),
        FNe => of_float!(operand, |a, b| u64::from(a != b)),
        FLt => of_float!(operand, |a, b| u64::from(a < b)),
        FLe => of_float!(operand, |a, b| u64::from(a <= b)),

        Wrap => a & 0xffff_ffff,
        ExtendS => a as u32 as i32 as u64,
        ExtendU => a,
        TruncSatS if is_wide(result) => of_float!(operand, |a| a as i64 as u64),
        TruncSatS => of_float!(operand, |a| a as i32 as u32 as u64),
        TruncSatU if is_wide(result) => of_float!(operand, |a| a as u64),
        TruncSatU => of_float!(operand, |a| u64::from(a as u32)),
        ConvertS if is_wide(result) => (signed_value(operand, a) as f64).to_bits(),
        ConvertS => u64::from((signed_value(operand, a) as f32).to_bits()),
        ConvertU if is_wide(result) => (a as f64).to_bits(),
        ConvertU => u64::from((a as f32).to_bits()),
        Promote => bits64(f64::from(f32::from_bits(a as u32))),
        Demote => bits32(f64::from_bits(a) as f32),
        Bitcast | PtrToInt => a,
        IntToPtr => a & 0xffff_ffff,
        Select => {
            if a != 0 {
                b
            } else {
                args.get(2).copied()?
            }
        }
        PtrAdd => u64::from((a as u32).wrapping_add(b as u32)),
        PtrDiff => u64::from((a as u32).wrapping_sub(b as u32)),
        _ => return None,
    })
}

fn is_wide(ty: Ty) -> bool {
    matches!(ty, Ty::I64 | Ty::F64)
}

fn sign_bit(ty: Ty) -> u64 {
    if is_wide(ty) { 1 << 63 } else { 1 << 31 }
}

fn signed_value(ty: Ty, bits: u64) -> i64 {
    if is_wide(ty) { bits as i64 } else { i64::from(bits as u32 as i32) }
}

fn bits64(value: f64) -> u64 {
    if value.is_nan() { 0x7ff8_0000_0000_0000 } else { value.to_bits() }
}

fn bits32(value: f32) -> u64 {
    if value.is_nan() { 0x7fc0_0000 } else { u64::from(value.to_bits()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(op: Opcode, ty: Ty, a: i64, b: i64) -> Option<i64> {
        let cut = |value: i64| if is_wide(ty) { value as u64 } else { u64::from(value as u32) };
        evaluate(op, ty, ty, &[cut(a), cut(b)]).map(|bits| signed_value(ty, bits))
    }

    fn floats(op: Opcode, a: f64, b: f64) -> f64 {
        let wide = f64::from_bits(evaluate(op, Ty::F64, Ty::F64, &[a.to_bits(), b.to_bits()]).unwrap());
        let bits = |value: f64| u64::from((value as f32).to_bits());
        let narrow = f32::from_bits(evaluate(op, Ty::F32, Ty::F32, &[bits(a), bits(b)]).unwrap() as u32);
        assert_eq!((wide as f32).to_bits(), narrow.to_bits(), "{op} {a} {b}");
        wide
    }

    #[test]
    fn integers_wrap_at_their_width() {
        assert_eq!(ints(Opcode::Add, Ty::I32, i64::from(i32::MAX), 1), Some(i64::from(i32::MIN)));
        assert_eq!(ints(Opcode::Add, Ty::I64, i64::MAX, 1), Some(i64::MIN));
        assert_eq!(ints(Opcode::Shl, Ty::I32, 1, 33), Some(2));
        assert_eq!(ints(Opcode::Shl, Ty::I64, 1, 65), Some(2));
        assert_eq!(ints(Opcode::ShrS, Ty::I32, -8, 1), Some(-4));
        assert_eq!(ints(Opcode::ShrU, Ty::I32, -8, 1), Some(0x7fff_fffc));
        assert_eq!(ints(Opcode::Rotl, Ty::I32, 1, 35), Some(8));
        assert_eq!(ints(Opcode::Extend8, Ty::I32, 0x80, 0), Some(-128));
        assert_eq!(ints(Opcode::Extend16, Ty::I64, 0x8000, 0), Some(-32768));
        assert_eq!(ints(Opcode::Clz, Ty::I32, 1, 0), Some(31));
    }

    #[test]
    fn divisions_trap_as_in_wasm() {
        for ty in [Ty::I32, Ty::I64] {
            let least = if ty == Ty::I32 { i64::from(i32::MIN) } else { i64::MIN };
            assert_eq!(ints(Opcode::DivS, ty, 1, 0), None);
            assert_eq!(ints(Opcode::DivS, ty, least, -1), None);
            assert_eq!(ints(Opcode::RemS, ty, least, -1), Some(0));
            assert_eq!(ints(Opcode::RemS, ty, 1, 0), None);
            assert_eq!(ints(Opcode::RemU, ty, 1, 0), None);
            assert_eq!(ints(Opcode::DivS, ty, -7, 2), Some(-3));
            assert_eq!(ints(Opcode::RemS, ty, -7, 2), Some(-1));
        }
    }

    #[test]
    fn least_and_greatest_know_nan_and_signed_zero() {
        let nan = f64::NAN;
        assert!(floats(Opcode::FMin, nan, 1.0).is_nan() && floats(Opcode::FMin, 1.0, nan).is_nan());
        assert!(floats(Opcode::FMax, nan, 1.0).is_nan() && floats(Opcode::FMax, 1.0, nan).is_nan());
        for (a, b) in [(0.0, -0.0), (-0.0, 0.0)] {
            assert!(floats(Opcode::FMin, a, b).is_sign_negative());
            assert!(floats(Opcode::FMax, a, b).is_sign_positive());
        }
        assert_eq!(floats(Opcode::FMin, 2.0, -3.0), -3.0);
        assert_eq!(floats(Opcode::FMax, 2.0, -3.0), 2.0);
        assert_eq!(floats(Opcode::FNearest, 2.5, 0.0), 2.0);
        assert_eq!(floats(Opcode::FCopysign, 2.5, -0.0), -2.5);
        assert_eq!(floats(Opcode::FDiv, 0.0, 0.0).to_bits(), 0x7ff8_0000_0000_0000);
    }

    #[test]
    fn conversions_saturate() {
        let trunc = |op, value: f64, ty| evaluate(op, Ty::F64, ty, &[value.to_bits()]).unwrap();
        assert_eq!(trunc(Opcode::TruncSatS, 1e30, Ty::I64), i64::MAX as u64);
        assert_eq!(trunc(Opcode::TruncSatS, f64::NAN, Ty::I64), 0);
        assert_eq!(trunc(Opcode::TruncSatS, -1e30, Ty::I32), 0x8000_0000);
        assert_eq!(trunc(Opcode::TruncSatU, -1.0, Ty::I32), 0);
        assert_eq!(trunc(Opcode::TruncSatU, 1e30, Ty::I64), u64::MAX);
        let convert = |op, ty, bits| f64::from_bits(evaluate(op, ty, Ty::F64, &[bits]).unwrap());
        assert_eq!(convert(Opcode::ConvertS, Ty::I32, 0xffff_ffff), -1.0);
        assert_eq!(convert(Opcode::ConvertU, Ty::I32, 0xffff_ffff), 4294967295.0);
    }
}
