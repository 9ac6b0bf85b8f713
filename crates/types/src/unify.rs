//! Unification: makes two types equal in structure by finding types for *bound* type parameters in them.
//!
//! A [`Unifier`] is made for the type parameters that inference solves for; every successful [`Unifier::unify`] may
//! determine some of them. Two parameters that meet are *joined*: whatever is inferred for one is inferred for both. So
//! each parameter belongs to a group (a union-find forest), and a group has at most one type.
//!
//! Unification is more lenient than identity, because what it matches will be checked again when the function is
//! instantiated and its arguments are assigned:
//!
//! * unless matching is *exact*, a defined type unifies with a type literal that unifies with its underlying type,
//!   channel directions do not matter, and an interface unifies with what has its methods;
//! * a type parameter that is not bound (it belongs to the enclosing function) stands for its core type;
//! * for an *assignment* that leniency ends at the top: parts must match exactly.

use crate::checker::Checker;
use crate::parameterized::TypeParams;
use crate::store::*;
use smallvec::SmallVec;

/// How types are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnifyMode {
    assign: bool,
    exact: bool,
}

impl UnifyMode {
    pub const INEXACT: UnifyMode = UnifyMode { assign: false, exact: false };
    /// The types meet in an assignment: inexact at the top, exact below.
    pub const ASSIGN: UnifyMode = UnifyMode { assign: true, exact: false };
    pub const EXACT: UnifyMode = UnifyMode { assign: false, exact: true };

    /// The mode for a type's parts.
    fn of_parts(self) -> UnifyMode {
        UnifyMode { exact: self.exact || self.assign, ..self }
    }
}

/// Recursion deeper than this fails to unify. Programs stay far below; self-referential constraints might not end.
const DEPTH_LIMIT: u32 = 50;

pub struct Unifier<'t> {
    tparams: &'t TypeParams,
    /// Union-find: by parameter, another of its group, or itself if it represents the group.
    parents: SmallVec<[u32; 4]>,
    /// The group's type, at its representative.
    types: SmallVec<[Option<TypeId>; 4]>,
    depth: u32,
    /// Since Go 1.21 methods shared with an interface take part.
    interface_inference: bool,
}

/// Interfaces being compared, innermost first.
struct Pair<'p> {
    x: InterfaceId,
    y: InterfaceId,
    outer: Option<&'p Pair<'p>>,
}

impl Pair<'_> {
    fn is_repeated(&self) -> bool {
        let mut outer = self.outer;
        while let Some(pair) = outer {
            if (pair.x, pair.y) == (self.x, self.y) || (pair.x, pair.y) == (self.y, self.x) {
                return true;
            }
            outer = pair.outer;
        }
        false
    }
}

