//! Detects instantiation cycles that would need infinitely many instances.
//!
//! A compiler that makes a copy of a function for each list of type arguments must end:
//!
//! ```go
//! func f[T any](n int) { f[*T](n - 1) }   // f[int], f[*int], f[**int], ...
//! ```
//!
//! Per package there is a graph. Its vertices are type parameters, and defined types declared inside generic functions.
//! Whenever a type parameter is instantiated, edges lead to it from all vertices that its type argument mentions: of
//! weight 0 if the argument is just that type, of weight 1 if it is made of it. A type declared in a generic function
//! has edges of weight 1 from the type parameters around it. In
//!
//! ```go
//! func f[A, B any]() {
//!     type T int
//!     f[T, map[A]B]()
//! }
//! ```
//!
//! `T` has edges from `A` and `B`; `A` has one of weight 0 from `T`; `B` has some of weight 1 from `A` and `B`. A cycle
//! is fatal if its weight is positive: each turn makes a bigger type. Since no weight is negative, there is one if and
//! only if an edge of weight 1 has both ends in one strongly connected component, which is what is looked for. Only then
//! gc's own search runs, to report the cycle that gc reports.
//!
//! An argument never leads out of a package and back, so edges to type parameters of other packages are left out.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::parameterized::type_param;
use crate::store::*;
use base::Pos;
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast;

#[derive(Default)]
pub struct MonoGraph {
    graphs: FxHashMap<PkgId, Graph>,
    /// Type parameters that stand for others: those of a method's receiver for its type's.
    canon: FxHashMap<TypeParamId, TypeParamId>,
}

#[derive(Default)]
struct Graph {
    /// The type name of each vertex: a defined type or a type parameter.
    vertices: Vec<ObjId>,
    edges: Vec<Edge>,
    /// `None`: a defined type that depends on no type parameter.
    by_name: FxHashMap<ObjId, Option<u32>>,
    /// The type parameters declared in a scope around a local type.
    scope_tparams: FxHashMap<ScopeId, Vec<ObjId>>,
    is_reported: bool,
}

#[derive(Clone, Copy)]
struct Edge {
    to: u32,
    from: u32,
    weight: u32,
    pos: Pos,
    /// The type argument; of an edge to a defined type the type parameter.
    ty: TypeId,
}

impl<'a> Checker<'a> {
    /// Notes that `param` stands for `canonical`: what flows to one flows to the other.
    pub fn mono_record_canon(&mut self, param: TypeParamId, canonical: TypeParamId) {
        self.mono.canon.insert(param, canonical);
    }

    /// Notes an instantiation of `tparams` in package `pkg`, which was checked to be valid. Type argument expressions
    /// give the positions, as far as there are any.
    pub fn mono_instance(
        &mut self,
        pkg: PkgId,
        pos: Pos,
        tparams: TypeList,
        targs: &[TypeId],
        exprs: &[&'a ast::Expr<'a>],
    ) {
        let mut graph = std::mem::take(self.mono.graphs.entry(pkg).or_default());
        for (index, &targ) in targs.iter().enumerate() {
            let tparam = type_param(self, self.type_at(tparams, index));
            if self.obj(self.type_params[tparam].obj).pkg == Some(pkg) {
                let pos = exprs.get(index).map_or(pos, |e| e.start());
                let flow = Flow { pkg, pos, tparam, targ, seen: FxHashSet::default() };
                graph.assign(self, flow);
            }
        }
        self.mono.graphs.insert(pkg, graph);
    }

    /// Whether there is a cycle in the current package that does not end; it is reported, once.
    pub(crate) fn monomorph(&mut self) -> bool {
        let Some(mut graph) = self.mono.graphs.remove(&self.env.pkg) else {
            return false;
        };
        let grows = graph.has_growing_cycle();
        if grows && !std::mem::replace(&mut graph.is_reported, true) {
            self.report_instance_loop(&graph);
        }
        self.mono.graphs.insert(self.env.pkg, graph);
        grows
    }

