//! The call log, on its way to the store: a bounded queue, written in batches by a thread of its own. A call never waits
//! for it; what does not fit is dropped and counted.
//!
//! The thread gives way to others, so that a server with more calls than it can bear lets the log fall
//! behind, not the calls. What it hands to the store is written there like any other write: in a transaction, a thread that
//! is interrupted for long would hold up all who write.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::call_record::Recorder;
use super::decided::Decided;
use super::queue::{Drain, Queue, queue};
use callplan_service::priority::give_way;
use callplan_service::store::{CallRecord, Store};

/// Which calls are kept, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallLogMode {
    /// As they came.
    Full,
    /// With numbers masked.
    Masked,
    /// Not at all.
    Off,
}

/// So many decided calls may wait to be written.
const LONGEST_QUEUE: usize = 32_768;
/// So many are written at once.
const LARGEST_BATCH: usize = 512;
/// How often the thread looks for more while calls come, and while none does. It is not woken by a call: that would cost the
/// call more than to hand it over.
const PAUSE: Duration = Duration::from_millis(5);
const LONG_PAUSE: Duration = Duration::from_millis(100);
/// How often what is too old is looked for, and how much is deleted at once.
const BETWEEN_DELETIONS: Duration = Duration::from_secs(600);
const LARGEST_DELETION: usize = 200;

/// See the module.
#[derive(Debug)]
pub struct CallLog {
    queue: Option<Queue<Decided>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    is_over: Arc<AtomicBool>,
    dropped: Arc<AtomicU64>,
}

impl CallLog {
    /// A log into a store, which keeps calls for so many days.
    pub fn new(store: Store, mode: CallLogMode, days: u32) -> std::io::Result<Self> {
        let (dropped, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (queue, drain) = queue(LONGEST_QUEUE);
        let is_masked = mode == CallLogMode::Masked;
        let writer = Writer { store, is_masked, days, is_over: Arc::clone(&is_over), dropped: Arc::clone(&dropped) };
        let thread = std::thread::Builder::new().name("call-log".to_owned()).spawn(move || writer.run(&drain))?;
        let queue = (mode != CallLogMode::Off).then_some(queue);
        Ok(Self { queue, thread: Mutex::new(Some(thread)), is_over, dropped })
    }

    /// Whether calls are kept.
    pub fn is_on(&self) -> bool {
        self.queue.is_some()
    }

    /// Hands a call over, or drops it.
    pub fn add(&self, decided: Decided) {
        if let Some(queue) = &self.queue
            && !queue.add(decided)
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many calls were not kept that should have been.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Waits until all is written that was handed over before, or cannot be written. What comes later is not kept.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // If it has panicked, there is nobody left to tell.
        let _ = thread.map(|thread| {
            thread.thread().unpark();
            thread.join()
        });
    }
}

impl Drop for CallLog {
    fn drop(&mut self) {
        self.end();
    }
}

/// The other end of the queue.
struct Writer {
    store: Store,
    is_masked: bool,
    days: u32,
    is_over: Arc<AtomicBool>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    fn run(&self, queue: &Drain<Decided>) {
        give_way();
        let mut recorder = Recorder::new(self.is_masked);
        let mut deleted: Option<Instant> = None;
        loop {
            if deleted.is_none_or(|at| at.elapsed() >= BETWEEN_DELETIONS) {
                deleted = Some(Instant::now());
                self.delete_old();
            }
            let is_over = self.is_over.load(Ordering::Acquire);
            let batch = queue.take(LARGEST_BATCH);
            let (is_idle, is_small) = (batch.is_empty(), batch.len() < LARGEST_BATCH);
            let is_kept = is_idle || self.write(batch.iter().map(|it| recorder.record(it)).collect());
            if is_over && (is_idle || !is_kept) {
                // Whoever waits for the end does not wait for a database that takes nothing.
                let left = queue.take(usize::MAX).len();
                self.dropped.fetch_add(left as u64, Ordering::Relaxed);
                return;
            }
            if is_small && !is_over {
                std::thread::park_timeout(if is_idle { LONG_PAUSE } else { PAUSE });
            }
        }
    }

    /// Whether all of it is kept.
    fn write(&self, records: Vec<CallRecord>) -> bool {
        let count = records.len() as u64;
        let kept = Arc::new(records);
        loop {
            let records = Arc::clone(&kept);
            match self.store.log(move |it| it.add_calls(&records)).wait() {
                Ok(()) => return true,
                // The queue holds what comes meanwhile, as much as there is room for.
                Err(error) if error.is_passing() && !self.is_over.load(Ordering::Acquire) => {
                    std::thread::park_timeout(LONG_PAUSE);
                }
                Err(_) => {
                    self.dropped.fetch_add(count, Ordering::Relaxed);
                    return false;
                }
            }
        }
    }

    fn delete_old(&self) {
        let age = SignedDuration::from_hours(24 * i64::from(self.days));
        let Ok(before) = Timestamp::now().checked_sub(age) else { return };
        // What cannot be read or deleted now is old the next time, too.
        for kind in self.store.read(move |it| it.kinds_before(before)).wait().unwrap_or_default() {
            let delete = || self.store.log(move |it| it.delete_calls_before(kind, before, LARGEST_DELETION)).wait();
            while delete().is_ok_and(|deleted| deleted == LARGEST_DELETION) {}
        }
    }
}
