//! One function: which objects its values may point to, and which of them escape.
//!
//! *Objects* are the function's allocations and slots, and for each pointer parameter two more: what it points to, and
//! all that is reached from there. Each value has a set of objects that it may point to, each object a set that its
//! memory may hold pointers to. `outer` in a set stands for everything else: the heap, static data.
//!
//! ```text
//! v2 = new                     {o2}
//! v3 = load.ptr v0             the content of v0's set: if v0 is a parameter, {what is behind v0}
//! store_ptr v2 + 8, v3         the memory of o2 holds {what is behind v0}
//! v4 = call @f(v2)             as f's summary says: perhaps o2 flows to v4, or what o2 holds escapes
//! ```
//!
//! Sets only grow and the order of instructions does not matter: the instructions are gone over until nothing changes.
//! A set that gets too large becomes `outer`, and its objects escape. An escaped object counts as outer memory: what
//! is stored there escapes as well.

use crate::escape::instances;
use crate::escape::summary::{Flow, ParamFlow, Summaries, Summary};
use crate::escape::{Allocation, Limits, MAX_OBJECT, allocates, constant, definition};
use base::SideTable;
use ir::{
    Block, Dominators, FuncData, FuncId, Function, Inst, Loops, Opcode, Origin, Program, Slot, Terminator, Ty, Value,
};
use smallvec::SmallVec;

/// Objects in a set that stays precise.
const MAX_SET: usize = 16;
/// Code words of a closure that are told apart.
const MAX_CODES: usize = 4;
/// Pointer parameters that are looked after; further ones escape.
const MAX_PARAMS: usize = 31;
/// How often the instructions are gone over before the function is given up.
const MAX_PASSES: usize = 30;

pub type ObjectId = u32;

/// Where a value may point to.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Set {
    /// Also to other things than these objects.
    pub outer: bool,
    /// Sorted.
    pub objects: SmallVec<[ObjectId; 4]>,
}

impl Set {
    fn outer() -> Set {
        Set { outer: true, ..Set::default() }
    }

    fn of(object: ObjectId) -> Set {
        Set { outer: false, objects: SmallVec::from_slice(&[object]) }
    }

    fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    fn insert(&mut self, object: ObjectId) -> bool {
        match self.objects.binary_search(&object) {
            Ok(_) => false,
            Err(at) => {
                self.objects.insert(at, object);
                true
            }
        }
    }

    fn union(&mut self, other: &Set) -> bool {
        let mut is_news = other.outer && !self.outer;
        self.outer |= other.outer;
        for &object in &other.objects {
            is_news |= self.insert(object);
        }
        is_news
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Allocation(Allocation),
    Slot(Slot),
    /// What the parameter with this number points to.
    Param(u32),
    /// What is reached from there.
    Content(u32),
}

#[derive(Debug)]
pub struct Object {
    pub kind: Kind,
    /// What its memory may hold.
    pub content: Set,
    /// Of what belongs to callers: where it goes. Of others only whether they escape.
    pub flow: Flow,
    /// The functions whose code words it holds as a closure; none if these are not known.
    codes: Option<SmallVec<[FuncId; 2]>>,
}

impl Object {
    /// It is in this function's hands.
    pub fn is_local(&self) -> bool {
        matches!(self.kind, Kind::Allocation(_) | Kind::Slot(_))
    }
}

pub struct Analysis<'a> {
    program: &'a Program,
    summaries: &'a Summaries,
    id: FuncId,
    pub func: &'a Function,
    pub sets: SideTable<Value, Set>,
    pub objects: Vec<Object>,
    /// The context of the body counts as its first parameter.
    has_context: bool,
    slots: SideTable<Slot, Option<ObjectId>>,
    /// What matters here, in reverse postorder.
    steps: Vec<Step>,
    changed: bool,
}

#[derive(Clone, Copy)]
enum Step {
    Inst(Inst),
    End(Block),
}

