//! The sections of the module.

use crate::function::Code;
use crate::linetable::{self, CodePlaces};
use crate::options::GETSP;
use crate::runtime::RuntimeFunc;
use crate::sites::{FrameForm, SMALL_FRAME};
use crate::table;
use crate::types::FuncType;
use crate::unit::Unit;
use ir::{FuncId, LocId};
use std::borrow::Cow;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemArg, MemorySection, MemoryType, Module, NameMap,
    NameSection, RefType, TableSection, TableType, TagKind, TagSection, TagType, TypeSection, ValType,
};

/// The immediate that `fill_in_heap_start` fills in.
pub const HEAP_START_BYTES: usize = 5;

/// A module, and what debug information and reports are made from.
pub struct Output {
    pub bytes: Vec<u8>,
    /// In the order of their indices, imports left out.
    pub functions: Vec<FunctionInfo>,
    /// In the order of the code.
    pub lines: Vec<Line>,
    /// Where the code section's contents begin in the module.
    pub code_start: u32,
}

pub struct FunctionInfo {
    pub func: FuncId,
    pub index: u32,
    /// It is the function's resume form.
    pub is_resume: bool,
    /// Its body, without the size in front, as an offset into the code section's contents.
    pub start: u32,
    pub size: u32,
}

/// From this offset into the code section's contents on, instructions belong to the location, up to the next line or
/// the end of the function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    pub offset: u32,
    pub loc: Option<LocId>,
}

pub fn assemble(unit: &Unit, mut codes: Vec<(FuncId, Code)>) -> Output {
    let mut types = unit.types.list.clone();
    let wrappers = Wrappers::of(unit, codes.len(), &mut types);
    let mut module = Module::new();
    let mut section = TypeSection::new();
    for ty in &types {
        section.ty().function(ty.params.iter().copied(), ty.results.iter().copied());
    }
    module.section(&section);
    imports(unit, &mut module);
    let mut functions = FunctionSection::new();
    unit.order.iter().for_each(|&func| {
        functions.function(unit.callee(func).ty);
    });
    unit.resumed().iter().for_each(|_| {
        functions.function(unit.call_out.expect("codegen: resume functions have their type"));
    });
    wrappers.list.iter().for_each(|wrapper| {
        functions.function(wrapper.ty);
    });
    module.section(&functions);
    tables(unit, &mut module);
    let places = places(unit, &codes, wrappers.list.len());
    let (mut line_table, heap_start) = line_table(unit, &codes, &places);
    fill_in_heap_start(&mut codes, heap_start);
    memory(heap_start, &mut module);
    if let Some(exceptions) = unit.exceptions {
        let mut tags = TagSection::new();
        tags.tag(TagType { kind: TagKind::Exception, func_type_idx: exceptions.tag_ty });
        module.section(&tags);
    }
    globals(unit, &mut module);
    exports(unit, &wrappers, &mut module);
    elements(unit, &mut module);
    let mut section = CodeSection::new();
    codes.iter().for_each(|(_, code)| {
        section.raw(&code.bytes);
    });
    wrappers.list.iter().for_each(|wrapper| {
        section.raw(&wrapper.bytes);
    });
    let size_before = module.len() as u32;
    module.section(&section);
    let code_size = places.end + wrappers.list.iter().map(|wrapper| with_size(wrapper.bytes.len())).sum::<u32>();
    // Section id and size.
    let code_start = size_before + 1 + leb_len(code_size);
    if let Some(table) = &mut line_table {
        linetable::set_code_start(table, code_start);
    }
    data(unit, line_table, &mut module);
    if unit.options.names {
        names(unit, &wrappers, &mut module);
    }
    Output { bytes: module.finish(), functions: places.functions, lines: places.lines, code_start }
}

/// The line table, if there is one, and what is behind it.
fn line_table(unit: &Unit, codes: &[(FuncId, Code)], places: &Places) -> (Option<Vec<u8>>, u32) {
    let at = unit.data.stack_top;
    let table = (!unit.sites.functions.is_empty()).then(|| {
        let starts = places.functions.iter().map(|function| function.start).collect();
        linetable::encode(unit, codes, &CodePlaces { starts, first_index: unit.graph.imports.len() as u32 }, at)
    });
    let size = table.as_ref().map_or(0, |table| table.len() as u32);
    (table, (at + size).next_multiple_of(16))
}

fn fill_in_heap_start(codes: &mut [(FuncId, Code)], heap_start: u32) {
    for (_, code) in codes {
        for &at in &code.heap_starts {
            for (index, byte) in code.bytes[at as usize..at as usize + HEAP_START_BYTES].iter_mut().enumerate() {
                let more = if index + 1 < HEAP_START_BYTES { 0x80 } else { 0 };
                *byte = (u64::from(heap_start) >> (7 * index) & 0x7f) as u8 | more;
            }
        }
    }
}

