//! Names as descriptors refer to them (`abi.Name`): flags, length, text; then a tag; then the package.
//!
//! ```text
//! flags | varint length | name | varint length | tag | address of the package path's name, 4 bytes
//! ```

use crate::image::Image;
use crate::structs::Place;
use ir::{DataId, Program};
use rustc_hash::FxHashMap;

/// What a name's flags and tail say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct NameInfo {
    pub exported: bool,
    pub embedded: bool,
    /// The path of the package that a name which is not exported belongs to, if that is not clear from the type.
    pub package: Option<DataId>,
}

const EXPORTED: u8 = 1;
const TAG: u8 = 2;
const PACKAGE: u8 = 4;
const EMBEDDED: u8 = 8;

/// Names that were written; equal ones are one.
#[derive(Default)]
pub(crate) struct TypeNames {
    names: FxHashMap<(Box<[u8]>, Option<DataId>), DataId>,
}

impl TypeNames {
    pub fn name(&mut self, program: &mut Program, name: &str, tag: &str, info: NameInfo) -> DataId {
        let mut bytes = vec![info.flags(tag)];
        push_text(&mut bytes, name);
        if !tag.is_empty() {
            push_text(&mut bytes, tag);
        }
        let key = (bytes.into_boxed_slice(), info.package);
        if let Some(&known) = self.names.get(&key) {
            return known;
        }
        let bytes = key.0.to_vec();
        let end = bytes.len() as u32;
        let mut symbol = format!("type:.namedata.{}.{}.{name}{tag}", bytes[0], name.len());
        let mut image = Image { bytes, relocs: Vec::new() };
        if let Some(package) = info.package {
            image.bytes.extend([0; 4]);
            image.address(Place { offset: end, width: 4 }, package);
            symbol.push('@');
            symbol.push_str(&program.data[package].name);
        }
        let id = image.into_data(program, symbol, 1);
        self.names.insert(key, id);
        id
    }

    /// A package path, which is a name too.
    pub fn package(&mut self, program: &mut Program, path: &str) -> DataId {
        self.name(program, path, "", NameInfo::default())
    }
}

impl NameInfo {
    fn flags(self, tag: &str) -> u8 {
        let flag = |condition, flag| if condition { flag } else { 0 };
        flag(self.exported, EXPORTED)
            | flag(!tag.is_empty(), TAG)
            | flag(self.package.is_some(), PACKAGE)
            | flag(self.embedded, EMBEDDED)
    }
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    let mut len = text.len();
    while len >= 0x80 {
        bytes.push(len as u8 | 0x80);
        len >>= 7;
    }
    bytes.push(len as u8);
    bytes.extend_from_slice(text.as_bytes());
}
