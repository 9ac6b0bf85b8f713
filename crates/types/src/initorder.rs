//! The order in which package-level variables are initialised.
//!
//! spec: "The next package-level variable that is earliest in declaration order and ready for initialization is
//! initialized next". A variable is ready when all variables that its initialiser refers to, be it through functions,
//! are initialised.
//!
//! Nodes are the package's constants, variables and functions; an edge leads from each to what it refers to. Functions
//! that call each other stand or fall together, so they are taken as one *unit*; every constant and variable is a unit of
//! its own. Units count what they still wait for and become ready at zero: time is linear, whatever goes through shared
//! functions.
//!
//! ```text
//!     var a = f()   --->  { f, g }  --->  var b = 1         order: b, a
//!                          ^      \
//!                          \-----/
//! ```
//!
//! Constants come before all variables. They need no initialisation, but cycles among them show here too.
//!
//! What never becomes ready is on a cycle, or waits for one. Those nodes are taken by the number of nodes that they
//! wait for and then by position, which decides where a cycle is reported.

use crate::checker::{Checker, DeclInfo, Env, ErrorBuilder};
use crate::code::Code;
use crate::store::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use syntax::ast;

/// One step of a package's initialisation: `lhs... = rhs`.
#[derive(Clone, Copy, Debug)]
pub struct Initializer<'a> {
    pub lhs: ObjList,
    pub rhs: &'a ast::Expr<'a>,
    /// Unit of the expression's nodes.
    pub unit: UnitId,
}

impl<'a> Checker<'a> {
    /// Computes a package's initialisation order and reports cycles. All its objects and bodies have been checked.
    pub(crate) fn init_order(&mut self, pkg: PkgId) {
        let objects = self.package_states[pkg].obj_list.clone();
        let Order { variables, cycles } = self.schedule(objects);
        self.report_init_cycles(pkg, &cycles);
        self.package_states[pkg].init_order = self.initializers(&variables, |_| true);
    }

    /// See [`Query::init_order_live`](crate::Query::init_order_live).
    ///
    /// What is scheduled is the closure of the live variables: what they refer to, be it through functions, and with a
    /// variable those it shares a declaration with. The closure's variables then run in the same order as in a schedule
    /// of the whole package:
    ///
    /// Whether something is ready depends on what it refers to, all of which is in the closure. So to initialise a
    /// variable outside makes nothing inside ready. Compare the two schedules just before each choice of a variable
    /// that is inside: by induction they have initialised the same variables of the closure, so the same ones are
    /// ready; the whole schedule takes the earliest of all that are ready, which, being inside, is the earliest of
    /// those inside.
    pub(crate) fn live_init_order(&mut self, pkg: PkgId, live: &[ObjId]) -> Vec<Initializer<'a>> {
        let objects = self.init_closure(live);
        let Order { variables, cycles } = self.schedule(objects);
        if !cycles.is_empty() {
            let env = Env::new(pkg, self.env.unit, self.packages[pkg].scope, self.config.max_version);
            self.request(env, |checker| checker.report_init_cycles(pkg, &cycles));
        }
        let live: FxHashSet<ObjId> = live.iter().copied().collect();
        self.initializers(&variables, |var| live.contains(&var))
    }

    /// What `live` refers to, itself included. Everything in it gets checked.
    fn init_closure(&mut self, live: &[ObjId]) -> Vec<ObjId> {
        let mut closure = Vec::new();
        let mut seen: FxHashSet<ObjId> = FxHashSet::default();
        let mut pending = live.to_vec();
        while let Some(obj) = pending.pop() {
            if !seen.insert(obj) {
                continue;
            }
            closure.push(obj);
            match self.obj(obj).kind {
                ObjKind::Func { .. } => {
                    self.query().body(obj);
                }
                _ => {
                    self.query().object(obj);
                }
            }
            let info = &self.decls[self.declaration(obj)];
            pending.extend(info.deps.iter());
            pending.extend_from_slice(self.objs(info.lhs.unwrap_or_default()));
        }
        closure
    }

    fn schedule(&self, objects: Vec<ObjId>) -> Order {
        let graph = Graph::new(self, objects);
        let mut schedule = Schedule::new(&graph);
        let mut cycles = Vec::new();
        schedule.ready_constants();
        schedule.blocked(NodeKind::Const, &mut cycles);
        schedule.ready_variables();
        schedule.blocked(NodeKind::Var, &mut cycles);
        let objects = |nodes: &Vec<u32>| nodes.iter().map(|&node| graph.objects[node as usize]).collect();
        Order { variables: objects(&schedule.order), cycles: cycles.iter().map(objects).collect() }
    }

    /// `a, b = f()` is one initialiser, which stands where the first of its variables does. It is wanted if any of them
    /// is.
    fn initializers(&mut self, variables: &[ObjId], is_wanted: impl Fn(ObjId) -> bool) -> Vec<Initializer<'a>> {
        let mut done: FxHashSet<DeclId> = FxHashSet::default();
        let mut initializers = Vec::new();
        for &var in variables {
            if done.insert(self.declaration(var))
                && let Some(initializer) = self.initializer_of(var)
                && self.objs(initializer.lhs).iter().any(|&var| is_wanted(var))
            {
                initializers.push(initializer);
            }
        }
        initializers
    }

    /// The initialiser of a package-level variable, if it has one.
    pub(crate) fn initializer_of(&mut self, var: ObjId) -> Option<Initializer<'a>> {
        let DeclInfo { init, lhs, unit, .. } = self.decls[self.declaration(var)];
        let rhs = init?;
        let lhs = lhs.unwrap_or_else(|| self.store.obj_list(&[var]));
        Some(Initializer { lhs, rhs, unit })
    }

    fn declaration(&self, obj: ObjId) -> DeclId {
        self.obj(obj).decl.unwrap_or_else(|| unreachable!("init_order: {obj} has no declaration"))
    }

    fn report_init_cycles(&mut self, pkg: PkgId, cycles: &[Vec<ObjId>]) {
        let state = &mut self.package_states[pkg];
        if cycles.is_empty() || std::mem::replace(&mut state.init_cycles_reported, true) {
            return;
        }
        for cycle in cycles {
            self.report_init_cycle(cycle);
        }
    }

    /// Each object of the cycle refers to the next, the last to the first.
    fn report_init_cycle(&mut self, cycle: &[ObjId]) {
        let first = *self.obj(cycle[0]);
        if cycle.len() == 1 {
            let message = format!("initialization cycle: {} refers to itself", first.name);
            return self.error(first.pos, Code::InvalidInitCycle, message);
        }
        let mut err = ErrorBuilder::new(Code::InvalidInitCycle);
        err.add(first.pos, format!("initialization cycle for {}", first.name));
        for (index, &obj) in cycle.iter().enumerate() {
            let next = cycle[(index + 1) % cycle.len()];
            err.add(self.obj(obj).pos, format!("{} refers to {}", self.obj(obj).name, self.obj(next).name));
        }
        self.report(err);
    }
}

