//! Type descriptors.
//!
//! ```text
//! Type or StructType, MapType, ...     what all types have, then what the kind has
//! UncommonType                         of types with a name or methods
//! [n]StructField, [n]Imethod, [n]*Type what the kind's part points to (or, parameters, is followed by)
//! [n]Method                            exported ones first
//! FrameWords                           of func types, in programs that call functions by reflection
//! ```
//!
//! NameOff and TypeOff are addresses, TextOff is a place in the function table. `PtrToThis` and the types of methods
//! refer to descriptors that exist for another reason, and are left out otherwise: reflect makes pointer types that it
//! does not find, and a method can only be matched with that of an interface whose descriptor exists.
//!
//! The descriptor of a map's group, which only allocation reads, is a shape.

use crate::canon::{CanonId, CanonList, CanonType, FieldList, InterfaceMethods, Types};
use crate::frames::{FrameWords, HAS_FRAME_WORDS};
use crate::image::Image;
use crate::itab::Itabs;
use crate::methods::MethodId;
use crate::pointers::PointerMask;
use crate::request::{CodeForm, Request};
use crate::sizes::{Comparison, TypeLayout, WORD};
use crate::structs::{Place, Structs};
use crate::type_names::{NameInfo, TypeNames};
use base::SideTable;
use ir::{Data, DataId, FuncId, Layout, LayoutId, Program};
use rustc_hash::{FxHashMap, FxHashSet};
use types::{BasicKind, Checker, PkgId};

/// The functions that were made for requests; `None` for methods that are not live.
pub type Provide<'x> = &'x mut dyn FnMut(&mut Program, Request) -> Option<FuncId>;

/// The descriptors, itabs and shapes of a program.
pub struct Descriptors {
    pub(crate) structs: Structs,
    of_type: SideTable<CanonId, Option<DataId>>,
    /// Declared, and not yet taken by the worklist.
    pending: Vec<CanonId>,
    pub(crate) itabs: Itabs,
    type_names: TypeNames,
    pub(crate) layouts: FxHashMap<Layout, LayoutId>,
    pub(crate) layout_of_type: SideTable<CanonId, Option<LayoutId>>,
    pub(crate) shapes: FxHashMap<String, DataId>,
    pub(crate) masks: FxHashMap<PointerMask, DataId>,
    func_values: FxHashMap<FuncId, DataId>,
    pub frame_words: FrameWords,
}

impl Descriptors {
    /// Fails if the GOROOT's descriptors are not as known.
    pub fn new(types: &mut Types, checker: &mut Checker<'_>) -> Result<Descriptors, String> {
        Ok(Descriptors {
            structs: Structs::read(types, checker)?,
            of_type: SideTable::new(),
            pending: Vec::new(),
            itabs: Itabs::default(),
            type_names: TypeNames::default(),
            layouts: FxHashMap::default(),
            layout_of_type: SideTable::new(),
            shapes: FxHashMap::default(),
            masks: FxHashMap::default(),
            func_values: FxHashMap::default(),
            frame_words: FrameWords::default(),
        })
    }

    pub fn structs(&self) -> &Structs {
        &self.structs
    }

    /// The descriptor of a type, which becomes visible at run time. It has no content until [`Descriptors::emit`].
    pub fn descriptor(
        &mut self,
        types: &mut Types,
        checker: &mut Checker<'_>,
        program: &mut Program,
        ty: CanonId,
    ) -> DataId {
        if let Some(known) = self.of_type[ty] {
            return known;
        }
        let name = format!("type:{}", types.link_name(checker, ty));
        let id = program.data.push(Data { read_only: true, ..Data::new(name, 0, WORD as u32) });
        self.of_type[ty] = Some(id);
        self.pending.push(ty);
        if matches!(types.shape(checker, ty), CanonType::Func { .. }) {
            self.frame_words.declare(ty);
        }
        id
    }

    /// The descriptor, if somebody asked for it.
    pub fn known(&self, ty: CanonId) -> Option<DataId> {
        self.of_type[ty]
    }

    /// The types whose descriptors were asked for since the last time.
    pub fn take_pending(&mut self) -> Vec<CanonId> {
        std::mem::take(&mut self.pending)
    }

