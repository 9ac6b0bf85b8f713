//! Exact constant values: booleans, strings, integers, fractions, floats of 512 bits, complex numbers.
//!
//! spec: "Numeric constants represent exact values of arbitrary precision and do not overflow."
//!
//! The vocabulary and the results are go/constant's, because they are visible in programs: integers are exact; a
//! floating-point constant is an exact fraction as long as its parts stay below 4096 bits and a 512-bit float beyond.
//! Values are cheap to clone. An operation on an unknown value (the result of an error) is unknown.

mod float;
mod format;
mod literal;
mod text;

use dashu_base::{BitTest, Sign, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use float::Float;
use std::cmp::Ordering;
use std::sync::Arc;
use syntax::ast::{LitKind, Operator};
use text::Text;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// Unknown because of an error.
    Unknown,
    Bool,
    String,
    Int,
    Float,
    Complex,
}

#[derive(Clone, Debug)]
pub enum Value {
    Unknown,
    Bool(bool),
    String(Arc<Text>),
    Int(i64),
    /// Does not fit `Int`.
    BigInt(Arc<IBig>),
    /// Kind Float.
    Ratio(Arc<RBig>),
    /// Kind Float: too large or too small for a fraction of reasonable length.
    Float(Arc<Float>),
    /// Real and imaginary part, both of kind Int or Float.
    Complex(Arc<(Value, Value)>),
}

/// Fractions whose parts have at least this many bits become floats; also the largest exponent of literals that are
/// kept as fractions.
const SMALL_EXPONENT: i64 = 4 << 10;

/// Making values.
impl Value {
    pub fn from_bool(value: bool) -> Value {
        Value::Bool(value)
    }

    pub fn from_i64(value: i64) -> Value {
        Value::Int(value)
    }

    pub fn from_u64(value: u64) -> Value {
        Value::from_ibig(IBig::from(value))
    }

    /// The exact value of a finite float; unknown otherwise.
    pub fn from_f64(value: f64) -> Value {
        if !value.is_finite() {
            return Value::Unknown;
        }
        RBig::try_from(value).map_or(Value::Unknown, Value::from_ratio)
    }

    /// Go strings are bytes, not always UTF-8.
    pub fn from_bytes(value: &[u8]) -> Value {
        Value::String(Text::new(value))
    }

    /// The value of a literal as written; `Unknown` if malformed or too large.
    pub fn from_literal(text: &str, kind: LitKind) -> Value {
        literal::value_of(text, kind)
    }

    fn from_ibig(value: IBig) -> Value {
        match i64::try_from(&value) {
            Ok(small) => Value::Int(small),
            Err(_) => Value::BigInt(Arc::new(value)),
        }
    }

    fn from_ratio(value: RBig) -> Value {
        let bits = value.numerator().clone().unsigned_abs().bit_len().max(value.denominator().bit_len());
        if (bits as i64) < SMALL_EXPONENT {
            return Value::Ratio(Arc::new(value));
        }
        Float::from_ratio(value.numerator(), value.denominator()).map_or(Value::Unknown, Value::from_float)
    }

    fn from_float(value: Float) -> Value {
        if value.sign() == 0 { Value::Ratio(Arc::new(RBig::ZERO)) } else { Value::Float(Arc::new(value)) }
    }

    fn complex(real: Value, imag: Value) -> Value {
        if real.is_unknown() || imag.is_unknown() {
            return Value::Unknown;
        }
        Value::Complex(Arc::new((real, imag)))
    }
}

