//! Constant values as static data, and the initial values of package variables.
//!
//! ```text
//! var table = [...]struct{ name string; kind int }{{"a", 1}, {"b", 2}}      bytes and addresses, no code
//! var first = table[0].name                                                 an initialiser function
//! ```
//!
//! What is made from an expression that may be evaluated several times is read-only and holds nothing that the program
//! could change. A package variable's initialiser runs once, so its slices may point to data of their own.

use crate::func::FuncLowerer;
use crate::module::Module;
use abi::{CanonId, CanonType, EnvId};
use ir::{Data, DataId, Reloc};
use syntax::ast::{self, Expr, ExprKind};
use types::constant::Value as Constant;
use types::{BasicKind, Mode, ObjId, ObjKind, UnitId, VarKind};

pub fn declare_global(cx: &mut Module<'_>, obj: ObjId) -> Data {
    let object = cx.checker.query().object(obj);
    let ty = object.ty.expect("lower: a package variable has a type");
    let ty = cx.types.canon(&mut cx.checker, ty, EnvId::EMPTY);
    let prefix = object.pkg.map(|pkg| cx.types.package_prefix(&cx.checker, pkg)).unwrap_or_default();
    let mut name = format!("{prefix}.{}", object.name);
    if object.name.is_blank() {
        name = format!("{name}·{}", object.pos.raw());
    }
    let layout = cx.type_layout(ty);
    let mut data = Data::new(name, cx.size_of(ty), layout.align);
    data.layout = (layout.pointer_bytes > 0).then(|| cx.layout_of(ty));
    data
}

/// The initial value of a variable that is live now: data if it is constant, else its initialiser is wanted.
pub fn lower_global(cx: &mut Module<'_>, obj: ObjId) {
    let object = *cx.checker.obj(obj);
    let Some(init) = cx.checker.query().initializer(obj) else { return };
    let data = cx.global(obj);
    let ty = object.ty.expect("lower: a package variable has a type");
    let ty = cx.types.canon(&mut cx.checker, ty, EnvId::EMPTY);
    if init.lhs.len() == 1 {
        let name = cx.program.data[data].name.clone();
        let mut image = Image { bytes: vec![0; cx.size_of(ty) as usize], relocs: Vec::new() };
        let mut writer = StaticWriter { cx, unit: init.unit, once: true, name };
        if writer.write(ty, init.rhs, &mut image, 0) {
            image.trim();
            cx.program.data[data].bytes = image.bytes;
            cx.program.data[data].relocs = image.relocs;
            return;
        }
    }
    crate::init::want(cx, obj, init);
}

impl<'a> FuncLowerer<'_, 'a> {
    /// Constant composite values as static data; None if it is not constant.
    pub fn static_value(&mut self, ty: CanonId, e: &'a Expr<'a>) -> Option<DataId> {
        let name = self.cx.program.funcs[self.id].name.clone();
        let (size, align) = (self.cx.size_of(ty), self.cx.type_layout(ty).align);
        let mut image = Image { bytes: vec![0; size as usize], relocs: Vec::new() };
        let unit = self.unit;
        let mut writer = StaticWriter { cx: &mut *self.cx, unit, once: false, name };
        if !writer.write(ty, e, &mut image, 0) {
            return None;
        }
        image.trim();
        let name = writer.temporary_name();
        let mut data = Data::new(name, size, align);
        (data.bytes, data.relocs, data.read_only) = (image.bytes, image.relocs, true);
        Some(self.cx.program.data.push(data))
    }
}

struct Image {
    bytes: Vec<u8>,
    relocs: Vec<Reloc>,
}

impl Image {
    fn put(&mut self, at: u32, bytes: &[u8]) {
        self.bytes[at as usize..][..bytes.len()].copy_from_slice(bytes);
    }

