//! What `debug.ReadBuildInfo` reads in a program: its modules and how it was built.

use crate::build::BuildConfig;
use crate::gather::GatheredPackage;
use syntax::unicode::quote_string;

/// Readers cut off as many bytes before and behind the text: in files of other kinds these mark the place.
const MARK: &str = "0123456789abcdef";

/// The value of `runtime.modinfo`; empty if the program is of no module that is known.
pub(crate) fn text(config: &BuildConfig, main: &GatheredPackage) -> String {
    if main.modules.is_empty() {
        return String::new();
    }
    let recorded = &config.recorded;
    // Flags of the linker may name directories.
    let ldflags = if config.trimpath { "" } else { &recorded.ldflags };
    let settings = [
        ("-buildmode", if config.reactor { "c-shared" } else { "exe" }),
        ("-compiler", "gc"),
        ("-gcflags", &recorded.gcflags),
        ("-ldflags", ldflags),
        ("-tags", &config.check.tags.join(",")),
        ("-trimpath", if config.trimpath { "true" } else { "" }),
        ("DefaultGODEBUG", &main.default_godebug),
        ("CGO_ENABLED", "0"),
        ("GOARCH", "wasm"),
        ("GOEXPERIMENT", &recorded.experiment),
        ("GOOS", config.check.os.name()),
        ("GOWASM", &recorded.wasm),
    ];
    let set = settings.iter().filter(|(_, value)| !value.is_empty());
    let lines = set.map(|(key, value)| match value.contains([' ', '\t', '\r', '\n', '"', '`']) {
        true => format!("build\t{key}={}\n", quote_string(value)),
        false => format!("build\t{key}={value}\n"),
    });
    format!("{MARK}{}{}{MARK}", main.modules, lines.collect::<String>())
}
