//! The one door to files.
//!
//! Everything the loader reads comes through [`FileSystem`], so that the whole of it is tested on trees in memory. The
//! real file system, a tree in memory, and a replacement layer (`go build -overlay`) implement it.
//!
//! Directory listings come sorted by name, which is the order in which `go` meets files and therefore the order of its
//! messages. A name that is not UTF-8 is listed all the same, with its true form beside it, so that nothing is dropped
//! in silence.

use crate::overlay_json;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    File,
    Dir,
    Symlink,
    /// A device, socket or pipe.
    Other,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirEntry {
    /// What is not UTF-8 in it has become U+FFFD.
    pub name: String,
    /// The name, if it is not UTF-8.
    pub raw: Option<OsString>,
    /// Of the entry itself: links are not followed.
    pub kind: FileKind,
}

impl DirEntry {
    pub fn new(name: impl Into<String>, kind: FileKind) -> DirEntry {
        DirEntry { name: name.into(), raw: None, kind }
    }

    /// As the file system knows it.
    pub fn file_name(&self) -> &OsStr {
        self.raw.as_deref().unwrap_or(OsStr::new(&self.name))
    }
}

pub trait FileSystem: Sync {
    fn read(&self, path: &Path) -> io::Result<Arc<[u8]>>;
    /// Sorted by name.
    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>>;
    /// Follows links.
    fn kind(&self, path: &Path) -> io::Result<FileKind>;
    /// Does not follow a link at the end of the path.
    fn link_kind(&self, path: &Path) -> io::Result<FileKind>;
    /// The path without links.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf>;

    /// The file that is read for this path: another one if something takes its place.
    fn actual(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn is_dir(&self, path: &Path) -> bool {
        matches!(self.kind(path), Ok(FileKind::Dir))
    }
    fn is_file(&self, path: &Path) -> bool {
        matches!(self.kind(path), Ok(FileKind::File))
    }
    fn exists(&self, path: &Path) -> bool {
        self.kind(path).is_ok()
    }
}

/// `path` without `.` and `..` elements, by spelling alone.
pub fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => out.push(".."),
            },
            other => out.push(other),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

/// An error in the words of the operating system alone, as Go shows them: `no such file or directory`.
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut chars = text.chars();
            chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
        }
    }
}

/// The machine's files.
pub struct OsFileSystem;

fn kind_of(file_type: std::fs::FileType) -> FileKind {
    if file_type.is_file() {
        FileKind::File
    } else if file_type.is_dir() {
        FileKind::Dir
    } else if file_type.is_symlink() {
        FileKind::Symlink
    } else {
        FileKind::Other
    }
}

#[allow(clippy::disallowed_methods)] // the door itself
impl FileSystem for OsFileSystem {
    fn read(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        let file = std::fs::File::open(path)?;
        if file.metadata()?.is_file() {
            return Ok(Arc::from(std::fs::read(path)?));
        }
        read_endless(file)
    }

    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let kind = kind_of(entry.file_type()?);
            entries.push(match entry.file_name().into_string() {
                Ok(name) => DirEntry::new(name, kind),
                Err(raw) => DirEntry { name: raw.to_string_lossy().into_owned(), raw: Some(raw), kind },
            });
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        Ok(kind_of(std::fs::metadata(path)?.file_type()))
    }

    fn link_kind(&self, path: &Path) -> io::Result<FileKind> {
        Ok(kind_of(std::fs::symlink_metadata(path)?.file_type()))
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }
}

/// Devices and pipes may never end. No text holds a NUL, so reading stops soon after one, and whoever wanted text finds
/// it; without any, there is a limit.
fn read_endless(mut file: std::fs::File) -> io::Result<Arc<[u8]>> {
    const LIMIT: usize = 256 << 20;
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 << 10];
    while bytes.len() < LIMIT {
        let count = file.read(&mut chunk)?;
        bytes.extend_from_slice(&chunk[..count]);
        if count == 0 || chunk[..count].contains(&0) {
            return Ok(Arc::from(bytes));
        }
    }
    Err(io::Error::from(io::ErrorKind::FileTooLarge))
}

/// A tree in memory. Directories exist by having files in them; there are no links.
#[derive(Default, Clone)]
pub struct MemoryFileSystem {
    files: BTreeMap<PathBuf, Arc<[u8]>>,
}

