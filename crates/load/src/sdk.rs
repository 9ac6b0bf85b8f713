//! Which GOROOT: the SDK whose std is compiled.
//!
//! In order: the `-goroot` flag, `$GOROOT`, the `go` on PATH (followed through links, never run), the usual places,
//! toolchains in the module cache, our own cache. What was named explicitly must be a supported version; of the
//! others, those that are not supported are skipped. If go.mod or go.work asks for more than the first one has, a newer
//! one among the rest is taken, unless GOTOOLCHAIN is local. When nothing fits, [`fetch`](crate::fetch) gets a pinned
//! one, unless GOPROXY is off.

use crate::fetch;
use crate::fs::{self, FileKind, FileSystem};
use crate::goenv::GoEnv;
use crate::locate;
use crate::modfile;
use crate::path;
use crate::version::GoVersion;
use std::fmt;
use std::path::{Path, PathBuf};

/// Minor versions whose std this compiler knows.
pub const SUPPORTED: std::ops::RangeInclusive<u32> = 26..=27;

pub fn is_supported(version: GoVersion) -> bool {
    version.major == 1 && SUPPORTED.contains(&version.minor)
}

fn supported_text() -> String {
    format!("Go 1.{}.x and 1.{}.x are supported", SUPPORTED.start(), SUPPORTED.end())
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sdk {
    pub goroot: PathBuf,
    pub version: GoVersion,
    pub source: SdkSource,
    /// Why an SDK found earlier was not taken: it is older than this file wants.
    pub newer_for: Option<Wanted>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SdkSource {
    Flag,
    Environment,
    /// The `go` that PATH names.
    Path(PathBuf),
    UsualPlace,
    ModuleCache,
    OwnCache,
}

impl fmt::Display for SdkSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SdkSource::Flag => f.write_str("named by -goroot"),
            SdkSource::Environment => f.write_str("named by $GOROOT"),
            SdkSource::Path(go) => write!(f, "{} on PATH belongs to it", go.display()),
            SdkSource::UsualPlace => f.write_str("found where Go is usually installed"),
            SdkSource::ModuleCache => f.write_str("a toolchain in the module cache"),
            SdkSource::OwnCache => f.write_str("fetched earlier"),
        }
    }
}

/// Why this one, as `gossamer env` says it.
impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "go{}: {}", self.version, self.source)?;
        match &self.newer_for {
            Some(wanted) => write!(f, "; {} asks for {}", wanted.file, wanted.line()),
            None => Ok(()),
        }
    }
}

/// What the search may look at; the caller takes it from the process.
#[derive(Clone, Debug, Default)]
pub struct SdkSearch {
    /// Where relative paths begin.
    pub work_dir: PathBuf,
    pub flag: Option<PathBuf>,
    /// `$GOROOT`.
    pub environment: Option<PathBuf>,
    /// The directories of `$PATH`.
    pub path: Vec<PathBuf>,
    pub home: Option<PathBuf>,
    /// GOMODCACHE.
    pub mod_cache: PathBuf,
    /// Where fetched SDKs are kept.
    pub own_cache: Option<PathBuf>,
    pub wanted: Option<Wanted>,
    /// GOTOOLCHAIN and GOPROXY as far as they are set; the SDK's own settings are the defaults.
    pub gotoolchain: String,
    pub goproxy: String,
}

/// What a go.mod or go.work asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// As messages show it.
    pub file: String,
    /// Less than this is an error.
    pub go: Option<GoVersion>,
    /// Less than this is only a pity: `go` itself takes the `toolchain` line as advice.
    pub toolchain: Option<GoVersion>,
}

impl Wanted {
    pub fn version(&self) -> GoVersion {
        self.go.max(self.toolchain).unwrap_or(GoVersion::release(0, 0))
    }

    /// The line that asks for the most, as it is written.
    fn line(&self) -> String {
        match (self.go, self.toolchain) {
            (go, Some(toolchain)) if go.is_none_or(|go| go < toolchain) => format!("toolchain go{toolchain}"),
            (Some(go), _) => format!("go {go}"),
            (None, _) => "no version".to_owned(),
        }
    }

