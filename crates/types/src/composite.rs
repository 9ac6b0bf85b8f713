//! Composite literals.
//!
//! A literal without a type of its own stands in another literal and takes the element's type, the *hint*:
//! `[]*T{{1}, {2}}` means `[]*T{&T{1}, &T{2}}`.
//!
//! Go 1.27 adds two things. A key may name a promoted field (`S{X: 1}` for an `X` in an embedded struct), which a file
//! must ask for by its language version; and generic functions may be elements, to be completed when they are assigned,
//! which is a matter of the toolchain.

use crate::checker::Checker;
use crate::code::Code;
use crate::constant::{Kind, Value};
use crate::expr::Accept;
use crate::operand::{IndexPath, Lookup, Operand};
use crate::store::*;
use crate::universe::typ;
use crate::version::Feature;
use base::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::ast::{self, ExprKind};
use syntax::expr_string;

/// What a key of a struct literal denotes.
enum Key {
    Field {
        obj: ObjId,
        path: IndexPath,
        indirect: bool,
    },
    /// A method.
    NotAField,
    /// Nothing; there may be something spelled alike.
    Unknown {
        alike: Option<ObjId>,
    },
}

/// A constant key of a map literal: equal numbers are equal keys, whatever kind of number they are.
#[derive(PartialEq, Eq, Hash)]
enum ConstKey {
    Int(i64),
    Uint(u64),
    Float(u64),
    Complex(u64, u64),
    String(Arc<[u8]>),
    Bool(bool),
}

impl<'a> Checker<'a> {
    pub(crate) fn composite_lit(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        literal: &'a ast::CompositeLit<'a>,
        hint: Option<TypeId>,
    ) {
        // `ty` is the literal's type, `base` that of what stands in the braces: they differ for an elided &T.
        let mut is_elem = false;
        let (ty, base) = match (literal.ty, hint) {
            (Some(written), _) => {
                let ty = match written.kind {
                    // [...]T; its length is set below, as is what is recorded for it.
                    ExprKind::ArrayType { len: None, elem } => {
                        let elem = self.var_type(elem);
                        self.new_type(Type::Array { len: -1, elem })
                    }
                    _ => self.typ(written),
                };
                (ty, ty)
            }
            (None, Some(hint)) => {
                is_elem = true;
                match self.common_under_type(hint) {
                    Some((_, Type::Pointer { elem })) => (hint, elem),
                    _ => (hint, hint),
                }
            }
            (None, None) => {
                self.error(e, Code::UntypedLit, "missing type in composite literal");
                (typ::INVALID, typ::INVALID)
            }
        };
        let common = self.common_under_type(base);
        match common {
            Some((_, Type::Struct(id))) => self.struct_elems(x, literal, base, id),
            Some((under, Type::Array { len, elem })) => {
                let max = self.indexed_elems(literal, elem, len);
                // The length may also be unknown because it was in error; then the literal gives a good guess.
                if len < 0 {
                    self.types[under] = Type::Array { len: max, elem };
                    if let Some(written) = literal.ty {
                        self.record_type_and_value(written, Mode::TypeExpr, under, None);
                    }
                }
            }
            Some((_, Type::Slice { elem })) => {
                self.indexed_elems(literal, elem, -1);
            }
            Some((_, Type::Map { key, elem })) => self.map_elems(x, literal, key, elem),
            _ => {
                for elem in literal.elems {
                    // A key might be a field's name, so it is not looked at.
                    let used = match elem.kind {
                        ExprKind::KeyValue { value, .. } => value,
                        _ => elem,
                    };
                    self.use_exprs(&[used]);
                }
                if common.is_none_or(|(under, _)| self.is_valid(under)) {
                    let element = if is_elem { " element" } else { "" };
                    let cause = if common.is_none() { " (no common underlying type)" } else { "" };
                    let message = format!("invalid composite literal{element} type {}{cause}", self.type_string(ty));
                    self.error(e, Code::InvalidLit, message);
                    x.mode = Mode::Invalid;
                    return;
                }
            }
        }
        x.mode = Mode::Value;
        x.ty = ty;
    }

    fn struct_elems(&mut self, x: &mut Operand<'a>, literal: &'a ast::CompositeLit<'a>, base: TypeId, id: StructId) {
        let Some(first) = literal.elems.first() else { return };
        if matches!(first.kind, ExprKind::KeyValue { .. }) {
            self.keyed_struct_elems(x, literal, base, id);
        } else {
            self.positional_struct_elems(x, literal, base, id);
        }
    }

