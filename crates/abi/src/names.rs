//! How types print at run time, and the names that tell them apart when linking.
//!
//! Both are gc's, because programs see both: `reflect` shows names qualified by package *name*, but inside the brackets
//! of an instance the linker's form, qualified by escaped import path, with numbers on types defined in functions and
//! renamed embedded fields spelled out:
//!
//! ```text
//! name   main.G[example.com/q%2ev1/sub.T]      struct { main.L; x int }
//! link   main.G[example.com/q%2ev1/sub.T]      struct { main.L = main.L·5; main.x int }
//! ```
//!
//! Identical types, and no others, have equal link names.

use crate::canon::{CanonId, CanonType, Field, InterfaceMethods, Types};
use rustc_hash::FxHashMap;
use std::fmt::Write;
use std::rc::Rc;
use syntax::unicode::quote_bytes;
use types::{BasicKind, ChanDir, Checker, ObjId, PkgId};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// What `reflect.Type.String` answers.
    Name,
    Link,
}

#[derive(Default)]
pub(crate) struct NameTables {
    links: FxHashMap<CanonId, Rc<str>>,
}

impl Types {
    /// What `reflect.Type.String` answers.
    pub fn name(&mut self, checker: &Checker<'_>, ty: CanonId) -> String {
        let mut out = String::new();
        self.write_type(checker, ty, Form::Name, &mut out);
        out
    }

    /// Equal exactly for identical types; what symbols and hashes are made of.
    pub fn link_name(&mut self, checker: &Checker<'_>, ty: CanonId) -> Rc<str> {
        if let Some(known) = self.names.links.get(&ty) {
            return known.clone();
        }
        let mut out = String::new();
        self.write_type(checker, ty, Form::Link, &mut out);
        let link: Rc<str> = out.into();
        self.names.links.insert(ty, link.clone());
        link
    }

    /// `Type.Hash`: FNV-1a of the link name, its bits mixed once more because maps and switches take a few of them.
    pub fn hash(&mut self, checker: &Checker<'_>, ty: CanonId) -> u32 {
        let link = self.link_name(checker, ty);
        let hash = link.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
        hash ^ hash >> 13
    }

    /// A package's path as it stands in symbols.
    pub fn package_prefix(&self, checker: &Checker<'_>, pkg: PkgId) -> String {
        escape_path(self.package_path(checker, pkg))
    }

    fn write_type(&mut self, checker: &Checker<'_>, ty: CanonId, form: Form, out: &mut String) {
        match self[ty] {
            CanonType::Basic(BasicKind::UnsafePointer) => out.push_str("unsafe.Pointer"),
            CanonType::Basic(kind) => out.push_str(kind.name()),
            CanonType::Pointer(elem) => {
                out.push('*');
                self.write_type(checker, elem, form, out);
            }
            CanonType::Slice(elem) => {
                out.push_str("[]");
                self.write_type(checker, elem, form, out);
            }
            CanonType::Array { len, elem } => {
                write!(out, "[{len}]").expect("a String takes all");
                self.write_type(checker, elem, form, out);
            }
            CanonType::Map { key, elem } => {
                out.push_str("map[");
                self.write_type(checker, key, form, out);
                out.push(']');
                self.write_type(checker, elem, form, out);
            }
            CanonType::Chan { dir, elem } => {
                out.push_str(match dir {
                    ChanDir::RecvOnly => "<-chan ",
                    ChanDir::SendOnly => "chan<- ",
                    ChanDir::Both => "chan ",
                });
                // spec: "The <- operator associates with the leftmost chan possible"
                let is_ambiguous =
                    dir == ChanDir::Both && matches!(self[elem], CanonType::Chan { dir: ChanDir::RecvOnly, .. });
                out.push_str(if is_ambiguous { "(" } else { "" });
                self.write_type(checker, elem, form, out);
                out.push_str(if is_ambiguous { ")" } else { "" });
            }
            CanonType::Func { .. } => {
                out.push_str("func");
                self.write_signature(checker, ty, form, out);
            }
            CanonType::Struct(fields) => {
                out.push_str("struct {");
                for index in 0..self.fields(fields).len() {
                    out.push_str(if index > 0 { "; " } else { " " });
                    let field = self.fields(fields)[index];
                    self.write_field(checker, field, form, out);
                }
                out.push_str(if self.fields(fields).is_empty() { "}" } else { " }" });
            }
            CanonType::Interface(methods) => self.write_interface(checker, methods, form, out),
            CanonType::Named { obj, .. } => match form {
                Form::Link if !self.names.links.contains_key(&ty) => {
                    let mut link = String::new();
                    self.write_named(checker, ty, obj, form, &mut link);
                    out.push_str(&link);
                    self.names.links.insert(ty, link.into());
                }
                Form::Link => out.push_str(&self.names.links[&ty]),
                Form::Name => self.write_named(checker, ty, obj, form, out),
            },
            CanonType::Tuple(list) => {
                out.push('(');
                self.write_list(checker, list, form, out);
                out.push(')');
            }
        }
    }

    fn write_named(&mut self, checker: &Checker<'_>, ty: CanonId, obj: ObjId, form: Form, out: &mut String) {
        if let Some(pkg) = checker.obj(obj).pkg {
            self.write_package(checker, pkg, form, out);
        }
        self.write_type_name(checker, ty, form, out);
    }

