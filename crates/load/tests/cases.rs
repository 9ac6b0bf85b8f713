//! One case is one file in `cases/`: a tree of files in the txtar format, settings above it, and what loading makes of
//! it in a file called `expect`. `BLESS=1` rewrites the expectations.
//!
//! Settings are `# name: value` lines: `patterns` (blank-separated), `dir` (where the user stands), `mod`, `modfile`,
//! `tags`, `goos`, `version`, `gowork`, `overlay` (a file in the form of `-overlay`). Names of files are relative to
//! `/user/me`; absolute ones may add to the SDK `/goroot`, the module cache `/user/modcache` and the toolchain's overlay
//! `/overlay`.
//!
//! With `GOSSAMER_TEST_GO=1` each case that expects errors is also given to the `go` on PATH, which must print the
//! same; a line `# go: …` says why one does not.

#![allow(clippy::disallowed_methods)] // tests read files and run programs

use base::SourceMap;
use load::buildinfo::module_lines;
use load::dirhash::of_mod_file;
use load::fs::{MemoryFileSystem, ReplacedFileSystem};
use load::overlay::Overlay;
use load::{BuildContext, Experiments, GoVersion, Goos, LoadConfig, ModMode, ModuleConfig, Origin};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Case {
    path: PathBuf,
    settings: BTreeMap<String, String>,
    /// By absolute path.
    files: Vec<(String, String)>,
    /// The file's text up to the expectation.
    head: String,
    expect: String,
}

