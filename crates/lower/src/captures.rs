//! What a look at a whole body says about its local variables before any of it is lowered.
//!
//! A variable whose address is taken (`&x`, a method with pointer receiver called on it, a slice of an array) or that
//! is captured by a function literal *and* assigned after its declaration lives in an object of its own; the escape
//! pass brings back those that need not. A captured variable that is never assigned again is captured by value.
//!
//! The look goes over a declared function's body with all literals in it at once, in source order: a local variable
//! belongs to the function in which it is met first, which is where it is declared. The body of a loop over a function
//! counts as a literal.

use crate::module::Module;
use base::SideTable;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use syntax::ast::{self, Expr, ExprKind, NodeId, Operator, Stmt, StmtKind};
use syntax::walk::{Node, walk};
use types::{BuiltinId, Mode, ObjId, ObjKind, ObjList, SelectionKind, Type, TypeId, UnitId, VarKind};

/// What the lowering of one function asks.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Variables that need an address.
    pub in_memory: Arc<FxHashSet<ObjId>>,
    /// For each function literal: the variables of enclosing functions it uses, in order of first use.
    pub captures: Arc<FxHashMap<LiteralId, Vec<ObjId>>>,
    /// The function (not a literal in it) defers.
    pub defers: bool,
    /// It calls recover.
    pub recovers: bool,
    /// The variables of a `for` clause are new in each iteration (Go 1.22).
    pub fresh_loops: bool,
    pub body: Arc<BodyFacts>,
}

/// What was seen in a declared function, or in an initialiser, literals included.
#[derive(Clone, Debug, Default)]
pub struct BodyFacts {
    pub in_memory: Arc<FxHashSet<ObjId>>,
    pub captures: Arc<FxHashMap<LiteralId, Vec<ObjId>>>,
    /// Variables that some function literal captures.
    pub captured: FxHashSet<ObjId>,
    /// Variables that are assigned after their declaration.
    pub assigned: FxHashSet<ObjId>,
    /// By literal; `None` is the function itself.
    pub defers: FxHashSet<Option<NodeId>>,
    pub recovers: FxHashSet<Option<NodeId>>,
    /// What names each literal, bodies of loops among them.
    pub literals: FxHashMap<LiteralId, Literal>,
    /// The loops over functions, by the range expression, that defer in their bodies or in loops there.
    pub deferring_loops: FxHashSet<NodeId>,
}

/// A function literal, or the body of a loop over a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LiteralId {
    Func(NodeId),
    /// By the range expression, which may be a function literal itself.
    LoopBody(NodeId),
}

#[derive(Clone, Copy, Debug)]
pub struct Literal {
    /// The function around it that is no loop's body.
    pub function: Option<NodeId>,
    /// Which of its kind it is in that function, from 1.
    pub number: u32,
}

impl BodyFacts {
    /// The facts as the function `literal` (`None`: the outermost) sees them.
    pub fn of(self: &Arc<BodyFacts>, literal: Option<NodeId>, fresh_loops: bool) -> Facts {
        Facts {
            in_memory: self.in_memory.clone(),
            captures: self.captures.clone(),
            defers: self.defers.contains(&literal),
            recovers: self.recovers.contains(&literal),
            fresh_loops,
            body: self.clone(),
        }
    }
}

impl<'a> Module<'a> {
    /// The facts of a declared function's body.
    pub fn facts_of_body(
        &mut self,
        unit: UnitId,
        body: &'a ast::BlockStmt<'a>,
        params: &[ObjId],
        results: &[ObjId],
        fresh_loops: bool,
    ) -> Arc<BodyFacts> {
        if let Some(known) = self.body_facts.get(&(unit, None)) {
            return known.clone();
        }
        let mut survey = Survey::new(self, unit, fresh_loops);
        survey.enter(None, false);
        for &obj in params.iter().chain(results) {
            survey.declare(obj);
        }
        survey.have_results(results);
        survey.block(body);
        let facts = Arc::new(survey.finish());
        self.body_facts.insert((unit, None), facts.clone());
        facts
    }