impl MemoryFileSystem {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(&mut self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        self.files.insert(clean(path.as_ref()), Arc::from(text.as_ref()));
    }

    /// All files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| path.to_str())
    }

    fn has_below(&self, path: &Path) -> bool {
        self.below(path).next().is_some()
    }

    /// Files in the tree under `path`, with what follows `path` in their names. Paths compare by component, so a
    /// directory's tree is one contiguous range.
    fn below<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Path> {
        self.files
            .range(path.to_owned()..)
            .map_while(move |(file, _)| file.strip_prefix(path).ok())
            .filter(|rest| !rest.as_os_str().is_empty())
    }
}

fn not_found() -> io::Error {
    io::Error::from(io::ErrorKind::NotFound)
}

impl FileSystem for MemoryFileSystem {
    fn read(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        self.files.get(&clean(path)).cloned().ok_or_else(not_found)
    }

    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let path = clean(path);
        if self.files.contains_key(&path) {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        let mut entries: BTreeMap<String, FileKind> = BTreeMap::new();
        for rest in self.below(&path) {
            let mut components = rest.components();
            let Some(Component::Normal(name)) = components.next() else { continue };
            let kind = if components.next().is_some() { FileKind::Dir } else { FileKind::File };
            entries.insert(name.to_string_lossy().into_owned(), kind);
        }
        if entries.is_empty() {
            return Err(not_found());
        }
        Ok(entries.into_iter().map(|(name, kind)| DirEntry::new(name, kind)).collect())
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        let path = clean(path);
        if self.files.contains_key(&path) {
            Ok(FileKind::File)
        } else if self.has_below(&path) {
            Ok(FileKind::Dir)
        } else {
            Err(not_found())
        }
    }

    fn link_kind(&self, path: &Path) -> io::Result<FileKind> {
        self.kind(path)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.kind(path)?;
        Ok(clean(path))
    }
}

/// `go build -overlay`: some paths are read from elsewhere, or are not there.
pub struct ReplacedFileSystem<'a> {
    below: &'a dyn FileSystem,
    /// What the path is read from; `None` if it counts as deleted.
    replace: BTreeMap<PathBuf, Option<PathBuf>>,
}

impl<'a> ReplacedFileSystem<'a> {
    /// `json` is the text of the file that the `-overlay` flag names; relative paths in it count from `work_dir`.
    pub fn parse(below: &'a dyn FileSystem, json: &[u8], work_dir: &Path) -> Result<Self, String> {
        let parsed = overlay_json::parse(json).map_err(|message| format!("parsing overlay JSON: {message}"))?;
        let mut replace: BTreeMap<PathBuf, Option<PathBuf>> = BTreeMap::new();
        let mut written: BTreeMap<PathBuf, String> = BTreeMap::new();
        for (from, to) in parsed {
            if from.is_empty() {
                return Err("empty string key in overlay map".into());
            }
            let path = clean(&work_dir.join(&from));
            if let Some(first) = written.insert(path.clone(), from.clone()) {
                return Err(format!("duplicate paths {first} and {from} in overlay map"));
            }
            replace.insert(path, (!to.is_empty()).then(|| clean(&work_dir.join(&to))));
        }
        for path in replace.keys().filter(|path| replace[*path].is_some()) {
            let mut parent = path.parent();
            while let Some(dir) = parent {
                if replace.get(dir).is_some_and(Option::is_some) {
                    return Err(format!("inconsistent files {} and {} in overlay map", dir.display(), path.display()));
                }
                parent = dir.parent();
            }
        }
        Ok(ReplacedFileSystem { below, replace })
    }

    /// Whether replaced files lie in the tree under `path` (then it is a directory, whatever lies below).
    fn has_files_below(&self, path: &Path) -> bool {
        self.replace
            .range(path.to_owned()..)
            .take_while(|(file, _)| file.starts_with(path))
            .any(|(file, target)| file != path && target.is_some())
    }

    /// Whether a replaced *file* stands where the path below has a directory.
    fn hidden(&self, path: &Path) -> bool {
        path.ancestors().skip(1).any(|dir| self.replace.contains_key(dir))
    }
}

