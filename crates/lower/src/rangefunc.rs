//! Ranges over functions.
//!
//! The body becomes a function that the iterator calls, a closure over what the function around it has, and over a
//! record of the loop: *state* tells whether the body may be called now, *next* how it was left.
//!
//! ```text
//! for x := range f { if x == 0 { return 1 }; use(x) }
//!
//!     r = new { state: READY, next: 0 }
//!     f(closure F-range1 { r, captures })
//!     if r.state == PANIC { panicrangestate(MISSING_PANIC) }
//!     r.state = EXHAUSTED
//!     switch r.next { 1: return }                   the exits of the body, in order
//!
//! F-range1(x):
//!     state = r.state; r.state = PANIC; if state != READY { panicrangestate(state) }
//!     if x == 0 { F's result = 1; r.next = 1; r.state = DONE; return false }
//!     use(x)
//!     r.state = READY; return true
//! ```
//!
//! What leads out of a body that stands in another body leads out of that one too: the inner loop's exits become exits
//! of the outer one. So the body is lowered as soon as its loop is met, and only then the exits are known.
//!
//! Deferred calls belong to the function around all bodies, whose frame the bodies capture. It is entered into the
//! goroutine's list before the loop starts, because the iterator may enter its own.

use crate::captures::LiteralId;
use crate::closures::literal_name;
use crate::declare::context_form;
use crate::func::{FuncLowerer, Jump, Storage};
use crate::module::FuncKey;
use crate::range::Range;
use crate::value::Val;
use abi::CanonId;
use base::Symbol;
use ir::{Block, FuncId, Opcode, Ty, Value};
use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use syntax::ast::{self, BranchKind, StmtKind};
use syntax::walk::{Node, walk_block};
use types::{BasicKind, ObjId};

/// Values of a record's state: those of `internal/abi.RF_State`.
const DONE: i32 = 0;
const READY: i32 = 1;
const PANIC: i32 = 2;
const EXHAUSTED: i32 = 3;
const MISSING_PANIC: i64 = 4;

/// Where state and next are in a record.
const STATE: u64 = 0;
const NEXT: u64 = 4;

/// How a body can be left, other than by `break` and `continue` of its own loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// The results are stored already.
    Return,
    Branch(BranchKind, Option<Symbol>),
}

/// What the lowering of a body knows besides.
pub(crate) struct LoopBody {
    /// That of the loop.
    record: Value,
    /// The function around all bodies.
    function: FuncId,
    /// The exits that were met. `next` is the place of the one that was taken, from 1.
    exits: Vec<Exit>,
    /// Where the body ends the loop.
    stop: Block,
    labels: FxHashSet<Symbol>,
    /// The frame that deferred calls belong to.
    pub defer_frame: Option<Value>,
}

