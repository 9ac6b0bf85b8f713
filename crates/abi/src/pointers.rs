//! Which words of a type's values the collector follows.
//!
//! An interface's first word is not among them: descriptors and itabs are static, or kept alive by who made them. Nor
//! are pointers to what is never in the heap.

use crate::canon::{CanonId, CanonType, Types};
use crate::sizes::WORD;
use types::Checker;

/// Bit i: word i is a pointer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PointerMask {
    bits: Vec<u64>,
}

impl PointerMask {
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }
    /// Words of 64 bits; those that would be zero at the end are missing.
    pub fn bits(&self) -> &[u64] {
        &self.bits
    }
    pub fn contains(&self, word: u64) -> bool {
        self.bits.get((word / 64) as usize).is_some_and(|bits| bits >> (word % 64) & 1 != 0)
    }
    fn insert(&mut self, word: u64) {
        let index = usize::try_from(word / 64).expect("abi: a pointer mask in memory");
        if index >= self.bits.len() {
            self.bits.resize(index + 1, 0);
        }
        self.bits[index] |= 1 << (word % 64);
    }

    /// As descriptors have it: a bit per word up to the last pointer, padded to whole words.
    pub fn bytes(&self) -> Vec<u8> {
        self.bits.iter().flat_map(|bits| bits.to_le_bytes()).collect()
    }

    /// Adds the pointers of `count` values one after the other from `word` on, each `stride` words long.
    fn insert_repeated(&mut self, mask: &PointerMask, word: u64, stride: u64, count: u64) {
        let set: Vec<u64> = (0..mask.bits.len() as u64 * 64).filter(|&word| mask.contains(word)).collect();
        for index in 0..count {
            set.iter().for_each(|at| self.insert(word + index * stride + at));
        }
    }
}

impl Types {
    /// The pointers in a value of the type.
    pub fn pointer_mask(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> PointerMask {
        let mut mask = PointerMask::default();
        self.add_pointers(checker, ty, 0, &mut mask);
        mask
    }

    fn add_pointers(&mut self, checker: &mut Checker<'_>, ty: CanonId, word: u64, mask: &mut PointerMask) {
        if self.layout(checker, ty).pointer_bytes == 0 {
            return;
        }
        let underlying = self.underlying(checker, ty);
        match self[underlying] {
            CanonType::Interface(_) => mask.insert(word + 1),
            CanonType::Array { len, elem } => {
                let elem_mask = self.pointer_mask(checker, elem);
                let stride = self.layout(checker, elem).size / WORD;
                mask.insert_repeated(&elem_mask, word, stride, len);
            }
            CanonType::Struct(fields) => {
                for index in 0..self.fields(fields).len() {
                    let field = self.fields(fields)[index].ty;
                    let offset = self.field_offsets(checker, underlying)[index];
                    // What holds pointers is aligned to words.
                    self.add_pointers(checker, field, word + offset / WORD, mask);
                }
            }
            _ => mask.insert(word),
        }
    }
}