/// What a schedule comes to.
struct Order {
    variables: Vec<ObjId>,
    cycles: Vec<Vec<ObjId>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum NodeKind {
    Const,
    Var,
    Func,
}

/// Which objects of a package refer to which; those of other packages are initialised before. Nodes are numbered in source order.
struct Graph {
    objects: Vec<ObjId>,
    kinds: Vec<NodeKind>,
    /// What a node refers to, in source order.
    succs: Vec<Vec<u32>>,
    preds: Vec<Vec<u32>>,
}

impl Graph {
    /// Other objects than constants, variables and functions are ignored.
    fn new(checker: &Checker, mut objects: Vec<ObjId>) -> Graph {
        let kind = |obj: ObjId| match checker.obj(obj).kind {
            ObjKind::Const { .. } => Some(NodeKind::Const),
            ObjKind::Var { .. } => Some(NodeKind::Var),
            ObjKind::Func { .. } => Some(NodeKind::Func),
            _ => None,
        };
        objects.retain(|&obj| kind(obj).is_some());
        objects.sort_by_key(|&obj| checker.obj(obj).order);
        let kinds: Vec<NodeKind> = objects.iter().filter_map(|&obj| kind(obj)).collect();

        let numbers: FxHashMap<ObjId, u32> = objects.iter().zip(0..).map(|(&obj, node)| (obj, node)).collect();
        let mut preds = vec![Vec::new(); objects.len()];
        let mut succs = Vec::with_capacity(objects.len());
        for (node, &obj) in objects.iter().enumerate() {
            let deps = checker.decls[checker.declaration(obj)].deps.iter().filter_map(|dep| numbers.get(&dep).copied());
            let mut list: Vec<u32> = deps.collect();
            list.sort_unstable();
            for &dep in &list {
                preds[dep as usize].push(node as u32);
            }
            succs.push(list);
        }
        Graph { objects, kinds, succs, preds }
    }

    fn len(&self) -> usize {
        self.objects.len()
    }

    fn kind(&self, node: u32) -> NodeKind {
        self.kinds[node as usize]
    }

