//! Type sets of interfaces and unions.
//!
//! spec: "The type set of a non-empty interface is the intersection of the type sets of its interface elements."
//!
//! The language lets methods be kept apart from terms, so a set is a list of methods, a list of terms in normal form
//! (see `termlist.rs`), and whether only comparable types are meant. Sets are computed when first asked for, and each
//! interface literal asks soon after it was checked, which is when its errors are reported.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::lookup::LINEAR_LIMIT;
use crate::store::*;
use crate::termlist::{ALL_TYPES, MAX_TERM_COUNT, Terms, is_all};
use crate::universe::{INVALID_TYPE_SET, TOP_TYPE_SET};
use crate::version::GoVersion;
use base::{Pos, Symbol};
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use std::collections::hash_map;

const GO1_14: GoVersion = GoVersion::go1(14);
const GO1_18: GoVersion = GoVersion::go1(18);

/// What is asked of type sets.
impl Checker<'_> {
    /// The type set of the empty interface.
    pub fn type_set_is_all(&self, tset: TypeSetId) -> bool {
        self.type_set_is_method_set(tset) && self.type_sets[tset].methods.is_empty()
    }

    pub fn type_set_is_empty(&self, tset: TypeSetId) -> bool {
        self.type_sets[tset].terms.is_empty()
    }

    /// Whether the methods alone describe the set: it is that of an ordinary interface.
    pub fn type_set_is_method_set(&self, tset: TypeSetId) -> bool {
        let set = &self.type_sets[tset];
        !set.comparable && is_all(self.terms(set.terms))
    }

    /// Whether there are specific types.
    pub fn type_set_has_terms(&self, tset: TypeSetId) -> bool {
        let terms = self.type_sets[tset].terms;
        !terms.is_empty() && !is_all(self.terms(terms))
    }

    /// Whether every type in the set is (strictly) comparable.
    pub fn type_set_is_comparable(&mut self, tset: TypeSetId) -> bool {
        let TypeSet { terms, comparable, .. } = self.type_sets[tset];
        if !self.type_set_has_terms(tset) {
            return comparable;
        }
        (0..terms.len()).all(|i| self.terms(terms)[i].ty.is_some_and(|ty| self.is_comparable(ty, false)))
    }

    /// The method of that name and its index in the (sorted) list of all methods.
    pub fn type_set_lookup_method(
        &mut self,
        tset: TypeSetId,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Option<(usize, ObjId)> {
        if name.is_blank() {
            return None;
        }
        let methods = self.objs(self.type_sets[tset].methods);
        let index = if methods.len() > LINEAR_LIMIT && !fold_case {
            let wanted = self.method_sort_key(name, pkg);
            methods.binary_search_by(|&m| self.method_sort_key(self.obj(m).name, self.obj(m).pkg).cmp(&wanted)).ok()?
        } else {
            methods.iter().position(|&method| self.same_id(method, pkg, name, fold_case))?
        };
        Some((index, methods[index]))
    }

    /// Methods are sorted exported ones first, then by name, then by package.
    fn method_sort_key(&self, name: Symbol, pkg: Option<PkgId>) -> (bool, &'static str, &str) {
        let unexported = !is_exported(name);
        let path = pkg.filter(|_| unexported).map_or("", |pkg| &self.packages[pkg].path);
        (unexported, name.as_str(), path)
    }

    pub fn sort_methods(&self, methods: &mut [ObjId]) {
        methods.sort_by_key(|&method| {
            let method = self.obj(method);
            self.method_sort_key(method.name, method.pkg)
        });
    }
}

/// The methods collected for an interface so far.
#[derive(Default)]
struct MethodSet {
    list: SmallVec<[ObjId; 8]>,
    /// By name, and package if not exported: the method and where it was declared or embedded.
    seen: FxHashMap<(Symbol, Option<PkgId>), (ObjId, Pos)>,
}

