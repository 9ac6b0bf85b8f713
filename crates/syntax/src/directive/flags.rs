//! The directives that are one word: flags of functions, and `//go:build`.

/// A set of flags of a function.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct FuncFlags(u16);

/// The flags, each with its name, which is also its directive's.
macro_rules! flags {
    ($($(#[$doc:meta])* $flag:ident = $name:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $($flag),* }

        impl FuncFlags {
            $($(#[$doc])* pub const $flag: FuncFlags = FuncFlags(1 << Index::$flag as u16);)*

            const NAMES: &'static [(FuncFlags, &'static str)] = &[$((FuncFlags::$flag, $name)),*];
        }
    };
}

flags! {
    /// A function without a body whose arguments do not escape.
    NOESCAPE = "noescape",
    NORACE = "norace",
    NOSPLIT = "nosplit",
    NOINLINE = "noinline",
    NOCHECKPTR = "nocheckptr",
    SYSTEMSTACK = "systemstack",
    /// No write barriers in this function.
    NOWRITEBARRIER = "nowritebarrier",
    /// No write barriers in this function and in what it calls, up to functions with `YESWRITEBARRIERREC`.
    NOWRITEBARRIERREC = "nowritebarrierrec",
    YESWRITEBARRIERREC = "yeswritebarrierrec",
    CGO_UNSAFE_ARGS = "cgo_unsafe_args",
    /// Pointers converted to uintptr arguments stay alive during the call.
    UINTPTRKEEPALIVE = "uintptrkeepalive",
    /// Moreover, what they point to is moved to the heap.
    UINTPTRESCAPES = "uintptrescapes",
    REGISTERPARAMS = "registerparams",
}

impl FuncFlags {
    pub const NONE: FuncFlags = FuncFlags(0);

    /// Those that only the runtime may use.
    pub(super) const OF_RUNTIME: FuncFlags = FuncFlags::SYSTEMSTACK
        .with(FuncFlags::NOWRITEBARRIER)
        .with(FuncFlags::NOWRITEBARRIERREC)
        .with(FuncFlags::YESWRITEBARRIERREC);

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `flags` are in the set.
    pub fn contains(self, flags: FuncFlags) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Whether any of `flags` is in the set.
    pub fn intersects(self, flags: FuncFlags) -> bool {
        self.0 & flags.0 != 0
    }

    pub const fn with(self, flags: FuncFlags) -> FuncFlags {
        FuncFlags(self.0 | flags.0)
    }
}

impl std::fmt::Debug for FuncFlags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = FuncFlags::NAMES.iter().filter(|(flag, _)| self.contains(*flag)).map(|(_, name)| *name);
        f.write_str(&names.collect::<Vec<_>>().join(" "))
    }
}

/// What a directive of one word means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Word {
    /// `go:build`, which belongs before the package clause.
    Build,
    /// Flags for a function, at least one; some directives imply others.
    Func(FuncFlags),
    /// Nothing here: it may be known to other tools, or to nobody.
    Other,
}

impl Word {
    /// `verb` is the directive up to the first space.
    pub fn of(verb: &str) -> Word {
        let Some(name) = verb.strip_prefix("go:") else { return Word::Other };
        if name == "build" {
            return Word::Build;
        }
        let Some(&(flag, _)) = FuncFlags::NAMES.iter().find(|(_, known)| *known == name) else { return Word::Other };
        Word::Func(match flag {
            FuncFlags::NOSPLIT | FuncFlags::CGO_UNSAFE_ARGS => flag.with(FuncFlags::NOCHECKPTR),
            FuncFlags::NOWRITEBARRIERREC => flag.with(FuncFlags::NOWRITEBARRIER),
            FuncFlags::UINTPTRESCAPES => flag.with(FuncFlags::UINTPTRKEEPALIVE),
            _ => flag,
        })
    }

    pub fn flags(self) -> FuncFlags {
        match self {
            Word::Func(flags) => flags,
            Word::Build | Word::Other => FuncFlags::NONE,
        }
    }
}

/// Directives that mean nothing here but that the standard library may have.
pub(super) fn is_allowed_in_std(verb: &str) -> bool {
    matches!(
        verb,
        "go:cgo_export_static"
            | "go:cgo_export_dynamic"
            | "go:cgo_import_static"
            | "go:cgo_import_dynamic"
            | "go:cgo_ldflag"
            | "go:cgo_dynamic_linker"
            | "go:embed"
            | "go:fix"
            | "go:generate"
    )
}
