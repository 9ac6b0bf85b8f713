//! Places: what can be assigned to, read, or have its address taken.
//!
//! Evaluating a place computes the operands in it and stops short of the last check, which belongs to the access: in
//! `a[i] = f()` the call comes before the panic about `i`, and the value of `p` in `p.x = f()` is known to be nil only
//! when the field is assigned.
//!
//! ```text
//! x.f       x kept in parts     Local { first_part: where f begins in x }
//! p.f                           Unchecked { ptr: p, offset: of f, check: NotNil }
//! s[i].f                        Unchecked { ptr: of the array, offset: of f, check: InBounds }
//! (*p).a[i] a is an array       the check of p is done, as the inner place is used; that of i is not
//! g().f                         Value: it can be read only
//! ```

use crate::func::{FuncLowerer, Storage};
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::{Opcode, PanicKind, Ty, Value, Variable};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, Operator};
use types::{ObjId, ObjKind, SelectionKind, VarKind};

/// Where a value is kept, evaluated: subexpressions have been computed, nothing was read yet.
#[derive(Clone, Debug)]
pub enum Place {
    /// `_`: assigning evaluates only.
    Blank,
    /// Some parts of a local variable that is kept in parts: the whole, a field, a field of a field.
    Local {
        obj: ObjId,
        ty: CanonId,
        first_part: usize,
    },
    Memory {
        ty: CanonId,
        ptr: Value,
        offset: u32,
    },
    /// Memory that may be accessed only when the check has passed.
    Unchecked {
        ty: CanonId,
        ptr: Value,
        offset: u32,
        check: Check,
    },
    /// `m[k]`, the key evaluated and converted.
    MapElem {
        map: CanonId,
        elem: CanonId,
        m: Value,
        key: Val,
    },
    /// No place: the value of an expression that cannot be assigned to, or a part of it.
    Value {
        ty: CanonId,
        val: Val,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The pointer is not nil.
    NotNil,
    /// `index` (an i64, extended as its type says) is below `len`. The place is `index * stride` bytes behind the
    /// pointer.
    InBounds { index: Value, len: Value, kind: PanicKind, stride: u32 },
}

impl Place {
    /// The type of what is there; `_` has none.
    pub fn ty(&self) -> Option<CanonId> {
        match self {
            Place::Blank => None,
            Place::Local { ty, .. }
            | Place::Memory { ty, .. }
            | Place::Unchecked { ty, .. }
            | Place::Value { ty, .. } => Some(*ty),
            Place::MapElem { elem, .. } => Some(*elem),
        }
    }
}

/// Evaluating.
impl<'a> FuncLowerer<'_, 'a> {
    pub fn place(&mut self, e: &'a ast::Expr<'a>) -> Place {
        let e = e.unparen();
        self.at(e.pos);
        match e.kind {
            ExprKind::Name(name) if name.is_blank() => return Place::Blank,
            ExprKind::Name(_) => {
                if let Some(obj) = self.variable_at(e.id) {
                    return self.var_place(obj);
                }
            }
            ExprKind::Selector { sel, .. } => match self.selection(e) {
                Some(selection) if selection.kind == SelectionKind::FieldVal => return self.field_path(e),
                Some(_) => {}
                None => {
                    if let Some(obj) = self.variable_at(sel.id) {
                        return self.var_place(obj);
                    }
                }
            },
            ExprKind::Index { x, index } => {
                if let Some(place) = self.index_place(e, x, index) {
                    return place;
                }
            }
            ExprKind::Unary { op: Operator::Mul, x } => {
                let ty = self.type_of(e);
                let ptr = self.expr(x).single();
                return Place::Unchecked { ty, ptr, offset: 0, check: Check::NotNil };
            }
            _ => {}
        }
        let ty = self.type_of(e);
        let val = self.expr(e);
        Place::Value { ty, val }
    }

