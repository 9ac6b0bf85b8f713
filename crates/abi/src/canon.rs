//! Canonical types: closed, without aliases, and equal exactly if identical.
//!
//! The checker's `TypeId` stands for a type as written. [`Types::canon`] turns one into a [`CanonId`] under an
//! environment that says what type parameters stand for; nothing is substituted in the checker's tables. Types are
//! hash-consed: the parts of a type are ids, lists of parts are hash-consed too, so one lookup finds the type.
//!
//! ```text
//! type L[P any] struct { next *L[P]; val P }
//!
//! L[int]             Named { L, [int] }                 its arguments are enough: nothing is expanded
//! underlying         Struct { next *Named { L, [int] }, val int }      on demand, from the declaration, P bound to int
//! ```
//!
//! A type that mentions no type parameter is the same in all environments; most are, and are remembered in a dense
//! table. The others are remembered by environment.
//!
//! Only valid programs come here: constraints (unions, `comparable`) describe no values and have no canonical form
//! beyond their methods.

use crate::env::{Bindings, EnvId};
use crate::equality::EqualityTables;
use crate::lists::Lists;
use crate::locals::Locals;
use crate::methods::MethodTables;
use crate::names::NameTables;
use crate::parts::PartTables;
use crate::sizes::SizeTables;
use base::{SideTable, Symbol, Table, entity_id};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::ops::Index;
use types::{
    BasicKind, ChanDir, Checker, InterfaceId, NamedId, ObjId, ObjKind, PkgId, SignatureId, StructId, Type, TypeId,
};

entity_id!(
    /// A type: equal ids, identical types.
    pub struct CanonId, "ctype"
);
entity_id!(
    /// A list of types.
    pub struct CanonList, "ctypes"
);
entity_id!(
    /// The fields of a struct.
    pub struct FieldList, "cfields"
);
entity_id!(
    /// The methods of an interface, those of embedded ones included.
    pub struct InterfaceMethods, "cmethods"
);

impl CanonList {
    pub const EMPTY: CanonList = CanonList::from_const(0);
}
impl InterfaceMethods {
    pub const EMPTY: InterfaceMethods = InterfaceMethods::from_const(0);
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CanonType {
    Basic(BasicKind),
    Pointer(CanonId),
    Slice(CanonId),
    Array {
        len: u64,
        elem: CanonId,
    },
    Map {
        key: CanonId,
        elem: CanonId,
    },
    Chan {
        dir: ChanDir,
        elem: CanonId,
    },
    /// The last parameter of a variadic function is a slice.
    Func {
        params: CanonList,
        results: CanonList,
        variadic: bool,
    },
    Struct(FieldList),
    Interface(InterfaceMethods),
    /// `obj` declares the type; `enclosing` are the type arguments of the function that declaration stands in.
    Named {
        obj: ObjId,
        enclosing: CanonList,
        targs: CanonList,
    },
    Tuple(CanonList),
}

/// spec: "Two struct types are identical if they have the same sequence of fields, and if corresponding pairs of fields
/// have the same names, identical types, and identical tags, and are either both embedded or both not embedded.
/// Non-exported field names from different packages are always different."
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Field {
    pub name: Symbol,
    /// Only of names that are not exported.
    pub pkg: Option<PkgId>,
    pub ty: CanonId,
    pub embedded: bool,
    pub tag: Symbol,
}

/// A method of an interface; they are sorted as [`method_order`] says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InterfaceMethod {
    pub name: Symbol,
    /// Only of names that are not exported.
    pub pkg: Option<PkgId>,
    /// A `Func`.
    pub sig: CanonId,
}

/// Stands for a type that depends on the environment, in the table of those that do not.
const OPEN: CanonId = CanonId::from_const(u32::MAX - 1);

/// All canonical types of a program and what is known of them.
pub struct Types {
    types: Table<CanonId, CanonType>,
    ids: FxHashMap<CanonType, CanonId>,
    lists: Lists<CanonList, CanonId>,
    fields: Lists<FieldList, Field>,
    interface_methods: Lists<InterfaceMethods, InterfaceMethod>,
    pub(crate) envs: Table<EnvId, Bindings>,
    pub(crate) env_ids: FxHashMap<Bindings, EnvId>,
    /// Canonical forms of types that mention no type parameters; [`OPEN`]: it does.
    closed: SideTable<TypeId, Option<CanonId>>,
    open: FxHashMap<(EnvId, TypeId), CanonId>,
    underlying: SideTable<CanonId, Option<CanonId>>,
    pub(crate) locals: Locals,
    /// What is linked as package `main`, whatever its import path.
    pub(crate) main_package: Option<PkgId>,
    pub(crate) method_tables: MethodTables,
    pub(crate) sizes: SizeTables,
    pub(crate) parts: PartTables,
    pub(crate) equality: EqualityTables,
    pub(crate) names: NameTables,
}

