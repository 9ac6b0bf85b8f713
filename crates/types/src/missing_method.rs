//! Whether a type has the methods of an interface, and if not, why.

use crate::checker::Checker;
use crate::operand::Lookup;
use crate::store::*;
use rustc_hash::FxHashSet;

/// What is wrong with a method; `have` is the method that the type has instead.
#[derive(Clone, Copy)]
enum Missing {
    NotFound,
    /// There is one whose name differs in case.
    WrongName {
        have: ObjId,
    },
    /// There is one of that name, but of another package.
    Unexported,
    WrongSignature {
        have: ObjId,
    },
    Ambiguous,
    PointerReceiver,
    /// There is a field of that name.
    Field,
}

/// Decides whether two method signatures are the same; identity, or what inference makes of it.
pub type Equivalent<'f, 'a> = &'f mut dyn FnMut(&mut Checker<'a>, TypeId, TypeId) -> bool;

impl<'a> Checker<'a> {
    /// The first method of the interface `t` that `v` does not have, or has with another type.
    ///
    /// If `v` is an interface and `is_static` is not set, only methods that it does have count: a value's dynamic type
    /// may have the others.
    pub fn missing_method(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        cause: Option<&mut String>,
    ) -> Option<ObjId> {
        self.missing_method_with(v, t, is_static, &mut |c, x, y| c.identical(x, y), cause)
    }

    fn missing_method_with(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        equivalent: Equivalent<'_, 'a>,
        cause: Option<&mut String>,
    ) -> Option<ObjId> {
        let Type::Interface(iface) = self.under_type(t) else {
            panic!("types: missing_method: {:?} is not an interface", self.ty(t));
        };
        let tset = self.type_set(iface);
        let methods = self.type_sets[tset].methods;
        if methods.is_empty() {
            return None;
        }
        let v_set = match self.under_type(v) {
            Type::Interface(iface) => Some(self.type_set(iface)),
            _ => None,
        };
        for i in 0..methods.len() {
            let want = self.obj_at(methods, i);
            let missing = match v_set {
                Some(v_set) => self.check_interface_method(v_set, want, is_static, &mut *equivalent),
                None => self.check_method(v, want, &mut *equivalent),
            };
            if let Some(missing) = missing {
                if let Some(cause) = cause {
                    *cause = self.missing_method_cause(v, t, want, missing);
                }
                return Some(want);
            }
        }
        None
    }

    fn check_interface_method(
        &mut self,
        v_set: TypeSetId,
        want: ObjId,
        is_static: bool,
        equivalent: Equivalent<'_, 'a>,
    ) -> Option<Missing> {
        let Object { name, pkg, .. } = *self.obj(want);
        let Some((_, have)) = self.type_set_lookup_method(v_set, pkg, name, false) else {
            return is_static.then_some(Missing::NotFound);
        };
        (!self.same_signature(have, want, equivalent)).then_some(Missing::WrongSignature { have })
    }

    fn check_method(&mut self, v: TypeId, want: ObjId, equivalent: Equivalent<'_, 'a>) -> Option<Missing> {
        let Object { name, pkg, .. } = *self.obj(want);
        match self.lookup_in(v, false, pkg, name, false) {
            Lookup::Found { obj: have, .. } => {
                if !matches!(self.obj(have).kind, ObjKind::Func { .. }) {
                    return Some(Missing::Field);
                }
                self.obj_decl(have);
                (!self.same_signature(have, want, equivalent)).then_some(Missing::WrongSignature { have })
            }
            Lookup::Ambiguous { .. } => Some(Missing::Ambiguous),
            Lookup::PointerReceiver { .. } => Some(Missing::PointerReceiver),
            Lookup::NotFound => Some(match self.lookup_in(v, false, pkg, name, true) {
                Lookup::Found { obj: have, .. } if matches!(self.obj(have).kind, ObjKind::Func { .. }) => {
                    if self.obj(have).name == name { Missing::Unexported } else { Missing::WrongName { have } }
                }
                _ => Missing::NotFound,
            }),
        }
    }

    fn same_signature(&mut self, have: ObjId, want: ObjId, equivalent: Equivalent<'_, 'a>) -> bool {
        if have == want {
            return true; // the same interface's method
        }
        match (self.obj(have).ty, self.obj(want).ty) {
            (Some(have), Some(want)) => equivalent(self, have, want),
            _ => false,
        }
    }