    /// Numbers the strongly connected components of the nodes that `includes` takes in, by Tarjan's algorithm; the others
    /// are alone. Returns each node's component and how many there are.
    fn components(&self, includes: impl Fn(u32) -> bool) -> (Vec<u32>, usize) {
        const UNSEEN: u32 = u32::MAX;
        let mut component = vec![UNSEEN; self.len()];
        let mut count = 0;
        let mut visited = vec![UNSEEN; self.len()];
        let mut low = vec![0; self.len()];
        let mut next_visit = 0;
        // Nodes seen whose component is not complete, and the path of the search with the next edge to follow.
        let mut open = Vec::new();
        let mut path: Vec<(u32, usize)> = Vec::new();
        for root in 0..self.len() as u32 {
            if !includes(root) {
                component[root as usize] = count;
                count += 1;
                continue;
            }
            if visited[root as usize] == UNSEEN {
                path.push((root, 0));
            }
            while let Some((node, edge)) = path.last_mut() {
                let (node, index) = (*node, *node as usize);
                if *edge == 0 {
                    (visited[index], low[index]) = (next_visit, next_visit);
                    next_visit += 1;
                    open.push(node);
                }
                if let Some(&succ) = self.succs[index].get(*edge) {
                    *edge += 1;
                    if !includes(succ) {
                        continue;
                    }
                    if visited[succ as usize] == UNSEEN {
                        path.push((succ, 0));
                    } else if component[succ as usize] == UNSEEN {
                        low[index] = low[index].min(visited[succ as usize]);
                    }
                    continue;
                }
                path.pop();
                if let Some(&(parent, _)) = path.last() {
                    low[parent as usize] = low[parent as usize].min(low[index]);
                }
                if low[index] == visited[index] {
                    while let Some(member) = open.pop() {
                        component[member as usize] = count;
                        if member == node {
                            break;
                        }
                    }
                    count += 1;
                }
            }
        }
        (component, count as usize)
    }

    /// A cycle through `start` in its strongly connected component, if it is on one: nodes are tried in source order.
    fn find_cycle(&self, start: u32, component: &[u32]) -> Option<Vec<u32>> {
        let mut seen = FxHashSet::from_iter([start]);
        let mut path = vec![(start, 0)];
        while let Some((node, edge)) = path.last_mut() {
            match self.succs[*node as usize].get(*edge) {
                Some(&succ) if succ == start => return Some(path.into_iter().map(|(node, _)| node).collect()),
                Some(&succ) => {
                    *edge += 1;
                    if component[succ as usize] == component[start as usize] && seen.insert(succ) {
                        path.push((succ, 0));
                    }
                }
                None => {
                    path.pop();
                }
            }
        }
        None
    }
}

/// The state of taking nodes one by one.
struct Schedule<'g> {
    graph: &'g Graph,
    /// Mutually recursive functions are one unit.
    unit: Vec<u32>,
    /// Per unit: how many edges lead to nodes of other units that are not done. A variable that refers to itself waits
    /// for itself.
    waits: Vec<u32>,
    /// Per node.
    done: Vec<bool>,
    ready: [BinaryHeap<Reverse<u32>>; 2],
    /// Strongly connected components of the whole graph, once a cycle has to be found.
    cyclic: Option<Vec<u32>>,
    /// The variables, as they are to be initialised.
    order: Vec<u32>,
}

/// How many edges are followed, in all, to learn how many nodes the nodes on cycles wait for. Beyond it the position
/// alone decides: only hostile programs get there.
const MAX_STEPS: usize = 1 << 24;

impl<'g> Schedule<'g> {
    fn new(graph: &'g Graph) -> Self {
        let (unit, count) = graph.components(|node| graph.kind(node) == NodeKind::Func);
        let mut schedule = Schedule {
            graph,
            unit,
            waits: vec![0; count],
            done: vec![false; graph.len()],
            ready: Default::default(),
            cyclic: None,
            order: Vec::new(),
        };
        for node in 0..graph.len() as u32 {
            for &succ in &graph.succs[node as usize] {
                if schedule.waits_for(node, succ) {
                    schedule.waits[schedule.unit[node as usize] as usize] += 1;
                }
            }
        }
        // Finishing a unit makes others ready, so those that are ready from the start are found first.
        let ready = |node: &u32| schedule.waits[schedule.unit[*node as usize] as usize] == 0;
        let initially: Vec<u32> = (0..graph.len() as u32).filter(ready).collect();
        for node in initially {
            schedule.make_ready(node);
        }
        schedule
    }

