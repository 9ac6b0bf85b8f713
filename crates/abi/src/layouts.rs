//! What allocation and the collector are told of a type.
//!
//! Allocation needs no more than size, alignment and pointers. What it is given is a *shape*: a type descriptor with
//! only these in it, shared by all types alike, so that making values does not drag in names and methods. Types whose
//! pointers would take too long a mask are described by their own descriptor, from which the runtime makes the mask.

use crate::canon::{CanonId, Types};
use crate::descriptors::Descriptors;
use crate::image::Image;
use crate::pointers::PointerMask;
use crate::sizes::TypeLayout;
use ir::{DataId, Layout, LayoutId, Program};
use std::fmt::Write;
use types::Checker;

/// The longest mask of a shape. What GOROOT's `MaxPtrmaskBytes` says is for descriptors; shapes have no other way, so
/// they are generous (Go 1.26's number).
const MAX_MASK_BYTES: usize = 2048;

impl Descriptors {
    /// The layout of a type; equal layouts have equal ids. Of a type that is larger than memory, the size is what no
    /// allocation can serve.
    pub fn ir_layout(
        &mut self,
        types: &mut Types,
        checker: &mut Checker<'_>,
        program: &mut Program,
        ty: CanonId,
    ) -> LayoutId {
        if let Some(known) = self.layout_of_type[ty] {
            return known;
        }
        let TypeLayout { size, align, pointer_bytes, .. } = types.layout(checker, ty);
        let layout = match u32::try_from(size) {
            Err(_) => Layout { size: u32::MAX, align, pointers: Vec::new(), descriptor: None },
            Ok(size) if pointer_bytes == 0 => Layout { size, align, pointers: Vec::new(), descriptor: None },
            Ok(size) => {
                let mask = types.pointer_mask(checker, ty);
                let descriptor = self.shape_of(types, checker, program, ty, &mask);
                Layout { size, align, pointers: mask.bits().to_vec(), descriptor: Some(descriptor) }
            }
        };
        let id = *self.layouts.entry(layout).or_insert_with_key(|layout| program.layouts.push(layout.clone()));
        self.layout_of_type[ty] = Some(id);
        id
    }

    /// A descriptor that is good for allocating values of the type; also of types without pointers.
    pub fn shape(
        &mut self,
        types: &mut Types,
        checker: &mut Checker<'_>,
        program: &mut Program,
        ty: CanonId,
    ) -> DataId {
        let mask = types.pointer_mask(checker, ty);
        self.shape_of(types, checker, program, ty, &mask)
    }

    fn shape_of(
        &mut self,
        types: &mut Types,
        checker: &mut Checker<'_>,
        program: &mut Program,
        ty: CanonId,
        mask: &PointerMask,
    ) -> DataId {
        let bytes = mask.bytes();
        if bytes.len() > MAX_MASK_BYTES {
            return self.descriptor(types, checker, program, ty);
        }
        let TypeLayout { size, align, pointer_bytes, .. } = types.layout(checker, ty);
        let name = format!("type:.shape.{size}.{align}.{}", hex(&bytes));
        if let Some(&known) = self.shapes.get(&name) {
            return known;
        }
        let mut image = Image::new(self.structs.ty.size);
        let places = self.structs.ty;
        image.number(places.size_, size);
        image.number(places.ptr_bytes, pointer_bytes);
        image.number(places.align, align.into());
        image.number(places.field_align, align.into());
        if !mask.is_empty() {
            image.address(places.gc_data, self.mask_data(program, mask));
        }
        let id = image.into_data(program, name.clone(), 8);
        self.shapes.insert(name, id);
        id
    }

    /// The data of a pointer mask.
    pub(crate) fn mask_data(&mut self, program: &mut Program, mask: &PointerMask) -> DataId {
        if let Some(&known) = self.masks.get(mask) {
            return known;
        }
        let bytes = mask.bytes();
        let name = format!("runtime.gcbits.{}", hex(&bytes));
        let id = Image { bytes, relocs: Vec::new() }.into_data(program, name, 8);
        self.masks.insert(mask.clone(), id);
        id
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a String takes all");
        out
    })
}