    /// Leaves out the zeroes at the end, but for places that addresses go to.
    fn trim(&mut self) {
        let len = self.bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        let filled = |reloc: &Reloc| {
            let (at, width) = reloc.place();
            (at + width) as usize
        };
        let filled = self.relocs.iter().map(filled).max().unwrap_or(0);
        self.bytes.truncate(len.max(filled));
    }
}

struct StaticWriter<'m, 'a> {
    cx: &'m mut Module<'a>,
    unit: UnitId,
    /// The value is made only once, so what it points to may be static data that the program changes.
    once: bool,
    /// Whose values these are, for names.
    name: String,
}

impl<'a> StaticWriter<'_, 'a> {
    fn temporary_name(&mut self) -> String {
        let count = self.cx.temporaries.entry(self.name.clone()).or_default();
        *count += 1;
        format!("{}·stmp_{}", self.name, *count - 1)
    }

    /// Writes the value of an expression assigned to a place of type `ty`; false if it is not constant.
    fn write(&mut self, ty: CanonId, e: &'a Expr<'a>, image: &mut Image, at: u32) -> bool {
        let e = e.unparen();
        let recorded = self.cx.checker.units[self.unit].types[e.id];
        if recorded.mode == Mode::NilValue {
            return true;
        }
        let shape = self.cx.shape(ty);
        if let Some(value) = recorded.val {
            let CanonType::Basic(kind) = shape else { return false };
            let value = self.cx.checker.consts[value].clone();
            return self.write_constant(kind, &value, image, at);
        }
        match e.kind {
            ExprKind::CompositeLit(literal) => {
                // An interface holds the literal in a box. A slice literal may be asked for as an array, its elements.
                if matches!(shape, CanonType::Interface(_)) {
                    return false;
                }
                self.write_composite(ty, literal, image, at)
            }
            ExprKind::Name(_) => {
                let obj = self.cx.checker.units[self.unit].objects[e.id];
                let Some(func) = obj.filter(|&obj| self.is_plain_func(obj)) else { return false };
                if !matches!(shape, CanonType::Func { .. }) {
                    return false;
                }
                let func = self.cx.declared(func, &[], &[]);
                let target = self.cx.func_value_data(func);
                image.relocs.push(Reloc::Data { at, target, addend: 0 });
                true
            }
            ExprKind::Unary { op: ast::Operator::And, x } => {
                let obj = x.unparen().as_ident().and_then(|ident| self.cx.checker.units[self.unit].objects[ident.id]);
                let is_global =
                    |obj: &ObjId| matches!(self.cx.checker.obj(*obj).kind, ObjKind::Var { kind: VarKind::Package, .. });
                let Some(obj) = obj.filter(is_global) else { return false };
                if !matches!(shape, CanonType::Pointer(_)) {
                    return false;
                }
                let target = self.cx.global(obj);
                image.relocs.push(Reloc::Data { at, target, addend: 0 });
                true
            }
            _ => false,
        }
    }

    /// Whether the object is a function without type parameters.
    fn is_plain_func(&mut self, obj: ObjId) -> bool {
        let object = self.cx.checker.query().object(obj);
        let sig = object.ty.and_then(|ty| self.cx.checker.as_signature(ty));
        matches!(object.kind, ObjKind::Func { .. }) && sig.is_some_and(|sig| sig.tparams.is_empty())
    }

    fn write_constant(&mut self, kind: BasicKind, value: &Constant, image: &mut Image, at: u32) -> bool {
        use BasicKind::*;
        match kind {
            Bool | UntypedBool => image.put(at, &[u8::from(value.as_bool())]),
            String | UntypedString => {
                let bytes = value.as_bytes();
                if !bytes.is_empty() {
                    let target = self.cx.literal(&bytes);
                    image.relocs.push(Reloc::Data { at, target, addend: 0 });
                    image.put(at + 8, &(bytes.len() as u64).to_le_bytes());
                }
            }
            Float32 => image.put(at, &value.to_f32().to_le_bytes()),
            Float64 | UntypedFloat => image.put(at, &value.to_f64().to_le_bytes()),
            Complex64 => {
                image.put(at, &value.real().to_f32().to_le_bytes());
                image.put(at + 4, &value.imag().to_f32().to_le_bytes());
            }
            Complex128 | UntypedComplex => {
                image.put(at, &value.real().to_f64().to_le_bytes());
                image.put(at + 8, &value.imag().to_f64().to_le_bytes());
            }
            UnsafePointer | UntypedNil | Invalid => return false,
            _ => {
                let value = value.to_int();
                let Some(bits) = value.as_i64().map(|value| value as u64).or_else(|| value.as_u64()) else {
                    return false;
                };
                let size = self.cx.size_of(abi::Types::basic(kind)) as usize;
                image.put(at, &bits.to_le_bytes()[..size]);
            }
        }
        true
    }

    fn write_composite(&mut self, ty: CanonId, literal: &'a ast::CompositeLit<'a>, image: &mut Image, at: u32) -> bool {
        match self.cx.shape(ty) {
            CanonType::Struct(fields) => {
                for (index, &elem) in literal.elems.iter().enumerate() {
                    let (index, value) = match elem.kind {
                        ExprKind::KeyValue { key, value } => {
                            let Some(name) = key.as_ident() else { return false };
                            let list = self.cx.types.fields(fields);
                            let Some(index) = list.iter().position(|field| field.name == name.name) else {
                                return false;
                            };
                            (index, value)
                        }
                        _ => (index, elem),
                    };
                    let component = self.cx.component(ty, index);
                    if !self.write(component.ty, value, image, at + component.offset) {
                        return false;
                    }
                }
                true
            }
            CanonType::Array { elem, .. } => self.write_elements(elem, literal, image, at).is_some(),
            CanonType::Slice(elem) if self.once => {
                let Some(count) = self.count(literal) else { return false };
                let size = u64::from(self.cx.size_of(elem)) * count;
                let Ok(bytes) = u32::try_from(size) else { return false };
                let mut backing = Image { bytes: vec![0; bytes as usize], relocs: Vec::new() };
                if self.write_elements(elem, literal, &mut backing, 0).is_none() {
                    return false;
                }
                backing.trim();
                let array = self.cx.types.array_of(count, elem);
                let layout = self.cx.type_layout(array);
                let mut data = Data::new(self.temporary_name(), bytes, layout.align);
                data.layout = (layout.pointer_bytes > 0).then(|| self.cx.layout_of(array));
                (data.bytes, data.relocs) = (backing.bytes, backing.relocs);
                let target = self.cx.program.data.push(data);
                image.relocs.push(Reloc::Data { at, target, addend: 0 });
                image.put(at + 8, &count.to_le_bytes());
                image.put(at + 16, &count.to_le_bytes());
                true
            }
            _ => false,
        }
    }

    /// The place of each element in an array or slice literal.
    fn index(&self, e: &'a Expr<'a>, next: u64) -> Option<(u64, &'a Expr<'a>)> {
        let ExprKind::KeyValue { key, value } = e.kind else { return Some((next, e)) };
        let constant = self.cx.checker.units[self.unit].types[key.id].val?;
        Some((self.cx.checker.consts[constant].to_int().as_u64()?, value))
    }

    fn count(&self, literal: &'a ast::CompositeLit<'a>) -> Option<u64> {
        let (mut next, mut count) = (0, 0);
        for elem in literal.elems {
            next = self.index(elem, next)?.0 + 1;
            count = count.max(next);
        }
        Some(count)
    }

    fn write_elements(
        &mut self,
        elem: CanonId,
        literal: &'a ast::CompositeLit<'a>,
        image: &mut Image,
        at: u32,
    ) -> Option<()> {
        let size = u64::from(self.cx.size_of(elem));
        let mut next = 0;
        for e in literal.elems {
            let (index, value) = self.index(e, next)?;
            let offset = u32::try_from(index * size).ok()?;
            if !self.write(elem, value, image, at + offset) {
                return None;
            }
            next = index + 1;
        }
        Some(())
    }
}
