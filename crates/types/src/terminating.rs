//! Terminating statements: whether control can reach the end of a body.
//!
//! A loop, switch or select terminates only if no `break` leaves it. Such statements matter only where they end the
//! body, so breaks are looked for there alone: one walk over the outermost such statement finds for every `break` in it
//! the statement it leaves.

use crate::checker::Checker;
use base::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast::{BlockStmt, BranchKind, ExprKind, NodeId, Stmt, StmtKind};

/// Statements nested deeper than this were complained about; nothing more is said of them.
const MAX_DEPTH: u32 = 30_000;

impl<'a> Checker<'a> {
    /// Whether the function body that has just been checked ends in a terminating statement.
    pub(crate) fn is_terminating(&self, body: &'a BlockStmt<'a>) -> bool {
        let mut finder = Terminating {
            panic_calls: &self.env.panic_calls,
            left: FxHashSet::default(),
            breaks_known: false,
            depth: 0,
        };
        finder.list(body.list)
    }
}

struct Terminating<'c> {
    /// Calls of the predeclared panic.
    panic_calls: &'c FxHashSet<NodeId>,
    /// Statements that some `break` leaves, by address.
    left: FxHashSet<*const Stmt<'c>>,
    /// Inside a statement whose breaks are in `left`.
    breaks_known: bool,
    depth: u32,
}

impl<'c> Terminating<'c> {
    fn list<'a: 'c>(&mut self, list: &'a [&'a Stmt<'a>]) -> bool {
        // spec: "A statement list ends in a terminating statement if the list is not empty and its final non-empty
        // statement is terminating."
        let last = list.iter().rfind(|stmt| !matches!(stmt.kind, StmtKind::Empty));
        last.is_some_and(|stmt| self.stmt(stmt))
    }

    fn stmt<'a: 'c>(&mut self, stmt: &'a Stmt<'a>) -> bool {
        self.depth += 1;
        let is_terminating = self.depth > MAX_DEPTH || self.stmt_internal(stmt);
        self.depth -= 1;
        is_terminating
    }

    fn stmt_internal<'a: 'c>(&mut self, stmt: &'a Stmt<'a>) -> bool {
        match stmt.kind {
            StmtKind::Return { .. } => true,
            StmtKind::Branch { tok, .. } => matches!(tok, BranchKind::Goto | BranchKind::Fallthrough),
            StmtKind::Expr(e) => {
                let e = e.unparen();
                matches!(e.kind, ExprKind::Call(_)) && self.panic_calls.contains(&e.id)
            }
            StmtKind::Labeled { stmt: inner, .. } => match inner.kind {
                StmtKind::For(_) | StmtKind::Switch(_) | StmtKind::Select(_) => self.breakable(stmt, inner),
                _ => self.stmt(inner),
            },
            StmtKind::Block(block) => self.list(block.list),
            StmtKind::If(branch) => branch.els.is_some_and(|els| self.list(branch.then.list) && self.stmt(els)),
            StmtKind::For(_) | StmtKind::Switch(_) | StmtKind::Select(_) => self.breakable(stmt, stmt),
            StmtKind::Empty
            | StmtKind::Send { .. }
            | StmtKind::Decl(_)
            | StmtKind::Assign { .. }
            | StmtKind::Go { .. }
            | StmtKind::Defer { .. }
            | StmtKind::Range(_) => false,
        }
    }

    /// `outer` is `stmt` with its label, if it has one.
    fn breakable<'a: 'c>(&mut self, outer: &'a Stmt<'a>, stmt: &'a Stmt<'a>) -> bool {
        let finds_breaks = !self.breaks_known;
        if finds_breaks {
            find_breaks(outer, &mut self.left);
            self.breaks_known = true;
        }
        let is_terminating = !self.left.contains(&std::ptr::from_ref(stmt))
            && match stmt.kind {
                // A range loop ends when its values do.
                StmtKind::For(stmt) => {
                    stmt.cond.is_none() && !matches!(stmt.init.map(|init| init.kind), Some(StmtKind::Range(_)))
                }
                StmtKind::Switch(switch) => {
                    switch.body.iter().any(|clause| clause.cases.is_none())
                        && switch.body.iter().all(|clause| self.list(clause.body))
                }
                StmtKind::Select(select) => select.body.iter().all(|clause| self.list(clause.body)),
                _ => unreachable!("is_terminating: only loops, switches and selects can be left"),
            };
        if finds_breaks {
            self.breaks_known = false;
        }
        is_terminating
    }
}

/// Adds the statements in `root` that are left by a `break`.
fn find_breaks<'a>(root: &'a Stmt<'a>, left: &mut FxHashSet<*const Stmt<'a>>) {
    enum Step<'a> {
        Visit {
            stmt: &'a Stmt<'a>,
            label: Option<Symbol>,
        },
        /// The innermost breakable statement is done.
        Leave,
    }
    let mut labels: FxHashMap<Symbol, &'a Stmt<'a>> = FxHashMap::default();
    let mut open: Vec<&'a Stmt<'a>> = Vec::new();
    let mut steps = vec![Step::Visit { stmt: root, label: None }];
    while let Some(step) = steps.pop() {
        let Step::Visit { stmt, label } = step else {
            open.pop();
            continue;
        };
        if matches!(stmt.kind, StmtKind::For(_) | StmtKind::Switch(_) | StmtKind::Select(_)) {
            open.push(stmt);
            labels.extend(label.map(|label| (label, stmt)));
            steps.push(Step::Leave);
        }
        let visit = |stmt: &&'a Stmt<'a>| Step::Visit { stmt, label: None };
        match stmt.kind {
            StmtKind::Branch { tok: BranchKind::Break, label: None } => {
                left.extend(open.last().map(|&stmt| std::ptr::from_ref(stmt)));
            }
            StmtKind::Branch { tok: BranchKind::Break, label: Some(label) } => {
                left.extend(labels.get(&label.name).map(|&stmt| std::ptr::from_ref(stmt)));
            }
            StmtKind::Labeled { label, stmt } => steps.push(Step::Visit { stmt, label: Some(label.name) }),
            StmtKind::Block(block) => steps.extend(block.list.iter().map(visit)),
            StmtKind::If(branch) => {
                steps.extend(branch.then.list.iter().map(visit));
                steps.extend(branch.els.map(|stmt| Step::Visit { stmt, label: None }));
            }
            StmtKind::For(stmt) => steps.extend(stmt.body.list.iter().map(visit)),
            StmtKind::Switch(switch) => {
                steps.extend(switch.body.iter().flat_map(|clause| clause.body).map(visit));
            }
            StmtKind::Select(select) => {
                steps.extend(select.body.iter().flat_map(|clause| clause.body).map(visit));
            }
            _ => {}
        }
    }
}