    fn report_instance_loop(&mut self, graph: &Graph) {
        let cycle = graph.find_cycle();
        let mut err = ErrorBuilder::new(Code::InvalidInstanceCycle);
        let last = graph.vertices[cycle[0].to as usize];
        err.add(self.obj(last).pos, "instantiation cycle:");
        for edge in cycle {
            let Object { name, ty, .. } = *self.obj(graph.vertices[edge.to as usize]);
            let argument = self.type_string(edge.ty);
            let is_param = ty.is_some_and(|ty| matches!(self.ty(ty), Type::TypeParam(_)));
            let how = if is_param { "instantiated as" } else { "implicitly parameterized by" };
            err.add(edge.pos, format!("{name} {how} {argument}"));
        }
        self.report(err);
    }
}

/// A type argument on its way to a type parameter.
struct Flow {
    pkg: PkgId,
    pos: Pos,
    tparam: TypeParamId,
    targ: TypeId,
    /// Parts of the argument already seen.
    seen: FxHashSet<TypeId>,
}

impl Graph {
    fn assign(&mut self, c: &mut Checker<'_>, mut flow: Flow) {
        let targ = flow.targ;
        self.walk(c, &mut flow, targ);
    }

    /// Adds edges from what `ty`, which is a part of the type argument, mentions.
    fn walk(&mut self, c: &mut Checker<'_>, flow: &mut Flow, ty: TypeId) {
        let ty = c.unalias(ty);
        if !flow.seen.insert(ty) {
            return;
        }
        match c.ty(ty) {
            Type::Basic(_) | Type::Union(_) | Type::Alias(_) => {}
            Type::TypeParam(id) => {
                let from = self.param_vertex(c, id);
                self.add_flow(c, flow, from, ty);
            }
            Type::Named(id) => {
                let inst = c.named[id].inst;
                let origin = inst.map_or(id, |inst| inst.orig);
                if let Some(from) = self.local_named_vertex(c, flow.pkg, c.named[origin].obj) {
                    self.add_flow(c, flow, from, ty);
                }
                let targs = inst.map_or(TypeList::EMPTY, |inst| inst.targs);
                for at in 0..targs.len() {
                    self.walk(c, flow, c.type_at(targs, at));
                }
            }
            Type::Array { elem, .. } | Type::Slice { elem } | Type::Pointer { elem } | Type::Chan { elem, .. } => {
                self.walk(c, flow, elem);
            }
            Type::Map { key, elem } => {
                self.walk(c, flow, key);
                self.walk(c, flow, elem);
            }
            Type::Interface(id) => {
                let tset = c.type_set(id);
                self.walk_vars(c, flow, c.type_sets[tset].methods);
            }
            Type::Signature(id) => {
                let sig = c.signatures[id];
                self.walk_vars(c, flow, sig.params);
                self.walk_vars(c, flow, sig.results);
            }
            Type::Struct(id) => self.walk_vars(c, flow, c.structs[id].fields),
            Type::Tuple(vars) => self.walk_vars(c, flow, vars),
        }
    }

    fn walk_vars(&mut self, c: &mut Checker<'_>, flow: &mut Flow, vars: ObjList) {
        for at in 0..vars.len() {
            let ty = c.type_of_var(c.obj_at(vars, at));
            self.walk(c, flow, ty);
        }
    }

    fn add_flow(&mut self, c: &Checker<'_>, flow: &Flow, from: u32, ty: TypeId) {
        let to = self.param_vertex(c, flow.tparam);
        let weight = u32::from(c.ty(ty) != c.ty(flow.targ));
        self.edges.push(Edge { to, from, weight, pos: flow.pos, ty: flow.targ });
    }

    fn param_vertex(&mut self, c: &Checker<'_>, id: TypeParamId) -> u32 {
        let id = c.mono.canon.get(&id).copied().unwrap_or(id);
        let obj = c.type_params[id].obj;
        let vertices = &mut self.vertices;
        let vertex = self.by_name.entry(obj).or_insert_with(|| Some(new_vertex(vertices, obj)));
        vertex.expect("mono: a type parameter always has a vertex")
    }

