//! Lists packages with their files and language version, as
//! `go list -deps -f '{{.ImportPath}} {{join .GoFiles ","}}'` does, and says how long loading took, several times:
//! `cargo run -p load --example list -- GOROOT GOOS pattern…`.

#![allow(clippy::disallowed_methods)] // a program of its own

use base::SourceMap;
use load::{BuildContext, Experiments, GoEnv, Goos, LoadConfig, ModuleConfig, fs::OsFileSystem, sdk};
use std::path::Path;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let goroot = arguments.next().expect("usage: list GOROOT GOOS pattern…");
    let goroot = Path::new(&goroot);
    let goos = arguments.next().and_then(|goos| Goos::from_name(&goos)).expect("js or wasip1");
    let version = sdk::read_version(&OsFileSystem, goroot).expect("an SDK");
    let env = GoEnv::read(&OsFileSystem, std::env::vars());
    let experiments = Experiments::read(&OsFileSystem, goroot).expect("an SDK");
    let config = LoadConfig {
        files: false,
        ctx: BuildContext::new(goroot, version, goos, Vec::new(), &experiments),
        work_dir: std::env::current_dir().expect("a working directory"),
        patterns: arguments.collect(),
        modules: ModuleConfig { gomodcache: env.gomodcache(), ..ModuleConfig::default() },
        overlay: None,
        implicit_imports: vec!["runtime".into()],
    };
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        std::hint::black_box(load::load(&OsFileSystem, &config, &mut SourceMap::new()));
        times.push(start.elapsed());
    }
    let mut sources = SourceMap::new();
    let (graph, errors) = load::load(&OsFileSystem, &config, &mut sources);
    for package in graph.packages.values() {
        let files: Vec<&str> = package.files.iter().map(|file| file.name.as_str()).collect();
        println!("{} {}", package.import_path, files.join(","));
    }
    for error in errors {
        eprintln!("{error}");
    }
    times.sort();
    eprintln!("{} packages, {} files; median {:?}", graph.packages.len(), sources.len(), times[times.len() / 2]);
}