impl LoopBody {
    /// Whether the label stands in the body.
    pub fn has_label(&self, label: Symbol) -> bool {
        self.labels.contains(&label)
    }
}

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn range_func(
        &mut self,
        stmt: &'a ast::ForStmt<'a>,
        clause: &'a ast::RangeClause<'a>,
        label: Option<Symbol>,
    ) {
        let (callee, sig, mut values) = self.prepare_callee(clause.x);
        let yield_type = self.signature_of(sig).params[0];
        let captures = self.captures_of(LiteralId::LoopBody(clause.x.id));
        let defers = self.facts.body.deferring_loops.contains(&clause.x.id);

        let pointer = abi::Types::basic(BasicKind::UnsafePointer);
        let record_type = self.cx.types.array_of(2, abi::Types::basic(BasicKind::Int32));
        let record = self.new_object(record_type);
        self.set_state(record, READY);
        let mut held = vec![(pointer, Val::one(record))];
        if defers {
            let frame = self.frame_of_deferred();
            if self.loop_body.is_none() {
                self.call_runtime("linkDeferFrame", &[frame]);
            }
            held.push((pointer, Val::one(frame)));
        }
        held.extend(self.captured_values(&captures));
        let types: Vec<CanonId> = held.iter().map(|held| held.0).collect();
        let range = Range::new(stmt, clause, label);
        let (code, exits) = self.make_loop_body(clause.x, &range, yield_type, &types, &captures, defers);
        self.at(clause.x.pos);
        let closure = self.make_closure(code, &held);
        values.push((yield_type, Val::one(closure)));
        self.perform(&callee, &values);
        if self.is_reachable() {
            self.after_loop(record, &exits);
        }
    }

    /// What follows the call of the iterator.
    fn after_loop(&mut self, record: Value, exits: &[Exit]) {
        let state = self.emit(Opcode::Load, &[record], STATE, Ty::I32);
        let panic = self.const_i32(PANIC);
        let is_panic = self.op2(Opcode::Eq, state, panic);
        let (missing, rest) = (self.new_block(), self.new_block());
        self.branch_likely(is_panic, missing, rest, Some(false));
        self.start(missing);
        let what = self.const_i64(MISSING_PANIC);
        self.call_runtime("panicrangestate", &[what]);
        self.jump(rest);
        self.start(rest);
        self.set_state(record, EXHAUSTED);
        if exits.is_empty() {
            return;
        }
        let done = self.new_block();
        let blocks: Vec<Block> = exits.iter().map(|_| self.new_block()).collect();
        let next = self.emit(Opcode::Load, &[record], NEXT, Ty::I32);
        let targets: Vec<Block> = [done].iter().chain(&blocks).copied().collect();
        self.switch(next, &targets, done);
        for (&exit, block) in exits.iter().zip(blocks) {
            self.start(block);
            match exit {
                Exit::Return => self.leave(),
                Exit::Branch(tok, label) => self.branch_stmt(tok, label),
            }
        }
        self.start(done);
    }

    fn set_state(&mut self, record: Value, state: i32) {
        let state = self.const_i32(state);
        self.emit_effect(Opcode::Store, &[record, state], STATE);
    }

    /// Leaves the body that is being lowered, and its loop, for good.
    pub(crate) fn exit_loop_body(&mut self, exit: Exit) {
        let body = self.loop_body.as_mut().unwrap_or_else(|| unreachable!("lower: {exit:?} leads nowhere"));
        let place = body.exits.iter().position(|&known| known == exit).unwrap_or_else(|| {
            body.exits.push(exit);
            body.exits.len() - 1
        });
        let (record, stop) = (body.record, body.stop);
        let next = self.const_i32(place as i32 + 1);
        self.emit_effect(Opcode::Store, &[record, next], NEXT);
        self.jump(stop);
    }

    /// The function that is being lowered, or that around the loop if this is a loop's body.
    pub(crate) fn function(&self) -> FuncId {
        self.loop_body.as_ref().map_or(self.id, |body| body.function)
    }

    /// Lowers the body of a loop over `x`. Its closure holds values of these types: the record, the frame that deferred
    /// calls belong to if it defers, the captures.
    fn make_loop_body(
        &mut self,
        x: &'a ast::Expr<'a>,
        range: &Range<'a>,
        yield_type: CanonId,
        types: &[CanonId],
        captures: &[(ObjId, bool)],
        defers: bool,
    ) -> (FuncId, Vec<Exit>) {
        let function = self.function();
        let name = literal_name(&self.facts.body, LiteralId::LoopBody(x.id), &self.cx.program.funcs[function].name);
        let sig = self.cx.signature(&[], yield_type);
        let mut data = context_form(name, sig, false);
        data.pos = self.pos();
        (data.attrs.origin, data.attrs.reserve) = (self.origin(), self.cx.program.funcs[self.id].attrs.reserve);
        let id = self.cx.define(FuncKey::LoopBody(self.unit, x.id, self.env), data);
        let facts = crate::captures::Facts { defers: false, recovers: false, ..self.facts.clone() };
        let (result_vars, result_types) = (self.result_vars.clone(), self.results.iter().map(|result| result.0));
        let result_types: SmallVec<[CanonId; 4]> = result_types.collect();

        let mut f = FuncLowerer::new(&mut *self.cx, id, self.env, self.unit);
        f.facts = facts;
        f.at(range.body.pos);
        let params = f.enter();
        let context = f.emit(Opcode::Context, &[], 0, Ty::Ptr);
        let mut held = f.read_captures(context, types);
        let record = held[0].single();
        let values = held.split_off(types.len() - captures.len());
        f.bind_captured(captures, values);
        f.results = (result_types.into_iter().zip(&result_vars))
            .map(|(ty, obj)| (ty, f.vars.get(obj).cloned().unwrap_or(Storage::Parts(SmallVec::new()))))
            .collect();
        f.result_vars = result_vars;
        let [go_on, stop] = [(); 2].map(|()| f.new_block());
        let defer_frame = defers.then(|| held[1].single());
        let labels = labels_in(range.body);
        f.loop_body = Some(LoopBody { record, function, exits: Vec::new(), stop, labels, defer_frame });
        f.loop_body_code(range, yield_type, &params, record, (go_on, stop));
        let exits = f.loop_body.take().map(|body| body.exits).unwrap_or_default();
        f.finish();
        (id, exits)
    }

    /// From the entry block on.
    fn loop_body_code(
        &mut self,
        range: &Range<'a>,
        yield_type: CanonId,
        params: &[Value],
        record: Value,
        (go_on, stop): (Block, Block),
    ) {
        let state = self.emit(Opcode::Load, &[record], STATE, Ty::I32);
        self.set_state(record, PANIC);
        let ready = self.const_i32(READY);
        let is_ready = self.op2(Opcode::Eq, state, ready);
        let (start, wrong) = (self.new_block(), self.new_block());
        self.branch_likely(is_ready, start, wrong, Some(true));
        self.start(wrong);
        let state = self.emit(Opcode::ExtendS, &[state], 0, Ty::I64);
        self.call_runtime("panicrangestate", &[state]);
        self.unreachable();

        self.start(start);
        let mut rest = params;
        let passed: SmallVec<[(CanonId, Val); 2]> = (self.signature_of(yield_type).params.into_iter())
            .map(|ty| (ty, self.take_params(ty, &mut rest)))
            .collect();
        let mut passed = passed.into_iter();
        // One assignment after the other, as in gc.
        self.bind(range, [passed.next(), None]);
        self.bind(range, [None, passed.next()]);
        self.jumps.push(Jump { label: range.label, on_break: Some(stop), on_continue: Some(go_on) });
        self.block_stmt(range.body);
        self.jumps.pop();
        self.at(range.body.rbrace);
        self.jump(go_on);
        self.seal_labels();
        for (block, state, result) in [(go_on, READY, 1), (stop, DONE, 0)] {
            self.join(block);
            if self.is_reachable() {
                self.set_state(record, state);
                let result = self.const_i32(result);
                self.return_values(&[result]);
            }
        }
    }
}

/// The labels of the statements in a block, function literals left out.
fn labels_in<'a>(block: &'a ast::BlockStmt<'a>) -> FxHashSet<Symbol> {
    let mut labels = FxHashSet::default();
    walk_block(block, &mut |node| {
        if let Node::Stmt(ast::Stmt { kind: StmtKind::Labeled { label, .. }, .. }) = node {
            labels.insert(label.name);
        }
        !matches!(node, Node::Expr(_))
    });
    labels
}
