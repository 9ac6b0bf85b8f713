//! Package initialisation.
//!
//! A package variable that is live and not constant has an initialiser function. When all that is live is known, the
//! package's `init` is made: it calls them in the order of the language, then the `init` functions of the source; and
//! `runtime.initTasks`, which calls the packages' in their order, package runtime first.
//!
//! ```text
//! roots(pkg)          what runs in any case: initialisers with effects, init functions
//! want(var)           by the worklist, for each live variable
//! finish(order)       once
//! ```

use crate::func::FuncLowerer;
use crate::module::{FuncKey, Module};
use crate::statics::Hole;
use abi::EnvId;
use ir::FuncId;
use rustc_hash::FxHashMap;
use syntax::ast::{Decl, ExprKind, NodeId};
use syntax::walk::{Node, walk};
use types::{Effects, Initializer, ObjId, ObjKind, PkgId, UnitId};

#[derive(Default)]
pub struct Inits<'a> {
    /// The initialisers that run, by the first variable they give a value.
    list: Vec<(PkgId, ObjId, Initializer<'a>)>,
    index: FxHashMap<ObjId, u32>,
    /// The variables with initialisers that run.
    live: FxHashMap<PkgId, Vec<ObjId>>,
    /// `runtime.initTasks`
    pub(crate) tasks: Option<FuncId>,
    /// What initialisers have to do for variables whose values are static data otherwise.
    holes: FxHashMap<ObjId, Vec<Hole<'a>>>,
    /// Numbers of the function literals outside of functions.
    literals: FxHashMap<PkgId, FxHashMap<(UnitId, NodeId), u32>>,
}

/// Asks for what a package of the program runs in any case.
pub fn roots(cx: &mut Module<'_>, pkg: PkgId) {
    for obj in package_objects(cx, pkg) {
        match cx.checker.obj(obj).kind {
            ObjKind::Var { .. } => match cx.checker.query().initializer_effects(obj) {
                Effects::None => {}
                Effects::Calls(funcs) if funcs.iter().all(|&func| is_known_pure(cx, func)) => {}
                Effects::Calls(_) | Effects::Possible => {
                    cx.global(obj);
                }
            },
            ObjKind::Func { .. } if is_init(cx, obj) => {
                cx.func(FuncKey::Declared(obj, EnvId::EMPTY));
            }
            ObjKind::Func { .. } => crate::exports::note(cx, obj),
            _ => {}
        }
    }
}

/// Functions that do nothing but make their result.
fn is_known_pure(cx: &Module<'_>, func: ObjId) -> bool {
    let object = cx.checker.obj(func);
    let Some(pkg) = object.pkg else { return false };
    matches!(
        (cx.checker.packages[pkg].path.as_str(), object.name.as_str()),
        ("errors", "New") | ("reflect", "TypeOf" | "TypeFor")
    )
}

fn package_objects(cx: &Module<'_>, pkg: PkgId) -> Vec<ObjId> {
    cx.checker.package_states[pkg].obj_list.clone()
}

fn is_init(cx: &Module<'_>, obj: ObjId) -> bool {
    let object = cx.checker.obj(obj);
    let decl = object.decl.and_then(|decl| cx.checker.decls[decl].fdecl);
    object.name == base::sym::INIT && decl.is_some_and(|decl| decl.recv.is_none())
}

/// `init.0`, `init.1` in source order.
pub(crate) fn init_func_number(cx: &Module<'_>, obj: ObjId) -> usize {
    let pkg = cx.checker.obj(obj).pkg.expect("lower: a function has a package");
    package_objects(cx, pkg).into_iter().filter(|&other| is_init(cx, other)).position(|other| other == obj).unwrap_or(0)
}

/// The variable is live and its initialiser must run; only for these parts of its value, if they are given.
pub(crate) fn want<'a>(cx: &mut Module<'a>, obj: ObjId, init: Initializer<'a>, holes: Option<Vec<Hole<'a>>>) {
    let pkg = cx.checker.obj(obj).pkg.expect("lower: a package variable has a package");
    if let Some(holes) = holes {
        cx.inits.holes.insert(obj, holes);
    }
    cx.inits.live.entry(pkg).or_default().push(obj);
    initializer(cx, pkg, init);
}

