//! The intermediate representation: what lowering makes, the optimiser rewrites and code generation reads.
//!
//! Cranelift's shape: entities are `u32` ids into dense tables, blocks have parameters instead of phis, facts live in
//! side tables. Values are scalars; strings, slices and interfaces were taken apart by lowering. A program prints as
//! text and parses back ([`print`], [`parse`]), so every pass is tested alone on files.
//!
//! In reading order: [`ty`], [`opcode`] and [`panic`] (what there is to say), [`function`] and [`program`] (where it is
//! said), [`build`] (SSA construction on the fly), [`dominators`], [`loops`], [`uses`], [`compact`], [`graft`];
//! [`print`] and [`parse`],
//! [`verify`] (what must hold), [`eval`] and [`interpret`] (what it means).

pub mod build;
pub mod compact;
pub mod dominators;
pub mod eval;
pub mod function;
pub mod graft;
pub mod interpret;
mod lex;
pub mod loops;
pub mod memory;
pub mod opcode;
pub mod panic;
pub mod parse;
pub mod print;
pub mod program;
pub mod ty;
pub mod uses;
pub mod verify;

pub use build::{Builder, Variable};
pub use dominators::{Dominators, Order, Predecessors};
pub use function::{
    Block, BlockData, Function, Inst, InstData, Slot, SlotData, Target, Terminator, Value, ValueData, ValueDef,
    ValueList,
};
pub use interpret::{Machine, Outcome};
pub use loops::Loops;
pub use opcode::{Effects, Opcode};
pub use panic::PanicKind;
pub use program::{
    Data, DataId, FuncAttrs, FuncData, FuncId, Layout, LayoutId, Loc, LocData, LocId, Method, MethodId, Origin,
    Program, Reloc, SigId, Signature,
};
pub use ty::Ty;
pub use uses::{User, Uses};
