//! From flags and settings to a [`CheckConfig`].

use crate::failure::Failure;
use crate::flag_table::Command;
use crate::flags::Flags;
use crate::sdk::{Settings, read_env};
use base::LangVersion;
use driver::{BuildConfig, BuildOutcome, CheckConfig, CheckOutcome, Emit, Inputs, RecordedFlags, Rules};
use load::fs::{FileSystem, OsFileSystem, ReplacedFileSystem, cause};
use load::goenv::split_quoted;
use load::sdk::Sdk;
use load::{Experiments, GoEnv, Goos, ModMode, ModuleConfig};
use std::path::{Path, PathBuf};

/// A command line, understood: what to check, and what to do around it.
pub struct Options {
    pub config: CheckConfig,
    pub link: LinkOptions,
    pub build_mode: BuildMode,
    pub output: Option<String>,
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

/// What `-ldflags` asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LinkOptions {
    /// `-s`: no symbol table, and no DWARF either.
    pub strip: bool,
    /// `-w`
    pub no_dwarf: bool,
    /// `-X importpath.name=value`
    pub set_strings: Vec<(String, String)>,
}

impl LinkOptions {
    /// As they would be written again, for `-x`.
    pub fn words(&self) -> Vec<String> {
        let switches = [("-s", self.strip), ("-w", self.no_dwarf)];
        let switches = switches.iter().filter(|(_, on)| *on).map(|(name, _)| (*name).to_owned());
        switches.chain(self.set_strings.iter().map(|(name, value)| format!("-X {name}={value}"))).collect()
    }
}

