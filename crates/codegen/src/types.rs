//! wasm function types, each once.

use ir::{Signature, Ty};
use rustc_hash::FxHashMap;
use wasm_encoder::ValType;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FuncType {
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

impl FuncType {
    /// With further parameters of type i32 in front: the stack pointer, the context.
    pub fn of(signature: &Signature, hidden: usize) -> FuncType {
        let params = std::iter::repeat_n(ValType::I32, hidden).chain(signature.params.iter().map(|&ty| val_type(ty)));
        FuncType { params: params.collect(), results: signature.results.iter().map(|&ty| val_type(ty)).collect() }
    }
}

pub fn val_type(ty: Ty) -> ValType {
    match ty {
        Ty::I32 | Ty::Ptr => ValType::I32,
        Ty::I64 => ValType::I64,
        Ty::F32 => ValType::F32,
        Ty::F64 => ValType::F64,
        Ty::V128 => ValType::V128,
    }
}

#[derive(Default)]
pub struct Types {
    pub list: Vec<FuncType>,
    indices: FxHashMap<FuncType, u32>,
}

impl Types {
    pub fn index(&mut self, ty: FuncType) -> u32 {
        if let Some(&index) = self.indices.get(&ty) {
            return index;
        }
        let index = self.list.len() as u32;
        self.list.push(ty.clone());
        self.indices.insert(ty, index);
        index
    }
}
