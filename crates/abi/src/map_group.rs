//! Groups of maps: eight slots and their control bytes, as `internal/runtime/maps` wants them.
//!
//! ```text
//! struct { ctrl uint64; slots [8]struct { key K; elem E } }        or, with split groups,
//! struct { ctrl uint64; keys [8]K; elems [8]E }
//! ```
//!
//! Keys and elements that are large stand there as pointers.

use crate::canon::{CanonId, CanonType, Field, Types};
use crate::structs::Constants;
use base::Symbol;
use types::{BasicKind, Checker};

/// What a map's descriptor says of its groups.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MapGroup {
    pub ty: CanonId,
    pub size: u64,
    pub slot_size: u64,
    /// Of the element in its slot; nothing if groups are split.
    pub elem_off: u64,
    pub keys_off: u64,
    pub key_stride: u64,
    pub elems_off: u64,
    pub elem_stride: u64,
    pub flags: u64,
}

impl Types {
    pub(crate) fn map_group(
        &mut self,
        checker: &mut Checker<'_>,
        constants: &Constants,
        key: CanonId,
        elem: CanonId,
    ) -> MapGroup {
        let mut flags = 0;
        let mut add = |condition, flag| flags |= if condition { flag } else { 0 };
        add(self.needs_key_update(checker, key), constants.need_key_update);
        add(self.hash_might_panic(checker, key), constants.hash_might_panic);
        let is_key_indirect = self.layout(checker, key).size > constants.max_key_bytes;
        let is_elem_indirect = self.layout(checker, elem).size > constants.max_elem_bytes;
        add(is_key_indirect, constants.indirect_key);
        add(is_elem_indirect, constants.indirect_elem);

        let key = if is_key_indirect { self.pointer_to(key) } else { key };
        let elem = if is_elem_indirect { self.pointer_to(elem) } else { elem };
        let slots = constants.group_slots;
        let ctrl = Types::basic(BasicKind::Uint64);
        if constants.split_groups {
            let (keys, elems) = (self.array_of(slots, key), self.array_of(slots, elem));
            let ty = self.plain_struct(&[("ctrl", ctrl), ("keys", keys), ("elems", elems)]);
            let offsets = self.field_offsets(checker, ty);
            let (keys_off, elems_off) = (offsets[1], offsets[2]);
            let (key_stride, elem_stride) = (self.layout(checker, key).size, self.layout(checker, elem).size);
            let size = self.layout(checker, ty).size;
            let (slot_size, elem_off) = (0, 0);
            return MapGroup { ty, size, slot_size, elem_off, keys_off, key_stride, elems_off, elem_stride, flags };
        }
        let slot = self.plain_struct(&[("key", key), ("elem", elem)]);
        let slot_array = self.array_of(slots, slot);
        let ty = self.plain_struct(&[("ctrl", ctrl), ("slots", slot_array)]);
        let keys_off = self.field_offsets(checker, ty)[1];
        let elem_off = self.field_offsets(checker, slot)[1];
        let slot_size = self.layout(checker, slot).size;
        MapGroup {
            ty,
            size: self.layout(checker, ty).size,
            slot_size,
            elem_off,
            keys_off,
            key_stride: slot_size,
            elems_off: keys_off + elem_off,
            elem_stride: slot_size,
            flags,
        }
    }

    fn plain_struct(&mut self, fields: &[(&str, CanonId)]) -> CanonId {
        let tag = base::sym::EMPTY;
        let field = |&(name, ty)| Field { name: Symbol::intern(name), pkg: None, ty, embedded: false, tag };
        let fields: Vec<Field> = fields.iter().map(field).collect();
        self.struct_of(&fields)
    }

    /// Whether equal keys may differ, so that an assignment to a key that is there replaces it: +0 and -0, and strings
    /// and interfaces that keep different memory alive.
    fn needs_key_update(&mut self, checker: &mut Checker<'_>, key: CanonId) -> bool {
        self.any_component(checker, key, &|ty| match ty {
            CanonType::Basic(kind) => kind.is_float() || kind.is_complex() || kind.is_string(),
            CanonType::Interface(_) => true,
            _ => false,
        })
    }

    fn hash_might_panic(&mut self, checker: &mut Checker<'_>, key: CanonId) -> bool {
        self.any_component(checker, key, &|ty| matches!(ty, CanonType::Interface(_)))
    }

    /// Whether something that a value consists of is as `test` says.
    fn any_component(&mut self, checker: &mut Checker<'_>, ty: CanonId, test: &dyn Fn(CanonType) -> bool) -> bool {
        match self.shape(checker, ty) {
            CanonType::Array { elem, .. } => self.any_component(checker, elem, test),
            CanonType::Struct(fields) => (0..self.fields(fields).len()).any(|index| {
                let field = self.fields(fields)[index].ty;
                self.any_component(checker, field, test)
            }),
            other => test(other),
        }
    }
}