impl Index<CanonId> for Types {
    type Output = CanonType;
    #[inline]
    fn index(&self, id: CanonId) -> &CanonType {
        &self.types[id]
    }
}

impl Types {
    /// `main_package`: what prints as `main`, and is that package to the linker.
    pub fn new(main_package: Option<PkgId>) -> Types {
        let mut types = Types {
            types: Table::new(),
            ids: FxHashMap::default(),
            lists: Lists::new(),
            fields: Lists::new(),
            interface_methods: Lists::new(),
            envs: Table::new(),
            env_ids: FxHashMap::default(),
            closed: SideTable::new(),
            open: FxHashMap::default(),
            underlying: SideTable::new(),
            locals: Locals::default(),
            main_package,
            method_tables: MethodTables::new(),
            sizes: SizeTables::default(),
            parts: PartTables::default(),
            equality: EqualityTables::default(),
            names: NameTables::default(),
        };
        types.envs.push(Box::default());
        for kind in BasicKind::ALL {
            types.intern(CanonType::Basic(kind));
        }
        types
    }

    pub const fn basic(kind: BasicKind) -> CanonId {
        CanonId::from_const(kind as u32)
    }

    pub fn intern(&mut self, ty: CanonType) -> CanonId {
        *self.ids.entry(ty).or_insert_with(|| self.types.push(ty))
    }

    pub fn pointer_to(&mut self, elem: CanonId) -> CanonId {
        self.intern(CanonType::Pointer(elem))
    }
    pub fn slice_of(&mut self, elem: CanonId) -> CanonId {
        self.intern(CanonType::Slice(elem))
    }
    pub fn array_of(&mut self, len: u64, elem: CanonId) -> CanonId {
        self.intern(CanonType::Array { len, elem })
    }
    pub fn func(&mut self, params: &[CanonId], results: &[CanonId], variadic: bool) -> CanonId {
        let (params, results) = (self.lists.intern(params), self.lists.intern(results));
        self.intern(CanonType::Func { params, results, variadic })
    }
    pub fn struct_of(&mut self, fields: &[Field]) -> CanonId {
        let fields = self.fields.intern(fields);
        self.intern(CanonType::Struct(fields))
    }
    /// `interface{}`
    pub fn empty_interface(&mut self) -> CanonId {
        self.intern(CanonType::Interface(InterfaceMethods::EMPTY))
    }

    pub fn list_of(&mut self, types: &[CanonId]) -> CanonList {
        self.lists.intern(types)
    }

    pub fn list(&self, list: CanonList) -> &[CanonId] {
        self.lists.get(list)
    }
    pub fn fields(&self, fields: FieldList) -> &[Field] {
        self.fields.get(fields)
    }
    pub fn interface_methods(&self, methods: InterfaceMethods) -> &[InterfaceMethod] {
        self.interface_methods.get(methods)
    }

    /// How many types there are; their ids are dense.
    pub fn len(&self) -> usize {
        self.types.len()
    }
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// The canonical form of a type of a valid program. `env` binds the type parameters that it mentions.
    pub fn canon(&mut self, checker: &mut Checker<'_>, ty: TypeId, env: EnvId) -> CanonId {
        let mut uses_env = false;
        self.walk(checker, ty, env, &mut uses_env)
    }

    /// The canonical form of a defined type's right-hand side, or of a literal itself: never a defined type.
    ///
    /// spec: "Each type T has an underlying type: If T is one of the predeclared boolean, numeric, or string types, or a
    /// type literal, the corresponding underlying type is T itself. Otherwise, T's underlying type is the underlying
    /// type of the type to which T refers in its declaration."
    pub fn underlying(&mut self, checker: &mut Checker<'_>, id: CanonId) -> CanonId {
        let mut path: SmallVec<[CanonId; 4]> = SmallVec::new();
        let mut at = id;
        while let CanonType::Named { obj, enclosing, targs } = self.types[at] {
            if let Some(known) = self.underlying[at] {
                at = known;
                break;
            }
            path.push(at);
            assert!(path.len() < 1 << 20, "abi: underlying: endless chain of definitions");
            let env = self.declaration_env(checker, obj, enclosing, targs);
            let named = defined_type(checker, obj);
            let rhs = checker.named_rhs(named).expect("abi: underlying: the declaration is checked");
            at = self.canon(checker, rhs, env);
        }
        for ty in path {
            self.underlying[ty] = Some(at);
        }
        at
    }