fn initializer<'a>(cx: &mut Module<'a>, pkg: PkgId, init: Initializer<'a>) -> FuncId {
    let first = cx.checker.obj_at(init.lhs, 0);
    let index = match cx.inits.index.get(&first) {
        Some(&known) => known,
        None => {
            let index = cx.inits.list.len() as u32;
            cx.inits.list.push((pkg, first, init));
            cx.inits.index.insert(first, index);
            index
        }
    };
    cx.func(FuncKey::Initializer(pkg, index))
}

/// Tells initialisers of a package apart.
pub(crate) fn initializer_name(cx: &Module<'_>, index: u32) -> String {
    let object = cx.checker.obj(cx.inits.list[index as usize].1);
    if object.name.is_blank() { format!("_{}", object.pos.raw()) } else { object.name.to_string() }
}

/// Whether loops in a variable's initialiser have variables for each iteration.
pub(crate) fn has_fresh_loops(cx: &Module<'_>, obj: ObjId) -> bool {
    cx.checker.obj(obj).decl.is_some_and(|decl| cx.checker.decls[decl].version >= types::GoVersion::go1(22))
}

/// `lhs... = rhs`, in a function of its own.
pub(crate) fn lower_initializer(cx: &mut Module<'_>, id: FuncId, index: u32) {
    let (_, _, init) = cx.inits.list[index as usize];
    let vars = cx.checker.objs(init.lhs).to_vec();
    let fresh_loops = has_fresh_loops(cx, vars[0]);
    let facts = cx.facts_of_initializer(init.unit, init.rhs, fresh_loops);
    let mut f = FuncLowerer::new(cx, id, EnvId::EMPTY, init.unit);
    f.facts = facts.of(None, fresh_loops);
    f.enter();
    f.at(init.rhs.pos);
    if let Some(holes) = f.cx.inits.holes.remove(&vars[0]) {
        f.fill_holes(&holes);
        return f.finish();
    }
    let types: Vec<abi::CanonId> = vars.iter().map(|&obj| f.var_type(obj)).collect();
    let values = match vars[..] {
        [_] => vec![f.expr_as(init.rhs, types[0])],
        _ => f.several(init.rhs, &types),
    };
    if f.is_reachable() {
        for ((&obj, ty), val) in vars.iter().zip(types).zip(values) {
            if f.cx.checker.obj(obj).name.is_blank() {
                continue;
            }
            let data = f.cx.global(obj);
            let ptr = f.data_addr(data, 0);
            f.store(ty, ptr, 0, &val);
        }
        if f.is_reachable() {
            f.return_values(&[]);
        }
    }
    f.finish();
}

impl<'a> FuncLowerer<'_, 'a> {
    /// Computes the parts of a static value that are not constant, and returns.
    fn fill_holes(&mut self, holes: &[Hole<'a>]) {
        for hole in holes {
            let val = self.expr_as(hole.e, hole.ty);
            if !self.is_reachable() {
                return;
            }
            let data = hole.data.expect("lower: fill_holes: a package variable's values are in data");
            let ptr = self.data_addr(data, 0);
            self.store(hole.ty, ptr, hole.at, &val);
        }
        self.return_values(&[]);
    }

    /// The values of an expression that has several, converted to these types.
    fn several(&mut self, e: &'a syntax::ast::Expr<'a>, types: &[abi::CanonId]) -> Vec<crate::value::Val> {
        let e = e.unparen();
        if let ExprKind::Call(_) = e.kind {
            let results = self.call_expr(e);
            return results.into_iter().zip(types).map(|((from, val), &to)| self.convert(val, from, to)).collect();
        }
        let (val, ok) = self.comma_ok(e);
        let tuple = self.type_of(e);
        let from = match self.cx.types[tuple] {
            abi::CanonType::Tuple(list) => self.cx.types.list(list)[0],
            _ => tuple,
        };
        let bool_ty = abi::Types::basic(types::BasicKind::Bool);
        vec![self.convert(val, from, types[0]), self.convert(crate::value::Val::one(ok), bool_ty, types[1])]
    }
}

