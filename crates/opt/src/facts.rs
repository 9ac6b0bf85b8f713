//! What is known of the whole program while its functions are worked on one by one.

use crate::effects::Summaries;
use ir::Program;

/// Facts about a program. They may be out of date in one direction only: passes remove effects and never add any.
#[derive(Default)]
pub struct Facts {
    pub summaries: Summaries,
}

impl Facts {
    pub fn of(program: &Program) -> Facts {
        Facts { summaries: Summaries::of(program) }
    }
}
