//! Who calls whom directly, and an order in which callees come first.

use base::{EntityId, SideTable};
use ir::{FuncId, Function, Opcode, Program, Terminator};

/// The strongly connected components of direct calls, callees before callers; all functions with bodies.
pub struct CallGraph {
    pub components: Vec<Vec<FuncId>>,
    /// The place of each function's component; none for functions without body.
    pub component_of: SideTable<FuncId, Option<u32>>,
}

impl CallGraph {
    pub fn of(program: &Program) -> CallGraph {
        let edges = Edges::of(program);
        let mut walk = Walk {
            edges: &edges,
            numbers: vec![NEW; program.funcs.len()],
            next_number: NEW,
            path: Vec::new(),
            components: Vec::new(),
        };
        for (id, func) in program.funcs.iter() {
            if func.body.is_some() && walk.numbers[id.index()] == NEW {
                walk.from(id);
            }
        }
        let components = walk.components;
        let mut component_of = SideTable::with_len(program.funcs.len());
        for (index, component) in components.iter().enumerate() {
            component.iter().for_each(|&func| component_of[func] = Some(index as u32));
        }
        CallGraph { components, component_of }
    }
}

/// Calls `visit` with the callee of each direct call in a body, tail calls included.
pub fn for_each_callee(body: &Function, mut visit: impl FnMut(FuncId)) {
    for block in body.blocks.values() {
        for &inst in &block.insts {
            let data = &body.insts[inst];
            if data.op == Opcode::Call {
                visit(data.func());
            }
        }
        if let Terminator::TailCall { func, .. } = block.term {
            visit(func);
        }
    }
}

/// The callees with bodies of each function, all in one list.
struct Edges {
    starts: Vec<u32>,
    callees: Vec<FuncId>,
}

impl Edges {
    fn of(program: &Program) -> Edges {
        let mut edges = Edges { starts: Vec::with_capacity(program.funcs.len() + 1), callees: Vec::new() };
        for func in program.funcs.values() {
            edges.starts.push(edges.callees.len() as u32);
            if let Some(body) = &func.body {
                for_each_callee(body, |callee| {
                    if program.funcs[callee].body.is_some() {
                        edges.callees.push(callee);
                    }
                });
            }
        }
        edges.starts.push(edges.callees.len() as u32);
        edges
    }

    fn get(&self, func: FuncId, nth: usize) -> Option<FuncId> {
        let at = self.starts[func.index()] as usize + nth;
        (at < self.starts[func.index() + 1] as usize).then(|| self.callees[at])
    }
}

/// Not seen yet; higher numbers are those of the walk's preorder.
const NEW: u32 = 0;
/// In a component that is complete.
const DONE: u32 = u32::MAX;

/// Tarjan's algorithm, without recursion.
struct Walk<'a> {
    edges: &'a Edges,
    numbers: Vec<u32>,
    next_number: u32,
    path: Vec<FuncId>,
    components: Vec<Vec<FuncId>>,
}

impl Walk<'_> {
    fn from(&mut self, root: FuncId) {
        // Function, lowest number reached, edges seen.
        let mut stack: Vec<(FuncId, u32, usize)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(func) = enter.take() {
                self.next_number += 1;
                self.numbers[func.index()] = self.next_number;
                self.path.push(func);
                stack.push((func, self.next_number, 0));
            }
            let Some((func, low, seen)) = stack.last_mut() else { break };
            if let Some(callee) = self.edges.get(*func, *seen) {
                *seen += 1;
                match self.numbers[callee.index()] {
                    NEW => enter = Some(callee),
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
            if low == self.numbers[func.index()] {
                let start = self.path.iter().rposition(|&other| other == func).unwrap_or(0);
                let component = self.path.split_off(start);
                component.iter().for_each(|member| self.numbers[member.index()] = DONE);
                self.components.push(component);
            }
        }
    }
}
