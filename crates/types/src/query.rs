//! What later phases ask of a program that has been added and, as far as it is the user's, checked.
//!
//! Packages on demand are checked while their objects are asked about, so a question may check declarations, and these
//! put work off (see [`Checker::later`]). A *request* brackets that: it runs in the surroundings of the declaration it
//! is about, and when it ends nothing is left over. Requests do not nest; within one everything is the checker's usual
//! business.
//!
//! ```text
//! checker.query().body(f)       request: declare f, and what its signature needs; run what was put off
//!                               request: check the body, then the function literals in it
//! checker.query().under(ty)     request: declare the types on the way
//! ```
//!
//! After a request its surroundings stay. A question about a type that belongs to no declaration (`[]int`) is thus taken
//! to be asked on behalf of what was asked about last; should it report something, there is a package to report it in.

use crate::checker::{CheckedBody, Checker, DeclInfo, Env};
use crate::effects::Effects;
use crate::initorder::Initializer;
use crate::operand::Lookup;
use crate::store::*;
use crate::universe::typ;
use base::{FileId, Pos, Symbol};
use syntax::ast::BodySource;

/// Questions to a checker; see [`Checker::query`].
pub struct Query<'c, 'a>(&'c mut Checker<'a>);

/// What is known of a function when its body has been asked for.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    Checked(CheckedBody<'a>),
    /// The function is declared without body: it is written elsewhere.
    External,
}

/// Where an object is declared.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DeclSite {
    pub pkg: PkgId,
    pub file: FileId,
    /// Index in `PackageState::files`.
    pub file_index: u32,
    /// Index in the file's declarations.
    pub decl_index: u32,
}

impl<'a> Checker<'a> {
    pub fn query(&mut self) -> Query<'_, 'a> {
        Query(self)
    }

    /// The place of a package-level declaration or method; of an instance's method that of the generic type's.
    pub fn decl_site(&self, obj: ObjId) -> Option<DeclSite> {
        let decl = self.obj(self.obj_origin(obj)).decl?;
        let DeclInfo { pkg, file: file_index, index: decl_index, .. } = self.decls[decl];
        let file = self.package_states[pkg].files[file_index as usize].ast.id;
        Some(DeclSite { pkg, file, file_index, decl_index })
    }

