//! Deletes old calls, and sees to it that nothing of what is deleted stays in the file. It has a
//! thread of its own: the log of calls is not held up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::erase;
use crate::clock::{Clock, SettledTime};
use crate::own_thread::{End, OwnThread};
use crate::store::{Store, StoreError};

/// How often the settled time moves, and how often it is kept.
const TICK: Duration = Duration::from_secs(1);
const BETWEEN_KEEPING: Duration = Duration::from_secs(60);
/// How often old calls are deleted, and the maximum number that one transaction deletes.
const BETWEEN_DELETIONS: Duration = Duration::from_secs(600);
const MAXIMUM_DELETION: usize = 200;
/// How often the log is rewritten, if something was deleted.
const BETWEEN_CLEANINGS: Duration = Duration::from_secs(1800);

/// The thread that deletes. Dropping it ends the thread.
#[derive(Debug)]
pub struct Retention(OwnThread);

impl Retention {
    /// Starts the thread. Calls are kept for `days`, by the settled time.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(store: Store, days: u32, clock: Clock, settled: Arc<SettledTime>) -> std::io::Result<Self> {
        OwnThread::start("retention", move |end| Work { store, days, clock, settled, end }.run()).map(Self)
    }

    /// Ends the thread, once the settled time is kept.
    pub fn end(&self) {
        self.0.end();
    }
}

/// The work of the thread.
struct Work {
    store: Store,
    days: u32,
    clock: Clock,
    settled: Arc<SettledTime>,
    end: End,
}

/// Something that is done from time to time, for the first time at once.
struct Often(Duration, Option<Instant>);

impl Often {
    fn is_due(&mut self) -> bool {
        let is_due = self.1.is_none_or(|last| last.elapsed() >= self.0);
        if is_due {
            self.1 = Some(Instant::now());
        }
        is_due
    }
}

impl Work {
    fn run(&self) {
        let mut moved = Instant::now();
        let [mut keeping, mut deleting, mut cleaning] =
            [BETWEEN_KEEPING, BETWEEN_DELETIONS, BETWEEN_CLEANINGS].map(|pause| Often(pause, None));
        self.settled.advance(self.clock.now(), Duration::ZERO);
        while !self.end.is_asked() {
            if keeping.is_due() {
                self.keep_clock();
            }
            if deleting.is_due() {
                let now = self.settled.earliest(self.clock.now());
                self.told("old calls are not deleted", delete_old(&self.store, self.days, now, || self.end.is_asked()));
            }
            if cleaning.is_due() {
                self.told("deleted calls are not erased", erase::clean(&self.store, || self.end.is_asked()));
            }
            std::thread::park_timeout(TICK);
            self.settled.advance(self.clock.now(), moved.elapsed());
            moved = Instant::now();
        }
        self.keep_clock();
    }

    /// What cannot be done now is done the next time.
    fn told(&self, message: &str, outcome: Result<(), StoreError>) {
        if let (Err(error), false) = (outcome, self.end.is_asked()) {
            tracing::warn!(%error, "{message}");
        }
    }

    fn keep_clock(&self) {
        let Some(settled) = self.settled.get() else { return };
        self.told("the time is not kept", self.store.log(move |store| store.keep_clock(settled)).wait());
    }
}

/// Deletes the calls that are older than so many days at `now`, in small steps. It ends early if
/// `is_over` says so.
pub fn delete_old(store: &Store, days: u32, now: Timestamp, is_over: impl Fn() -> bool) -> Result<(), StoreError> {
    let age = SignedDuration::from_hours(24 * i64::from(days));
    let Ok(before) = now.checked_sub(age) else { return Ok(()) };
    for kind in store.read(move |store| store.kinds_before(before)).wait()? {
        let delete = || store.log(move |store| store.delete_calls_before(kind, before, MAXIMUM_DELETION)).wait();
        while !is_over() && delete()? == MAXIMUM_DELETION {}
    }
    Ok(())
}