    /// What the descriptor of a type needs, but for the code of its methods: the caller finds out which are live
    /// (of `types.method_table(ty)`), and makes the type of a method visible if reflection can reach the method.
    pub fn requests(&mut self, types: &mut Types, checker: &mut Checker<'_>, ty: CanonId) -> Vec<Request> {
        let mut requests = Vec::new();
        let underlying = types.underlying(checker, ty);
        let mut add = |ty| requests.push(Request::Descriptor(ty));
        match types[underlying] {
            CanonType::Basic(_) => {}
            CanonType::Pointer(elem) | CanonType::Slice(elem) | CanonType::Chan { elem, .. } => add(elem),
            CanonType::Array { elem, .. } => {
                add(elem);
                add(types.slice_of(elem));
            }
            CanonType::Map { key, elem } => {
                add(key);
                add(elem);
                // Converted to its underlying type a map keeps its hash function, so reflect must find that type
                // rather than make one.
                if underlying != ty {
                    add(underlying);
                }
                requests.push(Request::Hash(types.equal(checker, key).expect("abi: map keys are comparable")));
            }
            CanonType::Func { params, results, .. } => {
                types.list(params).iter().chain(types.list(results)).for_each(|&ty| add(ty));
            }
            CanonType::Struct(fields) => types.fields(fields).iter().for_each(|field| add(field.ty)),
            CanonType::Interface(methods) => {
                types.interface_methods(methods).iter().for_each(|method| add(method.sig));
            }
            CanonType::Named { .. } | CanonType::Tuple(_) => unreachable!("abi: requests of {ty}"),
        }
        if let Some(equal) = types.equal(checker, ty) {
            requests.push(Request::Equal(equal));
        }
        // reflect.New and Value.Addr make pointers, whose methods must be there.
        if !matches!(types[ty], CanonType::Pointer(_)) {
            let pointer = types.pointer_to(ty);
            let set = types.method_set(checker, pointer);
            if !types.methods(set).is_empty() {
                requests.push(Request::Descriptor(pointer));
            }
        }
        requests
    }

    /// Writes the descriptors of the `visible` types and the given itabs. All that these request must be among them, or
    /// be provided.
    pub fn emit(
        &mut self,
        types: &mut Types,
        checker: &mut Checker<'_>,
        program: &mut Program,
        visible: &[CanonId],
        itabs: &[(CanonId, CanonId)],
        provide: Provide<'_>,
    ) {
        let sorted = self.sorted(types, checker, visible);
        let mut emitter =
            Emitter { visible: visible.iter().copied().collect(), descriptors: self, types, checker, program, provide };
        for ty in sorted {
            emitter.emit(ty);
        }
        emitter.emit_itabs(itabs);
    }

    /// The descriptors among `visible` that reflect looks types up in when it is to make one: those of type literals,
    /// sorted by name.
    pub fn type_links(&self, types: &mut Types, checker: &Checker<'_>, visible: &[CanonId]) -> Vec<DataId> {
        let is_linked = |types: &Types, ty| {
            !matches!(types[ty], CanonType::Named { .. } | CanonType::Basic(_) | CanonType::Interface(_))
        };
        let mut links = Vec::new();
        for &ty in visible {
            if is_linked(types, ty) {
                links.push((types.name(checker, ty), types.link_name(checker, ty), ty));
            }
        }
        links.sort();
        links.into_iter().map(|(_, _, ty)| self.of_type[ty].expect("abi: visible types were declared")).collect()
    }

    /// The static func value of a function in context form that reads no captures.
    pub fn func_value(&mut self, program: &mut Program, func: FuncId) -> DataId {
        *self.func_values.entry(func).or_insert_with(|| {
            let mut image = Image::new(WORD as u32);
            image.code(Place { offset: 0, width: WORD as u32 }, func);
            let name = format!("{}·f", program.funcs[func].name);
            image.into_data(program, name, WORD as u32)
        })
    }

    fn sorted(&self, types: &mut Types, checker: &Checker<'_>, list: &[CanonId]) -> Vec<CanonId> {
        let mut sorted: Vec<_> = list.iter().map(|&ty| (types.link_name(checker, ty), ty)).collect();
        sorted.sort();
        sorted.dedup();
        sorted.into_iter().map(|(_, ty)| ty).collect()
    }
}

