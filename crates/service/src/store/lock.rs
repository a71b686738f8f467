//! One server on a file: a lock on a file beside it, which the system gives up when the server ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::problems::LockError;

/// Held by a server for as long as it runs. The command line needs none: what it writes, the server follows.
#[derive(Debug)]
pub struct ServerLock {
    /// Closing it gives the lock up.
    _file: File,
}

impl ServerLock {
    /// Takes the lock of a database, which need not be there yet, or says who is in the way.
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

/// `callplan.db-server` for `callplan.db`, in the folder where the file really is: a link to a database has its lock.
fn beside(database: &Path) -> io::Result<PathBuf> {
    let real = match database.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::path::absolute(database)?,
        real => real?,
    };
    let mut name = real.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
    name.push("-server");
    Ok(real.with_file_name(name))
}
