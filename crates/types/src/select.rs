//! Select statements.

use crate::checker::Checker;
use crate::code::Code;
use crate::stmt::StmtContext;
use base::Pos;
use syntax::ast::{self, ExprKind, StmtKind};

impl<'a> Checker<'a> {
    pub(crate) fn select_stmt(&mut self, inner: StmtContext, select: &'a ast::SelectStmt<'a>) {
        let defaults = select.body.iter().filter(|clause| clause.comm.is_none()).map(|clause| clause.pos);
        self.multiple_defaults(defaults);

        for clause in select.body {
            if let Some(comm) = clause.comm
                && !is_communication(comm)
            {
                let message = "select case must be send or receive (possibly with assignment)";
                self.error(comm, Code::InvalidSelectCase, message);
                continue;
            }
            self.open_scope(clause.pos, clause.end());
            if let Some(comm) = clause.comm {
                self.stmt(inner, comm);
            }
            self.stmt_list(inner, clause.body);
            self.close_scope();
        }
    }

    /// Complains about all default clauses but the first; `defaults` are their positions.
    pub(crate) fn multiple_defaults(&mut self, mut defaults: impl Iterator<Item = Pos>) {
        let Some(first) = defaults.next() else { return };
        for pos in defaults {
            let message = format!("multiple defaults (first at {})", self.pos_string(first));
            self.error(pos, Code::DuplicateDefault, message);
        }
    }
}

/// spec: "A case with a RecvStmt may assign the result of a RecvExpr to one or two variables [...] The RecvExpr must be a
/// (possibly parenthesized) receive operation."
fn is_communication(stmt: &ast::Stmt) -> bool {
    let received = match stmt.kind {
        StmtKind::Send { .. } => return true,
        StmtKind::Expr(e) => Some(e),
        StmtKind::Assign { rhs, .. } => rhs,
        _ => None,
    };
    received.is_some_and(|e| matches!(e.unparen().kind, ExprKind::Unary { op: ast::Operator::Recv, .. }))
}
