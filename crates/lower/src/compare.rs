//! Comparisons.
//!
//! Equality of values with several parts is a list of *steps*: comparisons of two scalars, which cost nothing and are
//! joined by `and`, and calls, each of which is made only if everything before it was equal. Steps may change places as
//! long as no comparison that may panic (of interfaces that hold what cannot be compared) moves:
//!
//! ```text
//! struct{ s string; n int; e any; f float64 }
//!   len(s) == len(s'), n == n'      memequal(s, s')        type words equal        efaceeq(e, e')       f == f'
//! ```

use crate::arith::Int;
use crate::func::FuncLowerer;
use crate::value::Val;
use abi::canon::InterfaceMethods;
use abi::equality::Equality;
use abi::{CanonId, CanonType};
use ir::{Opcode, Ty, Value};
use syntax::ast::{self, Operator};
use types::{BasicKind, Mode};

/// A part of a test for equality.
enum Step {
    /// Two scalars; the opcode says how.
    Scalars(Opcode, Value, Value),
    /// Two strings of this length.
    Bytes { x: Value, y: Value, len: Value },
    /// The data words of two interface values whose type words are the same.
    Data { is_empty_interface: bool, type_word: Value, x: Value, y: Value },
}

/// Memory that is compared in registers.
const MAX_INLINE_BYTES: u64 = 32;

/// Expressions.
impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn comparison(
        &mut self,
        e: &'a ast::Expr<'a>,
        op: Operator,
        x: &'a ast::Expr<'a>,
        y: &'a ast::Expr<'a>,
    ) -> Val {
        for (nil, other) in [(x, y), (y, x)] {
            if self.recorded(nil).mode == Mode::NilValue {
                let val = self.expr(other);
                self.at(e.pos);
                let null = self.null();
                let opcode = if op == Operator::Eql { Opcode::Eq } else { Opcode::Ne };
                return Val::one(self.op2(opcode, val.parts()[0], null));
            }
        }
        let (x_ty, y_ty) = (self.type_of(x), self.type_of(y));
        let (x_iface, y_iface) = (self.is_interface(x_ty), self.is_interface(y_ty));
        if x_iface != y_iface {
            let values = self.operands(&[(x, x_ty), (y, y_ty)]);
            self.at(e.pos);
            let (iface, concrete) = if x_iface { (0, 1) } else { (1, 0) };
            let types = [x_ty, y_ty];
            let equal = self.equal_mixed(types[iface], &values[iface], types[concrete], &values[concrete]);
            return Val::one(self.with_sense(op, equal));
        }
        // spec: "In any comparison, the first operand must be assignable to the type of the second operand, or vice
        // versa."
        let ty = if x_ty == y_ty {
            x_ty
        } else if x_iface {
            match self.cx.types.implements(&mut self.cx.checker, y_ty, x_ty) {
                Some(_) => x_ty,
                None => y_ty,
            }
        } else if self.constant_value(x).is_some() {
            y_ty
        } else {
            x_ty
        };
        let [x, y] = self.compared_operands(x, y, ty);
        self.at(e.pos);
        Val::one(self.compare(op, ty, &x, &y))
    }

    /// An interface value and one of another type: the dynamic type is that type, and the values are equal.
    pub(crate) fn equal_mixed(&mut self, iface_ty: CanonId, iface: &Val, ty: CanonId, concrete: &Val) -> Value {
        let result = self.variable(Ty::I32);
        let (same_type, join) = (self.new_block(), self.new_block());
        let dynamic = self.dynamic_type(iface_ty, iface);
        let descriptor = self.cx.descriptor(ty);
        let wanted = self.data_addr(descriptor, 0);
        let is_same = self.op2(Opcode::Eq, dynamic, wanted);
        self.write(result, is_same);
        self.branch(is_same, same_type, join);
        self.start(same_type);
        let held = self.from_data_word(iface.parts()[1], ty);
        let equal = self.equal(ty, &held, concrete);
        self.write(result, equal);
        self.jump(join);
        self.start(join);
        self.read(result)
    }
}

/// Comparing values.
impl FuncLowerer<'_, '_> {
    pub fn is_interface(&mut self, ty: CanonId) -> bool {
        matches!(self.shape(ty), CanonType::Interface(_))
    }