fn data(unit: &Unit, line_table: Option<Vec<u8>>, module: &mut Module) {
    let mut section = DataSection::new();
    for segment in &unit.data.segments {
        section.active(0, &ConstExpr::i32_const(segment.at as i32), segment.bytes.iter().copied());
    }
    if let Some(table) = line_table {
        section.active(0, &ConstExpr::i32_const(unit.data.stack_top as i32), table);
    }
    if !section.is_empty() {
        module.section(&section);
    }
}

struct Places {
    functions: Vec<FunctionInfo>,
    lines: Vec<Line>,
    end: u32,
}

fn places(unit: &Unit, codes: &[(FuncId, Code)], others: usize) -> Places {
    let mut places = Places { functions: Vec::new(), lines: Vec::new(), end: leb_len((codes.len() + others) as u32) };
    for ((func, code), index) in codes.iter().zip(unit.graph.imports.len() as u32..) {
        let size = code.bytes.len() as u32;
        let start = places.end + leb_len(size);
        let is_resume = index >= (unit.graph.imports.len() + unit.order.len()) as u32;
        places.functions.push(FunctionInfo { func: *func, index, is_resume, start, size });
        places.lines.extend(code.lines.iter().map(|line| Line { offset: start + line.offset, loc: line.loc }));
        places.end = start + size;
    }
    places
}

fn with_size(len: usize) -> u32 {
    leb_len(len as u32) + len as u32
}

fn leb_len(number: u32) -> u32 {
    (32 - number.leading_zeros()).div_ceil(7).max(1)
}

fn imports(unit: &Unit, module: &mut Module) {
    if unit.graph.imports.is_empty() {
        return;
    }
    let mut section = ImportSection::new();
    for &func in &unit.graph.imports {
        if let Some((from, name)) = &unit.program.funcs[func].import {
            section.import(from, name, EntityType::Function(unit.callee(func).ty));
        }
    }
    module.section(&section);
}

fn tables(unit: &Unit, module: &mut Module) {
    if !has_table(unit) {
        return;
    }
    let size = u64::from(table::end(&unit.graph.taken)) + unit.resumed().len() as u64;
    let mut section = TableSection::new();
    section.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: size,
        maximum: Some(size),
        shared: false,
    });
    module.section(&section);
}

/// Calls through code words want a table even if nothing is in it.
fn has_table(unit: &Unit) -> bool {
    let calls = |func: &FuncId| unit.graph.links[*func].as_ref().is_some_and(|links| !links.indirect.is_empty());
    !unit.graph.taken.is_empty() || unit.call_out.is_some() || unit.graph.funcs.iter().any(calls)
}