impl<'a> Analysis<'a> {
    pub fn new(program: &'a Program, summaries: &'a Summaries, id: FuncId, func: &'a Function) -> Analysis<'a> {
        let mut analysis = Analysis {
            program,
            summaries,
            id,
            func,
            sets: SideTable::with_len(func.values.len()),
            objects: Vec::new(),
            has_context: program.funcs[id].has_context,
            slots: SideTable::with_len(func.slots.len()),
            steps: Vec::new(),
            changed: false,
        };
        let first = usize::from(analysis.has_context);
        for (index, &param) in func.params(func.entry()).iter().enumerate() {
            if func.ty(param) == Ty::Ptr {
                analysis.sets[param] = analysis.param(first + index);
            }
        }
        for (slot, _) in func.slots.iter() {
            let object = analysis.object(Kind::Slot(slot), Set::default());
            analysis.slots[slot] = Some(object);
        }
        analysis
    }

    /// The summary, and the allocations that stay in the frame; none if the function is too hard.
    pub fn solve(&mut self, limits: Limits) -> Option<(Summary, Vec<Allocation>)> {
        let dominators = Dominators::of(self.func);
        let loops = Loops::of(self.func, &dominators);
        // Loops with several entries are not found as such.
        let is_reducible = dominators.is_reducible(self.func);
        self.prepare(&dominators, |block| !is_reducible || loops.innermost(block).is_some());
        let mut passes = 0;
        loop {
            self.changed = false;
            for index in 0..self.steps.len() {
                match self.steps[index] {
                    Step::Inst(inst) => self.inst(inst),
                    Step::End(block) => self.end(block),
                }
            }
            passes += 1;
            if passes > MAX_PASSES {
                return None;
            }
            if !self.changed {
                instances::mixed(self, &dominators, &loops, is_reducible)
                    .into_iter()
                    .for_each(|object| self.escape(object));
                self.keep_to(limits);
                if !self.changed {
                    break;
                }
            }
        }
        Some((self.summary(), self.kept()))
    }

    /// Makes an object of each allocation, and collects what matters.
    fn prepare(&mut self, dominators: &Dominators, repeats: impl Fn(Block) -> bool) {
        let func = self.func;
        let has_numbers = func.insts.values().any(|data| data.op == Opcode::PtrToInt);
        for &block in &dominators.order.blocks {
            for &inst in &func.blocks[block].insts {
                if allocates(func.insts[inst].op) {
                    self.allocation(inst, repeats(block));
                }
                if has_numbers || matters(func, inst) {
                    self.steps.push(Step::Inst(inst));
                }
            }
            self.steps.push(Step::End(block));
        }
    }

    fn allocation(&mut self, inst: Inst, repeats: bool) {
        let data = &self.func.insts[inst];
        let count = match data.op {
            Opcode::New => Some(1),
            _ => constant(self.func, self.func.args(inst)[0]),
        };
        let size = self.program.layouts[data.layout()].size;
        let total = count.and_then(|count| count.checked_mul(size.into()));
        let result = self.func.results(inst)[0];
        self.sets[result] = match (count, total) {
            (Some(count), Some(total)) if total <= MAX_OBJECT.into() && count <= MAX_OBJECT.into() => {
                let allocation = Allocation { inst, layout: data.layout(), count: count as u32, repeats };
                Set::of(self.object(Kind::Allocation(allocation), Set::default()))
            }
            _ => Set::outer(),
        };
    }

    fn object(&mut self, kind: Kind, content: Set) -> ObjectId {
        self.objects.push(Object { kind, content, flow: Flow::default(), codes: Some(SmallVec::new()) });
        self.objects.len() as ObjectId - 1
    }

    /// The objects of a parameter.
    fn param(&mut self, index: usize) -> Set {
        if index >= MAX_PARAMS {
            return Set::outer();
        }
        let content = self.object(Kind::Content(index as u32), Set::default());
        self.objects[content as usize].content = Set::of(content);
        Set::of(self.object(Kind::Param(index as u32), Set::of(content)))
    }
}

/// Whether pointers come from or go through the instruction.
fn matters(func: &Function, inst: Inst) -> bool {
    use Opcode::*;
    match func.insts[inst].op {
        Load | Select => func.ty(func.results(inst)[0]) == Ty::Ptr,
        PtrAdd | SlotAddr | DataAddr | IntToPtr | Context => true,
        StorePtr | Store | Move | MoveTyped => true,
        op => op.is_call(),
    }
}

/// Sets.
impl Analysis<'_> {
    fn set(&self, value: Value) -> &Set {
        &self.sets[self.func.resolve(value)]
    }