impl Options {
    /// `packages` are the arguments that name what to work on.
    pub fn new(command: Command, flags: &Flags, settings: &Settings, packages: &[String]) -> Result<Options, Failure> {
        let env = &settings.env;
        let os = target(env)?;
        let compile = CompileFlags::new(command, flags)?;
        let lang = flags.text("lang").map(str::to_owned).or(compile.lang);
        let lang = lang.map(|lang| parse_lang(command, &lang)).transpose()?;
        let build_mode = build_mode(os, flags.text("buildmode").unwrap_or("default"))?;
        let link = link_options(flags)?;
        let inputs = inputs(packages)?;
        let modules = modules(flags, env)?;
        // Last, because it may fetch.
        let sdk = settings.obtain()?;
        check_lang(command, lang, &sdk)?;
        let config = CheckConfig {
            os,
            experiments: experiments(env, &sdk.goroot)?,
            goroot: sdk.goroot,
            dir: settings.dir.clone(),
            inputs,
            tags: flags.text("tags").map_or(Vec::new(), split_tags),
            modules,
            lang,
            rules: Rules::BUILD,
            emit: flags.text("emit").and_then(Emit::from_name),
            whole_program: command != Command::Check,
        };
        Ok(Options {
            build_mode,
            link,
            output: flags.text("o").map(str::to_owned),
            all_errors: compile.all_errors,
            no_optimization: compile.no_optimization,
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
            strip: self.link.strip,
            set_strings: self.link.set_strings.clone(),
            trimpath: self.trimpath,
            recorded: self.recorded.clone(),
        };
        self.with_files(|files| driver::build_with(files, &config))
    }

    /// The machine's files, or those that `-overlay` puts in their place.
    fn with_files<R>(&self, work: impl FnOnce(&dyn FileSystem) -> R) -> Result<R, Failure> {
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
pub fn start(command: Command, args: &[String]) -> Result<(Flags, Settings, &[String]), Failure> {
    let (flags, _) = Flags::parse(command, "", args)?;
    if let Some(dir) = flags.text("C") {
        std::env::set_current_dir(dir).map_err(|error| Failure::Fatal(format!("chdir {dir}: {}", cause(&error))))?;
    }
    let env = read_env();
    // GOFLAGS may also come from the SDK, and which SDK that is depends on flags: they are read twice.
    let (flags, _) = Flags::parse(command, env.get("GOFLAGS"), args)?;
    let settings = Settings::new(env, flags.text("goroot"), flags.text("modfile"))?;
    let (flags, rest) = Flags::parse(command, settings.env.get("GOFLAGS"), args)?;
    Ok((flags, settings, rest))
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

/// Patterns, or files if the first argument is one. As for the go command, the two do not mix.
fn inputs(packages: &[String]) -> Result<Inputs, Failure> {
    let is_file = |name: &String| name.ends_with(".go") && !Path::new(name).is_dir();
    if packages.is_empty() {
        return Ok(Inputs::Patterns(vec![".".to_owned()]));
    }
    if !packages.iter().any(is_file) {
        return Ok(Inputs::Patterns(packages.to_vec()));
    }
    if let Some(other) = packages.iter().find(|name| !is_file(name)) {
        return Err(Failure::Fatal(format!("named files must be .go files: {other}")));
    }
    let dir_of = |name: &String| Path::new(name).parent().unwrap_or(Path::new("")).to_owned();
    let first = dir_of(&packages[0]);
    if let Some(other) = packages.iter().map(dir_of).find(|dir| *dir != first) {
        let shown =
            |dir: &Path| if dir.as_os_str().is_empty() { "./".to_owned() } else { format!("{}/", dir.display()) };
        let message = format!("named files must all be in one directory; have {} and {}", shown(&first), shown(&other));
        return Err(Failure::Fatal(message));
    }
    if let Some(missing) = packages.iter().find(|name| !Path::new(name).exists()) {
        return Err(Failure::Fatal(format!("no such file: {missing}")));
    }
    Ok(Inputs::Files(packages.iter().map(PathBuf::from).collect()))
}

/// Commas separate tags; the older form, blanks, is recognised too.
fn split_tags(text: &str) -> Vec<String> {
    let separators: &[char] = if text.contains([' ', '\'']) { &[' ', '\''] } else { &[','] };
    text.split(separators).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
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
    })
}

fn build_mode(os: Goos, mode: &str) -> Result<BuildMode, Failure> {
    match mode {
        "default" | "exe" | "pie" => Ok(BuildMode::Exe),
        "c-shared" if os == Goos::Wasip1 => Ok(BuildMode::CShared),
        "archive" | "c-archive" | "c-shared" | "plugin" | "shared" => {
            Err(Failure::Refused(format!("-buildmode={mode} not supported on {}/wasm", os.name())))
        }
        _ => Err(Failure::Refused(format!("unknown buildmode {mode}; wasip1 has exe and c-shared, js has exe"))),
    }
}

/// Arguments after the optional pattern. A pattern other than `all` or `main` narrows them to packages that the
/// command line need not name; what we read of them concerns the whole build, so the pattern does not matter.
fn arguments(flag: &str, value: &str) -> Result<Vec<String>, Failure> {
    let value = value.trim();
    let list = if value.starts_with('-') { value } else { value.split_once('=').map_or("", |(_, list)| list) };
    split_quoted(list).map_err(|problem| Failure::Fatal(format!("-{flag}: {problem}")))
}

#[derive(Default)]
struct CompileFlags {
    all_errors: bool,
    /// `-N`
    no_optimization: bool,
    lang: Option<String>,
}

impl CompileFlags {
    fn new(command: Command, flags: &Flags) -> Result<CompileFlags, Failure> {
        let mut compile = CompileFlags::default();
        for value in flags.all("gcflags") {
            for word in arguments("gcflags", value)? {
                let Some(body) = word.strip_prefix('-') else {
                    return Err(Failure::Usage(command, format!("-gcflags: {word} is not a compiler flag")));
                };
                let body = body.strip_prefix('-').unwrap_or(body);
                match body.split_once('=').unwrap_or((body, "true")) {
                    ("e", on) => compile.all_errors = on == "true" || on == "1",
                    ("N", on) => compile.no_optimization = on == "true" || on == "1",
                    ("lang", lang) => compile.lang = Some(lang.to_owned()),
                    _ => {} // debugging of a compiler that is not this one
                }
            }
        }
        Ok(compile)
    }
}

/// Link flags of `go tool link` that mean nothing for a wasm module and take a value.
const IGNORED_LINK_FLAGS_WITH_VALUE: [&str; 12] =
    ["B", "E", "H", "L", "buildid", "extar", "extld", "extldflags", "linkmode", "r", "tmpdir", "T"];

/// Those that stand alone.
const IGNORED_LINK_FLAGS: [&str; 12] =
    ["a", "aslr", "bindnow", "c", "checklinkname", "compressdwarf", "d", "dumpdep", "f", "g", "n", "v"];

fn link_options(flags: &Flags) -> Result<LinkOptions, Failure> {
    let mut link = LinkOptions::default();
    for value in flags.all("ldflags") {
        let words = arguments("ldflags", value)?;
        if words.is_empty() {
            link = LinkOptions::default(); // an empty list takes back what came before
        }
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let body = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
            let Some(body) = body else {
                return Err(Failure::Refused(format!("-ldflags: {word} is not a linker flag")));
            };
            let (name, value) = match body.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (body, None),
            };
            let on = value.as_deref().is_none_or(|value| value == "true" || value == "1");
            match name {
                "s" => link.strip = on,
                "w" => link.no_dwarf = on,
                "X" => {
                    let definition = value.or_else(|| words.next()).unwrap_or_default();
                    let Some((variable, text)) = definition.split_once('=').filter(|(name, _)| name.contains('.'))
                    else {
                        let usage = "-X flag requires argument of the form importpath.name=value";
                        return Err(Failure::Refused(format!("-ldflags: {usage}")));
                    };
                    link.set_strings.push((variable.to_owned(), text.to_owned()));
                }
                name if IGNORED_LINK_FLAGS.contains(&name) => {}
                name if IGNORED_LINK_FLAGS_WITH_VALUE.contains(&name) => {
                    if value.is_none() {
                        words.next();
                    }
                }
                name => {
                    return Err(Failure::Refused(format!("-ldflags: flag provided but not defined: -{name}")));
                }
            }
        }
    }
    Ok(link)
}

