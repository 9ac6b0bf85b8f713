//! Method calls: which method a selection means here, and the receiver that it wants.
//!
//! In generic code the recorded method may be a constraint's, so the method is found again on the closed type. From the
//! operand to the receiver leads a path of embedded fields:
//!
//! ```text
//! x.M()      x: struct { *B }, M declared by *B      load x's field, that is the receiver
//!            x: struct { B },  M declared by *B      &x, plus the field's offset
//!            x: struct { B },  M declared by B       the field's parts
//! ```

use crate::call::{Callee, Typed};
use crate::func::FuncLowerer;
use crate::value::Val;
use abi::canon::CanonList;
use abi::methods::{Method, Step, Target};
use abi::{CanonId, CanonType, EnvId};
use ir::Value;
use smallvec::SmallVec;
use syntax::ast;
use types::{ObjId, ObjKind, Selection};

impl<'a> FuncLowerer<'_, 'a> {
    /// A method with type parameters of its own. It is in no method set, but no type parameter has it either: the recorded
    /// selection is right in all instances.
    pub fn generic_method_callee(
        &mut self,
        x: &'a ast::Expr<'a>,
        selection: Selection,
        targs: types::TypeList,
        values: &mut Vec<Typed>,
    ) -> (Callee, CanonId) {
        let recv = self.type_of(x);
        let method = self.generic_method(recv, selection, targs);
        let receiver = self.receiver(x, recv, &method);
        let Target::Declared { func: obj, receiver: ty, pointer_receiver } = method.target else {
            unreachable!("lower: interfaces have no generic methods")
        };
        let holder = if pointer_receiver { self.cx.types.pointer_to(ty) } else { ty };
        values.push((holder, receiver));
        let env = self.method_env(obj, ty, method.targs);
        (Callee::Function { obj, env, sig: method.sig, has_receiver: true }, method.sig)
    }

    /// The instance of a generic method that is selected from a value of type `recv`.
    pub(crate) fn generic_method(&mut self, recv: CanonId, selection: Selection, targs: types::TypeList) -> Method {
        let mut ty = match self.cx.types[recv] {
            CanonType::Pointer(base) => base,
            _ => recv,
        };
        let mut path = Vec::new();
        let indices = self.cx.checker.indices(selection.index).to_vec();
        let (_, fields) = indices.split_last().expect("lower: a selection has a path");
        for &field in fields {
            ty = self.cx.component(ty, field as usize).ty;
            let base = match self.cx.types[ty] {
                CanonType::Pointer(base) => Some(base),
                _ => None,
            };
            path.push(Step { field, deref: base.is_some() });
            ty = base.unwrap_or(ty);
        }
        let func = self.cx.checker.obj_origin(selection.obj);
        let ObjKind::Func { has_ptr_recv: pointer_receiver, .. } = self.cx.checker.obj(func).kind else {
            unreachable!("lower: a method is a function")
        };
        let targs = self.canon_list(targs);
        let targs = self.cx.types.list_of(&targs);
        let env = self.method_env(func, ty, targs);
        let object = self.cx.checker.query().object(func);
        let sig = object.ty.expect("lower: a checked method has a type");
        let sig = self.cx.types.canon(&mut self.cx.checker, sig, env);
        let target = Target::Declared { func, receiver: ty, pointer_receiver };
        Method { name: object.name, pkg: object.pkg, sig, path: path.into(), target, targs }
    }

    /// The method of a selection on an operand of this closed type: found again, since in generic code the recorded one
    /// is that of the constraint. Methods of *T are found for a T that can be addressed.
    pub fn find_selected(&mut self, recv: CanonId, obj: ObjId) -> Method {
        let object = self.cx.checker.obj(obj);
        let (name, pkg) = (object.name, object.pkg);
        let is_pointer = matches!(self.cx.types[recv], CanonType::Pointer(_));
        let is_interface = matches!(self.shape(recv), CanonType::Interface(_));
        let holder = if is_pointer || is_interface { recv } else { self.cx.types.pointer_to(recv) };
        let found = self.cx.types.find_method(&mut self.cx.checker, holder, name, pkg);
        let Some(method) = found else {
            self.unsupported(&format!("call of method {name}, which is in no method set"))
        };
        self.cx.types.method(method).clone()
    }

    /// Evaluates the receiver `x` of a method call.
    pub fn method_callee(
        &mut self,
        x: &'a ast::Expr<'a>,
        selection: Selection,
        values: &mut Vec<Typed>,
    ) -> (Callee, CanonId) {
        let recv = self.type_of(x);
        let method = self.find_selected(recv, selection.obj);
        let receiver = self.receiver(x, recv, &method);
        match method.target {
            Target::Interface { iface, index } => {
                values.push((iface, receiver));
                (Callee::Interface { iface, slot: index }, method.sig)
            }
            Target::Declared { func, receiver: declared, pointer_receiver } => {
                let ty = if pointer_receiver { self.cx.types.pointer_to(declared) } else { declared };
                values.push((ty, receiver));
                let (obj, env) = self.method_instance(func, declared);
                (Callee::Function { obj, env, sig: method.sig, has_receiver: true }, method.sig)
            }
        }
    }

    /// The environment of a method's body, from the type that declares it.
    pub fn method_instance(&mut self, func: ObjId, declared: CanonId) -> (ObjId, EnvId) {
        let targs: SmallVec<[CanonId; 4]> = match self.cx.types[declared] {
            CanonType::Named { targs, .. } => SmallVec::from_slice(self.cx.types.list(targs)),
            _ => SmallVec::new(),
        };
        let func = self.cx.checker.obj_origin(func);
        let env = self.cx.types.function_env(&mut self.cx.checker, func, &targs, &[]);
        (func, env)
    }

    /// As `method_instance`, for a method with type arguments of its own.
    fn method_env(&mut self, func: ObjId, declared: CanonId, targs: CanonList) -> EnvId {
        let receiver_args: SmallVec<[CanonId; 4]> = match self.cx.types[declared] {
            CanonType::Named { targs, .. } => SmallVec::from_slice(self.cx.types.list(targs)),
            _ => SmallVec::new(),
        };
        let targs: SmallVec<[CanonId; 4]> = SmallVec::from_slice(self.cx.types.list(targs));
        self.cx.types.function_env(&mut self.cx.checker, func, &receiver_args, &targs)
    }

    /// Evaluates `x` and goes to what the method is called on: the pointer if it has a pointer receiver.
    pub fn receiver(&mut self, x: &'a ast::Expr<'a>, recv: CanonId, method: &Method) -> Val {
        let wants_pointer = matches!(method.target, Target::Declared { pointer_receiver: true, .. });
        let at = match self.cx.types[recv] {
            CanonType::Pointer(base) => {
                let ptr = self.expr(x).single();
                On::Address { ty: base, ptr, offset: 0, checked: false }
            }
            _ if wants_pointer && !method.path.iter().any(|step| step.deref) => {
                let ptr = self.address(x);
                On::Address { ty: recv, ptr, offset: 0, checked: true }
            }
            _ => On::Value { ty: recv, val: self.expr(x) },
        };
        self.follow_path(at, &method.path, wants_pointer)
    }

    /// Goes along embedded fields from a value or address. Embedded pointers that are passed are checked.
    pub fn follow_path(&mut self, mut at: On, path: &[Step], wants_pointer: bool) -> Val {
        for step in path {
            at = match at {
                On::Value { ty, val } => {
                    let component = self.cx.component(ty, step.field as usize);
                    On::Value { ty: component.ty, val: self.component(ty, &val, step.field as usize) }
                }
                On::Address { ty, ptr, offset, checked } => {
                    if !checked {
                        self.nil_check(ptr);
                    }
                    let component = self.cx.component(ty, step.field as usize);
                    On::Address { ty: component.ty, ptr, offset: offset + component.offset, checked: true }
                }
            };
            if step.deref {
                let (ty, ptr) = match at {
                    On::Value { ty, val } => (ty, val.single()),
                    On::Address { ty, ptr, offset, .. } => (ty, self.load(ty, ptr, offset).single()),
                };
                let CanonType::Pointer(base) = self.shape(ty) else { unreachable!("lower: an embedded pointer") };
                at = On::Address { ty: base, ptr, offset: 0, checked: false };
            }
        }
        match at {
            On::Address { ptr, offset, .. } if wants_pointer => Val::one(self.offset_ptr(ptr, offset)),
            On::Address { ty, ptr, offset, checked } => {
                if !checked {
                    self.nil_check(ptr);
                }
                let val = self.load(ty, ptr, offset);
                self.own(ty, val)
            }
            On::Value { ty, val } if wants_pointer => {
                unreachable!("lower: a pointer receiver of a value: {val:?} of {ty}")
            }
            On::Value { ty, val } => self.own(ty, val),
        }
    }
}

/// Where a walk along embedded fields is.
#[derive(Clone, Debug)]
pub enum On {
    Value {
        ty: CanonId,
        val: Val,
    },
    /// `checked`: the pointer is known not to be nil.
    Address {
        ty: CanonId,
        ptr: Value,
        offset: u32,
        checked: bool,
    },
}
