//! Visiting trees in source order.
//!
//! Parents come before their children. The walk keeps its own stack, so trees of any depth are safe. A type that
//! several names share (`a, b T`) is visited once.

use crate::ast::*;

#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    Decl(&'a Decl<'a>),
    Field(&'a Field<'a>),
    Expr(&'a Expr<'a>),
    Stmt(&'a Stmt<'a>),
    Case(&'a CaseClause<'a>),
    Comm(&'a CommClause<'a>),
}

/// Calls `visit` for `e` and all below it; where it returns false, the node's children are left out.
pub fn walk_expr<'a>(e: &'a Expr<'a>, visit: &mut impl FnMut(Node<'a>) -> bool) {
    walk(Node::Expr(e), visit);
}

pub fn walk_stmt<'a>(stmt: &'a Stmt<'a>, visit: &mut impl FnMut(Node<'a>) -> bool) {
    walk(Node::Stmt(stmt), visit);
}

pub fn walk_block<'a>(block: &'a BlockStmt<'a>, visit: &mut impl FnMut(Node<'a>) -> bool) {
    for stmt in block.list {
        walk(Node::Stmt(stmt), visit);
    }
}

/// See [`walk_expr`]. Skipped bodies have no children.
pub fn walk<'a>(root: Node<'a>, visit: &mut impl FnMut(Node<'a>) -> bool) {
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if visit(node) {
            let first = pending.len();
            push_children(node, &mut pending);
            pending[first..].reverse();
        }
    }
}

fn push_children<'a>(node: Node<'a>, children: &mut Vec<Node<'a>>) {
    match node {
        Node::Decl(decl) => push_decl(decl, children),
        Node::Field(field) => children.push(Node::Expr(field.ty)),
        Node::Expr(e) => push_expr(e, children),
        Node::Stmt(stmt) => push_stmt(stmt, children),
        Node::Case(case) => {
            children.extend(case.cases.map(Node::Expr));
            push_stmts(case.body, children);
        }
        Node::Comm(case) => {
            children.extend(case.comm.map(Node::Stmt));
            push_stmts(case.body, children);
        }
    }
}

fn push_stmts<'a>(list: &'a [&'a Stmt<'a>], children: &mut Vec<Node<'a>>) {
    children.extend(list.iter().map(|stmt| Node::Stmt(stmt)));
}

fn push_exprs<'a>(list: &'a [&'a Expr<'a>], children: &mut Vec<Node<'a>>) {
    children.extend(list.iter().map(|e| Node::Expr(e)));
}

fn push_fields<'a>(fields: &'a [Field<'a>], children: &mut Vec<Node<'a>>) {
    for (index, field) in fields.iter().enumerate() {
        if index == 0 || !std::ptr::eq(field.ty, fields[index - 1].ty) {
            children.push(Node::Field(field));
        }
    }
}

fn push_decl<'a>(decl: &'a Decl<'a>, children: &mut Vec<Node<'a>>) {
    match decl {
        Decl::Import(decl) => children.extend(decl.path.map(Node::Expr)),
        Decl::Const(decl) => children.extend(decl.ty.into_iter().chain(decl.values).map(Node::Expr)),
        Decl::Var(decl) => children.extend(decl.ty.into_iter().chain(decl.values).map(Node::Expr)),
        Decl::Type(decl) => {
            push_fields(decl.tparams, children);
            children.push(Node::Expr(decl.ty));
        }
        Decl::Func(decl) => {
            children.extend(decl.recv.map(Node::Field));
            push_fields(decl.tparams, children);
            children.push(Node::Expr(decl.ty));
            if let BodySource::Parsed(body) = decl.body {
                push_stmts(body.block.list, children);
            }
        }
    }
}