/// Makes the packages' init functions and what calls them, when nothing else is wanted any more. `order`: the program's
/// packages in the order of initialisation; package runtime goes first in any case. Asks for nothing new but the
/// functions it makes.
pub fn finish(cx: &mut Module<'_>, order: &[PkgId]) {
    let is_runtime = |cx: &Module<'_>, pkg: PkgId| cx.checker.packages[pkg].path == "runtime";
    let mut order = order.to_vec();
    // What runtime imports must come before it.
    if let Some(at) = order.iter().position(|&pkg| is_runtime(cx, pkg)) {
        let mut first = Vec::new();
        closure(cx, order[at], &mut first);
        order.retain(|pkg| !first.contains(pkg));
        first.extend(order);
        order = first;
    }
    let mut inits = Vec::new();
    for pkg in order {
        let live = cx.inits.live.get(&pkg).cloned().unwrap_or_default();
        let steps = if live.is_empty() { Vec::new() } else { cx.checker.query().init_order_live(pkg, &live) };
        let mut funcs: Vec<FuncId> = steps.into_iter().map(|init| initializer(cx, pkg, init)).collect();
        for obj in package_objects(cx, pkg) {
            if is_init(cx, obj) {
                funcs.push(cx.func(FuncKey::Declared(obj, EnvId::EMPTY)));
            }
        }
        if !funcs.is_empty() {
            let init = cx.func(FuncKey::Init(pkg));
            call_all(cx, init, &funcs);
            inits.push(init);
        }
    }
    if let Some(tasks) = cx.inits.tasks {
        call_all(cx, tasks, &inits);
    }
}

/// The package and what it imports, imports first.
fn closure(cx: &Module<'_>, pkg: PkgId, out: &mut Vec<PkgId>) {
    if out.contains(&pkg) {
        return;
    }
    for &import in &cx.checker.packages[pkg].imports {
        closure(cx, import, out);
    }
    if !out.contains(&pkg) {
        out.push(pkg);
    }
}

fn call_all(cx: &mut Module<'_>, id: FuncId, funcs: &[FuncId]) {
    let mut f = FuncLowerer::new(cx, id, EnvId::EMPTY, base::EntityId::from_index(0));
    f.enter();
    for &func in funcs {
        f.call(func, &[]);
        if !f.is_reachable() {
            return f.finish();
        }
    }
    f.return_values(&[]);
    f.finish();
}

/// The name of a literal that stands in a package variable's initialiser, and in no other literal there.
pub(crate) fn literal_name(cx: &mut Module<'_>, pkg: PkgId, unit: UnitId, node: NodeId) -> String {
    let prefix = cx.types.package_prefix(&cx.checker, pkg);
    let number = literal_number(cx, pkg, unit, node).expect("lower: literal_name: initialisers' literals have numbers");
    format!("{prefix}.init.func{number}")
}

fn literal_number(cx: &mut Module<'_>, pkg: PkgId, unit: UnitId, node: NodeId) -> Option<u32> {
    if !cx.inits.literals.contains_key(&pkg) {
        let mut numbers = FxHashMap::default();
        let state = &cx.checker.package_states[pkg];
        for (file, &unit) in state.files.iter().zip(&state.units) {
            for decl in file.ast.decls {
                let Decl::Var(decl) = decl else { continue };
                let Some(values) = decl.values else { continue };
                walk(Node::Expr(values), &mut |node| {
                    let Node::Expr(e) = node else { return true };
                    let ExprKind::FuncLit(_) = e.kind else { return true };
                    let number = numbers.len() as u32 + 1;
                    numbers.insert((unit, e.id), number);
                    false
                });
            }
        }
        cx.inits.literals.insert(pkg, numbers);
    }
    cx.inits.literals[&pkg].get(&(unit, node)).copied()
}
