//! Builtins on slices, maps, channels and strings: append, cap, clear, close, copy, delete, len, make.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::constant::Value;
use crate::operand::Operand;
use crate::store::{BuiltinId, ChanDir, Mode, Type, TypeId};
use crate::universe::typ;
use base::Pos;
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;
use syntax::ast;
use syntax::expr_string;

impl<'a> Checker<'a> {
    /// `append(s S, x ...E) S`
    pub(super) fn builtin_append(
        &mut self,
        x: &mut Operand<'a>,
        call: &'a ast::CallExpr<'a>,
        args: &mut [Operand<'a>],
    ) -> bool {
        // spec: "If S is a type parameter, all types in its type set must have the same underlying slice type []E."
        let elem = match self.slice_elem(x) {
            Ok(elem) => elem,
            Err(cause) => {
                self.error(&*x, Code::InvalidAppend, format!("invalid append: {cause}"));
                return false;
            }
        };
        // spec: "As a special case, if the core type of s is []byte, append also accepts a second argument with core
        // type bytestring followed by ... ."
        let appends_string = args.len() == 2
            && call.has_dots
            && self.bytes_or_strings(args[1].ty).is_some_and(|has_string| has_string)
            && self.is_assignable_to_bytes(x);
        let rest = if appends_string {
            self.settle_string(&args[1]);
            args[1].ty
        } else {
            let rest = self.new_slice(elem);
            self.append_arguments(call, args, elem, rest);
            rest
        };
        x.mode = Mode::Value;
        self.record_builtin(call, BuiltinId::Append, Some(x.ty), &[x.ty, rest]);
        true
    }

    /// `len(s) int`, `cap(s) int`
    pub(super) fn builtin_len(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>, id: BuiltinId) -> bool {
        let is_len = id == BuiltinId::Len;
        let under = self.under(x.ty);
        let (mut mode, mut val) = (Mode::Invalid, None);
        match self.array_behind_pointer(under) {
            Type::Basic(kind) if is_len && kind.is_string() => {
                mode = Mode::Value;
                // spec: "The expression len(s) is constant if s is a string constant."
                if x.mode == Mode::Constant {
                    mode = Mode::Constant;
                    val = Some(Value::from_i64(x.value().string_len() as i64));
                }
            }
            Type::Array { len, .. } => {
                mode = Mode::Value;
                // spec: "The expressions len(s) and cap(s) are constants if the type of s is an array or pointer to an
                // array and the expression s does not contain channel receives or (non-constant) function calls; in this
                // case s is not evaluated."
                if !self.env.has_call_or_recv {
                    mode = Mode::Constant;
                    val = Some(if len >= 0 { Value::from_i64(len) } else { Value::Unknown });
                }
            }
            Type::Interface(_) if self.is_type_param(x.ty) => {
                let specific = self.type_set_terms(x.ty);
                let has_len = |c: &mut Self, under| match c.array_behind_pointer(under) {
                    Type::Basic(kind) => is_len && kind.is_string(),
                    shape => has_length(shape, is_len),
                };
                if specific.iter().all(|specific| specific.is_some_and(|(_, under)| has_len(self, under))) {
                    mode = Mode::Value;
                }
            }
            shape if has_length(shape, is_len) => mode = Mode::Value,
            _ => {}
        }
        if mode == Mode::Invalid {
            if self.is_valid(under) {
                let code = if is_len { Code::InvalidLen } else { Code::InvalidCap };
                let operand = self.operand_string(x);
                let message = format!("invalid argument: {operand} for built-in {}", id.info().name);
                self.error(&*x, code, message);
            }
            return false;
        }
        if mode != Mode::Constant {
            self.record_builtin(call, id, Some(typ::INT), &[x.ty]);
        }
        x.mode = mode;
        x.ty = typ::INT;
        x.val = val;
        true
    }

    /// `clear(t T)`
    pub(super) fn builtin_clear(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        self.builtin_version(call, 21, "clear");
        for specific in self.type_set_terms(x.ty) {
            let shape = specific.map(|(_, under)| self.ty(under));
            if !matches!(shape, Some(Type::Map { .. } | Type::Slice { .. })) {
                let operand = self.operand_string(x);
                let message = format!(
                    "invalid argument: cannot clear {operand}: argument must be (or constrained by) map or slice"
                );
                self.error(&*x, Code::InvalidClear, message);
                return false;
            }
        }
        x.mode = Mode::NoValue;
        self.record_builtin(call, BuiltinId::Clear, None, &[x.ty]);
        true
    }

    /// `close(c)`
    pub(super) fn builtin_close(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        for specific in self.type_set_terms(x.ty) {
            let problem = match specific.map(|(_, under)| self.ty(under)) {
                Some(Type::Chan { dir: ChanDir::RecvOnly, .. }) => "receive-only channel",
                Some(Type::Chan { .. }) => continue,
                _ => "non-channel",
            };
            let message = format!("invalid operation: cannot close {problem} {}", self.operand_string(x));
            self.error(&*x, Code::InvalidClose, message);
            return false;
        }
        x.mode = Mode::NoValue;
        self.record_builtin(call, BuiltinId::Close, None, &[x.ty]);
        true
    }

    /// `copy(dst, src []E) int`
    pub(super) fn builtin_copy(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>, y: &Operand<'a>) -> bool {
        // spec: "As a special case, if the destination's core type is []byte, copy also accepts a source argument with
        // core type bytestring."
        if self.bytes_or_strings(y.ty).is_some() && self.is_assignable_to_bytes(x) {
            self.settle_string(y);
        } else if !self.copies_elements(x, y) {
            return false;
        }
        self.record_builtin(call, BuiltinId::Copy, Some(typ::INT), &[x.ty, y.ty]);
        x.mode = Mode::Value;
        x.ty = typ::INT;
        true
    }

    /// `delete(m map[K]V, key K)`
    pub(super) fn builtin_delete(
        &mut self,
        x: &mut Operand<'a>,
        call: &'a ast::CallExpr<'a>,
        key: &Operand<'a>,
    ) -> bool {
        let map = x.ty;
        let mut key_type: Option<TypeId> = None;
        for specific in self.type_set_terms(map) {
            let Some(Type::Map { key, .. }) = specific.map(|(_, under)| self.ty(under)) else {
                let message = format!("invalid argument: {} is not a map", self.operand_string(x));
                self.error(&*x, Code::InvalidDelete, message);
                return false;
            };
            if key_type.is_some_and(|common| !self.identical(key, common)) {
                let operand = self.operand_string(x);
                let message = format!("invalid argument: maps of {operand} must have identical key types");
                self.error(&*x, Code::InvalidDelete, message);
                return false;
            }
            key_type = Some(key);
        }
        *x = key.clone();
        self.assignment(x, key_type, "argument to delete");
        if !x.is_valid() {
            return false;
        }
        x.mode = Mode::NoValue;
        let key_type = key_type.unwrap_or(typ::INVALID);
        self.record_builtin(call, BuiltinId::Delete, None, &[map, key_type]);
        true
    }

    /// `make(T)`, `make(T, n)`, `make(T, n, m)`
    pub(super) fn builtin_make(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
    ) -> bool {
        let written = call.args[0];
        let ty = self.var_type(written);
        if !self.is_valid(ty) {
            return false;
        }
        let mut condition = |c: &mut Checker<'a>, pair: Option<(TypeId, TypeId)>| {
            let problem = match pair.map(|(_, under)| c.ty(under)) {
                Some(Type::Slice { .. } | Type::Map { .. } | Type::Chan { .. }) => return None,
                Some(_) => "type must be slice, map, or channel",
                None => "no specific type",
            };
            Some(problem.to_string())
        };
        let under = match self.common_under(ty, Some(&mut condition)) {
            Ok(under) => under,
            Err(cause) => {
                let message = format!("invalid argument: cannot make {}: {cause}", expr_string(written));
                self.error(written, Code::InvalidMake, message);
                return false;
            }
        };
        let min = if matches!(self.ty(under), Type::Slice { .. }) { 2 } else { 1 };
        let (count, max) = (call.args.len(), min + 1);
        if count < min || count > max {
            let message =
                format!("invalid operation: {} expects {min} or {max} arguments; found {count}", expr_string(e));
            self.error(e, Code::WrongArgCount, message);
            return false;
        }
        let mut params: SmallVec<[TypeId; 3]> = smallvec![ty];
        let mut sizes: SmallVec<[i64; 2]> = SmallVec::new();
        for arg in &call.args[1..] {
            let (size_type, size) = self.index(arg, -1);
            params.push(size_type);
            if size >= 0 {
                sizes.push(size);
            }
        }
        if let [len, cap] = sizes[..]
            && len > cap
        {
            self.error(call.args[1], Code::SwappedMakeArgs, "invalid argument: length and capacity swapped");
        }
        x.mode = Mode::Value;
        x.ty = ty;
        self.record_builtin(call, BuiltinId::Make, Some(ty), &params);
        true
    }

