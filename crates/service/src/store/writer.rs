//! The thread that writes: it writes only while the file is in its place, and notices what others
//! write.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::executor::{Answered, Queued};
use super::health::WriteHealth;
use super::open::beside;
use super::place::{FilePlace, Found};
use super::problems::{OpenReason, StoreError};
use super::transaction::{Observer, TransactionKind, Worker};

/// The worker that writes.
pub struct Writer {
    worker: Worker<Watch>,
    file: FilePlace,
    /// The write-ahead log, where SQLite opened it.
    log: Option<FilePlace>,
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
        Ok(Self { worker, file: FilePlace::of(path)?, log })
    }

    /// Carries out jobs, if the file is in its place.
    pub fn carry_out(&self, group: Vec<Queued>) {
        let refusal = match self.file.look() {
            Found::Same => return self.worker.carry_out(group),
            Found::Nothing => StoreError::Gone,
            Found::Another => StoreError::Replaced,
        };
        if group.iter().any(|queued| queued.answered != Answered::Looked) {
            self.worker.observer.ended(Err(&refusal));
        }
        group.into_iter().for_each(|queued| queued.job.answer(Err(refusal.clone())));
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
