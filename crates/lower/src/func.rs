//! The state of lowering one function, and the vocabulary that all constructs are lowered with: emitting
//! instructions, constants, calls, branches.
//!
//! Lowering walks the tree once, in evaluation order, and appends to the current block. After a statement that does not
//! complete (return, a jump, a panic) there is no current block; code that follows is unreachable and is skipped.

use crate::module::Module;
use crate::value::{Parts, Val};
use abi::{CanonId, CanonType, EnvId};
use base::{EntityId, Pos, Symbol};
use ir::{
    Block, Builder, DataId, FuncId, InstData, Loc, LocData, LocId, Opcode, PanicKind, SigId, Slot, Target, Terminator,
    Ty, Value, ValueList, Variable,
};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use syntax::ast;
use types::{ObjId, TypeAndValue, UnitId};

/// Where a local variable lives.
#[derive(Clone, Debug)]
pub enum Storage {
    /// Its parts are variables of their own.
    Parts(SmallVec<[Variable; 4]>),
    /// At the address that this variable holds: it escapes, or is in memory.
    Memory(Variable),
    /// In a slot of the frame (result variables of deferring functions).
    Slot(Slot),
}

/// What `break`, `continue` and labels lead to.
#[derive(Clone, Debug)]
pub struct Jump {
    pub label: Option<Symbol>,
    pub on_break: Option<Block>,
    pub on_continue: Option<Block>,
}

/// Larger values go to the heap, so that stacks stay small.
const MAX_SLOT_SIZE: u32 = 8 << 10;

pub struct FuncLowerer<'m, 'a> {
    pub cx: &'m mut Module<'a>,
    pub id: FuncId,
    /// Binds the type parameters in sight.
    pub env: EnvId,
    /// Whose nodes are being lowered.
    pub unit: UnitId,
    pub builder: Builder,
    /// None: what follows cannot be reached.
    pub block: Option<Block>,
    pub vars: FxHashMap<ObjId, Storage>,
    /// What captured variables and escaping ones the body has; see `captures`.
    pub facts: crate::captures::Facts,
    pub jumps: Vec<Jump>,
    /// Blocks of labels that goto leads to.
    pub labels: FxHashMap<Symbol, Block>,
    /// The result variables, in order.
    pub results: Vec<(CanonId, Storage)>,
    /// Where results that are in memory are to be written, in order.
    pub result_pointers: Vec<Value>,
    /// Of a function that defers.
    pub defer_frame: Option<Slot>,
    /// Of a function that recovers.
    pub recover_token: Option<Variable>,
    /// The function's blocks all lead here when a panic was recovered.
    pub handler: Option<Block>,
    /// Of a function literal: the variables it captures, and whether each is captured by reference.
    pub captures: Vec<(ObjId, bool)>,
    /// The objects of the result variables, in order, with or without names.
    pub result_vars: Vec<ObjId>,
    /// How many calls `go` and `defer` have made closures of.
    pub(crate) wrapped_calls: u32,
    /// Operands that were evaluated before what stands left of them; see `order`.
    pub(crate) early: FxHashMap<ast::NodeId, Val>,
    /// The program's entries for places in this function.
    locs: FxHashMap<Pos, LocId>,
    /// Of the body of a loop over a function.
    pub(crate) loop_body: Option<crate::rangefunc::LoopBody>,
    loc: Loc,
    pos: Pos,
}

impl<'m, 'a> FuncLowerer<'m, 'a> {
    pub fn new(cx: &'m mut Module<'a>, id: FuncId, env: EnvId, unit: UnitId) -> Self {
        FuncLowerer {
            cx,
            id,
            env,
            unit,
            builder: Builder::new(),
            block: None,
            vars: FxHashMap::default(),
            facts: Default::default(),
            jumps: Vec::new(),
            labels: FxHashMap::default(),
            results: Vec::new(),
            result_pointers: Vec::new(),
            defer_frame: None,
            recover_token: None,
            handler: None,
            captures: Vec::new(),
            result_vars: Vec::new(),
            wrapped_calls: 0,
            early: FxHashMap::default(),
            locs: FxHashMap::default(),
            loop_body: None,
            loc: None,
            pos: Pos::NONE,
        }
    }

    /// Whose source this is.
    pub fn origin(&self) -> ir::Origin {
        self.cx.program.funcs[self.id].attrs.origin
    }

    // Types and recorded facts.