/// Reading values.
impl Value {
    pub fn kind(&self) -> Kind {
        match self {
            Value::Unknown => Kind::Unknown,
            Value::Bool(_) => Kind::Bool,
            Value::String(_) => Kind::String,
            Value::Int(_) | Value::BigInt(_) => Kind::Int,
            Value::Ratio(_) | Value::Float(_) => Kind::Float,
            Value::Complex(_) => Kind::Complex,
        }
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// The truth value; false for anything but a boolean.
    pub fn as_bool(&self) -> bool {
        matches!(self, Value::Bool(true))
    }

    /// The bytes of a string; none for anything else.
    pub fn as_bytes(&self) -> Arc<[u8]> {
        match self {
            Value::String(text) => text.bytes(),
            _ => Arc::from([]),
        }
    }

    /// Length in bytes of a string.
    pub fn string_len(&self) -> usize {
        match self {
            Value::String(text) => text.len(),
            _ => 0,
        }
    }

    /// The value if it is an Int that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Int(value) => u64::try_from(*value).ok(),
            Value::BigInt(value) => u64::try_from(&**value).ok(),
            _ => None,
        }
    }

    /// Nearest float64 of a numeric value (of a complex one's real part); infinite when out of range.
    pub fn to_f64(&self) -> f64 {
        match self {
            Value::Int(value) => *value as f64,
            Value::BigInt(value) => float::ratio_to_f64(value, &UBig::ONE),
            Value::Ratio(value) => float::ratio_to_f64(value.numerator(), value.denominator()),
            Value::Float(value) => value.to_f64(),
            Value::Complex(parts) => parts.0.to_f64(),
            _ => 0.0,
        }
    }

    /// Nearest float32 of a numeric value; infinite when out of range.
    pub fn to_f32(&self) -> f32 {
        match self {
            Value::Int(value) => *value as f32,
            Value::BigInt(value) => float::ratio_to_f32(value, &UBig::ONE),
            Value::Ratio(value) => float::ratio_to_f32(value.numerator(), value.denominator()),
            Value::Float(value) => match value.magnitude_exponent() {
                -200..=200 => {
                    let (numerator, denominator) = value.to_ratio();
                    float::ratio_to_f32(&numerator, &denominator)
                }
                _ => value.to_f64() as f32,
            },
            Value::Complex(parts) => parts.0.to_f32(),
            _ => 0.0,
        }
    }

    pub fn real(&self) -> Value {
        match self {
            Value::Complex(parts) => parts.0.clone(),
            other => other.clone(),
        }
    }

    pub fn imag(&self) -> Value {
        match self {
            Value::Complex(parts) => parts.1.clone(),
            Value::Unknown => Value::Unknown,
            _ => Value::Int(0),
        }
    }

    /// `self * i`
    pub fn make_imag(&self) -> Value {
        Value::complex(Value::Int(0), self.clone())
    }

    /// -1, 0, 1; for complex numbers 0 iff zero; 1 for unknown values, so that they do not pass for zero.
    pub fn sign(&self) -> i32 {
        match self {
            Value::Int(value) => value.signum() as i32,
            Value::BigInt(value) => sign_of(value),
            Value::Ratio(value) => sign_of(value.numerator()),
            Value::Float(value) => value.sign(),
            Value::Complex(parts) => parts.0.sign() | parts.1.sign(),
            _ => 1,
        }
    }

    /// Bits of the absolute value of an Int.
    pub fn bit_len(&self) -> usize {
        match self {
            Value::Int(value) => (u64::BITS - value.unsigned_abs().leading_zeros()) as usize,
            Value::BigInt(value) => (**value).clone().unsigned_abs().bit_len(),
            _ => 0,
        }
    }
}

fn sign_of(value: &IBig) -> i32 {
    match (value == &IBig::ZERO, value.sign()) {
        (true, _) => 0,
        (_, Sign::Negative) => -1,
        _ => 1,
    }
}

/// Exact conversions between the numeric kinds; unknown when there is no equal value of the wanted kind.
impl Value {
    pub fn to_int(&self) -> Value {
        match self {
            Value::Int(_) | Value::BigInt(_) => self.clone(),
            Value::Ratio(value) if value.is_int() => Value::from_ibig(value.numerator().clone()),
            Value::Float(value) => float_to_int(value).map_or(Value::Unknown, Value::from_ibig),
            Value::Complex(_) => match self.to_float() {
                Value::Unknown => Value::Unknown,
                real => real.to_int(),
            },
            _ => Value::Unknown,
        }
    }

