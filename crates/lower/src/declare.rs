//! Functions as others see them: name, signature, attributes.
//!
//! Names are the linker's (`pkg.(*T).Method`, `pkg.F[int]`, `pkg.F.func1`), so that they are unique; where a trace prints
//! one, what stands in brackets becomes `...`. The results that are in memory come first among the parameters, as
//! pointers to where they go; then the receiver, then the parameters of the source.

use crate::functions::import_data;
use crate::module::{FuncKey, Module};
use abi::{CanonId, CanonType, CodeForm, EnvId};
use base::{EntityId, Symbol};
use ir::{FuncAttrs, FuncData, FuncId, Origin, SigId, Ty};
use smallvec::SmallVec;
use syntax::ast::NodeId;
use syntax::directive::{FuncFlags, is_runtime_package};
use types::{Body, ObjId, ObjKind, PkgId, Type, UnitId};

pub use crate::functions::lower_function;
pub use crate::statics::{declare_global, lower_global};

pub fn declare(cx: &mut Module<'_>, key: &FuncKey) -> FuncData {
    let mut data = header(cx, key);
    data.attrs.origin = origin(cx, key);
    data.attrs.reserve = data.attrs.origin >= Origin::Core && !recurs(&data.name);
    data
}

/// The runtime's functions that the program's recursion leads through: those that go into values as deep as these are
/// nested, those that call what is deferred, and those that panic on the program's behalf.
fn recurs(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "(*hasher).add",
        "(*hasher).addFields",
        "Goexit",
        "boxedHash",
        "deferreturn",
        "efaceeq",
        "gopanic",
        "ifaceeq",
        "interequal",
        "interhash",
        "nilinterequal",
        "nilinterhash",
        "runDeferred",
        "typehash",
    ];
    let Some(name) = name.strip_prefix("runtime.") else { return false };
    NAMES.contains(&name) || name.starts_with("panic") || name.starts_with("goPanic")
}

/// Whose source the function is. What is made of a type's structure is nobody's.
fn origin(cx: &Module<'_>, key: &FuncKey) -> Origin {
    match *key {
        FuncKey::Declared(obj, _) | FuncKey::Export(obj) | FuncKey::ExportBody(obj) => {
            cx.checker.obj(obj).pkg.map_or(Origin::User, |pkg| cx.origin_of(pkg))
        }
        FuncKey::Literal(unit, node, _) => cx.literal_infos[&(unit, node)].origin,
        FuncKey::Thunk(func) => cx.program.funcs[func].attrs.origin,
        FuncKey::Wrapper { recv, .. } | FuncKey::Bound { recv, .. } => {
            owner(cx, recv).map_or(Origin::User, |pkg| cx.origin_of(pkg))
        }
        FuncKey::Init(pkg) | FuncKey::Initializer(pkg, _) => cx.origin_of(pkg),
        FuncKey::LoopBody(..)
        | FuncKey::Call(..)
        | FuncKey::Equal(_)
        | FuncKey::Hash(_)
        | FuncKey::FrameCall(_)
        | FuncKey::FrameStub(_) => Origin::User,
    }
}

