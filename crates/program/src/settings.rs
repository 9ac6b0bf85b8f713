//! Variables that the linker sets: `-ldflags=-X`, and what the runtime wants to know of the build.
//!
//! As with gc, only a string variable can be set, and only one without initialiser or with a constant one; others keep
//! what the source says.

use base::EntityId;
use ir::{Data, Reloc};
use lower::Module;
use rustc_hash::FxHashMap;
use types::ObjId;

/// Gives the variable the value that is set for it; false if there is none.
pub fn set(cx: &mut Module<'_>, obj: ObjId, settings: &FxHashMap<String, String>) -> bool {
    if settings.is_empty() {
        return false;
    }
    let object = *cx.checker.obj(obj);
    let Some(pkg) = object.pkg else { return false };
    let symbol = format!("{}.{}", cx.types.package_path(&cx.checker, pkg), object.name);
    let Some(text) = settings.get(&symbol) else { return false };
    let ty = object.ty.expect("program: a package variable that is used has a type");
    let ty = cx.types.canon(&mut cx.checker, ty, abi::EnvId::EMPTY);
    let is_string = matches!(cx.shape(ty), abi::CanonType::Basic(types::BasicKind::String));
    if !is_string || !cx.checker.query().has_constant_initializer(obj) {
        return false;
    }
    let data = cx.global(obj);
    let mut bytes = vec![0; 16];
    bytes[8..].copy_from_slice(&(text.len() as u64).to_le_bytes());
    let mut relocs = Vec::new();
    if !text.is_empty() {
        let name = format!("{symbol}·set.{}", obj.index());
        let content =
            Data { bytes: text.clone().into_bytes(), read_only: true, ..Data::new(name, text.len() as u32, 1) };
        let target = cx.program.data.push(content);
        relocs.push(Reloc::Data { at: 0, target, addend: 0 });
    }
    let data = &mut cx.program.data[data];
    (data.bytes, data.relocs) = (bytes, relocs);
    true
}
