//! The linear memory of an interpreted program.
//!
//! ```text
//! 0         4096            12288
//! | never   | the host's    | static data, by name | shadow stack | heap ->
//! ```
//!
//! Data begins where Go's own linker puts it, behind what `wasm_exec.js` fills with arguments. The lowest 4096 bytes
//! are valid in wasm, but no correct program gets there: touching them ends the run, so that a lost nil check shows.

use crate::program::{DataId, FuncId, Layout, Program, Reloc};
use base::EntityId;

/// Where static data begins.
pub const DATA_START: u32 = 12288;
/// The end of what nothing may touch.
const NULL_END: u64 = 4096;
/// What zero-sized allocations share.
const ZERO_SIZED: u32 = DATA_START - 8;

pub struct Memory {
    bytes: Vec<u8>,
    limit: u32,
    /// The address of each datum.
    data: Vec<u32>,
    /// The shadow stack grows downwards, from the top to the bottom.
    pub(crate) stack_top: u32,
    pub(crate) stack_bottom: u32,
}

/// An access outside of memory, or in its first page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadAddress(pub u32);

impl Memory {
    /// The program's data with its addresses filled in; none if the limit is too small.
    pub(crate) fn new(program: &Program, stack: u32, limit: u32) -> Option<Memory> {
        let mut data = vec![0; program.data.len()];
        let mut end = DATA_START;
        for id in program.data_by_name() {
            let item = &program.data[id];
            end = end.checked_next_multiple_of(item.align.max(1))?;
            data[id.index()] = end;
            end = end.checked_add(item.size)?;
        }
        let stack_bottom = end.checked_next_multiple_of(16)?;
        let stack_top = stack_bottom.checked_add(stack)?.checked_next_multiple_of(16)?;
        if stack_top > limit {
            return None;
        }
        let mut memory = Memory { bytes: vec![0; stack_top as usize], limit, data, stack_top, stack_bottom };
        for (id, item) in program.data.iter() {
            let base = memory.data[id.index()] as usize;
            memory.bytes[base..base + item.bytes.len()].copy_from_slice(&item.bytes);
            for &reloc in &item.relocs {
                let (at, size) = reloc.place();
                let address = match reloc {
                    Reloc::Data { target, addend, .. } | Reloc::Data32 { target, addend, .. } => {
                        memory.data_address(target).wrapping_add(addend)
                    }
                    Reloc::Func { target, .. } | Reloc::Func32 { target, .. } => code_word(target),
                };
                let bytes = u64::from(address).to_le_bytes();
                let at = base + at as usize;
                memory.bytes[at..at + size as usize].copy_from_slice(&bytes[..size as usize]);
            }
        }
        Some(memory)
    }

    pub fn data_address(&self, data: DataId) -> u32 {
        self.data[data.index()]
    }

    /// Zeroed memory; none when the limit is reached.
    pub fn allocate(&mut self, layout: &Layout, count: u32) -> Option<u32> {
        let size = u64::from(layout.size) * u64::from(count);
        if size == 0 {
            return Some(ZERO_SIZED);
        }
        let start = (self.bytes.len() as u64).next_multiple_of(u64::from(layout.align.max(8)));
        let end = start + size;
        if end > u64::from(self.limit) {
            return None;
        }
        self.bytes.resize(end as usize, 0);
        Some(start as u32)
    }

    pub fn read(&self, address: u32, len: u32) -> Result<&[u8], BadAddress> {
        let range = self.range(address, 0, len)?;
        Ok(&self.bytes[range])
    }

    pub fn write(&mut self, address: u32, len: u32) -> Result<&mut [u8], BadAddress> {
        let range = self.range(address, 0, len)?;
        Ok(&mut self.bytes[range])
    }

    /// A little-endian number of up to eight bytes; as in wasm the offset does not wrap around.
    pub(crate) fn load(&self, address: u32, offset: u32, len: u32) -> Result<u64, BadAddress> {
        let range = self.range(address, offset, len)?;
        let mut bytes = [0; 8];
        bytes[..len as usize].copy_from_slice(&self.bytes[range]);
        Ok(u64::from_le_bytes(bytes))
    }

    pub(crate) fn store(&mut self, address: u32, offset: u32, len: u32, value: u64) -> Result<(), BadAddress> {
        let range = self.range(address, offset, len)?;
        self.bytes[range].copy_from_slice(&value.to_le_bytes()[..len as usize]);
        Ok(())
    }

    pub(crate) fn copy(&mut self, to: u32, from: u32, len: u32) -> Result<(), BadAddress> {
        let (to, from) = (self.range(to, 0, len)?, self.range(from, 0, len)?);
        self.bytes.copy_within(from, to.start);
        Ok(())
    }

    fn range(&self, address: u32, offset: u32, len: u32) -> Result<std::ops::Range<usize>, BadAddress> {
        let start = u64::from(address) + u64::from(offset);
        let end = start + u64::from(len);
        // `memory.copy` of no bytes may start anywhere in memory.
        let is_null = start < NULL_END && len > 0;
        if is_null || end > self.bytes.len() as u64 {
            return Err(BadAddress(address));
        }
        Ok(start as usize..end as usize)
    }
}

/// What stands for a function in memory: one more than its id, because 0 is no function.
pub fn code_word(func: FuncId) -> u32 {
    func.index() as u32 + 1
}

/// The function of a code word.
pub(crate) fn function_of(program: &Program, word: u32) -> Option<FuncId> {
    let index = word.checked_sub(1)? as usize;
    (index < program.funcs.len()).then(|| FuncId::from_index(index))
}
