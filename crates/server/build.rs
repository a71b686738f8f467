//! Puts the console into the binary: builds it with Node.js and npm, or takes the built page from a
//! package of this crate.
//!
//! `CALLPLAN_CONSOLE=on` builds it, and fails if that fails; `off` leaves it out. Without the
//! variable, a release build builds it if Node.js and npm can, and other builds leave it out, so
//! that `cargo test` runs no npm. A binary without it explains at `/console` how to get it.
//!
//! The build works in a copy under `OUT_DIR`: nothing is written beside the sources. Installed
//! packages are reused while the lockfile is the same.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The sources of the page, without its tests and what only development needs.
const SOURCES: [&str; 6] = [".npmrc", "build.mjs", "index.html", "package-lock.json", "package.json", "src"];
/// The variable that says whether to build the page.
const SWITCH: &str = "CALLPLAN_CONSOLE";
/// The folder of the built page in a package of this crate, which has no sources of the console
/// (see `tools/package`).
const PACKAGED: &str = "console";

/// Installs without development packages and without the packages' own scripts, which none needs.
/// Without a network, it fails soon.
const INSTALL: &[&str] = &[
    "ci",
    "--omit=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-timeout=30000",
];

type BuildResult<T> = Result<T, Box<dyn Error>>;

/// Whether this build has a console, and where it comes from.
#[derive(Clone, Copy)]
enum Console {
    LeftOut,
    /// There are no sources, so there is nothing to build.
    Packaged,
    IfPossible,
    Required,
}

fn main() -> BuildResult<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={SWITCH}");
    let crate_folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sources = crate_folder.join("../../console");
    let page = match console(&sources)? {
        Console::LeftOut => None,
        Console::Packaged => packaged(&crate_folder.join(PACKAGED))?,
        Console::Required => Some(build(&sources, &out)?),
        Console::IfPossible => match build(&sources, &out) {
            Ok(page) => Some(page),
            Err(reason) => {
                println!("cargo::warning=the console is left out: {reason}");
                None
            }
        },
    };
    let listing = page.map_or_else(|| Ok("&[]".to_owned()), |folder| listing(&folder))?;
    Ok(fs::write(out.join("console_files.rs"), listing)?)
}

/// Decides by the variable, or else by the profile: `PROFILE` is `release` for every profile that
/// inherits from it.
fn console(sources: &Path) -> BuildResult<Console> {
    match env::var(SWITCH).as_deref() {
        Ok("off") => Ok(Console::LeftOut),
        Ok("on") | Err(_) if !sources.is_dir() => Ok(Console::Packaged),
        Ok("on") => Ok(Console::Required),
        Ok(other) => Err(format!("{SWITCH} is `on` or `off`, not `{other}`").into()),
        Err(_) if env::var("PROFILE")? == "release" => Ok(Console::IfPossible),
        Err(_) => Ok(Console::LeftOut),
    }
}

/// The built page of a package, if it was packaged with one.
fn packaged(folder: &Path) -> BuildResult<Option<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    match folder.is_dir() {
        true => Ok(Some(folder.to_owned())),
        false if env::var(SWITCH).is_ok() => Err("this package has no console".into()),
        false => Ok(None),
    }
}

/// Builds the page, and gives its folder.
fn build(sources: &Path, out: &Path) -> BuildResult<PathBuf> {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", sources.join(source).display());
    }
    let (copy, page) = (out.join("console"), out.join("console-page"));
    let is_installed = is_same(&sources.join("package-lock.json"), &copy.join("package-lock.json"))
        && copy.join("node_modules").is_dir();
    fs::create_dir_all(&copy)?;
    let _ = fs::remove_dir_all(copy.join("src"));
    for source in SOURCES {
        copy_all(&sources.join(source), &copy.join(source))?;
    }
    if !is_installed {
        run(&copy, npm(), INSTALL).inspect_err(|_| drop(fs::remove_dir_all(copy.join("node_modules"))))?;
    }
    run(&copy, "node", &["build.mjs", &page.to_string_lossy()])?;
    Ok(page)
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Runs a program. Its output is shown only if it fails.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> BuildResult<()> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output =
        output.map_err(|error| format!("`{program}` cannot be run ({error}); it needs Node.js 18 or newer"))?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let first = complaint.lines().find(|line| !line.trim().is_empty()).unwrap_or("no message");
    Err(format!("`{program} {}` failed: {first}", arguments[0]).into())
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

fn copy_all(from: &Path, to: &Path) -> BuildResult<()> {
    if !from.is_dir() {
        fs::copy(from, to)?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        copy_all(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

/// The page's files as a slice of `ConsoleFile`, in Rust.
fn listing(page: &Path) -> BuildResult<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(page)? {
        let name = entry?.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        names.extend((!name.ends_with(".br") && !name.ends_with(".gz")).then_some(name));
    }
    names.sort_unstable();
    let mut listing = "&[".to_owned();
    for name in names {
        let bytes = |suffix: &str| format!("include_bytes!({:?})", page.join(format!("{name}{suffix}")));
        let compressed = match page.join(format!("{name}.br")).is_file() {
            true => format!("Some(Compressed {{ brotli: {}, gzip: {} }})", bytes(".br"), bytes(".gz")),
            false => "None".to_owned(),
        };
        write!(listing, "ConsoleFile {{ name: {name:?}, plain: {}, compressed: {compressed} }}, ", bytes(""))?;
    }
    listing.push(']');
    Ok(listing)
}
