//! stand-in
use crate::config::LoadConfig;
use crate::fs::FileSystem;
use crate::graph::Module;
use crate::resolve::{DirCache, Place, ResolveError};
use crate::version::GoVersion;
use std::path::{Path, PathBuf};

pub(crate) struct Modules<'a> {
    goroot: PathBuf,
    p: std::marker::PhantomData<&'a Module>,
}
pub(crate) struct IgnoredDir;
impl IgnoredDir {
    pub fn covers(&self, _: &Path, _: &Path) -> bool {
        false
    }
}
impl<'a> Modules<'a> {
    pub fn open(_fs: &'a dyn FileSystem, config: &LoadConfig<'_>) -> Result<Self, String> {
        Ok(Modules { goroot: config.ctx.goroot_src(), p: std::marker::PhantomData })
    }
    pub fn resolve(&self, _dirs: &DirCache<'_>, path: &str) -> Result<Place, ResolveError> {
        Err(ResolveError::Import(format!("package {path} is not in std ({})", self.goroot.join(path).display())))
    }
    pub fn needs_updates(&self) -> Option<String> {
        None
    }
    pub fn take_notices(&self) -> Vec<String> {
        vec![]
    }
    pub fn main_go_version(&self) -> Option<GoVersion> {
        None
    }
    pub fn godebugs(&self) -> Vec<(String, String)> {
        vec![]
    }
    pub fn dir_import_path(&self, _dir: &Path) -> Option<String> {
        None
    }
    pub fn require_root(&self, _fs: &dyn FileSystem, _dir: &Path) -> Result<(), String> {
        Err("go: go.mod file not found in current directory or any parent directory; see 'go help modules'".into())
    }
    pub fn main_dirs(&self) -> Vec<(PathBuf, String)> {
        vec![]
    }
    pub fn all_dirs(&self) -> Result<Vec<(PathBuf, String)>, String> {
        Ok(vec![])
    }
    pub fn package_of_dir(&self, _: &DirCache<'_>, _dir: &Path, _w: &Path) -> Result<String, String> {
        Err(String::new())
    }
    pub fn contains_dir(&self, _: &dyn FileSystem, _dir: &Path) -> bool {
        false
    }
    pub fn scope_name(&self) -> &'static str {
        ""
    }
    pub fn ignored_dirs(&self, _: &Path) -> Vec<IgnoredDir> {
        vec![]
    }
}
