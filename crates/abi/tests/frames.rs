//! Memory frames and erased types.

mod common;

use abi::{CanonId, CanonType, Types};
use common::{type_of, with_sources};
use types::Checker;

/// Where the fields of a func type's frame are, and its size.
fn frame(types: &mut Types, checker: &mut Checker<'_>, sig: CanonId) -> (Vec<u64>, usize, u64) {
    let frame = types.frame(checker, sig);
    let offsets = types.field_offsets(checker, frame.ty).to_vec();
    (offsets, frame.first_result, types.layout(checker, frame.ty).size)
}

#[test]
fn results_begin_at_a_word() {
    let text = "package q
        type Big struct { a [3]int; s string }
        var (
            a func()
            b func(int8, int16, bool) int8
            c func(a int8, s string, rest ...int) (ok bool, b Big)
            d func() (struct{}, int32)
        )
        func main() {}";
    with_sources(&[("q", text)], |types, checker, pkg| {
        let mut frame_of = |name: &str| {
            let ty = type_of(types, checker, pkg, name);
            frame(types, checker, ty)
        };
        assert_eq!(frame_of("a"), (vec![], 0, 0));
        assert_eq!(frame_of("b"), (vec![0, 2, 4, 8, 8], 4, 16));
        assert_eq!(frame_of("c"), (vec![0, 8, 24, 48, 48, 56], 4, 96));
        assert_eq!(frame_of("d"), (vec![0, 0, 0], 1, 8));
    });
}

#[test]
fn types_that_are_passed_alike_are_erased_alike() {
    let text = "package q
        type N int
        type S struct { X *int; y map[string]N }
        var (
            a1 func(int, *string) (error, N); a2 func(uintptr, chan N) (any, uint64)
            b1 func(S, []N, bool); b2 func(struct { p, q func() }, [](struct{}), byte)
            c1 func([2]uint32); c2 func([2]rune)
            d1 func(int8); d2 func(uint8)
            e1 func(struct { a, b int8 }); e2 func(a, b int8)
            f1 func(uint16); f2 func(int16)
            g1 func(float64); g2 func(int)
        )
        func main() {}";
    with_sources(&[("q", text)], |types, checker, pkg| {
        let mut erased = |name: &str| {
            let ty = type_of(types, checker, pkg, name);
            (types.erased_signature(checker, ty), frame(types, checker, ty).2)
        };
        for pair in ["a1 a2", "b1 b2", "c1 c2"] {
            let (x, y) = pair.split_once(' ').unwrap();
            assert_eq!(erased(x), erased(y), "{pair}");
        }
        for pair in ["d1 d2", "e1 e2", "f1 f2", "g1 g2"] {
            let (x, y) = pair.split_once(' ').unwrap();
            assert_ne!(erased(x).0, erased(y).0, "{pair}");
        }
        let (sig, _) = erased("b1");
        assert!(matches!(types[sig], CanonType::Func { variadic: false, .. }));
    });
}
