//! Which methods of visible types are live.
//!
//! A method is live when something calls an interface method of its name and type, or when reflection may find it by
//! its name: `Method` and `MethodByName` called from outside of package reflect make all exported methods of visible
//! types live, a constant name only that one.

use abi::methods::MethodId;
use abi::{CanonId, Types};
use base::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};

/// A method of a visible type.
pub type Candidate = (CanonId, MethodId);

#[derive(Default)]
pub struct LiveMethods {
    /// Names and types of interface methods that are called.
    called: FxHashSet<(Symbol, CanonId)>,
    /// Names that reflection is asked for.
    reflected: FxHashSet<Symbol>,
    all_reflected: bool,
    /// The methods of visible types that nothing makes live by a call, by name and type.
    dormant: FxHashMap<(Symbol, CanonId), Vec<Candidate>>,
    /// The exported ones, that nothing makes live by reflection, by name.
    unreflected: FxHashMap<Symbol, Vec<Candidate>>,
}

/// What became live: by calls, and by reflection as well.
#[derive(Default)]
pub struct Awakened {
    pub called: Vec<Candidate>,
    pub reflected: Vec<Candidate>,
}

impl LiveMethods {
    /// A method of a type that became visible.
    pub fn add(&mut self, types: &Types, ty: CanonId, id: MethodId, out: &mut Awakened) {
        let method = types.method(id);
        let (name, sig, is_exported) = (method.name, method.sig, method.pkg.is_none());
        if self.called.contains(&(name, sig)) {
            out.called.push((ty, id));
        } else {
            self.dormant.entry((name, sig)).or_default().push((ty, id));
        }
        if is_exported {
            if self.all_reflected || self.reflected.contains(&name) {
                out.reflected.push((ty, id));
            } else {
                self.unreflected.entry(name).or_default().push((ty, id));
            }
        }
    }

    /// An interface method of this name and type is called.
    pub fn call(&mut self, name: Symbol, sig: CanonId, out: &mut Awakened) {
        if self.called.insert((name, sig)) {
            out.called.extend(self.dormant.remove(&(name, sig)).unwrap_or_default());
        }
    }

    /// Reflection is asked for a method of this name, or for one that only the running program knows.
    pub fn reflect(&mut self, name: Option<Symbol>, out: &mut Awakened) {
        let Some(name) = name else {
            self.all_reflected = true;
            let mut rest: Vec<_> = std::mem::take(&mut self.unreflected).into_iter().collect();
            rest.sort_unstable_by_key(|&(name, _)| name.as_str());
            out.reflected.extend(rest.into_iter().flat_map(|(_, candidates)| candidates));
            return;
        };
        if self.reflected.insert(name) {
            out.reflected.extend(self.unreflected.remove(&name).unwrap_or_default());
        }
    }
}
