//! Expressions as images of memory.
//!
//! Constant are numbers and strings, nil, addresses of package variables and of their parts, functions and function
//! literals that capture nothing, composite literals of these, and interfaces that hold them. In a package variable's
//! initialiser, which runs once, so are `&T{...}`, slices and `new(T)`: they lead to data of their own.
//!
//! Each literal is looked at once, so the time is linear in its size, whatever is nested in what.

use crate::captures::{BodyFacts, LiteralId};
use crate::closures::LiteralInfo;
use crate::composite::MAX_SCANNED_FIELDS;
use crate::module::{FuncKey, Module};
use crate::statics::{Hole, Image, mutable_data, temporary_name};
use abi::{CanonId, CanonType, CodeForm, EnvId, Types};
use base::Symbol;
use ir::{DataId, FuncId};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;
use syntax::ast::{self, Expr, ExprKind, NodeId, Operator};
use types::constant::Value as Constant;
use types::{BasicKind, BuiltinId, Mode, ObjId, ObjKind, PkgId, SelectionKind, TypeAndValue, UnitId, VarKind};

/// Whose values are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A variable of the package: the value is made once.
    Package(PkgId),
    /// A function, no loop's body.
    Function(FuncId),
}

pub(crate) struct StaticWriter<'m, 'a> {
    pub cx: &'m mut Module<'a>,
    pub unit: UnitId,
    pub env: EnvId,
    pub owner: Owner,
    pub facts: Arc<BodyFacts>,
    pub fresh_loops: bool,
    /// Begins the names of data.
    pub name: String,
    /// What could not be written, in source order.
    pub holes: Vec<Hole<'a>>,
}

