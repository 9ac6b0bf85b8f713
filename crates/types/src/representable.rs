//! Which types can represent a constant, and as which value.
//!
//! spec: "A constant value x is representable by a value of type T if x is in the set of values determined by T; T is a
//! floating-point type and x can be rounded to T's precision without overflow; T is a complex type, and x's components
//! real(x) and imag(x) are representable by values of T's component type."

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::{Kind, Value};
use crate::operand::Operand;
use crate::store::{BasicKind, Mode, Type, TypeId};
use crate::universe::typ;
use base::Pos;
use syntax::ast::{ExprKind, Operator};

/// Bits of an untyped integer constant.
const MAX_INT_BITS: usize = 512;
/// Bytes of a string constant: what an object file can hold.
const MAX_STRING_LEN: usize = 2_000_000_000;

impl<'a> Checker<'a> {
    /// Checks the result `x` of a constant operation: it must be a value of its type, and of reasonable size if untyped.
    pub fn overflow(&mut self, x: &mut Operand<'a>, op_pos: Pos) {
        debug_assert_eq!(x.mode, Mode::Constant);
        if x.value().is_unknown() {
            self.error(op_pos, Code::InvalidConstVal, "constant result is not representable");
            return;
        }
        if self.is_typed(x.ty) {
            let under = self.under(x.ty);
            self.representable(x, under);
            if !x.is_valid() {
                return;
            }
        } else if x.value().kind() == Kind::Int && x.value().bit_len() > MAX_INT_BITS {
            let message = format!("constant {}overflow", x.expr.map_or("", |e| operation_name(&e.kind)));
            self.error(op_pos, Code::InvalidConstVal, message);
            x.val = Some(Value::Unknown);
            return;
        }
        let len = x.value().string_len();
        if len > MAX_STRING_LEN {
            let message = format!("constant string too long ({len} bytes > {MAX_STRING_LEN} bytes)");
            self.error(op_pos, Code::InvalidConstVal, message);
            x.val = Some(Value::Unknown);
        }
    }

    /// Checks that the constant `x` is representable by the basic type `ty`, and rounds it.
    pub fn representable(&mut self, x: &mut Operand<'a>, ty: TypeId) {
        let Type::Basic(kind) = self.ty(ty) else { unreachable!("types: representable: not a basic type") };
        match self.representation(x, kind) {
            Ok(val) => x.val = Some(val),
            Err(code) => {
                self.invalid_conversion(code, x, ty);
                x.mode = Mode::Invalid;
            }
        }
    }

    /// The constant `x` as a value of the basic type.
    pub fn representation(&mut self, x: &Operand<'a>, kind: BasicKind) -> Result<Value, Code> {
        if let Some(val) = self.representable_const(x.value(), kind) {
            return Ok(val);
        }
        if !self.is_numeric(x.ty) || !kind.is_numeric() {
            return Err(Code::InvalidConstVal);
        }
        if !self.is_integer(x.ty) && kind.is_integer() {
            return Err(Code::TruncatedFloat);
        }
        Err(Code::NumericOverflow)
    }

    /// The value rounded to the basic type, if that can represent it. Unknown values are left alone.
    pub fn representable_const(&mut self, value: &Value, kind: BasicKind) -> Option<Value> {
        if value.is_unknown() {
            return Some(Value::Unknown);
        }
        if kind.is_integer() {
            let value = value.to_int();
            return self.int_fits(&value, kind).then_some(value);
        }
        if kind.is_float() {
            let value = value.to_float();
            return if value.kind() == Kind::Float { round_float(&value, kind) } else { None };
        }
        if kind.is_complex() {
            let part = match kind {
                BasicKind::Complex64 => BasicKind::Float32,
                BasicKind::Complex128 => BasicKind::Float64,
                _ => BasicKind::UntypedFloat,
            };
            let complex = value.to_complex();
            if complex.kind() != Kind::Complex {
                return None;
            }
            if part == BasicKind::UntypedFloat {
                return Some(value.clone());
            }
            let (real, imag) = (round_float(&complex.real(), part)?, round_float(&complex.imag(), part)?);
            return Some(Value::binary_op(&real, Operator::Add, &imag.make_imag(), false));
        }
        let of_kind = match value.kind() {
            Kind::String => kind.is_string(),
            Kind::Bool => kind.is_boolean(),
            _ => false,
        };
        of_kind.then(|| value.clone())
    }

