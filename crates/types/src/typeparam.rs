//! Type parameters and the interfaces that constrain them.

use crate::checker::Checker;
use crate::store::*;
use crate::universe::typ;

impl Checker<'_> {
    /// Makes the type parameter that `obj` declares. The object gets the type unless it has one.
    pub fn new_type_param(&mut self, obj: ObjId, bound: Option<TypeId>) -> TypeId {
        let tparam = self.type_params.next_id();
        let ty = self.new_type(Type::TypeParam(tparam));
        self.type_params.push(TypeParamData { ty, obj, index: -1, bound });
        self.objects[obj].ty.get_or_insert(ty);
        ty
    }

    /// Makes a list of type parameters, which learn their indices.
    pub fn bind_type_params(&mut self, list: &[TypeId]) -> TypeList {
        for (index, &ty) in list.iter().enumerate() {
            let Type::TypeParam(tparam) = self.ty(ty) else {
                panic!("types: bind_type_params: {:?} is not a type parameter", self.ty(ty));
            };
            let data = &mut self.type_params[tparam];
            debug_assert!(data.index < 0, "a type parameter is bound once");
            data.index = index as i32;
        }
        self.type_list(list)
    }

    /// The constraint of a type parameter, as an interface.
    pub fn type_param_iface(&mut self, tparam: TypeParamId) -> InterfaceId {
        let under = self.type_param_under(tparam);
        match self.ty(under) {
            Type::Interface(iface) => iface,
            other => unreachable!("types: type_param_iface: {other:?}"),
        }
    }

    /// The constraint interface as a type, which is the type parameter's underlying type. A constraint that is not an
    /// interface (`[P int]`) is wrapped in one, once.
    pub(crate) fn type_param_under(&mut self, tparam: TypeParamId) -> TypeId {
        let TypeParamData { bound: Some(bound), obj, .. } = self.type_params[tparam] else {
            return typ::EMPTY_INTERFACE;
        };
        if self.as_type_param(bound).is_some() {
            return typ::EMPTY_INTERFACE; // reported where the type parameters are declared
        }
        let mut under = self.under(bound);
        let iface = match self.ty(under) {
            Type::Basic(BasicKind::Invalid) => return typ::EMPTY_INTERFACE, // reported elsewhere
            Type::Interface(iface) => iface,
            _ => {
                let embeddeds = self.type_list(&[bound]);
                let iface = InterfaceData { embeddeds, implicit: true, complete: true, ..Default::default() };
                let iface = self.interfaces.push(iface);
                under = self.new_type(Type::Interface(iface));
                self.type_params[tparam].bound = Some(under);
                iface
            }
        };
        if self.interfaces[iface].tset.is_none() {
            // Errors are best reported at the bound, if it has a place of its own.
            let named = self.as_named(bound);
            let pos = self.obj(named.map_or(obj, |named| self.named[named].obj)).pos;
            self.compute_interface_type_set(pos, iface);
        }
        under
    }

    /// The type set of a type parameter's constraint.
    pub(crate) fn type_param_type_set(&mut self, tparam: TypeParamId) -> TypeSetId {
        let iface = self.type_param_iface(tparam);
        self.type_set(iface)
    }
}