impl<'t> Unifier<'t> {
    /// `targs` are the types known so far, parallel to `tparams`.
    pub fn new(tparams: &'t TypeParams, targs: &[Option<TypeId>], interface_inference: bool) -> Unifier<'t> {
        debug_assert_eq!(tparams.len(), targs.len());
        Unifier {
            tparams,
            parents: (0..targs.len() as u32).collect(),
            types: targs.into(),
            depth: 0,
            interface_inference,
        }
    }

    /// Whether `x` and `y` unify. Types may have been inferred even if they do not.
    pub fn unify(&mut self, c: &mut Checker<'_>, x: TypeId, y: TypeId, mode: UnifyMode) -> bool {
        self.nify(c, x, y, mode, None)
    }

    /// The type inferred for the parameter at this index, if any. It may mention other parameters.
    pub fn at(&mut self, param: usize) -> Option<TypeId> {
        let group = self.group(param);
        self.types[group]
    }

    pub fn set(&mut self, param: usize, ty: TypeId) {
        let group = self.group(param);
        self.types[group] = Some(ty);
    }

    /// How many parameters have no type yet.
    pub fn unknowns(&mut self) -> usize {
        (0..self.parents.len()).filter(|&param| self.at(param).is_none()).count()
    }

    /// By parameter, the type inferred for it.
    pub fn inferred(&mut self) -> Vec<Option<TypeId>> {
        (0..self.parents.len()).map(|param| self.at(param)).collect()
    }

    fn group(&mut self, param: usize) -> usize {
        let mut at = param;
        while self.parents[at] as usize != at {
            let parent = self.parents[at] as usize;
            self.parents[at] = self.parents[parent];
            at = self.parents[at] as usize;
        }
        at
    }

    /// Makes one group of two; fails if each has a type already.
    fn join(&mut self, x: usize, y: usize) -> bool {
        let (x, y) = (self.group(x), self.group(y));
        if x == y {
            return true;
        }
        match (self.types[x], self.types[y]) {
            (Some(_), Some(_)) => return false,
            (Some(_), None) => self.parents[y] = x as u32,
            (None, _) => self.parents[x] = y as u32,
        }
        true
    }

    /// The index of the bound parameter that a type is.
    fn bound(&self, c: &mut Checker<'_>, ty: TypeId) -> Option<usize> {
        match bare(c, ty) {
            Type::TypeParam(id) => self.tparams.position(id),
            _ => None,
        }
    }

    fn nify(&mut self, c: &mut Checker<'_>, x: TypeId, y: TypeId, mode: UnifyMode, outer: Option<&Pair<'_>>) -> bool {
        if same(c, x, y) {
            return true;
        }
        if self.depth >= DEPTH_LIMIT {
            return false;
        }
        self.depth += 1;
        let unified = self.nify_different(c, x, y, mode, outer);
        self.depth -= 1;
        unified
    }

    fn nify_different(
        &mut self,
        c: &mut Checker<'_>,
        mut x: TypeId,
        mut y: TypeId,
        mode: UnifyMode,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        // Unification is symmetric. If there is a defined type, let one be in y; if a bound parameter, one in x.
        if c.as_named(x).is_some() || self.bound(c, y).is_some() {
            std::mem::swap(&mut x, &mut y);
        }

        // A defined type against a literal: its underlying type decides. Basic types count as literals, because they
        // are core types of constraints such as ~int.
        if !mode.exact
            && c.as_named(y).is_some()
            && c.is_type_lit(x)
            && !(self.interface_inference && c.is_interface(x))
        {
            y = c.under(y);
            if same(c, x, y) {
                return true;
            }
        }

        if let Some(px) = self.bound(c, x) {
            let Some(py) = self.bound(c, y) else {
                return self.nify_bound(c, px, y, mode, outer);
            };
            if self.join(px, py) {
                return true;
            }
            let (Some(x), Some(y)) = (self.at(px), self.at(py)) else {
                unreachable!("unify: parameters that do not join have types");
            };
            return self.nify(c, x, y, mode, outer);
        }

        if self.interface_inference && !mode.exact {
            match (as_interface(c, x), as_interface(c, y)) {
                (Some(xi), Some(yi)) => return self.nify_method_sets(c, xi, yi, outer),
                (Some(iface), None) => return self.nify_methods(c, iface, y, outer),
                (None, Some(iface)) => return self.nify_methods(c, iface, x, outer),
                (None, None) => {}
            }
        }

        // A type parameter left now is not bound.
        if matches!(bare(c, y), Type::TypeParam(_)) {
            std::mem::swap(&mut x, &mut y);
        }
        self.nify_structure(c, x, y, mode, outer)
    }

    /// A bound parameter against a type that is none.
    fn nify_bound(
        &mut self,
        c: &mut Checker<'_>,
        param: usize,
        y: TypeId,
        mode: UnifyMode,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        let Some(x) = self.at(param) else {
            self.set(param, y);
            return true;
        };
        if !self.nify(c, x, y, mode, outer) {
            return false;
        }
        // x and y match, perhaps only through underlying types or method sets. Which of them the parameter stands for
        // must not depend on the order of arguments.
        let (x_named, y_named) = (c.as_named(x).is_some(), c.as_named(y).is_some());
        match (as_interface(c, x), as_interface(c, y)) {
            (Some(_), Some(_)) if x_named && y_named => return c.identical(x, y),
            (Some(xi), Some(yi)) => {
                // Their common methods unify, so equally many are the same methods.
                let (xset, yset) = (c.type_set(xi), c.type_set(yi));
                if c.type_sets[xset].methods.len() != c.type_sets[yset].methods.len() {
                    return false;
                }
            }
            (None, None) => {}
            _ => return false,
        }
        // A defined type wins over a literal, a directed channel over an undirected one: values of the other type stay
        // assignable to it.
        if !mode.exact && !x_named {
            let directed = |ty| matches!(ty, Type::Chan { dir, .. } if dir != ChanDir::Both);
            if y_named || directed(c.under_type(y)) {
                self.set(param, y);
            }
        }
        true
    }

    /// Two interfaces, inexactly: the methods of one are a subset of the other's, and those they share unify.
    fn nify_method_sets(
        &mut self,
        c: &mut Checker<'_>,
        x: InterfaceId,
        y: InterfaceId,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        let Some((xset, yset)) = comparable_type_sets(c, x, y) else {
            return false;
        };
        let pair = Pair { x, y, outer };
        if pair.is_repeated() {
            return true;
        }
        let (xmethods, ymethods) = (c.type_sets[xset].methods, c.type_sets[yset].methods);
        let (fewer, other) = if xmethods.len() <= ymethods.len() { (xmethods, yset) } else { (ymethods, xset) };
        for at in 0..fewer.len() {
            let method = c.obj_at(fewer, at);
            let Object { pkg, name, .. } = *c.obj(method);
            let Some((_, other)) = c.type_set_lookup_method(other, pkg, name, false) else {
                return false;
            };
            if !self.nify_objects(c, method, other, UnifyMode::EXACT, Some(&pair)) {
                return false;
            }
        }
        true
    }

    /// An interface and another type, inexactly: the type has all the methods, and they unify.
    fn nify_methods(&mut self, c: &mut Checker<'_>, iface: InterfaceId, y: TypeId, outer: Option<&Pair<'_>>) -> bool {
        let tset = c.type_set(iface);
        let methods = c.type_sets[tset].methods;
        for at in 0..methods.len() {
            let method = c.obj_at(methods, at);
            let Object { pkg, name, .. } = *c.obj(method);
            let crate::operand::Lookup::Found { obj, .. } = c.lookup_field_or_method(y, false, pkg, name, false) else {
                return false;
            };
            if !matches!(c.obj(obj).kind, ObjKind::Func { .. }) {
                return false;
            }
            c.obj_decl(obj);
            // A generic method implements no interface method.
            let generic = c.obj(obj).ty.and_then(|ty| c.as_signature(ty)).is_none_or(|sig| !sig.tparams.is_empty());
            if generic || !self.nify_objects(c, method, obj, UnifyMode::EXACT, outer) {
                return false;
            }
        }
        true
    }

    /// Types without bound parameters at the top. If one is a type parameter, it is `x`.
    fn nify_structure(
        &mut self,
        c: &mut Checker<'_>,
        x: TypeId,
        y: TypeId,
        mode: UnifyMode,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        let parts = mode.of_parts();
        match (bare(c, x), bare(c, y)) {
            // A type argument's underlying type must be among those of the constraint: if there is only one, then that.
            // The mode makes y's underlying type count if y is defined.
            (Type::TypeParam(_), _) => match c.common_under(x, None) {
                Ok(core) => self.nify(c, core, y, UnifyMode::ASSIGN, outer),
                Err(_) => false,
            },
            (Type::Basic(x), Type::Basic(y)) => x == y,
            // An unknown length is an error's consequence, and equal to any.
            (Type::Array { len: xlen, elem: x }, Type::Array { len: ylen, elem: y }) => {
                (xlen == ylen || xlen < 0 || ylen < 0) && self.nify(c, x, y, parts, outer)
            }
            (Type::Slice { elem: x }, Type::Slice { elem: y })
            | (Type::Pointer { elem: x }, Type::Pointer { elem: y }) => self.nify(c, x, y, parts, outer),
            (Type::Map { key: xkey, elem: x }, Type::Map { key: ykey, elem: y }) => {
                self.nify(c, xkey, ykey, parts, outer) && self.nify(c, x, y, parts, outer)
            }
            (Type::Chan { dir: xdir, elem: x }, Type::Chan { dir: ydir, elem: y }) => {
                (!mode.exact || xdir == ydir) && self.nify(c, x, y, parts, outer)
            }
            (Type::Struct(x), Type::Struct(y)) => self.nify_structs(c, x, y, parts, outer),
            (Type::Tuple(x), Type::Tuple(y)) => self.nify_vars(c, x, y, mode, outer),
            (Type::Signature(x), Type::Signature(y)) => {
                let (x, y) = (c.signatures[x], c.signatures[y]);
                x.variadic == y.variadic
                    && self.nify_vars(c, x.params, y.params, parts, outer)
                    && self.nify_vars(c, x.results, y.results, parts, outer)
            }
            (Type::Interface(x), Type::Interface(y)) => self.nify_interfaces(c, x, y, outer),
            (Type::Named(x), Type::Named(y)) => {
                // Type arguments first: what they unify is worth having in a message even if the origins differ.
                let targs = |c: &Checker<'_>, id| c.named[id].inst.map_or(TypeList::EMPTY, |inst: Instance| inst.targs);
                let (xargs, yargs) = (targs(c, x), targs(c, y));
                xargs.len() == yargs.len()
                    && (0..xargs.len()).all(|at| self.nify(c, c.type_at(xargs, at), c.type_at(yargs, at), mode, outer))
                    && c.identical_origin(x, y)
            }
            _ => false,
        }
    }

    fn nify_structs(
        &mut self,
        c: &mut Checker<'_>,
        x: StructId,
        y: StructId,
        parts: UnifyMode,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        let (x, y) = (c.structs[x], c.structs[y]);
        if x.fields.len() != y.fields.len() {
            return false;
        }
        (0..x.fields.len()).all(|at| {
            let (f, g) = (c.obj_at(x.fields, at), c.obj_at(y.fields, at));
            let Object { pkg, name, .. } = *c.obj(g);
            is_embedded(c, f) == is_embedded(c, g)
                && tag(c, x.tags, at) == tag(c, y.tags, at)
                && c.same_id(f, pkg, name, false)
                && self.nify_objects(c, f, g, parts, outer)
        })
    }

    fn nify_vars(
        &mut self,
        c: &mut Checker<'_>,
        xs: ObjList,
        ys: ObjList,
        mode: UnifyMode,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        xs.len() == ys.len()
            && (0..xs.len()).all(|at| self.nify_objects(c, c.obj_at(xs, at), c.obj_at(ys, at), mode, outer))
    }

    /// The types of two fields, parameters or methods.
    fn nify_objects(
        &mut self,
        c: &mut Checker<'_>,
        x: ObjId,
        y: ObjId,
        mode: UnifyMode,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        match (c.obj(x).ty, c.obj(y).ty) {
            (Some(x), Some(y)) => self.nify(c, x, y, mode, outer),
            _ => false,
        }
    }

    /// Two interfaces, exactly: the same methods, and they unify.
    fn nify_interfaces(
        &mut self,
        c: &mut Checker<'_>,
        x: InterfaceId,
        y: InterfaceId,
        outer: Option<&Pair<'_>>,
    ) -> bool {
        let Some((xset, yset)) = comparable_type_sets(c, x, y) else {
            return false;
        };
        let (xmethods, ymethods) = (c.type_sets[xset].methods, c.type_sets[yset].methods);
        if xmethods.len() != ymethods.len() {
            return false;
        }
        let pair = Pair { x, y, outer };
        if pair.is_repeated() {
            return true;
        }
        // Both lists are sorted by unique id.
        (0..xmethods.len()).all(|at| {
            let (f, g) = (c.obj_at(xmethods, at), c.obj_at(ymethods, at));
            let Object { pkg, name, .. } = *c.obj(g);
            c.same_id(f, pkg, name, false) && self.nify_objects(c, f, g, UnifyMode::EXACT, Some(&pair))
        })
    }
}

/// Whether two ids are of one type, without looking at its parts.
fn same(c: &mut Checker<'_>, x: TypeId, y: TypeId) -> bool {
    x == y || bare(c, x) == bare(c, y)
}

/// The type itself, without an alias's name.
fn bare(c: &mut Checker<'_>, ty: TypeId) -> Type {
    match c.ty(ty) {
        Type::Alias(_) => {
            let ty = c.unalias(ty);
            c.ty(ty)
        }
        ty => ty,
    }
}

/// The interface that a type is, possibly by name; type parameters are none.
fn as_interface(c: &mut Checker<'_>, ty: TypeId) -> Option<InterfaceId> {
    if matches!(bare(c, ty), Type::TypeParam(_)) {
        return None;
    }
    match c.under_type(ty) {
        Type::Interface(id) => Some(id),
        _ => None,
    }
}

/// The type sets of two interfaces, if they have the same terms.
fn comparable_type_sets(c: &mut Checker<'_>, x: InterfaceId, y: InterfaceId) -> Option<(TypeSetId, TypeSetId)> {
    let (xset, yset) = (c.type_set(x), c.type_set(y));
    let (xdata, ydata) = (c.type_sets[xset], c.type_sets[yset]);
    (xdata.comparable == ydata.comparable && c.equal_terms(xdata.terms, ydata.terms)).then_some((xset, yset))
}

fn is_embedded(c: &Checker<'_>, field: ObjId) -> bool {
    matches!(c.obj(field).kind, ObjKind::Var { embedded: true, .. })
}

fn tag(c: &Checker<'_>, tags: TagList, at: usize) -> base::Symbol {
    c.tags(tags).get(at).copied().unwrap_or(base::sym::EMPTY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::universe::typ;

    fn params(store: &mut Store, count: usize) -> TypeList {
        let new = |store: &mut Store, index| {
            let obj = store.new_object(ObjKind::TypeName, base::Pos::NONE, None, base::Symbol::intern("P"), None);
            let ty = store.new_type(Type::Basic(BasicKind::Invalid));
            let id = store.type_params.push(TypeParamData { ty, obj, index, bound: Some(typ::ANY) });
            store.types[ty] = Type::TypeParam(id);
            ty
        };
        let types: Vec<TypeId> = (0..count as i32).map(|index| new(store, index)).collect();
        store.type_list(&types)
    }

    #[test]
    fn joined_parameters_share_their_type() {
        let mut store = Store::with_universe(false);
        let list = params(&mut store, 4);
        let tparams = TypeParams::new(&store, list);
        let mut u = Unifier::new(&tparams, &[None, Some(typ::STRING), None, None], true);
        assert!(u.join(0, 2) && u.join(2, 3));
        assert_eq!(u.unknowns(), 3);
        u.set(3, typ::INT);
        assert_eq!(u.inferred(), [Some(typ::INT), Some(typ::STRING), Some(typ::INT), Some(typ::INT)]);
        assert!(u.join(0, 3), "they are joined already");
        assert!(!u.join(0, 1), "both have a type");
    }

    #[test]
    fn long_parameter_lists_are_indexed() {
        let mut store = Store::with_universe(false);
        let list = params(&mut store, 40);
        let tparams = TypeParams::new(&store, list);
        for (index, &id) in tparams.ids().iter().enumerate() {
            assert_eq!(tparams.position(id), Some(index));
        }
    }
}
