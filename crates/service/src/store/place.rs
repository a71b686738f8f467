//! Whether the database's file is where it was opened. The system lets a program go on writing into a file that has been
//! removed or moved away, and so does the database: what is written there is lost to whoever opens the file next.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file, by its name and by what the system knows it as.
#[derive(Debug)]
pub struct FilePlace {
    path: PathBuf,
    identity: (u64, u64),
}

impl FilePlace {
    /// Where this file is now.
    pub fn of(path: &Path) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        Ok(Self { identity: identity(&path)?, path })
    }

    /// Whether it is still there.
    pub fn is_kept(&self) -> bool {
        identity(&self.path).is_ok_and(|found| found == self.identity)
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let file = fs::metadata(path)?;
    Ok((file.dev(), file.ino()))
}
