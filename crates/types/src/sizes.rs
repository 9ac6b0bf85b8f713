//! Sizes and alignments, as gc lays types out.
//!
//! The word size is a parameter of this module and known nowhere else in the checker. The rules themselves are here for
//! later phases too, which lay out types of their own.

use crate::checker::Checker;
use crate::store::*;
use crate::universe::typ;
use rustc_hash::FxHashMap;

/// A target's measures, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub word: i64,
    pub max_align: i64,
}

/// `GOARCH=wasm`
pub const WASM: Target = Target { word: 8, max_align: 8 };

/// Nesting beyond which a type counts as too large.
pub const MAX_DEPTH: u32 = 5_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    /// `None`: does not fit an int64.
    pub size: Option<i64>,
    pub align: i64,
}

impl Target {
    pub fn words(self, count: i64) -> Layout {
        Layout { size: Some(count * self.word), align: self.word }
    }

    pub fn basic(self, kind: BasicKind) -> Layout {
        match fixed_size(kind) {
            // spec: "complex128: 16 bytes", laid out as two floats.
            Some(size) if kind.is_complex() => self.scalar(size, size / 2),
            Some(size) => self.scalar(size, size),
            None if kind.is_string() => self.words(2),
            None => self.words(1),
        }
    }

    fn scalar(self, size: i64, align: i64) -> Layout {
        Layout { size: Some(size), align: align.min(self.max_align) }
    }
}

impl Layout {
    /// spec: "For a variable x of array type: unsafe.Alignof(x) is the same as the alignment of a variable of the
    /// array's element type."
    pub fn array(self, len: i64) -> Layout {
        let size = if len <= 0 { Some(0) } else { self.size.and_then(|size| size.checked_mul(len)) };
        Layout { size, align: self.align }
    }
}

/// Places the fields of a struct one after the other.
pub struct FieldPlaces {
    end: Option<i64>,
    align: i64,
}

impl FieldPlaces {
    /// `align`: 1, unless the struct is special.
    pub fn new(align: i64) -> FieldPlaces {
        FieldPlaces { end: Some(0), align }
    }

    /// The offset of the next field, unless it is too far.
    pub fn place(&mut self, field: Layout, is_last: bool) -> Option<i64> {
        // spec: "For a variable x of struct type: unsafe.Alignof(x) is the largest of all the values unsafe.Alignof(x.f)
        // for each field f of x, but at least 1."
        self.align = self.align.max(field.align);
        let offset = self.end.and_then(|end| align_up(end, field.align));
        let mut size = field.size;
        // A pointer to a last field of no size must not point behind the struct.
        if is_last && size == Some(0) && offset.is_some_and(|offset| offset > 0) {
            size = Some(1);
        }
        self.end = offset.zip(size).and_then(|(offset, size)| offset.checked_add(size));
        offset
    }

    pub fn finish(self) -> Layout {
        Layout { size: self.end.and_then(|end| align_up(end, self.align)), align: self.align }
    }
}

impl<'a> Checker<'a> {
    /// Size of a variable of type `ty`, which is no type parameter nor contains one; `None` if it is too large.
    pub fn sizeof(&mut self, ty: TypeId) -> Option<i64> {
        Layouts::new(self, WASM).of(ty).size
    }

    /// Alignment of a variable of type `ty`, at least 1.
    pub fn alignof(&mut self, ty: TypeId) -> i64 {
        Layouts::new(self, WASM).of(ty).align
    }

    /// Offsets of a struct's fields, -1 for those that are too far.
    pub fn offsetsof(&mut self, fields: ObjList) -> Vec<i64> {
        let mut offsets = Vec::with_capacity(fields.len());
        Layouts::new(self, WASM).fields(fields, |offset| offsets.push(offset.unwrap_or(-1)));
        offsets
    }

    /// Whether `obj` is the empty struct `align64` of the atomic packages: what contains it is aligned to 8 bytes.
    pub fn is_align64_marker(&self, obj: ObjId) -> bool {
        let obj = self.obj(obj);
        obj.name.as_str() == "align64"
            && obj.pkg.is_some_and(|pkg| {
                matches!(self.packages[pkg].path.as_str(), "sync/atomic" | "internal/runtime/atomic")
            })
    }
}

/// One question's work: a struct that is reached on many ways is laid out once.
struct Layouts<'c, 'a> {
    checker: &'c mut Checker<'a>,
    target: Target,
    /// By underlying type; `None` while the struct is being laid out. It can contain itself only after an error.
    structs: FxHashMap<TypeId, Option<Layout>>,
    depth: u32,
}

impl<'c, 'a> Layouts<'c, 'a> {
    fn new(checker: &'c mut Checker<'a>, target: Target) -> Self {
        Layouts { checker, target, structs: FxHashMap::default(), depth: 0 }
    }

    fn of(&mut self, ty: TypeId) -> Layout {
        if self.depth == MAX_DEPTH {
            return Layout { size: None, align: 1 };
        }
        self.depth += 1;
        let layout = self.of_type(ty);
        self.depth -= 1;
        layout
    }