    fn int_fits(&mut self, value: &Value, kind: BasicKind) -> bool {
        if value.kind() != Kind::Int {
            return false;
        }
        let bits = match kind {
            BasicKind::Int8 | BasicKind::Uint8 => 8,
            BasicKind::Int16 | BasicKind::Uint16 => 16,
            BasicKind::Int32 | BasicKind::Uint32 => 32,
            BasicKind::Int64 | BasicKind::Uint64 => 64,
            BasicKind::Int | BasicKind::Uint | BasicKind::Uintptr => {
                self.sizeof(typ::basic(kind)).map_or(64, |bytes| bytes as usize * 8)
            }
            _ => return true, // untyped
        };
        if kind.is_unsigned() {
            return value.sign() >= 0 && value.bit_len() <= bits;
        }
        match value.as_i64() {
            Some(value) => value >> (bits - 1) == value >> 63,
            None => false,
        }
    }
}

fn round_float(value: &Value, kind: BasicKind) -> Option<Value> {
    let rounded = match kind {
        BasicKind::Float32 => value.to_f32() as f64,
        BasicKind::Float64 => value.to_f64(),
        _ => return Some(value.clone()),
    };
    rounded.is_finite().then(|| Value::from_f64(rounded))
}

/// What an operation that may overflow is called, with a space behind; nothing for the others.
fn operation_name(e: &ExprKind) -> &'static str {
    match e {
        ExprKind::Unary { op: Operator::Xor, .. } => "bitwise complement ",
        ExprKind::Binary { op, .. } => match op {
            Operator::Add => "addition ",
            Operator::Sub => "subtraction ",
            Operator::Xor => "bitwise XOR ",
            Operator::Mul => "multiplication ",
            Operator::Shl => "shift ",
            _ => "",
        },
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::Config;
    use crate::version::GoVersion;
    use syntax::ast::LitKind;

    fn check(test: impl FnOnce(&mut Checker)) {
        let (sources, arena) = (base::SourceMap::new(), bumpalo::Bump::new());
        let config = Config::for_build(GoVersion::go1(26));
        test(&mut Checker::new(config, &sources, &arena));
    }

    fn int(value: i64) -> Value {
        Value::from_i64(value)
    }

    #[test]
    fn integers_fit_their_ranges() {
        check(|c| {
            use BasicKind::*;
            let mut fits = |value: Value, kind| c.representable_const(&value, kind).is_some();
            for (kind, min, max) in [(Int8, -128, 127), (Uint8, 0, 255), (Int32, i32::MIN.into(), i32::MAX.into())] {
                assert!(fits(int(min), kind) && fits(int(max), kind));
                assert!(!fits(int(min - 1), kind) && !fits(int(max + 1), kind));
            }
            assert!(fits(int(i64::MIN), Int64) && fits(int(i64::MAX), Int64));
            assert!(fits(Value::from_u64(u64::MAX), Uint64) && !fits(Value::from_u64(u64::MAX), Int64));
            let too_large = Value::shift(&int(1), Operator::Shl, 64);
            assert!(!fits(too_large.clone(), Uint64) && fits(too_large, UntypedInt));
            assert!(fits(Value::from_f64(3.0), Int8) && !fits(Value::from_f64(3.5), Int8));
            assert!(!fits(Value::from_bytes(b"3"), Int8) && fits(Value::Unknown, Int8));
        });
    }

    #[test]
    fn floats_are_rounded() {
        check(|c| {
            let tenth = Value::from_literal("0.1", LitKind::Float);
            let rounded = c.representable_const(&tenth, BasicKind::Float32).unwrap();
            assert_eq!(rounded.to_f64(), 0.1f32 as f64);
            let huge = Value::from_literal("1e39", LitKind::Float);
            assert!(c.representable_const(&huge, BasicKind::Float32).is_none());
            assert!(c.representable_const(&huge, BasicKind::Float64).is_some());
            let complex = Value::binary_op(&tenth, Operator::Add, &tenth.make_imag(), false);
            let rounded = c.representable_const(&complex, BasicKind::Complex64).unwrap();
            assert_eq!(rounded.imag().to_f64(), 0.1f32 as f64);
            assert!(c.representable_const(&complex, BasicKind::Float64).is_none());
        });
    }
}
