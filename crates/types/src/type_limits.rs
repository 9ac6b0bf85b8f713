//! Types that gc refuses because of their size, though the language has nothing against them.
//!
//! gc finds them when it lays types out, after types2 is content: first those of package-level declarations, reported
//! at the declared name; then, unless there were any, those within function bodies, reported at the local variable, or
//! at the function if no variable has the type. A type is complained about once. Types that depend on type parameters
//! have no size and are passed over.

use crate::checker::Checker;
use crate::code::Code;
use crate::store::*;
use base::Pos;
use rustc_hash::FxHashSet;

/// Sizes stay below this: the most that gc lets wasm address.
const MAX_SIZE: i64 = 1 << 50;
/// The runtime notes a channel's element size in 16 bits.
const MAX_CHANNEL_ELEMENT: i64 = (1 << 16) - 1;

#[derive(Default)]
struct Survey {
    seen: FxHashSet<TypeId>,
    findings: Vec<(Pos, String)>,
}

impl<'a> Checker<'a> {
    pub(crate) fn type_limits(&mut self) {
        let mut survey = Survey::default();
        for index in 0..self.pkg_state().obj_list.len() {
            let obj = self.pkg_state().obj_list[index];
            if !self.is_generic_decl(obj) {
                self.survey_object(obj, &mut survey);
            }
        }
        for index in 0..self.pkg_state().obj_list.len() {
            let obj = self.pkg_state().obj_list[index];
            if !survey.findings.is_empty() {
                break;
            }
            if !self.is_generic_decl(obj)
                && let Some(decl) = self.obj(obj).decl
                && let Some(body) = self.decls[decl].body
            {
                let mut local = Survey { seen: std::mem::take(&mut survey.seen), findings: Vec::new() };
                self.survey_body(self.obj(obj).pos, body.unit, &mut local);
                self.report_limits(std::mem::take(&mut local.findings));
                survey.seen = local.seen;
            }
        }
        self.report_limits(survey.findings);
    }

    fn report_limits(&mut self, findings: Vec<(Pos, String)>) {
        for (pos, message) in findings {
            self.error(pos, Code::TypeTooLarge, message);
        }
    }

    /// Whether the object's type, or its body's types, depend on type parameters.
    fn is_generic_decl(&mut self, obj: ObjId) -> bool {
        match self.obj(obj).ty.map(|ty| self.ty(ty)) {
            Some(Type::Signature(id)) => {
                let signature = self.signatures[id];
                !signature.tparams.is_empty() || !signature.rparams.is_empty()
            }
            Some(Type::Named(id)) => !self.named_tparams(id).is_empty(),
            Some(Type::Alias(id)) => !self.aliases[id].tparams.is_empty(),
            Some(_) => false,
            None => true,
        }
    }

    fn survey_object(&mut self, obj: ObjId, survey: &mut Survey) {
        let Object { kind, pos, ty, .. } = *self.obj(obj);
        if let Some(ty) = ty
            && matches!(kind, ObjKind::Var { .. } | ObjKind::TypeName | ObjKind::Func { .. })
        {
            self.survey_type(ty, pos, survey);
        }
    }

    fn survey_body(&mut self, func: Pos, unit: UnitId, survey: &mut Survey) {
        let is_local = |obj: &ObjId| match self.obj(*obj).kind {
            ObjKind::Var { kind, .. } => !matches!(kind, VarKind::Package | VarKind::Field),
            ObjKind::TypeName => true,
            _ => false,
        };
        let objects: Vec<ObjId> = self.units[unit].objects.values().filter_map(|obj| *obj).filter(is_local).collect();
        for obj in objects {
            self.survey_object(obj, survey);
        }
        let is_value =
            |fact: &&TypeAndValue| matches!(fact.mode, Mode::Value | Mode::Variable | Mode::MapIndex | Mode::CommaOk);
        let types: Vec<TypeId> = self.units[unit].types.values().filter(is_value).filter_map(|fact| fact.ty).collect();
        for ty in types {
            self.survey_type(ty, func, survey);
        }
    }

    /// Looks at the type and at all that it is made of.
    fn survey_type(&mut self, ty: TypeId, pos: Pos, survey: &mut Survey) {
        if !survey.seen.insert(ty) {
            return;
        }
        let mut work = vec![ty];
        while let Some(ty) = work.pop() {
            let top = work.len();
            match self.ty(ty) {
                Type::Basic(_) | Type::TypeParam(_) | Type::Union(_) => {}
                Type::Alias(_) => {
                    let actual = self.unalias(ty);
                    work.push(actual);
                }
                Type::Named(named) => {
                    let tparams = self.named_tparams(named);
                    let is_instance = self.named[named].inst.is_some();
                    if tparams.is_empty() || is_instance {
                        let underlying = self.under(ty);
                        work.push(underlying);
                    }
                }
                Type::Array { len, elem } => {
                    work.push(elem);
                    if self.size_limit(elem).is_some_and(|size| size > 0 && len > (MAX_SIZE - 1) / size) {
                        let message = format!("type {} larger than address space", self.type_string(ty));
                        survey.findings.push((pos, message));
                    }
                }
                Type::Struct(id) => {
                    let fields = self.structs[id].fields;
                    work.extend(self.objs(fields).iter().filter_map(|&field| self.obj(field).ty));
                    // A field that is too large by itself is reported, and that will do.
                    let fields: Vec<TypeId> = work[top..].to_vec();
                    let all_fit = fields.into_iter().all(|ty| self.size_limit(ty).is_some());
                    if all_fit && self.size_limit(ty).is_none() {
                        survey.findings.push((pos, format!("type {} too large", self.type_string(ty))));
                    }
                }
                Type::Chan { elem, .. } => {
                    work.push(elem);
                    if self.size_limit(elem).is_none_or(|size| size > MAX_CHANNEL_ELEMENT) {
                        survey.findings.push((pos, "channel element type too large (>64kB)".to_owned()));
                    }
                }
                Type::Pointer { elem } | Type::Slice { elem } => work.push(elem),
                Type::Map { key, elem } => work.extend([elem, key]),
                Type::Tuple(vars) => work.extend(self.objs(vars).iter().rev().filter_map(|&var| self.obj(var).ty)),
                Type::Signature(id) => {
                    let signature = self.signatures[id];
                    if signature.tparams.is_empty() {
                        for vars in [signature.results, signature.params] {
                            work.extend(self.objs(vars).iter().rev().filter_map(|&var| self.obj(var).ty));
                        }
                    }
                }
                Type::Interface(id) => {
                    let methods = self.interfaces[id].methods;
                    work.extend(self.objs(methods).iter().rev().filter_map(|&method| self.obj(method).ty));
                }
            }
            let mut kept = top;
            for index in top..work.len() {
                if survey.seen.insert(work[index]) {
                    work.swap(kept, index);
                    kept += 1;
                }
            }
            work.truncate(kept);
        }
    }

    /// The size, unless it is beyond what gc accepts.
    fn size_limit(&mut self, ty: TypeId) -> Option<i64> {
        self.sizeof(ty).filter(|&size| size < MAX_SIZE)
    }
}
