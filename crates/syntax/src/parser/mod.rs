//! The parser: recursive descent with one token of lookahead.
//!
//! Productions, node positions, messages and recovery follow gc's parser, so that not only the first message but also
//! those after it agree. Recovery is by follow lists: after a complaint, [`Parser::advance`] skips to a token that can
//! follow the broken production, and inside functions to any keyword that starts a statement.
//!
//! Three things differ in shape. Nodes are never changed once made, so where gc patches a node (`<-chan` directions,
//! the left side of a type switch) ours is made again. Every recursive production counts its depth, and at the limit
//! the parser complains once and sees only EOF from then on. And `nodes`, the counter behind [`NodeId`], starts again
//! for each function declaration's body.

mod decl;
mod expr;
mod params;
mod stmt;
mod types;

pub(crate) use decl::is_type_elem;

use crate::ast::{self, Expr, ExprKind, Ident, NodeId, Operator, Stmt, StmtKind};
use crate::lexer::Lexer;
use crate::names::NameCache;
use crate::token::{Token, TokenSet};
use crate::{Bodies, ParseOptions};
use base::{EntityId, Pos, SourceFile, sym};
use bumpalo::Bump;
use std::ops::Range;

/// How deep productions may nest: expressions, types, statements and lists count one each, and so do the links of a chain
/// of `else if`. gc has no limit but its stack; generated code has nested thousands. Measured without optimisation, the
/// costliest nesting takes 19 MB of stack at this limit: who parses makes the stack large enough for that, and for the
/// later phases' walks over the same trees.
const MAX_DEPTH: u32 = 25_000;

pub struct Parser<'a, 's> {
    lexer: Lexer<'s>,
    arena: &'a Bump,
    source: &'s SourceFile,
    options: ParseOptions,
    names: NameCache,
    /// Function nesting: inside a function, statement keywords end a search for a follow token.
    function_nesting: u32,
    /// Expression nesting, to tell a composite literal's `{` from a block's: negative in the header of a statement.
    expr_nesting: i32,
    depth: u32,
    /// How many nodes of the current unit have an id.
    nodes: usize,
    /// How many of the lexer's directives have been claimed by a declaration or thrown away.
    used_directives: usize,
    /// Those thrown away, a range of the lexer's directives for each time.
    dropped_directives: Vec<Range<u32>>,
    /// Elements of the lists being parsed, innermost last.
    exprs: Vec<&'a Expr<'a>>,
    stmts: Vec<&'a Stmt<'a>>,
}

/// Keywords that start a statement. They are good places to go on after a mistake and are not skipped over.
const STATEMENT_START: TokenSet = TokenSet::of(&[
    Token::Break,
    Token::Const,
    Token::Continue,
    Token::Defer,
    Token::Fallthrough,
    Token::For,
    Token::Go,
    Token::Goto,
    Token::If,
    Token::Return,
    Token::Select,
    Token::Switch,
    Token::Type,
    Token::Var,
]);

impl<'a, 's> Parser<'a, 's> {
    pub fn new(arena: &'a Bump, lexer: Lexer<'s>, source: &'s SourceFile, options: ParseOptions) -> Parser<'a, 's> {
        Parser {
            lexer,
            arena,
            source,
            options,
            names: NameCache::new(),
            function_nesting: 0,
            expr_nesting: 0,
            depth: 0,
            nodes: 0,
            used_directives: 0,
            dropped_directives: Vec::new(),
            exprs: Vec::new(),
            stmts: Vec::new(),
        }
    }

