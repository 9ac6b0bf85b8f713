//! What a look at a whole body says about its local variables before any of it is lowered.
//!
//! A variable whose address is taken (`&x`, a method with pointer receiver called on it, a slice of an array) or that
//! is captured by a function literal *and* assigned after its declaration lives in an object of its own; the escape
//! pass brings back those that need not. A captured variable that is never assigned again is captured by value.

use rustc_hash::{FxHashMap, FxHashSet};
use types::ObjId;

#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Variables that need an address.
    pub in_memory: FxHashSet<ObjId>,
    /// For each function literal, by its node: the variables of enclosing functions it uses, in order of first use.
    pub captures: FxHashMap<syntax::ast::NodeId, Vec<ObjId>>,
    /// The function (not a literal in it) defers.
    pub defers: bool,
    /// It calls recover.
    pub recovers: bool,
}
