//! Functions that are instructions.
//!
//! Some have no body in Go (atomics, `internal/wasm`, `arch` functions of package math), of others wasm has the
//! instruction. Everything runs on one thread: an atomic operation is a plain one.
//!
//! What is not in the tables is called like any other function.

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::EnvId;
use base::EntityId;
use ir::{Opcode, Ty, Value};
use types::ObjId;

/// The widths of `math/bits` functions: in bits, and that of the register.
fn bit_width(name: &str, stem: &str) -> Option<u32> {
    match name.strip_prefix(stem)? {
        "" | "64" => Some(64),
        "32" => Some(32),
        "16" => Some(16),
        "8" => Some(8),
        _ => None,
    }
}

/// Functions of one float64.
fn float_op(name: &str) -> Option<Opcode> {
    Some(match name {
        "Abs" => Opcode::FAbs,
        "Ceil" | "archCeil" => Opcode::FCeil,
        "Floor" | "archFloor" => Opcode::FFloor,
        "Trunc" | "archTrunc" => Opcode::FTrunc,
        "Sqrt" | "sqrt" => Opcode::FSqrt,
        "RoundToEven" => Opcode::FNearest,
        _ => return None,
    })
}

/// What an atomic function does to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Atomic {
    Load,
    Store,
    Swap,
    CompareAndSwap,
    Add,
    And,
    Or,
}

/// `sync/atomic` names say operation and type.
fn atomic_op(name: &str) -> Option<(Atomic, Ty)> {
    const OPS: [(&str, Atomic); 7] = [
        ("Load", Atomic::Load),
        ("Store", Atomic::Store),
        ("Swap", Atomic::Swap),
        ("CompareAndSwap", Atomic::CompareAndSwap),
        ("Add", Atomic::Add),
        ("And", Atomic::And),
        ("Or", Atomic::Or),
    ];
    OPS.iter().find_map(|&(stem, op)| {
        let ty = match name.strip_prefix(stem)? {
            "Int32" | "Uint32" => Ty::I32,
            "Int64" | "Uint64" | "Uintptr" => Ty::I64,
            "Pointer" => Ty::Ptr,
            _ => return None,
        };
        Some((op, ty))
    })
}

impl FuncLowerer<'_, '_> {
    /// Whether the function is replaced by instructions; its results if so.
    pub fn intrinsic(&mut self, func: ObjId, _targs: EnvId, args: &[Val]) -> Option<Vec<Val>> {
        let object = self.cx.checker.obj(func);
        let (name, pkg) = (object.name.as_str(), object.pkg?);
        let scope = self.cx.checker.packages[pkg].scope;
        if object.parent != Some(scope) {
            return None;
        }
        let results = match self.cx.checker.packages[pkg].path.as_str() {
            "math" => self.math(name, args)?,
            "math/bits" => self.bits(name, args)?,
            "internal/runtime/sys" => self.sys(name, args)?,
            "sync/atomic" => {
                let (op, ty) = atomic_op(name)?;
                self.atomic(op, ty, args)
            }
            "internal/runtime/atomic" if name == "StorepNoWB" => self.atomic(Atomic::Store, Ty::Ptr, args),
            "internal/abi" => return self.internal_abi(name, args),
            "runtime" if name == "KeepAlive" => {
                self.emit_effect(Opcode::KeepAlive, &[args[0].parts()[1]], 0);
                None
            }
            "internal/wasm" => return self.internal_wasm(name, args),
            _ => return None,
        };
        Some(results.into_iter().map(Val::one).collect())
    }

    fn math(&mut self, name: &str, args: &[Val]) -> Option<Option<Value>> {
        if let Some(op) = float_op(name) {
            return Some(Some(self.emit(op, &[args[0].single()], 0, Ty::F64)));
        }
        let cast = match name {
            "Float64bits" => Ty::I64,
            "Float64frombits" => Ty::F64,
            "Float32bits" => Ty::I32,
            "Float32frombits" => Ty::F32,
            "Copysign" => return Some(Some(self.op2(Opcode::FCopysign, args[0].single(), args[1].single()))),
            _ => return None,
        };
        Some(Some(self.emit(Opcode::Bitcast, &[args[0].single()], 0, cast)))
    }

    /// Results are ints; narrow operands are extended with zeros.
    fn bits(&mut self, name: &str, args: &[Val]) -> Option<Option<Value>> {
        if let Some(width) = bit_width(name, "LeadingZeros") {
            return Some(Some(self.leading_zeros(width, args[0].single())));
        }
        if let Some(width) = bit_width(name, "Len") {
            let zeros = self.leading_zeros(width, args[0].single());
            let width = self.const_i64(width.into());
            return Some(Some(self.op2(Opcode::Sub, width, zeros)));
        }
        if let Some(width) = bit_width(name, "TrailingZeros") {
            return Some(Some(self.trailing_zeros(width, args[0].single())));
        }
        if bit_width(name, "OnesCount").is_some() {
            return Some(Some(self.counted(Opcode::Popcnt, args[0].single())));
        }
        // Counts are taken modulo the width, negative ones too.
        match bit_width(name, "RotateLeft")? {
            64 => Some(Some(self.op2(Opcode::Rotl, args[0].single(), args[1].single()))),
            32 => {
                let count = self.emit(Opcode::Wrap, &[args[1].single()], 0, Ty::I32);
                Some(Some(self.op2(Opcode::Rotl, args[0].single(), count)))
            }
            _ => None,
        }
    }

