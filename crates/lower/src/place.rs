//! Places: what can be assigned to.

use abi::CanonId;
use ir::Value;
use types::ObjId;

/// Where a value is kept, evaluated: subexpressions have been computed, nothing was read yet.
#[derive(Clone, Debug)]
pub enum Place {
    /// `_`: assigning evaluates only.
    Blank,
    /// Some parts of a local variable that is kept in parts: the whole, a field, a field of a field.
    Local { obj: ObjId, ty: CanonId, first_part: usize },
    Memory { ty: CanonId, ptr: Value, offset: u32 },
    /// `m[k]`, the key evaluated and converted.
    MapElem { map: CanonId, elem: CanonId, m: Value, key: crate::value::Val },
}

impl Place {
    /// The type of what is there; `_` has none.
    pub fn ty(&self) -> Option<CanonId> {
        match self {
            Place::Blank => None,
            Place::Local { ty, .. } | Place::Memory { ty, .. } => Some(*ty),
            Place::MapElem { elem, .. } => Some(*elem),
        }
    }
}
