//! The call log, on its way to the store: a bounded queue, and a thread that writes what is in it in batches. A call never
//! waits for the log; a call that the queue has no room for is dropped and counted.
//!
//! The thread has low priority, so that on an overloaded machine the log falls behind and calls do not. The store's own
//! thread commits the batches at normal priority: other writes wait while a transaction is open.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use prometheus::IntCounter;

use super::Decided;
use super::record::Recorder;
use crate::priority::give_way;
use crate::store::{CallRecord, Store};
use callplan::Call;

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

/// Maximum number of decided calls that wait to be written.
const MAXIMUM_QUEUE: usize = 32_768;
/// Maximum number of calls that are written at once.
const MAXIMUM_BATCH: usize = 512;
/// How often the thread looks for calls, while calls come and while none does. To wake it would cost a call more than to hand
/// itself over.
const PAUSE: Duration = Duration::from_millis(5);
const IDLE_PAUSE: Duration = Duration::from_millis(100);
/// How often old calls are looked for, and the maximum number that is deleted at once.
const BETWEEN_DELETIONS: Duration = Duration::from_secs(600);
const MAXIMUM_DELETION: usize = 200;

/// A call with its decision, on the way to the log.
#[derive(Debug)]
pub(super) struct QueuedCall {
    pub call: Call,
    pub decided: Decided,
}

/// See the module.
#[derive(Debug)]
pub struct CallLog {
    // The queue's slots are allocated at once, so each is a pointer.
    queue: Option<SyncSender<Box<QueuedCall>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    is_over: Arc<AtomicBool>,
    dropped: IntCounter,
}

impl CallLog {
    /// A log into a store, which keeps calls for `days`. `dropped` counts the calls that are not kept.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn new(store: Store, mode: CallLogMode, days: u32, dropped: IntCounter) -> std::io::Result<Self> {
        let is_over = Arc::new(AtomicBool::new(false));
        let (queue, calls) = sync_channel(MAXIMUM_QUEUE);
        let is_masked = mode == CallLogMode::Masked;
        let writer = Writer { store, is_masked, days, is_over: Arc::clone(&is_over), dropped: dropped.clone() };
        let thread = std::thread::Builder::new().name("call-log".to_owned()).spawn(move || writer.run(&calls))?;
        let queue = (mode != CallLogMode::Off).then_some(queue);
        Ok(Self { queue, thread: Mutex::new(Some(thread)), is_over, dropped })
    }

    /// Whether calls are kept.
    pub fn is_on(&self) -> bool {
        self.queue.is_some()
    }

    /// Hands a call over, or drops it.
    pub fn add(&self, call: Call, decided: Decided) {
        if let Some(queue) = &self.queue
            && queue.try_send(Box::new(QueuedCall { call, decided })).is_err()
        {
            self.dropped.inc();
        }
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

/// The thread at the other end of the queue.
struct Writer {
    store: Store,
    is_masked: bool,
    days: u32,
    is_over: Arc<AtomicBool>,
    dropped: IntCounter,
}

impl Writer {
    fn run(&self, calls: &Receiver<Box<QueuedCall>>) {
        give_way();
        let mut recorder = Recorder::new(self.is_masked);
        let mut deleted: Option<Instant> = None;
        loop {
            if deleted.is_none_or(|at| at.elapsed() >= BETWEEN_DELETIONS) {
                deleted = Some(Instant::now());
                self.delete_old();
            }
            let is_over = self.is_over.load(Ordering::Acquire);
            let batch: Vec<CallRecord> =
                calls.try_iter().take(MAXIMUM_BATCH).map(|call| recorder.record(&call)).collect();
            let (is_idle, is_small) = (batch.is_empty(), batch.len() < MAXIMUM_BATCH);
            let is_kept = is_idle || self.write(batch);
            if is_over && (is_idle || !is_kept) {
                // The end does not wait for a database that takes nothing.
                let left = calls.try_iter().count();
                self.dropped.inc_by(left as u64);
                return;
            }
            if is_small && !is_over {
                std::thread::park_timeout(if is_idle { IDLE_PAUSE } else { PAUSE });
            }
        }
    }

    /// Whether all of it is kept.
    fn write(&self, records: Vec<CallRecord>) -> bool {
        let count = records.len() as u64;
        let kept = Arc::new(records);
        loop {
            let records = Arc::clone(&kept);
            match self.store.log(move |store| store.add_calls(&records)).wait() {
                Ok(()) => return true,
                // The queue holds what comes meanwhile, as much as there is room for.
                Err(error) if error.is_passing() && !self.is_over.load(Ordering::Acquire) => {
                    std::thread::park_timeout(IDLE_PAUSE);
                }
                Err(_) => {
                    self.dropped.inc_by(count);
                    return false;
                }
            }
        }
    }

    fn delete_old(&self) {
        let age = SignedDuration::from_hours(24 * i64::from(self.days));
        let Ok(before) = Timestamp::now().checked_sub(age) else { return };
        // What cannot be read or deleted now is old the next time, too.
        for kind in self.store.read(move |store| store.kinds_before(before)).wait().unwrap_or_default() {
            let delete =
                || self.store.log(move |store| store.delete_calls_before(kind, before, MAXIMUM_DELETION)).wait();
            while delete().is_ok_and(|deleted| deleted == MAXIMUM_DELETION) {}
        }
    }
}