    pub fn to_float(&self) -> Value {
        match self {
            Value::Int(value) => Value::from_ratio(RBig::from(*value)),
            Value::BigInt(value) => Value::from_ratio(RBig::from((**value).clone())),
            Value::Ratio(_) | Value::Float(_) => self.clone(),
            Value::Complex(parts) if parts.1.sign() == 0 => parts.0.to_float(),
            _ => Value::Unknown,
        }
    }

    pub fn to_complex(&self) -> Value {
        match self.kind() {
            Kind::Int | Kind::Float => Value::complex(self.clone(), Value::Int(0)),
            Kind::Complex => self.clone(),
            _ => Value::Unknown,
        }
    }

    fn to_ibig(&self) -> IBig {
        match self {
            Value::Int(value) => IBig::from(*value),
            Value::BigInt(value) => (**value).clone(),
            _ => unreachable!("constant: to_ibig of a {:?}", self.kind()),
        }
    }

    fn to_rbig(&self) -> RBig {
        match self {
            Value::Ratio(value) => (**value).clone(),
            int => RBig::from(int.to_ibig()),
        }
    }

    /// A 512-bit float of any real number; `None`: out of range.
    fn to_big_float(&self) -> Option<Float> {
        match self {
            Value::Float(value) => Some((**value).clone()),
            Value::Ratio(value) => Float::from_ratio(value.numerator(), value.denominator()),
            int => Float::from_int(int.to_ibig()),
        }
    }
}

/// An integer that the float is, or that it misses only in its last bits, which earlier rounding may have caused.
fn float_to_int(value: &Float) -> Option<IBig> {
    const DOUBTFUL_BITS: usize = 4;
    let precision = float::PRECISION - DOUBTFUL_BITS;
    value
        .to_int(SMALL_EXPONENT)
        .or_else(|| value.rounded_towards(precision, false).to_int(SMALL_EXPONENT))
        .or_else(|| value.rounded_towards(precision, true).to_int(SMALL_EXPONENT))
}

/// Operations.
impl Value {
    /// `+ - ^ !`; `size` in bits for `^` of an unsigned type, else 0.
    pub fn unary_op(op: Operator, x: &Value, size: u32) -> Value {
        match (op, x) {
            (_, Value::Unknown) => Value::Unknown,
            (Operator::Add, _) => x.clone(),
            (Operator::Sub, Value::Complex(parts)) => {
                Value::complex(Value::unary_op(Operator::Sub, &parts.0, 0), Value::unary_op(Operator::Sub, &parts.1, 0))
            }
            (Operator::Sub, Value::Ratio(value)) => Value::from_ratio(-(**value).clone()),
            (Operator::Sub, Value::Float(value)) => Value::from_float(value.neg()),
            (Operator::Sub, Value::Int(value)) if *value != i64::MIN => Value::Int(-value),
            (Operator::Sub, _) => Value::from_ibig(-x.to_ibig()),
            (Operator::Xor, Value::Int(value)) if size == 0 => Value::Int(!value),
            (Operator::Xor, _) => {
                let mut flipped = !x.to_ibig();
                if size > 0 {
                    // spec: "^x bitwise complement is m ^ x with m = 'all bits set to 1' for unsigned x"
                    flipped &= (IBig::ONE << size as usize) - IBig::ONE;
                }
                Value::from_ibig(flipped)
            }
            (Operator::Not, Value::Bool(value)) => Value::Bool(!value),
            _ => unreachable!("constant: {op}{:?}", x.kind()),
        }
    }

