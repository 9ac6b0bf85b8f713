//! Builtins on numbers: complex, imag, max, min, real.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::store::*;
use crate::universe::typ;
use base::Pos;
use smallvec::SmallVec;
use syntax::ast::{self, Operator};
use syntax::expr_string;

impl<'a> Checker<'a> {
    /// `complex(x, y floatT) complexT`
    pub(super) fn builtin_complex(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        y: &mut Operand<'a>,
    ) -> bool {
        match (self.is_untyped(x.ty), self.is_untyped(y.ty)) {
            (false, false) => {}
            (true, false) => self.convert_untyped(x, y.ty),
            (false, true) => self.convert_untyped(y, x.ty),
            (true, true) if x.mode == Mode::Constant && y.mode == Mode::Constant => {
                for part in [&mut *x, &mut *y] {
                    if self.is_numeric(part.ty) && part.value().imag().sign() == 0 {
                        part.ty = typ::UNTYPED_FLOAT;
                    }
                }
            }
            // There is a shift that has no type yet; it cannot become a float.
            (true, true) => {
                self.convert_untyped(x, typ::FLOAT64);
                self.convert_untyped(y, typ::FLOAT64);
            }
        }
        if !x.is_valid() || !y.is_valid() {
            return false;
        }
        if !self.identical(x.ty, y.ty) {
            let (xt, yt) = (self.type_string(x.ty), self.type_string(y.ty));
            let message = format!("invalid operation: {} (mismatched types {xt} and {yt})", expr_string(e));
            self.error(&*x, Code::InvalidComplex, message);
            return false;
        }
        let complex_of = |kind| match kind {
            BasicKind::Float32 => Some(BasicKind::Complex64),
            BasicKind::Float64 => Some(BasicKind::Complex128),
            BasicKind::UntypedFloat => Some(BasicKind::UntypedComplex),
            _ => None,
        };
        let Some(result) = self.apply_type_func(complex_of, x, BuiltinId::Complex) else {
            let ty = self.type_string(x.ty);
            let message = format!("invalid argument: arguments have type {ty}, expected floating-point");
            self.error(&*x, Code::InvalidComplex, message);
            return false;
        };
        if x.mode == Mode::Constant && y.mode == Mode::Constant {
            let (real, imag) = (x.value().to_float(), y.value().to_float().make_imag());
            x.val = Some(Value::binary_op(&real, Operator::Add, &imag, false));
        } else {
            x.mode = Mode::Value;
            self.record_builtin(call, BuiltinId::Complex, Some(result), &[x.ty, x.ty]);
        }
        x.ty = result;
        true
    }

    /// `real(complexT) floatT`, `imag(complexT) floatT`
    pub(super) fn builtin_real(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>, id: BuiltinId) -> bool {
        if self.is_untyped(x.ty) {
            if x.mode != Mode::Constant {
                // There is a shift that has no type yet; it cannot become complex.
                self.convert_untyped(x, typ::COMPLEX128);
                if !x.is_valid() {
                    return false;
                }
            } else if self.is_numeric(x.ty) {
                x.ty = typ::UNTYPED_COMPLEX;
            }
        }
        let part_of = |kind| match kind {
            BasicKind::Complex64 => Some(BasicKind::Float32),
            BasicKind::Complex128 => Some(BasicKind::Float64),
            BasicKind::UntypedComplex => Some(BasicKind::UntypedFloat),
            _ => None,
        };
        let Some(result) = self.apply_type_func(part_of, x, id) else {
            let ty = self.type_string(x.ty);
            let message = format!("invalid argument: argument has type {ty}, expected complex type");
            self.error(&*x, complex_builtin_code(id), message);
            return false;
        };
        if x.mode == Mode::Constant {
            x.val = Some(if id == BuiltinId::Real { x.value().real() } else { x.value().imag() });
        } else {
            x.mode = Mode::Value;
            self.record_builtin(call, id, Some(result), &[x.ty]);
        }
        x.ty = result;
        true
    }

