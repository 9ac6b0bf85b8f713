//! Composite literals.
//!
//! A literal of a type that is kept in parts is its parts. Every other is built in place: in the object that `&T{}`
//! makes, in the array behind a slice, in the element of the literal around it, or else in a temporary. The place is
//! fresh and holds zeroes, so zero elements need no code. What is constant as a whole becomes static data, which is
//! read where it lies, or copied if it can be written; of a large literal that is constant only in part, so is that part.

use crate::func::FuncLowerer;
use crate::statics::{Hole, Image, Plan};
use crate::value::{Parts, Val};
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::{Opcode, Ty, Value};
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

/// Which elements of a literal are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Those that are early as a whole; what is early in others is evaluated.
    Early,
    Late,
    /// All, as the order makes no difference.
    Only,
}

/// Key and element in a map literal.
type Entry<'a> = (&'a ast::Expr<'a>, &'a ast::Expr<'a>);

/// From that many constants on, they are copied from static data rather than stored one by one.
const MIN_STATIC_ELEMENTS: usize = 4;
/// From that many entries on, a map gets its constant ones by a loop over static data, as in gc.
const MIN_STATIC_ENTRIES: usize = 26;
/// Structs with more fields than that get an index by name when a literal is looked at.
pub(crate) const MAX_SCANNED_FIELDS: usize = 16;

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
                    let plan = self.plan(ty, e);
                    if plan.holes.is_empty() {
                        let data = self.static_data(ty, plan.image);
                        return Val::InMemory(self.data_addr(data, 0));
                    }
                    let ptr = self.temporary(ty);
                    self.carry_out(plan, e, ty, ptr, 0);
                    Val::InMemory(ptr)
                }
            },
        }
    }

    /// Builds the literal of type `ty` at `offset` from `ptr`, in memory that is zero and that nothing else refers to
    /// yet.
    fn build(&mut self, e: &'a ast::Expr<'a>, ty: CanonId, ptr: Value, offset: u32) {
        if literal(e).elems.is_empty() {
            return;
        }
        let plan = self.plan(ty, e);
        self.carry_out(plan, e, ty, ptr, offset);
    }

    /// Copies what is constant from static data, if that is much, and stores the rest.
    fn carry_out(&mut self, plan: Plan<'a>, e: &'a ast::Expr<'a>, ty: CanonId, ptr: Value, offset: u32) {
        let filled = plan.image.filled;
        if filled < MIN_STATIC_ELEMENTS || filled < plan.holes.len() {
            return self.fill(e, ty, ptr, offset);
        }
        let data = self.static_data(ty, plan.image);
        let from = self.data_addr(data, 0);
        let to = self.offset_ptr(ptr, offset);
        self.move_value(ty, to, from);
        let element = |hole: &Hole<'a>| Element { value: hole.e, ty: hole.ty, offset: hole.at, first_part: 0 };
        let elements: Vec<Element<'a>> = plan.holes.iter().map(element).collect();
        self.fill_all(&elements, ptr, offset);
    }

    /// `&T{}`, or an element `{}` of type *T: a new object.
    pub(crate) fn new_composite(&mut self, e: &'a ast::Expr<'a>) -> Value {
        let ty = self.type_of(e);
        if let CanonType::Pointer(base) = self.shape(ty) {
            let is_elided = literal(e).ty.is_none();
            assert!(is_elided, "lower: new_composite: literals are of pointer type only if it is left out");
            let ptr = self.new_object(base);
            match self.shape(base) {
                CanonType::Struct(_) | CanonType::Array { .. } => self.build(e, base, ptr, 0),
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
        match self.shape(ty) {
            CanonType::Struct(_) | CanonType::Array { .. } => self.build(e, ty, ptr, 0),
            _ => {
                let val = self.composite_lit(e);
                self.store(ty, ptr, 0, &val);
            }
        }
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

    /// Stores the elements of a struct or array literal of type `ty`: first those that are early, as nobody sees the
    /// memory meanwhile (see `order`).
    fn fill(&mut self, e: &'a ast::Expr<'a>, ty: CanonId, ptr: Value, offset: u32) {
        let whole = Element { value: e, ty, offset: 0, first_part: 0 };
        self.fill_all(&[whole], ptr, offset);
    }

    fn fill_all(&mut self, elements: &[Element<'a>], ptr: Value, offset: u32) {
        let has_early = elements.iter().any(|element| self.has_early(element.value));
        let rounds = if has_early { &[Round::Early, Round::Late][..] } else { &[Round::Only] };
        for &round in rounds {
            elements.iter().for_each(|&element| self.fill_element(element, ptr, offset, round));
        }
    }

    /// Stores an element, or of a literal its elements, if the round is theirs.
    fn fill_element(&mut self, element: Element<'a>, ptr: Value, offset: u32, round: Round) {
        let Element { value, ty, offset: place, .. } = element;
        if self.is_zero(value, ty) {
            return;
        }
        let unparen = value.unparen();
        if let ExprKind::CompositeLit(literal) = unparen.kind
            && matches!(self.shape(ty), CanonType::Struct(_) | CanonType::Array { .. })
        {
            for element in self.elements(literal, ty) {
                self.fill_element(element, ptr, offset + place, round);
            }
            return;
        }
        let is_early = round != Round::Only && (self.is_early(unparen) || self.is_boxed_by_address(value, ty));
        match round {
            Round::Early if !is_early => self.evaluate_early(value),
            Round::Late if is_early => {}
            _ => {
                let val = self.expr_as(value, ty);
                self.at(value.pos);
                self.store(ty, ptr, offset + place, &val);
            }
        }
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
        let len = self.indexed_elements(literal(e)).1;
        let array = self.cx.types.array_of(len, elem);
        let ptr = self.new_object(array);
        self.build(e, array, ptr, 0);
        let len = self.const_i64(len as i64);
        Val::of(&[ptr, len, len])
    }

    fn map_lit(&mut self, e: &'a ast::Expr<'a>, ty: CanonId, key_ty: CanonId, elem_ty: CanonId) -> Val {
        let literal = literal(e);
        let entries: Vec<Entry<'a>> = literal
            .elems
            .iter()
            .map(|elem| match elem.kind {
                ExprKind::KeyValue { key, value } => (key, value),
                _ => unreachable!("lower: map_lit: entries have keys"),
            })
            .collect();
        let map = self.literal_map(ty, entries.len());
        let rest = match entries.len() >= MIN_STATIC_ENTRIES {
            true => self.fill_map_from_data(map, ty, (key_ty, elem_ty), entries),
            false => entries,
        };
        for (key, value) in rest {
            // As `map[key] = value`.
            if self.has_effects(value) {
                self.evaluate_early_key(key, ty);
            }
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

    /// Adds the entries that are constant to a map, by a loop over static data; the others are left.
    fn fill_map_from_data(
        &mut self,
        map: Value,
        ty: CanonId,
        (key_ty, elem_ty): (CanonId, CanonId),
        entries: Vec<Entry<'a>>,
    ) -> Vec<Entry<'a>> {
        let (key_size, elem_size) = (self.cx.size_of(key_ty), self.cx.size_of(elem_ty));
        let (mut keys, mut elems) = (Image::default(), Image::default());
        let mut count: u32 = 0;
        let mut rest = Vec::new();
        for (key, value) in entries {
            let (key_plan, elem_plan) = (self.plan(key_ty, key), self.plan(elem_ty, value));
            if key_plan.holes.is_empty() && elem_plan.holes.is_empty() {
                keys.append(count * key_size, key_plan.image);
                elems.append(count * elem_size, elem_plan.image);
                count += 1;
            } else {
                rest.push((key, value));
            }
        }
        if count == 0 {
            return rest;
        }
        let table = |this: &mut Self, ty, image| {
            let array = this.cx.types.array_of(count.into(), ty);
            let data = this.static_data(array, image);
            this.data_addr(data, 0)
        };
        let (keys, elems) = (table(self, key_ty, keys), table(self, elem_ty, elems));

        let index = self.variable(Ty::I64);
        let (head, body, done) = (self.new_block(), self.new_block(), self.new_block());
        let first = self.const_i64(0);
        self.write(index, first);
        self.jump(head);
        self.start_unsealed(head);
        let at = self.read(index);
        let end = self.const_i64(count.into());
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
        rest
    }
}

fn literal<'a>(e: &'a ast::Expr<'a>) -> &'a CompositeLit<'a> {
    match e.kind {
        ExprKind::CompositeLit(literal) => literal,
        _ => unreachable!("lower: {} is no composite literal", syntax::expr_string(e)),
    }
}