    /// `==` and the ordered comparisons; an i32 of 0 or 1.
    pub fn compare(&mut self, op: Operator, ty: CanonId, x: &Val, y: &Val) -> Value {
        if let (Operator::Eql | Operator::Neq, Val::Parts(parts)) = (op, x)
            && let [x] = parts[..]
            && !self.basic_kind(ty).is_some_and(BasicKind::is_float)
        {
            let is_scalar = !matches!(self.shape(ty), CanonType::Struct(_) | CanonType::Array { .. });
            if is_scalar {
                return self.op2(if op == Operator::Eql { Opcode::Eq } else { Opcode::Ne }, x, y.single());
            }
        }
        match op {
            Operator::Eql | Operator::Neq => {
                let equal = self.equal(ty, x, y);
                self.with_sense(op, equal)
            }
            // x > y is y < x, for NaN as well.
            Operator::Gtr => self.ordered(true, ty, y, x),
            Operator::Geq => self.ordered(false, ty, y, x),
            Operator::Lss => self.ordered(true, ty, x, y),
            Operator::Leq => self.ordered(false, ty, x, y),
            _ => unreachable!("lower: compare: {op}"),
        }
    }

    fn with_sense(&mut self, op: Operator, equal: Value) -> Value {
        if op == Operator::Eql { equal } else { self.emit(Opcode::Eqz, &[equal], 0, Ty::I32) }
    }

    fn ordered(&mut self, is_strict: bool, ty: CanonId, x: &Val, y: &Val) -> Value {
        let kind = self.basic_kind(ty).expect("lower: ordered: a basic type");
        let (opcode, x, y) = match Int::of(kind) {
            Some(Int { signed: true, .. }) if is_strict => (Opcode::LtS, x.single(), y.single()),
            Some(Int { signed: true, .. }) => (Opcode::LeS, x.single(), y.single()),
            Some(_) if is_strict => (Opcode::LtU, x.single(), y.single()),
            Some(_) => (Opcode::LeU, x.single(), y.single()),
            None if kind.is_string() => {
                let args = [x.parts(), y.parts()].concat();
                let order = self.call_runtime("cmpstring", &args)[0];
                let zero = self.const_i64(0);
                (if is_strict { Opcode::LtS } else { Opcode::LeS }, order, zero)
            }
            None if is_strict => (Opcode::FLt, x.single(), y.single()),
            None => (Opcode::FLe, x.single(), y.single()),
        };
        self.op2(opcode, x, y)
    }

    /// Whether two values of one type are equal.
    pub fn equal(&mut self, ty: CanonId, x: &Val, y: &Val) -> Value {
        if let (&Val::InMemory(x), &Val::InMemory(y)) = (x, y) {
            return self.equal_in_memory(ty, x, y);
        }
        let mut groups = vec![Vec::new()];
        self.collect_steps(ty, x, y, &mut groups);
        self.all_equal(groups)
    }

    /// The steps of each group may change places.
    fn collect_steps(&mut self, ty: CanonId, x: &Val, y: &Val, groups: &mut Vec<Vec<Step>>) {
        let (xs, ys) = (x.parts(), y.parts());
        if xs.is_empty() {
            return;
        }
        let group = groups.last_mut().expect("lower: collect_steps: there is a group");
        match self.shape(ty) {
            CanonType::Basic(kind) if kind.is_string() => {
                group.push(Step::Scalars(Opcode::Eq, xs[1], ys[1]));
                if self.const_of(xs[1]) != Some(0) && self.const_of(ys[1]) != Some(0) {
                    // That one of them which is constant tells how much to compare.
                    let len = if self.const_of(ys[1]).is_some() { ys[1] } else { xs[1] };
                    group.push(Step::Bytes { x: xs[0], y: ys[0], len });
                }
            }
            CanonType::Basic(kind) if kind.is_float() || kind.is_complex() => {
                group.extend(xs.iter().zip(ys).map(|(&x, &y)| Step::Scalars(Opcode::FEq, x, y)));
            }
            CanonType::Interface(methods) => {
                let type_words = Step::Scalars(Opcode::Eq, xs[0], ys[0]);
                if self.const_of(xs[0]) == Some(0) || self.const_of(ys[0]) == Some(0) {
                    group.push(type_words);
                    return;
                }
                let is_empty_interface = methods == InterfaceMethods::EMPTY;
                let data = Step::Data { is_empty_interface, type_word: xs[0], x: xs[1], y: ys[1] };
                groups.push(vec![type_words, data]);
                groups.push(Vec::new());
            }
            CanonType::Struct(fields) => {
                for index in 0..self.cx.types.fields(fields).len() {
                    // spec: "Two struct values are equal if their corresponding non-blank field values are equal."
                    let field = self.cx.types.fields(fields)[index];
                    if !field.name.is_blank() {
                        let (x, y) = (self.component(ty, x, index), self.component(ty, y, index));
                        self.collect_steps(field.ty, &x, &y, groups);
                    }
                }
            }
            CanonType::Array { elem, .. } => {
                let (x, y) = (self.component(ty, x, 0), self.component(ty, y, 0));
                self.collect_steps(elem, &x, &y, groups);
            }
            // Slices, maps and functions are compared with nil only.
            _ => group.push(Step::Scalars(Opcode::Eq, xs[0], ys[0])),
        }
    }

