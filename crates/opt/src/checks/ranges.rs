//! The range of what an instruction computes, by the ranges of its operands.

use crate::checks::facts::Range;
use base::SideTable;
use ir::{Function, Inst, Opcode, Order, Ty, Value};

/// What definitions alone say of all values, wherever they are used.
pub fn of(func: &Function, order: &Order) -> SideTable<Value, Range> {
    let mut ranges: SideTable<Value, Range> = SideTable::with_len(func.values.len());
    for (value, data) in func.values.iter() {
        ranges[value] = Range::of_type(data.ty);
    }
    // The union of what is passed to a parameter so far, and over how many of the jumps.
    let mut passed: SideTable<Value, (Option<Range>, u32)> = SideTable::with_len(func.values.len());
    let mut jumps: SideTable<ir::Block, u32> = SideTable::with_len(func.blocks.len());
    for &block in &order.blocks {
        func.blocks[block].term.targets().iter().for_each(|target| jumps[target.block] += 1);
    }
    for &block in &order.blocks {
        for &param in func.params(block) {
            // Not of loops, whose jumps back come later.
            if let (Some(range), count) = passed[param]
                && count == jumps[block]
            {
                ranges[param] = range;
            }
        }
        for &inst in &func.blocks[block].insts {
            if let &[value] = func.results(inst)
                && matches!(func.ty(value), Ty::I32 | Ty::I64)
            {
                ranges[value] = result(func, inst, |value| ranges[value]);
            }
        }
        for target in func.blocks[block].term.targets() {
            for (&param, &arg) in func.params(target.block).iter().zip(func.values_of(target.args)) {
                let (range, count) = &mut passed[param];
                *range = Some(range.map_or(ranges[arg], |range| range.union(ranges[arg])));
                *count += 1;
            }
        }
    }
    ranges
}

/// The range of an instruction's only result, an integer.
pub fn result(func: &Function, inst: Inst, range: impl Fn(Value) -> Range) -> Range {
    use Opcode::*;
    let data = &func.insts[inst];
    let ty = func.ty(func.results(inst)[0]);
    let all = Range::of_type(ty);
    let args = func.args(inst);
    let of = |index: usize| range(args[index]);
    let up_to = |high: i64| Range { low: 0, high };
    let within = |found: Option<Range>| found.filter(|found| found.is_within(all)).unwrap_or(all);
    match data.op {
        Const => Range::of(if ty == Ty::I32 { i64::from(data.imm as u32 as i32) } else { data.imm as i64 }),
        Eqz | Eq | Ne | LtS | LtU | LeS | LeU | FEq | FNe | FLt | FLe => up_to(1),
        Load8U => up_to(0xff),
        Load16U => up_to(0xffff),
        Load32U => up_to(0xffff_ffff),
        Load8S | Extend8 => Range { low: -0x80, high: 0x7f },
        Load16S | Extend16 => Range { low: -0x8000, high: 0x7fff },
        Load32S => Range::of_type(Ty::I32),
        Extend32 => Range::of_type(Ty::I32),
        Clz | Ctz | Popcnt => up_to(if ty == Ty::I32 { 32 } else { 64 }),
        ExtendS => of(0),
        ExtendU => {
            let inner = of(0);
            if inner.low >= 0 { inner } else { up_to(0xffff_ffff) }
        }
        Wrap => within(Some(of(0))),
        Add => within(of(0).plus(of(1))),
        Sub => within(of(0).minus(of(1))),
        Mul => {
            let (a, b) = (of(0), of(1));
            let products = [(a.low, b.low), (a.low, b.high), (a.high, b.low), (a.high, b.high)]
                .map(|(a, b)| i128::from(a) * i128::from(b));
            let low = products.iter().min().and_then(|&low| i64::try_from(low).ok());
            let high = products.iter().max().and_then(|&high| i64::try_from(high).ok());
            within(low.zip(high).map(|(low, high)| Range { low, high }))
        }
        And => match (of(0), of(1)) {
            (a, b) if a.low >= 0 && b.low >= 0 => up_to(a.high.min(b.high)),
            (a, _) if a.low >= 0 => up_to(a.high),
            (_, b) if b.low >= 0 => up_to(b.high),
            _ => all,
        },
        Or | Xor => match (of(0), of(1)) {
            (a, b) if a.low >= 0 && b.low >= 0 => up_to(ones_up_to(a.high | b.high)),
            _ => all,
        },
        ShrU | ShrS => {
            let bits = if ty == Ty::I32 { 32 } else { 64 };
            let (value, count) = (of(0), of(1));
            if count.low != count.high {
                return if value.low >= 0 { up_to(value.high) } else { all };
            }
            let count = count.low.rem_euclid(bits) as u32;
            match data.op {
                _ if value.low >= 0 => Range { low: value.low >> count, high: value.high >> count },
                ShrS => Range { low: value.low >> count, high: value.high >> count },
                _ if count == 0 => all,
                _ => up_to(if bits == 32 { i64::from(u32::MAX >> count) } else { (u64::MAX >> count) as i64 }),
            }
        }
        Shl => {
            let (value, count) = (of(0), of(1));
            let bits = if ty == Ty::I32 { 32 } else { 63 };
            if value.low < 0 || count.low != count.high || !(0..bits).contains(&count.low) {
                return all;
            }
            let shift = |number: i64| number.checked_mul(1 << count.low);
            within(shift(value.low).zip(shift(value.high)).map(|(low, high)| Range { low, high }))
        }
        RemU => match (of(0), of(1)) {
            (a, b) if a.low >= 0 && b.low > 0 => up_to(a.high.min(b.high - 1)),
            (_, b) if b.low > 0 => up_to(b.high - 1),
            _ => all,
        },
        RemS => {
            let (a, b) = (of(0), of(1));
            if b.low <= 0 {
                return all;
            }
            let most = b.high - 1;
            Range {
                low: if a.low >= 0 { 0 } else { a.low.max(-most) },
                high: if a.high <= 0 { 0 } else { a.high.min(most) },
            }
        }
        DivU | DivS => match (of(0), of(1)) {
            (a, b) if a.low >= 0 && b.low > 0 => Range { low: a.low / b.high, high: a.high / b.low },
            _ => all,
        },
        Select => of(1).union(of(2)),
        _ => all,
    }
}

/// The least number of the form 0..01..1 that is not less.
fn ones_up_to(number: i64) -> i64 {
    (u64::MAX.checked_shr((number as u64).leading_zeros()).unwrap_or(0)) as i64
}
