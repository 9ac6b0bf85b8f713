//! Types as text.

use crate::checker::Checker;
use crate::store::*;
use crate::universe::{UNIVERSE, UNSAFE, typ};
use smallvec::SmallVec;
use syntax::unicode::quote_string;

/// Text beyond this many bytes is cut.
const MAX_LENGTH: usize = 1 << 16;
/// Types nested deeper than this are left out.
const MAX_NESTING: usize = 1000;

/// How types are shown.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// Names follow their package's whole path, whichever package is being checked.
    pub full_paths: bool,
    /// The first unexported field of a struct tells its package: what else may differ does not show.
    pub annotates_fields: bool,
    pub param_names: bool,
}

impl Style {
    pub const MESSAGE: Style = Style { full_paths: false, annotates_fields: false, param_names: true };
    pub const FULL: Style = Style { full_paths: true, ..Style::MESSAGE };
}

pub(super) struct TypeWriter<'c, 'a> {
    checker: &'c Checker<'a>,
    style: Style,
    out: String,
    /// The types being written, outermost first: where one comes again, a cycle is shown.
    open: Vec<TypeId>,
    is_full: bool,
}

impl<'c, 'a> TypeWriter<'c, 'a> {
    pub fn new(checker: &'c Checker<'a>) -> Self {
        TypeWriter::with_style(checker, Style::MESSAGE)
    }

    pub fn with_style(checker: &'c Checker<'a>, style: Style) -> Self {
        TypeWriter { checker, style, out: String::new(), open: Vec::new(), is_full: false }
    }

    pub fn finish(self) -> String {
        self.out
    }

    pub fn put(&mut self, text: &str) {
        if self.is_full {
            return;
        }
        self.out.push_str(text);
        if self.out.len() > MAX_LENGTH {
            self.out.push('…');
            self.is_full = true;
        }
    }

    /// Writes a type; one that is not known yet shows as `<nil>`.
    pub fn ty(&mut self, ty: Option<TypeId>) {
        let Some(ty) = ty else { return self.put("<nil>") };
        if self.is_full {
            return;
        }
        if self.open.len() >= MAX_NESTING {
            return self.put("…");
        }
        if self.open.contains(&ty) {
            return self.put(&format!("<cycle to *{}>", kind_name(self.checker.ty(ty))));
        }
        self.open.push(ty);
        self.open_type(ty);
        self.open.pop();
    }

    fn open_type(&mut self, ty: TypeId) {
        let checker = self.checker;
        match checker.ty(ty) {
            Type::Basic(BasicKind::UnsafePointer) => {
                self.package_prefix(UNSAFE);
                self.put("Pointer");
            }
            Type::Basic(kind) => self.put(basic_name(ty, kind)),
            Type::Array { len, elem } => {
                self.put(&format!("[{len}]"));
                self.ty(Some(elem));
            }
            Type::Slice { elem } => {
                self.put("[]");
                self.ty(Some(elem));
            }
            Type::Struct(id) => self.struct_type(checker.structs[id]),
            Type::Pointer { elem } => {
                self.put("*");
                self.ty(Some(elem));
            }
            Type::Tuple(vars) => self.tuple(vars, false),
            Type::Signature(sig) => {
                self.put("func");
                self.signature(sig);
            }
            Type::Union(id) => self.union(checker.unions[id].terms),
            Type::Interface(id) => self.interface(id),
            Type::Map { key, elem } => {
                self.put("map[");
                self.ty(Some(key));
                self.put("]");
                self.ty(Some(elem));
            }
            Type::Chan { dir, elem } => self.chan(dir, elem),
            Type::Named(id) => {
                let named = &checker.named[id];
                self.type_name(named.obj);
                match named.inst {
                    Some(inst) => self.type_list(inst.targs),
                    None => self.type_params(named.tparams),
                }
            }
            Type::TypeParam(id) => self.type_param(checker.type_params[id].obj),
            Type::Alias(id) => {
                let alias = checker.aliases[id];
                self.type_name(alias.obj);
                if alias.targs.is_empty() {
                    self.type_params(alias.tparams);
                } else {
                    self.type_list(alias.targs);
                }
            }
        }
    }

