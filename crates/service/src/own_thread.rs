//! A thread of low priority for one kind of work, which goes on until it is ended.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use crate::priority::give_way;

/// The thread. Dropping it ends it.
#[derive(Debug)]
pub struct OwnThread {
    thread: Mutex<Option<JoinHandle<()>>>,
    end: End,
}

/// Whether the work shall end.
#[derive(Clone, Debug, Default)]
pub struct End(Arc<AtomicBool>);

impl End {
    /// Whether it shall. A thread that is parked is woken for it.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl OwnThread {
    /// Starts a thread with this name, at most 15 bytes, for work that looks at its [`End`].
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(name: &str, work: impl FnOnce(End) + Send + 'static) -> io::Result<Self> {
        let end = End::default();
        let asked = end.clone();
        let thread = Builder::new().name(name.to_owned()).spawn(move || {
            give_way();
            work(asked);
        })?;
        Ok(Self { thread: Mutex::new(Some(thread)), end })
    }

    /// Ends the work, and waits for it.
    pub fn end(&self) {
        self.end.0.store(true, Ordering::Release);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The result is ignored: if the thread has panicked, nobody can be told any more.
        let _ = thread.map(|thread| {
            thread.thread().unpark();
            thread.join()
        });
    }
}

impl Drop for OwnThread {
    fn drop(&mut self) {
        self.end();
    }
}
