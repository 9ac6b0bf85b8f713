//! Interface values: making them, and getting out what is in them.
//!
//! An interface value is a type word and a data word. The type word of an interface without methods is the dynamic
//! type's descriptor, of others an itab, which names the descriptor; nil is null. A value that is shaped like a pointer
//! is its own data word, all others lie in an object that is never written again:
//!
//! ```text
//! any(p)          descriptor(*T), p
//! any(true)       descriptor(bool), &staticuint64s[1]
//! any("text")     descriptor(string), static data
//! any(x)          descriptor(T), new T(x)
//! ```
//!
//! Descriptors of equal types are one, so types are compared by address.

use crate::func::FuncLowerer;
use crate::module::Module;
use crate::value::Val;
use abi::parts::Width;
use abi::sizes::TypeLayout;
use abi::{CanonId, CanonType};
use base::EntityId;
use ir::{Data, DataId, InstData, Opcode, Reloc, Ty, Value};
use smallvec::SmallVec;
use std::fmt::Write;

impl Module<'_> {
    /// Read-only data of this content; equal ones are one.
    pub(crate) fn boxed_data(&mut self, layout: TypeLayout, bytes: Vec<u8>, relocs: Vec<Reloc>) -> DataId {
        let mut name = format!("go:box.{}.", layout.align);
        for byte in &bytes {
            write!(name, "{byte:02x}").expect("a String takes all");
        }
        for reloc in &relocs {
            if let Reloc::Data { at, target, addend } = *reloc {
                write!(name, ".{at}+{}+{addend}", self.program.data[target].name).expect("a String takes all");
            }
        }
        if let Some(&known) = self.boxes.get(&name) {
            return known;
        }
        let data = Data { bytes, relocs, read_only: true, ..Data::new(name.clone(), layout.size as u32, layout.align) };
        let id = self.program.data.push(data);
        self.boxes.insert(name, id);
        id
    }
}

impl FuncLowerer<'_, '_> {
    fn has_methods(&mut self, iface: CanonId) -> bool {
        match self.shape(iface) {
            CanonType::Interface(methods) => !self.cx.types.interface_methods(methods).is_empty(),
            other => unreachable!("lower: {other:?} is no interface"),
        }
    }

    /// The address of a type's descriptor.
    pub fn descriptor_addr(&mut self, ty: CanonId) -> Value {
        let descriptor = self.cx.descriptor(ty);
        self.data_addr(descriptor, 0)
    }

    /// The address of a descriptor that is good for allocating only.
    pub fn shape_addr(&mut self, ty: CanonId) -> Value {
        let cx = &mut *self.cx;
        let shape = cx.descriptors.shape(&mut cx.types, &mut cx.checker, &mut cx.program, ty);
        self.data_addr(shape, 0)
    }

    fn itab(&mut self, ty: CanonId, iface: CanonId) -> DataId {
        let cx = &mut *self.cx;
        let itab = cx.descriptors.itab(&mut cx.types, &mut cx.checker, &mut cx.program, ty, iface);
        itab.expect("lower: itab: the checker saw that the type implements the interface")
    }

    /// A value as the interface type `to`.
    pub fn to_interface(&mut self, val: Val, from: CanonId, to: CanonId) -> Val {
        if self.is_interface(from) {
            return self.change_interface(val, from, to);
        }
        let data = self.data_word(from, val);
        let word = if self.has_methods(to) {
            let itab = self.itab(from, to);
            self.data_addr(itab, 0)
        } else {
            self.descriptor_addr(from)
        };
        Val::of(&[word, data])
    }

    fn change_interface(&mut self, val: Val, from: CanonId, to: CanonId) -> Val {
        // Types that only share their structure have itabs of their own, and itabs are compared.
        if from == to {
            return val;
        }
        let data = val.parts()[1];
        let ty = self.dynamic_type(from, &val);
        if !self.has_methods(to) {
            return Val::of(&[ty, data]);
        }
        // The itab for the other interface; nil stays nil.
        let (find, done) = (self.new_block(), self.new_block());
        let word = self.variable(Ty::Ptr);
        let null = self.null();
        self.write(word, null);
        let is_nil = self.op_is_null(ty);
        self.branch(is_nil, done, find);
        self.start(find);
        let inter = self.descriptor_addr(to);
        let itab = self.call_runtime("assertE2I", &[inter, ty])[0];
        self.write(word, itab);
        self.jump(done);
        self.start(done);
        let word = self.read(word);
        Val::of(&[word, data])
    }