    /// Operands of matching kinds are made. `int_div`: `/` truncates. Division by zero is the caller's to exclude.
    pub fn binary_op(x: &Value, op: Operator, y: &Value, int_div: bool) -> Value {
        match (x, y) {
            (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
            (Value::Bool(x), Value::Bool(y)) => match op {
                Operator::AndAnd => Value::Bool(*x && *y),
                Operator::OrOr => Value::Bool(*x || *y),
                _ => unreachable!("constant: bool {op} bool"),
            },
            (Value::String(x), Value::String(y)) => Value::String(Text::concat(x, y)),
            (Value::Int(x), Value::Int(y)) if let Some(small) = small_int_op(*x, op, *y, int_div) => Value::Int(small),
            (Value::Complex(_), _) | (_, Value::Complex(_)) => complex_op(x, op, y),
            _ if x.kind() == Kind::Int && y.kind() == Kind::Int => int_op(&x.to_ibig(), op, &y.to_ibig(), int_div),
            (Value::Float(_), _) | (_, Value::Float(_)) => match (x.to_big_float(), y.to_big_float()) {
                (Some(x), Some(y)) => float_op(&x, op, &y).map_or(Value::Unknown, Value::from_float),
                _ => Value::Unknown,
            },
            _ => ratio_op(&x.to_rbig(), op, &y.to_rbig()),
        }
    }

    /// `x << count`, `x >> count` of an Int.
    pub fn shift(x: &Value, op: Operator, count: u64) -> Value {
        let count = count as usize;
        match (x, op) {
            (Value::Unknown, _) => Value::Unknown,
            (_, Operator::Shl) if x.sign() == 0 => x.clone(),
            (_, Operator::Shl) => Value::from_ibig(x.to_ibig() << count),
            (Value::Int(value), _) => Value::Int(value >> count.min(63)),
            _ => Value::from_ibig(x.to_ibig() >> count),
        }
    }

    pub fn compare(x: &Value, op: Operator, y: &Value) -> bool {
        let ordering = match (x, y) {
            (Value::Unknown, _) | (_, Value::Unknown) => return false,
            (Value::Bool(x), Value::Bool(y)) => x.cmp(y),
            (Value::String(x), Value::String(y)) => x.bytes().cmp(&y.bytes()),
            (Value::Int(x), Value::Int(y)) => x.cmp(y),
            (Value::Complex(_), _) | (_, Value::Complex(_)) => {
                let equal = Value::compare(&x.real(), Operator::Eql, &y.real())
                    && Value::compare(&x.imag(), Operator::Eql, &y.imag());
                return equal == (op == Operator::Eql);
            }
            (Value::Float(_), _) | (_, Value::Float(_)) => match (x.to_big_float(), y.to_big_float()) {
                (Some(x), Some(y)) => x.cmp(&y),
                _ => return false,
            },
            _ => x.to_rbig().cmp(&y.to_rbig()),
        };
        match op {
            Operator::Eql => ordering == Ordering::Equal,
            Operator::Neq => ordering != Ordering::Equal,
            Operator::Lss => ordering == Ordering::Less,
            Operator::Leq => ordering != Ordering::Greater,
            Operator::Gtr => ordering == Ordering::Greater,
            Operator::Geq => ordering != Ordering::Less,
            _ => unreachable!("constant: compare by {op}"),
        }
    }
}

/// The operation on machine integers, unless the result does not fit (or is no integer).
fn small_int_op(x: i64, op: Operator, y: i64, int_div: bool) -> Option<i64> {
    match op {
        Operator::Add => x.checked_add(y),
        Operator::Sub => x.checked_sub(y),
        Operator::Mul => x.checked_mul(y),
        Operator::Div if int_div => x.checked_div(y),
        Operator::Rem => x.checked_rem(y),
        Operator::And => Some(x & y),
        Operator::Or => Some(x | y),
        Operator::Xor => Some(x ^ y),
        Operator::AndNot => Some(x & !y),
        _ => None,
    }
}

fn int_op(x: &IBig, op: Operator, y: &IBig, int_div: bool) -> Value {
    Value::from_ibig(match op {
        Operator::Add => x + y,
        Operator::Sub => x - y,
        Operator::Mul => x * y,
        Operator::Div if int_div => x / y, // truncates, as Go does
        Operator::Div => return Value::from_ratio(RBig::from_parts_signed(x.clone(), y.clone())),
        Operator::Rem => x % y,
        Operator::And => x & y,
        Operator::Or => x | y,
        Operator::Xor => x ^ y,
        Operator::AndNot => x & !y.clone(),
        _ => unreachable!("constant: int {op} int"),
    })
}

fn ratio_op(x: &RBig, op: Operator, y: &RBig) -> Value {
    Value::from_ratio(match op {
        Operator::Add => x + y,
        Operator::Sub => x - y,
        Operator::Mul => x * y,
        Operator::Div => x / y,
        _ => unreachable!("constant: float {op} float"),
    })
}

fn float_op(x: &Float, op: Operator, y: &Float) -> Option<Float> {
    match op {
        Operator::Add => x.add(y),
        Operator::Sub => x.sub(y),
        Operator::Mul => x.mul(y),
        Operator::Div => x.div(y),
        _ => unreachable!("constant: float {op} float"),
    }
}

fn complex_op(x: &Value, op: Operator, y: &Value) -> Value {
    let (a, b, c, d) = (x.real(), x.imag(), y.real(), y.imag());
    let add = |x: &Value, y: &Value| Value::binary_op(x, Operator::Add, y, false);
    let sub = |x: &Value, y: &Value| Value::binary_op(x, Operator::Sub, y, false);
    let mul = |x: &Value, y: &Value| Value::binary_op(x, Operator::Mul, y, false);
    let div = |x: &Value, y: &Value| Value::binary_op(x, Operator::Div, y, false);
    let (real, imag) = match op {
        Operator::Add => (add(&a, &c), add(&b, &d)),
        Operator::Sub => (sub(&a, &c), sub(&b, &d)),
        Operator::Mul => (sub(&mul(&a, &c), &mul(&b, &d)), add(&mul(&b, &c), &mul(&a, &d))),
        Operator::Div => {
            let scale = add(&mul(&c, &c), &mul(&d, &d));
            let real = div(&add(&mul(&a, &c), &mul(&b, &d)), &scale);
            (real, div(&sub(&mul(&b, &c), &mul(&a, &d)), &scale))
        }
        _ => unreachable!("constant: complex {op} complex"),
    };
    Value::complex(real, imag)
}

/// Printing.
impl Value {
    /// For messages: long strings are cut, floats have six digits.
    pub fn short_string(&self) -> String {
        const MAX_STRING: usize = 72;
        match self {
            Value::String(_) => {
                let quoted = syntax::unicode::quote_bytes(&self.as_bytes());
                if quoted.chars().count() <= MAX_STRING {
                    return quoted;
                }
                quoted.chars().take(MAX_STRING - 3).chain("...".chars()).collect()
            }
            Value::Ratio(value) => Float::from_ratio(value.numerator(), value.denominator())
                .map_or_else(|| "unknown".into(), |value| float_string(&value)),
            Value::Float(value) => float_string(value),
            Value::Complex(parts) => format!("({} + {}i)", parts.0.short_string(), parts.1.short_string()),
            _ => self.exact_string(),
        }
    }

