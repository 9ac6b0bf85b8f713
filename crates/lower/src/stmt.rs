//! Statements: lists, blocks, declarations, labels and jumps; the others have files of their own.
//!
//! Code that cannot be reached is left out, and with it everything it alone refers to. The exception is code with a
//! label in it, to which a goto may lead that is yet to come: that is lowered into blocks that nothing enters so far.

use crate::func::FuncLowerer;
use crate::rangefunc::Exit;
use crate::value::Val;
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::Block;
use smallvec::SmallVec;
use syntax::ast::{self, BranchKind, Decl, ExprList, Operator, Stmt, StmtKind};
use syntax::walk::{self, Node};
use types::ObjId;

impl<'a> FuncLowerer<'_, 'a> {
    pub fn block_stmt(&mut self, block: &'a ast::BlockStmt<'a>) {
        self.stmt_list(block.list);
    }

    pub(crate) fn stmt_list(&mut self, list: &'a [&'a Stmt<'a>]) {
        for (index, stmt) in list.iter().enumerate() {
            if !self.is_reachable() {
                // What is declared before the label is in scope behind it.
                if !list[index..].iter().any(|stmt| has_label(stmt)) {
                    return;
                }
                self.start_unreached();
            }
            self.stmt(stmt);
        }
    }

    pub fn stmt(&mut self, s: &'a Stmt<'a>) {
        self.labeled_stmt(s, None);
    }

    fn labeled_stmt(&mut self, s: &'a Stmt<'a>, label: Option<Symbol>) {
        if !self.is_reachable() {
            if !has_label(s) {
                return;
            }
            self.start_unreached();
        }
        self.at(s.pos);
        match s.kind {
            StmtKind::Empty => {}
            StmtKind::Labeled { label, stmt } => {
                self.label(label.name);
                self.labeled_stmt(stmt, Some(label.name));
            }
            StmtKind::Block(block) => self.block_stmt(block),
            StmtKind::Expr(e) => self.discard(e),
            StmtKind::Send { chan, value } => self.send_stmt(chan, value),
            StmtKind::Decl(decls) => {
                for decl in decls {
                    self.local_decl(decl);
                }
            }
            StmtKind::Assign { op: Some(op), lhs, rhs: None } => self.inc_dec(op, lhs),
            StmtKind::Assign { op: None, lhs: _, rhs: None } => unreachable!("lower: stmt: ++ and -- have an operator"),
            StmtKind::Assign { op: None, lhs, rhs: Some(rhs) } => self.assign(lhs, rhs, false),
            StmtKind::Assign { op: Some(Operator::Def), lhs, rhs: Some(rhs) } => self.assign(lhs, rhs, true),
            StmtKind::Assign { op: Some(op), lhs, rhs: Some(rhs) } => self.assign_op(op, lhs, rhs),
            StmtKind::Branch { tok, label } => self.branch_stmt(tok, label.map(|label| label.name)),
            StmtKind::Go { call } => self.go_stmt(call),
            StmtKind::Defer { call } => self.defer_stmt(call),
            StmtKind::Return { results } => self.return_stmt(results),
            StmtKind::If(stmt) => self.if_stmt(stmt),
            StmtKind::For(stmt) => self.for_stmt(stmt, label),
            StmtKind::Switch(switch) => self.switch_stmt(switch, label),
            StmtKind::Select(select) => self.select_stmt(select, label),
            StmtKind::Range(_) => unreachable!("lower: stmt: a range clause is the init of a for statement"),
        }
    }

    /// Goes on in `block`, whose predecessors are all known; nowhere if there are none.
    pub(crate) fn join(&mut self, block: Block) {
        self.seal(block);
        self.block = self.builder.has_predecessors(block).then_some(block);
    }

    /// Goes on in a block that nothing enters.
    fn start_unreached(&mut self) {
        let block = self.new_block();
        self.start(block);
    }

    /// Goes on where gotos to the label lead.
    pub(crate) fn label(&mut self, label: Symbol) {
        if !label.is_blank() {
            let block = self.label_block(label);
            self.jump(block);
            self.start_unsealed(block);
        }
    }

    fn label_block(&mut self, label: Symbol) -> Block {
        if let Some(&block) = self.labels.get(&label) {
            return block;
        }
        // Sealed at the end of the function.
        let block = self.new_block();
        self.labels.insert(label, block);
        block
    }

    /// `break`, `continue`, `goto`; a fallthrough is part of its switch.
    pub(crate) fn branch_stmt(&mut self, tok: BranchKind, label: Option<Symbol>) {
        let mut jumps = self.jumps.iter().rev().filter(|jump| label.is_none() || jump.label == label);
        let target = match tok {
            BranchKind::Break => jumps.find_map(|jump| jump.on_break),
            BranchKind::Continue => jumps.find_map(|jump| jump.on_continue),
            BranchKind::Goto => {
                let label = label.expect("lower: branch_stmt: goto has a label");
                let is_outside = self.loop_body.as_ref().is_some_and(|body| !body.has_label(label));
                (!is_outside).then(|| self.label_block(label))
            }
            BranchKind::Fallthrough => unreachable!("lower: branch_stmt: a fallthrough ends its clause"),
        };
        match target {
            Some(target) => self.jump(target),
            None => self.exit_loop_body(Exit::Branch(tok, label)),
        }
    }

    fn send_stmt(&mut self, chan: &'a ast::Expr<'a>, value: &'a ast::Expr<'a>) {
        let (ty, elem) = self.chan_type(chan);
        let vals = self.operands(&[(chan, ty), (value, elem)]);
        self.send(ty, vals[0].single(), vals[1].clone());
    }

    /// The type of a channel and of what it carries.
    pub(crate) fn chan_type(&mut self, chan: &'a ast::Expr<'a>) -> (CanonId, CanonId) {
        let ty = self.type_of(chan);
        match self.shape(ty) {
            CanonType::Chan { elem, .. } => (ty, elem),
            other => unreachable!("lower: chan_type: {other:?}"),
        }
    }

    fn local_decl(&mut self, decl: &'a Decl<'a>) {
        match decl {
            Decl::Var(decl) => self.local_var(decl),
            // Constants are in what the checker recorded; types are made when values of them are.
            Decl::Const(_) | Decl::Type(_) => {}
            Decl::Import(_) | Decl::Func(_) => unreachable!("lower: local_decl: not in functions"),
        }
    }

    fn local_var(&mut self, decl: &'a ast::VarDecl<'a>) {
        let object = |this: &Self, name: &ast::Ident| {
            this.object_at(name.id).expect("lower: local_var: a declared name has an object")
        };
        let objects: SmallVec<[ObjId; 4]> = decl.names.iter().map(|name| object(self, name)).collect();
        let values = ExprList::of(decl.values);
        if values.is_empty() {
            for obj in objects {
                self.declare_var(obj, None);
            }
            return;
        }
        let types: SmallVec<[CanonId; 4]> = objects.iter().map(|&obj| self.declared_type(obj)).collect();
        let vals: SmallVec<[Val; 4]> = if values.len() == objects.len() {
            let operands: SmallVec<[_; 4]> = values.iter().zip(types.iter().copied()).collect();
            self.operands(&operands)
        } else {
            let call = values.get(0).expect("lower: local_var: one value");
            let vals = self.multi_values(call);
            vals.into_iter().zip(&types).map(|((from, val), &to)| self.convert(val, from, to)).collect()
        };
        for (obj, val) in objects.into_iter().zip(vals) {
            self.declare_var(obj, Some(val));
        }
    }
}

/// Whether a goto could lead into the statement.
fn has_label<'a>(stmt: &'a Stmt<'a>) -> bool {
    let mut found = false;
    walk::walk_stmt(stmt, &mut |node| {
        found |= matches!(node, Node::Stmt(Stmt { kind: StmtKind::Labeled { .. }, .. }));
        !found && !matches!(node, Node::Expr(_))
    });
    found
}