impl Case {
    fn read(path: &Path) -> Case {
        let text = std::fs::read_to_string(path).unwrap();
        let (head, expect) = text.split_once("-- expect --\n").unwrap_or((&text, ""));
        let mut settings = BTreeMap::new();
        let mut files: Vec<(String, String)> = Vec::new();
        for line in head.split_inclusive('\n') {
            if let Some(name) = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                let name = if name.starts_with('/') { name.to_owned() } else { format!("/user/me/{name}") };
                files.push((name, String::new()));
            } else if let Some((_, text)) = files.last_mut() {
                text.push_str(line);
            } else if let Some((name, value)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(": ")) {
                settings.insert(name.to_owned(), value.trim().to_owned());
            }
        }
        Case { path: path.to_owned(), settings, files, head: head.to_owned(), expect: expect.to_owned() }
    }

    fn setting(&self, name: &str) -> &str {
        self.settings.get(name).map_or("", String::as_str)
    }

    fn words(&self, name: &str) -> Vec<String> {
        self.setting(name).split_whitespace().map(str::to_owned).collect()
    }

    fn run(&self) -> String {
        let mut tree = MemoryFileSystem::new();
        for (path, imports) in STD {
            let name = path.rsplit('/').next().unwrap();
            let imports: String = imports.split_whitespace().map(|path| format!("import _ {path:?}\n")).collect();
            tree.add(format!("/goroot/src/{path}/{name}.go"), format!("package {name}\n{imports}"));
        }
        tree.add("/goroot/src/internal/godebugs/table.go", GODEBUGS);
        let mut overlay_list = None;
        let mut overlay_sources = Vec::new();
        for (path, text) in &self.files {
            match path.strip_prefix("/overlay/") {
                Some("overlay.toml") => overlay_list = Some(text.as_str()),
                Some(source) => overlay_sources.push((source, text.as_bytes())),
                None => tree.add(path, self.with_mod_hashes(text)),
            }
        }
        let overlay = match overlay_list.map(|list| Overlay::parse(list, overlay_sources)) {
            Some(Err(message)) => return message + "\n",
            Some(Ok(overlay)) => Some(overlay),
            None => None,
        };
        let version = match self.setting("version") {
            "" => GoVersion::release(26, 8),
            text => GoVersion::parse(text).unwrap(),
        };
        let goos = Goos::from_name(self.setting("goos")).unwrap_or(Goos::Wasip1);
        let work_dir = load::fs::clean(&Path::new("/user/me").join(self.setting("dir")));
        let config = LoadConfig {
            files: false,
            ctx: BuildContext::new(Path::new("/goroot"), version, goos, self.words("tags"), &Experiments::default()),
            patterns: self.words("patterns"),
            modules: ModuleConfig {
                mode: ModMode::from_name(self.setting("mod")),
                modfile: Some(self.setting("modfile")).filter(|file| !file.is_empty()).map(PathBuf::from),
                gowork: self.setting("gowork").into(),
                go111module: self.setting("go111module").into(),
                gomodcache: "/user/modcache".into(),
                gotoolchain: "local".into(),
            },
            overlay: overlay.as_ref(),
            implicit_imports: Vec::new(),
            work_dir,
        };
        let mut sources = SourceMap::new();
        let (graph, errors) = match self.setting("overlay") {
            "" => load::load(&tree, &config, &mut sources),
            file => {
                let json = self.files.iter().find(|(path, _)| *path == format!("/user/me/{file}")).unwrap();
                match ReplacedFileSystem::parse(&tree, json.1.as_bytes(), &config.work_dir) {
                    Err(message) => return message + "\n",
                    Ok(view) => load::load(&view, &config, &mut sources),
                }
            }
        };
        let mut out = String::new();
        for notice in &graph.notices {
            writeln!(out, "{notice}").unwrap();
        }
        for error in &errors {
            writeln!(out, "{error}").unwrap();
        }
        if !errors.is_empty() {
            return out;
        }
        for &id in &graph.order {
            let package = &graph.packages[id];
            if package.origin == Origin::Std && package.replaced_functions.is_empty() {
                continue;
            }
            let module = package.module.map(|id| &graph.modules[id]);
            let module = module.map_or(String::new(), |module| format!(" of {} {}", module.path, module.version));
            let root = if graph.roots.contains(&id) { "*" } else { "" };
            writeln!(out, "{root}{} ({}) {:?}{}", package.import_path, package.name, package.origin, module.trim_end())
                .unwrap();
            for file in &package.files {
                let note = if file.from_overlay { " overlay" } else { "" };
                writeln!(out, "\t{} {}{note}", sources.file(file.id).shown, file.version).unwrap();
            }
            for (written, id) in &package.imports {
                let target = &graph.packages[*id].import_path;
                let meaning = if target == written { String::new() } else { format!(" = {target}") };
                writeln!(out, "\timport {written}{meaning}").unwrap();
            }
            for embed in &package.embeds {
                writeln!(out, "\tembed {}: {}", embed.pattern, embed.files.join(" ")).unwrap();
            }
            for asm in &package.asm_files {
                writeln!(out, "\tasm {asm}").unwrap();
            }
            if !package.default_godebug.is_empty() {
                writeln!(out, "\tgodebug {}", package.default_godebug).unwrap();
            }
            if !root.is_empty() && package.name == "main" {
                let lines = module_lines(&graph, id);
                let lines = lines.lines().skip_while(|line| !line.starts_with("dep"));
                lines.for_each(|line| writeln!(out, "\tinfo {line}").unwrap());
            }
            if !package.replaced_functions.is_empty() {
                writeln!(out, "\treplaced {}", package.replaced_functions.join(" ")).unwrap();
            }
        }
        out
    }

    /// With `h1:mod=` in go.sum replaced by the hash of the go.mod in the module cache.
    fn with_mod_hashes(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (path, mod_file) in self.files.iter().filter(|(path, _)| path.ends_with(".mod")) {
            let Some(module) = path.strip_prefix("/user/modcache/cache/download/") else { continue };
            let module = module.trim_end_matches(".mod").replace("/@v/", " ").replace("!x", "X");
            let hash = of_mod_file(mod_file.as_bytes());
            text = text.replace(&format!("{module}/go.mod h1:mod="), &format!("{module}/go.mod {hash}"));
        }
        text
    }

    /// What `go build` prints, with the places named as in memory.
    fn run_go(&self, goroot: &Path) -> String {
        let name = self.path.file_stem().unwrap().to_string_lossy().into_owned();
        let root = std::env::temp_dir().join(format!("gossamer-load-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        let write = |path: &str, text: &str| {
            let path = root.join(&path[1..]);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text.replace("/user/me/", &format!("{}/user/me/", root.display()))).unwrap();
        };
        let sums =
            |text: &str| self.with_mod_hashes(&text.replace("h1:zip=", ZIP_HASH).replace("h1:other=", OTHER_HASH));
        for (path, text) in &self.files {
            write(path, &sums(text));
            if let Some(module) = path.strip_suffix(".mod").filter(|path| path.starts_with("/user/modcache/")) {
                let version = module.rsplit('/').next().unwrap();
                write(&format!("{module}.info"), &format!("{{\"Version\":{version:?}}}"));
                if !self.files.iter().any(|(path, _)| *path == format!("{module}.ziphash")) {
                    write(&format!("{module}.ziphash"), ZIP_HASH);
                }
            }
        }
        let work_dir = root.join("user/me").join(self.setting("dir"));
        std::fs::create_dir_all(&work_dir).unwrap();
        let mut go = Command::new(goroot.join("bin/go"));
        // Into a directory of its own: as root, a failing build removes what `-o` names, be it a device.
        std::fs::create_dir_all(root.join("out")).unwrap();
        go.args(["build", "-buildvcs=false", "-o"]).arg(root.join("out"));
        for flag in ["mod", "modfile", "tags", "overlay"] {
            if !self.setting(flag).is_empty() {
                go.arg(format!("-{flag}={}", self.setting(flag)));
            }
        }
        let goos = if self.setting("goos").is_empty() { "wasip1" } else { self.setting("goos") };
        let cache = root.join("cache");
        go.args(self.words("patterns"))
            .env("GOROOT", goroot)
            .env("GOOS", goos)
            .env("GOARCH", "wasm")
            .env("GOTOOLCHAIN", "local")
            .env("GOENV", "off")
            .env("GOFLAGS", "")
            .env("GOPROXY", "off")
            .env("GONOSUMDB", "*")
            .env("GO111MODULE", self.setting("go111module"))
            .env("GOWORK", self.setting("gowork").replace("/user/me/", &format!("{}/user/me/", root.display())))
            .env("GOMODCACHE", root.join("user/modcache"))
            .env("GOCACHE", &cache)
            .current_dir(work_dir);
        let output = go.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).replace(&root.display().to_string(), "");
        std::fs::remove_dir_all(&root).unwrap();
        let stderr = stderr.replace(ZIP_HASH, "h1:zip=").replace(OTHER_HASH, "h1:other=");
        stderr.replace(&goroot.display().to_string(), "/goroot")
    }
}

