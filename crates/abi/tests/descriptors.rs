//! Descriptors, read back from the program's data, against what real Go writes: see `data/dump.go`.

mod common;

use abi::canon::CanonType;
use abi::structs::{Place, Structs};
use abi::{CanonId, CodeForm, Descriptors, Request, Types};
use ir::{DataId, FuncData, FuncId, Program, Reloc, Ty};
use rustc_hash::FxHashMap;
use std::fmt::Write;
use types::Checker;

/// What a linker makes of a program: data and functions that refer to each other.
struct Linked<'x> {
    program: &'x Program,
    structs: &'x Structs,
}

impl Linked<'_> {
    fn number(&self, data: DataId, place: Place) -> u64 {
        let bytes = &self.program.data[data].bytes[place.offset as usize..][..place.width as usize];
        bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte))
    }

    fn target(&self, data: DataId, offset: u32) -> Option<(DataId, u32)> {
        self.program.data[data].relocs.iter().find_map(|reloc| match *reloc {
            Reloc::Data { at, target, addend } | Reloc::Data32 { at, target, addend } if at == offset => {
                Some((target, addend))
            }
            _ => None,
        })
    }

    fn func(&self, data: DataId, offset: u32) -> Option<FuncId> {
        self.program.data[data].relocs.iter().find_map(|reloc| match *reloc {
            Reloc::Func { at, target } | Reloc::Func32 { at, target } if at == offset => Some(target),
            _ => None,
        })
    }

    fn name(&self, data: DataId, place: Place) -> String {
        let Some((name, 0)) = self.target(data, place.offset) else { return "-".into() };
        let bytes = &self.program.data[name].bytes;
        let mut at = 1;
        let mut text = || {
            let (mut len, mut shift) = (0, 0);
            loop {
                let byte = bytes[at];
                at += 1;
                len |= usize::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            at += len;
            syntax::unicode::quote_bytes(&bytes[at - len..at])
        };
        let mut out = format!("{}:{}", bytes[0], text());
        if bytes[0] & 2 != 0 {
            write!(out, " tag={}", text()).unwrap();
        }
        if bytes[0] & 4 != 0 {
            write!(out, " pkg={}", self.name(name, Place { offset: at as u32, width: 4 })).unwrap();
        }
        out
    }

    /// What `String` of the type answers whose descriptor a field points to.
    fn type_string(&self, data: DataId, place: Place) -> String {
        let (ty, addend) = self.target(data, place.offset).expect("a descriptor");
        assert_eq!(addend, 0);
        self.own_string(ty)
    }

    fn own_string(&self, ty: DataId) -> String {
        let name = self.name(ty, self.structs.ty.str);
        let quoted = name.split_once(':').expect("flags").1;
        let text = quoted[1..quoted.len() - 1].replace("\\\"", "\"").replace("\\\\", "\\");
        let has_star = self.number(ty, self.structs.ty.tflag) & self.structs.constants.extra_star != 0;
        if has_star { text[1..].to_owned() } else { text }
    }

    fn mask(&self, ty: DataId) -> String {
        let words = self.number(ty, self.structs.ty.ptr_bytes) / 8;
        let Some((mask, _)) = self.target(ty, self.structs.ty.gc_data.offset) else { return String::new() };
        let bytes = &self.program.data[mask].bytes;
        assert!(bytes.len().is_multiple_of(8) && bytes.len() as u64 * 8 >= words);
        (0..words).map(|word| if bytes[word as usize / 8] >> (word % 8) & 1 != 0 { '1' } else { '0' }).collect()
    }

    fn dump(&self, types: &mut Types, checker: &mut Checker<'_>, id: CanonId, ty: DataId, out: &mut String) {
        let structs = self.structs;
        let s = &structs.ty;
        let number = |place| self.number(ty, place);
        writeln!(out, "type {}", self.own_string(ty)).unwrap();
        let tflag = number(s.tflag);
        writeln!(
            out,
            "  size={} ptr={} tflag={tflag} align={}/{} kind={} equal={} str={}",
            number(s.size_),
            number(s.ptr_bytes),
            number(s.align),
            number(s.field_align),
            number(s.kind),
            self.target(ty, s.equal.offset).is_some(),
            self.name(ty, s.str)
        )
        .unwrap();
        if number(s.ptr_bytes) > 0 && tflag & structs.constants.mask_on_demand == 0 {
            writeln!(out, "  mask={}", self.mask(ty)).unwrap();
        }
        let elem = |place: Place| self.type_string(ty, place);
        let slice = |place: Place| {
            let (target, at) = self.target(ty, place.offset)?;
            assert_eq!(target, ty);
            let len = self.number(ty, Place { offset: place.offset + 8, width: 8 }) as u32;
            assert_eq!(self.number(ty, Place { offset: place.offset + 16, width: 8 }) as u32, len);
            Some((at, len))
        };
        let fixed = match types.shape(checker, id) {
            CanonType::Pointer(_) => {
                writeln!(out, "  elem={}", elem(structs.pointer.elem)).unwrap();
                structs.pointer.size
            }
            CanonType::Slice(_) => {
                writeln!(out, "  elem={}", elem(structs.slice.elem)).unwrap();
                structs.slice.size
            }
            CanonType::Array { .. } => {
                assert_eq!(elem(structs.array.slice), format!("[]{}", elem(structs.array.elem)));
                writeln!(out, "  elem={} len={}", elem(structs.array.elem), number(structs.array.len)).unwrap();
                structs.array.size
            }
            CanonType::Chan { .. } => {
                writeln!(out, "  elem={} dir={}", elem(structs.chan.elem), number(structs.chan.dir)).unwrap();
                structs.chan.size
            }
            CanonType::Func { .. } => {
                let (ins, outs) = (number(structs.func.in_count) as u32, number(structs.func.out_count) as u32);
                writeln!(out, "  variadic={}", outs >> 15 != 0).unwrap();
                let is_uncommon = tflag & structs.constants.uncommon != 0;
                let start = structs.func.size + if is_uncommon { structs.uncommon.size } else { 0 };
                for index in 0..ins + (outs & 0x7fff) {
                    let what = if index < ins { "in" } else { "out" };
                    writeln!(out, "  {what}={}", elem(Place { offset: start + 8 * index, width: 8 })).unwrap();
                }
                structs.func.size
            }
            CanonType::Struct(_) => {
                writeln!(out, "  pkg={}", self.name(ty, structs.struct_.pkg_path)).unwrap();
                let (start, count) = slice(structs.struct_.fields).expect("fields");
                for index in 0..count {
                    let at = start + index * structs.field.size;
                    let name = self.name(ty, structs.field.name.at(at));
                    let offset = number(structs.field.offset.at(at));
                    let field = elem(structs.field.ty.at(at));
                    writeln!(out, "  field {name} offset={offset} type={field}").unwrap();
                }
                structs.struct_.size
            }
            CanonType::Interface(_) => {
                writeln!(out, "  pkg={}", self.name(ty, structs.interface.pkg_path)).unwrap();
                let (start, count) = slice(structs.interface.methods).expect("methods");
                for index in 0..count {
                    let at = start + index * structs.interface_method.size;
                    let name = self.name(ty, structs.interface_method.name.at(at));
                    let sig = elem(structs.interface_method.ty.at(at));
                    writeln!(out, "  imethod {name} type={sig}").unwrap();
                }
                structs.interface.size
            }
            CanonType::Map { .. } => {
                let map = &structs.map;
                let (key, value) = (elem(map.key), elem(map.elem));
                write!(out, "  key={key} elem={value} group={}", number(map.group_size)).unwrap();
                if let Some(slot_size) = map.slot_size {
                    write!(out, " slot={}", number(slot_size)).unwrap();
                } else {
                    let place = |place: Option<Place>| number(place.expect("a field of Go 1.27"));
                    write!(out, " keys={}/{}", place(map.keys_off), place(map.key_stride)).unwrap();
                    write!(out, " elems={}/{}", place(map.elems_off), place(map.elem_stride)).unwrap();
                }
                writeln!(out, " elemoff={} flags={}", number(map.elem_off), number(map.flags)).unwrap();
                assert!(self.target(ty, map.hasher.offset).is_some());
                let (group, _) = self.target(ty, map.group.offset).expect("a group");
                let number = |place| self.number(group, place);
                let (size, pointers, align) = (number(s.size_), number(s.ptr_bytes), number(s.align));
                write!(out, "  group size={size} ptr={pointers} align={align}").unwrap();
                if map.slot_size.is_some() {
                    write!(out, " mask={}", self.mask(group)).unwrap();
                }
                out.push('\n');
                map.size
            }
            _ => s.size,
        };
        if tflag & structs.constants.uncommon != 0 {
            self.dump_uncommon(ty, fixed, out);
        }
    }

    fn dump_uncommon(&self, ty: DataId, at: u32, out: &mut String) {
        let (places, method) = (&self.structs.uncommon, &self.structs.method);
        let number = |place: Place| self.number(ty, place) as u32;
        let (mcount, xcount) = (number(places.mcount.at(at)), number(places.xcount.at(at)));
        let moff = number(places.moff.at(at));
        let pkg = self.name(ty, places.pkg_path.at(at));
        writeln!(out, "  uncommon pkg={pkg} mcount={mcount} xcount={xcount} moff={moff}").unwrap();
        for index in 0..mcount {
            let at = at + moff + index * method.size;
            write!(out, "  method {}", self.name(ty, method.name.at(at))).unwrap();
            let code = |place: Place| self.func(ty, place.at(at).offset).map(|id| &self.program.funcs[id].name);
            assert!(code(method.ifn).is_some_and(|name| name.ends_with("Interface")));
            assert!(code(method.tfn).is_some_and(|name| name.ends_with("Direct")));
            if index < xcount {
                let sig = self.type_string(ty, method.mtyp.at(at));
                let end = closing(&sig["func".len()..]) + "func".len();
                write!(out, " in={}", &sig["func".len()..=end]).unwrap();
            }
            out.push('\n');
        }
    }
}

