//! What is known of the whole program while its functions are worked on one by one.

use crate::effects::Summaries;
use base::SideTable;
use ir::{DataId, Function, Opcode, Order, Program, Reloc, Value, ValueDef};

/// Facts about a program. Passes remove effects and never add any, so facts go out of date in one direction only.
#[derive(Default)]
pub struct Facts {
    pub summaries: Summaries,
    /// Whether something may write to the data, or has its address. Only of data that could be written at all.
    exposed: SideTable<DataId, bool>,
    /// `exposed` was computed.
    knows_data: bool,
}

impl Facts {
    pub fn of(program: &Program) -> Facts {
        Facts { summaries: Summaries::of(program), exposed: exposed(program), knows_data: true }
    }

    /// Whether the data always holds what it holds in the module.
    pub fn is_constant(&self, program: &Program, data: DataId) -> bool {
        program.data[data].read_only || self.knows_data && !self.exposed[data]
    }
}

/// Data that may be written: by a store to it, or by somebody who has its address.
fn exposed(program: &Program) -> SideTable<DataId, bool> {
    let mut exposed: SideTable<DataId, bool> = SideTable::with_len(program.data.len());
    for data in program.data.values() {
        for reloc in &data.relocs {
            if let Reloc::Data { target, .. } | Reloc::Data32 { target, .. } = *reloc {
                exposed[target] = true;
            }
        }
    }
    for func in program.funcs.values() {
        if let Some(body) = &func.body {
            expose_in(body, &mut exposed);
        }
    }
    exposed
}

fn expose_in(func: &Function, exposed: &mut SideTable<DataId, bool>) {
    // Which data a value points into. Definitions come before uses in this order.
    let mut points_into: SideTable<Value, Option<DataId>> = SideTable::new();
    for block in Order::of(func).blocks {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            if data.op == Opcode::DataAddr {
                points_into[func.results(inst)[0]] = Some(data.data().0);
                continue;
            }
            for (index, &arg) in func.args(inst).iter().enumerate() {
                let Some(target) = points_into[func.resolve(arg)] else { continue };
                match (data.op, index) {
                    (Opcode::PtrAdd, 0) => points_into[func.results(inst)[0]] = Some(target),
                    _ if only_reads(data.op, index) => {}
                    _ => exposed[target] = true,
                }
            }
        }
        func.for_each_terminator_use(block, |value| {
            if let Some(target) = points_into[func.resolve(value)] {
                exposed[target] = true;
            }
        });
    }
}

/// Whether the instruction at most reads through this operand, and does not pass it on.
fn only_reads(op: Opcode, index: usize) -> bool {
    use Opcode::*;
    match op {
        Load8S | Load8U | Load16S | Load16U | Load32S | Load32U | Load => true,
        Move | MoveTyped => index == 1,
        Eqz | Eq | Ne | LtU | LeU | PtrDiff | NilCheck | KeepAlive => true,
        _ => false,
    }
}

/// The instruction that makes a value; none for parameters.
pub fn definition(func: &Function, value: Value) -> Option<ir::Inst> {
    match func.values[func.resolve(value)].def {
        ValueDef::Result(inst, _) => Some(inst),
        _ => None,
    }
}
