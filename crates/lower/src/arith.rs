//! Arithmetic and logic.
//!
//! Integers narrower than 32 bits are kept in an i32 as their type has them, sign- or zero-extended; an operation that
//! may leave that range is followed by [`normalise`](FuncLowerer::normalise).
//!
//! Chains of operators lean left without bound (generated code holds thousands), so they are taken in a loop; those of
//! string additions become one call.

use crate::func::FuncLowerer;
use crate::value::{Parts, Val};
use abi::{CanonId, CanonType, Types};
use ir::{Opcode, Ty, Value};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, Operator};
use types::BasicKind;

/// An integer type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Int {
    pub bits: u32,
    pub signed: bool,
}

impl Int {
    pub fn of(kind: BasicKind) -> Option<Int> {
        use BasicKind::*;
        let (bits, signed) = match kind {
            Int | Int64 | UntypedInt => (64, true),
            Int8 => (8, true),
            Int16 => (16, true),
            Int32 | UntypedRune => (32, true),
            Uint | Uint64 | Uintptr => (64, false),
            Uint8 => (8, false),
            Uint16 => (16, false),
            Uint32 => (32, false),
            _ => return None,
        };
        Some(self::Int { bits, signed })
    }

    /// What its values are kept in.
    pub fn ty(self) -> Ty {
        if self.bits == 64 { Ty::I64 } else { Ty::I32 }
    }
}

/// A node of a chain: operator, position, right operand and the type it is wanted as.
struct Link<'a> {
    op: Operator,
    node: &'a ast::Expr<'a>,
    y: &'a ast::Expr<'a>,
    y_ty: CanonId,
}

/// Expressions.
impl<'a> FuncLowerer<'_, 'a> {
    /// An arithmetic operator that is no comparison, and not `&&` or `||`.
    pub(crate) fn binary(&mut self, e: &'a ast::Expr<'a>) -> Val {
        let ty = self.type_of(e);
        let is_string = self.basic_kind(ty).is_some_and(BasicKind::is_string);
        let mut chain: Vec<Link<'a>> = Vec::new();
        let mut left = e;
        while let ExprKind::Binary { op, x, y } = left.kind
            && !op.is_comparison()
            && !matches!(op, Operator::AndAnd | Operator::OrOr)
            && self.constant_value(left).is_none()
        {
            let y_ty = if op.is_shift() { self.count_type(y) } else { ty };
            chain.push(Link { op, node: left, y, y_ty });
            left = x;
        }
        chain.reverse();

        let mut operands: Vec<(&'a ast::Expr<'a>, CanonId)> = Vec::with_capacity(chain.len() + 1);
        operands.push((left, ty));
        operands.extend(chain.iter().map(|link| (link.y, link.y_ty)));
        if is_string {
            return self.concat_exprs(e, &operands);
        }
        // Divisions may panic, but not before what is early in all operands.
        if chain.iter().any(|link| self.has_early(link.y)) {
            let values = self.operands(&operands);
            let mut values = values.into_iter();
            let first = values.next().expect("lower: binary: a left operand");
            return chain.iter().zip(values).fold(first, |x, (link, y)| {
                self.at(link.node.pos);
                self.arith(link.op, ty, &x, &y, link.y_ty)
            });
        }
        let first = self.expr_as(left, ty);
        chain.iter().fold(first, |x, link| {
            let y = self.expr_as(link.y, link.y_ty);
            self.at(link.node.pos);
            self.arith(link.op, ty, &x, &y, link.y_ty)
        })
    }

    /// The sum of strings; neighbouring constants become one.
    fn concat_exprs(&mut self, e: &'a ast::Expr<'a>, operands: &[(&'a ast::Expr<'a>, CanonId)]) -> Val {
        let variables = operands.iter().copied().filter(|&(e, _)| self.constant_value(e).is_none());
        let variables: Vec<(&'a ast::Expr<'a>, CanonId)> = variables.collect();
        // The sum is a new string for sure only if one of the constants is not empty.
        let is_new = operands.iter().any(|&(e, _)| self.constant_value(e).is_some_and(|value| value.string_len() > 0));
        let has_effects = variables.iter().any(|&(e, _)| self.has_effects(e));
        let values: SmallVec<[Val; 4]> = match is_new && !has_effects {
            true => variables.iter().map(|&(e, ty)| self.borrowed(e, ty)).collect(),
            false => self.operands(&variables),
        };
        let mut values = values.into_iter();
        self.at(e.pos);
        let mut strings: Vec<Val> = Vec::with_capacity(operands.len());
        let mut constant: Vec<u8> = Vec::new();
        for &(e, _) in operands {
            if let Some(value) = self.constant_value(e) {
                constant.extend_from_slice(&value.as_bytes());
                continue;
            }
            if !constant.is_empty() {
                strings.push(self.string_constant(&std::mem::take(&mut constant).into()));
            }
            strings.extend(values.next());
        }
        if !constant.is_empty() {
            strings.push(self.string_constant(&constant.into()));
        }
        self.concat_strings(&strings)
    }

    fn concat_strings(&mut self, strings: &[Val]) -> Val {
        let args: Parts = strings.iter().flat_map(|string| string.parts().iter().copied()).collect();
        let name = match strings.len() {
            0 | 1 => return Val::Parts(args),
            2 => "concatstring2",
            3 => "concatstring3",
            4 => "concatstring4",
            5 => "concatstring5",
            count => {
                let string = Types::basic(BasicKind::String);
                let array = self.cx.types.array_of(count as u64, string);
                let list = self.temporary(array);
                let stride = self.cx.size_of(string);
                for (index, val) in strings.iter().enumerate() {
                    self.store(string, list, index as u32 * stride, val);
                }
                let count = self.const_i64(count as i64);
                return Val::Parts(self.call_runtime("concatstrings", &[list, count, count]));
            }
        };
        Val::Parts(self.call_runtime(name, &args))
    }
}