/// Writes what is known to be needed.
pub(crate) struct Emitter<'x, 'a> {
    pub descriptors: &'x mut Descriptors,
    pub types: &'x mut Types,
    pub checker: &'x mut Checker<'a>,
    pub program: &'x mut Program,
    provide: Provide<'x>,
    visible: FxHashSet<CanonId>,
}

/// TypeOff and TextOff of what was left out.
const PRUNED: u64 = u32::MAX as u64;

/// Set in the number of results of variadic functions.
const VARIADIC: u64 = 1 << 15;

impl Emitter<'_, '_> {
    fn emit(&mut self, ty: CanonId) {
        let Emitter { descriptors, types, checker, .. } = self;
        let structs = &descriptors.structs;
        let underlying = types.underlying(checker, ty);
        let shape = types[underlying];
        let set = types.method_table(checker, ty);
        let methods: Box<[MethodId]> = types.methods(set).into();
        let is_named = matches!(types[ty], CanonType::Named { .. } | CanonType::Basic(_));
        let is_uncommon = is_named || !methods.is_empty();

        let words = |count: usize| count as u32 * WORD as u32;
        let (fixed, variable) = match shape {
            CanonType::Basic(_) => (structs.ty.size, 0),
            CanonType::Pointer(_) => (structs.pointer.size, 0),
            CanonType::Slice(_) => (structs.slice.size, 0),
            CanonType::Array { .. } => (structs.array.size, 0),
            CanonType::Chan { .. } => (structs.chan.size, 0),
            CanonType::Map { .. } => (structs.map.size, 0),
            CanonType::Func { params, results, .. } => {
                (structs.func.size, words(types.list(params).len() + types.list(results).len()))
            }
            CanonType::Struct(fields) => (structs.struct_.size, structs.field.size * types.fields(fields).len() as u32),
            CanonType::Interface(methods) => {
                let count = types.interface_methods(methods).len();
                (structs.interface.size, structs.interface_method.size * count as u32)
            }
            CanonType::Named { .. } | CanonType::Tuple(_) => unreachable!("abi: descriptor of {ty}"),
        };
        let variable_at = fixed + if is_uncommon { structs.uncommon.size } else { 0 };
        let methods_at = variable_at + variable;
        let frame_words_at = methods_at + structs.method.size * methods.len() as u32;
        let has_frame_words = descriptors.frame_words.has(ty);
        let mut image = Image::new(frame_words_at + if has_frame_words { words(2) } else { 0 });

        self.common(&mut image, ty, underlying, is_named, is_uncommon);
        self.by_kind(&mut image, ty, shape, variable_at);
        if is_uncommon {
            self.uncommon(&mut image, ty, fixed, methods_at, &methods);
        }
        if has_frame_words {
            self.frame_words(&mut image, ty, frame_words_at);
        }
        let id = self.descriptors.of_type[ty].expect("abi: emit: visible types were declared");
        image.fill(self.program, id);
    }

