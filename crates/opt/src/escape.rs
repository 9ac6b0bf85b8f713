//! Escape analysis: what does not outlive its function moves from the heap to a slot of the frame.
//!
//! Lowering allocates every variable whose address it needs, every `&T{}`, closure, boxed value and argument slice by
//! `new`. This pass finds out, for all functions from callees to callers, which of these objects nobody can reach when
//! their function returns, and makes slots of them; [`sroa`](crate::sroa) then makes values of most slots.
//!
//! ```text
//! v1 = new layout0        x := 0                         v1 = slot_addr slot0
//! v2 = new layout1        f := func() { x++ }      ==>   v2 = slot_addr slot1
//! store v2, code                                         ...
//! store_ptr v2 + 8, v1
//! call @p.each(v2)        each calls it, and no more
//! ```
//!
//! In reading order: [`summary`] is what callers know of a function, [`analysis`] finds it, [`order`] says in which
//! order. [`instances`] sees to loops: one slot must do for all objects that an instruction makes. The rest is here.
//!
//! **What must hold.** No pointer to a slot is ever in the heap, in static data, in a result, or in an argument of a
//! tail call. Objects over 8 KiB, and what does not fit into the frame's budget, stay in the heap, and so does all that
//! points to what they hold: an object in the heap counts as escaped.
//!
//! Objects with pointers also stay in functions with calls that lead to `runtime.GC`. There the program may count on what
//! only they point to being found, and the collector cannot tell a slot that nobody uses any more. So do objects without
//! pointers that are not small: the collector takes every word of a frame for an address, and the counts of a
//! `runtime.MemStats` are numbers that look like some.
//!
//! Not seen through: calls by code words that are not known, imports, integers that were pointers (unless they become
//! pointers again at once).

mod analysis;
mod instances;
mod order;
mod summary;

use crate::callgraph::for_each_callee;
use crate::facts::Facts;
use crate::pipeline::Options;
use analysis::Analysis;
use base::{EntityId, SideTable};
use ir::{Effects, FuncId, Inst, Layout, LayoutId, Opcode, Program, Slot, SlotData, Ty, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::VecDeque;
pub use summary::is_assumed;
use summary::{Summaries, Summary};

/// Larger objects stay in the heap.
const MAX_OBJECT: u32 = 8 << 10;
/// The same for objects in functions that lead to `runtime.GC`; those with pointers stay in any case.
const MAX_FORCING_OBJECT: u32 = 128;
/// What a function may add to its frame.
const MAX_FRAME: u32 = 16 << 10;
/// The same for functions that may be active many times.
const MAX_CYCLIC_FRAME: u32 = 1 << 10;
/// Its argument is to be forgotten: `strings.Builder` remembers its own address by it, maps pass keys.
/// This pass takes its calls away.
const NO_ESCAPE: &str = "internal/abi.NoEscape";
/// How often a function that calls itself in the end is looked at before it gets the worst summary.
const MAX_ROUNDS: usize = 12;

/// The whole pass.
pub fn run(program: &mut Program, _: &Facts, _: &Options) {
    let no_escape = find(program, NO_ESCAPE);
    let plans = analyze(program);
    for (func, plan) in plans {
        convert(program, func, &plan);
    }
    if let Some(no_escape) = no_escape {
        remove_calls(program, no_escape);
    }
}

fn find(program: &Program, name: &str) -> Option<FuncId> {
    program.funcs.iter().find(|(_, func)| func.name == name).map(|(id, _)| id)
}

/// The functions with direct calls that lead to `runtime.GC`.
fn forcing(program: &Program) -> SideTable<FuncId, bool> {
    let mut forcing = SideTable::with_len(program.funcs.len());
    let Some(gc) = find(program, "runtime.GC") else { return forcing };
    let mut callers: SideTable<FuncId, Vec<FuncId>> = SideTable::with_len(program.funcs.len());
    for (id, func) in program.funcs.iter() {
        if let Some(body) = &func.body {
            for_each_callee(body, |callee| callers[callee].push(id));
        }
    }
    let mut pending = vec![gc];
    while let Some(func) = pending.pop() {
        for &caller in &callers[func] {
            if !std::mem::replace(&mut forcing[caller], true) {
                pending.push(caller);
            }
        }
    }
    forcing
}

/// What may become slots of a function.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub bytes: u32,
    /// Calls of the function lead to `runtime.GC`.
    pub is_forcing: bool,
}

impl Limits {
    fn admit(self, layout: &Layout, size: u32) -> bool {
        !self.is_forcing || layout.pointers.is_empty() && size <= MAX_FORCING_OBJECT
    }
}

/// The allocations of a function that become slots.
pub(crate) struct Plan {
    insts: Vec<Allocation>,
}

/// An instruction that allocates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Allocation {
    pub inst: Inst,
    pub layout: LayoutId,
    pub count: u32,
    /// It may be executed more than once for a frame.
    pub repeats: bool,
}

