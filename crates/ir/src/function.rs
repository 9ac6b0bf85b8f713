//! One function: blocks of instructions over values.
//!
//! ```text
//! func @p.sum(ptr, i64) -> i64 {
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
//! them. The entry block has no predecessors.
//!
//! **Handlers.** A block of a function that defers may name a *handler*: every call and check in it may go there, so
//! there is an edge from the block to its handler for every analysis. The edge leaves *before* the block's first
//! instruction as far as values are concerned: none of the block's results is available in the handler. Handlers have
//! no parameters; what they need lives in slots.

use crate::opcode::{Opcode, Yields};
use crate::panic::PanicKind;
use crate::program::{DataId, FuncId, LayoutId, Loc, MethodId, SigId};
use crate::ty::Ty;
use base::{EntityId, Table, entity_id};
use smallvec::SmallVec;

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
    /// The same places of a pool that begins so much later.
    pub(crate) fn moved(self, by: usize) -> ValueList {
        let start = u32::try_from(self.start as usize + by).expect("a function's lists fit a pool");
        ValueList { start, len: self.len }
    }
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
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
    pub fn method(&self) -> MethodId {
        MethodId::from_index(self.imm as usize)
    }
    /// What the check says when it fails; none for what is no check.
    pub fn panic_kind(&self) -> Option<PanicKind> {
        match self.op {
            Opcode::Bounds | Opcode::BoundsLe => PanicKind::from_index(self.imm),
            Opcode::NilCheck => Some(PanicKind::Nil),
            Opcode::DivCheck => Some(PanicKind::Divide),
            Opcode::ShiftCheck => Some(PanicKind::Shift),
            _ => None,
        }
    }
    /// The immediate of `data_addr`.
    pub fn data_immediate(data: DataId, offset: u32) -> u64 {
        data.index() as u64 | u64::from(offset) << 32
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

impl Terminator {
    /// The places it leads to, in the order of the text.
    pub fn targets(&self) -> SmallVec<[Target; 2]> {
        match self {
            Terminator::Jump(target) => smallvec::smallvec![*target],
            Terminator::Branch { then, els, .. } => smallvec::smallvec![*then, *els],
            Terminator::Switch { targets, default, .. } => targets.iter().copied().chain([*default]).collect(),
            Terminator::Return(_) | Terminator::TailCall { .. } | Terminator::Unreachable => SmallVec::new(),
        }
    }

    pub fn targets_mut(&mut self) -> SmallVec<[&mut Target; 2]> {
        match self {
            Terminator::Jump(target) => smallvec::smallvec![target],
            Terminator::Branch { then, els, .. } => smallvec::smallvec![then, els],
            Terminator::Switch { targets, default, .. } => targets.iter_mut().chain([default]).collect(),
            Terminator::Return(_) | Terminator::TailCall { .. } | Terminator::Unreachable => SmallVec::new(),
        }
    }

    /// What it uses besides the arguments of its targets: the condition, or a list.
    pub fn operands(&self) -> (Option<Value>, ValueList) {
        match self {
            Terminator::Branch { cond: value, .. } | Terminator::Switch { value, .. } => {
                (Some(*value), ValueList::EMPTY)
            }
            Terminator::Return(list) | Terminator::TailCall { args: list, .. } => (None, *list),
            Terminator::Jump(_) | Terminator::Unreachable => (None, ValueList::EMPTY),
        }
    }
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
    /// Of a function that defers: the slot whose address tells the handler that a recovered panic is its own.
    pub defer_frame: Option<Slot>,
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

    /// Makes an instruction without putting it into a block; `results` are the types of what it yields. Constants
    /// narrower than the immediate are cut to their width, so that equal ones have equal immediates.
    pub fn add_inst(&mut self, op: Opcode, args: &[Value], imm: u64, results: &[Ty], loc: Loc) -> Inst {
        debug_assert!(results.len() <= 1 || op.info().yields == Yields::Results);
        let narrow = matches!(op, Opcode::Const | Opcode::FConst) && matches!(results, [Ty::I32 | Ty::F32 | Ty::Ptr]);
        let imm = if narrow { imm & 0xffff_ffff } else { imm };
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
        while let Some(ValueData { def: ValueDef::Alias(other), .. }) = self.values.get(value) {
            value = *other;
        }
        value
    }

    /// As `resolve`, and makes the chain shorter for the next time.
    pub fn resolve_mut(&mut self, value: Value) -> Value {
        let mut value = value;
        while let ValueDef::Alias(other) = self.values[value].def {
            if let ValueDef::Alias(next) = self.values[other].def {
                self.values[value].def = ValueDef::Alias(next);
            }
            value = other;
        }
        value
    }

    /// From now on `value` means `other`. Its definition must be dropped by the caller.
    pub fn replace(&mut self, value: Value, other: Value) {
        debug_assert_ne!(value, self.resolve(other));
        self.values[value].def = ValueDef::Alias(other);
    }

    /// Rewrites every use of an alias to what it stands for.
    pub fn resolve_all(&mut self) {
        for index in 0..self.pool.len() {
            self.pool[index] = self.resolve_mut(self.pool[index]);
        }
        for block in self.blocks.ids() {
            let mut term = std::mem::take(&mut self.blocks[block].term);
            if let Terminator::Branch { cond: value, .. } | Terminator::Switch { value, .. } = &mut term {
                *value = self.resolve_mut(*value);
            }
            self.blocks[block].term = term;
        }
    }

    /// Successors, the handler included; one that is named twice comes twice.
    pub fn successors(&self, block: Block) -> SmallVec<[Block; 4]> {
        let data = &self.blocks[block];
        data.term.targets().iter().map(|target| target.block).chain(data.handler).collect()
    }

    /// The nth of the block's successors, without making a list of them.
    pub fn successor(&self, block: Block, nth: usize) -> Option<Block> {
        let data = &self.blocks[block];
        let (target, targets) = match &data.term {
            Terminator::Jump(target) => (Some(target).filter(|_| nth == 0), 1),
            Terminator::Branch { then, els, .. } => ([then, els].get(nth).copied(), 2),
            Terminator::Switch { targets, default, .. } => {
                let last = Some(default).filter(|_| nth == targets.len());
                (targets.get(nth).or(last), targets.len() + 1)
            }
            Terminator::Return(_) | Terminator::TailCall { .. } | Terminator::Unreachable => (None, 0),
        };
        target.map(|target| target.block).or(data.handler.filter(|_| nth == targets))
    }

    /// Calls `visit` with each value that the block's terminator uses.
    pub fn for_each_terminator_use(&self, block: Block, mut visit: impl FnMut(Value)) {
        let term = &self.blocks[block].term;
        let (value, list) = term.operands();
        value.into_iter().for_each(&mut visit);
        self.values_of(list).iter().copied().for_each(&mut visit);
        for target in term.targets() {
            self.values_of(target.args).iter().copied().for_each(&mut visit);
        }
    }

    /// As `list`.
    pub(crate) fn list_of(&mut self, values: impl Iterator<Item = Value>) -> ValueList {
        let start = self.pool.len();
        self.pool.extend(values);
        let len = (self.pool.len() - start) as u32;
        if len == 0 { ValueList::EMPTY } else { ValueList { start: start as u32, len } }
    }
    pub(crate) fn pool(&self) -> &[Value] {
        &self.pool
    }
    pub(crate) fn reserve_pool(&mut self, additional: usize) {
        self.pool.reserve(additional);
    }
    pub(crate) fn extend_pool(&mut self, values: impl Iterator<Item = Value>) {
        self.pool.extend(values);
    }

    /// Whether the list lies in this function's pool: false only for lists of other functions.
    pub(crate) fn owns(&self, list: ValueList) -> bool {
        list.range().end <= self.pool.len()
    }
}
