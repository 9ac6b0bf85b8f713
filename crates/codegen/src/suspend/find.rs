//! Which calls may suspend the goroutine.
//!
//! `wasm.Suspend` does; the rest follows from callees to callers. Calls through func values reach the functions whose
//! code word is taken and whose wasm type fits; calls of interface methods reach those that also have the method's name
//! and are in an itab or in a type's method table; without a name they reach whatever has that type. `wasm.Call` and
//! `wasm.Resume` stop the unwinding themselves, so nothing follows from them.

use crate::graph::Graph;
use crate::needs::type_with_stack;
use crate::runtime::Intrinsic;
use crate::types::{FuncType, Types};
use base::{EntityId, SideTable};
use ir::{FuncId, Function, InstData, MethodId, Opcode, Program, SigId};
use rustc_hash::FxHashMap;

/// Functions that are never suspended although they call what may be: a panic runs on top of its stack until it is
/// over, the scheduler's loop is what goroutines are suspended to, and dying is the last thing that a program does.
/// What others have the collector and timers call does not park, as in the SDK, where it runs on the system's stack.
/// None of these may be inlined.
const NEVER: &[&str] = &[
    "runtime.collect",
    "runtime.(*timer).run",
    "runtime.gopanic",
    "runtime.Goexit",
    "runtime.fatalpanic",
    "runtime.throw",
    "runtime.fatal",
    "runtime.enter",
    "runtime.schedule",
];

/// What may be suspended.
pub struct Suspends {
    funcs: SideTable<FuncId, bool>,
    closures: SideTable<SigId, bool>,
    methods: SideTable<MethodId, bool>,
}

impl Suspends {
    pub fn find(program: &Program, graph: &Graph, types: &mut Types) -> Suspends {
        let mut nodes = Nodes { funcs: program.funcs.len(), others: FxHashMap::default() };
        // From callees to callers.
        let mut edges: Vec<(u32, u32)> = Vec::new();
        for &func in &graph.funcs {
            let Some(links) = &graph.links[func] else { continue };
            let to = func.index() as u32;
            edges.extend(links.calls.iter().map(|callee| (callee.index() as u32, to)));
            for &sig in &links.closures {
                let ty = types.index(FuncType::of(program.signature(sig), 2));
                edges.push((nodes.get(Node::Closure(ty)), to));
            }
            for &method in &links.methods {
                edges.push((nodes.method(program, types, method), to));
            }
        }
        for &func in &graph.taken {
            let from = func.index() as u32;
            let ty = types.index(type_with_stack(program, func));
            let taken = graph.taken_as[func];
            edges.push((from, nodes.get(Node::Any(ty))));
            if taken.elsewhere && program.funcs[func].has_context {
                edges.push((from, nodes.get(Node::Closure(ty))));
            }
            if taken.as_method {
                let name = base_name(&program.funcs[func].name);
                edges.push((from, nodes.get(Node::Method(name, ty))));
            }
        }
        let never = |func: FuncId| NEVER.contains(&program.funcs[func].name.as_str()) || graph.exports.contains(&func);
        let mut marks = vec![false; nodes.funcs + nodes.others.len()];
        let mut pending: Vec<u32> = Vec::new();
        for func in program.funcs.ids() {
            if graph.intrinsics[func] == Some(Intrinsic::Suspend) {
                marks[func.index()] = true;
                pending.push(func.index() as u32);
            }
        }
        edges.sort_unstable();
        edges.dedup();
        while let Some(node) = pending.pop() {
            let start = edges.partition_point(|&(from, _)| from < node);
            for &(_, to) in edges[start..].iter().take_while(|edge| edge.0 == node) {
                let is_never = (to as usize) < nodes.funcs && never(FuncId::from_index(to as usize));
                if !marks[to as usize] && !is_never {
                    marks[to as usize] = true;
                    pending.push(to);
                }
            }
        }
        let mut suspends = Suspends {
            funcs: SideTable::with_len(program.funcs.len()),
            closures: SideTable::new(),
            methods: SideTable::new(),
        };
        for func in program.funcs.ids() {
            suspends.funcs[func] = marks[func.index()];
        }
        for links in graph.funcs.iter().filter_map(|&func| graph.links[func].as_ref()) {
            for &sig in &links.closures {
                let ty = types.index(FuncType::of(program.signature(sig), 2));
                suspends.closures[sig] = marks[nodes.get(Node::Closure(ty)) as usize];
            }
            for &method in &links.methods {
                suspends.methods[method] = marks[nodes.method(program, types, method) as usize];
            }
        }
        suspends
    }

    pub fn func(&self, func: FuncId) -> bool {
        self.funcs[func]
    }

    pub fn inst(&self, data: &InstData) -> bool {
        match data.op {
            Opcode::Call => self.funcs[data.func()],
            Opcode::CallClosure => self.closures[data.sig()],
            Opcode::CallMethod => self.methods[data.method()],
            _ => false,
        }
    }
}

/// Whether a function has calls behind which it may have to go on. One that ends in a tail call has gone by then.
pub fn has_points(suspends: &Suspends, func: FuncId, body: &Function) -> bool {
    let may_suspend = |&inst: &ir::Inst| suspends.inst(&body.insts[inst]);
    suspends.func(func) && body.blocks.values().any(|block| block.insts.iter().any(may_suspend))
}

#[derive(PartialEq, Eq, Hash)]
enum Node<'a> {
    /// Func values whose code has this wasm type.
    Closure(u32),
    /// Methods of this name and type.
    Method(&'a str, u32),
    /// Whatever has a code word and this type: what reflection calls has no name.
    Any(u32),
}

/// Numbers: functions first.
struct Nodes<'a> {
    funcs: usize,
    others: FxHashMap<Node<'a>, u32>,
}

impl<'a> Nodes<'a> {
    fn get(&mut self, node: Node<'a>) -> u32 {
        let next = (self.funcs + self.others.len()) as u32;
        *self.others.entry(node).or_insert(next)
    }

    fn method(&mut self, program: &'a Program, types: &mut Types, method: MethodId) -> u32 {
        let method = &program.methods()[method];
        let ty = types.index(FuncType::of(program.signature(method.sig), 2));
        let name = base_name(&method.name);
        self.get(if name.is_empty() { Node::Any(ty) } else { Node::Method(name, ty) })
    }
}

/// The last part of a name: `String` of `pkg.(*T).String` and of its wrapper `pkg.T.String·itab`.
fn base_name(name: &str) -> &str {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.split('·').next().unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::base_name;

    #[test]
    fn names_of_methods() {
        assert_eq!(base_name("example.com/p.(*T).String"), "String");
        assert_eq!(base_name("p.T[...].String·itab"), "String");
        assert_eq!(base_name("p.unexported"), "unexported");
        assert_eq!(base_name("Error"), "Error");
    }
}
