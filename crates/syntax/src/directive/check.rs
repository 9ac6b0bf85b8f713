//! The second look at directives: a package whose types are checked.
//!
//! The messages come in three rounds, as in gc: declarations and linknames file by file; functions; exported methods.
//! (gc takes the functions in an order of its own, which shows only if there are more than ten errors.)

use super::attach::Attached;
use super::flags::{FuncFlags, Word};
use super::{FileDirectives, Linkname};
use crate::ast::{BodySource, Decl, Directive, Expr, ExprKind, File, FuncDecl, VarDecl};
use crate::literal::string_value;
use crate::walk::{Node, walk};
use base::{Diagnostic, Pos, Symbol};
use rustc_hash::FxHashSet;

#[derive(Clone, Copy, Debug)]
pub struct PackageRules {
    /// Nothing but Go files makes up the package, so that every function must have a body.
    pub complete: bool,
    /// N of the package's language version go1.N.
    pub lang_minor: u32,
}

/// Checks a package that is without errors so far. `is_declared` tells whether the package's scope holds a function or
/// variable of this name.
///
/// The bodies of functions should have been parsed: skipped ones are not looked at.
pub fn check(
    files: &[(&File, &FileDirectives)],
    rules: PackageRules,
    is_declared: impl Fn(Symbol) -> bool,
) -> Vec<Diagnostic> {
    let mut checker = Checker { rules, is_declared, linknamed: FxHashSet::default(), diagnostics: Vec::new() };
    for (file, directives) in files {
        checker.file(file, directives);
    }
    for (file, directives) in files {
        for (index, func) in functions(file) {
            checker.function(func, directives, index);
        }
    }
    for (file, directives) in files {
        for (index, func) in functions(file) {
            if func.recv.is_some() && directives.func(index).wasm_export.is_some() {
                checker.error(func.pos, "cannot use //go:wasmexport on a method");
            }
        }
    }
    checker.diagnostics
}

/// The functions that gc compiles: not the blank ones.
fn functions<'f, 'a>(file: &'f File<'a>) -> impl Iterator<Item = (usize, &'a FuncDecl<'a>)> + use<'f, 'a> {
    file.decls.iter().enumerate().filter_map(|(index, decl)| match decl {
        Decl::Func(func) if !func.name.name.is_blank() => Some((index, *func)),
        _ => None,
    })
}

struct Checker<F> {
    rules: PackageRules,
    is_declared: F,
    /// The functions and variables that have a linkname.
    linknamed: FxHashSet<Symbol>,
    diagnostics: Vec<Diagnostic>,
}

/// Which directives a declaration may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    File,
    Func,
    Var,
    Other,
}

