//! Sends jumps past decisions that they already know the outcome of.
//!
//! ```text
//! block1: jump block3(v1, 0)                 block1: jump block4(v1)
//! block2: jump block3(v0, 1)            ==>  block2: jump block5
//! block3(v3, v4): branch v4, block5, block4
//! block4: return v3                          block4(v5): return v5
//! ```
//!
//! That is what `v, err := f(); if err != nil` looks like once f was inlined. The deciding block may compute something
//! from its parameters, as long as it has no effects; where its values are used further on, the blocks that it leads to
//! get them as parameters of their own, if each use belongs to one of these blocks alone.
//!
//! A loop's header is such a block when the first test is known to hold: skipping it makes the loop test at its end.
//! More must not be done there, or the loop would have several entries.

use crate::pipeline::Context;
use base::SideTable;
use ir::eval::evaluate;
use ir::function::ValueData;
use ir::{Block, Dominators, FuncId, Function, Opcode, Target, Terminator, Ty, Value, ValueDef};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Instructions that a deciding block may have.
const LIMIT: usize = 8;

pub fn run(_: &Context, _: FuncId, func: &mut Function) {
    let candidates: Vec<Block> = func.blocks.ids().filter(|&block| may_decide(func, block)).collect();
    if candidates.is_empty() {
        return;
    }
    let dominators = Dominators::of(func);
    let mut threader = Threader {
        outside: SideTable::new(),
        homes: SideTable::with_len(func.values.len()),
        incoming: SideTable::with_len(func.blocks.len()),
        entries: SideTable::with_len(func.blocks.len()),
        touched: SideTable::with_len(func.blocks.len()),
        renames: FxHashMap::default(),
        dominators,
        func,
    };
    threader.prepare(&candidates);
    for block in candidates {
        if threader.dominators.order.is_reachable(block) && !threader.touched[block] {
            threader.block(block);
        }
    }
    threader.rename();
}

/// Whether the block does nothing but decide, perhaps by its parameters.
fn may_decide(func: &Function, block: Block) -> bool {
    let data = &func.blocks[block];
    !data.params.is_empty()
        && block != func.entry()
        && matches!(data.term, Terminator::Branch { .. } | Terminator::Switch { .. })
        && data.insts.len() <= LIMIT
        && data.insts.iter().all(|&inst| func.insts[inst].op.effects().is_pure())
}

/// An edge: the block it leaves, and which of its targets it is.
type Edge = (Block, usize);

/// A value where an edge enters the deciding block.
#[derive(Clone, Copy)]
enum Known {
    Bits(u64, Ty),
    Value(Value),
}

struct Threader<'a> {
    func: &'a mut Function,
    dominators: Dominators,
    /// Where values of deciding blocks are used besides, block by block; an entry may come twice.
    outside: SideTable<Block, Vec<(Value, Block)>>,
    /// The deciding block that a value belongs to.
    homes: SideTable<Value, Option<Block>>,
    incoming: SideTable<Block, Vec<Edge>>,
    /// Edges to each block, those to handlers included.
    entries: SideTable<Block, u32>,
    /// Has got edges or parameters that the tables do not know.
    touched: SideTable<Block, bool>,
    /// By what a value is replaced in a block.
    renames: FxHashMap<(Block, Value), Value>,
}

