//! The types of values: wasm's, and pointers, which are `i32` that the collector must know of.

use std::fmt;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Ty {
    I32,
    I64,
    F32,
    F64,
    /// An address of the heap, of static data, of the shadow stack, or null. In memory it takes eight bytes, the upper
    /// four of them zero. Live across a safepoint it points into its object, not before it nor one past its end.
    Ptr,
    V128,
}

impl Ty {
    pub const ALL: [Ty; 6] = [Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::Ptr, Ty::V128];

    /// In bytes of linear memory.
    pub fn size(self) -> u32 {
        match self {
            Ty::I32 | Ty::F32 | Ty::Ptr => 4,
            Ty::I64 | Ty::F64 => 8,
            Ty::V128 => 16,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Ty::I32 => "i32",
            Ty::I64 => "i64",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
            Ty::Ptr => "ptr",
            Ty::V128 => "v128",
        }
    }

    pub fn from_name(name: &str) -> Option<Ty> {
        Ty::ALL.into_iter().find(|ty| ty.name() == name)
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