/// Hashes must at least look like hashes.
const ZIP_HASH: &str = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const OTHER_HASH: &str = "h1:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// The SDK of the cases: packages with their imports.
const STD: &[(&str, &str)] = &[
    ("fmt", "errors unsafe internal/abi"),
    ("errors", ""),
    ("unsafe", ""),
    ("embed", "errors"),
    ("runtime", "internal/abi"),
    ("internal/abi", ""),
    ("net", "golang.org/x/net/dns"),
    ("vendor/golang.org/x/net/dns", "errors"),
];

const GODEBUGS: &str = "package godebugs\n\nvar All = []Info{\n\t{Name: \"old\", Package: \"p\", Changed: 21, Old: \"1\"},\n\
    \t{Name: \"panicnil\", Package: \"runtime\", Changed: 21, Old: \"1\"},\n\t{Name: \"http2debug\", Package: \"net/http\"},\n}\n";

#[test]
fn cases() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let goroot = std::env::var_os("GOSSAMER_TEST_GO").and_then(|_| testing::goroot());
    let mut failures = String::new();
    for path in paths {
        let case = Case::read(&path);
        let got = case.run();
        let name = path.file_name().unwrap().to_string_lossy();
        if got != case.expect {
            if testing::is_blessing() {
                std::fs::write(&path, format!("{}-- expect --\n{got}", case.head)).unwrap();
            } else {
                write!(failures, "{name}: expected\n{}\ngot\n{got}\n", case.expect).unwrap();
            }
        }
        let is_graph = got.is_empty() || got.lines().any(|line| line.starts_with('*'));
        if let Some(goroot) = &goroot
            && !is_graph
            && case.setting("go").is_empty()
        {
            let theirs = case.run_go(goroot);
            if theirs != got {
                write!(failures, "{name}: go prints\n{theirs}\nwe print\n{got}\n").unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}
