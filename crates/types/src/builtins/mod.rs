//! Calls of the predeclared functions and of those of package unsafe.
//!
//! [`Checker::builtin`] checks what all have in common and hands over to the rule of each: `sequences.rs` has those on
//! slices, maps, channels and strings, `numbers.rs` those on numbers, `layout.rs` package unsafe, this file the rest.
//! Each gets the first argument in `x`, leaves the result there, and reports whether the call is valid. A call that is
//! not constant records the signature it has here, since a builtin has none by itself.

mod layout;
mod numbers;
mod sequences;

use crate::checker::Checker;
use crate::code::Code;
use crate::expr::Accept;
use crate::operand::Operand;
use crate::store::*;
use crate::universe::typ;
use crate::version::GoVersion;
use base::{Pos, sym};
use smallvec::SmallVec;
use syntax::ast::{self, ExprKind};
use syntax::expr_string;

impl<'a> Checker<'a> {
    /// Checks a call of the builtin and reports whether it is valid; then `x` is the result, except that its expression
    /// is not set.
    pub fn builtin(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, id: BuiltinId) -> bool {
        let ExprKind::Call(call) = e.kind else { unreachable!("types: builtin: not a call") };
        if call.has_dots && id != BuiltinId::Append {
            let message = format!("invalid operation: invalid use of ... with built-in {}", id.info().name);
            self.error(e, Code::InvalidDotDotDot, message);
            self.use_exprs(call.args);
            return false;
        }
        // Whether len and cap are constant depends on whether there are calls in their own argument.
        let is_len = matches!(id, BuiltinId::Len | BuiltinId::Cap);
        let outside = self.env.has_call_or_recv;
        if is_len {
            self.env.has_call_or_recv = false;
        }
        let valid = self.builtin_call(x, e, call, id);
        if is_len {
            self.env.has_call_or_recv = outside;
        }
        debug_assert!(!valid || x.is_valid());
        valid
    }

    fn builtin_call(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        id: BuiltinId,
    ) -> bool {
        // Some take types, or look at their argument's form.
        let evaluates_arguments =
            !matches!(id, BuiltinId::Make | BuiltinId::New | BuiltinId::Offsetof | BuiltinId::Trace);
        let mut args = if evaluates_arguments { self.expr_list(call.args) } else { Vec::new() };
        if args.iter().any(|arg| !arg.is_valid()) {
            return false;
        }
        if let Some(first) = args.first() {
            *x = first.clone();
        }
        let count = if evaluates_arguments { args.len() } else { call.args.len() };
        if !self.builtin_arg_count(e, id, count) {
            return false;
        }
        match id {
            BuiltinId::Append => self.builtin_append(x, call, &mut args),
            BuiltinId::Cap | BuiltinId::Len => self.builtin_len(x, call, id),
            BuiltinId::Clear => self.builtin_clear(x, call),
            BuiltinId::Close => self.builtin_close(x, call),
            BuiltinId::Complex => self.builtin_complex(x, e, call, &mut args[1]),
            BuiltinId::Copy => self.builtin_copy(x, call, &args[1]),
            BuiltinId::Delete => self.builtin_delete(x, call, &args[1]),
            BuiltinId::Imag | BuiltinId::Real => self.builtin_real(x, call, id),
            BuiltinId::Make => self.builtin_make(x, e, call),
            BuiltinId::Max | BuiltinId::Min => self.builtin_min(x, call, id, &mut args),
            BuiltinId::New => self.builtin_new(x, call),
            BuiltinId::Panic => self.builtin_panic(x, e, call),
            BuiltinId::Print | BuiltinId::Println => self.builtin_print(x, call, id, &mut args),
            BuiltinId::Recover => self.builtin_recover(x, call),
            BuiltinId::Add => self.unsafe_add(x, call, &mut args[1]),
            BuiltinId::Alignof => self.unsafe_alignof(x, call),
            BuiltinId::Offsetof => self.unsafe_offsetof(x, call),
            BuiltinId::Sizeof => self.unsafe_sizeof(x, call),
            BuiltinId::Slice => self.unsafe_slice(x, call, &mut args[1]),
            BuiltinId::SliceData => self.unsafe_slice_data(x, call),
            BuiltinId::String => self.unsafe_string(x, call, &mut args[1]),
            BuiltinId::StringData => self.unsafe_string_data(x, call),
            BuiltinId::Assert => self.builtin_assert(x, e),
            BuiltinId::Trace => self.builtin_trace(x, call),
        }
    }

    fn builtin_arg_count(&mut self, e: &'a ast::Expr<'a>, id: BuiltinId, count: usize) -> bool {
        let info = id.info();
        let problem = if count < info.nargs {
            "not enough"
        } else if !info.variadic && count > info.nargs {
            "too many"
        } else {
            return true;
        };
        let (call, expected) = (expr_string(e), info.nargs);
        let message = format!("invalid operation: {problem} arguments for {call} (expected {expected}, found {count})");
        self.error(e, Code::WrongArgCount, message);
        false
    }

