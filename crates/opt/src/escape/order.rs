//! The order of work: callees before callers, functions that call each other together.

use base::EntityId;
use ir::{FuncId, Opcode, Program, Terminator};
use rustc_hash::FxHashMap;

/// Functions that lead to each other by calls.
pub struct Component {
    pub funcs: Vec<FuncId>,
    /// There is more than one, or the one leads to itself.
    pub is_cyclic: bool,
    /// For each of the functions, those of the component that call it, by their places in the list.
    pub callers: Vec<Vec<usize>>,
}

impl Component {
    fn new(funcs: Vec<FuncId>, callees: &[Vec<FuncId>]) -> Component {
        let is_cyclic = funcs.len() > 1 || callees[funcs[0].index()].contains(&funcs[0]);
        let mut callers = vec![Vec::new(); funcs.len()];
        if is_cyclic {
            let places: FxHashMap<FuncId, usize> = funcs.iter().enumerate().map(|(at, &func)| (func, at)).collect();
            for (caller, func) in funcs.iter().enumerate() {
                for callee in callees[func.index()].iter().filter_map(|callee| places.get(callee)) {
                    callers[*callee].push(caller);
                }
            }
        }
        Component { funcs, is_cyclic, callers }
    }
}

/// Tarjan's algorithm, without recursion; it finds callees first. A function that takes the code word of another
/// counts as its caller: it makes closures of it.
pub fn components(program: &Program) -> Vec<Component> {
    const DONE: u32 = u32::MAX;
    let callees: Vec<Vec<FuncId>> = program.funcs.ids().map(|func| callees(program, func)).collect();
    let mut numbers = vec![0u32; callees.len()];
    let mut next_number = 0;
    let mut path: Vec<FuncId> = Vec::new();
    let mut components = Vec::new();
    // Function, least number reached, callees seen.
    let mut stack: Vec<(FuncId, u32, usize)> = Vec::new();
    for root in program.funcs.ids() {
        let mut enter = (numbers[root.index()] == 0).then_some(root);
        loop {
            if let Some(func) = enter.take() {
                next_number += 1;
                numbers[func.index()] = next_number;
                path.push(func);
                stack.push((func, next_number, 0));
            }
            let Some((func, low, seen)) = stack.last_mut() else { break };
            if let Some(&callee) = callees[func.index()].get(*seen) {
                *seen += 1;
                match numbers[callee.index()] {
                    0 => enter = Some(callee),
                    DONE => {}
                    number => *low = (*low).min(number),
                }
                continue;
            }
            let (func, low) = (*func, *low);
            stack.pop();
            if let Some((_, above, _)) = stack.last_mut() {
                *above = (*above).min(low);
            }
            if low == numbers[func.index()] {
                let start = path.iter().rposition(|&other| other == func).unwrap_or(0);
                let funcs = path.split_off(start);
                funcs.iter().for_each(|member| numbers[member.index()] = DONE);
                components.push(Component::new(funcs, &callees));
            }
        }
    }
    components
}

/// Without repetitions.
fn callees(program: &Program, func: FuncId) -> Vec<FuncId> {
    let mut callees = Vec::new();
    let Some(body) = &program.funcs[func].body else { return callees };
    for block in body.blocks.values() {
        for &inst in &block.insts {
            let data = &body.insts[inst];
            if matches!(data.op, Opcode::Call | Opcode::FuncAddr) {
                callees.push(data.func());
            }
        }
        if let Terminator::TailCall { func, .. } = block.term {
            callees.push(func);
        }
    }
    callees.sort_unstable();
    callees.dedup();
    callees
}
