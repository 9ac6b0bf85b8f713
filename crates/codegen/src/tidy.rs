//! Makes structured code shorter once it is known which moves are none.
//!
//! A branch that passes something has a block of its own for the moves. When the locals are such that nothing moves,
//! that block is empty, and `if ... br ... end` is a `br_if`:
//!
//! ```text
//! local.get 1                    local.get 1
//! if                             br_if 0
//!   local.get 2
//!   local.set 2      ==>
//!   br 1
//! end
//! ```

use crate::locals::Locals;
use crate::prepare::Body;
use crate::roots::Frame;
use crate::stackify::{Consumer, Mode, Stacked};
use crate::structure::Item;
use ir::Block;

pub fn tidy(body: &Body, frame: &Frame, stacked: &Stacked, locals: &Locals, items: Vec<Item>) -> Vec<Item> {
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    // Of each open item, whether its end is still wanted.
    let mut open = Vec::new();
    for item in items {
        match item {
            Item::Code(block) if stacked.statements[block].is_empty() && frame.at != Some(block) => {}
            Item::Moves(block) if moves_nothing(body, stacked, locals, block) => {}
            Item::Block(_) | Item::Loop(_) | Item::If { .. } => {
                open.push(true);
                kept.push(item);
            }
            Item::Else => match kept[..] {
                [.., Item::If { of, invert }] => {
                    kept.pop();
                    kept.push(Item::If { of, invert: !invert });
                }
                [.., Item::If { of, invert }, Item::Br(to)] => {
                    kept.truncate(kept.len() - 2);
                    kept.push(Item::BrIf { of, invert, to });
                    *open.last_mut().expect("tidy: an else is in an if") = false;
                }
                _ => kept.push(item),
            },
            Item::End => {
                if !open.pop().expect("tidy: ends match") {
                    continue;
                }
                match kept[..] {
                    [.., Item::If { of, .. }] => {
                        kept.pop();
                        kept.push(Item::Discard(of));
                    }
                    [.., Item::If { of, invert }, Item::Br(to)] => {
                        kept.truncate(kept.len() - 2);
                        kept.push(Item::BrIf { of, invert, to });
                    }
                    [.., Item::Else] => {
                        kept.pop();
                        kept.push(Item::End);
                    }
                    _ => kept.push(item),
                }
            }
            _ => kept.push(item),
        }
    }
    kept
}

/// Whether all that the block's jump passes is already where it should be.
fn moves_nothing(body: &Body, stacked: &Stacked, locals: &Locals, block: Block) -> bool {
    let (receivers, values) = body.moves(block);
    receivers.iter().zip(values).enumerate().all(|(index, (&receiver, &value))| {
        stacked.mode(Consumer::Terminator(block), index) == Mode::Get && locals.of(receiver) == locals.of(value)
    })
}
