//! Which host a module is for.
//!
//! Imports tell: `gojs` is the interface of `wasm_exec.js`, `wasi_snapshot_preview1` is wasip1's. A program that asks
//! nothing of its host imports neither, and then its exports tell: wasip1 starts at `_start`, js at `run`.

use crate::error::HostError;
use wasmparser::{BinaryReaderError, Encoding, Parser, Payload};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModuleKind {
    /// Imports `gojs`, exports `run` and `resume`.
    Js,
    /// Imports `wasi_snapshot_preview1`, exports `_start`.
    Wasip1,
}

/// Reads only the module's import and export sections, which precede its code.
pub fn detect(module: &[u8]) -> Result<ModuleKind, HostError> {
    if !Parser::is_core_wasm(module) && !Parser::is_component(module) {
        return Err(HostError::NotWasm);
    }
    let surface = Surface::read(module).map_err(|error| HostError::Malformed(error.to_string()))?;
    if surface.component {
        return Err(HostError::Component);
    }
    if surface.imports_gojs || (surface.exports_run && !surface.imports_wasi && !surface.exports_start) {
        return if surface.exports_run { Ok(ModuleKind::Js) } else { Err(HostError::NoEntryPoint("run")) };
    }
    match (surface.exports_start, surface.exports_initialize) {
        (true, _) => Ok(ModuleKind::Wasip1),
        (false, true) => Err(HostError::Library),
        (false, false) => Err(HostError::NoEntryPoint("_start")),
    }
}

#[derive(Default)]
struct Surface {
    component: bool,
    imports_gojs: bool,
    imports_wasi: bool,
    exports_run: bool,
    exports_start: bool,
    exports_initialize: bool,
}

impl Surface {
    fn read(module: &[u8]) -> Result<Surface, BinaryReaderError> {
        let mut surface = Surface::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::Version { encoding: Encoding::Component, .. } => {
                    surface.component = true;
                    break;
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        match import?.module {
                            "gojs" => surface.imports_gojs = true,
                            "wasi_snapshot_preview1" => surface.imports_wasi = true,
                            _ => {}
                        }
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        match export?.name {
                            "run" => surface.exports_run = true,
                            "_start" => surface.exports_start = true,
                            "_initialize" => surface.exports_initialize = true,
                            _ => {}
                        }
                    }
                }
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        Ok(surface)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Result<ModuleKind, HostError> {
        detect(&wat::parse_str(text).unwrap())
    }

    const START: &str = r#"(func (export "_start"))"#;
    const RUN: &str = r#"(func (export "run") (param i32 i32)) (func (export "resume"))"#;
    const WASI: &str = r#"(import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))"#;
    const GOJS: &str = r#"(import "gojs" "runtime.wasmExit" (func (param i32)))"#;

    #[test]
    fn imports_tell() {
        assert_eq!(kind(&format!("(module {WASI} {START})")).unwrap(), ModuleKind::Wasip1);
        assert_eq!(kind(&format!("(module {GOJS} {RUN})")).unwrap(), ModuleKind::Js);
        let exporting_run = r#"(func (export "run"))"#;
        assert_eq!(kind(&format!("(module {WASI} {exporting_run} {START})")).unwrap(), ModuleKind::Wasip1);
        let exporting_start = r#"(func (export "_start"))"#;
        assert_eq!(kind(&format!("(module {GOJS} {RUN} {exporting_start})")).unwrap(), ModuleKind::Js);
    }

    #[test]
    fn without_imports_exports_tell() {
        assert_eq!(kind(&format!("(module {START})")).unwrap(), ModuleKind::Wasip1);
        assert_eq!(kind(&format!("(module {RUN})")).unwrap(), ModuleKind::Js);
    }

    #[test]
    fn what_cannot_run_says_why() {
        let library = format!(r#"(module {WASI} (func (export "_initialize")))"#);
        assert!(matches!(kind(&library), Err(HostError::Library)));
        assert!(matches!(kind("(module)"), Err(HostError::NoEntryPoint("_start"))));
        assert!(matches!(kind(&format!("(module {GOJS})")), Err(HostError::NoEntryPoint("run"))));
        assert!(matches!(kind("(component)"), Err(HostError::Component)));
        assert!(matches!(detect(b"\x7fELF"), Err(HostError::NotWasm)));
        assert!(matches!(detect(b"\0asm\x01\0\0\0\x02\xff"), Err(HostError::Malformed(_))));
    }
}