/// Operations on values.
impl FuncLowerer<'_, '_> {
    /// Arithmetic, logic, shifts on values of one type (the count of a shift has its own).
    pub fn arith(&mut self, op: Operator, ty: CanonId, x: &Val, y: &Val, y_ty: CanonId) -> Val {
        let Some(kind) = self.basic_kind(ty) else { unreachable!("lower: arith: operands of a basic type") };
        if kind.is_string() {
            return self.concat_strings(&[x.clone(), y.clone()]);
        }
        if kind.is_complex() {
            return self.complex_arith(op, kind, x, y);
        }
        let (x, y) = (x.single(), y.single());
        Val::one(match Int::of(kind) {
            Some(int) if op.is_shift() => self.shift(op, int, ty, x, y, y_ty),
            Some(int) => self.int_arith(op, int, ty, x, y),
            None => self.op2(float_opcode(op), x, y),
        })
    }

    /// `+x -x ^x !x`
    pub fn unary(&mut self, op: Operator, ty: CanonId, x: &Val) -> Val {
        match op {
            Operator::Add => x.clone(),
            Operator::Not => {
                let x = x.single();
                Val::one(self.emit(Opcode::Eqz, &[x], 0, Ty::I32))
            }
            Operator::Sub => {
                let kind = self.basic_kind(ty).expect("lower: unary: an operand of a basic type");
                if Int::of(kind).is_none() {
                    let parts = x.parts().iter();
                    return Val::Parts(parts.map(|&part| self.float_op1(Opcode::FNeg, part)).collect());
                }
                let x = x.single();
                let negated = self.negate(x);
                Val::one(self.normalise(ty, negated))
            }
            Operator::Xor => {
                let int = self.int_type(ty).expect("lower: unary: an integer");
                // spec: "bitwise complement is m ^ x with m = "all bits set to 1" for unsigned x and m = -1 for signed x"
                let mask = match int {
                    Int { bits, signed: false } if bits < 32 => (1 << bits) - 1,
                    _ => -1,
                };
                let mask = self.int_const(int.ty(), mask);
                Val::one(self.op2(Opcode::Xor, x.single(), mask))
            }
            _ => unreachable!("lower: unary: {op}"),
        }
    }

