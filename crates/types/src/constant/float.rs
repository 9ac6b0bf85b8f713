//! Binary floating-point numbers of 512 bits: for constants whose exact fraction would be too long.
//!
//! spec: "Represent floating-point constants [...] with a mantissa of at least 256 bits and a signed binary exponent of
//! at least 16 bits." gc uses 512 bits and rounds to nearest even; results that depend on it must agree.

use dashu_base::{BitTest, DivRem, Sign, UnsignedAbs};
use dashu_int::{IBig, UBig};
use std::cmp::Ordering;

/// `mantissa * 2^exponent`. Normal form: the mantissa is odd and of at most 512 bits, or zero with exponent 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Float {
    mantissa: IBig,
    exponent: i64,
}

pub const PRECISION: usize = 512;
/// Beyond it a number counts as infinite (or zero): math/big's exponent range.
const MAX_EXPONENT: i64 = i32::MAX as i64;

/// `magnitude / 2^shift`, to nearest, ties to even.
fn shift_right_rounding(magnitude: UBig, shift: usize, sticky: bool) -> UBig {
    if shift == 0 {
        return magnitude;
    }
    let (low, high) = magnitude.split_bits(shift);
    let half = low.bit(shift - 1);
    let below = sticky || low.trailing_zeros().is_some_and(|zeros| zeros < shift - 1);
    if half && (below || high.bit(0)) { high + UBig::ONE } else { high }
}

impl Float {
    pub fn zero() -> Float {
        Float { mantissa: IBig::ZERO, exponent: 0 }
    }

    /// Rounds to 512 bits. `sticky`: some non-zero bits were cut off below.
    fn round(mantissa: IBig, exponent: i64, sticky: bool) -> Option<Float> {
        let (sign, magnitude) = mantissa.into_parts();
        let excess = magnitude.bit_len().saturating_sub(PRECISION);
        let magnitude = shift_right_rounding(magnitude, excess, sticky);
        let mut exponent = exponent + excess as i64;
        let Some(zeros) = magnitude.trailing_zeros() else { return Some(Float::zero()) };
        let magnitude = magnitude >> zeros;
        exponent += zeros as i64;
        let top = exponent + magnitude.bit_len() as i64;
        if top > MAX_EXPONENT {
            return None;
        }
        if top < -MAX_EXPONENT {
            return Some(Float::zero());
        }
        Some(Float { mantissa: IBig::from_parts(sign, magnitude), exponent })
    }

    pub fn from_int(value: IBig) -> Option<Float> {
        Float::round(value, 0, false)
    }

    /// `None`: out of range.
    pub fn from_ratio(numerator: &IBig, denominator: &UBig) -> Option<Float> {
        Float::from_int(numerator.clone())?.div(&Float::from_int(IBig::from(denominator.clone()))?)
    }

    /// `mantissa * base^exponent` for a literal; `None` if infinite.
    pub fn from_scaled(mantissa: IBig, base: u32, exponent: i64) -> Option<Float> {
        if base == 2 {
            return Float::round(mantissa, exponent, false);
        }
        if mantissa == IBig::ZERO {
            return Some(Float::zero());
        }
        // A power past the range decides the result whatever the mantissa, which has far fewer digits.
        let mut power = Float::power_of(base, exponent.unsigned_abs());
        let mantissa = Float::from_int(mantissa)?;
        if exponent < 0 {
            match power.take() {
                Some(power) => mantissa.div(&power),
                None => Some(Float::zero()),
            }
        } else {
            mantissa.mul(&power?)
        }
    }

    fn power_of(base: u32, mut exponent: u64) -> Option<Float> {
        let mut square = Float::from_int(IBig::from(base))?;
        let mut result = Float::from_int(IBig::ONE)?;
        loop {
            if exponent & 1 == 1 {
                result = result.mul(&square)?;
            }
            exponent >>= 1;
            if exponent == 0 {
                return Some(result);
            }
            square = square.mul(&square)?;
        }
    }

    pub fn sign(&self) -> i32 {
        match (self.mantissa == IBig::ZERO, self.mantissa.sign()) {
            (true, _) => 0,
            (_, Sign::Negative) => -1,
            _ => 1,
        }
    }

