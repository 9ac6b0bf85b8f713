//! Calls that find methods by reflection: `Method` and `MethodByName` of `reflect.Value` and `reflect.Type`.
//!
//! Such a call keeps all exported methods of visible types alive; one with a constant name only those of that name.
//! Package reflect itself calls them on behalf of others and does not count.

use crate::call::Callee;
use crate::func::FuncLowerer;
use crate::module::{Module, Request};
use abi::methods::{MethodId, Target};
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::Origin;
use syntax::ast;

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
                (method.name, self.cx.gives_reflect_method(method.sig))
            }
            Callee::Value { .. } | Callee::Builtin(_) => return,
        };
        // No other package of the SDK has names that begin so.
        let in_reflect = self.origin() == Origin::Std && self.cx.program.funcs[self.id].name.starts_with("reflect.");
        if !is_reflection || !is_finder(name) || in_reflect {
            return;
        }
        let arg = call.args.first().filter(|_| name.as_str() == "MethodByName");
        let constant = arg.and_then(|arg| self.constant_string(arg));
        self.cx.pending.push_back(Request::ReflectMethod(constant));
    }

    fn constant_string(&self, e: &'a ast::Expr<'a>) -> Option<Symbol> {
        let constant = self.recorded(e).val?;
        let types::constant::Value::String(text) = &self.cx.checker.consts[constant] else { return None };
        Some(Symbol::intern(std::str::from_utf8(&text.bytes()).ok()?))
    }
}

impl Module<'_> {
    /// Notes what a method value or method expression may ask reflection for: anything.
    pub(crate) fn note_reflection_value(&mut self, method: MethodId) {
        let method = self.types.method(method);
        let (name, sig) = (method.name, method.sig);
        let is_reflection = match method.target {
            Target::Declared { func, .. } => {
                let pkg = self.checker.obj(func).pkg;
                pkg.is_some_and(|pkg| self.checker.packages[pkg].path == "reflect")
            }
            Target::Interface { .. } => self.gives_reflect_method(sig),
        };
        if is_reflection && is_finder(name) {
            self.pending.push_back(Request::ReflectMethod(None));
        }
    }

    /// Whether the first result is `reflect.Method`.
    fn gives_reflect_method(&mut self, sig: CanonId) -> bool {
        let (_, results) = self.signature_types(sig);
        let Some(&first) = results.first() else { return false };
        let CanonType::Named { obj, .. } = self.types[first] else { return false };
        let object = self.checker.obj(obj);
        object.name.as_str() == "Method" && object.pkg.is_some_and(|pkg| self.checker.packages[pkg].path == "reflect")
    }
}

fn is_finder(name: Symbol) -> bool {
    matches!(name.as_str(), "Method" | "MethodByName")
}