    /// Reads the file that decides: go.work, else go.mod. `work` is GOWORK.
    pub fn read(fs: &dyn FileSystem, work_dir: &Path, work: &str, mod_file: Option<&Path>) -> Option<Wanted> {
        let work_file = locate::go_work(fs, work_dir, work, None).unwrap_or_default(); // mistakes are the loader's
        let mod_file = || mod_file.map(|file| work_dir.join(file)).or_else(|| locate::go_mod(fs, work_dir));
        let file = work_file.or_else(mod_file)?;
        let text = fs.read(&file).ok()?;
        let (go, toolchain) = modfile::wanted_go(&String::from_utf8_lossy(&text));
        (go.is_some() || toolchain.is_some()).then(|| Wanted { file: path::short(&file, work_dir), go, toolchain })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Sdk {
        sdk: Sdk,
        notices: Vec<String>,
    },
    /// Nothing on this machine will do, but one of the pinned versions would.
    Fetch {
        version: GoVersion,
        notices: Vec<String>,
        /// What to say if it cannot be fetched, and there is an SDK that is merely too old.
        too_old: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SdkError {
    /// What was named cannot be used, or nothing is there.
    Unusable(String),
    /// go.mod or go.work asks for more than there is; in the words of `go`.
    TooNew(String),
}

impl fmt::Display for SdkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (SdkError::Unusable(message) | SdkError::TooNew(message)) = self;
        f.write_str(message)
    }
}

impl SdkSearch {
    /// As the settings say, before the SDK's own are known.
    pub fn new(env: &GoEnv, work_dir: PathBuf, flag: Option<PathBuf>, wanted: Option<Wanted>) -> SdkSearch {
        SdkSearch {
            work_dir,
            flag,
            environment: Some(env.get("GOROOT")).filter(|dir| !dir.is_empty()).map(PathBuf::from),
            path: std::env::split_paths(env.variable("PATH")).collect(),
            home: env.home(),
            mod_cache: env.gomodcache(),
            own_cache: env.user_cache_dir().map(|dir| dir.join("gossamer/sdk")),
            wanted,
            gotoolchain: env.get("GOTOOLCHAIN").to_owned(),
            goproxy: env.get("GOPROXY").to_owned(),
        }
    }

    /// Adds what the SDK itself sets.
    fn with_settings_of(&self, fs: &dyn FileSystem, goroot: &Path) -> SdkSearch {
        let mut sdk = GoEnv::default();
        sdk.add_sdk(fs, goroot);
        let or = |set: &String, name: &str| if set.is_empty() { sdk.get(name).to_owned() } else { set.clone() };
        SdkSearch {
            gotoolchain: or(&self.gotoolchain, "GOTOOLCHAIN"),
            goproxy: or(&self.goproxy, "GOPROXY"),
            ..self.clone()
        }
    }

    /// Whether only the first SDK will do.
    fn is_local(&self) -> bool {
        self.gotoolchain == "local"
    }

    fn too_new(&self, wanted: &Wanted, running: GoVersion) -> SdkError {
        let (file, go) = (&wanted.file, wanted.go.unwrap_or(running));
        let running = shown_running(running, &self.gotoolchain);
        SdkError::TooNew(format!("go: {file} requires go >= {go} (running {running})"))
    }

