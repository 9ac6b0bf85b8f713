//! Package unsafe: sizes, offsets, and slices and strings made of pointers.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::{Lookup, Operand};
use crate::store::*;
use crate::universe::typ;
use rustc_hash::FxHashMap;
use syntax::ast::{self, ExprKind};
use syntax::expr_string;

impl<'a> Checker<'a> {
    /// `unsafe.Add(ptr Pointer, len IntegerType) Pointer`
    pub(super) fn unsafe_add(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>, y: &mut Operand<'a>) -> bool {
        self.builtin_version(call, 17, "unsafe.Add");
        self.assignment(x, Some(typ::UNSAFE_POINTER), "argument to unsafe.Add");
        if !x.is_valid() || !self.is_valid_index(y, Code::InvalidUnsafeAdd, "length", true) {
            return false;
        }
        let params = [typ::UNSAFE_POINTER, y.ty];
        self.unsafe_value(x, call, BuiltinId::Add, typ::UNSAFE_POINTER, &params)
    }

    /// `unsafe.Alignof(x T) uintptr`
    pub(super) fn unsafe_alignof(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        self.assignment(x, None, "argument to unsafe.Alignof");
        if !x.is_valid() {
            return false;
        }
        if self.has_var_size(x.ty) {
            return self.unsafe_value(x, call, BuiltinId::Alignof, typ::UINTPTR, &[x.ty]);
        }
        let align = self.alignof(x.ty);
        unsafe_constant(x, align)
    }

    /// `unsafe.Offsetof(x T) uintptr`, where x is a selector `s.f`
    pub(super) fn unsafe_offsetof(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        let arg = call.args[0];
        let selector = arg.unparen();
        let ExprKind::Selector { x: inner, sel } = selector.kind else {
            let message = format!("invalid argument: {} is not a selector expression", expr_string(arg));
            self.error(arg, Code::BadOffsetofSyntax, message);
            self.use_exprs(&[arg]);
            return false;
        };
        self.expr(None, x, inner);
        if !x.is_valid() {
            return false;
        }
        let base = self.deref_struct_ptr(x.ty);
        let found = self.lookup_field_or_method(base, false, Some(self.env.pkg), sel.name, false);
        let Lookup::Found { obj, index, indirect } = found else {
            let message = format!("invalid argument: {} has no single field {}", self.type_string(base), sel.name);
            self.error(&*x, Code::MissingFieldOrMethod, message);
            return false;
        };
        if let ObjKind::Func { .. } = self.obj(obj).kind {
            let message = format!("invalid argument: {} is a method value", expr_string(arg));
            self.error(arg, Code::InvalidOffsetof, message);
            return false;
        }
        if indirect {
            let base = self.type_string(base);
            let message = format!("invalid argument: field {} is embedded via a pointer in {base}", sel.name);
            self.error(&*x, Code::InvalidOffsetof, message);
            return false;
        }

        let field_type = self.obj(obj).ty.unwrap_or(typ::INVALID);
        let offset = if self.has_var_size(base) { None } else { Some(self.field_offset(base, &index)) };
        let (kind, index) = (SelectionKind::FieldVal, self.index_list(&index));
        self.record_selection(selector, Selection { kind, recv: base, obj, index, indirect: false });
        let mode = if x.mode == Mode::Variable { Mode::Variable } else { Mode::Value };
        self.record(&Operand { mode, expr: Some(selector), ty: field_type, val: None });

        match offset {
            // Even of a field that stands before the part whose size varies.
            None => self.unsafe_value(x, call, BuiltinId::Offsetof, typ::UINTPTR, &[field_type]),
            Some(None) => self.too_large(x),
            Some(Some(offset)) => unsafe_constant(x, offset),
        }
    }

    /// `unsafe.Sizeof(x T) uintptr`
    pub(super) fn unsafe_sizeof(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        self.assignment(x, None, "argument to unsafe.Sizeof");
        if !x.is_valid() {
            return false;
        }
        if self.has_var_size(x.ty) {
            return self.unsafe_value(x, call, BuiltinId::Sizeof, typ::UINTPTR, &[x.ty]);
        }
        match self.sizeof(x.ty) {
            Some(size) => unsafe_constant(x, size),
            None => self.too_large(x),
        }
    }

    /// `unsafe.Slice(ptr *T, len IntegerType) []T`
    pub(super) fn unsafe_slice(
        &mut self,
        x: &mut Operand<'a>,
        call: &'a ast::CallExpr<'a>,
        y: &mut Operand<'a>,
    ) -> bool {
        self.builtin_version(call, 17, "unsafe.Slice");
        let Some((pointer, Type::Pointer { elem })) = self.common_under_type(x.ty) else {
            let message = format!("invalid argument: {} is not a pointer", self.operand_string(x));
            self.error(&*x, Code::InvalidUnsafeSlice, message);
            return false;
        };
        if !self.is_valid_index(y, Code::InvalidUnsafeSlice, "length", false) {
            return false;
        }
        let slice = self.new_slice(elem);
        self.unsafe_value(x, call, BuiltinId::Slice, slice, &[pointer, y.ty])
    }

