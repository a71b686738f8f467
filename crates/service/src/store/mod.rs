//! The store: what the service keeps, in an embedded SQLite file. It knows text, names and rows,
//! but not the language of plans. No other module has SQL.
//!
//! ```no_run
//! use callplan_service::store::{Store, StoreError, StoreOptions};
//!
//! let store = Store::open("callplan.db".as_ref(), StoreOptions { create: true, ..StoreOptions::default() })?;
//! let now = "2026-03-01T17:00:00Z".parse().expect("an instant");
//! // Block on an answer like this, or `.await` it.
//! let created = store
//!     .write(move |transaction| transaction.create_organization("Riverside Dental", now))
//!     .wait()?;
//! let stored = store.read(move |snapshot| snapshot.organization(created.id)).wait()?;
//! assert_eq!(stored.map(|organization| organization.name), Some("Riverside Dental".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A unit of work is a closure that runs on a thread of the store. It gets a [`Snapshot`] to read,
//! or a [`Transaction`] to write as well. `executor` has the queues and threads, `transaction` the
//! beginning and the end of a unit, `open` the check of a file before anything is written to it.
//! Each other file has the queries and changes of the entity in its name. A change that returns a
//! [`Conflict`] has written nothing.
//!
//! The clock is the caller's. Instants are stored to the microsecond, and a change returns them as
//! they are stored.

mod agents;
mod audit;
mod calls;
mod columns;
mod configs;
mod copies;
mod erasing;
mod executor;
mod health;
mod id;
mod key_changes;
mod keys;
mod last_use;
mod limits;
mod lists;
mod live;
mod lock;
mod open;
mod organizations;
mod phone_numbers;
mod place;
mod problems;
mod retention;
mod switches;
mod transaction;
mod writer;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use agents::{Agent, AgentFields, AgentName, Uses, Version};
pub use audit::{AuditActor, AuditEvent, AuditFilter, AuditKind, AuditSource, Audited, Change};
pub use calls::{CallFilter, CallKind, CallRecord, KindNumber};
pub use configs::{Actor, Config, Fields, NewRevision, Revision};
pub use copies::{Contents, backup, restore, verify};
pub use erasing::{Belongings, StoredCaller};
pub use executor::{LONGEST_WAIT, Pending};
pub use health::WriteHealth;
pub use id::{AgentId, AuditEventId, ById, CallId, ConfigId, KeyId, NotAnId, OrganizationId, UserId, VersionId};
pub use keys::{Access, Family, Key, Maker, NewKey, Owner, Revoked, Rotation};
pub use last_use::{ClientAddress, LastUse, NotAnAddress};
pub use limits::{DefaultLimits, Kept, Limit, Limited, NoSuchLimit, OwnLimit};
pub use lists::{ListPosition, Listed, NotAPlace, Page};
pub use live::{LiveAgent, LiveNumber, LiveOrganization};
pub use lock::{ServerLock, make_files_private};
pub use organizations::{Organization, User};
pub use phone_numbers::{NumberFilter, PhoneNumber};
pub(crate) use place::{FilePlace, Found};
pub use problems::{Conflict, CopyError, LockError, OpenError, OpenReason, StoreError};
pub use retention::{OwnRetention, RetentionOf};
pub use switches::Switch;
pub use transaction::{Snapshot, Transaction};

use executor::{Answered, Executor, Queued};
use transaction::{TransactionKind, Unobserved, Worker};
use writer::Writer;

/// Maximum number of writes that are committed together.
const LARGEST_GROUP: usize = 64;

/// How to open a store.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// Whether to create a file that is missing or empty.
    pub create: bool,
    /// Number of threads that read; at least one.
    pub readers: usize,
    /// How long something that was deleted may stay in the write-ahead log.
    pub log_lifetime: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { create: false, readers: 4, log_lifetime: Duration::from_secs(600) }
    }
}

/// An open database. Its clones share it. Dropping the last one does the jobs in the queues and
/// closes the file.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// Number of times that another process was seen to have written.
    foreign_writes: Arc<AtomicU64>,
    health: Arc<WriteHealth>,
    // Dropped in this order: the last connection copies the log into the file, so it must be able
    // to write.
    reading: Executor,
    writing: Executor,
}

