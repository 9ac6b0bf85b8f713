//! Expressions.

use super::Parser;
use crate::ast::*;
use crate::print;
use crate::token::Token;

impl<'a> Parser<'a, '_> {
    pub(super) fn expr(&mut self) -> &'a Expr<'a> {
        self.binary_expr(None, 0)
    }

    /// `ExpressionList = Expression { "," Expression } .`
    pub(super) fn expr_list(&mut self) -> &'a Expr<'a> {
        let first = self.expr();
        if self.tok() != Token::Comma {
            return first;
        }
        let mark = self.exprs.len();
        self.exprs.push(first);
        while self.got(Token::Comma) {
            let x = self.expr();
            self.exprs.push(x);
        }
        self.list_expr_from(mark)
    }

    /// `Expression = UnaryExpr | Expression binary_op Expression .`
    ///
    /// Operators that bind tighter than `prec` are taken; a chain of equal ones grows to the left without recursion.
    pub(super) fn binary_expr(&mut self, first: Option<&'a Expr<'a>>, prec: u8) -> &'a Expr<'a> {
        let mut x = match first {
            Some(x) => x,
            None => self.unary_expr(),
        };
        while matches!(self.tok(), Token::Operator | Token::Star) && self.lexer.prec > prec {
            let (pos, op, prec) = (self.pos(), self.lexer.op, self.lexer.prec);
            self.next();
            let y = self.binary_expr(None, prec);
            x = self.expr_node(pos, ExprKind::Binary { op, x, y });
        }
        x
    }

    /// `UnaryExpr = PrimaryExpr | unary_op UnaryExpr .`
    fn unary_expr(&mut self) -> &'a Expr<'a> {
        if !self.enter() {
            self.leave();
            return self.bad_expr();
        }
        let x = match self.tok() {
            Token::Operator | Token::Star => match self.lexer.op {
                op @ (Operator::Mul
                | Operator::Add
                | Operator::Sub
                | Operator::Not
                | Operator::Xor
                | Operator::Tilde
                | Operator::And) => {
                    let pos = self.pos();
                    self.next();
                    let mut x = self.unary_expr();
                    if op == Operator::And {
                        x = x.unparen(); // &(T{})
                    }
                    self.expr_node(pos, ExprKind::Unary { op, x })
                }
                _ => self.primary_expr(None, true),
            },
            Token::Arrow => self.receive_or_chan_type(),
            _ => self.primary_expr(None, true),
        };
        self.leave();
        x
    }

    /// At `<-`: a receive operation, or a type `<-chan E` (perhaps of a conversion). Only what follows tells.
    fn receive_or_chan_type(&mut self) -> &'a Expr<'a> {
        let pos = self.pos();
        self.next();
        let x = self.unary_expr();
        if !matches!(x.kind, ExprKind::ChanType { .. }) {
            return self.expr_node(pos, ExprKind::Unary { op: Operator::Recv, x });
        }
        // spec: "The <- operator associates with the leftmost chan possible". What was parsed as `<-(chan E)` is
        // `(<-chan E)`, and `<-(chan<- E)` is `(<-chan (<-E))`, so arrows move down while types are send-only.
        let mut arrow = true;
        let mut chans = Vec::new();
        let mut elem = x;
        while let ExprKind::ChanType { dir, elem: inner } = elem.kind
            && arrow
        {
            if dir == ChanDir::RecvOnly {
                self.syntax_error("unexpected <-, expected chan");
            }
            arrow = dir == ChanDir::SendOnly;
            chans.push(elem);
            elem = inner;
        }
        if arrow {
            self.syntax_error(&format!("unexpected {}, expected chan", print::expr_string(elem)));
        }
        chans
            .iter()
            .rev()
            .fold(elem, |elem, chan| self.remade(chan, ExprKind::ChanType { dir: ChanDir::RecvOnly, elem }))
    }

    /// `Operand = Literal | OperandName | MethodExpr | "(" Expression ")" .`
    ///
    /// Composite literals are parsed in [`Self::primary_expr`], since their type may be a qualified name. Parentheses
    /// are kept only where a later complaint needs them.
    fn operand(&mut self, keep_parens: bool) -> &'a Expr<'a> {
        match self.tok() {
            Token::Name => {
                let name = self.name();
                self.name_expr(name)
            }
            Token::Literal => self.literal_or_none().expect("operand: at a literal"),
            Token::Lparen => {
                let pos = self.pos();
                self.next();
                self.expr_nesting += 1;
                let x = self.expr();
                self.expr_nesting -= 1;
                self.want(Token::Rparen);
                // Before `{`, x may be the type of a composite literal, which must not be parenthesized.
                if keep_parens || self.tok() == Token::Lbrace {
                    return self.expr_node(pos, ExprKind::Paren(x));
                }
                x
            }
            Token::Func => {
                let pos = self.pos();
                self.next();
                let (_, ty) = self.func_type("function type");
                if self.tok() != Token::Lbrace {
                    return ty;
                }
                self.expr_nesting += 1;
                let body = self.func_body();
                self.expr_nesting -= 1;
                let literal = self.arena.alloc(FuncLit { ty, body });
                self.expr_node(pos, ExprKind::FuncLit(literal))
            }
            Token::Lbrack | Token::Chan | Token::Map | Token::Struct | Token::Interface => self.type_(),
            _ => {
                let bad = self.bad_expr();
                self.syntax_error("expected expression");
                self.advance(&[Token::Rparen, Token::Rbrack, Token::Rbrace]);
                bad
            }
        }
    }

    /// `PrimaryExpr = Operand | PrimaryExpr ( Selector | Index | Slice | TypeAssertion | Arguments | LiteralValue ) .`
    pub(super) fn primary_expr(&mut self, first: Option<&'a Expr<'a>>, keep_parens: bool) -> &'a Expr<'a> {
        let mut x = match first {
            Some(x) => x,
            None => self.operand(keep_parens),
        };
        loop {
            x = match self.tok() {
                Token::Dot => self.selector_or_assertion(x),
                Token::Lbrack => self.index_or_slice(x),
                Token::Lparen => self.call(x),
                Token::Lbrace if self.may_be_literal_type(x) => {
                    if matches!(x.kind, ExprKind::Paren(_)) {
                        self.syntax_error("cannot parenthesize type in composite literal");
                    }
                    self.composite_lit(Some(x))
                }
                _ => return x,
            };
        }
    }

    fn selector_or_assertion(&mut self, x: &'a Expr<'a>) -> &'a Expr<'a> {
        let pos = self.pos();
        self.next();
        match self.tok() {
            Token::Name => {
                let sel = self.name();
                self.expr_node(pos, ExprKind::Selector { x, sel })
            }
            Token::Lparen => {
                self.next();
                let kind = if self.got(Token::Type) {
                    ExprKind::TypeSwitchGuard { lhs: None, x }
                } else {
                    ExprKind::Assert { x, ty: self.type_() }
                };
                let x = self.expr_node(pos, kind);
                self.want(Token::Rparen);
                x
            }
            _ => {
                self.syntax_error("expected name or (");
                self.advance(&[Token::Semi, Token::Rparen]);
                x
            }
        }
    }

    /// At `[`: `x[i]`, `x[i:j]`, `x[i:j:k]` or an instantiation `x[T1, T2]`.
    fn index_or_slice(&mut self, x: &'a Expr<'a>) -> &'a Expr<'a> {
        let pos = self.pos();
        self.next();
        let mut first = None;
        if self.tok() != Token::Colon {
            let (index, comma) = if self.tok() == Token::Rbrack {
                self.syntax_error("expected operand");
                (self.bad_expr(), false)
            } else {
                self.type_list(false)
            };
            if comma || self.tok() == Token::Rbrack {
                self.want(Token::Rbrack);
                return self.expr_node(pos, ExprKind::Index { x, index });
            }
            first = Some(index);
        }
        if !self.got(Token::Colon) {
            self.syntax_error("expected comma, : or ]");
            self.advance(&[Token::Comma, Token::Colon, Token::Rbrack]);
        }
        self.expr_nesting += 1;
        let (mut second, mut third, mut full) = (None, None, false);
        if self.tok() != Token::Colon && self.tok() != Token::Rbrack {
            second = Some(self.expr());
        }
        if self.tok() == Token::Colon {
            full = true;
            if second.is_none() {
                self.error("middle index required in 3-index slice");
                second = Some(self.bad_expr());
            }
            self.next();
            third = Some(if self.tok() != Token::Rbrack {
                self.expr()
            } else {
                self.error("final index required in 3-index slice");
                self.bad_expr()
            });
        }
        self.expr_nesting -= 1;
        self.want(Token::Rbrack);
        self.expr_node(pos, ExprKind::Slice { x, index: [first, second, third], full })
    }

    /// `Arguments = "(" [ ( ExpressionList | Type [ "," ExpressionList ] ) [ "..." ] [ "," ] ] ")" .`
    fn call(&mut self, fun: &'a Expr<'a>) -> &'a Expr<'a> {
        let pos = self.pos();
        self.next();
        self.expr_nesting += 1;
        let mark = self.exprs.len();
        let mut has_dots = false;
        self.list("argument list", Token::Comma, Token::Rparen, |parser| {
            let arg = parser.expr();
            parser.exprs.push(arg);
            has_dots = parser.got(Token::DotDotDot);
            has_dots
        });
        self.expr_nesting -= 1;
        let args = self.exprs_from(mark);
        let call = self.arena.alloc(CallExpr { fun, args, has_dots });
        self.expr_node(pos, ExprKind::Call(call))
    }

    /// Whether a `{` after `x` opens a composite literal rather than a block.
    ///
    /// spec: "A parsing ambiguity arises when a composite literal using the TypeName form of the LiteralType appears as
    /// an operand between the keyword and the opening brace of the block of an "if", "for", or "switch" statement"
    fn may_be_literal_type(&self, x: &Expr<'a>) -> bool {
        match x.unparen().kind {
            ExprKind::Name(_) | ExprKind::Selector { .. } => self.expr_nesting >= 0,
            ExprKind::Index { .. } => self.expr_nesting >= 0 && !is_value(x.unparen()),
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType { .. }
            | ExprKind::StructType(_)
            | ExprKind::MapType { .. } => true,
            _ => false,
        }
    }

    /// `LiteralValue = "{" [ ElementList [ "," ] ] "}" .`
    fn composite_lit(&mut self, ty: Option<&'a Expr<'a>>) -> &'a Expr<'a> {
        let pos = self.pos();
        self.expr_nesting += 1;
        self.want(Token::Lbrace);
        let mark = self.exprs.len();
        let mut keys = 0;
        let rbrace = self.list("composite literal", Token::Comma, Token::Rbrace, |parser| {
            let mut element = parser.element();
            if parser.tok() == Token::Colon {
                let pos = parser.pos();
                parser.next();
                let value = parser.element();
                element = parser.expr_node(pos, ExprKind::KeyValue { key: element, value });
                keys += 1;
            }
            parser.exprs.push(element);
            false
        });
        self.expr_nesting -= 1;
        let elems = self.exprs_from(mark);
        let literal = self.arena.alloc(CompositeLit { ty, elems, keys, rbrace });
        self.expr_node(pos, ExprKind::CompositeLit(literal))
    }

    /// `Element = Expression | LiteralValue .`
    fn element(&mut self) -> &'a Expr<'a> {
        if self.tok() != Token::Lbrace {
            return self.expr();
        }
        let x = if self.enter() { self.composite_lit(None) } else { self.bad_expr() };
        self.leave();
        x
    }
}

/// Whether `x` can only be a value and not a type.
fn is_value(mut x: &Expr) -> bool {
    loop {
        x = match x.kind {
            ExprKind::BasicLit { .. }
            | ExprKind::CompositeLit(_)
            | ExprKind::FuncLit(_)
            | ExprKind::Slice { .. }
            | ExprKind::Assert { .. }
            | ExprKind::TypeSwitchGuard { .. }
            | ExprKind::Call(_)
            | ExprKind::Binary { .. } => return true,
            ExprKind::Unary { op, .. } => return op != Operator::Mul,
            ExprKind::Paren(inner) => inner,
            ExprKind::Index { x, index } => {
                if is_value(index) {
                    return true;
                }
                x
            }
            _ => return false,
        };
    }
}
