//! Directives: small cases as data, and what GOROOT has of them.
//!
//! Each file in `directives` holds a Go source and, behind `----` lines, what is said about its directives.
//!
//! ```text
//! // rules: std runtime 1.27 incomplete lang=17
//! package p
//! …
//! ---- read
//! 3:3: misplaced compiler directive
//! ---- check
//! …
//! ---- table
//! …
//! ```
//!
//! The first line is optional, and so is each of its words. `read` holds the complaints of parsing, those of the parser
//! included, in order; `check` the ones that come after types; `table` is what the directives say. The complaints are
//! those of `GOARCH=wasm go tool compile -complete -p p x.go`, as far as they can be had together. `BLESS=1` rewrites
//! the sections that a file has; a file without any gets all.
#![allow(clippy::disallowed_methods)] // tests read files and run programs

mod common;

use base::Symbol;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use syntax::Bodies;
use syntax::ast::{Decl, File};
use syntax::directive::{self, FileDirectives, FuncDirectives, PackageRules, ReadRules};

struct Rules {
    read: ReadRules,
    package: PackageRules,
}

impl Rules {
    fn of(source: &str) -> Rules {
        let mut rules = Rules { read: ReadRules::default(), package: PackageRules { complete: true, lang_minor: 26 } };
        let words = source.lines().next().and_then(|line| line.strip_prefix("// rules:")).unwrap_or("");
        for word in words.split_whitespace() {
            match word {
                "std" => rules.read.standard = true,
                "runtime" => rules.read.runtime = true,
                "1.27" => rules.read.linkname_std = true,
                "incomplete" => rules.package.complete = false,
                _ => rules.package.lang_minor = word.strip_prefix("lang=").unwrap().parse().unwrap(),
            }
        }
        rules
    }
}

#[test]
fn cases() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/directives");
    testing::check(&dir, |_, text| {
        let (source, sections) = testing::split_sections(text, &["read", "check", "table"]);
        with_results(source, &sections)
    });
}

fn with_results(source: &str, sections: &[&str]) -> String {
    let rules = Rules::of(source);
    let mut text = source.to_string();
    common::parse(source.as_bytes(), Bodies::Parse, |parsed, map| {
        let mut directives = directive::read(&parsed.file, rules.read);
        let found = std::mem::take(&mut directives.diagnostics);
        for section in sections {
            writeln!(text, "---- {section}").unwrap();
            let diagnostics = match *section {
                "read" => directive::in_order_of_reading(parsed.diagnostics.clone(), found.clone()),
                "check" => {
                    let declared = declared(&[&parsed.file]);
                    directive::check(&[(&parsed.file, &directives)], rules.package, |name| declared.contains(&name))
                }
                "table" => {
                    text.push_str(&table(&parsed.file, &directives));
                    continue;
                }
                _ => panic!("no section is called {section}"),
            };
            for diagnostic in diagnostics {
                let (_, line, column) = map.physical(diagnostic.pos);
                writeln!(text, "{line}:{column}: {}", diagnostic.message).unwrap();
            }
        }
    });
    text
}

fn table(file: &File, directives: &FileDirectives) -> String {
    let mut text = String::new();
    for linkname in &directives.linknames {
        let std = if linkname.std_only { "std" } else { "" };
        write!(text, "linkname{std} {}", linkname.local).unwrap();
        if let Some(target) = linkname.target {
            write!(text, " {target}").unwrap();
        }
        text.push('\n');
    }
    for (index, decl) in file.decls.iter().enumerate() {
        match decl {
            Decl::Func(func) => {
                let FuncDirectives { flags, wasm_import, wasm_export } = directives.func(index);
                if !flags.is_empty() {
                    writeln!(text, "{}: {flags:?}", func.name.name).unwrap();
                }
                if let Some(import) = wasm_import {
                    writeln!(text, "{}: wasmimport {} {}", func.name.name, import.module, import.name).unwrap();
                }
                if let Some(export) = wasm_export {
                    writeln!(text, "{}: wasmexport {}", func.name.name, export.name).unwrap();
                }
            }
            Decl::Var(var) => {
                for embed in directives.embeds(index) {
                    writeln!(text, "{}: embed {:?}", var.names[0].name, embed.patterns).unwrap();
                }
            }
            _ => {}
        }
    }
    text
}

/// The functions and variables of a package.
fn declared(files: &[&File]) -> HashSet<Symbol> {
    let mut names = HashSet::new();
    for decl in files.iter().flat_map(|file| file.decls) {
        match decl {
            Decl::Func(func) if func.recv.is_none() && func.name.name.as_str() != "init" => {
                names.insert(func.name.name);
            }
            Decl::Var(var) => names.extend(var.names.iter().map(|name| name.name)),
            _ => {}
        }
    }
    names
}

