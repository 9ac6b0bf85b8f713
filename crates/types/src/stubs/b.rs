//! Signatures of named types, type sets, predicates, lookup, until the real modules stand.

#![allow(unused_variables)]

use crate::checker::*;
use crate::code::Code;
use crate::constant::Value;
use crate::operand::{Lookup, Operand, SubstMap, Target};
use crate::store::*;
use crate::universe;
use base::{Pos, Symbol};
use syntax::ast;

impl<'a> Checker<'a> {
    pub fn new_named(&mut self, obj: ObjId, from_rhs: Option<TypeId>) -> TypeId {
        unreachable!("stub: new_named")
    }
    pub fn new_alias(&mut self, obj: ObjId, rhs: Option<TypeId>) -> TypeId {
        unreachable!("stub: new_alias")
    }
    pub fn new_type_param(&mut self, obj: ObjId, bound: Option<TypeId>) -> TypeId {
        unreachable!("stub: new_type_param")
    }
    pub fn new_interface(&mut self) -> InterfaceId {
        unreachable!("stub: new_interface")
    }
    pub fn bind_type_params(&mut self, list: &[TypeId]) -> TypeList {
        unreachable!("stub: bind_type_params")
    }
    pub fn unalias(&mut self, ty: TypeId) -> TypeId {
        unreachable!("stub: unalias")
    }
    pub fn under(&mut self, ty: TypeId) -> TypeId {
        unreachable!("stub: under")
    }
    pub fn under_type(&mut self, ty: TypeId) -> Type {
        unreachable!("stub: under_type")
    }
    pub fn field_index(&self, fields: ObjList, pkg: Option<PkgId>, name: Symbol, fold_case: bool) -> Option<usize> {
        unreachable!("stub: field_index")
    }
    pub fn deref_struct_ptr(&mut self, ty: TypeId) -> TypeId {
        unreachable!("stub: deref_struct_ptr")
    }
    pub fn is_interface_ptr(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_interface_ptr")
    }
    pub fn as_named(&mut self, ty: TypeId) -> Option<NamedId> {
        unreachable!("stub: as_named")
    }
    pub fn as_type_param(&mut self, ty: TypeId) -> Option<TypeParamId> {
        unreachable!("stub: as_type_param")
    }
    pub fn named_tparams(&mut self, named: NamedId) -> TypeList {
        unreachable!("stub: named_tparams")
    }
    pub fn num_methods(&mut self, named: NamedId) -> usize {
        unreachable!("stub: num_methods")
    }
    pub fn method(&mut self, named: NamedId, index: usize) -> ObjId {
        unreachable!("stub: method")
    }
    pub fn lookup_method(
        &mut self,
        named: NamedId,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Option<(usize, ObjId)> {
        unreachable!("stub: lookup_method")
    }
    pub fn type_param_iface(&mut self, tparam: TypeParamId) -> InterfaceId {
        unreachable!("stub: type_param_iface")
    }
    pub fn type_set(&mut self, iface: InterfaceId) -> TypeSetId {
        unreachable!("stub: type_set")
    }
    pub fn compute_interface_type_set(&mut self, pos: Pos, iface: InterfaceId) -> TypeSetId {
        unreachable!("stub: compute_interface_type_set")
    }
    pub fn compute_union_type_set(&mut self, pos: Pos, union: UnionId) -> TypeSetId {
        unreachable!("stub: compute_union_type_set")
    }
    pub fn type_set_is_all(&self, tset: TypeSetId) -> bool {
        unreachable!("stub: type_set_is_all")
    }
    pub fn type_set_is_empty(&self, tset: TypeSetId) -> bool {
        unreachable!("stub: type_set_is_empty")
    }
    pub fn type_set_is_method_set(&self, tset: TypeSetId) -> bool {
        unreachable!("stub: type_set_is_method_set")
    }
    pub fn type_set_has_terms(&self, tset: TypeSetId) -> bool {
        unreachable!("stub: type_set_has_terms")
    }
    pub fn type_set_lookup_method(
        &mut self,
        tset: TypeSetId,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Option<(usize, ObjId)> {
        unreachable!("stub: type_set_lookup_method")
    }
    /// All (term type, its underlying type) of a type set; one `None` when there are no specific types.
    pub fn type_set_terms(&mut self, ty: TypeId) -> smallvec::SmallVec<[Option<(TypeId, TypeId)>; 4]> {
        unreachable!("stub: type_set_terms")
    }
    pub fn common_under(
        &mut self,
        ty: TypeId,
        cond: Option<&mut dyn FnMut(&mut Checker<'a>, Option<(TypeId, TypeId)>) -> Option<String>>,
    ) -> Result<TypeId, String> {
        unreachable!("stub: common_under")
    }
    pub fn match_types_chan_dir_tolerant(&mut self, x: TypeId, y: TypeId) -> Option<TypeId> {
        unreachable!("stub: match_types_chan_dir_tolerant")
    }
    // instantiation
    pub fn instance(&mut self, pos: Pos, orig: TypeId, targs: &[TypeId], expanding: Option<NamedId>) -> TypeId {
        unreachable!("stub: instance")
    }
    pub fn validate_targ_len(&mut self, pos: Pos, name: &str, want: usize, got: usize) -> bool {
        unreachable!("stub: validate_targ_len")
    }
    pub fn verify_instance(&mut self, pos: Pos, tparams: TypeList, targs: &[TypeId]) -> Result<(), (usize, String)> {
        unreachable!("stub: verify_instance")
    }
    pub fn implements(&mut self, v: TypeId, t: TypeId, constraint: bool, cause: Option<&mut String>) -> bool {
        unreachable!("stub: implements")
    }
    pub fn subst(&mut self, pos: Pos, ty: TypeId, map: &SubstMap, expanding: Option<NamedId>) -> TypeId {
        unreachable!("stub: subst")
    }
    pub fn subst_list(&mut self, pos: Pos, list: &[TypeId], map: &SubstMap, expanding: Option<NamedId>) -> Vec<TypeId> {
        unreachable!("stub: subst_list")
    }
    pub fn subst_tuple(&mut self, pos: Pos, vars: ObjList, map: &SubstMap, expanding: Option<NamedId>) -> ObjList {
        unreachable!("stub: subst_tuple")
    }
    // predicates; the all_* and is_* families follow go/types: is_x looks at the type, all_x at every type of a type set
    pub fn is_valid(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_valid")
    }
    pub fn is_boolean(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_boolean")
    }
    pub fn is_numeric(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_numeric")
    }
    pub fn is_string(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_string")
    }
    pub fn is_integer(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_integer")
    }
    pub fn is_unsigned(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_unsigned")
    }
    pub fn is_float(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_float")
    }
    pub fn is_complex(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_complex")
    }
    pub fn is_const_type(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_const_type")
    }
    pub fn is_integer_or_float(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_integer_or_float")
    }
    pub fn all_boolean(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: all_boolean")
    }
    pub fn all_integer(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: all_integer")
    }
    pub fn all_unsigned(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: all_unsigned")
    }
    pub fn all_numeric(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: all_numeric")
    }
    pub fn all_string(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: all_string")
    }
    pub fn all_ordered(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: all_ordered")
    }
    pub fn all_numeric_or_string(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: all_numeric_or_string")
    }
    pub fn all_basic(&mut self, ty: TypeId, pred: fn(BasicKind) -> bool) -> bool {
        unreachable!("stub: all_basic")
    }
    pub fn is_basic(&mut self, ty: TypeId, pred: fn(BasicKind) -> bool) -> bool {
        unreachable!("stub: is_basic")
    }
    pub fn has_name(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: has_name")
    }
    pub fn is_typed(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_typed")
    }
    pub fn is_untyped(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_untyped")
    }
    pub fn is_untyped_numeric(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_untyped_numeric")
    }
    pub fn is_interface(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_interface")
    }
    pub fn is_non_type_param_interface(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_non_type_param_interface")
    }
    pub fn is_type_param(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_type_param")
    }
    pub fn is_generic(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_generic")
    }
    pub fn is_pointer(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_pointer")
    }
    pub fn is_bytes_or_runes(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: is_bytes_or_runes")
    }
    pub fn has_nil(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: has_nil")
    }
    pub fn has_empty_type_set(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: has_empty_type_set")
    }
    pub fn comparable(&mut self, ty: TypeId) -> bool {
        unreachable!("stub: comparable")
    }
    /// `None` if comparable, else the reason (a sentence fragment, may be empty).
    pub fn comparable_type(&mut self, ty: TypeId, dynamic: bool) -> Option<String> {
        unreachable!("stub: comparable_type")
    }
    pub fn identical(&mut self, x: TypeId, y: TypeId) -> bool {
        unreachable!("stub: identical")
    }
    pub fn identical_ignore_tags(&mut self, x: TypeId, y: TypeId) -> bool {
        unreachable!("stub: identical_ignore_tags")
    }
    pub fn identical_origin(&mut self, x: NamedId, y: NamedId) -> bool {
        unreachable!("stub: identical_origin")
    }
    pub fn identical_tuples(&mut self, x: ObjList, y: ObjList) -> bool {
        unreachable!("stub: identical_tuples")
    }
    pub fn default_type(&mut self, ty: TypeId) -> TypeId {
        unreachable!("stub: default_type")
    }
    pub fn max_type(&mut self, x: TypeId, y: TypeId) -> Option<TypeId> {
        unreachable!("stub: max_type")
    }
    // lookup
    pub fn lookup_field_or_method(
        &mut self,
        ty: TypeId,
        addressable: bool,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Lookup {
        unreachable!("stub: lookup_field_or_method")
    }
    pub fn missing_method(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        cause: Option<&mut String>,
    ) -> Option<ObjId> {
        unreachable!("stub: missing_method")
    }
    pub fn assertable_to(&mut self, v: TypeId, t: TypeId, cause: Option<&mut String>) -> bool {
        unreachable!("stub: assertable_to")
    }
    pub fn new_assertable_to(&mut self, v: TypeId, t: TypeId, cause: Option<&mut String>) -> bool {
        unreachable!("stub: new_assertable_to")
    }
    pub fn deref(&mut self, ty: TypeId) -> (TypeId, bool) {
        unreachable!("stub: deref")
    }
    pub fn has_ptr_recv(&mut self, func: ObjId) -> bool {
        unreachable!("stub: has_ptr_recv")
    }
    pub fn same_id(&self, obj: ObjId, pkg: Option<PkgId>, name: Symbol, fold_case: bool) -> bool {
        unreachable!("stub: same_id")
    }
    pub fn same_pkg(&self, a: Option<PkgId>, b: Option<PkgId>) -> bool {
        unreachable!("stub: same_pkg")
    }
}
