//! Generic functions that become values: `f[int]`, and `f` where the assignment tells what its type arguments are.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::operand::{Operand, Target};
use crate::store::*;
use crate::version::GoVersion;
use base::{Pos, Symbol, sym};
use smallvec::SmallVec;
use syntax::ast;

/// Expressions given as type arguments.
pub type TypeArgExprs<'a> = SmallVec<[&'a ast::Expr<'a>; 4]>;

/// The type argument expressions of an instantiation `f[A, B]`.
pub fn type_arg_exprs<'a>(inst: &'a ast::Expr<'a>) -> TypeArgExprs<'a> {
    match inst.kind {
        ast::ExprKind::Index { index, .. } => index.list().iter().collect(),
        _ => unreachable!("func_inst: an instantiation is an index expression"),
    }
}

impl<'a> Checker<'a> {
    /// Instantiates the generic function `x`. `inst` is the index expression with explicit type arguments, `target`
    /// the function variable it is assigned to; there is at least one of them.
    ///
    /// With `infer`, missing type arguments are inferred. Without, and if some are missing, `x` stays as it is and
    /// those given are returned. After an error `x` is invalid but keeps its type, so that a call it is an argument of is
    /// still seen to need inference, and not complained about.
    pub fn func_inst(
        &mut self,
        target: Option<&Target>,
        pos: Pos,
        x: &mut Operand<'a>,
        inst: Option<&'a ast::Expr<'a>>,
        infer: bool,
    ) -> Option<Vec<TypeId>> {
        debug_assert!(target.is_some() || inst.is_some());
        let err_pos = inst.map_or(pos, |inst| inst.pos);
        if inst.is_some() {
            x.expr = inst;
        }
        let version_ok = self.verify_version(err_pos, GoVersion::go1(18), "function instantiation");

        let (targs, exprs) = match inst {
            None => (Vec::new(), TypeArgExprs::new()),
            Some(inst) => {
                let exprs = type_arg_exprs(inst);
                let Some(targs) = self.type_exprs(&exprs) else {
                    x.mode = Mode::Invalid;
                    return None;
                };
                (targs, exprs)
            }
        };

        let sig = self.as_signature(x.ty).expect("func_inst: operand is a function");
        let (got, want) = (targs.len(), sig.tparams.len());
        if got > want {
            let message = format!("got {got} type arguments but want {want}");
            self.error(exprs[got - 1], Code::WrongTypeArgCount, message);
            x.mode = Mode::Invalid;
            return None;
        }
        if got < want && !infer {
            return Some(targs);
        }
        let targs = if got == want {
            targs
        } else {
            if version_ok && target.is_some() && !self.allow_version(GoVersion::go1(21)) {
                let what = if inst.is_some() { "partially" } else { "implicitly" };
                let what = format!("{what} instantiated function in assignment");
                self.version_error(err_pos, GoVersion::go1(21), &what);
            }
            let Some(targs) = self.infer_from_target(target, pos, x, sig, &targs) else {
                x.mode = Mode::Invalid;
                return None;
            };
            targs
        };
        x.ty = self.instantiate_signature(x.expr().pos, x.expr(), x.ty, &targs, &exprs);
        x.mode = Mode::Value;
        None
    }

    /// Infers type arguments of `x` as if it were assigned to the target: the assignment `var v T = x` is treated as a
    /// call `g(v)` of a function `g` with the type parameters of `x` and one parameter of the type of `x`.
    fn infer_from_target(
        &mut self,
        target: Option<&Target>,
        pos: Pos,
        x: &Operand<'a>,
        sig: SignatureData,
        targs: &[TypeId],
    ) -> Option<Vec<TypeId>> {
        let x_pos = x.expr().pos;
        let mut params = ObjList::EMPTY;
        let mut args: SmallVec<[Operand<'a>; 1]> = SmallVec::new();
        if let Some(target) = target {
            let SignatureData { params: sig_params, results, variadic, .. } = sig;
            let plain =
                self.new_signature(SignatureData { params: sig_params, results, variadic, ..Default::default() });
            let pkg = Some(self.env.pkg);
            let param = self.new_var(VarKind::Param, x_pos, pkg, sym::EMPTY, Some(plain));
            params = self.obj_list(&[param]);
            // An operand that is never recorded: it only has to look right in a message.
            let name = ast::ExprKind::Name(Symbol::intern(&target.desc));
            let expr = self.arena.alloc(ast::Expr { id: ast::NodeId::from_const(0), pos: x_pos, kind: name });
            let ty = self.new_type(Type::Signature(target.sig));
            args.push(Operand { mode: Mode::Value, expr: Some(expr), ty, val: None });
        }
        let (tparams, renaming) = self.rename_type_params(pos, sig.tparams);
        let params = self.subst_tuple(pos, params, &renaming);
        let given: SmallVec<[Option<TypeId>; 4]> = targs.iter().copied().map(Some).collect();
        let mut err = ErrorBuilder::new(Code::CannotInferTypeArgs);
        let inferred = self.infer(pos, tparams, &given, params, &args, target.is_some(), &mut err);
        if inferred.is_none() && !err.is_empty() {
            self.report(err);
        }
        inferred
    }

    /// The instance of a generic function type for all its type arguments. `e` denotes the function; `exprs` are those
    /// type arguments that were written out. Whether they satisfy their constraints is checked later.
    pub fn instantiate_signature(
        &mut self,
        pos: Pos,
        e: &'a ast::Expr<'a>,
        sig: TypeId,
        targs: &[TypeId],
        exprs: &[&'a ast::Expr<'a>],
    ) -> TypeId {
        let inst = self.instance(pos, sig, targs);
        self.record_instance(e, targs, inst);

        let tparams = self.as_signature(sig).expect("instantiate_signature: a function type").tparams;
        debug_assert!(targs.len() == tparams.len() && exprs.len() <= targs.len());
        let targs = self.type_list(targs);
        let exprs: TypeArgExprs<'a> = exprs.into();
        self.later(move |c| {
            let targs: SmallVec<[TypeId; 4]> = c.type_ids(targs).into();
            match c.verify_instance(pos, tparams, &targs) {
                Ok(()) => c.mono_instance(c.env.pkg, pos, tparams, &targs, &exprs),
                Err((index, cause)) => {
                    let pos = exprs.get(index).map_or(pos, |e| e.start());
                    c.soft_error(pos, Code::InvalidTypeArg, cause);
                }
            }
        });
        inst
    }
}
