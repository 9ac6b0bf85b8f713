//! One function: blocks of instructions over values.
//!
//! ```text
//! func @p.sum(v0: ptr, v1: i64) -> i64 {
//! block0(v0: ptr, v1: i64):
//!   v2 = const.i64 0
//!   jump block1(v2, v2)
//! block1(v3: i64, v4: i64):
//!   v5 = lt_s v3, v1
//!   branch v5, block2, block3
//! ...
//! ```
//!
//! Instructions are not linked: a block owns the list of its instructions, and passes rebuild lists rather than edit
//! them. A block of a function that defers may name a *handler*: every call and check in it may go there, so there is
//! an edge from the block to its handler for every analysis. Handlers have no parameters; what they need lives in slots.

use crate::opcode::{Opcode, Yields};
use crate::program::{DataId, FuncId, LayoutId, Loc, SigId};
use crate::ty::Ty;
use base::{EntityId, Table, entity_id};

entity_id!(
    /// A scalar, defined once.
    pub struct Value, "v"
);
entity_id!(pub struct Block, "block");
entity_id!(pub struct Inst, "inst");
entity_id!(
    /// A local variable that lives in memory.
    pub struct Slot, "slot"
);

/// A list of values in the function's pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ValueList {
    start: u32,
    len: u32,
}

impl ValueList {
    pub const EMPTY: ValueList = ValueList { start: 0, len: 0 };
    pub fn len(self) -> usize {
        self.len as usize
    }
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueDef {
    /// A parameter of a block, with its index. The entry block's are the function's.
    Param(Block, u32),
    /// A result of an instruction, with its index.
    Result(Inst, u32),
    /// Replaced by another value; resolved by `Function::resolve`.
    Alias(Value),
}

#[derive(Clone, Copy, Debug)]
pub struct ValueData {
    pub ty: Ty,
    pub def: ValueDef,
}

/// An instruction. What `imm` means is said by the opcode.
#[derive(Clone, Copy, Debug)]
pub struct InstData {
    pub op: Opcode,
    pub args: ValueList,
    pub results: ValueList,
    pub imm: u64,
    pub loc: Loc,
}

impl InstData {
    pub fn offset(&self) -> u32 {
        self.imm as u32
    }
    pub fn func(&self) -> FuncId {
        FuncId::from_index(self.imm as usize)
    }
    /// Static data and the offset in it.
    pub fn data(&self) -> (DataId, u32) {
        (DataId::from_index(self.imm as u32 as usize), (self.imm >> 32) as u32)
    }
    pub fn slot(&self) -> Slot {
        Slot::from_index(self.imm as usize)
    }
    pub fn layout(&self) -> LayoutId {
        LayoutId::from_index(self.imm as usize)
    }
    pub fn sig(&self) -> SigId {
        SigId::from_index(self.imm as usize)
    }
}

/// Where control goes, and the arguments for the block's parameters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    pub block: Block,
    pub args: ValueList,
}

/// How a block ends.
#[derive(Clone, Debug, Default)]
pub enum Terminator {
    Jump(Target),
    /// To `then` if the condition (i32) is not zero. `likely`: which way is expected, for code layout and hints.
    Branch {
        cond: Value,
        then: Target,
        els: Target,
        likely: Option<bool>,
    },
    /// `targets[value]`, or `default` beyond them. The value is an i32.
    Switch {
        value: Value,
        targets: Box<[Target]>,
        default: Target,
    },
    Return(ValueList),
    /// Returns what the callee returns: wrappers need no frame.
    TailCall {
        func: FuncId,
        args: ValueList,
    },
    /// After a call that does not return.
    #[default]
    Unreachable,
}

#[derive(Clone, Debug, Default)]
pub struct BlockData {
    pub params: ValueList,
    pub insts: Vec<Inst>,
    pub term: Terminator,
    pub term_loc: Loc,
    /// Where panics that are recovered arrive.
    pub handler: Option<Block>,
}

#[derive(Clone, Copy, Debug)]
pub struct SlotData {
    pub size: u32,
    pub align: u32,
    /// Where the pointers are, if there are any; such slots are zeroed when the frame is made.
    pub layout: Option<LayoutId>,
}

#[derive(Clone, Debug, Default)]
pub struct Function {
    pub values: Table<Value, ValueData>,
    pub insts: Table<Inst, InstData>,
    pub blocks: Table<Block, BlockData>,
    pub slots: Table<Slot, SlotData>,
    /// The first block; its parameters are the function's.
    pub entry: Option<Block>,
    pool: Vec<Value>,
}