    /// A unary counting instruction; its result as an int.
    fn counted(&mut self, op: Opcode, x: Value) -> Value {
        let ty = self.builder.func.ty(x);
        let count = self.emit(op, &[x], 0, ty);
        match ty {
            Ty::I32 => self.emit(Opcode::ExtendU, &[count], 0, Ty::I64),
            _ => count,
        }
    }

    fn leading_zeros(&mut self, width: u32, x: Value) -> Value {
        let count = self.counted(Opcode::Clz, x);
        if width >= 32 {
            return count;
        }
        let excess = self.const_i64(i64::from(32 - width));
        self.op2(Opcode::Sub, count, excess)
    }

    fn trailing_zeros(&mut self, width: u32, x: Value) -> Value {
        if width >= 32 {
            return self.counted(Opcode::Ctz, x);
        }
        let stop = self.const_i32(1 << width);
        let x = self.op2(Opcode::Or, x, stop);
        self.counted(Opcode::Ctz, x)
    }

    fn sys(&mut self, name: &str, args: &[Val]) -> Option<Option<Value>> {
        match name {
            "TrailingZeros32" | "TrailingZeros64" | "TrailingZeros8" | "Len64" | "Len8" | "OnesCount64"
            | "LeadingZeros64" | "LeadingZeros8" => self.bits(name, args),
            "Prefetch" | "PrefetchStreamed" => Some(None),
            // There is no such thing: frames are not in memory, and code has no address.
            "GetCallerPC" | "GetCallerSP" => Some(Some(self.const_i64(0))),
            "GetClosurePtr" => {
                let context = self.emit(Opcode::Context, &[], 0, Ty::Ptr);
                Some(Some(self.emit(Opcode::PtrToInt, &[context], 0, Ty::I64)))
            }
            _ => None,
        }
    }

    fn atomic(&mut self, op: Atomic, ty: Ty, args: &[Val]) -> Option<Value> {
        let ptr = args[0].single();
        self.nil_check(ptr);
        if op == Atomic::Store {
            self.store_word(ty, ptr, args[1].single());
            return None;
        }
        let old = self.emit(Opcode::Load, &[ptr], 0, ty);
        match op {
            Atomic::Load => Some(old),
            Atomic::Swap => {
                self.store_word(ty, ptr, args[1].single());
                Some(old)
            }
            Atomic::CompareAndSwap => {
                // What is there is written again if it is not what was expected.
                let swapped = self.emit(Opcode::Eq, &[old, args[1].single()], 0, Ty::I32);
                let new = self.emit(Opcode::Select, &[swapped, args[2].single(), old], 0, ty);
                self.store_word(ty, ptr, new);
                Some(swapped)
            }
            Atomic::Add => {
                let new = self.op2(Opcode::Add, old, args[1].single());
                self.store_word(ty, ptr, new);
                Some(new)
            }
            Atomic::And | Atomic::Or => {
                let op = if op == Atomic::And { Opcode::And } else { Opcode::Or };
                let new = self.op2(op, old, args[1].single());
                self.store_word(ty, ptr, new);
                Some(old)
            }
            Atomic::Store => unreachable!("lower: atomic: stores were handled"),
        }
    }

    fn store_word(&mut self, ty: Ty, ptr: Value, value: Value) {
        let op = if ty == Ty::Ptr { Opcode::StorePtr } else { Opcode::Store };
        self.emit_effect(op, &[ptr, value], 0);
    }

    fn internal_abi(&mut self, name: &str, args: &[Val]) -> Option<Vec<Val>> {
        match name {
            // The code word of the func value in the interface.
            "FuncPCABI0" | "FuncPCABIInternal" => {
                let code = self.emit(Opcode::Load, &[args[0].parts()[1]], 0, Ty::I32);
                Some(vec![Val::one(self.emit(Opcode::ExtendU, &[code], 0, Ty::I64))])
            }
            // NoEscape stays a call: escape analysis must see it, and takes it away.
            "Escape" | "EscapeToResultNonString" => Some(vec![args[0].clone()]),
            "EscapeNonString" => Some(Vec::new()),
            _ => None,
        }
    }

    fn internal_wasm(&mut self, name: &str, args: &[Val]) -> Option<Vec<Val>> {
        match name {
            "Copy" => {
                let size = self.emit(Opcode::Wrap, &[args[2].single()], 0, Ty::I32);
                self.emit_effect(Opcode::Move, &[args[0].single(), args[1].single(), size], 0);
                Some(Vec::new())
            }
            "Fill" if self.stated_int(args[1].single()) == Some(0) => {
                let size = self.emit(Opcode::Wrap, &[args[2].single()], 0, Ty::I32);
                self.emit_effect(Opcode::Zero, &[args[0].single(), size], 0);
                Some(Vec::new())
            }
            "Ident" => Some(vec![Val::one(self.emit(Opcode::FuncAddr, &[], self.id.index() as u64, Ty::I32))]),
            "IdentOf" | "FuncCode" => {
                let func = args[0].single();
                self.nil_check(func);
                Some(vec![Val::one(self.emit(Opcode::Load, &[func], 0, Ty::I32))])
            }
            "NeedFrameCalls" => {
                self.cx.descriptors.frame_words.need_all_calls();
                Some(Vec::new())
            }
            "NeedFrameStubs" => {
                self.cx.descriptors.frame_words.need_all_stubs();
                Some(Vec::new())
            }
            "Trap" => {
                self.unreachable();
                Some(Vec::new())
            }
            // The others are facts and instructions that only code generation has: calls without body, made by it.
            _ => None,
        }
    }
}
