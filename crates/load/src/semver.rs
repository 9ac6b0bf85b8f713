//! Module versions: `v1.2.3`, `v1.2.3-pre.1`, `v2.0.0+incompatible`, and pseudo-versions, which are pre-releases in form.

use std::cmp::Ordering;

/// A version in canonical form, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Semver<'t> {
    numbers: [&'t str; 3],
    /// Without the `-`; empty if there is none.
    pub prerelease: &'t str,
    /// Without the `+`.
    pub build: &'t str,
}

pub fn parse(text: &str) -> Option<Semver<'_>> {
    let text = text.strip_prefix('v')?;
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (core, prerelease) = match text.split_once('-') {
        Some((core, prerelease)) => (core, Some(prerelease)),
        None => (text, None),
    };
    let mut parts = core.split('.');
    let numbers = [parts.next()?, parts.next()?, parts.next()?];
    let is_number = |text: &str| is_digits(text) && (text == "0" || !text.starts_with('0'));
    let is_identifiers = |text: &str, numbers_canonical: bool| {
        text.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && (!numbers_canonical || !is_digits(part) || is_number(part))
        })
    };
    let valid = parts.next().is_none()
        && numbers.into_iter().all(is_number)
        && prerelease.is_none_or(|text| is_identifiers(text, true))
        && build.is_none_or(|text| is_identifiers(text, false));
    valid.then(|| Semver { numbers, prerelease: prerelease.unwrap_or(""), build: build.unwrap_or("") })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Semver<'_> {
    pub fn major(&self) -> &str {
        self.numbers[0]
    }

    pub fn is_incompatible(&self) -> bool {
        self.build == "incompatible"
    }
}

/// Whether a version is spelled as go.mod files must spell it: whole, and without build metadata but
/// `+incompatible`.
pub fn is_canonical(text: &str) -> bool {
    parse(text).is_some_and(|version| version.build.is_empty() || version.is_incompatible())
}

/// Malformed versions come before all others, as in Go.
pub fn compare(left: &str, right: &str) -> Ordering {
    match (parse(left), parse(right)) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(left), Some(right)) => {
            let numbers = left.numbers.iter().zip(right.numbers).map(|(left, right)| compare_digits(left, right));
            numbers
                .into_iter()
                .find(|order| order.is_ne())
                .unwrap_or_else(|| compare_prerelease(left.prerelease, right.prerelease))
        }
    }
}

/// Numbers without leading zeros, of any length.
fn compare_digits(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

// semver 11: "a pre-release version has lower precedence than the associated normal version", "numeric identifiers
// always have lower precedence than non-numeric identifiers", "a larger set of pre-release fields has a higher
// precedence than a smaller set".
fn compare_prerelease(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => match (is_digits(left), is_digits(right)) {
                (true, true) => compare_digits(left, right),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => left.cmp(right),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// A path like `m/v2` demands versions of that major number. The error says what would be right.
pub fn check_major(version: &str, path_major: &str) -> Result<(), String> {
    let Some(parsed) = parse(version) else { return Err("must be of the form v1.2.3".into()) };
    let wanted = path_major.strip_suffix("-unstable").unwrap_or(path_major).trim_start_matches(['/', '.']);
    let holds = match wanted {
        "" => matches!(parsed.major(), "0" | "1") || parsed.is_incompatible(),
        // gopkg.in/m.v1 accepts v0 pseudo-versions
        "v1" if path_major.starts_with('.') => parsed.major() == "1" || version.starts_with("v0.0.0-"),
        wanted => parsed.major() == &wanted[1..],
    };
    if holds {
        return Ok(());
    }
    let wanted = if wanted.is_empty() { "v0 or v1" } else { wanted };
    Err(format!("should be {wanted}, not v{}", parsed.major()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        let sorted = [
            "bad",
            "v0.0.0-20180101000000-abcdefabcdef",
            "v0.0.0",
            "v1.0.0-1",
            "v1.0.0-9",
            "v1.0.0-10",
            "v1.0.0-a",
            "v1.0.0-a.1",
            "v1.0.0-a.b",
            "v1.0.0",
            "v1.0.1-0.20200101000000-abcdefabcdef",
            "v1.0.1",
            "v1.2.0",
            "v1.10.0",
            "v2.0.0+incompatible",
        ];
        for pair in sorted.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare("v1.0.0+a", "v1.0.0"), Ordering::Equal);
    }

    #[test]
    fn canonical() {
        for text in ["v1.2.3", "v0.0.0-2018-a", "v2.0.0+incompatible"] {
            assert!(is_canonical(text), "{text}");
        }
        for text in ["1.2.3", "v1.2", "v1", "v01.2.3", "v1.2.3-", "v1.2.3-01", "v1.2.3+meta", "v1.2.3.4", "latest"] {
            assert!(!is_canonical(text), "{text}");
        }
    }

    #[test]
    fn majors() {
        assert_eq!(check_major("v2.0.0", ""), Err("should be v0 or v1, not v2".into()));
        assert_eq!(check_major("v1.0.0", "/v2"), Err("should be v2, not v1".into()));
        assert_eq!(check_major("v2.0.0+incompatible", ""), Ok(()));
        assert_eq!(check_major("v0.0.0-2018-a", ".v1"), Ok(()));
        assert_eq!(check_major("v3.1.0", ".v3"), Ok(()));
    }
}