    /// Narrow integers as their type has them after arithmetic.
    pub fn normalise(&mut self, ty: CanonId, value: Value) -> Value {
        match self.int_type(ty) {
            Some(int) => self.normalise_int(int, value),
            None => value,
        }
    }

    pub(crate) fn normalise_int(&mut self, int: Int, value: Value) -> Value {
        match (int.bits, int.signed) {
            (8, true) => self.emit(Opcode::Extend8, &[value], 0, Ty::I32),
            (16, true) => self.emit(Opcode::Extend16, &[value], 0, Ty::I32),
            (8 | 16, false) => {
                let mask = self.const_i32((1 << int.bits) - 1);
                self.op2(Opcode::And, value, mask)
            }
            _ => value,
        }
    }

    /// An integer of any type as i64, extended as its type says.
    pub fn as_i64(&mut self, ty: CanonId, value: Value) -> Value {
        let int = self.int_type(ty).expect("lower: as_i64: an integer");
        match (int.ty(), int.signed) {
            (Ty::I64, _) => value,
            (_, true) => self.emit(Opcode::ExtendS, &[value], 0, Ty::I64),
            (_, false) => self.emit(Opcode::ExtendU, &[value], 0, Ty::I64),
        }
    }

    pub fn basic_kind(&mut self, ty: CanonId) -> Option<BasicKind> {
        match self.shape(ty) {
            CanonType::Basic(kind) => Some(kind),
            _ => None,
        }
    }

    pub fn int_type(&mut self, ty: CanonId) -> Option<Int> {
        self.basic_kind(ty).and_then(Int::of)
    }

    pub(crate) fn int_const(&mut self, ty: Ty, value: i64) -> Value {
        self.emit(Opcode::Const, &[], value as u64, ty)
    }

    pub(crate) fn choose(&mut self, cond: Value, then: Value, els: Value) -> Value {
        let ty = self.builder.func.ty(then);
        self.emit(Opcode::Select, &[cond, then, els], 0, ty)
    }

    fn negate(&mut self, x: Value) -> Value {
        let zero = self.int_const(self.builder.func.ty(x), 0);
        self.op2(Opcode::Sub, zero, x)
    }

    fn int_arith(&mut self, op: Operator, int: Int, ty: CanonId, x: Value, y: Value) -> Value {
        let opcode = match op {
            Operator::Add => Opcode::Add,
            Operator::Sub => Opcode::Sub,
            Operator::Mul => Opcode::Mul,
            Operator::Div | Operator::Rem => return self.divide(op, int, ty, x, y),
            // On normalised operands these give normalised results.
            Operator::And => return self.op2(Opcode::And, x, y),
            Operator::Or => return self.op2(Opcode::Or, x, y),
            Operator::Xor => return self.op2(Opcode::Xor, x, y),
            Operator::AndNot => {
                let ones = self.int_const(int.ty(), -1);
                let mask = self.op2(Opcode::Xor, y, ones);
                return self.op2(Opcode::And, x, mask);
            }
            _ => unreachable!("lower: int_arith: {op}"),
        };
        let result = self.op2(opcode, x, y);
        self.normalise_int(int, result)
    }

