//! Selectors: `pkg.Name`, `x.field`, `x.method`, `T.method`.

use crate::checker::Checker;
use crate::code::Code;
use crate::operand::{Lookup, Operand};
use crate::store::*;
use base::{Symbol, sym};
use smallvec::SmallVec;
use syntax::{ast, expr_string};

impl<'a> Checker<'a> {
    /// Checks the selector expression `e`; `want_type` if it stands where a type must.
    pub fn selector(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, want_type: bool) {
        let ast::ExprKind::Selector { x: base, sel } = e.kind else {
            unreachable!("selector: not a selector");
        };
        // Package names occur nowhere but here, so they are no operands.
        let selected = match self.package_name(base) {
            Some((name, pkg_name, imported)) => {
                self.record_use(name, pkg_name);
                self.qualified_ident(x, e, sel, imported)
            }
            None => self.field_or_method(x, e, base, sel, want_type),
        };
        if selected.is_none() {
            x.invalidate();
        }
        x.expr = Some(e);
    }

    /// If `base` names an imported package: the identifier, the import, which is now used, and the package.
    fn package_name(&mut self, base: &'a ast::Expr<'a>) -> Option<(ast::Ident, ObjId, PkgId)> {
        let name = base.as_ident()?;
        let obj = self.lookup(name.name)?;
        let ObjKind::PkgName { imported, used } = &mut self.objects[obj].kind else {
            return None;
        };
        *used = true;
        Some((name, obj, *imported))
    }

    /// `pkg.Name`. `None` after an error.
    fn qualified_ident(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        sel: ast::Ident,
        pkg: PkgId,
    ) -> Option<()> {
        let scope = self.packages[pkg].scope;
        let Some(obj) = self.scope(scope).lookup(sel.name) else {
            if !self.packages[pkg].fake && is_valid_name(sel.name) {
                let but = match self.lookup_ignoring_case(scope, sel.name) {
                    Some(other) => format!(" (but have {other})"),
                    None => String::new(),
                };
                let message = format!("undefined: {}{but}", expr_string(e));
                self.error(sel, Code::UndeclaredImportedName, message);
            }
            return None;
        };
        if !is_exported(sel.name) {
            let message = format!("name {} not exported by package {}", sel.name, self.packages[pkg].name);
            self.error(sel, Code::UnexportedName, message);
            // It is clear what is meant.
        }
        self.record_use(sel, obj);

        // The other package is checked on demand.
        self.obj_decl(obj);
        let Object { kind, ty, .. } = *self.obj(obj);
        let ty = ty.filter(|&ty| self.is_valid(ty) || matches!(kind, ObjKind::Builtin(_)))?;
        x.ty = ty;
        x.val = None;
        x.mode = match kind {
            ObjKind::Const { val } => {
                x.val = Some(self.consts[val?].clone());
                Mode::Constant
            }
            ObjKind::TypeName => Mode::TypeExpr,
            ObjKind::Var { .. } => Mode::Variable,
            ObjKind::Func { .. } => Mode::Value,
            ObjKind::Builtin(id) => Mode::Builtin(id),
            ObjKind::PkgName { .. } | ObjKind::Label { .. } | ObjKind::Nil => {
                unreachable!("selector: {kind:?} in a package scope")
            }
        };
        Some(())
    }

    /// The first exported name of a scope, in alphabetical order, that differs from `name` only in case.
    fn lookup_ignoring_case(&self, scope: ScopeId, name: Symbol) -> Option<Symbol> {
        let folded = fold_case(name.as_str());
        self.scope(scope)
            .objects()
            .map(|(other, _)| other)
            .filter(|&other| is_exported(other) && fold_case(other.as_str()) == folded)
            .min_by_key(|other| other.as_str())
    }

    /// `x.sel`, where `x` is a value or type. `None` after an error.
    fn field_or_method(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        base: &'a ast::Expr<'a>,
        sel: ast::Ident,
        want_type: bool,
    ) -> Option<()> {
        self.expr_or_type(x, base, false);
        match x.mode {
            Mode::Invalid => return None,
            Mode::Builtin(_) => {
                let message = format!("invalid use of {} in selector expression", self.operand_string(x));
                self.error(e.pos, Code::UncalledBuiltin, message);
                return None;
            }
            _ => {}
        }
        // Fields and methods are never types. This must be known before they are looked up, because the type of x may
        // not be complete: func (s *S[T]) M(x V.M), where type V = S[any].
        if want_type {
            self.error(sel, Code::NotAType, format!("{} is not a type", expr_string(e)));
            return None;
        }

        let addressable = x.mode == Mode::Variable;
        let pkg = Some(self.env.pkg);
        let lookup = self.lookup_field_or_method(x.ty, addressable, pkg, sel.name, false);
        let Lookup::Found { obj, index, indirect } = lookup else {
            self.selector_error(x, sel, lookup);
            return None;
        };
        let index = self.index_list(&index);
        match self.obj(obj).kind {
            ObjKind::Func { .. } => {
                // Methods are declared when somebody asks.
                self.obj_decl(obj);
                if x.mode == Mode::TypeExpr {
                    let selection = Selection { kind: SelectionKind::MethodExpr, recv: x.ty, obj, index, indirect };
                    self.record_selection(e, selection);
                    self.method_expr(x, e, obj)?;
                } else {
                    let selection = Selection { kind: SelectionKind::MethodVal, recv: x.ty, obj, index, indirect };
                    self.record_selection(e, selection);
                    x.mode = Mode::Value;
                    x.ty = self.method_value_type(obj);
                }
                x.val = None;
                self.add_decl_dep(obj);
            }
            _ if x.mode == Mode::TypeExpr => {
                let (ty, base) = (self.type_string(x.ty), expr_string(base));
                let message = format!("{base}.{0} undefined (type {ty} has no method {0})", sel.name);
                self.error(sel, Code::MissingFieldOrMethod, message);
                return None;
            }
            _ => {
                let selection = Selection { kind: SelectionKind::FieldVal, recv: x.ty, obj, index, indirect };
                self.record_selection(e, selection);
                x.mode = if addressable || indirect { Mode::Variable } else { Mode::Value };
                x.ty = self.type_of_var(obj);
                x.val = None;
            }
        }
        Some(())
    }

