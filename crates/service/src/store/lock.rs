//! Keeps two servers from one database: a lock on a file beside it. The operating system releases
//! it when the server ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::problems::LockError;

/// A server's lock, held while it runs. The command line needs none: the server follows what it
/// writes.
#[derive(Debug)]
pub struct ServerLock {
    /// Closing the file releases the lock.
    _file: File,
}

impl ServerLock {
    /// Takes the lock of a database, whose file need not exist yet. The error says who holds it.
    pub fn take(database: &Path) -> Result<Self, LockError> {
        let path = beside(database).map_err(|error| LockError::Io(database.to_owned(), error))?;
        let failed = |error| LockError::Io(path.clone(), error);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken(database.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// The lock's path: `callplan.db-server` for `callplan.db`, in the folder of the real file, so that
/// a link to a database has the same lock.
fn beside(database: &Path) -> io::Result<PathBuf> {
    let real = match database.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::path::absolute(database)?,
        real => real?,
    };
    let mut name = real.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
    name.push("-server");
    Ok(real.with_file_name(name))
}
