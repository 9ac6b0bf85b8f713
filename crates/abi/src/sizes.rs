//! Size, alignment and pointers of types, as gc lays them out, and where the fields of structs are.

use crate::canon::{CanonId, CanonType, FieldList, Types};
use base::SideTable;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use types::sizes::{FieldPlaces, Layout, MAX_DEPTH, WASM};
use types::{BasicKind, Checker};

pub const WORD: u64 = WASM.word as u64;

/// How a value lies in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TypeLayout {
    /// [`TOO_LARGE`]: no memory holds such a value; the user is told so where a variable has the type.
    pub size: u64,
    pub align: u32,
    /// Up to the end of the last word that may hold a pointer into the heap.
    pub pointer_bytes: u64,
    pub comparison: Comparison,
}

pub const TOO_LARGE: u64 = i64::MAX as u64;

/// How values are compared and hashed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// All bytes count, and nothing else.
    Memory,
    /// Of strings, floats, interfaces, or of parts.
    Special,
    /// There is none.
    None,
}

impl TypeLayout {
    /// Whether the value itself is the data word of an interface.
    pub fn is_direct_interface(&self) -> bool {
        self.size == WORD && self.pointer_bytes == WORD
    }
    pub fn is_zero_size(&self) -> bool {
        self.size == 0
    }
    pub fn is_comparable(&self) -> bool {
        self.comparison != Comparison::None
    }

    fn checker_layout(&self) -> Layout {
        Layout { size: (self.size != TOO_LARGE).then_some(self.size as i64), align: self.align.into() }
    }

    fn new(layout: Layout, pointer_bytes: u64, comparison: Comparison) -> TypeLayout {
        let size = layout.size.map_or(TOO_LARGE, |size| size as u64);
        TypeLayout { size, align: layout.align as u32, pointer_bytes, comparison }
    }
}

#[derive(Default)]
pub(crate) struct SizeTables {
    layouts: SideTable<CanonId, Option<TypeLayout>>,
    /// By underlying type; a range of `offset_pool`.
    offsets: FxHashMap<CanonId, (u32, u32)>,
    offset_pool: Vec<u64>,
    depth: u32,
}

impl Default for TypeLayout {
    fn default() -> Self {
        TypeLayout { size: 0, align: 1, pointer_bytes: 0, comparison: Comparison::Memory }
    }
}