    /// A defined type's name without its package: with type arguments, those of the function around it first.
    fn write_type_name(&mut self, checker: &Checker<'_>, ty: CanonId, form: Form, out: &mut String) {
        let CanonType::Named { obj, enclosing, targs } = self[ty] else {
            unreachable!("abi: names: not a defined type")
        };
        out.push_str(checker.obj(obj).name.as_str());
        let (outer, inner) = (self.list(enclosing).len(), self.list(targs).len());
        if outer + inner > 0 {
            out.push('[');
            for index in 0..outer + inner {
                if index > 0 {
                    out.push(if index == outer { ';' } else { ',' });
                }
                let arg = if index < outer { self.list(enclosing)[index] } else { self.list(targs)[index - outer] };
                let link = self.link_name(checker, arg);
                out.push_str(&link);
            }
            out.push(']');
        }
        if form == Form::Link
            && let Some(number) = self.locals.number(checker, obj)
        {
            write!(out, "·{number}").expect("a String takes all");
        }
    }

    fn write_package(&self, checker: &Checker<'_>, pkg: PkgId, form: Form, out: &mut String) {
        match form {
            Form::Name => out.push_str(checker.packages[pkg].name.as_str()),
            Form::Link => out.push_str(&self.package_prefix(checker, pkg)),
        }
        out.push('.');
    }

    fn write_signature(&mut self, checker: &Checker<'_>, ty: CanonId, form: Form, out: &mut String) {
        let CanonType::Func { params, results, variadic } = self[ty] else {
            unreachable!("abi: names: not a function type")
        };
        out.push('(');
        let count = self.list(params).len();
        for index in 0..count {
            out.push_str(if index > 0 { ", " } else { "" });
            let param = self.list(params)[index];
            match self[param] {
                CanonType::Slice(elem) if variadic && index + 1 == count => {
                    out.push_str("...");
                    self.write_type(checker, elem, form, out);
                }
                _ => self.write_type(checker, param, form, out),
            }
        }
        out.push(')');
        match *self.list(results) {
            [] => {}
            [result] => {
                out.push(' ');
                self.write_type(checker, result, form, out);
            }
            _ => {
                out.push_str(" (");
                self.write_list(checker, results, form, out);
                out.push(')');
            }
        }
    }

    fn write_list(&mut self, checker: &Checker<'_>, list: crate::canon::CanonList, form: Form, out: &mut String) {
        for index in 0..self.list(list).len() {
            out.push_str(if index > 0 { ", " } else { "" });
            let ty = self.list(list)[index];
            self.write_type(checker, ty, form, out);
        }
    }

    fn write_interface(&mut self, checker: &Checker<'_>, methods: InterfaceMethods, form: Form, out: &mut String) {
        if methods == InterfaceMethods::EMPTY {
            out.push_str("interface {}");
            return;
        }
        out.push_str("interface {");
        for index in 0..self.interface_methods(methods).len() {
            out.push_str(if index > 0 { "; " } else { " " });
            let method = self.interface_methods(methods)[index];
            if let Some(pkg) = method.pkg {
                self.write_package(checker, pkg, form, out);
            }
            out.push_str(method.name.as_str());
            self.write_signature(checker, method.sig, form, out);
        }
        out.push_str(" }");
    }

    fn write_field(&mut self, checker: &Checker<'_>, field: Field, form: Form, out: &mut String) {
        let shows_name = match form {
            Form::Name => !field.embedded,
            Form::Link => !field.embedded || !self.is_named_after_type(checker, field),
        };
        if shows_name {
            if let (Form::Link, Some(pkg)) = (form, field.pkg) {
                self.write_package(checker, pkg, form, out);
            }
            out.push_str(field.name.as_str());
            out.push_str(if field.embedded { " = " } else { " " });
        }
        self.write_type(checker, field.ty, form, out);
        if field.tag != base::sym::EMPTY {
            out.push(' ');
            out.push_str(&quote_bytes(field.tag.as_str().as_bytes()));
        }
    }

    /// Whether an embedded field's name is that of its type as symbols have it. It is not if the type was embedded by an
    /// alias, has type arguments or a number, or if the type's name belongs to another package than the field's.
    fn is_named_after_type(&mut self, checker: &Checker<'_>, field: Field) -> bool {
        let ty = match self[field.ty] {
            CanonType::Pointer(elem) => elem,
            _ => field.ty,
        };
        let CanonType::Named { obj, .. } = self[ty] else { return false };
        let mut name = String::new();
        self.write_type_name(checker, ty, Form::Link, &mut name);
        let pkg = checker.obj(obj).pkg;
        name == field.name.as_str() && (field.pkg.is_none() || field.pkg == pkg)
    }
}

/// A path as symbols have it: dots after the last slash, and what is no plain character, are `%xx`.
fn escape_path(path: &str) -> String {
    let last = path.rfind('/').map_or(0, |slash| slash + 1);
    let mut out = String::with_capacity(path.len());
    for (at, byte) in path.bytes().enumerate() {
        if byte <= b' ' || byte == b'.' && at >= last || byte == b'%' || byte == b'"' || byte >= 0x7f {
            write!(out, "%{byte:02x}").expect("a String takes all");
        } else {
            out.push(byte as char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape_path;

    #[test]
    fn paths_are_escaped_as_gc_does() {
        assert_eq!(escape_path("main"), "main");
        assert_eq!(escape_path("example.com/q.v1/sub.v2"), "example.com/q.v1/sub%2ev2");
        assert_eq!(escape_path("gopkg.in"), "gopkg%2ein");
        assert_eq!(escape_path("a/\"é %"), "a/%22%c3%a9%20%25");
    }
}