    /// The data word that stands for a value of a concrete type.
    fn data_word(&mut self, ty: CanonId, val: Val) -> Value {
        let layout = self.cx.type_layout(ty);
        if layout.is_zero_size() {
            let zeroes = self.cx.zeroes(8);
            return self.data_addr(zeroes, 0);
        }
        if layout.is_direct_interface()
            && let Val::Parts(parts) = &val
            && let [ptr] = parts[..]
        {
            return ptr;
        }
        if let Some(data) = self.static_box(ty, &val) {
            return self.data_addr(data, 0);
        }
        if layout.size == 1 {
            return self.static_byte(val.single());
        }
        if let Some(int) = self.int_type(ty)
            && let Val::Parts(parts) = &val
        {
            return self.boxed_int(ty, int.ty(), parts[0]);
        }
        let ptr = self.new_object(ty);
        self.store(ty, ptr, 0, &val);
        ptr
    }

    /// Small numbers are in the table of single bytes, as words.
    fn boxed_int(&mut self, ty: CanonId, scalar: Ty, value: Value) -> Value {
        let limit = self.emit(Opcode::Const, &[], 0x100, scalar);
        let is_small = self.op2(Opcode::LtU, value, limit);
        let [small, large, done] = [(); 3].map(|()| self.new_block());
        let word = self.variable(Ty::Ptr);
        self.branch(is_small, small, large);
        self.start(small);
        let byte = if scalar == Ty::I64 { self.emit(Opcode::Wrap, &[value], 0, Ty::I32) } else { value };
        let shared = self.static_byte(byte);
        self.write(word, shared);
        self.jump(done);
        self.start(large);
        let own = self.new_object(ty);
        self.store(ty, own, 0, &Val::one(value));
        self.write(word, own);
        self.jump(done);
        self.start(done);
        self.read(word)
    }

    /// Single bytes are shared: the table has a word for each.
    fn static_byte(&mut self, byte: Value) -> Value {
        let table = crate::declare::runtime_object(self.cx, "staticuint64s");
        let table = self.cx.global(table);
        let table = self.data_addr(table, 0);
        let (mask, three) = (self.const_i32(0xff), self.const_i32(3));
        let index = self.op2(Opcode::And, byte, mask);
        let offset = self.op2(Opcode::Shl, index, three);
        self.emit(Opcode::PtrAdd, &[table, offset], 0, Ty::Ptr)
    }

    /// Constants need no allocation: read-only data with the value.
    fn static_box(&mut self, ty: CanonId, val: &Val) -> Option<DataId> {
        let Val::Parts(values) = val else { return None };
        let parts = self.cx.parts_of(ty)?;
        let layout = self.cx.type_layout(ty);
        let mut bytes = vec![0u8; layout.size as usize];
        let mut relocs = Vec::new();
        for (part, &value) in parts.iter().zip(values) {
            let (op, imm) = self.defining(value)?;
            let at = part.offset as usize;
            let width = match (part.width, part.ty) {
                (Width::S8 | Width::U8, _) => 1,
                (Width::S16 | Width::U16, _) => 2,
                (Width::Full, Ty::I32 | Ty::F32) => 4,
                (Width::Full, _) => 8,
            };
            match op {
                Opcode::Const | Opcode::FConst => bytes[at..at + width].copy_from_slice(&imm.to_le_bytes()[..width]),
                Opcode::DataAddr => {
                    let target = DataId::from_index(imm as u32 as usize);
                    relocs.push(Reloc::Data { at: part.offset, target, addend: (imm >> 32) as u32 });
                }
                _ => return None,
            }
        }
        Some(self.cx.boxed_data(layout, bytes, relocs))
    }

    /// Opcode and immediate of the instruction that makes a value, if that has no operands.
    fn defining(&self, value: Value) -> Option<(Opcode, u64)> {
        let func = &self.builder.func;
        match func.values[func.resolve(value)].def {
            ir::ValueDef::Result(inst, _) => {
                let InstData { op, imm, .. } = func.insts[inst];
                matches!(op, Opcode::Const | Opcode::FConst | Opcode::DataAddr).then_some((op, imm))
            }
            _ => None,
        }
    }

    /// The number that an integer instruction states, if it is a constant.
    pub fn stated_int(&self, value: Value) -> Option<i64> {
        match self.defining(value)? {
            (Opcode::Const, imm) => Some(imm as i64),
            _ => None,
        }
    }

    /// The data word as a value of the concrete type.
    pub fn from_data_word(&mut self, data: Value, ty: CanonId) -> Val {
        let layout = self.cx.type_layout(ty);
        if layout.is_direct_interface() && self.cx.parts_of(ty).is_some_and(|parts| parts.len() == 1) {
            return Val::one(data);
        }
        self.load(ty, data, 0)
    }

