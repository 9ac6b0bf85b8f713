//! Facts about the module that its own code asks for, filled in as constants.
//!
//! Whether there may be goroutines besides the first decides whether functions can be suspended: without them, or
//! anything that enters from the host, a goroutine that parks stays on the wasm stack. The runtime asks, and has code
//! for both answers; what is behind the wrong one is not reached.

use crate::runtime::Intrinsic;
use ir::function::ValueDef;
use ir::{FuncId, Function, Inst, Loc, Opcode, Origin, Program, Terminator, Value, ValueList};
use rustc_hash::FxHashMap;

/// What makes goroutines, or comes from the host while there are some.
pub const STARTERS: &[&str] = &["runtime.newproc", "runtime.newcoro", "runtime.callExport", "runtime.jsResume"];

/// Whether a call in the function gives an object a finalizer or a cleanup that others may wait for: they run on a
/// goroutine of their own. Those that the SDK's packages give neither park nor wake anybody, so without goroutines they
/// need not run. What counts is whose source the call is in, whatever that was inlined into.
pub fn starts_finalizers(program: &Program, func: FuncId, callee: FuncId, mut loc: Loc) -> bool {
    let is_add_cleanup = |name: &str| name.starts_with("runtime.AddCleanup[");
    let registers = |name: &str| name == "runtime.SetFinalizer" || name == "runtime.addCleanup" || is_add_cleanup(name);
    if !registers(&program.funcs[callee].name) {
        return false;
    }
    let mut source = func;
    while let Some(id) = loc {
        let data = &program.locs[id];
        source = data.func;
        loc = if is_add_cleanup(&program.funcs[source].name) { data.inlined_at } else { None };
    }
    program.funcs[source].attrs.origin == Origin::User
}

pub struct Facts {
    pub can_suspend: bool,
    answers: Vec<(FuncId, bool)>,
}

impl Facts {
    pub fn new(names: &FxHashMap<&str, FuncId>, can_suspend: bool) -> Facts {
        let mut asked = vec![Intrinsic::Goroutines, Intrinsic::CanSuspend];
        if !can_suspend {
            asked.push(Intrinsic::Suspending);
        }
        let found = asked.into_iter().filter_map(|intrinsic| names.get(intrinsic.name()));
        Facts { can_suspend, answers: found.map(|&func| (func, can_suspend)).collect() }
    }

    fn answer(&self, func: &Function, inst: Inst) -> Option<bool> {
        let data = &func.insts[inst];
        let is_asked = |&&(asked, _): &&(FuncId, bool)| data.op == Opcode::Call && data.func() == asked;
        self.answers.iter().find(is_asked).map(|&(_, answer)| answer)
    }

    /// The body with the answers, without what they exclude; none if it does not ask.
    pub fn fill(&self, body: &Function) -> Option<Function> {
        let asks = |inst: &Inst| self.answer(body, *inst).is_some();
        if !body.blocks.values().any(|block| block.insts.iter().any(asks)) {
            return None;
        }
        let mut func = body.clone();
        func.resolve_all();
        for block in ir::Order::of(&func).blocks {
            for index in 0..func.blocks[block].insts.len() {
                let inst = func.blocks[block].insts[index];
                let known = match func.insts[inst].op {
                    Opcode::Eqz => constant(&func, func.args(inst)[0]).map(|value| !value),
                    _ => self.answer(&func, inst),
                };
                if let Some(known) = known {
                    let data = &mut func.insts[inst];
                    (data.op, data.args, data.imm) = (Opcode::Const, ValueList::EMPTY, u64::from(known));
                }
            }
            if let Terminator::Branch { cond, then, els, .. } = func.blocks[block].term
                && let Some(known) = constant(&func, cond)
            {
                func.blocks[block].term = Terminator::Jump(if known { then } else { els });
            }
        }
        func.compact();
        Some(func)
    }
}

/// Whether a constant is not zero.
fn constant(func: &Function, value: Value) -> Option<bool> {
    let ValueDef::Result(inst, _) = func.values[value].def else { return None };
    let data = &func.insts[inst];
    (data.op == Opcode::Const).then_some(data.imm != 0)
}
