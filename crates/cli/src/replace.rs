//! Puts a text in place of a file's.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Stop, input, words};

/// Whoever reads the file meanwhile finds the old one or the new one, whole. Its
/// permissions stay. Of a link the file it leads to is meant.
pub fn replace(path: &Path, text: &str) -> Result<(), Stop> {
    let write = || {
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
    write().map_err(|error: io::Error| {
        Stop::WrongUse(format!("`{}` cannot be written: {}", input::name(path), words::io(&error)))
    })
}

/// A new file in the same folder, so that it is on the same disk.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    Ok((File::create_new(&beside)?, beside))
}