    fn add(&mut self, value: Value, set: &Set) {
        let own = &mut self.sets[value];
        if !own.union(set) {
            return;
        }
        self.changed = true;
        if own.objects.len() > MAX_SET {
            let all = std::mem::replace(own, Set::outer());
            self.escape_all(&all);
        }
    }

    fn flow(&mut self, to: Value, from: Value) {
        let set = self.set(from).clone();
        if set != Set::default() {
            self.add(to, &set);
        }
    }

    fn add_content(&mut self, object: ObjectId, set: &Set) {
        let own = &mut self.objects[object as usize].content;
        if !own.union(set) {
            return;
        }
        self.changed = true;
        if own.objects.len() > MAX_SET {
            let all = std::mem::replace(own, Set::outer());
            self.escape_all(&all);
        }
    }

    pub fn escape(&mut self, object: ObjectId) {
        let mut pending = vec![object];
        while let Some(object) = pending.pop() {
            let object = &mut self.objects[object as usize];
            if !std::mem::replace(&mut object.flow.escapes, true) {
                self.changed = true;
                pending.extend_from_slice(&object.content.objects);
            }
        }
    }

    fn escape_all(&mut self, set: &Set) {
        for &object in &set.objects {
            self.escape(object);
        }
    }

    fn escape_value(&mut self, value: Value) {
        let set = self.set(value).clone();
        self.escape_all(&set);
    }

    fn is_outer(&self, object: ObjectId) -> bool {
        self.objects[object as usize].flow.escapes
    }

    /// What is read through a pointer to these.
    fn read(&self, from: &Set) -> Set {
        let mut set = Set { outer: from.outer, ..Set::default() };
        for &object in &from.objects {
            set.union(&self.objects[object as usize].content);
            set.outer |= self.is_outer(object);
        }
        set
    }

    /// All that is reached from these by reading, without themselves.
    fn reached(&self, from: &Set) -> Set {
        let mut all = self.read(from);
        let mut next = 0;
        let mut order: SmallVec<[ObjectId; 8]> = all.objects.clone().into_iter().collect();
        while let Some(&object) = order.get(next) {
            next += 1;
            all.outer |= self.is_outer(object);
            let content = &self.objects[object as usize].content;
            all.outer |= content.outer;
            for &inner in &content.objects {
                if all.insert(inner) {
                    order.push(inner);
                }
            }
        }
        all
    }

    /// Pointers to `what` are stored into what `to` points to.
    fn write(&mut self, to: &Set, what: &Set) {
        if what.is_empty() && !what.outer {
            return;
        }
        if to.outer {
            self.escape_all(what);
        }
        for &object in &to.objects {
            let note: fn(&mut Flow) -> &mut u32 = match self.objects[object as usize].kind {
                Kind::Param(_) => |flow| &mut flow.this,
                Kind::Content(_) => |flow| &mut flow.content,
                Kind::Allocation(_) | Kind::Slot(_) => {
                    if self.is_outer(object) {
                        self.escape_all(what);
                    }
                    self.add_content(object, what);
                    continue;
                }
            };
            if self.is_outer(object) {
                self.escape_all(what);
            }
            let (Kind::Param(param) | Kind::Content(param)) = self.objects[object as usize].kind else { continue };
            for &stored in &what.objects {
                if self.objects[stored as usize].is_local() {
                    self.escape(stored);
                } else {
                    let bits = note(&mut self.objects[stored as usize].flow);
                    self.changed |= *bits & 1 << param == 0;
                    *bits |= 1 << param;
                }
            }
            self.add_content(object, what);
        }
    }
}

