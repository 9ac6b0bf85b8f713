//! For unit tests: hand-made types, which have no source, and programs that are checked on demand.

use crate::checker::{Checker, Config, FileInput, PackageInput};
use crate::store::*;
use crate::version::GoVersion;
use base::{Pos, SourceMap, Symbol};

pub(crate) fn with_checker(test: impl FnOnce(&mut Checker<'_>)) {
    let (sources, arena) = (SourceMap::new(), bumpalo::Bump::new());
    let config = Config::for_build(GoVersion::go1(26));
    test(&mut Checker::new(config, &sources, &arena));
}

/// Adds packages, each a path and its file, where later ones may import earlier ones. They are checked on demand.
pub(crate) fn with_packages(packages: &[(&str, &str)], test: impl FnOnce(&mut Checker<'_>, &[PkgId])) {
    let (mut sources, arena) = (SourceMap::new(), bumpalo::Bump::new());
    let files: Vec<base::FileId> = packages
        .iter()
        .map(|(path, text)| {
            let name = format!("{path}.go");
            sources.add(std::path::Path::new(&name), &name, text.as_bytes().into()).expect("few files")
        })
        .collect();
    let options = syntax::ParseOptions { bodies: syntax::Bodies::Skip, check_branches: true, generic_methods: true };
    let version = GoVersion::go1(27);
    let mut checker = Checker::new(Config::for_build(version), &sources, &arena);
    let mut imports = rustc_hash::FxHashMap::default();
    let mut ids = Vec::new();
    for ((path, _), &file) in packages.iter().zip(&files) {
        let parsed = syntax::parse_file(&arena, file, sources.file(file), &options);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let files = vec![FileInput { ast: arena.alloc(parsed.file), version }];
        let input = PackageInput { path: path.to_string(), files, imports: imports.clone(), ..PackageInput::default() };
        let id = checker.add_package(input);
        imports.insert(path.to_string(), id);
        ids.push(id);
    }
    test(&mut checker, &ids);
    assert!(checker.delayed.is_empty() && !checker.is_busy);
}

impl Checker<'_> {
    /// The package-level object of that name.
    pub(crate) fn test_global(&self, pkg: PkgId, name: &str) -> ObjId {
        let found = self.scope(self.packages[pkg].scope).lookup(Symbol::intern(name));
        found.unwrap_or_else(|| panic!("no {name}"))
    }

    pub(crate) fn test_obj(&mut self, kind: ObjKind, name: &str, ty: Option<TypeId>) -> ObjId {
        self.new_object(kind, Pos::NONE, Some(crate::universe::UNSAFE), Symbol::intern(name), ty)
    }

    /// A defined type `name` with that right-hand side.
    pub(crate) fn test_named(&mut self, name: &str, rhs: Option<TypeId>) -> NamedId {
        let obj = self.test_obj(ObjKind::TypeName, name, None);
        let ty = self.new_named(obj, rhs);
        self.as_named(ty).expect("a defined type")
    }

    /// Makes a defined type generic in one unconstrained type parameter, which is returned.
    pub(crate) fn test_generic(&mut self, named: NamedId) -> TypeId {
        let obj = self.test_obj(ObjKind::TypeName, "P", None);
        let tparam = self.new_type_param(obj, Some(crate::universe::typ::ANY));
        self.named[named].tparams = self.bind_type_params(&[tparam]);
        tparam
    }

    /// A struct of fields; those without name are embedded, under the name `E`.
    pub(crate) fn test_struct(&mut self, fields: &[(&str, TypeId)]) -> TypeId {
        let fields: Vec<ObjId> = fields
            .iter()
            .map(|&(name, ty)| {
                let (embedded, name) = if name.is_empty() { (true, "E") } else { (false, name) };
                let kind = ObjKind::Var { kind: VarKind::Field, embedded, used: false, origin: None };
                self.test_obj(kind, name, Some(ty))
            })
            .collect();
        let fields = self.obj_list(&fields);
        let id = self.structs.push(StructData { fields, tags: TagList::EMPTY });
        self.new_type(Type::Struct(id))
    }

    /// An interface of methods without parameters that have the given results.
    pub(crate) fn test_interface(&mut self, methods: &[(&str, TypeId)]) -> TypeId {
        let id = self.new_interface();
        let ty = self.new_type(Type::Interface(id));
        let methods: Vec<ObjId> = methods
            .iter()
            .map(|&(name, result)| {
                let result = self.new_var(VarKind::Result, Pos::NONE, None, base::sym::EMPTY, Some(result));
                let recv = self.new_var(VarKind::Recv, Pos::NONE, None, base::sym::EMPTY, Some(ty));
                let results = self.obj_list(&[result]);
                let sig = self.signatures.push(SignatureData { recv: Some(recv), results, ..Default::default() });
                let sig = self.new_type(Type::Signature(sig));
                self.test_obj(ObjKind::Func { has_ptr_recv: false, origin: None }, name, Some(sig))
            })
            .collect();
        let methods = self.obj_list(&methods);
        self.interfaces[id] = InterfaceData { methods, complete: true, ..Default::default() };
        ty
    }
}
