//! The tables that type checking fills and every later phase reads.
//!
//! Everything is an entity: a small id into a dense table. The payload of a type is `Copy` (a few words, lists are
//! ranges of a pool), so reading a type never borrows the tables while they are being extended.
//!
//! **`TypeId` is not identity.** It stands for a type *as written*: two occurrences of `[]int` are two ids, aliases keep
//! their name. Whether two types are identical is asked of [`Checker::identical`](crate::Checker::identical).
//!
//! A type is created before it is complete (`type T struct { next *T }`), and its slot is written again when its parts
//! are known.

use crate::constant::Value;
use base::{Pos, Symbol, Table, entity_id};

entity_id!(
    /// A type as written.
    pub struct TypeId, "type"
);
entity_id!(
    /// A declared entity: go/types' Object.
    pub struct ObjId, "obj"
);
entity_id!(pub struct ScopeId, "scope");
entity_id!(pub struct PkgId, "pkg");
entity_id!(pub struct NamedId, "named");
entity_id!(pub struct AliasId, "alias");
entity_id!(pub struct SignatureId, "sig");
entity_id!(pub struct StructId, "struct");
entity_id!(pub struct InterfaceId, "iface");
entity_id!(pub struct UnionId, "union");
entity_id!(pub struct TypeParamId, "tparam");
entity_id!(pub struct TypeSetId, "tset");
entity_id!(
    /// A constant value that was recorded; ids are not unique per value.
    pub struct ConstId, "const"
);
entity_id!(
    /// A tree with node numbers of its own: a file's declarations, or one function declaration's body.
    pub struct UnitId, "unit"
);
entity_id!(
    /// What the checker keeps of a package-level declaration or method.
    pub struct DeclId, "decl"
);

/// A list in one of the store's pools. `Copy`; empty lists cost nothing.
macro_rules! pool_list {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub struct $name {
            start: u32,
            len: u32,
        }

        impl $name {
            pub const EMPTY: $name = $name { start: 0, len: 0 };
            pub fn len(self) -> usize {
                self.len as usize
            }
            pub fn is_empty(self) -> bool {
                self.len == 0
            }
            fn range(self) -> std::ops::Range<usize> {
                self.start as usize..(self.start + self.len) as usize
            }
            /// The list without its first `count` elements.
            pub fn skip(self, count: usize) -> $name {
                let count = (count as u32).min(self.len);
                $name { start: self.start + count, len: self.len - count }
            }
            /// The list's first `count` elements.
            pub fn take(self, count: usize) -> $name {
                $name { start: self.start, len: (count as u32).min(self.len) }
            }
        }
    };
}

pool_list!(
    /// Types: type arguments, type parameters, embedded elements.
    TypeList
);
pool_list!(
    /// Objects: fields, parameters, results, methods, the variables of a tuple.
    ObjList
);
pool_list!(
    /// Struct tags, unquoted; empty, or one per field.
    TagList
);
pool_list!(
    /// Positions of embedded interface elements.
    PosList
);
pool_list!(
    /// Terms of a union or type set.
    TermList
);
pool_list!(
    /// Indices of fields and methods: the path of a selection.
    IndexList
);

/// A type. The kinds and their meaning are go/types'.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Type {
    Basic(BasicKind),
    /// `len < 0`: unknown because of an error.
    Array {
        len: i64,
        elem: TypeId,
    },
    Slice {
        elem: TypeId,
    },
    Struct(StructId),
    Pointer {
        elem: TypeId,
    },
    /// The type of a call with several results, of a `v, ok` expression; the empty tuple is that of no value.
    Tuple(ObjList),
    Signature(SignatureId),
    Union(UnionId),
    Interface(InterfaceId),
    Map {
        key: TypeId,
        elem: TypeId,
    },
    Chan {
        dir: ChanDir,
        elem: TypeId,
    },
    Named(NamedId),
    TypeParam(TypeParamId),
    Alias(AliasId),
}