fn header(cx: &mut Module<'_>, key: &FuncKey) -> FuncData {
    match *key {
        FuncKey::Declared(obj, env) => declare_func(cx, obj, env),
        FuncKey::Literal(unit, node, env) => declare_literal(cx, unit, node, env),
        FuncKey::LoopBody(..) => unreachable!("lower: declare: the bodies of loops are defined where they stand"),
        FuncKey::Thunk(func) => {
            let data = &cx.program.funcs[func];
            let thunk = context_form(format!("{}·thunk", data.name), data.sig, true);
            // As traces and FuncForPC see it, it is the function.
            FuncData { pos: data.pos, linked_as: data.linked_as.clone(), ..thunk }
        }
        FuncKey::Wrapper { recv, method, form } => {
            let sig = cx.types.method(method).sig;
            let suffix = if form == CodeForm::Interface { "·itab" } else { "·expr" };
            let name = method_name(cx, recv, method) + suffix;
            let sig = match form {
                CodeForm::Interface => cx.signature(&[], sig),
                CodeForm::Direct => cx.signature(&[recv], sig),
            };
            context_form(name, sig, true)
        }
        FuncKey::Bound { recv, method } => {
            let sig = cx.types.method(method).sig;
            let name = method_name(cx, recv, method) + "-fm";
            let sig = cx.signature(&[], sig);
            context_form(name, sig, true)
        }
        FuncKey::Call(..) => {
            // Who makes it names it.
            let sig = cx.program.sig(&[], &[]);
            context_form(String::new(), sig, true)
        }
        FuncKey::Equal(plan) => {
            let name = format!("type:.eq.{}", cx.types.equality_text(plan));
            let sig = cx.program.sig(&[Ty::Ptr, Ty::Ptr], &[Ty::I32]);
            context_form(name, sig, false)
        }
        FuncKey::Hash(plan) => {
            let name = format!("type:.hash.{}", cx.types.equality_text(plan));
            let sig = cx.program.sig(&[Ty::Ptr, Ty::I64], &[Ty::I64]);
            context_form(name, sig, false)
        }
        FuncKey::FrameCall(sig) => {
            let name = format!("reflect.call[{}]", cx.types.link_name(&cx.checker, sig));
            let sig = cx.program.sig(&[Ty::Ptr; 3], &[]);
            context_form(name, sig, true)
        }
        FuncKey::FrameStub(sig) => {
            let name = format!("reflect.makeFuncStub[{}]", cx.types.link_name(&cx.checker, sig));
            let sig = cx.signature(&[], sig);
            context_form(name, sig, true)
        }
        FuncKey::Export(obj) => crate::exports::declare_export(cx, obj),
        FuncKey::ExportBody(obj) => crate::exports::declare_body(cx, obj),
        FuncKey::Init(pkg) => {
            let sig = cx.program.sig(&[], &[]);
            let mut data = FuncData::new(format!("{}.init", cx.types.package_prefix(&cx.checker, pkg)), sig);
            // It only calls what has a place in the source.
            data.attrs.wrapper = true;
            data
        }
        FuncKey::Initializer(pkg, index) => {
            let sig = cx.program.sig(&[], &[]);
            let name = crate::init::initializer_name(cx, index);
            FuncData::new(format!("{}.init·{name}", cx.types.package_prefix(&cx.checker, pkg)), sig)
        }
    }
}

pub(crate) fn context_form(name: String, sig: SigId, wrapper: bool) -> FuncData {
    let attrs = FuncAttrs { address_taken: true, wrapper, ..FuncAttrs::default() };
    FuncData { has_context: true, attrs, ..FuncData::new(name, sig) }
}

/// A package-level object of package runtime.
pub fn runtime_object(cx: &mut Module<'_>, name: &str) -> ObjId {
    let runtime = package(cx, "runtime").expect("lower: package runtime is part of every program");
    let scope = cx.checker.packages[runtime].scope;
    let obj = cx.checker.scope(scope).lookup(Symbol::intern(name));
    obj.unwrap_or_else(|| panic!("lower: runtime_object: package runtime does not declare {name}"))
}

/// The package of that path; `main` is the one that is linked as such.
pub fn package(cx: &Module<'_>, path: &str) -> Option<PkgId> {
    (0..cx.checker.packages.len()).map(PkgId::from_index).find(|&pkg| cx.types.package_path(&cx.checker, pkg) == path)
}

