//! Ranges over functions.
//!
//! Not lowered yet: the body must become a closure of its own, whose key, captures and name are made with those of
//! function literals.

use crate::func::FuncLowerer;

impl FuncLowerer<'_, '_> {
    pub(crate) fn range_func(&mut self) -> ! {
        self.unsupported("range over func")
    }
}
