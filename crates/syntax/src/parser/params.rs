//! Parameter lists: ordinary, result, receiver and type parameters.
//!
//! Whether `a` in `(a, b int)` is a parameter's name or a type is known only at the end of the list, so a list is
//! collected first and named afterwards.

use super::Parser;
use crate::ast::*;
use crate::token::Token;
use base::Pos;

/// A parameter as found: a lone name may turn out to be a type.
struct Param<'a> {
    pos: Pos,
    name: Option<Ident>,
    ty: Option<&'a Expr<'a>>,
}

impl<'a> Parser<'a, '_> {
    /// `ParameterList = ParameterDecl { "," ParameterDecl } .` up to and including `close`.
    ///
    /// `first` is what was already read of the first parameter. In the result all parameters have a name or none has
    /// (`require_names`: all have).
    pub(super) fn param_list(
        &mut self,
        first: Option<(Ident, Option<&'a Expr<'a>>)>,
        close: Token,
        require_names: bool,
        dots_permitted: bool,
    ) -> &'a [Field<'a>] {
        if let Some((name, Some(ty))) = first
            && self.got(close)
        {
            return self.arena.alloc_slice_copy(&[Field { pos: name.pos, name: Some(name), ty }]);
        }
        if first.is_none() && self.got(close) {
            return &[];
        }
        let mut params: Vec<Param> = Vec::new();
        let mut first = first;
        let end = self.list("parameter list", Token::Comma, close, |parser| {
            let param = match first.take() {
                Some((name, Some(ty))) => Some(Param { pos: name.pos, name: Some(name), ty: Some(ty) }),
                Some((name, None)) => parser.param_or_none(Some(name), close),
                None => parser.param_or_none(None, close),
            };
            params.extend(param);
            false
        });
        if params.is_empty() {
            return &[];
        }
        let mut fields = self.named_params(params, end, require_names);
        self.check_dots(&mut fields, dots_permitted);
        self.arena.alloc_slice_copy(&fields)
    }

    /// `ParameterDecl = [ IdentifierList ] [ "..." ] Type .`, one name at a time; `name` may have been read already.
    fn param_or_none(&mut self, name: Option<Ident>, follow: Token) -> Option<Param<'a>> {
        let unions = follow == Token::Rbrack; // a constraint may be written without interface{}
        let pos = name.map_or_else(|| self.pos(), |name| name.pos);
        if name.is_none() && unions && self.at_operator(Operator::Tilde) {
            return Some(Param { pos, name: None, ty: Some(self.type_elem()) });
        }

        let mut param = Param { pos, name: None, ty: None };
        if name.is_some() || self.tok() == Token::Name {
            let name = name.unwrap_or_else(|| self.name());
            let ty = match self.tok() {
                Token::Lbrack => {
                    let ty = self.array_or_type_args(name);
                    if !matches!(ty.kind, ExprKind::Index { .. }) {
                        param.name = Some(name);
                    }
                    Some(ty)
                }
                Token::Dot => Some(self.qualified_name(Some(name))),
                Token::Operator if unions && self.lexer.op == Operator::Or => Some(self.name_expr(name)),
                _ => None,
            };
            if let Some(ty) = ty {
                param.ty = Some(if unions { self.union_from(ty) } else { ty });
                return Some(param);
            }
            param.name = Some(name);
        }

        if self.tok() == Token::DotDotDot {
            let dots = self.pos();
            self.next();
            param.ty = Some(match self.type_or_none() {
                Some(elem) => self.expr_node(dots, ExprKind::DotsType { elem }),
                None => {
                    let bad = self.bad_expr();
                    self.syntax_error("... is missing type");
                    bad
                }
            });
            return Some(param);
        }
        if unions && self.at_operator(Operator::Tilde) {
            param.ty = Some(self.type_elem());
            return Some(param);
        }
        param.ty = self.type_or_none();
        if unions && let Some(ty) = param.ty {
            param.ty = Some(self.union_from(ty));
        }
        if param.name.is_some() || param.ty.is_some() {
            return Some(param);
        }
        self.syntax_error(&format!("expected {}", follow.in_message()));
        self.advance(&[Token::Comma, follow]);
        None
    }

    /// Decides which lone names are types, and hands each type to the names in front of it.
    fn named_params(&mut self, mut params: Vec<Param<'a>>, end: Pos, require_names: bool) -> Vec<Field<'a>> {
        let named = params.iter().filter(|param| param.name.is_some() && param.ty.is_some()).count();
        let typed = params.iter().filter(|param| param.ty.is_some()).count();
        if named == 0 && !require_names {
            for param in &mut params {
                if let Some(name) = param.name.take() {
                    param.ty = Some(self.name_expr(name));
                }
            }
        } else if named != params.len() {
            let mut leftmost = None;
            let mut current = None;
            for param in params.iter_mut().rev() {
                match (param.name, param.ty) {
                    (name, Some(ty)) => {
                        current = Some(ty);
                        if name.is_none() {
                            leftmost = Some(ty.start());
                            param.name = Some(self.blank_name(ty.start()));
                        }
                    }
                    (_, None) if current.is_some() => param.ty = current,
                    (name, None) => {
                        let pos = name.expect("a parameter has a name or a type").pos;
                        leftmost = Some(pos);
                        param.ty = Some(self.expr_node(pos, ExprKind::Bad));
                    }
                }
            }
            if let Some(leftmost) = leftmost {
                // If all that have a type also have a name, the ones without a type stand at the end.
                let (pos, message) = match (named == typed, require_names) {
                    (true, true) => (end, "missing type constraint"),
                    (true, false) => (end, "missing parameter type"),
                    (false, true) if params.len() == 1 => {
                        (leftmost, "missing type parameter name or invalid array length")
                    }
                    (false, true) => (leftmost, "missing type parameter name"),
                    (false, false) => (leftmost, "missing parameter name"),
                };
                self.syntax_error_at(pos, message);
            }
        }
        params
            .into_iter()
            .map(|param| Field { pos: param.pos, name: param.name, ty: param.ty.expect("every parameter has a type") })
            .collect()
    }

    /// spec: "The final incoming parameter in a function signature may have a type prefixed with ..."
    fn check_dots(&mut self, fields: &mut [Field<'a>], permitted: bool) {
        let last = fields.len() - 1;
        let mut reported = false;
        for (index, field) in fields.iter_mut().enumerate() {
            if let ExprKind::DotsType { elem } = field.ty.kind
                && (!permitted || index < last)
            {
                if !reported {
                    reported = true;
                    let message =
                        if permitted { "can only use ... with final parameter" } else { "invalid use of ..." };
                    self.error_at(field.ty.pos, message);
                }
                field.ty = elem;
            }
        }
    }
}
