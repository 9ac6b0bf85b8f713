//! Functions that hash a value in memory, one per plan of `abi::equality`: equal values have equal hashes.

use crate::func::FuncLowerer;
use crate::module::FuncKey;
use abi::equality::{EqualId, Equality};
use ir::{Ty, Value};

const MAX_INLINE: usize = 16;

pub(crate) fn lower_hash(mut f: FuncLowerer<'_, '_>, plan: EqualId) {
    let params = f.enter();
    let hash = f.hash_memory(plan, params[0], 0, params[1], true);
    f.return_values(&[hash]);
    f.finish();
}

impl FuncLowerer<'_, '_> {
    /// The function that hashes values of a comparable type in memory.
    pub fn func_hash(&mut self, ty: abi::CanonId) -> ir::FuncId {
        let plan = self.cx.types.equal(&mut self.cx.checker, ty).expect("lower: func_hash of a comparable type");
        self.cx.func(FuncKey::Hash(plan))
    }

    fn hash_memory(&mut self, plan: EqualId, p: Value, offset: u32, seed: Value, is_top: bool) -> Value {
        let name = match self.cx.types.equality(plan).clone() {
            Equality::Memory(0) => return seed,
            Equality::Memory(4) => "memhash32",
            Equality::Memory(8) => "memhash64",
            Equality::Memory(size) => {
                let p = self.offset_ptr(p, offset);
                let size = self.const_i64(size as i64);
                return self.call_runtime("memhash", &[p, seed, size])[0];
            }
            Equality::String => "strhash",
            Equality::Interface => "interhash",
            Equality::EmptyInterface => "nilinterhash",
            Equality::Float32 => "f32hash",
            Equality::Float64 => "f64hash",
            Equality::Parts(parts) if is_top || parts.len() <= MAX_INLINE => {
                let mut hash = seed;
                for &(at, part) in &parts {
                    hash = self.hash_memory(part, p, offset + at as u32, hash, false);
                }
                return hash;
            }
            Equality::Parts(_) => {
                let func = self.cx.func(FuncKey::Hash(plan));
                let context = self.null();
                let p = self.offset_ptr(p, offset);
                return self.call(func, &[context, p, seed])[0];
            }
            Equality::Array { elem, stride, count } => {
                let p = self.offset_ptr(p, offset);
                let hash = self.variable(Ty::I64);
                self.write(hash, seed);
                self.for_each_element(stride, count, |f, at| {
                    let p = f.emit(ir::Opcode::PtrAdd, &[p, at], 0, Ty::Ptr);
                    let seed = f.read(hash);
                    let value = f.hash_memory(elem, p, 0, seed, false);
                    f.write(hash, value);
                });
                return self.read(hash);
            }
        };
        let p = self.offset_ptr(p, offset);
        self.call_runtime(name, &[p, seed])[0]
    }
}