    /// The facts of the literals in an expression outside of functions.
    pub fn facts_of_initializer(&mut self, unit: UnitId, e: &'a Expr<'a>, fresh_loops: bool) -> Arc<BodyFacts> {
        if let Some(known) = self.body_facts.get(&(unit, Some(e.id))) {
            return known.clone();
        }
        let mut survey = Survey::new(self, unit, fresh_loops);
        survey.enter(None, false);
        survey.walk(Node::Expr(e));
        let facts = Arc::new(survey.finish());
        self.body_facts.insert((unit, Some(e.id)), facts.clone());
        facts
    }
}

struct Frame {
    literal: Option<NodeId>,
    is_loop_body: bool,
    captured: Vec<ObjId>,
    /// Result variables, of a function.
    results: Vec<ObjId>,
    literals: u32,
    loop_bodies: u32,
}

struct Survey<'m, 'a> {
    cx: &'m mut Module<'a>,
    unit: UnitId,
    fresh_loops: bool,
    frames: Vec<Frame>,
    /// The frame of a variable, from 1.
    owners: SideTable<ObjId, u32>,
    address_taken: FxHashSet<ObjId>,
    assigned: FxHashSet<ObjId>,
    captured: FxHashSet<ObjId>,
    results: FxHashSet<ObjId>,
    captures: FxHashMap<LiteralId, Vec<ObjId>>,
    facts: BodyFacts,
}

impl<'m, 'a> Survey<'m, 'a> {
    fn new(cx: &'m mut Module<'a>, unit: UnitId, fresh_loops: bool) -> Self {
        Survey {
            cx,
            unit,
            fresh_loops,
            frames: Vec::new(),
            owners: SideTable::default(),
            address_taken: FxHashSet::default(),
            assigned: FxHashSet::default(),
            captured: FxHashSet::default(),
            results: FxHashSet::default(),
            captures: FxHashMap::default(),
            facts: BodyFacts::default(),
        }
    }

    fn enter(&mut self, literal: Option<NodeId>, is_loop_body: bool) {
        let function = self.frames.iter_mut().rev().find(|frame| !frame.is_loop_body);
        if let (Some(node), Some(function)) = (literal, function) {
            let number = if is_loop_body { &mut function.loop_bodies } else { &mut function.literals };
            *number += 1;
            let literal = Literal { function: function.literal, number: *number };
            self.facts.literals.insert(literal_id(node, is_loop_body), literal);
        }
        self.frames.push(Frame {
            literal,
            is_loop_body,
            captured: Vec::new(),
            results: Vec::new(),
            literals: 0,
            loop_bodies: 0,
        });
    }

    fn leave(&mut self) {
        let frame = self.frames.pop().expect("lower: captures: a frame");
        if let Some(node) = frame.literal {
            self.captures.insert(literal_id(node, frame.is_loop_body), frame.captured);
        }
    }

    fn finish(mut self) -> BodyFacts {
        self.leave();
        let mut in_memory = self.address_taken;
        in_memory.extend(self.captured.iter().filter(|obj| self.assigned.contains(obj) || self.results.contains(obj)));
        self.facts.in_memory = Arc::new(in_memory);
        self.facts.captures = Arc::new(self.captures);
        self.facts.captured = self.captured;
        self.facts.assigned = self.assigned;
        self.facts
    }

    fn declare(&mut self, obj: ObjId) {
        if self.owners[obj] == 0 {
            self.owners[obj] = self.frames.len() as u32;
        }
    }

    fn have_results(&mut self, results: &[ObjId]) {
        self.results.extend(results);
        self.frames.last_mut().expect("lower: captures: a frame").results.extend(results);
    }

    fn declare_list(&mut self, list: ObjList) -> Vec<ObjId> {
        let objs = self.cx.checker.objs(list).to_vec();
        objs.iter().for_each(|&obj| self.declare(obj));
        objs
    }