    /// Follows a selection's path to the field, embedded pointers included.
    pub fn field_path(&mut self, e: &'a ast::Expr<'a>) -> Place {
        let ExprKind::Selector { x, .. } = e.kind else { unreachable!("lower: field_path: not a selector") };
        let selection = self.selection(e).expect("lower: field_path: a selector of a field");
        let mut place = self.base_place(x);
        self.at(e.pos);
        for &index in &selection.path {
            place = self.follow(place);
            place = self.component_place(place, index as usize);
        }
        place
    }

    /// The place of a variable. Package variables are static data.
    pub fn var_place(&mut self, obj: ObjId) -> Place {
        let ty = self.var_type(obj);
        match self.vars.get(&obj) {
            Some(Storage::Parts(_)) => Place::Local { obj, ty, first_part: 0 },
            Some(&Storage::Memory(address)) => Place::Memory { ty, ptr: self.read(address), offset: 0 },
            Some(&Storage::Slot(slot)) => {
                let ptr = self.emit(Opcode::SlotAddr, &[], base::EntityId::index(slot) as u64, Ty::Ptr);
                Place::Memory { ty, ptr, offset: 0 }
            }
            None => {
                let object = self.cx.checker.obj(obj);
                let is_package = matches!(object.kind, ObjKind::Var { kind: VarKind::Package, .. });
                assert!(is_package, "lower: var_place: {} is not declared here", object.name);
                let data = self.cx.global(obj);
                Place::Memory { ty, ptr: self.data_addr(data, 0), offset: 0 }
            }
        }
    }

    /// Where to start from with what is selected from, or indexed in, `x`: a pointer is followed, implicitly.
    pub(crate) fn base_place(&mut self, x: &'a ast::Expr<'a>) -> Place {
        let ty = self.type_of(x);
        let CanonType::Pointer(elem) = self.shape(ty) else { return self.place(x) };
        let ptr = self.expr(x).single();
        Place::Unchecked { ty: elem, ptr, offset: 0, check: Check::NotNil }
    }

    /// What a pointer leads to; any other place itself.
    fn follow(&mut self, place: Place) -> Place {
        let ty = place.ty().expect("lower: follow: _ is not selected from");
        let CanonType::Pointer(elem) = self.shape(ty) else { return place };
        let ptr = self.read_place(&place).single();
        Place::Unchecked { ty: elem, ptr, offset: 0, check: Check::NotNil }
    }

    /// Field `index` of the struct in a place.
    pub fn component_place(&mut self, place: Place, index: usize) -> Place {
        let whole = place.ty().expect("lower: component_place: _ has no components");
        let component = self.cx.component(whole, index);
        let ty = component.ty;
        match place {
            Place::Blank => unreachable!("lower: component_place: it has a type"),
            Place::Local { obj, first_part, .. } => {
                Place::Local { obj, ty, first_part: first_part + component.first_part }
            }
            Place::Memory { ptr, offset, .. } => Place::Memory { ty, ptr, offset: offset + component.offset },
            Place::Unchecked { ptr, offset, check, .. } => {
                Place::Unchecked { ty, ptr, offset: offset + component.offset, check }
            }
            Place::MapElem { .. } => {
                let val = self.read_place(&place);
                Place::Value { ty, val: self.component(whole, &val, index) }
            }
            Place::Value { val, .. } => Place::Value { ty, val: self.component(whole, &val, index) },
        }
    }

    fn variable_at(&self, id: ast::NodeId) -> Option<ObjId> {
        let obj = self.object_at(id)?;
        matches!(self.cx.checker.obj(obj).kind, ObjKind::Var { .. }).then_some(obj)
    }
}

