//! Keeps two servers from one database: a lock on the database file itself. The operating system
//! releases it when the server ends, however it ends.
//!
//! It is a `flock`, which SQLite does not use, so the two do not meet: commands beside a running
//! server work as ever. The lock belongs to the file, not to its name. A file that is moved takes it
//! along, and a file that takes its place has none; a server notices that and ends (`place`).

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::place::FilePlace;
use super::problems::LockError;

/// A server's lock, held while it runs. Commands that replace or read the whole file hold it, too.
/// Take it before the store is opened, and drop it after: closing a file releases the locks that
/// SQLite has on it in the same process.
#[derive(Debug)]
pub struct ServerLock {
    /// Closing the file releases the lock.
    _file: File,
}

impl ServerLock {
    /// Takes the lock of a database. A file that does not exist is made, empty. The error says who
    /// holds it.
    pub fn take(database: &Path) -> Result<Self, LockError> {
        let failed = |error| LockError::Io(database.to_owned(), error);
        loop {
            let file = open_or_make(database).map_err(failed)?;
            lock(&file, database)?;
            // Until it was locked, another file may have come in its place.
            if FilePlace::of(database).is_ok_and(|place| place.is_of(&file)) {
                return Ok(Self { _file: file });
            }
        }
    }
}

fn open_or_make(database: &Path) -> io::Result<File> {
    match File::open(database) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Not `create_new`: a link may lead to a file that is not there yet.
            OpenOptions::new().create(true).truncate(false).write(true).open(database)
        }
        opened => opened,
    }
}

fn lock(file: &File, database: &Path) -> Result<(), LockError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(LockError::Taken(database.to_owned())),
        Err(TryLockError::Error(error)) => Err(LockError::Io(database.to_owned(), error)),
    }
}

/// From now on, only the user of this process can read the files and folders that it makes: their
/// modes are 0600 and 0700. To be called once, when the program starts.
pub fn make_files_private() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}