fn analyze(program: &Program) -> Vec<(FuncId, Plan)> {
    let mut summaries = Summaries::new(program);
    let forcing = forcing(program);
    let mut plans = Vec::new();
    for component in order::components(program) {
        let budget = if component.is_cyclic { MAX_CYCLIC_FRAME } else { MAX_FRAME };
        let mut found: Vec<Vec<Allocation>> = vec![Vec::new(); component.funcs.len()];
        let mut rounds = vec![0; component.funcs.len()];
        // Callees first, as they were found; a function is looked at again when it calls one that does more.
        let mut is_pending = vec![true; component.funcs.len()];
        let mut pending: VecDeque<usize> = (0..component.funcs.len()).collect();
        while let Some(at) = pending.pop_front() {
            is_pending[at] = false;
            let func = component.funcs[at];
            let Some(body) = &program.funcs[func].body else { continue };
            rounds[at] += 1;
            let mut analysis = Analysis::new(program, &summaries, func, body);
            let limits = Limits { bytes: budget, is_forcing: forcing[func] };
            let solved = if rounds[at] > MAX_ROUNDS { None } else { analysis.solve(limits) };
            let (summary, insts) = solved.unwrap_or((Summary::WORST, Vec::new()));
            found[at] = insts;
            if summaries.widen(func, summary) {
                for &caller in &component.callers[at] {
                    if !std::mem::replace(&mut is_pending[caller], true) {
                        pending.push_back(caller);
                    }
                }
            }
        }
        let found = component.funcs.into_iter().zip(found).filter(|(_, insts)| !insts.is_empty());
        plans.extend(found.map(|(func, insts)| (func, Plan { insts })));
    }
    plans
}

/// Turns allocations into slots.
fn convert(program: &mut Program, func: FuncId, plan: &Plan) {
    let mut body = program.funcs[func].body.take().expect("opt: escape converts functions with bodies");
    let mut zeroed: SideTable<Inst, Option<Slot>> = SideTable::new();
    for allocation in &plan.insts {
        let element = &program.layouts[allocation.layout];
        let (size, align) = (element.size * allocation.count, element.align.max(1));
        let has_pointers = !element.pointers.is_empty();
        let layout = match allocation.count {
            _ if !has_pointers => None,
            1 => Some(allocation.layout),
            count => Some(repeated(program, allocation.layout, count)),
        };
        let slot = body.slots.push(SlotData { size, align, layout });
        let data = &mut body.insts[allocation.inst];
        data.op = Opcode::SlotAddr;
        data.args = ir::ValueList::EMPTY;
        data.imm = slot.index() as u64;
        // Slots with pointers are zeroed when the frame is made.
        if size > 0 && (allocation.repeats || layout.is_none()) {
            zeroed[allocation.inst] = Some(slot);
        }
    }
    for block in body.blocks.ids() {
        if !body.blocks[block].insts.iter().any(|&inst| zeroed[inst].is_some()) {
            continue;
        }
        let mut insts = Vec::with_capacity(body.blocks[block].insts.len() + 2);
        for inst in std::mem::take(&mut body.blocks[block].insts) {
            insts.push(inst);
            let Some(slot) = zeroed[inst] else { continue };
            let (size, loc) = (body.slots[slot].size, body.insts[inst].loc);
            let address = body.results(inst)[0];
            let bytes = body.add_inst(Opcode::Const, &[], size.into(), &[Ty::I32], loc);
            let bytes_value = body.results(bytes)[0];
            let zero = body.add_inst(Opcode::Zero, &[address, bytes_value], 0, &[], loc);
            insts.extend([bytes, zero]);
        }
        body.blocks[block].insts = insts;
    }
    program.funcs[func].body = Some(body);
}

/// Puts its argument in place of each call of a function that returns it.
fn remove_calls(program: &mut Program, identity: FuncId) {
    for func in program.funcs.values_mut() {
        let Some(body) = &mut func.body else { continue };
        let mut calls: Vec<(Value, Value)> = Vec::new();
        for block in body.blocks.ids() {
            let mut insts = std::mem::take(&mut body.blocks[block].insts);
            insts.retain(|&inst| {
                let is_call = body.insts[inst].op == Opcode::Call && body.insts[inst].func() == identity;
                if is_call {
                    calls.push((body.results(inst)[0], body.args(inst)[0]));
                }
                !is_call
            });
            body.blocks[block].insts = insts;
        }
        if calls.is_empty() {
            continue;
        }
        for (result, arg) in calls {
            body.replace(result, arg);
        }
        body.resolve_all();
    }
}

