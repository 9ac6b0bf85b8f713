//! Versions of Go releases, as toolchains and `go` lines name them: `1.26.8`, `1.27rc1`. The language they speak is a
//! [`LangVersion`].
//!
//! Order, as the `go` command has it since 1.21: a bare `1.21` is the language version and comes before `1.21rc1`,
//! which comes before the release `1.21.0`. Before 1.21, `1.20` *was* the release.

use base::LangVersion;
use std::fmt;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum PreRelease {
    /// Sorts first: see the order above (a release has a patch number and is decided by it).
    None,
    Alpha(u32),
    Beta(u32),
    Candidate(u32),
}

/// `1.N`, `1.NrcM` or `1.N.P`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct GoVersion {
    pub major: u32,
    pub minor: u32,
    pub patch: Option<u32>,
    pub pre: PreRelease,
}

impl GoVersion {
    pub const fn release(minor: u32, patch: u32) -> GoVersion {
        GoVersion { major: 1, minor, patch: Some(patch), pre: PreRelease::None }
    }

    /// Without the leading `go`.
    pub fn parse(text: &str) -> Option<GoVersion> {
        let (major, rest) = number(text)?;
        let Some(rest) = rest.strip_prefix('.') else {
            let version = GoVersion { major, minor: 0, patch: Some(0), pre: PreRelease::None };
            return rest.is_empty().then_some(version);
        };
        let (minor, rest) = number(rest)?;
        let mut version = GoVersion { major, minor, patch: None, pre: PreRelease::None };
        if rest.is_empty() {
            if major == 1 && minor < 21 {
                version.patch = Some(0);
            }
            return Some(version);
        }
        if let Some(rest) = rest.strip_prefix('.') {
            let (patch, rest) = number(rest)?;
            version.patch = Some(patch);
            return rest.is_empty().then_some(version);
        }
        let (make, rest): (fn(u32) -> PreRelease, &str) = if let Some(rest) = rest.strip_prefix("alpha") {
            (PreRelease::Alpha, rest)
        } else if let Some(rest) = rest.strip_prefix("beta") {
            (PreRelease::Beta, rest)
        } else {
            (PreRelease::Candidate, rest.strip_prefix("rc")?)
        };
        let (pre, rest) = number(rest)?;
        version.pre = make(pre);
        rest.is_empty().then_some(version)
    }

    /// A toolchain's name: `go1.26.8`, `go1.27.3-suffix`. A suffix after a blank (`X:nocoverageredesign`) does not
    /// count either.
    pub fn parse_toolchain(text: &str) -> Option<GoVersion> {
        let text = text.strip_prefix("go")?;
        GoVersion::parse(text.split(['-', ' ']).next()?)
    }

    pub fn lang(self) -> LangVersion {
        let part = |part: u32| u16::try_from(part).unwrap_or(u16::MAX);
        LangVersion { major: part(self.major), minor: part(self.minor) }
    }
}

/// A decimal number without superfluous zeros, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || (digits > 1 && text.starts_with('0')) {
        return None;
    }
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

impl fmt::Display for GoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        match self.pre {
            PreRelease::None => {}
            PreRelease::Alpha(number) => write!(f, "alpha{number}")?,
            PreRelease::Beta(number) => write!(f, "beta{number}")?,
            PreRelease::Candidate(number) => write!(f, "rc{number}")?,
        }
        match self.patch {
            // Until 1.21 the first release was written without a patch number.
            Some(0) if self.minor < 21 => Ok(()),
            Some(patch) => write!(f, ".{patch}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        let sorted = [
            "1",
            "1.9",
            "1.20rc1",
            "1.20",
            "1.20.1",
            "1.21",
            "1.21beta2",
            "1.21rc1",
            "1.21rc2",
            "1.21.0",
            "1.21.10",
            "1.22",
        ];
        let versions: Vec<GoVersion> = sorted.iter().map(|text| GoVersion::parse(text).unwrap()).collect();
        assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
        assert_eq!(GoVersion::parse("1.20"), GoVersion::parse("1.20.0"));
    }

    #[test]
    fn malformed() {
        for text in ["", "1.", "1.021", "1.21.", "1.21rc", "1.21x", "v1.21", "go1.21", "1.21.1rc1"] {
            assert_eq!(GoVersion::parse(text), None, "{text}");
        }
        assert_eq!(GoVersion::parse_toolchain("go1.26.8"), Some(GoVersion::release(26, 8)));
        assert_eq!(GoVersion::parse_toolchain("go1.27.3-foo"), Some(GoVersion::release(27, 3)));
        assert_eq!(GoVersion::parse("1.27rc1").unwrap().to_string(), "1.27rc1");
    }
}