    /// The closed form of a type of the source.
    pub fn canon(&mut self, ty: types::TypeId) -> CanonId {
        self.cx.types.canon(&mut self.cx.checker, ty, self.env)
    }
    pub fn recorded(&self, e: &ast::Expr<'a>) -> TypeAndValue {
        self.cx.checker.units[self.unit].types[e.id]
    }
    /// The type of an expression.
    pub fn type_of(&mut self, e: &ast::Expr<'a>) -> CanonId {
        let ty = self.recorded(e).ty.unwrap_or_else(|| unreachable!("lower: {} has no type", syntax::expr_string(e)));
        self.canon(ty)
    }
    /// What an identifier declares or denotes.
    pub fn object_at(&self, id: ast::NodeId) -> Option<ObjId> {
        self.cx.checker.units[self.unit].objects[id]
    }
    pub fn shape(&mut self, ty: CanonId) -> CanonType {
        self.cx.shape(ty)
    }

    // Places in the source.

    pub fn at(&mut self, pos: Pos) {
        if pos.is_known() && pos != self.pos {
            self.pos = pos;
            self.cx.pos = pos;
            let data = LocData { pos, func: self.id, inlined_at: None };
            self.loc = Some(*self.locs.entry(pos).or_insert_with(|| self.cx.program.locs.push(data)));
        }
    }
    pub fn pos(&self) -> Pos {
        self.pos
    }

    // Blocks.

    pub fn new_block(&mut self) -> Block {
        let block = self.builder.func.add_block(&[]);
        self.builder.func.blocks[block].handler = self.handler;
        block
    }
    /// Goes on in `block`, whose predecessors are all known.
    pub fn start(&mut self, block: Block) {
        self.builder.seal(block);
        self.block = Some(block);
    }
    /// Goes on in `block`, to which more jumps will follow; it must be sealed later.
    pub fn start_unsealed(&mut self, block: Block) {
        self.block = Some(block);
    }
    pub fn seal(&mut self, block: Block) {
        self.builder.seal(block);
    }
    pub fn is_reachable(&self) -> bool {
        self.block.is_some()
    }
    pub fn current(&self) -> Block {
        self.block.expect("lower: code is emitted only where it can be reached")
    }
    fn terminate(&mut self, term: Terminator) {
        let Some(block) = self.block.take() else { return };
        for target in term.targets() {
            self.builder.add_edge(block, target.block);
        }
        let data = &mut self.builder.func.blocks[block];
        data.term = term;
        data.term_loc = self.loc;
    }
    /// Ends the block with a jump; does nothing if there is no block.
    pub fn jump(&mut self, to: Block) {
        self.terminate(Terminator::Jump(Target { block: to, args: ValueList::EMPTY }));
    }
    pub fn branch(&mut self, cond: Value, then: Block, els: Block) {
        self.branch_likely(cond, then, els, None);
    }
    pub fn branch_likely(&mut self, cond: Value, then: Block, els: Block, likely: Option<bool>) {
        let target = |block| Target { block, args: ValueList::EMPTY };
        self.terminate(Terminator::Branch { cond, then: target(then), els: target(els), likely });
    }
    pub fn switch(&mut self, value: Value, targets: &[Block], default: Block) {
        let target = |&block: &Block| Target { block, args: ValueList::EMPTY };
        let targets = targets.iter().map(target).collect();
        self.terminate(Terminator::Switch { value, targets, default: target(&default) });
    }
    pub fn return_values(&mut self, values: &[Value]) {
        let list = self.builder.func.list(values);
        self.terminate(Terminator::Return(list));
    }
    pub fn tail_call(&mut self, func: FuncId, args: &[Value]) {
        let args = self.builder.func.list(args);
        self.terminate(Terminator::TailCall { func, args });
    }
    pub fn unreachable(&mut self) {
        self.terminate(Terminator::Unreachable);
    }

    // Variables.

    pub fn variable(&mut self, ty: Ty) -> Variable {
        self.builder.variable(ty)
    }
    pub fn read(&mut self, variable: Variable) -> Value {
        let block = self.current();
        self.builder.read(variable, block)
    }
    pub fn write(&mut self, variable: Variable, value: Value) {
        let block = self.current();
        self.builder.write(variable, block, value);
    }

    // Instructions.

