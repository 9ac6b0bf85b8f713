//! Loads of what is known, and stores that nobody sees.
//!
//! In reverse postorder, each block begins with what all its predecessors know of memory and ends with what it adds:
//!
//! ```text
//! store v0 + 8, v1          v0 + 8 holds v1
//! v2 = load.i64 v0 + 8      v2 is v1
//! store v3, v4              v3 may be v0 + 8: nothing is known any more      (aliases.rs)
//! v5 = load.i64 v0 + 8      v0 + 8 holds v5
//! call @f()                 what f may write to is forgotten; slots that it cannot know stay
//! ```
//!
//! A func value that is made here is called directly.
//!
//! A loop begins with what is known in front of it and is not written anywhere in it. A handler knows nothing.
//!
//! Then, block by block from behind: a store goes if its bytes are written again before anybody may read them. Between the
//! two nothing may panic if others see the memory then; memory that only this function sees is seen by its handler.

mod aliases;
mod dead;

use crate::escape::definition;
use crate::pipeline::Context;
use aliases::{Addresses, Place};
use base::SideTable;
use ir::{Block, Dominators, Effects, FuncId, Function, Inst, Loops, Opcode, Predecessors, Ty, Value};
use smallvec::SmallVec;

/// What a block remembers at most.
const MAX_FACTS: usize = 48;
/// What is remembered of the writes in a loop.
const MAX_WRITES: usize = 16;

/// Makes calls of func values direct where their records are made; nothing in functions that have no such call.
pub fn direct_calls(context: &Context, id: FuncId, func: &mut Function) {
    let has = |op: Opcode| func.blocks.values().any(|block| block.insts.iter().any(|&inst| func.insts[inst].op == op));
    if has(Opcode::CallClosure) && has(Opcode::FuncAddr) {
        run(context, id, func);
    }
}

pub fn run(context: &Context, _: FuncId, func: &mut Function) {
    let is_memory = |inst: &Inst| {
        let effects = func.insts[*inst].op.effects();
        effects.contains(Effects::TRAP) && effects.intersects(Effects::READ.union(Effects::WRITE))
    };
    if !func.blocks.values().any(|block| block.insts.iter().any(is_memory)) {
        return;
    }
    func.resolve_all();
    let dominators = Dominators::of(func);
    let addresses = Addresses::of(context, func, &dominators.order);
    forward(context, func, &dominators, &addresses);
    func.resolve_all();
    dead::remove(context, func, &dominators.order, &addresses);
}

/// The memory at a place, as loads of one kind see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fact {
    place: Place,
    /// The load or store that told.
    op: Opcode,
    value: Value,
}

/// What is written in a loop.
#[derive(Clone, Default)]
struct Writes {
    places: Vec<Place>,
    /// All that others may see.
    calls: bool,
    /// Too much to list.
    anything: bool,
}

impl Writes {
    fn add(&mut self, place: Place) {
        if !self.places.contains(&place) {
            self.places.push(place);
            self.anything |= self.places.len() > MAX_WRITES;
        }
    }
}

fn forward(context: &Context, func: &mut Function, dominators: &Dominators, addresses: &Addresses) {
    let predecessors = Predecessors::of(func, &dominators.order);
    let loops = Loops::of(func, dominators);
    let writes = writes_of_loops(context, func, dominators, &loops, addresses);
    let mut ends: SideTable<Block, Option<Vec<Fact>>> = SideTable::with_len(func.blocks.len());
    for &block in &dominators.order.blocks {
        let facts = start(func, block, &predecessors, dominators, &loops, &writes, addresses, &ends);
        let mut forwarder = Forwarder { context, func, addresses, facts, insts: Vec::new() };
        for inst in std::mem::take(&mut forwarder.func.blocks[block].insts) {
            forwarder.inst(inst);
        }
        let Forwarder { facts, insts, .. } = forwarder;
        func.blocks[block].insts = insts;
        ends[block] = Some(facts);
    }
}

/// What is known at the start of a block.
fn start(
    func: &Function,
    block: Block,
    predecessors: &Predecessors,
    dominators: &Dominators,
    loops: &Loops,
    writes: &SideTable<Block, Writes>,
    addresses: &Addresses,
    ends: &SideTable<Block, Option<Vec<Fact>>>,
) -> Vec<Fact> {
    let mut known: Option<Vec<Fact>> = None;
    for &from in predecessors.get(block) {
        if func.blocks[from].handler == Some(block) {
            return Vec::new();
        }
        let is_back = loops.is_header(block) && dominators.dominates(block, from);
        if is_back {
            continue;
        }
        // Without an end: a way into a loop with several entries.
        let Some(end) = &ends[from] else { return Vec::new() };
        match &mut known {
            None => known = Some(end.clone()),
            Some(known) => known.retain(|fact| end.contains(fact)),
        }
    }
    let mut known = known.unwrap_or_default();
    if loops.is_header(block) {
        let writes = &writes[block];
        if writes.anything {
            known.clear();
        }
        known.retain(|fact| {
            let is_called_for = writes.calls && addresses.is_exposed(fact.place);
            let is_written = writes.places.iter().any(|&written| addresses.may_change(written, fact.place));
            !is_called_for && !is_written
        });
    }
    known
}

