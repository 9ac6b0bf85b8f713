//! What is decided once for the whole module: what each function's code refers to by number.

use crate::Error;
use crate::graph::Graph;
use crate::layout::{self, DataLayout};
use crate::needs::{self, Needs};
use crate::options::Options;
use crate::options::Positions;
use crate::runtime::{Intrinsic, RuntimeFunc};
use crate::sites::Sites;
use crate::suspend::{self, Resume, Suspends, Suspension};
use crate::table;
use crate::types::{FuncType, Types};
use base::SideTable;
use ir::{DataId, FuncId, Program, SigId};
use wasm_encoder::ValType;

/// A function as its callers see it.
#[derive(Clone, Copy, Default, Debug)]
pub struct Callee {
    pub index: u32,
    /// Its type's index.
    pub ty: u32,
    /// It takes the shadow stack pointer as its first parameter.
    pub takes_stack: bool,
    pub needs: Needs,
}

/// A call through a code word.
#[derive(Clone, Copy, Default, Debug)]
pub struct Indirect {
    pub ty: u32,
    pub needs: Needs,
}

/// Types of the exception that a recovered panic is.
#[derive(Clone, Copy)]
pub struct Exceptions {
    pub tag_ty: u32,
    /// Of the block that catches: frame address and exception.
    pub catch_ty: u32,
}

pub struct Unit<'a> {
    pub program: &'a Program,
    pub options: &'a Options,
    pub graph: Graph,
    /// Functions with code, in the order of their indices.
    pub order: Vec<FuncId>,
    pub callees: SideTable<FuncId, Callee>,
    pub indirect: SideTable<SigId, Indirect>,
    pub types: Types,
    pub code_words: SideTable<FuncId, u32>,
    pub data: DataLayout,
    /// Holds the stack pointer while an import runs that may call back.
    pub stack_global: Option<u32>,
    /// Holds the address of the arguments of such an import, for `getsp`.
    pub frame_global: Option<u32>,
    /// Holds the site of a call, for a function that asks where it was called from.
    pub caller_global: Option<u32>,
    pub exceptions: Option<Exceptions>,
    pub sites: Sites,
    /// Frames say which call they are in.
    pub stores_sites: bool,
    /// By kind, the index of what a failed check calls in place of the runtime's function: it also takes the word that
    /// says where the check is.
    pub reporters: Vec<Option<u32>>,
    pub suspension: Option<Suspension>,
    /// The type of what `wasm.Call` and `wasm.Resume` call, and of resume functions.
    pub call_out: Option<u32>,
}

