//! Scopes: names to objects, and the tree they form (universe, package, file, function, blocks).

use crate::store::{ObjId, ScopeId, Store};
use base::{Pos, Symbol};
use rustc_hash::FxHashMap;

/// A block of the program and the names declared in it, in order of declaration.
#[derive(Debug, Default)]
pub struct Scope {
    pub parent: Option<ScopeId>,
    pub children: Vec<ScopeId>,
    /// Extent in the source, unknown for universe and package scopes.
    pub pos: Pos,
    pub end: Pos,
    /// The outermost scope of a function.
    pub is_func: bool,
    names: Vec<(Symbol, ObjId)>,
    /// Made once there are more names than a linear search likes; index into `names`.
    index: Option<FxHashMap<Symbol, u32>>,
}

const LINEAR_LIMIT: usize = 12;

impl Scope {
    pub fn len(&self) -> usize {
        self.names.len()
    }
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
    /// Objects in order of insertion.
    pub fn objects(&self) -> impl Iterator<Item = (Symbol, ObjId)> + '_ {
        self.names.iter().copied()
    }
    /// The object of that name declared in this very scope.
    pub fn lookup(&self, name: Symbol) -> Option<ObjId> {
        match &self.index {
            Some(index) => index.get(&name).map(|&at| self.names[at as usize].1),
            None => self.names.iter().find(|entry| entry.0 == name).map(|entry| entry.1),
        }
    }
    fn put(&mut self, name: Symbol, obj: ObjId) {
        let at = self.names.len() as u32;
        self.names.push((name, obj));
        if let Some(index) = &mut self.index {
            index.insert(name, at);
        } else if self.names.len() > LINEAR_LIMIT {
            self.index = Some(self.names.iter().enumerate().map(|(at, entry)| (entry.0, at as u32)).collect());
        }
    }
}

impl Store {
    pub fn new_scope(&mut self, parent: Option<ScopeId>, pos: Pos, end: Pos) -> ScopeId {
        let scope = self.scopes.push(Scope { parent, pos, end, ..Scope::default() });
        // The universe has every package as a child; nobody walks it downwards.
        if let Some(parent) = parent
            && self.scopes[parent].parent.is_some()
        {
            self.scopes[parent].children.push(scope);
        }
        scope
    }

    /// Declares `obj` in `scope` under its name, unless the name is taken: then the other object is returned. Sets the
    /// object's parent if it has none. Blank names are never inserted.
    pub fn insert(&mut self, scope: ScopeId, obj: ObjId) -> Option<ObjId> {
        let name = self.objects[obj].name;
        if name.is_blank() {
            return None;
        }
        if let Some(other) = self.scopes[scope].lookup(name) {
            return Some(other);
        }
        self.scopes[scope].put(name, obj);
        if self.objects[obj].parent.is_none() {
            self.objects[obj].parent = Some(scope);
        }
        None
    }

    /// The innermost declaration of `name` visible from `scope` outwards, with the scope that holds it.
    pub fn lookup_parent(&self, scope: ScopeId, name: Symbol) -> Option<(ScopeId, ObjId)> {
        let mut current = Some(scope);
        while let Some(id) = current {
            let scope = &self.scopes[id];
            if let Some(obj) = scope.lookup(name) {
                return Some((id, obj));
            }
            current = scope.parent;
        }
        None
    }
}
