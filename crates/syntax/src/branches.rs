//! Labels and branch statements of a function body.
//!
//! Found here: `break`, `continue` and `fallthrough` out of place, labels that are bad, missing, unused or declared
//! twice, and `goto`s that jump over variable declarations or into blocks. gc does this in its parser, so these count
//! as syntax errors.
//!
//! A `goto` before its label is *forward* until the label turns up in its block or an enclosing one. It jumps over a
//! variable if one was declared in the label's block since the goto (or the inner block holding it) was seen; so each
//! forward goto remembers how many declarations its block had by then. Function literals are bodies of their own.

use crate::ast::*;
use crate::lines::Lines;
use crate::print;
use base::{Pos, Symbol};
use rustc_hash::FxHashMap;

/// The complaints about `body`, in gc's order.
pub fn check<'a>(body: &'a BlockStmt<'a>, lines: &Lines) -> Vec<(Pos, String)> {
    let mut checker = Checker::new(lines);
    let forward = checker.block(None, Targets::default(), None, body.pos, StmtList::Many(body.list));
    for goto in forward {
        let name = goto.label.name;
        match checker.by_name.get(&name) {
            Some(&label) => {
                checker.labels[label].used = true;
                let start = checker.blocks[checker.labels[label].block].start;
                let start = checker.lines.show(start);
                checker.error(goto.label.pos, format!("goto {name} jumps into block starting at {start}"));
            }
            None => checker.error(goto.label.pos, format!("label {name} not defined")),
        }
    }
    // spec: "It is illegal to define a label that is never used."
    for label in std::mem::take(&mut checker.labels) {
        if !label.used {
            checker.error(label.name.pos, format!("label {} defined and not used", label.name.name));
        }
    }
    checker.errors
}

struct Checker<'a, 'l> {
    lines: &'l Lines<'l>,
    labels: Vec<Label<'a>>,
    by_name: FxHashMap<Symbol, usize>,
    blocks: Vec<Block<'a>>,
    /// How many forward gotos wait for a label, in all open blocks.
    waiting: FxHashMap<Symbol, usize>,
    errors: Vec<(Pos, String)>,
}

struct Label<'a> {
    name: Ident,
    /// The block that declares it.
    block: usize,
    /// The `Labeled` statement.
    stmt: &'a Stmt<'a>,
    used: bool,
}

struct Block<'a> {
    parent: Option<usize>,
    start: Pos,
    /// The `Labeled` statement whose statement this block belongs to.
    labeled: Option<&'a Stmt<'a>>,
}

struct ForwardGoto {
    label: Ident,
    /// How many variable declarations its block had when it was seen.
    declarations: usize,
}

/// Where `break`, `continue` and `fallthrough` without a label lead.
#[derive(Clone, Copy, Default)]
struct Targets<'a> {
    breaks: bool,
    continues: bool,
    /// The switch that a `break` would leave, and the clause of it that the statement list belongs to directly.
    switch: Option<&'a SwitchStmt<'a>>,
    clause: Option<usize>,
}

/// The statements of a block; an `else` branch counts as a block of one.
#[derive(Clone, Copy)]
enum StmtList<'a> {
    Many(&'a [&'a Stmt<'a>]),
    One(&'a Stmt<'a>),
}

impl<'a, 'l> Checker<'a, 'l> {
    fn new(lines: &'l Lines<'l>) -> Self {
        Checker {
            lines,
            labels: Vec::new(),
            by_name: FxHashMap::default(),
            blocks: Vec::new(),
            waiting: FxHashMap::default(),
            errors: Vec::new(),
        }
    }

    fn error(&mut self, pos: Pos, message: impl Into<String>) {
        self.errors.push((pos, message.into()));
    }

