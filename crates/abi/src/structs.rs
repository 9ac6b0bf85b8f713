//! The structs that descriptors are made of, as package `internal/abi` of the GOROOT in use declares them.
//!
//! They change between releases. So nothing here says where a field is, only what it is called; offsets come from the
//! checked package. A field that is unknown would stay zero and break something far away: it is refused here.

use crate::canon::{CanonType, Types, type_of};
use crate::env::EnvId;
use crate::sizes::TypeLayout;
use base::Symbol;
use types::{BasicKind, ChanDir, Checker, ObjId, ObjKind, PkgId};

/// Where a field is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub offset: u32,
    pub width: u32,
}

impl Place {
    pub fn at(self, base: u32) -> Place {
        Place { offset: base + self.offset, ..self }
    }
}

macro_rules! structs {
    ($($(#[$meta:meta])* $member:ident: $name:ident $go:literal {
        $($field:ident = $go_field:literal),* $(; $($optional:ident = $go_optional:literal),*)?
    })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name {
                pub size: u32,
                $(pub $field: Place,)*
                $($(pub $optional: Option<Place>,)*)?
            }

            impl $name {
                fn read(reader: &mut Reader<'_, '_>) -> Result<$name, String> {
                    let known = [$($go_field,)* $($($go_optional,)*)?];
                    let fields = reader.fields($go, &known)?;
                    Ok($name {
                        size: fields.size,
                        $($field: fields.required($go, $go_field)?,)*
                        $($($optional: fields.place($go_optional),)*)?
                    })
                }
            }
        )*

        /// All of them.
        #[derive(Clone, Copy, Debug)]
        pub struct Structs {
            $(pub $member: $name,)*
            pub constants: Constants,
        }

        impl Structs {
            /// Reads them from the checked package `internal/abi`, or says what is wrong with it.
            pub fn read(types: &mut Types, checker: &mut Checker<'_>) -> Result<Structs, String> {
                let pkg = package(checker, "internal/abi").ok_or("package internal/abi is not part of the program")?;
                let mut reader = Reader { types, checker, pkg };
                let structs = Structs {
                    $($member: $name::read(&mut reader)?,)*
                    constants: Constants::read(&mut reader)?,
                };
                structs.map.check()?;
                Ok(structs)
            }
        }
    };
}

structs! {
    ty: TypeStruct "Type" {
        size_ = "Size_", ptr_bytes = "PtrBytes", hash = "Hash", tflag = "TFlag", align = "Align_",
        field_align = "FieldAlign_", kind = "Kind_", equal = "Equal", gc_data = "GCData", str = "Str",
        ptr_to_this = "PtrToThis"
    }
    pointer: PtrStruct "PtrType" { ty = "Type", elem = "Elem" }
    slice: SliceStruct "SliceType" { ty = "Type", elem = "Elem" }
    array: ArrayStruct "ArrayType" { ty = "Type", elem = "Elem", slice = "Slice", len = "Len" }
    chan: ChanStruct "ChanType" { ty = "Type", elem = "Elem", dir = "Dir" }
    func: FuncStruct "FuncType" { ty = "Type", in_count = "InCount", out_count = "OutCount" }
    struct_: StructStruct "StructType" { ty = "Type", pkg_path = "PkgPath", fields = "Fields" }
    interface: InterfaceStruct "InterfaceType" { ty = "Type", pkg_path = "PkgPath", methods = "Methods" }
    /// Go 1.26 says where slots are in a group, Go 1.27 where keys and elements are.
    map: MapStruct "MapType" {
        ty = "Type", key = "Key", elem = "Elem", group = "Group", hasher = "Hasher", group_size = "GroupSize",
        elem_off = "ElemOff", flags = "Flags";
        slot_size = "SlotSize", keys_off = "KeysOff", key_stride = "KeyStride", elems_off = "ElemsOff",
        elem_stride = "ElemStride"
    }
    field: FieldStruct "StructField" { name = "Name", ty = "Typ", offset = "Offset" }
    interface_method: ImethodStruct "Imethod" { name = "Name", ty = "Typ" }
    uncommon: UncommonStruct "UncommonType" { pkg_path = "PkgPath", mcount = "Mcount", xcount = "Xcount", moff = "Moff" }
    method: MethodStruct "Method" { name = "Name", mtyp = "Mtyp", ifn = "Ifn", tfn = "Tfn" }
    itab: ItabStruct "ITab" { inter = "Inter", ty = "Type", hash = "Hash", fun = "Fun" }
}

