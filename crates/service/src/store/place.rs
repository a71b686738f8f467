//! Checks that the database file is still where it was opened. The operating system lets a program
//! write into a file that has been removed or moved away, and SQLite does so: whoever opens the
//! path next does not see these writes.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file: its path, and its identity for the operating system.
#[derive(Debug)]
pub struct FilePlace {
    path: PathBuf,
    identity: (u64, u64),
}

/// What is at the path of a file now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The same file.
    Same,
    /// Nothing: the file has been removed or moved away, and may come back.
    Nothing,
    /// Another file.
    Another,
}

impl FilePlace {
    /// The identity of the file that is at the path now.
    pub fn of(path: &Path) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        Ok(Self { identity: identity(&fs::metadata(&path)?), path })
    }

    /// What is at the path now.
    pub fn look(&self) -> Found {
        match fs::metadata(&self.path) {
            Ok(file) if identity(&file) == self.identity => Found::Same,
            Ok(_) => Found::Another,
            Err(_) => Found::Nothing,
        }
    }

    /// Whether it is the place of this open file.
    pub fn is_of(&self, file: &File) -> bool {
        file.metadata().is_ok_and(|file| identity(&file) == self.identity)
    }
}

fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}