impl Module<'_> {
    /// Whose functions a package's are.
    pub fn origin_of(&self, pkg: PkgId) -> Origin {
        let package = &self.checker.packages[pkg];
        match package.path.as_str() {
            _ if !package.standard => Origin::User,
            "runtime" => Origin::Runtime,
            "internal/wasm" => Origin::Core,
            path if is_runtime_package(path) => Origin::Core,
            _ => Origin::Std,
        }
    }

    /// The ir signature of a function with these receivers before its parameters.
    pub fn signature(&mut self, receivers: &[CanonId], sig: CanonId) -> SigId {
        let (params, results) = self.signature_types(sig);
        let mut scalars: SmallVec<[Ty; 8]> = SmallVec::new();
        let mut result_scalars: SmallVec<[Ty; 8]> = SmallVec::new();
        for &result in &results {
            match self.parts_of(result) {
                None => scalars.push(Ty::Ptr),
                Some(parts) => result_scalars.extend(parts.iter().map(|part| part.ty)),
            }
        }
        scalars.extend(self.scalars_of(receivers));
        scalars.extend(self.scalars_of(&params));
        self.program.sig(&scalars, &result_scalars)
    }

    /// Parameters and results of a function type.
    pub fn signature_types(&mut self, sig: CanonId) -> (SmallVec<[CanonId; 4]>, SmallVec<[CanonId; 4]>) {
        let CanonType::Func { params, results, .. } = self.shape(sig) else {
            unreachable!("lower: signature_types: {sig} is no function type")
        };
        (self.types.list(params).into(), self.types.list(results).into())
    }

    /// How many of the results are in memory.
    pub fn result_pointer_count(&mut self, sig: CanonId) -> usize {
        let (_, results) = self.signature_types(sig);
        results.iter().filter(|&&result| self.parts_of(result).is_none()).count()
    }

    /// The function that declares `obj`, for these type arguments of its receiver and its own.
    pub fn declared(&mut self, obj: ObjId, receiver_args: &[CanonId], type_args: &[CanonId]) -> FuncId {
        let obj = self.checker.obj_origin(obj);
        let env = self.types.function_env(&mut self.checker, obj, receiver_args, type_args);
        self.func(FuncKey::Declared(obj, env))
    }

    /// Whether a declared function calls recover itself. Checks its body.
    pub fn recovers(&mut self, obj: ObjId) -> bool {
        let Body::Checked(body) = self.checker.query().body(obj) else { return false };
        let sig = self.checker.signatures[body.signature];
        let params: Vec<ObjId> = sig.recv.into_iter().chain(self.checker.objs(sig.params).iter().copied()).collect();
        let results = self.checker.objs(sig.results).to_vec();
        let fresh_loops = self.checker.decls[body.decl].version >= types::GoVersion::go1(22);
        let facts = self.facts_of_body(body.unit, body.body.block, &params, &results, fresh_loops);
        facts.recovers.contains(&None)
    }
}

fn declare_func(cx: &mut Module<'_>, obj: ObjId, env: EnvId) -> FuncData {
    let object = cx.checker.query().object(obj);
    let ty = object.ty.expect("lower: declare: a checked function has a type");
    let data = cx.checker.as_signature(ty).expect("lower: declare: a function's type is a signature");
    let sig = cx.types.canon(&mut cx.checker, ty, env);
    let recv = data.recv.map(|recv| {
        let ty = cx.checker.obj(recv).ty.expect("lower: declare: a receiver has a type");
        cx.types.canon(&mut cx.checker, ty, env)
    });
    let receivers: SmallVec<[CanonId; 1]> = recv.into_iter().collect();
    let name = func_name(cx, obj, recv, env);
    let said = cx.directives.of(cx.checker.decl_site(obj));
    let is_runtime = object.pkg.is_some_and(|pkg| cx.checker.packages[pkg].path == "runtime");
    let attrs = FuncAttrs {
        noinline: said.flags.contains(FuncFlags::NOINLINE),
        noreturn: is_runtime && recv.is_none() && is_noreturn(object.name.as_str()),
        cold: is_runtime && recv.is_none() && is_noreturn(object.name.as_str()),
        ..FuncAttrs::default()
    };
    let sig = cx.signature(&receivers, sig);
    let linked_as = cx.links.symbol(obj).map(|symbol| symbol.as_str().to_owned());
    FuncData { attrs, pos: object.pos, linked_as, ..FuncData::new(name, sig) }
}

/// The runtime's functions that end in a panic or in the program's end.
fn is_noreturn(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "gopanic",
        "throw",
        "fatal",
        "fatalthrow",
        "fatalpanic",
        "outOfMemory",
        "panicdivide",
        "panicshift",
        "panicmem",
        "panicnil",
        "panicoverflow",
        "panicfloat",
        "panicwrap",
        "panicdottypeE",
        "panicdottypeI",
        "panicnildottype",
        "panicmakeslicelen",
        "panicmakeslicecap",
        "panicSliceConvert",
        "panicunsafealignment",
        "panicunsafeslicelen",
        "panicunsafeslicenilptr",
        "panicunsafestringlen",
        "panicunsafestringnilptr",
        "panicrangestate",
        "panicnilmapassign",
        "Goexit",
        "block",
        "unreachableMethod",
    ];
    name.starts_with("goPanic") || NAMES.contains(&name)
}