/// Where the parenthesis closes that the text begins with.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    let at = text.bytes().position(|byte| {
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        depth == 0
    });
    at.expect("balanced parentheses")
}

/// Makes everything that is requested; of methods all, and their types.
struct Everything {
    pub visible: Vec<CanonId>,
    pub itabs: Vec<(CanonId, CanonId)>,
    funcs: FxHashMap<Request, FuncId>,
}

impl Everything {
    fn make(
        types: &mut Types,
        checker: &mut Checker<'_>,
        descriptors: &mut Descriptors,
        program: &mut Program,
    ) -> Everything {
        let mut all = Everything { visible: Vec::new(), itabs: Vec::new(), funcs: FxHashMap::default() };
        loop {
            let mut requests = descriptors.frame_words.take_requests(types, checker);
            let pending = descriptors.take_pending();
            let itabs = descriptors.take_pending_itabs();
            if pending.is_empty() && itabs.is_empty() && requests.is_empty() {
                return all;
            }
            for &ty in &pending {
                requests.extend(descriptors.requests(types, checker, ty));
                let set = types.method_table(checker, ty);
                for &method in types.methods(set) {
                    requests.push(Request::Descriptor(types.method(method).sig));
                    for form in [CodeForm::Interface, CodeForm::Direct] {
                        requests.push(Request::Method { receiver: ty, method, form });
                    }
                }
            }
            for &(ty, iface) in &itabs {
                requests.extend(Descriptors::itab_requests(ty, iface));
            }
            all.visible.extend(pending);
            all.itabs.extend(itabs);
            for request in requests {
                match request {
                    Request::Descriptor(ty) => {
                        descriptors.descriptor(types, checker, program, ty);
                    }
                    Request::Method { method, form, .. } => {
                        let name = format!("{}{form:?}", types.method(method).name);
                        all.func(program, request, name);
                    }
                    Request::FrameCall(sig) | Request::FrameStub(sig) => {
                        let kind = if matches!(request, Request::FrameCall(_)) { "call" } else { "stub" };
                        let name = format!("reflect.{kind}[{}]", types.link_name(checker, sig));
                        all.func(program, request, name);
                    }
                    Request::Equal(equal) | Request::Hash(equal) => {
                        let kind = if matches!(request, Request::Equal(_)) { "eq" } else { "hash" };
                        let name = format!("type:.{kind}.{}", types.equality_text(equal));
                        all.func(program, request, name);
                    }
                }
            }
        }
    }