/// What is written in each loop, by header.
fn writes_of_loops(
    context: &Context,
    func: &Function,
    dominators: &Dominators,
    loops: &Loops,
    addresses: &Addresses,
) -> SideTable<Block, Writes> {
    let mut writes: SideTable<Block, Writes> = SideTable::new();
    // Inner headers come behind outer ones.
    for &block in dominators.order.blocks.iter().rev() {
        if let Some(header) = loops.innermost(block) {
            for &inst in &func.blocks[block].insts {
                match written(context, func, addresses, inst) {
                    Written::Nothing => {}
                    Written::Place(place) => writes[header].add(place.anywhere()),
                    Written::Seen => writes[header].calls = true,
                }
            }
        }
        if loops.is_header(block)
            && let Some(outer) = loops.parent(block)
        {
            let inner = writes[block].clone();
            let outer = &mut writes[outer];
            outer.calls |= inner.calls;
            outer.anything |= inner.anything;
            inner.places.into_iter().for_each(|place| outer.add(place));
        }
    }
    writes
}

enum Written {
    Nothing,
    Place(Place),
    /// Anything that others than this function see.
    Seen,
}

fn written(context: &Context, func: &Function, addresses: &Addresses, inst: Inst) -> Written {
    let data = &func.insts[inst];
    let effects = context.facts.summaries.of_inst(data);
    match addresses.target(context.program, func, inst) {
        Some(place) => Written::Place(place),
        None if effects.intersects(Effects::WRITE.union(Effects::SUSPEND)) => Written::Seen,
        None => Written::Nothing,
    }
}

struct Forwarder<'a, 'b> {
    context: &'a Context<'b>,
    func: &'a mut Function,
    addresses: &'a Addresses,
    facts: Vec<Fact>,
    insts: Vec<Inst>,
}

impl Forwarder<'_, '_> {
    fn inst(&mut self, inst: Inst) {
        let data = self.func.insts[inst];
        if let Some(place) = self.addresses.source(self.func, inst) {
            return self.load(inst, place);
        }
        if data.op == Opcode::CallClosure {
            self.call(inst);
        }
        self.insts.push(inst);
        match written(self.context, self.func, self.addresses, inst) {
            Written::Nothing => {}
            Written::Seen => {
                let addresses = self.addresses;
                self.facts.retain(|fact| !addresses.is_exposed(fact.place));
            }
            Written::Place(place) => {
                let addresses = self.addresses;
                self.facts.retain(|fact| !addresses.may_change(place, fact.place));
                if matches!(data.op, Opcode::Store | Opcode::StorePtr | Opcode::Store8 | Opcode::Store16) {
                    let value = self.func.args(inst)[1];
                    self.remember(Fact { place, op: data.op, value });
                }
            }
        }
    }

    /// A call through a func value whose code word is known is a direct one.
    fn call(&mut self, inst: Inst) {
        let place = self.addresses.code_word(self.func, self.func.args(inst)[0]);
        let Some(fact) = self.facts.iter().rev().find(|fact| fact.place == place) else { return };
        let Some(callee) = code(self.func, fact.value) else { return };
        let program = self.context.program;
        let data = &program.funcs[callee];
        if data.sig != self.func.insts[inst].sig() || data.import.is_some() {
            return;
        }
        let args = args(self.func, inst);
        let args = self.func.list(&args[usize::from(!data.has_context)..]);
        let call = &mut self.func.insts[inst];
        (call.op, call.args, call.imm) = (Opcode::Call, args, base::EntityId::index(callee) as u64);
    }

    fn remember(&mut self, fact: Fact) {
        if self.facts.len() >= MAX_FACTS {
            self.facts.remove(0);
        }
        self.facts.push(fact);
    }

    fn load(&mut self, inst: Inst, place: Place) {
        let data = self.func.insts[inst];
        let result = self.func.results(inst)[0];
        let known = self.facts.iter().rev().find(|fact| fact.place == place).copied();
        if let Some(value) = known.and_then(|fact| self.value(fact, inst)) {
            let value = self.func.resolve_mut(value);
            return self.func.replace(result, value);
        }
        self.insts.push(inst);
        self.remember(Fact { place, op: data.op, value: result });
    }

    /// What the load gives, by what is known of its place.
    fn value(&mut self, fact: Fact, load: Inst) -> Option<Value> {
        use Opcode::*;
        let data = self.func.insts[load];
        let ty = self.func.ty(self.func.results(load)[0]);
        let value = self.func.resolve_mut(fact.value);
        let known = self.func.ty(value);
        match (fact.op, data.op) {
            (Store | StorePtr, Load) if known == ty => Some(value),
            (told, op) if told == op && known == ty => Some(value),
            (Store8, Load8U) | (Store16, Load16U) if known == ty => {
                let mask = if fact.op == Store8 { 0xff } else { 0xffff };
                let width = if fact.op == Store8 { 1 } else { 2 };
                if crate::sroa::fits(self.func, value, width) {
                    return Some(value);
                }
                let mask = self.append(Const, &[], mask, ty, load);
                Some(self.append(And, &[value, mask], 0, ty, load))
            }
            (Store8, Load8S) if known == ty => Some(self.append(Extend8, &[value], 0, ty, load)),
            (Store16, Load16S) if known == ty => Some(self.append(Extend16, &[value], 0, ty, load)),
            _ => None,
        }
    }

    fn append(&mut self, op: Opcode, args: &[Value], imm: u64, ty: Ty, like: Inst) -> Value {
        let loc = self.func.insts[like].loc;
        let inst = self.func.add_inst(op, args, imm, &[ty], loc);
        self.insts.push(inst);
        self.func.results(inst)[0]
    }
}

/// The function whose code word the number is.
fn code(func: &Function, word: Value) -> Option<FuncId> {
    let extended = definition(func, word, Opcode::ExtendU)?;
    let code = definition(func, func.args(extended)[0], Opcode::FuncAddr)?;
    Some(func.insts[code].func())
}

/// The arguments of an instruction, with aliases followed.
fn args(func: &Function, inst: Inst) -> SmallVec<[Value; 3]> {
    func.args(inst).iter().map(|&arg| func.resolve(arg)).collect()
}