    /// Runs `ask` in an environment, and then everything that was put off meanwhile.
    pub(crate) fn request<R>(&mut self, env: Env, ask: impl FnOnce(&mut Checker<'a>) -> R) -> R {
        assert!(!self.is_busy, "types: a request while something else is being checked");
        self.is_busy = true;
        self.env = env;
        let answer = ask(self);
        self.process_delayed(0);
        assert!(self.delayed.is_empty() && self.obj_path.is_empty(), "types: a request has left work behind");
        self.is_busy = false;
        answer
    }

    /// The environment in which a package-level declaration is checked.
    pub(crate) fn decl_env(&self, decl: DeclId) -> Env {
        let DeclInfo { pkg, unit, file_scope, version, .. } = self.decls[decl];
        Env::new(pkg, unit, file_scope, version)
    }
}

impl<'a> Query<'_, 'a> {
    /// A request about an object: in its declaration's environment, if it has one.
    fn about<R>(self, obj: ObjId, ask: impl FnOnce(&mut Checker<'a>) -> R) -> R {
        let c = self.0;
        let env = match c.obj(c.obj_origin(obj)).decl {
            Some(decl) => c.decl_env(decl),
            None => c.env.clone(),
        };
        c.request(env, ask)
    }

    /// A request about a type: in the environment of the defined type that it is or leads to.
    fn about_type<R>(self, ty: TypeId, ask: impl FnOnce(&mut Checker<'a>) -> R) -> R {
        let c = &self.0;
        let mut ty = ty;
        let obj = loop {
            ty = match c.ty(ty) {
                Type::Named(named) => break Some(c.named[c.named_origin(named)].obj),
                Type::Alias(alias) => break Some(c.aliases[c.aliases[alias].orig].obj),
                Type::TypeParam(tparam) => break Some(c.type_params[tparam].obj),
                Type::Pointer { elem } | Type::Slice { elem } | Type::Array { elem, .. } | Type::Chan { elem, .. } => {
                    elem
                }
                _ => break None,
            };
        };
        match obj {
            Some(obj) => self.about(obj, ask),
            None => {
                let env = self.0.env.clone();
                self.0.request(env, ask)
            }
        }
    }
}

/// Objects.
impl<'a> Query<'_, 'a> {
    /// The object, with its type.
    pub fn object(self, obj: ObjId) -> Object {
        let object = *self.0.obj(obj);
        if object.ty.is_some() || object.decl.is_none() {
            return object;
        }
        self.about(obj, |c| {
            c.obj_decl(obj);
            *c.obj(obj)
        })
    }

    /// The checked body of a function or method, also of an instance's method: then it is the generic method's, which
    /// the answer names. Interface methods have none to ask for.
    pub fn body(self, func: ObjId) -> Body<'a> {
        let c = self.0;
        let func = c.obj_origin(func);
        let Some(decl) = c.obj(func).decl else {
            panic!("types: Query::body of {}, which is not declared as a function", c.obj(func).name)
        };
        if let Some(body) = c.decls[decl].body {
            return Body::Checked(body);
        }
        c.query().object(func);
        let fdecl = c.decls[decl].fdecl.expect("types: Query::body of something else than a function");
        if matches!(fdecl.body, BodySource::None) {
            return Body::External;
        }
        // In a whole package, declaring the function has checked the body as well.
        if c.decls[decl].body.is_none() {
            let env = c.decl_env(decl);
            c.request(env, |c| c.func_decl_body(func, decl));
        }
        Body::Checked(c.decls[decl].body.expect("types: Query::body: the body has been checked"))
    }

    /// What initialises a package-level variable, checked; `None`: its type's zero value.
    pub fn initializer(self, var: ObjId) -> Option<Initializer<'a>> {
        let c = self.0;
        c.query().object(var);
        c.initializer_of(var)
    }

    /// Whether initialising a package-level variable may do more than give it its value. Checks nothing, so it can be
    /// asked of every variable.
    pub fn initializer_effects(self, var: ObjId) -> Effects {
        self.0.effects_of_initializer(var)
    }

    /// Whether a package-level variable has no initialiser, or one that is plainly constant. Checks nothing either.
    pub fn has_constant_initializer(self, var: ObjId) -> bool {
        self.0.is_initializer_constant(var)
    }

    /// The initialisers of the variables in `live`, all of package `pkg`, in the order in which they run. Checks the
    /// bodies that these refer to, directly or not. Variables that are not live are left out, but they count: what they
    /// refer to runs as early as the whole package's order has it.
    pub fn init_order_live(self, pkg: PkgId, live: &[ObjId]) -> Vec<Initializer<'a>> {
        self.0.live_init_order(pkg, live)
    }

    /// Reports instantiations of the package's generic functions and types that never end, among those in the bodies
    /// checked so far; says whether there are any.
    pub fn report_instantiation_cycle(self, pkg: PkgId) -> bool {
        let c = self.0;
        let env = Env::new(pkg, c.env.unit, c.packages[pkg].scope, c.config.max_version);
        c.request(env, |c| c.monomorph())
    }
}

