//! Where static data goes.
//!
//! ```text
//! 0      4096        12288
//! | null | arguments | read-only, roots | variables | zeros, results | shadow stack | line table | heap ->
//!         (js host)                       no pointers, pointers | pointers, no pointers
//! ```
//!
//! The line table is made when all code is there, so only the heap's start comes to be known after this.
//!
//! Variables with pointers are one stretch of memory, and a bitmap says which of its words are pointers: the collector's
//! roots. The *root table* says so: a count, which is 1 or 0, then address, words of eight bytes, and address of the
//! bitmap (lowest bit first), four bytes each. What is zero at the start takes no place in the module, and neither do long runs of zeros within
//! other data. Within each part data is ordered by alignment and then by name, so that little is lost to padding.

use crate::Error;
use base::SideTable;
use ir::{Data, DataId, FuncId, Program, Reloc};

/// Behind what `wasm_exec.js` fills with arguments and environment.
const START: u32 = 12288;
/// A run of zeros of this length costs more than another segment.
const LONG_RUN: usize = 12;
/// Engines refuse modules with more than 100,000.
const MAX_SEGMENTS: usize = 50_000;

pub struct Segment {
    pub at: u32,
    pub bytes: Vec<u8>,
}

pub struct DataLayout {
    pub addresses: SideTable<DataId, u32>,
    pub segments: Vec<Segment>,
    /// The address of the root table.
    pub roots: u32,
    /// Where resume functions leave their results.
    pub result_area: u32,
    /// The addresses of the tables of type descriptors that are looked up by strings and of itabs: a count, and
    /// addresses of four bytes. 0 if nobody asks.
    pub links: [u32; 2],
    pub stack_bottom: u32,
    /// The line table begins here, if there is one.
    pub stack_top: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    ReadOnly,
    Plain,
    Pointers,
    ZeroPointers,
    ZeroPlain,
}

/// Lays out data, which comes in the order of names.
pub fn lay_out(
    program: &Program,
    data: &[DataId],
    code_words: &SideTable<FuncId, u32>,
    links: [Option<&[DataId]>; 2],
    stack_size: u32,
    result_area: u32,
) -> Result<DataLayout, Error> {
    let mut items: Vec<(Part, DataId)> = data.iter().map(|&id| (part(program, &program.data[id]), id)).collect();
    items.sort_by_key(|&(part, id)| (part, std::cmp::Reverse(program.data[id].align)));
    let words = root_words(program, &items);
    let mut at = u64::from(START);
    let mut place = |size: u64, align: u64| {
        at = at.next_multiple_of(align.max(1));
        let start = at;
        at += size;
        start as u32
    };
    let mut addresses = SideTable::with_len(program.data.len());
    let mut place_all = |part: Part, place: &mut dyn FnMut(u64, u64) -> u32| {
        for &(_, id) in items.iter().filter(|item| item.0 == part) {
            addresses[id] = place(u64::from(program.data[id].size), u64::from(program.data[id].align));
        }
    };
    place_all(Part::ReadOnly, &mut place);
    let mask = place(words.div_ceil(8), 1);
    let roots = place(16, 4);
    let links = links.map(|links| {
        let size = links.map_or(0, |links| 4 + 4 * links.len() as u64);
        (links, place(size, 4), size as u32)
    });
    place_all(Part::Plain, &mut place);
    let roots_start = place(0, 8);
    place_all(Part::Pointers, &mut place);
    let file_end = place(0, 1);
    place_all(Part::ZeroPointers, &mut place);
    let roots_end = place(0, 8);
    place_all(Part::ZeroPlain, &mut place);
    let result_area = place(u64::from(result_area), 8);
    let stack_bottom = place(u64::from(stack_size), 16);
    let stack_top = place(0, 16);
    if at > u64::from(u32::MAX) {
        return Err(Error::TooMuchData { bytes: at });
    }
    let mut image = Image { bytes: vec![0; (file_end - START) as usize] };
    for &(part, id) in &items {
        let item = &program.data[id];
        let address = addresses[id];
        if part < Part::ZeroPointers {
            image.fill(item, address, &addresses, code_words);
        }
        if let Some(layout) = item.layout.filter(|_| matches!(part, Part::Pointers | Part::ZeroPointers)) {
            image.mark(&program.layouts[layout], item.size, address - roots_start, mask);
        }
    }
    if roots_end > roots_start {
        for (index, number) in [1, roots_start, (roots_end - roots_start) / 8, mask].into_iter().enumerate() {
            image.at(roots + 4 * index as u32, 4).copy_from_slice(&number.to_le_bytes());
        }
    }
    for (links, at, size) in links {
        let Some(links) = links else { continue };
        let numbers = std::iter::once(links.len() as u32).chain(links.iter().map(|&link| addresses[link]));
        for (number, place) in numbers.zip(image.at(at, size).chunks_exact_mut(4)) {
            place.copy_from_slice(&number.to_le_bytes());
        }
    }
    let segments = image.segments();
    let links = links.map(|(links, at, _)| if links.is_some() { at } else { 0 });
    Ok(DataLayout { addresses, segments, roots, links, result_area, stack_bottom, stack_top })
}

