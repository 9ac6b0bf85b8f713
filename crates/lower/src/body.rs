//! Functions around their statements: parameters and results become variables, the body follows, then its end.
//!
//! ```text
//! func f(s string, a [9]int) (err error) { defer g(); ... }
//!
//! block0(s.ptr, s.len, a):         prologue: no handler, so its values are known in the handler
//!   recover token, objects of variables that escape
//!   jump block2
//! block1: handler block1           a panic was recovered: run the deferred calls that are left, return the results
//! block2: handler block1           the body
//! ```
//!
//! Result variables of a function that defers are in slots, or in objects if they escape: the deferred calls and the
//! handler find them there. A parameter that is in memory is the caller's; it is copied only if the body changes it or
//! takes its address.

use crate::func::{FuncLowerer, Storage};
use crate::value::{Parts, Val};
use abi::{CanonId, CanonType};
use base::EntityId;
use ir::{Opcode, Origin, Slot, SlotData, Ty, Value};
use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, StmtKind};
use syntax::walk::{self, Node};
use types::ObjId;

impl<'a> FuncLowerer<'_, 'a> {
    /// Entry code: parameters and results to variables, defer frame, recover token; then the body; then the end.
    ///
    /// `params` begin with the receiver and include those without names, as `results` do.
    pub fn function_body(&mut self, sig: CanonId, params: &[ObjId], results: &[ObjId], body: &'a ast::BlockStmt<'a>) {
        let mut scalars = self.entry_scalars().into_iter();
        self.at(body.pos);
        if self.facts.recovers {
            self.make_recover_token();
        }
        let CanonType::Func { results: result_list, .. } = self.shape(sig) else {
            unreachable!("lower: function_body: not a function type")
        };
        let result_types: SmallVec<[CanonId; 4]> = self.cx.types.list(result_list).into();
        for &ty in &result_types {
            if self.cx.parts_of(ty).is_none() {
                self.result_pointers.push(scalars.next().expect("lower: function_body: a pointer for each result"));
            }
        }
        self.declare_params(params, &mut scalars, body);
        assert!(scalars.next().is_none(), "lower: function_body: more arguments than parameters");
        self.result_vars = results.to_vec();
        for (index, &ty) in result_types.iter().enumerate() {
            let storage = self.declare_result(ty, results.get(index).copied());
            self.results.push((ty, storage));
        }
        if self.facts.defers {
            self.begin_deferring();
        }

        self.stmt_list(body.list);
        if self.is_reachable() {
            self.at(body.rbrace);
            // A function with results ends in a terminating statement.
            if self.results.is_empty() { self.leave() } else { self.unreachable() }
        }
        self.seal_labels();
    }

    /// No goto follows.
    pub(crate) fn seal_labels(&mut self) {
        let mut labels: Vec<ir::Block> = self.labels.values().copied().collect();
        labels.sort_unstable();
        for block in labels {
            self.seal(block);
        }
    }

    /// The parameters of the entry block, which is made unless captured variables were read in it already.
    fn entry_scalars(&mut self) -> Vec<Value> {
        let entry = match self.builder.func.entry {
            Some(entry) => entry,
            None => {
                let sig = self.cx.program.funcs[self.id].sig;
                let params = &self.cx.program.signature(sig).params;
                let entry = self.builder.func.add_block(params);
                self.builder.func.entry = Some(entry);
                self.start(entry);
                entry
            }
        };
        self.builder.func.params(entry).to_vec()
    }

    fn make_recover_token(&mut self) {
        let ident = self.emit(Opcode::FuncAddr, &[], self.id.index() as u64, Ty::I32);
        let token = self.call_runtime("recoverable", &[ident])[0];
        let variable = self.variable(Ty::I64);
        self.write(variable, token);
        self.recover_token = Some(variable);
    }

    fn declare_params(
        &mut self,
        params: &[ObjId],
        scalars: &mut impl Iterator<Item = Value>,
        body: &'a ast::BlockStmt<'a>,
    ) {
        let mut assigned: Option<FxHashSet<ObjId>> = None;
        for &param in params {
            let ty = self.declared_type(param);
            let mut next = || scalars.next().expect("lower: declare_params: an argument for each parameter");
            let Some(parts) = self.cx.parts_of(ty) else {
                let ptr = next();
                let is_changed = self.facts.in_memory.contains(&param)
                    || assigned.get_or_insert_with(|| self.assigned_variables(body)).contains(&param);
                if is_changed {
                    self.declare_var(param, Some(Val::InMemory(ptr)));
                } else {
                    let variable = self.variable(Ty::Ptr);
                    self.write(variable, ptr);
                    self.vars.insert(param, Storage::Memory(variable));
                }
                continue;
            };
            let values: Parts = parts.iter().map(|_| next()).collect();
            self.declare_var(param, Some(Val::Parts(values)));
        }
    }

    /// The variables that statements of the body assign to, or to parts of. Function literals are left out: what they
    /// assign to is captured by reference.
    fn assigned_variables(&self, body: &'a ast::BlockStmt<'a>) -> FxHashSet<ObjId> {
        let mut assigned = FxHashSet::default();
        let mut add = |target: &'a ast::Expr<'a>| {
            for e in target.list().iter() {
                assigned.extend(self.root_variable(e));
            }
        };
        walk::walk_block(body, &mut |node| {
            match node {
                Node::Expr(_) => return false,
                Node::Stmt(stmt) => match stmt.kind {
                    StmtKind::Assign { lhs, .. } => add(lhs),
                    StmtKind::Range(clause) => clause.lhs.into_iter().for_each(&mut add),
                    _ => {}
                },
                _ => {}
            }
            true
        });
        assigned
    }

    /// `x` in `x.f[i].g`
    fn root_variable(&self, e: &'a ast::Expr<'a>) -> Option<ObjId> {
        let mut e = e;
        loop {
            match e.kind {
                ExprKind::Paren(x) | ExprKind::Selector { x, .. } | ExprKind::Index { x, .. } => e = x,
                ExprKind::Name(_) => return self.object_at(e.id),
                _ => return None,
            }
        }
    }

    /// Where a result is kept. A result without name in a function that does not defer is kept nowhere: no parts.
    fn declare_result(&mut self, ty: CanonId, result: Option<ObjId>) -> Storage {
        let is_named = result.is_some_and(|obj| !self.cx.checker.obj(obj).name.as_str().is_empty());
        let escapes = result.is_some_and(|obj| self.facts.in_memory.contains(&obj));
        let storage = if self.facts.defers && !escapes {
            Storage::Slot(self.new_slot(ty))
        } else if is_named || escapes {
            self.new_storage(ty, result, escapes, None)
        } else {
            Storage::Parts(SmallVec::new())
        };
        if let Some(obj) = result {
            self.vars.insert(obj, storage.clone());
        }
        storage
    }

    /// A zeroed slot of the frame.
    pub(crate) fn new_slot(&mut self, ty: CanonId) -> Slot {
        let layout = self.cx.type_layout(ty);
        let size = self.cx.size_of(ty);
        let pointers = self.cx.has_pointers(ty).then(|| self.cx.layout_of(ty));
        let data = SlotData { size, align: layout.align.max(1), layout: pointers };
        let slot = self.builder.func.slots.push(data);
        // Slots with pointers are zeroed when the frame is made.
        if pointers.is_none() && size > 0 {
            let ptr = self.slot_addr(slot);
            let size = self.const_i32(size as i32);
            self.emit_effect(Opcode::Zero, &[ptr, size], 0);
        }
        slot
    }

    pub(crate) fn slot_addr(&mut self, slot: Slot) -> Value {
        self.emit(Opcode::SlotAddr, &[], slot.index() as u64, Ty::Ptr)
    }

    /// Makes the defer frame and the handler, and goes on in a block that the handler covers.
    fn begin_deferring(&mut self) {
        let frame_type = self.runtime_pointee("deferproc", 0);
        let frame = self.new_slot(frame_type);
        self.defer_frame = Some(frame);
        self.builder.func.defer_frame = Some(frame);
        let objects: Vec<_> = self.results.iter().map(|result| result.1.clone()).collect();
        let mut addresses = Vec::new();
        for storage in objects {
            if let Storage::Memory(variable) = storage {
                addresses.push((variable, self.read(variable)));
            }
        }
        let handler = self.new_block();
        self.handler = Some(handler);
        self.builder.func.blocks[handler].handler = Some(handler);
        let start = self.new_block();
        self.jump(start);

        self.start(handler);
        // No block jumps to the handler, so it is told of the variables it needs.
        for (variable, address) in addresses {
            self.write(variable, address);
        }
        self.leave();
        self.start(start);
    }

    /// What the `index`th parameter of a function of package runtime points to.
    pub(crate) fn runtime_pointee(&mut self, func: &'static str, index: usize) -> CanonId {
        let obj = crate::declare::runtime_object(self.cx, func);
        let ty = self.cx.checker.query().object(obj).ty.expect("lower: runtime_pointee: a declared function");
        let sig = self.cx.types.canon(&mut self.cx.checker, ty, abi::EnvId::EMPTY);
        let CanonType::Func { params, .. } = self.shape(sig) else {
            unreachable!("lower: runtime_pointee: {func} is no function")
        };
        let param = self.cx.types.list(params)[index];
        match self.shape(param) {
            CanonType::Pointer(elem) => elem,
            other => unreachable!("lower: runtime_pointee: parameter {index} of {func} is {other:?}"),
        }
    }

    pub(crate) fn declared_type(&mut self, obj: ObjId) -> CanonId {
        let ty = self.cx.checker.obj(obj).ty.expect("lower: declared_type: variables have types");
        self.canon(ty)
    }

    /// A parameter or local variable comes to be, with this value or zero.
    pub fn declare_var(&mut self, obj: ObjId, init: Option<Val>) {
        let name = self.cx.checker.obj(obj).name;
        if name.is_blank() || name.as_str().is_empty() {
            return;
        }
        let ty = self.declared_type(obj);
        let escapes = self.facts.in_memory.contains(&obj);
        let storage = self.new_storage(ty, Some(obj), escapes, init);
        self.vars.insert(obj, storage);
    }

    fn new_storage(&mut self, ty: CanonId, obj: Option<ObjId>, escapes: bool, init: Option<Val>) -> Storage {
        let parts = self.cx.parts_of(ty);
        let Some(parts) = parts.filter(|_| !escapes) else {
            let is_captured = obj.is_some_and(|obj| self.facts.body.captured.contains(&obj));
            // Package runtime must not allocate where it allocates: the addresses of its variables outlive no function.
            let stays = self.origin() == Origin::Runtime && !is_captured;
            let object = if stays { self.temporary(ty) } else { self.new_object(ty) };
            if let Some(val) = init {
                self.store(ty, object, 0, &val);
            }
            let variable = self.variable(Ty::Ptr);
            self.write(variable, object);
            return Storage::Memory(variable);
        };
        let is_final = init.is_some() && obj.is_some_and(|obj| !self.facts.body.assigned.contains(&obj));
        let val = init.unwrap_or_else(|| self.zero(ty));
        let mut variables = SmallVec::new();
        for (part, &value) in parts.iter().zip(val.parts()) {
            let variable = self.variable(part.ty);
            if is_final {
                self.builder.fix(variable, value)
            } else {
                self.write(variable, value)
            }
            variables.push(variable);
        }
        Storage::Parts(variables)
    }

    pub(crate) fn read_storage(&mut self, ty: CanonId, storage: &Storage) -> Val {
        match storage {
            Storage::Parts(variables) => Val::Parts(variables.iter().map(|&variable| self.read(variable)).collect()),
            Storage::Memory(variable) => {
                let ptr = self.read(*variable);
                self.load(ty, ptr, 0)
            }
            Storage::Slot(slot) => {
                let ptr = self.slot_addr(*slot);
                self.load(ty, ptr, 0)
            }
        }
    }
}
