//! `//go:embed` variables: files as data.
//!
//! ```text
//! string    pointer, length             of the file
//! []byte    pointer, length, capacity   likewise, of memory that the program may change
//! embed.FS  *[]file                     file: name and data (strings), 16 bytes of a hash that nobody reads
//! ```
//!
//! The files of an FS are sorted by directory and then by name; all directories on the way are among them, with a slash
//! at the end.

use abi::{CanonId, CanonType, EnvId};
use base::EntityId;
use ir::{Data, DataId, Reloc};
use lower::Module;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use types::{BasicKind, ObjId};

/// The files of one variable.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The package's directory.
    pub dir: PathBuf,
    /// Relative to it, separated by slashes.
    pub files: Vec<String>,
}

/// Reads a file.
pub type Read<'r> = &'r dyn Fn(&Path) -> Result<Vec<u8>, String>;

const FS: u32 = 8;
const STRING: u32 = 16;
const FILE: u32 = 2 * STRING + 16;

/// Gives the variable its value.
pub fn set(cx: &mut Module<'_>, obj: ObjId, embedded: &Embedded, read: Read<'_>) -> Result<(), String> {
    let ty = cx.checker.obj(obj).ty.expect("program: a package variable that is used has a type");
    let ty = cx.types.canon(&mut cx.checker, ty, EnvId::EMPTY);
    let var = cx.global(obj);
    let mut writer = Writer { cx, name: format!("go:embed.{}", obj.index()), count: 0 };
    let content = |file: &String| read(&embedded.dir.join(file));
    match writer.cx.shape(ty) {
        CanonType::Basic(BasicKind::String) if embedded.files.len() == 1 => {
            let text = content(&embedded.files[0])?;
            writer.slice(var, 0, text, true);
        }
        CanonType::Slice(elem) if embedded.files.len() == 1 && is_byte(writer.cx, elem) => {
            let bytes = content(&embedded.files[0])?;
            let len = bytes.len() as u64;
            writer.slice(var, 0, bytes, false);
            writer.number(var, 16, len);
        }
        CanonType::Struct(_) if writer.cx.size_of(ty) == FS => {
            let mut files: BTreeMap<(String, String), (String, Vec<u8>)> = BTreeMap::new();
            for name in &embedded.files {
                for (at, _) in name.match_indices('/') {
                    let dir = &name[..at];
                    files.insert(split(dir), (format!("{dir}/"), Vec::new()));
                }
                files.insert(split(name), (name.clone(), content(name)?));
            }
            let count = files.len() as u64;
            let list = writer.data(FILE * count as u32, 8);
            for (at, (name, text)) in (0..).step_by(FILE as usize).zip(files.into_values()) {
                writer.slice(list, at, name.into_bytes(), true);
                writer.slice(list, at + STRING, text, true);
            }
            let header = writer.data(24, 8);
            writer.address(header, 0, list);
            writer.number(header, 8, count);
            writer.number(header, 16, count);
            writer.address(var, 0, header);
        }
        // The front end says so with type and place, where it checks packages whole.
        _ => return Err(format!("go:embed cannot apply to var {}", writer.cx.checker.obj(obj).name)),
    }
    Ok(())
}

fn is_byte(cx: &mut Module<'_>, ty: CanonId) -> bool {
    matches!(cx.shape(ty), CanonType::Basic(BasicKind::Uint8))
}

/// Directory and last element.
fn split(name: &str) -> (String, String) {
    let (dir, last) = name.rsplit_once('/').unwrap_or((".", name));
    (dir.to_owned(), last.to_owned())
}

struct Writer<'m, 'a> {
    cx: &'m mut Module<'a>,
    name: String,
    count: u32,
}

impl Writer<'_, '_> {
    fn data(&mut self, size: u32, align: u32) -> DataId {
        let name = format!("{}.{}", self.name, self.count);
        self.count += 1;
        self.cx.program.data.push(Data { read_only: true, ..Data::new(name, size, align) })
    }

    /// Pointer and length of bytes.
    fn slice(&mut self, data: DataId, at: u32, bytes: Vec<u8>, read_only: bool) {
        self.number(data, at + 8, bytes.len() as u64);
        if bytes.is_empty() {
            return;
        }
        let target = self.data(bytes.len() as u32, 1);
        let content = &mut self.cx.program.data[target];
        (content.bytes, content.read_only) = (bytes, read_only);
        self.address(data, at, target);
    }

    fn number(&mut self, data: DataId, at: u32, number: u64) {
        let bytes = &mut self.cx.program.data[data].bytes;
        let end = at as usize + 8;
        if bytes.len() < end {
            bytes.resize(end, 0);
        }
        bytes[end - 8..end].copy_from_slice(&number.to_le_bytes());
    }

    fn address(&mut self, data: DataId, at: u32, target: DataId) {
        self.number(data, at, 0);
        self.cx.program.data[data].relocs.push(Reloc::Data { at, target, addend: 0 });
    }
}