    /// What `id` looks like: its underlying type.
    pub fn shape(&mut self, checker: &mut Checker<'_>, id: CanonId) -> CanonType {
        let underlying = self.underlying(checker, id);
        self.types[underlying]
    }

    /// Sets `uses_env` if the answer holds in this environment only.
    fn walk(&mut self, checker: &mut Checker<'_>, ty: TypeId, env: EnvId, uses_env: &mut bool) -> CanonId {
        match self.closed[ty] {
            None => {}
            Some(OPEN) => {
                *uses_env = true;
                if let Some(&known) = self.open.get(&(env, ty)) {
                    return known;
                }
            }
            Some(known) => return known,
        }
        let mut is_open = false;
        let id = self.walk_type(checker, ty, env, &mut is_open);
        if is_open {
            self.closed[ty] = Some(OPEN);
            self.open.insert((env, ty), id);
            *uses_env = true;
        } else {
            self.closed[ty] = Some(id);
        }
        id
    }

    fn walk_type(&mut self, checker: &mut Checker<'_>, ty: TypeId, env: EnvId, uses_env: &mut bool) -> CanonId {
        let canon = match checker.ty(ty) {
            Type::Basic(kind) => return Types::basic(kind),
            Type::Alias(_) => {
                let actual = checker.unalias(ty);
                return self.walk(checker, actual, env, uses_env);
            }
            Type::TypeParam(tparam) => {
                *uses_env = true;
                return self.binding(env, tparam).unwrap_or_else(|| {
                    let name = checker.obj(checker.type_params[tparam].obj).name;
                    panic!("abi: canon: nothing is bound to type parameter {name} in {env}")
                });
            }
            Type::Pointer { elem } => CanonType::Pointer(self.walk(checker, elem, env, uses_env)),
            Type::Slice { elem } => CanonType::Slice(self.walk(checker, elem, env, uses_env)),
            Type::Array { len, elem } => {
                let len = u64::try_from(len).expect("abi: canon: arrays of valid programs have a length");
                CanonType::Array { len, elem: self.walk(checker, elem, env, uses_env) }
            }
            Type::Map { key, elem } => {
                let key = self.walk(checker, key, env, uses_env);
                CanonType::Map { key, elem: self.walk(checker, elem, env, uses_env) }
            }
            Type::Chan { dir, elem } => CanonType::Chan { dir, elem: self.walk(checker, elem, env, uses_env) },
            Type::Signature(sig) => return self.walk_signature(checker, sig, env, uses_env),
            Type::Tuple(vars) => CanonType::Tuple(self.walk_vars(checker, vars, env, uses_env)),
            Type::Struct(id) => return self.walk_struct(checker, id, env, uses_env),
            Type::Interface(id) => return self.walk_interface(checker, id, env, uses_env),
            Type::Named(named) => return self.walk_named(checker, named, env, uses_env),
            Type::Union(_) => unreachable!("abi: canon: a union is no type of values"),
        };
        self.intern(canon)
    }

    /// spec: "Two function types are identical if they have the same number of parameters and result values,
    /// corresponding parameter and result types are identical, and either both functions are variadic or neither is.
    /// Parameter and result names are not required to match." The receiver is no part of the type.
    fn walk_signature(
        &mut self,
        checker: &mut Checker<'_>,
        sig: SignatureId,
        env: EnvId,
        uses_env: &mut bool,
    ) -> CanonId {
        let sig = checker.signatures[sig];
        let params = self.walk_vars(checker, sig.params, env, uses_env);
        let results = self.walk_vars(checker, sig.results, env, uses_env);
        self.intern(CanonType::Func { params, results, variadic: sig.variadic })
    }

    fn walk_vars(
        &mut self,
        checker: &mut Checker<'_>,
        vars: types::ObjList,
        env: EnvId,
        uses_env: &mut bool,
    ) -> CanonList {
        let mut list: SmallVec<[CanonId; 8]> = SmallVec::with_capacity(vars.len());
        for index in 0..vars.len() {
            let ty = type_of(checker, checker.obj_at(vars, index));
            list.push(self.walk(checker, ty, env, uses_env));
        }
        self.lists.intern(&list)
    }

    fn walk_struct(&mut self, checker: &mut Checker<'_>, id: StructId, env: EnvId, uses_env: &mut bool) -> CanonId {
        let data = checker.structs[id];
        let mut fields: SmallVec<[Field; 8]> = SmallVec::with_capacity(data.fields.len());
        for index in 0..data.fields.len() {
            let field = checker.obj_at(data.fields, index);
            let ty = type_of(checker, field);
            let ty = self.walk(checker, ty, env, uses_env);
            let field = checker.obj(field);
            let embedded = matches!(field.kind, ObjKind::Var { embedded: true, .. });
            let pkg = field.pkg.filter(|_| !types::is_exported(field.name));
            fields.push(Field { name: field.name, pkg, ty, embedded, tag: checker.field_tag(data, index) });
        }
        self.struct_of(&fields)
    }

