//! Values that hold for some packages: `-gcflags=[pattern=]…`, `-ldflags=[pattern=]…`.
//!
//! A value without pattern is for the packages that the command line names. Of several that fit a package the last one
//! holds, alone.

use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub struct PerPackage<T>(Vec<(Pattern, T)>);

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// No pattern.
    Named,
    All,
    /// `std`, and `cmd`, which nobody compiles here.
    Std,
    /// An import path or a directory, perhaps with `...`; and where directories begin.
    Path(String, PathBuf),
}

/// What patterns are compared with.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'p> {
    pub import_path: &'p str,
    pub dir: &'p Path,
    pub named: bool,
    pub standard: bool,
}

impl<T> Default for PerPackage<T> {
    fn default() -> PerPackage<T> {
        PerPackage(Vec::new())
    }
}

impl<T> PerPackage<T> {
    /// For the packages that the command line names.
    pub fn named(value: T) -> PerPackage<T> {
        PerPackage(vec![(Pattern::Named, value)])
    }

    pub fn push(&mut self, pattern: Pattern, value: T) {
        self.0.push((pattern, value));
    }

    pub fn of(&self, package: Subject<'_>) -> Option<&T> {
        self.0.iter().rev().find(|(pattern, _)| pattern.fits(package)).map(|(_, value)| value)
    }

    /// In the order of the command line.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &(Pattern, T)> {
        self.0.iter()
    }
}

impl Pattern {
    fn fits(&self, package: Subject<'_>) -> bool {
        match self {
            Pattern::Named => package.named,
            Pattern::All => true,
            Pattern::Std => package.standard,
            Pattern::Path(pattern, work_dir) => {
                load::pattern_matches(pattern, work_dir, package.import_path, package.dir)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_that_fits_holds() {
        let mut values = PerPackage::default();
        let at = |text: &str| Pattern::Path(text.to_owned(), "/w".into());
        for (value, pattern) in
            [Pattern::All, Pattern::Named, Pattern::Std, at("x/..."), at("./sub"), at("x/y")].into_iter().enumerate()
        {
            values.push(pattern, value);
        }
        let of = |import_path, dir: &str, named, standard| {
            values.of(Subject { import_path, dir: Path::new(dir), named, standard }).copied()
        };
        assert_eq!(of("z", "/z", false, false), Some(0));
        assert_eq!(of("z", "/z", true, false), Some(1));
        assert_eq!(of("fmt", "/go/fmt", true, true), Some(2));
        assert_eq!(of("x/z", "/w/z", true, false), Some(3));
        assert_eq!(of("x/z", "/w/sub", true, false), Some(4));
        assert_eq!(of("x/y", "/w/sub", true, false), Some(5));
    }
}
