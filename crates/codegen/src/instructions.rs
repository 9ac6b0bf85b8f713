//! What opcodes become in wasm: facts about them that several passes ask for, and the plain ones' instructions.

use crate::prepare::Body;
use crate::runtime::Intrinsic;
use crate::unit::Unit;
use ir::{Inst, Opcode, Ty, Value};
use smallvec::SmallVec;
use wasm_encoder::Instruction;

/// `move` and `zero` of this many bytes at most become loads and stores.
pub const INLINE_MOVE: u32 = 32;
pub const INLINE_ZERO: u32 = 32;

/// Opcodes whose value costs no more to make again than to keep.
pub fn is_rematerialized(op: Opcode) -> bool {
    matches!(op, Opcode::Const | Opcode::FConst | Opcode::DataAddr | Opcode::FuncAddr | Opcode::SlotAddr)
}

/// The order in which an instruction's operands are put on wasm's stack for the first time.
pub fn operand_order(op: Opcode, count: usize) -> SmallVec<[usize; 4]> {
    match op {
        Opcode::Select => SmallVec::from_slice(&[1, 2, 0]),
        // The itab is asked for the code word, which comes last.
        Opcode::CallMethod => (1..count).chain([0]).collect(),
        _ => (0..count).collect(),
    }
}

/// Whether an instruction names the operand again after it had all of them.
pub fn is_repeated(unit: &Unit, body: &Body, inst: Inst, index: usize) -> bool {
    match body.func.insts[inst].op {
        Opcode::Bounds | Opcode::BoundsLe => true,
        // For the code word.
        Opcode::CallClosure => index == 0,
        Opcode::Move | Opcode::MoveTyped => index < 2 && inline_move(unit, body, inst).is_some_and(|it| it.len() > 1),
        Opcode::Zero => index == 0 && inline_zero(body, inst).is_some_and(|it| it.len() > 1),
        // For the code word.
        Opcode::Call => index == 0 && calls_out(unit, body, inst),
        // The arguments' address goes into a global as well.
        Opcode::CallHost => index == 0 && stores_frame(unit, body, inst),
        _ => false,
    }
}

/// Whether the call is one through the table that its caller watches itself.
pub fn calls_out(unit: &Unit, body: &Body, inst: Inst) -> bool {
    let intrinsic = unit.graph.intrinsics[body.func.insts[inst].func()];
    matches!(intrinsic, Some(Intrinsic::Call | Intrinsic::Resume))
}

/// Whether the import asks `getsp` for its arguments.
pub fn stores_frame(unit: &Unit, body: &Body, inst: Inst) -> bool {
    let func = body.func.insts[inst].func();
    unit.frame_global.is_some() && unit.may_reenter(func) && body.func.args(inst).len() == 1
}

/// A part of a small move: width and offset.
pub type Chunk = (u32, u32);

/// How to move a constant number of bytes without `memory.copy`; none if that is better.
pub fn inline_move(unit: &Unit, body: &Body, inst: Inst) -> Option<SmallVec<[Chunk; 4]>> {
    let count = constant(body, body.func.args(inst)[2])?;
    let bytes = match body.func.insts[inst].op {
        Opcode::MoveTyped => {
            let layout = &unit.program.layouts[body.func.insts[inst].layout()];
            count.checked_mul(u64::from(layout.size))?
        }
        _ => count,
    };
    chunks(bytes, INLINE_MOVE, 16, 3)
}

pub fn inline_zero(body: &Body, inst: Inst) -> Option<SmallVec<[Chunk; 4]>> {
    zero_chunks(constant(body, body.func.args(inst)[1])?)
}

/// A zero of sixteen bytes is longer than two of eight.
pub fn zero_chunks(bytes: u64) -> Option<SmallVec<[Chunk; 4]>> {
    chunks(bytes, INLINE_ZERO, 8, 4)
}

/// Cuts bytes into powers of two; none if there are too many, or too many pieces.
fn chunks(bytes: u64, limit: u32, widest: u32, pieces: usize) -> Option<SmallVec<[Chunk; 4]>> {
    let mut rest = u32::try_from(bytes).ok().filter(|&bytes| bytes <= limit)?;
    let mut at = 0;
    let mut chunks = SmallVec::new();
    while rest > 0 {
        let width = widest.min(1 << rest.ilog2());
        chunks.push((width, at));
        at += width;
        rest -= width;
    }
    (chunks.len() <= pieces).then_some(chunks)
}

/// The bits of an integer or pointer that is constant.
pub fn constant(body: &Body, value: Value) -> Option<u64> {
    let inst = body.def(value)?;
    (body.func.insts[inst].op == Opcode::Const).then(|| body.func.insts[inst].imm)
}

