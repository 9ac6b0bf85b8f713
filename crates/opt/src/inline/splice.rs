//! Replaces a call by the callee's body.
//!
//! ```text
//! block1:                          block1:
//!   v1 = call @f(v0)                 f's entry
//!   store v9, v1             ==>     branch v5, block7, block8
//!   return                         block7: ... jump block9(v6)        f's blocks; return is a jump
//!                                  block8: ... jump block9(v7)
//!                                  block9(v1'): store v9, v1' return  the rest of block1
//! ```
//!
//! Parameters of the callee become other names of the arguments. With one return there is no block9: the rest follows
//! where that was. Every copied block gets the handler of the block with the call, since its calls may panic as that
//! call could; a tail call of the callee becomes a call, unless the call was one itself. Slots of the callee with
//! pointers are zeroed when its frame is made, so they are now.
//!
//! The location of every copied instruction says which call it was inlined at.

use base::EntityId;
use ir::{
    Block, Effects, FuncId, Function, Inst, InstData, Loc, LocData, LocId, Opcode, Program, Target, Terminator, Ty,
    Value,
};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Rebuilds the blocks of a caller, one by one.
pub struct Splicer {
    caller: FuncId,
    /// For calls that have no location: the caller itself.
    nowhere: Option<LocId>,
    /// Where what comes next of the block at hand goes; none if it is never reached.
    current: Option<Block>,
    /// The instructions of `current` so far.
    insts: Vec<Inst>,
    /// How the block at hand ended, and its handler.
    term: Terminator,
    term_loc: Loc,
    handler: Option<Block>,
}

impl Splicer {
    pub fn new(caller: FuncId) -> Splicer {
        Splicer {
            caller,
            nowhere: None,
            current: None,
            insts: Vec::new(),
            term: Terminator::Unreachable,
            term_loc: None,
            handler: None,
        }
    }

    /// Takes a block apart: its instructions, to be given back one by one.
    pub fn begin(&mut self, body: &mut Function, block: Block) -> Vec<Inst> {
        let data = &mut body.blocks[block];
        self.current = Some(block);
        self.handler = data.handler;
        self.term = std::mem::take(&mut data.term);
        self.term_loc = data.term_loc;
        std::mem::take(&mut data.insts)
    }

    /// The call that the block ends in, if it does, unless that is not reached.
    pub fn final_call(&self, body: &Function) -> Option<(FuncId, SmallVec<[Value; 8]>)> {
        match self.term {
            Terminator::TailCall { func, args } if self.current.is_some() => Some((func, body.values_of(args).into())),
            _ => None,
        }
    }

    pub fn keep(&mut self, inst: Inst) {
        self.insts.push(inst);
    }

    /// Whether a callee did not return, so that nothing more of the block is reached.
    pub fn is_dead(&self) -> bool {
        self.current.is_none()
    }

    /// Ends the block as it ended before.
    pub fn end(&mut self, body: &mut Function) {
        if let Some(current) = self.current {
            let data = &mut body.blocks[current];
            data.insts = std::mem::take(&mut self.insts);
            (data.term, data.term_loc) = (std::mem::take(&mut self.term), self.term_loc);
        }
        self.insts.clear();
    }

    /// Puts the callee where the call is.
    pub fn call(&mut self, program: &mut Program, body: &mut Function, inst: Inst, callee: FuncId) {
        let loc = body.insts[inst].loc;
        let args: SmallVec<[Value; 8]> = body.args(inst).into();
        let results: SmallVec<[Value; 4]> = body.results(inst).into();
        let types: SmallVec<[Ty; 4]> = results.iter().map(|&result| body.ty(result)).collect();
        let exits = self.copy(program, body, callee, &args, loc);
        let mut returns: Vec<(Block, SmallVec<[Value; 4]>)> = Vec::new();
        for exit in exits {
            match body.blocks[exit].term {
                Terminator::Return(list) => returns.push((exit, body.values_of(list).into())),
                Terminator::TailCall { func, args } => {
                    let args: SmallVec<[Value; 8]> = body.values_of(args).into();
                    let loc = body.blocks[exit].term_loc;
                    let call = body.append(exit, Opcode::Call, &args, func.index() as u64, &types, loc);
                    returns.push((exit, body.results(call).into()));
                }
                _ => unreachable!("inline: exits leave the callee"),
            }
        }
        match &returns[..] {
            [] => self.current = None,
            [(block, values)] => {
                self.current = Some(*block);
                self.insts = std::mem::take(&mut body.blocks[*block].insts);
                results.iter().zip(values).for_each(|(&result, &value)| body.replace(result, value));
            }
            _ => {
                let rest = body.add_block(&types);
                body.blocks[rest].handler = self.handler;
                for (block, values) in &returns {
                    let args = body.list(values);
                    body.blocks[*block].term = Terminator::Jump(Target { block: rest, args });
                }
                for (index, &result) in results.iter().enumerate() {
                    let param = body.params(rest)[index];
                    body.replace(result, param);
                }
                self.current = Some(rest);
            }
        }
    }

