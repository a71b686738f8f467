//! What work on the store is given: a [`Snapshot`] to read, a [`Transaction`] to write as well. Their questions and
//! changes stand in the files of what they are about.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::executor::{Answered, Queued};
use super::problems::StoreError;

/// One state of the database: whatever others write meanwhile is not seen.
#[derive(Debug)]
pub struct Snapshot<'c> {
    connection: &'c Connection,
    /// The last error of the database, for those whose work went with somebody else's.
    failure: RefCell<Option<StoreError>>,
}

/// A snapshot that can be changed. Nothing of it is seen by others before it is kept, and it is kept whole or not at all.
#[derive(Debug)]
pub struct Transaction<'c> {
    snapshot: Snapshot<'c>,
}

impl<'c> Deref for Transaction<'c> {
    type Target = Snapshot<'c>;

    fn deref(&self) -> &Snapshot<'c> {
        &self.snapshot
    }
}

impl<'c> Snapshot<'c> {
    /// The one row that a query has, if it has any.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let row = self.connection.prepare_cached(sql).and_then(|mut it| it.query_row(parameters, read).optional());
        self.noted(row)
    }

    /// All rows of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.connection.prepare_cached(sql).and_then(|mut it| it.query_map(parameters, read)?.collect());
        self.noted(rows)
    }

    fn noted<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        let result = result.map_err(StoreError::from);
        if let Err(error) = &result {
            self.failure.replace(Some(error.clone()));
        }
        result
    }
}

impl Transaction<'_> {
    /// Changes rows, and says how many.
    pub(super) fn change(&self, sql: &str, parameters: impl Params) -> Result<usize, StoreError> {
        let changed = self.connection.prepare_cached(sql).and_then(|mut it| it.execute(parameters));
        self.noted(changed)
    }

    /// Makes the same change for each of many rows; the first that fails is the last that is tried.
    pub(super) fn change_each<P: Params>(
        &self,
        sql: &str,
        rows: impl IntoIterator<Item = P>,
    ) -> Result<(), StoreError> {
        let changed = self.connection.prepare_cached(sql).and_then(|mut it| {
            for row in rows {
                it.execute(row)?;
            }
            Ok(())
        });
        self.noted(changed)
    }

    /// Adds a row, and gives its `sequence`.
    pub(super) fn add(&self, sql: &str, parameters: impl Params) -> Result<i64, StoreError> {
        self.change(sql, parameters)?;
        Ok(self.connection.last_insert_rowid())
    }
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug)]
pub enum TransactionKind {
    /// It sees the state at its first question.
    Reading,
    /// It holds the place of the only writer from its beginning, so that what it has read stays so until its end.
    Writing,
}

impl TransactionKind {
    fn begin(self) -> &'static str {
        match self {
            Self::Reading => "BEGIN DEFERRED",
            Self::Writing => "BEGIN IMMEDIATE",
        }
    }
}

/// Does what is asked in transactions of one kind, on a connection of its own.
pub struct Worker {
    connection: Connection,
    kind: TransactionKind,
    /// Whether the end of a transaction waits for the disk, as the connection was told last.
    waits: Cell<Option<bool>>,
}

impl Worker {
    pub fn new(connection: Connection, kind: TransactionKind) -> Self {
        Self { connection, kind, waits: Cell::new(None) }
    }

    /// Does all in one transaction, so that the disk is waited for once. Each is kept or rolled back by itself.
    pub fn carry_out(&self, group: Vec<Queued>) {
        let Some(mut group) = self.begin(group) else { return };
        let transaction =
            Transaction { snapshot: Snapshot { connection: &self.connection, failure: RefCell::default() } };
        let mut ended = Ok(());
        let mut done = 0;
        for queued in &mut group {
            ended = attempt(&transaction, queued);
            done += 1;
            if ended.is_err() {
                break;
            }
        }
        let ended = ended.and_then(|()| Ok(say(&self.connection, "COMMIT")?));
        if ended.is_err() && !self.connection.is_autocommit() {
            // What cannot be rolled back was never kept: the file holds only what has been committed.
            let _ = say(&self.connection, "ROLLBACK");
        }
        let untouched = group.split_off(done);
        group.into_iter().for_each(|queued| queued.job.answer(ended.clone()));
        if !untouched.is_empty() {
            self.carry_out(untouched);
        }
    }

    /// Begins a transaction for those that have patience left, and refuses the others. `None` if nobody is left.
    fn begin(&self, group: Vec<Queued>) -> Option<Vec<Queued>> {
        let mut group = group;
        loop {
            let (late, waiting): (Vec<_>, Vec<_>) = group.into_iter().partition(|queued| queued.patience().is_zero());
            late.into_iter().for_each(|queued| queued.job.answer(Err(StoreError::Busy)));
            let patience: Duration = waiting.iter().map(Queued::patience).min()?;
            let begun = self
                .connection
                .busy_timeout(patience)
                .and_then(|()| self.wait_for_the_disk(&waiting))
                .and_then(|()| say(&self.connection, self.kind.begin()));
            match begun.map_err(StoreError::from) {
                Ok(()) => return Some(waiting),
                // Its time is up for at least one of them.
                Err(StoreError::Busy) => group = waiting,
                Err(error) => {
                    waiting.into_iter().for_each(|queued| queued.job.answer(Err(error.clone())));
                    return None;
                }
            }
        }
    }

    /// Has the end of a transaction wait for the disk, if somebody in it has to know that it is there.
    fn wait_for_the_disk(&self, group: &[Queued]) -> rusqlite::Result<()> {
        let must_wait = group.iter().any(|queued| queued.answered == Answered::Kept);
        if matches!(self.kind, TransactionKind::Reading) || self.waits.get() == Some(must_wait) {
            return Ok(());
        }
        self.connection.pragma_update(None, "synchronous", if must_wait { "FULL" } else { "NORMAL" })?;
        self.waits.set(Some(must_wait));
        Ok(())
    }
}

/// Does one of a group. An error is one of the whole transaction.
fn attempt(transaction: &Transaction<'_>, queued: &mut Queued) -> Result<(), StoreError> {
    let connection = transaction.connection;
    say(connection, "SAVEPOINT one")?;
    let is_kept = queued.job.run(transaction);
    if connection.is_autocommit() {
        // The database has rolled back all of it, as it does when a disk is full: what others of the group have written
        // is gone, too.
        return Err(transaction.failure.take().unwrap_or(StoreError::Disk));
    }
    if !is_kept {
        say(connection, "ROLLBACK TO one")?;
    }
    Ok(say(connection, "RELEASE one")?)
}

/// Says something that has no answer. It is read once, for each transaction says the same.
fn say(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