    /// `min(x, ...)`, `max(x, ...)`
    pub(super) fn builtin_min(
        &mut self,
        x: &mut Operand<'a>,
        call: &'a ast::CallExpr<'a>,
        id: BuiltinId,
        args: &mut [Operand<'a>],
    ) -> bool {
        let (name, context, op) = match id {
            BuiltinId::Max => ("built-in max", "argument to built-in max", Operator::Gtr),
            _ => ("built-in min", "argument to built-in min", Operator::Lss),
        };
        self.builtin_version(call, 21, name);
        for (at, arg) in args.iter_mut().enumerate() {
            if !self.all_ordered(arg.ty) {
                let message = format!("invalid argument: {} cannot be ordered", self.operand_string(arg));
                self.error(&*arg, Code::InvalidMinMaxOperand, message);
                return false;
            }
            if at == 0 {
                continue;
            }
            self.match_binary_operands(x, arg);
            if !x.is_valid() {
                return false;
            }
            if !self.identical(x.ty, arg.ty) {
                let (previous, this) = (self.type_string(x.ty), self.type_string(arg.ty));
                let message = format!(
                    "invalid argument: mismatched types {previous} (previous argument) and {this} (type of {})",
                    expr_string(arg.expr())
                );
                self.error(&*arg, Code::MismatchedTypes, message);
                return false;
            }
            if x.mode != Mode::Constant || arg.mode != Mode::Constant {
                x.mode = Mode::Value;
            } else if Value::compare(arg.value(), op, x.value()) {
                *x = arg.clone();
            }
        }
        if x.mode != Mode::Constant {
            x.mode = Mode::Value;
            // A value must not stay untyped.
            self.assignment(x, Some(typ::EMPTY_INTERFACE), context);
            if !x.is_valid() {
                return false;
            }
        }
        for arg in &*args {
            self.update_expr_type(arg.expr(), x.ty, true);
        }
        if x.mode != Mode::Constant {
            let params: SmallVec<[TypeId; 4]> = args.iter().map(|_| x.ty).collect();
            self.record_builtin(call, id, Some(x.ty), &params);
        }
        true
    }

    /// `func` of the operand's type. For a type parameter that would be another one, whose constraint holds `func` of
    /// each type in the type set; such operands are refused, but with a result to go on with.
    fn apply_type_func(
        &mut self,
        func: impl Fn(BasicKind) -> Option<BasicKind>,
        x: &Operand<'a>,
        id: BuiltinId,
    ) -> Option<TypeId> {
        let apply = |c: &mut Self, ty| match c.under_type(ty) {
            Type::Basic(kind) => func(kind).map(typ::basic),
            _ => None,
        };
        let Some(tparam) = self.as_type_param(x.ty) else { return apply(self, x.ty) };
        let iface = self.type_param_iface(tparam);
        let tset = self.type_set(iface);
        if !self.type_set_has_terms(tset) {
            return None;
        }
        let terms: SmallVec<[Term; 4]> = SmallVec::from_slice(self.terms(self.type_sets[tset].terms));
        let mut results: SmallVec<[Term; 4]> = SmallVec::new();
        for term in terms {
            results.push(Term { tilde: term.tilde, ty: Some(apply(self, term.ty?)?) });
        }

        let operand = self.operand_string(x);
        let message = format!(
            "{operand} not supported as argument to built-in {} for go1.18 (see go.dev/issue/50937)",
            id.info().name
        );
        self.soft_error(x, complex_builtin_code(id), message);

        let TypeParamData { obj, index, .. } = self.type_params[tparam];
        let name = self.obj(obj).name;
        let terms = self.term_list(&results);
        let union = self.unions.push(UnionData { terms, tset: None });
        let union = self.new_type(Type::Union(union));
        let bound = self.new_interface();
        let embeddeds = self.type_list(&[union]);
        (self.interfaces[bound].embeddeds, self.interfaces[bound].complete) = (embeddeds, true);
        let bound = self.new_type(Type::Interface(bound));
        let pkg = Some(self.env.pkg);
        let obj = self.new_object(ObjKind::TypeName, Pos::NONE, pkg, name, None);
        let result = self.new_type_param(obj, Some(bound));
        if let Type::TypeParam(id) = self.ty(result) {
            self.type_params[id].index = index;
        }
        Some(result)
    }
}

fn complex_builtin_code(id: BuiltinId) -> Code {
    match id {
        BuiltinId::Real => Code::InvalidReal,
        BuiltinId::Imag => Code::InvalidImag,
        _ => Code::InvalidComplex,
    }
}
