//! How values are compared and hashed: a plan of memory runs and special parts, shared by all types that have it.
//!
//! ```text
//! struct { a, b int32; s string; _ int; f float64 }        M8 S K8 D
//! [4]string                                                [4S]
//! ```
//!
//! Runs of plain memory are merged over field boundaries, blank fields and padding are skipped, parts stay in source
//! order (the first difference ends a comparison, and comparing interfaces may panic). Equality and hash functions are
//! made per plan, not per type.

use crate::canon::{CanonId, CanonType, InterfaceMethods, Types};
use crate::sizes::Comparison;
use base::{SideTable, Table, entity_id};
use rustc_hash::FxHashMap;
use std::fmt::Write;
use types::{BasicKind, Checker};

entity_id!(
    /// A plan; equal ones have equal ids.
    pub struct EqualId, "equal"
);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Equality {
    /// So many bytes, all of which count; may be none.
    Memory(u64),
    String,
    /// Of an interface type with methods.
    Interface,
    EmptyInterface,
    Float32,
    Float64,
    /// Parts at ascending offsets.
    Parts(Box<[(u64, EqualId)]>),
    /// At least two elements, `stride` bytes apart.
    Array {
        elem: EqualId,
        stride: u64,
        count: u64,
    },
}

#[derive(Default)]
pub(crate) struct EqualityTables {
    plans: Table<EqualId, Equality>,
    ids: FxHashMap<Equality, EqualId>,
    of_type: SideTable<CanonId, Option<EqualId>>,
}

/// Parts of a component are taken into the plan of what contains it as long as they are no more than this.
const MAX_INLINE: usize = 16;

impl Types {
    pub fn equality(&self, id: EqualId) -> &Equality {
        &self.equality.plans[id]
    }

