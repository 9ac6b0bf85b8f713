//! What lowering knows of the whole program: which functions, globals and literals exist already, and what is wanted.
//!
//! Asking for a function declares it in the program and, the first time, puts it on the list of pending work; the
//! `program` crate takes work from that list until none is left, so only what is reachable is ever lowered.

use abi::equality::EqualId;
use abi::methods::MethodId;
use abi::parts::{Part, Parts};
use abi::sizes::TypeLayout;
use abi::{CanonId, CanonType, CodeForm, EnvId};
use base::Symbol;
use ir::{Data, DataId, FuncData, FuncId, LayoutId, Program, Ty};
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
    /// The body of a loop over a function, by the range expression. It is made with the function around it.
    LoopBody(UnitId, ast::NodeId, EnvId),
    /// Context form of a declared function: `f·thunk`.
    Thunk(FuncId),
    /// The code of a method in context form, where that is not the declared method itself: unpacks the receiver, follows
    /// embedded fields, calls.
    Wrapper { recv: CanonId, method: MethodId, form: CodeForm },
    /// Body of a method value, bound to a receiver of the type.
    Bound { recv: CanonId, method: MethodId },
    /// What `defer` or `go` run: calls the function with the arguments that its record holds.
    Call(UnitId, ast::NodeId, EnvId),
    /// What the host calls in place of a declared function.
    Export(ObjId),
    /// The call of a declared function that the host wants.
    ExportBody(ObjId),
    /// Compares two values in memory.
    Equal(EqualId),
    /// Hashes a value in memory.
    Hash(EqualId),
    /// Calls functions of an erased func type with a memory frame: see `frames`.
    FrameCall(CanonId),
    /// Passes a memory frame on.
    FrameStub(CanonId),
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
    /// A method of this name and type is called through an interface.
    InterfaceMethod(Symbol, CanonId),
    /// Reflection is asked for the method of this name, or for one that is not known here.
    ReflectMethod(Option<Symbol>),
}

pub struct Module<'a> {
    pub checker: Checker<'a>,
    pub types: abi::Types,
    pub descriptors: abi::Descriptors,
    pub program: Program,
    pub pending: VecDeque<Request>,
    funcs: FxHashMap<FuncKey, FuncId>,
    keys: base::SideTable<FuncId, Option<Arc<FuncKey>>>,
    globals: FxHashMap<ObjId, DataId>,
    literals: FxHashMap<Arc<[u8]>, DataId>,
    zeroes: Option<DataId>,
    runtime: FxHashMap<&'static str, FuncId>,
    /// What the functions do that `go` and `defer` made.
    pub plans: FxHashMap<FuncId, Arc<crate::deferred::Plan>>,
    /// Read-only data of constants in interfaces, by name.
    pub boxes: FxHashMap<String, DataId>,
    /// What `//go:` comments say of functions, and which symbols they name.
    pub directives: crate::linknames::Directives,
    pub links: crate::linknames::LinkNames,
    /// What is known of function literals that were met.
    pub(crate) literal_infos: FxHashMap<(UnitId, ast::NodeId), Arc<crate::closures::LiteralInfo<'a>>>,
    pub(crate) literal_names: FxHashMap<(UnitId, ast::NodeId, EnvId), String>,
    pub(crate) body_facts: FxHashMap<(UnitId, Option<ast::NodeId>), Arc<crate::captures::BodyFacts>>,
    pub(crate) inits: crate::init::Inits<'a>,
    /// The functions that the host calls by a directive's name, in the order of packages and files.
    pub exports: Vec<crate::exports::Export>,
    /// How many static temporaries a function has.
    pub(crate) temporaries: FxHashMap<String, u32>,
    /// What is being lowered, for messages.
    pub(crate) pos: base::Pos,
}

