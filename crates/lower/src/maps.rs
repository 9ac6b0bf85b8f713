//! Maps: calls of the runtime, which finds keys and elements by the map type's descriptor.
//!
//! Keys of four or eight bytes that are compared as memory, and strings, are passed as they are, to functions of their
//! own; other keys by address. Which functions a map is used through makes no difference to it.

use crate::func::FuncLowerer;
use crate::value::{Parts, Val};
use abi::sizes::Comparison;
use abi::{CanonId, CanonType};
use ir::{Opcode, Ty, Value};
use types::BasicKind;

/// Elements larger than this are no business of the fast functions, nor is there a zero value to point to for those
/// larger than `MAX_ZERO`.
const MAX_FAST_ELEM: u32 = 128;
const MAX_ZERO: u32 = 1024;

/// A key as the runtime takes it.
enum Key {
    Fast32(Value),
    Fast64(Value),
    /// Eight bytes that are a pointer: stored with a write barrier.
    FastPtr(Value),
    FastStr(Value, Value),
    At(Value),
}

impl FuncLowerer<'_, '_> {
    fn map_types(&mut self, map: CanonId) -> (CanonId, CanonId) {
        match self.shape(map) {
            CanonType::Map { key, elem } => (key, elem),
            other => unreachable!("lower: {other:?} is no map"),
        }
    }

    fn map_key(&mut self, map: CanonId, key: Val) -> Key {
        let (ty, elem) = self.map_types(map);
        if self.cx.size_of(elem) <= MAX_FAST_ELEM {
            let layout = self.cx.type_layout(ty);
            if let (CanonType::Basic(BasicKind::String), Val::Parts(parts)) = (self.shape(ty), &key) {
                return Key::FastStr(parts[0], parts[1]);
            }
            if let (Comparison::Memory, Val::Parts(parts)) = (layout.comparison, &key)
                && let [part] = parts[..]
            {
                match (layout.size, self.builder.func.ty(part)) {
                    (4, Ty::I32) => return Key::Fast32(part),
                    (8, Ty::I64) => return Key::Fast64(part),
                    (8, Ty::Ptr) => return Key::FastPtr(part),
                    _ => {}
                }
            }
        }
        match key {
            Val::InMemory(ptr) => Key::At(ptr),
            Val::Parts(_) => {
                let ptr = self.temporary(ty);
                self.store(ty, ptr, 0, &key);
                Key::At(ptr)
            }
        }
    }

    /// Calls the function of the four that takes such a key; pointers may have one of their own.
    fn call_map(
        &mut self,
        names: [&'static str; 4],
        ptr: Option<&'static str>,
        map: CanonId,
        m: Value,
        key: Val,
    ) -> Parts {
        let key = self.map_key(map, key);
        let ty = self.descriptor_addr(map);
        match key {
            Key::Fast32(key) => self.call_runtime(names[0], &[ty, m, key]),
            Key::Fast64(key) => self.call_runtime(names[1], &[ty, m, key]),
            Key::FastPtr(key) => match ptr {
                Some(name) => self.call_runtime(name, &[ty, m, key]),
                None => {
                    let key = self.emit(Opcode::PtrToInt, &[key], 0, Ty::I64);
                    self.call_runtime(names[1], &[ty, m, key])
                }
            },
            Key::FastStr(bytes, len) => self.call_runtime(names[2], &[ty, m, bytes, len]),
            Key::At(key) => self.call_runtime(names[3], &[ty, m, key]),
        }
    }

    /// `m[k]`: the address of the element, or of a zero value.
    pub fn map_get(&mut self, map: CanonId, m: Value, key: Val) -> Value {
        let (_, elem) = self.map_types(map);
        let size = self.cx.size_of(elem);
        if size > MAX_ZERO {
            let (found, ok) = self.map_get_ok(map, m, key);
            let zeroes = self.cx.zeroes(size);
            let zeroes = self.data_addr(zeroes, 0);
            return self.emit(Opcode::Select, &[ok, found, zeroes], 0, Ty::Ptr);
        }
        let names = ["mapaccess1_fast32", "mapaccess1_fast64", "mapaccess1_faststr", "mapaccess1"];
        self.call_map(names, None, map, m, key)[0]
    }

    /// As `map_get`, and whether the key is there.
    pub fn map_get_ok(&mut self, map: CanonId, m: Value, key: Val) -> (Value, Value) {
        let names = ["mapaccess2_fast32", "mapaccess2_fast64", "mapaccess2_faststr", "mapaccess2"];
        let results = self.call_map(names, None, map, m, key);
        let (found, ok) = (results[0], results[1]);
        let (_, elem) = self.map_types(map);
        let size = self.cx.size_of(elem);
        if size <= MAX_ZERO {
            return (found, ok);
        }
        let zeroes = self.cx.zeroes(size);
        let zeroes = self.data_addr(zeroes, 0);
        (self.emit(Opcode::Select, &[ok, found, zeroes], 0, Ty::Ptr), ok)
    }

    /// The address of the element to assign to; panics if the map is nil.
    pub fn map_assign(&mut self, map: CanonId, m: Value, key: Val) -> Value {
        let names = ["mapassign_fast32", "mapassign_fast64", "mapassign_faststr", "mapassign"];
        self.call_map(names, Some("mapassign_fast64ptr"), map, m, key)[0]
    }

    pub fn map_delete(&mut self, map: CanonId, m: Value, key: Val) {
        let names = ["mapdelete_fast32", "mapdelete_fast64", "mapdelete_faststr", "mapdelete"];
        self.call_map(names, None, map, m, key);
    }

    pub fn map_clear(&mut self, map: CanonId, m: Value) {
        let ty = self.descriptor_addr(map);
        self.call_runtime("mapclear", &[ty, m]);
    }

    /// `make(map[K]V, hint)`
    pub fn make_map(&mut self, map: CanonId, hint: Option<Value>) -> Value {
        /// As many slots as a group has.
        const SMALL: i64 = 8;
        match hint {
            Some(hint) if self.stated_int(hint).is_none_or(|hint| hint > SMALL) => {
                let ty = self.descriptor_addr(map);
                let null = self.null();
                self.call_runtime("makemap", &[ty, hint, null])[0]
            }
            _ => self.call_runtime("makemap_small", &[])[0],
        }
    }

    /// `len(m)`: the number of entries is the map's first word.
    pub fn map_len(&mut self, m: Value) -> Value {
        let (found, done) = (self.new_block(), self.new_block());
        let len = self.variable(Ty::I64);
        let zero = self.const_i64(0);
        self.write(len, zero);
        let is_nil = self.op_is_null(m);
        self.branch(is_nil, done, found);
        self.start(found);
        let used = self.emit(Opcode::Load, &[m], 0, Ty::I64);
        self.write(len, used);
        self.jump(done);
        self.start(done);
        self.read(len)
    }
}
