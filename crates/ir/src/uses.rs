//! Who uses a value: a side table, made when a pass wants it and dropped when the function changes.

use crate::function::{Block, Function, Inst, Value};
use base::EntityId;

/// Who names a value; one that names it twice comes twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum User {
    Inst(Inst),
    /// The end of a block: its condition, what it returns, or an argument that it passes on.
    Terminator(Block),
}

/// The users of each value, in the order of blocks and instructions. Aliases count for what they stand for;
/// instructions that are in no block use nothing.
#[derive(Debug, Default)]
pub struct Uses {
    /// Where each value's users end; they begin where those of the value before end.
    ends: Vec<u32>,
    users: Vec<User>,
}

impl Uses {
    pub fn of(func: &Function) -> Uses {
        // Counts, then starts, then ends: a counting sort by value.
        let mut ends = vec![0u32; func.values.len()];
        for_each_use(func, |value, _| ends[value.index()] += 1);
        let mut total = 0;
        for end in &mut ends {
            total += std::mem::replace(end, total);
        }
        let mut users = vec![User::Terminator(func.entry()); total as usize];
        for_each_use(func, |value, user| {
            let place = &mut ends[value.index()];
            users[*place as usize] = user;
            *place += 1;
        });
        Uses { ends, users }
    }

    pub fn get(&self, value: Value) -> &[User] {
        let index = value.index();
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.users[start as usize..self.ends[index] as usize]
    }

    pub fn count(&self, value: Value) -> usize {
        self.get(value).len()
    }
}

/// Calls `visit` for each use, block by block.
pub fn for_each_use(func: &Function, mut visit: impl FnMut(Value, User)) {
    for (block, data) in func.blocks.iter() {
        for &inst in &data.insts {
            for &arg in func.args(inst) {
                visit(func.resolve(arg), User::Inst(inst));
            }
        }
        func.for_each_terminator_use(block, |value| visit(func.resolve(value), User::Terminator(block)));
    }
}
