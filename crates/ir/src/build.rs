//! SSA construction while lowering.
//!
//! Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (CC 2013): a variable's value is
//! looked for in the current block, then in its predecessors; where several meet, a block parameter is made (here: a
//! *merge*), and dropped again if all its arguments turn out equal. A block whose predecessors are not all known yet
//! is *unsealed*; reading there makes a merge whose arguments follow when it is sealed.
//!
//! ```text
//! entry:  write(x, a); add_edge(entry, head)
//! head:   read(x, head)            unsealed: a merge m
//! body:   add_edge(body, head)     x is not written
//! seal(head)                       m's arguments are a and m: m is another name of a
//! ```
//!
//! Variables are whatever the caller numbers: one Go variable is several of them when it was taken apart. Code that
//! cannot be reached may read variables that nobody wrote: it gets zeros.
//!
//! **Cost.** Nothing recurses, and the work is near linear in edges x merges. A merge is examined again only when two
//! *witnesses*, arguments that were distinct so far, have become one value: each merge is listed with its witnesses,
//! and when one value replaces another, the shorter of their lists holds all the merges concerned.

use crate::dominators::Order;
use crate::function::{Block, Function, Inst, Target, Value, ValueData, ValueDef};
use crate::opcode::Opcode;
use crate::ty::Ty;
use base::{EntityId, SideTable, entity_id};
use rustc_hash::FxHashMap;

entity_id!(
    /// A scalar variable that is assigned more than once.
    pub struct Variable, "var"
);

/// The state of construction; dropped when the function is finished.
#[derive(Default)]
pub struct Builder {
    pub func: Function,
    types: Vec<Ty>,
    /// Values of variables that are never written again.
    fixed: SideTable<Variable, Option<Value>>,
    /// The value of a variable at the end of a block, as far as known.
    current: FxHashMap<(Variable, Block), Value>,
    blocks: SideTable<Block, State>,
    /// Merges that have their arguments.
    merges: FxHashMap<Value, Merge>,
    /// The merges that have the value, itself a merge, as a witness. Some entries are out of date.
    watchers: FxHashMap<Value, Vec<Value>>,
}

#[derive(Clone, Default, Debug)]
struct State {
    sealed: bool,
    /// Predecessors, one entry per edge.
    predecessors: Vec<Block>,
    /// Merges waiting for their arguments.
    incomplete: Vec<(Variable, Value)>,
    /// All merges made here, those included that turned out to be other values.
    merges: Vec<Value>,
    /// Constants for reads of what was never written.
    zeros: Vec<Inst>,
}

#[derive(Debug)]
struct Merge {
    /// One for each predecessor.
    args: Vec<Value>,
    /// Places of two arguments that are distinct from each other and from the merge. All arguments before `first` are
    /// the merge itself; all between them are the merge or equal to the first.
    first: usize,
    second: usize,
}

/// A merge whose arguments are being collected.
struct Collecting {
    variable: Variable,
    block: Block,
    merge: Value,
    args: Vec<Value>,
}

/// The index of a block parameter that is still a merge; `finish` gives it its place.
const MERGE: u32 = u32::MAX;

impl Builder {
    pub fn new() -> Builder {
        Builder::default()
    }

    pub fn variable(&mut self, ty: Ty) -> Variable {
        self.types.push(ty);
        Variable::from_index(self.types.len() - 1)
    }

    pub fn write(&mut self, variable: Variable, block: Block, value: Value) {
        debug_assert_eq!(self.types[variable.index()], self.func.ty(value));
        assert!(self.fixed[variable].is_none(), "build: {variable} is written again");
        self.current.insert((variable, block), value);
    }

    /// Gives a variable its only value, whose definition dominates all reads: these need no search then.
    pub fn fix(&mut self, variable: Variable, value: Value) {
        debug_assert_eq!(self.types[variable.index()], self.func.ty(value));
        self.fixed[variable] = Some(value);
    }

    /// Declares an edge. `from` has its final values now; all edges to a block are declared before it is sealed.
    pub fn add_edge(&mut self, from: Block, to: Block) {
        debug_assert!(!self.blocks[to].sealed, "build: edge to sealed {to}");
        self.blocks[to].predecessors.push(from);
    }

    /// Whether any edge leads to the block so far.
    pub fn has_predecessors(&self, block: Block) -> bool {
        !self.blocks[block].predecessors.is_empty()
    }

    /// All predecessors of the block are known now.
    pub fn seal(&mut self, block: Block) {
        debug_assert!(!self.blocks[block].sealed, "build: {block} sealed twice");
        self.blocks[block].sealed = true;
        for (variable, merge) in std::mem::take(&mut self.blocks[block].incomplete) {
            self.complete(Collecting { variable, block, merge, args: Vec::new() });
        }
    }

