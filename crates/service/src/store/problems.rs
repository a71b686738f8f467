//! What can go wrong in the store, as data, and the wording.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a read or a write failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The stored data does not allow it. The database is sound.
    Conflict(Conflict),
    /// It waited for [`LONGEST_WAIT`](super::LONGEST_WAIT) behind other jobs, or for a database
    /// that another process has locked; or the queue was full.
    Busy,
    /// The disk is full.
    Full,
    /// The file or its folder is read-only.
    ReadOnly,
    /// The file is damaged.
    Corrupt,
    /// The file has been removed or moved away.
    Gone,
    /// Another file has taken the place of the database.
    Replaced,
    /// The disk reports errors.
    Disk,
    /// The work panicked; what it had written is rolled back.
    Panicked,
    /// The store has been closed.
    Closed,
    /// Any other error, in SQLite's words. They are for the log, not for clients.
    Failed(String),
}

/// Why the stored data does not allow a write.
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
    /// An organization has registered the number already.
    NumberTaken,
    /// Several organizations have the local number.
    NumberOfSeveral,
}

/// Why a database was not opened. The file is unchanged.
#[derive(Debug)]
pub struct OpenError {
    /// The path that was given.
    pub path: PathBuf,
    /// What is wrong.
    pub reason: OpenReason,
}

/// Why a database file cannot be used.
#[derive(Debug)]
pub enum OpenReason {
    /// It does not exist, and must not be created.
    Missing,
    /// It is not a database of callplan.
    Foreign,
    /// A newer release of callplan has written it.
    Newer {
        /// The number of its schema.
        schema: u32,
        /// The highest schema that this program knows.
        known: u32,
    },
    /// It is damaged, in SQLite's words.
    Corrupt(String),
    /// The system does not let the program read it.
    Io(io::Error),
    /// The store cannot work with it: it is locked, read-only, or the disk is full.
    Store(StoreError),
}

/// Why a server's lock was not taken.
#[derive(Debug)]
pub enum LockError {
    /// Another server has the lock.
    Taken(PathBuf),
    /// The file cannot be created or locked.
    Io(PathBuf, io::Error),
}

/// Why a database was not copied, checked or restored.
#[derive(Debug)]
pub enum CopyError {
    /// A server has it.
    Lock(LockError),
    /// A file cannot be used.
    Open(OpenError),
    /// There is a file that would be replaced.
    Exists(PathBuf),
}

impl StoreError {
    /// Whether the same request may succeed a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy | Self::Full | Self::ReadOnly | Self::Gone | Self::Disk => true,
            Self::Conflict(_) | Self::Replaced | Self::Corrupt | Self::Panicked | Self::Closed | Self::Failed(_) => {
                false
            }
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
            // The codes are SQLite's, which may add more.
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

impl From<LockError> for CopyError {
    fn from(error: LockError) -> Self {
        Self::Lock(error)
    }
}

impl From<OpenError> for CopyError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lock(error) => error.fmt(f),
            Self::Open(error) => error.fmt(f),
            Self::Exists(path) => write!(f, "`{}` is there already; it is left as it is", path.display()),
        }
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
            Self::Replaced => f.write_str("another file has taken the place of the database"),
            Self::Disk => f.write_str("the database's disk cannot be read or written"),
            Self::Panicked => f.write_str("the program has a mistake: nothing was written"),
            Self::Closed => f.write_str("the database has been closed"),
            Self::Failed(message) => write!(f, "the database refuses: {message}"),
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
            Self::NumberOfSeveral => "several organizations have this local number: name one of them",
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
            OpenReason::Corrupt(message) => write!(f, "`{path}` is damaged, and is left as it is: {message}"),
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
impl std::error::Error for CopyError {}