/// Types.
impl<'a> Query<'_, 'a> {
    pub fn under(self, ty: TypeId) -> TypeId {
        self.about_type(ty, |c| c.under(ty))
    }

    pub fn under_type(self, ty: TypeId) -> Type {
        self.about_type(ty, |c| c.under_type(ty))
    }

    /// The underlying type that all types in the type set of `ty` have; `Invalid`'s if there is none.
    pub fn common_under_type(self, ty: TypeId) -> Type {
        self.about_type(ty, |c| {
            let under = c.common_under(ty, None).unwrap_or(typ::INVALID);
            c.ty(under)
        })
    }

    pub fn identical(self, x: TypeId, y: TypeId) -> bool {
        x == y || self.about_type(x, |c| c.identical(x, y))
    }

    /// `orig[targs]`, for a generic defined type, alias or signature.
    pub fn instance(self, orig: TypeId, targs: &[TypeId]) -> TypeId {
        self.about_type(orig, |c| c.instance(Pos::NONE, orig, targs))
    }

    /// `ty` with type parameters replaced.
    pub fn subst(self, ty: TypeId, tparams: TypeList, targs: &[TypeId]) -> TypeId {
        self.about_type(ty, |c| {
            let map = c.subst_map(tparams, targs);
            c.subst(Pos::NONE, ty, &map)
        })
    }

    /// Whether the type mentions no type parameter, and is no generic type either. A type declared inside a generic
    /// function mentions the function's.
    pub fn is_closed(self, ty: TypeId) -> bool {
        assert!(!self.0.is_busy, "types: Query::is_closed while types are being made");
        self.0.is_closed(ty)
    }

    /// How many methods are declared for a defined type.
    pub fn num_methods(self, named: NamedId) -> usize {
        let obj = self.0.named[self.0.named_origin(named)].obj;
        self.about(obj, |c| c.num_methods(named))
    }

    /// The `index`th declared method, with its type.
    pub fn method(self, named: NamedId, index: usize) -> ObjId {
        let obj = self.0.named[self.0.named_origin(named)].obj;
        self.about(obj, |c| {
            let method = c.method(named, index);
            c.declare_method(method);
            method
        })
    }

    /// The field or method `name` (of `pkg`, if not exported) of a type, which is a variable's if `addressable`. What is
    /// found has its type.
    pub fn field_or_method(self, ty: TypeId, addressable: bool, pkg: Option<PkgId>, name: Symbol) -> Lookup {
        self.about_type(ty, |c| {
            let found = c.lookup_field_or_method(ty, addressable, pkg, name, false);
            if let Lookup::Found { obj, .. } | Lookup::PointerReceiver { obj } = found {
                c.declare_method(obj);
            }
            found
        })
    }

    /// All methods of an interface, embedded ones included, sorted: exported ones first, then by name, then by package.
    pub fn interface_methods(self, iface: InterfaceId) -> ObjList {
        let env = self.0.env.clone();
        self.0.request(env, |c| {
            let tset = c.type_set(iface);
            c.type_sets[tset].methods
        })
    }

    /// Whether `ty` has the methods of the interface `iface`.
    pub fn implements(self, ty: TypeId, iface: TypeId) -> bool {
        self.about_type(ty, |c| c.implements(ty, iface, false, None))
    }

    /// Whether values of the type can be compared; those of interface type always, even if that may panic.
    pub fn comparable(self, ty: TypeId) -> bool {
        self.about_type(ty, |c| c.comparable(ty))
    }

    /// Size in bytes; `None` for a type that is larger than memory.
    pub fn sizeof(self, ty: TypeId) -> Option<i64> {
        self.about_type(ty, |c| c.sizeof(ty))
    }

    pub fn alignof(self, ty: TypeId) -> i64 {
        self.about_type(ty, |c| c.alignof(ty))
    }

    pub fn offsetsof(self, fields: ObjList) -> Vec<i64> {
        let env = self.0.env.clone();
        self.0.request(env, |c| c.offsetsof(fields))
    }
}

