//! Reasons that are the same on every run and on every machine.

use regex::Regex;
use std::sync::LazyLock;

const LONGEST: usize = 160;

/// The detail of a failure with a first line that does not change: no addresses, goroutine numbers, directories, times.
pub fn stable(detail: &str) -> String {
    let (first, rest) = detail.split_once('\n').unwrap_or((detail, ""));
    let mut first = first.to_owned();
    for (pattern, replacement) in &*VARYING {
        first = pattern.replace_all(&first, *replacement).into_owned();
    }
    if let Some((end, _)) = first.char_indices().nth(LONGEST) {
        first.truncate(end);
        first.push('…');
    }
    if rest.is_empty() { first } else { format!("{first}\n{rest}") }
}

static VARYING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let pairs = [
        (r"(?P<before>^|[\s(:])(?:/[\w.+-]+)+/", "$before"), // directories
        (r"\b0x[0-9a-f]{3,}", "0x…"),
        (r"\bgoroutine [0-9]+", "goroutine N"),
        (r"gossamer-conformance-[0-9-]+", "…"),
        (r"\b[0-9.]+(?:ns|µs|ms)\b", "N ms"),
        (r"\bv[0-9]+\b", "vN"), // values of SSA
        (r"\bpid [0-9]+", "pid N"),
    ];
    let compile = |(pattern, replacement)| (Regex::new(pattern).expect("a valid pattern"), replacement);
    pairs.into_iter().map(compile).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_taken_out() {
        assert_eq!(
            stable("exit 2: panic at 0xc000123 in /some/where/x.go:3\nmore 0x1234"),
            "exit 2: panic at 0x… in x.go:3\nmore 0x1234"
        );
        assert_eq!(stable(&"é".repeat(200)).chars().count(), LONGEST + 1);
    }
}
