//! The body behind a key.

use crate::func::FuncLowerer;
use crate::module::{FuncKey, Module};
use crate::value::Val;
use abi::{CanonId, CanonType, EnvId};
use ir::{FuncData, FuncId, Opcode, Ty, Value};
use smallvec::SmallVec;
use std::sync::Arc;
use syntax::ast;
use types::{BasicKind, Body, CheckedBody, ObjId, UnitId};

/// Lowers the body behind a key into `program.funcs[id].body`. What depends on all that is live is left for
/// [`crate::init::finish`].
pub fn lower_function(cx: &mut Module<'_>, id: FuncId) {
    let key = cx.key(id);
    let plain = |cx| FuncLowerer::new(cx, id, EnvId::EMPTY, UnitId::from_const(0));
    match *key {
        FuncKey::Declared(obj, env) => lower_declared(cx, id, obj, env),
        FuncKey::Literal(unit, node, env) => lower_literal(cx, id, unit, node, env),
        FuncKey::Thunk(func) => crate::wrappers::lower_thunk(plain(cx), func),
        FuncKey::Wrapper { recv, method, form } => crate::wrappers::lower_wrapper(plain(cx), recv, method, form),
        FuncKey::Bound { recv, method } => crate::wrappers::lower_bound(plain(cx), recv, method),
        FuncKey::Equal(plan) => crate::equal::lower_equal(plain(cx), plan),
        FuncKey::Hash(plan) => crate::hash::lower_hash(plain(cx), plan),
        FuncKey::FrameCall(sig) => crate::frames::lower_frame_call(plain(cx), sig),
        FuncKey::FrameStub(sig) => crate::frames::lower_frame_stub(plain(cx), sig),
        FuncKey::Call(unit, _, env) => {
            let mut f = FuncLowerer::new(cx, id, env, unit);
            f.enter();
            f.deferred_body();
            f.finish();
        }
        FuncKey::Export(obj) => crate::exports::lower_export(cx, id, obj),
        FuncKey::ExportBody(obj) => crate::exports::lower_body(cx, id, obj),
        FuncKey::Init(_) | FuncKey::LoopBody(..) => {}
        FuncKey::Initializer(_, index) => crate::init::lower_initializer(cx, id, index),
    }
}

fn lower_declared(cx: &mut Module<'_>, id: FuncId, obj: ObjId, env: EnvId) {
    match cx.checker.query().body(obj) {
        Body::Checked(body) => lower_checked(cx, id, env, body),
        Body::External => lower_external(cx, id, obj, env),
    }
}

fn lower_checked<'a>(cx: &mut Module<'a>, id: FuncId, env: EnvId, body: CheckedBody<'a>) {
    let sig = cx.checker.signatures[body.signature];
    let params: Vec<ObjId> = sig.recv.into_iter().chain(cx.checker.objs(sig.params).iter().copied()).collect();
    let results = cx.checker.objs(sig.results).to_vec();
    let fresh_loops = cx.checker.decls[body.decl].version >= types::GoVersion::go1(22);
    let facts = cx.facts_of_body(body.unit, body.body.block, &params, &results, fresh_loops);
    let object = *cx.checker.obj(body.func);
    let mut f = FuncLowerer::new(cx, id, env, body.unit);
    f.facts = facts.of(None, fresh_loops);
    f.cx.program.funcs[id].attrs.recovers = f.facts.recovers;
    f.at(object.pos);
    let sig = f.canon(object.ty.expect("lower: a checked function has a type"));
    f.function_body(sig, &params, &results, body.body.block);
    f.finish();
}

fn lower_literal(cx: &mut Module<'_>, id: FuncId, unit: UnitId, node: ast::NodeId, env: EnvId) {
    let info = Arc::clone(&cx.literal_infos[&(unit, node)]);
    let ty = cx.checker.unalias(info.ty);
    let sig = cx.checker.as_signature(ty).expect("lower: a literal's type is a signature");
    let params = cx.checker.objs(sig.params).to_vec();
    let results = cx.checker.objs(sig.results).to_vec();
    let mut f = FuncLowerer::new(cx, id, env, unit);
    f.facts = info.facts.of(Some(node), info.fresh_loops);
    f.captures = info.captures.clone();
    f.at(info.pos);
    let sig = f.canon(info.ty);
    f.enter();
    f.function_body(sig, &params, &results, info.literal.body);
    f.finish();
}

