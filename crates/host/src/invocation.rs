//! What a program is started with.

use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub struct Invocation {
    /// `os.Args[0]`. On js its last element only, in a temporary directory: `wasm_exec_node.js` passes on the path that
    /// it read the module from.
    pub name: String,
    /// `os.Args[1:]`
    pub args: Vec<String>,
    /// The program's whole environment. On wasip1 `PWD` is the working directory, by the Go runtime's convention.
    pub env: Vec<(String, String)>,
    pub dir: PathBuf,
    pub stdio: Stdio,
}

#[derive(Clone, Debug)]
pub enum Stdio {
    /// This process's own.
    Inherit,
    /// Standard input is `input` and then ends; standard output and error are kept for [`Ended`](crate::Ended).
    Capture { input: Vec<u8> },
    /// As [`Stdio::Capture`], with standard error written to where standard output goes, in the order of writing.
    CaptureMerged { input: Vec<u8> },
}

/// This process's environment, with `PWD` naming `dir`.
///
/// Names and values that are not UTF-8 are passed on as far as they go: wasm hosts take text.
pub fn inherited_environment(dir: &Path) -> Vec<(String, String)> {
    let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let mut env: Vec<(String, String)> = std::env::vars_os()
        .map(|(name, value)| (lossy(name), lossy(value)))
        .filter(|(name, _)| name != "PWD")
        .collect();
    env.push(("PWD".to_owned(), guest_path(&working_directory(dir))));
    env
}

/// `dir` by the name the shell knows it by (`$PWD`), if that is still right: links in the path stay, as in `os.Getwd`.
pub fn working_directory(dir: &Path) -> PathBuf {
    by_the_shell(dir, std::env::var_os("PWD").map(PathBuf::from))
}

fn by_the_shell(dir: &Path, shell: Option<PathBuf>) -> PathBuf {
    let actual = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let same = |shell: &PathBuf| {
        shell.is_absolute() && matches!((shell.canonicalize(), actual.canonicalize()), (Ok(a), Ok(b)) if a == b)
    };
    shell.filter(same).unwrap_or(actual)
}

/// The path inside a guest that sees the file system at `/`.
#[cfg(unix)]
fn guest_path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// There is no one root: the guest sees the working directory at `/`.
#[cfg(not(unix))]
fn guest_path(_path: &Path) -> String {
    "/".to_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_shells_name_for_a_directory_is_kept() {
        let base = tempfile::tempdir().unwrap();
        let real = base.path().join("real");
        let link = base.path().join("link");
        std::fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert_eq!(by_the_shell(&real, Some(link.clone())), link);
        assert_eq!(by_the_shell(&real, Some(base.path().to_owned())), real);
        assert_eq!(by_the_shell(&real, None), real);
    }
}
