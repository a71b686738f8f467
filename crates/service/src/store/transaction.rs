//! What a unit of work gets: a [`Snapshot`] to read, or a [`Transaction`] to write as well. Their
//! queries and changes are in the files of the entities.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::executor::{Answered, Queued};
use super::problems::StoreError;

/// One state of the database. It does not change while others write.
#[derive(Debug)]
pub struct Snapshot<'c> {
    connection: &'c Connection,
    /// The last error of the database. When a group's transaction fails, the members that had no
    /// error themselves get this one.
    failure: RefCell<Option<StoreError>>,
}

/// A snapshot that can be changed. Others see nothing of it before the commit, which keeps all of
/// it or nothing.
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
    /// The row of a query with at most one row.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let row = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(parameters, read).optional());
        self.noted(row)
    }

    /// All rows of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(parameters, read)?.collect());
        self.noted(rows)
    }

    /// The first rows of a query, up to the one at which `more` says that it is enough.
    pub(super) fn each<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
        mut more: impl FnMut(T) -> bool,
    ) -> Result<(), StoreError> {
        let visited = self.connection.prepare_cached(sql).and_then(|mut statement| {
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                if !more(read(row)?) {
                    break;
                }
            }
            Ok(())
        });
        self.noted(visited)
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
    /// Changes rows, and gives their number.
    pub(super) fn change(&self, sql: &str, parameters: impl Params) -> Result<usize, StoreError> {
        let changed = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(parameters));
        self.noted(changed)
    }

    /// Makes the same change for each of many rows. It stops at the first error.
    pub(super) fn change_each<P: Params>(
        &self,
        sql: &str,
        rows: impl IntoIterator<Item = P>,
    ) -> Result<(), StoreError> {
        let changed = self.connection.prepare_cached(sql).and_then(|mut statement| {
            for row in rows {
                statement.execute(row)?;
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

/// When a transaction takes its locks.
#[derive(Clone, Copy, Debug)]
pub enum TransactionKind {
    /// At its first query, whose state of the database it sees from then on.
    Reading,
    /// It locks out other writers at its beginning, so what it has read stays true until its end.
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

/// Gets to know how transactions go.
pub trait Observer {
    /// A transaction has begun.
    fn begun(&self, connection: &Connection) -> rusqlite::Result<()>;

    /// Rows have been written, or the database has failed.
    fn ended(&self, outcome: Result<(), &StoreError>);
}

/// No observer: for transactions that only read.
pub struct Unobserved;

impl Observer for Unobserved {
    fn begun(&self, _: &Connection) -> rusqlite::Result<()> {
        Ok(())
    }

    fn ended(&self, _: Result<(), &StoreError>) {}
}

/// Runs units of work in transactions of one kind, on its own connection.
pub struct Worker<O> {
    connection: Connection,
    kind: TransactionKind,
    pub(super) observer: O,
    /// Whether a commit waits for the disk, as the connection was last set.
    waits: Cell<Option<bool>>,
}

impl<O: Observer> Worker<O> {
    pub fn new(connection: Connection, kind: TransactionKind, observer: O) -> Self {
        Self { connection, kind, observer, waits: Cell::new(None) }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Runs a group in one transaction, which waits for the disk once. Each member is kept or
    /// rolled back by itself.
    pub fn carry_out(&self, group: Vec<Queued>) {
        let Some(mut group) = self.begin(group) else { return };
        let before = self.connection.total_changes();
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
        match (&ended, &*transaction.failure.borrow()) {
            (Err(error), _) | (Ok(()), Some(error)) => self.observer.ended(Err(error)),
            (Ok(()), None) if self.connection.total_changes() != before => self.observer.ended(Ok(())),
            (Ok(()), None) => {}
        }
        if ended.is_err() {
            self.roll_back();
        }
        let untouched = group.split_off(done);
        group.into_iter().for_each(|queued| queued.job.answer(ended.clone()));
        if !untouched.is_empty() {
            self.carry_out(untouched);
        }
    }

    /// Ends a transaction that has failed, if SQLite has not ended it by itself.
    fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            // A failed rollback is harmless: the file holds only what has been committed.
            let _ = say(&self.connection, "ROLLBACK");
        }
    }

    /// Begins a transaction for the jobs that may still wait, and refuses the others. `None` if no
    /// job is left.
    fn begin(&self, group: Vec<Queued>) -> Option<Vec<Queued>> {
        let mut group = group;
        loop {
            let (late, waiting): (Vec<_>, Vec<_>) = group.into_iter().partition(|queued| queued.patience().is_zero());
            if late.iter().any(|queued| queued.answered != Answered::Looked) {
                self.observer.ended(Err(&StoreError::Busy));
            }
            late.into_iter().for_each(|queued| queued.job.answer(Err(StoreError::Busy)));
            let patience: Duration = waiting.iter().map(Queued::patience).min()?;
            let begun = self
                .connection
                .busy_timeout(patience)
                .and_then(|()| self.wait_for_the_disk(&waiting))
                .and_then(|()| say(&self.connection, self.kind.begin()))
                .and_then(|()| self.observer.begun(&self.connection).inspect_err(|_| self.roll_back()));
            match begun.map_err(StoreError::from) {
                Ok(()) => return Some(waiting),
                // At least one of them has waited too long.
                Err(StoreError::Busy) => group = waiting,
                Err(error) => {
                    self.observer.ended(Err(&error));
                    waiting.into_iter().for_each(|queued| queued.job.answer(Err(error.clone())));
                    return None;
                }
            }
        }
    }

    /// Makes the commit wait for the disk, if a job of the group needs that.
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

/// Runs one job of a group. An error is an error of the whole transaction.
fn attempt(transaction: &Transaction<'_>, queued: &mut Queued) -> Result<(), StoreError> {
    let connection = transaction.connection;
    say(connection, "SAVEPOINT one")?;
    let is_kept = queued.job.run(transaction);
    if connection.is_autocommit() {
        // SQLite has rolled back the whole transaction, as it does when the disk is full: what
        // other jobs of the group have written is gone, too.
        return Err(transaction.failure.take().unwrap_or(StoreError::Disk));
    }
    if !is_kept {
        say(connection, "ROLLBACK TO one")?;
    }
    Ok(say(connection, "RELEASE one")?)
}

/// Runs a statement without a result. It is prepared once, since each transaction uses the same.
fn say(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
