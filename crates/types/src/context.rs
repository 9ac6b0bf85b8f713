//! Identical instances are one type: maps a generic type or function and its type arguments to the instance.
//!
//! This saves work, and it is what ends the expansion of recursive generic types: `type L[P any] struct { next *L[P] }`
//! finds `L[int]` when it expands `L[int]`.
//!
//! The key is a hash of the structure that identity looks at. It is cheap: a defined type counts as its number, an
//! instance as the hash it was made with (so arguments nested to any depth count fully, in one step), and of a type
//! literal only so many parts are looked at. Types that hash alike are compared.

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

/// How many parts of a type literal its hash looks at.
const HASH_PARTS: u32 = 32;

impl Checker<'_> {
    /// Equal for identical type arguments of the same generic type or function.
    pub(crate) fn instance_hash(&self, orig: TypeId, targs: &[TypeId]) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write_usize(orig.index());
        for &targ in targs {
            self.hash_type(&mut hasher, targ, &mut { HASH_PARTS });
        }
        hasher.finish()
    }

    /// The instance of `orig` with arguments identical to `targs`, if there is one.
    pub(crate) fn find_instance(&mut self, hash: u64, orig: TypeId, targs: &[TypeId]) -> Option<TypeId> {
        let mut next = 0;
        while let Some(&entry) = self.context.instances.get(&hash).and_then(|entries| entries.get(next)) {
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

    pub(crate) fn add_instance(&mut self, hash: u64, orig: TypeId, targs: TypeList, instance: TypeId) {
        self.context.instances.entry(hash).or_default().push(Entry { orig, targs, instance });
    }

    fn hash_type(&self, hasher: &mut FxHasher, ty: TypeId, parts: &mut u32) {
        if *parts == 0 {
            return;
        }
        *parts -= 1;
        // An alias that is incomplete now will hash differently later; then one instance may be two types, which is
        // allowed: identity does not depend on this table.
        let Some(ty) = self.unalias_known(ty) else {
            return;
        };
        // A tag per kind of type, then what identity compares.
        match self.ty(ty) {
            Type::Basic(kind) => hasher.write_u32(kind as u32),
            Type::Array { len, elem } => {
                hasher.write_u32(32);
                hasher.write_u64(len as u64);
                self.hash_type(hasher, elem, parts);
            }
            Type::Slice { elem } => {
                hasher.write_u32(33);
                self.hash_type(hasher, elem, parts);
            }
            Type::Struct(id) => {
                hasher.write_u32(34);
                self.hash_objs(hasher, self.structs[id].fields, parts);
            }
            Type::Pointer { elem } => {
                hasher.write_u32(35);
                self.hash_type(hasher, elem, parts);
            }
            Type::Tuple(vars) => self.hash_objs(hasher, vars, parts),
            Type::Signature(id) => {
                hasher.write_u32(36);
                let sig = &self.signatures[id];
                self.hash_objs(hasher, sig.params, parts);
                self.hash_objs(hasher, sig.results, parts);
            }
            // What an interface consists of may be written in many ways, and not be known yet.
            Type::Union(_) | Type::Interface(_) => hasher.write_u32(37),
            Type::Map { key, elem } => {
                hasher.write_u32(38);
                self.hash_type(hasher, key, parts);
                self.hash_type(hasher, elem, parts);
            }
            Type::Chan { dir, elem } => {
                hasher.write_u32(39 + dir as u32);
                self.hash_type(hasher, elem, parts);
            }
            Type::Named(named) => match self.named[named].inst {
                Some(inst) => hasher.write_u64(inst.hash),
                None => hasher.write_usize(64 + named.index()),
            },
            Type::TypeParam(tparam) => hasher.write_usize(!tparam.index()),
            Type::Alias(_) => unreachable!("types: hash_type: alias after unalias"),
        }
    }

    fn hash_objs(&self, hasher: &mut FxHasher, objs: ObjList, parts: &mut u32) {
        hasher.write_usize(objs.len());
        for &obj in self.objs(objs) {
            match self.obj(obj).ty {
                Some(ty) if *parts > 0 => self.hash_type(hasher, ty, parts),
                _ => return,
            }
        }
    }
}
