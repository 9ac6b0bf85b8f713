//! Makes the table of the overlay's sources that `overlay::embedded` reads: every file of `runtime/` but the list.
#![allow(clippy::disallowed_methods)] // a build script reads and writes files

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let crate_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"));
    let root = crate_dir.join("../../runtime").canonicalize()?;
    let mut names = Vec::new();
    collect(&root, "", &mut names)?;
    names.sort();
    let mut table = String::from("&[\n");
    for name in names {
        let path = root.join(&name);
        table += &format!("    ({name:?}, include_bytes!({:?})),\n", path.display().to_string());
    }
    table += "]\n";
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where output goes"));
    fs::write(out.join("overlay_sources.rs"), table)
}

/// Paths below `dir`, with slashes, of the files that make up packages.
fn collect(dir: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", dir.display());
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), names)?;
        } else if name.ends_with(".go") || name.ends_with(".s") {
            names.push(name);
        }
    }
    Ok(())
}
