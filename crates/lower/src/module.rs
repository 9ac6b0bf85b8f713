//! What lowering knows of the whole program: which functions, globals and literals exist already, and what is wanted.
//!
//! Asking for a function declares it in the program and, the first time, puts it on the list of pending work; the
//! `program` crate takes work from that list until none is left, so only what is reachable is ever lowered.

use abi::{CanonType, EnvId};
use base::{EntityId, Symbol};
use ir::{Data, DataId, FuncData, FuncId, LayoutId, LocData, LocId, Program, Ty};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::sync::Arc;
use syntax::ast;
use types::{Checker, ObjId, PkgId, UnitId};

/// What a function of the program is made from. Equal keys are one function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum FuncKey {
    /// A declared function or method, its own and its receiver's type parameters bound by the environment.
    Declared(ObjId, EnvId),
    /// A function literal, by its node, in an instance of the function around it.
    Literal(UnitId, ast::NodeId, EnvId),
    /// Context form of a declared function: `f·thunk`.
    Thunk(FuncId),
    /// Code for an itab or a promoted method: takes the receiver `CanonType` (in the data word, if `boxed`) and calls
    /// method number `.1` of its method set.
    Wrapper { recv: CanonType, method: u32, boxed: bool },
    /// Body of a method value, bound to a receiver of the type.
    Bound { recv: CanonType, method: u32 },
    /// What `defer` or `go` run: calls the function with the arguments that its record holds.
    Call(UnitId, ast::NodeId, EnvId),
    /// Compares two values in memory.
    Equal(CanonType),
    /// Hashes a value in memory.
    Hash(CanonType),
    /// Initialises a package's variables and calls its init functions.
    Init(PkgId),
    /// One initialiser of a package, by its place in the order.
    Initializer(PkgId, u32),
}

/// Something that live code needs and that is not made yet.
#[derive(Clone, Debug)]
pub enum Request {
    Func(FuncId),
    /// A package variable whose initial value is wanted.
    Global(ObjId),
    /// A type that was converted to an interface, or whose descriptor is referenced.
    Visible(CanonType),
    /// A method of this name and type is called through an interface.
    InterfaceMethod(Symbol, CanonType),
}

pub struct Module<'a> {
    pub checker: Checker<'a>,
    pub types: abi::Types,
    pub program: Program,
    pub pending: VecDeque<Request>,
    funcs: FxHashMap<FuncKey, FuncId>,
    keys: base::SideTable<FuncId, Option<Arc<FuncKey>>>,
    globals: FxHashMap<ObjId, DataId>,
    literals: FxHashMap<Arc<[u8]>, DataId>,
    zeroes: Option<DataId>,
    locs: FxHashMap<LocData, LocId>,
    runtime: FxHashMap<&'static str, FuncId>,
}

impl<'a> Module<'a> {
    pub fn new(checker: Checker<'a>, types: abi::Types) -> Module<'a> {
        Module {
            checker,
            types,
            program: Program::default(),
            pending: VecDeque::new(),
            funcs: FxHashMap::default(),
            keys: base::SideTable::default(),
            globals: FxHashMap::default(),
            literals: FxHashMap::default(),
            zeroes: None,
            locs: FxHashMap::default(),
            runtime: FxHashMap::default(),
        }
    }

    /// The function with that key; it is declared, and asked for, when it is first named.
    pub fn func(&mut self, key: FuncKey) -> FuncId {
        if let Some(&id) = self.funcs.get(&key) {
            return id;
        }
        let data: FuncData = crate::declare::declare(self, &key);
        let id = self.program.funcs.push(data);
        self.funcs.insert(key.clone(), id);
        self.keys[id] = Some(Arc::new(key));
        self.pending.push_back(Request::Func(id));
        id
    }

    pub fn key(&self, func: FuncId) -> Arc<FuncKey> {
        self.keys[func].clone().expect("a function of lowering has a key")
    }

    /// A function of package runtime, which is never generic.
    pub fn runtime(&mut self, name: &'static str) -> FuncId {
        if let Some(&id) = self.runtime.get(name) {
            return id;
        }
        let obj = crate::declare::runtime_object(self, name);
        let id = self.func(FuncKey::Declared(obj, EnvId::EMPTY));
        self.runtime.insert(name, id);
        id
    }

    /// A package variable's static data.
    pub fn global(&mut self, obj: ObjId) -> DataId {
        if let Some(&id) = self.globals.get(&obj) {
            return id;
        }
        let data = crate::declare::declare_global(self, obj);
        let id = self.program.data.push(data);
        self.globals.insert(obj, id);
        self.pending.push_back(Request::Global(obj));
        id
    }

    /// The bytes of a string literal; equal ones are one.
    pub fn literal(&mut self, bytes: &Arc<[u8]>) -> DataId {
        if let Some(&id) = self.literals.get(bytes) {
            return id;
        }
        let mut data = Data::new(format!("go:string.{}", self.literals.len()), bytes.len() as u32, 1);
        data.bytes = bytes.to_vec();
        data.read_only = true;
        let id = self.program.data.push(data);
        self.literals.insert(bytes.clone(), id);
        id
    }

    /// A read-only block of at least `size` zero bytes, shared by all.
    pub fn zeroes(&mut self, size: u32) -> DataId {
        let id = *self.zeroes.get_or_insert_with(|| {
            let mut data = Data::new("go:zeroes", 0, 16);
            data.read_only = true;
            self.program.data.push(data)
        });
        let data = &mut self.program.data[id];
        data.size = data.size.max(size);
        id
    }

    pub fn loc(&mut self, data: LocData) -> LocId {
        *self.locs.entry(data).or_insert_with(|| self.program.locs.push(data))
    }

    pub fn size_of(&mut self, ty: CanonType) -> u32 {
        self.types.size(ty)
    }

    pub fn has_pointers(&mut self, ty: CanonType) -> bool {
        self.types.has_pointers(ty)
    }

    pub fn layout_of(&mut self, ty: CanonType) -> LayoutId {
        self.types.layout(ty, &mut self.program)
    }

    /// Says that the type's descriptor is needed.
    pub fn descriptor(&mut self, ty: CanonType) -> DataId {
        let (data, is_new) = self.types.descriptor(ty, &mut self.program);
        if is_new {
            self.pending.push_back(Request::Visible(ty));
        }
        data
    }

    /// Scalars that stand for values of these types in calls, in order.
    pub fn scalars_of(&mut self, types: &[CanonType]) -> SmallVec<[Ty; 8]> {
        let mut scalars = SmallVec::new();
        for &ty in types {
            match self.types.shape(ty) {
                abi::Shape::InMemory => scalars.push(Ty::Ptr),
                abi::Shape::Parts(parts) => scalars.extend(parts.iter().map(|part| part.scalar.ty())),
            }
        }
        scalars
    }

    pub fn is_known(&self, func: FuncId) -> bool {
        func.index() < self.program.funcs.len()
    }
}
