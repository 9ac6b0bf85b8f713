//! What `//go:` comments say: facts of functions, and names of the linker's world.
//!
//! A function without body is written elsewhere. A linkname directive says under which symbol; without one it is the
//! function's own. Somebody provides that symbol: a function that has it by a directive of its own (`//go:linkname
//! sync_runtime_Semacquire sync.runtime_Semacquire` in package runtime), or the one that is declared so.

use crate::module::Module;
use base::{EntityId, Pos, Symbol};
use rustc_hash::FxHashMap;
use syntax::directive::{FileDirectives, FuncDirectives};
use types::{Body, Checker, DeclSite, ObjId, ObjKind, PkgId};

/// Facts of functions, by package and file.
#[derive(Default)]
pub struct Directives {
    funcs: FxHashMap<(PkgId, u32, u32), FuncDirectives>,
}

impl Directives {
    /// Takes what a file of a package says; `file` is its place in `PackageState::files`.
    pub fn add(&mut self, pkg: PkgId, file: usize, directives: &FileDirectives) {
        for &(decl, said) in &directives.funcs {
            self.funcs.insert((pkg, file as u32, decl), said);
        }
    }

    pub fn of(&self, site: Option<DeclSite>) -> FuncDirectives {
        let found = site.and_then(|site| self.funcs.get(&(site.pkg, site.file_index, site.decl_index)));
        found.copied().unwrap_or_default()
    }
}

/// Which symbols declared objects have by directive.
#[derive(Default)]
pub struct LinkNames {
    /// The symbol that stands in an object's directive.
    targets: FxHashMap<ObjId, (Symbol, Pos)>,
    /// The objects that were given a symbol, in the order of the directives.
    given: FxHashMap<Symbol, Vec<ObjId>>,
    /// Symbols that assembly gives to the code of others.
    aliases: FxHashMap<Symbol, Symbol>,
}

impl LinkNames {
    /// The code of `name` is that of `target`.
    pub fn add_alias(&mut self, name: &str, target: &str) {
        self.aliases.insert(Symbol::intern(name), Symbol::intern(target));
    }

    pub fn add(&mut self, checker: &Checker<'_>, pkg: PkgId, directives: &FileDirectives) {
        let scope = checker.packages[pkg].scope;
        for linkname in &directives.linknames {
            let Some(obj) = checker.scope(scope).lookup(linkname.local) else { continue };
            let Some(target) = linkname.target else { continue };
            if self.targets.contains_key(&obj) {
                continue;
            }
            self.targets.insert(obj, (target, linkname.pos));
            self.given.entry(target).or_default().push(obj);
        }
    }
}

impl LinkNames {
    /// The symbol that a directive gives a function or variable.
    pub fn symbol(&self, obj: ObjId) -> Option<Symbol> {
        self.targets.get(&obj).map(|&(target, _)| target)
    }
}

/// The function with a body that stands behind one without; `Err` names what is missing.
pub fn provider(cx: &mut Module<'_>, func: ObjId) -> Result<ObjId, String> {
    let symbol = match cx.links.targets.get(&func) {
        Some(&(target, _)) => target,
        None => Symbol::intern(&own_symbol(cx, func)),
    };
    let symbol = cx.links.aliases.get(&symbol).copied().unwrap_or(symbol);
    let mut candidates = cx.links.given.get(&symbol).cloned().unwrap_or_default();
    candidates.extend(declared_as(cx, symbol.as_str()));
    for candidate in candidates {
        let is_func = matches!(cx.checker.obj(candidate).kind, ObjKind::Func { .. });
        if candidate != func && is_func && matches!(cx.checker.query().body(candidate), Body::Checked(_)) {
            return Ok(candidate);
        }
    }
    let own = own_symbol(cx, func);
    let is_standard = cx.checker.obj(func).pkg.is_some_and(|pkg| cx.checker.packages[pkg].standard);
    if !is_standard && !cx.links.targets.contains_key(&func) {
        // The checker accepts that only beside `.s` files.
        return Err(format!("assembly ({own} has no body in Go)"));
    }
    Err(format!("{own} has no body, and nobody provides {symbol}"))
}

/// The variable behind a variable that a directive gives another's symbol.
pub fn variable(cx: &mut Module<'_>, var: ObjId) -> ObjId {
    let Some(&(target, _)) = cx.links.targets.get(&var) else { return var };
    match declared_as(cx, target.as_str()) {
        Some(other) if matches!(cx.checker.obj(other).kind, ObjKind::Var { .. }) => other,
        // Several may share a symbol that no package declares: the first stands for all.
        _ => {
            let is_var = |obj: &&ObjId| matches!(cx.checker.obj(**obj).kind, ObjKind::Var { .. });
            cx.links.given[&target].iter().find(is_var).copied().unwrap_or(var)
        }
    }
}

/// The variable with an initialiser that a directive gives this one's symbol.
pub fn initialized_namesake(cx: &mut Module<'_>, var: ObjId) -> Option<ObjId> {
    let given = cx.links.given.get(&Symbol::intern(&own_symbol(cx, var)))?;
    let has_initializer = |&other: &ObjId| {
        other != var
            && matches!(cx.checker.obj(other).kind, ObjKind::Var { .. })
            && cx.checker.query().initializer(other).is_some()
    };
    given.iter().copied().find(has_initializer)
}

fn own_symbol(cx: &Module<'_>, obj: ObjId) -> String {
    let object = cx.checker.obj(obj);
    let prefix = object.pkg.map(|pkg| cx.types.package_prefix(&cx.checker, pkg)).unwrap_or_default();
    format!("{prefix}.{}", object.name)
}

/// What a package declares under the symbol: `path.Name`, `path.T.Name`, `path.(*T).Name`.
fn declared_as(cx: &mut Module<'_>, symbol: &str) -> Option<ObjId> {
    let slash = symbol.rfind('/').map_or(0, |slash| slash + 1);
    let dot = slash + symbol[slash..].find('.')?;
    let (prefix, name) = (&symbol[..dot], &symbol[dot + 1..]);
    let pkg = (0..cx.checker.packages.len()).map(PkgId::from_index).find(|&pkg| {
        let path = cx.types.package_path(&cx.checker, pkg);
        path == prefix || prefix.contains('%') && cx.types.package_prefix(&cx.checker, pkg) == prefix
    })?;
    let scope = cx.checker.packages[pkg].scope;
    let lookup = |cx: &Module<'_>, name: &str| cx.checker.scope(scope).lookup(Symbol::intern(name));
    let Some((receiver, method)) = name.rsplit_once('.') else { return lookup(cx, name) };
    let receiver = receiver.strip_prefix("(*").and_then(|it| it.strip_suffix(')')).unwrap_or(receiver);
    let obj = lookup(cx, receiver)?;
    let ty = cx.checker.query().object(obj).ty?;
    let named = cx.checker.as_named(ty)?;
    let count = cx.checker.query().num_methods(named);
    let methods: Vec<ObjId> = (0..count).map(|index| cx.checker.query().method(named, index)).collect();
    methods.into_iter().find(|&obj| cx.checker.obj(obj).name.as_str() == method)
}