    /// The value of the variable at the current end of the block.
    pub fn read(&mut self, variable: Variable, block: Block) -> Value {
        if let Some(value) = self.fixed[variable] {
            return self.func.resolve_mut(value);
        }
        let (value, collecting) = self.look_up(variable, block);
        if let Some(collecting) = collecting {
            self.complete(collecting);
        }
        self.func.resolve_mut(value)
    }

    /// The value, and the work to do if it is a new merge.
    fn look_up(&mut self, variable: Variable, block: Block) -> (Value, Option<Collecting>) {
        let mut passed = Vec::new();
        let mut at = block;
        let (value, collecting) = loop {
            if let Some(&value) = self.current.get(&(variable, at)) {
                break (self.func.resolve_mut(value), None);
            }
            passed.push(at);
            let state = &self.blocks[at];
            match state.predecessors[..] {
                [] if state.sealed => break (self.zero(self.types[variable.index()], at), None),
                [only] if state.sealed => at = only,
                _ => break self.new_merge(variable, at),
            }
            if passed.len() > self.func.blocks.len() {
                // Around a loop that nothing enters.
                break (self.zero(self.types[variable.index()], at), None);
            }
        };
        for block in passed {
            self.current.insert((variable, block), value);
        }
        (value, collecting)
    }

    fn new_merge(&mut self, variable: Variable, block: Block) -> (Value, Option<Collecting>) {
        let ty = self.types[variable.index()];
        let merge = self.func.values.push(ValueData { ty, def: ValueDef::Param(block, MERGE) });
        let state = &mut self.blocks[block];
        state.merges.push(merge);
        if state.sealed {
            return (merge, Some(Collecting { variable, block, merge, args: Vec::new() }));
        }
        state.incomplete.push((variable, merge));
        (merge, None)
    }

    /// What a variable is that nobody wrote, in code that nobody reaches.
    fn zero(&mut self, ty: Ty, block: Block) -> Value {
        assert_ne!(self.func.entry, Some(block), "build: a variable is read before it is written");
        let op = if matches!(ty, Ty::F32 | Ty::F64) { Opcode::FConst } else { Opcode::Const };
        let inst = self.func.add_inst(op, &[], 0, &[ty], None);
        self.blocks[block].zeros.push(inst);
        self.func.results(inst)[0]
    }

    /// Finds the arguments of a merge, and of the merges that come up on the way.
    fn complete(&mut self, collecting: Collecting) {
        let mut stack = vec![collecting];
        while let Some(top) = stack.last_mut() {
            if let Some(&from) = self.blocks[top.block].predecessors.get(top.args.len()) {
                let variable = top.variable;
                let (value, collecting) = self.look_up(variable, from);
                if let Some(top) = stack.last_mut() {
                    top.args.push(value);
                }
                stack.extend(collecting);
            } else if let Some(done) = stack.pop() {
                self.merges.insert(done.merge, Merge { args: done.args, first: 0, second: 0 });
                self.settle(done.merge);
            }
        }
    }

    /// A merge whose arguments are all one other value (or itself) is that value; merges that saw both may follow.
    fn settle(&mut self, merge: Value) {
        let mut pending = vec![merge];
        while let Some(value) = pending.pop() {
            let Some(block) = self.merge_block(value) else { continue };
            // Without an entry: it is still collecting its arguments, and will be settled then.
            let Some(mut merge) = self.merges.remove(&value) else { continue };
            let replacement = match self.find_witnesses(value, &mut merge) {
                Witnesses::None => self.zero(self.func.ty(value), block),
                Witnesses::One(other) => other,
                Witnesses::Two { new } => {
                    self.merges.insert(value, merge);
                    for witness in new.into_iter().flatten() {
                        if self.merge_block(witness).is_some() {
                            self.watchers.entry(witness).or_default().push(value);
                        }
                    }
                    continue;
                }
            };
            self.func.replace(value, replacement);
            let mut seen_old = self.watchers.remove(&value).unwrap_or_default();
            if self.merge_block(replacement).is_none() {
                pending.extend(seen_old);
                continue;
            }
            pending.push(replacement); // the old value may have been its own witness
            let seen_new = self.watchers.entry(replacement).or_default();
            if seen_new.len() < seen_old.len() {
                std::mem::swap(seen_new, &mut seen_old);
            }
            seen_new.extend_from_slice(&seen_old);
            pending.extend(seen_old);
        }
    }