impl MapStruct {
    /// Either release's way of finding keys and elements is there, whole.
    fn check(&self) -> Result<(), String> {
        let strides = [self.keys_off, self.key_stride, self.elems_off, self.elem_stride];
        let is_known = match self.slot_size {
            Some(_) => strides.iter().all(Option::is_none),
            None => strides.iter().all(Option::is_some),
        };
        if is_known { Ok(()) } else { Err("internal/abi.MapType of this Go does not say where slots are".into()) }
    }
}

macro_rules! constants {
    ($($constant:ident = $go:literal),* $(,)?) => {
        /// Constants of `internal/abi`.
        #[derive(Clone, Copy, Debug)]
        pub struct Constants {
            $(pub $constant: u64,)*
            kinds: [u64; KINDS.len()],
            /// Groups of maps hold keys and elements apart (experiment `mapsplitgroup`).
            pub split_groups: bool,
        }

        impl Constants {
            fn read(reader: &mut Reader<'_, '_>) -> Result<Constants, String> {
                let mut kinds = [0; KINDS.len()];
                for (value, name) in kinds.iter_mut().zip(KINDS) {
                    *value = reader.constant(name)?;
                }
                Ok(Constants {
                    $($constant: reader.constant($go)?,)*
                    kinds,
                    split_groups: reader.splits_groups(),
                })
            }
        }
    };
}

constants! {
    uncommon = "TFlagUncommon", extra_star = "TFlagExtraStar", named = "TFlagNamed",
    regular_memory = "TFlagRegularMemory", mask_on_demand = "TFlagGCMaskOnDemand", direct_iface = "TFlagDirectIface",
    max_mask_bytes = "MaxPtrmaskBytes", recv_dir = "RecvDir", send_dir = "SendDir", both_dir = "BothDir",
    group_slots = "MapGroupSlots", max_key_bytes = "MapMaxKeyBytes", max_elem_bytes = "MapMaxElemBytes",
    need_key_update = "MapNeedKeyUpdate", hash_might_panic = "MapHashMightPanic", indirect_key = "MapIndirectKey",
    indirect_elem = "MapIndirectElem",
}

/// Names of kinds: of the basic types in the order of `BasicKind`, from `Bool` on, then of the others.
const KINDS: [&str; 26] = [
    "Bool",
    "Int",
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "Uint",
    "Uint8",
    "Uint16",
    "Uint32",
    "Uint64",
    "Uintptr",
    "Float32",
    "Float64",
    "Complex64",
    "Complex128",
    "String",
    "UnsafePointer",
    "Array",
    "Chan",
    "Func",
    "Interface",
    "Map",
    "Pointer",
    "Slice",
    "Struct",
];
const FIRST_COMPOSITE: usize = 18;

impl Constants {
    /// The kind of an underlying type.
    pub fn kind(&self, underlying: CanonType) -> u64 {
        let composite = match underlying {
            CanonType::Basic(kind) => {
                assert!(!kind.is_untyped() && kind != BasicKind::Invalid, "abi: kind of {}", kind.name());
                return self.kinds[kind as usize - 1];
            }
            CanonType::Array { .. } => 0,
            CanonType::Chan { .. } => 1,
            CanonType::Func { .. } => 2,
            CanonType::Interface(_) => 3,
            CanonType::Map { .. } => 4,
            CanonType::Pointer(_) => 5,
            CanonType::Slice(_) => 6,
            CanonType::Struct(_) => 7,
            CanonType::Named { .. } | CanonType::Tuple(_) => unreachable!("abi: kind: {underlying:?} has none"),
        };
        self.kinds[FIRST_COMPOSITE + composite]
    }

