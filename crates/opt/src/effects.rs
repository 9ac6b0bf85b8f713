//! What a call may do, from what its callee does and calls.
//!
//! Effects go from callees to callers, component by component of the call graph. A call through a func value or an itab
//! may do anything, and so may an import. What a function does to its own slots, and to objects that it made itself, is
//! no effect for its callers: they see neither before the call.

use crate::callgraph::CallGraph;
use base::SideTable;
use ir::{Effects, FuncId, Function, InstData, Opcode, Program, Terminator, Value, ValueDef};

/// What a call of a function may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    /// Reads and writes are those of memory that was there before the call.
    pub effects: Effects,
    /// It never comes back: it panics, ends the program, or runs forever.
    pub noreturn: bool,
    /// It neither loops nor recurs: unless it panics it comes back.
    pub terminates: bool,
}

impl Summary {
    const ANYTHING: Summary =
        Summary { effects: Effects::CALL.union(Effects::PINNED), noreturn: false, terminates: false };

    /// A call whose results nobody uses may be dropped.
    pub fn is_removable(self) -> bool {
        let harmful = Effects::WRITE.union(Effects::PANIC).union(Effects::SUSPEND).union(Effects::PINNED);
        self.terminates && !self.noreturn && !self.effects.intersects(harmful)
    }
}

#[derive(Default)]
pub struct Summaries {
    /// None: anything.
    funcs: SideTable<FuncId, Option<Summary>>,
}

impl Summaries {
    pub fn of(program: &Program) -> Summaries {
        let mut summaries = Summaries { funcs: SideTable::with_len(program.funcs.len()) };
        for (id, func) in program.funcs.iter() {
            if func.body.is_none() && func.import.is_none() && is_pure_intrinsic(&func.name) {
                let summary = Summary { effects: Effects::NONE, noreturn: false, terminates: true };
                summaries.funcs[id] = Some(summary);
            }
            if func.attrs.noreturn {
                summaries.funcs[id] = Some(Summary { noreturn: true, ..Summary::ANYTHING });
            }
        }
        for component in CallGraph::of(program).components {
            summaries.component(program, &component);
        }
        summaries
    }

    /// What a call of the function may do.
    pub fn of_func(&self, func: FuncId) -> Summary {
        self.funcs[func].unwrap_or(Summary::ANYTHING)
    }

    /// What an instruction may do; of a direct call, what its callee may do.
    pub fn of_inst(&self, data: &InstData) -> Effects {
        match data.op {
            Opcode::Call => self.of_func(data.func()).effects,
            op => op.effects(),
        }
    }

    /// Whether an instruction may be dropped if nobody uses its results.
    pub fn is_removable(&self, data: &InstData) -> bool {
        match data.op {
            Opcode::Call => self.of_func(data.func()).is_removable(),
            // Nobody can tell whether there was an object; an unused conversion orders nothing.
            Opcode::New | Opcode::NewArray | Opcode::PtrToInt | Opcode::IntToPtr => true,
            op => op.effects().is_removable(),
        }
    }

    /// Members of a component share their effects; while they are being found, calls among them add nothing.
    fn component(&mut self, program: &Program, component: &[FuncId]) {
        let mut all = Effects::NONE;
        let mut terminates = true;
        for &func in component {
            let Some(body) = &program.funcs[func].body else { continue };
            let is_member = |callee: FuncId| component.len() > 1 && component.contains(&callee) || callee == func;
            for block in body.blocks.values() {
                for &inst in &block.insts {
                    let data = &body.insts[inst];
                    if data.op == Opcode::Call && is_member(data.func()) {
                        terminates = false;
                        continue;
                    }
                    all = all.union(visible(body, data, self.of_inst(data)));
                    terminates &= !data.op.is_call() || data.op == Opcode::Call && self.of_func(data.func()).terminates;
                }
                if let Terminator::TailCall { func, .. } = block.term {
                    if is_member(func) {
                        terminates = false;
                    } else {
                        let callee = self.of_func(func);
                        all = all.union(callee.effects);
                        terminates &= callee.terminates;
                    }
                }
            }
        }
        for &func in component {
            let data = &program.funcs[func];
            let Some(body) = &data.body else { continue };
            let noreturn = data.attrs.noreturn || !self.may_return(body);
            let terminates = terminates && !noreturn && is_acyclic(body);
            self.funcs[func] = Some(Summary { effects: all, noreturn, terminates });
        }
    }

    /// Whether some path leads to a return, also through the handler.
    fn may_return(&self, body: &Function) -> bool {
        let mut seen: SideTable<ir::Block, bool> = SideTable::with_len(body.blocks.len());
        let mut stack = vec![body.entry()];
        while let Some(block) = stack.pop() {
            if std::mem::replace(&mut seen[block], true) {
                continue;
            }
            let data = &body.blocks[block];
            stack.extend(data.handler);
            let ends = |&inst: &ir::Inst| {
                let data = &body.insts[inst];
                data.op == Opcode::Call && self.of_func(data.func()).noreturn
            };
            if data.insts.iter().any(ends) {
                continue;
            }
            match &data.term {
                Terminator::Return(_) => return true,
                Terminator::TailCall { func, .. } if !self.of_func(*func).noreturn => return true,
                term => stack.extend(term.targets().iter().map(|target| target.block)),
            }
        }
        false
    }
}

/// The effects that a caller can tell.
fn visible(body: &Function, data: &InstData, effects: Effects) -> Effects {
    if !effects.intersects(Effects::READ.union(Effects::WRITE)) || data.op.is_call() {
        return effects;
    }
    let args = body.values_of(data.args);
    match data.op {
        Opcode::Move | Opcode::MoveTyped => match (is_own(body, args[0]), is_own(body, args[1])) {
            (true, true) => Effects::NONE,
            (true, false) => Effects::READ,
            (false, _) => effects,
        },
        _ if is_own(body, args[0]) => Effects::NONE,
        _ => effects,
    }
}

/// Whether an address is in a slot of this function or in an object that it made.
fn is_own(body: &Function, address: Value) -> bool {
    let mut address = body.resolve(address);
    loop {
        let ValueDef::Result(inst, _) = body.values[address].def else { return false };
        let data = &body.insts[inst];
        match data.op {
            Opcode::SlotAddr | Opcode::New | Opcode::NewArray => return true,
            Opcode::PtrAdd => address = body.resolve(body.values_of(data.args)[0]),
            _ => return false,
        }
    }
}

fn is_acyclic(body: &Function) -> bool {
    let order = ir::Order::of(body);
    order.blocks.iter().all(|&block| {
        let index = order.index(block);
        body.successors(block).iter().all(|&next| order.index(next) > index)
    })
}

/// Facts of the module, by name: see `codegen::Intrinsic`.
fn is_pure_intrinsic(name: &str) -> bool {
    let name = name.strip_prefix("internal/wasm.");
    name.is_some_and(|name| matches!(name, "HeapStart" | "Roots" | "StackTop" | "StackLimit"))
}