    fn common(&mut self, image: &mut Image, ty: CanonId, underlying: CanonId, is_named: bool, is_uncommon: bool) {
        let places = self.descriptors.structs.ty;
        let constants = self.descriptors.structs.constants;
        let layout = self.types.layout(self.checker, ty);
        let TypeLayout { size, align, pointer_bytes, comparison } = layout;
        image.number(places.size_, size);
        image.number(places.ptr_bytes, pointer_bytes);
        image.number(places.hash, self.types.hash(self.checker, ty).into());
        image.number(places.align, align.into());
        image.number(places.field_align, align.into());
        image.number(places.kind, constants.kind(self.types[underlying]));

        let mut flags = 0;
        let mut flag = |condition, flag| flags |= if condition { flag } else { 0 };
        flag(is_uncommon, constants.uncommon);
        flag(is_named, constants.named);
        flag(comparison == Comparison::Memory, constants.regular_memory);
        flag(layout.is_direct_interface(), constants.direct_iface);
        let is_mask_on_demand = pointer_bytes / WORD > constants.max_mask_bytes * 8;
        flag(is_mask_on_demand, constants.mask_on_demand);
        flag(self.descriptors.frame_words.has(ty), HAS_FRAME_WORDS);

        // T and *T share a string.
        let mut name = self.types.name(self.checker, ty);
        let has_star = name.starts_with('*');
        flag(!has_star, constants.extra_star);
        if !has_star {
            name.insert(0, '*');
        }
        image.number(places.tflag, flags);
        let base = match self.types[ty] {
            CanonType::Pointer(elem) => elem,
            _ => ty,
        };
        let exported = match self.types[base] {
            CanonType::Named { obj, .. } => self.checker.is_exported(obj),
            CanonType::Basic(kind) => kind == BasicKind::UnsafePointer,
            _ => false,
        };
        let name_info = NameInfo { exported, ..NameInfo::default() };
        image.address(places.str, self.descriptors.type_names.name(self.program, &name, "", name_info));

        let pointer = self.types.pointer_to(ty);
        if self.visible.contains(&pointer) {
            self.reference(image, places.ptr_to_this, pointer);
        }
        if let Some(equal) = self.types.equal(self.checker, ty) {
            let func = self.func_value(Request::Equal(equal));
            image.address(places.equal, func);
        }
        if is_mask_on_demand {
            let name = format!("type:.gcmask.{}", self.types.link_name(self.checker, ty));
            let cell = self.program.data.push(Data::new(name, WORD as u32, WORD as u32));
            image.address(places.gc_data, cell);
        } else if pointer_bytes > 0 {
            let mask = self.types.pointer_mask(self.checker, ty);
            image.address(places.gc_data, self.descriptors.mask_data(self.program, &mask));
        }
    }

    fn by_kind(&mut self, image: &mut Image, ty: CanonId, shape: CanonType, variable_at: u32) {
        match shape {
            CanonType::Basic(_) => {}
            CanonType::Pointer(elem) => {
                let place = self.descriptors.structs.pointer.elem;
                self.reference(image, place, elem);
            }
            CanonType::Slice(elem) => {
                let place = self.descriptors.structs.slice.elem;
                self.reference(image, place, elem);
            }
            CanonType::Array { len, elem } => {
                let places = self.descriptors.structs.array;
                self.reference(image, places.elem, elem);
                let slice = self.types.slice_of(elem);
                self.reference(image, places.slice, slice);
                image.number(places.len, len);
            }
            CanonType::Chan { dir, elem } => {
                let structs = &self.descriptors.structs;
                let (place, dir_place) = (structs.chan.elem, structs.chan.dir);
                image.number(dir_place, structs.constants.dir(dir));
                self.reference(image, place, elem);
            }
            CanonType::Map { key, elem } => self.map(image, key, elem),
            CanonType::Func { params, results, variadic } => {
                self.func(image, params, results, variadic, variable_at);
            }
            CanonType::Struct(fields) => self.fields(image, ty, fields, variable_at),
            CanonType::Interface(methods) => self.interface(image, ty, methods, variable_at),
            CanonType::Named { .. } | CanonType::Tuple(_) => unreachable!("abi: descriptor of {ty}"),
        }
    }

    fn func(&mut self, image: &mut Image, params: CanonList, results: CanonList, variadic: bool, variable_at: u32) {
        let places = self.descriptors.structs.func;
        let list: Vec<CanonId> = self.types.list(params).iter().chain(self.types.list(results)).copied().collect();
        let out_count = self.types.list(results).len() as u64 | if variadic { VARIADIC } else { 0 };
        image.number(places.in_count, self.types.list(params).len() as u64);
        image.number(places.out_count, out_count);
        for (index, ty) in list.into_iter().enumerate() {
            let place = Place { offset: variable_at + index as u32 * WORD as u32, width: WORD as u32 };
            self.reference(image, place, ty);
        }
    }

    fn frame_words(&mut self, image: &mut Image, ty: CanonId, at: u32) {
        let erased = self.types.erased_signature(self.checker, ty);
        let word = |index: u32| Place { offset: at + index * WORD as u32, width: WORD as u32 };
        if self.descriptors.frame_words.has_call(ty) {
            let call = self.func_value(Request::FrameCall(erased));
            image.address(word(0), call);
        }
        if self.descriptors.frame_words.has_stub(ty) {
            let stub = self.provided(Request::FrameStub(erased));
            image.code(word(1), stub);
        }
    }

