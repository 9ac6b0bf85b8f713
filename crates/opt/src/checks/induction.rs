//! Parameters of loops that go one way.
//!
//! ```text
//! block1(i):                    from outside: start; from inside: i + 1, at places where i < n is known
//! ```
//!
//! So i >= start in the whole loop, and i <= n in front of its test if start <= n; likewise downwards. The sums must
//! not wrap around: a comparison on the way to the sum says that i is not the largest number yet. This is found by
//! looking upwards from the sum, since the walk has not been there.

use crate::checks::Checker;
use crate::checks::facts::Range;
use crate::escape::{constant, definition};
use ir::{Block, Opcode, Target, Ty, Value, ValueDef};
use smallvec::SmallVec;

/// How far up a comparison is looked for.
const MAX_BLOCKS: usize = 24;
/// How many joins inside the loop are looked through.
const MAX_JOINS: u32 = 3;

/// What a jump back adds to the parameter: all steps are of one sign.
#[derive(Clone, Default)]
struct Steps {
    up: bool,
    down: bool,
    /// What the parameter is below, or above, before each step of one.
    limit: Option<Value>,
    /// There is no one such limit.
    is_unlimited: bool,
}

impl Checker<'_> {
    pub(super) fn induction(&mut self, header: Block) {
        let params: SmallVec<[Value; 8]> = SmallVec::from_slice(self.func.params(header));
        self.tested_below(header, &params);
        for (index, param) in params.into_iter().enumerate() {
            match self.func.ty(param) {
                Ty::I32 | Ty::I64 => self.induction_number(header, index, param),
                Ty::Ptr => self.induction_pointer(header, index, param),
                _ => {}
            }
        }
    }

    /// Loops that are tested at their end: what the test says of the values that are passed on, and what is known of the
    /// first ones, holds of the parameters.
    ///
    /// ```text
    /// block1(i, j):  ...  c = lt_s i2, j2; branch c, block1(i2, j2), block2
    /// ```
    fn tested_below(&mut self, header: Block, params: &[Value]) {
        let (mut outside, mut inside): (SmallVec<[Target; 2]>, SmallVec<[Target; 2]>) = Default::default();
        let mut known: Option<(Value, Value, i64)> = None;
        let mut froms: SmallVec<[Block; 4]> = SmallVec::from_slice(self.predecessors.get(header));
        froms.dedup();
        for from in froms {
            let is_inside = self.dominators.dominates(header, from);
            if is_inside {
                let Some((cond, holds)) = self.branch(from, header) else { return };
                // There is one test, or none that all jumps back have passed.
                let Some(less) = self.less(cond, holds).filter(|_| known.is_none()) else { return };
                known = Some(less);
            }
            let targets = self.func.blocks[from].term.targets().into_iter().filter(|target| target.block == header);
            if is_inside { inside.extend(targets) } else { outside.extend(targets) }
        }
        let (Some((low, high, distance)), [jump]) = (known, &inside[..]) else { return };
        let args = self.func.values_of(jump.args);
        // The values in the test as they are at the header: parameters, or what the loop does not change.
        let at_header = |value: Value| -> SmallVec<[(Value, Option<usize>); 2]> {
            let passed =
                (0..params.len()).filter(|&index| args[index] == value).map(|index| (params[index], Some(index)));
            let outer = self.is_defined_outside(header, value).then_some((value, None));
            passed.chain(outer).collect()
        };
        let (lows, highs) = (at_header(low), at_header(high));
        for (low, low_index) in lows {
            for &(high, high_index) in &highs {
                let holds_first = outside.iter().all(|target| {
                    let first = |value: Value, index: Option<usize>| {
                        index.map_or(value, |index| self.func.values_of(target.args)[index])
                    };
                    self.facts.is_at_most(first(low, low_index), first(high, high_index), distance)
                });
                if holds_first && (low_index.is_some() || high_index.is_some()) {
                    self.facts.add(low, high, distance);
                }
            }
        }
    }

    /// What is passed to a parameter from outside of the loop, and from inside.
    fn passed(&self, header: Block, index: usize) -> (SmallVec<[Value; 2]>, SmallVec<[Value; 2]>) {
        let (mut outside, mut inside) = (SmallVec::new(), SmallVec::new());
        let mut froms: SmallVec<[Block; 4]> = SmallVec::from_slice(self.predecessors.get(header));
        froms.dedup();
        for from in froms {
            let is_inside = self.dominators.dominates(header, from);
            for target in self.func.blocks[from].term.targets().iter().filter(|target| target.block == header) {
                let arg = self.func.values_of(target.args)[index];
                if is_inside { inside.push(arg) } else { outside.push(arg) }
            }
        }
        (outside, inside)
    }

    /// A pointer that is not nil at first and is not changed, or becomes one that cannot be.
    fn induction_pointer(&mut self, header: Block, index: usize, param: Value) {
        let (outside, inside) = self.passed(header, index);
        let is_kept = |&arg: &Value| arg == param || self.is_not_nil(arg) || self.is_element_of(arg, param);
        if !outside.is_empty() && outside.iter().all(|&arg| self.is_not_nil(arg)) && inside.iter().all(is_kept) {
            self.facts.set_not_nil(param);
        }
    }

    fn is_element_of(&self, value: Value, param: Value) -> bool {
        definition(self.func, value, Opcode::PtrAdd).is_some_and(|inst| self.func.args(inst)[0] == param)
    }

    fn induction_number(&mut self, header: Block, index: usize, param: Value) {
        let (outside, inside) = self.passed(header, index);
        let mut steps = Steps::default();
        let goes = inside.iter().all(|&arg| self.steps(header, param, arg, &mut steps, 0));
        if !goes || outside.is_empty() || steps.up && steps.down {
            return;
        }
        let ranges = outside.iter().map(|&arg| self.facts.range(arg));
        let Some(start) = ranges.reduce(Range::union) else { return };
        let all = Range::of_type(self.func.ty(param));
        if !steps.down {
            let low =
                if outside.iter().all(|&arg| self.facts.is_at_least(arg, 0)) { start.low.max(0) } else { start.low };
            self.facts.refine(param, Range { low, high: all.high });
        }
        if !steps.up {
            self.facts.refine(param, Range { low: all.low, high: start.high });
        }
        if let [start] = outside[..] {
            if !steps.down {
                self.facts.add(start, param, 0);
            }
            if !steps.up {
                self.facts.add(param, start, 0);
            }
        }
        let Some(limit) = steps.limit.filter(|_| !steps.is_unlimited) else { return };
        if steps.up && outside.iter().all(|&arg| self.facts.is_at_most(arg, limit, 0)) {
            self.facts.add(param, limit, 0);
        }
        if steps.down && outside.iter().all(|&arg| self.facts.is_at_most(limit, arg, 0)) {
            self.facts.add(limit, param, 0);
        }
    }

    /// Whether the value is the parameter, or that and some steps that do not wrap around.
    fn steps(&self, header: Block, param: Value, value: Value, steps: &mut Steps, depth: u32) -> bool {
        if value == param {
            return true;
        }
        match self.func.values[value].def {
            ValueDef::Result(inst, _) => {
                let data = &self.func.insts[inst];
                let args = self.func.args(inst);
                let (term, number) = match data.op {
                    Opcode::Add => match (constant(self.func, args[0]), constant(self.func, args[1])) {
                        (_, Some(number)) => (args[0], self.signed(args[1], number)),
                        (Some(number), _) => (args[1], self.signed(args[0], number)),
                        _ => return false,
                    },
                    Opcode::Sub => match constant(self.func, args[1]) {
                        Some(number) => (args[0], self.signed(args[1], number).wrapping_neg()),
                        None => return false,
                    },
                    _ => return false,
                };
                let Some(home) = self.home(header, inst) else { return false };
                if !self.is_guarded(header, home, term, number, steps, term == param) {
                    return false;
                }
                steps.up |= number > 0;
                steps.down |= number < 0;
                self.steps(header, param, term, steps, depth)
            }
            ValueDef::Param(block, index) if depth < MAX_JOINS && block != header => {
                // A join in the loop, not another loop.
                if self.loops.is_header(block) || !self.dominators.dominates(header, block) {
                    return false;
                }
                self.edges_to(block).into_iter().all(|target| {
                    let arg = self.func.values_of(target.args)[index as usize];
                    self.steps(header, param, arg, steps, depth + 1)
                })
            }
            _ => false,
        }
    }

    fn signed(&self, value: Value, number: u64) -> i64 {
        if self.func.ty(value) == Ty::I32 { i64::from(number as u32 as i32) } else { number as i64 }
    }

    /// The block of an instruction in the loop.
    fn home(&self, header: Block, inst: ir::Inst) -> Option<Block> {
        self.homes[inst].filter(|&home| self.dominators.dominates(header, home))
    }

    /// Whether the term is known not to be at the end of its type where the number is added.
    fn is_guarded(
        &self,
        header: Block,
        home: Block,
        term: Value,
        number: i64,
        steps: &mut Steps,
        is_param: bool,
    ) -> bool {
        if number == 0 {
            return true;
        }
        let all = Range::of_type(self.func.ty(term));
        let base = self.facts.range(term);
        let has_room = |high: i64| high.checked_add(number).is_some_and(|sum| sum <= all.high);
        let has_room_below = |low: i64| low.checked_add(number).is_some_and(|sum| sum >= all.low);
        let mut is_safe = if number > 0 { has_room(base.high) } else { has_room_below(base.low) };
        let mut limit = None;
        let mut at = home;
        for _ in 0..MAX_BLOCKS {
            if let Some(from) = self.way_in(at)
                && let Some((cond, holds)) = self.branch(from, at)
                && let Some((low, high, distance)) = self.less(cond, holds)
            {
                // low <= high + distance
                if number > 0 && low == term {
                    is_safe |= has_room(self.facts.range(high).high.saturating_add(distance));
                    if distance == -1 && number == 1 {
                        limit = Some(high);
                    }
                }
                if number < 0 && high == term {
                    is_safe |= has_room_below(self.facts.range(low).low.saturating_sub(distance));
                    if distance == -1 && number == -1 {
                        limit = Some(low);
                    }
                }
            }
            if at == header || is_safe && limit.is_some() {
                break;
            }
            let Some(above) = self.dominators.immediate(at) else { break };
            at = above;
        }
        let limit = limit.filter(|&limit| is_param && self.is_defined_outside(header, limit));
        match (limit, steps.limit) {
            (Some(limit), None) => steps.limit = Some(limit),
            (Some(limit), Some(other)) if limit == other => {}
            _ => steps.is_unlimited = true,
        }
        is_safe
    }

    /// What a condition says as `a <= b + distance`.
    fn less(&self, cond: Value, holds: bool) -> Option<(Value, Value, i64)> {
        let ValueDef::Result(inst, _) = self.func.values[cond].def else { return None };
        let args = self.func.args(inst);
        match (self.func.insts[inst].op, holds) {
            (Opcode::LtS, true) => Some((args[0], args[1], -1)),
            (Opcode::LtS, false) => Some((args[1], args[0], 0)),
            (Opcode::LeS, true) => Some((args[0], args[1], 0)),
            (Opcode::LeS, false) => Some((args[1], args[0], -1)),
            (Opcode::Eqz, _) => self.less(args[0], !holds),
            _ => None,
        }
    }

    fn is_defined_outside(&self, header: Block, value: Value) -> bool {
        match self.func.values[value].def {
            ValueDef::Param(block, _) => block != header && self.dominators.dominates(block, header),
            ValueDef::Result(inst, _) => {
                self.homes[inst].is_some_and(|home| self.dominators.results_reach(home, header))
            }
            ValueDef::Alias(_) => false,
        }
    }
}
