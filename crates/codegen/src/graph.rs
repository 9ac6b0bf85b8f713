//! What the exports reach: functions by calls and code words, data by addresses.
//!
//! Everything else is left out of the module. Bodies are read once, in parallel, wave by wave; twice if what they reach
//! shows that there are goroutines.

use crate::Error;
use crate::options::Options;
use crate::runtime::{Intrinsic, RuntimeFunc};
use crate::suspend::facts::{Facts, STARTERS, starts_finalizers};
use base::SideTable;
use ir::{DataId, FuncId, Function, InstData, MethodId, Opcode, Program, Reloc, SigId};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// What one function's body says about others.
#[derive(Clone, Default)]
pub struct Links {
    /// Direct calls, imports and calls of the runtime included; one entry per call.
    pub calls: Vec<FuncId>,
    /// Calls through code words; the same one comes once.
    pub indirect: Vec<SigId>,
    /// Which of them are through func values, and which of interface methods.
    pub closures: Vec<SigId>,
    pub methods: Vec<MethodId>,
    pub taken: Vec<FuncId>,
    pub data: Vec<DataId>,
    pub has_slots: bool,
    /// How large they are together, at most.
    pub slot_bytes: u32,
    /// Some block names a handler.
    pub has_handler: bool,
}

/// Where the code word of a function is.
#[derive(Clone, Copy, Default, Debug)]
pub struct TakenAs {
    /// In itabs and tables of methods.
    pub as_method: bool,
    /// In code, or in other data: perhaps in func values.
    pub elsewhere: bool,
}

pub struct Graph {
    /// By kind, in the order of the table; those that code needs.
    pub runtime: Vec<Option<FuncId>>,
    /// Functions with bodies, in the order of their names.
    pub funcs: Vec<FuncId>,
    pub links: SideTable<FuncId, Option<Box<Links>>>,
    /// By module, name, and the function's own name.
    pub imports: Vec<FuncId>,
    pub intrinsics: SideTable<FuncId, Option<Intrinsic>>,
    /// Functions whose code word is somewhere, in the order of their names.
    pub taken: Vec<FuncId>,
    pub taken_as: SideTable<FuncId, TakenAs>,
    /// The intrinsic that reads the flag of suspension, if something may suspend.
    pub suspending: Option<FuncId>,
    /// What takes the place of bodies that ask for facts of the module.
    bodies: SideTable<FuncId, Option<Box<Function>>>,
    pub data: Vec<DataId>,
    /// One per export.
    pub exports: Vec<FuncId>,
}

impl Graph {
    pub fn of(program: &Program, options: &Options) -> Result<Graph, Error> {
        let names: FxHashMap<&str, FuncId> = program.funcs.iter().map(|(id, func)| (func.name.as_str(), id)).collect();
        let find = |name: &str| names.get(name).copied().ok_or_else(|| Error::MissingFunction(name.to_string()));
        let exports = options.exports.iter().map(|export| find(&export.func)).collect::<Result<Vec<_>, _>>()?;
        if let Some(&func) = exports.iter().find(|&&func| program.funcs[func].has_context) {
            let expected = "without context, because it is exported".to_string();
            return Err(Error::WrongSignature { name: program.funcs[func].name.clone(), expected });
        }
        // Whether functions can be suspended decides what is reached, and what is reached decides that.
        for can_suspend in [false, true] {
            let facts = Facts::new(&names, can_suspend);
            let mut walk = Walk::new(program, &facts, exports.clone());
            let mut starters = STARTERS.iter().filter_map(|name| names.get(name));
            walk.run(find)?;
            if can_suspend || !walk.starts_finalizers && !starters.any(|&func| walk.seen[func]) {
                return Ok(walk.finish());
            }
        }
        unreachable!("codegen: the second graph is the last")
    }

    /// Whether something calls the intrinsic.
    pub fn reaches(&self, intrinsic: Intrinsic) -> bool {
        self.intrinsics.values().any(|&reached| reached == Some(intrinsic))
    }

    /// The body of a function that has one.
    pub fn body<'a>(&'a self, program: &'a Program, func: FuncId) -> &'a Function {
        let data = &program.funcs[func];
        let body = self.bodies[func].as_deref().or(data.body.as_ref());
        body.unwrap_or_else(|| panic!("codegen: {} has no body", data.name))
    }
}

struct Walk<'a> {
    program: &'a Program,
    facts: &'a Facts,
    seen: SideTable<FuncId, bool>,
    taken: SideTable<FuncId, bool>,
    data_seen: SideTable<DataId, bool>,
    frontier: Vec<FuncId>,
    starts_finalizers: bool,
    graph: Graph,
}

