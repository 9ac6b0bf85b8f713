//! What the syntax of a receiver says, without looking at types.
//!
//! Methods must be attached to their base type before types are checked, so the base type's name is found by following
//! names and alias declarations only.

use crate::checker::Checker;
use crate::store::{ObjId, ObjKind};
use base::Symbol;
use smallvec::SmallVec;
use syntax::ast::{Expr, ExprKind, ExprList, Operator};

/// A receiver type `*T[A, B]`, taken apart.
pub(crate) struct Receiver<'a> {
    pub ptr: bool,
    /// `T`; anything in a wrong program.
    pub base: &'a Expr<'a>,
    /// `A, B`, which should be identifiers.
    pub tparams: Option<ExprList<'a>>,
}

impl<'a> Receiver<'a> {
    pub fn unpack(ty: &'a Expr<'a>) -> Receiver<'a> {
        let mut base = ty.unparen();
        let pointee = pointer_base(base);
        if let Some(pointee) = pointee {
            base = pointee.unparen();
        }
        let mut tparams = None;
        if let ExprKind::Index { x, index } = base.kind {
            base = x;
            tparams = Some(index.list());
        }
        Receiver { ptr: pointee.is_some(), base, tparams }
    }
}

/// `x` of `*x`.
pub(crate) fn pointer_base<'a>(e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
    match e.kind {
        ExprKind::Unary { op: Operator::Mul, x } => Some(x),
        _ => None,
    }
}

impl<'a> Checker<'a> {
    /// The defined type of the current package that `name` denotes, through aliases that are not generic, and whether
    /// there is a pointer on the way (at most one).
    pub(super) fn resolve_base_type_name(&self, mut ptr: bool, mut name: Symbol) -> Option<(bool, ObjId)> {
        let scope = self.packages[self.env.pkg].scope;
        let mut seen: SmallVec<[ObjId; 4]> = SmallVec::new();
        loop {
            // The package scope holds neither imports nor dot-imported objects.
            let obj = self.scope(scope).lookup(name)?;
            if !matches!(self.obj(obj).kind, ObjKind::TypeName) || seen.contains(&obj) {
                return None;
            }
            let decl = self.obj(obj).decl.expect("package-level objects have declarations");
            let tdecl = self.decls[decl].tdecl.expect("a type name has a type declaration");
            if !tdecl.alias {
                return Some((ptr, obj));
            }
            if !tdecl.tparams.is_empty() {
                return None;
            }
            seen.push(obj);
            let mut ty = tdecl.ty.unparen();
            if let Some(pointee) = pointer_base(ty) {
                if ptr {
                    return None;
                }
                ptr = true;
                ty = pointee.unparen();
            }
            name = ty.as_ident()?.name;
        }
    }
}
