//! What type parameters stand for while an instance of a generic function or type is looked at.

use crate::canon::{CanonId, CanonList, Types};
use base::entity_id;
use types::{Checker, ObjId, Type, TypeList, TypeParamId};

entity_id!(
    /// Type parameters bound to closed types. Equal bindings have equal ids.
    pub struct EnvId, "env"
);

impl EnvId {
    /// No type parameters: for everything outside of generic code.
    pub const EMPTY: EnvId = EnvId::from_const(0);
}

pub(crate) type Bindings = Box<[(TypeParamId, CanonId)]>;

impl Types {
    /// The environment of these bindings, each parameter bound once.
    pub fn env(&mut self, bindings: &[(TypeParamId, CanonId)]) -> EnvId {
        if bindings.is_empty() {
            return EnvId::EMPTY;
        }
        let mut sorted: Bindings = bindings.into();
        sorted.sort_by_key(|binding| binding.0);
        if let Some(&known) = self.env_ids.get(&sorted) {
            return known;
        }
        let id = self.envs.push(sorted.clone());
        self.env_ids.insert(sorted, id);
        id
    }

    /// What the type parameter stands for.
    pub fn binding(&self, env: EnvId, tparam: TypeParamId) -> Option<CanonId> {
        let bindings = &self.envs[env];
        let at = bindings.binary_search_by_key(&tparam, |binding| binding.0).ok()?;
        Some(bindings[at].1)
    }

    /// The environment of a declared function's or method's signature and body.
    pub fn function_env(
        &mut self,
        checker: &mut Checker<'_>,
        func: ObjId,
        receiver_args: &[CanonId],
        type_args: &[CanonId],
    ) -> EnvId {
        if receiver_args.is_empty() && type_args.is_empty() {
            return EnvId::EMPTY;
        }
        checker.check_object(func);
        let sig = checker.obj(func).ty.and_then(|ty| checker.as_signature(ty));
        let sig = sig.expect("abi: function_env of what has no signature");
        let mut bindings = Vec::with_capacity(receiver_args.len() + type_args.len());
        bind(checker, sig.rparams, receiver_args, &mut bindings);
        bind(checker, sig.tparams, type_args, &mut bindings);
        self.env(&bindings)
    }

    /// The environment of a type's declaration: of its right-hand side.
    pub(crate) fn declaration_env(
        &mut self,
        checker: &mut Checker<'_>,
        obj: ObjId,
        enclosing: CanonList,
        targs: CanonList,
    ) -> EnvId {
        let (rparams, tparams) = self.locals.enclosing_params(checker, obj);
        let (enclosing, targs) = (self.list(enclosing), self.list(targs));
        if enclosing.is_empty() && targs.is_empty() {
            return EnvId::EMPTY;
        }
        let mut bindings = Vec::with_capacity(enclosing.len() + targs.len());
        let named = checker.obj(obj).ty.and_then(|ty| checker.as_named(ty)).expect("abi: a defined type's object");
        let own_tparams = checker.named_tparams(named);
        bind(checker, own_tparams, targs, &mut bindings);
        bind(checker, rparams, &enclosing[..rparams.len()], &mut bindings);
        bind(checker, tparams, &enclosing[rparams.len()..], &mut bindings);
        self.env(&bindings)
    }
}

fn bind(checker: &Checker<'_>, tparams: TypeList, args: &[CanonId], bindings: &mut Vec<(TypeParamId, CanonId)>) {
    assert_eq!(tparams.len(), args.len(), "abi: bind: as many arguments as type parameters");
    for (&tparam, &arg) in checker.type_ids(tparams).iter().zip(args) {
        let Type::TypeParam(id) = checker.ty(tparam) else { unreachable!("abi: bind: tparams are type parameters") };
        bindings.push((id, arg));
    }
}
