//! GOEXPERIMENT and the tool tags that follow from it.
//!
//! Which experiments exist and which are on differs between Go releases, and both facts stand in the SDK:
//! `internal/goexperiment/flags.go` has one boolean field per experiment, and `ParseGOEXPERIMENT` in
//! `internal/buildcfg/exp.go` starts from a literal `baseline := goexperiment.Flags{…}`. Both are read line by line
//! rather than parsed: they are settings here, not a program. A field whose baseline is an expression is an ABI
//! matter: register ABIs do not exist on wasm, DWARF 5 does.

use crate::fs::FileSystem;
use std::path::Path;

/// The experiments of one SDK, in the order in which `go list` prints their tags. The default knows none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Experiments {
    flags: Vec<Experiment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Experiment {
    /// `greenteagc`
    name: String,
    baseline: bool,
    enabled: bool,
}

/// Tags that wasm always has: both features are unconditional since Go 1.26.
const WASM_FEATURES: [&str; 2] = ["wasm.satconv", "wasm.signext"];

impl Experiments {
    /// Reads the SDK's experiments, all at their baseline; `None` if `goroot` is no SDK.
    pub fn read(fs: &dyn FileSystem, goroot: &Path) -> Option<Experiments> {
        let read = |path: &str| fs.read(&goroot.join("src/internal").join(path)).ok();
        let (flags, exp) = (read("goexperiment/flags.go")?, read("buildcfg/exp.go")?);
        Some(Experiments::from_sources(&String::from_utf8_lossy(&flags), &String::from_utf8_lossy(&exp)))
    }

    pub(crate) fn from_sources(flags_go: &str, exp_go: &str) -> Experiments {
        let baseline: Vec<&str> = exp_go
            .lines()
            .skip_while(|line| !line.contains("baseline := goexperiment.Flags{"))
            .skip(1)
            .take_while(|line| line.trim() != "}")
            .filter_map(|line| line.trim().trim_end_matches(',').split_once(':'))
            .filter(|(_, value)| matches!(value.trim(), "true" | "dwarf5Supported"))
            .map(|(name, _)| name)
            .collect();
        let flags = flags_go
            .lines()
            .skip_while(|line| !line.starts_with("type Flags struct"))
            .skip(1)
            .take_while(|line| *line != "}")
            .filter_map(|line| line.trim().strip_suffix(" bool"))
            .map(|field| {
                let field = field.trim();
                let on = baseline.contains(&field);
                Experiment { name: field.to_ascii_lowercase(), baseline: on, enabled: on }
            })
            .collect();
        Experiments { flags }
    }

    /// Applies a GOEXPERIMENT value: names to switch on, `noname` to switch off, `none` for all off.
    pub fn apply(&mut self, value: &str) -> Result<(), String> {
        for word in value.split(',').filter(|word| !word.is_empty()) {
            if word == "none" {
                self.flags.iter_mut().for_each(|flag| flag.enabled = false);
                continue;
            }
            let (name, enabled) = match word.strip_prefix("no") {
                Some(name) => (name, false),
                None => (word, true),
            };
            if name == "regabi" {
                continue; // an alias for the two register ABI experiments, which wasm does not have
            }
            let Some(flag) = self.flags.iter_mut().find(|flag| flag.name == name) else {
                return Err(format!("unknown GOEXPERIMENT {name}"));
            };
            flag.enabled = enabled && !name.starts_with("regabi");
        }
        Ok(())
    }

    /// The canonical GOEXPERIMENT value: what differs from the baseline.
    pub fn canonical(&self) -> String {
        let changed = self.flags.iter().filter(|flag| flag.enabled != flag.baseline);
        let words: Vec<String> =
            changed.map(|flag| if flag.enabled { flag.name.clone() } else { format!("no{}", flag.name) }).collect();
        words.join(",")
    }

    /// What `go list -f '{{context.ToolTags}}'` prints for wasm.
    pub fn tool_tags(&self) -> Vec<String> {
        let enabled = self.flags.iter().filter(|flag| flag.enabled);
        enabled
            .map(|flag| format!("goexperiment.{}", flag.name))
            .chain(WASM_FEATURES.iter().map(|tag| (*tag).to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: &str = "type Flags struct {\n\tFieldTrack        bool\n\t// Arenas …\n\tArenas bool\n\tRegabiArgs bool\n\tDwarf5 bool\n\tGreenTeaGC bool\n}\n";
    const EXP: &str = "\tbaseline := goexperiment.Flags{\n\t\tRegabiArgs: regabiSupported,\n\t\tDwarf5: dwarf5Supported,\n\t\tGreenTeaGC:           true,\n\t}\n";

    fn tags(value: &str) -> String {
        let mut experiments = Experiments::from_sources(FLAGS, EXP);
        experiments.apply(value).unwrap();
        experiments.tool_tags().join(" ")
    }

    #[test]
    fn tags_are_those_of_go_list() {
        assert_eq!(tags(""), "goexperiment.dwarf5 goexperiment.greenteagc wasm.satconv wasm.signext");
        assert_eq!(tags("none"), "wasm.satconv wasm.signext");
        assert_eq!(
            tags("nogreenteagc,arenas,regabi"),
            "goexperiment.arenas goexperiment.dwarf5 wasm.satconv wasm.signext"
        );
    }

    #[test]
    fn unknown_names_are_refused() {
        let mut experiments = Experiments::from_sources(FLAGS, EXP);
        assert_eq!(experiments.apply("foo"), Err("unknown GOEXPERIMENT foo".to_owned()));
        experiments.apply("arenas,nogreenteagc").unwrap();
        assert_eq!(experiments.canonical(), "arenas,nogreenteagc");
    }
}
