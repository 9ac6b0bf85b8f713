//! What must hold of every function and program, whoever made it.
//!
//! Passes are checked by this in debug builds, and texts after parsing. The checks come in three layers, each relying
//! on the ones before: ids exist and lists are this function's; every value and instruction has one place; operands,
//! results and jumps agree in type, and definitions dominate uses. A function that fails a layer is not looked at
//! further. The work is linear, but for the dominator tree.
//!
//! Findings name values and blocks as [`print`](crate::print) does.

use crate::dominators::Dominators;
use crate::function::{Block, Function, Inst, InstData, Target, Terminator, Value, ValueDef, ValueList};
use crate::opcode::{Immediate, Opcode, Operand, Yields};
use crate::panic::Check;
use crate::print::Names;
use crate::program::{Data, FuncData, FuncId, Layout, Loc, Program, Reloc};
use crate::ty::Ty;
use base::SideTable;
use smallvec::SmallVec;
use std::cell::OnceCell;
use std::fmt;

/// Something that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The function or data.
    pub item: String,
    /// Where in the function; an instruction's block is given as well.
    pub block: Option<Block>,
    pub inst: Option<Inst>,
    /// With the place in words.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.item, self.message)
    }
}

/// Everything that is wrong with a program.
pub fn program(program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, layout) in program.layouts.iter() {
        let report = |message: String| item_finding(&id.to_string(), message);
        findings.extend(layout_faults(program, layout).into_iter().map(report));
    }
    for (_, method) in program.methods().iter() {
        if !program.has_signature(method.sig) {
            findings.push(item_finding(&method.name, "the method's signature does not exist".into()));
        }
    }
    for (id, loc) in program.locs.iter() {
        // Earlier ones only: so chains end.
        if loc.inlined_at.is_some_and(|outer| outer >= id) || program.funcs.get(loc.func).is_none() {
            findings.push(item_finding(&id.to_string(), "it names a later location or no function".into()));
        }
    }
    let data = program.data_by_name();
    for (index, &id) in data.iter().enumerate() {
        let report = |message: String| item_finding(&program.data[id].name, message);
        if index > 0 && program.data[data[index - 1]].name == program.data[id].name {
            findings.push(report("two data have this name".into()));
        }
        findings.extend(data_faults(program, &program.data[id]).into_iter().map(report));
    }
    let funcs = program.funcs_by_name();
    for (index, &id) in funcs.iter().enumerate() {
        let func = &program.funcs[id];
        let mut report = |message: &str| findings.push(item_finding(&func.name, message.into()));
        if index > 0 && program.funcs[funcs[index - 1]].name == func.name {
            report("two functions have this name");
        }
        if func.import.is_some() && func.body.is_some() {
            report("an import has a body");
        }
        if !program.has_signature(func.sig) {
            report("its signature does not exist");
        } else if let Some(body) = &func.body {
            findings.extend(function(program, func, body));
        }
    }
    findings
}

fn item_finding(item: &str, message: String) -> Finding {
    Finding { item: item.into(), block: None, inst: None, message }
}

fn layout_faults(program: &Program, layout: &Layout) -> Vec<String> {
    let mut faults = Vec::new();
    if !layout.align.is_power_of_two() {
        faults.push(format!("alignment {} is not a power of two", layout.align));
    }
    let last = layout.pointers.iter().rposition(|&word| word != 0);
    let words = last.map_or(0, |last| last as u64 * 64 + u64::from(64 - layout.pointers[last].leading_zeros()));
    if words * 8 > u64::from(layout.size) {
        faults.push(format!("it has a pointer behind its size {}", layout.size));
    }
    if layout.descriptor.is_some_and(|descriptor| program.data.get(descriptor).is_none()) {
        faults.push("its descriptor does not exist".into());
    }
    faults
}

