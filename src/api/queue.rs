//! A bounded queue from requests to a thread that comes after all others. Whoever leaves something in it waits for nobody:
//! not for room, not for a lock, and not for a thread that was interrupted in the middle of taking something out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Room that is never used. The channel has those who add wait, in turns of the processor, for the place that is just being
/// emptied, once all others are full; so it never gets as full as that.
const SPARE: usize = 64;

/// Where things are left. Its clones are the same queue.
#[derive(Debug)]
pub struct Queue<T> {
    sender: SyncSender<T>,
    /// How many are in it, those that are being taken out too.
    waiting: Arc<AtomicUsize>,
    most: usize,
}

/// The other end.
#[derive(Debug)]
pub struct Drain<T> {
    receiver: Receiver<T>,
    waiting: Arc<AtomicUsize>,
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), waiting: Arc::clone(&self.waiting), most: self.most }
    }
}

/// A queue for so many.
pub fn queue<T>(most: usize) -> (Queue<T>, Drain<T>) {
    let (sender, receiver) = sync_channel(most + SPARE);
    let waiting = Arc::new(AtomicUsize::new(0));
    (Queue { sender, waiting: Arc::clone(&waiting), most }, Drain { receiver, waiting })
}

impl<T> Queue<T> {
    /// Leaves something, if there is room for it.
    pub fn add(&self, item: T) -> bool {
        let has_room = self.waiting.fetch_add(1, Ordering::Relaxed) < self.most && self.sender.try_send(item).is_ok();
        if !has_room {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        has_room
    }
}

impl<T> Drain<T> {
    /// Takes out what there is, so much at most. Nobody is woken when there is more, for that would cost who adds it more
    /// than the rest: whoever takes has to look from time to time.
    pub fn take(&self, most: usize) -> Vec<T> {
        let taken: Vec<T> = self.receiver.try_iter().take(most).collect();
        self.waiting.fetch_sub(taken.len(), Ordering::Relaxed);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_and_again_for_what_was_taken() {
        let (queue, drain) = queue(3);
        assert_eq!([1, 2, 3, 4].map(|item| queue.add(item)), [true, true, true, false]);
        assert_eq!(drain.take(2), [1, 2]);
        assert_eq!([5, 6, 7].map(|item| queue.clone().add(item)), [true, true, false]);
        assert_eq!(drain.take(9), [3, 5, 6]);
        assert!(drain.take(9).is_empty() && queue.add(8));
    }

    #[test]
    fn nothing_is_lost_that_was_taken_in() {
        let (queue, drain) = queue(10);
        let added: Vec<_> = (0..4)
            .map(|_| {
                let queue = queue.clone();
                std::thread::spawn(move || (0..10_000).filter(|_| queue.add(())).count())
            })
            .collect();
        let mut taken = 0;
        while added.iter().any(|thread| !thread.is_finished()) {
            taken += drain.take(3).len();
        }
        taken += drain.take(usize::MAX).len();
        assert_eq!(taken, added.into_iter().map(|thread| thread.join().expect("no panic")).sum::<usize>());
    }
}
