//! The bytes of a piece of static data while it is being written, and what they refer to.

use crate::structs::Place;
use ir::{Data, DataId, FuncId, Program, Reloc};

pub(crate) struct Image {
    pub bytes: Vec<u8>,
    pub relocs: Vec<Reloc>,
}

impl Image {
    pub fn new(size: u32) -> Image {
        Image { bytes: vec![0; size as usize], relocs: Vec::new() }
    }

    /// A number, in as many bytes as the field has.
    pub fn number(&mut self, place: Place, value: u64) {
        let Place { offset, width } = place;
        let bytes = &value.to_le_bytes()[..width.min(8) as usize];
        assert!(width >= 8 || value >> (8 * width) == 0, "abi: {value} does not fit a field of {width} bytes");
        self.bytes[offset as usize..][..bytes.len()].copy_from_slice(bytes);
    }

    /// An address; the field has four bytes (NameOff, TypeOff) or begins with a pointer.
    pub fn address(&mut self, place: Place, target: DataId) {
        self.address_in(place, target, 0);
    }

    pub fn address_in(&mut self, place: Place, target: DataId, addend: u32) {
        let at = place.offset;
        self.relocs.push(match place.width {
            4 => Reloc::Data32 { at, target, addend },
            _ => Reloc::Data { at, target, addend },
        });
    }

    /// A code word; the field has four bytes (TextOff) or eight.
    pub fn code(&mut self, place: Place, target: FuncId) {
        let at = place.offset;
        self.relocs.push(match place.width {
            4 => Reloc::Func32 { at, target },
            _ => Reloc::Func { at, target },
        });
    }

    /// Becomes the content of data that was declared.
    pub fn fill(self, program: &mut Program, id: DataId) {
        let data = &mut program.data[id];
        data.size = self.bytes.len() as u32;
        (data.bytes, data.relocs, data.read_only) = (self.bytes, self.relocs, true);
    }

    /// Becomes new read-only data.
    pub fn into_data(self, program: &mut Program, name: String, align: u32) -> DataId {
        let id = program.data.push(Data::new(name, 0, align));
        self.fill(program, id);
        id
    }
}
