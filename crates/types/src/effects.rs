//! Whether a package-level variable's initialiser does anything but compute a value.
//!
//! An initialiser without effects need not run in a program that does not use its variable, so this is asked of every
//! variable of every package. The answer comes from the syntax and from looking names up: nothing is checked or
//! declared. Where that does not tell, an effect is taken to be possible.
//!
//! ```text
//! var table = [...]string{"a", kind: "b"}        none
//! var ErrX  = errors.New("x")                    those of errors.New, which may be known to have none
//! var first = table[0]                           possible: an index may be out of range
//! var hook  = func() { panic("no hook") }        none: bodies of function literals do not run
//! ```

use crate::checker::{Checker, indexset::ObjSet};
use crate::store::*;
use base::{Symbol, sym};
use smallvec::{SmallVec, smallvec};
use syntax::ast::{CallExpr, CompositeLit, Expr, ExprKind, Operator};

/// What running an initialiser may do, apart from giving its variables their values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effects {
    None,
    /// Only what these functions do when they are called: package-level functions, each listed once.
    Calls(Vec<ObjId>),
    Possible,
}

/// Chains of names, constants and types are followed so far and no further.
const MAX_STEPS: usize = 64;

/// A type as it is written in the file whose scope is given.
#[derive(Clone, Copy)]
struct Written<'a> {
    e: &'a Expr<'a>,
    scope: ScopeId,
}

/// What a chain of type names ends in.
enum Shape<'a> {
    /// A type literal.
    Literal(Written<'a>),
    Predeclared(Symbol),
}

struct Survey<'c, 'a> {
    checker: &'c Checker<'a>,
    /// The scope of the initialiser's file. There is no other: function literals are not entered.
    scope: ScopeId,
    /// Expressions still to look at; composite literals without type come with the one they have from outside.
    pending: Vec<(&'a Expr<'a>, Option<Written<'a>>)>,
    calls: ObjSet,
}

/// An effect is possible.
struct Possible;

impl<'a> Checker<'a> {
    pub(crate) fn effects_of_initializer(&self, var: ObjId) -> Effects {
        let decl = self.obj(var).decl.expect("types: effects_of_initializer of a variable that is not a package's");
        let info = &self.decls[decl];
        let Some(init) = info.init else { return Effects::None };
        let wants_ok = info.lhs.is_some_and(|lhs| lhs.len() == 2);
        let init = match init.unparen().kind {
            // spec: "No run-time panic occurs in this case."
            ExprKind::Assert { x, .. } if wants_ok => x,
            _ => init,
        };
        let scope = info.file_scope;
        let mut survey = Survey { checker: self, scope, pending: vec![(init, None)], calls: ObjSet::default() };
        while let Some((e, hint)) = survey.pending.pop() {
            if let Err(Possible) = survey.expr(e, hint) {
                return Effects::Possible;
            }
        }
        if survey.calls.is_empty() { Effects::None } else { Effects::Calls(survey.calls.iter().collect()) }
    }

    pub(crate) fn is_initializer_constant(&self, var: ObjId) -> bool {
        let decl = self.obj(var).decl.expect("types: is_initializer_constant of a variable that is not a package's");
        let info = &self.decls[decl];
        let Some(init) = info.init else { return true };
        let survey = Survey { checker: self, scope: info.file_scope, pending: Vec::new(), calls: ObjSet::default() };
        survey.is_constant(init)
    }
}

impl<'a> Survey<'_, 'a> {
    fn push(&mut self, e: &'a Expr<'a>) {
        self.pending.push((e, None));
    }

    fn push_all(&mut self, list: &[&'a Expr<'a>]) {
        self.pending.extend(list.iter().map(|&e| (e, None)));
    }

