//! What generated code calls in the runtime, and what it offers the runtime.
//!
//! All by name. A *runtime function* is ordinary Go that generated code calls where the SSA has an instruction. An
//! *intrinsic* is a function without body whose calls become instructions.

use ir::{PanicKind, Ty};

macro_rules! functions {
    ($(#[$meta:meta])* $enum:ident: $($(#[$doc:meta])* $id:ident $name:literal ($($param:ident),*) -> ($($result:ident),*);)*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum $enum { $($(#[$doc])* $id),* }

        impl $enum {
            pub const ALL: &[$enum] = &[$($enum::$id),*];

            /// Name, parameters and results.
            pub fn info(self) -> (&'static str, &'static [Ty], &'static [Ty]) {
                match self { $($enum::$id => ($name, &[$(Ty::$param),*], &[$(Ty::$result),*])),* }
            }

            pub fn name(self) -> &'static str {
                self.info().0
            }
        }
    };
}

functions! {
    /// What generated code calls.
    RuntimeFunc:
    /// `func mallocgc(size uintptr, typ *abi.Type, needzero bool) unsafe.Pointer`: typ is nil if there are no pointers.
    Mallocgc "runtime.mallocgc" (I64, Ptr, I32) -> (Ptr);
    /// `func newobject(typ *abi.Type) unsafe.Pointer`
    Newobject "runtime.newobject" (Ptr) -> (Ptr);
    PanicIndex "runtime.goPanicIndex" (I64, I64) -> ();
    PanicIndexU "runtime.goPanicIndexU" (I64, I64) -> ();
    PanicSliceAlen "runtime.goPanicSliceAlen" (I64, I64) -> ();
    PanicSliceAlenU "runtime.goPanicSliceAlenU" (I64, I64) -> ();
    PanicSliceAcap "runtime.goPanicSliceAcap" (I64, I64) -> ();
    PanicSliceAcapU "runtime.goPanicSliceAcapU" (I64, I64) -> ();
    PanicSliceB "runtime.goPanicSliceB" (I64, I64) -> ();
    PanicSliceBU "runtime.goPanicSliceBU" (I64, I64) -> ();
    PanicSlice3Alen "runtime.goPanicSlice3Alen" (I64, I64) -> ();
    PanicSlice3AlenU "runtime.goPanicSlice3AlenU" (I64, I64) -> ();
    PanicSlice3Acap "runtime.goPanicSlice3Acap" (I64, I64) -> ();
    PanicSlice3AcapU "runtime.goPanicSlice3AcapU" (I64, I64) -> ();
    PanicSlice3B "runtime.goPanicSlice3B" (I64, I64) -> ();
    PanicSlice3BU "runtime.goPanicSlice3BU" (I64, I64) -> ();
    PanicSlice3C "runtime.goPanicSlice3C" (I64, I64) -> ();
    PanicSlice3CU "runtime.goPanicSlice3CU" (I64, I64) -> ();
    PanicSliceConvert "runtime.goPanicSliceConvert" (I64, I64) -> ();
    Panicmem "runtime.panicmem" () -> ();
    Panicdivide "runtime.panicdivide" () -> ();
    Panicshift "runtime.panicshift" () -> ();
    /// The shadow stack is nearly full. Programs without this function trap.
    StackOverflow "runtime.stackOverflow" () -> ();
    /// Makes the frame of a function that is being suspended: its size, the code word of the resume function, where that
    /// goes on, how many words of four bytes the collector reads, the call site, and the defer frame. Never collects.
    CaptureFrame "runtime.captureFrame" (I32, I32, I32, I32, I32, Ptr) -> (Ptr);
    /// Memory for slots that outlive the wasm frame; zeroed. Never collects.
    PushRecord "runtime.pushRecord" (I64) -> (Ptr);
    PopRecord "runtime.popRecord" (Ptr) -> ();
}

impl RuntimeFunc {
    /// Whether it is called when something is wrong, and does not return.
    pub fn is_report(self) -> bool {
        use RuntimeFunc::*;
        !matches!(self, Mallocgc | Newobject | CaptureFrame | PushRecord | PopRecord)
    }

