//! Select statements.
//!
//! One case without default is the communication itself; one case and default are the runtime's non-blocking
//! operations. In general the cases are described to `runtime.selectgo`, senders first, receivers last from the end
//! backwards; it answers which one happened, or a negative number for default.

use crate::func::{FuncLowerer, Jump};
use crate::value::Val;
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::{Block, Opcode, Ty, Value};
use smallvec::SmallVec;
use syntax::ast::{self, CommClause, ExprKind, ExprList, Operator, StmtKind};
use types::BasicKind;

/// One communication, its operands evaluated.
struct Case<'a> {
    clause: &'a CommClause<'a>,
    chan: Value,
    /// The value to send, or where to receive; null if nobody wants it.
    element: Value,
    elem_type: CanonId,
    lhs: Option<&'a ast::Expr<'a>>,
    is_def: bool,
    is_send: bool,
}

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn select_stmt(&mut self, select: &'a ast::SelectStmt<'a>, label: Option<Symbol>) {
        let exit = self.new_block();
        self.jumps.push(Jump { label, on_break: Some(exit), on_continue: None });
        let default = select.body.iter().find(|clause| clause.comm.is_none());
        let comms: Vec<&'a CommClause<'a>> = select.body.iter().filter(|clause| clause.comm.is_some()).collect();
        match (&comms[..], default) {
            ([], None) => {
                self.call_runtime("block", &[]);
                self.unreachable();
            }
            ([], Some(default)) => self.stmt_list(default.body),
            ([only], None) => {
                self.only_case(only);
                self.stmt_list(only.body);
            }
            ([only], Some(default)) => self.try_one(only, default, exit),
            _ => self.select_one(&comms, default, exit),
        }
        self.jumps.pop();
        self.jump(exit);
        self.join(exit);
    }

    /// A communication that nothing else can be chosen for. What it assigns to is evaluated after it.
    fn only_case(&mut self, clause: &'a CommClause<'a>) {
        let comm = clause.comm.expect("lower: select: not the default");
        let StmtKind::Assign { op, lhs, rhs: Some(rhs) } = comm.kind else { return self.stmt(comm) };
        let ExprKind::Unary { op: Operator::Recv, x } = rhs.unparen().kind else {
            unreachable!("lower: select: not a receive operation")
        };
        let (_, elem_type) = self.chan_type(x);
        let (val, received) = self.receive_expr(rhs, x);
        self.assign_received(lhs, op == Some(Operator::Def), (elem_type, val), received);
    }

    /// The operands on the left-hand side are evaluated only now.
    fn assign_received(
        &mut self,
        lhs: &'a ast::Expr<'a>,
        is_def: bool,
        (elem_type, val): (CanonId, Val),
        received: Value,
    ) {
        let vals = vec![(elem_type, val), (abi::Types::basic(BasicKind::Bool), Val::one(received))];
        let targets: ExprList<'a> = lhs.list();
        if !is_def {
            let places: SmallVec<[&ast::Expr; 2]> = targets.iter().collect();
            self.settle_order(&places);
        }
        let targets = self.targets(targets, is_def);
        self.assign_targets(targets, vals);
    }

    /// Evaluates the operands of a communication.
    fn case(&mut self, clause: &'a CommClause<'a>) -> Case<'a> {
        let comm = clause.comm.expect("lower: select: not the default");
        self.at(comm.pos);
        let (received, lhs, is_def) = match comm.kind {
            StmtKind::Send { chan, value } => {
                let (ty, elem_type) = self.chan_type(chan);
                let vals = self.operands(&[(chan, ty), (value, elem_type)]);
                let element = self.temporary(elem_type);
                self.store(elem_type, element, 0, &vals[1]);
                let chan = vals[0].single();
                return Case { clause, chan, element, elem_type, lhs: None, is_def: false, is_send: true };
            }
            StmtKind::Expr(e) => (e, None, false),
            StmtKind::Assign { op, lhs, rhs: Some(rhs) } => (rhs, Some(lhs), op == Some(Operator::Def)),
            _ => unreachable!("lower: select: neither send nor receive"),
        };
        let ExprKind::Unary { op: Operator::Recv, x } = received.unparen().kind else {
            unreachable!("lower: select: not a receive operation")
        };
        let (_, elem_type) = self.chan_type(x);
        let chan = self.expr(x).single();
        let element = if lhs.is_some() { self.temporary(elem_type) } else { self.null() };
        Case { clause, chan, element, elem_type, lhs, is_def, is_send: false }
    }

    /// What was received to where it is wanted, then the clause's statements.
    fn chosen(&mut self, case: &Case<'a>, received: Value, exit: Block) {
        if self.is_reachable()
            && let Some(lhs) = case.lhs
        {
            let val = self.load(case.elem_type, case.element, 0);
            self.assign_received(lhs, case.is_def, (case.elem_type, val), received);
        }
        self.stmt_list(case.clause.body);
        self.jump(exit);
    }

    fn try_one(&mut self, only: &'a CommClause<'a>, default: &'a CommClause<'a>, exit: Block) {
        let case = self.case(only);
        let (selected, received) = if case.is_send {
            let selected = self.call_runtime("selectnbsend", &[case.chan, case.element])[0];
            (selected, selected)
        } else {
            let results = self.call_runtime("selectnbrecv", &[case.element, case.chan]);
            (results[0], results[1])
        };
        let [then, els] = [(); 2].map(|()| self.new_block());
        self.branch(selected, then, els);
        self.start(then);
        self.chosen(&case, received, exit);
        self.start(els);
        self.stmt_list(default.body);
    }

    fn select_one(&mut self, comms: &[&'a CommClause<'a>], default: Option<&'a CommClause<'a>>, exit: Block) {
        const ELEM: u32 = 8;
        let cases: Vec<Case<'a>> = comms.iter().map(|clause| self.case(clause)).collect();
        let scase = self.runtime_pointee("selectgo", 0);
        let size = self.cx.size_of(scase);
        let count = cases.len();
        let array = self.cx.types.array_of(count as u64, scase);
        let uint16 = abi::Types::basic(BasicKind::Uint16);
        let order = self.cx.types.array_of(2 * count as u64, uint16);
        debug_assert!(matches!(self.shape(array), CanonType::Array { .. }));
        let array = self.temporary(array);
        let order = self.temporary(order);
        let (mut sends, mut receives) = (0, 0);
        let mut places = Vec::with_capacity(count);
        for case in &cases {
            let place = if case.is_send {
                sends += 1;
                sends - 1
            } else {
                receives += 1;
                count - receives
            };
            places.push(place);
            let offset = place as u32 * size;
            self.emit_effect(Opcode::StorePtr, &[array, case.chan], u64::from(offset));
            self.emit_effect(Opcode::StorePtr, &[array, case.element], u64::from(offset + ELEM));
        }
        let [sends, receives] = [sends, receives].map(|count| self.const_i64(count as i64));
        let is_blocking = self.const_i32(i32::from(default.is_none()));
        let results = self.call_runtime("selectgo", &[array, order, sends, receives, is_blocking]);
        let &[index, received] = &results[..] else { unreachable!("lower: select: selectgo has two results") };

        let bodies: Vec<Block> = cases.iter().map(|_| self.new_block()).collect();
        let otherwise = self.new_block();
        // Below zero is default: beyond all cases, unsigned.
        let index = self.emit(Opcode::Wrap, &[index], 0, Ty::I32);
        let mut targets = vec![otherwise; count];
        for (&place, &body) in places.iter().zip(&bodies) {
            targets[place] = body;
        }
        self.switch(index, &targets, otherwise);
        for (case, body) in cases.iter().zip(bodies) {
            self.start(body);
            self.chosen(case, received, exit);
        }
        self.start(otherwise);
        match default {
            Some(default) => self.stmt_list(default.body),
            None => self.unreachable(),
        }
    }
}
