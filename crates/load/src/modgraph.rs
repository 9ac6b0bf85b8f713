//! Minimal version selection: of each module, the highest version that anything in the build requires.
//!
//! Since Go 1.17 a main module's go.mod names everything its packages are built from, so most builds never come here.
//! When they do, the graph is *pruned*: of a dependency that is itself at 1.17 or later only its own requirements
//! count, not theirs in turn. Older modules, and workspaces, count whole.

use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::semver;

/// Module path to selected version.
pub(crate) type Selection = BTreeMap<String, String>;

/// What a module's go.mod says about others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requirements {
    pub require: Vec<(String, String)>,
    /// At go 1.17 or later: its requirements are complete.
    pub prunable: bool,
}

/// Selects versions, starting from what main modules require; `pruned` if those are complete. `requirements` reads a
/// module's go.mod.
pub(crate) fn select<E>(
    roots: &[(String, String)],
    pruned: bool,
    mut requirements: impl FnMut(&str, &str) -> Result<Requirements, E>,
) -> Result<Selection, E> {
    let mut selection = Selection::new();
    // Whether a module has been followed beyond its own requirements.
    let mut followed: FxHashMap<(String, String), bool> = FxHashMap::default();
    let mut pending: Vec<(String, String, bool)> = Vec::new();
    for (path, version) in roots {
        raise(&mut selection, path, version);
        pending.push((path.clone(), version.clone(), !pruned));
    }
    pending.reverse();
    while let Some((path, version, mut follow)) = pending.pop() {
        if version == "none" {
            continue;
        }
        let key = (path, version);
        if followed.get(&key).is_some_and(|&deep| deep || !follow) {
            continue;
        }
        let required = requirements(&key.0, &key.1)?;
        follow |= !required.prunable;
        followed.insert(key, follow);
        for (path, version) in required.require {
            raise(&mut selection, &path, &version);
            if follow {
                pending.push((path, version, true));
            }
        }
    }
    Ok(selection)
}

fn raise(selection: &mut Selection, path: &str, version: &str) {
    match selection.get_mut(path) {
        Some(selected) if semver::compare(selected, version) == Ordering::Less => *selected = version.to_owned(),
        Some(_) => {}
        None => {
            selection.insert(path.to_owned(), version.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a1: b1 c2` per line; a `!` marks a module that is not prunable.
    fn selected(graph: &str, roots: &str, pruned: bool) -> String {
        let module = |text: &str| (text[..1].to_owned(), format!("v1.{}.0", &text[1..]));
        let modules: FxHashMap<(String, String), Requirements> = graph
            .lines()
            .map(|line| {
                let (name, rest) = line.split_once(':').unwrap();
                let prunable = !name.ends_with('!');
                let require = rest.split_whitespace().map(module).collect();
                (module(name.trim_end_matches('!')), Requirements { require, prunable })
            })
            .collect();
        let roots: Vec<_> = roots.split_whitespace().map(module).collect();
        let selection = select(&roots, pruned, |path, version| {
            Ok::<_, ()>(
                modules
                    .get(&(path.to_owned(), version.to_owned()))
                    .cloned()
                    .unwrap_or(Requirements { prunable: true, ..Default::default() }),
            )
        });
        let shown = selection
            .unwrap()
            .into_iter()
            .map(|(path, version)| format!("{path}{}", version.trim_matches(['v', '.', '0']).trim_start_matches("1.")));
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_highest_required_version_wins() {
        let graph = "a1: b2 c1\nb2: c3\nc3: d1\nd1: b1";
        assert_eq!(selected(graph, "a1 b1", false), "a1 b2 c3 d1");
    }

    #[test]
    fn pruning_stops_behind_new_modules() {
        let graph = "a1: b1\nb1: c1\nc1: d1";
        assert_eq!(selected(graph, "a1", true), "a1 b1");
        assert_eq!(selected(graph, "a1", false), "a1 b1 c1 d1");
        assert_eq!(selected("a1!: b1\nb1: c1", "a1", true), "a1 b1 c1");
    }

    #[test]
    fn cycles_end() {
        assert_eq!(selected("a1!: b1\nb1!: a2\na2!: b1", "a1", true), "a2 b1");
    }
}
