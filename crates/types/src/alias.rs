//! Alias types: names that stand for other types, and instances of generic aliases.
//!
//! An alias keeps its name for messages; everything that asks what a type *is* looks through it. While an alias
//! declaration is being checked its right-hand side is unknown: such an alias stands for no type yet.

use crate::checker::Checker;
use crate::operand::SubstMap;
use crate::store::*;
use crate::universe::typ;
use base::Pos;

impl Checker<'_> {
    /// Makes the alias type that `obj` declares; without `rhs` it is incomplete. The object gets the type unless it has
    /// one.
    pub fn new_alias(&mut self, obj: ObjId, rhs: Option<TypeId>) -> TypeId {
        let alias = self.aliases.next_id();
        let ty = self.new_type(Type::Alias(alias));
        self.aliases.push(AliasData {
            ty,
            obj,
            orig: alias,
            tparams: TypeList::EMPTY,
            implicit: TypeList::EMPTY,
            targs: TypeList::EMPTY,
            from_rhs: rhs,
            actual: None,
        });
        self.objects[obj].ty.get_or_insert(ty);
        ty
    }

    /// `orig[targs]`; the numbers of parameters and arguments agree.
    pub(crate) fn new_alias_instance(&mut self, pos: Pos, orig: AliasId, targs: &[TypeId]) -> TypeId {
        let generic = self.aliases[orig];
        let Object { pkg, name, .. } = *self.obj(generic.obj);
        let map = self.subst_map(generic.tparams, targs);
        let rhs = match generic.from_rhs {
            Some(rhs) => self.subst(pos, rhs, &map),
            None => typ::INVALID, // refers to itself, which is reported where it is declared
        };
        let obj = self.new_object(ObjKind::TypeName, pos, pkg, name, None);
        let ty = self.new_alias(obj, Some(rhs));
        let targs = self.type_list(targs);
        if let Type::Alias(id) = self.ty(ty) {
            let alias = &mut self.aliases[id];
            (alias.orig, alias.tparams, alias.targs) = (orig, generic.tparams, targs);
            alias.implicit = generic.implicit;
        }
        ty
    }

    /// The type that `ty` stands for: itself unless it is an alias. Invalid for an incomplete alias.
    #[inline]
    pub fn unalias(&mut self, ty: TypeId) -> TypeId {
        match self.types[ty] {
            Type::Alias(alias) => self.resolve_alias(alias).unwrap_or(typ::INVALID),
            _ => ty,
        }
    }

    /// What the alias stands for, remembered once it is known.
    pub(crate) fn resolve_alias(&mut self, alias: AliasId) -> Option<TypeId> {
        let data = &self.aliases[alias];
        if data.actual.is_some() {
            return data.actual;
        }
        let actual = self.known_alias(alias);
        self.aliases[alias].actual = actual;
        actual
    }

    /// The defined type that `ty` is, aliases resolved.
    #[inline]
    pub fn as_named(&mut self, ty: TypeId) -> Option<NamedId> {
        let ty = self.unalias(ty);
        match self.types[ty] {
            Type::Named(named) => Some(named),
            _ => None,
        }
    }

    /// The type parameter that `ty` is, aliases resolved.
    #[inline]
    pub fn as_type_param(&mut self, ty: TypeId) -> Option<TypeParamId> {
        let ty = self.unalias(ty);
        match self.types[ty] {
            Type::TypeParam(tparam) => Some(tparam),
            _ => None,
        }
    }

    /// The substitution of `targs` for the type parameters `tparams`.
    pub fn subst_map(&self, tparams: TypeList, targs: &[TypeId]) -> SubstMap {
        debug_assert_eq!(tparams.len(), targs.len());
        let mut map = SubstMap::default();
        for (&tparam, &targ) in self.type_ids(tparams).iter().zip(targs) {
            if let Type::TypeParam(id) = self.types[tparam] {
                map.insert(id, targ);
            }
        }
        map
    }
}

impl Store {
    /// As [`Checker::unalias`], for code that only reads; `None` for an incomplete alias.
    #[inline]
    pub(crate) fn unalias_known(&self, ty: TypeId) -> Option<TypeId> {
        match self.types[ty] {
            Type::Alias(alias) => self.known_alias(alias),
            _ => Some(ty),
        }
    }

    fn known_alias(&self, alias: AliasId) -> Option<TypeId> {
        let mut alias = alias;
        loop {
            let data = &self.aliases[alias];
            let next = data.actual.or(data.from_rhs)?;
            match self.types[next] {
                Type::Alias(further) => alias = further,
                _ => return Some(next),
            }
        }
    }
}