/// The form `go1.N`.
fn parse_lang(command: Command, lang: &str) -> Result<LangVersion, Failure> {
    let minor = lang.strip_prefix("go1.").and_then(|minor| minor.parse().ok());
    minor.map(LangVersion::go1).ok_or_else(|| {
        let problem = format!("invalid value {lang:?} for flag -lang: should be something like \"go1.12\"");
        Failure::Usage(command, problem)
    })
}

/// Nothing newer than what the SDK is written in.
fn check_lang(command: Command, lang: Option<LangVersion>, sdk: &Sdk) -> Result<(), Failure> {
    let newest = sdk.version.lang();
    let Some(lang) = lang.filter(|lang| *lang > newest) else { return Ok(()) };
    let problem = format!("invalid value \"{lang}\" for flag -lang: max known version is \"{newest}\"");
    Err(Failure::Usage(command, problem))
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

    fn link(ldflags: &[&str]) -> Result<LinkOptions, String> {
        let args: Vec<String> = ldflags.iter().map(|value| format!("-ldflags={value}")).collect();
        let (flags, _) = Flags::parse(Command::Build, "", &args).map_err(|failure| format!("{failure:?}"))?;
        link_options(&flags).map_err(|failure| format!("{failure:?}"))
    }

    #[test]
    fn linker_flags() {
        let options = link(&["-s -w=0 -X main.v=1 '-X=main.w=a b' -extldflags x -linkmode=internal"]).unwrap();
        assert_eq!(options.words(), ["-s", "-X main.v=1", "-X main.w=a b"]);
        assert_eq!(link(&["-s", ""]).unwrap(), LinkOptions::default());
        assert!(link(&["-zork"]).unwrap_err().contains("not defined: -zork"));
        assert!(link(&["-X nodot"]).unwrap_err().contains("importpath.name=value"));
    }
}
