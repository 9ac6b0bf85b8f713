//! The language version, under go/types' name for it.

pub use base::LangVersion as GoVersion;

/// What a Go release has changed, where the release is more than a version in a message.
///
/// A change may be *the compiler's*: every file gets it once the toolchain is new enough, whatever version it asks for.
/// Or it may be *the language's*: only files that ask for that version get it. Some have a side of each kind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Feature {
    /// Methods with type parameters of their own. Older compilers refuse them while parsing.
    GenericMethods,
    /// `S{X: 1}` for a field `X` of an embedded struct. Older compilers know only the struct's own fields.
    PromotedFieldKeys,
    /// Type arguments of a generic function are inferred wherever it is assigned to a variable of function type.
    AssignmentInference,
    /// The same where it is converted.
    ConversionInference,
    /// The yield function of an iterator cannot be variadic.
    FixedYieldParameters,
}

impl Feature {
    /// The release that brought it to the compiler, and the language version that it asks of a file.
    const fn gates(self) -> (Option<GoVersion>, Option<GoVersion>) {
        const GO1_27: Option<GoVersion> = Some(GoVersion::go1(27));
        match self {
            Feature::GenericMethods | Feature::PromotedFieldKeys => (GO1_27, GO1_27),
            Feature::AssignmentInference | Feature::FixedYieldParameters => (GO1_27, None),
            Feature::ConversionInference => (None, GO1_27),
        }
    }

    /// Whether a compiler has it that accepts no newer language than `max_version`.
    pub fn in_compiler(self, max_version: GoVersion) -> bool {
        self.gates().0.is_none_or(|since| max_version >= since)
    }

    /// Whether a file of that language version may use it.
    pub fn in_language(self, file_version: GoVersion) -> bool {
        self.gates().1.is_none_or(|since| file_version >= since)
    }

    /// The language version that a file must ask for.
    pub(crate) fn language_version(self) -> GoVersion {
        self.gates().1.expect("types: a feature of the compiler asks for no language version")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_of_compiler_and_language() {
        let (old, new) = (GoVersion::go1(26), GoVersion::go1(27));
        let gates = |feature: Feature| [feature.in_compiler(old), feature.in_language(old)];
        assert_eq!(gates(Feature::PromotedFieldKeys), [false, false]);
        assert_eq!(gates(Feature::AssignmentInference), [false, true]);
        assert_eq!(gates(Feature::ConversionInference), [true, false]);
        assert!(Feature::GenericMethods.in_compiler(new) && Feature::GenericMethods.in_language(new));
    }
}
