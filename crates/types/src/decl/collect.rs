//! Adding a package: its scopes and objects, without types.
//!
//! ```text
//! universe ─ package scope ─┬─ file scope: imports, dot-imported objects
//!                           └─ file scope
//! ```
//!
//! Every package-level object and method gets a [`DeclInfo`], which holds all that is needed to check it later, and its
//! place in source order. Names that are declared twice keep their objects: they are checked too, only not found.

use super::ConstGroups;
use super::receiver::Receiver;
use crate::checker::{Checker, DeclInfo, Env, ErrorBuilder, FileInput, PackageInput, PackageState, indexset::ObjSet};
use crate::code::Code;
use crate::store::*;
use crate::universe::UNIVERSE;
use crate::version::{Feature, GoVersion};
use base::{EntityId, Pos, Symbol, sym};
use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use syntax::ast::{self, BodySource, Decl, ExprList, Ident};

/// What is known of a package while its files are walked.
#[derive(Default)]
pub(super) struct Collector<'a> {
    /// Package-level objects and methods in source order.
    objects: Vec<ObjId>,
    methods: Vec<Method>,
    pub(super) imported: FxHashSet<PkgId>,
    constants: ConstGroups<'a>,
    /// Indices of the current file and of the current declaration in it.
    file: u32,
    index: u32,
}

/// A method with a name and a receiver that names a type.
struct Method {
    func: ObjId,
    ptr: bool,
    recv: Symbol,
}

impl<'a> Checker<'a> {
    /// Adds a package whose imports have been added. Its objects are declared; no types are known.
    pub fn add_package(&mut self, input: PackageInput<'a>) -> PkgId {
        let PackageInput { path, whole, standard, files, imports, report_missing_imports } = input;
        let scope = self.new_scope(Some(UNIVERSE), Pos::NONE, Pos::NONE);
        let package = Package { path, name: sym::EMPTY, scope, imports: Vec::new(), fake: false, whole, standard };
        let pkg = self.packages.push(package);
        self.package_states.push(PackageState { imports, report_missing_imports, ..PackageState::default() });

        let env = Env::new(pkg, UnitId::from_index(0), scope, self.config.max_version);
        let outer = std::mem::replace(&mut self.env, env);
        let files = self.accept_files(&files);
        self.collect_objects(&files);
        self.pkg_state().files = files;
        self.env = outer;
        pkg
    }

