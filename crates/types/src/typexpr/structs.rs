//! Struct types.

use crate::checker::{Checker, ErrorBuilder};
use crate::code::Code;
use crate::decl::pointer_base;
use crate::store::*;
use crate::universe::typ;
use base::{Pos, Symbol, sym};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use syntax::ast::{Expr, ExprKind, Field, Ident, LitKind, StructType};

/// A struct type while its fields are collected.
#[derive(Default)]
struct Fields {
    fields: SmallVec<[ObjId; 16]>,
    /// Empty until there is a tag, then parallel to `fields`.
    tags: SmallVec<[Symbol; 16]>,
    names: FxHashMap<Symbol, ObjId>,
}

impl<'a> Checker<'a> {
    pub(super) fn struct_type(&mut self, e: &'a StructType<'a>) -> TypeId {
        let mut collected = Fields::default();
        let mut ty = typ::INVALID;
        let mut previous: Option<&Expr> = None;
        for (index, field) in e.fields.iter().enumerate() {
            // `a, b T` has one type.
            if previous.is_none_or(|previous| !std::ptr::eq(previous, field.ty)) {
                previous = Some(field.ty);
                ty = self.var_type(field.ty);
            }
            let tag = e.tags.get(index).copied().flatten().map_or(sym::EMPTY, |tag| self.tag(tag));
            match field.name {
                Some(name) => self.add_field(&mut collected, name, ty, tag, false),
                None => self.embedded_field(&mut collected, field, ty, tag),
            }
        }
        let fields = self.obj_list(&collected.fields);
        let tags = self.tag_list(&collected.tags);
        let id = self.structs.push(StructData { fields, tags });
        self.new_type(Type::Struct(id))
    }

    /// spec: "Within a struct, non-blank field names must be unique."
    fn add_field(&mut self, collected: &mut Fields, name: Ident, ty: TypeId, tag: Symbol, embedded: bool) {
        let kind = ObjKind::Var { kind: VarKind::Field, embedded, used: false, origin: None };
        let field = self.store.new_object(kind, name.pos, Some(self.env.pkg), name.name, Some(ty));
        if !name.name.is_blank()
            && let Some(&other) = collected.names.get(&name.name)
        {
            let mut err = ErrorBuilder::new(Code::DuplicateDecl);
            err.add(name.pos, format!("{} redeclared", name.name));
            self.add_alt_decl(&mut err, other);
            self.report(err);
            return;
        }
        collected.names.insert(name.name, field);
        if tag != sym::EMPTY && collected.tags.is_empty() {
            collected.tags.resize(collected.fields.len(), sym::EMPTY);
        }
        if tag != sym::EMPTY || !collected.tags.is_empty() {
            collected.tags.push(tag);
        }
        collected.fields.push(field);
        self.record_def(name, field);
    }

    fn embedded_field(&mut self, collected: &mut Fields, field: &'a Field<'a>, ty: TypeId, tag: Symbol) {
        let pos = field.ty.start();
        match embedded_name(field.ty) {
            Some(name) => {
                self.add_field(collected, name, ty, tag, true);
                self.later(move |checker| checker.check_embedded_type(pos, ty));
            }
            None => {
                let message = format!("invalid embedded field type {}", syntax::expr_string(field.ty));
                self.error(pos, Code::InvalidSyntaxTree, message);
                // The number of fields stays that of the source.
                let blank = Ident { id: field.ty.id, pos, name: sym::BLANK };
                self.add_field(collected, blank, typ::INVALID, sym::EMPTY, true);
            }
        }
    }

    /// spec: "An embedded field must be specified as a type name T or as a pointer to a non-interface type name *T, and
    /// T itself may not be a pointer type or type parameter."
    fn check_embedded_type(&mut self, pos: Pos, ty: TypeId) {
        let (base, is_pointer) = self.deref(ty);
        let under = self.under(base);
        let (code, what) = match self.ty(under) {
            // Treated like a regular pointer.
            Type::Basic(BasicKind::UnsafePointer) => (Code::InvalidPtrEmbed, "unsafe.Pointer"),
            Type::Pointer { .. } => (Code::InvalidPtrEmbed, "a pointer"),
            Type::Interface(_) if self.is_type_param(base) => {
                (Code::MisplacedTypeParam, "a (pointer to a) type parameter")
            }
            Type::Interface(_) if is_pointer => (Code::InvalidPtrEmbed, "a pointer to an interface"),
            _ => return,
        };
        self.error(pos, code, format!("embedded field type cannot be {what}"));
    }

    fn tag(&mut self, tag: &'a Expr<'a>) -> Symbol {
        let ExprKind::BasicLit { kind, text, bad: false } = tag.kind else {
            return sym::EMPTY; // the lexer has complained
        };
        if kind == LitKind::String
            && let Some(value) = syntax::literal::string_value(text)
        {
            return Symbol::intern(&String::from_utf8_lossy(&value));
        }
        let message = format!("incorrect tag syntax: {text:?}");
        self.error(tag, Code::InvalidSyntaxTree, message);
        sym::EMPTY
    }
}

/// The field name of an embedded type: the type name of `T`, `*T`, `p.T`, `T[A]`, ...
fn embedded_name<'a>(e: &'a Expr<'a>) -> Option<Ident> {
    match e.kind {
        ExprKind::Name(_) => e.as_ident(),
        ExprKind::Selector { sel, .. } => Some(sel),
        ExprKind::Index { x, .. } => embedded_name(x),
        _ => {
            let base = pointer_base(e)?;
            if pointer_base(base).is_some() { None } else { embedded_name(base) }
        }
    }
}