    /// `unsafe.SliceData(slice []T) *T`
    pub(super) fn unsafe_slice_data(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        self.builtin_version(call, 20, "unsafe.SliceData");
        let Some((slice, Type::Slice { elem })) = self.common_under_type(x.ty) else {
            let message = format!("invalid argument: {} is not a slice", self.operand_string(x));
            self.error(&*x, Code::InvalidUnsafeSliceData, message);
            return false;
        };
        let pointer = self.new_pointer(elem);
        self.unsafe_value(x, call, BuiltinId::SliceData, pointer, &[slice])
    }

    /// `unsafe.String(ptr *byte, len IntegerType) string`
    pub(super) fn unsafe_string(
        &mut self,
        x: &mut Operand<'a>,
        call: &'a ast::CallExpr<'a>,
        y: &mut Operand<'a>,
    ) -> bool {
        self.builtin_version(call, 20, "unsafe.String");
        let pointer = self.new_pointer(typ::BYTE);
        self.assignment(x, Some(pointer), "argument to unsafe.String");
        if !x.is_valid() || !self.is_valid_index(y, Code::InvalidUnsafeString, "length", false) {
            return false;
        }
        self.unsafe_value(x, call, BuiltinId::String, typ::STRING, &[pointer, y.ty])
    }

    /// `unsafe.StringData(str string) *byte`
    pub(super) fn unsafe_string_data(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        self.builtin_version(call, 20, "unsafe.StringData");
        self.assignment(x, Some(typ::STRING), "argument to unsafe.StringData");
        if !x.is_valid() {
            return false;
        }
        let pointer = self.new_pointer(typ::BYTE);
        self.unsafe_value(x, call, BuiltinId::StringData, pointer, &[typ::STRING])
    }

    /// The result is a value of type `ty`, not constant.
    fn unsafe_value(
        &mut self,
        x: &mut Operand<'a>,
        call: &'a ast::CallExpr<'a>,
        id: BuiltinId,
        ty: TypeId,
        params: &[TypeId],
    ) -> bool {
        self.record_builtin(call, id, Some(ty), params);
        x.mode = Mode::Value;
        x.ty = ty;
        true
    }

    fn too_large(&mut self, x: &Operand<'a>) -> bool {
        let message = format!("{} is too large", self.operand_string(x));
        self.error(x, Code::TypeTooLarge, message);
        false
    }

    /// The offset of a field within `ty` by the indices that lead to it, all through structs; `None` if too large.
    fn field_offset(&mut self, ty: TypeId, index: &[u32]) -> Option<i64> {
        let (mut ty, mut offset) = (ty, 0i64);
        for &at in index {
            let Type::Struct(id) = self.under_type(ty) else {
                unreachable!("types: field_offset: the path leads through structs")
            };
            let fields = self.structs[id].fields;
            let field_offset = self.offsetsof(fields)[at as usize];
            if field_offset < 0 {
                return None;
            }
            offset = offset.checked_add(field_offset)?;
            ty = self.obj(self.obj_at(fields, at as usize)).ty.unwrap_or(typ::INVALID);
        }
        Some(offset)
    }

    /// Whether the size depends on type parameters, or on a cycle that has not been reported yet.
    fn has_var_size(&mut self, ty: TypeId) -> bool {
        self.is_var_size(ty, &mut FxHashMap::default())
    }

    /// `seen`: the types on the way, which vary until proved otherwise, and those that are done.
    fn is_var_size(&mut self, ty: TypeId, seen: &mut FxHashMap<NamedId, bool>) -> bool {
        let named = self.as_named(ty);
        if let Some(named) = named {
            if let Some(&varies) = seen.get(&named) {
                return varies;
            }
            seen.insert(named, true);
        }
        let varies = match self.under_type(ty) {
            Type::Array { elem, .. } => self.is_var_size(elem, seen),
            Type::Struct(id) => {
                let fields = self.structs[id].fields;
                (0..fields.len()).any(|at| {
                    let field = self.obj(self.obj_at(fields, at)).ty;
                    field.is_some_and(|ty| self.is_var_size(ty, seen))
                })
            }
            Type::Interface(_) => self.is_type_param(ty),
            _ => false,
        };
        if let Some(named) = named {
            // Go 1.27: package simd's vectors get their size from the machine.
            let varies = varies || self.is_simd_vector(named);
            seen.insert(named, varies);
            return varies;
        }
        varies
    }

    fn is_simd_vector(&self, named: NamedId) -> bool {
        let obj = self.obj(self.named[named].obj);
        obj.name.as_str() == "_simd" && obj.pkg.is_some_and(|pkg| self.packages[pkg].path == "simd")
    }
}

fn unsafe_constant(x: &mut Operand<'_>, value: i64) -> bool {
    x.mode = Mode::Constant;
    x.val = Some(Value::from_i64(value));
    x.ty = typ::UINTPTR;
    true
}