    fn expr(&mut self, e: &'a Expr<'a>, hint: Option<Written<'a>>) -> Result<(), Possible> {
        match e.kind {
            ExprKind::Name(_) | ExprKind::BasicLit { .. } | ExprKind::FuncLit(_) => {}
            ExprKind::Paren(x) => self.pending.push((x, hint)),
            ExprKind::CompositeLit(literal) => return self.composite_lit(literal, hint),
            ExprKind::List(elems) => self.push_all(elems),
            ExprKind::Unary { op, x } => match op {
                Operator::Recv => return Err(Possible),
                Operator::Mul => return self.require(self.denotes_type(e)),
                _ => self.push(x),
            },
            ExprKind::Binary { op, x, y } => {
                let may_panic = match op {
                    // spec: "If the divisor is a constant, it must not be zero."
                    Operator::Div | Operator::Rem => !self.is_constant(y),
                    // spec: "If the shift count is negative at run time, a run-time panic occurs."
                    Operator::Shl | Operator::Shr => !self.is_constant(y),
                    // Interfaces with values that cannot be compared.
                    Operator::Eql | Operator::Neq => !self.is_constant_or_nil(x) && !self.is_constant_or_nil(y),
                    _ => false,
                };
                self.require(!may_panic)?;
                self.push_all(&[x, y]);
            }
            ExprKind::Call(call) => return self.call(call),
            ExprKind::Selector { x, .. } => {
                // A variable or function of another package, a method expression, or a field of a struct variable. Of
                // anything else the way to the field may lead through a nil pointer.
                let is_safe =
                    self.resolve(e, self.scope).is_some() || self.denotes_type(x) || self.variable_type(e).is_some();
                return self.require(is_safe);
            }
            // An instantiated function, or a type.
            ExprKind::Index { x, .. } => {
                let is_instance = self
                    .resolve(x, self.scope)
                    .is_some_and(|obj| matches!(self.kind(obj), ObjKind::Func { .. } | ObjKind::TypeName));
                return self.require(is_instance);
            }
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType { .. }
            | ExprKind::StructType(_)
            | ExprKind::InterfaceType(_)
            | ExprKind::FuncType(_)
            | ExprKind::MapType { .. }
            | ExprKind::ChanType { .. } => {}
            ExprKind::Bad
            | ExprKind::Slice { .. }
            | ExprKind::Assert { .. }
            | ExprKind::KeyValue { .. }
            | ExprKind::TypeSwitchGuard { .. }
            | ExprKind::DotsType { .. } => return Err(Possible),
        }
        Ok(())
    }

    fn require(&self, condition: bool) -> Result<(), Possible> {
        if condition { Ok(()) } else { Err(Possible) }
    }

    fn call(&mut self, call: &'a CallExpr<'a>) -> Result<(), Possible> {
        if self.denotes_type(call.fun) {
            let &[arg] = call.args else { return Err(Possible) };
            self.require(!self.conversion_may_panic(call.fun, arg))?;
            self.push(arg);
            return Ok(());
        }
        let callee = self.resolve(call.fun, self.scope).ok_or(Possible)?;
        match self.kind(callee) {
            ObjKind::Func { .. } => {
                self.calls.insert(callee);
                self.push_all(call.args);
                Ok(())
            }
            ObjKind::Builtin(id) => self.builtin(id, call),
            _ => Err(Possible), // a function value
        }
    }

    fn builtin(&mut self, id: BuiltinId, call: &'a CallExpr<'a>) -> Result<(), Possible> {
        match id {
            BuiltinId::Append
            | BuiltinId::Cap
            | BuiltinId::Complex
            | BuiltinId::Imag
            | BuiltinId::Len
            | BuiltinId::Max
            | BuiltinId::Min
            | BuiltinId::New
            | BuiltinId::Real
            | BuiltinId::Add
            | BuiltinId::SliceData
            | BuiltinId::StringData => self.push_all(call.args),
            // Sizes may be out of range, unless they are constant.
            BuiltinId::Make => {
                let sizes = call.args.get(1..).unwrap_or_default();
                return self.require(sizes.iter().all(|size| self.is_constant(size)));
            }
            // Their operands are not evaluated.
            BuiltinId::Alignof | BuiltinId::Offsetof | BuiltinId::Sizeof => {}
            BuiltinId::Clear
            | BuiltinId::Close
            | BuiltinId::Copy
            | BuiltinId::Delete
            | BuiltinId::Panic
            | BuiltinId::Print
            | BuiltinId::Println
            | BuiltinId::Recover
            | BuiltinId::Slice
            | BuiltinId::String
            | BuiltinId::Assert
            | BuiltinId::Trace => return Err(Possible),
        }
        Ok(())
    }

