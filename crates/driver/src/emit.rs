//! Intermediate forms as text (`--emit`): of the packages that the command line names, in import order.
//!
//! - `ast`: each file as source again, which is how trees print.
//! - `types`: the package-level objects in source order, each with its type; below it what was recorded for the
//!   expressions of its initialiser or body, one a line in columns that tabs separate:
//!
//! ```text
//! package example/hello
//!
//! func main.main()
//!     ./main.go:5:5   fmt.Println   value func(a ...any) (n int, err error)
//!     ./main.go:5:14  "hello"       constant "hello" of type string
//! ```
//!
//! An expression's place is its node's, as in messages: a selector's is the dot. Expressions are cut when they get
//! long, because each contains the next.

use crate::check::ParsedFile;
use crate::gather::GatheredPackage;
use base::{Pos, SourceMap};
use std::fmt::Write;
use syntax::ast;
use syntax::walk::{Node, walk_block, walk_expr};
use types::constant::Value;
use types::{Checker, Mode, ObjKind, PkgId, TypeAndValue, UnitId};

pub(crate) fn emit_ast(package: &GatheredPackage, parsed: &[ParsedFile], sources: &SourceMap, out: &mut String) {
    for (file, parsed) in package.files.iter().zip(parsed) {
        put(out, format_args!("// {}\n{}\n", sources.file(file.id).shown, syntax::print::file(parsed.ast).trim_end()));
    }
}

pub(crate) fn emit_types(checker: &mut Checker, pkg: PkgId, out: &mut String) {
    put(out, format_args!("package {}\n", checker.packages[pkg].path));
    for index in 0..checker.package_states[pkg].obj_list.len() {
        let obj = checker.package_states[pkg].obj_list[index];
        let mut text = checker.object_string(obj);
        if let ObjKind::Const { val: Some(value) } = checker.obj(obj).kind {
            put(&mut text, format_args!(" = {}", constant_text(&checker.consts[value])));
        }
        put(out, format_args!("\n{text}\n"));
        let Some(decl) = checker.obj(obj).decl else { continue };
        let info = &checker.decls[decl];
        // What several variables share belongs to the first.
        let is_first = info.lhs.is_none_or(|lhs| checker.objs(lhs).first() == Some(&obj));
        let mut printer = Printer { checker, unit: info.unit, out };
        if let Some(init) = info.init.filter(|_| is_first && !info.inherited) {
            walk_expr(init, &mut |node| printer.node(node));
        }
        if let Some(body) = info.body {
            printer.unit = body.unit;
            walk_block(body.body.block, &mut |node| printer.node(node));
        }
    }
    out.push('\n');
}

struct Printer<'c, 'a> {
    checker: &'c Checker<'a>,
    unit: UnitId,
    out: &'c mut String,
}

impl<'a> Printer<'_, 'a> {
    fn node(&mut self, node: Node<'a>) -> bool {
        if let Node::Expr(e) = node {
            let recorded = self.checker.units[self.unit].types[e.id];
            if recorded.mode != Mode::Invalid {
                self.expression(e, recorded);
            }
        }
        true
    }

    fn expression(&mut self, e: &ast::Expr, recorded: TypeAndValue) {
        let place = self.place(e.pos);
        let ty = recorded.ty.map_or(String::new(), |ty| self.checker.type_string(ty));
        let what = match recorded.mode {
            Mode::Invalid => unreachable!("emit: a record without mode"),
            Mode::NoValue => "no value".to_owned(),
            Mode::NilValue => format!("nil of type {ty}"),
            Mode::TypeExpr => format!("type {ty}"),
            Mode::Builtin(_) => format!("built-in {ty}"),
            Mode::Constant => {
                let value = recorded.val.map_or(String::new(), |value| constant_text(&self.checker.consts[value]));
                format!("constant {value} of type {ty}")
            }
            Mode::Variable => format!("variable {ty}"),
            Mode::MapIndex => format!("map index {ty}"),
            Mode::Value => format!("value {ty}"),
            Mode::CommaOk => format!("comma-ok {ty}"),
            Mode::CommaErr => format!("comma-error {ty}"),
        };
        put(self.out, format_args!("\t{place}\t{}\t{what}\n", syntax::expr_summary(e)));
    }

    fn place(&self, pos: Pos) -> String {
        if pos.is_known() { self.checker.sources.location(pos).to_string() } else { "-".to_owned() }
    }
}

/// Long strings are not even joined: a chain of concatenations has one for each link.
fn constant_text(value: &Value) -> String {
    const LONGEST: usize = 72;
    match value.string_len() {
        0..=LONGEST => value.exact_string(),
        len => format!("string of {len} bytes"),
    }
}

fn put(out: &mut String, text: std::fmt::Arguments) {
    out.write_fmt(text).expect("a String accepts every write");
}
