//! From flags and settings to a [`CheckConfig`].

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::flags::{Flags, text_arguments};
use crate::sdk::{Settings, read_env};
use crate::tool_flags::{compile_flags, is_chosen, langs, link_flags, parse_lang};
use base::LangVersion;
use driver::{BuildConfig, BuildOutcome, CheckConfig, CheckOutcome, Emit, Inputs, LinkFlags, PerPackage};
use driver::{RecordedFlags, Rules};
use load::fs::{FileSystem, OsFileSystem, ReplacedFileSystem, cause};
use load::sdk::Sdk;
use load::{Experiments, GoEnv, Goos, ModMode, ModuleConfig};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A command line, understood: what to check, and what to do around it.
pub struct Options {
    pub config: CheckConfig,
    pub link: PerPackage<LinkFlags>,
    pub build_mode: BuildMode,
    pub output: Option<OsString>,
    /// `-gcflags=-e`: no limit on errors.
    pub all_errors: bool,
    /// `-gcflags=-N`
    no_optimization: bool,
    pub verbose: bool,
    /// `-x` or `-n`.
    pub print_commands: bool,
    /// `-n`
    pub dry_run: bool,
    pub json: bool,
    pub time: bool,
    pub trimpath: bool,
    recorded: RecordedFlags,
    /// `-overlay`
    overlay: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuildMode {
    /// A command: `_start`, or `run` under `wasm_exec.js`.
    Exe,
    /// A reactor: `_initialize` and exported functions.
    CShared,
}

impl Options {
    pub fn new(command: Command, flags: &Flags, settings: &Settings, inputs: Inputs) -> Result<Options, Failure> {
        let env = &settings.env;
        let os = target(env)?;
        check_ignored(flags, &settings.dir)?;
        let compile = compile_flags(flags, &settings.dir)?;
        let langs = langs(&compile)?;
        let lang = flags.text("lang").map(parse_lang).transpose();
        let lang = lang.map_err(|problem| Failure::Usage(command, problem))?;
        let build_mode = build_mode(os, flags.text("buildmode").unwrap_or("default"))?;
        let link = link_flags(flags, &settings.dir)?;
        let tags = split_tags(flags.text("tags").unwrap_or_default())?;
        let modules = modules(flags, env)?;
        // Last, because it may fetch.
        let sdk = settings.obtain()?;
        check_lang(lang, &sdk).map_err(|problem| Failure::Usage(command, problem))?;
        for (_, lang) in langs.values() {
            check_lang(*lang, &sdk).map_err(|problem| Failure::Fatal(format!("-gcflags: {problem}")))?;
        }
        let config = CheckConfig {
            os,
            experiments: experiments(env, &sdk.goroot)?,
            goroot: sdk.goroot,
            dir: settings.dir.clone(),
            inputs,
            tags,
            modules,
            lang,
            langs,
            rules: Rules::BUILD,
            emit: flags.text("emit").and_then(Emit::from_name),
            whole_program: command != Command::Check,
        };
        Ok(Options {
            build_mode,
            link,
            output: flags.output.clone(),
            all_errors: is_chosen(&compile, |flags| flags.all_errors),
            no_optimization: is_chosen(&compile, |flags| flags.no_optimization),
            verbose: flags.is_on("v"),
            print_commands: flags.is_on("x") || flags.is_on("n"),
            dry_run: flags.is_on("n"),
            json: flags.is_on("json"),
            time: flags.is_on("time"),
            trimpath: flags.is_on("trimpath"),
            recorded: RecordedFlags {
                gcflags: flags.text("gcflags").unwrap_or_default().to_owned(),
                ldflags: flags.text("ldflags").unwrap_or_default().to_owned(),
                experiment: env.get("GOEXPERIMENT").to_owned(),
                wasm: env.get("GOWASM").to_owned(),
            },
            overlay: flags.text("overlay").filter(|path| !path.is_empty()).map(PathBuf::from),
            config,
        })
    }