fn part(program: &Program, data: &Data) -> Part {
    let is_zero = data.relocs.is_empty() && data.bytes.iter().all(|&byte| byte == 0);
    let has_pointers = !data.read_only
        && data.layout.is_some_and(|layout| program.layouts[layout].pointers.iter().any(|&word| word != 0));
    match (is_zero, has_pointers) {
        (true, true) => Part::ZeroPointers,
        (true, false) => Part::ZeroPlain,
        (false, true) => Part::Pointers,
        (false, false) if data.read_only => Part::ReadOnly,
        (false, false) => Part::Plain,
    }
}

/// An upper bound of the words that variables with pointers take, padding included.
fn root_words(program: &Program, items: &[(Part, DataId)]) -> u64 {
    let is_root = |part: Part| matches!(part, Part::Pointers | Part::ZeroPointers);
    let bytes = items.iter().filter(|item| is_root(item.0)).map(|&(_, id)| {
        let data = &program.data[id];
        u64::from(data.size) + u64::from(data.align.max(8))
    });
    bytes.sum::<u64>().div_ceil(8)
}

/// What memory holds from `START` on.
struct Image {
    bytes: Vec<u8>,
}

impl Image {
    fn at(&mut self, address: u32, len: u32) -> &mut [u8] {
        let start = (address - START) as usize;
        &mut self.bytes[start..start + len as usize]
    }

    fn fill(
        &mut self,
        data: &Data,
        address: u32,
        addresses: &SideTable<DataId, u32>,
        code_words: &SideTable<FuncId, u32>,
    ) {
        self.at(address, data.bytes.len() as u32).copy_from_slice(&data.bytes);
        for &reloc in &data.relocs {
            let (at, size) = reloc.place();
            let value = match reloc {
                Reloc::Data { target, addend, .. } | Reloc::Data32 { target, addend, .. } => {
                    addresses[target].wrapping_add(addend)
                }
                Reloc::Func { target, .. } | Reloc::Func32 { target, .. } => code_words[target],
            };
            self.at(address + at, size).copy_from_slice(&u64::from(value).to_le_bytes()[..size as usize]);
        }
    }

    /// Sets the bits of a variable's pointers; a layout smaller than the variable repeats.
    fn mark(&mut self, layout: &ir::Layout, size: u32, offset: u32, mask: u32) {
        let words = (layout.size.max(8) / 8) as usize;
        for word in 0..(size / 8) as usize {
            let bit = word % words;
            if layout.pointers.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 != 0) {
                let place = offset as usize / 8 + word;
                self.at(mask + (place / 8) as u32, 1)[0] |= 1 << (place % 8);
            }
        }
    }

    fn segments(self) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut rest = 0;
        while let Some(start) = self.bytes[rest..].iter().position(|&byte| byte != 0).map(|skip| rest + skip) {
            let mut end = start + 1;
            let mut next = end;
            let limit = if segments.len() < MAX_SEGMENTS { LONG_RUN } else { usize::MAX };
            while next < self.bytes.len() && next - end < limit {
                next += 1;
                if self.bytes[next - 1] != 0 {
                    end = next;
                }
            }
            segments.push(Segment { at: START + start as u32, bytes: self.bytes[start..end].to_vec() });
            rest = end;
        }
        segments
    }
}