fn memory(heap_start: u32, module: &mut Module) {
    let mut section = MemorySection::new();
    section.memory(MemoryType {
        minimum: u64::from(heap_start).div_ceil(1 << 16),
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    module.section(&section);
}

fn globals(unit: &Unit, module: &mut Module) {
    let mut section = GlobalSection::new();
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    let top = ConstExpr::i32_const(unit.data.stack_top as i32);
    for _ in unit.stack_global.iter().chain(&unit.frame_global) {
        section.global(ty, &top);
    }
    if unit.caller_global.is_some() {
        section.global(ty, &ConstExpr::i32_const(-1));
    }
    if unit.suspension.is_some() {
        section.global(ty, &ConstExpr::i32_const(0));
    }
    if !section.is_empty() {
        module.section(&section);
    }
}

fn elements(unit: &Unit, module: &mut Module) {
    let taken = unit.graph.taken.iter().map(|&func| unit.callee(func).index);
    let resumes = unit.resumed().iter().filter_map(|&func| unit.resume(func)).map(|resume| resume.index);
    let indices: Vec<u32> = taken.chain(resumes).collect();
    if indices.is_empty() {
        return;
    }
    let mut section = ElementSection::new();
    section.active(None, &ConstExpr::i32_const(1), Elements::Functions(Cow::Owned(indices)));
    module.section(&section);
}

fn exports(unit: &Unit, wrappers: &Wrappers, module: &mut Module) {
    let mut section = ExportSection::new();
    section.export(&unit.options.memory, ExportKind::Memory, 0);
    for (export, &index) in unit.options.exports.iter().zip(&wrappers.exports) {
        section.export(&export.name, ExportKind::Func, index);
    }
    if let Some(index) = wrappers.getsp {
        section.export(GETSP, ExportKind::Func, index);
    }
    module.section(&section);
}

/// Functions that stand before others. What failed checks call stores the check's site; what the host calls knows of the
/// stack pointer.
struct Wrappers {
    list: Vec<Wrapper>,
    /// The function of each export.
    exports: Vec<u32>,
    getsp: Option<u32>,
}

struct Wrapper {
    name: String,
    ty: u32,
    bytes: Vec<u8>,
}

impl Wrappers {
    fn of(unit: &Unit, codes: usize, types: &mut Vec<FuncType>) -> Wrappers {
        let mut wrappers = Wrappers { list: Vec::new(), exports: Vec::new(), getsp: None };
        let first = (unit.graph.imports.len() + codes) as u32;
        let mut type_index = |ty: FuncType| {
            let found = types.iter().position(|other| *other == ty);
            found.unwrap_or_else(|| {
                types.push(ty);
                types.len() - 1
            }) as u32
        };
        for &kind in RuntimeFunc::ALL {
            let Some(index) = unit.reporters[kind as usize] else { continue };
            debug_assert_eq!(index, first + wrappers.list.len() as u32);
            let func = unit.runtime(kind);
            let mut ty = unit.types.list[unit.callee(func).ty as usize].clone();
            ty.params.push(ValType::I32);
            let bytes = report(unit, func, ty.params.len() as u32 - 1);
            wrappers.list.push(Wrapper { name: format!("{} (check)", kind.name()), ty: type_index(ty), bytes });
        }
        for (export, &func) in unit.options.exports.iter().zip(&unit.graph.exports) {
            if !unit.callee(func).takes_stack {
                wrappers.exports.push(unit.callee(func).index);
                continue;
            }
            let signature = unit.program.signature(unit.program.funcs[func].sig);
            let ty = type_index(FuncType::of(signature, 0));
            let bytes = enter(unit, func, signature.params.len() as u32);
            wrappers.exports.push(first + wrappers.list.len() as u32);
            wrappers.list.push(Wrapper { name: format!("{} (export)", export.name), ty, bytes });
        }
        if let Some(global) = unit.frame_global {
            let ty = type_index(FuncType { params: vec![], results: vec![ValType::I32] });
            let mut body = Function::new([]);
            body.instructions().global_get(global).end();
            wrappers.getsp = Some(first + wrappers.list.len() as u32);
            wrappers.list.push(Wrapper { name: GETSP.into(), ty, bytes: body.into_raw_body() });
        }
        wrappers
    }
}

/// Stores the last parameter where it says that a check has failed, and goes on to the runtime's function with the
/// others. If the word says so, the frame is made here.
fn report(unit: &Unit, func: FuncId, word: u32) -> Vec<u8> {
    let mut body = Function::new([]);
    let mut sink = body.instructions();
    const { assert!(FrameForm::Small as u32 == 1 && SMALL_FRAME == 1 << 3) };
    sink.local_get(0)
        .local_get(word)
        .i32_const(FrameForm::Small as i32)
        .i32_and()
        .i32_const(3)
        .i32_shl()
        .i32_sub()
        .local_tee(0)
        .local_get(word)
        .i32_store(MemArg { offset: 0, align: 2, memory_index: 0 });
    for param in 0..word {
        sink.local_get(param);
    }
    sink.return_call(unit.callee(func).index).end();
    body.into_raw_body()
}

/// Calls a function with the stack pointer: the top of the stack, or where the import left it that the host is in. The
/// globals are as before when it returns.
fn enter(unit: &Unit, func: FuncId, params: u32) -> Vec<u8> {
    let globals: Vec<u32> = unit.stack_global.into_iter().chain(unit.frame_global).collect();
    let mut body = Function::new_with_locals_types(globals.iter().map(|_| ValType::I32));
    let mut sink = body.instructions();
    for (&global, local) in globals.iter().zip(params..) {
        sink.global_get(global).local_set(local);
    }
    match unit.stack_global {
        Some(_) => sink.local_get(params),
        None => sink.i32_const(unit.data.stack_top as i32),
    };
    for param in 0..params {
        sink.local_get(param);
    }
    sink.call(unit.callee(func).index);
    for (&global, local) in globals.iter().zip(params..) {
        sink.local_get(local).global_set(global);
    }
    sink.end();
    body.into_raw_body()
}

fn names(unit: &Unit, wrappers: &Wrappers, module: &mut Module) {
    let mut map = NameMap::new();
    for &func in unit.graph.imports.iter().chain(&unit.order) {
        map.append(unit.callee(func).index, &unit.program.funcs[func].name);
    }
    for &func in unit.resumed() {
        let index = unit.resume(func).map_or(0, |resume| resume.index);
        map.append(index, &format!("{} (resume)", unit.program.funcs[func].name));
    }
    let first = unit.graph.imports.len() + unit.order.len() + unit.resumed().len();
    for (wrapper, index) in wrappers.list.iter().zip(first as u32..) {
        map.append(index, &wrapper.name);
    }
    let mut section = NameSection::new();
    section.functions(&map);
    module.section(&section);
}
