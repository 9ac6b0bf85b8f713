//! A hash of types: identical types have the same.
//!
//! It looks only a few levels deep, so it costs little and ends on cyclic types; types that differ far below share it.

use crate::checker::Checker;
use crate::store::*;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Levels that are looked at.
const DEPTH: u32 = 4;

impl<'a> Checker<'a> {
    pub(crate) fn type_hash(&mut self, ty: TypeId) -> u64 {
        let mut hasher = FxHasher::default();
        self.hash_type(&mut hasher, ty, DEPTH);
        hasher.finish()
    }

    fn hash_type(&mut self, hasher: &mut FxHasher, ty: TypeId, depth: u32) {
        if depth == 0 {
            return;
        }
        let depth = depth - 1;
        let ty = self.unalias(ty);
        let ty = self.ty(ty);
        std::mem::discriminant(&ty).hash(hasher);
        match ty {
            Type::Basic(kind) => kind.hash(hasher),
            Type::Array { len, elem } => {
                // A length that is unknown because of an error fits any other; here it need not.
                len.hash(hasher);
                self.hash_type(hasher, elem, depth);
            }
            Type::Slice { elem } | Type::Pointer { elem } => self.hash_type(hasher, elem, depth),
            Type::Struct(id) => {
                let StructData { fields, .. } = self.structs[id];
                for &field in self.objs(fields) {
                    self.obj(field).name.hash(hasher);
                }
                self.hash_vars(hasher, fields, depth);
            }
            Type::Tuple(vars) => self.hash_vars(hasher, vars, depth),
            Type::Signature(id) => {
                let sig = self.signatures[id];
                (sig.variadic, sig.tparams.len()).hash(hasher);
                // Type parameters of the signature's own may have any names: they are not looked at.
                let depth = if sig.tparams.is_empty() { depth } else { 0 };
                self.hash_vars(hasher, sig.params, depth);
                self.hash_vars(hasher, sig.results, depth);
            }
            Type::Interface(id) => {
                let tset = self.type_set(id);
                let methods = self.type_sets[tset].methods;
                for &method in self.objs(methods) {
                    self.obj(method).name.hash(hasher);
                }
            }
            Type::Map { key, elem } => {
                self.hash_type(hasher, key, depth);
                self.hash_type(hasher, elem, depth);
            }
            Type::Chan { dir, elem } => {
                (dir as u8).hash(hasher);
                self.hash_type(hasher, elem, depth);
            }
            Type::Named(id) => match self.named[id].inst {
                None => id.hash(hasher),
                Some(Instance { orig, targs }) => {
                    orig.hash(hasher);
                    for index in 0..targs.len() {
                        let targ = self.type_at(targs, index);
                        self.hash_type(hasher, targ, depth);
                    }
                }
            },
            Type::TypeParam(id) => id.hash(hasher),
            Type::Union(_) | Type::Alias(_) => {}
        }
    }

    fn hash_vars(&mut self, hasher: &mut FxHasher, vars: ObjList, depth: u32) {
        vars.len().hash(hasher);
        for index in 0..vars.len() {
            if let Some(ty) = self.obj(self.obj_at(vars, index)).ty {
                self.hash_type(hasher, ty, depth);
            }
        }
    }
}
