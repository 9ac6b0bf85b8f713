//! Inference of type arguments for calls and instantiations of generic functions.
//!
//! Four sources, in this order: the types of typed arguments; the constraints of the type parameters, again and again
//! while that brings news; the default types of untyped constants; and finally the inferred types themselves, which may
//! mention type parameters inferred meanwhile. For
//!
//! ```go
//! func Map[S ~[]E, E, R any](s S, f func(E) R) []R
//! Map(names, func(n string) int { ... })        // names has type Names, declared as []string
//! ```
//!
//! the arguments give `S` = `Names`, `E` = `string`, `R` = `int`; without the second argument the constraint of `S`
//! would give `E`.
//!
//! The type parameters solved for are always *renamed* ones ([`Checker::rename_type_params`]), because a function that
//! calls itself would mention its own type parameters in the arguments, where they stand for some unknown type.

use crate::checker::{Checker, ErrorBuilder};
use crate::operand::{Operand, SubstMap};
use crate::parameterized::{TypeParams, type_param};
use crate::store::*;
use crate::unify::{Unifier, UnifyMode};
use crate::universe::typ;
use crate::version::GoVersion;
use base::Pos;
use smallvec::SmallVec;
use syntax::expr_string;

impl<'a> Checker<'a> {
    /// The type arguments for `tparams`, of which some may be given in `targs`; `params` are the parameters that
    /// mention them and `args` the operands passed, one for one. `reverse` words errors for the case that the call is
    /// made up, to infer from an assignment.
    ///
    /// On failure the reason is added to `err`; not if it is that an argument is invalid, which was reported.
    pub fn infer(
        &mut self,
        pos: Pos,
        tparams: TypeList,
        targs: &[Option<TypeId>],
        params: ObjList,
        args: &[Operand<'a>],
        reverse: bool,
        err: &mut ErrorBuilder,
    ) -> Option<Vec<TypeId>> {
        debug_assert!(!tparams.is_empty() && targs.len() <= tparams.len() && params.len() == args.len());
        if targs.len() == tparams.len()
            && let Some(all) = targs.iter().copied().collect::<Option<Vec<TypeId>>>()
        {
            return Some(all);
        }
        if args.iter().any(|arg| !arg.is_valid()) {
            return None;
        }
        let mut given: SmallVec<[Option<TypeId>; 4]> = targs.into();
        given.resize(tparams.len(), None);

        // Parameters whose types are known now are left to assignment, which knows more than unification and has the
        // better messages.
        let params = if given.iter().any(Option::is_some) {
            let known = self.partial_subst_map(tparams, &given);
            self.subst_tuple(Pos::NONE, params, &known)
        } else {
            params
        };

        let list = TypeParams::new(self, tparams);
        let mut u = Unifier::new(&list, &given, self.allow_version(GoVersion::go1(21)));
        let untyped = self.unify_arguments(tparams, &list, &mut u, params, args, reverse, err)?;
        self.unify_constraints(pos, tparams, &list, &mut u, err)?;
        self.infer_from_constants(&list, &mut u, params, args, &untyped, err)?;
        self.simplify(pos, tparams, &list, &given, u.inferred(), err)
    }

    /// Unifies parameters with typed arguments. Returns the indices of the others that may still tell something.
    fn unify_arguments(
        &mut self,
        tparams: TypeList,
        list: &TypeParams,
        u: &mut Unifier<'_>,
        params: ObjList,
        args: &[Operand<'a>],
        reverse: bool,
        err: &mut ErrorBuilder,
    ) -> Option<SmallVec<[usize; 4]>> {
        let mut untyped = SmallVec::new();
        for (index, arg) in args.iter().enumerate() {
            let param = self.type_of_var(self.obj_at(params, index));
            if !self.is_parameterized(list, param) && !self.is_parameterized(list, arg.ty) {
                continue;
            }
            if self.is_typed(arg.ty) {
                if !u.unify(self, param, arg.ty, UnifyMode::ASSIGN) {
                    let inferred = u.inferred();
                    self.mismatch(tparams, &inferred, param, arg, reverse, err);
                    return None;
                }
            } else if matches!(self.ty(param), Type::TypeParam(_)) && !self.is_nil(arg) {
                // An untyped value's default type is basic, so it can match no composite parameter; nil has none.
                untyped.push(index);
            }
        }
        Some(untyped)
    }

    /// Says that an argument does not unify with its parameter's type, with as much as is known of that type.
    fn mismatch(
        &mut self,
        tparams: TypeList,
        inferred: &[Option<TypeId>],
        param: TypeId,
        arg: &Operand<'a>,
        reverse: bool,
        err: &mut ErrorBuilder,
    ) {
        let (name, ty) = (expr_string(arg.expr()), self.type_string(arg.ty));
        let wanted = self.type_string(param);
        if inferred.iter().all(Option::is_none) {
            let names = self.type_params_string(tparams);
            err.add(arg, format!("type {ty} of {name} does not match {wanted} (cannot infer {names})"));
            return;
        }
        let map = self.partial_subst_map(tparams, inferred);
        let known = self.subst(arg.expr().pos, param, &map);
        if known == param {
            err.add(arg, format!("type {ty} of {name} does not match {wanted}"));
            return;
        }
        let known = self.type_string(known);
        if reverse {
            err.add(arg, format!("inferred type {known} for {wanted} does not match type {ty} of {name}"));
        } else {
            err.add(arg, format!("type {ty} of {name} does not match inferred type {known} for {wanted}"));
        }
    }

    /// Unifies type parameters with their constraints, as long as that infers something. Quadratic in the number of
    /// type parameters of one function at worst.
    fn unify_constraints(
        &mut self,
        pos: Pos,
        tparams: TypeList,
        list: &TypeParams,
        u: &mut Unifier<'_>,
        err: &mut ErrorBuilder,
    ) -> Option<()> {
        let constraints: SmallVec<[Constraint; 4]> = list.ids().iter().map(|&id| self.constraint(id)).collect();
        loop {
            let unknown = u.unknowns();
            for (index, constraint) in constraints.iter().enumerate() {
                let targ = u.at(index);
                match (targ, constraint.core) {
                    // If the core has a tilde it is an underlying type; that of targ must match, and does so if it is a
                    // literal. If the core has none, targ itself must match.
                    (Some(targ), Some(core)) if !u.unify(self, targ, core.ty, UnifyMode::INEXACT) => {
                        self.unsatisfied(pos, self.type_at(tparams, index), targ, constraint, "", err);
                        return None;
                    }
                    // The only type in the type set.
                    (None, Some(core)) if core.single && !core.tilde => u.set(index, core.ty),
                    _ => {}
                }
                // The type argument must have the methods too; their signatures may tell more. While it mentions type
                // parameters its own methods are not final.
                let Some(targ) = targ else { continue };
                if !constraint.has_methods || self.is_parameterized(list, targ) {
                    continue;
                }
                let mut cause = String::new();
                let mut equivalent = |c: &mut Checker<'a>, x, y| u.unify(c, x, y, UnifyMode::EXACT);
                if !self.has_all_methods(targ, constraint.bound, true, &mut equivalent, Some(&mut cause)) {
                    self.unsatisfied(pos, self.type_at(tparams, index), targ, constraint, &cause, err);
                    return None;
                }
            }
            if u.unknowns() == unknown {
                return Some(());
            }
        }
    }

    fn unsatisfied(
        &mut self,
        pos: Pos,
        tparam: TypeId,
        targ: TypeId,
        constraint: &Constraint,
        cause: &str,
        err: &mut ErrorBuilder,
    ) {
        let (tparam, targ) = (self.type_string(tparam), self.type_string(targ));
        let bound = self.type_string(constraint.bound);
        let space = if cause.is_empty() { "" } else { " " };
        err.add(pos, format!("{tparam} (type {targ}) does not satisfy {bound}{space}{cause}"));
    }

    /// spec: "the default type of the constant (...) if there are multiple untyped constants, the type is the one that
    /// appears last in the list int, rune, float64, complex128".
    fn infer_from_constants(
        &mut self,
        list: &TypeParams,
        u: &mut Unifier<'_>,
        params: ObjList,
        args: &[Operand<'a>],
        untyped: &[usize],
        err: &mut ErrorBuilder,
    ) -> Option<()> {
        let mut widest: SmallVec<[(usize, TypeId); 4]> = SmallVec::new();
        for &index in untyped {
            let param = self.type_of_var(self.obj_at(params, index));
            let position = list.position(type_param(self, param)).expect("infer: parameter type is solved for");
            if u.at(position).is_some() {
                continue;
            }
            let arg = &args[index];
            match widest.iter().position(|entry| entry.0 == position) {
                None => widest.push((position, arg.ty)),
                Some(at) => {
                    let Some(wider) = self.max_type(widest[at].1, arg.ty) else {
                        let (max, ty) = (self.type_string(widest[at].1), self.type_string(arg.ty));
                        let param = self.type_string(param);
                        err.add(arg, format!("mismatched types {max} and {ty} (cannot infer {param})"));
                        return None;
                    };
                    widest[at].1 = wider;
                }
            }
        }
        for (position, ty) in widest {
            let ty = self.default_type(ty);
            u.set(position, ty);
        }
        Some(())
    }

    /// Replaces type parameters in inferred types until none is left. A parameter without a type, or with one that
    /// cannot be freed of parameters, is not inferred.
    fn simplify(
        &mut self,
        pos: Pos,
        tparams: TypeList,
        list: &TypeParams,
        given: &[Option<TypeId>],
        mut inferred: Vec<Option<TypeId>>,
        err: &mut ErrorBuilder,
    ) -> Option<Vec<TypeId>> {
        self.kill_cycles(list, &mut inferred);

        let mut dirty: SmallVec<[usize; 4]> =
            (0..inferred.len()).filter(|&at| inferred[at].is_some() && given[at].is_none()).collect();
        while !dirty.is_empty() {
            let map = self.partial_subst_map(tparams, &inferred);
            dirty.retain(|at| {
                let before = inferred[*at].expect("infer: only inferred types are dirty");
                let mut after = self.subst(Pos::NONE, before, &map);
                if after == before {
                    return false;
                }
                // A generic function passed as argument has lost its type parameters: it is generic no more.
                if let Type::Signature(sig) = self.ty(after)
                    && !self.signatures[sig].tparams.is_empty()
                    && !self.is_parameterized(list, after)
                {
                    let plain = SignatureData { tparams: TypeList::EMPTY, ..self.signatures[sig] };
                    after = self.new_signature(plain);
                }
                inferred[*at] = Some(after);
                true
            });
        }

        let mut result = Vec::with_capacity(inferred.len());
        for (&id, ty) in list.ids().iter().zip(inferred) {
            match ty {
                Some(ty) if !self.is_parameterized(list, ty) => result.push(ty),
                _ => {
                    let Object { name, pos: declared, .. } = *self.obj(self.type_params[id].obj);
                    let declared = self.pos_string(declared);
                    err.add(pos, format!("cannot infer {name} (declared at {declared})"));
                    return None;
                }
            }
        }
        Some(result)
    }

    /// Gives type parameters new identities. Returns the new ones, and what replaces old by new in types.
    pub fn rename_type_params(&mut self, pos: Pos, tparams: TypeList) -> (TypeList, SubstMap) {
        let mut renaming = SubstMap::default();
        let mut renamed: SmallVec<[(TypeParamId, TypeParamId); 4]> = SmallVec::new();
        let mut types: SmallVec<[TypeId; 4]> = SmallVec::new();
        for at in 0..tparams.len() {
            let old = type_param(self, self.type_at(tparams, at));
            let TypeParamData { obj, index, .. } = self.type_params[old];
            let Object { pos, pkg, name, .. } = *self.obj(obj);
            let obj = self.new_object(ObjKind::TypeName, pos, pkg, name, None);
            let ty = self.new_type_param(obj, None);
            let new = type_param(self, ty);
            self.type_params[new].index = index;
            renaming.insert(old, ty);
            renamed.push((old, new));
            types.push(ty);
        }
        for (old, new) in renamed {
            let bound = self.type_params[old].bound.unwrap_or(typ::INVALID);
            self.type_params[new].bound = Some(self.subst(pos, bound, &renaming));
        }
        (self.type_list(&types), renaming)
    }

    /// Replaces type parameters by the types known for them.
    pub fn partial_subst_map(&self, tparams: TypeList, targs: &[Option<TypeId>]) -> SubstMap {
        let mut map = SubstMap::default();
        for (&tparam, targ) in self.type_ids(tparams).iter().zip(targs) {
            if let Some(targ) = *targ {
                map.insert(type_param(self, tparam), targ);
            }
        }
        map
    }

    pub fn new_signature(&mut self, sig: SignatureData) -> TypeId {
        let sig = self.signatures.push(sig);
        self.new_type(Type::Signature(sig))
    }

    /// The type of a parameter, result or field.
    pub fn type_of_var(&self, var: ObjId) -> TypeId {
        self.obj(var).ty.unwrap_or(typ::INVALID)
    }

    /// `P`, `P and Q`, `P, Q, and R`
    fn type_params_string(&self, tparams: TypeList) -> String {
        let names: Vec<&str> = self
            .type_ids(tparams)
            .iter()
            .map(|&ty| self.obj(self.type_params[type_param(self, ty)].obj).name.as_str())
            .collect();
        match &names[..] {
            [] => String::new(),
            [one] => one.to_string(),
            [one, two] => format!("{one} and {two}"),
            [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
        }
    }

    fn constraint(&mut self, id: TypeParamId) -> Constraint {
        let iface = self.type_param_iface(id);
        let tset = self.type_set(iface);
        let core = self.core_term(self.type_params[id].ty, tset);
        let bound = self.type_params[id].bound.unwrap_or(typ::INVALID);
        Constraint { bound, has_methods: !self.type_sets[tset].methods.is_empty(), core }
    }

    /// The single term of a type parameter's type set, or else the type that underlies all of them.
    fn core_term(&mut self, tparam: TypeId, tset: TypeSetId) -> Option<Core> {
        if !self.type_set_has_terms(tset) {
            return None;
        }
        let terms = self.type_sets[tset].terms;
        if terms.len() == 1 {
            let Term { tilde, ty } = self.terms(terms)[0];
            return ty.map(|ty| Core { ty, tilde, single: true });
        }
        // Most type sets of several terms have nothing in common; see that without composing an error.
        let first = self.terms(terms)[0].ty.map(|ty| self.under(ty))?;
        for at in 1..terms.len() {
            let other = self.terms(terms)[at].ty.map(|ty| self.under(ty))?;
            let channels = matches!((self.ty(first), self.ty(other)), (Type::Chan { .. }, Type::Chan { .. }));
            if !channels && !self.identical(first, other) {
                return None;
            }
        }
        let tilde = self.terms(terms).iter().any(|term| term.tilde);
        let ty = self.common_under(tparam, None).ok()?;
        Some(Core { ty, tilde, single: false })
    }
}

/// What inference wants to know of a type parameter's constraint.
struct Constraint {
    bound: TypeId,
    has_methods: bool,
    core: Option<Core>,
}

#[derive(Clone, Copy)]
struct Core {
    ty: TypeId,
    /// Some term has a tilde.
    tilde: bool,
    /// It is the type set's only term.
    single: bool,
}
