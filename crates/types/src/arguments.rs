//! Passing arguments: their number, inference for generic functions on either side, assignment to parameters.
//!
//! How many arguments a call may have:
//!
//! ```text
//!                 f(a, b)             f(a, b...)
//! not variadic    args == params      not allowed
//! variadic        args >= params-1    args == params
//! ```
//!
//! A generic function and generic functions among its arguments are solved together: `apply(f, xs)` may infer from
//! `xs` what instance of `f` is meant.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::func_inst::TypeArgExprs;
use crate::operand::Operand;
use crate::store::*;
use crate::version::GoVersion;
use base::Pos;
use smallvec::SmallVec;
use syntax::{ast, expr_string};

/// What is called: a signature, and the explicit type arguments if it is generic and they are not all given.
pub struct Callee<'a> {
    pub sig: TypeId,
    pub targs: Vec<TypeId>,
    pub exprs: TypeArgExprs<'a>,
}

/// Evaluated arguments.
#[derive(Default)]
pub struct Arguments<'a> {
    pub operands: Vec<Operand<'a>>,
    /// Type arguments of partially instantiated generic functions, by index of the operand.
    pub partial: SmallVec<[(usize, Vec<TypeId>); 1]>,
}

/// The types arguments are assigned to.
#[derive(Clone, Copy)]
struct Params {
    vars: ObjList,
    /// The last parameter is variadic and gets any number of arguments, each of its element type.
    spread: bool,
}

impl<'a> Checker<'a> {
    /// Checks the arguments of a call. Returns the type of the function called, instantiated if it was generic; after
    /// an error as it came.
    pub fn arguments(
        &mut self,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        callee: Callee<'a>,
        mut args: Arguments<'a>,
    ) -> TypeId {
        let sig = self.as_signature(callee.sig).expect("arguments: a function is called");
        let count = args.operands.len();
        let mut wanted = sig.params.len();
        let mut params = Params { vars: sig.params, spread: false };
        if sig.variadic && call.has_dots {
            // variadic(a, b, c...)
            if call.args.len() == 1 && count > 1 {
                let message = format!("cannot use ... with {count}-valued {}", expr_string(call.args[0]));
                self.error(e, Code::InvalidDotDotDot, message);
                return callee.sig;
            }
        } else if sig.variadic {
            // variadic(a, b, c)
            if count + 1 >= wanted {
                params.spread = true;
                wanted = count;
            } else {
                wanted -= 1;
            }
        } else if call.has_dots {
            let message = format!("cannot use ... in call to non-variadic {}", expr_string(call.fun));
            self.error(e, Code::NonVariadicDotDotDot, message);
            return callee.sig;
        }
        if count != wanted {
            self.wrong_argument_count(e, call, sig, &args.operands, wanted);
            return callee.sig;
        }

        let generic_arg =
            |c: &Checker<'a>, arg: &Operand<'a>| c.as_signature(arg.ty).is_some_and(|sig| !sig.tparams.is_empty());
        let mut result = callee.sig;
        if !sig.tparams.is_empty() || args.operands.iter().any(|arg| generic_arg(self, arg)) {
            let Some(inst) = self.generic_arguments(e, call, &callee, params, &mut args) else {
                return callee.sig;
            };
            result = inst;
            params.vars = self.as_signature(inst).expect("arguments: an instance is a function").params;
        }
        self.assign_arguments(call, params, &mut args.operands);
        result
    }

