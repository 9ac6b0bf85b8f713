//! Calls that find methods by reflection: `Method` and `MethodByName` of `reflect.Value` and `reflect.Type`.
//!
//! Such a call keeps all exported methods of visible types alive; one with a constant name only those of that name.
//! Package reflect itself calls them on behalf of others and does not count.

use crate::call::Callee;
use crate::func::FuncLowerer;
use crate::module::Request;
use abi::{CanonId, CanonType};
use base::Symbol;
use syntax::ast;
use types::ObjId;

impl<'a> FuncLowerer<'_, 'a> {
    /// Notes what a method call asks reflection for.
    pub(crate) fn note_reflection(&mut self, callee: &Callee, call: &'a ast::CallExpr<'a>) {
        let (name, is_reflection) = match *callee {
            Callee::Function { obj, .. } => {
                let object = self.cx.checker.obj(obj);
                (object.name, object.pkg.is_some_and(|pkg| self.cx.checker.packages[pkg].path == "reflect"))
            }
            Callee::Interface { iface, slot } => {
                let CanonType::Interface(methods) = self.shape(iface) else { return };
                let method = self.cx.types.interface_methods(methods)[slot as usize];
                (method.name, self.gives_reflect_method(method.sig))
            }
            Callee::Value { .. } | Callee::Builtin(_) => return,
        };
        let by_name = name.as_str() == "MethodByName";
        if !is_reflection || !by_name && name.as_str() != "Method" {
            return;
        }
        if self.cx.program.funcs[self.id].name.starts_with("reflect.") {
            return;
        }
        let constant = call.args.first().filter(|_| by_name).and_then(|arg| self.constant_string(arg));
        self.cx.pending.push_back(Request::ReflectMethod(constant));
    }

    /// Notes a method as a value: what it will be called with is unknown.
    pub(crate) fn note_method_value(&mut self, method: ObjId) {
        let object = self.cx.checker.obj(method);
        let is_reflection = object.pkg.is_some_and(|pkg| self.cx.checker.packages[pkg].path == "reflect");
        let finds_methods = matches!(object.name.as_str(), "Method" | "MethodByName");
        if is_reflection && finds_methods && !self.cx.program.funcs[self.id].name.starts_with("reflect.") {
            self.cx.pending.push_back(Request::ReflectMethod(None));
        }
    }

    /// Whether the first result is `reflect.Method`.
    fn gives_reflect_method(&mut self, sig: CanonId) -> bool {
        let (_, results) = self.cx.signature_types(sig);
        let Some(&first) = results.first() else { return false };
        let CanonType::Named { obj, .. } = self.cx.types[first] else { return false };
        let object = self.cx.checker.obj(obj);
        object.name.as_str() == "Method"
            && object.pkg.is_some_and(|pkg| self.cx.checker.packages[pkg].path == "reflect")
    }

    fn constant_string(&self, e: &'a ast::Expr<'a>) -> Option<Symbol> {
        let constant = self.recorded(e).val?;
        let types::constant::Value::String(text) = &self.cx.checker.consts[constant] else { return None };
        Some(Symbol::intern(std::str::from_utf8(&text.bytes()).ok()?))
    }
}