fn data_faults(program: &Program, data: &Data) -> Vec<String> {
    let mut faults = Vec::new();
    if !data.align.is_power_of_two() {
        faults.push(format!("alignment {} is not a power of two", data.align));
    }
    if data.bytes.len() > data.size as usize {
        faults.push(format!("{} bytes in a size of {}", data.bytes.len(), data.size));
    }
    if data.layout.is_some_and(|layout| program.layouts.get(layout).is_none()) {
        faults.push("its layout does not exist".into());
    }
    let mut relocs = data.relocs.clone();
    relocs.sort_by_key(|reloc| reloc.place());
    let mut end = 0;
    for reloc in relocs {
        let (at, size) = reloc.place();
        if u64::from(at) < end {
            faults.push(format!("the address at {at} overlaps another"));
        }
        end = u64::from(at) + u64::from(size);
        if end > u64::from(data.size) {
            faults.push(format!("the address at {at} is outside"));
        }
        match reloc {
            Reloc::Data { target, addend, .. } | Reloc::Data32 { target, addend, .. } => {
                match program.data.get(target) {
                    None => faults.push(format!("the data at {at} does not exist")),
                    Some(target) if addend > target.size => {
                        faults.push(format!("the address at {at} is behind the end of {}", target.name));
                    }
                    Some(_) => {}
                }
            }
            Reloc::Func { target, .. } | Reloc::Func32 { target, .. } => {
                if program.funcs.get(target).is_none() {
                    faults.push(format!("the function at {at} does not exist"));
                }
            }
        }
    }
    faults
}

/// Everything that is wrong with a body of the function `data`.
pub fn function(program: &Program, data: &FuncData, func: &Function) -> Vec<Finding> {
    let mut verifier = Verifier {
        program,
        data,
        func,
        has_names: false,
        names: OnceCell::new(),
        place: Place::default(),
        homes: SideTable::with_len(func.insts.len()),
        findings: Vec::new(),
    };
    verifier.ids();
    if verifier.findings.is_empty() {
        verifier.has_names = true;
        verifier.homes();
    }
    if verifier.findings.is_empty() {
        verifier.header();
        let dominators = Dominators::of(func);
        for block in func.blocks.ids() {
            verifier.block(&dominators, block);
        }
    }
    verifier.findings
}

#[derive(Clone, Copy, Default)]
struct Place {
    block: Option<Block>,
    inst: Option<Inst>,
}

struct Verifier<'a> {
    program: &'a Program,
    data: &'a FuncData,
    func: &'a Function,
    /// Whether all ids exist, so that names can be made.
    has_names: bool,
    names: OnceCell<Names>,
    place: Place,
    /// The block of each instruction and its index there.
    homes: SideTable<Inst, Option<(Block, u32)>>,
    findings: Vec<Finding>,
}

impl Verifier<'_> {
    fn report(&mut self, message: impl fmt::Display) {
        let Place { block, inst } = self.place;
        let mut text = String::new();
        if let Some(block) = block {
            text += &format!("{}: ", self.block_name(block));
        }
        if let Some(inst) = inst.and_then(|inst| self.func.insts.get(inst)) {
            text += &format!("{}: ", inst.op);
        }
        text += &message.to_string();
        self.findings.push(Finding { item: self.data.name.clone(), block, inst, message: text });
    }

    fn value_name(&self, value: Value) -> String {
        self.names().map_or_else(|| value.to_string(), |names| names.value(value).to_string())
    }

    fn block_name(&self, block: Block) -> String {
        self.names().map_or_else(|| block.to_string(), |names| names.block(block).to_string())
    }

    fn names(&self) -> Option<&Names> {
        self.has_names.then(|| self.names.get_or_init(|| Names::of(self.func)))
    }
}