impl<'a> FuncLowerer<'_, 'a> {
    /// Makes the entry block and goes on there; the captures of a literal become variables. The parameters without the
    /// context: result pointers, receiver, parameters.
    pub fn enter(&mut self) -> Vec<Value> {
        let sig = self.cx.program.funcs[self.id].sig;
        let types = self.cx.program.signature(sig).params.clone();
        let entry = self.builder.func.add_block(&types);
        self.builder.func.entry = Some(entry);
        self.builder.func.blocks[entry].handler = self.handler;
        self.start(entry);
        self.bind_captures();
        self.builder.func.params(entry).to_vec()
    }

    /// The body is complete.
    pub fn finish(self) {
        let FuncLowerer { cx, id, builder, early, .. } = self;
        assert!(early.is_empty(), "lower: finish: {}: what is evaluated early is used", cx.program.funcs[id].name);
        cx.program.funcs[id].body = Some(builder.finish());
    }
}

/// A function that is declared without body: the host's, another package's, the compiler's, or the linker's.
fn lower_external(cx: &mut Module<'_>, id: FuncId, obj: ObjId, env: EnvId) {
    let object = *cx.checker.obj(obj);
    let is_runtime = object.pkg.is_some_and(|pkg| cx.checker.packages[pkg].path == "runtime");
    if is_runtime && object.name.as_str() == "initTasks" {
        cx.inits.tasks = Some(id);
        return;
    }
    let ty = object.ty.expect("lower: a declared function has a type");
    let sig = cx.types.canon(&mut cx.checker, ty, env);
    if let Some(import) = crate::declare::host_import(cx, obj) {
        let is_gojs = import.import.as_ref().is_some_and(|(module, _)| module == crate::gojs::MODULE);
        let import = cx.program.funcs.push(import);
        let f = FuncLowerer::new(cx, id, env, UnitId::from_const(0));
        return if is_gojs { f.gojs_call(import, sig) } else { f.host_call(import, sig) };
    }
    if is_runtime && object.name.as_str() == "mainMain" {
        let main = crate::declare::package(cx, "main").expect("lower: a program has a package main");
        let scope = cx.checker.packages[main].scope;
        let main = cx.checker.scope(scope).lookup(base::sym::MAIN).expect("lower: package main declares main");
        let main = cx.declared(main, &[], &[]);
        // Every trace of goroutine 1 ends with it, and should not show that it is inlined.
        cx.program.funcs[main].attrs.noinline = true;
        cx.program.funcs[id].attrs.wrapper = true;
        let mut f = FuncLowerer::new(cx, id, env, UnitId::from_const(0));
        f.enter();
        f.tail_call(main, &[]);
        return f.finish();
    }
    if object.pkg.is_some_and(|pkg| cx.checker.packages[pkg].path == "internal/wasm") {
        // An instruction, or a fact of the module: code generation knows it by its name, and traces do not show it.
        cx.program.funcs[id].attrs.wrapper = true;
        return;
    }
    let provider = crate::linknames::provider(cx, obj);
    let mut f = FuncLowerer::new(cx, id, env, UnitId::from_const(0));
    f.at(object.pos);
    match provider {
        Ok(provider) => f.adapter(provider),
        Err(missing) => f.intrinsic_body(obj, sig, &missing),
    }
}

impl FuncLowerer<'_, '_> {
    /// The provider of a linkname, called with our parameters. The two may differ in what is a pointer and what a
    /// number.
    fn adapter(mut self, provider: ObjId) {
        let callee = self.cx.declared(provider, &[], &[]);
        let (own, theirs) = (self.cx.program.funcs[self.id].sig, self.cx.program.funcs[callee].sig);
        self.cx.program.funcs[self.id].attrs.wrapper = true;
        self.cx.program.funcs[self.id].attrs.noreturn |= self.cx.program.funcs[callee].attrs.noreturn;
        let params = self.enter();
        if own == theirs {
            self.tail_call(callee, &params);
            return self.finish();
        }
        let theirs = self.cx.program.signature(theirs).clone();
        let own_results = self.cx.program.signature(own).results.clone();
        let what = format!(
            "a linkname between {} and {}, whose types differ",
            self.cx.program.funcs[self.id].name, self.cx.program.funcs[callee].name
        );
        if params.len() != theirs.params.len() || own_results.len() != theirs.results.len() {
            self.unsupported(&what);
        }
        let args: Vec<Value> =
            params.iter().zip(&theirs.params).map(|(&arg, &ty)| self.adapt(arg, ty, &what)).collect();
        let results = self.call(callee, &args);
        if self.is_reachable() {
            let results: Vec<Value> =
                results.iter().zip(&own_results).map(|(&result, &ty)| self.adapt(result, ty, &what)).collect();
            self.return_values(&results);
        }
        self.finish();
    }