impl<'a> StaticWriter<'_, 'a> {
    /// Writes the value of an expression assigned to a place of type `ty`, or leaves a hole there.
    pub fn write(&mut self, ty: CanonId, e: &'a Expr<'a>, image: &mut Image, at: u32) {
        if !self.write_static(ty, e, image, at) {
            self.holes.push(Hole { data: image.data, at, ty, e });
        }
    }

    /// As `write`; false, and nothing is written, if the value as a whole is not constant.
    fn write_static(&mut self, ty: CanonId, e: &'a Expr<'a>, image: &mut Image, at: u32) -> bool {
        let e = e.unparen();
        let recorded = self.recorded(e);
        if recorded.mode == Mode::NilValue {
            return true;
        }
        let shape = self.cx.shape(ty);
        if let CanonType::Interface(_) = shape {
            return self.write_interface(ty, e, image, at);
        }
        if let Some(value) = recorded.val.filter(|_| recorded.mode == Mode::Constant) {
            let CanonType::Basic(kind) = shape else { return false };
            let value = self.cx.checker.consts[value].clone();
            return write_constant(self.cx, kind, &value, image, at);
        }
        match e.kind {
            ExprKind::CompositeLit(literal) => self.write_composite(ty, literal, image, at),
            ExprKind::FuncLit(literal) => self.write_func_lit(e, literal, image, at),
            ExprKind::Unary { op: Operator::And, x } => self.write_address(x, image, at),
            ExprKind::Slice { x, index, .. } => self.write_slice(x, index, image, at),
            ExprKind::Call(call) => self.write_call(ty, e, call, image, at),
            ExprKind::Name(_) | ExprKind::Selector { .. } | ExprKind::Index { .. } => {
                let Some(func) = self.function_value(e) else { return false };
                let target = self.cx.func_value_data(func);
                image.address(at, target, 0);
                true
            }
            _ => false,
        }
    }

    fn is_once(&self) -> bool {
        matches!(self.owner, Owner::Package(_))
    }

    // What the checker found.

    fn recorded(&self, e: &Expr<'a>) -> TypeAndValue {
        self.cx.checker.units[self.unit].types[e.id]
    }

    fn canon(&mut self, ty: types::TypeId) -> CanonId {
        self.cx.types.canon(&mut self.cx.checker, ty, self.env)
    }

    fn object(&self, id: NodeId) -> Option<ObjId> {
        self.cx.checker.units[self.unit].objects[id]
    }

    /// The type of an expression, the default type if it is untyped.
    fn type_of(&mut self, e: &Expr<'a>) -> Option<CanonId> {
        let ty = self.recorded(e).ty?;
        let ty = self.canon(ty);
        Some(match self.cx.types[ty] {
            CanonType::Basic(kind) => Types::basic(default_kind(kind)),
            _ => ty,
        })
    }

    fn is_type(&self, e: &'a Expr<'a>) -> bool {
        self.recorded(e).mode == Mode::TypeExpr || self.recorded(e.unparen()).mode == Mode::TypeExpr
    }

    fn constant_index(&self, e: &Expr<'a>) -> Option<u64> {
        self.cx.checker.consts[self.recorded(e).val?].to_int().as_u64()
    }

    // Interfaces.

    fn write_interface(&mut self, iface: CanonId, e: &'a Expr<'a>, image: &mut Image, at: u32) -> bool {
        let mut e = e;
        // An interface made from another holds what that holds.
        let from = loop {
            let Some(from) = self.type_of(e) else { return false };
            if !matches!(self.cx.shape(from), CanonType::Interface(_)) {
                break from;
            }
            match e.kind {
                ExprKind::Call(call) if self.is_type(call.fun) => e = call.args[0].unparen(),
                _ => return false,
            }
            if self.recorded(e).mode == Mode::NilValue {
                return true;
            }
        };
        if from == Types::basic(BasicKind::UntypedNil) {
            return true;
        }
        let layout = self.cx.type_layout(from);
        if layout.is_direct_interface() {
            if !self.write_static(from, e, image, at + 8) {
                return false;
            }
        } else {
            let Some(target) = self.boxed(from, e) else { return false };
            image.address(at + 8, target, 0);
        }
        let Module { checker, types, descriptors, program, .. } = &mut *self.cx;
        let has_methods = match types.shape(checker, iface) {
            CanonType::Interface(methods) => !types.interface_methods(methods).is_empty(),
            other => unreachable!("lower: write_interface: {other:?}"),
        };
        let word = match has_methods {
            true => descriptors.itab(types, checker, program, from, iface),
            false => Some(descriptors.descriptor(types, checker, program, from)),
        };
        image.address(at, word.expect("lower: write_interface: the checker saw that the type implements it"), 0);
        true
    }

    /// Read-only data with a value of a type that an interface does not hold itself.
    fn boxed(&mut self, ty: CanonId, e: &'a Expr<'a>) -> Option<DataId> {
        let layout = self.cx.type_layout(ty);
        if let ExprKind::CompositeLit(literal) = e.kind
            && self.is_once()
            && !layout.is_zero_size()
        {
            let target = self.new_data(ty);
            let mut content = Image::of(target);
            let first_hole = self.holes.len();
            if self.write_composite(ty, literal, &mut content, 0) {
                self.set_content(target, content);
                let data = &mut self.cx.program.data[target];
                data.read_only = !self.holes[first_hole..].iter().any(|hole| hole.data == Some(target));
                data.layout = data.layout.filter(|_| !data.read_only);
                return Some(target);
            }
            return None;
        }
        let mut content = Image::default();
        let first_hole = self.holes.len();
        let is_whole = self.write_static(ty, e, &mut content, 0) && self.holes.len() == first_hole;
        self.holes.truncate(first_hole);
        if !is_whole {
            return None;
        }
        if layout.is_zero_size() {
            return Some(self.cx.zeroes(8));
        }
        content.bytes.resize(layout.size as usize, 0);
        Some(self.cx.boxed_data(layout, content.bytes, content.relocs))
    }

    // Functions.

    /// The function that an expression names, instances and methods of types included.
    fn function_value(&mut self, e: &'a Expr<'a>) -> Option<FuncId> {
        let e = e.unparen();
        let id = match e.kind {
            ExprKind::Name(_) => e.id,
            ExprKind::Selector { sel, .. } => match self.cx.checker.units[self.unit].selections.get(&e.id).copied() {
                None => sel.id,
                Some(selection) if selection.kind == SelectionKind::MethodExpr => {
                    let recv = self.canon(selection.recv);
                    let object = self.cx.checker.obj(selection.obj);
                    let (name, pkg) = (object.name, object.pkg);
                    let method = self.cx.types.find_method(&mut self.cx.checker, recv, name, pkg)?;
                    self.cx.note_reflection_value(method);
                    return Some(self.cx.func(FuncKey::Wrapper { recv, method, form: CodeForm::Direct }));
                }
                Some(_) => return None,
            },
            ExprKind::Index { x, .. } => return self.function_value(x),
            _ => return None,
        };
        let obj = self.object(id)?;
        let object = self.cx.checker.query().object(obj);
        if !matches!(object.kind, ObjKind::Func { .. }) {
            return None;
        }
        let targs: SmallVec<[CanonId; 4]> = match self.cx.checker.units[self.unit].instances.get(&id).copied() {
            None => SmallVec::new(),
            Some((targs, _)) => {
                let targs = (0..targs.len()).map(|index| self.cx.checker.type_at(targs, index));
                targs.collect::<SmallVec<[_; 4]>>().into_iter().map(|ty| self.canon(ty)).collect()
            }
        };
        let env = self.cx.types.function_env(&mut self.cx.checker, obj, &[], &targs);
        Some(self.cx.func(FuncKey::Declared(obj, env)))
    }

    fn write_func_lit(&mut self, e: &'a Expr<'a>, literal: &'a ast::FuncLit<'a>, image: &mut Image, at: u32) -> bool {
        if self.facts.captures.get(&LiteralId::Func(e.id)).is_some_and(|captures| !captures.is_empty()) {
            return false;
        }
        let ty = self.recorded(e).ty.expect("lower: a literal has a type");
        let origin = match self.owner {
            Owner::Package(pkg) => self.cx.origin_of(pkg),
            Owner::Function(func) => self.cx.program.funcs[func].attrs.origin,
        };
        let info = LiteralInfo {
            literal,
            ty,
            facts: self.facts.clone(),
            fresh_loops: self.fresh_loops,
            origin,
            pos: e.pos,
            captures: Vec::new(),
        };
        let name = match self.owner {
            Owner::Package(pkg) => crate::init::literal_name(self.cx, pkg, self.unit, e.id),
            Owner::Function(func) => {
                let outer = &self.cx.program.funcs[func].name;
                crate::closures::literal_name(&self.facts, LiteralId::Func(e.id), outer)
            }
        };
        let code = self.cx.declare_literal(self.unit, self.env, e.id, name, info);
        let target = self.cx.func_value_data(code);
        image.address(at, target, 0);
        true
    }

    // Addresses.

    fn write_address(&mut self, x: &'a Expr<'a>, image: &mut Image, at: u32) -> bool {
        let x = x.unparen();
        if let ExprKind::CompositeLit(literal) = x.kind {
            let Some(ty) = self.type_of(x) else { return false };
            return self.write_new(ty, literal, image, at);
        }
        let Some((target, offset, _)) = self.place(x) else { return false };
        image.address(at, target, offset);
        true
    }

    /// `&T{...}`
    fn write_new(&mut self, ty: CanonId, literal: &'a ast::CompositeLit<'a>, image: &mut Image, at: u32) -> bool {
        let is_map = matches!(self.cx.shape(ty), CanonType::Map { .. });
        if !self.is_once() || is_map {
            return false;
        }
        let target = self.new_data(ty);
        let mut content = Image::of(target);
        if !self.write_composite(ty, literal, &mut content, 0) {
            unreachable!("lower: write_new: literals that run once are written, with holes");
        }
        self.set_content(target, content);
        image.address(at, target, 0);
        true
    }

    /// Data that the program may change.
    fn new_data(&mut self, ty: CanonId) -> DataId {
        let name = temporary_name(self.cx, &self.name);
        let data = mutable_data(self.cx, name, ty);
        if data.size == 0 { self.cx.zero_base() } else { self.cx.program.data.push(data) }
    }

    fn set_content(&mut self, target: DataId, content: Image) {
        let data = &mut self.cx.program.data[target];
        debug_assert!(content.bytes.len() <= data.size as usize);
        (data.bytes, data.relocs) = (content.bytes, content.relocs);
    }

    /// Where a package variable, or a part of one, is: its data, the offset there, its type.
    fn place(&mut self, e: &'a Expr<'a>) -> Option<(DataId, u32, CanonId)> {
        let e = e.unparen();
        match e.kind {
            ExprKind::Name(_) => self.variable(e.id),
            ExprKind::Selector { x, sel } => {
                let Some(&selection) = self.cx.checker.units[self.unit].selections.get(&e.id) else {
                    return self.variable(sel.id);
                };
                if selection.kind != SelectionKind::FieldVal || selection.indirect {
                    return None;
                }
                let (data, mut offset, mut ty) = self.place(x)?;
                let path: SmallVec<[u32; 4]> = SmallVec::from_slice(self.cx.checker.indices(selection.index));
                for index in path {
                    if !matches!(self.cx.shape(ty), CanonType::Struct(_)) {
                        return None;
                    }
                    let component = self.cx.component(ty, index as usize);
                    (offset, ty) = (offset + component.offset, component.ty);
                }
                Some((data, offset, ty))
            }
            ExprKind::Index { x, index } => {
                let index = self.constant_index(index)?;
                let (data, offset, ty) = self.place(x)?;
                let CanonType::Array { len, elem } = self.cx.shape(ty) else { return None };
                let delta = u32::try_from(index.checked_mul(u64::from(self.cx.size_of(elem)))?).ok()?;
                (index < len).then_some((data, offset + delta, elem))
            }
            _ => None,
        }
    }

    fn variable(&mut self, id: NodeId) -> Option<(DataId, u32, CanonId)> {
        let obj = self.object(id)?;
        let object = self.cx.checker.query().object(obj);
        let ObjKind::Var { kind: VarKind::Package, .. } = object.kind else { return None };
        let ty = self.cx.types.canon(&mut self.cx.checker, object.ty?, EnvId::EMPTY);
        Some((self.cx.global(obj), 0, ty))
    }

    /// A slice of an array that is a package variable.
    fn write_slice(&mut self, x: &'a Expr<'a>, index: [Option<&'a Expr<'a>>; 3], image: &mut Image, at: u32) -> bool {
        let Some((data, offset, ty)) = self.place(x) else { return false };
        let CanonType::Array { len, elem } = self.cx.shape(ty) else { return false };
        let mut bounds = [0, len, len];
        for (bound, e) in bounds.iter_mut().zip(index) {
            let Some(e) = e else { continue };
            let Some(value) = self.constant_index(e) else { return false };
            *bound = value;
        }
        let [low, high, max] = bounds;
        if low > high || high > max || max > len {
            return false;
        }
        // What is empty at the end keeps the array's address.
        let start = if low == max { 0 } else { low * u64::from(self.cx.size_of(elem)) };
        let Ok(start) = u32::try_from(start) else { return false };
        image.address(at, data, offset + start);
        image.put(at + 8, &(high - low).to_le_bytes());
        image.put(at + 16, &(max - low).to_le_bytes());
        true
    }

    // Conversions and `new`.

    fn write_call(
        &mut self,
        ty: CanonId,
        e: &'a Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        image: &mut Image,
        at: u32,
    ) -> bool {
        let fun = call.fun.unparen();
        if self.is_type(fun) {
            let arg = call.args[0].unparen();
            if self.recorded(arg).mode == Mode::NilValue {
                return true;
            }
            return self.write_conversion(ty, arg, image, at);
        }
        if !self.is_once() || self.recorded(fun).mode != Mode::Builtin(BuiltinId::New) {
            return false;
        }
        let Some(CanonType::Pointer(elem)) = self.type_of(e).map(|ty| self.cx.shape(ty)) else { return false };
        let target = self.new_data(elem);
        let arg = call.args[0];
        if !self.is_type(arg) {
            let mut content = Image::of(target);
            self.write(elem, arg, &mut content, 0);
            self.set_content(target, content);
        }
        image.address(at, target, 0);
        true
    }

    /// A conversion that changes nothing but the type, or makes bytes of a constant string.
    fn write_conversion(&mut self, ty: CanonId, arg: &'a Expr<'a>, image: &mut Image, at: u32) -> bool {
        let Some(from) = self.type_of(arg) else { return false };
        match (self.cx.shape(from), self.cx.shape(ty)) {
            (CanonType::Basic(kind), CanonType::Slice(elem)) if kind.is_string() && self.is_once() => {
                let is_byte = matches!(self.cx.shape(elem), CanonType::Basic(BasicKind::Uint8));
                let Some(text) = self.recorded(arg).val.filter(|_| is_byte) else { return false };
                let bytes = self.cx.checker.consts[text].as_bytes();
                let array = self.cx.types.array_of(bytes.len() as u64, elem);
                let target = self.new_data(array);
                self.cx.program.data[target].bytes = bytes.to_vec();
                self.write_slice_header(target, bytes.len() as u64, image, at);
                true
            }
            (CanonType::Basic(kind), target)
                if kind != BasicKind::UnsafePointer && target != CanonType::Basic(kind) =>
            {
                false
            }
            (CanonType::Basic(BasicKind::UnsafePointer) | CanonType::Pointer(_), target) => {
                let is_pointer = matches!(target, CanonType::Basic(BasicKind::UnsafePointer) | CanonType::Pointer(_));
                is_pointer && self.write_static(from, arg, image, at)
            }
            (CanonType::Slice(_), target) if !matches!(target, CanonType::Slice(_)) => false,
            _ => self.write_static(from, arg, image, at),
        }
    }

    // Composites.

    fn write_composite(&mut self, ty: CanonId, literal: &'a ast::CompositeLit<'a>, image: &mut Image, at: u32) -> bool {
        match self.cx.shape(ty) {
            CanonType::Struct(_) => self.write_fields(ty, literal, image, at),
            CanonType::Array { elem, .. } => self.write_elements(elem, literal, image, at),
            CanonType::Slice(elem) if self.is_once() => {
                let count = self.count(literal);
                let array = self.cx.types.array_of(count, elem);
                let target = self.new_data(array);
                let mut content = Image::of(target);
                self.write_elements(elem, literal, &mut content, 0);
                self.set_content(target, content);
                self.write_slice_header(target, count, image, at);
                true
            }
            // An element `{...}` of a literal whose element type is *T.
            CanonType::Pointer(base) if literal.ty.is_none() => self.write_new(base, literal, image, at),
            _ => false,
        }
    }

    fn write_slice_header(&mut self, target: DataId, len: u64, image: &mut Image, at: u32) {
        image.address(at, target, 0);
        image.put(at + 8, &len.to_le_bytes());
        image.put(at + 16, &len.to_le_bytes());
    }

    fn write_fields(&mut self, ty: CanonId, literal: &'a ast::CompositeLit<'a>, image: &mut Image, at: u32) -> bool {
        let CanonType::Struct(fields) = self.cx.shape(ty) else { unreachable!("lower: write_fields: a struct") };
        let fields = self.cx.types.fields(fields);
        let mut names: FxHashMap<Symbol, u32> = FxHashMap::default();
        if literal.keys > 0 && fields.len() > MAX_SCANNED_FIELDS {
            names.extend(fields.iter().zip(0..).map(|(field, index)| (field.name, index)));
        }
        let is_blank: Vec<bool> = fields.iter().map(|field| field.name.is_blank()).collect();
        for (index, &elem) in literal.elems.iter().enumerate() {
            let (value, path): (_, SmallVec<[u32; 4]>) = match elem.kind {
                ExprKind::KeyValue { key, value } => (value, self.field_path(ty, key, &names)),
                // Blank fields are zero, whatever a literal says.
                _ if is_blank[index] => continue,
                _ => (elem, SmallVec::from_slice(&[index as u32])),
            };
            let (mut field, mut offset) = (ty, at);
            for index in path {
                let component = self.cx.component(field, index as usize);
                (field, offset) = (component.ty, offset + component.offset);
            }
            self.write(field, value, image, offset);
        }
        true
    }

    /// The field that a key names; it may be a promoted one.
    fn field_path(&mut self, ty: CanonId, key: &'a Expr<'a>, names: &FxHashMap<Symbol, u32>) -> SmallVec<[u32; 4]> {
        if let Some(selection) = self.cx.checker.units[self.unit].selections.get(&key.id) {
            return SmallVec::from_slice(self.cx.checker.indices(selection.index));
        }
        let name = key.as_ident().expect("lower: field_path: keys are names").name;
        let CanonType::Struct(fields) = self.cx.shape(ty) else { unreachable!("lower: field_path: a struct") };
        let scan = || self.cx.types.fields(fields).iter().position(|field| field.name == name).map(|at| at as u32);
        let index = names.get(&name).copied().or_else(scan);
        SmallVec::from_slice(&[index.expect("lower: field_path: the struct has the field")])
    }

    fn write_elements(
        &mut self,
        elem: CanonId,
        literal: &'a ast::CompositeLit<'a>,
        image: &mut Image,
        at: u32,
    ) -> bool {
        let size = u64::from(self.cx.size_of(elem));
        let mut next = 0;
        for e in literal.elems {
            let (index, value) = self.place_of(e, next);
            // Arrays that are larger than memory were refused.
            self.write(elem, value, image, at + (index * size) as u32);
            next = index + 1;
        }
        true
    }

    /// The place of an element in an array or slice literal.
    fn place_of(&self, e: &'a Expr<'a>, next: u64) -> (u64, &'a Expr<'a>) {
        let ExprKind::KeyValue { key, value } = e.kind else { return (next, e) };
        (self.constant_index(key).expect("lower: place_of: keys are constants"), value)
    }

    fn count(&self, literal: &'a ast::CompositeLit<'a>) -> u64 {
        let (mut next, mut count) = (0, 0);
        for elem in literal.elems {
            next = self.place_of(elem, next).0 + 1;
            count = count.max(next);
        }
        count
    }
}

fn default_kind(kind: BasicKind) -> BasicKind {
    use BasicKind::*;
    match kind {
        UntypedBool => Bool,
        UntypedInt => Int,
        UntypedRune => Int32,
        UntypedFloat => Float64,
        UntypedComplex => Complex128,
        UntypedString => String,
        _ => kind,
    }
}

/// Writes a constant of a basic type; false if there are none of that type.
pub(crate) fn write_constant(
    cx: &mut Module<'_>,
    kind: BasicKind,
    value: &Constant,
    image: &mut Image,
    at: u32,
) -> bool {
    use BasicKind::*;
    match kind {
        Bool | UntypedBool => image.put(at, &[u8::from(value.as_bool())]),
        String | UntypedString => {
            let bytes = value.as_bytes();
            if !bytes.is_empty() {
                let target = cx.literal(&bytes);
                image.address(at, target, 0);
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
            let size = cx.size_of(Types::basic(kind)) as usize;
            image.put(at, &bits.to_le_bytes()[..size]);
        }
    }
    true
}