    fn object(&self, id: NodeId) -> Option<ObjId> {
        self.cx.checker.units[self.unit].objects[id]
    }

    fn local(&self, id: NodeId) -> Option<ObjId> {
        let obj = self.object(id)?;
        let ObjKind::Var { kind, .. } = self.cx.checker.obj(obj).kind else { return None };
        matches!(kind, VarKind::Local | VarKind::Param | VarKind::Result | VarKind::Recv).then_some(obj)
    }

    fn type_at(&self, e: &Expr<'a>) -> Option<TypeId> {
        self.cx.checker.units[self.unit].types[e.id].ty
    }

    fn under(&mut self, e: &Expr<'a>) -> Option<Type> {
        let ty = self.type_at(e)?;
        Some(self.cx.checker.query().under_type(ty))
    }

    fn use_var(&mut self, obj: ObjId) {
        self.declare(obj);
        let owner = self.owners[obj] as usize;
        if owner == self.frames.len() {
            return;
        }
        self.captured.insert(obj);
        for frame in &mut self.frames[owner..] {
            if !frame.captured.contains(&obj) {
                frame.captured.push(obj);
            }
        }
    }

    /// The local variable that an addressable expression is part of.
    fn root(&mut self, e: &'a Expr<'a>) -> Option<ObjId> {
        let mut e = e;
        loop {
            e = match e.kind {
                ExprKind::Name(_) => return self.local(e.id),
                ExprKind::Paren(x) => x,
                ExprKind::Selector { x, .. } => {
                    let selection = self.cx.checker.units[self.unit].selections.get(&e.id)?;
                    if selection.kind != SelectionKind::FieldVal || selection.indirect {
                        return None;
                    }
                    x
                }
                ExprKind::Index { x, .. } => match self.under(x)? {
                    Type::Array { .. } | Type::Interface(_) => x,
                    _ => return None,
                },
                _ => return None,
            };
        }
    }

    fn take_address(&mut self, e: &'a Expr<'a>) {
        if let Some(obj) = self.root(e) {
            self.address_taken.insert(obj);
        }
    }

    fn assign(&mut self, lhs: &'a Expr<'a>, defines: bool) {
        for e in lhs.list().iter() {
            if defines && let Some(ident) = e.as_ident() {
                match self.local(ident.id) {
                    Some(obj) if self.owners[obj] == 0 => self.declare(obj),
                    Some(obj) => {
                        self.assigned.insert(obj);
                    }
                    None => {}
                }
            } else if let Some(obj) = self.root(e) {
                self.assigned.insert(obj);
            }
        }
    }

    fn block(&mut self, block: &'a ast::BlockStmt<'a>) {
        for stmt in block.list {
            self.walk(Node::Stmt(stmt));
        }
    }

    fn walk(&mut self, node: Node<'a>) {
        walk(node, &mut |node| self.visit(node));
    }

    fn visit(&mut self, node: Node<'a>) -> bool {
        match node {
            Node::Expr(e) => self.visit_expr(e),
            Node::Stmt(stmt) => self.visit_stmt(stmt),
            Node::Decl(ast::Decl::Var(decl)) => {
                for name in decl.names {
                    if let Some(obj) = self.local(name.id) {
                        self.declare(obj);
                    }
                }
                true
            }
            Node::Decl(_) => false,
            Node::Case(case) => {
                if let Some(obj) = self.object(case.id) {
                    self.declare(obj);
                }
                true
            }
            Node::Field(_) | Node::Comm(_) => true,
        }
    }

