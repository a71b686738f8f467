//! Mends a plan by the edits that its problems offer, and puts it back in its place.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Stop, input, words};
use crate::check::Options;
use crate::diagnostics::fix;
use crate::{Problems, Source};

/// The most times that a plan is mended and checked again. Mends that meet take one pass each, and few meet.
const MOST_PASSES: usize = 50;

/// A plan after its mends.
pub struct Mended {
    /// Its text now.
    pub source: Source,
    /// What is still wrong with it.
    pub problems: Problems,
    /// How many mends were made.
    pub count: usize,
}

/// Makes each mend that leaves nothing to choose, checks what came of it, and does so again until there is none left.
pub fn mend(mut source: Source, options: &Options) -> Mended {
    let mut count = 0;
    let mut seen = HashSet::new();
    for _ in 0..MOST_PASSES {
        let problems = crate::check(&source, options).problems;
        let (text, made) = fix::apply_all(source.text(), fix::certain(&problems));
        // Two mends that undo each other would go round for ever.
        if made == 0 || text == source.text() || !seen.insert(source.text().to_owned()) || seen.contains(&text) {
            return Mended { source, problems, count };
        }
        count += made;
        source = Source::new(source.name(), text);
    }
    let problems = crate::check(&source, options).problems;
    Mended { source, problems, count }
}

/// Puts a text in place of a file's: whoever reads the file meanwhile finds the old one or the new one, whole. Its
/// permissions stay. Of a link the file it leads to is meant.
pub fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let replace = || {
        let path = fs::canonicalize(path)?;
        let permissions = fs::metadata(&path)?.permissions();
        if permissions.readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "read-only"));
        }
        let (mut file, beside) = create_beside(&path)?;
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.set_permissions(permissions))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            // The first error is the one to tell.
            let _ = fs::remove_file(&beside);
        }
        written
    };
    replace().map_err(|error: io::Error| {
        Stop::WrongUse(format!("`{}` cannot be written: {}", input::name(path), words::io(&error)))
    })
}

/// A new file in the same folder, so that it is on the same disk.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    Ok((File::create_new(&beside)?, beside))
}
