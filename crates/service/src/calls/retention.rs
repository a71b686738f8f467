//! Deletes old calls and old revisions, and sees to it that nothing of what is deleted stays in the
//! file. It has a thread of its own: the log of calls is not held up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::erase;
use crate::clock::{Clock, SettledTime};
use crate::own_thread::{End, OwnThread};
use crate::store::{OwnRetention, RetentionOf, Store, StoreError};

/// How often the settled time moves, and how often it is kept.
const TICK: Duration = Duration::from_secs(1);
const BETWEEN_KEEPING: Duration = Duration::from_secs(60);
/// How often old calls and revisions are deleted, and the maximum numbers that one transaction
/// deletes. A revision may have a text of megabytes.
const BETWEEN_DELETIONS: Duration = Duration::from_secs(600);
const MAXIMUM_DELETION: usize = 200;
const MAXIMUM_PRUNING: usize = 4;
/// For how long a revision that was in force is kept, even if no call that is kept refers to it: a
/// call that it has decided may not be in the log yet.
const LEAST_AGE: SignedDuration = SignedDuration::from_hours(24);
/// How often the log is rewritten, if something was deleted.
const BETWEEN_CLEANINGS: Duration = Duration::from_secs(1800);

/// How long an organization's calls and revisions are kept that has nothing of its own.
#[derive(Clone, Copy, Debug)]
pub struct RetentionDefaults {
    /// For how many days calls are kept.
    pub call_log_days: u32,
    /// How many of the newest revisions are kept in any case; without it, all.
    pub revisions: Option<u32>,
}

/// The thread that deletes. Dropping it ends the thread.
#[derive(Debug)]
pub struct Retention(OwnThread);

impl Retention {
    /// Starts the thread. Age is measured by the settled time.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(
        store: Store,
        defaults: RetentionDefaults,
        clock: Clock,
        settled: Arc<SettledTime>,
    ) -> std::io::Result<Self> {
        OwnThread::start("retention", move |end| Work { store, defaults, clock, settled, end }.run()).map(Self)
    }

    /// Ends the thread, once the settled time is kept.
    pub fn end(&self) {
        self.0.end();
    }
}

/// The work of the thread.
struct Work {
    store: Store,
    defaults: RetentionDefaults,
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
                let deleted = delete_old(&self.store, self.defaults, now, || self.end.is_asked());
                self.told("old calls and revisions are not deleted", deleted);
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

/// Deletes the calls and the revisions that are too old at `now`, in small steps. It ends early if
/// `is_over` says so.
pub fn delete_old(
    store: &Store,
    defaults: RetentionDefaults,
    now: Timestamp,
    is_over: impl Fn() -> bool,
) -> Result<(), StoreError> {
    let own = store.read(|snapshot| snapshot.own_retentions()).wait()?;
    let days = |(id, own): &(_, OwnRetention)| Some((RetentionOf::Organization(*id), own.call_log_days?));
    let revisions = |(id, own): &(_, OwnRetention)| Some((RetentionOf::Organization(*id), own.revisions?));
    for (of, days) in own.iter().filter_map(days).chain([(RetentionOf::Others, defaults.call_log_days)]) {
        delete_old_calls(store, of, days, now, &is_over)?;
    }
    // After the calls, which keep revisions.
    let by_default = defaults.revisions.map(|revisions| (RetentionOf::Others, revisions));
    for (of, kept) in own.iter().filter_map(revisions).chain(by_default) {
        prune_revisions(store, of, kept, now, &is_over)?;
    }
    Ok(())
}

fn delete_old_calls(
    store: &Store,
    of: RetentionOf,
    days: u32,
    now: Timestamp,
    is_over: &impl Fn() -> bool,
) -> Result<(), StoreError> {
    let Ok(before) = now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))) else { return Ok(()) };
    for kind in store.read(move |snapshot| snapshot.kinds_before(of, before)).wait()? {
        let delete = || store.log(move |store| store.delete_calls_before(kind, before, MAXIMUM_DELETION)).wait();
        while !is_over() && delete()? == MAXIMUM_DELETION {}
    }
    Ok(())
}

fn prune_revisions(
    store: &Store,
    of: RetentionOf,
    kept: u32,
    now: Timestamp,
    is_over: &impl Fn() -> bool,
) -> Result<(), StoreError> {
    let Ok(since) = now.checked_sub(LEAST_AGE) else { return Ok(()) };
    for id in store.read(move |snapshot| snapshot.with_more_revisions(of, kept)).wait()? {
        let prune = || store.log(move |store| store.prune_revisions(id, kept, since, MAXIMUM_PRUNING)).wait();
        while !is_over() && prune()? == MAXIMUM_PRUNING {}
    }
    Ok(())
}
