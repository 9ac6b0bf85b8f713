//! Import declarations.

use super::collect::Collector;
use crate::checker::{Checker, ErrorBuilder, PackageState};
use crate::code::Code;
use crate::store::*;
use crate::universe::{UNIVERSE, UNSAFE, typ};
use base::{Pos, Symbol, sym};
use syntax::ast::{ExprKind, ImportDecl};
use syntax::unicode::{is_print, unicode_point};

impl<'a> Checker<'a> {
    /// Declares what the import brings into the file scope (the current one).
    pub(super) fn collect_import(&mut self, collector: &mut Collector<'a>, decl: &'a ImportDecl<'a>) {
        let Some(literal) = decl.path else { return };
        let ExprKind::BasicLit { text, bad: false, .. } = literal.kind else {
            return; // the parser has complained
        };
        let path = match validated_import_path(text) {
            Ok(path) => path,
            Err(cause) => {
                self.error(literal, Code::BadImportPath, format!("invalid import path ({cause})"));
                return;
            }
        };
        let imported = self.import_package(literal.pos, &path);
        let mut name = self.packages[imported].name;
        if let Some(local_name) = decl.local_name {
            name = local_name.name;
            if path == "C" {
                self.error(local_name, Code::ImportCRenamed, "cannot rename import \"C\"");
                return;
            }
        }
        // spec: "the identifier init can only be used to declare an init function"
        if name == sym::INIT {
            self.error(decl.pos, Code::InvalidInitDecl, "cannot import package as init - init must be a func");
            return;
        }
        let pkg = self.env.pkg;
        if collector.imported.insert(imported) {
            self.packages[pkg].imports.push(imported);
        }

        // Nothing can be said about the uses of a package that is not there.
        let used = self.packages[imported].fake;
        let kind = ObjKind::PkgName { imported, used };
        let obj = self.new_object(kind, decl.pos, Some(pkg), name, Some(typ::INVALID));
        if let Some(local_name) = decl.local_name {
            self.record_def(local_name, obj); // the dot of a dot-import represents the package
        }
        self.pkg_state().pkg_names.push(obj);
        let file_scope = self.env.scope;
        if name == sym::DOT {
            self.collect_dot_import(obj, decl.local_name.map_or(decl.pos, |name| name.pos), imported);
        } else {
            self.declare(file_scope, None, obj, Pos::NONE);
        }
    }

    /// spec: "If an explicit period (.) appears instead of a name, all the package's exported identifiers declared in
    /// that package's package block will be declared in the importing source file's file block"
    fn collect_dot_import(&mut self, pkg_name: ObjId, dot: Pos, imported: PkgId) {
        let file_scope = self.env.scope;
        let scope = self.packages[imported].scope;
        let exported: Vec<_> = self.scope(scope).objects().filter(|(name, _)| is_exported(*name)).collect();
        for (name, obj) in exported {
            if let Some(other) = self.insert(file_scope, obj) {
                let mut err = ErrorBuilder::new(Code::DuplicateDecl);
                err.add(dot, format!("{name} redeclared in this block"));
                self.add_alt_decl(&mut err, other);
                self.report(err);
            } else {
                self.pkg_state().dot_imports.insert((file_scope, name), pkg_name);
            }
        }
    }

    /// The package that the current package knows by `path`; a fake one if there is none.
    fn import_package(&mut self, pos: Pos, path: &str) -> PkgId {
        if path == "unsafe" {
            return UNSAFE;
        }
        let known = self.pkg_state().imports.get(path).copied();
        let cause = match known {
            Some(pkg) => {
                let name = self.packages[pkg].name;
                if name != sym::EMPTY && !name.is_blank() {
                    return pkg;
                }
                Some(format!("invalid package name: \"{name}\""))
            }
            None if path == "C" && self.config.fake_import_c => None,
            None if path == "C" => Some("cgo is not supported".to_string()),
            None if self.pkg_state().report_missing_imports => Some(self.why_missing(path)),
            None => None,
        };
        if let Some(cause) = cause {
            self.error(pos, Code::BrokenImport, format!("could not import {path} ({cause})"));
        }
        let elem = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let name = Symbol::intern(elem);
        let scope = self.new_scope(Some(UNIVERSE), Pos::NONE, Pos::NONE);
        let package = Package {
            path: path.to_string(),
            name,
            scope,
            imports: Vec::new(),
            fake: true,
            whole: false,
            standard: false,
        };
        let fake = self.packages.push(package);
        self.package_states.push(PackageState::default());
        self.pkg_state().imports.insert(path.to_string(), fake);
        fake
    }