impl Checker<'_> {
    pub fn new_interface(&mut self) -> InterfaceId {
        self.interfaces.push(InterfaceData::default())
    }

    #[inline]
    pub fn type_set(&mut self, iface: InterfaceId) -> TypeSetId {
        match self.interfaces[iface].tset {
            Some(tset) => tset,
            None => self.compute_interface_type_set(Pos::NONE, iface),
        }
    }

    /// The interface's type set; `pos` is where too large unions are reported if the interface has no positions.
    pub fn compute_interface_type_set(&mut self, pos: Pos, iface: InterfaceId) -> TypeSetId {
        let InterfaceData { methods, embeddeds, embed_pos, complete, tset, .. } = self.interfaces[iface];
        if let Some(tset) = tset {
            return tset;
        }
        // The set of an interface that is not set up yet would be wrong for good.
        if !complete {
            return TOP_TYPE_SET;
        }

        if methods.is_empty() && embeddeds.is_empty() {
            self.interfaces[iface].tset = Some(TOP_TYPE_SET);
            return TOP_TYPE_SET;
        }

        // Interfaces that embed themselves are reported elsewhere; here they find all types.
        let terms = self.type_sets[TOP_TYPE_SET].terms;
        let tset = self.type_sets.push(TypeSet { methods: ObjList::EMPTY, terms, comparable: false });
        self.interfaces[iface].tset = Some(tset);

        let mut all = MethodSet::default();
        for i in 0..methods.len() {
            let method = self.obj_at(methods, i);
            self.add_interface_method(&mut all, self.obj(method).pos, method, true);
        }

        let mut all_terms: Terms = smallvec![ALL_TYPES];
        let mut all_comparable = false;
        for i in 0..embeddeds.len() {
            let ty = self.type_at(embeddeds, i);
            // Without positions there is nothing to report: the interface was made by substitution.
            let embed_pos = self.positions(embed_pos).get(i).copied().unwrap_or(Pos::NONE);
            let under = self.under(ty);
            let (terms, comparable): (Terms, bool) = match self.ty(under) {
                Type::Interface(embedded) => {
                    let embed_at = if embed_pos.is_known() { embed_pos } else { pos };
                    let tset = self.compute_interface_type_set(embed_at, embedded);
                    // A constraint of this package was reported where it is declared.
                    if self.too_old_for_constraints(embed_pos) && self.is_imported_constraint(ty) {
                        let what = format!("embedding constraint interface {}", self.type_string(ty));
                        self.version_error(embed_pos, GO1_18, &what);
                        continue;
                    }
                    let TypeSet { methods, terms, comparable } = self.type_sets[tset];
                    for i in 0..methods.len() {
                        let method = self.obj_at(methods, i);
                        self.add_interface_method(&mut all, embed_pos, method, false);
                    }
                    (self.term_vec(terms), comparable)
                }
                Type::Union(union) => {
                    if self.too_old_for_constraints(embed_pos) {
                        let what = format!("embedding interface element {}", self.type_string(under));
                        self.version_error(embed_pos, GO1_18, &what);
                        continue;
                    }
                    let embed_at = if embed_pos.is_known() { embed_pos } else { pos };
                    let tset = self.compute_union_type_set(embed_at, union);
                    if tset == INVALID_TYPE_SET {
                        continue;
                    }
                    (self.term_vec(self.type_sets[tset].terms), false)
                }
                Type::Basic(BasicKind::Invalid) => continue,
                _ => {
                    if self.too_old_for_constraints(embed_pos) {
                        let what = format!("embedding non-interface type {}", self.type_string(ty));
                        self.version_error(embed_pos, GO1_18, &what);
                        continue;
                    }
                    (smallvec![Term { tilde: false, ty: Some(ty) }], false)
                }
            };
            (all_terms, all_comparable) = self.intersect_sets(&all_terms, all_comparable, &terms, comparable);
        }

        self.sort_methods(&mut all.list);
        let methods = self.obj_list(&all.list);
        let terms = self.term_list(&all_terms);
        self.type_sets[tset] = TypeSet { methods, terms, comparable: all_comparable };
        tset
    }

    /// Adds a method that the interface declares, or that an element embedded at `pos` has.
    ///
    /// spec: "The name of each explicitly specified method must be unique"; methods of embedded elements may overlap if
    /// they have identical types.
    fn add_interface_method(&mut self, all: &mut MethodSet, pos: Pos, method: ObjId, explicit: bool) {
        let Object { name, pkg, .. } = *self.obj(method);
        let key = (name, pkg.filter(|_| !is_exported(name)));
        let (other, other_pos) = match all.seen.entry(key) {
            hash_map::Entry::Vacant(entry) => {
                entry.insert((method, pos));
                all.list.push(method);
                return;
            }
            hash_map::Entry::Occupied(entry) => *entry.get(),
        };
        if explicit {
            self.duplicate_method(pos, name, other_pos);
        } else if method != other || pos.is_known() {
            // Types may not be complete yet.
            self.later(move |c| {
                let overlap_allowed = !pos.is_known() || c.allow_version(GO1_14) || !c.is_in_package(pos);
                let (Some(ty), Some(other_ty)) = (c.obj(method).ty, c.obj(other).ty) else {
                    return;
                };
                if !overlap_allowed || !c.identical(ty, other_ty) {
                    c.duplicate_method(pos, name, other_pos);
                }
            });
        }
    }

    fn duplicate_method(&mut self, pos: Pos, name: Symbol, other_pos: Pos) {
        let mut err = ErrorBuilder::new(Code::DuplicateDecl);
        err.add(pos, format!("duplicate method {name}"));
        err.add(other_pos, format!("other declaration of method {name}"));
        self.report(err);
    }

    /// Whether an interface element at `pos` must be an ordinary interface, as before Go 1.18. Interfaces of other
    /// packages are not this package's to judge.
    fn too_old_for_constraints(&self, pos: Pos) -> bool {
        pos.is_known() && !self.allow_version(GO1_18) && self.is_in_package(pos)
    }

    /// Whether `pos` is in a file of the package being checked.
    fn is_in_package(&self, pos: Pos) -> bool {
        let file = self.sources.file_of(pos);
        self.package_states[self.env.pkg].files.iter().any(|input| input.ast.id == file)
    }

    /// The intersection of two sets given by terms and comparability (which is set only beside all types).
    fn intersect_sets(&mut self, x: &[Term], x_comparable: bool, y: &[Term], y_comparable: bool) -> (Terms, bool) {
        let mut terms = self.intersect(x, y);
        let comparable = x_comparable || y_comparable;
        if !comparable || is_all(&terms) {
            return (terms, comparable);
        }
        terms.retain(|term| term.ty.is_some_and(|ty| self.is_comparable(ty, false)));
        (terms, false)
    }

    /// The union's type set; [`INVALID_TYPE_SET`] if it has too many terms.
    pub fn compute_union_type_set(&mut self, pos: Pos, union: UnionId) -> TypeSetId {
        let UnionData { terms, tset } = self.unions[union];
        if let Some(tset) = tset {
            return tset;
        }
        let empty = TypeSet { methods: ObjList::EMPTY, terms: TermList::EMPTY, comparable: false };
        let tset = self.type_sets.push(empty);
        self.unions[union].tset = Some(tset); // ends recursion, as for interfaces

        let mut all_terms = Terms::new();
        for i in 0..terms.len() {
            let term = self.terms(terms)[i];
            let Some(ty) = term.ty else { continue };
            let under = self.under(ty);
            let terms: Terms = match self.ty(under) {
                Type::Interface(iface) => {
                    let tset = self.compute_interface_type_set(pos, iface);
                    self.term_vec(self.type_sets[tset].terms)
                }
                Type::Basic(BasicKind::Invalid) => continue,
                // No type has `ty` as its underlying type.
                _ if term.tilde && !self.identical(ty, under) => continue,
                _ => smallvec![term],
            };
            all_terms = self.unite(&all_terms, &terms);
            if all_terms.len() > MAX_TERM_COUNT {
                let message =
                    format!("cannot handle more than {MAX_TERM_COUNT} union terms (implementation limitation)");
                self.error(pos, Code::InvalidUnion, message);
                self.unions[union].tset = Some(INVALID_TYPE_SET);
                return INVALID_TYPE_SET;
            }
        }
        self.type_sets[tset].terms = self.store.term_list(&all_terms);
        tset
    }
}
