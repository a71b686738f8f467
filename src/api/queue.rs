//! A bounded queue from requests to a thread that comes after all others. Whoever leaves something in it waits for nobody:
//! not for room, not for a lock, and not for a thread that was interrupted in the middle of taking something out.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::available_parallelism;

use super::places::{PLACES, Places};

/// Where things are left. Its clones are the same queue.
#[derive(Debug)]
pub struct Queue<T> {
    doors: Arc<Places<Door<T>>>,
    /// So many at one door.
    most: usize,
}

/// Where a thread leaves things.
#[derive(Debug)]
struct Door<T> {
    sender: Sender<T>,
    /// How many wait behind it, those that are being taken out too.
    waiting: Arc<AtomicUsize>,
}

/// The other end.
#[derive(Debug)]
pub struct Drain<T> {
    doors: Vec<(Receiver<T>, Arc<AtomicUsize>)>,
    /// Where the next turn begins.
    first: Cell<usize>,
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { doors: Arc::clone(&self.doors), most: self.most }
    }
}

/// A queue for so many, if each processor that there is has a thread that leaves as much as the others.
pub fn queue<T>(most: usize) -> (Queue<T>, Drain<T>) {
    let mut drained = Vec::new();
    let doors = Places::new(|| {
        let (sender, receiver) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        drained.push((receiver, Arc::clone(&waiting)));
        Door { sender, waiting }
    });
    let threads = available_parallelism().map_or(1, usize::from).min(PLACES);
    (Queue { doors: Arc::new(doors), most: most.div_ceil(threads) }, Drain { doors: drained, first: Cell::new(0) })
}

impl<T> Queue<T> {
    /// Leaves something, if there is room for it.
    pub fn add(&self, item: T) -> bool {
        let Door { sender, waiting } = self.doors.own();
        let has_room = waiting.fetch_add(1, Ordering::Relaxed) < self.most && sender.send(item).is_ok();
        if !has_room {
            waiting.fetch_sub(1, Ordering::Relaxed);
        }
        has_room
    }
}

impl<T> Drain<T> {
    /// Takes out what there is, so much at most; what one thread has left, in the order in which it left it. Nobody is woken
    /// when there is more, for that would cost who adds it more than the rest: whoever takes has to look from time to time.
    pub fn take(&self, most: usize) -> Vec<T> {
        let mut taken = Vec::new();
        // Each turn begins at another door, so that none is passed over while there is more behind others.
        let first = self.first.replace(self.first.get() + 1);
        for at in 0..self.doors.len() {
            let (receiver, waiting) = &self.doors[(first + at) % self.doors.len()];
            let before = taken.len();
            taken.extend(receiver.try_iter().take(most - before));
            if taken.len() > before {
                waiting.fetch_sub(taken.len() - before, Ordering::Relaxed);
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_and_again_for_what_was_taken() {
        let threads = available_parallelism().map_or(1, usize::from).min(PLACES);
        let (queue, drain) = queue(3 * threads);
        assert_eq!([1, 2, 3, 4].map(|item| queue.add(item)), [true, true, true, false]);
        assert_eq!(drain.take(2), [1, 2]);
        assert_eq!([5, 6, 7].map(|item| queue.clone().add(item)), [true, true, false]);
        assert_eq!(drain.take(9), [3, 5, 6]);
        assert!(drain.take(9).is_empty() && queue.add(8));
        drop(drain);
        assert!(!queue.add(9), "nobody would ever take it");
    }

    #[test]
    fn nothing_is_lost_that_was_taken_in_and_nobody_is_passed_over() {
        let (queue, drain) = queue(10 * PLACES);
        let added: Vec<_> = (0..4)
            .map(|thread| {
                let queue = queue.clone();
                std::thread::spawn(move || (0..10_000).filter(|number| queue.add((thread, *number))).count())
            })
            .collect();
        let mut taken: [Vec<usize>; 4] = Default::default();
        let mut take =
            |most| drain.take(most).into_iter().for_each(|(thread, number): (usize, _)| taken[thread].push(number));
        while added.iter().any(|thread| !thread.is_finished()) {
            take(3);
        }
        take(usize::MAX);
        let added: Vec<_> = added.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        assert_eq!(taken.each_ref().map(Vec::len)[..], added);
        assert!(taken.iter().all(|numbers| numbers.is_sorted()));
    }

    #[test]
    fn each_turn_begins_with_another_thread() {
        let (queue, drain) = queue(10 * PLACES);
        for thread in 0..2 {
            let queue = queue.clone();
            std::thread::spawn(move || (0..10).all(|_| queue.add(thread))).join().expect("no panic");
        }
        let taken: Vec<_> = (0..PLACES).flat_map(|_| drain.take(1)).collect();
        assert!(taken.contains(&0) && taken.contains(&1), "{taken:?}");
    }
}
