//! Copies of a database: a backup beside a running server, its check, and putting it in place.
//!
//! A copy is made by `VACUUM INTO`: it is the database at one moment, without what was deleted from
//! it. It has another name until it is complete and on the disk, so a copy that is there is whole.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::lock::ServerLock;
use super::open::{beside, existing, sound, writable};
use super::problems::{CopyError, OpenError, OpenReason};

/// What a sound database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The number of its schema.
    pub schema: u32,
    /// Number of organizations.
    pub organizations: u64,
    /// Number of calls in the log.
    pub calls: u64,
}

/// Copies a database into a new file, also while a server and commands work on it. The copy does
/// not hold them up. Their write-ahead log grows until it is complete.
pub fn backup(database: &Path, to: &Path) -> Result<(), CopyError> {
    let from = existing(database).map_err(|reason| OpenError::new(database, reason))?;
    refuse_existing(to)?;
    let copy = complete_copy(&from, to)?;
    // Unlike a rename, a link never replaces what has come meanwhile.
    let put = fs::hard_link(&copy, to).and_then(|()| sync_folder(to));
    discard(&copy);
    Ok(put.map_err(|error| OpenError::new(to, error))?)
}

/// Checks all of a database: whether it is callplan's, of a known schema, and whole. It takes the
/// lock of a server meanwhile, and leaves the file as it is.
pub fn verify(database: &Path) -> Result<Contents, CopyError> {
    let (_lock, connection) = locked(database)?;
    Ok(contents(&connection).map_err(|error| OpenError::new(database, OpenReason::from(error)))?)
}

/// Checks a backup, and puts a copy of it in the place of a database, at once: whoever opens the
/// database finds the old one or the new one. No server may have either of them. A database that is
/// there is replaced only with `replace`. Its owner and its permissions stay.
pub fn restore(from: &Path, database: &Path, replace: bool) -> Result<Contents, CopyError> {
    let (_from_lock, connection) = locked(from)?;
    let failed = |error: io::Error| OpenError::new(database, error);
    let old = fs::metadata(database).ok();
    if old.as_ref().is_some_and(|old| old.len() > 0) && !replace {
        return Err(CopyError::Exists(database.to_owned()));
    }
    let _lock = ServerLock::take(database)?;
    let real = database.canonicalize().map_err(failed)?;
    let found = contents(&connection).map_err(|error| OpenError::new(from, OpenReason::from(error)));
    let restored = found.map_err(CopyError::from).and_then(|found| {
        let copy = complete_copy(&connection, &real)?;
        let put = keep_owner(&copy, old.as_ref())
            .and_then(|()| remove_log(&real))
            .and_then(|()| fs::rename(&copy, &real))
            .and_then(|()| sync_folder(&real));
        discard(&copy);
        put.map_err(failed)?;
        Ok(found)
    });
    if restored.is_err() && old.is_none() {
        // Taking the lock has made it.
        discard(&real);
    }
    restored
}

/// A database that nobody serves and that is sound, with a connection that reads it.
fn locked(database: &Path) -> Result<(ServerLock, Connection), CopyError> {
    if let Err(error) = fs::metadata(database) {
        let is_missing = error.kind() == io::ErrorKind::NotFound;
        let reason = if is_missing { OpenReason::Missing } else { error.into() };
        return Err(OpenError::new(database, reason).into());
    }
    let lock = ServerLock::take(database)?;
    let connection = sound(database).map_err(|reason| OpenError::new(database, reason))?;
    Ok((lock, connection))
}

fn contents(connection: &Connection) -> rusqlite::Result<Contents> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
    Ok(Contents {
        schema: connection.pragma_query_value(None, "user_version", |row| row.get(0))?,
        organizations: count("SELECT count(*) FROM organizations")?,
        calls: count("SELECT count(*) FROM calls")?,
    })
}

fn refuse_existing(to: &Path) -> Result<(), CopyError> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(CopyError::Exists(to.to_owned())),
        Err(_) => Ok(()),
    }
}

/// Makes a copy in the folder of `to`, and gives its path.
fn complete_copy(from: &Connection, to: &Path) -> Result<PathBuf, CopyError> {
    let copy = beside(to, &format!(".{}.part", std::process::id()));
    discard(&copy);
    let made = shrinkable(from)
        .and_then(|()| from.execute("VACUUM INTO ?1", [copy.to_str()]))
        .map_err(OpenReason::from)
        .and_then(|_| Ok(File::open(&copy)?.sync_all()?));
    match made {
        Ok(()) => Ok(copy),
        Err(reason) => {
            discard(&copy);
            Err(OpenError::new(to, reason).into())
        }
    }
}

/// Makes copies able to give free pages back to the disk, which databases of the first schemas are
/// not.
fn shrinkable(from: &Connection) -> rusqlite::Result<()> {
    let is_shrinkable: bool = from.pragma_query_value(None, "auto_vacuum", |row| row.get(0))?;
    if is_shrinkable { Ok(()) } else { from.pragma_update(None, "auto_vacuum", "INCREMENTAL") }
}

/// Removes a file that may be there. A failure is ignored: the next copy replaces it.
fn discard(file: &Path) {
    let _ = fs::remove_file(file);
}

/// Gives a copy the owner and the permissions of the file that it replaces.
fn keep_owner(copy: &Path, old: Option<&fs::Metadata>) -> io::Result<()> {
    let Some(old) = old else { return Ok(()) };
    fs::set_permissions(copy, fs::Permissions::from_mode(old.mode()))?;
    let new = fs::metadata(copy)?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        chown(copy, Some(old.uid()), Some(old.gid()))?;
    }
    Ok(())
}

/// Writes the log of a database into its file, and removes it: it must not be read as the log of
/// the file that comes. A damaged database loses what is in its log. Its compiled plans go, too.
fn remove_log(database: &Path) -> io::Result<()> {
    if let Ok(old) = writable(database) {
        // A failure is ignored: the log is removed all the same.
        let _ = old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
    for suffix in ["-wal", "-shm", "-journal", "-plans-new", "-plans"] {
        match fs::remove_file(beside(database, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Makes sure that a new name of a file survives a loss of power.
fn sync_folder(file: &Path) -> io::Result<()> {
    let file = std::path::absolute(file)?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
