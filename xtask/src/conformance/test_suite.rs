//! `GOROOT/test`, judged as `cmd/internal/testdir` does.
//!
//! The `errorcheck` family is judged in full. What Go compiles, builds or runs is checked, and must be free of
//! errors; that is a result of its own ([`Verdict::Checked`]), because it says less than Go's.

use super::errorcheck::{Message, error_check};
use super::official::Official;
use super::recipe::{DIRS, Recipe, recipe};
use super::scratch::{Scratch, copy_tree};
use super::{Job, Verdict, config};
use base::{Diagnostic, LangVersion};
use driver::present::{gc_location, gc_message};
use driver::{CheckOutcome, Goos as Os, Inputs, Item, LoosePackage, PackageReport, Presentation, Rules, present};
use std::path::{Path, PathBuf};
use std::process::Command;

/// All files with a recipe; none if the SDK comes without its tests.
pub fn names(goroot: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for dir in DIRS {
        let Ok(entries) = std::fs::read_dir(goroot.join("test").join(dir)) else { continue };
        let files = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut files: Vec<String> = files.filter(|name| name.ends_with(".go") && !name.starts_with('.')).collect();
        files.sort();
        names.extend(files.into_iter().map(|name| if dir == "." { name } else { format!("{dir}/{name}") }));
    }
    names
}

pub fn judge(job: &Job, official: &Official) -> Verdict {
    try_judge(job, official).unwrap_or_else(Verdict::Fail)
}

fn try_judge(job: &Job, official: &Official) -> Result<Verdict, String> {
    let path = job.goroot.join("test").join(&job.name);
    let source = std::fs::read(&path).map_err(|error| format!("{}: {error}", job.name))?;
    let os = Os::from_name(&job.os).expect("jobs are made for known targets");
    let Some(recipe) = recipe(&String::from_utf8_lossy(&source), os)? else {
        return Ok(Verdict::Excluded("not a test for this target".to_owned()));
    };
    if !recipe.experiment.is_empty() {
        return Ok(Verdict::Excluded(format!("needs GOEXPERIMENT={}", recipe.experiment)));
    }
    let dir = path.with_extension("dir");
    match recipe.action.as_str() {
        "errorcheck" | "errorcheckdir" | "errorcheckandrundir" => {
            if let Some(reason) = recipe.optimiser_remarks() {
                return Ok(Verdict::Excluded(reason));
            }
            if let Some(reason) = official.failure(&job.name) {
                return Ok(Verdict::Excluded(format!("Go's own compiler fails it: {reason}")));
            }
            if recipe.action == "errorcheck" {
                judge_file(job, &recipe, &path)?;
            } else {
                judge_dir(job, &recipe, &dir)?;
            }
            Ok(Verdict::Pass)
        }
        "errorcheckoutput" => judge_output(job, &recipe, &path),
        "compile" | "build" | "run" | "buildrun" | "runoutput" | "asmcheck" => {
            let mut files = vec![path.clone()];
            files.extend(recipe.args.iter().filter(|arg| arg.ends_with(".go")).map(|arg| path.with_file_name(arg)));
            let package = LoosePackage { import_path: path_of_package(&recipe, "main"), files };
            no_errors(&check(job, &recipe, vec![package]))
        }
        "compiledir" | "rundir" => no_errors(&check(job, &recipe, packages_of(&dir, recipe.single_file_packages)?)),
        "builddir" | "buildrundir" => {
            let files = files_of(&dir, &["go", "s"])?;
            no_errors(&check(job, &recipe, vec![LoosePackage { import_path: "main".to_owned(), files }]))
        }
        "runindir" => check_module(job, &recipe, &dir),
        action => Err(format!("no rule for the action {action}")),
    }
}

/// `-p=runtime` names the package; Go's driver calls it `p` otherwise, and `main` where it is linked.
pub fn path_of_package(recipe: &Recipe, default: &str) -> String {
    let named = recipe.flags.iter().find_map(|flag| flag.strip_prefix("-p="));
    named.unwrap_or(default).to_owned()
}