    pub fn into_lexer(self) -> Lexer<'s> {
        self.lexer
    }

    /// A function declaration's body that was skipped before; the lexer sees nothing behind it.
    pub fn skipped_body(&mut self) -> &'a ast::FuncBody<'a> {
        self.next();
        let body = self.func_decl_body();
        // Only after an error: the grammar saw the end of the body before the matching brace.
        if !matches!(self.tok(), Token::Semi | Token::Eof) {
            self.syntax_error("after top level declaration");
        }
        body
    }

    // Tokens

    #[inline]
    fn tok(&self) -> Token {
        self.lexer.tok
    }

    #[inline]
    fn next(&mut self) {
        self.lexer.next();
    }

    #[inline]
    fn pos(&self) -> Pos {
        self.lexer.pos()
    }

    #[inline]
    fn at_operator(&self, op: Operator) -> bool {
        self.lexer.tok == Token::Operator && self.lexer.op == op
    }

    #[inline]
    fn got(&mut self, tok: Token) -> bool {
        let got = self.lexer.tok == tok;
        if got {
            self.next();
        }
        got
    }

    fn want(&mut self, tok: Token) {
        if !self.got(tok) {
            self.syntax_error(&format!("expected {}", tok.in_message()));
            self.advance(&[]);
        }
    }

    /// Takes `=`, or `:=` with a complaint.
    fn got_assign(&mut self) -> bool {
        match self.tok() {
            Token::Define => {
                self.syntax_error("expected =");
                self.next();
                true
            }
            Token::Assign => {
                self.next();
                true
            }
            _ => false,
        }
    }

    // Errors

    fn error_count(&self) -> usize {
        self.lexer.errors
    }

    fn error_at(&mut self, pos: Pos, message: impl Into<String>) {
        self.lexer.report(pos, message.into());
    }

    fn error(&mut self, message: impl Into<String>) {
        self.error_at(self.pos(), message);
    }

    fn syntax_error(&mut self, message: &str) {
        self.syntax_error_at(self.pos(), message);
    }

    /// A message that begins with `in`, `at`, `after` or `expected` continues "unexpected TOKEN"; any other is complete.
    #[cold]
    fn syntax_error_at(&mut self, pos: Pos, message: &str) {
        if self.tok() == Token::Eof && self.error_count() > 0 {
            return; // a file that ends early has many productions that end early
        }
        let separator = if ["in ", "at ", "after "].iter().any(|start| message.starts_with(start)) {
            " "
        } else if message.starts_with("expected ") {
            ", "
        } else {
            return self.error_at(pos, format!("syntax error: {message}"));
        };
        let found = match self.tok() {
            Token::Name => format!("name {}", self.lexer.lit()),
            Token::Semi => self.lexer.semi.to_string(),
            Token::Literal => format!("literal {}", self.lexer.lit()),
            Token::Operator => self.lexer.op.to_string(),
            Token::AssignOp => format!("{}=", self.lexer.op),
            Token::IncOp => format!("{0}{0}", self.lexer.op),
            other => other.in_message(),
        };
        self.error_at(pos, format!("syntax error: unexpected {found}{separator}{message}"));
    }

    /// Skips to a token of the follow list (inside functions also to the start of a statement); with an empty list
    /// skips exactly one token.
    #[cold]
    fn advance(&mut self, follow: &[Token]) {
        let mut stop = TokenSet::of(&[Token::Eof]);
        if !follow.is_empty() {
            stop = stop.with(TokenSet::of(follow));
            if self.function_nesting > 0 {
                stop = stop.with(STATEMENT_START);
            }
        }
        while !stop.contains(self.tok()) {
            self.next();
            if follow.is_empty() {
                break;
            }
        }
    }

    /// Goes one level deeper; false, with a complaint and nothing but EOF from here on, if that is too deep.
    #[inline]
    fn enter(&mut self) -> bool {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.too_deep();
            return false;
        }
        true
    }

    #[cold]
    fn too_deep(&mut self) {
        self.error("exceeded max nesting depth");
        self.lexer.stop();
    }

    #[inline]
    fn leave(&mut self) {
        self.depth -= 1;
    }

    // Nodes

    #[inline]
    fn node_id(&mut self) -> NodeId {
        let id = NodeId::from_index(self.nodes);
        self.nodes += 1;
        id
    }

    #[inline]
    fn expr_node(&mut self, pos: Pos, kind: ExprKind<'a>) -> &'a Expr<'a> {
        let id = self.node_id();
        self.arena.alloc(Expr { id, pos, kind })
    }

    /// Another node in place of `old`, which is dropped.
    fn remade(&self, old: &Expr<'a>, kind: ExprKind<'a>) -> &'a Expr<'a> {
        self.arena.alloc(Expr { id: old.id, pos: old.pos, kind })
    }

    fn bad_expr(&mut self) -> &'a Expr<'a> {
        self.expr_node(self.pos(), ExprKind::Bad)
    }

    fn name_expr(&mut self, name: Ident) -> &'a Expr<'a> {
        self.arena.alloc(Expr { id: name.id, pos: name.pos, kind: ExprKind::Name(name.name) })
    }

    #[inline]
    fn stmt_node(&mut self, pos: Pos, kind: StmtKind<'a>) -> &'a Stmt<'a> {
        self.arena.alloc(Stmt { pos, kind })
    }

    fn exprs_from(&mut self, mark: usize) -> &'a [&'a Expr<'a>] {
        let list = self.arena.alloc_slice_copy(&self.exprs[mark..]);
        self.exprs.truncate(mark);
        list
    }

    /// The expressions from `mark` on as one: a `List` if there are several.
    fn list_expr_from(&mut self, mark: usize) -> &'a Expr<'a> {
        let first = self.exprs[mark];
        if self.exprs.len() == mark + 1 {
            self.exprs.truncate(mark);
            return first;
        }
        let elems = self.exprs_from(mark);
        self.expr_node(first.pos, ExprKind::List(elems))
    }

    // Productions used everywhere

    fn blank_name(&mut self, pos: Pos) -> Ident {
        Ident { id: self.node_id(), pos, name: sym::BLANK }
    }

    fn name(&mut self) -> Ident {
        let pos = self.pos();
        if self.tok() == Token::Name {
            let name = self.names.intern(self.lexer.text(), self.lexer.start, self.lexer.end);
            let id = self.node_id();
            self.next();
            return Ident { id, pos, name };
        }
        let name = self.blank_name(pos);
        self.syntax_error("expected name");
        self.advance(&[]);
        name
    }

    /// `IdentifierList = identifier { "," identifier } .`, its first name given.
    fn name_list(&mut self, first: Ident) -> &'a [Ident] {
        if self.tok() != Token::Comma {
            return self.arena.alloc_slice_copy(&[first]);
        }
        let mut names = vec![first];
        while self.got(Token::Comma) {
            names.push(self.name());
        }
        self.arena.alloc_slice_copy(&names)
    }

    fn literal_or_none(&mut self) -> Option<&'a Expr<'a>> {
        if self.tok() != Token::Literal {
            return None;
        }
        let text = self.arena.alloc_str(self.lexer.lit());
        let literal = ExprKind::BasicLit { kind: self.lexer.kind, text, bad: self.lexer.bad };
        let literal = self.expr_node(self.pos(), literal);
        self.next();
        Some(literal)
    }

    /// A possibly empty list of elements, separated and perhaps ended by `separator`, up to and including `close`;
    /// no elements are taken after one for which `element` returns true. Returns the position of the closing token.
    fn list(
        &mut self,
        context: &str,
        separator: Token,
        close: Token,
        mut element: impl FnMut(&mut Self) -> bool,
    ) -> Pos {
        let mut done = !self.enter();
        while self.tok() != Token::Eof && self.tok() != close && !done {
            done = element(self);
            if !self.got(separator) && self.tok() != close {
                let (separator, closing) = (separator.in_message(), close.in_message());
                self.syntax_error(&format!("in {context}; possibly missing {separator} or {closing}"));
                self.advance(&[Token::Rparen, Token::Rbrack, Token::Rbrace]);
                if self.tok() != close {
                    self.leave();
                    return self.pos();
                }
            }
        }
        self.leave();
        let pos = self.pos();
        self.want(close);
        pos
    }

    fn skips_bodies(&self) -> bool {
        // The text that a body is parsed from later must be the text of the file.
        self.options.bodies == Bodies::Skip && self.lexer.is_clean()
    }
}