    fn visit_expr(&mut self, e: &'a Expr<'a>) -> bool {
        match e.kind {
            ExprKind::Name(_) => {
                if let Some(obj) = self.local(e.id) {
                    self.use_var(obj);
                }
            }
            ExprKind::FuncLit(literal) => {
                self.enter(Some(e.id), false);
                let sig = self.type_at(e).map(|ty| self.cx.checker.unalias(ty));
                if let Some(sig) = sig.and_then(|ty| self.cx.checker.as_signature(ty)) {
                    self.declare_list(sig.params);
                    let results = self.declare_list(sig.results);
                    self.have_results(&results);
                }
                self.block(literal.body);
                self.leave();
                return false;
            }
            ExprKind::Unary { op: Operator::And, x } => self.take_address(x),
            ExprKind::Slice { x, .. } => {
                if matches!(self.under(x), Some(Type::Array { .. } | Type::Interface(_))) {
                    self.take_address(x);
                }
            }
            ExprKind::Selector { x, .. } => {
                if let Some(&selection) = self.cx.checker.units[self.unit].selections.get(&e.id)
                    && selection.kind == SelectionKind::MethodVal
                    && !selection.indirect
                    && let ObjKind::Func { has_ptr_recv: true, .. } = self.cx.checker.obj(selection.obj).kind
                {
                    self.take_address(x);
                }
            }
            ExprKind::Call(call) => {
                let fun = call.fun.unparen();
                // Called by the body of a loop over a function it is not called by the deferred function itself.
                if self.cx.checker.units[self.unit].types[fun.id].mode == Mode::Builtin(BuiltinId::Recover)
                    && !self.frame().is_loop_body
                {
                    let function = self.function();
                    self.facts.recovers.insert(function);
                }
            }
            _ => {}
        }
        true
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt<'a>) -> bool {
        match stmt.kind {
            StmtKind::Assign { op, lhs, .. } => self.assign(lhs, op == Some(Operator::Def)),
            StmtKind::Defer { .. } => {
                let function = self.function();
                self.facts.defers.insert(function);
                let loops = self.frames.iter().rev().take_while(|frame| frame.is_loop_body);
                self.facts.deferring_loops.extend(loops.filter_map(|frame| frame.literal));
            }
            // The results of the function around the loop are assigned.
            StmtKind::Return { results: Some(_) } if self.frame().is_loop_body => {
                let function = self.frames.iter().rev().find(|frame| !frame.is_loop_body);
                let results = function.map(|frame| frame.results.clone()).unwrap_or_default();
                results.into_iter().for_each(|obj| self.use_var(obj));
            }
            StmtKind::For(stmt) => {
                if let Some(Stmt { kind: StmtKind::Range(clause), .. }) = stmt.init {
                    return self.range(stmt, clause);
                }
            }
            _ => {}
        }
        true
    }

    fn range(&mut self, stmt: &'a ast::ForStmt<'a>, clause: &'a ast::RangeClause<'a>) -> bool {
        self.walk(Node::Expr(clause.x));
        let over_func = self.is_func(clause.x);
        if over_func {
            self.enter(Some(clause.x.id), true);
        }
        if let Some(lhs) = clause.lhs {
            self.assign(lhs, clause.def);
            if !self.fresh_loops {
                // One variable for all iterations.
                self.assign(lhs, false);
            }
            self.walk(Node::Expr(lhs));
        }
        self.block(stmt.body);
        if over_func {
            self.leave();
        }
        false
    }

    /// Whether the expression is a function, in all instances.
    fn is_func(&mut self, e: &Expr<'a>) -> bool {
        let Some(ty) = self.type_at(e) else { return false };
        let under = self.cx.checker.query().common_under_type(ty);
        matches!(under, Type::Signature(_))
    }

    fn frame(&self) -> &Frame {
        self.frames.last().expect("lower: captures: a frame")
    }

    /// The function, not a loop's body, that is being looked at.
    fn function(&self) -> Option<NodeId> {
        let frame = self.frames.iter().rev().find(|frame| !frame.is_loop_body);
        frame.and_then(|frame| frame.literal)
    }
}

fn literal_id(node: NodeId, is_loop_body: bool) -> LiteralId {
    if is_loop_body { LiteralId::LoopBody(node) } else { LiteralId::Func(node) }
}
