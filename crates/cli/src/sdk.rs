//! Which Go SDK: `load::sdk`'s search, with this process's settings.

use crate::failure::Failure;
use crate::print;
use load::fs::OsFileSystem;
use load::sdk::{self, Found, Sdk, SdkError, SdkSearch, SdkSource, Wanted};
use load::{GoEnv, GoVersion, fetch};
use std::path::{Path, PathBuf};

/// The settings, the SDK's own included if there is one, and what the search for it came to.
pub struct Settings {
    pub env: GoEnv,
    /// The working directory.
    pub dir: PathBuf,
    pub found: Result<Found, SdkError>,
    search: SdkSearch,
}

/// The environment and what `go env -w` wrote.
pub fn read_env() -> GoEnv {
    // A variable that is not UTF-8 is none that we know.
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    GoEnv::read(&OsFileSystem, std::env::vars_os().filter_map(text))
}

impl Settings {
    /// `goroot` and `modfile` are the flags.
    pub fn new(mut env: GoEnv, goroot: Option<&str>, modfile: Option<&str>) -> Result<Settings, Failure> {
        let dir = std::env::current_dir().map_err(|error| Failure::Fatal(format!("working directory: {error}")))?;
        let dir = host::working_directory(&dir);
        let modfile = modfile.filter(|file| !file.is_empty()).map(Path::new);
        let wanted = Wanted::read(&OsFileSystem, &dir, env.get("GOWORK"), modfile);
        let goroot = goroot.filter(|goroot| !goroot.is_empty()).map(PathBuf::from);
        let search = SdkSearch::new(&env, dir.clone(), goroot, wanted);
        let found = sdk::find(&OsFileSystem, &search, fetch::PINNED);
        let goroot = match &found {
            Ok(Found::Sdk { sdk, .. }) => Some(sdk.goroot.as_path()),
            _ => search.named(),
        };
        if let Some(goroot) = goroot {
            env.add_sdk(&OsFileSystem, goroot);
        }
        Ok(Settings { env, dir, found, search })
    }

    /// The SDK's directory as far as it is known, usable or not.
    pub fn goroot(&self) -> Option<&Path> {
        match &self.found {
            Ok(Found::Sdk { sdk, .. }) => Some(&sdk.goroot),
            _ => self.search.named(),
        }
    }

    /// What is used and why, in a line.
    pub fn reason(&self) -> String {
        match &self.found {
            Ok(Found::Sdk { sdk, .. }) => sdk.to_string(),
            Ok(Found::Fetch { version, .. }) => {
                format!("none on this machine; go{version} will be fetched when it is needed")
            }
            Err(error) => error.to_string(),
        }
    }

    /// The SDK, fetched now if there is none.
    pub fn obtain(&self) -> Result<Sdk, Failure> {
        let say = |line: &str| print::message(&format!("gossamer: {line}"));
        match &self.found {
            Ok(Found::Sdk { sdk, notices }) => {
                notices.iter().for_each(|notice| say(notice));
                Ok(sdk.clone())
            }
            Ok(Found::Fetch { version, notices, too_old }) => {
                notices.iter().for_each(|notice| say(notice));
                let goroot = self.fetch(*version, &say).map_err(|problem| match too_old {
                    Some(message) => Failure::Go(format!("{message}\ngossamer: {problem}")),
                    None => Failure::Fatal(problem),
                })?;
                Ok(Sdk { goroot, version: *version, source: SdkSource::OwnCache, newer_for: None })
            }
            Err(SdkError::TooNew(message)) => Err(Failure::Go(message.clone())),
            Err(SdkError::Unusable(message)) => Err(Failure::Fatal(message.clone())),
        }
    }

    fn fetch(&self, version: GoVersion, say: &dyn Fn(&str)) -> Result<PathBuf, String> {
        let Some(cache) = &self.search.own_cache else {
            let problem = "no suitable Go SDK found, and no home directory to keep a fetched one in";
            return Err(format!("{problem}; name an SDK with -goroot, or set GOROOT"));
        };
        fetch::fetch(version, cache, &mut |line| say(line))
    }
}
