//! The checker's state: one for the whole program, on one thread.
//!
//! Packages are *added* with their parsed files; adding declares their package-level names and nothing else. From then
//! on any object can be asked for ([`Checker::query`]): its declaration is checked then, in its own package's
//! environment, whichever package asked. Packages that are checked *whole* (the user's) are walked in declaration order
//! and all their bodies checked; in the others only what is asked for is ever looked at.
//!
//! Work that must not happen in the middle of a type's construction is put off with [`Checker::later`] and runs in
//! order when the outermost request is done.

use crate::code::Code;
use crate::constant::Value;
use crate::initorder::Initializer;
use crate::operand::{At, Operand};
use crate::print::AmbiguousNames;
use crate::scope::Scope;
use crate::store::*;
use crate::universe::{UNIVERSE, typ};
use crate::version::GoVersion;
use base::{Diagnostic, Note, Pos, Severity, SideTable, SourceMap, Symbol};
use bumpalo::Bump;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use syntax::ast;

/// How to check; the same for all packages.
#[derive(Clone, Debug)]
pub struct Config {
    /// The language version of the SDK: nothing newer is accepted.
    pub max_version: GoVersion,
    /// Labels and branches were checked by the parser, as gc does it.
    pub ignore_branch_errors: bool,
    /// Declares `assert` and `trace`, which Go's own checker tests use.
    pub test_builtins: bool,
    /// `import "C"` gives a package of which anything can be selected, without complaint: Go's checker tests want it.
    /// Otherwise it is refused.
    pub fake_import_c: bool,
    /// Also what gc checks when types2 is content: interfaces that embed themselves in a cycle.
    pub compiler_checks: bool,
}

impl Config {
    /// As gc checks for a build.
    pub fn for_build(max_version: GoVersion) -> Config {
        Config {
            max_version,
            ignore_branch_errors: true,
            test_builtins: false,
            fake_import_c: false,
            compiler_checks: true,
        }
    }
}

/// A package to check.
#[derive(Default)]
pub struct PackageInput<'a> {
    pub path: String,
    pub whole: bool,
    /// It comes from the SDK or its overlay.
    pub standard: bool,
    pub files: Vec<FileInput<'a>>,
    /// Import path as written to the package it denotes; `unsafe` need not be there.
    pub imports: FxHashMap<String, PkgId>,
    /// Imports that are not in `imports` are reported; otherwise whoever looked for them has done so.
    pub report_missing_imports: bool,
}

#[derive(Clone, Copy)]
pub struct FileInput<'a> {
    pub ast: &'a ast::File<'a>,
    /// The language version of the file's module. What the file's `//go:build` line says is applied on top of it.
    pub version: GoVersion,
}

/// What the checker keeps of a package beside its [`Package`].
#[derive(Default)]
pub struct PackageState<'a> {
    pub files: Vec<FileInput<'a>>,
    pub units: Vec<UnitId>,
    pub file_scopes: Vec<ScopeId>,
    pub imports: FxHashMap<String, PkgId>,
    pub report_missing_imports: bool,
    /// Package-level objects and methods in source order.
    pub obj_list: Vec<ObjId>,
    /// Methods by their receiver base type's name, until the type is declared and collects them.
    pub methods: FxHashMap<ObjId, Vec<ObjId>>,
    /// The files' imports, for the report of unused ones.
    pub pkg_names: Vec<ObjId>,
    /// Dot-imported objects, by file scope and name, to the import that brought them.
    pub dot_imports: FxHashMap<(ScopeId, Symbol), ObjId>,
    /// Type names whose chain of names (`type A B`, `type B C`, ...) is known to end; see `decl/cycles.rs`.
    pub direct_cycles_done: FxHashSet<ObjId>,
    /// The interface types written in a package that is checked whole; see `decl/interface_cycles.rs`.
    pub interface_types: Vec<(&'a ast::Expr<'a>, InterfaceId)>,
    /// An error was reported: suppresses follow-up errors.
    pub has_error: bool,
    /// The order in which variables are initialised, of a package that was checked whole.
    pub init_order: Vec<Initializer<'a>>,
    /// Cycles in it were reported.
    pub init_cycles_reported: bool,
}

/// The checked body of a function declaration.
#[derive(Clone, Copy, Debug)]
pub struct CheckedBody<'a> {
    /// The function or method as it is declared.
    pub func: ObjId,
    pub decl: DeclId,
    pub signature: SignatureId,
    /// What is known of the body's nodes.
    pub unit: UnitId,
    pub body: &'a ast::FuncBody<'a>,
}

