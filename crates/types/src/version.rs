//! The language version, under go/types' name for it.

pub use base::LangVersion as GoVersion;