    fn keyed_struct_elems(
        &mut self,
        x: &mut Operand<'a>,
        literal: &'a ast::CompositeLit<'a>,
        base: TypeId,
        id: StructId,
    ) {
        let mut set: BTreeMap<IndexPath, ObjId> = BTreeMap::new();
        for &elem in literal.elems {
            let ExprKind::KeyValue { key, value } = elem.kind else {
                self.error(elem, Code::MixedStructLit, "mixture of field:value and value elements in struct literal");
                continue;
            };
            // The value comes first, so that what it uses is used whatever is wrong with the key.
            self.elem_expr(x, value, None);
            let Some(name) = key.as_ident() else {
                let message = format!("invalid field name {} in struct literal", expr_string(key));
                self.error(elem, Code::InvalidLitField, message);
                continue;
            };
            let (field, path, indirect) = match self.struct_key(id, name.name) {
                Key::Field { obj, path, indirect } => (obj, path, indirect),
                Key::NotAField => {
                    self.error(key, Code::MissingLitField, format!("{} is not a field", name.name));
                    continue;
                }
                Key::Unknown { alike } => {
                    let message = self.lookup_error(base, name.name, alike, true);
                    self.error(key, Code::MissingLitField, message);
                    continue;
                }
            };
            if path.len() > 1 && !self.promoted_key(key, base, id, field, &path, indirect) {
                continue;
            }
            self.record_use(name, field);
            let field_type = self.obj(field).ty.unwrap_or(typ::INVALID);
            self.assignment(x, Some(field_type), "struct literal");
            match colliding_field(&set, &path) {
                None => {
                    set.insert(path, field);
                }
                Some((other, shared)) => {
                    let message = duplicate_field(name.name, self.obj(other).name, other == field, shared < path.len());
                    self.error(elem, Code::DuplicateLitField, message);
                }
            }
        }
    }

    fn positional_struct_elems(
        &mut self,
        x: &mut Operand<'a>,
        literal: &'a ast::CompositeLit<'a>,
        base: TypeId,
        id: StructId,
    ) {
        let fields = self.structs[id].fields;
        for (at, &elem) in literal.elems.iter().enumerate() {
            if let ExprKind::KeyValue { .. } = elem.kind {
                self.error(elem, Code::MixedStructLit, "mixture of field:value and value elements in struct literal");
                continue;
            }
            self.elem_expr(x, elem, None);
            if at >= fields.len() {
                let message = format!("too many values in struct literal of type {}", self.type_string(base));
                self.error(&*x, Code::InvalidStructLit, message);
                break;
            }
            let field = *self.obj(self.obj_at(fields, at));
            if !is_exported(field.name) && field.pkg != Some(self.env.pkg) {
                let base = self.type_string(base);
                let message =
                    format!("implicit assignment to unexported field {} in struct literal of type {base}", field.name);
                self.error(&*x, Code::UnexportedLitField, message);
                continue;
            }
            self.assignment(x, Some(field.ty.unwrap_or(typ::INVALID)), "struct literal");
        }
        if literal.elems.len() < fields.len() {
            let message = format!("too few values in struct literal of type {}", self.type_string(base));
            self.error(literal.rbrace, Code::InvalidStructLit, message);
        }
    }

    /// What `name` means as a key of a literal of the struct type.
    fn struct_key(&mut self, id: StructId, name: Symbol) -> Key {
        let pkg = Some(self.env.pkg);
        let fields = self.structs[id].fields;
        if let Some(at) = self.field_index(fields, pkg, name, false) {
            return Key::Field {
                obj: self.obj_at(fields, at),
                path: IndexPath::from_slice(&[at as u32]),
                indirect: false,
            };
        }
        if !Feature::PromotedFieldKeys.in_compiler(self.config.max_version) {
            let alike = self.field_index(fields, pkg, name, true);
            return Key::Unknown { alike: alike.map(|at| self.obj_at(fields, at)) };
        }
        let ty = self.new_type(Type::Struct(id));
        match self.lookup_field_or_method(ty, false, pkg, name, false) {
            Lookup::Found { obj, index, indirect } => match self.obj(obj).kind {
                ObjKind::Var { .. } => Key::Field { obj, path: index, indirect },
                _ => Key::NotAField,
            },
            _ => Key::Unknown {
                alike: match self.lookup_field_or_method(ty, false, pkg, name, true) {
                    Lookup::Found { obj, .. } => Some(obj),
                    _ => None,
                },
            },
        }
    }