    /// How values of the type are compared; `None` if they are not comparable.
    pub fn equal(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> Option<EqualId> {
        if !self.layout(checker, ty).is_comparable() {
            return None;
        }
        Some(self.comparable_equal(checker, ty))
    }

    fn comparable_equal(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> EqualId {
        if let Some(known) = self.equality.of_type[ty] {
            return known;
        }
        let layout = self.layout(checker, ty);
        let plan = if layout.comparison == Comparison::Memory {
            self.intern_plan(Equality::Memory(layout.size))
        } else {
            self.special_equal(checker, ty)
        };
        self.equality.of_type[ty] = Some(plan);
        plan
    }

    fn special_equal(&mut self, checker: &mut Checker<'_>, ty: CanonId) -> EqualId {
        let underlying = self.underlying(checker, ty);
        match self[underlying] {
            CanonType::Basic(kind) => match kind {
                BasicKind::Float32 => self.intern_plan(Equality::Float32),
                BasicKind::Float64 | BasicKind::UntypedFloat => self.intern_plan(Equality::Float64),
                BasicKind::Complex64 => self.pair(Equality::Float32, 4),
                BasicKind::Complex128 | BasicKind::UntypedComplex => self.pair(Equality::Float64, 8),
                BasicKind::String | BasicKind::UntypedString => self.intern_plan(Equality::String),
                _ => unreachable!("abi: equality: other basic types are memory"),
            },
            CanonType::Interface(InterfaceMethods::EMPTY) => self.intern_plan(Equality::EmptyInterface),
            CanonType::Interface(_) => self.intern_plan(Equality::Interface),
            CanonType::Array { len, elem } => {
                let plan = self.comparable_equal(checker, elem);
                let stride = self.layout(checker, elem).size;
                match (len, self.equality(plan)) {
                    (1, _) => plan,
                    (0, _) | (_, Equality::Memory(0)) => self.intern_plan(Equality::Memory(0)),
                    _ => self.intern_plan(Equality::Array { elem: plan, stride, count: len }),
                }
            }
            CanonType::Struct(fields) => {
                let mut parts = PlanParts::default();
                for index in 0..self.fields(fields).len() {
                    let field = self.fields(fields)[index];
                    if field.name.is_blank() {
                        continue;
                    }
                    let plan = self.comparable_equal(checker, field.ty);
                    let offset = self.field_offsets(checker, underlying)[index];
                    parts.add(self, offset, plan);
                }
                parts.finish(self)
            }
            other => unreachable!("abi: equality: {other:?} is not comparable or memory"),
        }
    }

    fn pair(&mut self, part: Equality, size: u64) -> EqualId {
        let part = self.intern_plan(part);
        self.intern_plan(Equality::Parts([(0, part), (size, part)].into()))
    }

    fn intern_plan(&mut self, plan: Equality) -> EqualId {
        if let Some(&known) = self.equality.ids.get(&plan) {
            return known;
        }
        let id = self.equality.plans.push(plan.clone());
        self.equality.ids.insert(plan, id);
        id
    }

    /// A text that tells plans apart, for the names of functions.
    pub fn equality_text(&self, id: EqualId) -> String {
        let mut text = String::new();
        self.write_equality(id, &mut text);
        text
    }

    fn write_equality(&self, id: EqualId, out: &mut String) {
        let written = match self.equality(id) {
            Equality::Memory(size) => write!(out, "M{size}"),
            Equality::String => out.write_char('S'),
            Equality::Interface => out.write_char('I'),
            Equality::EmptyInterface => out.write_char('E'),
            Equality::Float32 => out.write_char('F'),
            Equality::Float64 => out.write_char('D'),
            Equality::Parts(parts) => {
                let mut end = 0;
                for &(offset, part) in parts {
                    if offset > end {
                        out.push_str(&format!("K{}", offset - end));
                    }
                    let is_nested = matches!(self.equality(part), Equality::Parts(_));
                    out.push_str(if is_nested { "(" } else { "" });
                    self.write_equality(part, out);
                    out.push_str(if is_nested { ")" } else { "" });
                    end = offset + self.plan_end(part);
                }
                Ok(())
            }
            Equality::Array { elem, stride, count } => {
                out.push_str(&format!("[{count}"));
                self.write_equality(*elem, out);
                let rest = stride - self.plan_end(*elem);
                if rest > 0 { write!(out, "K{rest}]") } else { out.write_char(']') }
            }
        };
        written.expect("a String takes all");
    }

    /// Where the last part of a plan ends.
    fn plan_end(&self, id: EqualId) -> u64 {
        match self.equality(id) {
            Equality::Memory(size) => *size,
            Equality::String | Equality::Interface | Equality::EmptyInterface => 16,
            Equality::Float32 => 4,
            Equality::Float64 => 8,
            Equality::Parts(parts) => parts.last().map_or(0, |&(offset, part)| offset + self.plan_end(part)),
            Equality::Array { elem, stride, count } => stride * (count - 1) + self.plan_end(*elem),
        }
    }
}

/// The parts of a struct being put together.
#[derive(Default)]
struct PlanParts {
    parts: Vec<(u64, EqualId)>,
    /// Start and end of memory that may go on.
    run: Option<(u64, u64)>,
}

impl PlanParts {
    fn add(&mut self, types: &mut Types, offset: u64, plan: EqualId) {
        match types.equality(plan) {
            Equality::Memory(0) => {}
            &Equality::Memory(size) => {
                match &mut self.run {
                    Some((_, end)) if *end == offset => *end += size,
                    _ => {
                        self.flush(types);
                        self.run = Some((offset, offset + size));
                    }
                };
            }
            Equality::Parts(parts) if parts.len() <= MAX_INLINE => {
                for (inner, part) in parts.clone() {
                    self.add(types, offset + inner, part);
                }
            }
            _ => {
                self.flush(types);
                self.parts.push((offset, plan));
            }
        }
    }

    fn flush(&mut self, types: &mut Types) {
        if let Some((start, end)) = self.run.take() {
            let plan = types.intern_plan(Equality::Memory(end - start));
            self.parts.push((start, plan));
        }
    }

    fn finish(mut self, types: &mut Types) -> EqualId {
        self.flush(types);
        match self.parts[..] {
            [] => types.intern_plan(Equality::Memory(0)),
            [(0, only)] => only,
            _ => types.intern_plan(Equality::Parts(self.parts.into())),
        }
    }
}
