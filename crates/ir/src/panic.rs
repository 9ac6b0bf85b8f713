//! What the checks of the language say when they fail.
//!
//! One line per pair of kinds: an index may be of a signed or an unsigned type, and only a signed one can be negative.
//! `x` is the check's first operand and `y` its second. The texts are those of GOROOT's runtime, because programs
//! print them; cold panic functions in our runtime, the interpreter and code generation all read this table.

use std::fmt;

/// How the operands must compare, as unsigned numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// `bounds`: x < y.
    Below,
    /// `bounds_le`: x <= y.
    AtMost,
    /// A check of its own opcode.
    Other,
}

#[derive(Debug)]
pub struct PanicInfo {
    /// In SSA text.
    pub name: &'static str,
    pub check: Check,
    /// x is of a signed type.
    pub signed: bool,
    /// Without the prefix `runtime error: `.
    pub text: &'static str,
    /// If x is negative.
    pub negative: &'static str,
}

macro_rules! kinds {
    ($($check:ident, $text:literal, $negative:literal: $($(#[$meta:meta])* $kind:ident $name:literal $signed:literal),+;)*) => {
        /// Why a check failed.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        pub enum PanicKind { $($($(#[$meta])* $kind),+),* }

        static INFO: &[PanicInfo] = &[$($(PanicInfo {
            name: $name,
            check: Check::$check,
            signed: $signed,
            text: $text,
            negative: $negative,
        }),+),*];

        impl PanicKind {
            pub const ALL: &[PanicKind] = &[$($(PanicKind::$kind),+),*];
        }
    };
}

kinds! {
    Below, "index out of range [{x}] with length {y}", "index out of range [{x}]":
        /// `s[x]`, and y is the length.
        Index "index" true, IndexU "index_u" false;
    AtMost, "slice bounds out of range [:{x}] with length {y}", "slice bounds out of range [:{x}]":
        /// `s[?:x]` of a string or an array, and y is the length.
        SliceAlen "slice_alen" true, SliceAlenU "slice_alen_u" false;
    AtMost, "slice bounds out of range [:{x}] with capacity {y}", "slice bounds out of range [:{x}]":
        /// `s[?:x]` of a slice, and y is the capacity.
        SliceAcap "slice_acap" true, SliceAcapU "slice_acap_u" false;
    AtMost, "slice bounds out of range [{x}:{y}]", "slice bounds out of range [{x}:]":
        /// `s[x:y]`
        SliceB "slice_b" true, SliceBU "slice_b_u" false;
    AtMost, "slice bounds out of range [::{x}] with length {y}", "slice bounds out of range [::{x}]":
        /// `s[?:?:x]` of an array, and y is the length.
        Slice3Alen "slice3_alen" true, Slice3AlenU "slice3_alen_u" false;
    AtMost, "slice bounds out of range [::{x}] with capacity {y}", "slice bounds out of range [::{x}]":
        /// `s[?:?:x]` of a slice, and y is the capacity.
        Slice3Acap "slice3_acap" true, Slice3AcapU "slice3_acap_u" false;
    AtMost, "slice bounds out of range [:{x}:{y}]", "slice bounds out of range [:{x}:]":
        /// `s[?:x:y]`
        Slice3B "slice3_b" true, Slice3BU "slice3_b_u" false;
    AtMost, "slice bounds out of range [{x}:{y}:]", "slice bounds out of range [{x}::]":
        /// `s[x:y:?]`
        Slice3C "slice3_c" true, Slice3CU "slice3_c_u" false;
    AtMost, "cannot convert slice with length {y} to array or pointer to array with length {x}", "":
        /// `[x]T(s)` and `(*[x]T)(s)`, and y is the length.
        Convert "convert" false;
    Other, "invalid memory address or nil pointer dereference", "":
        /// `nil_check`
        Nil "nil" false;
    Other, "integer divide by zero", "":
        /// `div_check`
        Divide "divide" false;
    Other, "negative shift amount", "":
        /// `shift_check`
        Shift "shift" false;
}

impl PanicKind {
    pub fn info(self) -> &'static PanicInfo {
        &INFO[self as usize]
    }
    pub fn name(self) -> &'static str {
        self.info().name
    }
    pub fn from_name(name: &str) -> Option<PanicKind> {
        PanicKind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
    /// The kind that an immediate means.
    pub fn from_index(index: u64) -> Option<PanicKind> {
        PanicKind::ALL.get(usize::try_from(index).ok()?).copied()
    }

    /// What the error's `Error` method returns.
    pub fn message(self, x: i64, y: i64) -> String {
        let info = self.info();
        let text = if info.signed && x < 0 { info.negative } else { info.text };
        let x = if info.signed { x.to_string() } else { (x as u64).to_string() };
        format!("runtime error: {}", text.replace("{x}", &x).replace("{y}", &y.to_string()))
    }
}

impl fmt::Display for PanicKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for &kind in PanicKind::ALL {
            assert_eq!(PanicKind::from_name(kind.name()), Some(kind));
            assert_eq!(PanicKind::from_index(kind as u64), Some(kind));
        }
    }

    #[test]
    fn messages_are_those_of_the_runtime() {
        let index = PanicKind::Index;
        assert_eq!(index.message(5, 3), "runtime error: index out of range [5] with length 3");
        assert_eq!(index.message(-1, 3), "runtime error: index out of range [-1]");
        assert_eq!(index.message(i64::MIN, 0), "runtime error: index out of range [-9223372036854775808]");
        let unsigned = "runtime error: index out of range [18446744073709551615] with length 3";
        assert_eq!(PanicKind::IndexU.message(-1, 3), unsigned);
        let capacity = "runtime error: slice bounds out of range [:5] with capacity 3";
        assert_eq!(PanicKind::SliceAcap.message(5, 3), capacity);
        assert_eq!(PanicKind::SliceB.message(4, 2), "runtime error: slice bounds out of range [4:2]");
        assert_eq!(PanicKind::Slice3C.message(-2, 2), "runtime error: slice bounds out of range [-2::]");
        assert_eq!(
            PanicKind::Convert.message(4, 2),
            "runtime error: cannot convert slice with length 2 to array or pointer to array with length 4"
        );
        assert_eq!(PanicKind::Divide.message(0, 0), "runtime error: integer divide by zero");
    }
}
