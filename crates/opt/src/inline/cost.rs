//! Which calls to inline: what a body costs, what is known at the call, how often it runs.
//!
//! Costs count instructions, roughly two bytes of wasm each. A call costs its arguments and the moves around it, so a
//! body that costs no more makes the program smaller wherever it goes. Above that, constants and func values among the
//! arguments that decide something in the body pay for some more, and so does a loop around the call. A body that has
//! one call costs nothing: its original goes away.

use base::SideTable;
use ir::{Block, FuncId, Function, InstData, Opcode, Order, Program, Terminator, Value, ValueDef};

/// What a body costs above its call and is still inlined everywhere.
const SMALL: u32 = 8;
/// In a loop.
const IN_LOOP: u32 = 16;
/// For each argument that decides something in the callee.
const DECIDES: u32 = 12;
/// For each func value or itab that the callee calls through.
const CALLED: u32 = 24;
/// No body that costs more is copied, whatever is known.
const LARGEST: u32 = 120;
/// Nor moved to its only call.
const LARGEST_MOVED: u32 = 500;
/// Callers do not grow beyond this by copies that cost more than `SMALL`.
const LARGEST_CALLER: u32 = 5_000;

/// A function that may be inlined.
#[derive(Clone, Debug)]
pub struct Shape {
    pub cost: u32,
    /// Bits of parameters, the context first, on which branches depend.
    deciding: u64,
    /// Bits of parameters that are func values or itabs of calls.
    called: u64,
}

/// A call.
pub struct Site<'a> {
    pub block: BlockSite,
    pub args: &'a [Value],
    pub caller_size: u32,
}

#[derive(Clone, Copy, Default, Debug)]
pub struct BlockSite {
    /// All paths on from here end in a panic or the like, or it is marked as unlikely.
    pub is_cold: bool,
    pub in_loop: bool,
}

pub fn is_worth_it(shape: &Shape, caller: &Function, site: &Site, is_only: bool) -> bool {
    let overhead = 2 + site.args.len() as u32;
    let cost = shape.cost;
    if site.block.is_cold {
        return cost <= overhead;
    }
    if cost <= overhead + SMALL {
        return true;
    }
    if is_only && cost <= LARGEST_MOVED {
        return site.caller_size + cost <= LARGEST_CALLER;
    }
    let mut limit = overhead + SMALL;
    if site.block.in_loop {
        limit += IN_LOOP;
    }
    for (index, &arg) in site.args.iter().enumerate().take(64) {
        let bit = 1 << index;
        match known(caller, arg) {
            Some(Opcode::Const | Opcode::FuncAddr) if shape.deciding & bit != 0 => limit += DECIDES,
            Some(Opcode::DataAddr | Opcode::New) if shape.called & bit != 0 => limit += CALLED,
            Some(Opcode::DataAddr | Opcode::New) if shape.deciding & bit != 0 => limit += DECIDES,
            _ => {}
        }
    }
    cost <= limit.min(LARGEST) && site.caller_size + cost <= LARGEST_CALLER
}

fn known(caller: &Function, arg: Value) -> Option<Opcode> {
    match caller.values[caller.resolve(arg)].def {
        ValueDef::Result(inst, _) => Some(caller.insts[inst].op),
        _ => None,
    }
}

/// None if the function must not be inlined, or is too large in any case.
pub fn shape(program: &Program, id: FuncId) -> Option<Shape> {
    let data = &program.funcs[id];
    let (body, attrs) = (data.body.as_ref()?, data.attrs);
    // Traces end in `main.main()`, as the function that is called by its address there.
    if data.name == "main.main"
        || attrs.noinline
        || attrs.recovers
        || attrs.noreturn
        || attrs.cold
        || body.defer_frame.is_some()
    {
        return None;
    }
    if crate::escape::is_assumed(&data.name) {
        return None;
    }
    let cost = cost_of(body);
    if cost > LARGEST_MOVED || body.blocks.values().any(|block| block.handler.is_some()) {
        return None;
    }
    let mut shape = Shape { cost, deciding: 0, called: 0 };
    let params: Vec<Value> = body.params(body.entry()).to_vec();
    let first = usize::from(data.has_context);
    let bit_of = |value: Value| -> u64 {
        match body.values[value].def {
            ValueDef::Param(block, index) if block == body.entry() => 1 << (index as usize + first).min(63),
            ValueDef::Result(inst, _) if body.insts[inst].op == Opcode::Context => 1,
            _ => 0,
        }
    };
    for block in body.blocks.values() {
        for &inst in &block.insts {
            let data = &body.insts[inst];
            match data.op {
                Opcode::Call if !may_move(program, data.func()) => return None,
                Opcode::CallClosure | Opcode::CallMethod => shape.called |= bit_of(body.args(inst)[0]),
                _ => {}
            }
        }
        if let Terminator::TailCall { func, .. } = block.term
            && !may_move(program, func)
        {
            return None;
        }
        if let (Some(value), _) = block.term.operands()
            && !params.is_empty()
        {
            shape.deciding |= bits_behind(body, value, &bit_of);
        }
    }
    Some(shape)
}