    fn missing_method_cause(&mut self, v: TypeId, t: TypeId, want: ObjId, missing: Missing) -> String {
        let name = self.obj(want).name;
        match missing {
            Missing::NotFound if self.is_interface_ptr(v) => format!("({})", self.interface_ptr_error(v)),
            Missing::NotFound if self.is_interface_ptr(t) => format!("({})", self.interface_ptr_error(t)),
            Missing::NotFound => format!("(missing method {name})"),
            Missing::WrongName { have } => {
                self.obj_decl(have);
                let (have, want) = (self.func_string(have, false), self.func_string(want, false));
                format!("(missing method {name})\n\t\thave {have}\n\t\twant {want}")
            }
            Missing::Unexported => format!("(unexported method {name})"),
            Missing::WrongSignature { have } => {
                // Only what tells the two apart helps: packages if need be. If nothing does (type parameters of the same
                // name, say), neither is shown.
                for pkg_info in [false, true] {
                    let (have, want) = (self.func_string(have, pkg_info), self.func_string(want, pkg_info));
                    if have != want {
                        return format!("(wrong type for method {name})\n\t\thave {have}\n\t\twant {want}");
                    }
                }
                format!("(wrong type for method {name})")
            }
            Missing::Ambiguous => format!("(ambiguous selector {}.{name})", self.type_string(v)),
            Missing::PointerReceiver => format!("(method {name} has pointer receiver)"),
            Missing::Field => format!("({}.{name} is a field, not a method)", self.type_string(v)),
        }
    }

    /// Whether no method of `t` is missing in `v`; also if that cannot be said because `v` or an embedded field of it is
    /// invalid.
    pub fn has_all_methods(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        equivalent: Equivalent<'_, 'a>,
        cause: Option<&mut String>,
    ) -> bool {
        !self.is_valid(v)
            || self.missing_method_with(v, t, is_static, equivalent, cause).is_none()
            || self.has_invalid_embedded_fields(v)
    }

    /// Whether `ty` is a struct, or a pointer to one, into which an invalid type is embedded at some depth.
    fn has_invalid_embedded_fields(&mut self, ty: TypeId) -> bool {
        const MAX_SEEN: usize = 1000; // only invalid recursive types reach it
        let mut seen = FxHashSet::default();
        let mut work = vec![ty];
        while let Some(ty) = work.pop() {
            let base = self.deref_struct_ptr(ty);
            let Type::Struct(id) = self.under_type(base) else {
                continue;
            };
            if seen.len() >= MAX_SEEN || !seen.insert(id) {
                continue;
            }
            let fields = self.structs[id].fields;
            for i in 0..fields.len() {
                let field = self.obj(self.obj_at(fields, i));
                if let (true, Some(ty)) = (crate::identical::is_embedded(field), field.ty) {
                    if !self.is_valid(ty) {
                        return true;
                    }
                    work.push(ty);
                }
            }
        }
        false
    }

    /// Whether the underlying type is a pointer to an interface or type parameter.
    pub fn is_interface_ptr(&mut self, ty: TypeId) -> bool {
        matches!(self.under_type(ty), Type::Pointer { elem } if self.is_interface(elem))
    }

    /// The complaint about a type of which [`Checker::is_interface_ptr`] holds.
    pub fn interface_ptr_error(&mut self, ty: TypeId) -> String {
        let what = match self.under_type(ty) {
            Type::Pointer { elem } if self.is_type_param(elem) => "type parameter",
            _ => "interface",
        };
        format!("type {} is pointer to {what}, not {what}", self.type_string(ty))
    }

    /// Whether a value of interface type `v` can hold a `t`.
    ///
    /// spec: "If T is an interface type, x.(T) asserts that the dynamic type of x implements the interface T": nothing
    /// to check then.
    pub fn assertable_to(&mut self, v: TypeId, t: TypeId, cause: Option<&mut String>) -> bool {
        self.is_interface(t) || self.has_all_methods(t, v, false, &mut |c, x, y| c.identical(x, y), cause)
    }

    /// As [`Checker::assertable_to`], for interfaces that may be constraints.
    pub fn new_assertable_to(&mut self, v: TypeId, t: TypeId, cause: Option<&mut String>) -> bool {
        self.is_interface(t) || self.implements(t, v, false, cause)
    }
}
