//! Composite literals.
//!
//! A literal of a type that is kept in parts is its parts. Every other is built in place: in the object that `&T{}`
//! makes, in the array behind a slice, in the element of the literal around it, or else in a temporary. The place is
//! fresh and holds zeroes, so zero elements need no code. What is constant as a whole becomes static data, which is
//! read where it lies, or copied if it can be written.

use crate::func::FuncLowerer;
use crate::value::{Parts, Val};
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::{Data, Opcode, Ty, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use syntax::ast::{self, CompositeLit, ExprKind};
use types::{Mode, constant};

/// A component of a literal, and the expression that gives its value.
#[derive(Clone, Copy)]
struct Element<'a> {
    value: &'a ast::Expr<'a>,
    ty: CanonId,
    offset: u32,
    /// Of a whole that is kept in parts.
    first_part: usize,
}

/// From that many elements on, a constant slice is copied from static data rather than stored element by element.
const MIN_STATIC_ELEMENTS: usize = 4;
/// From that many entries on, a constant map is filled by a loop over static data, as gc does.
const MIN_STATIC_ENTRIES: usize = 26;
/// Structs with more fields than that get an index by name when a literal is looked at.
const MAX_SCANNED_FIELDS: usize = 16;

impl<'a> FuncLowerer<'_, 'a> {
    pub fn composite_lit(&mut self, e: &'a ast::Expr<'a>) -> Val {
        let ty = self.type_of(e);
        match self.shape(ty) {
            // An element `{...}` of a literal whose element type is *T.
            CanonType::Pointer(_) => Val::one(self.new_composite(e)),
            CanonType::Slice(elem) => self.slice_lit(e, elem),
            CanonType::Map { key, elem } => self.map_lit(e, ty, key, elem),
            _ => match self.cx.parts_of(ty) {
                Some(_) => self.parts_lit(e, ty),
                None => {
                    if literal(e).elems.is_empty() {
                        return self.zero(ty);
                    }
                    if let Some(data) = self.static_value(ty, e) {
                        return Val::InMemory(self.data_addr(data, 0));
                    }
                    let ptr = self.temporary(ty);
                    self.fill(e, ty, ptr, 0);
                    Val::InMemory(ptr)
                }
            },
        }
    }

    /// Builds the literal at `offset` from `ptr`, in memory that is zero and that nothing else refers to yet.
    pub fn composite_lit_into(&mut self, e: &'a ast::Expr<'a>, ptr: Value, offset: u32) {
        let e = e.unparen();
        let ty = self.type_of(e);
        if !matches!(self.shape(ty), CanonType::Struct(_) | CanonType::Array { .. }) {
            let val = self.composite_lit(e);
            return self.store(ty, ptr, offset, &val);
        }
        if self.cx.parts_of(ty).is_none()
            && !literal(e).elems.is_empty()
            && let Some(data) = self.static_value(ty, e)
        {
            let from = self.data_addr(data, 0);
            let to = self.offset_ptr(ptr, offset);
            return self.move_value(ty, to, from);
        }
        self.fill(e, ty, ptr, offset);
    }

    /// `&T{}`, or an element `{}` of type *T: a new object.
    pub(crate) fn new_composite(&mut self, e: &'a ast::Expr<'a>) -> Value {
        let ty = self.type_of(e);
        if let CanonType::Pointer(base) = self.shape(ty) {
            let is_elided = literal(e).ty.is_none();
            assert!(is_elided, "lower: new_composite: literals are of pointer type only if it is left out");
            let ptr = self.new_object(base);
            match self.shape(base) {
                CanonType::Struct(_) | CanonType::Array { .. } => self.fill(e, base, ptr, 0),
                CanonType::Slice(elem) => {
                    let val = self.slice_lit(e, elem);
                    self.store(base, ptr, 0, &val);
                }
                CanonType::Map { key, elem } => {
                    let val = self.map_lit(e, base, key, elem);
                    self.store(base, ptr, 0, &val);
                }
                other => unreachable!("lower: new_composite: literal of {other:?}"),
            }
            return ptr;
        }
        let ptr = self.new_object(ty);
        self.composite_lit_into(e, ptr, 0);
        ptr
    }

    /// A struct or array that is kept in parts.
    fn parts_lit(&mut self, e: &'a ast::Expr<'a>, ty: CanonId) -> Val {
        let elements = self.elements(literal(e), ty);
        let operands: Vec<(&'a ast::Expr<'a>, CanonId)> =
            elements.iter().map(|element| (element.value, element.ty)).collect();
        let values = self.operands(&operands);
        let wanted = self.cx.parts_of(ty).expect("lower: parts_lit: kept in parts");
        let mut parts: SmallVec<[Option<Value>; 8]> = SmallVec::from_elem(None, wanted.len());
        for (element, val) in elements.iter().zip(&values) {
            for (part, &value) in parts[element.first_part..].iter_mut().zip(val.parts()) {
                *part = Some(value);
            }
        }
        let filled = parts.iter().zip(&wanted).map(|(part, wanted)| part.unwrap_or_else(|| self.zero_part(wanted.ty)));
        Val::Parts(filled.collect::<Parts>())
    }

    /// Stores the elements of a struct or array literal of type `ty`.
    fn fill(&mut self, e: &'a ast::Expr<'a>, ty: CanonId, ptr: Value, offset: u32) {
        for element in self.elements(literal(e), ty) {
            self.fill_element(element, ptr, offset);
        }
    }

    fn fill_element(&mut self, element: Element<'a>, ptr: Value, offset: u32) {
        let Element { value, ty, offset: place, .. } = element;
        if self.is_zero(value, ty) {
            return;
        }
        if let ExprKind::CompositeLit(_) = value.unparen().kind
            && self.type_of(value) == ty
        {
            return self.composite_lit_into(value, ptr, offset + place);
        }
        let val = self.expr_as(value, ty);
        self.at(value.pos);
        self.store(ty, ptr, offset + place, &val);
    }

    /// Whether the expression is known to give the zero value of type `ty`.
    fn is_zero(&mut self, e: &'a ast::Expr<'a>, ty: CanonId) -> bool {
        if self.recorded(e).mode == Mode::NilValue {
            return true;
        }
        let Some(value) = self.constant_value(e) else { return false };
        if self.is_interface(ty) {
            return false;
        }
        match value.kind() {
            constant::Kind::Bool => !value.as_bool(),
            constant::Kind::String => value.string_len() == 0,
            _ => value.sign() == 0,
        }
    }

    /// The elements of a struct or array literal, in source order.
    fn elements(&mut self, literal: &'a CompositeLit<'a>, ty: CanonId) -> Vec<Element<'a>> {
        match self.shape(ty) {
            CanonType::Struct(_) => self.struct_elements(literal, ty),
            CanonType::Array { elem, .. } => {
                let stride = self.cx.size_of(elem);
                let place = |(index, value)| Element { value, ty: elem, offset: index as u32 * stride, first_part: 0 };
                self.indexed_elements(literal).0.into_iter().map(place).collect()
            }
            other => unreachable!("lower: elements: of {other:?}"),
        }
    }

    fn struct_elements(&mut self, literal: &'a CompositeLit<'a>, ty: CanonId) -> Vec<Element<'a>> {
        let is_keyed = literal.keys > 0;
        let names = if is_keyed { self.field_names(ty) } else { FxHashMap::default() };
        let mut elements = Vec::with_capacity(literal.elems.len());
        for (index, &elem) in literal.elems.iter().enumerate() {
            let (value, path): (_, SmallVec<[u32; 4]>) = match elem.kind {
                ExprKind::KeyValue { key, value } => {
                    let path = match self.selection(key) {
                        // A promoted field.
                        Some(selection) => selection.path,
                        None => {
                            let name = key.as_ident().expect("lower: struct_elements: keys are names").name;
                            SmallVec::from_slice(&[self.field_index(ty, name, &names)])
                        }
                    };
                    (value, path)
                }
                _ => (elem, SmallVec::from_slice(&[index as u32])),
            };
            let mut element = Element { value, ty, offset: 0, first_part: 0 };
            for index in path {
                let component = self.cx.component(element.ty, index as usize);
                element.ty = component.ty;
                element.offset += component.offset;
                element.first_part += component.first_part;
            }
            elements.push(element);
        }
        elements
    }

    /// Where the fields are in a struct that has many.
    fn field_names(&mut self, ty: CanonId) -> FxHashMap<Symbol, u32> {
        let CanonType::Struct(fields) = self.shape(ty) else { unreachable!("lower: field_names: a struct") };
        let fields = self.cx.types.fields(fields);
        if fields.len() <= MAX_SCANNED_FIELDS {
            return FxHashMap::default();
        }
        fields.iter().zip(0..).map(|(field, index)| (field.name, index)).collect()
    }

    fn field_index(&mut self, ty: CanonId, name: Symbol, names: &FxHashMap<Symbol, u32>) -> u32 {
        let CanonType::Struct(fields) = self.shape(ty) else { unreachable!("lower: field_index: a struct") };
        let scan = || self.cx.types.fields(fields).iter().position(|field| field.name == name).map(|at| at as u32);
        names.get(&name).copied().or_else(scan).expect("lower: field_index: the struct has the field")
    }

    /// The elements of an array or slice literal with their indices, and the literal's length.
    ///
    /// spec: "An element without a key uses the previous element's index plus one. If the first element has no key, its
    /// index is zero."
    fn indexed_elements(&mut self, literal: &'a CompositeLit<'a>) -> (Vec<(u64, &'a ast::Expr<'a>)>, u64) {
        let (mut next, mut len) = (0, 0);
        let mut elements = Vec::with_capacity(literal.elems.len());
        for &elem in literal.elems {
            let value = match elem.kind {
                ExprKind::KeyValue { key, value } => {
                    let index = self.constant_value(key).and_then(|key| key.to_int().as_u64());
                    next = index.expect("lower: indexed_elements: keys are constants");
                    value
                }
                _ => elem,
            };
            elements.push((next, value));
            next += 1;
            len = len.max(next);
        }
        (elements, len)
    }

    fn slice_lit(&mut self, e: &'a ast::Expr<'a>, elem: CanonId) -> Val {
        let (elements, len) = self.indexed_elements(literal(e));
        let array = self.cx.types.array_of(len, elem);
        let ptr = self.new_object(array);
        let data = if elements.len() >= MIN_STATIC_ELEMENTS { self.static_value(array, e) } else { None };
        match data {
            Some(data) => {
                let from = self.data_addr(data, 0);
                self.move_value(array, ptr, from);
            }
            None => {
                let stride = self.cx.size_of(elem);
                for (index, value) in elements {
                    let element = Element { value, ty: elem, offset: index as u32 * stride, first_part: 0 };
                    self.fill_element(element, ptr, 0);
                }
            }
        }
        let len = self.const_i64(len as i64);
        Val::of(&[ptr, len, len])
    }

    fn map_lit(&mut self, e: &'a ast::Expr<'a>, ty: CanonId, key_ty: CanonId, elem_ty: CanonId) -> Val {
        let literal = literal(e);
        let entries: Vec<(&'a ast::Expr<'a>, &'a ast::Expr<'a>)> = literal
            .elems
            .iter()
            .map(|elem| match elem.kind {
                ExprKind::KeyValue { key, value } => (key, value),
                _ => unreachable!("lower: map_lit: entries have keys"),
            })
            .collect();
        let map = self.literal_map(ty, entries.len());
        if entries.len() >= MIN_STATIC_ENTRIES && self.fill_map_from_data(e, map, ty, (key_ty, elem_ty), &entries) {
            return Val::one(map);
        }
        for (key, value) in entries {
            let values = self.operands(&[(key, key_ty), (value, elem_ty)]);
            self.at(key.pos);
            let ptr = self.map_assign(ty, map, values[0].clone());
            self.store(elem_ty, ptr, 0, &values[1]);
        }
        Val::one(map)
    }

    fn literal_map(&mut self, ty: CanonId, len: usize) -> Value {
        /// What a map holds before it has to grow.
        const SMALL_MAP: usize = 8;
        if len <= SMALL_MAP {
            return self.call_runtime("makemap_small", &[])[0];
        }
        let descriptor = self.cx.descriptor(ty);
        let descriptor = self.data_addr(descriptor, 0);
        let hint = self.const_i64(len as i64);
        let null = self.null();
        self.call_runtime("makemap", &[descriptor, hint, null])[0]
    }

    /// Fills a map whose keys and elements are constants by a loop; `false` if they are not.
    fn fill_map_from_data(
        &mut self,
        e: &'a ast::Expr<'a>,
        map: Value,
        ty: CanonId,
        (key_ty, elem_ty): (CanonId, CanonId),
        entries: &[(&'a ast::Expr<'a>, &'a ast::Expr<'a>)],
    ) -> bool {
        if !self.is_const_type(key_ty) || !self.is_const_type(elem_ty) {
            return false;
        }
        let constants =
            entries.iter().map(|&(key, value)| Some((self.constant_value(key)?, self.constant_value(value)?)));
        let Some(constants) = constants.collect::<Option<Vec<(constant::Value, constant::Value)>>>() else {
            return false;
        };
        let (keys, elems): (Vec<constant::Value>, Vec<constant::Value>) = constants.into_iter().unzip();
        let count = entries.len() as i64;
        let keys = self.constant_table(e, "keys", key_ty, &keys);
        let elems = self.constant_table(e, "elems", elem_ty, &elems);
        let (key_size, elem_size) = (self.cx.size_of(key_ty), self.cx.size_of(elem_ty));

        let index = self.variable(Ty::I64);
        let (head, body, done) = (self.new_block(), self.new_block(), self.new_block());
        let first = self.const_i64(0);
        self.write(index, first);
        self.jump(head);
        self.start_unsealed(head);
        let at = self.read(index);
        let end = self.const_i64(count);
        let is_inside = self.op2(Opcode::LtS, at, end);
        self.branch(is_inside, body, done);
        self.start(body);
        let key_ptr = self.element_ptr(keys, at, key_size);
        let key = self.load(key_ty, key_ptr, 0);
        let elem_ptr = self.element_ptr(elems, at, elem_size);
        let elem = self.load(elem_ty, elem_ptr, 0);
        let place = self.map_assign(ty, map, key);
        self.store(elem_ty, place, 0, &elem);
        let one = self.const_i64(1);
        let next = self.op2(Opcode::Add, at, one);
        self.write(index, next);
        self.jump(head);
        self.seal(head);
        self.start(done);
        true
    }

    /// The address of static data that holds the constants one after the other.
    fn constant_table(&mut self, e: &'a ast::Expr<'a>, what: &str, ty: CanonId, values: &[constant::Value]) -> Value {
        let layout = self.cx.type_layout(ty);
        let stride = self.cx.size_of(ty);
        let function = &self.cx.program.funcs[self.id].name;
        let name = format!("{function}.map{}.{what}", base::EntityId::index(e.id));
        let mut data = Data::new(name, stride * values.len() as u32, layout.align);
        data.read_only = true;
        for (index, value) in values.iter().enumerate() {
            self.put_constant(&mut data, index as u32 * stride, value, ty);
        }
        let data = self.cx.program.data.push(data);
        self.data_addr(data, 0)
    }
}

fn literal<'a>(e: &'a ast::Expr<'a>) -> &'a CompositeLit<'a> {
    match e.kind {
        ExprKind::CompositeLit(literal) => literal,
        _ => unreachable!("lower: {} is no composite literal", syntax::expr_string(e)),
    }
}
