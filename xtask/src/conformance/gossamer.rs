//! The compiler under test, and what is asked of its modules before they run: that they are valid.

use super::program::{Compiler, Kind, Sources, Test};
use super::recipe::Recipe;
use super::test_suite::path_of_package;
use super::{Job, config};
use base::LangVersion;
use driver::{
    BuildConfig, BuildOutcome, Inputs, LinkFlags, LoosePackage, PerPackage, Presentation, RecordedFlags, Rules,
};
use std::path::{Path, PathBuf};
use wasmparser::{Validator, WasmFeatures};

pub struct Gossamer<'a> {
    pub job: &'a Job,
}

impl Compiler for Gossamer<'_> {
    fn build(&self, sources: &Sources, test: &Test, work: &Path) -> Result<Option<Vec<u8>>, String> {
        let flags = Flags::of(test.recipe)?;
        let dir = test.goroot.join("test");
        let rules = Rules::Compiler {
            std: test.recipe.has_flag("-std"),
            runtime: test.recipe.has_flag("-+"),
            complete: test.recipe.has_flag("-complete"),
        };
        let package =
            |file: &PathBuf| LoosePackage { import_path: path_of_package(test.recipe, "p"), files: vec![file.clone()] };
        let (dir, inputs, rules) = match sources {
            Sources::Files(files) => (dir, Inputs::Files(files.clone()), Rules::BUILD),
            Sources::Package(file) => (dir, Inputs::Packages(vec![package(file)]), rules),
            Sources::Packages(packages) => (dir, Inputs::Packages(packages.clone()), rules),
            Sources::Module(root) => (root.clone(), Inputs::Patterns(vec![".".to_owned()]), Rules::BUILD),
        };
        let mut check = config(self.job, &dir, inputs, rules);
        check.lang = test.recipe.lang().and_then(LangVersion::parse);
        check.experiments.clone_from(&test.recipe.experiment);
        check.tags = flags.tags;
        let links = Kind::of(&test.recipe.action) == Some(Kind::Runs) || has_main(sources);
        check.whole_program = links;
        let config = BuildConfig {
            check,
            reactor: false,
            optimize: true,
            link: PerPackage::named(LinkFlags { set_strings: flags.set_strings, ..LinkFlags::default() }),
            trimpath: false,
            recorded: RecordedFlags::default(),
        };
        let mut outcome = match links {
            true => driver::build(&config),
            false => BuildOutcome { check: driver::check(&config.check), modules: Vec::new(), failure: None },
        };
        if outcome.check.has_errors() {
            let text = driver::render::Text {
                outcome: &outcome.check,
                presentation: Presentation::BuildUnlimited,
                snippets: false,
            };
            return Err(format!("build: {}", without_dirs(&text.to_string(), &[&dir, work])));
        }
        if let Some(failure) = outcome.failure {
            // Whoever only compiles does not ask where a function's body is.
            if Kind::of(&test.recipe.action) == Some(Kind::Builds)
                && ["nobody provides", "has no body in Go"].iter().any(|words| failure.contains(words))
            {
                return Ok(None);
            }
            return Err(format!("build: {}", without_dirs(&failure, &[&dir, work, test.goroot])));
        }
        let Some(module) = outcome.modules.pop() else { return Ok(None) };
        validate(&module.wasm)?;
        Ok(Some(module.wasm))
    }
}

/// Whether there is a program to link: what is only to be compiled need not be complete.
fn has_main(sources: &Sources) -> bool {
    let files = match sources {
        Sources::Files(files) => files.as_slice(),
        Sources::Package(file) => std::slice::from_ref(file),
        Sources::Packages(packages) => packages.last().map_or(&[][..], |package| &package.files),
        Sources::Module(_) => return true,
    };
    let declares = |file: &PathBuf| {
        let text = std::fs::read(file).unwrap_or_default();
        String::from_utf8_lossy(&text).lines().any(|line| line.starts_with("func main()"))
    };
    files.iter().any(declares)
}

/// Names of files as they are on every machine; headings (`# package`) are left out.
fn without_dirs(text: &str, dirs: &[&Path]) -> String {
    let mut text = text.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n");
    for dir in dirs {
        text = text.replace(&format!("{}/", dir.display()), "");
    }
    text
}

/// What modules may use: wasm 2.0 with tail calls and exceptions, whose `exnref` counts as a type of the collector's.
fn features() -> WasmFeatures {
    WasmFeatures::WASM2
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::GC_TYPES
        | WasmFeatures::EXTENDED_CONST
}

pub fn validate(module: &[u8]) -> Result<(), String> {
    let checked = Validator::new_with_features(features()).validate_all(module);
    checked.map(drop).map_err(|error| format!("invalid: {}\nat offset {:#x}", error.message(), error.offset()))
}

/// The flags of `go build` and `go tool compile` that change what a program does.
#[derive(Default, Debug, PartialEq, Eq)]
struct Flags {
    tags: Vec<String>,
    set_strings: Vec<(String, String)>,
}

impl Flags {
    fn of(recipe: &Recipe) -> Result<Flags, String> {
        let mut flags = Flags::default();
        let mut words = recipe.flags.iter();
        while let Some(word) = words.next() {
            let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
            match name {
                "-race" => return Err("build: -race is not supported".to_owned()),
                "-tags" => {
                    let tags = value.or_else(|| words.next().map(String::as_str)).unwrap_or_default();
                    flags.tags.extend(tags.split(',').map(str::to_owned));
                }
                "-X" => {
                    let setting = words.next().and_then(|setting| setting.split_once('='));
                    flags.set_strings.extend(setting.map(|(name, value)| (name.to_owned(), value.to_owned())));
                }
                _ => {}
            }
        }
        Ok(flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_that_matter() {
        let recipe = |flags: &[&str]| Recipe {
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            ..Recipe::default()
        };
        let flags = Flags::of(&recipe(&["-tags=purego", "-gcflags=all=-d=checkptr", "-X", "main.x=y"])).unwrap();
        assert_eq!(flags.tags, ["purego"]);
        assert_eq!(flags.set_strings, [("main.x".to_owned(), "y".to_owned())]);
        assert!(Flags::of(&recipe(&["-race"])).is_err());
    }
}