    pub fn dir(&self, dir: ChanDir) -> u64 {
        match dir {
            ChanDir::RecvOnly => self.recv_dir,
            ChanDir::SendOnly => self.send_dir,
            ChanDir::Both => self.both_dir,
        }
    }
}

fn package(checker: &Checker<'_>, path: &str) -> Option<PkgId> {
    checker.packages.iter().find(|(_, package)| package.path == path).map(|(id, _)| id)
}

struct Reader<'x, 'a> {
    types: &'x mut Types,
    checker: &'x mut Checker<'a>,
    pkg: PkgId,
}

struct Fields {
    size: u32,
    places: Vec<(Symbol, Place)>,
}

impl Fields {
    fn place(&self, name: &str) -> Option<Place> {
        self.places.iter().find(|field| field.0.as_str() == name).map(|field| field.1)
    }
    fn required(&self, owner: &str, name: &str) -> Result<Place, String> {
        self.place(name).ok_or_else(|| format!("internal/abi.{owner} of this Go has no field {name}"))
    }
}

impl Reader<'_, '_> {
    fn object(&mut self, name: &str) -> Result<ObjId, String> {
        let scope = self.checker.packages[self.pkg].scope;
        let found = self.checker.scope(scope).lookup(Symbol::intern(name));
        found.ok_or_else(|| format!("internal/abi of this Go does not declare {name}"))
    }

    /// The fields of a struct, of which all are `known`.
    fn fields(&mut self, name: &str, known: &[&str]) -> Result<Fields, String> {
        let obj = self.object(name)?;
        let (types, checker) = (&mut *self.types, &mut *self.checker);
        let ty = type_of(checker, obj);
        let ty = types.canon(checker, ty, EnvId::EMPTY);
        let CanonType::Struct(fields) = types.shape(checker, ty) else {
            return Err(format!("internal/abi.{name} of this Go is no struct"));
        };
        let TypeLayout { size, .. } = types.layout(checker, ty);
        let mut places = Vec::new();
        for index in 0..types.fields(fields).len() {
            let field = types.fields(fields)[index];
            if field.name.is_blank() {
                continue;
            }
            if !known.contains(&field.name.as_str()) {
                return Err(format!(
                    "internal/abi.{name} of this Go has a field {} that this compiler does not know",
                    field.name
                ));
            }
            let offset = types.field_offsets(checker, ty)[index] as u32;
            let width = types.layout(checker, field.ty).size as u32;
            places.push((field.name, Place { offset, width }));
        }
        Ok(Fields { size: size as u32, places })
    }

    fn constant(&mut self, name: &str) -> Result<u64, String> {
        let obj = self.object(name)?;
        let value = constant_value(self.checker, obj).and_then(|value| value.as_u64());
        value.ok_or_else(|| format!("internal/abi.{name} of this Go is no constant"))
    }

    fn splits_groups(&mut self) -> bool {
        let Some(pkg) = package(self.checker, "internal/goexperiment") else { return false };
        let scope = self.checker.packages[pkg].scope;
        let Some(obj) = self.checker.scope(scope).lookup(Symbol::intern("MapSplitGroup")) else { return false };
        constant_value(self.checker, obj).is_some_and(|value| value.as_bool())
    }
}

fn constant_value(checker: &mut Checker<'_>, obj: ObjId) -> Option<types::constant::Value> {
    type_of(checker, obj);
    let ObjKind::Const { val: Some(value) } = checker.obj(obj).kind else { return None };
    Some(checker.consts[value].clone())
}