    /// The vertex of a defined type, if it is declared inside a generic function of the package.
    fn local_named_vertex(&mut self, c: &Checker<'_>, pkg: PkgId, obj: ObjId) -> Option<u32> {
        let Object { pkg: declared_in, pos, parent, .. } = *c.obj(obj);
        let root = Some(c.packages[pkg].scope);
        if declared_in != Some(pkg) || parent == root {
            return None;
        }
        if let Some(&known) = self.by_name.get(&obj) {
            return known;
        }
        let mut vertex = None;
        let mut scope = parent;
        while let Some(id) = scope
            && scope != root
        {
            // Type parameters come first in their scope, so the list is final when a type is declared inside.
            let tparams = self.scope_tparams.remove(&id).unwrap_or_else(|| scope_tparams(c, id));
            for &tparam in &tparams {
                if c.obj(tparam).pos >= pos {
                    continue;
                }
                let Some((ty, param)) = as_type_param(c, tparam) else { continue };
                let to = *vertex.get_or_insert_with(|| new_vertex(&mut self.vertices, obj));
                let from = self.param_vertex(c, param);
                self.edges.push(Edge { to, from, weight: 1, pos, ty });
            }
            self.scope_tparams.insert(id, tparams);
            scope = c.scope(id).parent;
        }
        self.by_name.insert(obj, vertex);
        vertex
    }

    /// Whether an edge of positive weight lies on a cycle.
    fn has_growing_cycle(&self) -> bool {
        if self.edges.iter().all(|edge| edge.weight == 0) {
            return false;
        }
        let component = self.components();
        self.edges.iter().any(|edge| edge.weight > 0 && component[edge.from as usize] == component[edge.to as usize])
    }

    /// By vertex, the number of its strongly connected component (Tarjan's algorithm, without recursion).
    fn components(&self) -> Vec<u32> {
        const NONE: u32 = u32::MAX;
        let count = self.vertices.len();
        let mut first = vec![0usize; count + 1]; // where a vertex's successors start
        for edge in &self.edges {
            first[edge.from as usize + 1] += 1;
        }
        for vertex in 0..count {
            first[vertex + 1] += first[vertex];
        }
        let mut fill = first.clone();
        let mut successors = vec![0u32; self.edges.len()];
        for edge in &self.edges {
            let slot = &mut fill[edge.from as usize];
            successors[*slot] = edge.to;
            *slot += 1;
        }

        let mut component = vec![NONE; count];
        let mut number = vec![NONE; count]; // order of discovery
        let mut low = vec![NONE; count];
        let mut open: Vec<u32> = Vec::new(); // discovered, component not known
        let mut path: Vec<(u32, usize)> = Vec::new(); // vertex, next successor
        let (mut discovered, mut components) = (0, 0);
        for root in 0..count as u32 {
            if number[root as usize] != NONE {
                continue;
            }
            path.push((root, first[root as usize]));
            while let Some((vertex, next)) = path.last_mut() {
                let at = *vertex as usize;
                if number[at] == NONE {
                    (number[at], low[at]) = (discovered, discovered);
                    discovered += 1;
                    open.push(*vertex);
                }
                if *next < first[at + 1] {
                    let successor = successors[*next];
                    *next += 1;
                    let to = successor as usize;
                    if number[to] == NONE {
                        path.push((successor, first[to]));
                    } else if component[to] == NONE {
                        low[at] = low[at].min(number[to]);
                    }
                    continue;
                }
                path.pop();
                if let Some(&(parent, _)) = path.last() {
                    let parent = parent as usize;
                    low[parent] = low[parent].min(low[at]);
                }
                if low[at] == number[at] {
                    while let Some(member) = open.pop() {
                        component[member as usize] = components;
                        if member as usize == at {
                            break;
                        }
                    }
                    components += 1;
                }
            }
        }
        component
    }

