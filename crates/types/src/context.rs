//! Identical instances are one type: maps a generic type or function and its type arguments to the instance.
//!
//! This saves work, and it is what ends the expansion of recursive generic types: `type L[P any] struct { next *L[P] }`
//! finds `L[int]` when it expands `L[int]`.
//!
//! The key is a hash of the structure that identity looks at. It is cheap: a defined type counts as its number, an
//! instance as the hash it was made with (so arguments nested to any depth count fully, in one step), and of a type
//! literal only so many parts are looked at. Types that hash alike are compared.
//!
//! Where an argument is not known yet (an alias that is being declared), the hash is not *exact*: an identical instance
//! made later may hash differently, and be another type. Exact hashes also tell instances apart at once.

use crate::checker::Checker;
use crate::store::*;
use base::EntityId;
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;
use std::hash::Hasher;

#[derive(Default)]
pub struct Context {
    instances: FxHashMap<u64, SmallVec<[Entry; 1]>>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// The generic defined type, alias or signature.
    orig: TypeId,
    targs: TypeList,
    instance: TypeId,
}

/// The hash of a generic type's or function's number and type arguments.
#[derive(Clone, Copy)]
pub(crate) struct InstanceHash {
    bucket: u64,
    is_exact: bool,
}

impl InstanceHash {
    /// Equal for identical instances that have one.
    pub fn exact(self) -> Option<u64> {
        self.is_exact.then_some(self.bucket)
    }
}

/// How many parts of a type literal its hash looks at.
const HASH_PARTS: u32 = 1000;

impl Checker<'_> {
    pub(crate) fn instance_hash(&self, orig: TypeId, targs: &[TypeId]) -> InstanceHash {
        let mut hash = TypeHash { store: &self.store, hasher: FxHasher::default(), parts: 0, is_exact: true };
        hash.hasher.write_usize(orig.index());
        for &targ in targs {
            hash.parts = HASH_PARTS;
            hash.ty(self.unalias_known(targ));
        }
        InstanceHash { bucket: hash.hasher.finish(), is_exact: hash.is_exact }
    }

    /// Equal for identical types.
    pub(crate) fn type_hash(&self, ty: TypeId) -> u64 {
        let mut hash = TypeHash { store: &self.store, hasher: FxHasher::default(), parts: HASH_PARTS, is_exact: true };
        hash.ty(self.unalias_known(ty));
        hash.hasher.finish()
    }

    /// The instance of `orig` with arguments identical to `targs`, if there is one.
    pub(crate) fn find_instance(&mut self, hash: InstanceHash, orig: TypeId, targs: &[TypeId]) -> Option<TypeId> {
        let mut next = 0;
        while let Some(&entry) = self.context.instances.get(&hash.bucket).and_then(|entries| entries.get(next)) {
            if entry.orig == orig
                && entry.targs.len() == targs.len()
                && (0..targs.len()).all(|i| self.identical(self.type_at(entry.targs, i), targs[i]))
            {
                return Some(entry.instance);
            }
            next += 1;
        }
        None
    }

    pub(crate) fn add_instance(&mut self, hash: InstanceHash, orig: TypeId, targs: TypeList, instance: TypeId) {
        self.context.instances.entry(hash.bucket).or_default().push(Entry { orig, targs, instance });
    }
}

struct TypeHash<'s> {
    store: &'s Store,
    hasher: FxHasher,
    /// How many more parts are looked at.
    parts: u32,
    is_exact: bool,
}

impl TypeHash<'_> {
    /// Adds a type, aliases resolved; `None`: not known yet.
    fn ty(&mut self, ty: Option<TypeId>) {
        if self.parts == 0 {
            return;
        }
        self.parts -= 1;
        let Some(ty) = ty else {
            self.is_exact = false;
            return;
        };
        // A tag per kind of type, then what identity compares.
        let store = self.store;
        match store.ty(ty) {
            Type::Basic(kind) => self.hasher.write_u32(kind as u32),
            Type::Array { len, elem } => {
                // An unknown length agrees with any.
                self.is_exact &= len >= 0;
                self.hasher.write_u32(32);
                self.hasher.write_u64(len as u64);
                self.part(elem);
            }
            Type::Slice { elem } => {
                self.hasher.write_u32(33);
                self.part(elem);
            }
            Type::Struct(id) => {
                self.hasher.write_u32(34);
                self.objs(store.structs[id].fields);
            }
            Type::Pointer { elem } => {
                self.hasher.write_u32(35);
                self.part(elem);
            }
            Type::Tuple(vars) => self.objs(vars),
            Type::Signature(id) => {
                self.hasher.write_u32(36);
                self.objs(store.signatures[id].params);
                self.objs(store.signatures[id].results);
            }
            // What an interface consists of may be written in many ways, and not be known yet.
            Type::Union(_) | Type::Interface(_) => self.hasher.write_u32(37),
            Type::Map { key, elem } => {
                self.hasher.write_u32(38);
                self.part(key);
                self.part(elem);
            }
            Type::Chan { dir, elem } => {
                self.hasher.write_u32(39 + dir as u32);
                self.part(elem);
            }
            Type::Named(named) => match store.named[named].inst {
                Some(Instance { hash: Some(hash), .. }) => self.hasher.write_u64(hash),
                Some(inst) => {
                    self.is_exact = false;
                    self.hasher.write_usize(inst.orig.index());
                }
                None => self.hasher.write_usize(64 + named.index()),
            },
            Type::TypeParam(tparam) => self.hasher.write_usize(!tparam.index()),
            Type::Alias(_) => unreachable!("types: TypeHash: aliases are resolved"),
        }
    }

    fn part(&mut self, ty: TypeId) {
        self.ty(self.store.unalias_known(ty));
    }

    fn objs(&mut self, objs: ObjList) {
        self.hasher.write_usize(objs.len());
        for &obj in self.store.objs(objs) {
            if self.parts == 0 {
                return;
            }
            self.ty(self.store.obj(obj).ty.and_then(|ty| self.store.unalias_known(ty)));
        }
    }
}