/// A package-level declaration or method.
#[derive(Clone, Debug)]
pub struct DeclInfo<'a> {
    pub pkg: PkgId,
    /// Unit of the declaration's nodes.
    pub unit: UnitId,
    pub file_scope: ScopeId,
    /// Index in the package's files, and of the declaration in its file; see [`Checker::decl_site`].
    pub file: u32,
    pub index: u32,
    pub version: GoVersion,
    /// All variables of an n:1 variable declaration.
    pub lhs: Option<ObjList>,
    /// Type of a constant or variable.
    pub ty: Option<&'a ast::Expr<'a>>,
    /// Initialiser of a constant or variable.
    pub init: Option<&'a ast::Expr<'a>>,
    /// The initialiser was inherited from an earlier constant of the group.
    pub inherited: bool,
    /// Value of iota in a constant's initialiser.
    pub iota: u32,
    pub tdecl: Option<&'a ast::TypeDecl<'a>>,
    pub fdecl: Option<&'a ast::FuncDecl<'a>>,
    /// The type parameters around a function's body, its receiver's first; known when the body is checked.
    pub implicit: TypeList,
    /// A function's signature, once its declaration is being checked.
    pub sig: Option<SignatureId>,
    /// A function's body, once it is checked.
    pub body: Option<CheckedBody<'a>>,
    /// Package-level objects that the initialiser or body refers to, in order of first use, without duplicates.
    pub deps: indexset::ObjSet,
}

/// A set of objects in insertion order.
pub mod indexset {
    use crate::store::ObjId;
    use rustc_hash::FxHashSet;

    #[derive(Clone, Debug, Default)]
    pub struct ObjSet {
        order: Vec<ObjId>,
        seen: FxHashSet<ObjId>,
    }

    impl ObjSet {
        pub fn insert(&mut self, obj: ObjId) {
            if self.seen.insert(obj) {
                self.order.push(obj);
            }
        }
        pub fn iter(&self) -> impl Iterator<Item = ObjId> + '_ {
            self.order.iter().copied()
        }
        pub fn is_empty(&self) -> bool {
            self.order.is_empty()
        }
    }
}

/// The surroundings in which an object is being checked.
#[derive(Clone, Debug)]
pub(crate) struct Env {
    pub pkg: PkgId,
    /// Where node facts are recorded.
    pub unit: UnitId,
    /// The package-level declaration whose initialiser or body is checked.
    pub decl: Option<DeclId>,
    pub scope: ScopeId,
    pub version: GoVersion,
    /// Value of iota in a constant declaration.
    pub iota: Option<Value>,
    /// In an inherited constant initialiser: the constant's position, where its errors are reported.
    pub errpos: Pos,
    pub in_tparam_list: bool,
    /// The enclosing function's signature.
    pub sig: Option<SignatureId>,
    /// Calls of panic in the function body (for the analysis of terminating statements).
    pub panic_calls: FxHashSet<ast::NodeId>,
    /// The function has labels.
    pub has_label: bool,
    /// The expression holds a call or a receive.
    pub has_call_or_recv: bool,
}

/// Work put off; see [`Checker::later`].
pub(crate) struct Action<'a> {
    pub version: GoVersion,
    pub pkg: PkgId,
    pub unit: UnitId,
    pub run: Box<dyn FnOnce(&mut Checker<'a>) + 'a>,
}

pub struct Checker<'a> {
    pub store: Store,
    pub config: Config,
    pub sources: &'a SourceMap,
    /// Holds bodies that are parsed on demand.
    pub arena: &'a Bump,
    pub decls: base::Table<DeclId, DeclInfo<'a>>,
    /// Parallel to `store.packages`; package unsafe has an empty one.
    pub package_states: base::Table<PkgId, PackageState<'a>>,
    pub(crate) env: Env,
    pub(crate) delayed: Vec<Action<'a>>,
    /// Objects whose declarations are being checked, outermost first; each object's `path_index` points here.
    pub(crate) obj_path: Vec<ObjId>,
    /// Something is being checked; see `query.rs`.
    pub(crate) is_busy: bool,
    /// Operands of shifts whose type is not settled: (unit, node).
    pub shift_lhs: FxHashSet<(UnitId, ast::NodeId)>,
    /// Nesting of expressions, types and statements being checked; see [`Checker::enter`].
    pub depth: u32,
    /// Types that were found not to contain themselves, instances left out; see `decl/valid_type.rs`.
    pub valid_types: FxHashSet<NamedId>,
    /// All errors, in the order they were found, with the package they are in.
    pub errors: Vec<(PkgId, Diagnostic)>,
    /// Which package names need their path in messages; found when the first message needs it.
    pub ambiguous_names: RefCell<AmbiguousNames>,
    /// Identical instances are one type; see `context.rs`.
    pub context: crate::context::Context,
    /// Types with many fields or methods; see `lookup.rs`.
    pub lookups: crate::lookup::LookupIndex,
    /// Instantiation cycles; see `mono.rs`.
    pub mono: crate::mono::MonoGraph,
    /// Types defined inside functions (no aliases), with the package-level declaration around each.
    pub local_types: Vec<(ObjId, DeclId)>,
    pub(crate) made: MadeTypes,
    pub(crate) closed: crate::closed::ClosedTypes,
}

