//! The file of every test that does not pass, with its reason.
//!
//! A line is `suite name: reason`. `#` begins a comment line; those at the top are kept.

use super::{Suite, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

pub struct Expectations {
    header: String,
    reasons: BTreeMap<(Suite, String), String>,
}

impl Expectations {
    pub fn read(path: &Path) -> Result<Expectations, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Expectations::parse(&text)
    }

    fn parse(text: &str) -> Result<Expectations, String> {
        let is_comment = |line: &&str| line.starts_with('#') || line.is_empty();
        let header = text.lines().take_while(is_comment).fold(String::new(), |header, line| header + line + "\n");
        let mut reasons = BTreeMap::new();
        for line in text.lines().filter(|line| !is_comment(line)) {
            let parsed = line.split_once(": ").and_then(|(test, reason)| {
                let (suite, name) = test.split_once(' ')?;
                let suite = Suite::ALL.into_iter().find(|known| known.name() == suite)?;
                Some(((suite, name.to_owned()), reason.to_owned()))
            });
            let (test, reason) = parsed.ok_or(format!("expectations: not `suite name: reason`: {line}"))?;
            if reasons.insert(test, reason).is_some() {
                return Err(format!("expectations: twice: {line}"));
            }
        }
        Ok(Expectations { header, reasons })
    }

    pub fn write(&self, path: &Path) -> Result<(), String> {
        let mut text = self.header.clone();
        for ((suite, name), reason) in &self.reasons {
            let _ = writeln!(text, "{} {name}: {reason}", suite.name());
        }
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// What is worse, and what is better but not recorded. `complete` tells of which tests all
    /// that are named like them have run.
    pub fn compare(
        &self,
        results: &BTreeMap<(Suite, String), Verdict>,
        complete: impl Fn(Suite, &str) -> bool,
    ) -> Vec<String> {
        let mut problems = Vec::new();
        for (test, verdict) in results {
            let name = format!("{} {}", test.0.name(), test.1);
            match (verdict, self.reasons.get(test)) {
                (Verdict::Fail(detail), None) => {
                    problems.push(format!("worse: {name}:\n\t{}", detail.replace('\n', "\n\t")))
                }
                (Verdict::Pass | Verdict::Checked, Some(reason)) => {
                    problems.push(format!("better: {name} passes now; it was: {reason}"));
                }
                (Verdict::Excluded(why), Some(_)) => {
                    problems.push(format!("better: {name} is excluded ({why}), so it needs no line"));
                }
                (Verdict::Fail(_), Some(_)) | (Verdict::Pass | Verdict::Checked | Verdict::Excluded(_), None) => {}
            }
        }
        for test in self.reasons.keys().filter(|test| complete(test.0, &test.1) && !results.contains_key(*test)) {
            problems.push(format!("stale: {} {} is no test any more", test.0.name(), test.1));
        }
        problems
    }

    /// Takes over the results. New reasons are the first line of the detail; those that a person wrote stay.
    pub fn update(&mut self, results: &BTreeMap<(Suite, String), Verdict>, complete: impl Fn(Suite, &str) -> bool) {
        self.reasons.retain(|test, _| results.contains_key(test) || !complete(test.0, &test.1));
        for (test, verdict) in results {
            if let Verdict::Fail(detail) = verdict {
                let first = detail.lines().next().unwrap_or_default().to_owned();
                let reason = self.reasons.entry(test.clone()).or_default();
                if reason.is_empty() || test.0 == Suite::Run && is_derived(reason) {
                    *reason = first;
                }
            } else {
                self.reasons.remove(test);
            }
        }
    }
}

/// Whether a reason of the run suite is what the judge said, and not a person.
fn is_derived(reason: &str) -> bool {
    let kinds = ["build:", "invalid:", "output:", "trap:", "exit ", "signal ", "timeout:", "crash:", "panic:"];
    kinds.iter().any(|kind| reason.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_better_and_stale() {
        let mut expectations = Expectations::parse("# why\n\ntest a.go: bad\ntypes b.go: worse: yet\n").unwrap();
        let verdict = |suite, name: &str, verdict| ((suite, name.to_owned()), verdict);
        let mut results = BTreeMap::from([
            verdict(Suite::Test, "a.go", Verdict::Fail("bad".into())),
            verdict(Suite::Types, "b.go", Verdict::Pass),
            verdict(Suite::Types, "c.go", Verdict::Fail("new\nmore".into())),
        ]);
        let problems = expectations.compare(&results, |_, _| true);
        assert_eq!(problems.len(), 2);
        assert!(problems[0].starts_with("better: types b.go") && problems[1].starts_with("worse: types c.go"));
        results.remove(&(Suite::Test, "a.go".to_owned()));
        assert_eq!(expectations.compare(&results, |_, _| true).len(), 3);
        assert_eq!(expectations.compare(&results, |_, _| false).len(), 2);
        expectations.update(&results, |suite, _| suite == Suite::Types);
        assert!(expectations.compare(&results, |suite, _| suite == Suite::Types).is_empty());
    }
}