/// First layer: ids.
impl Verifier<'_> {
    fn ids(&mut self) {
        let func = self.func;
        if func.entry.is_none_or(|entry| func.blocks.get(entry).is_none()) {
            self.report("it has no entry block");
        }
        if func.defer_frame.is_some_and(|slot| func.slots.get(slot).is_none()) {
            self.report("its defer frame does not exist");
        }
        for (slot, data) in func.slots.iter() {
            if data.layout.is_some_and(|layout| self.program.layouts.get(layout).is_none()) {
                self.report(format!("the layout of {slot} does not exist"));
            }
            if !data.align.is_power_of_two() {
                self.report(format!("the alignment of {slot} is not a power of two"));
            }
        }
        for (block, data) in func.blocks.iter() {
            self.place = Place { block: Some(block), inst: None };
            self.list(data.params);
            self.location(data.term_loc);
            if data.handler.is_some_and(|handler| func.blocks.get(handler).is_none()) {
                self.report("its handler does not exist");
            }
            let (value, list) = data.term.operands();
            self.list(list);
            self.values(value.as_slice());
            for target in data.term.targets() {
                self.list(target.args);
                if func.blocks.get(target.block).is_none() {
                    self.report(format!("it jumps to {}, which does not exist", target.block));
                }
            }
            if let Terminator::TailCall { func: callee, .. } = data.term
                && self.program.funcs.get(callee).is_none()
            {
                self.report("the function that it calls does not exist");
            }
            for &inst in &data.insts {
                self.place.inst = Some(inst);
                let Some(&data) = func.insts.get(inst) else {
                    self.report(format!("{inst} does not exist"));
                    continue;
                };
                self.list(data.args);
                self.list(data.results);
                self.location(data.loc);
                self.immediate(&data);
            }
        }
        self.place = Place::default();
    }

    fn list(&mut self, list: ValueList) {
        if !self.func.owns(list) {
            return self.report("a list is not of this function");
        }
        self.values(self.func.values_of(list));
    }

    fn values(&mut self, values: &[Value]) {
        for &value in values {
            match self.func.values.get(value) {
                None => self.report(format!("{value} does not exist")),
                Some(data) => {
                    if let ValueDef::Alias(other) = data.def {
                        self.report(format!("{value} is an alias of {other} that was not resolved"));
                    }
                }
            }
        }
    }

    fn location(&mut self, loc: Loc) {
        if loc.is_some_and(|loc| self.program.locs.get(loc).is_none()) {
            self.report("its location does not exist");
        }
    }

    fn immediate(&mut self, data: &InstData) {
        let program = self.program;
        let exists = match data.op.info().immediate {
            Immediate::None => data.imm == 0,
            Immediate::Int | Immediate::Float => true,
            Immediate::Offset => data.imm >> 32 == 0,
            Immediate::Func => program.funcs.get(data.func()).is_some(),
            Immediate::Slot => self.func.slots.get(data.slot()).is_some(),
            Immediate::Layout => program.layouts.get(data.layout()).is_some(),
            Immediate::Sig => program.has_signature(data.sig()),
            Immediate::Method => {
                program.methods().get(data.method()).is_some_and(|method| program.has_signature(method.sig))
            }
            Immediate::Panic => data.panic_kind().is_some(),
            Immediate::Data => program.data.get(data.data().0).is_some(),
        };
        if !exists {
            return self.report(format!("the immediate {:#x} means nothing here", data.imm));
        }
        match (data.op.info().immediate, data.panic_kind()) {
            (Immediate::Data, _) => {
                let (target, offset) = data.data();
                let target = &program.data[target];
                if offset > target.size {
                    self.report(format!("the offset {offset} is behind the end of {}", target.name));
                }
            }
            (Immediate::Panic, Some(kind)) => {
                let check = if data.op == Opcode::Bounds { Check::Below } else { Check::AtMost };
                if kind.info().check != check {
                    self.report(format!("{kind} is for another check"));
                }
            }
            _ => {}
        }
    }
}

/// Second layer: places.
impl Verifier<'_> {
    fn homes(&mut self) {
        let func = self.func;
        for (block, data) in func.blocks.iter() {
            self.place = Place { block: Some(block), inst: None };
            self.defines(func.params(block), |index| ValueDef::Param(block, index));
            for (index, &inst) in data.insts.iter().enumerate() {
                self.place.inst = Some(inst);
                if self.homes[inst].replace((block, index as u32)).is_some() {
                    self.report("the instruction is in two places");
                }
                self.defines(func.results(inst), |index| ValueDef::Result(inst, index));
            }
        }
        self.place = Place::default();
    }

    fn defines(&mut self, values: &[Value], def: impl Fn(u32) -> ValueDef) {
        for (index, &value) in values.iter().enumerate() {
            if self.func.values[value].def != def(index as u32) {
                self.report(format!("{} is defined elsewhere", self.value_name(value)));
            }
        }
    }
}