    fn all_equal(&mut self, groups: Vec<Vec<Step>>) -> Value {
        let mut steps: Vec<Step> = Vec::new();
        for group in groups {
            let (scalars, calls): (Vec<Step>, Vec<Step>) =
                group.into_iter().partition(|step| matches!(step, Step::Scalars(..)));
            steps.extend(scalars);
            steps.extend(calls);
        }
        if steps.iter().all(|step| matches!(step, Step::Scalars(..))) {
            let mut all = None;
            for step in steps {
                self.take_step(step, &mut all);
            }
            return all.unwrap_or_else(|| self.const_i32(1));
        }
        let result = self.variable(Ty::I32);
        let join = self.new_block();
        let mut all: Option<Value> = None;
        for step in steps {
            if !matches!(step, Step::Scalars(..))
                && let Some(so_far) = all.take()
            {
                let next = self.new_block();
                self.write(result, so_far);
                self.branch(so_far, next, join);
                self.start(next);
            }
            self.take_step(step, &mut all);
        }
        let all = all.expect("lower: all_equal: there is a step");
        self.write(result, all);
        self.jump(join);
        self.start(join);
        self.read(result)
    }

    fn take_step(&mut self, step: Step, all: &mut Option<Value>) {
        let equal = match step {
            Step::Scalars(opcode, x, y) => self.op2(opcode, x, y),
            Step::Bytes { x, y, len } => self.call_runtime("memequal", &[x, y, len])[0],
            Step::Data { is_empty_interface, type_word, x, y } => {
                let name = if is_empty_interface { "efaceeq" } else { "ifaceeq" };
                self.call_runtime(name, &[type_word, x, y])[0]
            }
        };
        *all = Some(match *all {
            None => equal,
            Some(so_far) => self.op2(Opcode::And, so_far, equal),
        });
    }

    fn equal_in_memory(&mut self, ty: CanonId, x: Value, y: Value) -> Value {
        let plan = self.cx.types.equal(&mut self.cx.checker, ty).expect("lower: equal_in_memory: a comparable type");
        match *self.cx.types.equality(plan) {
            Equality::Memory(size) if size <= MAX_INLINE_BYTES => self.equal_bytes(x, y, size as u32),
            Equality::Memory(size) => {
                let size = self.const_i64(size as i64);
                self.call_runtime("memequal", &[x, y, size])[0]
            }
            _ => {
                let func = self.func_equal(ty);
                let has_context = self.cx.program.funcs[func].has_context;
                let context = has_context.then(|| self.null());
                let args: Vec<Value> = context.into_iter().chain([x, y]).collect();
                self.call(func, &args)[0]
            }
        }
    }

    fn equal_bytes(&mut self, x: Value, y: Value, size: u32) -> Value {
        let mut all = None;
        let mut at = 0;
        while at < size {
            let (opcode, width, ty) = match size - at {
                8.. => (Opcode::Load, 8, Ty::I64),
                4.. => (Opcode::Load, 4, Ty::I32),
                2.. => (Opcode::Load16U, 2, Ty::I32),
                _ => (Opcode::Load8U, 1, Ty::I32),
            };
            let (a, b) = (self.emit(opcode, &[x], at.into(), ty), self.emit(opcode, &[y], at.into(), ty));
            self.take_step(Step::Scalars(Opcode::Eq, a, b), &mut all);
            at += width;
        }
        all.unwrap_or_else(|| self.const_i32(1))
    }
}
