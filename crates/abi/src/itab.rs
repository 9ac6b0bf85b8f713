//! Static itabs: which code implements an interface's methods for a type.
//!
//! ```text
//! Inter *InterfaceType | Type *Type | Hash uint32 | Fun [n]uintptr
//! ```
//!
//! `Fun` holds the code words of methods in the form that takes the data word as context. The method of an entry that
//! nothing calls is not compiled; its word is none of the table's, never 0, which would say that the type does not
//! implement the interface.

use crate::canon::{CanonId, CanonType, Types};
use crate::descriptors::{Descriptors, Emitter};
use crate::image::Image;
use crate::methods::MethodId;
use crate::request::Request;
use crate::structs::Place;
use ir::{Data, DataId, Program};
use rustc_hash::FxHashMap;
use types::Checker;

#[derive(Default)]
pub(crate) struct Itabs {
    ids: FxHashMap<(CanonId, CanonId), DataId>,
    pending: Vec<(CanonId, CanonId)>,
}

const WORD: u32 = crate::sizes::WORD as u32;

/// The word of a method that is never called: calling it traps.
const DEAD: u64 = u32::MAX as u64;

impl Descriptors {
    /// The itab of a type that is no interface for an interface with methods; `None` if it does not implement it. Both
    /// types become visible. It has no content until [`Descriptors::emit`].
    pub fn itab(
        &mut self,
        types: &mut Types,
        checker: &mut Checker<'_>,
        program: &mut Program,
        ty: CanonId,
        iface: CanonId,
    ) -> Option<DataId> {
        if let Some(&known) = self.itabs.ids.get(&(ty, iface)) {
            return Some(known);
        }
        types.implements(checker, ty, iface)?;
        assert!(!matches!(types.shape(checker, ty), CanonType::Interface(_)), "abi: itab of an interface type");
        let name = format!("go:itab.{},{}", types.link_name(checker, ty), types.link_name(checker, iface));
        let id = program.data.push(Data { read_only: true, ..Data::new(name, 0, WORD) });
        self.itabs.ids.insert((ty, iface), id);
        self.itabs.pending.push((ty, iface));
        self.descriptor(types, checker, program, ty);
        self.descriptor(types, checker, program, iface);
        Some(id)
    }

    /// The itabs that were asked for since the last time, as (type, interface). They need both types' descriptors, and
    /// those of the interface's methods that are live.
    pub fn take_pending_itabs(&mut self) -> Vec<(CanonId, CanonId)> {
        std::mem::take(&mut self.itabs.pending)
    }

    /// The data of these itabs, sorted by name.
    pub fn itab_links(&self, program: &Program, itabs: &[(CanonId, CanonId)]) -> Vec<DataId> {
        let mut links: Vec<DataId> = itabs.iter().map(|pair| self.itabs.ids[pair]).collect();
        links.sort_by(|&a, &b| program.data[a].name.cmp(&program.data[b].name));
        links.dedup();
        links
    }

    /// What an itab needs, but for the code of methods.
    pub fn itab_requests(ty: CanonId, iface: CanonId) -> [Request; 2] {
        [Request::Descriptor(ty), Request::Descriptor(iface)]
    }
}

impl Emitter<'_, '_> {
    pub fn emit_itabs(&mut self, itabs: &[(CanonId, CanonId)]) {
        let mut sorted: Vec<(DataId, CanonId, CanonId)> =
            itabs.iter().map(|&(ty, iface)| (self.descriptors.itabs.ids[&(ty, iface)], ty, iface)).collect();
        sorted.sort_by(|a, b| self.program.data[a.0].name.cmp(&self.program.data[b.0].name));
        sorted.dedup();
        for (id, ty, iface) in sorted {
            self.emit_itab(id, ty, iface);
        }
    }

    fn emit_itab(&mut self, id: DataId, ty: CanonId, iface: CanonId) {
        let places = self.descriptors.structs.itab;
        let methods = self.types.implements(self.checker, ty, iface).expect("abi: emit_itab: the type implements it");
        let methods: Vec<MethodId> = methods.into();
        let mut image = Image::new(places.fun.offset + WORD * methods.len() as u32);
        self.reference(&mut image, places.inter, iface);
        self.reference(&mut image, places.ty, ty);
        image.number(places.hash, self.types.hash(self.checker, ty).into());
        for (index, method) in methods.into_iter().enumerate() {
            let place = Place { offset: places.fun.offset + WORD * index as u32, width: WORD };
            match self.method_code(ty, method) {
                Some(func) => image.code(place, func),
                None => image.number(place, DEAD),
            }
        }
        image.fill(self.program, id);
    }
}