    fn struct_type(&mut self, data: StructData) {
        let checker = self.checker;
        self.put("struct{");
        for (index, &field) in checker.objs(data.fields).iter().enumerate() {
            if index > 0 {
                self.put("; ");
            }
            let field = checker.obj(field);
            let is_annotated = self.style.annotates_fields && !is_exported(field.name);
            self.style.annotates_fields &= !is_annotated;
            if !matches!(field.kind, ObjKind::Var { embedded: true, .. }) {
                self.put(field.name.as_str());
                self.put(" ");
            }
            self.ty(field.ty);
            if let Some(pkg) = field.pkg.filter(|_| is_annotated) {
                self.put(&format!(" /* package {} */ ", checker.packages[pkg].path));
            }
            if let Some(tag) = checker.tags(data.tags).get(index).filter(|tag| !tag.as_str().is_empty()) {
                self.put(" ");
                self.put(&quote_string(tag.as_str()));
            }
        }
        self.put("}");
    }

    /// Terms; `𝓤` is that of all types.
    pub fn union(&mut self, terms: TermList) {
        for (index, term) in self.checker.terms(terms).iter().enumerate() {
            if index > 0 {
                self.put(" | ");
            }
            if term.tilde {
                self.put("~");
            }
            match term.ty {
                Some(_) => self.ty(term.ty),
                None => self.put("𝓤"),
            }
        }
    }

    fn interface(&mut self, id: InterfaceId) {
        let checker = self.checker;
        let data = checker.interfaces[id];
        // What `any` and `comparable` stand for has no other name.
        if checker.ty(typ::EMPTY_INTERFACE) == Type::Interface(id) {
            return self.put("any");
        }
        if let Type::Named(comparable) = checker.ty(typ::COMPARABLE)
            && checker.named[comparable].underlying.map(|ty| checker.ty(ty)) == Some(Type::Interface(id))
        {
            return self.put("interface{comparable}");
        }
        if data.implicit {
            // A constraint literal, `~int | string`, is shown as it was written.
            if data.methods.is_empty() && data.embeddeds.len() == 1 {
                return self.ty(Some(checker.type_at(data.embeddeds, 0)));
            }
            self.put("/* implicit */ ");
        }
        self.put("interface{");
        let mut separator = "";
        let mut methods: SmallVec<[&Object; 8]> =
            checker.objs(data.methods).iter().map(|&method| checker.obj(method)).collect();
        methods.sort_by_key(|method| (!is_exported(method.name), method.name.as_str()));
        for method in methods {
            self.put(separator);
            separator = "; ";
            self.put(method.name.as_str());
            match method.ty.map(|ty| checker.ty(ty)) {
                Some(Type::Signature(sig)) => self.signature(sig),
                _ => self.ty(method.ty),
            }
        }
        for &embedded in checker.type_ids(data.embeddeds) {
            self.put(separator);
            separator = "; ";
            self.ty(Some(embedded));
        }
        self.put("}");
    }

    fn chan(&mut self, dir: ChanDir, elem: TypeId) {
        let elem_kind = self.checker.ty(elem);
        let (before, after) = match dir {
            ChanDir::SendOnly => ("chan<- ", ""),
            ChanDir::RecvOnly => ("<-chan ", ""),
            // spec: "The <- operator associates with the leftmost chan possible"
            ChanDir::Both if matches!(elem_kind, Type::Chan { dir: ChanDir::RecvOnly, .. }) => ("chan (", ")"),
            ChanDir::Both => ("chan ", ""),
        };
        self.put(before);
        self.ty(Some(elem));
        self.put(after);
    }

    fn type_param(&mut self, obj: ObjId) {
        let obj = self.checker.obj(obj);
        self.put(obj.name.as_str());
        // `func f[int any]`: the name alone would mislead.
        if self.checker.scope(UNIVERSE).lookup(obj.name).is_some() {
            let place = self.checker.pos_string(obj.pos);
            self.put(&format!(" /* with {} declared at {place} */", obj.name));
        }
    }