    fn fields(&mut self, image: &mut Image, ty: CanonId, fields: FieldList, variable_at: u32) {
        let structs = &self.descriptors.structs;
        let (places, entry) = (structs.struct_, structs.field);
        let count = self.types.fields(fields).len();
        // All names that are not exported belong to one package: the struct's.
        if let Some(pkg) = self.types.fields(fields).iter().find_map(|field| field.pkg) {
            self.package(image, places.pkg_path, pkg);
        }
        self.slice(image, ty, places.fields, variable_at, count);
        for index in 0..count {
            let field = self.types.fields(fields)[index];
            let at = variable_at + entry.size * index as u32;
            let info = NameInfo { exported: field.pkg.is_none(), embedded: field.embedded, package: None };
            let (name, tag) = (field.name.as_str(), field.tag.as_str());
            image.address(entry.name.at(at), self.descriptors.type_names.name(self.program, name, tag, info));
            self.reference(image, entry.ty.at(at), field.ty);
            image.number(entry.offset.at(at), self.types.field_offsets(self.checker, ty)[index]);
        }
    }

    fn interface(&mut self, image: &mut Image, ty: CanonId, methods: InterfaceMethods, variable_at: u32) {
        let structs = &self.descriptors.structs;
        let (places, entry) = (structs.interface, structs.interface_method);
        let count = self.types.interface_methods(methods).len();
        let own_pkg = match self.types[ty] {
            CanonType::Named { obj, .. } => self.checker.obj(obj).pkg,
            _ => None,
        };
        if let Some(pkg) = own_pkg {
            self.package(image, places.pkg_path, pkg);
        }
        self.slice(image, ty, places.methods, variable_at, count);
        for index in 0..count {
            let method = self.types.interface_methods(methods)[index];
            let at = variable_at + entry.size * index as u32;
            let name = self.method_name(method.name.as_str(), method.pkg, own_pkg);
            image.address(entry.name.at(at), name);
            self.reference(image, entry.ty.at(at), method.sig);
        }
    }

    fn map(&mut self, image: &mut Image, key: CanonId, elem: CanonId) {
        let structs = &self.descriptors.structs;
        let places = structs.map;
        let group = self.types.map_group(self.checker, &structs.constants, key, elem);
        self.reference(image, places.key, key);
        self.reference(image, places.elem, elem);
        let shape = self.descriptors.shape(self.types, self.checker, self.program, group.ty);
        image.address(places.group, shape);
        let equal = self.types.equal(self.checker, key).expect("abi: map keys are comparable");
        let hasher = self.func_value(Request::Hash(equal));
        image.address(places.hasher, hasher);
        image.number(places.group_size, group.size);
        image.number(places.elem_off, group.elem_off);
        image.number(places.flags, group.flags);
        let optional = [
            (places.slot_size, group.slot_size),
            (places.keys_off, group.keys_off),
            (places.key_stride, group.key_stride),
            (places.elems_off, group.elems_off),
            (places.elem_stride, group.elem_stride),
        ];
        for (place, value) in optional {
            if let Some(place) = place {
                image.number(place, value);
            }
        }
    }

    fn uncommon(&mut self, image: &mut Image, ty: CanonId, at: u32, methods_at: u32, methods: &[MethodId]) {
        let structs = &self.descriptors.structs;
        let (places, entry) = (structs.uncommon, structs.method);
        let pkg = self.type_package(ty);
        if let Some(pkg) = pkg {
            self.package(image, places.pkg_path.at(at), pkg);
        }
        let exported = methods.iter().filter(|&&id| self.types.method(id).pkg.is_none()).count();
        image.number(places.mcount.at(at), methods.len() as u64);
        image.number(places.xcount.at(at), exported as u64);
        image.number(places.moff.at(at), (methods_at - at).into());
        if let Some(literal) = self.literal_behind(ty) {
            // The struct's last four bytes are not used. What nothing refers to is not in the program.
            self.reference(image, Place { offset: at + places.size - 4, width: 4 }, literal);
        }
        for (index, &id) in methods.iter().enumerate() {
            let at = methods_at + entry.size * index as u32;
            let method = self.types.method(id);
            let (name, method_pkg, sig) = (method.name.as_str(), method.pkg, method.sig);
            let name = self.method_name(name, method_pkg, pkg);
            image.address(entry.name.at(at), name);
            if self.visible.contains(&sig) {
                self.reference(image, entry.mtyp.at(at), sig);
            } else {
                image.number(entry.mtyp.at(at), PRUNED);
            }
            for (place, form) in [(entry.ifn, CodeForm::Interface), (entry.tfn, CodeForm::Direct)] {
                match (self.provide)(self.program, Request::Method { receiver: ty, method: id, form }) {
                    Some(func) => image.code(place.at(at), func),
                    None => image.number(place.at(at), PRUNED),
                }
            }
        }
    }

