//! Literals as written, to values.

use super::float::Float;
use super::{SMALL_EXPONENT, Value};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use syntax::ast::LitKind;

/// The value of a literal; `Unknown` if it is malformed or out of range.
pub fn value_of(text: &str, kind: LitKind) -> Value {
    let value = match kind {
        LitKind::Int => integer(text),
        LitKind::Float => float(text),
        LitKind::Imag => text.strip_suffix('i').and_then(float).map(|imag| Value::complex(Value::from_i64(0), imag)),
        LitKind::Rune => syntax::literal::rune_value(text).map(|rune| Value::from_i64(rune.into())),
        LitKind::String => syntax::literal::string_value(text).map(|bytes| Value::from_bytes(&bytes)),
    };
    value.unwrap_or(Value::Unknown)
}

/// Splits off the base prefix.
fn base_of(text: &str) -> (u32, &str) {
    let digits = |len: usize| &text[len..];
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits(2)),
        [b'0', b'b' | b'B', ..] => (2, digits(2)),
        [b'0', b'o' | b'O', ..] => (8, digits(2)),
        _ => (10, text),
    }
}

fn integer(text: &str) -> Option<Value> {
    let (base, digits) = match base_of(text) {
        (10, digits) if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
        prefixed => prefixed,
    };
    if digits.len() <= 15 && !digits.contains('_') {
        return i64::from_str_radix(digits, base).ok().map(Value::from_i64);
    }
    let digits = digits.replace('_', "");
    UBig::from_str_radix(&digits, base).ok().map(|value| Value::from_ibig(IBig::from(value)))
}

/// Also integers, which may be written where a float is wanted (`1i`, `0x10i`); a leading 0 is not octal here.
fn float(text: &str) -> Option<Value> {
    let text = text.replace('_', "");
    let (base, digits) = base_of(&text);
    let mark = if base == 16 { ['p', 'P'] } else { ['e', 'E'] };
    let (mantissa, exponent) = match digits.split_once(mark) {
        // Exponents that i64 cannot hold are out of any range.
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().unwrap_or_else(|_| saturated(exponent))),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() || significant.bytes().all(|digit| digit == b'0') {
        return (!digits.is_empty()).then(|| Value::from_ratio(RBig::ZERO));
    }
    let mantissa = IBig::from(UBig::from_str_radix(&digits, base).ok()?);
    let fraction_digits = fraction.len() as i64;
    let (base, exponent) = match base {
        16 => (2, exponent.saturating_sub(4 * fraction_digits)),
        10 => (10, exponent.saturating_sub(fraction_digits)),
        _ => (2, exponent), // 0b1i, 0o7i: no fraction
    };
    let approximate = Float::from_scaled(mantissa.clone(), base, exponent)?;
    if approximate.magnitude_exponent().abs() >= SMALL_EXPONENT {
        return Some(if approximate.sign() == 0 {
            Value::from_ratio(RBig::ZERO)
        } else {
            Value::from_float(approximate)
        });
    }
    if approximate.sign() == 0 {
        return Some(Value::from_ratio(RBig::ZERO)); // underflow
    }
    let power = UBig::from(base).pow(exponent.unsigned_abs() as usize);
    let exact = match exponent < 0 {
        true => RBig::from_parts(mantissa, power),
        false => RBig::from(mantissa * IBig::from(power)),
    };
    Some(Value::from_ratio(exact))
}

fn saturated(exponent: &str) -> i64 {
    if exponent.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 }
}
