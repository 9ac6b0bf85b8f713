//! Hash-consed lists: equal lists have equal ids, so what holds a list is `Copy` and compares in one step.

use base::{EntityId, Table};
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

pub(crate) struct Lists<K, T> {
    items: Vec<T>,
    spans: Table<K, (u32, u32)>,
    ids: FxHashMap<u64, SmallVec<[K; 1]>>,
}

impl<K: EntityId, T: Copy + Eq + Hash> Lists<K, T> {
    /// The empty list is the first.
    pub fn new() -> Self {
        let mut lists = Lists { items: Vec::new(), spans: Table::new(), ids: FxHashMap::default() };
        lists.intern(&[]);
        lists
    }

    pub fn intern(&mut self, list: &[T]) -> K {
        let mut hasher = FxHasher::default();
        list.hash(&mut hasher);
        let bucket = self.ids.entry(hasher.finish()).or_default();
        let get = |&(start, len): &(u32, u32)| &self.items[start as usize..(start + len) as usize];
        if let Some(&known) = bucket.iter().find(|&&id| get(&self.spans[id]) == list) {
            return known;
        }
        let start = u32::try_from(self.items.len() + list.len()).expect("abi: too many list elements");
        let id = self.spans.push((start - list.len() as u32, list.len() as u32));
        self.items.extend_from_slice(list);
        bucket.push(id);
        id
    }

    pub fn get(&self, id: K) -> &[T] {
        let (start, len) = self.spans[id];
        &self.items[start as usize..(start + len) as usize]
    }
}
