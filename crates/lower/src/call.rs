//! Calls.
//!
//! A call is first *prepared*: what is called is found out, receiver and arguments are evaluated and converted to the
//! parameters' types. Then it is *performed*. `go` and `defer` put time between the two, see `deferred.rs`.
//!
//! ```text
//! x.M(a, g()...)      Prepared { Function { M }, [x, a, g()] }      call M, x, a, g's result
//! i.M(a)              Prepared { Interface { slot of M }, [i, a] }  call_method itab, data, a
//! f(a)                Prepared { Value, [f, a] }                    call_closure f, a
//! ```
//!
//! Results that are in memory go to temporaries, whose addresses precede all arguments.
//!
//! Functions with `//go:uintptrkeepalive` or `//go:uintptrescapes` may use arguments of the form `uintptr(pointer)` as
//! pointers: what they point to is kept until the call returns.

use crate::func::FuncLowerer;
use crate::module::{FuncKey, Request};
use crate::value::Val;
use abi::{CanonId, CanonType, EnvId};
use base::EntityId;
use ir::{FuncId, Opcode, Ty, Value};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind};
use syntax::directive::FuncFlags;
use types::{BasicKind, BuiltinId, Mode, ObjId, ObjKind, Selection, SelectionKind};

pub type Typed = (CanonId, Val);

/// What a prepared call calls. Its first value is the receiver, interface or func value, if it has such.
#[derive(Clone, Copy, Debug)]
pub enum Callee {
    /// A declared function, or a method as it is declared.
    Function {
        obj: ObjId,
        env: EnvId,
        sig: CanonId,
        has_receiver: bool,
    },
    Interface {
        iface: CanonId,
        slot: u32,
    },
    Value {
        sig: CanonId,
    },
    /// One that can stand alone as a statement.
    Builtin(BuiltinId),
}

#[derive(Clone, Debug)]
pub struct Prepared {
    pub callee: Callee,
    pub values: Vec<Typed>,
    /// Pointers to what must be there until the call returns.
    pub kept: Vec<Value>,
}

/// Parameters and results of a function type.
#[derive(Clone, Debug)]
pub struct Signature {
    pub params: SmallVec<[CanonId; 4]>,
    pub results: SmallVec<[CanonId; 2]>,
    pub variadic: bool,
}

impl Signature {
    /// How many parameters have an argument of their own.
    fn fixed_params(&self, call: &ast::CallExpr<'_>) -> usize {
        if self.variadic && !call.has_dots { self.params.len() - 1 } else { self.params.len() }
    }
}

