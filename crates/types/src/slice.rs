//! Slice expressions.

use crate::checker::Checker;
use crate::code::Code;
use crate::operand::Operand;
use crate::store::{Mode, Type, TypeId};
use crate::universe::typ;
use syntax::ast::{self, ExprKind};

impl<'a> Checker<'a> {
    /// `x[i:j]`, `x[i:j:k]`
    pub fn slice_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) {
        let ExprKind::Slice { x: sliced, index, full } = e.kind else {
            unreachable!("types: slice_expr: not a slice expression")
        };
        self.expr(None, x, sliced);
        if !x.is_valid() {
            for index in index.into_iter().flatten() {
                self.use_exprs(&[index]);
            }
            return;
        }
        let len = self.sliced_type(x).and_then(|under| self.slice_type(x, e, under));
        let Some(len) = len else {
            x.mode = Mode::Invalid;
            return;
        };
        x.mode = Mode::Value;
        // spec: "Only the first index may be omitted; it defaults to 0."
        if full && (index[1].is_none() || index[2].is_none()) {
            self.error(e, Code::InvalidSyntaxTree, "2nd and 3rd index required in 3-index slice");
            x.mode = Mode::Invalid;
            return;
        }
        self.slice_indices(index, len);
    }

    /// The underlying type that all types of `x`'s type set share, strings counting as byte slices.
    fn sliced_type(&mut self, x: &Operand<'a>) -> Option<TypeId> {
        if !self.is_type_param(x.ty) {
            return Some(self.under(x.ty)); // an untyped string stays untyped
        }
        let mut common: Option<(TypeId, TypeId)> = None;
        let mut has_string = false;
        for specific in self.type_set_terms(x.ty) {
            let Some((ty, mut under)) = specific else {
                let (operand, param) = (self.operand_string(x), self.type_string(x.ty));
                let message = format!("cannot slice {operand}: no specific type in {param}");
                self.error(x, Code::NonSliceableOperand, message);
                return None;
            };
            if self.is_string(under) {
                under = self.new_slice(typ::BYTE);
                has_string = true;
            }
            let Some((first, first_under)) = common else {
                common = Some((ty, under));
                continue;
            };
            if !self.identical(first_under, under) {
                let operand = self.operand_string(x);
                let (first, ty) = (self.type_string(first), self.type_string(ty));
                let message = format!("cannot slice {operand}: {first} and {ty} have different underlying types");
                self.error(x, Code::NonSliceableOperand, message);
                // Whatever the others are, one string among them makes slicing the whole a string's.
                return has_string.then_some(typ::STRING);
            }
        }
        if has_string { Some(typ::STRING) } else { common.map(|(_, under)| under) }
    }

    /// Gives `x` the type that slicing it has. Returns the limit of the indices, negative if it is not known; nothing
    /// after an error.
    fn slice_type(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, under: TypeId) -> Option<i64> {
        match self.ty(under) {
            Type::Basic(kind) if kind.is_string() => {
                if let ExprKind::Slice { index, full: true, .. } = e.kind {
                    let at = index[2].unwrap_or(e);
                    self.error(at, Code::InvalidSliceExpr, "invalid operation: 3-index slice of string");
                    return None;
                }
                let len = if x.mode == Mode::Constant { x.value().string_len() as i64 } else { -1 };
                // spec: "For untyped string operands the result is a non-constant value of type string."
                if self.is_untyped(x.ty) {
                    x.ty = typ::STRING;
                }
                Some(len)
            }
            // spec: "If the sliced operand is an array, it must be addressable."
            Type::Array { .. } if x.mode != Mode::Variable => {
                let message = format!("cannot slice unaddressable value {}", self.operand_string(x));
                self.error(&*x, Code::NonSliceableOperand, message);
                None
            }
            Type::Array { len, elem } => {
                x.ty = self.new_slice(elem);
                Some(len)
            }
            Type::Slice { .. } => Some(-1),
            Type::Pointer { elem } if let Type::Array { len, elem } = self.under_type(elem) => {
                x.ty = self.new_slice(elem);
                Some(len)
            }
            _ => {
                let message = format!("cannot slice {}", self.operand_string(x));
                self.error(&*x, Code::NonSliceableOperand, message);
                None
            }
        }
    }

    /// Checks the indices, and that constant ones ascend.
    fn slice_indices(&mut self, index: [Option<&'a ast::Expr<'a>>; 3], len: i64) {
        // An index may equal the capacity, which is the length for all whose length is known.
        let max = if len >= 0 { len + 1 } else { -1 };
        let mut values = [-1i64; 3];
        for (at, index) in index.into_iter().enumerate() {
            values[at] = match index {
                Some(index) => self.index(index, max).1,
                None if at == 0 => 0,
                None => len,
            };
        }
        for (low_at, &low) in values[..2].iter().enumerate() {
            for (high_at, &high) in values.iter().enumerate().skip(low_at + 1) {
                if low > 0 && (0..low).contains(&high) {
                    // Only an index that is written can be that small.
                    let at = index[high_at].expect("an omitted index is the length");
                    let message = format!("invalid slice indices: {high} < {low}");
                    self.error(at, Code::SwappedSliceIndices, message);
                    return;
                }
            }
        }
    }
}