    pub fn exact_string(&self) -> String {
        match self {
            Value::Unknown => "unknown".into(),
            Value::Bool(value) => value.to_string(),
            Value::String(_) => syntax::unicode::quote_bytes(&self.as_bytes()),
            Value::Int(value) => value.to_string(),
            Value::BigInt(value) => value.to_string(),
            Value::Ratio(value) if value.is_int() => value.numerator().to_string(),
            Value::Ratio(value) => format!("{}/{}", value.numerator(), value.denominator()),
            Value::Float(value) => value.hex_string(),
            Value::Complex(parts) => format!("({} + {}i)", parts.0.exact_string(), parts.1.exact_string()),
        }
    }
}

fn float_string(value: &Float) -> String {
    let near = value.to_f64();
    if (value.sign() == 0) == (near == 0.0) && near.is_finite() {
        let short = format::format_g6(near);
        // Something that is no integer should not look like one.
        return if !value.is_int() && !short.contains('.') { format::format_g(near) } else { short };
    }
    // Out of float64's range: mantissa and decimal exponent from the binary ones.
    let (mut mantissa, exponent) = value.fraction();
    let decimal = exponent as f64 * std::f64::consts::LOG10_2;
    let mut whole = decimal.trunc();
    mantissa *= 10f64.powf(decimal - whole);
    if mantissa.abs() < 1.0 - 0.5e-6 {
        mantissa *= 10.0;
        whole -= 1.0;
    } else if mantissa.abs() >= 10.0 {
        mantissa /= 10.0;
        whole += 1.0;
    }
    format!("{}e{:+}", format::format_g6(mantissa), whole as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Value {
        Value::from_literal(text, LitKind::Int)
    }
    fn float(text: &str) -> Value {
        Value::from_literal(text, LitKind::Float)
    }
    fn op(x: &Value, op: Operator, y: &Value) -> Value {
        Value::binary_op(x, op, y, false)
    }

    #[test]
    fn literals() {
        assert_eq!(int("0x_7fff_ffff_ffff_ffff").as_i64(), Some(i64::MAX));
        assert_eq!(int("0644").as_i64(), Some(0o644));
        assert_eq!(int("0b101").as_i64(), Some(5));
        assert_eq!(int("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(float("0x1p-2").to_f64(), 0.25);
        assert_eq!(float("1_0.25e1").to_f64(), 102.5);
        assert_eq!(float(".5").exact_string(), "1/2");
        assert_eq!(Value::from_literal("0123i", LitKind::Imag).imag().to_f64(), 123.0);
        assert_eq!(Value::from_literal("'\\u00e9'", LitKind::Rune).as_i64(), Some(0xe9));
        assert!(float("1e99999999999").is_unknown());
        assert_eq!(float("1e-99999999999").sign(), 0);
    }

    #[test]
    fn arithmetic_is_exact() {
        let third = op(&int("1"), Operator::Div, &int("3"));
        assert_eq!(op(&third, Operator::Mul, &int("3")).to_int().as_i64(), Some(1));
        let big = Value::shift(&int("1"), Operator::Shl, 100);
        assert_eq!(big.short_string(), "1267650600228229401496703205376");
        assert_eq!(Value::shift(&big, Operator::Shr, 98).as_i64(), Some(4));
        assert_eq!(Value::binary_op(&int("7"), Operator::Div, &Value::from_i64(-2), true).as_i64(), Some(-3));
        assert_eq!(Value::unary_op(Operator::Xor, &int("1"), 8).as_i64(), Some(254));
        let i = int("1").make_imag();
        assert_eq!(op(&i, Operator::Mul, &i).to_int().as_i64(), Some(-1));
    }

    #[test]
    fn huge_floats_round_to_512_bits() {
        let huge = float("1e5000");
        assert_eq!(huge.short_string(), "1e+5000");
        let quotient = op(&huge, Operator::Div, &float("1e4999"));
        assert_eq!(quotient.to_int().as_i64(), Some(10));
        let difference = op(&op(&huge, Operator::Add, &int("1")), Operator::Sub, &huge);
        assert_eq!(difference.sign(), 0);
        assert!(Value::compare(&huge, Operator::Gtr, &float("9e4999")));
    }

    #[test]
    fn nearest_floats() {
        assert_eq!(float("0.1").to_f64(), 0.1);
        assert_eq!(float("0.1").to_f32(), 0.1f32);
        assert_eq!(float("4.9406564584124654417656879286822137e-324").to_f64(), 5e-324);
        assert_eq!(float("2e-324").to_f64(), 0.0);
        assert_eq!(float("1.7976931348623159e308").to_f64(), f64::INFINITY);
        assert_eq!(float("1.7976931348623157e308").to_f64(), f64::MAX);
        assert_eq!(float("3.4028235e38").to_f32(), f32::MAX);
        assert_eq!(int("9007199254740993").to_f64(), 9007199254740992.0);
        assert_eq!(Value::from_f64(0.1).to_f64(), 0.1);
    }

    #[test]
    fn strings_are_ropes() {
        let mut chain = Value::from_bytes(b"");
        for _ in 0..200_000 {
            chain = op(&chain, Operator::Add, &Value::from_bytes(b"ab"));
        }
        assert_eq!(chain.as_bytes().len(), 400_000);
        assert_eq!(chain.string_len(), 400_000);
        assert!(chain.short_string().ends_with("..."));
    }
}
