//! Identity, names, methods, layouts and parts of types. What real Go says was asked of `go run` (reflect, unsafe).

mod common;

use abi::canon::{CanonId, CanonType};
use abi::methods::{Step, Target};
use abi::parts::{Part, Parts, Width};
use abi::structs::Structs;
use abi::{EnvId, Types};
use base::Symbol;
use common::{object, type_of, with_sources};
use ir::Ty;
use types::{Checker, PkgId};

fn with(text: &str, test: impl FnOnce(&mut Types, &mut Checker<'_>, PkgId)) {
    with_sources(&[("q", text)], test);
}

#[test]
fn equal_ids_are_identical_types() {
    let other = "package other
        type T struct{ x int }
        type S struct{ X int; y T }
        var Hidden struct{ x int }
        type I interface { m(); N() }";
    let main = "package main
        import . \"other\"
        type Ints = []int
        type P[T any] struct{ a, b T }
        type A[T any] = map[string]P[T]
        type One interface { m(); N() }
        type Emb interface { N2; m() }
        type N2 interface { N() }
        var (
            a1 []int; a2 Ints
            b1 map[string]P[[]int]; b2 A[Ints]
            c1 func(x int, rest ...string) (y bool); c2 func(int, ...string) bool; c3 func(int, []string) bool
            d1 struct{ x int `t`; Y byte }; d2 struct{ x int `t`; Y uint8 }; d3 struct{ x int; Y uint8 }
            e1 struct{ x int }; e2 = Hidden
            f1 interface{ N(); m() }; f2 interface{ m(); N2 }; f3 interface{ I; N() }
            g1 struct{ Ints }; g2 struct{ Ints []int }
            h1 chan<- rune; h2 chan<- int32; h3 chan rune
            i1 [3]any; i2 [3]interface{}; i3 [4]any
            j1 P[P[byte]]; j2 P[P[uint8]]; j3 P[P[int8]]
            k1 = struct{ One }{}; k2 = struct{ Emb }{}
        )
        func main() {}";
    with_sources(&[("other", other), ("q", main)], |types, checker, pkg| {
        let mut id = |name: &str| type_of(types, checker, pkg, name);
        for pair in ["a1 a2", "b1 b2", "c1 c2", "d1 d2", "f1 f2", "h1 h2", "i1 i2", "j1 j2"] {
            let (x, y) = pair.split_once(' ').unwrap();
            assert_eq!(id(x), id(y), "{pair}");
        }
        for pair in ["c1 c3", "d1 d3", "e1 e2", "f1 f3", "g1 g2", "h1 h3", "i1 i3", "j1 j3", "k1 k2"] {
            let (x, y) = pair.split_once(' ').unwrap();
            assert_ne!(id(x), id(y), "{pair}");
        }
        let (one, emb) = (id("One"), id("Emb"));
        assert_ne!(one, emb);
        assert_eq!(types.underlying(checker, one), types.underlying(checker, emb));
        let links: Vec<_> = (0..types.len()).map(base::EntityId::from_index).collect::<Vec<CanonId>>();
        let mut names: Vec<_> = links.into_iter().map(|ty| types.link_name(checker, ty)).collect();
        names.sort();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "link names are unique");
    });
}

#[test]
fn generic_declarations_are_looked_at_under_their_arguments() {
    let text = "package main
        type List[T any] struct { next *List[T]; pair Pair[T, []T] }
        type Pair[K, V any] struct { k K; v V }
        type Tree[T interface{ Less(T) bool }] struct { kids []*Tree[T] }
        type Num int
        func (Num) Less(Num) bool { return false }
        type Visitor[T any] interface { Visit(T) Visitor[T]; Base[[]T] }
        type Base[T any] interface { Done(T) }
        var l List[string]; var t Tree[Num]; var v Visitor[int]
        func main() {}";
    with(text, |types, checker, pkg| {
        let l = type_of(types, checker, pkg, "l");
        let underlying = types.underlying(checker, l);
        let name = types.name(checker, underlying);
        assert_eq!(name, "struct { next *main.List[string]; pair main.Pair[string,[]string] }");
        let CanonType::Struct(fields) = types[underlying] else { panic!() };
        let CanonType::Pointer(next) = types[types.fields(fields)[0].ty] else { panic!() };
        assert_eq!(next, l);
        assert_eq!(types.layout(checker, l).size, 8 + 16 + 24);
        let v = type_of(types, checker, pkg, "v");
        let underlying = types.underlying(checker, v);
        assert_eq!(types.name(checker, underlying), "interface { Done([]int); Visit(int) main.Visitor[int] }");
        let t = type_of(types, checker, pkg, "t");
        assert_eq!(types.layout(checker, t).size, 24);
    });
}