    fn of_type(&mut self, ty: TypeId) -> Layout {
        let underlying = self.checker.under(ty);
        match self.checker.ty(underlying) {
            Type::Basic(kind) => self.target.basic(kind),
            Type::Array { len, elem } => self.of(elem).array(len),
            Type::Slice { .. } => self.target.words(3),
            Type::Interface(_) => self.target.words(2),
            Type::Struct(id) => {
                let fields = self.checker.structs[id].fields;
                if fields.is_empty() {
                    let named = self.checker.as_named(ty);
                    let is_marker =
                        named.is_some_and(|named| self.checker.is_align64_marker(self.checker.named[named].obj));
                    return Layout { size: Some(0), align: if is_marker { 8 } else { 1 } };
                }
                if let Some(&known) = self.structs.get(&underlying) {
                    return known.unwrap_or(Layout { size: Some(0), align: 1 });
                }
                self.structs.insert(underlying, None);
                let layout = self.fields(fields, |_| {});
                self.structs.insert(underlying, Some(layout));
                layout
            }
            _ => self.target.words(1),
        }
    }

    /// Lays out the fields of a struct, of which there are some, and tells where each goes.
    fn fields(&mut self, fields: ObjList, mut place: impl FnMut(Option<i64>)) -> Layout {
        let mut places = FieldPlaces::new(1);
        for index in 0..fields.len() {
            let field = self.checker.obj_at(fields, index);
            let ty = self.checker.obj(field).ty.unwrap_or(typ::INVALID);
            let layout = self.of(ty);
            place(places.place(layout, index + 1 == fields.len()));
        }
        places.finish()
    }
}

/// Size of the basic types that are the same everywhere.
fn fixed_size(kind: BasicKind) -> Option<i64> {
    use BasicKind::*;
    match kind {
        Bool | Int8 | Uint8 => Some(1),
        Int16 | Uint16 => Some(2),
        Int32 | Uint32 | Float32 => Some(4),
        Int64 | Uint64 | Float64 | Complex64 => Some(8),
        Complex128 => Some(16),
        _ => None,
    }
}

/// The smallest multiple of `align` (a power of two) that is not below `offset`.
fn align_up(offset: i64, align: i64) -> Option<i64> {
    Some(offset.checked_add(align - 1)? & !(align - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::Config;
    use crate::version::GoVersion;
    use base::{Pos, SourceMap, sym};
    use bumpalo::Bump;

    fn struct_of(checker: &mut Checker, types: &[TypeId]) -> TypeId {
        let field = |c: &mut Checker, ty| c.new_var(VarKind::Field, Pos::NONE, None, sym::BLANK, Some(ty));
        let fields: Vec<ObjId> = types.iter().map(|&ty| field(checker, ty)).collect();
        let fields = checker.obj_list(&fields);
        let id = checker.structs.push(StructData { fields, tags: TagList::EMPTY });
        checker.new_type(Type::Struct(id))
    }

    fn array_of(checker: &mut Checker, len: i64, elem: TypeId) -> TypeId {
        checker.new_type(Type::Array { len, elem })
    }

    fn with_checker(test: impl FnOnce(&mut Checker)) {
        let (sources, arena) = (SourceMap::new(), Bump::new());
        let max_version = GoVersion::go1(26);
        let config = Config::for_build(max_version);
        test(&mut Checker::new(config, &sources, &arena));
    }

    #[test]
    fn structs_are_padded() {
        with_checker(|c| {
            let empty = struct_of(c, &[]);
            assert_eq!((c.sizeof(empty), c.alignof(empty)), (Some(0), 1));
            let mixed = struct_of(c, &[typ::BOOL, typ::INT16, typ::STRING, typ::BYTE]);
            assert_eq!((c.sizeof(mixed), c.alignof(mixed)), (Some(32), 8));
            let Type::Struct(id) = c.ty(mixed) else { panic!("struct expected") };
            let fields = c.structs[id].fields;
            assert_eq!(c.offsetsof(fields), [0, 2, 8, 24]);
            let complex = struct_of(c, &[typ::BYTE, typ::COMPLEX64]);
            assert_eq!((c.sizeof(complex), c.alignof(complex)), (Some(12), 4));
            let with_empty_end = struct_of(c, &[typ::INT32, empty]);
            assert_eq!(c.sizeof(with_empty_end), Some(8));
            let only_empty = struct_of(c, &[empty, empty]);
            assert_eq!(c.sizeof(only_empty), Some(0));
        });
    }

    #[test]
    fn overflow_is_noticed() {
        with_checker(|c| {
            let half = array_of(c, 1 << 62, typ::BYTE);
            assert_eq!(c.sizeof(half), Some(1 << 62));
            let twice = array_of(c, 2, half);
            assert_eq!(c.sizeof(twice), None);
            let fields = struct_of(c, &[half, half, typ::BYTE]);
            assert_eq!(c.sizeof(fields), None);
            let Type::Struct(id) = c.ty(fields) else { panic!("struct expected") };
            let fields = c.structs[id].fields;
            assert_eq!(c.offsetsof(fields), [0, 1 << 62, -1]);
            let none = array_of(c, 0, twice);
            assert_eq!(c.sizeof(none), Some(0));
        });
    }

    #[test]
    fn shared_parts_are_laid_out_once() {
        with_checker(|c| {
            let mut ty = struct_of(c, &[typ::BYTE]);
            for _ in 0..60 {
                ty = struct_of(c, &[ty, ty]);
            }
            assert_eq!(c.sizeof(ty), Some(1 << 60));
        });
    }
}
