//! The predeclared identifiers and package unsafe.
//!
//! Their types have fixed ids ([`typ`]), so that checking against `int` or `error` is a comparison of integers.

use crate::constant::Value;
use crate::store::*;
use base::{EntityId, Pos, Symbol, sym};

/// Ids of the predeclared types; [`Store::with_universe`] makes them in this order.
pub mod typ {
    use crate::store::{BasicKind, TypeId};

    pub const fn basic(kind: BasicKind) -> TypeId {
        TypeId::from_const(kind as u32)
    }
    macro_rules! basics {
        ($($name:ident = $kind:ident),* $(,)?) => { $(pub const $name: TypeId = basic(BasicKind::$kind);)* };
    }
    basics! {
        INVALID = Invalid, BOOL = Bool, INT = Int, INT8 = Int8, INT16 = Int16, INT32 = Int32, INT64 = Int64,
        UINT = Uint, UINT8 = Uint8, UINT16 = Uint16, UINT32 = Uint32, UINT64 = Uint64, UINTPTR = Uintptr,
        FLOAT32 = Float32, FLOAT64 = Float64, COMPLEX64 = Complex64, COMPLEX128 = Complex128, STRING = String,
        UNSAFE_POINTER = UnsafePointer, UNTYPED_BOOL = UntypedBool, UNTYPED_INT = UntypedInt,
        UNTYPED_RUNE = UntypedRune, UNTYPED_FLOAT = UntypedFloat, UNTYPED_COMPLEX = UntypedComplex,
        UNTYPED_STRING = UntypedString, UNTYPED_NIL = UntypedNil,
    }
    /// `byte`: identical to `uint8`, but printed as written.
    pub const BYTE: TypeId = TypeId::from_const(26);
    /// `rune`: identical to `int32`, but printed as written.
    pub const RUNE: TypeId = TypeId::from_const(27);
    /// `interface{}`, what `any` stands for.
    pub const EMPTY_INTERFACE: TypeId = TypeId::from_const(28);
    /// The alias `any`.
    pub const ANY: TypeId = TypeId::from_const(29);
    pub const ERROR: TypeId = TypeId::from_const(30);
    pub const COMPARABLE: TypeId = TypeId::from_const(31);
    /// The tuple of no values.
    pub const EMPTY_TUPLE: TypeId = TypeId::from_const(32);
}

pub const UNIVERSE: ScopeId = ScopeId::from_const(0);
pub const UNSAFE: PkgId = PkgId::from_const(0);
/// The value of a constant whose initialiser has not been checked, or has errors.
pub const UNKNOWN_VALUE: ConstId = ConstId::from_const(0);

/// The type set of all types.
pub const TOP_TYPE_SET: TypeSetId = TypeSetId::from_const(0);
/// Stands for the type set of a union that could not be computed; empty.
pub const INVALID_TYPE_SET: TypeSetId = TypeSetId::from_const(1);

/// What kind of statement or expression a builtin's call is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExprKind {
    Conversion,
    Expression,
    Statement,
}

pub struct BuiltinInfo {
    pub id: BuiltinId,
    pub name: &'static str,
    pub nargs: usize,
    pub variadic: bool,
    pub kind: ExprKind,
}

macro_rules! builtins {
    ($($id:ident $name:literal $nargs:literal $variadic:literal $kind:ident;)*) => {
        pub const BUILTINS: &[BuiltinInfo] = &[$(BuiltinInfo {
            id: BuiltinId::$id, name: $name, nargs: $nargs, variadic: $variadic, kind: ExprKind::$kind,
        }),*];
    };
}