    fn func(&mut self, program: &mut Program, request: Request, name: String) {
        let sig = program.sig(&[], &[Ty::I32]);
        self.funcs.entry(request).or_insert_with(|| program.funcs.push(FuncData::new(name, sig)));
    }

    fn emit(
        &self,
        types: &mut Types,
        checker: &mut Checker<'_>,
        descriptors: &mut Descriptors,
        program: &mut Program,
        live: impl Fn(Request) -> bool,
    ) {
        let mut provide = |_: &mut Program, request| self.funcs.get(&request).copied().filter(|_| live(request));
        descriptors.emit(types, checker, program, &self.visible, &self.itabs, &mut provide);
    }
}

#[test]
fn descriptors_are_what_go_writes() {
    for goroot in testing::goroots() {
        let minor = common::version_of(&goroot).minor;
        let expected = match minor {
            26 => include_str!("data/expect-1.26.txt"),
            27 => include_str!("data/expect-1.27.txt"),
            _ => continue,
        };
        common::with_program(&goroot, include_str!("data/subject.go"), |types, checker, pkg| {
            let mut descriptors = Descriptors::new(types, checker).unwrap();
            let mut program = Program::default();
            let subjects = common::type_of(types, checker, pkg, "subjects");
            let CanonType::Struct(fields) = types[subjects] else { panic!("a struct") };
            let subjects: Vec<CanonId> = types.fields(fields).iter().map(|field| field.ty).collect();
            for &ty in &subjects {
                descriptors.descriptor(types, checker, &mut program, ty);
            }
            let all = Everything::make(types, checker, &mut descriptors, &mut program);
            all.emit(types, checker, &mut descriptors, &mut program, |_| true);

            let linked = Linked { program: &program, structs: descriptors.structs() };
            let mut out = String::new();
            for &ty in &subjects {
                linked.dump(types, checker, ty, descriptors.known(ty).unwrap(), &mut out);
            }
            for (line, (ours, expected)) in out.lines().zip(expected.lines()).enumerate() {
                assert_eq!(ours, expected, "Go 1.{minor}, line {}", line + 1);
            }
            assert_eq!(out.lines().count(), expected.lines().count());

            let names = program.data_by_name();
            assert!(names.windows(2).all(|pair| program.data[pair[0]].name != program.data[pair[1]].name));
            let links = descriptors.type_links(types, checker, &all.visible);
            let strings: Vec<String> = links.iter().map(|&id| linked.own_string(id)).collect();
            assert!(strings.is_sorted() && strings.contains(&"*main.Point".to_owned()));
        });
    }
}

