//! How long loading takes, warm: `cargo run --release -p load --example time -- GOROOT pattern…`.

use base::SourceMap;
use load::{BuildContext, GoEnv, GoVersion, Goos, LoadConfig, fs::OsFileSystem};
use std::path::Path;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let goroot = arguments.next().expect("usage: time GOROOT pattern…");
    let goroot = Path::new(&goroot);
    let version = std::fs::read_to_string(goroot.join("VERSION")).expect("an SDK");
    let version = GoVersion::parse_toolchain(version.lines().next().unwrap_or_default()).expect("a version");
    let config = LoadConfig {
        ctx: BuildContext::new(goroot, version, Goos::Wasip1, Vec::new(), "").expect("a context"),
        work_dir: std::env::current_dir().expect("a working directory"),
        patterns: arguments.collect(),
        mod_flag: None,
        mod_file: None,
        env: GoEnv::default(),
        overlay: None,
        implicit_imports: vec!["runtime".into()],
    };
    for _ in 0..10 {
        let start = Instant::now();
        let mut sources = SourceMap::new();
        let (graph, errors) = load::load(&OsFileSystem, &config, &mut sources);
        let (packages, files, errors) = (graph.packages.len(), sources.len(), errors.len());
        println!("{:?}: {packages} packages, {files} files, {errors} errors", start.elapsed());
    }
}