#[test]
fn types_of_functions_differ_by_instance() {
    let text = "package main
        type G[P any] struct{ f P }
        func F[P any]() { type L struct{ x P }; type A = []L; var _ A; type M[Q any] struct { a P; b Q } }
        func B[_ any]() { type L struct{} }
        func (g *G[P]) Loc() { type W struct{} }
        func main() { type L struct{}; func() { type C int }() }";
    with(text, |types, checker, _| {
        let locals: Vec<_> = checker.local_types.iter().map(|local| local.0).collect();
        let names: Vec<&str> = locals.iter().map(|&obj| checker.obj(obj).name.as_str()).collect();
        let find = |name, nth| {
            let mut found: Vec<_> =
                locals.iter().zip(&names).filter(|local| *local.1 == name).map(|local| *local.0).collect();
            found.sort_by_key(|&obj| checker.obj(obj).pos);
            found[nth]
        };
        let (in_f, generic, in_b, in_main) = (find("L", 0), find("M", 0), find("L", 1), find("L", 2));
        let (in_method, in_literal) = (find("W", 0), find("C", 0));
        let pkg = checker.obj(in_f).pkg.unwrap();
        let (f, b) = (object(checker, pkg, "F"), object(checker, pkg, "B"));
        let int = Types::basic(types::BasicKind::Int);
        let string = Types::basic(types::BasicKind::String);
        let ty = |checker: &Checker<'_>, obj| checker.obj(obj).ty.unwrap();

        let int_env = types.function_env(checker, f, &[], &[int]);
        let string_env = types.function_env(checker, f, &[], &[string]);
        assert_eq!(types.function_env(checker, f, &[], &[int]), int_env);
        let l = ty(checker, in_f);
        let (l_int, l_string) = (types.canon(checker, l, int_env), types.canon(checker, l, string_env));
        assert_ne!(l_int, l_string);
        assert_eq!(types.canon(checker, l, int_env), l_int);
        assert_eq!((types.name(checker, l_int), types.layout(checker, l_int).size), ("main.L[int]".into(), 8));
        assert_eq!(types.layout(checker, l_string).size, 16);
        assert_eq!(&*types.link_name(checker, l_int), "main.L[int]·1");

        // Not even mentioned by the type, but the function's.
        let b_env = types.function_env(checker, b, &[], &[l_int]);
        let l = ty(checker, in_b);
        let l = types.canon(checker, l, b_env);
        assert_eq!(types.name(checker, l), "main.L[main.L[int]·1]");

        let l = ty(checker, in_main);
        let l = types.canon(checker, l, EnvId::EMPTY);
        assert_eq!((types.name(checker, l), &*types.link_name(checker, l)), ("main.L".into(), "main.L·5"));
        let c = ty(checker, in_literal);
        let c = types.canon(checker, c, EnvId::EMPTY);
        assert_eq!(&*types.link_name(checker, c), "main.C·6");

        let named = checker.as_named(ty(checker, generic)).unwrap();
        assert_eq!(checker.named_tparams(named).len(), 1);

        let g = object(checker, pkg, "G");
        let g = checker.as_named(ty(checker, g)).unwrap();
        let method = checker.method(g, 0);
        let env = types.function_env(checker, method, &[string], &[]);
        let w = ty(checker, in_method);
        let w = types.canon(checker, w, env);
        assert_eq!(types.name(checker, w), "main.W[string]");
    });
}