/// The bytes of a descriptor and the names of what it refers to, by place.
fn references(program: &Program, id: DataId) -> (u32, Vec<(u32, &str)>) {
    let data = &program.data[id];
    let mut references: Vec<(u32, &str)> = data
        .relocs
        .iter()
        .map(|reloc| match *reloc {
            Reloc::Data { at, target, .. } | Reloc::Data32 { at, target, .. } => {
                (at, program.data[target].name.as_str())
            }
            Reloc::Func { at, target } | Reloc::Func32 { at, target } => (at, program.funcs[target].name.as_str()),
        })
        .collect();
    references.sort();
    (data.size, references)
}

#[test]
fn func_types_carry_frame_words_if_needed() {
    let text = "package main
        type F func(int8) string
        var f F
        func main() {}";
    common::with_each_sdk(text, |types, checker, pkg| {
        let mut descriptors = Descriptors::new(types, checker).unwrap();
        let mut program = Program::default();
        let named = common::type_of(types, checker, pkg, "f");
        let literal = types.underlying(checker, named);
        let size_without = descriptors.structs().func.size + 16;
        descriptors.descriptor(types, checker, &mut program, named);
        let all = Everything::make(types, checker, &mut descriptors, &mut program);
        assert_eq!(descriptors.known(literal), None);
        all.emit(types, checker, &mut descriptors, &mut program, |_| true);
        let with_uncommon = size_without + descriptors.structs().uncommon.size;
        assert_eq!(references(&program, descriptors.known(named).unwrap()).0, with_uncommon);

        descriptors.frame_words.need_all_calls();
        descriptors.frame_words.need_all_stubs();
        let mut more = Everything::make(types, checker, &mut descriptors, &mut program);
        more.visible.extend(all.visible);
        more.funcs.extend(all.funcs);
        more.emit(types, checker, &mut descriptors, &mut program, |_| true);
        let (size, named_words) = references(&program, descriptors.known(named).unwrap());
        assert_eq!(size, with_uncommon + 16);
        let call = (size - 16, "reflect.call[func(int8) string]·f");
        let stub = (size - 8, "reflect.stub[func(int8) string]");
        assert!(named_words.ends_with(&[call, stub]), "{named_words:?}");
        assert!(named_words.iter().any(|&(_, name)| name == "type:func(int8) string"), "the literal stays findable");
        let (size, literal_words) = references(&program, descriptors.known(literal).unwrap());
        assert_eq!((size, literal_words[literal_words.len() - 2].1), (size_without + 16, call.1));
    });
}

