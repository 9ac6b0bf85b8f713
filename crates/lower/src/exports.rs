//! Functions that the host calls: `//go:wasmexport name`.
//!
//! The exported function takes and gives what wasm has: numbers, addresses of 32 bits, two of those for a string. The
//! call itself is a closure that the runtime runs on a goroutine of its own, and that leaves the result in the frame
//! of the exported function:
//!
//! ```text
//! //go:wasmexport f             f·export(a i32) i64      { var r int64; runtime.callExport(closure{&r, a}); return r }
//! func f(a int32) int64         f·export·body()          { *r = f(a) }
//! ```

use crate::func::FuncLowerer;
use crate::functions::{host_scalars, is_narrow};
use crate::module::{FuncKey, Module};
use crate::value::Val;
use abi::{CanonId, CanonType, EnvId};
use ir::{FuncData, FuncId, Opcode, Ty, Value};
use types::{BasicKind, ObjId, UnitId};

/// A function that the module exports.
#[derive(Clone, Debug)]
pub struct Export {
    /// What the host calls it.
    pub name: String,
    pub func: FuncId,
}

/// What the exported function's name has behind that of the function itself.
pub const SUFFIX: &str = "·export";

/// Exports the function if a directive says so.
pub(crate) fn note(cx: &mut Module<'_>, obj: ObjId) {
    let Some(export) = cx.directives.of(cx.checker.decl_site(obj)).wasm_export else { return };
    let func = cx.func(FuncKey::Export(obj));
    cx.exports.push(Export { name: export.name.to_string(), func });
}

pub(crate) fn declare_export(cx: &mut Module<'_>, obj: ObjId) -> FuncData {
    let (name, sig) = (name(cx, obj), signature(cx, obj));
    let (params, results) = cx.signature_types(sig);
    let (params, results) = (host_scalars(cx, &params), host_scalars(cx, &results));
    let sig = cx.program.sig(&params, &results);
    FuncData { pos: cx.checker.obj(obj).pos, ..FuncData::new(format!("{name}{SUFFIX}"), sig) }
}

pub(crate) fn declare_body(cx: &mut Module<'_>, obj: ObjId) -> FuncData {
    let sig = cx.program.sig(&[], &[]);
    let name = format!("{}{SUFFIX}·body", name(cx, obj));
    crate::declare::context_form(name, sig, true)
}

fn name(cx: &mut Module<'_>, obj: ObjId) -> String {
    let func = cx.func(FuncKey::Declared(obj, EnvId::EMPTY));
    cx.program.funcs[func].name.clone()
}

fn signature(cx: &mut Module<'_>, obj: ObjId) -> CanonId {
    let ty = cx.checker.query().object(obj).ty.expect("lower: a declared function has a type");
    cx.types.canon(&mut cx.checker, ty, EnvId::EMPTY)
}

/// What the closure holds: the address of the result, if there is one, then the arguments.
fn held_types(cx: &mut Module<'_>, sig: CanonId) -> Vec<CanonId> {
    let (params, results) = cx.signature_types(sig);
    let result = results.first().map(|&ty| cx.types.pointer_to(ty));
    result.into_iter().chain(params).collect()
}

pub(crate) fn lower_export(cx: &mut Module<'_>, id: FuncId, obj: ObjId) {
    let sig = signature(cx, obj);
    let (types, results) = cx.signature_types(sig);
    let held = held_types(cx, sig);
    let body = cx.func(FuncKey::ExportBody(obj));
    let mut f = FuncLowerer::new(cx, id, EnvId::EMPTY, UnitId::from_const(0));
    let params = f.enter();
    let mut params = params.into_iter();
    let mut values: Vec<Val> = Vec::new();
    let result = results.first().map(|&ty| (ty, f.temporary(ty)));
    values.extend(result.map(|(_, ptr)| Val::one(ptr)));
    for &ty in &types {
        let parts = f.cx.parts_of(ty).expect("lower: the checker let only scalars pass");
        let mut arg = || params.next().expect("lower: lower_export: an argument for each parameter");
        let args: Vec<(Value, Ty)> = parts.iter().map(|part| (arg(), part.ty)).collect();
        let args: Vec<Value> = args.into_iter().map(|(arg, part)| f.as_go_part(ty, arg, part)).collect();
        values.push(Val::of(&args));
    }
    let held: Vec<(CanonId, Val)> = held.into_iter().zip(values).collect();
    let closure = f.make_closure(body, &held);
    f.call_runtime("callExport", &[closure]);
    let mut out: Vec<Value> = Vec::new();
    if let Some((ty, ptr)) = result {
        let val = f.load(ty, ptr, 0).single();
        let narrow = is_narrow(f.cx, ty) && f.builder.func.ty(val) == Ty::I64;
        out.push(if narrow { f.emit(Opcode::Wrap, &[val], 0, Ty::I32) } else { val });
    }
    f.return_values(&out);
    f.finish();
}

pub(crate) fn lower_body(cx: &mut Module<'_>, id: FuncId, obj: ObjId) {
    let sig = signature(cx, obj);
    let held = held_types(cx, sig);
    let func = cx.func(FuncKey::Declared(obj, EnvId::EMPTY));
    let mut f = FuncLowerer::new(cx, id, EnvId::EMPTY, UnitId::from_const(0));
    f.enter();
    let context = f.emit(Opcode::Context, &[], 0, Ty::Ptr);
    let values = f.read_captures(context, &held);
    let has_result = !f.signature_of(sig).results.is_empty();
    let args = if has_result { &values[1..] } else { &values[..] };
    let results = f.call_declared(func, sig, None, args);
    if let Some((ty, val)) = results.first() {
        f.store(*ty, values[0].single(), 0, val);
    }
    if f.is_reachable() {
        f.return_values(&[]);
    }
    f.finish();
}

impl FuncLowerer<'_, '_> {
    /// A number from the host as a part of a value of type `ty`.
    fn as_go_part(&mut self, ty: CanonId, value: Value, part: Ty) -> Value {
        if self.shape(ty) == CanonType::Basic(BasicKind::Bool) {
            let zero = self.const_i32(0);
            return self.op2(Opcode::Ne, value, zero);
        }
        match (self.builder.func.ty(value), part) {
            (Ty::I32, Ty::I64) => self.emit(Opcode::ExtendU, &[value], 0, Ty::I64),
            _ => value,
        }
    }
}
