//! The line table: what the module knows of its functions and call sites.
//!
//! It is read-only data at the very end of the static memory, behind the shadow stack, because it is made last: it has
//! sizes of frames, and on js the places of calls in the module. Only `symtab.go` of the runtime reads it. All numbers
//! are unsigned LEB128 where nothing else is said; those that may be negative are turned into `2n` or `-2n - 1`.
//!
//! ```text
//! header, u32s    version  count of functions  groups  count of sites  files
//!                 count of functions in the code  code groups  wasm index of the first of these
//!                 where the code section's contents begin in the module
//! groups          u32 address, u32 number of the first site: of every 16 functions
//! files           u32 address of each name and of the end; the names
//! function        bytes shared with the name before, count of others, these   none are shared at a group's start
//!                 flags  file  line of the start
//!                 count of sites; if there are any: size of the frame, bytes of the sites, these
//! site            line << 2 | kind ...
//!   kind 0        the function's own, the line relative to that of the last such site or to the function's start
//!   kind 1        inlined, the line relative to the start of the function whose source it is;
//!                 that function, how many sites further in front the outer one is
//!   kind 2        any; function, file, 1 + how many sites further in front the outer one is, or 0
//! code groups     u32 address, u32 offset of the first body in the contents: of every 16 functions of the code
//! code            bytes from the start of the body before, function, bytes of the calls, these
//! call            bytes from the call before, its site relative to that of the call before
//! ```
//!
//! The functions are numbered from 1; function i has the code word i if it has one. Sites are numbered through all
//! functions. The code's part is there only if the host tells its stack.

use crate::function::Code;
use crate::sites::FunctionSites;
use crate::unit::Unit;
use ir::FuncId;
use std::borrow::Cow;
use std::sync::Arc;
use wasm_encoder::Encode;

const VERSION: u32 = 2;
const HEADER: usize = 9 * 4;
/// Functions are found by going through a group of this many.
const GROUP: usize = 16;

mod flags {
    /// Not shown in traces.
    pub const WRAPPER: u32 = 1;
    /// Traces say `f()`.
    pub const NO_ARGUMENTS: u32 = 2;
}

/// Where functions are in the code section's contents, in the order of their code.
pub struct CodePlaces {
    pub starts: Vec<u32>,
    pub first_index: u32,
}

/// The table, for the address that it will have.
pub fn encode(unit: &Unit, codes: &[(FuncId, Code)], places: &CodePlaces, at: u32) -> Vec<u8> {
    let mut files: Vec<Arc<str>> = unit.sites.functions.iter().map(|named| named.file.clone()).collect();
    for named in &unit.sites.functions {
        files.extend(unit.sites.of(named.func).iter().flat_map(|sites| &sites.list).map(|site| site.file.clone()));
        files.dedup();
    }
    files.sort_unstable();
    files.dedup();
    let mut frame_sizes: base::SideTable<FuncId, u32> = base::SideTable::with_len(unit.program.funcs.len());
    for (func, code) in codes {
        // Both forms of a function have the same, or none.
        frame_sizes[*func] = frame_sizes[*func].max(code.frame_size);
    }
    let mut table = Table { unit, at, files, frame_sizes, bytes: vec![0; HEADER] };
    let groups = table.functions();
    let file_list = table.file_list();
    let tells_stack = !unit.stores_sites;
    let code_groups = if tells_stack { table.code(codes, places) } else { 0 };
    let header = [
        VERSION,
        unit.sites.functions.len() as u32 + 1,
        groups,
        unit.sites.count,
        file_list,
        if tells_stack { codes.len() as u32 } else { 0 },
        code_groups,
        places.first_index,
    ];
    for (number, place) in header.into_iter().zip(table.bytes.chunks_exact_mut(4)) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    table.bytes
}

/// What is known last of all.
pub fn set_code_start(table: &mut [u8], code_start: u32) {
    table[HEADER - 4..HEADER].copy_from_slice(&code_start.to_le_bytes());
}

struct Table<'a> {
    unit: &'a Unit<'a>,
    /// The address of the first byte.
    at: u32,
    /// Ordered.
    files: Vec<Arc<str>>,
    frame_sizes: base::SideTable<FuncId, u32>,
    bytes: Vec<u8>,
}