    /// Runs the front end.
    pub fn check(&self) -> Result<CheckOutcome, Failure> {
        if let Some(form @ (Emit::Ssa | Emit::Wat)) = self.config.emit {
            let message = format!("-emit={}: check makes no code; use 'gossamer build'", form.name());
            return Err(Failure::Refused(message));
        }
        self.with_files(|files| driver::check_with(files, &self.config))
    }

    /// Runs the whole compiler.
    pub fn build(&self) -> Result<BuildOutcome, Failure> {
        let config = BuildConfig {
            check: self.config.clone(),
            reactor: self.build_mode == BuildMode::CShared,
            optimize: !self.no_optimization,
            link: self.link.clone(),
            trimpath: self.trimpath,
            recorded: self.recorded.clone(),
        };
        self.with_files(|files| driver::build_with(files, &config))
    }

    /// The machine's files, or those that `-overlay` puts in their place.
    pub fn with_files<R>(&self, work: impl FnOnce(&dyn FileSystem) -> R) -> Result<R, Failure> {
        let Some(overlay) = &self.overlay else { return Ok(work(&OsFileSystem)) };
        let json = OsFileSystem.read(&self.config.dir.join(overlay));
        let json = json.map_err(|error| {
            Failure::Go(format!("go: reading overlay: open {}: {}", overlay.display(), cause(&error)))
        })?;
        let files = ReplacedFileSystem::parse(&OsFileSystem, &json, &self.config.dir);
        let files = files.map_err(|message| Failure::Go(format!("go: {message}")))?;
        Ok(work(&files))
    }
}

/// Reads GOFLAGS and the arguments, changes to the directory of `-C`, and looks for the SDK.
pub fn start(command: Command, args: &[OsString]) -> Result<(Flags, Settings, Vec<String>), Failure> {
    let (flags, _) = Flags::parse(command, "", args)?;
    if let Some(dir) = flags.text("C") {
        std::env::set_current_dir(dir).map_err(|error| Failure::Fatal(format!("chdir {dir}: {}", cause(&error))))?;
    }
    let env = read_env();
    // GOFLAGS may also come from the SDK, and which SDK that is depends on flags: they are read twice.
    let (flags, _) = Flags::parse(command, env.get("GOFLAGS"), args)?;
    let settings = Settings::new(env, flags.text("goroot"), flags.text("modfile"))?;
    let (flags, rest) = Flags::parse(command, settings.env.get("GOFLAGS"), args)?;
    Ok((flags, settings, text_arguments(rest)?))
}

/// The target: unset or native variables mean wasip1/wasm, and GOOS=js implies wasm.
pub fn target(env: &GoEnv) -> Result<Goos, Failure> {
    let (goos, goarch) = (env.get("GOOS"), env.get("GOARCH"));
    let native_os = goos.is_empty() || goos == go_name_of_host_os();
    let os = if native_os { Some(Goos::Wasip1) } else { Goos::from_name(goos) };
    let native_arch = native_os && goarch == go_name_of_host_arch();
    match os {
        Some(os) if goarch.is_empty() || goarch == "wasm" || native_arch => Ok(os),
        _ => {
            let shown = |value: &'static str, set: &str| if set.is_empty() { value.to_owned() } else { set.to_owned() };
            let pair = format!("{}/{}", shown(go_name_of_host_os(), goos), shown("wasm", goarch));
            Err(Failure::Refused(format!(
                "unsupported GOOS/GOARCH pair {pair}; set GOOS=js or GOOS=wasip1, and GOARCH=wasm"
            )))
        }
    }
}

fn go_name_of_host_os() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

fn go_name_of_host_arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "x86" => "386",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    }
}

/// GOEXPERIMENT, once it is known that the SDK has these experiments.
fn experiments(env: &GoEnv, goroot: &Path) -> Result<String, Failure> {
    let Some(mut experiments) = Experiments::read(&OsFileSystem, goroot) else {
        return Err(Failure::Fatal(format!("GOROOT {} has no src/internal/goexperiment", goroot.display())));
    };
    experiments.apply(env.get("GOEXPERIMENT")).map_err(Failure::Refused)?;
    Ok(env.get("GOEXPERIMENT").to_owned())
}

