//! Builds the console into the binary, where Node.js and npm are there to do it. Where they are not, or cannot, the build goes
//! on without: `/console` then says how to get it.
//!
//! All of it happens in a copy under `OUT_DIR`: nothing is written beside the sources. What a run has installed is used
//! again as long as the lockfile is the same.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What the page is made of; tests and what runs while one develops are not.
const SOURCES: [&str; 7] =
    [".npmrc", "build.mjs", "index.html", "package-lock.json", "package.json", "policy.txt", "src"];
/// Says `off` where nobody needs the page.
const SWITCH: &str = "CALLPLAN_CONSOLE";

/// Without what only developing needs, and without any package's own script: none needs it. Where there is no network, that
/// is known soon.
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

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    for source in SOURCES {
        println!("cargo::rerun-if-changed=../../console/{source}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={SWITCH}");
    let sources = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../console");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let is_off = env::var_os(SWITCH).is_some_and(|value| value == "off");
    let page = if is_off { Ok(None) } else { build(&sources, &out).map(Some) };
    let page = page.unwrap_or_else(|reason| {
        println!("cargo::warning=the console is left out: {reason}");
        None
    });
    let listing = page.map_or_else(|| Ok("&[]".to_owned()), |folder| listing(&folder))?;
    Ok(fs::write(out.join("console_files.rs"), listing)?)
}

/// Builds the page, and says where it is.
fn build(sources: &Path, out: &Path) -> Outcome<PathBuf> {
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

/// Runs a program, silently unless it fails.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Outcome<()> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output =
        output.map_err(|error| format!("`{program}` cannot be run ({error}); it needs Node.js 18 or newer"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let first = told.lines().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    Err(format!("`{program} {}` failed: {first}", arguments[0]).into())
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

fn copy_all(from: &Path, to: &Path) -> Outcome<()> {
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

/// The page's files as a slice of `(name, as it is, in brotli, in gzip)`, in Rust.
fn listing(page: &Path) -> Outcome<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(page)? {
        let name = entry?.file_name().into_string().map_err(|name| format!("{} is no text", name.display()))?;
        names.extend((!name.ends_with(".br") && !name.ends_with(".gz")).then_some(name));
    }
    names.sort_unstable();
    let mut listing = "&[".to_owned();
    for name in names {
        let bytes = |suffix: &str| format!("include_bytes!({:?})", page.join(format!("{name}{suffix}")));
        write!(listing, "({name:?}, {}, {}, {}), ", bytes(""), bytes(".br"), bytes(".gz"))?;
    }
    listing.push(']');
    Ok(listing)
}