fn func_name(cx: &mut Module<'_>, obj: ObjId, recv: Option<CanonId>, env: EnvId) -> String {
    let object = *cx.checker.obj(obj);
    let prefix = object.pkg.map(|pkg| cx.types.package_prefix(&cx.checker, pkg)).unwrap_or_default();
    if recv.is_none() && object.name == base::sym::INIT {
        return format!("{prefix}.init.{}", crate::init::init_func_number(cx, obj));
    }
    let tparams = object.ty.and_then(|ty| cx.checker.as_signature(ty)).map(|sig| sig.tparams).unwrap_or_default();
    let args: Vec<CanonId> = (0..tparams.len())
        .filter_map(|index| match cx.checker.ty(cx.checker.type_at(tparams, index)) {
            Type::TypeParam(tparam) => cx.types.binding(env, tparam),
            _ => None,
        })
        .collect();
    let mut name = prefix.to_string();
    if let Some(recv) = recv {
        name = format!("{name}.{}", receiver_name(cx, recv, &prefix));
    }
    name = format!("{name}.{}", object.name);
    if !args.is_empty() {
        let args: Vec<_> = args.into_iter().map(|arg| cx.types.link_name(&cx.checker, arg)).collect();
        name = format!("{name}[{}]", args.join(","));
    }
    name
}

/// `T` or `(*T)`.
fn receiver_name(cx: &mut Module<'_>, recv: CanonId, prefix: &str) -> String {
    let (ty, is_pointer) = match cx.types[recv] {
        CanonType::Pointer(elem) => (elem, true),
        _ => (recv, false),
    };
    let link = cx.types.link_name(&cx.checker, ty);
    let name = link.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&link);
    if is_pointer { format!("(*{name})") } else { name.to_owned() }
}

/// The package of T, for T and *T.
fn owner(cx: &Module<'_>, recv: CanonId) -> Option<PkgId> {
    let base = match cx.types[recv] {
        CanonType::Pointer(elem) => elem,
        _ => recv,
    };
    match cx.types[base] {
        CanonType::Named { obj, .. } => cx.checker.obj(obj).pkg,
        _ => None,
    }
}

/// `pkg.(*T).M`, of a method that T may have by embedding.
fn method_name(cx: &mut Module<'_>, recv: CanonId, method: abi::methods::MethodId) -> String {
    let method = cx.types.method(method);
    let (name, pkg, targs) = (method.name, method.pkg, method.targs);
    let targs: SmallVec<[CanonId; 2]> = cx.types.list(targs).into();
    let targs: Vec<_> = targs.into_iter().map(|targ| cx.types.link_name(&cx.checker, targ)).collect();
    let owner = owner(cx, recv);
    let prefix = owner.map(|pkg| cx.types.package_prefix(&cx.checker, pkg)).unwrap_or_default();
    let receiver = receiver_name(cx, recv, &prefix);
    let name = match pkg {
        Some(pkg) if Some(pkg) != owner => format!("{}.{name}", cx.types.package_prefix(&cx.checker, pkg)),
        _ => name.to_string(),
    };
    let name = if targs.is_empty() { name } else { format!("{name}[{}]", targs.join(",")) };
    if prefix.is_empty() { format!("{receiver}.{name}") } else { format!("{prefix}.{receiver}.{name}") }
}

fn declare_literal(cx: &mut Module<'_>, unit: UnitId, node: NodeId, env: EnvId) -> FuncData {
    let info = cx.literal_infos.get(&(unit, node)).cloned();
    let info = info.expect("lower: declare: a literal is met before it is asked for");
    let ty = cx.types.canon(&mut cx.checker, info.ty, env);
    let sig = cx.signature(&[], ty);
    let name = cx.literal_names[&(unit, node, env)].clone();
    let mut data = context_form(name, sig, false);
    data.attrs.recovers = info.facts.recovers.contains(&Some(node));
    data.pos = info.pos;
    data
}

/// Whether the object is a function that is replaced by the host's.
pub(crate) fn host_import(cx: &mut Module<'_>, obj: ObjId) -> Option<FuncData> {
    debug_assert!(matches!(cx.checker.obj(obj).kind, ObjKind::Func { .. }));
    let said = cx.directives.of(cx.checker.decl_site(obj));
    let import = said.wasm_import?;
    Some(import_data(cx, obj, import.module.to_string(), import.name.to_string()))
}