pub use syntax::ast::ChanDir;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum BasicKind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    UnsafePointer,
    UntypedBool,
    UntypedInt,
    UntypedRune,
    UntypedFloat,
    UntypedComplex,
    UntypedString,
    UntypedNil,
}

impl BasicKind {
    pub const ALL: [BasicKind; 26] = {
        use BasicKind::*;
        [
            Invalid,
            Bool,
            Int,
            Int8,
            Int16,
            Int32,
            Int64,
            Uint,
            Uint8,
            Uint16,
            Uint32,
            Uint64,
            Uintptr,
            Float32,
            Float64,
            Complex64,
            Complex128,
            String,
            UnsafePointer,
            UntypedBool,
            UntypedInt,
            UntypedRune,
            UntypedFloat,
            UntypedComplex,
            UntypedString,
            UntypedNil,
        ]
    };

    pub fn name(self) -> &'static str {
        use BasicKind::*;
        match self {
            Invalid => "invalid type",
            Bool => "bool",
            Int => "int",
            Int8 => "int8",
            Int16 => "int16",
            Int32 => "int32",
            Int64 => "int64",
            Uint => "uint",
            Uint8 => "uint8",
            Uint16 => "uint16",
            Uint32 => "uint32",
            Uint64 => "uint64",
            Uintptr => "uintptr",
            Float32 => "float32",
            Float64 => "float64",
            Complex64 => "complex64",
            Complex128 => "complex128",
            String => "string",
            UnsafePointer => "Pointer",
            UntypedBool => "untyped bool",
            UntypedInt => "untyped int",
            UntypedRune => "untyped rune",
            UntypedFloat => "untyped float",
            UntypedComplex => "untyped complex",
            UntypedString => "untyped string",
            UntypedNil => "untyped nil",
        }
    }
    pub fn is_untyped(self) -> bool {
        self >= BasicKind::UntypedBool
    }
    pub fn is_boolean(self) -> bool {
        matches!(self, BasicKind::Bool | BasicKind::UntypedBool)
    }
    pub fn is_integer(self) -> bool {
        (BasicKind::Int..=BasicKind::Uintptr).contains(&self)
            || matches!(self, BasicKind::UntypedInt | BasicKind::UntypedRune)
    }
    pub fn is_unsigned(self) -> bool {
        (BasicKind::Uint..=BasicKind::Uintptr).contains(&self)
    }
    pub fn is_float(self) -> bool {
        matches!(self, BasicKind::Float32 | BasicKind::Float64 | BasicKind::UntypedFloat)
    }
    pub fn is_complex(self) -> bool {
        matches!(self, BasicKind::Complex64 | BasicKind::Complex128 | BasicKind::UntypedComplex)
    }
    pub fn is_string(self) -> bool {
        matches!(self, BasicKind::String | BasicKind::UntypedString)
    }
    pub fn is_numeric(self) -> bool {
        self.is_integer() || self.is_float() || self.is_complex()
    }
    pub fn is_ordered(self) -> bool {
        self.is_integer() || self.is_float() || self.is_string()
    }
    /// Whether constants can have this type.
    pub fn is_const_type(self) -> bool {
        self.is_boolean() || self.is_numeric() || self.is_string()
    }
}

