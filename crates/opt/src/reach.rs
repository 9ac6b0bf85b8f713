//! What the roots reach: functions by calls and code words, data by addresses.
//!
//! The same walk as code generation's, and as narrow; a body that nothing reaches is dropped, so that nobody works on it
//! and no store in it counts.

use crate::facts::Facts;
use crate::pipeline::Options;
use base::SideTable;
use ir::{DataId, FuncId, Function, Opcode, Program, Reloc, Terminator};

/// What is reached. Without roots: everything.
pub struct Reach {
    pub funcs: SideTable<FuncId, bool>,
    pub data: SideTable<DataId, bool>,
    /// Functions that are called by others than direct calls: roots, and those whose code word is somewhere.
    pub taken: SideTable<FuncId, bool>,
}

pub fn run(program: &mut Program, _: &Facts, options: &Options) {
    let reach = Reach::of(program, options);
    let dead: Vec<FuncId> = program.funcs.ids().filter(|&func| !reach.funcs[func]).collect();
    for func in dead {
        program.funcs[func].body = None;
    }
}

impl Reach {
    pub fn of(program: &Program, options: &Options) -> Reach {
        let mut walk = Walk {
            program,
            reach: Reach {
                funcs: SideTable::with_len(program.funcs.len()),
                data: SideTable::with_len(program.data.len()),
                taken: SideTable::with_len(program.funcs.len()),
            },
            funcs: Vec::new(),
            data: Vec::new(),
        };
        let all_funcs = program.funcs.ids().filter(|_| options.roots.is_empty());
        for func in options.roots.iter().copied().chain(all_funcs) {
            walk.take(func);
        }
        let all_data = program.data.ids().filter(|_| options.roots.is_empty());
        for data in all_data {
            walk.data(data);
        }
        loop {
            if let Some(data) = walk.data.pop() {
                walk.follow_data(data);
            } else if let Some(func) = walk.funcs.pop() {
                if let Some(body) = &program.funcs[func].body {
                    walk.follow_body(body);
                }
            } else {
                return walk.reach;
            }
        }
    }
}

struct Walk<'a> {
    program: &'a Program,
    reach: Reach,
    funcs: Vec<FuncId>,
    data: Vec<DataId>,
}

impl Walk<'_> {
    fn func(&mut self, func: FuncId) {
        if !std::mem::replace(&mut self.reach.funcs[func], true) {
            self.funcs.push(func);
        }
    }

    fn take(&mut self, func: FuncId) {
        self.reach.taken[func] = true;
        self.func(func);
    }

    fn data(&mut self, data: DataId) {
        if !std::mem::replace(&mut self.reach.data[data], true) {
            self.data.push(data);
        }
    }

    fn follow_data(&mut self, data: DataId) {
        let program = self.program;
        for reloc in &program.data[data].relocs {
            match *reloc {
                Reloc::Data { target, .. } | Reloc::Data32 { target, .. } => self.data(target),
                Reloc::Func { target, .. } | Reloc::Func32 { target, .. } => self.take(target),
            }
        }
    }

    fn follow_body(&mut self, body: &Function) {
        for block in body.blocks.values() {
            for &inst in &block.insts {
                let data = &body.insts[inst];
                match data.op {
                    Opcode::Call | Opcode::CallHost => self.func(data.func()),
                    Opcode::FuncAddr => self.take(data.func()),
                    Opcode::DataAddr => self.data(data.data().0),
                    Opcode::New | Opcode::NewArray => {
                        if let Some(descriptor) = self.program.layouts[data.layout()].descriptor {
                            self.data(descriptor);
                        }
                    }
                    _ => {}
                }
            }
            if let Terminator::TailCall { func, .. } = block.term {
                self.func(func);
            }
        }
    }
}
