//! What is known at a place of the walk: ranges, differences, what is not zero. All of it can be taken back.

use base::SideTable;
use ir::{Ty, Value};
use smallvec::SmallVec;

/// The numbers from `low` to `high`, as signed integers of their type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub low: i64,
    pub high: i64,
}

impl Default for Range {
    fn default() -> Range {
        Range::ALL
    }
}

impl Range {
    pub const ALL: Range = Range { low: i64::MIN, high: i64::MAX };

    pub fn of(number: i64) -> Range {
        Range { low: number, high: number }
    }

    /// All numbers of an integer type.
    pub fn of_type(ty: Ty) -> Range {
        match ty {
            Ty::I32 => Range { low: i32::MIN.into(), high: i32::MAX.into() },
            _ => Range::ALL,
        }
    }

    pub fn is_within(self, other: Range) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    pub fn union(self, other: Range) -> Range {
        Range { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Of a sum; none if it may not be an i64.
    pub fn plus(self, other: Range) -> Option<Range> {
        Some(Range { low: self.low.checked_add(other.low)?, high: self.high.checked_add(other.high)? })
    }

    pub fn minus(self, other: Range) -> Option<Range> {
        Some(Range { low: self.low.checked_sub(other.high)?, high: self.high.checked_sub(other.low)? })
    }
}

/// `x <= value + distance`, seen from x; or `x >= value - distance`.
type Bound = (Value, i64);

enum Undo {
    Range(Value, Range),
    /// The last bound above the first and below the second.
    Bound(Value, Value),
    NotZero(Value),
}

pub struct Facts {
    ranges: SideTable<Value, Range>,
    /// `x <= value + distance`
    above: SideTable<Value, SmallVec<[Bound; 2]>>,
    /// `x >= value - distance`
    below: SideTable<Value, SmallVec<[Bound; 2]>>,
    /// Numbers that are not zero, pointers that are not nil.
    not_zero: SideTable<Value, bool>,
    log: Vec<Undo>,
}

/// How many values a question may lead through.
const MAX_STEPS: usize = 24;

impl Facts {
    pub fn new(ranges: SideTable<Value, Range>) -> Facts {
        Facts { ranges, above: SideTable::new(), below: SideTable::new(), not_zero: SideTable::new(), log: Vec::new() }
    }

    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Forgets what was learned since.
    pub fn undo(&mut self, mark: usize) {
        while self.log.len() > mark {
            match self.log.pop() {
                Some(Undo::Range(value, range)) => self.ranges[value] = range,
                Some(Undo::Bound(above, below)) => {
                    self.above[above].pop();
                    self.below[below].pop();
                }
                Some(Undo::NotZero(value)) => self.not_zero[value] = false,
                None => {}
            }
        }
    }

    /// Without looking at other values.
    pub fn range(&self, value: Value) -> Range {
        self.ranges[value]
    }

    /// The value is in the range. What contradicts what is known is in code that is never reached.
    pub fn refine(&mut self, value: Value, range: Range) {
        let old = self.ranges[value];
        let new = Range { low: old.low.max(range.low), high: old.high.min(range.high) };
        if new != old && new.low <= new.high {
            self.log.push(Undo::Range(value, old));
            self.ranges[value] = new;
        }
    }

    /// The value is not that number.
    pub fn exclude(&mut self, value: Value, number: i64) {
        let range = self.ranges[value];
        if number == 0 {
            self.set_not_zero(value);
        }
        if range.low == number && number < range.high {
            self.refine(value, Range { low: number + 1, high: range.high });
        } else if range.high == number && range.low < number {
            self.refine(value, Range { low: range.low, high: number - 1 });
        }
    }

    /// `a <= b + distance`
    pub fn add(&mut self, a: Value, b: Value, distance: i64) {
        if a == b {
            return;
        }
        let (low, high) = (self.ranges[a].low, self.ranges[b].high);
        self.refine(a, Range { low: i64::MIN, high: high.saturating_add(distance) });
        self.refine(b, Range { low: low.saturating_sub(distance), high: i64::MAX });
        self.above[a].push((b, distance));
        self.below[b].push((a, distance));
        self.log.push(Undo::Bound(a, b));
    }

    pub fn set_not_zero(&mut self, value: Value) {
        if !self.not_zero[value] {
            self.not_zero[value] = true;
            self.log.push(Undo::NotZero(value));
            self.exclude(value, 0);
        }
    }

    pub fn is_not_zero(&self, value: Value) -> bool {
        let range = self.ranges[value];
        self.not_zero[value] || range.low > 0 || range.high < 0
    }

    pub fn set_not_nil(&mut self, value: Value) {
        if !self.not_zero[value] {
            self.not_zero[value] = true;
            self.log.push(Undo::NotZero(value));
        }
    }

    pub fn is_not_nil(&self, value: Value) -> bool {
        self.not_zero[value]
    }

    /// Whether `value >= number` is known.
    pub fn is_at_least(&self, value: Value, number: i64) -> bool {
        self.search(
            value,
            |at, distance| {
                // value >= at - distance
                self.ranges[at].low.checked_sub(distance).is_some_and(|low| low >= number)
            },
            &self.below,
        )
    }

    /// Whether `a <= b + distance` is known.
    pub fn is_at_most(&self, a: Value, b: Value, distance: i64) -> bool {
        let Some(limit) = self.ranges[b].low.checked_add(distance).or((self.ranges[b].low > 0).then_some(i64::MAX))
        else {
            return self.search(a, |at, so_far| at == b && so_far <= distance, &self.above);
        };
        self.search(
            a,
            |at, so_far| {
                // a <= at + so_far
                let is_below = self.ranges[at].high.checked_add(so_far).is_some_and(|high| high <= limit);
                is_below || at == b && so_far <= distance
            },
            &self.above,
        )
    }

    /// Follows bounds from a value until one is found that will do, with the sum of distances on the way.
    fn search(
        &self,
        from: Value,
        is_found: impl Fn(Value, i64) -> bool,
        bounds: &SideTable<Value, SmallVec<[Bound; 2]>>,
    ) -> bool {
        let mut seen: SmallVec<[Bound; MAX_STEPS]> = SmallVec::from_slice(&[(from, 0)]);
        let mut next = 0;
        while let Some(&(at, distance)) = seen.get(next) {
            next += 1;
            if is_found(at, distance) {
                return true;
            }
            // The newest are the most telling.
            for &(other, more) in bounds[at].iter().rev() {
                let Some(sum) = distance.checked_add(more) else { continue };
                if seen.len() < MAX_STEPS && !seen.iter().any(|&(value, known)| value == other && known <= sum) {
                    seen.push((other, sum));
                }
            }
        }
        false
    }
}
