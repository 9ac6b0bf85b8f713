//! Checking packages whole, and single objects and bodies on demand.
//!
//! A whole package is checked in types2's order: types, then aliases, then the rest, all in source order; then what was
//! put off, function bodies included; then what needs everything. In the other packages an object is checked when it is
//! first asked for, and a body only by [`Query::body`](crate::Query::body).

use crate::checker::{CheckedBody, Checker, Env};
use crate::store::*;
use crate::version::Feature;
use base::{EntityId, SideTable};
use syntax::ast::{BodySource, FuncBody, FuncDecl, NodeId};

impl<'a> Checker<'a> {
    /// Checks all of a package that was added as a whole one. The whole packages it imports must have been checked.
    pub fn check_package(&mut self, pkg: PkgId) {
        let scope = self.packages[pkg].scope;
        let env = Env::new(pkg, UnitId::from_index(0), scope, self.config.max_version);
        self.request(env, |checker| checker.check_whole(pkg));
    }

    fn check_whole(&mut self, pkg: PkgId) {
        for index in 0..self.package_states[pkg].obj_list.len() {
            let obj = self.package_states[pkg].obj_list[index];
            if matches!(self.obj(obj).kind, ObjKind::TypeName) {
                self.direct_cycle(obj);
            }
        }
        self.package_objects();
        self.process_delayed(0);
        self.init_order(pkg);
        self.unused_imports();
        // The following make sense only for programs that are correct so far.
        if !self.package_states[pkg].has_error {
            self.monomorph();
        }
        if self.config.compiler_checks {
            if !self.package_states[pkg].has_error {
                self.interface_cycles();
            }
            if !self.package_states[pkg].has_error {
                self.type_limits();
            }
        }
    }

    pub(super) fn new_unit(&mut self, node_count: usize) -> UnitId {
        self.units.push(UnitInfo {
            types: SideTable::<NodeId, _>::with_len(node_count),
            objects: SideTable::<NodeId, _>::with_len(node_count),
            ..UnitInfo::default()
        })
    }

    /// Checks the body of a function whose signature is known. Runs in the environment of its declaration.
    pub(crate) fn func_decl_body(&mut self, func: ObjId, decl: DeclId) {
        let fdecl = self.decls[decl].fdecl.expect("a function has a function declaration");
        let Some(body) = self.parsed_body(fdecl) else { return };
        let Object { name, ty, .. } = *self.obj(func);
        let Some(Type::Signature(sig)) = ty.map(|ty| self.ty(ty)) else {
            unreachable!("types: the type of a declared function is a signature")
        };
        let unit = self.new_unit(body.node_count);
        let SignatureData { rparams, tparams, .. } = self.signatures[sig];
        let implicit = self.concat_types(rparams, tparams);
        let info = &mut self.decls[decl];
        info.implicit = implicit;
        info.body = Some(CheckedBody { func, decl, signature: sig, unit, body });
        let outer = std::mem::replace(&mut self.env.unit, unit);
        self.func_body(Some(decl), name.as_str(), sig, body.block, None);
        self.env.unit = outer;
    }

    /// A body as the parser left it, or parsed now if it was skipped.
    fn parsed_body(&mut self, fdecl: &'a FuncDecl<'a>) -> Option<&'a FuncBody<'a>> {
        match fdecl.body {
            BodySource::None => None,
            BodySource::Parsed(body) => Some(body),
            BodySource::Skipped { start, end } => {
                let options = syntax::ParseOptions {
                    bodies: syntax::Bodies::Parse,
                    check_branches: self.config.ignore_branch_errors,
                    generic_methods: Feature::GenericMethods.in_compiler(self.config.max_version),
                };
                let (body, diagnostics) = syntax::parse_body(self.arena, self.source_file(start), start, end, &options);
                let pkg = self.env.pkg;
                self.package_states[pkg].has_error |= !diagnostics.is_empty();
                self.errors.extend(diagnostics.into_iter().map(|diagnostic| (pkg, diagnostic)));
                Some(body)
            }
        }
    }

    /// Checks the declarations of all objects of the current package.
    ///
    /// Aliases come after defined types, because then the types they stand for are mostly known when they are needed;
    /// in pure source order some cycles through aliases would be refused.
    fn package_objects(&mut self) {
        let pkg = self.env.pkg;
        for index in 0..self.package_states[pkg].obj_list.len() {
            let obj = self.package_states[pkg].obj_list[index];
            // Already invalid because of a direct cycle: its methods are compared all the same.
            if matches!(self.obj(obj).kind, ObjKind::TypeName) && self.obj(obj).ty.is_some() {
                self.collect_methods(obj);
            }
        }
        let phase = |checker: &Self, obj: ObjId| match checker.obj(obj).decl.and_then(|decl| checker.decls[decl].tdecl)
        {
            Some(tdecl) if !tdecl.alias => 0,
            Some(_) => 1,
            None => 2,
        };
        for current in 0..=2 {
            for index in 0..self.package_states[pkg].obj_list.len() {
                let obj = self.package_states[pkg].obj_list[index];
                if phase(self, obj) == current {
                    self.obj_decl(obj);
                }
            }
        }
        // What is left belongs to no type, which was reported at the receivers.
        self.package_states[pkg].methods = Default::default();
    }
}
