//! Imports from `gojs`, the interface of the Go SDK's `wasm_exec.js`: the host gets the address of a frame.
//!
//! ```text
//! frame + 0     nothing of interest (a return address, in the SDK's own port)
//! frame + 8     the parameters, each aligned as its type is
//! next 8        the results, likewise
//! ```

use crate::func::FuncLowerer;
use crate::module::Module;
use crate::value::Val;
use abi::CanonId;
use base::EntityId;
use ir::{FuncData, FuncId, Opcode, SlotData, Ty, Value};

/// The module's name.
pub const MODULE: &str = "gojs";

/// The first parameter's offset.
const PARAMS: u32 = 8;

/// The import itself: it takes the frame.
pub fn import_data(cx: &mut Module<'_>, symbol: String, import: (String, String), pos: base::Pos) -> FuncData {
    let sig = cx.program.sig(&[Ty::Ptr], &[]);
    FuncData { import: Some(import), pos, ..FuncData::new(symbol, sig) }
}

impl FuncLowerer<'_, '_> {
    /// The body of a function that the host provides under `import`.
    pub(crate) fn gojs_call(mut self, import: FuncId, sig: CanonId) {
        let values = self.enter();
        let (params, results) = self.cx.signature_types(sig);
        let mut end = PARAMS;
        let params: Vec<(CanonId, u32)> = params.into_iter().map(|ty| (ty, self.frame_place(ty, &mut end))).collect();
        end = end.next_multiple_of(8);
        let results: Vec<(CanonId, u32)> = results.into_iter().map(|ty| (ty, self.frame_place(ty, &mut end))).collect();
        let slot = self.builder.func.slots.push(SlotData { size: end.next_multiple_of(8), align: 8, layout: None });
        let frame = self.slot_addr(slot);
        let mut rest = &values[..];
        for (ty, offset) in params {
            let val = self.take_params(ty, &mut rest);
            self.store(ty, frame, offset, &val);
        }
        self.emit_effect(Opcode::CallHost, &[frame], import.index() as u64);
        let loaded: Vec<Val> = results.into_iter().map(|(ty, offset)| self.load(ty, frame, offset)).collect();
        let scalars: Vec<Value> = loaded.iter().flat_map(|val| val.parts().to_vec()).collect();
        self.return_values(&scalars);
        self.finish();
    }

    /// Where the next value of the frame is.
    fn frame_place(&mut self, ty: CanonId, end: &mut u32) -> u32 {
        let offset = end.next_multiple_of(self.cx.type_layout(ty).align.max(1));
        *end = offset + self.cx.size_of(ty);
        offset
    }
}
