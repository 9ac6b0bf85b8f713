//! Index expressions, and the rules for index values that slices, literals and builtins share.

use crate::checker::Checker;
use crate::code::Code;
use crate::operand::Operand;
use crate::store::{BasicKind, Mode, Type, TypeId};
use crate::universe::typ;
use syntax::ast::{self, ExprKind};

/// What indexing a value of some type gives.
struct Indexed {
    elem: TypeId,
    /// For maps.
    key: Option<TypeId>,
    /// Valid indices are below it; negative if that is not known.
    len: i64,
    mode: Mode,
}

impl<'a> Checker<'a> {
    /// `x[index]`, or the instantiation of a type. Reports whether it is the instantiation of a function, which the
    /// caller has to do: then `x` is the generic function.
    pub fn index_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) -> bool {
        let ExprKind::Index { x: indexed, index } = e.kind else {
            unreachable!("types: index_expr: not an index expression")
        };
        self.expr_or_type(x, indexed, true);
        match x.mode {
            Mode::Invalid => {
                self.use_exprs(&[index]);
                return false;
            }
            Mode::TypeExpr => {
                x.mode = Mode::Invalid;
                x.ty = self.var_type(e);
                if self.is_valid(x.ty) {
                    x.mode = Mode::TypeExpr;
                }
                return false;
            }
            Mode::Value => {
                if let Type::Signature(sig) = self.under_type(x.ty)
                    && !self.signatures[sig].tparams.is_empty()
                {
                    return true;
                }
            }
            _ => {}
        }
        self.non_generic(None, x);
        if !x.is_valid() {
            return false;
        }

        let under = self.under(x.ty);
        let found = if self.is_type_param(x.ty) { self.index_type_param(x) } else { self.index_type(x, under) };
        let Some(found) = found else {
            let message = format!("cannot index {}", self.operand_string(x));
            self.error(e.pos, Code::NonSliceableOperand, message);
            self.use_exprs(&[index]);
            x.mode = Mode::Invalid;
            return false;
        };
        let index = self.single_index(index);
        x.mode = found.mode;
        x.ty = found.elem;
        match found.key {
            Some(key_type) => {
                // Whatever becomes of the key, the element's type is known.
                let mut key = Operand::new();
                self.expr(None, &mut key, index);
                self.assignment(&mut key, Some(key_type), "map index");
                x.expr = Some(e);
            }
            None => {
                self.index(index, found.len);
            }
        }
        false
    }

    /// Checks an index; `max >= 0` is its limit. Its type, `typ::INVALID` after an error, and its value if it is
    /// constant, else a negative number.
    pub fn index(&mut self, e: &'a ast::Expr<'a>, max: i64) -> (TypeId, i64) {
        let mut x = Operand::new();
        self.expr(None, &mut x, e);
        if !self.is_valid_index(&mut x, Code::InvalidIndex, "index", false) {
            return (typ::INVALID, -1);
        }
        if x.mode != Mode::Constant {
            return (x.ty, -1);
        }
        let Some(value) = x.value().as_i64() else {
            return (typ::INVALID, -1); // unknown
        };
        if max >= 0 && value >= max {
            let message = format!("invalid argument: index {} out of bounds [0:{max}]", x.value().short_string());
            self.error(&x, Code::InvalidIndex, message);
            return (typ::INVALID, -1);
        }
        (x.ty, value)
    }

    /// Checks that `x` is an integer as indices and lengths are; `what` names it in messages.
    pub fn is_valid_index(&mut self, x: &mut Operand<'a>, code: Code, what: &str, allow_negative: bool) -> bool {
        if !x.is_valid() {
            return false;
        }
        // spec: "A constant index that is untyped is given type int."
        self.convert_untyped(x, typ::INT);
        if !x.is_valid() {
            return false;
        }
        // spec: "The index x must be an untyped constant or its core type must be an integer."
        let mut problem = None;
        if !self.all_integer(x.ty) {
            problem = Some("must be integer");
        } else if x.mode == Mode::Constant {
            // spec: "A constant index must be non-negative and representable by a value of type int."
            if !allow_negative && x.value().sign() < 0 {
                problem = Some("must not be negative");
            } else {
                match self.representable_const(x.value(), BasicKind::Int) {
                    Some(value) => x.val = Some(value),
                    None => problem = Some("overflows int"),
                }
            }
        }
        let Some(problem) = problem else { return true };
        let operand = self.operand_string(x);
        self.error(&*x, code, format!("invalid argument: {what} {operand} {problem}"));
        false
    }

    /// What indexing `x` gives if it has the underlying type `under`; nothing if that cannot be indexed.
    fn index_type(&mut self, x: &Operand<'a>, under: TypeId) -> Option<Indexed> {
        match self.ty(under) {
            // spec: "If x is a string, a[x] is the non-constant byte value at index x."
            Type::Basic(kind) if kind.is_string() => {
                let len = if x.mode == Mode::Constant { x.value().string_len() as i64 } else { -1 };
                Some(Indexed { elem: typ::BYTE, key: None, len, mode: Mode::Value })
            }
            Type::Array { len, elem } => {
                let mode = if x.mode == Mode::Variable { Mode::Variable } else { Mode::Value };
                Some(Indexed { elem, key: None, len, mode })
            }
            Type::Pointer { elem } => match self.under_type(elem) {
                Type::Array { len, elem } => Some(Indexed { elem, key: None, len, mode: Mode::Variable }),
                _ => None,
            },
            Type::Slice { elem } => Some(Indexed { elem, key: None, len: -1, mode: Mode::Variable }),
            Type::Map { key, elem } => Some(Indexed { elem, key: Some(key), len: -1, mode: Mode::MapIndex }),
            _ => None,
        }
    }

    /// spec: "The element types of all types in P's type set must be identical"; "if there is a map type in the type set
    /// of P, all types in that type set must be map types, and their respective key types must be all identical."
    fn index_type_param(&mut self, x: &Operand<'a>) -> Option<Indexed> {
        let mut all: Option<Indexed> = None;
        for specific in self.type_set_terms(x.ty) {
            let (_, under) = specific?;
            let one = self.index_type(x, under)?;
            let Some(common) = &mut all else {
                all = Some(one);
                continue;
            };
            let same_key = match (common.key, one.key) {
                (Some(a), Some(b)) => self.identical(a, b),
                (a, b) => a.is_none() && b.is_none(),
            };
            if !same_key || !self.identical(common.elem, one.elem) {
                return None;
            }
            if one.len >= 0 && one.len < common.len {
                common.len = one.len;
            }
            // One type whose elements cannot be assigned to is enough.
            if one.mode == Mode::Value {
                common.mode = Mode::Value;
            }
        }
        all
    }

    /// The index of an index expression; complains if there are several.
    fn single_index(&mut self, index: &'a ast::Expr<'a>) -> &'a ast::Expr<'a> {
        match index.kind {
            ExprKind::List(indices) => {
                self.error(indices[1], Code::InvalidIndex, "invalid operation: more than one index");
                indices[0]
            }
            _ => index,
        }
    }
}
