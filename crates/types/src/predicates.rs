//! What kind of type a type is.
//!
//! `is_x` looks at the type (its underlying type); for a type parameter it is false. `all_x` looks at every type in a
//! type parameter's type set.

use crate::checker::Checker;
use crate::store::*;
use crate::universe::typ;
use rustc_hash::FxHashSet;

/// Types that a comparability walk visits at most. Only a type of infinite size, which is an error reported elsewhere,
/// has more.
const MAX_COMPARED: usize = 100_000;

macro_rules! basic_predicates {
    ($($is:ident $kind:path;)*) => {
        impl Checker<'_> {
            $(#[inline]
            pub fn $is(&mut self, ty: TypeId) -> bool {
                self.is_basic(ty, $kind)
            })*
        }
    };
}

basic_predicates! {
    is_boolean BasicKind::is_boolean;
    is_numeric BasicKind::is_numeric;
    is_string BasicKind::is_string;
    is_integer BasicKind::is_integer;
    is_unsigned BasicKind::is_unsigned;
    is_float BasicKind::is_float;
    is_complex BasicKind::is_complex;
    is_const_type BasicKind::is_const_type;
    is_integer_or_float is_integer_or_float;
}

macro_rules! type_set_predicates {
    ($($all:ident $kind:path;)*) => {
        impl Checker<'_> {
            $(#[inline]
            pub fn $all(&mut self, ty: TypeId) -> bool {
                self.all_basic(ty, $kind)
            })*
        }
    };
}

type_set_predicates! {
    all_boolean BasicKind::is_boolean;
    all_integer BasicKind::is_integer;
    all_unsigned BasicKind::is_unsigned;
    all_numeric BasicKind::is_numeric;
    all_string BasicKind::is_string;
    all_ordered BasicKind::is_ordered;
    all_numeric_or_string is_numeric_or_string;
}

fn is_integer_or_float(kind: BasicKind) -> bool {
    kind.is_integer() || kind.is_float()
}

fn is_numeric_or_string(kind: BasicKind) -> bool {
    kind.is_numeric() || kind.is_string()
}