    /// spec: "If the divisor is zero at run time, a run-time panic occurs"; "if the dividend x is the most negative value
    /// for the int type of x, the quotient q = x / -1 is equal to x (and r = 0) due to two's-complement integer overflow".
    fn divide(&mut self, op: Operator, int: Int, ty: CanonId, x: Value, y: Value) -> Value {
        let divisor = self.const_of(y);
        if divisor.is_none_or(|divisor| divisor == 0) {
            self.emit_effect(Opcode::DivCheck, &[y], 0);
        }
        let opcode = match (op, int.signed) {
            (Operator::Div, true) => Opcode::DivS,
            (Operator::Div, false) => Opcode::DivU,
            (_, true) => Opcode::RemS,
            (_, false) => Opcode::RemU,
        };
        // Only this quotient overflows, and not if the type is narrower than what it is computed in.
        let overflows = opcode == Opcode::DivS && int.bits >= 32;
        match divisor {
            Some(-1) if int.signed => match op {
                Operator::Div => {
                    let negated = self.negate(x);
                    self.normalise(ty, negated)
                }
                _ => self.int_const(int.ty(), 0),
            },
            None if overflows => {
                let minus_one = self.int_const(int.ty(), -1);
                let one = self.int_const(int.ty(), 1);
                let is_minus_one = self.op2(Opcode::Eq, y, minus_one);
                let divisor = self.choose(is_minus_one, one, y);
                let quotient = self.op2(Opcode::DivS, x, divisor);
                let negated = self.negate(x);
                self.choose(is_minus_one, negated, quotient)
            }
            _ => {
                let result = self.op2(opcode, x, y);
                if opcode == Opcode::DivS { self.normalise_int(int, result) } else { result }
            }
        }
    }

    pub(crate) fn float_op1(&mut self, opcode: Opcode, x: Value) -> Value {
        let ty = self.builder.func.ty(x);
        self.emit(opcode, &[x], 0, ty)
    }

    /// Products and quotients of complex64 are computed in twice the precision, as gc does.
    fn complex_arith(&mut self, op: Operator, kind: BasicKind, x: &Val, y: &Val) -> Val {
        let opcode = match op {
            Operator::Add => Opcode::FAdd,
            Operator::Sub => Opcode::FSub,
            _ => {
                let is_narrow = kind == BasicKind::Complex64;
                let (x, y) = (self.widened(is_narrow, x), self.widened(is_narrow, y));
                let result = match op {
                    Operator::Mul => self.complex_mul(x, y),
                    _ => self.call_runtime("complex128div", &[x[0], x[1], y[0], y[1]]),
                };
                if !is_narrow {
                    return Val::Parts(result);
                }
                let narrowed = result.iter().map(|&part| self.emit(Opcode::Demote, &[part], 0, Ty::F32));
                return Val::Parts(narrowed.collect());
            }
        };
        let pairs = x.parts().iter().zip(y.parts());
        Val::Parts(pairs.map(|(&x, &y)| self.op2(opcode, x, y)).collect())
    }

    fn widened(&mut self, is_narrow: bool, x: &Val) -> SmallVec<[Value; 2]> {
        let parts = x.parts().iter();
        parts.map(|&part| if is_narrow { self.emit(Opcode::Promote, &[part], 0, Ty::F64) } else { part }).collect()
    }

    fn complex_mul(&mut self, x: SmallVec<[Value; 2]>, y: SmallVec<[Value; 2]>) -> Parts {
        let product = |this: &mut Self, a, b| this.op2(Opcode::FMul, a, b);
        let (rr, ii) = (product(self, x[0], y[0]), product(self, x[1], y[1]));
        let real = self.op2(Opcode::FSub, rr, ii);
        let (ri, ir) = (product(self, x[0], y[1]), product(self, x[1], y[0]));
        let imag = self.op2(Opcode::FAdd, ri, ir);
        Parts::from_slice(&[real, imag])
    }
}

fn float_opcode(op: Operator) -> Opcode {
    match op {
        Operator::Add => Opcode::FAdd,
        Operator::Sub => Opcode::FSub,
        Operator::Mul => Opcode::FMul,
        Operator::Div => Opcode::FDiv,
        _ => unreachable!("lower: float_opcode: {op}"),
    }
}
