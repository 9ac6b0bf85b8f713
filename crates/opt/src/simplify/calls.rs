//! Calls whose callee can be seen: func values and itabs in static data, closures made in the same function.

use super::{Outcome, Simplifier};
use base::EntityId;
use ir::{DataId, FuncId, Inst, InstData, Opcode, Program, Reloc, SigId, Slot, Ty, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// What is made in this function.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Object {
    New(Value),
    Slot(Slot),
}

impl Simplifier<'_> {
    pub(super) fn call(&mut self, inst: Inst, data: &InstData) -> Outcome {
        let callee = match data.op {
            Opcode::Call if self.ctx.facts.summaries.of_func(data.func()).noreturn => return Outcome::Ends,
            Opcode::Call => return Outcome::Keep,
            Opcode::CallClosure => self.closure_code(self.arg(data, 0)),
            _ => self.method_code(data),
        };
        let Some(callee) = callee else { return Outcome::Keep };
        let program = self.ctx.program;
        let args: SmallVec<[Value; 8]> = self.func.args(inst).into();
        let args = match data.op {
            // The code takes the func value as its context.
            Opcode::CallClosure if takes_context(program, callee, data.sig()) => &args[..],
            // Behind the itab comes the receiver: the context, or the first parameter.
            Opcode::CallMethod if takes_receiver(program, callee, program.methods()[data.method()].sig) => &args[1..],
            _ => return Outcome::Keep,
        };
        self.set(inst, Opcode::Call, args, callee.index() as u64)
    }

    fn closure_code(&mut self, closure: Value) -> Option<FuncId> {
        let data = *self.def(closure)?;
        match data.op {
            Opcode::DataAddr => self.code_at(data.data().0, data.data().1),
            Opcode::New | Opcode::SlotAddr => {
                let object = self.object(closure)?;
                if self.closures.is_none() {
                    self.closures = Some(self.find_closures());
                }
                self.closures.as_ref()?.get(&object).copied()?
            }
            _ => None,
        }
    }

    fn method_code(&self, data: &InstData) -> Option<FuncId> {
        let itab = self.def(self.arg(data, 0)).filter(|data| data.op == Opcode::DataAddr)?;
        let (itab, offset) = itab.data();
        let method = &self.ctx.program.methods()[data.method()];
        self.code_at(itab, offset.checked_add(method.offset())?)
    }

    /// The function whose code word is there.
    fn code_at(&self, data: DataId, offset: u32) -> Option<FuncId> {
        if !self.ctx.facts.is_constant(self.ctx.program, data) {
            return None;
        }
        self.ctx.program.data[data].relocs.iter().find_map(|reloc| match *reloc {
            Reloc::Func { at, target } if at == offset => Some(target),
            _ => None,
        })
    }

    /// Objects whose first word is a code word from when they were made: nobody writes there again. An object that is
    /// given anything else is no closure.
    fn find_closures(&self) -> FxHashMap<Object, Option<FuncId>> {
        let mut found: FxHashMap<Object, Option<FuncId>> = FxHashMap::default();
        for inst in self.func.insts.ids() {
            let data = &self.func.insts[inst];
            if data.op != Opcode::Store || data.offset() != 0 {
                continue;
            }
            let Some(object) = self.object(self.arg(data, 0)) else { continue };
            let word = self.arg(data, 1);
            let word = self.unary(word, Opcode::ExtendU).unwrap_or(word);
            let code = self.def(word).filter(|data| data.op == Opcode::FuncAddr).map(InstData::func);
            let known = found.entry(object).or_insert(code);
            if *known != code {
                *known = None;
            }
        }
        found
    }

    fn object(&self, address: Value) -> Option<Object> {
        let data = self.def(address)?;
        match data.op {
            Opcode::New => Some(Object::New(address)),
            Opcode::SlotAddr => Some(Object::Slot(data.slot())),
            _ => None,
        }
    }
}

fn takes_context(program: &Program, callee: FuncId, sig: SigId) -> bool {
    let data = &program.funcs[callee];
    data.import.is_none() && data.has_context && data.sig == sig
}

fn takes_receiver(program: &Program, callee: FuncId, sig: SigId) -> bool {
    let data = &program.funcs[callee];
    if data.import.is_some() {
        return false;
    }
    let (own, expected) = (program.signature(data.sig), program.signature(sig));
    if data.has_context {
        return data.sig == sig;
    }
    own.results == expected.results && own.params.split_first() == Some((&Ty::Ptr, &expected.params[..]))
}