    /// Checks a block and returns the gotos in it whose label has not turned up.
    fn block(
        &mut self,
        parent: Option<usize>,
        targets: Targets<'a>,
        labeled: Option<&'a Stmt<'a>>,
        start: Pos,
        stmts: StmtList<'a>,
    ) -> Vec<ForwardGoto> {
        let block = self.blocks.len();
        self.blocks.push(Block { parent, start, labeled });
        let one;
        let stmts = match stmts {
            StmtList::Many(list) => trim_empty(list),
            StmtList::One(stmt) => {
                one = [stmt];
                &one[..]
            }
        };
        let mut forward: Vec<ForwardGoto> = Vec::new();
        // How many variable declarations there were, and the last one.
        let mut declarations = 0;
        let mut declared = (Pos::NONE, Declared::Nothing);

        for (index, &stmt) in stmts.iter().enumerate() {
            let mut stmt = stmt;
            let mut labeled = None;
            while let StmtKind::Labeled { label, stmt: inner } = stmt.kind {
                if !label.name.is_blank() {
                    let known = self.declare(block, label, stmt);
                    self.labels[known].used |= self.resolve(&mut forward, label, declarations, &declared);
                    labeled = Some(stmt);
                }
                stmt = inner;
            }
            let inner = Targets { clause: None, ..targets };
            let mut nested = |checker: &mut Self, targets, start, stmts| {
                let unresolved = checker.block(Some(block), targets, labeled, start, stmts);
                forward.extend(unresolved.into_iter().map(|goto| ForwardGoto { declarations, ..goto }));
            };
            match stmt.kind {
                StmtKind::Decl(decls) => {
                    let var = decls.iter().find_map(|decl| if let Decl::Var(var) = decl { Some(*var) } else { None });
                    if let Some(var) = var {
                        declarations += 1;
                        declared = (var.pos, Declared::Name(var.names[0].name));
                    }
                }
                StmtKind::Assign { op: Some(Operator::Def), lhs, .. } => {
                    declarations += 1;
                    declared = (stmt.pos, Declared::Expr(lhs));
                }
                StmtKind::Branch { tok, label: None } => {
                    self.plain_branch(stmt.pos, tok, targets, index + 1 == stmts.len());
                }
                StmtKind::Branch { tok, label: Some(label) } => {
                    let waits = self.labeled_branch(block, tok, label);
                    forward.extend(waits.then_some(ForwardGoto { label, declarations }));
                }
                StmtKind::Block(body) => nested(self, inner, body.pos, StmtList::Many(body.list)),
                StmtKind::If(stmt) => {
                    nested(self, inner, stmt.then.pos, StmtList::Many(stmt.then.list));
                    if let Some(els) = stmt.els {
                        nested(self, inner, els.pos, StmtList::One(els));
                    }
                }
                StmtKind::For(stmt) => {
                    let targets = Targets { breaks: true, continues: true, switch: None, clause: None };
                    nested(self, targets, stmt.body.pos, StmtList::Many(stmt.body.list));
                }
                StmtKind::Switch(switch) => {
                    for (clause, case) in switch.body.iter().enumerate() {
                        let targets = Targets { breaks: true, switch: Some(switch), clause: Some(clause), ..targets };
                        nested(self, targets, case.pos, StmtList::Many(case.body));
                    }
                }
                StmtKind::Select(select) => {
                    for case in select.body {
                        let targets = Targets { breaks: true, switch: None, clause: None, ..targets };
                        nested(self, targets, case.pos, StmtList::Many(case.body));
                    }
                }
                _ => {}
            }
        }
        forward
    }

    /// Lets the forward gotos that wait for `label` find it; whether there were any.
    fn resolve(
        &mut self,
        forward: &mut Vec<ForwardGoto>,
        label: Ident,
        declarations: usize,
        declared: &(Pos, Declared),
    ) -> bool {
        let Some(waiting) = self.waiting.get_mut(&label.name).filter(|waiting| **waiting > 0) else { return false };
        let before = forward.len();
        let mut over = Vec::new();
        forward.retain(|goto| {
            let found = goto.label.name == label.name;
            if found && goto.declarations < declarations {
                over.push(goto.label.pos);
            }
            !found
        });
        let resolved = before - forward.len();
        *waiting -= resolved;
        // spec: "Executing the "goto" statement must not cause any variables to come into scope that were not already
        // in scope at the point of the goto."
        for pos in over {
            let (name, at) = (declared.1.to_string(), self.lines.show(declared.0));
            self.error(pos, format!("goto {} jumps over declaration of {name} at {at}", label.name));
        }
        resolved > 0
    }