builtins! {
    Append "append" 1 true Expression;
    Cap "cap" 1 false Expression;
    Clear "clear" 1 false Statement;
    Close "close" 1 false Statement;
    Complex "complex" 2 false Expression;
    Copy "copy" 2 false Statement;
    Delete "delete" 2 false Statement;
    Imag "imag" 1 false Expression;
    Len "len" 1 false Expression;
    Make "make" 1 true Expression;
    Max "max" 1 true Expression;
    Min "min" 1 true Expression;
    New "new" 1 false Expression;
    Panic "panic" 1 false Statement;
    Print "print" 0 true Statement;
    Println "println" 0 true Statement;
    Real "real" 1 false Expression;
    Recover "recover" 0 false Statement;
    Add "Add" 2 false Expression;
    Alignof "Alignof" 1 false Expression;
    Offsetof "Offsetof" 1 false Expression;
    Sizeof "Sizeof" 1 false Expression;
    Slice "Slice" 2 false Expression;
    SliceData "SliceData" 1 false Expression;
    String "String" 2 false Expression;
    StringData "StringData" 1 false Expression;
    Assert "assert" 1 false Statement;
    Trace "trace" 0 true Expression;
}

impl BuiltinId {
    pub fn info(self) -> &'static BuiltinInfo {
        &BUILTINS[self as usize]
    }
}

impl Store {
    /// The tables with the universe and package unsafe in them. `test_builtins` adds `assert` and `trace`, which Go's
    /// own checker tests use.
    pub fn with_universe(test_builtins: bool) -> Store {
        let mut store = Store::default();
        let universe = store.new_scope(None, Pos::NONE, Pos::NONE);
        debug_assert_eq!(universe, UNIVERSE);
        let unsafe_scope = store.new_scope(Some(universe), Pos::NONE, Pos::NONE);
        let unsafe_pkg = store.packages.push(Package {
            path: "unsafe".into(),
            name: sym::UNSAFE,
            scope: unsafe_scope,
            imports: Vec::new(),
            fake: false,
            whole: false,
            standard: true,
        });
        debug_assert_eq!(unsafe_pkg, UNSAFE);
        store.declare_types(universe, unsafe_scope);
        store.declare_values(universe);
        for info in BUILTINS {
            let kind = ObjKind::Builtin(info.id);
            let name = Symbol::intern(info.name);
            match info.id {
                BuiltinId::Assert | BuiltinId::Trace if !test_builtins => {}
                _ if is_exported(name) => {
                    let obj = store.new_object(kind, Pos::NONE, Some(UNSAFE), name, Some(typ::INVALID));
                    store.insert(unsafe_scope, obj);
                }
                _ => store.predeclare(universe, kind, name, typ::INVALID),
            }
        }
        store
    }

    fn predeclare(&mut self, universe: ScopeId, kind: ObjKind, name: Symbol, ty: TypeId) {
        let obj = self.new_object(kind, Pos::NONE, None, name, Some(ty));
        self.insert(universe, obj);
    }