    /// The element type of a slice operand; the error says why it is none.
    fn slice_elem(&mut self, x: &Operand<'a>) -> Result<TypeId, String> {
        let mut common: Option<TypeId> = None;
        for specific in self.type_set_terms(x.ty) {
            let Some(Type::Slice { elem }) = specific.map(|(_, under)| self.ty(under)) else {
                // The operand would print as "nil" alone.
                if self.is_nil(x) {
                    return Err("argument must be a slice; have untyped nil".to_string());
                }
                return Err(format!("argument must be a slice; have {}", self.operand_string(x)));
            };
            match common {
                None => common = Some(elem),
                Some(common) if !self.identical(common, elem) => {
                    let (first, other) = (self.type_string(common), self.type_string(elem));
                    let operand = self.operand_string(x);
                    return Err(format!("mismatched slice element types {first} and {other} in {operand}"));
                }
                Some(_) => {}
            }
        }
        Ok(common.expect("a type set has types, or none that are specific"))
    }

    /// Whether all types of the type set are strings or byte slices; then, whether there are strings among them.
    fn bytes_or_strings(&mut self, ty: TypeId) -> Option<bool> {
        let mut has_string = false;
        for specific in self.type_set_terms(ty) {
            let (_, under) = specific?;
            match self.ty(under) {
                Type::Slice { elem } if self.identical(elem, typ::BYTE) => {}
                Type::Basic(kind) if kind.is_string() => has_string = true,
                _ => return None,
            }
        }
        Some(has_string)
    }