    /// Declares a label; if the name is taken, the earlier label stands for it.
    fn declare(&mut self, block: usize, label: Ident, stmt: &'a Stmt<'a>) -> usize {
        if let Some(&earlier) = self.by_name.get(&label.name) {
            let at = self.lines.show(self.labels[earlier].name.pos);
            self.error(label.pos, format!("label {} already defined at {at}", label.name));
            return earlier;
        }
        self.by_name.insert(label.name, self.labels.len());
        self.labels.push(Label { name: label, block, stmt, used: false });
        self.labels.len() - 1
    }

    fn plain_branch(&mut self, pos: Pos, tok: BranchKind, targets: Targets, is_last: bool) {
        let message = match tok {
            BranchKind::Break if targets.breaks => return,
            BranchKind::Break => "break is not in a loop, switch, or select",
            BranchKind::Continue if targets.continues => return,
            BranchKind::Continue => "continue is not in a loop",
            BranchKind::Fallthrough => match (targets.switch, targets.clause) {
                (Some(switch), _)
                    if switch.tag.is_some_and(|tag| matches!(tag.kind, ExprKind::TypeSwitchGuard { .. })) =>
                {
                    "cannot fallthrough in type switch"
                }
                (Some(switch), Some(clause)) if is_last => {
                    if clause + 1 < switch.body.len() {
                        return;
                    }
                    "cannot fallthrough final case in switch"
                }
                _ => "fallthrough statement out of place",
            },
            BranchKind::Goto => unreachable!("branches: a goto has a label"),
        };
        self.error(pos, message);
    }

    /// Checks a branch to `label`; true for a goto whose label may come later.
    fn labeled_branch(&mut self, block: usize, tok: BranchKind, label: Ident) -> bool {
        let name = label.name;
        let found = self.by_name.get(&name).copied();
        if let Some(found) = found {
            self.labels[found].used = true; // even by a branch that cannot lead there
        }
        if tok == BranchKind::Goto {
            let encloses = |found: usize| self.enclosing(block).any(|block| block == self.labels[found].block);
            let waits = !found.is_some_and(encloses);
            if waits {
                *self.waiting.entry(name).or_default() += 1;
            }
            return waits;
        }
        let Some(found) = found else {
            self.error(label.pos, format!("{} label not defined: {name}", tok.as_str()));
            return false;
        };
        // spec: "If there is a label, it must be that of an enclosing "for", "switch", or "select" statement"
        let target = self.labels[found].stmt;
        let encloses = self
            .enclosing(block)
            .any(|block| self.blocks[block].labeled.is_some_and(|labeled| std::ptr::eq(labeled, target)));
        let StmtKind::Labeled { stmt, .. } = target.kind else { unreachable!("branches: a label labels") };
        let fits = match stmt.kind {
            StmtKind::For(_) => true,
            StmtKind::Switch(_) | StmtKind::Select(_) => tok == BranchKind::Break,
            _ => false,
        };
        if !(encloses && fits) {
            self.error(label.pos, format!("invalid {} label {name}", tok.as_str()));
        }
        false
    }

    /// `block` and the blocks around it.
    fn enclosing(&self, block: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(block), |&block| self.blocks[block].parent)
    }
}

/// What a goto jumps over.
enum Declared<'a> {
    Nothing,
    Name(Symbol),
    Expr(&'a Expr<'a>),
}

impl std::fmt::Display for Declared<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Declared::Nothing => Ok(()),
            Declared::Name(name) => write!(f, "{name}"),
            Declared::Expr(x) => f.write_str(&print::expr_string(x)),
        }
    }
}

/// A `fallthrough` is the last statement of a clause even if empty statements follow.
fn trim_empty<'a>(list: &'a [&'a Stmt<'a>]) -> &'a [&'a Stmt<'a>] {
    let len = list.iter().rposition(|stmt| !matches!(stmt.kind, StmtKind::Empty)).map_or(0, |last| last + 1);
    &list[..len]
}
