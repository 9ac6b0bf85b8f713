//! Removes parameters of blocks that always get the same value.
//!
//! The idea is Cranelift's `remove_constant_phis`: a parameter to which every jump passes one value, or itself, is that
//! value; constants that are equal count as one. An optimistic fixpoint over all parameters, so that cycles of
//! parameters that feed each other disappear together:
//!
//! ```text
//! jump block1(v0)
//! block1(v3): ... branch v9, block2(v3), block3     v4 is v3 or v5, v5 is v4: all are v0
//! block2(v4): ... jump block3(v4)
//! ```

use crate::pipeline::Context;
use base::SideTable;
use ir::{Block, FuncId, Function, Loc, Opcode, Order, Ty, Value, ValueDef};
use rustc_hash::FxHashMap;

pub fn run(_: &Context, _: FuncId, func: &mut Function) {
    let entry = func.entry();
    if func.blocks.iter().all(|(id, block)| block.params.is_empty() || id == entry) {
        return;
    }
    let order = Order::of(func);
    let mut solver = Solver { func, states: SideTable::new() };
    if solver.solve(&order) {
        apply(func, &order, &solver.states);
    }
}

/// What a parameter is, as far as the jumps seen so far tell.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
enum State {
    /// No jump was seen.
    #[default]
    None,
    One(Value),
    /// A constant: opcode, bits and type.
    Constant(Opcode, u64, Ty),
    Many,
}

struct Solver<'a> {
    func: &'a Function,
    states: SideTable<Value, State>,
}

impl Solver<'_> {
    /// Whether some parameter is one value.
    fn solve(&mut self, order: &Order) -> bool {
        let func = self.func;
        for &param in func.params(func.entry()) {
            self.states[param] = State::Many;
        }
        let mut any = false;
        loop {
            let mut changed = false;
            for &block in &order.blocks {
                for target in func.blocks[block].term.targets() {
                    let (args, params) = (func.values_of(target.args), func.params(target.block));
                    for (&arg, &param) in args.iter().zip(params) {
                        any = true;
                        let incoming = self.state_of(arg);
                        let merged = merge(self.states[param], incoming, param);
                        if merged != self.states[param] {
                            self.states[param] = merged;
                            changed = true;
                        }
                    }
                }
            }
            if !changed {
                break;
            }
        }
        any && order.blocks.iter().any(|&block| {
            func.params(block).iter().any(|&param| matches!(self.states[param], State::One(_) | State::Constant(..)))
        })
    }

    fn state_of(&self, value: Value) -> State {
        let value = self.func.resolve(value);
        match self.func.values[value].def {
            ValueDef::Param(..) => match self.states[value] {
                State::Many => State::One(value),
                state => state,
            },
            ValueDef::Result(inst, _) => {
                let data = &self.func.insts[inst];
                match data.op {
                    Opcode::Const | Opcode::FConst => State::Constant(data.op, data.imm, self.func.ty(value)),
                    _ => State::One(value),
                }
            }
            ValueDef::Alias(_) => unreachable!("params: aliases were resolved"),
        }
    }
}

fn merge(state: State, incoming: State, param: Value) -> State {
    match (state, incoming) {
        (state, State::None) => state,
        (state, State::One(value)) if value == param => state,
        (State::None, incoming) => incoming,
        (state, incoming) if state == incoming => state,
        _ => State::Many,
    }
}

fn apply(func: &mut Function, order: &Order, states: &SideTable<Value, State>) {
    let mut removed: SideTable<Block, bool> = SideTable::with_len(func.blocks.len());
    // Constants are made where the parameter was.
    for &block in &order.blocks {
        if block == func.entry() {
            continue;
        }
        let mut constants: FxHashMap<(Opcode, u64, Ty), Value> = FxHashMap::default();
        let mut made = Vec::new();
        for param in func.params(block).to_vec() {
            let other = match states[param] {
                State::One(other) => other,
                State::Constant(op, bits, ty) => *constants.entry((op, bits, ty)).or_insert_with(|| {
                    let inst = func.add_inst(op, &[], bits, &[ty], Loc::None);
                    made.push(inst);
                    func.results(inst)[0]
                }),
                _ => continue,
            };
            removed[block] = true;
            func.replace(param, other);
        }
        if !made.is_empty() {
            made.append(&mut func.blocks[block].insts);
            func.blocks[block].insts = made;
        }
    }
    drop_params(func, &removed);
    func.resolve_all();
}

/// Takes parameters that became aliases out of their lists, and what jumps pass to them.
fn drop_params(func: &mut Function, removed: &SideTable<Block, bool>) {
    let is_kept = |func: &Function, param: Value| !matches!(func.values[param].def, ValueDef::Alias(_));
    for block in func.blocks.ids() {
        let mut term = std::mem::take(&mut func.blocks[block].term);
        for target in term.targets_mut() {
            if removed[target.block] {
                let pairs = func.values_of(target.args).iter().zip(func.params(target.block));
                let args: Vec<Value> = pairs.filter(|&(_, &param)| is_kept(func, param)).map(|(&arg, _)| arg).collect();
                target.args = func.list(&args);
            }
        }
        func.blocks[block].term = term;
    }
    for block in func.blocks.ids() {
        if removed[block] {
            let params: Vec<Value> = func.params(block).iter().copied().filter(|&param| is_kept(func, param)).collect();
            for (index, &param) in params.iter().enumerate() {
                func.values[param].def = ValueDef::Param(block, index as u32);
            }
            func.blocks[block].params = func.list(&params);
        }
    }
}
