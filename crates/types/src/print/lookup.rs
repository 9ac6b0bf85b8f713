//! Failed lookups that a different spelling would save.

use crate::checker::Checker;
use crate::store::*;
use base::Symbol;

/// How the object that was found instead relates to the name that was asked for.
enum Near {
    /// Too different to mention.
    Missing,
    /// Only its capitalisation differs.
    Misspelled,
    /// The same name but for the first letter, which hides it from this package.
    Unexported,
    /// The very name, in a package that keeps it to itself.
    Inaccessible,
}

impl<'a> Checker<'a> {
    /// The message for a selector, or a key of a struct literal, that `ty` lacks. `obj` is what it has under the same
    /// name if case does not matter.
    ///
    /// Within a package any other spelling is worth a hint. From outside a hint must not point to what is out of
    /// reach: `x.Foo` hints at `FoO` and tells that `foo` is unexported; `x.foo` hints at `Foo` alone.
    pub fn lookup_error(&mut self, ty: TypeId, sel: Symbol, obj: Option<ObjId>, struct_lit: bool) -> String {
        let near = obj.map_or(Near::Missing, |obj| self.near(sel, obj));
        let ty = self.type_string(ty);
        let (alt, what) = match obj.map(|obj| self.obj(obj)) {
            Some(Object { name, kind: ObjKind::Var { .. }, .. }) => (name.as_str(), "field"),
            Some(Object { name, kind: ObjKind::Func { .. }, .. }) => (name.as_str(), "method"),
            Some(Object { name, .. }) => (name.as_str(), "object"),
            None => ("", ""),
        };
        if struct_lit {
            let unknown = format!("unknown field {sel} in struct literal of type {ty}");
            return match near {
                Near::Missing => unknown,
                Near::Misspelled => format!("{unknown}, but does have {alt}"),
                Near::Unexported => format!("{unknown}, but does have unexported {alt}"),
                Near::Inaccessible => {
                    format!("cannot refer to unexported field {alt} in struct literal of type {ty}")
                }
            };
        }
        let missing = format!("type {ty} has no field or method {sel}");
        match near {
            Near::Missing => missing,
            Near::Misspelled => format!("{missing}, but does have {what} {alt}"),
            Near::Unexported => format!("{missing}, but does have unexported {what} {alt}"),
            Near::Inaccessible => format!("cannot refer to unexported {what} {alt}"),
        }
    }

    fn near(&self, sel: Symbol, obj: ObjId) -> Near {
        let object = self.obj(obj);
        let alt = object.name;
        if object.pkg == Some(self.env.pkg) {
            return Near::Misspelled;
        }
        let same_tail = tail(sel.as_str()) == tail(alt.as_str());
        match (is_exported(sel), is_exported(alt)) {
            (true, true) => Near::Misspelled,
            (true, false) if same_tail => Near::Unexported,
            (false, true) if same_tail => Near::Misspelled,
            (false, false) if sel == alt => Near::Inaccessible,
            _ => Near::Missing,
        }
    }
}

/// `name` without its first character. A name of one character is its own tail: `f` is no hint for `F`.
fn tail(name: &str) -> &str {
    name.char_indices().nth(1).map_or(name, |(second, _)| &name[second..])
}
