//! Exact constant values: booleans, strings, integers, rationals, floats of at least 512 bits, complex numbers.
//!
//! spec: "Numeric constants represent exact values of arbitrary precision and do not overflow."

use std::sync::Arc;
use syntax::ast::{LitKind, Operator};

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
    String(Arc<str>),
    Int(i64),
}

impl Value {
    pub fn from_bool(value: bool) -> Value {
        Value::Bool(value)
    }
    pub fn from_i64(value: i64) -> Value {
        Value::Int(value)
    }
}
#[allow(unused_variables)]
impl Value {
    pub fn from_u64(value: u64) -> Value { unreachable!() }
    pub fn from_f64(value: f64) -> Value { unreachable!() }
    /// Go strings are bytes, not always UTF-8.
    pub fn from_bytes(value: &[u8]) -> Value { unreachable!() }
    /// The value of a literal as written; `Unknown` if malformed or too large.
    pub fn from_literal(text: &str, kind: LitKind) -> Value { unreachable!() }
    pub fn kind(&self) -> Kind { unreachable!() }
    pub fn is_unknown(&self) -> bool { unreachable!() }
    pub fn as_bool(&self) -> bool { unreachable!() }
    pub fn as_bytes(&self) -> Arc<[u8]> { unreachable!() }
    /// The value if it is an Int that fits.
    pub fn as_i64(&self) -> Option<i64> { unreachable!() }
    pub fn as_u64(&self) -> Option<u64> { unreachable!() }
    /// Nearest float64 / float32 of a numeric value; infinite when out of range.
    pub fn to_f64(&self) -> f64 { unreachable!() }
    pub fn to_f32(&self) -> f32 { unreachable!() }
    /// Conversions of numeric values that are exact; `Unknown` when not representable (as go/constant's ToInt ...).
    pub fn to_int(&self) -> Value { unreachable!() }
    pub fn to_float(&self) -> Value { unreachable!() }
    pub fn to_complex(&self) -> Value { unreachable!() }
    pub fn real(&self) -> Value { unreachable!() }
    pub fn imag(&self) -> Value { unreachable!() }
    /// `self * i`
    pub fn make_imag(&self) -> Value { unreachable!() }
    /// -1, 0, 1; for complex 0 iff zero.
    pub fn sign(&self) -> i32 { unreachable!() }
    /// Bits of the absolute value of an Int.
    pub fn bit_len(&self) -> usize { unreachable!() }
    /// `+ - ^ !`; `size` in bits for `^` of an unsigned type, else 0.
    pub fn unary_op(op: Operator, x: &Value, size: u32) -> Value { unreachable!() }
    /// Operands of matching kinds are made. `int_div`: `/` truncates. Division by zero is the caller's to exclude.
    pub fn binary_op(x: &Value, op: Operator, y: &Value, int_div: bool) -> Value { unreachable!() }
    pub fn shift(x: &Value, op: Operator, count: u64) -> Value { unreachable!() }
    pub fn compare(x: &Value, op: Operator, y: &Value) -> bool { unreachable!() }
    /// Short, for messages: long strings are cut, floats in %.6g (go/constant's String).
    pub fn short_string(&self) -> String { unreachable!() }
    /// go/constant's ExactString.
    pub fn exact_string(&self) -> String { unreachable!() }
}