    /// The directory that somebody named, and that must be it.
    pub fn named(&self) -> Option<&Path> {
        self.flag.as_deref().or(self.environment.as_deref())
    }
}

/// Looks for an SDK. `pinned` are the versions that can be fetched, newest first.
pub fn find(fs: &dyn FileSystem, search: &SdkSearch, pinned: &[GoVersion]) -> Result<Found, SdkError> {
    let named = [(&search.flag, SdkSource::Flag, "-goroot"), (&search.environment, SdkSource::Environment, "$GOROOT")];
    for (dir, source, name) in named {
        if let Some(dir) = dir {
            return explicit(fs, search, dir, source, name);
        }
    }
    let mut skipped: Option<(PathBuf, GoVersion)> = None;
    let mut usable: Vec<Sdk> = Vec::new();
    for (goroot, source) in candidates(fs, search) {
        let Some(version) = read_version(fs, &goroot) else { continue };
        if source == SdkSource::OwnCache && !fetch::is_complete(fs, &goroot) {
            continue; // it will be fetched again
        }
        if !is_supported(version) {
            skipped.get_or_insert((goroot, version));
        } else if !usable.iter().any(|sdk| sdk.goroot == goroot) {
            usable.push(Sdk { goroot, version, source, newer_for: None });
        }
    }
    let mut notices: Vec<String> = Vec::new();
    if let Some((goroot, version)) = skipped {
        notices.push(format!("skipping Go {version} in {}: {}", goroot.display(), supported_text()));
    }
    let search = &match usable.first() {
        Some(first) => search.with_settings_of(fs, &first.goroot),
        None => search.clone(),
    };
    let pinned = if search.goproxy == "off" { &[] } else { pinned };
    if usable.is_empty() && pinned.is_empty() {
        return choose(None, None, notices, None);
    }
    let first_version = usable.first().map(|sdk| sdk.version);
    let needs = search.wanted.as_ref().filter(|wanted| first_version.is_none_or(|first| first < wanted.version()));
    let Some(wanted) = needs else {
        return choose(usable.into_iter().next(), pinned.first().copied(), notices, None);
    };
    if let Some(first) = usable.first().filter(|_| search.is_local()) {
        return match wanted.go.filter(|&go| go > first.version) {
            Some(_) => Err(search.too_new(wanted, first.version)),
            None => choose(usable.into_iter().next(), None, notices, None),
        };
    }
    // The advice of a `toolchain` line is followed if that is possible.
    for least in [Some(wanted.version()), wanted.go] {
        let fits = |version: GoVersion| least.is_none_or(|least| least <= version);
        let newer_for = |sdk: Sdk| {
            let is_first = first_version == Some(sdk.version);
            // What the toolchain line asks for is not there if a second look takes less.
            let toolchain = wanted.toolchain.filter(|&toolchain| toolchain <= sdk.version);
            Sdk { newer_for: (!is_first).then(|| Wanted { toolchain, ..wanted.clone() }), ..sdk }
        };
        let sdk = usable.iter().find(|sdk| fits(sdk.version)).cloned().map(newer_for);
        let pinned = pinned.iter().copied().find(|&version| fits(version));
        if sdk.is_some() || pinned.is_some() {
            if least != Some(wanted.version()) {
                let have = sdk.as_ref().map(|sdk| sdk.version).or(pinned).unwrap_or(wanted.version());
                notices.push(format!("{} names toolchain go{}; using go{have}", wanted.file, wanted.version()));
            }
            let too_old = first_version.map(|running| search.too_new(wanted, running).to_string());
            return choose(sdk, pinned, notices, too_old);
        }
    }
    let running = first_version.or(pinned.first().copied());
    Err(search.too_new(wanted, running.unwrap_or(GoVersion::release(*SUPPORTED.end(), 0))))
}

fn choose(
    sdk: Option<Sdk>,
    pinned: Option<GoVersion>,
    notices: Vec<String>,
    too_old: Option<String>,
) -> Result<Found, SdkError> {
    match (sdk, pinned) {
        (Some(sdk), _) => Ok(Found::Sdk { sdk, notices }),
        (None, Some(version)) => Ok(Found::Fetch { version, notices, too_old }),
        (None, None) => Err(SdkError::Unusable(
            "no Go SDK found, and with GOPROXY=off none is fetched; name one with -goroot, or set GOROOT".into(),
        )),
    }
}

/// What there is, as messages on newer wishes put it.
pub(crate) fn shown_running(version: GoVersion, gotoolchain: &str) -> String {
    match gotoolchain {
        "local" => format!("go {version}; GOTOOLCHAIN=local"),
        _ => format!("go {version}"),
    }
}

fn explicit(
    fs: &dyn FileSystem,
    search: &SdkSearch,
    dir: &Path,
    source: SdkSource,
    name: &str,
) -> Result<Found, SdkError> {
    let goroot = fs::clean(&search.work_dir.join(dir));
    let shown = dir.display(); // as it was given
    let unusable = |what: String| Err(SdkError::Unusable(format!("{name} is {shown}, {what}")));
    match fs.kind(&goroot) {
        Ok(FileKind::Dir) => {}
        Ok(_) => return unusable("which is not a directory; name a Go SDK".into()),
        Err(_) => return unusable("which does not exist; name a Go SDK".into()),
    }
    if !fs.is_dir(&goroot.join("src")) {
        return unusable("which is not a Go SDK: it has no directory src".into());
    }
    let Some(version) = read_version(fs, &goroot) else {
        return match fs.read(&goroot.join("VERSION")) {
            Ok(text) => {
                let text = String::from_utf8_lossy(&text);
                let line = text.lines().next().unwrap_or_default();
                unusable(format!("whose file VERSION names no release: {line:?}; name a Go SDK"))
            }
            Err(_) => unusable("whose file VERSION is missing or unreadable; name a Go SDK".into()),
        };
    };
    if !is_supported(version) {
        return unusable(format!("which is Go {version}: {}", supported_text()));
    }
    if let Some(wanted) = search.wanted.as_ref().filter(|wanted| wanted.go.is_some_and(|go| go > version)) {
        return Err(search.with_settings_of(fs, &goroot).too_new(wanted, version));
    }
    Ok(Found::Sdk { sdk: Sdk { goroot, version, source, newer_for: None }, notices: Vec::new() })
}

/// From the file VERSION: `go1.26.8`, then the time of the release.
pub fn read_version(fs: &dyn FileSystem, goroot: &Path) -> Option<GoVersion> {
    let text = fs.read(&goroot.join("VERSION")).ok()?;
    let text = String::from_utf8_lossy(&text);
    let version = GoVersion::parse_toolchain(text.lines().next()?.trim())?;
    fs.is_dir(&goroot.join("src")).then_some(version)
}

fn candidates(fs: &dyn FileSystem, search: &SdkSearch) -> Vec<(PathBuf, SdkSource)> {
    let mut found = Vec::new();
    for dir in &search.path {
        for name in ["go", "go.exe"] {
            let go = dir.join(name);
            if let Ok(real) = fs.canonicalize(&go)
                && fs.is_file(&real)
                && let Some(goroot) = real.parent().and_then(Path::parent)
            {
                found.push((goroot.to_owned(), SdkSource::Path(go)));
            }
        }
    }
    found.extend(usual_places(fs, search.home.as_deref()).into_iter().map(|dir| (dir, SdkSource::UsualPlace)));
    let toolchains = versioned_dirs(fs, &search.mod_cache.join("golang.org"), "toolchain@v0.0.1-");
    found.extend(toolchains.into_iter().map(|dir| (dir, SdkSource::ModuleCache)));
    let own = search.own_cache.as_deref().map(|dir| versioned_dirs(fs, dir, "")).unwrap_or_default();
    found.extend(own.into_iter().map(|dir| (dir, SdkSource::OwnCache)));
    found
}

/// Where installers and package managers put Go, newest version first where several can be.
fn usual_places(fs: &dyn FileSystem, home: Option<&Path>) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = ["/usr/local/go", "/usr/lib/go", "/usr/lib/golang", "/opt/go", "/snap/go/current"]
        .into_iter()
        .chain(["/opt/homebrew/opt/go/libexec", "/usr/local/opt/go/libexec", "C:\\Program Files\\Go"])
        .map(PathBuf::from)
        .collect();
    places.extend(versioned_dirs(fs, Path::new("/usr/lib"), "go-"));
    if let Some(home) = home {
        places.extend(versioned_dirs(fs, &home.join("sdk"), ""));
        places.push(home.join(".local/go"));
    }
    places
}