/// Instructions.
impl Analysis<'_> {
    fn inst(&mut self, inst: Inst) {
        use Opcode::*;
        let func = self.func;
        let data = &func.insts[inst];
        let args = func.args(inst);
        match data.op {
            SlotAddr => {
                let object = self.slots[data.slot()].expect("opt: escape knows every slot");
                self.add(func.results(inst)[0], &Set::of(object));
            }
            DataAddr => self.add(func.results(inst)[0], &Set::outer()),
            Context => {
                let object = self.objects.iter().position(|object| object.kind == Kind::Param(0));
                let set = match object {
                    Some(object) => Set::of(object as ObjectId),
                    None => self.param(0),
                };
                self.add(func.results(inst)[0], &set);
            }
            PtrAdd => self.flow(func.results(inst)[0], args[0]),
            Select => {
                self.flow(func.results(inst)[0], args[1]);
                self.flow(func.results(inst)[0], args[2]);
            }
            Load if func.ty(func.results(inst)[0]) == Ty::Ptr => {
                let set = self.read(self.set(args[0]));
                self.add(func.results(inst)[0], &set);
            }
            StorePtr => self.write(&self.set(args[0]).clone(), &self.set(args[1]).clone()),
            Store | Store8 | Store16 | Store32 => {
                // A number that was a pointer.
                self.escape_value(args[1]);
                if data.op == Store && data.offset() == 0 {
                    self.store_code(args[0], args[1]);
                }
            }
            // Bytes, unless the runtime moves what it does not know.
            Move if self.source(inst).attrs.origin != Origin::Runtime => {}
            Move | MoveTyped => {
                let what = self.read(self.set(args[1]));
                self.write(&self.set(args[0]).clone(), &what);
            }
            IntToPtr => {
                self.flow(func.results(inst)[0], args[0]);
                self.add(func.results(inst)[0], &Set::outer());
            }
            PtrToInt | Add | Sub | And | Or | Xor | Shl | ShrS | ShrU | Wrap | ExtendU | ExtendS => {
                for &arg in args {
                    // Only what was a pointer is of interest, not that other numbers were not.
                    let set = Set { outer: false, ..self.set(arg).clone() };
                    if !set.is_empty() {
                        self.add(func.results(inst)[0], &set);
                    }
                }
            }
            Call => self.direct_call(data.func(), args, func.results(inst)),
            CallClosure if self.is_hash_or_equal(inst) => {}
            CallClosure => self.closure_call(args, func.results(inst)),
            CallMethod | CallHost => self.unknown_call(args, func.results(inst)),
            _ => {}
        }
    }

    fn end(&mut self, block: Block) {
        let func = self.func;
        let term = &func.blocks[block].term;
        match term {
            Terminator::Return(list) => {
                for (index, &value) in func.values_of(*list).iter().enumerate() {
                    let set = self.set(value).clone();
                    let is_pointer = func.ty(value) == Ty::Ptr;
                    self.leave(&set, if is_pointer { bit(index) } else { None });
                }
            }
            Terminator::TailCall { func: callee, args } => self.tail_call(*callee, func.values_of(*args)),
            _ => {
                for target in term.targets() {
                    let params = func.params(target.block);
                    for (&param, &arg) in params.iter().zip(func.values_of(target.args)) {
                        self.flow(param, arg);
                    }
                }
            }
        }
    }

    /// Pointers to the objects are returned, in a result or in ways that are not followed.
    fn leave(&mut self, set: &Set, result: Option<u32>) {
        for &object in &set.objects {
            match result {
                Some(bit) if !self.objects[object as usize].is_local() => {
                    let flow = &mut self.objects[object as usize].flow;
                    self.changed |= flow.results & bit == 0;
                    flow.results |= bit;
                }
                _ => self.escape(object),
            }
        }
    }

    /// A closure record gets its code word.
    fn store_code(&mut self, to: Value, word: Value) {
        let func = self.func;
        let inner = definition(func, word, Opcode::ExtendU).map(|inst| func.args(inst)[0]);
        let code = inner.and_then(|inner| definition(func, inner, Opcode::FuncAddr));
        let code = code.map(|inst| func.insts[inst].func());
        let objects = self.set(to).objects.clone();
        for object in objects {
            let codes = &mut self.objects[object as usize].codes;
            let Some(list) = codes else { continue };
            let Some(code) = code else {
                // Of which nothing is known, if it is a code word at all.
                *codes = None;
                self.changed = true;
                continue;
            };
            if !list.contains(&code) {
                list.push(code);
                self.changed = true;
                if list.len() > MAX_CODES {
                    *codes = None;
                }
            }
        }
    }
}

