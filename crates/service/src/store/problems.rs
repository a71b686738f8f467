//! What can go wrong, as data, and its wording.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why something was not read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// What is stored does not allow it. Nothing is wrong with the database.
    Conflict(Conflict),
    /// It waited as long as it may for a database that another process holds, or for what others have asked before.
    Busy,
    /// The disk is full.
    Full,
    /// The file, or its folder, may not be written to.
    ReadOnly,
    /// The file is damaged.
    Corrupt,
    /// The file has been removed, or moved away, or another is in its place.
    Gone,
    /// The disk does not do what it is asked to.
    Disk,
    /// The work asked of the store panicked; what it had written is rolled back.
    Panicked,
    /// The store has been closed.
    Closed,
    /// Anything else that the database says, in its words. They are for a log, not for a caller.
    Failed(String),
}

/// What a write asked for that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// There is no such organization.
    NoOrganization,
    /// There is no such user.
    NoUser,
    /// The organization has a config already.
    ConfigExists,
    /// The organization has no config.
    NoConfig,
    /// The organization has no such agent.
    NoAgent,
    /// The agent is the fallback of the current config, or a number is assigned to a version of it.
    AgentInUse,
    /// The agent has no such version.
    NoVersion,
    /// The organization has no such number.
    NoNumber,
    /// The number belongs to an organization already.
    NumberTaken,
}

/// Why a database was not opened. The file is as it was.
#[derive(Debug)]
pub struct OpenError {
    /// The file, as it was asked for.
    pub path: PathBuf,
    /// What is wrong.
    pub reason: OpenReason,
}

/// What is wrong with a database file.
#[derive(Debug)]
pub enum OpenReason {
    /// It is not there, and is not to be made.
    Missing,
    /// It is something else than a database of ours.
    Foreign,
    /// A newer callplan has written it.
    Newer {
        /// The number of its schema.
        schema: u32,
        /// The highest that this program knows.
        known: u32,
    },
    /// It is damaged: what was found.
    Corrupt(String),
    /// The system does not let us read it.
    Io(io::Error),
    /// The store cannot work with it: it is busy, read-only, or its disk is full.
    Store(StoreError),
}

/// Why a server's lock was not taken.
#[derive(Debug)]
pub enum LockError {
    /// Another server has it.
    Taken(PathBuf),
    /// The file of the lock cannot be made or locked.
    Io(PathBuf, io::Error),
}

impl StoreError {
    /// Whether the same can be asked again a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy | Self::Full | Self::ReadOnly | Self::Gone | Self::Disk => true,
            Self::Conflict(_) | Self::Corrupt | Self::Panicked | Self::Closed | Self::Failed(_) => false,
        }
    }
}

impl OpenError {
    pub(super) fn new(path: &Path, reason: impl Into<OpenReason>) -> Self {
        Self { path: path.to_owned(), reason: reason.into() }
    }
}

impl From<Conflict> for StoreError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error_code() else { return Self::Failed(error.to_string()) };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => Self::Busy,
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt,
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Self::Disk,
            // The codes are the database's, and it may get more.
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<StoreError> for OpenReason {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt => Self::Corrupt("the database cannot make sense of it".into()),
            error => Self::Store(error),
        }
    }
}

impl From<rusqlite::Error> for OpenReason {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<io::Error> for OpenReason {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(conflict) => conflict.fmt(f),
            Self::Busy => f.write_str("the database is busy"),
            Self::Full => f.write_str("the disk is full"),
            Self::ReadOnly => f.write_str("the database, or the folder it is in, may not be written to"),
            Self::Corrupt => f.write_str("the database file is damaged"),
            Self::Gone => f.write_str("the database file is not where it was"),
            Self::Disk => f.write_str("the database's disk cannot be read or written"),
            Self::Panicked => f.write_str("the program has a mistake: nothing was written"),
            Self::Closed => f.write_str("the database has been closed"),
            Self::Failed(said) => write!(f, "the database refuses: {said}"),
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOrganization => "there is no such organization",
            Self::NoUser => "there is no such user",
            Self::ConfigExists => "the organization has a config already",
            Self::NoConfig => "the organization has no config",
            Self::NoAgent => "there is no such agent",
            Self::AgentInUse => "the agent is in use",
            Self::NoVersion => "the agent has no such version",
            Self::NoNumber => "there is no such number",
            Self::NumberTaken => "the number is registered already",
        })
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            OpenReason::Missing => write!(f, "`{path}`: there is no such file"),
            OpenReason::Foreign => write!(f, "`{path}` is no database of callplan; it is left as it is"),
            OpenReason::Newer { schema, known } => write!(
                f,
                "`{path}` was written by a newer callplan (its schema is {schema}, this program knows {known}); \
                 it is left as it is"
            ),
            OpenReason::Corrupt(found) => write!(f, "`{path}` is damaged, and is left as it is: {found}"),
            OpenReason::Io(error) => write!(f, "`{path}` cannot be read: {error}"),
            OpenReason::Store(error) => write!(f, "`{path}` cannot be used: {error}"),
        }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(path) => write!(f, "another server is running on `{}`", path.display()),
            Self::Io(path, error) => write!(f, "`{}` cannot be locked: {error}", path.display()),
        }
    }
}

impl std::error::Error for StoreError {}
impl std::error::Error for OpenError {}
impl std::error::Error for LockError {}