    fn find_witnesses(&mut self, value: Value, merge: &mut Merge) -> Witnesses {
        let Merge { args, first, second } = merge;
        let before = (*first, *second);
        let mut a = None;
        while let Some(&arg) = args.get(*first) {
            let arg = self.func.resolve_mut(arg);
            if arg != value {
                a = Some(arg);
                break;
            }
            *first += 1;
        }
        let Some(a) = a else { return Witnesses::None };
        *second = (*second).max(*first + 1);
        while let Some(&arg) = args.get(*second) {
            let arg = self.func.resolve_mut(arg);
            if arg != value && arg != a {
                let is_first_new = before.1 == 0 || before.0 != *first;
                let is_second_new = before.1 != *second;
                return Witnesses::Two { new: [is_first_new.then_some(a), is_second_new.then_some(arg)] };
            }
            *second += 1;
        }
        Witnesses::One(a)
    }

    /// The block of a value that is a merge as yet.
    fn merge_block(&self, value: Value) -> Option<Block> {
        match self.func.values[value].def {
            ValueDef::Param(block, MERGE) => Some(block),
            _ => None,
        }
    }
}

enum Witnesses {
    /// All arguments are the merge: a cycle that nothing enters.
    None,
    One(Value),
    /// `new`: those that the merge is not listed with yet.
    Two {
        new: [Option<Value>; 2],
    },
}

impl Builder {
    /// Turns merges into block parameters and their arguments, and resolves all aliases. Every block is sealed and has
    /// its terminator, whose targets carry no arguments for merges yet.
    pub fn finish(mut self) -> Function {
        self.place_zeros();
        // Where each edge is in its target's list of predecessors. Of parallel edges one will do: what they pass is
        // the same.
        let mut edges = Vec::new();
        for block in self.func.blocks.ids() {
            let state = &mut self.blocks[block];
            debug_assert!(state.sealed || state.predecessors.is_empty(), "build: {block} was never sealed");
            let mut merges = std::mem::take(&mut state.merges);
            merges.retain(|&merge| self.merge_block(merge).is_some());
            if merges.is_empty() {
                continue;
            }
            let mut params = self.func.params(block).to_vec();
            for &merge in &merges {
                self.func.values[merge].def = ValueDef::Param(block, params.len() as u32);
                params.push(merge);
            }
            self.func.blocks[block].params = self.func.list(&params);
            let state = &mut self.blocks[block];
            state.merges = merges;
            edges.extend(state.predecessors.iter().enumerate().map(|(index, &from)| (from, block, index)));
        }
        edges.sort_unstable();
        for block in self.func.blocks.ids() {
            let mut term = std::mem::take(&mut self.func.blocks[block].term);
            for target in term.targets_mut() {
                self.pass_merges(block, target, &edges);
            }
            self.func.blocks[block].term = term;
        }
        self.func.resolve_all();
        self.func
    }

    /// Adds the arguments for the target's merges.
    fn pass_merges(&mut self, from: Block, target: &mut Target, edges: &[(Block, Block, usize)]) {
        let merges = &self.blocks[target.block].merges;
        if merges.is_empty() {
            return;
        }
        let at = edges.partition_point(|&(a, b, _)| (a, b) < (from, target.block));
        let index = match edges.get(at) {
            Some(&(a, b, index)) if (a, b) == (from, target.block) => index,
            _ => panic!("build: {from} jumps to {} without a declared edge", target.block),
        };
        let mut args = self.func.values_of(target.args).to_vec();
        args.extend(merges.iter().map(|merge| self.merges[merge].args[index]));
        target.args = self.func.list(&args);
    }

