//! Underlying types, and the underlying types of all types in a type set.

use crate::checker::Checker;
use crate::store::*;
use crate::universe::typ;
use smallvec::{SmallVec, smallvec};

/// The (type, underlying type) pairs of a type set; `None` alone if it has no specific types.
pub type TypeSetTerms = SmallVec<[Option<(TypeId, TypeId)>; 4]>;

impl<'a> Checker<'a> {
    /// The underlying type, which is never an alias, defined type or type parameter (that of a type parameter is its
    /// constraint interface). Invalid for a type whose declaration is being checked.
    #[inline]
    pub fn under(&mut self, ty: TypeId) -> TypeId {
        match self.store.types[ty] {
            Type::Named(named) => {
                let data = &self.store.named[named];
                match data.underlying {
                    Some(underlying) if data.state.under => underlying,
                    _ => self.resolve_underlying(named),
                }
            }
            Type::Alias(_) => {
                let actual = self.unalias(ty);
                self.under(actual)
            }
            Type::TypeParam(tparam) => self.type_param_under(tparam),
            _ => ty,
        }
    }

    /// The payload of the underlying type.
    #[inline]
    pub fn under_type(&mut self, ty: TypeId) -> Type {
        let under = self.under(ty);
        self.store.types[under]
    }

    /// The (type, underlying type) pairs of the specific types in the type set that `ty` implies: for a type parameter
    /// those of its constraint, for any other type just that type. There is at least one pair; it is `None` if there
    /// are no specific types.
    pub fn type_set_terms(&mut self, ty: TypeId) -> TypeSetTerms {
        let Some(tparam) = self.as_type_param(ty) else {
            return smallvec![Some((ty, self.under(ty)))];
        };
        let tset = self.type_param_type_set(tparam);
        if !self.type_set_has_terms(tset) {
            return smallvec![None];
        }
        let terms = self.type_sets[tset].terms;
        (0..terms.len())
            .map(|i| {
                let term = self.terms(terms)[i];
                let ty = term.ty.expect("types: type_set_terms: specific terms have types");
                // The type of a ~ term is its own underlying type.
                Some((ty, if term.tilde { self.unalias(ty) } else { self.under(ty) }))
            })
            .collect()
    }

    /// The underlying type common to all types in the type set of `ty` (see [`Checker::type_set_terms`]), or the reason
    /// why there is none. Channel types may differ in direction, as long as the directions do not conflict; then it is
    /// the most restricted one.
    ///
    /// A condition, if given, is put to each pair before anything else, also to `None`, and may end it with a reason.
    pub fn common_under(
        &mut self,
        ty: TypeId,
        mut cond: Option<&mut dyn FnMut(&mut Checker<'a>, Option<(TypeId, TypeId)>) -> Option<String>>,
    ) -> Result<TypeId, String> {
        let mut common: Option<(TypeId, TypeId)> = None;
        for pair in self.type_set_terms(ty) {
            if let Some(cond) = &mut cond
                && let Some(reason) = cond(self, pair)
            {
                return Err(reason);
            }
            let Some((ty, under)) = pair else {
                return Err("no specific type".into());
            };
            let Some((common_ty, common_under)) = common else {
                common = pair;
                continue;
            };
            if let Type::Chan { dir: common_dir, elem: common_elem } = self.ty(common_under)
                && let Type::Chan { dir, elem } = self.ty(under)
            {
                if !self.identical(common_elem, elem) {
                    return Err(self.differ("channels ", common_ty, ty, "have different element types"));
                }
                if common_dir == dir {
                    // either will do
                } else if common_dir == ChanDir::Both {
                    common = pair;
                } else if dir != ChanDir::Both {
                    return Err(self.differ("channels ", common_ty, ty, "have conflicting directions"));
                }
                continue;
            }
            if !self.identical(common_under, under) {
                return Err(self.differ("", common_ty, ty, "have different underlying types"));
            }
        }
        Ok(common.map_or(typ::INVALID, |(_, under)| under))
    }

    fn differ(&mut self, what: &str, x: TypeId, y: TypeId, how: &str) -> String {
        format!("{what}{} and {} {how}", self.type_string(x), self.type_string(y))
    }
}
