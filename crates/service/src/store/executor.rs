//! The threads that work on the database. Each has a connection, and takes jobs from a bounded queue. One thread writes, a few
//! read. Whoever has a job waits for its answer, as a thread or as a task.
//!
//! A queue refuses jobs when it is full, and a job that has waited for [`LONGEST_WAIT`]: behind a database that is stuck,
//! nothing piles up.

use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::problems::StoreError;
use super::transaction::Transaction;

/// Timeout of a job that waits for jobs before it, or for a database that another process holds.
pub const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Maximum number of jobs in a queue.
const MAXIMUM_QUEUE: usize = 1024;

/// An answer that is still to come: a future that any executor can wait for. What was asked is done whether or not
/// anybody waits.
#[derive(Debug)]
#[must_use = "whether it was done is known only from the answer"]
pub struct Pending<T, E> {
    answer: oneshot::Receiver<Result<T, E>>,
}

impl<T, E: From<StoreError>> Pending<T, E> {
    /// Waits as a thread.
    ///
    /// # Panics
    /// In a task of an asynchronous runtime, which must not wait so: there, `.await` it.
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

/// Work in a transaction, and who waits for its answer.
pub trait Job: Send {
    /// Does it, and says whether what it wrote is to be kept.
    fn run(&mut self, transaction: &Transaction<'_>) -> bool;

    /// Tells how it ended. An error of its own goes before one of the database's.
    fn answer(self: Box<Self>, ended: Result<(), StoreError>);
}

/// When something that was written is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Once the disk has it.
    Kept,
    /// Once the system has it.
    Handed,
}

/// A job, and since when it waits.
pub struct Queued {
    pub job: Box<dyn Job>,
    pub answered: Answered,
    since: Instant,
}

impl Queued {
    /// How much longer it may wait.
    pub fn patience(&self) -> Duration {
        LONGEST_WAIT.saturating_sub(self.since.elapsed())
    }
}

/// A queue and the threads that work on it. When it is dropped, the jobs in the queue are done first.
#[derive(Debug)]
pub struct Executor {
    queue: Option<SyncSender<Queued>>,
    threads: Vec<JoinHandle<()>>,
}

impl Executor {
    /// A thread for each worker, which is given up to `most` of those that wait, in their order.
    pub fn new<W>(name: &str, workers: Vec<W>, most: usize) -> io::Result<Self>
    where
        W: FnMut(Vec<Queued>) + Send + 'static,
    {
        let (sender, receiver) = sync_channel(MAXIMUM_QUEUE);
        let receiver = Arc::new(Mutex::new(receiver));
        let start = |mut worker: W| {
            let receiver = Arc::clone(&receiver);
            std::thread::Builder::new().name(name.to_owned()).spawn(move || {
                while let Some(group) = next(&receiver, most) {
                    worker(group);
                }
            })
        };
        let threads = workers.into_iter().map(start).collect::<io::Result<_>>()?;
        Ok(Self { queue: Some(sender), threads })
    }

    /// Puts some work into the queue. `after` is called with what it gave once that is kept, before the answer.
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
            Some(queue) => match queue.try_send(Queued { job, answered, since: Instant::now() }) {
                Ok(()) => None,
                Err(TrySendError::Full(queued)) => Some((queued.job, StoreError::Busy)),
                Err(TrySendError::Disconnected(queued)) => Some((queued.job, StoreError::Closed)),
            },
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
            // A worker catches what its jobs panic with.
            let _ = thread.join();
        }
    }
}

/// Waits for the next job, and takes with it those that wait already. A worker that waits holds only the queue, not the other
/// workers.
fn next(receiver: &Mutex<Receiver<Queued>>, most: usize) -> Option<Vec<Queued>> {
    let queue = receiver.lock().unwrap_or_else(PoisonError::into_inner);
    let mut group = vec![queue.recv().ok()?];
    group.extend(queue.try_iter().take(most - 1));
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
        // What the work has left half done is in the transaction alone, and that is rolled back.
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
            // It is written, whatever `after` does.
            let _ = catch_unwind(AssertUnwindSafe(|| after(value)));
        }
        // Nobody need wait for it.
        let _ = sender.send(answer);
    }
}
