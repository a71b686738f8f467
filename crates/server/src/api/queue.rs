//! A bounded queue from requests to a thread that comes after all others. Whoever leaves something in it waits for nobody:
//! not for room, not for a lock, and not for a thread that was interrupted in the middle of taking something out. It is left
//! at the thread's own door; only where there are more threads than doors may one wait for another that leaves something.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::places::{PLACES, Places};

/// Where things are left. Its clones are the same queue.
#[derive(Debug)]
pub struct Queue<T> {
    doors: Arc<Places<Door<T>>>,
    most: usize,
}

/// Where a thread leaves things.
#[derive(Debug)]
struct Door<T> {
    sender: Sender<T>,
    /// How many wait behind it, those that are being taken out too.
    waiting: AtomicUsize,
}

/// The other end.
#[derive(Debug)]
pub struct Drain<T> {
    doors: Arc<Places<Door<T>>>,
    /// What comes through each of them.
    receivers: Vec<Receiver<T>>,
    /// Where the next turn begins.
    first: Cell<usize>,
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { doors: Arc::clone(&self.doors), most: self.most }
    }
}

/// A queue for so many, and for fewer than twice as many if many threads leave something at once.
pub fn queue<T>(most: usize) -> (Queue<T>, Drain<T>) {
    let mut receivers = Vec::with_capacity(PLACES);
    let doors = Arc::new(Places::new(|| {
        let (sender, receiver) = channel();
        receivers.push(receiver);
        Door { sender, waiting: AtomicUsize::new(0) }
    }));
    (Queue { doors: Arc::clone(&doors), most }, Drain { doors, receivers, first: Cell::new(0) })
}

impl<T> Queue<T> {
    /// Leaves something, if there is room for it.
    pub fn add(&self, item: T) -> bool {
        let Door { sender, waiting } = self.doors.own();
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        // An equal share of the room is this door's own: there it asks nothing of the others.
        let has_room = (before < self.most / PLACES || self.has_room()) && sender.send(item).is_ok();
        if !has_room {
            waiting.fetch_sub(1, Ordering::Relaxed);
        }
        has_room
    }

    /// Whether there is room, behind all doors together, for what has just been counted.
    fn has_room(&self) -> bool {
        self.doors.iter().map(|door| door.waiting.load(Ordering::Relaxed)).sum::<usize>() <= self.most
    }
}

impl<T> Drain<T> {
    /// Takes out what there is, so much at most; what one thread has left, in the order in which it left it. Nobody is woken
    /// when there is more, for that would cost who adds it more than the rest: whoever takes has to look from time to time.
    pub fn take(&self, most: usize) -> Vec<T> {
        let mut taken = Vec::new();
        let first = self.first.get();
        let doors = self.doors.iter().zip(&self.receivers).enumerate();
        for (number, (door, receiver)) in doors.clone().skip(first).chain(doors.take(first)) {
            let before = taken.len();
            taken.extend(receiver.try_iter().take(most - before));
            if taken.len() > before {
                door.waiting.fetch_sub(taken.len() - before, Ordering::Relaxed);
                // The next turn begins behind it, so that no door is passed over while there is more behind this one.
                self.first.set((number + 1) % PLACES);
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `leave` does in a thread that has another door than those in `used`.
    fn elsewhere<T: Send + 'static>(
        queue: &Queue<i32>,
        used: &mut Vec<usize>,
        leave: impl Fn(&Queue<i32>) -> T + Copy + Send + 'static,
    ) -> T {
        loop {
            let (queue, known) = (queue.clone(), used.clone());
            let thread = std::thread::spawn(move || {
                let door = std::ptr::from_ref(queue.doors.own()).addr();
                (door, (!known.contains(&door)).then(|| leave(&queue)))
            });
            if let (door, Some(left)) = thread.join().expect("no panic") {
                used.push(door);
                return left;
            }
        }
    }

    #[test]
    fn there_is_room_for_so_many_and_again_for_what_was_taken() {
        let (queue, drain) = queue(3);
        assert_eq!([1, 2, 3, 4].map(|item| queue.add(item)), [true, true, true, false]);
        assert_eq!(drain.take(2), [1, 2]);
        assert_eq!([5, 6, 7].map(|item| queue.clone().add(item)), [true, true, false]);
        assert_eq!(drain.take(9), [3, 5, 6]);
        assert!(drain.take(9).is_empty() && queue.add(8));
        drop(drain);
        assert!(!queue.add(9), "nobody would ever take it");
    }

    #[test]
    fn one_thread_may_fill_it_and_another_still_has_its_share() {
        let (queue, drain) = queue(10 * PLACES);
        let room = |queue: &Queue<i32>| (0..1000).filter(|number| queue.add(*number)).count();
        let mut used = Vec::new();
        let rooms = [elsewhere(&queue, &mut used, room), elsewhere(&queue, &mut used, room)];
        assert_eq!(rooms, [10 * PLACES, 10]);
        assert_eq!(drain.take(usize::MAX).len(), 10 * PLACES + 10);
    }

    #[test]
    fn nothing_is_lost_that_was_taken_in_and_nobody_is_passed_over() {
        let (queue, drain) = queue(10);
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
    fn threads_take_turns() {
        let (queue, drain) = queue(100 * PLACES);
        let mut used = Vec::new();
        for thread in 0..2 {
            assert!(elsewhere(&queue, &mut used, move |queue| (0..100).all(|_| queue.add(thread))));
        }
        let taken: Vec<_> = (0..10).map(|_| drain.take(7)).collect();
        assert!(taken.iter().all(|taken| taken.len() == 7 && taken.iter().all(|thread| *thread == taken[0])));
        assert_eq!(taken.iter().filter(|taken| taken[0] == 0).count(), 5);
    }
}
