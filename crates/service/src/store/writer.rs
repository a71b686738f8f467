//! The thread that writes: it writes only while the file is in its place, and notices what others
//! write.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::executor::{Answered, Queued};
use super::health::WriteHealth;
use super::open::beside;
use super::place::{FilePlace, Found};
use super::problems::{OpenReason, StoreError};
use super::transaction::{Observer, TransactionKind, Worker};

/// Maximum time to wait for readers before the log is emptied; writers wait as long.
const READERS_PATIENCE: Duration = Duration::from_millis(50);
/// How soon it is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// The worker that writes.
pub struct Writer {
    worker: Worker<Watch>,
    file: FilePlace,
    /// The write-ahead log, where SQLite opened it.
    log: Option<FilePlace>,
    log_lifetime: Duration,
    /// When the write-ahead log was last emptied, or could not be.
    emptied: Cell<Instant>,
}

impl Writer {
    /// A writer to the file at `path`, with a connection to it.
    pub fn new(
        path: &Path,
        connection: Connection,
        foreign_writes: Arc<AtomicU64>,
        health: Arc<WriteHealth>,
    ) -> Result<Self, OpenReason> {
        let watch = Watch { version: Cell::new(data_version(&connection)?), foreign_writes, health };
        let log = FilePlace::of(&beside(&path.canonicalize()?, "-wal")).ok();
        let worker = Worker::new(connection, TransactionKind::Writing, watch);
        let emptied = Cell::new(Instant::now());
        Ok(Self { worker, file: FilePlace::of(path)?, log, log_lifetime: Duration::MAX, emptied })
    }

    /// The same writer, which empties the write-ahead log so often.
    pub fn with_log_lifetime(mut self, log_lifetime: Duration) -> Self {
        self.log_lifetime = log_lifetime;
        self
    }

    /// Carries out jobs, if the file is in its place.
    pub fn carry_out(&self, group: Vec<Queued>) {
        let refusal = match self.file.look() {
            Found::Same => {
                self.worker.carry_out(group);
                return self.empty_log();
            }
            Found::Nothing => StoreError::Gone,
            Found::Another => StoreError::Replaced,
        };
        if group.iter().any(|queued| queued.answered != Answered::Looked) {
            self.worker.observer.ended(Err(&refusal));
        }
        group.into_iter().for_each(|queued| queued.job.answer(Err(refusal.clone())));
    }

    /// Empties the write-ahead log if it is time: what was deleted stays in it otherwise. A job
    /// comes at least twice a second while a server runs, because the server looks for foreign
    /// writes.
    fn empty_log(&self) {
        if self.emptied.get().elapsed() < self.log_lifetime {
            return;
        }
        let connection = self.worker.connection();
        let emptied = connection
            .busy_timeout(READERS_PATIENCE)
            .and_then(|()| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)));
        // A reader that is still at an older state keeps the log. It is tried again soon.
        let next = if emptied == Ok(0) { Duration::ZERO } else { self.log_lifetime.saturating_sub(RETRY) };
        self.emptied.set(Instant::now().checked_sub(next).unwrap_or_else(Instant::now));
    }

    /// Makes sure that closing the connection does no harm to another file. SQLite would copy the
    /// write-ahead log into the file, and then remove the log by its name, which may be another
    /// database's by now.
    fn let_go(&self) -> rusqlite::Result<()> {
        let connection = self.worker.connection();
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // Where the database alone was moved, its log is still here. It must be empty before
        // another database is opened by this name, because SQLite would read it as that one's.
        if self.log.as_ref().is_some_and(|log| log.look() == Found::Same) {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if self.file.look() != Found::Same {
            // A failure is ignored: nothing more can be done for a file that is not there.
            let _ = self.let_go();
        }
    }
}

/// Notices what others write, and whether writes succeed.
struct Watch {
    /// `PRAGMA data_version` of the connection that writes: another connection changes it, and
    /// no connection of this process but this one writes.
    version: Cell<i64>,
    foreign_writes: Arc<AtomicU64>,
    health: Arc<WriteHealth>,
}

impl Observer for Watch {
    fn begun(&self, connection: &Connection) -> rusqlite::Result<()> {
        let version = data_version(connection)?;
        if self.version.replace(version) != version {
            self.foreign_writes.fetch_add(1, Ordering::Release);
        }
        Ok(())
    }

    fn ended(&self, outcome: Result<(), &StoreError>) {
        self.health.note(outcome);
    }
}

fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
