//! Expression switches.
//!
//! Constant cases that follow each other are a *run*: as no two are equal, their order does not matter, and the value is
//! searched among them. Integers by jump tables where they are dense and by halving where not; strings by length, then
//! by content. Other cases are compared one after the other.

use crate::func::{FuncLowerer, Jump};
use crate::value::Val;
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::{Block, Opcode, Ty, Value};
use std::collections::BTreeMap;
use syntax::ast::{self, BranchKind, ExprKind, ExprList, Operator, StmtKind};
use types::constant;

/// What is switched on.
struct Tag {
    ty: CanonId,
    val: Val,
    constant: Option<constant::Value>,
    kind: TagKind,
}

#[derive(Clone, Copy, PartialEq)]
enum TagKind {
    Int { unsigned: bool },
    String,
    Other,
}

/// Constants with the clauses they lead to.
type Run = Vec<(constant::Value, Block)>;

/// So few are compared one by one.
const FEW: usize = 4;
/// A jump table has at least so many entries, and so many of them in use: one of `SPARSE`.
const MIN_TABLE: usize = 8;
const SPARSE: u64 = 4;

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn switch_stmt(&mut self, switch: &'a ast::SwitchStmt<'a>, label: Option<Symbol>) {
        if let Some(init) = switch.init {
            self.stmt(init);
        }
        if let Some(ExprKind::TypeSwitchGuard { x, .. }) = switch.tag.map(|tag| tag.kind) {
            return self.type_switch(switch, x, label);
        }
        let tag = switch.tag.map(|tag| self.tag(tag, switch.body));
        let exit = self.new_block();
        let bodies: Vec<Block> = switch.body.iter().map(|_| self.new_block()).collect();
        let mut default = exit;
        let mut run = Run::new();
        for (clause, &body) in switch.body.iter().zip(&bodies) {
            if clause.cases.is_none() {
                default = body;
            }
            for case in ExprList::of(clause.cases).iter() {
                if !self.is_reachable() {
                    break;
                }
                match &tag {
                    Some(tag) => self.tag_case(tag, case, body, &mut run),
                    None => {
                        let next = self.new_block();
                        self.case_is_true(case, body, next);
                        self.join(next);
                    }
                }
            }
        }
        if let Some(tag) = &tag {
            self.flush(tag, &mut run);
        }
        self.jump(default);

        self.jumps.push(Jump { label, on_break: Some(exit), on_continue: None });
        for (index, clause) in switch.body.iter().enumerate() {
            self.join(bodies[index]);
            let (list, fallthrough) = without_fallthrough(clause.body);
            self.stmt_list(list);
            for label in fallthrough.iter().flatten() {
                self.label(*label);
            }
            self.jump(if fallthrough.is_some() { bodies[index + 1] } else { exit });
        }
        self.jumps.pop();
        self.join(exit);
    }

    /// A case where the missing tag means true. It may be an interface that holds a boolean.
    fn case_is_true(&mut self, case: &'a ast::Expr<'a>, body: Block, next: Block) {
        let ty = self.type_of(case);
        if !self.is_interface_type(ty) {
            return self.cond(case, body, next);
        }
        let x = self.expr(case);
        let bool_type = abi::Types::basic(types::BasicKind::Bool);
        let yes = Val::one(self.const_i32(1));
        let yes = self.convert(yes, bool_type, ty);
        let matches = self.compare(Operator::Eql, ty, &x, &yes);
        self.branch(matches, body, next);
    }

    fn tag(&mut self, e: &'a ast::Expr<'a>, body: &'a [ast::CaseClause<'a>]) -> Tag {
        let ty = self.type_of(e);
        let constant = self.constant_value(e);
        let mut cases = body.iter().flat_map(|clause| ExprList::of(clause.cases).iter());
        let val = match cases.all(|case| self.constant_value(case).is_some()) {
            true => self.borrowed(e, ty),
            false => self.expr(e),
        };
        // Cases may change the variable.
        let val = self.own(ty, val);
        let kind = match self.shape(ty) {
            CanonType::Basic(kind) if kind.is_integer() => TagKind::Int { unsigned: kind.is_unsigned() },
            CanonType::Basic(kind) if kind.is_string() => TagKind::String,
            _ => TagKind::Other,
        };
        Tag { ty, val, constant, kind }
    }

    /// Jumps to `body` if the case matches, and goes on if not; constants are put off.
    fn tag_case(&mut self, tag: &Tag, case: &'a ast::Expr<'a>, body: Block, run: &mut Run) {
        self.at(case.pos);
        let constant = self.constant_value(case);
        if let (Some(x), Some(y)) = (&tag.constant, &constant)
            && !self.is_interface_type(tag.ty)
        {
            if constant::Value::compare(x, Operator::Eql, y) {
                self.flush(tag, run);
                self.jump(body);
            }
            return;
        }
        match constant {
            Some(value) if tag.kind != TagKind::Other => {
                run.push((value, body));
                return;
            }
            _ => self.flush(tag, run),
        }
        let case_type = self.type_of(case);
        let is_wider = !self.is_interface_type(tag.ty) && self.is_interface_type(case_type);
        let matches = if is_wider {
            let x = self.convert(tag.val.clone(), tag.ty, case_type);
            let y = self.expr(case);
            self.compare(Operator::Eql, case_type, &x, &y)
        } else {
            let y = self.expr_as(case, tag.ty);
            self.compare(Operator::Eql, tag.ty, &tag.val, &y)
        };
        self.goto_if(matches, body);
    }

    fn is_interface_type(&mut self, ty: CanonId) -> bool {
        matches!(self.shape(ty), CanonType::Interface(_))
    }

    fn goto_if(&mut self, cond: Value, body: Block) {
        let next = self.new_block();
        self.branch(cond, body, next);
        self.start(next);
    }

    /// Searches the tag among the constants put off so far, and goes on if it is none of them.
    fn flush(&mut self, tag: &Tag, run: &mut Run) {
        if run.is_empty() || !self.is_reachable() {
            return run.clear();
        }
        let miss = self.new_block();
        match tag.kind {
            TagKind::Int { unsigned } => {
                let mut items: Vec<(i64, Block)> = run
                    .drain(..)
                    .map(|(value, body)| {
                        let value = value.to_int();
                        let bits = value.as_i64().or_else(|| value.as_u64().map(|bits| bits as i64));
                        (bits.expect("lower: flush: a constant of its type"), body)
                    })
                    .collect();
                // Unsigned numbers in their order: as signed ones with the top bit changed.
                items.sort_by_key(|&(bits, _)| if unsigned { bits ^ i64::MIN } else { bits });
                let x = self.as_i64(tag.ty, tag.val.single());
                self.search_int(x, unsigned, &items, miss);
            }
            TagKind::String => self.search_string(tag, run, miss),
            TagKind::Other => unreachable!("lower: flush: no runs of other kinds"),
        }
        run.clear();
        self.start(miss);
    }

    /// Leads to the block of the item equal to `x`, or to `miss`. The items are sorted.
    fn search_int(&mut self, x: Value, unsigned: bool, items: &[(i64, Block)], miss: Block) {
        if items.len() <= FEW {
            for &(bits, body) in items {
                let bits = self.const_i64(bits);
                let matches = self.op2(Opcode::Eq, x, bits);
                self.goto_if(matches, body);
            }
            return self.jump(miss);
        }
        let (first, last) = (items[0].0, items[items.len() - 1].0);
        let span = last.wrapping_sub(first) as u64;
        if items.len() >= MIN_TABLE && span / SPARSE < items.len() as u64 {
            let mut targets = vec![miss; span as usize + 1];
            for &(bits, body) in items {
                targets[bits.wrapping_sub(first) as usize] = body;
            }
            let first = self.const_i64(first);
            let index = self.op2(Opcode::Sub, x, first);
            let count = self.const_i64(targets.len() as i64);
            let is_inside = self.op2(Opcode::LtU, index, count);
            let table = self.new_block();
            self.branch(is_inside, table, miss);
            self.start(table);
            let index = self.emit(Opcode::Wrap, &[index], 0, Ty::I32);
            return self.switch(index, &targets, miss);
        }
        let (low, high) = items.split_at(items.len() / 2);
        let pivot = self.const_i64(high[0].0);
        let less = if unsigned { Opcode::LtU } else { Opcode::LtS };
        let is_low = self.op2(less, x, pivot);
        let [below, above] = [(); 2].map(|()| self.new_block());
        self.branch(is_low, below, above);
        self.start(below);
        self.search_int(x, unsigned, low, miss);
        self.start(above);
        self.search_int(x, unsigned, high, miss);
    }

    fn search_string(&mut self, tag: &Tag, run: &mut Run, miss: Block) {
        if run.len() <= FEW {
            self.compare_strings(tag, run);
            return self.jump(miss);
        }
        let mut by_length: BTreeMap<i64, (Block, Run)> = BTreeMap::new();
        for (value, body) in run.drain(..) {
            let length = value.string_len() as i64;
            let group = by_length.entry(length).or_insert_with(|| (self.new_block(), Run::new()));
            group.1.push((value, body));
        }
        let items: Vec<(i64, Block)> = by_length.iter().map(|(&length, group)| (length, group.0)).collect();
        let length = tag.val.parts()[1];
        self.search_int(length, false, &items, miss);
        for (block, mut group) in by_length.into_values() {
            self.start(block);
            group.sort_by_cached_key(|(value, _)| value.as_bytes());
            self.search_content(tag, &group, miss);
        }
    }

    /// Among strings of one length, sorted.
    fn search_content(&mut self, tag: &Tag, group: &[(constant::Value, Block)], miss: Block) {
        if group.len() <= FEW {
            self.compare_strings(tag, group);
            return self.jump(miss);
        }
        let (low, high) = group.split_at(group.len() / 2);
        let pivot = self.constant(&high[0].0, tag.ty);
        let is_low = self.compare(Operator::Lss, tag.ty, &tag.val, &pivot);
        let [below, above] = [(); 2].map(|()| self.new_block());
        self.branch(is_low, below, above);
        self.start(below);
        self.search_content(tag, low, miss);
        self.start(above);
        self.search_content(tag, high, miss);
    }

    fn compare_strings(&mut self, tag: &Tag, run: &[(constant::Value, Block)]) {
        for (value, body) in run {
            let y = self.constant(value, tag.ty);
            let matches = self.compare(Operator::Eql, tag.ty, &tag.val, &y);
            self.goto_if(matches, *body);
        }
    }
}

/// The statements of a clause but for a fallthrough at the end, and the labels of that if there is one.
fn without_fallthrough<'a>(list: &'a [&'a ast::Stmt<'a>]) -> (&'a [&'a ast::Stmt<'a>], Option<Vec<Symbol>>) {
    // Empty statements may follow it.
    let Some(last) = list.iter().rposition(|stmt| !matches!(stmt.kind, StmtKind::Empty)) else { return (list, None) };
    let mut labels = Vec::new();
    let mut stmt = list[last];
    while let StmtKind::Labeled { label, stmt: inner } = stmt.kind {
        labels.push(label.name);
        stmt = inner;
    }
    match stmt.kind {
        StmtKind::Branch { tok: BranchKind::Fallthrough, .. } => (&list[..last], Some(labels)),
        _ => (list, None),
    }
}