/// The instruction of an opcode that has exactly one, whose operands are wasm's; `operand` is the type of the first
/// operand, `result` that of the result.
pub fn plain(op: Opcode, operand: Ty, result: Ty) -> Option<Instruction<'static>> {
    use Instruction::*;
    /// For operands of both widths.
    fn by(is_wide: bool, narrow: Instruction<'static>, wide: Instruction<'static>) -> Option<Instruction<'static>> {
        Some(if is_wide { wide } else { narrow })
    }
    let wide = matches!(operand, Ty::I64 | Ty::F64);
    match op {
        Opcode::Add => by(wide, I32Add, I64Add),
        Opcode::Sub => by(wide, I32Sub, I64Sub),
        Opcode::Mul => by(wide, I32Mul, I64Mul),
        Opcode::DivS => by(wide, I32DivS, I64DivS),
        Opcode::DivU => by(wide, I32DivU, I64DivU),
        Opcode::RemS => by(wide, I32RemS, I64RemS),
        Opcode::RemU => by(wide, I32RemU, I64RemU),
        Opcode::And => by(wide, I32And, I64And),
        Opcode::Or => by(wide, I32Or, I64Or),
        Opcode::Xor => by(wide, I32Xor, I64Xor),
        Opcode::Shl => by(wide, I32Shl, I64Shl),
        Opcode::ShrS => by(wide, I32ShrS, I64ShrS),
        Opcode::ShrU => by(wide, I32ShrU, I64ShrU),
        Opcode::Rotl => by(wide, I32Rotl, I64Rotl),
        Opcode::Clz => by(wide, I32Clz, I64Clz),
        Opcode::Ctz => by(wide, I32Ctz, I64Ctz),
        Opcode::Popcnt => by(wide, I32Popcnt, I64Popcnt),
        Opcode::Extend8 => by(wide, I32Extend8S, I64Extend8S),
        Opcode::Extend16 => by(wide, I32Extend16S, I64Extend16S),
        Opcode::Extend32 => Some(I64Extend32S),
        Opcode::Eqz => by(wide, I32Eqz, I64Eqz),
        Opcode::Eq => by(wide, I32Eq, I64Eq),
        Opcode::Ne => by(wide, I32Ne, I64Ne),
        Opcode::LtS => by(wide, I32LtS, I64LtS),
        Opcode::LtU => by(wide, I32LtU, I64LtU),
        Opcode::LeS => by(wide, I32LeS, I64LeS),
        Opcode::LeU => by(wide, I32LeU, I64LeU),

        Opcode::FAdd => by(wide, F32Add, F64Add),
        Opcode::FSub => by(wide, F32Sub, F64Sub),
        Opcode::FMul => by(wide, F32Mul, F64Mul),
        Opcode::FDiv => by(wide, F32Div, F64Div),
        Opcode::FNeg => by(wide, F32Neg, F64Neg),
        Opcode::FAbs => by(wide, F32Abs, F64Abs),
        Opcode::FCopysign => by(wide, F32Copysign, F64Copysign),
        Opcode::FSqrt => by(wide, F32Sqrt, F64Sqrt),
        Opcode::FCeil => by(wide, F32Ceil, F64Ceil),
        Opcode::FFloor => by(wide, F32Floor, F64Floor),
        Opcode::FTrunc => by(wide, F32Trunc, F64Trunc),
        Opcode::FNearest => by(wide, F32Nearest, F64Nearest),
        Opcode::FMin => by(wide, F32Min, F64Min),
        Opcode::FMax => by(wide, F32Max, F64Max),
        Opcode::FEq => by(wide, F32Eq, F64Eq),
        Opcode::FNe => by(wide, F32Ne, F64Ne),
        Opcode::FLt => by(wide, F32Lt, F64Lt),
        Opcode::FLe => by(wide, F32Le, F64Le),

        Opcode::Wrap | Opcode::IntToPtr => Some(I32WrapI64),
        Opcode::ExtendS => Some(I64ExtendI32S),
        Opcode::ExtendU | Opcode::PtrToInt => Some(I64ExtendI32U),
        Opcode::TruncSatS if result == Ty::I64 => by(wide, I64TruncSatF32S, I64TruncSatF64S),
        Opcode::TruncSatS => by(wide, I32TruncSatF32S, I32TruncSatF64S),
        Opcode::TruncSatU if result == Ty::I64 => by(wide, I64TruncSatF32U, I64TruncSatF64U),
        Opcode::TruncSatU => by(wide, I32TruncSatF32U, I32TruncSatF64U),
        Opcode::ConvertS if result == Ty::F64 => by(wide, F64ConvertI32S, F64ConvertI64S),
        Opcode::ConvertS => by(wide, F32ConvertI32S, F32ConvertI64S),
        Opcode::ConvertU if result == Ty::F64 => by(wide, F64ConvertI32U, F64ConvertI64U),
        Opcode::ConvertU => by(wide, F32ConvertI32U, F32ConvertI64U),
        Opcode::Promote => Some(F64PromoteF32),
        Opcode::Demote => Some(F32DemoteF64),
        Opcode::Bitcast => match (operand, result) {
            (Ty::I32 | Ty::Ptr, Ty::F32) => Some(F32ReinterpretI32),
            (Ty::F32, Ty::I32 | Ty::Ptr) => Some(I32ReinterpretF32),
            (Ty::I64, Ty::F64) => Some(F64ReinterpretI64),
            (Ty::F64, Ty::I64) => Some(I64ReinterpretF64),
            _ => None,
        },
        Opcode::Select => Some(Select),
        Opcode::PtrAdd => Some(I32Add),
        Opcode::PtrDiff => Some(I32Sub),
        _ => None,
    }
}

/// The comparison that holds exactly when this one does not; there is none for the order of floats.
pub fn inverse(op: Opcode, operand: Ty) -> Option<Instruction<'static>> {
    use Instruction::*;
    let wide = matches!(operand, Ty::I64 | Ty::F64);
    let by = |narrow, wide_one| Some(if wide { wide_one } else { narrow });
    match op {
        Opcode::Eq => by(I32Ne, I64Ne),
        Opcode::Ne => by(I32Eq, I64Eq),
        Opcode::LtS => by(I32GeS, I64GeS),
        Opcode::LtU => by(I32GeU, I64GeU),
        Opcode::LeS => by(I32GtS, I64GtS),
        Opcode::LeU => by(I32GtU, I64GtU),
        Opcode::FEq => by(F32Ne, F64Ne),
        Opcode::FNe => by(F32Eq, F64Eq),
        _ => None,
    }
}
