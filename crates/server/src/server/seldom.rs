//! A future beside one that is polled all the time. A task is woken for each request of its connection; what else it waits
//! for (a time, the end) would be asked each time, under a lock that all connections share.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Polls a future only when that has asked for it.
#[derive(Debug)]
pub struct Seldom<F> {
    future: Pin<Box<F>>,
    asked: Option<Arc<Asked>>,
}

/// Whether the future has asked to be polled, and the task that has to know.
#[derive(Debug)]
struct Asked {
    has: AtomicBool,
    task: Waker,
}

impl Wake for Asked {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

impl<F: Future> Seldom<F> {
    /// The same future, in a box.
    pub fn new(future: F) -> Self {
        Self { future: Box::pin(future), asked: None }
    }
}

impl<F: Future> Future for Seldom<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let asked = match &self.asked {
            Some(asked) if asked.task.will_wake(context.waker()) => {
                if !asked.has.swap(false, Ordering::Acquire) {
                    return Poll::Pending;
                }
                Arc::clone(asked)
            }
            // The first time, or another task has it now: the future must learn whom to wake.
            _ => {
                let asked = Arc::new(Asked { has: AtomicBool::new(false), task: context.waker().clone() });
                Arc::clone(self.asked.insert(asked))
            }
        };
        let waker = Waker::from(asked);
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    #[test]
    fn it_is_polled_as_often_as_it_asks_and_ends_as_it_would() {
        let polled = Arc::new(AtomicUsize::new(0));
        let counting = Arc::clone(&polled);
        let mut sleep = Box::pin(async { tokio::time::sleep(Duration::from_millis(50)).await });
        let mut seldom = Seldom::new(poll_fn(move |context| {
            counting.fetch_add(1, Ordering::Relaxed);
            sleep.as_mut().poll(context)
        }));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let busy = async {
            let mut woken = 0;
            poll_fn(|context| {
                woken += 1;
                // The connection beside it: it has more to do at once.
                if woken < 1000 {
                    context.waker().wake_by_ref();
                }
                Pin::new(&mut seldom).poll(context)
            })
            .await;
            woken
        };
        assert!(runtime.block_on(busy) >= 1000);
        assert_eq!(polled.load(Ordering::Relaxed), 2, "at its beginning and at its end");
    }
}
