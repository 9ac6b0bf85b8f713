//! Functions that are declared anew in another file of their package, and do not count where they stood.
//!
//! They stay in the tree, as blank functions: nothing can name those, and the numbers of the other declarations, which
//! directives go by, do not change.

use crate::ast::{Decl, Expr, ExprKind, File, FuncDecl, Ident};
use base::Symbol;
use bumpalo::Bump;

/// Makes the functions of these names blank: `F`, and `T.M` for methods of T or *T.
pub fn replace_functions<'a>(arena: &'a Bump, file: &mut File<'a>, names: &[String]) {
    let is_replaced = |decl: &Decl<'a>| matches!(decl, Decl::Func(func) if names.contains(&name_of(func)));
    if !file.decls.iter().any(is_replaced) {
        return;
    }
    let decls = file.decls.iter().map(|decl| match *decl {
        Decl::Func(func) if is_replaced(decl) => Decl::Func(arena.alloc(FuncDecl {
            name: Ident { name: Symbol::intern("_"), ..func.name },
            pos: func.pos,
            pragma: func.pragma,
            recv: func.recv,
            tparams: func.tparams,
            ty: func.ty,
            body: func.body,
        })),
        Decl::Import(decl) => Decl::Import(decl),
        Decl::Const(decl) => Decl::Const(decl),
        Decl::Type(decl) => Decl::Type(decl),
        Decl::Var(decl) => Decl::Var(decl),
        Decl::Func(decl) => Decl::Func(decl),
    });
    file.decls = arena.alloc_slice_fill_iter(decls);
}

fn name_of(func: &FuncDecl<'_>) -> String {
    let base = func.recv.and_then(|recv| receiver_base(recv.ty));
    match base {
        Some(base) => format!("{base}.{}", func.name.name),
        None => func.name.name.to_string(),
    }
}

fn receiver_base(mut ty: &Expr<'_>) -> Option<Symbol> {
    loop {
        match ty.kind {
            ExprKind::Paren(x) | ExprKind::Unary { x, .. } | ExprKind::Index { x, .. } => ty = x,
            ExprKind::Name(name) => return Some(name),
            _ => return None,
        }
    }
}
