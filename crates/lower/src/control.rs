//! `if` and `for`.
//!
//! ```text
//! for i := 0; i < n; i++ { body }
//!
//! init; jump head
//! head: branch i < n, body, exit
//! body: ...; jump cont             continue leads to cont, break to exit
//! cont: variables of the next iteration; i++; jump head
//! ```
//!
//! spec: "Each iteration has its own separate declared variable (or variables) [Go 1.22]. The variable used by the first
//! iteration is declared by the init statement. The variable used by each subsequent iteration is declared implicitly
//! before executing the post statement and initialized to the value of the previous iteration's variable at that
//! moment." Only variables in objects of their own can tell the difference.

use crate::func::{FuncLowerer, Jump, Storage};
use base::Symbol;
use ir::Block;
use syntax::ast::{self, Operator, StmtKind};
use types::{GoVersion, ObjId};

/// Where iterations go on, and where the loop ends.
pub(crate) struct Loop {
    pub head: Block,
    pub body: Block,
    pub cont: Block,
    pub exit: Block,
}

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn if_stmt(&mut self, stmt: &'a ast::IfStmt<'a>) {
        let done = self.new_block();
        let mut stmt = stmt;
        loop {
            if let Some(init) = stmt.init {
                self.stmt(init);
            }
            let then = self.new_block();
            let els = if stmt.els.is_some() { self.new_block() } else { done };
            self.cond(stmt.cond, then, els);
            self.join(then);
            self.block_stmt(stmt.then);
            self.jump(done);
            let Some(other) = stmt.els else { break };
            self.join(els);
            match other.kind {
                StmtKind::If(next) if self.is_reachable() => {
                    self.at(other.pos);
                    stmt = next;
                }
                _ => {
                    self.stmt(other);
                    self.jump(done);
                    break;
                }
            }
        }
        self.join(done);
    }

    pub(crate) fn for_stmt(&mut self, stmt: &'a ast::ForStmt<'a>, label: Option<Symbol>) {
        if let Some(init) = stmt.init {
            if let StmtKind::Range(clause) = init.kind {
                return self.range_stmt(stmt, clause, label);
            }
            self.stmt(init);
        }
        let blocks = self.begin_loop();
        match stmt.cond {
            Some(cond) => self.cond(cond, blocks.body, blocks.exit),
            None => self.jump(blocks.body),
        }
        self.loop_body(&blocks, stmt.body, label, |_| {});
        if self.is_reachable() {
            self.renew_variables(stmt);
            if let Some(post) = stmt.post {
                self.stmt(post);
            }
        }
        self.end_loop(&blocks);
    }

    /// Goes on in the head of a new loop.
    pub(crate) fn begin_loop(&mut self) -> Loop {
        let [head, body, cont, exit] = [(); 4].map(|()| self.new_block());
        self.jump(head);
        self.start_unsealed(head);
        Loop { head, body, cont, exit }
    }

    /// The body, into which `bind` puts the variables of the iteration; goes on where `continue` leads.
    pub(crate) fn loop_body(
        &mut self,
        blocks: &Loop,
        body: &'a ast::BlockStmt<'a>,
        label: Option<Symbol>,
        bind: impl FnOnce(&mut Self),
    ) {
        self.join(blocks.body);
        if self.is_reachable() {
            bind(self);
        }
        self.jumps.push(Jump { label, on_break: Some(blocks.exit), on_continue: Some(blocks.cont) });
        self.block_stmt(body);
        self.jumps.pop();
        self.jump(blocks.cont);
        self.join(blocks.cont);
    }

    pub(crate) fn end_loop(&mut self, blocks: &Loop) {
        self.jump(blocks.head);
        self.seal(blocks.head);
        self.join(blocks.exit);
    }

    /// Gives the next iteration its own variables.
    fn renew_variables(&mut self, stmt: &'a ast::ForStmt<'a>) {
        let Some(StmtKind::Assign { op: Some(Operator::Def), lhs, .. }) = stmt.init.map(|init| init.kind) else {
            return;
        };
        for e in lhs.list().iter() {
            let Some(obj) = e.as_ident().and_then(|ident| self.object_at(ident.id)) else { continue };
            if !self.facts.in_memory.contains(&obj) || !self.is_per_iteration(obj) {
                continue;
            }
            let Some(&Storage::Memory(variable)) = self.vars.get(&obj) else { continue };
            let ty = self.declared_type(obj);
            let old = self.read(variable);
            let val = self.load(ty, old, 0);
            let new = self.new_object(ty);
            self.store(ty, new, 0, &val);
            self.write(variable, new);
        }
    }

    /// Whether loops of the file that declares the variable have variables for each iteration.
    pub(crate) fn is_per_iteration(&self, obj: ObjId) -> bool {
        let checker = &self.cx.checker;
        let object = checker.obj(obj);
        let Some(pkg) = object.pkg else { return true };
        let file = checker.sources.file_of(object.pos);
        let file = checker.package_states[pkg].files.iter().find(|input| input.ast.id == file);
        file.is_none_or(|input| input.version >= GoVersion::go1(22))
    }
}
