//! Type declarations, type parameters, and the methods of a type.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::store::*;
use crate::universe::typ;
use crate::version::GoVersion;
use base::{Pos, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::collections::hash_map::Entry;
use syntax::ast::{Decl, Expr, ExprKind, Field, Ident, Operator, TypeDecl};

impl<'a> Checker<'a> {
    /// Gives `obj` the type that is declared. `obj` is on the path of objects being checked.
    pub(super) fn type_decl(&mut self, obj: ObjId, tdecl: &'a TypeDecl<'a>) {
        self.later(move |checker| checker.check_declared_type(obj, tdecl));
        let outer = self.env.scope;
        if tdecl.alias {
            self.alias_decl(obj, tdecl);
        } else {
            self.defined_type_decl(obj, tdecl);
        }
        self.env.scope = outer;
    }

    /// Whether the type is an interface of another package that is more than a set of methods.
    pub(crate) fn is_imported_constraint(&mut self, ty: TypeId) -> bool {
        let Some(named) = self.as_named(ty) else { return false };
        let pkg = self.obj(self.named[named].obj).pkg;
        if pkg.is_none() || pkg == Some(self.env.pkg) {
            return false;
        }
        let underlying = self.under(ty);
        let Type::Interface(iface) = self.ty(underlying) else { return false };
        let tset = self.type_set(iface);
        !self.type_set_is_method_set(tset)
    }

    /// What can be checked of a declared type only when the types it is made of are complete.
    fn check_declared_type(&mut self, obj: ObjId, tdecl: &'a TypeDecl<'a>) {
        if let Some(ty) = self.obj(obj).ty
            && let Some(named) = self.as_named(ty)
        {
            self.valid_type(named);
        }
        // The declaration itself may have needed a newer version; one complaint is enough.
        let version = GoVersion::go1(18);
        let reported = !tdecl.tparams.is_empty() || tdecl.alias && !self.allow_version(GoVersion::go1(9));
        if !self.allow_version(version)
            && !reported
            && let Some(rhs) = self.recorded(tdecl.ty).ty
            && self.is_imported_constraint(rhs)
        {
            let what = format!("using type constraint {}", self.type_string(rhs));
            self.version_error(tdecl.ty, version, &what);
        }
    }

    fn alias_decl(&mut self, obj: ObjId, tdecl: &'a TypeDecl<'a>) {
        // The highest requirement first: to meet it is to meet the other.
        let tparam = tdecl.tparams.first();
        if tparam.is_none_or(|tparam| self.verify_version(tparam, GoVersion::go1(23), "generic type alias")) {
            self.verify_version(tdecl.pos, GoVersion::go1(9), "type alias");
        }
        let ty = self.new_alias(obj, None);
        let Type::Alias(alias) = self.ty(ty) else { unreachable!("types: new_alias makes an alias") };
        self.aliases[alias].implicit = self.enclosing_type_params();
        if tparam.is_some() {
            self.open_type_params_scope(tdecl);
            self.collect_type_params(tdecl.tparams, |checker, tparams| checker.aliases[alias].tparams = tparams);
        }
        let mut rhs = self.defined_type(tdecl.ty, Some(obj));
        // spec: "In an alias declaration the given type cannot be a type parameter declared in the same declaration."
        if matches!(self.ty(rhs), Type::TypeParam(_)) && self.type_ids(self.aliases[alias].tparams).contains(&rhs) {
            let message = "cannot use type parameter declared in alias declaration as RHS";
            self.error(tdecl.ty, Code::MisplacedTypeParam, message);
            rhs = typ::INVALID;
        }
        self.aliases[alias].from_rhs = Some(rhs);
    }

    fn defined_type_decl(&mut self, obj: ObjId, tdecl: &'a TypeDecl<'a>) {
        if let Some(tparam) = tdecl.tparams.first() {
            self.verify_version(tparam, GoVersion::go1(18), "type parameter");
        }
        let ty = self.new_named(obj, None);
        let Type::Named(named) = self.ty(ty) else { unreachable!("types: new_named makes a named type") };
        self.named[named].implicit = self.enclosing_type_params();
        if !tdecl.tparams.is_empty() {
            self.open_type_params_scope(tdecl);
            self.collect_type_params(tdecl.tparams, |checker, tparams| checker.named[named].tparams = tparams);
        }
        let mut rhs = self.defined_type(tdecl.ty, Some(obj));
        // spec: "In a type definition the given type cannot be a type parameter."
        if self.is_type_param(rhs) {
            let message = "cannot use a type parameter as RHS in type declaration";
            self.error(tdecl.ty, Code::MisplacedTypeParam, message);
            rhs = typ::INVALID;
        }
        self.named[named].from_rhs = Some(rhs);
    }

    /// The type parameters of the function in which a type is declared.
    fn enclosing_type_params(&self) -> TypeList {
        self.env.decl.map_or(TypeList::EMPTY, |decl| self.decls[decl].implicit)
    }

    fn open_type_params_scope(&mut self, tdecl: &'a TypeDecl<'a>) {
        let outer = self.env.scope;
        self.env.scope = self.new_scope(Some(outer), tdecl.pos, Decl::Type(tdecl).end());
    }

    /// Declares the type parameters in the current scope and checks their constraints. `set` stores the list where it
    /// belongs; that happens first because constraints may use the parameterized type (`type T[P T[P]] interface{}`).
    pub(crate) fn collect_type_params(&mut self, list: &'a [Field<'a>], set: impl FnOnce(&mut Checker<'a>, TypeList)) {
        // spec: "The scope of an identifier denoting a type parameter of a function or declared by a method receiver
        // begins after the name of the function"; "of a type [...] begins after the name of the type". So constraints
        // may refer to parameters further right.
        let Some(scope_pos) = list.first().map(|field| field.pos) else { return };
        let mut tparams: SmallVec<[TypeId; 4]> = SmallVec::new();
        for field in list {
            let unnamed = Ident { id: field.ty.id, pos: field.pos, name: base::sym::BLANK };
            tparams.push(self.declare_type_param(field.name.unwrap_or(unnamed), scope_pos));
        }
        let bound_list = self.bind_type_params(&tparams);
        set(self, bound_list);

        // Function literals in constraints are checked later, and any other declaration in an environment of its own:
        // there is at most one such list at a time.
        debug_assert!(!self.env.in_tparam_list);
        self.env.in_tparam_list = true;
        let mut bound = typ::INVALID;
        let mut previous: Option<&Expr> = None;
        for (field, &tparam) in list.iter().zip(&tparams) {
            // The constraint of `A, B C` is one type, also when printed.
            if previous.is_none_or(|previous| !std::ptr::eq(previous, field.ty)) {
                previous = Some(field.ty);
                bound = self.bound(field.ty);
                if self.is_type_param(bound) {
                    let message = "cannot use a type parameter as constraint";
                    self.error(field.ty, Code::MisplacedTypeParam, message);
                    bound = typ::INVALID;
                }
            }
            let Type::TypeParam(id) = self.ty(tparam) else { unreachable!("types: tparams are type parameters") };
            self.type_params[id].bound = Some(bound);
        }
        self.env.in_tparam_list = false;
    }

    /// spec: "If the constraint is an interface literal of the form interface{E} where E is an embedded type element
    /// (not a method), in a type parameter list the enclosing interface{ … } may be omitted for convenience"
    fn bound(&mut self, e: &'a Expr<'a>) -> TypeId {
        match e.kind {
            ExprKind::Unary { op: Operator::Tilde, .. } | ExprKind::Binary { op: Operator::Or, .. } => {
                self.implicit_interface(e)
            }
            _ => self.typ(e),
        }
    }

    /// Declares a type parameter whose constraint is not yet known.
    pub(crate) fn declare_type_param(&mut self, name: Ident, scope_pos: Pos) -> TypeId {
        let obj = self.store.new_object(ObjKind::TypeName, name.pos, Some(self.env.pkg), name.name, None);
        let tparam = self.new_type_param(obj, Some(typ::INVALID));
        self.declare(self.env.scope, Some(name), obj, scope_pos);
        tparam
    }

    /// Attaches to the type the methods that were collected for it.
    pub(super) fn collect_methods(&mut self, obj: ObjId) {
        let Some(methods) = self.pkg_state().methods.remove(&obj) else { return };
        let base = self.obj(obj).ty.and_then(|ty| self.as_named(ty));
        if let Some(base) = base {
            // The underlying type may not be known yet.
            self.later(move |checker| checker.check_field_uniqueness(base));
            self.named[base].methods.reserve_exact(methods.len());
        }
        let mut seen: FxHashMap<Symbol, ObjId> = FxHashMap::default();
        for method in methods {
            let Object { name, pos, .. } = *self.obj(method);
            // spec: "For a base type, the non-blank names of methods bound to it must be unique."
            match seen.entry(name) {
                Entry::Occupied(other) => {
                    let place = self.pos_string(self.obj(*other.get()).pos);
                    let message = format!("method {}.{name} already declared at {place}", self.obj(obj).name);
                    self.error(pos, Code::DuplicateMethod, message);
                }
                Entry::Vacant(entry) => {
                    entry.insert(method);
                    if let Some(base) = base {
                        self.named[base].methods.push(Some(method));
                    }
                }
            }
        }
    }

    /// spec: "If the base type is a struct type, the non-blank method and field names must be distinct."
    fn check_field_uniqueness(&mut self, base: NamedId) {
        let under = self.under(self.named[base].ty);
        let Type::Struct(id) = self.ty(under) else { return };
        let fields = self.structs[id].fields;
        let names: FxHashSet<Symbol> = self.objs(fields).iter().map(|&field| self.obj(field).name).collect();
        let clashes = |method: &&Option<ObjId>| method.is_some_and(|method| names.contains(&self.obj(method).name));
        let methods: SmallVec<[ObjId; 2]> =
            self.named[base].methods.iter().filter(clashes).filter_map(|method| *method).collect();
        if methods.is_empty() {
            return;
        }
        for index in 0..fields.len() {
            let field = self.obj_at(fields, index);
            let Object { name, pkg, .. } = *self.obj(field);
            let same = |&method: &ObjId| {
                let method = self.obj(method);
                // The struct may come from another package, whose unexported names are others.
                method.name == name && (method.pkg == pkg || is_exported(name))
            };
            if let Some(method) = methods.iter().copied().find(same) {
                let mut err = ErrorBuilder::new(Code::DuplicateFieldAndMethod);
                err.add(self.obj(method).pos, format!("field and method with the same name {name}"));
                self.add_alt_decl(&mut err, field);
                self.report(err);
            }
        }
    }
}