impl<'a> Unit<'a> {
    pub fn new(
        program: &'a Program,
        options: &'a Options,
        positions: &dyn Positions,
        mut graph: Graph,
    ) -> Result<Unit<'a>, Error> {
        let mut types = Types::default();
        let suspends = graph.suspending.map(|_| Suspends::find(program, &graph, &mut types));
        let resumable = suspends.as_ref().map_or(Vec::new(), |it| suspend::resumable(program, &mut graph, it));
        let all_needs = needs::find(program, options, &graph, &mut types);
        let code_words = table::code_words(&graph.taken);
        let result_area = 8 * suspend::most_results(program, &graph, &resumable);
        let [type_links, itabs] = links(options, &graph);
        let links = [type_links.as_deref(), itabs.as_deref()];
        let data = layout::lay_out(program, &graph.data, &code_words, links, options.stack_size, result_area)?;
        let order = order_by_calls(program, &graph);
        let mut callees = SideTable::with_len(program.funcs.len());
        for (index, &func) in graph.imports.iter().enumerate() {
            let ty = types.index(FuncType::of(program.signature(program.funcs[func].sig), 0));
            callees[func] = Callee { index: index as u32, ty, takes_stack: false, needs: all_needs.funcs[func] };
        }
        for (index, &func) in order.iter().enumerate() {
            let needs = all_needs.funcs[func];
            let takes_stack = needs.stack || code_words[func] != 0;
            let data = &program.funcs[func];
            let hidden = usize::from(takes_stack) + usize::from(data.has_context);
            let ty = types.index(FuncType::of(program.signature(data.sig), hidden));
            callees[func] = Callee { index: (graph.imports.len() + index) as u32, ty, takes_stack, needs };
        }
        for func in program.funcs.ids().filter(|&func| graph.intrinsics[func].is_some()) {
            callees[func].needs = all_needs.funcs[func];
        }
        let mut indirect = SideTable::new();
        for sig in graph.funcs.iter().filter_map(|&func| graph.links[func].as_ref()).flat_map(|links| &links.indirect) {
            let ty = types.index(FuncType::of(program.signature(*sig), 2));
            let needs = all_needs.indirect.get(&ty).copied().unwrap_or_default();
            indirect[*sig] = Indirect { ty, needs };
        }
        let has_reentry = graph.imports.iter().any(|&func| {
            let import = program.funcs[func].import.as_ref();
            import.is_some_and(|(module, name)| options.may_reenter(module, name))
        });
        let stack_global = (has_reentry || options.getsp).then_some(0);
        let frame_global = options.getsp.then_some(1);
        let globals = stack_global.iter().chain(&frame_global).count() as u32;
        let caller_global = (options.line_table && graph.reaches(Intrinsic::CallerSite)).then_some(globals);
        let flag_global = globals + caller_global.iter().count() as u32;
        let suspension = suspends.zip(graph.suspending).map(|(suspends, flag)| {
            let first = (graph.imports.len() + order.len()) as u32;
            let resumed = order.iter().copied().filter(|func| resumable.binary_search(func).is_ok()).collect();
            Suspension::new(suspends, flag, flag_global, resumed, first, table::end(&graph.taken))
        });
        let calls_out = |func: FuncId| matches!(graph.intrinsics[func], Some(Intrinsic::Call | Intrinsic::Resume));
        let call_out = suspension.is_some() || program.funcs.ids().any(calls_out);
        let call_out = call_out.then(|| types.index(needs::out_type()));
        let throws = graph.reaches(Intrinsic::ThrowRecovered);
        let catches = graph.funcs.iter().any(|&func| graph.links[func].as_ref().is_some_and(|it| it.has_handler));
        let exceptions = (throws || catches).then(|| Exceptions {
            tag_ty: types.index(FuncType { params: vec![ValType::I32], results: vec![] }),
            catch_ty: types.index(FuncType { params: vec![], results: vec![ValType::I32, ValType::EXNREF] }),
        });
        let mut unit = Unit {
            program,
            options,
            graph,
            order,
            callees,
            indirect,
            types,
            code_words,
            data,
            stack_global,
            frame_global,
            caller_global,
            exceptions,
            suspension,
            call_out,
            sites: Sites::default(),
            stores_sites: false,
            reporters: vec![None; RuntimeFunc::ALL.len()],
        };
        unit.sites = Sites::find(&unit, positions);
        unit.stores_sites = options.site_stores && unit.sites.count > 0;
        if unit.stores_sites {
            unit.add_reporters();
        }
        Ok(unit)
    }

    fn add_reporters(&mut self) {
        let mut next = (self.graph.imports.len() + self.order.len() + self.resumed().len()) as u32;
        for &kind in RuntimeFunc::ALL.iter().filter(|kind| kind.is_report()) {
            if self.graph.runtime[kind as usize].is_some_and(|func| self.callee(func).needs.traces) {
                self.reporters[kind as usize] = Some(next);
                next += 1;
            }
        }
    }

    pub fn callee(&self, func: FuncId) -> Callee {
        self.callees[func]
    }

    /// A function that was found to be needed.
    pub fn runtime(&self, func: RuntimeFunc) -> FuncId {
        self.graph.runtime[func as usize].unwrap_or_else(|| panic!("codegen: {} was not reached", func.name()))
    }

    pub fn suspension(&self) -> &Suspension {
        self.suspension.as_ref().expect("codegen: the module has suspension")
    }

    pub fn resume(&self, func: FuncId) -> Option<Resume> {
        self.suspension.as_ref().and_then(|suspension| suspension.resumes[func])
    }

    /// Functions with resume functions, in the order of their indices.
    pub fn resumed(&self) -> &[FuncId] {
        self.suspension.as_ref().map_or(&[], |suspension| &suspension.order)
    }

    /// Whether the function asks where it was called from.
    pub fn asks_caller(&self, func: FuncId) -> bool {
        let is_question = |callee: &FuncId| self.graph.intrinsics[*callee] == Some(Intrinsic::CallerSite);
        self.caller_global.is_some() && self.graph.links[func].iter().any(|links| links.calls.iter().any(is_question))
    }

    pub fn may_reenter(&self, func: FuncId) -> bool {
        let import = self.program.funcs[func].import.as_ref();
        import.is_some_and(|(module, name)| self.options.may_reenter(module, name))
    }
}

/// Descriptors that reflection may look up, and itabs; none if nobody asks.
fn links(options: &Options, graph: &Graph) -> [Option<Vec<DataId>>; 2] {
    let mut live: SideTable<DataId, bool> = SideTable::new();
    graph.data.iter().for_each(|&data| live[data] = true);
    [(Intrinsic::TypeLinks, &options.type_links), (Intrinsic::Itabs, &options.itabs)].map(|(intrinsic, all)| {
        graph.reaches(intrinsic).then(|| all.iter().copied().filter(|&link| live[link]).collect())
    })
}

/// Functions that are called from many places come first, where their indices are short; then by name.
fn order_by_calls(program: &Program, graph: &Graph) -> Vec<FuncId> {
    let mut calls: SideTable<FuncId, u32> = SideTable::with_len(program.funcs.len());
    for &func in &graph.funcs {
        for &callee in graph.links[func].iter().flat_map(|links| &links.calls) {
            calls[callee] += 1;
        }
    }
    let mut order = graph.funcs.clone();
    order.sort_by_key(|&func| std::cmp::Reverse(calls[func])); // stable: names decide
    order
}
