//! `//go:embed` variables: which files they hold, and whether their types can hold them.
//!
//! gc finds out when it writes the data, after everything else has been checked, so these are the last complaints of a
//! package. What it accepts:
//!
//! ```text
//! embed.FS, or an alias of it       any number of files
//! a string type                     one file
//! a slice of a byte type            one file (`[]byte`, `type B []MyByte`)
//! ```
//!
//! A type that is defined as `embed.FS` is another type, and not accepted.

use crate::gather::GatheredPackage;
use base::Diagnostic;
use program::embed::Embedded;
use rustc_hash::FxHashMap;
use syntax::directive::{Embed, FileDirectives};
use types::{BasicKind, Checker, DeclSite, ObjId, PkgId, Type, TypeId};

/// The files of each `//go:embed` variable of a package, as the loader matched them.
pub(crate) fn embedded_files<'f>(
    checker: &Checker<'_>,
    id: PkgId,
    package: &GatheredPackage,
    directives: impl Iterator<Item = &'f FileDirectives>,
) -> FxHashMap<DeclSite, Embedded> {
    let mut embeds = FxHashMap::default();
    for (site, directives) in sites(checker, id, directives) {
        let patterns = directives.iter().flat_map(|embed| &embed.patterns);
        let matched = patterns.filter_map(|pattern| package.embeds.iter().find(|embed| embed.pattern == *pattern));
        let mut files: Vec<String> = matched.flat_map(|embed| embed.files.iter().cloned()).collect();
        files.sort();
        files.dedup();
        embeds.insert(site, Embedded { dir: package.dir.clone(), files });
    }
    embeds
}

/// Checks the types of a package's `//go:embed` variables; the package is without errors so far. `configured` tells
/// whether the files were looked for: they are not where packages are put together by hand.
pub(crate) fn check_embeds<'f>(
    checker: &mut Checker<'_>,
    id: PkgId,
    package: &GatheredPackage,
    directives: impl Iterator<Item = &'f FileDirectives> + Clone,
    configured: bool,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if directives.clone().all(|file| file.embeds.is_empty()) {
        return diagnostics;
    }
    let files = embedded_files(checker, id, package, directives.clone());
    let vars: FxHashMap<DeclSite, ObjId> = checker.package_states[id]
        .obj_list
        .iter()
        .filter_map(|&obj| Some((checker.decl_site(obj)?, obj)))
        .filter(|(site, _)| files.contains_key(site))
        .collect();
    let sites: Vec<(DeclSite, &[Embed])> = sites(checker, id, directives).collect();
    let mut typed = Vec::with_capacity(sites.len());
    for (site, embeds) in sites {
        let Some(&var) = vars.get(&site) else { continue };
        if !configured {
            let message = "invalid go:embed: build system did not supply embed configuration";
            diagnostics.push(Diagnostic::error("", embeds[0].pos, message));
            continue;
        }
        let Some(ty) = checker.obj(var).ty else { continue };
        let ty = checker.unalias(ty);
        // Written before any question leads into another package: names are relative to the one that is looked at.
        typed.push((site, checker.obj(var).pos, ty, checker.type_string(ty)));
    }
    for (site, pos, ty, shown) in typed {
        let message = match holds(checker, ty) {
            None => format!("go:embed cannot apply to var of type {shown}"),
            Some(Holds::File) if files[&site].files.len() > 1 => {
                format!("invalid go:embed: multiple files for type {shown}")
            }
            Some(_) => continue,
        };
        diagnostics.push(Diagnostic::error("", pos, message));
    }
    diagnostics
}

/// The declarations that have `//go:embed` directives, in source order.
fn sites<'f>(
    checker: &Checker<'_>,
    pkg: PkgId,
    directives: impl Iterator<Item = &'f FileDirectives>,
) -> impl Iterator<Item = (DeclSite, &'f [Embed])> {
    let files = &checker.package_states[pkg].files;
    directives.zip(files).enumerate().flat_map(move |(index, (directives, file))| {
        let (file, file_index) = (file.ast.id, index as u32);
        directives
            .embeds
            .iter()
            .map(move |(decl, embeds)| (DeclSite { pkg, file, file_index, decl_index: *decl }, embeds.as_slice()))
    })
}

enum Holds {
    File,
    Files,
}

/// What a variable of this type can hold.
fn holds(checker: &mut Checker<'_>, ty: TypeId) -> Option<Holds> {
    if let Type::Named(named) = checker.ty(ty) {
        let obj = checker.obj(checker.named[named].obj);
        let is_in_embed = obj.pkg.is_some_and(|pkg| checker.packages[pkg].path == "embed");
        if is_in_embed && obj.name.as_str() == "FS" {
            return Some(Holds::Files);
        }
    }
    match checker.query().under_type(ty) {
        Type::Basic(BasicKind::String) => Some(Holds::File),
        Type::Slice { elem } => {
            let elem = checker.query().under_type(elem);
            matches!(elem, Type::Basic(BasicKind::Uint8)).then_some(Holds::File)
        }
        _ => None,
    }
}
