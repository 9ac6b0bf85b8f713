//! Which wasm local holds a value.
//!
//! First, what a jump passes is put into one *group* with the parameter that it is passed to, if their ranges do not
//! overlap: then that move is none. Deeper loops choose first. A parameter and its arguments, most of all a loop's
//! variable and its next value, mostly end up together.
//!
//! Then groups of one wasm type share locals as long as they do not overlap, from the first place of each to its last
//! (linear scan: Poletto and Sarkar, TOPLAS 1999). A function's parameters are in the locals that wasm says; when they
//! are dead, others may use these. The local of the stack pointer is never shared.

use crate::prepare::Body;
use crate::ranges::{Ranges, Span};
use crate::types::val_type;
use crate::unit::Unit;
use base::SideTable;
use ir::{FuncId, Loops, Value};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use wasm_encoder::ValType;

pub struct Locals {
    indices: SideTable<Value, Option<u32>>,
    /// Those that are no parameters.
    pub declared: Vec<(u32, ValType)>,
    pub params: u32,
    /// Holds the shadow stack pointer.
    pub stack: Option<u32>,
    /// Holds a caught exception.
    pub exception: Option<u32>,
}

impl Locals {
    /// How many there are.
    pub fn count(&self) -> u32 {
        self.params + self.declared.iter().map(|&(count, _)| count).sum::<u32>()
    }

    pub fn of(&self, value: Value) -> u32 {
        self.indices[value].unwrap_or_else(|| panic!("codegen: locals gave none to {value}"))
    }
}

pub fn assign(unit: &Unit, id: FuncId, body: &Body, loops: &Loops, ranges: Ranges) -> Locals {
    let groups = Groups::of(body, loops, ranges);
    let takes_stack = body.is_resume || unit.callee(id).takes_stack;
    let mut scan = Scan {
        classes: [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128].map(Class::new),
        types: Vec::new(),
        assigned: SideTable::with_len(body.func.values.len()),
    };
    if takes_stack {
        scan.types.push(ValType::I32);
    }
    for &param in body.func.params(body.func.entry()) {
        let ty = val_type(body.func.ty(param));
        let local = scan.types.len() as u32;
        scan.types.push(ty);
        let group = groups.leader(param);
        scan.assigned[group] = Some(local);
        let end = groups.spans[group].last().map_or(0, |span| span.1);
        scan.class(ty).active.push(Reverse((end, local)));
    }
    let params = scan.types.len();
    let mut order: Vec<(Span, Value)> = Vec::new();
    for group in body.func.values.ids().filter(|&value| groups.leader(value) == value) {
        if let (Some(first), Some(last)) = (groups.spans[group].first(), groups.spans[group].last())
            && scan.assigned[group].is_none()
        {
            order.push(((first.0, last.1), group));
        }
    }
    order.sort_unstable_by_key(|&((start, _), group)| (start, group));
    for ((start, end), group) in order {
        scan.assigned[group] = Some(scan.take(val_type(body.func.ty(group)), start, end));
    }
    for value in body.func.values.ids() {
        scan.assigned[value] = scan.assigned[groups.leader(value)];
    }
    finish(scan, params, takes_stack, body)
}

/// Values that share a local because one becomes the other.
struct Groups {
    /// A value of the group, in the end the leader, which is its own.
    parents: SideTable<Value, Option<Value>>,
    /// Of each leader's group.
    spans: SideTable<Value, Vec<Span>>,
}

/// Groups of more spans do not grow.
const MAX_SPANS: usize = 2000;

