//! Language versions: what `go 1.22` in go.mod and `//go:build go1.22` in a file allow.

/// A Go language version; ordered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GoVersion {
    pub major: u16,
    pub minor: u16,
}

impl GoVersion {
    pub const fn go1(minor: u16) -> GoVersion {
        GoVersion { major: 1, minor }
    }

    /// Parses `go1.22`, `1.22`, `go1.22.3`, `go1.22rc1`: patch level and pre-release do not matter to the language.
    pub fn parse(text: &str) -> Option<GoVersion> {
        let text = text.strip_prefix("go").unwrap_or(text);
        let (major, rest) = text.split_once('.').unwrap_or((text, "0"));
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        Some(GoVersion { major: major.parse().ok()?, minor: rest[..digits].parse().ok()? })
    }
}

impl std::fmt::Display for GoVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "go{}.{}", self.major, self.minor)
    }
}