fn check(job: &Job, recipe: &Recipe, packages: Vec<LoosePackage>) -> CheckOutcome {
    let rules = Rules::Compiler {
        std: recipe.has_flag("-std"),
        runtime: recipe.has_flag("-+"),
        complete: recipe.has_flag("-complete"),
    };
    let mut config = config(job, &job.goroot.join("test"), Inputs::Packages(packages), rules);
    config.lang = recipe.lang().and_then(LangVersion::parse);
    driver::check(&config)
}

fn no_errors(outcome: &CheckOutcome) -> Result<Verdict, String> {
    if !outcome.has_errors() {
        return Ok(Verdict::Checked);
    }
    let text = driver::render::Text { outcome, presentation: Presentation::BuildUnlimited, snippets: false };
    Err(text.to_string().trim_end().to_owned())
}

/// A program that writes the program to check; it takes a Go toolchain to run it.
fn judge_output(job: &Job, recipe: &Recipe, path: &Path) -> Result<Verdict, String> {
    let mut command = Command::new(job.goroot.join("bin/go"));
    command.arg("run").arg(path.file_name().unwrap_or_default()).args(&recipe.args);
    command
        .current_dir(path.parent().unwrap_or(path))
        .env("GOENV", "off")
        .env("GOFLAGS", "")
        .env("GOROOT", &job.goroot);
    command.env_remove("GOOS").env_remove("GOARCH").env("GOTOOLCHAIN", "local");
    let output = match command.output() {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => return Err(format!("go run: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => return Ok(Verdict::Excluded(format!("no Go toolchain to run it: {error}"))),
    };
    let work = Scratch::new()?;
    let file = work.path().join("tmp__.go");
    std::fs::write(&file, output).map_err(|error| format!("{}: {error}", file.display()))?;
    judge_file(job, recipe, &file)?;
    Ok(Verdict::Pass)
}

/// A directory that is to be the root of a module of its own.
fn check_module(job: &Job, recipe: &Recipe, dir: &Path) -> Result<Verdict, String> {
    let work = Scratch::new()?;
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    copy_tree(dir, work.path()).map_err(|error| format!("{}: {error}", dir.display()))?;
    let version = recipe.module_version.as_deref().unwrap_or("1.14");
    std::fs::write(work.path().join("go.mod"), format!("module {name}\ngo {version}\n"))
        .map_err(|error| format!("go.mod: {error}"))?;
    no_errors(&driver::check(&config(job, work.path(), Inputs::Patterns(vec![".".to_owned()]), Rules::BUILD)))
}

fn judge_file(job: &Job, recipe: &Recipe, path: &Path) -> Result<(), String> {
    let package = LoosePackage { import_path: path_of_package(recipe, "p"), files: vec![path.to_owned()] };
    let outcome = check(job, recipe, vec![package]);
    let messages = messages(&outcome, recipe, None);
    expect_failure(recipe.want_error, outcome.has_errors(), &messages)?;
    error_check(&[path], messages, recipe.want_auto)
}

/// The packages of a directory, in order: the last must fail, all others must not. With `errorcheckandrundir` the last
/// one is to run, so that it is the one before, if any, that fails.
fn judge_dir(job: &Job, recipe: &Recipe, dir: &Path) -> Result<(), String> {
    let packages = packages_of(dir, recipe.single_file_packages)?;
    let outcome = check(job, recipe, packages.clone());
    if let Some(error) = outcome.load_errors.first() {
        return Err(error.to_string());
    }
    let runs = recipe.action == "errorcheckandrundir" && recipe.want_error;
    let failing = packages.len().checked_sub(if runs { 2 } else { 1 });
    for (index, package) in packages.iter().enumerate() {
        let messages = messages(&outcome, recipe, Some(&package.import_path));
        let want_error = recipe.want_error && Some(index) == failing;
        expect_failure(want_error, !messages.is_empty(), &messages)?;
        let files: Vec<&Path> = package.files.iter().map(PathBuf::as_path).collect();
        error_check(&files, messages, recipe.want_auto)?;
    }
    Ok(())
}

fn expect_failure(want_error: bool, failed: bool, messages: &[Message]) -> Result<(), String> {
    match (want_error, failed) {
        (true, false) => Err("no error was found".to_owned()),
        (false, true) => {
            let shown = messages.iter().map(|message| format!("{}:{}: {}", message.file, message.line, message.text));
            Err(shown.collect::<Vec<_>>().join("\n"))
        }
        _ => Ok(()),
    }
}

/// What gc would print with `-C -e`, about one package or all.
fn messages(outcome: &CheckOutcome, recipe: &Recipe, import_path: Option<&str>) -> Vec<Message> {
    let limited = recipe.has_flag("-e=0");
    let presentation = if limited { Presentation::Build } else { Presentation::BuildUnlimited };
    let base_name = |file: &str| file.rsplit('/').next().unwrap_or_default().to_owned();
    let mut messages = Vec::new();
    for item in present(outcome, presentation) {
        match item {
            Item::Load(error) => messages.push(Message {
                file: error.place().map_or(String::new(), |at| base_name(&at.file)),
                line: error.place().map_or(0, |at| at.line),
                text: error.message.clone(),
            }),
            Item::Diagnostic(package, diagnostic) if import_path.is_none_or(|path| path == package.import_path) => {
                let location = diagnostic.pos.is_known().then(|| gc_location(&outcome.sources, diagnostic.pos));
                messages.push(Message {
                    file: location.as_ref().map_or(String::new(), |location| base_name(&location.file)),
                    line: location.map_or(0, |location| location.line),
                    text: message_text(outcome, package, diagnostic),
                });
            }
            Item::TooManyErrors(pos) => {
                let location = gc_location(&outcome.sources, pos);
                let text = "too many errors".to_owned();
                messages.push(Message { file: base_name(&location.file), line: location.line, text });
            }
            Item::Package(_) | Item::Diagnostic(..) => {}
        }
    }
    messages
}

/// The whole message; Go's driver shortens the names of the test's files to their last element.
fn message_text(outcome: &CheckOutcome, package: &PackageReport, diagnostic: &Diagnostic) -> String {
    let message = gc_message(&outcome.sources, package, diagnostic);
    let mut text = Diagnostic { message, ..diagnostic.clone() }.full_message(&outcome.sources);
    if diagnostic.pos.is_known() {
        let shown = outcome.sources.location(diagnostic.pos).file;
        let base_name = shown.rsplit('/').next().unwrap_or_default();
        text = text.replace(&*shown, base_name);
    }
    text
}

fn files_of(dir: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension)));
    files.sort();
    Ok(files)
}

/// Files with one package name are a package; it is called after its first file.
pub fn packages_of(dir: &Path, single_file: bool) -> Result<Vec<LoosePackage>, String> {
    let mut packages: Vec<(String, LoosePackage)> = Vec::new();
    for path in files_of(dir, &["go"])? {
        let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = String::from_utf8_lossy(&text);
        let clause = text.lines().find_map(|line| line.strip_prefix("package "));
        let Some(clause) = clause else { return Err(format!("{}: no package clause", path.display())) };
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let name = clause.split(|c| !is_name(c)).next().unwrap_or_default().to_owned();
        match packages.iter_mut().find(|(known, _)| *known == name && !single_file) {
            Some((_, package)) => package.files.push(path),
            None => {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                let import_path = if name == "main" { name.clone() } else { format!("test/{stem}") };
                packages.push((name, LoosePackage { import_path, files: vec![path] }));
            }
        }
    }
    Ok(packages.into_iter().map(|(_, package)| package).collect())
}