impl Checker<'_> {
    /// Whether the underlying type is a basic type of which `pred` holds.
    #[inline]
    pub fn is_basic(&mut self, ty: TypeId, pred: fn(BasicKind) -> bool) -> bool {
        matches!(self.under_type(ty), Type::Basic(kind) if pred(kind))
    }

    /// Whether [`Checker::is_basic`] holds of the type, or of all specific types of a type parameter's type set (of
    /// which there must be some).
    #[inline]
    pub fn all_basic(&mut self, ty: TypeId, pred: fn(BasicKind) -> bool) -> bool {
        if let Type::Basic(kind) = self.ty(ty) {
            return pred(kind);
        }
        match self.as_type_param(ty) {
            Some(_) => self.type_set_terms(ty).iter().all(|term| term.is_some_and(|(ty, _)| self.is_basic(ty, pred))),
            None => self.is_basic(ty, pred),
        }
    }

    #[inline]
    pub fn is_valid(&self, ty: TypeId) -> bool {
        // An alias that is being declared is not known to be invalid.
        self.unalias_known(ty) != Some(typ::INVALID)
    }

    /// Whether the type has a name: predeclared types, defined types and type parameters do. The type need not be
    /// complete.
    pub fn has_name(&self, ty: TypeId) -> bool {
        self.unalias_known(ty)
            .is_some_and(|ty| matches!(self.ty(ty), Type::Basic(_) | Type::Named(_) | Type::TypeParam(_)))
    }

    /// Whether the type is not a defined type or type parameter. The type need not be complete.
    pub fn is_type_lit(&self, ty: TypeId) -> bool {
        !self.unalias_known(ty).is_some_and(|ty| matches!(self.ty(ty), Type::Named(_) | Type::TypeParam(_)))
    }

    #[inline]
    pub fn is_typed(&self, ty: TypeId) -> bool {
        !self.is_untyped(ty)
    }

    #[inline]
    pub fn is_untyped(&self, ty: TypeId) -> bool {
        // Aliases and defined types never denote untyped types.
        matches!(self.ty(ty), Type::Basic(kind) if kind.is_untyped())
    }

    pub fn is_untyped_numeric(&self, ty: TypeId) -> bool {
        matches!(self.ty(ty), Type::Basic(kind) if kind.is_untyped() && kind.is_numeric())
    }

    /// Whether the underlying type is an interface; that of a type parameter is.
    #[inline]
    pub fn is_interface(&mut self, ty: TypeId) -> bool {
        matches!(self.under_type(ty), Type::Interface(_))
    }

    #[inline]
    pub fn is_non_type_param_interface(&mut self, ty: TypeId) -> bool {
        self.is_interface(ty) && !self.is_type_param(ty)
    }

    #[inline]
    pub fn is_type_param(&mut self, ty: TypeId) -> bool {
        self.as_type_param(ty).is_some()
    }

    /// Whether the type is generic and not instantiated. (Signatures are not asked about.)
    pub fn is_generic(&mut self, ty: TypeId) -> bool {
        if let Type::Alias(alias) = self.ty(ty) {
            let alias = &self.aliases[alias];
            if !alias.tparams.is_empty() && alias.targs.is_empty() {
                return true;
            }
        }
        self.as_named(ty).is_some_and(|named| {
            let data = &self.named[named];
            data.inst.is_none() && !data.tparams.is_empty()
        })
    }

    #[inline]
    pub fn is_pointer(&mut self, ty: TypeId) -> bool {
        matches!(self.under_type(ty), Type::Pointer { .. })
    }

    /// Whether the type is a slice of bytes or of runes.
    pub fn is_bytes_or_runes(&mut self, ty: TypeId) -> bool {
        match self.under_type(ty) {
            Type::Slice { elem } => {
                matches!(self.under_type(elem), Type::Basic(BasicKind::Uint8 | BasicKind::Int32))
            }
            _ => false,
        }
    }

    /// Whether nil is a value of the type.
    pub fn has_nil(&mut self, ty: TypeId) -> bool {
        match self.under_type(ty) {
            Type::Basic(kind) => kind == BasicKind::UnsafePointer,
            Type::Slice { .. } | Type::Pointer { .. } | Type::Signature(_) | Type::Map { .. } | Type::Chan { .. } => {
                true
            }
            Type::Interface(_) => {
                !self.is_type_param(ty)
                    || self.type_set_terms(ty).iter().all(|term| term.is_some_and(|(_, under)| self.has_nil(under)))
            }
            _ => false,
        }
    }

    /// Whether the type is a type parameter whose type set is known to be empty. Computes nothing, so that it can be
    /// asked at any time.
    pub fn has_empty_type_set(&mut self, ty: TypeId) -> bool {
        let Some(tparam) = self.as_type_param(ty) else {
            return false;
        };
        let Some(bound) = self.type_params[tparam].bound else {
            return false;
        };
        let under = self.known_under(bound);
        match under.map(|under| self.ty(under)) {
            Some(Type::Interface(iface)) => {
                self.interfaces[iface].tset.is_some_and(|tset| self.type_set_is_empty(tset))
            }
            _ => false,
        }
    }

    /// The underlying type if that is known without expanding an instance (go/types' safeUnderlying).
    pub fn known_under(&mut self, ty: TypeId) -> Option<TypeId> {
        match self.as_named(ty) {
            Some(named) => self.named[named].underlying,
            None => Some(self.under(ty)),
        }
    }

    /// What an untyped value's type becomes when nothing else decides; other types stay. That of untyped nil is untyped
    /// nil.
    pub fn default_type(&self, ty: TypeId) -> TypeId {
        match self.ty(ty) {
            Type::Basic(BasicKind::UntypedBool) => typ::BOOL,
            Type::Basic(BasicKind::UntypedInt) => typ::INT,
            Type::Basic(BasicKind::UntypedRune) => typ::RUNE,
            Type::Basic(BasicKind::UntypedFloat) => typ::FLOAT64,
            Type::Basic(BasicKind::UntypedComplex) => typ::COMPLEX128,
            Type::Basic(BasicKind::UntypedString) => typ::STRING,
            _ => ty,
        }
    }

    /// The larger of two untyped numeric types (integer, rune, float, complex); of other types they must be the same.
    pub fn max_type(&self, x: TypeId, y: TypeId) -> Option<TypeId> {
        if x == y {
            return Some(x);
        }
        match (self.ty(x), self.ty(y)) {
            (Type::Basic(x_kind), Type::Basic(y_kind)) if self.is_untyped_numeric(x) && self.is_untyped_numeric(y) => {
                Some(if x_kind > y_kind { x } else { y })
            }
            _ => None,
        }
    }

    #[inline]
    pub fn same_pkg(&self, a: Option<PkgId>, b: Option<PkgId>) -> bool {
        a == b
    }
}

