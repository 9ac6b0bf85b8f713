//! What a function needs of its callers, from what it does and what it calls.
//!
//! Facts go from callees to callers, through direct calls, and through calls by code word to every function whose code
//! word is taken and whose type fits. Whether a function may be suspended is found [elsewhere](crate::suspend), because
//! it follows from fewer calls.
//!
//! A function that never returns collects in vain as far as its callers' pointers are concerned, but it may panic, and
//! the callers of a function that recovers do go on: so that is a fact of its own, and nearly all functions that can
//! panic do not count as collecting for that.

use crate::graph::Graph;
use crate::options::Options;
use crate::runtime::{Intrinsic, RuntimeFunc};
use crate::types::{FuncType, Types};
use base::{EntityId, SideTable};
use ir::{FuncId, Program};
use rustc_hash::FxHashMap;
use wasm_encoder::ValType;

/// What may happen in a function or in what it calls.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Needs {
    /// A collection, after which it returns: callers keep their pointers where it finds them.
    pub collects: bool,
    /// A panic, whose deferred calls may collect. Only a function that recovers, and its callers, go on after that.
    pub unwinds: bool,
    /// The program asks for a collection, and may count on what it has let go of being found: see [`roots`](crate::roots).
    pub forces: bool,
    /// Somebody walks the stack: callers say where they call.
    pub traces: bool,
    /// The shadow stack pointer is used. Whoever collects does that.
    pub stack: bool,
    /// It may be active more than once: calls lead back to it. This is not passed on to callers.
    pub cyclic: bool,
}

impl Needs {
    fn union(self, other: Needs) -> Needs {
        Needs {
            collects: self.collects || other.collects,
            unwinds: self.unwinds || other.unwinds,
            forces: self.forces || other.forces,
            traces: self.traces || other.traces,
            stack: self.stack || other.stack,
            cyclic: self.cyclic,
        }
    }

    /// What goes from a function to its callers.
    fn passed_on(self, returns: bool) -> Needs {
        if returns { self } else { Needs { collects: false, unwinds: self.unwinds || self.collects, ..self } }
    }
}

/// The type of a function, with its stack pointer and its context.
pub fn type_with_stack(program: &Program, func: FuncId) -> FuncType {
    let data = &program.funcs[func];
    FuncType::of(program.signature(data.sig), 1 + usize::from(data.has_context))
}

/// Of what `wasm.Call` and `wasm.Resume` call: stack pointer, and context or frame.
pub fn out_type() -> FuncType {
    FuncType { params: vec![ValType::I32; 2], results: vec![] }
}

/// By function, and by wasm type for calls through code words.
pub struct AllNeeds {
    pub funcs: SideTable<FuncId, Needs>,
    pub indirect: FxHashMap<u32, Needs>,
}

pub fn find(program: &Program, options: &Options, graph: &Graph, types: &mut Types) -> AllNeeds {
    // Nodes: functions, then types.
    let funcs = program.funcs.len();
    let mut edges: Vec<(u32, u32)> = Vec::new();
    let mut base: Vec<(usize, Needs)> = Vec::new();
    for &func in &graph.funcs {
        let Some(links) = &graph.links[func] else { continue };
        if links.has_slots {
            base.push((func.index(), Needs { stack: true, ..Needs::default() }));
        }
        edges.extend(links.calls.iter().map(|callee| (callee.index() as u32, func.index() as u32)));
        for &sig in &links.indirect {
            let ty = types.index(FuncType::of(program.signature(sig), 2));
            edges.push(((funcs + ty as usize) as u32, func.index() as u32));
        }
    }
    for &func in &graph.taken {
        let ty = types.index(type_with_stack(program, func));
        edges.push((func.index() as u32, (funcs + ty as usize) as u32));
    }
    for &func in &graph.imports {
        if let Some((module, name)) = &program.funcs[func].import
            && options.may_reenter(module, name)
        {
            base.push((func.index(), Needs { stack: true, collects: true, traces: true, ..Needs::default() }));
        }
    }
    let anything = Needs { stack: true, collects: true, traces: true, ..Needs::default() };
    for func in program.funcs.ids() {
        match graph.intrinsics[func] {
            Some(Intrinsic::StackPointer | Intrinsic::Resume) => base.push((func.index(), anything)),
            Some(Intrinsic::Call) => {
                base.push((func.index(), anything));
                let ty = types.index(out_type());
                edges.push(((funcs + ty as usize) as u32, func.index() as u32));
            }
            _ => {}
        }
    }
    for func in program.funcs.ids().filter(|&func| program.funcs[func].name == FORCING) {
        base.push((func.index(), Needs { forces: true, ..Needs::default() }));
    }
    let callers = Callers::new(funcs + types.list.len(), edges);
    let mut ends = vec![End::default(); callers.len()];
    for func in program.funcs.ids() {
        ends[func.index()].is_noreturn = program.funcs[func].attrs.noreturn;
        ends[func.index()].recovers = graph.links[func].as_ref().is_some_and(|links| links.has_handler);
    }
    for &func in RuntimeFunc::ALL.iter().filter(|func| func.is_report()).flat_map(|&func| &graph.runtime[func as usize])
    {
        ends[func.index()].is_noreturn = true;
    }
    for func in [RuntimeFunc::CaptureFrame, RuntimeFunc::PushRecord, RuntimeFunc::PopRecord] {
        if let Some(func) = graph.runtime[func as usize] {
            ends[func.index()].keeps_quiet = true;
        }
    }
    let cyclic = cycles(&callers);
    // The report of an overflow walks the stack.
    let reports = graph.runtime[RuntimeFunc::StackOverflow as usize].is_some();
    let traces = reports && options.line_table && graph.reaches(Intrinsic::LineTable);
    for func in program.funcs.ids().filter(|func| is_charged(program, *func)) {
        if cyclic[func.index()] {
            base.push((func.index(), Needs { stack: true, traces, cyclic: true, ..Needs::default() }));
        } else if graph.links[func].as_ref().is_some_and(|links| links.slot_bytes + HEAD > UNCHECKED_FRAME) {
            base.push((func.index(), Needs { stack: true, traces, ..Needs::default() }));
        }
    }
    let all = spread(&callers, &ends, base);
    let indirect = (0..types.list.len()).map(|ty| (ty as u32, all[funcs + ty])).collect();
    let mut table = SideTable::with_len(funcs);
    for func in program.funcs.ids() {
        table[func] = all[func.index()];
    }
    AllNeeds { funcs: table, indirect }
}