/// The layout of `count` elements one after the other.
fn repeated(program: &mut Program, element: LayoutId, count: u32) -> LayoutId {
    let layout = &program.layouts[element];
    let words = (layout.size / 8) as usize;
    let mut pointers = vec![0u64; (words * count as usize).div_ceil(64)];
    for index in 0..count as usize {
        for word in (0..words).filter(|&word| has_pointer(layout, word)) {
            let at = index * words + word;
            pointers[at / 64] |= 1 << (at % 64);
        }
    }
    while pointers.last() == Some(&0) {
        pointers.pop();
    }
    let array = Layout { size: layout.size * count, align: layout.align, pointers, descriptor: None };
    program.layouts.push(array)
}

/// Whether the layout has a pointer in that word.
pub(crate) fn has_pointer(layout: &Layout, word: usize) -> bool {
    layout.pointers.get(word / 64).is_some_and(|bits| bits >> (word % 64) & 1 != 0)
}

/// Makes `new_array` of `runtime.makeslice` with a length and a capacity that are known.
pub fn constant_slices(program: &mut Program, _: &Facts, _: &Options) {
    let Some(makeslice) = find(program, "runtime.makeslice") else { return };
    let mut layouts: FxHashMap<ir::DataId, LayoutId> = FxHashMap::default();
    for (id, layout) in program.layouts.iter() {
        if let Some(descriptor) = layout.descriptor {
            layouts.entry(descriptor).or_insert(id);
        }
    }
    for func in program.funcs.ids() {
        let Some(mut body) = program.funcs[func].body.take() else { continue };
        for block in body.blocks.ids() {
            let is_call = |inst: &Inst| {
                let data = &body.insts[*inst];
                data.op == Opcode::Call && data.func() == makeslice
            };
            if !body.blocks[block].insts.iter().any(is_call) {
                continue;
            }
            let mut insts = Vec::with_capacity(body.blocks[block].insts.len() + 1);
            for inst in std::mem::take(&mut body.blocks[block].insts) {
                let data = body.insts[inst];
                if data.op == Opcode::Call
                    && data.func() == makeslice
                    && let Some((layout, count)) = constant_slice(program, &mut layouts, &body, inst)
                {
                    let count = body.add_inst(Opcode::Const, &[], count.into(), &[Ty::I32], data.loc);
                    let count_value = body.results(count)[0];
                    let args = body.list(&[count_value]);
                    let data = &mut body.insts[inst];
                    (data.op, data.args, data.imm) = (Opcode::NewArray, args, layout.index() as u64);
                    insts.push(count);
                }
                insts.push(inst);
            }
            body.blocks[block].insts = insts;
        }
        program.funcs[func].body = Some(body);
    }
}

/// Layout of the elements and the capacity of a `makeslice` that succeeds and is small.
fn constant_slice(
    program: &mut Program,
    layouts: &mut FxHashMap<ir::DataId, LayoutId>,
    body: &ir::Function,
    inst: Inst,
) -> Option<(LayoutId, u32)> {
    let args: SmallVec<[Value; 3]> = body.args(inst).iter().map(|&arg| body.resolve(arg)).collect();
    let &[element, len, cap] = args.as_slice() else { return None };
    let (len, cap) = (constant(body, len)?, constant(body, cap)?);
    let (descriptor, 0) = body.insts[definition(body, element, Opcode::DataAddr)?].data() else { return None };
    let word = |at: usize| -> Option<u64> {
        let data = &program.data[descriptor];
        let bytes: Option<[u8; 8]> = data.bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u64::from_le_bytes).or((data.size as usize >= at + 8).then_some(0))
    };
    // `abi.Type` begins with Size_ and PtrBytes.
    let (size, pointer_bytes) = (word(0)?, word(8)?);
    let total = size.checked_mul(cap)?;
    if len > cap || total == 0 || total > u64::from(MAX_OBJECT) {
        return None;
    }
    let layout = match layouts.get(&descriptor) {
        Some(&layout) => layout,
        None if pointer_bytes == 0 => {
            let align = 1 << size.trailing_zeros().min(3);
            let layout = Layout { size: size as u32, align, pointers: Vec::new(), descriptor: None };
            let id = program.layouts.push(layout);
            layouts.insert(descriptor, id);
            id
        }
        None => return None,
    };
    (u64::from(program.layouts[layout].size) == size).then_some((layout, cap as u32))
}

/// The number that a value is.
pub(crate) fn constant(func: &ir::Function, value: Value) -> Option<u64> {
    definition(func, value, Opcode::Const).map(|inst| func.insts[inst].imm)
}

/// The instruction that defines the value, if it is of this kind.
pub(crate) fn definition(func: &ir::Function, value: Value, op: Opcode) -> Option<Inst> {
    match func.values[func.resolve(value)].def {
        ir::ValueDef::Result(inst, _) if func.insts[inst].op == op => Some(inst),
        _ => None,
    }
}

/// Whether the instruction allocates.
pub(crate) fn allocates(op: Opcode) -> bool {
    matches!(op, Opcode::New | Opcode::NewArray) && op.effects().contains(Effects::ALLOC)
}
