//! All instructions, declared once.
//!
//! Each line gives an opcode's name, operands, result, immediate and effects; printer, parser, verifier, interpreter
//! and the passes read the table. Operand kinds: a type; `int` is i32 or i64 and `float` f32 or f64, the same for all
//! operands and for a result called `same`; `any` is any type; `...` any number of values.
//!
//! **Checks.** `nil_check`, `bounds` and their like end in a Go panic when they fail and otherwise yield nothing. They
//! are instructions, not branches, so that a function's graph is that of its source; code generation turns each into a
//! compare and a jump to a cold call.
//!
//! **Pointers.** `ptr_add` keeps its operand's object. `ptr_to_int` and `int_to_ptr` do not move across safepoints.

use crate::ty::Ty;
use std::fmt;

/// What an instruction may do besides making its results.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effects(u16);

impl Effects {
    pub const NONE: Effects = Effects(0);
    /// Reads memory that Go can write.
    pub const READ: Effects = Effects(1);
    pub const WRITE: Effects = Effects(2);
    /// May end in a Go panic.
    pub const PANIC: Effects = Effects(4);
    /// May allocate, hence collect: a safepoint.
    pub const ALLOC: Effects = Effects(8);
    /// May park the goroutine (if its target may).
    pub const SUSPEND: Effects = Effects(16);
    /// The wasm instruction traps for some operands, so it stays behind the check that excludes them.
    pub const TRAP: Effects = Effects(32);
    /// Ordered with everything: pairs of uintptr conversions, keep-alives.
    pub const PINNED: Effects = Effects(64);
    /// Whatever a call may do.
    pub const CALL: Effects = Effects(1 | 2 | 4 | 8 | 16);

    pub const fn union(self, other: Effects) -> Effects {
        Effects(self.0 | other.0)
    }
    pub const fn contains(self, other: Effects) -> bool {
        self.0 & other.0 == other.0
    }
    pub const fn intersects(self, other: Effects) -> bool {
        self.0 & other.0 != 0
    }
    /// May be removed when its results are unused.
    pub const fn is_removable(self) -> bool {
        self.0 & !(Effects::READ.0 | Effects::TRAP.0) == 0
    }
    /// Equal operands give equal results, anywhere they are available.
    pub const fn is_pure(self) -> bool {
        self.0 == 0
    }
}

/// What an operand may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    Is(Ty),
    /// i32 or i64; all `Int` operands of an instruction agree.
    Int,
    /// f32 or f64; all agree.
    Float,
    /// i32, i64 or ptr; all agree.
    Word,
    /// Any type; all agree.
    Any,
}

/// What an instruction yields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Yields {
    Nothing,
    Is(Ty),
    /// The type of the first operand that is not fixed.
    Same,
    /// The type is part of the instruction (loads of either width, constants).
    Stated,
    /// As the signature says (calls).
    Results,
}

/// What the immediate means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Immediate {
    None,
    /// A number in the low bits.
    Int,
    /// A float's bits.
    Float,
    /// A byte offset, added to the address operand.
    Offset,
    Func,
    Data,
    Slot,
    Layout,
    Sig,
    /// What a failed check says: see `PanicKind`.
    Panic,
    /// Which method of an interface: a `MethodId`.
    Method,
}

pub struct OpcodeInfo {
    pub name: &'static str,
    pub operands: &'static [Operand],
    /// Further operands of any type may follow.
    pub variadic: bool,
    pub yields: Yields,
    pub immediate: Immediate,
    pub effects: Effects,
}

macro_rules! operand {
    (i32) => {
        Operand::Is(Ty::I32)
    };
    (i64) => {
        Operand::Is(Ty::I64)
    };
    (f32) => {
        Operand::Is(Ty::F32)
    };
    (f64) => {
        Operand::Is(Ty::F64)
    };
    (ptr) => {
        Operand::Is(Ty::Ptr)
    };
    (v128) => {
        Operand::Is(Ty::V128)
    };
    (int) => {
        Operand::Int
    };
    (float) => {
        Operand::Float
    };
    (word) => {
        Operand::Word
    };
    (any) => {
        Operand::Any
    };
}

macro_rules! yields {
    (none) => {
        Yields::Nothing
    };
    (same) => {
        Yields::Same
    };
    (stated) => {
        Yields::Stated
    };
    (results) => {
        Yields::Results
    };
    (i32) => {
        Yields::Is(Ty::I32)
    };
    (i64) => {
        Yields::Is(Ty::I64)
    };
    (f32) => {
        Yields::Is(Ty::F32)
    };
    (f64) => {
        Yields::Is(Ty::F64)
    };
    (ptr) => {
        Yields::Is(Ty::Ptr)
    };
    (v128) => {
        Yields::Is(Ty::V128)
    };
}

macro_rules! variadic {
    () => {
        false
    };
    (variadic) => {
        true
    };
}