#[test]
fn dead_methods_and_types_are_left_out() {
    let text = "package main
        type I interface { M(); N(int) }
        type T struct{ p *int }
        func (T) M() {}
        func (*T) N(int) {}
        func (T) unused(string) {}
        func main() {}";
    common::with_each_sdk(text, |types, checker, pkg| {
        let mut descriptors = Descriptors::new(types, checker).unwrap();
        let mut program = Program::default();
        let t = common::type_of(types, checker, pkg, "T");
        let iface = common::type_of(types, checker, pkg, "I");
        let pointer = types.pointer_to(t);
        assert_eq!(descriptors.itab(types, checker, &mut program, t, iface), None);
        let itab = descriptors.itab(types, checker, &mut program, pointer, iface).unwrap();
        assert_eq!(descriptors.itab(types, checker, &mut program, pointer, iface), Some(itab));

        // Without the types of methods, but those that the interface has.
        let mut all = Everything { visible: Vec::new(), itabs: vec![(pointer, iface)], funcs: FxHashMap::default() };
        let n = types.find_method(checker, pointer, base::Symbol::intern("N"), None).unwrap();
        loop {
            let pending = descriptors.take_pending();
            if pending.is_empty() {
                break;
            }
            for ty in pending {
                all.visible.push(ty);
                for request in descriptors.requests(types, checker, ty) {
                    match request {
                        Request::Descriptor(ty) => _ = descriptors.descriptor(types, checker, &mut program, ty),
                        _ => all.func(&mut program, request, format!("{request:?}")),
                    }
                }
            }
        }
        let request = Request::Method { receiver: pointer, method: n, form: CodeForm::Interface };
        all.func(&mut program, request, "main.(*T).N".into());
        all.emit(types, checker, &mut descriptors, &mut program, |_| true);

        let linked = Linked { program: &program, structs: descriptors.structs() };
        let places = &descriptors.structs().itab;
        assert_eq!(linked.type_string(itab, places.inter), "main.I");
        assert_eq!(linked.type_string(itab, places.ty), "*main.T");
        let hash = linked.number(itab, places.hash);
        let descriptor = descriptors.known(pointer).unwrap();
        assert_eq!(linked.number(descriptor, descriptors.structs().ty.hash), hash);
        assert_eq!(program.data[itab].size, 24 + 8 * 2);
        assert_eq!(program.data[itab].name, "go:itab.*main.T,main.I");
        // M is dead, N is not.
        assert_eq!(linked.number(itab, Place { offset: 24, width: 8 }), u64::from(u32::MAX));
        assert_eq!(linked.func(itab, 32).map(|id| program.funcs[id].name.as_str()), Some("main.(*T).N"));

        let (structs, at) = (descriptors.structs(), descriptors.structs().pointer.size + 16);
        let method = |index| at + index * structs.method.size;
        for (index, name) in ["1:\"M\"", "1:\"N\"", "0:\"unused\""].into_iter().enumerate() {
            assert_eq!(linked.name(descriptor, structs.method.name.at(method(index as u32))), name);
        }
        assert_eq!(linked.type_string(descriptor, structs.method.mtyp.at(method(1))), "func(int)");
        assert_eq!(linked.number(descriptor, structs.method.mtyp.at(method(2))), u64::from(u32::MAX));
        assert_eq!(linked.number(descriptor, structs.method.ifn.at(method(0))), u64::from(u32::MAX));
        assert!(linked.func(descriptor, structs.method.ifn.at(method(1)).offset).is_some());
        assert_eq!(linked.number(descriptor, structs.method.tfn.at(method(1))), u64::from(u32::MAX));
    });
}