    /// What a failed check calls; those of bounds take both operands.
    pub fn of_panic(kind: PanicKind) -> RuntimeFunc {
        use RuntimeFunc::*;
        match kind {
            PanicKind::Index => PanicIndex,
            PanicKind::IndexU => PanicIndexU,
            PanicKind::SliceAlen => PanicSliceAlen,
            PanicKind::SliceAlenU => PanicSliceAlenU,
            PanicKind::SliceAcap => PanicSliceAcap,
            PanicKind::SliceAcapU => PanicSliceAcapU,
            PanicKind::SliceB => PanicSliceB,
            PanicKind::SliceBU => PanicSliceBU,
            PanicKind::Slice3Alen => PanicSlice3Alen,
            PanicKind::Slice3AlenU => PanicSlice3AlenU,
            PanicKind::Slice3Acap => PanicSlice3Acap,
            PanicKind::Slice3AcapU => PanicSlice3AcapU,
            PanicKind::Slice3B => PanicSlice3B,
            PanicKind::Slice3BU => PanicSlice3BU,
            PanicKind::Slice3C => PanicSlice3C,
            PanicKind::Slice3CU => PanicSlice3CU,
            PanicKind::Convert => PanicSliceConvert,
            PanicKind::Nil => Panicmem,
            PanicKind::Divide => Panicdivide,
            PanicKind::Shift => Panicshift,
        }
    }
}

functions! {
    /// What the overlay may call without there being a body: package `internal/wasm`. Lowering may know more of its
    /// functions and do without these.
    Intrinsic:
    /// In pages.
    MemorySize "internal/wasm.MemorySize" () -> (I32);
    /// The size before, or -1.
    MemoryGrow "internal/wasm.MemoryGrow" (I32) -> (I32);
    /// Destination, source, bytes: the ranges may overlap.
    Copy "internal/wasm.Copy" (Ptr, Ptr, I64) -> ();
    Fill "internal/wasm.Fill" (Ptr, I32, I64) -> ();
    /// The first byte behind data and stack.
    HeapStart "internal/wasm.HeapStart" () -> (I64);
    /// The root table: see [`layout`](crate::layout).
    Roots "internal/wasm.Roots" () -> (Ptr);
    /// The shadow stack pointer: what lies at and above it belongs to active frames. A function that calls this is
    /// taken to collect, so that the frames of all its callers hold their pointers, and to walk the stack, so that they
    /// say which call they are in.
    StackPointer "internal/wasm.StackPointer" () -> (I64);
    /// The shadow stack grows from the top down to the limit.
    StackTop "internal/wasm.StackTop" () -> (I64);
    StackLimit "internal/wasm.StackLimit" () -> (I64);
    /// The table of functions and call sites, or null: see [`linetable`](crate::linetable).
    LineTable "internal/wasm.LineTable" () -> (Ptr);
    /// The call site that the function was called from, whose frame this is written in; the function must not be
    /// inlined. A number that is no site if nobody knows.
    CallerSite "internal/wasm.CallerSite" () -> (I32);
    /// How many type descriptors may be looked up by their strings, then their addresses, four bytes each.
    TypeLinks "internal/wasm.TypeLinks" () -> (Ptr);
    Itabs "internal/wasm.Itabs" () -> (Ptr);
    /// The code word of the function that this is called in; a number that is no code word if nothing has it.
    Ident "internal/wasm.Ident" () -> (I32);
    /// The code word of a func value, not nil.
    IdentOf "internal/wasm.IdentOf" (Ptr) -> (I32);
    FuncCode "internal/wasm.FuncCode" (Ptr) -> (I32);
    /// Throws the exception that the function with this defer frame catches: a panic was recovered.
    ThrowRecovered "internal/wasm.ThrowRecovered" (Ptr) -> ();
    Trap "internal/wasm.Trap" () -> ();
    /// Facts about the module, filled in before anything else is read: see [`facts`](crate::suspend::facts).
    Goroutines "internal/wasm.Goroutines" () -> (I32);
    CanSuspend "internal/wasm.CanSuspend" () -> (I32);
    /// Raises the flag that the wasm stack is being unwound.
    Suspend "internal/wasm.Suspend" () -> ();
    /// The flag.
    Suspending "internal/wasm.Suspending" () -> (I32);
    EndSuspend "internal/wasm.EndSuspend" () -> ();
    /// Calls a `func()` and reports the flag; the caller is not captured.
    Call "internal/wasm.Call" (Ptr) -> (I32);
    /// Calls the resume function of that code word with a frame; the caller is not captured.
    Resume "internal/wasm.Resume" (I32, Ptr) -> ();
    CallFrame "internal/wasm.CallFrame" (Ptr, Ptr) -> ();
}

impl Intrinsic {
    pub fn from_name(name: &str) -> Option<Intrinsic> {
        Intrinsic::ALL.iter().copied().find(|intrinsic| intrinsic.name() == name)
    }
}