impl<'a> FuncLowerer<'_, 'a> {
    /// A call, builtins and conversions included; its results (none, one, several).
    pub fn call_expr(&mut self, e: &'a ast::Expr<'a>) -> Vec<Typed> {
        let ExprKind::Call(call) = e.kind else { unreachable!("lower: call_expr: not a call") };
        let recorded = self.recorded(e);
        if let Some(constant) = recorded.val {
            let ty = self.type_of(e);
            let value = self.cx.checker.consts[constant].clone();
            return vec![(ty, self.constant(&value, ty))];
        }
        if self.is_type(call.fun) {
            let val = self.conversion(e, call);
            return vec![(self.type_of(e), val)];
        }
        if let Some(id) = self.builtin_of(call.fun) {
            return self.builtin_call(id, e);
        }
        let prepared = self.prepare_call(e, call);
        self.at(e.pos);
        let results = self.perform(&prepared.callee, &prepared.values);
        self.keep_alive(&prepared.kept);
        results
    }

    pub(crate) fn keep_alive(&mut self, kept: &[Value]) {
        if self.is_reachable() {
            kept.iter().for_each(|&pointer| self.emit_effect(Opcode::KeepAlive, &[pointer], 0));
        }
    }

    fn conversion(&mut self, e: &'a ast::Expr<'a>, call: &'a ast::CallExpr<'a>) -> Val {
        let to = self.type_of(e);
        let arg = call.args[0];
        let recorded = self.recorded(arg);
        if recorded.mode == Mode::NilValue {
            return self.zero(to);
        }
        let from = self.type_of(arg);
        let is_untyped = matches!(self.cx.types[from], CanonType::Basic(kind) if kind.is_untyped());
        if is_untyped {
            return self.expr_as(arg, to);
        }
        let val = self.expr(arg);
        self.at(e.pos);
        self.convert(val, from, to)
    }

    pub fn is_type(&self, e: &'a ast::Expr<'a>) -> bool {
        self.recorded(e).mode == Mode::TypeExpr || self.recorded(e.unparen()).mode == Mode::TypeExpr
    }

    /// The builtin that the called expression denotes.
    pub fn builtin_of(&self, fun: &'a ast::Expr<'a>) -> Option<BuiltinId> {
        let fun = fun.unparen();
        if let Mode::Builtin(id) = self.recorded(fun).mode {
            return Some(id);
        }
        match self.cx.checker.obj(self.callee_object(fun)?).kind {
            ObjKind::Builtin(id) => Some(id),
            _ => None,
        }
    }

    /// What a name or qualified identifier denotes; nothing for selections.
    fn callee_object(&self, e: &'a ast::Expr<'a>) -> Option<ObjId> {
        match e.kind {
            ExprKind::Name(_) => self.object_at(e.id),
            ExprKind::Selector { sel, .. } if self.recorded_selection(e).is_none() => self.object_at(sel.id),
            _ => None,
        }
    }

    pub fn recorded_selection(&self, e: &'a ast::Expr<'a>) -> Option<Selection> {
        self.cx.checker.units[self.unit].selections.get(&e.id).copied()
    }

    pub fn signature_of(&mut self, sig: CanonId) -> Signature {
        let CanonType::Func { params, results, variadic } = self.shape(sig) else {
            unreachable!("lower: a function type was expected")
        };
        Signature {
            params: SmallVec::from_slice(self.cx.types.list(params)),
            results: SmallVec::from_slice(self.cx.types.list(results)),
            variadic,
        }
    }

    /// Evaluates what is called, then the arguments; before both, what is early in them (see `order`).
    pub fn prepare_call(&mut self, e: &'a ast::Expr<'a>, call: &'a ast::CallExpr<'a>) -> Prepared {
        let has_effects = call.args.iter().any(|arg| self.has_effects(arg));
        let forwarded = if has_effects { self.early_operands(call) } else { None };
        let (callee, sig, mut values) = self.prepare_callee(call.fun);
        match callee {
            Callee::Function { obj, has_receiver: false, .. } => self.note_finalizer(obj, call),
            _ => self.note_reflection(&callee, call),
        }
        let kept = match forwarded {
            Some(results) => {
                let sig = self.signature_of(sig);
                self.forward(&sig, results, &mut values);
                Vec::new()
            }
            None => self.arguments(sig, e, call, self.keeps_pointers(&callee), &mut values),
        };
        Prepared { callee, values, kept }
    }

    /// Evaluates what is early in the operands of a call whose arguments have effects. If the only argument is a call
    /// with several results, it is made, and these are returned.
    fn early_operands(&mut self, call: &'a ast::CallExpr<'a>) -> Option<Vec<Typed>> {
        let fun = call.fun.unparen();
        let selector = match fun.kind {
            ExprKind::Index { x, .. } => x.unparen(),
            _ => fun,
        };
        let is_declared = self.declared_callee(fun).is_some();
        let mut is_generic_method = false;
        match (self.recorded_selection(selector), &selector.kind) {
            _ if is_declared => {}
            (Some(selection), ExprKind::Selector { x, sel }) if selection.kind == SelectionKind::MethodVal => {
                is_generic_method = self.instance_at(sel.id).is_some();
                self.evaluate_early(x);
            }
            _ => self.evaluate_early(fun),
        }
        if self.forwards(call) {
            return Some(self.call_expr(call.args[0].unparen()));
        }
        // The arguments of declared functions stand alone; `evaluate` sees to them.
        if !is_declared && !is_generic_method {
            let sig = self.type_of(fun);
            let sig = self.signature_of(sig);
            let types = self.argument_types(&sig, call);
            call.args.iter().zip(types).for_each(|(&arg, ty)| self.evaluate_early_as((arg, ty)));
        } else if !is_declared {
            call.args.iter().for_each(|arg| self.evaluate_early(arg));
        }
        None
    }

    /// Whether the only argument is a call with several results.
    pub(crate) fn forwards(&mut self, call: &'a ast::CallExpr<'a>) -> bool {
        let [arg] = call.args else { return false };
        matches!(arg.unparen().kind, ExprKind::Call(_)) && self.is_tuple(arg)
    }

    /// What the arguments are wanted as, those of a variadic parameter included.
    fn argument_types(&mut self, sig: &Signature, call: &'a ast::CallExpr<'a>) -> SmallVec<[CanonId; 8]> {
        let fixed = sig.fixed_params(call);
        let elem = (fixed < sig.params.len()).then(|| self.slice_elem(sig.params[fixed]));
        let target = |index: usize| {
            if index < fixed { sig.params[index] } else { elem.unwrap_or_else(|| sig.params[fixed - 1]) }
        };
        (0..call.args.len()).map(target).collect()
    }

    /// Whether what numbers among the arguments point to must stay alive.
    fn keeps_pointers(&self, callee: &Callee) -> bool {
        let Callee::Function { obj, .. } = *callee else { return false };
        let said = self.cx.directives.of(self.cx.checker.decl_site(obj));
        said.flags.contains(FuncFlags::UINTPTRKEEPALIVE) || said.flags.contains(FuncFlags::UINTPTRESCAPES)
    }

    /// Evaluates what is called: the callee, its type, and the first of the call's values, if there is a receiver or a
    /// func value.
    pub(crate) fn prepare_callee(&mut self, fun: &'a ast::Expr<'a>) -> (Callee, CanonId, Vec<Typed>) {
        let fun = fun.unparen();
        if let Some((obj, env, sig)) = self.declared_callee(fun) {
            return (Callee::Function { obj, env, sig, has_receiver: false }, sig, Vec::new());
        }
        let selector = match fun.kind {
            ExprKind::Index { x, .. } => x.unparen(),
            _ => fun,
        };
        let mut values = Vec::with_capacity(2);
        if let Some(selection) = self.recorded_selection(selector)
            && selection.kind == SelectionKind::MethodVal
        {
            let ExprKind::Selector { x, sel } = selector.kind else { unreachable!("lower: a selection's selector") };
            let (callee, sig) = match self.instance_at(sel.id) {
                Some(targs) => self.generic_method_callee(x, selection, targs, &mut values),
                None => self.method_callee(x, selection, &mut values),
            };
            return (callee, sig, values);
        }
        let sig = self.type_of(fun);
        let func = self.expr(fun);
        values.push((sig, func));
        (Callee::Value { sig }, sig, values)
    }

    /// The declared function, or instance of one, that an expression denotes: its signature is that of the instance.
    fn declared_callee(&mut self, fun: &'a ast::Expr<'a>) -> Option<(ObjId, EnvId, CanonId)> {
        let name = match fun.kind {
            ExprKind::Index { x, .. } => x.unparen(),
            _ => fun,
        };
        let obj = self.callee_object(name)?;
        if !matches!(self.cx.checker.obj(obj).kind, ObjKind::Func { .. }) {
            return None;
        }
        let id = match name.kind {
            ExprKind::Selector { sel, .. } => sel.id,
            _ => name.id,
        };
        let instance = self.cx.checker.units[self.unit].instances.get(&id).copied();
        let Some((targs, instance)) = instance else {
            let sig = self.type_of(fun);
            return Some((obj, EnvId::EMPTY, sig));
        };
        let targs = self.canon_list(targs);
        let env = self.cx.types.function_env(&mut self.cx.checker, obj, &[], &targs);
        let sig = self.canon(instance);
        Some((obj, env, sig))
    }

    /// Evaluates the arguments and makes of them what the parameters want. The pointers that were made numbers, if the
    /// callee keeps them.
    fn arguments(
        &mut self,
        sig: CanonId,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        keeps_pointers: bool,
        values: &mut Vec<Typed>,
    ) -> Vec<Value> {
        let sig = self.signature_of(sig);
        if self.forwards(call) {
            let results = self.call_expr(call.args[0].unparen());
            self.forward(&sig, results, values);
            return Vec::new();
        }
        let types = self.argument_types(&sig, call);
        let fixed = sig.fixed_params(call);
        let mut kept = Vec::new();
        let evaluated = self.evaluate_each(call.args, &types, |lowerer, arg, val| {
            if keeps_pointers && lowerer.is_number_of_pointer(arg) {
                kept.push(lowerer.emit(Opcode::IntToPtr, &[val.single()], 0, Ty::Ptr));
            }
        });
        self.at(e.pos);
        let mut rest = Vec::new();
        for (index, val) in evaluated.into_iter().enumerate() {
            if index < fixed { values.push((sig.params[index], val)) } else { rest.push(val) }
        }
        if let Some(&slice_type) = sig.params.get(fixed) {
            let elem = self.slice_elem(slice_type);
            let slice = self.pack(elem, &rest);
            values.push((slice_type, slice));
        }
        kept
    }

    /// `uintptr(p)` of an `unsafe.Pointer`.
    fn is_number_of_pointer(&mut self, e: &'a ast::Expr<'a>) -> bool {
        let ExprKind::Call(call) = e.unparen().kind else { return false };
        if !self.is_type(call.fun)
            || self.recorded(e).val.is_some()
            || self.recorded(call.args[0]).mode == Mode::NilValue
        {
            return false;
        }
        let (to, from) = (self.type_of(e), self.type_of(call.args[0]));
        matches!(self.shape(to), CanonType::Basic(BasicKind::Uintptr))
            && matches!(self.shape(from), CanonType::Basic(BasicKind::UnsafePointer))
    }

    /// Evaluates operands, each converted to the type at its place.
    pub fn evaluate(&mut self, operands: &[&'a ast::Expr<'a>], types: &[CanonId]) -> Vec<Val> {
        self.evaluate_each(operands, types, |_, _, _| {})
    }

    /// The same, telling of each value once it is there.
    fn evaluate_each(
        &mut self,
        operands: &[&'a ast::Expr<'a>],
        types: &[CanonId],
        mut note: impl FnMut(&mut Self, &'a ast::Expr<'a>, &Val),
    ) -> Vec<Val> {
        self.settle_order_as(operands.iter().copied().zip(types.iter().copied()));
        let mut evaluated = Vec::with_capacity(operands.len());
        for (&operand, &ty) in operands.iter().zip(types) {
            let val = self.expr_as(operand, ty);
            note(self, operand, &val);
            evaluated.push(self.own_argument(operand, ty, val));
        }
        evaluated
    }

    /// spec: "if f and g are functions and the return values of g are equal in number and individually assignable to the
    /// parameters of f, then the call f(g(parameters_of_g)) will invoke f after binding the return values of g to the
    /// parameters of f in order."
    fn forward(&mut self, sig: &Signature, results: Vec<Typed>, values: &mut Vec<Typed>) {
        let fixed = if sig.variadic { sig.params.len() - 1 } else { sig.params.len() };
        let elem = sig.variadic.then(|| self.slice_elem(sig.params[fixed]));
        let mut rest = Vec::new();
        for (index, (from, val)) in results.into_iter().enumerate() {
            if index < fixed {
                let to = sig.params[index];
                values.push((to, self.convert(val, from, to)));
            } else {
                rest.push(self.convert(val, from, elem.unwrap_or(from)));
            }
        }
        if let Some(elem) = elem {
            let slice = self.pack(elem, &rest);
            values.push((sig.params[fixed], slice));
        }
    }

    /// spec: "If f is invoked with no actual arguments for p, the value passed to p is nil. Otherwise, the value passed is
    /// a new slice of type []T with a new underlying array whose successive elements are the actual arguments".
    fn pack(&mut self, elem: CanonId, vals: &[Val]) -> Val {
        if vals.is_empty() {
            let (null, zero) = (self.null(), self.const_i64(0));
            return Val::of(&[null, zero, zero]);
        }
        let array = self.cx.types.array_of(vals.len() as u64, elem);
        let ptr = self.new_object(array);
        let size = self.cx.size_of(elem);
        for (index, val) in vals.iter().enumerate() {
            self.store(elem, ptr, size * index as u32, val);
        }
        let len = self.const_i64(vals.len() as i64);
        Val::of(&[ptr, len, len])
    }

    pub fn slice_elem(&mut self, slice: CanonId) -> CanonId {
        match self.shape(slice) {
            CanonType::Slice(elem) => elem,
            // append([]byte, string...)
            _ => abi::Types::basic(BasicKind::Uint8),
        }
    }

    fn is_tuple(&mut self, e: &'a ast::Expr<'a>) -> bool {
        let Some(ty) = self.recorded(e).ty else { return false };
        matches!(self.cx.checker.ty(ty), types::Type::Tuple(_))
    }

    /// The callee may change the variable that an argument in memory was read from, so it gets a copy; results of calls
    /// and the like are nobody else's.
    fn own_argument(&mut self, arg: &'a ast::Expr<'a>, ty: CanonId, val: Val) -> Val {
        match arg.unparen().kind {
            ExprKind::Call(_) | ExprKind::CompositeLit(_) => val,
            _ => self.own(ty, val),
        }
    }

    /// Makes a prepared call.
    pub fn perform(&mut self, callee: &Callee, values: &[Typed]) -> Vec<Typed> {
        let vals = |values: &[Typed]| -> SmallVec<[Val; 8]> { values.iter().map(|value| value.1.clone()).collect() };
        match *callee {
            Callee::Function { obj, env, sig, has_receiver } => {
                let args = vals(values);
                if !has_receiver && let Some(results) = self.intrinsic(obj, env, &args) {
                    let types = self.signature_of(sig).results;
                    return types.into_iter().zip(results).collect();
                }
                let func = self.cx.func(FuncKey::Declared(obj, env));
                match has_receiver {
                    true => self.call_declared(func, sig, Some(args[0].clone()), &args[1..]),
                    false => self.call_declared(func, sig, None, &args),
                }
            }
            Callee::Interface { iface, slot } => {
                let receiver = values[0].1.parts();
                let (itab, data) = (receiver[0], receiver[1]);
                let args = vals(&values[1..]);
                self.call_interface(iface, slot as usize, itab, data, &args)
            }
            Callee::Value { sig } => {
                let args = vals(&values[1..]);
                self.call_func_value(sig, values[0].1.single(), &args)
            }
            Callee::Builtin(id) => {
                self.builtin_statement(id, values);
                Vec::new()
            }
        }
    }

    /// Calls a func value with evaluated arguments.
    pub fn call_func_value(&mut self, sig: CanonId, func: Value, args: &[Val]) -> Vec<Typed> {
        let signature = self.signature_of(sig);
        let ir_sig = self.scalar_signature(&signature);
        self.nil_check(func);
        self.invoke(Opcode::CallClosure, ir_sig.index() as u64, ir_sig, &[func], &signature, args.iter())
    }

    /// Calls a function of the program with evaluated receiver and arguments.
    pub fn call_declared(&mut self, func: FuncId, sig: CanonId, recv: Option<Val>, args: &[Val]) -> Vec<Typed> {
        let signature = self.signature_of(sig);
        let data = &self.cx.program.funcs[func];
        let (ir_sig, has_context, noreturn) = (data.sig, data.has_context, data.attrs.noreturn);
        let op = if data.import.is_some() { Opcode::CallHost } else { Opcode::Call };
        let context: SmallVec<[Value; 1]> =
            if has_context { SmallVec::from_elem(self.null(), 1) } else { SmallVec::new() };
        let results = self.invoke(op, func.index() as u64, ir_sig, &context, &signature, recv.iter().chain(args));
        if noreturn {
            self.unreachable();
            if !results.is_empty() {
                let dead = self.new_block();
                self.start(dead);
            }
        }
        results
    }

    /// Calls a method of an interface value.
    pub fn call_interface(
        &mut self,
        iface: CanonId,
        method: usize,
        itab: Value,
        data: Value,
        args: &[Val],
    ) -> Vec<Typed> {
        let CanonType::Interface(methods) = self.shape(iface) else {
            unreachable!("lower: call_interface: no interface")
        };
        let wanted = self.cx.types.interface_methods(methods)[method];
        self.cx.pending.push_back(Request::InterfaceMethod(wanted.name, wanted.sig));
        let signature = self.signature_of(wanted.sig);
        let ir_sig = self.scalar_signature(&signature);
        let name = match wanted.pkg {
            Some(pkg) => format!("{}.{}", self.cx.types.package_path(&self.cx.checker, pkg), wanted.name),
            None => wanted.name.to_string(),
        };
        let interface = format!("type:{}", self.cx.types.link_name(&self.cx.checker, iface));
        let id = self.cx.program.intern_method(ir::Method { interface, name, slot: method as u32, sig: ir_sig });
        self.nil_check(itab);
        self.invoke(Opcode::CallMethod, id.index() as u64, ir_sig, &[itab, data], &signature, args.iter())
    }

    /// The scalars of a call: addresses for results in memory, the parameters' parts; the results' parts.
    pub fn scalar_signature(&mut self, signature: &Signature) -> ir::SigId {
        let mut params: SmallVec<[Ty; 8]> = SmallVec::new();
        let mut results: SmallVec<[Ty; 8]> = SmallVec::new();
        for &ty in &signature.results {
            match self.cx.parts_of(ty) {
                None => params.push(Ty::Ptr),
                Some(parts) => results.extend(parts.iter().map(|part| part.ty)),
            }
        }
        params.extend(self.cx.scalars_of(&signature.params));
        self.cx.program.sig(&params, &results)
    }

    fn invoke<'v>(
        &mut self,
        op: Opcode,
        imm: u64,
        ir_sig: ir::SigId,
        first: &[Value],
        signature: &Signature,
        args: impl Iterator<Item = &'v Val>,
    ) -> Vec<Typed> {
        let mut scalars: SmallVec<[Value; 8]> = SmallVec::from_slice(first);
        let mut targets: SmallVec<[Option<Value>; 2]> = SmallVec::new();
        for &ty in &signature.results {
            let target = if self.cx.parts_of(ty).is_none() { Some(self.temporary(ty)) } else { None };
            scalars.extend(target);
            targets.push(target);
        }
        for arg in args {
            scalars.extend_from_slice(arg.scalars());
        }
        let values = self.emit_call(op, &scalars, imm, ir_sig);
        let mut rest = &values[..];
        let mut results = Vec::with_capacity(targets.len());
        for (&ty, target) in signature.results.iter().zip(targets) {
            let val = match target {
                Some(ptr) => Val::InMemory(ptr),
                None => {
                    let count = self.cx.parts_of(ty).map_or(0, |parts| parts.len());
                    let (own, others) = rest.split_at(count);
                    rest = others;
                    Val::of(own)
                }
            };
            results.push((ty, val));
        }
        results
    }
}