/// Types that no source text spells and that would be made anew with every use.
#[derive(Default)]
pub(crate) struct MadeTypes {
    /// By method: its signature without receiver.
    pub method_values: FxHashMap<ObjId, TypeId>,
    /// By function type: the tuple of its results.
    pub result_tuples: SideTable<TypeId, Option<TypeId>>,
    /// The types of `v, ok` expressions.
    pub pairs: FxHashMap<[TypeId; 2], TypeId>,
}

impl Deref for Checker<'_> {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

impl DerefMut for Checker<'_> {
    fn deref_mut(&mut self) -> &mut Store {
        &mut self.store
    }
}

/// Nesting beyond which a program is refused rather than the stack risked.
const MAX_DEPTH: u32 = 30_000;

impl<'a> Checker<'a> {
    pub fn new(config: Config, sources: &'a SourceMap, arena: &'a Bump) -> Checker<'a> {
        let mut store = Store::with_universe(config.test_builtins);
        let unit = store.units.push(UnitInfo::default());
        let version = config.max_version;
        let mut package_states = base::Table::new();
        package_states.push(PackageState::default());
        Checker {
            store,
            config,
            sources,
            arena,
            decls: base::Table::new(),
            package_states,
            env: Env::new(crate::universe::UNSAFE, unit, UNIVERSE, version),
            delayed: Vec::new(),
            obj_path: Vec::new(),
            is_busy: false,
            shift_lhs: FxHashSet::default(),
            depth: 0,
            valid_types: FxHashSet::default(),
            errors: Vec::new(),
            ambiguous_names: Default::default(),
            context: Default::default(),
            lookups: Default::default(),
            mono: Default::default(),
            made: Default::default(),
            closed: Default::default(),
            local_types: Vec::new(),
        }
    }

    /// The state of the package being checked.
    pub(crate) fn pkg_state(&mut self) -> &mut PackageState<'a> {
        let pkg = self.env.pkg;
        &mut self.package_states[pkg]
    }

    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.store.scopes[id]
    }

    /// The declaration visible in the current scope.
    pub fn lookup(&self, name: Symbol) -> Option<ObjId> {
        self.store.lookup_parent(self.env.scope, name).map(|(_, obj)| obj)
    }

    /// Puts work off until the outermost request is done. It runs in the version, package and unit of now; whatever
    /// else of the environment it needs it must capture.
    pub(crate) fn later(&mut self, run: impl FnOnce(&mut Checker<'a>) + 'a) {
        let Env { version, pkg, unit, .. } = self.env;
        self.delayed.push(Action { version, pkg, unit, run: Box::new(run) });
    }

    /// Runs what was put off since `delayed` had length `top`, and what that puts off in turn, first in first out.
    pub(crate) fn process_delayed(&mut self, top: usize) {
        let (version, pkg, unit) = (self.env.version, self.env.pkg, self.env.unit);
        let mut next = top;
        while next < self.delayed.len() {
            // The slot stays until the end, because `next` counts from the bottom.
            let action = &mut self.delayed[next];
            let run = std::mem::replace(&mut action.run, Box::new(|_| {}));
            (self.env.version, self.env.pkg, self.env.unit) = (action.version, action.pkg, action.unit);
            run(self);
            next += 1;
        }
        self.delayed.truncate(top);
        (self.env.version, self.env.pkg, self.env.unit) = (version, pkg, unit);
    }

    /// spec compliance by version: whether the current file's language version is at least `version`.
    pub fn allow_version(&self, version: GoVersion) -> bool {
        self.env.version >= version
    }

    /// Reports that `what` needs a newer language version, unless the version is allowed.
    pub fn verify_version(&mut self, at: impl At, version: GoVersion, what: &str) -> bool {
        if self.allow_version(version) {
            return true;
        }
        self.version_error(at, version, what);
        false
    }

    /// Counts one level of nesting; `false` (and an error, once) when it is too deep. Pair with [`Checker::leave`].
    pub fn enter(&mut self, at: impl At) -> bool {
        self.depth += 1;
        if self.depth == MAX_DEPTH {
            self.error(at, Code::NestedTooDeeply, "program is nested too deeply");
        }
        self.depth < MAX_DEPTH
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Notes that the declaration being checked refers to `to`, if that is a package-level object or method of the
    /// same package.
    pub(crate) fn add_decl_dep(&mut self, to: ObjId) {
        if let Some(from) = self.env.decl
            && let Some(decl) = self.store.objects[to].decl
            && self.decls[decl].pkg == self.decls[from].pkg
        {
            self.decls[from].deps.insert(to);
        }
    }

    /// Puts `obj` on the path of objects being checked.
    pub(crate) fn push(&mut self, obj: ObjId) {
        self.store.objects[obj].path_index = Some(self.obj_path.len() as u32);
        self.obj_path.push(obj);
    }

    /// Takes the innermost object off the path.
    pub(crate) fn pop(&mut self) -> ObjId {
        let obj = self.obj_path.pop().expect("push and pop are paired");
        self.store.objects[obj].path_index = None;
        obj
    }

    /// The SourceMap's file of a position, for parsing bodies on demand.
    pub(crate) fn source_file(&self, pos: Pos) -> &'a base::SourceFile {
        self.sources.file(self.sources.file_of(pos))
    }
}