impl<'a> Walk<'a> {
    fn new(program: &'a Program, facts: &'a Facts, exports: Vec<FuncId>) -> Walk<'a> {
        Walk {
            program,
            facts,
            seen: SideTable::with_len(program.funcs.len()),
            taken: SideTable::with_len(program.funcs.len()),
            data_seen: SideTable::with_len(program.data.len()),
            frontier: Vec::new(),
            starts_finalizers: false,
            graph: Graph {
                runtime: vec![None; RuntimeFunc::ALL.len()],
                funcs: Vec::new(),
                links: SideTable::with_len(program.funcs.len()),
                imports: Vec::new(),
                intrinsics: SideTable::new(),
                taken: Vec::new(),
                taken_as: SideTable::new(),
                suspending: None,
                bodies: SideTable::with_len(program.funcs.len()),
                data: Vec::new(),
                exports,
            },
        }
    }

    fn run(&mut self, find: impl Fn(&str) -> Result<FuncId, Error>) -> Result<(), Error> {
        for func in self.graph.exports.clone() {
            self.reach(func)?;
        }
        if find(RuntimeFunc::StackOverflow.name()).is_ok() {
            let func = self.runtime(RuntimeFunc::StackOverflow, &find)?;
            self.reach(func)?;
        }
        loop {
            self.drain(&find)?;
            let suspend = find(Intrinsic::Suspend.name()).is_ok_and(|func| self.seen[func]);
            if !self.facts.can_suspend || !suspend || self.graph.suspending.is_some() {
                return Ok(());
            }
            let suspending = find(Intrinsic::Suspending.name())?;
            self.graph.suspending = Some(suspending);
            self.reach(suspending)?;
            for needed in [RuntimeFunc::CaptureFrame, RuntimeFunc::PushRecord, RuntimeFunc::PopRecord] {
                let func = self.runtime(needed, &find)?;
                self.reach(func)?;
            }
        }
    }

    fn drain(&mut self, find: &impl Fn(&str) -> Result<FuncId, Error>) -> Result<(), Error> {
        while !self.frontier.is_empty() {
            let wave = std::mem::take(&mut self.frontier);
            let found: Vec<Found> = wave.par_iter().map(|&func| scan(self.program, self.facts, func)).collect();
            for (func, Found { mut links, runtime, body, starts_finalizers }) in wave.into_iter().zip(found) {
                for needed in runtime {
                    let callee = self.runtime(needed, find)?;
                    links.calls.push(callee);
                }
                self.follow(&links)?;
                self.starts_finalizers |= starts_finalizers;
                self.graph.links[func] = Some(Box::new(links));
                self.graph.bodies[func] = body.map(Box::new);
                self.graph.funcs.push(func);
            }
        }
        Ok(())
    }

    fn reach(&mut self, func: FuncId) -> Result<(), Error> {
        if std::mem::replace(&mut self.seen[func], true) {
            return Ok(());
        }
        let data = &self.program.funcs[func];
        if data.import.is_some() {
            self.graph.imports.push(func);
        } else if data.body.is_some() {
            self.frontier.push(func);
        } else if let Some(intrinsic) = Intrinsic::from_name(&data.name) {
            let (_, params, results) = intrinsic.info();
            check_signature(self.program, func, params, results)?;
            self.graph.intrinsics[func] = Some(intrinsic);
        } else {
            return Err(Error::MissingBody(data.name.clone()));
        }
        Ok(())
    }

    fn runtime(&mut self, needed: RuntimeFunc, find: &impl Fn(&str) -> Result<FuncId, Error>) -> Result<FuncId, Error> {
        if let Some(func) = self.graph.runtime[needed as usize] {
            return Ok(func);
        }
        let (name, params, results) = needed.info();
        let func = find(name)?;
        check_signature(self.program, func, params, results)?;
        self.graph.runtime[needed as usize] = Some(func);
        Ok(func)
    }

    fn take(&mut self, func: FuncId) -> Result<(), Error> {
        if !std::mem::replace(&mut self.taken[func], true) {
            self.graph.taken.push(func);
        }
        self.reach(func)
    }

    fn follow(&mut self, links: &Links) -> Result<(), Error> {
        for &func in &links.calls {
            self.reach(func)?;
        }
        for &func in &links.taken {
            self.graph.taken_as[func].elsewhere = true;
            self.take(func)?;
        }
        let mut pending: Vec<DataId> = links.data.clone();
        while let Some(data) = pending.pop() {
            if std::mem::replace(&mut self.data_seen[data], true) {
                continue;
            }
            self.graph.data.push(data);
            let name = &self.program.data[data].name;
            let has_methods = name.starts_with("go:itab.") || name.starts_with("type:") && !name.starts_with("type:.");
            for reloc in &self.program.data[data].relocs {
                match *reloc {
                    Reloc::Data { target, .. } | Reloc::Data32 { target, .. } => pending.push(target),
                    Reloc::Func { target, .. } | Reloc::Func32 { target, .. } => {
                        let taken = &mut self.graph.taken_as[target];
                        taken.as_method |= has_methods;
                        taken.elsewhere |= !has_methods;
                        self.take(target)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Graph {
        let Walk { program, mut graph, .. } = self;
        let name = |func: &FuncId| program.funcs[*func].name.as_str();
        graph.funcs.sort_by(|a, b| name(a).cmp(name(b)));
        graph.taken.sort_by(|a, b| name(a).cmp(name(b)));
        graph.data.sort_by(|&a, &b| program.data[a].name.cmp(&program.data[b].name));
        let import = |func: &FuncId| (program.funcs[*func].import.as_ref(), name(func));
        graph.imports.sort_by(|a, b| import(a).cmp(&import(b)));
        graph
    }
}

fn check_signature(program: &Program, func: FuncId, params: &[ir::Ty], results: &[ir::Ty]) -> Result<(), Error> {
    let data = &program.funcs[func];
    let signature = program.signature(data.sig);
    if signature.params == params && signature.results == results && !data.has_context {
        return Ok(());
    }
    let list = |types: &[ir::Ty]| types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(", ");
    let expected = format!("({}) -> ({})", list(params), list(results));
    Err(Error::WrongSignature { name: data.name.clone(), expected })
}

/// What a body mentions.
struct Found {
    links: Links,
    /// The functions of the runtime that its instructions call, one entry per call.
    runtime: Vec<RuntimeFunc>,
    /// The body, if facts were filled in.
    body: Option<Function>,
    starts_finalizers: bool,
}

fn scan(program: &Program, facts: &Facts, func: FuncId) -> Found {
    let Some(body) = &program.funcs[func].body else {
        unreachable!("codegen: graph scans functions with bodies");
    };
    let filled = facts.fill(body);
    let body = filled.as_ref().unwrap_or(body);
    let slot_bytes =
        body.slots.values().fold(0, |sum: u32, slot| sum.saturating_add(slot.size).saturating_add(slot.align));
    let mut links = Links { has_slots: !body.slots.is_empty(), slot_bytes, ..Links::default() };
    let mut runtime = Vec::new();
    let mut starts = false;
    for block in body.blocks.values() {
        links.has_handler |= block.handler.is_some();
        for &inst in &block.insts {
            scan_inst(program, body, inst, &mut links, &mut runtime);
            let data = &body.insts[inst];
            starts |= data.op == Opcode::Call && starts_finalizers(program, func, data.func(), data.loc);
        }
        if let ir::Terminator::TailCall { func: callee, .. } = block.term {
            links.calls.push(callee);
            starts |= starts_finalizers(program, func, callee, block.term_loc);
        }
    }
    links.indirect.sort_by_key(|&sig| (&program.signature(sig).params, &program.signature(sig).results));
    links.indirect.dedup();
    links.closures.sort_unstable();
    links.closures.dedup();
    links.methods.sort_unstable();
    links.methods.dedup();
    Found { links, runtime, body: filled, starts_finalizers: starts }
}

/// What allocates for a `new` or `new_array`.
pub fn allocator(program: &Program, data: &InstData) -> RuntimeFunc {
    let is_object = data.op == Opcode::New && program.layouts[data.layout()].descriptor.is_some();
    if is_object { RuntimeFunc::Newobject } else { RuntimeFunc::Mallocgc }
}

fn scan_inst(program: &Program, body: &Function, inst: ir::Inst, links: &mut Links, runtime: &mut Vec<RuntimeFunc>) {
    let data = &body.insts[inst];
    match data.op {
        Opcode::Call | Opcode::CallHost => links.calls.push(data.func()),
        Opcode::CallClosure => {
            links.indirect.push(data.sig());
            links.closures.push(data.sig());
        }
        Opcode::CallMethod => {
            links.indirect.push(program.methods()[data.method()].sig);
            links.methods.push(data.method());
        }
        Opcode::FuncAddr => links.taken.push(data.func()),
        Opcode::DataAddr => links.data.push(data.data().0),
        Opcode::New | Opcode::NewArray => {
            links.data.extend(program.layouts[data.layout()].descriptor);
            runtime.push(allocator(program, data));
        }
        _ => runtime.extend(data.panic_kind().map(RuntimeFunc::of_panic)),
    }
}