    /// The binary exponent: the value is in [2^(e-1), 2^e).
    pub fn magnitude_exponent(&self) -> i64 {
        self.exponent + self.mantissa.clone().unsigned_abs().bit_len() as i64
    }

    pub fn neg(&self) -> Float {
        Float { mantissa: -self.mantissa.clone(), exponent: self.exponent }
    }

    pub fn add(&self, other: &Float) -> Option<Float> {
        let (high, low) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        if low.sign() == 0 {
            return Some(high.clone());
        }
        if high.sign() == 0 {
            return Some(low.clone());
        }
        let shift = (high.exponent - low.exponent) as u64;
        // Far apart: the lower number can only tip a tie.
        let guard = (2 * PRECISION + 4) as u64;
        if shift > guard + PRECISION as u64 {
            let nudge = IBig::from(low.sign());
            return Float::round((high.mantissa.clone() << guard as usize) + nudge, high.exponent - guard as i64, true);
        }
        Float::round((high.mantissa.clone() << shift as usize) + &low.mantissa, low.exponent, false)
    }

    pub fn sub(&self, other: &Float) -> Option<Float> {
        self.add(&other.neg())
    }

    pub fn mul(&self, other: &Float) -> Option<Float> {
        Float::round(&self.mantissa * &other.mantissa, self.exponent + other.exponent, false)
    }

    /// The divisor is not zero.
    pub fn div(&self, other: &Float) -> Option<Float> {
        let (sign_x, x) = self.mantissa.clone().into_parts();
        let (sign_y, y) = other.mantissa.clone().into_parts();
        let shift = (PRECISION + 2 + y.bit_len()).saturating_sub(x.bit_len());
        let (quotient, remainder) = (x << shift).div_rem(y);
        // One more bit, set if anything was cut off, keeps ties apart from non-ties.
        let sticky = u8::from(remainder != UBig::ZERO);
        let quotient = IBig::from_parts(sign_x * sign_y, (quotient << 1) + sticky);
        Float::round(quotient, self.exponent - other.exponent - shift as i64 - 1, sticky != 0)
    }

    pub fn cmp(&self, other: &Float) -> Ordering {
        let (a, b) = (self.sign(), other.sign());
        if a != b || a == 0 {
            return a.cmp(&b);
        }
        let by_magnitude = self.magnitude_exponent().cmp(&other.magnitude_exponent());
        if by_magnitude != Ordering::Equal {
            return if a > 0 { by_magnitude } else { by_magnitude.reverse() };
        }
        // Equal magnitudes differ in exponent by less than the precision.
        let low = self.exponent.min(other.exponent);
        let x = self.mantissa.clone() << (self.exponent - low) as usize;
        let y = other.mantissa.clone() << (other.exponent - low) as usize;
        x.cmp(&y)
    }

    pub fn is_int(&self) -> bool {
        self.exponent >= 0
    }

    /// The exact integer, unless it has a fraction or more than `limit` bits.
    pub fn to_int(&self, limit: i64) -> Option<IBig> {
        (self.is_int() && self.magnitude_exponent() <= limit).then(|| self.mantissa.clone() << self.exponent as usize)
    }

    /// The value rounded to `precision` bits, towards negative or positive infinity.
    pub fn rounded_towards(&self, precision: usize, up: bool) -> Float {
        let (sign, magnitude) = self.mantissa.clone().into_parts();
        let Some(excess) = magnitude.bit_len().checked_sub(precision).filter(|&excess| excess > 0) else {
            return self.clone();
        };
        let away = up == (sign == Sign::Positive);
        let kept = (magnitude >> excess) + u8::from(away); // bits are lost for sure: the mantissa is odd
        Float::round(IBig::from_parts(sign, kept), self.exponent + excess as i64, false).expect("no larger than before")
    }

    /// Exact fraction of a number whose exponent is small enough.
    pub fn to_ratio(&self) -> (IBig, UBig) {
        match usize::try_from(self.exponent) {
            Ok(shift) => (self.mantissa.clone() << shift, UBig::ONE),
            Err(_) => (self.mantissa.clone(), UBig::ONE << self.exponent.unsigned_abs() as usize),
        }
    }