/// Comparability.
impl Checker<'_> {
    /// Whether values of the type can be compared, interfaces' values included (which may panic).
    #[inline]
    pub fn comparable(&mut self, ty: TypeId) -> bool {
        self.is_comparable(ty, true)
    }

    /// `None` if values of the type can be compared, else the reason: a sentence fragment, or empty. With `dynamic`,
    /// interfaces that are not type parameters are always comparable; without, only if all their types are.
    pub fn comparable_type(&mut self, ty: TypeId, dynamic: bool) -> Option<String> {
        if self.is_comparable(ty, dynamic) {
            return None;
        }
        let reason = match self.under_type(ty) {
            Type::Struct(id) => {
                let fields = self.structs[id].fields;
                let field_ty = |c: &Self, i| c.obj(c.obj_at(fields, i)).ty.unwrap_or(typ::INVALID);
                let culprit = (0..fields.len())
                    .find(|&i| !self.is_comparable(field_ty(self, i), dynamic))
                    .map_or(ty, |i| field_ty(self, i));
                format!("struct containing {} cannot be compared", self.type_string(culprit))
            }
            Type::Array { .. } => format!("{} cannot be compared", self.type_string(ty)),
            Type::Interface(iface) => {
                let tset = self.type_set(iface);
                if self.type_set_is_empty(tset) { "empty type set" } else { "incomparable types in type set" }.into()
            }
            _ => String::new(),
        };
        Some(reason)
    }

    pub(crate) fn is_comparable(&mut self, ty: TypeId, dynamic: bool) -> bool {
        match self.leaf_comparable(ty, dynamic) {
            Some(comparable) => comparable,
            None => self.parts_comparable(ty, dynamic),
        }
    }

    /// The answer for types that decide alone; `None` for those whose parts do.
    #[inline]
    fn leaf_comparable(&mut self, ty: TypeId, dynamic: bool) -> Option<bool> {
        match self.under_type(ty) {
            // Invalid types count as comparable, which avoids errors that follow.
            Type::Basic(kind) => Some(kind != BasicKind::UntypedNil),
            Type::Pointer { .. } | Type::Chan { .. } => Some(true),
            Type::Struct(_) | Type::Array { .. } => None,
            Type::Interface(_) if dynamic && !self.is_type_param(ty) => Some(true),
            Type::Interface(_) => None,
            _ => Some(false),
        }
    }

    /// Looks for a part that is not comparable, with a work list, because types nest as deep as a program is long.
    fn parts_comparable(&mut self, ty: TypeId, dynamic: bool) -> bool {
        let mut seen = FxHashSet::default();
        let mut work = vec![(ty, dynamic)];
        while let Some((ty, dynamic)) = work.pop() {
            match self.leaf_comparable(ty, dynamic) {
                Some(true) => continue,
                Some(false) => return false,
                None if !seen.insert(ty) => continue,
                None if seen.len() > MAX_COMPARED => return true,
                None => {}
            }
            match self.under_type(ty) {
                Type::Struct(id) => {
                    let fields = self.structs[id].fields;
                    work.extend(self.objs(fields).iter().filter_map(|&f| self.obj(f).ty).map(|ty| (ty, dynamic)));
                }
                Type::Array { elem, .. } => work.push((elem, dynamic)),
                Type::Interface(iface) => {
                    let tset = self.type_set(iface);
                    let set = self.type_sets[tset];
                    if !self.type_set_has_terms(tset) {
                        // All types, or none.
                        if !set.comparable {
                            return false;
                        }
                        continue;
                    }
                    work.extend(self.terms(set.terms).iter().filter_map(|term| term.ty).map(|ty| (ty, false)));
                }
                _ => {}
            }
        }
        true
    }
}
