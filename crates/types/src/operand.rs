//! Operands: what is known of an expression while it is being checked.

use crate::constant::Value;
use crate::store::{BuiltinId, Mode, TypeId, TypeParamId};
use crate::universe::typ;
use base::Pos;
use smallvec::SmallVec;
use syntax::ast::{Expr, Field, Ident, Stmt};

/// An expression's mode, type, and value if it is constant.
#[derive(Clone, Debug)]
pub struct Operand<'a> {
    pub mode: Mode,
    /// `None` only for operands that no source expression stands for.
    pub expr: Option<&'a Expr<'a>>,
    /// `typ::INVALID` when there is none.
    pub ty: TypeId,
    /// For `Mode::Constant`.
    pub val: Option<Value>,
}

impl<'a> Operand<'a> {
    pub fn new() -> Operand<'a> {
        Operand { mode: Mode::Invalid, expr: None, ty: typ::INVALID, val: None }
    }
    pub fn is_valid(&self) -> bool {
        self.mode != Mode::Invalid
    }
    pub fn invalidate(&mut self) {
        self.mode = Mode::Invalid;
        self.ty = typ::INVALID;
    }
    pub fn builtin(&self) -> Option<BuiltinId> {
        match self.mode {
            Mode::Builtin(id) => Some(id),
            _ => None,
        }
    }
    /// The value of a constant operand.
    pub fn value(&self) -> &Value {
        self.val.as_ref().expect("a constant operand has a value")
    }
    pub fn expr(&self) -> &'a Expr<'a> {
        self.expr.expect("operand stands for an expression")
    }
}

impl Default for Operand<'_> {
    fn default() -> Self {
        Operand::new()
    }
}

/// What an error can be reported at. Trees are reported at their leftmost position.
pub trait At {
    fn at(&self) -> Pos;
}

impl At for Pos {
    fn at(&self) -> Pos {
        *self
    }
}
impl At for Expr<'_> {
    fn at(&self) -> Pos {
        self.start()
    }
}
impl At for Stmt<'_> {
    fn at(&self) -> Pos {
        self.start()
    }
}
impl At for Ident {
    fn at(&self) -> Pos {
        self.pos
    }
}
impl At for Field<'_> {
    fn at(&self) -> Pos {
        self.start()
    }
}
impl At for Operand<'_> {
    fn at(&self) -> Pos {
        self.expr.map_or(Pos::NONE, |e| e.start())
    }
}
impl<T: At + ?Sized> At for &T {
    fn at(&self) -> Pos {
        (**self).at()
    }
}

/// What an assignment's left-hand side wants of a function value on its right: guides inference for generic functions.
#[derive(Clone, Debug)]
pub struct Target {
    pub sig: crate::store::SignatureId,
    pub desc: String,
}

/// Type parameters and what replaces them.
#[derive(Clone, Debug, Default)]
pub struct SubstMap {
    /// Sorted. The parameters of a list are mostly made in order, so they mostly come in order.
    pairs: SmallVec<[(TypeParamId, TypeId); 4]>,
}

impl SubstMap {
    /// Up to so many pairs are searched one by one.
    const LINEAR_LIMIT: usize = 8;

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub fn insert(&mut self, tparam: TypeParamId, ty: TypeId) {
        match self.pairs.last() {
            Some(&(last, _)) if last >= tparam => match self.pairs.binary_search_by_key(&tparam, |pair| pair.0) {
                Ok(at) => self.pairs[at].1 = ty,
                Err(at) => self.pairs.insert(at, (tparam, ty)),
            },
            _ => self.pairs.push((tparam, ty)),
        }
    }

    #[inline]
    pub fn get(&self, tparam: TypeParamId) -> Option<TypeId> {
        if self.pairs.len() <= Self::LINEAR_LIMIT {
            return self.pairs.iter().find(|pair| pair.0 == tparam).map(|pair| pair.1);
        }
        self.pairs.binary_search_by_key(&tparam, |pair| pair.0).ok().map(|at| self.pairs[at].1)
    }
}

/// The way to a field or method: indices of embedded fields, then its own.
pub type IndexPath = SmallVec<[u32; 4]>;

/// What `lookup_field_or_method` found.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// The field or method, the path of indices to it, and whether a pointer was followed on the way.
    Found {
        obj: crate::store::ObjId,
        index: IndexPath,
        indirect: bool,
    },
    /// Several at the same depth; the path to the first.
    Ambiguous {
        index: IndexPath,
    },
    /// There is such a method, but it needs a pointer receiver and the operand is not addressable.
    PointerReceiver {
        obj: crate::store::ObjId,
    },
    NotFound,
}
