//! What callers know of a function: where the pointers that it is given go.
//!
//! The objects behind a parameter are told apart in two layers: *this*, what the parameter points to, and its
//! *content*, all that is reached from there.

use crate::escape::NO_ESCAPE;
use base::SideTable;
use ir::{FuncId, Program};

/// Where pointers to an object, or to any of its content, may go. Nothing: they are read through and forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Flow {
    /// To where nobody looks after them.
    pub escapes: bool,
    /// They are called as closures, with arguments that escape.
    pub called: bool,
    /// Bit i: into the i-th result.
    pub results: u32,
    /// Bit i: into memory that the i-th parameter points to.
    pub this: u32,
    /// Bit i: into memory that is reached from there.
    pub content: u32,
}

impl Flow {
    const WORST: Flow = Flow { escapes: true, called: true, results: u32::MAX, this: u32::MAX, content: u32::MAX };

    pub fn union(self, other: Flow) -> Flow {
        Flow {
            escapes: self.escapes || other.escapes,
            called: self.called || other.called,
            results: self.results | other.results,
            this: self.this | other.this,
            content: self.content | other.content,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ParamFlow {
    pub this: Flow,
    pub content: Flow,
}

impl ParamFlow {
    pub const WORST: ParamFlow = ParamFlow { this: Flow::WORST, content: Flow::WORST };

    fn union(self, other: ParamFlow) -> ParamFlow {
        ParamFlow { this: self.this.union(other.this), content: self.content.union(other.content) }
    }
}

/// By parameter as calls pass them: the context, if there is one, comes first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Summary {
    /// Parameters beyond the list do nothing.
    Known(Vec<ParamFlow>),
    Worst,
}

/// Of a function that does nothing with its parameters.
static NOTHING: Summary = Summary::Known(Vec::new());

impl Summary {
    pub const WORST: Summary = Summary::Worst;

    pub fn param(&self, index: usize) -> ParamFlow {
        match self {
            Summary::Known(params) => params.get(index).copied().unwrap_or_default(),
            Summary::Worst => ParamFlow::WORST,
        }
    }
}

/// Of functions whose bodies are not looked at. They must not be inlined before.
///
/// A function's deferred calls are run before it returns, so for it `deferproc` stores the closure in the defer frame and
/// calls it at once, and all that touches the frame otherwise does nothing.
fn assumed(name: &str) -> Option<Summary> {
    match name {
        NO_ESCAPE | "runtime.deferreturn" | "runtime.linkDeferFrame" => Some(NOTHING.clone()),
        "runtime.deferproc" => {
            let closure = Flow { called: true, this: 1, ..Flow::default() };
            let closure = ParamFlow { this: closure, ..ParamFlow::default() };
            Some(Summary::Known(vec![ParamFlow::default(), closure]))
        }
        _ => None,
    }
}

/// Whether the inliner has to leave calls of this function to the pass.
pub fn is_assumed(name: &str) -> bool {
    assumed(name).is_some()
}

pub struct Summaries {
    funcs: SideTable<FuncId, Option<Summary>>,
    /// Summaries that nothing is added to.
    is_fixed: SideTable<FuncId, bool>,
}

impl Summaries {
    /// Of functions whose bodies are not there or not looked at.
    pub fn new(program: &Program) -> Summaries {
        let mut funcs: SideTable<FuncId, Option<Summary>> = SideTable::with_len(program.funcs.len());
        let mut is_fixed = SideTable::with_len(program.funcs.len());
        for (id, func) in program.funcs.iter() {
            funcs[id] = assumed(&func.name).or_else(|| func.body.is_none().then(|| intrinsic(&func.name)));
            is_fixed[id] = funcs[id].is_some();
        }
        Summaries { funcs, is_fixed }
    }

    /// Of a function that was not looked at yet: nothing, which later rounds correct.
    pub fn get(&self, func: FuncId) -> &Summary {
        self.funcs[func].as_ref().unwrap_or(&NOTHING)
    }

    /// Adds what was found; whether that is news.
    pub fn widen(&mut self, func: FuncId, found: Summary) -> bool {
        if self.is_fixed[func] {
            return false;
        }
        let joined = match (&self.funcs[func], found) {
            (Some(Summary::Worst), _) | (_, Summary::Worst) => Summary::Worst,
            (None, found) => found,
            (Some(Summary::Known(old)), Summary::Known(new)) => {
                let len = old.len().max(new.len());
                let at = |list: &[ParamFlow], index: usize| list.get(index).copied().unwrap_or_default();
                Summary::Known((0..len).map(|index| at(old, index).union(at(&new, index))).collect())
            }
        };
        let is_news = self.funcs[func].as_ref().unwrap_or(&NOTHING) != &joined;
        self.funcs[func] = Some(joined);
        is_news
    }
}

/// Of functions that code generation makes.
fn intrinsic(name: &str) -> Summary {
    match name {
        // What is behind the second pointer gets behind the first.
        "internal/wasm.Copy" => {
            let source = ParamFlow { content: Flow { this: 1, ..Flow::default() }, ..ParamFlow::default() };
            Summary::Known(vec![ParamFlow::default(), source])
        }
        "internal/wasm.Fill" | "internal/wasm.IdentOf" | "internal/wasm.FuncCode" => NOTHING.clone(),
        _ => Summary::Worst,
    }
}
