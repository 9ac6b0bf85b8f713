//! Defined types: what they are derived from, their underlying types and methods, all found lazily.
//!
//! A declared type exists before its declaration is understood, so that it can refer to itself; its right-hand side
//! (`from_rhs`) is unknown until then. An instance `G[int]` exists as soon as it is mentioned; its right-hand side is
//! the generic type's with the arguments substituted, and is made when somebody asks what the instance looks like:
//!
//! ```text
//! type G[P any] struct { next *G[[]P]; val P }
//!
//! G[int]    from_rhs: None                                  mentioned
//! G[int]    from_rhs: struct { next *G[[]int]; val int }    asked for; G[[]int] has now been mentioned, no more
//! ```
//!
//! Methods of an instance are expanded one by one, when looked up. Laziness is what makes recursive generic types
//! finite: nothing is expanded unless a walk goes there, and walks bound themselves.
//!
//! The *underlying* type is found by following right-hand sides through defined types and aliases to a type literal or
//! predeclared type. `type T[_ any] U; type U int`: the right-hand side of `T[X]` is `U`, its underlying type `int`.

use crate::checker::Checker;
use crate::lookup::LINEAR_LIMIT;
use crate::store::*;
use crate::universe::typ;
use base::{Pos, Symbol};
use smallvec::SmallVec;

/// A chain of definitions that needs more instances than this to reach a type literal never reaches one
/// (`type T[P any] T[[]P]`).
const MAX_EXPANSIONS: u32 = 1000;

impl Checker<'_> {
    /// Makes the defined type that `obj` declares. The object gets the type unless it has one.
    pub fn new_named(&mut self, obj: ObjId, from_rhs: Option<TypeId>) -> TypeId {
        self.push_named(obj, from_rhs, None)
    }

    /// Makes `orig[targs]`. It has an object of its own, which tells where it was first mentioned.
    pub(crate) fn new_named_instance(&mut self, pos: Pos, orig: NamedId, targs: TypeList, hash: Option<u64>) -> TypeId {
        let Object { pkg, name, .. } = *self.obj(self.named[orig].obj);
        let obj = self.new_object(ObjKind::TypeName, pos, pkg, name, None);
        self.push_named(obj, None, Some(Instance { orig, targs, hash }))
    }

    fn push_named(&mut self, obj: ObjId, from_rhs: Option<TypeId>, inst: Option<Instance>) -> TypeId {
        let named = self.named.next_id();
        let ty = self.new_type(Type::Named(named));
        self.named.push(NamedData {
            ty,
            obj,
            from_rhs,
            underlying: None,
            tparams: TypeList::EMPTY,
            implicit: TypeList::EMPTY,
            methods: Vec::new(),
            inst,
            state: NamedState::default(),
        });
        self.objects[obj].ty.get_or_insert(ty);
        ty
    }

    /// The generic type of an instance; any other type itself.
    #[inline]
    pub fn named_origin(&self, named: NamedId) -> NamedId {
        self.named[named].inst.map_or(named, |inst| inst.orig)
    }

    /// Type parameters of a generic type or of the generic type of an instance.
    pub fn named_tparams(&mut self, named: NamedId) -> TypeList {
        self.named[self.named_origin(named)].tparams
    }

    /// The type on the right-hand side of the declaration, type arguments substituted. `None` while the declaration is
    /// being checked.
    pub fn named_rhs(&mut self, named: NamedId) -> Option<TypeId> {
        let data = &self.named[named];
        if data.from_rhs.is_some() {
            return data.from_rhs;
        }
        let (obj, inst) = (data.obj, data.inst);
        if let Some(inst) = inst {
            let rhs = self.expand_rhs(named, inst)?;
            self.named[named].from_rhs = Some(rhs);
            return Some(rhs);
        }
        let object = self.obj(obj);
        if object.decl.is_some() && object.path_index.is_none() {
            self.obj_decl(obj);
        }
        self.named[named].from_rhs
    }

    /// Substitutes the type arguments of an instance in the generic type's right-hand side.
    fn expand_rhs(&mut self, named: NamedId, inst: Instance) -> Option<TypeId> {
        let orig_rhs = self.named_rhs(inst.orig)?;
        let orig = &self.named[inst.orig];
        let (orig_ty, tparams) = (orig.ty, orig.tparams);
        if inst.targs.len() != tparams.len() {
            return Some(typ::INVALID); // reported where the instance was written
        }
        let map = self.subst_map(tparams, self.type_ids(inst.targs));
        let NamedData { ty, obj, .. } = self.named[named];
        let pos = self.obj(obj).pos;
        let rhs = self.subst(pos, orig_rhs, &map);

        // The methods of an interface have the defined type as receiver: now the instance.
        let Type::Interface(id) = self.ty(rhs) else {
            return Some(rhs);
        };
        let iface = self.interfaces[id];
        let Some(methods) = self.replace_recv_type(iface.methods, orig_ty, ty) else {
            return Some(rhs);
        };
        if rhs != orig_rhs {
            // Substitution made this interface; nobody else has it.
            let iface = &mut self.interfaces[id];
            (iface.methods, iface.tset) = (methods, None);
            return Some(rhs);
        }
        // No method mentions a type parameter, so the generic type's own interface came back.
        let iface = InterfaceData { methods, implicit: false, embed_pos: PosList::EMPTY, tset: None, ..iface };
        let id = self.interfaces.push(iface);
        Some(self.new_type(Type::Interface(id)))
    }

    /// Follows right-hand sides from `named` to a type that is not a name, and remembers it for all types on the way.
    /// Invalid if the chain never ends, or (not remembered) if it ends in a declaration that is being checked.
    pub(crate) fn resolve_underlying(&mut self, named: NamedId) -> TypeId {
        let mut path: SmallVec<[NamedId; 8]> = SmallVec::new();
        let mut expansions = 0;
        // Brent's cycle detection: a type of the path, replaced at each power of two steps. Cycles are reported and
        // broken elsewhere, but this may run before.
        let mut landmark = None;
        let mut rhs = self.named[named].ty;
        let underlying = loop {
            match self.ty(rhs) {
                Type::Alias(alias) => match self.resolve_alias(alias) {
                    Some(actual) => rhs = actual,
                    None => return typ::INVALID,
                },
                Type::Named(next) => {
                    let data = &self.named[next];
                    if let (true, Some(underlying)) = (data.state.under, data.underlying) {
                        break underlying;
                    }
                    if landmark == Some(next) || expansions > MAX_EXPANSIONS {
                        break typ::INVALID;
                    }
                    expansions += u32::from(data.from_rhs.is_none());
                    path.push(next);
                    if path.len().is_power_of_two() {
                        landmark = Some(next);
                    }
                    match self.named_rhs(next) {
                        Some(next_rhs) => rhs = next_rhs,
                        None => return typ::INVALID,
                    }
                }
                _ => break rhs,
            }
        };
        for named in path {
            let data = &mut self.named[named];
            data.underlying = Some(underlying);
            data.state.under = true;
        }
        underlying
    }
}