    /// Checks a key that names a promoted field, and records the way to it.
    fn promoted_key(
        &mut self,
        key: &'a ast::Expr<'a>,
        base: TypeId,
        id: StructId,
        field: ObjId,
        path: &IndexPath,
        indirect: bool,
    ) -> bool {
        let feature = Feature::PromotedFieldKeys;
        if !feature.in_language(self.env.version) {
            let (path, base) = (self.field_path_string(id, path), self.type_string(base));
            let what = format!("use of promoted field {path} in struct literal of type {base}");
            self.version_error(key, feature.language_version(), &what);
            return false;
        }
        if indirect {
            let message = format!("invalid implicit pointer indirection to reach {}", expr_string(key));
            self.error(key, Code::InvalidLitField, message);
            return false;
        }
        let index = self.index_list(path);
        let selection = Selection { kind: SelectionKind::FieldVal, recv: base, obj: field, index, indirect };
        self.record_selection(key, selection);
        true
    }

    /// The names on the way to a field, as `A.B.C`.
    fn field_path_string(&mut self, id: StructId, path: &[u32]) -> String {
        let mut names = String::new();
        let mut next = Some(id);
        for &at in path {
            let Some(id) = next else { break };
            let field = *self.obj(self.obj_at(self.structs[id].fields, at as usize));
            if !names.is_empty() {
                names.push('.');
            }
            names.push_str(field.name.as_str());
            next = field.ty.and_then(|ty| {
                let ty = self.deref_struct_ptr(ty);
                match self.under_type(ty) {
                    Type::Struct(id) => Some(id),
                    _ => None,
                }
            });
        }
        names
    }

    /// Checks the elements of an array or slice literal; `len < 0`: any number. Returns the literal's length.
    fn indexed_elems(&mut self, literal: &'a ast::CompositeLit<'a>, elem_type: TypeId, len: i64) -> i64 {
        // Without keys no index comes twice.
        let mut seen = (literal.keys > 0).then(FxHashSet::default);
        let (mut index, mut max) = (0i64, 0i64);
        for &elem in literal.elems {
            let (value, valid) = match elem.kind {
                ExprKind::KeyValue { key, value } => (value, self.literal_index(elem, key, len, &mut index)),
                _ if len >= 0 && index >= len => {
                    let message = format!("index {index} is out of bounds (>= {len})");
                    self.error(elem, Code::OversizeArrayLit, message);
                    (elem, false)
                }
                _ => (elem, true),
            };
            if valid
                && let Some(seen) = &mut seen
                && !seen.insert(index)
            {
                let message = format!("duplicate index {index} in array or slice literal");
                self.error(elem, Code::DuplicateLitKey, message);
            }
            index = index.wrapping_add(1);
            max = max.max(index);

            let mut x = Operand::new();
            self.elem_expr(&mut x, value, Some(elem_type));
            self.assignment(&mut x, Some(elem_type), "array or slice literal");
        }
        max
    }

    /// Sets `index` to the value of an explicit index, if that is valid.
    fn literal_index(&mut self, elem: &'a ast::Expr<'a>, key: &'a ast::Expr<'a>, len: i64, index: &mut i64) -> bool {
        let (ty, value) = self.index(key, len);
        if !self.is_valid(ty) {
            return false;
        }
        if value < 0 {
            let message = format!("index {} must be integer constant", expr_string(key));
            self.error(elem, Code::InvalidLitIndex, message);
            return false;
        }
        *index = value;
        true
    }

    fn map_elems(
        &mut self,
        x: &mut Operand<'a>,
        literal: &'a ast::CompositeLit<'a>,
        key_type: TypeId,
        elem_type: TypeId,
    ) {
        // Keys of interface type are equal only if their dynamic types are.
        let key_is_interface = self.is_non_type_param_interface(key_type);
        let mut seen: FxHashMap<ConstKey, SmallVec<[TypeId; 1]>> = FxHashMap::default();
        for &elem in literal.elems {
            let ExprKind::KeyValue { key, value } = elem.kind else {
                self.error(elem, Code::MissingLitKey, "missing key in map literal");
                continue;
            };
            self.elem_expr(x, key, Some(key_type));
            self.assignment(x, Some(key_type), "map literal");
            if !x.is_valid() {
                continue;
            }
            if x.mode == Mode::Constant
                && let Some(const_key) = const_key(x.value())
            {
                let types = seen.entry(const_key).or_default();
                let duplicate = types.iter().any(|&ty| !key_is_interface || self.identical(ty, x.ty));
                if duplicate {
                    let message = format!("duplicate key {} in map literal", x.value().short_string());
                    self.error(&*x, Code::DuplicateLitKey, message);
                    continue;
                }
                types.push(x.ty);
            }
            self.elem_expr(x, value, Some(elem_type));
            self.assignment(x, Some(elem_type), "map literal");
        }
    }