impl<F: Fn(Symbol) -> bool> Checker<F> {
    fn error(&mut self, pos: Pos, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error("", pos, message));
    }

    fn file(&mut self, file: &File, directives: &FileDirectives) {
        if !file.directives.is_empty() {
            self.places(file);
        }
        if !directives.linknames.is_empty() {
            let imports_unsafe = imports(file, b"unsafe");
            for linkname in &directives.linknames {
                self.linkname(linkname, imports_unsafe);
            }
        }
    }

    fn places(&mut self, file: &File) {
        let before_package = file.directives.partition_point(|directive| directive.pos < file.pkg_name.pos);
        self.place(&file.directives[..before_package], Place::File);
        let imports_embed = imports(file, b"embed");

        // Only rarely are there any inside of functions.
        let of_decls: usize = file.decls.iter().map(|decl| pragma(decl).len()).sum();
        let dropped: usize = file.dropped_directives.iter().map(|range| range.len()).sum();
        let inside_functions = before_package + of_decls + dropped < file.directives.len();
        for top_level in file.decls {
            self.decl(top_level, imports_embed, false);
            if inside_functions {
                walk(Node::Decl(top_level), &mut |node| {
                    if let Node::Decl(decl) = node
                        && !std::ptr::eq(decl, top_level)
                    {
                        self.decl(decl, imports_embed, true);
                    }
                    true
                });
            }
        }
    }

    fn decl(&mut self, decl: &Decl, imports_embed: bool, within_func: bool) {
        let directives = pragma(decl);
        if directives.is_empty() {
            return;
        }
        let place = match decl {
            Decl::Func(_) => Place::Func,
            Decl::Var(_) => Place::Var,
            Decl::Import(_) | Decl::Const(_) | Decl::Type(_) => Place::Other,
        };
        let attached = self.place(directives, place);
        if let (Decl::Var(decl), Some(first)) = (decl, attached.embeds.first())
            && let Some(message) = self.bad_embed(decl, imports_embed, within_func)
        {
            self.error(first.pos, message);
        }
    }

    /// A `//go:wasmimport` or `//go:wasmexport` at something else than a function is let pass, as gc does.
    fn place(&mut self, directives: &[Directive], place: Place) -> Attached {
        let attached = Attached::new(directives);
        for (pos, word) in &attached.words {
            let allowed = match word {
                Word::Build => place == Place::File,
                Word::Func(_) => place == Place::Func,
                Word::Other => true,
            };
            if !allowed {
                self.error(*pos, "misplaced compiler directive");
            }
        }
        if place != Place::Var {
            for embed in &attached.embeds {
                self.error(embed.pos, "misplaced go:embed directive");
            }
        }
        attached
    }

    fn bad_embed(&self, decl: &VarDecl, imports_embed: bool, within_func: bool) -> Option<String> {
        let message = if !imports_embed {
            "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)"
        } else if decl.names.len() > 1 {
            "go:embed cannot apply to multiple vars"
        } else if decl.values.is_some() {
            "go:embed cannot apply to var with initializer"
        } else if within_func {
            "go:embed cannot apply to var inside func"
        } else if self.rules.lang_minor < 16 {
            let lang = self.rules.lang_minor;
            return Some(format!("go:embed requires go1.16 or later (-lang was set to go1.{lang}; check go.mod)"));
        } else {
            return None;
        };
        Some(message.to_string())
    }

    fn linkname(&mut self, linkname: &Linkname, imports_unsafe: bool) {
        let Linkname { pos, local, target, std_only } = *linkname;
        let directive = if std_only { "go:linknamestd" } else { "go:linkname" };
        // Where no target is given, its last part is the local name.
        let target = target.unwrap_or(local).as_str();
        if !imports_unsafe {
            self.error(pos, format!("//{directive} only allowed in Go files that import \"unsafe\""));
        } else if target.contains('[') && target.contains(']') {
            self.error(pos, format!("//{directive} reference of an instantiation is not allowed"));
        } else if !(self.is_declared)(local) {
            // Older packages have some for names that only other systems declare.
            if self.rules.lang_minor >= 18 {
                self.error(pos, format!("//{directive} must refer to declared function or variable"));
            }
        } else if !self.linknamed.insert(local) {
            self.error(pos, format!("duplicate //{directive} for {local}"));
        }
    }

    fn function(&mut self, func: &FuncDecl, directives: &FileDirectives, index: usize) {
        let said = directives.func(index);
        let flags = said.flags;
        if flags.contains(FuncFlags::NOSPLIT.with(FuncFlags::SYSTEMSTACK)) {
            self.error(func.pos, "go:nosplit and go:systemstack cannot be combined");
        }
        if matches!(func.body, BodySource::None) {
            let linknamed = func.recv.is_none() && self.linknamed.contains(&func.name.name);
            let must_have = self.rules.complete || func.name.name.as_str() == "init";
            if must_have && !linknamed && said.wasm_import.is_none() {
                self.error(func.pos, "missing function body");
            }
            return;
        }
        if flags.contains(FuncFlags::NOESCAPE) {
            self.error(func.pos, "can only use //go:noescape with external func implementations");
        }
        if said.wasm_import.is_some() {
            self.error(func.pos, "can only use //go:wasmimport with external func implementations");
        }
        // The stack cannot be moved while a uintptr argument is a pointer that must be followed; where what it points
        // to is on the heap (uintptrescapes) nothing need be followed.
        if flags.contains(FuncFlags::UINTPTRKEEPALIVE)
            && !flags.intersects(FuncFlags::UINTPTRESCAPES.with(FuncFlags::NOSPLIT))
        {
            self.error(func.pos, "go:uintptrkeepalive requires go:nosplit");
        }
    }
}

fn pragma<'a>(decl: &Decl<'a>) -> &'a [Directive<'a>] {
    match decl {
        Decl::Import(decl) => decl.pragma,
        Decl::Const(decl) => decl.pragma,
        Decl::Type(decl) => decl.pragma,
        Decl::Var(decl) => decl.pragma,
        Decl::Func(decl) => decl.pragma,
    }
}

fn imports(file: &File, path: &[u8]) -> bool {
    file.decls.iter().any(|decl| match decl {
        Decl::Import(decl) => match decl.path {
            Some(Expr { kind: ExprKind::BasicLit { text, .. }, .. }) => string_value(text).is_some_and(|it| it == path),
            _ => false,
        },
        _ => false,
    })
}