fn push_expr<'a>(e: &'a Expr<'a>, children: &mut Vec<Node<'a>>) {
    match e.kind {
        ExprKind::Bad | ExprKind::Name(_) | ExprKind::BasicLit { .. } => {}
        ExprKind::CompositeLit(literal) => {
            children.extend(literal.ty.map(Node::Expr));
            push_exprs(literal.elems, children);
        }
        ExprKind::KeyValue { key: x, value: y }
        | ExprKind::Index { x, index: y }
        | ExprKind::Assert { x, ty: y }
        | ExprKind::Binary { x, y, .. }
        | ExprKind::MapType { key: x, value: y } => children.extend([Node::Expr(x), Node::Expr(y)]),
        ExprKind::FuncLit(literal) => {
            children.push(Node::Expr(literal.ty));
            push_stmts(literal.body.list, children);
        }
        ExprKind::Paren(x)
        | ExprKind::Selector { x, .. }
        | ExprKind::TypeSwitchGuard { x, .. }
        | ExprKind::Unary { x, .. }
        | ExprKind::SliceType { elem: x }
        | ExprKind::DotsType { elem: x }
        | ExprKind::ChanType { elem: x, .. } => children.push(Node::Expr(x)),
        ExprKind::Slice { x, index, .. } => {
            children.push(Node::Expr(x));
            children.extend(index.into_iter().flatten().map(Node::Expr));
        }
        ExprKind::Call(call) => {
            children.push(Node::Expr(call.fun));
            push_exprs(call.args, children);
        }
        ExprKind::List(elems) => push_exprs(elems, children),
        ExprKind::ArrayType { len, elem } => {
            children.extend(len.map(Node::Expr));
            children.push(Node::Expr(elem));
        }
        ExprKind::StructType(ty) => {
            for (index, field) in ty.fields.iter().enumerate() {
                if index == 0 || !std::ptr::eq(field.ty, ty.fields[index - 1].ty) {
                    children.push(Node::Field(field));
                    children.extend(ty.tags.get(index).copied().flatten().map(Node::Expr));
                }
            }
        }
        ExprKind::InterfaceType(ty) => push_fields(ty.methods, children),
        ExprKind::FuncType(ty) => {
            push_fields(ty.params, children);
            push_fields(ty.results, children);
        }
    }
}

fn push_stmt<'a>(stmt: &'a Stmt<'a>, children: &mut Vec<Node<'a>>) {
    match stmt.kind {
        StmtKind::Empty | StmtKind::Branch { .. } => {}
        StmtKind::Labeled { stmt, .. } => children.push(Node::Stmt(stmt)),
        StmtKind::Block(block) => push_stmts(block.list, children),
        StmtKind::Expr(x) | StmtKind::Go { call: x } | StmtKind::Defer { call: x } => children.push(Node::Expr(x)),
        StmtKind::Send { chan, value } => children.extend([Node::Expr(chan), Node::Expr(value)]),
        StmtKind::Decl(decls) => children.extend(decls.iter().map(Node::Decl)),
        StmtKind::Assign { lhs, rhs, .. } => {
            children.push(Node::Expr(lhs));
            children.extend(rhs.map(Node::Expr));
        }
        StmtKind::Return { results } => children.extend(results.map(Node::Expr)),
        StmtKind::If(stmt) => {
            children.extend(stmt.init.map(Node::Stmt));
            children.push(Node::Expr(stmt.cond));
            push_stmts(stmt.then.list, children);
            children.extend(stmt.els.map(Node::Stmt));
        }
        StmtKind::For(stmt) => {
            children.extend(stmt.init.map(Node::Stmt));
            children.extend(stmt.cond.map(Node::Expr));
            children.extend(stmt.post.map(Node::Stmt));
            push_stmts(stmt.body.list, children);
        }
        StmtKind::Switch(stmt) => {
            children.extend(stmt.init.map(Node::Stmt));
            children.extend(stmt.tag.map(Node::Expr));
            children.extend(stmt.body.iter().map(Node::Case));
        }
        StmtKind::Select(stmt) => children.extend(stmt.body.iter().map(Node::Comm)),
        StmtKind::Range(clause) => {
            children.extend(clause.lhs.map(Node::Expr));
            children.push(Node::Expr(clause.x));
        }
    }
}