impl Types {
    pub fn layout(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> TypeLayout {
        if let Some(known) = self.sizes.layouts[ty] {
            return known;
        }
        if self.sizes.depth == MAX_DEPTH {
            let layout = Layout { size: None, align: 1 };
            return TypeLayout::new(layout, 0, Comparison::Special);
        }
        self.sizes.depth += 1;
        let layout = self.compute_layout(checker, ty);
        self.sizes.depth -= 1;
        self.sizes.layouts[ty] = Some(layout);
        layout
    }

    /// Where the fields are of a type whose underlying type is a struct.
    pub fn field_offsets(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> &[u64] {
        self.layout(checker, ty);
        let underlying = self.underlying(checker, ty);
        let (start, end) = self.sizes.offsets[&underlying];
        &self.sizes.offset_pool[start as usize..end as usize]
    }

    fn compute_layout(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> TypeLayout {
        use Comparison::*;
        match self[ty] {
            CanonType::Basic(kind) => {
                let layout = WASM.basic(kind);
                let pointers = match kind {
                    BasicKind::String | BasicKind::UntypedString | BasicKind::UnsafePointer | BasicKind::UntypedNil => {
                        WORD
                    }
                    _ => 0,
                };
                let is_special = kind.is_float() || kind.is_complex() || kind.is_string();
                TypeLayout::new(layout, pointers, if is_special { Special } else { Memory })
            }
            CanonType::Pointer(elem) => {
                let pointers = if self.is_not_in_heap(checker, elem) { 0 } else { WORD };
                TypeLayout::new(WASM.words(1), pointers, Memory)
            }
            CanonType::Chan { .. } => TypeLayout::new(WASM.words(1), WORD, Memory),
            CanonType::Map { .. } | CanonType::Func { .. } => TypeLayout::new(WASM.words(1), WORD, None),
            CanonType::Slice(elem) => {
                let pointers = if self.is_not_in_heap(checker, elem) { 0 } else { WORD };
                TypeLayout::new(WASM.words(3), pointers, None)
            }
            CanonType::Interface(_) => TypeLayout::new(WASM.words(2), 2 * WORD, Special),
            CanonType::Array { len, elem } => self.array_layout(checker, len, elem),
            CanonType::Struct(fields) => self.struct_layout(checker, ty, fields),
            CanonType::Named { obj, .. } => {
                let underlying = self.underlying(checker, ty);
                let layout = self.layout(checker, underlying);
                // Fields of that type say how they want to be aligned.
                if checker.is_align64_marker(obj) { TypeLayout { align: 8, ..layout } } else { layout }
            }
            CanonType::Tuple(_) => unreachable!("abi: layout: tuples are not in memory"),
        }
    }

    fn array_layout(&mut self, checker: &mut Checker<'_>, len: u64, elem: CanonId) -> TypeLayout {
        let elem = self.layout(checker, elem);
        let layout = elem.checker_layout().array(i64::try_from(len).unwrap_or(i64::MAX));
        let pointers = match len {
            0 => 0,
            _ if elem.pointer_bytes == 0 => 0,
            _ => elem.size.saturating_mul(len - 1).saturating_add(elem.pointer_bytes),
        };
        let comparison = match elem.comparison {
            Comparison::Special if len == 0 => Comparison::Memory,
            other => other,
        };
        TypeLayout::new(layout, pointers, comparison)
    }

    fn struct_layout(&mut self, checker: &mut Checker<'_>, ty: CanonId, fields: FieldList) -> TypeLayout {
        let count = self.fields(fields).len();
        let mut places = FieldPlaces::new(1);
        let mut offsets: SmallVec<[u64; 16]> = SmallVec::with_capacity(count);
        let mut layouts: SmallVec<[TypeLayout; 16]> = SmallVec::with_capacity(count);
        for index in 0..count {
            let field = self.fields(fields)[index].ty;
            let layout = self.layout(checker, field);
            let offset = places.place(layout.checker_layout(), index + 1 == count);
            offsets.push(offset.map_or(TOO_LARGE, |offset| offset as u64));
            layouts.push(layout);
        }
        let mut result = TypeLayout::new(places.finish(), 0, Comparison::Memory);
        for index in (0..count).rev() {
            let field = layouts[index];
            if field.pointer_bytes > 0 {
                result.pointer_bytes = offsets[index].saturating_add(field.pointer_bytes);
                break;
            }
        }
        for index in 0..count {
            let end = offsets.get(index + 1).copied().unwrap_or(result.size);
            let is_padded = offsets[index].saturating_add(layouts[index].size) != end;
            let is_blank = self.fields(fields)[index].name.is_blank();
            match layouts[index].comparison {
                Comparison::None => result.comparison = Comparison::None,
                Comparison::Memory if !is_padded && !is_blank => {}
                _ if result.comparison == Comparison::None => {}
                _ => result.comparison = Comparison::Special,
            }
        }
        let pool = &mut self.sizes.offset_pool;
        let start = pool.len() as u32;
        pool.extend_from_slice(&offsets);
        let range = (start, pool.len() as u32);
        self.sizes.offsets.insert(ty, range);
        result
    }

    /// Whether values of the type are never in the collected heap, so that pointers to them are no pointers to the
    /// collector: `internal/runtime/sys.NotInHeap` and what contains it. Only the runtime has such types.
    fn is_not_in_heap(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> bool {
        match self[ty] {
            CanonType::Named { obj, .. } => {
                let object = checker.obj(obj);
                let Some(pkg) = object.pkg else { return false };
                let package = &checker.packages[pkg];
                let (name, path) = (object.name, package.path.as_str());
                if !package.standard || path != "runtime" && !path.starts_with("internal/runtime/") {
                    return false;
                }
                if name.as_str() == "nih" && path == "internal/runtime/sys" {
                    return true;
                }
                let underlying = self.underlying(checker, ty);
                !matches!(self[underlying], CanonType::Named { .. }) && self.is_not_in_heap(checker, underlying)
            }
            CanonType::Array { elem, .. } => self.is_not_in_heap(checker, elem),
            CanonType::Struct(fields) => (0..self.fields(fields).len()).any(|index| {
                let field = self.fields(fields)[index].ty;
                self.is_not_in_heap(checker, field)
            }),
            _ => false,
        }
    }
}