    /// What gc's importer has against the path of a package that was not found.
    fn why_missing(&self, path: &str) -> String {
        let own = &self.packages[self.env.pkg].path;
        if path == "main" {
            "cannot import \"main\"".to_string()
        } else if path == own {
            format!("import \"{path}\" while compiling that package (import cycle)")
        } else if path.starts_with('/') {
            "import path cannot be absolute path".to_string()
        } else if let Some(canonical) = canonical_path(path) {
            format!("non-canonical import path \"{path}\" (should be \"{canonical}\")")
        } else {
            "no such package".to_string()
        }
    }

    /// spec: "It is illegal for a package to import itself, directly or indirectly, or to directly import a package
    /// without referring to any of its exported identifiers."
    pub(super) fn unused_imports(&mut self) {
        for index in 0..self.pkg_state().pkg_names.len() {
            let obj = self.pkg_state().pkg_names[index];
            let &Object { name, pos, kind, .. } = self.obj(obj);
            let ObjKind::PkgName { imported, used: false } = kind else { continue };
            if name.is_blank() {
                continue;
            }
            // The name is told when the path does not tell it.
            let path = &self.packages[imported].path;
            let elem = path.rsplit('/').next().unwrap_or_default();
            let message = if name == sym::EMPTY || name == sym::DOT || name.as_str() == elem {
                format!("{path:?} imported and not used")
            } else {
                format!("{path:?} imported as {name} and not used")
            };
            self.soft_error(pos, Code::UnusedImport, message);
        }
    }

    /// A package as messages name it.
    pub(super) fn package_string(&self, pkg: PkgId) -> String {
        let package = &self.packages[pkg];
        format!("package {} ({:?})", package.name, package.path)
    }
}

/// The path of an import declaration's string literal.
///
/// spec: "Implementation restriction: A compiler may restrict ImportPaths to non-empty strings using only characters
/// belonging to Unicode's L, M, N, P, and S general categories (the Graphic characters without spaces) and may also
/// exclude the characters !"#$%&'()*,:;<=>?[\]^`{|} and the Unicode replacement character U+FFFD."
fn validated_import_path(literal: &str) -> Result<String, String> {
    let bytes = syntax::literal::string_value(literal).ok_or("invalid syntax")?;
    if bytes.is_empty() {
        return Err("empty string".to_string());
    }
    let path = String::from_utf8_lossy(&bytes);
    for c in path.chars() {
        if c == ' ' || !is_print(c) || "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}".contains(c) {
            return Err(format!("invalid character {}", unicode_point(c as u32)));
        }
    }
    Ok(path.into_owned())
}

/// The path without empty, `.` and `..` elements, if it has any; local paths may have them.
fn canonical_path(path: &str) -> Option<String> {
    if path.starts_with("./") || path.starts_with("../") || path == "." || path == ".." {
        return None;
    }
    let mut elements: Vec<&str> = Vec::new();
    for element in path.split('/') {
        match element {
            "" | "." => {}
            ".." if elements.last().is_some_and(|last| *last != "..") => {
                elements.pop();
            }
            _ => elements.push(element),
        }
    }
    let canonical = if elements.is_empty() { ".".to_string() } else { elements.join("/") };
    (canonical != path).then_some(canonical)
}

#[cfg(test)]
mod tests {
    use super::{canonical_path, validated_import_path};

    #[test]
    fn canonical_paths() {
        assert_eq!(canonical_path("unicode/utf8"), None);
        assert_eq!(canonical_path("./a//b"), None);
        assert_eq!(canonical_path("unicode//utf8").unwrap(), "unicode/utf8");
        assert_eq!(canonical_path("a/../b/./c/").unwrap(), "b/c");
        assert_eq!(canonical_path("a/..").unwrap(), ".");
    }

    #[test]
    fn import_paths() {
        assert_eq!(validated_import_path("\"a/b.c\"").unwrap(), "a/b.c");
        assert_eq!(validated_import_path("`é`").unwrap(), "é");
        assert_eq!(validated_import_path("\"\"").unwrap_err(), "empty string");
        assert_eq!(validated_import_path("\"a b\"").unwrap_err(), "invalid character U+0020 ' '");
        assert_eq!(validated_import_path("\"a\\x00\"").unwrap_err(), "invalid character U+0000");
        assert_eq!(validated_import_path("\"a!\"").unwrap_err(), "invalid character U+0021 '!'");
        assert_eq!(validated_import_path("\"\\xff\"").unwrap_err(), "invalid character U+FFFD '\u{fffd}'");
    }
}
