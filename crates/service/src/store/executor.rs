//! The threads that work on the database. Each has a connection, and takes jobs from a bounded
//! queue: one thread writes, a few read. The caller waits for the answer, as a thread or as a task.
//!
//! A full queue refuses jobs, and so does a worker when a job has waited for [`LONGEST_WAIT`]:
//! nothing piles up behind a database that is stuck.

use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::problems::StoreError;
use super::transaction::Transaction;

/// Timeout of a job that waits behind other jobs, or for a database that another process has
/// locked.
pub const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Maximum number of jobs in a queue.
const MAXIMUM_QUEUE: usize = 1024;

/// An answer that is still to come: a future for any executor. The job is done whether or not
/// anybody waits.
#[derive(Debug)]
#[must_use = "whether it was done is known only from the answer"]
pub struct Pending<T, E> {
    answer: oneshot::Receiver<Result<T, E>>,
}

impl<T, E: From<StoreError>> Pending<T, E> {
    /// Blocks the thread until the answer is there.
    ///
    /// # Panics
    /// In a task of an asynchronous runtime, which must not block: use `.await` there.
    pub fn wait(self) -> Result<T, E> {
        self.answer.blocking_recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}

impl<T, E: From<StoreError>> Future for Pending<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = Pin::new(&mut self.answer).poll(context);
        answer.map(|answer| answer.unwrap_or_else(|_| Err(StoreError::Closed.into())))
    }
}

/// Work in a transaction, with the channel for its answer.
pub trait Job: Send {
    /// Does the work, and says whether to keep what it wrote.
    fn run(&mut self, transaction: &Transaction<'_>) -> bool;

    /// Sends the answer. An error of the work goes before an error of the database.
    fn answer(self: Box<Self>, ended: Result<(), StoreError>);
}

/// When a write is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Once it is on the disk.
    Kept,
    /// Once the operating system has it.
    Handed,
    /// There is nothing to keep: the job only looks.
    Looked,
}

/// A job, and since when it waits.
pub struct Queued {
    pub job: Box<dyn Job>,
    pub answered: Answered,
    since: Instant,
}

impl Queued {
    /// How much longer the job may wait.
    pub fn patience(&self) -> Duration {
        LONGEST_WAIT.saturating_sub(self.since.elapsed())
    }
}

/// A queue and the threads that work on it. Dropping it does the jobs in the queue first.
#[derive(Debug)]
pub struct Executor {
    queue: Option<SyncSender<Queued>>,
    /// Number of jobs in the queue.
    waiting: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Executor {
    /// Starts a thread for each worker. A worker gets the waiting jobs in their order, at most
    /// `limit` at once.
    pub fn new<W>(name: &str, workers: Vec<W>, limit: usize) -> io::Result<Self>
    where
        W: FnMut(Vec<Queued>) + Send + 'static,
    {
        let (sender, receiver) = sync_channel(MAXIMUM_QUEUE);
        let receiver = Arc::new(Mutex::new(receiver));
        let waiting = Arc::<AtomicUsize>::default();
        let start = |mut worker: W| {
            let (receiver, waiting) = (Arc::clone(&receiver), Arc::clone(&waiting));
            std::thread::Builder::new().name(name.to_owned()).spawn(move || {
                while let Some(group) = next(&receiver, limit) {
                    waiting.fetch_sub(group.len(), Ordering::Relaxed);
                    worker(group);
                }
            })
        };
        let threads = workers.into_iter().map(start).collect::<io::Result<_>>()?;
        Ok(Self { queue: Some(sender), waiting, threads })
    }

    /// Number of jobs in the queue.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Puts work into the queue. Once what the work wrote is kept, and before the answer, `after`
    /// gets its result.
    pub fn ask<T, E>(
        &self,
        answered: Answered,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Pending<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job = Box::new(TypedJob { work: Some(work), after, result: None, sender });
        let refused = match &self.queue {
            None => Some((job as Box<dyn Job>, StoreError::Closed)),
            Some(queue) => {
                // Before it is sent, so that it is never taken before it is counted.
                self.waiting.fetch_add(1, Ordering::Relaxed);
                match queue.try_send(Queued { job, answered, since: Instant::now() }) {
                    Ok(()) => None,
                    Err(TrySendError::Full(queued)) => Some((queued.job, StoreError::Busy)),
                    Err(TrySendError::Disconnected(queued)) => Some((queued.job, StoreError::Closed)),
                }
                .inspect(|_| {
                    self.waiting.fetch_sub(1, Ordering::Relaxed);
                })
            }
        };
        if let Some((job, error)) = refused {
            job.answer(Err(error));
        }
        Pending { answer }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        drop(self.queue.take());
        let this = std::thread::current().id();
        for thread in self.threads.drain(..).filter(|thread| thread.thread().id() != this) {
            // Joining cannot fail: a worker catches the panics of its jobs.
            let _ = thread.join();
        }
    }
}

/// Waits for the next job, and takes the jobs behind it, at most `limit` in all. A worker that
/// waits here keeps the others from the queue, not from their work.
fn next(receiver: &Mutex<Receiver<Queued>>, limit: usize) -> Option<Vec<Queued>> {
    let queue = receiver.lock().unwrap_or_else(PoisonError::into_inner);
    let mut group = vec![queue.recv().ok()?];
    group.extend(queue.try_iter().take(limit - 1));
    Some(group)
}

/// Work of one type, and the channel for its answer.
struct TypedJob<F, A, T, E> {
    work: Option<F>,
    after: A,
    result: Option<Result<T, E>>,
    sender: oneshot::Sender<Result<T, E>>,
}

impl<F, A, T, E> Job for TypedJob<F, A, T, E>
where
    F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send,
    A: FnOnce(&T) + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, transaction: &Transaction<'_>) -> bool {
        // A panic may leave work half done only in the transaction, which is then rolled back.
        let work = self.work.take().map(|work| catch_unwind(AssertUnwindSafe(|| work(transaction))));
        let result = work.and_then(Result::ok).unwrap_or_else(|| Err(StoreError::Panicked.into()));
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, ended: Result<(), StoreError>) {
        let Self { after, result, sender, .. } = *self;
        let answer = match (result, ended) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        if let Ok(value) = &answer {
            // What the work wrote is on the disk, even if `after` panics.
            let _ = catch_unwind(AssertUnwindSafe(|| after(value)));
        }
        // The caller may no longer wait for the answer.
        let _ = sender.send(answer);
    }
}
