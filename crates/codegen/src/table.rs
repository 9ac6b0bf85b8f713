//! Code words: places in the function table.
//!
//! Place 0 is empty, so that a call through a null code word traps. The others are the functions whose code word is in
//! code or data, in the order of their names, and then resume functions.

use base::SideTable;
use ir::FuncId;

/// The first code word behind theirs: resume functions have the next.
pub fn end(taken: &[FuncId]) -> u32 {
    taken.len() as u32 + 1
}

/// The code word of each function of the table; 0 for others.
pub fn code_words(taken: &[FuncId]) -> SideTable<FuncId, u32> {
    let mut words = SideTable::new();
    for (index, &func) in taken.iter().enumerate() {
        words[func] = index as u32 + 1;
    }
    words
}