/// `Copy`, like all payloads: lists are ranges.
#[derive(Clone, Copy, Debug, Default)]
pub struct StructData {
    pub fields: ObjList,
    pub tags: TagList,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct SignatureData {
    /// Receiver type parameters, left to right.
    pub rparams: TypeList,
    pub tparams: TypeList,
    /// The function's scope, unless the signature was instantiated.
    pub scope: Option<ScopeId>,
    pub recv: Option<ObjId>,
    pub params: ObjList,
    pub results: ObjList,
    /// The last parameter is `...T`; its variable has type `[]T` (or `string`, for `append([]byte, string...)`).
    pub variadic: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct InterfaceData {
    /// Explicitly declared methods: exported ones first, then by name.
    pub methods: ObjList,
    pub embeddeds: TypeList,
    /// One per element of `embeddeds`, or empty.
    pub embed_pos: PosList,
    /// Wraps a type set literal (`~T`, `A|B`, a non-interface constraint).
    pub implicit: bool,
    /// All but `tset` is known.
    pub complete: bool,
    pub tset: Option<TypeSetId>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct UnionData {
    pub terms: TermList,
    pub tset: Option<TypeSetId>,
}

/// `T` or `~T`; no type: the term of all types.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Term {
    pub tilde: bool,
    pub ty: Option<TypeId>,
}

/// What an interface's type set is made of.
#[derive(Clone, Copy, Debug)]
pub struct TypeSet {
    /// All methods, embedded ones included, sorted by unique id.
    pub methods: ObjList,
    /// Normal form: a union of disjoint terms; one term without type if all types are in it; empty: no type is.
    pub terms: TermList,
    /// Only comparable types (then `terms` is all types).
    pub comparable: bool,
}

#[derive(Clone, Debug)]
pub struct NamedData {
    /// The type's own id: `Type::Named(this)`.
    pub ty: TypeId,
    pub obj: ObjId,
    /// The type on the right-hand side of the declaration it was derived from.
    pub from_rhs: Option<TypeId>,
    pub underlying: Option<TypeId>,
    /// Empty for instances, which have those of the generic type: ask `Checker::named_tparams`.
    pub tparams: TypeList,
    /// Of a type that is declared inside a function: the type parameters of the function, its receiver's first. It is
    /// another type for each of their arguments.
    pub implicit: TypeList,
    /// Declared methods; of an instance: those expanded so far, parallel to the origin's (`None`: not yet).
    pub methods: Vec<Option<ObjId>>,
    pub inst: Option<Instance>,
    pub state: NamedState,
}

/// An instance of a generic named type.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    pub orig: NamedId,
    pub targs: TypeList,
    /// Of `orig` and `targs`, equal for identical instances, unless unknown; see `context.rs`.
    pub hash: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct NamedState {
    /// `underlying` is final.
    pub under: bool,
    /// Its size was found to be finite (no invalid recursive type).
    pub finite: bool,
    /// Its size was found not to be finite; that was reported.
    pub infinite: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct AliasData {
    /// The alias's own id: `Type::Alias(this)`.
    pub ty: TypeId,
    pub obj: ObjId,
    /// The generic alias of an instance; itself otherwise.
    pub orig: AliasId,
    pub tparams: TypeList,
    /// As [`NamedData::implicit`]; an alias only stands for types that mention them.
    pub implicit: TypeList,
    pub targs: TypeList,
    /// Right-hand side as written; `None` while it is being checked.
    pub from_rhs: Option<TypeId>,
    /// The non-alias type it stands for; `None` while unknown.
    pub actual: Option<TypeId>,
}

#[derive(Clone, Copy, Debug)]
pub struct TypeParamData {
    /// The type's own id: `Type::TypeParam(this)`.
    pub ty: TypeId,
    pub obj: ObjId,
    /// Index in its list; negative until the list is bound.
    pub index: i32,
    /// `None` while unknown.
    pub bound: Option<TypeId>,
}

/// A declared entity.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    pub kind: ObjKind,
    pub name: Symbol,
    /// `None` for predeclared entities.
    pub pkg: Option<PkgId>,
    pub pos: Pos,
    /// `None` while unknown.
    pub ty: Option<TypeId>,
    /// The scope it was declared in; none for fields and methods.
    pub parent: Option<ScopeId>,
    /// Where its scope begins.
    pub scope_pos: Pos,
    /// Source order among package-level objects, from 1; 0 for the others.
    pub order: u32,
    /// Set while (and after) it is on the path of objects being checked; see `Checker::push`.
    pub path_index: Option<u32>,
    /// Package-level objects and methods have a declaration.
    pub decl: Option<DeclId>,
}

#[derive(Clone, Copy, Debug)]
pub enum ObjKind {
    PkgName { imported: PkgId, used: bool },
    Const { val: Option<ConstId> },
    TypeName,
    Var { kind: VarKind, embedded: bool, used: bool, origin: Option<ObjId> },
    Func { has_ptr_recv: bool, origin: Option<ObjId> },
    Label { used: bool },
    Builtin(BuiltinId),
    Nil,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VarKind {
    Package,
    Local,
    Recv,
    Param,
    Result,
    Field,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BuiltinId {
    Append,
    Cap,
    Clear,
    Close,
    Complex,
    Copy,
    Delete,
    Imag,
    Len,
    Make,
    Max,
    Min,
    New,
    Panic,
    Print,
    Println,
    Real,
    Recover,
    // package unsafe
    Add,
    Alignof,
    Offsetof,
    Sizeof,
    Slice,
    SliceData,
    String,
    StringData,
    // only in the checker's own tests
    Assert,
    Trace,
}

#[derive(Debug)]
pub struct Package {
    pub path: String,
    /// As the package clause says.
    pub name: Symbol,
    pub scope: ScopeId,
    /// Directly imported packages, in order of first import.
    pub imports: Vec<PkgId>,
    /// Stands in for a package that could not be loaded; uses of it are not complained about again.
    pub fake: bool,
    /// All bodies are checked and all errors are the user's; otherwise on demand (std, dependencies).
    pub whole: bool,
    /// Of the SDK, or takes the place of such a package.
    pub standard: bool,
}

/// How the value of an expression may be used (go/types' operandMode).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum Mode {
    #[default]
    Invalid,
    NoValue,
    Builtin(BuiltinId),
    TypeExpr,
    Constant,
    Variable,
    MapIndex,
    Value,
    NilValue,
    CommaOk,
    CommaErr,
}

/// What the checker recorded for an expression.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypeAndValue {
    /// `Invalid`: nothing was recorded.
    pub mode: Mode,
    pub ty: Option<TypeId>,
    /// For constants.
    pub val: Option<ConstId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SelectionKind {
    /// `x.f` is a struct field
    FieldVal,
    /// `x.f` is a method value or call
    MethodVal,
    /// `T.f` is a method expression
    MethodExpr,
}

/// What a selector expression that is not a qualified identifier selects.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    pub kind: SelectionKind,
    /// Type of `x` in `x.f`.
    pub recv: TypeId,
    pub obj: ObjId,
    /// Path of field indices; the last is the field's or method's.
    pub index: IndexList,
    /// A pointer was followed on the way.
    pub indirect: bool,
}

/// Facts about the nodes of one unit.
#[derive(Debug, Default)]
pub struct UnitInfo {
    /// By `NodeId` of an expression.
    pub types: base::SideTable<syntax::ast::NodeId, TypeAndValue>,
    /// By `NodeId` of an identifier: what it declares or uses; by that of a `CaseClause`: its implicit variable.
    pub objects: base::SideTable<syntax::ast::NodeId, Option<ObjId>>,
    /// By `NodeId` of a `Selector`.
    pub selections: rustc_hash::FxHashMap<syntax::ast::NodeId, Selection>,
    /// By `NodeId` of the identifier that denotes a generic function or type: its type arguments and instance type.
    pub instances: rustc_hash::FxHashMap<syntax::ast::NodeId, (TypeList, TypeId)>,
}

/// All the tables.
#[derive(Default)]
pub struct Store {
    pub types: Table<TypeId, Type>,
    pub objects: Table<ObjId, Object>,
    pub scopes: Table<ScopeId, crate::scope::Scope>,
    pub packages: Table<PkgId, Package>,
    pub named: Table<NamedId, NamedData>,
    pub aliases: Table<AliasId, AliasData>,
    pub signatures: Table<SignatureId, SignatureData>,
    pub structs: Table<StructId, StructData>,
    pub interfaces: Table<InterfaceId, InterfaceData>,
    pub unions: Table<UnionId, UnionData>,
    pub type_params: Table<TypeParamId, TypeParamData>,
    pub type_sets: Table<TypeSetId, TypeSet>,
    pub consts: Table<ConstId, Value>,
    pub units: Table<UnitId, UnitInfo>,
    type_pool: Vec<TypeId>,
    obj_pool: Vec<ObjId>,
    tag_pool: Vec<Symbol>,
    pos_pool: Vec<Pos>,
    term_pool: Vec<Term>,
    index_pool: Vec<u32>,
}

macro_rules! pool_accessors {
    ($list:ident, $item:ty, $pool:ident, $make:ident, $get:ident) => {
        impl Store {
            pub fn $make(&mut self, items: &[$item]) -> $list {
                if items.is_empty() {
                    return $list::EMPTY;
                }
                let start = self.$pool.len() as u32;
                self.$pool.extend_from_slice(items);
                $list { start, len: items.len() as u32 }
            }
            #[inline]
            pub fn $get(&self, list: $list) -> &[$item] {
                &self.$pool[list.range()]
            }
        }
    };
}

pool_accessors!(TypeList, TypeId, type_pool, type_list, type_ids);
pool_accessors!(ObjList, ObjId, obj_pool, obj_list, objs);
pool_accessors!(TagList, Symbol, tag_pool, tag_list, tags);
pool_accessors!(PosList, Pos, pos_pool, pos_list, positions);
pool_accessors!(TermList, Term, term_pool, term_list, terms);
pool_accessors!(IndexList, u32, index_pool, index_list, indices);

impl Store {
    #[inline]
    pub fn ty(&self, id: TypeId) -> Type {
        self.types[id]
    }
    #[inline]
    pub fn obj(&self, id: ObjId) -> &Object {
        &self.objects[id]
    }
    pub fn new_type(&mut self, ty: Type) -> TypeId {
        self.types.push(ty)
    }
    /// An element of a list, for loops whose body changes the store.
    #[inline]
    pub fn obj_at(&self, list: ObjList, index: usize) -> ObjId {
        self.objs(list)[index]
    }
    #[inline]
    pub fn type_at(&self, list: TypeList, index: usize) -> TypeId {
        self.type_ids(list)[index]
    }

    /// Both lists one after the other.
    pub fn concat_types(&mut self, first: TypeList, second: TypeList) -> TypeList {
        if first.is_empty() || second.is_empty() {
            return if first.is_empty() { second } else { first };
        }
        let all = [self.type_ids(first), self.type_ids(second)].concat();
        self.type_list(&all)
    }

    /// Makes an object without a declaration, parent or order.
    pub fn new_object(
        &mut self,
        kind: ObjKind,
        pos: Pos,
        pkg: Option<PkgId>,
        name: Symbol,
        ty: Option<TypeId>,
    ) -> ObjId {
        self.objects.push(Object {
            kind,
            name,
            pkg,
            pos,
            ty,
            parent: None,
            scope_pos: Pos::NONE,
            order: 0,
            path_index: None,
            decl: None,
        })
    }
    pub fn new_var(&mut self, kind: VarKind, pos: Pos, pkg: Option<PkgId>, name: Symbol, ty: Option<TypeId>) -> ObjId {
        self.new_object(ObjKind::Var { kind, embedded: false, used: false, origin: None }, pos, pkg, name, ty)
    }
    pub fn new_const_value(&mut self, value: Value) -> ConstId {
        self.consts.push(value)
    }

    /// The payload of a type known to be a signature.
    pub fn as_signature(&self, ty: TypeId) -> Option<SignatureData> {
        match self.types[ty] {
            Type::Signature(id) => Some(self.signatures[id]),
            _ => None,
        }
    }

    /// spec: "An identifier is exported if the first character of its name is a Unicode uppercase letter and it is
    /// declared in the package block or is a field name or method name."
    pub fn is_exported(&self, obj: ObjId) -> bool {
        is_exported(self.obj(obj).name)
    }
}

pub fn is_exported(name: Symbol) -> bool {
    name.is_exported()
}
