//! Checks that the database file is still where it was opened. The operating system lets a program
//! write into a file that has been removed or moved away, and SQLite does so: whoever opens the
//! path next does not see these writes.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file: its path, and its identity for the operating system.
#[derive(Debug)]
pub struct FilePlace {
    path: PathBuf,
    identity: (u64, u64),
}

impl FilePlace {
    /// The identity of the file that is at the path now.
    pub fn of(path: &Path) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        Ok(Self { identity: identity(&path)?, path })
    }

    /// Whether the same file is still at the path.
    pub fn is_kept(&self) -> bool {
        identity(&self.path).is_ok_and(|identity| identity == self.identity)
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let file = fs::metadata(path)?;
    Ok((file.dev(), file.ino()))
}