    /// The type literal that reflect must find rather than make, because values are converted between it and the type.
    fn literal_behind(&mut self, ty: CanonId) -> Option<CanonId> {
        let underlying = self.types.underlying(self.checker, ty);
        let is_needed = match self.types[underlying] {
            // Converted maps keep their hash function.
            CanonType::Map { .. } => true,
            // Compiled code calls what reflect has made as a function of the literal.
            CanonType::Func { .. } => self.descriptors.frame_words.has(ty),
            _ => false,
        };
        (is_needed && underlying != ty).then_some(underlying)
    }

    /// The code word of a method in an itab, if the method is live.
    pub fn method_code(&mut self, receiver: CanonId, method: MethodId) -> Option<FuncId> {
        (self.provide)(self.program, Request::Method { receiver, method, form: CodeForm::Interface })
    }

    pub fn reference(&mut self, image: &mut Image, place: Place, ty: CanonId) {
        let known = self.descriptors.of_type[ty].filter(|_| self.visible.contains(&ty));
        let Some(target) = known else {
            panic!("abi: emit: {} is referred to but not visible", self.types.name(self.checker, ty));
        };
        image.address(place, target);
    }

    /// The header of the slice that lies in the descriptor itself.
    fn slice(&mut self, image: &mut Image, ty: CanonId, place: Place, variable_at: u32, count: usize) {
        let own = self.descriptors.of_type[ty].expect("abi: emit: visible types were declared");
        image.address_in(place, own, variable_at);
        for word in [1, 2] {
            let offset = place.offset + word * WORD as u32;
            image.number(Place { offset, width: WORD as u32 }, count as u64);
        }
    }

    fn provided(&mut self, request: Request) -> FuncId {
        (self.provide)(self.program, request).unwrap_or_else(|| panic!("abi: emit: nobody made {request:?}"))
    }

    fn func_value(&mut self, request: Request) -> DataId {
        let func = self.provided(request);
        self.descriptors.func_value(self.program, func)
    }

    fn package(&mut self, image: &mut Image, place: Place, pkg: PkgId) {
        let path = self.types.package_path(self.checker, pkg);
        let path = self.descriptors.type_names.package(self.program, path);
        image.address(place, path);
    }

    /// The name of a method of a type that belongs to `own_pkg`.
    fn method_name(&mut self, name: &str, pkg: Option<PkgId>, own_pkg: Option<PkgId>) -> DataId {
        let names = &mut self.descriptors.type_names;
        let package = pkg.filter(|_| pkg != own_pkg);
        let package = package.map(|pkg| names.package(self.program, self.types.package_path(self.checker, pkg)));
        names.name(self.program, name, "", NameInfo { exported: pkg.is_none(), embedded: false, package })
    }

    /// The package of a defined type, or of the type that a literal is made from in one step.
    fn type_package(&self, ty: CanonId) -> Option<PkgId> {
        let base = match self.types[ty] {
            CanonType::Pointer(elem)
            | CanonType::Slice(elem)
            | CanonType::Array { elem, .. }
            | CanonType::Chan { elem, .. } => elem,
            _ => ty,
        };
        match self.types[base] {
            CanonType::Named { obj, .. } => self.checker.obj(obj).pkg,
            CanonType::Basic(BasicKind::UnsafePointer) => Some(types::universe::UNSAFE),
            _ => None,
        }
    }
}