impl FileSystem for ReplacedFileSystem<'_> {
    fn actual(&self, path: &Path) -> PathBuf {
        match self.replace.get(&clean(path)) {
            Some(Some(target)) => target.clone(),
            _ => path.to_owned(),
        }
    }

    fn read(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        let path = clean(path);
        match self.replace.get(&path) {
            Some(Some(target)) => self.below.read(target),
            Some(None) => Err(not_found()),
            None if self.hidden(&path) => Err(not_found()),
            None => self.below.read(&path),
        }
    }

    fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let path = clean(path);
        if self.replace.contains_key(&path) && !self.has_files_below(&path) {
            return Err(not_found());
        }
        let lower = match self.below.read_dir(&path) {
            Ok(entries) if !self.hidden(&path) => entries,
            Err(error) if !self.has_files_below(&path) => return Err(error),
            _ => Vec::new(),
        };
        let mut entries: BTreeMap<String, DirEntry> =
            lower.into_iter().map(|entry| (entry.name.clone(), entry)).collect();
        for (file, target) in self.replace.range(path.clone()..).take_while(|(file, _)| file.starts_with(&path)) {
            let Ok(rest) = file.strip_prefix(&path) else { continue };
            let mut components = rest.components();
            let Some(Component::Normal(name)) = components.next() else { continue };
            let name = name.to_string_lossy().into_owned();
            match (components.next().is_some(), target) {
                (false, Some(_)) => entries.insert(name.clone(), DirEntry::new(name, FileKind::File)),
                (false, None) => entries.remove(&name),
                (true, Some(_)) => entries.insert(name.clone(), DirEntry::new(name, FileKind::Dir)),
                (true, None) => None,
            };
        }
        Ok(entries.into_values().collect())
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        let path = clean(path);
        match self.replace.get(&path) {
            Some(Some(target)) => self.below.kind(target),
            _ if self.has_files_below(&path) => Ok(FileKind::Dir),
            Some(None) => Err(not_found()),
            None if self.hidden(&path) => Err(not_found()),
            None => self.below.kind(&path),
        }
    }

    fn link_kind(&self, path: &Path) -> io::Result<FileKind> {
        let path = clean(path);
        match self.replace.get(&path) {
            None if !self.hidden(&path) && !self.has_files_below(&path) => self.below.link_kind(&path),
            _ => self.kind(&path),
        }
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        let path = clean(path);
        if self.replace.contains_key(&path) || self.has_files_below(&path) {
            self.kind(&path)?;
            return Ok(path);
        }
        self.below.canonicalize(&path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> MemoryFileSystem {
        let mut files = MemoryFileSystem::new();
        files.add("/w/a.go", "a");
        files.add("/w/b/c.go", "c");
        files.add("/w/b.go", "b");
        files
    }

    #[test]
    fn directories_exist_by_their_files() {
        let files = tree();
        let names: Vec<String> = files.read_dir(Path::new("/w")).unwrap().into_iter().map(|e| e.name).collect();
        assert_eq!(names, ["a.go", "b", "b.go"]);
        assert!(files.is_dir(Path::new("/w/b")));
        assert!(!files.exists(Path::new("/w/x")));
    }

    #[test]
    fn replaced_files_appear_and_vanish() {
        let files = tree();
        let json = br#"{"Replace": {"a.go": "", "new/n.go": "b/c.go", "/w/b.go": "/w/a.go"}}"#;
        let view = ReplacedFileSystem::parse(&files, json, Path::new("/w")).unwrap();
        let names: Vec<String> = view.read_dir(Path::new("/w")).unwrap().into_iter().map(|e| e.name).collect();
        assert_eq!(names, ["b", "b.go", "new"]);
        assert_eq!(&*view.read(Path::new("/w/new/n.go")).unwrap(), b"c");
        assert_eq!(&*view.read(Path::new("/w/b.go")).unwrap(), b"a");
        assert!(view.read(Path::new("/w/a.go")).is_err());
        assert!(view.is_dir(Path::new("/w/new")));
    }

    #[test]
    fn clean_paths() {
        for (from, to) in
            [("/a/../b", "/b"), ("./x/.", "x"), ("..", ".."), ("a/..", "."), ("/..", "/"), ("../../a", "../../a")]
        {
            assert_eq!(clean(Path::new(from)), Path::new(to));
        }
    }
}