#[test]
fn promoted_methods_have_paths() {
    let text = "package main
        type T struct{}
        func (T) Value() {}
        func (*T) Ptr() {}
        func (T) hidden() {}
        type I interface { Iface(int); Value() }
        type In struct { *T; n int }
        type Out struct { a int; In; I }
        type Shadow struct { T; Value int }
        type Loop struct { *Loop; T }
        type P *T
        type G[X any] struct { T; x X }
        func (*G[X]) Get(X) X { panic(0) }
        var out Out; var pt *T; var p P; var loop Loop; var g G[string]; var pi *I
        func main() {}";
    with(text, |types, checker, pkg| {
        let names = |types: &mut Types, checker: &mut Checker<'_>, ty| {
            let set = types.method_set(checker, ty);
            let names = types.methods(set).iter().map(|&id| types.method(id).name.as_str());
            names.collect::<Vec<_>>().join(" ")
        };
        let out = type_of(types, checker, pkg, "out");
        assert_eq!(names(types, checker, out), "Iface Ptr Value hidden");
        let find = |types: &mut Types, checker: &mut Checker<'_>, ty, name| {
            let id = types.find_method(checker, ty, Symbol::intern(name), Some(pkg)).unwrap();
            types.method(id).clone()
        };
        // The interface's Value is at a shallower depth than T's.
        let value = find(types, checker, out, "Value");
        assert_eq!(&*value.path, [Step { field: 2, deref: false }]);
        assert!(matches!(value.target, Target::Interface { index: 1, .. }));
        let ptr = find(types, checker, out, "Ptr");
        assert_eq!(&*ptr.path, [Step { field: 1, deref: false }, Step { field: 0, deref: true }]);
        assert!(ptr.is_on_value() && !ptr.is_declared_for(true));
        assert!(matches!(ptr.target, Target::Declared { pointer_receiver: true, .. }));

        let (t, pt) = (type_of(types, checker, pkg, "T"), type_of(types, checker, pkg, "pt"));
        assert_eq!(names(types, checker, t), "Value hidden");
        assert_eq!(names(types, checker, pt), "Ptr Value hidden");
        let value = find(types, checker, pt, "Value");
        assert!(value.is_declared_for(false) && !value.is_declared_for(true));
        let p = type_of(types, checker, pkg, "p");
        assert_eq!(names(types, checker, p), "");
        let pi = type_of(types, checker, pkg, "pi");
        assert_eq!(names(types, checker, pi), "");
        let shadow = type_of(types, checker, pkg, "Shadow");
        assert_eq!(names(types, checker, shadow), "hidden");
        let shadow = types.pointer_to(shadow);
        assert_eq!(names(types, checker, shadow), "Ptr hidden");
        let looped = type_of(types, checker, pkg, "loop");
        assert_eq!(names(types, checker, looped), "Value hidden");
        let g = type_of(types, checker, pkg, "g");
        let g = types.pointer_to(g);
        assert_eq!(names(types, checker, g), "Get Ptr Value hidden");
        let get = find(types, checker, g, "Get");
        assert_eq!(types.name(checker, get.sig), "func(string) string");

        let iface = type_of(types, checker, pkg, "I");
        assert_eq!(types.implements(checker, t, iface), None);
        assert_eq!(types.implements(checker, out, iface).map(<[_]>::len), Some(2));
        assert_eq!(types.interface_slot(checker, iface, Symbol::intern("Value"), None), Some(1));
    });
}

#[test]
fn methods_with_type_parameters_are_in_no_set() {
    let text = "package main
        type T struct{ E }
        type E struct{}
        func (T) Gen[P any](P) {}
        func (E) Gen() {}
        func (E) Own() {}
        func main() {}";
    with(text, |types, checker, pkg| {
        let t = type_of(types, checker, pkg, "T");
        let set = types.method_set(checker, t);
        let names: Vec<&str> = types.methods(set).iter().map(|&id| types.method(id).name.as_str()).collect();
        assert_eq!(names, ["Own"]);
    });
}

#[test]
fn values_are_lists_of_parts() {
    let text = "package main
        type Mixed struct { a bool; b int8; c uint16; d int64; s string; e [1]*int }
        type Nine struct { a, b, c, d, e, f, g, h, i byte }
        type Eight struct { a, b []int; p, q any }
        var (
            b bool; i8 int8; u16 uint16; i16 int16; r rune; f float32; c complex64; z complex128
            s string; sl []int; e error; m map[int]int; fn func(); empty struct{}; none [7]struct{}; nothing [0]int
            one [1]string; two [2]string; mixed Mixed; nine Nine; eight struct{ a []int; b, c string; d byte }
            more struct { a []int; b, c string; d, e byte }; inner struct { x int; a [2]int }
        )
        func main() {}";
    with(text, |types, checker, pkg| {
        let mut parts = |name: &str| {
            let ty = type_of(types, checker, pkg, name);
            match types.parts(checker, ty) {
                Parts::InMemory => "in memory".to_owned(),
                Parts::Scalars(parts) => {
                    let part = |part: &Part| match part.width {
                        Width::Full => format!("{}@{}", part.ty, part.offset),
                        width => format!("{}@{}:{width:?}", part.ty, part.offset),
                    };
                    parts.iter().map(part).collect::<Vec<_>>().join(" ")
                }
            }
        };
        for (name, expected) in [
            ("b", "i32@0:U8"),
            ("i8", "i32@0:S8"),
            ("u16", "i32@0:U16"),
            ("i16", "i32@0:S16"),
            ("r", "i32@0"),
            ("f", "f32@0"),
            ("c", "f32@0 f32@4"),
            ("z", "f64@0 f64@8"),
            ("s", "ptr@0 i64@8"),
            ("sl", "ptr@0 i64@8 i64@16"),
            ("e", "ptr@0 ptr@8"),
            ("m", "ptr@0"),
            ("fn", "ptr@0"),
            ("empty", ""),
            ("none", ""),
            ("nothing", ""),
            ("one", "ptr@0 i64@8"),
            ("two", "in memory"),
            ("mixed", "i32@0:U8 i32@1:S8 i32@2:U16 i64@8 ptr@16 i64@24 ptr@32"),
            ("nine", "in memory"),
            ("eight", "ptr@0 i64@8 i64@16 ptr@24 i64@32 ptr@40 i64@48 i32@56:U8"),
            ("more", "in memory"),
            ("inner", "in memory"),
        ] {
            assert_eq!(parts(name), expected, "{name}");
        }
        let ty = type_of(types, checker, pkg, "fn");
        let Parts::Scalars(parts) = types.parts(checker, ty) else { panic!() };
        assert_eq!((parts[0].load(), parts[0].store()), (ir::Opcode::Load, ir::Opcode::StorePtr));
        assert_eq!(parts[0].ty, Ty::Ptr);
    });
}