impl Env {
    pub fn new(pkg: PkgId, unit: UnitId, scope: ScopeId, version: GoVersion) -> Env {
        Env {
            pkg,
            unit,
            decl: None,
            scope,
            version,
            iota: None,
            errpos: Pos::NONE,
            in_tparam_list: false,
            sig: None,
            panic_calls: FxHashSet::default(),
            has_label: false,
            has_call_or_recv: false,
        }
    }
}

/// An error with several parts: the first is the message, the others become notes.
#[derive(Debug)]
pub struct ErrorBuilder {
    pub code: Code,
    pub soft: bool,
    pub parts: Vec<(Pos, String)>,
}

impl ErrorBuilder {
    pub fn new(code: Code) -> ErrorBuilder {
        ErrorBuilder { code, soft: false, parts: Vec::new() }
    }
    pub fn add(&mut self, at: impl At, message: impl Into<String>) -> &mut Self {
        self.parts.push((at.at(), message.into()));
        self
    }
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl<'a> Checker<'a> {
    pub fn error(&mut self, at: impl At, code: Code, message: impl Into<String>) {
        let mut err = ErrorBuilder::new(code);
        err.add(at, message);
        self.report(err);
    }

    pub fn soft_error(&mut self, at: impl At, code: Code, message: impl Into<String>) {
        let mut err = ErrorBuilder::new(code);
        err.soft = true;
        err.add(at, message);
        self.report(err);
    }

    pub fn version_error(&mut self, at: impl At, version: GoVersion, what: &str) {
        self.error(at, Code::UnsupportedFeature, format!("{what} requires {version} or later"));
    }

    /// Adds the note that names an object's other declaration.
    pub fn add_alt_decl(&self, err: &mut ErrorBuilder, obj: ObjId) {
        let object = self.obj(obj);
        if object.pos.is_known() {
            err.add(object.pos, format!("other declaration of {}", object.name));
        }
    }

    /// Files the error. After a package's first error those that speak of invalid operands or types are dropped: they
    /// are consequences.
    pub fn report(&mut self, err: ErrorBuilder) {
        let mut parts = err.parts.into_iter();
        let (mut pos, message) = parts.next().expect("an error has a message");
        let state = &mut self.package_states[self.env.pkg];
        let follows = |what| message.find(what).is_some_and(|at| at > 0);
        if state.has_error && (follows("invalid operand") || follows("invalid type")) {
            return;
        }
        state.has_error = true;
        let message = match err.code {
            Code::InvalidSyntaxTree => format!("invalid syntax tree: {message}"),
            _ => message,
        };
        if self.env.errpos.is_known() {
            pos = self.env.errpos;
        }
        let severity = if err.soft { Severity::SoftError } else { Severity::Error };
        let notes = parts.map(|(pos, message)| Note { pos, message }).collect();
        let diagnostic = Diagnostic { severity, syntax: false, code: err.code.as_str(), pos, message, notes };
        self.errors.push((self.env.pkg, diagnostic));
    }
}

/// Recording what is known of nodes.
impl<'a> Checker<'a> {
    fn unit_info(&mut self) -> &mut UnitInfo {
        let unit = self.env.unit;
        &mut self.store.units[unit]
    }