    fn declare_types(&mut self, universe: ScopeId, unsafe_scope: ScopeId) {
        for kind in BasicKind::ALL {
            let ty = self.new_type(Type::Basic(kind));
            debug_assert_eq!(ty, typ::basic(kind));
            let name = Symbol::intern(kind.name());
            if kind == BasicKind::UnsafePointer {
                let obj = self.new_object(ObjKind::TypeName, Pos::NONE, Some(UNSAFE), name, Some(ty));
                self.insert(unsafe_scope, obj);
            } else if kind != BasicKind::Invalid && !kind.is_untyped() {
                self.predeclare(universe, ObjKind::TypeName, name, ty);
            }
        }
        for (kind, name, id) in [(BasicKind::Uint8, sym::BYTE, typ::BYTE), (BasicKind::Int32, sym::RUNE, typ::RUNE)] {
            let ty = self.new_type(Type::Basic(kind));
            debug_assert_eq!(ty, id);
            self.predeclare(universe, ObjKind::TypeName, name, ty);
        }

        // The other fixed slots are taken now and written below, because what they need are types themselves.
        for _ in typ::EMPTY_INTERFACE.index()..=typ::EMPTY_TUPLE.index() {
            self.new_type(Type::Basic(BasicKind::Invalid));
        }
        self.types[typ::EMPTY_TUPLE] = Type::Tuple(ObjList::EMPTY);

        let all_types = self.term_list(&[Term { tilde: false, ty: None }]);
        let top = self.type_sets.push(TypeSet { methods: ObjList::EMPTY, terms: all_types, comparable: false });
        debug_assert_eq!(top, TOP_TYPE_SET);
        let invalid =
            self.type_sets.push(TypeSet { methods: ObjList::EMPTY, terms: TermList::EMPTY, comparable: false });
        debug_assert_eq!(invalid, INVALID_TYPE_SET);
        let empty = self.interfaces.push(InterfaceData { complete: true, tset: Some(top), ..Default::default() });
        self.types[typ::EMPTY_INTERFACE] = Type::Interface(empty);

        let any_obj = self.new_object(ObjKind::TypeName, Pos::NONE, None, sym::ANY, None);
        let any_alias = self.aliases.next_id();
        self.types[typ::ANY] = Type::Alias(any_alias);
        self.aliases.push(AliasData {
            ty: typ::ANY,
            obj: any_obj,
            orig: any_alias,
            tparams: TypeList::EMPTY,
            implicit: TypeList::EMPTY,
            targs: TypeList::EMPTY,
            from_rhs: Some(typ::EMPTY_INTERFACE),
            actual: Some(typ::EMPTY_INTERFACE),
        });
        self.objects[any_obj].ty = Some(typ::ANY);
        self.insert(universe, any_obj);

        self.declare_interface(universe, sym::ERROR, typ::ERROR, |store, error| {
            let recv = store.new_var(VarKind::Recv, Pos::NONE, None, sym::EMPTY, Some(error));
            let result = store.new_var(VarKind::Result, Pos::NONE, None, sym::EMPTY, Some(typ::STRING));
            let results = store.obj_list(&[result]);
            let sig = store.signatures.push(SignatureData { recv: Some(recv), results, ..Default::default() });
            let sig = store.new_type(Type::Signature(sig));
            let kind = ObjKind::Func { has_ptr_recv: false, origin: None };
            let method = store.new_object(kind, Pos::NONE, None, sym::ERROR_METHOD, Some(sig));
            let methods = store.obj_list(&[method]);
            TypeSet { methods, terms: all_types, comparable: false }
        });
        self.declare_interface(universe, sym::COMPARABLE, typ::COMPARABLE, |_, _| TypeSet {
            methods: ObjList::EMPTY,
            terms: all_types,
            comparable: true,
        });
    }

    /// Declares a defined interface type of the universe; `type_set` makes its methods.
    fn declare_interface(
        &mut self,
        universe: ScopeId,
        name: Symbol,
        ty: TypeId,
        type_set: impl FnOnce(&mut Store, TypeId) -> TypeSet,
    ) {
        let obj = self.new_object(ObjKind::TypeName, Pos::NONE, None, name, None);
        self.objects[obj].ty = Some(ty);
        let set = type_set(self, ty);
        let methods = set.methods;
        let tset = self.type_sets.push(set);
        let iface =
            self.interfaces.push(InterfaceData { methods, complete: true, tset: Some(tset), ..Default::default() });
        let iface = self.new_type(Type::Interface(iface));
        let named = self.named.push(NamedData {
            ty,
            obj,
            from_rhs: Some(iface),
            underlying: Some(iface),
            tparams: TypeList::EMPTY,
            implicit: TypeList::EMPTY,
            methods: Vec::new(),
            inst: None,
            state: NamedState { under: true, finite: true, infinite: false },
        });
        self.types[ty] = Type::Named(named);
        self.insert(universe, obj);
    }

    fn declare_values(&mut self, universe: ScopeId) {
        let unknown = self.new_const_value(Value::Unknown);
        debug_assert_eq!(unknown, UNKNOWN_VALUE);
        let values = [
            (sym::TRUE, typ::UNTYPED_BOOL, Value::from_bool(true)),
            (sym::FALSE, typ::UNTYPED_BOOL, Value::from_bool(false)),
            (sym::IOTA, typ::UNTYPED_INT, Value::from_i64(0)),
        ];
        for (name, ty, value) in values {
            let val = Some(self.new_const_value(value));
            self.predeclare(universe, ObjKind::Const { val }, name, ty);
        }
        self.predeclare(universe, ObjKind::Nil, sym::NIL, typ::UNTYPED_NIL);
    }
}