/// Commas separate tags; the older form, blanks, is recognised too.
fn split_tags(text: &str) -> Result<Vec<String>, Failure> {
    let has_blanks = text.contains([' ', '\'']);
    if has_blanks && text.contains(',') {
        return Err(Failure::Refused("-tags space-separated list contains comma".to_owned()));
    }
    let separators: &[char] = if has_blanks { &[' ', '\''] } else { &[','] };
    Ok(text.split(separators).filter(|tag| !tag.is_empty()).map(str::to_owned).collect())
}

/// Flags that have nothing to do here must still be sensible: another build would end with these.
fn check_ignored(flags: &Flags, dir: &Path) -> Result<(), Failure> {
    if let Some(count) = flags.text("p").filter(|count| count.starts_with('-') || *count == "0") {
        return Err(Failure::Fatal(format!("-p must be a positive integer: {count}")));
    }
    match flags.text("pgo") {
        None | Some("" | "auto" | "off") => Ok(()),
        Some(profile) => match std::fs::File::open(dir.join(profile)) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::Fatal(format!("-pgo: open {profile}: {}", cause(&error)))),
        },
    }
}

fn modules(flags: &Flags, env: &GoEnv) -> Result<ModuleConfig, Failure> {
    let mode = match flags.text("mod").unwrap_or("") {
        "" => None,
        name => Some(ModMode::from_name(name).ok_or_else(|| {
            Failure::Fatal(format!("-mod={name} not supported (can be '', 'mod', 'readonly', or 'vendor')"))
        })?),
    };
    Ok(ModuleConfig {
        mode,
        modfile: flags.text("modfile").filter(|path| !path.is_empty()).map(PathBuf::from),
        gowork: env.get("GOWORK").to_owned(),
        go111module: env.get("GO111MODULE").to_owned(),
        gomodcache: env.gomodcache(),
        gotoolchain: env.get("GOTOOLCHAIN").to_owned(),
    })
}

fn build_mode(os: Goos, mode: &str) -> Result<BuildMode, Failure> {
    match mode {
        "default" | "exe" => Ok(BuildMode::Exe),
        "c-shared" if os == Goos::Wasip1 => Ok(BuildMode::CShared),
        "archive" | "c-archive" | "c-shared" | "pie" | "plugin" | "shared" => {
            Err(Failure::Fatal(format!("-buildmode={mode} not supported on {}/wasm", os.name())))
        }
        _ => Err(Failure::Fatal(format!("buildmode={mode} not supported"))),
    }
}

/// Nothing newer than what the SDK is written in.
fn check_lang(lang: Option<LangVersion>, sdk: &Sdk) -> Result<(), String> {
    let newest = sdk.version.lang();
    let Some(lang) = lang.filter(|lang| *lang > newest) else { return Ok(()) };
    Err(format!("invalid value \"{lang}\" for flag -lang: max known version is \"{newest}\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use load::fs::MemoryFileSystem;

    fn target_of(goos: &str, goarch: &str) -> Option<Goos> {
        let pairs = [("GOOS", goos), ("GOARCH", goarch), ("GOENV", "off")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        target(&GoEnv::read(&MemoryFileSystem::new(), pairs)).ok()
    }

    #[test]
    fn unset_and_native_mean_wasip1() {
        let (os, arch) = (go_name_of_host_os(), go_name_of_host_arch());
        assert_eq!(target_of("", ""), Some(Goos::Wasip1));
        assert_eq!(target_of(os, arch), Some(Goos::Wasip1));
        assert_eq!(target_of("", "wasm"), Some(Goos::Wasip1));
        assert_eq!(target_of("js", ""), Some(Goos::Js));
        assert_eq!(target_of("js", "wasm"), Some(Goos::Js));
        assert_eq!(target_of("js", arch), None);
        assert_eq!(target_of("wasip1", "riscv64"), None);
        assert_eq!(target_of("plan9", "wasm"), None);
    }
}
