//! Language versions: what `go 1.22` in go.mod and `//go:build go1.22` in a file allow.

use std::fmt;

/// A version of the Go language, as a file is written in it; ordered, and prints as `go1.21`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LangVersion {
    pub major: u16,
    pub minor: u16,
}

impl LangVersion {
    /// Of modules whose go.mod has no `go` line.
    pub const UNSTATED: LangVersion = LangVersion::go1(16);
    /// From here on a `//go:build go1.N` line may also lower a file's version.
    pub const FILE_VERSIONS: LangVersion = LangVersion::go1(21);

    pub const fn go1(minor: u16) -> LangVersion {
        LangVersion { major: 1, minor }
    }

    /// Parses `go1.22`, `1.22`, `go1.22.3`, `go1.22rc1`: patch level and pre-release do not matter to the language.
    pub fn parse(text: &str) -> Option<LangVersion> {
        let text = text.strip_prefix("go").unwrap_or(text);
        let (major, rest) = text.split_once('.').unwrap_or((text, "0"));
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        Some(LangVersion { major: major.parse().ok()?, minor: rest[..digits].parse().ok()? })
    }
}

impl fmt::Display for LangVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "go{}.{}", self.major, self.minor)
    }
}

impl fmt::Debug for LangVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::LangVersion;

    #[test]
    fn only_major_and_minor_count() {
        for text in ["go1.22", "1.22", "go1.22.3", "go1.22rc1"] {
            assert_eq!(LangVersion::parse(text), Some(LangVersion::go1(22)), "{text}");
        }
        assert_eq!(LangVersion::parse("go1"), Some(LangVersion::go1(0)));
        for text in ["", "go", "1.", "x1.2", "go1.99999999"] {
            assert_eq!(LangVersion::parse(text), None, "{text}");
        }
        assert!(LangVersion::go1(9) < LangVersion::go1(10));
    }
}