    /// Names the package after its first file, drops files of other packages, and settles the files' versions.
    fn accept_files(&mut self, files: &[FileInput<'a>]) -> Vec<FileInput<'a>> {
        let pkg = self.env.pkg;
        let mut accepted = Vec::with_capacity(files.len());
        for &file in files {
            let clause = file.ast.pkg_name;
            let expected = self.packages[pkg].name;
            if expected == sym::EMPTY && clause.name.is_blank() {
                self.error(clause, Code::BlankPkgName, "invalid package name _");
            } else if expected == sym::EMPTY {
                self.packages[pkg].name = clause.name;
            } else if clause.name != expected {
                let message = format!("package {}; expected package {expected}", clause.name);
                self.error(self.file_start(file), Code::MismatchedPkgName, message);
                continue;
            }
            accepted.push(file);
        }

        let newest = self.config.max_version;
        let file_version = |file: &FileInput| GoVersion::parse(file.ast.go_version);
        if let Some(file) = files.iter().find(|file| file_version(file).is_none() && file.version > newest) {
            let message =
                format!("package requires newer Go version {} (application built with {newest})", file.version);
            self.error(self.file_start(files[0]), Code::TooNew, message);
        }
        for file in &mut accepted {
            if let Some(version) = file_version(file) {
                // A file may ask for an older language than its module, but go1.21 is the first that lets it.
                file.version = version.max(GoVersion::go1(21));
                if version > newest {
                    let message = format!("file requires newer Go version {version}");
                    self.error(file.ast.pkg_name, Code::TooNew, message);
                }
            }
        }
        accepted
    }

    /// gc places complaints about a whole file at its very beginning.
    fn file_start(&self, file: FileInput<'a>) -> Pos {
        self.sources.file(file.ast.id).pos(0)
    }

    fn collect_objects(&mut self, files: &[FileInput<'a>]) {
        let package_scope = self.env.scope;
        let mut collector = Collector::default();
        for (file_index, file) in (0..).zip(files) {
            collector.file = file_index;
            let unit = self.new_unit(file.ast.node_count);
            let file_scope = self.new_scope(Some(package_scope), file.ast.pos, file.ast.eof);
            let state = self.pkg_state();
            state.units.push(unit);
            state.file_scopes.push(file_scope);
            self.env.unit = unit;
            self.env.scope = file_scope;
            self.env.version = file.version;
            for (index, decl) in (0..).zip(file.ast.decls) {
                collector.index = index;
                match decl {
                    Decl::Import(decl) => self.collect_import(&mut collector, decl),
                    Decl::Const(decl) => self.collect_const(&mut collector, decl),
                    Decl::Var(decl) => self.collect_var(&mut collector, decl),
                    Decl::Type(decl) => self.collect_type(&mut collector, decl),
                    Decl::Func(decl) => self.collect_func(&mut collector, decl),
                }
            }
        }
        self.check_file_scopes(package_scope);

        // Only now are all type names known. Methods whose base type is not found are checked like functions, which
        // reports what is wrong with their receivers.
        for Method { func, ptr, recv } in collector.methods {
            if let Some((ptr, base)) = self.resolve_base_type_name(ptr, recv) {
                self.objects[func].kind = ObjKind::Func { has_ptr_recv: ptr, origin: None };
                self.pkg_state().methods.entry(base).or_default().push(func);
            }
        }
        self.pkg_state().obj_list = collector.objects;
    }

    /// spec: "no identifier may be declared in both the file and package block"
    fn check_file_scopes(&mut self, package_scope: ScopeId) {
        for index in 0..self.pkg_state().file_scopes.len() {
            let file_scope = self.pkg_state().file_scopes[index];
            let clashes: SmallVec<[(ObjId, ObjId); 4]> = self
                .scope(file_scope)
                .objects()
                .filter_map(|(name, obj)| Some((obj, self.scope(package_scope).lookup(name)?)))
                .collect();
            for (obj, other) in clashes {
                let object = *self.obj(obj);
                let (how, pkg) = match object.kind {
                    ObjKind::PkgName { imported, .. } => ("import", imported),
                    _ => ("dot-import", object.pkg.expect("dot-imported objects have a package")),
                };
                let mut err = ErrorBuilder::new(Code::DuplicateDecl);
                let Object { name, pos, .. } = *self.obj(other);
                err.add(pos, format!("{name} already declared through {how} of {}", self.package_string(pkg)));
                self.add_alt_decl(&mut err, obj);
                self.report(err);
            }
        }
    }

    fn collect_const(&mut self, collector: &mut Collector<'a>, decl: &'a ast::ConstDecl<'a>) {
        let spec = collector.constants.next(decl);
        for (index, name) in decl.names.iter().enumerate() {
            let kind = ObjKind::Const { val: None };
            let obj = self.store.new_object(kind, name.pos, Some(self.env.pkg), name.name, None);
            let info = DeclInfo {
                ty: spec.ty,
                init: spec.values.get(index),
                inherited: spec.inherited,
                iota: spec.iota,
                ..self.decl_info(collector)
            };
            let info = self.decls.push(info);
            self.declare_pkg_obj(collector, *name, obj, info);
        }
        self.arity(decl.pos, decl.names, spec.values, true, spec.inherited);
    }

    fn collect_var(&mut self, collector: &mut Collector<'a>, decl: &'a ast::VarDecl<'a>) {
        let values = ExprList::of(decl.values);
        let pkg = Some(self.env.pkg);
        let objects: SmallVec<[ObjId; 4]> =
            decl.names.iter().map(|name| self.new_var(VarKind::Package, name.pos, pkg, name.name, None)).collect();
        // With one initialiser at most the variables share a declaration, and depend on what it depends on.
        let shared = (values.len() <= 1).then(|| {
            let lhs = Some(self.obj_list(&objects));
            let info = DeclInfo { lhs, ty: decl.ty, init: values.get(0), ..self.decl_info(collector) };
            self.decls.push(info)
        });
        for (index, (name, obj)) in decl.names.iter().zip(objects).enumerate() {
            let info = shared.unwrap_or_else(|| {
                let info = DeclInfo { ty: decl.ty, init: values.get(index), ..self.decl_info(collector) };
                self.decls.push(info)
            });
            self.declare_pkg_obj(collector, *name, obj, info);
        }
        if decl.ty.is_none() || !values.is_empty() {
            self.arity(decl.pos, decl.names, values, false, false);
        }
    }

    fn collect_type(&mut self, collector: &mut Collector<'a>, decl: &'a ast::TypeDecl<'a>) {
        let name = decl.name;
        let obj = self.store.new_object(ObjKind::TypeName, name.pos, Some(self.env.pkg), name.name, None);
        let info = DeclInfo { tdecl: Some(decl), ..self.decl_info(collector) };
        let info = self.decls.push(info);
        self.declare_pkg_obj(collector, name, obj, info);
    }

    fn collect_func(&mut self, collector: &mut Collector<'a>, decl: &'a ast::FuncDecl<'a>) {
        let pkg = self.env.pkg;
        let scope = self.packages[pkg].scope;
        let Ident { name, pos, .. } = decl.name;
        let kind = ObjKind::Func { has_ptr_recv: false, origin: None };
        let obj = self.new_object(kind, pos, Some(pkg), name, None);
        if let Some(recv) = decl.recv {
            let receiver = Receiver::unpack(recv.ty);
            if let Some(base) = receiver.base.as_ident()
                && !name.is_blank()
            {
                collector.methods.push(Method { func: obj, ptr: receiver.ptr, recv: base.name });
            }
            // The parser has refused them for older compilers.
            let feature = Feature::GenericMethods;
            if let Some(tparam) = decl.tparams.first()
                && feature.in_compiler(self.config.max_version)
            {
                self.verify_version(tparam, feature.language_version(), "generic method");
            }
            self.record_def(decl.name, obj);
        } else {
            let is_main = name == sym::MAIN && self.packages[pkg].name == sym::MAIN;
            if name == sym::INIT || is_main {
                self.check_init_or_main(decl, if is_main { Code::InvalidMainDecl } else { Code::InvalidInitDecl });
            } else if let Some(tparam) = decl.tparams.first() {
                self.verify_version(tparam, GoVersion::go1(18), "type parameter");
            }
            // spec: "the identifier init can only be used to declare init functions, it cannot be referred to"
            if name == sym::INIT {
                self.objects[obj].parent = Some(scope);
                self.record_def(decl.name, obj);
                if matches!(decl.body, BodySource::None) {
                    self.soft_error(pos, Code::MissingInitBody, "func init must have a body");
                }
            } else {
                self.declare(scope, Some(decl.name), obj, Pos::NONE);
            }
        }
        let info = DeclInfo { fdecl: Some(decl), ..self.decl_info(collector) };
        let info = self.decls.push(info);
        self.add_object(collector, obj, info);
    }

    fn check_init_or_main(&mut self, decl: &'a ast::FuncDecl<'a>, code: Code) {
        let name = decl.name.name;
        if let Some(tparam) = decl.tparams.first() {
            self.soft_error(tparam, code, format!("func {name} must have no type parameters"));
        }
        let signature = decl.signature();
        if !signature.params.is_empty() || !signature.results.is_empty() {
            self.soft_error(decl.name, code, format!("func {name} must have no arguments and no return values"));
        }
    }

    /// Declares a constant, variable or type in the package scope.
    fn declare_pkg_obj(&mut self, collector: &mut Collector<'a>, id: Ident, obj: ObjId, info: DeclId) {
        let package = &self.packages[self.env.pkg];
        let (scope, is_main) = (package.scope, package.name == sym::MAIN);
        // spec: "A package-scope or file-scope identifier with name init may only be declared to be a function with
        // this (func()) signature."
        if id.name == sym::INIT {
            self.error(id, Code::InvalidInitDecl, "cannot declare init - must be func");
            return;
        }
        // spec: "The main package must have package name main and declare a function main that takes no arguments and
        // returns no value."
        if id.name == sym::MAIN && is_main {
            self.error(id, Code::InvalidMainDecl, "cannot declare main - must be func");
            return;
        }
        self.declare(scope, Some(id), obj, Pos::NONE);
        self.add_object(collector, obj, info);
    }

    fn add_object(&mut self, collector: &mut Collector<'a>, obj: ObjId, info: DeclId) {
        collector.objects.push(obj);
        let object = &mut self.objects[obj];
        object.decl = Some(info);
        object.order = collector.objects.len() as u32;
    }

    /// An empty declaration at the collector's place.
    fn decl_info(&self, collector: &Collector<'a>) -> DeclInfo<'a> {
        DeclInfo {
            pkg: self.env.pkg,
            unit: self.env.unit,
            file_scope: self.env.scope,
            file: collector.file,
            index: collector.index,
            version: self.env.version,
            lhs: None,
            ty: None,
            init: None,
            inherited: false,
            iota: 0,
            tdecl: None,
            fdecl: None,
            implicit: TypeList::EMPTY,
            sig: None,
            body: None,
            deps: ObjSet::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::Config;
    use base::SourceMap;
    use bumpalo::Bump;
    use rustc_hash::FxHashMap;
    use std::path::Path;

    /// Adds packages `p0`, `p1`, ... of one file each, where later ones may import earlier ones; `line: message` of
    /// all errors.
    fn errors(packages: &[&str]) -> Vec<String> {
        let arena = Bump::new();
        let mut sources = SourceMap::new();
        let mut files = Vec::new();
        for (index, text) in packages.iter().enumerate() {
            let name = format!("p{index}.go");
            files.push(sources.add(Path::new(&name), &name, text.as_bytes().into()).unwrap());
        }
        let options =
            syntax::ParseOptions { bodies: syntax::Bodies::Skip, check_branches: true, generic_methods: true };
        let config = Config::for_build(GoVersion::go1(27)); // newer than the files
        let mut checker = Checker::new(config, &sources, &arena);
        let mut imports = FxHashMap::default();
        for (index, &id) in files.iter().enumerate() {
            let parsed = syntax::parse_file(&arena, id, sources.file(id), &options);
            assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
            let path = format!("p{index}");
            let files = vec![FileInput { ast: arena.alloc(parsed.file), version: GoVersion::go1(26) }];
            let (name, known) = (path.clone(), imports.clone());
            let input = PackageInput { path: name, whole: true, files, imports: known, ..PackageInput::default() };
            imports.insert(path, checker.add_package(input));
        }
        let errors = checker.errors.iter();
        errors.map(|(_, error)| format!("{}: {}", sources.location(error.pos).line, error.message)).collect()
    }

    #[test]
    fn names_are_declared_once() {
        let text = "package p\nvar a, b = 1\nfunc a() {}\nfunc init() {}\nfunc init() {}\nvar init = 0\n";
        assert_eq!(errors(&[text]), ["3: a redeclared in this block", "6: cannot declare init - must be func"]);
    }

    #[test]
    fn main_and_init_are_plain_functions() {
        let text = "package main\nfunc main() int\nfunc init[P any]() {}\nfunc init()\ntype main int\n";
        let want = [
            "2: func main must have no arguments and no return values",
            "3: func init must have no type parameters",
            "4: func init must have a body",
            "5: cannot declare main - must be func",
        ];
        assert_eq!(errors(&[text]), want);
    }

    #[test]
    fn constants_need_initialisers() {
        let text = "package p\nconst (\n\ta, b = iota, 2\n\tc, d\n\tf, g, h\n)\nconst i\nvar j, k = 1, 2, 3\n";
        let want = ["5: missing init expr for h", "7: missing init expr for i", "8: extra init expr 3"];
        assert_eq!(errors(&[text]), want);
    }

    #[test]
    fn imports_share_names_with_the_package() {
        let text =
            "package p\nimport . \"p0\"\nimport q \"p0\"\nimport \"a b\"\nfunc Exported() {}\nvar q, hidden int\n";
        let want = [
            "4: invalid import path (invalid character U+0020 ' ')",
            "5: Exported already declared through dot-import of package lib (\"p0\")",
            "6: q already declared through import of package lib (\"p0\")",
        ];
        assert_eq!(errors(&["package lib\nfunc Exported() {}\nfunc hidden() {}\n", text]), want);
    }

    #[test]
    fn generic_methods_are_new() {
        let text = "package p\ntype T int\nfunc (T) m[P any]() {}\n";
        assert_eq!(errors(&[text]), ["3: generic method requires go1.27 or later"]);
    }
}