    fn is_assignable_to_bytes(&mut self, x: &Operand<'a>) -> bool {
        let bytes = self.new_slice(typ::BYTE);
        self.assignable_to(x, bytes, None).is_ok()
    }

    /// A string constant beside a byte slice meets no other type that would settle its own.
    fn settle_string(&mut self, y: &Operand<'a>) {
        if self.is_untyped(y.ty) {
            self.update_expr_type(y.expr(), typ::STRING, true);
        }
    }

    /// Checks the arguments as those of a function with parameters `(S, ...elem)`; `rest` is `[]elem`.
    fn append_arguments(&mut self, call: &'a ast::CallExpr<'a>, args: &mut [Operand<'a>], elem: TypeId, rest: TypeId) {
        if call.has_dots && call.args.len() == 1 && args.len() > 1 {
            let message = format!("cannot use ... with {}-valued {}", args.len(), expr_string(call.args[0]));
            self.error(call.fun, Code::InvalidDotDotDot, message);
            return;
        }
        if call.has_dots && args.len() != 2 {
            self.append_arg_count_error(call, args, rest);
            return;
        }
        let context: Cow<str> = match call.fun.kind {
            ast::ExprKind::Name(_) => "argument to append".into(),
            _ => format!("argument to {}", expr_string(call.fun)).into(),
        };
        let param = if call.has_dots { rest } else { elem };
        for arg in &mut args[1..] {
            self.assignment(arg, Some(param), &context);
        }
    }

    fn append_arg_count_error(&mut self, call: &'a ast::CallExpr<'a>, args: &[Operand<'a>], rest: TypeId) {
        let (at, qualifier) = match args {
            [_, _, extra, ..] => (extra, "too many"),
            _ => (&args[args.len() - 1], "not enough"),
        };
        let have: Vec<TypeId> = args.iter().map(|arg| arg.ty).collect();
        let have = self.types_summary(&have, false, true);
        let want = self.types_summary(&[args[0].ty, rest], true, false);
        let mut err = ErrorBuilder::new(Code::WrongArgCount);
        err.add(at, format!("{qualifier} arguments in call to {}", expr_string(call.fun)));
        err.add(Pos::NONE, format!("have {have}"));
        err.add(Pos::NONE, format!("want {want}"));
        self.report(err);
    }

    /// The general case of copy. spec: "Both arguments must have identical element type E and must be assignable to a
    /// slice of type []E."
    fn copies_elements(&mut self, x: &Operand<'a>, y: &Operand<'a>) -> bool {
        let dst = match self.slice_elem(x) {
            Ok(elem) => elem,
            Err(cause) => {
                self.error(x, Code::InvalidCopy, format!("invalid copy: {cause}"));
                return false;
            }
        };
        let src = match self.slice_elem(y) {
            Ok(elem) => elem,
            Err(_) if self.all_string(y.ty) => typ::BYTE, // for the better message below
            Err(cause) => {
                self.error(y, Code::InvalidCopy, format!("invalid copy: {cause}"));
                return false;
            }
        };
        if self.identical(dst, src) {
            return true;
        }
        let (x_string, y_string) = (self.operand_string(x), self.operand_string(y));
        let (dst, src) = (self.type_string(dst), self.type_string(src));
        let message =
            format!("invalid copy: arguments {x_string} and {y_string} have different element types {dst} and {src}");
        self.error(x, Code::InvalidCopy, message);
        false
    }

    /// The array that a pointer type points to; any other type as it is.
    fn array_behind_pointer(&mut self, under: TypeId) -> Type {
        let shape = self.ty(under);
        match shape {
            Type::Pointer { elem } => match self.under_type(elem) {
                array @ Type::Array { .. } => array,
                _ => shape,
            },
            _ => shape,
        }
    }
}

/// Whether `len`, or else `cap`, takes values of the shape; strings aside.
fn has_length(shape: Type, is_len: bool) -> bool {
    match shape {
        Type::Array { .. } | Type::Slice { .. } | Type::Chan { .. } => true,
        Type::Map { .. } => is_len,
        _ => false,
    }
}
