//! Statements.

use super::Parser;
use crate::ast::*;
use crate::branches;
use crate::print;
use crate::token::Token;
use base::{Diagnostic, Pos};

/// What stands between a statement's keyword and its block.
struct StmtHeader<'a> {
    init: Option<&'a Stmt<'a>>,
    cond: Option<&'a Expr<'a>>,
    post: Option<&'a Stmt<'a>>,
}

impl<'a> Parser<'a, '_> {
    /// At `{`: the body of a function declaration or literal.
    pub(super) fn func_body(&mut self) -> &'a BlockStmt<'a> {
        self.function_nesting += 1;
        let errors = self.error_count();
        let body = self.block("");
        self.function_nesting -= 1;
        // After a syntax error the tree may lack what a branch refers to.
        if self.options.check_branches && errors == self.error_count() {
            let lines = crate::lines::Lines::new(self.source, &self.lexer.line_directives);
            let found = branches::check(body, &lines);
            self.lexer.diagnostics.extend(found.into_iter().map(|(pos, message)| Diagnostic::syntax(pos, message)));
        }
        body
    }

    /// `Block = "{" StatementList "}" .` The context is used if the `{` is missing.
    fn block(&mut self, context: &str) -> &'a BlockStmt<'a> {
        let pos = self.pos();
        // People coming from C may forget that braces are mandatory.
        if !self.got(Token::Lbrace) {
            self.syntax_error(&format!("expected {{ after {context}"));
            self.advance(&[Token::Name, Token::Rbrace]);
            let rbrace = self.pos();
            if self.got(Token::Rbrace) {
                return self.arena.alloc(BlockStmt { pos, list: &[], rbrace });
            }
        }
        let list = self.stmt_list();
        let rbrace = self.pos();
        self.want(Token::Rbrace);
        self.arena.alloc(BlockStmt { pos, list, rbrace })
    }

    /// `StatementList = { Statement ";" } .`
    fn stmt_list(&mut self) -> &'a [&'a Stmt<'a>] {
        let mark = self.stmts.len();
        while !matches!(self.tok(), Token::Eof | Token::Rbrace | Token::Case | Token::Default) {
            let stmt = self.stmt_or_none();
            self.drop_directives();
            let Some(stmt) = stmt else { break };
            self.stmts.push(stmt);
            // spec: "a semicolon may be omitted before a closing ")" or "}""
            if !self.got(Token::Semi) && self.tok() != Token::Rbrace {
                self.syntax_error("at end of statement");
                self.advance(&[Token::Semi, Token::Rbrace, Token::Case, Token::Default]);
                self.got(Token::Semi);
            }
        }
        let list = self.arena.alloc_slice_copy(&self.stmts[mark..]);
        self.stmts.truncate(mark);
        list
    }

    /// A statement, if one starts here.
    fn stmt_or_none(&mut self) -> Option<&'a Stmt<'a>> {
        let stmt = if self.enter() { self.stmt_or_none_at_depth() } else { None };
        self.leave();
        stmt
    }

    fn stmt_or_none_at_depth(&mut self) -> Option<&'a Stmt<'a>> {
        let pos = self.pos();
        // Most statements start with a name.
        if self.tok() == Token::Name {
            self.drop_directives();
            let lhs = self.expr_list();
            if self.tok() == Token::Colon
                && let Some(label) = lhs.as_ident()
            {
                return self.labeled_stmt_or_none(label);
            }
            return Some(self.simple_stmt(Some(lhs), None));
        }
        match self.tok() {
            Token::Var => return Some(self.decl_stmt(pos, Self::var_decl)),
            Token::Const => return Some(self.decl_stmt(pos, Self::const_decl)),
            Token::Type => return Some(self.decl_stmt(pos, Self::type_decl)),
            _ => {}
        }
        self.drop_directives();
        let kind = match self.tok() {
            Token::Lbrace => StmtKind::Block(self.block("")),
            Token::Operator | Token::Star => match self.lexer.op {
                Operator::Add | Operator::Sub | Operator::Mul | Operator::And | Operator::Xor | Operator::Not => {
                    return Some(self.simple_stmt(None, None));
                }
                _ => return None,
            },
            Token::Literal
            | Token::Func
            | Token::Lparen
            | Token::Lbrack
            | Token::Struct
            | Token::Map
            | Token::Chan
            | Token::Interface
            | Token::Arrow => return Some(self.simple_stmt(None, None)),
            Token::For => self.for_stmt(),
            Token::Switch => self.switch_stmt(),
            Token::Select => self.select_stmt(),
            Token::If => return Some(self.if_stmt()),
            Token::Fallthrough => {
                self.next();
                StmtKind::Branch { tok: BranchKind::Fallthrough, label: None }
            }
            Token::Break | Token::Continue => {
                let tok = if self.tok() == Token::Break { BranchKind::Break } else { BranchKind::Continue };
                self.next();
                let label = if self.tok() == Token::Name { Some(self.name()) } else { None };
                StmtKind::Branch { tok, label }
            }
            Token::Goto => {
                self.next();
                StmtKind::Branch { tok: BranchKind::Goto, label: Some(self.name()) }
            }
            Token::Go => StmtKind::Go { call: self.call_after("go") },
            Token::Defer => StmtKind::Defer { call: self.call_after("defer") },
            Token::Return => {
                self.next();
                let none = matches!(self.tok(), Token::Semi | Token::Rbrace);
                StmtKind::Return { results: if none { None } else { Some(self.expr_list()) } }
            }
            Token::Semi => StmtKind::Empty,
            _ => return None,
        };
        Some(self.stmt_node(pos, kind))
    }

    fn decl_stmt(&mut self, pos: Pos, parse: fn(&mut Self, Option<Group>) -> Decl<'a>) -> &'a Stmt<'a> {
        let mut decls = Vec::new();
        self.decl_group(&mut decls, parse);
        let decls = self.arena.alloc_slice_fill_iter(decls);
        self.stmt_node(pos, StmtKind::Decl(decls))
    }

    /// At the `:` after a label.
    fn labeled_stmt_or_none(&mut self, label: Ident) -> Option<&'a Stmt<'a>> {
        let pos = self.pos();
        self.want(Token::Colon);
        if self.tok() == Token::Rbrace {
            let stmt = self.stmt_node(self.pos(), StmtKind::Empty);
            return Some(self.stmt_node(pos, StmtKind::Labeled { label, stmt }));
        }
        match self.stmt_or_none() {
            Some(stmt) => Some(self.stmt_node(pos, StmtKind::Labeled { label, stmt })),
            None => {
                self.syntax_error_at(pos, "missing statement after label");
                None
            }
        }
    }

    /// `SimpleStmt = EmptyStmt | ExpressionStmt | SendStmt | IncDecStmt | Assignment | ShortVarDecl .`
    ///
    /// The left side may have been read. After `for` also a range clause, after `switch` also `x := y.(type)`.
    fn simple_stmt(&mut self, lhs: Option<&'a Expr<'a>>, keyword: Option<Token>) -> &'a Stmt<'a> {
        if keyword == Some(Token::For) && self.tok() == Token::Range {
            return self.range_clause(None, false);
        }
        let lhs = match lhs {
            Some(lhs) => lhs,
            None => self.expr_list(),
        };
        let pos = self.pos();
        let assigns = matches!(self.tok(), Token::Assign | Token::Define);
        if let ExprKind::List(elems) = lhs.kind
            && !assigns
        {
            self.syntax_error("expected := or = or comma");
            self.advance(&[Token::Semi, Token::Rbrace]);
            return self.stmt_node(elems[0].pos, StmtKind::Expr(elems[0]));
        }
        match self.tok() {
            Token::Assign | Token::Define => {
                let define = self.tok() == Token::Define;
                self.next();
                if keyword == Some(Token::For) && self.tok() == Token::Range {
                    return self.range_clause(Some(lhs), define);
                }
                let rhs = self.expr_list();
                if let ExprKind::TypeSwitchGuard { x, .. } = rhs.kind
                    && keyword == Some(Token::Switch)
                    && define
                    && let Some(name) = lhs.as_ident()
                {
                    let guard = self.remade(rhs, ExprKind::TypeSwitchGuard { lhs: Some(name), x });
                    return self.stmt_node(guard.pos, StmtKind::Expr(guard));
                }
                let op = define.then_some(Operator::Def);
                self.stmt_node(pos, StmtKind::Assign { op, lhs, rhs: Some(rhs) })
            }
            Token::AssignOp => {
                let op = Some(self.lexer.op);
                self.next();
                let rhs = Some(self.expr());
                self.stmt_node(pos, StmtKind::Assign { op, lhs, rhs })
            }
            Token::IncOp => {
                let op = Some(self.lexer.op);
                self.next();
                self.stmt_node(pos, StmtKind::Assign { op, lhs, rhs: None })
            }
            Token::Arrow => {
                self.next();
                let value = self.expr();
                self.stmt_node(pos, StmtKind::Send { chan: lhs, value })
            }
            _ => self.stmt_node(lhs.pos, StmtKind::Expr(lhs)),
        }
    }

    /// At `range`.
    fn range_clause(&mut self, lhs: Option<&'a Expr<'a>>, def: bool) -> &'a Stmt<'a> {
        let pos = self.pos();
        self.next();
        let x = self.expr();
        let clause = self.arena.alloc(RangeClause { lhs, def, x });
        self.stmt_node(pos, StmtKind::Range(clause))
    }

    /// At `go` or `defer`.
    fn call_after(&mut self, keyword: &str) -> &'a Expr<'a> {
        self.next();
        let keep_parens = self.tok() == Token::Lparen;
        let x = self.primary_expr(None, keep_parens);
        if let ExprKind::Paren(_) = x.kind {
            self.error_at(x.pos, format!("expression in {keyword} must not be parenthesized"));
        }
        x.unparen()
    }

    fn for_stmt(&mut self) -> StmtKind<'a> {
        let StmtHeader { init, cond, post } = self.header(Token::For);
        let body = self.block("for clause");
        StmtKind::For(self.arena.alloc(ForStmt { init, cond, post, body }))
    }

    fn if_stmt(&mut self) -> &'a Stmt<'a> {
        let pos = self.pos();
        let StmtHeader { init, cond, .. } = self.header(Token::If);
        let cond = cond.unwrap_or_else(|| self.bad_expr());
        let then = self.block("if clause");
        let mut els = None;
        if self.got(Token::Else) {
            match self.tok() {
                Token::If => {
                    els = self.enter().then(|| self.if_stmt());
                    self.leave();
                }
                Token::Lbrace => {
                    let pos = self.pos();
                    let block = self.block("");
                    els = Some(self.stmt_node(pos, StmtKind::Block(block)));
                }
                _ => {
                    self.syntax_error("else must be followed by if or statement block");
                    self.advance(&[Token::Name, Token::Rbrace]);
                }
            }
        }
        let stmt = self.arena.alloc(IfStmt { init, cond, then, els });
        self.stmt_node(pos, StmtKind::If(stmt))
    }

    /// At the keyword: everything up to the block.
    fn header(&mut self, keyword: Token) -> StmtHeader<'a> {
        self.want(keyword);
        let mut header = StmtHeader { init: None, cond: None, post: None };
        if self.tok() == Token::Lbrace {
            if keyword == Token::If {
                self.syntax_error("missing condition in if statement");
                header.cond = Some(self.bad_expr());
            }
            return header;
        }
        let outer = std::mem::replace(&mut self.expr_nesting, -1);
        self.header_parts(keyword, &mut header);
        self.expr_nesting = outer;
        header
    }

    fn header_parts(&mut self, keyword: Token, header: &mut StmtHeader<'a>) {
        if self.tok() != Token::Semi {
            if self.got(Token::Var) {
                self.syntax_error(&format!("var declaration not allowed in {} initializer", keyword.as_str()));
            }
            let init = self.simple_stmt(None, Some(keyword));
            header.init = Some(init);
            if let StmtKind::Range(_) = init.kind {
                return;
            }
        }
        let mut semicolon = None;
        let cond = if self.tok() == Token::Lbrace {
            header.init.take()
        } else {
            if self.tok() == Token::Semi {
                semicolon = Some((self.pos(), self.lexer.semi));
                self.next();
            } else {
                // Asking for a `{` rather than a `;` makes the better message.
                self.want(Token::Lbrace);
                if self.tok() != Token::Lbrace {
                    self.advance(&[Token::Lbrace, Token::Rbrace]);
                }
            }
            if keyword == Token::For {
                self.for_cond_and_post(header)
            } else if self.tok() != Token::Lbrace {
                Some(self.simple_stmt(None, Some(keyword)))
            } else {
                None
            }
        };
        match cond {
            None => {
                if keyword == Token::If
                    && let Some((pos, written)) = semicolon
                {
                    if written == "semicolon" {
                        self.syntax_error_at(pos, "missing condition in if statement");
                    } else {
                        self.syntax_error_at(pos, &format!("unexpected {written}, expected {{ after if clause"));
                    }
                    header.cond = Some(self.expr_node(pos, ExprKind::Bad));
                }
            }
            Some(Stmt { kind: StmtKind::Expr(x), .. }) => header.cond = Some(x),
            Some(stmt) => {
                // `=` for `==` is a common slip.
                let shown = match stmt.kind {
                    StmtKind::Assign { op: None, lhs, rhs: Some(rhs) } => {
                        format!("assignment {} = {}", emphasized(lhs), emphasized(rhs))
                    }
                    _ => print::simple_stmt_string(stmt),
                };
                self.syntax_error_at(stmt.pos, &format!("cannot use {shown} as value"));
            }
        }
    }

    /// What follows the first `;` of a `for` clause.
    fn for_cond_and_post(&mut self, header: &mut StmtHeader<'a>) -> Option<&'a Stmt<'a>> {
        let mut cond = None;
        if self.tok() != Token::Semi {
            if self.tok() == Token::Lbrace {
                self.syntax_error("expected for loop condition");
                return None;
            }
            cond = Some(self.simple_stmt(None, None));
        }
        self.want(Token::Semi);
        if self.tok() != Token::Lbrace {
            let post = self.simple_stmt(None, None);
            if let StmtKind::Assign { op: Some(Operator::Def), .. } = post.kind {
                self.syntax_error_at(post.pos, "cannot declare in post statement of for loop");
            }
            header.post = Some(post);
        }
        cond
    }

    fn switch_stmt(&mut self) -> StmtKind<'a> {
        let StmtHeader { init, cond: tag, .. } = self.header(Token::Switch);
        self.open_clauses("missing { after switch clause");
        let mut clauses = Vec::new();
        while self.tok() != Token::Eof && self.tok() != Token::Rbrace {
            let (id, pos) = (self.node_id(), self.pos());
            let cases = if self.at_case() { Some(self.expr_list()) } else { None };
            let colon = self.pos();
            self.want(Token::Colon);
            clauses.push(CaseClause { id, pos, cases, body: self.stmt_list(), colon });
        }
        let rbrace = self.pos();
        self.want(Token::Rbrace);
        let body = self.arena.alloc_slice_fill_iter(clauses);
        StmtKind::Switch(self.arena.alloc(SwitchStmt { init, tag, body, rbrace }))
    }

    fn select_stmt(&mut self) -> StmtKind<'a> {
        self.want(Token::Select);
        self.open_clauses("missing { after select clause");
        let mut clauses = Vec::new();
        while self.tok() != Token::Eof && self.tok() != Token::Rbrace {
            let pos = self.pos();
            // Whether it is a send or a receive is left to the checker.
            let comm = if self.at_case() { Some(self.simple_stmt(None, None)) } else { None };
            let colon = self.pos();
            self.want(Token::Colon);
            clauses.push(CommClause { pos, comm, body: self.stmt_list(), colon });
        }
        let rbrace = self.pos();
        self.want(Token::Rbrace);
        let body = self.arena.alloc_slice_fill_iter(clauses);
        StmtKind::Select(self.arena.alloc(SelectStmt { body, rbrace }))
    }

    fn open_clauses(&mut self, message: &str) {
        if !self.got(Token::Lbrace) {
            self.syntax_error(message);
            self.advance(&[Token::Case, Token::Default, Token::Rbrace]);
        }
    }

    /// Reads `case` or `default`; true for `case`.
    fn at_case(&mut self) -> bool {
        match self.tok() {
            Token::Case => {
                self.next();
                return true;
            }
            Token::Default => self.next(),
            _ => {
                self.syntax_error("expected case or default or }");
                self.advance(&[Token::Colon, Token::Case, Token::Default, Token::Rbrace]);
            }
        }
        false
    }
}

/// A binary expression in parentheses, so that an `=` beside it stands out.
fn emphasized(x: &Expr) -> String {
    let text = print::expr_string(x);
    if let ExprKind::Binary { .. } = x.kind { format!("({text})") } else { text }
}