    /// What is recorded for an expression of the current unit.
    pub fn recorded(&self, e: &ast::Expr<'a>) -> TypeAndValue {
        self.store.units[self.env.unit].types[e.id]
    }

    /// Records mode, type and value of a checked operand. An untyped type stays until `update_expr_type` settles it.
    pub fn record(&mut self, x: &Operand<'a>) {
        let e = x.expr();
        match x.mode {
            Mode::Invalid => {}
            Mode::NoValue => self.record_type_and_value(e, Mode::NoValue, typ::EMPTY_TUPLE, None),
            Mode::Constant => self.record_type_and_value(e, Mode::Constant, x.ty, x.val.clone()),
            mode => self.record_type_and_value(e, mode, x.ty, None),
        }
    }

    pub fn record_type_and_value(&mut self, e: &ast::Expr<'a>, mode: Mode, ty: TypeId, val: Option<Value>) {
        if mode == Mode::Invalid {
            return;
        }
        let store = &mut self.store;
        let recorded = &mut store.units[self.env.unit].types[e.id];
        let val = match (val, recorded.val) {
            // Recorded again: nobody else has the slot.
            (Some(value), Some(slot)) => {
                store.consts[slot] = value;
                Some(slot)
            }
            (value, _) => value.map(|value| store.consts.push(value)),
        };
        *recorded = TypeAndValue { mode, ty: Some(ty), val };
    }

    /// Records a builtin's signature for the (possibly parenthesised) identifier that was called.
    pub fn record_builtin_type(&mut self, fun: &'a ast::Expr<'a>, id: BuiltinId, sig: TypeId) {
        let mut e = fun;
        loop {
            self.record_type_and_value(e, Mode::Builtin(id), sig, None);
            match e.kind {
                ast::ExprKind::Paren(x) => e = x,
                _ => return,
            }
        }
    }

    /// `e` is used as `v, ok = e`: its type becomes the pair.
    pub fn record_comma_ok_types(&mut self, e: &'a ast::Expr<'a>, types: [TypeId; 2]) {
        let pair = match self.made.pairs.get(&types) {
            Some(&pair) => pair,
            None => {
                let var = |ty| self.store.new_var(VarKind::Local, Pos::NONE, None, base::sym::EMPTY, Some(ty));
                let vars = types.map(var);
                let vars = self.store.obj_list(&vars);
                let pair = self.store.new_type(Type::Tuple(vars));
                self.made.pairs.insert(types, pair);
                pair
            }
        };
        let mut e = e;
        loop {
            self.unit_info().types[e.id].ty = Some(pair);
            match e.kind {
                ast::ExprKind::Paren(x) => e = x,
                _ => return,
            }
        }
    }

    /// `id` declares `obj`.
    pub fn record_def(&mut self, id: ast::Ident, obj: ObjId) {
        self.unit_info().objects[id.id] = Some(obj);
    }

    /// `id` denotes `obj`.
    pub fn record_use(&mut self, id: ast::Ident, obj: ObjId) {
        self.unit_info().objects[id.id] = Some(obj);
    }

    /// A clause of a type switch declares `obj`.
    pub fn record_implicit(&mut self, clause: ast::NodeId, obj: ObjId) {
        self.unit_info().objects[clause] = Some(obj);
    }

    pub fn record_selection(&mut self, selector: &'a ast::Expr<'a>, selection: Selection) {
        if let ast::ExprKind::Selector { sel, .. } = selector.kind {
            self.record_use(sel, selection.obj);
        }
        self.unit_info().selections.insert(selector.id, selection);
    }

    /// Type arguments of the generic function or type that `e` (an identifier, selector, or index of one) denotes.
    pub fn record_instance(&mut self, e: &'a ast::Expr<'a>, targs: &[TypeId], ty: TypeId) {
        let mut denoted = e.unparen();
        if let ast::ExprKind::Index { x, .. } = denoted.kind {
            denoted = x.unparen();
        }
        let id = match denoted.kind {
            ast::ExprKind::Selector { sel, .. } => sel.id,
            _ => denoted.id,
        };
        let targs = self.store.type_list(targs);
        self.unit_info().instances.insert(id, (targs, ty));
    }
}