    /// An instruction with one result.
    pub fn emit(&mut self, op: Opcode, args: &[Value], imm: u64, ty: Ty) -> Value {
        let block = self.current();
        let inst = self.builder.func.append(block, op, args, imm, &[ty], self.loc);
        self.builder.func.results(inst)[0]
    }
    /// An instruction without results.
    pub fn emit_effect(&mut self, op: Opcode, args: &[Value], imm: u64) {
        let block = self.current();
        self.builder.func.append(block, op, args, imm, &[], self.loc);
    }
    pub fn const_i32(&mut self, value: i32) -> Value {
        self.emit(Opcode::Const, &[], u64::from(value as u32), Ty::I32)
    }
    pub fn const_i64(&mut self, value: i64) -> Value {
        self.emit(Opcode::Const, &[], value as u64, Ty::I64)
    }
    pub fn null(&mut self) -> Value {
        self.emit(Opcode::Const, &[], 0, Ty::Ptr)
    }
    pub fn data_addr(&mut self, data: DataId, offset: u32) -> Value {
        self.emit(Opcode::DataAddr, &[], InstData::data_immediate(data, offset), Ty::Ptr)
    }
    pub fn offset_ptr(&mut self, ptr: Value, offset: u32) -> Value {
        if offset == 0 {
            return ptr;
        }
        let offset = self.const_i32(offset as i32);
        self.emit(Opcode::PtrAdd, &[ptr, offset], 0, Ty::Ptr)
    }
    /// A binary or comparing instruction.
    pub fn op2(&mut self, op: Opcode, x: Value, y: Value) -> Value {
        let ty = match op.info().yields {
            ir::opcode::Yields::Is(ty) => ty,
            _ => self.builder.func.ty(x),
        };
        self.emit(op, &[x, y], 0, ty)
    }
    pub fn nil_check(&mut self, ptr: Value) {
        self.emit_effect(Opcode::NilCheck, &[ptr], 0);
    }
    /// Panics unless `index < len`, unsigned; both are i64.
    pub fn bounds_check(&mut self, index: Value, len: Value, kind: PanicKind) {
        self.emit_effect(Opcode::Bounds, &[index, len], kind as u64);
    }
    pub fn bounds_check_le(&mut self, index: Value, len: Value, kind: PanicKind) {
        self.emit_effect(Opcode::BoundsLe, &[index, len], kind as u64);
    }

    // Memory.

    /// A new zeroed object of the type.
    pub fn new_object(&mut self, ty: CanonId) -> Value {
        let layout = self.cx.layout_of(ty);
        self.emit(Opcode::New, &[], layout.index() as u64, Ty::Ptr)
    }

    /// Zeroed memory for a value that does not outlive the statement.
    pub fn temporary(&mut self, ty: CanonId) -> Value {
        let size = self.cx.size_of(ty);
        if size > MAX_SLOT_SIZE {
            return self.new_object(ty);
        }
        let layout = self.cx.has_pointers(ty).then(|| self.cx.layout_of(ty));
        let align = self.cx.type_layout(ty).align.max(1);
        let slot = self.builder.func.slots.push(ir::SlotData { size, align, layout });
        let ptr = self.slot_addr(slot);
        if size > 0 {
            let size = self.const_i32(size as i32);
            self.emit_effect(Opcode::Zero, &[ptr, size], 0);
        }
        ptr
    }

    // Calls.

    /// Calls a function of the program; `args` are scalars in ABI order. The results are the callee's scalar results.
    pub fn call(&mut self, func: FuncId, args: &[Value]) -> Parts {
        let sig = self.cx.program.funcs[func].sig;
        let op = if self.cx.program.funcs[func].import.is_some() { Opcode::CallHost } else { Opcode::Call };
        let results = self.emit_call(op, args, func.index() as u64, sig);
        if self.cx.program.funcs[func].attrs.noreturn {
            self.unreachable();
        }
        results
    }
    /// Calls a function of package runtime by name.
    pub fn call_runtime(&mut self, name: &'static str, args: &[Value]) -> Parts {
        let func = self.cx.runtime(name);
        self.call(func, args)
    }
    pub fn emit_call(&mut self, op: Opcode, args: &[Value], imm: u64, sig: SigId) -> Parts {
        let results: SmallVec<[Ty; 4]> = self.cx.program.signature(sig).results.iter().copied().collect();
        let block = self.current();
        let inst = self.builder.func.append(block, op, args, imm, &results, self.loc);
        SmallVec::from_slice(self.builder.func.results(inst))
    }

    /// Fails loudly: a construct that lowering does not know yet.
    pub fn unsupported(&mut self, what: &str) -> ! {
        crate::unsupported(&self.cx.checker, what, self.pos)
    }

    /// The address and value of a string constant.
    pub fn string_constant(&mut self, bytes: &std::sync::Arc<[u8]>) -> Val {
        let len = self.const_i64(bytes.len() as i64);
        let ptr = match bytes.is_empty() {
            true => self.null(),
            false => {
                let data = self.cx.literal(bytes);
                self.data_addr(data, 0)
            }
        };
        Val::of(&[ptr, len])
    }
}