    fn composite_lit(&mut self, literal: &'a CompositeLit<'a>, hint: Option<Written<'a>>) -> Result<(), Possible> {
        let written = match literal.ty {
            Some(e) => Some(Written { e, scope: self.scope }),
            // spec: "Within a composite literal [...] the &T [may be elided] when the element or key type is *T."
            None => hint.map(|hint| pointer_elem(hint).unwrap_or(hint)),
        };
        let shape = match written.and_then(|written| self.shape(written)) {
            Some(Shape::Literal(Written { e, scope })) => Some((e.kind, scope)),
            _ => None,
        };
        for elem in literal.elems {
            let (key, value) = match elem.kind {
                ExprKind::KeyValue { key, value } => (Some(key), value),
                _ => (None, *elem),
            };
            let value_hint = match shape {
                Some((ExprKind::MapType { key: key_type, value: elem_type }, scope)) => {
                    if let Some(key) = key {
                        let key_type = Written { e: key_type, scope };
                        self.require(self.is_constant(key) || self.is_hashable(key_type))?;
                        self.pending.push((key, Some(key_type)));
                    }
                    Some(Written { e: elem_type, scope })
                }
                Some((ExprKind::ArrayType { elem, .. } | ExprKind::SliceType { elem }, scope)) => {
                    Some(Written { e: elem, scope })
                }
                Some((ExprKind::StructType(_), _)) => None,
                // A key is a field's name, or may be a map's that cannot be hashed.
                _ => {
                    if let Some(key) = key {
                        let is_field = matches!(key.kind, ExprKind::Name(_)) && self.resolve(key, self.scope).is_none();
                        self.require(is_field || self.is_constant(key))?;
                    }
                    None
                }
            };
            self.pending.push((value, value_hint));
        }
        Ok(())
    }