    fn type_name(&mut self, obj: ObjId) {
        let obj = self.checker.obj(obj);
        if let Some(pkg) = obj.pkg {
            self.package_prefix(pkg);
        }
        self.put(obj.name.as_str());
    }

    fn package_prefix(&mut self, pkg: PkgId) {
        if self.style.full_paths {
            self.put(&self.checker.packages[pkg].path);
            self.put(".");
        } else {
            self.put(&self.checker.package_prefix(pkg));
        }
    }

    fn type_list(&mut self, list: TypeList) {
        self.put("[");
        for (index, &ty) in self.checker.type_ids(list).iter().enumerate() {
            if index > 0 {
                self.put(", ");
            }
            self.ty(Some(ty));
        }
        self.put("]");
    }

    /// `[K comparable, V1, V2 any]`; nothing for an empty list.
    pub fn type_params(&mut self, list: TypeList) {
        let checker = self.checker;
        if list.is_empty() {
            return;
        }
        self.put("[");
        // A constraint is written once, behind the last of the parameters that share it.
        let mut constraint = None;
        for (index, &ty) in checker.type_ids(list).iter().enumerate() {
            let Type::TypeParam(id) = checker.ty(ty) else { unreachable!("print: a type parameter list holds {ty}") };
            let bound = checker.type_params[id].bound;
            if index > 0 {
                if bound != constraint {
                    self.put(" ");
                    self.ty(constraint);
                }
                self.put(", ");
            }
            constraint = bound;
            self.ty(Some(ty));
        }
        if constraint.is_some() {
            self.put(" ");
            self.ty(constraint);
        }
        self.put("]");
    }

    pub fn tuple(&mut self, vars: ObjList, variadic: bool) {
        let checker = self.checker;
        self.put("(");
        for (index, &var) in checker.objs(vars).iter().enumerate() {
            if index > 0 {
                self.put(", ");
            }
            let var = checker.obj(var);
            if self.style.param_names && !var.name.as_str().is_empty() {
                self.put(var.name.as_str());
                self.put(" ");
            }
            let is_dots = variadic && index + 1 == vars.len();
            match var.ty.map(|ty| checker.ty(ty)) {
                Some(Type::Slice { elem }) if is_dots => {
                    self.put("...");
                    self.ty(Some(elem));
                }
                // The string of `append([]byte, string...)`, which is no `...T`.
                _ if is_dots => {
                    self.ty(var.ty);
                    self.put("...");
                }
                _ => self.ty(var.ty),
            }
        }
        self.put(")");
    }

    pub fn signature(&mut self, sig: SignatureId) {
        let checker = self.checker;
        let sig = checker.signatures[sig];
        self.type_params(sig.tparams);
        self.tuple(sig.params, sig.variadic);
        match checker.objs(sig.results) {
            [] => {}
            &[result] if checker.obj(result).name.as_str().is_empty() => {
                self.put(" ");
                self.ty(checker.obj(result).ty);
            }
            _ => {
                self.put(" ");
                self.tuple(sig.results, false);
            }
        }
    }
}

/// spec: "byte is an alias for uint8", but it is shown as written, and so is rune.
pub(super) fn basic_name(ty: TypeId, kind: BasicKind) -> &'static str {
    match ty {
        typ::BYTE => "byte",
        typ::RUNE => "rune",
        _ => kind.name(),
    }
}

fn kind_name(ty: Type) -> &'static str {
    match ty {
        Type::Basic(_) => "Basic",
        Type::Array { .. } => "Array",
        Type::Slice { .. } => "Slice",
        Type::Struct(_) => "Struct",
        Type::Pointer { .. } => "Pointer",
        Type::Tuple(_) => "Tuple",
        Type::Signature(_) => "Signature",
        Type::Union(_) => "Union",
        Type::Interface(_) => "Interface",
        Type::Map { .. } => "Map",
        Type::Chan { .. } => "Chan",
        Type::Named(_) => "Named",
        Type::TypeParam(_) => "TypeParam",
        Type::Alias(_) => "Alias",
    }
}