macro_rules! opcodes {
    ($($(#[$meta:meta])* $op:ident $name:literal ($($operand:ident),*) $($variadic:ident)? -> $yields:ident, $imm:ident, $($effect:ident)|+;)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        pub enum Opcode { $($(#[$meta])* $op),* }

        static INFO: &[OpcodeInfo] = &[$(OpcodeInfo {
            name: $name,
            operands: &[$(operand!($operand)),*],
            variadic: variadic!($($variadic)?),
            yields: yields!($yields),
            immediate: Immediate::$imm,
            effects: Effects::NONE$(.union(Effects::$effect))+,
        }),*];

        impl Opcode {
            pub const ALL: &[Opcode] = &[$(Opcode::$op),*];
        }
    };
}

opcodes! {
    // Constants. The result's type is stated.
    Const "const" () -> stated, Int, NONE;
    FConst "fconst" () -> stated, Float, NONE;
    /// The address of static data, plus an offset: see `InstData::data`.
    DataAddr "data_addr" () -> ptr, Data, NONE;
    /// The code word of a function: its index in the table.
    FuncAddr "func_addr" () -> i32, Func, NONE;
    /// The address of a local that lives in memory.
    SlotAddr "slot_addr" () -> ptr, Slot, NONE;

    // Integers.
    Add "add" (int, int) -> same, None, NONE;
    Sub "sub" (int, int) -> same, None, NONE;
    Mul "mul" (int, int) -> same, None, NONE;
    /// Divisions are guarded: the divisor is not zero, and not -1 under the least dividend.
    DivS "div_s" (int, int) -> same, None, TRAP;
    DivU "div_u" (int, int) -> same, None, TRAP;
    RemS "rem_s" (int, int) -> same, None, TRAP;
    RemU "rem_u" (int, int) -> same, None, TRAP;
    And "and" (int, int) -> same, None, NONE;
    Or "or" (int, int) -> same, None, NONE;
    Xor "xor" (int, int) -> same, None, NONE;
    /// Shift counts are taken modulo the width, as wasm does.
    Shl "shl" (int, int) -> same, None, NONE;
    ShrS "shr_s" (int, int) -> same, None, NONE;
    ShrU "shr_u" (int, int) -> same, None, NONE;
    Rotl "rotl" (int, int) -> same, None, NONE;
    Clz "clz" (int) -> same, None, NONE;
    Ctz "ctz" (int) -> same, None, NONE;
    Popcnt "popcnt" (int) -> same, None, NONE;
    Extend8 "extend8_s" (int) -> same, None, NONE;
    Extend16 "extend16_s" (int) -> same, None, NONE;
    Extend32 "extend32_s" (i64) -> i64, None, NONE;
    Eqz "eqz" (word) -> i32, None, NONE;
    Eq "eq" (word, word) -> i32, None, NONE;
    Ne "ne" (word, word) -> i32, None, NONE;
    LtS "lt_s" (int, int) -> i32, None, NONE;
    LtU "lt_u" (word, word) -> i32, None, NONE;
    LeS "le_s" (int, int) -> i32, None, NONE;
    LeU "le_u" (word, word) -> i32, None, NONE;

    // Floats.
    FAdd "fadd" (float, float) -> same, None, NONE;
    FSub "fsub" (float, float) -> same, None, NONE;
    FMul "fmul" (float, float) -> same, None, NONE;
    FDiv "fdiv" (float, float) -> same, None, NONE;
    FNeg "fneg" (float) -> same, None, NONE;
    FAbs "fabs" (float) -> same, None, NONE;
    FCopysign "fcopysign" (float, float) -> same, None, NONE;
    FSqrt "fsqrt" (float) -> same, None, NONE;
    FCeil "fceil" (float) -> same, None, NONE;
    FFloor "ffloor" (float) -> same, None, NONE;
    FTrunc "ftrunc" (float) -> same, None, NONE;
    FNearest "fnearest" (float) -> same, None, NONE;
    FMin "fmin" (float, float) -> same, None, NONE;
    FMax "fmax" (float, float) -> same, None, NONE;
    FEq "feq" (float, float) -> i32, None, NONE;
    FNe "fne" (float, float) -> i32, None, NONE;
    FLt "flt" (float, float) -> i32, None, NONE;
    FLe "fle" (float, float) -> i32, None, NONE;

    // Conversions; where the result's type is stated, it says the width.
    Wrap "wrap" (i64) -> i32, None, NONE;
    ExtendS "extend_s" (i32) -> i64, None, NONE;
    ExtendU "extend_u" (i32) -> i64, None, NONE;
    TruncSatS "trunc_sat_s" (float) -> stated, None, NONE;
    TruncSatU "trunc_sat_u" (float) -> stated, None, NONE;
    ConvertS "convert_s" (int) -> stated, None, NONE;
    ConvertU "convert_u" (int) -> stated, None, NONE;
    Promote "promote" (f32) -> f64, None, NONE;
    Demote "demote" (f64) -> f32, None, NONE;
    /// Same bits, other type of the same width.
    Bitcast "bitcast" (any) -> stated, None, NONE;
    PtrToInt "ptr_to_int" (ptr) -> i64, None, PINNED;
    IntToPtr "int_to_ptr" (i64) -> ptr, None, PINNED;
    /// `select c, a, b`: a if c is not zero.
    Select "select" (i32, any, any) -> same, None, NONE;

    // Addresses and memory. The offset is not negative and stays in the object.
    PtrAdd "ptr_add" (ptr, i32) -> ptr, None, NONE;
    /// Distance in bytes.
    PtrDiff "ptr_diff" (ptr, ptr) -> i32, None, NONE;
    Load8S "load8_s" (ptr) -> stated, Offset, READ | TRAP;
    Load8U "load8_u" (ptr) -> stated, Offset, READ | TRAP;
    Load16S "load16_s" (ptr) -> stated, Offset, READ | TRAP;
    Load16U "load16_u" (ptr) -> stated, Offset, READ | TRAP;
    Load32S "load32_s" (ptr) -> i64, Offset, READ | TRAP;
    Load32U "load32_u" (ptr) -> i64, Offset, READ | TRAP;
    /// The whole width of the stated type; of a pointer its lower half.
    Load "load" (ptr) -> stated, Offset, READ | TRAP;
    Store8 "store8" (ptr, int) -> none, Offset, WRITE | TRAP;
    Store16 "store16" (ptr, int) -> none, Offset, WRITE | TRAP;
    Store32 "store32" (ptr, i64) -> none, Offset, WRITE | TRAP;
    /// The whole width of a value that is no pointer.
    Store "store" (ptr, any) -> none, Offset, WRITE | TRAP;
    /// A pointer into a slot of eight bytes: apart from `store`, for write barriers to come.
    StorePtr "store_ptr" (ptr, ptr) -> none, Offset, WRITE | TRAP;
    /// `move dst, src, bytes`: regions may overlap.
    Move "move" (ptr, ptr, i32) -> none, None, READ | WRITE | TRAP;
    /// As `move`, of values whose layout has pointers: `count` of them.
    MoveTyped "move_typed" (ptr, ptr, i32) -> none, Layout, READ | WRITE | TRAP;
    /// `zero dst, bytes`
    Zero "zero" (ptr, i32) -> none, None, WRITE | TRAP;

    // Allocation: zeroed memory, never null.
    New "new" () -> ptr, Layout, ALLOC;
    /// `new_array n`: n elements of the layout; n was checked.
    NewArray "new_array" (i32) -> ptr, Layout, ALLOC;

    // Calls. The results are the signature's.
    /// `call f, args`: not an import. If the callee has a context, that is the first argument.
    Call "call" () variadic -> results, Func, CALL;
    /// `call_closure f, args`: a func value, not nil; its first word is the code word, and it is passed as context.
    CallClosure "call_closure" (ptr) variadic -> results, Sig, CALL;
    /// `call_method itab, data, args`: the data word is the receiver. See `Method`.
    CallMethod "call_method" (ptr, ptr) variadic -> results, Method, CALL;
    /// `call_host args`: an import.
    CallHost "call_host" () variadic -> results, Func, CALL;

    // Checks.
    NilCheck "nil_check" (ptr) -> none, None, PANIC;
    /// `bounds i, n`: unsigned i < n. Both were extended as their types say, so that a negative i fails.
    Bounds "bounds" (i64, i64) -> none, Panic, PANIC;
    /// `bounds_le i, n`: unsigned i <= n.
    BoundsLe "bounds_le" (i64, i64) -> none, Panic, PANIC;
    /// The divisor is not zero.
    DivCheck "div_check" (int) -> none, None, PANIC;
    /// The shift count is not negative.
    ShiftCheck "shift_check" (i64) -> none, None, PANIC;

    // The func value that a closure's body was called through, and what keeps an object alive.
    Context "context" () -> ptr, None, NONE;
    KeepAlive "keep_alive" (ptr) -> none, None, PINNED;
}

impl Opcode {
    pub fn info(self) -> &'static OpcodeInfo {
        &INFO[self as usize]
    }
    pub fn name(self) -> &'static str {
        self.info().name
    }
    pub fn effects(self) -> Effects {
        self.info().effects
    }
    pub fn from_name(name: &str) -> Option<Opcode> {
        Opcode::ALL.iter().copied().find(|op| op.name() == name)
    }
    pub fn is_call(self) -> bool {
        matches!(self, Opcode::Call | Opcode::CallClosure | Opcode::CallMethod | Opcode::CallHost)
    }
    pub fn is_commutative(self) -> bool {
        use Opcode::*;
        matches!(self, Add | Mul | And | Or | Xor | Eq | Ne | FAdd | FMul | FEq | FNe | FMin | FMax)
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for &op in Opcode::ALL {
            assert_eq!(Opcode::from_name(op.name()), Some(op));
        }
    }
}