/// Methods.
impl Checker<'_> {
    /// Adds a method to a declared type, unless there is one of that name.
    pub fn add_method(&mut self, named: NamedId, method: ObjId) {
        debug_assert!(self.named[named].inst.is_none());
        if self.method_index(named, self.obj(method).name).is_none() {
            self.named[named].methods.push(Some(method));
        }
    }

    pub fn num_methods(&mut self, named: NamedId) -> usize {
        self.named[self.named_origin(named)].methods.len()
    }

    /// The `index`th declared method; of an instance: with the type arguments substituted and the instance as receiver.
    pub fn method(&mut self, named: NamedId, index: usize) -> ObjId {
        let data = &self.named[named];
        if let Some(&Some(method)) = data.methods.get(index) {
            return method;
        }
        let inst = data.inst.expect("types: method: a declared type has all its methods");
        let declared = self.named[inst.orig].methods[index].expect("types: method: a generic type has all its methods");
        let Some(method) = self.expand_method(named, inst, declared) else {
            return declared;
        };
        // Only now: expanding may have declared more methods of the generic type.
        let count = self.named[inst.orig].methods.len();
        let methods = &mut self.named[named].methods;
        methods.resize(count, None);
        methods[index] = Some(method);
        method
    }

    /// `None` if the declared method's signature is being checked.
    fn expand_method(&mut self, named: NamedId, inst: Instance, declared: ObjId) -> Option<ObjId> {
        self.obj_decl(declared);
        let declared_ty = self.obj(declared).ty?;
        let sig = self.as_signature(declared_ty)?;
        let recv = sig.recv?;
        let (base, _) = self.deref(self.obj(recv).ty?);
        let ty = self.named[named].ty;
        // Inside `func (r T[P]) m()` the type of r is this very instance, and its method the declared one: method to
        // receiver type to method comes back to the same method. A generic method needs a signature of its own, which
        // is not generic in the receiver's parameters any more.
        if self.unalias(base) == ty && sig.tparams.is_empty() {
            return Some(declared);
        }

        // With invalid code parameters and arguments may not correspond.
        let mut expanded_ty = declared_ty;
        if sig.rparams.len() == inst.targs.len() {
            let map = self.subst_map(sig.rparams, self.type_ids(inst.targs));
            expanded_ty = self.subst(self.obj(declared).pos, declared_ty, &map);
        }
        if expanded_ty == declared_ty {
            // Nothing was substituted, but the receiver still needs a signature to be in.
            let copy = self.signatures.push(SignatureData { scope: None, ..sig });
            expanded_ty = self.new_type(Type::Signature(copy));
        }
        let recv_ty = if self.has_ptr_recv(declared) { self.new_type(Type::Pointer { elem: ty }) } else { ty };
        let recv = self.clone_var(recv, recv_ty);
        let Type::Signature(expanded) = self.ty(expanded_ty) else {
            unreachable!("types: expand_method: substitution keeps signatures");
        };
        let expanded = &mut self.signatures[expanded];
        (expanded.recv, expanded.rparams) = (Some(recv), TypeList::EMPTY);
        Some(self.clone_func(declared, expanded_ty))
    }

    /// The method of that name (which is not exported only in `pkg`) and its index. Its type may not be known yet: ask
    /// `obj_decl`.
    pub fn lookup_method(
        &mut self,
        named: NamedId,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Option<(usize, ObjId)> {
        let origin = self.named_origin(named);
        let index = if fold_case {
            let methods = &self.named[origin].methods;
            methods.iter().position(|&method| method.is_some_and(|m| self.same_id(m, pkg, name, true)))?
        } else {
            let index = self.method_index(origin, name)?;
            // All methods belong to the type's package.
            if !self.same_pkg(self.obj(self.named[origin].obj).pkg, pkg) && !is_exported(name) {
                return None;
            }
            index
        };
        Some((index, self.method(named, index)))
    }

    fn method_index(&mut self, origin: NamedId, name: Symbol) -> Option<usize> {
        if name.is_blank() {
            return None;
        }
        let store = &self.store;
        let methods = &store.named[origin].methods;
        if methods.len() > LINEAR_LIMIT {
            return self.lookups.method_index(store, origin, name);
        }
        methods.iter().position(|&method| method.is_some_and(|m| store.objects[m].name == name))
    }
}