    /// Puts the callee where the block ends in a call of it: it returns for its caller.
    pub fn tail_call(&mut self, program: &mut Program, body: &mut Function, callee: FuncId, args: &[Value]) {
        self.copy(program, body, callee, args, self.term_loc);
        self.current = None;
    }

    /// Lets the current block go on in a copy of the callee. Returns the copy's blocks that end in a return or tail call.
    fn copy(
        &mut self,
        program: &mut Program,
        body: &mut Function,
        callee: FuncId,
        args: &[Value],
        loc: Loc,
    ) -> Vec<Block> {
        let current = self.current.expect("inline: the call is reached");
        let has_context = program.funcs[callee].has_context;
        let (context, args) = args.split_at(usize::from(has_context));
        let copied = program.funcs[callee].body.take().expect("inline: the callee has a body");
        let graft = body.graft(&copied);
        for (&param, &arg) in copied.params(copied.entry()).iter().zip(args) {
            body.replace(graft.value(param), arg);
        }
        self.zero_slots(body, &copied, &graft);
        let site = loc.unwrap_or_else(|| self.own_location(program));
        let mut locations = Locations { callee, site, known: FxHashMap::default(), nowhere: None };
        let mut exits = Vec::new();
        for old in copied.blocks.ids() {
            let block = graft.block(old);
            let mut insts = std::mem::take(&mut body.blocks[block].insts);
            insts.retain(|&inst| {
                let data = body.insts[inst];
                if data.op == Opcode::Context {
                    let result = body.results(inst)[0];
                    body.replace(result, context[0]);
                    return false;
                }
                body.insts[inst].loc = locations.of_inst(program, &data);
                true
            });
            let is_entry = old == copied.entry();
            let is_exit = matches!(body.blocks[block].term, Terminator::Return(_) | Terminator::TailCall { .. });
            let is_call = matches!(body.blocks[block].term, Terminator::TailCall { .. });
            let term_loc = locations.of(program, body.blocks[block].term_loc, is_call);
            let target = if is_entry { current } else { block };
            if is_entry {
                self.insts.append(&mut insts);
                insts = std::mem::take(&mut self.insts);
                body.blocks[current].term = std::mem::take(&mut body.blocks[block].term);
            }
            let data = &mut body.blocks[target];
            (data.insts, data.term_loc, data.handler) = (insts, term_loc, self.handler);
            if is_exit {
                exits.push(target);
            }
        }
        program.funcs[callee].body = Some(copied);
        exits
    }

    /// What making the callee's frame would have done.
    fn zero_slots(&mut self, body: &mut Function, copied: &Function, graft: &ir::graft::Graft) {
        for (slot, data) in copied.slots.iter().filter(|(_, data)| data.layout.is_some()) {
            let number = graft.slot(slot).index() as u64;
            let address = body.add_inst(Opcode::SlotAddr, &[], number, &[Ty::Ptr], None);
            let size = body.add_inst(Opcode::Const, &[], u64::from(data.size), &[Ty::I32], None);
            let args = [body.results(address)[0], body.results(size)[0]];
            let zero = body.add_inst(Opcode::Zero, &args, 0, &[], None);
            self.insts.extend([address, size, zero]);
        }
    }

    fn own_location(&mut self, program: &mut Program) -> LocId {
        *self.nowhere.get_or_insert_with(|| {
            let pos = program.funcs[self.caller].pos;
            program.locs.push(LocData { pos, func: self.caller, inlined_at: None })
        })
    }
}

/// The locations of one copy.
struct Locations {
    callee: FuncId,
    /// The call.
    site: LocId,
    /// By those of the original.
    known: FxHashMap<LocId, LocId>,
    /// For what has none and yet may be seen in a trace.
    nowhere: Option<LocId>,
}

impl Locations {
    fn of_inst(&mut self, program: &mut Program, data: &InstData) -> Loc {
        let is_visible = data.op.effects().intersects(Effects::CALL);
        self.of(program, data.loc, is_visible)
    }

    fn of(&mut self, program: &mut Program, loc: Loc, is_visible: bool) -> Loc {
        let Some(loc) = loc else { return if is_visible { Some(self.nowhere(program)) } else { None } };
        // Outwards to what is known, or to the end of the chain; then back.
        let mut chain: SmallVec<[LocId; 8]> = SmallVec::new();
        let mut at = Some(loc);
        let mut outer = loop {
            match at {
                None => break self.site,
                Some(loc) => {
                    if let Some(&known) = self.known.get(&loc) {
                        break known;
                    }
                    chain.push(loc);
                    at = program.locs[loc].inlined_at;
                }
            }
        };
        while let Some(loc) = chain.pop() {
            let data = LocData { inlined_at: Some(outer), ..program.locs[loc] };
            outer = program.locs.push(data);
            self.known.insert(loc, outer);
        }
        Some(outer)
    }

    fn nowhere(&mut self, program: &mut Program) -> LocId {
        let (func, site) = (self.callee, self.site);
        *self.nowhere.get_or_insert_with(|| {
            let pos = program.funcs[func].pos;
            program.locs.push(LocData { pos, func, inlined_at: Some(site) })
        })
    }
}
