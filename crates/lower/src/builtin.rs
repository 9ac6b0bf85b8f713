//! The predeclared functions and those of package unsafe.

use crate::call::Typed;
use crate::func::FuncLowerer;
use crate::value::Val;
use abi::{CanonId, CanonType, Types};
use ir::{Opcode, Ty, Value};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind, Operator};
use types::{BasicKind, BuiltinId};

/// Arrays up to this size that `make` makes with constant length are objects like variables, which need not escape.
const MAX_OBJECT: u64 = 64 << 10;

impl<'a> FuncLowerer<'_, 'a> {
    /// The call of a builtin; its result, if it has one.
    pub fn builtin_call(&mut self, id: BuiltinId, e: &'a ast::Expr<'a>) -> Vec<Typed> {
        let ExprKind::Call(call) = e.kind else { unreachable!("lower: builtin_call: not a call") };
        let args = call.args;
        if let [arg] = args
            && let Some(ty) = self.recorded(arg).ty
            && matches!(self.cx.checker.ty(ty), types::Type::Tuple(_))
        {
            let results = self.call_expr(arg.unparen());
            return self.builtin_forwarded(id, e, results);
        }
        match id {
            BuiltinId::Clear
            | BuiltinId::Close
            | BuiltinId::Delete
            | BuiltinId::Panic
            | BuiltinId::Print
            | BuiltinId::Println => {
                let types = self.statement_types(id, args);
                let vals = self.evaluate(args, &types);
                self.at(e.pos);
                let values: Vec<Typed> = types.into_iter().zip(vals).collect();
                self.builtin_statement(id, &values);
                return Vec::new();
            }
            _ => {}
        }
        let ty = self.type_of(e);
        vec![(ty, self.builtin_value(id, e, call, ty))]
    }

    /// A builtin whose arguments are the results of one call.
    fn builtin_forwarded(&mut self, id: BuiltinId, e: &'a ast::Expr<'a>, mut values: Vec<Typed>) -> Vec<Typed> {
        self.at(e.pos);
        match id {
            BuiltinId::Append => {
                let slice = self.type_of(e);
                let elem = self.slice_elem(slice);
                let mut vals = Vec::with_capacity(values.len());
                for (index, (from, val)) in values.into_iter().enumerate() {
                    vals.push(self.convert(val, from, if index == 0 { slice } else { elem }));
                }
                vec![(slice, self.append_values(elem, &vals))]
            }
            BuiltinId::Copy => {
                let count = self.copy_elements(values[0].0, &values[0].1, &values[1].1);
                vec![(self.type_of(e), Val::one(count))]
            }
            BuiltinId::Delete => {
                let CanonType::Map { key, .. } = self.shape(values[0].0) else {
                    unreachable!("lower: delete takes a map")
                };
                let (from, val) = values.pop().expect("lower: delete takes two values");
                let val = self.convert(val, from, key);
                values.push((key, val));
                self.builtin_statement(id, &values);
                Vec::new()
            }
            BuiltinId::Print | BuiltinId::Println => {
                self.builtin_statement(id, &values);
                Vec::new()
            }
            BuiltinId::Complex => {
                let val = Val::of(&[values[0].1.single(), values[1].1.single()]);
                vec![(self.type_of(e), val)]
            }
            BuiltinId::Min | BuiltinId::Max => {
                let ty = self.type_of(e);
                let vals: Vec<Val> = values.into_iter().map(|(from, val)| self.convert(val, from, ty)).collect();
                vec![(ty, self.extreme_of(id, ty, &vals))]
            }
            BuiltinId::Add | BuiltinId::Slice | BuiltinId::String => {
                let ty = self.type_of(e);
                let (from, number) = values.pop().expect("lower: a pointer and a number");
                let is_unsigned = self.int_type(from).is_some_and(|int| !int.signed);
                let number = self.as_i64(from, number.single());
                let ptr = values[0].1.single();
                vec![(ty, self.unsafe_pair(id, ty, ptr, number, is_unsigned))]
            }
            other => unreachable!("lower: builtin {other:?} takes no call with several results"),
        }
    }

    fn builtin_value(&mut self, id: BuiltinId, e: &'a ast::Expr<'a>, call: &'a ast::CallExpr<'a>, ty: CanonId) -> Val {
        let args = call.args;
        match id {
            BuiltinId::Append => self.append_call(e),
            BuiltinId::Copy => {
                let types = self.statement_types(id, args);
                let vals = self.evaluate(args, &types);
                self.at(e.pos);
                Val::one(self.copy_elements(types[0], &vals[0], &vals[1]))
            }
            BuiltinId::Len | BuiltinId::Cap => Val::one(self.length(id, args[0])),
            BuiltinId::Make => self.make(e, args, ty),
            BuiltinId::New => {
                let CanonType::Pointer(elem) = self.shape(ty) else { unreachable!("lower: new makes a pointer") };
                if self.is_type(args[0]) {
                    return Val::one(self.new_object(elem));
                }
                let val = self.expr_as(args[0], elem);
                let ptr = self.new_object(elem);
                self.store(elem, ptr, 0, &val);
                Val::one(ptr)
            }
            BuiltinId::Min | BuiltinId::Max => {
                let types: SmallVec<[CanonId; 4]> = SmallVec::from_elem(ty, args.len());
                let vals = self.evaluate(args, &types);
                self.extreme_of(id, ty, &vals)
            }
            BuiltinId::Complex => {
                let part = match self.shape(ty) {
                    CanonType::Basic(BasicKind::Complex64) => BasicKind::Float32,
                    _ => BasicKind::Float64,
                };
                let mut part = Types::basic(part);
                for arg in args {
                    let ty = self.type_of(arg);
                    if !matches!(self.cx.types[ty], CanonType::Basic(kind) if kind.is_untyped()) {
                        part = ty;
                    }
                }
                let vals = self.evaluate(args, &[part, part]);
                Val::of(&[vals[0].single(), vals[1].single()])
            }
            BuiltinId::Real | BuiltinId::Imag => {
                let val = self.expr(args[0]);
                Val::one(val.parts()[usize::from(id == BuiltinId::Imag)])
            }
            BuiltinId::Recover => {
                let token = self.recover_token().1.single();
                Val::Parts(self.call_runtime("gorecover", &[token]))
            }
            _ => self.unsafe_value(id, e, args, ty),
        }
    }

    fn unsafe_value(&mut self, id: BuiltinId, e: &'a ast::Expr<'a>, args: &'a [&'a ast::Expr<'a>], ty: CanonId) -> Val {
        match id {
            BuiltinId::Add | BuiltinId::Slice | BuiltinId::String => {
                let number_type = self.default_type(args[1]);
                let is_unsigned = self.int_type(number_type).is_some_and(|int| !int.signed);
                let types = [self.default_type(args[0]), number_type];
                let (ptr, number) = match self.recorded(args[1]).val {
                    Some(_) => (self.expr(args[0]).single(), self.int_arg(args[1])),
                    None => {
                        let vals = self.evaluate(args, &types);
                        (vals[0].single(), self.as_i64(number_type, vals[1].single()))
                    }
                };
                self.at(e.pos);
                self.unsafe_pair(id, ty, ptr, number, is_unsigned)
            }
            BuiltinId::SliceData | BuiltinId::StringData => {
                let val = self.expr(args[0]);
                Val::one(val.parts()[0])
            }
            // Constant, except where type parameters are involved.
            BuiltinId::Sizeof => {
                let arg = self.default_type(args[0]);
                let size = self.cx.type_layout(arg).size;
                Val::one(self.const_i64(size as i64))
            }
            BuiltinId::Alignof => {
                let arg = self.default_type(args[0]);
                let align = self.cx.type_layout(arg).align;
                Val::one(self.const_i64(align.into()))
            }
            BuiltinId::Offsetof => Val::one(self.offset_of(args[0])),
            other => unreachable!("lower: unsafe_value: builtin {other:?}"),
        }
    }

    /// `unsafe.Add`, `Slice` and `String` of a pointer and a number, an i64.
    fn unsafe_pair(&mut self, id: BuiltinId, ty: CanonId, ptr: Value, number: Value, is_unsigned: bool) -> Val {
        match id {
            BuiltinId::Add => {
                if is_unsigned || self.stated_int(number).is_some_and(|offset| offset >= 0) {
                    let offset = self.emit(Opcode::Wrap, &[number], 0, Ty::I32);
                    return Val::one(self.emit(Opcode::PtrAdd, &[ptr, offset], 0, Ty::Ptr));
                }
                // Only integers can go backwards.
                let address = self.emit(Opcode::PtrToInt, &[ptr], 0, Ty::I64);
                let address = self.op2(Opcode::Add, address, number);
                Val::one(self.emit(Opcode::IntToPtr, &[address], 0, Ty::Ptr))
            }
            BuiltinId::Slice => {
                let elem = self.slice_elem(ty);
                let et = self.shape_addr(elem);
                self.call_runtime("unsafeslice", &[et, ptr, number]);
                Val::of(&[ptr, number, number])
            }
            _ => {
                self.call_runtime("unsafestring", &[ptr, number]);
                Val::of(&[ptr, number])
            }
        }
    }

    /// `unsafe.Offsetof(x.f)` where it is not constant.
    fn offset_of(&mut self, arg: &'a ast::Expr<'a>) -> Value {
        let arg = arg.unparen();
        let ExprKind::Selector { x, .. } = arg.kind else { unreachable!("lower: Offsetof takes a selector") };
        let selection = self.recorded_selection(arg).expect("lower: Offsetof selects a field");
        let mut ty = self.type_of(x);
        if let CanonType::Pointer(base) = self.shape(ty) {
            ty = base;
        }
        let path: Vec<u32> = self.cx.checker.indices(selection.index).to_vec();
        let mut offset = 0;
        for field in path {
            let component = self.cx.component(ty, field as usize);
            offset += component.offset;
            ty = component.ty;
        }
        self.const_i64(offset.into())
    }

    /// An integer argument as an i64.
    pub(crate) fn int_arg(&mut self, arg: &'a ast::Expr<'a>) -> Value {
        let ty = self.default_type(arg);
        if let Some(constant) = self.recorded(arg).val {
            let value = &self.cx.checker.consts[constant];
            if let Some(value) = value.as_i64() {
                return self.const_i64(value);
            }
        }
        let val = self.expr_as(arg, ty).single();
        self.as_i64(ty, val)
    }

    /// The type of an expression, the default type if it is untyped still.
    pub fn default_type(&mut self, e: &'a ast::Expr<'a>) -> CanonId {
        use BasicKind::*;
        let ty = self.type_of(e);
        match self.cx.types[ty] {
            CanonType::Basic(UntypedBool) => Types::basic(Bool),
            CanonType::Basic(UntypedInt) => Types::basic(Int),
            CanonType::Basic(UntypedRune) => Types::basic(Int32),
            CanonType::Basic(UntypedFloat) => Types::basic(Float64),
            CanonType::Basic(UntypedComplex) => Types::basic(Complex128),
            CanonType::Basic(UntypedString) => Types::basic(String),
            _ => ty,
        }
    }

    /// What the arguments of a builtin that can stand alone are converted to.
    pub fn statement_types(&mut self, id: BuiltinId, args: &'a [&'a ast::Expr<'a>]) -> SmallVec<[CanonId; 4]> {
        let mut types: SmallVec<[CanonId; 4]> = SmallVec::new();
        for (index, arg) in args.iter().enumerate() {
            let ty = match id {
                BuiltinId::Panic => self.cx.types.empty_interface(),
                BuiltinId::Delete if index == 1 => {
                    let CanonType::Map { key, .. } = self.shape(types[0]) else {
                        unreachable!("lower: delete takes a map")
                    };
                    key
                }
                _ => self.default_type(arg),
            };
            types.push(ty);
        }
        types
    }

    /// What tells the runtime which panic this function may recover.
    pub(crate) fn recover_token(&mut self) -> Typed {
        if self.loop_body.is_some() {
            // The body of a loop over a function is never called by the panic itself.
            return (abi::Types::basic(BasicKind::Uintptr), Val::one(self.const_i64(0)));
        }
        let token = self.recover_token.expect("lower: recover_token: the function was seen to recover");
        (abi::Types::basic(BasicKind::Uintptr), Val::one(self.read(token)))
    }

    /// What a builtin that can stand alone does.
    pub fn builtin_statement(&mut self, id: BuiltinId, values: &[Typed]) {
        match id {
            BuiltinId::Clear => {
                let (ty, val) = &values[0];
                match self.shape(*ty) {
                    CanonType::Map { .. } => self.map_clear(*ty, val.single()),
                    CanonType::Slice(elem) => {
                        let bytes = self.byte_count(elem, val.parts()[1]);
                        self.emit_effect(Opcode::Zero, &[val.parts()[0], bytes], 0);
                    }
                    other => unreachable!("lower: clear of {other:?}"),
                }
            }
            BuiltinId::Close => self.close(values[0].1.single()),
            BuiltinId::Copy => {
                self.copy_elements(values[0].0, &values[0].1, &values[1].1);
            }
            BuiltinId::Delete => self.map_delete(values[0].0, values[0].1.single(), values[1].1.clone()),
            BuiltinId::Panic => {
                self.call_runtime("gopanic", values[0].1.parts());
                if self.is_reachable() {
                    self.unreachable();
                }
            }
            BuiltinId::Print | BuiltinId::Println => self.print(id == BuiltinId::Println, values),
            BuiltinId::Recover => {
                self.call_runtime("gorecover", &[values[0].1.single()]);
            }
            other => unreachable!("lower: builtin {other:?} as a statement"),
        }
    }

    fn print(&mut self, is_line: bool, values: &[Typed]) {
        self.call_runtime("printlock", &[]);
        for (index, (ty, val)) in values.iter().enumerate() {
            if is_line && index > 0 {
                self.call_runtime("printsp", &[]);
            }
            self.print_value(*ty, val);
        }
        if is_line {
            self.call_runtime("printnl", &[]);
        }
        self.call_runtime("printunlock", &[]);
    }

    fn print_value(&mut self, ty: CanonId, val: &Val) {
        use BasicKind::*;
        let parts = val.parts();
        let name = match self.shape(ty) {
            CanonType::Basic(kind) => match kind {
                Bool => "printbool",
                String => "printstring",
                Float32 => "printfloat32",
                Float64 => "printfloat64",
                Complex64 => "printcomplex64",
                Complex128 => "printcomplex128",
                UnsafePointer => "printpointer",
                _ if kind.is_integer() => {
                    let wide = self.as_i64(ty, parts[0]);
                    let name = match kind {
                        _ if self.is_runtime_hex(ty) => "printhex",
                        _ if kind.is_unsigned() => "printuint",
                        _ => "printint",
                    };
                    self.call_runtime(name, &[wide]);
                    return;
                }
                _ => unreachable!("lower: print of {kind:?}"),
            },
            CanonType::Pointer(_) | CanonType::Map { .. } | CanonType::Chan { .. } | CanonType::Func { .. } => {
                "printpointer"
            }
            CanonType::Slice(_) => "printslice",
            CanonType::Interface(methods) => match self.cx.types.interface_methods(methods).is_empty() {
                true => "printeface",
                false => "printiface",
            },
            other => unreachable!("lower: print of {other:?}"),
        };
        self.call_runtime(name, parts);
    }

    /// Package runtime prints its type `hex` in that base.
    fn is_runtime_hex(&mut self, ty: CanonId) -> bool {
        let CanonType::Named { obj, .. } = self.cx.types[ty] else { return false };
        let object = self.cx.checker.obj(obj);
        object.name.as_str() == "hex" && object.pkg.is_some_and(|pkg| self.cx.checker.packages[pkg].path == "runtime")
    }

    /// `len` and `cap`.
    fn length(&mut self, id: BuiltinId, arg: &'a ast::Expr<'a>) -> Value {
        let ty = self.default_type(arg);
        let array_len = match self.shape(ty) {
            CanonType::Array { len, .. } => Some(len),
            CanonType::Pointer(base) => match self.shape(base) {
                CanonType::Array { len, .. } => Some(len),
                other => unreachable!("lower: len of a pointer to {other:?}"),
            },
            _ => None,
        };
        if let Some(len) = array_len {
            self.discard(arg);
            return self.const_i64(len as i64);
        }
        if id == BuiltinId::Len
            && let Some(count) = self.counted_runes(arg)
        {
            return count;
        }
        let val = self.expr_as(arg, ty);
        match (self.shape(ty), id) {
            (CanonType::Slice(_), BuiltinId::Cap) => val.parts()[2],
            (CanonType::Slice(_) | CanonType::Basic(_), _) => val.parts()[1],
            (CanonType::Map { .. }, _) => self.map_len(val.single()),
            (CanonType::Chan { .. }, BuiltinId::Cap) => self.chan_cap(val.single()),
            (CanonType::Chan { .. }, _) => self.chan_len(val.single()),
            (other, _) => unreachable!("lower: len of {other:?}"),
        }
    }

    fn make(&mut self, e: &'a ast::Expr<'a>, args: &'a [&'a ast::Expr<'a>], ty: CanonId) -> Val {
        self.settle_order(&args[1..]);
        let sizes: SmallVec<[Value; 2]> = args[1..].iter().map(|arg| self.int_arg(arg)).collect();
        self.at(e.pos);
        match self.shape(ty) {
            CanonType::Map { .. } => Val::one(self.make_map(ty, sizes.first().copied())),
            CanonType::Chan { .. } => Val::one(self.make_chan(ty, sizes.first().copied())),
            CanonType::Slice(elem) => {
                let len = sizes[0];
                let cap = sizes.get(1).copied().unwrap_or(len);
                if let (Some(known_len), Some(known_cap)) = (self.stated_int(len), self.stated_int(cap))
                    && (0..=known_cap).contains(&known_len)
                    && (known_cap as u64).saturating_mul(u64::from(self.cx.size_of(elem))) <= MAX_OBJECT
                {
                    let array = self.cx.types.array_of(known_cap as u64, elem);
                    let ptr = self.new_object(array);
                    return Val::of(&[ptr, len, cap]);
                }
                let et = self.shape_addr(elem);
                let ptr = self.call_runtime("makeslice", &[et, len, cap])[0];
                Val::of(&[ptr, len, cap])
            }
            other => unreachable!("lower: make of {other:?}"),
        }
    }

    fn extreme_of(&mut self, id: BuiltinId, ty: CanonId, vals: &[Val]) -> Val {
        let (first, rest) = vals.split_first().expect("lower: min and max take values");
        rest.iter().fold(first.clone(), |best, val| self.extreme(id, ty, &best, val))
    }

    /// spec: "min(x, y) is less or equal to both; for floats, if any argument is a NaN, the result is a NaN", and negative
    /// zero is less than zero: what wasm's instructions do.
    fn extreme(&mut self, id: BuiltinId, ty: CanonId, x: &Val, y: &Val) -> Val {
        let is_min = id == BuiltinId::Min;
        if let CanonType::Basic(kind) = self.shape(ty)
            && kind.is_float()
        {
            let op = if is_min { Opcode::FMin } else { Opcode::FMax };
            return Val::one(self.op2(op, x.single(), y.single()));
        }
        let (less, more) = if is_min { (y, x) } else { (x, y) };
        let is_better = self.compare(Operator::Lss, ty, less, more);
        let pick = |lowerer: &mut Self, (&x, &y): (&Value, &Value)| {
            let ty = lowerer.builder.func.ty(x);
            lowerer.emit(Opcode::Select, &[is_better, y, x], 0, ty)
        };
        let picked: crate::value::Parts = x.parts().iter().zip(y.parts()).map(|pair| pick(self, pair)).collect();
        Val::Parts(picked)
    }
}
