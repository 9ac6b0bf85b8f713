//! Which types mention which type parameters.
//!
//! Inference asks this of every parameter and argument of a generic call, with the (few) type parameters it solves for.
//! The answer never looks into the declarations of defined types: only their type arguments can mention a parameter.
//!
//! Types are graphs, not trees: aliases share parts (`type A = func(B, B)`), and anonymous interfaces may even reach
//! themselves through their methods. So types with several parts are remembered once visited.

use crate::checker::Checker;
use crate::store::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

/// A list of type parameters that can be searched.
pub struct TypeParams {
    ids: SmallVec<[TypeParamId; 4]>,
    /// Positions in `ids`; only made for lists that a linear search does not like.
    positions: Option<FxHashMap<TypeParamId, u32>>,
}

const LINEAR_LIMIT: usize = 16;

impl TypeParams {
    pub fn new(store: &Store, list: TypeList) -> TypeParams {
        let ids: SmallVec<[TypeParamId; 4]> = store.type_ids(list).iter().map(|&ty| type_param(store, ty)).collect();
        let positions = (ids.len() > LINEAR_LIMIT).then(|| (0..).zip(&ids).map(|(at, &id)| (id, at)).collect());
        TypeParams { ids, positions }
    }
    pub fn len(&self) -> usize {
        self.ids.len()
    }
    pub fn ids(&self) -> &[TypeParamId] {
        &self.ids
    }
    pub fn position(&self, id: TypeParamId) -> Option<usize> {
        match &self.positions {
            Some(positions) => positions.get(&id).map(|&at| at as usize),
            None => self.ids.iter().position(|&other| other == id),
        }
    }
}

/// The parameter that an element of a type parameter list stands for.
pub fn type_param(store: &Store, ty: TypeId) -> TypeParamId {
    match store.ty(ty) {
        Type::TypeParam(id) => id,
        other => unreachable!("type_param: {other:?} in a list of type parameters"),
    }
}

impl<'a> Checker<'a> {
    /// Whether `ty` mentions any of `tparams`. Of a generic function type only parameters and results count.
    pub fn is_parameterized(&mut self, tparams: &TypeParams, ty: TypeId) -> bool {
        Finder { tparams, seen: FxHashMap::default() }.mentions(self, ty)
    }

    /// Removes from `inferred` (parallel to `tparams`) types through which a type parameter would stand for a type that
    /// contains it: replacing parameters by their types would never end.
    ///
    /// Given `[P interface{ *Q }, Q interface{ func(P) }]` with `P` = `*Q` and `Q` = `func(P)`, one of the two goes,
    /// and its parameter counts as not inferred.
    pub fn kill_cycles(&mut self, tparams: &TypeParams, inferred: &mut [Option<TypeId>]) {
        let mut edges: Vec<Vec<usize>> = Vec::with_capacity(inferred.len());
        for ty in inferred.iter() {
            let mut collector = Collector { tparams, seen: FxHashSet::default(), found: Vec::new() };
            if let Some(ty) = *ty {
                collector.collect(self, ty);
            }
            edges.push(collector.found);
        }
        if edges.iter().all(Vec::is_empty) {
            return;
        }

        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            OnPath,
            Done,
        }
        let mut states = vec![State::New; edges.len()];
        let mut path: Vec<(usize, usize)> = Vec::new(); // parameter, next edge
        for root in 0..edges.len() {
            if states[root] != State::New {
                continue;
            }
            states[root] = State::OnPath;
            path.push((root, 0));
            while let Some((from, next)) = path.last_mut() {
                let Some(&to) = edges[*from].get(*next) else {
                    states[*from] = State::Done;
                    path.pop();
                    continue;
                };
                *next += 1;
                match states[to] {
                    State::New => {
                        states[to] = State::OnPath;
                        path.push((to, 0));
                    }
                    State::OnPath => inferred[to] = None,
                    State::Done => {}
                }
            }
        }
    }
}

struct Finder<'t> {
    tparams: &'t TypeParams,
    /// Types with several parts; `false` also while a type is being visited.
    seen: FxHashMap<TypeId, bool>,
}

