//! SSA construction while lowering.
//!
//! Braun et al., "Simple and Efficient Construction of Static Single Assignment Form" (CC 2013): a variable's value is
//! looked for in the current block, then in its predecessors; where several meet, a block parameter is made, and
//! dropped again if all its arguments turn out equal. A block whose predecessors are not all known yet is *unsealed*;
//! reading there makes a parameter whose arguments follow when it is sealed.
//!
//! Variables are whatever the caller numbers: one Go variable is several of them when it was taken apart.

use crate::function::{Block, Function, Target, Terminator, Value, ValueData, ValueDef};
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
    /// The value of a variable at the end of a block, as far as known.
    current: FxHashMap<(Variable, Block), Value>,
    blocks: SideTable<Block, State>,
    /// Who uses a parameter that may yet turn out to be trivial: other parameters.
    users: FxHashMap<Value, Vec<Value>>,
}

#[derive(Clone, Default, Debug)]
struct State {
    sealed: bool,
    /// Predecessors, one entry per edge.
    predecessors: Vec<Block>,
    /// Parameters waiting for their arguments.
    incomplete: Vec<(Variable, Value)>,
    /// Parameters made for variables, and the argument from each predecessor.
    merges: Vec<Merge>,
}

#[derive(Clone, Debug)]
struct Merge {
    param: Value,
    args: Vec<Value>,
}

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
        self.current.insert((variable, block), value);
    }

    /// Declares an edge. All edges to a block are declared before it is sealed.
    pub fn add_edge(&mut self, from: Block, to: Block) {
        debug_assert!(!self.blocks[to].sealed, "build: edge to sealed {to}");
        self.blocks[to].predecessors.push(from);
    }

    /// All predecessors of the block are known now.
    pub fn seal(&mut self, block: Block) {
        debug_assert!(!self.blocks[block].sealed, "build: {block} sealed twice");
        self.blocks[block].sealed = true;
        for (variable, param) in std::mem::take(&mut self.blocks[block].incomplete) {
            self.complete(variable, block, param);
        }
    }

    /// The value of the variable at the current end of the block.
    pub fn read(&mut self, variable: Variable, block: Block) -> Value {
        // Up a chain of single predecessors without recursion: straight code may be long.
        let mut chain = Vec::new();
        let mut at = block;
        let value = loop {
            if let Some(&value) = self.current.get(&(variable, at)) {
                break self.func.resolve(value);
            }
            let state = &self.blocks[at];
            if state.sealed && state.predecessors.len() == 1 {
                chain.push(at);
                at = state.predecessors[0];
                continue;
            }
            break self.read_at_merge(variable, at);
        };
        for passed in chain {
            self.current.insert((variable, passed), value);
        }
        value
    }

    fn read_at_merge(&mut self, variable: Variable, block: Block) -> Value {
        let ty = self.types[variable.index()];
        let param = self.func.values.push(ValueData { ty, def: ValueDef::Param(block, u32::MAX) });
        self.current.insert((variable, block), param);
        if !self.blocks[block].sealed {
            self.blocks[block].incomplete.push((variable, param));
            return param;
        }
        self.complete(variable, block, param)
    }

    /// Finds a parameter's arguments; the value that the parameter turns out to be.
    fn complete(&mut self, variable: Variable, block: Block, param: Value) -> Value {
        let predecessors = self.blocks[block].predecessors.clone();
        assert!(!predecessors.is_empty(), "build: {variable} is read but never written before {block}");
        let args: Vec<Value> = predecessors.into_iter().map(|from| self.read(variable, from)).collect();
        for &arg in &args {
            if arg != param {
                self.users.entry(arg).or_default().push(param);
            }
        }
        self.blocks[block].merges.push(Merge { param, args });
        self.drop_if_trivial(param)
    }

    /// A parameter whose arguments are all one other value (or itself) is that value; what used it may follow.
    fn drop_if_trivial(&mut self, param: Value) -> Value {
        let mut pending = vec![param];
        while let Some(param) = pending.pop() {
            let ValueDef::Param(block, _) = self.func.values[param].def else { continue };
            let Some(at) = self.blocks[block].merges.iter().position(|merge| merge.param == param) else { continue };
            let mut only = None;
            let func = &self.func;
            let trivial = self.blocks[block].merges[at].args.iter().all(|&arg| {
                let arg = func.resolve(arg);
                arg == param || *only.get_or_insert(arg) == arg
            });
            if !trivial {
                continue;
            }
            let other = only.unwrap_or_else(|| panic!("build: {param} is read but never written"));
            self.blocks[block].merges.swap_remove(at);
            self.func.replace(param, other);
            if let Some(users) = self.users.remove(&param) {
                pending.extend(users.iter().copied().filter(|&user| user != param));
                self.users.entry(other).or_default().extend(users);
            }
        }
        self.func.resolve(param)
    }

    /// Turns merges into block parameters and their arguments, and resolves all aliases. Every block is sealed and has
    /// its terminator, whose targets carry no arguments for merges yet.
    pub fn finish(mut self) -> Function {
        for block in self.func.blocks.ids() {
            let state = &mut self.blocks[block];
            debug_assert!(state.sealed || state.predecessors.is_empty(), "build: {block} was never sealed");
            state.merges.sort_by_key(|merge| merge.param);
            let mut params = self.func.params(block).to_vec();
            for merge in &self.blocks[block].merges {
                self.func.values[merge.param].def = ValueDef::Param(block, params.len() as u32);
                params.push(merge.param);
            }
            self.func.blocks[block].params = self.func.list(&params);
        }
        // Which edge of its target each target is: a block may reach another by several edges.
        let mut edges: FxHashMap<(Block, Block), u32> = FxHashMap::default();
        for block in self.func.blocks.ids() {
            let mut term = std::mem::take(&mut self.func.blocks[block].term);
            edges.clear();
            for target in targets_mut(&mut term) {
                let nth = edges.entry((block, target.block)).or_default();
                self.pass_merges(block, *nth, target);
                *nth += 1;
            }
            self.func.blocks[block].term = term;
        }
        self.func.resolve_all();
        self.func
    }

    /// Adds the arguments for the target's merges on the `nth` edge from `from`.
    fn pass_merges(&mut self, from: Block, nth: u32, target: &mut Target) {
        let state = &self.blocks[target.block];
        if state.merges.is_empty() {
            return;
        }
        let edge = (state.predecessors.iter().enumerate())
            .filter(|(_, predecessor)| **predecessor == from)
            .nth(nth as usize)
            .unwrap_or_else(|| panic!("build: {from} jumps to {} without a declared edge", target.block))
            .0;
        let mut args = self.func.values_of(target.args).to_vec();
        args.extend(state.merges.iter().map(|merge| self.func.resolve(merge.args[edge])));
        target.args = self.func.list(&args);
    }
}

/// The places a terminator leads to.
pub fn targets_mut(term: &mut Terminator) -> Vec<&mut Target> {
    match term {
        Terminator::Jump(target) => vec![target],
        Terminator::Branch { then, els, .. } => vec![then, els],
        Terminator::Switch { targets, default, .. } => targets.iter_mut().chain(std::iter::once(default)).collect(),
        Terminator::Return(_) | Terminator::TailCall { .. } | Terminator::Unreachable => Vec::new(),
    }
}
