//! Entities are `u32` newtypes; what they stand for lives in dense tables, and facts about them in side tables
//! (the shape of Cranelift's `entity` crate).
//!
//! Id 0 is a valid first element; an optional id is `Option<Id>`, which costs nothing because the stored value is
//! `index + 1` in a `NonZeroU32`.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A dense `u32` index with a type of its own.
pub trait EntityId: Copy + Eq + std::hash::Hash + Ord {
    fn from_index(index: usize) -> Self;
    fn index(self) -> usize;
}

/// Declares an entity id: `entity_id!(/// doc
/// pub struct BlockId, "block");` prints as `block3`.
#[macro_export]
macro_rules! entity_id {
    ($(#[$meta:meta])* $vis:vis struct $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis struct $name(std::num::NonZeroU32);

        impl $name {
            /// For ids that are known when the compiler is built.
            #[allow(dead_code)] // most id types have none
            pub const fn from_const(index: u32) -> Self {
                match std::num::NonZeroU32::new(index + 1) {
                    Some(raw) => $name(raw),
                    None => panic!("index overflow"),
                }
            }
        }

        impl $crate::entity::EntityId for $name {
            #[inline]
            fn from_index(index: usize) -> Self {
                let raw = u32::try_from(index + 1).expect(concat!("too many ", $prefix, " entities"));
                $name(std::num::NonZeroU32::new(raw).expect("index + 1 is never zero"))
            }
            #[inline]
            fn index(self) -> usize {
                self.0.get() as usize - 1
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), $crate::entity::EntityId::index(*self))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(self, f)
            }
        }
    };
}

/// The primary table of an entity: pushing makes the id.
#[derive(Clone)]
pub struct Table<K, V> {
    items: Vec<V>,
    key: PhantomData<fn(K) -> K>,
}

impl<K: EntityId, V> Default for Table<K, V> {
    fn default() -> Self {
        Table { items: Vec::new(), key: PhantomData }
    }
}

impl<K: EntityId, V> Table<K, V> {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn push(&mut self, value: V) -> K {
        let id = K::from_index(self.items.len());
        self.items.push(value);
        id
    }
    /// Makes room for so many more.
    pub fn reserve(&mut self, additional: usize) {
        self.items.reserve(additional);
    }
    /// The id that the next `push` will return.
    pub fn next_id(&self) -> K {
        K::from_index(self.items.len())
    }
    pub fn len(&self) -> usize {
        self.items.len()
    }
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    pub fn get(&self, key: K) -> Option<&V> {
        self.items.get(key.index())
    }
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator + use<K, V> {
        (0..self.items.len()).map(K::from_index)
    }
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &V)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(index, value)| (K::from_index(index), value))
    }
    pub fn values(&self) -> std::slice::Iter<'_, V> {
        self.items.iter()
    }
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, V> {
        self.items.iter_mut()
    }
}

impl<K: EntityId, V> Index<K> for Table<K, V> {
    type Output = V;
    #[inline]
    fn index(&self, key: K) -> &V {
        &self.items[key.index()]
    }
}

impl<K: EntityId, V> IndexMut<K> for Table<K, V> {
    #[inline]
    fn index_mut(&mut self, key: K) -> &mut V {
        &mut self.items[key.index()]
    }
}

impl<K: EntityId, V: std::fmt::Debug> std::fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.items).finish()
    }
}

/// Facts about entities of another table. A key never written reads as the default; writing grows the table.
#[derive(Clone, Debug)]
pub struct SideTable<K, V> {
    items: Vec<V>,
    default: V,
    key: PhantomData<fn(K) -> K>,
}

impl<K: EntityId, V: Clone + Default> Default for SideTable<K, V> {
    fn default() -> Self {
        SideTable { items: Vec::new(), default: V::default(), key: PhantomData }
    }
}

impl<K: EntityId, V: Clone + Default> SideTable<K, V> {
    pub fn new() -> Self {
        Self::default()
    }
    /// A table for `len` entities, allocated at once.
    pub fn with_len(len: usize) -> Self {
        SideTable { items: vec![V::default(); len], default: V::default(), key: PhantomData }
    }
    /// The facts of all entities up to the last that has one, in order.
    pub fn values(&self) -> std::slice::Iter<'_, V> {
        self.items.iter()
    }
}

impl<K: EntityId, V: Clone> Index<K> for SideTable<K, V> {
    type Output = V;
    #[inline]
    fn index(&self, key: K) -> &V {
        self.items.get(key.index()).unwrap_or(&self.default)
    }
}

impl<K: EntityId, V: Clone> IndexMut<K> for SideTable<K, V> {
    #[inline]
    fn index_mut(&mut self, key: K) -> &mut V {
        let index = key.index();
        if index >= self.items.len() {
            self.items.resize(index + 1, self.default.clone());
        }
        &mut self.items[index]
    }
}
