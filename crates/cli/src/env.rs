//! `gossamer env`: the settings that decide about a build.

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::flags::{Flags, text_arguments};
use crate::options::target;
use crate::output::NULL_DEVICE;
use crate::print;
use crate::sdk::{Settings, read_env};
use load::Experiments;
use load::fs::OsFileSystem;
use load::locate;
use load::sdk::Found;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

pub fn env(args: &[OsString]) -> Result<ExitCode, Failure> {
    let (flags, names) = Flags::parse(Command::Env, "", args)?;
    let names = text_arguments(names)?;
    let mut settings = settings(&Settings::new(read_env(), flags.text("goroot"), None)?)?;
    if !names.is_empty() {
        if let Some(name) = names.iter().find(|name| name.starts_with('-') || name.contains('=')) {
            return Err(Failure::Usage(Command::Env, format!("unexpected argument: {name}")));
        }
        let value_of = |name: &String| {
            settings.iter().find(|setting| setting.name == name).map_or(String::new(), |found| found.value.clone())
        };
        let values: Vec<(&String, String)> = names.iter().map(|name| (name, value_of(name))).collect();
        if flags.is_on("json") {
            print_json(values.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
        } else {
            let lines = values.iter().map(|(_, value)| format!("{value}\n"));
            print::output(&lines.collect::<String>())?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if flags.is_on("changed") {
        settings.retain(|setting| setting.changed);
    }
    if flags.is_on("json") {
        print_json(settings.iter().map(|setting| (setting.name, setting.value.as_str())))?;
    } else {
        let quoted = |value: &str| value.replace('\'', "'\\''");
        let lines = settings.iter().map(|setting| format!("{}='{}'\n", setting.name, quoted(&setting.value)));
        print::output(&lines.collect::<String>())?;
    }
    Ok(ExitCode::SUCCESS)
}

struct Setting {
    name: &'static str,
    value: String,
    /// Whether something other than the default decides it.
    changed: bool,
}

/// Sorted by name.
fn settings(settings: &Settings) -> Result<Vec<Setting>, Failure> {
    let env = &settings.env;
    let os = target(env)?;
    let shown = |path: Option<&Path>| path.map_or(String::new(), |path| path.display().to_string());
    // Shown as it was set, but only if the SDK knows it.
    if let Some(mut experiments) = settings.goroot().and_then(|goroot| Experiments::read(&OsFileSystem, goroot)) {
        experiments.apply(env.get("GOEXPERIMENT")).map_err(Failure::Refused)?;
    }
    let version = match &settings.found {
        Ok(Found::Sdk { sdk, .. }) => format!("go{}", sdk.version),
        _ => String::new(),
    };
    let dir = &settings.dir;
    let gowork = locate::go_work(&OsFileSystem, dir, env.get("GOWORK"), settings.goroot()).map_err(Failure::Go)?;
    let gomod = locate::go_mod(&OsFileSystem, dir).unwrap_or_else(|| NULL_DEVICE.into());
    let setting = |name: &'static str, value: String| Setting { name, changed: !env.get(name).is_empty(), value };
    Ok(vec![
        setting("GO111MODULE", env.get("GO111MODULE").to_owned()),
        setting("GOARCH", "wasm".to_owned()),
        setting("GOENV", env.goenv().map_or("off".to_owned(), |path| path.display().to_string())),
        setting("GOEXPERIMENT", env.get("GOEXPERIMENT").to_owned()),
        setting("GOFLAGS", env.get("GOFLAGS").to_owned()),
        setting("GOMOD", gomod.display().to_string()),
        setting("GOMODCACHE", env.gomodcache().display().to_string()),
        setting("GOOS", os.name().to_owned()),
        setting("GOPATH", env.gopath().display().to_string()),
        setting("GOROOT", shown(settings.goroot())),
        setting("GOVERSION", version),
        setting("GOWORK", shown(gowork.as_deref())),
        setting("GOSSAMER_SDK", settings.reason()),
    ])
}

fn print_json<'a>(settings: impl Iterator<Item = (&'a str, &'a str)>) -> Result<(), Failure> {
    let object: serde_json::Map<String, serde_json::Value> =
        settings.map(|(name, value)| (name.to_owned(), value.into())).collect();
    let text = serde_json::to_string_pretty(&object).expect("strings serialise").replace("\n  ", "\n\t");
    print::output(&format!("{text}\n"))
}