    pub fn to_f64(&self) -> f64 {
        // 1100 bits either side hold every float64; beyond it is infinity or zero.
        match self.magnitude_exponent() {
            _ if self.sign() == 0 => 0.0,
            e if e > 1100 => f64::INFINITY * f64::from(self.sign()),
            e if e < -1200 => 0.0 * f64::from(self.sign()),
            _ => {
                let (numerator, denominator) = self.to_ratio();
                ratio_to_f64(&numerator, &denominator)
            }
        }
    }

    /// The fraction in [0.5, 1) with its exponent, as float64.
    pub fn fraction(&self) -> (f64, i64) {
        let exponent = self.magnitude_exponent();
        (Float { mantissa: self.mantissa.clone(), exponent: self.exponent - exponent }.to_f64(), exponent)
    }

    /// Hexadecimal mantissa in [0.5, 1) and binary exponent, as math/big's 'p' format.
    pub fn hex_string(&self) -> String {
        if self.sign() == 0 {
            return "0".into();
        }
        let (sign, magnitude) = self.mantissa.clone().into_parts();
        let padding = (4 - magnitude.bit_len() % 4) % 4;
        let exponent = self.magnitude_exponent();
        let digits = format!("{:x}", magnitude << padding);
        let digits = digits.trim_end_matches('0');
        format!("{}0x.{digits}p{exponent:+}", if sign == Sign::Negative { "-" } else { "" })
    }
}

/// Correctly rounded `numerator / denominator` in a format of `mantissa` bits, with least exponent `min` of the last
/// place: returns sign, integer mantissa and exponent of its last place.
fn ratio_round(numerator: &IBig, denominator: &UBig, mantissa: i64, min: i64) -> (bool, u64, i64) {
    let (sign, x) = numerator.clone().into_parts();
    if x == UBig::ZERO {
        return (false, 0, 0);
    }
    // The quotient has `mantissa` or one more bits at this exponent.
    let exponent = (x.bit_len() as i64 - denominator.bit_len() as i64 - mantissa).max(min);
    let (x, y) = match exponent {
        e if e >= 0 => (x, denominator.clone() << e as usize),
        e => (x << e.unsigned_abs() as usize, denominator.clone()),
    };
    let (mut quotient, remainder) = x.div_rem(y.clone());
    let mut exponent = exponent;
    if quotient.bit_len() as i64 > mantissa {
        quotient = shift_right_rounding(quotient, 1, remainder != UBig::ZERO);
        exponent += 1;
    } else {
        match (remainder << 1).cmp(&y) {
            Ordering::Greater => quotient += UBig::ONE,
            Ordering::Equal if quotient.bit(0) => quotient += UBig::ONE,
            _ => {}
        }
    }
    (sign == Sign::Negative, u64::try_from(&quotient).expect("mantissa fits"), exponent)
}

/// The nearest float64, ties to even; infinite beyond its range.
pub fn ratio_to_f64(numerator: &IBig, denominator: &UBig) -> f64 {
    let (negative, mantissa, exponent) = ratio_round(numerator, denominator, 53, -1074);
    let value = scale(mantissa as f64, exponent);
    if negative { -value } else { value }
}

/// The nearest float32, ties to even; infinite beyond its range.
pub fn ratio_to_f32(numerator: &IBig, denominator: &UBig) -> f32 {
    let (negative, mantissa, exponent) = ratio_round(numerator, denominator, 24, -149);
    // Exact as float64, and in float32's grid, so the conversion rounds only to infinity.
    let value = scale(mantissa as f64, exponent) as f32;
    if negative { -value } else { value }
}

/// `mantissa * 2^exponent`, exact when the product is representable.
fn scale(mantissa: f64, exponent: i64) -> f64 {
    let exponent = exponent.clamp(-1080, 1080) as i32;
    let half = exponent / 2;
    mantissa * 2f64.powi(half) * 2f64.powi(exponent - half)
}
