//! Functions that only pass a call on: thunks of declared functions, methods of embedded fields, methods that are
//! called through an itab, bound methods.
//!
//! A wrapper walks from its receiver to that of the method it stands for, and calls it with its own other parameters.
//! Where nothing of its frame is passed on it ends in a tail call.

use crate::func::FuncLowerer;
use crate::module::{FuncKey, Module, Request};
use crate::value::Val;
use abi::methods::{MethodId, Step, Target};
use abi::{CanonId, CanonType, CodeForm};
use base::EntityId;
use ir::{FuncId, Opcode, Ty, Value};
use smallvec::SmallVec;

/// Where a walk along embedded fields is.
pub enum Cursor {
    Value { ty: CanonId, val: Val },
    Memory { ty: CanonId, ptr: Value, offset: u32 },
}

impl Module<'_> {
    /// The code of a method in a context form.
    pub fn method_code(&mut self, recv: CanonId, method: MethodId, form: CodeForm) -> FuncId {
        if form == CodeForm::Interface
            && let Some(func) = self.direct_method(recv, method)
        {
            self.program.funcs[func].attrs.address_taken = true;
            return func;
        }
        self.func(FuncKey::Wrapper { recv, method, form })
    }

    /// The declared method, if the data word is its first parameter.
    fn direct_method(&mut self, recv: CanonId, method: MethodId) -> Option<FuncId> {
        let is_pointer = matches!(self.types[recv], CanonType::Pointer(_));
        let data = self.types.method(method);
        let (sig, is_own) = (data.sig, data.is_declared_for(is_pointer));
        let is_direct = is_own && self.type_layout(recv).is_direct_interface() && self.result_pointer_count(sig) == 0;
        is_direct.then(|| self.method_target(method)).flatten()
    }

    /// The declared function that a method is.
    pub fn method_target(&mut self, method: MethodId) -> Option<FuncId> {
        let data = self.types.method(method);
        let Target::Declared { func, receiver, .. } = data.target else { return None };
        let own: SmallVec<[CanonId; 4]> = self.types.list(data.targs).into();
        let CanonType::Named { targs, .. } = self.types[receiver] else {
            unreachable!("lower: methods are declared for defined types")
        };
        let args: SmallVec<[CanonId; 4]> = self.types.list(targs).into();
        Some(self.declared(func, &args, &own))
    }
}

pub(crate) fn lower_thunk(mut f: FuncLowerer<'_, '_>, func: FuncId) {
    let params = f.enter();
    if let FuncKey::Declared(obj, _) = *f.cx.key(func)
        && f.cx.recovers(obj)
    {
        f.forward_recover(func);
    }
    f.tail_call(func, &params);
    f.finish();
}

pub(crate) fn lower_wrapper(mut f: FuncLowerer<'_, '_>, recv: CanonId, method: MethodId, form: CodeForm) {
    let data = f.cx.types.method(method);
    let (sig, target) = (data.sig, data.target);
    let path: SmallVec<[Step; 4]> = data.path.iter().copied().collect();
    let params = f.enter();
    let (result_pointers, mut params) = params.split_at(f.cx.result_pointer_count(sig));
    let receiver = match form {
        CodeForm::Direct => f.take_params(recv, &mut params),
        CodeForm::Interface => {
            let context = f.emit(Opcode::Context, &[], 0, Ty::Ptr);
            let layout = f.cx.type_layout(recv);
            if layout.is_direct_interface() { Val::one(context) } else { f.load(recv, context, 0) }
        }
    };
    let cursor = match (f.cx.types[recv], f.shape(recv)) {
        (CanonType::Pointer(ty), _) => {
            let ptr = receiver.single();
            if path.is_empty() && matches!(target, Target::Declared { pointer_receiver: false, .. }) {
                f.check_receiver(ty, method, ptr);
            }
            Cursor::Memory { ty, ptr, offset: 0 }
        }
        (_, CanonType::Pointer(ty)) if !path.is_empty() => Cursor::Memory { ty, ptr: receiver.single(), offset: 0 },
        _ => Cursor::Value { ty: recv, val: receiver },
    };
    let (receiver, val) = f.walk_to_receiver(cursor, &path, target);
    f.pass_on(receiver, val, method, result_pointers, params);
}

pub(crate) fn lower_bound(mut f: FuncLowerer<'_, '_>, recv: CanonId, method: MethodId) {
    let data = f.cx.types.method(method);
    let sig = data.sig;
    debug_assert!(data.path.is_empty(), "lower: method values are bound to the declaring type");
    let params = f.enter();
    let (result_pointers, params) = params.split_at(f.cx.result_pointer_count(sig));
    let context = f.emit(Opcode::Context, &[], 0, Ty::Ptr);
    let val = f.read_captures(context, &[recv]).remove(0);
    f.pass_on(recv, val, method, result_pointers, params);
}

impl FuncLowerer<'_, '_> {
    /// Takes the scalars of a value from the front of a list of parameters.
    pub(crate) fn take_params(&mut self, ty: CanonId, params: &mut &[Value]) -> Val {
        let count = self.cx.parts_of(ty).map(|parts| parts.len());
        let (own, rest) = params.split_at(count.unwrap_or(1));
        *params = rest;
        if count.is_some() { Val::of(own) } else { Val::InMemory(own[0]) }
    }

