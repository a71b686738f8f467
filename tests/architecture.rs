//! The module tables of ARCHITECTURE.md are true: each module is in its crate's table, and uses
//! only modules above it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const PAGE: &str = include_str!("../ARCHITECTURE.md");

/// The modules of each table, from top to bottom, with the folder that the heading above the table
/// names.
fn tables() -> Vec<(PathBuf, Vec<String>)> {
    let mut tables: Vec<(PathBuf, Vec<String>)> = Vec::new();
    for line in PAGE.lines() {
        let quoted: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
        if line.starts_with("### ")
            && let Some(folder) = quoted.last()
        {
            tables.push((Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), Vec::new()));
        } else if line.starts_with("## ") && !tables.is_empty() {
            break;
        } else if line.starts_with("| `")
            && let Some((_, modules)) = tables.last_mut()
        {
            let cell = line.split('|').nth(1).unwrap_or_default();
            modules.extend(cell.split('`').skip(1).step_by(2).map(|module| module.trim_end_matches('/').to_owned()));
        }
    }
    tables
}

fn sources(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The modules of its own crate that a file names outside of its tests. In a file at the top of a
/// crate, `super` is the crate.
fn used(file: &Path, is_at_top: bool) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let word = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>();
    let grouped = |rest: &str| -> Vec<String> {
        let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        group.split(',').map(|part| word(part.trim())).collect()
    };
    let marks: &[&str] = if is_at_top { &["crate::", "super::"] } else { &["crate::"] };
    let named = marks.iter().flat_map(|mark| code.split(mark).skip(1));
    named.flat_map(|rest| grouped(rest).into_iter().chain([word(rest)])).collect()
}

#[test]
fn each_module_stands_in_its_table_and_uses_those_above_it() {
    let mut wrong = Vec::new();
    for (folder, modules) in tables() {
        for file in sources(&folder).iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
            let inner = file.strip_prefix(&folder).expect("it is in the folder");
            let module = inner.iter().next().expect("a name").to_string_lossy().trim_end_matches(".rs").to_owned();
            if ["lib", "main"].contains(&module.as_str()) {
                continue;
            }
            let Some(row) = modules.iter().position(|name| *name == module) else {
                wrong.push(format!("`{module}` is in no row of the table of {}", folder.display()));
                continue;
            };
            let is_at_top = inner.iter().count() == 1 || inner == Path::new(&module).join("mod.rs");
            let below = used(file, is_at_top).into_iter().filter(|name| modules[row + 1..].contains(name));
            wrong.extend(below.map(|name| format!("{} uses `{name}`, which stands below it", inner.display())));
        }
        let is_there = |name: &&String| folder.join(name).is_dir() || folder.join(format!("{name}.rs")).is_file();
        wrong.extend(modules.iter().filter(|name| !is_there(name)).map(|name| format!("there is no module `{name}`")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_tables_are_found() {
    let counts: Vec<usize> = tables().iter().map(|(_, modules)| modules.len()).collect();
    assert!(counts.len() == 4 && counts.iter().all(|count| *count > 0), "{counts:?}");
}
