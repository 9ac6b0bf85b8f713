//! The standard library, against the real `go list`: same packages, same files, for both GOOS.
//!
//! Runs with every SDK in `GOSSAMER_TEST_GOROOTS` (a path list) and the one that the `go` on PATH belongs to; passes
//! over what is not there.

#![allow(clippy::disallowed_methods)] // tests read files and run programs

use base::SourceMap;
use load::fs::OsFileSystem;
use load::{BuildContext, Experiments, Goos, LoadConfig, ModuleConfig, Origin, sdk};
use std::path::Path;
use std::process::Command;

fn config(goroot: &Path, goos: Goos, pattern: &str) -> LoadConfig<'static> {
    let experiments = Experiments::read(&OsFileSystem, goroot).unwrap();
    LoadConfig {
        files: false,
        ctx: BuildContext::new(
            goroot,
            sdk::read_version(&OsFileSystem, goroot).unwrap(),
            goos,
            Vec::new(),
            &experiments,
        ),
        work_dir: goroot.join("src"),
        patterns: vec![pattern.to_owned()],
        modules: ModuleConfig { gowork: "off".into(), ..ModuleConfig::default() },
        overlay: None,
        implicit_imports: Vec::new(),
    }
}

fn go_list(goroot: &Path, goos: Goos, arguments: &[&str]) -> Vec<String> {
    let output = Command::new(goroot.join("bin/go"))
        .arg("list")
        .args(arguments)
        .env("GOOS", goos.name())
        .env("GOARCH", "wasm")
        .env("GOTOOLCHAIN", "local")
        .env("GOROOT", goroot)
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn std_is_what_go_lists() {
    for goroot in testing::goroots() {
        for goos in [Goos::Js, Goos::Wasip1] {
            let format = "{{.ImportPath}} {{.Name}} {{join .GoFiles \",\"}} {{join .SFiles \",\"}} {{range .Imports}}{{.}},{{end}}";
            // `go list` also names packages that consist of tests.
            let format = format!("{{{{if .GoFiles}}}}{format}{{{{end}}}}");
            let expected = go_list(&goroot, goos, &["-f", &format, "std"]);
            let mut sources = SourceMap::new();
            let (graph, errors) = load::load(&OsFileSystem, &config(&goroot, goos, "std"), &mut sources);
            let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert!(shown.is_empty(), "{goroot:?} {goos}: {}", shown.join("\n"));
            let ours: Vec<String> = graph
                .roots
                .iter()
                .map(|&id| {
                    let package = &graph.packages[id];
                    assert_eq!(package.origin, Origin::Std);
                    let files: Vec<&str> = package.files.iter().map(|file| file.name.as_str()).collect();
                    let mut imports: Vec<&str> =
                        package.imports.iter().map(|(_, id)| graph.packages[*id].import_path.as_str()).collect();
                    imports.push(""); // a comma at the end
                    let (files, asm, imports) = (files.join(","), package.asm_files.join(","), imports.join(","));
                    format!("{} {} {files} {asm} {imports}", package.import_path, package.name)
                })
                .collect();
            for (ours, expected) in ours.iter().zip(&expected) {
                assert_eq!(ours, expected, "{goroot:?} {goos}");
            }
            assert_eq!(ours.len(), expected.len(), "{goroot:?} {goos}");
        }
    }
}

#[test]
fn tool_tags_are_those_of_go() {
    for goroot in testing::goroots() {
        let ours = config(&goroot, Goos::Js, "std").ctx.tool_tags.join(" ");
        let expected = go_list(&goroot, Goos::Js, &["-f", "{{join context.ToolTags \" \"}}", "unsafe"]);
        assert_eq!(ours, expected[0], "{goroot:?}");
    }
}

#[test]
fn imports_come_before_importers() {
    for goroot in testing::goroots() {
        let mut sources = SourceMap::new();
        let (graph, errors) = load::load(&OsFileSystem, &config(&goroot, Goos::Wasip1, "fmt"), &mut sources);
        assert!(errors.is_empty());
        let mut seen = std::collections::HashSet::new();
        for &id in &graph.order {
            assert!(graph.packages[id].imports.iter().all(|(_, import)| seen.contains(import)));
            seen.insert(id);
        }
        assert_eq!(seen.len(), graph.packages.len());
        assert_eq!(graph.find("fmt"), Some(graph.roots[0]));
    }
}

#[test]
fn threads_make_no_difference() {
    let Some(goroot) = testing::goroots().pop() else { return };
    let load = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut sources = SourceMap::new();
            let (graph, _) = load::load(&OsFileSystem, &config(&goroot, Goos::Js, "net/http"), &mut sources);
            let packages = graph.packages.values().map(|package| {
                let files = package.files.iter().map(|file| (file.id, sources.file(file.id).base));
                (package.import_path.clone(), files.collect::<Vec<_>>())
            });
            (packages.collect::<Vec<_>>(), graph.order.clone())
        })
    };
    assert!(load(1) == load(4));
}