    /// Checks an element's expression.
    fn elem_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, hint: Option<TypeId>) {
        let allow_generic = self.infers_in_assignments();
        self.raw_expr(None, x, e, hint, allow_generic);
        self.exclude(x, Accept::Value);
        self.single_value(x);
    }

    /// The common underlying type of all types in the type set, if there is one.
    pub(crate) fn common_under_type(&mut self, ty: TypeId) -> Option<(TypeId, Type)> {
        let under = self.common_under(ty, None).ok()?;
        Some((under, self.ty(under)))
    }
}

/// A field set earlier that is `path`'s, encloses it or is enclosed by it, and how many indices both share.
fn colliding_field(set: &BTreeMap<IndexPath, ObjId>, path: &IndexPath) -> Option<(ObjId, usize)> {
    for len in 1..=path.len() {
        if let Some(&field) = set.get(&IndexPath::from_slice(&path[..len])) {
            return Some((field, len));
        }
    }
    // Fields within a field come right behind it.
    let (next, &field) = set.range(path.clone()..).next()?;
    next.starts_with(path).then_some((field, path.len() + 1))
}

fn duplicate_field(name: Symbol, other: Symbol, same: bool, other_encloses: bool) -> String {
    if same {
        format!("duplicate field name {name} in struct literal")
    } else if other_encloses {
        format!("cannot specify promoted field {name} and enclosing embedded field {other}")
    } else {
        format!("cannot specify embedded field {name} and enclosed promoted field {other}")
    }
}

/// `None` for integers that no integer type holds: keys of floating-point type, not compared.
fn const_key(value: &Value) -> Option<ConstKey> {
    let value = match value.kind() {
        Kind::Complex => match value.to_float() {
            Value::Unknown => {
                let bits = |part: Value| part.to_f64().to_bits();
                return Some(ConstKey::Complex(bits(value.real()), bits(value.imag())));
            }
            real => real,
        },
        _ => value.clone(),
    };
    let value = match value.kind() {
        Kind::Float => match value.to_int() {
            Value::Unknown => return Some(ConstKey::Float(value.to_f64().to_bits())),
            int => int,
        },
        _ => value,
    };
    match value.kind() {
        Kind::Int => value.as_i64().map(ConstKey::Int).or_else(|| value.as_u64().map(ConstKey::Uint)),
        Kind::String => Some(ConstKey::String(value.as_bytes())),
        Kind::Bool => Some(ConstKey::Bool(value.as_bool())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::EntityId;
    use syntax::ast::Operator;

    #[test]
    fn equal_numbers_are_equal_keys() {
        let one = const_key(&Value::from_i64(1));
        assert!(one.is_some());
        assert!(one == const_key(&Value::from_f64(1.0)));
        assert!(one == const_key(&Value::from_i64(1).to_complex()));
        assert!(one != const_key(&Value::from_f64(1.5)));
        assert!(const_key(&Value::from_u64(u64::MAX)) == Some(ConstKey::Uint(u64::MAX)));
        assert!(const_key(&Value::shift(&Value::from_i64(1), Operator::Shl, 70)).is_none());
    }

    #[test]
    fn fields_collide_with_their_parts() {
        let path = |indices: &[u32]| IndexPath::from_slice(indices);
        let field = ObjId::from_index;
        let mut set = BTreeMap::new();
        set.insert(path(&[1, 2]), field(12));
        assert_eq!(colliding_field(&set, &path(&[1, 2])), Some((field(12), 2)));
        assert_eq!(colliding_field(&set, &path(&[1, 2, 0])), Some((field(12), 2)));
        assert_eq!(colliding_field(&set, &path(&[1])), Some((field(12), 2)));
        assert_eq!(colliding_field(&set, &path(&[1, 3])), None);
        assert_eq!(colliding_field(&set, &path(&[0])), None);
    }
}