/// Larger frames are checked for overflow, and all of functions that may be active more than once.
pub const UNCHECKED_FRAME: u32 = 256;
/// What a frame may have besides slots when nothing in the function collects.
const HEAD: u32 = 32;
/// With this the program asks for a collection.
const FORCING: &str = "runtime.GC";

/// Whether recursion through the function is to end in the message of an overflow.
pub fn is_charged(program: &Program, func: FuncId) -> bool {
    !program.funcs[func].attrs.reserve
}

/// How a node ends.
#[derive(Clone, Copy, Default)]
struct End {
    is_noreturn: bool,
    /// It has a handler.
    recovers: bool,
    /// It collects nothing, and walks the stack only on the way to the end of the program.
    keeps_quiet: bool,
}

/// From each node to those that call it.
struct Callers {
    starts: Vec<usize>,
    edges: Vec<(u32, u32)>,
}

impl Callers {
    fn new(nodes: usize, mut edges: Vec<(u32, u32)>) -> Callers {
        edges.sort_unstable();
        edges.dedup();
        let mut starts = vec![0usize; nodes + 1];
        for &(from, _) in &edges {
            starts[from as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        Callers { starts, edges }
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn of(&self, node: usize) -> &[(u32, u32)] {
        &self.edges[self.starts[node]..self.starts[node + 1]]
    }
}

/// Carries facts to callers until nothing changes. Each node changes at most once per fact.
fn spread(callers: &Callers, ends: &[End], base: Vec<(usize, Needs)>) -> Vec<Needs> {
    let mut all = vec![Needs::default(); callers.len()];
    let mut pending = Vec::new();
    for (node, needs) in base {
        all[node] = Needs { cyclic: needs.cyclic || all[node].cyclic, ..all[node].union(needs) };
        pending.push(node);
    }
    while let Some(node) = pending.pop() {
        let passed = all[node].passed_on(!ends[node].is_noreturn);
        for &(_, to) in callers.of(node) {
            let mut union = all[to as usize].union(passed);
            union.collects |= ends[to as usize].recovers && union.unwinds;
            if ends[to as usize].keeps_quiet {
                assert!(!passed.collects, "codegen: needs: what captures frames may collect");
                union = Needs { stack: union.stack, cyclic: union.cyclic, ..Needs::default() };
            }
            if union != all[to as usize] {
                all[to as usize] = union;
                pending.push(to as usize);
            }
        }
    }
    all
}

/// The nodes of strongly connected components: Tarjan's algorithm, without recursion.
fn cycles(callers: &Callers) -> Vec<bool> {
    const DONE: u32 = u32::MAX;
    let mut cyclic = vec![false; callers.len()];
    let mut numbers = vec![0u32; callers.len()];
    let mut next_number = 0;
    let mut path: Vec<u32> = Vec::new();
    for root in 0..callers.len() as u32 {
        // Node, lowest number reached, edges seen.
        let mut stack: Vec<(u32, u32, usize)> = Vec::new();
        let mut enter = (numbers[root as usize] == 0).then_some(root);
        loop {
            if let Some(node) = enter.take() {
                next_number += 1;
                numbers[node as usize] = next_number;
                path.push(node);
                stack.push((node, next_number, 0));
            }
            let Some((node, low, seen)) = stack.last_mut() else { break };
            if let Some(&(_, to)) = callers.of(*node as usize).get(*seen) {
                *seen += 1;
                match numbers[to as usize] {
                    0 => enter = Some(to),
                    DONE => {}
                    number => {
                        *low = (*low).min(number);
                        cyclic[to as usize] |= to == *node;
                    }
                }
                continue;
            }
            let (node, low) = (*node, *low);
            stack.pop();
            if let Some((_, above, _)) = stack.last_mut() {
                *above = (*above).min(low);
            }
            if low == numbers[node as usize] {
                let start = path.iter().rposition(|&other| other == node).unwrap_or(0);
                let component = &path[start..];
                for &member in component {
                    numbers[member as usize] = DONE;
                    cyclic[member as usize] |= component.len() > 1;
                }
                path.truncate(start);
            }
        }
    }
    cyclic
}
