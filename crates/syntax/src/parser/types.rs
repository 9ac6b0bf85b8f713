//! Types.

use super::Parser;
use crate::ast::*;
use crate::token::Token;
use base::Pos;

impl<'a> Parser<'a, '_> {
    pub(super) fn type_(&mut self) -> &'a Expr<'a> {
        if let Some(ty) = self.type_or_none() {
            return ty;
        }
        let bad = self.bad_expr();
        self.syntax_error("expected type");
        self.advance(&[Token::Comma, Token::Colon, Token::Semi, Token::Rparen, Token::Rbrack, Token::Rbrace]);
        bad
    }

    /// `Type = TypeName [ TypeArgs ] | TypeLit | "(" Type ")" .` if one starts here. Parentheses are dropped.
    pub(super) fn type_or_none(&mut self) -> Option<&'a Expr<'a>> {
        if !self.enter() {
            self.leave();
            return Some(self.bad_expr());
        }
        let ty = self.type_or_none_at_depth();
        self.leave();
        ty
    }

    fn type_or_none_at_depth(&mut self) -> Option<&'a Expr<'a>> {
        let pos = self.pos();
        Some(match self.tok() {
            Token::Star => {
                self.next();
                let x = self.type_();
                self.pointer_type(pos, x)
            }
            Token::Arrow => {
                self.next();
                self.want(Token::Chan);
                let elem = self.chan_elem();
                self.expr_node(pos, ExprKind::ChanType { dir: ChanDir::RecvOnly, elem })
            }
            Token::Func => {
                self.next();
                self.func_type("function type").1
            }
            Token::Lbrack => {
                self.next();
                if self.got(Token::Rbrack) { self.slice_type(pos) } else { self.array_type(pos, None) }
            }
            Token::Chan => {
                self.next();
                let dir = if self.got(Token::Arrow) { ChanDir::SendOnly } else { ChanDir::Both };
                let elem = self.chan_elem();
                self.expr_node(pos, ExprKind::ChanType { dir, elem })
            }
            Token::Map => {
                self.next();
                self.want(Token::Lbrack);
                let key = self.type_();
                self.want(Token::Rbrack);
                let value = self.type_();
                self.expr_node(pos, ExprKind::MapType { key, value })
            }
            Token::Struct => self.struct_type(),
            Token::Interface => self.interface_type(),
            Token::Name => self.qualified_name(None),
            Token::Lparen => {
                self.next();
                let ty = self.type_();
                self.want(Token::Rparen);
                ty
            }
            _ => return None,
        })
    }

    fn pointer_type(&mut self, pos: Pos, x: &'a Expr<'a>) -> &'a Expr<'a> {
        self.expr_node(pos, ExprKind::Unary { op: Operator::Mul, x })
    }

    /// After `[` at `pos`, and perhaps the length.
    pub(super) fn array_type(&mut self, pos: Pos, len: Option<&'a Expr<'a>>) -> &'a Expr<'a> {
        let mut len = len;
        if len.is_none() && !self.got(Token::DotDotDot) {
            self.expr_nesting += 1;
            len = Some(self.expr());
            self.expr_nesting -= 1;
        }
        if self.tok() == Token::Comma {
            // Fine in a type parameter list, not here.
            self.syntax_error("unexpected comma; expected ]");
            self.next();
        }
        self.want(Token::Rbrack);
        let elem = self.type_();
        self.expr_node(pos, ExprKind::ArrayType { len, elem })
    }

    /// After `[]`, the `[` at `pos`.
    pub(super) fn slice_type(&mut self, pos: Pos) -> &'a Expr<'a> {
        let elem = self.type_();
        self.expr_node(pos, ExprKind::SliceType { elem })
    }

    fn chan_elem(&mut self) -> &'a Expr<'a> {
        self.type_or_none().unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("missing channel element type");
            bad
        })
    }

    /// `TypeName = identifier | QualifiedIdent .`, with type arguments; the first name may have been read.
    pub(super) fn qualified_name(&mut self, first: Option<Ident>) -> &'a Expr<'a> {
        let name = match first {
            Some(name) => name,
            None if self.tok() == Token::Name => self.name(),
            None => {
                let name = self.blank_name(self.pos());
                self.syntax_error("expected name");
                self.advance(&[Token::Dot, Token::Semi, Token::Rbrace]);
                name
            }
        };
        let mut x = self.name_expr(name);
        if self.tok() == Token::Dot {
            let pos = self.pos();
            self.next();
            let sel = self.name();
            x = self.expr_node(pos, ExprKind::Selector { x, sel });
        }
        if self.tok() == Token::Lbrack {
            x = self.type_instance(x);
        }
        x
    }

    fn type_instance(&mut self, x: &'a Expr<'a>) -> &'a Expr<'a> {
        let pos = self.pos();
        self.want(Token::Lbrack);
        let index = if self.tok() == Token::Rbrack {
            self.syntax_error("expected type argument list");
            self.bad_expr()
        } else {
            self.type_list(true).0
        };
        self.want(Token::Rbrack);
        self.expr_node(pos, ExprKind::Index { x, index })
    }

    /// A list of one or more types, perhaps ended by a comma; unless `strict`, the first may be any expression.
    /// Also tells whether there was a comma.
    pub(super) fn type_list(&mut self, strict: bool) -> (&'a Expr<'a>, bool) {
        self.expr_nesting += 1;
        let first = if strict { self.type_() } else { self.expr() };
        let mark = self.exprs.len();
        self.exprs.push(first);
        let comma = self.tok() == Token::Comma;
        while self.got(Token::Comma) {
            let Some(ty) = self.type_or_none() else { break };
            self.exprs.push(ty);
        }
        self.expr_nesting -= 1;
        (self.list_expr_from(mark), comma)
    }

    /// After `name` in a parameter or field declaration, at `[`: `name []E`, `name [n]E`, or the instantiated type
    /// `name[T1, T2]` (an `Index`).
    pub(super) fn array_or_type_args(&mut self, name: Ident) -> &'a Expr<'a> {
        let pos = self.pos();
        self.want(Token::Lbrack);
        if self.got(Token::Rbrack) {
            return self.slice_type(pos);
        }
        let (index, comma) = self.type_list(false);
        self.want(Token::Rbrack);
        if !comma && let Some(elem) = self.type_or_none() {
            return self.expr_node(pos, ExprKind::ArrayType { len: Some(index), elem });
        }
        let x = self.name_expr(name);
        self.expr_node(pos, ExprKind::Index { x, index })
    }

    /// `[ TypeParams ] Signature`. A context that is not empty says where type parameters are not permitted.
    pub(super) fn func_type(&mut self, context: &str) -> (&'a [Field<'a>], &'a Expr<'a>) {
        let pos = self.pos();
        let mut tparams: &[Field] = &[];
        if self.got(Token::Lbrack) {
            if !context.is_empty() {
                self.syntax_error_at(pos, &format!("{context} must have no type parameters"));
            }
            if self.tok() == Token::Rbrack {
                self.syntax_error("empty type parameter list");
                self.next();
            } else {
                tparams = self.param_list(None, Token::Rbrack, true, false);
            }
        }
        self.want(Token::Lparen);
        let params = self.param_list(None, Token::Rparen, false, true);
        let results = self.results();
        (tparams, self.func_type_node(pos, params, results))
    }

    pub(super) fn func_type_node(
        &mut self,
        pos: Pos,
        params: &'a [Field<'a>],
        results: &'a [Field<'a>],
    ) -> &'a Expr<'a> {
        let ty = self.arena.alloc(FuncType { params, results, tparams: &[] });
        self.expr_node(pos, ExprKind::FuncType(ty))
    }

    /// `Result = Parameters | Type .`
    fn results(&mut self) -> &'a [Field<'a>] {
        if self.got(Token::Lparen) {
            return self.param_list(None, Token::Rparen, false, false);
        }
        let pos = self.pos();
        match self.type_or_none() {
            Some(ty) => self.arena.alloc_slice_copy(&[Field { pos, name: None, ty }]),
            None => &[],
        }
    }

    /// `StructType = "struct" "{" { FieldDecl ";" } "}" .`
    fn struct_type(&mut self) -> &'a Expr<'a> {
        let pos = self.pos();
        self.want(Token::Struct);
        self.want(Token::Lbrace);
        let mut fields = Fields::default();
        self.list("struct type", Token::Semi, Token::Rbrace, |parser| {
            parser.field_decl(&mut fields);
            false
        });
        let ty = self.arena.alloc(StructType {
            fields: self.arena.alloc_slice_copy(&fields.fields),
            tags: if fields.has_tags { self.arena.alloc_slice_copy(&fields.tags) } else { &[] },
        });
        self.expr_node(pos, ExprKind::StructType(ty))
    }

    /// `FieldDecl = (IdentifierList Type | EmbeddedField) [ Tag ] .`
    /// `EmbeddedField = [ "*" ] TypeName [ TypeArgs ] .`
    fn field_decl(&mut self, fields: &mut Fields<'a>) {
        let pos = self.pos();
        match self.tok() {
            Token::Name => {
                let name = self.name();
                if matches!(self.tok(), Token::Dot | Token::Literal | Token::Semi | Token::Rbrace) {
                    let ty = self.qualified_name(Some(name));
                    let tag = self.literal_or_none();
                    return fields.push(pos, None, ty, tag);
                }
                let names = self.name_list(name);
                let ty = if names.len() == 1 && self.tok() == Token::Lbrack {
                    let ty = self.array_or_type_args(name);
                    if let ExprKind::Index { .. } = ty.kind {
                        let tag = self.literal_or_none();
                        return fields.push(pos, None, ty, tag);
                    }
                    ty
                } else {
                    self.type_()
                };
                let tag = self.literal_or_none();
                for &name in names {
                    fields.push(name.pos, Some(name), ty, tag);
                }
            }
            Token::Star => {
                self.next();
                let parenthesized = self.tok() == Token::Lparen;
                if parenthesized {
                    self.syntax_error("cannot parenthesize embedded type");
                    self.next();
                }
                let name = self.qualified_name(None);
                if parenthesized {
                    self.got(Token::Rparen);
                }
                let tag = self.literal_or_none();
                let ty = self.pointer_type(pos, name);
                fields.push(pos, None, ty, tag);
            }
            Token::Lparen => {
                self.syntax_error("cannot parenthesize embedded type");
                self.next();
                let star = self.pos();
                let ty = if self.got(Token::Star) {
                    let name = self.qualified_name(None);
                    self.pointer_type(star, name)
                } else {
                    self.qualified_name(None)
                };
                self.got(Token::Rparen);
                let tag = self.literal_or_none();
                fields.push(pos, None, ty, tag);
            }
            _ => {
                self.syntax_error("expected field name or embedded type");
                self.advance(&[Token::Semi, Token::Rbrace]);
            }
        }
    }

    /// `InterfaceType = "interface" "{" { ( MethodElem | TypeElem ) ";" } "}" .`
    fn interface_type(&mut self) -> &'a Expr<'a> {
        let pos = self.pos();
        self.want(Token::Interface);
        self.want(Token::Lbrace);
        let mut methods = Vec::new();
        self.list("interface type", Token::Semi, Token::Rbrace, |parser| {
            let field = if parser.tok() == Token::Name {
                let mut field = parser.method_or_type_name();
                if field.name.is_none() {
                    field.ty = parser.union_from(field.ty);
                }
                field
            } else {
                let pos = parser.pos();
                Field { pos, name: None, ty: parser.type_elem() }
            };
            methods.push(field);
            false
        });
        let methods = self.arena.alloc_slice_copy(&methods);
        let ty = self.arena.alloc(InterfaceType { methods });
        self.expr_node(pos, ExprKind::InterfaceType(ty))
    }

    /// `MethodElem = MethodName Signature .`, or the type name that a type element starts with.
    fn method_or_type_name(&mut self) -> Field<'a> {
        const CONTEXT: &str = "interface method";
        let pos = self.pos();
        let name = self.name();
        let method = |parser: &mut Self| Field { pos, name: Some(name), ty: parser.func_type(CONTEXT).1 };
        match self.tok() {
            Token::Lparen => method(self),
            // `m[T C](x T)` is not permitted but understood; `T[P1, P2]` is an embedded instantiated type.
            Token::Lbrack => {
                let open = self.pos();
                self.next();
                if self.tok() == Token::Rbrack {
                    let close = self.pos();
                    self.next();
                    if self.tok() == Token::Lparen {
                        self.error_at(close, "empty type parameter list");
                        return method(self);
                    }
                    self.error_at(close, "empty type argument list");
                    return Field { pos, name: None, ty: self.name_expr(name) };
                }
                // Type arguments look like parameters without names: parse those, then decide.
                let list = self.param_list(None, Token::Rbrack, false, false);
                match list {
                    [] if self.tok() == Token::Lparen => method(self),
                    [] => Field { pos, name: None, ty: self.name_expr(name) },
                    [first, ..] if first.name.is_some() => {
                        let field = method(self);
                        self.error_at(open, "interface method must have no type parameters");
                        field
                    }
                    _ => {
                        let mark = self.exprs.len();
                        self.exprs.extend(list.iter().map(|param| param.ty));
                        let index = self.list_expr_from(mark);
                        let x = self.name_expr(name);
                        Field { pos, name: None, ty: self.expr_node(open, ExprKind::Index { x, index }) }
                    }
                }
            }
            _ => Field { pos, name: None, ty: self.qualified_name(Some(name)) },
        }
    }

    /// `TypeElem = TypeTerm { "|" TypeTerm } .`
    pub(super) fn type_elem(&mut self) -> &'a Expr<'a> {
        let first = self.type_term();
        self.union_from(first)
    }

    /// The rest of a union after its first term.
    pub(super) fn union_from(&mut self, first: &'a Expr<'a>) -> &'a Expr<'a> {
        let mut x = first;
        while self.at_operator(Operator::Or) {
            let pos = self.pos();
            self.next();
            let y = self.type_term();
            x = self.expr_node(pos, ExprKind::Binary { op: Operator::Or, x, y });
        }
        x
    }

    /// `TypeTerm = Type | UnderlyingType .` `UnderlyingType = "~" Type .`
    fn type_term(&mut self) -> &'a Expr<'a> {
        if self.at_operator(Operator::Tilde) {
            let pos = self.pos();
            self.next();
            let x = self.type_();
            return self.expr_node(pos, ExprKind::Unary { op: Operator::Tilde, x });
        }
        self.type_or_none().unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("expected ~ term or type");
            self.advance(&[Token::Operator, Token::Semi, Token::Rparen, Token::Rbrack, Token::Rbrace]);
            bad
        })
    }
}

/// A struct's fields while they are collected.
#[derive(Default)]
struct Fields<'a> {
    fields: Vec<Field<'a>>,
    tags: Vec<Option<&'a Expr<'a>>>,
    has_tags: bool,
}

impl<'a> Fields<'a> {
    fn push(&mut self, pos: Pos, name: Option<Ident>, ty: &'a Expr<'a>, tag: Option<&'a Expr<'a>>) {
        self.fields.push(Field { pos, name, ty });
        self.tags.push(tag);
        self.has_tags |= tag.is_some();
    }
}