#[test]
fn skipped_bodies_are_not_judged() {
    let source = b"\
package p

func f() {
\t//go:embed x
\tvar x string
\t//go:linkname f
\t//go:nosplit
\ttype T int
}

func g( //go:nosplit
) {
}

//go:nosplit
";
    let expected = ["11:11: misplaced compiler directive", "15:3: misplaced compiler directive"];
    for bodies in [Bodies::Parse, Bodies::Skip] {
        common::parse(source, bodies, |parsed, map| {
            let directives = directive::read(&parsed.file, ReadRules::default());
            let shown = directives.diagnostics.iter().map(|found| {
                let (_, line, column) = map.physical(found.pos);
                format!("{line}:{column}: {}", found.message)
            });
            assert_eq!(shown.collect::<Vec<_>>(), expected);
            assert_eq!(directives.linknames.len(), 1);
            let rules = PackageRules { complete: true, lang_minor: 26 };
            let found = directive::check(&[(&parsed.file, &directives)], rules, |_| true);
            // The linkname without unsafe, and what the local declarations have.
            assert_eq!(found.len(), if bodies == Bodies::Parse { 3 } else { 1 });
        });
    }
}

/// All of std is in order.
#[test]
fn std_has_no_complaints() {
    let Some(goroot) = testing::goroot() else { return };
    let version = std::fs::read_to_string(goroot.join("VERSION")).unwrap_or_default();
    let linkname_std = !version.starts_with("go1.26");
    let src = goroot.join("src");
    let mut dirs = vec![src.clone()];
    let (mut complaints, mut files, mut linknames, mut funcs, mut embeds) = (Vec::new(), 0, 0, 0, 0);
    while let Some(dir) = dirs.pop() {
        let mut sources = Vec::new();
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if name != "testdata" && path != src.join("cmd") {
                    dirs.push(path);
                }
            } else if name.ends_with(".go") && !name.ends_with("_test.go") {
                sources.push((path.clone(), std::fs::read(&path).unwrap()));
            }
        }
        // The files for one system are not known here, so each is taken alone with what all of them declare.
        let mut names = HashSet::new();
        for (_, text) in &sources {
            common::parse(text, Bodies::Skip, |parsed, _| names.extend(declared(&[&parsed.file])));
        }
        let import_path = dir.strip_prefix(&src).unwrap().to_str().unwrap();
        let rules = ReadRules { standard: true, runtime: directive::is_runtime_package(import_path), linkname_std };
        for (path, text) in &sources {
            common::parse(text, Bodies::Parse, |parsed, map| {
                let directives = directive::read(&parsed.file, rules);
                let package = PackageRules { complete: false, lang_minor: 26 };
                let mut found = directive::check(&[(&parsed.file, &directives)], package, |name| names.contains(&name));
                found.extend(directives.diagnostics.iter().cloned());
                for found in found {
                    complaints.push(format!("{path:?}: {}: {}", map.location(found.pos), found.message));
                }
                files += 1;
                linknames += directives.linknames.len();
                funcs += directives.funcs.len();
                embeds += directives.embeds.len();
            });
        }
    }
    println!("{files} files: {linknames} linknames, {funcs} functions, {embeds} embeds");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The files of GOROOT/test about directives, as far as they do not depend on types: each line's ERROR comment.
#[test]
fn errors_of_goroot_tests() {
    let Some(goroot) = testing::goroot() else { return };
    let tests = [
        ("directive.go", 26),
        ("directive2.go", 26),
        ("embedfunc.go", 26),
        ("embedvers.go", 15),
        ("wasmexport.go", 26),
        ("fixedbugs/issue18459.go", 26),
        ("fixedbugs/issue30061.go", 26),
        ("fixedbugs/issue55889.go", 17),
    ];
    let mut wrong = Vec::new();
    for (name, lang_minor) in tests {
        let path: PathBuf = goroot.join("test").join(name);
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("skipped: no {}", path.display());
            continue;
        };
        common::parse(text.as_bytes(), Bodies::Parse, |parsed, map| {
            let directives = directive::read(&parsed.file, ReadRules::default());
            let declared = declared(&[&parsed.file]);
            let package = PackageRules { complete: true, lang_minor };
            let mut found = directive::check(&[(&parsed.file, &directives)], package, |name| declared.contains(&name));
            found.extend(directives.diagnostics.iter().cloned());
            found.extend(parsed.diagnostics.iter().cloned());
            for (index, line) in text.lines().enumerate() {
                let number = index as u32 + 1;
                let at_line = |pos| map.physical(pos).1 == number;
                let shown = || found.iter().filter(|found| at_line(found.pos)).map(|found| found.message.as_str());
                let right = match line.split_once("// ERROR ") {
                    Some((_, pattern)) => {
                        let pattern = pattern.trim().trim_matches(['"', '`']);
                        shown().count() > 0 && shown().all(|message| common::regex_matches(pattern, message))
                    }
                    None => shown().count() == 0,
                };
                if !right {
                    wrong.push(format!("{name}:{number}: {:?}", shown().collect::<Vec<_>>()));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
