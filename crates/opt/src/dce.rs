//! Drops what nobody needs: instructions and calls without effects and uses, parameters of blocks that only feed each
//! other, blocks that nothing reaches, slots without address. The work is `Function::compact`'s; what is added here is
//! knowledge of callees.

use crate::pipeline::Context;
use ir::{FuncId, Function};

pub fn run(ctx: &Context, _: FuncId, func: &mut Function) {
    func.compact_where(|data| ctx.facts.summaries.is_removable(data));
}
