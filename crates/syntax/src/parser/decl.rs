//! Source files and declarations.

use super::Parser;
use crate::ast::*;
use crate::token::Token;
use base::{FileId, Pos};

const DECL_START: &[Token] = &[Token::Import, Token::Const, Token::Type, Token::Var, Token::Func];

/// A declaration inside a group or alone: `f(group)` parses one.
type DeclParser<'a, 's> = fn(&mut Parser<'a, 's>, Option<Group>) -> Decl<'a>;

impl<'a, 's> Parser<'a, 's> {
    /// `SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } .`
    pub fn file(&mut self, id: FileId) -> File<'a> {
        self.next();
        let pos = self.pos();
        let go_version = self.go_version();
        let mut decls = Vec::new();

        let pkg_name = if self.got(Token::Package) {
            self.used_directives = self.lexer.directives.len();
            let name = self.name();
            self.want(Token::Semi);
            name
        } else {
            self.syntax_error("package statement must be first");
            self.blank_name(pos)
        };
        // With a broken package clause this is hardly a Go file: go no further.
        if self.error_count() == 0 {
            self.top_level_decls(&mut decls);
        }

        File {
            id,
            pkg_name,
            decls: self.arena.alloc_slice_fill_iter(decls),
            eof: self.pos(),
            go_version,
            directives: self.directives(&self.lexer.directives),
            dropped_directives: self.arena.alloc_slice_clone(&self.dropped_directives),
            node_count: self.nodes,
            pos,
        }
    }

    /// gc: the last valid `//go:build` line before the package clause counts.
    fn go_version(&self) -> &'a str {
        let mut version = String::new();
        for comment in &self.lexer.directives {
            if let Some(found) = crate::constraint::go_version(comment.text) {
                version = found;
            }
        }
        self.arena.alloc_str(&version)
    }

    fn top_level_decls(&mut self, decls: &mut Vec<Decl<'a>>) {
        // Imports are accepted anywhere, with a complaint.
        let mut previous = Token::Import;
        while self.tok() != Token::Eof {
            if self.tok() == Token::Import && previous != Token::Import {
                self.syntax_error("imports must appear before other declarations");
            }
            previous = self.tok();
            match self.tok() {
                Token::Import => self.decl_group(decls, Self::import_decl),
                Token::Const => self.decl_group(decls, Self::const_decl),
                Token::Type => self.decl_group(decls, Self::type_decl),
                Token::Var => self.decl_group(decls, Self::var_decl),
                Token::Func => {
                    self.next();
                    decls.push(self.func_decl());
                }
                _ => {
                    let forward =
                        matches!(decls.last(), Some(Decl::Func(func)) if matches!(func.body, BodySource::None));
                    if self.tok() == Token::Lbrace && forward {
                        self.syntax_error("unexpected semicolon or newline before {");
                    } else {
                        self.syntax_error("non-declaration statement outside function body");
                    }
                    self.advance(DECL_START);
                    continue;
                }
            }
            // Before the `;` is read, since comments behind it belong to the next declaration.
            self.drop_directives();
            if self.tok() != Token::Eof && !self.got(Token::Semi) {
                self.syntax_error("after top level declaration");
                self.advance(DECL_START);
            }
        }
        self.drop_directives();
    }

    /// The directives since the last declaration or statement.
    fn take_directives(&mut self) -> &'a [Directive<'a>] {
        let first = std::mem::replace(&mut self.used_directives, self.lexer.directives.len());
        if first == self.used_directives {
            return &[];
        }
        self.directives(&self.lexer.directives[first..])
    }

    fn directives(&self, comments: &[crate::lexer::Comment<'s>]) -> &'a [Directive<'a>] {
        self.arena.alloc_slice_fill_iter(comments.iter().map(|comment| Directive {
            pos: comment.pos,
            text: self.arena.alloc_str(comment.text),
            at_line_start: comment.at_line_start,
        }))
    }

    /// Called where no directive can apply.
    pub(super) fn drop_directives(&mut self) {
        let first = std::mem::replace(&mut self.used_directives, self.lexer.directives.len());
        if first < self.used_directives {
            self.dropped_directives.push(first as u32..self.used_directives as u32);
        }
    }

    /// Reads the keyword and then one declaration or a parenthesized group of them.
    pub(super) fn decl_group(&mut self, decls: &mut Vec<Decl<'a>>, parse: DeclParser<'a, 's>) {
        self.next();
        if self.tok() != Token::Lparen {
            decls.push(parse(self, None));
            return;
        }
        // Where the group opens is a number of its own in the file, whether a body is parsed with it or later.
        let group = self.pos().raw() - self.source.base;
        self.drop_directives();
        self.next();
        self.list("grouped declaration", Token::Semi, Token::Rparen, |parser| {
            decls.push(parse(parser, Some(group)));
            false
        });
    }

    /// `ImportSpec = [ "." | PackageName ] ImportPath .`
    fn import_decl(&mut self, group: Option<Group>) -> Decl<'a> {
        let pos = self.pos();
        let pragma = self.take_directives();
        let local_name = match self.tok() {
            Token::Name => Some(self.name()),
            Token::Dot => {
                let id = self.node_id();
                let dot = Ident { id, pos: self.pos(), name: base::sym::DOT };
                self.next();
                Some(dot)
            }
            _ => None,
        };
        let mut path = self.literal_or_none();
        match path {
            None => {
                self.syntax_error("missing import path");
                self.advance(&[Token::Semi, Token::Rparen]);
            }
            Some(literal) => {
                if let ExprKind::BasicLit { kind, text, bad: false } = literal.kind
                    && kind != LitKind::String
                {
                    self.syntax_error_at(literal.pos, "import path must be a string");
                    path = Some(self.remade(literal, ExprKind::BasicLit { kind, text, bad: true }));
                }
            }
        }
        Decl::Import(self.arena.alloc(ImportDecl { pos, group, pragma, local_name, path }))
    }

    /// `ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .`
    pub(super) fn const_decl(&mut self, group: Option<Group>) -> Decl<'a> {
        let pos = self.pos();
        let pragma = self.take_directives();
        let first = self.name();
        let names = self.name_list(first);
        let (mut ty, mut values) = (None, None);
        if !matches!(self.tok(), Token::Eof | Token::Semi | Token::Rparen) {
            ty = self.type_or_none();
            if self.got_assign() {
                values = Some(self.expr_list());
            }
        }
        Decl::Const(self.arena.alloc(ConstDecl { pos, group, pragma, names, ty, values }))
    }

    /// `VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .`
    pub(super) fn var_decl(&mut self, group: Option<Group>) -> Decl<'a> {
        let pos = self.pos();
        let pragma = self.take_directives();
        let first = self.name();
        let names = self.name_list(first);
        let (mut ty, mut values) = (None, None);
        if self.got_assign() {
            values = Some(self.expr_list());
        } else {
            ty = Some(self.type_());
            if self.got_assign() {
                values = Some(self.expr_list());
            }
        }
        Decl::Var(self.arena.alloc(VarDecl { pos, group, pragma, names, ty, values }))
    }

    /// `TypeSpec = identifier [ TypeParams ] [ "=" ] Type .`
    pub(super) fn type_decl(&mut self, group: Option<Group>) -> Decl<'a> {
        let pos = self.pos();
        let pragma = self.take_directives();
        let name = self.name();
        let mut tparams: &[Field] = &[];
        let mut alias = false;
        let ty = if self.tok() == Token::Lbrack {
            let open = self.pos();
            self.next();
            match self.tok() {
                Token::Name => match self.array_len_or_tparams() {
                    ArrayOrTypeParams::Array(len) => Some(self.array_type(open, Some(len))),
                    ArrayOrTypeParams::TypeParams(list) => {
                        tparams = list;
                        alias = self.got_assign();
                        self.type_or_none()
                    }
                },
                Token::Rbrack => {
                    self.next();
                    Some(self.slice_type(open))
                }
                _ => Some(self.array_type(open, None)),
            }
        } else {
            alias = self.got_assign();
            self.type_or_none()
        };
        let ty = ty.unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("in type declaration");
            self.advance(&[Token::Semi, Token::Rparen]);
            bad
        });
        Decl::Type(self.arena.alloc(TypeDecl { pos, group, pragma, name, tparams, alias, ty }))
    }

    /// After `type T [` with a name next: `[N * 2]E` and `[P *C]` begin alike, so an expression is parsed and then
    /// looked at. Only if a `[` follows the name is that not possible (`P []E` is no expression), nor needed: an index
    /// expression is never a constant array length.
    ///
    /// spec: "A parsing ambiguity arises when the type parameter list for a generic type declares a single type
    /// parameter P with a constraint C such that the text P C forms a valid expression"
    fn array_len_or_tparams(&mut self) -> ArrayOrTypeParams<'a> {
        let name = self.name();
        let mut x = self.name_expr(name);
        if self.tok() != Token::Lbrack {
            self.expr_nesting += 1;
            let operand = self.primary_expr(Some(x), false);
            x = self.binary_expr(Some(operand), 0);
            self.expr_nesting -= 1;
        }
        // A lone name before `]` is taken for an array length.
        match self.split_name(x, self.tok() == Token::Comma) {
            Some((name, constraint)) if constraint.is_some() || self.tok() != Token::Rbrack => {
                ArrayOrTypeParams::TypeParams(self.param_list(Some((name, constraint)), Token::Rbrack, true, false))
            }
            _ => ArrayOrTypeParams::Array(x),
        }
    }

    /// Reads `x` as a type parameter's name and constraint, if it can be written so. That is tried only if the
    /// constraint cannot be a value, or if `force` is set.
    ///
    /// ```text
    /// x           force    name  constraint
    /// P*[]int     either   P     *[]int
    /// P*E         yes      P     *E           (no: an expression)
    /// P([]int)    either   P     []int
    /// P(E)        yes      P     E            (no: an expression)
    /// P*E|F|~G    either   P     *E|F|~G
    /// P*E|F|G     yes      P     *E|F|G       (no: an expression)
    /// ```
    fn split_name(&mut self, x: &'a Expr<'a>, mut force: bool) -> Option<(Ident, Option<&'a Expr<'a>>)> {
        // A union leans left; its first term holds the name.
        let mut unions = Vec::new();
        let mut first = x;
        while let ExprKind::Binary { op: Operator::Or, x: left, y } = first.kind {
            force = force || is_type_elem(y);
            unions.push((first, y));
            first = left;
        }
        let (name, term) = match first.kind {
            ExprKind::Name(_) => (first.as_ident()?, None),
            ExprKind::Binary { op: Operator::Mul, x: left, y } if force || is_type_elem(y) => {
                (left.as_ident()?, Some(self.remade(first, ExprKind::Unary { op: Operator::Mul, x: y })))
            }
            ExprKind::Call(call) => match call.args {
                [arg] if !call.has_dots && (force || is_type_elem(arg)) => (call.fun.as_ident()?, Some(arg.unparen())),
                _ => return None,
            },
            _ => return None,
        };
        if unions.is_empty() {
            return Some((name, term));
        }
        let constraint = unions
            .iter()
            .rev()
            .fold(term?, |left, (union, y)| self.remade(union, ExprKind::Binary { op: Operator::Or, x: left, y }));
        Some((name, Some(constraint)))
    }

    /// `FunctionDecl = "func" FunctionName [ TypeParams ] Signature [ FunctionBody ] .`
    /// `MethodDecl   = "func" Receiver MethodName [ TypeParams ] Signature [ FunctionBody ] .`
    fn func_decl(&mut self) -> Decl<'a> {
        let pos = self.pos();
        let pragma = self.take_directives();
        let mut recv = None;
        let is_method = self.got(Token::Lparen);
        if is_method {
            let receivers = self.param_list(None, Token::Rparen, false, false);
            match receivers.len() {
                0 => self.error("method has no receiver"),
                1 => {}
                _ => self.error("method has multiple receivers"),
            }
            recv = receivers.first();
        }
        let name;
        let (tparams, ty): (&[Field], _);
        if self.tok() == Token::Name {
            name = self.name();
            // Methods have type parameters since Go 1.27.
            let refused = if is_method && !self.options.generic_methods { "method" } else { "" };
            (tparams, ty) = self.func_type(refused);
        } else {
            name = self.blank_name(self.pos());
            tparams = &[];
            ty = self.func_type_node(self.pos(), &[], &[]);
            self.syntax_error(if is_method { "expected name" } else { "expected name or (" });
            self.advance(&[Token::Lbrace, Token::Semi]);
        }
        let body = if self.tok() == Token::Lbrace { self.body_source() } else { BodySource::None };
        Decl::Func(self.arena.alloc(FuncDecl { pos, pragma, recv, name, tparams, ty, body }))
    }

    fn body_source(&mut self) -> BodySource<'a> {
        if self.skips_bodies() {
            let start = self.pos();
            if let Some(close) = self.lexer.skip_braces() {
                let end: Pos = self.lexer.pos_at(close + 1);
                self.next();
                return BodySource::Skipped { start, end };
            }
        }
        BodySource::Parsed(self.func_decl_body())
    }

    /// A unit of its own: its nodes are numbered from 0.
    pub(super) fn func_decl_body(&mut self) -> &'a FuncBody<'a> {
        let outer = std::mem::replace(&mut self.nodes, 0);
        let block = self.func_body();
        let node_count = std::mem::replace(&mut self.nodes, outer);
        self.arena.alloc(FuncBody { block, node_count })
    }
}

enum ArrayOrTypeParams<'a> {
    Array(&'a Expr<'a>),
    TypeParams(&'a [Field<'a>]),
}

/// Whether `x` can only be a type or a union: false if it may be a value as well.
pub(crate) fn is_type_elem(mut x: &Expr) -> bool {
    loop {
        x = match x.kind {
            ExprKind::ArrayType { .. }
            | ExprKind::StructType(_)
            | ExprKind::FuncType(_)
            | ExprKind::InterfaceType(_)
            | ExprKind::SliceType { .. }
            | ExprKind::MapType { .. }
            | ExprKind::ChanType { .. }
            | ExprKind::Unary { op: Operator::Tilde, .. } => return true,
            ExprKind::Binary { y, .. } if is_type_elem(y) => return true,
            ExprKind::Binary { x, .. } | ExprKind::Unary { x, .. } | ExprKind::Paren(x) => x,
            _ => return false,
        };
    }
}