    /// Infers missing type arguments of the callee and of generic functions among the arguments, and instantiates
    /// them. Returns the callee's instance.
    fn generic_arguments(
        &mut self,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        callee: &Callee<'a>,
        params: Params,
        args: &mut Arguments<'a>,
    ) -> Option<TypeId> {
        let sig = self.as_signature(callee.sig).expect("arguments: a function is called");
        let own = sig.tparams.len();
        let mut vars = self.param_vars(params, args.operands.len());

        // First the type parameters of the callee, then those of each generic argument.
        let mut tparams: SmallVec<[TypeId; 4]> = SmallVec::new();
        let mut targs: SmallVec<[Option<TypeId>; 4]> = callee.targs.iter().copied().map(Some).collect();
        if own > 0 {
            if !self.allow_version(GoVersion::go1(18)) {
                if matches!(call.fun.kind, ast::ExprKind::Index { .. }) {
                    self.version_error(call.fun, GoVersion::go1(18), "function instantiation");
                } else {
                    self.version_error(e, GoVersion::go1(18), "implicit function instantiation");
                }
            }
            let (renamed, renaming) = self.rename_type_params(e.pos, sig.tparams);
            vars = self.subst_tuple(e.pos, vars, &renaming);
            tparams.extend_from_slice(self.type_ids(renamed));
            targs.resize(own, None);
        }
        let mut generic: SmallVec<[(usize, usize); 2]> = SmallVec::new(); // index, number of type parameters
        for (index, arg) in args.operands.iter_mut().enumerate() {
            let Some(arg_sig) = self.as_signature(arg.ty).filter(|sig| !sig.tparams.is_empty()) else {
                continue;
            };
            // Each argument gets a type of its own: f(g, g) has two instances of g to find.
            let (renamed, renaming) = self.rename_type_params(e.pos, arg_sig.tparams);
            let renamed_sig = self.subst(e.pos, arg.ty, &renaming);
            let renamed_sig = self.as_signature(renamed_sig).expect("subst: a function stays one");
            arg.ty = self.new_signature(SignatureData { tparams: renamed, ..renamed_sig });
            tparams.extend_from_slice(self.type_ids(renamed));
            if let Some((_, given)) = args.partial.iter().find(|entry| entry.0 == index) {
                targs.extend(given.iter().copied().map(Some));
            }
            targs.resize(tparams.len(), None);
            generic.push((index, renamed.len()));
        }
        if let Some(&(index, _)) = generic.first() {
            let at = &args.operands[index];
            self.verify_version(at, GoVersion::go1(21), "implicitly instantiated function as argument");
        }

        let tparams = self.type_list(&tparams);
        let mut err = ErrorBuilder::new(Code::CannotInferTypeArgs);
        let Some(targs) = self.infer(e.pos, tparams, &targs, vars, &args.operands, false, &mut err) else {
            if let Some((pos, message)) = err.parts.into_iter().next() {
                let message = format!("in call to {}, {message}", expr_string(call.fun));
                self.error(pos, Code::CannotInferTypeArgs, message);
            }
            return None;
        };

        let (own, mut rest) = targs.split_at(own);
        let inst = match own {
            [] => callee.sig,
            _ => self.instantiate_signature(e.pos, call.fun, callee.sig, own, &callee.exprs),
        };
        for (index, count) in generic {
            let arg = &mut args.operands[index];
            let (targs, others) = rest.split_at(count);
            arg.ty = self.instantiate_signature(e.pos, arg.expr(), arg.ty, targs, &[]);
            self.record(&args.operands[index]);
            rest = others;
        }
        Some(inst)
    }

    /// One parameter for each argument.
    fn param_vars(&mut self, params: Params, count: usize) -> ObjList {
        if !params.spread {
            return params.vars;
        }
        let Some((&variadic, fixed)) = self.objs(params.vars).split_last() else {
            unreachable!("arguments: a variadic function has a parameter");
        };
        let mut vars: SmallVec<[ObjId; 8]> = fixed.into();
        let Object { pos, pkg, name, .. } = *self.obj(variadic);
        let elem = self.variadic_elem(variadic);
        while vars.len() < count {
            vars.push(self.new_var(VarKind::Param, pos, pkg, name, Some(elem)));
        }
        self.obj_list(&vars)
    }

    /// `T` of a parameter `...T`.
    fn variadic_elem(&self, variadic: ObjId) -> TypeId {
        match self.ty(self.type_of_var(variadic)) {
            Type::Slice { elem } => elem,
            other => unreachable!("arguments: variadic parameter of type {other:?}"),
        }
    }

    fn assign_arguments(&mut self, call: &'a ast::CallExpr<'a>, params: Params, args: &mut [Operand<'a>]) {
        let fixed = params.vars.len() - usize::from(params.spread);
        let mut context: Option<String> = None;
        for (index, arg) in args.iter_mut().enumerate() {
            let ty = if index < fixed {
                self.type_of_var(self.obj_at(params.vars, index))
            } else {
                self.variadic_elem(self.obj_at(params.vars, fixed))
            };
            // The very same type as written: nothing to find out, and no need to word a context.
            if arg.ty == ty && matches!(arg.mode, Mode::Value | Mode::Variable) {
                continue;
            }
            let context = context.get_or_insert_with(|| format!("argument to {}", expr_string(call.fun)));
            self.assignment(arg, Some(ty), context);
        }
    }

    fn wrong_argument_count(
        &mut self,
        e: &'a ast::Expr<'a>,
        call: &'a ast::CallExpr<'a>,
        sig: SignatureData,
        args: &[Operand<'a>],
        wanted: usize,
    ) {
        let too_many = args.len() > wanted;
        let at = if too_many {
            args[wanted].expr() // the first one too many
        } else {
            args.last().map_or(e, Operand::expr)
        };
        let have: Vec<TypeId> = args.iter().map(|arg| arg.ty).collect();
        let want: Vec<TypeId> = self.objs(sig.params).iter().map(|&param| self.type_of_var(param)).collect();
        let quantity = if too_many { "too many" } else { "not enough" };
        let mut err = ErrorBuilder::new(Code::WrongArgCount);
        err.add(at, format!("{quantity} arguments in call to {}", expr_string(call.fun)));
        err.add(Pos::NONE, format!("have {}", self.types_summary(&have, false, call.has_dots)));
        err.add(Pos::NONE, format!("want {}", self.types_summary(&want, sig.variadic, false)));
        self.report(err);
    }
}