    /// A slice may be too short for the array or array pointer it is converted to.
    fn conversion_may_panic(&self, ty: &'a Expr<'a>, arg: &'a Expr<'a>) -> bool {
        let Some(shape) = self.shape(Written { e: ty, scope: self.scope }) else { return true };
        let Shape::Literal(literal) = shape else { return false };
        let is_array = |ty: Written<'a>| match self.shape(ty) {
            Some(Shape::Literal(literal)) => matches!(literal.e.kind, ExprKind::ArrayType { .. }),
            Some(Shape::Predeclared(_)) => false,
            None => true,
        };
        match pointer_elem(literal) {
            Some(elem) => is_array(elem) && !self.is_constant_or_nil(arg),
            None => is_array(literal),
        }
    }

    /// Whether all values of a map key's type can be hashed: there is no interface in it.
    fn is_hashable(&self, ty: Written<'a>) -> bool {
        let mut pending: SmallVec<[Written<'a>; 8]> = smallvec![ty];
        for _ in 0..MAX_STEPS {
            let Some(ty) = pending.pop() else { return true };
            let Written { e, scope } = match self.shape(ty) {
                Some(Shape::Literal(literal)) => literal,
                Some(Shape::Predeclared(name)) if name != sym::ANY && name != sym::ERROR => continue,
                _ => return false,
            };
            match e.kind {
                ExprKind::Unary { op: Operator::Mul, .. } | ExprKind::ChanType { .. } => {}
                ExprKind::ArrayType { elem, .. } => pending.push(Written { e: elem, scope }),
                ExprKind::StructType(ty) => {
                    pending.extend(ty.fields.iter().map(|field| Written { e: field.ty, scope }));
                }
                _ => return false,
            }
        }
        false
    }

    /// The declared type that `e` has, if it is a variable or a field of a variable in which no pointer is followed.
    fn variable_type(&self, e: &'a Expr<'a>) -> Option<Written<'a>> {
        let mut fields: SmallVec<[Symbol; 4]> = SmallVec::new();
        let mut e = e.unparen();
        let var = loop {
            if let Some(obj) = self.resolve(e, self.scope) {
                break obj;
            }
            let ExprKind::Selector { x, sel } = e.kind else { return None };
            fields.push(sel.name);
            e = x.unparen();
        };
        let info = &self.checker.decls[self.checker.obj(var).decl?];
        let e = match (info.ty, info.init) {
            (Some(ty), _) => ty,
            (None, Some(init)) => match init.unparen().kind {
                ExprKind::CompositeLit(literal) => literal.ty?,
                _ => return None,
            },
            (None, None) => return None,
        };
        let mut ty = Written { e, scope: info.file_scope };
        while let Some(name) = fields.pop() {
            let Shape::Literal(Written { e, scope }) = self.shape(ty)? else { return None };
            let ExprKind::StructType(fields) = e.kind else { return None };
            let field = fields.fields.iter().find(|field| field.name.is_some_and(|field| field.name == name))?;
            ty = Written { e: field.ty, scope };
        }
        Some(ty)
    }

    /// Follows type names to a type literal or a predeclared type. `None`: unknown, or generic.
    fn shape(&self, ty: Written<'a>) -> Option<Shape<'a>> {
        let Written { mut e, mut scope } = ty;
        for _ in 0..MAX_STEPS {
            e = e.unparen();
            if !matches!(e.kind, ExprKind::Name(_) | ExprKind::Selector { .. }) {
                let is_instance = matches!(e.kind, ExprKind::Index { .. });
                return (!is_instance).then_some(Shape::Literal(Written { e, scope }));
            }
            let obj = self.resolve(e, scope)?;
            let Object { kind: ObjKind::TypeName, name, decl, .. } = *self.checker.obj(obj) else { return None };
            let Some(decl) = decl else { return Some(Shape::Predeclared(name)) };
            let info = &self.checker.decls[decl];
            let tdecl = info.tdecl.filter(|tdecl| tdecl.tparams.is_empty())?;
            (e, scope) = (tdecl.ty, info.file_scope);
        }
        None
    }

    /// Whether `e` is a type rather than a value.
    fn denotes_type(&self, e: &'a Expr<'a>) -> bool {
        let mut e = e;
        loop {
            e = match e.kind {
                ExprKind::Paren(x) | ExprKind::Unary { op: Operator::Mul, x } | ExprKind::Index { x, .. } => x,
                ExprKind::Name(_) | ExprKind::Selector { .. } => {
                    let obj = self.resolve(e, self.scope);
                    return obj.is_some_and(|obj| matches!(self.kind(obj), ObjKind::TypeName));
                }
                ExprKind::ArrayType { .. }
                | ExprKind::SliceType { .. }
                | ExprKind::StructType(_)
                | ExprKind::InterfaceType(_)
                | ExprKind::FuncType(_)
                | ExprKind::MapType { .. }
                | ExprKind::ChanType { .. } => return true,
                _ => return false,
            }
        }
    }

    /// Whether `e` is certainly a constant.
    fn is_constant(&self, e: &'a Expr<'a>) -> bool {
        let mut pending: SmallVec<[&'a Expr<'a>; 8]> = smallvec![e];
        for _ in 0..MAX_STEPS {
            let Some(e) = pending.pop() else { return true };
            match e.kind {
                ExprKind::BasicLit { .. } => {}
                ExprKind::Paren(x) => pending.push(x),
                ExprKind::Unary { op: Operator::Add | Operator::Sub | Operator::Xor | Operator::Not, x } => {
                    pending.push(x);
                }
                ExprKind::Binary { x, y, .. } => pending.extend([x, y]),
                ExprKind::Name(_) | ExprKind::Selector { .. } => match self.resolve(e, self.scope) {
                    Some(obj) if matches!(self.kind(obj), ObjKind::Const { .. }) => {}
                    _ => return false,
                },
                // A conversion of a constant is constant only to some types; to others it has no effects either.
                ExprKind::Call(call) if self.denotes_type(call.fun) => pending.extend_from_slice(call.args),
                _ => return false,
            }
        }
        false
    }

    fn is_constant_or_nil(&self, e: &'a Expr<'a>) -> bool {
        let is_nil = |obj: ObjId| matches!(self.kind(obj), ObjKind::Nil);
        self.resolve(e, self.scope).is_some_and(is_nil) || self.is_constant(e)
    }

    /// What a name, qualified name, or instance of one denotes.
    fn resolve(&self, e: &'a Expr<'a>, scope: ScopeId) -> Option<ObjId> {
        let mut e = e.unparen();
        if let ExprKind::Index { x, .. } = e.kind {
            e = x.unparen();
        }
        match e.kind {
            ExprKind::Name(name) => Some(self.checker.lookup_parent(scope, name)?.1),
            ExprKind::Selector { x, sel } => {
                let (_, import) = self.checker.lookup_parent(scope, x.as_ident()?.name)?;
                let ObjKind::PkgName { imported, .. } = self.kind(import) else { return None };
                self.checker.scope(self.checker.packages[imported].scope).lookup(sel.name)
            }
            _ => None,
        }
    }

    fn kind(&self, obj: ObjId) -> ObjKind {
        self.checker.obj(obj).kind
    }
}

