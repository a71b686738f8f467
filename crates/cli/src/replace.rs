//! Replaces the text of a file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Stop, input, words};

/// Replaces the text atomically: readers see the complete old or the complete new file. Permissions
/// are kept. For a link, the file that it leads to is replaced.
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
            // The first error is reported; removing the new file may fail, too.
            let _ = fs::remove_file(&beside);
        }
        written
    };
    write().map_err(|error: io::Error| {
        Stop::WrongUse(format!("`{}` cannot be written: {}", input::name(path), words::io(&error)))
    })
}

/// Creates a new file in the same folder, so that it is on the same disk.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    Ok((File::create_new(&beside)?, beside))
}
