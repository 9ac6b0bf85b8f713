//! Unions, the elements of constraint interfaces: `A | ~B`.

use crate::checker::Checker;
use crate::code::Code;
use crate::store::*;
use crate::universe::typ;
use smallvec::SmallVec;
use syntax::ast::{Expr, ExprKind, Operator};

/// Checks for overlaps compare all pairs of terms.
const MAX_TERM_COUNT: usize = 100;

impl<'a> Checker<'a> {
    /// The type of an embedded element: a union, or just the type if it is a single one without `~`.
    pub(super) fn parse_union(&mut self, e: &'a Expr<'a>) -> TypeId {
        let (unions, exprs) = flatten_union(e);
        let mut terms: SmallVec<[Term; 8]> = SmallVec::new();
        let mut too_many = false;
        for &x in &exprs {
            let term = self.parse_tilde(x);
            if exprs.len() == 1 && !term.tilde {
                return term.ty.unwrap_or(typ::INVALID);
            }
            if terms.len() < MAX_TERM_COUNT {
                terms.push(term);
            } else if !too_many {
                too_many = true;
                let message =
                    format!("cannot handle more than {MAX_TERM_COUNT} union terms (implementation limitation)");
                self.error(x, Code::InvalidUnion, message);
            }
        }

        let all_terms = self.term_list(&terms);
        let mut ty = typ::INVALID;
        if !too_many {
            ty = self.new_union(all_terms);
        }
        // The inner unions of `A | B | C` have types too, those of the terms so far.
        for (index, &union) in unions.iter().enumerate() {
            let count = index + 2;
            let partial = match count {
                _ if count == exprs.len() => ty,
                _ if count > MAX_TERM_COUNT => typ::INVALID,
                _ => self.new_union(all_terms.take(count)),
            };
            self.record_type_and_value(union, Mode::TypeExpr, partial, None);
        }
        if !too_many {
            self.later(move |checker| checker.check_terms(&exprs, &terms));
        }
        ty
    }

    fn new_union(&mut self, terms: TermList) -> TypeId {
        let union = self.unions.push(UnionData { terms, tset: None });
        self.new_type(Type::Union(union))
    }

    fn parse_tilde(&mut self, e: &'a Expr<'a>) -> Term {
        let (tilde, x) = match e.kind {
            ExprKind::Unary { op: Operator::Tilde, x } => (true, x),
            _ => (false, e),
        };
        let mut ty = self.typ(x);
        // spec: "The type T in a term of the form T or ~T cannot be a type parameter"
        if self.is_type_param(ty) {
            let message = if tilde {
                format!("type in term {} cannot be a type parameter", syntax::expr_string(e))
            } else {
                "term cannot be a type parameter".to_string()
            };
            self.error(x, Code::MisplacedTypeParam, message);
            ty = typ::INVALID;
        }
        let term = Term { tilde, ty: Some(ty) };
        if tilde {
            let terms = self.term_list(&[term]);
            let union = self.new_union(terms);
            self.record_type_and_value(e, Mode::TypeExpr, union, None);
        }
        term
    }

    /// Checks the terms when their types are complete.
    fn check_terms(&mut self, exprs: &[&'a Expr<'a>], terms: &[Term]) {
        for (index, (&e, &term)) in exprs.iter().zip(terms).enumerate() {
            let Some(ty) = term.ty.filter(|&ty| self.is_valid(ty)) else { continue };
            if let Some(message) = self.term_error(ty, term) {
                self.error(e, Code::InvalidUnion, message);
                continue;
            }
            // spec: "Implementation restriction: [...] the type sets of all non-interface terms must be pairwise
            // disjoint"
            if !self.is_interface(ty)
                && let Some(&other) = terms[..index].iter().find(|&&other| self.overlap(other, term))
            {
                let message = format!("overlapping terms {} and {}", self.term_string(term), self.term_string(other));
                self.soft_error(e, Code::InvalidUnion, message);
            }
        }
    }

    /// What is wrong with a term by itself.
    fn term_error(&mut self, ty: TypeId, term: Term) -> Option<String> {
        let under = self.under(ty);
        let iface = match self.ty(under) {
            Type::Interface(iface) => Some(iface),
            _ => None,
        };
        // spec: "In a term of the form ~T, the underlying type of T must be itself, and T cannot be an interface."
        if term.tilde {
            if iface.is_some() {
                return Some(format!("invalid use of ~ ({} is an interface)", self.type_string(ty)));
            }
            if !self.identical(under, ty) {
                let (name, under) = (self.type_string(ty), self.type_string(under));
                return Some(format!("invalid use of ~ (underlying type of {name} is {under})"));
            }
        }
        // spec: "Implementation restriction: A union (with more than one term) cannot contain the predeclared
        // identifier comparable or interfaces that specify methods, or embed comparable or interfaces that specify
        // methods."
        let type_set = self.type_set(iface?);
        let TypeSet { methods, comparable, .. } = self.type_sets[type_set];
        if !methods.is_empty() {
            let name = self.term_string(term);
            return Some(format!("cannot use {name} in union ({name} contains methods)"));
        }
        if ty == typ::COMPARABLE {
            return Some("cannot use comparable in union".to_string());
        }
        if comparable {
            let name = self.term_string(term);
            return Some(format!("cannot use {name} in union ({name} embeds comparable)"));
        }
        None
    }

    /// Whether the two terms have a type in common; `y` is no interface, and if `x` is one it does not matter.
    fn overlap(&mut self, x: Term, y: Term) -> bool {
        let (Some(mut x_type), Some(mut y_type)) = (x.ty, y.ty) else { return false };
        if self.is_interface(x_type) {
            return false;
        }
        if y.tilde {
            x_type = self.under(x_type);
        }
        if x.tilde {
            y_type = self.under(y_type);
        }
        self.identical(x_type, y_type)
    }

    /// A term with full package paths: terms print so everywhere in types2.
    fn term_string(&mut self, term: Term) -> String {
        let list = self.term_list(&[term]);
        self.term_list_string(list)
    }
}

/// The binary expressions of `A | B | C`, innermost first, and the terms from left to right.
fn flatten_union<'a>(e: &'a Expr<'a>) -> (SmallVec<[&'a Expr<'a>; 8]>, SmallVec<[&'a Expr<'a>; 8]>) {
    let mut unions = SmallVec::new();
    let mut terms = SmallVec::new();
    let mut first = e;
    while let ExprKind::Binary { op: Operator::Or, x, y } = first.kind {
        unions.push(first);
        terms.push(y);
        first = x;
    }
    terms.push(first);
    unions.reverse();
    terms.reverse();
    (unions, terms)
}