    /// spec: "Two interface types are identical if they define the same type set." For types of values that is: if they
    /// have the same methods, however they came by them.
    fn walk_interface(
        &mut self,
        checker: &mut Checker<'_>,
        id: InterfaceId,
        env: EnvId,
        uses_env: &mut bool,
    ) -> CanonId {
        let iface = checker.interfaces[id];
        let mut methods: SmallVec<[InterfaceMethod; 8]> = SmallVec::new();
        for index in 0..iface.methods.len() {
            let method = checker.obj_at(iface.methods, index);
            let ty = type_of(checker, method);
            let sig = self.walk(checker, ty, env, uses_env);
            let method = checker.obj(method);
            let pkg = method.pkg.filter(|_| !types::is_exported(method.name));
            methods.push(InterfaceMethod { name: method.name, pkg, sig });
        }
        for index in 0..iface.embeddeds.len() {
            let embedded = checker.type_at(iface.embeddeds, index);
            // A constraint's terms say nothing about methods.
            if !checker.is_interface(embedded) || matches!(checker.ty(embedded), Type::Union(_)) {
                continue;
            }
            let embedded = self.walk(checker, embedded, env, uses_env);
            if let CanonType::Interface(list) = self.shape(checker, embedded) {
                methods.extend_from_slice(self.interface_methods.get(list));
            }
        }
        methods.sort_by(|a, b| self.method_order(checker, (a.name, a.pkg), (b.name, b.pkg)));
        methods.dedup();
        let methods = self.interface_methods.intern(&methods);
        self.intern(CanonType::Interface(methods))
    }

    fn walk_named(&mut self, checker: &mut Checker<'_>, named: NamedId, env: EnvId, uses_env: &mut bool) -> CanonId {
        let origin = checker.named_origin(named);
        let obj = checker.named[origin].obj;
        let mut args: SmallVec<[CanonId; 4]> = SmallVec::new();
        if let Some(inst) = checker.named[named].inst {
            for index in 0..inst.targs.len() {
                let targ = checker.type_at(inst.targs, index);
                args.push(self.walk(checker, targ, env, uses_env));
            }
        } else {
            assert!(checker.named[origin].tparams.is_empty(), "abi: canon: a generic type without arguments");
        }
        let targs = self.lists.intern(&args);

        args.clear();
        let (rparams, tparams) = self.locals.enclosing_params(checker, obj);
        for list in [rparams, tparams] {
            for index in 0..list.len() {
                let tparam = checker.type_at(list, index);
                args.push(self.walk(checker, tparam, env, uses_env));
            }
        }
        let enclosing = self.lists.intern(&args);
        self.intern(CanonType::Named { obj, enclosing, targs })
    }

    /// The order of methods in tables: exported names first, then by name, then by the path of the package that a name
    /// which is not exported belongs to. Merging two sorted lists tells whether a type implements an interface.
    pub fn method_order(
        &self,
        checker: &Checker<'_>,
        a: (Symbol, Option<PkgId>),
        b: (Symbol, Option<PkgId>),
    ) -> std::cmp::Ordering {
        let unexported = |name: (Symbol, Option<PkgId>)| name.1.is_some();
        unexported(a).cmp(&unexported(b)).then_with(|| a.0.as_str().cmp(b.0.as_str())).then_with(|| {
            let path = |pkg: Option<PkgId>| pkg.map_or("", |pkg| self.package_path(checker, pkg));
            path(a.1).cmp(path(b.1))
        })
    }

    /// The import path, but of the package that is linked as `main`.
    pub fn package_path<'c>(&self, checker: &'c Checker<'_>, pkg: PkgId) -> &'c str {
        if self.main_package == Some(pkg) { "main" } else { &checker.packages[pkg].path }
    }
}

/// The defined type that `obj` declares.
pub(crate) fn defined_type(checker: &mut Checker<'_>, obj: ObjId) -> NamedId {
    let ty = type_of(checker, obj);
    checker.as_named(ty).expect("abi: the object of a defined type")
}

/// The type of a declared object, which is checked now if it was not.
pub(crate) fn type_of(checker: &mut Checker<'_>, obj: ObjId) -> TypeId {
    if checker.obj(obj).ty.is_none() {
        checker.query().object(obj);
    }
    checker.obj(obj).ty.expect("abi: objects of valid programs have types")
}
