//! What descriptors and itabs refer to, for the program's worklist to provide.

use crate::canon::CanonId;
use crate::equality::EqualId;
use crate::methods::MethodId;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Request {
    /// The descriptor of a type: it becomes visible at run time.
    Descriptor(CanonId),
    /// `func(p, q unsafe.Pointer) bool`, in context form.
    Equal(EqualId),
    /// `func(p unsafe.Pointer, seed uintptr) uintptr`, in context form.
    Hash(EqualId),
    /// The code of a method of `receiver`: T or *T.
    Method { receiver: CanonId, method: MethodId, form: CodeForm },
    /// `func(itab, context, frame unsafe.Pointer)`, in context form: calls the itab's first method, whose receiver is
    /// the context, with a memory frame. The type is an [erased](crate::Types::erased_signature) func type.
    FrameCall(CanonId),
    /// A function of an erased func type, in context form, that passes a frame to the `func(frame unsafe.Pointer)` which
    /// its context holds behind the code word.
    FrameStub(CanonId),
}

/// How a method's code is called; both are context forms.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CodeForm {
    /// Through an itab: the context is the receiver's data word (`Ifn`, `ITab.Fun`).
    Interface,
    /// As a function whose first parameter is the receiver; the context says nothing (`Tfn`).
    Direct,
}