    fn waits_for(&self, node: u32, succ: u32) -> bool {
        let same_unit = self.unit[node as usize] == self.unit[succ as usize];
        !(same_unit && self.graph.kind(node) == NodeKind::Func)
    }

    /// A node's unit waits for nothing more.
    fn make_ready(&mut self, node: u32) {
        match self.graph.kind(node) {
            NodeKind::Const => self.ready[0].push(Reverse(node)),
            NodeKind::Var => self.ready[1].push(Reverse(node)),
            NodeKind::Func => self.finish(node),
        }
    }

    fn finish(&mut self, node: u32) {
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            if std::mem::replace(&mut self.done[node as usize], true) {
                continue;
            }
            for &pred in &self.graph.preds[node as usize] {
                let unit = self.unit[pred as usize] as usize;
                if !self.waits_for(pred, node) {
                    // Another function of the same unit: it is as ready as this one.
                    pending.push(pred);
                    continue;
                }
                self.waits[unit] -= 1;
                if self.waits[unit] == 0 {
                    match self.graph.kind(pred) {
                        NodeKind::Func => pending.push(pred),
                        _ => self.make_ready(pred),
                    }
                }
            }
        }
    }

    fn ready_constants(&mut self) {
        while let Some(Reverse(node)) = self.ready[0].pop() {
            self.finish(node);
        }
    }

    fn ready_variables(&mut self) {
        while let Some(Reverse(node)) = self.ready[1].pop() {
            if !self.done[node as usize] {
                self.order.push(node);
                self.finish(node);
            }
        }
    }

    /// Takes the nodes of a kind that do not become ready: those first that wait for the fewest nodes, then in source
    /// order. Adds the cycles found on the way.
    fn blocked(&mut self, kind: NodeKind, cycles: &mut Vec<Vec<u32>>) {
        let is_blocked = |node: &u32| self.graph.kind(*node) == kind && !self.done[*node as usize];
        let nodes: Vec<u32> = (0..self.graph.len() as u32).filter(is_blocked).collect();
        if nodes.is_empty() {
            return;
        }
        // How many nodes each waits for, and by whom each is waited for.
        let mut waits: FxHashMap<u32, u32> = FxHashMap::default();
        let mut waiting: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut steps = MAX_STEPS;
        for &node in &nodes {
            let values = self.values_behind(node, &mut steps);
            waits.insert(node, values.len() as u32);
            for value in values {
                waiting.entry(value).or_default().push(node);
            }
        }
        let mut queue: BTreeSet<(u32, u32)> = nodes.iter().map(|node| (waits[node], *node)).collect();
        while let Some((count, node)) = queue.pop_first() {
            if count > 0 {
                let graph = self.graph;
                let component = self.cyclic.get_or_insert_with(|| graph.components(|_| true).0);
                cycles.extend(graph.find_cycle(node, component));
            }
            for pred in waiting.remove(&node).unwrap_or_default() {
                let count = waits[&pred];
                if queue.remove(&(count, pred)) {
                    queue.insert((count - 1, pred));
                    waits.insert(pred, count - 1);
                }
            }
            if kind == NodeKind::Var {
                self.order.push(node);
            }
            self.finish(node);
        }
    }

    /// The constants and variables that `node` waits for, be it through functions.
    fn values_behind(&self, node: u32, steps: &mut usize) -> Vec<u32> {
        let mut seen = FxHashSet::default();
        let mut values = Vec::new();
        let mut pending = vec![node];
        while let Some(from) = pending.pop() {
            for &succ in &self.graph.succs[from as usize] {
                if *steps == 0 {
                    return values;
                }
                *steps -= 1;
                if self.done[succ as usize] || !seen.insert(succ) {
                    continue;
                }
                match self.graph.kind(succ) {
                    NodeKind::Func => pending.push(succ),
                    NodeKind::Const | NodeKind::Var => values.push(succ),
                }
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::{Config, PackageState};
    use crate::universe::UNIVERSE;
    use crate::version::GoVersion;
    use base::{EntityId, Pos, SourceMap, Symbol};
    use bumpalo::Bump;

    /// Order and errors of a package given as `name: dependencies;`. Names that start with `c` are constants, with `f`
    /// functions; the others are variables.
    fn schedule(package: &str) -> (String, Vec<String>) {
        let (sources, arena) = (SourceMap::new(), Bump::new());
        let max_version = GoVersion::go1(26);
        let config = Config::for_build(max_version);
        let mut checker = Checker::new(config, &sources, &arena);
        let scope = checker.store.new_scope(Some(UNIVERSE), Pos::NONE, Pos::NONE);
        let name = Symbol::intern("p");
        let pkg =
            Package { path: "p".into(), name, scope, imports: Vec::new(), fake: false, whole: true, standard: false };
        let pkg = checker.packages.push(pkg);
        checker.package_states.push(PackageState::default());
        checker.env.pkg = pkg;

        let declarations: Vec<(&str, &str)> = package
            .split_terminator(';')
            .map(|declaration| declaration.trim().split_once(':').expect("name: dependencies"))
            .collect();
        let id = ast::NodeId::from_index(0);
        let init = &*arena.alloc(ast::Expr { id, pos: Pos::NONE, kind: ast::ExprKind::Bad });
        let mut objects = FxHashMap::default();
        for (index, (name, _)) in declarations.iter().enumerate() {
            let kind = match name.as_bytes()[0] {
                b'c' => ObjKind::Const { val: None },
                b'f' => ObjKind::Func { has_ptr_recv: false, origin: None },
                _ => ObjKind::Var { kind: VarKind::Package, embedded: false, used: false, origin: None },
            };
            let obj = checker.new_object(kind, Pos::NONE, Some(pkg), Symbol::intern(name), None);
            let decl = DeclInfo {
                pkg,
                unit: checker.env.unit,
                file_scope: scope,
                file: 0,
                index: index as u32,
                version: max_version,
                lhs: None,
                ty: None,
                init: Some(init),
                inherited: false,
                iota: 0,
                implicit: TypeList::EMPTY,
                body: None,
                tdecl: None,
                fdecl: None,
                sig: None,
                deps: Default::default(),
            };
            let decl = checker.decls.push(decl);
            checker.objects[obj].decl = Some(decl);
            checker.objects[obj].order = index as u32 + 1;
            checker.package_states[pkg].obj_list.push(obj);
            objects.insert(*name, obj);
        }
        for (name, deps) in &declarations {
            for dep in deps.split_whitespace() {
                let decl = checker.obj(objects[name]).decl.expect("declared above");
                checker.decls[decl].deps.insert(objects[dep]);
            }
        }
        checker.init_order(pkg);
        let order: Vec<&str> = checker.package_states[pkg]
            .init_order
            .iter()
            .map(|init| checker.obj(checker.obj_at(init.lhs, 0)).name.as_str())
            .collect();
        let errors = checker.errors.iter().map(|(_, error)| error.message.clone()).collect();
        (order.join(" "), errors)
    }

    fn order(package: &str) -> String {
        let (order, errors) = schedule(package);
        assert!(errors.is_empty(), "{errors:?}");
        order
    }

    fn errors(package: &str) -> Vec<String> {
        schedule(package).1
    }

    #[test]
    fn earliest_ready_variable_first() {
        assert_eq!(order("a: c; b: ; c: ; d: "), "a b d");
        assert_eq!(order("x: ; a: b; b: y; y: ; z: "), "x y b a z");
        // spec: a = c + b, b = f(), c = f(), d = 3 with f using d
        assert_eq!(order("a: e b; b: f; e: f; d: ; f: d"), "d b e a");
        assert_eq!(order("a: f1; f1: f2; f2: f1 b; b: "), "b a");
    }

    #[test]
    fn constants_never_hold_variables_up() {
        assert_eq!(order("b: c; c: a; a: "), "b a");
    }

    #[test]
    fn cycles_are_reported_where_they_start() {
        assert_eq!(errors("s: s"), ["initialization cycle: s refers to itself"]);
        assert_eq!(errors("a: b; b: d; d: e; e: b"), ["initialization cycle for b"]);
        assert_eq!(errors("c0: c1; c1: c2; c2: c3; c3: c1"), ["initialization cycle for c1"]);
        assert_eq!(errors("x4: x5; x5: f1; f1: x5"), ["initialization cycle for x5"]);
        assert_eq!(errors("x6: f2; x7: f2; x8: x7; f2: f3; f3: x8"), ["initialization cycle for x7"]);
        assert_eq!(errors("c: f; f: c"), ["initialization cycle for c"]);
        assert_eq!(errors("f1: f2; f2: f1 f2"), [""; 0]);
    }

    #[test]
    fn long_chains_are_linear() {
        let count = 100_000;
        let chain = |last: &str| -> String {
            let links = (0..count).map(|index| format!("v{index}: v{};", index + 1));
            links.chain([format!("v{count}: {last};")]).collect()
        };
        assert!(order(&chain("")).starts_with("v100000 v99999 "));
        assert_eq!(errors(&chain("v100000")), ["initialization cycle: v100000 refers to itself"]);
        assert_eq!(errors(&chain("v0")), ["initialization cycle for v0"]);
    }
}