/// The parameters that a condition is computed from, one step back.
fn bits_behind(body: &Function, value: Value, bit_of: &impl Fn(Value) -> u64) -> u64 {
    let mut bits = bit_of(value);
    if let ValueDef::Result(inst, _) = body.values[value].def {
        for &arg in body.args(inst) {
            bits |= bit_of(arg);
        }
    }
    bits
}

/// Whether a call of the function means the same in another function: not so for intrinsics that speak of the frame
/// they are in, or whose caller is known by name.
fn may_move(program: &Program, callee: FuncId) -> bool {
    let data = &program.funcs[callee];
    if data.body.is_some() || data.import.is_some() {
        return true;
    }
    match data.name.strip_prefix("internal/wasm.") {
        Some(name) => matches!(
            name,
            "MemorySize" | "MemoryGrow" | "Copy" | "Fill" | "HeapStart" | "Roots" | "StackTop" | "StackLimit"
        ),
        None => true,
    }
}

pub fn cost_of(body: &Function) -> u32 {
    let mut cost = 0;
    for block in body.blocks.values() {
        cost += block.insts.iter().map(|&inst| cost_of_inst(&body.insts[inst])).sum::<u32>();
        cost += match &block.term {
            Terminator::Jump(target) => target.args.len() as u32,
            Terminator::Branch { then, els, .. } => 2 + (then.args.len() + els.args.len()) as u32,
            Terminator::Switch { targets, .. } => 3 + targets.len() as u32,
            Terminator::TailCall { args, .. } => 2 + args.len() as u32,
            Terminator::Return(_) | Terminator::Unreachable => 0,
        };
    }
    cost
}

fn cost_of_inst(data: &InstData) -> u32 {
    use Opcode::*;
    let args = data.args.len() as u32;
    match data.op {
        Const | FConst | DataAddr | SlotAddr | FuncAddr | Context | KeepAlive | IntToPtr | PtrToInt => 0,
        NilCheck | DivCheck | ShiftCheck => 2,
        Bounds | BoundsLe => 3,
        New | NewArray => 4,
        Move | MoveTyped | Zero => 2,
        Call | CallHost => 2 + args,
        CallClosure | CallMethod => 4 + args,
        _ => 1,
    }
}

/// Facts about the blocks of a caller.
pub struct Sites {
    blocks: SideTable<Block, BlockSite>,
}

impl Sites {
    pub fn of(body: &Function, is_noreturn: impl Fn(FuncId) -> bool) -> Sites {
        let order = Order::of(body);
        let mut blocks: SideTable<Block, BlockSite> = SideTable::with_len(body.blocks.len());
        let mut entries: SideTable<Block, u32> = SideTable::with_len(body.blocks.len());
        for (index, &block) in order.blocks.iter().enumerate() {
            for next in body.successors(block) {
                entries[next] += 1;
                // What lies between a jump backwards and its target counts as the loop.
                if let Some(header) = order.index(next).filter(|&header| header <= index) {
                    order.blocks[header..=index].iter().for_each(|&block| blocks[block].in_loop = true);
                }
            }
        }
        for &block in order.blocks.iter().rev() {
            let data = &body.blocks[block];
            if let Terminator::Branch { then, els, likely: Some(likely), .. } = data.term {
                let unlikely = if likely { els.block } else { then.block };
                if entries[unlikely] == 1 {
                    blocks[unlikely].is_cold = true;
                }
            }
            let targets = data.term.targets();
            let ends = |&inst: &ir::Inst| {
                let data = &body.insts[inst];
                data.op == Opcode::Call && is_noreturn(data.func())
            };
            blocks[block].is_cold |= match data.term {
                Terminator::Unreachable => true,
                Terminator::Return(_) | Terminator::TailCall { .. } => false,
                _ => targets.iter().all(|target| blocks[target.block].is_cold),
            } || data.insts.iter().any(ends);
        }
        // Downwards: what only cold blocks lead to.
        for &block in &order.blocks {
            if blocks[block].is_cold {
                for next in body.successors(block) {
                    if entries[next] == 1 {
                        blocks[next].is_cold = true;
                    }
                }
            }
        }
        Sites { blocks }
    }

    pub fn at(&self, block: Block) -> BlockSite {
        self.blocks[block]
    }
}
