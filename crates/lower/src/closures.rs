//! Function literals, closure records, method values and expressions.
//!
//! A func value points to a record: the code word, then what the code captures. Variables that have an object of their
//! own are captured by its address, others by their value. Code without captures has one static record.

use crate::captures::{BodyFacts, LiteralId};
use crate::func::{FuncLowerer, Storage};
use crate::module::{FuncKey, Module};
use crate::value::Val;
use abi::methods::{Method, Target};
use abi::{CanonId, CanonType, CodeForm, EnvId};
use base::{EntityId, Pos, Symbol};
use ir::{DataId, FuncId, Opcode, Ty, Value};
use smallvec::SmallVec;
use std::sync::Arc;
use syntax::ast::{Expr, ExprKind, NodeId};
use types::{BasicKind, ObjId, Selection, SelectionKind, TypeId, UnitId};

/// What lowering a literal's body needs of the place where it stands.
#[derive(Clone, Debug)]
pub struct LiteralInfo<'a> {
    pub literal: &'a syntax::ast::FuncLit<'a>,
    pub ty: TypeId,
    pub facts: Arc<BodyFacts>,
    pub fresh_loops: bool,
    pub origin: ir::Origin,
    pub pos: Pos,
    /// The captured variables, and whether it is their address that is captured.
    pub captures: Vec<(ObjId, bool)>,
}

/// The name of a literal in a function (that is no loop's body): `F.func1`, `F.func1.2`, `F-range1`.
pub(crate) fn literal_name(facts: &BodyFacts, id: LiteralId, outer: &str) -> String {
    let literal = facts.literals[&id];
    let suffix = match (id, literal.function) {
        (LiteralId::LoopBody(_), _) => "-range",
        (LiteralId::Func(_), Some(_)) => ".",
        (LiteralId::Func(_), None) => ".func",
    };
    format!("{outer}{suffix}{}", literal.number)
}

impl<'a> Module<'a> {
    /// The code of a function literal, which is named here for the first time or again.
    pub(crate) fn declare_literal(
        &mut self,
        unit: UnitId,
        env: EnvId,
        node: NodeId,
        name: String,
        info: LiteralInfo<'a>,
    ) -> FuncId {
        self.literal_names.insert((unit, node, env), name);
        self.literal_infos.entry((unit, node)).or_insert_with(|| Arc::new(info));
        self.func(FuncKey::Literal(unit, node, env))
    }

    /// The one record of a function that captures nothing.
    pub fn func_value_data(&mut self, func: FuncId) -> DataId {
        let code = if self.program.funcs[func].has_context { func } else { self.func(FuncKey::Thunk(func)) };
        self.descriptors.func_value(&mut self.program, code)
    }
}