    /// The dynamic type of an interface value (null if nil).
    pub fn dynamic_type(&mut self, iface: CanonId, val: &Val) -> Value {
        let word = val.parts()[0];
        if !self.has_methods(iface) {
            return word;
        }
        let (found, done) = (self.new_block(), self.new_block());
        let ty = self.variable(Ty::Ptr);
        self.write(ty, word);
        let is_nil = self.op_is_null(word);
        self.branch(is_nil, done, found);
        self.start(found);
        let offset = self.cx.descriptors.structs().itab.ty.offset;
        let loaded = self.emit(Opcode::Load, &[word], offset.into(), Ty::Ptr);
        self.write(ty, loaded);
        self.jump(done);
        self.start(done);
        self.read(ty)
    }

    pub fn op_is_null(&mut self, ptr: Value) -> Value {
        self.emit(Opcode::Eqz, &[ptr], 0, Ty::I32)
    }

    /// `x.(T)`; with `comma_ok`, also whether it holds, and the zero value if not.
    pub fn type_assert(&mut self, val: Val, from: CanonId, to: CanonId, comma_ok: bool) -> (Val, Option<Value>) {
        let dynamic = self.dynamic_type(from, &val);
        if self.is_interface(to) {
            return self.assert_interface(&val, dynamic, to, comma_ok);
        }
        let want = self.descriptor_addr(to);
        let holds = self.emit(Opcode::Eq, &[dynamic, want], 0, Ty::I32);
        let (matched, failed) = (self.new_block(), self.new_block());
        self.branch_likely(holds, matched, failed, if comma_ok { None } else { Some(true) });
        if !comma_ok {
            self.start(failed);
            let iface = self.descriptor_addr(from);
            let (name, have) = match self.has_methods(from) {
                true => ("panicdottypeI", val.parts()[0]),
                false => ("panicdottypeE", dynamic),
            };
            self.call_runtime(name, &[have, want, iface]);
            if self.is_reachable() {
                self.unreachable();
            }
            self.start(matched);
            return (self.from_data_word(val.parts()[1], to), None);
        }
        let done = self.new_block();
        self.start(matched);
        let got = self.from_data_word(val.parts()[1], to);
        let in_memory = matches!(got, Val::InMemory(_));
        let types: SmallVec<[Ty; 4]> = got.scalars().iter().map(|&part| self.builder.func.ty(part)).collect();
        let merged: SmallVec<[ir::Variable; 4]> = types.iter().map(|&ty| self.variable(ty)).collect();
        for (&variable, &part) in merged.iter().zip(got.scalars()) {
            self.write(variable, part);
        }
        self.jump(done);
        self.start(failed);
        let zero = self.zero(to);
        for (&variable, &part) in merged.iter().zip(zero.scalars()) {
            self.write(variable, part);
        }
        self.jump(done);
        self.start(done);
        let parts: SmallVec<[Value; 4]> = merged.iter().map(|&variable| self.read(variable)).collect();
        let val = if in_memory { Val::InMemory(parts[0]) } else { Val::Parts(parts) };
        (val, Some(holds))
    }

    fn assert_interface(&mut self, val: &Val, dynamic: Value, to: CanonId, comma_ok: bool) -> (Val, Option<Value>) {
        let data = val.parts()[1];
        let has_methods = self.has_methods(to);
        let want = self.descriptor_addr(to);
        if !comma_ok {
            if has_methods {
                let itab = self.call_runtime("assertE2I", &[want, dynamic])[0];
                return (Val::of(&[itab, data]), None);
            }
            let (failed, done) = (self.new_block(), self.new_block());
            let is_nil = self.op_is_null(dynamic);
            self.branch_likely(is_nil, failed, done, Some(false));
            self.start(failed);
            self.call_runtime("panicnildottype", &[want]);
            if self.is_reachable() {
                self.unreachable();
            }
            self.start(done);
            return (Val::of(&[dynamic, data]), None);
        }
        let word = if has_methods { self.call_runtime("assertE2I2", &[want, dynamic])[0] } else { dynamic };
        let is_nil = self.op_is_null(word);
        let null = self.null();
        let data = self.emit(Opcode::Select, &[is_nil, null, data], 0, Ty::Ptr);
        let holds = self.emit(Opcode::Eqz, &[is_nil], 0, Ty::I32);
        (Val::of(&[word, data]), Some(holds))
    }

    /// Whether an interface value's dynamic type, computed before, is `ty` or implements it: for type switches.
    pub fn type_matches(&mut self, dynamic: Value, ty: CanonId) -> Value {
        if !self.is_interface(ty) {
            let want = self.descriptor_addr(ty);
            return self.emit(Opcode::Eq, &[dynamic, want], 0, Ty::I32);
        }
        let word = match self.has_methods(ty) {
            true => {
                let want = self.descriptor_addr(ty);
                self.call_runtime("assertE2I2", &[want, dynamic])[0]
            }
            false => dynamic,
        };
        let is_nil = self.op_is_null(word);
        self.emit(Opcode::Eqz, &[is_nil], 0, Ty::I32)
    }
}