impl Table<'_> {
    /// Leaves room for a list of u32s; gives the place in `bytes`.
    fn reserve(&mut self, count: usize) -> usize {
        let start = self.bytes.len().next_multiple_of(4);
        self.bytes.resize(start + 4 * count, 0);
        start
    }

    fn put(&mut self, place: usize, number: u32) {
        self.bytes[place..place + 4].copy_from_slice(&number.to_le_bytes());
    }

    fn address(&self, place: usize) -> u32 {
        self.at + place as u32
    }

    fn file(&self, name: &Arc<str>) -> u32 {
        self.files.binary_search(name).expect("codegen: all files are in the line table") as u32
    }

    fn functions(&mut self) -> u32 {
        let unit = self.unit;
        // Place 0 is nobody's.
        let count = unit.sites.functions.len() + 1;
        let groups = self.reserve(2 * count.div_ceil(GROUP));
        let mut first_site = 0;
        let mut last = String::new();
        for index in 0..count {
            if index % GROUP == 0 {
                let group = groups + 8 * (index / GROUP);
                self.put(group, self.address(self.bytes.len()));
                self.put(group + 4, first_site);
                last.clear();
            }
            let Some(named) = index.checked_sub(1).map(|index| &unit.sites.functions[index]) else {
                // No name, no flags, the first file, no line, no sites.
                self.bytes.extend([0; 6]);
                continue;
            };
            let data = &unit.program.funcs[named.func];
            let name = trace_name(data.linked_as.as_ref().unwrap_or(&data.name));
            let shared = shared_prefix(&last, &name);
            (shared as u32).encode(&mut self.bytes);
            ((name.len() - shared) as u32).encode(&mut self.bytes);
            self.bytes.extend_from_slice(&name.as_bytes()[shared..]);
            last = name.into_owned();
            let takes_none = unit.program.signature(data.sig).params.is_empty();
            // Nor are the loops that run deferred calls shown.
            let is_loop = matches!(data.name.as_str(), "runtime.deferreturn" | "runtime.runDeferred");
            let is_wrapper = data.attrs.wrapper || is_loop;
            let all_flags =
                if is_wrapper { flags::WRAPPER } else { 0 } | if takes_none { flags::NO_ARGUMENTS } else { 0 };
            all_flags.encode(&mut self.bytes);
            self.file(&named.file).encode(&mut self.bytes);
            named.line.encode(&mut self.bytes);
            let Some(sites) = unit.sites.of(named.func) else {
                self.bytes.push(0);
                continue;
            };
            first_site += sites.list.len() as u32;
            (sites.list.len() as u32).encode(&mut self.bytes);
            self.frame_sizes[named.func].encode(&mut self.bytes);
            let list = self.sites(sites, named.func, &named.file, named.line);
            (list.len() as u32).encode(&mut self.bytes);
            self.bytes.extend(list);
        }
        self.address(groups)
    }

    fn sites(&self, sites: &FunctionSites, own: FuncId, own_file: &Arc<str>, start: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut last = start;
        for (index, site) in sites.list.iter().enumerate() {
            if site.func == own && site.file == *own_file && site.outer.is_none() {
                (folded(site.line, last) << 2).encode(&mut bytes);
                last = site.line;
                continue;
            }
            let number = self.unit.sites.function(site.func);
            let source = &self.unit.sites.functions[number as usize - 1];
            let distance = site.outer.map(|outer| index as u32 - outer);
            match distance {
                Some(distance) if source.file == site.file => {
                    (folded(site.line, source.line) << 2 | 1).encode(&mut bytes);
                    number.encode(&mut bytes);
                    distance.encode(&mut bytes);
                }
                _ => {
                    (u64::from(site.line) << 2 | 2).encode(&mut bytes);
                    number.encode(&mut bytes);
                    self.file(&site.file).encode(&mut bytes);
                    distance.map_or(0, |distance| distance + 1).encode(&mut bytes);
                }
            }
        }
        bytes
    }

    fn file_list(&mut self) -> u32 {
        let list = self.reserve(self.files.len() + 1);
        for index in 0..self.files.len() {
            self.put(list + 4 * index, self.address(self.bytes.len()));
            self.bytes.extend_from_slice(self.files[index].as_bytes());
        }
        self.put(list + 4 * self.files.len(), self.address(self.bytes.len()));
        self.address(list)
    }

    fn code(&mut self, codes: &[(FuncId, Code)], places: &CodePlaces) -> u32 {
        let groups = self.reserve(2 * codes.len().div_ceil(GROUP));
        let mut last_start = 0;
        for (index, ((func, code), &start)) in codes.iter().zip(&places.starts).enumerate() {
            if index % GROUP == 0 {
                let group = groups + 8 * (index / GROUP);
                self.put(group, self.address(self.bytes.len()));
                self.put(group + 4, start);
                last_start = start;
            }
            (start - last_start).encode(&mut self.bytes);
            last_start = start;
            self.unit.sites.function(*func).encode(&mut self.bytes);
            let mut calls = Vec::new();
            let mut last = (0, 0);
            for &(offset, site) in &code.calls {
                (offset - last.0).encode(&mut calls);
                folded(site, last.1).encode(&mut calls);
                last = (offset, site);
            }
            (calls.len() as u32).encode(&mut self.bytes);
            self.bytes.extend(calls);
        }
        self.address(groups)
    }
}

/// A difference, small if it is small in either direction.
fn folded(number: u32, base: u32) -> u64 {
    let difference = i64::from(number) - i64::from(base);
    (difference << 1 ^ difference >> 63) as u64
}

fn shared_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}

/// As traces have it. Type arguments are left out, and so is what lowering adds to names to tell a function from others
/// that stand for it: `·thunk`.
fn trace_name(name: &str) -> Cow<'_, str> {
    let mut name = Cow::Borrowed(name);
    if let (Some(open), Some(close)) = (name.find('['), name.rfind(']'))
        && open < close
    {
        name = Cow::Owned(format!("{}[...]{}", &name[..open], &name[close + 1..]));
    }
    if let Some(mark) = name.find('·') {
        let end = name[mark..].find('.').map_or(name.len(), |length| mark + length);
        name = Cow::Owned(format!("{}{}", &name[..mark], &name[end..]));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_source() {
        for (name, shown) in [
            ("main.main", "main.main"),
            ("main.F[int]", "main.F[...]"),
            ("main.f·thunk", "main.f"),
            ("main.init·v.func1", "main.init.func1"),
            ("main.(*T[map[string]int,pkg/a.B]).Method.func1", "main.(*T[...]).Method.func1"),
        ] {
            assert_eq!(trace_name(name), shown);
        }
    }

    #[test]
    fn differences_are_small_numbers() {
        assert_eq!([folded(5, 5), folded(4, 5), folded(6, 5), folded(0, u32::MAX)], [0, 1, 2, 2 * 0xffff_ffff - 1]);
    }
}