impl Groups {
    fn of(body: &Body, loops: &Loops, ranges: Ranges) -> Groups {
        let Ranges { spans, mut passed } = ranges;
        let mut groups = Groups { parents: SideTable::with_len(body.func.values.len()), spans };
        passed.sort_by_key(|passed| Reverse(loops.depth(passed.block))); // stable
        // Two arguments have two locals.
        let mut has_argument: SideTable<Value, bool> = SideTable::with_len(body.func.values.len());
        body.func.params(body.func.entry()).iter().for_each(|&argument| has_argument[argument] = true);
        for pair in passed {
            let (a, b) = (groups.find(pair.receiver), groups.find(pair.value));
            let is_fixed = has_argument[a] && has_argument[b];
            if a == b || is_fixed || val_type(body.func.ty(a)) != val_type(body.func.ty(b)) {
                continue;
            }
            if let Some(merged) = merge(&groups.spans[a], &groups.spans[b]) {
                has_argument[a] |= has_argument[b];
                groups.parents[b] = Some(a);
                groups.spans[a] = merged;
                groups.spans[b] = Vec::new();
            }
        }
        for value in body.func.values.ids() {
            let leader = groups.find(value);
            groups.parents[value] = (leader != value).then_some(leader);
        }
        groups
    }

    /// The leader, with a shorter way to it next time.
    fn find(&mut self, value: Value) -> Value {
        let mut value = value;
        while let Some(parent) = self.parents[value] {
            if let Some(above) = self.parents[parent] {
                self.parents[value] = Some(above);
            }
            value = parent;
        }
        value
    }

    /// The leader, when all are found.
    fn leader(&self, value: Value) -> Value {
        self.parents[value].unwrap_or(value)
    }
}

/// The spans of both; none if they overlap.
fn merge(a: &[Span], b: &[Span]) -> Option<Vec<Span>> {
    if a.len() + b.len() > MAX_SPANS {
        return None;
    }
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x.1 < y.0 => a.next(),
            (Some(x), Some(y)) if y.1 < x.0 => b.next(),
            (Some(_), Some(_)) => return None,
            (Some(_), None) => a.next(),
            (None, _) => b.next(),
        };
        match next {
            Some(&span) => merged.push(span),
            None => return Some(merged),
        }
    }
}

/// Numbers the locals anew so that those of a type are together.
fn finish(scan: Scan, params: usize, takes_stack: bool, body: &Body) -> Locals {
    let mut numbers: Vec<u32> = (0..scan.types.len() as u32).collect();
    let mut next = params as u32;
    let mut declared = Vec::new();
    for ty in [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128] {
        let of_type = (params..scan.types.len()).filter(|&local| scan.types[local] == ty);
        let before = next;
        for local in of_type {
            numbers[local] = next;
            next += 1;
        }
        if next > before {
            declared.push((next - before, ty));
        }
    }
    let exception = body.landing.map(|_| {
        declared.push((1, ValType::EXNREF));
        next
    });
    let mut indices = SideTable::with_len(body.func.values.len());
    for value in body.func.values.ids() {
        indices[value] = scan.assigned[value].map(|local| numbers[local as usize]);
    }
    Locals { indices, declared, params: params as u32, stack: takes_stack.then_some(0), exception }
}

/// Locals of one type.
struct Class {
    ty: ValType,
    /// Ends of intervals, with their locals.
    active: BinaryHeap<Reverse<(u32, u32)>>,
    free: BTreeSet<u32>,
}

impl Class {
    fn new(ty: ValType) -> Class {
        Class { ty, active: BinaryHeap::new(), free: BTreeSet::new() }
    }
}

struct Scan {
    classes: [Class; 5],
    /// Of each local, in the order of their making.
    types: Vec<ValType>,
    assigned: SideTable<Value, Option<u32>>,
}

impl Scan {
    fn class(&mut self, ty: ValType) -> &mut Class {
        let class = self.classes.iter_mut().find(|class| class.ty == ty);
        class.expect("codegen: locals have classes for all types")
    }

    /// A local that is free from `start` on.
    fn take(&mut self, ty: ValType, start: u32, end: u32) -> u32 {
        let fresh = self.types.len() as u32;
        let class = self.class(ty);
        while let Some(&Reverse((end, local))) = class.active.peek()
            && end < start
        {
            class.active.pop();
            class.free.insert(local);
        }
        let local = class.free.pop_first().unwrap_or(fresh);
        class.active.push(Reverse((end, local)));
        if local == fresh {
            self.types.push(ty);
        }
        local
    }
}
