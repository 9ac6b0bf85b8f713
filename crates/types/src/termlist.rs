//! Terms and lists of terms: the part of a type set that unions describe.
//!
//! A list is the union of its terms; the empty list is no type at all, a term without type is all types. In *normal
//! form* the terms are disjoint, and a list with the term of all types has no other.
//!
//! The algorithms are quadratic; unions have at most [`MAX_TERM_COUNT`] terms.

use crate::checker::Checker;
use crate::store::*;
use smallvec::{SmallVec, smallvec};

pub(crate) type Terms = SmallVec<[Term; 8]>;

/// gc's limit on the number of terms in a union.
pub const MAX_TERM_COUNT: usize = 100;

/// The term of all types.
pub(crate) const ALL_TYPES: Term = Term { tilde: false, ty: None };

/// Whether the list is the set of all types.
pub(crate) fn is_all(terms: &[Term]) -> bool {
    terms.iter().any(|term| term.ty.is_none())
}

impl Checker<'_> {
    pub(crate) fn term_vec(&self, terms: TermList) -> Terms {
        Terms::from_slice(self.terms(terms))
    }

    /// Whether x ∩ y is empty. Neither is the term of all types; their types are not interfaces.
    pub fn disjoint_terms(&mut self, x: Term, y: Term) -> bool {
        let (Some(mut x_ty), Some(mut y_ty)) = (x.ty, y.ty) else {
            return false;
        };
        if y.tilde {
            x_ty = self.under(x_ty);
        }
        if x.tilde {
            y_ty = self.under(y_ty);
        }
        !self.identical(x_ty, y_ty)
    }

    /// Whether `ty` is in the term's set.
    pub(crate) fn term_includes(&mut self, term: Term, ty: TypeId) -> bool {
        let Some(term_ty) = term.ty else {
            return true;
        };
        let ty = if term.tilde { self.under(ty) } else { ty };
        self.identical(term_ty, ty)
    }

    /// x ∪ y if that is one term.
    fn unite_terms(&mut self, x: Term, y: Term) -> Option<Term> {
        if x.ty.is_none() {
            Some(x)
        } else if y.ty.is_none() {
            Some(y)
        } else if self.disjoint_terms(x, y) {
            None
        } else {
            // The same type: the term with ~ has the other in it.
            Some(if x.tilde || !y.tilde { x } else { y })
        }
    }

    /// x ∩ y, unless it is empty.
    fn intersect_terms(&mut self, x: Term, y: Term) -> Option<Term> {
        if x.ty.is_none() {
            Some(y)
        } else if y.ty.is_none() {
            Some(x)
        } else if self.disjoint_terms(x, y) {
            None
        } else {
            Some(if !x.tilde || y.tilde { x } else { y })
        }
    }

    /// x ⊆ y
    fn term_subset(&mut self, x: Term, y: Term) -> bool {
        if y.ty.is_none() {
            return true;
        }
        x.ty.is_some() && !self.disjoint_terms(x, y) && (!x.tilde || y.tilde)
    }

    pub(crate) fn normal_form(&mut self, terms: &[Term]) -> Terms {
        let mut pending = Terms::from_slice(terms);
        let mut normal = Terms::new();
        while !pending.is_empty() {
            let mut term = pending.remove(0);
            let mut next = 0;
            while next < pending.len() {
                match self.unite_terms(term, pending[next]) {
                    Some(united) => {
                        term = united;
                        pending.remove(next);
                    }
                    None => next += 1,
                }
            }
            if term.ty.is_none() {
                return smallvec![ALL_TYPES];
            }
            normal.push(term);
        }
        normal
    }

    /// x ∪ y in normal form.
    pub(crate) fn unite(&mut self, x: &[Term], y: &[Term]) -> Terms {
        let mut terms = Terms::from_slice(x);
        terms.extend_from_slice(y);
        self.normal_form(&terms)
    }

    /// x ∩ y in normal form.
    pub(crate) fn intersect(&mut self, x: &[Term], y: &[Term]) -> Terms {
        if is_all(x) && is_all(y) {
            return smallvec![ALL_TYPES];
        }
        let mut terms = Terms::new();
        for &x in x {
            for &y in y {
                terms.extend(self.intersect_terms(x, y));
            }
        }
        self.normal_form(&terms)
    }

    /// x ⊆ y
    pub(crate) fn subset_of(&mut self, x: TermList, y: TermList) -> bool {
        if x == y || is_all(self.terms(y)) {
            return true;
        }
        let (x, y) = (self.term_vec(x), self.term_vec(y));
        x.iter().all(|&x| y.iter().any(|&y| self.term_subset(x, y)))
    }

    /// Whether the lists describe the same set.
    pub(crate) fn equal_terms(&mut self, x: TermList, y: TermList) -> bool {
        self.subset_of(x, y) && self.subset_of(y, x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_checker;
    use crate::universe::typ;

    fn term(ty: TypeId) -> Term {
        Term { tilde: false, ty: Some(ty) }
    }
    fn tilde(ty: TypeId) -> Term {
        Term { tilde: true, ty: Some(ty) }
    }

    #[test]
    fn normal_forms() {
        with_checker(|c| {
            let union = [term(typ::INT), term(typ::STRING), tilde(typ::INT), term(typ::BYTE), term(typ::UINT8)];
            assert_eq!(c.normal_form(&union)[..], [tilde(typ::INT), term(typ::STRING), term(typ::BYTE)]);
            assert_eq!(c.normal_form(&[term(typ::INT), ALL_TYPES, term(typ::INT)])[..], [ALL_TYPES]);
            assert!(c.normal_form(&[]).is_empty());
        });
    }

    #[test]
    fn intersections() {
        with_checker(|c| {
            let x = [tilde(typ::INT), term(typ::STRING)];
            assert_eq!(c.intersect(&x, &[ALL_TYPES])[..], x);
            assert_eq!(c.intersect(&x, &[term(typ::INT), tilde(typ::BOOL)])[..], [term(typ::INT)]);
            assert!(c.intersect(&x, &[term(typ::BOOL)]).is_empty());
            assert!(c.intersect(&x, &[]).is_empty());
        });
    }

    #[test]
    fn subsets() {
        with_checker(|c| {
            let wide = c.term_list(&[tilde(typ::INT), term(typ::STRING)]);
            let narrow = c.term_list(&[term(typ::INT)]);
            let all = c.term_list(&[ALL_TYPES]);
            assert!(c.subset_of(narrow, wide) && !c.subset_of(wide, narrow));
            assert!(c.subset_of(wide, all) && !c.subset_of(all, wide));
            assert!(c.subset_of(TermList::EMPTY, narrow) && !c.subset_of(narrow, TermList::EMPTY));
            assert!(!c.equal_terms(wide, narrow) && c.equal_terms(wide, wide));
        });
    }
}