impl<'a> Module<'a> {
    pub fn new(checker: Checker<'a>, types: abi::Types, descriptors: abi::Descriptors) -> Module<'a> {
        Module {
            checker,
            types,
            descriptors,
            program: Program::default(),
            pending: VecDeque::new(),
            funcs: FxHashMap::default(),
            keys: base::SideTable::default(),
            globals: FxHashMap::default(),
            literals: FxHashMap::default(),
            zeroes: None,
            runtime: FxHashMap::default(),
            plans: FxHashMap::default(),
            boxes: FxHashMap::default(),
            directives: Default::default(),
            links: Default::default(),
            literal_infos: FxHashMap::default(),
            literal_names: FxHashMap::default(),
            body_facts: FxHashMap::default(),
            inits: Default::default(),
            exports: Vec::new(),
            temporaries: FxHashMap::default(),
            pos: base::Pos::NONE,
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

    /// A new function that its maker gives a body.
    pub(crate) fn define(&mut self, key: FuncKey, data: FuncData) -> FuncId {
        let id = self.program.funcs.push(data);
        let known = self.funcs.insert(key.clone(), id);
        assert!(known.is_none(), "lower: define: {key:?} is there already");
        self.keys[id] = Some(Arc::new(key));
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
        let obj = crate::linknames::variable(self, obj);
        if let Some(&id) = self.globals.get(&obj) {
            return id;
        }
        let data = crate::statics::declare_global(self, obj);
        if data.size == 0 {
            let id = self.zero_base();
            self.globals.insert(obj, id);
            self.pending.push_back(Request::Global(obj));
            return id;
        }
        let id = self.program.data.push(data);
        self.globals.insert(obj, id);
        self.pending.push_back(Request::Global(obj));
        id
    }

    /// Where everything without size is.
    pub fn zero_base(&mut self) -> DataId {
        let base = crate::declare::runtime_object(self, "zerobase");
        self.global(base)
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

    /// The type's structure: its underlying type, never a defined one.
    pub fn shape(&mut self, ty: CanonId) -> CanonType {
        self.types.shape(&mut self.checker, ty)
    }

    /// The scalars of a type's values; `None` if they are in memory.
    pub fn parts_of(&mut self, ty: CanonId) -> Option<SmallVec<[Part; 8]>> {
        match self.types.parts(&mut self.checker, ty) {
            Parts::Scalars(parts) => Some(SmallVec::from_slice(parts)),
            Parts::InMemory => None,
        }
    }

    pub fn type_layout(&mut self, ty: CanonId) -> TypeLayout {
        self.types.layout(&mut self.checker, ty)
    }

    pub fn size_of(&mut self, ty: CanonId) -> u32 {
        match i32::try_from(self.type_layout(ty).size) {
            Ok(size) => size as u32,
            Err(_) => crate::unsupported(&self.checker, "values of 2 GiB and more", self.pos),
        }
    }

    pub fn has_pointers(&mut self, ty: CanonId) -> bool {
        self.type_layout(ty).pointer_bytes > 0
    }

    pub fn layout_of(&mut self, ty: CanonId) -> LayoutId {
        self.descriptors.ir_layout(&mut self.types, &mut self.checker, &mut self.program, ty)
    }

    /// The type's descriptor, which makes the type visible at run time.
    pub fn descriptor(&mut self, ty: CanonId) -> DataId {
        self.descriptors.descriptor(&mut self.types, &mut self.checker, &mut self.program, ty)
    }

    /// The scalars that stand for values of these types in calls, in order.
    pub fn scalars_of(&mut self, types: &[CanonId]) -> SmallVec<[Ty; 8]> {
        let mut scalars = SmallVec::new();
        for &ty in types {
            match self.parts_of(ty) {
                None => scalars.push(Ty::Ptr),
                Some(parts) => scalars.extend(parts.iter().map(|part| part.ty)),
            }
        }
        scalars
    }

    /// Field `index` of a struct type, or the only element of an array of one: its type, offset, and which of the
    /// whole's parts are its own (if the whole has parts).
    pub fn component(&mut self, ty: CanonId, index: usize) -> Component {
        let (component, offset) = match self.shape(ty) {
            CanonType::Struct(fields) => {
                let offset = self.types.field_offsets(&mut self.checker, ty)[index];
                (self.types.fields(fields)[index].ty, offset as u32)
            }
            CanonType::Array { elem, .. } if index == 0 => (elem, 0),
            other => unreachable!("lower: component {index} of {other:?}"),
        };
        let end = offset + self.size_of(component);
        let (mut first_part, mut part_count) = (0, 0);
        for part in self.parts_of(ty).unwrap_or_default() {
            if part.offset < offset {
                first_part += 1;
            } else if part.offset < end {
                part_count += 1;
            }
        }
        Component { ty: component, offset, first_part, part_count }
    }
}

/// A field or element as part of a whole.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    pub ty: CanonId,
    pub offset: u32,
    pub first_part: usize,
    pub part_count: usize,
}
