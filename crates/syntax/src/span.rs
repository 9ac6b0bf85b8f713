//! Where trees start and end.
//!
//! Both follow gc, since messages and scope ranges depend on them. `start` is the leftmost position only of nodes that
//! gc walks into (a slice expression stands at its `[`); `end` is approximate: just behind names and literals, at the
//! closing brace of blocks, otherwise where the last part ends. Trees lean left without bound, so both loop.

use crate::ast::*;
use base::Pos;

impl<'a> Expr<'a> {
    /// gc's StartPos.
    pub fn start(&self) -> Pos {
        let mut e = self;
        loop {
            e = match e.kind {
                ExprKind::CompositeLit(literal) => match literal.ty {
                    Some(ty) => ty,
                    None => return e.pos,
                },
                ExprKind::TypeSwitchGuard { lhs: Some(lhs), .. } => return lhs.pos,
                ExprKind::KeyValue { key: x, .. }
                | ExprKind::Selector { x, .. }
                | ExprKind::Index { x, .. }
                | ExprKind::Assert { x, .. }
                | ExprKind::TypeSwitchGuard { x, .. }
                | ExprKind::Binary { x, .. } => x,
                ExprKind::Call(call) => call.fun,
                ExprKind::List(elems) => elems[0],
                _ => return e.pos,
            };
        }
    }

    /// gc's EndPos.
    pub fn end(&self) -> Pos {
        let mut e = self;
        loop {
            e = match e.kind {
                ExprKind::Bad => return e.pos,
                ExprKind::Name(name) => return e.pos.plus(name.as_str().len() as u32),
                ExprKind::BasicLit { text, .. } => return e.pos.plus(text.len() as u32),
                ExprKind::CompositeLit(literal) => return literal.rbrace,
                ExprKind::FuncLit(literal) => return literal.body.rbrace,
                ExprKind::Selector { sel, .. } => return sel.end(),
                ExprKind::KeyValue { value: x, .. }
                | ExprKind::Paren(x)
                | ExprKind::Index { index: x, .. }
                | ExprKind::Slice { x, .. } // gc ends a slice expression with its operand
                | ExprKind::Assert { ty: x, .. }
                | ExprKind::TypeSwitchGuard { x, .. }
                | ExprKind::Unary { x, .. }
                | ExprKind::Binary { y: x, .. }
                | ExprKind::ArrayType { elem: x, .. }
                | ExprKind::SliceType { elem: x }
                | ExprKind::DotsType { elem: x }
                | ExprKind::MapType { value: x, .. }
                | ExprKind::ChanType { elem: x, .. } => x,
                ExprKind::Call(call) => call.args.last().copied().unwrap_or(call.fun),
                ExprKind::List(elems) => elems[elems.len() - 1],
                ExprKind::StructType(ty) => match ty.fields.last() {
                    Some(field) => field.ty,
                    None => return e.pos,
                },
                ExprKind::InterfaceType(ty) => match ty.methods.last() {
                    Some(method) => method.ty,
                    None => return e.pos,
                },
                ExprKind::FuncType(ty) => match ty.results.last().or(ty.params.last()) {
                    Some(param) => param.ty,
                    None => return e.pos,
                },
            };
        }
    }
}

impl Ident {
    pub fn end(&self) -> Pos {
        self.pos.plus(self.name.as_str().len() as u32)
    }
}

impl Field<'_> {
    pub fn start(&self) -> Pos {
        self.pos
    }

    pub fn end(&self) -> Pos {
        self.ty.end()
    }
}

impl<'a> Stmt<'a> {
    pub fn start(&self) -> Pos {
        match self.kind {
            StmtKind::Send { chan: x, .. } | StmtKind::Assign { lhs: x, .. } => x.start(),
            StmtKind::Range(clause) => clause.lhs.unwrap_or(clause.x).start(),
            _ => self.pos,
        }
    }

    pub fn end(&self) -> Pos {
        let mut stmt = self;
        loop {
            stmt = match stmt.kind {
                StmtKind::Empty => return stmt.pos,
                StmtKind::Labeled { stmt, .. } => stmt,
                StmtKind::Block(block) => return block.rbrace,
                StmtKind::Expr(x) => return x.end(),
                StmtKind::Send { value, .. } => return value.end(),
                StmtKind::Decl(decls) => return decls.last().map_or(stmt.pos, |decl| decl.end()),
                StmtKind::Assign { rhs: Some(rhs), .. } => return rhs.end(),
                StmtKind::Assign { lhs, rhs: None, .. } => return lhs.end().plus(2),
                StmtKind::Branch { label, .. } => return label.map_or(stmt.pos, |label| label.end()),
                StmtKind::Go { call } | StmtKind::Defer { call } => return call.end(),
                StmtKind::Return { results } => return results.map_or(stmt.pos, |results| results.end()),
                StmtKind::If(branch) => match branch.els {
                    Some(els) => els,
                    None => return branch.then.rbrace,
                },
                StmtKind::For(stmt) => return stmt.body.rbrace,
                StmtKind::Switch(stmt) => return stmt.rbrace,
                StmtKind::Select(stmt) => return stmt.rbrace,
                StmtKind::Range(clause) => return clause.x.end(),
            };
        }
    }
}

impl CaseClause<'_> {
    pub fn end(&self) -> Pos {
        self.body.last().map_or(self.colon, |stmt| stmt.end())
    }
}

impl CommClause<'_> {
    pub fn end(&self) -> Pos {
        self.body.last().map_or(self.colon, |stmt| stmt.end())
    }
}

impl<'a> Decl<'a> {
    pub fn start(&self) -> Pos {
        match self {
            Decl::Import(decl) => decl.pos,
            Decl::Const(decl) => decl.pos,
            Decl::Type(decl) => decl.pos,
            Decl::Var(decl) => decl.pos,
            Decl::Func(decl) => decl.pos,
        }
    }

    pub fn end(&self) -> Pos {
        let names_end = |pos: Pos, names: &[Ident]| names.last().map_or(pos, |name| name.end());
        match self {
            Decl::Import(decl) => decl.path.map_or(decl.pos, |path| path.end()),
            Decl::Const(decl) => decl.values.or(decl.ty).map_or_else(|| names_end(decl.pos, decl.names), |e| e.end()),
            Decl::Var(decl) => decl.values.or(decl.ty).map_or_else(|| names_end(decl.pos, decl.names), |e| e.end()),
            Decl::Type(decl) => decl.ty.end(),
            Decl::Func(decl) => match decl.body {
                BodySource::Parsed(body) => body.block.rbrace,
                BodySource::Skipped { end, .. } => Pos::new(end.raw() - 1, 0),
                BodySource::None => decl.ty.end(),
            },
        }
    }
}
