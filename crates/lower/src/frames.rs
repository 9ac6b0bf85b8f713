//! Calls by reflection: between memory frames, which package reflect passes arguments and results in, and scalars, which
//! functions are compiled for. `abi::frames` says what lies where in a frame.
//!
//! ```text
//! reflect.call[func(int64) string](itab, context, frame)         reflect calls code
//!   s, n = call_method itab, context, load frame+0
//!   store frame+8, s; store frame+16, n
//!
//! reflect.makeFuncStub[func(int64) string](context; x)           code calls what reflect has made
//!   frame = new 24 bytes; store frame+0, x
//!   call_closure load context+8, frame
//!   return load frame+8, load frame+16
//! ```
//!
//! Reflect has a code word to call and not always an itab that it is in, so it makes one.

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::{CanonId, CanonType};
use base::EntityId;
use ir::{Opcode, Ty, Value};
use syntax::ast;
use types::{Mode, ObjId};

pub(crate) fn lower_frame_call(mut f: FuncLowerer<'_, '_>, sig: CanonId) {
    let entry = f.enter();
    let &[itab, context, ptr] = &entry[..] else { unreachable!("lower: a frame call has three parameters") };
    let frame = f.cx.types.frame(&mut f.cx.checker, sig);
    let (params, results) = f.cx.signature_types(sig);
    let fields: Vec<(CanonId, u32)> =
        (0..results.len()).map(|index| f.frame_field(frame.ty, frame.first_result + index)).collect();

    let mut args = vec![itab, context];
    for &(ty, offset) in &fields {
        if f.cx.parts_of(ty).is_none() {
            args.push(f.offset_ptr(ptr, offset));
        }
    }
    for index in 0..params.len() {
        let (ty, offset) = f.frame_field(frame.ty, index);
        // What is in memory stays in the frame, which nobody writes to during the call.
        let val = f.load(ty, ptr, offset);
        args.extend_from_slice(val.scalars());
    }
    let sig = f.cx.signature(&[], sig);
    let method = ir::Method { interface: String::new(), name: String::new(), slot: 0, sig };
    let method = f.cx.program.intern_method(method);
    let values = f.emit_call(Opcode::CallMethod, &args, method.index() as u64, sig);
    let mut rest = &values[..];
    for &(ty, offset) in &fields {
        let Some(parts) = f.cx.parts_of(ty) else { continue };
        let (own, others) = rest.split_at(parts.len());
        rest = others;
        f.store(ty, ptr, offset, &Val::of(own));
    }
    f.return_values(&[]);
    f.finish();
}

pub(crate) fn lower_frame_stub(mut f: FuncLowerer<'_, '_>, sig: CanonId) {
    let entry = f.enter();
    let frame = f.cx.types.frame(&mut f.cx.checker, sig);
    let (params, results) = f.cx.signature_types(sig);
    let (result_pointers, mut rest) = entry.split_at(f.cx.result_pointer_count(sig));
    let context = f.emit(Opcode::Context, &[], 0, Ty::Ptr);
    let target = f.emit(Opcode::Load, &[context], u64::from(abi::sizes::WORD as u32), Ty::Ptr);
    // A deferred call may recover in the function that this one stands for.
    let own = f.emit(Opcode::FuncAddr, &[], f.id.index() as u64, Ty::I32);
    let code = f.emit(Opcode::Load, &[target], 0, Ty::I32);
    f.call_runtime("forwardrecover", &[own, code]);

    let ptr = if f.cx.size_of(frame.ty) == 0 { f.null() } else { f.temporary(frame.ty) };
    for index in 0..params.len() {
        let (ty, offset) = f.frame_field(frame.ty, index);
        let val = f.take_params(ty, &mut rest);
        f.store(ty, ptr, offset, &val);
    }
    let target_sig = f.cx.program.sig(&[Ty::Ptr], &[]);
    f.emit_call(Opcode::CallClosure, &[target, ptr], target_sig.index() as u64, target_sig);
    let mut values: Vec<Value> = Vec::new();
    let mut result_pointers = result_pointers.iter();
    for index in 0..results.len() {
        let (ty, offset) = f.frame_field(frame.ty, frame.first_result + index);
        match f.load(ty, ptr, offset) {
            Val::Parts(parts) => values.extend(parts),
            Val::InMemory(from) => {
                let &to = result_pointers.next().expect("lower: results in memory have pointers");
                f.move_value(ty, to, from);
            }
        }
    }
    f.return_values(&values);
    f.finish();
}

impl<'a> FuncLowerer<'_, 'a> {
    /// The runtime calls finalizers with memory frames.
    pub(crate) fn note_finalizer(&mut self, func: ObjId, call: &'a ast::CallExpr<'a>) {
        let object = self.cx.checker.obj(func);
        let (name, pkg) = (object.name, object.pkg);
        let is_runtime = pkg.is_some_and(|pkg| self.cx.checker.packages[pkg].path == "runtime");
        if !is_runtime || name.as_str() != "SetFinalizer" {
            return;
        }
        let finalizer = call.args.get(1).filter(|&&arg| self.recorded(arg).mode != Mode::NilValue);
        let ty = match finalizer {
            Some(arg) => self.type_of(arg),
            None if call.args.len() > 1 => return,
            // Both arguments are results of one call.
            None => return self.cx.descriptors.frame_words.need_all_calls(),
        };
        match self.shape(ty) {
            CanonType::Func { .. } => self.cx.descriptors.frame_words.need_call(ty),
            CanonType::Interface(_) => self.cx.descriptors.frame_words.need_all_calls(),
            _ => {}
        }
    }
}

impl FuncLowerer<'_, '_> {
    fn frame_field(&mut self, frame: CanonId, index: usize) -> (CanonId, u32) {
        let component = self.cx.component(frame, index);
        (component.ty, component.offset)
    }
}
