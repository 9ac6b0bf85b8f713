//! Where go.mod and go.work are, seen from a directory: in it, or in the nearest one above.

use crate::fs::{self, FileSystem};
use std::path::{Path, PathBuf};

/// The go.work file that holds; `gowork` is the setting GOWORK. One in the SDK itself is for its developers.
pub fn go_work(
    fs: &dyn FileSystem,
    work_dir: &Path,
    gowork: &str,
    goroot: Option<&Path>,
) -> Result<Option<PathBuf>, String> {
    match gowork {
        "off" => Ok(None),
        "" | "auto" => {
            let found = find_up(fs, work_dir, "go.work").filter(|dir| Some(dir.as_path()) != goroot);
            Ok(found.map(|dir| dir.join("go.work")))
        }
        path if !Path::new(path).is_absolute() => Err("go: invalid GOWORK: not an absolute path".into()),
        path => Ok(Some(fs::clean(Path::new(path)))),
    }
}

/// The go.mod file of the module that a directory lies in.
pub fn go_mod(fs: &dyn FileSystem, dir: &Path) -> Option<PathBuf> {
    find_up(fs, dir, "go.mod").map(|dir| dir.join("go.mod"))
}

/// The nearest directory with such a file.
pub(crate) fn find_up(fs: &dyn FileSystem, from: &Path, name: &str) -> Option<PathBuf> {
    from.ancestors().find(|dir| fs.is_file(&dir.join(name))).map(Path::to_owned)
}