    /// Records the signature that the builtin has in this call. Untyped parameters get their default types.
    fn record_builtin(
        &mut self,
        call: &'a ast::CallExpr<'a>,
        id: BuiltinId,
        result: Option<TypeId>,
        params: &[TypeId],
    ) {
        let vars: SmallVec<[ObjId; 4]> = params
            .iter()
            .map(|&param| {
                let ty = self.default_type(param);
                self.new_var(VarKind::Param, Pos::NONE, None, sym::EMPTY, Some(ty))
            })
            .collect();
        let params = self.obj_list(&vars);
        let results = match result {
            Some(ty) => {
                let result = self.new_var(VarKind::Result, Pos::NONE, None, sym::EMPTY, Some(ty));
                self.obj_list(&[result])
            }
            None => ObjList::EMPTY,
        };
        let variadic = id == BuiltinId::Append;
        let sig = self.signatures.push(SignatureData { params, results, variadic, ..Default::default() });
        let sig = self.new_type(Type::Signature(sig));
        self.record_builtin_type(call.fun, id, sig);
    }

    /// Complains if the builtin, called `name`, is newer than the file's language version.
    fn builtin_version(&mut self, call: &'a ast::CallExpr<'a>, minor: u16, name: &str) {
        self.verify_version(call.fun, GoVersion::go1(minor), name);
    }

    /// `new(T) *T`, and since Go 1.26 `new(x) *T` for a value x of type T.
    fn builtin_new(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        const VALUES: GoVersion = GoVersion::go1(26);
        let arg = call.args[0];
        self.expr_or_type(x, arg, false);
        self.exclude(x, Accept::ValueOrType);
        match x.mode {
            Mode::Invalid => return false,
            Mode::TypeExpr => self.valid_var_type(arg, x.ty),
            _ => {
                if self.is_untyped(x.ty) {
                    self.assignment(x, None, "argument to new");
                    if !x.is_valid() {
                        return false;
                    }
                }
                // Only if there is nothing else to complain about.
                if !self.allow_version(VALUES) {
                    self.version_error(call.fun, VALUES, &format!("new({})", expr_string(arg)));
                }
            }
        }
        let ty = x.ty;
        x.mode = Mode::Value;
        x.ty = self.new_pointer(ty);
        self.record_builtin(call, BuiltinId::New, Some(x.ty), &[ty]);
        true
    }

    fn builtin_panic(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        // Only functions with results have to end in a terminating statement.
        if self.env.sig.is_some_and(|sig| !self.signatures[sig].results.is_empty()) {
            self.env.panic_calls.insert(e.id);
        }
        self.assignment(x, Some(typ::EMPTY_INTERFACE), "argument to panic");
        if !x.is_valid() {
            return false;
        }
        x.mode = Mode::NoValue;
        self.record_builtin(call, BuiltinId::Panic, None, &[typ::EMPTY_INTERFACE]);
        true
    }

    fn builtin_print(
        &mut self,
        x: &mut Operand<'a>,
        call: &'a ast::CallExpr<'a>,
        id: BuiltinId,
        args: &mut [Operand<'a>],
    ) -> bool {
        let context = match id {
            BuiltinId::Print => "argument to built-in print",
            _ => "argument to built-in println",
        };
        for arg in &mut *args {
            self.assignment(arg, None, context);
            if !arg.is_valid() {
                return false;
            }
        }
        x.mode = Mode::NoValue;
        let params: SmallVec<[TypeId; 4]> = args.iter().map(|arg| arg.ty).collect();
        self.record_builtin(call, id, None, &params);
        true
    }

    fn builtin_recover(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        x.mode = Mode::Value;
        // A type of its own, because messages call it interface{}, not any.
        let empty = self.ty(typ::EMPTY_INTERFACE);
        x.ty = self.new_type(empty);
        self.record_builtin(call, BuiltinId::Recover, Some(x.ty), &[]);
        true
    }

    /// Only in the checker's own tests: complains if the constant is not true.
    fn builtin_assert(&mut self, x: &mut Operand<'a>, e: &'a ast::Expr<'a>) -> bool {
        if x.mode != Mode::Constant || !self.is_boolean(x.ty) {
            let message = format!("invalid argument: {} is not a boolean constant", self.operand_string(x));
            self.error(&*x, Code::Test, message);
            return false;
        }
        if x.value().is_unknown() {
            let operand = self.operand_string(x);
            let message = format!("internal error: value of {operand} should be a boolean constant");
            self.error(&*x, Code::Test, message);
            return false;
        }
        if !x.value().as_bool() {
            self.error(e, Code::Test, format!("{} failed", expr_string(e)));
        }
        true
    }

    /// Only in the checker's own tests: the first argument, whatever it is. Nothing is printed.
    fn builtin_trace(&mut self, x: &mut Operand<'a>, call: &'a ast::CallExpr<'a>) -> bool {
        let Some((first, rest)) = call.args.split_first() else {
            x.mode = Mode::NoValue;
            return true;
        };
        self.raw_expr(None, x, first, None, false);
        for arg in rest {
            self.raw_expr(None, &mut Operand::new(), arg, None, false);
        }
        x.is_valid()
    }
}
