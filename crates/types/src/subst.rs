//! Substitution of type parameters by type arguments.
//!
//! Types are never changed: what mentions a substituted parameter is made anew, everything else is shared, and a type
//! comes back with its own id exactly if nothing in it was substituted. A list is copied when its first element changes.

use crate::checker::Checker;
use crate::operand::SubstMap;
use crate::store::*;
use crate::universe::typ;
use base::Pos;
use smallvec::SmallVec;

impl Checker<'_> {
    /// `ty` with the type parameters in `map` replaced. `pos` is where instances that come into being are said to be.
    pub fn subst(&mut self, pos: Pos, ty: TypeId, map: &SubstMap) -> TypeId {
        if map.is_empty() {
            return ty;
        }
        match self.ty(ty) {
            Type::Basic(_) => ty,
            Type::TypeParam(tparam) => map.get(tparam).unwrap_or(ty),
            _ => {
                // Arguments can nest deeper than any tree of the source.
                let result = if self.enter(pos) { self.subst_parts(pos, ty, map) } else { typ::INVALID };
                self.leave();
                result
            }
        }
    }

    pub fn subst_list(&mut self, pos: Pos, list: &[TypeId], map: &SubstMap) -> Vec<TypeId> {
        list.iter().map(|&ty| self.subst(pos, ty, map)).collect()
    }

    /// The variables with their types substituted; the same list if nothing was.
    pub fn subst_tuple(&mut self, pos: Pos, vars: ObjList, map: &SubstMap) -> ObjList {
        self.subst_objs(vars, |c, var| {
            let ty = c.obj(var).ty?;
            let new = c.subst(pos, ty, map);
            (new != ty).then(|| c.clone_var(var, new))
        })
        .unwrap_or(vars)
    }

    fn subst_parts(&mut self, pos: Pos, ty: TypeId, map: &SubstMap) -> TypeId {
        match self.ty(ty) {
            Type::Basic(_) | Type::TypeParam(_) => unreachable!("types: subst_parts: {ty} has no parts"),
            Type::Array { len, elem } => {
                let new = self.subst(pos, elem, map);
                if new == elem { ty } else { self.new_type(Type::Array { len, elem: new }) }
            }
            Type::Slice { elem } => {
                let new = self.subst(pos, elem, map);
                if new == elem { ty } else { self.new_type(Type::Slice { elem: new }) }
            }
            Type::Pointer { elem } => {
                let new = self.subst(pos, elem, map);
                if new == elem { ty } else { self.new_type(Type::Pointer { elem: new }) }
            }
            Type::Chan { dir, elem } => {
                let new = self.subst(pos, elem, map);
                if new == elem { ty } else { self.new_type(Type::Chan { dir, elem: new }) }
            }
            Type::Map { key, elem } => {
                let (new_key, new_elem) = (self.subst(pos, key, map), self.subst(pos, elem, map));
                if (new_key, new_elem) == (key, elem) {
                    return ty;
                }
                self.new_type(Type::Map { key: new_key, elem: new_elem })
            }
            Type::Struct(id) => {
                let StructData { fields, tags } = self.structs[id];
                let new = self.subst_tuple(pos, fields, map);
                if new == fields {
                    return ty;
                }
                let new = self.structs.push(StructData { fields: new, tags });
                self.new_type(Type::Struct(new))
            }
            Type::Tuple(vars) => {
                let new = self.subst_tuple(pos, vars, map);
                if new == vars { ty } else { self.new_type(Type::Tuple(new)) }
            }
            Type::Signature(id) => self.subst_signature(pos, ty, id, map),
            Type::Union(id) => {
                let terms = self.unions[id].terms;
                let old = self.term_vec(terms);
                let mut new = old.clone();
                for term in &mut new {
                    term.ty = term.ty.map(|ty| self.subst(pos, ty, map));
                }
                if new == old {
                    return ty;
                }
                // Terms may coincide now; the type set brings them into normal form.
                let terms = self.term_list(&new);
                let new = self.unions.push(UnionData { terms, tset: None });
                self.new_type(Type::Union(new))
            }
            Type::Interface(id) => self.subst_interface(pos, ty, id, map),
            // Arguments of instances are substituted without expanding the instance: expansion might lead back here.
            Type::Named(named) => {
                let orig = self.named_origin(named);
                let targs = self.named[named].inst.map_or(TypeList::EMPTY, |inst| inst.targs);
                let orig = &self.named[orig];
                self.subst_instance(pos, ty, orig.ty, orig.tparams, targs, map)
            }
            Type::Alias(alias) => {
                let AliasData { orig, targs, .. } = self.aliases[alias];
                let orig = &self.aliases[orig];
                self.subst_instance(pos, ty, orig.ty, orig.tparams, targs, map)
            }
        }
    }

    fn subst_instance(
        &mut self,
        pos: Pos,
        ty: TypeId,
        orig: TypeId,
        tparams: TypeList,
        targs: TypeList,
        map: &SubstMap,
    ) -> TypeId {
        if tparams.is_empty() {
            return ty;
        }
        if tparams.len() != targs.len() {
            return typ::INVALID; // reported where it was written
        }
        match self.subst_types(pos, targs, map) {
            Some(targs) => self.instance(pos, orig, &targs),
            None => ty,
        }
    }

    /// The receiver stays: methods of interfaces get theirs when the interface does, those of instances when they are
    /// expanded. (Substituting it here would not end: `type T[A any] struct { f interface { m() } }`.)
    fn subst_signature(&mut self, pos: Pos, ty: TypeId, id: SignatureId, map: &SubstMap) -> TypeId {
        let sig = self.signatures[id];
        let own = sig.tparams;
        let instantiates = self
            .type_ids(own)
            .first()
            .is_some_and(|&tparam| matches!(self.ty(tparam), Type::TypeParam(tparam) if map.get(tparam).is_some()));
        // A generic method of a generic type, whose receiver's parameters are substituted: the method's own parameters
        // may have bounds that mention those, so each instance's method gets parameters of its own.
        let renamed;
        let (tparams, map) = if own.is_empty() || instantiates {
            (own, map)
        } else {
            renamed = self.fresh_type_params(pos, own, map);
            (renamed.0, &renamed.1)
        };
        let params = self.subst_tuple(pos, sig.params, map);
        let results = self.subst_tuple(pos, sig.results, map);
        if params == sig.params && results == sig.results && tparams == own {
            return ty;
        }
        let new = self.signatures.push(SignatureData { tparams, params, results, scope: None, ..sig });
        self.new_type(Type::Signature(new))
    }

    /// Copies of type parameters with their bounds substituted, and `map` extended by them.
    fn fresh_type_params(&mut self, pos: Pos, tparams: TypeList, map: &SubstMap) -> (TypeList, SubstMap) {
        let mut map = map.clone();
        let mut fresh: SmallVec<[(TypeParamId, TypeParamId); 4]> = SmallVec::new();
        let mut list: SmallVec<[TypeId; 4]> = SmallVec::new();
        for i in 0..tparams.len() {
            let Type::TypeParam(old) = self.ty(self.type_at(tparams, i)) else {
                continue;
            };
            let TypeParamData { obj, index, .. } = self.type_params[old];
            let Object { pos, pkg, name, .. } = *self.obj(obj);
            let obj = self.new_object(ObjKind::TypeName, pos, pkg, name, None);
            let new = self.type_params.next_id();
            let ty = self.new_type_param(obj, None);
            self.type_params[new].index = index;
            self.mono_record_canon(new, old);
            map.insert(old, ty);
            fresh.push((old, new));
            list.push(ty);
        }
        for (old, new) in fresh {
            let bound = self.type_params[old].bound.map(|bound| self.subst(pos, bound, &map));
            self.type_params[new].bound = bound;
        }
        (self.type_list(&list), map)
    }

    fn subst_interface(&mut self, pos: Pos, ty: TypeId, id: InterfaceId, map: &SubstMap) -> TypeId {
        let iface = self.interfaces[id];
        let methods = self.subst_objs(iface.methods, |c, method| {
            let ty = c.obj(method).ty?;
            let new = c.subst(pos, ty, map);
            (new != ty).then(|| c.clone_func(method, new))
        });
        let embeddeds = self.subst_types(pos, iface.embeddeds, map);
        if methods.is_none() && embeddeds.is_none() {
            return ty;
        }
        let methods = methods.unwrap_or(iface.methods);
        let embeddeds = embeddeds.map_or(iface.embeddeds, |list| self.type_list(&list));
        let new = self.interfaces.push(InterfaceData { embeddeds, tset: None, ..iface });
        let new_ty = self.new_type(Type::Interface(new));
        // Methods whose receiver is the interface itself get the new one. (If it is a defined type, that type's
        // expansion sees to it.)
        self.interfaces[new].methods = self.replace_recv_type(methods, ty, new_ty).unwrap_or(methods);
        new_ty
    }

    /// The methods with receivers of type `old` replaced by receivers of type `new`; `None` if there are none.
    pub(crate) fn replace_recv_type(&mut self, methods: ObjList, old: TypeId, new: TypeId) -> Option<ObjList> {
        self.subst_objs(methods, |c, method| {
            let sig = c.as_signature(c.obj(method).ty?)?;
            let recv = sig.recv.filter(|&recv| c.obj(recv).ty == Some(old))?;
            let recv = c.clone_var(recv, new);
            let sig = c.signatures.push(SignatureData { recv: Some(recv), ..sig });
            let sig = c.new_type(Type::Signature(sig));
            Some(c.clone_func(method, sig))
        })
    }

    /// Copies a variable, which remembers the one it was declared as, with another type.
    pub fn clone_var(&mut self, var: ObjId, ty: TypeId) -> ObjId {
        let origin = Some(self.obj_origin(var));
        let mut copy = Object { ty: Some(ty), path_index: None, ..*self.obj(var) };
        if let ObjKind::Var { origin: slot, .. } = &mut copy.kind {
            *slot = origin;
        }
        self.objects.push(copy)
    }

    /// Copies a method, which remembers the one it was declared as, with another type. The copy has no declaration of
    /// its own: initialisation order does not follow it.
    pub fn clone_func(&mut self, func: ObjId, ty: TypeId) -> ObjId {
        let origin = Some(self.obj_origin(func));
        let mut copy = Object { ty: Some(ty), path_index: None, decl: None, ..*self.obj(func) };
        if let ObjKind::Func { origin: slot, .. } = &mut copy.kind {
            *slot = origin;
        }
        self.objects.push(copy)
    }

    /// The declared field, variable or method of which `obj` is the copy in an instance; otherwise itself.
    pub fn obj_origin(&self, obj: ObjId) -> ObjId {
        match self.obj(obj).kind {
            ObjKind::Var { origin: Some(origin), .. } | ObjKind::Func { origin: Some(origin), .. } => origin,
            _ => obj,
        }
    }

    /// Applies `change` to each object; `None` if nothing changed.
    fn subst_objs(
        &mut self,
        list: ObjList,
        mut change: impl FnMut(&mut Self, ObjId) -> Option<ObjId>,
    ) -> Option<ObjList> {
        let mut copy: Option<SmallVec<[ObjId; 8]>> = None;
        for i in 0..list.len() {
            if let Some(new) = change(self, self.obj_at(list, i)) {
                copy.get_or_insert_with(|| SmallVec::from_slice(self.objs(list)))[i] = new;
            }
        }
        copy.map(|copy| self.obj_list(&copy))
    }

    /// The types substituted; `None` if nothing changed.
    fn subst_types(&mut self, pos: Pos, list: TypeList, map: &SubstMap) -> Option<SmallVec<[TypeId; 4]>> {
        let mut copy: Option<SmallVec<[TypeId; 4]>> = None;
        for i in 0..list.len() {
            let old = self.type_at(list, i);
            let new = self.subst(pos, old, map);
            if new != old {
                copy.get_or_insert_with(|| SmallVec::from_slice(self.type_ids(list)))[i] = new;
            }
        }
        copy
    }
}