impl Finder<'_> {
    fn mentions(&mut self, c: &mut Checker<'_>, ty: TypeId) -> bool {
        let mut ty = ty;
        loop {
            ty = match c.ty(ty) {
                Type::Basic(_) | Type::Union(_) => return false,
                Type::TypeParam(id) => return self.tparams.position(id).is_some(),
                Type::Alias(_) => c.unalias(ty),
                Type::Array { elem, .. } | Type::Slice { elem } | Type::Pointer { elem } | Type::Chan { elem, .. } => {
                    elem
                }
                Type::Named(id) => match c.named[id].inst {
                    None => return false,
                    Some(inst) if inst.targs.len() == 1 => c.type_at(inst.targs, 0),
                    Some(_) => break,
                },
                Type::Struct(_) | Type::Tuple(_) | Type::Signature(_) | Type::Interface(_) | Type::Map { .. } => break,
            };
        }
        if let Some(&known) = self.seen.get(&ty) {
            return known;
        }
        self.seen.insert(ty, false);
        let found = self.parts_mention(c, ty);
        self.seen.insert(ty, found);
        found
    }

    fn parts_mention(&mut self, c: &mut Checker<'_>, ty: TypeId) -> bool {
        match c.ty(ty) {
            Type::Struct(id) => self.any_var(c, c.structs[id].fields),
            Type::Tuple(vars) => self.any_var(c, vars),
            Type::Signature(id) => {
                let sig = c.signatures[id];
                self.any_var(c, sig.params) || self.any_var(c, sig.results)
            }
            Type::Interface(id) => {
                let tset = c.type_set(id);
                let TypeSet { methods, terms, .. } = c.type_sets[tset];
                if self.any_var(c, methods) {
                    return true;
                }
                // As in go/types, a type set mentions a parameter if all its terms do.
                c.type_set_has_terms(tset)
                    && (0..terms.len()).all(|at| match c.terms(terms)[at].ty {
                        Some(ty) => self.mentions(c, ty),
                        None => false,
                    })
            }
            Type::Map { key, elem } => self.mentions(c, key) || self.mentions(c, elem),
            Type::Named(id) => {
                let targs = c.named[id].inst.map_or(TypeList::EMPTY, |inst| inst.targs);
                (0..targs.len()).any(|at| self.mentions(c, c.type_at(targs, at)))
            }
            other => unreachable!("is_parameterized: {other:?} has no parts"),
        }
    }

    fn any_var(&mut self, c: &mut Checker<'_>, vars: ObjList) -> bool {
        (0..vars.len()).any(|at| match c.obj(c.obj_at(vars, at)).ty {
            Some(ty) => self.mentions(c, ty),
            None => false,
        })
    }
}

/// Lists the parameters that a type mentions, those in the constraints of anonymous interfaces included.
struct Collector<'t> {
    tparams: &'t TypeParams,
    seen: FxHashSet<TypeId>,
    /// In the order they are met, without duplicates.
    found: Vec<usize>,
}

impl Collector<'_> {
    fn collect(&mut self, c: &mut Checker<'_>, ty: TypeId) {
        let ty = c.unalias(ty);
        if matches!(c.ty(ty), Type::Basic(_)) || !self.seen.insert(ty) {
            return;
        }
        match c.ty(ty) {
            Type::Basic(_) | Type::Alias(_) => {}
            Type::TypeParam(id) => self.found.extend(self.tparams.position(id)),
            Type::Array { elem, .. } | Type::Slice { elem } | Type::Pointer { elem } | Type::Chan { elem, .. } => {
                self.collect(c, elem);
            }
            Type::Map { key, elem } => {
                self.collect(c, key);
                self.collect(c, elem);
            }
            Type::Struct(id) => self.collect_vars(c, c.structs[id].fields),
            Type::Tuple(vars) => self.collect_vars(c, vars),
            Type::Signature(id) => {
                let sig = c.signatures[id];
                self.collect_vars(c, sig.params);
                self.collect_vars(c, sig.results);
            }
            Type::Union(id) => {
                let terms = c.unions[id].terms;
                for at in 0..terms.len() {
                    if let Some(ty) = c.terms(terms)[at].ty {
                        self.collect(c, ty);
                    }
                }
            }
            Type::Interface(id) => {
                let iface = c.interfaces[id];
                self.collect_vars(c, iface.methods);
                self.collect_types(c, iface.embeddeds);
            }
            Type::Named(id) => {
                if let Some(inst) = c.named[id].inst {
                    self.collect_types(c, inst.targs);
                }
            }
        }
    }

    fn collect_types(&mut self, c: &mut Checker<'_>, list: TypeList) {
        for at in 0..list.len() {
            self.collect(c, c.type_at(list, at));
        }
    }

    fn collect_vars(&mut self, c: &mut Checker<'_>, vars: ObjList) {
        for at in 0..vars.len() {
            if let Some(ty) = c.obj(c.obj_at(vars, at)).ty {
                self.collect(c, ty);
            }
        }
    }
}