    fn place_zeros(&mut self) {
        let blocks: Vec<Block> = self.func.blocks.ids().filter(|&block| !self.blocks[block].zeros.is_empty()).collect();
        if blocks.is_empty() {
            return;
        }
        let order = Order::of(&self.func);
        for block in blocks {
            assert!(!order.is_reachable(block), "build: a variable is read in {block} that was never written");
            let mut insts = std::mem::take(&mut self.blocks[block].zeros);
            insts.append(&mut self.func.blocks[block].insts);
            self.func.blocks[block].insts = insts;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::{Terminator, ValueList};

    const COUNT: usize = 50_000;

    struct Test {
        builder: Builder,
        entry: Block,
        x: Variable,
        one: Value,
    }

    impl Test {
        /// An entry block that writes a variable.
        fn new() -> Test {
            let mut builder = Builder::new();
            let entry = builder.func.add_block(&[]);
            builder.func.entry = Some(entry);
            builder.seal(entry);
            let x = builder.variable(Ty::I32);
            let mut test = Test { builder, entry, x, one: Value::from_index(0) };
            test.one = test.number(entry);
            test.builder.write(x, entry, test.one);
            test
        }

        fn number(&mut self, block: Block) -> Value {
            let inst = self.builder.func.append(block, Opcode::Const, &[], 1, &[Ty::I32], None);
            self.builder.func.results(inst)[0]
        }

        fn block(&mut self) -> Block {
            self.builder.func.add_block(&[])
        }

        /// Ends the block by a jump or a branch.
        fn jump(&mut self, from: Block, to: &[Block]) {
            let target = |block: Block| Target { block, args: ValueList::EMPTY };
            self.builder.func.blocks[from].term = match *to {
                [to] => Terminator::Jump(target(to)),
                [then, els] => {
                    Terminator::Branch { cond: self.one, then: target(then), els: target(els), likely: None }
                }
                _ => unreachable!("one or two targets"),
            };
            to.iter().for_each(|&to| self.builder.add_edge(from, to));
        }

        fn finish(mut self, at: Block, value: Value) -> Function {
            let list = self.builder.func.list(&[value]);
            self.builder.func.blocks[at].term = Terminator::Return(list);
            self.builder.finish()
        }
    }

    fn params(func: &Function) -> usize {
        func.blocks.ids().map(|block| func.params(block).len()).sum()
    }

    #[test]
    fn a_chain_of_merges_is_walked_without_recursion() {
        for is_written in [false, true] {
            let mut test = Test::new();
            let mut at = test.entry;
            for _ in 0..COUNT {
                let (side, join) = (test.block(), test.block());
                test.jump(at, &[side, join]);
                test.builder.seal(side);
                if is_written {
                    let value = test.number(side);
                    test.builder.write(test.x, side, value);
                }
                test.jump(side, &[join]);
                test.builder.seal(join);
                at = join;
            }
            let value = test.builder.read(test.x, at);
            assert_eq!(value == test.one, !is_written);
            assert_eq!(params(&test.finish(at, value)), if is_written { COUNT } else { 0 });
        }
    }

    #[test]
    fn loops_inside_loops_end_up_without_parameters() {
        for outermost_first in [false, true] {
            let mut test = Test::new();
            let exit = test.block();
            let mut headers = Vec::new();
            let mut at = test.entry;
            for _ in 0..COUNT {
                let header = test.block();
                test.jump(at, &[header]);
                // A read in each: all become parameters that wait for their back edges.
                test.builder.read(test.x, header);
                headers.push(header);
                at = header;
            }
            // Back out: each latch leads to its header and to the next latch outwards.
            for &header in headers.iter().rev() {
                let latch = test.block();
                test.jump(at, &[latch]);
                test.builder.seal(latch);
                let next = test.block();
                test.jump(latch, &[header, next]);
                test.builder.seal(next);
                at = next;
            }
            test.jump(at, &[exit]);
            test.builder.seal(exit);
            let value = test.builder.read(test.x, exit);
            if outermost_first {
                headers.reverse();
            }
            headers.iter().rev().for_each(|&header| test.builder.seal(header));
            let func = test.finish(exit, value);
            assert_eq!(params(&func), 0);
        }
    }

    #[test]
    fn many_edges_to_one_block_and_many_variables() {
        let mut test = Test::new();
        let vars: Vec<Variable> = (0..20).map(|_| test.builder.variable(Ty::I32)).collect();
        for &var in &vars {
            test.builder.write(var, test.entry, test.one);
        }
        let exit = test.block();
        let mut at = test.entry;
        for _ in 0..COUNT {
            let next = test.block();
            test.jump(at, &[next, exit]);
            test.builder.seal(next);
            at = next;
        }
        let value = test.number(at);
        test.builder.write(vars[0], at, value);
        test.jump(at, &[exit, exit]);
        test.builder.seal(exit);
        let values: Vec<Value> = vars.iter().map(|&var| test.builder.read(var, exit)).collect();
        assert!(values[1..].iter().all(|&value| value == test.one));
        assert_eq!(params(&test.finish(exit, values[0])), 1);
    }

    #[test]
    fn code_that_nothing_reaches_reads_zeros() {
        let mut test = Test::new();
        let (a, b, c) = (test.block(), test.block(), test.block());
        test.builder.seal(c);
        test.jump(c, &[a]);
        test.jump(a, &[b]);
        test.jump(b, &[a]);
        let early = test.builder.read(test.x, b);
        test.builder.seal(a);
        test.builder.seal(b);
        let late = test.builder.read(test.x, b);
        assert_eq!(test.builder.func.resolve(early), late);
        let entry = test.entry;
        let one = test.one;
        assert_eq!(params(&test.finish(entry, one)), 0);
    }
}