    /// The edges of a cycle of positive weight, each followed by the one it continues. There must be one.
    ///
    /// As gc does it: Bellman-Ford for heaviest paths, until one is as long as there are vertices.
    fn find_cycle(&self) -> Vec<Edge> {
        let count = self.vertices.len();
        let mut paths = vec![Path::default(); count];
        loop {
            for (index, edge) in (0..).zip(&self.edges) {
                let from = paths[edge.from as usize];
                let to = &mut paths[edge.to as usize];
                let weight = from.weight + edge.weight;
                if weight <= to.weight {
                    continue;
                }
                *to = Path { weight, last: Some(index), len: from.len + 1 };
                if to.len >= count
                    && let Some(cycle) = self.cycle_before(edge.to, &paths)
                {
                    return cycle;
                }
            }
        }
    }

    /// Walks back along the path to `end` until a vertex repeats; the cycle is what lies between. There may be none
    /// when a path that others were counted on has become shorter since.
    fn cycle_before(&self, end: u32, paths: &[Path]) -> Option<Vec<Edge>> {
        let mut position: Vec<Option<usize>> = vec![None; paths.len()];
        let mut walked: Vec<Edge> = Vec::new();
        let mut vertex = end as usize;
        loop {
            if let Some(start) = position[vertex] {
                return Some(walked.split_off(start));
            }
            position[vertex] = Some(walked.len());
            let edge = self.edges[paths[vertex].last? as usize];
            walked.push(edge);
            vertex = edge.from as usize;
        }
    }
}

/// The heaviest path to a vertex that is known so far.
#[derive(Clone, Copy, Default)]
struct Path {
    weight: u32,
    /// Index of the last edge.
    last: Option<u32>,
    len: usize,
}

fn new_vertex(vertices: &mut Vec<ObjId>, obj: ObjId) -> u32 {
    vertices.push(obj);
    vertices.len() as u32 - 1
}

/// The type parameters among a scope's names.
fn scope_tparams(c: &Checker<'_>, scope: ScopeId) -> Vec<ObjId> {
    c.scope(scope).objects().map(|(_, obj)| obj).filter(|&obj| as_type_param(c, obj).is_some()).collect()
}

fn as_type_param(c: &Checker<'_>, obj: ObjId) -> Option<(TypeId, TypeParamId)> {
    let Object { kind: ObjKind::TypeName, ty: Some(ty), .. } = *c.obj(obj) else {
        return None;
    };
    match c.ty(ty) {
        Type::TypeParam(id) => Some((ty, id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::EntityId;

    fn graph(vertices: usize, edges: &[(u32, u32, u32)]) -> Graph {
        let edge = |&(from, to, weight)| Edge { from, to, weight, pos: Pos::NONE, ty: crate::universe::typ::INT };
        Graph {
            vertices: (0..vertices).map(ObjId::from_index).collect(),
            edges: edges.iter().map(edge).collect(),
            ..Graph::default()
        }
    }

    #[test]
    fn a_cycle_must_grow_to_be_an_error() {
        assert!(!graph(1, &[(0, 0, 0)]).has_growing_cycle());
        assert!(graph(1, &[(0, 0, 1)]).has_growing_cycle());
        assert!(!graph(3, &[(0, 1, 1), (1, 2, 1), (0, 2, 1)]).has_growing_cycle());
        assert!(!graph(3, &[(0, 1, 0), (1, 0, 0), (1, 2, 1), (2, 2, 0)]).has_growing_cycle());
        assert!(graph(3, &[(0, 1, 0), (1, 2, 0), (2, 0, 1)]).has_growing_cycle());
    }

    #[test]
    fn the_cycle_is_reported_without_the_way_to_it() {
        // 0 -> 1 -> 2 -> 1, and 2 -> 3
        let graph = graph(4, &[(0, 1, 1), (1, 2, 0), (2, 1, 1), (2, 3, 1)]);
        assert!(graph.has_growing_cycle());
        let mut cycle: Vec<(u32, u32)> = graph.find_cycle().iter().map(|edge| (edge.from, edge.to)).collect();
        cycle.sort();
        assert_eq!(cycle, [(1, 2), (2, 1)]);
    }

    #[test]
    fn long_chains_need_no_stack() {
        let edges: Vec<(u32, u32, u32)> = (0..200_000).map(|at| (at, at + 1, 1)).collect();
        assert!(!graph(200_001, &edges).has_growing_cycle());
    }
}
