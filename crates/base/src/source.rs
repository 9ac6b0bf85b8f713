//! Source files and positions.
//!
//! A [`Pos`] is one `u32`: the base of its file plus a byte offset, so a node carries four bytes and still knows its
//! file. The loader gives out bases one wave of files after the other, in path order, before they are parsed in
//! parallel. Lines and columns are computed only when somebody asks: by binary search in a line table built on first
//! use. `//line` directives change what is shown ([`SourceMap::location`]), never the order of positions.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

crate::entity_id!(
    /// A source file.
    pub struct FileId, "file"
);

/// A place in some source file; `Pos::NONE` is nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Pos(u32);

impl Pos {
    pub const NONE: Pos = Pos(0);

    pub fn new(base: u32, offset: usize) -> Pos {
        Pos(base + offset as u32)
    }
    pub fn is_known(self) -> bool {
        self.0 != 0
    }
    pub fn raw(self) -> u32 {
        self.0
    }
    /// The position `bytes` further in the same file.
    pub fn plus(self, bytes: u32) -> Pos {
        Pos(self.0 + bytes)
    }
}

impl std::fmt::Debug for Pos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "@{}", self.0)
    }
}

/// A `//line` or `/*line*/` directive: from `offset` on, positions are shown as `file:line:column` onwards.
#[derive(Clone, Debug)]
pub struct LineDirective {
    /// Byte offset of the first character the directive applies to.
    pub offset: u32,
    /// `None` keeps the file name in force before.
    pub file: Option<Arc<str>>,
    pub line: u32,
    /// 0: columns are unknown from here until the end of the line.
    pub column: u32,
}

/// A file's text and what turns offsets into lines.
pub struct SourceFile {
    /// Where it was read from.
    pub path: PathBuf,
    /// As diagnostics show it (relative to the working directory where that is shorter, as `go` does).
    pub shown: Arc<str>,
    pub text: Arc<[u8]>,
    /// Raw value of the position of offset 0; the position one past the end is valid too.
    pub base: u32,
    line_starts: OnceLock<Vec<u32>>,
    line_directives: OnceLock<Vec<LineDirective>>,
}

impl SourceFile {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', &self.text).map(|newline| newline as u32 + 1)).collect()
        })
    }

    pub fn pos(&self, offset: usize) -> Pos {
        Pos::new(self.base, offset)
    }

    /// Line and byte column, both from 1, as the text has them (no `//line`).
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset);
        (line as u32, offset - starts[line - 1] + 1)
    }

    /// What the parser found; called once, after parsing.
    pub fn set_line_directives(&self, directives: Vec<LineDirective>) {
        let _ = self.line_directives.set(directives);
    }

    /// The text of a line, without its line end.
    pub fn line_text(&self, line: u32) -> &[u8] {
        let starts = self.line_starts();
        let start = starts[line as usize - 1] as usize;
        let end = starts.get(line as usize).map_or(self.text.len(), |&next| next as usize - 1);
        let text = &self.text[start..end];
        text.strip_suffix(b"\r").unwrap_or(text)
    }
}

/// A position as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub file: Arc<str>,
    pub line: u32,
    /// Byte column from 1; 0 if a line directive made it unknown.
    pub column: u32,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if self.column > 0 { write!(f, ":{}", self.column) } else { Ok(()) }
    }
}

/// All files read so far.
#[derive(Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
    next_base: u32,
}

impl SourceMap {
    pub fn new() -> Self {
        SourceMap { files: Vec::new(), next_base: 1 }
    }

    /// Adds a file; `None` when 4 GiB of source are exceeded.
    pub fn add(&mut self, path: &Path, shown: &str, text: Arc<[u8]>) -> Option<FileId> {
        let base = self.next_base;
        self.next_base = base.checked_add(u32::try_from(text.len()).ok()?.checked_add(1)?)?;
        let id = crate::entity::EntityId::from_index(self.files.len());
        self.files.push(Arc::new(SourceFile {
            path: path.to_owned(),
            shown: shown.into(),
            text,
            base,
            line_starts: OnceLock::new(),
            line_directives: OnceLock::new(),
        }));
        Some(id)
    }

    pub fn file(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[crate::entity::EntityId::index(id)]
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The file a known position lies in.
    pub fn file_of(&self, pos: Pos) -> FileId {
        debug_assert!(pos.is_known());
        let index = self.files.partition_point(|file| file.base <= pos.raw()) - 1;
        crate::entity::EntityId::from_index(index)
    }

    /// Where the text says `pos` is: file, line, column, line directives not applied.
    pub fn physical(&self, pos: Pos) -> (FileId, u32, u32) {
        let id = self.file_of(pos);
        let file = self.file(id);
        let (line, column) = file.line_column(pos.raw() - file.base);
        (id, line, column)
    }

    /// The file of `pos` and how many of its line directives stand before: two positions with equal bases count
    /// lines alike.
    pub fn line_base(&self, pos: Pos) -> (FileId, usize) {
        let id = self.file_of(pos);
        let file = self.file(id);
        let offset = pos.raw() - file.base;
        let directives = file.line_directives.get().map_or(&[][..], |list| &list[..]);
        (id, directives.partition_point(|directive| directive.offset <= offset))
    }

    /// Where a person is told `pos` is: line directives applied.
    pub fn location(&self, pos: Pos) -> Location {
        let (id, line, column) = self.physical(pos);
        let file = self.file(id);
        let offset = pos.raw() - file.base;
        let directives = file.line_directives.get().map_or(&[][..], |list| &list[..]);
        let in_force = directives.partition_point(|directive| directive.offset <= offset);
        let Some(directive) = in_force.checked_sub(1).map(|index| &directives[index]) else {
            return Location { file: file.shown.clone(), line, column };
        };
        let (start_line, start_column) = file.line_column(directive.offset);
        let name = directives[..in_force].iter().rev().find_map(|earlier| earlier.file.clone());
        let column = match directive.column {
            0 => 0,
            start if line == start_line => start + (column - start_column),
            _ => column,
        };
        Location {
            file: name.unwrap_or_else(|| file.shown.clone()),
            line: directive.line + (line - start_line),
            column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_become_lines() {
        let mut map = SourceMap::new();
        let a = map.add(Path::new("a.go"), "a.go", Arc::from(&b"one\ntwo\n"[..])).unwrap();
        let b = map.add(Path::new("b.go"), "b.go", Arc::from(&b"x\n  y"[..])).unwrap();
        assert_eq!(map.location(map.file(a).pos(5)).to_string(), "a.go:2:2");
        assert_eq!(map.location(map.file(a).pos(8)).to_string(), "a.go:3:1");
        assert_eq!(map.location(map.file(b).pos(0)).to_string(), "b.go:1:1");
        assert_eq!(map.location(map.file(b).pos(4)).to_string(), "b.go:2:3");
        assert_eq!(map.file(b).line_text(2), b"  y");
    }

    #[test]
    fn line_directives_move_what_is_shown() {
        let mut map = SourceMap::new();
        let id = map.add(Path::new("a.go"), "a.go", Arc::from(&b"1\n//line x.y:10\nab\ncd\n"[..])).unwrap();
        let file = map.file(id).clone();
        file.set_line_directives(vec![LineDirective { offset: 16, file: Some("x.y".into()), line: 10, column: 0 }]);
        assert_eq!(map.location(file.pos(0)).to_string(), "a.go:1:1");
        assert_eq!(map.location(file.pos(20)).to_string(), "x.y:11");
    }
}
