//! Declarations: from parsed files to objects that have types.
//!
//! In reading order:
//!
//! - [`collect`] adds a package: file scopes, imports, package-level objects, methods by receiver base type. Nothing is
//!   type-checked. [`imports`] has what concerns import declarations, [`receiver`] what can be said of a receiver from
//!   its syntax alone.
//! - [`package`] walks a package that is checked whole, and serves those who ask for single objects and bodies.
//! - [`objects`] checks the declaration of one object, whoever asks for it first; [`types`] those of types.
//! - [`cycles`] and [`valid_type`] find declarations that lead back to themselves. Which of the two reports a cycle
//!   depends on its shape:
//!
//! ```text
//! type A B; type B A                  only names: cycles::direct_cycle, before anything is checked
//! type A = [10]A; const a = len(v)    through an alias or value: cycles::valid_cycle, on reaching A again
//! type A struct { f B }; type B ...   in memory: valid_type, when the types are complete
//! unsafe.Sizeof(A{}) within A         size asked for too early: finite_size, where expressions are checked
//! ```
//! - [`interface_cycles`] refuses anonymous interfaces that contain themselves, which gc cannot name.

mod collect;
mod cycles;
mod imports;
mod interface_cycles;
mod objects;
mod package;
mod receiver;
mod types;
mod valid_type;

pub(crate) use receiver::{Receiver, pointer_base};

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::store::{ObjId, ScopeId};
use base::Pos;
use syntax::ast::{self, ExprList, Group, Ident};

impl<'a> Checker<'a> {
    /// Declares `obj` in `scope`; its own scope starts at `scope_pos`. `id` is the identifier to record it for.
    ///
    /// spec: "The blank identifier may be used like any other identifier in a declaration, but it does not introduce a
    /// binding and thus is not declared."
    pub fn declare(&mut self, scope: ScopeId, id: Option<Ident>, obj: ObjId, scope_pos: Pos) {
        let (name, pos) = (self.obj(obj).name, self.obj(obj).pos);
        if !name.is_blank() {
            if let Some(other) = self.insert(scope, obj) {
                let mut err = ErrorBuilder::new(Code::DuplicateDecl);
                err.add(pos, format!("{name} redeclared in this block"));
                self.add_alt_decl(&mut err, other);
                self.report(err);
                return;
            }
            self.objects[obj].scope_pos = scope_pos;
        }
        if let Some(id) = id {
            self.record_def(id, obj);
        }
    }

    /// Compares the number of names and initialisers. A single initialiser for several variables may be a call with
    /// several results: that is left to its type. `inherited`: the initialisers are an earlier constant's.
    pub(super) fn arity(&mut self, pos: Pos, names: &[Ident], inits: ExprList<'a>, is_const: bool, inherited: bool) {
        let code = Code::WrongAssignCount;
        if let Some(extra) = inits.get(names.len()) {
            if inherited {
                let place = self.pos_string(extra.pos);
                self.error(pos, code, format!("extra init expr at {place}"));
            } else {
                self.error(extra, code, format!("extra init expr {}", syntax::expr_string(extra)));
            }
        } else if let Some(missing) = names.get(inits.len())
            && (is_const || inits.len() != 1)
        {
            self.error(missing, code, format!("missing init expr for {}", missing.name));
        }
    }
}

/// Follows constant declarations in source order to know iota and what a bare name inherits.
///
/// spec: "Within a parenthesized const declaration list the expression list may be omitted from any but the first
/// ConstSpec. Such an empty list is equivalent to the textual substitution of the first preceding non-empty expression
/// list and its type if any."
#[derive(Default)]
struct ConstGroups<'a> {
    group: Option<Group>,
    /// Index of the current declaration in its group.
    iota: u32,
    /// The group's last declaration with a type or initialisers.
    last: Option<&'a ast::ConstDecl<'a>>,
}

/// What holds for the names of one constant declaration.
struct ConstSpec<'a> {
    iota: u32,
    ty: Option<&'a ast::Expr<'a>>,
    values: ExprList<'a>,
    inherited: bool,
}

impl<'a> ConstGroups<'a> {
    fn next(&mut self, decl: &'a ast::ConstDecl<'a>) -> ConstSpec<'a> {
        // A group's declarations stand next to each other and no other group has its number.
        if decl.group.is_some() && decl.group == self.group {
            self.iota += 1;
        } else {
            *self = ConstGroups { group: decl.group, ..ConstGroups::default() };
        }
        let inherited = decl.ty.is_none() && decl.values.is_none();
        if !inherited {
            self.last = Some(decl);
        }
        ConstSpec {
            iota: self.iota,
            ty: self.last.and_then(|last| last.ty),
            values: ExprList::of(self.last.and_then(|last| last.values)),
            inherited,
        }
    }
}