    fn adapt(&mut self, value: Value, to: Ty, what: &str) -> Value {
        match (self.builder.func.ty(value), to) {
            (from, to) if from == to => value,
            (Ty::Ptr, Ty::I64) => self.emit(Opcode::PtrToInt, &[value], 0, Ty::I64),
            (Ty::I64, Ty::Ptr) => self.emit(Opcode::IntToPtr, &[value], 0, Ty::Ptr),
            _ => self.unsupported(what),
        }
    }

    /// A function that is instructions, as one that can be called through a value.
    fn intrinsic_body(mut self, obj: ObjId, sig: CanonId, missing: &str) {
        let params = self.enter();
        let (types, _) = self.cx.signature_types(sig);
        let mut rest = &params[..];
        let args: Vec<Val> = types.iter().map(|&ty| self.take_params(ty, &mut rest)).collect();
        let env = self.env;
        let Some(results) = self.intrinsic(obj, env, &args) else { self.unsupported(missing) };
        if self.is_reachable() {
            let results: Vec<Value> = results.iter().flat_map(|val| val.parts().to_vec()).collect();
            self.return_values(&results);
        }
        self.finish();
    }

    /// Calls an import: addresses and lengths of strings are 32 bits there.
    fn host_call(mut self, import: FuncId, sig: CanonId) {
        let params = self.enter();
        let (types, results) = self.cx.signature_types(sig);
        let mut rest = &params[..];
        let mut args = Vec::new();
        for &ty in &types {
            let val = self.take_params(ty, &mut rest);
            let narrow = is_narrow(self.cx, ty);
            for &part in val.parts() {
                let is_word = self.builder.func.ty(part) == Ty::I64;
                args.push(if narrow && is_word { self.emit(Opcode::Wrap, &[part], 0, Ty::I32) } else { part });
            }
        }
        let values = self.call(import, &args);
        let mut out: SmallVec<[Value; 1]> = SmallVec::new();
        if let (Some(&value), Some(&ty)) = (values.first(), results.first()) {
            let is_bool = matches!(self.shape(ty), CanonType::Basic(BasicKind::Bool));
            out.push(if is_bool {
                let zero = self.const_i32(0);
                self.op2(Opcode::Ne, value, zero)
            } else if is_narrow(self.cx, ty) && self.builder.func.ty(value) == Ty::I32 {
                self.emit(Opcode::ExtendU, &[value], 0, Ty::I64)
            } else {
                value
            });
        }
        self.return_values(&out);
        self.finish();
    }
}

/// The scalars that stand for values of these types at the border to the host.
pub(crate) fn host_scalars(cx: &mut Module<'_>, types: &[CanonId]) -> Vec<Ty> {
    let mut out = Vec::new();
    for &ty in types {
        let narrow = is_narrow(cx, ty);
        let scalars = cx.scalars_of(&[ty]);
        out.extend(scalars.iter().map(|&ty| if narrow && ty == Ty::I64 { Ty::I32 } else { ty }));
    }
    out
}

/// Whether the host sees 32 bits where Go has a word.
pub(crate) fn is_narrow(cx: &mut Module<'_>, ty: CanonId) -> bool {
    matches!(cx.shape(ty), CanonType::Basic(BasicKind::Uintptr | BasicKind::String))
}

/// The import behind a function with a `//go:wasmimport` directive.
pub(crate) fn import_data(cx: &mut Module<'_>, obj: ObjId, module: String, name: String) -> FuncData {
    let object = *cx.checker.obj(obj);
    let ty = object.ty.expect("lower: a declared function has a type");
    let sig = cx.types.canon(&mut cx.checker, ty, EnvId::EMPTY);
    let symbol = format!("{module}.{name}·import·{}", base::EntityId::index(obj));
    if module == crate::gojs::MODULE {
        return crate::gojs::import_data(cx, symbol, (module, name), object.pos);
    }
    let (params, results) = cx.signature_types(sig);
    let (params, results) = (host_scalars(cx, &params), host_scalars(cx, &results));
    let sig = cx.program.sig(&params, &results);
    FuncData { import: Some((module, name)), pos: object.pos, ..FuncData::new(symbol, sig) }
}