impl Store {
    /// Opens a database file and migrates it to the newest schema. It refuses, and leaves
    /// untouched, a file that is missing (without `create`), foreign, newer than this program, or
    /// damaged, as far as a check of 0.2 s finds out. It waits for another process that holds the
    /// file, at most [`LONGEST_WAIT`].
    pub fn open(path: &Path, options: StoreOptions) -> Result<Self, OpenError> {
        let (foreign_writes, health) = (Arc::<AtomicU64>::default(), Arc::<WriteHealth>::default());
        let connection = open::open(path, options.create)?;
        let writer = Writer::new(path, connection, Arc::clone(&foreign_writes), Arc::clone(&health));
        let writer = writer.map(|writer| writer.with_log_lifetime(options.log_lifetime));
        let writer = writer.map_err(|reason| OpenError::new(path, reason))?;
        let readers: Result<Vec<_>, _> = (0..options.readers.max(1)).map(|_| open::reader(path)).collect();
        let io = |error: std::io::Error| OpenError::new(path, error);
        let write = move |group: Vec<Queued>| writer.carry_out(group);
        let read = |connection| {
            let reader = Worker::new(connection, TransactionKind::Reading, Unobserved);
            move |group| reader.carry_out(group)
        };
        let writing = Executor::new("store-write", vec![write], LARGEST_GROUP).map_err(io)?;
        let reading = Executor::new("store-read", readers?.into_iter().map(read).collect(), 1).map_err(io)?;
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), foreign_writes, health, reading, writing }) })
    }

    /// The path that was given.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Bytes of the file and of its write-ahead log, as the file system has them.
    pub fn bytes(&self) -> u64 {
        let log = PathBuf::from([self.path().as_os_str(), OsStr::new("-wal")].into_iter().collect::<OsString>());
        let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        bytes(self.path()) + bytes(&log)
    }

    /// Number of writes that wait for the thread that writes.
    pub fn waiting_writes(&self) -> usize {
        self.inner.writing.waiting()
    }

    /// Whether writes succeed.
    pub fn health(&self) -> &WriteHealth {
        &self.inner.health
    }

    /// Looks whether another process has written since the store was opened, or put another file in
    /// the place of the database ([`StoreError::Replaced`]). Gives the number of times that this was
    /// seen: it has changed if the state in memory must be read again. All state that is read in
    /// [`Store::write_then`] afterwards is newer.
    pub async fn look(&self) -> Result<u64, StoreError> {
        self.inner.writing.ask(Answered::Looked, |_| Ok::<_, StoreError>(()), |()| {}).await?;
        Ok(self.inner.foreign_writes.load(Ordering::Acquire))
    }

    /// Reads. All of `work` sees one state of the database. Reading never waits for a write.
    ///
    /// If the queue is full, or the work has waited for [`LONGEST_WAIT`], it is not begun:
    /// [`StoreError::Busy`].
    pub fn read<T, E>(&self, work: impl FnOnce(&Snapshot<'_>) -> Result<T, E> + Send + 'static) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.reading.ask(Answered::Kept, move |transaction| work(transaction), |_| {})
    }

    /// Writes as [`Store::write`] does, but without waiting for the disk. A write that is answered
    /// with `Ok` survives the end of this process, but the last seconds may be lost in a power
    /// failure. The call log is written like this.
    pub fn log<T, E>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.writing.ask(Answered::Handed, work, |_| {})
    }

    /// Writes, in one transaction: if `work` gives `Ok`, all that it wrote is kept; if it gives
    /// `Err` or panics, nothing is. Nobody else writes meanwhile, so what it has read stays true.
    /// Once the answer is `Ok`, the write is on the disk.
    ///
    /// Keep `work` short: all writers wait for it. It is done even if nobody waits for the answer.
    /// If the queue is full, or the work has waited for [`LONGEST_WAIT`], it is not begun:
    /// [`StoreError::Busy`].
    pub fn write<T, E>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_then(work, |_| {})
    }

    /// Writes; once the write is on the disk, and before the answer, `after` gets the result of
    /// `work`. Calls of `after` are in the order of the commits, and never at the same time: what
    /// they put in memory follows the database.
    pub fn write_then<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.writing.ask(Answered::Kept, work, after)
    }
}

#[cfg(test)]
mod tests;