impl<'a> FuncLowerer<'_, 'a> {
    /// The func value of a function literal in the current scope.
    pub fn func_lit(&mut self, e: &'a Expr<'a>) -> Val {
        let ExprKind::FuncLit(literal) = e.kind else { unreachable!("lower: func_lit of another expression") };
        let captures = self.captures_of(LiteralId::Func(e.id));
        let ty = self.recorded(e).ty.expect("lower: a literal has a type");
        let info = LiteralInfo {
            literal,
            ty,
            facts: self.facts.body.clone(),
            fresh_loops: self.facts.fresh_loops,
            origin: self.origin(),
            pos: e.pos,
            captures: captures.clone(),
        };
        let name = match *self.cx.key(self.id) {
            FuncKey::Initializer(pkg, _) => crate::init::literal_name(self.cx, pkg, self.unit, e.id),
            _ => literal_name(&info.facts, LiteralId::Func(e.id), &self.cx.program.funcs[self.function()].name),
        };
        let code = self.cx.declare_literal(self.unit, self.env, e.id, name, info);
        let values = self.captured_values(&captures);
        Val::one(self.make_closure(code, &values))
    }

    /// The variables that a literal or the body of a loop captures, and whether each is captured by reference.
    pub(crate) fn captures_of(&self, id: LiteralId) -> Vec<(ObjId, bool)> {
        let captured = self.facts.captures.get(&id).map(Vec::as_slice).unwrap_or_default();
        captured.iter().map(|&obj| (obj, self.facts.in_memory.contains(&obj))).collect()
    }

    /// What a closure made here holds of these variables.
    pub(crate) fn captured_values(&mut self, captures: &[(ObjId, bool)]) -> Vec<(CanonId, Val)> {
        let mut values: Vec<(CanonId, Val)> = Vec::with_capacity(captures.len());
        for &(obj, by_reference) in captures {
            let ty = self.var_type(obj);
            if by_reference {
                let Some(&Storage::Memory(variable)) = self.vars.get(&obj) else {
                    unreachable!("lower: captured_values: what is captured by reference has an address")
                };
                let ptr = self.read(variable);
                values.push((self.cx.types.pointer_to(ty), Val::one(ptr)));
            } else {
                let val = self.read_var(obj);
                values.push((ty, val));
            }
        }
        values
    }

    /// The type of a variable.
    pub fn var_type(&mut self, obj: ObjId) -> CanonId {
        let ty = self.cx.checker.obj(obj).ty.expect("lower: a variable has a type");
        self.canon(ty)
    }

    /// In the entry of a literal: its captures become variables.
    pub(crate) fn bind_captures(&mut self) {
        if self.captures.is_empty() {
            return;
        }
        let captures = std::mem::take(&mut self.captures);
        let context = self.emit(Opcode::Context, &[], 0, Ty::Ptr);
        let types = self.capture_types(&captures);
        let values = self.read_captures(context, &types);
        self.bind_captured(&captures, values);
        self.captures = captures;
    }

    /// The types of what a closure holds of these variables.
    pub(crate) fn capture_types(&mut self, captures: &[(ObjId, bool)]) -> Vec<CanonId> {
        let captured = captures.iter().map(|&(obj, by_reference)| {
            let ty = self.var_type(obj);
            if by_reference { self.cx.types.pointer_to(ty) } else { ty }
        });
        captured.collect()
    }

    /// Variables from what the closure holds of them.
    pub(crate) fn bind_captured(&mut self, captures: &[(ObjId, bool)], values: Vec<Val>) {
        for (&(obj, by_reference), val) in captures.iter().zip(values) {
            let storage = match (by_reference, val) {
                (true, val) => {
                    let variable = self.variable(Ty::Ptr);
                    self.write(variable, val.single());
                    Storage::Memory(variable)
                }
                // The record is never written, so the value may stay there.
                (false, Val::InMemory(ptr)) => {
                    let variable = self.variable(Ty::Ptr);
                    self.write(variable, ptr);
                    Storage::Memory(variable)
                }
                (false, Val::Parts(parts)) => {
                    let mut variables = SmallVec::new();
                    for part in parts {
                        let variable = self.variable(self.builder.func.ty(part));
                        self.write(variable, part);
                        variables.push(variable);
                    }
                    Storage::Parts(variables)
                }
            };
            self.vars.insert(obj, storage);
        }
    }

    /// The func value of a declared function (instance): static data.
    pub fn func_value(&mut self, func: FuncId) -> Val {
        let data = self.cx.func_value_data(func);
        Val::one(self.data_addr(data, 0))
    }

    /// A closure made by the compiler: a record of the code word of `code` and the captured values.
    pub fn make_closure(&mut self, code: FuncId, captures: &[(CanonId, Val)]) -> Value {
        debug_assert!(self.cx.program.funcs[code].has_context, "lower: closures call code in context form");
        if captures.is_empty() {
            let data = self.cx.descriptors.func_value(&mut self.cx.program, code);
            return self.data_addr(data, 0);
        }
        let types: Vec<CanonId> = captures.iter().map(|capture| capture.0).collect();
        let record = self.closure_record(&types);
        self.cx.program.funcs[code].attrs.address_taken = true;
        let ptr = self.new_object(record);
        let word = self.emit(Opcode::FuncAddr, &[], code.index() as u64, Ty::I32);
        let word = self.emit(Opcode::ExtendU, &[word], 0, Ty::I64);
        self.emit_effect(Opcode::Store, &[ptr, word], 0);
        for (index, (ty, val)) in captures.iter().enumerate() {
            let offset = self.cx.component(record, index + 1).offset;
            self.store(*ty, ptr, offset, val);
        }
        ptr
    }

    /// The captures again, in the body of `code`; the same types in the same order.
    pub fn read_captures(&mut self, context: Value, types: &[CanonId]) -> Vec<Val> {
        let record = self.closure_record(types);
        (types.iter().enumerate())
            .map(|(index, &ty)| {
                let offset = self.cx.component(record, index + 1).offset;
                self.load(ty, context, offset)
            })
            .collect()
    }

    fn closure_record(&mut self, types: &[CanonId]) -> CanonId {
        let name = Symbol::intern("F");
        let field = |ty| abi::canon::Field { name, pkg: None, ty, embedded: false, tag: base::sym::EMPTY };
        let word = abi::Types::basic(BasicKind::Uintptr);
        let fields: Vec<_> = std::iter::once(word).chain(types.iter().copied()).map(field).collect();
        self.cx.types.struct_of(&fields)
    }

    /// `x.f` as a value, where f is a method.
    ///
    /// spec: "The expression x is evaluated and saved during the evaluation of the method value; the saved copy is then
    /// used as the receiver in any calls, which may be executed later."
    pub fn method_value(&mut self, e: &'a Expr<'a>) -> Val {
        let e = e.unparen();
        let ExprKind::Selector { x, sel } = e.kind else { unreachable!("lower: method_value of no selector") };
        let selection = self.method_selection(e);
        let recv = self.type_of(x);
        let method = match self.instance_at(sel.id) {
            Some(targs) => self.generic_method(recv, selection, targs),
            None => self.find_selected(recv, selection.obj),
        };
        let receiver = self.receiver(x, recv, &method);
        let (holder, bound) = match method.target {
            Target::Interface { iface, index } => {
                let itab = receiver.parts()[0];
                self.nil_check(itab);
                let CanonType::Interface(methods) = self.shape(iface) else {
                    unreachable!("lower: method_value: an interface")
                };
                let method = self.cx.types.interface_methods(methods)[index as usize];
                let found = self.cx.types.find_method(&mut self.cx.checker, iface, method.name, method.pkg);
                (iface, found.expect("lower: an interface has its methods"))
            }
            Target::Declared { receiver: ty, pointer_receiver, .. } => {
                let holder = if pointer_receiver { self.cx.types.pointer_to(ty) } else { ty };
                let own = Method { path: Box::default(), ..method };
                (holder, self.cx.types.method_instance(own))
            }
        };
        self.cx.note_reflection_value(bound);
        let code = self.cx.func(FuncKey::Bound { recv: holder, method: bound });
        Val::one(self.make_closure(code, &[(holder, receiver)]))
    }

    fn method_selection(&self, e: &'a Expr<'a>) -> Selection {
        let selection = self.cx.checker.units[self.unit].selections.get(&e.id).copied();
        selection.unwrap_or_else(|| unreachable!("lower: {} selects nothing", syntax::expr_string(e)))
    }

    /// The type arguments with which an identifier stands for a generic function.
    pub(crate) fn instance_at(&self, id: NodeId) -> Option<types::TypeList> {
        self.cx.checker.units[self.unit].instances.get(&id).map(|instance| instance.0)
    }

    /// `T.f`
    pub fn method_expr(&mut self, e: &'a Expr<'a>) -> Val {
        let e = e.unparen();
        let ExprKind::Selector { sel, .. } = e.kind else { unreachable!("lower: method_expr of no selector") };
        let selection = self.method_selection(e);
        debug_assert_eq!(selection.kind, SelectionKind::MethodExpr);
        let recv = self.canon(selection.recv);
        let method = match self.instance_at(sel.id) {
            Some(targs) => {
                let method = self.generic_method(recv, selection, targs);
                self.cx.types.method_instance(method)
            }
            None => {
                let object = *self.cx.checker.obj(selection.obj);
                let method = self.cx.types.find_method(&mut self.cx.checker, recv, object.name, object.pkg);
                method.unwrap_or_else(|| unreachable!("lower: {} has no such method", syntax::expr_string(e)))
            }
        };
        self.cx.note_reflection_value(method);
        let code = self.cx.func(FuncKey::Wrapper { recv, method, form: CodeForm::Direct });
        let data = self.cx.descriptors.func_value(&mut self.cx.program, code);
        Val::one(self.data_addr(data, 0))
    }
}