/// The bit of a result or parameter.
fn bit(index: usize) -> Option<u32> {
    1u32.checked_shl(index as u32)
}

/// Calls.
impl Analysis<'_> {
    fn unknown_call(&mut self, args: &[Value], results: &[Value]) {
        for &arg in args {
            self.escape_value(arg);
        }
        self.unknown_results(results);
    }

    fn unknown_results(&mut self, results: &[Value]) {
        for &result in results {
            if self.func.ty(result) == Ty::Ptr {
                self.add(result, &Set::outer());
            }
        }
    }

    /// The context is among the arguments.
    fn direct_call(&mut self, callee: FuncId, args: &[Value], results: &[Value]) {
        self.unknown_results(results);
        let summaries = self.summaries;
        let summary = summaries.get(callee);
        for (index, &arg) in args.iter().enumerate() {
            let this = self.set(arg).clone();
            if self.func.ty(arg) != Ty::Ptr {
                self.escape_all(&this);
                continue;
            }
            if this.is_empty() {
                continue;
            }
            let flow = summary.param(index);
            self.follow(flow.this, &this, args, results);
            if flow.content != Flow::default() {
                let reached = self.reached(&this);
                self.follow(flow.content, &reached, args, results);
            }
        }
    }

    /// What a callee does with pointers to these objects.
    fn follow(&mut self, flow: Flow, set: &Set, args: &[Value], results: &[Value]) {
        if set.is_empty() && !set.outer {
            return;
        }
        if flow.escapes {
            return self.escape_all(set);
        }
        for (index, &result) in results.iter().enumerate() {
            if bit(index).is_none_or(|bit| flow.results & bit != 0) && self.func.ty(result) == Ty::Ptr {
                self.add(result, set);
            }
        }
        for (index, &arg) in args.iter().enumerate().take(32) {
            if flow.this >> index & 1 != 0 {
                self.write(&self.set(arg).clone(), set);
            }
            if flow.content >> index & 1 != 0 {
                let reached = self.reached(self.set(arg));
                self.write(&reached, set);
            }
        }
        if flow.called {
            for &object in &set.objects {
                self.called_elsewhere(object);
            }
        }
    }

    /// A callee calls the object as a closure, if it is one: all that code words were stored into are. Closures may
    /// call each other in turn, so each is looked at once.
    fn called_elsewhere(&mut self, object: ObjectId) {
        let mut called = vec![object];
        let mut next = 0;
        while let Some(&object) = called.get(next) {
            next += 1;
            if !self.objects[object as usize].is_local() {
                let flow = &mut self.objects[object as usize].flow;
                self.changed |= !flow.called;
                flow.called = true;
                continue;
            }
            let Some(codes) = self.objects[object as usize].codes.clone() else {
                self.escape(object);
                continue;
            };
            for code in codes {
                let flow = self.summaries.get(code).param(0);
                let this = Set::of(object);
                self.follow_context(flow.this, &this, object, &mut called);
                let reached = self.reached(&this);
                self.follow_context(flow.content, &reached, object, &mut called);
            }
        }
    }

    /// As `follow`, for the context of a closure whose arguments and results are not known. Adds what it calls.
    fn follow_context(&mut self, flow: Flow, set: &Set, closure: ObjectId, called: &mut Vec<ObjectId>) {
        if flow.escapes || flow.results != 0 || (flow.this | flow.content) & !1 != 0 {
            return self.escape_all(set);
        }
        let this = Set::of(closure);
        if flow.this != 0 {
            self.write(&this, set);
        }
        if flow.content != 0 {
            let reached = self.reached(&this);
            self.write(&reached, set);
        }
        if flow.called {
            for &object in &set.objects {
                if !called.contains(&object) {
                    called.push(object);
                }
            }
        }
    }

    fn closure_call(&mut self, args: &[Value], results: &[Value]) {
        let set = self.set(args[0]).clone();
        let mut codes: SmallVec<[FuncId; 4]> = SmallVec::new();
        let mut is_known = !set.outer && !set.is_empty();
        for &object in &set.objects {
            let object = &self.objects[object as usize];
            match &object.codes {
                Some(own) if object.is_local() && !object.flow.escapes && !own.is_empty() => {
                    codes.extend_from_slice(own)
                }
                _ => is_known = false,
            }
        }
        if is_known {
            for code in codes {
                self.direct_call(code, args, results);
            }
            return;
        }
        self.unknown_call(&args[1..], results);
        for object in set.objects {
            match self.objects[object as usize].is_local() {
                true => self.escape(object),
                false => self.called_elsewhere(object),
            }
        }
    }

    /// Maps and interfaces call the functions in type descriptors that hash and compare: these keep nothing.
    fn is_hash_or_equal(&self, inst: Inst) -> bool {
        let data = &self.func.insts[inst];
        let signature = self.program.signature(data.sig());
        let is_hash = signature.params == [Ty::Ptr, Ty::I64] && signature.results == [Ty::I64];
        let is_equal = signature.params == [Ty::Ptr, Ty::Ptr] && signature.results == [Ty::I32];
        if !is_hash && !is_equal {
            return false;
        }
        self.source(inst).attrs.origin >= Origin::Core
    }

    /// The function that the instruction was written in.
    fn source(&self, inst: Inst) -> &FuncData {
        let source = self.func.insts[inst].loc.map_or(self.id, |loc| self.program.locs[loc].func);
        &self.program.funcs[source]
    }

    /// The callee gets no object of this frame.
    fn tail_call(&mut self, callee: FuncId, args: &[Value]) {
        self.direct_call(callee, args, &[]);
        let summaries = self.summaries;
        let summary = summaries.get(callee);
        for (index, &arg) in args.iter().enumerate() {
            let set = self.set(arg).clone();
            let reached = self.reached(&set);
            let flow = summary.param(index);
            for (set, flow) in [(&set, flow.this), (&reached, flow.content)] {
                for &object in &set.objects {
                    if self.objects[object as usize].is_local() {
                        self.escape(object);
                        continue;
                    }
                    let own = &mut self.objects[object as usize].flow;
                    self.changed |= flow.results & !own.results != 0;
                    own.results |= flow.results;
                }
            }
        }
    }
}

