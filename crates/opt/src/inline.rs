//! Puts the bodies of small functions where they are called.
//!
//! Functions are taken callees first, so what is put into a caller has had its own calls inlined, and recursion ends by
//! itself: calls within a component of the call graph stay. [`cost`] measures bodies and decides; [`splice`] does it.
//!
//! Never inlined: what is marked so; what recovers, because `recover` asks which function it is called in; what defers,
//! because its frame is what a panic comes back to; what never returns, because it is the cold end of some path; what
//! asks for its own shadow frame.

mod cost;
mod splice;

use crate::callgraph::{CallGraph, for_each_callee};
use crate::facts::Facts;
use crate::pipeline::Options;
use crate::reach::Reach;
use base::SideTable;
use cost::{Shape, Site};
use ir::{FuncData, FuncId, Function, Opcode, Program, Terminator};
use splice::Splicer;

/// How many calls deep in each other bodies may come from. Every copy of a body has locations of its own, with the whole
/// chain of calls behind them: without a limit these would be as many as the square of a chain's length.
const MAX_DEPTH: u32 = 64;

pub fn run(program: &mut Program, facts: &Facts, options: &Options) {
    inline(program, facts, options, |_| true);
}

/// Only the bodies of func values: others were inlined before, as far as they deserve it. Returns which functions
/// something was put into.
pub fn run_closures(program: &mut Program, facts: &Facts, options: &Options) -> SideTable<FuncId, bool> {
    inline(program, facts, options, |func| func.has_context)
}

fn inline(
    program: &mut Program,
    facts: &Facts,
    options: &Options,
    is_wanted: fn(&FuncData) -> bool,
) -> SideTable<FuncId, bool> {
    let mut grown: SideTable<FuncId, bool> = SideTable::with_len(program.funcs.len());
    let graph = CallGraph::of(program);
    let reach = Reach::of(program, options);
    let mut calls: SideTable<FuncId, u32> = SideTable::with_len(program.funcs.len());
    for (id, func) in program.funcs.iter().filter(|(id, _)| reach.funcs[*id]) {
        if let Some(body) = &func.body {
            for_each_callee(body, |callee| calls[callee] += u32::from(callee != id));
        }
    }
    let mut shapes: SideTable<FuncId, Option<Shape>> = SideTable::with_len(program.funcs.len());
    let mut depths: SideTable<FuncId, u32> = SideTable::with_len(program.funcs.len());
    for (index, component) in graph.components.iter().enumerate() {
        for &id in component {
            let Some(mut body) = program.funcs[id].body.take() else { continue };
            let may_inline = |callee: FuncId| graph.component_of[callee] != Some(index as u32);
            let known = Known { facts, shapes: &shapes, depths: &depths, calls: &calls, reach: &reach };
            let depth = known.inline_into(program, id, &mut body, may_inline);
            if depth > 0 {
                body.compact_where(|data| facts.summaries.is_removable(data));
                grown[id] = true;
            }
            depths[id] = depth;
            program.funcs[id].body = Some(body);
        }
        for &id in component {
            shapes[id] = if is_wanted(&program.funcs[id]) { cost::shape(program, id) } else { None };
        }
    }
    grown
}

/// What decisions are made from.
struct Known<'a> {
    facts: &'a Facts,
    /// Of the functions that may be inlined; made as soon as nothing is put into them any more.
    shapes: &'a SideTable<FuncId, Option<Shape>>,
    /// How deep in each other the bodies are that each function has got.
    depths: &'a SideTable<FuncId, u32>,
    /// Direct calls of each function, in the whole program.
    calls: &'a SideTable<FuncId, u32>,
    reach: &'a Reach,
}

impl Known<'_> {
    /// Inlines what deserves it into a body that was taken out of the program. How deep in each other the bodies are that
    /// it got; 0 if it got none.
    fn inline_into(
        &self,
        program: &mut Program,
        id: FuncId,
        body: &mut Function,
        may_inline: impl Fn(FuncId) -> bool,
    ) -> u32 {
        let has_call = body.blocks.values().any(|block| {
            matches!(block.term, Terminator::TailCall { .. })
                || block.insts.iter().any(|&inst| body.insts[inst].op == Opcode::Call)
        });
        if !has_call {
            return 0;
        }
        let mut depth = 0;
        let sites = cost::Sites::of(body, |callee| self.facts.summaries.of_func(callee).noreturn);
        let mut size = cost::cost_of(body);
        let mut splicer = Splicer::new(id);
        let blocks: Vec<ir::Block> = body.blocks.ids().collect();
        for block in blocks {
            for inst in splicer.begin(body, block) {
                if splicer.is_dead() {
                    break;
                }
                let data = body.insts[inst];
                let site = Site { block: sites.at(block), args: body.values_of(data.args), caller_size: size };
                let cost = match data.op {
                    Opcode::Call => self.worth(data.func(), body, &site, &may_inline),
                    _ => None,
                };
                match cost {
                    Some(cost) => {
                        size += cost;
                        depth = depth.max(self.depths[data.func()] + 1);
                        splicer.call(program, body, inst, data.func());
                    }
                    None => splicer.keep(inst),
                }
            }
            if let Some((callee, args)) = splicer.final_call(body) {
                let site = Site { block: sites.at(block), args: &args, caller_size: size };
                if let Some(cost) = self.worth(callee, body, &site, &may_inline) {
                    size += cost;
                    depth = depth.max(self.depths[callee] + 1);
                    splicer.tail_call(program, body, callee, &args);
                }
            }
            splicer.end(body);
        }
        depth
    }

    /// How much larger the caller gets, if the call should be inlined.
    fn worth(&self, callee: FuncId, body: &Function, site: &Site, may_inline: impl Fn(FuncId) -> bool) -> Option<u32> {
        let shape = self.shapes[callee].as_ref()?;
        if self.depths[callee] >= MAX_DEPTH {
            return None;
        }
        let is_only = self.calls[callee] == 1 && !self.reach.taken[callee];
        (may_inline(callee) && cost::is_worth_it(shape, body, site, is_only)).then_some(shape.cost)
    }
}