/// The element type of a pointer type that is written as one.
fn pointer_elem(ty: Written<'_>) -> Option<Written<'_>> {
    match ty.e.unparen().kind {
        ExprKind::Unary { op: Operator::Mul, x } => Some(Written { e: x, ..ty }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_packages;

    const LIB: &str = "package lib\n\
        func New(text string) error { return nil }\n\
        type Key struct { A int; Next *Key }\n\
        type Array [4]int\n\
        const Size = 8\n\
        var Features struct { HasA bool; Inner struct { B int }; P *Key }\n\
        type Func func()\n";

    /// The effects of `var x = init` (or of `var x, ok = init`): `none`, `possible`, or the names of the functions.
    fn effects(names: &str, init: &str) -> String {
        let text = format!(
            "package p\nimport \"lib\"\nimport . \"unsafe\"\n\
             func f(int) int {{ return 1 }}\nfunc gen[P any](p P) P {{ return p }}\n\
             type T struct {{ f int }}\nfunc (T) M() {{}}\ntype G[P any] struct {{ g P }}\n\
             type I interface {{ M() }}\n\
             var s []int\nvar m map[string]int\nvar i any\nvar n int\nvar t T\nvar p *T\nvar lit = T{{}}\n\
             var {names} = {init}\nvar _ Pointer\nvar _ lib.Func\n"
        );
        let mut answer = String::new();
        with_packages(&[("lib", LIB), ("p", &text)], |c, pkgs| {
            let x = c.test_global(pkgs[1], "x");
            answer = match c.query().initializer_effects(x) {
                Effects::None => "none".to_string(),
                Effects::Possible => "possible".to_string(),
                Effects::Calls(calls) => {
                    let mut names: Vec<&str> = calls.iter().map(|&func| c.obj(func).name.as_str()).collect();
                    names.sort();
                    names.join(" ")
                }
            };
            // Nothing was declared.
            assert_eq!(c.obj(x).ty, None);
            // The question makes sense only for what is correct.
            c.query().object(x);
            assert!(c.errors.is_empty(), "{init}: {:?}", c.errors);
        });
        answer
    }

    #[test]
    fn values_have_none() {
        for init in [
            "1 + lib.Size << 3",
            "func() int { panic(0) }",
            "&T{f: n}",
            "[]*T{{1}, nil, {f: n + 1}}",
            "map[string][]int{\"a\": {1}, \"b\": nil}",
            "map[lib.Array]T{{1}: {2}}",
            "map[any]int{\"a\": 1, lib.Size: 2}",
            "map[*T]int{p: 1}",
            "G[int]{g: n}",
            "(*T)(nil)",
            "(*lib.Array)(nil)",
            "I(nil)",
            "any(n)",
            "[]byte(\"text\")",
            "lib.Func(nil)",
            "T.M",
            "(*T).M",
            "gen[int]",
            "new(T)",
            "new(*T)",
            "make(map[string]int)",
            "make([]int, lib.Size, 2 * lib.Size)",
            "append([]int(nil), s...)",
            "len(s) / 2",
            "n % lib.Size",
            "i == nil || n > 3 && !(i != \"a\")",
            "lib.Features.HasA",
            "lib.Features.Inner.B",
            "lib.Features.P",
            "t.f",
            "lit.f",
            "Sizeof(f(1)) + Sizeof(p.f)",
            "interface{ M() }(nil)",
        ] {
            assert_eq!(effects("x", init), "none", "{init}");
        }
        assert_eq!(effects("x, ok", "i.(int)"), "none");
    }

    #[test]
    fn calls_are_listed() {
        assert_eq!(effects("x", "f(f(1)) + gen(n) + gen[int](2)"), "f gen");
        assert_eq!(effects("x", "lib.New(\"text\")"), "New");
        assert_eq!(effects("x", "[]error{lib.New(\"a\"), nil}"), "New");
        assert_eq!(effects("x", "map[string]func(){\"a\": func() { f(1) }}"), "none");
    }

    #[test]
    fn what_may_panic_or_run() {
        for init in [
            "<-make(chan int)",
            "s[0]",
            "s[1:]",
            "m[\"a\"]",
            "*p",
            "p.f",
            "lib.Features.P.Next",
            "p.M",
            "i.(int)",
            "n / n",
            "1 << n",
            "i == i",
            "make([]int, n)",
            "[4]int(s)",
            "lib.Array(s)",
            "(*[4]int)(s)",
            "(*lib.Array)(s)",
            "func() int { return 1 }()",
            "copy(s, s)",
            "map[any]int{i: 1}",
            "map[struct{ a any }]int{{i}: 1}",
            "map[any]int{struct{}{}: 1}",
            "[]map[any]int{{i: 1}}",
            "[]int{f(1), s[0]}",
            "&s[0]",
            "Slice(&lit, n)",
        ] {
            assert_eq!(effects("x", init), "possible", "{init}");
        }
        assert_eq!(effects("x, ok", "m[\"a\"]"), "possible");
    }

    #[test]
    fn deep_trees_take_no_stack_and_little_time() {
        let sum = format!("n{}", " + n".repeat(20_000));
        let comparisons = format!("n{}", " + len(\"a\")".repeat(5_000));
        assert_eq!(effects("x", &format!("{sum} == 1")), "none");
        assert_eq!(effects("x", &comparisons), "none");
    }
}