    /// spec: "The expression T.m yields a function equivalent to m but with an explicit receiver as its first
    /// argument".
    fn method_expr(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, method: ObjId) -> Option<()> {
        let sig = self.method_signature(method);
        let Some(recv) = sig.recv else {
            self.error(e, Code::InvalidDeclCycle, "illegal cycle in method declaration");
            return None;
        };
        // In a message, either all parameters have names or none has.
        let Object { pos, pkg, name, .. } = *self.obj(recv);
        let named = self.objs(sig.params).first().is_some_and(|&first| self.obj(first).name != sym::EMPTY);
        let name = match (named, name) {
            (false, _) => sym::EMPTY,
            (true, sym::EMPTY) => sym::BLANK,
            (true, name) => name,
        };
        let receiver = self.new_var(VarKind::Param, pos, pkg, name, Some(x.ty));
        let mut params: SmallVec<[ObjId; 8]> = SmallVec::new();
        params.push(receiver);
        params.extend_from_slice(self.objs(sig.params));
        let params = self.obj_list(&params);
        let SignatureData { tparams, results, variadic, .. } = sig;
        x.mode = Mode::Value;
        x.ty = self.new_signature(SignatureData { tparams, params, results, variadic, ..Default::default() });
        Some(())
    }

    /// The type of `x.m`: the method's signature without receiver.
    fn method_value_type(&mut self, method: ObjId) -> TypeId {
        if let Some(&ty) = self.made.method_values.get(&method) {
            return ty;
        }
        let sig = self.method_signature(method);
        let ty = self.new_signature(SignatureData { recv: None, ..sig });
        // A method whose declaration is being checked has an empty signature so far.
        if sig.recv.is_some() {
            self.made.method_values.insert(method, ty);
        }
        ty
    }

    fn method_signature(&self, method: ObjId) -> SignatureData {
        let object = self.obj(method);
        match object.ty.and_then(|ty| self.as_signature(ty)) {
            Some(sig) => sig,
            None => unreachable!("selector: method {} has no signature", object.name),
        }
    }

    /// Says why `x` has no field or method of that name.
    fn selector_error(&mut self, x: &Operand<'a>, sel: ast::Ident, lookup: Lookup) {
        // An invalid type was reported.
        let under = self.under(x.ty);
        if !self.is_valid(under) {
            return;
        }
        let name = sel.name;
        match lookup {
            Lookup::Ambiguous { .. } => {
                let message = format!("ambiguous selector {}.{name}", expr_string(x.expr()));
                self.error(sel, Code::AmbiguousSelector, message);
            }
            Lookup::PointerReceiver { .. } => {
                let ty = self.type_string(x.ty);
                let message = if x.mode == Mode::TypeExpr {
                    format!("invalid method expression {ty}.{name} (needs pointer receiver (*{ty}).{name})")
                } else {
                    format!("cannot call pointer method {name} on {ty}")
                };
                self.error(sel, Code::InvalidMethodExpr, message);
            }
            Lookup::NotFound | Lookup::Found { .. } => {
                let why = if self.is_interface_ptr(x.ty) {
                    self.interface_ptr_error(x.ty)
                } else {
                    let pkg = Some(self.env.pkg);
                    let addressable = x.mode == Mode::Variable;
                    let other = match self.lookup_field_or_method(x.ty, addressable, pkg, name, true) {
                        Lookup::Found { obj, .. } => Some(obj),
                        _ => None,
                    };
                    self.lookup_error(x.ty, name, other, false)
                };
                let message = format!("{}.{name} undefined ({why})", expr_string(x.expr()));
                self.error(sel, Code::MissingFieldOrMethod, message);
            }
        }
    }
}

/// Whether a name is one, rather than what the parser made of something else.
fn is_valid_name(name: Symbol) -> bool {
    let mut chars = name.as_str().chars();
    chars.all(|char| char == '_' || char.is_alphanumeric())
}

fn fold_case(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}
