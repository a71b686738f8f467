//! A bounded pool of threads with low priority, for work that may take long: compiling plans,
//! reading texts, explaining decisions. Threads that answer calls hand such work over, and wait for
//! it without being held.

use std::io;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

use crate::priority;

/// A pool of threads. A thread starts when there is work for it, and ends when there is none for a
/// while.
#[derive(Debug)]
pub struct BackgroundPool {
    handle: Handle,
    /// A runtime for its blocking threads alone: it runs no task. `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl BackgroundPool {
    /// A pool of at most `threads` threads. Further work waits for one.
    ///
    /// # Errors
    /// If the system refuses what a runtime needs.
    pub fn new(threads: usize) -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .thread_name("background")
            .max_blocking_threads(threads)
            .on_thread_start(priority::give_way_to_calls)
            .build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Does work on a thread of the pool. It goes on when nobody waits for it any more. A panic is
    /// the error of whoever waits.
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        self.handle.spawn_blocking(work)
    }
}

impl Drop for BackgroundPool {
    fn drop(&mut self) {
        // A runtime that waited for its threads would hold the thread that drops it.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{channel, sync_channel};

    #[test]
    fn it_has_as_many_threads_as_it_may_and_no_more() {
        let pool = BackgroundPool::new(2).expect("a pool");
        let (begun, begins) = sync_channel(3);
        let gates: Vec<_> = (0..3)
            .map(|at| {
                let (open, is_open) = channel::<()>();
                let begun = begun.clone();
                pool.run(move || {
                    begun.send(at).expect("somebody counts");
                    is_open.recv().is_ok()
                });
                open
            })
            .collect();
        let mut two = [begins.recv(), begins.recv()].map(|at| at.expect("it begins"));
        two.sort_unstable();
        assert_eq!(two, [0, 1]);
        assert!(begins.try_recv().is_err(), "both threads are taken");
        gates[1].send(()).expect("it waits");
        assert_eq!(begins.recv(), Ok(2));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn its_threads_give_way_to_those_that_answer_calls() {
        let nice = || rustix::process::getpriority_process(None).expect("a priority");
        let pool = BackgroundPool::new(1).expect("a pool");
        let waiting = Builder::new_current_thread().build().expect("a runtime");
        let theirs = waiting.block_on(pool.run(nice)).expect("it is read");
        assert!(theirs > nice() || theirs == 19, "{theirs}");
    }
}
