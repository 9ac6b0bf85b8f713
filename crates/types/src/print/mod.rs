//! How messages show types, objects and operands.
//!
//! Texts are those of types2, since people search for them and tests compare them. They are made only when an error is
//! reported, and are bounded: a type can be huge without being infinite (`P[P[…],P[…]]`), or nested as deep as a
//! program is long.
//!
//! **Qualification.** A name of the package being checked stands alone, others follow their package's name: `io.Reader`.
//! Should two packages that the checked one depends on share that name, their paths are shown instead:
//! `"crypto/rand".Reader`.

mod lookup;
mod object;
mod operand;
mod writer;

use crate::checker::Checker;
use crate::store::*;
use base::{Pos, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::unicode::quote_string;
use writer::{Style, TypeWriter};

/// Names that several packages bear among those that one package depends on.
#[derive(Debug, Default)]
pub struct AmbiguousNames {
    /// Whose dependencies these are; messages come package by package, so one set is kept.
    of: Option<PkgId>,
    names: FxHashSet<Symbol>,
}

impl<'a> Checker<'a> {
    pub fn type_string(&self, ty: TypeId) -> String {
        let mut writer = TypeWriter::new(self);
        writer.ty(Some(ty));
        writer.finish()
    }

    /// What someone has or wants, as `(number, string, ...T)`. Untyped numbers are just numbers: "have number, want
    /// float64" asks for nothing that is not needed. `variadic`: the last type is the slice of a `...T` parameter;
    /// `has_dots`: the last argument is followed by dots.
    pub fn types_summary(&self, list: &[TypeId], variadic: bool, has_dots: bool) -> String {
        debug_assert!(!(variadic && has_dots));
        let mut text = String::from("(");
        for (index, &ty) in list.iter().enumerate() {
            let is_last = index + 1 == list.len();
            if index > 0 {
                text.push_str(", ");
            }
            if is_last && variadic {
                text.push_str("...");
            }
            match (self.ty(ty), self.ty(self.without_alias(ty))) {
                (Type::Slice { elem }, _) if is_last && variadic => text.push_str(&self.type_string(elem)),
                (_, Type::Basic(BasicKind::Invalid)) => text.push_str("unknown type"),
                (_, Type::Basic(kind)) if kind.is_untyped() && kind.is_numeric() => text.push_str("number"),
                (_, Type::Basic(kind)) if kind.is_untyped() => {
                    text.push_str(kind.name().trim_start_matches("untyped "));
                }
                _ => text.push_str(&self.type_string(ty)),
            }
            if is_last && has_dots {
                text.push_str("...");
            }
        }
        text.push(')');
        text
    }

    /// A signature without `func`: `[T any](x T) bool`.
    pub fn signature_string(&self, sig: SignatureId) -> String {
        let mut writer = TypeWriter::new(self);
        writer.signature(sig);
        writer.finish()
    }

    /// A method's name and signature, parameters unnamed. With `pkg_info` whatever may tell two methods apart that look
    /// the same.
    pub fn func_string(&self, func: ObjId, pkg_info: bool) -> String {
        let style = Style { full_paths: pkg_info, annotates_fields: pkg_info, param_names: false };
        let mut writer = TypeWriter::with_style(self, style);
        let func = self.obj(func);
        writer.put(func.name.as_str());
        if let Some(Type::Signature(sig)) = func.ty.map(|ty| self.ty(ty)) {
            writer.signature(sig);
        }
        writer.finish()
    }

    /// `~int | pkg/path.T`; `∅` if no type is in the list.
    pub fn term_list_string(&self, terms: TermList) -> String {
        if terms.is_empty() {
            return "∅".to_string();
        }
        let mut writer = TypeWriter::with_style(self, Style::FULL);
        writer.union(terms);
        writer.finish()
    }

    /// What stands before the names of a package's objects: `io.`, or nothing for the package being checked.
    pub fn package_prefix(&self, pkg: PkgId) -> String {
        if pkg == self.env.pkg {
            return String::new();
        }
        let package = &self.packages[pkg];
        if self.is_ambiguous(package.name) {
            format!("{}.", quote_string(&package.path))
        } else {
            format!("{}.", package.name)
        }
    }

    fn is_ambiguous(&self, name: Symbol) -> bool {
        let mut ambiguous = self.ambiguous_names.borrow_mut();
        if ambiguous.of != Some(self.env.pkg) {
            *ambiguous = self.find_ambiguous_names();
        }
        ambiguous.names.contains(&name)
    }

    /// Walks what the package being checked imports, directly and indirectly.
    fn find_ambiguous_names(&self) -> AmbiguousNames {
        let mut ambiguous = AmbiguousNames { of: Some(self.env.pkg), names: FxHashSet::default() };
        let mut bearers: FxHashMap<Symbol, &str> = FxHashMap::default();
        let mut seen = FxHashSet::from_iter([self.env.pkg]);
        let mut pending = vec![self.env.pkg];
        while let Some(pkg) = pending.pop() {
            let package = &self.packages[pkg];
            if *bearers.entry(package.name).or_insert(&package.path) != package.path {
                ambiguous.names.insert(package.name);
            }
            pending.extend(package.imports.iter().filter(|&&import| seen.insert(import)));
        }
        ambiguous
    }

    /// A position inside a message. Where line directives move it, the place in the text follows in brackets.
    pub fn pos_string(&self, pos: Pos) -> String {
        if !pos.is_known() {
            return "<unknown position>".to_string();
        }
        let shown = self.sources.location(pos).to_string();
        let (file, line, column) = self.sources.physical(pos);
        let physical = format!("{}:{line}:{column}", self.sources.file(file).shown);
        if shown == physical { shown } else { format!("{shown}[{physical}]") }
    }

    /// The type an alias stands for, as far as that is known.
    fn without_alias(&self, ty: TypeId) -> TypeId {
        match self.ty(ty) {
            Type::Alias(alias) => self.aliases[alias].actual.unwrap_or(ty),
            _ => ty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::Config;
    use crate::universe::typ;
    use crate::version::GoVersion;
    use base::SourceMap;
    use bumpalo::Bump;

    fn with_checker(test: impl FnOnce(&mut Checker)) {
        let (sources, arena) = (SourceMap::new(), Bump::new());
        let max_version = GoVersion::go1(26);
        let config = Config::for_build(max_version);
        test(&mut Checker::new(config, &sources, &arena));
    }

    fn package(checker: &mut Checker, path: &str, name: &str, imports: Vec<PkgId>) -> PkgId {
        let scope = checker.store.new_scope(Some(crate::universe::UNIVERSE), Pos::NONE, Pos::NONE);
        let name = Symbol::intern(name);
        checker.packages.push(Package {
            path: path.into(),
            name,
            scope,
            imports,
            fake: false,
            whole: false,
            standard: false,
        })
    }

    fn var(checker: &mut Checker, kind: VarKind, name: &str, ty: TypeId) -> ObjId {
        checker.new_var(kind, Pos::NONE, None, Symbol::intern(name), Some(ty))
    }

    fn named(checker: &mut Checker, pkg: PkgId, name: &str) -> TypeId {
        let obj = checker.new_object(ObjKind::TypeName, Pos::NONE, Some(pkg), Symbol::intern(name), None);
        let id = checker.named.next_id();
        let ty = checker.new_type(Type::Named(id));
        checker.named.push(NamedData {
            ty,
            obj,
            from_rhs: None,
            underlying: None,
            tparams: TypeList::EMPTY,
            implicit: TypeList::EMPTY,
            methods: Vec::new(),
            inst: None,
            state: NamedState::default(),
        });
        ty
    }

    #[test]
    fn composite_types() {
        with_checker(|checker| {
            checker.env.pkg = package(checker, "main", "main", Vec::new());
            let slice = checker.new_type(Type::Slice { elem: typ::BYTE });
            let receive = checker.new_type(Type::Chan { dir: ChanDir::RecvOnly, elem: slice });
            let chan = checker.new_type(Type::Chan { dir: ChanDir::Both, elem: receive });
            let map = checker.new_type(Type::Map { key: typ::UNSAFE_POINTER, elem: chan });
            assert_eq!(checker.type_string(map), "map[unsafe.Pointer]chan (<-chan []byte)");

            let (a, b) = (var(checker, VarKind::Field, "a", typ::INT), var(checker, VarKind::Field, "b", typ::ANY));
            let fields = checker.obj_list(&[a, b]);
            let tags = checker.tag_list(&[Symbol::intern("json:\"a\""), base::sym::EMPTY]);
            let data = checker.structs.push(StructData { fields, tags });
            let ty = checker.new_type(Type::Struct(data));
            assert_eq!(checker.type_string(ty), r#"struct{a int "json:\"a\""; b any}"#);
        });
    }

    #[test]
    fn signatures_and_summaries() {
        with_checker(|checker| {
            let strings = checker.new_type(Type::Slice { elem: typ::STRING });
            let (n, rest) = (var(checker, VarKind::Param, "n", typ::INT), var(checker, VarKind::Param, "s", strings));
            let result = var(checker, VarKind::Result, "", typ::ERROR);
            let (params, results) = (checker.obj_list(&[n, rest]), checker.obj_list(&[result]));
            let sig = SignatureData { params, results, variadic: true, ..Default::default() };
            let sig = checker.signatures.push(sig);
            assert_eq!(checker.signature_string(sig), "(n int, s ...string) error");
            let ty = checker.new_type(Type::Signature(sig));
            let kind = ObjKind::Func { has_ptr_recv: false, origin: None };
            let method = checker.new_object(kind, Pos::NONE, None, Symbol::intern("m"), Some(ty));
            assert_eq!(checker.func_string(method, false), "m(int, ...string) error");
            assert_eq!(checker.types_summary(&[typ::UNTYPED_FLOAT, strings], true, false), "(number, ...string)");
            assert_eq!(checker.types_summary(&[typ::UNTYPED_NIL, strings], false, true), "(nil, []string...)");
            assert_eq!(checker.types_summary(&[typ::INVALID], false, false), "(unknown type)");
        });
    }

    #[test]
    fn packages_that_share_a_name_show_their_paths() {
        with_checker(|checker| {
            let crypto = package(checker, "crypto/rand", "rand", Vec::new());
            let math = package(checker, "math/rand", "rand", Vec::new());
            let io = package(checker, "io", "io", vec![math]);
            let main = package(checker, "main", "main", vec![crypto, io]);
            let other = package(checker, "other", "other", vec![crypto]);
            let reader = named(checker, crypto, "Reader");
            let own = named(checker, main, "T");
            checker.env.pkg = main;
            assert_eq!(checker.type_string(reader), "\"crypto/rand\".Reader");
            assert_eq!(checker.type_string(own), "T");
            checker.env.pkg = other;
            assert_eq!(checker.type_string(reader), "rand.Reader");
            assert_eq!(checker.type_string(own), "main.T");
            let terms =
                checker.term_list(&[Term { tilde: true, ty: Some(typ::INT) }, Term { tilde: false, ty: Some(reader) }]);
            assert_eq!(checker.term_list_string(terms), "~int | crypto/rand.Reader");
        });
    }

    #[test]
    fn cyclic_and_huge_types_end() {
        with_checker(|checker| {
            let ty = checker.new_type(Type::Basic(BasicKind::Invalid));
            let pointer = checker.new_type(Type::Pointer { elem: ty });
            checker.types[ty] = Type::Slice { elem: pointer };
            assert_eq!(checker.type_string(ty), "[]*<cycle to *Slice>");

            let mut ty = typ::INT;
            for _ in 0..100 {
                ty = checker.new_type(Type::Map { key: ty, elem: ty });
            }
            assert!(checker.type_string(ty).len() < 1 << 18);
            for _ in 0..100_000 {
                ty = checker.new_type(Type::Pointer { elem: ty });
            }
            assert!(checker.type_string(ty).ends_with('…'));
        });
    }
}