/// Third layer: types and dominance.
impl Verifier<'_> {
    fn header(&mut self) {
        let func = self.func;
        let params: Vec<Ty> = func.params(func.entry()).iter().map(|&param| func.ty(param)).collect();
        let signature = &self.program.signature(self.data.sig).params;
        if params != *signature {
            self.report(format!("the entry takes ({}), the signature says ({})", types(&params), types(signature)));
        }
    }

    fn block(&mut self, dominators: &Dominators, block: Block) {
        self.place = Place { block: Some(block), inst: None };
        let func = self.func;
        let data = &func.blocks[block];
        if let Some(handler) = data.handler {
            if !func.params(handler).is_empty() {
                self.report(format!("its handler {} has parameters", self.block_name(handler)));
            }
            if handler == func.entry() {
                self.report("its handler is the entry");
            }
        }
        let is_reachable = dominators.order.is_reachable(block);
        for (index, &inst) in data.insts.iter().enumerate() {
            self.place.inst = Some(inst);
            self.inst(inst);
            if is_reachable {
                for &arg in func.args(inst) {
                    self.dominated(dominators, arg, block, index as u32);
                }
            }
        }
        self.place.inst = None;
        self.terminator(&data.term);
        if is_reachable {
            func.for_each_terminator_use(block, |value| self.dominated(dominators, value, block, u32::MAX));
        }
    }

    /// Whether the value is there before the instruction of this index in the block.
    fn dominated(&mut self, dominators: &Dominators, value: Value, block: Block, index: u32) {
        let is_there = match self.func.values[value].def {
            ValueDef::Param(home, nth) => {
                if self.func.params(home).get(nth as usize) != Some(&value) {
                    return self.report(format!("{} is no parameter of its block any more", self.value_name(value)));
                }
                dominators.dominates(home, block)
            }
            ValueDef::Result(inst, _) => match self.homes[inst] {
                None => return self.report(format!("{} comes from no block", self.value_name(value))),
                Some((home, at)) if home == block => at < index,
                Some((home, _)) => dominators.results_reach(home, block),
            },
            ValueDef::Alias(_) => unreachable!("verify: aliases were reported"),
        };
        if !is_there {
            self.report(format!("{} does not reach here on every path", self.value_name(value)));
        }
    }

    fn inst(&mut self, inst: Inst) {
        let func = self.func;
        let data = func.insts[inst];
        let info = data.op.info();
        let args: SmallVec<[Ty; 4]> = func.args(inst).iter().map(|&arg| func.ty(arg)).collect();
        let results: SmallVec<[Ty; 2]> = func.results(inst).iter().map(|&result| func.ty(result)).collect();
        if args.len() < info.operands.len() || args.len() > info.operands.len() && !info.variadic {
            return self.report(format!("{} operands, not {}", args.len(), info.operands.len()));
        }
        let mut bound: Option<Ty> = None;
        for (&operand, &ty) in info.operands.iter().zip(&args) {
            let fits = match operand {
                Operand::Is(fixed) => ty == fixed,
                Operand::Int => matches!(ty, Ty::I32 | Ty::I64),
                Operand::Float => matches!(ty, Ty::F32 | Ty::F64),
                Operand::Word => matches!(ty, Ty::I32 | Ty::I64 | Ty::Ptr),
                Operand::Any => true,
            };
            let agrees = matches!(operand, Operand::Is(_)) || *bound.get_or_insert(ty) == ty;
            if !fits || !agrees {
                return self.report(format!("operands of types ({}) do not fit", types(&args)));
            }
        }
        let expected: Option<Ty> = match info.yields {
            Yields::Nothing => None,
            Yields::Is(ty) => Some(ty),
            Yields::Same => bound,
            Yields::Stated => match results[..] {
                [ty] if may_state(&data, bound, ty) => Some(ty),
                _ => return self.report(format!("it cannot yield ({})", types(&results))),
            },
            Yields::Results => return self.call(&data, &args, &results),
        };
        if results.as_slice() != expected.as_slice() {
            self.report(format!("it yields ({}), not ({})", types(expected.as_slice()), types(&results)));
        }
        if data.op == Opcode::Store && bound == Some(Ty::Ptr) {
            self.report("pointers are stored by store_ptr");
        }
        if data.op == Opcode::Context && !self.data.has_context {
            self.report("the function has no context");
        }
    }

    fn call(&mut self, data: &InstData, args: &[Ty], results: &[Ty]) {
        let program = self.program;
        let sig = match data.op.info().immediate {
            Immediate::Func => return self.direct_call(data.func(), data.op == Opcode::CallHost, args, results),
            Immediate::Method => program.methods()[data.method()].sig,
            _ => data.sig(),
        };
        let signature = program.signature(sig);
        let args = &args[data.op.info().operands.len()..];
        self.agree("arguments", args, &signature.params);
        self.agree("results", results, &signature.results);
    }

    fn direct_call(&mut self, callee: FuncId, is_host: bool, args: &[Ty], results: &[Ty]) {
        let callee = &self.program.funcs[callee];
        if !self.program.has_signature(callee.sig) {
            return self.report("the callee's signature does not exist");
        }
        if callee.import.is_some() != is_host {
            self.report(if is_host { "the callee is no import" } else { "an import is called by call_host" });
        }
        let signature = self.program.signature(callee.sig);
        let context = callee.has_context.then_some(Ty::Ptr);
        let params: Vec<Ty> = context.into_iter().chain(signature.params.iter().copied()).collect();
        self.agree("arguments", args, &params);
        self.agree("results", results, &signature.results);
    }

    fn agree(&mut self, what: &str, found: &[Ty], expected: &[Ty]) {
        if found != expected {
            self.report(format!("{what} ({}) where the signature has ({})", types(found), types(expected)));
        }
    }

    fn terminator(&mut self, term: &Terminator) {
        let func = self.func;
        let types_of =
            |list: ValueList| -> Vec<Ty> { func.values_of(list).iter().map(|&value| func.ty(value)).collect() };
        let signature = self.program.signature(self.data.sig);
        match term {
            Terminator::Branch { cond: value, .. } | Terminator::Switch { value, .. } => {
                if func.ty(*value) != Ty::I32 {
                    self.report(format!("it decides by {}, which is no i32", self.value_name(*value)));
                }
            }
            Terminator::Return(list) => self.agree("return of", &types_of(*list), &signature.results),
            Terminator::TailCall { func: callee, args } => {
                if self.place.block.is_some_and(|block| func.blocks[block].handler.is_some()) {
                    self.report("a tail call leaves the frame that its handler needs");
                }
                self.direct_call(*callee, false, &types_of(*args), &signature.results);
            }
            Terminator::Jump(_) | Terminator::Unreachable => {}
        }
        for target in term.targets() {
            self.target(target);
        }
    }

    fn target(&mut self, target: Target) {
        let func = self.func;
        if target.block == func.entry() {
            self.report("it jumps to the entry");
        }
        let args: Vec<Ty> = func.values_of(target.args).iter().map(|&arg| func.ty(arg)).collect();
        let params: Vec<Ty> = func.params(target.block).iter().map(|&param| func.ty(param)).collect();
        if args != params {
            let name = self.block_name(target.block);
            self.report(format!("it passes ({}) to {name}, which takes ({})", types(&args), types(&params)));
        }
    }
}

/// Whether the instruction may yield the type that it states.
fn may_state(data: &InstData, operand: Option<Ty>, ty: Ty) -> bool {
    use Opcode::*;
    let is_int = matches!(ty, Ty::I32 | Ty::I64);
    let is_float = matches!(ty, Ty::F32 | Ty::F64);
    let is_narrow = data.imm >> 32 == 0;
    match data.op {
        Const => match ty {
            Ty::I32 | Ty::Ptr => is_narrow,
            Ty::V128 => data.imm == 0,
            _ => ty == Ty::I64,
        },
        FConst => ty == Ty::F64 || ty == Ty::F32 && is_narrow,
        Load8S | Load8U | Load16S | Load16U | TruncSatS | TruncSatU => is_int,
        ConvertS | ConvertU => is_float,
        // Pointers have conversions of their own.
        Bitcast => matches!(
            (operand, ty),
            (Some(Ty::I32), Ty::F32) | (Some(Ty::F32), Ty::I32) | (Some(Ty::I64), Ty::F64) | (Some(Ty::F64), Ty::I64)
        ),
        _ => true,
    }
}

fn types(types: &[Ty]) -> String {
    types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(", ")
}
