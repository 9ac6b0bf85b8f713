//! Type switches: `switch x := v.(type)`.
//!
//! Cases are tried in order. That of a concrete type compares the dynamic type's descriptor with the type's, that of an
//! interface type is a type assertion, nil compares with no type at all.

use crate::func::{FuncLowerer, Jump};
use crate::value::Val;
use abi::{CanonId, CanonType};
use base::Symbol;
use ir::{Block, Opcode, Ty, Value};
use syntax::ast::{self, ExprList};
use types::{BasicKind, Mode};

/// What is switched on.
struct Guard {
    ty: CanonId,
    val: Val,
    /// The descriptor of the dynamic type; null if there is none.
    dynamic: Value,
}

/// What the variable of a clause is given.
enum Binding {
    Guard,
    /// The one case's concrete type.
    Concrete(CanonId),
    /// The one case's interface type, asserted.
    Asserted(Val),
}

impl<'a> FuncLowerer<'_, 'a> {
    pub(crate) fn type_switch(&mut self, switch: &'a ast::SwitchStmt<'a>, x: &'a ast::Expr<'a>, label: Option<Symbol>) {
        let ty = self.type_of(x);
        let val = self.expr(x);
        let dynamic = self.dynamic_type(ty, &val);
        let guard = Guard { ty, val, dynamic };
        let exit = self.new_block();
        let mut default = exit;
        let mut bodies: Vec<(Block, Binding)> = Vec::new();
        for clause in switch.body {
            let body = self.new_block();
            if clause.cases.is_none() {
                default = body;
            }
            let cases = ExprList::of(clause.cases);
            let mut binding = Binding::Guard;
            for case in cases.iter() {
                self.at(case.pos);
                let found = self.try_case(&guard, case, body);
                if cases.len() == 1 {
                    binding = found;
                }
            }
            bodies.push((body, binding));
        }
        self.jump(default);

        self.jumps.push(Jump { label, on_break: Some(exit), on_continue: None });
        for (clause, (body, binding)) in switch.body.iter().zip(bodies) {
            self.join(body);
            if self.is_reachable() {
                self.at(clause.pos);
                self.bind_clause(&guard, clause, binding);
            }
            self.stmt_list(clause.body);
            self.jump(exit);
        }
        self.jumps.pop();
        self.join(exit);
    }

    /// Jumps to `body` if the case matches, and goes on if not.
    fn try_case(&mut self, guard: &Guard, case: &'a ast::Expr<'a>, body: Block) -> Binding {
        let next = self.new_block();
        let (matches, binding) = match self.case_type(case) {
            None => (self.emit(Opcode::Eqz, &[guard.dynamic], 0, Ty::I32), Binding::Guard),
            Some(ty) if matches!(self.shape(ty), CanonType::Interface(_)) => {
                let (val, ok) = self.type_assert(guard.val.clone(), guard.ty, ty, true);
                (ok.expect("lower: try_case: the assertion says whether it holds"), Binding::Asserted(val))
            }
            Some(ty) => {
                let descriptor = self.cx.descriptor(ty);
                let descriptor = self.data_addr(descriptor, 0);
                (self.op2(Opcode::Eq, guard.dynamic, descriptor), Binding::Concrete(ty))
            }
        };
        self.branch(matches, body, next);
        self.start(next);
        binding
    }

    /// None: nil.
    fn case_type(&mut self, case: &'a ast::Expr<'a>) -> Option<CanonId> {
        let case = case.unparen();
        let recorded = self.recorded(case);
        if recorded.mode == Mode::NilValue {
            return None;
        }
        let ty = self.type_of(case);
        (ty != abi::Types::basic(BasicKind::UntypedNil)).then_some(ty)
    }

    fn bind_clause(&mut self, guard: &Guard, clause: &'a ast::CaseClause<'a>, binding: Binding) {
        let Some(obj) = self.object_at(clause.id) else { return };
        let val = match binding {
            Binding::Guard => guard.val.clone(),
            Binding::Asserted(val) => val,
            Binding::Concrete(ty) => {
                let &[_, data] = guard.val.parts() else { unreachable!("lower: bind_clause: an interface") };
                self.from_data_word(data, ty)
            }
        };
        self.declare_var(obj, Some(val));
    }
}
