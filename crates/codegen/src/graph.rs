//! What the exports reach: functions by calls and code words, data by addresses.
//!
//! Everything else is left out of the module. Bodies are read once, in parallel, wave by wave.

use crate::Error;
use crate::options::Options;
use crate::runtime::{Intrinsic, RuntimeFunc};
use base::SideTable;
use ir::{DataId, FuncId, Function, InstData, Opcode, Program, Reloc, SigId};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// What one function's body says about others.
#[derive(Clone, Default)]
pub struct Links {
    /// Direct calls, imports and calls of the runtime included; one entry per call.
    pub calls: Vec<FuncId>,
    /// Calls through code words; the same one comes once.
    pub indirect: Vec<SigId>,
    pub taken: Vec<FuncId>,
    pub data: Vec<DataId>,
    pub has_slots: bool,
    /// Some block names a handler.
    pub has_handler: bool,
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
        let mut walk = Walk {
            program,
            seen: SideTable::with_len(program.funcs.len()),
            taken: SideTable::with_len(program.funcs.len()),
            data_seen: SideTable::with_len(program.data.len()),
            frontier: Vec::new(),
            graph: Graph {
                runtime: vec![None; RuntimeFunc::ALL.len()],
                funcs: Vec::new(),
                links: SideTable::with_len(program.funcs.len()),
                imports: Vec::new(),
                intrinsics: SideTable::new(),
                taken: Vec::new(),
                data: Vec::new(),
                exports,
            },
        };
        for func in walk.graph.exports.clone() {
            walk.reach(func)?;
        }
        if names.contains_key(RuntimeFunc::StackOverflow.name()) {
            let func = walk.runtime(RuntimeFunc::StackOverflow, find)?;
            walk.reach(func)?;
        }
        while !walk.frontier.is_empty() {
            let wave = std::mem::take(&mut walk.frontier);
            let links: Vec<(Links, Vec<RuntimeFunc>)> = wave.par_iter().map(|&func| scan(program, func)).collect();
            for (func, (mut links, runtime)) in wave.into_iter().zip(links) {
                for needed in runtime {
                    let callee = walk.runtime(needed, find)?;
                    links.calls.push(callee);
                }
                walk.follow(&links)?;
                walk.graph.links[func] = Some(Box::new(links));
                walk.graph.funcs.push(func);
            }
        }
        Ok(walk.finish())
    }
}

impl Graph {
    /// Whether something calls the intrinsic.
    pub fn reaches(&self, intrinsic: Intrinsic) -> bool {
        self.intrinsics.values().any(|&reached| reached == Some(intrinsic))
    }
}

struct Walk<'a> {
    program: &'a Program,
    seen: SideTable<FuncId, bool>,
    taken: SideTable<FuncId, bool>,
    data_seen: SideTable<DataId, bool>,
    frontier: Vec<FuncId>,
    graph: Graph,
}

impl Walk<'_> {
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

    fn runtime(&mut self, needed: RuntimeFunc, find: impl Fn(&str) -> Result<FuncId, Error>) -> Result<FuncId, Error> {
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
            self.take(func)?;
        }
        let mut pending: Vec<DataId> = links.data.clone();
        while let Some(data) = pending.pop() {
            if std::mem::replace(&mut self.data_seen[data], true) {
                continue;
            }
            self.graph.data.push(data);
            for reloc in &self.program.data[data].relocs {
                match *reloc {
                    Reloc::Data { target, .. } | Reloc::Data32 { target, .. } => pending.push(target),
                    Reloc::Func { target, .. } | Reloc::Func32 { target, .. } => self.take(target)?,
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

/// What a body mentions, and which functions of the runtime its instructions call, one entry per call.
fn scan(program: &Program, func: FuncId) -> (Links, Vec<RuntimeFunc>) {
    let Some(body) = &program.funcs[func].body else {
        unreachable!("codegen: graph scans functions with bodies");
    };
    let mut links = Links { has_slots: !body.slots.is_empty(), ..Links::default() };
    let mut runtime = Vec::new();
    for block in body.blocks.values() {
        links.has_handler |= block.handler.is_some();
        for &inst in &block.insts {
            scan_inst(program, body, inst, &mut links, &mut runtime);
        }
        if let ir::Terminator::TailCall { func, .. } = block.term {
            links.calls.push(func);
        }
    }
    links.indirect.sort_by_key(|&sig| (&program.signature(sig).params, &program.signature(sig).results));
    links.indirect.dedup();
    (links, runtime)
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
        Opcode::CallClosure => links.indirect.push(data.sig()),
        Opcode::CallMethod => links.indirect.push(program.methods()[data.method()].sig),
        Opcode::FuncAddr => links.taken.push(data.func()),
        Opcode::DataAddr => links.data.push(data.data().0),
        Opcode::New | Opcode::NewArray => {
            links.data.extend(program.layouts[data.layout()].descriptor);
            runtime.push(allocator(program, data));
        }
        _ => runtime.extend(data.panic_kind().map(RuntimeFunc::of_panic)),
    }
}