impl Threader<'_> {
    fn prepare(&mut self, candidates: &[Block]) {
        for &block in candidates {
            for &param in self.func.params(block) {
                self.homes[param] = Some(block);
            }
            for &inst in &self.func.blocks[block].insts {
                for &result in self.func.results(inst) {
                    self.homes[result] = Some(block);
                }
            }
        }
        for &block in &self.dominators.order.blocks {
            for next in self.func.successors(block) {
                self.entries[next] += 1;
            }
            for (index, target) in self.func.blocks[block].term.targets().iter().enumerate() {
                self.incoming[target.block].push((block, index));
            }
            let (homes, outside) = (&self.homes, &mut self.outside);
            let mut note = |value: Value| {
                if let Some(home) = homes[value].filter(|&home| home != block) {
                    outside[home].push((value, block));
                }
            };
            for &inst in &self.func.blocks[block].insts {
                self.func.args(inst).iter().for_each(|&arg| note(arg));
            }
            self.func.for_each_terminator_use(block, note);
        }
    }

    fn block(&mut self, block: Block) {
        let edges: Vec<(Edge, usize)> = self.known_edges(block);
        if edges.is_empty() || !self.make_private(block) {
            return;
        }
        for (edge, choice) in edges {
            self.thread(block, edge, choice);
        }
    }

    /// The edges to the block that know where it leads, and which of its targets that is.
    fn known_edges(&self, block: Block) -> Vec<(Edge, usize)> {
        let order = &self.dominators.order;
        let place = order.index(block);
        let is_forward = |edge: &&Edge| order.index(edge.0) < place;
        let mut edges: Vec<Edge> = self.incoming[block].clone();
        let forward: Vec<Edge> = edges.iter().filter(is_forward).copied().collect();
        if forward.len() < edges.len() {
            if forward.len() != 1 {
                return Vec::new();
            }
            edges = forward;
        }
        let choice = |edge: &Edge| {
            let target = self.target(*edge);
            if target.block != block || edge.0 == block {
                return None;
            }
            let choice = self.choice(block, *edge, &target)?;
            // What it passes on must be there before the block.
            let next = self.func.blocks[block].term.targets()[choice];
            let is_there = |&arg: &Value| self.known(block, &target, arg).is_some();
            let passes = self.func.values_of(next.args).iter().all(is_there);
            let is_private = self.outside[block].iter().all(|(value, _)| is_there(value));
            (next.block != block && passes && is_private).then_some(choice)
        };
        edges.iter().filter_map(|edge| Some((*edge, choice(edge)?))).collect()
    }

    fn target(&self, (from, index): Edge) -> Target {
        self.func.blocks[from].term.targets()[index]
    }

    /// Which target of the block an edge leads to.
    fn choice(&self, block: Block, edge: Edge, target: &Target) -> Option<usize> {
        match &self.func.blocks[block].term {
            Terminator::Branch { cond, .. } => {
                let holds = match self.known(block, target, *cond)? {
                    Known::Bits(bits, _) => bits != 0,
                    // The branch that the edge comes from has asked the same.
                    Known::Value(value) => match self.func.blocks[edge.0].term {
                        Terminator::Branch { cond, then, els, .. } if cond == value && then.block != els.block => {
                            edge.1 == 0
                        }
                        _ => return None,
                    },
                };
                Some(usize::from(!holds))
            }
            Terminator::Switch { value, targets, .. } => match self.known(block, target, *value)? {
                Known::Bits(bits, _) => Some((bits as usize).min(targets.len())),
                Known::Value(_) => None,
            },
            _ => None,
        }
    }

    /// What a value of the block, or one that it uses, is when it was entered by an edge to `target`. None: it depends
    /// on what is not known.
    fn known(&self, block: Block, target: &Target, value: Value) -> Option<Known> {
        if self.homes[value] != Some(block) {
            return Some(self.constant(value).unwrap_or(Known::Value(value)));
        }
        match self.func.values[value].def {
            ValueDef::Param(_, index) => {
                let arg = self.func.values_of(target.args)[index as usize];
                Some(self.constant(arg).unwrap_or(Known::Value(arg)))
            }
            ValueDef::Result(inst, _) => {
                let data = &self.func.insts[inst];
                let ty = self.func.ty(value);
                if let Some(constant) = self.constant(value) {
                    return Some(constant);
                }
                let args = self.func.args(inst);
                if args.is_empty() || args.len() > 3 {
                    return None;
                }
                let mut bits = [0; 3];
                for (bits, &arg) in bits.iter_mut().zip(args) {
                    match self.known(block, target, arg)? {
                        Known::Bits(known, _) => *bits = known,
                        Known::Value(value) => *bits = self.bits_of(data.op, value)?,
                    }
                }
                let operand = self.func.ty(args[0]);
                Some(Known::Bits(evaluate(data.op, operand, ty, &bits[..args.len()])?, ty))
            }
            ValueDef::Alias(_) => unreachable!("thread: aliases were resolved"),
        }
    }

    /// An address is not null, which is all that `eqz` wants to know.
    fn bits_of(&self, op: Opcode, value: Value) -> Option<u64> {
        let ValueDef::Result(inst, _) = self.func.values[value].def else { return None };
        let is_address = matches!(self.func.insts[inst].op, Opcode::New | Opcode::DataAddr | Opcode::SlotAddr);
        (op == Opcode::Eqz && is_address).then_some(1)
    }

    fn constant(&self, value: Value) -> Option<Known> {
        let ValueDef::Result(inst, _) = self.func.values[value].def else { return None };
        let data = &self.func.insts[inst];
        matches!(data.op, Opcode::Const | Opcode::FConst).then(|| Known::Bits(data.imm, self.func.ty(value)))
    }

    /// Passes the block's values on to the blocks that it leads to, where they or what they dominate use them. False,
    /// and nothing done, if some use belongs to none of them.
    fn make_private(&mut self, block: Block) -> bool {
        let uses = self.outside[block].clone();
        if uses.is_empty() {
            return true;
        }
        let targets: SmallVec<[Block; 4]> =
            self.func.blocks[block].term.targets().iter().map(|target| target.block).collect();
        let mut owners = Vec::with_capacity(uses.len());
        for &(_, user) in &uses {
            let is_owner = |&&next: &&Block| {
                self.entries[next] == 1 && !self.touched[next] && self.dominators.dominates(next, user)
            };
            match targets.iter().find(is_owner) {
                Some(&owner) => owners.push(owner),
                None => return false,
            }
        }
        let mut passed: FxHashMap<(Block, Value), Value> = FxHashMap::default();
        for (&(value, user), &owner) in uses.iter().zip(&owners) {
            let param = match passed.get(&(owner, value)) {
                Some(&param) => param,
                None => {
                    let param = self.pass(block, owner, value);
                    passed.insert((owner, value), param);
                    param
                }
            };
            self.renames.insert((user, value), param);
        }
        true
    }

    /// Makes `next`, which only `block` leads to, get a value as one more parameter.
    fn pass(&mut self, block: Block, next: Block, value: Value) -> Value {
        self.touched[next] = true;
        let func = &mut *self.func;
        let mut params: Vec<Value> = func.params(next).to_vec();
        let def = ValueDef::Param(next, params.len() as u32);
        let param = func.values.push(ValueData { ty: func.ty(value), def });
        params.push(param);
        func.blocks[next].params = func.list(&params);
        let mut term = std::mem::take(&mut func.blocks[block].term);
        for target in term.targets_mut().into_iter().filter(|target| target.block == next) {
            let mut args: Vec<Value> = func.values_of(target.args).to_vec();
            args.push(value);
            target.args = func.list(&args);
        }
        func.blocks[block].term = term;
        param
    }

    /// Makes an edge to the block lead where the block would.
    fn thread(&mut self, block: Block, (from, index): Edge, choice: usize) {
        let target = self.target((from, index));
        let next = self.func.blocks[block].term.targets()[choice];
        let args: SmallVec<[Value; 4]> = self.func.values_of(next.args).into();
        let args: SmallVec<[Value; 4]> = args
            .into_iter()
            .map(|arg| match self.known(block, &target, arg).expect("thread: what is passed on is known") {
                Known::Value(value) => {
                    self.use_in(from, block, value);
                    value
                }
                Known::Bits(bits, ty) => {
                    let op = if matches!(ty, Ty::F32 | Ty::F64) { Opcode::FConst } else { Opcode::Const };
                    let inst = self.func.append(from, op, &[], bits, &[ty], None);
                    self.func.results(inst)[0]
                }
            })
            .collect();
        let args = self.func.list(&args);
        let mut term = std::mem::take(&mut self.func.blocks[from].term);
        if let Some(target) = term.targets_mut().into_iter().nth(index) {
            *target = Target { block: next.block, args };
        }
        self.func.blocks[from].term = term;
        self.touched[next.block] = true;
        self.touched[block] = true;
    }

    /// A value that `block` uses is used in `from` as well now.
    fn use_in(&mut self, from: Block, block: Block, value: Value) {
        if let Some(home) = self.homes[value].filter(|&home| home != from) {
            self.outside[home].push((value, from));
        }
        if let Some(&param) = self.renames.get(&(block, value)) {
            self.renames.insert((from, value), param);
        }
    }

    fn rename(&mut self) {
        if self.renames.is_empty() {
            return;
        }
        let mut blocks: Vec<Block> = self.renames.keys().map(|key| key.0).collect();
        blocks.sort_unstable();
        blocks.dedup();
        for block in blocks {
            let mut lists: SmallVec<[ir::ValueList; 16]> =
                self.func.blocks[block].insts.iter().map(|&inst| self.func.insts[inst].args).collect();
            let mut term = std::mem::take(&mut self.func.blocks[block].term);
            lists.push(term.operands().1);
            lists.extend(term.targets().iter().map(|target| target.args));
            for list in lists {
                for value in self.func.values_of_mut(list) {
                    if let Some(&param) = self.renames.get(&(block, *value)) {
                        *value = param;
                    }
                }
            }
            if let Terminator::Branch { cond: value, .. } | Terminator::Switch { value, .. } = &mut term
                && let Some(&param) = self.renames.get(&(block, *value))
            {
                *value = param;
            }
            self.func.blocks[block].term = term;
        }
    }
}