/// Results.
impl Analysis<'_> {
    /// What does not fit into the frame escapes.
    fn keep_to(&mut self, limits: Limits) {
        let mut total = 0u32;
        for object in 0..self.objects.len() {
            let Kind::Allocation(allocation) = self.objects[object].kind else { continue };
            if self.objects[object].flow.escapes {
                continue;
            }
            let layout = &self.program.layouts[allocation.layout];
            let size = layout.size * allocation.count;
            if total + size > limits.bytes || !limits.admit(layout, size) {
                self.escape(object as ObjectId);
            } else {
                total += size;
            }
        }
    }

    fn kept(&self) -> Vec<Allocation> {
        let kept = |object: &Object| match object.kind {
            Kind::Allocation(allocation) if !object.flow.escapes => Some(allocation),
            _ => None,
        };
        self.objects.iter().filter_map(kept).collect()
    }

    fn summary(&self) -> Summary {
        let first = usize::from(self.has_context);
        let count = first + self.func.params(self.func.entry()).len();
        let mut params = vec![ParamFlow::default(); count];
        params.iter_mut().skip(MAX_PARAMS).for_each(|param| *param = ParamFlow::WORST);
        for object in &self.objects {
            match object.kind {
                Kind::Param(index) => params[index as usize].this = object.flow,
                Kind::Content(index) => params[index as usize].content = object.flow,
                _ => {}
            }
        }
        Summary::Known(params)
    }
}
