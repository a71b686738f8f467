//! The store: what the service keeps, in an embedded SQLite file. It knows text, names and rows, and nothing of the
//! language; SQL is here and nowhere else.
//!
//! ```no_run
//! use callplan_service::store::{Store, StoreError, StoreOptions};
//!
//! let store = Store::open("callplan.db".as_ref(), StoreOptions { create: true, ..StoreOptions::default() })?;
//! let now = "2026-03-01T17:00:00Z".parse().expect("an instant");
//! // Wait for an answer as a thread, so, or `.await` it.
//! let made = store.write(move |it| it.create_organization("Riverside Dental", now)).wait()?;
//! let found = store.read(move |it| it.organization(made.id)).wait()?;
//! assert_eq!(found.map(|it| it.name), Some("Riverside Dental".to_owned()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! All that is asked is a unit of work: a closure that is given a [`Snapshot`] to read or a [`Transaction`] to write as
//! well, on a thread of the store. `executor` has the queues and threads, `transaction` how a unit begins and ends,
//! `open` how a file is judged before it is written to; each other file has the questions and changes of what it is
//! named for. What a change refuses with a [`Conflict`] it has not begun: nothing of it is written.
//!
//! The clock is the caller's. Instants are kept to the microsecond, and what a change gives back is as it is kept.

mod agents;
mod calls;
mod columns;
mod configs;
mod executor;
mod id;
mod keys;
mod lists;
mod live;
mod lock;
mod open;
mod organizations;
mod phone_numbers;
mod place;
mod problems;
mod switches;
mod transaction;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use agents::{Agent, AgentFields, Uses, Version};
pub use calls::{CallFilter, CallKind, CallRecord, KindNumber};
pub use configs::{Actor, Config, Fields, NewRevision, Revision};
pub use executor::{LONGEST_WAIT, Pending};
pub use id::{AgentId, ById, CallId, ConfigId, KeyId, NotAnId, OrganizationId, UserId, VersionId};
pub use keys::{Access, Key, NewKey, Owner};
pub use lists::{ListPosition, Listed, NotAPlace, Page};
pub use live::{LiveAgent, LiveNumber, LiveOrganization};
pub use lock::ServerLock;
pub use organizations::{Organization, User};
pub use phone_numbers::{NumberFilter, PhoneNumber};
pub use problems::{Conflict, LockError, OpenError, OpenReason, StoreError};
pub use switches::Switch;
pub use transaction::{Snapshot, Transaction};

use executor::{Answered, Executor, Queued};
use place::FilePlace;
use transaction::{TransactionKind, Worker};

/// The most writes that are committed together.
const LARGEST_GROUP: usize = 64;

/// How to open a store.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// Whether a file that is missing, or empty, is made.
    pub create: bool,
    /// How many can read at once; at least one.
    pub readers: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { create: false, readers: 4 }
    }
}

/// An open database. Its clones are the same store; with the last one, the file is closed once all that has been asked is
/// done.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    // Closed in this order: the last connection empties the log into the file, for which it must be able to write.
    reading: Executor,
    writing: Executor,
}

impl Store {
    /// Opens a database file and takes it to the newest schema. A file that is missing and not to be made, somebody
    /// else's, newer than this program, or damaged (as far as a look of a fifth of a second finds) is refused and left
    /// untouched. Another process that holds the file is waited for, [`LONGEST_WAIT`] at most.
    pub fn open(path: &Path, options: StoreOptions) -> Result<Self, OpenError> {
        let writer = Worker::new(open::open(path, options.create)?, TransactionKind::Writing);
        let readers: Result<Vec<_>, _> = (0..options.readers.max(1)).map(|_| open::reader(path)).collect();
        let io = |error: std::io::Error| OpenError::new(path, error);
        let place = FilePlace::of(path).map_err(io)?;
        let write = move |group: Vec<Queued>| match place.is_kept() {
            true => writer.carry_out(group),
            false => group.into_iter().for_each(|queued| queued.job.answer(Err(StoreError::Gone))),
        };
        let read = |connection| {
            let reader = Worker::new(connection, TransactionKind::Reading);
            move |group| reader.carry_out(group)
        };
        let writing = Executor::new("store-write", vec![write], LARGEST_GROUP).map_err(io)?;
        let reading = Executor::new("store-read", readers?.into_iter().map(read).collect(), 1).map_err(io)?;
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), reading, writing }) })
    }

    /// The file, as it was asked for.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Reads. All of `work` sees one state of the database; it never waits for a write.
    ///
    /// Work that waited [`LONGEST_WAIT`], or finds the queue full, is not begun, and answered [`StoreError::Busy`].
    pub fn read<T, E>(&self, work: impl FnOnce(&Snapshot<'_>) -> Result<T, E> + Send + 'static) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.reading.ask(Answered::Kept, move |transaction| work(transaction), |_| {})
    }

    /// Writes as [`Store::write`] does, but does not wait for the disk: once the answer is `Ok`, it is there whatever becomes
    /// of this process, but for the last seconds before the machine loses its power. So the call log is written.
    pub fn log<T, E>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.writing.ask(Answered::Handed, work, |_| {})
    }

    /// Writes, in one transaction: all of what `work` wrote is kept if it gives `Ok`, and nothing if it gives `Err` or
    /// panics. Nobody else writes from its beginning to its end, so what it has read holds. Once the answer is `Ok`, it
    /// is on the disk.
    ///
    /// Keep `work` short: all writers wait for it. It is done even if nobody waits for the answer. Work that waited
    /// [`LONGEST_WAIT`], or finds the queue full, is not begun, and answered [`StoreError::Busy`].
    pub fn write<T, E>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_then(work, |_| {})
    }

    /// Writes, and once it is on the disk hands what `work` gave to `after`, before the answer. Of two writes, `after` is
    /// called in the order in which they were done, and never at once: what it puts elsewhere follows the database.
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
