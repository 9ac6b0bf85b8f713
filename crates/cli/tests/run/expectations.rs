//! `tests/run/expectations.txt`: programs that do not pass yet, each with its reason.

use crate::Results;
use crate::program::Host;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const HEADER: &str = "\
# Programs of tests/run that do not pass yet: `name host reason`.
# One that passes must not stand here, and one that does not must.
";

#[derive(Default)]
pub struct Expectations {
    reasons: BTreeMap<(String, Host), String>,
}

impl Expectations {
    /// None if there is no file.
    pub fn read(path: &Path) -> Expectations {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut expectations = Expectations::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut parts = line.splitn(3, ' ');
            let (Some(name), Some(host), Some(reason)) = (parts.next(), parts.next(), parts.next()) else {
                panic!("{}: not `name host reason`: {line}", path.display());
            };
            let host = Host::from_name(host).unwrap_or_else(|| panic!("{}: no host {host}", path.display()));
            expectations.reasons.insert((name.to_owned(), host), reason.to_owned());
        }
        expectations
    }

    /// What is not as expected.
    pub fn judge(&self, results: &Results) -> String {
        let mut problems = String::new();
        for (key, difference) in results {
            let place = format!("{} {}", key.0, key.1.name());
            let _ = match (difference, self.reasons.get(key)) {
                (None, None) | (Some(_), Some(_)) => Ok(()),
                (None, Some(reason)) => {
                    writeln!(problems, "{place}: passes, though listed ({reason}): remove the line")
                }
                (Some(difference), None) => writeln!(problems, "{place}: {difference}"),
            };
        }
        problems
    }

    /// With the results in the place of what was expected; reasons stay while they hold.
    pub fn with_results(mut self, results: &Results) -> Expectations {
        for (key, difference) in results {
            match difference {
                None => drop(self.reasons.remove(key)),
                Some(difference) => {
                    let summary = difference.lines().find_map(|line| line.trim().strip_prefix("got "));
                    let reason = format!("got {}", summary.unwrap_or("another result"));
                    self.reasons.entry(key.clone()).or_insert(reason);
                }
            }
        }
        self
    }

    pub fn write(&self, path: &Path) {
        let mut text = HEADER.to_owned();
        for ((name, host), reason) in &self.reasons {
            let _ = writeln!(text, "{name} {} {reason}", host.name());
        }
        std::fs::write(path, text).unwrap();
    }
}
