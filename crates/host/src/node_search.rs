//! Finds a Node.js that is new enough.
//!
//! `GOSSAMER_NODE` is taken at its word. Without it, the project's own Node comes first, as npm would have it
//! (`node_modules/.bin/node` in the project's directory or one above), and then PATH. One that is too old is passed over
//! for a later one, so that a machine's old Node does not stand in the way of a new one.

use crate::error::{HostError, NodeCandidate};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first that has `exnref` exceptions in their final form, if only behind a flag.
pub const OLDEST_MAJOR: u32 = 24;

/// Where to look.
#[derive(Clone, Debug, Default)]
pub struct NodeSearch {
    /// `GOSSAMER_NODE`
    pub named: Option<PathBuf>,
    /// The directory whose `node_modules`, and whose parents', are looked at.
    pub project: PathBuf,
    /// `PATH`
    pub path: OsString,
}

/// A Node that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundNode {
    pub executable: PathBuf,
    /// Of its version.
    pub major: u32,
}

impl NodeSearch {
    pub fn from_environment(project: &Path) -> NodeSearch {
        NodeSearch {
            named: env::var_os("GOSSAMER_NODE").filter(|name| !name.is_empty()).map(PathBuf::from),
            project: project.to_owned(),
            path: env::var_os("PATH").unwrap_or_default(),
        }
    }

    pub fn find(&self) -> Result<FoundNode, HostError> {
        let mut passed_over = Vec::new();
        for executable in self.candidates() {
            match major_version(&executable) {
                Ok(major) if major >= OLDEST_MAJOR => return Ok(FoundNode { executable, major }),
                Ok(major) => passed_over.push(NodeCandidate { path: executable, fault: format!("is version {major}") }),
                Err(fault) => passed_over.push(NodeCandidate { path: executable, fault }),
            }
        }
        Err(HostError::NoNode(passed_over))
    }

    /// Existing files, each path once. A named one need not exist: its absence is worth saying.
    fn candidates(&self) -> Vec<PathBuf> {
        if let Some(named) = &self.named {
            return vec![named.clone()];
        }
        let project = std::path::absolute(&self.project).unwrap_or_else(|_| self.project.clone());
        let installed = project.ancestors().map(|dir| dir.join("node_modules/.bin").join(LOCAL_NAME));
        let on_path = env::split_paths(&self.path).map(|dir| dir.join(NAME));
        let mut found: Vec<PathBuf> = Vec::new();
        for candidate in installed.chain(on_path) {
            if candidate.is_file() && !found.contains(&candidate) {
                found.push(candidate);
            }
        }
        found
    }
}

const NAME: &str = if cfg!(windows) { "node.exe" } else { "node" };

/// npm links executables on Unix, and writes batch files on Windows.
const LOCAL_NAME: &str = if cfg!(windows) { "node.cmd" } else { "node" };

fn major_version(executable: &Path) -> Result<u32, String> {
    let output = Command::new(executable).arg("--version").output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse_major(text.trim()).ok_or_else(|| "does not answer --version as Node does".to_owned())
}

/// `v26.10.0` is 26.
fn parse_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// Something that answers `--version`.
    fn fake_node(dir: &Path, version: &str) -> PathBuf {
        fs::create_dir_all(dir).unwrap();
        let file = dir.join("node");
        fs::write(&file, format!("#!/bin/sh\necho {version}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    #[test]
    fn the_projects_node_comes_before_the_machines() {
        let base = tempfile::tempdir().unwrap();
        let machine = fake_node(&base.path().join("bin"), "v25.9.0");
        let project = base.path().join("module/cmd/tool");
        fs::create_dir_all(&project).unwrap();
        let search = NodeSearch { named: None, project, path: base.path().join("bin").into() };
        assert_eq!(search.find().unwrap(), FoundNode { executable: machine, major: 25 });
        let local = fake_node(&base.path().join("module/node_modules/.bin"), "v26.10.0");
        assert_eq!(search.find().unwrap(), FoundNode { executable: local, major: 26 });
    }

    #[test]
    fn an_old_node_is_passed_over() {
        let base = tempfile::tempdir().unwrap();
        let old = fake_node(&base.path().join("old"), "v20.20.2");
        let new = fake_node(&base.path().join("new"), "v24.0.0");
        let path = env::join_paths([old.parent().unwrap(), new.parent().unwrap()]).unwrap();
        let mut search = NodeSearch { named: None, project: base.path().to_owned(), path };
        assert_eq!(search.find().unwrap().executable, new);
        search.path = old.parent().unwrap().into();
        let message = search.find().unwrap_err().to_string();
        assert!(message.contains(&format!("{}: is version 20", old.display())), "{message}");
        assert!(message.starts_with("programs for GOOS=js run in Node.js 24 or newer, and there is none"), "{message}");
    }

    #[test]
    fn a_named_node_is_the_only_candidate() {
        let base = tempfile::tempdir().unwrap();
        let path = fake_node(&base.path().join("bin"), "v26.0.0").parent().unwrap().into();
        let named = base.path().join("nowhere/node");
        let search = NodeSearch { named: Some(named.clone()), project: base.path().to_owned(), path };
        let HostError::NoNode(candidates) = search.find().unwrap_err() else { panic!("another error") };
        assert_eq!(candidates.len(), 1);
        assert_eq!(candidates[0].path, named);
    }

    #[test]
    fn what_is_no_node_is_passed_over() {
        let base = tempfile::tempdir().unwrap();
        let path = fake_node(base.path(), "hello").parent().unwrap().into();
        let search = NodeSearch { named: None, project: base.path().to_owned(), path };
        assert!(search.find().unwrap_err().to_string().contains("does not answer --version as Node does"));
    }
}
