//! Values as static data, and the initial values of package variables.
//!
//! ```text
//! var table = []*entry{{"a", f}, {"b", func() { ... }}}      data: bytes and addresses, no code
//! var pair  = [2]string{"x", os.Args[0]}                     data, and code for the second element
//! var first = table[0].name                                  code
//! ```
//!
//! [`static_expr`](crate::static_expr) writes an expression as an image of memory. What needs code is left out, as a
//! *hole*, which is filled where the value is made: by the variable's initialiser, or by the function around it.
//!
//! What is made from an expression that may be evaluated several times is read-only and holds nothing that the program
//! could change. A package variable's initialiser runs once, so its slices and pointers may lead to data of their own.

use crate::func::FuncLowerer;
use crate::module::Module;
use crate::static_expr::{Owner, StaticWriter};
use abi::{CanonId, EnvId};
use ir::{Data, DataId, Reloc};
use syntax::ast::Expr;
use types::ObjId;

/// A part of a static value that code computes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hole<'a> {
    /// The data it is in; none for the value itself when that has no data of its own.
    pub data: Option<DataId>,
    pub at: u32,
    pub ty: CanonId,
    pub e: &'a Expr<'a>,
}

/// Memory as a program finds it when it starts.
#[derive(Default)]
pub(crate) struct Image {
    /// Which data it will be, if that is known.
    pub data: Option<DataId>,
    /// Up to the last byte that is not zero, or is part of an address.
    pub bytes: Vec<u8>,
    pub relocs: Vec<Reloc>,
    /// Numbers, strings and addresses that were put in.
    pub filled: usize,
}

impl Image {
    pub fn of(data: DataId) -> Image {
        Image { data: Some(data), ..Image::default() }
    }

    pub fn put(&mut self, at: u32, bytes: &[u8]) {
        let Some(last) = bytes.iter().rposition(|&byte| byte != 0) else { return };
        self.fill_up_to(at as usize + last + 1);
        self.bytes[at as usize..=at as usize + last].copy_from_slice(&bytes[..=last]);
        self.filled += 1;
    }

    pub fn address(&mut self, at: u32, target: DataId, addend: u32) {
        self.fill_up_to(at as usize + 8);
        self.relocs.push(Reloc::Data { at, target, addend });
        self.filled += 1;
    }

    /// Puts in what another holds.
    pub fn append(&mut self, at: u32, other: Image) {
        self.put(at, &other.bytes);
        for reloc in other.relocs {
            let Reloc::Data { at: inner, target, addend } = reloc else {
                unreachable!("lower: images hold addresses of data")
            };
            self.address(at + inner, target, addend);
        }
    }

    fn fill_up_to(&mut self, end: usize) {
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
    }
}

/// A composite literal in a function: what is constant of it, and the rest.
pub(crate) struct Plan<'a> {
    pub image: Image,
    pub holes: Vec<Hole<'a>>,
}

pub fn declare_global(cx: &mut Module<'_>, obj: ObjId) -> Data {
    let object = cx.checker.query().object(obj);
    let ty = object.ty.expect("lower: a package variable has a type");
    let ty = cx.types.canon(&mut cx.checker, ty, EnvId::EMPTY);
    let prefix = object.pkg.map(|pkg| cx.types.package_prefix(&cx.checker, pkg)).unwrap_or_default();
    let mut name = format!("{prefix}.{}", object.name);
    if object.name.is_blank() {
        name = format!("{name}·{}", object.pos.raw());
    }
    cx.pos = object.pos;
    mutable_data(cx, name, ty)
}

/// Zeros of a type, which the program may write.
pub(crate) fn mutable_data(cx: &mut Module<'_>, name: String, ty: CanonId) -> Data {
    let layout = cx.type_layout(ty);
    let mut data = Data::new(name, cx.size_of(ty), layout.align);
    data.layout = (layout.pointer_bytes > 0).then(|| cx.layout_of(ty));
    data
}

/// The initial value of a variable that is live now: data as far as it is constant; for the rest its initialiser is
/// wanted.
pub fn lower_global(cx: &mut Module<'_>, obj: ObjId) {
    let object = *cx.checker.obj(obj);
    let Some(init) = cx.checker.query().initializer(obj) else {
        // Another package may give it its value, by a linkname.
        if let Some(giver) = crate::linknames::initialized_namesake(cx, obj) {
            lower_global(cx, giver);
        }
        return;
    };
    let data = cx.global(obj);
    if init.lhs.len() > 1 || object.name.is_blank() {
        return crate::init::want(cx, obj, init, None);
    }
    let pkg = object.pkg.expect("lower: a package variable has a package");
    let ty = object.ty.expect("lower: a package variable has a type");
    let ty = cx.types.canon(&mut cx.checker, ty, EnvId::EMPTY);
    let fresh_loops = crate::init::has_fresh_loops(cx, obj);
    let facts = cx.facts_of_initializer(init.unit, init.rhs, fresh_loops);
    let name = cx.program.data[data].name.clone();
    let owner = Owner::Package(pkg);
    let mut image = Image::of(data);
    let mut writer =
        StaticWriter { cx, unit: init.unit, env: EnvId::EMPTY, owner, facts, fresh_loops, name, holes: Vec::new() };
    writer.write(ty, init.rhs, &mut image, 0);
    let holes = writer.holes;
    let data = &mut cx.program.data[data];
    (data.bytes, data.relocs) = (image.bytes, image.relocs);
    if !holes.is_empty() {
        crate::init::want(cx, obj, init, Some(holes));
    }
}

impl<'a> FuncLowerer<'_, 'a> {
    /// What is constant of an expression's value of type `ty`.
    pub(crate) fn plan(&mut self, ty: CanonId, e: &'a Expr<'a>) -> Plan<'a> {
        let function = self.function();
        let name = self.cx.program.funcs[self.id].name.clone();
        let facts = self.facts.body.clone();
        let (unit, env, fresh_loops) = (self.unit, self.env, self.facts.fresh_loops);
        let mut image = Image::default();
        let owner = Owner::Function(function);
        let mut writer =
            StaticWriter { cx: &mut *self.cx, unit, env, owner, facts, fresh_loops, name, holes: Vec::new() };
        writer.write(ty, e, &mut image, 0);
        Plan { image, holes: writer.holes }
    }

    /// Read-only data of an image.
    pub(crate) fn static_data(&mut self, ty: CanonId, image: Image) -> DataId {
        let name = self.cx.program.funcs[self.id].name.clone();
        let name = temporary_name(self.cx, &name);
        let (size, align) = (self.cx.size_of(ty), self.cx.type_layout(ty).align);
        let Image { bytes, relocs, .. } = image;
        self.cx.program.data.push(Data { bytes, relocs, read_only: true, ..Data::new(name, size, align) })
    }
}

/// A name for data that belongs to a function or variable.
pub(crate) fn temporary_name(cx: &mut Module<'_>, owner: &str) -> String {
    let count = cx.temporaries.entry(owner.to_owned()).or_default();
    *count += 1;
    format!("{owner}·stmp_{}", *count - 1)
}