/// Directories named `go1.27.3`, `go-1.27` or `toolchain@v0.0.1-go1.27.3.linux-amd64`, newest first.
fn versioned_dirs(fs: &dyn FileSystem, dir: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut dirs: Vec<(GoVersion, PathBuf)> = fs
        .read_dir(dir)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|entry| {
            let rest = entry.name.strip_prefix(prefix)?;
            let rest = rest.strip_prefix("go").unwrap_or(rest);
            // What follows the version begins with a letter: `.linux-amd64`.
            let end = rest.find(".l").or_else(|| rest.find(".d")).or_else(|| rest.find(".w")).unwrap_or(rest.len());
            Some((GoVersion::parse(&rest[..end])?, dir.join(&entry.name)))
        })
        .collect();
    dirs.sort_by(|a, b| b.cmp(a));
    dirs.into_iter().map(|(_, dir)| dir).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::MemoryFileSystem;

    fn machine(sdks: &[(&str, &str)]) -> MemoryFileSystem {
        let mut files = MemoryFileSystem::new();
        for (dir, version) in sdks {
            files.add(format!("{dir}/VERSION"), format!("go{version}\ntime 2026-01-01T00:00:00Z\n"));
            files.add(format!("{dir}/src/fmt/print.go"), "package fmt");
            files.add(format!("{dir}/bin/go"), "");
            for part in ["src/internal/goexperiment/flags.go", "src/runtime/proc.go", "src/os/file.go"] {
                files.add(format!("{dir}/{part}"), "");
            }
            files.add(format!("{dir}/lib/wasm/wasm_exec.js"), "");
        }
        files
    }

    const PINNED: &[GoVersion] = &[GoVersion::release(27, 3), GoVersion::release(26, 6)];

    fn found(files: &MemoryFileSystem, search: &SdkSearch) -> String {
        match find(files, search, PINNED) {
            Ok(Found::Sdk { sdk, notices }) => {
                let notices: String = notices.iter().map(|notice| format!(" [{notice}]")).collect();
                format!("{} {sdk}{notices}", sdk.goroot.display())
            }
            Ok(Found::Fetch { version, notices, too_old }) => {
                let too_old = too_old.map_or(String::new(), |message| format!(" or {message}"));
                format!("fetch {version} {notices:?}{too_old}")
            }
            Err(message) => format!("error: {message}"),
        }
    }

    fn search() -> SdkSearch {
        SdkSearch {
            path: vec!["/p/bin".into()],
            home: Some("/user/me".into()),
            mod_cache: "/user/me/go/pkg/mod".into(),
            own_cache: Some("/user/me/.cache/gossamer/sdk".into()),
            ..SdkSearch::default()
        }
    }

    fn wants(go: &str, toolchain: &str) -> Option<Wanted> {
        let mut files = MemoryFileSystem::new();
        files.add("/w/go.mod", format!("module m\n{go}\n{toolchain}\n"));
        Wanted::read(&files, Path::new("/w"), "", None)
    }

    #[test]
    fn the_order_of_places() {
        let toolchain = "/user/me/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.27.2.linux-amd64";
        let all = [
            ("/p", "1.26.1"),
            ("/usr/local/go", "1.26.2"),
            ("/user/me/sdk/go1.27.1", "1.27.1"),
            (toolchain, "1.27.2"),
            ("/user/me/.cache/gossamer/sdk/go1.27.3", "1.27.3"),
        ];
        let reasons = [
            "/p go1.26.1: /p/bin/go on PATH belongs to it".to_owned(),
            "/usr/local/go go1.26.2: found where Go is usually installed".to_owned(),
            "/user/me/sdk/go1.27.1 go1.27.1: found where Go is usually installed".to_owned(),
            format!("{toolchain} go1.27.2: a toolchain in the module cache"),
            "/user/me/.cache/gossamer/sdk/go1.27.3 go1.27.3: fetched earlier".to_owned(),
        ];
        for (index, reason) in reasons.iter().enumerate() {
            assert_eq!(found(&machine(&all[index..]), &search()), *reason);
        }
        assert_eq!(found(&machine(&[]), &search()), "fetch 1.27.3 []");
    }

    #[test]
    fn what_is_named_must_be_supported() {
        let mut files = machine(&[("/old", "1.24.1"), ("/new", "1.27.3"), ("/p", "1.26.1"), ("/devel", "1.28.0")]);
        files.add("/devel/VERSION", "devel x\n");
        let flag = |dir: &str| found(&files, &SdkSearch { flag: Some(dir.into()), ..search() });
        assert_eq!(flag("/new"), "/new go1.27.3: named by -goroot");
        assert_eq!(flag("/old"), "error: -goroot is /old, which is Go 1.24.1: Go 1.26.x and 1.27.x are supported");
        let file = "error: -goroot is /new/VERSION, which is not a directory; name a Go SDK";
        assert_eq!(flag("/new/VERSION"), file);
        let devel = "error: -goroot is /devel, whose file VERSION names no release: \"devel x\"; name a Go SDK";
        assert_eq!(flag("/devel"), devel);
        assert_eq!(flag("/none"), "error: -goroot is /none, which does not exist; name a Go SDK");
        let environment = SdkSearch { environment: Some("/new".into()), ..search() };
        assert_eq!(found(&files, &environment), "/new go1.27.3: named by $GOROOT");
    }

    #[test]
    fn others_are_skipped_with_one_notice() {
        let files = machine(&[("/p", "1.24.1"), ("/usr/local/go", "1.28.0"), ("/usr/lib/go", "1.27.3")]);
        let expected = "/usr/lib/go go1.27.3: found where Go is usually installed \
                        [skipping Go 1.24.1 in /p: Go 1.26.x and 1.27.x are supported]";
        assert_eq!(found(&files, &search()), expected);
    }

    #[test]
    fn a_local_toolchain_is_not_exchanged() {
        let mut both = machine(&[("/p", "1.26.1"), ("/user/me/sdk/go1.27.1", "1.27.1")]);
        let with = |files: &MemoryFileSystem, gotoolchain: &str, wanted| {
            found(files, &SdkSearch { wanted, gotoolchain: gotoolchain.into(), ..search() })
        };
        let first = "/p go1.26.1: /p/bin/go on PATH belongs to it";
        let too_new = "error: go: go.mod requires go >= 1.27 (running go 1.26.1; GOTOOLCHAIN=local)";
        assert_eq!(with(&both, "local", wants("go 1.27", "")), too_new);
        assert_eq!(with(&both, "local", wants("go 1.26", "toolchain go1.27.1")), first);
        let named = SdkSearch { flag: Some("/p".into()), wanted: wants("go 1.27", ""), ..search() };
        assert_eq!(found(&both, &SdkSearch { gotoolchain: "local".into(), ..named.clone() }), too_new);
        both.add("/p/go.env", "GOTOOLCHAIN=local\n");
        assert_eq!(with(&both, "", wants("go 1.27", "")), too_new);
        assert_eq!(found(&both, &named), too_new);
        assert!(with(&both, "auto", wants("go 1.27", "")).starts_with("/user/me/sdk/go1.27.1"));
        assert_eq!(with(&machine(&[]), "local", wants("go 1.27", "")), "fetch 1.27.3 []");
    }

    #[test]
    fn nothing_is_fetched_offline() {
        let with =
            |files: &MemoryFileSystem, wanted| found(files, &SdkSearch { wanted, goproxy: "off".into(), ..search() });
        let none = "error: no Go SDK found, and with GOPROXY=off none is fetched; name one with -goroot, or set GOROOT";
        assert_eq!(with(&machine(&[]), None), none);
        assert_eq!(with(&machine(&[]), wants("go 1.27", "")), none);
        let old = machine(&[("/p", "1.26.1")]);
        let too_new = "error: go: go.mod requires go >= 1.27.2 (running go 1.26.1)";
        assert_eq!(with(&old, wants("go 1.27.2", "")), too_new);
    }

    #[test]
    fn a_newer_one_for_go_mod() {
        let both = machine(&[("/p", "1.26.1"), ("/user/me/sdk/go1.27.1", "1.27.1")]);
        let one = machine(&[("/p", "1.26.1")]);
        let with = |files, wanted| found(files, &SdkSearch { wanted, ..search() });
        let newer = "/user/me/sdk/go1.27.1 go1.27.1: found where Go is usually installed; go.mod asks for go 1.27";
        assert_eq!(with(&both, wants("go 1.27", "")), newer);
        assert_eq!(with(&both, wants("go 1.26", "")), "/p go1.26.1: /p/bin/go on PATH belongs to it");
        let too_old = "fetch 1.27.3 [] or go: go.mod requires go >= 1.27.2 (running go 1.26.1)";
        assert_eq!(with(&one, wants("go 1.27.2", "")), too_old);
        assert_eq!(with(&both, wants("go 1.30", "")), "error: go: go.mod requires go >= 1.30 (running go 1.26.1)");
        let advice = newer.replace("asks for go 1.27", "asks for toolchain go1.27.1");
        assert_eq!(with(&both, wants("go 1.26", "toolchain go1.27.1")), advice);
        assert_eq!(
            with(&both, wants("go 1.26", "toolchain go1.30.0")),
            "/p go1.26.1: /p/bin/go on PATH belongs to it [go.mod names toolchain go1.30.0; using go1.26.1]"
        );
        let named = SdkSearch { flag: Some("/p".into()), wanted: wants("go 1.27", ""), ..search() };
        assert_eq!(found(&both, &named), "error: go: go.mod requires go >= 1.27 (running go 1.26.1)");
    }
}