/// Using.
impl<'a> FuncLowerer<'_, 'a> {
    /// Makes the check that is left to make.
    pub fn check_place(&mut self, place: Place) -> Place {
        let Place::Unchecked { ty, ptr, offset, check } = place else { return place };
        match check {
            Check::NotNil => {
                self.nil_check(ptr);
                Place::Memory { ty, ptr, offset }
            }
            Check::InBounds { index, len, kind, stride } => {
                self.bounds_check(index, len, kind);
                Place::Memory { ty, ptr: self.element_ptr(ptr, index, stride), offset }
            }
        }
    }

    /// `ptr + index * stride`, for an index (an i64) that is in bounds.
    pub(crate) fn element_ptr(&mut self, ptr: Value, index: Value, stride: u32) -> Value {
        match self.const_of(index) {
            Some(index) => self.offset_ptr(ptr, (index as u32).wrapping_mul(stride)),
            None if stride == 0 => ptr,
            None => {
                let delta = self.scaled(index, stride);
                self.emit(Opcode::PtrAdd, &[ptr, delta], 0, Ty::Ptr)
            }
        }
    }

    /// `index * stride` as an i32: what is in bounds is in memory.
    pub(crate) fn scaled(&mut self, index: Value, stride: u32) -> Value {
        let index = self.emit(Opcode::Wrap, &[index], 0, Ty::I32);
        if stride == 1 {
            return index;
        }
        let stride = self.const_i32(stride as i32);
        self.op2(Opcode::Mul, index, stride)
    }

    /// What is in memory is not copied.
    pub fn read_place(&mut self, place: &Place) -> Val {
        match place {
            Place::Blank => unreachable!("lower: read_place: _ cannot be read"),
            Place::Local { obj, ty, first_part } => {
                let variables = self.local_parts(*obj, *ty, *first_part);
                Val::Parts(variables.iter().map(|&variable| self.read(variable)).collect())
            }
            Place::Memory { ty, ptr, offset } => self.load(*ty, *ptr, *offset),
            Place::Unchecked { .. } => {
                let place = self.check_place(place.clone());
                self.read_place(&place)
            }
            Place::MapElem { map, elem, m, key } => {
                let ptr = self.map_get(*map, *m, key.clone());
                self.load(*elem, ptr, 0)
            }
            Place::Value { val, .. } => val.clone(),
        }
    }

    /// Assigns a value of the place's type.
    pub fn write_place(&mut self, place: &Place, val: Val) {
        match place {
            Place::Blank => {}
            Place::Local { obj, ty, first_part } => {
                let variables = self.local_parts(*obj, *ty, *first_part);
                for (variable, &value) in variables.into_iter().zip(val.parts()) {
                    self.write(variable, value);
                }
            }
            Place::Memory { ty, ptr, offset } => self.store(*ty, *ptr, *offset, &val),
            Place::Unchecked { .. } => {
                let place = self.check_place(place.clone());
                self.write_place(&place, val);
            }
            Place::MapElem { map, elem, m, key } => {
                // The value may lie in the map, which is about to change.
                let val = self.own(*elem, val);
                let ptr = self.map_assign(*map, *m, key.clone());
                self.store(*elem, ptr, 0, &val);
            }
            Place::Value { .. } => unreachable!("lower: write_place: not assignable"),
        }
    }

    fn local_parts(&mut self, obj: ObjId, ty: CanonId, first_part: usize) -> SmallVec<[Variable; 4]> {
        let count = self.cx.parts_of(ty).map_or(0, |parts| parts.len());
        match &self.vars[&obj] {
            Storage::Parts(variables) => variables[first_part..first_part + count].into(),
            other => unreachable!("lower: local_parts: the variable is in {other:?}"),
        }
    }

    /// The address of an addressable expression, or of a fresh composite (`&T{}`).
    pub fn address(&mut self, e: &'a ast::Expr<'a>) -> Value {
        let e = e.unparen();
        if let ExprKind::CompositeLit(_) = e.kind {
            return self.new_composite(e);
        }
        let place = self.place(e);
        self.at(e.pos);
        self.place_address(place)
    }

    pub fn place_address(&mut self, place: Place) -> Value {
        match self.check_place(place) {
            Place::Memory { ptr, offset, .. } => self.offset_ptr(ptr, offset),
            other => unreachable!("lower: place_address: {other:?} has none"),
        }
    }
}