#[test]
fn layouts_share_shapes() {
    let text = "package main
        type A struct{ p *int; n int }
        type B struct{ m map[string]A; n uintptr }
        var i int; var u uint; var many [400]*int; var long [140000]*int; var huge [1 << 40]byte
        func main() {}";
    common::with_each_sdk(text, |types, checker, pkg| {
        let mut descriptors = Descriptors::new(types, checker).unwrap();
        let mut program = Program::default();
        let mut layout = |name: &str, types: &mut Types, checker: &mut Checker<'_>| {
            let ty = common::type_of(types, checker, pkg, name);
            let id = descriptors.ir_layout(types, checker, &mut program, ty);
            (id, program.layouts[id].clone())
        };
        let (a, layout_a) = layout("A", types, checker);
        assert_eq!(layout("B", types, checker).0, a);
        assert_eq!((layout_a.size, layout_a.align, &layout_a.pointers[..]), (16, 8, &[1][..]));
        let (i, layout_i) = layout("i", types, checker);
        assert_eq!(layout("u", types, checker).0, i);
        assert_eq!(layout_i.descriptor, None);
        let many = layout("many", types, checker).1;
        assert_eq!(many.pointers.iter().map(|bits| bits.count_ones()).sum::<u32>(), 400);
        let long = layout("long", types, checker).1;
        assert_eq!(layout("huge", types, checker).1.size, u32::MAX);
        // Nothing became visible but the array that is too long for a mask.
        let visible = descriptors.take_pending();
        assert_eq!(visible.len(), 1);
        assert_eq!(descriptors.known(visible[0]), long.descriptor);
        let shape = layout_a.descriptor.unwrap();
        assert_eq!(program.data[shape].name, "type:.shape.16.8.0100000000000000");
        assert_eq!(program.data[many.descriptor.unwrap()].size, descriptors.structs().ty.size);
    });
}
