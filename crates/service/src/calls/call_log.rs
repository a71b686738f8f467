//! The call log: a bounded queue, and a thread that writes queued calls to the store in batches. A
//! call never waits for the log. When the queue is full, the call is dropped from the log and
//! counted.
//!
//! The thread has low priority, so that on an overloaded machine the log falls behind and calls do
//! not. The store's own thread commits the batches at normal priority: other writes wait while a
//! transaction is open.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use prometheus::{IntCounter, IntGauge};

use super::Decided;
use super::record::Recorder;
use crate::own_thread::{End, OwnThread};
use crate::store::{CallRecord, Store};
use callplan::Call;

/// Which calls are logged, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallLogMode {
    /// With their numbers as they came.
    Full,
    /// With numbers masked.
    Masked,
    /// No calls are logged.
    Off,
}

/// Maximum number of decided calls in the queue.
const MAXIMUM_QUEUE: usize = 32_768;
/// Maximum number of calls in a batch.
const MAXIMUM_BATCH: usize = 512;
/// How long the thread sleeps before it looks into the queue: after a partial batch, and after an
/// empty one. Waking the thread would cost a call more than putting itself into the queue.
const PAUSE: Duration = Duration::from_millis(5);
const IDLE_PAUSE: Duration = Duration::from_millis(100);

/// A decided call in the queue of the log.
#[derive(Debug)]
pub(super) struct QueuedCall {
    pub call: Call,
    pub decided: Decided,
}

/// The receiving end of decided calls. Dropping it ends the log.
#[derive(Debug)]
pub struct CallLog {
    // The channel allocates all slots at once, so each slot is a pointer.
    queue: Option<SyncSender<Box<QueuedCall>>>,
    queued: IntGauge,
    thread: OwnThread,
    dropped: IntCounter,
}

/// What is counted of a log.
#[derive(Clone, Debug)]
pub struct CallLogFigures {
    /// Calls in the queue.
    pub queued: IntGauge,
    /// Calls that are lost.
    pub dropped: IntCounter,
}

impl CallLog {
    /// Starts a log that writes into `store`. It counts the calls in its queue, and those that are
    /// lost.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn new(store: Store, mode: CallLogMode, figures: CallLogFigures) -> std::io::Result<Self> {
        let CallLogFigures { queued, dropped } = figures;
        let (queue, calls) = sync_channel(MAXIMUM_QUEUE);
        let is_masked = mode == CallLogMode::Masked;
        let (queued_by_thread, dropped_by_thread) = (queued.clone(), dropped.clone());
        let thread = OwnThread::start("call-log", move |end| {
            let writer = Writer { store, is_masked, end, queued: queued_by_thread, dropped: dropped_by_thread };
            writer.run(&calls);
        })?;
        let queue = (mode != CallLogMode::Off).then_some(queue);
        Ok(Self { queue, queued, thread, dropped })
    }

    /// Whether calls are logged.
    pub fn is_on(&self) -> bool {
        self.queue.is_some()
    }

    /// Puts a call into the queue. If the queue is full, the call is dropped and counted.
    pub fn add(&self, call: Call, decided: Decided) {
        let Some(queue) = &self.queue else { return };
        self.queued.inc();
        if queue.try_send(Box::new(QueuedCall { call, decided })).is_err() {
            self.queued.dec();
            self.dropped.inc();
        }
    }

    /// Waits until all calls that are in the queue are written or cannot be written. Calls added
    /// later are lost.
    pub fn end(&self) {
        self.thread.end();
    }
}

/// The thread that empties the queue.
struct Writer {
    store: Store,
    is_masked: bool,
    end: End,
    queued: IntGauge,
    dropped: IntCounter,
}

impl Writer {
    fn run(&self, calls: &Receiver<Box<QueuedCall>>) {
        let mut recorder = Recorder::new(self.is_masked);
        loop {
            let is_over = self.end.is_asked();
            let batch: Vec<CallRecord> =
                calls.try_iter().take(MAXIMUM_BATCH).map(|call| recorder.record(&call)).collect();
            self.queued.sub(batch.len() as i64);
            let (is_idle, is_small) = (batch.is_empty(), batch.len() < MAXIMUM_BATCH);
            let is_kept = is_idle || self.write(batch);
            if is_over && (is_idle || !is_kept) {
                // A database that refuses writes must not delay the end of the server.
                let left = calls.try_iter().count();
                self.queued.sub(left as i64);
                self.dropped.inc_by(left as u64);
                return;
            }
            if is_small && !is_over {
                std::thread::park_timeout(if is_idle { IDLE_PAUSE } else { PAUSE });
            }
        }
    }

    /// Writes a batch, and says whether it is stored.
    fn write(&self, records: Vec<CallRecord>) -> bool {
        let count = records.len() as u64;
        let kept = Arc::new(records);
        loop {
            let records = Arc::clone(&kept);
            match self.store.log(move |store| store.add_calls(&records)).wait() {
                Ok(()) => return true,
                // Calls that come meanwhile wait in the queue, as far as it has room.
                Err(error) if error.is_passing() && !self.end.is_asked() => {
                    std::thread::park_timeout(IDLE_PAUSE);
                }
                Err(_) => {
                    self.dropped.inc_by(count);
                    return false;
                }
            }
        }
    }
}
