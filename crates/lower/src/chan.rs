//! Channels: calls of the runtime. Elements are passed by address.

use crate::func::FuncLowerer;
use crate::value::Val;
use abi::{CanonId, CanonType};
use ir::Value;

impl FuncLowerer<'_, '_> {
    fn chan_elem(&mut self, chan: CanonId) -> CanonId {
        match self.shape(chan) {
            CanonType::Chan { elem, .. } => elem,
            other => unreachable!("lower: {other:?} is no channel"),
        }
    }

    /// `make(chan T, size)`; the size is an i64, and refused when it is negative or too large.
    pub fn make_chan(&mut self, chan: CanonId, size: Option<Value>) -> Value {
        let ty = self.descriptor_addr(chan);
        let size = match size {
            Some(size) => size,
            None => self.const_i64(0),
        };
        self.call_runtime("makechan", &[ty, size])[0]
    }

    /// `<-c`, and whether the value was sent, not that of a closed channel.
    pub fn receive(&mut self, chan: CanonId, c: Value) -> (Val, Value) {
        let elem = self.chan_elem(chan);
        let ptr = self.temporary(elem);
        let ok = self.call_runtime("chanrecv2", &[c, ptr])[0];
        (self.load(elem, ptr, 0), ok)
    }

    /// `c <- val`
    pub fn send(&mut self, chan: CanonId, c: Value, val: Val) {
        let elem = self.chan_elem(chan);
        let ptr = match val {
            Val::InMemory(ptr) => ptr,
            Val::Parts(_) => {
                let ptr = self.temporary(elem);
                self.store(elem, ptr, 0, &val);
                ptr
            }
        };
        self.call_runtime("chansend1", &[c, ptr]);
    }

    pub fn close(&mut self, c: Value) {
        self.call_runtime("closechan", &[c]);
    }

    pub fn chan_len(&mut self, c: Value) -> Value {
        self.call_runtime("chanlen", &[c])[0]
    }

    pub fn chan_cap(&mut self, c: Value) -> Value {
        self.call_runtime("chancap", &[c])[0]
    }
}
