//! Functions that the host has or calls, `//go:wasmimport` and `//go:wasmexport`: whether the host knows the types of
//! their parameters and results.
//!
//! gc finds out when it compiles them, after everything else has been checked. What may pass:
//!
//! ```text
//! int32 uint32 int64 uint64 float32 float64 bool       and types that are defined as these
//! uintptr, unsafe.Pointer                              as addresses of 32 bits
//! string                                               as a parameter: address and length
//! *T                                                   if T lies in memory in the same way on both sides
//! ```
//!
//! Both sides see numbers and booleans in the same way, arrays of what they see so, and structs of such fields that say
//! so by a field of type `structs.HostLayout`, or have no fields. Imports from the SDK's own `gojs` module pass a stack
//! pointer instead, whatever their type.

use base::Diagnostic;
use rustc_hash::FxHashMap;
use syntax::directive::FileDirectives;
use types::{BasicKind, Checker, DeclSite, ObjId, ObjKind, PkgId, Type, TypeId};

/// Checks a package that is without errors so far.
pub(crate) fn check_host_functions<'f>(
    checker: &mut Checker<'_>,
    pkg: PkgId,
    directives: impl Iterator<Item = &'f FileDirectives> + Clone,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if directives.clone().all(|file| file.funcs.iter().all(|(_, func)| func.host_directive().is_none())) {
        return diagnostics;
    }
    let funcs: FxHashMap<DeclSite, ObjId> = checker.package_states[pkg]
        .obj_list
        .iter()
        .filter(|&&obj| matches!(checker.obj(obj).kind, ObjKind::Func { .. }))
        .filter_map(|&obj| Some((checker.decl_site(obj)?, obj)))
        .collect();
    let files: Vec<_> = checker.package_states[pkg].files.iter().map(|file| file.ast.id).collect();
    for ((file_directives, file), file_index) in directives.zip(files).zip(0..) {
        for &(decl_index, func) in &file_directives.funcs {
            let Some(directive) = func.host_directive() else { continue };
            if func.wasm_import.is_some_and(|import| import.module.as_str() == lower::gojs::MODULE) {
                continue;
            }
            if let Some(&obj) = funcs.get(&DeclSite { pkg, file, file_index, decl_index }) {
                diagnostics.extend(check(checker, obj, directive));
            }
        }
    }
    diagnostics
}

fn check(checker: &mut Checker<'_>, func: ObjId, directive: &str) -> Vec<Diagnostic> {
    let object = checker.query().object(func);
    let Some(signature) = object.ty.and_then(|ty| checker.as_signature(ty)) else { return Vec::new() };
    // Written before any question leads into another package: names are relative to the one that is looked at.
    let params: Vec<ObjId> = signature.recv.into_iter().chain(checker.objs(signature.params).iter().copied()).collect();
    let params = with_names(checker, &params);
    let results = checker.objs(signature.results).to_vec();
    let results = with_names(checker, &results);
    let error = |text: String| Diagnostic::error("", object.pos, format!("{directive}: {text}"));
    let mut diagnostics = Vec::new();
    for (ty, shown) in params {
        let is_string = matches!(checker.query().under_type(ty), Type::Basic(BasicKind::String));
        if !is_string && !passes(checker, ty) {
            diagnostics.push(error(format!("unsupported parameter type {shown}")));
        }
    }
    if results.len() > 1 {
        diagnostics.push(error("too many return values".to_owned()));
        return diagnostics;
    }
    for (ty, shown) in results {
        if !passes(checker, ty) {
            diagnostics.push(error(format!("unsupported result type {shown}")));
        }
    }
    diagnostics
}

fn with_names(checker: &mut Checker<'_>, vars: &[ObjId]) -> Vec<(TypeId, String)> {
    let mut types = Vec::with_capacity(vars.len());
    for &var in vars {
        if let Some(ty) = checker.obj(var).ty {
            let ty = checker.unalias(ty);
            types.push((ty, checker.type_string(ty)));
        }
    }
    types
}

/// Whether a value passes as one number.
fn passes(checker: &mut Checker<'_>, ty: TypeId) -> bool {
    use BasicKind::*;
    match checker.query().under_type(ty) {
        Type::Basic(kind) => {
            matches!(kind, Bool | Int32 | Uint32 | Int64 | Uint64 | Float32 | Float64 | Uintptr | UnsafePointer)
        }
        Type::Pointer { elem } => lies_alike(checker, elem),
        _ => false,
    }
}

/// Whether values lie in memory in the same way for Go and the host.
fn lies_alike(checker: &mut Checker<'_>, ty: TypeId) -> bool {
    use BasicKind::*;
    match checker.query().under_type(ty) {
        Type::Basic(kind) => {
            matches!(kind, Bool | Int8 | Uint8 | Int16 | Uint16 | Int32 | Uint32 | Int64 | Uint64 | Float32 | Float64)
        }
        Type::Array { elem, .. } => lies_alike(checker, elem),
        Type::Struct(id) => {
            let fields = checker.objs(checker.structs[id].fields).to_vec();
            let (mut is_marked, mut is_alike) = (fields.is_empty(), true);
            for field in fields {
                let Some(ty) = checker.obj(field).ty else { return false };
                if is_host_layout(checker, ty) {
                    is_marked = true;
                } else {
                    is_alike &= lies_alike(checker, ty);
                }
            }
            is_marked && is_alike
        }
        _ => false,
    }
}

fn is_host_layout(checker: &mut Checker<'_>, ty: TypeId) -> bool {
    let ty = checker.unalias(ty);
    let Type::Named(named) = checker.ty(ty) else { return false };
    let obj = checker.obj(checker.named[named].obj);
    obj.name.as_str() == "HostLayout" && obj.pkg.is_some_and(|pkg| checker.packages[pkg].path == "structs")
}
