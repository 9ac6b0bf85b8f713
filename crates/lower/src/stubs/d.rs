//! What statements need of `order` (expressions); dropped when that module arrives.

#![allow(unused_variables)]

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::CanonId;
use smallvec::SmallVec;
use syntax::ast;

impl<'a> FuncLowerer<'_, 'a> {
    /// The values of operands that an operation takes together.
    pub fn operands(&mut self, operands: &[(&'a ast::Expr<'a>, CanonId)]) -> SmallVec<[Val; 4]> {
        unreachable!("stub: operands")
    }
    /// Whether evaluating the expression calls or receives.
    pub fn has_effects(&self, e: &'a ast::Expr<'a>) -> bool {
        unreachable!("stub: has_effects")
    }
}