impl Checker<'_> {
    /// Gives a declared method its type; what was made with a type is left alone.
    fn declare_method(&mut self, obj: ObjId) {
        if self.obj(obj).decl.is_some() {
            self.obj_decl(obj);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::with_packages;
    use crate::universe::typ;

    fn order(c: &mut Checker<'_>, pkg: PkgId, live: &[&str]) -> String {
        let live: Vec<ObjId> = live.iter().map(|name| c.test_global(pkg, name)).collect();
        let order = c.query().init_order_live(pkg, &live);
        let names: Vec<&str> = order.iter().map(|init| c.obj(c.obj_at(init.lhs, 0)).name.as_str()).collect();
        names.join(" ")
    }

    #[test]
    fn questions_leave_nothing_behind() {
        let text = "package p\n\
            type T struct { u *U }\n\
            type U struct { t T; m map[T]int }\n\
            func (t *T) M(f func(U)) [unsafeSize]int { return [unsafeSize]int{} }\n\
            const unsafeSize = len([3]U{})\n\
            type G[P any] struct { p P }\n\
            func (g G[Q]) Get() Q { type local struct { q Q }; return local{g.p}.q }\n\
            func outside(x int)\n\
            func F() { var g G[int]; g.Get() }\n";
        with_packages(&[("p", text)], |c, pkgs| {
            let [t, g, f, outside] = ["T", "G", "F", "outside"].map(|name| c.test_global(pkgs[0], name));
            let ty = c.query().object(t).ty.unwrap();
            let named = c.as_named(ty).unwrap();
            let method = c.query().method(named, 0);
            let Body::Checked(body) = c.query().body(method) else { panic!("a body") };
            assert_eq!((body.func, c.query().num_methods(named)), (method, 1));
            assert!(matches!(c.query().body(outside), Body::External));
            assert!(matches!(c.query().body(f), Body::Checked(_)));

            // The method of an instance has the generic method's body, in which a type is local.
            let generic = c.query().object(g).ty.unwrap();
            let instance = c.query().instance(generic, &[typ::INT]);
            let named = c.as_named(instance).unwrap();
            let get = c.query().method(named, 0);
            let Body::Checked(body) = c.query().body(get) else { panic!("a body") };
            assert!(body.func != get && c.obj_origin(get) == body.func);
            let local = c.named.values().find(|named| c.obj(named.obj).name == Symbol::intern("local")).unwrap();
            assert_eq!(c.type_ids(local.implicit), c.type_ids(c.signatures[body.signature].rparams));
            let local = local.ty;
            assert!(!c.query().is_closed(local) && c.query().is_closed(instance) && !c.query().is_closed(generic));
            assert!(c.errors.is_empty(), "{:?}", c.errors);
        });
    }

    #[test]
    fn errors_belong_to_the_package_of_the_declaration() {
        let lib = "package lib\ntype T struct { t T }\nfunc F() { undefined() }\n";
        with_packages(&[("lib", lib), ("p", "package p\nimport \"lib\"\nvar X lib.T\n")], |c, pkgs| {
            let (f, x) = (c.test_global(pkgs[0], "F"), c.test_global(pkgs[1], "X"));
            c.query().object(x);
            c.query().body(f);
            let errors: Vec<_> = c.errors.iter().map(|(pkg, error)| (*pkg, error.message.as_str())).collect();
            assert_eq!(
                errors,
                [(pkgs[0], "invalid recursive type: T refers to itself"), (pkgs[0], "undefined: undefined")]
            );
        });
    }

    #[test]
    fn live_variables_keep_the_order_of_the_package() {
        let text = "package p\n\
            var y = f()\n\
            var x = g()\n\
            var z = initz()\n\
            var dead = f() + z\n\
            func f() int { if false { _ = x }; return 1 }\n\
            func g() int { return func() int { return z }() }\n\
            func initz() int { return 2 }\n\
            var a, b = two()\n\
            func two() (int, int) { return c, 1 }\n\
            var c = later\n\
            var later = 3\n\
            var plain int\n";
        with_packages(&[("p", text)], |c, pkgs| {
            assert_eq!(order(c, pkgs[0], &["y", "x", "z"]), "z x y");
            assert_eq!(order(c, pkgs[0], &["y", "z"]), "z y");
            assert_eq!(order(c, pkgs[0], &["later", "b", "plain"]), "later a");
            assert_eq!(order(c, pkgs[0], &["b", "c", "y", "z"]), "z y c a");
            let y = c.test_global(pkgs[0], "y");
            assert!(c.query().initializer(y).is_some_and(|init| c.objs(init.lhs) == [y]));
            assert!(c.errors.is_empty(), "{:?}", c.errors);
        });
    }

    #[test]
    fn initialization_cycles_are_reported_once() {
        let text = "package p\nvar a = f()\nfunc f() int { return b }\nvar b = a\nvar other = 1\n";
        with_packages(&[("p", text)], |c, pkgs| {
            assert_eq!(order(c, pkgs[0], &["other"]), "other");
            assert!(c.errors.is_empty());
            order(c, pkgs[0], &["a"]);
            order(c, pkgs[0], &["other"]);
            order(c, pkgs[0], &["b"]);
            let errors: Vec<_> = c.errors.iter().map(|(_, error)| error.message.as_str()).collect();
            assert_eq!(errors, ["initialization cycle for a"]);
        });
    }

    #[test]
    fn instantiation_cycles_of_checked_bodies() {
        let text = "package p\nfunc F[P any](n int) { if n > 0 { F[[]P](n - 1) } }\n";
        with_packages(&[("p", text)], |c, pkgs| {
            assert!(!c.query().report_instantiation_cycle(pkgs[0]));
            let f = c.test_global(pkgs[0], "F");
            c.query().body(f);
            assert!(c.query().report_instantiation_cycle(pkgs[0]) && c.query().report_instantiation_cycle(pkgs[0]));
            let errors: Vec<_> = c.errors.iter().map(|(pkg, error)| (*pkg, error.message.as_str())).collect();
            assert_eq!(errors, [(pkgs[0], "instantiation cycle:")]);
        });
    }

    #[test]
    fn declarations_know_their_place() {
        let text = "package p\nimport \"lib\"\nvar A, B = 1, lib.X\ntype T int\nfunc (T) M() {}\n";
        with_packages(&[("lib", "package lib\nvar X = 1\n"), ("p", text)], |c, pkgs| {
            let place = |c: &Checker<'_>, obj| c.decl_site(obj).map(|site| (site.file_index, site.decl_index));
            let [b, t] = ["B", "T"].map(|name| c.test_global(pkgs[1], name));
            assert_eq!((place(c, b), place(c, t)), (Some((0, 1)), Some((0, 2))));
            let named = c.query().object(t).ty.and_then(|ty| c.as_named(ty)).unwrap();
            let method = c.query().method(named, 0);
            let site = c.decl_site(method).unwrap();
            assert_eq!((site.decl_index, site.file), (3, c.package_states[pkgs[1]].files[0].ast.id));
            let any = c.scope(crate::universe::UNIVERSE).lookup(base::sym::ANY).unwrap();
            assert_eq!(c.decl_site(any), None);
        });
    }

    #[test]
    fn types_of_uses_are_shared() {
        let text = "package p\n\
            func two() (int, string) { return 1, \"\" }\n\
            type T struct{}\n\
            func (T) M() int { return 0 }\n\
            func F(m map[int]string, t T) {\n\
                x, y := two(); v, ok := m[0]; f := t.M\n\
                _, _, _, _, _ = x, y, v, ok, f\n\
                x, y = two(); v, ok = m[1]; f = t.M; t.M()\n\
            }\n";
        with_packages(&[("p", text)], |c, pkgs| {
            let f = c.test_global(pkgs[0], "F");
            let Body::Checked(body) = c.query().body(f) else { panic!("a body") };
            assert!(c.errors.is_empty(), "{:?}", c.errors);
            let mut tuples: Vec<TypeId> = Vec::new();
            let mut signatures: Vec<TypeId> = Vec::new();
            for node in 0..body.body.node_count {
                let node = base::EntityId::from_index(node);
                let Some(ty) = c.units[body.unit].types[node].ty else { continue };
                match c.ty(ty) {
                    Type::Tuple(vars) if !vars.is_empty() => tuples.push(ty),
                    Type::Signature(sig) if c.signatures[sig].params.is_empty() => signatures.push(ty),
                    _ => {}
                }
            }
            assert_eq!((tuples.len(), signatures.len()), (4, 7)); // two, two, t.M, f on either side, t.M, t.M
            tuples.sort();
            tuples.dedup();
            signatures.sort();
            signatures.dedup();
            assert_eq!((tuples.len(), signatures.len()), (2, 2));
        });
    }
}