#[test]
fn layouts_are_gcs() {
    let text = "package main
        type Tail struct { a int32; e struct{} }
        type Huge [1 << 62]int
        var (
            tail Tail; arr [3]Tail; direct struct{ p *int }; array [1]chan int; eface any; huge *[1 << 40]int
            odd struct { a byte; b int64; c byte; d []int; e int }
        )
        func main() {}";
    with(text, |types, checker, pkg| {
        let mut layout = |name: &str| {
            let ty = type_of(types, checker, pkg, name);
            let layout = types.layout(checker, ty);
            (layout.size, layout.align, layout.pointer_bytes, layout.is_direct_interface())
        };
        assert_eq!(layout("tail"), (8, 4, 0, false));
        assert_eq!(layout("arr"), (24, 4, 0, false));
        assert_eq!(layout("direct"), (8, 8, 8, true));
        assert_eq!(layout("array"), (8, 8, 8, true));
        assert_eq!(layout("eface"), (16, 8, 16, false));
        assert_eq!(layout("odd"), (56, 8, 32, false));
        assert_eq!(layout("huge"), (8, 8, 8, true));
        assert_eq!(layout("Huge").0, abi::sizes::TOO_LARGE);
        let odd = type_of(types, checker, pkg, "odd");
        assert_eq!(types.field_offsets(checker, odd), [0, 8, 16, 24, 48]);
        assert_eq!(types.pointer_mask(checker, odd).bits(), [0b1000]);
    });
}

#[test]
fn equality_is_shared_by_shape() {
    let text = "package main
        type In struct { s string; f float64 }
        var (
            a int; b uintptr; c *int; d [3]int16; e struct{ x, y int32 }
            f struct{ a, b int32; s string; _ int; f float64 }
            g [4]string; h struct{ x In }; i struct { n int; In }; j any; k interface{ M() }
            l struct{ a byte; b int }; m []int; n struct{ f func() }; o [1]float32; p [0]string; q complex128
            r [3]struct{ s string; b byte }
        )
        func main() {}";
    with(text, |types, checker, pkg| {
        let mut text = |name: &str| {
            let ty = type_of(types, checker, pkg, name);
            types.equal(checker, ty).map_or_else(String::new, |id| types.equality_text(id))
        };
        for (name, expected) in [
            ("a", "M8"),
            ("b", "M8"),
            ("c", "M8"),
            ("d", "M6"),
            ("e", "M8"),
            ("f", "M8SK8D"),
            ("g", "[4S]"),
            ("h", "SD"),
            ("i", "M8SD"),
            ("j", "E"),
            ("k", "I"),
            ("l", "M1K7M8"),
            ("m", ""),
            ("n", ""),
            ("o", "F"),
            ("p", "M0"),
            ("q", "DD"),
            ("r", "[3SM1K7]"),
        ] {
            assert_eq!(text(name), expected, "{name}");
        }
    });
}

#[test]
fn unknown_descriptor_fields_are_refused() {
    let abi = "package abi
        type Type struct { Size_ uintptr; PtrBytes uintptr; Surprise int }";
    with_sources(&[("internal/abi", abi), ("q", "package main\nfunc main() {}")], |types, checker, _| {
        let error = Structs::read(types, checker).unwrap_err();
        assert_eq!(error, "internal/abi.Type of this Go has a field Surprise that this compiler does not know");
    });
    with("package main\nfunc main() {}", |types, checker, _| {
        assert_eq!(Structs::read(types, checker).unwrap_err(), "package internal/abi is not part of the program");
    });
}