    /// Calls of value methods through nil pointers panic with a text of their own.
    fn check_receiver(&mut self, ty: CanonId, method: MethodId, ptr: Value) {
        let (nil, rest) = (self.new_block(), self.new_block());
        let is_nil = self.emit(Opcode::Eqz, &[ptr], 0, Ty::I32);
        self.branch_likely(is_nil, nil, rest, Some(false));
        self.start(nil);
        let link = self.cx.types.name(&self.cx.checker, ty);
        let (pkg, name) = link.split_once('.').unwrap_or(("", &link));
        let method = self.cx.types.method(method).name.to_string();
        let args: Vec<Value> = [pkg, name, &method]
            .into_iter()
            .flat_map(|text| {
                let val = self.string_constant(&text.as_bytes().into());
                val.parts().to_vec()
            })
            .collect();
        self.call_runtime("panicwrap", &args);
        self.unreachable();
        self.start(rest);
    }

    /// Follows embedded fields, and reads the receiver that the method there wants.
    pub(crate) fn walk_to_receiver(&mut self, cursor: Cursor, path: &[Step], target: Target) -> (CanonId, Val) {
        let mut cursor = cursor;
        for step in path {
            cursor = self.step(cursor, *step);
        }
        let by_pointer = matches!(target, Target::Declared { pointer_receiver: true, .. });
        match cursor {
            Cursor::Memory { ty, ptr, offset } if by_pointer => {
                let pointer = self.cx.types.pointer_to(ty);
                (pointer, Val::one(self.offset_ptr(ptr, offset)))
            }
            Cursor::Memory { ty, ptr, offset } => {
                self.nil_check(ptr);
                let val = self.load(ty, ptr, offset);
                // What the pointer leads to may change while the method runs.
                (ty, self.own(ty, val))
            }
            Cursor::Value { ty, val } if by_pointer => {
                unreachable!("lower: walk_to_receiver: a method of *{ty} called on a value {val:?}")
            }
            Cursor::Value { ty, val } => (ty, val),
        }
    }

    fn step(&mut self, cursor: Cursor, step: Step) -> Cursor {
        match cursor {
            Cursor::Value { ty, val } => {
                let component = self.cx.component(ty, step.field as usize);
                let val = self.component(ty, &val, step.field as usize);
                match (step.deref, self.shape(component.ty)) {
                    (true, CanonType::Pointer(elem)) => Cursor::Memory { ty: elem, ptr: val.single(), offset: 0 },
                    _ => Cursor::Value { ty: component.ty, val },
                }
            }
            Cursor::Memory { ty, ptr, offset } => {
                self.nil_check(ptr);
                let component = self.cx.component(ty, step.field as usize);
                let offset = offset + component.offset;
                match (step.deref, self.shape(component.ty)) {
                    (true, CanonType::Pointer(elem)) => {
                        let ptr = self.load(component.ty, ptr, offset).single();
                        Cursor::Memory { ty: elem, ptr, offset: 0 }
                    }
                    _ => Cursor::Memory { ty: component.ty, ptr, offset },
                }
            }
        }
    }

    /// Calls the method with the wrapper's own result pointers and parameters, and returns what it returns.
    fn pass_on(mut self, receiver: CanonId, val: Val, method: MethodId, result_pointers: &[Value], params: &[Value]) {
        let data = self.cx.types.method(method);
        let (sig, target) = (data.sig, data.target);
        match target {
            Target::Declared { func: obj, .. } => {
                let func = self.cx.method_target(method).expect("lower: a declared method");
                if self.cx.recovers(obj) {
                    self.forward_recover(func);
                }
                let args: Vec<Value> = [result_pointers, val.scalars(), params].concat();
                if matches!(val, Val::Parts(_)) {
                    self.tail_call(func, &args);
                } else {
                    let results = self.call(func, &args);
                    self.return_values(&results);
                }
            }
            Target::Interface { index, .. } => {
                let CanonType::Interface(methods) = self.shape(receiver) else {
                    unreachable!("lower: the path ends at an interface")
                };
                let method = self.cx.types.interface_methods(methods)[index as usize];
                self.cx.pending.push_back(Request::InterfaceMethod(method.name, method.sig));
                let name = match method.pkg {
                    Some(pkg) => format!("{}.{}", self.cx.types.package_path(&self.cx.checker, pkg), method.name),
                    None => method.name.to_string(),
                };
                let interface = format!("type:{}", self.cx.types.link_name(&self.cx.checker, receiver));
                let sig = self.cx.signature(&[], sig);
                let id = self.cx.program.intern_method(ir::program::Method { interface, name, slot: index, sig });
                let &[itab, data] = val.parts() else { unreachable!("lower: an interface has two parts") };
                self.nil_check(itab);
                self.forward_recover_to_method(itab, index);
                let args: Vec<Value> = [&[itab, data], result_pointers, params].concat();
                let results = self.emit_call(Opcode::CallMethod, &args, id.index() as u64, sig);
                self.return_values(&results);
            }
        }
        self.finish();
    }

    /// What recovers in the callee does so as if it were called in place of this function.
    pub(crate) fn forward_recover(&mut self, callee: FuncId) {
        let own = self.emit(Opcode::FuncAddr, &[], self.id.index() as u64, Ty::I32);
        let callee = self.emit(Opcode::FuncAddr, &[], callee.index() as u64, Ty::I32);
        self.call_runtime("forwardrecover", &[own, callee]);
    }

    /// The same for a method that an itab knows.
    pub(crate) fn forward_recover_to_method(&mut self, itab: Value, slot: u32) {
        let offset = self.cx.descriptors.structs().itab.fun.offset + 8 * slot;
        let own = self.emit(Opcode::FuncAddr, &[], self.id.index() as u64, Ty::I32);
        let callee = self.emit(Opcode::Load, &[itab], offset.into(), Ty::I32);
        self.call_runtime("forwardrecover", &[own, callee]);
    }
}