impl Function {
    pub fn entry(&self) -> Block {
        self.entry.expect("a function has an entry block")
    }
    pub fn list(&mut self, values: &[Value]) -> ValueList {
        if values.is_empty() {
            return ValueList::EMPTY;
        }
        let start = self.pool.len() as u32;
        self.pool.extend_from_slice(values);
        ValueList { start, len: values.len() as u32 }
    }
    pub fn values_of(&self, list: ValueList) -> &[Value] {
        &self.pool[list.range()]
    }
    pub fn values_of_mut(&mut self, list: ValueList) -> &mut [Value] {
        &mut self.pool[list.range()]
    }
    pub fn args(&self, inst: Inst) -> &[Value] {
        self.values_of(self.insts[inst].args)
    }
    pub fn results(&self, inst: Inst) -> &[Value] {
        self.values_of(self.insts[inst].results)
    }
    pub fn params(&self, block: Block) -> &[Value] {
        self.values_of(self.blocks[block].params)
    }
    pub fn ty(&self, value: Value) -> Ty {
        self.values[value].ty
    }

    pub fn add_block(&mut self, params: &[Ty]) -> Block {
        let block = self.blocks.push(BlockData::default());
        let params: Vec<Value> = params
            .iter()
            .enumerate()
            .map(|(index, &ty)| self.values.push(ValueData { ty, def: ValueDef::Param(block, index as u32) }))
            .collect();
        self.blocks[block].params = self.list(&params);
        block
    }

    /// Makes an instruction without putting it into a block; `results` are the types of what it yields.
    pub fn add_inst(&mut self, op: Opcode, args: &[Value], imm: u64, results: &[Ty], loc: Loc) -> Inst {
        debug_assert!(results.len() <= 1 || op.info().yields == Yields::Results);
        let inst = self.insts.next_id();
        let results: Vec<Value> = results
            .iter()
            .enumerate()
            .map(|(index, &ty)| self.values.push(ValueData { ty, def: ValueDef::Result(inst, index as u32) }))
            .collect();
        let args = self.list(args);
        let results = self.list(&results);
        self.insts.push(InstData { op, args, results, imm, loc })
    }

    /// Appends a new instruction to a block.
    pub fn append(&mut self, block: Block, op: Opcode, args: &[Value], imm: u64, results: &[Ty], loc: Loc) -> Inst {
        let inst = self.add_inst(op, args, imm, results, loc);
        self.blocks[block].insts.push(inst);
        inst
    }

    /// The value that stands for `value` now, alias chains followed.
    pub fn resolve(&self, value: Value) -> Value {
        let mut value = value;
        while let ValueDef::Alias(other) = self.values[value].def {
            value = other;
        }
        value
    }

    /// From now on `value` means `other`. Its definition must be dropped by the caller.
    pub fn replace(&mut self, value: Value, other: Value) {
        debug_assert_ne!(value, self.resolve(other));
        self.values[value].def = ValueDef::Alias(other);
    }

    /// Calls `visit` with each successor's target; the handler is not among them.
    pub fn for_each_target(&self, block: Block, mut visit: impl FnMut(Target)) {
        match &self.blocks[block].term {
            Terminator::Jump(target) => visit(*target),
            Terminator::Branch { then, els, .. } => {
                visit(*then);
                visit(*els);
            }
            Terminator::Switch { targets, default, .. } => {
                targets.iter().for_each(|target| visit(*target));
                visit(*default);
            }
            Terminator::Return(_) | Terminator::TailCall { .. } | Terminator::Unreachable => {}
        }
    }

    /// Successors, the handler included; one that is named twice comes twice.
    pub fn successors(&self, block: Block) -> Vec<Block> {
        let mut successors = Vec::new();
        self.for_each_target(block, |target| successors.push(target.block));
        successors.extend(self.blocks[block].handler);
        successors
    }
}

impl Function {
    /// Rewrites every use of an alias to what it stands for.
    pub fn resolve_all(&mut self) {
        for index in 0..self.pool.len() {
            self.pool[index] = self.resolve(self.pool[index]);
        }
        for block in self.blocks.ids() {
            let mut term = std::mem::take(&mut self.blocks[block].term);
            match &mut term {
                Terminator::Branch { cond: value, .. } | Terminator::Switch { value, .. } => {
                    *value = self.resolve(*value);
                }
                _ => {}
            }
            self.blocks[block].term = term;
        }
    }
}
